//! Pipelines, supervisor, shutdown, health.

pub mod instance;
pub mod stages;
pub mod status;
pub mod supervisor;
