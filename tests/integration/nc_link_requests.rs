//! Promise: what applications ask of NC-Link devices is heard, also by devices that appear later and after the broker was
//! away; a flood of it is bounded, and a broker that lets us only publish harms nothing.

use super::mqtt_source::publish;
use super::rig::fake_broker::{FakeBroker, Heard as Packet, faultless, suback};
use super::rig::mosquitto::Mosquitto;
use super::rig::sink::connection;
use qiao::codec::nc_link::Kind;
use qiao::config::plan::MqttVersion;
use qiao::finding::Finding;
use qiao::mqtt::Timing;
use qiao::mqtt::requests::{RequestsPlan, run};
use qiao::port::{Asked, Devices, Heard};
use std::sync::{Arc, Mutex};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// The listener by itself: what it hears is ours to take.
struct Listener {
    heard: mpsc::Receiver<Heard>,
    devices: watch::Sender<Devices>,
    stop: CancellationToken,
    task: JoinSet<()>,
}

/// Findings of every test of this file: whoever looks names its broker.
static TOLD: Mutex<Vec<Finding>> = Mutex::new(Vec::new());

fn told(code: &str, port: u16) -> Option<Finding> {
    let is_it = |finding: &&Finding| finding.code.0 == code && finding.place.ends_with(&format!(":{port}"));
    TOLD.lock().expect("no panic").iter().find(is_it).cloned()
}

impl Listener {
    fn start(port: u16, version: MqttVersion, room: usize, devices: &[&str]) -> Self {
        let (hears, heard) = mpsc::channel(room);
        let (devices, known) = watch::channel(set(devices));
        let stop = CancellationToken::new();
        let plan = RequestsPlan {
            sink: 1,
            source: "hall".to_owned(),
            connection: connection(port, version),
            timing: Timing::default(),
            log: |finding| TOLD.lock().expect("no panic").push(finding.clone()),
        };
        let mut task = JoinSet::new();
        task.spawn(run(plan, known, hears, stop.clone()));
        Self { heard, devices, stop, task }
    }

    async fn next(&mut self) -> Heard {
        let next = tokio::time::timeout(super::rig::LIMIT, self.heard.recv()).await.expect("something in time");
        next.expect("it listens")
    }

    async fn end(mut self) {
        self.stop.cancel();
        let ended = tokio::time::timeout(super::rig::LIMIT, self.task.join_next()).await.expect("it ends in time");
        ended.expect("one task").expect("no panic");
    }
}

fn set(devices: &[&str]) -> Devices {
    // One of another sink is not ours.
    let other = (2, "press".to_owned());
    Arc::new(devices.iter().map(|device| (1, (*device).to_owned())).chain([other]).collect())
}

fn ready(device: &str) -> Heard {
    Heard::Ready { sink: 1, device: device.to_owned() }
}

fn asked(device: &str, kind: Kind, client: Option<&str>, payload: &str) -> Heard {
    let (device, client) = (device.to_owned(), client.map(str::to_owned));
    Heard::Asked(Asked { sink: 1, device, kind, client, payload: payload.as_bytes().to_vec() })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_device_is_heard_from_the_moment_it_is_there_and_again_when_the_broker_is_back() {
    for version in [MqttVersion::V5, MqttVersion::V311] {
        let mut broker = Mosquitto::open();
        let mut listener = Listener::start(broker.port, version, 16, &["mill-1"]);
        assert_eq!(listener.next().await, ready("mill-1"));
        publish(&broker, "Query/Request/mill-2", b"{}", &[]);
        publish(&broker, "Query/Request/press", b"{}", &[]);
        publish(&broker, "Query/Response/mill-1", b"{}", &[]);
        publish(&broker, "Query/Request/mill-1", br#"{"@id":"1"}"#, &[]);
        assert_eq!(listener.next().await, asked("mill-1", Kind::QueryRequest, None, r#"{"@id":"1"}"#));
        publish(&broker, "Ping/mill-1/mes-1", br#"{"@id":"2"}"#, &[]);
        assert_eq!(listener.next().await, asked("mill-1", Kind::Ping, Some("mes-1"), r#"{"@id":"2"}"#));

        listener.devices.send_replace(set(&["mill-1", "mill-2"]));
        assert_eq!(listener.next().await, ready("mill-2"));
        publish(&broker, "Probe/Version/mill-2", b"{}", &[]);
        assert_eq!(listener.next().await, asked("mill-2", Kind::VersionRequest, None, "{}"));

        broker.restart();
        assert_eq!(listener.next().await, Heard::Away { sink: 1 });
        assert_eq!([listener.next().await, listener.next().await], [ready("mill-1"), ready("mill-2")]);
        publish(&broker, "Set/Request/mill-1", b"{}", &[]);
        assert_eq!(listener.next().await, asked("mill-1", Kind::SetRequest, None, "{}"));
        listener.end().await;
        assert!(broker.log().contains("qiao-test-device-hall"), "a client of its own");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_that_was_retained_is_none_and_a_flood_is_dropped_and_told() {
    let broker = Mosquitto::open();
    publish(&broker, "Query/Request/mill-1", b"{\"@id\":\"old\"}", &["-r"]);
    let mut listener = Listener::start(broker.port, MqttVersion::V5, 2, &["mill-1"]);
    assert_eq!(listener.next().await, ready("mill-1"));
    for number in 0..5 {
        publish(&broker, "Query/Request/mill-1", format!("{number}").as_bytes(), &[]);
    }
    let finding = super::rig::wait_for("it is told", || told("QIAO-M071", broker.port));
    assert_eq!(finding.arguments, [("count", "1".to_owned())]);
    for number in ["0", "1"] {
        assert_eq!(listener.next().await, asked("mill-1", Kind::QueryRequest, None, number));
    }
    listener.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broker_that_lets_us_only_publish_is_told_and_the_device_registers_all_the_same() {
    // One reason for each of the seven filters of a device, in their order; the fourth is that of queries.
    let broker = FakeBroker::start(|_, heard| match heard {
        Packet::Subscribe { packet } => suback(*packet, &[1, 1, 1, 0x87, 1, 1, 0]),
        _ => faultless(heard),
    });
    let mut listener = Listener::start(broker.port, MqttVersion::V5, 16, &["mill-1"]);
    assert_eq!(listener.next().await, ready("mill-1"));
    let finding = told("QIAO-M070", broker.port).expect("told before");
    assert_eq!(finding.arguments[0], ("filter", "Query/Request/mill-1/#".to_owned()));
    listener.end().await;
}
