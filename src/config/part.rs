//! What templates are made of: parts that are read when their parameters are filled in, parameters, and uses.

use super::read::{At, Read, Reading};
use super::scalar::{Name, Number, Period};
use super::yaml::{Content, Key, Node};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;
use std::marker::PhantomData;

/// Marks in the schema what may hold parameters; see [`super::schema`].
pub(super) const WITH_PARAMETERS: &str = "x-with-parameters";

/// A `T` that cannot be read before its parameters are filled in.
#[derive(Clone, Debug)]
pub struct Part<T> {
    pub node: Node,
    becomes: PhantomData<T>,
}

impl<T> Read for Part<T> {
    fn read(node: &Node, _: &mut Reading<'_>) -> Option<Self> {
        Some(Self { node: node.clone(), becomes: PhantomData })
    }
}

impl<T: JsonSchema> JsonSchema for Part<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        format!("Part_{}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = generator.subschema_for::<T>();
        schema.insert(WITH_PARAMETERS.to_owned(), true.into());
        schema
    }
}

/// What arguments a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    Name,
    Text,
    Number,
    Period,
}

impl ParameterKind {
    const ALL: [(&'static str, Self); 4] =
        [("name", Self::Name), ("text", Self::Text), ("number", Self::Number), ("period", Self::Period)];

    /// Whether an argument is of this kind; what is wrong with it is noted.
    pub(super) fn takes(self, node: &Node, reading: &mut Reading<'_>) -> bool {
        match self {
            Self::Name => Name::read(node, reading).is_some(),
            Self::Text => String::read(node, reading).is_some(),
            Self::Number => Number::read(node, reading).is_some(),
            Self::Period => Period::read(node, reading).is_some(),
        }
    }
}

/// A parameter of a template: its kind, and what it is when a use says nothing.
#[derive(Clone, Debug)]
pub struct Parameter {
    pub kind: ParameterKind,
    pub default: Option<Node>,
}

impl Read for Parameter {
    fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Self> {
        let words = ParameterKind::ALL.map(|(word, _)| word);
        let kind_of = |word: &str| ParameterKind::ALL.iter().find(|(known, _)| *known == word).map(|(_, kind)| *kind);
        match &node.content {
            Content::Text { text, .. } => {
                let kind = kind_of(text);
                if kind.is_none() {
                    reading.unknown("QIAO-C013", node.place, text, words);
                }
                Some(Self { kind: kind?, default: None })
            }
            Content::Table(_) => {
                let (word, default) = reading.choice(node, &words)?;
                let kind = kind_of(word)?;
                kind.takes(default, reading).then(|| Self { kind, default: Some(default.clone()) })
            }
            _ => {
                reading.wrong_kind(node, "text-or-table");
                None
            }
        }
    }
}

impl JsonSchema for Parameter {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Parameter".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let words = ParameterKind::ALL.map(|(word, _)| word);
        json_schema!({ "anyOf": [
            { "type": "string", "enum": words },
            {
                "type": "object",
                "propertyNames": { "enum": words },
                "minProperties": 1,
                "maxProperties": 1,
                "additionalProperties": { "type": ["string", "number"] }
            }
        ] })
    }
}

/// One use of a template: its name, and an argument for each parameter.
#[derive(Clone, Debug)]
pub struct UseFile {
    pub template: At<String>,
    pub arguments: Vec<(Key, Node)>,
}

impl Read for UseFile {
    fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Self> {
        let entries = reading.table(node)?;
        let Some((_, name)) = entries.iter().find(|(key, _)| key.text == "template") else {
            reading.error("QIAO-C011", node.place, &[("key", "template")]);
            return None;
        };
        let template = At::read(name, reading)?;
        let arguments = entries.iter().filter(|(key, _)| key.text != "template").cloned().collect();
        Some(Self { template, arguments })
    }
}

impl JsonSchema for UseFile {
    fn schema_name() -> Cow<'static, str> {
        "UseFile".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "One use of a template: its name, and an argument for each parameter.",
            "type": "object",
            "properties": {
                "template": { "description": "Name of the template.", "type": "string", "minLength": 1 }
            },
            "required": ["template"],
            "additionalProperties": { "type": ["string", "number"] }
        })
    }
}
