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

const BESIDE: &str = "\
when-lost: clear
beside:
  behind: '/{machine}'
  data: /Axes
  machines: { topic: '{base}/list', entry: { Data: '{data}', Kind: press, Why: '{error}' } }
  online: { topic: '{base}/online/{machine}', online: '1', lost: '0' }
  version: { topic: '{base}/v', text: 'qiao {version}' }
";

#[test]
fn topics_beside_messages_are_read() {
    let manifest = MANIFEST.replace("when-lost: clear\n", BESIDE);
    let folder = read(&[("profile.yaml", &manifest)]);
    assert_eq!(told(&folder.findings), Vec::<String>::new());
    let profile = folder.value.expect("good").profile;
    let beside = profile.beside.as_ref().expect("a section");
    assert_eq!((beside.every, beside.data.as_str()), (Duration::from_secs(30), "/Axes"));
    let topics: Vec<(&str, &str)> = beside.topics().iter().map(|(key, topic, _)| (*key, *topic)).collect();
    assert_eq!(topics, [("machines", "/list"), ("online", "/online/{machine}"), ("version", "/v")]);
    let entry = &beside.machines.as_ref().expect("a list").entry;
    assert_eq!(entry[1], ("Kind".to_owned(), beside::Fact::Text("press".to_owned())));
}

#[test]
fn a_faulty_section_beside_is_told_with_line_and_column() {
    let check = |old: &str, new: &str, expected: &[&str]| {
        assert!(BESIDE.contains(old), "{old}");
        check("profile.yaml", "when-lost: clear\n", &BESIDE.replacen(old, new, 1), expected);
    };
    check("{base}/list", "acme/list", &["QIAO-P082 p/profile.yaml:20:22"]);
    check("{base}/list", "{base}/{machine}", &["QIAO-P082 p/profile.yaml:20:22"]);
    check("{base}/online/{machine}", "{base}/online", &["QIAO-P082 p/profile.yaml:21:20"]);
    check("{base}/v", "{base}/+", &["QIAO-P082 p/profile.yaml:22:21"]);
    check("'/{machine}'", "'/press/{machine}'", &["QIAO-P083 p/profile.yaml:18:11"]);
    check("'/{machine}'", "'{machine}'", &["QIAO-P083 p/profile.yaml:18:11"]);
    check("/Axes", "/Axis", &["QIAO-P084 p/profile.yaml:19:9"]);
    check("{data}", "{date}", &["QIAO-P010 p/profile.yaml:20:52"]);
    check("lost: '0'", "gone: '0'", &["QIAO-P008 p/profile.yaml:21:11", "QIAO-P007 p/profile.yaml:21:60"]);
    check("  data", "  every: 10ms\n  data", &["QIAO-P034 p/profile.yaml:18:3"]);
}

#[test]
fn spellings_belong_to_nc_link_and_lead_to_a_name_of_their_kind() {
    let of = |spellings: &str| format!("when-lost: clear\nspellings: {{ {spellings} }}\n");
    let wrong = |spellings: &str, codec: &str, expected: &[&str]| {
        let manifest = MANIFEST.replace("codec: umati-json", codec).replace("when-lost: clear\n", &of(spellings));
        let found = read(&[("profile.yaml", &manifest)]);
        assert_eq!(told(&found.findings), expected, "{spellings}");
        found.value.map(|folder| folder.profile.spellings.to_vec())
    };
    let nc_link = "codec: nc-link";
    assert_eq!(
        wrong("settable: setable, SERVO: SERVO_DRIVER", nc_link, &[]),
        Some(vec![("settable".into(), "setable".into()), ("SERVO".into(), "SERVO_DRIVER".into())])
    );
    wrong("settable: setable", "codec: umati-json", &["QIAO-P079 p/profile.yaml:17:14"]);
    for faulty in ["A: A", "A: b", "A: B, B: C"] {
        wrong(faulty, nc_link, &["QIAO-P080 p/profile.yaml:17:14"]);
    }
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
    both.insert("concepts/axis.yaml".to_owned(), CONCEPTS.as_bytes().to_vec());
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

#[test]
fn a_faulty_concept_is_told_with_line_and_column() {
    #[track_caller]
    fn check(old: &str, new: &str, expected: &[&str]) {
        assert!(CONCEPTS.contains(old), "{old}");
        let text = CONCEPTS.replacen(old, new, 1);
        let files = Files::from([("concepts/axis.yaml".to_owned(), text.into_bytes())]);
        assert_eq!(told(&Concepts::default().with_files("s", &files).findings), expected, "{old:?} -> {new:?}");
    }
    check("axis.position", "position", &["QIAO-P012 s/concepts/axis.yaml:2:3"]);
    check("axis.mode", "axis.position", &["QIAO-P006 s/concepts/axis.yaml:8:3"]);
    check("type: number", "type: text", &["QIAO-P040 s/concepts/axis.yaml:5:11"]);
    check("unit: MMT", "unit: mm", &["QIAO-P040 s/concepts/axis.yaml:5:11"]);
    check("per: axis", "per: axes", &["QIAO-P010 s/concepts/axis.yaml:6:10"]);
    check("type: enumeration", "type: text", &["QIAO-P041 s/concepts/axis.yaml:8:3"]);
    check("setup: {", "Set up: {", &["QIAO-P012 s/concepts/axis.yaml:13:7"]);
    check("zh: 手动 ", "", &["QIAO-P008 s/concepts/axis.yaml:12:15"]);
    check(
        "title: { en: Mode",
        "titel: { en: Mode",
        &["QIAO-P008 s/concepts/axis.yaml:9:5", "QIAO-P007 s/concepts/axis.yaml:9:5"],
    );
    check("nc-link:", "NC-Link:", &["QIAO-P012 s/concepts/axis.yaml:7:21"]);
    let twice = [("concepts/a.yaml", CONCEPTS), ("concepts/b.yaml", CONCEPTS)];
    let files = twice.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())).into();
    let read = Concepts::default().with_files("s", &files);
    assert_eq!(told(&read.findings), ["QIAO-P039 s/concepts/b.yaml:2:3", "QIAO-P039 s/concepts/b.yaml:8:3"]);
    assert_eq!(read.findings[0].arguments[1], ("first", "s/concepts/a.yaml:2:3".to_owned()));
    // Another folder may say the same, and nothing else.
    let one = |text: &str| Files::from([("concepts/a.yaml".to_owned(), text.as_bytes().to_vec())]);
    let first = Concepts::default().with_files("s", &one(CONCEPTS)).value;
    assert!(first.clone().with_files("t", &one(CONCEPTS)).findings.is_empty());
    let other = first.with_files("t", &one(&CONCEPTS.replacen("unit: MMT", "unit: MTR", 1)));
    assert_eq!(told(&other.findings), ["QIAO-P039 t/concepts/a.yaml:2:3"]);
}

const DOCUMENT: &str = "\
placeholders: { axis: {} }
tables:
  mode:
    of: axis.mode
    entries:
      - { wire: 0, is: manual, also: [setup], accept: ['0'] }
      - { wire: 1, is: automatic }
    absent: { other: { en: none, de: keine, zh: 无 } }
unit-words:
  lengths: { mm: MMT, m: MTR }
fields:
  - { to: '/axes/[kind=linear]/pos', concept: axis.position, unit: MTR, form: decimal-text }
  - { to: '/axes/{axis}/pos', concept: axis.position, unit-word-at: '/axes/{axis}/unit', unit-words: lengths, unit: MMT }
  - { to: '/axes/{axis}/mode', table: mode, rule: { en: about, de: etwa, zh: 大约 }, only: write }
  - { concept: axis.mode, table: mode, derive: { from: '/axes/{axis}/name', match: '^(.)-', take: 1 } }
constants:
  - { to: '/axes/[kind=linear]/v', value: '[1, {}]' }
unmapped:
  - { to: [/a, /b], because: { en: ours, de: unser, zh: 自用 } }
";

const DOCUMENT_SCHEMA: &str = r#"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "urn:qiao:schema:acme/press@2.0",
  "properties": {
    "axes": {"items": {"properties": {"pos": {}, "unit": {}, "mode": {}, "name": {}, "v": {}, "kind": {}}}}
  },
  "required": ["axes"]
}"#;

fn document(mapping: &str) -> Checked<Option<Folder>> {
    let travel = "codec: umati-json\nmessage: image\nevery: 250ms\ntopic: acme/{machine}\ntopic-kind: state\n\
                  machine-id: browse-name\nwhen-lost: clear\n";
    let how = "exchange: document\ncodec: json\ndetect: [{ at: /axes, exists: yes }, { at: '/axes/0/kind', matches: '^l' }]\n";
    let manifest = MANIFEST.replace(travel, how);
    assert!(manifest.contains(how));
    read(&[("profile.yaml", &manifest), ("schema.json", DOCUMENT_SCHEMA), ("mapping.yaml", mapping)])
}

#[test]
fn a_document_says_how_it_holds_its_concepts() {
    let read = document(DOCUMENT);
    assert_eq!(told(&read.findings), Vec::<String>::new());
    let profile = read.value.expect("good").profile;
    assert_eq!((profile.exchange, profile.codec, profile.detect.len()), (Exchange::Document, Codec::Json, 2));
    assert!(profile.default_selection().is_empty(), "a document has no nodes");
    let [first, second, mode, derived] = &profile.mapping.fields[..] else { panic!("four fields") };
    assert_eq!(first.meaning.form, Form::DecimalText);
    assert!(
        matches!(&second.unit, Some(Unit::Word { words, otherwise: Some(code), .. }) if words.words.len() == 2 && code == "MMT")
    );
    assert_eq!((mode.concept.as_deref(), mode.meaning.only), (Some("axis.mode"), Some(Only::Write)));
    let table = mode.meaning.table.as_ref().expect("declared");
    let (number, text) = (serde_json::json!(0), serde_json::json!("0"));
    assert_eq!(table.read(&number), Some(Read { value: "manual", is_other_spelling: false }));
    assert_eq!(table.read(&text), Some(Read { value: "manual", is_other_spelling: true }));
    assert_eq!(table.write("manual"), Written::Exact(&number));
    assert!(matches!(table.write("setup"), Written::Approximate(entry) if entry.wire == number));
    assert!(matches!(table.write("other"), Written::Absent(because) if because.de == "keine"));
    assert_eq!((derived.pointer.as_str(), derived.meaning.only), ("/axes/{axis}/name", Some(Only::Read)));
    let because: Vec<(&str, &str)> =
        profile.mapping.unmapped.iter().map(|left| (left.path.as_str(), left.because.en.as_str())).collect();
    assert_eq!(because, [("/a", "ours"), ("/b", "ours")]);
    let constant = &profile.mapping.constants[0].value;
    assert_eq!(*constant, ConstantValue::Json(serde_json::json!([1, {}])));
}

#[test]
fn what_a_document_says_wrongly_is_told() {
    #[track_caller]
    fn check(old: &str, new: &str, expected: &[&str]) {
        assert!(DOCUMENT.contains(old), "{old}");
        assert_eq!(told(&document(&DOCUMENT.replacen(old, new, 1)).findings), expected, "{old:?} -> {new:?}");
    }
    check("concept: axis.position", "concept: axis.positon", &["QIAO-P035 p/mapping.yaml:12:47"]);
    let unknown = document(&DOCUMENT.replacen("concept: axis.position", "concept: axis.positon", 1)).findings;
    for language in Language::ALL {
        let text = unknown[0].text(language);
        assert!(text.contains("axis.position"), "the nearest one is named: {text}");
    }
    check("is: automatic", "is: auto", &["QIAO-P036 p/mapping.yaml:7:24", "QIAO-P044 p/mapping.yaml:3:3"]);
    check("also: [setup]", "also: [manual]", &["QIAO-P046 p/mapping.yaml:6:39", "QIAO-P044 p/mapping.yaml:3:3"]);
    check("wire: 1", "wire: 0", &["QIAO-P046 p/mapping.yaml:7:17"]);
    check(
        "of: axis.mode",
        "of: axis.position",
        &[
            "QIAO-P036 p/mapping.yaml:6:24",
            "QIAO-P036 p/mapping.yaml:6:39",
            "QIAO-P036 p/mapping.yaml:7:24",
            "QIAO-P036 p/mapping.yaml:8:15",
            "QIAO-P043 p/mapping.yaml:4:9",
            "QIAO-P045 p/mapping.yaml:14:39",
            "QIAO-P045 p/mapping.yaml:15:34",
        ],
    );
    check("unit: MTR, form", "unit: SEC, form", &["QIAO-P037 p/mapping.yaml:12:68"]);
    check("unit: MTR, form", "unit: XYZ, form", &["QIAO-P042 p/mapping.yaml:12:68"]);
    check("unit: MTR, form", "form", &["QIAO-P049 p/mapping.yaml:12:5"]);
    check("form: decimal-text", "form: epoch-ms", &["QIAO-P038 p/mapping.yaml:12:79"]);
    check("m: MTR }", "m: METRE }", &["QIAO-P042 p/mapping.yaml:10:26"]);
    check(
        "unit-words: lengths",
        "unit-words: length",
        &["QIAO-P045 p/mapping.yaml:13:102", "QIAO-P021 p/mapping.yaml:10:3"],
    );
    check("mode', table: mode", "mode', concept: axis.mode", &["QIAO-P047 p/mapping.yaml:14:5"]);
    check("take: 1", "take: 2", &["QIAO-P048 p/mapping.yaml:15:99"]);
    check("'^(.)-'", "'^(.)(?=-)'", &["QIAO-P048 p/mapping.yaml:15:84"]);
    check("only: write", "only: writing", &["QIAO-P010 p/mapping.yaml:14:90"]);
    check("to: [/a, /b], ", "", &["QIAO-P008 p/mapping.yaml:19:5"]);
}
