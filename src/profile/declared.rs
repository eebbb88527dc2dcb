//! What a mapping declares by name before its fields use it: placeholders, enumerations, tables, words for units.

use super::concepts::Concepts;
use super::meaning::{Table, UnitWords};
use super::path::is_word;
use super::report::{Place, Report};
use super::section::{self, Section, Word};
use super::yaml::Content;
use super::{Enumeration, PathStep, mapping::is_node_id, table};
use crate::model::unit::Unit;
use std::collections::HashMap;
use std::sync::Arc;

/// Each by its name with its place, and which of them was used.
pub(super) struct Declared<'c> {
    pub concepts: &'c Concepts,
    /// Placeholder → node ids of its types.
    placeholders: HashMap<String, (Place, Vec<String>)>,
    enumerations: HashMap<String, (Place, Arc<Enumeration>)>,
    tables: HashMap<String, (Place, Arc<Table>)>,
    unit_words: HashMap<String, (Place, Arc<UnitWords>)>,
    used: Vec<(&'static str, String)>,
    /// Pointers to units, and where each is written.
    pub units: Vec<(String, Place)>,
}

const PLACEHOLDER: &str = "placeholder";
const ENUMERATION: &str = "enumeration";
const TABLE: &str = "table";
const UNIT_WORDS: &str = "unit-words";

impl<'c> Declared<'c> {
    pub(super) fn read(section: &mut Section<'_>, concepts: &'c Concepts, report: &mut Report) -> Self {
        Self {
            concepts,
            placeholders: placeholders(section, report),
            enumerations: enumerations(section, report),
            tables: table::tables(section, concepts, report),
            unit_words: unit_words(section, report),
            used: Vec::new(),
            units: Vec::new(),
        }
    }

    pub(super) fn enumeration(&mut self, word: Word<'_>, report: &mut Report) -> Option<Arc<Enumeration>> {
        let found = take(&self.enumerations, word, "QIAO-P020", report);
        self.used.push((ENUMERATION, word.text.to_owned()));
        found
    }

    pub(super) fn table(&mut self, word: Word<'_>, report: &mut Report) -> Option<Arc<Table>> {
        let found = take(&self.tables, word, "QIAO-P045", report);
        self.used.push((TABLE, word.text.to_owned()));
        found
    }

    pub(super) fn unit_words(&mut self, word: Word<'_>, report: &mut Report) -> Option<Arc<UnitWords>> {
        let found = take(&self.unit_words, word, "QIAO-P045", report);
        self.used.push((UNIT_WORDS, word.text.to_owned()));
        found
    }

    pub(super) fn placeholder(&mut self, word: Word<'_>, report: &mut Report) -> Option<Vec<String>> {
        let found = take(&self.placeholders, word, "QIAO-P017", report);
        self.used.push((PLACEHOLDER, word.text.to_owned()));
        found
    }

    /// Gives the placeholders of a path their types.
    pub(super) fn bind(&mut self, steps: Vec<PathStep>, place: Place, report: &mut Report) -> Vec<PathStep> {
        steps
            .into_iter()
            .map(|step| match step {
                PathStep::Placeholder { name, .. } => {
                    let types = self.placeholder(Word { place, text: &name }, report).unwrap_or_default();
                    PathStep::Placeholder { name, types }
                }
                step => step,
            })
            .collect()
    }

    pub(super) fn tell_unused(&self, report: &mut Report) {
        fn places<T>(of: &HashMap<String, (Place, T)>) -> impl Iterator<Item = (&str, Place)> {
            of.iter().map(|(name, (place, _))| (name.as_str(), *place))
        }
        let all = [
            (PLACEHOLDER, places(&self.placeholders).collect::<Vec<_>>()),
            (ENUMERATION, places(&self.enumerations).collect()),
            (TABLE, places(&self.tables).collect()),
            (UNIT_WORDS, places(&self.unit_words).collect()),
        ];
        let mut unused: Vec<(&str, Place)> = all
            .into_iter()
            .flat_map(|(kind, names)| names.into_iter().map(move |(name, place)| (kind, name, place)))
            .filter(|(kind, name, _)| !self.used.iter().any(|(other, used)| other == kind && used == name))
            .map(|(_, name, place)| (name, place))
            .collect();
        unused.sort_by_key(|(_, place)| place.line);
        for (name, place) in unused {
            report.warning("QIAO-P021", place).argument("name", name);
        }
    }
}

/// What is declared under this name, or a finding with the nearest one.
fn take<T: Clone>(
    from: &HashMap<String, (Place, T)>,
    word: Word<'_>,
    code: &'static str,
    report: &mut Report,
) -> Option<T> {
    let found = from.get(word.text).map(|(_, declared)| declared.clone());
    if found.is_none() {
        report.error(code, word.place).argument("name", word.text).nearest(word.text, from.keys().map(String::as_str));
    }
    found
}

fn placeholders(section: &mut Section<'_>, report: &mut Report) -> HashMap<String, (Place, Vec<String>)> {
    let mut placeholders = HashMap::new();
    for (key, node) in section.map("placeholders", report) {
        if !is_word(&key.text) {
            report.error("QIAO-P012", key.place).argument("value", &key.text).argument("example", "monitored-element");
        }
        let Some(mut section) = Section::open(node, report) else { continue };
        let mut types = Vec::new();
        for node in section.list("types", report) {
            let Some(word) = section::text(node, report) else { continue };
            if !is_node_id(word.text) {
                report
                    .error("QIAO-P016", word.place)
                    .argument("value", word.text)
                    .argument("detail", "nsu=URI;i=NUMBER");
            }
            types.push(word.text.to_owned());
        }
        section.close(report);
        placeholders.insert(key.text.clone(), (key.place, types));
    }
    placeholders
}

fn enumerations(section: &mut Section<'_>, report: &mut Report) -> HashMap<String, (Place, Arc<Enumeration>)> {
    let mut enumerations = HashMap::new();
    for (key, node) in section.map("enumerations", report) {
        if !is_word(&key.text) {
            report.error("QIAO-P012", key.place).argument("value", &key.text).argument("example", "channel-state");
        }
        let mut members = Vec::new();
        match &node.content {
            Content::Map(entries) => {
                for (number, name) in entries {
                    let Some(name) = section::text(name, report) else { continue };
                    match number.text.parse::<i64>() {
                        Ok(number) => members.push((number, name.text.to_owned())),
                        Err(_) => {
                            report.error("QIAO-P034", number.place).argument("key", &number.text);
                        }
                    }
                }
            }
            _ => {
                report.error("QIAO-P009", node.place).argument("expected", "map").argument("found", "text");
            }
        }
        let enumeration = Arc::new(Enumeration { name: key.text.clone(), members });
        enumerations.insert(key.text.clone(), (key.place, enumeration));
    }
    enumerations
}

fn unit_words(section: &mut Section<'_>, report: &mut Report) -> HashMap<String, (Place, Arc<UnitWords>)> {
    let mut all = HashMap::new();
    for (key, node) in section.map("unit-words", report) {
        if !is_word(&key.text) {
            report.error("QIAO-P012", key.place).argument("value", &key.text).argument("example", "energy-units");
        }
        let mut words = Vec::new();
        for (word, code) in section::entries(node, report) {
            words.extend(section::text(code, report).map(|code| (word, code)));
        }
        for (_, code) in &words {
            check_code(*code, report);
        }
        let words = words.into_iter().map(|(word, code)| (word.text.clone(), code.text.to_owned())).collect();
        all.insert(key.text.clone(), (key.place, Arc::new(UnitWords { name: key.text.clone(), words })));
    }
    all
}

/// A unit that numbers can be converted from and to.
pub(super) fn check_code(word: Word<'_>, report: &mut Report) -> Option<&'static Unit> {
    let found = Unit::by_code(word.text);
    if found.is_none() {
        report.error("QIAO-P042", word.place).argument("unit", word.text).nearest(word.text, Unit::codes());
    }
    found
}
