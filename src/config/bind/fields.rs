//! What the table's rows become, held against the fields of the profiles.

use super::table::{Row, Table};
use super::{Binding, BoundRow, place, row, unknown};
use crate::finding::Finding;
use crate::model::unit::UNECE_NAMESPACE;
use crate::model::{DeclaredField, DeclaredSource, Unit};
use crate::normalise::convert::Conversion;
use crate::profile::{Field, FieldTarget, Profile, Unit as FieldUnit};
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;

/// A table that is being read.
pub(super) struct Reader<'a> {
    pub(super) file: &'a str,
    pub(super) profiles: &'a [Arc<Profile>],
    pub(super) binding: Binding,
    pub(super) findings: Vec<Finding>,
    /// In which line each field was filled.
    pub(super) lines: HashMap<String, u64>,
    /// What is worth knowing of a row that is good.
    pub(super) remarks: Vec<Finding>,
}

/// Columns that say how a value comes about: a row that fills them and names no field was not finished.
const DECLARING: [&str; 6] = ["source-unit", "scale", "offset", "bit", "enumeration", "value"];

impl<'a> Reader<'a> {
    pub(super) fn row(&mut self, table: &Table, row: &Row) {
        let name = table.cell(row, "field");
        let place = self.place(table, row, "field");
        if name.is_empty() {
            if let Some(column) = DECLARING.iter().find(|column| !table.cell(row, column).is_empty()) {
                self.findings.push(Finding::error("QIAO-B010", place).with("column", column));
            }
            return;
        }
        let profiles: &'a [Arc<Profile>] = self.profiles;
        let Some(target) = profiles.iter().find_map(|profile| profile.target(name)) else {
            self.unknown_field(name, place);
            return;
        };
        let faults = self.findings.len();
        self.twice(&target, row, &place);
        let declared = row::read(self, table, row, &target);
        if self.findings.len() > faults {
            return;
        }
        let Some((source, built)) = declared else { return };
        let is_plain = built.conversion.is_same();
        self.binding.fields.push(DeclaredField { field: target.pointer.clone(), source, is_plain, place });
        self.binding.rows.push(built);
    }

    pub(super) fn place(&self, table: &Table, row: &Row, column: &str) -> String {
        place(self.file, row.line, table.column(column))
    }

    fn twice(&mut self, target: &FieldTarget<'_>, row: &Row, place: &str) {
        if let Some(first) = self.lines.get(&target.pointer) {
            let finding = Finding::error("QIAO-B013", place).with("field", &target.pointer);
            self.findings.push(finding.with("first", first));
            return;
        }
        self.lines.insert(target.pointer.clone(), row.line);
    }

    fn unknown_field(&mut self, name: &str, place: String) {
        let fields = || self.profiles.iter().flat_map(|profile| &profile.mapping.fields);
        let of_concept: Vec<&str> =
            fields().filter(|field| field.concept.as_deref() == Some(name)).map(|field| &*field.pointer).collect();
        if !of_concept.is_empty() {
            let finding = Finding::error("QIAO-B012", place).with("name", name);
            self.findings.push(finding.with("fields", of_concept.join(", ")));
            return;
        }
        let known: Vec<String> = if name.starts_with('/') {
            fields().map(|field| filled_like(&field.pointer, name)).collect()
        } else {
            fields().filter_map(|field| field.concept.clone()).collect()
        };
        self.findings.push(unknown("QIAO-B011", place, name, known.iter().map(String::as_str)));
    }

    /// Units that the messages state, for nodes that do not state theirs.
    pub(super) fn finish(&mut self) {
        let profiles: &'a [Arc<Profile>] = self.profiles;
        let mut stated: HashMap<String, (&'static Unit, String)> = HashMap::new();
        for (field, row) in self.binding.fields.iter().zip(&self.binding.rows) {
            let Some(unit) = row.unit else { continue };
            let target = profiles.iter().find_map(|profile| profile.target(&field.field));
            let Some((target, Some(FieldUnit::At(pointer)))) =
                target.as_ref().and_then(|target| Some((target, target.field?.unit.as_ref())))
            else {
                continue;
            };
            let pointer = filled(pointer, target);
            if !self.lines.contains_key(&pointer) {
                stated.insert(pointer, (unit, field.place.clone()));
            }
        }
        let mut stated: Vec<_> = stated.into_iter().collect();
        stated.sort_by(|left, right| left.0.cmp(&right.0));
        for (pointer, (unit, place)) in stated {
            let value = json!({
                "NamespaceUri": UNECE_NAMESPACE,
                "UnitId": unit.id(),
                "DisplayName": { "locale": "", "text": unit.symbol },
                "Description": { "locale": "", "text": unit.symbol },
            });
            self.binding.fields.push(DeclaredField {
                field: pointer,
                source: DeclaredSource::Value,
                is_plain: false,
                place,
            });
            self.binding.rows.push(BoundRow {
                conversion: Conversion::default(),
                value: Some(value),
                unit: None,
                cells: Vec::new(),
            });
        }
    }
}

/// The unit a field counts in, when its profile fixes one.
pub(super) fn fixed_unit(field: &Field) -> Option<&'static Unit> {
    match field.unit.as_ref()? {
        FieldUnit::Code(code) => Unit::find(code),
        FieldUnit::At(_) | FieldUnit::Word { .. } => None,
    }
}

/// A pointer of the mapping with the elements of a target in place of its placeholders.
fn filled(pointer: &str, target: &FieldTarget<'_>) -> String {
    let element = |step: &str| {
        let name = step.strip_prefix('{')?.strip_suffix('}')?;
        let (element, _) = target.steps.iter().find(|(_, placeholder)| *placeholder == Some(name))?;
        Some(element.replace('~', "~0").replace('/', "~1"))
    };
    let steps = pointer.split('/').map(|step| element(step).unwrap_or_else(|| step.to_owned()));
    steps.collect::<Vec<_>>().join("/")
}

/// A pointer of the mapping with the steps of another in place of its placeholders, so that a slip elsewhere is found.
fn filled_like(pointer: &str, other: &str) -> String {
    let others: Vec<&str> = other.split('/').collect();
    let step = |(at, step): (usize, &str)| {
        let is_placeholder = step.starts_with('{') && step.ends_with('}');
        if is_placeholder { others.get(at).copied().unwrap_or(step).to_owned() } else { step.to_owned() }
    };
    pointer.split('/').enumerate().map(step).collect::<Vec<_>>().join("/")
}
