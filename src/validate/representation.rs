//! A tape as the validator sees it: no `serde_json::Value` is built, nothing is allocated.
//!
//! Traps: a name is prepared without knowing any document, hence the process-wide key ids; a string with escapes is
//! the one thing that must be copied when its text is asked for.

mod number;

use crate::codec::key::{self, KeyId};
use crate::codec::tape::{Tape, TapeKind, TapeNode};
use crate::codec::text::{Unescaped, escaped_equals};
use jsonschema::JsonType;
use jsonschema::json::{Array, Json, JsonNumber, Node, NodeIdentity, Object, cmp};
use number::TapeNumber;
use serde_json::Value;
use std::borrow::Cow;
use std::cell::Cell;

/// The representation: a marker.
#[derive(Debug)]
pub(super) struct TapeJson;

/// A name of a schema.
#[derive(Debug)]
pub(super) struct PreparedName {
    id: KeyId,
    name: Box<str>,
}

impl PreparedName {
    fn names(&self, tape: &Tape, node: &TapeNode) -> bool {
        // Two ids decide; a name that was interned after the tape was written has none there.
        if self.id.0 != 0 && node.key().0 != 0 {
            return self.id == node.key();
        }
        let written = tape.key_of(node);
        if node.is_key_escaped() { escaped_equals(written, &self.name) } else { written == &*self.name }
    }
}

impl Json for TapeJson {
    type Node<'a> = TapeValue<'a>;
    type PreparedKey = PreparedName;
    type StringBuffer = ();
    const ACYCLIC: bool = true;

    fn prepare_key(name: &str) -> PreparedName {
        PreparedName { id: key::intern(name), name: name.into() }
    }

    fn with_string_node<T>((): &mut (), string: &str, f: impl FnOnce(TapeValue<'_>) -> T) -> T {
        f(TapeValue::Name(string))
    }
}

/// One value of a tape, or a member name that is checked like a string.
#[derive(Clone, Copy, Debug)]
pub(super) enum TapeValue<'a> {
    Node { tape: &'a Tape, index: u32, node: &'a TapeNode },
    Name(&'a str),
}

impl<'a> TapeValue<'a> {
    /// The value at `index`; `None` behind the end.
    pub(super) fn at(tape: &'a Tape, index: u32) -> Option<Self> {
        Some(Self::Node { tape, index, node: tape.nodes().get(index as usize)? })
    }

    fn kind(&self) -> TapeKind {
        match self {
            Self::Node { node, .. } => node.kind(),
            Self::Name(_) => TapeKind::Plain,
        }
    }

    fn number(&self) -> Option<TapeNumber<'a>> {
        match self {
            Self::Node { tape, node, .. } if is_number(node.kind()) => {
                Some(TapeNumber { node, text: tape.text_of(node) })
            }
            _ => None,
        }
    }

    /// JSON equality with another value of a tape; numbers compare by value.
    fn equals(&self, other: &Self) -> bool {
        if let (Some(left), Some(right)) = (self.number(), other.number()) {
            return left.equals(&right);
        }
        if self.json_type() != other.json_type() {
            return false;
        }
        if let (Some(left), Some(right)) = (self.as_array(), other.as_array()) {
            return left.len() == right.len() && left.elements().zip(right.elements()).all(|(a, b)| a.equals(&b));
        }
        if let (Some(left), Some(right)) = (self.as_object(), other.as_object()) {
            // Names do not repeat: equal counts and every left member found on the right is equality.
            return left.len() == right.len()
                && left.members().all(|(name, a)| right.members().any(|(other, b)| name == other && a.equals(&b)));
        }
        match (self.as_string(), other.as_string()) {
            (Some(left), Some(right)) => left == right,
            _ => self.kind() == other.kind(),
        }
    }

    /// A number that equal values share.
    fn hash(&self) -> u64 {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let mut hasher = DefaultHasher::new();
        if let Some(number) = self.number() {
            let value = number.as_f64().unwrap_or_default();
            // 0 and -0 are equal.
            (if value == 0.0 { 0 } else { value.to_bits() }).hash(&mut hasher);
        } else if let Some(text) = self.as_string() {
            text.hash(&mut hasher);
        } else if let Some(array) = self.as_array() {
            array.elements().for_each(|element| element.hash().hash(&mut hasher));
        } else if let Some(object) = self.as_object() {
            // In whatever order the members stand.
            let members = object.members().map(|(name, member)| {
                let mut hasher = DefaultHasher::new();
                name.hash(&mut hasher);
                member.hash().hash(&mut hasher);
                hasher.finish()
            });
            members.fold(0, u64::wrapping_add).hash(&mut hasher);
        } else {
            (self.kind() as u8).hash(&mut hasher);
        }
        hasher.finish()
    }
}

fn is_number(kind: TapeKind) -> bool {
    matches!(kind, TapeKind::I64 | TapeKind::U64 | TapeKind::F32 | TapeKind::F64)
}

impl<'a> Node<'a, TapeJson> for TapeValue<'a> {
    type Object = TapeObject<'a>;
    type Array = TapeArray<'a>;
    type Number = TapeNumber<'a>;

    fn as_object(&self) -> Option<TapeObject<'a>> {
        match *self {
            Self::Node { tape, index, node } if node.kind() == TapeKind::Object => {
                Some(TapeObject { tape, node, first: index + 1, cursor: Cell::new(index + 1) })
            }
            _ => None,
        }
    }

    fn as_array(&self) -> Option<TapeArray<'a>> {
        match *self {
            Self::Node { tape, index, node } if node.kind() == TapeKind::Array => {
                Some(TapeArray { tape, node, first: index + 1 })
            }
            _ => None,
        }
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        match *self {
            Self::Name(name) => Some(Cow::Borrowed(name)),
            Self::Node { tape, node, .. } => match node.kind() {
                TapeKind::Plain => Some(Cow::Borrowed(tape.text_of(node))),
                TapeKind::Escaped => Some(Cow::Owned(Unescaped::new(tape.text_of(node)).collect())),
                _ => None,
            },
        }
    }

    fn as_number(&self) -> Option<TapeNumber<'a>> {
        self.number()
    }

    fn as_boolean(&self) -> Option<bool> {
        match self.kind() {
            TapeKind::True => Some(true),
            TapeKind::False => Some(false),
            _ => None,
        }
    }

    fn is_null(&self) -> bool {
        self.kind() == TapeKind::Null
    }

    fn is_number(&self) -> bool {
        is_number(self.kind())
    }

    fn json_type(&self) -> JsonType {
        match self.kind() {
            TapeKind::Null => JsonType::Null,
            TapeKind::False | TapeKind::True => JsonType::Boolean,
            TapeKind::I64 | TapeKind::U64 | TapeKind::F32 | TapeKind::F64 => JsonType::Number,
            TapeKind::Plain | TapeKind::Escaped => JsonType::String,
            TapeKind::Array => JsonType::Array,
            TapeKind::Object => JsonType::Object,
        }
    }

    fn string_length(&self) -> Option<u64> {
        match *self {
            Self::Name(name) => Some(name.chars().count() as u64),
            Self::Node { tape, node, .. } => match node.kind() {
                TapeKind::Plain => Some(tape.text_of(node).chars().count() as u64),
                TapeKind::Escaped => Some(Unescaped::new(tape.text_of(node)).count() as u64),
                _ => None,
            },
        }
    }

    fn equals_value(&self, expected: &Value) -> bool {
        match expected {
            Value::Null => self.is_null(),
            Value::Bool(expected) => self.as_boolean() == Some(*expected),
            Value::Number(expected) => self.number().is_some_and(|number| cmp::equal_numbers(&number, expected)),
            Value::String(expected) => match *self {
                Self::Name(name) => name == expected,
                Self::Node { tape, node, .. } => match node.kind() {
                    TapeKind::Plain => tape.text_of(node) == expected,
                    TapeKind::Escaped => escaped_equals(tape.text_of(node), expected),
                    _ => false,
                },
            },
            Value::Array(expected) => self.as_array().is_some_and(|array| {
                array.len() == expected.len()
                    && array.elements().zip(expected).all(|(element, expected)| element.equals_value(expected))
            }),
            Value::Object(expected) => self.as_object().is_some_and(|object| {
                object.len() == expected.len()
                    && object.members().all(|(name, member)| {
                        expected.get(name.as_ref()).is_some_and(|expected| member.equals_value(expected))
                    })
            }),
        }
    }

    /// Only errors of the validator ask, one per violation, and our texts are made from the tape: of a container its
    /// kind is enough, so that many violations of one large message do not copy it many times.
    fn to_value(&self) -> Cow<'a, Value> {
        Cow::Owned(match self.json_type() {
            JsonType::Array => Value::Array(Vec::new()),
            JsonType::Object => Value::Object(serde_json::Map::new()),
            JsonType::Number | JsonType::Integer => {
                self.number().map_or(Value::Null, |number| Value::Number(number.to_number().into_owned()))
            }
            JsonType::String => Value::String(self.as_string().unwrap_or_default().into_owned()),
            JsonType::Boolean => Value::Bool(self.as_boolean().unwrap_or_default()),
            JsonType::Null => Value::Null,
        })
    }

    fn identity(&self) -> Option<NodeIdentity> {
        match *self {
            Self::Node { tape, index, .. } => Some(NodeIdentity::tagged(std::ptr::from_ref(tape) as usize, index)),
            // Behind every node of every tape.
            Self::Name(name) => Some(NodeIdentity::tagged(name.as_ptr() as usize, u32::MAX)),
        }
    }
}

/// An object; remembers where the last member was found, because schemas ask in the order they were written.
#[derive(Clone, Debug)]
pub(super) struct TapeObject<'a> {
    tape: &'a Tape,
    node: &'a TapeNode,
    first: u32,
    cursor: Cell<u32>,
}

impl<'a> TapeObject<'a> {
    fn search(&self, name: &PreparedName, from: u32, to: u32) -> Option<TapeValue<'a>> {
        let mut index = from;
        while index < to {
            let node = self.tape.nodes().get(index as usize)?;
            if name.names(self.tape, node) {
                self.cursor.set(node.next());
                return Some(TapeValue::Node { tape: self.tape, index, node });
            }
            index = node.next();
        }
        None
    }
}

impl<'a> Object<'a, TapeJson> for TapeObject<'a> {
    type Node = TapeValue<'a>;
    type MemberName = Cow<'a, str>;
    type MembersIter = Members<'a>;

    fn len(&self) -> usize {
        self.node.count() as usize
    }

    fn get(&self, name: &PreparedName) -> Option<TapeValue<'a>> {
        if name.id.0 != 0 && !self.node.may_hold(name.id) {
            return None;
        }
        let cursor = self.cursor.get();
        self.search(name, cursor, self.node.next()).or_else(|| self.search(name, self.first, cursor))
    }

    fn members(&self) -> Members<'a> {
        Members(Children { tape: self.tape, index: self.first, end: self.node.next() })
    }
}

/// An array.
#[derive(Clone, Debug)]
pub(super) struct TapeArray<'a> {
    tape: &'a Tape,
    node: &'a TapeNode,
    first: u32,
}

/// Arrays up to this length are compared pairwise; longer ones by hash, which takes an allocation.
const PAIRWISE: usize = 24;

impl<'a> Array<'a, TapeJson> for TapeArray<'a> {
    type Node = TapeValue<'a>;
    type ElementsIter = Children<'a>;

    fn len(&self) -> usize {
        self.node.count() as usize
    }

    fn elements(&self) -> Children<'a> {
        Children { tape: self.tape, index: self.first, end: self.node.next() }
    }

    fn is_unique(&self) -> bool {
        if self.len() <= PAIRWISE {
            let mut rest = self.elements();
            while let Some(element) = rest.next() {
                if rest.clone().any(|other| element.equals(&other)) {
                    return false;
                }
            }
            return true;
        }
        let mut hashed: Vec<_> = self.elements().map(|element| (element.hash(), element)).collect();
        hashed.sort_unstable_by_key(|(hash, _)| *hash);
        // Only values with one hash can be equal.
        hashed.chunk_by(|left, right| left.0 == right.0).all(|same| {
            same.iter().enumerate().all(|(at, (_, left))| same[at + 1..].iter().all(|(_, right)| !left.equals(right)))
        })
    }
}

/// The elements of an array, or the members of an object without their names.
#[derive(Clone, Debug)]
pub(super) struct Children<'a> {
    tape: &'a Tape,
    index: u32,
    end: u32,
}

impl<'a> Iterator for Children<'a> {
    type Item = TapeValue<'a>;

    fn next(&mut self) -> Option<TapeValue<'a>> {
        if self.index >= self.end {
            return None;
        }
        let (index, node) = (self.index, self.tape.nodes().get(self.index as usize)?);
        self.index = node.next();
        Some(TapeValue::Node { tape: self.tape, index, node })
    }
}

/// The members of an object with their names.
#[derive(Clone, Debug)]
pub(super) struct Members<'a>(Children<'a>);

impl<'a> Iterator for Members<'a> {
    type Item = (Cow<'a, str>, TapeValue<'a>);

    fn next(&mut self) -> Option<(Cow<'a, str>, TapeValue<'a>)> {
        let tape = self.0.tape;
        let value = self.0.next()?;
        let TapeValue::Node { node, .. } = value else { return None };
        let written = tape.key_of(node);
        let name =
            if node.is_key_escaped() { Cow::Owned(Unescaped::new(written).collect()) } else { Cow::Borrowed(written) };
        Some((name, value))
    }
}
