//! Promise: which time a value carries is chosen per connection, every choice but the source's own is marked, and odd
//! times survive where they are passed on.

use super::rig::gateway::Site;
use super::rig::mosquitto::Mosquitto;
use super::rig::peer::Peer;
use super::rig::subscriber::Subscriber;
use qiao::port::Clock;
use serde_json::Value;

const SERVER: &str = "2026-04-12T00:30:05Z";
/// What the source says, and what stands there when eight hours are taken off.
const SOURCES: [(&str, Option<&str>, Option<&str>); 5] = [
    ("2026-04-12T08:30:01.250001+00:00", Some("2026-04-12T08:30:01.250001Z"), Some("2026-04-12T00:30:01.250001Z")),
    ("2026-04-12T08:29:00+00:00", Some("2026-04-12T08:29:00Z"), Some("2026-04-12T00:29:00Z")),
    ("1601-01-01T00:00:00+00:00", Some("0001-01-01T00:00:00Z"), Some("0001-01-01T00:00:00Z")),
    ("9999-12-31T23:59:59+00:00", Some("9999-12-31T23:59:59Z"), Some("9999-12-31T23:59:59Z")),
    ("none", None, None),
];
/// How the finding about odd times words each of them.
const ODD: [&str; 4] =
    ["earlier than that of the value before", "1601 or earlier", "in the year 9999", "there is none"];

fn text<'a>(field: &'a Value, name: &str) -> Option<&'a str> {
    field.get(name).and_then(Value::as_str)
}

/// Runs the whole sequence under one choice; gives each field with its message's mark, and the log.
fn sequence(choice: &str) -> (Vec<(Value, Value)>, String) {
    let mut server = Peer::start("odd_times_server.py", &[]);
    let broker = Mosquitto::open();
    let subscriber = Subscriber::start(broker.port, "#", &[]);
    let site = Site::new(&format!(
        "connections:
  plc: {{ opcua: {{ endpoint: \"{}\", security: none-i-accept-the-risk, publishing-interval: 100ms{choice} }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
flows:
  - {{ name: times, from: plc, each: \"/Objects/Clock\", to: plant }}
",
        server.endpoint(),
        broker.port
    ));
    let gateway = site.run();
    let field = |number: i64| {
        let messages = subscriber.on("qiao/test/Clock/data").into_iter().map(|message| message.json());
        let fields = messages.map(|message| (message["Payload"]["T"].clone(), message["TimeSource"].clone()));
        fields.into_iter().find(|(field, _)| field["Value"] == number)
    };
    gateway.until("the first value", |_| field(0));
    let mut fields = Vec::new();
    for (number, (source, ..)) in (1..).zip(SOURCES) {
        server.tell(&format!("at {source} {number} {SERVER}"));
        fields.push(gateway.until(source, |_| field(number)));
    }
    let is_told = matches!(choice, "" | ", time: { offset: \"+08:00\" }");
    for words in ODD.into_iter().filter(|_| is_told) {
        gateway.until(words, |gateway| {
            gateway.log().lines().any(|line| line.contains("QIAO-V213") && line.contains(words)).then_some(())
        });
    }
    (fields, gateway.log())
}

#[test]
fn row_26_the_time_of_the_source_passes_unmarked_and_one_with_an_offset_is_marked() {
    for (choice, mark) in [("", Value::Null), (", time: { offset: \"+08:00\" }", "offset".into())] {
        let (fields, _) = sequence(choice);
        for ((source, plain, moved), (field, marked)) in SOURCES.into_iter().zip(fields) {
            let expected = if mark.is_null() { plain } else { moved };
            assert_eq!(text(&field, "SourceTimestamp"), expected, "{choice} {source}: {field}");
            assert_eq!(text(&field, "ServerTimestamp"), Some(SERVER), "{choice} {source}: {field}");
            assert_eq!(marked, mark, "{choice} {source}");
        }
    }
}

#[test]
fn the_time_of_the_server_stands_for_that_of_the_source_and_says_so() {
    let (fields, log) = sequence(", time: server");
    for ((source, ..), (field, marked)) in SOURCES.into_iter().zip(fields) {
        assert_eq!(text(&field, "SourceTimestamp"), Some(SERVER), "{source}: {field}");
        assert_eq!(marked, "server", "{source}");
    }
    // What the source says is nobody's concern.
    assert!(ODD[1..].iter().all(|words| !log.contains(words)), "{log}");
}

#[test]
fn the_time_of_arrival_stands_for_that_of_the_source_and_says_so() {
    // Without the letter at its end, text of different precision sorts like the times.
    let now = || Clock::start().now().wall.to_string().trim_end_matches('Z').to_owned();
    let mut before = now();
    let (fields, log) = sequence(", time: arrival");
    for ((source, ..), (field, marked)) in SOURCES.into_iter().zip(fields) {
        let arrived = text(&field, "SourceTimestamp").expect("a time").trim_end_matches('Z').to_owned();
        assert!(before <= arrived && arrived <= now(), "{source}: {field}");
        assert_eq!(text(&field, "ServerTimestamp"), Some(SERVER), "{source}: {field}");
        assert_eq!(marked, "arrival", "{source}");
        before = arrived;
    }
    assert!(!log.contains("QIAO-V213"), "{log}");
}
