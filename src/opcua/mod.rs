//! OPC UA: the only module that names `opcua::`. No value of that crate leaves its own runtime ([`runtime`]).

pub mod certificate;
mod certificate_check;
mod certificate_doctor;
mod certificate_own;
mod certificate_store;
mod connector;
pub mod counters;
mod endpoint;
mod fault;
mod guard;
mod identity;
pub mod runtime;
mod session;
