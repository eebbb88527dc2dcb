//! Variables that the configuration binds to fields of one machine: found whatever the flow selects.

use super::discover::Search;
use super::discover_hit::Hit;
use super::discover_root::Root;
use crate::config::plan::{ItemPattern, ItemSelector};
use crate::model::browse::GlobState;
use crate::model::{BrowseGlob, DeclaredPath, DeclaredSource};
use ::opcua::types::{Error, NodeClass};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// Children of a node by their names, each with whether it is a property.
type ByName<'s> = HashMap<&'s str, Vec<(u32, bool)>>;

/// A bound path on its way down.
struct Way<'d> {
    path: &'d DeclaredPath,
    state: GlobState,
    /// From the root (exclusive) to where it has come.
    nodes: Vec<u32>,
}

impl Search<'_> {
    /// Adds the bound variables that no selector found.
    pub(super) async fn hits_bound(&mut self, roots: &[Root], hits: &mut Vec<Hit>) -> Result<(), Error> {
        let request = self.request;
        let selector = Arc::new(ItemSelector {
            what: ItemPattern::Path(BrowseGlob::any()),
            sampling: None,
            queue: None,
            deadband: None,
        });
        let mut known: HashSet<(u32, u32)> = hits.iter().map(|hit| (hit.machine, hit.node)).collect();
        let mut known_paths: HashSet<(u32, Vec<u32>)> =
            hits.iter().map(|hit| (hit.machine, hit.path.clone())).collect();
        for (machine, root) in (0u32..).zip(roots) {
            let text = self.namespaces.node_text(&self.space.node(root.node).id);
            let bound = request.selections[root.selection].bound.iter().filter(|bound| bound.machine == text);
            let sources: Vec<&DeclaredSource> = bound.flat_map(|bound| &bound.nodes).collect();
            let by_path = self.bound_by_path(root.node, &sources).await?;
            let by_node = self.bound_by_node(root.node, &sources).await?;
            // Who binds by path asks for this path, though the node may have another one that was found first.
            let new = by_path.into_iter().filter(|(_, path, _)| known_paths.insert((machine, path.clone())));
            let mut new: Vec<_> = new.collect();
            known.extend(new.iter().map(|(node, ..)| (machine, *node)));
            new.extend(by_node.into_iter().filter(|(node, ..)| known.insert((machine, *node))));
            for (node, path, is_property) in new {
                hits.push(Hit { machine, node, path, is_property, selector: selector.clone() });
            }
        }
        Ok(())
    }

    /// Nodes that are named by id; what is not there was told, or is told by whoever needs it.
    async fn bound_by_node(
        &mut self,
        root: u32,
        sources: &[&DeclaredSource],
    ) -> Result<Vec<(u32, Vec<u32>, bool)>, Error> {
        let mut known = HashSet::new();
        let mut told = HashSet::new();
        let mut ids = Vec::new();
        for source in sources {
            let DeclaredSource::Node(text) = source else { continue };
            if !known.insert(text) {
                continue;
            }
            // A namespace that is not there is told once, not for each of its nodes.
            let namespace = text.split_once(';').map_or("", |(namespace, _)| namespace);
            match self.namespaces.resolve(text) {
                Ok(id) => ids.push(id),
                Err(_) if told.insert(namespace) => ids.extend(self.resolve(text)),
                Err(_) => {}
            }
        }
        let described = self.describe(&ids).await?;
        let is_variable = |node: &u32| self.space.node(*node).class == NodeClass::Variable;
        let nodes: Vec<u32> = described.into_iter().flatten().filter(is_variable).collect();
        self.learn_above(&nodes).await?;
        // A bound node may lie anywhere: it is known by its name alone when it is not below the machine.
        let with_path = |node: u32| {
            let (path, is_property) = self.path_known(root, node).unwrap_or((vec![node], false));
            (node, path, is_property)
        };
        Ok(nodes.into_iter().map(with_path).collect())
    }

    /// All paths go down together, so that nothing is browsed twice and nothing that no path leads through.
    async fn bound_by_path(
        &mut self,
        root: u32,
        sources: &[&DeclaredSource],
    ) -> Result<Vec<(u32, Vec<u32>, bool)>, Error> {
        let path = |source: &&'_ DeclaredSource| match source {
            DeclaredSource::Path(path) => Some(path.clone()),
            _ => None,
        };
        let paths: Vec<DeclaredPath> = sources.iter().filter_map(path).collect();
        let start = |path| Way { path, state: DeclaredPath::glob(path).start(), nodes: Vec::new() };
        let mut ways: Vec<Way<'_>> = paths.iter().map(start).collect();
        let mut found = Vec::new();
        let mut depth = 0;
        while !ways.is_empty() {
            let ends: Vec<u32> = ways.iter().map(|way| way.nodes.last().copied().unwrap_or(root)).collect();
            self.space.expand(&self.browser, self.namespaces, ends.clone(), depth, self.progress).await?;
            let children = self.children_by_name(&ends);
            let mut next = Vec::new();
            for (way, end) in ways.iter().zip(ends) {
                let Some(name) = way.path.steps().0.get(depth as usize) else { continue };
                let named = children.get(&end).and_then(|children| children.get(name.name.as_str()));
                for (child, is_property) in named.into_iter().flatten() {
                    let node = self.space.node(*child);
                    let state = way.path.glob().step(way.state, &node.name);
                    if way.path.glob().is_dead(state) {
                        continue;
                    }
                    let nodes: Vec<u32> = way.nodes.iter().copied().chain([*child]).collect();
                    if !way.path.glob().is_match(state) {
                        next.push(Way { path: way.path, state, nodes });
                    } else if node.class == NodeClass::Variable {
                        found.push((*child, nodes, *is_property));
                    }
                }
            }
            drop(children);
            ways = next;
            depth += 1;
        }
        Ok(found)
    }

    fn children_by_name(&self, parents: &[u32]) -> BTreeMap<u32, ByName<'_>> {
        let mut all: BTreeMap<u32, ByName<'_>> = BTreeMap::new();
        for parent in parents {
            all.entry(*parent).or_insert_with(|| {
                let mut by_name = ByName::new();
                for edge in self.space.node(*parent).children.iter().flatten() {
                    let name = self.space.node(edge.child).name.name.as_str();
                    by_name.entry(name).or_default().push((edge.child, edge.is_property));
                }
                by_name
            });
        }
        all
    }
}
