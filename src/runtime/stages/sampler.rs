//! One machine's samples: values in, columns on grids of time out, channel by channel.

use super::alarms::Board;
use super::bench::{Bench, key};
use super::count::MachineSnapshot;
use super::declared::declare;
use super::device::Device;
use super::leaving::Veil;
use super::outbox::Outbox;
use super::outlet::Outlet;
use super::stream::MOST_REMARKS;
use super::suspect::Suspect;
use crate::assemble::adapter::Present;
use crate::assemble::grid::{Channel, Odd};
use crate::assemble::{AdapterChannel, Grid, Image, Layout};
use crate::codec::{nc_link, umati_json};
use crate::config::bind::Binding;
use crate::config::plan::OnViolation;
use crate::finding::Finding;
use crate::model::{Now, Sample, StatusCode, Timestamp, TopicName};
use crate::port::Heard;
use crate::profile::{Profile, SampleChannel, unescape};
use crate::validate::{Checker, Violation};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

/// One machine whose messages are samples.
#[derive(Debug)]
pub(super) struct Sampler {
    /// Place among the samplers of its source.
    pub(super) index: u32,
    pub(super) flow_name: String,
    pub(super) id: String,
    /// Node id of the machine's root.
    pub(super) node: String,
    pub(super) profile_id: String,
    pub(super) checker: Arc<Checker>,
    pub(super) on_violation: OnViolation,
    pub(super) outlet: Outlet,
    pub(super) findings: Vec<Finding>,
    pub(super) layout: Layout,
    /// What every field last said, whether it is sampled or not.
    pub(super) image: Image,
    channels: Vec<Sampled>,
    /// For each field.
    seats: Vec<Seat>,
    pub(super) veil: Veil,
    /// The machine as applications see it that ask.
    pub(super) device: Device,
    /// The alarms that are active, where events tell of them.
    pub(super) board: Option<Board>,
    pub(super) messages: u64,
    pub(super) violations: u64,
    pub(super) last_message: Timestamp,
    is_lost: bool,
}

/// One channel of a machine.
#[derive(Debug)]
struct Sampled {
    grid: Grid,
    topic: Arc<TopicName>,
    /// As a message names its columns.
    paths: Vec<String>,
    /// The field behind each column.
    fields: Vec<u32>,
    /// Number of the oldest batch of which a value may wait in the grid.
    held_since: Option<u64>,
    /// Number of the batch at each of the last windows that were sent: as many as may be open at a time.
    sent_at: VecDeque<u64>,
}

/// Where the values of a field go.
#[derive(Clone, Copy, Debug)]
enum Seat {
    Column {
        channel: u16,
        column: u32,
    },
    /// In no channel: who wants it asks for it.
    Image,
}

/// What a sampler is made of.
pub(super) struct Making {
    pub(super) index: u32,
    pub(super) flow_name: String,
    pub(super) id: String,
    pub(super) node: String,
    pub(super) profile: Arc<Profile>,
    pub(super) checker: Arc<Checker>,
    pub(super) on_violation: OnViolation,
    pub(super) outlet: Outlet,
    pub(super) findings: Vec<Finding>,
    pub(super) layout: Layout,
    pub(super) veil: Veil,
    pub(super) device: Device,
    pub(super) board: Option<Board>,
    /// Of the profile's channels, in their order.
    pub(super) topics: Vec<Arc<TopicName>>,
    /// How long a message waits for values that are on their way.
    pub(super) settle: Duration,
}

impl Sampled {
    /// A window was sent, in a batch of this number. What came before as many windows as may be open at a time is in one
    /// of them.
    fn sent(&mut self, batch: u64) {
        self.sent_at.push_back(batch);
        if self.sent_at.len() > self.grid.windows() {
            let before = self.sent_at.pop_front();
            self.held_since = self.held_since.max(before);
        }
        if self.grid.held() == 0 {
            self.held_since = None;
        }
    }
}

impl Sampler {
    pub(super) fn new(making: Making) -> Self {
        let Making { layout, profile, veil, .. } = making;
        let mut seats = vec![Seat::Image; layout.fields().len()];
        let mut channels = Vec::new();
        for (channel, topic) in profile.channels.iter().zip(making.topics) {
            let (fields, paths): (Vec<u32>, Vec<String>) = columns(channel, &layout, &veil).into_iter().unzip();
            for (column, field) in (0..).zip(&fields) {
                if let Some(seat) = seats.get_mut(*field as usize) {
                    *seat = Seat::Column { channel: channels.len() as u16, column };
                }
            }
            let settle = u32::try_from(making.settle.as_millis()).unwrap_or(u32::MAX);
            let (interval, upload_interval) = (channel.interval, channel.upload_interval);
            let sampled = Channel { id: channel.id.clone(), interval, upload_interval, settle };
            // That intervals fit each other was checked with the profile.
            if let Some(grid) = Grid::new(sampled, fields.len()).filter(|_| !fields.is_empty()) {
                channels.push(Sampled { grid, topic, paths, fields, held_since: None, sent_at: VecDeque::new() });
            }
        }
        Self {
            index: making.index,
            flow_name: making.flow_name,
            id: making.id,
            node: making.node,
            profile_id: profile.id(),
            checker: making.checker,
            on_violation: making.on_violation,
            outlet: making.outlet,
            findings: making.findings,
            image: Image::new(&layout),
            layout,
            channels,
            seats,
            veil,
            device: making.device,
            board: making.board,
            messages: 0,
            violations: 0,
            last_message: Timestamp::NONE,
            is_lost: false,
        }
    }

    /// The same at its new place.
    pub(super) fn kept(self, index: u32, findings: Vec<Finding>) -> Self {
        Self { index, findings, ..self }
    }

    /// Takes one value that was translated for it.
    pub(super) fn take(
        &mut self,
        field: u32,
        sample: &Sample,
        arena: &[u8],
        bench: &mut Bench,
        now: Now,
        out: &mut Outbox,
    ) {
        if self.veil.hides(field) {
            bench.totals(self.outlet.flow).withheld += 1;
            return;
        }
        let mut veil = std::mem::take(&mut self.veil);
        let (sample, arena) = veil.cover(field, sample, arena);
        self.place(field, &sample, arena, bench, now, out);
        self.veil = veil;
    }

    fn place(&mut self, field: u32, sample: &Sample, arena: &[u8], bench: &mut Bench, now: Now, out: &mut Outbox) {
        // What is told anew with the time that it had is no later than it was; nor is what is told for the first time.
        let before = self.layout.fields().get(field as usize).and_then(|bound| self.image.reading(field, bound));
        let is_told_anew =
            before.is_none_or(|before| before.status.is_bad() || before.source_time == sample.source_time);
        self.image.store(&self.layout, field, sample, arena);
        let Some(Seat::Column { channel, column }) = self.seats.get(field as usize).copied() else {
            bench.totals(self.outlet.flow).filtered += 1;
            return;
        };
        self.send_due(usize::from(channel), bench, now, out);
        let Some(sampled) = self.channels.get_mut(usize::from(channel)) else { return };
        let placed = sampled.grid.store(column, sample, arena, now);
        sampled.held_since.get_or_insert(bench.batch);
        let totals = bench.totals(self.outlet.flow);
        totals.superseded += u64::from(placed.has_superseded);
        if let Some(odd) = placed.odd.filter(|odd| *odd != Odd::Late || !is_told_anew) {
            totals.odd_times += 1;
            let topic = Arc::clone(&sampled.topic);
            let make = || self.about("QIAO-V261", field).with("kind", word(odd)).with("topic", &topic);
            bench.tell(key("QIAO-V261", self.index, (channel, odd as u8)), now, out, make);
        }
    }

    /// Takes the values that the configuration gives, which are those of no source: they hold from now on.
    pub(super) fn take_declared(&mut self, binding: Option<&Binding>, now: Now) {
        let Some(binding) = binding else { return };
        declare(binding, &self.layout, |field, sample, arena| {
            if self.veil.hides(field) {
                return;
            }
            let (sample, arena) = self.veil.cover(field, sample, arena);
            self.image.store(&self.layout, field, &sample, arena);
            let Some(Seat::Column { channel, column }) = self.seats.get(field as usize).copied() else { return };
            if let Some(sampled) = self.channels.get_mut(usize::from(channel)) {
                sampled.grid.declare(column, &sample, arena, now);
            }
        });
    }

    /// Sends what is due.
    pub(super) fn tick(&mut self, bench: &mut Bench, now: Now, out: &mut Outbox) {
        self.device.tick(bench, now, out);
        self.tick_alarms(bench, now, out);
        for channel in 0..self.channels.len() {
            self.send_due(channel, bench, now, out);
        }
    }

    /// Takes what was heard of the machine at a sink, if this is meant.
    pub(super) fn hear(&mut self, heard: &Heard, bench: &mut Bench, now: Now, out: &mut Outbox) {
        if self.device.is_meant(heard) {
            let present = Present { layout: &self.layout, image: &self.image, is_lost: self.is_lost };
            self.device.hear(heard, &present, bench, now, out);
        }
    }

    /// When [`Self::tick`] has something to do, if nothing else happens.
    pub(super) fn next_tick(&self) -> Option<Duration> {
        let grids = self.channels.iter().filter_map(|channel| channel.grid.next());
        grids.chain(self.device.next_tick()).chain(self.board.as_ref().and_then(Board::next_tick)).min()
    }

    /// The link is lost: rows behind now are empty, and nobody is told old values any more.
    pub(super) fn lose(&mut self, now: Now) {
        if std::mem::replace(&mut self.is_lost, true) {
            return;
        }
        let status = StatusCode::BAD_NO_COMMUNICATION;
        for sampled in &mut self.channels {
            sampled.grid.lose(status, now);
        }
        let none = Timestamp::NONE;
        let scalar = crate::model::Scalar::Null;
        for field in 0..self.layout.fields().len() as u32 {
            let sample = Sample { slot: 0, status: status.0, source_time: none, server_time: none, scalar };
            self.image.store(&self.layout, field, &sample, &[]);
        }
        self.board.iter_mut().for_each(Board::lose);
    }

    /// The link is back: applications are told that the device is.
    pub(super) fn resume(&mut self, now: Now) {
        if std::mem::take(&mut self.is_lost) {
            self.device.is_back(now);
            self.board.iter_mut().for_each(|board| board.resume(now));
        }
    }

    /// Sends what is held without waiting for its time: there will be nothing more.
    pub(super) fn finish(&mut self, bench: &mut Bench, now: Now, out: &mut Outbox) {
        self.lose(now);
        for channel in 0..self.channels.len() {
            while self.channels[channel].grid.held() > 0 {
                self.send(channel, bench, now, out);
            }
        }
        let waiting = self.board.as_mut().map_or(0, Board::give_up);
        bench.totals(self.outlet.flow).superseded += waiting;
    }

    /// Number of the oldest batch of which a value may wait.
    pub(super) fn oldest(&self) -> Option<u64> {
        let waiting = self.channels.iter().filter(|channel| channel.grid.held() > 0);
        waiting.filter_map(|channel| channel.held_since).min()
    }

    /// Source values that wait for their message.
    pub(super) fn held(&self) -> u64 {
        let grids: u64 = self.channels.iter().map(|channel| channel.grid.held()).sum();
        grids + self.board.as_ref().map_or(0, Board::held)
    }

    pub(super) fn snapshot(&self) -> MachineSnapshot {
        MachineSnapshot {
            id: self.id.clone(),
            flow: self.outlet.flow,
            profile: self.profile_id.clone(),
            node: self.node.clone(),
            topic: self.outlet.topic.to_string(),
            is_online: !self.is_lost,
            fields: self.image.count(),
            messages: self.messages,
            violations: self.violations,
            last_message: self.last_message,
        }
    }

    fn send_due(&mut self, channel: usize, bench: &mut Bench, now: Now, out: &mut Outbox) {
        while self.channels.get_mut(channel).is_some_and(|sampled| sampled.grid.is_due(now)) {
            self.send(channel, bench, now, out);
        }
        if let Some(sampled) = self.channels.get_mut(channel) {
            bench.totals(self.outlet.flow).superseded += sampled.grid.take_passed_over();
        }
    }

    /// Makes the message of a channel, leaves out the columns that break the schema, and hands it over.
    fn send(&mut self, channel: usize, bench: &mut Bench, now: Now, out: &mut Outbox) {
        let Some(sampled) = self.channels.get(channel) else { return };
        let mut sent = sampled.write(bench, &[]);
        let mut is_refused = false;
        if !self.checker.is_valid(&bench.tape) {
            let violations = self.checker.violations(&bench.tape, MOST_REMARKS);
            self.violations += violations.len() as u64;
            bench.totals(self.outlet.flow).violations += violations.len() as u64;
            self.tell(channel, &violations, bench, now, out);
            if self.on_violation != OnViolation::Mark {
                let columns: Option<Vec<u32>> =
                    violations.iter().map(|violation| column_of(&violation.pointer)).collect();
                let left_out = columns.filter(|columns| columns.len() < MOST_REMARKS);
                sent = left_out.map_or_else(Default::default, |columns| sampled.write(bench, &columns));
                is_refused = sent.values == 0 || !self.checker.is_valid(&bench.tape);
            }
        }
        let Some(sampled) = self.channels.get_mut(channel) else { return };
        let all = sampled.grid.advance(now);
        sampled.sent(bench.floor.unwrap_or(bench.batch).min(bench.batch));
        let values = if is_refused { 0 } else { u64::from(sent.values) };
        let totals = bench.totals(self.outlet.flow);
        totals.handed_over += values;
        match self.on_violation {
            OnViolation::Reject => totals.rejected += all - values,
            OnViolation::Quarantine | OnViolation::Mark => totals.quarantined += all - values,
        }
        if is_refused {
            totals.quarantined_messages += u64::from(self.on_violation == OnViolation::Quarantine);
            return;
        }
        totals.messages += 1;
        self.messages += 1;
        self.last_message = now.wall;
        let delivery = self.outlet.delivery(values as u32);
        out.deliver(bench.tape.as_bytes(), crate::model::Delivery { topic: Arc::clone(&sampled.topic), ..delivery });
    }

    /// Tells what is wrong with the message on the tape, and keeps it as the configuration says.
    fn tell(&self, channel: usize, violations: &[Violation], bench: &mut Bench, now: Now, out: &mut Outbox) {
        let Some(first) = violations.first() else { return };
        let node = |violation: &Violation| {
            let column = column_of(&violation.pointer);
            let field = column.and_then(|column| self.channels.get(channel)?.fields.get(column as usize));
            field.and_then(|field| self.layout.fields().get(*field as usize)).map_or("", |field| &*field.node)
        };
        let topic = self.channels.get(channel).map_or_else(String::new, |sampled| sampled.topic.to_string());
        let suspect = Suspect {
            flow_name: &self.flow_name,
            machine: &self.id,
            profile_id: &self.profile_id,
            topic: &topic,
            index: self.index,
            on_violation: self.on_violation,
        };
        suspect.tell((channel, &first.schema_pointer), violations, node, bench, now, out);
    }

    fn about(&self, code: &'static str, field: u32) -> Finding {
        let field = self.layout.fields().get(field as usize);
        let (pointer, node) = field.map_or(("", ""), |field| (&*field.pointer, &*field.node));
        let finding = Finding::note(code, format!("{}:{pointer}", self.id));
        finding.with("machine", &self.id).with("pointer", pointer).with("node", node).with("profile", &self.profile_id)
    }
}

impl Sampled {
    /// Writes the message over what the tape held, without these columns.
    fn write(&self, bench: &mut Bench, without: &[u32]) -> crate::assemble::grid::Sent {
        let is_in = |column: &u32| !without.contains(column);
        let paths = (0u32..).zip(&self.paths).filter(|(column, _)| is_in(column)).map(|(_, path)| path.as_str());
        self.grid.write(&mut bench.tape, paths, without, umati_json::value)
    }
}

/// The fields that a channel samples, in the order of its columns, with their item paths.
fn columns(channel: &SampleChannel, layout: &Layout, veil: &Veil) -> Vec<(u32, String)> {
    let of = |pattern: &String| {
        let fields = (0..).zip(layout.fields()).filter(|(at, _)| !veil.hides(*at));
        let found = fields.filter_map(|(at, field)| Some((at, path(pattern, &field.pointer)?)));
        found.collect::<Vec<(u32, String)>>()
    };
    channel.fields.iter().flat_map(of).collect()
}

/// The channels that a machine has.
pub(super) fn channels(profile: &Profile, layout: &Layout, veil: &Veil) -> Vec<AdapterChannel> {
    let channel = |channel: &SampleChannel| AdapterChannel {
        id: channel.id.clone(),
        interval: channel.interval,
        upload_interval: channel.upload_interval,
        fields: columns(channel, layout, veil).into_iter().map(|(field, _)| field).collect(),
    };
    profile.channels.iter().map(channel).filter(|channel| !channel.fields.is_empty()).collect()
}

/// The item path of a field, if its pointer is one of a pattern's.
fn path(pattern: &str, pointer: &str) -> Option<String> {
    let (patterns, steps): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), pointer.split('/').collect());
    let is_number = |pattern: &str| pattern.starts_with('{');
    let is_same = patterns.len() == steps.len()
        && patterns.iter().zip(&steps).all(|(pattern, step)| is_number(pattern) || pattern == step);
    let plain = |step: &str| unescape(step);
    let numbers: Vec<(String, bool)> =
        patterns.iter().zip(&steps).skip(1).map(|(pattern, step)| (plain(step), is_number(pattern))).collect();
    is_same.then(|| nc_link::path_of(numbers.iter().map(|(step, is_number)| (step.as_str(), *is_number))))
}

/// Which column a place in a sample lies in: `/data/3/data/7`.
fn column_of(pointer: &str) -> Option<u32> {
    pointer.strip_prefix("/data/")?.split('/').next()?.parse().ok()
}

fn word(odd: Odd) -> &'static str {
    match odd {
        Odd::Missing => "missing",
        Odd::Late => "late",
        Odd::Ahead => "ahead",
    }
}
