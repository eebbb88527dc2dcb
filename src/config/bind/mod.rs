//! `bind:` of a machine: a table that says which node fills which field of a profile, read from the CSV of a
//! spreadsheet.
//!
//! | module | holds |
//! |---|---|
//! | [`table`] | bytes → rows of cells: encoding, separator, quotes |
//! | `number` | numbers as a spreadsheet writes them |
//! | `row` | a row of cells → what it declares |
//! | `fields` | what the profiles say about the fields |

mod fields;
mod number;
mod row;
pub mod table;
/// Line and column of a place; 0 where it has none.
fn position(place: &str) -> (u32, u32) {
    let mut parts = place.rsplit(':').map(|part| part.parse().unwrap_or(0));
    let column = parts.next().unwrap_or(0);
    (parts.next().unwrap_or(0), column)
}

#[cfg(test)]
mod tests;

use crate::finding::{Checked, Finding};
use crate::model::{DeclaredField, Unit};
use crate::normalise::convert::Conversion;
use crate::profile::Profile;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;

/// Columns of the table, in the order in which they are exported.
pub const COLUMNS: &[&str] = &[
    "path",
    "node",
    "type",
    "unit",
    "sample",
    "field",
    "source-unit",
    "scale",
    "offset",
    "bit",
    "enumeration",
    "value",
    "comment",
];
/// Rows of one table.
pub const ROWS_MAX: usize = 100_000;

/// What a table declares; `fields` and `rows` run parallel.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Binding {
    pub fields: Vec<DeclaredField>,
    pub rows: Vec<BoundRow>,
}

/// How the value of one field comes about.
#[derive(Clone, Debug, PartialEq)]
pub struct BoundRow {
    pub conversion: Conversion,
    /// The value itself, when no node fills the field.
    pub value: Option<Value>,
    /// What the node counts in, as declared.
    pub unit: Option<&'static Unit>,
    /// The cells as they were written, for the next export; in the order of [`COLUMNS`].
    pub cells: Vec<String>,
}

impl BoundRow {
    /// Neither scale nor offset are declared.
    #[must_use]
    pub fn is_unscaled(&self) -> bool {
        let is_empty = |column: &str| {
            let at = COLUMNS.iter().position(|known| *known == column);
            at.and_then(|at| self.cells.get(at)).is_none_or(String::is_empty)
        };
        is_empty("scale") && is_empty("offset")
    }
}

/// Reads a table. `file` is its name as shown in places; `profiles` are those that the flows speak.
///
/// Every fault is found in one go. What is wrong with a row leaves out this row only.
#[must_use]
pub fn read(file: &str, bytes: &[u8], profiles: &[Arc<Profile>]) -> Checked<Binding> {
    let read = table::read(file, bytes);
    let mut findings = read.findings;
    let mut reader = fields::Reader {
        file,
        profiles,
        binding: Binding::default(),
        findings: Vec::new(),
        remarks: Vec::new(),
        lines: HashMap::new(),
    };
    if let Some(table) = &read.value {
        table.rows.iter().for_each(|row| reader.row(table, row));
        reader.finish();
    }
    findings.append(&mut reader.findings);
    findings.append(&mut reader.remarks);
    if reader.binding.fields.is_empty() && findings.is_empty() {
        findings.push(Finding::warning("QIAO-B030", file));
    }
    findings.sort_by_key(|finding| position(&finding.place));
    Checked { value: reader.binding, findings }
}

/// `file:line:column`; the column counts cells, as a spreadsheet does.
fn place(file: &str, line: u64, column: usize) -> String {
    format!("{file}:{line}:{}", column + 1)
}

fn unknown<'k>(
    code: &'static str,
    place: String,
    name: &str,
    known: impl IntoIterator<Item = &'k str> + Clone,
) -> Finding {
    let near = crate::finding::nearest(name, known.clone()).unwrap_or("none");
    let all: Vec<&str> = known.into_iter().take(40).collect();
    Finding::error(code, place).with("name", name).with("nearest", near).with("known", all.join(", "))
}
