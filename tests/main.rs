//! One binary for all tests that are not unit tests: it is built and linked once.
//!
//! - `quality`: what the tree itself must satisfy: layers, generated files, profiles.
//! - `integration`: the gateway with real peers; one file per promise. `integration/rig` is what they stand on.

mod integration;
mod quality;
