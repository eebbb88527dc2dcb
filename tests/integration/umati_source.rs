//! Promise: what the classic umati gateway publishes, with all its quirks, is read as meant and leaves strictly written.

use super::rig::gateway::Site;
use super::rig::mosquitto::Mosquitto;
use super::rig::wait_for;
use serde_json::{Value, json};
use std::process::Command;

const MINIMAL: &str = include_str!("../../schemas/umati/machine-tool/1.02/examples/valid/minimal.json");

/// Publishes a retained message at once (QoS 0), as the classic gateway does.
#[track_caller]
fn publish(broker: &Mosquitto, topic: &str, payload: &str) {
    let port = broker.port.to_string();
    let arguments = ["-h", "127.0.0.1", "-p", &port, "-r", "-t", topic];
    let payload = if payload.is_empty() { vec!["-n"] } else { vec!["-m", payload] };
    let status = Command::new("mosquitto_pub").args(arguments).args(payload).status();
    assert!(status.expect("mosquitto_pub is installed (tests/run.sh does that)").success(), "published to {topic}");
}

#[test]
fn an_image_of_the_classic_gateway_is_taken_apart_and_leaves_strictly_written() {
    let (cells, broker) = (Mosquitto::open(), Mosquitto::open());
    let plant = broker.subscribe("#", &[]);
    let site = Site::new(&format!(
        "connections:
  cells: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
flows:
  - {{ name: tools, from: cells, to: plant, each: {{ topic: \"umati/v2/acme/MachineToolType/{{machine}}\" }}, decode: profile, profile: umati/machine-tool@1.02, topic: \"checked/{{machine}}\" }}
",
        cells.port, broker.port
    ));
    let gateway = site.run();
    gateway.ready();
    let mut message: Value = serde_json::from_str(MINIMAL).expect("JSON");
    message["Identification"]["InitialOperationDate"] = "2024-1-5T9:3:7:45Z".into();
    message["Production"]["ActiveProgram"]["State"]["CurrentState"]["properties"]["Id"] = 5041.into();
    let topic = |id: &str| format!("umati/v2/acme/MachineToolType/{id}");
    let (one, other) = ("nsu=http:_2F_2Facme.example_2FM7;i=5001", "nsu=http_3A_2F_2Facme.example_2FM7;i=5001");
    publish(&cells, &topic(one), &message.to_string());
    let out = format!("checked/{one}");
    let first = gateway.until("the message", |_| plant.on(&out).pop()).json();
    let mut expected = message.clone();
    expected["Identification"]["InitialOperationDate"] = "2024-01-05T09:03:07.045Z".into();
    assert_eq!(first, expected);
    message["Monitoring"]["MachineTool"]["OperationMode"] = 3.into();
    publish(&cells, &topic(other), &message.to_string());
    gateway.until("the same machine under its other name", |_| {
        let mode = plant.on(&out).pop()?.json()["Monitoring"]["MachineTool"]["OperationMode"].clone();
        (mode == json!(3)).then_some(())
    });
    let status = gateway.until("one machine", |gateway| gateway.status());
    assert_eq!(status["machines"].as_array().map(Vec::len), Some(1), "{status}");
    let tolerated = || gateway.status()?["connections"][0]["counters"]["mqtt_source_tolerated"].as_u64();
    wait_for("two odd times", || (tolerated() == Some(2)).then_some(()));
    assert_eq!(gateway.log().matches("QIAO-V281").count(), 1, "told once: {}", gateway.log());
    assert!(site.command(&["quarantine", "list", "--json"]).stdout.is_empty());
}
