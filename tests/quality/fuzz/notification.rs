//! Bytes of an OPC UA server to samples: a data change, events, a value as a Read response holds it.
//!
//! What holds: every value that was announced is decoded, unknown or lost; what was decoded can be walked to its end and
//! written as JSON; encoded again and decoded again it is the same; what is kept is no more than a fixed number of times
//! what came.

use opcua::types::type_loader::ByteStringBody;
use opcua::types::{ByteString, ExtensionObject, NodeId, ObjectId};
use qiao::codec::value::{EncodeError, Reading};
use qiao::codec::{Tape, ua_json};
use qiao::model::tree::Node;
use qiao::model::{Batch, BuiltInType, Sample, Scalar, StatusCode, Timestamp};
use qiao::opcua::data_type::DataTypes;
use qiao::opcua::decode::Decoder;
use qiao::opcua::decode_event::{Admission, Of};
use qiao::opcua::namespace::Namespaces;
use std::sync::Arc;

/// Bytes of the arena for one byte that came: an empty member of a diagnostic structure is the worst that is known.
const GROWTH: usize = 64;
/// Each sixth handle is one that nobody knows.
const UNKNOWN: u32 = 6;

/// The first byte says which; the rest is the body.
pub fn check(data: &[u8]) {
    let Some((mode, body)) = data.split_first() else { return };
    let namespaces = ["", "urn:acme:lathe", "urn:acme:lathe", ""].map(str::to_owned);
    let mut decoder = Decoder::new(Arc::new(Namespaces::new(namespaces)), Arc::new(DataTypes::core()));
    let mut batch = Batch::default();
    match mode % 3 {
        0 => data_change(&mut decoder, body, &mut batch),
        1 => events(&mut decoder, body, &mut batch),
        _ => {
            decoder.sample(7, body, &mut batch);
            assert_eq!(batch.samples.len(), 1);
        }
    }
    assert!(batch.arena.len() <= GROWTH * body.len() + 256, "{} bytes of {}", batch.arena.len(), body.len());
    assert!(batch.samples.len() <= body.len().max(1));
    let mut tape = Tape::new();
    for sample in &batch.samples {
        written(sample, &batch, &mut tape);
        again(&mut decoder, sample, &batch);
    }
    assert!(decoder.take_findings(&[]).len() <= batch.samples.len().max(1), "told once an item");
    assert!(decoder.take_findings(&[]).is_empty());
}

fn notification(encoding: ObjectId, body: &[u8]) -> ExtensionObject {
    let encoding = NodeId::new(0, encoding as u32);
    ExtensionObject::new(ByteStringBody::new(ByteString::from(body.to_vec()), encoding))
}

fn announced(body: &[u8]) -> Option<u32> {
    let count = i32::from_le_bytes(*body.first_chunk()?);
    let count = u32::try_from(count).unwrap_or(0);
    (count as usize <= body.len() - 4).then_some(count)
}

fn data_change(decoder: &mut Decoder, body: &[u8], batch: &mut Batch) {
    let notification = notification(ObjectId::DataChangeNotification_Encoding_DefaultBinary, body);
    let slot_of = |handle: u32| (!handle.is_multiple_of(UNKNOWN)).then_some(handle);
    let done = decoder.notification(&notification, slot_of, batch).expect("a data change");
    assert_eq!(batch.samples.len(), done.values as usize);
    // Where not even the number can be read, one is lost at least.
    assert_eq!(done.values + done.unknown + done.lost, announced(body).unwrap_or(1));
}

fn events(decoder: &mut Decoder, body: &[u8], batch: &mut Batch) {
    let notification = notification(ObjectId::EventNotificationList_Encoding_DefaultBinary, body);
    let of = |handle: u32| match handle % UNKNOWN {
        0 => Of::Nobody,
        1 => Of::Watch,
        _ => Of::Slot(handle),
    };
    let mut admitted = 0;
    let admit = |head: &_| {
        // Whoever decides looks at it.
        assert!(!format!("{head:?}").is_empty());
        admitted += 1;
        Admission::Take { is_refreshed: admitted % 2 == 0 }
    };
    let done = decoder.events(&notification, of, admit, batch).expect("events");
    let announced = announced(body).unwrap_or(1);
    assert!(batch.samples.len() as u32 + done.unknown + done.lost <= announced);
    assert!(batch.samples.iter().all(|sample| matches!(sample.scalar, Scalar::Tree(_))));
}

/// What was decoded is whole, and any face can write it.
fn written(sample: &Sample, batch: &Batch, tape: &mut Tape) {
    match sample.scalar {
        Scalar::Tree(span) => {
            let node = Node::read(span.of(&batch.arena)).expect("a tree");
            walk(&node);
        }
        Scalar::Text(_, span) => assert!(std::str::from_utf8(span.of(&batch.arena)).is_ok()),
        _ => {}
    }
    let reading = Reading {
        scalar: sample.scalar,
        arena: &batch.arena,
        status: StatusCode(sample.status),
        source_time: sample.source_time,
        server_time: sample.server_time,
        enumeration: None,
    };
    tape.clear();
    match ua_json::data_value(tape, &reading) {
        Ok(()) => {
            let json: Result<serde_json::Value, _> = serde_json::from_slice(tape.as_bytes());
            assert!(json.is_ok(), "{}", tape.as_str());
        }
        Err(EncodeError::Unreadable) => panic!("a value that was decoded cannot be read"),
        Err(EncodeError::TooDeep | EncodeError::TooLong) => {}
    }
}

fn walk(node: &Node<'_>) {
    match node {
        Node::Array { items, .. } | Node::Matrix { items, .. } => {
            let found = items.clone().inspect(walk).count();
            assert_eq!(found, items.count() as usize);
            if let Node::Matrix { dimensions, .. } = node {
                assert_eq!(dimensions.iter().product::<u32>(), items.count());
            }
        }
        Node::Structure { fields, .. } | Node::Union { fields, .. } => {
            let found = fields.clone().inspect(|(_, node)| walk(node)).count();
            assert_eq!(found, fields.count() as usize);
        }
        Node::DataValue { value, .. } => walk(value),
        _ => {}
    }
}

/// A value without parts, encoded by hand and decoded again, is the same to the last bit.
fn again(decoder: &mut Decoder, sample: &Sample, batch: &Batch) {
    let Some(value) = variant(sample.scalar, &batch.arena) else { return };
    let mut bytes = vec![0b0011];
    bytes.extend(value);
    bytes.extend(sample.status.to_le_bytes());
    for (bit, time) in [(4, sample.source_time), (8, sample.server_time)] {
        if time != Timestamp::NONE {
            bytes[0] |= bit;
            bytes.extend(time.0.to_le_bytes());
        }
    }
    let mut second = Batch::default();
    decoder.sample(sample.slot, &bytes, &mut second);
    let [found] = &second.samples[..] else { panic!("one sample") };
    assert_eq!((found.slot, found.status), (sample.slot, sample.status));
    assert_eq!((found.source_time, found.server_time), (sample.source_time, sample.server_time));
    // Bytes, not numbers: a NaN is equal to itself here.
    assert_eq!(variant(found.scalar, &second.arena), variant(sample.scalar, &batch.arena));
}

/// The bytes of a Variant (OPC 10000-6 §5.2.2.16); `None`: what has parts, and what is text only here.
fn variant(scalar: Scalar, arena: &[u8]) -> Option<Vec<u8>> {
    let block = |bytes: &[u8]| [&(bytes.len() as u32).to_le_bytes()[..], bytes].concat();
    let (kind, value) = match scalar {
        Scalar::Null => (BuiltInType::Null, Vec::new()),
        Scalar::Bool(value) => (BuiltInType::Boolean, vec![u8::from(value)]),
        Scalar::I64(kind, value) => (kind, value.to_le_bytes()[..width(kind)].to_vec()),
        Scalar::U64(kind, value) => (kind, value.to_le_bytes()[..width(kind)].to_vec()),
        Scalar::F32(value) => (BuiltInType::Float, value.to_le_bytes().to_vec()),
        Scalar::F64(value) => (BuiltInType::Double, value.to_le_bytes().to_vec()),
        Scalar::Time(value) => (BuiltInType::DateTime, value.0.to_le_bytes().to_vec()),
        Scalar::Text(kind @ (BuiltInType::String | BuiltInType::XmlElement), span) => (kind, block(span.of(arena))),
        Scalar::Bytes(span) => (BuiltInType::ByteString, block(span.of(arena))),
        Scalar::Text(..) | Scalar::Tree(_) => return None,
    };
    Some([&[kind.number()][..], &value].concat())
}

fn width(kind: BuiltInType) -> usize {
    match kind {
        BuiltInType::SByte | BuiltInType::Byte => 1,
        BuiltInType::Int16 | BuiltInType::UInt16 => 2,
        BuiltInType::Int32 | BuiltInType::UInt32 | BuiltInType::StatusCode => 4,
        _ => 8,
    }
}
