//! From what a source speaks to what is published instead: field by field, when a message of the source has passed.

use super::Stages;
use super::alarms::Crossed;
use super::bench::{Bench, key};
use super::outbox::Outbox;
use super::stream::Stream;
use crate::assemble::bind::Carried;
use crate::finding::{Finding, Severity, catalogue};
use crate::model::unit::Unit;
use crate::model::{Now, Sample, Scalar, StatusCode};
use crate::profile::Profile;
use crate::translate::{AlarmWay, FateKind, Link, LinkTarget, Routes, Step, Unfit, stated_unit};
use std::collections::HashSet;
use std::sync::Arc;

/// Who takes translated values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aim {
    Stream(u32),
    Sampler(u32),
}

/// What becomes of the fields of a stream whose messages are not published themselves.
#[derive(Debug, Default)]
pub(super) struct Bridge {
    aim: Option<Aim>,
    /// For each field of the layout.
    crossings: Vec<Crossing>,
    /// `name@version` of what is published.
    target: String,
    /// How its events get to a list of alarms.
    alarms: Option<Arc<Routes>>,
}

#[derive(Debug, Default)]
struct Crossing {
    kind: Option<FateKind>,
    lanes: Vec<Lane>,
    /// Fields whose unit this one states.
    states_unit_of: Vec<u32>,
}

#[derive(Debug)]
struct Lane {
    field: u32,
    step: Step,
    has_unit: bool,
}

/// Translated values on their way; kept for its memory.
#[derive(Debug, Default)]
pub(super) struct Onward {
    pub(super) values: Vec<(Aim, u32, Sample)>,
    pub(super) arena: Vec<u8>,
    /// Events for the lists of samplers.
    pub(super) events: Vec<Crossed>,
}

/// What one source stream gives to a target that is being laid out.
pub(super) struct Giving {
    /// Place among the streams.
    pub(super) stream: usize,
    links: Vec<Link>,
    alarms: Option<Arc<Routes>>,
}

impl Giving {
    /// What a stream gives; of what several would fill, the first does.
    pub(super) fn of(stream: &Stream, routes: &Arc<Routes>, taken: &mut HashSet<String>) -> Self {
        let pointers = stream.layout.fields().iter().map(|field| field.pointer.as_str());
        let mut links = routes.links(pointers, taken);
        for link in &mut links {
            let told = stream.field(link.source).and_then(|field| field.unit.as_deref());
            // What a device says of its own item goes before what is usual.
            for lane in link.targets.iter_mut().filter(|_| told.is_some()) {
                let unit = told.and_then(Unit::by_code);
                lane.step.count_in(unit.map(Some).ok_or("translate-unit-unknown"));
            }
        }
        let alarms = matches!(routes.alarms(), Some(AlarmWay::ToList(_))).then(|| Arc::clone(routes));
        Self { stream: stream.index as usize, links, alarms }
    }

    /// The fields of the target that it fills.
    pub(super) fn carried(&self, stream: &Stream, target: &Profile) -> Vec<Carried> {
        let carried = |(link, lane): (&Link, &LinkTarget)| {
            let concept = target.mapping.fields.get(lane.field)?.concept.as_deref()?;
            let node = stream.field(link.source).map_or_else(String::new, |field| field.node.clone());
            Some(Carried { pointer: pointer(lane), concept: Arc::from(concept), node, stated: lane.stated.clone() })
        };
        let lanes = self.links.iter().flat_map(|link| link.targets.iter().map(move |lane| (link, lane)));
        lanes.filter_map(carried).collect()
    }
}

fn pointer(lane: &LinkTarget) -> String {
    lane.steps.iter().map(|(step, _)| format!("/{}", step.replace('~', "~0").replace('/', "~1"))).collect()
}

impl Bridge {
    /// Leads the fields of a stream to those of a target, which `place` knows by pointer.
    pub(super) fn new(
        giving: Giving,
        stream: &Stream,
        aim: Aim,
        target: String,
        place: impl Fn(&str) -> Option<u32>,
    ) -> Self {
        let mut crossings: Vec<Crossing> = giving.links.iter().map(|_| Crossing::default()).collect();
        for link in giving.links {
            let source = link.source;
            let mut units = Vec::new();
            let Some(crossing) = crossings.get_mut(source as usize) else { continue };
            crossing.kind = Some(link.fate.kind);
            for lane in link.targets {
                let Some(field) = place(&pointer(&lane)) else { continue };
                units.extend(lane.unit_at.as_deref().and_then(|at| stream.layout.field_at(at)));
                crossing.lanes.push(Lane { field, step: lane.step, has_unit: lane.unit_at.is_some() });
            }
            if crossing.lanes.is_empty() {
                crossing.kind = Some(FateKind::Absent);
            }
            units.dedup();
            for unit in units {
                if let Some(stating) = crossings.get_mut(unit as usize) {
                    stating.states_unit_of.push(source);
                }
            }
        }
        Self { aim: Some(aim), crossings, target, alarms: giving.alarms }
    }
}

impl Stream {
    /// The sampler whose list of alarms its events keep.
    pub(super) fn lists_alarms_at(&self) -> Option<u32> {
        match self.bridge.as_ref().filter(|bridge| bridge.alarms.is_some())?.aim {
            Some(Aim::Sampler(at)) => Some(at),
            _ => None,
        }
    }

    /// Hands what is new in the message on the tape to what is published instead.
    pub(super) fn cross(&mut self, bench: &mut Bench, now: Now, out: &mut Outbox) {
        let Some(mut bridge) = self.bridge.take() else { return };
        if self.is_event() {
            self.cross_event(bridge.aim, bridge.alarms.as_deref(), bench);
            self.bridge = Some(bridge);
            return;
        }
        let fields = 0..self.layout.fields().len() as u32;
        let mut again = Vec::new();
        for field in fields.clone() {
            again.extend(self.restate(&mut bridge, field));
        }
        for field in fields {
            if self.image.is_left_out(field) {
                continue;
            }
            if !self.image.is_dirty(field) {
                // It was told without its unit, or to nobody.
                if !self.image.is_heard(field) || !(self.needs_all || again.contains(&field)) {
                    continue;
                }
                bench.totals(self.outlet.flow).received += 1;
            }
            self.cross_field(&bridge, field, bench, now, out);
        }
        self.bridge = Some(bridge);
    }

    /// Takes a stated unit over; the fields that count in it from now on.
    fn restate(&self, bridge: &mut Bridge, field: u32) -> Vec<u32> {
        let Some(crossing) = bridge.crossings.get_mut(field as usize) else { return Vec::new() };
        if crossing.states_unit_of.is_empty() || !self.image.is_dirty(field) {
            return Vec::new();
        }
        let stated = std::mem::take(&mut crossing.states_unit_of);
        let reading = self.field(field).and_then(|bound| self.image.reading(field, bound));
        let unit = reading.as_ref().and_then(stated_unit);
        for of in &stated {
            let lanes = bridge.crossings.get_mut(*of as usize).map_or(&mut [][..], |crossing| &mut crossing.lanes);
            for lane in lanes.iter_mut().filter(|lane| lane.has_unit) {
                lane.step.count_in(unit.map(Some).ok_or("translate-unit-unknown"));
            }
        }
        if let Some(crossing) = bridge.crossings.get_mut(field as usize) {
            crossing.states_unit_of.clone_from(&stated);
        }
        stated
    }

    fn cross_field(&self, bridge: &Bridge, field: u32, bench: &mut Bench, now: Now, out: &mut Outbox) {
        let Some(reading) = self.field(field).and_then(|bound| self.image.reading(field, bound)) else { return };
        let crossing = bridge.crossings.get(field as usize);
        let lanes = crossing.map_or(&[][..], |crossing| &crossing.lanes);
        let (Some(aim), false) = (bridge.aim, lanes.is_empty()) else {
            let totals = bench.totals(self.outlet.flow);
            totals.filtered += 1;
            totals.fates.add(FateKind::Absent);
            return;
        };
        // A value that fills several fields counts once for each.
        bench.totals(self.outlet.flow).received += lanes.len() as u64 - 1;
        let mut kind = crossing.and_then(|crossing| crossing.kind).unwrap_or(FateKind::Absent);
        for lane in lanes {
            let mut sample = Sample {
                slot: crate::assemble::layout::NO_SLOT,
                status: reading.status.0,
                source_time: reading.source_time,
                server_time: reading.server_time,
                scalar: Scalar::Null,
            };
            if !reading.status.is_bad() {
                match lane.step.apply(&reading, &mut bench.onward.arena) {
                    Ok((scalar, worse)) => {
                        sample.scalar = scalar;
                        kind = kind.max(worse);
                    }
                    Err(unfit) => {
                        sample.status = StatusCode::BAD_OUT_OF_RANGE.0;
                        kind = FateKind::Absent;
                        self.tell_unfit(bridge, field, unfit, bench, now, out);
                    }
                }
            }
            bench.onward.values.push((aim, lane.field, sample));
        }
        bench.totals(self.outlet.flow).fates.add(kind);
    }

    fn tell_unfit(&self, bridge: &Bridge, field: u32, unfit: Unfit<'_>, bench: &mut Bench, now: Now, out: &mut Outbox) {
        let language = bench.language;
        let told = match unfit {
            Unfit::Word(word) => word,
            Unfit::Titles(titles) => titles.en.as_str(),
        };
        let make = || {
            let reason = match unfit {
                Unfit::Word(word) => catalogue::text(language, word, None, &[]).unwrap_or_default(),
                Unfit::Titles(titles) => titles.in_language(language).to_owned(),
            };
            let about = self.about("QIAO-V260", field);
            Finding { severity: Severity::Warning, ..about }.with("target", &bridge.target).with("reason", reason)
        };
        bench.tell(key("QIAO-V260", self.index, (field, told)), now, out, make);
    }
}

impl Stages {
    /// Sends on what streams of a source hold, before their places change.
    pub(super) fn clear_bridges(&mut self, now: Now, out: &mut Outbox) {
        for stream in self.streams.iter_mut().filter(|stream| stream.bridge.is_some() && !stream.is_waiting()) {
            stream.flush(&mut self.bench, now, out);
        }
        self.arrive(now, out);
    }

    /// Lets the values that crossed bridges arrive.
    pub(super) fn arrive(&mut self, now: Now, out: &mut Outbox) {
        if self.bench.onward.values.is_empty() && self.bench.onward.events.is_empty() {
            return;
        }
        let mut onward = std::mem::take(&mut self.bench.onward);
        let batch = self.bench.batch;
        self.bench.batch = self.bench.floor.unwrap_or(batch).min(batch);
        for (aim, field, sample) in onward.values.drain(..) {
            match aim {
                Aim::Stream(at) => {
                    if let Some(stream) = self.streams.get_mut(at as usize).filter(|stream| stream.is_event()) {
                        stream.occur(field, &sample, &onward.arena, &mut self.bench, now, out);
                    } else if let Some(stream) = self.streams.get_mut(at as usize) {
                        stream.hold(field, &sample, &onward.arena, &mut self.bench, now, out);
                    }
                }
                Aim::Sampler(at) => {
                    if let Some(sampler) = self.samplers.get_mut(at as usize) {
                        sampler.take(field, &sample, &onward.arena, &mut self.bench, now, out);
                    }
                }
            }
        }
        for crossed in onward.events.drain(..) {
            if let Some(sampler) = self.samplers.get_mut(crossed.sampler as usize) {
                sampler.alarm(crossed, &mut self.bench, now, out);
            }
        }
        self.bench.batch = batch;
        onward.arena.clear();
        self.bench.onward = onward;
    }
}
