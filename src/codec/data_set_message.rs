//! The envelope of a `DataSetMessage` in JSON, modelled on OPC 10000-14 (1.05) §7.2.5.4; our own writing.

use super::key::Key;
use super::tape::Tape;
use crate::model::Timestamp;
use std::sync::LazyLock;

/// What the payload is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageType {
    /// Every field.
    KeyFrame,
    /// The fields that changed.
    DeltaFrame,
    /// The fields of one event.
    Event,
}

impl MessageType {
    fn word(self) -> &'static str {
        match self {
            Self::KeyFrame => "ua-keyframe",
            Self::DeltaFrame => "ua-deltaframe",
            Self::Event => "ua-event",
        }
    }
}

/// What stands before the payload.
#[derive(Clone, Copy, Debug)]
pub struct Header<'a> {
    pub kind: MessageType,
    /// The gateway.
    pub publisher: &'a str,
    /// The machine.
    pub writer: &'a str,
    /// Rises by one per message of a writer; 4294967295 is followed by 0.
    pub sequence: u32,
    /// When the message was made.
    pub time: Timestamp,
    /// Where source times come from, when not from the source.
    pub time_source: Option<&'a str>,
    /// Its values are past: read from the source's history after a gap.
    pub is_back_filled: bool,
}

/// Where a schema describes the member that says that values are past.
pub const BACK_FILLED_POINTER: &str = "/properties/BackFilled";

struct Keys {
    message_type: Key,
    publisher: Key,
    writer: Key,
    sequence: Key,
    time: Key,
    time_source: Key,
    back_filled: Key,
}

static KEYS: LazyLock<Keys> = LazyLock::new(|| Keys {
    message_type: Key::known("MessageType"),
    publisher: Key::known("PublisherId"),
    writer: Key::known("DataSetWriterName"),
    sequence: Key::known("SequenceNumber"),
    time: Key::known("Timestamp"),
    time_source: Key::known("TimeSource"),
    back_filled: Key::known("BackFilled"),
});

/// Writes the members of the header into the object that is open.
pub fn header(tape: &mut Tape, header: &Header<'_>) {
    tape.key(&KEYS.message_type);
    tape.text(header.kind.word());
    tape.key(&KEYS.publisher);
    tape.text(header.publisher);
    tape.key(&KEYS.writer);
    tape.text(header.writer);
    tape.key(&KEYS.sequence);
    tape.u64(header.sequence.into());
    tape.key(&KEYS.time);
    super::ua_json::time(tape, header.time);
    if let Some(time_source) = header.time_source {
        tape.key(&KEYS.time_source);
        tape.text(time_source);
    }
    if header.is_back_filled {
        tape.key(&KEYS.back_filled);
        tape.bool(true);
    }
}
