//! What a rule asks of a message, as `rules.yaml` writes it: a map with one key.

use super::report::{Place, Report};
use super::rule_path::RulePath;
use super::section::{self, Section, Word};
use super::yaml::{Content, Key, Node};
use regex::Regex;

/// Something that holds at a place of a message or not. Over a place that is not there everything but
/// [`Predicate::Exists`] holds.
#[derive(Clone, Debug)]
pub enum Predicate {
    Exists(RulePath),
    Absent(RulePath),
    Equals {
        at: RulePath,
        value: Literal,
    },
    OneOf {
        at: RulePath,
        values: Vec<Literal>,
    },
    /// Somewhere in the text, unless the pattern has anchors.
    Matches {
        at: RulePath,
        pattern: Regex,
    },
    /// Numbers, numbers as text, or times.
    Range {
        at: RulePath,
        min: Option<Operand>,
        max: Option<Operand>,
    },
    Compare {
        left: RulePath,
        is: Comparison,
        right: RulePath,
        within: f64,
    },
    /// No two values are the same.
    Unique(RulePath),
    /// How many places there are; of one array or object: how many parts it has.
    Count {
        at: RulePath,
        min: Option<usize>,
        max: Option<usize>,
    },
    Sum {
        of: RulePath,
        equals: Option<Operand>,
        max: Option<Operand>,
        within: f64,
    },
    /// Each value is not below the one before.
    Ordered {
        at: RulePath,
        is_strict: bool,
    },
    /// The last digit of a GS1 key (GS1 General Specifications §7.9).
    Gs1CheckDigit(RulePath),
    /// A day of the calendar, with or without time and offset.
    IsDate(RulePath),
    /// An absolute URI (RFC 3986).
    Uri(RulePath),
    All(Vec<Predicate>),
    Any(Vec<Predicate>),
    Not(Box<Predicate>),
}

/// A value as written in `rules.yaml`, where `1` and `"1"` are the same: what type a value has is for the schema to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    Null,
    Text(String),
}

/// A bound: fixed, or found in the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    /// Number, date or time.
    Fixed(String),
    At(RulePath),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Below,
    AtMost,
    Equal,
    AtLeast,
    Above,
}

const COMPARISONS: &[(&str, Comparison)] = &[
    ("<", Comparison::Below),
    ("<=", Comparison::AtMost),
    ("==", Comparison::Equal),
    (">=", Comparison::AtLeast),
    (">", Comparison::Above),
];

/// Every predicate's name.
const NAMES: &[&str] = &[
    "exists",
    "absent",
    "equals",
    "one-of",
    "matches",
    "range",
    "compare",
    "unique",
    "count",
    "sum",
    "ordered",
    "check-digit",
    "is-date",
    "uri",
    "all",
    "any",
    "not",
];

/// Bytes one compiled pattern may take.
const PATTERN_BYTES: usize = 1 << 20;

/// Reads one predicate; `None` when something in it is wrong, and then the report says what.
pub(super) fn read(node: &Node, report: &mut Report) -> Option<Predicate> {
    let Content::Map(entries) = &node.content else {
        report.error("QIAO-P067", node.place).argument("count", 0);
        return None;
    };
    let [(key, value)] = entries.as_slice() else {
        report.error("QIAO-P067", node.place).argument("count", entries.len());
        return None;
    };
    match key.text.as_str() {
        "exists" => path(value, report).map(Predicate::Exists),
        "absent" => path(value, report).map(Predicate::Absent),
        "unique" => path(value, report).map(Predicate::Unique),
        "is-date" => path(value, report).map(Predicate::IsDate),
        "uri" => path(value, report).map(Predicate::Uri),
        "all" => several(key, value, report).map(Predicate::All),
        "any" => several(key, value, report).map(Predicate::Any),
        "not" => read(value, report).map(|inner| Predicate::Not(Box::new(inner))),
        name if NAMES.contains(&name) => with_parts(name, value, report),
        name => {
            report.error("QIAO-P060", key.place).argument("predicate", name).nearest(name, NAMES.iter().copied());
            None
        }
    }
}

fn several(key: &Key, node: &Node, report: &mut Report) -> Option<Vec<Predicate>> {
    let Content::List(items) = &node.content else {
        report.error("QIAO-P009", node.place).argument("expected", "list").argument("found", "text");
        return None;
    };
    if items.is_empty() {
        report.error("QIAO-P008", node.place).argument("key", &key.text);
        return None;
    }
    let read: Vec<Option<Predicate>> = items.iter().map(|item| read(item, report)).collect();
    read.into_iter().collect()
}

/// The predicates that are maps of their own.
fn with_parts(name: &str, node: &Node, report: &mut Report) -> Option<Predicate> {
    let faults = report.findings.len();
    let mut section = Section::open(node, report)?;
    let predicate = match name {
        "equals" => equals(&mut section, report),
        "one-of" => one_of(&mut section, report),
        "matches" => matches(&mut section, report),
        "range" => range(&mut section, report),
        "compare" => compare(&mut section, report),
        "count" => count(&mut section, report),
        "sum" => sum(&mut section, report),
        "ordered" => {
            let at = required_path(&mut section, "at", report);
            let is_strict = section.choice("strictly", &[("yes", true), ("no", false)], report).unwrap_or(false);
            at.map(|at| Predicate::Ordered { at, is_strict })
        }
        _ => {
            let at = required_path(&mut section, "at", report);
            section.required_choice("kind", &[("gs1", ())], report);
            at.map(Predicate::Gs1CheckDigit)
        }
    };
    section.close(report);
    predicate.filter(|_| report.findings.len() == faults)
}

fn equals(section: &mut Section<'_>, report: &mut Report) -> Option<Predicate> {
    let at = required_path(section, "at", report);
    let place = section.place;
    let value = match section.node("value") {
        Some(node) => literal(node, report),
        None => {
            report.error("QIAO-P008", place).argument("key", "value");
            None
        }
    };
    Some(Predicate::Equals { at: at?, value: value? })
}

fn one_of(section: &mut Section<'_>, report: &mut Report) -> Option<Predicate> {
    let at = required_path(section, "at", report);
    let place = section.place;
    let listed = section.list("values", report);
    if listed.is_empty() {
        report.error("QIAO-P008", place).argument("key", "values");
    }
    let values = listed.iter().filter_map(|node| literal(node, report)).collect();
    Some(Predicate::OneOf { at: at?, values })
}

fn matches(section: &mut Section<'_>, report: &mut Report) -> Option<Predicate> {
    let at = required_path(section, "at", report);
    let word = section.required_text("pattern", report)?;
    let pattern = regex::RegexBuilder::new(word.text).size_limit(PATTERN_BYTES).dfa_size_limit(PATTERN_BYTES).build();
    match pattern {
        Ok(pattern) => Some(Predicate::Matches { at: at?, pattern }),
        Err(error) => {
            // The last line of the crate's own text says what is wrong; those before draw where.
            let text = error.to_string();
            let detail = text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
            report.error("QIAO-P065", word.place).argument("pattern", word.text).argument("detail", detail);
            None
        }
    }
}

fn range(section: &mut Section<'_>, report: &mut Report) -> Option<Predicate> {
    let at = required_path(section, "at", report);
    let [min, max] = ["min", "max"].map(|key| section.node(key).and_then(|node| bound(node, report)));
    needs_one_of(section, &["min", "max"], report);
    Some(Predicate::Range { at: at?, min, max })
}

fn compare(section: &mut Section<'_>, report: &mut Report) -> Option<Predicate> {
    let left = required_path(section, "left", report);
    let is = section.required_choice("is", COMPARISONS, report);
    let right = required_path(section, "right", report);
    let within = within(section, report);
    Some(Predicate::Compare { left: left?, is: is?, right: right?, within: within.unwrap_or(0.0) })
}

fn count(section: &mut Section<'_>, report: &mut Report) -> Option<Predicate> {
    let at = required_path(section, "at", report);
    let [min, max] = ["min", "max"].map(|key| {
        let word = section.text(key, report)?;
        let number = word.text.parse::<usize>().ok();
        if number.is_none() {
            report.error("QIAO-P073", word.place).argument("value", word.text);
        }
        number
    });
    needs_one_of(section, &["min", "max"], report);
    Some(Predicate::Count { at: at?, min, max })
}

fn sum(section: &mut Section<'_>, report: &mut Report) -> Option<Predicate> {
    let of = required_path(section, "of", report);
    let [equals, max] = ["equals", "max"].map(|key| {
        let node = section.node(key)?;
        match &node.content {
            // The one place where a pointer stands for a number without `{ at: … }`.
            Content::Text(text) if text.starts_with(['/', '$']) => path(node, report).map(Operand::At),
            _ => bound(node, report),
        }
    });
    let within = within(section, report).unwrap_or(0.0);
    needs_one_of(section, &["equals", "max"], report);
    Some(Predicate::Sum { of: of?, equals, max, within })
}

fn within(section: &mut Section<'_>, report: &mut Report) -> Option<f64> {
    let word = section.text("within", report)?;
    let number = word.text.parse::<f64>().ok().filter(|number| number.is_finite() && *number >= 0.0);
    if number.is_none() {
        report.error("QIAO-P073", word.place).argument("value", word.text);
    }
    number
}

fn needs_one_of(section: &mut Section<'_>, keys: &[&'static str], report: &mut Report) {
    if keys.iter().all(|key| section.node(key).is_none()) {
        report.error("QIAO-P008", section.place).argument("key", keys.join(" / "));
    }
}

/// A number, a date or a time, or `{ at: pointer }`.
fn bound(node: &Node, report: &mut Report) -> Option<Operand> {
    if let Content::Map(_) = node.content {
        let mut section = Section::open(node, report)?;
        let at = required_path(&mut section, "at", report);
        section.close(report);
        return at.map(Operand::At);
    }
    let word = section::text(node, report)?;
    if !is_quantity(word.text) {
        report.error("QIAO-P073", word.place).argument("value", word.text);
        return None;
    }
    Some(Operand::Fixed(word.text.to_owned()))
}

fn is_quantity(text: &str) -> bool {
    let is_number = text.parse::<f64>().is_ok_and(f64::is_finite);
    is_number
        || crate::model::Timestamp::parse(text).is_ok()
        || crate::model::Timestamp::parse(&format!("{text}T00:00:00Z")).is_ok()
}

fn literal(node: &Node, report: &mut Report) -> Option<Literal> {
    match &node.content {
        Content::Empty => Some(Literal::Null),
        _ => section::text(node, report).map(|word| Literal::Text(word.text.to_owned())),
    }
}

fn required_path(section: &mut Section<'_>, key: &'static str, report: &mut Report) -> Option<RulePath> {
    let place = section.place;
    match section.node(key) {
        Some(node) => path(node, report),
        None => {
            report.error("QIAO-P008", place).argument("key", key);
            None
        }
    }
}

fn path(node: &Node, report: &mut Report) -> Option<RulePath> {
    parse_path(section::text(node, report)?, report)
}

pub(super) fn parse_path(word: Word<'_>, report: &mut Report) -> Option<RulePath> {
    match RulePath::parse(word.text) {
        Ok(path) => Some(path),
        Err(detail) => {
            wrong_path(word.place, word.text, detail, report);
            None
        }
    }
}

fn wrong_path(place: Place, path: &str, detail: &str, report: &mut Report) {
    report.error("QIAO-P066", place).argument("path", path).argument("detail", detail);
}
