//! Messages against schemas: offline, linear-time patterns, limits on depth and size. Pure.
//!
//! A [`Checker`] is compiled once from a profile's schema (JSON Schema 2020-12, formats checked). On the hot path
//! [`Checker::is_valid`] walks the tape and allocates nothing; only for a message that fails is
//! [`Checker::violations`] asked.

mod representation;
pub mod schema;
pub mod violation;

pub use schema::SchemaError;
pub use violation::Violation;

use crate::codec::Tape;
use crate::finding::Finding;
use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, PatternOptions, ValidationError, Validator, options_for};
use representation::{TapeJson, TapeValue};
use schema::{PatternReason, short};
use serde_json::Value;
use std::sync::Arc;

/// Bytes one compiled pattern may take.
const PATTERN_BYTES: usize = 1 << 20;

/// A compiled schema. Cheap to share, not to make.
pub struct Checker {
    schema: Arc<Value>,
    validator: Validator<TapeJson>,
    warnings: Vec<Finding>,
}

impl Checker {
    /// Compiles a schema. Nothing is fetched; limits are in [`schema`].
    pub fn compile(schema: &Arc<Value>) -> Result<Self, SchemaError> {
        let options = options_for::<TapeJson>()
            .with_draft(Draft::Draft202012)
            .offline()
            .should_validate_formats(true)
            .with_pattern_options(PatternOptions::regex().size_limit(PATTERN_BYTES).dfa_size_limit(2 * PATTERN_BYTES));
        let warnings = schema::examine(schema, |format| options.is_known_format(Draft::Draft202012, format))?;
        let validator = options.build(schema).map_err(|error| refused(&error))?;
        Ok(Self { schema: Arc::clone(schema), validator, warnings })
    }

    /// What is suspicious about the schema, though allowed: unknown keywords and formats. Places are JSON pointers
    /// into the schema.
    #[must_use]
    pub fn warnings(&self) -> &[Finding] {
        &self.warnings
    }

    /// Whether the message conforms. Allocates nothing, unless the schema is recursive or the message holds escaped
    /// strings or long arrays that must be unique. A tape with a fault never conforms.
    #[must_use]
    pub fn is_valid(&self, tape: &Tape) -> bool {
        tape.fault().is_none() && TapeValue::at(tape, 0).is_some_and(|root| self.validator.is_valid(root))
    }

    /// What is wrong with the message, at most `max` of it, in the order of the message's schema. Empty when it
    /// conforms. For messages that failed: it allocates.
    #[must_use]
    pub fn violations(&self, tape: &Tape, max: usize) -> Vec<Violation> {
        if let Some(fault) = tape.fault() {
            return vec![Violation {
                pointer: String::new(),
                schema_pointer: String::new(),
                keyword: "other",
                code: "QIAO-V134",
                arguments: vec![("value", String::new()), ("reason", fault.to_string())],
            }];
        }
        let Some(root) = TapeValue::at(tape, 0) else { return Vec::new() };
        self.validator.iter_errors(root).flat_map(|error| violation::from_error(tape, &error)).take(max).collect()
    }
}

impl std::fmt::Debug for Checker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Checker").field("schema", &self.schema.get("$id")).finish_non_exhaustive()
    }
}

/// A compilation error of the validator in our words.
fn refused(error: &ValidationError<'_>) -> SchemaError {
    let pointer = error.instance_path().as_str().to_owned();
    match error.kind() {
        ValidationErrorKind::Format { format } if format == "regex" => {
            let pattern = error.instance().as_str().unwrap_or_default();
            SchemaError::Pattern { pointer, pattern: short(pattern), reason: PatternReason::of(pattern) }
        }
        ValidationErrorKind::Referencing(reason) => SchemaError::Unknown { pointer, target: reason.to_string() },
        _ => SchemaError::NotASchema { pointer, reason: error.to_string() },
    }
}

#[cfg(test)]
mod tests;
