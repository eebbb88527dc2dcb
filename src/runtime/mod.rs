//! Pipelines, supervisor, shutdown, health.

pub mod instance;
pub mod status;
pub mod supervisor;
pub mod stages;
