//! Does a message conform? Declared rules of a profile, evaluated beside its schema. Pure: evidence in, report out.

mod form;
mod place;
mod predicate;
mod quantity;
mod rule;
#[cfg(test)]
mod tests;

pub use place::STEPS_MAX;
pub use rule::{Outcome, Unclear, outcome};
