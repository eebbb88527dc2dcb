use super::*;
use crate::codec::tape::tests::documents;
use proptest::prelude::*;
use serde_json::Value;

#[track_caller]
fn refuses(bytes: impl AsRef<[u8]>, at: usize, kind: ParseErrorKind) {
    let bytes = bytes.as_ref();
    let error = Tape::parse(bytes, Limits::default()).err();
    assert_eq!(error, Some(ParseError { at, kind }), "{}", String::from_utf8_lossy(bytes));
}

fn unexpected(expected: &'static str) -> ParseErrorKind {
    ParseErrorKind::Unexpected { expected }
}

#[test]
fn what_is_not_json_is_refused_with_its_place() {
    refuses("", 0, ParseErrorKind::Incomplete);
    refuses("[1,", 3, ParseErrorKind::Incomplete);
    refuses("[1,]", 3, unexpected("{ [ \" 0…9 true false null"));
    refuses("{\"a\":1,}", 7, unexpected("\""));
    refuses("{\"a\" 1}", 5, unexpected(":"));
    refuses("{\"a\":1 \"b\":2}", 7, unexpected(", }"));
    refuses("[1}", 2, unexpected(", ]"));
    refuses("1 2", 2, unexpected("EOF"));
    refuses("NaN", 0, unexpected("{ [ \" 0…9 true false null"));
    refuses("[-Infinity]", 1, unexpected("0…9"));
    refuses("[01]", 2, unexpected(", ]"));
    refuses("[1.e5]", 1, unexpected("0…9"));
    refuses("\"a\nb\"", 2, unexpected("\\u00XX"));
    refuses("\"\\x\"", 1, unexpected("\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u"));
    refuses("\"\\u12g4\"", 1, unexpected("\\uXXXX"));
    refuses("\"abc", 4, ParseErrorKind::Incomplete);
    refuses(b"[\"\xff\"]", 2, ParseErrorKind::NotUtf8);
    refuses("[1e400]", 1, ParseErrorKind::NumberTooLarge);
}

#[test]
fn what_is_json_but_ambiguous_is_refused() {
    refuses(r#"{"a":1,"b":2,"a":3}"#, 13, ParseErrorKind::DuplicateName { name: "a".into() });
    refuses(r#"{"a":1,"\u0061":2}"#, 7, ParseErrorKind::DuplicateName { name: "a".into() });
    refuses(r#"["\ud800"]"#, 2, ParseErrorKind::LoneSurrogate);
    refuses(r#"["\udc00\ud800"]"#, 2, ParseErrorKind::LoneSurrogate);
    refuses(r#"["\ud800\u0041"]"#, 2, ParseErrorKind::LoneSurrogate);
    assert!(Tape::parse(r#"["\ud83e\udd80", {"a":{"a":1}}]"#.as_bytes(), Limits::default()).is_ok());
}

#[test]
fn a_name_that_repeats_in_a_wide_object_is_found() {
    for count in [15, 16, 17, 18, 40] {
        let members: Vec<_> = (0..count).map(|at| format!("\"n{at}\":{{\"n0\":1}}")).collect();
        let good = format!("{{{}}}", members.join(","));
        assert!(Tape::parse(good.as_bytes(), Limits::default()).is_ok(), "{count}");
        for again in [0, count / 2, count - 1] {
            let bad = format!("{{{},\"n{again}\":1}}", members.join(","));
            let name = format!("n{again}");
            refuses(bad, good.len(), ParseErrorKind::DuplicateName { name });
        }
    }
}

#[test]
fn a_message_beyond_the_limits_is_refused() {
    let limits = Limits { bytes: 100, depth: 3, nodes: 5 };
    for (text, kind) in [
        (" ".repeat(101), ParseErrorKind::TooLong { limit: 100 }),
        ("[[[[]]]]".to_owned(), ParseErrorKind::TooDeep { limit: 3 }),
        ("[1,2,3,4,5]".to_owned(), ParseErrorKind::TooMany { limit: 5 }),
    ] {
        assert_eq!(Tape::parse(text.as_bytes(), limits).map_err(|error| error.kind).err(), Some(kind));
    }
    let deep = "[".repeat(1 << 19);
    let limits = Limits { depth: usize::MAX, ..Limits::default() };
    assert_eq!(
        Tape::parse(deep.as_bytes(), limits).map_err(|error| error.kind).err(),
        Some(ParseErrorKind::TooDeep { limit: MAX_DEPTH })
    );
}

#[test]
fn a_tape_is_empty_after_an_error() {
    let mut tape = Tape::new();
    assert!(tape.read(b"[1,2", Limits::default()).is_err());
    assert_eq!((tape.as_str(), tape.nodes().len(), tape.depth()), ("", 0, 0));
    tape.read(b"[1,2]", Limits::default()).expect("JSON");
    assert_eq!(tape.nodes().len(), 3);
}

/// What serde_json reads, with the digits it cannot hold left out of the comparison.
fn value_of(tape: &Tape) -> Value {
    serde_json::from_str(tape.as_str()).expect("JSON")
}

proptest! {
    #[test]
    fn pretty_text_means_the_same(document in documents()) {
        let pretty = serde_json::to_string_pretty(&document).expect("JSON");
        let tape = Tape::parse(pretty.as_bytes(), Limits::default()).expect("JSON");
        let mut terse = Tape::new();
        terse.copy(&tape, 0);
        prop_assert_eq!(terse.as_str(), document.to_string());
    }

    /// Pieces of JSON in any order: whatever we take, serde_json takes and reads alike; what we refuse beyond it is
    /// what we promise to refuse.
    #[test]
    fn nothing_is_taken_that_is_not_json(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "{", "}", "[", "]", ",", ":", "\"a\"", "\"b\"", "\"\\n\"", "\"\\ud800\"", "1", "-0", "0.5e3", "1e999",
                "-", "true", "null", "fals", " ", "\u{a0}", "\"", "\\", "9223372036854775808", "99999999999999999999",
            ]),
            0..12,
        )
    ) {
        let text = pieces.concat();
        let ours = Tape::parse(text.as_bytes(), Limits::default());
        let theirs = serde_json::from_str::<Value>(&text);
        match (ours, theirs) {
            (Ok(tape), Ok(value)) => prop_assert_eq!(value_of(&tape), value),
            (Err(error), Ok(_)) => {
                prop_assert!(matches!(error.kind, ParseErrorKind::DuplicateName { .. }), "{}: {}", text, error);
            }
            (Ok(_), Err(error)) => prop_assert!(false, "{}: {}", text, error),
            (Err(error), Err(_)) => prop_assert!(error.at <= text.len()),
        }
    }

    #[test]
    fn no_bytes_make_the_parser_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = Tape::parse(&bytes, Limits::default());
    }
}
