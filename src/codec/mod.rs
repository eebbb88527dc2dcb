//! Wire encodings: one file per encoding, not per standard.
//!
//! Everything that is written or read goes over a [`tape::Tape`]: the JSON text and, beside it, a flat index of its
//! nodes. Validation walks the index; strings point into the text; nothing is built twice.

pub mod tape;
