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
//! | 5 | [`conformance`] |
//! | 6 | [`config`] |
//! | 7 | [`guard`] |
//! | 8 | [`port`] |
//! | 9 | [`spool`], [`journal`] |
//! | 10 | [`opcua`], [`mqtt`] |
//! | 11 | [`runtime`] |
//! | 12 | [`tester`], [`admin`] |
//! | 13 | [`cli`] |
//!
//! The rows up to `guard` are pure: time comes in as input; no clock, file, socket or task.

pub mod admin;
pub mod assemble;
pub mod cli;
pub mod codec;
pub mod config;
pub mod conformance;
pub mod finding;
pub mod guard;
pub mod journal;
pub mod model;
pub mod mqtt;
pub mod normalise;
pub mod opcua;
pub mod port;
pub mod profile;
pub mod route;
pub mod runtime;
pub mod spool;
pub mod tester;
pub mod translate;
pub mod validate;
