//! Pauses between attempts: short for about a minute, then doubling, with jitter, so that many gateways do not come back at
//! the same instant.

use super::fault::Pace;
use ::opcua::crypto::random;
use std::time::Duration;

const FIRST: Duration = Duration::from_secs(1);
/// A server that is restarted, or a cable that is plugged in again, is not waited for longer than this: about as many
/// attempts as a restart takes.
const STEADY: Duration = Duration::from_secs(4);
const STEADY_ATTEMPTS: u32 = 12;
const LONGEST: Duration = Duration::from_secs(30);
const SLOW: Duration = Duration::from_secs(5);
const REST_FIRST: Duration = Duration::from_secs(60);
const REST_LONGEST: Duration = Duration::from_secs(600);

/// Counts attempts in a row that failed.
#[derive(Debug, Default)]
pub struct Pauses {
    failed: u32,
}

impl Pauses {
    /// The pause before the next attempt.
    pub fn next(&mut self, pace: Pace) -> Duration {
        let doubled = |first: Duration, longest: Duration| first.saturating_mul(1 << self.failed.min(16)).min(longest);
        let pause = match pace {
            Pace::BackOff if self.failed < STEADY_ATTEMPTS => doubled(FIRST, STEADY),
            Pace::BackOff => STEADY.saturating_mul(2 << (self.failed - STEADY_ATTEMPTS).min(16)).min(LONGEST),
            Pace::Slow => SLOW,
            Pace::Rest => doubled(REST_FIRST, REST_LONGEST),
        };
        self.failed = self.failed.saturating_add(1);
        pause.mul_f64(jitter())
    }
}

/// 0.5 ..= 1.
fn jitter() -> f64 {
    let mut byte = [0_u8];
    random::bytes(&mut byte);
    0.5 + f64::from(byte[0]) / 510.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_36_pauses_double_up_to_the_longest_and_are_never_tight() {
        let mut pauses = Pauses::default();
        for longest in [1, 2, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 8, 16, 30, 30, 30] {
            let (pause, longest) = (pauses.next(Pace::BackOff), Duration::from_secs(longest));
            assert!(pause <= longest && pause >= longest / 2, "{pause:?} of {longest:?}");
        }
        assert!(pauses.next(Pace::Slow) <= SLOW);
        assert!(Pauses::default().next(Pace::Rest) >= REST_FIRST / 2);
    }
}
