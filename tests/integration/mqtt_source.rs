//! Promise: what MQTT devices publish is read, checked and passed on; what cannot be is kept with its reason; nothing
//! is acknowledged before it is taken over, and nobody's rubbish harms a neighbour.

use super::rig::fake_broker::{FakeBroker, Heard, faultless, suback};
use super::rig::gateway::{Gateway, Site};
use super::rig::mosquitto::Mosquitto;
use super::rig::sink::{Sink, append, connection, plan};
use super::rig::subscriber::{Message, Subscriber};
use super::rig::wait_for;
use qiao::config::plan::{Decode, MqttConnection, MqttVersion, TopicInput};
use qiao::model::delivery::TopicKind;
use qiao::model::{Batch, TopicPattern, Transaction};
use qiao::mqtt::{SourceCounters, SourcePlan, Timing, source};
use qiao::port::{Clock, SourceEvent};
use qiao::spool::Spool;
use serde_json::{Value, json};
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Publishes by `mosquitto_pub`, which nobody here wrote: QoS 1, confirmed when this returns.
#[track_caller]
pub fn publish(broker: &Mosquitto, topic: &str, payload: &[u8], arguments: &[&str]) {
    let port = broker.port.to_string();
    let source = if payload.is_empty() { "-n" } else { "-s" };
    let mut child = Command::new("mosquitto_pub")
        .args(["-h", "127.0.0.1", "-p", &port, "-V", "mqttv5", "-q", "1", "-t", topic, source])
        .args(arguments)
        .stdin(Stdio::piped())
        .spawn()
        .expect("mosquitto_pub is installed (tests/run.sh does that)");
    let mut input = child.stdin.take().expect("stdin is piped");
    if !payload.is_empty() {
        input.write_all(payload).expect("written");
    }
    drop(input);
    assert!(child.wait().expect("it ends").success(), "published to {topic}");
}

/// A gateway that reads from one broker and publishes to another.
pub struct Bridge {
    pub cells: Mosquitto,
    plant: Subscriber,
    gateway: Gateway,
    site: Site,
    broker: Mosquitto,
}

/// `flow`: what stands in the flow beside its name and its two ends.
#[track_caller]
pub fn bridge(version: &str, flow: &str) -> Bridge {
    let (cells, broker) = (Mosquitto::open(), Mosquitto::open());
    let plant = broker.subscribe("#", &[]);
    let site = Site::new(&format!(
        "connections:
  cells: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\", version: \"{version}\", max-packet: 64KiB }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
flows:
  - {{ name: flow, from: cells, to: plant, {flow} }}
",
        cells.port, broker.port
    ));
    let gateway = site.run();
    gateway.ready();
    Bridge { cells, plant, gateway, site, broker }
}

impl Bridge {
    #[track_caller]
    pub fn wait(&self, what: &str, wanted: impl Fn(&Message) -> bool) -> Message {
        self.gateway.until(what, |_| self.plant.messages().into_iter().find(&wanted))
    }

    /// The field of a machine's newest message that holds it.
    #[track_caller]
    pub fn field(&self, topic: &str, name: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let field = |message: Message| Some(message.json()["Payload"].get(name)?.clone()).filter(&wanted);
        self.gateway.until(&format!("{name} on {topic}"), |_| self.plant.on(topic).into_iter().rev().find_map(field))
    }

    fn quarantine(&self) -> Vec<Value> {
        let listed = self.site.command(&["quarantine", "list", "--json"]);
        let text = String::from_utf8_lossy(&listed.stdout).into_owned();
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }

    #[track_caller]
    pub fn kept(&self, count: usize) -> Vec<Value> {
        self.gateway.until(&format!("{count} entries in quarantine"), |_| {
            Some(self.quarantine()).filter(|entries| entries.len() >= count)
        })
    }

    /// Received equals everything it became.
    #[track_caller]
    pub fn is_balanced(&self) {
        self.gateway.until("the counts balance", |gateway| {
            let status = gateway.status()?;
            let flow = &status["flows"][0];
            (flow["imbalance"] == 0 && flow["spooled-values"] == 0 && flow["received-values"].as_u64()? > 0)
                .then_some(())
        });
    }
}

#[test]
fn json_becomes_typed_fields_with_their_time_in_both_versions() {
    for version in ["5", "3.1.1"] {
        let bridge = bridge(
            version,
            "each: { topic: \"line/{line}/{machine}/{shift}/#\" }, time: { member: /ts, format: unix-ms }, topic: \"out/{line}/{machine}\"",
        );
        let payload = br#"{"ts":1764000000123,"speed":21.5,"count":7,"big":18446744073709551615,"exact":0.1234567890123456789,"on":true,"name":"M\u00fc","none":null,"list":[1,2],"in":{"deep":"x"}}"#;
        publish(&bridge.cells, "line/4/m7/early/spindle", payload, &[]);
        let topic = "out/4/m7";
        let time = "2025-11-24T16:00:00.123Z";
        let field = |name: &str| bridge.field(topic, name, |_| true);
        assert_eq!(field("spindle/speed"), json!({ "UaType": 11, "Value": 21.5, "SourceTimestamp": time }));
        assert_eq!(field("spindle/count"), json!({ "UaType": 8, "Value": "7", "SourceTimestamp": time }));
        assert_eq!(field("spindle/big")["Value"], "18446744073709551615");
        assert_eq!(
            field("spindle/exact"),
            json!({ "UaType": 12, "Value": "0.1234567890123456789", "SourceTimestamp": time })
        );
        assert_eq!(field("spindle/on")["Value"], true);
        assert_eq!(field("spindle/name")["Value"], "Mü");
        assert_eq!(field("spindle/none"), json!({ "UaType": 0, "Value": null, "SourceTimestamp": time }));
        assert_eq!(field("spindle/list")["Value"], json!(["1", "2"]));
        assert_eq!(field("spindle/in/deep")["Value"], "x");
        assert_eq!(field("shift")["Value"], "early");
        assert!(bridge.plant.on(topic).iter().all(|message| message.json()["Payload"].get("spindle/ts").is_none()));
        // A second machine, and a field that appears later; the first machine's others stay what they are.
        publish(&bridge.cells, "line/4/m8/early/spindle", br#"{"speed":1}"#, &[]);
        assert_eq!(
            bridge.field("out/4/m8", "spindle/speed", |_| true),
            json!({ "UaType": 8, "Value": "1" }),
            "no time"
        );
        publish(&bridge.cells, "line/4/m7/early/axis", br#"{"x":3}"#, &[]);
        bridge.field(topic, "axis/x", |_| true);
        bridge.wait("the machine is online", |message| {
            message.topic == "qiao/test/m7/status" && message.text.contains("online")
        });
        bridge.is_balanced();
        assert!(bridge.gateway.log().contains("QIAO-V252") && bridge.gateway.log().contains("QIAO-V253"));
    }
}

#[test]
fn a_plain_value_is_marked_with_its_arrival_and_a_retained_one_as_the_last_known() {
    let cells = Mosquitto::open();
    publish(&cells, "sensors/m1/spindle/temperature", b"20", &["-r"]);
    let site = Site::new(&format!(
        "connections:
  cells: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
flows:
  - {{ name: flow, from: cells, to: cells, each: {{ topic: \"sensors/{{machine}}/#\" }}, decode: number, topic: \"out/{{machine}}\" }}
",
        cells.port
    ));
    let plant = cells.subscribe("out/#", &[]);
    let gateway = site.run();
    let value = |message: &Message| message.json()["Payload"]["spindle/temperature"].clone();
    let first = gateway.until("the retained value", |_| plant.on("out/m1").first().map(value));
    assert_eq!(first["Status"]["Symbol"], "UncertainLastUsableValue", "{first}");
    assert!(first.get("SourceTimestamp").is_none(), "how old it is nobody knows: {first}");
    publish(&cells, "sensors/m1/spindle/temperature", b"21.5", &[]);
    let message = gateway
        .until("the new value", |_| plant.on("out/m1").into_iter().find(|message| value(message)["Value"] == 21.5));
    assert_eq!(message.json()["TimeSource"], "arrival");
    let new = value(&message);
    assert!(new.get("Status").is_none() && new["SourceTimestamp"].is_string(), "{new}");
}

const MINIMAL: &[u8] = include_bytes!("../../schemas/umati/machine-tool/1.02/examples/valid/minimal.json");
const UMATI: &str = "each: { topic: \"umati/v2/acme/MachineTool/{machine}\" }, decode: message, profile: umati/machine-tool@1.02, topic: \"checked/{machine}\"";

#[test]
fn a_message_of_a_profile_passes_byte_for_byte_and_one_that_breaks_it_is_kept() {
    for version in ["5", "3.1.1"] {
        let bridge = bridge(version, UMATI);
        publish(&bridge.cells, "umati/v2/acme/MachineTool/m1", MINIMAL, &["-r"]);
        let passed = bridge.wait("the message", |message| message.topic == "checked/m1");
        assert_eq!(passed.text.as_bytes(), MINIMAL);
        let late = Subscriber::start(bridge.broker.port, "checked/#", &[]);
        assert!(
            late.wait("retained", |message| message.topic == "checked/m1").is_retained,
            "a state, as the profile says"
        );

        let broken = String::from_utf8_lossy(MINIMAL).replace("\"OperationMode\": 1", "\"OperationMode\": 17");
        publish(&bridge.cells, "umati/v2/acme/MachineTool/m1", broken.as_bytes(), &[]);
        let entry = bridge.kept(1).remove(0);
        assert_eq!(entry["message"].as_str(), Some(broken.as_str()));
        assert_eq!(
            (&entry["source"], &entry["machine"], &entry["profile"]),
            (&json!("cells"), &json!("m1"), &json!("umati/machine-tool@1.02"))
        );
        let reason = &entry["reasons"][0];
        assert_eq!(reason["pointer"], "/Monitoring/MachineTool/OperationMode");
        assert_eq!(reason["node"], "umati/v2/acme/MachineTool/m1");
        assert!(reason["rule"].as_str().is_some_and(|rule| !rule.is_empty()), "{entry}");
        bridge.is_balanced();
        assert!(!bridge.plant.messages().iter().any(|message| message.text.contains("17,") || message.text == broken));
    }
}

/// A profile of the user's own, for plain JSON: a log of temperatures.
pub(super) fn own_profile(folder: &std::path::Path) {
    let version = folder.join("acme/telemetry/1.0");
    std::fs::create_dir_all(&version).expect("a folder");
    let manifest = include_str!("../../schemas/core/data-set-message/1.0/profile.yaml");
    let manifest = manifest.replace("profile: core/data-set-message", "profile: acme/telemetry");
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:qiao:schema:acme/telemetry@1.0",
        "type": "object",
        "properties": { "temperature": { "type": "number", "maximum": 90 }, "Payload": { "additionalProperties": {} } },
        "required": ["temperature"]
    });
    std::fs::write(version.join("profile.yaml"), manifest).expect("written");
    std::fs::write(version.join("schema.json"), schema.to_string()).expect("written");
    let mapping = include_str!("../../schemas/core/data-set-message/1.0/mapping.yaml");
    std::fs::write(version.join("mapping.yaml"), mapping).expect("written");
    let examples = [
        ("valid/warm.json", r#"{"temperature":20}"#),
        ("invalid/hot.json", r#"{"temperature":91}"#),
        ("invalid/hot.expect.json", r#"{"pointer":"/temperature","keyword":"maximum","shows":"too hot"}"#),
    ];
    for (name, text) in examples {
        let path = version.join("examples").join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("written");
    }
}

#[test]
fn an_own_profile_for_plain_json_lets_through_what_conforms_and_marks_what_the_user_says() {
    let broker = Mosquitto::open();
    let out = broker.subscribe("out/#", &[]);
    publish(&broker, "in/m1", br#"{"temperature":1}"#, &["-r"]);
    let site = Site::new("");
    own_profile(&site.path("profiles"));
    let flow = |name: &str, rest: &str| {
        format!(
            "  - {{ name: {name}, from: hub, to: hub, each: {{ topic: \"in/{{machine}}\" }}, decode: message, profile: acme/telemetry@1.0, topic: \"out/{name}/{{machine}}\"{rest} }}\n"
        )
    };
    site.configure(&format!(
        "connections:\n  hub: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}\nprofiles: [profiles]\nflows:\n{}{}",
        broker.port,
        flow("kept", ""),
        flow("marked", ", on-violation: mark")
    ));
    let gateway = site.run();
    gateway.ready();
    let good = br#"{ "temperature" : 21.50, "note": "\u00e4" }"#;
    publish(&broker, "in/m1", good, &[]);
    publish(&broker, "in/m1", br#"{"temperature":95}"#, &[]);
    publish(&broker, "in/m1", br#"{"temperature":22}"#, &[]);
    let texts = |topic: &str| out.on(topic).into_iter().map(|message| message.text).collect::<Vec<_>>();
    gateway.until("the last message of both flows", |_| {
        let is_last = |topic: &str| texts(topic).last().is_some_and(|text| text.contains("22"));
        (is_last("out/kept/m1") && is_last("out/marked/m1")).then_some(())
    });
    // What was retained before the gateway came is no news for a log.
    let good = String::from_utf8_lossy(good).into_owned();
    assert_eq!(texts("out/kept/m1"), [good.as_str(), r#"{"temperature":22}"#]);
    assert_eq!(texts("out/marked/m1"), [good.as_str(), r#"{"temperature":95}"#, r#"{"temperature":22}"#]);
    assert!(gateway.log().contains("QIAO-V254") && gateway.log().contains("QIAO-V256"));
}

#[test]
fn a_refused_message_is_answered_with_its_reason() {
    let bridge = bridge("5", &format!("{UMATI}, on-violation: reject"));
    let topic = "umati/v2/acme/MachineTool/m1";
    let broken = String::from_utf8_lossy(MINIMAL).replace("\"OperationMode\": 1", "\"OperationMode\": 17");
    publish(&bridge.cells, topic, broken.as_bytes(), &[]);
    publish(&bridge.cells, topic, b"{", &[]);
    publish(&bridge.cells, topic, MINIMAL, &[]);
    bridge.wait("the good one", |message| message.topic == "checked/m1");
    let answers = || {
        let log = bridge.cells.log();
        let lines = log.lines().filter(|line| line.contains("Received PUBACK from qiao-test-cells-in"));
        lines.filter_map(|line| Some(line.split_once("RC:")?.1.trim_end_matches(')').to_owned())).collect::<Vec<_>>()
    };
    let answers = wait_for("three answers", || Some(answers()).filter(|answers| answers.len() == 3));
    assert_eq!(answers, ["131", "153", "0"], "0x83, 0x99, success");
    assert!(bridge.quarantine().is_empty());
    bridge.is_balanced();
}

#[test]
fn rubbish_is_kept_with_its_reason_and_the_neighbour_goes_on() {
    for version in ["5", "3.1.1"] {
        let bridge = bridge(version, "each: { topic: \"line/{machine}\" }, topic: \"out/{machine}\"");
        let rubbish: [(&str, Vec<u8>, &str); 6] = [
            ("utf8", vec![b'"', 0xff, b'"'], "QIAO-V314"),
            ("deep", "[".repeat(10_000).into_bytes(), "QIAO-V312"),
            ("twice", br#"{"a":1,"a":2}"#.to_vec(), "QIAO-V317"),
            ("empty", Vec::new(), "QIAO-V258"),
            ("number", b"1e999".to_vec(), "QIAO-V319"),
            ("half", br#"{"a":"#.to_vec(), "QIAO-V315"),
        ];
        for (machine, payload, _) in &rubbish {
            publish(&bridge.cells, &format!("line/{machine}"), payload, &[]);
        }
        publish(&bridge.cells, "line/good", br#"{"a":1}"#, &[]);
        bridge.field("out/good", "a", |_| true);
        let entries = bridge.kept(rubbish.len());
        for (machine, _, code) in &rubbish {
            let is_it = |entry: &&Value| entry["reasons"][0]["node"] == format!("line/{machine}");
            let entry = entries.iter().find(is_it).unwrap_or_else(|| panic!("{machine}: {entries:#?}"));
            assert_eq!(entry["reasons"][0]["code"], *code, "{machine}");
            assert_eq!(entry["is-base64"], *machine == "utf8", "{machine}");
        }
        // Far beyond `max-packet`: with MQTT 5 the broker leaves it out; with 3.1.1 the link starts again without it.
        publish(&bridge.cells, "line/huge", &vec![b'7'; 10 << 20], &[]);
        if version == "3.1.1" {
            bridge.gateway.until("the link starts again", |gateway| {
                let status = gateway.status()?;
                (status["connections"][0]["counters"]["mqtt_source_connects"].as_u64()? >= 2).then_some(())
            });
        }
        bridge.gateway.ready();
        publish(&bridge.cells, "line/good", br#"{"a":2}"#, &[]);
        bridge.field("out/good", "a", |field| field["Value"] == "2");
        bridge.is_balanced();
    }
}

#[test]
fn after_a_restart_of_the_broker_everything_is_subscribed_again_and_the_gap_is_told() {
    let mut bridge = bridge("5", "each: { topic: \"line/{machine}\" }, topic: \"out/{machine}\"");
    publish(&bridge.cells, "line/m1", br#"{"a":1}"#, &[]);
    bridge.field("out/m1", "a", |field| field["Value"] == "1");
    bridge.cells.kill();
    let presence = "qiao/test/m1/status";
    bridge.wait("the machine is offline", |message| message.topic == presence && message.text.contains("offline"));
    bridge.field("out/m1", "a", |field| field["Status"]["Symbol"] == "BadNoCommunication");
    bridge.plant.clear();
    bridge.cells.restart();
    bridge.wait("the machine is online again", |message| message.topic == presence && message.text.contains("online"));
    bridge.gateway.ready();
    publish(&bridge.cells, "line/m1", br#"{"a":2}"#, &[]);
    bridge.field("out/m1", "a", |field| field["Value"] == "2");
    bridge.gateway.until("the gap: the broker keeps nothing", |gateway| {
        (gateway.status()?["flows"][0]["gaps"] == 1).then_some(())
    });
    bridge.is_balanced();
}

#[test]
fn row_53_a_subscription_that_the_broker_refuses_is_told_and_the_others_run() {
    // One reason per filter in their order.
    let answering = |reasons: &'static [u8]| {
        FakeBroker::start(move |_, heard| match heard {
            Heard::Subscribe { packet } => suback(*packet, reasons),
            heard => faultless(heard),
        })
    };
    let (some, none) = (answering(&[1, 0x87]), answering(&[0x87]));
    let site = Site::new(&format!(
        "connections:
  some: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
  none: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
  plant: {{ mqtt: {{ embedded: \"127.0.0.1:0\" }} }}
flows:
  - {{ name: open, from: some, to: plant, each: {{ topic: \"open/{{machine}}\" }}, topic: \"a/{{machine}}\" }}
  - {{ name: secret, from: some, to: plant, each: {{ topic: \"secret/{{machine}}\" }}, topic: \"b/{{machine}}\" }}
  - {{ name: none, from: none, to: plant, each: {{ topic: \"none/{{machine}}\" }}, topic: \"c/{{machine}}\" }}
",
        some.port, none.port
    ));
    let gateway = site.run();
    gateway.until("both are told", |gateway| {
        let status = gateway.status()?;
        let (some, none) = (&status["connections"][0], &status["connections"][1]);
        let is_told = gateway.log().lines().any(|line| line.contains("QIAO-M060") && line.contains("secret/+"));
        let is_refused = none["state"] == "refused" && none["reason"]["code"] == "QIAO-M060";
        let reasons = status["health"]["reasons"].to_string();
        let is_red =
            some["reason"]["code"] == "QIAO-M060" && reasons.contains("secret/+") && reasons.contains("none/+");
        (some["state"] == "connected" && is_told && is_refused && is_red).then_some(())
    });
}

/// A source by itself: its events are ours to take, its receipts ours to give.
pub(super) struct Lone {
    pub(super) counters: Arc<SourceCounters>,
    pub(super) events: mpsc::Receiver<SourceEvent>,
    spool: Spool,
    stop: CancellationToken,
    task: JoinSet<()>,
}

impl Lone {
    pub(super) fn start(port: u16, version: MqttVersion) -> Self {
        Self::reading(connection(port, version), &["line/{machine}"])
    }

    /// One that reads these topics, each for a flow.
    pub(super) fn reading(connection: MqttConnection, patterns: &[&str]) -> Self {
        let timing = Timing {
            farewell: Duration::from_millis(200),
            first_pause: Duration::from_millis(20),
            ask_again: Duration::from_millis(300),
            ..Timing::default()
        };
        Self::with_timing(connection, patterns, timing)
    }

    pub(super) fn with_timing(connection: MqttConnection, patterns: &[&str], timing: Timing) -> Self {
        let counters = Arc::new(SourceCounters::default());
        let spool = Spool::in_memory(1 << 20, 1, 1);
        let (sender, events) = mpsc::channel(64);
        let stop = CancellationToken::new();
        let input = |pattern: &&str| TopicInput {
            pattern: TopicPattern::parse(pattern).expect("a pattern"),
            also: Vec::new(),
            decode: Decode::Json,
            profile: None,
            list: None,
            envelope: None,
            time: None,
            max_machines: 10,
            max_fields: 10,
        };
        let plan = SourcePlan {
            keeps_session: true,
            asks: true,
            index: 0,
            name: "cells".to_owned(),
            gateway: "test".to_owned(),
            connection,
            inputs: (0..).zip(patterns.iter().map(input)).collect(),
            clock: Clock::start(),
            counters: Arc::clone(&counters),
            timing,
        };
        let mut task = JoinSet::new();
        task.spawn(source::run(plan, sender, spool.receipts(0), stop.clone()));
        Self { counters, events, spool, stop, task }
    }

    /// What it counted under this name.
    pub(super) fn counted(&self, name: &str) -> u64 {
        self.counters.snapshot()[name]
    }

    pub(super) async fn batch(&mut self) -> Batch {
        let next = async {
            loop {
                match self.events.recv().await {
                    Some(SourceEvent::Batch(batch)) => return batch,
                    Some(_) => {}
                    None => panic!("the source ended"),
                }
            }
        };
        tokio::time::timeout(super::rig::LIMIT, next).await.expect("a batch in time")
    }

    pub(super) async fn up(&mut self) {
        let up = async {
            while let Some(event) = self.events.recv().await {
                if matches!(event, SourceEvent::Link(qiao::port::LinkState::Connected)) {
                    return;
                }
            }
        };
        tokio::time::timeout(super::rig::LIMIT, up).await.expect("connected in time");
    }

    pub(super) async fn take(&self, batch: Batch) {
        let transaction = Transaction { pending: batch.pending, ..Transaction::default() };
        let permit = self.spool.reserve(&transaction).await.expect("room");
        self.spool.append(permit, transaction);
    }

    pub(super) async fn end(mut self) {
        self.stop.cancel();
        let ended = tokio::time::timeout(super::rig::LIMIT, self.task.join_next()).await.expect("it ends in time");
        ended.expect("one task").expect("no panic");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_is_acknowledged_only_when_the_spool_took_it_and_comes_again_otherwise() {
    for version in [MqttVersion::V5, MqttVersion::V311] {
        let broker = Mosquitto::open();
        let answers = || broker.log().matches("Received PUBACK from qiao-test-in").count();
        let mut first = Lone::start(broker.port, version);
        first.up().await;
        publish(&broker, "line/m1", br#"{"a":1}"#, &[]);
        let taken = first.batch().await;
        assert!(taken.pending.is_some());
        assert_eq!(answers(), 0, "nobody took it yet");
        drop(taken);
        first.end().await;
        assert_eq!(answers(), 0, "an unused batch is never acknowledged");
        // Published while nobody is there: the broker keeps it for us.
        publish(&broker, "line/m1", br#"{"a":2}"#, &[]);
        let mut second = Lone::start(broker.port, version);
        let (again, kept) = (second.batch().await, second.batch().await);
        assert_eq!((again.samples.len(), kept.samples.len()), (1, 1));
        second.take(again).await;
        second.take(kept).await;
        wait_for("both are acknowledged", || (answers() == 2).then_some(()));
        second.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rogue_publisher_with_a_hundred_thousand_topics_takes_no_more_than_its_share() {
    const TOPICS: u64 = 100_000;
    let bridge =
        bridge("5", "each: { topic: \"line/{machine}\" }, topic: \"out/{machine}\", max-machines: 20, max-fields: 30");
    publish(&bridge.cells, "line/good", br#"{"a":1}"#, &[]);
    bridge.field("out/good", "a", |_| true);
    let before = bridge.gateway.status().expect("status")["memory-bytes"].as_u64().expect("bytes");
    let rogue = Sink::start(plan(connection(bridge.cells.port, MqttVersion::V5)));
    for number in 0..TOPICS {
        append(&rogue.spool, &format!("line/rogue-{number}"), TopicKind::Log, 1, "{\"x\":1}").await;
    }
    rogue.drained();
    let status = bridge.gateway.until("everything came", |gateway| {
        let status = gateway.status()?;
        let received = status["connections"][0]["counters"]["mqtt_source_received"].as_u64()?;
        (received > TOPICS && status["flows"][0]["received-values"].as_u64()? > TOPICS).then_some(status)
    });
    assert_eq!(status["machines"].as_array().map(Vec::len), Some(20));
    assert_eq!(status["connections"][0]["counters"]["mqtt_source_beyond_limits"], TOPICS - 19);
    let grown = status["memory-bytes"].as_u64().expect("bytes").saturating_sub(before);
    assert!(grown < 64 << 20, "{grown} bytes more than before");
    assert_eq!(bridge.gateway.log().matches("QIAO-M061").count(), 1, "told once");
    publish(&bridge.cells, "line/good", br#"{"a":2}"#, &[]);
    bridge.field("out/good", "a", |field| field["Value"] == "2");
    bridge.is_balanced();
}

#[test]
fn a_check_listens_for_a_while_shows_one_message_of_each_flow_and_says_of_which_it_heard_nothing() {
    let broker = Mosquitto::open();
    let site = Site::new(&format!(
        "connections:
  cells: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
  plant: {{ mqtt: {{ embedded: \"127.0.0.1:0\" }} }}
flows:
  - {{ name: kept, from: cells, to: plant, each: {{ topic: \"a/{{machine}}\" }}, topic: \"b/{{machine}}\" }}
  - {{ name: silent, from: cells, to: plant, each: {{ topic: \"c/{{machine}}\" }}, topic: \"d/{{machine}}\" }}
",
        broker.port
    ));
    publish(&broker, "a/m7", br#"{"speed": 21.5}"#, &["-r"]);
    publish(&broker, "a/m8", br#"{"speed": 22.5}"#, &["-r"]);
    let told = site.command(&["check", "--online", "--json"]);
    let text = String::from_utf8_lossy(&told.stdout).into_owned();
    assert_eq!(told.status.code(), Some(0), "{text}{}", String::from_utf8_lossy(&told.stderr));
    assert!(text.contains(r#"{"connection":"cells","reached":true,"items":0}"#), "{text}");
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let examples: Vec<&Value> = lines.iter().filter(|line| line["example"].is_object()).collect();
    assert_eq!(examples.len(), 1, "one is enough: {text}");
    assert_eq!((&examples[0]["flow"], &examples[0]["is-shape"]), (&json!("kept"), &json!(false)), "{text}");
    assert!(examples[0]["topic"].as_str().is_some_and(|topic| topic.starts_with("b/m")), "{text}");
    let silent: Vec<&Value> = lines.iter().filter(|line| line["code"] == "QIAO-I013").collect();
    assert_eq!(silent.len(), 1, "{text}");
    assert_eq!(silent[0]["place"], "silent", "{text}");
    assert!(broker.log().lines().all(|line| !line.contains("Received PUBLISH from qiao-test")), "it publishes nothing");
}
