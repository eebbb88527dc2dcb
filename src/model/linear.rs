//! `y = x × scale + offset`, exact as long as its parts are whole numbers.
//!
//! Tenths of a millimetre times 0.1 must be 12.3, not 12.300000000000001: so a decimal scale is kept as a fraction, and
//! the one division at the end is the only step that rounds.

/// Whole numbers up to here are exact in a double.
const EXACT: i128 = 1 << 53;

/// A linear function.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Linear {
    /// `(x × times + plus) / over`; all of them at most 2^53 in size, `over` at least 1, without a common divisor.
    Exact { times: i64, plus: i64, over: i64 },
    /// For factors that are no fractions of whole numbers.
    Float { scale: f64, offset: f64 },
}

/// What a linear function gives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    Whole(i64),
    Float(f64),
}

impl Linear {
    /// Changes nothing.
    pub const SAME: Self = Self::Exact { times: 1, plus: 0, over: 1 };

    /// `x × times / over`.
    #[must_use]
    pub const fn fraction(times: i64, over: i64) -> Self {
        Self::Exact { times, plus: 0, over }
    }

    /// Whether it changes nothing.
    #[must_use]
    pub fn is_same(&self) -> bool {
        *self == Self::SAME
    }

    /// `next(self(x))`.
    #[must_use]
    pub fn then(self, next: Self) -> Self {
        let exact = match (self, next) {
            (Self::Exact { times: a, plus: b, over: c }, Self::Exact { times: d, plus: e, over: f }) => {
                let [a, b, c, d, e, f] = [a, b, c, d, e, f].map(i128::from);
                // (((a x + b) / c) d + e) / f; factors below 2^53 multiply twice within 128 bits.
                exact(a * d, b * d + e * c, c * f)
            }
            _ => None,
        };
        exact.unwrap_or_else(|| {
            let ((scale, offset), (next_scale, next_offset)) = (self.as_floats(), next.as_floats());
            Self::Float { scale: scale * next_scale, offset: offset.mul_add(next_scale, next_offset) }
        })
    }

    /// The function that undoes this one; `None` when it makes everything the same.
    #[must_use]
    pub fn inverse(self) -> Option<Self> {
        match self {
            Self::Exact { times: 0, .. } => None,
            Self::Exact { times, plus, over } => {
                let sign = i128::from(times.signum());
                exact(i128::from(over) * sign, -i128::from(plus) * sign, i128::from(times) * sign)
            }
            Self::Float { scale, .. } if scale == 0.0 || !scale.is_finite() => None,
            Self::Float { scale, offset } => Some(Self::Float { scale: scale.recip(), offset: -offset / scale }),
        }
    }

    /// Of a whole number: whole when no division is in it, and `None` when the result does not fit into 64 bits.
    #[must_use]
    pub fn of_whole(&self, x: i128) -> Option<Number> {
        match *self {
            Self::Exact { times, plus, over } => {
                let above = x * i128::from(times) + i128::from(plus);
                if over == 1 {
                    i64::try_from(above).ok().map(Number::Whole)
                } else {
                    finite(above as f64 / over as f64)
                }
            }
            Self::Float { .. } => self.of_float(x as f64),
        }
    }

    /// Of any other number; `None` when the result is not finite.
    #[must_use]
    pub fn of_float(&self, x: f64) -> Option<Number> {
        finite(match *self {
            Self::Exact { times, plus, over } => x.mul_add(times as f64, plus as f64) / over as f64,
            Self::Float { scale, offset } => x.mul_add(scale, offset),
        })
    }

    fn as_floats(self) -> (f64, f64) {
        match self {
            Self::Exact { times, plus, over } => (times as f64 / over as f64, plus as f64 / over as f64),
            Self::Float { scale, offset } => (scale, offset),
        }
    }
}

fn finite(y: f64) -> Option<Number> {
    y.is_finite().then_some(Number::Float(y))
}

/// Reduced; `None` when a part is too large to be exact.
fn exact(times: i128, plus: i128, over: i128) -> Option<Linear> {
    let divisor = gcd(gcd(times, plus), over).max(1);
    let part = |part: i128| {
        let part = part / divisor;
        (part.abs() <= EXACT).then_some(part).and_then(|part| i64::try_from(part).ok())
    };
    Some(Linear::Exact { times: part(times)?, plus: part(plus)?, over: part(over)? })
}

fn gcd(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// A decimal number as it was written: `digits × 10^exponent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    pub digits: i64,
    pub exponent: i32,
}

impl Decimal {
    /// Reads `-12.5`, `1e-3`; a point only. `None`: it is no number, or has more than 18 digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (number, exponent) = match text.split_once(['e', 'E']) {
            Some((number, exponent)) => (number, exponent.parse::<i32>().ok().filter(|e| e.abs() <= 300)?),
            None => (text, 0),
        };
        let (sign, number) = match number.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, number.strip_prefix('+').unwrap_or(number)),
        };
        let (whole, part) = number.split_once('.').unwrap_or((number, ""));
        let part = part.trim_end_matches('0');
        let is_spelled = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
        if !is_spelled(whole) || !is_spelled(part) || !number.bytes().any(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let digits = format!("{whole}{part}");
        let digits = digits.trim_start_matches('0');
        if digits.len() > 18 {
            return None;
        }
        let value: i64 = if digits.is_empty() { 0 } else { digits.parse().ok()? };
        Some(Self { digits: sign * value, exponent: exponent - i32::try_from(part.len()).ok()? })
    }

    /// As the factor of a linear function.
    #[must_use]
    pub fn scale(self) -> Linear {
        let power = || 10_i128.checked_pow(self.exponent.unsigned_abs());
        let found = power().and_then(|power| {
            if self.exponent >= 0 {
                exact(i128::from(self.digits).checked_mul(power)?, 0, 1)
            } else {
                exact(self.digits.into(), 0, power)
            }
        });
        found.unwrap_or(Linear::Float { scale: self.as_float(), offset: 0.0 })
    }

    /// As the summand of a linear function.
    #[must_use]
    pub fn offset(self) -> Linear {
        match self.scale() {
            Linear::Exact { times, over, .. } => Linear::Exact { times: over, plus: times, over },
            Linear::Float { scale, .. } => Linear::Float { scale: 1.0, offset: scale },
        }
    }

    fn as_float(self) -> f64 {
        // The nearest double, which a product with a power of ten is not.
        format!("{}e{}", self.digits, self.exponent).parse().unwrap_or(f64::NAN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn scale(text: &str) -> Linear {
        Decimal::parse(text).expect("a number").scale()
    }

    #[test]
    fn decimals_are_kept_as_fractions() {
        let exact = |times, plus, over| Linear::Exact { times, plus, over };
        assert_eq!(scale("0.1"), exact(1, 0, 10));
        assert_eq!(scale("2.50"), exact(5, 0, 2));
        assert_eq!(scale("1e3"), exact(1000, 0, 1));
        assert_eq!(scale("-4E-2"), exact(-1, 0, 25));
        assert_eq!(Decimal::parse("-17.5").expect("a number").offset(), exact(2, -35, 2));
        assert!(matches!(scale("3.14159265358979323"), Linear::Float { .. }));
        for wrong in ["", ".", "-", "1,5", "1.2.3", "0x10", "inf", "NaN", "1e", "1e999", "１"] {
            assert_eq!(Decimal::parse(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn tenths_are_the_nearest_double() {
        let tenths = scale("0.1");
        for (raw, expected) in [(3, 0.3), (123, 12.3), (-7, -0.7), (9_007_199_254_740_991, 900_719_925_474_099.1)] {
            assert_eq!(tenths.of_whole(raw), Some(Number::Float(expected)));
        }
        // 3.0 × 0.1 in doubles is 0.30000000000000004.
        assert_eq!(tenths.of_float(3.0), Some(Number::Float(0.3)));
    }

    #[test]
    fn what_does_not_fit_is_no_number() {
        assert_eq!(scale("10").of_whole(i128::from(i64::MAX)), None);
        assert_eq!(scale("1e300").of_float(1e300), None);
        assert_eq!(Linear::SAME.of_float(f64::NAN), None);
        assert_eq!(scale("0").inverse(), None);
    }

    proptest! {
        #[test]
        fn whole_numbers_stay_exact(raw in -(1_i64 << 53)..=1 << 53, times in 1_i64..=1000) {
            let there = Linear::fraction(times, 1);
            prop_assert_eq!(there.of_whole(raw.into()), Some(Number::Whole(raw * times)).filter(|_| raw.checked_mul(times).is_some()));
            prop_assert_eq!(Linear::SAME.of_whole(raw.into()), Some(Number::Whole(raw)));
        }

        #[test]
        fn a_decimal_scale_gives_the_nearest_double(raw in -(1_i64 << 53)..=1 << 53, places in 1_u32..9) {
            let scaled = scale(&format!("1e-{places}")).of_whole(raw.into());
            let nearest: f64 = format!("{raw}e-{places}").parse().expect("a number");
            prop_assert_eq!(scaled, Some(Number::Float(nearest)));
        }

        #[test]
        fn there_and_back_is_the_same(times in 1_i64..10_000, plus in -10_000_i64..10_000, over in 1_i64..10_000) {
            let there = exact(times.into(), plus.into(), over.into()).expect("small");
            let back = there.inverse().expect("not flat");
            prop_assert!(there.then(back).is_same());
        }
    }
}
