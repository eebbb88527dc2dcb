//! Which fields of one machine's message fill which fields of another profile's, once both are known by pointer.

use super::route::Routes;
use super::step::Step;
use super::{Because, Fate, FateKind};
use crate::model::unit::Unit;
use crate::profile::{Concept, Field, Only, PointerStep, Unit as FieldUnit, pointer_steps, unescape};
use serde_json::Value;
use std::collections::HashSet;

/// What becomes of one field of the source.
#[derive(Clone, Debug)]
pub struct Link {
    /// Place of the field among those asked for.
    pub source: u32,
    /// What becomes of every value; of single ones it may be worse.
    pub fate: Fate,
    /// Empty: nothing of it reaches the target.
    pub targets: Vec<LinkTarget>,
}

/// A field of the target that it fills.
#[derive(Clone, Debug)]
pub struct LinkTarget {
    /// Index into the fields of the target's mapping.
    pub field: usize,
    /// Unescaped names from the root of the message, each with whether a placeholder stands there.
    pub steps: Vec<(String, bool)>,
    pub step: Step,
    /// Pointer of the field of the source that states its unit.
    pub unit_at: Option<String>,
    /// Where the target states the unit, and how.
    pub stated: Option<(Vec<String>, Value)>,
}

impl Routes {
    /// Links fields with these pointers, in this order, to fields of the target that are not `taken`, and takes them. Of
    /// several that would fill one field the first does.
    #[must_use]
    pub fn links<'p>(&self, pointers: impl IntoIterator<Item = &'p str>, taken: &mut HashSet<String>) -> Vec<Link> {
        (0..).zip(pointers).map(|(source, pointer)| self.link(source, pointer, taken)).collect()
    }

    fn link(&self, source: u32, pointer: &str, taken: &mut HashSet<String>) -> Link {
        let mut link = Link { source, fate: Fate::absent("translate-unmapped"), targets: Vec::new() };
        let names: Vec<String> = pointer.split('/').skip(1).map(unescape).collect();
        for field in self.source_fields() {
            let Some(keys) = keys(field, &names) else { continue };
            let concept = field.concept.as_deref().and_then(|id| self.concept(id));
            let Some(concept) = concept else {
                better(&mut link.fate, Fate::absent("translate-no-concept"));
                continue;
            };
            let fate = self.fill(field, &concept, &keys, taken, &mut link.targets);
            better(&mut link.fate, fate);
        }
        link
    }

    /// Fields of the target that hold the concept, filled; says how well.
    fn fill(
        &self,
        source: &Field,
        concept: &Concept,
        keys: &[String],
        taken: &mut HashSet<String>,
        filled: &mut Vec<LinkTarget>,
    ) -> Fate {
        let targets = self.target_fields(&concept.id);
        let mut best = Fate::absent(if targets.is_empty() { "translate-no-target" } else { "translate-unknown-word" });
        for (at, target) in targets {
            let unit = super::route::target_unit(target, concept);
            let Some(mut step) = Step::compile(source, target, concept, unit) else { continue };
            let mut fate = Self::of_every_value(source, target, concept);
            let Some(steps) = place(target, keys, &mut fate) else { continue };
            let pointer: String = steps.iter().map(|(step, _)| format!("/{step}")).collect();
            if !taken.insert(pointer) {
                better(&mut best, Fate::absent("translate-already-filled"));
                continue;
            }
            let unit_at = match &source.unit {
                Some(FieldUnit::At(pattern)) => {
                    step.count_in(Err("translate-unit-unknown"));
                    Some(filled_pointer(pattern, keys))
                }
                Some(FieldUnit::Code(code)) => {
                    step.count_in(Unit::by_code(code).map(Some).ok_or("translate-unit-unknown"));
                    None
                }
                Some(FieldUnit::Word { .. }) => continue,
                None => {
                    step.count_in(Ok(None));
                    None
                }
            };
            better(&mut best, fate);
            let stated = match (&target.unit, unit) {
                (Some(FieldUnit::At(pattern)), Some(unit)) => {
                    Some((filled_steps(pattern, &steps), super::write::information(unit)))
                }
                _ => None,
            };
            filled.push(LinkTarget { field: at, steps, step, unit_at, stated });
        }
        best
    }

    fn source_fields(&self) -> impl Iterator<Item = &Field> {
        self.source().mapping.fields.iter().filter(|field| field.meaning.only != Some(Only::Write))
    }

    fn target_fields(&self, concept: &str) -> Vec<(usize, &Field)> {
        let holds = |(_, field): &(usize, &Field)| {
            field.concept.as_deref() == Some(concept) && field.meaning.only != Some(Only::Read)
        };
        self.target().mapping.fields.iter().enumerate().filter(holds).collect()
    }
}

fn better(best: &mut Fate, other: Fate) {
    let is_reason = best.kind == FateKind::Absent && other.kind == FateKind::Absent;
    if other.kind < best.kind || is_reason {
        *best = other;
    }
}

/// Whether a pointer is one of a field, and what its placeholders then stand for.
fn keys(field: &Field, names: &[String]) -> Option<Vec<String>> {
    let steps = pointer_steps(&field.pointer).ok()?;
    if steps.len() != names.len() {
        return None;
    }
    let mut keys = Vec::new();
    for (step, name) in steps.iter().zip(names) {
        match step {
            PointerStep::Name(wanted) if unescape(wanted) == *name => {}
            PointerStep::Placeholder(_) => keys.push(name.clone()),
            PointerStep::Name(_) | PointerStep::Select { .. } => return None,
        }
    }
    Some(keys)
}

/// Where a value goes: one of several has a name of its own there, or is the first of them.
fn place(target: &Field, keys: &[String], fate: &mut Fate) -> Option<Vec<(String, bool)>> {
    let steps = pointer_steps(&target.pointer).ok()?;
    let wanted = steps.iter().filter(|step| matches!(step, PointerStep::Placeholder(_))).count();
    if wanted == 0 && !keys.is_empty() {
        fate.worsen(FateKind::Approximated, Because::Word("translate-first-instance"));
    }
    if wanted > keys.len() {
        fate.worsen(FateKind::Approximated, Because::Word("translate-only-instance"));
    }
    let own = keys.iter().skip(keys.len().saturating_sub(wanted)).cloned();
    let mut own = own.chain(std::iter::repeat("1".to_owned()));
    let filled = steps.iter().map(|step| match step {
        PointerStep::Name(name) => Some((unescape(name), false)),
        PointerStep::Placeholder(_) => Some((own.next()?, true)),
        PointerStep::Select { .. } => None,
    });
    filled.collect()
}

/// Steps of a pointer of the mapping that lies beside a field, with the same elements.
fn filled_steps(pattern: &str, beside: &[(String, bool)]) -> Vec<String> {
    let mut elements = beside.iter().filter(|(_, is_element)| *is_element).map(|(element, _)| element.clone());
    let steps = pointer_steps(pattern).unwrap_or_default();
    let filled = steps.iter().filter_map(|step| match step {
        PointerStep::Name(name) => Some(unescape(name)),
        PointerStep::Placeholder(_) => elements.next(),
        PointerStep::Select { .. } => None,
    });
    filled.collect()
}

/// A pointer of the mapping with its placeholders filled, as far as there are elements.
fn filled_pointer(pattern: &str, keys: &[String]) -> String {
    let mut keys = keys.iter();
    let steps = pointer_steps(pattern).unwrap_or_default();
    let filled = steps.iter().map(|step| match step {
        PointerStep::Name(name) => format!("/{name}"),
        PointerStep::Placeholder(_) => {
            format!("/{}", keys.next().map(|key| key.replace('~', "~0").replace('/', "~1")).unwrap_or_default())
        }
        PointerStep::Select { .. } => String::new(),
    });
    filled.collect()
}
