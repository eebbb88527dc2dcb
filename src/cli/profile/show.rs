//! `qiao profile show`: one profile as a standards expert wants to see it.

use crate::cli::{Exit, Face};
use crate::finding::{Finding, visible};
use crate::profile::{
    Condition, Enumeration, Field, Folder, Form, Library, PathStep, Profile, Reading, SourceDocument, Table, Test,
    Titles, Unit, readme,
};
use serde_json::{Value, json};

/// `Some` when the exit code is settled here.
pub(super) fn run(id: &str, library: &Library, face: &Face) -> Option<Exit> {
    let Some(folder) = library.folder(id) else {
        let near = library.nearest(id).unwrap_or("none");
        face.finding(&Finding::error("QIAO-P030", "").with("profile", id).with("nearest", near));
        return Some(Exit::Usage);
    };
    if face.json {
        face.json_line(&as_json(folder, face));
    } else {
        as_text(folder, face);
    }
    None
}

fn as_text(folder: &Folder, face: &Face) {
    let profile = &folder.profile;
    let word = |titles: &Titles| visible(titles.in_language(face.language)).into_owned();
    face.say(&format!("{}  {}\n\n{}", profile.id(), word(&profile.titles), word(&profile.about.description)));
    face.say(&face.text("profile-disclaimer", &[]));
    face.say(&format!("\n{}", face.text("profile-sources", &[])));
    for source in &profile.about.sources {
        let reading = face.text("profile-read", &[("reading", reading(source.reading))]);
        face.say(&format!("  {}\n    {} · {reading}\n    {}", source.document, source.edition, word(&source.used_for)));
    }
    for (title, list) in
        [("profile-covered", &profile.about.covered), ("profile-not-covered", &profile.about.not_covered)]
    {
        if !list.is_empty() {
            face.say(&format!("\n{}", face.text(title, &[])));
        }
        for text in list {
            face.say(&format!("  - {}", word(text)));
        }
    }
    face.say(&format!("\n{}", face.text("profile-travels", &[])));
    for (name, value) in readme::travels(profile) {
        face.say(&format!("  {name:<16} {value}"));
    }
    known_by(profile, face);
    fields(folder, face);
    words(profile, face);
    if !profile.mapping.unmapped.is_empty() {
        face.say(&format!("\n{}", face.text("profile-left-out", &[])));
    }
    for unmapped in &profile.mapping.unmapped {
        face.say(&format!("  {}: {}", unmapped.path, word(&unmapped.because)));
    }
}

fn fields(folder: &Folder, face: &Face) {
    let mapping = &folder.profile.mapping;
    face.say(&format!("\n{}", face.text("profile-fields", &[("count", &mapping.fields.len().to_string())])));
    if let Some(pointer) = &mapping.open {
        face.say(&format!("  {}", face.text("profile-open", &[("pointer", pointer)])));
    }
    for field in &mapping.fields {
        let mut facts = vec![path(field)];
        facts.extend(field.concept.clone());
        facts.extend(field.unit.as_ref().map(unit));
        facts.extend(field.enumeration.as_ref().map(|enumeration| enumeration.name.clone()));
        facts.extend(field.meaning.table.as_ref().map(|table| table.name.clone()));
        facts.extend((field.meaning.form != Form::Plain).then(|| field.meaning.form.name().to_owned()));
        facts.extend(field.is_mandatory.then(|| face.text("profile-mandatory", &[])));
        facts.extend(field.is_read_once.then(|| face.text("profile-once", &[])));
        face.say(&format!("  {}\n      {}", field.pointer, facts.join(" · ")));
    }
    let enumerations = enumerations(folder);
    if !enumerations.is_empty() {
        face.say(&format!("\n{}", face.text("profile-values", &[])));
    }
    for enumeration in enumerations {
        let members: Vec<String> =
            enumeration.members.iter().map(|(number, name)| format!("{number} {name}")).collect();
        face.say(&format!("  {}: {}", enumeration.name, members.join(", ")));
    }
}

/// By what a message is known to be one of this profile.
fn known_by(profile: &Profile, face: &Face) {
    if !profile.detect.is_empty() {
        face.say(&format!("\n{}", face.text("profile-known-by", &[])));
    }
    for Condition { at, test } in &profile.detect {
        let (test, value) = condition(test);
        let facts = [("pointer", at.as_str()), ("test", test), ("value", &value)];
        face.say(&format!("  {}", visible(&face.text("profile-condition", &facts))));
    }
}

/// Key and value as the manifest writes them.
fn condition(test: &Test) -> (&'static str, String) {
    match test {
        Test::Exists => ("exists", "yes".to_owned()),
        Test::Equals(value) => ("equals", value.to_string()),
        Test::Matches(pattern) => ("matches", pattern.to_string()),
    }
}

/// Words of the wire for words of the hub, and for units.
fn words(profile: &Profile, face: &Face) {
    let say = |text: &str| face.say(&visible(text));
    let tables = readme::tables(profile);
    if !tables.is_empty() {
        face.say(&format!("\n{}", face.text("profile-words", &[])));
    }
    for table in tables {
        say(&format!("  {}: {}", table.name, table.concept));
        for entry in &table.entries {
            let mut text = format!("    {} ↔ {}", entry.wire, entry.is);
            for (id, list) in
                [("profile-also-written", entry.also.join(", ")), ("profile-also-read", readme::listed(&entry.accept))]
            {
                if !list.is_empty() {
                    text = format!("{text} · {}", face.text(id, &[("values", &list)]));
                }
            }
            say(&text);
        }
        for (value, because) in &table.absent {
            let because = because.in_language(face.language);
            say(&format!("    {}", face.text("profile-absent", &[("value", value), ("because", because)])));
        }
    }
    let lists = readme::unit_words(profile);
    if !lists.is_empty() {
        face.say(&format!("\n{}", face.text("profile-unit-words", &[])));
    }
    for list in lists {
        let words: Vec<String> = list.words.iter().map(|(word, code)| format!("{word} {code}")).collect();
        say(&format!("  {}: {}", list.name, words.join(", ")));
    }
}

/// Each once, in the order of the fields.
fn enumerations(folder: &Folder) -> Vec<&Enumeration> {
    let mut seen: Vec<&Enumeration> = Vec::new();
    for enumeration in folder.profile.mapping.fields.iter().filter_map(|field| field.enumeration.as_deref()) {
        if !seen.iter().any(|other| other.name == enumeration.name) {
            seen.push(enumeration);
        }
    }
    seen
}

fn path(field: &Field) -> String {
    field.path.iter().map(PathStep::as_text).collect::<Vec<_>>().join("/")
}

fn unit(unit: &Unit) -> String {
    match unit {
        Unit::Code(code) => code.clone(),
        Unit::At(pointer) | Unit::Word { at: pointer, .. } => format!("→ {pointer}"),
    }
}

fn reading(reading: Reading) -> &'static str {
    match reading {
        Reading::Primary => "primary",
        Reading::Secondary => "secondary",
    }
}

pub(super) fn source_as_json(source: &SourceDocument) -> Value {
    json!({ "document": source.document, "edition": source.edition, "read": reading(source.reading) })
}

fn as_json(folder: &Folder, face: &Face) -> Value {
    let profile = &folder.profile;
    let word = |titles: &Titles| titles.in_language(face.language).to_owned();
    let words = |list: &[Titles]| list.iter().map(word).collect::<Vec<_>>();
    let fields: Vec<Value> = profile
        .mapping
        .fields
        .iter()
        .map(|field| {
            json!({
                "pointer": field.pointer,
                "path": path(field),
                "concept": field.concept,
                "unit": field.unit.as_ref().map(unit),
                "enumeration": field.enumeration.as_ref().map(|enumeration| &enumeration.name),
                "table": field.meaning.table.as_ref().map(|table| &table.name),
                "form": field.meaning.form.name(),
                "mandatory": field.is_mandatory,
                "read-once": field.is_read_once,
            })
        })
        .collect();
    let enumerations: serde_json::Map<String, Value> = enumerations(folder)
        .into_iter()
        .map(|enumeration| {
            let members = enumeration.members.iter().map(|(number, name)| (number.to_string(), json!(name)));
            (enumeration.name.clone(), Value::Object(members.collect()))
        })
        .collect();
    let unit_words: serde_json::Map<String, Value> = readme::unit_words(profile)
        .into_iter()
        .map(|list| {
            let words = list.words.iter().map(|(word, code)| (word.clone(), json!(code)));
            (list.name.clone(), Value::Object(words.collect()))
        })
        .collect();
    let unmapped: Vec<Value> = profile
        .mapping
        .unmapped
        .iter()
        .map(|unmapped| json!({ "path": unmapped.path, "because": word(&unmapped.because) }))
        .collect();
    let travels: serde_json::Map<String, Value> =
        readme::travels(profile).into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect();
    json!({
        "profile": profile.id(),
        "title": word(&profile.titles),
        "description": word(&profile.about.description),
        "sources": profile.about.sources.iter().map(source_as_json).collect::<Vec<_>>(),
        "covered": words(&profile.about.covered),
        "not-covered": words(&profile.about.not_covered),
        "travels": travels,
        "detect": profile.detect.iter().map(condition_as_json).collect::<Vec<_>>(),
        "open": profile.mapping.open,
        "fields": fields,
        "enumerations": enumerations,
        "tables": readme::tables(profile).into_iter().map(|table| table_as_json(table, face)).collect::<Vec<_>>(),
        "unit-words": unit_words,
        "unmapped": unmapped,
    })
}

fn condition_as_json(condition: &Condition) -> Value {
    let (test, value) = self::condition(&condition.test);
    json!({ "at": condition.at, "test": test, "value": value })
}

fn table_as_json(table: &Table, face: &Face) -> Value {
    let entries = table
        .entries
        .iter()
        .map(|entry| json!({ "wire": entry.wire, "is": entry.is, "also": entry.also, "accept": entry.accept }));
    let absent = table
        .absent
        .iter()
        .map(|(value, because)| json!({ "value": value, "because": because.in_language(face.language) }));
    json!({
        "table": table.name,
        "concept": table.concept,
        "entries": entries.collect::<Vec<_>>(),
        "absent": absent.collect::<Vec<_>>(),
    })
}
