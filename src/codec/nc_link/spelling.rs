//! The field's several spellings of one thing, read as one. Which they are is data: those of the profile.

use super::super::parse::Limits;
use super::super::plain_json::{children, name, push_step, string};
use super::super::tape::{Tape, TapeKind, TapeNode};
use crate::finding::Finding;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// Below this a number of time counts seconds: as milliseconds it would be 1973.
const FIRST_MILLISECOND: i64 = 100_000_000_000;
/// Differences that one message may tell.
const MOST: usize = 64;
/// Members that hold milliseconds since 1970 as text; a number, or seconds, become that.
const TIMES: [&str; 2] = ["beginTime", "time"];
/// A member whose object may come as JSON inside a text.
const OBJECT: &str = "probe";

/// Which spelling is read as which.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spellings {
    members: HashMap<String, String>,
    types: HashMap<String, String>,
    /// Type → JSON of the value → word.
    values: HashMap<String, HashMap<String, String>>,
    texts: HashSet<String>,
}

/// Something that was read otherwise than it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where it stands now.
    pub pointer: String,
    pub found: String,
    pub read_as: String,
}

impl Difference {
    /// As a finding; `place` is the topic or file.
    #[must_use]
    pub fn finding(&self, place: impl Into<String>) -> Finding {
        let finding = Finding::note("QIAO-V330", place).with("pointer", &self.pointer);
        finding.with("found", &self.found).with("read", &self.read_as)
    }
}

impl Spellings {
    /// `other` is read as `name`. In capitals it is a type of the dictionary, in `type`, `key` and the steps of `paths`;
    /// otherwise a member of any message.
    pub fn name(&mut self, other: &str, name: &str) {
        let is_type = !other.contains(|c: char| c.is_ascii_lowercase());
        let names = if is_type { &mut self.types } else { &mut self.members };
        names.insert(other.to_owned(), name.to_owned());
    }

    /// A value of an item of this type that is written `json` is read as `word`.
    pub fn value(&mut self, of: &str, json: String, word: &str) {
        self.values.entry(of.to_owned()).or_default().insert(json, word.to_owned());
    }

    /// A number of an item of this type is read as text.
    pub fn text(&mut self, of: &str) {
        self.texts.insert(of.to_owned());
    }

    /// A path such as `/AXIS@X/SERVO_DRIVER/POSITION` with the types spelt as the dictionary does.
    #[must_use]
    pub fn path<'p>(&self, path: &'p str) -> Cow<'p, str> {
        let type_of = |step: &'p str| step.split('@').next().unwrap_or_default();
        if !path.split('/').any(|step| self.types.contains_key(type_of(step))) {
            return path.into();
        }
        let step = |step: &'p str| {
            let of = type_of(step);
            let spelt = self.types.get(of).map_or(of, String::as_str);
            format!("{spelt}{}", &step[of.len()..])
        };
        path.split('/').map(step).collect::<Vec<_>>().join("/").into()
    }
}

/// Copies a message with every spelling that the table knows read as its one form; says what was different.
pub fn normalise(from: &Tape, into: &mut Tape, spellings: &Spellings, differences: &mut Vec<Difference>) {
    into.clear();
    let types = sampled_types(from, spellings);
    let mut pass = Pass { from, into, spellings, types, differences, pointer: String::new(), depth: 0 };
    if let Some(root) = from.nodes().first() {
        pass.node(0, root, "", None);
    }
}

struct Pass<'a> {
    from: &'a Tape,
    into: &'a mut Tape,
    spellings: &'a Spellings,
    /// Of a sample: the type of each column.
    types: Vec<String>,
    differences: &'a mut Vec<Difference>,
    pointer: String,
    /// Texts inside texts that were opened.
    depth: u8,
}

/// The last step of each path of a sample, without its number.
fn sampled_types(tape: &Tape, spellings: &Spellings) -> Vec<String> {
    let Some(paths) = tape.find("/paths") else { return Vec::new() };
    children(tape, paths).map(|(_, node)| last_type(&spellings.path(&string(tape, node)))).collect()
}

/// The type of the item that a path leads to.
fn last_type(path: &str) -> String {
    let step = path.rsplit('/').next().unwrap_or_default();
    step.split('@').next().unwrap_or_default().to_owned()
}

impl Pass<'_> {
    /// `member` is the name of the member it stands in or is an element of; `of` the type of the item it is a value of.
    fn node(&mut self, at: u32, node: &TapeNode, member: &str, of: Option<&str>) {
        match node.kind() {
            TapeKind::Object => self.object(at, of),
            TapeKind::Array => self.array(at, member, of),
            _ => self.leaf(at, node, member, of),
        }
    }

    fn object(&mut self, at: u32, of: Option<&str>) {
        let from = self.from;
        // What an event tells is the value of the item that its key names, what a model tells that of the object's type.
        let named = |wanted: &str| children(from, at).find(|(_, node)| from.key_of(node) == wanted);
        let key = named("key").or_else(|| named("type")).map(|(_, node)| string(from, node));
        let key = key.map(|key| last_type(&self.spellings.path(&key)));
        self.into.begin_object();
        for (index, node) in children(from, at) {
            let found = name(from, node);
            let spelt = self.spellings.members.get(&*found).cloned();
            let length = self.pointer.len();
            push_step(&mut self.pointer, spelt.as_deref().unwrap_or(&found));
            match &spelt {
                Some(spelt) => {
                    self.tell(&found, spelt);
                    self.into.key_text(spelt);
                }
                None => self.into.copy_key(from, node),
            }
            let of = if matches!(&*found, "value" | "oldValue") { key.as_deref().or(of) } else { of };
            self.node(index, node, spelt.as_deref().unwrap_or(&found), of);
            self.pointer.truncate(length);
        }
        self.into.end_object();
    }

    fn array(&mut self, at: u32, member: &str, of: Option<&str>) {
        let from = self.from;
        let is_columns = self.pointer == "/data" && !self.types.is_empty();
        let types = std::mem::take(&mut self.types);
        self.into.begin_array();
        for (place, (index, node)) in children(from, at).enumerate() {
            let length = self.pointer.len();
            push_step(&mut self.pointer, itoa::Buffer::new().format(place));
            let of = if is_columns { types.get(place).map(String::as_str) } else { of };
            self.node(index, node, member, of);
            self.pointer.truncate(length);
        }
        self.into.end_array();
        if is_columns || self.types.is_empty() {
            self.types = types;
        }
    }

    fn leaf(&mut self, at: u32, node: &TapeNode, member: &str, of: Option<&str>) {
        let spellings = self.spellings;
        if let Some(of) = of {
            let json = self.from.json_of(node);
            if let Some(word) = spellings.values.get(of).and_then(|words| words.get(json)) {
                return self.text(json, word);
            }
            if is_number(node) && spellings.texts.contains(of) {
                return self.text(json, json);
            }
        }
        if TIMES.contains(&member) && of.is_none() && self.time(node) {
            return;
        }
        let is_text = matches!(node.kind(), TapeKind::Plain | TapeKind::Escaped);
        if is_text && member == OBJECT && self.opened(node, member) {
            return;
        }
        if is_text && matches!(member, "type" | "key" | "paths") {
            let found = string(self.from, node);
            let spelt = spellings.path(&found);
            if spelt != found {
                return self.text(&found, &spelt);
            }
        }
        self.into.copy(self.from, at);
    }

    fn text(&mut self, found: &str, read_as: &str) {
        self.tell(found, read_as);
        self.into.text(read_as);
    }

    /// Whether it was a time in another form.
    fn time(&mut self, node: &TapeNode) -> bool {
        let found = self.from.text_of(node);
        let whole = found.split('.').next().unwrap_or_default();
        let Ok(number) = whole.parse::<i64>() else { return false };
        let is_text = node.kind() == TapeKind::Plain;
        let millis = if (1..FIRST_MILLISECOND).contains(&number) { number.checked_mul(1000) } else { Some(number) };
        let Some(millis) = millis.filter(|millis| !is_text || *millis != number) else { return false };
        self.text(found, itoa::Buffer::new().format(millis));
        true
    }

    /// Whether it was an object inside a text.
    fn opened(&mut self, node: &TapeNode, member: &str) -> bool {
        let text = string(self.from, node);
        if self.depth > 0 || !text.trim_start().starts_with('{') {
            return false;
        }
        let Ok(inner) = Tape::parse(text.as_bytes(), Limits::default()) else { return false };
        let Some(root) = inner.nodes().first() else { return false };
        self.tell("text", "object");
        let mut pass = Pass {
            from: &inner,
            into: &mut *self.into,
            spellings: self.spellings,
            types: Vec::new(),
            differences: &mut *self.differences,
            pointer: self.pointer.clone(),
            depth: 1,
        };
        pass.node(0, root, member, None);
        true
    }

    fn tell(&mut self, found: &str, read_as: &str) {
        if self.differences.len() < MOST {
            let (found, read_as) = (found.to_owned(), read_as.to_owned());
            self.differences.push(Difference { pointer: self.pointer.clone(), found, read_as });
        }
    }
}

fn is_number(node: &TapeNode) -> bool {
    matches!(node.kind(), TapeKind::I64 | TapeKind::U64 | TapeKind::F32 | TapeKind::F64)
}
