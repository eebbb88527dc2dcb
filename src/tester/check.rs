//! What was made, what arrived, and which gaps were told: do they agree?
//!
//! | fault | what is wrong |
//! |---|---|
//! | [`Fault::Undeclared`] | numbers are missing and no gap tells of them |
//! | [`Fault::Wrong`] | a value, time or field that the source never had |
//! | [`Fault::Reused`] | one key for two messages |
//! | [`Fault::Repeated`] | a value came again in the same life behind a newer one of it, and not as the same message |
//! | [`Fault::Order`] | a live message brought a value that is older than one before it, and new or of another life |
//! | [`Fault::Gap`] | a gap without a reason or with its ends confused |
//!
//! What a life had not acknowledged to its source when it ended comes again in the next. So the order begins anew with each
//! life, and the present value is the one that came last in it, though the life before was farther.
//!
//! A value whose status is not good is what the gateway says of the link, not what the source made: it is counted, and
//! the value it stands for still has to arrive.

use crate::model::Timestamp;
use crate::opcua::simulator::sequence;
use std::collections::HashMap;
use std::fmt;
use std::ops::RangeInclusive;

/// What a source made: every node had every number, all nodes at the same time.
#[derive(Clone, Debug, Default)]
pub struct Made {
    pub nodes: Vec<String>,
    /// Source time of each number, from 0 on.
    pub times: Vec<Timestamp>,
}

/// One message that arrived.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// The same for a message that is sent again, and for no other.
    pub key: String,
    /// The same for equal payloads.
    pub content: u64,
    /// Marked as replayed or back-filled: it may be older than what came before it.
    pub is_late: bool,
    /// Number of the gateway's life that was under way when it arrived: what a life had not acknowledged to its source
    /// when it ended comes again in the next, in new messages.
    pub life: u32,
    /// Or why it could not be read.
    pub samples: Result<Vec<Sample>, String>,
}

/// One value of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    pub node: String,
    pub value: Option<u64>,
    pub status: u32,
    pub source: Timestamp,
}

/// The gateway said that something was or may have been lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Which nodes; empty: all.
    pub nodes: Vec<String>,
    /// Source times of what it may concern.
    pub since: Timestamp,
    pub until: Timestamp,
    pub reason: String,
}

/// Something that must not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    Undeclared { node: String, first: u32, last: u32 },
    Wrong { what: String },
    Reused { key: String },
    Repeated { node: String, number: u32 },
    Order { node: String, number: u32, after: u32 },
    Gap { what: String },
}

/// The account of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Values that had to arrive.
    pub expected: u64,
    /// Those of them that did.
    pub arrived: u64,
    /// Those of them that a gap tells of.
    pub declared: u64,
    /// Values that were marked as late when they first came.
    pub late: u64,
    /// Values in messages that came again with their key.
    pub resent: u64,
    /// Values that came again in other messages: the present ones of a new session, or what a life had not acknowledged.
    pub repeated: u64,
    /// Values with a status that is not good.
    pub not_good: u64,
    pub faults: Vec<Fault>,
}

impl Gap {
    fn covers(&self, node: &str, time: Timestamp) -> bool {
        let is_meant = self.nodes.is_empty() || self.nodes.iter().any(|one| one == node);
        is_meant && (self.since..=self.until).contains(&time)
    }
}

/// What is known of one node while the messages are gone through.
#[derive(Debug, Default)]
struct Node {
    /// Numbers that came, and the last life that sent them live; what comes late may have been made by any.
    seen: HashMap<u32, Option<u32>>,
    /// The newest number that came live.
    newest: Option<u32>,
    /// The life that sent something live last, and the newest number of it: behind the newest of all while it says again
    /// what the life before it had said.
    last: Option<(u32, u32)>,
}

/// Compares what was made with what arrived, in the order of arrival, and with the gaps that were told. `expected`: the
/// numbers that every node owes; others may arrive too, as long as they were made.
#[must_use]
pub fn check(made: &Made, expected: RangeInclusive<u32>, arrived: &[Arrived], gaps: &[Gap]) -> Verdict {
    let mut run = Run { made, nodes: HashMap::new(), keys: HashMap::new(), verdict: Verdict::default() };
    arrived.iter().for_each(|message| run.message(message));
    for gap in gaps.iter().filter(|gap| gap.reason.is_empty() || gap.since > gap.until) {
        run.verdict.faults.push(Fault::Gap { what: format!("{gap:?}") });
    }
    run.missing(expected, gaps);
    run.verdict
}

struct Run<'a> {
    made: &'a Made,
    nodes: HashMap<&'a str, Node>,
    /// Key of each message, and its content.
    keys: HashMap<&'a str, u64>,
    verdict: Verdict,
}

impl<'a> Run<'a> {
    fn message(&mut self, message: &'a Arrived) {
        let samples = match &message.samples {
            Ok(samples) => samples,
            Err(reason) => return self.wrong(format!("message {}: {reason}", message.key)),
        };
        let is_resent = match self.keys.insert(&message.key, message.content) {
            None => false,
            Some(content) if content == message.content => true,
            Some(_) => return self.verdict.faults.push(Fault::Reused { key: message.key.clone() }),
        };
        if is_resent {
            self.verdict.resent += samples.len() as u64;
            return;
        }
        for sample in samples {
            self.sample(sample, message);
        }
    }

    fn sample(&mut self, sample: &'a Sample, message: &Arrived) {
        if sample.status != 0 {
            self.verdict.not_good += 1;
            return;
        }
        let node = sample.node.as_str();
        if !self.made.nodes.iter().any(|one| one == node) {
            return self.wrong(format!("node {node} is not the source's"));
        }
        let Some(number) = sample.value.and_then(|value| sequence::number(node, value)) else {
            return self.wrong(format!("{node} never had the value {:?}", sample.value));
        };
        match self.made.times.get(number as usize) {
            None => return self.wrong(format!("{node} {number} was not made yet")),
            Some(time) if *time != sample.source => {
                return self.wrong(format!("{node} {number} was made at {time}, not {}", sample.source));
            }
            Some(_) => {}
        }
        let known = self.nodes.entry(node).or_default();
        let before = known.seen.get(&number).copied();
        let life = if message.is_late { before.flatten() } else { Some(message.life) };
        known.seen.insert(number, life);
        self.verdict.late += u64::from(message.is_late && before.is_none());
        self.verdict.repeated += u64::from(before.is_some());
        if message.is_late {
            return;
        }
        let in_life = known.last.filter(|(life, _)| *life == message.life).map(|(_, last)| last);
        let after = if before.is_none() { known.newest } else { in_life };
        known.newest = known.newest.max(Some(number));
        known.last = Some((message.life, in_life.map_or(number, |last| last.max(number))));
        let Some(after) = after.filter(|after| number < *after) else { return };
        let node = node.to_owned();
        self.verdict.faults.push(if before == Some(Some(message.life)) {
            Fault::Repeated { node, number }
        } else {
            Fault::Order { node, number, after }
        });
    }

    /// Numbers that did not arrive, run by run of what no gap tells of.
    fn missing(&mut self, expected: RangeInclusive<u32>, gaps: &[Gap]) {
        for name in &self.made.nodes {
            let node = self.nodes.entry(name).or_default();
            let mut open: Option<(u32, u32)> = None;
            for number in expected.clone() {
                self.verdict.expected += 1;
                if node.seen.contains_key(&number) {
                    self.verdict.arrived += 1;
                    continue;
                }
                let time = self.made.times.get(number as usize).copied();
                if time.is_some_and(|time| gaps.iter().any(|gap| gap.covers(name, time))) {
                    self.verdict.declared += 1;
                    continue;
                }
                open = match open {
                    Some((first, last)) if last + 1 == number => Some((first, number)),
                    Some((first, last)) => {
                        self.verdict.faults.push(Fault::Undeclared { node: name.clone(), first, last });
                        Some((number, number))
                    }
                    None => Some((number, number)),
                };
            }
            if let Some((first, last)) = open {
                self.verdict.faults.push(Fault::Undeclared { node: name.clone(), first, last });
            }
        }
    }

    fn wrong(&mut self, what: String) {
        self.verdict.faults.push(Fault::Wrong { what });
    }
}

impl Verdict {
    /// Values that are missing and that no gap tells of.
    #[must_use]
    pub fn undeclared(&self) -> u64 {
        let runs = self.faults.iter().map(|fault| match fault {
            Fault::Undeclared { first, last, .. } => u64::from(last - first) + 1,
            _ => 0,
        });
        runs.sum()
    }

    /// Faults that are no undeclared loss.
    #[must_use]
    pub fn wrong(&self) -> u64 {
        self.faults.iter().filter(|fault| !matches!(fault, Fault::Undeclared { .. })).count() as u64
    }

    /// Adds the account of another run.
    pub fn add(&mut self, other: &Self) {
        self.expected += other.expected;
        self.arrived += other.arrived;
        self.declared += other.declared;
        self.late += other.late;
        self.resent += other.resent;
        self.repeated += other.repeated;
        self.not_good += other.not_good;
        self.faults.extend_from_slice(&other.faults);
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { expected, arrived, declared, late, resent, repeated, not_good, .. } = self;
        write!(
            f,
            "{expected} values made, {arrived} arrived ({late} late), {declared} in declared gaps, {} missing undeclared, \
             {} wrong; {resent} sent again with their key, {repeated} again in other messages, {not_good} not good",
            self.undeclared(),
            self.wrong()
        )
    }
}
