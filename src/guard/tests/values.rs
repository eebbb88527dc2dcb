//! Row 63: what JSON says is exactly what a machine is given, or nothing is.

use super::super::fixture::{entry, guard, id, now, rule};
use crate::config::plan::{Takes, ValueRule, WRITABLE, WritePlan};
use crate::guard::{Bare, Body, Guard, Value};
use crate::model::tree::TreeWriter;
use crate::model::{BuiltInType, Scalar, Timestamp};
use proptest::prelude::*;

fn with(rule: ValueRule) -> Guard {
    guard(WritePlan { takes: Takes::Value { rule, max_change: None }, ..entry() })
}

fn read(guard: &Guard, json: &str) -> Result<Value, &'static str> {
    let command = guard.bare(0, id(1), Bare::Json(json.as_bytes()), now(0).wall);
    let command = command.map_err(|refused| refused.refusal.code())?;
    match command.body {
        Body::Value(value) => Ok(value),
        Body::Arguments(_) => Err("arguments"),
    }
}

/// Any value of a type, from 64 bits and a text.
fn write(writer: &mut TreeWriter<'_>, kind: BuiltInType, bits: u64, text: &str) {
    match kind {
        BuiltInType::Boolean => writer.bool(bits & 1 == 1),
        BuiltInType::SByte => writer.i64(kind, i64::from(bits as i8)),
        BuiltInType::Int16 => writer.i64(kind, i64::from(bits as i16)),
        BuiltInType::Int32 => writer.i64(kind, i64::from(bits as i32)),
        BuiltInType::Int64 => writer.i64(kind, bits as i64),
        BuiltInType::Byte => writer.u64(kind, u64::from(bits as u8)),
        BuiltInType::UInt16 => writer.u64(kind, u64::from(bits as u16)),
        BuiltInType::UInt32 => writer.u64(kind, u64::from(bits as u32)),
        BuiltInType::UInt64 => writer.u64(kind, bits),
        BuiltInType::Float => writer.f32(f32::from_bits(bits as u32)),
        BuiltInType::Double => writer.f64(f64::from_bits(bits)),
        BuiltInType::DateTime => writer.time(Timestamp((bits % Timestamp::MAX.0 as u64) as i64)),
        BuiltInType::Guid => {
            let hex = format!("{bits:016x}{bits:016x}");
            let guid = format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]);
            writer.text(kind, &guid);
        }
        BuiltInType::ByteString => writer.bytes(&bits.to_le_bytes()[..(bits % 9) as usize]),
        BuiltInType::LocalizedText => writer.localized_text((bits & 1 == 1).then_some("de"), text),
        _ => writer.text(kind, text),
    }
}

fn value(kind: BuiltInType, dimensions: &[u32], bits: &[u64], text: &str) -> Value {
    let count = dimensions.iter().product::<u32>();
    let bits = |at: u32| bits[at as usize % bits.len()];
    Value::tree(|writer| {
        let all = |writer: &mut TreeWriter<'_>| (0..count).for_each(|at| write(writer, kind, bits(at), text));
        match dimensions.len() {
            0 => write(writer, kind, bits(0), text),
            1 => writer.array(kind, count, all),
            _ => writer.matrix(kind, dimensions, count, all),
        }
    })
}

fn is_finite(kind: BuiltInType, bits: &[u64]) -> bool {
    bits.iter().all(|bits| match kind {
        BuiltInType::Float => f32::from_bits(*bits as u32).is_finite(),
        BuiltInType::Double => f64::from_bits(*bits).is_finite(),
        _ => true,
    })
}

proptest! {
    #[test]
    fn row_63_every_value_of_every_writable_type_comes_back_as_it_was(
        kind in prop::sample::select(WRITABLE.map(|(_, kind)| kind).to_vec()),
        shape in 0_usize..3,
        bits in prop::collection::vec(any::<u64>(), 1..7),
        text in "\\PC{0,12}|[\u{0}-\u{7f}]{0,12}",
    ) {
        let dimensions = [&[][..], &[3], &[2, 3]][shape];
        let guard = with(ValueRule { dimensions: dimensions.to_vec(), ..rule(kind) });
        let used = dimensions.iter().product::<u32>() as usize;
        let bits = &bits[..bits.len().min(used)];
        let value = value(kind, dimensions, bits, &text);
        let json = value.json();
        match read(&guard, &json) {
            Ok(found) => {
                prop_assert!(is_finite(kind, bits));
                // By their JSON, which tells the zeros apart and keeps every bit of a number.
                prop_assert_eq!(found.json(), json.clone());
                prop_assert!(found.is(&value), "{}", json);
            }
            Err(code) => prop_assert!(!is_finite(kind, bits), "{} {}", json, code),
        }
        // The same with its type beside it, as a client of the gateway's own server gives it.
        let typed = guard.bare(0, id(1), Bare::Typed(vec![value]), now(0).wall);
        prop_assert_eq!(typed.is_ok(), is_finite(kind, bits));
    }

    #[test]
    fn row_63_no_type_takes_the_json_of_another_but_where_it_is_the_same_number(
        one in prop::sample::select(WRITABLE.map(|(_, kind)| kind).to_vec()),
        other in prop::sample::select(WRITABLE.map(|(_, kind)| kind).to_vec()),
        bits in any::<u64>(),
    ) {
        prop_assume!(is_finite(one, &[bits]));
        let json = value(one, &[], &[bits], "text").json();
        if let Ok(found) = read(&with(rule(other)), &json) {
            // The same characters, or the same number in the digits of the other type.
            let number = |json: &str| json.trim_matches('"').parse::<f64>().ok();
            prop_assert!(found.json() == json || number(&found.json()) == number(&json), "{} {}", json, found.json());
        }
    }

    #[test]
    fn row_63_a_type_that_cannot_be_written_takes_nothing(number in 0_u8..26, json in "[1-9][0-9]{0,2}|true|null|\"a\"|\\[\\]|\\{\\}") {
        let kind = BuiltInType::from_number(number).expect("a type");
        prop_assume!(WRITABLE.iter().all(|(_, known)| *known != kind));
        prop_assert_eq!(read(&with(rule(kind)), &json).map(|value| value.json()), Err("QIAO-W022"));
    }

    #[test]
    fn no_message_makes_the_reader_panic(text in "\\PC{0,60}|[{}\\[\\]\":,0-9a-z.-]{0,60}") {
        let guard = with(rule(BuiltInType::Int64));
        let _ = guard.read(0, text.as_bytes());
    }
}

#[test]
fn row_63_the_hard_ones_by_name() {
    use BuiltInType as Kind;
    for (kind, json, expected) in [
        (Kind::Int64, "9007199254740991", Ok("9007199254740991")),
        (Kind::Int64, "9007199254740993", Err("QIAO-W024")),
        (Kind::Int64, "\"9007199254740993\"", Ok("\"9007199254740993\"")),
        (Kind::Int64, "\"-9223372036854775808\"", Ok("\"-9223372036854775808\"")),
        (Kind::Int64, "\"9223372036854775808\"", Err("QIAO-W023")),
        (Kind::Int64, "\"+5\"", Err("QIAO-W022")),
        (Kind::Int64, "\"007\"", Err("QIAO-W022")),
        (Kind::UInt64, "\"18446744073709551615\"", Ok("\"18446744073709551615\"")),
        (Kind::UInt64, "-1", Err("QIAO-W023")),
        (Kind::Int32, "5.0", Err("QIAO-W022")),
        (Kind::Int32, "5e0", Err("QIAO-W022")),
        (Kind::Int32, "-0", Err("QIAO-W022")),
        (Kind::Int32, "\"5\"", Err("QIAO-W022")),
        (Kind::Int32, "2147483648", Err("QIAO-W023")),
        (Kind::Int32, "123456789012345678901234567890", Err("QIAO-W023")),
        (Kind::Byte, "256", Err("QIAO-W023")),
        (Kind::Boolean, "1", Err("QIAO-W022")),
        (Kind::Double, "-0", Ok("-0.0")),
        (Kind::Double, "9007199254740993", Err("QIAO-W024")),
        (Kind::Double, "\"NaN\"", Err("QIAO-W022")),
        (Kind::Float, "3.5e38", Err("QIAO-W024")),
        (Kind::Float, "0.1", Ok("0.1")),
        (Kind::Float, "0.123456789", Err("QIAO-W024")),
        (Kind::String, "5", Err("QIAO-W022")),
        (Kind::String, "null", Err("QIAO-W022")),
        (Kind::DateTime, "\"2026-02-29T00:00:00Z\"", Err("QIAO-W004")),
        (Kind::DateTime, "\"2026-02-28T00:00:00.00000001Z\"", Err("QIAO-W004")),
        (Kind::DateTime, "\"1500-01-01T00:00:00Z\"", Err("QIAO-W004")),
        (Kind::DateTime, "\"2026-02-28T02:00:00+02:00\"", Ok("\"2026-02-28T00:00:00Z\"")),
        (Kind::Guid, "\"72962B91-FA75-4AE6-8D28-B404DC7DAF63\"", Ok("\"72962b91-fa75-4ae6-8d28-b404dc7daf63\"")),
        (Kind::Guid, "\"72962b91\"", Err("QIAO-W004")),
        (Kind::ByteString, "\"AQI\"", Err("QIAO-W004")),
        (Kind::ByteString, "\"AQI=\"", Ok("\"AQI=\"")),
        (Kind::LocalizedText, "\"Halt\"", Err("QIAO-W022")),
        (Kind::LocalizedText, "{\"text\":\"Halt\",\"locale\":\"de\"}", Ok("{\"locale\":\"de\",\"text\":\"Halt\"}")),
        (Kind::LocalizedText, "{\"locale\":\"de\"}", Err("QIAO-W004")),
        (Kind::LocalizedText, "{\"text\":\"Halt\",\"lang\":\"de\"}", Err("QIAO-W004")),
    ] {
        let found = read(&with(rule(kind)), json).map(|value| value.json());
        assert_eq!(found.as_deref().map_err(|code| *code), expected, "{kind:?} {json}");
    }
}

#[test]
fn an_array_has_exactly_its_length_and_a_matrix_its_rows() {
    let guard = with(ValueRule { dimensions: vec![2, 2], ..rule(BuiltInType::Int16) });
    for (json, expected) in [
        ("[[1,2],[3,4]]", Ok("[[1,2],[3,4]]")),
        ("[[1,2],[3]]", Err("QIAO-W025")),
        ("[[1,2],[3,4],[5,6]]", Err("QIAO-W025")),
        ("[1,2,3,4]", Err("QIAO-W025")),
        ("[[1,2],[3,\"4\"]]", Err("QIAO-W022")),
        ("5", Err("QIAO-W025")),
    ] {
        let found = read(&guard, json).map(|value| value.json());
        assert_eq!(found.as_deref().map_err(|code| *code), expected, "{json}");
    }
    let typed = |value| {
        guard
            .bare(0, id(1), Bare::Typed(vec![value]), now(0).wall)
            .map(|_| ())
            .map_err(|refused| refused.refusal.code())
    };
    assert_eq!(typed(Value::of(Scalar::I64(BuiltInType::Int16, 5))), Err("QIAO-W025"));
}
