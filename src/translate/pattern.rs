//! Pointers of a mapping, taken apart once for all messages.

use crate::profile::{PointerStep, Profile, pointer_steps, unescape};
use serde_json::Value;

/// One step, unescaped.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Name(String),
    Placeholder,
    /// The element whose member at this JSON pointer has this text.
    Select {
        member: String,
        value: String,
    },
}

/// A pointer of a mapping.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    pub steps: Vec<Step>,
    /// Of a target, before each step: whether a list stands there.
    pub is_list: Vec<bool>,
}

impl Pattern {
    /// `None`: it is no pointer; whoever read the mapping has told so.
    pub(super) fn new(pointer: &str) -> Option<Self> {
        Some(Self::of(&pointer_steps(pointer).ok()?))
    }

    /// With what the profile's schema says of lists.
    pub(super) fn of_target(pointer: &str, profile: &Profile) -> Option<Self> {
        let steps = pointer_steps(pointer).ok()?;
        let is_list = (0..steps.len()).map(|at| profile.is_array(&steps[..at])).collect();
        Some(Self { is_list, ..Self::of(&steps) })
    }

    pub(super) fn of(steps: &[PointerStep<'_>]) -> Self {
        let step = |step: &PointerStep<'_>| match step {
            PointerStep::Name(name) => Step::Name(unescape(name)),
            PointerStep::Placeholder(_) => Step::Placeholder,
            PointerStep::Select { member, value } => {
                Step::Select { member: format!("/{}", unescape(member)), value: unescape(value) }
            }
        };
        Self { steps: steps.iter().map(step).collect(), is_list: Vec::new() }
    }

    pub(super) fn placeholders(&self) -> usize {
        self.steps.iter().filter(|step| matches!(step, Step::Placeholder)).count()
    }

    /// Whether it names one place alone.
    pub(super) fn is_plain(&self) -> bool {
        self.steps.iter().all(|step| matches!(step, Step::Name(_)))
    }

    /// Whether the first steps of a leaf lead where it says; then the elements that its placeholders stand for.
    pub(super) fn keys(&self, message: &Value, leaf: &[String]) -> Option<Vec<String>> {
        if leaf.len() < self.steps.len() {
            return None;
        }
        let (mut keys, mut here) = (Vec::new(), message);
        for (step, name) in self.steps.iter().zip(leaf) {
            if matches!(step, Step::Name(own) if own != name) {
                return None;
            }
            here = below(here, name)?;
            match step {
                Step::Name(_) => {}
                Step::Placeholder => keys.push(name.clone()),
                Step::Select { member, value } => {
                    if here.pointer(member)?.as_str() != Some(value) {
                        return None;
                    }
                }
            }
        }
        Some(keys)
    }

    /// What stands there, with these elements for its placeholders.
    pub(super) fn value<'m>(&self, message: &'m Value, keys: &[String]) -> Option<&'m Value> {
        let (mut keys, mut here) = (keys.iter(), message);
        for step in &self.steps {
            here = match step {
                Step::Name(name) => below(here, name)?,
                Step::Placeholder => below(here, keys.next()?)?,
                Step::Select { member, value } => {
                    here.as_array()?.iter().find(|item| item.pointer(member).and_then(Value::as_str) == Some(value))?
                }
            };
        }
        Some(here)
    }
}

/// The member or element of this name.
pub(super) fn below<'m>(here: &'m Value, name: &str) -> Option<&'m Value> {
    match here {
        Value::Object(members) => members.get(name),
        Value::Array(items) => items.get(name.parse::<usize>().ok()?),
        _ => None,
    }
}
