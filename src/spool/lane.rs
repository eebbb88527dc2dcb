//! One sink's part of the thread that commits: its log, and who waits for what in it.

use super::commit::{Shared, done, queue};
use super::durable::gaps::Reason;
use super::durable::load::Loaded;
use super::durable::log::Committed;
use super::durable::segment::{ByFlow, Sum};
use super::durable::{Log, Moment, Quota, Trouble};
use super::room::Parts;
use super::{FlowCount, MessageKey, OnDisk, Queue, Spool, locked, payload, told};
use crate::finding::Finding;
use crate::model::delivery::TopicKind;
use crate::model::{Delivery, Pending, Transaction};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// A transaction on its way to the disk.
#[derive(Debug)]
pub(super) struct Transit {
    bytes: Vec<u8>,
    pub(super) deliveries: Vec<Delivery>,
    pending: Mutex<Option<Pending>>,
    /// What it is owed later stands for this too.
    pub(super) source: Option<u16>,
    /// Records that are not durable yet.
    left: AtomicUsize,
    room: Parts,
}

impl Transit {
    pub(super) fn new(transaction: Transaction, room: Parts) -> Self {
        let Transaction { bytes, deliveries, pending, source } = transaction;
        let left = AtomicUsize::new(deliveries.len());
        Self { bytes, left, deliveries, pending: Mutex::new(pending), source, room }
    }

    pub(super) fn is_finished(&self) -> bool {
        self.left.load(Ordering::Relaxed) == 0
    }

    /// What the source is owed, once.
    pub(super) fn take_pending(&self) -> Option<Pending> {
        locked(&self.pending).take()
    }
}

/// A record that was staged, and the transaction it belongs to.
#[derive(Debug)]
struct Waiting {
    sequence: u64,
    taken_ms: u64,
    transit: Arc<Transit>,
    at: usize,
}

#[derive(Debug)]
pub(super) struct Lane {
    pub(super) sink: u16,
    /// Name of the connection.
    name: String,
    pub(super) log: Log,
    waiting: VecDeque<Waiting>,
    /// What was told and is not over yet: a trouble is told once.
    trouble: Option<&'static str>,
    is_unreadable: bool,
}

impl Lane {
    pub(super) fn new(sink: u16, name: String, log: Log) -> Self {
        Self { sink, name, log, waiting: VecDeque::new(), trouble: None, is_unreadable: false }
    }

    /// Something is under way: the cursor will move.
    pub(super) fn is_busy(&self) -> bool {
        self.log.is_behind() || self.log.saved() + 1 < self.log.next()
    }

    pub(super) fn stage(&mut self, transit: &Arc<Transit>, at: usize, now: Moment, shared: &Shared) {
        let Some(delivery) = transit.deliveries.get(at) else { return };
        let Some(name) = shared.names.get(usize::from(delivery.flow)) else { return };
        let sequence = self.log.stage(now.wall_ms, name, delivery, payload(&transit.bytes, delivery));
        self.waiting.push_back(Waiting { sequence, taken_ms: now.wall_ms, transit: Arc::clone(transit), at });
    }

    /// Commits what is staged; what is durable goes on. An error of the disk is tried once more, elsewhere, at once.
    pub(super) fn commit(&mut self, spool: &Spool, shared: &Shared) -> Option<Trouble> {
        if !self.log.has_staged() {
            return None;
        }
        let mut result = Ok(());
        for _ in 0..2 {
            let (began, mut committed) = (shared.moment_exact(), Vec::new());
            result = self.log.commit(shared.moment(), &mut committed);
            let spent = shared.moment_exact().saturating_sub(began);
            shared.facts.commits.fetch_add(1, Ordering::Relaxed);
            let spent = u64::try_from(spent.as_nanos()).unwrap_or(u64::MAX);
            shared.facts.commit_ns.fetch_add(spent, Ordering::Relaxed);
            self.hand_on(&committed, spool, shared);
            if !matches!(result, Err(Trouble::Disk(_))) {
                break;
            }
        }
        self.tell(shared);
        match &result {
            Ok(()) => self.trouble = None,
            Err(Trouble::Disk(error)) => self.tell_once("QIAO-S009", shared, |finding| finding.with("error", error)),
            Err(Trouble::Full) => {}
        }
        result.err()
    }

    fn hand_on(&mut self, committed: &[Committed], spool: &Spool, shared: &Shared) {
        for one in committed {
            let Some(waiting) = self.waiting.pop_front() else { return };
            debug_assert_eq!(waiting.sequence, one.sequence, "records become durable in order");
            let transit = &waiting.transit;
            if let Some(delivery) = transit.deliveries.get(waiting.at) {
                self.hand_on_one(*one, waiting.taken_ms, delivery, transit, spool, shared);
            }
            if transit.left.fetch_sub(1, Ordering::Relaxed) == 1 {
                spool.committed(transit);
            }
        }
    }

    /// A record goes to its sink at once while the queue has room and nothing older is on disk alone, or older ones need not
    /// go first.
    fn hand_on_one(
        &mut self,
        one: Committed,
        taken_ms: u64,
        delivery: &Delivery,
        transit: &Transit,
        spool: &Spool,
        shared: &Shared,
    ) {
        let Some(queue) = queue(spool, self.sink) else { return };
        let has_room = locked(queue).durable_bytes < shared.window;
        let is_next = self.log.is_next(one.sequence);
        if has_room && (is_next || shared.is_live_first && self.log.may_overtake(one.sequence)) {
            let payload = payload(&transit.bytes, delivery);
            let sum = Sum { records: 1, bytes: payload.len() as u64, values: u64::from(delivery.values) };
            if let Some(name) = shared.names.get(usize::from(delivery.flow)) {
                if is_next {
                    self.log.pass(one, name, sum);
                } else {
                    self.log.overtake(one, name, sum);
                }
            }
            let on_disk = OnDisk { key: self.key(one.sequence, taken_ms), is_replayed: false };
            spool.push(delivery, payload.into(), Some(on_disk), transit.room.before(self.sink));
        } else if delivery.kind == TopicKind::State {
            let superseded = locked(queue).supersede(&delivery.topic);
            spool.superseded(superseded);
        }
    }

    /// Reads on when at least half of the queue's room is free. What is live has half of it for itself where it goes first.
    pub(super) fn load(&mut self, spool: &Spool, shared: &Shared) {
        let Some(queue) = queue(spool, self.sink) else { return };
        let window = if shared.is_live_first { shared.window / 2 } else { shared.window };
        let room = window.saturating_sub(locked(queue).durable_bytes);
        if self.log.is_behind() && room >= window / 2 {
            let mut loaded = Vec::new();
            let result = self.log.load(room, shared.moment(), &mut loaded);
            for one in loaded {
                self.take_in(one, spool, shared);
            }
            self.tell(shared);
            match result {
                Ok(()) => self.is_unreadable = false,
                Err(error) if !self.is_unreadable => {
                    self.is_unreadable = true;
                    (shared.log)(&Finding::error("QIAO-S010", &self.name).with("error", error));
                }
                Err(_) => {}
            }
        }
        if let Some(facts) = shared.lane(self.sink) {
            facts.is_behind.store(self.log.is_behind(), Ordering::Relaxed);
        }
    }

    /// The key that a record has here and has had in every process before.
    fn key(&self, sequence: u64, taken_ms: u64) -> MessageKey {
        MessageKey { stream: self.log.id(), sequence, taken_ms: Some(taken_ms) }
    }

    fn take_in(&self, loaded: Loaded, spool: &Spool, shared: &Shared) {
        match loaded {
            Loaded::Entry { sequence, entry } => {
                let delivery = Delivery {
                    flow: shared.flow(&entry.flow),
                    sink: self.sink,
                    topic: entry.topic,
                    kind: entry.kind,
                    qos: entry.qos,
                    properties: entry.properties,
                    payload: 0..0,
                    values: entry.values,
                };
                let on_disk = OnDisk { key: self.key(sequence, entry.time_ms), is_replayed: true };
                spool.push(&delivery, entry.payload, Some(on_disk), None);
            }
            Loaded::Superseded { flow, sum } => spool.count(shared.flow(&flow), |count| {
                count.leave(sum.values);
                count.superseded_values += sum.values;
            }),
            Loaded::Lost(flows) => leave(flows, spool, shared, |count| &mut count.lost_values),
        }
    }

    /// Moves the cursor to where the sink is, and lets go of what is behind it.
    pub(super) fn advance(&mut self, spool: &Spool, shared: &Shared) {
        let Some(queue) = queue(spool, self.sink) else { return };
        let released = done(queue, self.log.next());
        let result = self.log.advance(released);
        self.after(result, shared);
    }

    pub(super) fn free_superseded(&mut self, spool: &Spool, shared: &Shared) {
        match self.log.free_superseded() {
            Ok(flows) => leave(flows, spool, shared, |count| &mut count.superseded_values),
            Err(error) => self.after(Err(error), shared),
        }
    }

    /// Whether the oldest segment holds something that was not delivered.
    pub(super) fn has_undelivered(&self, spool: &Spool) -> bool {
        let Some(queue) = queue(spool, self.sink) else { return false };
        self.log.oldest().is_some_and(|last| done(queue, self.log.next()) < last)
    }

    /// Drops the oldest segment; whether it could.
    pub(super) fn drop_oldest(&mut self, reason: Reason, spool: &Spool, shared: &Shared) -> bool {
        let (Some(queue), Some(last)) = (queue(spool, self.sink), self.log.oldest()) else { return false };
        let unsent = locked(queue).unsent_up_to(last);
        match self.log.drop_oldest(reason, unsent, shared.moment()) {
            Ok(flows) => {
                leave(flows, spool, shared, |count| &mut count.dropped_values);
                let dropped = locked(queue).drop_up_to(last);
                for held in dropped {
                    let values = u64::from(held.record.values);
                    spool.finish(&held, |count| count.dropped_values += values);
                }
                self.tell(shared);
                true
            }
            Err(error) => {
                self.after(Err(error), shared);
                false
            }
        }
    }

    /// Sources wait because there is no room.
    pub(super) fn tell_full(&mut self, quota: &Quota, shared: &Shared) {
        let (used, limit) = (quota.used() >> 20, quota.limit() >> 20);
        self.tell_once("QIAO-S008", shared, |finding| finding.with("used", used).with("limit", limit));
    }

    pub(super) fn close(&mut self, queue: Option<&Mutex<Queue>>, shared: &Shared) {
        let released = queue.map_or(0, |queue| done(queue, self.log.next()));
        let result = self.log.finish(released);
        self.after(result, shared);
    }

    fn after(&mut self, result: std::io::Result<()>, shared: &Shared) {
        self.tell(shared);
        if let Err(error) = result {
            self.tell_once("QIAO-S009", shared, |finding| finding.with("error", error));
        }
    }

    fn tell(&mut self, shared: &Shared) {
        for notice in self.log.notices() {
            if let Some(finding) = told::finding(&notice, &self.name) {
                (shared.log)(&finding);
            }
        }
    }

    fn tell_once(&mut self, code: &'static str, shared: &Shared, with: impl FnOnce(Finding) -> Finding) {
        if self.trouble != Some(code) {
            self.trouble = Some(code);
            (shared.log)(&with(Finding::error(code, &self.name)));
        }
    }
}

/// Values that waited do so no more.
fn leave(flows: ByFlow, spool: &Spool, shared: &Shared, fate: impl Fn(&mut FlowCount) -> &mut u64) {
    for (name, sum) in flows {
        spool.count(shared.flow(&name), |count| {
            count.leave(sum.values);
            *fate(count) += sum.values;
        });
    }
}
