//! The nodes of a machine as a table for a spreadsheet, with what the configuration binds them to.

use crate::config::bind::Binding;
use crate::config::bind::{BoundRow, COLUMNS};
use crate::model::discovery::Target;
use crate::model::{BuiltInType, DeclaredField, DeclaredSource, FoundItem};
use crate::runtime::look::Looked;
use crate::runtime::online::units_by_node;
use std::collections::HashSet;

/// Columns that say what a node is; the others say what becomes of it.
const ABOUT: usize = 5;

/// The table of one machine as CSV, in UTF-8 with a mark by which spreadsheets know it.
pub(super) fn table(looked: &Looked, machine: u32, binding: Option<&Binding>, separator: u8) -> Vec<u8> {
    let mut rows: Vec<[String; COLUMNS.len()]> = Vec::new();
    let mut written: HashSet<usize> = HashSet::new();
    if let Some(discovery) = &looked.discovery {
        let root = discovery.machines.get(machine as usize).map_or("", |found| found.node.as_str());
        let units = units_by_node(looked, discovery, root);
        let mut nodes: Vec<(u32, &FoundItem, &Target)> = (0u32..)
            .zip(&discovery.items)
            .filter_map(|(slot, item)| {
                Some((slot, item, item.targets.iter().find(|target| target.machine == machine)?))
            })
            .collect();
        nodes.sort_by(|left, right| left.2.path.cmp(&right.2.path));
        for (slot, item, target) in nodes {
            let mut about = row();
            about[0] = target.path.to_string();
            about[1].clone_from(&item.node);
            about[2] = type_name(item);
            about[3] = units.get(item.node.as_str()).map_or_else(String::new, |unit| (*unit).to_owned());
            about[4] = looked.value(slot).map_or_else(String::new, sample);
            let bound = binding.map_or_else(Vec::new, |binding| bound(binding, item, target));
            for (at, declared) in &bound {
                written.insert(*at);
                rows.push(filled(&about, declared));
            }
            if bound.is_empty() {
                rows.push(about);
            }
        }
    }
    // Values of the configuration, and bindings whose node was not found: an export loses nothing.
    for (at, declared) in binding.iter().flat_map(|binding| binding.rows.iter().enumerate()) {
        if !written.contains(&at) && !declared.cells.is_empty() {
            let mut rest = row();
            rest.clone_from_slice(&padded(&declared.cells));
            rows.push(rest);
        }
    }
    write(&rows, separator)
}

fn row() -> [String; COLUMNS.len()] {
    std::array::from_fn(|_| String::new())
}

fn padded(cells: &[String]) -> Vec<String> {
    cells.iter().cloned().chain(std::iter::repeat(String::new())).take(COLUMNS.len()).collect()
}

fn filled(about: &[String; COLUMNS.len()], declared: &BoundRow) -> [String; COLUMNS.len()] {
    let mut filled = about.clone();
    filled[ABOUT..].clone_from_slice(&padded(&declared.cells)[ABOUT..]);
    filled
}

/// The rows of a binding that a node fills.
fn bound<'b>(binding: &'b Binding, item: &FoundItem, target: &Target) -> Vec<(usize, &'b BoundRow)> {
    let is_of = |field: &DeclaredField| match &field.source {
        DeclaredSource::Node(node) => *node == item.node,
        DeclaredSource::Path(path) => path.glob().matches(&target.path.0),
        DeclaredSource::Value => false,
    };
    let pairs = binding.fields.iter().zip(&binding.rows).enumerate();
    pairs.filter(|(_, (field, _))| is_of(field)).map(|(at, (_, row))| (at, row)).collect()
}

fn type_name(item: &FoundItem) -> String {
    let name = match (item.data_type.built_in, &item.data_type.enumeration) {
        (_, Some(_)) => "Enumeration".to_owned(),
        (BuiltInType::Variant, _) => String::new(),
        (built_in, _) => format!("{built_in:?}"),
    };
    if item.value_rank >= 0 { format!("{name}[]") } else { name }
}

fn sample(seen: &crate::runtime::look::Seen) -> String {
    if seen.status.is_bad() {
        return seen.status.symbol().unwrap_or("Bad").to_owned();
    }
    seen.text.clone()
}

fn write(rows: &[[String; COLUMNS.len()]], separator: u8) -> Vec<u8> {
    let mut bytes = "\u{feff}".as_bytes().to_vec();
    let mut writer =
        csv::WriterBuilder::new().delimiter(separator).terminator(csv::Terminator::CRLF).from_writer(&mut bytes);
    // Memory takes everything.
    let _ = writer.write_record(COLUMNS);
    for row in rows {
        let _ = writer.write_record(COLUMNS.iter().zip(row).map(|(column, cell)| localised(column, cell, separator)));
    }
    let _ = writer.flush();
    drop(writer);
    bytes
}

/// Decimal points where commas separate cells; decimal commas elsewhere, where a spreadsheet takes `1.5` for a day of May.
fn localised(column: &str, cell: &str, separator: u8) -> String {
    let is_number = cell.replacen(',', ".", 1).parse::<f64>().is_ok();
    match (column, separator) {
        ("scale" | "offset" | "sample", b',') if is_number => cell.replace(',', "."),
        ("scale" | "offset" | "sample", _) if is_number => cell.replace('.', ","),
        _ => harmless(cell),
    }
}

/// A text of a machine that a spreadsheet would take for a formula gets a blank before it; a number stays one.
fn harmless(cell: &str) -> String {
    let is_formula = cell.starts_with(['=', '+', '-', '@']) && cell.parse::<f64>().is_err();
    if is_formula { format!(" {cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spreadsheet_takes_a_number_for_a_number_and_a_text_for_a_text() {
        for (column, cell, separator, expected) in [
            ("scale", "0,1", b',', "0.1"),
            ("scale", "0.1", b';', "0,1"),
            ("sample", "1.5", b'\t', "1,5"),
            ("sample", "1.5.2026", b';', "1.5.2026"),
            ("sample", "=2+3", b',', " =2+3"),
            ("sample", "-7", b',', "-7"),
            ("path", "@home", b';', " @home"),
            ("field", "/Monitoring", b';', "/Monitoring"),
            ("value", "1.5", b';', "1.5"),
        ] {
            assert_eq!(localised(column, cell, separator), expected, "{column} {cell}");
        }
    }
}
