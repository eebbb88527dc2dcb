//! The part of a server's address space that was browsed: nodes and the references that lead down.

use super::browse::{Browser, ReferenceQuery, References};
use super::discover::Progress;
use super::namespace::Namespaces;
use crate::model::BrowseName;
use ::opcua::types::{Error, NodeClass, NodeId, ReferenceDescription, ReferenceTypeId, StatusCode};
use std::collections::HashMap;

/// Nodes browsed between two reports of progress.
const EXPAND_STEP: usize = 500;

/// What is known of a server's nodes in this session. Nodes are named by position.
#[derive(Debug, Default)]
pub(super) struct Space {
    pub(super) nodes: Vec<SpaceNode>,
    positions: HashMap<NodeId, u32>,
    /// Nodes beyond which nothing is browsed any more.
    pub(super) nodes_max: u32,
    /// The limit was met: what is known is not all there is.
    pub(super) is_cut: bool,
    /// Browse nodes again whose children come from the cache: set while machines are looked for, so that a new one is
    /// found although every old node is the same.
    pub(super) is_rechecking: bool,
    /// Something was browsed that the cache does not hold like this.
    pub(super) is_changed: bool,
    /// Nodes that could not be browsed, or not wholly.
    pub(super) faults: Vec<(u32, StatusCode)>,
}

#[derive(Clone, Debug)]
pub(super) struct SpaceNode {
    pub(super) id: NodeId,
    pub(super) name: BrowseName,
    pub(super) class: NodeClass,
    pub(super) type_definition: Option<NodeId>,
    /// `None`: not browsed yet.
    pub(super) children: Option<Box<[Edge]>>,
    /// `children` were browsed in this session.
    pub(super) is_confirmed: bool,
}

impl SpaceNode {
    /// A node whose children were not browsed.
    pub(super) fn new(id: NodeId, name: BrowseName, class: NodeClass, type_definition: Option<NodeId>) -> Self {
        Self { id, name, class, type_definition, children: None, is_confirmed: false }
    }
}

/// A hierarchical reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edge {
    pub(super) child: u32,
    pub(super) is_property: bool,
}

impl Space {
    pub(super) fn new(nodes_max: u32) -> Self {
        Self { nodes_max, ..Self::default() }
    }

    pub(super) fn node(&self, position: u32) -> &SpaceNode {
        &self.nodes[position as usize]
    }

    pub(super) fn position(&self, id: &NodeId) -> Option<u32> {
        self.positions.get(id).copied()
    }

    /// Adds a node, or finds it.
    pub(super) fn intern(&mut self, node: SpaceNode) -> u32 {
        if let Some(position) = self.positions.get(&node.id) {
            return *position;
        }
        let position = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        self.positions.insert(node.id.clone(), position);
        self.nodes.push(node);
        position
    }

    /// Adds the node a reference leads to; `None` when it is another server's.
    pub(super) fn intern_reference(
        &mut self,
        reference: &ReferenceDescription,
        namespaces: &Namespaces,
    ) -> Option<u32> {
        let id = namespaces.local(&reference.node_id)?;
        let type_definition = namespaces.local(&reference.type_definition).filter(|node| !node.is_null());
        let name = namespaces.browse_name(&reference.browse_name);
        Some(self.intern(SpaceNode::new(id, name, reference.node_class, type_definition)))
    }

    /// Browses the children of these nodes, as far as they are not known.
    pub(super) async fn expand(
        &mut self,
        browser: &Browser<'_>,
        namespaces: &Namespaces,
        mut parents: Vec<u32>,
        depth: u32,
        progress: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<(), Error> {
        parents.sort_unstable();
        parents.dedup();
        parents.retain(|parent| {
            let node = self.node(*parent);
            node.children.is_none() || self.is_rechecking && !node.is_confirmed
        });
        for (done, step) in parents.chunks(EXPAND_STEP).enumerate() {
            if self.is_cut {
                return Ok(());
            }
            let pending = u32::try_from(parents.len() - done * EXPAND_STEP).unwrap_or(u32::MAX);
            progress(Progress { nodes: self.count(), depth, pending });
            let ids: Vec<NodeId> = step.iter().map(|parent| self.node(*parent).id.clone()).collect();
            let answers = browser.references(&ids, ReferenceQuery::children()).await?;
            for (parent, answer) in step.iter().zip(answers) {
                self.adopt(*parent, answer, namespaces);
            }
        }
        progress(Progress { nodes: self.count(), depth, pending: 0 });
        Ok(())
    }

    pub(super) fn count(&self) -> u32 {
        u32::try_from(self.nodes.len()).unwrap_or(u32::MAX)
    }

    fn adopt(&mut self, parent: u32, answer: References, namespaces: &Namespaces) {
        if let Some(fault) = answer.fault {
            self.faults.push((parent, fault));
        }
        let mut edges: Vec<Edge> = Vec::with_capacity(answer.found.len());
        for reference in answer.found.iter().filter(|reference| is_containment(reference)) {
            if self.count() >= self.nodes_max {
                self.is_cut = true;
                break;
            }
            let is_property = reference.reference_type_id == ReferenceTypeId::HasProperty;
            edges.extend(self.intern_reference(reference, namespaces).map(|child| Edge { child, is_property }));
        }
        let node = &mut self.nodes[parent as usize];
        let edges = Some(edges.into_boxed_slice());
        self.is_changed |= node.children != edges;
        node.children = edges;
        node.is_confirmed = true;
    }
}

/// Where events come from is no place where a node lies (OPC 10000-3 §7.17, §7.18).
fn is_containment(reference: &ReferenceDescription) -> bool {
    let is = |kind: ReferenceTypeId| reference.reference_type_id == kind;
    !is(ReferenceTypeId::HasEventSource) && !is(ReferenceTypeId::HasNotifier)
}
