//! One row: what fills the field, and what becomes of it on the way.

use super::fields::{Reader, fixed_unit};
use super::table::{Row, Table};
use super::{BoundRow, number, unknown};
use crate::config::check::node_id;
use crate::finding::Finding;
use crate::model::linear::{Decimal, Linear};
use crate::model::{DeclaredPath, DeclaredSource, Unit};
use crate::normalise::convert::{Bits, Conversion, Meaning, Table as States, Then};
use crate::profile::{Enumeration, FieldTarget, Unit as FieldUnit};
use serde_json::Value;

/// A row whose field is known. Faults go to the reader; what is returned is whole only without them.
pub(super) fn read(
    reader: &mut Reader<'_>,
    table: &Table,
    row: &Row,
    target: &FieldTarget<'_>,
) -> Option<(DeclaredSource, BoundRow)> {
    let mut read = RowReader { reader, table, row, target };
    let source = read.source();
    let value = read.value();
    let bits = read.bits();
    let unit = read.unit();
    let scale = read.number("scale");
    let offset = read.number("offset");
    let states = read.states();
    let then = read.then(unit, scale, offset, states);
    let conversion = Conversion { bits, then };
    Some((source?, BoundRow { conversion, value, unit, cells: table.cells(row) }))
}

struct RowReader<'r, 'a> {
    reader: &'r mut Reader<'a>,
    table: &'r Table,
    row: &'r Row,
    target: &'r FieldTarget<'r>,
}

impl<'r> RowReader<'r, '_> {
    fn cell(&self, column: &str) -> &'r str {
        self.table.cell(self.row, column)
    }

    /// Notes a fault of a cell.
    fn error(&mut self, code: &'static str, column: &'static str, facts: &[(&'static str, &str)]) {
        let place = self.reader.place(self.table, self.row, column);
        let finding = Finding::error(code, place);
        self.reader.findings.push(facts.iter().fold(finding, |finding, (name, value)| finding.with(name, value)));
    }

    fn warning(&mut self, code: &'static str, column: &'static str, facts: &[(&'static str, &str)]) {
        let place = self.reader.place(self.table, self.row, column);
        let finding = Finding::warning(code, place);
        let finding = facts.iter().fold(finding, |finding, (name, value)| finding.with(name, value));
        // Told with the faults, but the row stays.
        self.reader.remarks.push(finding);
    }

    /// The node id decides where both are given: an export writes both.
    fn source(&mut self) -> Option<DeclaredSource> {
        let (node, path, value) = (self.cell("node"), self.cell("path"), self.cell("value"));
        match (node, path, value) {
            ("", "", "") => self.error("QIAO-B016", "node", &[("kind", "none")]),
            ("", "", _) => return Some(DeclaredSource::Value),
            (.., value) if !value.is_empty() => self.error("QIAO-B016", "value", &[("kind", "both")]),
            ("", path, _) => match DeclaredPath::parse(path) {
                Ok(path) => return Some(DeclaredSource::Path(path)),
                Err(error) => self.error("QIAO-B015", "path", &[("path", path), ("reason", &error.to_string())]),
            },
            (node, ..) => match node_id::parse(node) {
                Ok(()) => return Some(DeclaredSource::Node(node.to_owned())),
                Err(fault) => self.error("QIAO-B014", "node", &[("node", node), ("fault", fault)]),
            },
        }
        None
    }

    /// JSON where it is some, else the text as it stands.
    fn value(&mut self) -> Option<Value> {
        let text = self.cell("value");
        if text.is_empty() {
            return None;
        }
        match serde_json::from_str(text) {
            Ok(value) => Some(value),
            Err(error) if text.starts_with(['{', '[', '"']) => {
                self.error("QIAO-B032", "value", &[("reason", &error.to_string())]);
                None
            }
            Err(_) => Some(Value::from(text)),
        }
    }

    /// `3`, or `4..7`: a spreadsheet would take `4-7` for a day of July.
    fn bits(&mut self) -> Option<Bits> {
        let text = self.cell("bit");
        if text.is_empty() {
            return None;
        }
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        let bit = |text: &str| text.trim().parse::<u8>().ok().filter(|bit| *bit < 64);
        let bits = bit(first).zip(bit(last)).filter(|(first, last)| first <= last);
        if bits.is_none() {
            self.error("QIAO-B017", "bit", &[("value", text)]);
        }
        bits.map(|(first, last)| Bits { first, last })
    }

    fn unit(&mut self) -> Option<&'static Unit> {
        let text = self.cell("source-unit");
        if text.is_empty() {
            return None;
        }
        let unit = Unit::find(text);
        if unit.is_none() {
            let place = self.reader.place(self.table, self.row, "source-unit");
            self.reader.findings.push(unknown("QIAO-B019", place, text, Unit::codes()));
        }
        unit
    }

    fn number(&mut self, column: &'static str) -> Option<Decimal> {
        let text = self.cell(column);
        if text.is_empty() {
            return None;
        }
        let number =
            number::parse(text, self.table.is_comma_separated).filter(|number| column != "scale" || number.digits != 0);
        if number.is_none() {
            let separator = if self.table.is_comma_separated { "comma" } else { "other" };
            self.error("QIAO-B018", column, &[("value", text), ("separator", separator), ("column", column)]);
        }
        number
    }

    fn then(
        &mut self,
        unit: Option<&'static Unit>,
        scale: Option<Decimal>,
        offset: Option<Decimal>,
        states: Option<States>,
    ) -> Then {
        let has_table = !self.cell("enumeration").is_empty();
        for column in ["scale", "offset", "source-unit"].into_iter().filter(|_| has_table) {
            if !self.cell(column).is_empty() {
                self.error("QIAO-B027", column, &[("column", column), ("other", "enumeration")]);
            }
        }
        if let Some(states) = states {
            return Then::Table(states);
        }
        let scaled = scale.map_or(Linear::SAME, Decimal::scale);
        let physical = scaled.then(offset.map_or(Linear::SAME, Decimal::offset));
        let linear = self.converted(unit).map_or(physical, |unit| physical.then(unit));
        if linear.is_same() { Then::Same } else { Then::Linear(linear) }
    }

    /// From what the node counts in to what the field counts in.
    fn converted(&mut self, unit: Option<&'static Unit>) -> Option<Linear> {
        let field = self.target.field;
        let fixed = field.and_then(fixed_unit);
        match (unit, fixed) {
            (Some(source), Some(target)) => {
                let linear = source.to(target);
                if linear.is_none() {
                    let facts = [("source", source.code), ("target", target.code), ("field", &*self.target.pointer)];
                    self.error("QIAO-B022", "source-unit", &facts);
                }
                linear
            }
            (Some(source), None) => {
                if !matches!(field.and_then(|field| field.unit.as_ref()), Some(FieldUnit::At(_))) {
                    let facts = [("unit", source.code), ("field", &*self.target.pointer)];
                    self.warning("QIAO-B031", "source-unit", &facts);
                }
                None
            }
            (None, Some(target)) => {
                // What the server stated when the table was exported: to ignore it would be wrong by its factor.
                let stated = Unit::find(self.cell("unit")).filter(|stated| *stated != target);
                if let Some(stated) = stated.filter(|_| self.cell("enumeration").is_empty()) {
                    let facts = [("source", stated.code), ("target", target.code), ("field", &*self.target.pointer)];
                    self.error("QIAO-B023", "source-unit", &facts);
                }
                None
            }
            (None, None) => None,
        }
    }

    /// `RUN=1|STOP=2`; `\` before `|`, `=` and `\` takes them literally.
    fn states(&mut self) -> Option<States> {
        let text = self.cell("enumeration");
        if text.is_empty() {
            return None;
        }
        let enumeration = self.target.field.and_then(|field| field.enumeration.clone());
        let mut states = Vec::new();
        let mut is_whole = true;
        for entry in split(text, '|') {
            let parts: Vec<String> = split(&entry, '=').iter().map(|part| unescape(part.trim())).collect();
            let [state, meaning] = parts.as_slice() else {
                self.error("QIAO-B024", "enumeration", &[("entry", entry.trim())]);
                is_whole = false;
                continue;
            };
            match self.meaning(meaning, enumeration.as_deref()) {
                Some(meaning) => states.push((state.clone(), meaning)),
                None => is_whole = false,
            }
        }
        let table = States::new(&states);
        if table.is_none() {
            self.error("QIAO-B026", "enumeration", &[]);
        }
        table.filter(|_| is_whole)
    }

    fn meaning(&mut self, text: &str, enumeration: Option<&Enumeration>) -> Option<Meaning> {
        let number = text.parse::<i32>().ok();
        let known = enumeration.map_or(&[][..], |enumeration| &enumeration.members);
        let member = known.iter().find(|(value, name)| name == text || number.is_some_and(|n| *value == i64::from(n)));
        if let Some((value, _)) = member {
            return i32::try_from(*value).ok().map(Meaning::Number);
        }
        let free = match text {
            "true" => Some(Meaning::Bool(true)),
            "false" => Some(Meaning::Bool(false)),
            _ => number.map(Meaning::Number),
        };
        if let Some(free) = free.filter(|_| enumeration.is_none()) {
            return Some(free);
        }
        let place = self.reader.place(self.table, self.row, "enumeration");
        let names: Vec<&str> = match enumeration {
            Some(_) => known.iter().map(|(_, name)| name.as_str()).collect(),
            None => vec!["true", "false", "0"],
        };
        self.reader.findings.push(unknown("QIAO-B025", place, text, names.iter().copied()));
        None
    }
}

/// Parts between separators that no `\` stands before; escapes are kept.
fn split(text: &str, separator: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut is_escaped = false;
    for c in text.chars() {
        if c == separator && !is_escaped {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(c);
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    parts
}

fn unescape(text: &str) -> String {
    let mut plain = String::new();
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        plain.extend(if c == '\\' { characters.next() } else { Some(c) });
    }
    plain
}
