//! The layers of `src/lib.rs`: a module names only rows below its own, and each foreign crate has one home.

use std::path::{Path, PathBuf};

/// Lowest first; modules of one row do not name each other.
const LAYERS: &[&[&str]] = &[
    &["model"],
    &["finding"],
    &["codec", "profile"],
    &["normalise", "assemble", "validate", "translate", "route"],
    &["conformance"],
    &["config"],
    &["guard"],
    &["port"],
    &["spool", "journal"],
    &["opcua", "mqtt"],
    &["runtime"],
    &["tester", "admin"],
    &["cli"],
];

/// Up to this row nothing asks the world: no file, socket, clock, task.
const LAST_PURE_LAYER: &str = "guard";

/// A foreign crate and the one module that may name it.
const HOMES: &[(&str, &str)] = &[
    ("::opcua::", "opcua"),
    ("webpki::", "opcua"),
    ("rumqttc", "mqtt"),
    ("mqtt5::", "mqtt"),
    ("async_tungstenite", "mqtt"),
    ("axum", "admin"),
    ("prometheus_client", "admin"),
    ("clap", "cli"),
    ("jsonschema", "validate"),
    ("ratatui", "cli"),
    ("rustix::", "port"),
    ("crc32c::", "spool"),
];

const IMPURE: &[&str] = &["std::fs", "std::net::Tcp", "std::thread", "SystemTime::now", "Instant::now", "tokio::"];

pub(super) fn sources(directory: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
}

/// Module name, path, and code without comments and unit tests, of every file below `src` but `lib.rs` and `main.rs`.
fn modules() -> Vec<(String, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    files
        .into_iter()
        .filter(|path| !is_test(path))
        .filter_map(|path| {
            let below = path.strip_prefix(&root).expect("below src");
            let module = below.components().next()?.as_os_str().to_str()?.to_owned();
            (!module.ends_with(".rs")).then(|| {
                let text = std::fs::read_to_string(&path).expect("UTF-8");
                (module, path.clone(), code(&text))
            })
        })
        .collect()
}

/// Unit tests in files of their own: `tests.rs`, `…_tests.rs`, or below a folder `tests`.
fn is_test(path: &Path) -> bool {
    let names = path.iter().filter_map(|name| name.to_str());
    names.into_iter().any(|name| name == "tests") || path.to_str().is_some_and(|text| text.ends_with("tests.rs"))
}

fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|row| row.contains(&module))
}

/// Every module that `code` names with `crate::…` or `use crate::{…}`.
fn named(code: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let group = rest.strip_prefix('{').and_then(|rest| rest.split('}').next());
        let heads = group.map_or_else(|| vec![rest], |group| group.split(',').collect());
        for head in heads {
            let name: String = head.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            names.push(name);
        }
    }
    names
}

#[test]
fn a_module_names_only_layers_below_its_own() {
    let mut wrong = Vec::new();
    for (module, path, code) in modules() {
        let Some(own) = layer(&module) else {
            wrong.push(format!("{}: `{module}` stands in no layer", path.display()));
            continue;
        };
        for name in named(&code) {
            if name != module && layer(&name).is_some_and(|other| other >= own) {
                wrong.push(format!("{}: `{module}` names `{name}`", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_foreign_crate_has_one_home() {
    let mut wrong = Vec::new();
    for (module, path, code) in modules() {
        for (foreign, home) in HOMES {
            if module != *home && code.replace("crate::", "").contains(foreign) {
                wrong.push(format!("{}: {foreign} belongs to `{home}`", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_rows_up_to_the_guard_are_pure() {
    let last = layer(LAST_PURE_LAYER).expect("a layer");
    let mut wrong = Vec::new();
    for (module, path, code) in modules() {
        if layer(&module).is_some_and(|row| row <= last) {
            wrong.extend(
                IMPURE.iter().filter(|word| code.contains(**word)).map(|word| format!("{}: {word}", path.display())),
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_in_the_library_is_this_table() {
    let library = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).expect("UTF-8");
    for (number, row) in LAYERS.iter().enumerate() {
        let modules = row.iter().map(|module| format!("[`{module}`]")).collect::<Vec<_>>().join(", ");
        let line = format!("//! | {} | {modules} |", number + 1);
        assert!(library.contains(&line), "src/lib.rs lacks the line {line}");
    }
}
