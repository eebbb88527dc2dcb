//! What the value encodings have in common: what they are given, and why they may refuse it.

use super::tape::{Tape, TapeFault};
use crate::finding::Finding;
use crate::model::{Scalar, StatusCode, Timestamp};

/// One value of a field with its quality and times, as an image holds it.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    pub scalar: Scalar,
    /// What the scalar's spans point into.
    pub arena: &'a [u8],
    pub status: StatusCode,
    /// Source time, or [`Timestamp::NONE`].
    pub source_time: Timestamp,
    /// Server time, or [`Timestamp::NONE`].
    pub server_time: Timestamp,
    /// Names by number, when the item's data type is an enumeration.
    pub enumeration: Option<&'a [(i64, String)]>,
}

/// Why a value cannot be written. The tape is then as it was before the value ([`super::Tape::rewind`]); a name
/// written before it still waits for its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    #[error("its parts lie deeper inside each other than a message may")]
    TooDeep,
    #[error("its bytes in the arena are not a value")]
    Unreadable,
    #[error("it makes the message too long")]
    TooLong,
}

impl EncodeError {
    /// As a finding; `place` is the field or node.
    #[must_use]
    pub fn finding(self, place: impl Into<String>) -> Finding {
        match self {
            Self::TooDeep => Finding::error("QIAO-V301", place).with("limit", MAX_VALUE_DEPTH),
            Self::Unreadable => Finding::error("QIAO-V302", place),
            Self::TooLong => Finding::error("QIAO-V303", place),
        }
    }
}

impl From<TapeFault> for EncodeError {
    fn from(fault: TapeFault) -> Self {
        match fault {
            TapeFault::TooDeep => Self::TooDeep,
            TapeFault::TooLong | TapeFault::KeyTooLong => Self::TooLong,
            TapeFault::NotANumber => Self::Unreadable,
        }
    }
}

/// Levels of a value inside a message: together with the message's own they stay below the tape's limit.
pub(super) const MAX_VALUE_DEPTH: usize = 48;

/// The name of `value` in the table of its enumeration.
pub(super) fn name_of(enumeration: Option<&[(i64, String)]>, value: i64) -> Option<&str> {
    let table = enumeration?;
    // Most tables are 0, 1, 2, …: the number is the place.
    let direct = usize::try_from(value).ok().and_then(|at| table.get(at)).filter(|(number, _)| *number == value);
    direct.or_else(|| table.iter().find(|(number, _)| *number == value)).map(|(_, name)| name.as_str())
}

/// The bytes of a span as text.
pub(super) fn text_of(span: crate::model::Span, arena: &[u8]) -> Result<&str, EncodeError> {
    std::str::from_utf8(span.of(arena)).map_err(|_| EncodeError::Unreadable)
}

/// What cannot be written leaves nothing behind.
pub(super) fn guarded(
    tape: &mut Tape,
    write: impl FnOnce(&mut Tape) -> Result<(), EncodeError>,
) -> Result<(), EncodeError> {
    let mark = tape.mark();
    let result = write(tape).and_then(|()| match tape.fault() {
        Some(fault) if !mark.had_fault() => Err(fault.into()),
        _ => Ok(()),
    });
    if result.is_err() {
        tape.rewind(mark);
    }
    result
}

/// Fewer parts than announced are damage, never a shorter value.
pub(super) fn complete(written: u32, expected: u32) -> Result<(), EncodeError> {
    if written == expected { Ok(()) } else { Err(EncodeError::Unreadable) }
}
