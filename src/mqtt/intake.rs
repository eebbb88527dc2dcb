//! From a message that came in to values with places: which machine, which fields, of what type.
//!
//! Machines and fields appear with the first message that holds them, as many as the flow allows. Each time the
//! discovery grows: what was known keeps its place.
//!
//! | module | messages |
//! |---|---|
//! | `envelope` | wrapped, or several in one |
//! | `plain` | of no profile |
//! | `message` | of a profile, in nested objects |
//! | `nc_link` | of NC-Link |

use crate::assemble::identity;
use crate::codec::plain_json;
use crate::codec::{Limits, Tape};
use crate::config::plan::{Decode, TopicInput};
use crate::finding::Finding;
use crate::model::topic_pattern::Part;
use crate::model::value::Unreadable;
use crate::model::{
    Batch, Discovery, Document, FoundItem, FoundMachine, Sample, Scalar, StatusCode, Timestamp, TopicPattern,
};
use crate::profile::{Codec, Places};
use nc_link::NcLink;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

mod envelope;
mod learn;
mod message;
mod nc_link;
mod plain;

/// What the flows of one source know and learn.
#[derive(Debug)]
pub(super) struct Intake {
    epoch: u64,
    carries_on: Option<u64>,
    flows: Vec<FlowIntake>,
    machines: Vec<FoundMachine>,
    items: Vec<FoundItem>,
    tape: Tape,
    /// A message whose data lie in an envelope; kept for its memory.
    outer: Tape,
    /// JSON pointer of the field at hand; kept for its memory.
    pointer: String,
}

#[derive(Debug)]
struct FlowIntake {
    /// Index in the plan.
    flow: u16,
    input: TopicInput,
    limits: Limits,
    reading: Reading,
    /// Name of the connection: that of the machine where topics tell none apart.
    source: String,
    machines: HashMap<String, Machine>,
    fields: u32,
    told: Told,
}

/// How the messages of a flow are taken apart.
#[derive(Debug)]
enum Reading {
    /// As the flow's `decode` says.
    Plain,
    /// As nested objects, by the places of the mapping.
    Message(Arc<Places>),
    NcLink(Box<NcLink>),
}

#[derive(Debug)]
struct Machine {
    index: u32,
    slots: HashMap<String, u32>,
    /// What the other parts of the topic said last, by slot.
    others: HashMap<u32, String>,
    /// Slots that hold nothing: they were told so, and are not told again.
    empty: HashSet<u32>,
    /// Units that its fields have otherwise than the mapping says, by pointer.
    units: HashMap<String, Arc<str>>,
}

/// What was said of a flow already: once is enough, the counters tell how often.
#[derive(Debug, Default)]
struct Told {
    machines: bool,
    fields: bool,
    name: bool,
    digits: bool,
    time: bool,
    loose_time: bool,
}

/// What a message brought beside its values.
#[derive(Debug, Default)]
pub(super) struct Taken {
    pub(super) has_grown: bool,
    /// A flow takes it.
    pub(super) is_wanted: bool,
    /// Values that were read although they are written otherwise than the profile says.
    pub(super) tolerated: u64,
    /// Devices that are to be asked, and the topics to ask on.
    pub(super) unknown: Vec<Unknown>,
    pub(super) findings: Vec<Finding>,
}

/// A device whose model is not known, or the alarms that are active at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unknown {
    pub(super) device: String,
    /// Where it is asked.
    pub(super) topic: String,
    /// Id of the item whose value it is asked for; `None`: for its model.
    pub(super) item: Option<String>,
}

/// The value is the last one, and nobody says how old it is (OPC 10000-4 §7.38.2: UncertainLastUsableValue).
const LAST_KNOWN: StatusCode = StatusCode(0x4090_0000);
/// There is no value (OPC 10000-4 §7.38.2: BadNoData).
const NO_DATA: StatusCode = StatusCode(0x809B_0000);

impl Intake {
    pub(super) fn new(source: &str, inputs: &[(u16, TopicInput)], max_packet: usize) -> Self {
        let flow = |(flow, input): &(u16, TopicInput)| FlowIntake {
            flow: *flow,
            input: input.clone(),
            limits: Limits { bytes: max_packet, ..Limits::default() },
            reading: Reading::of(input),
            source: source.to_owned(),
            machines: HashMap::new(),
            fields: 0,
            told: Told::default(),
        };
        Self {
            epoch: 0,
            carries_on: None,
            flows: inputs.iter().map(flow).collect(),
            machines: Vec::new(),
            items: Vec::new(),
            tape: Tape::new(),
            outer: Tape::new(),
            pointer: String::new(),
        }
    }

    /// What a broker is asked for, each filter once.
    pub(super) fn filters(&self) -> Vec<String> {
        let patterns = self.flows.iter().flat_map(|flow| flow.input.patterns());
        let mut filters: Vec<String> = patterns.map(TopicPattern::filter).collect();
        filters.sort();
        filters.dedup();
        filters
    }

    pub(super) fn epoch(&self) -> u64 {
        self.epoch
    }

    /// What is known, for the stages.
    pub(super) fn discovery(&self) -> Arc<Discovery> {
        let (machines, items) = (self.machines.clone(), self.items.clone());
        Arc::new(Discovery { epoch: self.epoch, carries_on: self.carries_on, machines, items })
    }

    /// A session that owes us nothing of what was before: what is known by name stays, its values are void.
    pub(super) fn restart(&mut self) {
        self.epoch += 1;
        self.carries_on = None;
        let machines = self.flows.iter_mut().flat_map(|flow| flow.machines.values_mut());
        machines.for_each(|machine| {
            machine.others.clear();
            machine.empty.clear();
        });
        self.flows.iter_mut().for_each(|flow| flow.reading.restart());
    }

    /// Puts what a message holds into `batch`, for every flow that takes it.
    pub(super) fn take(&mut self, topic: &str, payload: &[u8], is_retained: bool, batch: &mut Batch) -> Taken {
        let mut taken = Taken::default();
        let known = (self.machines.len(), self.items.len());
        let mut has_changed = false;
        for flow in &mut self.flows {
            let Some(captures) = flow.input.patterns().find_map(|pattern| pattern.captures(topic)) else { continue };
            // The pattern is borrowed by the captures: what is learnt stands apart from it.
            let captures: Vec<(Part, &str)> = captures.into_iter().map(|(part, text)| (part.clone(), text)).collect();
            taken.is_wanted = true;
            let mut work = Work {
                machines: &mut self.machines,
                items: &mut self.items,
                tape: &mut self.tape,
                outer: &mut self.outer,
                pointer: &mut self.pointer,
                batch,
                findings: &mut taken.findings,
                tolerated: &mut taken.tolerated,
                unknown: &mut taken.unknown,
                has_changed: &mut has_changed,
                topic,
                is_retained,
                quality: StatusCode::GOOD,
            };
            work.flow(flow, &captures, payload);
        }
        if has_changed || (self.machines.len(), self.items.len()) != known {
            taken.has_grown = true;
            self.carries_on = Some(self.epoch);
            self.epoch += 1;
        }
        taken
    }
}

/// One message on its way into a batch.
struct Work<'a> {
    machines: &'a mut Vec<FoundMachine>,
    items: &'a mut Vec<FoundItem>,
    tape: &'a mut Tape,
    outer: &'a mut Tape,
    pointer: &'a mut String,
    batch: &'a mut Batch,
    findings: &'a mut Vec<Finding>,
    tolerated: &'a mut u64,
    unknown: &'a mut Vec<Unknown>,
    /// Something that was known is otherwise now.
    has_changed: &'a mut bool,
    topic: &'a str,
    is_retained: bool,
    /// What the record at hand says of its value.
    quality: StatusCode,
}

impl Reading {
    fn of(input: &TopicInput) -> Self {
        match &input.profile {
            Some(profile) if profile.codec == Codec::NcLink => {
                Self::NcLink(Box::new(NcLink::new(profile, &input.pattern)))
            }
            Some(profile) => Self::Message(Arc::new(Places::of(&profile.mapping))),
            None => Self::Plain,
        }
    }

    fn restart(&mut self) {
        if let Self::NcLink(nc_link) = self {
            nc_link.restart();
        }
    }
}

impl Work<'_> {
    fn flow(&mut self, flow: &mut FlowIntake, captures: &[(Part, &str)], payload: &[u8]) {
        let machine = captures.iter().find(|(part, _)| *part == Part::Machine).map(|(_, text)| *text);
        let one = machine.filter(|_| matches!(flow.reading, Reading::Message(_))).and_then(identity::one_spelling);
        let text_of = |part: &Part, text| one.as_deref().filter(|_| *part == Part::Machine).unwrap_or(text);
        let captures: Vec<(Part, &str)> =
            captures.iter().map(|(part, text)| (part.clone(), text_of(part, text))).collect();
        let captures = captures.as_slice();
        if let Some(envelope) = flow.input.envelope.clone()
            && (!payload.is_empty() || envelope.machine.is_some())
        {
            return self.unwrap(flow, &envelope, captures, payload);
        }
        let Some(root) = self.machine(flow, captures) else {
            self.batch.unplaced.push((flow.flow, 1));
            return;
        };
        if flow.input.decode == Decode::Message {
            return self.document(flow, &root, payload, None);
        }
        if payload.is_empty() && matches!(flow.reading, Reading::Message(_)) {
            // The machine is taken back (MQTT 5.0 §3.3.1.3): there is no value of it any more.
            return self.silence(flow, &root, &[], self.arrival(flow));
        }
        if payload.is_empty() {
            // Only how MQTT takes a retained message back (MQTT 5.0 §3.3.1.3): it says nothing of a value.
            return self.document(flow, &root, payload, Some(unreadable("QIAO-V258", &[])));
        }
        self.pointer.clear();
        let read = match &mut flow.reading {
            Reading::Plain => self.plain(flow, &root, captures, payload),
            Reading::Message(places) => {
                let places = Arc::clone(places);
                self.message(flow, &root, &places, payload)
            }
            Reading::NcLink(_) => self.nc_link(flow, &root, payload),
        };
        if let Err(unreadable) = read {
            self.document(flow, &root, payload, Some(unreadable));
        }
    }

    fn plain(
        &mut self,
        flow: &mut FlowIntake,
        root: &str,
        captures: &[(Part, &str)],
        payload: &[u8],
    ) -> Result<(), Unreadable> {
        self.others(flow, root, captures);
        self.pointer.clear();
        for (_, text) in captures.iter().filter(|(part, _)| *part == Part::Field) {
            plain_json::push_step(self.pointer, text);
        }
        match flow.input.decode {
            Decode::Json => self.json(flow, root, payload),
            _ => {
                let time = self.arrival(flow);
                self.bare(flow, root, payload, time)
            }
        }
    }

    fn sample(&mut self, slot: u32, scalar: Scalar, source_time: Timestamp) {
        // Of a retained message without a time of its own nobody knows how old it is.
        let is_dated = !source_time.is_none();
        let is_undated = self.is_retained && !is_dated && !self.quality.is_bad();
        let status = if is_undated { LAST_KNOWN } else { self.quality };
        self.sample_with(slot, scalar, status, source_time);
    }

    fn sample_with(&mut self, slot: u32, scalar: Scalar, status: StatusCode, source_time: Timestamp) {
        let server_time = Timestamp::NONE;
        self.batch.samples.push(Sample { slot, status: status.0, source_time, server_time, scalar });
    }

    /// A value of a message of a profile; null says that there is none.
    fn put(&mut self, flow: &mut FlowIntake, root: &str, slot: u32, scalar: Scalar, source_time: Timestamp) {
        let Some(machine) = flow.machines.get_mut(root) else { return };
        if scalar == Scalar::Null {
            machine.empty.insert(slot);
            return self.sample_with(slot, scalar, NO_DATA, source_time);
        }
        machine.empty.remove(&slot);
        self.sample(slot, scalar, source_time);
    }

    /// A slot that a message of a profile says nothing of: told once, until it says something again.
    fn empty(&mut self, flow: &mut FlowIntake, root: &str, slot: u32, source_time: Timestamp) {
        let Some(machine) = flow.machines.get_mut(root) else { return };
        if machine.empty.insert(slot) {
            self.sample_with(slot, Scalar::Null, NO_DATA, source_time);
        }
    }

    /// What is known of a machine and not among the slots that said something, which are sorted, has no value.
    fn silence(&mut self, flow: &mut FlowIntake, root: &str, said: &[u32], source_time: Timestamp) {
        let all = flow.machines.get(root).into_iter().flat_map(|machine| machine.slots.values());
        let mut silent: Vec<u32> = all.filter(|slot| said.binary_search(slot).is_err()).copied().collect();
        silent.sort_unstable();
        silent.into_iter().for_each(|slot| self.empty(flow, root, slot, source_time));
    }

    /// The time of arrival, where the flow knows no other; it says nothing of what was there before we asked.
    fn arrival(&self, flow: &FlowIntake) -> Timestamp {
        if flow.input.names_time() || self.is_retained { Timestamp::NONE } else { self.batch.received }
    }

    fn document(&mut self, flow: &FlowIntake, root: &str, payload: &[u8], unreadable: Option<Unreadable>) {
        let machine = flow.machines.get(root).map(|machine| machine.index);
        let topic = self.batch.store(self.topic.as_bytes());
        let payload = self.batch.store(payload);
        let (flow, is_retained, unreadable) = (flow.flow, self.is_retained, unreadable.map(Box::new));
        self.batch.documents.push(Document { flow, machine, topic, payload, is_retained, unreadable });
    }
}

fn tell(is_told: &mut bool, findings: &mut Vec<Finding>, finding: impl FnOnce() -> Finding) {
    if !std::mem::replace(is_told, true) {
        findings.push(finding());
    }
}

fn unreadable(code: &'static str, arguments: &[(&'static str, &str)]) -> Unreadable {
    Unreadable { code, arguments: arguments.iter().map(|(name, fact)| (*name, (*fact).to_owned())).collect() }
}

#[cfg(test)]
mod profile_tests;
#[cfg(test)]
mod tests;
