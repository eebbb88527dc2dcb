//! The thread that commits: many transactions, one sync; their receipts come after it.
//!
//! While one group is being synced the next one gathers, so that a record waits for two syncs at most, however many
//! there are. The thread alone touches the files; it fills the queues of the sinks and reads back what did not fit.

use super::committer::{Committer, DiskFacts, DiskPlan, LaneFacts, Order};
use super::durable::gaps::Reason;
use super::durable::{Moment, OpenError, Options, Quota, Trouble, open::open};
use super::lane::{Lane, Transit};
use super::room::{Parts, Room};
use super::{Inner, Spool, locked};
use crate::config::plan::{Replay, WhenFull};
use crate::finding::Finding;
use crate::model::Transaction;
use crate::port::Clock;
use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

/// Committed at once, at most about so many bytes.
const GROUP: u64 = 4 << 20;
/// The cursors are saved this often, if they moved.
const SAVE: Duration = Duration::from_millis(200);
/// How long an idle thread sleeps.
const IDLE: Duration = Duration::from_secs(1);
/// What was refused is tried again after this.
const RETRY: Duration = Duration::from_millis(250);
/// A spool of any size is made of about so many segments for each log, as long as they are not too long or too short.
const SEGMENTS: u64 = 16;

impl Spool {
    /// A spool whose durable flows lie on disk. `memory` bounds what has not been written or sent yet; `used` says of each
    /// connection whether something goes to it.
    pub fn on_disk(plan: &DiskPlan, memory: u64, used: &[bool]) -> Result<Self, OpenError> {
        let now = moment(plan.clock);
        let quota = Arc::new(Quota::new(plan.limit));
        let count = plan.logs.len().max(1) as u64;
        let segment_bytes = (plan.limit / (SEGMENTS * count)).clamp(64 << 10, 16 << 20);
        let mut lanes = Vec::new();
        for log in &plan.logs {
            let directory = plan.directory.join(&log.name);
            let fresh = RandomState::new().hash_one((now.wall_ms, log.sink));
            let options = Options { segment_bytes };
            let opened = open(Arc::clone(&plan.disk), &directory, options, Arc::clone(&quota), now, fresh)?;
            lanes.push(Lane::new(log.sink, log.name.clone(), opened));
        }
        let facts = Arc::new(DiskFacts {
            lanes: plan.logs.iter().map(|log| (log.sink, LaneFacts::default())).collect(),
            ..DiskFacts::default()
        });
        let window = (memory / (4 * count)).clamp(64 << 10, 16 << 20);
        let (orders, received) = mpsc::channel();
        let durable: Vec<bool> = plan.flows.iter().map(|(_, is_durable)| *is_durable).collect();
        // What is read back has its own share of the memory. Where every flow is durable only presence is not.
        let memory = memory.saturating_sub(window * count);
        let for_volatile = memory / if durable.contains(&false) { 3 } else { 8 };
        let (in_transit, volatile) = (Room::new(memory - for_volatile, used), Room::new(for_volatile, used));
        let is_live_first = plan.replay == Replay::LiveFirst;
        let committer = Committer { orders, durable, facts: Arc::clone(&facts), window, is_live_first };
        let spool = Self::new(in_transit, volatile, used.len(), used.len(), Some(committer));
        let names: Vec<Arc<str>> = plan.flows.iter().map(|(name, _)| name.as_str().into()).collect();
        let thread = Thread {
            shared: Shared {
                clock: plan.clock,
                log: plan.log,
                window,
                is_live_first,
                indexes: (0..).zip(&plan.flows).map(|(at, (name, _))| (name.clone(), at)).collect(),
                names,
                facts,
            },
            lanes,
            empty: Vec::new(),
            unfinished: HashMap::new(),
            quota,
            age_ms: plan.age.map(|age| u64::try_from(age.as_millis()).unwrap_or(u64::MAX)),
            when_full: plan.when_full,
            saved_at: Duration::ZERO,
            inner: Arc::downgrade(&spool.inner),
        };
        thread.recovered(&spool);
        let start = std::thread::Builder::new().name("qiao-spool".to_owned()).spawn(move || thread.run(&received));
        start.map_err(|error| OpenError::Disk { path: plan.directory.clone(), error })?;
        Ok(spool)
    }
}

/// What the lanes need beside their own.
#[derive(Debug)]
pub(super) struct Shared {
    clock: Clock,
    pub(super) log: fn(&Finding),
    /// How much memory the durable records in the queue of one sink may cost.
    pub(super) window: u64,
    pub(super) is_live_first: bool,
    /// By index of the flow, and the other way round.
    pub(super) names: Vec<Arc<str>>,
    pub(super) indexes: HashMap<String, u16>,
    pub(super) facts: Arc<DiskFacts>,
}

impl Shared {
    pub(super) fn moment(&self) -> Moment {
        moment(self.clock)
    }

    /// Since the process began.
    pub(super) fn moment_exact(&self) -> Duration {
        self.clock.now().monotonic
    }

    pub(super) fn lane(&self, sink: u16) -> Option<&LaneFacts> {
        self.facts.lanes.get(&sink)
    }

    /// A flow that is in the configuration no more counts as the gateway's own.
    pub(super) fn flow(&self, name: &str) -> u16 {
        self.indexes.get(name).copied().unwrap_or(u16::MAX)
    }
}

fn moment(clock: Clock) -> Moment {
    let now = clock.now();
    let wall_ms = u64::try_from(now.wall.unix_millis()).unwrap_or(0);
    Moment { wall_ms, run_ms: i64::try_from(now.monotonic.as_millis()).unwrap_or(i64::MAX) }
}

#[derive(Debug)]
struct Thread {
    shared: Shared,
    lanes: Vec<Lane>,
    /// Transactions that produced nothing: their receipts follow those of all before them of their source.
    empty: Vec<Transit>,
    /// Those before them, by source.
    unfinished: HashMap<u16, Vec<Arc<Transit>>>,
    quota: Arc<Quota>,
    age_ms: Option<u64>,
    when_full: WhenFull,
    saved_at: Duration,
    inner: Weak<Inner>,
}

/// Says that the thread has ended, even by a panic.
struct Alive(Arc<DiskFacts>);

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.has_ended.store(true, Ordering::Relaxed);
    }
}

impl Thread {
    /// Counts what an earlier process left.
    fn recovered(&self, spool: &Spool) {
        for lane in &self.lanes {
            for (name, sum) in lane.log.held().0 {
                spool.count(self.shared.flow(&name), |flow| {
                    flow.spooled_values += sum.values;
                    flow.recovered_values += sum.values;
                });
            }
        }
    }

    fn run(mut self, orders: &Receiver<Order>) {
        let _alive = Alive(Arc::clone(&self.shared.facts));
        let mut closing = None;
        let mut is_first = true;
        while closing.is_none() {
            let patience = if is_first { Duration::ZERO } else { self.patience() };
            is_first = false;
            let mut next = match orders.recv_timeout(patience) {
                Ok(order) => Some(order),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => break,
            };
            let Some(inner) = self.inner.upgrade() else { break };
            let spool = Spool { inner };
            let mut bytes = 0;
            self.show_busy(true);
            while let Some(order) = next.take() {
                match order {
                    Order::Append(transaction, room) => bytes += self.stage(transaction, room),
                    Order::Look => {}
                    Order::Close(done) => closing = Some(done),
                }
                if bytes < GROUP {
                    next = orders.try_recv().ok();
                }
            }
            self.turn(&spool);
            self.show_busy(false);
        }
        self.publish();
        let inner = self.inner.upgrade();
        for lane in &mut self.lanes {
            let queue = inner.as_ref().and_then(|inner| inner.sinks.get(usize::from(lane.sink)));
            lane.close(queue, &self.shared);
        }
        // The locks are free before anybody hears that this is closed.
        self.lanes.clear();
        drop(inner);
        if let Some(done) = closing {
            let _ = done.send(());
        }
    }

    fn show_busy(&self, is_busy: bool) {
        let since = u64::try_from(self.shared.moment_exact().as_millis()).unwrap_or(u64::MAX).max(1);
        self.shared.facts.busy_since_ms.store(if is_busy { since } else { 0 }, Ordering::Relaxed);
    }

    fn patience(&self) -> Duration {
        if self.lanes.iter().any(|lane| lane.log.has_staged()) {
            return RETRY;
        }
        if self.lanes.iter().any(Lane::is_busy) { SAVE } else { IDLE }
    }

    fn stage(&mut self, transaction: Transaction, room: Parts) -> u64 {
        let bytes = Spool::size_of(&transaction);
        let now = self.shared.moment();
        let transit = Transit::new(transaction, room);
        if transit.deliveries.is_empty() {
            self.empty.push(transit);
            return bytes;
        }
        let transit = Arc::new(transit);
        if let Some(source) = transit.source {
            self.unfinished.entry(source).or_default().push(Arc::clone(&transit));
        }
        for (at, delivery) in transit.deliveries.iter().enumerate() {
            if let Some(lane) = self.lanes.iter_mut().find(|lane| lane.sink == delivery.sink) {
                lane.stage(&transit, at, now, &self.shared);
            }
        }
        bytes
    }

    /// Commits, hands on, reads back, lets go.
    fn turn(&mut self, spool: &Spool) {
        let mut is_full = false;
        for at in 0..self.lanes.len() {
            while self.lanes[at].commit(spool, &self.shared).is_some_and(|trouble| matches!(trouble, Trouble::Full)) {
                if !self.make_room(spool, at) {
                    is_full = true;
                    self.lanes[at].tell_full(&self.quota, &self.shared);
                    break;
                }
            }
        }
        self.shared.facts.is_full.store(is_full, Ordering::Relaxed);
        for transits in self.unfinished.values_mut() {
            transits.retain(|transit| !transit.is_finished());
        }
        let unfinished = |source: &u16| self.unfinished.get(source).is_some_and(|transits| !transits.is_empty());
        for transit in self.empty.extract_if(.., |transit| !transit.source.is_some_and(|source| unfinished(&source))) {
            spool.committed(&transit);
        }
        for lane in &mut self.lanes {
            if let Some(facts) = self.shared.lane(lane.sink) {
                facts.is_woken.store(false, Ordering::Relaxed);
            }
            lane.load(spool, &self.shared);
        }
        let now = self.shared.clock.now().monotonic;
        if now.saturating_sub(self.saved_at) >= SAVE || self.saved_at.is_zero() {
            self.saved_at = now;
            for at in 0..self.lanes.len() {
                self.lanes[at].advance(spool, &self.shared);
                self.let_age(spool, at);
            }
            self.publish();
        }
    }

    /// Makes room for one lane: what is delivered or superseded goes first, then, if it may, the oldest of the largest.
    fn make_room(&mut self, spool: &Spool, wanting: usize) -> bool {
        let before = self.quota.used();
        for lane in &mut self.lanes {
            lane.advance(spool, &self.shared);
            lane.free_superseded(spool, &self.shared);
        }
        if self.quota.used() < before {
            return true;
        }
        let largest = (0..self.lanes.len()).max_by_key(|at| (self.lanes[*at].log.held().1, *at == wanting));
        match (self.when_full, largest) {
            (WhenFull::DropOldest, Some(at)) => self.lanes[at].drop_oldest(Reason::Full, spool, &self.shared),
            _ => false,
        }
    }

    fn let_age(&mut self, spool: &Spool, at: usize) {
        let Some(age_ms) = self.age_ms else { return };
        let lane = &mut self.lanes[at];
        while lane.log.is_oldest_older(age_ms, self.shared.moment()) && lane.has_undelivered(spool) {
            if !lane.drop_oldest(Reason::Age, spool, &self.shared) {
                break;
            }
        }
    }

    fn publish(&self) {
        let facts = &self.shared.facts;
        let (mut records, mut bytes, mut segments) = (0, 0, 0);
        let mut counts = super::durable::log::Counts::default();
        for lane in &self.lanes {
            let (sums, own) = lane.log.held();
            let (behind, behind_bytes) =
                sums.values().fold((0, 0), |(records, bytes), sum| (records + sum.records, bytes + sum.bytes));
            records += behind;
            bytes += behind_bytes;
            segments += own;
            counts.add(lane.log.counts());
            if let Some(own) = self.shared.lane(lane.sink) {
                own.behind.store(behind, Ordering::Relaxed);
                own.behind_bytes.store(behind_bytes, Ordering::Relaxed);
            }
        }
        for (fact, value) in [
            (&facts.limit_bytes, self.quota.limit()),
            (&facts.used_bytes, self.quota.used()),
            (&facts.segments, segments),
            (&facts.records, records),
            (&facts.payload_bytes, bytes),
            (&facts.syncs, counts.syncs),
            (&facts.failed_syncs, counts.failed_syncs),
            (&facts.gaps, counts.gaps),
            (&facts.lost_records, counts.lost_records),
            (&facts.damaged_bytes, counts.damaged_bytes),
        ] {
            fact.store(value, Ordering::Relaxed);
        }
    }
}

/// The queue of one sink, locked for a moment.
pub(super) fn queue(spool: &Spool, sink: u16) -> Option<&Mutex<super::Queue>> {
    spool.inner.sinks.get(usize::from(sink))
}

/// How far everything of a queue is done with.
pub(super) fn done(queue: &Mutex<super::Queue>, next: u64) -> u64 {
    locked(queue).done(next)
}
