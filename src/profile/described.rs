//! What a schema says of one place of a message, as far as one can show it.

use super::{Profile, schema};
use serde_json::Value;

/// What may stand at a place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Described {
    pub kind: DescribedKind,
    pub is_array: bool,
    pub minimum: Option<f64>,
    pub maximum: Option<f64>,
    /// The texts that may stand there, when no other may.
    pub words: Vec<String>,
    pub description: Option<String>,
}

/// The kind of values at a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DescribedKind {
    Boolean,
    Integer,
    Number,
    Time,
    Text,
    /// Several, or nothing is said.
    #[default]
    Any,
}

impl Profile {
    /// What the schema says of the place that a pointer names; placeholders may be filled or not.
    #[must_use]
    pub fn described(&self, pointer: &str) -> Described {
        let applying = schema::applying(&self.schema, pointer);
        let listed = |key: &str| applying.iter().filter_map(|schema| schema.get(key)).collect::<Vec<&Value>>();
        let number = |key: &str| listed(key).first().and_then(|value| value.as_f64());
        let mut types: Vec<&str> = Vec::new();
        for told in listed("type") {
            types.extend(told.as_str());
            types.extend(told.as_array().into_iter().flatten().filter_map(Value::as_str));
        }
        types.retain(|kind| *kind != "null");
        let is_array = types.contains(&"array");
        let elements;
        if is_array {
            elements = applying.iter().filter_map(|schema| schema.get("items")?.get("type")?.as_str()).collect();
            types = elements;
        }
        types.dedup();
        let is_time = listed("format").iter().any(|format| **format == "date-time");
        let words = listed("enum").first().and_then(|values| values.as_array()).into_iter().flatten();
        let words: Vec<&Value> = words.filter(|word| !word.is_null()).collect();
        let texts: Option<Vec<String>> = words.iter().map(|word| word.as_str().map(str::to_owned)).collect();
        let kind = match types.as_slice() {
            ["boolean"] => DescribedKind::Boolean,
            ["integer"] => DescribedKind::Integer,
            ["number"] | ["number", "integer"] | ["integer", "number"] => DescribedKind::Number,
            ["string"] if is_time => DescribedKind::Time,
            ["string"] => DescribedKind::Text,
            [] if !words.is_empty() && texts.is_some() => DescribedKind::Text,
            _ => DescribedKind::Any,
        };
        let description = listed("description").first().and_then(|text| text.as_str()).map(str::to_owned);
        Described {
            kind,
            is_array,
            minimum: number("minimum"),
            maximum: number("maximum"),
            words: texts.unwrap_or_default(),
            description,
        }
    }
}
