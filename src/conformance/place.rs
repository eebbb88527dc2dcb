//! Places of a message: what a rule's path finds, within a budget of steps.

use crate::profile::{RulePath, RuleStep};
use serde_json::Value;

/// Values one rule may look at in one message; a larger message is told as inconclusive, never half judged.
pub const STEPS_MAX: usize = 1_000_000;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Found<'m> {
    /// JSON pointer from the root of the message.
    pub pointer: String,
    pub value: &'m Value,
}

/// The budget is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Exhausted;

/// How many values may still be looked at.
#[derive(Debug)]
pub(super) struct Budget(usize);

impl Default for Budget {
    fn default() -> Self {
        Self(STEPS_MAX)
    }
}

impl Budget {
    pub(super) fn spend(&mut self, steps: usize) -> Result<(), Exhausted> {
        self.0 = self.0.checked_sub(steps).ok_or(Exhausted)?;
        Ok(())
    }
}

/// Everything a path finds.
#[derive(Debug, Default)]
pub(super) struct Walk<'m> {
    pub found: Vec<Found<'m>>,
    /// The deepest value on the way that is there: the place of what is missing.
    pub nearest: String,
    /// Where the first step that may find many was taken; `None` when it was not reached, or the path has none.
    pub many_from: Option<String>,
}

/// Follows a path from a context, or from the message when it says so.
pub(super) fn walk<'m>(
    path: &RulePath,
    message: &'m Value,
    context: &Found<'m>,
    budget: &mut Budget,
) -> Result<Walk<'m>, Exhausted> {
    let start = if path.is_from_message { Found { pointer: String::new(), value: message } } else { context.clone() };
    let mut walk = Walk { nearest: start.pointer.clone(), ..Walk::default() };
    let mut here = vec![start];
    for step in &path.steps {
        let mut next = Vec::new();
        if walk.many_from.is_none()
            && !matches!(step, RuleStep::Name(_))
            && let [one] = here.as_slice()
            && (one.value.is_array() || one.value.is_object())
        {
            walk.many_from = Some(one.pointer.clone());
        }
        for place in &here {
            budget.spend(1)?;
            take(step, place, &mut next, budget)?;
        }
        if let Some(first) = next.first() {
            walk.nearest.clone_from(&first.pointer);
        }
        here = next;
    }
    walk.found = here;
    Ok(walk)
}

fn take<'m>(
    step: &RuleStep,
    place: &Found<'m>,
    into: &mut Vec<Found<'m>>,
    budget: &mut Budget,
) -> Result<(), Exhausted> {
    match step {
        RuleStep::Name(name) => into.extend(part(place.value, name).map(|value| place.child(name, value))),
        RuleStep::Any => {
            budget.spend(size(place.value))?;
            into.extend(parts(place));
        }
        RuleStep::Having { member, value } => {
            budget.spend(size(place.value).saturating_mul(member.len() + 1))?;
            let has = |found: &Found<'_>| {
                let inner = member.iter().try_fold(found.value, |value, name| part(value, name));
                inner.is_some_and(|inner| text(inner).is_some_and(|text| text == *value))
            };
            into.extend(parts(place).filter(has));
        }
    }
    Ok(())
}

/// A member by its name, an element by its index.
fn part<'m>(value: &'m Value, name: &str) -> Option<&'m Value> {
    match value {
        Value::Object(members) => members.get(name),
        // `01` and `+1` are no indices (RFC 6901 §4).
        Value::Array(items) if name == "0" || !name.starts_with(['0', '+']) => items.get(name.parse::<usize>().ok()?),
        _ => None,
    }
}

/// Every member of an object, every element of an array, in the order of the message.
pub(super) fn parts<'m>(place: &Found<'m>) -> impl Iterator<Item = Found<'m>> {
    let members = place.value.as_object().into_iter().flatten();
    let elements = place.value.as_array().into_iter().flatten().enumerate();
    members
        .map(|(name, value)| place.child(name, value))
        .chain(elements.map(|(index, value)| place.child(&index.to_string(), value)))
}

pub(super) fn size(value: &Value) -> usize {
    match value {
        Value::Object(members) => members.len(),
        Value::Array(items) => items.len(),
        _ => 0,
    }
}

/// The text of what is no object and no array; of null there is none.
pub(super) fn text(value: &Value) -> Option<std::borrow::Cow<'_, str>> {
    match value {
        Value::String(text) => Some(text.as_str().into()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string().into()),
        _ => None,
    }
}

impl<'m> Found<'m> {
    fn child(&self, name: &str, value: &'m Value) -> Self {
        let mut pointer = String::with_capacity(self.pointer.len() + name.len() + 1);
        pointer.push_str(&self.pointer);
        pointer.push('/');
        if name.contains(['~', '/']) {
            pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
        } else {
            pointer.push_str(name);
        }
        Found { pointer, value }
    }
}
