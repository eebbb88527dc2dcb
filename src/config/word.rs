//! Words of an enumeration.

use super::read::{Read, Reading};
use super::yaml::{Content, Node};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

/// One word of an enumeration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word<T>(pub T);

/// An enumeration and the words for it, the default first.
pub trait Words: Copy + 'static {
    const WORDS: &'static [(&'static str, Self)];
}

impl<T: Words> Read for Word<T> {
    fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Self> {
        let Content::Text { text, .. } = &node.content else {
            reading.wrong_kind(node, "word");
            return None;
        };
        let found = T::WORDS.iter().find(|(word, _)| word == text);
        if found.is_none() {
            reading.unknown("QIAO-C013", node.place, text, T::WORDS.iter().map(|(word, _)| *word));
        }
        found.map(|(_, value)| Self(*value))
    }
}

impl<T: Words> JsonSchema for Word<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "word".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let words: Vec<&str> = T::WORDS.iter().map(|(word, _)| *word).collect();
        json_schema!({ "type": "string", "enum": words })
    }
}
