//! The bounds of an entry, for one element: range, step, list, length; and how far a value is from the one before it.

use super::refusal::Refusal;
use super::value::{Value, is_literal, json, number, real};
use crate::config::plan::{Literal, Quantity, ValueRule};
use crate::model::BuiltInType;
use crate::model::tree::Node;

/// Doubles that differ by no more than this part of themselves are taken for equal where sums of decimals are compared.
const ROUNDING: f64 = 1e-9;
/// The same for floats.
const ROUNDING_FLOAT: f64 = 1e-6;

/// What an element breaks first.
pub(super) fn check(node: &Node<'_>, rule: &ValueRule, name: &str) -> Result<(), Refusal> {
    let name = || name.to_owned();
    if let Some(length) = length(node).filter(|length| *length > rule.max_length as usize) {
        let (length, limit) = (length.to_string(), rule.max_length.to_string());
        return Err(Refusal::TooLong { name: name(), length, limit });
    }
    if let Some(number) = number(node) {
        // A float is held to the float nearest to a bound: what it cannot hold it cannot be told from.
        let bound = |bound: Quantity| match rule.kind {
            BuiltInType::Float => Quantity::Real(f64::from(real(bound) as f32)),
            _ => bound,
        };
        let is_below = rule.min.is_some_and(|min| is_less(number, bound(min)));
        let is_above = rule.max.is_some_and(|max| is_less(bound(max), number));
        if is_below || is_above {
            let end = |end: Option<Quantity>| end.map_or_else(|| "-".to_owned(), shown_quantity);
            let (min, max) = (end(rule.min), end(rule.max));
            return Err(Refusal::OutOfRange { name: name(), value: json(node), min, max });
        }
        if let Some(step) = rule.step
            && !is_on_step(number, rule.min.unwrap_or(Quantity::Whole(0)), step, rule.kind)
        {
            return Err(Refusal::OffStep { name: name(), value: json(node), step: shown_quantity(step) });
        }
    }
    if !rule.one_of.is_empty() && !rule.one_of.iter().any(|literal| is_literal(node, literal)) {
        let known = rule.one_of.iter().map(shown_literal).collect::<Vec<_>>().join(", ");
        return Err(Refusal::NotListed { name: name(), value: json(node), known });
    }
    Ok(())
}

/// Whether a value is farther than `most` from the one that is there. Two that are no numbers of one kind are.
pub(super) fn is_too_far(value: &Value, present: &Value, most: Quantity) -> bool {
    match (value.number(), present.number()) {
        (Some(Quantity::Whole(value)), Some(Quantity::Whole(present))) => match most {
            Quantity::Whole(most) => value.abs_diff(present) > most.unsigned_abs(),
            Quantity::Real(most) => value.abs_diff(present) as f64 > most,
        },
        (Some(Quantity::Real(value)), Some(Quantity::Real(present))) => {
            let distance = (value - present).abs();
            // What is there may be no number: then nothing is near it.
            let most = real(most) + ROUNDING * value.abs().max(present.abs());
            distance.is_nan() || distance > most
        }
        _ => true,
    }
}

/// Characters of a text, bytes of a byte string.
fn length(node: &Node<'_>) -> Option<usize> {
    match node {
        Node::Text(BuiltInType::String, text) => Some(text.chars().count()),
        Node::LocalizedText { text, .. } => text.map(|text| text.chars().count()),
        Node::Bytes(bytes) => Some(bytes.len()),
        _ => None,
    }
}

fn is_less(one: Quantity, other: Quantity) -> bool {
    match (one, other) {
        (Quantity::Whole(one), Quantity::Whole(other)) => one < other,
        (one, other) => real(one) < real(other),
    }
}

fn is_on_step(value: Quantity, from: Quantity, step: Quantity, kind: BuiltInType) -> bool {
    match (value, from, step) {
        (Quantity::Whole(value), Quantity::Whole(from), Quantity::Whole(step)) => {
            step > 0 && (value - from) % step == 0
        }
        (value, from, step) => {
            let steps = (real(value) - real(from)) / real(step);
            let rounding = if kind == BuiltInType::Float { ROUNDING_FLOAT } else { ROUNDING };
            (steps - steps.round()).abs() <= (rounding * steps.abs().max(1.0)).min(0.01)
        }
    }
}

/// A number as the configuration writes it.
#[must_use]
pub fn shown_quantity(quantity: Quantity) -> String {
    match quantity {
        Quantity::Whole(value) => value.to_string(),
        Quantity::Real(value) => value.to_string(),
    }
}

/// A value as the configuration writes it.
#[must_use]
pub fn shown_literal(literal: &Literal) -> String {
    match literal {
        Literal::Bool(value) => value.to_string(),
        Literal::Number(value) => shown_quantity(*value),
        Literal::Text(value) => value.clone(),
    }
}
