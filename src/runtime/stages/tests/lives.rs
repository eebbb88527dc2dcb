//! Lives of a source that end badly: what they counted and what they left on brokers goes on.

use super::*;
use crate::model::{TopicName, Transaction};
use crate::port::Clock;
use crate::runtime::facts::{Facts, SourceCounters, SourceFacts};
use crate::runtime::ledger::{Balance, Ledger};
use crate::runtime::pipeline::{Pipeline, PipelineFacts};
use crate::runtime::quarantine_writer;
use crate::runtime::status::Health;
use crate::runtime::supervisor::{Ended, Restarts};
use crate::spool::Spool;
use crate::spool::quarantine::Quarantine;
use std::collections::BTreeSet;
use std::sync::Mutex;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// A pipeline that panics when it is told of a gap.
struct Lives {
    plan: Arc<Plan>,
    prepared: Arc<Prepared>,
    spool: Spool,
    facts: Arc<PipelineFacts>,
    /// Of the quarantine.
    directory: tempfile::TempDir,
}

impl Lives {
    fn new(plan: Plan) -> Self {
        let plan = Arc::new(plan);
        let prepared = Prepared::new(&plan).expect("schemas");
        let facts = Arc::new(PipelineFacts::new(NOON, Ledger::new(vec![0], plan.flows.len())));
        let directory = tempfile::tempdir().expect("a directory");
        Self { plan, prepared, spool: Spool::in_memory(1 << 20, 3, 3), facts, directory }
    }

    /// Lives as long as there are events.
    async fn live(&self, events: Vec<SourceEvent>) -> Result<Ended, tokio::task::JoinError> {
        let (sender, receiver) = mpsc::channel(events.len().max(1));
        for event in events {
            sender.try_send(event).expect("room");
        }
        drop(sender);
        self.begin(receiver).join_next().await.expect("one life")
    }

    fn begin(&self, receiver: mpsc::Receiver<SourceEvent>) -> tokio::task::JoinSet<Ended> {
        let quarantine = Quarantine::open(self.directory.path(), 1 << 20).expect("opens");
        let quarantine = quarantine_writer::start(quarantine, BTreeSet::new(), Arc::default(), |_| {});
        let pipeline = Pipeline {
            clock: Clock::start(),
            stages: Stages::new(Arc::clone(&self.plan), 0, Arc::clone(&self.prepared)),
            events: receiver,
            heard: mpsc::channel(1).1,
            devices: tokio::sync::watch::Sender::default(),
            exposed: tokio::sync::watch::Sender::default(),
            shelves: tokio::sync::watch::Sender::default(),
            spool: self.spool.clone(),
            stop: CancellationToken::new(),
            echoes: Default::default(),
            written: Vec::new(),
            commands: Arc::default(),
            entrance: Default::default(),
            quarantine,
            facts: Arc::clone(&self.facts),
            log: |finding| {
                assert_ne!(finding.code.0, "QIAO-O101", "dies of it");
                if finding.code.0 == "QIAO-M109" {
                    IMBALANCES.lock().expect("no panic").push(finding.clone());
                }
            },
        };
        let mut life = tokio::task::JoinSet::new();
        life.spawn(pipeline.run(CancellationToken::new()));
        life
    }

    fn alarms(&self) -> Vec<Finding> {
        IMBALANCES.lock().expect("no panic").clone()
    }

    /// Health of a gateway whose only source this is.
    fn health(&self) -> Health {
        let counters = SourceCounters::OpcUa(Arc::default());
        let exposed = tokio::sync::watch::Sender::default();
        let source = SourceFacts { pipeline: Arc::clone(&self.facts), counters, exposed };
        let facts = Facts {
            plan: Arc::clone(&self.plan),
            clock: Clock::start(),
            spool: self.spool.clone(),
            restarts: Restarts::default(),
            quarantine: Arc::default(),
            sources: [(0, source)].into(),
            sinks: Default::default(),
            faces: Default::default(),
            brokers: Default::default(),
            commands: Arc::default(),
            entrance: Default::default(),
            echoes: Default::default(),
            desks: Default::default(),
            clock_jumps: Arc::default(),
        };
        let mut health = facts.status().health;
        health.reasons.retain(|reason| !["lathe", "plant", "mill"].contains(&reason.as_str()));
        health
    }

    fn balance(&self) -> Balance {
        self.facts.ledger.balance(0, &self.spool)
    }
}

fn found(epoch: u64) -> SourceEvent {
    SourceEvent::Found(Arc::new(discovery(epoch, &["M1"], vec![item(0, "v0")])))
}

fn value(epoch: u64, value: i64) -> SourceEvent {
    let samples = vec![int(0, value)];
    SourceEvent::Batch(Batch { epoch, received: NOON, samples, ..Batch::default() })
}

fn dies() -> SourceEvent {
    SourceEvent::Gap(Gap { finding: Finding::warning("QIAO-O101", "lathe"), slots: Vec::new() })
}

#[tokio::test]
async fn counters_go_on_over_the_lives_of_a_source_and_what_died_with_one_is_counted() {
    let slow = Profile { every: Duration::from_secs(3600), ..open_profile() };
    let lives = Lives::new(plan(vec![flow(slow)]));
    for life in 1..=3 {
        // The first goes out at once, the second waits for its time.
        let died = lives.live(vec![found(life), value(life, 1), value(life, 2), dies()]).await;
        assert!(died.is_err_and(|error| error.is_panic()));
        let Balance { totals, spool, imbalance } = lives.balance();
        assert_eq!((totals.received, totals.held, totals.lost), (2 * life, 1, life - 1), "life {life}");
        assert_eq!((spool.spooled_values, imbalance), (life, 0), "life {life}");
        assert_eq!(totals.received, totals.accounted());
    }
    let ended = lives.live(vec![found(9), value(9, 1), value(9, 2)]).await;
    assert_eq!(ended.ok(), Some(Ended::Stopped));
    let Balance { totals, spool, imbalance } = lives.balance();
    assert_eq!((totals.received, totals.held, totals.lost, totals.gaps), (8, 0, 3, 3));
    assert_eq!((spool.spooled_values, imbalance), (5, 0));
}

#[tokio::test]
async fn what_the_spool_accepted_of_an_event_that_never_ended_was_received_too() {
    let lives = Lives::new(plan(vec![flow(open_profile())]));
    assert!(lives.live(vec![found(1), value(1, 1)]).await.is_ok());
    let before = lives.balance();
    let mut rig = Rig::open(open_profile(), 3);
    let mut out = Outbox::default();
    let samples = [0, 1, 2].map(|slot| int(slot, 7)).to_vec();
    let batch = Batch { epoch: EPOCH, received: NOON, samples, ..Batch::default() };
    rig.stages.on_event(SourceEvent::Batch(batch), rig.now(), &mut out);
    for transaction in out.transactions {
        let permit = lives.spool.reserve(&transaction).await.expect("room");
        lives.spool.append(permit, transaction);
    }
    let after = lives.balance();
    assert_eq!((after.totals.received - before.totals.received, after.imbalance), (3, 0));
    assert!(lives.live(vec![]).await.is_ok());
    let later = lives.balance();
    assert_eq!((later.totals, later.imbalance), (FlowTotals { handed_over: 4, ..after.totals }, 0));
}

/// What a test's pipelines logged of accounts; no other test makes one that does not come out.
static IMBALANCES: Mutex<Vec<Finding>> = Mutex::new(Vec::new());

#[tokio::test]
async fn a_planted_imbalance_is_an_alarm_in_log_health_and_status_and_a_sound_account_is_none() {
    let lives = Lives::new(plan(vec![flow(open_profile())]));
    assert!(lives.live(vec![found(1), value(1, 1)]).await.is_ok());
    assert!(lives.health().reasons.is_empty() && lives.alarms().is_empty(), "{:?}", lives.health());

    // The fault: something goes into the spool behind the back of the stages while a life runs.
    let (sender, receiver) = mpsc::channel(4);
    let mut life = lives.begin(receiver);
    sender.send(found(2)).await.expect("it lives");
    sender.send(value(2, 2)).await.expect("it lives");
    until(|| lives.balance().totals.handed_over == 2).await;
    let topic = Arc::new(TopicName::parse("stray").expect("a topic"));
    let (kind, properties) = (TopicKind::Log, None);
    let stray = Delivery { flow: 0, sink: 1, topic, kind, qos: 1, properties, payload: 0..0, values: 3 };
    let transaction = Transaction { deliveries: vec![stray], ..Transaction::default() };
    let permit = lives.spool.reserve(&transaction).await.expect("room");
    lives.spool.append(permit, transaction);
    sender.send(value(2, 3)).await.expect("it lives");
    until(|| lives.balance().imbalance == -3).await;
    until(|| !lives.alarms().is_empty()).await;
    let (alarms, health) = (lives.alarms(), lives.health());
    assert_eq!(alarms.len(), 1, "told once: {alarms:?}");
    assert_eq!((alarms[0].code.0.as_ref(), alarms[0].place.as_str()), ("QIAO-M109", "flow"));
    assert!(health.reasons.iter().any(|reason| reason.contains("-3 source values")), "{health:?}");
    drop(sender);
    assert_eq!(life.join_next().await.expect("one life").ok(), Some(Ended::Stopped));

    // The other way round: the spool does not account any more for what it had accepted.
    let forgetful = Spool::in_memory(1 << 20, 3, 3);
    let accepted = lives.spool.flow_count(0).accepted_values().cast_signed();
    let Balance { imbalance, .. } = lives.facts.ledger.balance(0, &forgetful);
    assert_eq!(imbalance, accepted - 3, "nobody knows where they are");
}

async fn until(is_true: impl Fn() -> bool) {
    let wait = async {
        while !is_true() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), wait).await.expect("in time");
}

#[test]
fn a_new_life_takes_back_what_the_one_before_left_on_brokers() {
    let mut first = two_tools_online(flow(tool_profile()));
    first.batch(&[int(1, 2)]);
    let mut second = Rig::new(vec![flow(tool_profile())]);
    let mut out = Outbox::default();
    second.stages.take_over(first.all_totals(), &[(0, 2)], first.stages.legacy(), second.now(), &mut out);
    second.collect(out);
    assert_eq!(second.on("tool/g/M1"), [&Value::Null], "nobody reads the state of a machine that nobody reads");
    let said = |rig: &Rig| rig.on("qiao/g/M1/status").iter().map(|body| body["state"].clone()).collect::<Vec<_>>();
    assert_eq!(second.on("qiao/g/M1/status")[0]["reason"]["code"], "QIAO-V243");
    assert_eq!((said(&second), second.codes()), (vec!["offline".into()], vec!["QIAO-V244"]));
    second.find(two_tools());
    assert_eq!(said(&second), ["offline", "online"]);

    // What the first one took back itself is not taken back again.
    let mut first = two_tools_online(flow(tool_profile()));
    first.lost();
    assert!(first.stages.legacy().retained.is_empty());
}
