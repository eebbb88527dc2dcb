//! Names of the fields of an open mapping: the path below the machine's root.

use crate::model::{BrowseName, BrowsePath};
use std::collections::{HashMap, HashSet};

/// Where a name stands: the path to its parent, and the name.
type Place<'a> = (&'a [BrowseName], &'a str);

/// One name per path: its steps joined by `/`, a step with its namespace where a sibling of another namespace bears
/// the same name. Equal paths get equal names, different paths different ones.
pub(super) fn names(paths: &[&BrowsePath]) -> Vec<String> {
    let mut first: HashMap<Place<'_>, &BrowseName> = HashMap::new();
    let mut shared: HashSet<Place<'_>> = HashSet::new();
    for path in paths {
        for (at, name) in path.0.iter().enumerate() {
            let place = (&path.0[..at], name.name.as_str());
            let known = first.entry(place).or_insert(name);
            if known.namespace != name.namespace {
                shared.insert(place);
            }
        }
    }
    let text = |path: &&BrowsePath| {
        let step = |(at, name): (usize, &BrowseName)| {
            let is_shared = shared.contains(&(&path.0[..at], name.name.as_str()));
            if is_shared { format!("{name:#}") } else { name.to_string() }
        };
        path.0.iter().enumerate().map(step).collect::<Vec<_>>().join("/")
    };
    paths.iter().map(text).collect()
}
