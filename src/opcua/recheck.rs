//! When a server is browsed again: because it said that its model changed, because a node went away, because something
//! that is wanted was not there yet, or because it is time.

use std::time::Duration;

/// Changes come in bursts: the server is left in peace until it has said nothing for so long.
const QUIET: Duration = Duration::from_secs(1);
/// A burst that does not end is waited for no longer.
const BURST_MAX: Duration = Duration::from_secs(10);
/// A pause is at least so many times as long as the browse before it took: most of the server's time is its own.
const PAUSE_TIMES: u32 = 10;
const PAUSE_MIN: Duration = Duration::from_secs(1);
/// What was not there, or could not be browsed, is looked for after this time, then after twice of it, and so on.
const AGAIN_FIRST: Duration = Duration::from_secs(5);

/// Why a server is browsed again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Nobody asked: it is time, or something that is wanted was not there yet.
    Time,
    /// An item reports that its node is not there.
    Suspected,
    /// The server says that its model changed: what is read once is read again, too.
    Told,
}

/// What a browse came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything that is wanted was found.
    Complete,
    /// Something is wanted that is not there (yet).
    Lacking,
    /// It failed; what asked for it asks still.
    Failed,
}

/// When the next browse is due.
#[derive(Debug)]
pub struct Recheck {
    interval: Duration,
    /// Due when nobody asks.
    regular: Duration,
    asked: Option<Asked>,
    /// Nothing is due before.
    rest_until: Duration,
    /// Browses in a row after which something was still wanted.
    in_vain: u32,
    /// Why the browse that is under way was begun.
    begun: Option<Cause>,
}

#[derive(Clone, Copy, Debug)]
struct Asked {
    cause: Cause,
    first: Duration,
    due: Duration,
}

impl Recheck {
    /// `interval`: the longest time between two browses. `first`: what the first browse of the session came to.
    #[must_use]
    pub fn new(interval: Duration, first: Outcome, now: Duration) -> Self {
        let mut recheck =
            Self { interval, regular: now, asked: None, rest_until: now, in_vain: 0, begun: Some(Cause::Time) };
        recheck.done(first, Duration::ZERO, now);
        recheck
    }

    /// Somebody asks for a browse.
    pub fn ask(&mut self, cause: Cause, now: Duration) {
        let (first, before) = self.asked.map_or((now, cause), |asked| (asked.first, asked.cause));
        self.asked = Some(Asked { cause: cause.max(before), first, due: (now + QUIET).min(first + BURST_MAX) });
    }

    /// Begins a browse if one is due; [`Self::done`] ends it.
    pub fn begin(&mut self, now: Duration) -> bool {
        // Who asks is waited for, even if it is time: a browse in the middle of a change would have to be done again.
        let due = self.asked.map_or(self.regular, |asked| asked.due).max(self.rest_until);
        if self.begun.is_some() || now < due {
            return false;
        }
        self.begun = Some(self.asked.take().map_or(Cause::Time, |asked| asked.cause));
        true
    }

    /// Why the browse that is under way was begun.
    #[must_use]
    pub fn cause(&self) -> Cause {
        self.begun.unwrap_or(Cause::Time)
    }

    /// The browse ended that took `took`.
    pub fn done(&mut self, outcome: Outcome, took: Duration, now: Duration) {
        let cause = self.begun.take().unwrap_or(Cause::Time);
        self.rest_until = now + took.saturating_mul(PAUSE_TIMES).max(PAUSE_MIN);
        if outcome == Outcome::Complete {
            self.in_vain = 0;
            self.regular = now + self.interval;
            return;
        }
        let pause = AGAIN_FIRST.saturating_mul(1 << self.in_vain.min(16)).min(self.interval);
        self.in_vain = self.in_vain.saturating_add(1);
        self.regular = now + pause;
        if outcome == Outcome::Failed && cause > Cause::Time {
            let before = self.asked.map_or(cause, |asked| asked.cause);
            self.asked = Some(Asked { cause: cause.max(before), first: now, due: now + pause });
        }
    }

    /// The link is another one; a browse that was under way is over and asked for again.
    pub fn resume(&mut self, now: Duration) {
        if let Some(cause) = self.begun.take() {
            self.ask(cause, now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTERVAL: Duration = Duration::from_secs(600);

    fn at(seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds)
    }

    fn complete() -> Recheck {
        Recheck::new(INTERVAL, Outcome::Complete, Duration::ZERO)
    }

    /// The first second at which a browse begins.
    fn begins(recheck: &mut Recheck, from: u32) -> u32 {
        (from..10_000).find(|second| recheck.begin(Duration::from_secs((*second).into()))).expect("it begins")
    }

    #[test]
    fn nobody_asks_and_the_interval_passes() {
        let mut recheck = complete();
        assert_eq!(begins(&mut recheck, 0), 600);
        assert_eq!(recheck.cause(), Cause::Time);
        assert!(!recheck.begin(at(9_999.0)), "one at a time");
        recheck.done(Outcome::Complete, at(2.0), at(602.0));
        assert_eq!(begins(&mut recheck, 602), 1202);
    }

    #[test]
    fn a_burst_is_waited_for_but_not_for_ever() {
        let mut recheck = complete();
        recheck.ask(Cause::Suspected, at(10.0));
        recheck.ask(Cause::Told, at(10.5));
        recheck.ask(Cause::Suspected, at(11.0));
        assert!(!recheck.begin(at(11.9)));
        assert!(recheck.begin(at(12.0)));
        assert_eq!(recheck.cause(), Cause::Told, "the strongest reason counts");
        recheck.done(Outcome::Complete, at(0.1), at(12.1));
        for tenth in 200..400 {
            recheck.ask(Cause::Told, at(f64::from(tenth) / 10.0));
        }
        assert!(recheck.begin(at(30.0)), "ten seconds are enough");
    }

    #[test]
    fn what_is_asked_for_during_a_browse_comes_after_a_pause_that_leaves_the_server_its_time() {
        let mut recheck = complete();
        recheck.ask(Cause::Told, at(10.0));
        assert_eq!(begins(&mut recheck, 10), 11);
        recheck.ask(Cause::Told, at(12.0));
        recheck.done(Outcome::Complete, at(5.0), at(16.0));
        assert_eq!(begins(&mut recheck, 16), 66);
        assert_eq!(recheck.cause(), Cause::Told);
    }

    #[test]
    fn what_is_lacking_is_looked_for_ever_more_seldom_until_it_is_found() {
        let mut recheck = Recheck::new(at(60.0), Outcome::Lacking, Duration::ZERO);
        let mut last = 0;
        let mut pauses = Vec::new();
        for _ in 0..6 {
            let begun = begins(&mut recheck, last);
            pauses.push(begun - last);
            last = begun;
            recheck.done(Outcome::Lacking, Duration::ZERO, Duration::from_secs(begun.into()));
        }
        assert_eq!(pauses, [5, 10, 20, 40, 60, 60]);
        let begun = begins(&mut recheck, last);
        recheck.done(Outcome::Complete, Duration::ZERO, Duration::from_secs(begun.into()));
        assert_eq!(begins(&mut recheck, begun), begun + 60);
    }

    #[test]
    fn a_reason_outlives_a_browse_that_failed_and_a_link_that_was_lost() {
        let mut recheck = complete();
        recheck.ask(Cause::Told, at(10.0));
        assert_eq!(begins(&mut recheck, 10), 11);
        recheck.done(Outcome::Failed, Duration::ZERO, at(12.0));
        assert_eq!(begins(&mut recheck, 12), 17);
        assert_eq!(recheck.cause(), Cause::Told);
        recheck.resume(at(18.0));
        assert_eq!(begins(&mut recheck, 18), 19);
        assert_eq!(recheck.cause(), Cause::Told);
    }
}
