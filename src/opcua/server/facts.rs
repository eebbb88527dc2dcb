//! What a face tells of itself: counters for the metrics, and findings that do not fill the log.

use crate::finding::Finding;
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// What one face did since the process began. Counts only rise; gauges are marked.
#[derive(Debug, Default)]
pub struct Counters {
    pub(super) connections: AtomicU64,
    /// Gauge.
    pub(super) clients: AtomicU64,
    /// Gauge.
    pub(super) sessions: AtomicU64,
    /// Gauge.
    pub(super) subscriptions: AtomicU64,
    pub(super) refused_connections: AtomicU64,
    pub(super) refused_certificates: AtomicU64,
    pub(super) refused_channels: AtomicU64,
    pub(super) refused_logins: AtomicU64,
    pub(super) misbehaved: AtomicU64,
    pub(super) refused_requests: AtomicU64,
    /// Gauge.
    pub(super) nodes: AtomicU64,
}

impl Counters {
    /// All of them by metric name without prefix; the names of gauges end in `_current`.
    #[must_use]
    pub fn snapshot(&self) -> BTreeMap<String, u64> {
        [
            ("face_connections", &self.connections),
            ("face_clients_current", &self.clients),
            ("face_sessions_current", &self.sessions),
            ("face_subscriptions_current", &self.subscriptions),
            ("face_nodes_current", &self.nodes),
            ("face_refused_connections", &self.refused_connections),
            ("face_refused_certificates", &self.refused_certificates),
            ("face_refused_channels", &self.refused_channels),
            ("face_refused_logins", &self.refused_logins),
            ("face_refused_requests", &self.refused_requests),
            ("face_misbehaved", &self.misbehaved),
        ]
        .map(|(name, counter)| (name.to_owned(), counter.load(Ordering::Relaxed)))
        .into()
    }

    /// Log-ins that were refused.
    #[must_use]
    pub fn refused_logins(&self) -> u64 {
        self.refused_logins.load(Ordering::Relaxed)
    }
}

pub(super) fn add(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

/// The same is told again after this time at the earliest.
const AGAIN: Duration = Duration::from_secs(60);
/// Different things that are told within that time.
const TOLD_MAX: usize = 64;

/// Tells findings, each once a minute: strangers decide how often something happens.
#[derive(Debug)]
pub(super) struct Teller {
    log: fn(&Finding),
    told: Mutex<HashMap<(String, String), Duration>>,
}

impl Teller {
    pub(super) fn new(log: fn(&Finding)) -> Self {
        Self { log, told: Mutex::default() }
    }

    /// Tells it, unless the same code was told of the same one just now. Gives whether it was told.
    pub(super) fn tell(&self, finding: &Finding, of: &str, now: Duration) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.retain(|_, at| now.saturating_sub(*at) < AGAIN);
        let key = (finding.code.0.to_string(), of.to_owned());
        if told.len() >= TOLD_MAX || told.contains_key(&key) {
            return false;
        }
        told.insert(key, now);
        drop(told);
        (self.log)(finding);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_do_not_fill_the_log() {
        let teller = Teller::new(|_| {});
        let finding = Finding::warning("QIAO-F005", "face");
        let at = Duration::from_secs;
        assert!(teller.tell(&finding, "10.0.0.1", at(1)));
        assert!(!teller.tell(&finding, "10.0.0.1", at(2)));
        assert!(teller.tell(&finding, "10.0.0.1", at(61)));
        let told = (0..10_000).filter(|number| teller.tell(&finding, &number.to_string(), at(62))).count();
        assert!(told < TOLD_MAX);
    }
}
