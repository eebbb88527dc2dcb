//! `detect:` of a manifest: by what a message of a profile is known.

use super::field::check_pointer;
use super::report::Report;
use super::section::{self, Section};
use super::yaml::Node;
use regex::Regex;
use serde_json::Value;

/// One condition on a message.
#[derive(Clone, Debug)]
pub struct Condition {
    /// JSON pointer, with the steps of a mapping: `{any}` and `[member=value]`.
    pub at: String,
    pub test: Test,
}

/// What must hold there.
#[derive(Clone, Debug)]
pub enum Test {
    Exists,
    Equals(Value),
    /// Of a text; linear-time.
    Matches(Regex),
}

pub(super) fn conditions(section: &mut Section<'_>, report: &mut Report) -> Vec<Condition> {
    section.list("detect", report).iter().filter_map(|node| condition(node, report)).collect()
}

fn condition(node: &Node, report: &mut Report) -> Option<Condition> {
    let mut section = Section::open(node, report)?;
    let at = section.required_text("at", report);
    let exists = section.choice("exists", &[("yes", ())], report);
    let equals = section.node("equals").and_then(|node| section::scalar(node, report));
    let matches = section.text("matches", report);
    section.close(report);
    let at = at?;
    check_pointer(at, report);
    let test = match (exists, equals, matches) {
        (Some(()), None, None) => Test::Exists,
        (None, Some(value), None) => Test::Equals(value),
        (None, None, Some(pattern)) => Test::Matches(
            Regex::new(pattern.text)
                .map_err(|error| {
                    let detail = error.to_string().lines().last().unwrap_or_default().to_owned();
                    report
                        .error("QIAO-P048", pattern.place)
                        .argument("pattern", pattern.text)
                        .argument("detail", detail);
                })
                .ok()?,
        ),
        _ => {
            report.error("QIAO-P008", node.place).argument("key", "exists | equals | matches");
            return None;
        }
    };
    Some(Condition { at: at.text.to_owned(), test })
}
