//! Promise: an NC-Link device, in whatever of the known spellings, becomes a machine with fields; its model is asked for.

use super::rig::LIMIT;
use super::rig::gateway::Site;
use super::rig::mosquitto::Mosquitto;
use super::rig::peer::Peer;
use super::rig::sink::connection;
use super::rig::wait_for;
use qiao::codec::{Reading, Tape, umati_json};
use qiao::config::plan::{Decode, MqttVersion, TopicInput};
use qiao::model::{Discovery, StatusCode, Timestamp, TopicPattern, Transaction};
use qiao::mqtt::{SourceCounters, SourcePlan, Timing, source};
use qiao::port::{Clock, SourceEvent};
use qiao::profile::Library;
use qiao::spool::Spool;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// What one value of the source was.
#[derive(Clone, Debug, PartialEq)]
struct Heard {
    path: String,
    json: String,
    status: StatusCode,
    time: Timestamp,
}

/// A source of NC-Link by itself, and everything that came out of it.
struct Source {
    events: mpsc::Receiver<SourceEvent>,
    spool: Spool,
    stop: CancellationToken,
    task: JoinSet<()>,
    counters: Arc<SourceCounters>,
    found: Option<Arc<Discovery>>,
    heard: Vec<Heard>,
    unreadable: Vec<&'static str>,
    codes: Vec<String>,
}

impl Source {
    fn start(port: u16, version: MqttVersion, asks: bool) -> Self {
        let pattern = |text: &str| TopicPattern::parse(text).expect("a pattern");
        let profile = Library::built_in().value.find("nclink/cnc@3.0").expect("installed");
        let input = TopicInput {
            pattern: pattern("Sample/{machine}/+"),
            also: vec![pattern("Event/{machine}"), pattern("Probe/Query/Response/{machine}/#")],
            decode: Decode::Profile,
            profile: Some(profile.of_messages().into()),
            list: None,
            envelope: None,
            time: None,
            max_machines: 10,
            max_fields: 100,
        };
        let spool = Spool::in_memory(1 << 20, 1, 1);
        let (sender, events) = mpsc::channel(64);
        let stop = CancellationToken::new();
        let counters = Arc::new(SourceCounters::default());
        let plan = SourcePlan {
            keeps_session: false,
            asks,
            index: 0,
            name: "cells".to_owned(),
            gateway: "test".to_owned(),
            connection: connection(port, version),
            inputs: vec![(0, input)],
            clock: Clock::start(),
            counters: Arc::clone(&counters),
            timing: Timing { farewell: Duration::from_millis(200), ..Timing::default() },
        };
        let mut task = JoinSet::new();
        task.spawn(source::run(plan, sender, spool.receipts(0), stop.clone()));
        let (found, heard, unreadable, codes) = (None, Vec::new(), Vec::new(), Vec::new());
        Self { events, spool, stop, task, counters, found, heard, unreadable, codes }
    }

    /// Takes what comes until it is what was waited for.
    async fn until(&mut self, what: &str, is_it: impl Fn(&Self) -> bool) {
        let wait = async {
            while !is_it(self) {
                let event = self.events.recv().await.expect("the source goes on");
                self.take(event).await;
            }
        };
        tokio::time::timeout(LIMIT, wait).await.unwrap_or_else(|_| panic!("{what}: never came"));
    }

    async fn up(&mut self) {
        let up = async {
            while let Some(event) = self.events.recv().await {
                let is_up = matches!(event, SourceEvent::Link(qiao::port::LinkState::Connected));
                self.take(event).await;
                if is_up {
                    return;
                }
            }
        };
        tokio::time::timeout(LIMIT, up).await.expect("connected in time");
    }

    async fn take(&mut self, event: SourceEvent) {
        match event {
            SourceEvent::Found(found) => self.found = Some(found),
            SourceEvent::Finding(finding) => self.codes.push(finding.code.0.to_string()),
            SourceEvent::Batch(batch) => {
                let found = self.found.as_ref().expect("found before its values");
                assert_eq!(batch.epoch, found.epoch, "values of what was told");
                for sample in &batch.samples {
                    let (status, none) = (StatusCode(sample.status), Timestamp::NONE);
                    let (scalar, arena) = (sample.scalar, batch.arena.as_slice());
                    let value =
                        Reading { scalar, arena, status, source_time: none, server_time: none, enumeration: None };
                    let mut tape = Tape::new();
                    umati_json::value(&mut tape, &value).expect("writable");
                    let path = found.items[sample.slot as usize].targets[0].path.to_string();
                    let json = tape.as_str().to_owned();
                    self.heard.push(Heard { path, json, status, time: sample.source_time });
                }
                self.unreadable.extend(batch.documents.iter().filter_map(|one| Some(one.unreadable.as_ref()?.code)));
                let transaction = Transaction { pending: batch.pending, ..Transaction::default() };
                let permit = self.spool.reserve(&transaction).await.expect("room");
                self.spool.append(permit, transaction);
            }
            _ => {}
        }
    }

    fn values(&self, path: &str) -> Vec<&Heard> {
        self.heard.iter().filter(|heard| heard.path == path).collect()
    }

    fn last(&self, path: &str) -> Option<&str> {
        self.values(path).last().map(|heard| heard.json.as_str())
    }

    fn count(&self, counter: &str) -> u64 {
        self.counters.snapshot().get(counter).copied().expect("a counter")
    }

    async fn end(mut self) {
        self.stop.cancel();
        let ended = tokio::time::timeout(LIMIT, self.task.join_next()).await.expect("it ends in time");
        ended.expect("one task").expect("no panic");
    }
}

/// What the adapter said of something it did.
#[track_caller]
fn said(adapter: &Peer, did: &str) -> Value {
    wait_for(did, || adapter.said().into_iter().rev().find(|said| said["did"] == did))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_older_adapter_becomes_a_machine_with_values_in_time_and_a_model() {
    for version in [MqttVersion::V5, MqttVersion::V311] {
        let broker = Mosquitto::open();
        let mut adapter = Peer::start("nc_link_adapter.py", &[&broker.port.to_string(), "V4C7"]);
        let mut source = Source::start(broker.port, version, true);
        source.up().await;
        adapter.tell("sample");
        source.until("the model", |source| source.last("MANUFACTURER").is_some()).await;
        let asked = said(&adapter, "asked");
        assert_eq!((&asked["topic"], &asked["request"]["@id"]), (&"Probe/Query/Request/V4C7".into(), &"qiao-1".into()));
        let begin = said(&adapter, "sample")["begin"].as_i64().expect("milliseconds");
        let rows = |source: &Source, path: &str| {
            let row = |heard: &&Heard| (heard.time.unix_millis() - begin, heard.json.clone(), heard.status.is_good());
            source.values(path).iter().map(row).collect::<Vec<_>>()
        };
        let good = |time: i64, json: &str| (time, json.to_owned(), true);
        let bad = |time: i64| (time, "null".to_owned(), false);
        assert_eq!(rows(&source, "STATUS"), [good(0, "\"running\""), good(1500, "\"holding\"")]);
        assert_eq!(rows(&source, "WORK_MODE"), [good(0, "\"auto\""), good(1500, "\"auto\"")]);
        let count = [good(0, "\"41\""), good(1000, "\"42\""), good(1500, "\"42\"")];
        assert_eq!(rows(&source, "PART_COUNT"), count);
        let position = [good(0, "1.5"), bad(500), good(1000, "2.25"), good(1500, "2.25")];
        assert_eq!(rows(&source, "AXIS/X/SERVO_DRIVER/POSITION"), position);
        assert_eq!(rows(&source, "CONTROLLER/WARNING/0/text"), [good(0, "\"冷却液液位低\""), bad(500)]);
        let mut times: Vec<_> = source.heard.iter().filter(|heard| heard.path != "MANUFACTURER").collect();
        times.truncate(10);
        assert!(times.windows(2).all(|pair| pair[0].time <= pair[1].time), "in the order of time: {times:#?}");
        assert_eq!((source.last("MODEL"), source.last("NUMBER")), (Some("\"HX 500\""), Some("\"NW-817\"")));
        let found = source.found.clone().expect("found");
        assert_eq!(found.machines.len(), 1);
        assert_eq!(found.machines[0].browse_name.name, "V4C7");
        let feed = found.items.iter().find(|item| item.targets[0].path.to_string() == "FEED_SPEED").expect("found");
        assert_eq!(feed.unit.as_deref(), Some("H81"), "mm/min, where the dictionary has mm/s");
        assert!(source.count("mqtt_source_tolerated") > 10 && source.codes.contains(&"QIAO-V330".to_owned()));

        // What names its columns and items by ids only is understood by the model.
        adapter.tell("nameless");
        source.until("the program", |source| source.last("CONTROLLER/PROGRAM").is_some()).await;
        assert_eq!(source.last("FEED_OVERRIDE"), Some("90"));
        adapter.tell("event");
        source.until("the event", |source| source.last("PART_COUNT") == Some("\"43\"")).await;
        adapter.tell("rubbish");
        source.until("what cannot be read", |source| !source.unreadable.is_empty()).await;
        assert_eq!(source.unreadable, ["QIAO-V331"]);
        assert_eq!(source.count("mqtt_source_model_requests"), 1, "it answered: it is not asked again");
        source.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_only_looks_asks_nobody() {
    let broker = Mosquitto::open();
    let mut adapter = Peer::start("nc_link_adapter.py", &[&broker.port.to_string(), "V4C7"]);
    let mut source = Source::start(broker.port, MqttVersion::V5, false);
    source.up().await;
    adapter.tell("nameless");
    source.until("what is missing", |source| source.codes.contains(&"QIAO-V280".to_owned())).await;
    adapter.tell("sample");
    source.until("the sample", |source| source.last("STATUS") == Some("\"holding\"")).await;
    assert!(adapter.said().iter().all(|said| said["did"] != "asked"));
    assert_eq!(source.count("mqtt_source_model_requests"), 0);
    assert!(broker.log().lines().all(|line| !line.contains("Received PUBLISH from qiao-test")), "it publishes nothing");
    source.end().await;
}

/// The whole way: what the device says stands, with equal values, where umati has it.
#[test]
fn a_device_of_nc_link_is_a_machine_tool_of_umati_elsewhere() {
    let (cells, broker) = (Mosquitto::open(), Mosquitto::open());
    let plant = broker.subscribe("umati/#", &[]);
    let mut adapter = Peer::start("nc_link_adapter.py", &[&cells.port.to_string(), "V4C7"]);
    let site = Site::new(&format!(
        "connections:
  cells: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
flows:
  - {{ name: tools, from: cells, to: plant, each: {{ topic: \"Sample/{{machine}}/+\" }}, profile: nclink/cnc@3.0, publish-as: umati/machine-tool@1.02, on-violation: mark }}
",
        cells.port, broker.port
    ));
    let gateway = site.run();
    gateway.ready();
    adapter.tell("sample");
    let topic = "umati/v2/test/MachineToolType/V4C7";
    gateway.until("the model", |_| {
        let message = plant.on(topic).pop()?.json();
        (message.pointer("/Identification/Model/text")? == "HX 500").then_some(())
    });
    adapter.tell("nameless");
    let expected = [
        ("/Identification/Manufacturer/text", Value::from("Nordwerk")),
        ("/Identification/Model/text", Value::from("HX 500")),
        ("/Identification/SerialNumber", Value::from("NW-817")),
        ("/Monitoring/MachineTool/OperationMode", Value::from(1)),
        ("/Production/ActiveProgram/Name", Value::from("A.MPF")),
        ("/Production/Statistics/PartsProducedInLifetime", Value::from(42)),
        ("/MachineryBuildingBlocks/MachineryItemState/CurrentState/properties/Number", Value::from(2)),
    ];
    gateway.until("the machine with all that was said", |_| {
        let message = plant.on(topic).pop()?.json();
        expected.iter().all(|(pointer, value)| message.pointer(pointer) == Some(value)).then_some(())
    });
}
