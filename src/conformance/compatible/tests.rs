//! Proofs are checked against the validator: what is proved must hold for every message that is tried.

use super::{Compatibility, includes, refute};
use crate::codec::{Limits, Tape};
use crate::validate::Checker;
use serde_json::{Value, json};
use std::sync::Arc;

/// What is known of the one direction and of the other.
#[track_caller]
fn check(old: Value, new: Value, backward: &str, forward: &str) {
    let (old, new) = (Arc::new(old), Arc::new(new));
    let told = |first: &Arc<Value>, second: &Arc<Value>| match includes(first, second, &[]).expect("schemas") {
        Compatibility::Proved => {
            never_refuted(first, second);
            "proved"
        }
        Compatibility::Refuted { violations, .. } => {
            assert!(!violations.is_empty());
            "refuted"
        }
        Compatibility::NotProven { .. } => "open",
    };
    let told = (told(&old, &new), told(&new, &old));
    assert_eq!(told, (backward, forward), "{old}\n{new}");
}

fn never_refuted(first: &Arc<Value>, second: &Arc<Value>) {
    let (takes, refuses) = (Checker::compile(first).expect("a schema"), Checker::compile(second).expect("a schema"));
    refute::candidates(first, second, &[], &mut |candidate| {
        let tape = Tape::parse(candidate.to_string().as_bytes(), Limits::default()).expect("JSON");
        assert!(!takes.is_valid(&tape) || refuses.is_valid(&tape), "proved, yet {candidate}");
        false
    });
}

#[test]
fn widening_and_narrowing_are_told_apart() {
    let object = |properties: Value, required: Value| json!({ "type": "object", "properties": properties, "required": required });
    let one = || object(json!({ "a": { "type": "integer", "minimum": 0 } }), json!(["a"]));
    check(one(), one(), "proved", "proved");
    check(one(), object(json!({ "a": { "type": "number" } }), json!(["a"])), "proved", "refuted");
    check(one(), object(json!({ "a": { "type": "integer", "minimum": 0 } }), json!([])), "proved", "refuted");
    check(one(), object(json!({ "a": { "type": "integer", "minimum": 1 } }), json!(["a"])), "refuted", "proved");
    check(one(), object(json!({ "a": { "type": "integer", "exclusiveMinimum": -1 } }), json!(["a"])), "proved", "open");
    // A new optional member narrows an open object: old messages may hold anything there.
    let two = object(json!({ "a": { "type": "integer", "minimum": 0 }, "b": { "type": "string" } }), json!(["a"]));
    check(one(), two.clone(), "refuted", "proved");
    let close = |mut schema: Value| {
        schema["additionalProperties"] = json!(false);
        schema
    };
    check(close(one()), close(two.clone()), "proved", "refuted");
    check(close(one()), two, "proved", "refuted");
}

#[test]
fn choices_lists_texts_and_references_are_compared() {
    check(json!({ "enum": ["a", "b"] }), json!({ "enum": ["a", "b", 3] }), "proved", "refuted");
    check(json!({ "enum": ["a", "b"] }), json!({ "type": "string" }), "proved", "refuted");
    check(json!({ "const": 3 }), json!({ "type": "integer", "maximum": 3 }), "proved", "refuted");
    check(json!({ "type": "string", "pattern": "^zz" }), json!({ "type": "string", "pattern": "^yy" }), "open", "open");
    check(
        json!({ "type": "string", "maxLength": 3 }),
        json!({ "type": "string", "maxLength": 4 }),
        "proved",
        "refuted",
    );
    check(json!({ "type": "array", "items": { "type": "integer" } }), json!({ "type": "array" }), "proved", "refuted");
    check(
        json!({ "type": "integer" }),
        json!({ "anyOf": [{ "type": "string" }, { "type": "number" }] }),
        "proved",
        "refuted",
    );
    check(
        json!({ "anyOf": [{ "const": 1 }, { "const": "x" }] }),
        json!({ "type": ["integer", "string"] }),
        "proved",
        "refuted",
    );
    let tree = |leaf: &str| json!({ "$ref": "#/$defs/t", "$defs": { "t": { "type": "object", "properties": { "v": { "type": leaf }, "next": { "$ref": "#/$defs/t" } } } } });
    check(tree("integer"), tree("number"), "proved", "refuted");
    let patterns = |kind: &str| json!({ "type": "object", "patternProperties": { "^x": { "type": kind } }, "additionalProperties": false });
    check(patterns("integer"), patterns("number"), "proved", "refuted");
    let one_of = |a: i64| json!({ "oneOf": [{ "const": a }, { "type": "string" }] });
    check(one_of(1), one_of(1), "proved", "proved");
    check(one_of(1), one_of(2), "refuted", "refuted");
    // What is not understood on the right is not proved.
    check(json!({ "type": "integer" }), json!({ "not": { "type": "string" } }), "open", "refuted");
    check(json!({ "type": "string", "format": "date" }), json!({ "type": "string" }), "proved", "refuted");
    // What data says is no reference, even if it looks like one.
    let data = |to: &str| json!({ "not": { "const": { "$ref": to } }, "$defs": { "a": {}, "b": {} } });
    check(data("#/$defs/a"), data("#/$defs/b"), "refuted", "refuted");
    // Names change nothing that only describes; an `$id` inside changes what references mean.
    check(
        json!({ "type": "string", "title": "a" }),
        json!({ "type": "string", "description": "b" }),
        "proved",
        "proved",
    );
}

#[test]
fn a_message_of_the_seeds_is_a_counter_example() {
    let old = Arc::new(json!({ "type": "string", "pattern": "^a" }));
    let new = Arc::new(json!({ "type": "string", "pattern": "^ab" }));
    let told = includes(&old, &new, &[json!("ac")]).expect("schemas");
    let Compatibility::Refuted { message, violations } = told else { panic!("{told:?}") };
    assert_eq!((message, violations[0].keyword), (json!("ac"), "pattern"));
}
