//! Values with parts, as bytes in the arena of a batch: no allocation per value, one walk to write them out.
//!
//! Written by [`TreeWriter`], read by [`Node::read`]. The encoding is private to this file; it never leaves the process.

use super::time::Timestamp;
use super::value::{BuiltInType, Span};

/// One node of a tree; borrows from the arena.
#[derive(Clone, Debug, PartialEq)]
pub enum Node<'a> {
    /// No value, of this type all the same: a null string, a null structure; of the type `Null` the empty Variant and
    /// an array that is not there.
    Null(BuiltInType),
    Bool(bool),
    I64(BuiltInType, i64),
    U64(BuiltInType, u64),
    F32(f32),
    F64(f64),
    Time(Timestamp),
    Text(BuiltInType, &'a str),
    Bytes(&'a [u8]),
    /// A part that the source left out differs from an empty one.
    LocalizedText {
        locale: Option<&'a str>,
        text: Option<&'a str>,
    },
    QualifiedName {
        namespace: &'a str,
        name: &'a str,
    },
    /// A value of an enumeration inside a structure; `name` is empty when the number has none.
    Enumeration {
        value: i64,
        name: &'a str,
    },
    /// One dimension; elements are read with [`Nodes`].
    Array {
        element: BuiltInType,
        items: Nodes<'a>,
    },
    /// More dimensions, row by row.
    Matrix {
        element: BuiltInType,
        dimensions: Vec<u32>,
        items: Nodes<'a>,
    },
    /// Fields in order, by name; absent optional fields are left out.
    Structure {
        type_id: &'a str,
        fields: Fields<'a>,
    },
    /// The chosen field; none when the switch is 0.
    Union {
        type_id: &'a str,
        fields: Fields<'a>,
    },
    /// What could not be decoded: never dropped, never null.
    Opaque {
        type_id: &'a str,
        is_xml: bool,
        body: &'a [u8],
    },
    /// A `DataValue` inside a value.
    DataValue {
        status: u32,
        source_time: Timestamp,
        server_time: Timestamp,
        value: Box<Node<'a>>,
    },
}

/// The elements of an array or matrix.
#[derive(Clone, Debug, PartialEq)]
pub struct Nodes<'a> {
    bytes: &'a [u8],
    count: u32,
}

/// The fields of a structure or union.
#[derive(Clone, Debug, PartialEq)]
pub struct Fields<'a> {
    bytes: &'a [u8],
    count: u32,
}

/// Writes one tree to the end of an arena.
#[derive(Debug)]
pub struct TreeWriter<'a> {
    arena: &'a mut Vec<u8>,
    start: usize,
}

/// Stands where the length of a block would, when there is none. No arena is so long.
const NO_BLOCK: u32 = u32::MAX;

#[repr(u8)]
enum Tag {
    Null,
    False,
    True,
    I64,
    U64,
    F32,
    F64,
    Time,
    Text,
    Bytes,
    LocalizedText,
    QualifiedName,
    Enumeration,
    Array,
    Matrix,
    Structure,
    Union,
    OpaqueBinary,
    OpaqueXml,
    DataValue,
}

const TAGS: [Tag; 20] = [
    Tag::Null,
    Tag::False,
    Tag::True,
    Tag::I64,
    Tag::U64,
    Tag::F32,
    Tag::F64,
    Tag::Time,
    Tag::Text,
    Tag::Bytes,
    Tag::LocalizedText,
    Tag::QualifiedName,
    Tag::Enumeration,
    Tag::Array,
    Tag::Matrix,
    Tag::Structure,
    Tag::Union,
    Tag::OpaqueBinary,
    Tag::OpaqueXml,
    Tag::DataValue,
];

impl<'a> TreeWriter<'a> {
    /// Begins a tree at the end of `arena`.
    pub fn new(arena: &'a mut Vec<u8>) -> Self {
        let start = arena.len();
        Self { arena, start }
    }

    /// Ends the tree.
    #[must_use]
    pub fn finish(self) -> Span {
        Span { start: self.start as u32, length: (self.arena.len() - self.start) as u32 }
    }

    /// Where the tree ends by now; see [`Self::rewind`].
    #[must_use]
    pub fn mark(&self) -> usize {
        self.arena.len()
    }

    /// Takes back everything written since `mark`, which was made in the same array or structure.
    pub fn rewind(&mut self, mark: usize) {
        self.arena.truncate(mark.max(self.start));
    }

    /// Nodes that another writer wrote, as they stand in its arena.
    pub fn splice(&mut self, nodes: &[u8]) {
        self.arena.extend_from_slice(nodes);
    }

    pub fn null(&mut self, kind: BuiltInType) {
        self.tag(Tag::Null);
        self.arena.push(kind.number());
    }

    pub fn bool(&mut self, value: bool) {
        self.tag(if value { Tag::True } else { Tag::False });
    }

    pub fn i64(&mut self, kind: BuiltInType, value: i64) {
        self.tag(Tag::I64);
        self.arena.push(kind.number());
        self.arena.extend_from_slice(&value.to_le_bytes());
    }

    pub fn u64(&mut self, kind: BuiltInType, value: u64) {
        self.tag(Tag::U64);
        self.arena.push(kind.number());
        self.arena.extend_from_slice(&value.to_le_bytes());
    }

    pub fn f32(&mut self, value: f32) {
        self.tag(Tag::F32);
        self.arena.extend_from_slice(&value.to_bits().to_le_bytes());
    }

    pub fn f64(&mut self, value: f64) {
        self.tag(Tag::F64);
        self.arena.extend_from_slice(&value.to_bits().to_le_bytes());
    }

    pub fn time(&mut self, value: Timestamp) {
        self.tag(Tag::Time);
        self.arena.extend_from_slice(&value.0.to_le_bytes());
    }

    pub fn text(&mut self, kind: BuiltInType, value: &str) {
        self.tag(Tag::Text);
        self.arena.push(kind.number());
        self.block(value.as_bytes());
    }

    pub fn bytes(&mut self, value: &[u8]) {
        self.tag(Tag::Bytes);
        self.block(value);
    }

    pub fn localized_text<'t>(&mut self, locale: impl Into<Option<&'t str>>, text: impl Into<Option<&'t str>>) {
        self.tag(Tag::LocalizedText);
        for part in [locale.into(), text.into()] {
            match part {
                Some(part) => self.block(part.as_bytes()),
                None => self.arena.extend_from_slice(&NO_BLOCK.to_le_bytes()),
            }
        }
    }

    pub fn qualified_name(&mut self, namespace: &str, name: &str) {
        self.tag(Tag::QualifiedName);
        self.block(namespace.as_bytes());
        self.block(name.as_bytes());
    }

    pub fn enumeration(&mut self, value: i64, name: &str) {
        self.tag(Tag::Enumeration);
        self.arena.extend_from_slice(&value.to_le_bytes());
        self.block(name.as_bytes());
    }

    /// `write` writes exactly `count` nodes.
    pub fn array(&mut self, element: BuiltInType, count: u32, write: impl FnOnce(&mut Self)) {
        self.tag(Tag::Array);
        self.arena.push(element.number());
        self.nested(count, write);
    }

    /// `write` writes the elements row by row; `count` is the product of `dimensions`.
    pub fn matrix(&mut self, element: BuiltInType, dimensions: &[u32], count: u32, write: impl FnOnce(&mut Self)) {
        self.tag(Tag::Matrix);
        self.arena.push(element.number());
        self.arena.extend_from_slice(&(dimensions.len() as u32).to_le_bytes());
        for dimension in dimensions {
            self.arena.extend_from_slice(&dimension.to_le_bytes());
        }
        self.nested(count, write);
    }

    /// `write` calls [`Self::field`] and writes one node, `count` times.
    pub fn structure(&mut self, type_id: &str, count: u32, write: impl FnOnce(&mut Self)) {
        self.tag(Tag::Structure);
        self.block(type_id.as_bytes());
        self.nested(count, write);
    }

    /// Like [`Self::structure`] with no field or one.
    pub fn union(&mut self, type_id: &str, count: u32, write: impl FnOnce(&mut Self)) {
        self.tag(Tag::Union);
        self.block(type_id.as_bytes());
        self.nested(count, write);
    }

    /// The name of the field whose node is written next.
    pub fn field(&mut self, name: &str) {
        self.block(name.as_bytes());
    }

    pub fn opaque(&mut self, type_id: &str, is_xml: bool, body: &[u8]) {
        self.tag(if is_xml { Tag::OpaqueXml } else { Tag::OpaqueBinary });
        self.block(type_id.as_bytes());
        self.block(body);
    }

    /// `write` writes one node, the value.
    pub fn data_value(
        &mut self,
        status: u32,
        source_time: Timestamp,
        server_time: Timestamp,
        write: impl FnOnce(&mut Self),
    ) {
        self.tag(Tag::DataValue);
        self.arena.extend_from_slice(&status.to_le_bytes());
        self.arena.extend_from_slice(&source_time.0.to_le_bytes());
        self.arena.extend_from_slice(&server_time.0.to_le_bytes());
        write(self);
    }

    fn tag(&mut self, tag: Tag) {
        self.arena.push(tag as u8);
    }

    fn block(&mut self, bytes: &[u8]) {
        self.arena.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
        self.arena.extend_from_slice(bytes);
    }

    fn nested(&mut self, count: u32, write: impl FnOnce(&mut Self)) {
        self.arena.extend_from_slice(&count.to_le_bytes());
        let length_at = self.arena.len();
        self.arena.extend_from_slice(&[0; 4]);
        write(self);
        let length = (self.arena.len() - length_at - 4) as u32;
        self.arena[length_at..length_at + 4].copy_from_slice(&length.to_le_bytes());
    }
}

impl<'a> Node<'a> {
    /// Reads one tree; `None` when the bytes are not one (they always are what [`TreeWriter`] wrote).
    #[must_use]
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        Self::take(&mut { bytes })
    }

    fn take(bytes: &mut &'a [u8]) -> Option<Self> {
        let tag = TAGS.get(usize::from(u8::from_le_bytes(chunk(bytes)?)))?;
        Some(match tag {
            Tag::Null => Self::Null(kind(bytes)?),
            Tag::False => Self::Bool(false),
            Tag::True => Self::Bool(true),
            Tag::I64 => Self::I64(kind(bytes)?, i64::from_le_bytes(chunk(bytes)?)),
            Tag::U64 => Self::U64(kind(bytes)?, u64::from_le_bytes(chunk(bytes)?)),
            Tag::F32 => Self::F32(f32::from_bits(u32::from_le_bytes(chunk(bytes)?))),
            Tag::F64 => Self::F64(f64::from_bits(u64::from_le_bytes(chunk(bytes)?))),
            Tag::Time => Self::Time(time(bytes)?),
            Tag::Text => Self::Text(kind(bytes)?, text(bytes)?),
            Tag::Bytes => Self::Bytes(block(bytes)?),
            Tag::LocalizedText => Self::LocalizedText { locale: nullable(bytes)?, text: nullable(bytes)? },
            Tag::QualifiedName => Self::QualifiedName { namespace: text(bytes)?, name: text(bytes)? },
            Tag::Enumeration => Self::Enumeration { value: i64::from_le_bytes(chunk(bytes)?), name: text(bytes)? },
            Tag::Array => {
                let element = kind(bytes)?;
                let (count, bytes) = nested(bytes)?;
                Self::Array { element, items: Nodes { bytes, count } }
            }
            Tag::Matrix => {
                let element = kind(bytes)?;
                let rank = u32::from_le_bytes(chunk(bytes)?);
                let dimensions = (0..rank).map(|_| chunk(bytes).map(u32::from_le_bytes)).collect::<Option<_>>()?;
                let (count, bytes) = nested(bytes)?;
                Self::Matrix { element, dimensions, items: Nodes { bytes, count } }
            }
            Tag::Structure => {
                let type_id = text(bytes)?;
                let (count, bytes) = nested(bytes)?;
                Self::Structure { type_id, fields: Fields { bytes, count } }
            }
            Tag::Union => {
                let type_id = text(bytes)?;
                let (count, bytes) = nested(bytes)?;
                Self::Union { type_id, fields: Fields { bytes, count } }
            }
            Tag::OpaqueBinary => Self::Opaque { type_id: text(bytes)?, is_xml: false, body: block(bytes)? },
            Tag::OpaqueXml => Self::Opaque { type_id: text(bytes)?, is_xml: true, body: block(bytes)? },
            Tag::DataValue => Self::DataValue {
                status: u32::from_le_bytes(chunk(bytes)?),
                source_time: time(bytes)?,
                server_time: time(bytes)?,
                value: Box::new(Self::take(bytes)?),
            },
        })
    }
}

impl Nodes<'_> {
    /// How many elements there are.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.count
    }
}

impl<'a> Iterator for Nodes<'a> {
    type Item = Node<'a>;

    fn next(&mut self) -> Option<Node<'a>> {
        self.count = self.count.checked_sub(1)?;
        Node::take(&mut self.bytes)
    }
}

impl Fields<'_> {
    /// How many fields there are.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.count
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = (&'a str, Node<'a>);

    fn next(&mut self) -> Option<(&'a str, Node<'a>)> {
        self.count = self.count.checked_sub(1)?;
        Some((text(&mut self.bytes)?, Node::take(&mut self.bytes)?))
    }
}

fn chunk<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (head, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*head)
}

fn block<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = u32::from_le_bytes(chunk(bytes)?) as usize;
    let (head, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(head)
}

fn text<'a>(bytes: &mut &'a [u8]) -> Option<&'a str> {
    std::str::from_utf8(block(bytes)?).ok()
}

fn nullable<'a>(bytes: &mut &'a [u8]) -> Option<Option<&'a str>> {
    match bytes.split_first_chunk() {
        Some((&length, rest)) if u32::from_le_bytes(length) == NO_BLOCK => {
            *bytes = rest;
            Some(None)
        }
        _ => text(bytes).map(Some),
    }
}

fn kind(bytes: &mut &[u8]) -> Option<BuiltInType> {
    BuiltInType::from_number(u8::from_le_bytes(chunk(bytes)?))
}

fn time(bytes: &mut &[u8]) -> Option<Timestamp> {
    Some(Timestamp(i64::from_le_bytes(chunk(bytes)?)))
}

fn nested<'a>(bytes: &mut &'a [u8]) -> Option<(u32, &'a [u8])> {
    let count = u32::from_le_bytes(chunk(bytes)?);
    Some((count, block(bytes)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_null_keeps_its_type_and_differs_from_what_is_empty() {
        let mut arena = Vec::new();
        let mut tree = TreeWriter::new(&mut arena);
        tree.array(BuiltInType::Variant, 3, |tree| {
            tree.null(BuiltInType::String);
            tree.localized_text(None, "");
            tree.text(BuiltInType::String, "");
        });
        let span = tree.finish();
        let Some(Node::Array { items, .. }) = Node::read(span.of(&arena)) else { panic!("an array") };
        let expected = [
            Node::Null(BuiltInType::String),
            Node::LocalizedText { locale: None, text: Some("") },
            Node::Text(BuiltInType::String, ""),
        ];
        assert_eq!(items.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_structure_with_an_array_reads_back_as_written() {
        let mut arena = b"before".to_vec();
        let mut tree = TreeWriter::new(&mut arena);
        tree.structure("nsu=urn:x;i=3", 2, |tree| {
            tree.field("Name");
            tree.localized_text("de", "Fräse");
            tree.field("Positions");
            tree.matrix(BuiltInType::Double, &[1, 2], 2, |tree| {
                tree.f64(1.5);
                tree.f64(f64::NEG_INFINITY);
            });
        });
        let span = tree.finish();
        let Some(Node::Structure { type_id, mut fields }) = Node::read(span.of(&arena)) else { panic!("a structure") };
        assert_eq!(type_id, "nsu=urn:x;i=3");
        assert_eq!(fields.next(), Some(("Name", Node::LocalizedText { locale: Some("de"), text: Some("Fräse") })));
        let Some(("Positions", Node::Matrix { dimensions, items, .. })) = fields.next() else { panic!("a matrix") };
        assert_eq!(dimensions, [1, 2]);
        assert_eq!(items.collect::<Vec<_>>(), [Node::F64(1.5), Node::F64(f64::NEG_INFINITY)]);
        assert_eq!(fields.next(), None);
    }
}
