//! The pure stages of one source, one behind the other: normalise → assemble → validate → route.
//!
//! No I/O and no clock: events and the time come in, transactions, quarantined messages and findings go out. Work is
//! done per batch; per value there is a look-up, a copy into an image and a mark.
//!
//! | module | holds |
//! |---|---|
//! | [`prepared`] | what the stages of all sources share |
//! | `found` | machines that were found become streams |
//! | `wish` | what they want to become: ids, topics and roles |
//! | `published` | what is published instead of what the source speaks |
//! | `relay` | one machine's messages that are passed on as they are |
//! | `stream` | one machine's messages of one profile |
//! | `bridge` | from what a source speaks to what is published instead |
//! | `sampler` | one machine's samples, channel by channel |
//! | `alarms` | the alarms that are active, kept as a list of what events tell |
//! | `watch` | a list of alarms, told by events |
//! | `outlet` | where a machine's messages leave |
//! | `declared` | values that the configuration converts or gives itself |
//! | `verdict`, `refusal`, `suspect` | what stays out of a message that breaks its schema, and who is told |
//! | `device` | a machine as an NC-Link device: registration, answers |
//! | `leaving` | what does not leave, or only as a pseudonym |
//! | `presence` | presence topics of machines |
//! | [`beside`] | lists of machines and other topics beside messages |
//! | `claims` | who bears which name |
//! | `owed` | what a source is owed for values that are in no message yet |
//! | `routes` | from a slot to the fields it fills |
//! | `repeats`, `bench` | told once, then counted |
//! | [`count`] | counters and status |
//! | [`outbox`] | what goes out |

mod alarms;
mod bench;
pub mod beside;
mod bridge;
mod claims;
pub mod count;
mod declared;
mod device;
mod found;
mod leaving;
pub mod outbox;
mod outlet;
mod owed;
mod past;
pub mod prepared;
mod presence;
mod published;
mod refusal;
mod relay;
mod repeats;
mod routes;
mod sampler;
mod stream;
mod suspect;
mod verdict;
mod watch;
mod wish;

pub use count::{Fates, FlowTotals, MachineSnapshot, StagesStatus};
pub use outbox::Outbox;
pub use prepared::{Prepared, PreparedError};

use crate::assemble::Adapter;
use crate::config::plan::{ConnectionKind, Plan, TimeSource};
use crate::finding::Finding;
use crate::model::delivery::{AckKey, Refusal, TopicKind};
use crate::model::{Batch, Delivery, Now, Pending};
use crate::normalise::TimePolicy;
use crate::port::source::Gap;
use crate::port::{Devices, Heard, LinkState, SourceEvent};
use crate::runtime::commands::entrance::Sets;
use bench::{Bench, key};
use beside::Stand;
use owed::Owed;
use presence::{Presences, State};
use relay::Relay;
use routes::{Fill, Routes};
use sampler::Sampler;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;
use stream::Stream;
use watch::Watch;

/// What a life of the stages leaves on brokers: retained states, and what was said of machines.
#[derive(Clone, Debug, Default)]
pub struct Legacy {
    /// Empty messages that take the states back.
    retained: Vec<Delivery>,
    presences: Presences,
}

/// The pure stages of one source.
#[derive(Debug)]
pub struct Stages {
    plan: Arc<Plan>,
    /// Index of the source's connection in the plan.
    source: u16,
    prepared: Arc<Prepared>,
    time: TimePolicy,
    /// Of the discovery that the streams were bound to.
    epoch: Option<u64>,
    is_lost: bool,
    streams: Vec<Stream>,
    samplers: Vec<Sampler>,
    watches: Vec<Watch>,
    /// By index of the machine in the discovery.
    relays: HashMap<u32, Relay>,
    routes: Routes,
    presences: Presences,
    /// Devices for which somebody listens at their sink, also when they are gone for a while.
    ready: BTreeSet<(u16, String)>,
    /// Machines that may not become streams, on the boards they would have stood on.
    turned_away: Vec<Stand>,
    bench: Bench,
    /// What was wrong with names and topics of the last discovery; told once for as long as it stays the same.
    told: Vec<Finding>,
    stale_batches: u64,
    owed: Owed,
}

/// Why nothing is set, where commands are not taken now.
const NO_ROOM: &str = "No Memory";

impl Stages {
    /// Stages for one source of the plan; nothing is found yet.
    #[must_use]
    pub fn new(plan: Arc<Plan>, source: u16, prepared: Arc<Prepared>) -> Self {
        let connection = plan.connections.get(usize::from(source));
        let time = match connection.map(|connection| &connection.kind) {
            Some(ConnectionKind::OpcUa(server)) => policy(server.time),
            _ => TimePolicy::Source,
        };
        let owed = Owed::new(plan.flows.iter().any(|flow| flow.source == source && flow.is_durable));
        let bench = Bench {
            gateway: plan.gateway.name.clone(),
            source: connection.map_or_else(String::new, |connection| connection.name.clone()),
            language: plan.gateway.language,
            totals: vec![FlowTotals::default(); plan.flows.len()],
            tape: crate::codec::Tape::default(),
            written: crate::assemble::frame::Written::default(),
            repeats: repeats::Repeats::default(),
            onward: bridge::Onward::default(),
            batch: 0,
            floor: None,
        };
        Self {
            plan,
            source,
            prepared,
            time,
            epoch: None,
            is_lost: false,
            streams: Vec::new(),
            samplers: Vec::new(),
            watches: Vec::new(),
            relays: HashMap::new(),
            routes: Routes::default(),
            presences: Presences::default(),
            ready: BTreeSet::new(),
            turned_away: Vec::new(),
            bench,
            told: Vec::new(),
            stale_batches: 0,
            owed,
        }
    }

    /// Goes on after an earlier life of the source that failed: counts on from `totals` (by index of the flow in the
    /// plan), takes back what that life left on brokers, and tells how many values of a flow were lost with it.
    pub fn take_over(
        &mut self,
        totals: Vec<FlowTotals>,
        lost: &[(u16, u64)],
        legacy: Legacy,
        now: Now,
        out: &mut Outbox,
    ) {
        self.bench.totals = totals;
        for (flow, values) in lost {
            let name = self.flow_name(*flow);
            out.findings.push(Finding::warning("QIAO-V244", name).with("values", values));
        }
        for retained in legacy.retained {
            out.deliver(&[], retained);
        }
        self.presences = legacy.presences;
        let failed = self.failed();
        self.prepared.boards.lose(self.source, &failed.text(self.bench.language));
        let failed = State::Offline(Box::new(failed));
        self.presences.set_all(&failed, now.wall, self.bench.language, out);
        out.finish(None);
    }

    /// What would be left on brokers if this life ended now.
    #[must_use]
    pub fn legacy(&self) -> Legacy {
        let relayed = self.relays.values().filter_map(Relay::retained);
        let retained = self.streams.iter().filter_map(Stream::retained).chain(relayed).collect();
        Legacy { retained, presences: self.presences.clone() }
    }

    /// Takes an event of the source. What its source is owed for a batch goes with the transaction that holds the last of
    /// its values, whatever becomes of them; in a flow that is not durable it waits for no value.
    pub fn on_event(&mut self, event: SourceEvent, now: Now, out: &mut Outbox) {
        let mut pending = None;
        match event {
            SourceEvent::Link(LinkState::Connecting | LinkState::Connected) => {}
            SourceEvent::Link(LinkState::Lost(reason) | LinkState::Refused(reason)) => self.lose(*reason, now, out),
            SourceEvent::Found(discovery) => self.found(&discovery, now, out),
            SourceEvent::Batch(mut batch) => {
                pending = batch.pending.take();
                self.bench.batch += 1;
                let refusal = self.batch(&batch, now, out);
                if let Some(Pending { key: AckKey::Publish { refusal: told, .. }, .. }) = &mut pending {
                    *told = refusal;
                }
            }
            SourceEvent::Gap(gap) => self.gap(gap, now, out),
            SourceEvent::Finding(finding) => out.findings.push(finding),
        }
        self.send_due(now, out);
        self.settle(pending, now, out);
    }

    /// Takes what applications ask of the machines at a sink.
    pub fn on_heard(&mut self, heard: &Heard, now: Now, out: &mut Outbox) {
        match heard {
            Heard::Ready { sink, device } => {
                self.ready.insert((*sink, device.clone()));
            }
            Heard::Away { sink } => self.ready.retain(|(of, _)| of != sink),
            Heard::Asked(_) => {}
        }
        for sampler in &mut self.samplers {
            // What may be set is decided elsewhere; what may not is refused here.
            match sampler.device.wished(heard) {
                Some(sets) => out.sets.push(sets),
                None => sampler.hear(heard, &mut self.bench, now, out),
            }
        }
        self.send_due(now, out);
        self.settle(None, now, out);
    }

    /// Answers that nothing of it is set now.
    pub fn refuse_sets(&mut self, sets: &Sets, out: &mut Outbox) {
        let refused = sets.set.items.iter().map(|item| Some(*item.wish.as_ref().err().unwrap_or(&NO_ROOM)));
        Adapter::set_answer(&mut self.bench.tape, &sets.set, refused);
        let delivery = Delivery {
            flow: u16::MAX,
            sink: sets.connection,
            topic: Arc::new(sets.topic.clone()),
            kind: TopicKind::Log,
            qos: 1,
            properties: None,
            payload: 0..0,
            values: 0,
        };
        out.deliver(self.bench.tape.as_bytes(), delivery);
        out.finish(None);
    }

    /// The machines that applications can ask.
    #[must_use]
    pub fn devices(&self) -> Devices {
        let devices = self.samplers.iter().map(|sampler| sampler.device.address());
        Arc::new(devices.map(|(sink, id)| (sink, id.to_owned())).collect())
    }

    /// Does what is due; see [`Self::next_tick`].
    pub fn on_tick(&mut self, now: Now, out: &mut Outbox) {
        self.send_due(now, out);
        if self.bench.repeats.next().is_some_and(|at| at <= now.monotonic) {
            let wall = now.wall.to_string();
            self.bench.summarise(Some(now.monotonic), &wall, out);
        }
        self.settle(None, now, out);
    }

    /// When [`Self::on_tick`] has something to do, in time of the monotonic clock, if no event comes before.
    #[must_use]
    pub fn next_tick(&self) -> Option<Duration> {
        let streams = self.streams.iter().filter_map(Stream::next_tick);
        streams.chain(self.samplers.iter().filter_map(Sampler::next_tick)).chain(self.bench.repeats.next()).min()
    }

    /// The source will say nothing more: what is held goes out, and nobody takes it for the present. `was_stopped`: on
    /// purpose; otherwise it failed and will be started again.
    pub fn on_end(&mut self, was_stopped: bool, now: Now, out: &mut Outbox) {
        let stopped = || Finding::note("QIAO-V241", self.bench.source.clone());
        let reason = if was_stopped { stopped() } else { self.failed() };
        self.lose(reason, now, out);
        for sampler in &mut self.samplers {
            sampler.finish(&mut self.bench, now, out);
        }
        if was_stopped {
            self.turned_away.clear();
            self.prepared.boards.retain(self.source, &BTreeSet::new());
        }
        let wall = now.wall.to_string();
        self.bench.summarise(None, &wall, out);
        self.settle(None, now, out);
    }

    /// Index of the source's connection in the plan.
    #[must_use]
    pub fn source(&self) -> u16 {
        self.source
    }

    /// Name of a flow of the plan.
    #[must_use]
    pub fn flow_name(&self, flow: u16) -> &str {
        self.plan.flows.get(usize::from(flow)).map_or("", |flow| flow.name.as_str())
    }

    /// The counters now, by index of the flow in the plan; flows of other sources stay zero.
    pub fn totals_into(&self, totals: &mut Vec<FlowTotals>) {
        totals.clone_from(&self.bench.totals);
        for stream in &self.streams {
            if let Some(totals) = totals.get_mut(usize::from(stream.outlet.flow)) {
                totals.held += stream.held();
            }
        }
        for sampler in &self.samplers {
            if let Some(totals) = totals.get_mut(usize::from(sampler.outlet.flow)) {
                totals.held += sampler.held();
            }
        }
    }

    /// The machines now.
    #[must_use]
    pub fn status(&self) -> StagesStatus {
        let snapshot = |stream: &Stream| MachineSnapshot {
            id: stream.id.clone(),
            flow: stream.outlet.flow,
            profile: stream.profile_id.clone(),
            node: stream.node.clone(),
            topic: stream.outlet.topic.to_string(),
            is_online: !stream.is_lost,
            fields: stream.image.count(),
            messages: stream.counted.messages,
            violations: stream.counted.violations,
            last_message: stream.counted.last_message,
        };
        let published = self.streams.iter().filter(|stream| stream.bridge.is_none()).map(snapshot);
        let samplers = self.samplers.iter().map(Sampler::snapshot);
        let machines = published.chain(samplers).chain(self.relays.values().map(Relay::snapshot)).collect();
        StagesStatus { machines, stale_batches: self.stale_batches }
    }

    fn failed(&self) -> Finding {
        Finding::warning("QIAO-V243", self.bench.source.clone())
    }

    /// Says what the sender of the batch is told when it was not taken.
    fn batch(&mut self, batch: &Batch, now: Now, out: &mut Outbox) -> Option<Refusal> {
        if self.epoch != Some(batch.epoch) {
            self.stale_batches += 1;
            let make = || Finding::note("QIAO-V214", "").with("values", batch.samples.len());
            self.bench.tell(key("QIAO-V214", 0, ()), now, out, make);
            return None;
        }
        if self.is_lost {
            // Values of the session we knew: the link is back and nothing was found anew.
            self.resume(now, out);
        }
        if batch.is_back_filled {
            self.back_fill(batch, now, out);
            return None;
        }
        for (at, sample) in (0u32..).zip(&batch.samples) {
            let (sample, odd) = self.time.apply(sample, batch.received);
            for fill in self.routes.of(sample.slot) {
                match *fill {
                    Fill::Field { stream, field } => {
                        let Some(stream) = self.streams.get_mut(stream as usize) else { continue };
                        if let Some(odd) = odd {
                            stream.odd_time(odd, field, &mut self.bench, out);
                        }
                        stream.take(field, &sample, &batch.arena, &mut self.bench, now, out);
                        stream.is_echo |= batch.echoes.contains(&at);
                    }
                    Fill::Watch { watch } => {
                        if let Some(watch) = self.watches.get_mut(watch as usize) {
                            watch.take(&sample, &batch.arena, &mut self.bench, now, out);
                        }
                    }
                    Fill::Nothing { flow } => {
                        let totals = self.bench.totals(flow);
                        totals.received += 1;
                        totals.filtered += 1;
                    }
                }
            }
        }
        for (flow, values) in &batch.unplaced {
            let totals = self.bench.totals(*flow);
            totals.received += u64::from(*values);
            totals.filtered += u64::from(*values);
        }
        let refusals: Vec<Refusal> =
            batch.documents.iter().filter_map(|document| self.document(document, batch, now, out)).collect();
        refusals.first().copied()
    }

    fn send_due(&mut self, now: Now, out: &mut Outbox) {
        for stream in self.streams.iter_mut().filter(|stream| stream.bridge.is_some()) {
            stream.tick(&mut self.bench, now, out);
        }
        self.arrive(now, out);
        for stream in self.streams.iter_mut().filter(|stream| stream.bridge.is_none()) {
            stream.tick(&mut self.bench, now, out);
        }
        for sampler in &mut self.samplers {
            sampler.tick(&mut self.bench, now, out);
        }
    }

    fn lose(&mut self, reason: Finding, now: Now, out: &mut Outbox) {
        self.is_lost = true;
        for stream in self.streams.iter_mut().filter(|stream| stream.bridge.is_some()) {
            stream.lose(&mut self.bench, now, out);
        }
        self.arrive(now, out);
        for stream in self.streams.iter_mut().filter(|stream| stream.bridge.is_none()) {
            stream.lose(&mut self.bench, now, out);
        }
        self.samplers.iter_mut().for_each(|sampler| sampler.lose(now));
        self.relays.values_mut().for_each(|relay| relay.lose(out));
        let why = reason.text(self.bench.language);
        self.stands().for_each(|stand| stand.refuse(why.clone()));
        let state = State::Offline(Box::new(reason));
        self.presences.set_all(&state, now.wall, self.bench.language, out);
    }

    fn resume(&mut self, now: Now, out: &mut Outbox) {
        self.is_lost = false;
        for stream in &mut self.streams {
            stream.resume(now);
        }
        self.samplers.iter_mut().for_each(|sampler| sampler.resume(now));
        self.relays.values_mut().for_each(Relay::resume);
        self.presences.set_all(&State::Online, now.wall, self.bench.language, out);
    }

    fn gap(&mut self, gap: Gap, now: Now, out: &mut Outbox) {
        let flow_of = |fill: &Fill| match *fill {
            Fill::Field { stream, .. } => self.streams.get(stream as usize).map(|stream| stream.outlet.flow),
            Fill::Watch { watch } => self.watches.get(watch as usize).map(|watch| watch.flow),
            Fill::Nothing { flow } => Some(flow),
        };
        let mut flows: Vec<u16> = if gap.slots.is_empty() {
            (0..).zip(&self.plan.flows).filter(|(_, flow)| flow.source == self.source).map(|(at, _)| at).collect()
        } else {
            gap.slots.iter().flat_map(|slot| self.routes.of(*slot)).filter_map(flow_of).collect()
        };
        flows.sort_unstable();
        flows.dedup();
        for flow in flows {
            self.bench.totals(flow).gaps += 1;
        }
        let is_meant = |slot: &u32| gap.slots.is_empty() || gap.slots.contains(slot);
        let meant = self.streams.iter().filter(|stream| stream.layout.fields().iter().any(|f| is_meant(&f.slot)));
        let listed: Vec<u32> = meant.filter_map(Stream::lists_alarms_at).collect();
        for at in listed {
            let board = self.samplers.get_mut(at as usize).and_then(|sampler| sampler.board.as_mut());
            board.into_iter().for_each(|board| board.doubt(now));
        }
        out.findings.push(gap.finding);
    }
}

fn policy(time: TimeSource) -> TimePolicy {
    match time {
        TimeSource::Source => TimePolicy::Source,
        TimeSource::Server => TimePolicy::Server,
        TimeSource::Arrival => TimePolicy::Arrival,
        TimeSource::Offset { minutes } => TimePolicy::Offset { minutes },
    }
}

#[cfg(test)]
mod tests;
