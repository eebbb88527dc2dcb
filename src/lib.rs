//! qiao (桥, Brücke, bridge): an Industry 4.0 data-exchange gateway.
//!
//! Layers, lowest first; a module names only rows below its own (held by `tests/quality/architecture.rs`):
//!
//! | row | modules |
//! |---|---|
//! | 1 | [`model`] |
//! | 2 | [`finding`] |
//! | 3 | [`codec`], [`profile`] |
//! | 4 | [`normalise`], [`assemble`], [`validate`], [`translate`], [`route`] |
//! | 5 | [`config`] |
//! | 6 | [`port`] |
//! | 7 | [`spool`] |
//! | 8 | [`opcua`], [`mqtt`] |
//! | 9 | [`runtime`] |
//! | 10 | [`admin`] |
//! | 11 | [`cli`] |
//!
//! The rows up to `config` are pure: time comes in as input; no clock, file, socket or task.

pub mod admin;
pub mod assemble;
pub mod cli;
pub mod codec;
pub mod config;
pub mod finding;
pub mod model;
pub mod mqtt;
pub mod normalise;
pub mod opcua;
pub mod port;
pub mod profile;
pub mod route;
pub mod runtime;
pub mod spool;
pub mod translate;
pub mod validate;
