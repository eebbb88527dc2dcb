//! Type definitions with their supertypes, as text.

use super::browse::{Browser, ReferenceQuery};
use super::namespace::Namespaces;
use ::opcua::types::{BrowseDirection, Error, NodeId};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Longer chains, and loops, are cut here.
const CHAIN_MAX: usize = 64;

/// For each type: itself, its supertype, and so on, with namespace URI.
pub(super) type TypeChains = HashMap<NodeId, Arc<[String]>>;

/// Chains of these types.
pub(super) async fn chains(
    browser: &Browser<'_>,
    namespaces: &Namespaces,
    types: HashSet<NodeId>,
) -> Result<TypeChains, Error> {
    let mut parents: HashMap<NodeId, Option<NodeId>> = HashMap::new();
    let mut level: Vec<NodeId> = types.iter().cloned().collect();
    while !level.is_empty() {
        let answers = browser.references(&level, ReferenceQuery::types(BrowseDirection::Inverse)).await?;
        let mut above = Vec::new();
        for (node, answer) in level.into_iter().zip(answers) {
            let parent = answer.found.iter().find_map(|reference| namespaces.local(&reference.node_id));
            above.extend(parent.clone());
            parents.insert(node, parent);
        }
        above.sort_unstable_by_key(ToString::to_string);
        above.dedup();
        above.retain(|node| !parents.contains_key(node));
        level = above;
    }
    let chain = |node: NodeId| {
        let links = std::iter::successors(Some(&node), |node| parents.get(*node).and_then(Option::as_ref));
        let chain: Arc<[String]> = links.take(CHAIN_MAX).map(|node| namespaces.node_text(node)).collect();
        (node, chain)
    };
    Ok(types.into_iter().map(chain).collect())
}

/// A type and all its subtypes.
pub(super) async fn subtypes(
    browser: &Browser<'_>,
    namespaces: &Namespaces,
    root: &NodeId,
) -> Result<HashSet<NodeId>, Error> {
    let mut all = HashSet::from([root.clone()]);
    let mut level = vec![root.clone()];
    while !level.is_empty() {
        let answers = browser.references(&level, ReferenceQuery::types(BrowseDirection::Forward)).await?;
        let found = answers.iter().flat_map(|answer| &answer.found);
        level = found
            .filter_map(|reference| namespaces.local(&reference.node_id))
            .filter(|node| all.insert(node.clone()))
            .collect();
    }
    Ok(all)
}
