//! What leads from one profile to another: planned from two mappings and the hub, without any message.

use super::place::{Leaf, leaves, matched, pointer};
use super::value::{self, Hub};
use super::write::{Target, Writer};
use super::{Because, Fate, FateKind, Loss, Translated};
use crate::model::unit::Unit;
use crate::profile::{
    Concept, Concepts, Field, Only, PointerStep, Profile, Unit as FieldUnit, pointer_steps, unescape,
};
use serde_json::Value;
use std::sync::Arc;

/// What becomes of one field of the source, or why a field of the target has no source.
#[derive(Clone, Debug)]
pub struct Route {
    pub concept: Option<Arc<Concept>>,
    /// Pointer of the source's mapping; `None`: nothing of the source fills the target.
    pub source: Option<String>,
    /// Pointers of the target's mapping.
    pub targets: Vec<String>,
    pub fate: Fate,
}

/// All routes between two profiles.
#[derive(Debug)]
pub struct Routes {
    source: Arc<Profile>,
    target: Arc<Profile>,
    concepts: Concepts,
    /// Concepts that may leave; `None`: all but those of persons.
    only: Option<Vec<String>>,
    drop: Vec<String>,
}

impl Routes {
    /// Between two profiles whose concepts are these.
    #[must_use]
    pub fn plan(source: Arc<Profile>, target: Arc<Profile>, concepts: Concepts) -> Self {
        Self { source, target, concepts, only: None, drop: Vec::new() }
    }

    /// Only these concepts leave, and these do not.
    #[must_use]
    pub fn withholding(self, only: Option<Vec<String>>, drop: Vec<String>) -> Self {
        Self { only, drop, ..self }
    }

    pub(super) fn source(&self) -> &Profile {
        &self.source
    }

    pub(super) fn target(&self) -> &Profile {
        &self.target
    }

    pub(super) fn concept(&self, id: &str) -> Option<Arc<Concept>> {
        self.concepts.find(id).map(Arc::clone)
    }

    /// Why a concept does not leave.
    fn withheld(&self, concept: &Concept) -> Option<&'static str> {
        let is_named = self.only.as_ref().map(|only| only.contains(&concept.id));
        if self.drop.contains(&concept.id) || is_named == Some(false) {
            return Some("translate-withheld");
        }
        (concept.is_person && is_named != Some(true)).then_some("translate-person")
    }

    /// The table that both sides can sign: every field of the source, then every field of the target without source.
    #[must_use]
    pub fn table(&self) -> Vec<Route> {
        let of = |field: &Field| field.concept.as_deref().and_then(|id| self.concepts.find(id)).map(Arc::clone);
        let mut rows: Vec<Route> = self
            .source
            .mapping
            .fields
            .iter()
            .filter(|field| field.meaning.only != Some(Only::Write))
            .map(|field| {
                let concept = of(field);
                let targets: Vec<&Field> = concept.as_ref().map_or(Vec::new(), |concept| self.targets(&concept.id));
                let fate = self.foreseen(field, concept.as_deref(), &targets);
                let targets = targets.iter().map(|field| field.pointer.clone()).collect();
                Route { concept, source: Some(field.pointer.clone()), targets, fate }
            })
            .collect();
        for field in self.target.mapping.fields.iter().filter(|field| field.meaning.only != Some(Only::Read)) {
            let concept = of(field);
            let is_filled = |row: &Route| row.targets.contains(&field.pointer);
            if !rows.iter().any(is_filled) {
                let fate = Fate::absent("translate-no-source");
                rows.push(Route { concept, source: None, targets: vec![field.pointer.clone()], fate });
            }
        }
        rows
    }

    /// Fields of the target that hold a concept.
    fn targets(&self, concept: &str) -> Vec<&Field> {
        let holds =
            |field: &&Field| field.concept.as_deref() == Some(concept) && field.meaning.only != Some(Only::Read);
        self.target.mapping.fields.iter().filter(holds).collect()
    }

    /// The best that can become of a field, as far as the mappings say.
    fn foreseen(&self, field: &Field, concept: Option<&Concept>, targets: &[&Field]) -> Fate {
        let Some(concept) = concept else { return Fate::absent("translate-no-concept") };
        if let Some(withheld) = self.withheld(concept) {
            return Fate::absent(withheld);
        }
        let Some(target) = targets.first() else { return Fate::absent("translate-no-target") };
        Self::fate(field, target, concept)
    }

    /// What becomes of every value of a field in a field of the target; what becomes of single ones is worse.
    pub(super) fn of_every_value(field: &Field, target: &Field, concept: &Concept) -> Fate {
        let mut fate = Fate::exact();
        rules(field, target, &mut fate);
        if let (Some(FieldUnit::Code(from)), Some(to)) = (&field.unit, target_unit(target, concept))
            && from != to.code
        {
            fate.worsen(FateKind::Converted, Because::Unit { from: from.clone(), to: to.code.to_owned() });
        }
        fate
    }

    /// The same with the worst that can become of single values.
    fn fate(field: &Field, target: &Field, concept: &Concept) -> Fate {
        let mut fate = Self::of_every_value(field, target, concept);
        if let (Some(from), Some(to)) = (&field.meaning.table, &target.meaning.table) {
            if from.entries.iter().any(|entry| from.entries.iter().any(|other| other.is == entry.is && other != entry))
                || from
                    .entries
                    .iter()
                    .any(|entry| matches!(to.write(&entry.is), crate::profile::Written::Approximate(_)))
            {
                fate.worsen(FateKind::Approximated, Because::Word("translate-many-to-one"));
            }
            let is_absent = |value: &str| matches!(to.write(value), crate::profile::Written::Absent(_));
            if from.entries.iter().any(|entry| is_absent(&entry.is)) {
                fate.worsen(FateKind::Approximated, Because::Word("translate-some-absent"));
            }
        }
        if placeholders(&field.pointer) > 0 && placeholders(&target.pointer) == 0 {
            fate.worsen(FateKind::Approximated, Because::Word("translate-first-instance"));
        }
        fate
    }

    /// Translates one message. `given` are concepts whose value comes from outside, in the hub's form, for what the
    /// source lacks.
    #[must_use]
    pub fn document(&self, message: &Value, given: &[(String, Value)]) -> Translated {
        let mut writer = Writer::new(&self.target);
        let fields: Vec<(&Field, Vec<PointerStep<'_>>)> = self
            .source
            .mapping
            .fields
            .iter()
            .map(|field| (field, pointer_steps(&field.pointer).unwrap_or_default()))
            .collect();
        let mut losses = Vec::new();
        let mut done: Vec<(usize, Vec<String>, Fate, Option<String>)> = Vec::new();
        for leaf in leaves(message) {
            let mut of_leaf = Vec::new();
            for (at, (field, steps)) in fields.iter().enumerate() {
                if field.meaning.only == Some(Only::Write) {
                    continue;
                }
                let Some(keys) = matched(message, steps, &leaf.steps) else { continue };
                let place = leaf.steps.iter().take(steps.len()).cloned().collect::<Vec<_>>();
                let found = done.iter().find(|(other, before, ..)| *other == at && *before == place);
                let (fate, target) = match found {
                    Some((_, _, fate, target)) => (fate.clone(), target.clone()),
                    None => {
                        let (fate, target) = self.carry(message, field, &keys, &place, &mut writer);
                        done.push((at, place, fate.clone(), target.clone()));
                        (fate, target)
                    }
                };
                of_leaf.push(Loss { pointer: leaf.pointer(), concept: field.concept.clone(), target, fate });
            }
            if of_leaf.is_empty() {
                of_leaf.push(self.unclaimed(message, &leaf));
            }
            // A leaf that several fields read is as well off as the best of them.
            of_leaf.sort_by_key(|loss| loss.fate.kind);
            losses.extend(of_leaf.into_iter().next());
        }
        let given = given.iter().filter_map(|(concept, value)| self.give(concept, value, &mut writer)).collect();
        writer.constants();
        Translated { message: writer.message, losses, given }
    }

    /// A leaf that no field reads: a unit, a constant, something left out on purpose, or something unknown.
    fn unclaimed(&self, message: &Value, leaf: &Leaf) -> Loss {
        let leads =
            |pattern: &str| pointer_steps(pattern).is_ok_and(|steps| matched(message, &steps, &leaf.steps).is_some());
        let mapping = &self.source.mapping;
        let is_unit = |field: &Field| match &field.unit {
            Some(FieldUnit::At(at) | FieldUnit::Word { at, .. }) => leads(at),
            _ => false,
        };
        let fate = if mapping.fields.iter().any(is_unit) {
            Fate { kind: FateKind::Converted, because: vec![Because::Word("translate-unit-stated")] }
        } else if mapping.constants.iter().any(|constant| leads(&constant.pointer)) {
            Fate { kind: FateKind::Converted, because: vec![Because::Word("translate-frame")] }
        } else if let Some(left) = mapping.unmapped.iter().find(|left| left.path.starts_with('/') && leads(&left.path))
        {
            Fate { kind: FateKind::Absent, because: vec![Because::Titles(left.because.clone())] }
        } else {
            Fate::absent("translate-unmapped")
        };
        Loss { pointer: leaf.pointer(), concept: None, target: None, fate }
    }

    /// One value from its place in the source to its places in the target.
    fn carry(
        &self,
        message: &Value,
        field: &Field,
        keys: &[String],
        place: &[String],
        writer: &mut Writer<'_>,
    ) -> (Fate, Option<String>) {
        let concept = field.concept.as_deref().and_then(|id| self.concepts.find(id));
        let Some(concept) = concept else { return (Fate::absent("translate-no-concept"), None) };
        if let Some(withheld) = self.withheld(concept) {
            return (Fate::absent(withheld), None);
        }
        let targets = self.targets(&concept.id);
        if targets.is_empty() {
            return (Fate::absent("translate-no-target"), None);
        }
        let mut fate = Fate::exact();
        let failed = |because| (Fate { kind: FateKind::Absent, because: vec![because] }, None);
        let Some(value) = message.pointer(&pointer(place)) else { return failed(Because::Word("translate-no-value")) };
        let derived = match &field.meaning.derive {
            None => None,
            Some(derive) => {
                let taken = value
                    .as_str()
                    .and_then(|text| derive.pattern.captures(text))
                    .and_then(|found| found.get(derive.take));
                let Some(taken) = taken else { return failed(Because::Word("translate-unreadable")) };
                fate.worsen(FateKind::Converted, Because::Word("translate-derived"));
                Some(Value::from(taken.as_str()))
            }
        };
        let unit = source_unit(message, field, keys);
        let hub = match value::read(derived.as_ref().unwrap_or(value), field, concept, unit, &mut fate) {
            Ok(hub) => hub,
            Err(because) => return failed(because),
        };
        let (mut written, mut refused) = (None, None);
        for target in targets {
            let mut own = fate.clone();
            rules(field, target, &mut own);
            match put(&hub, target, concept, keys, &mut own, writer) {
                Ok(at) if written.is_none() => {
                    fate = own;
                    written = Some(at);
                }
                Ok(_) => {}
                Err(because) => refused = refused.or(Some(because)),
            }
        }
        match (written, refused) {
            (None, Some(because)) => failed(because),
            (written, _) => (fate, written),
        }
    }

    /// A value from outside, where the source gave none.
    fn give(&self, concept: &str, value: &Value, writer: &mut Writer<'_>) -> Option<(String, String)> {
        let concept = self.concepts.find(concept)?;
        let target = *self.targets(&concept.id).first()?;
        let hub = match (value, concept.values.is_empty()) {
            (Value::String(word), false) => Hub::Word(word.clone()),
            (Value::Number(number), _) => Hub::Number { text: number.to_string(), unit: concept.unit },
            (Value::String(text), _) if concept.kind == crate::profile::ConceptKind::LocalizedText => {
                Hub::Texts(vec![(String::new(), text.clone())])
            }
            _ => Hub::Plain(value.clone()),
        };
        let at = put(&hub, target, concept, &[], &mut Fate::exact(), writer).ok()?;
        Some((concept.id.clone(), at))
    }
}

/// Rules and spellings that the two mappings declare.
fn rules(source: &Field, target: &Field, fate: &mut Fate) {
    for rule in [&source.meaning.rule, &target.meaning.rule].into_iter().flatten() {
        fate.worsen(FateKind::Approximated, Because::Titles(rule.clone()));
    }
    let (from, to) = (source.meaning.form, target.meaning.form);
    if from != to {
        fate.worsen(FateKind::Converted, Because::Form { from: from.name(), to: to.name() });
    }
    if let (Some(from), Some(to)) = (&source.meaning.table, &target.meaning.table)
        && from.entries != to.entries
    {
        fate.worsen(FateKind::Converted, Because::Word("translate-by-table"));
    }
}

fn put(
    hub: &Hub,
    target: &Field,
    concept: &Concept,
    keys: &[String],
    fate: &mut Fate,
    writer: &mut Writer<'_>,
) -> Result<String, Because> {
    let value = value::write(hub, target, concept, target_unit(target, concept), fate)?;
    let wanted = placeholders(&target.pointer);
    let own: Vec<String> = match (keys.len(), wanted) {
        (_, 0) => {
            if !keys.is_empty() {
                fate.worsen(FateKind::Approximated, Because::Word("translate-first-instance"));
            }
            Vec::new()
        }
        (have, want) if have >= want => keys.iter().skip(have - want).cloned().collect(),
        // One value per machine where the target has several: its only instance needs a name.
        (have, want) => {
            fate.worsen(FateKind::Approximated, Because::Word("translate-only-instance"));
            keys.iter().cloned().chain(std::iter::repeat_n("1".to_owned(), want - have)).collect()
        }
    };
    let at = writer.put(&Target { pointer: &target.pointer, keys: &own }, value).map_err(Because::Word)?;
    writer.unit(target, target_unit(target, concept), &own);
    Ok(at)
}

fn placeholders(pointer: &str) -> usize {
    pointer_steps(pointer)
        .map_or(0, |steps| steps.iter().filter(|step| matches!(step, PointerStep::Placeholder(_))).count())
}

/// In what the target counts: its fixed unit, or that of the hub where it can say so.
pub(super) fn target_unit(field: &Field, concept: &Concept) -> Option<&'static Unit> {
    match &field.unit {
        Some(FieldUnit::Code(code)) => Unit::by_code(code),
        Some(FieldUnit::At(_)) => concept.unit,
        Some(FieldUnit::Word { words, otherwise, .. }) => {
            let said = |unit: &&'static Unit| words.words.iter().any(|(_, code)| code == unit.code);
            let first = || words.words.iter().find_map(|(_, code)| Unit::by_code(code));
            concept.unit.filter(said).or_else(|| otherwise.as_deref().and_then(Unit::by_code)).or_else(first)
        }
        None => None,
    }
}

/// In what a number of a message counts. `Err`: it is stated and not understood.
fn source_unit(message: &Value, field: &Field, keys: &[String]) -> Result<Option<&'static Unit>, &'static str> {
    const UNKNOWN: &str = "translate-unit-unknown";
    let at = |pattern: &str| {
        let mut keys = keys.iter();
        let steps = pointer_steps(pattern).unwrap_or_default();
        let mut here = message;
        for step in steps {
            here = match step {
                PointerStep::Name(name) => here.pointer(&format!("/{name}"))?,
                PointerStep::Placeholder(_) => here.pointer(&pointer(&[keys.next()?.clone()]))?,
                PointerStep::Select { member, value } => here.as_array()?.iter().find(|item| {
                    let found = item.pointer(&format!("/{}", unescape(member)));
                    found.and_then(Value::as_str) == Some(&*unescape(value))
                })?,
            };
        }
        Some(here)
    };
    match &field.unit {
        None => Ok(None),
        Some(FieldUnit::Code(code)) => Unit::by_code(code).map(Some).ok_or(UNKNOWN),
        Some(FieldUnit::At(pattern)) => {
            let stated = at(pattern).ok_or(UNKNOWN)?;
            let id = ["UnitId", "unitId"].iter().find_map(|key| stated.get(key)?.as_i64());
            let code = id.and_then(|id| i32::try_from(id).ok()).and_then(Unit::code_of);
            code.as_deref().and_then(Unit::by_code).map(Some).ok_or(UNKNOWN)
        }
        Some(FieldUnit::Word { at: pattern, words, otherwise }) => {
            let code = match at(pattern).filter(|stated| !stated.is_null()) {
                None => otherwise.as_deref(),
                Some(stated) => {
                    let word = stated.as_str().ok_or(UNKNOWN)?;
                    words.words.iter().find(|(known, _)| known == word).map(|(_, code)| code.as_str())
                }
            };
            code.and_then(Unit::by_code).map(Some).ok_or(UNKNOWN)
        }
    }
}
