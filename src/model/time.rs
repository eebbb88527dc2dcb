//! Time as OPC UA counts it.

/// 100 ns ticks since 1601-01-01T00:00:00Z (OPC 10000-6 §5.2.2.5); may be negative or far in the future.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(pub i64);

/// What time it is: comes into the pure stages as input.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    /// Wall clock, for what is written into messages.
    pub wall: Timestamp,
    /// Time since the process began, for every interval and deadline.
    pub monotonic: std::time::Duration,
}

impl Timestamp {
    /// No time was given. Not a time: never compared, never written.
    pub const NONE: Self = Self(i64::MIN);
    /// Ticks between 1601-01-01 and 1970-01-01.
    pub const UNIX_EPOCH: Self = Self(116_444_736_000_000_000);

    /// 9999-12-31T23:59:59Z: from here on the end of time (OPC 10000-6 §5.4.2.6).
    pub const MAX: Self = Self(2_650_467_743_990_000_000);

    #[must_use]
    pub fn is_none(self) -> bool {
        self == Self::NONE
    }

    /// From nanoseconds since 1970-01-01T00:00:00Z; the last two digits are below our resolution and cut off.
    #[must_use]
    pub fn from_unix_nanos(nanos: i128) -> Self {
        let ticks = nanos.div_euclid(100) + i128::from(Self::UNIX_EPOCH.0);
        // One above the smallest number: that one means "none".
        Self(ticks.clamp(i128::from(i64::MIN + 1), i128::from(i64::MAX)) as i64)
    }

    /// From milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn from_unix_millis(millis: i64) -> Self {
        Self::from_unix_nanos(i128::from(millis) * 1_000_000)
    }

    /// Nanoseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn unix_nanos(self) -> i128 {
        (i128::from(self.0) - i128::from(Self::UNIX_EPOCH.0)) * 100
    }

    /// Whole milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn unix_millis(self) -> i64 {
        self.unix_nanos().div_euclid(1_000_000) as i64
    }

    /// Calls `use_text` with the ISO 8601 text: UTC, with as many of the 100 ns digits as it takes, none for whole
    /// seconds. Limits of OPC 10000-6 §5.4.2.6: at or before 1601-01-01 it is `0001-01-01T00:00:00Z`, at or after
    /// [`Self::MAX`] `9999-12-31T23:59:59Z`. Allocates nothing.
    pub fn write<T>(self, use_text: impl FnOnce(&str) -> T) -> T {
        if self.0 <= 0 {
            return use_text("0001-01-01T00:00:00Z");
        }
        if self >= Self::MAX {
            return use_text("9999-12-31T23:59:59Z");
        }
        let (seconds, mut ticks) = (self.0 / SECOND, self.0 % SECOND);
        let (year, month, day) = civil(seconds / 86_400);
        let of_day = seconds % 86_400;
        let mut text = *b"0000-00-00T00:00:00.0000000Z";
        digits(&mut text[0..4], year);
        digits(&mut text[5..7], month);
        digits(&mut text[8..10], day);
        digits(&mut text[11..13], of_day / 3600);
        digits(&mut text[14..16], of_day / 60 % 60);
        digits(&mut text[17..19], of_day % 60);
        let mut places = 7;
        while places > 0 && ticks % 10 == 0 {
            ticks /= 10;
            places -= 1;
        }
        let end = if places == 0 { 19 } else { 20 + places };
        digits(&mut text[20..20 + places], ticks);
        text[end] = b'Z';
        // Digits and punctuation only.
        use_text(std::str::from_utf8(&text[..=end]).unwrap_or_default())
    }

    /// Reads a day, `YYYY-MM-DD`, as the moment at which it begins in UTC.
    pub fn start_of_day(text: &str) -> Result<Self, TimeError> {
        if text.len() > 10 { Err(TimeError::Form { at: 10 }) } else { Self::parse(&format!("{text}T00:00:00Z")) }
    }

    /// Reads ISO 8601 (RFC 3339): `YYYY-MM-DDThh:mm:ss[.fraction](Z|±hh:mm)`. Digits of the fraction behind the
    /// seventh must be 0: nothing is rounded. The two limit texts of [`Self::write`] read as 0 and as `i64::MAX`.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let bytes = text.as_bytes();
        if text == "0001-01-01T00:00:00Z" {
            return Ok(Self(0));
        }
        if text == "9999-12-31T23:59:59Z" {
            return Ok(Self(i64::MAX));
        }
        let form = |at: usize, expected: &[u8]| match bytes.get(at) {
            Some(byte) if expected.contains(byte) => Ok(()),
            _ => Err(TimeError::Form { at }),
        };
        let (year, month, day) = (read(bytes, 0, 4)?, read(bytes, 5, 2)?, read(bytes, 8, 2)?);
        let (hour, minute, second) = (read(bytes, 11, 2)?, read(bytes, 14, 2)?, read(bytes, 17, 2)?);
        for (at, expected) in [(4, "-"), (7, "-"), (10, "Tt"), (13, ":"), (16, ":")] {
            form(at, expected.as_bytes())?;
        }
        let is_date = (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
        // A leap second has no tick of its own.
        if !is_date || hour > 23 || minute > 59 || second > 59 {
            return Err(TimeError::NoSuchTime);
        }
        let mut at = 19;
        let mut ticks = 0;
        if bytes.get(at) == Some(&b'.') {
            let count = bytes[at + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            form(at + 1, b"0123456789")?;
            for place in 0..count.max(7) {
                let digit = if place < count { i64::from(bytes[at + 1 + place] - b'0') } else { 0 };
                if place < 7 {
                    ticks = ticks * 10 + digit;
                } else if digit != 0 {
                    return Err(TimeError::TooFine);
                }
            }
            at += 1 + count;
        }
        let mut offset = 0;
        match bytes.get(at) {
            Some(b'Z' | b'z') => at += 1,
            Some(sign @ (b'+' | b'-')) => {
                let (hours, minutes) = (read(bytes, at + 1, 2)?, read(bytes, at + 4, 2)?);
                form(at + 3, b":")?;
                if hours > 23 || minutes > 59 {
                    return Err(TimeError::NoSuchTime);
                }
                offset = (hours * 3600 + minutes * 60) * if *sign == b'+' { 1 } else { -1 };
                at += 6;
            }
            _ => return Err(TimeError::Form { at }),
        }
        if at != bytes.len() {
            return Err(TimeError::Form { at });
        }
        let seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset;
        let ticks = i128::from(seconds) * i128::from(SECOND) + i128::from(ticks);
        i64::try_from(ticks).map(Self).map_err(|_| TimeError::OutOfRange)
    }
}

/// Why a text is no time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    #[error("not of the form YYYY-MM-DDThh:mm:ss[.fraction](Z|±hh:mm), byte {at}")]
    Form { at: usize },
    #[error("no such date or time of day")]
    NoSuchTime,
    #[error("finer than 100 ns")]
    TooFine,
    #[error("beyond what OPC UA can count")]
    OutOfRange,
}

impl std::fmt::Display for Timestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.is_none() { f.write_str("-") } else { self.write(|text| f.write_str(text)) }
    }
}

/// Ticks in a second.
const SECOND: i64 = 10_000_000;
/// Days between 0000-03-01 and 1601-01-01 in the proleptic Gregorian calendar.
const EPOCH_DAY: i64 = 584_694;

/// Year, month and day of a day counted from 1601-01-01. Years begin in March, so that the leap day is the last.
fn civil(day: i64) -> (i64, i64, i64) {
    let day = day + EPOCH_DAY;
    let era = day.div_euclid(146_097);
    let of_era = day.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * of_year + 2) / 153;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, of_year - (153 * march_month + 2) / 5 + 1)
}

/// The inverse of [`civil`].
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let march_month = (month + 9) % 12;
    let of_year = (153 * march_month + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year - EPOCH_DAY
}

fn days_in(year: i64, month: i64) -> i64 {
    let (next_year, next_month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    days(next_year, next_month, 1) - days(year, month, 1)
}

fn digits(text: &mut [u8], mut value: i64) {
    for digit in text.iter_mut().rev() {
        *digit = b'0' + (value % 10) as u8;
        value /= 10;
    }
}

fn read(bytes: &[u8], at: usize, count: usize) -> Result<i64, TimeError> {
    (at..at + count).try_fold(0, |value, at| match bytes.get(at) {
        Some(digit @ b'0'..=b'9') => Ok(value * 10 + i64::from(digit - b'0')),
        _ => Err(TimeError::Form { at }),
    })
}

impl Default for Timestamp {
    fn default() -> Self {
        Self::NONE
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(ticks: i64, text: &str) {
        assert_eq!(Timestamp(ticks).to_string(), text);
        assert_eq!(Timestamp::parse(text), Ok(Timestamp(ticks)), "{text}");
    }

    #[test]
    fn a_time_is_written_with_exactly_the_digits_it_needs() {
        check(1, "1601-01-01T00:00:00.0000001Z");
        check(Timestamp::UNIX_EPOCH.0, "1970-01-01T00:00:00Z");
        check(Timestamp::UNIX_EPOCH.0 + 951_782_400 * SECOND, "2000-02-29T00:00:00Z");
        check(Timestamp::UNIX_EPOCH.0 + 1_776_000_000 * SECOND + 2_500_000, "2026-04-12T13:20:00.25Z");
        check(Timestamp::MAX.0 - 1, "9999-12-31T23:59:58.9999999Z");
    }

    #[test]
    fn both_ends_of_time_have_the_texts_of_the_specification() {
        for ticks in [0, -1, i64::MIN + 1] {
            assert_eq!(Timestamp(ticks).to_string(), "0001-01-01T00:00:00Z");
        }
        for ticks in [Timestamp::MAX.0, Timestamp::MAX.0 + 1, i64::MAX] {
            assert_eq!(Timestamp(ticks).to_string(), "9999-12-31T23:59:59Z");
        }
        assert_eq!(Timestamp::parse("0001-01-01T00:00:00Z"), Ok(Timestamp(0)));
        assert_eq!(Timestamp::parse("9999-12-31T23:59:59Z"), Ok(Timestamp(i64::MAX)));
    }

    #[test]
    fn what_is_no_time_is_refused_with_the_reason() {
        for (text, expected) in [
            ("2026-04-12T13:20:00", TimeError::Form { at: 19 }),
            ("2026-4-12T13:20:00Z", TimeError::Form { at: 6 }),
            ("2026-04-12 13:20:00Z", TimeError::Form { at: 10 }),
            ("2026-04-12T13:20:00.Z", TimeError::Form { at: 20 }),
            ("2026-04-12T13:20:00Zx", TimeError::Form { at: 20 }),
            ("2026-02-29T13:20:00Z", TimeError::NoSuchTime),
            ("2026-04-12T24:00:00Z", TimeError::NoSuchTime),
            ("2026-04-12T13:20:00.00000001Z", TimeError::TooFine),
            ("", TimeError::Form { at: 0 }),
        ] {
            assert_eq!(Timestamp::parse(text), Err(expected), "{text}");
        }
    }

    #[test]
    fn an_offset_is_taken_off_and_zeroes_are_no_finer_time() {
        let utc = Timestamp::parse("2026-04-12T13:20:00.25Z");
        assert_eq!(Timestamp::parse("2026-04-12T21:20:00.250000000+08:00"), utc);
        assert_eq!(Timestamp::parse("2026-04-12T08:50:00.25-04:30"), utc);
    }

    proptest! {
        #[test]
        fn every_time_between_the_limits_reads_back(ticks in 1..Timestamp::MAX.0) {
            prop_assert_eq!(Timestamp::parse(&Timestamp(ticks).to_string()), Ok(Timestamp(ticks)));
        }

        #[test]
        fn unix_time_and_back_is_the_same_time(ticks in (i64::MIN + 1)..=i64::MAX) {
            let time = Timestamp(ticks);
            prop_assert_eq!(Timestamp::from_unix_nanos(time.unix_nanos()), time);
            prop_assert!(time.unix_nanos() - i128::from(time.unix_millis()) * 1_000_000 < 1_000_000);
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC{0,40}|[0-9TZ:.+-]{0,40}") {
            let _ = Timestamp::parse(&text);
        }
    }
}
