//! Stops loops that no check can see: a write whose echo comes back as the next command, by way of another gateway.
//!
//! A round trip is a write of ours, its value arriving again from the machine, and the next command to the same target.
//! Where nothing of ours listens to the target, every write counts as one: nobody could tell.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// So many round trips …
pub(super) const TRIPS: usize = 12;
/// … in this time are a loop: more than anybody turns by hand.
pub(super) const WINDOW: Duration = Duration::from_secs(2);

/// The breakers of all targets, by what is written.
#[derive(Debug, Default)]
pub(super) struct Breakers(BTreeMap<String, Breaker>);

#[derive(Debug, Default)]
struct Breaker {
    /// When each round trip began.
    trips: VecDeque<Duration>,
    /// The value of the last write has come back from the machine.
    has_echoed: bool,
    /// Something of ours listens to the target.
    is_heard: bool,
}

impl Breakers {
    /// A value that we wrote has come back.
    pub(super) fn echoed(&mut self, target: &str) {
        let breaker = self.0.entry(target.to_owned()).or_default();
        breaker.has_echoed = true;
        breaker.is_heard = true;
    }

    /// The target is about to be written; whether that makes a loop of it.
    #[must_use]
    pub(super) fn writes(&mut self, target: &str, now: Duration) -> bool {
        let breaker = self.0.entry(target.to_owned()).or_default();
        let is_trip = std::mem::take(&mut breaker.has_echoed) || !breaker.is_heard;
        if is_trip {
            breaker.trips.push_back(now);
        }
        while breaker.trips.front().is_some_and(|at| now.saturating_sub(*at) > WINDOW) {
            breaker.trips.pop_front();
        }
        let is_loop = breaker.trips.len() > TRIPS;
        if is_loop {
            breaker.trips.clear();
        }
        is_loop
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Number of the write that is taken for a loop, of at most 100 this far apart.
    fn trips(apart_ms: u64, echoes: impl Fn(u64) -> bool) -> Option<u64> {
        let mut breakers = Breakers::default();
        (1..=100).find(|number| {
            let is_loop = breakers.writes("lathe", Duration::from_millis(number * apart_ms));
            if echoes(*number) {
                breakers.echoed("lathe");
            }
            is_loop
        })
    }

    #[test]
    fn row_57_a_loop_is_found_before_its_twentieth_write_and_a_hand_is_not() {
        assert_eq!(trips(20, |_| true), Some(13));
        assert_eq!(trips(150, |_| true), Some(13));
        assert_eq!(trips(20, |_| false), Some(13), "nothing listens: nobody could tell");
        assert_eq!(trips(500, |_| true), None, "an operator turns a wheel");
        assert_eq!(trips(50, |number| number % 4 == 0), None, "a sender that waits for nothing");
    }
}
