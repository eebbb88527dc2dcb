//! Values of one session to samples of a batch. Numbers cost no allocation, and nothing is rounded.
//!
//! Data changes do not pass through the crate's `Variant`: [`keep_notifications_raw`] keeps them as bytes, and
//! [`Decoder::notification`] reads the bytes. That is faster, has a depth limit that the crate lacks, keeps apart what
//! the crate confuses (a null and an empty array), and one value that cannot be decoded does not end the connection.

use super::data_type::DataTypes;
use super::decode_value::{Reader, stamped};
use super::decode_wire::{Fault, Wire};
use super::namespace::Namespaces;
use crate::finding::Finding;
use crate::model::tree::TreeWriter;
use crate::model::value::BuiltInType;
use crate::model::{Batch, FoundItem, Sample, Scalar, Timestamp};
use ::opcua::client::Session;
use ::opcua::types::type_loader::{ByteStringBody, FallbackTypeLoader};
use ::opcua::types::{
    Array, BinaryEncodable, ByteString, Context, ContextOwned, DataTypeId, DataValue, DateTime, DynEncodable,
    EncodingResult, Error, ExtensionObject, GeneratedTypeLoader, NodeId, ObjectId, TypeLoader, TypeLoaderCollection,
    TypeLoaderPriority, Variant, VariantScalarTypeId,
};
use std::collections::HashMap;
use std::io::Read;
use std::sync::Arc;

/// Makes a session keep `DataChangeNotification`s as bytes for [`Decoder::notification`]. Called once, after the
/// session was built and before it connects.
pub fn keep_notifications_raw(session: &Session) {
    let mut loaders = TypeLoaderCollection::new_empty();
    // Of two loaders with one priority the first wins.
    loaders.add_type_loader(RawNotifications);
    loaders.add_type_loader(GeneratedTypeLoader);
    loaders.add_type_loader(FallbackTypeLoader);
    *session.encoding_context().write().loaders_mut() = loaders;
}

/// Takes `DataChangeNotification`s out of the crate's hands.
struct RawNotifications;

impl TypeLoader for RawNotifications {
    fn load_from_binary(
        &self,
        node_id: &NodeId,
        stream: &mut dyn Read,
        context: &Context<'_>,
        length: Option<usize>,
    ) -> Option<EncodingResult<Box<dyn DynEncodable>>> {
        if !is_data_change(node_id) {
            return None;
        }
        let length = length?;
        let limit = context.options().max_message_size;
        if limit != 0 && length > limit {
            return Some(Err(Error::decoding("a notification is longer than a message may be")));
        }
        let mut bytes = vec![0; length];
        if let Err(error) = stream.read_exact(&mut bytes) {
            return Some(Err(error.into()));
        }
        Some(Ok(Box::new(ByteStringBody::new(ByteString::from(bytes), node_id.clone()))))
    }

    fn priority(&self) -> TypeLoaderPriority {
        TypeLoaderPriority::Core
    }
}

fn is_data_change(node: &NodeId) -> bool {
    *node == NodeId::new(0, ObjectId::DataChangeNotification_Encoding_DefaultBinary as u32)
        || *node == NodeId::new(0, DataTypeId::DataChangeNotification as u32)
}

/// What became of one notification.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Notification {
    /// Values that went to the batch.
    pub values: u32,
    /// Values with a client handle that nobody knows.
    pub unknown: u32,
    /// Values behind damaged bytes, which cannot be read: a gap.
    pub lost: u32,
}

/// Decodes values of one session.
pub struct Decoder {
    namespaces: Arc<Namespaces>,
    types: Arc<DataTypes>,
    /// To encode what the crate has decoded already.
    context: ContextOwned,
    text: String,
    scratch: Vec<u8>,
    /// Slots with a part that could not be decoded, and that part's type id; `false` once it was told.
    opaque: HashMap<u32, (String, bool)>,
}

impl std::fmt::Debug for Decoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decoder").field("types", &self.types).finish_non_exhaustive()
    }
}

impl Decoder {
    #[must_use]
    pub fn new(namespaces: Arc<Namespaces>, types: Arc<DataTypes>) -> Self {
        Self {
            namespaces,
            types,
            context: ContextOwned::default(),
            text: String::new(),
            scratch: Vec::new(),
            opaque: HashMap::new(),
        }
    }

    /// A value as a Read response holds it.
    pub fn sample(&mut self, slot: u32, value: &DataValue, batch: &mut Batch) {
        let scalar = self.scalar(slot, value.value.as_ref().unwrap_or(&Variant::Empty), batch);
        let ticks = |time: Option<DateTime>| time.map_or(Timestamp::NONE, |time| Timestamp(time.ticks()));
        batch.samples.push(Sample {
            slot,
            status: value.status.map_or(0, |status| status.bits()),
            source_time: ticks(value.source_timestamp),
            server_time: ticks(value.server_timestamp),
            scalar,
        });
    }

    /// One element of `NotificationMessage::notification_data`: the values of a data change go to `batch`, in their
    /// order. `slot_of` maps client handles. `None`: something else (a status change, events).
    pub fn notification(
        &mut self,
        data: &ExtensionObject,
        slot_of: impl Fn(u32) -> Option<u32>,
        batch: &mut Batch,
    ) -> Option<Notification> {
        let body = data.inner_as::<ByteStringBody>().filter(|body| is_data_change(body.encoding_id()))?;
        let mut wire = Wire::new(body.raw_body().as_ref());
        let mut done = Notification::default();
        let Ok(count) = wire.count().map(Option::unwrap_or_default) else {
            return Some(Notification { lost: 1, ..done });
        };
        for position in 0..count {
            match self.notified(&mut wire, &slot_of, batch) {
                Ok(true) => done.values += 1,
                Ok(false) => done.unknown += 1,
                Err(_) => {
                    done.lost = count - position;
                    break;
                }
            }
        }
        Some(done)
    }

    /// One `MonitoredItemNotification`; whether its handle was known.
    fn notified(
        &mut self,
        wire: &mut Wire<'_>,
        slot_of: &impl Fn(u32) -> Option<u32>,
        batch: &mut Batch,
    ) -> Result<bool, Fault> {
        let slot = slot_of(wire.u32()?);
        let start = batch.arena.len();
        let mut scalar = Scalar::Null;
        let mut reader =
            Reader { types: &self.types, namespaces: &self.namespaces, text: &mut self.text, opaque: None, depth: 0 };
        let read = stamped(wire, |wire| {
            scalar = reader.sample(wire, batch)?;
            Ok(())
        });
        let opaque = reader.opaque.take();
        let (Ok(stamped), Some(slot)) = (&read, slot) else {
            batch.arena.truncate(start);
            return read.map(|_| false);
        };
        if let Some(type_id) = opaque {
            self.opaque.entry(slot).or_insert((type_id, true));
        }
        batch.samples.push(Sample {
            slot,
            status: stamped.status,
            source_time: stamped.source_time,
            server_time: stamped.server_time,
            scalar,
        });
        Ok(true)
    }

    /// Findings since the last call: what could not be decoded, once an item.
    pub fn take_findings(&mut self, items: &[FoundItem]) -> Vec<Finding> {
        let new = self.opaque.iter_mut().filter(|(_, (_, is_new))| *is_new);
        new.map(|(slot, (type_id, is_new))| {
            *is_new = false;
            let place = items.get(*slot as usize).map_or("", |item| item.node.as_str());
            Finding::warning("QIAO-O130", place).with("type", type_id)
        })
        .collect()
    }

    fn scalar(&mut self, slot: u32, value: &Variant, batch: &mut Batch) -> Scalar {
        use BuiltInType as Kind;
        match value {
            Variant::Empty => Scalar::Null,
            Variant::Boolean(value) => Scalar::Bool(*value),
            Variant::SByte(value) => Scalar::I64(Kind::SByte, (*value).into()),
            Variant::Int16(value) => Scalar::I64(Kind::Int16, (*value).into()),
            Variant::Int32(value) => Scalar::I64(Kind::Int32, (*value).into()),
            Variant::Int64(value) => Scalar::I64(Kind::Int64, *value),
            Variant::Byte(value) => Scalar::U64(Kind::Byte, (*value).into()),
            Variant::UInt16(value) => Scalar::U64(Kind::UInt16, (*value).into()),
            Variant::UInt32(value) => Scalar::U64(Kind::UInt32, (*value).into()),
            Variant::UInt64(value) => Scalar::U64(Kind::UInt64, *value),
            Variant::StatusCode(value) => Scalar::U64(Kind::StatusCode, value.bits().into()),
            Variant::Float(value) => Scalar::F32(*value),
            Variant::Double(value) => Scalar::F64(*value),
            Variant::DateTime(value) => Scalar::Time(Timestamp(value.ticks())),
            Variant::Array(array) if array.value_type == VariantScalarTypeId::DateTime => times(array, batch),
            other => self.encoded(slot, other, batch),
        }
    }

    /// Everything else goes back to bytes, so that there is one way from bytes to trees.
    fn encoded(&mut self, slot: u32, value: &Variant, batch: &mut Batch) -> Scalar {
        self.scratch.clear();
        let encoded = value.encode(&mut self.scratch, &self.context.context());
        let mut reader =
            Reader { types: &self.types, namespaces: &self.namespaces, text: &mut self.text, opaque: None, depth: 0 };
        let read = reader.sample(&mut Wire::new(&self.scratch), batch);
        let mut opaque = reader.opaque.take();
        let scalar = match (encoded, read) {
            (Ok(()), Ok(scalar)) => scalar,
            _ => {
                opaque = Some("i=24".to_owned());
                let mut tree = TreeWriter::new(&mut batch.arena);
                tree.opaque("i=24", false, &self.scratch);
                Scalar::Tree(tree.finish())
            }
        };
        if let Some(type_id) = opaque {
            self.opaque.entry(slot).or_insert((type_id, true));
        }
        scalar
    }
}

/// Times go straight over: encoding them again would cut them at the years 1601 and 9999.
fn times(array: &Array, batch: &mut Batch) -> Scalar {
    let count = u32::try_from(array.values.len()).unwrap_or(u32::MAX);
    let mut tree = TreeWriter::new(&mut batch.arena);
    let write = |tree: &mut TreeWriter<'_>| {
        for value in array.values.iter().take(count as usize) {
            match value {
                Variant::DateTime(time) => tree.time(Timestamp(time.ticks())),
                _ => tree.null(),
            }
        }
    };
    match array.dimensions.as_deref() {
        Some(dimensions) if dimensions.len() > 1 => tree.matrix(BuiltInType::DateTime, dimensions, count, write),
        _ => tree.array(BuiltInType::DateTime, count, write),
    }
    Scalar::Tree(tree.finish())
}

#[cfg(test)]
#[path = "decode_tests.rs"]
mod tests;
