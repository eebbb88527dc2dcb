//! From the bytes of a CSV file to rows of cells, whatever spreadsheet wrote it.

use super::{COLUMNS, ROWS_MAX, place, unknown};
use crate::finding::{Checked, Finding};
use std::borrow::Cow;

/// A table whose header was understood.
#[derive(Clone, Debug)]
pub struct Table {
    /// For each known column, in the order of [`COLUMNS`], where it stands in the file.
    columns: Vec<Option<usize>>,
    pub rows: Vec<Row>,
    /// Cells are separated by commas: a comma in a number would be one too many.
    pub is_comma_separated: bool,
}

/// A row that is not empty.
#[derive(Clone, Debug)]
pub struct Row {
    /// Where it begins; counts from 1.
    pub line: u64,
    cells: Vec<String>,
}

const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

impl Table {
    /// The cell of a known column, without blanks around it; empty where the row is shorter.
    #[must_use]
    pub fn cell<'r>(&self, row: &'r Row, column: &str) -> &'r str {
        let at = self.position(column);
        at.and_then(|at| row.cells.get(at)).map_or("", |cell| cell.trim())
    }

    /// Where a known column stands in the file; 0 when it is not there.
    #[must_use]
    pub fn column(&self, column: &str) -> usize {
        self.position(column).unwrap_or_default()
    }

    /// The cells of all known columns, in their order.
    #[must_use]
    pub fn cells(&self, row: &Row) -> Vec<String> {
        COLUMNS.iter().map(|column| self.cell(row, column).to_owned()).collect()
    }

    fn position(&self, column: &str) -> Option<usize> {
        let at = COLUMNS.iter().position(|known| *known == column)?;
        *self.columns.get(at)?
    }
}

/// Reads a table; `None` when there is none to read.
#[must_use]
pub fn read(file: &str, bytes: &[u8]) -> Checked<Option<Table>> {
    let mut findings = Vec::new();
    let value = decode(file, bytes, &mut findings).and_then(|text| rows(file, &text, &mut findings));
    Checked { value, findings }
}

/// UTF-8 with or without BOM, UTF-16 with BOM, GB18030 where every character of two bytes is one of GB 2312. Everything
/// else is refused: Latin letters would silently become Chinese ones.
fn decode<'b>(file: &str, bytes: &'b [u8], findings: &mut Vec<Finding>) -> Option<Cow<'b, str>> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        let (text, has_fault) = encoding.decode_without_bom_handling(&bytes[mark..]);
        if has_fault {
            findings.push(Finding::error("QIAO-B002", file));
        }
        return (!has_fault).then_some(text);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Some(Cow::Borrowed(text));
    }
    let (text, has_fault) = encoding_rs::GB18030.decode_without_bom_handling(bytes);
    if has_fault || !is_gb2312(bytes) {
        findings.push(Finding::error("QIAO-B002", file));
        return None;
    }
    findings.push(Finding::warning("QIAO-B003", file));
    Some(text)
}

/// Whether all bytes beyond ASCII come in pairs of 0xA1 to 0xFE.
fn is_gb2312(bytes: &[u8]) -> bool {
    let runs = bytes.split(u8::is_ascii).filter(|run| !run.is_empty());
    let mut runs = runs.peekable();
    runs.peek().is_some() && runs.all(|run| run.len() % 2 == 0 && run.iter().all(|byte| (0xA1..=0xFE).contains(byte)))
}

fn rows(file: &str, text: &str, findings: &mut Vec<Finding>) -> Option<Table> {
    // What some spreadsheets write and read to name the separator.
    let (stated, body, skipped) = match text.split_once('\n') {
        Some((first, rest)) if first.trim_end().len() == 5 && first.starts_with("sep=") => {
            (first.as_bytes().get(4).copied().filter(|byte| SEPARATORS.contains(byte)), rest, 1)
        }
        _ => (None, text, 0),
    };
    let separator = stated.unwrap_or_else(|| separator(body));
    let mut reader =
        csv::ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).from_reader(body.as_bytes());
    let mut records = reader.records();
    let Some(Ok(header)) = records.next() else {
        findings.push(Finding::error("QIAO-B004", file));
        return None;
    };
    let columns = columns(file, &header, 1 + skipped, findings)?;
    let mut table = Table { columns, rows: Vec::new(), is_comma_separated: separator == b',' };
    let mut lines = Lines { text: body.as_bytes(), at: 0, line: 1 + skipped };
    for record in records {
        // The text is UTF-8, and rows may have any length: nothing else can be wrong.
        let Ok(record) = record else { continue };
        let line = record.position().map_or(0, |position| lines.at(position.byte()));
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if record.len() > header.len() && record.iter().skip(header.len()).any(|cell| !cell.trim().is_empty()) {
            let at = place(file, line, header.len());
            let finding = Finding::error("QIAO-B007", at).with("cells", record.len());
            findings.push(finding.with("columns", header.len()));
            continue;
        }
        if table.rows.len() >= ROWS_MAX {
            findings.push(Finding::error("QIAO-B008", place(file, line, 0)).with("limit", ROWS_MAX));
            break;
        }
        table.rows.push(Row { line, cells: record.iter().map(str::to_owned).collect() });
    }
    Some(table)
}

/// Counts lines: the crate's own count lags behind where lines end with two characters or rows are left out.
struct Lines<'t> {
    text: &'t [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line on which the row that is looked for from `byte` on begins; asked in rising order.
    fn at(&mut self, byte: u64) -> u64 {
        let from = usize::try_from(byte).unwrap_or(usize::MAX);
        while let Some(next) = self.text.get(self.at).filter(|next| self.at < from || matches!(**next, b'\r' | b'\n')) {
            self.line += u64::from(*next == b'\n');
            self.at += 1;
        }
        self.line
    }
}

/// The one that makes the most columns of the first line.
fn separator(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let count = |separator: &u8| header.bytes().filter(|byte| byte == separator).count();
    SEPARATORS.into_iter().rev().max_by_key(count).unwrap_or(b',')
}

/// Where the known columns stand. `None`: the header lacks what nothing goes without.
fn columns(
    file: &str,
    header: &csv::StringRecord,
    line: u64,
    findings: &mut Vec<Finding>,
) -> Option<Vec<Option<usize>>> {
    let mut columns = vec![None; COLUMNS.len()];
    for (at, name) in header.iter().enumerate() {
        let name = name.trim();
        let known = COLUMNS.iter().position(|known| known.eq_ignore_ascii_case(name));
        match known {
            Some(known) if columns[known].is_some() => {
                findings.push(Finding::error("QIAO-B006", place(file, line, at)).with("column", name));
            }
            Some(known) => columns[known] = Some(at),
            None if name.is_empty() => {}
            None => findings.push(unknown("QIAO-B005", place(file, line, at), name, COLUMNS.iter().copied())),
        }
    }
    let has = |name: &str| COLUMNS.iter().position(|known| *known == name).is_some_and(|at| columns[at].is_some());
    let has_source = ["node", "path", "value"].into_iter().any(has);
    if has("field") && has_source {
        return Some(columns);
    }
    let missing = if has("field") { "node, path" } else { "field" };
    findings.push(Finding::error("QIAO-B009", place(file, line, 0)).with("column", missing));
    None
}
