//! What one MQTT source did, for the metrics.

use super::trouble::Cause;
use crate::finding::Finding;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// What one MQTT source did since the process began. Counts only rise; gauges are marked.
#[derive(Debug, Default)]
pub struct SourceCounters {
    connects: AtomicU64,
    lost: [AtomicU64; Cause::ALL.len()],
    /// PUBLISH packets that came in.
    pub(super) received: AtomicU64,
    /// Of them those that were there before we asked.
    pub(super) retained: AtomicU64,
    /// Of them those that the broker had sent before.
    pub(super) repeated: AtomicU64,
    /// Of these those that were known again, and not passed on a second time.
    pub(super) duplicates: AtomicU64,
    /// Of those that came in those that no flow takes.
    pub(super) unwanted: AtomicU64,
    /// PUBACK packets, and those of them with an error reason.
    pub(super) acknowledged: AtomicU64,
    pub(super) refused: AtomicU64,
    /// Values and messages beyond what may appear by itself.
    pub(super) beyond_limits: AtomicU64,
    /// Values that were read although they are written otherwise than their profile says.
    pub(super) tolerated: AtomicU64,
    /// Requests to devices for their models.
    pub(super) asked: AtomicU64,
    /// Gauge: messages that the broker waits to be acknowledged.
    pub(super) owed: AtomicU64,
    /// Gauges.
    pub(super) machines: AtomicU64,
    pub(super) fields: AtomicU64,
    /// What the broker does not let us read, by filter, as far as is known.
    refused_filters: Mutex<Vec<Finding>>,
}

impl SourceCounters {
    /// All of them by metric name without prefix; the names of gauges end in `_current`.
    #[must_use]
    pub fn snapshot(&self) -> BTreeMap<String, u64> {
        let fixed = [
            ("mqtt_source_connects", &self.connects),
            ("mqtt_source_received", &self.received),
            ("mqtt_source_retained", &self.retained),
            ("mqtt_source_repeated", &self.repeated),
            ("mqtt_source_duplicates", &self.duplicates),
            ("mqtt_source_unwanted", &self.unwanted),
            ("mqtt_source_acknowledged", &self.acknowledged),
            ("mqtt_source_refused", &self.refused),
            ("mqtt_source_beyond_limits", &self.beyond_limits),
            ("mqtt_source_tolerated", &self.tolerated),
            ("mqtt_source_model_requests", &self.asked),
            ("mqtt_source_owed_current", &self.owed),
            ("mqtt_source_machines_current", &self.machines),
            ("mqtt_source_fields_current", &self.fields),
        ];
        let fixed = fixed.map(|(name, counter)| (name.to_owned(), counter.load(Ordering::Relaxed)));
        let lost = Cause::ALL.map(|cause| {
            let count = self.lost[cause as usize].load(Ordering::Relaxed);
            (format!("mqtt_source_reconnects_{}", cause.label().replace('-', "_")), count)
        });
        fixed.into_iter().chain(lost).collect()
    }

    /// What the broker does not let us read now: a finding for each filter, which is its place.
    #[must_use]
    pub fn refused_filters(&self) -> Vec<Finding> {
        self.refused_filters.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The answer to a subscription: these are refused, the others are granted. Gives those that are new.
    pub(super) fn refuse(&self, findings: &[Finding]) -> Vec<Finding> {
        let mut known = self.refused_filters.lock().unwrap_or_else(PoisonError::into_inner);
        let news = findings.iter().filter(|finding| !known.contains(finding)).cloned().collect();
        *known = findings.to_vec();
        news
    }

    pub(super) fn connected(&self) {
        self.connects.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn lost(&self, cause: Cause) {
        self.lost[cause as usize].fetch_add(1, Ordering::Relaxed);
    }
}
