//! One log on a disk that fails, with a model beside it that knows what was promised.

mod basics;
mod crash;
mod faults;
mod format;
mod rot;
mod sweep;

use super::gaps::{Gap, Reason};
use super::load::Loaded;
use super::log::Committed;
use super::open::open;
use super::segment::Sum;
use super::{Log, Moment, Notice, OpenError, Options, Quota};
use crate::model::delivery::TopicKind;
use crate::model::{Delivery, TopicName};
use crate::port::Disk as _;
use crate::port::fake_disk::FakeDisk;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

const DIRECTORY: &str = "/spool/plant";

/// A small generator, so that a failing case is known by its seed.
#[derive(Clone, Debug)]
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

fn moment(ms: u64) -> Moment {
    Moment { wall_ms: 1_000_000 + ms, run_ms: ms as i64 }
}

fn reopen(disk: &FakeDisk, segment_bytes: u64, limit: u64) -> Result<Log, OpenError> {
    let (options, quota) = (Options { segment_bytes }, Arc::new(Quota::new(limit)));
    open(Arc::new(disk.clone()), Path::new(DIRECTORY), options, quota, moment(0), 77)
}

/// What was promised of each record, by sequence.
#[derive(Clone, Debug, Default)]
struct Model {
    staged: BTreeMap<u64, (String, TopicKind, String)>,
    acknowledged: BTreeSet<u64>,
    /// Delivered and released.
    done: BTreeSet<u64>,
    /// Told as lost, and why.
    gaps: Vec<Gap>,
}

impl Model {
    /// Forgets what no later process need deliver.
    fn forget(&mut self, released: u64) {
        self.staged = self.staged.split_off(&(released + 1));
        self.acknowledged = self.acknowledged.split_off(&(released + 1));
        self.done = self.done.split_off(&(released + 1));
    }
}

/// A log and its model.
#[derive(Debug)]
struct Rig {
    log: Log,
    model: Model,
    /// Delivered in this life and not released.
    waiting: Vec<u64>,
    number: u64,
}

impl Rig {
    fn new(log: Log, model: Model) -> Self {
        let number = model.staged.len() as u64;
        let mut rig = Self { log, model, waiting: Vec::new(), number };
        rig.hear();
        rig
    }

    fn hear(&mut self) {
        for notice in self.log.notices() {
            if let Notice::Gap(gap) = notice {
                self.model.gaps.push(gap);
            }
        }
    }

    /// Stages a record: one topic in three is a state, of which there are two.
    fn stage(&mut self, random: &mut Random) {
        self.number += 1;
        let (topic, kind) = match random.below(6) {
            at @ 0..2 => (format!("state/{at}"), TopicKind::State),
            _ => ("log".to_owned(), TopicKind::Log),
        };
        let payload = format!("{} {}", self.number, "x".repeat(random.below(90) as usize));
        let sequence = stage(&mut self.log, &topic, kind, &payload, self.number);
        let is_told = self.model.gaps.iter().any(|gap| (gap.first..=gap.last).contains(&sequence));
        assert!(!is_told, "sequence {sequence} was told as lost before");
        self.model.staged.insert(sequence, (topic, kind, payload));
    }

    fn commit(&mut self, now: Moment) -> Result<(), super::Trouble> {
        let mut committed = Vec::new();
        let result = self.log.commit(now, &mut committed);
        self.hear();
        for one in committed {
            self.model.acknowledged.insert(one.sequence);
            self.live(one);
        }
        result
    }

    /// Half of what can go on without being read does.
    fn live(&mut self, committed: Committed) {
        if self.log.is_next(committed.sequence) && committed.sequence.is_multiple_of(2) {
            let (_, _, payload) = &self.model.staged[&committed.sequence];
            let sum = Sum { records: 1, bytes: payload.len() as u64, values: 1 };
            self.log.pass(committed, "flow", sum);
            self.waiting.push(committed.sequence);
        }
    }

    fn load(&mut self, budget: u64) -> std::io::Result<()> {
        let mut loaded = Vec::new();
        let result = self.log.load(budget, moment(0), &mut loaded);
        self.hear();
        for one in loaded {
            match one {
                Loaded::Entry { sequence, entry } => {
                    let (topic, kind, payload) = self.model.staged.get(&sequence).expect("it was staged");
                    assert_eq!(entry.topic.as_str(), topic, "sequence {sequence}");
                    assert_eq!((entry.kind, &*entry.payload), (*kind, payload.as_bytes()), "sequence {sequence}");
                    assert!(self.waiting.last().is_none_or(|last| *last < sequence), "order");
                    self.waiting.push(sequence);
                }
                Loaded::Superseded { .. } => {}
                Loaded::Lost(_) => assert!(!self.model.gaps.is_empty(), "lost and not told"),
            }
        }
        result
    }

    /// Releases the oldest of what was delivered, and lets the log know.
    fn release(&mut self, count: usize) -> std::io::Result<()> {
        let count = count.min(self.waiting.len());
        self.model.done.extend(self.waiting.drain(..count));
        let released = self.waiting.first().map_or(self.log.next() - 1, |first| first - 1);
        let result = self.log.advance(released);
        self.hear();
        result
    }

    /// Everything that was acknowledged is delivered now, was before, is a state of which a newer one is, or was dropped
    /// on purpose. Nothing was damaged.
    #[track_caller]
    fn check(&self, case: &str) {
        let is_told = |sequence: u64, reasons: &[Reason]| {
            self.model
                .gaps
                .iter()
                .any(|gap| reasons.contains(&gap.reason) && (gap.first..=gap.last).contains(&sequence))
        };
        for sequence in &self.model.acknowledged {
            let (topic, kind, _) = &self.model.staged[sequence];
            let is_superseded = *kind == TopicKind::State
                && self.model.staged.range(sequence + 1..).any(|(newer, (other, _, _))| {
                    other == topic
                        && (self.waiting.contains(newer)
                            || self.model.done.contains(newer)
                            || is_told(*newer, &[Reason::Full]))
                });
            let is_there = self.waiting.contains(sequence) || self.model.done.contains(sequence);
            assert!(
                is_there || is_superseded || is_told(*sequence, &[Reason::Full]),
                "{case}: {sequence} is lost; gaps {:?}",
                self.model.gaps
            );
        }
        let wrong = |gap: &&Gap| matches!(gap.reason, Reason::Damaged | Reason::Missing);
        assert_eq!(self.model.gaps.iter().find(wrong), None, "{case}");
    }
}

fn stage(log: &mut Log, topic: &str, kind: TopicKind, payload: &str, time_ms: u64) -> u64 {
    let topic = Arc::new(TopicName::parse(topic).expect("a topic"));
    let delivery = Delivery { flow: 0, sink: 0, topic, kind, qos: 1, properties: None, payload: 0..0, values: 1 };
    log.stage(time_ms, &"flow".into(), &delivery, payload.as_bytes())
}

/// Payloads of everything that is left, in order.
fn drain(log: &mut Log) -> Vec<String> {
    let mut loaded = Vec::new();
    log.load(u64::MAX, moment(0), &mut loaded).expect("reads");
    let entries = loaded.into_iter().filter_map(|one| match one {
        Loaded::Entry { entry, .. } => Some(String::from_utf8_lossy(&entry.payload).into_owned()),
        _ => None,
    });
    entries.collect()
}
