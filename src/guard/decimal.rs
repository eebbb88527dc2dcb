//! Decimal numbers of JSON that a float or a double holds as they were written.

/// The double that this number is; `None`: none is, only some that are near it.
///
/// A number is held when it has the digits of the shortest text of the double, or those of the 17 that tell every double
/// from every other: both come from programs that print a double whole. Of two shortest texts that are equally near, programs
/// print either.
pub(super) fn double(text: &str) -> Option<f64> {
    let value: f64 = text.parse().ok().filter(|value: &f64| value.is_finite())?;
    let own = digits(text)?;
    let short = ryu::Buffer::new().format_finite(value).to_owned();
    let texts = [short, format!("{value:e}"), format!("{value:.16e}")];
    texts.iter().any(|text| digits(text).as_ref() == Some(&own)).then_some(value)
}

/// The float that this number is: by the shortest digits of the float, by the 9 that tell it from every other, or as a
/// double that is a float.
pub(super) fn float(text: &str) -> Option<f32> {
    let value: f32 = text.parse().ok().filter(|value: &f32| value.is_finite())?;
    let own = digits(text)?;
    let short = ryu::Buffer::new().format_finite(value).to_owned();
    let texts = [short, format!("{value:e}"), format!("{value:.8e}")];
    let is_held = texts.iter().any(|text| digits(text).as_ref() == Some(&own));
    (is_held || double(text) == Some(f64::from(value))).then_some(value)
}

/// Sign, digits without zeros at either end, and the power of ten of the last one; zero has no digits.
fn digits(text: &str) -> Option<(bool, String, i64)> {
    let (is_negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let exponent: i64 = exponent.parse().ok().filter(|exponent: &i64| exponent.abs() < 1_000_000)?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let front = all.trim_start_matches('0');
    let digits = front.trim_end_matches('0');
    if digits.is_empty() {
        return Some((is_negative, String::new(), 0));
    }
    let exponent = exponent - fraction.len() as i64 + (front.len() - digits.len()) as i64;
    Some((is_negative, digits.to_owned(), exponent))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_number_is_held_or_it_is_not_taken() {
        for (text, is_double, is_float) in [
            ("0.1", true, true),
            ("-0", true, true),
            ("-0.0e7", true, true),
            ("1e2", true, true),
            ("120.50", true, true),
            ("0.30000000000000004", true, false),
            ("0.10000000000000001", true, false),
            // A float as programs print it that know only doubles.
            ("0.10000000149011612", true, true),
            ("0.100000001", true, true),
            ("16777217", true, false),
            ("9007199254740993", false, false),
            ("9007199254740992", true, true),
            ("0.1234567890123456789", false, false),
            ("1e-50", true, false),
            ("1e39", true, false),
            ("1e-400", false, false),
            ("1e400", false, false),
            ("1e99999999999999999999", false, false),
        ] {
            assert_eq!((double(text).is_some(), float(text).is_some()), (is_double, is_float), "{text}");
        }
        assert!(double("-0").is_some_and(|zero| zero.is_sign_negative()));
    }

    proptest! {
        #[test]
        fn what_a_program_prints_is_read_back(bits in any::<u64>()) {
            let value = f64::from_bits(bits);
            prop_assume!(value.is_finite());
            for text in [format!("{value:e}"), format!("{value:.16e}"), ryu::Buffer::new().format(value).to_owned()] {
                prop_assert_eq!(double(&text).map(f64::to_bits), Some(bits), "{}", text);
            }
            let value = f32::from_bits(bits as u32);
            prop_assume!(value.is_finite());
            for text in [format!("{value:e}"), format!("{value:.8e}"), format!("{:e}", f64::from(value))] {
                prop_assert_eq!(float(&text).map(f32::to_bits), Some(value.to_bits()), "{}", text);
            }
        }
    }
}
