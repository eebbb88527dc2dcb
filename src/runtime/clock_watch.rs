//! What is wrong with the clock of this machine, as far as it can tell by itself.
//!
//! Every interval and deadline is counted by the monotonic clock; the wall clock is written into messages and held
//! against certificates. So a clock that is wrong stops nothing, and is told.

use crate::finding::Finding;
use crate::model::{Now, Timestamp};
use crate::port::Clock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// 2026-01-01T00:00:00Z: this program was made after it, so no earlier time can be now.
const EARLIEST: Timestamp = Timestamp(Timestamp::UNIX_EPOCH.0 + 1_767_225_600 * TICKS_PER_SECOND);
const TICKS_PER_SECOND: i64 = 10_000_000;
/// A clock that is drawn slowly to the right time moves by far less in a second.
const JUMP: i64 = 5 * TICKS_PER_SECOND;
const PERIOD: Duration = Duration::from_secs(1);

/// Whether the clock was never set: the machine has no battery for it, and no time server was reached yet.
#[must_use]
pub fn is_unset(now: Now) -> bool {
    now.wall < EARLIEST
}

/// What is said of a clock that was never set.
#[must_use]
pub fn unset(now: Now) -> Finding {
    Finding::warning("QIAO-G001", "").with("time", now.wall)
}

/// Compares the two clocks, time and again.
#[derive(Clone, Copy, Debug, Default)]
pub struct ClockWatch {
    /// Wall clock minus monotonic clock; `None` before the first look.
    offset: Option<i64>,
}

impl ClockWatch {
    /// What is new: a clock that was never set, at the first look; later one that was set, and by how much.
    pub fn look(&mut self, now: Now) -> Option<Finding> {
        let since = i64::try_from(now.monotonic.as_nanos() / 100).unwrap_or(i64::MAX);
        let offset = now.wall.0.saturating_sub(since);
        let Some(before) = self.offset.replace(offset) else {
            return is_unset(now).then(|| unset(now));
        };
        let jump = offset.saturating_sub(before);
        (jump.unsigned_abs() > JUMP.unsigned_abs())
            .then(|| Finding::warning("QIAO-G002", "").with("seconds", jump / TICKS_PER_SECOND).with("time", now.wall))
    }
}

/// Looks once a second and tells what is new; never ends. `jumps` counts how often the clock was set.
pub async fn run(clock: Clock, jumps: &AtomicU64, log: fn(&Finding)) {
    let mut watch = ClockWatch::default();
    loop {
        if let Some(finding) = watch.look(clock.now()) {
            jumps.fetch_add(u64::from(finding.code.0 == "QIAO-G002"), Ordering::Relaxed);
            log(&finding);
        }
        tokio::time::sleep(PERIOD).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;

    fn now(unix: i64, monotonic: u64) -> Now {
        Now { wall: Timestamp::from_unix_millis(unix * 1000), monotonic: Duration::from_secs(monotonic) }
    }

    /// Code and seconds of what each look tells, at one look a second.
    fn told(walls: &[i64]) -> Vec<(u64, String)> {
        let mut watch = ClockWatch::default();
        let looks = (0..).zip(walls).filter_map(|(at, wall)| Some((at, watch.look(now(*wall, at))?)));
        let fact = |finding: &Finding| {
            let seconds = finding.arguments.iter().find(|(name, _)| *name == "seconds").map(|(_, fact)| fact.as_str());
            format!("{} {}", finding.code, seconds.unwrap_or("-"))
        };
        looks.map(|(at, finding)| (at, fact(&finding))).collect()
    }

    #[test]
    fn row_87_a_clock_that_is_set_is_told_with_how_far_and_told_once() {
        let start = 1_780_000_000;
        let ahead = start + 400 * DAY;
        assert_eq!(told(&[start, start + 1, ahead + 2, ahead + 3]), [(2, format!("QIAO-G002 {}", 400 * DAY))]);
        assert_eq!(told(&[start, start - 7199, start - 7198]), [(1, "QIAO-G002 -7200".to_owned())]);
    }

    #[test]
    fn row_87_a_leap_second_a_slow_clock_and_2038_are_nothing_to_tell() {
        // 23:59:59 twice; a clock that is drawn by half a second each second.
        assert_eq!(told(&[1_798_761_599, 1_798_761_599, 1_798_761_600, 1_798_761_601]), []);
        assert_eq!(told(&[1_800_000_000, 1_800_000_002, 1_800_000_003, 1_800_000_005]), []);
        assert_eq!(told(&[2_147_483_646, 2_147_483_647, 2_147_483_648, 2_147_483_649]), []);
        assert_eq!(now(2_147_483_648, 0).wall.to_string(), "2038-01-19T03:14:08Z");
    }

    #[test]
    fn row_88_a_clock_that_was_never_set_is_told_at_the_start_and_again_when_it_is_set() {
        let told = told(&[7, 8, 1_780_000_009, 1_780_000_010]);
        assert_eq!(told, [(0, "QIAO-G001 -".to_owned()), (2, "QIAO-G002 1780000000".to_owned())]);
        assert!(is_unset(now(7, 0)) && !is_unset(now(1_780_000_000, 0)));
        assert_eq!(EARLIEST.to_string(), "2026-01-01T00:00:00Z");
    }
}
