//! A device's model, as far as its messages cannot be read without it.

use super::super::plain_json::{children, string};
use super::super::tape::{Tape, TapeKind, TapeNode};
use super::path_of;
use crate::model::unit::Unit;
use std::collections::HashMap;

/// What a model says of the items of one device.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Model {
    /// Path of an item by its id, such as `/AXIS@X/SCREW/POSITION`.
    paths: HashMap<String, String>,
    /// Ids of a sampling channel's columns by its own.
    channels: HashMap<String, Vec<String>>,
    /// Paths of items that count in another unit than the dictionary says, and that unit.
    units: Vec<(String, String)>,
}

/// What the answer to a probe holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Probed {
    pub model: Model,
    /// What the model itself tells the value of: path, and index of the value on the tape.
    pub configs: Vec<(String, u32)>,
}

/// Why an answer to a probe tells no model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelFault {
    /// The device refuses, with this reason.
    Refused(String),
    /// There is none in it.
    Missing,
    /// It is about several devices, and none of them is this one.
    OtherDevice,
}

/// Units as NC-Link writes them where that is not how they are written elsewhere.
const UNITS: &[(&str, &str)] = &[
    ("kWh", "KWH"),
    ("Wh", "WHR"),
    ("Ws", "JOU"),
    ("℃", "CEL"),
    ("℉", "FAH"),
    ("N.m", "NU"),
    ("Nm", "NU"),
    ("deg", "DD"),
    ("deg/s", "E96"),
    ("rpm", "RPM"),
    ("um", "4H"),
    ("mL", "MLT"),
    ("L", "LTR"),
    ("L/min", "L2"),
    ("uA", "B84"),
];

/// The UNECE common code of a unit of a model; the word itself where it stands for none that is known.
fn unit_of(word: &str) -> String {
    let own = UNITS.iter().find(|(other, _)| *other == word).map(|(_, code)| *code);
    own.or_else(|| Unit::find(word).map(|unit| unit.code)).unwrap_or(word).to_owned()
}

impl Model {
    /// The path of the item with this id.
    #[must_use]
    pub fn path(&self, id: &str) -> Option<&str> {
        self.paths.get(id).map(String::as_str)
    }

    /// Ids and paths of its items.
    pub fn items(&self) -> impl Iterator<Item = (&str, &str)> {
        self.paths.iter().map(|(id, path)| (id.as_str(), path.as_str()))
    }

    /// The paths of a sampling channel's columns; `None` when the channel or one of them is not known.
    #[must_use]
    pub fn channel(&self, id: &str) -> Option<Vec<&str>> {
        self.channels.get(id)?.iter().map(|id| self.path(id)).collect()
    }

    /// Items with a unit of their own: path, and the unit's UNECE common code, or the model's word where none is known.
    pub fn units(&self) -> impl Iterator<Item = (&str, &str)> {
        self.units.iter().map(|(path, unit)| (path.as_str(), unit.as_str()))
    }
}

impl Probed {
    /// Reads the normalised answer of a device, which is known by this id: as `guid`, `id` or `number` of the model, or
    /// because the model is about one device only.
    pub fn read(tape: &Tape, device: &str) -> Result<Self, ModelFault> {
        let answer = Reader { tape, probed: Self::default() };
        if answer.text(0, "code").is_some_and(|code| code == "NG") {
            return Err(ModelFault::Refused(answer.text(0, "reason").unwrap_or_default()));
        }
        let root = answer.member(0, "probe", TapeKind::Object).unwrap_or(0);
        let listed = answer.list(root, "devices");
        let is_it =
            |at: &u32| ["guid", "id", "number"].iter().any(|key| answer.text(*at, key).as_deref() == Some(device));
        let found = match (listed.iter().copied().find(is_it), listed.as_slice()) {
            (Some(found), _) => found,
            (None, [only]) => *only,
            (None, []) => return Err(ModelFault::Missing),
            (None, _) => return Err(ModelFault::OtherDevice),
        };
        let mut reader = answer;
        reader.component(found, &[]);
        reader.number(found);
        Ok(reader.probed)
    }
}

struct Reader<'t> {
    tape: &'t Tape,
    probed: Probed,
}

impl Reader<'_> {
    fn find(&self, at: u32, key: &str) -> Option<(u32, &TapeNode)> {
        let is_object = self.tape.nodes().get(at as usize).is_some_and(|node| node.kind() == TapeKind::Object);
        children(self.tape, at).find(|(_, node)| is_object && self.tape.key_of(node) == key)
    }

    fn member(&self, at: u32, key: &str, kind: TapeKind) -> Option<u32> {
        self.find(at, key).filter(|(_, node)| node.kind() == kind).map(|(at, _)| at)
    }

    /// A text or number as text.
    fn text(&self, at: u32, key: &str) -> Option<String> {
        let (_, node) = self.find(at, key)?;
        let is_plain = !matches!(node.kind(), TapeKind::Object | TapeKind::Array | TapeKind::Null);
        is_plain.then(|| string(self.tape, node).into_owned())
    }

    /// The objects of a list.
    fn list(&self, at: u32, key: &str) -> Vec<u32> {
        let list = self.member(at, key, TapeKind::Array);
        let all = list.into_iter().flat_map(|list| children(self.tape, list));
        all.filter(|(_, node)| node.kind() == TapeKind::Object).map(|(at, _)| at).collect()
    }

    // As deep as a tape may be.
    fn component(&mut self, at: u32, steps: &[(String, bool)]) {
        for config in self.list(at, "configs") {
            if self.text(config, "type").is_some_and(|kind| kind == "SAMPLE_CHANNEL") {
                self.channel(config);
            } else if let Some(path) = self.item(config, steps)
                && let Some((value, _)) = self.find(config, "value").filter(|(_, node)| node.kind() != TapeKind::Null)
            {
                self.probed.configs.push((path, value));
            }
        }
        for item in self.list(at, "dataItems") {
            self.item(item, steps);
        }
        for component in self.list(at, "components") {
            let own = self.own_steps(component);
            let below: Vec<(String, bool)> = steps.iter().cloned().chain(own).collect();
            self.component(component, &below);
        }
    }

    /// Type, and number if it has one.
    fn own_steps(&self, at: u32) -> Vec<(String, bool)> {
        let step = |key: &str, is_number| Some((self.text(at, key).filter(|text| !text.is_empty())?, is_number));
        step("type", false).into_iter().chain(step("number", true)).collect()
    }

    /// Notes an item and says its path.
    fn item(&mut self, at: u32, steps: &[(String, bool)]) -> Option<String> {
        let own = self.own_steps(at);
        let is_typed = own.first().is_some_and(|(_, is_number)| !is_number);
        let path = is_typed.then(|| {
            let all = steps.iter().chain(&own);
            path_of(all.map(|(step, is_number)| (step.as_str(), *is_number)))
        })?;
        if let Some(unit) = self.text(at, "units").filter(|unit| !unit.is_empty()) {
            self.probed.model.units.push((path.clone(), unit_of(&unit)));
        }
        if let Some(id) = self.text(at, "id") {
            self.probed.model.paths.entry(id).or_insert_with(|| path.clone());
        }
        Some(path)
    }

    fn channel(&mut self, at: u32) {
        let Some(id) = self.text(at, "id") else { return };
        let columns = self.list(at, "ids").into_iter().filter_map(|column| self.text(column, "id")).collect();
        self.probed.model.channels.entry(id).or_insert(columns);
    }

    /// A device has no config for its number where it is a member of the device itself.
    fn number(&mut self, device: u32) {
        const NUMBER: &str = "/NUMBER";
        if self.probed.configs.iter().any(|(path, _)| path == NUMBER) {
            return;
        }
        if let Some((at, _)) = self.find(device, "number").filter(|(_, node)| node.kind() != TapeKind::Null) {
            self.probed.configs.push((NUMBER.to_owned(), at));
        }
    }
}
