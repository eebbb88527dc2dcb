//! Promise: what MQTT devices and gateways publish is read in the form they give it, record by record; several gateways
//! can share it; and no message, whatever it holds, takes more than its share of time and memory.

use super::mqtt_source::{bridge, publish};
use super::rig::gateway::Site;
use super::rig::mosquitto::Mosquitto;
use super::rig::sink::{Sink, append, connection, plan};
use qiao::config::plan::MqttVersion;
use qiao::model::delivery::TopicKind;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_two_gateways_gets_each_message_of_a_shared_subscription_in_both_versions() {
    const MESSAGES: u64 = 200;
    for version in ["5", "3.1.1"] {
        let (cells, broker) = (Mosquitto::open(), Mosquitto::open());
        let plant = broker.subscribe("#", &[]);
        let sites = ["left", "right"].map(|name| {
            Site::new(&format!(
                "connections:
  cells: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\", version: \"{version}\", client-id: {name} }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\", client-id: {name} }} }}
flows:
  - {{ name: f, from: cells, to: plant, each: {{ topic: \"$share/qiao/line/{{machine}}\" }}, topic: \"{name}/{{machine}}\" }}
",
                cells.port, broker.port
            ))
        });
        let gateways = sites.each_ref().map(Site::run);
        gateways.iter().for_each(|gateway| gateway.ready());
        let sender = Sink::start(plan(connection(cells.port, MqttVersion::V5)));
        for number in 0..MESSAGES {
            append(&sender.spool, "line/m", TopicKind::Log, 1, &format!("{{\"n\":{number}}}")).await;
        }
        sender.drained();
        let heard = |topic: &str| -> Vec<u64> {
            let value = |message: &super::rig::subscriber::Message| -> Option<u64> {
                message.json()["Payload"]["n"]["Value"].as_str()?.parse().ok()
            };
            plant.on(topic).iter().filter_map(value).collect()
        };
        let (left, right) = gateways[0].until("every message came", |_| {
            let (left, right) = (heard("left/m"), heard("right/m"));
            (left.len() + right.len() >= MESSAGES as usize).then_some((left, right))
        });
        let mut all = [left.as_slice(), right.as_slice()].concat();
        all.sort_unstable();
        assert_eq!(all, (0..MESSAGES).collect::<Vec<_>>(), "{version}: each once");
        assert!(!left.is_empty() && !right.is_empty(), "{version}: {} and {}", left.len(), right.len());
        // What one gateway gets comes in order; between the two nobody keeps one.
        assert!(left.is_sorted() && right.is_sorted(), "{version}");
        let names = gateways[0].log() + &gateways[1].log();
        assert_eq!(names.contains("QIAO-C177"), version == "3.1.1");
    }
}

fn reason(entry: &Value) -> (&str, &str) {
    (entry["reasons"][0]["code"].as_str().unwrap_or_default(), entry["message"].as_str().unwrap_or_default())
}

#[test]
fn records_of_an_envelope_go_their_own_ways_and_a_bad_one_is_kept_alone() {
    let bridge = bridge(
        "5",
        "each: { topic: \"up/{line}\" }, envelope: { data: /body, records: /values, machine: /device, field: /id, value: /v, \
         time: { member: /sent, format: unix-ms }, quality: { member: /q, good: [192], uncertain: [64] } }, \
         time: { member: /t, format: unix-ms }, topic: \"out/{line}/{machine}\"",
    );
    let message = br#"{"sent":1764000000000,"device":"m0","body":{"values":[
        {"id":"speed","v":12.5,"q":192,"t":1764000000123},
        {"v":1,"q":192},
        {"device":"m1","id":"state","v":"run","q":64},
        {"device":"m1","id":"temperature","v":80,"q":0},
        {"device":"m1","id":"speed","v":{"x":1,"y":2}}]}}"#;
    publish(&bridge.cells, "up/4", message, &[]);
    let (time, sent) = ("2025-11-24T16:00:00.123Z", "2025-11-24T16:00:00Z");
    let field = |topic: &str, name: &str| bridge.field(topic, name, |_| true);
    assert_eq!(field("out/4/m0", "speed"), json!({ "UaType": 11, "Value": 12.5, "SourceTimestamp": time }));
    let state = field("out/4/m1", "state");
    assert_eq!((&state["Value"], &state["SourceTimestamp"]), (&json!("run"), &json!(sent)));
    assert_eq!(state["Status"]["Code"], 0x4000_0000_u32, "{state}");
    assert_eq!(field("out/4/m1", "temperature")["Status"]["Code"], 0x8000_0000_u32);
    assert_eq!(field("out/4/m1", "speed/y")["Value"], "2");
    let kept = bridge.kept(1);
    assert_eq!(reason(&kept[0]), ("QIAO-V352", r#"{"v":1,"q":192}"#));
    // Not to be opened at all: kept whole.
    publish(&bridge.cells, "up/4", br#"{"device":"m0","body":[]}"#, &[]);
    publish(&bridge.cells, "up/4", br#"{"device":"m0"}"#, &[]);
    let codes: Vec<String> = bridge.kept(3).iter().map(|entry| reason(entry).0.to_owned()).collect();
    assert!(codes.contains(&"QIAO-V351".to_owned()) && codes.contains(&"QIAO-V350".to_owned()), "{codes:?}");
    bridge.is_balanced();
}

#[test]
fn a_list_of_messages_of_a_profile_is_passed_on_one_by_one_and_a_bad_one_is_kept_alone() {
    let bridge = bridge(
        "3.1.1",
        "each: { topic: up }, decode: message, profile: core/data-set-message@1.0, envelope: { records: here, machine: \
         /DataSetWriterName }, topic: \"out/{machine}\"",
    );
    let message = |writer: &str, number: u32, value: Value| {
        json!({ "MessageType": "ua-deltaframe", "PublisherId": "p", "DataSetWriterName": writer, "SequenceNumber": number,
            "Timestamp": "2026-04-12T08:30:01Z", "Payload": { "a": { "UaType": 6, "Value": value } } })
        .to_string()
    };
    let (first, bad, last) = (message("m1", 1, json!(1)), message("m1", 2, json!("x")), message("m2", 3, json!(3)));
    publish(&bridge.cells, "up", format!("[{first}, {bad},\n {last}]").as_bytes(), &[]);
    bridge.wait("the first", |message| message.topic == "out/m1" && message.text == first);
    bridge.wait("the last", |message| message.topic == "out/m2" && message.text == last);
    let kept = bridge.kept(1);
    assert_eq!(reason(&kept[0]).1, bad);
    bridge.is_balanced();
}

#[test]
fn every_bare_form_is_read_and_what_is_none_is_kept() {
    for (decode, good, value, bad) in [
        ("number", " -12.5e1 ", json!(-125.0), "12,5"),
        ("number", "18446744073709551615", json!("18446744073709551615"), "0x10"),
        ("number", "0", json!("0"), "NaN"),
        ("boolean", "1", json!(true), "yes"),
        ("boolean", "false", json!(false), "Infinity"),
        ("text", "läuft — 运行", json!("läuft — 运行"), ""),
        ("json", "7", json!("7"), "NaN"),
        ("json", "\"run\"", json!("run"), "{'a':1}"),
    ] {
        let bridge = bridge(
            "5",
            &format!("each: {{ topic: \"line/{{machine}}/value\" }}, decode: {decode}, topic: \"out/{{machine}}\""),
        );
        publish(&bridge.cells, "line/m/value", good.as_bytes(), &[]);
        assert_eq!(bridge.field("out/m", "value", |_| true)["Value"], value, "{decode} {good}");
        publish(&bridge.cells, "line/m/value", bad.as_bytes(), &[]);
        assert_eq!(bridge.kept(1).len(), 1, "{decode} {bad}");
        bridge.is_balanced();
    }
}

/// Most memory that a process ever had, in bytes.
fn peak(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("it runs");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("Linux says it");
    line.split_whitespace().nth(1).and_then(|number| number.parse::<u64>().ok()).expect("a number") << 10
}

/// Messages of about `size` bytes that are as hard to read as JSON can be.
fn bombs(size: usize) -> Vec<(&'static str, Vec<u8>)> {
    let many = |one: &str| one.repeat(size / one.len());
    let list = |one: &str| format!("[{}{one}]", many(&format!("{one},")));
    let names: String = (0..size / 16).map(|number| format!("\"name-{number}\":1,")).collect();
    vec![
        ("deep lists", many("[").into_bytes()),
        ("deep objects", many("{\"a\":").into_bytes()),
        ("wide list", list("1").into_bytes()),
        ("wide object", format!("{{{names}\"last\":1}}").into_bytes()),
        ("same name", format!("{{{}\"a\":1}}", many("\"a\":1,")).into_bytes()),
        ("empty objects", list("{}").into_bytes()),
        ("long number", many("9").into_bytes()),
        ("long fraction", format!("0.{}1", many("0")).into_bytes()),
        ("long exponent", format!("1e{}", many("9")).into_bytes()),
        ("small exponent", format!("1e-{}", many("9")).into_bytes()),
        ("long text", format!("\"{}\"", many("x")).into_bytes()),
        ("escapes", format!("\"{}\"", many("\\u0041")).into_bytes()),
        ("pairs", format!("\"{}\"", many("\\ud83d\\ude00")).into_bytes()),
        ("half pair", format!("\"{}\\ud83d\"", many("x")).into_bytes()),
        ("long name", format!("{{\"{}\":1}}", many("n")).into_bytes()),
        ("escaped names", format!("{{{}\"a\":1}}", many("\"\\u0061\":1,")).into_bytes()),
        ("blanks", format!("{}1", many(" ")).into_bytes()),
        ("no end", format!("\"{}", many("x")).into_bytes()),
        ("broken utf-8", [b"\"", vec![0xC3; size].as_slice(), b"\""].concat()),
        ("overlong utf-8", [b"\"".as_slice(), &[0xC0, 0xAF], b"\""].concat()),
        ("nul", vec![0; size]),
        ("NaN", b"NaN".to_vec()),
        ("minus infinity", br#"{"a":-Infinity}"#.to_vec()),
        ("beyond a double", br#"{"a":1e400}"#.to_vec()),
    ]
}

#[test]
fn row_49_bombs_of_every_kind_are_read_or_refused_in_bounded_time_and_memory() {
    const SIZE: usize = 8 << 20;
    /// Above what the gateway needs anyway: a few times the largest packet.
    const MOST: u64 = 24 * SIZE as u64;
    let (cells, broker) = (Mosquitto::open(), Mosquitto::open());
    let plant = broker.subscribe("out/good", &[]);
    let flow = "from: cells, to: plant, on-violation: reject";
    let site = Site::new(&format!(
        "connections:
  cells: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\", max-packet: 16MiB }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
flows:
  - {{ name: plain, {flow}, each: {{ topic: \"line/{{machine}}\" }}, topic: \"out/{{machine}}\" }}
  - {{ name: records, {flow}, each: {{ topic: \"up/{{machine}}\" }}, envelope: {{ data: /d, written-as: text, records: here }}, topic: \"records/{{machine}}\" }}
",
        cells.port, broker.port
    ));
    let gateway = site.run();
    gateway.ready();
    publish(&cells, "line/good", br#"{"n":0}"#, &[]);
    gateway.until("the neighbour", |_| plant.on("out/good").last().cloned());
    let before = peak(gateway.id());
    let mut slowest: BTreeMap<Duration, &str> = BTreeMap::new();
    for (number, (name, bomb)) in (1..).zip(bombs(SIZE)) {
        let began = Instant::now();
        // Kept by the broker as well: a retained one comes again with every subscription.
        publish(&cells, "line/rogue", &bomb, if number % 2 == 0 { &["-r"] } else { &[] });
        let text = serde_json::to_string(&String::from_utf8_lossy(&bomb)).expect("a text");
        publish(&cells, "up/rogue", format!("{{\"d\":{text}}}").get(..SIZE * 3 / 2).unwrap_or(&text).as_bytes(), &[]);
        publish(&cells, "line/good", format!("{{\"n\":{number}}}").as_bytes(), &[]);
        let wanted = number.to_string();
        gateway.until(&format!("the neighbour after {name}"), |_| {
            let heard = plant.on("out/good");
            heard.iter().any(|message| message.json()["Payload"]["n"]["Value"] == wanted.as_str()).then_some(())
        });
        slowest.insert(began.elapsed(), name);
    }
    let grown = peak(gateway.id()).saturating_sub(before);
    let (longest, name) = slowest.pop_last().expect("there were some");
    println!("{} MiB above {} MiB; the slowest, {name}, took {longest:?}", grown >> 20, before >> 20);
    assert!(grown < MOST, "{} MiB more than before", grown >> 20);
    assert!(longest < Duration::from_secs(10), "{name} took {longest:?}");
    // Beyond `max-packet`, retained: never taken in, not even piece by piece, and no reason to lose the connection for.
    publish(&cells, "line/huge", &vec![b'7'; 100 << 20], &["-r"]);
    publish(&cells, "line/good", br#"{"n":1000}"#, &[]);
    gateway.until("the neighbour after 100 MiB", |_| {
        plant.on("out/good").iter().any(|message| message.json()["Payload"]["n"]["Value"] == "1000").then_some(())
    });
    assert!(peak(gateway.id()).saturating_sub(before) < MOST);
    drop(gateway);
    // And the same after a start that finds the retained ones.
    let gateway = site.run();
    gateway.ready();
    publish(&cells, "line/good", br#"{"n":2000}"#, &[]);
    gateway.until("the neighbour after a start", |_| {
        plant.on("out/good").iter().any(|message| message.json()["Payload"]["n"]["Value"] == "2000").then_some(())
    });
    assert!(peak(gateway.id()).saturating_sub(before) < MOST);
}
