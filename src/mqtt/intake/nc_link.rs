//! NC-Link: samples, events and device models become values of the items they are about.
//!
//! A sample's rows are values in time. Held values are repeated in it by the standard, so of a column that does not change
//! only the first and the last row are handed on: what stands between them holds too.

use super::message::values;
use super::{FlowIntake, Reading, Unknown, Work, unreadable};
use crate::assemble::spellings;
use crate::codec::Tape;
use crate::codec::nc_link::{
    Difference, Event, Fault, Kind, Model, ModelFault, OWN_MESSAGE, Probed, Sample, Spellings, check, message_id,
    normalise, steps_of,
};
use crate::codec::plain_json::{children, name, push_step, string};
use crate::codec::tape::TapeKind;
use crate::codec::umati_json;
use crate::finding::Finding;
use crate::model::unit::Unit;
use crate::model::value::Unreadable;
use crate::model::{Timestamp, TopicPattern};
use crate::profile::{PlaceId, Places, Profile};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What is known of the devices of one flow.
#[derive(Debug)]
pub(super) struct NcLink {
    spellings: Spellings,
    places: Places,
    /// Levels of a topic before the kind of its message.
    prefix: usize,
    /// By the root of their machine.
    devices: HashMap<String, Device>,
    /// What was said already.
    told: HashSet<String>,
    /// The message in one spelling; kept for its memory.
    normal: Tape,
}

#[derive(Debug, Default)]
struct Device {
    model: Option<Model>,
    /// It was told since the connection came up.
    is_fresh: bool,
    /// It said which alarms are active since then.
    is_listed: bool,
}

/// Things that are told once, at most.
const MOST_TOLD: usize = 200;

impl NcLink {
    pub(super) fn new(profile: &Profile, pattern: &TopicPattern) -> Self {
        let samples = Kind::Sample.topic();
        Self {
            spellings: spellings(profile),
            places: Places::of(&profile.mapping),
            prefix: pattern.as_str().split('/').position(|level| level == samples).unwrap_or_default(),
            devices: HashMap::new(),
            told: HashSet::new(),
            normal: Tape::new(),
        }
    }

    /// Models may have changed while nobody listened.
    pub(super) fn restart(&mut self) {
        self.devices.values_mut().for_each(|device| {
            device.is_fresh = false;
            device.is_listed = false;
        });
    }

    /// What stands before the kind of the message in its topic, the kind, and the device.
    fn place<'t>(&self, topic: &'t str) -> Option<(&'t str, Kind, &'t str)> {
        let start = topic.match_indices('/').map(|(at, _)| at + 1).nth(self.prefix.wrapping_sub(1));
        let start = if self.prefix == 0 { 0 } else { start? };
        let (kind, behind) = Kind::of_topic(&topic[start..])?;
        Some((&topic[..start], kind, behind.split('/').next().unwrap_or_default()))
    }

    /// Whether it is to be told: it was not, and not too much was.
    fn is_news(&mut self, what: String) -> bool {
        self.told.len() < MOST_TOLD && self.told.insert(what)
    }

    fn model(&self, root: &str) -> Option<&Model> {
        self.devices.get(root)?.model.as_ref()
    }
}

/// The JSON pointer of an item in the machine's image, by its path.
fn pointer_of(path: &str) -> String {
    let mut pointer = String::new();
    steps_of(path).into_iter().for_each(|step| push_step(&mut pointer, step));
    pointer
}

fn fault(fault: &Fault) -> Unreadable {
    unreadable(fault.code(), &[("pointer", &fault.pointer)])
}

impl Work<'_> {
    pub(super) fn nc_link(&mut self, flow: &mut FlowIntake, root: &str, payload: &[u8]) -> Result<(), Unreadable> {
        // Taken out for the time of the message, so that the flow can learn.
        let Reading::NcLink(mut own) = std::mem::replace(&mut flow.reading, Reading::Plain) else { return Ok(()) };
        let read = self.nc_link_message(&mut own, flow, root, payload);
        flow.reading = Reading::NcLink(own);
        read
    }

    fn nc_link_message(
        &mut self,
        own: &mut NcLink,
        flow: &mut FlowIntake,
        root: &str,
        payload: &[u8],
    ) -> Result<(), Unreadable> {
        let Some((prefix, kind, device)) = own.place(self.topic) else { return Ok(()) };
        self.tape
            .read(payload, flow.limits)
            .map_err(|error| Unreadable { code: error.code(), arguments: error.finding("").arguments })?;
        let mut differences = Vec::new();
        normalise(self.tape, &mut own.normal, &own.spellings, &mut differences);
        self.differences(own, &differences);
        let normal = std::mem::take(&mut own.normal);
        let read = match kind {
            Kind::Sample => self.samples(own, flow, root, &normal),
            Kind::Event => self.event(own, flow, root, &normal),
            Kind::ProbeQueryResponse => {
                self.probed(own, flow, (root, device), &normal);
                Ok(())
            }
            Kind::QueryResponse => self.answered(own, flow, root, &normal),
            _ => Ok(()),
        };
        own.normal = normal;
        let known = own.devices.entry(root.to_owned()).or_default();
        let ask = |kind: Kind, item| {
            let topic = format!("{prefix}{}/{device}", kind.topic());
            Unknown { device: device.to_owned(), topic, item }
        };
        if !known.is_fresh {
            self.unknown.push(ask(Kind::ProbeQueryRequest, None));
        } else if let Some(list) = flow.input.list.as_deref().filter(|_| !known.is_listed) {
            let items = known.model.iter().flat_map(Model::items);
            let id = items.filter(|(_, path)| pointer_of(path) == list).map(|(id, _)| id.to_owned()).min();
            self.unknown.extend(id.map(|id| ask(Kind::QueryRequest, Some(id))));
        }
        read
    }

    /// What a device answers to what it was asked for: the alarms that are active.
    fn answered(
        &mut self,
        own: &mut NcLink,
        flow: &mut FlowIntake,
        root: &str,
        normal: &Tape,
    ) -> Result<(), Unreadable> {
        // Others ask, too, and know what for.
        if !message_id(normal).is_some_and(|id| id.starts_with(OWN_MESSAGE)) {
            return Ok(());
        }
        if let Some(error) = check(Kind::QueryResponse, normal).first() {
            return Err(fault(error));
        }
        let time = self.arrival(flow);
        let find = |at: u32, key: &str| children(normal, at).find(|(_, node)| name(normal, node) == key);
        let answers: Vec<u32> =
            normal.find("/values").into_iter().flat_map(|list| children(normal, list)).map(|(at, _)| at).collect();
        for answer in answers {
            let text = |key: &str| find(answer, key).map(|(_, node)| string(normal, node)).unwrap_or_default();
            let pointer = own.model(root).and_then(|model| model.path(&text("id"))).map(pointer_of);
            let Some((values, _)) = find(answer, "values").filter(|_| text("code") == "OK") else { continue };
            if pointer.is_none() || pointer != flow.input.list {
                continue;
            }
            // The list is the value; some give its elements in its place.
            let one = children(normal, values).next().filter(|(_, node)| node.kind() != TapeKind::Object);
            let list = one.map_or(values, |(at, _)| at);
            let pointer = pointer.unwrap_or_default();
            self.item(&own.places, flow, root, normal, (&pointer, own.at(&pointer)), (list, time));
            own.devices.entry(root.to_owned()).or_default().is_listed = true;
        }
        Ok(())
    }

    fn differences(&mut self, own: &mut NcLink, differences: &[Difference]) {
        *self.tolerated += differences.len() as u64;
        for difference in differences {
            // Of a column it is told once, and of a list.
            let is_number = |step: &&str| !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit());
            let mut steps: Vec<&str> = difference.pointer.split('/').collect();
            if steps.get(1) == Some(&"data") {
                steps.truncate(3);
            } else {
                steps.retain(|step| !is_number(step));
            }
            if own.is_news(format!("{} {}", self.topic, steps.join("/"))) {
                self.findings.push(difference.finding(self.topic));
            }
        }
    }

    fn samples(
        &mut self,
        own: &mut NcLink,
        flow: &mut FlowIntake,
        root: &str,
        normal: &Tape,
    ) -> Result<(), Unreadable> {
        let sample = Sample::read(normal).map_err(|error| fault(&error))?;
        let mut paths: Vec<String> = sample.paths().map(|path| pointer_of(&path)).collect();
        if paths.is_empty() {
            let known = own.model(root).and_then(|model| model.channel(&sample.channel));
            paths = known.map_or(Vec::new(), |known| known.into_iter().map(pointer_of).collect());
            if paths.len() != sample.columns().count() {
                if own.is_news(format!("V280 {}", self.topic)) {
                    let finding = Finding::warning("QIAO-V280", self.topic);
                    self.findings.push(finding.with("channel", &sample.channel));
                }
                let values = sample.columns().count() as u32 * sample.rows();
                self.batch.unplaced.push((flow.flow, values));
                return Ok(());
            }
        }
        let text = |at: u32| normal.nodes().get(at as usize).map_or("", |node| normal.json_of(node));
        let mut cells: Vec<(u32, u32, u32)> = Vec::new();
        for (column, rows) in (0u32..).zip(sample.columns()) {
            let mut before = None;
            let last = sample.rows().saturating_sub(1);
            for (row, at) in (0u32..).zip(rows) {
                if row == last || before.is_none_or(|before| text(before) != text(at)) {
                    cells.push((row, column, at));
                }
                before = Some(at);
            }
        }
        cells.sort_unstable();
        let places: Vec<Option<PlaceId>> = paths.iter().map(|pointer| own.at(pointer)).collect();
        for (row, column, at) in cells {
            let (Some(pointer), Some(place)) = (paths.get(column as usize), places.get(column as usize)) else {
                continue;
            };
            if !pointer.is_empty() {
                self.item(&own.places, flow, root, normal, (pointer, *place), (at, sample.time(row)));
            }
        }
        Ok(())
    }

    fn event(&mut self, own: &NcLink, flow: &mut FlowIntake, root: &str, normal: &Tape) -> Result<(), Unreadable> {
        let event = Event::read(normal).map_err(|error| fault(&error))?;
        let known = own.model(root).and_then(|model| model.path(&event.id));
        let mut pointer = pointer_of(known.unwrap_or(&event.key));
        // Its type alone says which item it is where there is but one of that type.
        if let Some(list) = flow.input.list.as_deref().filter(|list| known.is_none() && list.ends_with(&pointer)) {
            list.clone_into(&mut pointer);
        }
        let place = own.at(&pointer);
        self.item(&own.places, flow, root, normal, (&pointer, place), (event.value, event.time));
        Ok(())
    }

    /// What an item holds: one value, or, where the mapping names parts of it, its parts.
    fn item(
        &mut self,
        places: &Places,
        flow: &mut FlowIntake,
        root: &str,
        normal: &Tape,
        (pointer, place): (&str, Option<PlaceId>),
        (at, time): (u32, Timestamp),
    ) {
        let kind = normal.nodes().get(at as usize).map_or(TapeKind::Null, |node| node.kind());
        if flow.input.list.as_deref() == Some(pointer) {
            return self.cell(flow, root, normal, pointer, (at, time));
        }
        let inside = place.filter(|place| places.has_inside(*place));
        let Some(inside) = inside.filter(|_| matches!(kind, TapeKind::Object | TapeKind::Array | TapeKind::Null))
        else {
            return self.cell(flow, root, normal, pointer, (at, time));
        };
        let mut found: Vec<(String, u32)> = Vec::new();
        let mut text = pointer.to_owned();
        let mut place = inside;
        if let Some(element) = places.element(inside)
            && children(normal, at)
                .any(|(_, member)| kind == TapeKind::Object && places.names(element, &name(normal, member)))
        {
            // One that stands for a list of one.
            push_step(&mut text, "0");
            place = element;
        }
        values((normal, places), at, Some(place), &mut text, &mut |pointer, at, _| {
            found.push((pointer.to_owned(), at))
        });
        for (pointer, at) in &found {
            self.cell(flow, root, normal, pointer, (*at, time));
        }
        let is_silent = |(other, _): &(&String, &u32)| {
            let is_below = other.strip_prefix(pointer).is_some_and(|rest| rest.starts_with('/'));
            is_below && !found.iter().any(|(said, _)| said == *other)
        };
        let slots = flow.machines.get(root).into_iter().flat_map(|machine| &machine.slots);
        let mut silent: Vec<u32> = slots.filter(is_silent).map(|(_, slot)| *slot).collect();
        silent.sort_unstable();
        silent.into_iter().for_each(|slot| self.empty(flow, root, slot, time));
    }

    fn cell(&mut self, flow: &mut FlowIntake, root: &str, normal: &Tape, pointer: &str, (at, time): (u32, Timestamp)) {
        if let Some(slot) = self.slot(flow, root, pointer) {
            let (scalar, _) = umati_json::read(normal, at, false, &mut self.batch.arena);
            self.put(flow, root, slot, scalar, time);
        }
    }

    /// A device told its model: ids, units, and the values of what never stands in a sample.
    fn probed(&mut self, own: &mut NcLink, flow: &mut FlowIntake, (root, device): (&str, &str), normal: &Tape) {
        let probed = match Probed::read(normal, device) {
            Ok(probed) => probed,
            Err(why) => {
                let (word, reason) = match why {
                    ModelFault::Refused(reason) => ("refused", reason),
                    ModelFault::Missing => ("missing", String::new()),
                    ModelFault::OtherDevice => ("other", String::new()),
                };
                if own.is_news(format!("V282 {device} {word}")) {
                    let finding = Finding::warning("QIAO-V282", self.topic).with("device", device);
                    self.findings.push(finding.with("why", word).with("reason", reason));
                }
                // An answer all the same: it is not asked again at once.
                own.devices.entry(root.to_owned()).or_default().is_fresh = true;
                return;
            }
        };
        let units: HashMap<String, Arc<str>> =
            probed.model.units().map(|(path, unit)| (pointer_of(path), Arc::from(unit))).collect();
        for (pointer, unit) in units.iter().filter(|(_, unit)| Unit::by_code(unit).is_none()) {
            if own.is_news(format!("V283 {device} {pointer}")) {
                let finding = Finding::warning("QIAO-V283", self.topic).with("device", device);
                self.findings.push(finding.with("pointer", pointer).with("unit", unit));
            }
        }
        if let Some(machine) = flow.machines.get_mut(root) {
            for (pointer, slot) in &machine.slots {
                let unit = units.get(pointer).cloned();
                if let Some(item) = self.items.get_mut(*slot as usize)
                    && item.unit != unit
                {
                    item.unit = unit;
                    *self.has_changed = true;
                }
            }
            machine.units = units;
        }
        let time = self.arrival(flow);
        for (path, at) in &probed.configs {
            let pointer = pointer_of(path);
            self.item(&own.places, flow, root, normal, (&pointer, own.at(&pointer)), (*at, time));
        }
        own.devices.insert(root.to_owned(), Device { model: Some(probed.model), is_fresh: true, is_listed: false });
    }
}

impl NcLink {
    /// The place that a pointer leads to.
    fn at(&self, pointer: &str) -> Option<PlaceId> {
        pointer
            .split('/')
            .skip(1)
            .try_fold(self.places.root(), |place, step| self.places.below(place, &crate::profile::unescape(step)))
    }
}
