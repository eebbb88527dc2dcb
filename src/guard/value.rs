//! One value of a machine, with its exact type.

use crate::codec::Tape;
use crate::config::plan::{Literal, Quantity, WRITABLE};
use crate::model::tree::{Node, Nodes, TreeWriter};
use crate::model::{BuiltInType, Scalar, Span};

/// One value: a scalar, and the arena that its spans point into.
#[derive(Clone, Debug)]
pub struct Value {
    pub scalar: Scalar,
    pub arena: Vec<u8>,
}

/// Whole numbers up to here every reader of JSON keeps exactly (RFC 8259 §6); larger ones of 64 bits travel as text.
pub const EXACT_MAX: i128 = (1 << 53) - 1;

/// The word of the configuration for a type; of one that cannot be written its name.
#[must_use]
pub fn word_of(kind: BuiltInType) -> String {
    let word = WRITABLE.iter().find(|(_, other)| *other == kind);
    word.map_or_else(|| format!("{kind:?}"), |(word, _)| (*word).to_owned())
}

/// A type with its dimensions, as texts say it: `int32`, `double[3]`, `byte[2,2]`.
#[must_use]
pub fn shown(kind: BuiltInType, dimensions: &[u32]) -> String {
    let sizes = dimensions.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
    if dimensions.is_empty() { word_of(kind) } else { format!("{}[{sizes}]", word_of(kind)) }
}

impl Value {
    /// A value without text, bytes or parts.
    #[must_use]
    pub fn of(scalar: Scalar) -> Self {
        Self { scalar, arena: Vec::new() }
    }

    /// A text of a type that is one.
    #[must_use]
    pub fn text(kind: BuiltInType, text: &str) -> Self {
        let span = Span { start: 0, length: text.len() as u32 };
        Self { scalar: Scalar::Text(kind, span), arena: text.as_bytes().to_vec() }
    }

    #[must_use]
    pub fn bytes(bytes: Vec<u8>) -> Self {
        Self { scalar: Scalar::Bytes(Span { start: 0, length: bytes.len() as u32 }), arena: bytes }
    }

    /// What `write` writes: one value with parts.
    #[must_use]
    pub fn tree(write: impl FnOnce(&mut TreeWriter<'_>)) -> Self {
        let mut arena = Vec::new();
        let mut writer = TreeWriter::new(&mut arena);
        write(&mut writer);
        let scalar = Scalar::Tree(writer.finish());
        Self { scalar, arena }
    }

    /// The value as a node; `None` when its spans hold none.
    #[must_use]
    pub fn node(&self) -> Option<Node<'_>> {
        Some(match self.scalar {
            Scalar::Null => Node::Null(BuiltInType::Null),
            Scalar::Bool(value) => Node::Bool(value),
            Scalar::I64(kind, value) => Node::I64(kind, value),
            Scalar::U64(kind, value) => Node::U64(kind, value),
            Scalar::F32(value) => Node::F32(value),
            Scalar::F64(value) => Node::F64(value),
            Scalar::Time(value) => Node::Time(value),
            Scalar::Text(kind, span) => Node::Text(kind, std::str::from_utf8(span.of(&self.arena)).ok()?),
            Scalar::Bytes(span) => Node::Bytes(span.of(&self.arena)),
            Scalar::Tree(span) => Node::read(span.of(&self.arena))?,
        })
    }

    /// Its type and, of an array or matrix, its dimensions.
    #[must_use]
    pub fn shape(&self) -> Option<(BuiltInType, Vec<u32>)> {
        Some(match self.node()? {
            Node::Array { element, items } => (element, vec![Nodes::count(&items)]),
            Node::Matrix { element, dimensions, .. } => (element, dimensions),
            node => (kind_of(&node), Vec::new()),
        })
    }

    /// The number it is.
    #[must_use]
    pub fn number(&self) -> Option<Quantity> {
        number(&self.node()?)
    }

    /// Whether both are of one type and the same. What is not a number equals nothing; the zeros are equal.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        match (self.node(), other.node()) {
            (Some(own), Some(other)) => own == other,
            _ => false,
        }
    }

    /// Whether it is what the configuration wrote.
    #[must_use]
    pub fn is_literal(&self, literal: &Literal) -> bool {
        self.node().is_some_and(|node| is_literal(&node, literal))
    }

    /// As JSON, in the one form that is read back as the same value.
    #[must_use]
    pub fn json(&self) -> String {
        self.node().map_or_else(|| "null".to_owned(), |node| json(&node))
    }
}

/// A node as JSON.
pub(super) fn json(node: &Node<'_>) -> String {
    let mut tape = Tape::new();
    write(&mut tape, node);
    tape.as_str().to_owned()
}

/// The number a node is.
pub(super) fn number(node: &Node<'_>) -> Option<Quantity> {
    match node {
        Node::I64(_, value) => Some(Quantity::Whole((*value).into())),
        Node::U64(_, value) => Some(Quantity::Whole((*value).into())),
        Node::F32(value) => Some(Quantity::Real((*value).into())),
        Node::F64(value) => Some(Quantity::Real(*value)),
        _ => None,
    }
}

/// Whether a value is what the configuration wrote: numbers by their value, texts by their characters.
pub(super) fn is_literal(node: &Node<'_>, literal: &Literal) -> bool {
    match (node, literal) {
        (Node::Bool(value), Literal::Bool(wanted)) => value == wanted,
        (Node::I64(_, value), Literal::Number(Quantity::Whole(wanted))) => i128::from(*value) == *wanted,
        (Node::U64(_, value), Literal::Number(Quantity::Whole(wanted))) => i128::from(*value) == *wanted,
        // A float holds the nearest it can of what was written.
        (Node::F32(value), Literal::Number(wanted)) => *value == real(*wanted) as f32,
        (Node::F64(value), Literal::Number(wanted)) => *value == real(*wanted),
        (Node::Text(_, value), Literal::Text(wanted)) => value == wanted,
        (Node::LocalizedText { text: Some(value), .. }, Literal::Text(wanted)) => value == wanted,
        _ => false,
    }
}

/// A quantity as a double.
pub(super) fn real(quantity: Quantity) -> f64 {
    match quantity {
        Quantity::Whole(value) => value as f64,
        Quantity::Real(value) => value,
    }
}

fn kind_of(node: &Node<'_>) -> BuiltInType {
    match node {
        Node::Null(kind) | Node::I64(kind, _) | Node::U64(kind, _) | Node::Text(kind, _) => *kind,
        Node::Bool(_) => BuiltInType::Boolean,
        Node::F32(_) => BuiltInType::Float,
        Node::F64(_) => BuiltInType::Double,
        Node::Time(_) => BuiltInType::DateTime,
        Node::Bytes(_) => BuiltInType::ByteString,
        Node::LocalizedText { .. } => BuiltInType::LocalizedText,
        Node::QualifiedName { .. } => BuiltInType::QualifiedName,
        Node::Enumeration { .. } => BuiltInType::Int32,
        Node::DataValue { .. } => BuiltInType::DataValue,
        Node::Array { element, .. } | Node::Matrix { element, .. } => *element,
        Node::Structure { .. } | Node::Union { .. } | Node::Opaque { .. } => BuiltInType::ExtensionObject,
    }
}

fn write(tape: &mut Tape, node: &Node<'_>) {
    match node {
        Node::Bool(value) => tape.bool(*value),
        Node::I64(kind, value) => whole(tape, *kind, i128::from(*value)),
        Node::U64(kind, value) => whole(tape, *kind, i128::from(*value)),
        Node::F32(value) => tape.f32(*value),
        Node::F64(value) => tape.f64(*value),
        Node::Time(value) => tape.text(&value.to_string()),
        Node::Text(_, value) => tape.text(value),
        Node::Bytes(value) => tape.base64(value),
        Node::LocalizedText { locale, text } => {
            tape.begin_object();
            for (name, part) in [("locale", locale), ("text", text)] {
                if let Some(part) = part {
                    tape.key_text(name);
                    tape.text(part);
                }
            }
            tape.end_object();
        }
        Node::Array { items, .. } => {
            tape.begin_array();
            items.clone().for_each(|item| write(tape, &item));
            tape.end_array();
        }
        Node::Matrix { dimensions, items, .. } => rows(tape, dimensions, &mut items.clone()),
        Node::Enumeration { value, .. } => tape.i64(*value),
        Node::Null(_) => tape.null(),
        other => tape.text(&word_of(kind_of(other))),
    }
}

fn rows(tape: &mut Tape, dimensions: &[u32], items: &mut Nodes<'_>) {
    let Some((count, inner)) = dimensions.split_first() else {
        if let Some(item) = items.next() {
            write(tape, &item);
        }
        return;
    };
    tape.begin_array();
    // Damaged dimensions write no more than there is.
    for _ in 0..*count {
        if Nodes::count(items) == 0 {
            break;
        }
        rows(tape, inner, items);
    }
    tape.end_array();
}

fn whole(tape: &mut Tape, kind: BuiltInType, value: i128) {
    let is_long = matches!(kind, BuiltInType::Int64 | BuiltInType::UInt64) && value.abs() > EXACT_MAX;
    match i64::try_from(value) {
        Ok(value) if !is_long => tape.i64(value),
        _ => tape.text(&value.to_string()),
    }
}
