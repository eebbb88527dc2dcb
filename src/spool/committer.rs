//! The spool's side of the thread that commits: what it is asked to do, and what it tells of itself.

use super::room::Parts;
use crate::config::plan::{Replay, WhenFull};
use crate::finding::Finding;
use crate::model::{Delivery, Transaction};
use crate::port::{Clock, Disk};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;
use tokio::sync::oneshot;

/// A spool with a part on disk.
#[derive(Clone, Debug)]
pub struct DiskPlan {
    pub disk: Arc<dyn Disk>,
    /// Holds a directory for each log.
    pub directory: PathBuf,
    /// Bytes all logs may take together.
    pub limit: u64,
    /// What is older is dropped; `None`: nothing is.
    pub age: Option<Duration>,
    pub when_full: WhenFull,
    pub replay: Replay,
    pub logs: Vec<LogPlan>,
    /// Name of each flow, and whether it wants to be durable.
    pub flows: Vec<(String, bool)>,
    pub clock: Clock,
    pub log: fn(&Finding),
}

/// The log of one sink.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogPlan {
    pub sink: u16,
    /// Name of the connection, and of the log's directory.
    pub name: String,
}

/// What lies on disk now, and what happened since the start.
#[derive(Debug, Default)]
pub struct DiskFacts {
    pub limit_bytes: AtomicU64,
    pub used_bytes: AtomicU64,
    pub segments: AtomicU64,
    /// Records that were not delivered, and their payloads.
    pub records: AtomicU64,
    pub payload_bytes: AtomicU64,
    pub commits: AtomicU64,
    /// Time spent writing and syncing.
    pub commit_ns: AtomicU64,
    pub syncs: AtomicU64,
    pub failed_syncs: AtomicU64,
    pub gaps: AtomicU64,
    pub lost_records: AtomicU64,
    pub damaged_bytes: AtomicU64,
    /// 1 while something cannot be committed because there is no room.
    pub is_full: AtomicBool,
    /// The thread has ended; nothing is committed any more.
    pub has_ended: AtomicBool,
    /// Since when the thread is busy with one turn, in milliseconds since the process began; 0: it is not.
    pub(super) busy_since_ms: AtomicU64,
    pub(super) lanes: BTreeMap<u16, LaneFacts>,
}

impl DiskFacts {
    /// How long the thread has been busy with one turn: with a sound disk some milliseconds.
    #[must_use]
    pub fn busy_for(&self, now: Duration) -> Duration {
        match self.busy_since_ms.load(Ordering::Relaxed) {
            0 => Duration::ZERO,
            since => now.saturating_sub(Duration::from_millis(since)),
        }
    }
}

/// What one lane tells of itself.
#[derive(Debug, Default)]
pub(super) struct LaneFacts {
    pub(super) behind: AtomicU64,
    pub(super) behind_bytes: AtomicU64,
    pub(super) is_behind: AtomicBool,
    /// The thread was told that there is room in the queue, and has not looked yet.
    pub(super) is_woken: AtomicBool,
}

/// What the thread is asked to do.
#[derive(Debug)]
pub(super) enum Order {
    Append(Transaction, Parts),
    /// A queue has room for what lies on disk.
    Look,
    Close(oneshot::Sender<()>),
}

/// The spool's side of the thread.
#[derive(Debug)]
pub(super) struct Committer {
    pub(super) orders: mpsc::Sender<Order>,
    /// By index of the flow.
    pub(super) durable: Vec<bool>,
    pub(super) facts: Arc<DiskFacts>,
    /// How much memory the durable records in the queue of one sink may cost.
    pub(super) window: u64,
    pub(super) is_live_first: bool,
}

impl Committer {
    /// Whether this is to lie on disk before it is acknowledged.
    pub(super) fn keeps(&self, delivery: &Delivery) -> bool {
        self.durable.get(usize::from(delivery.flow)) == Some(&true) && self.facts.lanes.contains_key(&delivery.sink)
    }

    pub(super) fn order(&self, order: Order) {
        // A thread that has ended says so in its facts.
        let _ = self.orders.send(order);
    }

    pub(super) fn facts(&self) -> Arc<DiskFacts> {
        Arc::clone(&self.facts)
    }

    /// Records and payload bytes of one sink that lie on disk alone.
    pub(super) fn behind(&self, sink: u16) -> (u64, u64) {
        let load = |count: &AtomicU64| count.load(Ordering::Relaxed);
        self.facts.lanes.get(&sink).map_or((0, 0), |lane| (load(&lane.behind), load(&lane.behind_bytes)))
    }

    /// A record of this sink left its queue, which costs so much memory now.
    pub(super) fn released(&self, sink: u16, durable_bytes: u64) {
        let Some(lane) = self.facts.lanes.get(&sink) else { return };
        let enough = if self.is_live_first { self.window / 4 } else { self.window / 2 };
        let is_wanted = durable_bytes <= enough && lane.is_behind.load(Ordering::Relaxed);
        if is_wanted && !lane.is_woken.swap(true, Ordering::Relaxed) {
            self.order(Order::Look);
        }
    }

    pub(super) async fn close(&self) {
        let (done, closed) = oneshot::channel();
        self.order(Order::Close(done));
        // Without the thread there is nothing to wait for.
        let _ = closed.await;
    }
}
