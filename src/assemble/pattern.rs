//! Mapped browse paths and pointers with placeholders.

use crate::model::browse::UA_NAMESPACE;
use crate::model::discovery::Target;
use crate::model::{BrowseName, browse::BrowsePath};
use crate::profile::{Field, PathStep};
use std::sync::Arc;

/// What a placeholder stands for, on the way to one node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bound<'a> {
    pub(super) placeholder: &'a str,
    /// Position of its step in the path.
    pub(super) step: usize,
    pub(super) element: &'a str,
    /// Type definition of the element, nearest type first.
    pub(super) types: &'a [String],
}

/// Whether a path leads where the mapped path says, and what its placeholders then stand for.
///
/// A node that another field names explicitly at the same place is not taken for a placeholder: `MachineTool` beside
/// `<MonitoredElement>` is no element.
pub(super) fn matched<'a>(field: &'a Field, all: &[Field], target: &'a Target) -> Option<Vec<Bound<'a>>> {
    let path = &target.path.0;
    if field.path.is_empty() || path.len() != field.path.len() || !steps_match(&field.path, path, &target.types) {
        return None;
    }
    let mut bound = Vec::new();
    for (step, (pattern, name)) in field.path.iter().zip(path).enumerate() {
        let PathStep::Placeholder { name: placeholder, .. } = pattern else { continue };
        if all.iter().any(|other| names_explicitly(other, &field.path[..step], name)) {
            return None;
        }
        let types = target.types.get(step).map_or(&[][..], |types| &**types);
        bound.push(Bound { placeholder, step, element: &name.name, types });
    }
    Some(bound)
}

/// Whether the steps of a path match, names and types alone.
pub(super) fn steps_match(patterns: &[PathStep], path: &[BrowseName], types: &[Arc<[String]>]) -> bool {
    patterns.iter().zip(path).enumerate().all(|(at, (pattern, name))| match pattern {
        PathStep::Name { .. } => is_named(pattern, name),
        PathStep::Placeholder { types: allowed, .. } => {
            let own = types.get(at).map_or(&[][..], |types| &**types);
            allowed.is_empty() || own.iter().any(|own| allowed.contains(own))
        }
    })
}

fn is_named(pattern: &PathStep, name: &BrowseName) -> bool {
    matches!(pattern, PathStep::Name { namespace, name: wanted }
        if *wanted == name.name && namespace.as_deref().is_none_or(|namespace| namespace == &*name.namespace))
}

fn names_explicitly(field: &Field, before: &[PathStep], name: &BrowseName) -> bool {
    field.path.get(before.len()).is_some_and(|step| is_named(step, name)) && field.path.starts_with(before)
}

/// The steps of a JSON pointer, unescaped (RFC 6901 §4).
pub(super) fn pointer_steps(pointer: &str) -> Vec<String> {
    pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")).collect()
}

/// A JSON pointer from its steps.
pub(super) fn pointer_text<'a>(steps: impl IntoIterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for step in steps {
        text.push('/');
        text.push_str(&step.replace('~', "~0").replace('/', "~1"));
    }
    text
}

/// The name of the placeholder that a step of a pointer is, if it is one.
pub(super) fn placeholder(step: &str) -> Option<&str> {
    step.strip_prefix('{')?.strip_suffix('}')
}

/// A mapped path as text, placeholders in angle brackets.
pub(super) fn path_text(path: &[PathStep]) -> String {
    let step = |step: &PathStep| match step {
        PathStep::Name { namespace, name } => {
            let namespace = namespace.as_deref().unwrap_or(UA_NAMESPACE);
            BrowsePath(vec![BrowseName::new(namespace, name.clone())]).to_string()
        }
        PathStep::Placeholder { name, .. } => format!("<{name}>"),
    };
    path.iter().map(step).collect::<Vec<_>>().join("/")
}
