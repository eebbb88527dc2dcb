//! What messages and pages tell people to do can be done: each command and each key they name exists, and so does each test.

use super::root;
use crate::integration::rig::gateway::qiao;
use qiao::config::schema::json_schema;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Every message file, and the pages beside the code.
fn texts() -> Vec<(PathBuf, String)> {
    let mut paths: Vec<PathBuf> = ["README.md", "README.de.md", "README.zh.md", "SECURITY.md", "CHANGELOG.md"]
        .map(|page| root().join(page))
        .into();
    for language in ["en", "de", "zh"] {
        for entry in std::fs::read_dir(root().join("src/finding/messages").join(language)).expect("a folder") {
            paths.push(entry.expect("an entry").path());
        }
    }
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).expect("UTF-8");
        (path, text)
    };
    paths.into_iter().map(read).collect()
}

/// What stands between two backticks on one line.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| line.split('`').skip(1).step_by(2))
}

/// The words of a command line that name a command: in lower case, before the first argument.
fn command(line: &str) -> Option<Vec<&str>> {
    let words = line.strip_prefix("qiao ")?.split_whitespace();
    let is_word = |word: &&str| word.chars().all(|c| c.is_ascii_lowercase() || c == '-') && !word.starts_with('-');
    Some(words.take_while(is_word).collect())
}

#[test]
fn every_command_that_is_named_exists() {
    let mut named: BTreeMap<Vec<String>, PathBuf> = BTreeMap::new();
    for (path, text) in texts() {
        for words in quoted(&text).chain(text.lines()).filter_map(|line| command(line.trim())) {
            named.entry(words.into_iter().map(str::to_owned).collect()).or_insert_with(|| path.clone());
        }
    }
    assert!(named.len() > 8, "{named:?}");
    for (words, path) in named {
        let arguments: Vec<&str> = words.iter().map(String::as_str).chain(["--help"]).collect();
        let help = qiao(&arguments);
        assert_eq!(help.status.code(), Some(0), "{} names `qiao {}`", path.display(), words.join(" "));
    }
}

/// The keys that may stand below one key, at any depth.
fn keys_below(schema: &Value, root: &Value, into: &mut BTreeSet<String>) {
    match schema {
        Value::Object(map) => {
            if let Some(target) = map.get("$ref").and_then(Value::as_str) {
                let target = root.pointer(target.trim_start_matches('#')).expect("a definition");
                keys_below(target, root, into);
            }
            if let Some(Value::Object(properties)) = map.get("properties") {
                into.extend(properties.keys().cloned());
            }
            map.values().for_each(|inner| keys_below(inner, root, into));
        }
        Value::Array(list) => list.iter().for_each(|inner| keys_below(inner, root, into)),
        _ => {}
    }
}

/// The schema of the first property of this name.
fn property<'a>(schema: &'a Value, name: &str) -> Option<&'a Value> {
    match schema {
        Value::Object(map) => {
            let own = map.get("properties").and_then(|properties| properties.get(name));
            own.or_else(|| map.values().find_map(|inner| property(inner, name)))
        }
        Value::Array(list) => list.iter().find_map(|inner| property(inner, name)),
        _ => None,
    }
}

#[test]
fn every_key_that_is_named_with_its_section_exists() {
    let schema = json_schema();
    let sections = ["gateway", "limits", "mqtt", "opcua"].map(|name| {
        let mut keys = BTreeSet::new();
        keys_below(property(&schema, name).expect("a section"), &schema, &mut keys);
        (name, keys)
    });
    let mut seen = 0;
    for (path, text) in texts() {
        for name in quoted(&text) {
            let Some((section, key)) = name.split_once('.') else { continue };
            let Some((_, keys)) = sections.iter().find(|(name, _)| *name == section) else { continue };
            assert!(keys.contains(key), "{} names `{name}`; there are {keys:?}", path.display());
            seen += 1;
        }
    }
    assert!(seen > 30, "{seen}");
}

/// Whether the tests that the architecture page names by module are there.
fn has_tests(module: &str) -> bool {
    let holds = |path: &Path| {
        std::fs::read_to_string(path).is_ok_and(|text| text.contains("#[test]") || text.contains("#[tokio::test"))
    };
    let parts: Vec<&str> = module.split("::").collect();
    match parts.as_slice() {
        [kind @ ("quality" | "integration"), path @ ..] => {
            let name = path.join("/");
            [format!("tests/{kind}/{name}.rs"), format!("tests/{kind}/{name}/mod.rs")]
                .iter()
                .any(|file| holds(&root().join(file)))
        }
        [path @ .., "tests"] => {
            let path = root().join("src").join(path.join("/"));
            let several = std::fs::read_dir(path.join("tests")).into_iter().flatten().flatten();
            several.map(|entry| entry.path()).any(|path| holds(&path))
                || ["tests.rs", "mod.rs"].iter().any(|name| holds(&path.join(name)))
                || holds(&path.with_extension("rs"))
                || holds(&PathBuf::from(format!("{}_tests.rs", path.display())))
        }
        // One file among several that hold the tests of a module.
        path if path.contains(&"tests") => holds(&root().join("src").join(path.join("/")).with_extension("rs")),
        _ => false,
    }
}

#[test]
fn every_invariant_of_the_architecture_has_its_test() {
    let page = std::fs::read_to_string(root().join("ARCHITECTURE.md")).expect("UTF-8");
    let table = page.split_once("## Invariants").expect("the section").1;
    let rows: Vec<&str> = table.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| what")).collect();
    assert!(rows.len() > 10, "{rows:?}");
    for row in rows {
        let tests = row.trim_end_matches('|').rsplit_once('|').expect("two columns").1;
        let named: Vec<&str> = quoted(tests).filter(|name| name.contains("::")).collect();
        assert!(!named.is_empty(), "no test holds: {row}");
        for module in named {
            assert!(has_tests(module), "{module} holds no test: {row}");
        }
    }
}
