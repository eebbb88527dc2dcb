//! The device model: what the device has, as a tree of components with items.

use super::dialogue::usable;
use super::dictionary::{datatype, units};
use super::{AdapterChannel, AdapterItem, Named, Present};
use crate::codec::nc_link::steps_of;
use crate::codec::{Key, Tape, umati_json};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

macro_rules! keys {
    ($($name:ident $text:literal,)*) => {
        struct Keys { $($name: Key,)* }
        static KEYS: LazyLock<Keys> = LazyLock::new(|| Keys { $($name: Key::known($text),)* });
    };
}

keys! {
    id "id", of "type", name "name", number "number", guid "guid", version "version", devices "devices",
    configs "configs", data_items "dataItems", components "components", datatype "datatype", settable "setable", units "units",
    value "value", sample_interval "sampleInterval", upload_interval "uploadInterval", ids "ids",
}

const ROOT: &str = "NC_LINK_ROOT";
const DEVICE: &str = "MACHINE";
const CHANNEL: &str = "SAMPLE_CHANNEL";

#[derive(Debug)]
pub(super) struct Model {
    guid: String,
    name: String,
    root_id: String,
    device_id: String,
    pub(super) items: Vec<Item>,
    channels: Vec<Channel>,
    /// What stands directly below the device.
    device: Component,
}

/// A data item, or a config with a value.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) id: String,
    of: String,
    number: Option<String>,
    pub(super) field: u32,
    is_config: bool,
    unit: Option<String>,
    /// It may be set: its path as the configuration names it.
    pub(super) settable: Option<String>,
}

#[derive(Debug)]
struct Channel {
    id: String,
    interval: u32,
    upload_interval: u32,
    /// Indexes of items.
    items: Vec<usize>,
}

#[derive(Debug, Default)]
struct Component {
    id: String,
    of: String,
    number: Option<String>,
    /// As it is looked up.
    path: String,
    items: Vec<usize>,
    components: Vec<Component>,
}

/// Gives every object of a model an id that nothing else in it has.
#[derive(Default)]
struct Ids(HashSet<String>);

impl Ids {
    /// What is wanted where it is free; the order of the model decides, so that it is the same at every start.
    fn take(&mut self, wanted: &str) -> String {
        let numbered = (2u32..).map(|number| format!("{wanted}_{number}"));
        let mut names = std::iter::once(wanted.to_owned()).chain(numbered);
        let free = names.find(|name| !self.0.contains(name)).unwrap_or_default();
        self.0.insert(free.clone());
        free
    }
}

impl Model {
    /// The items have different paths. Also what each id names.
    pub(super) fn new(
        guid: &str,
        name: &str,
        items: &[&AdapterItem],
        channels: &[AdapterChannel],
    ) -> (Self, HashMap<String, Named>) {
        let mut free = Ids::default();
        // Samples name their channel by its id, so channels come first.
        let channel_ids: Vec<String> = channels.iter().map(|channel| free.take(&channel.id)).collect();
        let (root_id, device_id) = (free.take(ROOT), free.take(DEVICE));
        let mut device = Component::default();
        let mut own = Vec::new();
        for (at, item) in items.iter().enumerate() {
            // The device and the root are no steps: an id says no more than the path below them.
            let steps = below_device(&item.path);
            let Some((last, around)) = steps.split_last() else { continue };
            let component = around.iter().fold(&mut device, |parent, step| parent.below(step, &mut free));
            component.items.push(at);
            let (of, number) = split(last);
            own.push(Item {
                id: free.take(&steps.join("/")),
                of,
                number,
                field: item.field,
                is_config: item.is_config,
                unit: item.unit.clone(),
                settable: None,
            });
        }
        let sampled = |field: &u32| own.iter().position(|item| item.field == *field && !item.is_config);
        let channels: Vec<Channel> = channels
            .iter()
            .zip(channel_ids)
            .map(|(channel, id)| Channel {
                id,
                interval: channel.interval,
                upload_interval: channel.upload_interval,
                items: channel.fields.iter().filter_map(sampled).collect(),
            })
            .filter(|channel| !channel.items.is_empty())
            .collect();
        let mut ids: HashMap<String, Named> = HashMap::new();
        ids.extend(own.iter().enumerate().map(|(at, item)| (item.id.clone(), Named::Item(at))));
        ids.extend(channels.iter().enumerate().map(|(at, channel)| (channel.id.clone(), Named::Channel(at))));
        ids.extend([root_id.clone(), device_id.clone()].map(|id| (id, Named::Structure)));
        device.each(&mut |component| ids.extend([(component.id.clone(), Named::Structure)]));
        let (guid, name) = (guid.to_owned(), name.to_owned());
        (Self { guid, name, root_id, device_id, items: own, channels, device }, ids)
    }

    /// The paths of what has no value: components, the device and the root.
    pub(super) fn structure_paths(&self) -> Vec<(String, Named)> {
        let mut paths = vec![(String::new(), Named::Structure)];
        self.device.each(&mut |component| paths.push((component.path.clone(), Named::Structure)));
        paths
    }

    /// Writes the model as one value; `present` fills the configs in.
    pub(super) fn write(&self, tape: &mut Tape, version: &str, present: Option<&Present<'_>>) {
        tape.begin_object();
        head(tape, &self.root_id, ROOT, None);
        text(tape, &KEYS.name, &self.name);
        text(tape, &KEYS.version, version);
        tape.key(&KEYS.devices);
        tape.begin_array();
        tape.begin_object();
        head(tape, &self.device_id, DEVICE, None);
        text(tape, &KEYS.name, &self.name);
        text(tape, &KEYS.guid, &self.guid);
        text(tape, &KEYS.version, version);
        self.content(tape, &self.device, &self.channels, present);
        tape.end_object();
        tape.end_array();
        tape.end_object();
    }

    /// What a component has: configs, data items, components.
    fn content(&self, tape: &mut Tape, of: &Component, channels: &[Channel], present: Option<&Present<'_>>) {
        let items = || of.items.iter().filter_map(|at| self.items.get(*at));
        if items().any(|item| item.is_config) || !channels.is_empty() {
            tape.key(&KEYS.configs);
            tape.begin_array();
            items().filter(|item| item.is_config).for_each(|item| item.write(tape, present));
            channels.iter().for_each(|channel| self.channel(tape, channel));
            tape.end_array();
        }
        if items().any(|item| !item.is_config) {
            tape.key(&KEYS.data_items);
            tape.begin_array();
            items().filter(|item| !item.is_config).for_each(|item| item.write(tape, None));
            tape.end_array();
        }
        if !of.components.is_empty() {
            tape.key(&KEYS.components);
            tape.begin_array();
            for component in &of.components {
                tape.begin_object();
                head(tape, &component.id, &component.of, component.number.as_deref());
                self.content(tape, component, &[], present);
                tape.end_object();
            }
            tape.end_array();
        }
    }

    fn channel(&self, tape: &mut Tape, channel: &Channel) {
        tape.begin_object();
        head(tape, &channel.id, CHANNEL, None);
        self.channel_content(tape, channel);
        tape.end_object();
    }

    /// What the model says of an item or a channel beside its value, as one object.
    pub(super) fn write_attributes(&self, tape: &mut Tape, named: Named) {
        match named {
            Named::Item(at) if at < self.items.len() => self.items[at].write(tape, None),
            Named::Channel(at) if at < self.channels.len() => self.channel(tape, &self.channels[at]),
            _ => tape.null(),
        }
    }

    /// What a query of a channel is told.
    pub(super) fn channel_value(&self, tape: &mut Tape, at: usize) {
        let Some(channel) = self.channels.get(at) else { return tape.null() };
        tape.begin_object();
        self.channel_content(tape, channel);
        tape.end_object();
    }

    fn channel_content(&self, tape: &mut Tape, channel: &Channel) {
        tape.key(&KEYS.sample_interval);
        tape.u64(channel.interval.into());
        tape.key(&KEYS.upload_interval);
        tape.u64(channel.upload_interval.into());
        tape.key(&KEYS.ids);
        tape.begin_array();
        for item in channel.items.iter().filter_map(|at| self.items.get(*at)) {
            tape.begin_object();
            text(tape, &KEYS.id, &item.id);
            tape.end_object();
        }
        tape.end_array();
    }
}

impl Item {
    fn write(&self, tape: &mut Tape, present: Option<&Present<'_>>) {
        tape.begin_object();
        head(tape, &self.id, &self.of, self.number.as_deref());
        if let Some(datatype) = datatype(&self.of) {
            text(tape, &KEYS.datatype, datatype);
        }
        if let Some(units) = self.unit.as_deref().and_then(|code| units(&self.of, code)) {
            text(tape, &KEYS.units, &units);
        }
        if self.settable.is_some() {
            tape.key(&KEYS.settable);
            tape.bool(true);
        }
        if let Some(Ok(reading)) = present.map(|present| usable(present, self.field)) {
            let mark = tape.mark();
            tape.key(&KEYS.value);
            if umati_json::value(tape, &reading).is_err() {
                tape.rewind(mark);
            }
        }
        tape.end_object();
    }
}

impl Component {
    /// The component that a step names, made where there is none yet.
    fn below(&mut self, step: &str, free: &mut Ids) -> &mut Self {
        let (of, number) = split(step);
        let known = self.components.iter().position(|known| known.of == of && known.number == number);
        let at = known.unwrap_or_else(|| {
            let id = if self.id.is_empty() { step.to_owned() } else { format!("{}/{step}", self.id) };
            let path = steps_of(&id).join("/");
            self.components.push(Self { id: free.take(&id), of, number, path, ..Self::default() });
            self.components.len() - 1
        });
        &mut self.components[at]
    }

    fn each(&self, take: &mut impl FnMut(&Self)) {
        for component in &self.components {
            take(component);
            component.each(take);
        }
    }
}

/// The steps of a path below the device, each with its number.
fn below_device(path: &str) -> Vec<&str> {
    let steps = path.split('/').filter(|step| !step.is_empty());
    steps.skip_while(|step| matches!(*step, ROOT | DEVICE)).collect()
}

/// Type and number of a step such as `AXIS@X`.
fn split(step: &str) -> (String, Option<String>) {
    let (of, number) = step.split_once('@').map_or((step, None), |(of, number)| (of, Some(number)));
    (of.to_owned(), number.filter(|number| !number.is_empty()).map(str::to_owned))
}

fn head(tape: &mut Tape, id: &str, of: &str, number: Option<&str>) {
    text(tape, &KEYS.id, id);
    text(tape, &KEYS.of, of);
    if let Some(number) = number {
        text(tape, &KEYS.number, number);
    }
}

fn text(tape: &mut Tape, key: &Key, value: &str) {
    tape.key(key);
    tape.text(value);
}
