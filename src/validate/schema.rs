//! What a schema must be before it is compiled: bounded, of our dialect, and closed in itself.
//!
//! Schemas come from users. One that is too large, reaches for the network, refers to itself without ever consuming a
//! piece of the message, or multiplies by reference is refused here with its place, not met at run time.

mod graph;

use crate::finding::{Code, Finding};
use graph::Graph;
use serde_json::Value;
use std::borrow::Cow;

/// Bytes of a schema as JSON.
pub const MAX_BYTES: usize = 256 << 10;
/// Levels of arrays and objects in a schema.
pub const MAX_LEVELS: usize = 64;
/// Subschemas, the schema itself included.
pub const MAX_SUBSCHEMAS: usize = 5_000;
/// How many subschemas may be asked in a chain; each takes a few hundred bytes of stack.
pub const MAX_CHAIN: usize = 1_000;
/// How many times subschemas are asked for one message when references are written out.
pub const MAX_EVALUATIONS: u64 = 100_000;
/// The same for one value of a message, in a schema that refers to itself.
pub const MAX_EVALUATIONS_OF_VALUE: u64 = 2_000;

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Why a schema is refused. Places are JSON pointers into the schema.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SchemaError {
    #[error("the schema takes {bytes} bytes, at most {MAX_BYTES} are allowed")]
    TooLarge { bytes: usize },
    #[error("the schema has more than {MAX_LEVELS} levels of arrays and objects")]
    TooDeep,
    #[error("the schema has more than {MAX_SUBSCHEMAS} subschemas")]
    TooMany,
    #[error("{pointer}: not a JSON Schema: {reason}")]
    NotASchema { pointer: String, reason: String },
    #[error("the schema is written for `{found}`, only {DIALECT} is read")]
    Dialect { found: String },
    #[error("{pointer}: `{target}` lies outside of this schema; nothing is fetched")]
    Remote { pointer: String, target: String },
    #[error("{pointer}: `{target}` names nothing in this schema")]
    Unknown { pointer: String, target: String },
    #[error("{pointer}: the pattern `{pattern}` cannot be matched in linear time: {reason}")]
    Pattern { pointer: String, pattern: String, reason: PatternReason },
    #[error("{pointer}: the reference leads back to itself without going into the message")]
    Endless { pointer: String },
    #[error("{pointer}: references multiply to more than {limit} evaluations")]
    TooExpensive { pointer: String, limit: u64 },
    #[error("{pointer}: `{keyword}` is not supported")]
    Unsupported { pointer: String, keyword: &'static str },
}

/// Why a pattern is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternReason {
    #[error("it looks around")]
    LookAround,
    #[error("it refers back to a group")]
    BackReference,
    #[error("it is no regular expression, or too large when written out")]
    Invalid,
}

impl PatternReason {
    pub(super) fn of(pattern: &str) -> Self {
        if ["(?=", "(?!", "(?<=", "(?<!"].iter().any(|opening| pattern.contains(opening)) {
            Self::LookAround
        } else if pattern.as_bytes().windows(2).any(|pair| pair[0] == b'\\' && (b'1'..=b'9').contains(&pair[1]))
            || pattern.contains("\\k<")
        {
            Self::BackReference
        } else {
            Self::Invalid
        }
    }

    /// The word by which the messages choose their text.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::LookAround => "look-around",
            Self::BackReference => "back-reference",
            Self::Invalid => "invalid",
        }
    }
}

impl SchemaError {
    #[must_use]
    pub fn code(&self) -> Code {
        Code(Cow::Borrowed(match self {
            Self::TooLarge { .. } => "QIAO-V001",
            Self::TooDeep => "QIAO-V002",
            Self::TooMany => "QIAO-V003",
            Self::NotASchema { .. } => "QIAO-V004",
            Self::Dialect { .. } => "QIAO-V005",
            Self::Remote { .. } => "QIAO-V006",
            Self::Unknown { .. } => "QIAO-V007",
            Self::Pattern { .. } => "QIAO-V008",
            Self::Endless { .. } => "QIAO-V009",
            Self::TooExpensive { .. } => "QIAO-V010",
            Self::Unsupported { .. } => "QIAO-V011",
        }))
    }

    /// Where in the schema; empty when it concerns the whole.
    #[must_use]
    pub fn pointer(&self) -> &str {
        match self {
            Self::TooLarge { .. } | Self::TooDeep | Self::TooMany | Self::Dialect { .. } => "",
            Self::NotASchema { pointer, .. }
            | Self::Remote { pointer, .. }
            | Self::Unknown { pointer, .. }
            | Self::Pattern { pointer, .. }
            | Self::Endless { pointer }
            | Self::TooExpensive { pointer, .. }
            | Self::Unsupported { pointer, .. } => pointer,
        }
    }

    /// As a finding; `file` is where the schema comes from.
    #[must_use]
    pub fn finding(&self, file: &str) -> Finding {
        let finding = Finding::error("", format!("{file}#{}", self.pointer()));
        let finding = match self {
            Self::TooLarge { bytes } => finding.with("bytes", bytes).with("limit", MAX_BYTES),
            Self::TooDeep => finding.with("limit", MAX_LEVELS),
            Self::TooMany => finding.with("limit", MAX_SUBSCHEMAS),
            Self::NotASchema { reason, .. } => finding.with("reason", reason),
            Self::Dialect { found } => finding.with("found", found).with("expected", DIALECT),
            Self::Remote { target, .. } | Self::Unknown { target, .. } => finding.with("target", target),
            Self::Pattern { pattern, reason, .. } => finding.with("pattern", pattern).with("reason", reason.word()),
            Self::Endless { .. } => finding,
            Self::TooExpensive { limit, .. } => finding.with("limit", limit),
            Self::Unsupported { keyword, .. } => finding.with("keyword", keyword),
        };
        Finding { code: self.code(), ..finding }
    }
}

/// Checks a schema before compilation. Gives back what is suspicious, though allowed.
pub(super) fn examine(schema: &Value, is_format: impl Fn(&str) -> bool) -> Result<Vec<Finding>, SchemaError> {
    measure(schema)?;
    match schema.get("$schema") {
        None => {}
        Some(Value::String(found)) if found.trim_end_matches('#') == DIALECT => {}
        Some(found) => return Err(SchemaError::Dialect { found: found.to_string() }),
    }
    let mut graph = Graph::default();
    graph.walk(schema, String::new(), &is_format)?;
    graph.resolve(schema, &is_format)?;
    graph.refuse_endless()?;
    graph.refuse_expensive()?;
    Ok(graph.warnings)
}

/// Levels first and without recursion: everything after it may recurse.
fn measure(schema: &Value) -> Result<(), SchemaError> {
    let mut open = vec![(schema, 1)];
    while let Some((value, level)) = open.pop() {
        if level > MAX_LEVELS {
            return Err(SchemaError::TooDeep);
        }
        match value {
            Value::Array(items) => open.extend(items.iter().map(|item| (item, level + 1))),
            Value::Object(members) => open.extend(members.values().map(|member| (member, level + 1))),
            _ => {}
        }
    }
    let bytes = schema.to_string().len();
    if bytes > MAX_BYTES { Err(SchemaError::TooLarge { bytes }) } else { Ok(()) }
}

pub(super) fn escape(step: &str) -> String {
    step.replace('~', "~0").replace('/', "~1")
}

/// Enough of a text to recognise it.
pub(super) fn short(text: &str) -> String {
    const SHOWN: usize = 64;
    match text.char_indices().nth(SHOWN) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}… ({} bytes)", &text[..end], text.len()),
    }
}
