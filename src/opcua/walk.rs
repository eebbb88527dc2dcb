//! Walks down from several roots at once, along globs: breadth first, shared browses, nothing browsed that no glob
//! can match, and no loop.
//!
//! A node is entered once for every set of glob positions that a path to it leaves behind. Two paths with the same set
//! match alike from there on, so the longer one says nothing new; and as there are finitely many sets, a loop ends.

use super::browse::Browser;
use super::decode_structure::is_core;
use super::discover::Progress;
use super::namespace::Namespaces;
use super::space::Space;
use crate::model::BrowseGlob;
use crate::model::browse::GlobState;
use ::opcua::types::{Error, NodeClass};
use std::collections::{HashMap, HashSet};

/// Visits per node of the limit, before a walk is cut: paths multiply where globs are many and loops wide.
const VISITS_PER_NODE: usize = 4;
/// The Server object, which nobody means with `*` or `**`.
const SERVER: u32 = 2253;

/// One walk: where from, and along which globs.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    pub(super) root: u32,
    /// These lead down.
    pub(super) leading: Vec<&'a BrowseGlob>,
    /// These only tell paths apart.
    pub(super) telling: Vec<&'a BrowseGlob>,
    /// Enter objects only.
    pub(super) is_objects_only: bool,
}

/// A node on a path of a walk.
#[derive(Clone, Copy, Debug)]
pub(super) struct Visit {
    pub(super) walk: u32,
    pub(super) node: u32,
    /// Position of the visit above; `None` for a root.
    above: Option<u32>,
    pub(super) is_property: bool,
    states: u32,
}

/// All visits of all walks; a root's own visit is among them.
#[derive(Debug, Default)]
pub(super) struct Visits {
    pub(super) all: Vec<Visit>,
    states: Vec<Box<[GlobState]>>,
    numbers: HashMap<Box<[GlobState]>, u32>,
    entered: HashSet<(u32, u32, u32)>,
}

impl Visits {
    /// Glob states of a visit, leading ones first.
    pub(super) fn states(&self, visit: &Visit) -> &[GlobState] {
        &self.states[visit.states as usize]
    }

    /// Nodes from the root (exclusive) down to a visit.
    pub(super) fn path(&self, visit: &Visit) -> Vec<u32> {
        let above = |visit: &&Visit| visit.above.map(|above| &self.all[above as usize]);
        let mut path: Vec<u32> = std::iter::successors(Some(visit), |visit| above(visit))
            .take_while(|visit| visit.above.is_some())
            .map(|visit| visit.node)
            .collect();
        path.reverse();
        path
    }

    fn enter(
        &mut self,
        walk: u32,
        node: u32,
        above: Option<u32>,
        is_property: bool,
        states: Box<[GlobState]>,
    ) -> Option<u32> {
        let next = u32::try_from(self.states.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(states).or_insert_with_key(|states| {
            self.states.push(states.clone());
            next
        });
        self.entered.insert((walk, node, number)).then(|| {
            let visit = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
            self.all.push(Visit { walk, node, above, is_property, states: number });
            visit
        })
    }
}

/// Walks until nothing more can match, or a limit is met ([`Space::is_cut`]).
pub(super) async fn walk(
    walks: &[Walk<'_>],
    space: &mut Space,
    browser: &Browser<'_>,
    namespaces: &Namespaces,
    progress: &(dyn Fn(Progress) + Send + Sync),
) -> Result<Visits, Error> {
    let mut visits = Visits::default();
    let mut level = Vec::new();
    for (number, walk) in (0u32..).zip(walks) {
        let states = walk.leading.iter().chain(&walk.telling).map(|glob| glob.start()).collect();
        level.extend(visits.enter(number, walk.root, None, false, states));
    }
    for depth in 0u32.. {
        level.retain(|visit| {
            let visit = &visits.all[*visit as usize];
            let walk = &walks[visit.walk as usize];
            let leads = walk.leading.iter().zip(visits.states(visit)).any(|(glob, state)| glob.can_continue(*state));
            leads && !(walk.is_objects_only && space.node(visit.node).class != NodeClass::Object)
        });
        if level.is_empty() {
            break;
        }
        let parents = level.iter().map(|visit| visits.all[*visit as usize].node).collect();
        space.expand(browser, namespaces, parents, depth, progress).await?;
        let visits_max = (space.nodes_max as usize).saturating_mul(VISITS_PER_NODE);
        let mut below = Vec::new();
        for above in level {
            let parent = visits.all[above as usize];
            let walk = &walks[parent.walk as usize];
            for edge in space.node(parent.node).children.as_deref().unwrap_or_default() {
                let child = space.node(edge.child);
                if walk.is_objects_only && child.class != NodeClass::Object {
                    continue;
                }
                let is_server = is_core(&child.id, SERVER);
                let globs = walk.leading.iter().chain(&walk.telling).zip(visits.states(&parent));
                let step = |(glob, state): (&&BrowseGlob, &GlobState)| match is_server {
                    true => glob.step_named(*state, &child.name),
                    false => glob.step(*state, &child.name),
                };
                let states: Box<[GlobState]> = globs.map(step).collect();
                let is_dead = walk.leading.iter().zip(&states).all(|(glob, state)| glob.is_dead(*state));
                if is_dead {
                    continue;
                }
                if visits.all.len() >= visits_max {
                    space.is_cut = true;
                    return Ok(visits);
                }
                below.extend(visits.enter(parent.walk, edge.child, Some(above), edge.is_property, states));
            }
        }
        level = below;
    }
    Ok(visits)
}
