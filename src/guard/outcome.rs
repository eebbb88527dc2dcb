//! How a command ended.

use super::command::CommandId;
use crate::finding::{Language, catalogue};
use crate::model::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutcomeKind {
    /// The machine took it; with read-back, the value was seen there.
    Done,
    /// Nothing was changed.
    Refused,
    /// It may have been done or not. It is never sent again.
    Unknown,
}

/// How a command ended, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub kind: OutcomeKind,
    /// Of the reason; empty when it was done.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub code: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arguments: Vec<(String, String)>,
    /// What the machine holds afterwards, as JSON, when it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

impl Outcome {
    /// It was done; `value` is what was read back, as JSON.
    #[must_use]
    pub fn done(value: Option<String>) -> Self {
        Self { kind: OutcomeKind::Done, code: String::new(), arguments: Vec::new(), value }
    }

    /// Nobody knows whether it was done, for this reason.
    #[must_use]
    pub fn unknown(code: &str, arguments: &[(&str, &str)]) -> Self {
        let own = |(name, fact): &(&str, &str)| ((*name).to_owned(), (*fact).to_owned());
        let arguments = arguments.iter().map(own).collect();
        Self { kind: OutcomeKind::Unknown, code: code.to_owned(), arguments, value: None }
    }

    /// Why, in words; empty when it was done.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let facts: Vec<(&str, &str)> =
            self.arguments.iter().map(|(name, fact)| (name.as_str(), fact.as_str())).collect();
        let text = || catalogue::text(language, &self.code, None, &facts).unwrap_or_default();
        if self.code.is_empty() { String::new() } else { text() }
    }

    /// The answer to whoever commanded: `{"id","outcome","code","text","value","at"}`; what is not known is left out.
    #[must_use]
    pub fn reply(&self, id: Option<CommandId>, language: Language, at: Timestamp) -> String {
        let mut reply = serde_json::Map::new();
        let mut say = |name: &str, value: serde_json::Value| drop(reply.insert(name.to_owned(), value));
        if let Some(id) = id {
            say("id", id.to_string().into());
        }
        say("outcome", self.kind.word().into());
        if !self.code.is_empty() {
            say("code", self.code.clone().into());
            say("text", self.text(language).into());
        }
        if let Some(value) = self.value.as_deref().and_then(|value| serde_json::from_str(value).ok()) {
            say("value", value);
        }
        say("at", at.to_string().into());
        serde_json::Value::Object(reply).to_string()
    }
}

impl OutcomeKind {
    /// `done`, `refused`, `unknown`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
        }
    }
}
