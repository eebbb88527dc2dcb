//! The gateway with real peers: one file per promise.

mod conformance;
mod daemon;
mod dashboard;
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
mod nc_link_device;
mod nc_link_requests;
mod nc_link_source;
mod opcua_discovery;
mod opcua_link;
mod opcua_rogue;
mod opcua_session;
mod oracles;
mod own_profile;
mod simulator;
mod tap;
mod times;
mod translated;
mod umati_source;
mod unknown_server;
mod values;

pub(crate) mod rig;
