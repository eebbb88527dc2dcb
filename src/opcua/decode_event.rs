//! Events from the bytes of a notification to samples, each a structure of its fields (OPC 10000-4 §7.25.3).

use super::decode::Decoder;
use super::decode_value::Reader;
use super::decode_wire::{Fault, Wire};
use super::event::{
    CONDITION_ID, EVENT_TYPE, EventHead, FIELDS, QUALITY, RECEIVE_TIME, SEVERITY, SOURCE_NODE, TIME, companions,
};
use crate::model::tree::TreeWriter;
use crate::model::{Batch, Sample, Scalar, Timestamp};
use ::opcua::types::type_loader::ByteStringBody;
use ::opcua::types::{DataTypeId, ExtensionObject, NodeId, ObjectId, StatusCode};

/// Name of the member that says that an event was told again by a refresh, and did not happen just now.
const REFRESHED: &str = "Refreshed";
/// Type of the structure that an event is; its fields alone are written.
const BASE_EVENT_TYPE: &str = "i=2041";

/// Type bytes of Variants (OPC 10000-6 §5.1.2).
const NULL: u8 = 0;
const UINT16: u8 = 5;
const DATE_TIME: u8 = 13;
const NODE_ID: u8 = 17;
const STATUS_CODE: u8 = 19;

pub(super) fn is_events(node: &NodeId) -> bool {
    *node == NodeId::new(0, ObjectId::EventNotificationList_Encoding_DefaultBinary as u32)
        || *node == NodeId::new(0, DataTypeId::EventNotificationList as u32)
}

/// Whose event it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    Slot(u32),
    /// The item that tells of changes of the server's model.
    Watch,
    Nobody,
}

/// What becomes of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    Take { is_refreshed: bool },
    Drop,
}

/// What became of the events of one notification.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Events {
    /// The server's model changed.
    pub has_change: bool,
    /// Events with a client handle that nobody knows.
    pub unknown: u32,
    /// Events behind damaged bytes, which cannot be read: a gap.
    pub lost: u32,
}

impl Decoder {
    /// One element of `NotificationMessage::notification_data`: the events that are admitted go to `batch`, in their order.
    /// `None`: no events.
    pub fn events(
        &mut self,
        data: &ExtensionObject,
        of: impl Fn(u32) -> Of,
        mut admit: impl FnMut(&EventHead) -> Admission,
        batch: &mut Batch,
    ) -> Option<Events> {
        let body = data.inner_as::<ByteStringBody>().filter(|body| is_events(body.encoding_id()))?;
        let mut wire = Wire::new(body.raw_body().as_ref());
        let mut done = Events::default();
        let Ok(count) = wire.count().map(Option::unwrap_or_default) else {
            return Some(Events { lost: 1, ..done });
        };
        for position in 0..count {
            let event = wire.u32().map(&of).and_then(|of| match of {
                Of::Slot(slot) => self.event(slot, &mut wire, &mut admit, batch),
                Of::Watch | Of::Nobody => {
                    done.has_change |= of == Of::Watch;
                    let dropped = self.event(0, &mut wire, &mut |_| Admission::Drop, batch);
                    // One that cannot be read is among the lost.
                    done.unknown += u32::from(of == Of::Nobody && dropped.is_ok());
                    dropped
                }
            });
            if event.is_err() {
                done.lost = count - position;
                break;
            }
        }
        Some(done)
    }

    /// The fields of one event; those that it does not have are left out.
    fn event(
        &mut self,
        slot: u32,
        wire: &mut Wire<'_>,
        admit: &mut impl FnMut(&EventHead) -> Admission,
        batch: &mut Batch,
    ) -> Result<(), Fault> {
        let mut head = EventHead::new(slot);
        let mut time = Timestamp::NONE;
        let mut fields = Vec::new();
        let mut writer = TreeWriter::new(&mut fields);
        let mut count = 0;
        let (types, namespaces) = (self.types.clone(), self.namespaces.clone());
        let mut companions = companions(&namespaces);
        let mut reader =
            Reader { types: &types, namespaces: &namespaces, text: &mut self.text, opaque: None, depth: 0 };
        for at in 0..wire.count()?.unwrap_or_default() as usize {
            let mut value = *wire;
            let kind = value.u8()?;
            match (at, kind) {
                (EVENT_TYPE, NODE_ID) => head.event_type = Some(value.node_id()?),
                (SOURCE_NODE, NODE_ID) => head.source = Some(value.node_id()?),
                (SEVERITY, UINT16) => head.severity = Some(value.u16()?),
                (TIME, DATE_TIME) => time = value.time()?,
                (RECEIVE_TIME, DATE_TIME) => head.receive_time = value.time()?,
                _ => {}
            }
            // A server that does not know a field gives null, or says why instead (OPC 10000-4 §7.22.3).
            let is_fault = kind == STATUS_CODE && at != QUALITY && StatusCode::from(value.u32()?).is_bad();
            // An event that is no condition has no id of one.
            let is_no_condition = at == CONDITION_ID && kind == NODE_ID && value.node_id()?.is_null();
            let mark = writer.mark();
            let own = FIELDS.get(at).map(|field| field.name);
            let name = own.or_else(|| companions.next().map(|(field, _)| field.name));
            if let Some(name) = name {
                writer.field(name);
            }
            reader.variant(wire, &mut writer)?;
            if name.is_none() || kind == NULL || is_fault || is_no_condition {
                writer.rewind(mark);
            } else {
                // Some servers do not say which condition it is.
                head.is_condition |= at >= CONDITION_ID;
                count += 1;
            }
        }
        let opaque = reader.opaque.take();
        let Admission::Take { is_refreshed } = admit(&head) else { return Ok(()) };
        if is_refreshed {
            writer.field(REFRESHED);
            writer.bool(true);
            count += 1;
        }
        if let Some(type_id) = opaque {
            self.note_opaque(slot, type_id);
        }
        let mut tree = TreeWriter::new(&mut batch.arena);
        tree.structure(BASE_EVENT_TYPE, count, |tree| tree.splice(&fields));
        let scalar = Scalar::Tree(tree.finish());
        batch.samples.push(Sample { slot, status: 0, source_time: time, server_time: head.receive_time, scalar });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::data_type::DataTypes;
    use super::super::namespace::Namespaces;
    use super::*;
    use ::opcua::types::ByteString;
    use std::sync::Arc;

    #[test]
    fn an_event_of_nobody_that_cannot_be_read_is_counted_once() {
        // Found by the fuzz target `notification`. Two events: a whole one without fields, one that ends too soon.
        let bytes = [[2, 0, 0, 0], [9, 0, 0, 0], [0; 4], [9, 0, 0, 0], [1, 0, 0, 0]].concat();
        let encoding = NodeId::new(0, ObjectId::EventNotificationList_Encoding_DefaultBinary as u32);
        let data = ExtensionObject::new(ByteStringBody::new(ByteString::from(bytes), encoding));
        let mut decoder = Decoder::new(Arc::new(Namespaces::new([])), Arc::new(DataTypes::core()));
        let done = decoder.events(&data, |_| Of::Nobody, |_| Admission::Drop, &mut Batch::default());
        assert_eq!(done, Some(Events { unknown: 1, lost: 1, has_change: false }));
    }
}
