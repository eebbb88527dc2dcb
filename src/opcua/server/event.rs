//! Events as the crate asks for them: field by field, by browse path.

use super::space::{Localized, ModelChange, NewEvent};
use super::value;
use crate::model::Timestamp;
use crate::opcua::namespace::{Namespaces, NodeTextError};
use ::opcua::crypto::random;
use ::opcua::nodes::Event;
use ::opcua::server::ServerHandle;
use ::opcua::types::event_field::EventField;
use ::opcua::types::{
    AttributeId, ByteString, DataValue, DateTime, LocalizedText, ModelChangeStructureDataType, NodeId, NumericRange,
    ObjectId, ObjectTypeId, QualifiedName, StatusCode, Variant,
};
use std::collections::HashMap;

/// The text in this language, or the first one.
pub(super) fn localized(texts: &[Localized], language: &str) -> LocalizedText {
    let chosen = texts.iter().find(|text| text.locale == language).or(texts.first());
    chosen.map_or_else(LocalizedText::null, |text| LocalizedText::new(&text.locale, &text.text))
}

/// Tells whoever monitors a node that it is gone.
pub(super) fn tell_gone(server: &ServerHandle, gone: &[NodeId]) {
    let now = DateTime::now();
    let value =
        DataValue { status: Some(StatusCode::BadNodeIdUnknown), server_timestamp: Some(now), ..DataValue::default() };
    server.subscriptions().notify_data_change(gone.iter().map(|id| (value.clone(), id, AttributeId::Value)));
}

/// An event of the face.
#[derive(Debug)]
pub(super) struct FaceEvent {
    kind: NodeId,
    time: DateTime,
    fields: HashMap<Vec<QualifiedName>, Variant>,
}

impl FaceEvent {
    pub(super) fn new(event: &NewEvent, table: &Namespaces, language: &str) -> Result<Self, NodeTextError> {
        let source = if event.source.is_empty() { NodeId::null() } else { table.resolve(&event.source)? };
        let id = if event.id.is_empty() { random::byte_string(16) } else { ByteString::from(event.id.clone()) };
        let mut told = Self::base(table.resolve(&event.kind)?, id, event.time, event.receive_time);
        told.put("SourceNode", source.into());
        told.put("SourceName", event.source_name.as_str().into());
        told.put("Severity", event.severity.clamp(1, 1000).into());
        told.put("Message", localized(&event.message, language).into());
        for (path, held) in &event.fields {
            let names = path.iter().map(|name| {
                let index = table.index(&name.namespace)?;
                Ok(QualifiedName::new(index, name.name.as_str()))
            });
            let names = names.collect::<Result<Vec<_>, NodeTextError>>()?;
            told.fields.insert(names, value::variant(&held.reading(), table).unwrap_or_default());
        }
        Ok(told)
    }

    pub(super) fn model_changed(
        changes: &[ModelChange],
        table: &Namespaces,
        now: Timestamp,
    ) -> Result<Self, NodeTextError> {
        let mut told = Self::base(ObjectTypeId::GeneralModelChangeEventType.into(), random::byte_string(16), now, now);
        told.put("SourceNode", NodeId::from(ObjectId::Server).into());
        told.put("SourceName", "Server".into());
        told.put("Severity", 100_u16.into());
        told.put("Message", LocalizedText::new("en", "the address space has changed").into());
        let structures = changes.iter().map(|change| {
            let kind = &change.type_definition;
            Ok(ModelChangeStructureDataType {
                affected: table.resolve(&change.node)?,
                affected_type: if kind.is_empty() { NodeId::null() } else { table.resolve(kind)? },
                verb: change.verb,
            })
        });
        let structures = structures.collect::<Result<Vec<_>, NodeTextError>>()?;
        told.put("Changes", value::structures(structures.into_iter()));
        Ok(told)
    }

    fn base(kind: NodeId, id: ByteString, time: Timestamp, receive_time: Timestamp) -> Self {
        let mut told = Self { time: DateTime::from(time.0), fields: HashMap::new(), kind: kind.clone() };
        told.put("EventId", id.into());
        told.put("EventType", kind.into());
        told.put("Time", DateTime::from(time.0).into());
        told.put("ReceiveTime", DateTime::from(receive_time.0).into());
        told
    }

    fn put(&mut self, name: &str, value: Variant) {
        self.fields.insert(vec![QualifiedName::new(0, name)], value);
    }
}

impl EventField for FaceEvent {
    fn get_value(&self, attribute: AttributeId, range: &NumericRange, path: &[QualifiedName]) -> Variant {
        match (attribute, path) {
            (AttributeId::Value | AttributeId::NodeId, path) => {
                let found = self.fields.get(path).cloned().unwrap_or_default();
                match range {
                    NumericRange::None => found,
                    range => found.range_of(range).unwrap_or_default(),
                }
            }
            _ => Variant::Empty,
        }
    }
}

impl Event for FaceEvent {
    // Whatever type a client names: a field is known by its path, which subtypes inherit.
    fn get_field(&self, _: &NodeId, attribute: AttributeId, range: &NumericRange, path: &[QualifiedName]) -> Variant {
        self.get_value(attribute, range, path)
    }

    fn time(&self) -> &DateTime {
        &self.time
    }

    fn event_type_id(&self) -> &NodeId {
        &self.kind
    }
}
