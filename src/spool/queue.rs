//! What waits in memory for one sink, in the order in which it goes out.

use super::{MessageKey, Record};
use crate::model::TopicName;
use crate::model::delivery::TopicKind;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
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
    /// How many records at the front the reader was handed since it last rewound, or need not look at again.
    handed_out: usize,
    /// Positions of live records that go out before what was read back.
    urgent: VecDeque<u64>,
    /// Records that can never be sent, until they lie in the quarantine.
    aside: BTreeMap<u64, Held>,
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
    /// It goes out before what was read back.
    pub(super) is_urgent: bool,
    /// The reader has it; it may be on the wire.
    pub(super) is_handed_out: bool,
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
            aside: BTreeMap::new(),
            urgent: VecDeque::new(),
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
        if held.is_urgent {
            self.urgent.push_back(held.record.position);
        }
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
        self.unsent(sequence).count() as u64
    }

    /// Takes out what lies on disk up to this sequence and was not handed out.
    pub(super) fn drop_up_to(&mut self, sequence: u64) -> Vec<Held> {
        let positions: Vec<u64> = self.unsent(sequence).map(|held| held.record.position).collect();
        positions.into_iter().filter_map(|position| self.take(position)).collect()
    }

    fn unsent(&self, sequence: u64) -> impl Iterator<Item = &Held> {
        let is_old = move |held: &&Held| held.sequence.is_some_and(|own| own <= sequence);
        self.records.iter().flatten().filter(|held| !held.is_handed_out).filter(is_old)
    }

    /// Everything on disk before `next`, the first that is not here yet, is done with up to this sequence.
    pub(super) fn done(&self, next: u64) -> u64 {
        self.durable.first().map_or(next, |first| next.min(*first)).saturating_sub(1)
    }

    /// Records of flows that are lost with this process; presence, which the next one tells anew, is no loss.
    pub(super) fn volatile(&self) -> u64 {
        let held = self.records.iter().flatten().chain(self.aside.values());
        held.filter(|held| held.sequence.is_none() && held.record.flow != u16::MAX).count() as u64
    }

    /// Records that lie on disk, too.
    pub(super) fn kept(&self) -> u64 {
        self.durable.len() as u64
    }

    fn remove_unsent(&mut self, position: u64) -> Option<Held> {
        let index = self.index(position)?;
        let held = self.records[index].take_if(|held| !held.is_handed_out)?;
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
        let held = self.take_out(position)?;
        self.forget(&held);
        Some(held)
    }

    /// Takes it out of the order in which records go; it still counts as held.
    fn take_out(&mut self, position: u64) -> Option<Held> {
        let index = self.index(position)?;
        let held = self.records[index].take()?;
        if self.newest.get(&held.record.topic) == Some(&position) {
            self.newest.remove(&held.record.topic);
        }
        self.sweep();
        Some(held)
    }

    /// The next record that was not handed out since the last rewind.
    pub(super) fn hand_out(&mut self) -> Option<Record> {
        while let Some(position) = self.urgent.pop_front() {
            if let Some(record) = self.index(position).and_then(|at| self.hand_out_at(at)) {
                return Some(record);
            }
        }
        while self.handed_out < self.records.len() {
            let at = self.handed_out;
            self.handed_out += 1;
            if let Some(record) = self.hand_out_at(at) {
                return Some(record);
            }
        }
        None
    }

    fn hand_out_at(&mut self, at: usize) -> Option<Record> {
        let held = self.records[at].as_mut().filter(|held| !held.is_handed_out)?;
        held.is_handed_out = true;
        Some(held.record.clone())
    }

    /// Everything that is held is handed out again, and behind it the newest state of every topic.
    pub(super) fn rewind(&mut self) {
        self.handed_out = 0;
        self.urgent.clear();
        for held in self.records.iter_mut().flatten() {
            held.is_handed_out = false;
            if held.is_urgent {
                self.urgent.push_back(held.record.position);
            }
        }
        self.send_states_again();
    }

    /// Takes a record that can never be sent out of the way; it stays held until [`Queue::park`].
    pub(super) fn set_aside(&mut self, position: u64) -> Option<Record> {
        let held = self.take_out(position)?;
        let (record, room) = (held.record.clone(), held._room.clone());
        self.aside.insert(position, held);
        let is_newest = record.kind == TopicKind::State && !self.newest.contains_key(&record.topic);
        if is_newest && !record.payload.is_empty() {
            let payload: Arc<[u8]> = Arc::default();
            let (position, key) = (self.last_position + 1, self.next_key());
            let record = Record { position, key, payload, values: 0, is_replayed: false, ..record.clone() };
            self.push(Held { record, sequence: None, is_urgent: false, is_handed_out: false, _room: room });
        }
        Some(record)
    }

    /// What was set aside lies in the quarantine.
    pub(super) fn park(&mut self, position: u64) -> Option<Held> {
        let held = self.aside.remove(&position)?;
        self.forget(&held);
        Some(held)
    }

    /// What was set aside is in no quarantine: it comes again, and may be set aside again. A state of which there is a
    /// newer one does not; it is given back as superseded.
    pub(super) fn put_back(&mut self, position: u64) -> Option<Held> {
        let mut held = self.aside.remove(&position)?;
        let topic = &held.record.topic;
        let is_newer = |known: u64| known > position;
        let has_newer = self.newest.get(topic).copied().is_some_and(is_newer)
            || self.states.get(topic).is_some_and(|known| is_newer(known.position));
        if held.record.kind == TopicKind::State && has_newer {
            self.forget(&held);
            return Some(held);
        }
        self.last_position += 1;
        held.record.position = self.last_position;
        held.is_handed_out = false;
        self.records.push_back(Some(held));
        None
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
            self.push(Held { record, sequence: None, is_urgent: false, is_handed_out: false, _room: None });
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
