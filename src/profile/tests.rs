use super::*;
use crate::finding::Checked;

const MANIFEST: &str = "\
profile: acme/press
version: 2.0
title: { en: Press, de: Presse, zh: 压力机 }
description: { en: One press, de: Eine Presse, zh: 一台压力机 }
sources:
  - document: ACME 7
    edition: 2024
    read: primary
    used-for: { en: all, de: alles, zh: 全部 }
codec: umati-json
message: image
every: 250ms
topic: acme/{machine}
topic-kind: state
machine-id: browse-name
when-lost: clear
";

const SCHEMA: &str = r##"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "urn:qiao:schema:acme/press@2.0",
  "type": "object",
  "properties": {
    "Force": {"$ref": "#/$defs/Force"},
    "Axes": {"additionalProperties": {"properties": {"Position": {"type": ["number", "null"]}, "Name": {"type": "string"}, "Unit": {}}}}
  },
  "required": ["Force"],
  "$defs": {"Force": {"type": "number"}}
}
"##;

const MAPPING: &str = "\
placeholders:
  axis: { types: ['nsu=urn:acme;i=7'] }
enumerations:
  mode: { 0: Off, 1: On }
fields:
  - { to: /Force, from: Main/Force, presence: mandatory, unit: NEW, enumeration: mode }
groups:
  - to: /Axes/{axis}
    from: Axes/{axis}
    fields:
      - { name: Position, concept: axis.position, unit-at: Unit }
      - { name: Name, read: once }
";

const CONCEPTS: &str = "\
concepts:
  axis.position:
    title: { en: Position, de: Position, zh: 位置 }
    type: number
    unit: MMT
    per: axis
    semantic-ids: { nc-link: /AXIS/POSITION }
  axis.mode:
    title: { en: Mode, de: Betriebsart, zh: 方式 }
    type: enumeration
    values:
      manual: { en: Manual, de: Hand, zh: 手动 }
      setup: { en: Setup, de: Einrichten, zh: 调整 }
      automatic: { en: Automatic, de: Automatik, zh: 自动 }
      other: { en: Other, de: Sonstige, zh: 其他 }
";

pub(super) fn files(changes: &[(&str, &str)]) -> Files {
    let mut files = Files::new();
    for (name, text) in [
        ("profile.yaml", MANIFEST),
        ("schema.json", SCHEMA),
        ("mapping.yaml", MAPPING),
        ("examples/valid/a.json", r#"{"Force": 1}"#),
        ("examples/invalid/b.json", "{}"),
        ("examples/invalid/b.expect.json", r#"{"pointer": "", "keyword": "required", "shows": "no force"}"#),
    ]
    .iter()
    .chain(changes)
    {
        files.insert((*name).to_owned(), text.as_bytes().to_vec());
    }
    files
}

fn read(changes: &[(&str, &str)]) -> Checked<Option<Folder>> {
    folder::read("p", &files(changes), &concepts())
}

/// A hub with what the mapping speaks of.
pub(super) fn concepts() -> Concepts {
    let files = Files::from([("concepts/axis.yaml".to_owned(), CONCEPTS.as_bytes().to_vec())]);
    let read = Concepts::default().with_files("", &files);
    assert_eq!(told(&read.findings), Vec::<String>::new());
    read.value
}

fn told(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|finding| format!("{} {}", finding.code, finding.place)).collect()
}

/// Replaces `old` by `new` in one file; exactly these findings follow.
#[track_caller]
fn check(file: &str, old: &str, new: &str, expected: &[&str]) {
    let text = match file {
        "profile.yaml" => MANIFEST,
        "schema.json" => SCHEMA,
        _ => MAPPING,
    };
    assert!(text.contains(old), "{old}");
    let read = read(&[(file, &text.replacen(old, new, 1))]);
    assert_eq!(told(&read.findings), expected, "{file}: {old:?} -> {new:?}");
}

#[test]
fn a_good_folder_becomes_a_profile() {
    let read = read(&[]);
    assert_eq!(told(&read.findings), Vec::<String>::new());
    let profile = read.value.expect("good").profile;
    assert_eq!(profile.id(), "acme/press@2.0");
    assert_eq!((profile.every, profile.complete_within), (Duration::from_millis(250), Duration::from_secs(10)));
    let [force, position, name] = &profile.mapping.fields[..] else { panic!("three fields") };
    assert!(force.is_mandatory && !force.is_read_once && !force.takes_null);
    assert_eq!(force.enumeration.as_ref().expect("declared").members[1], (1, "On".to_owned()));
    assert_eq!((position.pointer.as_str(), position.takes_null), ("/Axes/{axis}/Position", true));
    assert_eq!(position.unit, Some(Unit::At("/Axes/{axis}/Unit".to_owned())));
    let axis = PathStep::Placeholder { name: "axis".to_owned(), types: vec!["nsu=urn:acme;i=7".to_owned()] };
    assert_eq!(position.path[1], axis);
    assert!(name.is_read_once);
    let globs: Vec<String> = profile.default_selection().iter().map(ToString::to_string).collect();
    assert_eq!(globs, ["Main/Force", "Axes/*/Position", "Axes/*/Name"]);
}

#[test]
fn a_faulty_manifest_is_told_with_line_and_column() {
    let check = |old, new, expected: &[&str]| check("profile.yaml", old, new, expected);
    check("codec: umati-json", "codec: umati_json", &["QIAO-P010 p/profile.yaml:10:8"]);
    check("topic-kind", "topic_kind", &["QIAO-P008 p/profile.yaml:1:1", "QIAO-P007 p/profile.yaml:14:1"]);
    check("every: 250ms", "every: 250", &["QIAO-P011 p/profile.yaml:12:8"]);
    check("every: 250ms", "every: 2s\nat-least-every: 1s", &["QIAO-P034 p/profile.yaml:1:1"]);
    check("acme/press", "Acme", &["QIAO-P012 p/profile.yaml:1:10"]);
    check("version: 2.0", "version: two", &["QIAO-P012 p/profile.yaml:2:10"]);
    check("zh: 压力机", "fr: presse", &["QIAO-P008 p/profile.yaml:3:8", "QIAO-P007 p/profile.yaml:3:33"]);
    check("message: image", "message: image\nmessage: delta", &["QIAO-P006 p/profile.yaml:12:1"]);
    check("message: image", "message: [image]", &["QIAO-P009 p/profile.yaml:11:10"]);
    check("acme/{machine}", "acme/+/x", &["QIAO-P023 p/profile.yaml:13:8"]);
    check("2024", "&a 2024", &["QIAO-P005 p/profile.yaml:7:17"]);
    check("title: {", "title: }", &["QIAO-P004 p/profile.yaml:3:8"]);
}

#[test]
fn a_faulty_mapping_is_told_with_line_and_column() {
    let check = |old, new, expected: &[&str]| check("mapping.yaml", old, new, expected);
    check("from: Main/Force", "from: Main//Force", &["QIAO-P016 p/mapping.yaml:6:25"]);
    check("to: /Force", "to: Force", &["QIAO-P015 p/mapping.yaml:6:11"]);
    check("to: /Force", "to: /Farce", &["QIAO-P022 p/mapping.yaml:6:11"]);
    check(
        "from: Axes/{axis}",
        "from: Axes/X",
        &["QIAO-P018 p/mapping.yaml:11:17", "QIAO-P018 p/mapping.yaml:12:17", "QIAO-P021 p/mapping.yaml:2:3"],
    );
    check("enumeration: mode", "enumeration: mood", &["QIAO-P020 p/mapping.yaml:6:82", "QIAO-P021 p/mapping.yaml:4:3"]);
    check("unit: NEW", "unit: Newton", &["QIAO-P034 p/mapping.yaml:6:64"]);
    check("unit-at: Unit", "unit-at: Units", &["QIAO-P022 p/mapping.yaml:11:60"]);
    check("name: Name", "name: Position", &["QIAO-P019 p/mapping.yaml:12:17"]);
    check("i=7", "ns7", &["QIAO-P016 p/mapping.yaml:2:19"]);
    check("0: Off", "zero: Off", &["QIAO-P034 p/mapping.yaml:4:11"]);
    check("concept: axis.position", "concept: Position", &["QIAO-P012 p/mapping.yaml:11:36"]);
    check("read: once", "read: twice", &["QIAO-P010 p/mapping.yaml:12:29"]);
}

#[test]
fn a_faulty_schema_is_told_with_line_and_column() {
    let check = |old, new, expected: &[&str]| check("schema.json", old, new, expected);
    check("press@2.0", "press@2.1", &["QIAO-P014 p/schema.json:3:10"]);
    check("2020-12", "2019-09", &["QIAO-P014 p/schema.json:2:14"]);
    check("\"type\": \"object\",", "\"type\": \"object\"", &["QIAO-P004 p/schema.json:5:3"]);
    check("\"$defs\": {", "\"type\": {}, \"$defs\": {", &["QIAO-P004 p/schema.json:10:8"]);
}

#[test]
fn all_faults_are_told_at_once() {
    let read = read(&[
        ("profile.yaml", &MANIFEST.replace("clear", "delete").replace("state", "status")),
        ("schema.json", "{"),
        ("mapping.yaml", &MAPPING.replace("read: once", "read: always")),
        ("examples/valid/a.json", "{]"),
        ("examples/invalid/b.expect.json", r#"{"pointer": ""}"#),
        ("shema.json", "{}"),
    ]);
    assert!(read.value.is_none());
    let expected = [
        "QIAO-P024 p/shema.json",
        "QIAO-P010 p/profile.yaml:14:13",
        "QIAO-P010 p/profile.yaml:16:12",
        "QIAO-P004 p/schema.json:1:1",
        "QIAO-P010 p/mapping.yaml:12:29",
        "QIAO-P004 p/examples/valid/a.json:1:2",
        "QIAO-P025 p/examples/invalid/b.expect.json:1:1",
    ];
    assert_eq!(told(&read.findings), expected);
}

#[test]
fn what_is_missing_or_unreadable_is_told() {
    let mut files = files(&[]);
    files.retain(|name, _| !name.starts_with("examples/") && name != "mapping.yaml");
    files.insert("schema.json".to_owned(), b"{\n \xff}".to_vec());
    files.insert("profile.yaml".to_owned(), vec![b' '; folder::MAX_FILE + 1]);
    let expected = [
        "QIAO-P003 p/profile.yaml",
        "QIAO-P002 p/schema.json:2:2",
        "QIAO-P001 p/mapping.yaml",
        "QIAO-P033 p/examples/valid",
        "QIAO-P033 p/examples/invalid",
    ];
    assert_eq!(told(&folder::read("p", &files, &concepts()).findings), expected);
    files.insert("profile.yaml".to_owned(), format!("profile: {}{}", "[".repeat(40), "]".repeat(40)).into_bytes());
    assert_eq!(told(&folder::read("p", &files, &concepts()).findings)[0], "QIAO-P003 p/profile.yaml:1:41");
}

#[test]
fn a_library_takes_folders_by_their_place_and_refuses_doubles() {
    let at = |folder: &str| -> Files {
        files(&[]).into_iter().map(|(name, bytes)| (format!("{folder}/{name}"), bytes)).collect()
    };
    let mut both = at("acme/press/2.0");
    both.extend(at("acme/press/2.1"));
    let read = Library::default().with_folder("own", &both);
    assert_eq!(
        told(&read.findings),
        ["QIAO-P013 own/acme/press/2.1/profile.yaml", "QIAO-P031 own/acme/press/2.1/profile.yaml"]
    );
    let library = read.value;
    assert_eq!(library.list().map(|profile| profile.id()).collect::<Vec<_>>(), ["acme/press@2.0"]);
    assert_eq!(library.nearest("acme/pres@2.0"), Some("acme/press@2.0"));
    let again = library.with_folder("other", &at("x/acme/press/2.0"));
    assert_eq!(told(&again.findings), ["QIAO-P031 other/x/acme/press/2.0/profile.yaml"]);
    let folder = again.value.folder("acme/press@2.0").expect("kept");
    assert!(
        readme::profile(folder).contains("| `/Axes/{axis}/Position` | `Axes/{axis}/Position` |  | axis.position |")
    );
}
