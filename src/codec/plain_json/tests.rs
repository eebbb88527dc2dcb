use super::*;
use crate::codec::{Limits, Reading, ua_json};
use crate::model::StatusCode;

/// Every leaf as `pointer=type:value`, as the encoder of values writes it.
fn shown(json: &str) -> Vec<String> {
    let tape = Tape::parse(json.as_bytes(), Limits::default()).expect("JSON");
    let (mut arena, mut found) = (Vec::new(), Vec::new());
    leaves(&tape, 0, &[], &mut String::new(), &mut arena, &mut |leaf| {
        found.push((leaf.pointer.to_owned(), leaf.scalar, leaf.is_kept_as_text));
    });
    let text = |(pointer, scalar, is_kept): (String, Scalar, bool)| {
        let none = Timestamp::NONE;
        let (status, enumeration) = (StatusCode::GOOD, None);
        let reading = Reading { scalar, arena: &arena, status, source_time: none, server_time: none, enumeration };
        let mut tape = Tape::new();
        ua_json::data_value(&mut tape, &reading).expect("written");
        let value: serde_json::Value = serde_json::from_str(tape.as_str()).expect("JSON");
        format!("{pointer}={}:{}{}", value["UaType"], value["Value"], if is_kept { " (text)" } else { "" })
    };
    found.into_iter().map(text).collect()
}

#[track_caller]
fn check(json: &str, expected: &[&str]) {
    assert_eq!(shown(json), expected, "{json}");
}

#[test]
fn every_leaf_has_its_path_and_the_type_that_json_gives_it() {
    check(
        r#"{"a":{"b":1,"c":-2.5},"d":"x\ny","e":true,"f":null,"g/~":18446744073709551615,"h":{}}"#,
        &[
            "/a/b=8:\"1\"",
            "/a/c=11:-2.5",
            "/d=12:\"x\\ny\"",
            "/e=1:true",
            "/f=0:null",
            "/g~1~0=9:\"18446744073709551615\"",
        ],
    );
    check("5", &["=8:\"5\""]);
    check("{}", &[]);
}

#[test]
fn an_array_is_one_value() {
    check(r#"{"a":[1,2,3]}"#, &[r#"/a=8:["1","2","3"]"#]);
    check(r#"{"a":[1.5,2.25]}"#, &["/a=11:[1.5,2.25]"]);
    check(r#"{"a":["x","y"]}"#, &[r#"/a=12:["x","y"]"#]);
    check(r#"{"a":[1,"x"]}"#, &[r#"/a=24:[{"UaType":8,"Value":"1"},{"UaType":12,"Value":"x"}]"#]);
    check(r#"{"a":[]}"#, &["/a=24:[]"]);
    check(r#"{"a":[{"b":1}]}"#, &[r#"/a=24:[{"UaType":22,"Value":{"b":"1"}}]"#]);
}

#[test]
fn digits_that_no_double_holds_stay_as_they_stand() {
    check("[0.1, 1e3, 100.0, -0.0, 1E-7]", &["=11:[0.1,1000.0,100.0,-0.0,1e-7]"]);
    check(r#"{"a":0.1234567890123456789}"#, &[r#"/a=12:"0.1234567890123456789" (text)"#]);
    check(r#"{"a":123456789012345678901}"#, &[r#"/a=12:"123456789012345678901" (text)"#]);
    check(r#"{"a":1e-400}"#, &[r#"/a=12:"1e-400" (text)"#]);
    check(r#"{"a":18446744073709552000}"#, &["/a=11:1.8446744073709552e+19"]);
    check(r#"{"a":9007199254740993.0}"#, &[r#"/a=12:"9007199254740993.0" (text)"#]);
    check(r#"{"a":5e-324}"#, &["/a=11:5e-324"]);
}

#[test]
fn a_bare_number_is_a_number_or_nothing() {
    let mut arena = Vec::new();
    assert_eq!(number(" 21 \n", &mut arena), Some((Scalar::I64(BuiltInType::Int64, 21), false)));
    assert_eq!(number("2.5e1", &mut arena), Some((Scalar::F64(25.0), false)));
    for text in ["", "x", "1 2", "0x10", "NaN", "1e999", "01", "1,5", "--1", "+1"] {
        assert_eq!(number(text, &mut arena), None, "{text}");
    }
}

#[track_caller]
fn at(json: &str, format: TimeFormat, expected: Result<&str, &'static str>) {
    let tape = Tape::parse(json.as_bytes(), Limits::default()).expect("JSON");
    let found = time(&tape, tape.find("/t"), format).map(|time| time.to_string());
    assert_eq!(found, expected.map(str::to_owned), "{json} {format:?}");
}

#[test]
fn a_time_is_read_exactly_or_not_at_all() {
    use TimeFormat::{Rfc3339, UnixMilliseconds, UnixSeconds};
    at(r#"{"t":"2026-11-24T16:00:00.5+08:00"}"#, Rfc3339, Ok("2026-11-24T08:00:00.5Z"));
    at(r#"{"t":"2026-11-24T08:00:00.123456789Z"}"#, Rfc3339, Ok("2026-11-24T08:00:00.1234567Z"));
    at(r#"{"t":1764000000}"#, UnixSeconds, Ok("2025-11-24T16:00:00Z"));
    at(r#"{"t":1764000000.1}"#, UnixSeconds, Ok("2025-11-24T16:00:00.1Z"));
    at(r#"{"t":1764000000123}"#, UnixMilliseconds, Ok("2025-11-24T16:00:00.123Z"));
    at(r#"{"t":"yesterday"}"#, Rfc3339, Err("form"));
    at(r#"{"t":1764000000}"#, Rfc3339, Err("kind"));
    at(r#"{"t":"1764000000"}"#, UnixSeconds, Err("kind"));
    at(r#"{"t":1e9}"#, UnixSeconds, Err("form"));
    at(r#"{"t":99999999999999999999}"#, UnixSeconds, Err("form"));
    at(r#"{"t":null}"#, UnixSeconds, Err("missing"));
    at("{}", UnixSeconds, Err("missing"));
}
