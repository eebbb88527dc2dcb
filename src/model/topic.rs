//! MQTT topic names.

/// A topic one may publish to: 1..=65535 bytes of UTF-8, no wildcard, no NUL.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TopicName(String);

/// Why a text is no topic name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TopicError {
    #[error("a topic name has at least one character")]
    Empty,
    #[error("a topic name has at most 65535 bytes, this one has {bytes}")]
    TooLong { bytes: usize },
    #[error("a topic name does not contain {found:?} (byte {at})")]
    Forbidden { found: char, at: usize },
}

impl TopicName {
    /// MQTT 5.0 §4.7.1 keeps wildcards out of names, §4.7.3 the empty name and NUL.
    pub fn parse(text: &str) -> Result<Self, TopicError> {
        if text.is_empty() {
            return Err(TopicError::Empty);
        }
        if text.len() > usize::from(u16::MAX) {
            return Err(TopicError::TooLong { bytes: text.len() });
        }
        match text.char_indices().find(|(_, c)| matches!(c, '+' | '#' | '\0')) {
            Some((at, found)) => Err(TopicError::Forbidden { found, at }),
            None => Ok(Self(text.to_owned())),
        }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for TopicName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
