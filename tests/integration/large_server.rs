//! Promise: a server of 100,000 nodes with reference cycles is browsed in bounded memory, tells how far it has come, can
//! be cancelled, and is not browsed again by the next start.
//!
//! The server is scripted: peers that hold so many nodes take minutes to come up.

use super::rig::gateway::{Gateway, Site};
use super::rig::mosquitto::Mosquitto;
use super::rig::rogue::{Answer, Rogue, header, value};
use opcua::core::{Message as _, RequestMessage};
use opcua::types::{
    BrowseDirection, BrowseResponse, BrowseResult, DataValue, Identifier, NodeClass, NodeId, QualifiedName,
    ReadResponse, ReferenceDescription, Variant,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const NODES: u32 = 100_000;
const CHILDREN: u32 = 10;
/// One of so many nodes is a variable, and selected.
const VARIABLES: u32 = 5_000;
/// What the whole process may hold, in KiB: the nodes cost some hundred bytes each.
const MEMORY_MOST: u64 = 300 << 10;

fn is_variable(number: u32) -> bool {
    number.is_multiple_of(VARIABLES)
}

fn class(number: u32) -> NodeClass {
    if is_variable(number) { NodeClass::Variable } else { NodeClass::Object }
}

fn name(number: u32) -> QualifiedName {
    QualifiedName::new(1, if is_variable(number) { format!("Load{number}") } else { format!("N{number}") })
}

/// Number of a node of this server's own.
fn number(node: &NodeId) -> Option<u32> {
    match (node.namespace, &node.identifier) {
        (1, Identifier::Numeric(number)) => Some(*number),
        _ => None,
    }
}

/// A tree with ten children a node; each node also refers to itself, to its parent and to the top.
fn below(node: &NodeId) -> Vec<u32> {
    if *node == NodeId::new(0, 85_u32) {
        return vec![1];
    }
    let Some(number) = number(node) else { return Vec::new() };
    let first = number * CHILDREN - (CHILDREN - 2);
    let parent = (number + CHILDREN - 2) / CHILDREN;
    (first..first + CHILDREN).filter(|child| *child <= NODES).chain([number, parent.max(1), 1]).collect()
}

fn reference(number: u32) -> ReferenceDescription {
    let type_definition: u32 = if is_variable(number) { 63 } else { 61 };
    ReferenceDescription {
        reference_type_id: NodeId::new(0, 47_u32),
        is_forward: true,
        node_id: NodeId::new(1, number).into(),
        browse_name: name(number),
        node_class: class(number),
        type_definition: NodeId::new(0, type_definition).into(),
        ..ReferenceDescription::default()
    }
}

fn attribute(question: &opcua::types::ReadValueId) -> DataValue {
    let folders = [(84_u32, "Root"), (85, "Objects")];
    let folder = folders.into_iter().find(|(number, _)| question.node_id == NodeId::new(0, *number));
    match (number(&question.node_id), question.attribute_id) {
        (Some(number), 2) => Variant::Int32(class(number) as i32).into(),
        (Some(number), 3) => Variant::from(name(number)).into(),
        // The folders at the top: they are in the browse cache as well, and it is checked by them.
        _ if folder.is_some() && question.attribute_id == 2 => Variant::Int32(NodeClass::Object as i32).into(),
        (None, 3) if folder.is_some() => {
            Variant::from(QualifiedName::new(0, folder.map_or("", |(_, name)| name))).into()
        }
        _ => value(question),
    }
}

/// Serves the tree; counts the nodes that it was asked to browse. `pause` before each answer makes it a slow server.
fn large(rogue: &Rogue, pause: Duration) -> Arc<AtomicUsize> {
    let browsed = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&browsed);
    rogue.rule(move |request| match request {
        RequestMessage::Browse(asked) => {
            std::thread::park_timeout(pause);
            let results = asked.nodes_to_browse.iter().flatten().map(|question| {
                counted.fetch_add(1, Ordering::SeqCst);
                if question.browse_direction == BrowseDirection::Inverse {
                    return BrowseResult::default();
                }
                let mask = question.node_class_mask;
                let found = below(&question.node_id).into_iter().filter(|n| mask == 0 || class(*n) as u32 & mask != 0);
                BrowseResult { references: Some(found.map(reference).collect()), ..BrowseResult::default() }
            });
            let results = Some(results.collect());
            let response_header = header(request.request_handle());
            Some(Answer::Message(Box::new(BrowseResponse { response_header, results, diagnostic_infos: None }.into())))
        }
        RequestMessage::Read(read) => {
            let results = Some(read.nodes_to_read.iter().flatten().map(attribute).collect());
            let response_header = header(request.request_handle());
            Some(Answer::Message(Box::new(ReadResponse { response_header, results, diagnostic_infos: None }.into())))
        }
        _ => None,
    });
    browsed
}

fn counter(gateway: &Gateway, name: &str) -> Option<u64> {
    gateway.status()?["connections"][0]["counters"][name].as_u64()
}

fn site(rogue: &Rogue, broker: &Mosquitto) -> Site {
    Site::new(&format!(
        "connections:
  plc: {{ opcua: {{ endpoint: \"{}\", security: none-i-accept-the-risk, max-nodes: 200000 }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
flows:
  - {{ name: f, from: plc, each: {{ node: \"nsu=urn:qiao:test:rogue;i=1\" }}, select: [\"**/Load*\"], to: plant }}
",
        rogue.endpoint(),
        broker.port
    ))
}

#[test]
fn row_23_a_hundred_thousand_nodes_with_cycles_are_browsed_once_in_bounded_memory() {
    let (rogue, broker) = (Rogue::start(), Mosquitto::open());
    let browsed = large(&rogue, Duration::ZERO);
    let site = site(&rogue, &broker);
    let items = usize::try_from(NODES / VARIABLES).expect("few");
    let mut gateway = site.run();
    gateway.until("every variable is monitored", |_| (rogue.items().len() == items).then_some(()));
    let first = browsed.load(Ordering::SeqCst);
    // Each node once: no cycle is gone round. The slack is for what the gateway asks of types and of its own namespace.
    let nodes = usize::try_from(NODES).expect("fits");
    assert!((nodes..nodes + nodes / 10).contains(&first), "{first} nodes were browsed");
    let most = gateway.memory_most().expect("the system tells");
    assert!(most < MEMORY_MOST, "{most} KiB");
    gateway.stop();
    let mut gateway = site.run();
    gateway.until("every variable is monitored again", |_| {
        (rogue.subscription() == 2 && rogue.items().len() == items).then_some(())
    });
    let second = browsed.load(Ordering::SeqCst) - first;
    assert!(second < 1_000, "{second} nodes were browsed although the cache holds them");
    gateway.stop();
}

#[test]
fn row_23_a_long_browse_tells_how_far_it_is_and_ends_at_ctrl_c_without_leaving_a_session() {
    let (rogue, broker) = (Rogue::start(), Mosquitto::open());
    let browsed = large(&rogue, Duration::from_millis(30));
    let site = site(&rogue, &broker);
    let mut gateway = site.run();
    let far =
        gateway.until("progress", |gateway| counter(gateway, "browse_nodes_current").filter(|nodes| *nodes > 500));
    gateway.until("more progress", |gateway| counter(gateway, "browse_nodes_current").filter(|nodes| *nodes > far));
    assert_eq!(counter(&gateway, "browsing_current"), Some(1));
    let pressed = Instant::now();
    assert_eq!(gateway.interrupt(), Some(0));
    assert!(pressed.elapsed() < Duration::from_secs(5), "{:?}", pressed.elapsed());
    assert_eq!(rogue.asked("CloseSession"), rogue.asked("ActivateSession"), "no session is left");
    let seen = browsed.load(Ordering::SeqCst);
    assert!(seen < usize::try_from(NODES / 2).expect("fits"), "{seen}: the browse was not under way any more");
}
