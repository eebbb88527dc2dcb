//! Where in a message its values are, as the mapping says: walked along with a message, one step at a time.

use super::path::{PointerStep, pointer_steps, unescape};
use super::{Mapping, PathStep, Profile};
use std::collections::HashMap;

/// The places of a mapping as a tree. A name goes before a placeholder.
#[derive(Clone, Debug)]
pub struct Places {
    steps: Vec<Step>,
}

/// A place in the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlaceId(usize);

#[derive(Clone, Debug, Default)]
struct Step {
    names: HashMap<String, PlaceId>,
    /// What a placeholder stands for.
    any: Option<PlaceId>,
    held: Held,
}

/// What stands at a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Held {
    /// Nothing of its own: other places lie inside.
    #[default]
    Inside,
    /// A value of a field.
    Value { is_time: bool },
    /// What every message has there, whatever the machine says.
    Constant,
}

impl Places {
    /// The places that the fields and constants of a mapping name.
    #[must_use]
    pub fn of(mapping: &Mapping) -> Self {
        let mut places = Self { steps: vec![Step::default()] };
        for field in &mapping.fields {
            places.add(&field.pointer, Held::Value { is_time: field.is_time });
        }
        for constant in &mapping.constants {
            places.add(&constant.pointer, Held::Constant);
        }
        places
    }

    fn add(&mut self, pointer: &str, held: Held) {
        // A mapping was read only if its pointers are pointers.
        let Ok(steps) = pointer_steps(pointer) else { return };
        let mut at = 0;
        for step in steps {
            let next = PlaceId(self.steps.len());
            let known = match step {
                PointerStep::Name(name) => *self.steps[at].names.entry(unescape(name)).or_insert(next),
                PointerStep::Placeholder(_) => *self.steps[at].any.get_or_insert(next),
                PointerStep::Select { .. } => return,
            };
            if known == next {
                self.steps.push(Step::default());
            }
            at = known.0;
        }
        if self.steps[at].held == Held::Inside {
            self.steps[at].held = held;
        }
    }

    /// The whole message.
    #[must_use]
    pub fn root(&self) -> PlaceId {
        PlaceId(0)
    }

    /// The place of a member or element; `None` when the mapping names none there.
    #[must_use]
    pub fn below(&self, place: PlaceId, step: &str) -> Option<PlaceId> {
        let here = self.steps.get(place.0)?;
        here.names.get(step).copied().or(here.any)
    }

    /// The place of whatever a placeholder stands for, if one stands there.
    #[must_use]
    pub fn element(&self, place: PlaceId) -> Option<PlaceId> {
        self.steps.get(place.0)?.any
    }

    /// Whether a name, no placeholder, leads on from a place.
    #[must_use]
    pub fn names(&self, place: PlaceId, step: &str) -> bool {
        self.steps.get(place.0).is_some_and(|here| here.names.contains_key(step))
    }

    /// What stands at a place.
    #[must_use]
    pub fn held(&self, place: PlaceId) -> Held {
        self.steps.get(place.0).map_or(Held::Inside, |here| here.held)
    }

    /// Whether other places lie inside.
    #[must_use]
    pub fn has_inside(&self, place: PlaceId) -> bool {
        self.steps.get(place.0).is_some_and(|here| here.any.is_some() || !here.names.is_empty())
    }
}

impl Profile {
    /// The same profile for messages that are taken apart: what fills a field is the member at its pointer, not a node.
    #[must_use]
    pub fn of_messages(&self) -> Self {
        let mut mapping = (*self.mapping).clone();
        for field in &mut mapping.fields {
            field.path = pointer_steps(&field.pointer).map_or_else(|_| Vec::new(), |steps| path(&steps));
        }
        Self { mapping: mapping.into(), ..self.clone() }
    }
}

/// The steps of a pointer as those of a path; empty when an element is chosen by what it holds.
fn path(steps: &[PointerStep<'_>]) -> Vec<PathStep> {
    let step = |step: &PointerStep<'_>| match step {
        PointerStep::Name(name) => Some(PathStep::Name { namespace: None, name: unescape(name) }),
        PointerStep::Placeholder(name) => Some(PathStep::Placeholder { name: (*name).to_owned(), types: Vec::new() }),
        PointerStep::Select { .. } => None,
    };
    steps.iter().map(step).collect::<Option<Vec<_>>>().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Library;

    #[test]
    fn a_place_is_found_step_by_step_and_a_name_goes_before_a_placeholder() {
        let library = Library::built_in().value;
        let umati = library.find("umati/machine-tool@1.02").expect("installed");
        let places = Places::of(&umati.mapping);
        let held = |pointer: &str| {
            let mut steps = pointer.split('/').skip(1);
            let found = steps.try_fold(places.root(), |place, step| places.below(place, step));
            found.map(|place| places.held(place))
        };
        let value = Some(Held::Value { is_time: false });
        assert_eq!(held("/Monitoring/MachineTool/OperationMode"), value);
        assert_eq!(held("/Monitoring/<MonitoredElement>/Spindle 1/IsRotating"), value);
        assert_eq!(held("/Monitoring/<MonitoredElement>/Spindle 1/$TypeDefinition"), Some(Held::Constant));
        assert_eq!(held("/Notification/Prognoses/<Prognosis>/P/PredictedTime"), Some(Held::Value { is_time: true }));
        assert_eq!(held("/Monitoring/MachineTool/FeedOverride"), Some(Held::Inside));
        assert_eq!(held("/Monitoring/Vendor"), None);
    }
}
