//! Promise: under `core/data-set-message` value, type, status and time arrive exactly as the server sent them.

use crate::integration::rig::gateway::Site;
use crate::integration::rig::mosquitto::Mosquitto;
use crate::integration::rig::peer::Peer;
use crate::integration::rig::subscriber::Subscriber;
use crate::integration::rig::wait_for;
use serde_json::{Map, Value};

fn configuration(endpoint: &str, broker: u16) -> String {
    format!(
        "connections:
  plc: {{ opcua: {{ endpoint: \"{endpoint}\", security: none-i-accept-the-risk, publishing-interval: 100ms }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{broker}\" }} }}
flows:
  - {{ name: types, from: plc, each: \"/Objects/Types\", to: plant }}
"
    )
}

/// The newest value of every field that arrived.
fn fields(subscriber: &Subscriber) -> Map<String, Value> {
    let mut fields = Map::new();
    for message in subscriber.on("qiao/test/Types/data") {
        if let Some(payload) = message.json()["Payload"].as_object() {
            fields.extend(payload.clone());
        }
    }
    fields
}

#[test]
fn every_type_arrives_as_the_server_holds_it() {
    let server = Peer::start("types_server.py", &[]);
    let broker = Mosquitto::open();
    let subscriber = Subscriber::start(broker.port, "#", &[]);
    let site = Site::new(&configuration(&server.endpoint(), broker.port));
    let gateway = site.run();
    gateway.ready();
    let expected = server.ready["expected"].as_object().expect("READY says what the server holds").clone();
    assert!(expected.len() > 25, "the peer holds every type");
    let arrived = gateway.until("every field arrived", |_| {
        let fields = fields(&subscriber);
        expected.keys().all(|name| fields.contains_key(name)).then_some(fields)
    });
    for (name, expected) in &expected {
        let found = &arrived[name];
        // OPC 10000-4 §7.11: the value of a bad status is not to be used, and this server sends none.
        if name != "Bad" {
            assert_eq!(found["UaType"], expected["UaType"], "type of {name}: {found}");
        }
        assert_eq!(found["SourceTimestamp"], expected["SourceTimestamp"], "source time of {name}: {found}");
        assert_eq!(found["Status"]["Code"], expected["Status"], "status of {name}: {found}");
        assert_eq!(found.get("Dimensions"), expected.get("Dimensions"), "dimensions of {name}: {found}");
        match name.as_str() {
            // Which of its members say what type a structure is belongs to the encoding; its fields are the value.
            "Tool" => {
                for (field, value) in expected["Value"].as_object().expect("fields") {
                    assert_eq!(&found["Value"][field], value, "{name}.{field}: {found}");
                }
            }
            "Bad" => {}
            _ => assert_eq!(found["Value"], expected["Value"], "value of {name}"),
        }
    }
    let quarantined = gateway.status().expect("it runs")["flows"][0]["quarantined-messages"].clone();
    assert_eq!(quarantined, 0, "what a server may send passes the core schema");
}

#[test]
fn the_first_message_is_complete_and_carries_its_profile() {
    let server = Peer::start("types_server.py", &[]);
    let broker = Mosquitto::open();
    let subscriber = Subscriber::start(broker.port, "qiao/test/+/data", &[]);
    let site = Site::new(&configuration(&server.endpoint(), broker.port));
    let gateway = site.run();
    gateway.ready();
    let first = wait_for("a first message", || subscriber.on("qiao/test/Types/data").first().cloned());
    let json = first.json();
    assert_eq!(json["MessageType"], "ua-keyframe");
    let expected = server.ready["expected"].as_object().expect("fields");
    let missing: Vec<&String> = expected.keys().filter(|name| json["Payload"].get(name).is_none()).collect();
    assert!(missing.is_empty(), "the first message lacks {missing:?}");
    assert_eq!(first.qos, 1);
    let properties = first.properties.to_string();
    for expected in ["application/json", "core/data-set-message", "1.0"] {
        assert!(properties.contains(expected), "{expected} is not among {properties}");
    }
}
