//! From JSON to a value of exactly the type that an entry says: nothing is rounded, wrapped, cut off or guessed.

use super::bounds;
use super::decimal;
use super::refusal::Refusal;
use super::value::{EXACT_MAX, Value, shown, word_of};
use crate::codec::Tape;
use crate::codec::tape::{TapeKind, TapeNode};
use crate::codec::text::Unescaped;
use crate::config::plan::ValueRule;
use crate::model::tree::{Node, TreeWriter};
use crate::model::{BuiltInType, Scalar, Timestamp};
use base64::Engine as _;

/// The value at a node of the tape; `name` is how refusals call it.
pub(super) fn read(tape: &Tape, at: u32, rule: &ValueRule, name: &str) -> Result<Value, Refusal> {
    let reader = Reader { tape, rule, name };
    if rule.dimensions.is_empty() {
        return reader.checked(at);
    }
    let mut elements = Vec::new();
    reader.rows(at, &rule.dimensions, &mut elements)?;
    let count = elements.len() as u32;
    let all = |writer: &mut TreeWriter<'_>| {
        elements.iter().filter_map(Value::node).for_each(|node| put(writer, &node));
    };
    Ok(Value::tree(|writer| match rule.dimensions.len() {
        1 => writer.array(rule.kind, count, all),
        _ => writer.matrix(rule.kind, &rule.dimensions, count, all),
    }))
}

/// A value that came with its type: it must be the entry's, and every element within the bounds.
pub(super) fn typed(value: Value, rule: &ValueRule, name: &str) -> Result<Value, Refusal> {
    let wrong = |found: String| {
        let expected = shown(rule.kind, &rule.dimensions);
        Refusal::WrongShape { name: name.to_owned(), expected, found }
    };
    let (kind, dimensions) = value.shape().ok_or_else(|| wrong("-".to_owned()))?;
    if kind != rule.kind || dimensions != rule.dimensions {
        return Err(wrong(shown(kind, &dimensions)));
    }
    let element = |node: &Node<'_>| {
        if matches!(node, Node::Null(_)) || is_not_finite(node) {
            return Err(wrong(super::value::json(node)));
        }
        bounds::check(node, rule, name)
    };
    match value.node() {
        Some(Node::Array { mut items, .. } | Node::Matrix { mut items, .. }) => {
            items.try_for_each(|node| element(&node))?;
        }
        Some(node) => element(&node)?,
        None => {}
    }
    Ok(value)
}

fn is_not_finite(node: &Node<'_>) -> bool {
    matches!(node, Node::F32(value) if !value.is_finite()) || matches!(node, Node::F64(value) if !value.is_finite())
}

/// The same type without bounds.
pub(super) fn unbounded(rule: &ValueRule) -> ValueRule {
    let (kind, dimensions) = (rule.kind, rule.dimensions.clone());
    ValueRule { kind, dimensions, min: None, max: None, step: None, one_of: Vec::new(), max_length: u32::MAX }
}

struct Reader<'a> {
    tape: &'a Tape,
    rule: &'a ValueRule,
    name: &'a str,
}

/// The smallest and the largest value of an integer type.
pub(crate) fn range(kind: BuiltInType) -> Option<(i128, i128)> {
    Some(match kind {
        BuiltInType::SByte => (i8::MIN.into(), i8::MAX.into()),
        BuiltInType::Byte => (0, u8::MAX.into()),
        BuiltInType::Int16 => (i16::MIN.into(), i16::MAX.into()),
        BuiltInType::UInt16 => (0, u16::MAX.into()),
        BuiltInType::Int32 => (i32::MIN.into(), i32::MAX.into()),
        BuiltInType::UInt32 => (0, u32::MAX.into()),
        BuiltInType::Int64 => (i64::MIN.into(), i64::MAX.into()),
        BuiltInType::UInt64 => (0, u64::MAX.into()),
        _ => return None,
    })
}

/// What stands there, as texts say it.
pub(super) fn found(kind: TapeKind) -> &'static str {
    match kind {
        TapeKind::Null => "null",
        TapeKind::True | TapeKind::False => "boolean",
        TapeKind::I64 | TapeKind::U64 | TapeKind::F32 | TapeKind::F64 => "number",
        TapeKind::Plain | TapeKind::Escaped => "text",
        TapeKind::Array => "array",
        TapeKind::Object => "object",
    }
}

/// The characters of a text node; `None` when it is none.
pub(super) fn text_of(tape: &Tape, node: &TapeNode) -> Option<String> {
    let text = tape.text_of(node);
    match node.kind() {
        TapeKind::Plain => Some(text.to_owned()),
        TapeKind::Escaped => Some(Unescaped::new(text).collect()),
        _ => None,
    }
}

/// The characters of a member's name.
pub(super) fn name_of(tape: &Tape, node: &TapeNode) -> String {
    let name = tape.key_of(node);
    if node.is_key_escaped() { Unescaped::new(name).collect() } else { name.to_owned() }
}

/// The members of an object, or the elements of an array.
pub(super) fn children(tape: &Tape, parent: u32) -> impl Iterator<Item = (u32, TapeNode)> {
    let node = |at: u32| tape.nodes().get(at as usize).copied();
    let end = node(parent).map_or(0, |parent| parent.next());
    let mut index = parent + 1;
    std::iter::from_fn(move || {
        let (at, found) = (index, node(index).filter(|_| index < end)?);
        index = found.next();
        Some((at, found))
    })
}

fn put(writer: &mut TreeWriter<'_>, node: &Node<'_>) {
    match node {
        Node::Bool(value) => writer.bool(*value),
        Node::I64(kind, value) => writer.i64(*kind, *value),
        Node::U64(kind, value) => writer.u64(*kind, *value),
        Node::F32(value) => writer.f32(*value),
        Node::F64(value) => writer.f64(*value),
        Node::Time(value) => writer.time(*value),
        Node::Text(kind, value) => writer.text(*kind, value),
        Node::Bytes(value) => writer.bytes(value),
        Node::LocalizedText { locale, text } => writer.localized_text(*locale, *text),
        // No element is anything else.
        _ => writer.null(BuiltInType::Null),
    }
}

impl Reader<'_> {
    fn rows(&self, at: u32, dimensions: &[u32], into: &mut Vec<Value>) -> Result<(), Refusal> {
        let Some((count, inner)) = dimensions.split_first() else {
            into.push(self.checked(at)?);
            return Ok(());
        };
        let node = self.node(at)?;
        if node.kind() != TapeKind::Array || node.count() != *count {
            let found = match node.kind() {
                TapeKind::Array => format!("[{}]", node.count()),
                kind => found(kind).to_owned(),
            };
            let expected = shown(self.rule.kind, &self.rule.dimensions);
            return Err(Refusal::WrongShape { name: self.name.to_owned(), expected, found });
        }
        for (index, _) in children(self.tape, at) {
            self.rows(index, inner, into)?;
        }
        Ok(())
    }

    fn node(&self, at: u32) -> Result<TapeNode, Refusal> {
        self.tape.nodes().get(at as usize).copied().ok_or_else(|| Refusal::MissingMember { name: self.name.to_owned() })
    }

    /// One element, of the type and within the bounds.
    fn checked(&self, at: u32) -> Result<Value, Refusal> {
        let value = self.element(at)?;
        if let Some(node) = value.node() {
            bounds::check(&node, self.rule, self.name)?;
        }
        Ok(value)
    }

    fn element(&self, at: u32) -> Result<Value, Refusal> {
        use BuiltInType as Kind;
        let node = self.node(at)?;
        let (kind, text) = (node.kind(), self.tape.text_of(&node));
        let is_number = matches!(kind, TapeKind::I64 | TapeKind::U64 | TapeKind::F32 | TapeKind::F64);
        match self.rule.kind {
            Kind::Boolean if matches!(kind, TapeKind::True | TapeKind::False) => {
                Ok(Value::of(Scalar::Bool(kind == TapeKind::True)))
            }
            Kind::Float if is_number => {
                let exact = decimal::float(text).ok_or_else(|| self.not_exact(text))?;
                Ok(Value::of(Scalar::F32(exact)))
            }
            Kind::Double if is_number => {
                let exact = decimal::double(text).ok_or_else(|| self.not_exact(text))?;
                Ok(Value::of(Scalar::F64(exact)))
            }
            Kind::LocalizedText if kind == TapeKind::Object => self.localized(at),
            Kind::String | Kind::DateTime | Kind::Guid | Kind::ByteString => match text_of(self.tape, &node) {
                Some(text) => self.of_text(&text),
                None => Err(self.wrong_type(found(kind))),
            },
            integer => match range(integer) {
                Some(range) => self.whole(&node, range),
                None => Err(self.wrong_type(found(kind))),
            },
        }
    }

    fn of_text(&self, text: &str) -> Result<Value, Refusal> {
        match self.rule.kind {
            BuiltInType::DateTime => {
                let time = Timestamp::parse(text).map_err(|_| self.malformed("time"))?;
                // Only what is written as it was read: none before OPC UA's first, none at its last but by that name.
                let is_between = time.0 > 0 && time < Timestamp::MAX;
                let is_end = time.to_string() == text;
                if is_between || is_end { Ok(Value::of(Scalar::Time(time))) } else { Err(self.malformed("time")) }
            }
            BuiltInType::Guid => {
                let text = text.to_ascii_lowercase();
                if is_guid(&text) { Ok(Value::text(BuiltInType::Guid, &text)) } else { Err(self.malformed("guid")) }
            }
            BuiltInType::ByteString => {
                let bytes = base64::prelude::BASE64_STANDARD.decode(text).map_err(|_| self.malformed("base64"))?;
                Ok(Value::bytes(bytes))
            }
            kind => Ok(Value::text(kind, text)),
        }
    }

    fn whole(&self, node: &TapeNode, (low, high): (i128, i128)) -> Result<Value, Refusal> {
        let (kind, text) = (self.rule.kind, self.tape.text_of(node));
        let is_long = matches!(kind, BuiltInType::Int64 | BuiltInType::UInt64);
        let value: i128 = match node.kind() {
            TapeKind::I64 | TapeKind::U64 => {
                let value: i128 = text.parse().map_err(|_| self.beyond(text))?;
                // A number of that size has hardly gone through every reader of doubles unchanged.
                if is_long && value.abs() > EXACT_MAX {
                    return Err(self.not_exact(text));
                }
                value
            }
            TapeKind::F32 | TapeKind::F64 => {
                let is_whole = text != "-0" && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
                return Err(if is_whole { self.beyond(text) } else { self.wrong_type("fraction") });
            }
            // `+5`, `007` and `-0` are none of the forms in which it is written.
            TapeKind::Plain if is_long => match text.parse::<i128>() {
                Ok(value) if value.to_string() == text => value,
                _ => return Err(self.wrong_type("text")),
            },
            other => return Err(self.wrong_type(found(other))),
        };
        if !(low..=high).contains(&value) {
            return Err(self.beyond(&value.to_string()));
        }
        let signed = i64::try_from(value).ok().filter(|_| low < 0).map(|value| Scalar::I64(kind, value));
        let unsigned = || u64::try_from(value).ok().map(|value| Scalar::U64(kind, value));
        signed.or_else(unsigned).map(Value::of).ok_or_else(|| self.beyond(&value.to_string()))
    }

    fn localized(&self, at: u32) -> Result<Value, Refusal> {
        let (mut locale, mut text) = (None, None);
        for (_, member) in children(self.tape, at) {
            match (name_of(self.tape, &member).as_str(), text_of(self.tape, &member)) {
                ("locale", Some(found)) => locale = Some(found),
                ("text", Some(found)) => text = Some(found),
                _ => return Err(self.malformed("localized-text")),
            }
        }
        let text = text.ok_or_else(|| self.malformed("localized-text"))?;
        Ok(Value::tree(|writer| writer.localized_text(locale.as_deref(), text.as_str())))
    }

    fn wrong_type(&self, found: &str) -> Refusal {
        let expected = word_of(self.rule.kind);
        Refusal::WrongType { name: self.name.to_owned(), expected, found: found.to_owned() }
    }

    fn malformed(&self, expected: &'static str) -> Refusal {
        Refusal::Malformed { name: self.name.to_owned(), expected }
    }

    fn beyond(&self, value: &str) -> Refusal {
        Refusal::BeyondType { name: self.name.to_owned(), value: value.to_owned(), kind: word_of(self.rule.kind) }
    }

    fn not_exact(&self, value: &str) -> Refusal {
        Refusal::NotExact { name: self.name.to_owned(), value: value.to_owned(), kind: word_of(self.rule.kind) }
    }
}

/// 8-4-4-4-12 hexadecimal digits.
pub(super) fn is_guid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
