//! What a single text can be: names, times, sizes, addresses, words of an enumeration.

use super::read::{Read, Reading};
use super::yaml::{Content, Node};
use schemars::{Schema, json_schema};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// Why a text is not what it should be.
#[derive(Debug)]
pub enum Fault {
    Malformed,
    /// `010` is eight for some readers and ten for others.
    LeadingZero,
    OutOfRange {
        low: String,
        high: String,
    },
}

/// A value that one text holds.
pub trait Scalar: Sized {
    /// Names what is expected in the messages (`expected` in `config.ftl`).
    const EXPECTED: &'static str;
    /// A quoted text is never a number.
    const IS_NUMBER: bool = false;
    fn parse(text: &str) -> Result<Self, Fault>;
    fn schema() -> Schema;
}

/// A name the user gives: it stands in topics, logs, metrics and file names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(pub String);

/// A path, relative to the configuration file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilePath(pub PathBuf);

/// `100ms`, `30s`, `5m`, `2h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period(pub Duration);

/// Bytes: `512KiB`, `256MiB`, `10GiB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size(pub u64);

/// A whole number in a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whole<const LOW: u64, const HIGH: u64>(pub u64);

/// Any finite number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number(pub f64);

/// `127.0.0.1:8080`, `[::1]:8080`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address(pub SocketAddr);

/// A day, `YYYY-MM-DD`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day(pub String);

/// Minutes east of UTC: `+08:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UtcOffset(pub i32);

/// `0.5` in the value's own unit, or `2%` of its range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Deadband(pub super::plan::Deadband);

impl Scalar for String {
    const EXPECTED: &'static str = "text";
    fn parse(text: &str) -> Result<Self, Fault> {
        if text.is_empty() { Err(Fault::Malformed) } else { Ok(text.to_owned()) }
    }
    fn schema() -> Schema {
        json_schema!({ "type": "string", "minLength": 1 })
    }
}

impl Scalar for Name {
    const EXPECTED: &'static str = "name";
    fn parse(text: &str) -> Result<Self, Fault> {
        let is_fit = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        let is_name = text.starts_with(char::is_alphanumeric) && text.chars().all(is_fit) && text.len() <= 64;
        if is_name { Ok(Self(text.to_owned())) } else { Err(Fault::Malformed) }
    }
    fn schema() -> Schema {
        json_schema!({ "type": "string", "pattern": r"^[\p{L}\p{N}][\p{L}\p{N}._-]*$", "maxLength": 64 })
    }
}

impl Scalar for FilePath {
    const EXPECTED: &'static str = "path";
    fn parse(text: &str) -> Result<Self, Fault> {
        if text.is_empty() || text.contains('\0') { Err(Fault::Malformed) } else { Ok(Self(text.into())) }
    }
    fn schema() -> Schema {
        json_schema!({ "type": "string", "minLength": 1 })
    }
}

const PERIOD_UNITS: [(&str, u64); 4] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];
const SIZE_UNITS: [(&str, u64); 4] = [("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)];

/// In the largest unit that leaves a whole number.
fn in_units(f: &mut std::fmt::Formatter<'_>, number: u64, units: &[(&str, u64)]) -> std::fmt::Result {
    let fit = units.iter().rev().find(|(_, factor)| number >= *factor && number.is_multiple_of(*factor));
    match fit.or(units.first()) {
        Some((unit, factor)) => write!(f, "{}{unit}", number / factor),
        None => write!(f, "{number}"),
    }
}

impl std::fmt::Display for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        in_units(f, u64::try_from(self.0.as_millis()).unwrap_or(u64::MAX), &PERIOD_UNITS)
    }
}

impl std::fmt::Display for Size {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        in_units(f, self.0, &SIZE_UNITS)
    }
}

/// A whole number and the unit behind it.
fn with_unit(text: &str, units: &[(&str, u64)]) -> Result<u64, Fault> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let factor = units.iter().find(|(known, _)| *known == unit).map(|(_, factor)| *factor);
    let number: Option<u64> = number.parse().ok();
    number.zip(factor).and_then(|(number, factor)| number.checked_mul(factor)).ok_or(Fault::Malformed)
}

impl Scalar for Period {
    const EXPECTED: &'static str = "period";
    fn parse(text: &str) -> Result<Self, Fault> {
        with_unit(text, &PERIOD_UNITS).map(|milliseconds| Self(Duration::from_millis(milliseconds)))
    }
    fn schema() -> Schema {
        json_schema!({ "type": "string", "pattern": "^[0-9]+(ms|s|m|h)$" })
    }
}

impl Scalar for Size {
    const EXPECTED: &'static str = "size";
    fn parse(text: &str) -> Result<Self, Fault> {
        with_unit(text, &SIZE_UNITS).map(Self)
    }
    fn schema() -> Schema {
        json_schema!({ "type": "string", "pattern": "^[0-9]+(B|KiB|MiB|GiB)$" })
    }
}

impl<const LOW: u64, const HIGH: u64> Scalar for Whole<LOW, HIGH> {
    const EXPECTED: &'static str = "whole-number";
    const IS_NUMBER: bool = true;
    fn parse(text: &str) -> Result<Self, Fault> {
        let is_whole = text.strip_prefix('-').unwrap_or(text).chars().all(|c| c.is_ascii_digit());
        if is_whole && text.len() > 1 && text.starts_with('0') {
            return Err(Fault::LeadingZero);
        }
        match text.parse::<u64>() {
            Ok(number) if (LOW..=HIGH).contains(&number) => Ok(Self(number)),
            _ if is_whole && text.chars().any(|c| c.is_ascii_digit()) => {
                Err(Fault::OutOfRange { low: LOW.to_string(), high: HIGH.to_string() })
            }
            _ => Err(Fault::Malformed),
        }
    }
    fn schema() -> Schema {
        json_schema!({ "type": "integer", "minimum": LOW, "maximum": HIGH })
    }
}

impl Scalar for Number {
    const EXPECTED: &'static str = "number";
    const IS_NUMBER: bool = true;
    fn parse(text: &str) -> Result<Self, Fault> {
        // Rust also reads `inf` and `nan`.
        text.parse().ok().filter(|number: &f64| number.is_finite()).map(Self).ok_or(Fault::Malformed)
    }
    fn schema() -> Schema {
        json_schema!({ "type": "number" })
    }
}

impl Scalar for Address {
    const EXPECTED: &'static str = "address";
    fn parse(text: &str) -> Result<Self, Fault> {
        if let Ok(address) = text.parse() {
            return Ok(Self(address));
        }
        let port = text.rsplit_once(':').map(|(_, port)| port).filter(|port| !port.is_empty());
        match port.and_then(|port| port.parse::<u64>().ok()) {
            Some(port) if port > u64::from(u16::MAX) => {
                Err(Fault::OutOfRange { low: "0".to_owned(), high: u16::MAX.to_string() })
            }
            _ => Err(Fault::Malformed),
        }
    }
    fn schema() -> Schema {
        json_schema!({ "type": "string", "pattern": r"^(\[[0-9a-fA-F:.]+\]|[0-9.]+):[0-9]{1,5}$" })
    }
}

impl Scalar for Day {
    const EXPECTED: &'static str = "day";
    fn parse(text: &str) -> Result<Self, Fault> {
        let parts: Vec<&str> = text.split('-').collect();
        let [year, month, day] = parts[..] else { return Err(Fault::Malformed) };
        let is_spelled = text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        if !is_spelled || (year.len(), month.len(), day.len()) != (4, 2, 2) {
            return Err(Fault::Malformed);
        }
        let number = |part: &str| part.parse::<u32>().map_err(|_| Fault::Malformed);
        let (year, month, day) = (number(year)?, number(month)?, number(day)?);
        let is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        let days = match month {
            2 => 28 + u32::from(is_leap),
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => 0,
        };
        if (1..=days).contains(&day) { Ok(Self(text.to_owned())) } else { Err(Fault::Malformed) }
    }
    fn schema() -> Schema {
        json_schema!({ "type": "string", "format": "date" })
    }
}

impl Scalar for UtcOffset {
    const EXPECTED: &'static str = "utc-offset";
    fn parse(text: &str) -> Result<Self, Fault> {
        let sign = match text.as_bytes().first() {
            Some(b'+') => 1,
            Some(b'-') => -1,
            _ => return Err(Fault::Malformed),
        };
        let (hours, minutes) = text[1..].split_once(':').ok_or(Fault::Malformed)?;
        let is_spelled = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        if !is_spelled(hours) || !is_spelled(minutes) {
            return Err(Fault::Malformed);
        }
        let number = |part: &str| part.parse::<i32>().map_err(|_| Fault::Malformed);
        let (hours, minutes) = (number(hours)?, number(minutes)?);
        // The easternmost zone is UTC+14.
        if minutes > 59 || hours * 60 + minutes > 14 * 60 {
            return Err(Fault::OutOfRange { low: "-14:00".to_owned(), high: "+14:00".to_owned() });
        }
        Ok(Self(sign * (hours * 60 + minutes)))
    }
    fn schema() -> Schema {
        json_schema!({ "type": "string", "pattern": "^[+-][0-9]{2}:[0-9]{2}$" })
    }
}

impl Scalar for Deadband {
    const EXPECTED: &'static str = "deadband";
    fn parse(text: &str) -> Result<Self, Fault> {
        let (number, is_percent) = text.strip_suffix('%').map_or((text, false), |number| (number.trim_end(), true));
        // Rust also reads `inf` and `nan`.
        let number = number.parse::<f64>().ok().filter(|number| number.is_finite()).ok_or(Fault::Malformed)?;
        let high = if is_percent { 100.0 } else { f64::MAX };
        match (0.0..=high).contains(&number) {
            true if is_percent => Ok(Self(super::plan::Deadband::Percent(number))),
            true => Ok(Self(super::plan::Deadband::Absolute(number))),
            false => {
                let high = if is_percent { "100%" } else { "∞" };
                Err(Fault::OutOfRange { low: "0".to_owned(), high: high.to_owned() })
            }
        }
    }
    fn schema() -> Schema {
        json_schema!({ "anyOf": [
            { "type": "number", "minimum": 0 },
            { "type": "string", "pattern": "^[0-9]+([.][0-9]+)?%$" }
        ] })
    }
}

/// Reads a text with its type; says what was expected when it cannot.
pub(super) fn read<T: Scalar>(node: &Node, reading: &mut Reading<'_>) -> Option<T> {
    let text = match &node.content {
        Content::Text { text, is_plain } if !text.is_empty() && (*is_plain || !T::IS_NUMBER) => text,
        _ => {
            reading.wrong_kind(node, T::EXPECTED);
            return None;
        }
    };
    match T::parse(text) {
        Ok(value) => Some(value),
        Err(Fault::LeadingZero) => {
            reading.error("QIAO-C097", node.place, &[("value", text), ("meant", text.trim_start_matches('0'))]);
            None
        }
        Err(Fault::Malformed) if is_decimal_comma(text) => {
            reading.error("QIAO-C096", node.place, &[("value", &text.replace(',', "."))]);
            None
        }
        Err(Fault::Malformed) => {
            reading.error("QIAO-C010", node.place, &[("value", text), ("expected", T::EXPECTED)]);
            None
        }
        Err(Fault::OutOfRange { low, high }) => {
            reading.error("QIAO-C016", node.place, &[("value", text), ("low", &low), ("high", &high)]);
            None
        }
    }
}

/// `0,5`: a number as it is written in German.
fn is_decimal_comma(text: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let number = text.strip_suffix('%').map_or(text, str::trim_end);
    number.split_once(',').is_some_and(|(whole, decimals)| is_number(whole) && is_number(decimals))
}

macro_rules! scalars {
    ($($kind:ty)*) => {$(
        impl $crate::config::read::Read for $kind {
            fn read(
                node: &$crate::config::yaml::Node,
                reading: &mut $crate::config::read::Reading<'_>,
            ) -> Option<Self> {
                $crate::config::scalar::read(node, reading)
            }
        }
    )*};
}
scalars!(String Name FilePath Period Size Number Address Day UtcOffset Deadband);

impl<const LOW: u64, const HIGH: u64> Read for Whole<LOW, HIGH> {
    fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Self> {
        read(node, reading)
    }
}

/// A scalar's schema stands in place.
macro_rules! scalar_schemas {
    ($([$($generics:tt)*] $kind:ty;)*) => {$(
        impl<$($generics)*> schemars::JsonSchema for $kind {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> std::borrow::Cow<'static, str> {
                <Self as $crate::config::scalar::Scalar>::EXPECTED.into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                <Self as $crate::config::scalar::Scalar>::schema()
            }
        }
    )*};
}
scalar_schemas! {
    [] Name;
    [] FilePath;
    [] Period;
    [] Size;
    [const LOW: u64, const HIGH: u64] Whole<LOW, HIGH>;
    [] Number;
    [] Address;
    [] Day;
    [] UtcOffset;
    [] Deadband;
}

pub(super) use {scalar_schemas, scalars};

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check<T: Scalar + PartialEq + std::fmt::Debug>(text: &str, expected: Option<T>) {
        assert_eq!(T::parse(text).ok(), expected, "{text:?}");
    }

    #[test]
    fn a_text_is_read_whole_or_not_at_all() {
        let seconds = |n| Some(Period(Duration::from_secs(n)));
        check("100ms", Some(Period(Duration::from_millis(100))));
        check("2h", seconds(7200));
        check::<Period>("2", None);
        check::<Period>("2 s", None);
        check::<Period>("1.5s", None);
        check::<Period>("-1s", None);
        check::<Period>("99999999999999999999h", None);
        check::<Period>("9999999999999999h", None);
        check("256MiB", Some(Size(256 << 20)));
        check::<Size>("256MB", None);
        check("2028-02-29", Some(Day("2028-02-29".to_owned())));
        check::<Day>("2027-02-29", None);
        check::<Day>("2027-2-1", None);
        check::<Day>("二〇二七-01-01", None);
        check("+08:00", Some(UtcOffset(480)));
        check("-03:30", Some(UtcOffset(-210)));
        check::<UtcOffset>("+15:00", None);
        check::<UtcOffset>("8", None);
        check("0.5", Some(Deadband(super::super::plan::Deadband::Absolute(0.5))));
        check("2%", Some(Deadband(super::super::plan::Deadband::Percent(2.0))));
        check::<Deadband>("-1", None);
        check::<Deadband>("nan", None);
        check::<Deadband>("101%", None);
        check("[::1]:1", "[::1]:1".parse().ok().map(Address));
        check::<Address>("127.0.0.1:70000", None);
        check::<Address>("8080", None);
        check("车床-7", Some(Name("车床-7".to_owned())));
        check::<Name>("a/b", None);
        check::<Name>("-a", None);
        check("20", Some(Whole::<1, 20>(20)));
        check::<Whole<1, 20>>("0", None);
        check::<Whole<1, 20>>("", None);
    }
}
