//! Stops loops that no check can see: a write whose echo comes back as the next command, by way of another gateway.
//!
//! A round trip is a write of ours, its value arriving again from the machine, and the next command to the same target.
//! Where nothing of ours listens to the target, every write counts as one: nobody could tell.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// So many round trips …
pub(super) const TRIPS: usize = 8;
/// … in this time are a loop: more than anybody turns by hand.
pub(super) const WINDOW: Duration = Duration::from_secs(2);

/// So many in a row, each command this soon after the echo, are a loop as well, however long one takes: no hand answers so
/// evenly.
const CHAIN: usize = 14;
const SOON: Duration = Duration::from_millis(300);

/// The breakers of all targets, by what is written.
#[derive(Debug, Default)]
pub(super) struct Breakers(BTreeMap<String, Breaker>);

#[derive(Debug, Default)]
struct Breaker {
    /// When each round trip began.
    trips: VecDeque<Duration>,
    /// When values that we wrote came back from the machine, and no command followed them yet.
    echoed: VecDeque<Duration>,
    /// Round trips in a row whose command came soon.
    chain: usize,
    /// Something of ours listens to the target.
    is_heard: bool,
}

impl Breakers {
    /// A value that we wrote has come back.
    pub(super) fn echoed(&mut self, target: &str, now: Duration) {
        let breaker = self.0.entry(target.to_owned()).or_default();
        if breaker.echoed.len() < CHAIN {
            breaker.echoed.push_back(now);
        }
        if !std::mem::replace(&mut breaker.is_heard, true) {
            // What was written before anybody listened says nothing.
            breaker.trips.clear();
        }
    }

    /// The target is about to be written; whether that makes a loop of it.
    #[must_use]
    pub(super) fn writes(&mut self, target: &str, now: Duration) -> bool {
        let breaker = self.0.entry(target.to_owned()).or_default();
        let echoed = breaker.echoed.pop_front();
        // Whoever commands before the echo is there does not wait for it: that makes the chain shorter, and breaks it not.
        breaker.chain = match echoed {
            Some(echoed) if now.saturating_sub(echoed) <= SOON => breaker.chain + 1,
            Some(_) => 0,
            None => breaker.chain.saturating_sub(1),
        };
        if echoed.is_some() || !breaker.is_heard {
            breaker.trips.push_back(now);
        }
        while breaker.trips.front().is_some_and(|at| now.saturating_sub(*at) > WINDOW) {
            breaker.trips.pop_front();
        }
        let is_loop = breaker.trips.len() > TRIPS || breaker.chain >= CHAIN;
        if is_loop {
            (breaker.chain, breaker.trips) = (0, VecDeque::new());
        }
        is_loop
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Number of the write that is taken for a loop, of at most 100 this far apart; the echo comes `echo_ms` after the write.
    fn trips(apart_ms: u64, echo_ms: u64, echoes: impl Fn(u64) -> bool) -> Option<u64> {
        let mut breakers = Breakers::default();
        (1..=100).find(|number| {
            let is_loop = breakers.writes("lathe", Duration::from_millis(number * apart_ms));
            if echoes(*number) {
                breakers.echoed("lathe", Duration::from_millis(number * apart_ms + echo_ms));
            }
            is_loop
        })
    }

    #[test]
    fn row_57_a_loop_is_found_before_its_twentieth_write_and_a_hand_is_not() {
        assert_eq!(trips(20, 10, |_| true), Some(10));
        assert_eq!(trips(150, 100, |_| true), Some(10));
        assert_eq!(trips(600, 500, |_| true), Some(15), "slow, and even");
        assert_eq!(trips(20, 10, |_| false), Some(9), "nothing listens: nobody could tell");
        assert_eq!(trips(700, 100, |_| true), None, "an operator turns a wheel");
        assert_eq!(trips(100, 50, |number| number % 5 == 0), None, "a sender that waits for nothing");
    }
}
