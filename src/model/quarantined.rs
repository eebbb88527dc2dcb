//! A message that was not let through, with everything one needs to know why.

use serde::{Deserialize, Serialize};

/// A message (or field) that was not let through. What `qiao quarantine show` prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Quarantined {
    /// Wall clock, ISO 8601 UTC.
    pub time: String,
    /// Name of the flow.
    pub flow: String,
    /// Name of the source's connection.
    pub source: String,
    /// The machine's id; empty when no machine is known.
    pub machine: String,
    /// The topic it would have gone to; empty when there is none.
    pub topic: String,
    /// `name@version` of the profile whose schema was broken; empty for other reasons.
    pub profile: String,
    /// Everything that is wrong with it, worst first; never empty.
    pub reasons: Vec<Reason>,
    /// How many messages this entry stands for: repeats of one violation are counted together.
    pub count: u64,
    /// The message itself, as text; base64 when it is not UTF-8.
    pub message: String,
    /// Whether `message` is base64.
    #[serde(default)]
    pub is_base64: bool,
}

impl Quarantined {
    /// A payload as `message` and `is_base64`.
    #[must_use]
    pub fn text_of(payload: &[u8]) -> (String, bool) {
        use base64::Engine as _;
        match std::str::from_utf8(payload) {
            Ok(text) => (text.to_owned(), false),
            Err(_) => (base64::engine::general_purpose::STANDARD.encode(payload), true),
        }
    }
}

/// One thing that is wrong with a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Reason {
    /// Code of the finding.
    pub code: String,
    /// JSON pointer into the message.
    pub pointer: String,
    /// Rule: JSON pointer into the schema, or id of the rule.
    pub rule: String,
    /// Node id of the source value, when there is one.
    pub node: String,
    /// Facts for the code's text, by name.
    pub arguments: Vec<(String, String)>,
}
