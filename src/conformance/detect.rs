//! Which profile a message belongs to, by what each profile's `detect:` says.

use super::place::{Budget, Found, text, walk};
use crate::profile::{Condition, Folder, Library, PointerStep, RulePath, RuleStep, Test, pointer_steps, unescape};
use serde_json::Value;
use std::sync::Arc;

/// Who recognises a message.
#[derive(Clone, Debug)]
pub(super) enum Detected {
    One(Arc<Folder>),
    None,
    /// With equally many conditions; their ids.
    Several(Vec<String>),
}

/// The profile with most conditions, all of which hold; one without any recognises nothing.
pub(super) fn profile(library: &Library, message: &Value) -> Detected {
    let mut best: Vec<&Arc<Folder>> = Vec::new();
    for profile in library.list() {
        let Some(folder) = library.folder(&profile.id()) else { continue };
        let count = |folder: &Folder| folder.profile.detect.len();
        let most = best.first().map_or(1, |folder| count(folder));
        if count(folder) < most || !profile.detect.iter().all(|condition| holds(condition, message)) {
            continue;
        }
        if count(folder) > most {
            best.clear();
        }
        best.push(folder);
    }
    match best.as_slice() {
        [] => Detected::None,
        [one] => Detected::One(Arc::clone(one)),
        several => Detected::Several(several.iter().map(|folder| folder.profile.id()).collect()),
    }
}

/// Whether one of the places is as it should be.
fn holds(condition: &Condition, message: &Value) -> bool {
    let root = Found { pointer: String::new(), value: message };
    let Some(path) = path(&condition.at) else { return false };
    let Ok(walk) = walk(&path, message, &root, &mut Budget::default()) else { return false };
    walk.found.iter().any(|found| match &condition.test {
        Test::Exists => true,
        Test::Equals(value) => {
            value == found.value || text(value).is_some_and(|text_of| text(found.value) == Some(text_of))
        }
        Test::Matches(pattern) => found.value.as_str().is_some_and(|text| pattern.is_match(text)),
    })
}

/// A pointer of a mapping as a path of rules: a placeholder is any member or element.
fn path(pointer: &str) -> Option<RulePath> {
    let step = |step: PointerStep<'_>| match step {
        PointerStep::Name(name) => RuleStep::Name(unescape(name)),
        PointerStep::Placeholder(_) => RuleStep::Any,
        PointerStep::Select { member, value } => RuleStep::Having {
            member: unescape(member).split('/').map(str::to_owned).collect(),
            value: unescape(value),
        },
    };
    let steps = pointer_steps(pointer).ok()?.into_iter().map(step).collect();
    Some(RulePath { is_from_message: false, steps })
}
