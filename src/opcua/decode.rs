//! Values of one session to samples of a batch. Numbers cost no allocation, and nothing is rounded.
//!
//! No value passes through the crate's `Variant`. Data changes are kept as bytes by [`keep_notifications_raw`], values
//! that are read by `super::answer`, and [`Decoder`] reads the bytes. That is faster, has a depth limit that the crate
//! lacks, keeps apart what the crate confuses (a null and an empty array), and one value that cannot be decoded does
//! not end the connection.

use super::data_type::DataTypes;
use super::decode_event::is_events;
use super::decode_value::{Reader, stamped};
use super::decode_wire::{Fault, Wire};
use super::namespace::Namespaces;
use crate::finding::Finding;
use crate::model::{Batch, FoundItem, Sample, Scalar, Timestamp};
use ::opcua::client::Session;
use ::opcua::types::type_loader::{ByteStringBody, FallbackTypeLoader};
use ::opcua::types::{
    ByteString, Context, DataTypeId, DynEncodable, EncodingResult, Error, ExtensionObject, GeneratedTypeLoader, NodeId,
    ObjectId, StatusCode, TypeLoader, TypeLoaderCollection, TypeLoaderPriority,
};
use std::collections::HashMap;
use std::io::Read;
use std::sync::Arc;

/// Makes a session keep data changes, events and history as bytes for [`Decoder::notification`], [`Decoder::events`] and
/// [`Decoder::history`]. Called once, after the
/// session was built and before it connects.
pub fn keep_notifications_raw(session: &Session) {
    let mut loaders = TypeLoaderCollection::new_empty();
    // Of two loaders with one priority the first wins.
    loaders.add_type_loader(RawNotifications);
    loaders.add_type_loader(GeneratedTypeLoader);
    loaders.add_type_loader(FallbackTypeLoader);
    *session.encoding_context().write().loaders_mut() = loaders;
}

/// Takes `DataChangeNotification`s, `EventNotificationList`s and `HistoryData` out of the crate's hands.
struct RawNotifications;

impl TypeLoader for RawNotifications {
    fn load_from_binary(
        &self,
        node_id: &NodeId,
        stream: &mut dyn Read,
        context: &Context<'_>,
        length: Option<usize>,
    ) -> Option<EncodingResult<Box<dyn DynEncodable>>> {
        if !is_data_change(node_id) && !is_events(node_id) && !is_history(node_id) {
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

fn is_history(node: &NodeId) -> bool {
    *node == NodeId::new(0, ObjectId::HistoryData_Encoding_DefaultBinary as u32)
        || *node == NodeId::new(0, DataTypeId::HistoryData as u32)
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
    pub(super) namespaces: Arc<Namespaces>,
    pub(super) types: Arc<DataTypes>,
    pub(super) text: String,
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
        Self { namespaces, types, text: String::new(), opaque: HashMap::new() }
    }

    /// A value as a Read response holds it: the bytes of one `DataValue`. Damaged ones give a bad status.
    pub fn sample(&mut self, slot: u32, bytes: &[u8], batch: &mut Batch) {
        if self.stamped(slot, &mut Wire::new(bytes), batch).is_err() {
            batch.samples.push(Sample {
                slot,
                status: StatusCode::BadDecodingError.bits(),
                source_time: Timestamp::NONE,
                server_time: Timestamp::NONE,
                scalar: Scalar::Null,
            });
        }
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

    /// The values of one node's `HistoryData` (OPC 10000-11 §6.6.2) go to `batch`, in their order. `false`: what is there
    /// cannot be read, or not to its end.
    pub fn history(&mut self, slot: u32, data: &ExtensionObject, batch: &mut Batch) -> bool {
        if data.body.is_none() {
            return true;
        }
        let body = data.inner_as::<ByteStringBody>().filter(|body| is_history(body.encoding_id()));
        let Some(body) = body else { return false };
        let mut wire = Wire::new(body.raw_body().as_ref());
        let Ok(count) = wire.count().map(Option::unwrap_or_default) else { return false };
        (0..count).all(|_| self.stamped(slot, &mut wire, batch).is_ok())
    }

    /// One `MonitoredItemNotification`; whether its handle was known.
    fn notified(
        &mut self,
        wire: &mut Wire<'_>,
        slot_of: &impl Fn(u32) -> Option<u32>,
        batch: &mut Batch,
    ) -> Result<bool, Fault> {
        match slot_of(wire.u32()?) {
            Some(slot) => self.stamped(slot, wire, batch).map(|()| true),
            None => skip(wire).map(|()| false),
        }
    }

    /// One `DataValue`.
    fn stamped(&mut self, slot: u32, wire: &mut Wire<'_>, batch: &mut Batch) -> Result<(), Fault> {
        let start = batch.arena.len();
        let mut scalar = Scalar::Null;
        let mut reader =
            Reader { types: &self.types, namespaces: &self.namespaces, text: &mut self.text, opaque: None, depth: 0 };
        let read = stamped(wire, |wire| {
            scalar = reader.sample(wire, batch)?;
            Ok(())
        });
        let opaque = reader.opaque.take();
        let stamped = read.inspect_err(|_| batch.arena.truncate(start))?;
        if let Some(type_id) = opaque {
            self.note_opaque(slot, type_id);
        }
        batch.samples.push(Sample {
            slot,
            status: stamped.status,
            source_time: stamped.source_time,
            server_time: stamped.server_time,
            scalar,
        });
        Ok(())
    }

    /// A part of an item's value could not be decoded: told once.
    pub(super) fn note_opaque(&mut self, slot: u32, type_id: String) {
        self.opaque.entry(slot).or_insert((type_id, true));
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
}

/// Goes behind one `DataValue`. Its end does not depend on data types: the body of a structure says how long it is.
fn skip(wire: &mut Wire<'_>) -> Result<(), Fault> {
    let (types, namespaces) = (DataTypes::default(), Namespaces::new([]));
    let (mut batch, mut text) = (Batch::default(), String::new());
    let mut reader = Reader { types: &types, namespaces: &namespaces, text: &mut text, opaque: None, depth: 0 };
    stamped(wire, |wire| reader.sample(wire, &mut batch).map(drop)).map(drop)
}

/// The results of a Read response (OPC 10000-4 §5.11.2.2), each the bytes of one `DataValue`. What stands behind damaged
/// bytes cannot be found: those values are a bad status alone.
pub(super) fn read_results(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut wire = Wire::new(bytes);
    let count = wire.count().ok().flatten().unwrap_or(0);
    let mut results = Vec::with_capacity(count as usize);
    for _ in 0..count {
        let (whole, before) = (wire, wire.remaining());
        if skip(&mut wire).is_err() {
            results.resize(count as usize, status_alone(StatusCode::BadDecodingError));
            break;
        }
        let mut whole = whole;
        // It was walked through a moment ago.
        results.push(whole.take(before - wire.remaining()).unwrap_or_default().to_vec());
    }
    results
}

/// The bytes of a `DataValue` that holds a status and nothing else.
pub(super) fn status_alone(status: StatusCode) -> Vec<u8> {
    const HAS_STATUS: u8 = 2;
    [&[HAS_STATUS][..], &status.bits().to_le_bytes()].concat()
}

#[cfg(test)]
#[path = "decode_tests.rs"]
mod tests;
