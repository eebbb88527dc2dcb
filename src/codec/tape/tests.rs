use super::*;
use crate::codec::Limits;
use proptest::prelude::*;
use serde_json::{Value, json};

fn written(write: impl FnOnce(&mut Tape)) -> Tape {
    let mut tape = Tape::new();
    write(&mut tape);
    tape
}

/// A tape in words: kind, text, name and size of each node.
fn outline(tape: &Tape) -> Vec<(TapeKind, String, String, u32, u32)> {
    let of = |node: &TapeNode| {
        (node.kind(), tape.json_of(node).to_owned(), tape.key_of(node).to_owned(), node.count(), node.next())
    };
    tape.nodes().iter().map(of).collect()
}

/// Documents as they come in: nested, with odd names and strings.
pub(crate) fn documents() -> impl Strategy<Value = Value> {
    let number = prop_oneof![
        any::<i64>().prop_map(|value| json!(value)),
        any::<u64>().prop_map(|value| json!(value)),
        (-5_i64..5).prop_map(|value| json!(value)),
        (-5_i64..5).prop_map(|value| json!(value as f64 / 2.0)),
        any::<f64>().prop_filter("finite", |value| value.is_finite()).prop_map(|value| json!(value)),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        number,
        "[a-c\"\\\\\n\u{1}é🦀]{0,4}".prop_map(Value::String),
    ];
    leaf.prop_recursive(5, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::vec(("[a-d\"\né]{0,2}", inner), 0..22)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_reads_back_with_the_same_index(document in documents()) {
        let tape = written(|tape| tape.json(&document));
        prop_assert_eq!(tape.fault(), None);
        // `to_string` of serde_json writes as tersely as we do.
        prop_assert_eq!(tape.as_str(), document.to_string());
        let parsed = Tape::parse(tape.as_bytes(), Limits::default()).expect("JSON");
        prop_assert_eq!(outline(&parsed), outline(&tape));
        for (written, parsed) in tape.nodes().iter().zip(parsed.nodes()) {
            prop_assert_eq!(written.payload() as u32, parsed.payload() as u32);
        }
        let copied = written(|copy| copy.copy(&tape, 0));
        prop_assert_eq!(outline(&copied), outline(&tape));
    }

    #[test]
    fn a_rewound_value_leaves_no_trace(kept in documents(), taken_back in documents()) {
        let tape = written(|tape| {
            tape.begin_array();
            tape.json(&kept);
            let mark = tape.mark();
            tape.json(&taken_back);
            tape.begin_object();
            tape.key_text("open");
            tape.rewind(mark);
            tape.json(&kept);
            tape.end_array();
        });
        let expected = written(|tape| tape.json(&json!([kept, kept])));
        prop_assert_eq!(outline(&tape), outline(&expected));
    }

    #[test]
    fn a_float_keeps_every_bit(bits in any::<u32>(), wide in any::<u64>()) {
        let (single, double) = (f32::from_bits(bits), f64::from_bits(wide));
        let tape = written(|tape| tape.f32(single));
        if single.is_finite() {
            prop_assert_eq!(tape.as_str().parse::<f32>().expect("a number").to_bits(), bits);
        }
        let tape = written(|tape| tape.f64(double));
        if double.is_finite() {
            prop_assert_eq!(tape.as_str().parse::<f64>().expect("a number").to_bits(), wide);
        }
    }
}

#[test]
fn a_node_stays_small() {
    assert_eq!(size_of::<TapeNode>(), 32);
}

#[test]
fn numbers_are_written_as_they_are() {
    for (expected, tape) in [
        ("-0.0", written(|tape| tape.f64(-0.0))),
        ("0.1", written(|tape| tape.f32(0.1))),
        ("95.0", written(|tape| tape.f64(95.0))),
        ("\"NaN\"", written(|tape| tape.f32(f32::NAN))),
        ("\"Infinity\"", written(|tape| tape.f64(f64::INFINITY))),
        ("\"-Infinity\"", written(|tape| tape.f32(f32::NEG_INFINITY))),
        ("18446744073709551615", written(|tape| tape.u64(u64::MAX))),
        ("-9223372036854775808", written(|tape| tape.i64(i64::MIN))),
        ("123456789012345678901234567890.10", written(|tape| tape.number_digits("123456789012345678901234567890.10"))),
        ("\"AAEC/w==\"", written(|tape| tape.base64(&[0, 1, 2, 255]))),
    ] {
        assert_eq!(tape.as_str(), expected);
        assert_eq!(tape.fault(), None);
    }
    for wrong in ["", "1.", "01", "NaN", "1e400", "1 "] {
        assert_eq!(written(|tape| tape.number_digits(wrong)).fault(), Some(TapeFault::NotANumber), "{wrong}");
    }
}

#[test]
fn more_levels_than_allowed_are_a_fault_and_not_an_overflow() {
    let nested = |levels: usize| {
        written(|tape| {
            (0..levels).for_each(|_| tape.begin_array());
            (0..levels).for_each(|_| tape.end_array());
        })
    };
    assert_eq!(nested(MAX_DEPTH).fault(), None);
    assert_eq!(nested(MAX_DEPTH + 1).fault(), Some(TapeFault::TooDeep));
}

#[test]
fn a_pointer_finds_its_value() {
    let tape = written(|tape| tape.json(&json!({"a/b": [1, {"~": "x"}], "": null, "a": {}})));
    for (pointer, expected) in [
        ("/a~1b/1/~0", Some("\"x\"")),
        ("/a~1b/0", Some("1")),
        ("/", Some("null")),
        ("/a", Some("{}")),
        ("/a/b", None),
        ("/a~1b/2", None),
        ("/a~1b/x", None),
        ("/a~1b/0/0", None),
    ] {
        let found = tape.find(pointer).map(|at| tape.json_of(&tape.nodes()[at as usize]));
        assert_eq!(found, expected, "{pointer}");
    }
    assert_eq!(tape.find(""), Some(0));
}
