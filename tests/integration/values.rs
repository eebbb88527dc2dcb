//! Promise: under `core/data-set-message` value, type, status and time arrive exactly as the server sent them.

use crate::integration::rig::gateway::Site;
use crate::integration::rig::mosquitto::Mosquitto;
use crate::integration::rig::peer::Peer;
use crate::integration::rig::subscriber::Subscriber;
use crate::integration::rig::wait_for;
use serde_json::{Map, Value, json};

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

/// The newest value of every field of a machine that arrived.
fn fields_on(subscriber: &Subscriber, machine: &str) -> Map<String, Value> {
    let mut fields = Map::new();
    for message in subscriber.on(&format!("qiao/test/{machine}/data")) {
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
    assert!(expected.len() > 90, "the peer holds every type");
    let arrived = gateway.until("every field arrived", |_| {
        let fields = fields_on(&subscriber, "Types");
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
            "Tool" => assert_eq!(fields_of(&found["Value"]), expected["Value"], "value of {name}: {found}"),
            "Bad" => {}
            _ => assert_eq!(found["Value"], expected["Value"], "value of {name}"),
        }
        // As numbers, 0 and -0 are equal.
        if name.ends_with("MinusZero") {
            assert_eq!(found["Value"].to_string(), "-0.0", "{name}");
        }
    }
    let quarantined = gateway.status().expect("it runs")["flows"][0]["quarantined-messages"].clone();
    assert_eq!(quarantined, 0, "what a server may send passes the core schema");
}

/// A value without the members that say what type a structure is.
fn fields_of(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(name, _)| *name != "UaTypeId")
            .map(|(name, value)| (name, fields_of(value)))
            .collect(),
        Value::Array(items) => items.iter().map(fields_of).collect(),
        other => other.clone(),
    }
}

#[test]
fn structures_arrive_by_their_definitions_and_what_has_none_as_bytes_with_its_type_and_a_finding() {
    let server = Peer::start("types_server.py", &[]);
    let broker = Mosquitto::open();
    let subscriber = Subscriber::start(broker.port, "#", &[]);
    let site =
        Site::new(&configuration(&server.endpoint(), broker.port).replace("/Objects/Types", "/Objects/Structures"));
    let gateway = site.run();
    gateway.ready();
    let point = |x: f64, label: Value| json!({"X": x, "Label": label});
    let expected = json!({
        "Route": {
            "Start": point(1.5, json!("a")), "Stops": [point(2.0, json!("b")), point(3.0, Value::Null)],
            "When": "2024-02-29T01:02:03.456789Z", "Mode": "Setup_2", "Unset": null,
        },
        "Points": [point(1.0, json!("p")), point(2.0, json!("q"))],
        "MaybeA": {"A": 7, "B": 8},
        "MaybeC": {"B": 8, "C": "c"},
        "EitherNumber": {"Number": "-5"},
        "EitherText": {"Text": "t"},
        "Unit": {
            "NamespaceUri": null, "UnitId": 4_408_652, "DisplayName": {"Locale": "de", "Text": "°C"},
            "Description": {"Locale": null, "Text": null},
        },
        "Lost": {"UaEncoding": 1, "UaBody": "AgEAAA=="},
        "LostPoint": {"UaEncoding": 1, "UaBody": "AAAAAAAA+D8BAAAAYQ=="},
    });
    let expected = expected.as_object().expect("an object");
    let arrived = gateway.until("every structure arrived", |_| {
        let fields = fields_on(&subscriber, "Structures");
        expected.keys().all(|name| fields.contains_key(name)).then_some(fields)
    });
    for (name, expected) in expected {
        assert_eq!(arrived[name]["UaType"], 22, "{name}");
        assert_eq!(fields_of(&arrived[name]["Value"]), *expected, "{name}");
    }
    let type_of = |name: &str| arrived[name]["Value"]["UaTypeId"].as_str().unwrap_or_default().to_owned();
    for (name, node) in [("Lost", "s=Lost"), ("LostPoint", "s=LostPoint")] {
        assert!(type_of(name).starts_with("nsu=urn:qiao:test:types;i="), "{name}: {}", type_of(name));
        gateway.until("a finding that names node and type", |gateway| {
            let is_told = |line: &str| {
                line.contains("QIAO-O130") && line.contains(node) && line.contains(&format!("type {} ", type_of(name)))
            };
            gateway.log().lines().any(is_told).then_some(())
        });
    }
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
