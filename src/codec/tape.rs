//! JSON text with a flat index of its nodes.
//!
//! [`Tape`] is written by the encoders (`begin_object`, `key`, `text`, `i64`, …) or made from foreign bytes by
//! [`Tape::parse`]. Validation walks the index; strings point into the text; nothing is built twice.
//! Pooled: [`Tape::clear`] keeps the memory.

use super::key::KeyId;
use super::text;

/// Containers inside containers, at most. What validation recurses over is bounded by it.
pub const MAX_DEPTH: usize = 64;
/// A message is shorter than this, so that every place in it fits the index.
pub const MAX_TEXT: usize = u32::MAX as usize / 2;
/// A member name is shorter than this in bytes, quotes included.
pub const MAX_KEY: usize = 1 << 24;

/// JSON text and the index of its nodes.
#[derive(Clone, Debug, Default)]
pub struct Tape {
    /// What is sent is exactly this.
    pub(super) text: String,
    /// In document order; a container's `next` points behind its last descendant.
    pub(super) nodes: Vec<TapeNode>,
    /// Indexes of the containers that are still open, outermost first.
    open: Vec<u32>,
    /// The member name that waits for its value.
    key: PendingKey,
    fault: Option<TapeFault>,
}

/// One JSON value of a tape: 32 bytes.
#[derive(Clone, Copy, Debug)]
pub struct TapeNode {
    /// Where its text begins (of strings: behind the quote).
    start: u32,
    /// Bytes of its text (of strings: without the quotes, escapes as written).
    length: u32,
    /// Index of the node behind this one and all its descendants.
    next: u32,
    /// The member's name, when the parent is an object, and where its text begins (behind the quote).
    key: KeyId,
    key_start: u32,
    /// [`TapeKind`] in the low 7 bits, whether the name is escaped in bit 7, the name's length in bytes above.
    shape: u32,
    /// Numbers: their bits. Containers: how many members or elements (low half), and which key ids are among them,
    /// as a set of `id % 32` (high half; all ones when a name without id is among them).
    payload: u64,
}

/// What a node is; numbers as the writer knew them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum TapeKind {
    Null,
    False,
    True,
    /// Fits i64.
    I64,
    /// Above `i64::MAX`.
    U64,
    /// The shortest text of a Float: its value is what the text says, not what the f32 holds.
    F32,
    /// Any other number; its text is exact, its payload the nearest f64.
    F64,
    /// Text without escapes.
    Plain,
    /// Text with escapes.
    Escaped,
    Array,
    Object,
}

/// Why a tape is not a message. Sticky until [`Tape::clear`] or [`Tape::rewind`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TapeFault {
    #[error("more than {MAX_DEPTH} levels of arrays and objects")]
    TooDeep,
    #[error("a message of {MAX_TEXT} bytes or more")]
    TooLong,
    #[error("a member name of {MAX_KEY} bytes or more")]
    KeyTooLong,
    #[error("not a number of JSON")]
    NotANumber,
}

/// A place to go back to, taken between two values.
#[derive(Clone, Copy, Debug)]
pub struct TapeMark {
    text: u32,
    nodes: u32,
    open: u32,
    key: PendingKey,
    /// Of the innermost open container.
    payload: u64,
    fault: Option<TapeFault>,
}

impl TapeMark {
    pub(super) fn had_fault(&self) -> bool {
        self.fault.is_some()
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct PendingKey {
    id: KeyId,
    start: u32,
    length: u32,
    is_escaped: bool,
}

impl TapeNode {
    const KIND: u32 = 0x7F;
    const KEY_IS_ESCAPED: u32 = 0x80;
    const KINDS: [TapeKind; 11] = [
        TapeKind::Null,
        TapeKind::False,
        TapeKind::True,
        TapeKind::I64,
        TapeKind::U64,
        TapeKind::F32,
        TapeKind::F64,
        TapeKind::Plain,
        TapeKind::Escaped,
        TapeKind::Array,
        TapeKind::Object,
    ];

    #[must_use]
    pub fn kind(&self) -> TapeKind {
        // Only `Tape::push` makes nodes: the low bits are always a kind.
        Self::KINDS.get((self.shape & Self::KIND) as usize).copied().unwrap_or(TapeKind::Null)
    }

    /// Index of the node behind this one and all its descendants.
    #[must_use]
    pub fn next(&self) -> u32 {
        self.next
    }

    /// Members or elements; 0 for what is not a container.
    #[must_use]
    pub fn count(&self) -> u32 {
        if matches!(self.kind(), TapeKind::Array | TapeKind::Object) { self.payload as u32 } else { 0 }
    }

    /// The id of the member's name; 0 when no schema knows it or there is no name.
    #[must_use]
    pub fn key(&self) -> KeyId {
        self.key
    }

    /// The bits of a number.
    pub(crate) fn payload(&self) -> u64 {
        self.payload
    }

    pub(crate) fn is_key_escaped(&self) -> bool {
        self.shape & Self::KEY_IS_ESCAPED != 0
    }

    /// Whether an object may hold a member with this id (not 0).
    pub(crate) fn may_hold(&self, key: KeyId) -> bool {
        (self.payload >> 32) & (1 << (key.0 % 32)) != 0
    }

    /// Where the member's name begins, and its length in bytes.
    pub(super) fn key_span(&self) -> (usize, usize) {
        (self.key_start as usize, (self.shape >> 8) as usize)
    }

    fn span(&self) -> std::ops::Range<usize> {
        self.start as usize..self.start as usize + self.length as usize
    }
}

impl Tape {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Empties the tape and keeps its memory.
    pub fn clear(&mut self) {
        self.text.clear();
        self.nodes.clear();
        self.open.clear();
        self.key = PendingKey::default();
        self.fault = None;
    }

    /// The JSON text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The JSON text, as sent.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// The nodes in document order; the first is the whole message.
    #[must_use]
    pub fn nodes(&self) -> &[TapeNode] {
        &self.nodes
    }

    /// Why this is not a message, if it is none: look before sending.
    #[must_use]
    pub fn fault(&self) -> Option<TapeFault> {
        self.fault
    }

    /// How many containers are open.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// The text of a node: of strings without the quotes and with escapes as written, of containers with brackets.
    #[must_use]
    pub fn text_of(&self, node: &TapeNode) -> &str {
        self.text.get(node.span()).unwrap_or_default()
    }

    /// The text of a node's member name, without the quotes and with escapes as written.
    #[must_use]
    pub fn key_of(&self, node: &TapeNode) -> &str {
        let start = node.key_start as usize;
        self.text.get(start..start + (node.shape >> 8) as usize).unwrap_or_default()
    }

    /// The text of a node as a JSON value of its own: with quotes, with brackets.
    #[must_use]
    pub fn json_of(&self, node: &TapeNode) -> &str {
        let (start, length) = (node.start as usize, node.length as usize);
        match node.kind() {
            TapeKind::Plain | TapeKind::Escaped => self.text.get(start - 1..start + length + 1).unwrap_or_default(),
            _ => self.text_of(node),
        }
    }

    /// Index of the value at a JSON pointer (RFC 6901).
    #[must_use]
    pub fn find(&self, pointer: &str) -> Option<u32> {
        self.find_below(0, pointer)
    }

    /// Index of the value at a JSON pointer that begins at the value at `index`.
    #[must_use]
    pub fn find_below(&self, mut index: u32, pointer: &str) -> Option<u32> {
        self.nodes.get(index as usize)?;
        for step in pointer.split('/').skip(1) {
            let step = step.replace("~1", "/").replace("~0", "~");
            index = self.child(index, &step)?;
        }
        Some(index)
    }

    fn child(&self, parent: u32, step: &str) -> Option<u32> {
        let parent_node = self.nodes.get(parent as usize)?;
        let is_object = parent_node.kind() == TapeKind::Object;
        let mut place = if is_object { None } else { Some(step.parse::<u32>().ok()?) };
        if parent_node.count() == 0 {
            return None;
        }
        let mut index = parent + 1;
        while index < parent_node.next {
            let node = self.nodes.get(index as usize)?;
            match &mut place {
                None => {
                    let name = self.key_of(node);
                    if if node.is_key_escaped() { text::escaped_equals(name, step) } else { name == step } {
                        return Some(index);
                    }
                }
                Some(0) => return Some(index),
                Some(left) => *left -= 1,
            }
            index = node.next;
        }
        None
    }
}

mod write;
pub use write::TextWriter;

#[cfg(test)]
pub(crate) mod tests;
