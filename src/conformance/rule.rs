//! One rule over one message.

use super::place::{Budget, Exhausted, Found, walk};
use super::predicate::{Answer, Asked, Truth};
use crate::profile::Rule;
use serde_json::Value;

/// What one rule says of one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Pass,
    /// JSON pointers of the places to blame, at most `PLACES_MAX`, in the order of the message; and how many more.
    Fail {
        places: Vec<String>,
        more: usize,
    },
    /// It cannot be told.
    Inconclusive(Unclear),
    /// The message has nothing that this rule speaks of.
    NotApplicable,
}

/// Why a rule could not be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unclear {
    /// The value at this pointer is of a kind that cannot be compared or counted.
    Kind(String),
    /// The message has more than [`super::STEPS_MAX`] values for this rule.
    TooLarge,
}

impl Unclear {
    /// JSON pointer of the value to look at.
    #[must_use]
    pub fn pointer(&self) -> &str {
        match self {
            Self::Kind(pointer) => pointer,
            Self::TooLarge => "",
        }
    }
}

/// Places told of one rule in one message.
const PLACES_MAX: usize = 20;

/// Asks one rule about one message, at every place of its `where`.
#[must_use]
pub fn outcome(rule: &Rule, message: &Value) -> Outcome {
    judge(rule, message).unwrap_or(Outcome::Inconclusive(Unclear::TooLarge))
}

fn judge(rule: &Rule, message: &Value) -> Result<Outcome, Exhausted> {
    let mut budget = Budget::default();
    let root = Found { pointer: String::new(), value: message };
    let contexts = walk(&rule.context, message, &root, &mut budget)?.found;
    let mut places: Vec<String> = Vec::new();
    let (mut more, mut unclear, mut holds) = (0, None, false);
    for context in &contexts {
        let answer = answer(rule, message, context, &mut budget)?;
        match answer.truth {
            Truth::Holds => holds = true,
            Truth::Absent => {}
            Truth::Unclear => unclear = unclear.or_else(|| answer.places.into_iter().next()),
            Truth::Fails => {
                for place in answer.places {
                    if places.contains(&place) {
                    } else if places.len() < PLACES_MAX {
                        places.push(place);
                    } else {
                        more += 1;
                    }
                }
            }
        }
    }
    Ok(match (places.is_empty(), unclear) {
        (false, _) => Outcome::Fail { places, more },
        (true, Some(place)) => Outcome::Inconclusive(Unclear::Kind(place)),
        (true, None) if holds => Outcome::Pass,
        (true, None) => Outcome::NotApplicable,
    })
}

/// The check, where the condition holds; a condition over what is not there does not hold.
fn answer<'m>(rule: &Rule, message: &'m Value, context: &Found<'m>, budget: &mut Budget) -> Result<Answer, Exhausted> {
    let mut asked = Asked { message, context, budget };
    if let Some(condition) = &rule.condition {
        let answer = asked.judge(condition)?;
        match answer.truth {
            Truth::Holds => {}
            Truth::Unclear => return Ok(answer),
            Truth::Fails | Truth::Absent => return Ok(Answer { truth: Truth::Absent, places: Vec::new() }),
        }
    }
    asked.judge(&rule.check)
}
