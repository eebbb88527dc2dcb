//! The `README.md` of a profile's folder and of `schemas/`, made from what the folder says: nothing to keep in step.

mod words;

use super::manifest::{CODECS, MACHINE_IDS, MESSAGES, READINGS, TOPIC_KINDS, WHEN_LOST};
use super::{ConstantValue, Folder, Library, PathStep, Profile, RefusedBy, Titles, Unit};
use std::fmt::Write as _;

pub use words::{listed, tables, unit_words};

const GENERATED: &str =
    "<!-- Generated from the files of this folder; `UPDATE=1 cargo test profiles` writes it anew. -->\n";

/// The page of one profile.
#[must_use]
pub fn profile(folder: &Folder) -> String {
    let profile = &folder.profile;
    let mut page = format!("{GENERATED}\n# {}: `{}`\n\n", profile.titles.en, profile.id());
    line(&mut page, &format!("{} · {}\n", profile.titles.de, profile.titles.zh));
    for text in [&profile.about.description.en, &profile.about.description.de, &profile.about.description.zh] {
        line(&mut page, &format!("{text}\n"));
    }
    line(
        &mut page,
        "This is our own writing, modelled on public facts about the documents below. It claims no official",
    );
    line(&mut page, "conformity, and no sentence of a standard is copied.\n");
    sources(&mut page, profile);
    scope(&mut page, profile);
    travel(&mut page, profile);
    beside(&mut page, profile);
    words::detect(&mut page, profile);
    fields(&mut page, profile);
    constants(&mut page, profile);
    enumerations(&mut page, profile);
    words::words(&mut page, profile);
    unmapped(&mut page, profile);
    rules(&mut page, folder);
    examples(&mut page, folder);
    page
}

/// The page of all profiles.
#[must_use]
pub fn library(library: &Library) -> String {
    let mut page = format!("{GENERATED}\n# Profiles\n\n");
    line(&mut page, "A standard profile is one folder, `<family>/<profile>/<version>/`, and no code:\n");
    for (file, what) in [
        (
            "`profile.yaml`",
            "id, titles, sources, what is covered and what not, encoding, topic, cadence, topics beside it, the OPC UA type it stands for",
        ),
        ("`schema.json`", "JSON Schema 2020-12 of one message"),
        ("`mapping.yaml`", "browse path below the machine's root → member of the message, with concept and unit"),
        ("`nodes.yaml`", "the types that a machine is made of on an OPC UA server, where there are such"),
        ("`rules.yaml`, `rules/<ID>.md`", "what must hold beyond the schema, each rule with a page of its own"),
        ("`examples/valid/*.json`", "messages that conform"),
        (
            "`examples/invalid/*.json`",
            "messages with one fault each; `<name>.expect.json` says which: pointer, keyword or rule, what it shows",
        ),
        ("`README.md`", "generated"),
    ] {
        line(&mut page, &format!("- {file}: {what}"));
    }
    line(&mut page, "\n`qiao profile check FOLDER` tells every fault of a folder with file, line and column.\n");
    line(&mut page, "| profile | title | Titel | 标题 |\n|---|---|---|---|");
    for profile in library.list() {
        let Titles { en, de, zh } = &profile.titles;
        let path = format!("{}/{}", profile.name, profile.version);
        line(&mut page, &format!("| [`{}`]({path}/README.md) | {en} | {de} | {zh} |", profile.id()));
    }
    page
}

fn line(page: &mut String, text: &str) {
    page.push_str(text);
    page.push('\n');
}

fn sources(page: &mut String, profile: &Profile) {
    line(page, "## Sources\n\n| document | edition | read | used for |\n|---|---|---|---|");
    for source in &profile.about.sources {
        let read = word_of(READINGS, source.reading);
        line(page, &format!("| {} | {} | {read} | {} |", source.document, source.edition, source.used_for.en));
    }
    line(page, "\n*primary*: the document itself was read; *secondary*: what others wrote about it.\n");
}

fn scope(page: &mut String, profile: &Profile) {
    for (title, list) in [("Covered", &profile.about.covered), ("Not covered", &profile.about.not_covered)] {
        if list.is_empty() {
            continue;
        }
        line(page, &format!("## {title}\n"));
        for text in list {
            line(page, &format!("- {} · *{}* · *{}*", text.en, text.de, text.zh));
        }
        line(page, "");
    }
}

fn travel(page: &mut String, profile: &Profile) {
    line(page, "## How it travels\n\n| | |\n|---|---|");
    for (name, value) in travels(profile) {
        line(page, &format!("| {name} | `{value}` |"));
    }
    line(page, "");
}

/// Key and value of everything in `profile.yaml` that says how messages travel.
#[must_use]
pub fn travels(profile: &Profile) -> Vec<(&'static str, String)> {
    let mut rows = vec![
        ("codec", word_of(CODECS, profile.codec).to_owned()),
        ("message", word_of(MESSAGES, profile.message).to_owned()),
        ("every", format!("{:?}", profile.every)),
        ("complete-within", format!("{:?}", profile.complete_within)),
        ("topic", profile.topic.clone()),
        ("topic-kind", word_of(TOPIC_KINDS, profile.topic_kind).to_owned()),
        ("machine-id", word_of(MACHINE_IDS, profile.machine_id).to_owned()),
        ("when-lost", word_of(WHEN_LOST, profile.when_lost).to_owned()),
    ];
    if let Some(longest) = profile.at_least_every {
        rows.insert(3, ("at-least-every", format!("{longest:?}")));
    }
    if let Some(beside) = &profile.beside {
        let topics = beside.topics().into_iter().map(|(_, topic, _)| format!("{{base}}{topic}"));
        rows.push(("beside", topics.collect::<Vec<_>>().join(", ")));
    }
    rows
}

fn beside(page: &mut String, profile: &Profile) {
    let Some(beside) = &profile.beside else { return };
    line(page, "## Beside its messages\n");
    line(page, &format!("Retained, said again every {:?}. `{{base}}` is what stands in a flow's topic", beside.every));
    line(page, &format!("before `{}`; `{{data}}` are the values of `{}` as they left.\n", beside.behind, beside.data));
    line(page, "| | topic | payload |\n|---|---|---|");
    for (key, topic, payload) in beside.topics() {
        line(page, &format!("| {key} | `{{base}}{topic}` | `{payload}` |"));
    }
    line(page, "");
}

fn fields(page: &mut String, profile: &Profile) {
    if let Some(pointer) = &profile.mapping.open {
        line(page, "## Fields\n");
        line(page, &format!("Every selected node becomes a member of `{pointer}`, named by its path.\n"));
    }
    if profile.mapping.fields.is_empty() {
        return;
    }
    line(page, &format!("## Fields ({})\n", profile.mapping.fields.len()));
    line(page, "**M**: mandatory for every node that the path leads to. **once**: read once a session.\n");
    line(
        page,
        "| member | node below the machine's root | | concept | unit | values | written |\n|---|---|---|---|---|---|---|",
    );
    for field in &profile.mapping.fields {
        let path = field.path.iter().map(PathStep::as_text).collect::<Vec<_>>().join("/");
        let path = if path.is_empty() { path } else { format!("`{path}`") };
        let marks = [(field.is_mandatory, "**M**"), (field.is_read_once, "once")];
        let marks: Vec<&str> = marks.iter().filter(|(is_set, _)| *is_set).map(|(_, mark)| *mark).collect();
        let unit = match &field.unit {
            Some(Unit::Code(code)) => code.clone(),
            Some(Unit::At(_) | Unit::Word { .. }) => "as stated".to_owned(),
            None => String::new(),
        };
        let numbers = field.enumeration.as_ref().map(|enumeration| &enumeration.name);
        let words = field.meaning.table.as_ref().map(|table| &table.name);
        let values = numbers.or(words).map_or("", String::as_str);
        let written = words::spelling(field);
        let concept = field.concept.as_deref().unwrap_or_default();
        let marks = marks.join(" ");
        line(page, &format!("| `{}` | {path} | {marks} | {concept} | {unit} | {values} | {written} |", field.pointer));
    }
    line(page, "");
    placeholders(page, profile);
}

fn placeholders(page: &mut String, profile: &Profile) {
    let mut seen: Vec<&str> = Vec::new();
    for step in profile.mapping.fields.iter().flat_map(|field| &field.path) {
        let PathStep::Placeholder { name, types } = step else { continue };
        if seen.contains(&name.as_str()) {
            continue;
        }
        if seen.is_empty() {
            line(page, "| placeholder | nodes of these types and their subtypes |\n|---|---|");
        }
        seen.push(name);
        let types = if types.is_empty() { "any".to_owned() } else { format!("`{}`", types.join("`, `")) };
        line(page, &format!("| `{{{name}}}` | {types} |"));
    }
    if !seen.is_empty() {
        line(page, "");
    }
}

fn constants(page: &mut String, profile: &Profile) {
    if profile.mapping.constants.is_empty() {
        return;
    }
    line(page, "## Constants\n\n| member | value |\n|---|---|");
    for constant in &profile.mapping.constants {
        let value = match &constant.value {
            ConstantValue::Json(value) => format!("`{value}`"),
            ConstantValue::TypeDefinition { placeholder } => format!("type definition of `{{{placeholder}}}`"),
        };
        line(page, &format!("| `{}` | {value} |", constant.pointer));
    }
    line(page, "");
}

fn enumerations(page: &mut String, profile: &Profile) {
    let mut seen: Vec<&str> = Vec::new();
    for enumeration in profile.mapping.fields.iter().filter_map(|field| field.enumeration.as_ref()) {
        if seen.contains(&enumeration.name.as_str()) {
            continue;
        }
        if seen.is_empty() {
            line(page, "## Values\n");
        }
        seen.push(&enumeration.name);
        let mut text = format!("- {}: ", enumeration.name);
        for (at, (number, name)) in enumeration.members.iter().enumerate() {
            let _ = write!(text, "{}{number} {name}", if at == 0 { "" } else { ", " });
        }
        line(page, &text);
    }
    if !seen.is_empty() {
        line(page, "");
    }
}

fn unmapped(page: &mut String, profile: &Profile) {
    if profile.mapping.unmapped.is_empty() {
        return;
    }
    line(page, "## Left out on purpose\n\n| node | because |\n|---|---|");
    for unmapped in &profile.mapping.unmapped {
        line(page, &format!("| `{}` | {} |", unmapped.path, unmapped.because.en));
    }
    line(page, "");
}

fn rules(page: &mut String, folder: &Folder) {
    if folder.rules.is_empty() {
        return;
    }
    line(
        page,
        "## Rules\n\nWhat must hold beyond the schema.\n\n| rule | what must hold | severity | clause |\n|---|---|---|---|",
    );
    for rule in &folder.rules {
        let (id, title, severity) = (&rule.id, cell(&rule.titles.en), rule.severity.name());
        line(page, &format!("| [{id}](rules/{id}.md) | {title} | {severity} | {} |", cell(&rule.clause)));
    }
    line(page, "");
}

/// Text in a table.
fn cell(text: &str) -> String {
    text.trim().replace('|', "\\|").replace('\n', " ")
}

fn examples(page: &mut String, folder: &Folder) {
    let name = |file: &str| file.rsplit('/').next().unwrap_or_default().to_owned();
    line(page, "## Examples\n\nOwn values. Valid:\n");
    for example in &folder.valid {
        line(page, &format!("- [{}]({})", name(&example.file), example.file));
    }
    line(page, "\nInvalid, one fault each:\n\n| example | shows | at | refused by |\n|---|---|---|---|");
    for example in &folder.invalid {
        let Some(expected) = &example.expectation else { continue };
        let pointer =
            if expected.pointer.is_empty() { "the whole".to_owned() } else { format!("`{}`", expected.pointer) };
        let file = name(&example.file);
        let by = match &expected.refused_by {
            RefusedBy::Keyword(keyword) => format!("`{keyword}`"),
            RefusedBy::Rule(id) => format!("[{id}](rules/{id}.md)"),
        };
        line(page, &format!("| [{file}]({}) | {} | {pointer} | {by} |", example.file, expected.shows));
    }
}

/// The word that `profile.yaml` has for a value.
fn word_of<T: PartialEq>(words: &[(&'static str, T)], value: T) -> &'static str {
    words.iter().find(|(_, other)| *other == value).map_or("", |(word, _)| word)
}
