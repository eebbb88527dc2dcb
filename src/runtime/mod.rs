//! Pipelines, supervisor, shutdown, health.

pub mod instance;
pub mod supervisor;
