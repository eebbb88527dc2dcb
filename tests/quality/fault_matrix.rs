//! The fault matrix: which faults there are, what is expected, and which tests hold it. The page is made from
//! `tests/fault-matrix.yaml` and from the names of the tests; that each of them ran and passed is shown by `tests/run.sh`.

use super::root;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const PAGE: &str = "docs/reference/fault-matrix.md";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    group: String,
    rows: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Row {
    row: u32,
    fault: String,
    expected: String,
    not_here: Option<String>,
    #[serde(default)]
    open: bool,
}

/// A test that holds a row: the sentence of its name, and where it stands.
struct Holder {
    name: String,
    file: PathBuf,
}

impl Holder {
    /// `row_08_a_lost_one_is_asked_for_again` is row 8, and "A lost one is asked for again".
    fn parts(&self) -> (u32, String) {
        let parts = || {
            let (number, words) = self.name.strip_prefix("row_")?.split_once('_')?;
            let row: u32 = number.parse().ok().filter(|row| number == format!("{row:02}"))?;
            let sentence = words.replace('_', " ");
            let (first, rest) = sentence.split_at_checked(1)?;
            Some((row, first.to_uppercase() + rest))
        };
        parts().unwrap_or_else(|| panic!("{}: {} is not row_NN_sentence", self.file.display(), self.name))
    }
}

fn matrix() -> Vec<Group> {
    let text = std::fs::read_to_string(root().join("tests/fault-matrix.yaml")).expect("UTF-8");
    serde_saphyr::from_str(&text).expect("the fault matrix")
}

/// Every function whose name begins with `row_`, by row.
fn holders() -> BTreeMap<u32, Vec<(String, Holder)>> {
    let pattern = regex::Regex::new(r"(?m)^\s*(?:async )?fn (row_[a-z0-9_]+)\(").expect("a pattern");
    let mut found: BTreeMap<u32, Vec<_>> = BTreeMap::new();
    let mut files = Vec::new();
    ["src", "tests"].iter().for_each(|folder| super::architecture::sources(&root().join(folder), &mut files));
    for file in files {
        let text = std::fs::read_to_string(&file).expect("UTF-8");
        for capture in pattern.captures_iter(&text) {
            let file = file.strip_prefix(root()).expect("below the root").to_owned();
            let holder = Holder { name: capture[1].to_owned(), file };
            let (row, sentence) = holder.parts();
            found.entry(row).or_default().push((sentence, holder));
        }
    }
    for tests in found.values_mut() {
        tests.sort_by(|(_, one), (_, other)| (&one.name, &one.file).cmp(&(&other.name, &other.file)));
    }
    found
}

fn page(groups: &[Group], holders: &BTreeMap<u32, Vec<(String, Holder)>>) -> String {
    let mut text = String::from(
        "# Fault matrix\n\n\
         What can break beside, before and below a gateway, what qiao does then, and the tests that hold it. Made from\n\
         `tests/fault-matrix.yaml` and the names of the tests (`row_NN_…`); `tests/run.sh` fails when one of them did not\n\
         run or did not pass. *holds*: by the tests named; *not here*: why no test can show it; *open*: nobody holds it yet.\n\n",
    );
    let rows = || groups.iter().flat_map(|group| &group.rows);
    let held = rows().filter(|row| holders.contains_key(&row.row)).count();
    let not_here = rows().filter(|row| row.not_here.is_some()).count();
    let tests: usize = holders.values().map(Vec::len).sum();
    let open = rows().count() - held - not_here;
    writeln!(text, "{held} rows hold, by {tests} tests; {not_here} cannot be shown here; {open} are open.")
        .expect("text");
    for group in groups {
        writeln!(text, "\n## {}\n", group.group).expect("text");
        text.push_str("| row | fault | expected | held by | verdict |\n|---|---|---|---|---|\n");
        for row in &group.rows {
            let tests = holders.get(&row.row).map(Vec::as_slice).unwrap_or_default();
            let links: Vec<String> = tests.iter().map(link).collect();
            let verdict = match (&row.not_here, tests) {
                (Some(reason), _) => format!("not here: {reason}"),
                (None, []) => "open".to_owned(),
                (None, _) => "holds".to_owned(),
            };
            let (number, fault, expected) = (row.row, &row.fault, &row.expected);
            writeln!(text, "| {number} | {fault} | {expected} | {} | {verdict} |", links.join("<br>")).expect("text");
        }
    }
    text
}

fn link((sentence, holder): &(String, Holder)) -> String {
    format!("[{sentence}](../../{} \"{}\")", holder.file.display(), holder.name)
}

#[test]
fn the_page_of_the_fault_matrix_is_made_from_the_rows_and_the_names_of_the_tests() {
    super::golden(&root().join(Path::new(PAGE)), &page(&matrix(), &holders()));
}

#[test]
fn every_fault_is_held_by_a_test_or_says_why_not_and_no_test_holds_what_is_no_fault() {
    let (groups, mut holders) = (matrix(), holders());
    let mut wrong = Vec::new();
    let mut numbers: Vec<u32> = Vec::new();
    for row in groups.iter().flat_map(|group| &group.rows) {
        numbers.push(row.row);
        let is_held = holders.remove(&row.row).is_some();
        if [is_held, row.not_here.is_some(), row.open].into_iter().filter(|is| *is).count() != 1 {
            wrong.push(format!("row {} has a test, or says why not, or is open: one of them", row.row));
        }
        if [&row.fault, &row.expected].into_iter().chain(&row.not_here).any(|text| text.contains(['|', '\n'])) {
            wrong.push(format!("row {} does not fit into a table", row.row));
        }
    }
    wrong.extend(holders.keys().map(|row| format!("row {row} has a test and is not in the matrix")));
    numbers.sort_unstable();
    let asked: Vec<u32> = (1..=48).chain(69..=81).chain([87, 88, 101]).collect();
    let missing: Vec<_> = asked.iter().filter(|row| numbers.binary_search(row).is_err()).collect();
    assert!(missing.is_empty(), "not in the matrix: {missing:?}");
    assert!(numbers.windows(2).all(|pair| pair[0] != pair[1]), "a row stands in the matrix twice");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_two_tests_of_the_fault_matrix_have_one_name() {
    // `tests/run.sh` looks for the verdict of each by its name alone.
    let mut names: Vec<_> = holders().into_values().flatten().map(|(_, holder)| holder.name).collect();
    names.sort();
    let twice: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| &pair[0]).collect();
    assert!(twice.is_empty(), "{twice:?}");
}
