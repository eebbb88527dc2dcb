//! The gateway with real peers: one file per promise.

mod mqtt_embedded;
mod mqtt_faults;
mod mqtt_sink;
mod opcua_discovery;

mod rig;
