//! `mapping.yaml`: which node fills which member, and what stays out.

use super::path::{PointerStep, browse_steps, is_word, pointer_steps};
use super::report::{Place, Report};
use super::section::{self, Section, Word};
use super::yaml::Node;
use super::{Constant, ConstantValue, Enumeration, Field, Mapping, PathStep, Unit, Unmapped};
use std::collections::HashMap;
use std::sync::Arc;

/// What a mapping declares by name, and which of it was used.
struct Declared {
    /// Placeholder → node ids of its types.
    placeholders: HashMap<String, (Place, Vec<String>)>,
    enumerations: HashMap<String, (Place, Arc<Enumeration>)>,
    used: Vec<String>,
    /// Pointers to units, and where each is written.
    units: Vec<(String, Place)>,
}

/// A read mapping.
#[derive(Debug)]
pub(super) struct ReadMapping {
    pub mapping: Mapping,
    /// Every pointer of the mapping and where it is written.
    pub places: Vec<(String, Place)>,
}

/// Prefixes that a group puts before its fields.
#[derive(Clone, Copy, Default)]
struct Base<'n> {
    to: &'n str,
    from: &'n str,
    is_read_once: bool,
}

pub(super) fn read(node: &Node, report: &mut Report) -> Option<ReadMapping> {
    let faults = report.findings.len();
    let mut section = Section::open(node, report)?;
    let mut declared = Declared {
        placeholders: placeholders(&mut section, report),
        enumerations: enumerations(&mut section, report),
        used: Vec::new(),
        units: Vec::new(),
    };
    let mut places = Vec::new();
    let mut fields = Vec::new();
    for node in section.list("fields", report) {
        fields.extend(field(node, Base::default(), &mut declared, &mut places, report));
    }
    for node in section.list("groups", report) {
        group(node, &mut declared, &mut fields, &mut places, report);
    }
    let mut constants = Vec::new();
    for node in section.list("constants", report) {
        constants.extend(constant(node, &mut declared, &mut places, report));
    }
    let open = section.text("open", report).map(|word| {
        check_pointer(word, report);
        places.push((word.text.to_owned(), word.place));
        word.text.to_owned()
    });
    let unmapped = section.list("unmapped", report).iter().filter_map(|node| unmapped(node, report)).collect();
    section.close(report);
    twice(&places, report);
    unused(&declared, report);
    places.append(&mut declared.units);
    if report.findings.len() > faults && report.findings[faults..].iter().any(super::is_error) {
        return None;
    }
    Some(ReadMapping { mapping: Mapping { fields, constants, open, unmapped }, places })
}

fn placeholders(section: &mut Section<'_>, report: &mut Report) -> HashMap<String, (Place, Vec<String>)> {
    let mut placeholders = HashMap::new();
    for (key, node) in section.map("placeholders", report) {
        if !is_word(&key.text) {
            report.error("QIAO-P012", key.place).argument("value", &key.text).argument("example", "monitored-element");
        }
        let Some(mut section) = Section::open(node, report) else { continue };
        let mut types = Vec::new();
        for node in section.list("types", report) {
            let Some(word) = section::text(node, report) else { continue };
            if !is_node_id(word.text) {
                report
                    .error("QIAO-P016", word.place)
                    .argument("value", word.text)
                    .argument("detail", "nsu=URI;i=NUMBER");
            }
            types.push(word.text.to_owned());
        }
        section.close(report);
        placeholders.insert(key.text.clone(), (key.place, types));
    }
    placeholders
}

/// `i=…`, or with `nsu=URI;` before it; types of machines have numbers or names.
pub(super) fn is_node_id(text: &str) -> bool {
    let id = match text.strip_prefix("nsu=") {
        Some(rest) => match rest.split_once(';') {
            Some((uri, id)) if !uri.is_empty() => id,
            _ => return false,
        },
        None => text,
    };
    id.strip_prefix("i=").map_or_else(|| id.len() > 2 && id.starts_with("s="), |number| number.parse::<u32>().is_ok())
}

fn enumerations(section: &mut Section<'_>, report: &mut Report) -> HashMap<String, (Place, Arc<Enumeration>)> {
    let mut enumerations = HashMap::new();
    for (key, node) in section.map("enumerations", report) {
        if !is_word(&key.text) {
            report.error("QIAO-P012", key.place).argument("value", &key.text).argument("example", "channel-state");
        }
        let mut members = Vec::new();
        match &node.content {
            super::yaml::Content::Map(entries) => {
                for (number, name) in entries {
                    let Some(name) = section::text(name, report) else { continue };
                    match number.text.parse::<i64>() {
                        Ok(number) => members.push((number, name.text.to_owned())),
                        Err(_) => {
                            report.error("QIAO-P034", number.place).argument("key", &number.text);
                        }
                    }
                }
            }
            _ => {
                report.error("QIAO-P009", node.place).argument("expected", "map").argument("found", "text");
            }
        }
        let enumeration = Arc::new(Enumeration { name: key.text.clone(), members });
        enumerations.insert(key.text.clone(), (key.place, enumeration));
    }
    enumerations
}

fn group(
    node: &Node,
    declared: &mut Declared,
    fields: &mut Vec<Field>,
    places: &mut Vec<(String, Place)>,
    report: &mut Report,
) {
    let Some(mut section) = Section::open(node, report) else { return };
    let to = section.required_text("to", report);
    let from = section.required_text("from", report);
    let is_read_once = section.choice("read", READ, report).unwrap_or(false);
    let listed = section.list("fields", report);
    section.close(report);
    let (Some(to), Some(from)) = (to, from) else { return };
    let base = Base { to: to.text, from: from.text, is_read_once };
    for node in listed {
        fields.extend(field(node, base, declared, places, report));
    }
}

const READ: &[(&str, bool)] = &[("once", true), ("monitored", false)];
const PRESENCE: &[(&str, bool)] = &[("mandatory", true), ("optional", false)];

fn field(
    node: &Node,
    base: Base<'_>,
    declared: &mut Declared,
    places: &mut Vec<(String, Place)>,
    report: &mut Report,
) -> Option<Field> {
    let mut section = Section::open(node, report)?;
    let (to, from) = match section.text("name", report) {
        Some(name) => (Some(name), Some(name)),
        None => (section.required_text("to", report), section.text("from", report)),
    };
    let concept = section.text("concept", report);
    let unit = unit(&mut section, base, declared, report);
    let enumeration = section.text("enumeration", report).and_then(|word| declared.enumeration(word, report));
    let is_mandatory = section.choice("presence", PRESENCE, report).unwrap_or(false);
    let is_read_once = section.choice("read", READ, report).unwrap_or(base.is_read_once);
    section.close(report);
    if let Some(concept) = concept.filter(|word| !word.text.split('.').all(is_word) || !word.text.contains('.')) {
        report
            .error("QIAO-P012", concept.place)
            .argument("value", concept.text)
            .argument("example", "machine.operation-mode");
    }
    let (to, from) = (to?, from.unwrap_or(Word { place: node.place, text: "" }));
    let pointer = join(base.to, to.text);
    let path = join(base.from, from.text);
    let steps = browse_steps(path.trim_start_matches('/')).map_err(|detail| {
        report.error("QIAO-P016", from.place).argument("value", &path).argument("detail", detail);
    });
    let named = check_pointer(Word { place: to.place, text: &pointer }, report);
    let steps = declared.bind(steps.ok()?, from.place, report);
    for name in &named {
        let is_bound =
            steps.iter().any(|step| matches!(step, PathStep::Placeholder { name: other, .. } if other == name));
        if !is_bound {
            report.error("QIAO-P018", to.place).argument("name", name).argument("path", &path);
        }
    }
    for step in &steps {
        if let PathStep::Placeholder { name, .. } = step
            && !named.contains(name)
        {
            report.error("QIAO-P018", from.place).argument("name", name).argument("path", &pointer);
        }
    }
    places.push((pointer.clone(), to.place));
    Some(Field {
        pointer,
        path: steps,
        concept: concept.map(|word| word.text.to_owned()),
        unit,
        enumeration,
        is_mandatory,
        is_read_once,
        takes_null: false,
    })
}

/// `unit: C62` (a common code of UNECE Recommendation 20) or `unit-at:` (where in the message it stands).
fn unit(section: &mut Section<'_>, base: Base<'_>, declared: &mut Declared, report: &mut Report) -> Option<Unit> {
    if let Some(word) = section.text("unit-at", report) {
        let pointer = join(base.to, word.text);
        check_pointer(Word { place: word.place, text: &pointer }, report);
        declared.units.push((pointer.clone(), word.place));
        return Some(Unit::At(pointer));
    }
    let word = section.text("unit", report)?;
    let is_code = (1..=3).contains(&word.text.len())
        && word.text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    if !is_code {
        report.error("QIAO-P034", word.place).argument("key", word.text);
    }
    Some(Unit::Code(word.text.to_owned()))
}

fn join(base: &str, text: &str) -> String {
    if text.is_empty() || base.is_empty() {
        return format!("{base}{text}");
    }
    format!("{base}/{text}")
}

/// The placeholders of a pointer.
fn check_pointer(word: Word<'_>, report: &mut Report) -> Vec<String> {
    match pointer_steps(word.text) {
        Ok(steps) => steps
            .iter()
            .filter_map(|step| match step {
                PointerStep::Placeholder(name) => Some((*name).to_owned()),
                PointerStep::Name(_) => None,
            })
            .collect(),
        Err(detail) => {
            report.error("QIAO-P015", word.place).argument("value", word.text).argument("detail", detail);
            Vec::new()
        }
    }
}

fn constant(
    node: &Node,
    declared: &mut Declared,
    places: &mut Vec<(String, Place)>,
    report: &mut Report,
) -> Option<Constant> {
    let mut section = Section::open(node, report)?;
    let to = section.required_text("to", report);
    let of = section.text("type-definition-of", report);
    let value = section.text("value", report);
    section.close(report);
    let to = to?;
    let named = check_pointer(to, report);
    named.iter().for_each(|name| declared.placeholder(Word { place: to.place, text: name }, report).map_or((), drop));
    let value = match (of, value) {
        (Some(of), None) => {
            declared.placeholder(of, report)?;
            if !named.iter().any(|name| name == of.text) {
                report.error("QIAO-P018", of.place).argument("name", of.text).argument("path", to.text);
            }
            ConstantValue::TypeDefinition { placeholder: of.text.to_owned() }
        }
        (None, Some(value)) => {
            ConstantValue::Json(serde_json::from_str(value.text).unwrap_or_else(|_| value.text.into()))
        }
        _ => {
            report.error("QIAO-P008", node.place).argument("key", "value | type-definition-of");
            return None;
        }
    };
    places.push((to.text.to_owned(), to.place));
    Some(Constant { pointer: to.text.to_owned(), value })
}

fn unmapped(node: &Node, report: &mut Report) -> Option<Unmapped> {
    let mut section = Section::open(node, report)?;
    let from = section.required_text("from", report);
    let because = section.titles("because", report);
    section.close(report);
    Some(Unmapped { path: from?.text.to_owned(), because: because? })
}

impl Declared {
    fn enumeration(&mut self, word: Word<'_>, report: &mut Report) -> Option<Arc<Enumeration>> {
        let found = self.enumerations.get(word.text).map(|(_, enumeration)| Arc::clone(enumeration));
        match found {
            Some(_) => self.used.push(word.text.to_owned()),
            None => {
                report
                    .error("QIAO-P020", word.place)
                    .argument("name", word.text)
                    .nearest(word.text, self.enumerations.keys().map(String::as_str));
            }
        }
        found
    }

    fn placeholder(&mut self, word: Word<'_>, report: &mut Report) -> Option<Vec<String>> {
        let found = self.placeholders.get(word.text).map(|(_, types)| types.clone());
        match found {
            Some(_) => self.used.push(word.text.to_owned()),
            None => {
                report
                    .error("QIAO-P017", word.place)
                    .argument("name", word.text)
                    .nearest(word.text, self.placeholders.keys().map(String::as_str));
            }
        }
        found
    }

    /// Gives the placeholders of a path their types.
    fn bind(&mut self, steps: Vec<PathStep>, place: Place, report: &mut Report) -> Vec<PathStep> {
        steps
            .into_iter()
            .map(|step| match step {
                PathStep::Placeholder { name, .. } => {
                    let types = self.placeholder(Word { place, text: &name }, report).unwrap_or_default();
                    PathStep::Placeholder { name, types }
                }
                step => step,
            })
            .collect()
    }
}

/// Two entries that would fill one member.
fn twice(places: &[(String, Place)], report: &mut Report) {
    let mut first: HashMap<&str, Place> = HashMap::new();
    for (pointer, place) in places {
        if let Some(first) = first.get(pointer.as_str()) {
            report.error("QIAO-P019", *place).argument("pointer", pointer).argument("first", first.line);
        }
        first.entry(pointer).or_insert(*place);
    }
}

fn unused(declared: &Declared, report: &mut Report) {
    let mut unused: Vec<(&str, Place)> = declared
        .placeholders
        .iter()
        .map(|(name, (place, _))| (name.as_str(), *place))
        .chain(declared.enumerations.iter().map(|(name, (place, _))| (name.as_str(), *place)))
        .filter(|(name, _)| !declared.used.iter().any(|used| used == name))
        .collect();
    unused.sort_by_key(|(_, place)| place.line);
    for (name, place) in unused {
        report.warning("QIAO-P021", place).argument("name", name);
    }
}
