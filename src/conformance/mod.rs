//! Does a message conform? Declared rules of a profile, evaluated beside its schema. Pure: evidence in, report out.

pub mod compatible;
mod detect;
mod form;
mod judge;
mod place;
mod predicate;
mod quantity;
pub mod report;
mod rule;
#[cfg(test)]
mod tests;

pub use judge::{Evidence, FAULTS_MAX, Fault, Judge, Judged, LIMITS, RuleVerdict, Verdict};
pub use place::STEPS_MAX;
pub use report::Report;
pub use rule::{Outcome, Unclear, outcome};
