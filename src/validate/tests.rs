use super::schema::{MAX_CHAIN, MAX_LEVELS, MAX_SUBSCHEMAS};
use super::*;
use crate::codec::tape::tests::documents;
use crate::codec::{EncodeError, Limits};
use crate::finding::Language;
use proptest::prelude::*;
use serde_json::json;

fn compile(schema: Value) -> Result<Checker, SchemaError> {
    Checker::compile(&Arc::new(schema))
}

fn tape(document: &Value) -> Tape {
    let mut tape = Tape::new();
    tape.json(document);
    tape
}

#[track_caller]
fn refuses(schema: Value, expected: &SchemaError) {
    assert_eq!(compile(schema).err().as_ref(), Some(expected));
}

/// Many kinds of schemas, so written that documents of the tests meet them.
fn schemas() -> Vec<Value> {
    let value = json!({"type": ["integer", "string", "null"]});
    vec![
        json!({"type": "object", "required": ["a"], "properties": {"a": value, "b": {"minimum": 0}}}),
        json!({"properties": {"a": {"type": "number"}, "ab": {}, "": true}, "additionalProperties": false}),
        json!({"patternProperties": {"^a": {"type": "array"}, "\"": false}, "additionalProperties": value}),
        json!({"propertyNames": {"maxLength": 1, "pattern": "^[a-d\n]*$"}}),
        json!({"items": {"type": "integer", "minimum": -2, "exclusiveMaximum": 3}}),
        json!({"items": {"multipleOf": 0.5}, "uniqueItems": true}),
        json!({"prefixItems": [{"type": "string"}, true], "items": false, "minItems": 1}),
        json!({"contains": {"enum": [1, "a", null, [], {"a": 1}, -0.0, 1.5]}, "maxContains": 2}),
        json!({"enum": [[1, 2.0], {"a": [null]}, "\n", "é", 0, true, 1.5, {}]}),
        json!({"const": {"a": {"b": 0}}}),
        json!({"type": "string", "minLength": 2, "maxLength": 3}),
        json!({"type": "string", "pattern": "^[a-c]*\\\\?\"*$"}),
        json!({"anyOf": [{"type": "array"}, {"required": ["a", "b"]}, {"type": "integer"}]}),
        json!({"oneOf": [{"type": "number"}, {"minimum": 1}, {"maxProperties": 2}]}),
        json!({"if": {"properties": {"a": {"type": "string"}}}, "then": {"maxProperties": 1}, "else": {"minProperties": 3}}),
        json!({"not": {"type": "object", "minProperties": 18}, "dependentRequired": {"a": ["b"]}}),
        json!({"dependentSchemas": {"a": {"properties": {"b": false}}}}),
        json!({"allOf": [{"properties": {"a": true}}], "unevaluatedProperties": {"type": "boolean"}}),
        json!({"prefixItems": [true], "unevaluatedItems": {"type": "string"}}),
        json!({"$ref": "#/$defs/tree", "$defs": {"tree": {
        "anyOf": [
            {"type": "object", "additionalProperties": {"$ref": "#/$defs/tree"}},
            {"type": "array", "items": {"$ref": "#/$defs/tree"}, "uniqueItems": true},
            {"type": ["integer", "string", "boolean"]},
        ]}}}),
        json!({"$anchor": "node", "properties": {"a": {"$ref": "#node"}, "b": {"$ref": "#/properties/a"}}, "maxProperties": 3}),
        json!(true),
        json!(false),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    /// The verdict over a tape is the verdict over a `serde_json::Value`, and so are the places.
    #[test]
    fn a_tape_is_judged_like_a_value(document in documents()) {
        static CHECKERS: std::sync::LazyLock<Vec<(Checker, Validator)>> = std::sync::LazyLock::new(|| {
            let both = |schema: Value| {
                let plain = jsonschema::options().with_draft(Draft::Draft202012).build(&schema).expect("a schema");
                (compile(schema).expect("a schema"), plain)
            };
            schemas().into_iter().map(both).collect()
        });
        let written = tape(&document);
        let parsed = Tape::parse(document.to_string().as_bytes(), Limits::default()).expect("JSON");
        for (checker, plain) in CHECKERS.iter() {
            let expected = plain.is_valid(&document);
            prop_assert_eq!(checker.is_valid(&written), expected, "{} against {}", document, checker.schema);
            prop_assert_eq!(checker.is_valid(&parsed), expected, "{} against {}", document, checker.schema);
            let violations = checker.violations(&written, usize::MAX);
            prop_assert_eq!(violations.is_empty(), expected);
            let places: Vec<_> = plain.iter_errors(&document).map(|error| error.schema_path().to_string()).collect();
            let mut ours: Vec<_> = violations.into_iter().map(|violation| violation.schema_pointer).collect();
            ours.dedup();
            let mut theirs = places;
            theirs.dedup();
            prop_assert_eq!(ours, theirs);
        }
    }

    #[test]
    fn long_arrays_are_unique_as_short_ones_are(mut items in prop::collection::vec(documents(), 20..60), again in any::<prop::sample::Index>()) {
        let checker = compile(json!({"uniqueItems": true})).expect("a schema");
        let plain = jsonschema::validator_for(&json!({"uniqueItems": true})).expect("a schema");
        prop_assert_eq!(checker.is_valid(&tape(&json!(items))), plain.is_valid(&json!(items)));
        items.push(items[again.index(items.len())].clone());
        prop_assert!(!checker.is_valid(&tape(&json!(items))));
    }
}

#[test]
fn a_name_that_a_schema_learns_later_is_still_found() {
    let early = tape(&json!({"late name": 1, "other late name": {"late\nname": 2}}));
    let checker = compile(json!({
        "required": ["late name"],
        "properties": {"other late name": {"properties": {"late\nname": {"type": "string"}}}},
    }))
    .expect("a schema");
    let violations = checker.violations(&early, 9);
    assert_eq!(violations.len(), 1);
    assert_eq!(violations[0].pointer, "/other late name/late\nname");
    assert!(!checker.is_valid(&early));
}

#[test]
fn a_float_is_judged_by_what_is_sent() {
    let checker = compile(json!({"maximum": 0.1})).expect("a schema");
    let mut tape = Tape::new();
    // Widened to f64 it would be 0.10000000149.
    tape.f32(0.1);
    assert!(checker.is_valid(&tape));
    tape.clear();
    tape.f32(0.10001);
    assert!(!checker.is_valid(&tape));
}

#[test]
fn each_violation_has_its_place_and_its_facts() {
    let checker = compile(json!({
        "type": "object",
        "required": ["Id", "Speed"],
        "additionalProperties": false,
        "properties": {
            "Id": {"type": "string", "maxLength": 3},
            "Speed": {"type": "number", "maximum": 150},
            "Mode": {"enum": ["Auto_1", "Manual_2"]},
            "Time": {"format": "date-time"},
            "List": {"items": {"multipleOf": 2}},
        },
    }))
    .expect("a schema");
    let long = "x".repeat(100);
    let message = tape(&json!({
        "Id": long, "Mode": "Off_0", "Time": "yesterday", "List": [2, 3], "a/b": 1, "c": 2,
    }));
    let facts = |violation: Violation| {
        let arguments: Vec<_> = violation.arguments.iter().map(|(name, fact)| format!("{name}={fact}")).collect();
        (violation.code, violation.pointer, arguments.join(" "))
    };
    let mut found: Vec<_> = checker.violations(&message, 99).into_iter().map(facts).collect();
    found.sort();
    let expected = [
        ("QIAO-V102", "/Mode", r#"value="Off_0" expected="Auto_1", "Manual_2""#.to_owned()),
        ("QIAO-V104", "", "name=Speed".to_owned()),
        ("QIAO-V105", "/a~1b", "name=a/b".to_owned()),
        ("QIAO-V105", "/c", "name=c".to_owned()),
        ("QIAO-V111", "/List/1", "value=3 limit=2".to_owned()),
        ("QIAO-V113", "/Id", format!("value=\"{}… (102 bytes) limit=3", "x".repeat(63))),
        ("QIAO-V115", "/Time", r#"value="yesterday" expected=date-time"#.to_owned()),
    ];
    assert_eq!(found, expected.map(|(code, pointer, facts)| (code, pointer.to_owned(), facts)));
    assert_eq!(checker.violations(&message, 2).len(), 2);
    assert!(checker.violations(&message, 99).iter().any(|violation| violation.missing() == Some("Speed")));
}

#[test]
fn a_closed_object_names_what_it_does_not_expect() {
    for (schema, message, expected) in [
        (json!({"additionalProperties": false}), json!({"a": 1, "b": 2}), vec!["V105 /a", "V105 /b"]),
        (
            json!({"properties": {"additionalProperties": false}}),
            json!({"additionalProperties": {"a": 1}}),
            vec!["V127 /additionalProperties"],
        ),
    ] {
        let checker = compile(schema).expect("a schema");
        let found = checker.violations(&tape(&message), 9);
        let found: Vec<_> = found.iter().map(|v| format!("{} {}", &v.code[5..], v.pointer)).collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn a_tape_with_a_fault_never_conforms() {
    let checker = compile(json!(true)).expect("a schema");
    let mut tape = Tape::new();
    tape.number_digits("x");
    assert!(!checker.is_valid(&tape));
    assert_eq!(checker.violations(&tape, 9)[0].code, "QIAO-V134");
    assert!(!checker.is_valid(&Tape::new()));
}

#[test]
fn what_is_no_schema_is_refused_with_its_place() {
    for (schema, pointer) in [
        (json!({"type": "objekt"}), "/type"),
        (json!({"properties": {"a": 5}}), "/properties/a"),
        (json!({"properties": {"a": {"minimum": "0"}}}), "/properties/a/minimum"),
        (json!({"required": "a"}), "/required"),
        (json!({"allOf": []}), "/allOf"),
        (json!(["not", "a", "schema"]), ""),
        (json!("schema"), ""),
    ] {
        let error = compile(schema.clone()).expect_err("no schema");
        assert_eq!((error.code().0.as_ref(), error.pointer()), ("QIAO-V004", pointer), "{schema}: {error}");
    }
    let found = "\"http://json-schema.org/draft-07/schema#\"".to_owned();
    refuses(json!({"$schema": "http://json-schema.org/draft-07/schema#"}), &SchemaError::Dialect { found });
}

#[test]
fn a_schema_never_reaches_out() {
    let outside = |target: &str| SchemaError::Remote { pointer: "/items/$ref".into(), target: target.into() };
    for target in ["https://example.com/other.json", "other.json", "file:///etc/passwd#/a", "", "urn:other#/a"] {
        refuses(json!({"$id": "urn:this", "items": {"$ref": target}}), &outside(target));
    }
    for target in ["#/$defs/none", "#none", "#/items/0/x"] {
        let expected = SchemaError::Unknown { pointer: "/items/$ref".into(), target: target.into() };
        refuses(json!({"items": {"$ref": target}}), &expected);
    }
    let inside = json!({"$id": "urn:this", "items": {"$ref": "urn:this#/$defs/a%20b~1c"}, "$defs": {"a b/c": {"type": "string"}}});
    let checker = compile(inside).expect("a schema");
    assert!(!checker.is_valid(&tape(&json!([1]))) && checker.is_valid(&tape(&json!(["x"]))));
    for keyword in ["$dynamicRef", "$id"] {
        let error = compile(json!({"items": {keyword: "#x"}})).expect_err("not supported");
        assert_eq!((error.code().0.as_ref(), error.pointer()), ("QIAO-V011", format!("/items/{keyword}").as_str()));
    }
}

#[test]
fn a_pattern_that_cannot_run_in_linear_time_is_refused() {
    for (pattern, reason) in [
        ("^(?=a)b", PatternReason::LookAround),
        ("(?<!x)a", PatternReason::LookAround),
        ("(a)\\1", PatternReason::BackReference),
        ("(", PatternReason::Invalid),
        ("^((a{1,500}b?){1,500}){1,500}$", PatternReason::Invalid),
    ] {
        for schema in [json!({"items": {"pattern": pattern}}), json!({"patternProperties": {pattern: true}})] {
            match compile(schema.clone()) {
                Err(SchemaError::Pattern { reason: found, .. }) => assert_eq!(found, reason, "{schema}"),
                Err(SchemaError::NotASchema { .. }) if pattern == "(" => {}
                other => panic!("{schema}: {other:?}"),
            }
        }
    }
}

#[test]
fn a_catastrophic_pattern_is_harmless() {
    let checker = compile(json!({"pattern": "^(a+)+$"})).expect("a schema");
    let mut tape = Tape::new();
    tape.text(&format!("{}b", "a".repeat(100_000)));
    let before = std::time::Instant::now();
    assert!(!checker.is_valid(&tape));
    assert!(before.elapsed() < std::time::Duration::from_secs(5));
}

#[test]
fn a_reference_that_never_consumes_is_refused() {
    for (schema, pointer) in [
        (json!({"$ref": "#"}), ""),
        (json!({"allOf": [{"$ref": "#"}]}), ""),
        (json!({"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"not": {"$ref": "#/$defs/a"}}}}), "/$defs/"),
        (json!({"$ref": "#/$defs/a", "$defs": {"a": {"if": {"$ref": "#/$defs/a"}}}}), "/$defs/a"),
    ] {
        let error = compile(schema.clone()).expect_err("endless");
        assert_eq!(error.code().0, "QIAO-V009", "{schema}: {error}");
        assert!(error.pointer().starts_with(pointer), "{schema}: {error}");
    }
    assert!(compile(json!({"properties": {"a": {"$ref": "#"}}})).is_ok());
}

#[test]
fn a_schema_beyond_the_limits_is_refused() {
    let deep = (0..MAX_LEVELS).fold(json!({}), |inner, _| json!({"not": inner}));
    refuses(deep, &SchemaError::TooDeep);
    let wide: Vec<_> = (0..MAX_SUBSCHEMAS).map(|_| json!(true)).collect();
    refuses(json!({"anyOf": wide}), &SchemaError::TooMany);
    let error = compile(json!({"description": "x".repeat(300_000)})).expect_err("too large");
    assert_eq!(error.code().0, "QIAO-V001");
}

/// `a0` asks `a1` twice, `a1` asks `a2` twice, …
fn doubling(levels: usize, apply: impl Fn(&str) -> Value) -> Value {
    let definition = |at: usize| (format!("a{at}"), apply(&format!("#/$defs/a{}", at + 1)));
    let mut definitions: serde_json::Map<String, Value> = (0..levels).map(definition).collect();
    definitions.insert(format!("a{levels}"), json!({"type": "integer"}));
    json!({"$ref": "#/$defs/a0", "$defs": definitions})
}

#[test]
fn references_that_multiply_are_refused() {
    for schema in [
        doubling(40, |to| json!({"allOf": [{"$ref": to}, {"$ref": to}]})),
        doubling(40, |to| json!({"allOf": [{"items": {"$ref": to}}, {"items": {"$ref": to}}]})),
        doubling(2_000, |to| json!({"$ref": to})),
    ] {
        assert_eq!(compile(schema).expect_err("too expensive").code().0, "QIAO-V010");
    }
}

/// The longest chains that are let through, on a thread with the stack of the runtime's.
#[test]
fn the_longest_chain_does_not_overflow_the_stack() {
    let chain = doubling(MAX_CHAIN - 8, |to| json!({"$ref": to}));
    let inner = (0..12).fold(json!({"items": {"$ref": "#"}}), |inner, _| json!({"allOf": [inner]}));
    let mut nested = json!("x");
    for _ in 0..crate::codec::tape::MAX_DEPTH {
        nested = json!([nested]);
    }
    let run = move || {
        let checker = compile(chain).expect("a schema");
        assert!(checker.is_valid(&tape(&json!(1))));
        assert_eq!(checker.violations(&tape(&json!("x")), 9).len(), 1);
        let recursive = json!({"type": ["array", "integer"], "allOf": [inner]});
        let checker = compile(recursive).expect("a schema");
        assert!(!checker.is_valid(&tape(&nested)));
        assert_eq!(checker.violations(&tape(&nested), 9).len(), 1);
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(run).expect("a thread").join().expect("no panic");
}

#[test]
fn what_is_suspicious_is_said() {
    let checker =
        compile(json!({"properties": {"a": {"minimun": 0, "format": "telegram", "x-unit": "mm"}}})).expect("a schema");
    let mut said: Vec<_> = checker.warnings().iter().map(|f| (f.code.0.as_ref(), f.place.as_str())).collect();
    said.sort_unstable();
    assert_eq!(said, [("QIAO-V020", "/properties/a/format"), ("QIAO-V021", "/properties/a/minimun")]);
}

/// A text in which every placeholder found its fact.
#[track_caller]
fn says(finding: &Finding) {
    for language in [Language::English, Language::German, Language::Chinese] {
        let text = finding.text(language);
        assert!(!text.contains('‹') && !text.contains("{ $"), "{text}");
        assert!(text.len() > 10 && finding.fix(language).is_some(), "{finding:?}: {text}");
    }
}

#[test]
fn every_schema_error_has_its_text() {
    let (pointer, target) = (String::from("/a"), String::from("#/b"));
    let (found, reason) = (String::from("x"), String::from("y"));
    for error in [
        SchemaError::TooLarge { bytes: 5 },
        SchemaError::TooDeep,
        SchemaError::TooMany,
        SchemaError::NotASchema { pointer: pointer.clone(), reason },
        SchemaError::Dialect { found: found.clone() },
        SchemaError::Remote { pointer: pointer.clone(), target: target.clone() },
        SchemaError::Unknown { pointer: pointer.clone(), target },
        SchemaError::Endless { pointer: pointer.clone() },
        SchemaError::TooExpensive { pointer: pointer.clone(), limit: 5 },
        SchemaError::Unsupported { pointer: pointer.clone(), keyword: "$id" },
    ] {
        says(&error.finding("schema.json"));
    }
    for reason in [PatternReason::LookAround, PatternReason::BackReference, PatternReason::Invalid] {
        let error = SchemaError::Pattern { pointer: pointer.clone(), pattern: found.clone(), reason };
        says(&error.finding("schema.json"));
    }
    compile(json!({"format": "x", "typ": 1})).expect("a schema").warnings().iter().for_each(says);
}

#[test]
fn a_failed_choice_tells_what_is_wrong_with_the_branch_that_was_chosen() {
    let branch = |kind: u8, value: Value| json!({"properties": {"T": {"const": kind}, "V": value}, "required": ["T"]});
    let branches = [branch(1, json!({"type": "boolean"})), branch(2, json!({"maximum": 9})), branch(3, json!(true))];
    for keyword in ["anyOf", "oneOf"] {
        let checker = compile(json!({ keyword: branches })).expect("a schema");
        let told = |message: Value| -> Vec<(String, &str)> {
            let violations = checker.violations(&tape(&message), 9);
            violations.into_iter().map(|violation| (violation.pointer, violation.keyword)).collect()
        };
        assert_eq!(told(json!({"T": 2, "V": 10})), [("/V".to_owned(), "maximum")]);
        assert_eq!(told(json!({"T": 1, "V": 10})), [("/V".to_owned(), "type")]);
        assert_eq!(told(json!({"T": 4, "V": 10})), [(String::new(), keyword)], "no branch was chosen");
        assert_eq!(told(json!({"V": 10})), [(String::new(), keyword)], "several could be meant");
    }
}

#[test]
fn every_violation_has_its_code_and_text() {
    let mut codes = std::collections::BTreeSet::new();
    for (schema, message) in [
        (json!({"type": ["string", "null"]}), json!(1)),
        (json!({"enum": [1, "a"]}), json!(2)),
        (json!({"const": 1}), json!(2)),
        (json!({"required": ["a"]}), json!({})),
        (json!({"additionalProperties": false}), json!({"a": 1})),
        (json!({"unevaluatedProperties": false}), json!({"a": 1})),
        (json!({"properties": {"a": {"minimum": 1, "maximum": 0}}}), json!({"a": 0.5})),
        (json!({"exclusiveMinimum": 1, "exclusiveMaximum": 1, "multipleOf": 2}), json!(1)),
        (json!({"minLength": 4, "maxLength": 1, "pattern": "^[0-9]+$", "format": "ipv4"}), json!("abc")),
        (json!({"minItems": 3, "maxItems": 1, "uniqueItems": true, "contains": {"type": "null"}}), json!([1, 1])),
        (json!({"minProperties": 3, "maxProperties": 1, "propertyNames": {"maxLength": 1}}), json!({"a": 1, "bc": 2})),
        (json!({"anyOf": [{"type": "null"}, false]}), json!(1)),
        (json!({"oneOf": [{"type": "null"}, false]}), json!(1)),
        (json!({"oneOf": [true, {"type": "integer"}]}), json!(1)),
        (json!({"not": {"type": "integer"}}), json!(1)),
        (json!({"properties": {"a": false}}), json!({"a": 1})),
        (json!({"prefixItems": [true], "items": false}), json!([1, 2])),
        (json!({"prefixItems": [true], "unevaluatedItems": false}), json!([1, 2])),
    ] {
        let checker = compile(schema.clone()).expect("a schema");
        let violations = checker.violations(&tape(&message), 99);
        assert!(!violations.is_empty(), "{schema}");
        for violation in violations {
            says(&violation.finding(crate::finding::Severity::Error));
            codes.insert(violation.code);
        }
    }
    let all: Vec<_> = codes.into_iter().collect();
    assert_eq!(
        all.join(" ").replace("QIAO-V1", ""),
        "01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 29"
    );
}

#[test]
fn what_cannot_be_read_or_written_has_its_text() {
    for text in ["[[[[1]]]]", "[1,2,3,4,5]", "[", "x", "{\"a\":1,\"a\":1}", "\"\\ud800\"", "1e999"] {
        let limits = Limits { bytes: 20, depth: 3, nodes: 5 };
        says(&Tape::parse(text.as_bytes(), limits).expect_err("not a message").finding("a/topic"));
    }
    says(
        &Tape::parse(&[b' '; 30], Limits { bytes: 20, ..Limits::default() }).expect_err("too long").finding("a/topic"),
    );
    says(&Tape::parse(b"\xff", Limits::default()).expect_err("not UTF-8").finding("a/topic"));
    for error in [EncodeError::TooDeep, EncodeError::Unreadable, EncodeError::TooLong] {
        says(&error.finding("a field"));
    }
}
