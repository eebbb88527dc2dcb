//! Which variables below the machines are selected, and under which path.

use super::browse::ReferenceQuery;
use super::discover::Search;
use super::discover_root::Root;
use super::walk::{Visits, Walk, walk};
use crate::config::plan::{ItemPattern, ItemSelector};
use crate::finding::Finding;
use crate::model::BrowseGlob;
use ::opcua::types::{Error, NodeClass, NodeId, ReferenceTypeId};
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::Arc;

/// Nodes above a node are followed this far.
const ABOVE_MAX: u32 = 64;

/// A selected variable below a machine.
#[derive(Debug)]
pub(super) struct Hit {
    /// Index into the roots.
    pub(super) machine: u32,
    pub(super) node: u32,
    /// From the machine's root (exclusive) to the variable.
    pub(super) path: Vec<u32>,
    /// Its parent has it by `HasProperty`.
    pub(super) is_property: bool,
    /// The one that decides.
    pub(super) selector: Arc<ItemSelector>,
}

/// The selectors of one flow, resolved.
struct Selectors {
    all: Vec<Arc<ItemSelector>>,
    /// What the configuration wrote, or what the profiles map: only the first is told when it finds nothing.
    is_written: bool,
    /// Node by number of its selector; in their order, which becomes that of the items.
    nodes: BTreeMap<usize, u32>,
    used: HashSet<usize>,
}

impl Search<'_> {
    /// Selected variables of all machines.
    pub(super) async fn hits(&mut self, roots: &[Root]) -> Result<Vec<Hit>, Error> {
        let request = self.request;
        let mut selectors = Vec::with_capacity(request.selections.len());
        for selection in request.selections {
            let is_written = !selection.select.is_empty();
            let mapped = selection.mapped.iter().map(|glob| ItemSelector {
                what: ItemPattern::Path(glob.clone()),
                sampling: None,
                queue: None,
                deadband: None,
            });
            let all: Vec<Arc<ItemSelector>> = match is_written {
                true => selection.select.iter().cloned().map(Arc::new).collect(),
                false => mapped.map(Arc::new).collect(),
            };
            let nodes = self.selected_nodes(&all).await?;
            selectors.push(Selectors { all, is_written, nodes, used: HashSet::new() });
        }
        let globs: Vec<Vec<&BrowseGlob>> = selectors.iter().map(Selectors::globs).collect();
        let walks: Vec<Walk<'_>> = roots
            .iter()
            .map(|root| Walk {
                root: root.node,
                leading: globs[root.selection].clone(),
                telling: match selectors[root.selection].is_written {
                    true => request.selections[root.selection].mapped.iter().collect(),
                    // The mapped paths lead already.
                    false => Vec::new(),
                },
                is_objects_only: false,
            })
            .collect();
        let visits = walk(&walks, &mut self.space, &self.browser, self.namespaces, self.progress).await?;
        drop(walks);
        let mut hits = self.hits_of(&visits, roots, &mut selectors);
        self.hits_above(roots, &mut selectors, &mut hits).await?;
        self.hits_bound(roots, &mut hits).await?;
        self.tell_unused(roots, &selectors, &hits);
        hits.sort_by_key(|hit| hit.machine);
        Ok(hits)
    }

    async fn selected_nodes(&mut self, all: &[Arc<ItemSelector>]) -> Result<BTreeMap<usize, u32>, Error> {
        let mut numbers = Vec::new();
        let mut ids = Vec::new();
        for (number, selector) in all.iter().enumerate() {
            if let ItemPattern::Node(text) = &selector.what
                && let Some(id) = self.resolve(text)
            {
                numbers.push(number);
                ids.push(id);
            }
        }
        let nodes = self.describe(&ids).await?;
        let mut found = BTreeMap::new();
        for (number, node) in numbers.into_iter().zip(nodes) {
            let Some(node) = node else { continue };
            if self.space.node(node).class == NodeClass::Variable {
                found.insert(number, node);
            } else {
                let place = self.namespaces.node_text(&self.space.node(node).id);
                self.findings.push(Finding::error("QIAO-O112", place));
            }
        }
        Ok(found)
    }

    fn hits_of(&self, visits: &Visits, roots: &[Root], selectors: &mut [Selectors]) -> Vec<Hit> {
        let mut hits = Vec::new();
        for visit in &visits.all {
            if self.space.node(visit.node).class != NodeClass::Variable {
                continue;
            }
            let root = &roots[visit.walk as usize];
            let path = visits.path(visit);
            let selectors = &mut selectors[root.selection];
            if let Some(selector) = selectors.decide(visit.node, visits.states(visit))
                && !path.is_empty()
            {
                let is_property = visit.is_property;
                hits.push(Hit { machine: visit.walk, node: visit.node, path, is_property, selector });
            }
        }
        hits
    }

    /// Nodes selected by id where no glob came by: looked for from the node upwards.
    async fn hits_above(
        &mut self,
        roots: &[Root],
        selectors: &mut [Selectors],
        hits: &mut Vec<Hit>,
    ) -> Result<(), Error> {
        let known: HashSet<(u32, u32)> = hits.iter().map(|hit| (hit.machine, hit.node)).collect();
        let wanted: Vec<u32> = selectors.iter().flat_map(|selectors| selectors.nodes.values().copied()).collect();
        self.learn_above(&wanted).await?;
        for (selection, selectors) in selectors.iter_mut().enumerate() {
            for (number, node) in selectors.nodes.clone() {
                let mut is_below = false;
                for (machine, root) in (0u32..).zip(roots).filter(|(_, root)| root.selection == selection) {
                    if known.contains(&(machine, node)) {
                        is_below = true;
                    } else if let Some((path, is_property)) = self.path_known(root.node, node) {
                        is_below = true;
                        let selector = selectors.decide(node, &[]).unwrap_or_else(|| selectors.all[number].clone());
                        hits.push(Hit { machine, node, path, is_property, selector });
                    }
                }
                if !is_below {
                    let place = self.namespaces.node_text(&self.space.node(node).id);
                    self.findings.push(Finding::error("QIAO-O106", place));
                }
            }
        }
        Ok(())
    }

    /// From `root` (exclusive) down to `node`, found upwards; and whether the last reference is `HasProperty`.
    pub(super) async fn path_up(&mut self, root: u32, node: u32) -> Result<Option<(Vec<u32>, bool)>, Error> {
        self.learn_above(&[node]).await?;
        Ok(self.path_known(root, node))
    }

    /// Browses what lies above these nodes, and above that.
    pub(super) async fn learn_above(&mut self, nodes: &[u32]) -> Result<(), Error> {
        let mut level: Vec<u32> = nodes.to_vec();
        for _ in 0..ABOVE_MAX {
            level.sort_unstable();
            level.dedup();
            level.retain(|node| !self.above.contains_key(node));
            if level.is_empty() || self.space.count() >= self.space.nodes_max {
                break;
            }
            let ids: Vec<NodeId> = level.iter().map(|node| self.space.node(*node).id.clone()).collect();
            let answers = self.browser.references(&ids, ReferenceQuery::parents()).await?;
            let mut next = Vec::new();
            for (node, answer) in level.iter().zip(answers) {
                let mut above = Vec::new();
                for reference in &answer.found {
                    let is_property = reference.reference_type_id == ReferenceTypeId::HasProperty;
                    above.extend(
                        self.space.intern_reference(reference, self.namespaces).map(|node| (node, is_property)),
                    );
                }
                next.extend(above.iter().map(|(node, _)| *node));
                self.above.insert(*node, above);
            }
            level = next;
        }
        Ok(())
    }

    /// The shortest way up that is known, turned round.
    pub(super) fn path_known(&self, root: u32, node: u32) -> Option<(Vec<u32>, bool)> {
        let mut below: HashMap<u32, (u32, bool)> = HashMap::new();
        let mut queue = VecDeque::from([node]);
        while let Some(next) = queue.pop_front() {
            if next == root {
                let mut path = Vec::new();
                let mut is_property = false;
                let mut at = root;
                while at != node {
                    (at, is_property) = below[&at];
                    path.push(at);
                }
                return (!path.is_empty()).then_some((path, is_property));
            }
            for (above, is_property) in self.above.get(&next).into_iter().flatten() {
                if *above != node && !below.contains_key(above) {
                    below.insert(*above, (next, *is_property));
                    queue.push_back(*above);
                }
            }
        }
        None
    }

    fn tell_unused(&mut self, roots: &[Root], selectors: &[Selectors], hits: &[Hit]) {
        for (selection, selectors) in selectors.iter().enumerate() {
            let is_found = roots.iter().any(|root| root.selection == selection);
            for (number, selector) in selectors.all.iter().enumerate() {
                if let ItemPattern::Path(glob) = &selector.what
                    && is_found
                    && selectors.is_written
                    && !selectors.used.contains(&number)
                {
                    let finding = Finding::warning("QIAO-O103", self.request.connection);
                    self.findings.push(finding.with("selector", glob));
                }
            }
        }
        let mut fed: HashSet<u32> = hits.iter().map(|hit| hit.machine).collect();
        // A machine may be there for its events alone.
        let gives_events = |root: &Root| self.request.selections[root.selection].events.is_some();
        fed.extend((0u32..).zip(roots).filter(|(_, root)| gives_events(root)).map(|(machine, _)| machine));
        for (_, root) in (0u32..).zip(roots).filter(|(machine, _)| !fed.contains(machine)) {
            let place = self.namespaces.node_text(&self.space.node(root.node).id);
            self.findings.push(Finding::error("QIAO-O104", place));
        }
    }
}

impl Selectors {
    fn globs(&self) -> Vec<&BrowseGlob> {
        let globs = self.all.iter().filter_map(|selector| match &selector.what {
            ItemPattern::Path(glob) => Some(glob),
            ItemPattern::Node(_) => None,
        });
        globs.collect()
    }

    /// The last selector that matches: globs by their states, in their order; node ids by the node.
    fn decide(&mut self, node: u32, states: &[crate::model::browse::GlobState]) -> Option<Arc<ItemSelector>> {
        let mut states = states.iter();
        let mut last = None;
        for (number, selector) in self.all.iter().enumerate() {
            let is_match = match &selector.what {
                ItemPattern::Path(glob) => states.next().is_some_and(|state| glob.is_match(*state)),
                ItemPattern::Node(_) => self.nodes.get(&number) == Some(&node),
            };
            if is_match {
                self.used.insert(number);
                last = Some(selector.clone());
            }
        }
        last
    }
}
