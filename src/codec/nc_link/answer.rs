//! Responses with one answer for each item.

use super::super::tape::Tape;
use super::{KEYS, member};

/// What became of a request, or of one item of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome<'a> {
    Ok,
    /// Refused, with the reason.
    Ng(&'a str),
}

impl Outcome<'_> {
    pub(super) fn write(self, tape: &mut Tape) {
        match self {
            Self::Ok => member(tape, &KEYS.code, "OK"),
            Self::Ng(reason) => {
                member(tape, &KEYS.code, "NG");
                member(tape, &KEYS.reason, reason);
            }
        }
    }
}

/// Which request is answered item by item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    Query,
    Set,
}

/// The answer to one item.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// As the request names the item.
    pub id: &'a str,
    pub outcome: Outcome<'a>,
    /// What the request said of a part of the item: a refusal gives it back.
    pub params: Option<(&'a Tape, u32)>,
}

/// A response with one answer for each item, in the order of the request; `values` writes the elements of a query's
/// array of values. An item is asked for when the one before is written.
pub fn answers<'a>(
    tape: &mut Tape,
    message: &str,
    answered: Answered,
    items: impl IntoIterator<Item = Answer<'a>>,
    mut values: impl FnMut(&mut Tape, usize),
) {
    tape.begin_object();
    member(tape, &KEYS.message, message);
    tape.key(if answered == Answered::Query { &KEYS.values } else { &KEYS.results });
    tape.begin_array();
    for (at, answer) in items.into_iter().enumerate() {
        tape.begin_object();
        member(tape, &KEYS.id, answer.id);
        answer.outcome.write(tape);
        match (answer.outcome, answer.params) {
            (Outcome::Ok, _) if answered == Answered::Query => {
                tape.key(&KEYS.values);
                tape.begin_array();
                values(tape, at);
                tape.end_array();
            }
            (Outcome::Ng(_), Some((request, params))) => {
                tape.key(&KEYS.params);
                tape.copy(request, params);
            }
            _ => {}
        }
        tape.end_object();
    }
    tape.end_array();
    tape.end_object();
}
