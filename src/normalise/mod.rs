//! Which time a value carries outwards, and what is odd about the time it came with.
//!
//! Nothing is repaired here: an odd time passes unchanged and is counted. A source time is replaced only when the
//! configuration says so, and the message then says so too.
//!
//! [`convert`] holds what a binding declares: units, scales, bits, states.

pub mod convert;

use crate::model::{Sample, Timestamp};

/// Which time stands as the source's own. Everything but `Source` is [named](TimePolicy::mark) in the message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimePolicy {
    #[default]
    Source,
    /// The server's time.
    Server,
    /// When the bytes came in.
    Arrival,
    /// The source's time with this many minutes taken off: the device writes local time as UTC.
    Offset { minutes: i32 },
}

/// What is odd about a source time. It is passed on all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OddTime {
    /// None was given.
    Missing,
    /// 1601-01-01 or before: the device's clock was never set (OPC 10000-6 §5.2.2.5 has 0 there for "no time").
    First,
    /// Year 9999 or later.
    Last,
    /// More than [`SKEW`] later than the time of arrival.
    Future,
    /// Earlier than the value before it. Found by the image, which knows that value.
    Backwards,
}

/// How far a source's clock may be ahead of ours before it is odd, in ticks: one minute.
pub const SKEW: i64 = 60 * 10_000_000;

/// 9999-12-31T23:59:59Z, the last time that OPC 10000-6 §5.4.2.6 writes out.
const LAST: i64 = 2_650_467_743_990_000_000;

impl TimePolicy {
    /// How a message names the policy; `None` when the time is the source's own.
    #[must_use]
    pub const fn mark(self) -> Option<&'static str> {
        match self {
            Self::Source => None,
            Self::Server => Some("server"),
            Self::Arrival => Some("arrival"),
            Self::Offset { .. } => Some("offset"),
        }
    }

    /// The sample as it goes on, and what is odd about the time the source gave. Value, status and server time stay.
    #[must_use]
    pub fn apply(self, sample: &Sample, received: Timestamp) -> (Sample, Option<OddTime>) {
        let odd = match self {
            // What the source says is not used, so it is nobody's concern.
            Self::Server => odd(sample.server_time, received),
            Self::Arrival => None,
            Self::Source | Self::Offset { .. } => odd(self.source_time(sample, received), received),
        };
        (Sample { source_time: self.source_time(sample, received), ..*sample }, odd)
    }

    fn source_time(self, sample: &Sample, received: Timestamp) -> Timestamp {
        match self {
            Self::Source => sample.source_time,
            Self::Server => sample.server_time,
            Self::Arrival => received,
            Self::Offset { minutes } => match sample.source_time {
                time if time.is_none() || time.0 <= 0 || time.0 >= LAST => time,
                time => Timestamp(time.0 - i64::from(minutes) * 60 * 10_000_000),
            },
        }
    }
}

impl OddTime {
    /// The word for faces and counters.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::First => "1601",
            Self::Last => "9999",
            Self::Future => "future",
            Self::Backwards => "backwards",
        }
    }
}

fn odd(time: Timestamp, received: Timestamp) -> Option<OddTime> {
    if time.is_none() {
        Some(OddTime::Missing)
    } else if time.0 <= 0 {
        Some(OddTime::First)
    } else if time.0 >= LAST {
        Some(OddTime::Last)
    } else if !received.is_none() && time.0 > received.0.saturating_add(SKEW) {
        Some(OddTime::Future)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{BuiltInType, Scalar};

    const NOON: Timestamp = Timestamp(Timestamp::UNIX_EPOCH.0 + 17_000_000_000_000_000);

    #[track_caller]
    fn check(policy: TimePolicy, source: Timestamp, expected: Timestamp, odd: Option<OddTime>) {
        let scalar = Scalar::I64(BuiltInType::Int32, 7);
        let server_time = Timestamp(NOON.0 - 5);
        let sample = Sample { slot: 3, status: 0x4000_0000, source_time: source, server_time, scalar };
        let (passed, found) = policy.apply(&sample, NOON);
        assert_eq!((passed.source_time, found), (expected, odd), "{policy:?} {source:?}");
        assert_eq!(Sample { source_time: source, ..passed }, sample, "nothing else changes");
    }

    #[test]
    fn odd_times_pass_unchanged_and_are_named() {
        for (time, odd) in [
            (NOON, None),
            (Timestamp(NOON.0 + SKEW), None),
            (Timestamp(NOON.0 + SKEW + 1), Some(OddTime::Future)),
            (Timestamp::NONE, Some(OddTime::Missing)),
            (Timestamp(0), Some(OddTime::First)),
            (Timestamp(-1), Some(OddTime::First)),
            (Timestamp(i64::MIN + 1), Some(OddTime::First)),
            (Timestamp(LAST), Some(OddTime::Last)),
            (Timestamp(i64::MAX), Some(OddTime::Last)),
        ] {
            check(TimePolicy::Source, time, time, odd);
        }
    }

    #[test]
    fn a_time_is_replaced_only_where_the_configuration_says_so() {
        let eight_hours = 8 * 36_000_000_000;
        check(TimePolicy::Server, Timestamp(0), Timestamp(NOON.0 - 5), None);
        check(TimePolicy::Arrival, Timestamp::NONE, NOON, None);
        check(TimePolicy::Offset { minutes: 480 }, Timestamp(NOON.0 + eight_hours), NOON, None);
        check(TimePolicy::Offset { minutes: 480 }, Timestamp(0), Timestamp(0), Some(OddTime::First));
        check(TimePolicy::Offset { minutes: 480 }, Timestamp::NONE, Timestamp::NONE, Some(OddTime::Missing));
        check(TimePolicy::Offset { minutes: i32::MIN }, Timestamp(i64::MAX), Timestamp(i64::MAX), Some(OddTime::Last));
        assert_eq!(TimePolicy::Source.mark(), None);
        assert_eq!(TimePolicy::Offset { minutes: 1 }.mark(), Some("offset"));
    }
}
