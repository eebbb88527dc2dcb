//! The dialogue of an NC-Link adapter for one device: it registers, tells its model and its version, and answers from the
//! machine's current image.
//!
//! | request | answer |
//! |---|---|
//! | version check | OK where the version asked for is ours or none is named; else NG |
//! | model query | the model |
//! | model set | NG: the model is ours |
//! | query | for each item, in order, its value now, or NG with the reason |
//! | set | for each item, in order, OK where it was done, or NG with the reason; NG where nothing may be set |
//! | ping | pong |
//!
//! No clock and no broker: messages come in as bytes and go out on a tape. What a request can cost is bounded, whatever
//! it says.

mod dialogue;
mod dictionary;
mod model;
#[cfg(test)]
mod tests;

use super::{Image, Layout};
use crate::codec::Tape;
use crate::codec::nc_link::{Body, Kind, Spellings, request, steps_of};
use crate::finding::{Checked, Finding};
use crate::model::Timestamp;
use model::Model;
use std::collections::HashMap;

/// A field of the image that the device shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdapterItem {
    /// Index of the field in the layout.
    pub field: u32,
    /// Its item path, such as `/AXIS@X/SCREW/POSITION`.
    pub path: String,
    /// A config of the model: it is queried and never sampled.
    pub is_config: bool,
    /// In what it counts: a common code of UNECE Recommendation 20.
    pub unit: Option<String>,
}

/// A sampling channel of the device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdapterChannel {
    pub id: String,
    /// Milliseconds between two rows.
    pub interval: u32,
    /// Milliseconds between two messages.
    pub upload_interval: u32,
    /// What it samples, in the order of its columns; fields that are configs or no items are passed over.
    pub fields: Vec<u32>,
}

/// The adapter of one device.
#[derive(Debug)]
pub struct Adapter {
    guid: String,
    /// Of the model's structure: a short hash that is the same for the same structure, at every start.
    version: String,
    model: Model,
    /// What an id names.
    ids: HashMap<String, Named>,
    /// What a path names, by its steps joined with `/`.
    paths: HashMap<String, Named>,
    spellings: Spellings,
}

/// What a query can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    /// Index of the item in the model.
    Item(usize),
    /// Index of the channel in the model.
    Channel(usize),
    /// The root, the device or a component: it has no value.
    Structure,
}

/// What is known of the machine at the moment of an answer.
#[derive(Clone, Copy, Debug)]
pub struct Present<'a> {
    pub layout: &'a Layout,
    pub image: &'a Image,
    /// The link to the machine is lost: what the image holds is not the present.
    pub is_lost: bool,
}

/// What became of a message for the device.
#[derive(Debug, Default)]
pub struct Reply {
    /// Of the answer on the tape; `None`: there is none.
    pub kind: Option<Kind>,
    /// An application took the registration.
    pub is_registered: bool,
    pub findings: Vec<Finding>,
}

/// What a set asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetWish {
    /// Id of the message.
    pub message: String,
    /// In its order.
    pub items: Vec<ItemWish>,
}

/// What a set asks for one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemWish {
    /// As the request names it.
    pub id: String,
    /// As JSON, for the answer.
    pub params: Option<String>,
    /// The path that may be set, as the configuration names it, and the value as JSON; else the reason why not.
    pub wish: Result<(String, String), &'static str>,
}

/// Steps that an item path may have.
const MOST_STEPS: usize = 12;

impl Adapter {
    /// The adapter of the device `guid`, which stands in its topics as one level; `name` is for people. An item whose path
    /// is of no use is left out and told.
    #[must_use]
    pub fn new(
        guid: &str,
        name: &str,
        items: &[AdapterItem],
        channels: &[AdapterChannel],
        spellings: Spellings,
    ) -> Checked<Self> {
        let mut findings = Vec::new();
        let mut paths: HashMap<String, Named> = HashMap::new();
        let mut used = Vec::new();
        for item in items {
            let steps = steps_of(&item.path).len();
            let key = path_key(&item.path, &spellings);
            if (1..=MOST_STEPS).contains(&steps) && !paths.contains_key(&key) {
                paths.insert(key, Named::Item(used.len()));
                used.push(item);
            } else {
                let finding = Finding::warning("QIAO-V273", format!("{guid}:{}", item.path));
                findings.push(finding.with("machine", guid).with("path", &item.path));
            }
        }
        let (model, ids) = Model::new(guid, name, &used, channels);
        for (key, structure) in model.structure_paths() {
            paths.entry(key).or_insert(structure);
        }
        let mut adapter = Self { guid: guid.to_owned(), version: String::new(), model, ids, paths, spellings };
        let mut tape = Tape::new();
        adapter.model.write(&mut tape, "", None);
        adapter.version = short_hash(tape.as_bytes());
        Checked { value: adapter, findings }
    }

    /// Items with these paths may be set; the model says so. A path that is none of its items sets nothing.
    pub fn allow<'p>(&mut self, paths: impl IntoIterator<Item = &'p str>) {
        for path in paths {
            let Some(Named::Item(at)) = self.named(path) else { continue };
            if let Some(item) = self.model.items.get_mut(at) {
                item.settable = Some(path.to_owned());
            }
        }
        let mut tape = Tape::new();
        self.model.write(&mut tape, "", None);
        self.version = short_hash(tape.as_bytes());
    }

    /// The device's id, as its topics have it.
    #[must_use]
    pub fn guid(&self) -> &str {
        &self.guid
    }

    /// Id of the item that a field of the image is, if it is one.
    #[must_use]
    pub fn item_id(&self, field: u32) -> Option<&str> {
        self.model.items.iter().find(|item| item.field == field).map(|item| item.id.as_str())
    }

    /// Version of the model.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Writes the request to be registered over what the tape held.
    pub fn register(&self, tape: &mut Tape, now: Timestamp) {
        tape.clear();
        let body = Body::Device { guid: &self.guid, version: &self.version };
        request(tape, &format!("register-{}", now.unix_millis()), body);
    }

    /// Writes the device model, with the values of its configs that are known.
    pub fn write_model(&self, tape: &mut Tape, present: Option<&Present<'_>>) {
        self.model.write(tape, &self.version, present);
    }

    /// What an id names, or a path in its place, in any spelling that the field has for it.
    fn named(&self, id: &str) -> Option<Named> {
        self.ids.get(id).or_else(|| self.paths.get(&path_key(id, &self.spellings))).copied()
    }
}

/// A path as it is looked up: one spelling, a number as a step.
fn path_key(path: &str, spellings: &Spellings) -> String {
    steps_of(&spellings.path(path)).join("/")
}

/// Eight hexadecimal digits: FNV-1a of 64 bits, folded. Nothing depends on it but whether two texts are the same.
fn short_hash(bytes: &[u8]) -> String {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325, step);
    format!("{:08x}", (hash >> 32) as u32 ^ hash as u32)
}
