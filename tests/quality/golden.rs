//! `golden/` of every profile: what its neighbours' valid examples become in it, with the loss declaration. Made by the
//! translator (`UPDATE=1`), reviewed like code.

use super::profiles::{folders, library, schemas};
use qiao::finding::{Language, catalogue};
use qiao::profile::{Example, Folder, Library};
use qiao::translate::{Because, Routes, Translated};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

#[test]
fn golden_translations_are_what_the_translator_makes() {
    let library = library();
    let mut made: BTreeMap<PathBuf, String> = BTreeMap::new();
    for source in folders(&library) {
        for target in folders(&library).into_iter().filter(|target| target.profile.id() != source.profile.id()) {
            translate(&library, source, target, &mut made);
        }
    }
    let updates = std::env::var_os("UPDATE").is_some();
    let mut differing = Vec::new();
    for (path, text) in &made {
        if std::fs::read_to_string(path).ok().as_deref() == Some(text) {
            continue;
        }
        if updates {
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
            std::fs::write(path, text).expect("writable");
        } else {
            differing.push(path.display().to_string());
        }
    }
    differing.extend(stale(&made, updates));
    assert!(differing.is_empty(), "run with UPDATE=1 and review:\n{}", differing.join("\n"));
}

/// Files below `golden/` that no translation makes; gone when they may be rewritten.
fn stale(made: &BTreeMap<PathBuf, String>, updates: bool) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![schemas()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.components().any(|part| part.as_os_str() == "golden") && !made.contains_key(&path) {
                found.push(path);
            }
        }
    }
    if updates {
        found.drain(..).for_each(|path| std::fs::remove_file(path).expect("writable"));
    }
    found.iter().map(|path| path.display().to_string()).collect()
}

fn translate(library: &Library, source: &Folder, target: &Folder, made: &mut BTreeMap<PathBuf, String>) {
    let routes = Routes::plan(Arc::clone(&source.profile), Arc::clone(&target.profile), library.concepts().clone());
    if !routes.table().iter().any(|route| route.source.is_some() && !route.targets.is_empty()) {
        return;
    }
    let profile = &source.profile;
    let name = target.profile.id().replace(['/', '@'], "_");
    let folder = schemas().join(&profile.name).join(&profile.version).join("golden").join(name);
    // One for each pair, that with the most in it: more of them nobody would review.
    let carried = |example: &Example| {
        let losses = routes.document(&example.message, &[]).losses;
        losses.iter().filter(|loss| loss.target.is_some()).count()
    };
    // Of alarms that which says most of one; a model of a device says nothing of them.
    let most = |example: &&Example| (routes.alarms().map_or(0, |_| carried(example)), example.text.len());
    let Some(example) = source.valid.iter().max_by_key(most) else { return };
    let translated = routes.document(&example.message, &[]);
    let file = example.file.rsplit('/').next().expect("a name").trim_end_matches(".json");
    made.insert(folder.join(format!("{file}.json")), pretty(&translated.message));
    made.insert(folder.join(format!("{file}.loss.txt")), losses(&translated));
}

/// A line for each leaf of the source: what became of it, where it stood, where it stands now, and why.
fn losses(translated: &Translated) -> String {
    let one = |loss: &qiao::translate::Loss| {
        let target = loss.target.as_deref().map_or_else(String::new, |target| format!(" → {target}"));
        let because: Vec<String> = loss.fate.because.iter().map(words).collect();
        let because = if because.is_empty() { String::new() } else { format!(" ({})", because.join("; ")) };
        format!("{:<12} {}{target}{because}\n", loss.fate.kind.name(), loss.pointer)
    };
    translated.losses.iter().map(one).collect()
}

fn words(because: &Because) -> String {
    match because {
        Because::Titles(titles) => titles.en.clone(),
        Because::Word(id) => {
            catalogue::text(Language::English, id, None, &[]).unwrap_or_else(|| panic!("no text: {id}"))
        }
        Because::Unit { from, to } => format!("{from} → {to}"),
        Because::Form { from, to } => format!("{from} → {to}"),
    }
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).expect("JSON") + "\n"
}
