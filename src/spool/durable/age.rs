//! How old what an earlier process left is. Only the wall clock knows, and it may have been set since.
//!
//! Too old is let go of, so a clock is not believed more than it must be: a stretch counts when it is no longer than a
//! day. What was longer, or went backwards, was a clock that was set, or a gateway that stood still; it makes nothing
//! older. What stays longer for it is bounded by room, as all is.

/// The longest stretch between two segments, or since the last one, that counts.
const STRETCH_MAX_MS: u64 = 24 * 60 * 60 * 1000;

/// The age of each segment in milliseconds; `newest_ms`: when its newest record was taken over, oldest segment first.
pub(super) fn ages(newest_ms: &[u64], now_ms: u64) -> Vec<i64> {
    let mut ages = vec![0; newest_ms.len()];
    let (mut later, mut age) = (now_ms, 0_u64);
    for (known, newest) in ages.iter_mut().zip(newest_ms).rev() {
        let stretch = later.checked_sub(*newest).filter(|stretch| *stretch <= STRETCH_MAX_MS);
        age = age.saturating_add(stretch.unwrap_or(0));
        *known = i64::try_from(age).unwrap_or(i64::MAX);
        later = *newest;
    }
    ages
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: u64 = 60 * 60 * 1000;
    const DAY: u64 = 24 * HOUR;
    /// Some day of 2026.
    const NOW: u64 = 1_780_000_000_000;

    #[track_caller]
    fn check(newest_ms: &[u64], now_ms: u64, expected: &[u64]) {
        let expected: Vec<i64> = expected.iter().map(|age| *age as i64).collect();
        assert_eq!(ages(newest_ms, now_ms), expected);
    }

    #[test]
    fn what_was_left_is_as_old_as_the_clock_says() {
        check(&[NOW - 9 * HOUR, NOW - 5 * HOUR], NOW, &[9 * HOUR, 5 * HOUR]);
        check(&[], NOW, &[]);
    }

    #[test]
    fn row_87_a_clock_that_was_set_while_the_gateway_was_off_makes_nothing_old() {
        check(&[NOW - 9 * HOUR, NOW - 5 * HOUR], NOW + 400 * DAY, &[4 * HOUR, 0]);
        check(&[NOW - 9 * HOUR, NOW - 5 * HOUR], NOW - 7 * HOUR, &[4 * HOUR, 0]);
        check(&[NOW, NOW + HOUR], u64::MAX, &[HOUR, 0]);
    }

    #[test]
    fn row_87_a_clock_that_was_set_between_two_segments_makes_nothing_old() {
        check(&[NOW, NOW + 400 * DAY, NOW + 400 * DAY + HOUR], NOW + 400 * DAY + 2 * HOUR, &[2 * HOUR, 2 * HOUR, HOUR]);
        check(&[NOW, NOW - 2 * HOUR], NOW - HOUR, &[HOUR, HOUR]);
    }

    #[test]
    fn row_88_a_start_in_1970_makes_nothing_old_and_neither_does_the_right_time_after_it() {
        check(&[NOW - HOUR, 5_000], 9_000, &[4_000, 4_000]);
        check(&[NOW - HOUR, 5_000, NOW + 8 * DAY], NOW + 8 * DAY + HOUR, &[HOUR; 3]);
    }
}
