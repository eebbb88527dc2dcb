//! `rules.yaml` and `rules/<ID>.md`: what must hold beyond the schema, as data.

use super::Titles;
use super::predicate::{self, Predicate};
use super::report::{Place, Report};
use super::rule_path::RulePath;
use super::section::{Section, Word};
use super::yaml::Node;
use crate::finding::Severity;

/// One declared rule, read and compiled.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Such as `AAS-NP-0101`; never used again for another rule.
    pub id: String,
    /// What must hold.
    pub titles: Titles,
    /// Where it is written, or `own rule`.
    pub clause: String,
    pub severity: Severity,
    /// The check runs once at each of these places.
    pub context: RulePath,
    /// The check is asked only where this holds.
    pub condition: Option<Predicate>,
    pub check: Predicate,
    /// What to change.
    pub fix: Titles,
    /// `rules/<ID>.md`: what, why, and an example wrong and right.
    pub page: String,
}

const SEVERITIES: &[(&str, Severity)] =
    &[("error", Severity::Error), ("warning", Severity::Warning), ("note", Severity::Note)];

/// Rules of one profile, at most.
const RULES_MAX: usize = 500;

/// Reads every rule, with the place of its id. Faults of one rule do not hide the next.
pub(super) fn read(node: &Node, report: &mut Report) -> Vec<(Rule, Place)> {
    let Some(mut section) = Section::open(node, report) else { return Vec::new() };
    let listed = section.list("rules", report);
    section.close(report);
    if listed.is_empty() {
        report.error("QIAO-P008", node.place).argument("key", "rules");
    }
    if listed.len() > RULES_MAX {
        report.error("QIAO-P003", node.place).argument("limit", format!("{RULES_MAX} rules"));
        return Vec::new();
    }
    let mut rules: Vec<(Rule, Place)> = Vec::new();
    let mut ids: Vec<(String, Place)> = Vec::new();
    for node in listed {
        let read = rule(node, &mut ids, report);
        rules.extend(read);
    }
    rules
}

fn rule(node: &Node, ids: &mut Vec<(String, Place)>, report: &mut Report) -> Option<(Rule, Place)> {
    let faults = report.findings.len();
    let mut section = Section::open(node, report)?;
    let id = section.required_text("id", report);
    if let Some(id) = id {
        check_id(id, ids, report);
    }
    let titles = section.titles("title", report);
    let clause = section.required_text("clause", report);
    let severity = section.required_choice("severity", SEVERITIES, report);
    let context = section.text("where", report).and_then(|word| predicate::parse_path(word, report));
    let condition = section.node("if").and_then(|node| predicate::read(node, report));
    let place = section.place;
    let check = match section.node("check") {
        Some(node) => predicate::read(node, report),
        None => {
            report.error("QIAO-P008", place).argument("key", "check");
            None
        }
    };
    let fix = section.titles("fix", report);
    section.close(report);
    if report.findings.len() > faults {
        return None;
    }
    let id = id?;
    let rule = Rule {
        id: id.text.to_owned(),
        titles: titles?,
        clause: clause?.text.to_owned(),
        severity: severity?,
        context: context.unwrap_or_default(),
        condition,
        check: check?,
        fix: fix?,
        page: String::new(),
    };
    Some((rule, id.place))
}

/// Words of capitals and digits joined by `-`, then four digits; each id once.
fn check_id(id: Word<'_>, ids: &mut Vec<(String, Place)>, report: &mut Report) {
    if !is_id(id.text) {
        report.error("QIAO-P061", id.place).argument("id", id.text);
    }
    match ids.iter().find(|(other, _)| other == id.text) {
        Some((_, first)) => {
            report.error("QIAO-P062", id.place).argument("id", id.text).argument("first", first.line);
        }
        None => ids.push((id.text.to_owned(), id.place)),
    }
}

/// Whether a text could be the id of a rule, such as `AAS-NP-0101`; `QIAO-` is the gateway's own.
#[must_use]
pub fn is_id(text: &str) -> bool {
    let Some((words, number)) = text.rsplit_once('-') else { return false };
    let is_word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    number.len() == 4
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && words.split('-').all(is_word)
        && words.starts_with(|c: char| c.is_ascii_uppercase())
        && !words.starts_with("QIAO")
}

/// Reads the text of a `rules.yaml`; the pages are not looked at.
#[cfg(test)]
pub(crate) fn read_rules(text: &str) -> (Vec<Rule>, Vec<crate::finding::Finding>) {
    let mut report = Report::new("rules.yaml");
    let rules = super::yaml::parse(text, &mut report).map(|node| read(&node, &mut report)).unwrap_or_default();
    (rules.into_iter().map(|(rule, _)| rule).collect(), report.findings)
}
