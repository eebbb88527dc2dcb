//! Whether a command comes in time, and whether this machine's clock can say so.

use super::refusal::Refusal;
use crate::model::{Now, Timestamp};
use std::time::Duration;

/// 2026-01-01T00:00:00Z: a clock before it was never set.
const SET_SINCE: Timestamp = Timestamp(134_116_992_000_000_000);
const TICKS_PER_DAY: i64 = 864_000_000_000;

/// This machine's wall clock, watched.
#[derive(Clone, Copy, Debug)]
pub(super) struct WallWatch {
    /// Commands issued before are none of ours: nothing is held through an outage, and nothing is replayed after a start.
    began: Timestamp,
    /// The newest time ever seen; a clock behind it was set back.
    latest: Timestamp,
    /// Wall clock minus monotonic clock.
    offset: i64,
    skew: Duration,
}

impl WallWatch {
    pub(super) fn new(now: Now, latest: Timestamp, skew: Duration) -> Self {
        let latest = if latest.is_none() { now.wall } else { latest.max(now.wall) };
        Self { began: now.wall, latest, offset: offset(now), skew }
    }

    /// What speaks against relying on the clock. One that was set makes a new beginning: from here on only what is issued
    /// later counts.
    pub(super) fn look(&mut self, now: Now) -> Result<(), Refusal> {
        if now.wall < SET_SINCE {
            return Err(unsure(between(now.wall, SET_SINCE), self.skew));
        }
        let offset = offset(now);
        if Duration::from_nanos(offset.abs_diff(self.offset).saturating_mul(100)) > self.skew {
            self.offset = offset;
            self.began = now.wall;
        }
        let back = between(now.wall, self.latest);
        if back > self.skew {
            return Err(unsure(back, self.skew));
        }
        self.latest = self.latest.max(now.wall);
        Ok(())
    }

    /// Expired, from the future, or from before we listened.
    pub(super) fn in_time(&self, issued: Timestamp, ttl: Duration, now: Now) -> Result<(), Refusal> {
        let ahead = between(now.wall, issued);
        if ahead > self.skew {
            return Err(Refusal::FromTheFuture { ahead: shown(ahead), skew: shown(self.skew) });
        }
        let age = between(issued, now.wall);
        if age > ttl {
            return Err(Refusal::Expired { late: shown(age.saturating_sub(ttl)), ttl: shown(ttl) });
        }
        if issued < self.began {
            return Err(Refusal::BeforeStart);
        }
        Ok(())
    }
}

pub(super) fn unsure(off: Duration, skew: Duration) -> Refusal {
    Refusal::ClockUnsure { off: shown(off), skew: shown(skew) }
}

/// Whether the last day of an entry is past. A day that cannot be read is.
pub(super) fn is_over(until: &str, now: Timestamp) -> bool {
    Timestamp::parse(&format!("{until}T00:00:00Z")).map_or(true, |day| now.0 >= day.0.saturating_add(TICKS_PER_DAY))
}

/// In milliseconds below ten seconds, else in seconds.
pub(super) fn shown(period: Duration) -> String {
    match period.as_millis() {
        short @ 0..10_000 if short % 1000 != 0 => format!("{short}ms"),
        _ => format!("{}s", period.as_secs()),
    }
}

/// From one to a later one; 0 when it is not later.
fn between(earlier: Timestamp, later: Timestamp) -> Duration {
    let ticks = i128::from(later.0) - i128::from(earlier.0);
    Duration::from_nanos(u64::try_from(ticks.max(0)).unwrap_or(u64::MAX).saturating_mul(100))
}

fn offset(now: Now) -> i64 {
    now.wall.0.saturating_sub(i64::try_from(now.monotonic.as_nanos() / 100).unwrap_or(i64::MAX))
}
