//! What the schema of a command says is what the guard reads.

use super::super::fixture::{entry, guard, id, now, rule};
use crate::config::plan::{Argument, Literal, Quantity, Takes, ValueRule, WRITABLE, WritePlan};
use crate::guard::schema;
use crate::model::BuiltInType;
use serde_json::Value;

/// Values of every kind, right for some types and wrong for others.
const VALUES: [&str; 36] = [
    "true",
    "false",
    "null",
    "0",
    "1",
    "5",
    "7",
    "-1",
    "80",
    "120",
    "125",
    "127",
    "128",
    "255",
    "256",
    "-129",
    "65535",
    "65536",
    "2147483648",
    "4294967296",
    "9007199254740991",
    "0.5",
    "1.5",
    "\"9007199254740993\"",
    "\"-5\"",
    "\"text\"",
    "\"\"",
    "\"2026-11-23T08:00:00Z\"",
    "\"72962b91-fa75-4ae6-8d28-b404dc7daf63\"",
    "\"AQI=\"",
    "\"AQ\"",
    "{\"text\":\"Halt\",\"locale\":\"de\"}",
    "{\"lang\":\"de\"}",
    "[1,2]",
    "[1,2,3]",
    "[[1,2],[3,4]]",
];

#[track_caller]
fn agree(entry: &WritePlan, messages: impl Iterator<Item = String>) -> (usize, usize) {
    let schema = schema::of("hall-3", entry);
    let validator = jsonschema::draft202012::new(&schema).unwrap_or_else(|error| panic!("{schema}: {error}"));
    assert!(jsonschema::meta::is_valid(&schema), "{schema}");
    let guard = guard(entry.clone());
    let (mut right, mut wrong) = (0, 0);
    for message in messages {
        let value: Value = serde_json::from_str(&message).unwrap_or_else(|error| panic!("{message}: {error}"));
        let read = guard.read(0, message.as_bytes());
        let is_valid = validator.is_valid(&value);
        // How many digits a float holds no schema can say.
        let is_inexact = read.as_ref().is_err_and(|refused| refused.refusal.code() == "QIAO-W024");
        if is_valid && is_inexact {
            wrong += 1;
            continue;
        }
        assert_eq!(is_valid, read.is_ok(), "{message}: {:?}\n{schema}", read.map(|command| command.json()));
        if is_valid { right += 1 } else { wrong += 1 }
    }
    (right, wrong)
}

fn message(value: &str) -> String {
    format!(r#"{{"id":"{}","issued":"{}","value":{value}}}"#, id(1), now(0).wall)
}

#[test]
fn the_schema_of_a_command_takes_what_the_guard_reads_and_nothing_else() {
    for (word, kind) in WRITABLE {
        for dimensions in [vec![], vec![2], vec![2, 2]] {
            let takes = Takes::Value { rule: ValueRule { dimensions, ..rule(kind) }, max_change: None };
            let (right, wrong) = agree(&WritePlan { takes, ..entry() }, VALUES.iter().map(|value| message(value)));
            assert!(right + wrong == VALUES.len() && wrong > 0, "{word}");
        }
    }
}

#[test]
fn bounds_lists_and_members_stand_in_the_schema() {
    let (right, wrong) = agree(&entry(), VALUES.iter().map(|value| message(value)));
    assert_eq!((right, wrong), (4, 32));
    let one_of = vec![Literal::Number(Quantity::Whole(5)), Literal::Number(Quantity::Whole(7))];
    let listed = Takes::Value { rule: ValueRule { one_of, ..rule(BuiltInType::Int32) }, max_change: None };
    assert_eq!(agree(&WritePlan { takes: listed, ..entry() }, VALUES.iter().map(|value| message(value))).0, 2);
    let base = |more: &str| format!(r#"{{"id":"{}","issued":"{}","value":80{more}}}"#, id(1), now(0).wall);
    let members = [
        base(""),
        base(",\"ttl\":5000"),
        base(",\"expected\":63.5"),
        base(",\"sender\":\"mes\""),
        base(",\"ttl\":0"),
        base(",\"ttl\":\"5\""),
        base(",\"mac\":\"00\""),
        base(",\"more\":1"),
        base(",\"arguments\":{}"),
        message("80").replace("\"id\"", "\"ID\""),
        message("80").replace('T', " "),
        message("80").replace("0002\"", "000\""),
    ];
    assert_eq!(agree(&entry(), members.into_iter()), (4, 8));
}

#[test]
fn a_call_has_its_arguments_in_the_schema() {
    let argument = |name: &str, kind| Argument { name: name.to_owned(), rule: rule(kind) };
    let takes = Takes::Arguments(vec![argument("program", BuiltInType::Byte), argument("at", BuiltInType::DateTime)]);
    let arguments = [
        r#"{"program":7,"at":"2026-11-23T08:00:00Z"}"#,
        r#"{"program":7}"#,
        r#"{"program":256,"at":"2026-11-23T08:00:00Z"}"#,
        r#"{"program":7,"at":"2026-11-23T08:00:00Z","more":1}"#,
        "[]",
    ];
    let message =
        |arguments: &&str| format!(r#"{{"id":"{}","issued":"{}","arguments":{arguments}}}"#, id(1), now(0).wall);
    assert_eq!(agree(&WritePlan { takes, ..entry() }, arguments.iter().map(message)), (1, 4));
}
