//! How the server is asked for the events of a machine, and what is taken of them (OPC 10000-4 §7.22.3, OPC 10000-9 §5.5).

use super::discover::ItemBinding;
use super::item_request::handle;
use super::namespace::Namespaces;
use crate::model::Timestamp;
use ::opcua::types::{
    AttributeId, ContentFilter, ContentFilterElement, ElementOperand, EventFilter, ExtensionObject, FilterOperator,
    LiteralOperand, MonitoredItemCreateRequest, MonitoringMode, MonitoringParameters, NodeId, NumericRange,
    ObjectTypeId, QualifiedName, ReadValueId, SimpleAttributeOperand, Variant,
};
use std::collections::HashSet;
use std::hash::{Hash, Hasher};

/// Events that the server keeps between two messages: a refresh brings every active condition at once.
pub const QUEUE: u32 = 1_000;

/// One field that is asked for.
#[derive(Debug)]
pub struct EventField {
    /// Its name in messages: the path from the event.
    pub name: &'static str,
    event_type: ObjectTypeId,
    /// Empty: the node id of the condition itself (OPC 10000-9 §5.5.2.13).
    path: &'static [&'static str],
}

/// Place of a field among [`FIELDS`].
pub const EVENT_TYPE: usize = 1;
pub const SOURCE_NODE: usize = 2;
pub const TIME: usize = 4;
pub const RECEIVE_TIME: usize = 5;
pub const SEVERITY: usize = 7;
pub const CONDITION_ID: usize = 8;
pub const QUALITY: usize = 15;

const BASE: ObjectTypeId = ObjectTypeId::BaseEventType;
const CONDITION: ObjectTypeId = ObjectTypeId::ConditionType;

/// What is asked for of every event; one that an event does not have comes as null, and is left out.
pub const FIELDS: [EventField; 23] = [
    field("EventId", BASE, &["EventId"]),
    field("EventType", BASE, &["EventType"]),
    field("SourceNode", BASE, &["SourceNode"]),
    field("SourceName", BASE, &["SourceName"]),
    field("Time", BASE, &["Time"]),
    field("ReceiveTime", BASE, &["ReceiveTime"]),
    field("Message", BASE, &["Message"]),
    field("Severity", BASE, &["Severity"]),
    field("ConditionId", CONDITION, &[]),
    field("ConditionName", CONDITION, &["ConditionName"]),
    field("BranchId", CONDITION, &["BranchId"]),
    field("Retain", CONDITION, &["Retain"]),
    field("EnabledState/Id", CONDITION, &["EnabledState", "Id"]),
    field("ActiveState/Id", ObjectTypeId::AlarmConditionType, &["ActiveState", "Id"]),
    field("AckedState/Id", ObjectTypeId::AcknowledgeableConditionType, &["AckedState", "Id"]),
    field("Quality", CONDITION, &["Quality"]),
    field("LastSeverity", CONDITION, &["LastSeverity"]),
    field("Comment", CONDITION, &["Comment"]),
    field("ClientUserId", CONDITION, &["ClientUserId"]),
    field("ConfirmedState/Id", ObjectTypeId::AcknowledgeableConditionType, &["ConfirmedState", "Id"]),
    field("SuppressedState/Id", ObjectTypeId::AlarmConditionType, &["SuppressedState", "Id"]),
    field("ShelvingState/CurrentState", ObjectTypeId::AlarmConditionType, &["ShelvingState", "CurrentState"]),
    field("SuppressedOrShelved", ObjectTypeId::AlarmConditionType, &["SuppressedOrShelved"]),
];

const fn field(name: &'static str, event_type: ObjectTypeId, path: &'static [&'static str]) -> EventField {
    EventField { name, event_type, path }
}

/// A field that a companion specification adds to alarms.
#[derive(Debug)]
pub struct CompanionField {
    /// Its name in messages and in the specification's namespace.
    pub name: &'static str,
    namespace: &'static str,
    /// Of the type of events that has it, there.
    event_type: u32,
}

/// What is asked for beside [`FIELDS`], of a server that knows their namespaces: the numbers of alarms.
const COMPANIONS: [CompanionField; 2] = [
    CompanionField { name: "ErrorCode", namespace: "http://opcfoundation.org/UA/MachineTool/", event_type: 39 },
    CompanionField { name: "AlarmIdentifier", namespace: "http://opcfoundation.org/UA/CNC", event_type: 1006 },
];

/// Those that a server of these namespaces is asked for, behind [`FIELDS`], each with the index of its namespace.
pub fn companions(namespaces: &Namespaces) -> impl Iterator<Item = (&'static CompanionField, u16)> {
    COMPANIONS.iter().filter_map(|field| Some((field, namespaces.index(field.namespace).ok()?)))
}

/// What the server says of its events by an event: never filtered out.
const SYSTEM: [ObjectTypeId; 4] = [
    ObjectTypeId::RefreshStartEventType,
    ObjectTypeId::RefreshEndEventType,
    ObjectTypeId::RefreshRequiredEventType,
    ObjectTypeId::EventQueueOverflowEventType,
];

/// What the server says of its events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SystemEvent {
    RefreshStart,
    RefreshEnd,
    RefreshRequired,
    QueueOverflow,
}

impl SystemEvent {
    /// By the type of the event; `None` for one of a machine.
    #[must_use]
    pub fn of(event_type: &NodeId) -> Option<Self> {
        let at = SYSTEM.iter().position(|system| *event_type == *system)?;
        [Self::RefreshStart, Self::RefreshEnd, Self::RefreshRequired, Self::QueueOverflow].get(at).copied()
    }
}

/// Which events of a node are a machine's. Node ids are valid in this session only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventBinding {
    pub min_severity: u16,
    /// `None`: every type.
    pub types: Option<HashSet<NodeId>>,
    /// The machine's root and what lies below it; `None`: every source.
    pub sources: Option<HashSet<NodeId>>,
    /// What companion specifications add to the fields that are asked for.
    pub companions: Vec<(NodeId, QualifiedName)>,
}

impl EventBinding {
    /// Every event of a server of these namespaces that is severe enough.
    #[must_use]
    pub fn new(min_severity: u16, namespaces: &Namespaces) -> Self {
        let companion = |(field, index): (&CompanionField, u16)| {
            (NodeId::new(index, field.event_type), QualifiedName::new(index, field.name))
        };
        let companions = companions(namespaces).map(companion).collect();
        Self { min_severity, types: None, sources: None, companions }
    }
}

impl Hash for EventBinding {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let count = |nodes: &Option<HashSet<NodeId>>| nodes.as_ref().map(HashSet::len);
        (self.min_severity, count(&self.types), count(&self.sources)).hash(state);
    }
}

/// What decides whether an event is taken.
#[derive(Clone, Debug)]
pub struct EventHead {
    pub slot: u32,
    pub event_type: Option<NodeId>,
    pub source: Option<NodeId>,
    pub severity: Option<u16>,
    pub receive_time: Timestamp,
    pub is_condition: bool,
}

impl EventHead {
    /// Of an event of which nothing is known yet.
    #[must_use]
    pub fn new(slot: u32) -> Self {
        let receive_time = Timestamp::NONE;
        Self { slot, event_type: None, source: None, severity: None, receive_time, is_condition: false }
    }
}

impl EventBinding {
    /// Whether the server is asked to filter.
    #[must_use]
    fn has_filter(&self) -> bool {
        self.min_severity > 0
    }

    /// Whether the server is asked for more than every server knows, and may refuse it.
    #[must_use]
    pub fn is_special(&self) -> bool {
        self.has_filter() || !self.companions.is_empty()
    }

    /// Decides again what the server may have filtered: not every server can, and a type's subtypes and what lies below a
    /// machine are known here. What an event does not say speaks for it.
    #[must_use]
    pub fn takes(&self, head: &EventHead) -> bool {
        let is_in = |nodes: &Option<HashSet<NodeId>>, node: &Option<NodeId>| {
            nodes.as_ref().zip(node.as_ref()).is_none_or(|(nodes, node)| nodes.contains(node))
        };
        head.severity.is_none_or(|severity| severity >= self.min_severity)
            && is_in(&self.types, &head.event_type)
            && is_in(&self.sources, &head.source)
    }
}

/// The request for the events of one machine; `filtered`: without it where the server refused the filter.
#[must_use]
pub fn request(slot: u32, binding: &ItemBinding, events: &EventBinding, filtered: bool) -> MonitoredItemCreateRequest {
    let elements = (filtered && events.has_filter()).then(|| elements(events.min_severity));
    let companions = events.companions.iter().filter(|_| filtered).map(|(event_type, name)| SimpleAttributeOperand {
        type_definition_id: event_type.clone(),
        browse_path: Some(vec![name.clone()]),
        attribute_id: AttributeId::Value as u32,
        index_range: NumericRange::None,
    });
    let filter = EventFilter {
        select_clauses: Some(FIELDS.iter().map(operand).chain(companions).collect()),
        where_clause: ContentFilter { elements },
    };
    MonitoredItemCreateRequest {
        item_to_monitor: ReadValueId {
            node_id: binding.node.clone(),
            attribute_id: AttributeId::EventNotifier as u32,
            ..ReadValueId::default()
        },
        monitoring_mode: MonitoringMode::Reporting,
        requested_parameters: MonitoringParameters {
            client_handle: handle(slot),
            sampling_interval: 0.0,
            filter: ExtensionObject::from_message(filter),
            queue_size: QUEUE,
            discard_oldest: true,
        },
    }
}

fn operand(field: &EventField) -> SimpleAttributeOperand {
    let attribute = if field.path.is_empty() { AttributeId::NodeId } else { AttributeId::Value };
    SimpleAttributeOperand {
        type_definition_id: NodeId::from(field.event_type),
        browse_path: Some(field.path.iter().map(|step| (*step).into()).collect()),
        attribute_id: attribute as u32,
        index_range: NumericRange::None,
    }
}

/// Severe enough, or something that the server says of its events.
fn elements(min_severity: u16) -> Vec<ContentFilterElement> {
    let element = |index| ExtensionObject::from_message(ElementOperand { index });
    let literal = |value| ExtensionObject::from_message(LiteralOperand { value });
    let of = |at: usize| ExtensionObject::from_message(operand(&FIELDS[at]));
    let system = SYSTEM.iter().map(|system| literal(Variant::from(NodeId::from(*system))));
    let listed = std::iter::once(of(EVENT_TYPE)).chain(system).collect();
    let condition =
        |filter_operator, operands| ContentFilterElement { filter_operator, filter_operands: Some(operands) };
    vec![
        condition(FilterOperator::Or, vec![element(1), element(2)]),
        condition(FilterOperator::GreaterThanOrEqual, vec![of(SEVERITY), literal(Variant::from(min_severity))]),
        condition(FilterOperator::InList, listed),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_server_did_not_filter_is_filtered_here_and_what_an_event_does_not_say_speaks_for_it() {
        let node = |number: u32| NodeId::new(1, number);
        let binding = EventBinding {
            min_severity: 500,
            types: Some(HashSet::from([node(1)])),
            sources: Some(HashSet::from([node(2)])),
            companions: Vec::new(),
        };
        let head = |severity, event_type, source| EventHead { severity, event_type, source, ..EventHead::new(0) };
        let (of_type, of_source) = (Some(node(1)), Some(node(2)));
        for (head, expected) in [
            (head(Some(500), of_type.clone(), of_source.clone()), true),
            (head(Some(499), of_type.clone(), of_source.clone()), false),
            (head(Some(500), Some(node(2)), of_source.clone()), false),
            (head(Some(500), of_type.clone(), Some(node(1))), false),
            (head(None, None, None), true),
        ] {
            assert_eq!(binding.takes(&head), expected, "{head:?}");
        }
    }

    #[test]
    fn a_server_that_knows_a_companion_specification_is_asked_for_the_numbers_of_its_alarms() {
        let machine_tool = COMPANIONS[0].namespace.to_owned();
        let namespaces = Namespaces::new(["".to_owned(), "urn:own".to_owned(), machine_tool]);
        let binding = EventBinding::new(0, &namespaces);
        let named: Vec<&str> = companions(&namespaces).map(|(field, _)| field.name).collect();
        assert_eq!(named, ["ErrorCode"]);
        assert_eq!(binding.companions, [(NodeId::new(2, 39_u32), QualifiedName::new(2, "ErrorCode"))]);
        assert!(binding.is_special() && !EventBinding::new(0, &Namespaces::new(Vec::new())).is_special());
    }

    #[test]
    fn the_places_of_fields_are_those_of_their_names() {
        for (at, name) in [
            (EVENT_TYPE, "EventType"),
            (SOURCE_NODE, "SourceNode"),
            (TIME, "Time"),
            (RECEIVE_TIME, "ReceiveTime"),
            (SEVERITY, "Severity"),
            (CONDITION_ID, "ConditionId"),
            (QUALITY, "Quality"),
        ] {
            assert_eq!(FIELDS[at].name, name);
        }
    }
}
