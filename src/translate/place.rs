//! Leaves of a message, and which pointer of a mapping leads to them.

use super::pattern::Pattern;
use crate::profile::PointerStep;
use serde_json::Value;

/// A value of a message that holds no others; an empty object or list is one too.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// Unescaped steps from the root.
    pub steps: Vec<String>,
}

impl Leaf {
    /// As a JSON pointer.
    #[must_use]
    pub fn pointer(&self) -> String {
        pointer(&self.steps)
    }
}

/// RFC 6901 §3.
pub(super) fn pointer(steps: &[String]) -> String {
    steps.iter().map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1"))).collect()
}

/// All leaves, in the order of the message.
#[must_use]
pub fn leaves(message: &Value) -> Vec<Leaf> {
    let mut found = Vec::new();
    let mut open = vec![(Vec::new(), message)];
    while let Some((steps, value)) = open.pop() {
        let below = |step: String| steps.iter().cloned().chain([step]).collect::<Vec<_>>();
        match value {
            Value::Object(members) if !members.is_empty() => {
                open.extend(members.iter().rev().map(|(name, value)| (below(name.clone()), value)));
            }
            Value::Array(items) if !items.is_empty() => {
                open.extend(items.iter().enumerate().rev().map(|(at, value)| (below(at.to_string()), value)));
            }
            _ => found.push(Leaf { steps }),
        }
    }
    found
}

/// Whether the first steps of a leaf lead where the pattern says; then the elements that its placeholders stand for.
#[must_use]
pub fn matched(message: &Value, pattern: &[PointerStep<'_>], steps: &[String]) -> Option<Vec<String>> {
    Pattern::of(pattern).keys(message, steps)
}
