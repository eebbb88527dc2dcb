//! How a record lies in a segment: a head of 32 bytes, the body, zeros up to a multiple of 8.
//!
//! | bytes | head |
//! |---|---|
//! | 0..4 | `QREC`, or `QEND` before the summary that closes a segment |
//! | 4..8 | length of the body |
//! | 8..16 | sequence: rises by one from record to record, over all segments |
//! | 16..24 | every record up to this sequence was durable when this one was written |
//! | 24..28 | CRC-32C of the body |
//! | 28..32 | CRC-32C of the 28 bytes before it and of the segment's number |
//!
//! All numbers are little-endian. Head and body have a check of their own, so that a damaged body leaves the way to
//! the next record open; the segment's number is in the check, so that a record counts in its own segment only.

use crate::model::delivery::TopicKind;
use crate::model::{Delivery, MessageProperties, TopicName};
use std::sync::Arc;

pub const HEAD: usize = 32;
/// Everything begins at a multiple of this.
pub const ALIGNMENT: usize = 8;
/// No log ever gets there: what says so is no sequence of ours, and everything can be added to one that is.
pub const SEQUENCE_MAX: u64 = 1 << 62;

/// What a head is before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Record,
    End,
}

impl Mark {
    fn bytes(self) -> [u8; 4] {
        match self {
            Self::Record => *b"QREC",
            Self::End => *b"QEND",
        }
    }
}

/// The head of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub mark: Mark,
    pub length: u32,
    pub sequence: u64,
    pub durable: u64,
    pub check: u32,
}

impl Head {
    /// The head before `body`.
    pub fn of(mark: Mark, body: &[u8], sequence: u64, durable: u64) -> Self {
        Self { mark, length: body.len() as u32, sequence, durable, check: crc32c::crc32c(body) }
    }

    pub fn write(&self, segment: u64, into: &mut Vec<u8>) {
        let at = into.len();
        into.extend_from_slice(&self.mark.bytes());
        into.extend_from_slice(&self.length.to_le_bytes());
        into.extend_from_slice(&self.sequence.to_le_bytes());
        into.extend_from_slice(&self.durable.to_le_bytes());
        into.extend_from_slice(&self.check.to_le_bytes());
        let check = head_check(&into[at..], segment);
        into.extend_from_slice(&check.to_le_bytes());
    }

    /// `None`: these bytes are no head of this segment.
    pub fn read(bytes: &[u8], segment: u64) -> Option<Self> {
        let bytes = bytes.get(..HEAD)?;
        let mark = match &bytes[..4] {
            b"QREC" => Mark::Record,
            b"QEND" => Mark::End,
            _ => return None,
        };
        let mut fields = Fields(&bytes[4..]);
        let length = fields.u32()?;
        let sequence = fields.sequence()?;
        // Never itself: it is written before it is durable.
        let durable = fields.sequence().filter(|durable| *durable < sequence)?;
        let (check, own) = (fields.u32()?, fields.u32()?);
        (own == head_check(&bytes[..HEAD - 4], segment)).then_some(Self { mark, length, sequence, durable, check })
    }

    /// Bytes from this head to the next.
    pub fn stride(&self) -> u64 {
        stride(self.length as usize)
    }

    pub fn fits(&self, body: &[u8]) -> bool {
        body.len() == self.length as usize && crc32c::crc32c(body) == self.check
    }
}

fn head_check(bytes: &[u8], segment: u64) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c(bytes), &segment.to_le_bytes())
}

/// Bytes a record with a body of this length takes.
pub fn stride(body: usize) -> u64 {
    ((HEAD + body).next_multiple_of(ALIGNMENT)) as u64
}

/// A message as it lies on disk: all that a later process needs to send it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When it was taken over, in milliseconds since 1970.
    pub time_ms: u64,
    /// Name of the flow it belongs to.
    pub flow: String,
    pub topic: Arc<TopicName>,
    pub kind: TopicKind,
    pub qos: u8,
    pub values: u32,
    pub properties: Option<Arc<MessageProperties>>,
    pub payload: Arc<[u8]>,
}

/// Adds the body of a message to `into`.
pub fn write_body(time_ms: u64, flow: &str, delivery: &Delivery, payload: &[u8], into: &mut Vec<u8>) {
    into.extend_from_slice(&time_ms.to_le_bytes());
    into.extend_from_slice(&delivery.values.to_le_bytes());
    into.push(delivery.qos);
    into.push(u8::from(delivery.kind == TopicKind::State));
    write_text(flow, into);
    write_text(delivery.topic.as_str(), into);
    // 0: none; 1 and more: they follow, and less one they are marks: 1 the values are past, 2 they may have been published
    // before, 4 one is an echo.
    let marks = |carried: &MessageProperties| {
        1 + u8::from(carried.is_back_filled) + 2 * u8::from(carried.is_repeated) + 4 * u8::from(carried.is_echo)
    };
    into.push(delivery.properties.as_deref().map_or(0, marks));
    if let Some(carried) = &delivery.properties {
        for text in [&carried.content_type, &carried.profile, &carried.schema_version] {
            write_text(text, into);
        }
    }
    into.extend_from_slice(payload);
}

/// `None`: no message of ours, although its check was right.
pub fn read_body(body: &[u8]) -> Option<Entry> {
    let mut fields = Fields(body);
    let (time_ms, values) = (fields.u64()?, fields.u32()?);
    let qos = fields.byte().filter(|qos| *qos <= 1)?;
    let kind = match fields.byte()? {
        0 => TopicKind::Log,
        1 => TopicKind::State,
        _ => return None,
    };
    let flow = fields.text()?.to_owned();
    let topic = Arc::new(TopicName::parse(fields.text()?).ok()?);
    let properties = match fields.byte()? {
        0 => None,
        mark @ 1..=8 => Some(Arc::new(MessageProperties {
            content_type: fields.text()?.to_owned(),
            profile: fields.text()?.to_owned(),
            schema_version: fields.text()?.to_owned(),
            is_back_filled: (mark - 1) & 1 != 0,
            is_repeated: (mark - 1) & 2 != 0,
            is_echo: (mark - 1) & 4 != 0,
        })),
        _ => return None,
    };
    Some(Entry { time_ms, flow, topic, kind, qos, values, properties, payload: fields.0.into() })
}

/// A text with its length before it; longer than 65,535 bytes none of them is ([`TopicName`], names, profile ids).
pub fn write_text(text: &str, into: &mut Vec<u8>) {
    let length = u16::try_from(text.len()).unwrap_or(u16::MAX);
    into.extend_from_slice(&length.to_le_bytes());
    into.extend_from_slice(&text.as_bytes()[..usize::from(length)]);
}

/// Takes numbers and texts off the front.
#[derive(Debug)]
pub struct Fields<'a>(pub &'a [u8]);

impl<'a> Fields<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (front, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(front)
    }

    pub fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    pub fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }

    pub fn u64(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }

    /// A sequence, or 0.
    pub fn sequence(&mut self) -> Option<u64> {
        self.u64().filter(|sequence| *sequence <= SEQUENCE_MAX)
    }

    pub fn text(&mut self) -> Option<&'a str> {
        let length = u16::from_le_bytes(self.take(2)?.try_into().ok()?);
        std::str::from_utf8(self.take(usize::from(length))?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_with_a_sequence_that_no_log_has_is_none() {
        // Nothing that is added to a sequence overflows. Seen when the fuzz target `segment` was written.
        for (sequence, is_one) in
            [(0, false), (1, true), (SEQUENCE_MAX, true), (SEQUENCE_MAX + 1, false), (u64::MAX, false)]
        {
            let mut bytes = Vec::new();
            Head::of(Mark::Record, b"", sequence, 0).write(1, &mut bytes);
            assert_eq!(Head::read(&bytes, 1).is_some(), is_one, "{sequence}");
        }
    }

    #[test]
    fn a_message_comes_back_as_it_was_and_in_its_own_segment_only() {
        let delivery = Delivery {
            flow: 0,
            sink: 0,
            topic: Arc::new(TopicName::parse("a/温度").expect("a topic")),
            kind: TopicKind::State,
            qos: 1,
            properties: Some(Arc::new(MessageProperties {
                content_type: "application/json".to_owned(),
                profile: "core/data-set-message".to_owned(),
                schema_version: "1.0".to_owned(),
                is_back_filled: true,
                is_echo: false,
                is_repeated: true,
            })),
            payload: 0..4,
            values: 7,
        };
        let mut body = Vec::new();
        write_body(99, "lathe-to-plant", &delivery, b"1234", &mut body);
        let entry = read_body(&body).expect("reads");
        assert_eq!((entry.time_ms, entry.flow.as_str(), entry.values), (99, "lathe-to-plant", 7));
        assert_eq!((&*entry.payload, entry.properties), (&b"1234"[..], delivery.properties));
        assert_eq!((entry.topic, entry.kind, entry.qos), (delivery.topic, TopicKind::State, 1));

        let head = Head::of(Mark::Record, &body, 5, 4);
        let mut bytes = Vec::new();
        head.write(3, &mut bytes);
        assert_eq!((bytes.len(), Head::read(&bytes, 3), Head::read(&bytes, 4)), (HEAD, Some(head), None));
        for at in 0..HEAD * 8 {
            bytes[at / 8] ^= 1 << (at % 8);
            assert_eq!(Head::read(&bytes, 3), None, "bit {at}");
            bytes[at / 8] ^= 1 << (at % 8);
        }
    }
}
