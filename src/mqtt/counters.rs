//! What one MQTT sink did, for the metrics.

use super::trouble::Cause;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// What one MQTT sink did since the process began. Counts only rise; gauges are marked.
#[derive(Debug, Default)]
pub struct Counters {
    pub(super) published: AtomicU64,
    pub(super) acknowledged: AtomicU64,
    pub(super) best_effort: AtomicU64,
    pub(super) refused: AtomicU64,
    pub(super) parked: AtomicU64,
    pub(super) connects: AtomicU64,
    pub(super) in_flight: AtomicU64,
    pub(super) oldest_unacknowledged_ms: AtomicU64,
    lost: [AtomicU64; Cause::ALL.len()],
}

impl Counters {
    /// PUBLISH packets written to the socket, those sent again included.
    #[must_use]
    pub fn published(&self) -> u64 {
        self.published.load(Ordering::Relaxed)
    }

    /// Records the broker took, each by its own PUBACK with a success reason.
    #[must_use]
    pub fn acknowledged(&self) -> u64 {
        self.acknowledged.load(Ordering::Relaxed)
    }

    /// QoS 0 records released when they were written to the socket: nobody knows whether they arrived.
    #[must_use]
    pub fn best_effort(&self) -> u64 {
        self.best_effort.load(Ordering::Relaxed)
    }

    /// PUBACK packets with an error reason.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    /// Records taken out of the way because they can never be sent.
    #[must_use]
    pub fn parked(&self) -> u64 {
        self.parked.load(Ordering::Relaxed)
    }

    /// Connections the broker accepted.
    #[must_use]
    pub fn connects(&self) -> u64 {
        self.connects.load(Ordering::Relaxed)
    }

    /// Gauge: records handed to the client and not yet released.
    #[must_use]
    pub fn in_flight(&self) -> u64 {
        self.in_flight.load(Ordering::Relaxed)
    }

    /// Gauge: for how long the oldest unacknowledged record has been waiting, reconnects included; a quarter of a
    /// second coarse. Zero when nothing waits for a PUBACK.
    #[must_use]
    pub fn oldest_unacknowledged(&self) -> Duration {
        Duration::from_millis(self.oldest_unacknowledged_ms.load(Ordering::Relaxed))
    }

    /// Connections, and attempts at one, that came to grief for this cause; each is followed by a new attempt.
    #[must_use]
    pub fn reconnects(&self, cause: Cause) -> u64 {
        self.lost[cause as usize].load(Ordering::Relaxed)
    }

    /// All of them by metric name without prefix; the names of gauges end in `_current`.
    #[must_use]
    pub fn snapshot(&self) -> BTreeMap<String, u64> {
        let oldest = u64::try_from(self.oldest_unacknowledged().as_millis()).unwrap_or(u64::MAX);
        let fixed = [
            ("mqtt_published", self.published()),
            ("mqtt_acknowledged", self.acknowledged()),
            ("mqtt_best_effort", self.best_effort()),
            ("mqtt_refused", self.refused()),
            ("mqtt_parked", self.parked()),
            ("mqtt_connects", self.connects()),
            ("mqtt_in_flight_current", self.in_flight()),
            ("mqtt_oldest_unacknowledged_ms_current", oldest),
        ];
        let lost = Cause::ALL
            .map(|cause| (format!("mqtt_reconnects_{}", cause.label().replace('-', "_")), self.reconnects(cause)));
        fixed.map(|(name, count)| (name.to_owned(), count)).into_iter().chain(lost).collect()
    }

    pub(super) fn count_loss(&self, cause: Cause) {
        add(&self.lost[cause as usize]);
    }
}

pub(super) fn add(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}
