//! The gateway with real peers: one file per promise.

mod demo;
mod hard_servers;
mod machine_tools;
mod mqtt_embedded;
mod mqtt_faults;
mod mqtt_sink;
mod mqtt_source;
mod mqtt_tls;
mod opcua_discovery;
mod opcua_link;
mod opcua_rogue;
mod opcua_session;
mod simulator;
mod values;

pub(crate) mod rig;
