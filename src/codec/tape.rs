//! JSON text with a flat index of its nodes.
//!
//! [`Tape`] is written by the encoders (`object`, `key`, `string`, `i64`, …) or made from foreign bytes by `parse`.
//! Pooled: `clear` keeps the memory.

/// The name of a member, as far as any schema knows it; 0 for all others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct KeyId(pub u32);

/// JSON text and the index of its nodes.
#[derive(Debug, Default)]
pub struct Tape {
    /// The JSON text; what is sent is exactly this.
    pub text: Vec<u8>,
    /// Nodes in document order; a container's `next` points behind its last descendant.
    pub nodes: Vec<TapeNode>,
}

/// One JSON value of a tape.
#[derive(Clone, Copy, Debug)]
pub struct TapeNode {
    /// Where its text (for strings without the quotes, escapes as written) lies.
    pub start: u32,
    pub length: u32,
    /// Index of the node behind this one and all its descendants.
    pub next: u32,
    /// Members or elements.
    pub count: u32,
    /// The member's name, when the parent is an object: its id, and where its text lies (without quotes).
    pub key: KeyId,
    pub key_start: u32,
    pub key_length: u32,
    pub kind: TapeKind,
}

/// What a node is; numbers as the encoder knew them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TapeKind {
    Null,
    Bool(bool),
    I64(i64),
    U64(u64),
    F64(f64),
    /// A number that no primitive holds; its digits stand in the text.
    Digits,
    /// Text without escapes.
    Plain,
    /// Text with escapes.
    Escaped,
    Array,
    Object,
}
