//! What the screen shows: a row for every field or topic, with its last values. Sampled, not complete: between two
//! pictures the newest value of a field stands for those before it, and what finds no room is counted.

use super::fields::{Field, Fields, Input, Rate, time_of};
use super::glob::any;
use super::line::{cut, value_text};
use crate::codec::Tape;
use crate::finding::Finding;
use crate::model::{Batch, Quarantined, Sample, Scalar, StatusCode, Timestamp};
use crate::port::LinkState;
use crate::runtime::tap::Heard;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

/// Rows at most; the others are counted.
pub(super) const ROWS_MAX: usize = 5_000;
/// Values of a row that are kept.
pub(super) const HISTORY: usize = 16;
/// Findings that are kept.
const FINDINGS: usize = 50;
/// Bytes of a message that are kept to be shown.
const PAYLOAD: usize = 8 << 10;

/// Everything that can be shown.
#[derive(Clone, Debug)]
pub(super) struct Board {
    pub(super) rows: Vec<Row>,
    /// Rows in the order they are shown: by machine or topic, then by field.
    pub(super) order: Vec<usize>,
    /// Row by group and name.
    by_name: HashMap<(String, String), usize>,
    /// Row by slot of the discovery.
    by_slot: Vec<Option<usize>>,
    epoch: u64,
    /// Fields or topics for which there was no room.
    pub(super) without_room: u64,
    /// Values or messages heard; all of them.
    pub(super) heard: u64,
    /// Of them those that match.
    pub(super) shown: u64,
    pub(super) rate: Rate,
    pub(super) gaps: u64,
    /// Oldest first.
    pub(super) findings: VecDeque<(Timestamp, Finding)>,
    pub(super) link: LinkState,
    pub(super) was_linked: bool,
    pub(super) is_invalid: bool,
}

/// One field or topic.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Machine, or what the message is.
    pub(super) group: String,
    /// Field or topic.
    pub(super) name: String,
    pub(super) node: String,
    field: Option<Arc<Field>>,
    /// Newest last.
    pub(super) history: VecDeque<Entry>,
    pub(super) count: u64,
    pub(super) rate: Rate,
    /// Of messages, the newest; cut when long.
    pub(super) payload: Vec<u8>,
}

/// One value, as little of it as needed.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// The source's or the server's; `None` when there is none.
    pub(super) time: Option<Timestamp>,
    pub(super) status: StatusCode,
    held: Held,
}

/// Numbers become text only when they are shown.
#[derive(Clone, Debug)]
enum Held {
    Inline(Scalar),
    Text(String),
}

impl Board {
    pub(super) fn new() -> Self {
        Self {
            rows: Vec::new(),
            order: Vec::new(),
            by_name: HashMap::new(),
            by_slot: Vec::new(),
            epoch: 0,
            without_room: 0,
            heard: 0,
            shown: 0,
            rate: Rate::default(),
            gaps: 0,
            findings: VecDeque::new(),
            link: LinkState::Connecting,
            was_linked: false,
            is_invalid: false,
        }
    }

    pub(super) fn take(&mut self, heard: Heard, input: &mut Input) {
        let now = input.clock.now();
        match heard {
            Heard::Link(link) => {
                self.was_linked |= link == LinkState::Connected;
                if let LinkState::Lost(finding) | LinkState::Refused(finding) = &link {
                    self.tell((**finding).clone(), now.wall);
                }
                self.link = link;
            }
            Heard::Found(discovery) => {
                self.epoch = discovery.epoch;
                self.found(&Fields::new(&discovery, &input.plan, &input.connection, &input.filter));
            }
            Heard::Values(batch) => self.values(&batch, now.monotonic),
            Heard::Gap(gap) => {
                self.gaps += 1;
                self.tell(gap.finding, now.wall);
            }
            Heard::Finding(finding) => self.tell(finding, now.wall),
            Heard::Message(message) => {
                let machine = message.machine.as_deref().unwrap_or_default();
                if any(input.filter.machine.as_ref(), &[machine]) {
                    self.message(
                        machine,
                        message.topic.as_str(),
                        &message.payload,
                        StatusCode::GOOD,
                        now.wall,
                        now.monotonic,
                    );
                }
            }
            Heard::Refused(quarantined) => self.refused(&quarantined, input, now.wall, now.monotonic),
            Heard::Arrived(message) => {
                let topic = String::from_utf8_lossy(&message.topic);
                if !any(input.filter.machine.as_ref(), &[&topic]) {
                    return;
                }
                let verdict = input.judge.judge(&message);
                let is_invalid = verdict.as_ref().is_some_and(|verdict| verdict.is_invalid());
                self.is_invalid |= is_invalid;
                let status = if is_invalid { StatusCode::BAD } else { StatusCode::GOOD };
                let profile = verdict.as_ref().and_then(|verdict| verdict.profile.clone()).unwrap_or_default();
                self.message(&profile, &topic, &message.payload, status, now.wall, now.monotonic);
                for finding in verdict.into_iter().flat_map(|verdict| verdict.findings) {
                    let place = format!("{topic}:{}", finding.place);
                    self.tell(Finding { place, ..finding }, now.wall);
                }
            }
        }
    }

    fn refused(&mut self, quarantined: &Quarantined, input: &Input, wall: Timestamp, now: Duration) {
        if !any(input.filter.machine.as_ref(), &[&quarantined.machine]) {
            return;
        }
        self.message(
            &quarantined.machine,
            &quarantined.topic,
            quarantined.message.as_bytes(),
            StatusCode::BAD,
            wall,
            now,
        );
        for reason in &quarantined.reasons {
            let finding = super::line::finding_of(reason);
            self.tell(finding, wall);
        }
    }

    fn tell(&mut self, finding: Finding, now: Timestamp) {
        if self.findings.len() >= FINDINGS {
            self.findings.pop_front();
        }
        self.findings.push_back((now, finding));
    }

    /// What was known of a field that is found again goes on.
    fn found(&mut self, fields: &Fields) {
        self.without_room = 0;
        self.by_slot = vec![None; fields.by_slot.len()];
        for (slot, field) in fields.by_slot.iter().enumerate() {
            let Some(field) = field else { continue };
            let row = self.row(&field.machine, &field.path);
            if let Some(row) = row.and_then(|at| self.rows.get_mut(at)) {
                row.node.clone_from(&field.node);
                row.field = Some(Arc::clone(field));
            }
            self.by_slot[slot] = row;
        }
        self.sort();
    }

    /// The row of a name; `None` when there is no room for a new one, which is counted.
    fn row(&mut self, group: &str, name: &str) -> Option<usize> {
        let key = (group.to_owned(), name.to_owned());
        if let Some(at) = self.by_name.get(&key) {
            return Some(*at);
        }
        if self.rows.len() >= ROWS_MAX {
            self.without_room += 1;
            return None;
        }
        let at = self.rows.len();
        self.by_name.insert(key, at);
        self.rows.push(Row {
            group: group.to_owned(),
            name: name.to_owned(),
            node: String::new(),
            field: None,
            history: VecDeque::new(),
            count: 0,
            rate: Rate::default(),
            payload: Vec::new(),
        });
        self.order.push(at);
        Some(at)
    }

    fn sort(&mut self) {
        let rows = &self.rows;
        self.order.sort_by(|left, right| {
            let key = |at: &usize| rows.get(*at).map(|row| (&row.group, &row.name));
            key(left).cmp(&key(right))
        });
    }

    fn values(&mut self, batch: &Batch, now: Duration) {
        let mut tape = Tape::default();
        for sample in &batch.samples {
            self.heard += 1;
            self.rate.add(now);
            let row = self.by_slot.get(sample.slot as usize).copied().flatten().filter(|_| batch.epoch == self.epoch);
            let Some(row) = row.and_then(|at| self.rows.get_mut(at)) else { continue };
            let held = match sample.scalar {
                Scalar::Text(..) | Scalar::Bytes(_) | Scalar::Tree(_) => {
                    let Some(field) = &row.field else { continue };
                    Held::Text(value_text(&mut tape, field, sample, &batch.arena))
                }
                scalar => Held::Inline(scalar),
            };
            let time = time_of(sample.source_time, sample.server_time);
            row.push(Entry { time, status: StatusCode(sample.status), held }, now);
            self.shown += 1;
        }
    }

    fn message(
        &mut self,
        group: &str,
        topic: &str,
        payload: &[u8],
        status: StatusCode,
        wall: Timestamp,
        now: Duration,
    ) {
        self.heard += 1;
        self.shown += 1;
        self.rate.add(now);
        let before = self.rows.len();
        if let Some(row) = self.row(group, topic).and_then(|at| self.rows.get_mut(at)) {
            let text = String::from_utf8_lossy(payload.get(..PAYLOAD).unwrap_or(payload));
            row.push(Entry { time: Some(wall), status, held: Held::Text(cut(&text)) }, now);
            row.payload = text.into_owned().into_bytes();
        }
        if self.rows.len() > before {
            self.sort();
        }
    }
}

impl Row {
    fn push(&mut self, entry: Entry, now: Duration) {
        self.count += 1;
        self.rate.add(now);
        if self.history.len() >= HISTORY {
            self.history.pop_front();
        }
        self.history.push_back(entry);
    }

    /// A value as it is shown, in one line.
    pub(super) fn text(&self, entry: &Entry) -> String {
        match (&entry.held, &self.field) {
            (Held::Text(text), _) => text.clone(),
            (Held::Inline(scalar), Some(field)) => {
                let (none, scalar) = (Timestamp::NONE, *scalar);
                let sample = Sample { slot: 0, status: entry.status.0, source_time: none, server_time: none, scalar };
                value_text(&mut Tape::default(), field, &sample, &[])
            }
            (Held::Inline(_), None) => String::new(),
        }
    }
}
