//! What makes a message the same one when it comes again.

use std::hash::{BuildHasher as _, RandomState};

/// The key of a message: it keeps it for ever, and no other message has it.
///
/// A record on disk has the number of its log there, its sequence in it and the time at which it was taken over: all of
/// it lies in the log, so that it comes with the same key from a later process. The time tells messages of a log apart
/// that was set back by a copy of its files. What lies in memory alone has a stream that is drawn with each process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageKey {
    /// Drawn at random when the stream began; no two streams share it, whoever made them.
    pub stream: u64,
    /// Rises within the stream, with gaps.
    pub sequence: u64,
    /// Milliseconds since 1970; `None`: it lies in memory alone, and its stream ends with the process.
    pub taken_ms: Option<u64>,
}

/// A number for a stream that begins.
pub(super) fn fresh_stream() -> u64 {
    // The standard library draws its hasher keys from the system, anew for each process.
    RandomState::new().hash_one(0)
}
