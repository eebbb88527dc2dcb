//! The entries of a mapping: groups, fields, and what a field says about its concept.

use super::concepts::{Concept, ConceptKind};
use super::declared::{Declared, check_code};
use super::meaning::{Derive, FORMS, Form, Meaning, ONLY, Only};
use super::path::{PointerStep, browse_steps, is_concept, pointer_steps};
use super::report::{Place, Report};
use super::section::{Section, Word};
use super::yaml::Node;
use super::{Field, PathStep, Unit, table};
use crate::model::unit;
use regex::Regex;
use std::sync::Arc;

/// What reading the entries leaves behind.
#[derive(Debug, Default)]
pub(super) struct Entries {
    pub fields: Vec<Field>,
    /// Every pointer that is filled, and where it is written.
    pub places: Vec<(String, Place)>,
    /// Pointers that are only read: others may fill them.
    pub read_only: Vec<(String, Place)>,
}

/// Prefixes that a group puts before its fields.
#[derive(Clone, Copy, Default)]
pub(super) struct Base<'n> {
    to: &'n str,
    from: Option<&'n str>,
    is_read_once: bool,
}

const READ: &[(&str, bool)] = &[("once", true), ("monitored", false)];
const PRESENCE: &[(&str, bool)] = &[("mandatory", true), ("optional", false)];

pub(super) fn group(node: &Node, declared: &mut Declared<'_>, entries: &mut Entries, report: &mut Report) {
    let Some(mut section) = Section::open(node, report) else { return };
    let to = section.required_text("to", report);
    let from = section.text("from", report);
    let is_read_once = section.choice("read", READ, report).unwrap_or(false);
    let listed = section.list("fields", report);
    section.close(report);
    let Some(to) = to else { return };
    let base = Base { to: to.text, from: from.map(|from| from.text), is_read_once };
    for node in listed {
        field(node, base, declared, entries, report);
    }
}

pub(super) fn field(
    node: &Node,
    base: Base<'_>,
    declared: &mut Declared<'_>,
    entries: &mut Entries,
    report: &mut Report,
) {
    let Some(mut section) = Section::open(node, report) else { return };
    let derived = section.node("derive");
    let derive = derived.and_then(|node| derive(node, base, declared, report));
    let (to, from) = match (section.text("name", report), derived) {
        (Some(name), _) => (Some(name), base.from.map(|_| name)),
        (None, Some(_)) => (section.text("to", report), None),
        (None, None) => (section.required_text("to", report), section.text("from", report)),
    };
    let named = section.text("concept", report);
    if let Some(concept) = named.filter(|word| !is_concept(word.text)) {
        report
            .error("QIAO-P012", concept.place)
            .argument("value", concept.text)
            .argument("example", "machine.operation-mode");
    }
    let concept = named.filter(|word| is_concept(word.text));
    let concept = concept.and_then(|word| table::concept(word, declared.concepts, report)).map(Arc::clone);
    let unit = unit(&mut section, base, concept.as_deref(), node.place, declared, report);
    let meaning = meaning(&mut section, concept.as_deref(), derive, declared, report);
    let enumeration = section.text("enumeration", report).and_then(|word| declared.enumeration(word, report));
    let is_mandatory = section.choice("presence", PRESENCE, report).unwrap_or(false);
    let is_read_once = section.choice("read", READ, report).unwrap_or(base.is_read_once);
    section.close(report);
    let (pointer, place) = match (to, &meaning.derive) {
        (Some(to), _) => (join(base.to, to.text), to.place),
        (None, Some(derive)) => (derive.from.clone(), node.place),
        (None, None) => return,
    };
    let bound = check_pointer(Word { place, text: &pointer }, report);
    let Some(path) = path(base, from, (&pointer, place), &bound, declared, report) else { return };
    if path.is_empty() {
        bound.iter().for_each(|name| declared.placeholder(Word { place, text: name }, report).map_or((), drop));
    }
    let listed = if meaning.only == Some(Only::Read) { &mut entries.read_only } else { &mut entries.places };
    listed.push((pointer.clone(), place));
    let concept = meaning.table.as_ref().map(|table| table.concept.clone()).or(named.map(|word| word.text.to_owned()));
    entries.fields.push(Field {
        pointer,
        path,
        concept,
        unit,
        enumeration,
        is_mandatory,
        is_read_once,
        takes_null: false,
        is_time: false,
        is_text: false,
        meaning,
        titles: None,
    });
}

/// The browse path of a field, with the same placeholders as its pointer; empty where neither group nor field names
/// one. `None` when it cannot be read.
fn path(
    base: Base<'_>,
    from: Option<Word<'_>>,
    (pointer, to): (&str, Place),
    named: &[String],
    declared: &mut Declared<'_>,
    report: &mut Report,
) -> Option<Vec<PathStep>> {
    if base.from.is_none() && from.is_none() {
        return Some(Vec::new());
    }
    let from = from.unwrap_or(Word { place: to, text: "" });
    let path = join(base.from.unwrap_or_default(), from.text);
    let steps = browse_steps(path.trim_start_matches('/')).map_err(|detail| {
        report.error("QIAO-P016", from.place).argument("value", &path).argument("detail", detail);
    });
    let steps = declared.bind(steps.ok()?, from.place, report);
    for name in named {
        let is_bound =
            steps.iter().any(|step| matches!(step, PathStep::Placeholder { name: other, .. } if other == name));
        if !is_bound {
            report.error("QIAO-P018", to).argument("name", name).argument("path", &path);
        }
    }
    for step in &steps {
        if let PathStep::Placeholder { name, .. } = step
            && !named.contains(name)
        {
            report.error("QIAO-P018", from.place).argument("name", name).argument("path", pointer);
        }
    }
    Some(steps)
}

/// `form`, `table`, `rule`, `only`, and whether they fit the concept.
fn meaning(
    section: &mut Section<'_>,
    concept: Option<&Concept>,
    derive: Option<Derive>,
    declared: &mut Declared<'_>,
    report: &mut Report,
) -> Meaning {
    let form = section.text("form", report);
    let form = form.and_then(|word| Some((word, super::section::one_of(word, FORMS, report)?)));
    let word = section.text("table", report);
    let table = word.and_then(|word| Some((word, declared.table(word, report)?)));
    let rule = section.optional_titles("rule", report);
    let only = section.choice("only", ONLY, report);
    let unfit = |place, what: &str, report: &mut Report| {
        if let Some(concept) = concept {
            let kind = concept.kind.name();
            report
                .error("QIAO-P038", place)
                .argument("what", what)
                .argument("concept", &concept.id)
                .argument("type", kind);
        }
    };
    if let Some((word, form)) = form
        && concept.is_some_and(|concept| !form.takes(concept.kind))
    {
        unfit(word.place, word.text, report);
    }
    match (&table, concept) {
        (Some((word, table)), Some(concept)) if table.concept != concept.id => {
            unfit(word.place, word.text, report);
        }
        (None, Some(concept)) if word.is_none() && concept.kind == ConceptKind::Enumeration => {
            report.error("QIAO-P047", section.place).argument("concept", &concept.id);
        }
        _ => {}
    }
    Meaning {
        form: form.map_or(Form::Plain, |(_, form)| form),
        table: table.map(|(_, table)| table),
        rule,
        only: if derive.is_some() { Some(Only::Read) } else { only },
        derive: derive.map(Arc::new),
    }
}

fn derive(node: &Node, base: Base<'_>, declared: &mut Declared<'_>, report: &mut Report) -> Option<Derive> {
    let mut section = Section::open(node, report)?;
    let from = section.required_text("from", report);
    let pattern = section.required_text("match", report);
    let take = section.text("take", report);
    section.close(report);
    let (from, pattern) = (from?, pattern?);
    let pointer = join(base.to, from.text);
    let named = check_pointer(Word { place: from.place, text: &pointer }, report);
    named.iter().for_each(|name| declared.placeholder(Word { place: from.place, text: name }, report).map_or((), drop));
    let compiled = Regex::new(pattern.text)
        .map_err(|error| {
            let detail = error.to_string().lines().last().unwrap_or_default().to_owned();
            report.error("QIAO-P048", pattern.place).argument("pattern", pattern.text).argument("detail", detail);
        })
        .ok()?;
    let group = take.map_or(Some(1), |word| word.text.parse::<usize>().ok());
    let group = group.filter(|group| *group < compiled.captures_len());
    if group.is_none() {
        let place = take.map_or(pattern.place, |take| take.place);
        let detail = format!("{} groups", compiled.captures_len() - 1);
        report.error("QIAO-P048", place).argument("pattern", pattern.text).argument("detail", detail);
    }
    Some(Derive { from: pointer, pattern: compiled, take: group? })
}

/// `unit: C62` (a common code of UNECE Recommendation 20), `unit-at:` (where in the message it stands as
/// `EUInformation`) or `unit-word-at:` (where it stands as a word of `unit-words:`).
fn unit(
    section: &mut Section<'_>,
    base: Base<'_>,
    concept: Option<&Concept>,
    field: Place,
    declared: &mut Declared<'_>,
    report: &mut Report,
) -> Option<Unit> {
    let mut at = |key: &'static str, section: &mut Section<'_>, report: &mut Report| {
        let word = section.text(key, report)?;
        let pointer = join(base.to, word.text);
        check_pointer(Word { place: word.place, text: &pointer }, report);
        declared.units.push((pointer.clone(), word.place));
        Some(pointer)
    };
    if let Some(pointer) = at("unit-at", section, report) {
        return Some(Unit::At(pointer));
    }
    let word_at = at("unit-word-at", section, report);
    let code = section.text("unit", report).filter(|word| {
        let is_code = (1..=3).contains(&word.text.len())
            && word.text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if !is_code {
            report.error("QIAO-P034", word.place).argument("key", word.text);
        }
        is_code
    });
    if let (Some(concept), Some(code)) = (concept, code) {
        check_unit(code, concept, report);
    }
    if let Some(at) = word_at {
        let words = section.required_text("unit-words", report);
        let words = words.and_then(|word| declared.unit_words(word, report))?;
        for (_, code) in &words.words {
            if let (Some(concept), Some(_)) = (concept, unit::Unit::by_code(code)) {
                check_unit(Word { place: field, text: code }, concept, report);
            }
        }
        return Some(Unit::Word { at, words, otherwise: code.map(|word| word.text.to_owned()) });
    }
    // A count needs no word for its unit; any other number does, or it would be a guess.
    if let Some(unit) = concept.and_then(|concept| concept.unit).filter(|unit| unit.code != COUNT)
        && code.is_none()
    {
        report.error("QIAO-P049", field).argument("unit", unit.code);
    }
    Some(Unit::Code(code?.text.to_owned()))
}

const COUNT: &str = "C62";

/// The unit of a field turns into that of its concept.
fn check_unit(word: Word<'_>, concept: &Concept, report: &mut Report) {
    let Some(found) = check_code(word, report) else { return };
    let fits = match concept.unit {
        Some(unit) => found.to(unit).is_some(),
        None => found.code == COUNT,
    };
    if !fits {
        report
            .error("QIAO-P037", word.place)
            .argument("unit", word.text)
            .argument("concept", &concept.id)
            .argument("expected", concept.unit.map_or("none", |unit| unit.code));
    }
}

pub(super) fn join(base: &str, text: &str) -> String {
    if text.is_empty() || base.is_empty() || text.starts_with('/') {
        return format!("{base}{text}");
    }
    format!("{base}/{text}")
}

/// The placeholders of a pointer.
pub(super) fn check_pointer(word: Word<'_>, report: &mut Report) -> Vec<String> {
    match pointer_steps(word.text) {
        Ok(steps) => steps
            .iter()
            .filter_map(|step| match step {
                PointerStep::Placeholder(name) => Some((*name).to_owned()),
                PointerStep::Name(_) | PointerStep::Select { .. } => None,
            })
            .collect(),
        Err(detail) => {
            report.error("QIAO-P015", word.place).argument("value", word.text).argument("detail", detail);
            Vec::new()
        }
    }
}
