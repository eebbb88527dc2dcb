//! MQTT: the only module that names the client crates and the broker crate.
