//! What waits in memory for one sink, in the order in which it goes out.

use super::{MessageKey, Record};
use crate::model::TopicName;
use crate::model::delivery::TopicKind;
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

/// What a record costs beside its payload.
pub(super) const OVERHEAD: u64 = 160;

/// The records of one sink.
#[derive(Debug)]
pub(super) struct Queue {
    /// The stream of what lies in memory alone; its sequence is the position.
    stream: u64,
    last_position: u64,
    /// In order of position. `None`: superseded, released or parked, and not yet swept off the front.
    records: VecDeque<Option<Held>>,
    /// How many records at the front the reader was handed since it last rewound.
    handed_out: usize,
    /// Position of the newest record of each state topic that is still held.
    newest: HashMap<Arc<TopicName>, u64>,
    /// The newest record of each state topic that was released; as many as there are state topics.
    states: HashMap<Arc<TopicName>, Record>,
    /// Records that are still held, and the bytes of their payloads.
    pub(super) held: u64,
    pub(super) bytes: u64,
    /// Those of them that lie on disk, by their sequence there, and what they cost in memory.
    durable: BTreeSet<u64>,
    pub(super) durable_bytes: u64,
}

/// A record that was not released yet.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) record: Record,
    /// Its sequence in the log on disk; `None`: it lies in memory alone.
    pub(super) sequence: Option<u64>,
    /// Shared by the records of one transaction: the room comes back with the last of them. `None`: sent again, or read
    /// back from disk.
    pub(super) _room: Option<Arc<tokio::sync::OwnedSemaphorePermit>>,
}

impl Queue {
    pub(super) fn new(stream: u64) -> Self {
        Self {
            stream,
            last_position: 0,
            records: VecDeque::new(),
            handed_out: 0,
            newest: HashMap::new(),
            states: HashMap::new(),
            held: 0,
            bytes: 0,
            durable: BTreeSet::new(),
            durable_bytes: 0,
        }
    }

    /// The key of the message that is pushed next, when it lies in memory alone.
    pub(super) fn next_key(&self) -> MessageKey {
        MessageKey { stream: self.stream, sequence: self.next_position(), taken_ms: None }
    }

    /// The position of the record that is pushed next.
    pub(super) fn next_position(&self) -> u64 {
        self.last_position + 1
    }

    /// Adds a record; returns the one whose place it takes. A record that was already handed out is not superseded: it
    /// may be on the wire.
    pub(super) fn push(&mut self, held: Held) -> Option<Held> {
        let superseded = if held.record.kind == TopicKind::State {
            let old = self.newest.insert(Arc::clone(&held.record.topic), held.record.position);
            old.and_then(|old| self.remove_unsent(old))
        } else {
            None
        };
        self.bytes += held.record.payload.len() as u64;
        self.held += 1;
        if let Some(sequence) = held.sequence {
            self.durable.insert(sequence);
            self.durable_bytes += cost(&held);
        }
        self.last_position = held.record.position;
        self.records.push_back(Some(held));
        self.sweep();
        superseded
    }

    /// A newer state of this topic lies on disk, behind others: the one that waits here need not go out any more.
    pub(super) fn supersede(&mut self, topic: &TopicName) -> Option<Held> {
        let position = *self.newest.get(topic)?;
        let held = self.remove_unsent(position)?;
        self.newest.remove(topic);
        self.sweep();
        Some(held)
    }

    /// How many records lie on disk up to this sequence and were not handed out.
    pub(super) fn unsent_up_to(&self, sequence: u64) -> u64 {
        let unsent = self.records.iter().skip(self.handed_out).flatten();
        unsent.filter(|held| held.sequence.is_some_and(|own| own <= sequence)).count() as u64
    }

    /// Takes out what lies on disk up to this sequence and was not handed out.
    pub(super) fn drop_up_to(&mut self, sequence: u64) -> Vec<Held> {
        let is_old = |held: &Held| held.sequence.is_some_and(|own| own <= sequence);
        let unsent = self.records.iter().skip(self.handed_out).flatten().filter(|held| is_old(held));
        let positions: Vec<u64> = unsent.map(|held| held.record.position).collect();
        positions.into_iter().filter_map(|position| self.take(position)).collect()
    }

    /// Everything on disk before `next`, the first that is not here yet, is done with up to this sequence.
    pub(super) fn done(&self, next: u64) -> u64 {
        self.durable.first().map_or(next, |first| next.min(*first)).saturating_sub(1)
    }

    /// Records of flows that are lost with this process; presence, which the next one tells anew, is no loss.
    pub(super) fn volatile(&self) -> u64 {
        let held = self.records.iter().flatten();
        held.filter(|held| held.sequence.is_none() && held.record.flow != u16::MAX).count() as u64
    }

    /// Records that lie on disk, too.
    pub(super) fn kept(&self) -> u64 {
        self.durable.len() as u64
    }

    fn remove_unsent(&mut self, position: u64) -> Option<Held> {
        let index = self.index(position).filter(|index| *index >= self.handed_out)?;
        let held = self.records[index].take()?;
        self.forget(&held);
        Some(held)
    }

    fn forget(&mut self, held: &Held) {
        self.bytes -= held.record.payload.len() as u64;
        self.held -= 1;
        if let Some(sequence) = held.sequence {
            self.durable.remove(&sequence);
            self.durable_bytes -= cost(held);
        }
    }

    fn index(&self, position: u64) -> Option<usize> {
        let first = self.last_position + 1 - self.records.len() as u64;
        usize::try_from(position.checked_sub(first)?).ok().filter(|index| *index < self.records.len())
    }

    fn take(&mut self, position: u64) -> Option<Held> {
        let index = self.index(position)?;
        let held = self.records[index].take()?;
        self.forget(&held);
        if self.newest.get(&held.record.topic) == Some(&position) {
            self.newest.remove(&held.record.topic);
        }
        self.sweep();
        Some(held)
    }

    /// The next record that was not handed out since the last rewind.
    pub(super) fn hand_out(&mut self) -> Option<Record> {
        while self.handed_out < self.records.len() {
            let at = self.handed_out;
            self.handed_out += 1;
            if let Some(held) = &self.records[at] {
                return Some(held.record.clone());
            }
        }
        None
    }

    /// Everything that is held is handed out again, and behind it the newest state of every topic.
    pub(super) fn rewind(&mut self) {
        self.handed_out = 0;
        self.send_states_again();
    }

    pub(super) fn park(&mut self, position: u64) -> Option<Held> {
        let last_position = self.last_position;
        let held = self.take(position)?;
        let record = &held.record;
        let is_newest = record.kind == TopicKind::State && !self.newest.contains_key(&record.topic);
        if is_newest && !record.payload.is_empty() {
            let payload: Arc<[u8]> = Arc::default();
            let (position, key) = (last_position + 1, self.next_key());
            let record = Record { position, key, payload, values: 0, is_replayed: false, ..record.clone() };
            self.push(Held { record, sequence: None, _room: held._room.clone() });
        }
        Some(held)
    }

    pub(super) fn release(&mut self, position: u64) -> Option<Held> {
        let held = self.take(position)?;
        let record = &held.record;
        let is_newest = self.states.get(&record.topic).is_none_or(|known| known.position < position);
        if record.kind == TopicKind::State && is_newest {
            if record.payload.is_empty() {
                self.states.remove(&record.topic);
            } else {
                self.states.insert(Arc::clone(&record.topic), record.clone());
            }
        }
        Some(held)
    }

    /// The newest state of every topic behind everything that is held, where no newer one is.
    fn send_states_again(&mut self) {
        let is_last = |record: &&Record| !self.newest.contains_key(&record.topic);
        let mut states: Vec<Record> = self.states.values().filter(is_last).cloned().collect();
        states.sort_by_key(|record| record.position);
        for record in states {
            let record = Record { position: self.last_position + 1, values: 0, ..record };
            self.push(Held { record, sequence: None, _room: None });
        }
    }

    fn sweep(&mut self) {
        while matches!(self.records.front(), Some(None)) {
            self.records.pop_front();
            self.handed_out = self.handed_out.saturating_sub(1);
        }
    }
}

fn cost(held: &Held) -> u64 {
    held.record.payload.len() as u64 + OVERHEAD
}
