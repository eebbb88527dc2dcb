//! Stops loops that no check can see: a write whose echo comes back as the next command, by way of another gateway.
//!
//! It is known by its pace: writes that follow one another without a pause, or commands that come as soon as the value of
//! the last one is back from the machine.

use std::collections::BTreeMap;
use std::time::Duration;

/// More writes of one target in a row, each this soon after the one before, are a loop: no hand turns so fast, and what
/// changes all the time is a flow and no command.
pub(super) const RUN: usize = 12;
const PAUSE: Duration = Duration::from_millis(500);

/// So many in a row, each command this soon after the echo, are a loop as well, however long one takes: no hand answers so
/// evenly.
const CHAIN: usize = 14;
const SOON: Duration = Duration::from_millis(500);

/// The breakers of all targets, by what is written.
#[derive(Debug, Default)]
pub(super) struct Breakers(BTreeMap<String, Breaker>);

#[derive(Debug, Default)]
struct Breaker {
    /// When it was written last, and how often in a row without a pause.
    written: Option<Duration>,
    run: usize,
    /// When a value that we wrote came back from the machine, last; `None`: none did since the last command.
    echoed: Option<Duration>,
    /// Round trips in a row whose command came soon.
    chain: usize,
}

impl Breakers {
    /// A value that we wrote has come back.
    pub(super) fn echoed(&mut self, target: &str, now: Duration) {
        self.0.entry(target.to_owned()).or_default().echoed = Some(now);
    }

    /// The target is about to be written; whether that makes a loop of it.
    #[must_use]
    pub(super) fn writes(&mut self, target: &str, now: Duration) -> bool {
        let breaker = self.0.entry(target.to_owned()).or_default();
        let echoed = breaker.echoed.take();
        // Whoever commands before the echo is there does not wait for it: that makes the chain shorter, and breaks it not.
        breaker.chain = match echoed {
            Some(echoed) if now.saturating_sub(echoed) <= SOON => breaker.chain + 1,
            // A machine under load answers late now and then; a hand always does.
            Some(_) => breaker.chain.saturating_sub(2),
            None => breaker.chain.saturating_sub(1),
        };
        let is_soon = breaker.written.replace(now).is_some_and(|before| now.saturating_sub(before) <= PAUSE);
        breaker.run = if is_soon { breaker.run + 1 } else { 1 };
        let is_loop = breaker.run > RUN || breaker.chain >= CHAIN;
        if is_loop {
            (breaker.chain, breaker.run) = (0, 0);
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
        assert_eq!(trips(20, 10, |_| true), Some(13));
        assert_eq!(trips(150, 100, |_| true), Some(13));
        assert_eq!(trips(600, 500, |_| true), Some(15), "slow, and even");
        assert_eq!(trips(20, 10, |_| false), Some(13), "nothing listens: nobody could tell");
        assert_eq!(trips(100, 50, |number| number % 5 == 0), Some(13), "whoever waits for nothing is taken for one");
        assert_eq!(trips(700, 100, |_| true), None, "an operator turns a wheel");
    }
}
