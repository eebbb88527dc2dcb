//! Files that are made from the code, and files that must follow it. `UPDATE=1` rewrites the former.

use super::root;
use qiao::cli::Face;
use qiao::cli::config_file;
use qiao::config::schema::json_schema;
use qiao::finding::{Language, Severity};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

#[test]
fn the_schema_of_the_configuration_is_the_one_the_code_makes() {
    let text = serde_json::to_string_pretty(&json_schema()).expect("JSON") + "\n";
    super::golden(&root().join("config/qiao.schema.json"), &text);
}

#[test]
fn the_reference_and_the_examples_are_right_and_the_schema_agrees() {
    let schema = jsonschema::validator_for(&json_schema()).expect("a schema");
    for path in examples() {
        check(&path, &schema);
    }
}

#[track_caller]
fn check(path: &Path, schema: &jsonschema::Validator) {
    let face = Face { language: Language::English, is_language_fixed: true, json: false };
    let (checked, _) = config_file::load(path, &face);
    let wrong: Vec<String> = checked
        .findings
        .iter()
        // Files and secrets of the site it is meant for are not here, and that is all that may be wrong.
        .filter(|finding| finding.severity == Severity::Error && !matches!(&*finding.code.0, "QIAO-C030" | "QIAO-C040"))
        .map(ToString::to_string)
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let text = std::fs::read_to_string(path).expect("UTF-8");
    let value: Value = serde_saphyr::from_str(&text).expect("YAML");
    let faults: Vec<String> =
        schema.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(faults.is_empty(), "{}: {}", path.display(), faults.join("\n"));
}

/// `config/qiao.yaml`, that of `docker-compose.yml`, and all of `config/examples`.
fn examples() -> Vec<std::path::PathBuf> {
    let mut paths = vec![root().join("config/qiao.yaml"), root().join("config/compose/qiao.yaml")];
    for entry in std::fs::read_dir(root().join("config/examples")).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            paths.push(path);
        }
    }
    assert!(paths.len() > 4, "a reference and some examples");
    paths
}

#[test]
fn the_annotated_reference_shows_every_key() {
    let text = std::fs::read_to_string(root().join("config/qiao.yaml")).expect("UTF-8");
    let shown: BTreeSet<&str> = text
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'))
        .flat_map(|line| line.split([' ', '{', ',', '[']))
        .filter_map(|word| word.strip_suffix(':'))
        .collect();
    let mut keys = BTreeSet::new();
    collect_keys(&json_schema(), &mut keys);
    let missing: Vec<_> = keys.iter().filter(|key| !shown.contains(key.as_str())).collect();
    assert!(missing.is_empty(), "config/qiao.yaml does not show {missing:?}");
}

#[test]
fn every_key_has_a_manual() {
    fn walk(schema: &Value, bare: &mut Vec<String>) {
        if let Some(Value::Object(properties)) = schema.get("properties") {
            // The one key of a choice is explained at the choice.
            let is_choice = schema.get("description").is_some() && properties.len() == 1;
            for (key, property) in properties {
                if property.get("description").is_none() && !is_choice {
                    bare.push(key.clone());
                }
            }
        }
        match schema {
            Value::Object(map) => map.values().for_each(|inner| walk(inner, bare)),
            Value::Array(list) => list.iter().for_each(|inner| walk(inner, bare)),
            _ => {}
        }
    }
    let mut bare = Vec::new();
    walk(&json_schema(), &mut bare);
    assert!(bare.is_empty(), "keys without a comment in src/config/file.rs: {bare:?}");
}

fn collect_keys(schema: &Value, keys: &mut BTreeSet<String>) {
    match schema {
        Value::Object(map) => {
            if let Some(Value::Object(properties)) = map.get("properties") {
                keys.extend(properties.keys().cloned());
            }
            map.values().for_each(|inner| collect_keys(inner, keys));
        }
        Value::Array(list) => list.iter().for_each(|inner| collect_keys(inner, keys)),
        _ => {}
    }
}
