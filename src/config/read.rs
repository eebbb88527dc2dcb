//! From the tree as typed to typed values, each with its place: every fault is noted, none ends the reading.

use super::slip;
use super::yaml::{Content, Key, Node, Place};
use crate::finding::{Code, Finding, MORE_USES, Severity, USED_AT, nearest};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;
use std::collections::HashMap;

/// A value and where it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct At<T> {
    pub value: T,
    pub place: Place,
}

/// A key that must be given. `None` inside: it is missing or unreadable, and that was said already.
#[derive(Clone, Debug)]
pub struct Needed<T>(pub Option<At<T>>);

/// A list, or one item that stands for a list of one.
#[derive(Clone, Debug)]
pub struct OneOrMany<T>(pub Vec<At<T>>);

/// A table whose keys are names that the user chose, in the order in which they were written.
/// `None`: unreadable, and why was noted; the name is known all the same.
#[derive(Clone, Debug)]
pub struct ByName<T>(pub Vec<(Key, Option<T>)>);

/// A record, or the bare text that stands for its most common form.
#[derive(Clone, Debug)]
pub struct OrText<T>(pub T);

/// Findings that are kept: nobody reads more, and a file made to be wrong shall not fill the memory.
const FINDINGS_MAX: usize = 10_000;
/// Known names that a message lists.
const KNOWN_MAX: usize = 24;

/// What is wrong so far.
#[derive(Debug)]
pub struct Reading<'a> {
    /// As they are shown; [`Place::file`] counts in here.
    files: Vec<Cow<'a, str>>,
    /// Where templates were used; [`Place::used`] counts in here, from 1.
    uses: Vec<Place>,
    /// In the order in which they were found.
    pub findings: Vec<(Place, Finding)>,
    /// Keys that were given, but with nothing readable: the place of the table and the key.
    unreadable: Vec<(Place, String)>,
}

/// What makes the findings of several uses of a template one: code, place in the template, facts.
type Fault = (Code, Place, Vec<(&'static str, String)>);

/// What can stand at a key.
pub trait Read: Sized {
    /// `None`: unreadable, and why was noted.
    fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Self>;
}

/// How a key may be absent.
pub trait Field: Sized {
    const IS_NEEDED: bool;
    fn of(value: Option<Self::Value>, place: Place) -> Self;
    type Value: Read;
}

impl<T: Read> Field for Option<At<T>> {
    const IS_NEEDED: bool = false;
    type Value = T;
    fn of(value: Option<T>, place: Place) -> Self {
        value.map(|value| At { value, place })
    }
}

impl<T: Read> Field for Needed<T> {
    const IS_NEEDED: bool = true;
    type Value = T;
    fn of(value: Option<T>, place: Place) -> Self {
        Self(value.map(|value| At { value, place }))
    }
}

impl<'a> Reading<'a> {
    #[must_use]
    pub fn new(file: &'a str) -> Self {
        Self { files: vec![Cow::Borrowed(file)], uses: Vec::new(), findings: Vec::new(), unreadable: Vec::new() }
    }

    /// Counts one more file in, by the name it is shown with; `None`: there are too many.
    pub fn add_file(&mut self, shown: String) -> Option<u16> {
        let number = u16::try_from(self.files.len()).ok()?;
        self.files.push(Cow::Owned(shown));
        Some(number)
    }

    /// The file in which something stands, as it is shown.
    #[must_use]
    pub fn file(&self, place: Place) -> &str {
        self.files.get(usize::from(place.file)).map_or("", AsRef::as_ref)
    }

    /// The same place in a template, as it comes from one use of it.
    pub fn used(&mut self, place: Place, at: Place) -> Place {
        if self.uses.last() != Some(&at) {
            self.uses.push(at);
        }
        Place { used: u32::try_from(self.uses.len()).unwrap_or(u32::MAX), ..place }
    }

    fn use_of(&self, place: Place) -> Option<Place> {
        self.uses.get((place.used as usize).checked_sub(1)?).copied()
    }

    /// `file:line:column` of what was written; where a template was used if it comes from there.
    #[must_use]
    pub fn shown(&self, place: Place) -> String {
        let place = self.use_of(place).unwrap_or(place);
        place.in_file(self.file(place))
    }

    /// Whether the key was given in this table, and that it cannot be read was said already: nobody calls it missing.
    #[must_use]
    pub fn is_unreadable(&self, table: Place, key: &str) -> bool {
        self.unreadable.iter().any(|(place, known)| *place == table && known == key)
    }

    /// Notes an error at a place.
    pub fn error(&mut self, code: &'static str, place: Place, facts: &[(&'static str, &str)]) {
        self.note(Severity::Error, code, place, facts);
    }

    /// Notes a warning at a place.
    pub fn warning(&mut self, code: &'static str, place: Place, facts: &[(&'static str, &str)]) {
        self.note(Severity::Warning, code, place, facts);
    }

    /// Notes a finding at a place.
    pub fn note(&mut self, severity: Severity, code: &'static str, place: Place, facts: &[(&'static str, &str)]) {
        if self.findings.len() >= FINDINGS_MAX {
            return;
        }
        let finding = Finding::new(code, severity, place.in_file(self.file(place)));
        let finding = facts.iter().fold(finding, |finding, (name, value)| finding.with(name, value));
        let finding = match self.use_of(place) {
            Some(used) => finding.with(USED_AT, used.in_file(self.file(used))),
            None => finding,
        };
        self.findings.push((place, finding));
    }

    /// Every finding, by file and place. What forty uses of one template have in common is said once.
    #[must_use]
    pub fn into_findings(self) -> Vec<Finding> {
        let mut findings = self.findings;
        findings.sort_by_key(|(place, _)| *place);
        let mut told: HashMap<Fault, (usize, u32)> = HashMap::new();
        let mut kept: Vec<Finding> = Vec::new();
        for (place, finding) in findings {
            if place.used > 0 {
                let facts = finding.arguments.iter().filter(|(name, _)| *name != USED_AT).cloned().collect();
                let key = (finding.code.clone(), Place { used: 0, ..place }, facts);
                let (_, more) = told.entry(key).and_modify(|(_, more)| *more += 1).or_insert((kept.len(), 0));
                if *more > 0 {
                    continue;
                }
            }
            kept.push(finding);
        }
        for (index, more) in told.into_values().filter(|(_, more)| *more > 0) {
            kept[index].arguments.push((MORE_USES, more.to_string()));
        }
        kept
    }

    /// A name that nobody knows: says the nearest, else all.
    pub fn unknown<'k>(
        &mut self,
        code: &'static str,
        place: Place,
        name: &str,
        known: impl IntoIterator<Item = &'k str> + Clone,
    ) {
        let near = nearest(name, known.clone()).unwrap_or("none");
        let mut names: Vec<&str> = known.into_iter().collect();
        if names.len() > KNOWN_MAX {
            names.truncate(KNOWN_MAX);
            names.push("…");
        }
        let all = names.join(", ");
        self.error(code, place, &[("name", name), ("nearest", near), ("known", &all)]);
    }

    /// Something of another kind stands here. `expected`: `list`, `table`, or what a [`super::scalar::Scalar`] says.
    pub fn wrong_kind(&mut self, node: &Node, expected: &str) {
        let found = match &node.content {
            Content::Refused => return,
            Content::Nothing => "nothing",
            Content::Text { text, is_plain } => {
                let wide = slip::full_width(text).filter(|_| *is_plain && matches!(expected, "table" | "list"));
                if let Some((found, meant)) = wide {
                    self.error("QIAO-C093", node.place, &[("found", &found.to_string()), ("meant", meant)]);
                    return;
                }
                if *is_plain && expected == "table" && slip::is_without_blank(text) {
                    self.error("QIAO-C094", node.place, &[("text", text)]);
                    return;
                }
                if text.is_empty() { "empty" } else { "text" }
            }
            Content::List(_) => "list",
            Content::Table(entries) => {
                // `{machine}` without quotes is a table with a key that holds nothing.
                let bare = entries.first().filter(|(_, value)| value.content == Content::Nothing);
                if let Some((key, _)) = bare.filter(|_| entries.len() == 1 && !matches!(expected, "table" | "list")) {
                    self.error("QIAO-C098", node.place, &[("text", &format!("{{{}}}", key.text))]);
                    return;
                }
                "table"
            }
        };
        self.error("QIAO-C009", node.place, &[("expected", expected), ("found", found)]);
    }

    /// The entries of a table.
    pub fn table<'n>(&mut self, node: &'n Node) -> Option<&'n [(Key, Node)]> {
        match &node.content {
            Content::Table(entries) => Some(entries),
            _ => {
                self.wrong_kind(node, "table");
                None
            }
        }
    }

    /// The one entry of a table that stands for a choice between `words`.
    pub fn choice<'n>(&mut self, node: &'n Node, words: &[&'static str]) -> Option<(&'static str, &'n Node)> {
        let entries = self.table(node)?;
        let mut chosen = None;
        for (key, value) in entries {
            match words.iter().find(|word| **word == key.text) {
                None => self.unknown("QIAO-C007", key.place, &key.text, words.iter().copied()),
                Some(word) if chosen.is_none() => chosen = Some((*word, value)),
                Some(_) => self.error("QIAO-C014", key.place, &[("known", &words.join(", "))]),
            }
        }
        if chosen.is_none() && entries.is_empty() {
            self.error("QIAO-C014", node.place, &[("known", &words.join(", "))]);
        }
        chosen
    }
}

/// The entries of a table that is read into a record, key by key.
#[derive(Debug)]
pub struct Fields<'n> {
    entries: &'n [(Key, Node)],
    place: Place,
}

impl<'n> Fields<'n> {
    /// Notes every key that is not in `names` (as Rust spells them).
    pub fn of(node: &'n Node, names: &[&str], reading: &mut Reading<'_>) -> Option<Self> {
        let entries = reading.table(node)?;
        let known: Vec<Cow<'_, str>> = names.iter().map(|name| key_of(name)).collect();
        let mut before: Option<&Node> = None;
        for (key, value) in entries {
            if !known.iter().any(|known| *known == key.text) {
                match (before.and_then(|before| split_decimal(before, key, value)), slip::full_width(&key.text)) {
                    (Some(number), _) => reading.error("QIAO-C096", key.place, &[("value", &number)]),
                    (None, Some((found, meant))) => {
                        let facts = [("found", &*found.to_string()), ("meant", meant)];
                        reading.error("QIAO-C093", key.place, &facts);
                    }
                    (None, None) => {
                        reading.unknown("QIAO-C007", key.place, &key.text, known.iter().map(AsRef::as_ref));
                    }
                }
            }
            before = Some(value);
        }
        Some(Self { entries, place: node.place })
    }

    /// Reads the key of one field.
    pub fn take<F: Field>(&self, name: &str, reading: &mut Reading<'_>) -> F {
        let name = key_of(name);
        match self.entries.iter().find(|(key, _)| key.text == *name) {
            Some((_, node)) => {
                let value = F::Value::read(node, reading);
                if value.is_none() {
                    reading.unreadable.push((self.place, name.into_owned()));
                }
                F::of(value, node.place)
            }
            None => {
                if F::IS_NEEDED {
                    reading.error("QIAO-C011", self.place, &[("key", &name)]);
                }
                F::of(None, self.place)
            }
        }
    }
}

/// `{ deadband: 0,5 }` is the number 0 and a key `5` that holds nothing: the number as it was meant.
fn split_decimal(before: &Node, key: &Key, value: &Node) -> Option<String> {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let decimals = key.text.strip_suffix('%').unwrap_or(&key.text);
    match &before.content {
        Content::Text { text, is_plain: true }
            if is_number(text) && is_number(decimals) && value.content == Content::Nothing =>
        {
            Some(format!("{text}.{}", key.text))
        }
        _ => None,
    }
}

/// `keep_alive` and `r#type` as they are written in the file: `keep-alive`, `type`.
fn key_of(name: &str) -> Cow<'_, str> {
    let name = name.strip_prefix("r#").unwrap_or(name);
    if name.contains('_') { Cow::Owned(name.replace('_', "-")) } else { Cow::Borrowed(name) }
}

fn read_at<T: Read>(node: &Node, reading: &mut Reading<'_>) -> Option<At<T>> {
    Some(At { value: T::read(node, reading)?, place: node.place })
}

impl<T: Read> Read for At<T> {
    fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Self> {
        read_at(node, reading)
    }
}

impl<T: Read> Read for Vec<At<T>> {
    fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Self> {
        let Content::List(items) = &node.content else {
            reading.wrong_kind(node, "list");
            return None;
        };
        let readable: Vec<At<T>> = items.iter().filter_map(|item| read_at(item, reading)).collect();
        // A list of which nothing can be read is not an empty list.
        (items.is_empty() || !readable.is_empty()).then_some(readable)
    }
}

impl<T: Read> Read for OneOrMany<T> {
    fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Self> {
        match &node.content {
            Content::List(_) => Vec::read(node, reading).map(Self),
            _ => read_at(node, reading).map(|item| Self(vec![item])),
        }
    }
}

impl<T: Read> Read for ByName<T> {
    fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Self> {
        let entries = reading.table(node)?;
        Some(Self(entries.iter().map(|(key, node)| (key.clone(), T::read(node, reading))).collect()))
    }
}

impl<T: Read + From<At<String>>> Read for OrText<T> {
    fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Self> {
        match &node.content {
            Content::Text { text, .. } => Some(Self(At { value: text.clone(), place: node.place }.into())),
            Content::Table(_) => T::read(node, reading).map(Self),
            _ => {
                reading.wrong_kind(node, "text-or-table");
                None
            }
        }
    }
}

/// The schema of a wrapper is the schema of what it wraps.
macro_rules! same_schema {
    ($($wrapper:ident)*) => {$(
        impl<T: JsonSchema> JsonSchema for $wrapper<T> {
            fn inline_schema() -> bool {
                T::inline_schema()
            }
            fn schema_name() -> Cow<'static, str> {
                T::schema_name()
            }
            fn schema_id() -> Cow<'static, str> {
                T::schema_id()
            }
            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                T::json_schema(generator)
            }
        }
    )*};
}
same_schema!(At Needed);

/// The schema of a wrapper is built from the schema of what it wraps, in place.
macro_rules! schema_around {
    ($($wrapper:ident: |$inner:ident| $schema:tt)*) => {$(
        impl<T: JsonSchema> JsonSchema for $wrapper<T> {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> Cow<'static, str> {
                format!(concat!(stringify!($wrapper), "_{}"), T::schema_name()).into()
            }
            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                let $inner = generator.subschema_for::<T>();
                json_schema!($schema)
            }
        }
    )*};
}
schema_around! {
    OneOrMany: |item| { "anyOf": [item, { "type": "array", "items": item, "minItems": 1 }] }
    ByName: |item| { "type": "object", "additionalProperties": item }
    OrText: |item| { "anyOf": [{ "type": "string" }, item] }
}
