//! The item that tells of changes of the server's model (OPC 10000-3 §9.32, OPC 10000-5 §6.4.31 to §6.4.33).

use ::opcua::types::{
    AttributeId, ContentFilter, ContentFilterElement, ElementOperand, EventFilter, EventNotificationList,
    ExtensionObject, FilterOperator, LiteralOperand, MonitoredItemCreateRequest, MonitoringMode, MonitoringParameters,
    NodeId, NumericRange, ObjectId, ObjectTypeId, ReadValueId, SimpleAttributeOperand, Variant,
};

/// No item has this client handle: a slot's is far below.
const HANDLE: u32 = u32::MAX;

/// The requests for it, to be tried in this order: events of the Server object that tell of a changed model or a changed
/// meaning, such as another unit; and for a server that cannot combine conditions, of a changed model alone. That
/// something changed is all that is of use: which nodes did is not told by every server, nor of every change.
#[must_use]
pub fn requests() -> [MonitoredItemCreateRequest; 2] {
    let either = ContentFilterElement {
        filter_operator: FilterOperator::Or,
        filter_operands: Some([1, 2].map(|index| ExtensionObject::from_message(ElementOperand { index })).into()),
    };
    let model = || of_type(ObjectTypeId::BaseModelChangeEventType);
    let semantic = of_type(ObjectTypeId::SemanticChangeEventType);
    [request(vec![either, model(), semantic]), request(vec![model()])]
}

/// Of this type or a subtype of it.
fn of_type(event_type: ObjectTypeId) -> ContentFilterElement {
    let value = Variant::from(NodeId::from(event_type));
    ContentFilterElement {
        filter_operator: FilterOperator::OfType,
        filter_operands: Some(vec![ExtensionObject::from_message(LiteralOperand { value })]),
    }
}

fn request(conditions: Vec<ContentFilterElement>) -> MonitoredItemCreateRequest {
    let event_type = SimpleAttributeOperand {
        type_definition_id: NodeId::from(ObjectTypeId::BaseEventType),
        browse_path: Some(vec!["EventType".into()]),
        attribute_id: AttributeId::Value as u32,
        index_range: NumericRange::None,
    };
    let filter = EventFilter {
        select_clauses: Some(vec![event_type]),
        where_clause: ContentFilter { elements: Some(conditions) },
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

/// Whether an element of a notification tells of a change.
#[must_use]
pub fn is_change(data: &ExtensionObject) -> bool {
    data.inner_as::<EventNotificationList>()
        .is_some_and(|list| list.events.iter().flatten().any(|event| event.client_handle == HANDLE))
}
