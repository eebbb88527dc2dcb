//! `tables:` of a mapping: which wire value is which value of the hub's enumeration, both ways.

use super::concepts::{Concept, ConceptKind, Concepts};
use super::meaning::{Table, TableEntry};
use super::path::is_word;
use super::report::{Place, Report};
use super::section::{self, Section, Word};
use super::yaml::{Content, Node};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;

pub(super) fn tables(
    section: &mut Section<'_>,
    concepts: &Concepts,
    report: &mut Report,
) -> HashMap<String, (Place, Arc<Table>)> {
    let mut tables = HashMap::new();
    for (key, node) in section.map("tables", report) {
        if !is_word(&key.text) {
            report.error("QIAO-P012", key.place).argument("value", &key.text).argument("example", "work-mode");
        }
        if let Some(table) = table(&key.text, key.place, node, concepts, report) {
            tables.insert(key.text.clone(), (key.place, Arc::new(table)));
        }
    }
    tables
}

/// A concept that must exist.
pub(super) fn concept<'c>(word: Word<'_>, concepts: &'c Concepts, report: &mut Report) -> Option<&'c Arc<Concept>> {
    let found = concepts.find(word.text);
    if found.is_none() {
        report
            .error("QIAO-P035", word.place)
            .argument("concept", word.text)
            .argument("nearest", concepts.nearest(word.text).unwrap_or("none"));
    }
    found
}

fn table(name: &str, place: Place, node: &Node, concepts: &Concepts, report: &mut Report) -> Option<Table> {
    let mut section = Section::open(node, report)?;
    let of = section.required_text("of", report);
    let of = of.and_then(|word| Some((word, concept(word, concepts, report)?)));
    let mut seen = Seen { of: of.map(|(_, concept)| &**concept), wire: Vec::new(), values: Vec::new() };
    let listed = section.list("entries", report);
    let entries: Vec<TableEntry> = listed.iter().filter_map(|node| entry(node, &mut seen, report)).collect();
    let mut absent = Vec::new();
    for (key, node) in section.map("absent", report) {
        seen.value(Word { place: key.place, text: &key.text }, report);
        absent.extend(section::titles(node, report).map(|because| (key.text.clone(), because)));
    }
    section.close(report);
    let (word, concept) = of?;
    if concept.kind != ConceptKind::Enumeration {
        report.error("QIAO-P043", word.place).argument("concept", word.text).argument("type", concept.kind.name());
        return None;
    }
    let silent: Vec<&str> =
        concept.values.iter().map(|(value, _)| value.as_str()).filter(|value| !seen.knows(value)).collect();
    if !silent.is_empty() {
        report.error("QIAO-P044", place).argument("table", name).argument("values", silent.join(", "));
    }
    Some(Table { name: name.to_owned(), concept: word.text.to_owned(), entries, absent })
}

/// What a table has told so far: a second word about the same is a contradiction.
struct Seen<'c> {
    of: Option<&'c Concept>,
    wire: Vec<Value>,
    /// Value of the hub, and whether it was told by `is`: several wire values may be read as one.
    values: Vec<(String, bool)>,
}

impl Seen<'_> {
    fn knows(&self, value: &str) -> bool {
        self.values.iter().any(|(other, _)| other == value)
    }

    fn wire(&mut self, value: &Value, place: Place, report: &mut Report) {
        if self.wire.contains(value) {
            report.error("QIAO-P046", place).argument("value", value);
        }
        self.wire.push(value.clone());
    }

    fn known(&self, word: Word<'_>, report: &mut Report) {
        if let Some(of) = self.of.filter(|of| of.value_titles(word.text).is_none()) {
            report
                .error("QIAO-P036", word.place)
                .argument("value", word.text)
                .argument("concept", &of.id)
                .nearest(word.text, of.values.iter().map(|(value, _)| value.as_str()));
        }
    }

    /// `also` or `absent`: nothing else may be told about it.
    fn value(&mut self, word: Word<'_>, report: &mut Report) {
        self.known(word, report);
        if self.knows(word.text) {
            report.error("QIAO-P046", word.place).argument("value", word.text);
        }
        self.values.push((word.text.to_owned(), false));
    }

    fn is(&mut self, word: Word<'_>, report: &mut Report) {
        self.known(word, report);
        if self.values.iter().any(|(other, is)| other == word.text && !is) {
            report.error("QIAO-P046", word.place).argument("value", word.text);
        }
        self.values.push((word.text.to_owned(), true));
    }
}

/// A word, or a localized text: `{ locale: en, text: Running }`.
fn wire_value(node: &Node, report: &mut Report) -> Option<Value> {
    if !matches!(node.content, Content::Map(_)) {
        return section::scalar(node, report);
    }
    let mut section = Section::open(node, report)?;
    let [locale, text] =
        ["locale", "text"].map(|key| section.required_text(key, report).map(|word| word.text.to_owned()));
    section.close(report);
    Some(json!({"locale": locale?, "text": text?}))
}

fn entry(node: &Node, seen: &mut Seen<'_>, report: &mut Report) -> Option<TableEntry> {
    let mut section = Section::open(node, report)?;
    let wire = section.required("wire", report);
    let wire = wire.and_then(|node| Some((wire_value(node, report)?, node.place)));
    let is = section.required_text("is", report);
    let also = section.node("also").map(|node| section::texts(node, report)).unwrap_or_default();
    let accept: Vec<(Value, Place)> = section
        .list("accept", report)
        .iter()
        .filter_map(|node| Some((section::scalar(node, report)?, node.place)))
        .collect();
    section.close(report);
    let ((wire, place), is) = (wire?, is?);
    seen.wire(&wire, place, report);
    accept.iter().for_each(|(value, place)| seen.wire(value, *place, report));
    seen.is(is, report);
    also.iter().for_each(|word| seen.value(*word, report));
    Some(TableEntry {
        wire,
        is: is.text.to_owned(),
        also: also.iter().map(|word| word.text.to_owned()).collect(),
        accept: accept.into_iter().map(|(value, _)| value).collect(),
    })
}
