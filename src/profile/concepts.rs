//! `concepts/*.yaml`: the hub that all profiles are translated through. A profile's mapping says which concept a field
//! holds; N profiles need N mappings.

use super::path::{is_concept, is_word};
use super::report::{Place, Report};
use super::section::{self, Section};
use super::yaml::{self, Node};
use super::{Files, Titles, folder};
use crate::finding::{Checked, nearest};
use crate::model::unit::Unit;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a field can speak about, by id such as `machine.operation-mode`.
#[derive(Clone, Debug, Default)]
pub struct Concepts {
    all: BTreeMap<String, Arc<Concept>>,
}

/// One meaning, whatever it is called and however it is written elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Concept {
    /// Words joined by `-`, a dot between what it belongs to and what it is.
    pub id: String,
    pub titles: Titles,
    pub kind: ConceptKind,
    /// Of an enumeration: the hub's own words, in the order of the file.
    pub values: Vec<(String, Titles)>,
    /// In what a number of the hub counts.
    pub unit: Option<&'static Unit>,
    /// One value for each of these; `None`: one for a machine or document.
    pub per: Option<Per>,
    /// Speaks of a person: leaves only where it is named.
    pub is_person: bool,
    /// Dictionary (`eclass`, `iec-cdd`, `opc-ua`, `nc-link`, `samm`, …) and its id there.
    pub semantic_ids: Vec<(String, String)>,
    /// `file:line:column` of its declaration.
    pub place: String,
}

/// What the values of a concept are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConceptKind {
    Text,
    /// A text in a language that is told, or in several.
    LocalizedText,
    Integer,
    Number,
    Boolean,
    /// A point in time, UTC.
    Time,
    /// A day.
    Date,
    Enumeration,
}

macro_rules! per {
    ($($name:ident $word:literal,)*) => {
        /// Of what a machine or document has several, each with a value of its own.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Per { $($name,)* }

        const PER: &[(&str, Per)] = &[$(($word, Per::$name),)*];

        impl Per {
            /// As the files write it, such as `tool-life`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }
        }
    };
}

per! {
    Channel "channel",
    Spindle "spindle",
    Axis "axis",
    Tool "tool",
    ToolLife "tool-life",
    Job "job",
    Part "part",
    Software "software",
    Marking "marking",
    Phase "phase",
    Event "event",
    Material "material",
    Light "light",
    Alarm "alarm",
    Element "element",
    Laser "laser",
    EdmGenerator "edm-generator",
    Prognosis "prognosis",
    Lifetime "lifetime",
    Program "program",
}

const KINDS: &[(&str, ConceptKind)] = &[
    ("text", ConceptKind::Text),
    ("localized-text", ConceptKind::LocalizedText),
    ("integer", ConceptKind::Integer),
    ("number", ConceptKind::Number),
    ("boolean", ConceptKind::Boolean),
    ("time", ConceptKind::Time),
    ("date", ConceptKind::Date),
    ("enumeration", ConceptKind::Enumeration),
];

impl ConceptKind {
    /// As the files write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        KINDS.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }

    pub(super) const fn is_numeric(self) -> bool {
        matches!(self, Self::Integer | Self::Number)
    }
}

impl Concept {
    /// Whether both declare the same, wherever they stand.
    fn is_same(&self, other: &Self) -> bool {
        *self == Self { place: self.place.clone(), ..other.clone() }
    }

    /// Title of one of its values.
    #[must_use]
    pub fn value_titles(&self, value: &str) -> Option<&Titles> {
        self.values.iter().find(|(name, _)| name == value).map(|(_, titles)| titles)
    }
}

impl Concepts {
    /// Adds the concepts of every `concepts/*.yaml`. A faulty one is left out, with its findings. What another folder
    /// declared in the same way is no contradiction.
    #[must_use]
    pub fn with_files(mut self, shown_as: &str, files: &Files) -> Checked<Self> {
        let mut findings = Vec::new();
        let before = self.clone();
        for (name, bytes) in files {
            if !is_concepts_file(name) {
                continue;
            }
            let shown = if shown_as.is_empty() { name.clone() } else { format!("{shown_as}/{name}") };
            let mut report = Report::new(shown);
            if let Some(text) = folder::text_of(bytes, &mut report)
                && let Some(node) = yaml::parse(&text, &mut report)
            {
                self.read(&node, &before, &mut report);
            }
            findings.append(&mut report.findings);
        }
        Checked { value: self, findings }
    }

    fn read(&mut self, node: &Node, before: &Self, report: &mut Report) {
        let Some(mut section) = Section::open(node, report) else { return };
        for (key, node) in section.map("concepts", report) {
            if !is_concept(&key.text) {
                report
                    .error("QIAO-P012", key.place)
                    .argument("value", &key.text)
                    .argument("example", "machine.operation-mode");
                continue;
            }
            let Some(concept) = concept(&key.text, key.place, node, report) else { continue };
            match self.all.get(&concept.id) {
                Some(_) if before.find(&concept.id).is_some_and(|before| before.is_same(&concept)) => {}
                Some(first) => {
                    let first = first.place.clone();
                    report.error("QIAO-P039", key.place).argument("concept", &key.text).argument("first", first);
                }
                None => {
                    self.all.insert(concept.id.clone(), Arc::new(concept));
                }
            }
        }
        section.close(report);
    }

    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Arc<Concept>> {
        self.all.get(id)
    }

    /// What was probably meant by an id that is not here.
    #[must_use]
    pub fn nearest(&self, id: &str) -> Option<&str> {
        nearest(id, self.all.keys().map(String::as_str))
    }

    /// All of them, by id.
    pub fn list(&self) -> impl Iterator<Item = &Arc<Concept>> {
        self.all.values()
    }
}

/// `concepts/` stands beside the families of profiles, and holds files only.
fn is_concepts_file(name: &str) -> bool {
    name.strip_prefix("concepts/").is_some_and(|file| !file.contains('/') && file.ends_with(".yaml"))
}

fn concept(id: &str, place: Place, node: &Node, report: &mut Report) -> Option<Concept> {
    let faults = report.findings.len();
    let mut section = Section::open(node, report)?;
    let titles = section.titles("title", report);
    let kind = section.required_choice("type", KINDS, report);
    let values = values(&mut section, report);
    let unit = unit(&mut section, kind, report);
    let per = section.choice("per", PER, report);
    let is_person = section.is("person", report);
    let mut semantic_ids = Vec::new();
    for (key, node) in section.map("semantic-ids", report) {
        if !is_word(&key.text) {
            report.error("QIAO-P012", key.place).argument("value", &key.text).argument("example", "iec-cdd");
        }
        semantic_ids.extend(section::text(node, report).map(|word| (key.text.clone(), word.text.to_owned())));
    }
    section.close(report);
    let kind = kind?;
    if (kind == ConceptKind::Enumeration) == values.is_empty() {
        report.error("QIAO-P041", place).argument("concept", id).argument("type", kind.name());
    }
    if report.findings.len() > faults {
        return None;
    }
    let place = report.shown(place);
    Some(Concept { id: id.to_owned(), titles: titles?, kind, values, unit, per, is_person, semantic_ids, place })
}

fn values(section: &mut Section<'_>, report: &mut Report) -> Vec<(String, Titles)> {
    let mut values = Vec::new();
    for (key, node) in section.map("values", report) {
        if !is_word(&key.text) {
            report.error("QIAO-P012", key.place).argument("value", &key.text).argument("example", "not-executing");
        }
        values.extend(section::titles(node, report).map(|titles| (key.text.clone(), titles)));
    }
    values
}

/// Only numbers count in a unit, and only in one that can be converted.
fn unit(section: &mut Section<'_>, kind: Option<ConceptKind>, report: &mut Report) -> Option<&'static Unit> {
    let word = section.text("unit", report)?;
    let found = Unit::by_code(word.text);
    if found.is_none() || kind.is_some_and(|kind| !kind.is_numeric()) {
        report
            .error("QIAO-P040", word.place)
            .argument("unit", word.text)
            .argument("type", kind.map_or("", ConceptKind::name))
            .nearest(word.text, Unit::codes());
    }
    found
}
