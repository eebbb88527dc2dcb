//! Where the events of each machine come from.

use super::discover::{ItemBinding, Search};
use super::discover_root::Root;
use super::event::EventBinding;
use super::read::read_attribute;
use super::type_chain;
use super::walk::{Walk, walk};
use crate::config::plan::{EventOrigin, EventSelector, RootSelector};
use crate::finding::Finding;
use crate::model::discovery::{DataType, FoundItem, ItemMode, Target};
use crate::model::value::BuiltInType;
use crate::model::{BrowseGlob, BrowsePath};
use ::opcua::types::{AttributeId, Error, NodeId, ObjectId, Variant};
use std::collections::HashSet;
use std::sync::Arc;

/// A bit of the attribute EventNotifier: clients may subscribe to events (OPC 10000-3 §8.59).
const SUBSCRIBE_TO_EVENTS: u8 = 1;

impl Search<'_> {
    /// One item for the events of each machine whose flow takes them.
    pub(super) async fn events(&mut self, roots: &[Root]) -> Result<Vec<(FoundItem, ItemBinding)>, Error> {
        let mut found: Vec<(FoundItem, ItemBinding)> = Vec::new();
        for (machine, root) in (0u32..).zip(roots) {
            let selection = &self.request.selections[root.selection];
            let Some(selector) = &selection.events else { continue };
            let is_whole = matches!(selection.each, RootSelector::Whole);
            let id = self.space.node(root.node).id.clone();
            let mut binding = EventBinding::new(selector.min_severity, self.namespaces);
            binding.types = self.event_types(selector).await?;
            // Where everything is the one machine, everything that the server tells is its own.
            let is_own = selector.from == EventOrigin::Machine && self.notifies(&id).await?;
            if selector.from == EventOrigin::Machine && !is_own && !is_whole {
                binding.sources = Some(self.below(root.node).await?);
                let place = self.namespaces.node_text(&id);
                self.findings.push(Finding::note("QIAO-O070", place));
            }
            let node = if is_own { id } else { NodeId::from(ObjectId::Server) };
            let target = Target { machine, path: BrowsePath(Vec::new()), types: Vec::new() };
            let is_same = |(_, known): &&mut (FoundItem, ItemBinding)| {
                known.node == node && known.events.as_deref() == Some(&binding)
            };
            if let Some((item, _)) = found.iter_mut().find(is_same) {
                item.targets.push(target);
                continue;
            }
            let item = FoundItem {
                node: self.namespaces.node_text(&node),
                targets: vec![target],
                mode: ItemMode::Events,
                data_type: DataType { node: String::new(), built_in: BuiltInType::Variant, enumeration: None },
                value_rank: -1,
                unit: None,
            };
            let events = Some(Arc::new(binding));
            let binding = ItemBinding { node, sampling: None, queue: None, deadband: None, eu_range: None, events };
            found.push((item, binding));
        }
        Ok(found)
    }

    /// The types that are asked for, with their subtypes.
    async fn event_types(&mut self, selector: &EventSelector) -> Result<Option<HashSet<NodeId>>, Error> {
        if selector.types.is_empty() {
            return Ok(None);
        }
        let mut types = HashSet::new();
        for text in &selector.types {
            if let Some(id) = self.resolve(text) {
                types.extend(type_chain::subtypes(&self.browser, self.namespaces, &id).await?);
            }
        }
        Ok(Some(types))
    }

    async fn notifies(&self, node: &NodeId) -> Result<bool, Error> {
        let answers = read_attribute(&self.browser, std::slice::from_ref(node), AttributeId::EventNotifier).await?;
        let bits = answers.into_iter().next().and_then(|answer| answer.value);
        Ok(matches!(bits, Some(Variant::Byte(bits)) if bits & SUBSCRIBE_TO_EVENTS != 0))
    }

    /// A machine's root and every node below it.
    async fn below(&mut self, root: u32) -> Result<HashSet<NodeId>, Error> {
        let anywhere = BrowseGlob::any();
        let walks = [Walk { root, leading: vec![&anywhere], telling: Vec::new(), is_objects_only: false }];
        let visits = walk(&walks, &mut self.space, &self.browser, self.namespaces, self.progress).await?;
        Ok(visits.all.iter().map(|visit| self.space.node(visit.node).id.clone()).collect())
    }
}
