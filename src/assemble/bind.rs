//! A profile's mapping × the nodes that were found below one machine = the layout of its messages.

use super::declared::{self, DeclaredFill};
use super::layout::{BoundField, Layout, NO_SLOT};
use super::open;
use super::pattern::{self, Bound};
use super::tree::Tree;
use crate::finding::{Checked, Finding};
use crate::model::discovery::{ItemMode, Target};
use crate::model::{BrowsePath, DeclaredField, Discovery, FoundItem};
use crate::profile::{ConstantValue, Field, Mapping, MessageKind, PathStep, Profile};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// A node below a machine that may fill fields.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    pub slot: u32,
    pub item: &'a FoundItem,
    pub target: &'a Target,
}

/// The nodes below each machine of a discovery, by the machine's index.
#[must_use]
pub fn candidates(discovery: &Discovery) -> Vec<Vec<Candidate<'_>>> {
    let mut by_machine = vec![Vec::new(); discovery.machines.len()];
    for (slot, item) in (0..).zip(&discovery.items) {
        for target in &item.targets {
            if let Some(list) = by_machine.get_mut(target.machine as usize) {
                list.push(Candidate { slot, item, target });
            }
        }
    }
    by_machine
}

/// Binds a mapping to the nodes of one machine, which findings call `machine`.
///
/// A field that two nodes would fill stays empty: which of them is meant is not guessed. Under a closed mapping nodes
/// that nothing claims are left out and counted in one note; under an open one each becomes a field of its own.
/// What is `declared` goes before what the mapping says, of the node and of the field.
#[must_use]
pub fn bind(
    profile: &Profile,
    machine: &str,
    candidates: &[Candidate<'_>],
    declared: &[DeclaredField],
) -> Checked<Layout> {
    let mut findings = Vec::new();
    let (declared, taken) = declared::fills(profile, candidates, declared, &mut findings);
    let mut binding = Binding { profile, machine, findings: Vec::new(), fills: Vec::new(), declared };
    findings.into_iter().for_each(|finding| binding.finding(finding));
    let is_event = profile.message == MessageKind::Event;
    let is_fit = |one: &&Candidate<'_>| (one.item.mode == ItemMode::Events) == is_event && !taken.contains(&one.slot);
    let free: Vec<Candidate<'_>> = candidates.iter().filter(is_fit).copied().collect();
    let unclaimed = binding.claim(&free);
    binding.refuse_ambiguous();
    binding.report_missing();
    let mut tree = Tree::default();
    let (declared, fills) = (std::mem::take(&mut binding.declared), std::mem::take(&mut binding.fills));
    for fill in &declared {
        binding.insert(&mut tree, &fill.steps(), fill.bound_field());
    }
    for fill in &fills {
        let field = fill.candidate.field(fill.field.is_mandatory, fill.field.is_read_once, fill.pointer.clone());
        let field = BoundField { concept: concept(Some(fill.field)), ..field };
        binding.insert(&mut tree, &fill.steps, field);
    }
    binding.open(&mut tree, &unclaimed);
    let mapped = fills.iter().map(|fill| (fill.field.pointer.as_str(), fill.bound.clone()));
    let declared_too = declared.iter().filter_map(|fill| {
        let pointer = fill.target.field?.pointer.as_str();
        Some((pointer, fill.bound(&declared, &profile.mapping)))
    });
    let placed: Vec<(&str, Vec<Bound<'_>>)> = mapped.chain(declared_too).collect();
    // An event brings its own types.
    let fixed = if is_event { Vec::new() } else { constants(&profile.mapping, &placed) };
    for (steps, value) in fixed {
        tree.constant(&steps, value);
    }
    Checked { value: tree.flatten(), findings: binding.findings }
}

/// A field of a message that another profile's message fills.
#[derive(Clone, Debug)]
pub struct Carried {
    /// Its JSON pointer, with the placeholders filled.
    pub pointer: String,
    /// Concept of the hub that it holds.
    pub concept: Arc<str>,
    /// Node id of the item behind it, with namespace URI.
    pub node: String,
    /// Where its unit is stated, and how.
    pub stated: Option<(Vec<String>, serde_json::Value)>,
}

/// Lays out the events of a machine that are made of what another profile's messages say.
#[must_use]
pub fn bind_event(profile: &Profile) -> Layout {
    let mut tree = Tree::default();
    if let Some(base) = &profile.mapping.open {
        let steps: Vec<(String, bool)> = pattern::pointer_steps(base).into_iter().map(|step| (step, false)).collect();
        // Nothing else is in the way.
        let _ = tree.insert(&steps, BoundField { is_mandatory: true, ..BoundField::without_node(base, None) });
    }
    tree.flatten()
}

/// Lays out messages whose fields another profile's messages fill, beside values that the configuration declares, and
/// a `list` that is kept of events: its pointer and the concept that tells its elements apart.
#[must_use]
pub fn bind_carried(
    profile: &Profile,
    machine: &str,
    carried: &[Carried],
    declared: &[DeclaredField],
    list: Option<(&str, &str)>,
) -> Checked<Layout> {
    let mut binding = Binding { profile, machine, findings: Vec::new(), fills: Vec::new(), declared: Vec::new() };
    let mut tree = Tree::default();
    if let Some((pointer, concept)) = list {
        let steps: Vec<(String, bool)> =
            pattern::pointer_steps(pointer).into_iter().map(|step| (step, false)).collect();
        binding.insert(&mut tree, &steps, BoundField::without_node(pointer, Some(concept)));
    }
    for (fill, carried) in declared::carried_fills(profile, carried, declared) {
        let mut field = fill.bound_field();
        if let Some(carried) = carried {
            field.node.clone_from(&carried.node);
            field.concept = Some(Arc::clone(&carried.concept));
        }
        binding.insert(&mut tree, &fill.steps(), field);
        binding.declared.push(fill);
    }
    let mut findings = std::mem::take(&mut binding.findings);
    binding.report_missing();
    let stated: HashSet<String> = carried
        .iter()
        .filter_map(|carried| carried.stated.as_ref())
        .map(|(steps, _)| pattern::pointer_text(steps.iter().map(String::as_str)))
        .collect();
    let missing: Vec<&str> = binding.findings.iter().map(|finding| finding.place.as_str()).collect();
    let missing: Vec<&str> = missing.into_iter().filter(|pointer| !stated.contains(*pointer)).collect();
    if !missing.is_empty() {
        let finding = Finding::warning("QIAO-V262", machine).with("count", missing.len());
        let finding = finding.with("fields", missing.join(", ")).with("machine", machine);
        findings.push(finding.with("profile", profile.id()));
    }
    let fills = std::mem::take(&mut binding.declared);
    let placed: Vec<(&str, Vec<Bound<'_>>)> = fills
        .iter()
        .filter_map(|fill| Some((fill.target.field?.pointer.as_str(), fill.bound(&fills, &profile.mapping))))
        .collect();
    for (steps, value) in constants(&profile.mapping, &placed) {
        tree.constant(&steps, value);
    }
    for (steps, value) in carried.iter().filter_map(|carried| carried.stated.clone()) {
        tree.state(&steps, value);
    }
    Checked { value: tree.flatten(), findings }
}

struct Binding<'a> {
    profile: &'a Profile,
    machine: &'a str,
    findings: Vec<Finding>,
    fills: Vec<Fill<'a>>,
    declared: Vec<DeclaredFill<'a>>,
}

/// One node for one field.
struct Fill<'a> {
    field: &'a Field,
    candidate: Candidate<'a>,
    bound: Vec<Bound<'a>>,
    /// Pointer with its placeholders filled, in steps, each with whether a placeholder stood there.
    steps: Vec<(String, bool)>,
    pointer: String,
}

/// What placeholders stand for.
struct Element<'a> {
    types: &'a [Arc<[String]>],
    placeholders: Vec<&'a str>,
}

fn concept(field: Option<&Field>) -> Option<Arc<str>> {
    field.and_then(|field| field.concept.as_deref()).map(Arc::from)
}

impl Candidate<'_> {
    fn field(&self, is_mandatory: bool, is_read_once: bool, pointer: String) -> BoundField {
        BoundField {
            slot: self.slot,
            pointer,
            node: self.item.node.clone(),
            is_mandatory,
            is_read_once,
            enumeration: self.item.data_type.enumeration.clone(),
            element: None,
            declared: None,
            concept: None,
            unit: self.item.unit.clone(),
        }
    }
}

impl DeclaredFill<'_> {
    fn bound_field(&self) -> BoundField {
        let field = self.target.field;
        let named = |field: &Field| field.enumeration.as_ref().map(|enumeration| enumeration.members.clone().into());
        let plain = self.candidate.filter(|_| self.is_plain);
        BoundField {
            slot: self.candidate.map_or(NO_SLOT, |candidate| candidate.slot),
            pointer: self.target.pointer.clone(),
            node: self.candidate.map_or_else(String::new, |candidate| candidate.item.node.clone()),
            is_mandatory: field.is_some_and(|field| field.is_mandatory),
            is_read_once: field.is_some_and(|field| field.is_read_once),
            enumeration: match plain {
                Some(candidate) => candidate.item.data_type.enumeration.clone(),
                None => field.and_then(named),
            },
            element: None,
            declared: self.row,
            concept: concept(field),
            unit: plain.and_then(|candidate| candidate.item.unit.clone()),
        }
    }
}

impl<'a> Binding<'a> {
    fn finding(&mut self, finding: Finding) {
        self.findings.push(finding.with("machine", self.machine).with("profile", self.profile.id()));
    }

    /// Finds the nodes of every field; returns the nodes that no field claims.
    fn claim(&mut self, candidates: &[Candidate<'a>]) -> Vec<Candidate<'a>> {
        let fields: &'a [Field] = &self.profile.mapping.fields;
        let mut claimed = HashSet::new();
        for field in fields {
            let pointer_steps = pattern::pointer_steps(&field.pointer);
            for (at, candidate) in candidates.iter().enumerate() {
                let Some(bound) = pattern::matched(field, fields, candidate.target) else { continue };
                claimed.insert(at);
                let steps = fill_placeholders(&pointer_steps, &bound);
                let pointer = pattern::pointer_text(steps.iter().map(|(step, _)| step.as_str()));
                if !self.is_declared(&pointer) {
                    self.fills.push(Fill { field, candidate: *candidate, bound, steps, pointer });
                }
            }
        }
        candidates.iter().enumerate().filter(|(at, _)| !claimed.contains(at)).map(|(_, c)| *c).collect()
    }

    fn is_declared(&self, pointer: &str) -> bool {
        self.declared.iter().any(|fill| fill.target.pointer == pointer)
    }

    /// Two nodes that would fill one field fill none; one node that several entries of the mapping put into one field
    /// fills it once.
    fn refuse_ambiguous(&mut self) {
        let mut nodes: HashMap<&str, Vec<u32>> = HashMap::new();
        for fill in &self.fills {
            let slots = nodes.entry(&fill.pointer).or_default();
            if !slots.contains(&fill.candidate.slot) {
                slots.push(fill.candidate.slot);
            }
        }
        let ambiguous: HashSet<String> =
            nodes.into_iter().filter(|(_, slots)| slots.len() > 1).map(|(pointer, _)| pointer.to_owned()).collect();
        let mut told = HashSet::new();
        let mut findings = Vec::new();
        for fill in self.fills.iter().filter(|fill| ambiguous.contains(&fill.pointer)) {
            if told.insert(&fill.pointer) {
                let same = self.fills.iter().filter(|other| other.pointer == fill.pointer);
                let nodes: Vec<&str> = same.map(|other| other.candidate.item.node.as_str()).collect();
                findings.push(Finding::error("QIAO-V201", fill.pointer.clone()).with("nodes", nodes.join(", ")));
            }
        }
        findings.into_iter().for_each(|finding| self.finding(finding));
        let mut seen = HashSet::new();
        self.fills.retain(|fill| !ambiguous.contains(&fill.pointer) && seen.insert(fill.pointer.clone()));
    }

    /// A mandatory field without a node is a finding; one below a placeholder for every element that lacks it.
    fn report_missing(&mut self) {
        let mut elements: BTreeMap<&[crate::model::BrowseName], Element<'_>> = BTreeMap::new();
        for fill in &self.fills {
            for bound in &fill.bound {
                let target = fill.candidate.target;
                let types = target.types.get(..=bound.step).unwrap_or_default();
                let element = elements.entry(&target.path.0[..=bound.step]);
                element
                    .or_insert_with(|| Element { types, placeholders: Vec::new() })
                    .placeholders
                    .push(bound.placeholder);
            }
        }
        let mut findings = Vec::new();
        for field in self.profile.mapping.fields.iter().filter(|field| field.is_mandatory && !field.path.is_empty()) {
            let own = || self.fills.iter().filter(|fill| std::ptr::eq(fill.field, field));
            let path = pattern::path_text(&field.path);
            let missing = |place: String| Finding::error("QIAO-V202", place).with("path", path.clone());
            let last = (0..).zip(&field.path).filter_map(|(at, step)| match step {
                PathStep::Placeholder { name, types } => Some((at, name.as_str(), types.is_empty())),
                PathStep::Name { .. } => None,
            });
            let Some((last, placeholder, is_untyped)) = last.last() else {
                let is_filled = self.fills.iter().any(|fill| fill.field.pointer == field.pointer);
                if own().next().is_none() && !is_filled && !self.is_declared(&field.pointer) {
                    findings.push(missing(field.pointer.clone()));
                }
                continue;
            };
            // What has no type is an element of a kind only where something of that kind was found in it.
            let is_of_kind = |found: &Element<'_>| !is_untyped || found.placeholders.contains(&placeholder);
            let of_length = elements.iter().filter(|(element, _)| element.len() == last + 1);
            for (element, found) in of_length.filter(|(_, found)| is_of_kind(found)) {
                let is_filled = own().any(|fill| fill.candidate.target.path.0.starts_with(element))
                    || self.declared.iter().any(|fill| fill.fills_in(field, element));
                if pattern::steps_match(&field.path[..=last], element, found.types) && !is_filled {
                    let below = BrowsePath(element.to_vec());
                    findings.push(missing(field.pointer.clone()).with("element", below));
                }
            }
        }
        let is_filled =
            |pointer: &str| self.is_declared(pointer) || self.fills.iter().any(|fill| fill.pointer == pointer);
        for (pointer, path, element) in declared::missing_in_elements(&self.declared, &self.profile.mapping, is_filled)
        {
            findings.push(Finding::error("QIAO-V202", pointer).with("path", path).with("element", element));
        }
        findings.into_iter().for_each(|finding| self.finding(finding));
    }

    fn insert(&mut self, tree: &mut Tree, steps: &[(String, bool)], field: BoundField) {
        let (pointer, node) = (field.pointer.clone(), field.node.clone());
        if tree.insert(steps, field).is_err() {
            self.finding(Finding::error("QIAO-V204", pointer).with("node", node));
        }
    }

    fn open(&mut self, tree: &mut Tree, unclaimed: &[Candidate<'_>]) {
        let Some(base) = &self.profile.mapping.open else {
            if let Some(first) = unclaimed.first() {
                let note = Finding::note("QIAO-V203", "");
                self.finding(note.with("count", unclaimed.len()).with("example", &first.target.path));
            }
            return;
        };
        if self.profile.message == MessageKind::Event {
            let steps: Vec<(String, bool)> =
                pattern::pointer_steps(base).into_iter().map(|step| (step, false)).collect();
            for candidate in unclaimed {
                self.insert(tree, &steps, candidate.field(true, false, base.clone()));
            }
            return;
        }
        let base = pattern::pointer_steps(base);
        let paths: Vec<&BrowsePath> = unclaimed.iter().map(|candidate| &candidate.target.path).collect();
        for (candidate, name) in unclaimed.iter().zip(open::names(&paths)) {
            let steps: Vec<(String, bool)> = base.iter().cloned().chain([name]).map(|step| (step, false)).collect();
            let pointer = pattern::pointer_text(steps.iter().map(|(step, _)| step.as_str()));
            self.insert(tree, &steps, candidate.field(false, false, pointer));
        }
    }
}

/// Whether a pointer of the mapping lies in this object of the message.
fn is_beside(pointer: &str, parent: &[String]) -> bool {
    pattern::pointer_steps(pointer).starts_with(parent)
}

fn fill_placeholders(steps: &[String], bound: &[Bound<'_>]) -> Vec<(String, bool)> {
    let fill = |step: &String| {
        let name = pattern::placeholder(step);
        let found = name.and_then(|name| bound.iter().find(|bound| bound.placeholder == name));
        found.map_or_else(|| (step.clone(), false), |found| (found.element.to_owned(), true))
    };
    steps.iter().map(fill).collect()
}

/// The constants with their places; one below a placeholder for every element that has a field beside or below it.
fn constants(mapping: &Mapping, placed_fields: &[(&str, Vec<Bound<'_>>)]) -> Vec<(Vec<String>, serde_json::Value)> {
    let mut placed = Vec::new();
    for constant in &mapping.constants {
        let steps = pattern::pointer_steps(&constant.pointer);
        let parent = &steps[..steps.len().saturating_sub(1)];
        let wanted = match &constant.value {
            ConstantValue::TypeDefinition { placeholder } => Some(placeholder.as_str()),
            ConstantValue::Json(_) => None,
        };
        let has_placeholder = parent.iter().any(|step| pattern::placeholder(step).is_some());
        if let (false, ConstantValue::Json(value)) = (has_placeholder, &constant.value) {
            placed.push((steps, value.clone()));
            continue;
        }
        let mut told = HashSet::new();
        for (_, bound) in placed_fields.iter().filter(|(pointer, _)| is_beside(pointer, parent)) {
            let filled: Vec<String> = fill_placeholders(&steps, bound).into_iter().map(|(step, _)| step).collect();
            let value = match &constant.value {
                ConstantValue::Json(value) => Some(value.clone()),
                ConstantValue::TypeDefinition { .. } => bound
                    .iter()
                    .find(|bound| Some(bound.placeholder) == wanted)
                    .and_then(|bound| bound.types.first())
                    .map(|node| serde_json::Value::String(node.clone())),
            };
            if let Some(value) = value
                && told.insert(filled.clone())
            {
                placed.push((filled, value));
            }
        }
    }
    placed
}

#[cfg(test)]
#[path = "bind_tests.rs"]
mod tests;
