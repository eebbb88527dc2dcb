//! Does every message of one schema conform to another? Proved, refuted by a message, or neither. Never guessed.

mod prove;
mod refute;

use crate::codec::{Limits, Tape};
use crate::validate::{Checker, SchemaError, Violation};
use serde_json::Value;
use std::sync::Arc;

/// What is known of "every message that conforms to the first schema conforms to the second".
#[derive(Clone, Debug, PartialEq)]
pub enum Compatibility {
    /// By comparing the schemas: every constraint of the second follows from the first.
    Proved,
    /// This message conforms to the first and not to the second.
    Refuted { message: Value, violations: Vec<Violation> },
    /// Neither a proof nor a counter-example was found among so many messages.
    NotProven { tried: usize },
}

/// Faults shown of a counter-example.
const VIOLATIONS_SHOWN: usize = 4;

/// Whether `second` takes all that `first` takes; `seeds` are messages to begin the search for a counter-example with.
///
/// # Errors
/// A schema that cannot be compiled.
pub fn includes(first: &Arc<Value>, second: &Arc<Value>, seeds: &[Value]) -> Result<Compatibility, SchemaError> {
    let (takes, refuses) = (Checker::compile(first)?, Checker::compile(second)?);
    if prove::follows(first, second) {
        return Ok(Compatibility::Proved);
    }
    let mut tried = 0;
    let mut found = None;
    refute::candidates(first, second, seeds, &mut |candidate| {
        tried += 1;
        let Ok(tape) = Tape::parse(candidate.to_string().as_bytes(), Limits::default()) else { return false };
        if !takes.is_valid(&tape) || refuses.is_valid(&tape) {
            return false;
        }
        let violations = refuses.violations(&tape, VIOLATIONS_SHOWN);
        found = Some(Compatibility::Refuted { message: candidate.clone(), violations });
        true
    });
    Ok(found.unwrap_or(Compatibility::NotProven { tried }))
}

#[cfg(test)]
mod tests;
