//! Topic templates: `Sample/{machine}/status`, checked when the plan is made, filled once per machine and session.
//!
//! Whatever a machine or a place is called, the topic stays below the literal prefix of its template and keeps its
//! number of levels. [`escape`] says how.

mod escape;

pub use escape::escape;

use crate::finding;
use crate::model::TopicName;
use crate::model::topic::TopicError;

/// What may stand in braces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placeholder {
    Gateway,
    Machine,
    Flow,
    Profile,
    Enterprise,
    Site,
    Area,
    Line,
    Cell,
    /// Sampling channel.
    Channel,
    /// Condition whose state it is.
    Condition,
}

/// Every placeholder with its name, in the order in which faces list them.
pub const PLACEHOLDERS: [(&str, Placeholder); 11] = [
    ("gateway", Placeholder::Gateway),
    ("machine", Placeholder::Machine),
    ("flow", Placeholder::Flow),
    ("profile", Placeholder::Profile),
    ("enterprise", Placeholder::Enterprise),
    ("site", Placeholder::Site),
    ("area", Placeholder::Area),
    ("line", Placeholder::Line),
    ("cell", Placeholder::Cell),
    ("channel", Placeholder::Channel),
    ("condition", Placeholder::Condition),
];

/// What fills a template. A place that is not known is `None`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Values<'a> {
    pub gateway: &'a str,
    pub machine: &'a str,
    pub flow: &'a str,
    pub profile: &'a str,
    pub enterprise: Option<&'a str>,
    pub site: Option<&'a str>,
    pub area: Option<&'a str>,
    pub line: Option<&'a str>,
    pub cell: Option<&'a str>,
    /// Of messages of samples alone.
    pub channel: Option<&'a str>,
    /// Of states of conditions alone.
    pub condition: Option<&'a str>,
}

impl<'a> Values<'a> {
    fn get(&self, placeholder: Placeholder) -> Option<&'a str> {
        match placeholder {
            Placeholder::Gateway => Some(self.gateway),
            Placeholder::Machine => Some(self.machine),
            Placeholder::Flow => Some(self.flow),
            Placeholder::Profile => Some(self.profile),
            Placeholder::Enterprise => self.enterprise,
            Placeholder::Site => self.site,
            Placeholder::Area => self.area,
            Placeholder::Line => self.line,
            Placeholder::Cell => self.cell,
            Placeholder::Channel => self.channel,
            Placeholder::Condition => self.condition,
        }
    }
}

/// A topic with placeholders; its literal parts were checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    text: String,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Literal(String),
    Value(Placeholder),
}

/// Why a text is no topic template. Bytes count from the start of the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    #[error("a topic template has at least one character")]
    Empty,
    #[error("byte {at}: `{{{name}}}` is no placeholder of a topic template{}", nearest.map(|n| format!("; did you mean `{{{n}}}`?")).unwrap_or_default())]
    Unknown {
        name: String,
        at: usize,
        /// The placeholder that is written most alike, when one is.
        nearest: Option<&'static str>,
    },
    #[error("byte {at}: a brace without its partner; write a placeholder as `{{machine}}`")]
    Brace { at: usize },
    #[error("byte {at}: {found:?} cannot stand in a topic")]
    Forbidden { found: char, at: usize },
    #[error("a topic that begins with `$` belongs to the broker")]
    Reserved,
    #[error("a topic has at most 65535 bytes; the literal parts alone have {bytes}")]
    TooLong { bytes: usize },
}

impl Template {
    /// Checks a template: known placeholders, braces in pairs, nothing in the literal parts that MQTT 5.0 §4.7 or
    /// §1.5.4 keeps out of a topic name, no leading `$` (§4.7.2).
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        if text.is_empty() {
            return Err(TemplateError::Empty);
        }
        if text.starts_with('$') {
            return Err(TemplateError::Reserved);
        }
        let (mut parts, mut rest, mut at) = (Vec::new(), text, 0);
        while !rest.is_empty() {
            let literal = &rest[..rest.find(['{', '}']).unwrap_or(rest.len())];
            if let Some((offset, found)) = literal.char_indices().find(|(_, c)| escape::is_forbidden(*c)) {
                return Err(TemplateError::Forbidden { found, at: at + offset });
            }
            if !literal.is_empty() {
                parts.push(Part::Literal(literal.to_owned()));
            }
            (rest, at) = (&rest[literal.len()..], at + literal.len());
            let Some(inner) = rest.strip_prefix('{') else {
                if rest.is_empty() {
                    break;
                }
                return Err(TemplateError::Brace { at });
            };
            let end = inner.find(['{', '}']).filter(|end| inner[*end..].starts_with('}'));
            let name = &inner[..end.ok_or(TemplateError::Brace { at })?];
            parts.push(Part::Value(find(name, at)?));
            (rest, at) = (&inner[name.len() + 1..], at + name.len() + 2);
        }
        let bytes = parts.iter().map(|part| if let Part::Literal(text) = part { text.len() } else { 0 }).sum();
        if bytes > usize::from(u16::MAX) {
            return Err(TemplateError::TooLong { bytes });
        }
        Ok(Self { text: text.to_owned(), parts })
    }

    /// The template as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether this stands in it.
    #[must_use]
    pub fn has(&self, placeholder: Placeholder) -> bool {
        self.parts.contains(&Part::Value(placeholder))
    }

    /// The places this template asks for and `values` does not know; their levels read `%_`.
    #[must_use]
    pub fn missing(&self, values: &Values<'_>) -> Vec<&'static str> {
        let is_missing = |placeholder| {
            self.parts.contains(&Part::Value(placeholder)) && values.get(placeholder).is_none_or(str::is_empty)
        };
        PLACEHOLDERS.iter().filter(|(_, placeholder)| is_missing(*placeholder)).map(|(name, _)| *name).collect()
    }

    /// The topic for these values, each [escaped](escape) on its own.
    ///
    /// # Errors
    /// Only [`TopicError::TooLong`]: the escaped values do not fit into 65535 bytes.
    pub fn fill(&self, values: &Values<'_>) -> Result<TopicName, TopicError> {
        let mut topic = String::new();
        for part in &self.parts {
            match part {
                Part::Literal(text) => topic.push_str(text),
                Part::Value(placeholder) => escape::push(&mut topic, values.get(*placeholder).unwrap_or_default()),
            }
        }
        TopicName::parse(&topic)
    }
}

fn find(name: &str, at: usize) -> Result<Placeholder, TemplateError> {
    if let Some((_, placeholder)) = PLACEHOLDERS.iter().find(|(known, _)| *known == name) {
        return Ok(*placeholder);
    }
    let nearest = finding::nearest(name, PLACEHOLDERS.iter().map(|(known, _)| *known));
    Err(TemplateError::Unknown { name: name.to_owned(), at, nearest })
}

#[cfg(test)]
mod tests;
