//! What a source delivers: samples in a batch, with one arena for everything that is not a number.

use super::Pending;
use super::time::Timestamp;

/// The built-in types of OPC 10000-6 §5.1.2, with their numbers on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum BuiltInType {
    Null = 0,
    Boolean = 1,
    SByte = 2,
    Byte = 3,
    Int16 = 4,
    UInt16 = 5,
    Int32 = 6,
    UInt32 = 7,
    Int64 = 8,
    UInt64 = 9,
    Float = 10,
    Double = 11,
    String = 12,
    DateTime = 13,
    Guid = 14,
    ByteString = 15,
    XmlElement = 16,
    NodeId = 17,
    ExpandedNodeId = 18,
    StatusCode = 19,
    QualifiedName = 20,
    LocalizedText = 21,
    ExtensionObject = 22,
    DataValue = 23,
    Variant = 24,
    DiagnosticInfo = 25,
}

impl BuiltInType {
    const ALL: [Self; 26] = [
        Self::Null,
        Self::Boolean,
        Self::SByte,
        Self::Byte,
        Self::Int16,
        Self::UInt16,
        Self::Int32,
        Self::UInt32,
        Self::Int64,
        Self::UInt64,
        Self::Float,
        Self::Double,
        Self::String,
        Self::DateTime,
        Self::Guid,
        Self::ByteString,
        Self::XmlElement,
        Self::NodeId,
        Self::ExpandedNodeId,
        Self::StatusCode,
        Self::QualifiedName,
        Self::LocalizedText,
        Self::ExtensionObject,
        Self::DataValue,
        Self::Variant,
        Self::DiagnosticInfo,
    ];

    /// The type with this number, or `None` above 25.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }

    /// The number on the wire, 0..=25.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }
}

/// A piece of an arena: `bytes[start .. start + length]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub start: u32,
    pub length: u32,
}

impl Span {
    /// The bytes of this span; empty when it does not lie inside `arena`.
    #[must_use]
    pub fn of(self, arena: &[u8]) -> &[u8] {
        let start = self.start as usize;
        arena.get(start..start + self.length as usize).unwrap_or_default()
    }
}

/// One value. Numbers stand inline with their exact built-in type; everything else lies in the arena.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar {
    /// The empty Variant.
    Null,
    Bool(bool),
    /// `SByte`, `Int16`, `Int32` or `Int64`.
    I64(BuiltInType, i64),
    /// `Byte`, `UInt16`, `UInt32`, `UInt64` or `StatusCode`.
    U64(BuiltInType, u64),
    F32(f32),
    F64(f64),
    Time(Timestamp),
    /// UTF-8 text: `String`, `XmlElement`, `Guid` (8-4-4-4-12, lower case), `NodeId` or `ExpandedNodeId` (`nsu=…` form).
    Text(BuiltInType, Span),
    /// `ByteString`.
    Bytes(Span),
    /// Everything with parts: see [`super::tree`].
    Tree(Span),
}

/// One value of one item, as the source gave it: 40 bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// Index into [`super::Discovery::items`] of the discovery with the batch's epoch.
    pub slot: u32,
    /// The status code as sent, info bits included (OPC 10000-4 §7.38).
    pub status: u32,
    /// Source time, or [`Timestamp::NONE`].
    pub source_time: Timestamp,
    /// Server time, or [`Timestamp::NONE`].
    pub server_time: Timestamp,
    pub scalar: Scalar,
}

/// A message that a source received and did not take apart; its texts and bytes lie in the arena.
#[derive(Clone, Debug)]
pub struct Document {
    /// Index of the flow in the plan.
    pub flow: u16,
    /// Index into [`super::Discovery::machines`]; `None` when none could be told.
    pub machine: Option<u32>,
    /// The topic it came by.
    pub topic: Span,
    pub payload: Span,
    /// It was there before we asked: state, not news.
    pub is_retained: bool,
    /// Why it could not be read, with code and facts.
    pub unreadable: Option<Box<Unreadable>>,
}

/// Why a message could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    pub code: &'static str,
    pub arguments: Vec<(&'static str, String)>,
}

/// The unit of work: the changes of one notification, one packet or one read. Pooled; `clear` keeps the memory.
#[derive(Debug, Default)]
pub struct Batch {
    /// Which [`super::Discovery`] the slots count in; a batch of an older one is refused.
    pub epoch: u64,
    /// When the bytes came in.
    pub received: Timestamp,
    pub samples: Vec<Sample>,
    pub arena: Vec<u8>,
    /// Messages that are taken as they are, or that could not be read.
    pub documents: Vec<Document>,
    /// Values without a place in the discovery, by index of the flow: beyond what may appear by itself. Counted.
    pub unplaced: Vec<(u16, u32)>,
    /// Read from the source's history after a gap: past, and in order of time per item.
    pub is_back_filled: bool,
    /// Which samples are values that this gateway wrote itself, in their order.
    pub echoes: Vec<u32>,
    /// The broker has sent it before, and nobody here knows what became of it then.
    pub is_repeated: bool,
    /// What the source is still owed; `None` for a read, which nobody has to acknowledge.
    pub pending: Option<Pending>,
}

impl Batch {
    /// Copies `bytes` into the arena.
    pub fn store(&mut self, bytes: &[u8]) -> Span {
        let span = Span { start: self.arena.len() as u32, length: bytes.len() as u32 };
        self.arena.extend_from_slice(bytes);
        span
    }

    /// Whether it holds nothing but what the source is owed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.samples.is_empty() && self.documents.is_empty() && self.unplaced.is_empty()
    }

    /// Empties the batch and keeps its memory.
    pub fn clear(&mut self) {
        self.samples.clear();
        self.arena.clear();
        self.documents.clear();
        self.unplaced.clear();
        self.is_back_filled = false;
        self.echoes.clear();
        self.is_repeated = false;
        self.pending = None;
    }
}
