//! One message's values for a sink that is no wire: exact, without text.
//!
//! A record says of which machine it is (see [`crate::model::exposed`]) and what it means, and holds values by the key of
//! their field. It is no format to exchange: only this gateway reads it, a later process of it included, for records
//! wait on disk. The first byte is the version of the record and of the trees in it ([`crate::model::tree`]).

use super::Reading;
use crate::model::{BuiltInType, Scalar, Span, StatusCode, Timestamp};

const VERSION: u8 = 1;

/// What a record means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordKind {
    /// Values as they are now.
    Present,
    /// Values as they were: told late, beside the present.
    Past,
    /// One event.
    Event,
    /// The machine cannot be heard: nothing known holds any more, for the reason that the status names.
    Lost(StatusCode),
}

/// A record being read.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// Of the machine.
    pub machine: u64,
    pub kind: RecordKind,
    bytes: &'a [u8],
}

/// One value of a record.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// Of the field.
    pub key: u64,
    /// Its spans point into the reading's own arena.
    pub reading: Reading<'a>,
}

/// Begins a record over what the buffer held.
pub fn begin(buffer: &mut Vec<u8>, machine: u64, kind: RecordKind) {
    buffer.clear();
    buffer.push(VERSION);
    let (number, status) = match kind {
        RecordKind::Present => (0, 0),
        RecordKind::Past => (1, 0),
        RecordKind::Event => (2, 0),
        RecordKind::Lost(status) => (3, status.0),
    };
    buffer.push(number);
    buffer.extend_from_slice(&status.to_le_bytes());
    buffer.extend_from_slice(&machine.to_le_bytes());
}

/// Adds a value.
pub fn value(buffer: &mut Vec<u8>, key: u64, reading: &Reading<'_>) {
    buffer.extend_from_slice(&key.to_le_bytes());
    buffer.extend_from_slice(&reading.status.0.to_le_bytes());
    buffer.extend_from_slice(&reading.source_time.0.to_le_bytes());
    buffer.extend_from_slice(&reading.server_time.0.to_le_bytes());
    let mut piece = |tag: u8, kind: BuiltInType, span: Span| {
        let bytes = span.of(reading.arena);
        buffer.extend_from_slice(&[tag, kind.number()]);
        buffer.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
        buffer.extend_from_slice(bytes);
    };
    let (tag, kind, bits) = match reading.scalar {
        Scalar::Text(kind, span) => return piece(8, kind, span),
        Scalar::Bytes(span) => return piece(9, BuiltInType::ByteString, span),
        Scalar::Tree(span) => return piece(10, BuiltInType::Variant, span),
        Scalar::Null => (0, BuiltInType::Null, 0),
        Scalar::Bool(value) => (1, BuiltInType::Boolean, u64::from(value)),
        Scalar::I64(kind, value) => (3, kind, value.cast_unsigned()),
        Scalar::U64(kind, value) => (4, kind, value),
        Scalar::F32(value) => (5, BuiltInType::Float, u64::from(value.to_bits())),
        Scalar::F64(value) => (6, BuiltInType::Double, value.to_bits()),
        Scalar::Time(time) => (7, BuiltInType::DateTime, time.0.cast_unsigned()),
    };
    buffer.extend_from_slice(&[tag, kind.number()]);
    buffer.extend_from_slice(&bits.to_le_bytes());
}

impl<'a> Record<'a> {
    /// Reads the head of a record; `None` when it is none, or of another version.
    #[must_use]
    pub fn read(mut bytes: &'a [u8]) -> Option<Self> {
        let [version, number] = take(&mut bytes)?;
        let status = u32::from_le_bytes(take(&mut bytes)?);
        let machine = u64::from_le_bytes(take(&mut bytes)?);
        let kind = match number {
            0 => RecordKind::Present,
            1 => RecordKind::Past,
            2 => RecordKind::Event,
            3 => RecordKind::Lost(StatusCode(status)),
            _ => return None,
        };
        (version == VERSION).then_some(Self { machine, kind, bytes })
    }

    /// The values in their order; the last one is `None` when the record ends inside it.
    pub fn values(&self) -> impl Iterator<Item = Option<Told<'a>>> + use<'a> {
        let mut left = Some(self.bytes);
        std::iter::from_fn(move || {
            let mut bytes = left.take().filter(|bytes| !bytes.is_empty())?;
            let told = one(&mut bytes);
            left = told.is_some().then_some(bytes);
            Some(told)
        })
    }
}

fn one<'a>(bytes: &mut &'a [u8]) -> Option<Told<'a>> {
    let key = u64::from_le_bytes(take(bytes)?);
    let status = StatusCode(u32::from_le_bytes(take(bytes)?));
    let source_time = Timestamp(i64::from_le_bytes(take(bytes)?));
    let server_time = Timestamp(i64::from_le_bytes(take(bytes)?));
    let [tag, kind] = take(bytes)?;
    let kind = BuiltInType::from_number(kind)?;
    let (scalar, arena) = if (8..=10).contains(&tag) {
        let length = u32::from_le_bytes(take(bytes)?);
        let (arena, rest) = bytes.split_at_checked(length as usize)?;
        *bytes = rest;
        let span = Span { start: 0, length };
        let scalar = match tag {
            8 => Scalar::Text(kind, span),
            9 => Scalar::Bytes(span),
            _ => Scalar::Tree(span),
        };
        (scalar, arena)
    } else {
        (inline(tag, kind, u64::from_le_bytes(take(bytes)?))?, &[][..])
    };
    Some(Told { key, reading: Reading { scalar, arena, status, source_time, server_time, enumeration: None } })
}

fn inline(tag: u8, kind: BuiltInType, bits: u64) -> Option<Scalar> {
    Some(match tag {
        0 => Scalar::Null,
        1 => Scalar::Bool(bits != 0),
        3 => Scalar::I64(kind, bits.cast_signed()),
        4 => Scalar::U64(kind, bits),
        5 => Scalar::F32(f32::from_bits(u32::try_from(bits).ok()?)),
        6 => Scalar::F64(f64::from_bits(bits)),
        7 => Scalar::Time(Timestamp(bits.cast_signed())),
        _ => return None,
    })
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (head, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*head)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::tree::TreeWriter;

    fn readings(arena: &mut Vec<u8>) -> Vec<Scalar> {
        let mut text = |text: &str| {
            let start = arena.len() as u32;
            arena.extend_from_slice(text.as_bytes());
            Span { start, length: text.len() as u32 }
        };
        let (some, empty, bytes) = (text("温度 °C"), text(""), text("\u{0}x"));
        let mut tree = TreeWriter::new(arena);
        tree.localized_text(Some("de"), "Spindel");
        let tree = tree.finish();
        vec![
            Scalar::Null,
            Scalar::Bool(true),
            Scalar::Bool(false),
            Scalar::I64(BuiltInType::SByte, -128),
            Scalar::I64(BuiltInType::Int64, i64::MIN),
            Scalar::U64(BuiltInType::UInt64, u64::MAX),
            Scalar::U64(BuiltInType::StatusCode, 0x8005_0000),
            Scalar::F32(f32::from_bits(0x7FC0_1234)),
            Scalar::F32(-0.0),
            Scalar::F64(f64::from_bits(0x7FF0_0000_0000_0001)),
            Scalar::F64(0.1),
            Scalar::Time(Timestamp(i64::MAX)),
            Scalar::Text(BuiltInType::String, some),
            Scalar::Text(BuiltInType::NodeId, empty),
            Scalar::Bytes(bytes),
            Scalar::Tree(tree),
        ]
    }

    /// Bit for bit: NaN is not equal to itself.
    fn bits(reading: &Reading<'_>) -> String {
        let value = match reading.scalar {
            Scalar::F32(value) => format!("F32 {:x}", value.to_bits()),
            Scalar::F64(value) => format!("F64 {:x}", value.to_bits()),
            Scalar::Text(kind, span) => format!("{kind:?} {:?}", span.of(reading.arena)),
            Scalar::Bytes(span) => format!("Bytes {:?}", span.of(reading.arena)),
            Scalar::Tree(span) => format!("Tree {:?}", span.of(reading.arena)),
            inline => format!("{inline:?}"),
        };
        format!("{value} {:?} {:?} {:?}", reading.status, reading.source_time, reading.server_time)
    }

    fn record(arena: &mut Vec<u8>) -> (Vec<u8>, Vec<(u64, String)>) {
        let scalars = readings(arena);
        let (mut buffer, mut expected) = (Vec::new(), Vec::new());
        begin(&mut buffer, 7, RecordKind::Present);
        for (at, scalar) in (0i64..).zip(scalars) {
            let status = StatusCode(0x4090_0000 + at as u32);
            let (source_time, server_time) = (Timestamp(at), Timestamp::NONE);
            let reading = Reading { scalar, arena, status, source_time, server_time, enumeration: None };
            value(&mut buffer, at as u64, &reading);
            expected.push((at as u64, bits(&reading)));
        }
        (buffer, expected)
    }

    #[test]
    fn every_value_comes_back_bit_for_bit() {
        let (buffer, expected) = record(&mut Vec::new());
        let read = Record::read(&buffer).expect("a record");
        assert_eq!((read.machine, read.kind), (7, RecordKind::Present));
        let values: Vec<(u64, String)> =
            read.values().map(|told| told.expect("whole")).map(|told| (told.key, bits(&told.reading))).collect();
        assert_eq!(values, expected);
    }

    #[test]
    fn a_record_that_was_cut_gives_whole_values_and_then_says_so() {
        let (buffer, expected) = record(&mut Vec::new());
        for length in 0..buffer.len() {
            let Some(read) = Record::read(&buffer[..length]) else {
                assert!(length < 14, "{length}");
                continue;
            };
            let values: Vec<Option<(u64, String)>> =
                read.values().map(|told| told.map(|told| (told.key, bits(&told.reading)))).collect();
            let whole: Vec<_> = values.iter().flatten().cloned().collect();
            assert_eq!(whole, expected[..whole.len()]);
            assert!(values.len() <= whole.len() + 1, "{length}");
        }
    }

    #[test]
    fn a_record_says_what_it_means() {
        for kind in
            [RecordKind::Present, RecordKind::Past, RecordKind::Event, RecordKind::Lost(StatusCode(0x8031_0000))]
        {
            let mut buffer = Vec::new();
            begin(&mut buffer, 1, kind);
            assert_eq!(Record::read(&buffer).map(|record| record.kind), Some(kind));
            buffer[0] = VERSION + 1;
            assert!(Record::read(&buffer).is_none());
        }
    }
}
