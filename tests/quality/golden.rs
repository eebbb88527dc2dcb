//! `golden/` of every profile: what its neighbours' valid examples become in it, with the loss declaration. Made by the
//! translator (`UPDATE=1`), reviewed like code.

use super::profiles::{folders, library, schemas};
use qiao::finding::{Language, catalogue};
use qiao::profile::{Folder, Library};
use qiao::translate::{Because, Routes, Translated};
use serde_json::{Value, json};
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
    assert!(differing.is_empty(), "run with UPDATE=1 and review:\n{}", differing.join("\n"));
}

fn translate(library: &Library, source: &Folder, target: &Folder, made: &mut BTreeMap<PathBuf, String>) {
    let routes = Routes::plan(Arc::clone(&source.profile), Arc::clone(&target.profile), library.concepts().clone());
    if !routes.table().iter().any(|route| route.source.is_some() && !route.targets.is_empty()) {
        return;
    }
    let profile = &source.profile;
    let name = target.profile.id().replace(['/', '@'], "_");
    let folder = schemas().join(&profile.name).join(&profile.version).join("golden").join(name);
    for example in &source.valid {
        let translated = routes.document(&example.message, &[]);
        let file = example.file.rsplit('/').next().expect("a name").trim_end_matches(".json");
        made.insert(folder.join(format!("{file}.json")), pretty(&translated.message));
        made.insert(folder.join(format!("{file}.loss.json")), pretty(&losses(&translated)));
    }
}

fn losses(translated: &Translated) -> Value {
    let one = |loss: &qiao::translate::Loss| {
        let because: Vec<String> = loss.fate.because.iter().map(words).collect();
        json!({
            "pointer": loss.pointer, "concept": loss.concept, "target": loss.target,
            "fate": loss.fate.kind.name(), "because": because,
        })
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
