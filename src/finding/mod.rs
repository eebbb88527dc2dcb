//! Findings, codes, severities and their texts in three languages.
//!
//! A *finding* says that data, a file or a peer is wrong; an *error* that we could not do our work. Both carry a
//! [`Code`] that never changes its meaning, a place, and arguments; the text is made only at the face ([`Finding::text`]).

use std::borrow::Cow;

/// A released code, such as `QIAO-C012` or `UMATI-0103`; the id of its message in `messages/{en,de,zh}/*.ftl`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(pub Cow<'static, str>);

/// How grave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Note,
    /// Works, but not as somebody will expect.
    Warning,
    /// Wrong.
    Error,
}

/// The language of a face.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    #[default]
    English,
    German,
    Chinese,
}

/// Something is wrong: what, where, and with which facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub code: Code,
    pub severity: Severity,
    /// `file:line:column`, node id, topic or JSON pointer; empty when there is none.
    pub place: String,
    /// Facts for the message's `{ $name }` placeholders.
    pub arguments: Vec<(&'static str, String)>,
}

impl Finding {
    #[must_use]
    pub fn new(code: &'static str, severity: Severity, place: impl Into<String>) -> Self {
        Self { code: Code(Cow::Borrowed(code)), severity, place: place.into(), arguments: Vec::new() }
    }

    #[must_use]
    pub fn error(code: &'static str, place: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, place)
    }

    #[must_use]
    pub fn warning(code: &'static str, place: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, place)
    }

    #[must_use]
    pub fn note(code: &'static str, place: impl Into<String>) -> Self {
        Self::new(code, Severity::Note, place)
    }

    /// Adds a fact.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.arguments.push((name, value.to_string()));
        self
    }
}

/// A value and everything that is wrong with it: the first fault does not hide the second.
#[derive(Clone, Debug, Default)]
pub struct Checked<T> {
    pub value: T,
    pub findings: Vec<Finding>,
}
