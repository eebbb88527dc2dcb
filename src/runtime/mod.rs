//! Pipelines, supervisor, shutdown, health.
