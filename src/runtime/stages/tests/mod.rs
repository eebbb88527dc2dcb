//! The stages of one source behind a fake discovery.

mod alarms;
mod beside;
mod clock;
mod conservation;
mod declared;
mod devices;
mod grown;
mod leaving;
mod links;
mod lives;
mod messages;
mod model_changes;
mod names;
mod owed;
mod past;
mod profiles;
mod translated;
mod violations;

use super::*;
use crate::assemble::fixture::{discovery, item, open_profile, tool_profile};
use crate::config::plan::{
    Connection, EmbeddedBroker, FlowPlan, Gateway, History, Identity, Leaving, Limits, Location, MachineRule,
    OnViolation, OpcUaConnection, PolicyChoice, Replay, RootSelector, SecurityMode, WhenFull, Writes,
};
use crate::finding::Language;
use crate::model::delivery::{AckKey, TopicKind};
use crate::model::{BuiltInType, Discovery, Pending, Quarantined, Sample, Scalar, StatusCode, Timestamp};
use crate::profile::Profile;
use serde_json::Value;

const EPOCH: u64 = 7;
const NOON: Timestamp = Timestamp(Timestamp::UNIX_EPOCH.0 + 17_000_000_000_000_000);

fn flow(profile: Profile) -> FlowPlan {
    FlowPlan {
        events: None,
        name: "flow".to_owned(),
        source: 0,
        input: None,
        each: RootSelector::Whole,
        select: Vec::new(),
        profiles: vec![Arc::new(profile)],
        publish_as: None,
        sink: 1,
        topic: None,
        on_violation: OnViolation::Quarantine,
        leaving: Leaving::default(),
        is_durable: false,
    }
}

fn plan(flows: Vec<FlowPlan>) -> Plan {
    let server = OpcUaConnection {
        endpoint: "opc.tcp://127.0.0.1:4840".to_owned(),
        security: SecurityMode::SignAndEncrypt,
        policy: PolicyChoice::Auto,
        identity: Identity::Anonymous,
        time: TimeSource::Source,
        accept_certificate: None,
        session_timeout: Duration::from_secs(60),
        publishing_interval: Duration::from_millis(100),
        max_nodes: 1000,
        browse_again: Duration::from_secs(600),
        history: History::FillGaps,
    };
    let connection = |name: &str, kind| Connection { name: name.to_owned(), kind };
    let broker = EmbeddedBroker { listen: ([127, 0, 0, 1], 0).into() };
    Plan {
        gateway: Gateway {
            name: "g".to_owned(),
            file: "qiao.yaml".into(),
            language: Language::English,
            data_dir: "nowhere".into(),
            http: None,
            drain: Duration::from_secs(1),
        },
        connections: vec![
            connection("lathe", ConnectionKind::OpcUa(server.clone())),
            connection("plant", ConnectionKind::EmbeddedBroker(broker)),
            connection("mill", ConnectionKind::OpcUa(server)),
        ],
        machines: Vec::new(),
        flows,
        writes: Writes::default(),
        profiles: Vec::new(),
        limits: Limits {
            memory: 1 << 20,
            quarantine: 1 << 20,
            spool: 1 << 20,
            spool_age: None,
            when_full: WhenFull::Block,
            replay: Replay::InOrder,
        },
    }
}

/// Drives stages and keeps what comes out.
struct Rig {
    stages: Stages,
    monotonic: Duration,
    /// By so many ticks somebody set the wall clock.
    set_by: i64,
    found: Vec<Finding>,
    quarantined: Vec<Quarantined>,
    messages: Vec<Message>,
    acknowledged: Vec<u32>,
    next_sequence: u32,
}

#[derive(Clone, Debug, PartialEq)]
struct Message {
    topic: String,
    kind: TopicKind,
    /// `Null` for the empty payload.
    body: Value,
    values: u32,
}

impl Rig {
    fn new(flows: Vec<FlowPlan>) -> Self {
        Self::of(Arc::new(plan(flows)))
    }

    fn of(plan: Arc<Plan>) -> Self {
        let prepared = Prepared::new(&plan).expect("schemas");
        Self::with(plan, 0, prepared)
    }

    fn with(plan: Arc<Plan>, source: u16, prepared: Arc<Prepared>) -> Self {
        Self {
            stages: Stages::new(plan, source, prepared),
            monotonic: Duration::from_secs(100),
            set_by: 0,
            found: Vec::new(),
            quarantined: Vec::new(),
            messages: Vec::new(),
            acknowledged: Vec::new(),
            next_sequence: 1,
        }
    }

    /// A machine with an open profile and this many fields, complete and online; what led there is forgotten.
    fn open(profile: Profile, fields: usize) -> Self {
        let mut rig = Self::new(vec![flow(profile)]);
        rig.find(discovery(EPOCH, &["M1"], (0..fields).map(|n| item(0, &format!("v{n}"))).collect()));
        let first: Vec<_> = (0..fields as u32).map(|slot| int(slot, 0)).collect();
        rig.batch(&first);
        rig.forget();
        rig
    }

    fn now(&self) -> Now {
        Now { wall: self.wall(), monotonic: self.monotonic }
    }

    fn wall(&self) -> Timestamp {
        Timestamp(NOON.0 + self.monotonic.as_micros() as i64 * 10 + self.set_by)
    }

    fn find(&mut self, discovery: Discovery) {
        self.event(SourceEvent::Found(Arc::new(discovery)));
    }

    fn batch(&mut self, samples: &[Sample]) {
        self.batch_of(EPOCH, samples, &[]);
    }

    fn batch_of(&mut self, epoch: u64, samples: &[Sample], arena: &[u8]) {
        let key = AckKey::Notification { subscription: 1, sequence: self.next_sequence };
        self.next_sequence += 1;
        self.event(SourceEvent::Batch(Batch {
            epoch,
            received: self.wall(),
            samples: samples.to_vec(),
            arena: arena.to_vec(),
            pending: Some(Pending { source: 0, epoch, key }),
            ..Batch::default()
        }));
    }

    fn lost(&mut self) {
        self.event(SourceEvent::Link(LinkState::Lost(Box::new(Finding::warning("QIAO-O101", "lathe")))));
    }

    fn event(&mut self, event: SourceEvent) {
        let mut out = Outbox::default();
        self.stages.on_event(event, self.now(), &mut out);
        self.collect(out);
    }

    fn heard(&mut self, heard: &Heard) {
        let mut out = Outbox::default();
        self.stages.on_heard(heard, self.now(), &mut out);
        self.collect(out);
    }

    /// Lets time pass, with every tick that is due on the way.
    fn pass(&mut self, time: Duration) {
        let end = self.monotonic + time;
        for _ in 0..10_000 {
            let Some(at) = self.stages.next_tick().filter(|at| *at <= end) else {
                self.monotonic = end;
                return;
            };
            self.monotonic = self.monotonic.max(at);
            let mut out = Outbox::default();
            self.stages.on_tick(self.now(), &mut out);
            self.collect(out);
        }
        panic!("a tick that does nothing is due for ever");
    }

    fn end(&mut self) {
        let mut out = Outbox::default();
        self.stages.on_end(true, self.now(), &mut out);
        self.collect(out);
    }

    fn collect(&mut self, out: Outbox) {
        self.found.extend(out.findings);
        self.quarantined.extend(out.quarantined);
        for transaction in out.transactions {
            for delivery in &transaction.deliveries {
                let payload = &transaction.bytes[delivery.payload.start as usize..delivery.payload.end as usize];
                let body =
                    if payload.is_empty() { Value::Null } else { serde_json::from_slice(payload).expect("JSON") };
                let topic = delivery.topic.to_string();
                self.messages.push(Message { topic, kind: delivery.kind, body, values: delivery.values });
            }
            if let Some(Pending { key: AckKey::Notification { sequence, .. }, .. }) = transaction.pending {
                self.acknowledged.push(sequence);
            }
        }
        self.balance();
    }

    /// Nothing is lost silently, at any moment.
    #[track_caller]
    fn balance(&self) {
        for totals in self.all_totals() {
            assert_eq!(totals.received, totals.accounted(), "{totals:?}");
        }
    }

    fn forget(&mut self) {
        self.messages.clear();
        self.found.clear();
        self.quarantined.clear();
        self.acknowledged.clear();
    }

    /// Bodies of the messages of a topic.
    fn on(&self, topic: &str) -> Vec<&Value> {
        self.messages.iter().filter(|message| message.topic == topic).map(|message| &message.body).collect()
    }

    /// What the messages of an open profile hold: one text per message, `name=value …`.
    fn payloads(&self, topic: &str) -> Vec<String> {
        let value = |(name, field): (&String, &Value)| {
            let shown = field.get("Status").map_or(&field["Value"], |status| &status["Symbol"]);
            format!("{name}={}", shown.as_str().map_or_else(|| shown.to_string(), str::to_owned))
        };
        let payload = |body: &&Value| {
            body["Payload"].as_object().map_or_else(String::new, |p| p.iter().map(value).collect::<Vec<_>>().join(" "))
        };
        self.on(topic).iter().map(payload).collect()
    }

    fn codes(&self) -> Vec<&str> {
        self.found.iter().map(|finding| &*finding.code.0).collect()
    }

    fn totals(&self) -> FlowTotals {
        self.all_totals()[0]
    }

    fn all_totals(&self) -> Vec<FlowTotals> {
        let mut totals = Vec::new();
        self.stages.totals_into(&mut totals);
        totals
    }
}

fn sample(slot: u32, status: StatusCode, scalar: Scalar) -> Sample {
    Sample { slot, status: status.0, source_time: NOON, server_time: NOON, scalar }
}

fn int(slot: u32, value: i64) -> Sample {
    sample(slot, StatusCode::GOOD, Scalar::I64(BuiltInType::Int32, value))
}

fn bad(slot: u32) -> Sample {
    sample(slot, StatusCode::BAD, Scalar::Null)
}

/// Two tools; slots 0..4 are of M1 (Serial, Mode, Power, channel State), 4..8 of M2.
fn two_tools() -> Discovery {
    let paths = ["Id/Serial", "Monitoring/MachineTool/Mode", "Monitoring/MachineTool/Power", "Monitoring/C1[16]/State"];
    let items = [0, 1].into_iter().flat_map(|machine| paths.map(|path| item(machine, path)));
    discovery(EPOCH, &["M1", "M2"], items.collect())
}

/// First values of one of the two tools; the arena is [`SERIAL`].
fn tool_values(machine: u32) -> Vec<Sample> {
    let slot = machine * 4;
    let serial = Scalar::Text(BuiltInType::String, crate::model::Span { start: 0, length: 4 });
    vec![sample(slot, StatusCode::GOOD, serial), int(slot + 1, 1), int(slot + 2, 50), int(slot + 3, 2)]
}

const SERIAL: &[u8] = b"S-17";

/// Both tools complete and online; what led there is forgotten.
fn two_tools_online(flow: FlowPlan) -> Rig {
    let mut rig = Rig::new(vec![flow]);
    rig.find(two_tools());
    for machine in [0, 1] {
        rig.batch_of(EPOCH, &tool_values(machine), SERIAL);
    }
    rig.forget();
    rig.monotonic += Duration::from_secs(2);
    rig
}
