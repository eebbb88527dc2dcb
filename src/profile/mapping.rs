//! `mapping.yaml`: which node fills which member, what it means in the hub, and what stays out.

use super::concepts::Concepts;
use super::declared::Declared;
use super::field::{self, Base, Entries, check_pointer};
use super::report::{Place, Report};
use super::section::{self, Section, Word};
use super::yaml::Node;
use super::{Constant, ConstantValue, Mapping, Unmapped};
use std::collections::HashMap;

/// A read mapping.
#[derive(Debug)]
pub(super) struct ReadMapping {
    pub mapping: Mapping,
    /// Every pointer of the mapping and where it is written.
    pub places: Vec<(String, Place)>,
}

pub(super) fn read(node: &Node, concepts: &Concepts, report: &mut Report) -> Option<ReadMapping> {
    let faults = report.findings.len();
    let mut section = Section::open(node, report)?;
    let mut declared = Declared::read(&mut section, concepts, report);
    let mut entries = Entries::default();
    for node in section.list("fields", report) {
        field::field(node, Base::default(), &mut declared, &mut entries, report);
    }
    for node in section.list("groups", report) {
        field::group(node, &mut declared, &mut entries, report);
    }
    let Entries { fields, mut places, mut read_only } = entries;
    let mut constants = Vec::new();
    for node in section.list("constants", report) {
        constants.extend(constant(node, &mut declared, &mut places, report));
    }
    let open = section.text("open", report).map(|word| {
        check_pointer(word, report);
        places.push((word.text.to_owned(), word.place));
        word.text.to_owned()
    });
    let unmapped = section.list("unmapped", report).iter().flat_map(|node| unmapped(node, report)).collect();
    section.close(report);
    twice(&places, report);
    declared.tell_unused(report);
    places.append(&mut declared.units);
    places.append(&mut read_only);
    if report.findings.len() > faults && report.findings[faults..].iter().any(super::is_error) {
        return None;
    }
    Some(ReadMapping { mapping: Mapping { fields, constants, open, unmapped }, places })
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

fn constant(
    node: &Node,
    declared: &mut Declared<'_>,
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

/// `from:` a browse path, `to:` one pointer or several, and the reason once for all of them.
fn unmapped(node: &Node, report: &mut Report) -> Vec<Unmapped> {
    let Some(mut section) = Section::open(node, report) else { return Vec::new() };
    let from = section.text("from", report);
    let to = section.node("to").map(|node| section::texts(node, report)).unwrap_or_default();
    let because = section.titles("because", report);
    section.close(report);
    if from.is_none() && to.is_empty() {
        report.error("QIAO-P008", node.place).argument("key", "to | from");
    }
    to.iter().for_each(|word| drop(check_pointer(*word, report)));
    let Some(because) = because else { return Vec::new() };
    let places = from.into_iter().chain(to).map(|word| word.text.to_owned());
    places.map(|path| Unmapped { path, because: because.clone() }).collect()
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
