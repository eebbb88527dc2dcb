//! Fields that the configuration binds to nodes or to values of its own, for machines without a companion model.

use super::bind::{Candidate, Carried};
use super::pattern::{self, Bound};
use crate::finding::{Finding, nearest};
use crate::model::{BrowseName, DeclaredField, DeclaredSource};
use crate::profile::{Field, FieldTarget, Mapping, PathStep, Profile};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Missing nodes for which the nearest name is looked for.
const NEAREST_MAX: usize = 20;

/// One declared field of a profile, with the node that was found for it.
#[derive(Debug)]
pub(super) struct DeclaredFill<'a> {
    pub(super) target: FieldTarget<'a>,
    /// `None`: a value of the configuration.
    pub(super) candidate: Option<Candidate<'a>>,
    /// Index into the declared fields; `None`: another profile's message fills it.
    pub(super) row: Option<u32>,
    pub(super) is_plain: bool,
}

/// The declared fields that the profile has, and the candidates that are taken by them.
pub(super) fn fills<'a>(
    profile: &'a Profile,
    candidates: &[Candidate<'a>],
    declared: &[DeclaredField],
    findings: &mut Vec<Finding>,
) -> (Vec<DeclaredFill<'a>>, HashSet<u32>) {
    let index = Index::of(candidates);
    let (mut fills, mut taken) = (Vec::new(), HashSet::new());
    let mut lost = 0;
    for (row, declared) in (0..).zip(declared) {
        // A field of another flow's profile: that some profile has it was checked with the configuration.
        let Some(target) = profile.target(&declared.field) else { continue };
        let found = index.find(&declared.source, candidates);
        let candidate = match (&declared.source, found.as_slice()) {
            (DeclaredSource::Value, _) => None,
            (_, [only]) => Some(*only),
            (_, []) => {
                lost += 1;
                // To look through all names for all that is missing would take its time: a few show the pattern.
                let near: &[Candidate<'_>] = if lost <= NEAREST_MAX { candidates } else { &[] };
                findings.push(missing(declared, near));
                continue;
            }
            (_, several) => {
                let nodes: Vec<&str> = several.iter().map(|one| one.item.node.as_str()).collect();
                let finding = Finding::error("QIAO-B021", &declared.place).with("field", &declared.field);
                findings.push(finding.with("nodes", nodes.join(", ")));
                continue;
            }
        };
        taken.extend(candidate.map(|candidate| candidate.slot));
        fills.push(DeclaredFill { target, candidate, row: Some(row), is_plain: declared.is_plain });
    }
    (fills, taken)
}

/// The fields that have a value of the configuration, and those that another profile's message fills: a value that is
/// declared goes before one that is carried.
pub(super) fn carried_fills<'a>(
    profile: &'a Profile,
    carried: &'a [Carried],
    declared: &[DeclaredField],
) -> Vec<(DeclaredFill<'a>, Option<&'a Carried>)> {
    let values = (0..).zip(declared).filter(|(_, declared)| matches!(declared.source, DeclaredSource::Value));
    let fill = |target, row| DeclaredFill { target, candidate: None, row, is_plain: false };
    let mut fills: Vec<(DeclaredFill<'a>, Option<&'a Carried>)> =
        values.filter_map(|(row, declared)| Some((fill(profile.target(&declared.field)?, Some(row)), None))).collect();
    for one in carried {
        let is_given = fills.iter().any(|(fill, _)| fill.target.pointer == one.pointer);
        if let Some(target) = profile.target(&one.pointer).filter(|_| !is_given) {
            fills.push((fill(target, None), Some(one)));
        }
    }
    fills
}

fn missing(declared: &DeclaredField, candidates: &[Candidate<'_>]) -> Finding {
    let (node, near) = match &declared.source {
        DeclaredSource::Path(path) => {
            let paths: Vec<String> = candidates.iter().map(|candidate| candidate.target.path.to_string()).collect();
            let text = path.steps().to_string();
            (text.clone(), nearest(&text, paths.iter().map(String::as_str)).map(str::to_owned))
        }
        DeclaredSource::Node(node) => {
            let nodes = candidates.iter().map(|candidate| candidate.item.node.as_str());
            (node.clone(), nearest(node, nodes).map(str::to_owned))
        }
        DeclaredSource::Value => (String::new(), None),
    };
    let finding = Finding::error("QIAO-B020", &declared.place).with("field", &declared.field).with("node", node);
    finding.with("nearest", near.unwrap_or_else(|| "none".to_owned()))
}

/// Candidates by what a declaration names them by.
struct Index<'c> {
    by_node: HashMap<&'c str, Vec<usize>>,
    by_name: HashMap<&'c str, Vec<usize>>,
}

impl<'c> Index<'c> {
    fn of(candidates: &[Candidate<'c>]) -> Self {
        let mut index = Self { by_node: HashMap::new(), by_name: HashMap::new() };
        for (at, candidate) in candidates.iter().enumerate() {
            index.by_node.entry(&candidate.item.node).or_default().push(at);
            if let Some(name) = candidate.target.path.0.last() {
                index.by_name.entry(&name.name).or_default().push(at);
            }
        }
        index
    }

    /// One for each node: under several paths it is still the same.
    fn find<'a>(&self, source: &DeclaredSource, candidates: &[Candidate<'a>]) -> Vec<Candidate<'a>> {
        let all = match source {
            DeclaredSource::Node(node) => self.by_node.get(node.as_str()),
            DeclaredSource::Path(path) => path.steps().0.last().and_then(|name| self.by_name.get(name.name.as_str())),
            DeclaredSource::Value => None,
        };
        let is_meant = |candidate: &Candidate<'a>| match source {
            DeclaredSource::Path(path) => path.glob().matches(&candidate.target.path.0),
            _ => true,
        };
        let mut found: Vec<Candidate<'a>> = Vec::new();
        for candidate in all.into_iter().flatten().filter_map(|at| candidates.get(*at)).filter(|one| is_meant(one)) {
            if !found.iter().any(|known| known.item.node == candidate.item.node) {
                found.push(*candidate);
            }
        }
        found
    }
}

impl<'a> DeclaredFill<'a> {
    /// Its steps, each with whether a placeholder stood there.
    pub(super) fn steps(&self) -> Vec<(String, bool)> {
        self.target.steps.iter().map(|(step, placeholder)| (step.clone(), placeholder.is_some())).collect()
    }

    /// Whether it fills this field in an element that nodes stand for.
    pub(super) fn fills_in(&self, field: &Field, element: &[BrowseName]) -> bool {
        let is_same = self.target.field.is_some_and(|own| std::ptr::eq(own, field));
        let name = self.target.steps.iter().rev().find_map(|(step, placeholder)| placeholder.map(|_| step));
        is_same && element.last().is_some_and(|last| name == Some(&last.name))
    }

    /// The element that its last placeholder stands for: steps up to it, and the placeholder.
    fn element(&self) -> Option<(Vec<&str>, &'a str)> {
        let last = self.target.steps.iter().rposition(|(_, placeholder)| placeholder.is_some())?;
        let steps = self.target.steps[..=last].iter().map(|(step, _)| step.as_str()).collect();
        Some((steps, self.target.steps[last].1?))
    }

    /// What its placeholders stand for. Nobody asked a server for their types: they are what the profile says of the
    /// placeholder.
    pub(super) fn bound<'f>(&'f self, all: &'f [DeclaredFill<'a>], mapping: &'a Mapping) -> Vec<Bound<'f>> {
        let placeholder = |at: usize| Some((self.target.steps.get(at)?.0.as_str(), self.target.steps.get(at)?.1?));
        let bound = |at: usize| {
            let (element, placeholder) = placeholder(at)?;
            let prefix = &self.target.steps[..=at];
            let same = |other: &&DeclaredFill<'a>| {
                let steps = other.target.steps.get(..=at);
                steps.is_some_and(|steps| steps.iter().zip(prefix).all(|(left, right)| left.0 == right.0))
            };
            // Of the kinds of elements that fields of this one belong to, the last in the mapping is the closest: a
            // channel is a monitored element, too.
            let fields =
                all.iter().filter(same).filter_map(|other| Some((other.target.field?, other.target.steps[at].1?)));
            let order = |field: &Field| mapping.fields.iter().position(|one| std::ptr::eq(one, field));
            let (field, name) = fields.max_by_key(|(field, _)| order(field))?;
            let types = field.path.iter().find_map(|step| match step {
                PathStep::Placeholder { name: other, types } if other == name => Some(types.as_slice()),
                _ => None,
            });
            Some(Bound { placeholder, step: at, element, types: types.unwrap_or_default() })
        };
        (0..self.target.steps.len()).filter_map(bound).collect()
    }
}

/// Mandatory fields of declared elements that nothing fills: pointer, browse path in the mapping, element.
pub(super) fn missing_in_elements(
    fills: &[DeclaredFill<'_>],
    mapping: &Mapping,
    is_filled: impl Fn(&str) -> bool,
) -> Vec<(String, String, String)> {
    let elements: BTreeMap<Vec<&str>, Vec<&str>> = fills.iter().filter_map(DeclaredFill::element).fold(
        BTreeMap::new(),
        |mut elements: BTreeMap<Vec<&str>, Vec<&str>>, (steps, placeholder)| {
            elements.entry(steps).or_default().push(placeholder);
            elements
        },
    );
    let mut missing = Vec::new();
    for field in mapping.fields.iter().filter(|field| field.is_mandatory && !field.path.is_empty()) {
        let steps = pattern::pointer_steps(&field.pointer);
        let Some(last) = steps.iter().rposition(|step| pattern::placeholder(step).is_some()) else { continue };
        for (element, placeholders) in elements.iter().filter(|(element, _)| element.len() == last + 1) {
            let is_of = steps[..last]
                .iter()
                .zip(element)
                .all(|(pattern, step)| pattern::placeholder(pattern).is_some() || pattern == step)
                && pattern::placeholder(&steps[last]).is_some_and(|name| placeholders.contains(&name));
            let filled = element.iter().copied().chain(steps[last + 1..].iter().map(String::as_str));
            let pointer = pattern::pointer_text(filled);
            if is_of && !is_filled(&pointer) {
                let element = pattern::pointer_text(element.iter().copied());
                missing.push((pointer, pattern::path_text(&field.path), element));
            }
        }
    }
    missing
}
