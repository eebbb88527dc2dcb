//! Nodes that come and go with the machines: what stands, what is to stand, and who is told of the difference.

use super::super::space::{
    Held, Link, Localized, ModelChange, NewKind, NewNode, NewVariable, NodeHandle, Reading, Space, SpaceError,
};
use super::{FeedPlan, Writable, fixed};
use crate::finding::Finding;
use crate::model::browse::UA_NAMESPACE;
use crate::model::companion::NodeLink;
use crate::model::exposed::{
    ExposedMachine, ExposedNode, ExposedVariable, NodeContent, OWN_NAMESPACE, Origin, Parent, Texts,
};
use crate::model::{BrowseName, BuiltInType, Now};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

/// What is shown now.
pub(super) struct Shown {
    /// By their key in records.
    pub(super) machines: HashMap<u64, ShownMachine>,
    space: Space,
    namespace: String,
    writable: BTreeMap<String, Writable>,
    /// Entries that allow what their variables do not hold, once told.
    unfit: HashSet<String>,
    has_history: bool,
    /// Every node, by node id.
    nodes: HashMap<String, Standing>,
    /// Profiles whose types are written.
    types: HashSet<String>,
    /// How often a node's children changed, by its `NodeVersion`.
    versions: HashMap<String, u64>,
}

struct Standing {
    node: NewNode,
    handle: NodeHandle,
}

/// A machine that stands.
pub(super) struct ShownMachine {
    pub(super) machine: Arc<ExposedMachine>,
    /// By their key in records.
    pub(super) fields: HashMap<u64, Slot>,
    /// When something was heard of it, in time of the monotonic clock.
    pub(super) heard_at: Duration,
    pub(super) freshness: Freshness,
}

/// How far what a machine last said still holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Freshness {
    Fresh,
    /// Silent for too long: values are uncertain.
    Stale,
    /// Silent for thrice as long: values are bad.
    Silent,
    /// Its source says that it cannot be heard.
    Lost,
}

/// A variable that a field fills.
pub(super) struct Slot {
    /// Node id.
    pub(super) id: String,
    pub(super) handle: NodeHandle,
    pub(super) variable: ExposedVariable,
    /// What the field last said.
    pub(super) held: Option<Held>,
    /// The node shows something else, for the machine was silent.
    pub(super) is_stale: bool,
}

impl Slot {
    pub(super) fn hold(&mut self, reading: &Reading<'_>) {
        let held = super::past::owned(reading);
        self.held = Some(held);
        self.is_stale = false;
    }
}

const NODE_VERSION: &str = "NodeVersion";
/// Nodes that one model-change event names.
const CHANGES_MAX: usize = 500;

impl Shown {
    pub(super) fn new(plan: &FeedPlan) -> Self {
        Self {
            machines: HashMap::new(),
            space: plan.space.clone(),
            namespace: plan.namespace.clone(),
            writable: plan.writable.clone(),
            unfit: HashSet::new(),
            has_history: plan.history > Duration::ZERO,
            nodes: HashMap::new(),
            types: HashSet::new(),
            versions: HashMap::new(),
        }
    }

    /// Makes these machines stand, and no others. Gives the nodes that are gone, and what is wrong.
    pub(super) fn show<'m>(
        &mut self,
        machines: impl Iterator<Item = &'m Arc<ExposedMachine>>,
        plan: &FeedPlan,
        now: Now,
    ) -> (Vec<NodeHandle>, Vec<Finding>) {
        let machines: Vec<&Arc<ExposedMachine>> = machines.collect();
        let mut findings = Vec::new();
        let wanted = self.wanted(&machines, &mut findings, plan);
        let (gone, mut changes) = self.remove(&wanted);
        let mut left_out = HashSet::new();
        for (owner, nodes) in group(wanted) {
            let new: Vec<NewNode> = nodes.into_iter().filter(|node| !self.nodes.contains_key(&node.id)).collect();
            match self.space.insert(&new) {
                Ok(handles) => {
                    changes.extend(new.iter().map(|node| change(node, ADDED)));
                    for (node, handle) in new.into_iter().zip(handles) {
                        self.nodes.insert(node.id.clone(), Standing { node, handle });
                    }
                }
                Err(error) => {
                    left_out.insert(owner.clone());
                    findings.push(refused(&owner, &error, plan));
                }
            }
        }
        self.tell(changes, now);
        self.bind(&machines, now);
        (gone, findings)
    }

    /// The nodes that are to stand, parents first, each with the machine that it stands for.
    fn wanted(
        &mut self,
        machines: &[&Arc<ExposedMachine>],
        findings: &mut Vec<Finding>,
        plan: &FeedPlan,
    ) -> Vec<(String, NewNode)> {
        let mut wanted = Vec::new();
        let mut known: HashSet<String> = HashSet::new();
        for machine in machines {
            if let Some(types) = machine.types.as_ref().filter(|_| !self.types.contains(&machine.profile)) {
                match self.space.insert_types(types) {
                    Ok(()) => drop(self.types.insert(machine.profile.clone())),
                    Err(error) => findings.push(refused(&machine.profile, &error, plan)),
                }
            }
            let mut add = |node: NewNode| {
                if known.insert(node.id.clone()) {
                    wanted.push((machine.id.clone(), node));
                }
            };
            for node in &machine.nodes {
                if let Parent::Folder(name) = &node.parent {
                    let folder = folder(self.id(&crate::model::exposed::step(name)), name, &self.namespace);
                    add(version_of(&folder));
                    add(folder);
                }
                let new = self.new_node(machine, node);
                findings.extend(self.unfit(node, plan));
                let is_root = !matches!(node.parent, Parent::Node(_));
                let version = is_root.then(|| version_of(&new));
                add(new);
                version.into_iter().for_each(&mut add);
            }
        }
        // A property may stand in the list before its node; a node never before its parent.
        wanted.sort_by_key(|(_, node)| node.id.ends_with(NODE_VERSION));
        wanted
    }

    /// Takes away what is not wanted any more, or not as it is, and what stands below it.
    fn remove(&mut self, wanted: &[(String, NewNode)]) -> (Vec<NodeHandle>, Vec<(ModelChange, String)>) {
        let by_id: HashMap<&str, &NewNode> = wanted.iter().map(|(_, node)| (node.id.as_str(), node)).collect();
        let is_same = |standing: &Standing| {
            by_id.get(standing.node.id.as_str()).is_some_and(|node| is_alike(node, &standing.node))
        };
        let mut away: HashSet<String> =
            self.nodes.iter().filter(|(_, standing)| !is_same(standing)).map(|(id, _)| id.clone()).collect();
        loop {
            let below: Vec<String> = self
                .nodes
                .iter()
                .filter(|(id, standing)| away.contains(&standing.node.parent) && !away.contains(*id))
                .map(|(id, _)| id.clone())
                .collect();
            if below.is_empty() {
                break;
            }
            away.extend(below);
        }
        let (mut handles, mut changes) = (Vec::new(), Vec::new());
        self.space.remove(away.iter().map(String::as_str));
        for id in &away {
            if let Some(standing) = self.nodes.remove(id) {
                handles.push(standing.handle);
                changes.push(change(&standing.node, DELETED));
            }
        }
        (handles, changes)
    }

    /// Tells of what came and went: each node above which nothing else did, each that has a version of its own (machines), and
    /// the version of the node that it hangs below.
    fn tell(&mut self, changes: Vec<(ModelChange, String)>, now: Now) {
        let touched: HashSet<&str> = changes.iter().map(|(change, _)| change.node.as_str()).collect();
        let mut told = Vec::new();
        let mut parents: BTreeMap<&str, u8> = BTreeMap::new();
        for (change, parent) in changes.iter().filter(|(change, _)| !change.node.ends_with(NODE_VERSION)) {
            let has_version = touched.contains(format!("{}/{NODE_VERSION}", change.node).as_str());
            if !has_version && touched.contains(parent.as_str()) && is_touched_alike(parent, &changes, change.verb) {
                continue;
            }
            told.push(change.clone());
            *parents.entry(parent).or_default() |=
                if change.verb == ADDED { REFERENCE_ADDED } else { REFERENCE_DELETED };
        }
        for (parent, verb) in &parents {
            let type_definition = self.nodes.get(*parent).map(|standing| type_of(&standing.node)).unwrap_or_default();
            if self.nodes.contains_key(*parent) {
                told.push(ModelChange { node: (*parent).to_owned(), type_definition, verb: *verb });
            }
        }
        self.raise_versions(parents.keys().copied());
        for part in told.chunks(CHANGES_MAX) {
            if let Err(error) = self.space.model_changed(part, now.wall) {
                tracing::warn!(%error, "a change of the model cannot be told");
            }
        }
    }

    /// A node's version is that of the machine or folder around it.
    fn raise_versions<'p>(&mut self, parents: impl Iterator<Item = &'p str>) {
        let mut raised: HashSet<String> = HashSet::new();
        for parent in parents {
            let mut at = parent;
            loop {
                let version = format!("{at}/{NODE_VERSION}");
                if self.nodes.contains_key(&version) {
                    raised.insert(version);
                    break;
                }
                match self.nodes.get(at) {
                    Some(standing) => at = &standing.node.parent,
                    None => break,
                }
            }
        }
        for id in raised {
            let Some(handle) = self.nodes.get(&id).map(|standing| standing.handle) else { continue };
            let number = self.versions.entry(id).or_insert(0);
            *number += 1;
            let held = Held::text(&number.to_string());
            self.space.set([(handle, held.reading())]);
        }
    }

    /// Leads the fields of records to their nodes. What a field said and what is known of silence stays.
    fn bind(&mut self, machines: &[&Arc<ExposedMachine>], now: Now) {
        let mut before = std::mem::take(&mut self.machines);
        for machine in machines {
            let mut old = before.remove(&machine.key);
            let mut fields = HashMap::new();
            for node in &machine.nodes {
                let NodeContent::Variable(variable) = &node.content else { continue };
                let Origin::Field { key, .. } = &variable.origin else { continue };
                let id = self.id(&node.id);
                let Some(handle) = self.nodes.get(&id).map(|standing| standing.handle) else { continue };
                let known = old.as_mut().and_then(|old| old.fields.remove(key)).filter(|slot| slot.handle == handle);
                let variable = variable.as_ref().clone();
                let slot = known.map(|slot| Slot { variable: variable.clone(), ..slot });
                fields.insert(*key, slot.unwrap_or(Slot { id, handle, variable, held: None, is_stale: false }));
            }
            let (heard_at, freshness) =
                old.map_or((now.monotonic, Freshness::Fresh), |old| (old.heard_at, old.freshness));
            let shown = ShownMachine { machine: Arc::clone(machine), fields, heard_at, freshness };
            self.machines.insert(machine.key, shown);
        }
    }

    fn id(&self, identifier: &str) -> String {
        format!("nsu={};s={identifier}", self.namespace)
    }

    fn new_node(&self, machine: &ExposedMachine, node: &ExposedNode) -> NewNode {
        let parent = match &node.parent {
            Parent::Node(at) => machine.nodes.get(*at as usize).map(|node| self.id(&node.id)).unwrap_or_default(),
            Parent::TypesFolder => {
                let below = machine.types.as_ref().and_then(|types| types.below.as_ref());
                below.map_or_else(|| OBJECTS.to_owned(), |folder| folder.node.clone())
            }
            Parent::Folder(name) => self.id(&crate::model::exposed::step(name)),
        };
        let kind = match &node.content {
            NodeContent::Object(type_definition) => NewKind::Object {
                type_definition: type_definition.clone(),
                notifies: !matches!(node.parent, Parent::Node(_)),
            },
            NodeContent::Variable(variable) => NewKind::Variable(self.new_variable(&node.id, variable)),
        };
        let namespace = if &*node.name.namespace == OWN_NAMESPACE { &self.namespace } else { &*node.name.namespace };
        NewNode {
            id: self.id(&node.id),
            parent,
            link: link(node.link),
            browse_name: BrowseName::new(namespace, node.name.name.clone()),
            display_name: Vec::new(),
            description: node.description.as_ref().map(|texts| localized(texts)).unwrap_or_default(),
            kind,
            references: Vec::new(),
        }
    }

    /// An entry whose values the variable does not hold: it stays as good as unwritten, and that is told once.
    fn unfit(&mut self, node: &ExposedNode, plan: &FeedPlan) -> Option<Finding> {
        let writable = self.writable.get(&node.id)?;
        let is_right = match &node.content {
            // What no field fills yet may be filled later.
            NodeContent::Variable(variable) => variable.origin == Origin::Nothing || takes(variable, writable),
            NodeContent::Object(_) => false,
        };
        if is_right || !self.unfit.insert(node.id.clone()) {
            return None;
        }
        let finding = Finding::error("QIAO-W043", &writable.entry).with("node", &node.id).with("face", &plan.name);
        Some(finding)
    }

    fn new_variable(&self, id: &str, variable: &ExposedVariable) -> NewVariable {
        let writable = self.writable.get(id).filter(|writable| takes(variable, writable));
        let is_field = matches!(variable.origin, Origin::Field { .. });
        NewVariable {
            type_definition: variable.type_definition.clone(),
            data_type: variable.data_type.clone(),
            value_rank: variable.value_rank,
            writers: writable.map(|writable| writable.users.clone()).unwrap_or_default(),
            has_history: is_field && self.has_history,
            value: match &variable.origin {
                Origin::Field { .. } => None,
                Origin::Fixed(value) => Some(fixed::value(value)),
                Origin::Nothing => Some(fixed::nothing()),
            },
        }
    }
}

/// Whether what an entry lets clients write is of the variable's own type. A variable that shows the number of a word holds
/// another value than the machine.
fn takes(variable: &ExposedVariable, writable: &Writable) -> bool {
    let (kind, dimensions) = &writable.kind;
    let is_word = matches!(variable.origin, Origin::Field { words: Some(_), .. });
    let is_field = matches!(variable.origin, Origin::Field { .. });
    let is_rank = match variable.value_rank {
        -1 => dimensions.is_empty(),
        rank if rank > 0 => usize::try_from(rank).is_ok_and(|rank| rank == dimensions.len()),
        _ => true,
    };
    is_field && !is_word && is_rank && (variable.built_in == *kind || variable.built_in == BuiltInType::Variant)
}

const OBJECTS: &str = "i=85";
const ADDED: u8 = 1;
const DELETED: u8 = 2;
const REFERENCE_ADDED: u8 = 4;
const REFERENCE_DELETED: u8 = 8;

fn change(node: &NewNode, verb: u8) -> (ModelChange, String) {
    (ModelChange { node: node.id.clone(), type_definition: type_of(node), verb }, node.parent.clone())
}

fn is_touched_alike(node: &str, changes: &[(ModelChange, String)], verb: u8) -> bool {
    changes.iter().any(|(change, _)| change.node == node && change.verb == verb)
}

fn type_of(node: &NewNode) -> String {
    match &node.kind {
        NewKind::Object { type_definition, .. } => type_definition.clone(),
        NewKind::Variable(variable) => variable.type_definition.clone(),
        NewKind::Method { .. } => String::new(),
    }
}

/// Whether one node may go on standing for another; values come by themselves.
fn is_alike(one: &NewNode, other: &NewNode) -> bool {
    let is_same_kind = match (&one.kind, &other.kind) {
        (NewKind::Variable(one), NewKind::Variable(other)) => {
            let same_first = one.value == other.value;
            same_first
                && one.data_type == other.data_type
                && one.value_rank == other.value_rank
                && one.type_definition == other.type_definition
        }
        (NewKind::Object { type_definition: one, .. }, NewKind::Object { type_definition: other, .. }) => one == other,
        _ => false,
    };
    is_same_kind
        && one.parent == other.parent
        && one.link == other.link
        && one.browse_name == other.browse_name
        && one.description == other.description
}

/// The nodes of each machine, in order.
fn group(wanted: Vec<(String, NewNode)>) -> Vec<(String, Vec<NewNode>)> {
    let mut groups: Vec<(String, Vec<NewNode>)> = Vec::new();
    for (owner, node) in wanted {
        match groups.last_mut().filter(|(last, _)| *last == owner) {
            Some((_, nodes)) => nodes.push(node),
            None => groups.push((owner, vec![node])),
        }
    }
    groups
}

fn folder(id: String, name: &str, namespace: &str) -> NewNode {
    NewNode {
        id,
        parent: OBJECTS.to_owned(),
        link: Link::Organized,
        browse_name: BrowseName::new(namespace, name),
        display_name: Vec::new(),
        description: Vec::new(),
        kind: NewKind::Object { type_definition: "i=61".to_owned(), notifies: false },
        references: Vec::new(),
    }
}

/// Counts the changes below a node (OPC 10000-3 §8.3.1).
fn version_of(node: &NewNode) -> NewNode {
    NewNode {
        id: format!("{}/{NODE_VERSION}", node.id),
        parent: node.id.clone(),
        link: Link::Property,
        browse_name: BrowseName::new(UA_NAMESPACE, NODE_VERSION),
        display_name: Vec::new(),
        description: Vec::new(),
        kind: NewKind::Variable(NewVariable {
            type_definition: "i=68".to_owned(),
            data_type: "i=12".to_owned(),
            value_rank: -1,
            writers: Vec::new(),
            has_history: false,
            value: Some(Held::text("0")),
        }),
        references: Vec::new(),
    }
}

fn link(link: NodeLink) -> Link {
    match link {
        NodeLink::Component => Link::Component,
        NodeLink::Property => Link::Property,
        NodeLink::AddIn => Link::AddIn,
        NodeLink::Ordered => Link::Ordered,
        NodeLink::Organized => Link::Organized,
    }
}

fn localized(texts: &Texts) -> Vec<Localized> {
    let all = [("en", &texts.en), ("de", &texts.de), ("zh", &texts.zh)];
    let said = all.into_iter().filter(|(_, text)| !text.is_empty());
    said.map(|(locale, text)| Localized { locale: locale.to_owned(), text: text.clone() }).collect()
}

fn refused(what: &str, error: &SpaceError, plan: &FeedPlan) -> Finding {
    Finding::error("QIAO-F054", what).with("face", &plan.name).with("reason", error)
}
