//! The only place that asks what time it is.

use crate::model::{Now, Timestamp};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Wall clock and monotonic clock of this process.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    began: Instant,
}

impl Clock {
    #[must_use]
    pub fn start() -> Self {
        Self { began: Instant::now() }
    }

    /// A wall clock before 1970 reads as 1970.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everybody else asks")]
    pub fn now(&self) -> Now {
        let since_unix = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let ticks = i64::try_from(since_unix.as_nanos() / 100).unwrap_or(i64::MAX / 2);
        Now { wall: Timestamp(Timestamp::UNIX_EPOCH.0 + ticks), monotonic: self.began.elapsed() }
    }
}
