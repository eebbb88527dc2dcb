//! Rules over messages: what each predicate says, and that no message makes one panic.

use super::{Outcome, Unclear, outcome};
use crate::profile::Rule;
use proptest::prelude::*;
use serde_json::{Value, json};

/// One rule, whose `where`, `if` and `check` are the given lines.
fn rule(lines: &str) -> Rule {
    let text = "{ en: a, de: b, zh: c }";
    let text = format!(
        "rules:\n- id: TEST-0001\n  title: {text}\n  clause: own rule\n  severity: error\n  fix: {text}\n  {}\n",
        lines.replace('\n', "\n  ")
    );
    let (mut rules, findings) = crate::profile::read_rules(&text);
    assert!(findings.is_empty(), "{text}\n{:?}", findings.iter().map(ToString::to_string).collect::<Vec<_>>());
    rules.remove(0)
}

#[track_caller]
fn check(lines: &str, message: &Value, expected: &str) {
    let told = match outcome(&rule(lines), message) {
        Outcome::Pass => "pass".to_owned(),
        Outcome::Fail { places, more: 0 } => places.join(" "),
        Outcome::Fail { places, more } => format!("{} and {more} more", places.join(" ")),
        Outcome::Inconclusive(Unclear::Kind(place)) => format!("unclear {place}"),
        Outcome::Inconclusive(Unclear::TooLarge) => "too large".to_owned(),
        Outcome::NotApplicable => "nothing".to_owned(),
    };
    let expected = if expected == "root" { "" } else { expected };
    assert_eq!(told, expected, "{lines}\n{message}");
}

#[test]
fn each_predicate_says_where_it_fails() {
    let m = json!({
        "n": 3, "t": "abc", "d": "2024-02-29", "z": "2024-02-30", "big": 9_007_199_254_740_993_u64, "nil": null,
        "list": [{"k": "a", "v": 1}, {"k": "b", "v": 2}, {"k": "a", "v": 2}],
        "order": [1, 2, 2, 5, 4], "of": {"a/b": 1}, "gtin": "4006381333931", "u": "urn:a:b", "parts": ["0.1", 0.2], "sum": 0.3,
        "from": "2024-01-01T00:00:00Z", "to": "2024-01-01T08:00:01+08:00",
    });
    let table = [
        ("check: { exists: /n }", "pass"),
        ("check: { exists: /of/x }", "/of"),
        ("check: { exists: /x/y }", "root"),
        ("check: { absent: /x }", "pass"),
        ("check: { absent: /n }", "/n"),
        ("check: { equals: { at: /n, value: 3 } }", "pass"),
        ("check: { equals: { at: /n, value: 3.0 } }", "pass"),
        ("check: { equals: { at: /t, value: abd } }", "/t"),
        ("check: { equals: { at: /nil, value: null } }", "pass"),
        ("check: { equals: { at: /of, value: x } }", "unclear /of"),
        ("check: { equals: { at: /x, value: 1 } }", "nothing"),
        ("check: { one-of: { at: \"/list/*/k\", values: [a] } }", "/list/1/k"),
        ("check: { matches: { at: /t, pattern: \"^[a-z]+$\" } }", "pass"),
        ("check: { matches: { at: /d, pattern: \"^[a-z]+$\" } }", "/d"),
        ("check: { range: { at: /n, min: 1, max: 3 } }", "pass"),
        ("check: { range: { at: /n, max: 2 } }", "/n"),
        ("check: { range: { at: /n, max: { at: \"/list/0/v\" } } }", "/n"),
        ("check: { range: { at: /n, max: { at: /x } } }", "nothing"),
        ("check: { range: { at: /d, min: 2024-03-01 } }", "/d"),
        ("check: { range: { at: /t, min: 1 } }", "unclear /t"),
        ("check: { compare: { left: /n, is: \">\", right: \"/list/*/v\" } }", "pass"),
        ("check: { compare: { left: \"/list/*/v\", is: \">=\", right: /n } }", "/list/0/v /list/1/v /list/2/v"),
        ("check: { compare: { left: /from, is: \"<\", right: /to } }", "pass"),
        ("check: { compare: { left: /from, is: \"==\", right: /to, within: 1 } }", "pass"),
        ("check: { compare: { left: /from, is: \"==\", right: /to, within: 0.5 } }", "/from"),
        ("check: { compare: { left: /from, is: \"<\", right: /n } }", "unclear /from"),
        ("check: { range: { at: /big, max: 9007199254740992 } }", "/big"),
        ("check: { unique: \"/list/*/k\" }", "/list/2/k"),
        ("check: { unique: /list }", "pass"),
        ("check: { count: { at: /list, min: 3, max: 3 } }", "pass"),
        ("check: { count: { at: \"/list/[k=a]\", max: 1 } }", "/list"),
        ("check: { count: { at: \"/list/[k=c]\", min: 1 } }", "/list"),
        ("check: { count: { at: \"/x/*\", min: 1 } }", "nothing"),
        ("check: { sum: { of: /parts, equals: /sum } }", "pass"),
        ("check: { sum: { of: \"/list/*/v\", equals: /n } }", "/n"),
        ("check: { sum: { of: \"/list/*/v\", equals: 4.5, within: 0.5 } }", "pass"),
        ("check: { sum: { of: \"/list/*/v\", max: 4 } }", "/list"),
        ("check: { sum: { of: \"/list/*/k\", max: 4 } }", "unclear /list"),
        ("check: { ordered: { at: /order } }", "/order/4"),
        ("check: { ordered: { at: /order, strictly: yes } }", "/order/2 /order/4"),
        ("check: { check-digit: { at: /gtin, kind: gs1 } }", "pass"),
        ("check: { check-digit: { at: /t, kind: gs1 } }", "/t"),
        ("check: { is-date: /d }", "pass"),
        ("check: { is-date: /z }", "/z"),
        ("check: { uri: /u }", "pass"),
        ("check: { uri: /t }", "/t"),
        ("check: { all: [ { exists: /n }, { equals: { at: /t, value: x } }, { is-date: /z } ] }", "/t /z"),
        ("check: { any: [ { exists: /x }, { exists: /n } ] }", "pass"),
        ("check: { any: [ { equals: { at: /n, value: 1 } }, { equals: { at: /t, value: x } } ] }", "root"),
        ("check: { not: { exists: /n } }", "/n"),
        ("check: { not: { equals: { at: /x, value: 1 } } }", "nothing"),
    ];
    for (lines, expected) in table {
        check(lines, &m, expected);
    }
}

#[test]
fn a_rule_runs_at_every_place_of_its_where_and_only_if_asked_for() {
    let m = json!({ "kind": "x", "list": [{"k": "a", "v": 1}, {"k": "b", "v": 9}, {"k": "a", "v": 7}, {"v": 8}] });
    check("where: \"/list/*\"\ncheck: { range: { at: /v, max: 5 } }", &m, "/list/1/v /list/2/v /list/3/v");
    let of_a = "where: \"/list/*\"\nif: { equals: { at: /k, value: a } }\ncheck: { range: { at: /v, max: 5 } }";
    check(of_a, &m, "/list/2/v");
    check("where: \"/list/[k=b]\"\ncheck: { equals: { at: \"$/kind\", value: x } }", &m, "pass");
    check("where: \"/nowhere/*\"\ncheck: { exists: /v }", &m, "nothing");
    check("if: { equals: { at: /x, value: a } }\ncheck: { exists: /v }", &m, "nothing");
}

#[test]
fn what_is_told_of_one_rule_is_bounded_and_so_is_the_work() {
    let many: Vec<Value> = (0..50).map(Value::from).collect();
    let Outcome::Fail { places, more } =
        outcome(&rule("where: \"/*\"\ncheck: { range: { at: \"\", min: 100 } }"), &many.into())
    else {
        panic!("it fails")
    };
    assert_eq!((places.len(), more), (20, 30));
    let large: Vec<Value> = (0..2000).map(|n| json!({ "n": n })).collect();
    let pairs = rule("check: { compare: { left: \"/*/n\", is: \"<=\", right: \"/*/n\" } }");
    assert_eq!(outcome(&pairs, &large.into()), Outcome::Inconclusive(Unclear::TooLarge));
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a0-9:/~*\\[\\]=é T.+-]{0,24}".prop_map(Value::from),
        Just(json!("2024-02-29T23:59:60.999999999999+99:99")),
        Just(json!("2024-02-29é")),
    ];
    leaf.prop_recursive(4, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map("[abk*~/]{0,2}", inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    /// Every predicate over any message: an answer, never a panic, and always the same; a place told is there.
    #[test]
    fn no_message_makes_a_rule_panic(message in any_json()) {
        for check in [
            "{ all: [ { unique: \"/*\" }, { ordered: { at: \"/*\" } }, { uri: \"/*\" }, { is-date: \"/*/*\" } ] }",
            "{ any: [ { sum: { of: \"/*\", equals: /a } }, { compare: { left: \"/*\", is: \"<\", right: \"$/*/*\", within: 1 } } ] }",
            "{ not: { range: { at: \"/*\", min: { at: /a }, max: 3 } } }",
            "{ count: { at: \"/[a=0]/*\", min: 2 } }",
            "{ all: [ { matches: { at: \"/*\", pattern: \"^a\" } }, { check-digit: { at: \"/*\", kind: gs1 } } ] }",
            "{ one-of: { at: \"/*/*\", values: [1, a, null] } }",
        ] {
            let rule = rule(&format!("where: \"/*\"\ncheck: {check}"));
            let told = outcome(&rule, &message);
            prop_assert_eq!(&told, &outcome(&rule, &message));
            if let Outcome::Fail { places, .. } = told {
                for place in places {
                    prop_assert!(message.pointer(&place).is_some(), "{} in {}", place, message);
                }
            }
        }
    }
}
