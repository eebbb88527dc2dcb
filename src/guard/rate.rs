//! How often an entry may be used.

use super::refusal::Refusal;
use crate::config::plan::Rate;
use crate::model::{Now, Timestamp};
use std::collections::VecDeque;
use std::time::Duration;

/// The last uses of an entry: never more than `count` of them within any span of `per`.
#[derive(Debug)]
pub(super) struct Used {
    rate: Rate,
    /// Nanoseconds since the process began, oldest first; negative ones are of a former process.
    times: VecDeque<i128>,
}

impl Used {
    pub(super) fn new(rate: Rate) -> Self {
        Self { rate, times: VecDeque::new() }
    }

    /// Counts a use of a former process. In the order in which they were.
    pub(super) fn remember(&mut self, when: Timestamp, now: Now) {
        let ago = now.wall.unix_nanos() - when.unix_nanos();
        // One of the future was made by a clock that was wrong: it counts as new.
        self.push(nanos(now.monotonic) - ago.max(0));
    }

    /// Uses it once, if it may be.
    pub(super) fn take(&mut self, monotonic: Duration) -> Result<(), Refusal> {
        let now = nanos(monotonic);
        let is_full = self.times.len() >= self.rate.count as usize;
        let oldest = self.times.front().copied().filter(|_| is_full);
        if oldest.is_some_and(|oldest| now - oldest < nanos(self.rate.per)) {
            return Err(Refusal::TooFast { rate: self.rate.to_string() });
        }
        self.push(now);
        Ok(())
    }

    fn push(&mut self, time: i128) {
        self.times.push_back(time);
        while self.times.len() > self.rate.count as usize {
            self.times.pop_front();
        }
    }
}

fn nanos(time: Duration) -> i128 {
    i128::try_from(time.as_nanos()).unwrap_or(i128::MAX)
}
