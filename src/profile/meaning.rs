//! How a member of a message holds its concept: spelling, unit, words, and by which rule it is the concept at all.

use super::{Titles, concepts::ConceptKind};
use regex::Regex;
use serde_json::Value;
use std::sync::Arc;

/// How the wire holds a value of the concept's type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// JSON of its type; times ISO 8601 UTC.
    #[default]
    Plain,
    /// A number in a string.
    DecimalText,
    /// Milliseconds since 1970, UTC.
    EpochMs,
    /// The same, in a string.
    EpochMsText,
    /// `YYYY-MM-DD`.
    Date,
    /// `{locale, text}`.
    Localized,
    /// `{Locale, Text}`, as OPC UA writes it in JSON.
    LocalizedUa,
    /// `[{language, text}, …]`, as the Asset Administration Shell writes it.
    Languages,
    /// Plain text that takes one language of several: an approximation.
    LanguagesAny,
}

/// Their words in `mapping.yaml`.
pub(super) const FORMS: &[(&str, Form)] = &[
    ("plain", Form::Plain),
    ("decimal-text", Form::DecimalText),
    ("epoch-ms", Form::EpochMs),
    ("epoch-ms-text", Form::EpochMsText),
    ("date", Form::Date),
    ("localized", Form::Localized),
    ("localized-ua", Form::LocalizedUa),
    ("languages", Form::Languages),
    ("languages-any", Form::LanguagesAny),
];

impl Form {
    /// As the mapping writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        FORMS.iter().find(|(_, form)| *form == self).map_or("", |(name, _)| name)
    }

    /// Whether values of this type can stand in it.
    pub(super) const fn takes(self, kind: ConceptKind) -> bool {
        use ConceptKind as K;
        match self {
            Self::Plain => true,
            Self::DecimalText => kind.is_numeric(),
            Self::EpochMs | Self::EpochMsText => matches!(kind, K::Time),
            Self::Date => matches!(kind, K::Date | K::Time),
            Self::Localized | Self::LocalizedUa | Self::Languages | Self::LanguagesAny => {
                matches!(kind, K::Text | K::LocalizedText)
            }
        }
    }
}

/// A field that goes one way only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Only {
    /// Taken from messages, never written.
    Read,
    /// Written, never taken.
    Write,
}

pub(super) const ONLY: &[(&str, Only)] = &[("read", Only::Read), ("write", Only::Write)];

/// The wire's words for the values of an enumeration of the hub.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    pub name: String,
    /// The concept whose values it tells.
    pub concept: String,
    pub entries: Vec<TableEntry>,
    /// Values of the hub that the wire cannot say, with the reason.
    pub absent: Vec<(String, Titles)>,
}

/// One wire value.
#[derive(Clone, Debug, PartialEq)]
pub struct TableEntry {
    pub wire: Value,
    /// What it is read as, and what is written as it exactly.
    pub is: String,
    /// Values of the hub that are written as it too: an approximation.
    pub also: Vec<String>,
    /// Other wire values that are read as it: a declared conversion.
    pub accept: Vec<Value>,
}

/// What a hub value becomes on the wire.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Written<'t> {
    Exact(&'t Value),
    /// The wire has no word of its own for it.
    Approximate(&'t TableEntry),
    /// The wire cannot say it.
    Absent(&'t Titles),
    /// The table does not know it.
    Unknown,
}

/// What a wire value is in the hub.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Read<'t> {
    pub value: &'t str,
    /// The wire spelt it otherwise than the table writes it.
    pub is_other_spelling: bool,
}

impl Table {
    /// What a wire value means; `None`: the table does not know it.
    #[must_use]
    pub fn read(&self, wire: &Value) -> Option<Read<'_>> {
        let exact = self.entries.iter().find(|entry| entry.wire == *wire);
        if let Some(entry) = exact {
            return Some(Read { value: &entry.is, is_other_spelling: false });
        }
        let entry = self.entries.iter().find(|entry| entry.accept.contains(wire))?;
        Some(Read { value: &entry.is, is_other_spelling: true })
    }

    /// How a value of the hub is written.
    #[must_use]
    pub fn write(&self, value: &str) -> Written<'_> {
        if let Some(entry) = self.entries.iter().find(|entry| entry.is == value) {
            return Written::Exact(&entry.wire);
        }
        if let Some(entry) = self.entries.iter().find(|entry| entry.also.iter().any(|also| also == value)) {
            return Written::Approximate(entry);
        }
        self.absent
            .iter()
            .find(|(absent, _)| absent == value)
            .map_or(Written::Unknown, |(_, because)| Written::Absent(because))
    }
}

/// Words for units, as a standard or a vendor writes them, and their common codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitWords {
    pub name: String,
    pub words: Vec<(String, String)>,
}

/// A concept that is part of another member's text.
#[derive(Clone, Debug)]
pub struct Derive {
    /// Where the text stands.
    pub from: String,
    /// Linear-time.
    pub pattern: Regex,
    /// Which group of the pattern is taken; 0: the whole match.
    pub take: usize,
}

/// How one field holds its concept, in one place.
#[derive(Clone, Debug, Default)]
pub struct Meaning {
    pub form: Form,
    pub table: Option<Arc<Table>>,
    /// The field is the concept only approximately, by this rule.
    pub rule: Option<Titles>,
    pub only: Option<Only>,
    pub derive: Option<Arc<Derive>>,
}
