//! Promise: our verdicts are those of programs that nobody here wrote.
//!
//! Two programs of the Asset Administration Shell judge sound and broken shells; a second JSON Schema implementation
//! judges messages made by changing the examples of every profile.

use super::rig::gateway::qiao;
use qiao::codec::{Limits, Tape};
use qiao::profile::Library;
use qiao::validate::Checker;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Shells that both sides must have judged.
const SHELLS_LEAST: usize = 40;
/// Messages that both implementations judge.
const MESSAGES: usize = 5_000;

/// What a script of `tests/peers` prints, run by the Python that the variable names.
#[track_caller]
fn script(variable: &str, name: &str, arguments: &[&str], input: Option<&Path>) -> String {
    let python = std::env::var(variable).unwrap_or_else(|_| {
        panic!("{variable} is not set: start tests/run.sh, or eval \"$(tests/run.sh peers | tail -1)\"")
    });
    let input = input.map_or_else(Stdio::null, |path| std::fs::File::open(path).expect("readable").into());
    let done = Command::new(python)
        .arg(format!("{}/tests/peers/{name}", env!("CARGO_MANIFEST_DIR")))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(input)
        .output()
        .expect("Python starts");
    assert!(done.status.success(), "{name}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).expect("UTF-8")
}

fn lines(text: &str) -> impl Iterator<Item = Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("JSON"))
}

fn base_name(path: &str) -> String {
    Path::new(path).file_name().expect("a file").to_str().expect("UTF-8").to_owned()
}

/// The shells' folder by profile, whose name stands before `--` in a file's name.
fn by_profile(shells: &Path) -> BTreeMap<String, PathBuf> {
    let mut folders = BTreeMap::new();
    for entry in std::fs::read_dir(shells).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let name = base_name(path.to_str().expect("UTF-8"));
        let profile = name.split("--").next().expect("a profile").to_owned();
        let folder = folders.entry(profile.clone()).or_insert_with(|| shells.join(profile));
        std::fs::create_dir_all(&*folder).expect("writable");
        std::fs::rename(&path, folder.join(name)).expect("writable");
    }
    folders
}

#[test]
fn two_programs_of_the_administration_shell_give_our_verdict() {
    let shells = tempfile::tempdir().expect("a folder");
    let at = shells.path().to_str().expect("UTF-8");
    script("QIAO_PEERS_ORACLES", "aas_verdicts.py", &["--write-shells", at], None);
    let theirs: HashMap<String, Value> = lines(&script("QIAO_PEERS_ORACLES", "aas_verdicts.py", &[at], None))
        .map(|line| (base_name(line["file"].as_str().expect("a file")), line))
        .collect();
    let (mut taken, mut refused, mut different) = (0, 0, Vec::new());
    for (name, folder) in by_profile(shells.path()) {
        // `aas_digital-nameplate_3.0` was `aas/digital-nameplate@3.0`.
        let (family, rest) = name.split_once('_').expect("a family");
        let (profile, version) = rest.rsplit_once('_').expect("a version");
        let profile = format!("{family}/{profile}@{version}");
        let done = qiao(&["test", folder.to_str().expect("UTF-8"), "--profile", &profile, "--json"]);
        for ours in lines(&String::from_utf8_lossy(&done.stdout)).filter(|line| line["source"].is_string()) {
            let file = base_name(ours["source"].as_str().expect("a source"));
            let line = &theirs[&file];
            let verdicts = [&line["aas-test-engines"], &line["aas-submodel-validate"]];
            assert!(verdicts.iter().any(|verdict| **verdict != "silent"), "{file}: nobody else has an opinion");
            let is_refused = verdicts.iter().any(|verdict| **verdict == "refuses");
            if is_refused == (ours["verdict"] == "pass") {
                different.push(format!("{file}: ours {}, theirs {line}", ours["verdict"]));
            }
            *(if is_refused { &mut refused } else { &mut taken }) += 1;
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
    assert_eq!(taken + refused, theirs.len(), "every shell was judged by both sides");
    assert!(taken >= 10 && refused >= 10 && taken + refused >= SHELLS_LEAST, "{taken} taken, {refused} refused");
}

#[test]
fn a_second_json_schema_implementation_gives_our_verdict() {
    let library = Library::built_in().value;
    let folder = |id: &str| format!("schemas/{}", id.replace('@', "/"));
    let checkers: HashMap<String, Checker> = library
        .list()
        .map(|profile| {
            let checker = Checker::compile(&profile.schema).unwrap_or_else(|error| panic!("{error:?}"));
            (folder(&profile.id()), checker)
        })
        .collect();
    let mut folders: Vec<&str> = checkers.keys().map(String::as_str).collect();
    folders.sort_unstable();
    let count = MESSAGES.to_string();
    let arguments = [&["generate", &count, "1"], &folders[..]].concat();
    let messages = script("QIAO_PEERS_PYTHON", "json_schema_verdicts.py", &arguments, None);
    let site = tempfile::tempdir().expect("a folder");
    let file = site.path().join("messages.jsonl");
    std::fs::write(&file, &messages).expect("writable");
    let theirs = script("QIAO_PEERS_PYTHON", "json_schema_verdicts.py", &[], Some(&file));
    let (mut valid, mut judged, mut different) = (0, 0, Vec::new());
    for (line, theirs) in lines(&messages).zip(lines(&theirs)) {
        let schema = line["schema"].as_str().expect("a path");
        let checker = &checkers[schema.trim_end_matches("/schema.json")];
        let message = line["message"].to_string();
        let tape = Tape::parse(message.as_bytes(), Limits::default()).expect("JSON");
        let is_valid = checker.is_valid(&tape);
        if theirs["valid"] != is_valid {
            different.push(format!("{schema}: ours {is_valid}, theirs {theirs}: {message}"));
        }
        judged += 1;
        valid += u32::from(is_valid);
    }
    assert!(different.is_empty(), "{} differ:\n{}", different.len(), different.join("\n"));
    assert_eq!(judged, MESSAGES);
    assert!((500..4_500).contains(&valid), "{valid} of {judged} are valid: one side was hardly tried");
}
