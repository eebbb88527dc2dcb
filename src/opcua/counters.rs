//! Counters of one source, for metrics.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

/// What happened on one connection since the process began. Shared: the source counts, metrics read.
#[derive(Debug, Default)]
pub struct Counters {
    /// Notification messages handed on.
    pub notifications: Counter,
    /// Values handed on.
    pub values: Counter,
    /// Values marked by the server as following others that its queue had to drop.
    pub overflows: Counter,
    /// Times that values were or may have been lost.
    pub gaps: Counter,
    /// Notification messages that were asked for again and came.
    pub republished: Counter,
    /// Links that came up after the first.
    pub reconnects: Counter,
    /// Items that are monitored now.
    pub items_ok: Counter,
    /// Items that the server refuses now.
    pub items_failed: Counter,
    /// Items that the server cannot monitor and that are read cyclically now.
    pub items_cyclic: Counter,
    /// Items that the server samples less often, or with a shorter queue, than asked.
    pub items_revised: Counter,
    /// Subscriptions that the server publishes less often, or keeps for a shorter time, than asked.
    pub subscriptions_revised: Counter,
    /// Subscriptions that another session took over, after a loss or from an earlier process.
    pub transferred: Counter,
    /// `ServerStatus.State` as last heard; 0 is Running.
    pub server_state: Counter,
    /// Publish requests the server holds now.
    pub publish_in_flight: Counter,
    /// Service calls that failed.
    pub service_errors: Counter,
    /// Values that could not be decoded and are handed on as bytes, or were lost in a damaged message.
    pub decode_failures: Counter,
    /// The server's clock minus ours.
    pub skew: Skew,
    /// 1 while the server is browsed for the first time in a session: nothing flows yet.
    pub is_browsing: Counter,
    /// Nodes met by that browse so far, and nodes of its current level that are still to be browsed.
    pub browse_nodes: Counter,
    pub browse_pending: Counter,
}

/// A number others may read at any time.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    pub fn add(&self, count: u64) {
        self.0.fetch_add(count, Ordering::Relaxed);
    }

    pub fn set(&self, value: u64) {
        self.0.store(value, Ordering::Relaxed);
    }

    #[must_use]
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The difference of two clocks in milliseconds, as far as known.
#[derive(Debug)]
pub struct Skew(AtomicI64);

/// No clocks differ so much.
const UNKNOWN: i64 = i64::MIN;

impl Default for Skew {
    fn default() -> Self {
        Self(AtomicI64::new(UNKNOWN))
    }
}

impl Skew {
    pub fn set(&self, milliseconds: i64) {
        self.0.store(milliseconds, Ordering::Relaxed);
    }

    #[must_use]
    pub fn get(&self) -> Option<i64> {
        Some(self.0.load(Ordering::Relaxed)).filter(|milliseconds| *milliseconds != UNKNOWN)
    }
}
