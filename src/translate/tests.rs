use super::*;
use crate::profile::{Concepts, Files, Profile, folder};
use proptest::prelude::*;
use serde_json::json;
use std::sync::Arc;

const CONCEPTS: &str = "\
concepts:
  a.name: { title: { en: N, de: N, zh: N }, type: text }
  a.person: { title: { en: P, de: P, zh: P }, type: text, person: yes }
  a.maker: { title: { en: M, de: M, zh: M }, type: localized-text }
  a.feed: { title: { en: F, de: F, zh: F }, type: number, unit: H81, per: channel }
  a.count: { title: { en: C, de: C, zh: C }, type: integer, unit: C62 }
  a.energy: { title: { en: E, de: E, zh: E }, type: number, unit: WHR }
  a.time: { title: { en: T, de: T, zh: T }, type: time }
  a.mode:
    title: { en: M, de: M, zh: M }
    type: enumeration
    values:
      hand: { en: H, de: H, zh: H }
      setup: { en: S, de: S, zh: S }
      auto: { en: A, de: A, zh: A }
      other: { en: O, de: O, zh: O }
";

const LEFT: &str = "\
placeholders: { c: {} }
tables:
  mode: { of: a.mode, entries: [{ wire: 0, is: hand }, { wire: 1, is: auto }, { wire: 2, is: setup }, { wire: 5, is: other }] }
fields:
  - { to: /name, concept: a.name }
  - { to: /operator, concept: a.person }
  - { to: /maker, concept: a.maker, form: localized }
  - { to: '/channels/{c}/feed', concept: a.feed, unit: H81 }
  - { to: /count, concept: a.count }
  - { to: /energy, concept: a.energy, unit-at: /energy-unit }
  - { to: /time, concept: a.time }
  - { to: /mode, table: mode }
unmapped:
  - { to: /secret, because: { en: ours, de: unser, zh: 自用 } }
";

const RIGHT: &str = "\
placeholders: { c: {} }
tables:
  mode:
    of: a.mode
    entries: [{ wire: manual, is: hand, also: [setup] }, { wire: auto, is: auto }]
    absent: { other: { en: none, de: keine, zh: 无 } }
unit-words:
  energy: { kWh: KWH, Wh: WHR }
fields:
  - { to: /n, concept: a.name }
  - { to: /o, concept: a.person }
  - { to: /m, concept: a.maker, form: languages }
  - { to: '/c/{c}/f', concept: a.feed, unit: C16 }
  - { to: /k, concept: a.count, form: decimal-text }
  - { to: /e/value, concept: a.energy, unit-word-at: /e/unit, unit-words: energy }
  - { to: /t, concept: a.time, form: epoch-ms-text }
  - { to: /s/0/mode, table: mode }
constants:
  - { to: /kind, value: '\"right\"' }
";

fn profile(name: &str, mapping: &str, schema: &str) -> Arc<Profile> {
    let words = "{ en: x, de: x, zh: x }";
    let manifest = format!(
        "profile: acme/{name}\nversion: 1.0\ntitle: {words}\ndescription: {words}\nexchange: document\ncodec: json\n\
         sources: [{{ document: d, edition: 1, read: primary, used-for: {words} }}]\n"
    );
    let schema = format!(
        "{{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"$id\": \"urn:qiao:schema:acme/{name}@1.0\", {schema}}}"
    );
    let expect = r#"{"pointer": "", "keyword": "type", "shows": "no object"}"#;
    let files = [
        ("profile.yaml", &*manifest),
        ("schema.json", &schema),
        ("mapping.yaml", mapping),
        ("examples/valid/a.json", "{}"),
        ("examples/invalid/a.json", "[]"),
        ("examples/invalid/a.expect.json", expect),
    ];
    let files: Files = files.into_iter().map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())).collect();
    let read = folder::read("p", &files, &concepts());
    read.value.unwrap_or_else(|| panic!("{:?}", read.findings)).profile
}

fn concepts() -> Concepts {
    let files = Files::from([("concepts/a.yaml".to_owned(), CONCEPTS.as_bytes().to_vec())]);
    Concepts::default().with_files("", &files).value
}

const ANY: &str = r#""additionalProperties": {"additionalProperties": {"additionalProperties": {}}}"#;
const RIGHT_SCHEMA: &str = r#""properties": {
    "c": {"additionalProperties": {"properties": {"f": {}}}}, "e": {"properties": {"value": {}, "unit": {}}},
    "s": {"type": "array", "items": {"properties": {"mode": {}}}}}, "additionalProperties": {}"#;

fn there() -> Routes {
    Routes::plan(profile("left", LEFT, ANY), profile("right", RIGHT, RIGHT_SCHEMA), concepts())
}

fn back() -> Routes {
    Routes::plan(profile("right", RIGHT, RIGHT_SCHEMA), profile("left", LEFT, ANY), concepts())
}

fn fate(translated: &Translated, pointer: &str) -> FateKind {
    translated.losses.iter().find(|loss| loss.pointer == pointer).expect("declared").fate.kind
}

#[test]
fn every_fate_is_told() {
    let message = json!({
        "name": "N 1", "operator": "canary", "maker": {"locale": "de", "text": "Nordwerk"},
        "channels": {"1": {"feed": 600}, "2": {"feed": 1}}, "count": 7,
        "energy": 1.5, "energy-unit": {"UnitId": 4937544}, "time": "2026-01-02T03:04:05.678Z", "mode": 2,
        "secret": {"deep": 1}, "surplus": true
    });
    let translated = there().document(&message, &[]);
    let mut expected = json!({
        "n": "N 1", "m": [{"language": "de", "text": "Nordwerk"}], "k": "7",
        "e": {"value": 1500, "unit": "Wh"}, "t": "1767323045678", "s": [{"mode": "manual"}], "kind": "right",
        "c": {"1": {"f": 10}, "2": {"f": 1.0 / 60.0}}
    });
    assert_eq!(translated.message, expected);
    assert!(!translated.message.to_string().contains("canary"));
    use FateKind::{Absent, Approximated, Converted, Exact};
    for (pointer, kind) in [
        ("/name", Exact),
        ("/operator", Absent),
        ("/maker/text", Converted),
        ("/maker/locale", Converted),
        ("/channels/1/feed", Converted),
        ("/channels/2/feed", Approximated),
        ("/count", Converted),
        ("/energy", Converted),
        ("/energy-unit/UnitId", Converted),
        ("/time", Converted),
        ("/mode", Approximated),
        ("/secret/deep", Absent),
        ("/surplus", Absent),
    ] {
        assert_eq!(fate(&translated, pointer), kind, "{pointer}");
    }
    let named = there().withholding(Some(vec!["a.person".to_owned()]), Vec::new()).document(&message, &[]);
    assert_eq!(named.message, json!({"o": "canary", "kind": "right"}));
    let given = there().document(&json!({}), &[("a.name".to_owned(), json!("G"))]);
    assert_eq!(given.message, json!({"n": "G", "kind": "right"}));
    assert_eq!(given.given, [("a.name".to_owned(), "/n".to_owned())]);
    let unknown = there().document(&json!({"mode": 5, "energy": 1, "count": null}), &[]);
    assert_eq!(unknown.message, json!({"kind": "right"}), "nothing is invented");
    expected = back().document(&expected, &[]).message;
    assert_eq!((&expected["mode"], &expected["maker"]["text"]), (&json!(0), &json!("Nordwerk")));
}

#[test]
fn a_table_of_two_profiles_names_every_field_of_both() {
    let table = there().table();
    let named: Vec<&str> = table.iter().filter_map(|route| route.source.as_deref()).collect();
    assert_eq!(named.len(), 9);
    let empty: Vec<_> = table.iter().filter(|route| route.targets.is_empty()).collect();
    assert!(matches!(empty[..], [left] if left.concept.is_none() && left.fate.kind == FateKind::Absent), "{empty:?}");
    let mode = table.iter().find(|route| route.source.as_deref() == Some("/mode")).expect("told");
    assert_eq!(mode.fate.kind, FateKind::Approximated);
}

fn message() -> impl Strategy<Value = serde_json::Value> {
    let mode = prop_oneof![Just(0), Just(1), Just(2), Just(5), Just(9)];
    let feeds = prop::collection::btree_map("[a-z~/]{1,3}", -1_000_000_i64..1_000_000, 0..4);
    let fields = ("[ -~]{0,12}", -(1_i64 << 53)..1_i64 << 53, 0_i64..4_000_000_000_000, mode, feeds);
    (fields, any::<bool>()).prop_map(|((name, count, millis, mode, feeds), has_energy)| {
        let time = crate::model::Timestamp::from_unix_millis(millis).write(str::to_owned);
        let channels: serde_json::Map<_, _> =
            feeds.into_iter().map(|(key, feed)| (key, json!({"feed": feed}))).collect();
        let mut message = json!({"name": name, "count": count, "time": time, "mode": mode, "channels": channels});
        if has_energy {
            message["energy"] = json!(count);
        }
        message
    })
}

proptest! {
    #[test]
    fn same_meanings_come_back_and_the_rest_settles(message in message()) {
        let (there, back) = (there(), back());
        let first = there.document(&message, &[]);
        let home = back.document(&first.message, &[]).message;
        for exact in ["name", "count", "time"] {
            prop_assert_eq!(&home[exact], &message[exact]);
        }
        let again = there.document(&home, &[]).message;
        let settled = there.document(&back.document(&again, &[]).message, &[]).message;
        prop_assert_eq!(again, settled);
    }

    #[test]
    fn every_leaf_is_declared_and_nothing_is_invented(message in message()) {
        let translated = there().document(&message, &[]);
        let told: Vec<String> = translated.losses.iter().map(|loss| loss.pointer.clone()).collect();
        let all: Vec<String> = leaves(&message).iter().map(Leaf::pointer).collect();
        prop_assert_eq!(told, all);
        let written: Vec<&str> = translated.losses.iter().filter_map(|loss| loss.target.as_deref()).collect();
        for leaf in leaves(&translated.message) {
            let pointer = leaf.pointer();
            prop_assert!(pointer == "/kind" || pointer == "/e/unit" || written.contains(&&*pointer), "{}", pointer);
        }
    }
}
