use super::*;
use crate::codec::Limits;
use crate::model::tree::TreeWriter;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use serde_json::{Value, json};

const GOOD: Reading<'static> = Reading {
    scalar: Scalar::Null,
    arena: &[],
    status: StatusCode::GOOD,
    source_time: Timestamp::NONE,
    server_time: Timestamp::NONE,
    enumeration: None,
};

fn encoded(reading: &Reading<'_>) -> Tape {
    let mut tape = Tape::new();
    data_value(&mut tape, reading).expect("a value that can be written");
    assert_eq!(tape.depth(), 0);
    let read = Tape::parse(tape.as_bytes(), Limits::default()).expect("JSON");
    assert_eq!(read.nodes().len(), tape.nodes().len());
    read
}

fn plain(scalar: Scalar, arena: &[u8]) -> Value {
    let tape = encoded(&Reading { scalar, arena, ..GOOD });
    serde_json::from_str(tape.as_str()).expect("JSON")
}

fn tree(write: impl FnOnce(&mut TreeWriter<'_>)) -> Value {
    let mut arena = Vec::new();
    let mut writer = TreeWriter::new(&mut arena);
    write(&mut writer);
    let span = writer.finish();
    plain(Scalar::Tree(span), &arena)
}

/// Every scalar, with what its span would point to.
fn scalars() -> impl Strategy<Value = (Scalar, Vec<u8>)> {
    use BuiltInType as T;
    let whole = |scalar: Scalar| (scalar, Vec::new());
    let in_arena = |bytes: Vec<u8>, make: fn(Span) -> Scalar| {
        let span = Span { start: 3, length: bytes.len() as u32 };
        (make(span), [b"xyz".to_vec(), bytes].concat())
    };
    prop_oneof![
        Just(whole(Scalar::Null)),
        any::<bool>().prop_map(move |value| whole(Scalar::Bool(value))),
        any::<i8>().prop_map(move |value| whole(Scalar::I64(T::SByte, value.into()))),
        any::<i16>().prop_map(move |value| whole(Scalar::I64(T::Int16, value.into()))),
        any::<i32>().prop_map(move |value| whole(Scalar::I64(T::Int32, value.into()))),
        any::<i64>().prop_map(move |value| whole(Scalar::I64(T::Int64, value))),
        any::<u8>().prop_map(move |value| whole(Scalar::U64(T::Byte, value.into()))),
        any::<u16>().prop_map(move |value| whole(Scalar::U64(T::UInt16, value.into()))),
        any::<u32>().prop_map(move |value| whole(Scalar::U64(T::UInt32, value.into()))),
        any::<u64>().prop_map(move |value| whole(Scalar::U64(T::UInt64, value))),
        any::<u32>().prop_map(move |value| whole(Scalar::U64(T::StatusCode, value.into()))),
        any::<u32>().prop_map(move |bits| whole(Scalar::F32(f32::from_bits(bits)))),
        any::<u64>().prop_map(move |bits| whole(Scalar::F64(f64::from_bits(bits)))),
        (0..Timestamp::MAX.0).prop_map(move |ticks| whole(Scalar::Time(Timestamp(ticks)))),
        ".*".prop_map(move |text: String| in_arena(text.into_bytes(), |span| Scalar::Text(BuiltInType::String, span))),
        "[a-f0-9-]{36}"
            .prop_map(move |text: String| in_arena(text.into_bytes(), |span| Scalar::Text(BuiltInType::Guid, span))),
        prop::collection::vec(any::<u8>(), 0..40).prop_map(move |bytes| in_arena(bytes, Scalar::Bytes)),
    ]
}

use crate::model::Span;

/// Reads the `Value` member back as its `UaType` says.
fn read_back(tape: &Tape) -> (Scalar, Vec<u8>) {
    let node = |pointer: &str| tape.nodes()[tape.find(pointer).expect(pointer) as usize];
    let digits = |pointer: &str| tape.text_of(&node(pointer)).to_owned();
    let text = || serde_json::from_str::<String>(tape.json_of(&node("/Value"))).expect("a string");
    let span = |bytes: &[u8]| Span { start: 0, length: bytes.len() as u32 };
    let kind = BuiltInType::from_number(digits("/UaType").parse().expect("a type")).expect("a type");
    use BuiltInType as T;
    let scalar = match kind {
        T::Null => Scalar::Null,
        T::Boolean => Scalar::Bool(digits("/Value") == "true"),
        T::SByte | T::Int16 | T::Int32 | T::Int64 => Scalar::I64(kind, digits("/Value").parse().expect("digits")),
        T::Byte | T::UInt16 | T::UInt32 | T::UInt64 => Scalar::U64(kind, digits("/Value").parse().expect("digits")),
        T::StatusCode => Scalar::U64(kind, digits("/Value/Code").parse().expect("digits")),
        T::Float => Scalar::F32(digits("/Value").parse().expect("a float")),
        T::Double => Scalar::F64(digits("/Value").parse().expect("a double")),
        T::DateTime => Scalar::Time(Timestamp::parse(&text()).expect("a time")),
        T::String | T::Guid => {
            let bytes = text().into_bytes();
            return (Scalar::Text(kind, span(&bytes)), bytes);
        }
        T::ByteString => {
            let bytes = STANDARD.decode(text()).expect("base64");
            return (Scalar::Bytes(span(&bytes)), bytes);
        }
        other => panic!("{other:?}"),
    };
    (scalar, Vec::new())
}

/// Comparable bit by bit: all NaN are one, as the specification has but one text for them.
fn exact(scalar: Scalar, arena: &[u8]) -> String {
    match scalar {
        Scalar::F32(value) if !value.is_nan() => format!("F32 {:x}", value.to_bits()),
        Scalar::F64(value) if !value.is_nan() => format!("F64 {:x}", value.to_bits()),
        Scalar::Text(kind, span) => format!("{kind:?} {:?}", span.of(arena)),
        Scalar::Bytes(span) => format!("Bytes {:?}", span.of(arena)),
        other => format!("{other:?}"),
    }
}

proptest! {
    #[test]
    fn every_scalar_reads_back_as_it_was((scalar, arena) in scalars()) {
        let tape = encoded(&Reading { scalar, arena: &arena, ..GOOD });
        let (read, read_arena) = read_back(&tape);
        prop_assert_eq!(exact(read, &read_arena), exact(scalar, &arena), "{}", tape.as_str());
    }

    #[test]
    fn quality_and_times_travel_with_the_value(
        status in any::<u32>(),
        source in 0..Timestamp::MAX.0,
        server in 0..Timestamp::MAX.0,
    ) {
        let (source_time, server_time) = (Timestamp(source), Timestamp(server));
        let tape = encoded(&Reading { status: StatusCode(status), source_time, server_time, ..GOOD });
        let value: Value = serde_json::from_str(tape.as_str()).expect("JSON");
        let time = |name: &str| Timestamp::parse(value[name].as_str().expect("a time")).expect("a time");
        prop_assert_eq!(value["Status"]["Code"].as_u64().unwrap_or(0), u64::from(status));
        prop_assert_eq!((time("SourceTimestamp"), time("ServerTimestamp")), (source_time, server_time));
    }
}

#[test]
fn good_and_absent_are_left_out() {
    assert_eq!(plain(Scalar::F64(1.5), &[]), json!({"UaType": 11, "Value": 1.5}));
    assert_eq!(plain(Scalar::Null, &[]), json!({"UaType": 0, "Value": null}));
    let bad = encoded(&Reading { status: StatusCode(0x8034_0000), scalar: Scalar::I64(BuiltInType::Int32, 5), ..GOOD });
    assert_eq!(bad.as_str(), r#"{"UaType":6,"Value":5,"Status":{"Code":2150891520,"Symbol":"BadNodeIdUnknown"}}"#);
}

#[test]
fn an_enumeration_carries_its_name_when_it_has_one() {
    let table = [(0, "Idle".to_owned()), (7, "In \"Motion\"".to_owned())];
    let text = |scalar| {
        let mut tape = Tape::new();
        value(&mut tape, &Reading { scalar, enumeration: Some(&table), ..GOOD }).expect("a value");
        tape.as_str().to_owned()
    };
    assert_eq!(text(Scalar::I64(BuiltInType::Int32, 0)), r#""Idle_0""#);
    assert_eq!(text(Scalar::I64(BuiltInType::Int32, 7)), r#""In \"Motion\"_7""#);
    assert_eq!(text(Scalar::U64(BuiltInType::UInt32, 7)), r#""In \"Motion\"_7""#);
    assert_eq!(text(Scalar::I64(BuiltInType::Int32, 1)), "1");
}

#[test]
fn elements_of_an_enumeration_array_carry_their_names() {
    let table = [(0, "Idle".to_owned())];
    let mut arena = Vec::new();
    let mut writer = TreeWriter::new(&mut arena);
    writer.array(BuiltInType::Int32, 2, |tree| (0..2).for_each(|value| tree.i64(BuiltInType::Int32, value)));
    let scalar = Scalar::Tree(writer.finish());
    let tape = encoded(&Reading { scalar, arena: &arena, enumeration: Some(&table), ..GOOD });
    assert_eq!(tape.as_str(), r#"{"UaType":6,"Value":["Idle_0",1]}"#);
}

#[test]
fn values_with_parts_keep_every_part() {
    let value = tree(|tree| {
        tree.structure("nsu=urn:x;i=3", 6, |tree| {
            tree.field("Name");
            tree.localized_text("de", "Fräse");
            tree.field("Big");
            tree.i64(BuiltInType::Int64, i64::MIN);
            tree.field("State");
            tree.enumeration(2, "Active");
            tree.field("Unnamed");
            tree.enumeration(9, "");
            tree.field("Choice");
            tree.union("nsu=urn:x;i=4", 1, |tree| {
                tree.field("Text");
                tree.qualified_name("urn:a;b%", "Name");
            });
            tree.field("Grid");
            tree.matrix(BuiltInType::Byte, &[1, 2], 2, |tree| {
                tree.u64(BuiltInType::Byte, 1);
                tree.u64(BuiltInType::Byte, 2);
            });
        });
    });
    assert_eq!(
        value,
        json!({"UaType": 22, "Value": {
            "UaTypeId": "nsu=urn:x;i=3",
            "Name": {"Locale": "de", "Text": "Fräse"},
            "Big": "-9223372036854775808",
            "State": "Active_2",
            "Unnamed": 9,
            "Choice": {"UaTypeId": "nsu=urn:x;i=4", "Text": "nsu=urn:a%3Bb%25;Name"},
            "Grid": {"Array": [1, 2], "Dimensions": [1, 2]},
        }})
    );
}

#[test]
fn a_matrix_is_flat_with_its_dimensions() {
    let value = tree(|tree| {
        tree.matrix(BuiltInType::Double, &[2, 2], 4, |tree| {
            [1.0, f64::NAN, f64::INFINITY, -0.0].into_iter().for_each(|value| tree.f64(value));
        });
    });
    assert_eq!(value, json!({"UaType": 11, "Value": [1.0, "NaN", "Infinity", -0.0], "Dimensions": [2, 2]}));
}

#[test]
fn elements_of_a_variant_array_carry_their_types() {
    let value = tree(|tree| {
        tree.array(BuiltInType::Variant, 2, |tree| {
            tree.u64(BuiltInType::StatusCode, 0);
            tree.array(BuiltInType::String, 1, |tree| tree.null(BuiltInType::String));
        });
    });
    assert_eq!(
        value,
        json!({"UaType": 24, "Value": [
            {"UaType": 19, "Value": {"Code": 0, "Symbol": "Good"}},
            {"UaType": 12, "Value": [null]},
        ]})
    );
}

#[test]
fn what_could_not_be_decoded_is_carried_whole() {
    let value = tree(|tree| tree.opaque("nsu=urn:x;i=9", false, &[1, 2, 255]));
    assert_eq!(value, json!({"UaType": 22, "Value": {"UaTypeId": "nsu=urn:x;i=9", "UaEncoding": 1, "UaBody": "AQL/"}}));
    let value = tree(|tree| tree.opaque("i=1", true, b"<a/>"));
    assert_eq!(value, json!({"UaType": 22, "Value": {"UaTypeId": "i=1", "UaEncoding": 2, "UaBody": "<a/>"}}));
}

#[test]
fn a_data_value_inside_a_value_keeps_its_quality() {
    let value = tree(|tree| {
        tree.data_value(0x4000_0000, Timestamp::UNIX_EPOCH, Timestamp::NONE, |tree| tree.bool(true));
    });
    assert_eq!(
        value,
        json!({"UaType": 23, "Value": {"UaType": 1, "Value": true,
            "Status": {"Code": 1_073_741_824, "Symbol": "Uncertain"}, "SourceTimestamp": "1970-01-01T00:00:00Z"}})
    );
}

#[test]
fn a_name_in_the_own_namespace_stands_alone_unless_it_looks_like_another() {
    for (namespace, name, expected) in [
        ("", "Status", "Status"),
        (UA_NAMESPACE, "Status", "Status"),
        ("urn:x", "Status", "nsu=urn:x;Status"),
        ("", "nsu=urn:x;Status", "nsu=http://opcfoundation.org/UA/;nsu=urn:x;Status"),
    ] {
        assert_eq!(tree(|tree| tree.qualified_name(namespace, name))["Value"], json!(expected));
    }
}

#[test]
fn a_value_that_cannot_be_written_leaves_nothing_behind() {
    fn nest(tree: &mut TreeWriter<'_>, levels: u32) {
        match levels {
            0 => tree.null(BuiltInType::Null),
            _ => tree.array(BuiltInType::Variant, 1, |tree| nest(tree, levels - 1)),
        }
    }
    let mut arena = Vec::new();
    let mut writer = TreeWriter::new(&mut arena);
    nest(&mut writer, 200);
    let deep = Scalar::Tree(writer.finish());
    let damaged = Scalar::Tree(Span { start: 0, length: 20 });
    let not_text = Scalar::Text(BuiltInType::String, Span { start: 0, length: 1 });
    let mut tape = Tape::new();
    tape.begin_object();
    for (scalar, arena, expected) in [
        (deep, arena.as_slice(), EncodeError::TooDeep),
        (damaged, arena.as_slice(), EncodeError::Unreadable),
        (not_text, &[0xFF], EncodeError::Unreadable),
    ] {
        let mark = tape.mark();
        tape.key_text("field");
        assert_eq!(data_value(&mut tape, &Reading { scalar, arena, ..GOOD }), Err(expected));
        tape.rewind(mark);
    }
    tape.end_object();
    assert_eq!((tape.as_str(), tape.fault()), ("{}", None));
}
