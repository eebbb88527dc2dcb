//! Promise: a server with small limits, a vanished node, moved namespaces or a restart is survived without a wrong value.

use crate::integration::rig::free_port;
use crate::integration::rig::gateway::{Gateway, Site};
use crate::integration::rig::mosquitto::Mosquitto;
use crate::integration::rig::peer::Peer;
use crate::integration::rig::subscriber::Subscriber;
use serde_json::Value;

fn site(endpoint: &str, each: &str, broker: u16) -> Site {
    Site::new(&format!(
        "connections:
  plc: {{ opcua: {{ endpoint: \"{endpoint}\", security: none-i-accept-the-risk, publishing-interval: 100ms }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{broker}\" }} }}
flows:
  - {{ name: f, from: plc, each: \"{each}\", to: plant }}
"
    ))
}

fn counter(gateway: &Gateway, name: &str) -> Option<u64> {
    gateway.status()?["connections"][0]["counters"][name].as_u64()
}

/// The newest status of a field; a good one is left out of the message.
fn status(subscriber: &Subscriber, field: &str) -> Option<u64> {
    let mut fields = subscriber.messages().into_iter().filter(|message| message.topic.ends_with("/data"));
    let newest = fields.rfind(|message| !message.json()["Payload"][field].is_null())?;
    Some(newest.json()["Payload"][field]["Status"]["Code"].as_u64().unwrap_or(0))
}

/// Every value of a field that ever arrived, in order.
fn values(subscriber: &Subscriber, field: &str) -> Vec<Value> {
    let messages = subscriber.messages().into_iter().filter(|message| message.topic.ends_with("/data"));
    messages.filter_map(|message| message.json()["Payload"][field].get("Value").cloned()).collect()
}

#[test]
fn row_14_a_thousand_items_live_behind_limits_of_ten_and_fifty_and_one_deleted_node_stops_no_other() {
    let mut server = Peer::start("limited_server.mjs", &[]);
    let broker = Mosquitto::open();
    let subscriber = Subscriber::start(broker.port, "#", &[]);
    server.tell("delete 500");
    let site = site(&server.endpoint(), "/Objects/Plant", broker.port);
    let gateway = site.run();
    gateway.until("999 items live", |gateway| (counter(gateway, "items_ok_current")? == 999).then_some(()));
    gateway.until("999 values arrived", |_| {
        let first = subscriber.messages().into_iter().find(|message| message.topic.ends_with("/data"))?;
        (first.json()["Payload"].as_object()?.len() == 999).then_some(())
    });
    server.tell("set 7 4711.5");
    gateway.until("a change arrives", |_| values(&subscriber, "V7").contains(&4711.5.into()).then_some(()));
    // A node that goes while it is monitored: its field turns bad, it is told and tried again, its neighbours go on.
    server.tell("delete 8");
    server.tell("set 9 1234.5");
    gateway.until("the neighbour goes on", |_| values(&subscriber, "V9").contains(&1234.5.into()).then_some(()));
    gateway.until("its field is bad", |_| (status(&subscriber, "V8")? & 0x8000_0000 != 0).then_some(()));
    gateway.until("it is told by its name", |gateway| {
        let log = gateway.log();
        log.lines().find(|line| line.contains("QIAO-O024") && line.contains(";s=v8")).map(|_| ())
    });
    gateway
        .until("its neighbours are monitored", |gateway| (counter(gateway, "items_ok_current")? == 998).then_some(()));
    server.tell("restore 8");
    server.tell("set 8 88.5");
    gateway.until("it comes back", |_| (values(&subscriber, "V8").last() == Some(&88.5.into())).then_some(()));
    gateway.until("all are monitored", |gateway| (counter(gateway, "items_ok_current")? == 999).then_some(()));
    assert_eq!(status(&subscriber, "V8"), Some(0));
}

#[test]
fn a_deadband_keeps_small_changes_away_and_lets_large_ones_through() {
    let mut server = Peer::start("limited_server.mjs", &["--count", "3"]);
    let broker = Mosquitto::open();
    let subscriber = Subscriber::start(broker.port, "#", &[]);
    let site = Site::new(&format!(
        "connections:
  plc: {{ opcua: {{ endpoint: \"{}\", security: none-i-accept-the-risk, publishing-interval: 100ms }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
flows:
  - {{ name: f, from: plc, each: \"/Objects/Plant\", select: [\"V{{1,2}}\", {{ path: V1, sampling: 50ms, queue: 20, deadband: 5 }}], to: plant }}
",
        server.endpoint(),
        broker.port
    ));
    let gateway = site.run();
    gateway.until("the first values", |_| values(&subscriber, "V1").first().cloned());
    // The second variable has no deadband: when its change is here, that of the first would be too.
    for (number, value) in [(1, 3.5), (2, 7.5), (1, 40.25), (2, 8.5)] {
        server.tell(&format!("set {number} {value}"));
        if number == 2 {
            gateway
                .until("the neighbour's change", |_| values(&subscriber, "V2").contains(&value.into()).then_some(()));
        }
    }
    gateway.until("the large change", |_| values(&subscriber, "V1").contains(&40.25.into()).then_some(()));
    let numbers: Vec<_> = values(&subscriber, "V1").iter().filter_map(Value::as_f64).collect();
    assert_eq!(numbers, [1.0, 40.25]);
    assert!(values(&subscriber, "V0").is_empty(), "V0 was not selected");
}

#[test]
fn when_a_server_dies_the_fields_of_its_machines_are_said_to_be_bad() {
    let mut server = Peer::start("limited_server.mjs", &["--count", "2"]);
    let broker = Mosquitto::open();
    let subscriber = Subscriber::start(broker.port, "#", &[]);
    let site = site(&server.endpoint(), "/Objects/Plant", broker.port);
    let gateway = site.run();
    gateway.until("good values", |_| (status(&subscriber, "V1") == Some(0)).then_some(()));
    server.kill();
    for field in ["V0", "V1"] {
        gateway.until("a bad field", |_| (status(&subscriber, field)? & 0x8000_0000 != 0).then_some(()));
    }
    let presence = gateway.until("the presence", |_| {
        subscriber.on("qiao/test/Plant/status").last().filter(|message| message.json()["state"] == "offline").cloned()
    });
    assert_eq!(presence.json()["reason"]["code"], "QIAO-O020", "{}", presence.text);
}

#[test]
fn row_19_moved_namespace_indexes_never_read_the_decoy() {
    let port = free_port().to_string();
    let mut server = Peer::start("swapped_server.mjs", &["--port", &port]);
    let broker = Mosquitto::open();
    let subscriber = Subscriber::start(broker.port, "#", &[]);
    let site = Site::new(&format!(
        "connections:
  plc: {{ opcua: {{ endpoint: \"{}\", security: none-i-accept-the-risk, publishing-interval: 100ms }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
flows:
  - {{ name: f, from: plc, each: {{ node: \"nsu=urn:qiao:test:real;s=plant\" }}, to: plant }}
",
        server.endpoint(),
        broker.port
    ));
    let gateway = site.run();
    gateway.until("values before", |_| (values(&subscriber, "Count").len() > 3).then_some(()));
    server.kill();
    drop(server);
    let _server = Peer::start("swapped_server.mjs", &["--port", &port, "--swap", "--from", "1000"]);
    gateway.until("values after", |_| {
        let after = values(&subscriber, "Count").iter().filter(|value| value.as_i64() > Some(1000)).count();
        (after > 3).then_some(())
    });
    let decoys = values(&subscriber, "Count").iter().filter(|value| value.as_i64() == Some(-666)).count();
    assert_eq!(decoys, 0, "the decoy was read");
}

#[test]
fn row_02_a_server_that_is_killed_and_restarted_heals_by_itself() {
    let port = free_port().to_string();
    let mut server = Peer::start("limited_server.mjs", &["--port", &port, "--count", "20"]);
    let broker = Mosquitto::open();
    let subscriber = Subscriber::start(broker.port, "#", &[]);
    let site = site(&server.endpoint(), "/Objects/Plant", broker.port);
    let gateway = site.run();
    gateway.until("items live", |gateway| (counter(gateway, "items_ok_current")? == 20).then_some(()));
    for round in 0..2 {
        server.kill();
        gateway.until("the loss is noticed", |gateway| {
            (gateway.status()?["connections"][0]["state"] != "connected").then_some(())
        });
        server = Peer::start("limited_server.mjs", &["--port", &port, "--count", "20"]);
        gateway.until("items live again", |gateway| {
            let connected = gateway.status()?["connections"][0]["state"] == "connected";
            (connected && counter(gateway, "items_ok_current")? == 20).then_some(())
        });
        let value = f64::from(round) + 0.5;
        server.tell(&format!("set 3 {value}"));
        gateway.until("a change arrives again", |_| values(&subscriber, "V3").contains(&value.into()).then_some(()));
    }
}

#[test]
fn what_changes_while_the_broker_is_down_arrives_when_it_is_back() {
    let mut server = Peer::start("limited_server.mjs", &["--count", "3"]);
    let mut broker = Mosquitto::open();
    let subscriber = Subscriber::start(broker.port, "#", &[]);
    let site = site(&server.endpoint(), "/Objects/Plant", broker.port);
    let gateway = site.run();
    gateway.until("values before", |_| (!values(&subscriber, "V1").is_empty()).then_some(()));
    drop(subscriber);
    broker.kill();
    gateway.until("the loss is noticed", |gateway| {
        (gateway.status()?["connections"][1]["state"] != "connected").then_some(())
    });
    for value in 100..110 {
        server.tell(&format!("set 1 {value}"));
        gateway.until("the change waits in the spool", |gateway| {
            (gateway.status()?["flows"][0]["received-values"].as_u64()? >= (value - 100) + 4).then_some(())
        });
    }
    // The first message may be out before a subscriber is back: the log is asked at the broker instead.
    broker.restart();
    gateway.until("everything is acknowledged", |gateway| {
        let status = gateway.status()?;
        let flow = &status["flows"][0];
        let is_out =
            status["connections"][1]["state"] == "connected" && flow["spooled-values"] == 0 && flow["held-values"] == 0;
        (is_out && flow["delivered-values"].as_u64()? >= 13 && flow["imbalance"] == 0).then_some(())
    });
}
