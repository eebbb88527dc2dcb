//! From the umati v2 JSON back to values: an object that is one value of OPC UA becomes one value again.
//!
//! | JSON | value |
//! |---|---|
//! | `{"locale":…,"text":…}` | `LocalizedText` |
//! | `{"Low":…,"High":…}`, also `{"low":…,"high":…}` | `Range`, two Doubles |
//! | `{"NamespaceUri":…,"UnitId":…,…}` | `EUInformation` |
//! | `{"namespaceUri":…,"name":…}` | `QualifiedName` |
//! | any other object | a structure without a type |
//! | text where a time is expected | `DateTime`; also as the classic gateway writes it, `2024-1-5T9:3:7:45Z` |
//! | anything else | as [`plain_json`](super::super::plain_json) reads it; an enumeration is its number |

use super::super::plain_json::{self, children, cut, name, string};
use super::super::tape::{Tape, TapeKind, TapeNode};
use crate::model::tree::TreeWriter;
use crate::model::{BuiltInType, Scalar, Timestamp};

/// What is remarkable about how a value stands in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oddity {
    /// A time without leading zeros, its milliseconds behind a colon.
    LooseTime,
    /// A number whose digits no Double holds: it is text now.
    KeptAsText,
}

/// Data types of namespace 0 (OPC 10000-8 §5.6.2, §5.6.3).
const RANGE: &str = "i=884";
const EU_INFORMATION: &str = "i=887";

/// The value at a node of a message; texts and parts go to the end of `arena`. `is_time`: the schema expects a time.
#[must_use]
pub fn read(tape: &Tape, at: u32, is_time: bool, arena: &mut Vec<u8>) -> (Scalar, Option<Oddity>) {
    let Some(node) = tape.nodes().get(at as usize) else { return (Scalar::Null, None) };
    match node.kind() {
        TapeKind::Object => {
            let mut writer = TreeWriter::new(arena);
            let mut is_kept_as_text = false;
            object(tape, at, node, &mut writer, &mut is_kept_as_text);
            (Scalar::Tree(writer.finish()), is_kept_as_text.then_some(Oddity::KeptAsText))
        }
        TapeKind::Plain if is_time => match read_time(tape.text_of(node)) {
            Some((time, is_loose)) => (Scalar::Time(time), is_loose.then_some(Oddity::LooseTime)),
            None => (plain_json::value(tape, at, node, arena).0, None),
        },
        _ => {
            let (scalar, is_kept_as_text) = plain_json::value(tape, at, node, arena);
            (scalar, is_kept_as_text.then_some(Oddity::KeptAsText))
        }
    }
}

/// A time in UTC, and whether it is written the way of the classic gateway. `None`: it is no time.
#[must_use]
pub fn read_time(text: &str) -> Option<(Timestamp, bool)> {
    if let Ok(time) = Timestamp::parse(&cut(text)) {
        return Some((time, false));
    }
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let date = numbers(date, '-')?;
    let time = numbers(time, ':')?;
    let ([year, month, day], [hour, minute, second, rest @ ..]) = (date.as_slice(), time.as_slice()) else {
        return None;
    };
    let millis = match rest {
        [] => 0,
        [millis] if *millis < 1000 => *millis,
        _ => return None,
    };
    let text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z");
    Timestamp::parse(&text).ok().map(|time| (time, true))
}

/// Whole numbers of up to four digits.
fn numbers(text: &str, between: char) -> Option<Vec<u16>> {
    let is_number = |part: &str| (1..=4).contains(&part.len()) && part.bytes().all(|digit| digit.is_ascii_digit());
    text.split(between).map(|part| is_number(part).then(|| part.parse().ok()).flatten()).collect()
}

fn object(tape: &Tape, at: u32, node: &TapeNode, writer: &mut TreeWriter<'_>, is_kept_as_text: &mut bool) {
    let find = |key: &str| children(tape, at).find(|(_, member)| tape.key_of(member) == key);
    let text = |key: &str| find(key).filter(|(_, node)| is_text(node)).map(|(_, node)| string(tape, node));
    let number = |key: &str| find(key).and_then(|(_, node)| tape.text_of(node).parse::<f64>().ok());
    let only = |keys: &[&str]| children(tape, at).all(|(_, member)| keys.contains(&tape.key_of(member)));
    if find("text").is_some_and(|(_, node)| is_text(node) || node.kind() == TapeKind::Null) && only(&["locale", "text"])
    {
        let (locale, said) = (text("locale"), text("text"));
        return writer.localized_text(locale.as_deref(), said.as_deref());
    }
    if let (Some(namespace), Some(said)) = (text("namespaceUri"), text("name"))
        && node.count() == 2
    {
        return writer.qualified_name(&namespace, &said);
    }
    let ends = [("Low", "High"), ("low", "high")];
    let range = ends.iter().find_map(|(low, high)| Some((number(low)?, number(high)?)));
    if let Some((low, high)) = range.filter(|_| node.count() == 2) {
        return writer.structure(RANGE, 2, |writer| {
            writer.field("Low");
            writer.f64(low);
            writer.field("High");
            writer.f64(high);
        });
    }
    let unit = find("UnitId").and_then(|(_, node)| tape.text_of(node).parse::<i32>().ok());
    if let Some(unit) = unit.filter(|_| only(&["NamespaceUri", "UnitId", "DisplayName", "Description"])) {
        return writer.structure(EU_INFORMATION, node.count(), |writer| {
            for (at, member) in children(tape, at) {
                let key = tape.key_of(member);
                writer.field(key);
                match (key, member.kind()) {
                    ("UnitId", _) => writer.i64(BuiltInType::Int32, unit.into()),
                    (_, TapeKind::Object) => object(tape, at, member, writer, is_kept_as_text),
                    _ => plain_json::element_value(tape, at, member, writer, is_kept_as_text),
                }
            }
        });
    }
    writer.structure("", node.count(), |writer| {
        for (at, member) in children(tape, at) {
            writer.field(&name(tape, member));
            match member.kind() {
                TapeKind::Object => object(tape, at, member, writer, is_kept_as_text),
                _ => plain_json::element_value(tape, at, member, writer, is_kept_as_text),
            }
        }
    });
}

fn is_text(node: &TapeNode) -> bool {
    matches!(node.kind(), TapeKind::Plain | TapeKind::Escaped)
}

#[cfg(test)]
mod tests {
    use super::super::value;
    use super::*;
    use crate::codec::{Limits, Reading};
    use crate::model::StatusCode;

    /// The value written again, and what was odd.
    #[track_caller]
    fn check(text: &str, is_time: bool, expected: &str, oddity: Option<Oddity>) {
        let tape = Tape::parse(text.as_bytes(), Limits::default()).expect("JSON");
        let mut arena = vec![7; 3];
        let (scalar, found) = read(&tape, 0, is_time, &mut arena);
        let none = Timestamp::NONE;
        let (source_time, server_time) = (none, none);
        let reading =
            Reading { scalar, arena: &arena, status: StatusCode::GOOD, source_time, server_time, enumeration: None };
        let mut written = Tape::new();
        value(&mut written, &reading).expect("writable");
        assert_eq!((written.as_str(), found), (expected, oddity), "{text}");
    }

    #[test]
    fn a_value_with_parts_is_one_value_and_reads_back_as_it_stood() {
        for same in [
            r#"{"locale":"de","text":"Läuft"}"#,
            r#"{"Low":0.0,"High":150.5}"#,
            r#"{"NamespaceUri":"u","UnitId":20529,"DisplayName":{"locale":"","text":"%"}}"#,
            r#"{"namespaceUri":"urn:x","name":"a"}"#,
            r#"{"namespaceIndex":4,"name":"a"}"#,
            r#"{"deep":{"locale":"","text":"x"},"list":[1,2]}"#,
            "5041",
            r#""nsu=urn:x;i=5041""#,
            "null",
            "18446744073709551615",
        ] {
            check(same, false, same, None);
        }
        check(r#"{"low":0,"high":150}"#, false, r#"{"Low":0.0,"High":150.0}"#, None);
        check(r#"{"locale":"de"}"#, false, r#"{"locale":"de"}"#, None);
        check("0.12345678901234567890", false, r#""0.12345678901234567890""#, Some(Oddity::KeptAsText));
    }

    #[test]
    fn a_time_of_the_classic_gateway_is_accepted_and_flagged() {
        check(r#""2024-01-05T09:03:07.045Z""#, true, r#""2024-01-05T09:03:07.045Z""#, None);
        check(r#""2024-1-5T9:3:7:45Z""#, true, r#""2024-01-05T09:03:07.045Z""#, Some(Oddity::LooseTime));
        check(r#""2024-1-5T9:3:7Z""#, true, r#""2024-01-05T09:03:07Z""#, Some(Oddity::LooseTime));
        for no_time in ["2024-13-5T9:3:7:45Z", "2024-1-5T9:3:7:45", "yesterday", "2024-1-5T9:3:7:45:9Z", "--T::Z"] {
            check(&format!("\"{no_time}\""), true, &format!("\"{no_time}\""), None);
        }
        check(r#""2024-1-5T9:3:7:45Z""#, false, r#""2024-1-5T9:3:7:45Z""#, None);
    }
}
