//! A map of a YAML file, read key by key; what nobody asked for is unknown.

use super::Titles;
use super::report::{Place, Report};
use super::yaml::{Content, Key, Node};
use std::time::Duration;

/// A text and where it begins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word<'n> {
    pub place: Place,
    pub text: &'n str,
}

/// A map that is being read. End with [`Section::close`].
#[derive(Debug)]
pub(super) struct Section<'n> {
    pub place: Place,
    entries: &'n [(Key, Node)],
    asked: Vec<&'static str>,
}

impl<'n> Section<'n> {
    /// `None`, with a finding, when the node is no map.
    pub(super) fn open(node: &'n Node, report: &mut Report) -> Option<Self> {
        match &node.content {
            Content::Map(entries) => Some(Self { place: node.place, entries, asked: Vec::new() }),
            _ => {
                wrong_kind(node, "map", report);
                None
            }
        }
    }

    /// The value of an optional key.
    pub(super) fn node(&mut self, key: &'static str) -> Option<&'n Node> {
        self.asked.push(key);
        self.entries.iter().find(|(name, _)| name.text == key).map(|(_, node)| node)
    }

    /// The value of a key that must be there.
    pub(super) fn required(&mut self, key: &'static str, report: &mut Report) -> Option<&'n Node> {
        let node = self.node(key);
        if node.is_none() {
            report.error("QIAO-P008", self.place).argument("key", key);
        }
        node
    }

    pub(super) fn text(&mut self, key: &'static str, report: &mut Report) -> Option<Word<'n>> {
        text(self.node(key)?, report)
    }

    pub(super) fn required_text(&mut self, key: &'static str, report: &mut Report) -> Option<Word<'n>> {
        let word = text(self.required(key, report)?, report)?;
        if word.text.trim().is_empty() {
            report.error("QIAO-P008", word.place).argument("key", key);
            return None;
        }
        Some(word)
    }

    /// One of a closed set of words.
    pub(super) fn choice<T: Copy>(
        &mut self,
        key: &'static str,
        choices: &[(&str, T)],
        report: &mut Report,
    ) -> Option<T> {
        one_of(self.text(key, report)?, choices, report)
    }

    pub(super) fn required_choice<T: Copy>(
        &mut self,
        key: &'static str,
        choices: &[(&str, T)],
        report: &mut Report,
    ) -> Option<T> {
        one_of(self.required_text(key, report)?, choices, report)
    }

    /// `250ms`, `10s`, `2min`, `1h`.
    pub(super) fn duration(&mut self, key: &'static str, report: &mut Report) -> Option<Duration> {
        let word = self.text(key, report)?;
        let duration = parse_duration(word.text);
        if duration.is_none() {
            report.error("QIAO-P011", word.place).argument("value", word.text);
        }
        duration
    }

    /// The elements of an optional list.
    pub(super) fn list(&mut self, key: &'static str, report: &mut Report) -> &'n [Node] {
        match self.node(key) {
            None => &[],
            Some(Node { content: Content::List(items), .. }) => items,
            Some(node) => {
                wrong_kind(node, "list", report);
                &[]
            }
        }
    }

    /// The entries of an optional map whose keys are names.
    pub(super) fn map(&mut self, key: &'static str, report: &mut Report) -> &'n [(Key, Node)] {
        self.node(key).map_or(&[], |node| entries(node, report))
    }

    /// `yes` or `no`.
    pub(super) fn is(&mut self, key: &'static str, report: &mut Report) -> bool {
        self.choice(key, &[("yes", true), ("no", false)], report).unwrap_or(false)
    }

    /// A text in the three languages that may be missing.
    pub(super) fn optional_titles(&mut self, key: &'static str, report: &mut Report) -> Option<Titles> {
        titles(self.node(key)?, report)
    }

    /// A text in the three languages.
    pub(super) fn titles(&mut self, key: &'static str, report: &mut Report) -> Option<Titles> {
        titles(self.required(key, report)?, report)
    }

    /// Reports every key that nobody asked for.
    pub(super) fn close(self, report: &mut Report) {
        for (key, _) in self.entries {
            if !self.asked.contains(&key.text.as_str()) {
                report
                    .error("QIAO-P007", key.place)
                    .argument("key", &key.text)
                    .nearest(&key.text, self.asked.iter().copied());
            }
        }
    }
}

/// A JSON value as YAML writes one: numbers, booleans and null stand without quotes, everything else is text.
pub(super) fn scalar(node: &Node, report: &mut Report) -> Option<serde_json::Value> {
    use serde_json::Value;
    let word = match node.content {
        Content::Empty => return Some(Value::Null),
        _ => text(node, report)?,
    };
    let parsed = node.is_plain.then(|| serde_json::from_str::<Value>(word.text).ok()).flatten();
    Some(parsed.filter(|value| value.is_number() || value.is_boolean()).unwrap_or_else(|| word.text.into()))
}

/// One text, or a list of texts.
pub(super) fn texts<'n>(node: &'n Node, report: &mut Report) -> Vec<Word<'n>> {
    match &node.content {
        Content::List(items) => items.iter().filter_map(|node| text(node, report)).collect(),
        _ => text(node, report).into_iter().collect(),
    }
}

/// A map of exactly `en`, `de`, `zh`.
pub(super) fn titles(node: &Node, report: &mut Report) -> Option<Titles> {
    let mut section = Section::open(node, report)?;
    let [en, de, zh] =
        ["en", "de", "zh"].map(|language| section.required_text(language, report).map(|word| word.text.to_owned()));
    section.close(report);
    Some(Titles { en: en?, de: de?, zh: zh? })
}

/// The entries of a map whose keys are names.
pub(super) fn entries<'n>(node: &'n Node, report: &mut Report) -> &'n [(Key, Node)] {
    match &node.content {
        Content::Map(entries) => entries,
        _ => {
            wrong_kind(node, "map", report);
            &[]
        }
    }
}

pub(super) fn text<'n>(node: &'n Node, report: &mut Report) -> Option<Word<'n>> {
    match &node.content {
        Content::Text(text) => Some(Word { place: node.place, text }),
        _ => {
            wrong_kind(node, "text", report);
            None
        }
    }
}

/// One of a closed set of words.
pub(super) fn one_of<T: Copy>(word: Word<'_>, choices: &[(&str, T)], report: &mut Report) -> Option<T> {
    let chosen = choices.iter().find(|(name, _)| *name == word.text).map(|(_, value)| *value);
    if chosen.is_none() {
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        report
            .error("QIAO-P010", word.place)
            .argument("value", word.text)
            .argument("choices", names.join(", "))
            .nearest(word.text, names);
    }
    chosen
}

fn wrong_kind(node: &Node, expected: &str, report: &mut Report) {
    let found = match node.content {
        Content::Empty => "nothing",
        Content::Text(_) => "text",
        Content::List(_) => "list",
        Content::Map(_) => "map",
    };
    report.error("QIAO-P009", node.place).argument("expected", expected).argument("found", found);
}

fn parse_duration(text: &str) -> Option<Duration> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().ok()?;
    let milliseconds = match unit {
        "ms" => 1,
        "s" => 1_000,
        "min" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    Some(Duration::from_millis(number.checked_mul(milliseconds)?))
}
