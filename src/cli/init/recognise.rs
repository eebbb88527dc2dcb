//! What a server has, in the words of the installed profiles.

use crate::config::plan::{ItemPattern, ItemSelector, RootSelector};
use crate::model::browse::UA_NAMESPACE;
use crate::model::discovery::ItemMode;
use crate::model::{BrowseGlob, BrowseName, Discovery};
use crate::opcua::Selection;
use crate::profile::{Library, Profile};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Companion specifications have their namespaces here.
const COMPANIONS: &str = "http://opcfoundation.org/UA/";
/// What every server has below Objects, and nobody means by a machine.
const STANDARD: [&str; 6] = ["Aliases", "HistoryServerCapabilities", "Locations", "Resources", "Server", "Quantities"];

/// What to look for: the types of the installed profiles, and beside them everything.
pub(super) struct Search {
    profiles: Vec<Arc<Profile>>,
}

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Recognised {
    /// Profiles with machines of their type: browse names of the machines.
    pub machines: Vec<(Arc<Profile>, Vec<String>)>,
    /// Companion specifications that no profile here stands for, by name.
    pub companions: BTreeSet<String>,
    /// Objects below the Objects folder with how many variables they hold.
    pub tops: BTreeMap<BrowseName, Top>,
    pub variables: usize,
}

/// An object or variable below the Objects folder.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Top {
    pub variables: usize,
    /// It is a variable itself.
    pub is_variable: bool,
}

/// Everything below these roots.
pub(super) fn everything(flow: u16, each: RootSelector) -> Selection {
    let what = ItemPattern::Path(BrowseGlob::any());
    let select = vec![ItemSelector { what, sampling: None, queue: None, deadband: None }];
    Selection { flow, each, select, mapped: Vec::new(), bound: Vec::new(), events: None }
}

impl Search {
    pub(super) fn new(library: &Library) -> Self {
        Self { profiles: library.list().filter(|profile| profile.type_definition.is_some()).cloned().collect() }
    }

    /// One selection for each profile, in their order, and one for everything.
    pub(super) fn selections(&self) -> Vec<Selection> {
        let of_type = |(flow, profile): (u16, &Arc<Profile>)| {
            let each = RootSelector::Type(profile.type_definition.clone()?);
            let (select, bound) = (Vec::new(), Vec::new());
            Some(Selection { flow, each, select, mapped: profile.default_selection(), bound, events: None })
        };
        let known = (0u16..).zip(&self.profiles).filter_map(of_type);
        known.chain([everything(self.whole(), RootSelector::Whole)]).collect()
    }

    fn whole(&self) -> u16 {
        u16::try_from(self.profiles.len()).unwrap_or(u16::MAX)
    }

    pub(super) fn recognise(&self, discovery: &Discovery) -> Recognised {
        let mut recognised = Recognised::default();
        for (flow, profile) in (0u16..).zip(&self.profiles) {
            let found = discovery.machines.iter().filter(|machine| machine.flow == flow);
            let names: Vec<String> = found.map(|machine| machine.browse_name.to_string()).collect();
            if !names.is_empty() {
                recognised.machines.push((Arc::clone(profile), names));
            }
        }
        let known = |uri: &str| {
            let types = recognised.machines.iter().filter_map(|(profile, _)| profile.type_definition.as_deref());
            types.filter_map(namespace).any(|known| known == uri)
        };
        let whole = self.whole();
        let mut companions = BTreeSet::new();
        // Units and ranges say what values mean; they are none.
        for item in discovery.items.iter().filter(|item| item.mode == ItemMode::Monitored) {
            let of_whole = item.targets.iter().find(|target| {
                discovery.machines.get(target.machine as usize).is_some_and(|machine| machine.flow == whole)
            });
            let Some(target) = of_whole else { continue };
            let Some(top) = target.path.0.first().filter(|top| !is_standard(top)) else { continue };
            recognised.variables += 1;
            let entry = recognised.tops.entry(top.clone()).or_default();
            entry.variables += 1;
            entry.is_variable |= target.path.0.len() == 1;
            let types = target.types.iter().flat_map(|types| types.iter()).filter_map(|node| namespace(node));
            companions.extend(types.filter(|uri| !known(uri)).filter_map(|uri| {
                let name = uri.strip_prefix(COMPANIONS)?.trim_end_matches('/');
                (!name.is_empty()).then(|| name.to_owned())
            }));
        }
        recognised.companions = companions;
        recognised
    }
}

impl Recognised {
    /// What stands for one machine where no profile knows better: the only object there is, else all of Objects.
    pub(super) fn each(&self) -> Option<String> {
        let mut objects = self.tops.iter().filter(|(_, top)| !top.is_variable);
        match (objects.next(), objects.next()) {
            // The only one: its name suffices.
            (Some((name, _)), None) if self.tops.len() == 1 => Some(format!("/Objects/{name}")),
            _ => None,
        }
    }
}

fn is_standard(name: &BrowseName) -> bool {
    &*name.namespace == UA_NAMESPACE && STANDARD.contains(&name.name.as_str())
}

/// The URI in `nsu=URI;…`.
fn namespace(node: &str) -> Option<&str> {
    node.strip_prefix("nsu=")?.split_once(';').map(|(uri, _)| uri)
}
