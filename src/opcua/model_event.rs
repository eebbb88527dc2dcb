//! The item that tells of changes of the server's model (OPC 10000-3 §9.32, OPC 10000-5 §6.4.31 to §6.4.33).

use ::opcua::types::{
    AttributeId, ContentFilter, ContentFilterElement, EventFilter, ExtensionObject, FilterOperator, LiteralOperand,
    MonitoredItemCreateRequest, MonitoringMode, MonitoringParameters, NodeId, NumericRange, ObjectId, ObjectTypeId,
    ReadValueId, SimpleAttributeOperand, Variant,
};

/// No item has this client handle: a slot's is far below. The largest number of all is no handle to some servers.
const HANDLE: u32 = 0x7FFF_FFFF;

/// The types of these events. A subtype that a vendor made is missed, and found when it is time.
const TYPES: [ObjectTypeId; 3] = [
    ObjectTypeId::BaseModelChangeEventType,
    ObjectTypeId::GeneralModelChangeEventType,
    ObjectTypeId::SemanticChangeEventType,
];

/// The requests for it, to be tried in this order: events of the Server object that tell of a changed model or a changed
/// meaning, such as another unit. That something changed is all that is of use: which nodes did is not told by every
/// server, nor of every change.
///
/// Their type is compared first, as every server can. `OfType` is made for this, but not every server that takes it means
/// the event's type with it, or its subtypes: it is the second choice.
#[must_use]
pub fn requests() -> [MonitoredItemCreateRequest; 2] {
    let types = TYPES.map(|event_type| ExtensionObject::from_message(literal(event_type)));
    let mut operands = vec![ExtensionObject::from_message(event_type())];
    operands.extend(types);
    let in_list = condition(FilterOperator::InList, operands);
    let of_type = vec![ExtensionObject::from_message(literal(ObjectTypeId::BaseModelChangeEventType))];
    [request(in_list), request(condition(FilterOperator::OfType, of_type))]
}

fn literal(event_type: ObjectTypeId) -> LiteralOperand {
    LiteralOperand { value: Variant::from(NodeId::from(event_type)) }
}

fn event_type() -> SimpleAttributeOperand {
    SimpleAttributeOperand {
        type_definition_id: NodeId::from(ObjectTypeId::BaseEventType),
        browse_path: Some(vec!["EventType".into()]),
        attribute_id: AttributeId::Value as u32,
        index_range: NumericRange::None,
    }
}

fn condition(filter_operator: FilterOperator, operands: Vec<ExtensionObject>) -> ContentFilterElement {
    ContentFilterElement { filter_operator, filter_operands: Some(operands) }
}

fn request(condition: ContentFilterElement) -> MonitoredItemCreateRequest {
    let filter = EventFilter {
        select_clauses: Some(vec![event_type()]),
        where_clause: ContentFilter { elements: Some(vec![condition]) },
    };
    MonitoredItemCreateRequest {
        item_to_monitor: ReadValueId {
            node_id: NodeId::from(ObjectId::Server),
            attribute_id: AttributeId::EventNotifier as u32,
            ..ReadValueId::default()
        },
        monitoring_mode: MonitoringMode::Reporting,
        requested_parameters: MonitoringParameters {
            client_handle: HANDLE,
            sampling_interval: 0.0,
            filter: ExtensionObject::from_message(filter),
            // Of many events one is enough; that others were dropped is an event, too.
            queue_size: 1,
            discard_oldest: true,
        },
    }
}

/// Whether it is the client handle of this item.
#[must_use]
pub fn is_handle(handle: u32) -> bool {
    handle == HANDLE
}
