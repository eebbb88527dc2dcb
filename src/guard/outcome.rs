//! How a command ended.

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
