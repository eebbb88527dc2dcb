//! From one profile to another, through the hub of concepts, with a declaration of what was lost on the way.
//!
//! [`Routes`] are planned once for two profiles; [`Routes::document`] then takes messages. Every leaf of a message
//! stands in the declaration: exact, converted, approximated with the rule, or absent with the reason. Nothing is
//! guessed and nothing invented; a number stays decimal text as long as it can. Pure.

mod alarm;
pub mod concept;
mod link;
mod pattern;
mod place;
mod plan;
mod route;
mod step;
#[cfg(test)]
mod tests;
mod value;
mod write;

pub use alarm::{AlarmList, AlarmTold, AlarmWay, Change, Occasion};
pub use link::{Link, LinkTarget};
pub use place::{Leaf, leaves, matched};
pub use route::{Route, Routes};
pub use step::{Step, Unfit, stated_unit};

use crate::profile::Titles;
use serde_json::Value;

/// What becomes of a value, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FateKind {
    /// The same value, written the same way.
    Exact,
    /// The same value, written otherwise; it can be taken back.
    Converted,
    /// Nearly the same, by a stated rule.
    Approximated,
    /// Not there, for a stated reason.
    Absent,
}

impl FateKind {
    /// `exact`, `converted`, `approximated`, `absent`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Converted => "converted",
            Self::Approximated => "approximated",
            Self::Absent => "absent",
        }
    }
}

/// A rule or reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Because {
    /// In the words of a mapping.
    Titles(Titles),
    /// Text of the catalogue with this id.
    Word(&'static str),
    /// Common codes of the two units.
    Unit { from: String, to: String },
    /// Names of the two forms.
    Form { from: &'static str, to: &'static str },
}

/// What becomes of a value, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fate {
    pub kind: FateKind,
    pub because: Vec<Because>,
}

impl Fate {
    #[must_use]
    pub const fn exact() -> Self {
        Self { kind: FateKind::Exact, because: Vec::new() }
    }

    #[must_use]
    pub fn absent(word: &'static str) -> Self {
        Self { kind: FateKind::Absent, because: vec![Because::Word(word)] }
    }

    fn worsen(&mut self, kind: FateKind, because: Because) {
        self.kind = self.kind.max(kind);
        if !self.because.contains(&because) {
            self.because.push(because);
        }
    }
}

/// One leaf of a source message and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Loss {
    /// JSON pointer into the source message.
    pub pointer: String,
    pub concept: Option<String>,
    /// Where the value stands in the target message.
    pub target: Option<String>,
    pub fate: Fate,
}

/// A translated message with its loss declaration.
#[derive(Clone, Debug)]
pub struct Translated {
    pub message: Value,
    pub losses: Vec<Loss>,
    /// Concepts whose value came from outside, and where they stand.
    pub given: Vec<(String, String)>,
    /// Concepts whose value came from outside and found no place, with the reason.
    pub not_given: Vec<(String, Because)>,
}
