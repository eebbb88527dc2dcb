//! How long to wait before the next try: grows, has jitter, and does not fall for another client with the same id.

use std::collections::VecDeque;
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;
use tokio::time::Instant;

/// Back-off between connections.
#[derive(Debug)]
pub(super) struct Pause {
    first: Duration,
    longest: Duration,
    next: Duration,
    /// When connections ended that lived only a short while.
    short_lives: VecDeque<Instant>,
    /// When another client with the same id pushed us out lately.
    taken_over: VecDeque<Instant>,
}

/// So many short lives in a row are a pattern, not an accident.
const PATTERN: usize = 3;
/// More take-overs than this within twice the longest pause: two clients push each other out by turns.
const TAKE_OVERS: usize = 3;

impl Pause {
    pub(super) fn new(first: Duration, longest: Duration) -> Self {
        Self { first, longest, next: first * 2, short_lives: VecDeque::new(), taken_over: VecDeque::new() }
    }

    /// The next pause: between half and the whole of a bound that doubles from twice the first pause to the longest,
    /// so that a hall of gateways does not come back in step. Much longer while another client wants our place: whoever
    /// comes back at once only pushes that one out again.
    pub(super) fn next(&mut self) -> Duration {
        let bound = if self.flapping().is_some() { self.longest * 4 } else { self.next.min(self.longest) };
        self.next = (bound * 2).min(self.longest);
        // The standard library's hasher keys are the one source of chance in the tree; quality does not matter here.
        let chance = f64::from(u32::try_from(RandomState::new().hash_one(0) >> 32).unwrap_or(0)) / f64::from(u32::MAX);
        bound.mul_f64(0.5 + chance / 2.0)
    }

    /// A connection that stood for `life` ended; it starts over with short pauses only if it was a calm one.
    ///
    /// `is_taken_over`: another client with the same id pushed us out. Each of the two lives as long as the other
    /// pauses, so only a life longer than any pause shows that it is gone.
    pub(super) fn lived(&mut self, life: Duration, is_taken_over: bool, now: Instant) {
        let calm = if is_taken_over { self.longest * 4 } else { self.first * 20 };
        if life >= calm {
            self.next = self.first * 2;
            self.taken_over.clear();
        }
        if is_taken_over {
            self.taken_over.push_back(now);
        }
        // Our own long pauses must not make it look better than it is: so many are remembered, however long ago.
        while self.taken_over.len() > TAKE_OVERS + 1 {
            self.taken_over.pop_front();
        }
        let is_old = |at: &Instant| now.duration_since(*at) > self.longest * 2;
        if self.taken_over.len() <= TAKE_OVERS {
            while self.taken_over.front().is_some_and(is_old) {
                self.taken_over.pop_front();
            }
        }
    }

    /// How often another client with our id pushed us out, when that is so often that we leave it the place for a while.
    pub(super) fn flapping(&self) -> Option<usize> {
        Some(self.taken_over.len()).filter(|count| *count > TAKE_OVERS)
    }

    /// The peer closed a connection that had stood for `life`, giving no reason. Whether that keeps happening soon
    /// after connecting: MQTT 3.1.1 has no other sign of a second client with the same id (§3.1.4-2).
    pub(super) fn is_pattern(&mut self, life: Duration, now: Instant) -> bool {
        // Once there is a pattern, our own pauses make the other's lives longer, and it ours.
        let calm = if self.short_lives.len() == PATTERN { self.longest * 4 } else { self.first * 20 };
        if life >= calm {
            self.short_lives.clear();
            return false;
        }
        self.short_lives.push_back(now);
        while self.short_lives.len() > PATTERN
            || self.short_lives.front().is_some_and(|at| now.duration_since(*at) > self.longest * 8)
        {
            self.short_lives.pop_front();
        }
        self.short_lives.len() == PATTERN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Duration = Duration::from_millis(500);
    const LONGEST: Duration = Duration::from_secs(30);

    #[test]
    fn pauses_grow_from_half_a_second_to_thirty_and_never_leave_these_bounds() {
        let mut pause = Pause::new(FIRST, LONGEST);
        let mut bound = FIRST * 2;
        for _ in 0..12 {
            let taken = pause.next();
            assert!(taken >= bound / 2 && taken <= bound, "{taken:?} of {bound:?}");
            bound = (bound * 2).min(LONGEST);
        }
        pause.lived(Duration::from_secs(20), false, Instant::now());
        assert!(pause.next() <= FIRST * 2, "a calm life starts over");
    }

    #[test]
    fn a_take_over_does_not_start_the_pauses_over() {
        let mut pause = Pause::new(FIRST, LONGEST);
        for _ in 0..8 {
            pause.next();
            pause.lived(Duration::from_secs(40), true, Instant::now());
        }
        assert!(pause.next() >= LONGEST / 2);
    }

    #[test]
    fn more_than_three_take_overs_a_minute_end_in_a_pause_of_minutes_until_a_calm_life() {
        let mut pause = Pause::new(FIRST, LONGEST);
        let now = Instant::now();
        let at = |seconds| now + Duration::from_secs(seconds);
        for second in [0, 70, 140, 141, 142] {
            pause.lived(Duration::from_secs(2), true, at(second));
            assert_eq!(pause.flapping(), None, "after {second} s");
        }
        pause.lived(Duration::from_secs(2), true, at(143));
        assert_eq!(pause.flapping(), Some(4));
        assert!(pause.next() >= LONGEST * 2);
        pause.lived(Duration::from_secs(2), true, at(300));
        assert_eq!(pause.flapping(), Some(4), "the other one is still there");
        pause.lived(Duration::from_secs(130), false, at(600));
        assert_eq!(pause.flapping(), None);
        assert!(pause.next() <= FIRST * 2);
    }

    #[tokio::test]
    async fn three_short_lives_are_a_pattern_and_a_long_one_ends_it() {
        let mut pause = Pause::new(FIRST, LONGEST);
        let short = Duration::from_secs(1);
        let now = Instant::now();
        assert!(!pause.is_pattern(short, now));
        assert!(!pause.is_pattern(short, now));
        assert!(pause.is_pattern(short, now));
        assert!(pause.is_pattern(Duration::from_secs(25), now), "the other one pauses too");
        assert!(!pause.is_pattern(Duration::from_secs(120), now));
        assert!(!pause.is_pattern(short, now));
        let later = now + Duration::from_secs(300);
        assert!(!pause.is_pattern(short, later));
        assert!(!pause.is_pattern(short, later), "the first one is long ago");
    }
}
