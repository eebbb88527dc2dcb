//! The examples of the configuration's codes are taken from the wrong configurations of `tests/config`, and how it is
//! right from `tests/config/right/CODE.yaml`.

use super::configuration::{place, place_of, right, wrong};
use super::root;
use qiao::finding::page::Example;
use qiao::finding::{Finding, MORE_USES, Severity, USED_AT, visible};
use std::collections::BTreeMap;

/// `src/finding/examples.json`: of every fault of a configuration the plainest line that has it, with the line it is to
/// be read with.
#[test]
fn the_examples_of_the_codes_are_these_configurations() {
    let mut plainest: BTreeMap<String, (usize, Example)> = BTreeMap::new();
    for (name, checked) in wrong() {
        for finding in checked.findings.iter().filter(|finding| finding.code.0.starts_with("QIAO-C")) {
            let beside = checked
                .findings
                .iter()
                .filter(|other| place(other).line == place(finding).line && place(other).file == place(finding).file)
                .count();
            let (oddity, example) = example(&name, finding);
            // One fault in a line shows best what is meant.
            let oddity = oddity + 200 * beside;
            if plainest.get(&*finding.code.0).is_none_or(|(known, _)| *known > oddity) {
                plainest.insert(finding.code.0.to_string(), (oddity, example));
            }
        }
    }
    let mut made: BTreeMap<String, Example> =
        plainest.into_iter().map(|(code, (_, example))| (code, example)).collect();
    for (code, text, _) in right() {
        made.get_mut(&code).unwrap_or_else(|| panic!("nothing is wrong with {code}")).right = shown(&text);
    }
    let text = serde_json::to_string_pretty(&made).expect("JSON") + "\n";
    super::golden(&root().join("src/finding/examples.json"), &text);
}

/// The lines between `# shown` and `# not shown`; the others are there so that the file is whole.
fn shown(text: &str) -> Vec<String> {
    let mut is_shown = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        match line {
            "# shown" => is_shown = true,
            "# not shown" => is_shown = false,
            line if is_shown => lines.push(line.to_owned()),
            _ => {}
        }
    }
    lines
}

/// What is told as right is so: without a finding of its code, and without any error.
#[test]
fn what_is_told_as_right_has_no_fault() {
    let mut wrong = Vec::new();
    for (code, text, checked) in right() {
        let is_fault = |finding: &&Finding| finding.code.0 == code || finding.severity == Severity::Error;
        wrong.extend(checked.findings.iter().filter(is_fault).map(|finding| format!("{code}: {finding}")));
        if shown(&text).is_empty() {
            wrong.push(format!("{code}: nothing is shown"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A finding as an example, and how odd it is: the length of its line, and more for what one rarely meets.
fn example(name: &str, finding: &Finding) -> (usize, Example) {
    let (folder, at) = (root().join("tests/config"), place(finding));
    let own = format!("{name}.yaml");
    let path = if at.file == own { folder.join(own) } else { folder.join(name).join(at.file) };
    let bytes = std::fs::read(path).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let all: Vec<&str> = text.lines().collect();
    let line = all.get(at.line - 1).copied().unwrap_or_default();
    let has_template = finding.arguments.iter().any(|(fact, _)| *fact == USED_AT);
    let is_visible = |line: &str| visible(line) == line && !line.contains('\u{FFFD}');
    let is_odd = line.is_empty() || has_template || line.len() > SHOWN_MAX || !is_visible(line);
    let oddity = line.len() + if is_odd { 1 << 20 } else { 0 } + if at.file.contains('/') { 40 } else { 0 };

    let mut lines = vec![around(line, at.column)];
    let with = context(finding, &all).filter(|with| with.len() <= SHOWN_MAX && is_visible(with));
    lines.splice(0..0, with.map(str::to_owned));
    lines.retain(|line| !line.trim().is_empty() && !line.contains('\u{FFFD}'));
    let renamed = |value: &str| value.replace(&format!("{name}.yaml:"), "qiao.yaml:");
    let facts = finding.arguments.iter().filter(|(fact, _)| ![USED_AT, MORE_USES].contains(fact));
    let facts = facts.map(|(fact, value)| ((*fact).to_owned(), renamed(value)));
    let place = ("place".to_owned(), renamed(&finding.place));
    (oddity, Example { lines, facts: std::iter::once(place).chain(facts).collect(), right: Vec::new() })
}

/// The line that a finding's line is to be read with: where the same was given first, what it lies in, or, where the
/// file is no YAML, the one before.
fn context<'a>(finding: &Finding, all: &[&'a str]) -> Option<&'a str> {
    let at = place(finding);
    let before = all.get(..at.line - 1)?;
    let first = finding.arguments.iter().find(|(fact, _)| *fact == "first");
    if let Some(first) = first.filter(|(_, first)| !first.is_empty()).map(|(_, first)| place_of(first)) {
        return before.get(first.line - 1).copied().filter(|_| first.file == at.file);
    }
    if finding.code.0 == "QIAO-C001" {
        return before.last().copied();
    }
    let indentation = |line: &str| line.len() - line.trim_start().len();
    let own = indentation(all.get(at.line - 1)?);
    before.iter().rev().find(|line| !line.trim().is_empty() && indentation(line) < own).copied()
}

/// What of a long line lies around a column.
fn around(line: &str, column: usize) -> String {
    if line.len() <= SHOWN_MAX {
        return line.to_owned();
    }
    let start = column.saturating_sub(SHOWN_MAX / 2);
    let mut shown: String = line.chars().skip(start).take(SHOWN_MAX).collect();
    if start > 0 {
        shown.insert(0, '…');
    }
    if start + SHOWN_MAX < line.chars().count() {
        shown.push('…');
    }
    shown
}

/// Bytes of a line that an example shows.
const SHOWN_MAX: usize = 110;
