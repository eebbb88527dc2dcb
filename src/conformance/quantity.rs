//! What can be ordered: numbers, numbers as text, dates and times.

use crate::model::Timestamp;
use serde_json::Value;
use std::cmp::Ordering;

/// A number or a time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Quantity {
    /// Exact, beyond what a double holds.
    Integer(i128),
    Real(f64),
    Time(Timestamp),
}

/// 100 ns.
const TICKS_A_SECOND: f64 = 10_000_000.0;

impl Quantity {
    pub(super) fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => Self::number(&number.to_string()),
            Value::String(text) => Self::parse(text),
            _ => None,
        }
    }

    /// A number, a date (its first moment, UTC) or a time with its offset.
    pub(super) fn parse(text: &str) -> Option<Self> {
        Self::number(text).or_else(|| time(text).map(Self::Time))
    }

    fn number(text: &str) -> Option<Self> {
        if let Ok(integer) = text.parse::<i128>() {
            return Some(Self::Integer(integer));
        }
        // `inf` and `nan` are words, not numbers.
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
        text.parse::<f64>().ok().filter(|number| is_number && number.is_finite()).map(Self::Real)
    }

    /// As a double: of a time, its seconds.
    #[expect(
        clippy::cast_precision_loss,
        reason = "only where a tolerance is compared, or one side is a double anyway"
    )]
    pub(super) fn as_f64(self) -> f64 {
        match self {
            Self::Integer(integer) => integer as f64,
            Self::Real(real) => real,
            Self::Time(time) => time.0 as f64 / TICKS_A_SECOND,
        }
    }

    /// `None` when one is a time and the other a number.
    pub(super) fn compare(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Integer(left), Self::Integer(right)) => Some(left.cmp(&right)),
            (Self::Time(left), Self::Time(right)) => Some(left.cmp(&right)),
            (Self::Time(_), _) | (_, Self::Time(_)) => None,
            (left, right) => left.as_f64().partial_cmp(&right.as_f64()),
        }
    }

    /// Like [`Self::compare`], and equal when not further apart than `within` (of times: seconds).
    pub(super) fn compare_within(self, other: Self, within: f64) -> Option<Ordering> {
        let ordering = self.compare(other)?;
        let is_near = match (self, other) {
            (Self::Time(left), Self::Time(right)) => {
                Self::Integer(i128::from(left.0) - i128::from(right.0)).as_f64().abs() / TICKS_A_SECOND <= within
            }
            (left, right) => (left.as_f64() - right.as_f64()).abs() <= within,
        };
        Some(if within > 0.0 && is_near { Ordering::Equal } else { ordering })
    }
}

/// `YYYY-MM-DD`, or that with an offset (as XML Schema writes dates), or with time and offset. Fractions of a second
/// finer than 100 ns are cut: they decide no rule.
pub(super) fn time(text: &str) -> Option<Timestamp> {
    let date = text.get(..10)?;
    if !text.is_ascii() {
        return None;
    }
    let rest = &text[10..];
    match rest.as_bytes().first() {
        None => Timestamp::parse(&format!("{date}T00:00:00Z")).ok(),
        Some(b'T' | b't') => {
            let (whole, fraction) = rest.split_once('.').unwrap_or((rest, ""));
            let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
            let cut = &fraction[..digits.min(7)];
            let point = if cut.is_empty() { "" } else { "." };
            Timestamp::parse(&format!("{date}{whole}{point}{cut}{}", &fraction[digits..])).ok()
        }
        Some(_) => Timestamp::parse(&format!("{date}T00:00:00{rest}")).ok(),
    }
}
