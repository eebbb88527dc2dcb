//! OPC UA: the only module that names `opcua::`. No value of that crate leaves its own runtime ([`runtime`]).

pub mod simulator;
