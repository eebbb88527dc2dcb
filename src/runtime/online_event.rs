//! The shape of an event, for a check: none happens just because somebody looks.

use crate::model::discovery::ItemMode;
use crate::model::tree::TreeWriter;
use crate::model::{Batch, BuiltInType, Discovery, Sample, Scalar, Timestamp};

/// A batch with one event of every item for events: what every event has (OPC 10000-5 §6.4.2), with made-up values.
/// `None`: there is no such item.
pub(super) fn shapes(discovery: &Discovery, now: Timestamp) -> Option<Batch> {
    let mut batch = Batch { epoch: discovery.epoch, received: now, ..Batch::default() };
    let items = (0u32..).zip(&discovery.items).filter(|(_, item)| item.mode == ItemMode::Events);
    for (slot, item) in items {
        let machine = item.targets.first().and_then(|target| discovery.machines.get(target.machine as usize));
        let Some(machine) = machine else { continue };
        let scalar = event(&machine.node, &machine.browse_name.name, now, &mut batch.arena);
        batch.samples.push(Sample { slot, status: 0, source_time: now, server_time: now, scalar });
    }
    (!batch.samples.is_empty()).then_some(batch)
}

fn event(node: &str, name: &str, now: Timestamp, arena: &mut Vec<u8>) -> Scalar {
    let mut tree = TreeWriter::new(arena);
    tree.structure("i=2041", 8, |tree| {
        tree.field("EventId");
        tree.bytes(&[0; 16]);
        tree.field("EventType");
        tree.text(BuiltInType::NodeId, "i=2041");
        tree.field("SourceNode");
        tree.text(BuiltInType::NodeId, node);
        tree.field("SourceName");
        tree.text(BuiltInType::String, name);
        tree.field("Time");
        tree.time(now);
        tree.field("ReceiveTime");
        tree.time(now);
        tree.field("Message");
        tree.localized_text("en", "…");
        tree.field("Severity");
        tree.u64(BuiltInType::UInt16, 500);
    });
    Scalar::Tree(tree.finish())
}
