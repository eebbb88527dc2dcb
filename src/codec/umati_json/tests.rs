use super::*;
use crate::model::tree::TreeWriter;
use crate::model::{BuiltInType, Span, StatusCode};

fn text(scalar: Scalar, arena: &[u8]) -> Result<String, EncodeError> {
    let table = [(1, "Automatic".to_owned())];
    let reading = Reading {
        scalar,
        arena,
        status: StatusCode::GOOD,
        source_time: Timestamp::NONE,
        server_time: Timestamp::NONE,
        enumeration: Some(&table),
    };
    let mut tape = Tape::new();
    value(&mut tape, &reading)?;
    Ok(tape.as_str().to_owned())
}

#[track_caller]
fn check(expected: &str, write: impl FnOnce(&mut TreeWriter<'_>)) {
    let mut arena = Vec::new();
    let mut writer = TreeWriter::new(&mut arena);
    write(&mut writer);
    let span = writer.finish();
    assert_eq!(text(Scalar::Tree(span), &arena).as_deref(), Ok(expected));
}

#[test]
fn scalars_are_plain_values() {
    for (scalar, expected) in [
        (Scalar::Null, "null"),
        (Scalar::Bool(true), "true"),
        (Scalar::I64(BuiltInType::Int32, 1), "1"),
        (Scalar::I64(BuiltInType::Int64, i64::MIN), "-9223372036854775808"),
        (Scalar::U64(BuiltInType::UInt64, u64::MAX), "18446744073709551615"),
        (Scalar::U64(BuiltInType::StatusCode, 0x8034_0000), "2150891520"),
        (Scalar::F64(95.0), "95.0"),
        (Scalar::F32(0.1), "0.1"),
        (Scalar::F64(f64::NAN), "\"NaN\""),
        (Scalar::Time(Timestamp::UNIX_EPOCH), "\"1970-01-01T00:00:00Z\""),
        (Scalar::Text(BuiltInType::NodeId, Span { start: 0, length: 13 }), "\"nsu=urn:x;i=5\""),
        (Scalar::Bytes(Span { start: 0, length: 3 }), "\"bnN1\""),
    ] {
        assert_eq!(text(scalar, b"nsu=urn:x;i=5").as_deref(), Ok(expected));
    }
}

#[test]
fn values_with_parts_are_plain_objects_and_arrays() {
    check(r#"{"locale":"de","text":"Fräse"}"#, |tree| tree.localized_text("de", "Fräse"));
    check(r#"{"namespaceUri":"urn:x","name":"N"}"#, |tree| tree.qualified_name("urn:x", "N"));
    check(r#"{"Low":0.0,"High":150.0}"#, |tree| {
        tree.structure("i=884", 2, |tree| {
            tree.field("Low");
            tree.f64(0.0);
            tree.field("High");
            tree.f64(150.0);
        });
    });
    check(r#"[2,"x"]"#, |tree| {
        tree.array(BuiltInType::Variant, 2, |tree| {
            tree.enumeration(2, "Two");
            tree.text(BuiltInType::String, "x");
        });
    });
    check(r#"{"typeId":"i=1","encoding":"xml","body":"PGEvPg=="}"#, |tree| tree.opaque("i=1", true, b"<a/>"));
}

#[test]
fn a_matrix_is_arrays_inside_arrays() {
    check("[[1,2,3],[4,5,6]]", |tree| {
        tree.matrix(BuiltInType::Byte, &[2, 3], 6, |tree| (1..7).for_each(|value| tree.u64(BuiltInType::Byte, value)));
    });
    check("[[[1],[2]]]", |tree| {
        tree.matrix(BuiltInType::Byte, &[1, 2, 1], 2, |tree| {
            (1..3).for_each(|value| tree.u64(BuiltInType::Byte, value))
        });
    });
    // A dimension of 0 leaves no elements, however large the others are.
    check("[]", |tree| tree.matrix(BuiltInType::Byte, &[u32::MAX, 0], 0, |_| {}));
}

#[test]
fn more_or_fewer_elements_than_the_dimensions_say_are_damage() {
    for count in [3, 5] {
        let mut arena = Vec::new();
        let mut writer = TreeWriter::new(&mut arena);
        writer.matrix(BuiltInType::Byte, &[2, 2], count, |tree| {
            (0..count).for_each(|value| tree.u64(BuiltInType::Byte, value.into()));
        });
        let span = writer.finish();
        assert_eq!(text(Scalar::Tree(span), &arena), Err(EncodeError::Unreadable), "{count}");
    }
}
