use super::*;
use crate::model::linear::Decimal;
use crate::model::tree::TreeWriter;
use crate::model::{Span, Timestamp, Unit};

const UNCERTAIN: u32 = 0x4000_0000;

fn linear(scale: &str, offset: &str) -> Conversion {
    let part = |text: &str| Decimal::parse(text).expect("a number");
    Conversion { bits: None, then: Then::Linear(part(scale).scale().then(part(offset).offset())) }
}

fn bits(first: u8, last: u8) -> Conversion {
    Conversion { bits: Some(Bits { first, last }), then: Then::Same }
}

fn states(table: &[(&str, Meaning)]) -> Conversion {
    let states: Vec<_> = table.iter().map(|(state, meaning)| ((*state).to_owned(), *meaning)).collect();
    Conversion { bits: None, then: Then::Table(Table::new(&states).expect("no state twice")) }
}

fn int(value: i64) -> Scalar {
    Scalar::I64(BuiltInType::Int32, value)
}

fn result(value: i64) -> Scalar {
    Scalar::I64(BuiltInType::Int64, value)
}

#[track_caller]
fn check_in(arena: &[u8], conversion: &Conversion, scalar: Scalar, expected: Result<Scalar, Unconvertible>) {
    let time = Timestamp(7);
    let sample = Sample { slot: 3, status: UNCERTAIN, source_time: time, server_time: time, scalar };
    let (converted, why) = conversion.apply(&sample, arena);
    assert_eq!(why.map_or(Ok(converted.scalar), Err), expected, "{scalar:?}");
    let status = expected.map_or_else(|why| why.status().0, |_| UNCERTAIN);
    let scalar = expected.unwrap_or(Scalar::Null);
    assert_eq!(converted, Sample { scalar, status, ..sample }, "slot and times stay");
}

#[track_caller]
fn check(conversion: &Conversion, scalar: Scalar, expected: Result<Scalar, Unconvertible>) {
    check_in(&[], conversion, scalar, expected);
}

#[test]
fn scale_and_offset_are_exact_and_what_is_no_number_is_none() {
    check(&linear("0.1", "0"), int(123), Ok(Scalar::F64(12.3)));
    check(&linear("0.1", "-17.5"), int(3), Ok(Scalar::F64(-17.2)));
    check(&linear("10", "5"), int(-3), Ok(result(-25)));
    check(&linear("10", "5"), Scalar::F64(0.5), Ok(Scalar::F64(10.0)));
    check(&linear("1", "0"), int(3), Ok(result(3)));
    check(&linear("2", "0"), Scalar::Bool(true), Ok(result(2)));
    check(&linear("2", "0"), Scalar::U64(BuiltInType::UInt64, u64::MAX), Err(Unconvertible::Range));
    check(&linear("2", "0"), Scalar::F64(f64::NAN), Err(Unconvertible::Range));
    check(&linear("2", "0"), Scalar::F32(f32::INFINITY), Err(Unconvertible::Range));
    check(&linear("2", "0"), Scalar::Null, Err(Unconvertible::Type));
    check_in(
        b"12",
        &linear("2", "0"),
        Scalar::Text(BuiltInType::String, Span { start: 0, length: 2 }),
        Err(Unconvertible::Type),
    );
}

#[test]
fn units_follow_scale_and_offset() {
    let unit = |code| Unit::find(code).expect("known");
    let tenths = Decimal::parse("0.1").expect("a number").scale();
    let conversion = tenths.then(unit("MMT").to(unit("MTR")).expect("lengths"));
    check(&Conversion { bits: None, then: Then::Linear(conversion) }, int(12_345), Ok(Scalar::F64(1.2345)));
}

#[test]
fn bits_are_those_on_the_wire() {
    let byte = |value| Scalar::U64(BuiltInType::Byte, value);
    let whole = |value| Ok(Scalar::U64(BuiltInType::UInt64, value));
    check(&bits(3, 3), byte(0b1000), Ok(Scalar::Bool(true)));
    check(&bits(2, 2), byte(0b1000), Ok(Scalar::Bool(false)));
    check(&bits(4, 7), byte(0xA5), whole(0xA));
    check(&bits(0, 63), Scalar::I64(BuiltInType::Int64, -1), whole(u64::MAX));
    check(&bits(15, 15), Scalar::I64(BuiltInType::Int16, -1), Ok(Scalar::Bool(true)));
    check(&bits(8, 8), byte(1), Err(Unconvertible::Bits));
    check(&bits(0, 0), Scalar::F64(1.0), Err(Unconvertible::Type));
    check(&bits(0, 0), Scalar::Bool(true), Err(Unconvertible::Type));
    let mut two = states(&[("0", Meaning::Number(7)), ("3", Meaning::Number(9))]);
    two.bits = Some(Bits { first: 1, last: 2 });
    check(&two, byte(0b110), Ok(int(9)));
    check(&two, byte(0b100), Err(Unconvertible::State));
}

#[test]
fn a_state_the_table_does_not_know_is_never_guessed() {
    let mode = states(&[("AUTO", Meaning::Number(1)), ("JOG", Meaning::Number(0)), ("7", Meaning::Number(4))]);
    let text = |length| Scalar::Text(BuiltInType::String, Span { start: 0, length });
    check_in(b"AUTO", &mode, text(4), Ok(int(1)));
    check_in(b"7", &mode, text(1), Ok(int(4)));
    check_in(b"auto", &mode, text(4), Err(Unconvertible::State));
    check(&mode, int(7), Ok(int(4)));
    check(&mode, Scalar::F32(7.0), Ok(int(4)));
    check(&mode, Scalar::F32(7.5), Err(Unconvertible::State));
    check(&mode, int(8), Err(Unconvertible::State));
    let mut arena = Vec::new();
    let mut tree = TreeWriter::new(&mut arena);
    tree.localized_text("de", "JOG");
    let tree = Scalar::Tree(tree.finish());
    check_in(&arena, &mode, tree, Ok(int(0)));
    let turning = states(&[("true", Meaning::Bool(false)), ("false", Meaning::Bool(true))]);
    check(&turning, Scalar::Bool(true), Ok(Scalar::Bool(false)));
    assert_eq!(Table::new(&[("1".to_owned(), Meaning::Bool(true)), ("01".to_owned(), Meaning::Bool(true))]), None);
}

#[test]
fn a_bad_value_stays_bad_and_is_not_scaled() {
    let bad = Sample {
        slot: 0,
        status: StatusCode::BAD_NO_COMMUNICATION.0,
        source_time: Timestamp(7),
        server_time: Timestamp(8),
        scalar: int(5),
    };
    assert_eq!(linear("10", "0").apply(&bad, &[]), (Sample { scalar: Scalar::Null, ..bad }, None));
    assert_eq!(Conversion::default().apply(&bad, &[]), (bad, None));
}
