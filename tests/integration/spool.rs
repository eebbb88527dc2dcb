//! Promise: what a durable flow has confirmed to its source is delivered, whatever dies meanwhile; and what waits on
//! disk can be looked at.

use super::mqtt_source::own_profile;
use super::rig::gateway::{Gateway, Site};
use super::rig::mosquitto::Mosquitto;
use super::rig::proxy::Proxy;
use super::rig::subscriber::Subscriber;
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::Write as _;
use std::ops::Range;
use std::process::{Command, Stdio};

/// Two brokers, the second behind a proxy that can be cut, and a gateway between them.
struct Bridge {
    cells: Mosquitto,
    plant: Subscriber,
    proxy: Proxy,
    site: Site,
    _broker: Mosquitto,
}

fn bridge(version: &str, limits: &str) -> Bridge {
    let (cells, broker) = (Mosquitto::open(), Mosquitto::open());
    let proxy = Proxy::to(broker.port);
    let site = Site::new("");
    own_profile(&site.path("profiles"));
    site.configure(&format!(
        "connections:
  cells: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\", version: \"{version}\" }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
profiles: [profiles]
flows:
  - {{ name: flow, from: cells, to: plant, each: {{ topic: \"in/{{machine}}\" }}, decode: message, profile: acme/telemetry@1.0, topic: \"out/{{machine}}\", delivery: durable }}
{limits}",
        cells.port,
        proxy.port()
    ));
    let plant = broker.subscribe("out/#", &[]);
    Bridge { cells, plant, proxy, site, _broker: broker }
}

impl Bridge {
    /// Publishes numbered messages with QoS 1; the broker has them when this returns.
    fn publish(&self, numbers: Range<u32>) {
        let port = self.cells.port.to_string();
        let mut child = Command::new("mosquitto_pub")
            .args(["-h", "127.0.0.1", "-p", &port, "-V", "mqttv5", "-q", "1", "-t", "in/m1", "-l"])
            .stdin(Stdio::piped())
            .spawn()
            .expect("mosquitto_pub is installed (tests/run.sh does that)");
        let mut input = child.stdin.take().expect("stdin is piped");
        for number in numbers {
            writeln!(input, "{{\"temperature\":1,\"number\":{number},\"fill\":\"{}\"}}", "x".repeat(200))
                .expect("written");
        }
        drop(input);
        assert!(child.wait().expect("it ends").success());
    }

    /// Numbers in the order of their arrival, each the first time it came.
    fn arrived(&self) -> Vec<u64> {
        let mut known = BTreeSet::new();
        let numbers = self.plant.messages().into_iter().filter_map(|message| message.json()["number"].as_u64());
        numbers.filter(|number| known.insert(*number)).collect()
    }

    fn all_arrive(&self, gateway: &Gateway, numbers: Range<u64>) {
        gateway.until("every message", |_| (self.arrived().len() as u64 >= numbers.end).then_some(()));
        let arrived = self.arrived();
        assert_eq!(arrived, numbers.collect::<Vec<_>>(), "each once, in order");
    }

    /// What `qiao spool list` says of the plant's log.
    fn list(&self) -> Value {
        let output = self.site.command(&["spool", "list", "--json"]);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }
}

fn waiting(gateway: &Gateway) -> Option<u64> {
    let status = gateway.status()?;
    let connections = status["connections"].as_array()?;
    connections.iter().find(|one| one["name"] == "plant")?["waiting-messages"].as_u64()
}

fn connected(gateway: &Gateway) {
    gateway.until("the cells are connected", |gateway| {
        let status = gateway.status()?;
        let connections = status["connections"].as_array()?;
        let cells = connections.iter().find(|one| one["name"] == "cells")?;
        (cells["state"] == "connected").then_some(())
    });
}

#[test]
fn row_76_a_gateway_that_is_killed_while_the_broker_is_down_delivers_everything_when_both_are_back() {
    for version in ["5", "3.1.1"] {
        killed(version);
    }
}

fn killed(version: &str) {
    let bridge = bridge(version, "limits: { memory: 1MiB }\n");
    let mut gateway = bridge.site.run();
    gateway.ready();
    bridge.publish(0..100);
    bridge.all_arrive(&gateway, 0..100);

    bridge.proxy.cut();
    bridge.publish(100..2000);
    gateway.until("they wait", |gateway| waiting(gateway).filter(|waiting| *waiting >= 1900));
    let status = gateway.status().expect("it answers");
    assert_eq!(status["spool"]["durability"], "durable");
    assert_eq!(bridge.list()["messages"], 1900, "beside a running gateway");
    gateway.kill();
    assert_eq!(bridge.list()["messages"], 1900);
    assert_eq!(bridge.site.command(&["spool", "verify"]).status.code(), Some(0));

    // The second life takes more, and dies in the middle of it.
    let mut gateway = bridge.site.run();
    connected(&gateway);
    gateway.until("the first ones are there again", |gateway| waiting(gateway).filter(|waiting| *waiting >= 1900));
    bridge.publish(2000..3000);
    gateway.until("some of them wait", |gateway| waiting(gateway).filter(|waiting| *waiting > 2100));
    gateway.kill();

    let mut gateway = bridge.site.run();
    connected(&gateway);
    bridge.proxy.heal();
    bridge.publish(3000..3100);
    gateway.until("every message", |_| (bridge.arrived().len() >= 3100).then_some(()));
    let arrived: BTreeSet<u64> = bridge.arrived().into_iter().collect();
    assert_eq!(arrived.len(), 3100, "nothing is lost");
    let replayed =
        bridge.plant.messages().iter().filter(|message| message.properties.to_string().contains("replayed")).count();
    assert!(replayed >= 1900, "what waited on disk is marked: {replayed}");
    gateway.until("the account is balanced", |gateway| {
        let status = gateway.status()?;
        let flow = &status["flows"][0];
        let is_balanced = flow["imbalance"] == 0 && flow["spooled-values"] == 0;
        is_balanced.then_some(())
    });
    assert_eq!(gateway.stop(), Some(0), "{}", gateway.log());
    assert_eq!((bridge.list()["messages"].as_u64(), bridge.list()["gaps"].to_string()), (Some(0), "[]".to_owned()));
}

#[test]
fn row_78_a_stop_keeps_what_waits_and_the_next_start_delivers_it_in_order() {
    let bridge = bridge("5", "");
    let mut gateway = bridge.site.run();
    gateway.ready();
    bridge.proxy.cut();
    bridge.publish(0..300);
    gateway.until("they wait", |gateway| waiting(gateway).filter(|waiting| *waiting >= 300));
    assert_eq!(gateway.stop(), Some(0), "nothing is lost: {}", gateway.log());
    assert!(gateway.log().contains("300 messages lie on disk"), "{}", gateway.log());
    bridge.proxy.heal();
    let gateway = bridge.site.run();
    bridge.all_arrive(&gateway, 0..300);
}

#[test]
fn a_damaged_record_is_told_and_its_neighbours_are_delivered() {
    let bridge = bridge("5", "");
    let mut gateway = bridge.site.run();
    gateway.ready();
    bridge.proxy.cut();
    bridge.publish(0..50);
    gateway.until("they wait", |gateway| waiting(gateway).filter(|waiting| *waiting >= 50));
    assert_eq!(gateway.stop(), Some(0), "{}", gateway.log());
    let log = bridge.site.path("data/spool/plant");
    let segment = std::fs::read_dir(&log).expect("a log").filter_map(|entry| {
        let path = entry.expect("an entry").path();
        path.extension().is_some_and(|extension| extension == "segment").then_some(path)
    });
    let segment = segment.last().expect("a segment");
    let mut content = std::fs::read(&segment).expect("read");
    let at = content.windows(11).position(|window| window == b"\"number\":20").expect("it is there");
    content[at + 9] = b'7';
    std::fs::write(&segment, content).expect("written");
    let verified = bridge.site.command(&["spool", "verify"]);
    assert_eq!(verified.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&verified.stdout).contains("QIAO-S016"), "{verified:?}");

    bridge.proxy.heal();
    let gateway = bridge.site.run();
    gateway.until("the others", |_| (bridge.arrived().len() >= 49).then_some(()));
    let arrived = bridge.arrived();
    assert_eq!(arrived, (0..50).filter(|number| *number != 20).collect::<Vec<_>>());
    gateway.until("the gap is told", |gateway| gateway.log().contains("QIAO-S004").then_some(()));
}
