//! Whether a predicate holds at a place of a message.
//!
//! Four answers, because a rule must not blame for what is not there nor praise what it could not look at: holds, fails,
//! absent (nothing there to judge), unclear (something is there, of a kind that cannot be judged: the schema's matter).

use super::form::{has_gs1_check_digit, is_uri};
use super::place::{self, Budget, Exhausted, Found, Walk, parts, size, text, walk};
use super::quantity::{self, Quantity};
use crate::profile::predicate::{Comparison, Literal, Operand};
use crate::profile::{Predicate, RulePath};
use serde_json::Value;
use std::cmp::Ordering;
use std::collections::HashSet;

/// What a predicate says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Truth {
    Holds,
    Fails,
    Absent,
    Unclear,
}

/// A truth and the places that it rests on: of what fails, those that fail.
#[derive(Debug)]
pub(super) struct Answer {
    pub truth: Truth,
    pub places: Vec<String>,
}

/// Places kept of one answer; the rest would say the same.
const PLACES_MAX: usize = 64;

type Judged = Result<Answer, Exhausted>;

impl Answer {
    fn new(truth: Truth, places: Vec<String>) -> Self {
        Self { truth, places }
    }
}

/// What a predicate is asked about.
pub(super) struct Asked<'a, 'm> {
    pub message: &'m Value,
    pub context: &'a Found<'m>,
    pub budget: &'a mut Budget,
}

impl<'m> Asked<'_, 'm> {
    pub(super) fn judge(&mut self, predicate: &Predicate) -> Judged {
        match predicate {
            Predicate::Exists(path) => self.exists(path),
            Predicate::Absent(path) => self.exists(path).map(negate),
            Predicate::Equals { at, value } => self.each(at, |found| equals(found, std::slice::from_ref(value))),
            Predicate::OneOf { at, values } => self.each(at, |found| equals(found, values)),
            Predicate::Matches { at, pattern } => {
                self.each(at, |found| text(found).map(|text| pattern.is_match(&text)))
            }
            Predicate::IsDate(path) => self.each(path, |found| Some(quantity::time(found.as_str()?).is_some())),
            Predicate::Uri(path) => self.each(path, |found| Some(is_uri(found.as_str()?))),
            Predicate::Gs1CheckDigit(path) => self.each(path, |found| Some(has_gs1_check_digit(&text(found)?))),
            Predicate::Range { at, min, max } => self.range(at, min.as_ref(), max.as_ref()),
            Predicate::Compare { left, is, right, within } => self.compare(left, *is, right, *within),
            Predicate::Unique(path) => self.unique(path),
            Predicate::Count { at, min, max } => self.count(at, *min, *max),
            Predicate::Sum { of, equals, max, within } => self.sum(of, equals.as_ref(), max.as_ref(), *within),
            Predicate::Ordered { at, is_strict } => self.ordered(at, *is_strict),
            Predicate::All(all) => self.all(all),
            Predicate::Any(any) => self.any(any),
            Predicate::Not(inner) => self.judge(inner).map(negate),
        }
    }

    fn walk(&mut self, path: &RulePath) -> Result<Walk<'m>, Exhausted> {
        walk(path, self.message, self.context, self.budget)
    }

    fn exists(&mut self, path: &RulePath) -> Judged {
        let walk = self.walk(path)?;
        Ok(if walk.found.is_empty() {
            Answer::new(Truth::Fails, vec![walk.nearest])
        } else {
            Answer::new(Truth::Holds, pointers(&walk.found))
        })
    }

    /// Every place must hold; `None` from `holds`: it cannot be judged.
    fn each(&mut self, path: &RulePath, holds: impl Fn(&Value) -> Option<bool>) -> Judged {
        let walk = self.walk(path)?;
        Ok(verdict(&walk.found, |found| holds(found.value)))
    }

    /// The value of a bound: `Ok(None)` when it stands at a place that is not there or holds no quantity.
    fn operand(&mut self, operand: &Operand) -> Result<Option<Quantity>, Exhausted> {
        match operand {
            Operand::Fixed(text) => Ok(Quantity::parse(text)),
            Operand::At(path) => {
                let walk = self.walk(path)?;
                Ok(walk.found.first().and_then(|found| Quantity::of(found.value)))
            }
        }
    }

    fn is_absent(&mut self, operand: Option<&Operand>) -> Result<bool, Exhausted> {
        match operand {
            Some(Operand::At(path)) => Ok(self.walk(path)?.found.is_empty()),
            _ => Ok(false),
        }
    }

    fn range(&mut self, at: &RulePath, min: Option<&Operand>, max: Option<&Operand>) -> Judged {
        let mut bounds = Vec::new();
        for (operand, wrong) in [(min, Ordering::Less), (max, Ordering::Greater)] {
            // A bound that the message does not state bounds nothing.
            if let Some(operand) = operand
                && !self.is_absent(Some(operand))?
            {
                bounds.push((self.operand(operand)?, wrong));
            }
        }
        let walk = self.walk(at)?;
        if bounds.is_empty() {
            return Ok(Answer::new(Truth::Absent, Vec::new()));
        }
        Ok(verdict(&walk.found, |found| {
            let value = Quantity::of(found.value)?;
            let mut holds = true;
            for (bound, wrong) in &bounds {
                holds &= value.compare((*bound)?)? != *wrong;
            }
            Some(holds)
        }))
    }

    /// Every left value with every right one.
    fn compare(&mut self, left: &RulePath, is: Comparison, right: &RulePath, within: f64) -> Judged {
        let (left, right) = (self.walk(left)?.found, self.walk(right)?.found);
        if right.is_empty() {
            return Ok(Answer::new(Truth::Absent, Vec::new()));
        }
        self.budget.spend(left.len().saturating_mul(right.len()))?;
        Ok(verdict(&left, |left| {
            let left = Quantity::of(left.value)?;
            let mut holds = true;
            for right in &right {
                holds &= satisfies(left.compare_within(Quantity::of(right.value)?, within)?, is);
            }
            Some(holds)
        }))
    }

    fn unique(&mut self, path: &RulePath) -> Judged {
        let found = self.values(path)?;
        let mut seen: HashSet<String> = HashSet::new();
        let mut again = Vec::new();
        for place in &found {
            if !seen.insert(self.canonical(place.value, 0)?) {
                again.push(place.pointer.clone());
            }
        }
        Ok(decide(&found, again))
    }

    /// One text for equal values: members by name, numbers by value.
    fn canonical(&mut self, value: &Value, depth: usize) -> Result<String, Exhausted> {
        // serde_json reads at most 128 levels; whoever builds a deeper value gets no answer rather than an overflow.
        if depth > 128 {
            return Err(Exhausted);
        }
        self.budget.spend(1)?;
        Ok(match value {
            Value::Array(items) => {
                let items = items.iter().map(|item| self.canonical(item, depth + 1)).collect::<Result<Vec<_>, _>>()?;
                format!("[{}]", items.join(","))
            }
            Value::Object(members) => {
                let mut parts = Vec::with_capacity(members.len());
                for (name, value) in members {
                    parts.push(format!("{name:?}:{}", self.canonical(value, depth + 1)?));
                }
                parts.sort_unstable();
                format!("{{{}}}", parts.join(","))
            }
            Value::Number(number) => match Quantity::of(value) {
                Some(Quantity::Real(real)) if real.fract() == 0.0 => format!("{real:.0}"),
                Some(Quantity::Real(real)) => real.to_string(),
                _ => number.to_string(),
            },
            plain => plain.to_string(),
        })
    }

    /// The places of a path; of one that names a single array or object, its parts.
    fn values(&mut self, path: &RulePath) -> Result<Vec<Found<'m>>, Exhausted> {
        let found = self.walk(path)?.found;
        if let ([one], false) = (found.as_slice(), path.is_many())
            && (one.value.is_array() || one.value.is_object())
        {
            self.budget.spend(size(one.value))?;
            return Ok(parts(one).collect());
        }
        Ok(found)
    }

    fn count(&mut self, at: &RulePath, min: Option<usize>, max: Option<usize>) -> Judged {
        let walk = self.walk(at)?;
        let (count, place) = if at.is_many() {
            let Some(from) = walk.many_from else { return Ok(Answer::new(Truth::Absent, Vec::new())) };
            (walk.found.len(), from)
        } else {
            let Some(one) = walk.found.first() else { return Ok(Answer::new(Truth::Absent, Vec::new())) };
            if !one.value.is_array() && !one.value.is_object() {
                return Ok(Answer::new(Truth::Unclear, vec![one.pointer.clone()]));
            }
            (size(one.value), one.pointer.clone())
        };
        let holds = min.is_none_or(|min| count >= min) && max.is_none_or(|max| count <= max);
        Ok(Answer::new(if holds { Truth::Holds } else { Truth::Fails }, vec![place]))
    }

    fn sum(&mut self, of: &RulePath, equals: Option<&Operand>, max: Option<&Operand>, within: f64) -> Judged {
        let target = equals.or(max);
        let found = self.values(of)?;
        if found.is_empty() || self.is_absent(target)? {
            return Ok(Answer::new(Truth::Absent, Vec::new()));
        }
        let place = match target {
            Some(Operand::At(path)) => self.walk(path)?.found.first().map(|found| found.pointer.clone()),
            _ => None,
        };
        let place = match place {
            Some(place) => place,
            None => self.walk(of)?.many_from.unwrap_or_else(|| self.context.pointer.clone()),
        };
        let target = match target {
            Some(target) => self.operand(target)?,
            None => None,
        };
        let parts: Option<Vec<f64>> = found
            .iter()
            .map(|found| Quantity::of(found.value).filter(|part| !matches!(part, Quantity::Time(_))))
            .map(|part| part.map(Quantity::as_f64))
            .collect();
        let (Some(parts), Some(target)) = (parts, target.map(Quantity::as_f64)) else {
            return Ok(Answer::new(Truth::Unclear, vec![place]));
        };
        let sum: f64 = parts.iter().sum();
        // Decimal fractions have no exact double: what adding them loses is no fault of the message.
        let scale = parts.iter().fold(target.abs(), |most, part| most.max(part.abs()));
        let within = within + scale * 1e-12 * f64::from(u32::try_from(parts.len()).unwrap_or(u32::MAX));
        let holds = if equals.is_some() { (sum - target).abs() <= within } else { sum <= target + within };
        Ok(Answer::new(if holds { Truth::Holds } else { Truth::Fails }, vec![place]))
    }

    fn ordered(&mut self, at: &RulePath, is_strict: bool) -> Judged {
        let found = self.values(at)?;
        let mut wrong = Vec::new();
        for pair in found.windows(2) {
            let [before, after] = pair else { continue };
            let ordering = Quantity::of(before.value).zip(Quantity::of(after.value)).and_then(|(a, b)| a.compare(b));
            match ordering {
                None => return Ok(Answer::new(Truth::Unclear, vec![after.pointer.clone()])),
                Some(Ordering::Greater) => wrong.push(after.pointer.clone()),
                Some(Ordering::Equal) if is_strict => wrong.push(after.pointer.clone()),
                Some(_) => {}
            }
        }
        Ok(decide(&found, wrong))
    }

    fn all(&mut self, all: &[Predicate]) -> Judged {
        let mut answers = Vec::with_capacity(all.len());
        for predicate in all {
            answers.push(self.judge(predicate)?);
        }
        Ok(first_of(answers, &[Truth::Fails, Truth::Unclear, Truth::Holds, Truth::Absent]))
    }

    /// When none holds it is the whole that fails, unless one place alone is to blame.
    fn any(&mut self, any: &[Predicate]) -> Judged {
        let mut answers = Vec::with_capacity(any.len());
        for predicate in any {
            answers.push(self.judge(predicate)?);
        }
        let mut answer = first_of(answers, &[Truth::Holds, Truth::Absent, Truth::Unclear, Truth::Fails]);
        if answer.truth == Truth::Fails && answer.places.len() > 1 {
            answer.places = vec![self.context.pointer.clone()];
        }
        Ok(answer)
    }
}

/// The first truth of `order` that one of the answers has, with the places of all that have it.
fn first_of(answers: Vec<Answer>, order: &[Truth]) -> Answer {
    let truth = order.iter().copied().find(|truth| answers.iter().any(|answer| answer.truth == *truth));
    let truth = truth.unwrap_or(Truth::Absent);
    let mut places: Vec<String> = Vec::new();
    for place in answers.into_iter().filter(|answer| answer.truth == truth).flat_map(|answer| answer.places) {
        if places.len() < PLACES_MAX && !places.contains(&place) {
            places.push(place);
        }
    }
    Answer::new(truth, places)
}

fn negate(answer: Answer) -> Answer {
    let truth = match answer.truth {
        Truth::Holds => Truth::Fails,
        Truth::Fails => Truth::Holds,
        same => same,
    };
    Answer { truth, ..answer }
}

/// Each place for itself; the ones that fail are to blame.
fn verdict(found: &[Found<'_>], holds: impl Fn(&Found<'_>) -> Option<bool>) -> Answer {
    let mut failing = Vec::new();
    let mut unclear = Vec::new();
    for place in found {
        match holds(place) {
            Some(true) => {}
            Some(false) => failing.push(place.pointer.clone()),
            None => unclear.push(place.pointer.clone()),
        }
    }
    if failing.is_empty() && !unclear.is_empty() {
        unclear.truncate(PLACES_MAX);
        return Answer::new(Truth::Unclear, unclear);
    }
    decide(found, failing)
}

fn decide(found: &[Found<'_>], mut failing: Vec<String>) -> Answer {
    failing.truncate(PLACES_MAX);
    match (found.is_empty(), failing.is_empty()) {
        (true, _) => Answer::new(Truth::Absent, Vec::new()),
        (false, true) => Answer::new(Truth::Holds, pointers(found)),
        (false, false) => Answer::new(Truth::Fails, failing),
    }
}

fn pointers(found: &[Found<'_>]) -> Vec<String> {
    found.iter().take(PLACES_MAX).map(|found| found.pointer.clone()).collect()
}

fn satisfies(ordering: Ordering, is: Comparison) -> bool {
    match is {
        Comparison::Below => ordering.is_lt(),
        Comparison::AtMost => ordering.is_le(),
        Comparison::Equal => ordering.is_eq(),
        Comparison::AtLeast => ordering.is_ge(),
        Comparison::Above => ordering.is_gt(),
    }
}

/// Whether a value is one of the literals. An object or array cannot be judged.
fn equals(value: &Value, literals: &[Literal]) -> Option<bool> {
    if value.is_null() {
        return Some(literals.contains(&Literal::Null));
    }
    let found = place::text(value)?;
    let is_same = |literal: &Literal| match literal {
        Literal::Null => false,
        Literal::Text(text) if *text == *found => true,
        // 1.0 is 1; but text is compared as text.
        Literal::Text(text) if value.is_number() => Quantity::of(value)
            .zip(Quantity::parse(text))
            .is_some_and(|(value, literal)| value.compare(literal) == Some(Ordering::Equal)),
        Literal::Text(_) => false,
    };
    Some(literals.iter().any(is_same))
}
