//! Every folder of `schemas/`: loads without a finding, compiles, and its examples do what they say.

use qiao::codec::{Limits, Tape};
use qiao::conformance::{self, Outcome};
use qiao::profile::{Example, Exchange, Folder, Library, MessageKind, RefusedBy, readme};
use qiao::validate::Checker;
use std::path::{Path, PathBuf};

/// The files of the tree, not those of the last build: a page can be rewritten and compared in one run.
pub(super) fn library() -> Library {
    let root = schemas();
    let mut files = qiao::profile::Files::new();
    collect(&root, &root, &mut files);
    let read = Library::default().with_folder("schemas", &files);
    assert!(read.findings.is_empty(), "{}", lines(&read.findings));
    read.value
}

pub(super) fn schemas() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas")
}

fn collect(root: &Path, folder: &Path, into: &mut qiao::profile::Files) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(root, &path, into);
        } else {
            let name = path.strip_prefix(root).expect("below").to_str().expect("UTF-8").replace('\\', "/");
            into.insert(name, std::fs::read(&path).expect("readable"));
        }
    }
}

fn lines<T: std::fmt::Display>(items: &[T]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

pub(super) fn folders(library: &Library) -> Vec<&Folder> {
    library.list().filter_map(|profile| library.folder(&profile.id())).map(AsRef::as_ref).collect()
}

fn checker(folder: &Folder) -> Checker {
    let checker = Checker::compile(&folder.profile.schema).unwrap_or_else(|error| panic!("{error:?}"));
    assert!(checker.warnings().is_empty(), "{}: {}", folder.profile.id(), lines(checker.warnings()));
    checker
}

fn tape(example: &Example) -> Tape {
    Tape::parse(example.text.as_bytes(), Limits::default()).unwrap_or_else(|error| panic!("{}: {error}", example.file))
}

/// `pointer keyword` of everything that is wrong.
fn found(checker: &Checker, tape: &Tape) -> Vec<String> {
    let mut found: Vec<String> =
        checker.violations(tape, 10).iter().map(|wrong| format!("{:?} {}", wrong.pointer, wrong.keyword)).collect();
    // Two references to one definition find the same thing twice.
    found.dedup();
    found
}

/// The families of the machines, whose messages flow; documents need fewer.
const WITH_MANY_EXAMPLES: &[&str] = &["core/", "umati/machine-tool", "opcua/cnc", "nclink/cnc"];

#[test]
fn every_profile_has_its_examples() {
    for folder in folders(&library()) {
        let id = folder.profile.id();
        let has_many = WITH_MANY_EXAMPLES.iter().any(|name| id.starts_with(name));
        let (valid, invalid) = if has_many { (8, 15) } else { (5, 8) };
        assert!(folder.valid.len() >= valid, "{id}: {} valid examples", folder.valid.len());
        assert!(folder.invalid.len() >= invalid, "{id}: {} invalid examples", folder.invalid.len());
    }
}

/// `pointer rule` of every rule that fails, and of what cannot be judged.
fn broken(folder: &Folder, example: &Example) -> Vec<String> {
    let told = folder.rules.iter().flat_map(|rule| match conformance::outcome(rule, &example.message) {
        Outcome::Fail { places, .. } => places.iter().map(|place| format!("{place:?} {}", rule.id)).collect(),
        Outcome::Inconclusive(unclear) => vec![format!("{:?} {} cannot be judged", unclear.pointer(), rule.id)],
        Outcome::Pass | Outcome::NotApplicable => Vec::new(),
    });
    told.collect()
}

#[test]
fn valid_examples_conform() {
    for folder in folders(&library()) {
        let checker = checker(folder);
        for example in &folder.valid {
            let tape = tape(example);
            let found = found(&checker, &tape);
            assert!(found.is_empty() && checker.is_valid(&tape), "{} {}: {found:?}", folder.profile.id(), example.file);
            assert_eq!(broken(folder, example), Vec::<String>::new(), "{} {}", folder.profile.id(), example.file);
        }
    }
}

#[test]
fn invalid_examples_are_refused_for_the_one_reason_they_state() {
    for folder in folders(&library()) {
        let checker = checker(folder);
        for example in &folder.invalid {
            let tape = tape(example);
            let expected = example.expectation.as_ref().expect("the loader asks for one");
            let shown = format!("{} {}", folder.profile.id(), example.file);
            match &expected.refused_by {
                RefusedBy::Keyword(keyword) => {
                    let expected = vec![format!("{:?} {keyword}", expected.pointer)];
                    assert_eq!(found(&checker, &tape), expected, "{shown}");
                    assert!(!checker.is_valid(&tape), "{shown}");
                }
                RefusedBy::Rule(id) => {
                    assert_eq!(found(&checker, &tape), Vec::<String>::new(), "{shown}");
                    assert_eq!(broken(folder, example), vec![format!("{:?} {id}", expected.pointer)], "{shown}");
                }
            }
        }
    }
}

/// A valid message without one of its members must not conform, unless the member is optional; so an example that
/// stopped checking anything would be seen.
#[test]
fn every_mandatory_field_is_missed() {
    for folder in folders(&library()) {
        // The examples of sampled machines are columns, not the machine's members; a document's fields are told by its schema.
        if folder.profile.exchange == Exchange::Document || folder.profile.message == MessageKind::Sample {
            continue;
        }
        let checker = checker(folder);
        for field in folder.profile.mapping.fields.iter().filter(|field| field.is_mandatory) {
            if field.pointer.contains('{') {
                continue;
            }
            for example in &folder.valid {
                let mut message = example.message.clone();
                let (parent, name) = field.pointer.rsplit_once('/').expect("a member");
                let parent = message.pointer_mut(parent).and_then(serde_json::Value::as_object_mut);
                parent.expect("a mandatory field").shift_remove(name).expect("a mandatory field");
                let tape = Tape::parse(message.to_string().as_bytes(), Limits::default()).expect("JSON");
                assert!(!checker.is_valid(&tape), "{} without {}", example.file, field.pointer);
            }
        }
    }
}

/// What assembly relies on when a machine has no usable value for something that the schema asks for.
#[test]
fn monitored_members_of_the_umati_message_take_null() {
    let profile = library().find("umati/machine-tool@1.02").expect("built in");
    for field in profile.mapping.fields.iter().filter(|field| !field.is_read_once) {
        assert!(field.takes_null, "{}", field.pointer);
    }
    let serial = profile.mapping.fields.iter().find(|field| field.pointer == "/Identification/SerialNumber");
    assert!(!serial.expect("mapped").takes_null);
}

#[test]
fn what_a_flow_selects_by_itself_reaches_every_mapped_node() {
    for profile in library().list() {
        let globs = profile.default_selection();
        if profile.exchange == Exchange::Document || profile.message == MessageKind::Sample {
            // No browse path leads to their fields.
            continue;
        }
        if profile.message == MessageKind::Event {
            assert!(globs.is_empty(), "events are no variables: {}", profile.id());
            continue;
        }
        let paths: std::collections::BTreeSet<String> =
            profile.mapping.fields.iter().map(|field| format!("{:?}", field.path)).collect();
        assert!(!globs.is_empty() && globs.len() <= paths.len() + 1, "{}", profile.id());
        if profile.mapping.open.is_some() {
            assert_eq!(globs[0].to_string(), "**");
        }
    }
}

#[test]
fn the_built_in_library_is_the_folder() {
    let built_in = Library::built_in();
    assert!(built_in.findings.is_empty(), "{}", lines(&built_in.findings));
    let ids = |library: &Library| library.list().map(|profile| profile.id()).collect::<Vec<_>>();
    assert_eq!(ids(&built_in.value), ids(&library()));
    assert!(built_in.value.find("umati/machine-tool@1.02").is_some());
    assert!(built_in.value.find("umati/machine-tool@9").is_none());
    assert_eq!(built_in.value.nearest("umati/machinetool@1.02"), Some("umati/machine-tool@1.02"));
}

#[test]
fn generated_pages_are_up_to_date() {
    let library = library();
    compare("README.md", &readme::library(&library));
    for folder in folders(&library) {
        let path = format!("{}/{}/README.md", folder.profile.name, folder.profile.version);
        compare(&path, &readme::profile(folder));
    }
}

#[track_caller]
fn compare(path: &str, page: &str) {
    let file = schemas().join(path);
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(&file, page).expect("writable");
    }
    let old = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(old == page, "schemas/{path} is out of date: UPDATE=1 cargo test profiles");
}

/// A copy of a profile with one fault of every kind that only a compiled schema shows.
#[test]
fn check_tells_every_fault_of_a_folder_and_ends_with_1() {
    let temporary = tempfile::tempdir().expect("a folder");
    let folder = temporary.path().join("core/data-set-message/1.0");
    let source = schemas().join("core/data-set-message/1.0");
    let mut files = qiao::profile::Files::new();
    collect(&source, &source, &mut files);
    let mut put = |name: &str, text: String| files.insert(name.to_owned(), text.into_bytes());
    let valid = r#"{"UaType": 5, "Value": 70000}"#;
    put("examples/valid/key-frame.json", message(valid));
    put("examples/invalid/uint16-overflow.json", message(r#"{"UaType": 5, "Value": 7}"#));
    put("examples/invalid/byte-below-zero.json", message(r#"{"UaType": 3, "Value": 256}"#));
    put("README.md", "old".to_owned());
    for (name, bytes) in &files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        std::fs::write(path, bytes).expect("writable");
    }
    let (code, text) = qiao(&["profile", "check", "core/data-set-message/1.0"], temporary.path());
    assert_eq!(code, Some(1), "{text}");
    for expected in [
        "QIAO-P026 core/data-set-message/1.0/examples/valid/key-frame.json:3:",
        "QIAO-P027 core/data-set-message/1.0/examples/invalid/uint16-overflow.json:",
        "QIAO-P028 core/data-set-message/1.0/examples/invalid/byte-below-zero.json:3:",
        "QIAO-P029 core/data-set-message/1.0/README.md",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
    let (code, text) = qiao(&["profile", "check", "core/data-set-message/1.0", "--write-readme"], temporary.path());
    assert!(code == Some(1) && !text.contains("QIAO-P029"), "{text}");
    let (code, text) = qiao(&["profile", "show", "core/data-set-mesage@1.0", "--lang", "de"], temporary.path());
    assert!(code == Some(2) && text.contains("Meinten Sie „core/data-set-message@1.0“?"), "{text}");
}

fn message(field: &str) -> String {
    format!(
        "{{\"MessageType\": \"ua-deltaframe\", \"PublisherId\": \"p\", \"DataSetWriterName\": \"w\",\n \
         \"SequenceNumber\": 1, \"Timestamp\": \"2026-04-12T08:30:01Z\",\n \"Payload\": {{\"Place\": {field}}}}}"
    )
}

fn qiao(arguments: &[&str], folder: &Path) -> (Option<i32>, String) {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_qiao"))
        .args(arguments)
        .current_dir(folder)
        .env("LANG", "C")
        .output()
        .expect("starts");
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn every_concept_is_held_by_a_field_of_some_profile() {
    let library = library();
    let profiles = library.list().collect::<Vec<_>>();
    let held = |concept: &str| {
        profiles
            .iter()
            .flat_map(|profile| &profile.mapping.fields)
            .any(|field| field.concept.as_deref() == Some(concept))
    };
    let unused: Vec<&str> =
        library.concepts().list().map(|concept| concept.id.as_str()).filter(|concept| !held(concept)).collect();
    assert!(unused.is_empty(), "concepts that no mapping uses: {unused:?}");
}
