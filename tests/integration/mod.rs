//! The gateway with real peers: one file per promise.

mod conformance;
mod daemon;
mod demo;
mod events;
mod first_contact;
mod first_day;
mod first_day_limits;
mod hard_servers;
mod large_server;
mod machine_tools;
mod model_changes;
mod mqtt_embedded;
mod mqtt_faults;
mod mqtt_roads;
mod mqtt_sink;
mod mqtt_source;
mod mqtt_tls;
mod opcua_discovery;
mod opcua_link;
mod opcua_rogue;
mod opcua_session;
mod oracles;
mod own_profile;
mod simulator;
mod spool;
mod tap;
mod times;
mod unknown_server;
mod values;

pub(crate) mod rig;
