//! How members are spelt: forms, words of the wire for words of the hub, words for units, and by what a message is known.

use super::{cell, line};
use crate::profile::{Condition, Field, Form, Only, Profile, Table, TableEntry, Test, Unit, UnitWords};
use serde_json::Value;
use std::fmt::Write as _;

/// Tables of wire words, each once, in the order of the fields.
#[must_use]
pub fn tables(profile: &Profile) -> Vec<&Table> {
    let mut seen: Vec<&Table> = Vec::new();
    for table in profile.mapping.fields.iter().filter_map(|field| field.meaning.table.as_deref()) {
        if !seen.iter().any(|other| other.name == table.name) {
            seen.push(table);
        }
    }
    seen
}

/// Words for units, each list once, in the order of the fields.
#[must_use]
pub fn unit_words(profile: &Profile) -> Vec<&UnitWords> {
    let mut seen: Vec<&UnitWords> = Vec::new();
    for field in &profile.mapping.fields {
        let Some(Unit::Word { words, .. }) = &field.unit else { continue };
        if !seen.iter().any(|other| other.name == words.name) {
            seen.push(words);
        }
    }
    seen
}

/// Values as they stand in JSON, joined by commas.
#[must_use]
pub fn listed(values: &[Value]) -> String {
    values.iter().map(Value::to_string).collect::<Vec<_>>().join(", ")
}

pub(super) fn detect(page: &mut String, profile: &Profile) {
    if profile.detect.is_empty() {
        return;
    }
    line(
        page,
        "## Known by\n\nA message is one of this profile if all of these hold; `--profile auto` and `--from auto` ask for them.\n",
    );
    for Condition { at, test } in &profile.detect {
        let test = match test {
            Test::Exists => "is there".to_owned(),
            Test::Equals(value) => format!("is `{value}`"),
            Test::Matches(pattern) => format!("matches `{pattern}`"),
        };
        line(page, &format!("- `{at}` {test}"));
    }
    line(page, "");
}

/// How a field is written, where that is not JSON of its concept's type.
pub(super) fn spelling(field: &Field) -> String {
    let meaning = &field.meaning;
    let mut text = if meaning.form == Form::Plain { String::new() } else { meaning.form.name().to_owned() };
    let mut add = |part: String| {
        if !text.is_empty() {
            text.push_str("; ");
        }
        text.push_str(&part);
    };
    if let Some(derive) = &meaning.derive {
        add(format!("part of `{}`: `{}`", cell(&derive.from), cell(derive.pattern.as_str())));
    } else if let Some(only) = meaning.only {
        add(match only {
            Only::Read => "only read",
            Only::Write => "only written",
        }
        .to_owned());
    }
    if let Some(rule) = &meaning.rule {
        add(format!("≈ {}", cell(&rule.en)));
    }
    text
}

pub(super) fn words(page: &mut String, profile: &Profile) {
    let tables = tables(profile);
    if !tables.is_empty() {
        line(
            page,
            "## Words\n\nWhat the wire says, and what it is in the hub of concepts. *Also written*: words of the hub that become it too, which is an",
        );
        line(page, "approximation. *Also read*: other spellings that are understood.\n");
    }
    for table in tables {
        one(page, table);
    }
    let lists = unit_words(profile);
    if !lists.is_empty() {
        line(page, "## Words for units\n");
    }
    for list in &lists {
        let mut text = format!("- {}: ", list.name);
        for (at, (word, code)) in list.words.iter().enumerate() {
            let _ = write!(text, "{}`{word}` {code}", if at == 0 { "" } else { ", " });
        }
        line(page, &text);
    }
    if !lists.is_empty() {
        line(page, "");
    }
}

fn one(page: &mut String, table: &Table) {
    line(page, &format!("### {}: `{}`\n", table.name, table.concept));
    line(page, "| wire | hub | also written | also read |\n|---|---|---|---|");
    for TableEntry { wire, is, also, accept } in &table.entries {
        line(page, &format!("| `{wire}` | {is} | {} | {} |", also.join(", "), cell(&listed(accept))));
    }
    if !table.absent.is_empty() {
        line(page, "\nThe wire cannot say:\n");
    }
    for (value, because) in &table.absent {
        line(page, &format!("- {value}: {}", because.en));
    }
    line(page, "");
}
