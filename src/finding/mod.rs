//! Findings, codes, severities and their texts in three languages.
//!
//! A *finding* says that data, a file or a peer is wrong; an *error* that we could not do our work. Both carry a
//! [`Code`] that never changes its meaning, a place, and arguments; the text is made only at the face ([`Finding::text`]).

pub mod catalogue;
mod language;
mod nearest;
pub mod page;
mod visible;

pub use language::Language;
pub use nearest::nearest;
pub use visible::{is_hidden, visible};

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

/// Fact of any finding about what comes from a template: the place where the template was used.
pub const USED_AT: &str = "used-at";
/// Fact beside [`USED_AT`]: how many more uses of the template have the same fault.
pub const MORE_USES: &str = "more-uses";

impl Finding {
    /// What is wrong, in one sentence or two; place and code are shown before it. A code without text shows its facts.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let mut facts: Vec<(&str, &str)> = self.arguments.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let text = catalogue::text(language, &self.code.0, None, &facts).unwrap_or_else(|| {
            facts.iter().map(|(name, value)| format!("{name}: {}", visible(value))).collect::<Vec<_>>().join(", ")
        });
        if !facts.iter().any(|(name, _)| *name == USED_AT) {
            return text;
        }
        if !facts.iter().any(|(name, _)| *name == MORE_USES) {
            facts.push((MORE_USES, "0"));
        }
        let used = catalogue::text(language, "finding-used-at", None, &facts).unwrap_or_default();
        format!("{text} {used}")
    }

    /// The way out, when the catalogue knows one.
    #[must_use]
    pub fn fix(&self, language: Language) -> Option<String> {
        let facts: Vec<(&str, &str)> = self.arguments.iter().map(|(name, value)| (*name, value.as_str())).collect();
        catalogue::text(language, &self.code.0, Some("fix"), &facts)
    }
}

/// `CODE place  text`, in English.
impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = self.text(Language::English);
        if self.place.is_empty() {
            return write!(f, "{}  {text}", self.code);
        }
        write!(f, "{} {}  {text}", self.code, visible(&self.place))
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Severity {
    /// `error`, `warning`, `note`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// A value and everything that is wrong with it: the first fault does not hide the second.
#[derive(Clone, Debug, Default)]
pub struct Checked<T> {
    pub value: T,
    pub findings: Vec<Finding>,
}

impl<T> Checked<T> {
    /// Whether nothing is wrong; warnings and notes may stand.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity < Severity::Error)
    }
}
