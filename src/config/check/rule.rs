//! Which values may be written: bounds that the type has, and that hold together.

use super::{Checking, given};
use crate::config::file::{ArgumentFile, Exact, NoBounds, WriteFile};
use crate::config::plan::{Literal, Quantity, ValueRule, WRITABLE};
use crate::config::read::At;
use crate::config::scalar::Whole;
use crate::config::word::Word;
use crate::config::yaml::Place;
use crate::model::BuiltInType;

/// Elements of one value, at most.
const ELEMENTS_MAX: u64 = 10_000;
const LENGTH_DEFAULT: u32 = 256;

/// The keys of a rule, of an entry or of an argument.
pub(super) struct RuleKeys<'f> {
    kind: Option<&'f At<Word<BuiltInType>>>,
    dimensions: Option<&'f At<Vec<At<Whole<1, 10_000>>>>>,
    min: Option<&'f At<Exact>>,
    max: Option<&'f At<Exact>>,
    step: Option<&'f At<Exact>>,
    one_of: Option<&'f At<Vec<At<Literal>>>>,
    bounds: Option<&'f At<Word<NoBounds>>>,
    max_length: Option<&'f At<Whole<1, 65_536>>>,
}

impl<'f> RuleKeys<'f> {
    pub(super) fn of_write(typed: &'f WriteFile) -> Self {
        Self {
            kind: typed.r#type.as_ref(),
            dimensions: typed.dimensions.as_ref(),
            min: typed.min.as_ref(),
            max: typed.max.as_ref(),
            step: typed.step.as_ref(),
            one_of: typed.one_of.as_ref(),
            bounds: typed.bounds.as_ref(),
            max_length: typed.max_length.as_ref(),
        }
    }

    pub(super) fn of_argument(typed: &'f ArgumentFile) -> Self {
        Self {
            kind: given(&typed.r#type),
            dimensions: typed.dimensions.as_ref(),
            min: typed.min.as_ref(),
            max: typed.max.as_ref(),
            step: typed.step.as_ref(),
            one_of: typed.one_of.as_ref(),
            bounds: typed.bounds.as_ref(),
            max_length: typed.max_length.as_ref(),
        }
    }

    /// Which of them are given, and where.
    pub(super) fn places(&self) -> impl Iterator<Item = (&'static str, Place)> {
        [
            ("type", self.kind.map(|at| at.place)),
            ("dimensions", self.dimensions.map(|at| at.place)),
            ("min", self.min.map(|at| at.place)),
            ("max", self.max.map(|at| at.place)),
            ("step", self.step.map(|at| at.place)),
            ("one-of", self.one_of.map(|at| at.place)),
            ("bounds", self.bounds.map(|at| at.place)),
            ("max-length", self.max_length.map(|at| at.place)),
        ]
        .into_iter()
        .filter_map(|(key, place)| Some((key, place?)))
    }
}

/// The smallest and the largest value of a number's type.
fn limits_of(kind: BuiltInType) -> Option<(Quantity, Quantity)> {
    use BuiltInType as Kind;
    let whole = |low: i128, high: i128| Some((Quantity::Whole(low), Quantity::Whole(high)));
    match kind {
        Kind::SByte => whole(i8::MIN.into(), i8::MAX.into()),
        Kind::Byte => whole(0, u8::MAX.into()),
        Kind::Int16 => whole(i16::MIN.into(), i16::MAX.into()),
        Kind::UInt16 => whole(0, u16::MAX.into()),
        Kind::Int32 => whole(i32::MIN.into(), i32::MAX.into()),
        Kind::UInt32 => whole(0, u32::MAX.into()),
        Kind::Int64 => whole(i64::MIN.into(), i64::MAX.into()),
        Kind::UInt64 => whole(0, u64::MAX.into()),
        Kind::Float => Some((Quantity::Real(f32::MIN.into()), Quantity::Real(f32::MAX.into()))),
        Kind::Double => Some((Quantity::Real(f64::MIN), Quantity::Real(f64::MAX))),
        _ => None,
    }
}

fn word_of(kind: BuiltInType) -> &'static str {
    WRITABLE.iter().find(|(_, other)| *other == kind).map_or("", |(word, _)| word)
}

fn real(quantity: Quantity) -> f64 {
    match quantity {
        Quantity::Whole(value) => value as f64,
        Quantity::Real(value) => value,
    }
}

fn is_within(value: Quantity, (low, high): (Quantity, Quantity)) -> bool {
    match (value, low, high) {
        (Quantity::Whole(value), Quantity::Whole(low), Quantity::Whole(high)) => (low..=high).contains(&value),
        // A whole number of a type that holds fractions.
        (value, Quantity::Real(low), Quantity::Real(high)) => (low..=high).contains(&real(value)),
        _ => false,
    }
}

impl Checking<'_> {
    /// What the keys say together; every fault is noted.
    pub(super) fn rule(&mut self, keys: &RuleKeys<'_>, place: Place) -> Option<ValueRule> {
        let kind = keys.kind?.value.0;
        let is_number = limits_of(kind).is_some();
        let faults = self.reading.findings.len();
        for (key, at) in [("min", keys.min), ("max", keys.max)] {
            if let Some(at) = at {
                self.quantity(key, at, kind, false);
            }
        }
        if let Some(at) = keys.step {
            self.quantity("step", at, kind, true);
        }
        let has_length = matches!(kind, BuiltInType::String | BuiltInType::ByteString | BuiltInType::LocalizedText);
        if let Some(at) = keys.max_length.filter(|_| !has_length) {
            self.reading.error("QIAO-C149", at.place, &[("key", "max-length"), ("type", word_of(kind))]);
        }
        if let (Some(min), Some(max)) = (keys.min, keys.max)
            && real(min.value.0) > real(max.value.0)
        {
            let facts = [("min", text(min.value.0)), ("max", text(max.value.0))];
            self.reading.error("QIAO-C147", max.place, &facts.each_ref().map(|(name, fact)| (*name, fact.as_str())));
        }
        let one_of = keys.one_of.map_or(&[][..], |at| &at.value);
        if let Some(empty) = keys.one_of.filter(|at| at.value.is_empty()) {
            self.reading.error("QIAO-C015", empty.place, &[("key", "one-of")]);
        }
        one_of.iter().for_each(|at| self.listed(at, kind, keys));
        if let Some(at) = keys.bounds.filter(|_| !is_number || keys.min.is_some() || keys.max.is_some()) {
            let other = if is_number { "min, max" } else { "type" };
            self.reading.error("QIAO-C145", at.place, &[("key", "bounds"), ("other", other)]);
        }
        let is_bounded = keys.min.is_some() && keys.max.is_some() || keys.one_of.is_some() || keys.bounds.is_some();
        let is_said = ["min", "max", "one-of", "bounds"].iter().any(|key| self.reading.is_unreadable(place, key));
        if is_number && !is_bounded && !is_said {
            let at = keys.kind.map_or(place, |at| at.place);
            self.reading.error("QIAO-C150", at, &[("type", word_of(kind))]);
        }
        let dimensions = keys.dimensions.map(|at| self.dimensions(at));
        if self.reading.findings.len() > faults {
            return None;
        }
        Some(ValueRule {
            kind,
            dimensions: dimensions.unwrap_or_default(),
            min: keys.min.map(|at| at.value.0),
            max: keys.max.map(|at| at.value.0),
            step: keys.step.map(|at| at.value.0),
            one_of: one_of.iter().map(|at| at.value.clone()).collect(),
            max_length: keys.max_length.and_then(|at| u32::try_from(at.value.0).ok()).unwrap_or(LENGTH_DEFAULT),
        })
    }

    /// A bound of a number: one that the type can hold; a distance is more than nothing.
    pub(super) fn quantity(&mut self, key: &'static str, at: &At<Exact>, kind: BuiltInType, is_distance: bool) {
        let value = at.value.0;
        let Some(limits) = limits_of(kind) else {
            self.reading.error("QIAO-C149", at.place, &[("key", key), ("type", word_of(kind))]);
            return;
        };
        let shown = text(value);
        if is_distance && real(value) <= 0.0 {
            self.reading.error("QIAO-C148", at.place, &[("key", key), ("value", &shown)]);
            return;
        }
        // A distance may be as large as the type is wide.
        let is_kind = match (value, limits.0) {
            (Quantity::Real(_), Quantity::Whole(_)) => false,
            _ => is_distance || is_within(value, limits),
        };
        if !is_kind {
            let facts = [("key", key), ("value", shown.as_str()), ("type", word_of(kind))];
            self.reading.error("QIAO-C146", at.place, &facts);
        }
    }

    /// One of the only values.
    fn listed(&mut self, at: &At<Literal>, kind: BuiltInType, keys: &RuleKeys<'_>) {
        let is_kind = match (&at.value, kind) {
            (Literal::Bool(_), BuiltInType::Boolean)
            | (Literal::Text(_), BuiltInType::String | BuiltInType::LocalizedText) => true,
            (Literal::Number(value), kind) => limits_of(kind).is_some_and(|limits| is_within(*value, limits)),
            _ => false,
        };
        let value = match &at.value {
            Literal::Bool(value) => value.to_string(),
            Literal::Number(value) => text(*value),
            Literal::Text(value) => value.clone(),
        };
        if !is_kind {
            let facts = [("key", "one-of"), ("value", value.as_str()), ("type", word_of(kind))];
            self.reading.error("QIAO-C146", at.place, &facts);
            return;
        }
        let Literal::Number(number) = at.value else { return };
        let is_out = keys.min.is_some_and(|min| real(number) < real(min.value.0))
            || keys.max.is_some_and(|max| real(number) > real(max.value.0));
        if is_out {
            self.reading.error("QIAO-C161", at.place, &[("value", &value)]);
        }
    }

    fn dimensions(&mut self, typed: &At<Vec<At<Whole<1, 10_000>>>>) -> Vec<u32> {
        if typed.value.is_empty() {
            self.reading.error("QIAO-C015", typed.place, &[("key", "dimensions")]);
        }
        let count = typed.value.iter().try_fold(1_u64, |count, at| count.checked_mul(at.value.0));
        if count.is_none_or(|count| count > ELEMENTS_MAX) {
            let facts = [("value", count.map_or_else(|| "∞".to_owned(), |count| count.to_string()))];
            let facts = [("value", facts[0].1.as_str()), ("low", "1"), ("high", "10000")];
            self.reading.error("QIAO-C016", typed.place, &facts);
        }
        typed.value.iter().filter_map(|at| u32::try_from(at.value.0).ok()).collect()
    }
}

fn text(quantity: Quantity) -> String {
    match quantity {
        Quantity::Whole(value) => value.to_string(),
        Quantity::Real(value) => value.to_string(),
    }
}
