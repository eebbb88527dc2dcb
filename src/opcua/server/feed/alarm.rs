//! Events of flows as events of the face.

use super::super::space::{Held, Localized, NewEvent};
use crate::codec::Reading;
use crate::model::browse::UA_NAMESPACE;
use crate::model::exposed::{ExposedMachine, step};
use crate::model::tree::{Node, TreeWriter};
use crate::model::{BrowseName, BrowsePath, BuiltInType, Scalar, Span, Timestamp};
use crate::opcua::namespace::Namespaces;

/// Types of OPC 10000-5 and OPC 10000-9 that stand in for one that this server does not have.
const BASE_EVENT: &str = "i=2041";
const CONDITION: &str = "i=2782";
const ALARM_CONDITION: &str = "i=2915";

/// An event of a record; `None`: it is none.
pub(super) fn event(
    reading: &Reading<'_>,
    machine: &ExposedMachine,
    namespace: &str,
    namespaces: &Namespaces,
    now: Timestamp,
) -> Option<NewEvent> {
    let Scalar::Tree(span) = reading.scalar else { return None };
    let Node::Structure { fields, .. } = Node::read(span.of(reading.arena))? else { return None };
    let parts: Vec<(&str, Node<'_>)> = fields.collect();
    let find = |name: &str| parts.iter().find(|(known, _)| *known == name).map(|(_, node)| plain(node));
    let text = |name: &str| match find(name)? {
        Node::Text(_, text) => Some(*text),
        _ => None,
    };
    let time = |name: &str| match find(name)? {
        Node::Time(time) => Some(*time),
        Node::Text(_, text) => Timestamp::parse(text).ok(),
        _ => None,
    };
    let is = |name: &str| match find(name)? {
        Node::Bool(value) => Some(*value),
        _ => None,
    };
    let severity = match find("Severity") {
        Some(Node::U64(_, value)) => u16::try_from(*value).unwrap_or(u16::MAX),
        Some(Node::I64(_, value)) => u16::try_from(*value).unwrap_or(1),
        _ => 1,
    };
    let message = match find("Message") {
        Some(Node::LocalizedText { locale, text }) => (locale.unwrap_or_default(), text.unwrap_or_default()),
        Some(Node::Text(_, text)) => ("", *text),
        _ => ("", ""),
    };
    let root = format!("nsu={namespace};s={}", machine.root);
    let condition = text("ConditionId").or(text("ConditionName"));
    let condition = condition.map(|told| format!("{root}/Conditions/{}", step(told)));
    let kind = text("EventType").filter(|kind| namespaces.resolve(kind).is_ok() && kind.starts_with("i="));
    let stand_in = match (is("ActiveState/Id"), &condition) {
        (Some(_), _) => ALARM_CONDITION,
        (None, Some(_)) => CONDITION,
        (None, None) => BASE_EVENT,
    };
    let mut fields = Vec::new();
    for (name, node) in &parts {
        if HEAD.contains(name) {
            continue;
        }
        let (Ok(path), Some(held)) = (BrowsePath::parse(name), held(plain(node), namespaces)) else { continue };
        if path.0.iter().all(|name| namespaces.index(&name.namespace).is_ok()) {
            fields.push((path.0, held));
        }
    }
    if let Some(condition) = &condition {
        fields.push((Vec::new(), node_id(condition)));
        let is_told = |name: &str| parts.iter().any(|(known, _)| *known == name);
        // What an event says by a truth value alone is said in words, too (OPC 10000-9 §5.2.2).
        for (name, words) in
            [("ActiveState", ["Inactive", "Active"]), ("AckedState", ["Unacknowledged", "Acknowledged"])]
        {
            if let Some(value) = is(&format!("{name}/Id")).filter(|_| !is_told(name)) {
                fields.push((vec![BrowseName::new(UA_NAMESPACE, name)], localized(words[usize::from(value)])));
            }
        }
        if !is_told("BranchId") {
            fields.push((vec![BrowseName::new(UA_NAMESPACE, "BranchId")], node_id("i=0")));
        }
    }
    Some(NewEvent {
        kind: kind.unwrap_or(stand_in).to_owned(),
        notifier: root.clone(),
        id: match find("EventId") {
            Some(Node::Bytes(id)) => id.to_vec(),
            _ => Vec::new(),
        },
        source: root,
        source_name: text("SourceName").unwrap_or(&machine.id).to_owned(),
        time: time("Time").unwrap_or(now),
        receive_time: now,
        severity: severity.clamp(1, 1000),
        message: vec![Localized { locale: message.0.to_owned(), text: message.1.to_owned() }],
        fields,
    })
}

/// Fields that have a place of their own.
const HEAD: [&str; 9] =
    ["EventId", "EventType", "SourceNode", "SourceName", "Time", "ReceiveTime", "Severity", "Message", "ConditionId"];

/// Without the quality and times that stand around it.
fn plain<'n, 'a>(node: &'n Node<'a>) -> &'n Node<'a> {
    match node {
        Node::DataValue { value, .. } => plain(value),
        node => node,
    }
}

fn node_id(text: &str) -> Held {
    let span = Span { start: 0, length: text.len() as u32 };
    Held::good(Scalar::Text(BuiltInType::NodeId, span), text.as_bytes().to_vec())
}

fn localized(text: &str) -> Held {
    let mut arena = Vec::new();
    let mut tree = TreeWriter::new(&mut arena);
    tree.localized_text(Some("en"), text);
    let span = tree.finish();
    Held::good(Scalar::Tree(span), arena)
}

/// A field's value; `None`: it means nothing on this server.
fn held(node: &Node<'_>, namespaces: &Namespaces) -> Option<Held> {
    let whole = |text: &str| Span { start: 0, length: text.len() as u32 };
    let (scalar, arena) = match node {
        Node::Bool(value) => (Scalar::Bool(*value), Vec::new()),
        Node::I64(kind, value) => (Scalar::I64(*kind, *value), Vec::new()),
        Node::U64(kind, value) => (Scalar::U64(*kind, *value), Vec::new()),
        Node::F32(value) => (Scalar::F32(*value), Vec::new()),
        Node::F64(value) => (Scalar::F64(*value), Vec::new()),
        Node::Time(value) => (Scalar::Time(*value), Vec::new()),
        Node::Text(BuiltInType::NodeId | BuiltInType::ExpandedNodeId, text) => {
            // A node of the source's server is none of this one.
            namespaces.resolve(text).ok()?;
            (Scalar::Text(BuiltInType::NodeId, whole(text)), text.as_bytes().to_vec())
        }
        Node::Text(kind, text) => (Scalar::Text(*kind, whole(text)), text.as_bytes().to_vec()),
        Node::Bytes(bytes) => (Scalar::Bytes(Span { start: 0, length: bytes.len() as u32 }), bytes.to_vec()),
        Node::LocalizedText { locale, text } => {
            let mut arena = Vec::new();
            let mut tree = TreeWriter::new(&mut arena);
            tree.localized_text(*locale, *text);
            let span = tree.finish();
            (Scalar::Tree(span), arena)
        }
        _ => return None,
    };
    Some(Held::good(scalar, arena))
}
