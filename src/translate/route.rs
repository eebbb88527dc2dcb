//! What leads from one profile to another: planned from two mappings and the hub, without any message.

use super::alarm::AlarmWay;
use super::pattern::{Pattern, Step, below};
use super::place::{Leaf, leaves};
use super::plan::{Place, SourcePlan, TargetPlan};
use super::value::{self, Hub};
use super::write::Writer;
use super::{Because, Fate, FateKind, Loss, Translated};
use crate::model::unit::Unit;
use crate::profile::{
    Concept, ConceptKind, Concepts, Field, MessageKind, Only, Per, Profile, Unit as FieldUnit, Written,
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

/// A field by its index, where it stood, what became of it, and where it stands.
type Done = (usize, Vec<String>, Fate, Option<String>);

/// All routes between two profiles.
#[derive(Debug)]
pub struct Routes {
    source: Arc<Profile>,
    target: Arc<Profile>,
    concepts: Concepts,
    from: SourcePlan,
    to: TargetPlan,
    /// Concepts that may leave; `None`: all but those of persons.
    only: Option<Vec<String>>,
    drop: Vec<String>,
    alarms: Option<AlarmWay>,
}

impl Routes {
    /// Between two profiles whose concepts are these.
    #[must_use]
    pub fn plan(source: Arc<Profile>, target: Arc<Profile>, concepts: Concepts) -> Self {
        let (from, to) = (SourcePlan::new(&source), TargetPlan::new(&target));
        let alarms = AlarmWay::between(&source, &target);
        Self { source, target, concepts, from, to, only: None, drop: Vec::new(), alarms }
    }

    /// Only these concepts leave, and these do not.
    #[must_use]
    pub fn withholding(self, only: Option<Vec<String>>, drop: Vec<String>) -> Self {
        Self { only, drop, ..self }
    }

    /// How alarms get across; `None`: not at all, or as other values do.
    #[must_use]
    pub fn alarms(&self) -> Option<&AlarmWay> {
        self.alarms.as_ref()
    }

    pub(super) fn source(&self) -> &Profile {
        &self.source
    }

    /// Where messages of the source hold a concept, in the order of its mapping.
    pub(super) fn holding(&self, concept: &str) -> impl Iterator<Item = &Pattern> {
        let fields = self.source.mapping.fields.iter().zip(&self.from.fields);
        fields
            .filter(move |(field, _)| field.concept.as_deref() == Some(concept))
            .filter_map(|(_, place)| Some(&place.as_ref()?.field))
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

    /// The table that both sides can sign: every field of the source, what is left out of it on
    /// purpose, then every field of the target without source.
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
        let left_out = self.source.mapping.unmapped.iter().filter(|left| left.path.starts_with('/'));
        rows.extend(left_out.map(|left| {
            let because = vec![Because::Titles(left.because.clone())];
            let fate = Fate { kind: FateKind::Absent, because };
            Route { concept: None, source: Some(left.path.clone()), targets: Vec::new(), fate }
        }));
        for field in self.target.mapping.fields.iter().filter(|field| field.meaning.only != Some(Only::Read)) {
            let concept = of(field);
            let is_filled = |row: &Route| row.targets.contains(&field.pointer);
            if !rows.iter().any(is_filled) {
                let is_made = concept.as_deref().is_some_and(|concept| self.is_made(concept));
                let fate = if is_made { Fate::of_change() } else { Fate::absent("translate-no-source") };
                rows.push(Route { concept, source: None, targets: vec![field.pointer.clone()], fate });
            }
        }
        rows
    }

    /// Fields of the target that hold a concept.
    fn targets(&self, concept: &str) -> Vec<&Field> {
        self.to.holding(&self.target, concept).map(|(field, _)| field).collect()
    }

    /// The best that can become of a field, as far as the mappings say.
    fn foreseen(&self, field: &Field, concept: Option<&Concept>, targets: &[&Field]) -> Fate {
        let Some(concept) = concept else { return Fate::absent("translate-no-concept") };
        if let Some(withheld) = self.withheld(concept) {
            return Fate::absent(withheld);
        }
        if self.is_place_in_list(concept) {
            return Fate::in_list();
        }
        let Some(target) = targets.first() else { return Fate::absent("translate-no-target") };
        self.fate(field, target, concept)
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
    fn fate(&self, field: &Field, target: &Field, concept: &Concept) -> Fate {
        let mut fate = Self::of_every_value(field, target, concept);
        if let (Some(from), Some(to)) = (&field.meaning.table, &target.meaning.table) {
            if from.entries.iter().any(|entry| from.entries.iter().any(|other| other.is == entry.is && other != entry))
                || from.entries.iter().any(|entry| matches!(to.write(&entry.is), Written::Approximate(_)))
            {
                fate.worsen(FateKind::Approximated, Because::Word("translate-many-to-one"));
            }
            let is_absent = |value: &str| matches!(to.write(value), Written::Absent(_));
            if from.entries.iter().any(|entry| is_absent(&entry.is)) {
                fate.worsen(FateKind::Approximated, Because::Word("translate-some-absent"));
            }
        }
        let placeholders = |field: &Field| Pattern::new(&field.pointer).map_or(0, |pattern| pattern.placeholders());
        let is_each_told = matches!(self.alarms, Some(AlarmWay::ToEvents(_))) && concept.per == Some(Per::Alarm);
        if placeholders(field) > 0 && placeholders(target) == 0 && !is_each_told {
            fate.worsen(FateKind::Approximated, Because::Word("translate-first-instance"));
        }
        fate
    }

    /// Translates one message. `given` are concepts whose value comes from outside, in the hub's form, for what the
    /// source lacks.
    #[must_use]
    pub fn document(&self, message: &Value, given: &[(String, Value)]) -> Translated {
        self.translate(message, &[], given, false)
    }

    /// The same; `first` is given before what the source says of it. `is_one`: the message is about one of several, and
    /// so is what becomes of it.
    pub(super) fn translate(
        &self,
        message: &Value,
        first: &[(String, Value)],
        given: &[(String, Value)],
        is_one: bool,
    ) -> Translated {
        let mut writer = Writer::new();
        let mut losses = Vec::new();
        let mut placed = Vec::new();
        let mut not_given = Vec::new();
        for (concept, value) in first {
            match self.give(concept, value, &mut writer) {
                Ok(at) => placed.push((concept.clone(), at)),
                Err(because) => not_given.push((concept.clone(), because)),
            }
        }
        let mut done = self.in_order(message, is_one, &mut writer);
        for leaf in leaves(message) {
            let mut of_leaf = Vec::new();
            for (at, (field, place)) in self.source.mapping.fields.iter().zip(&self.from.fields).enumerate() {
                let Some(place) = place else { continue };
                let Some(keys) = place.field.keys(message, &leaf.steps) else { continue };
                let steps = leaf.steps.get(..place.field.steps.len()).unwrap_or_default();
                let found = done.iter().find(|(other, before, ..)| *other == at && *before == steps);
                let (fate, target) = match found {
                    Some((_, _, fate, target)) => (fate.clone(), target.clone()),
                    None => {
                        let value = steps.iter().try_fold(message, |here, step| below(here, step));
                        let unit = || source_unit(message, field, place, &keys);
                        let (fate, target) = self.carry((message, value), field, unit, &keys, is_one, &mut writer);
                        done.push((at, steps.to_vec(), fate.clone(), target.clone()));
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
        for (concept, value) in given {
            match self.give(concept, value, &mut writer) {
                Ok(at) => placed.push((concept.clone(), at)),
                Err(because) => not_given.push((concept.clone(), because)),
            }
        }
        writer.constants(&self.to.constants, self.target.exchange);
        Translated { message: writer.message, losses, given: placed, not_given }
    }

    /// What becomes of an event, field by field in the order of its mapping, which says what goes before what.
    fn in_order(&self, message: &Value, is_one: bool, writer: &mut Writer) -> Vec<Done> {
        let mut done = Vec::new();
        if self.source.message != MessageKind::Event {
            return done;
        }
        let fields = self.source.mapping.fields.iter().zip(&self.from.fields).enumerate();
        for (at, (field, place)) in fields {
            let Some(place) = place.as_ref().filter(|place| place.field.is_plain()) else { continue };
            let Some(value) = place.field.value(message, &[]) else { continue };
            let name = |step: &Step| if let Step::Name(name) = step { name.clone() } else { String::new() };
            let steps = place.field.steps.iter().map(name).collect();
            let unit = || source_unit(message, field, place, &[]);
            let (fate, target) = self.carry((message, Some(value)), field, unit, &[], is_one, writer);
            done.push((at, steps, fate, target));
        }
        done
    }

    /// A leaf that no field reads: a unit, a constant, something left out on purpose, or something unknown.
    fn unclaimed(&self, message: &Value, leaf: &Leaf) -> Loss {
        let leads = |pattern: &Pattern| pattern.keys(message, &leaf.steps).is_some();
        let mut units = self.from.fields.iter().flatten().filter_map(|place| place.unit.as_ref());
        let fate = if units.any(leads) {
            Fate { kind: FateKind::Converted, because: vec![Because::Word("translate-unit-stated")] }
        } else if self.from.constants.iter().any(leads) {
            Fate { kind: FateKind::Converted, because: vec![Because::Word("translate-frame")] }
        } else if let Some((_, at)) = self.from.unmapped.iter().find(|(pattern, _)| leads(pattern)) {
            let because = Because::Titles(self.source.mapping.unmapped[*at].because.clone());
            Fate { kind: FateKind::Absent, because: vec![because] }
        } else {
            Fate::absent("translate-unmapped")
        };
        Loss { pointer: leaf.pointer(), concept: None, target: None, fate }
    }

    /// One value from its place in the source to its places in the target.
    fn carry(
        &self,
        (message, value): (&Value, Option<&Value>),
        field: &Field,
        unit: impl Fn() -> StatedUnit,
        keys: &[String],
        is_one: bool,
        writer: &mut Writer,
    ) -> (Fate, Option<String>) {
        let concept = field.concept.as_deref().and_then(|id| self.concepts.find(id));
        let Some(concept) = concept else { return (Fate::absent("translate-no-concept"), None) };
        if let Some(withheld) = self.withheld(concept) {
            return (Fate::absent(withheld), None);
        }
        if self.is_place_in_list(concept) {
            return (Fate::in_list(), None);
        }
        if concept.per == Some(Per::Alarm) && self.is_over(message) {
            return (Fate::absent("translate-alarm-over"), None);
        }
        let mut targets = self.to.holding(&self.target, &concept.id).peekable();
        if targets.peek().is_none() {
            return (Fate::absent("translate-no-target"), None);
        }
        let mut fate = Fate::exact();
        let failed = |because| (Fate { kind: FateKind::Absent, because: vec![because] }, None);
        let Some(value) = value else { return failed(Because::Word("translate-no-value")) };
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
        let hub = match value::read(derived.as_ref().unwrap_or(value), field, concept, unit(), &mut fate) {
            Ok(hub) => hub,
            Err(because) => return failed(because),
        };
        let (mut written, mut refused) = (None, None);
        for (target, place) in targets {
            let mut own = fate.clone();
            rules(field, target, &mut own);
            match put(&hub, (target, place), concept, keys, (is_one, &mut own), writer) {
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

    /// A value from outside, where the source gave none; tells where it stands now.
    fn give(&self, concept: &str, value: &Value, writer: &mut Writer) -> Result<String, Because> {
        const NO_TARGET: Because = Because::Word("translate-no-target");
        let concept = self.concepts.find(concept).ok_or(NO_TARGET)?;
        let target = self.to.holding(&self.target, &concept.id).next().ok_or(NO_TARGET)?;
        let hub = match (value, concept.values.is_empty()) {
            (Value::String(word), false) => Hub::Word(word.clone()),
            (Value::Number(number), _) => Hub::Number { text: number.to_string(), unit: concept.unit },
            (Value::String(text), _) if concept.kind == ConceptKind::LocalizedText => {
                Hub::Texts(vec![(String::new(), text.clone())])
            }
            _ => Hub::Plain(value.clone()),
        };
        put(&hub, target, concept, &[], (false, &mut Fate::exact()), writer)
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
    (target, place): (&Field, &Place),
    concept: &Concept,
    keys: &[String],
    (is_one, fate): (bool, &mut Fate),
    writer: &mut Writer,
) -> Result<String, Because> {
    let counts_in = target_unit(target, concept);
    let value = value::write(hub, target, concept, counts_in, fate)?;
    let own: Vec<String> = match (keys.len(), place.field.placeholders()) {
        (_, 0) => {
            if !keys.is_empty() && !is_one {
                fate.worsen(FateKind::Approximated, Because::Word("translate-first-instance"));
            }
            Vec::new()
        }
        (have, want) if have >= want => keys.iter().skip(have - want).cloned().collect(),
        // One value per machine where the target has several: its only instance needs a name.
        (have, want) => {
            // An alarm is one of a list by itself.
            if concept.per != Some(Per::Alarm) {
                fate.worsen(FateKind::Approximated, Because::Word("translate-only-instance"));
            }
            keys.iter().cloned().chain(std::iter::repeat_n("1".to_owned(), want - have)).collect()
        }
    };
    let at = writer.put(&place.field, &own, value).map_err(Because::Word)?;
    writer.unit(target, place.unit.as_ref(), counts_in, &own);
    Ok(at)
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

/// `Err`: a unit is stated and not understood.
type StatedUnit = Result<Option<&'static Unit>, &'static str>;

/// In what a number of a message counts.
fn source_unit(message: &Value, field: &Field, place: &Place, keys: &[String]) -> StatedUnit {
    const UNKNOWN: &str = "translate-unit-unknown";
    let stated = || place.unit.as_ref().and_then(|at| at.value(message, keys));
    match &field.unit {
        None => Ok(None),
        Some(FieldUnit::Code(code)) => Unit::by_code(code).map(Some).ok_or(UNKNOWN),
        Some(FieldUnit::At(_)) => {
            let stated = stated().ok_or(UNKNOWN)?;
            let id = ["UnitId", "unitId"].iter().find_map(|key| stated.get(key)?.as_i64());
            let code = id.and_then(|id| i32::try_from(id).ok()).and_then(Unit::code_of);
            code.as_deref().and_then(Unit::by_code).map(Some).ok_or(UNKNOWN)
        }
        Some(FieldUnit::Word { words, otherwise, .. }) => {
            let code = match stated().filter(|stated| !stated.is_null()) {
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
