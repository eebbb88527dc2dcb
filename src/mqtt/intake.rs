//! From a message that came in to values with places: which machine, which fields, of what type.
//!
//! Machines and fields appear with the first message that holds them, as many as the flow allows. Each time the
//! discovery grows: what was known keeps its place.

use crate::codec::plain_json::{self, Leaf};
use crate::codec::{Limits, Tape};
use crate::config::plan::{Decode, TopicInput};
use crate::finding::Finding;
use crate::model::browse::UA_NAMESPACE;
use crate::model::discovery::{DataType, ItemMode, Target};
use crate::model::topic_pattern::Part;
use crate::model::value::Unreadable;
use crate::model::{
    Batch, BrowseName, BrowsePath, BuiltInType, Discovery, Document, FoundItem, FoundMachine, Sample, Scalar,
    StatusCode, Timestamp,
};
use std::collections::HashMap;
use std::sync::Arc;

/// What the flows of one source know and learn.
#[derive(Debug)]
pub(super) struct Intake {
    epoch: u64,
    carries_on: Option<u64>,
    flows: Vec<FlowIntake>,
    machines: Vec<FoundMachine>,
    items: Vec<FoundItem>,
    tape: Tape,
    /// JSON pointer of the field at hand; kept for its memory.
    pointer: String,
}

#[derive(Debug)]
struct FlowIntake {
    /// Index in the plan.
    flow: u16,
    input: TopicInput,
    limits: Limits,
    /// Name of the connection: that of the machine where topics tell none apart.
    source: String,
    machines: HashMap<String, Machine>,
    fields: u32,
    told: Told,
}

#[derive(Debug)]
struct Machine {
    index: u32,
    slots: HashMap<String, u32>,
    /// What the other parts of the topic said last, by slot.
    others: HashMap<u32, String>,
}

/// What was said of a flow already: once is enough, the counters tell how often.
#[derive(Debug, Default)]
struct Told {
    machines: bool,
    fields: bool,
    name: bool,
    digits: bool,
    time: bool,
}

/// What a message brought beside its values.
#[derive(Debug, Default)]
pub(super) struct Taken {
    pub(super) has_grown: bool,
    /// A flow takes it.
    pub(super) is_wanted: bool,
    pub(super) findings: Vec<Finding>,
}

/// A name that is longer than this in bytes is refused: it would be kept for every machine and field.
const NAME: usize = 512;
/// The value is the last one, and nobody says how old it is (OPC 10000-4 §7.38.2: UncertainLastUsableValue).
const LAST_KNOWN: StatusCode = StatusCode(0x4090_0000);

impl Intake {
    pub(super) fn new(source: &str, inputs: &[(u16, TopicInput)], max_packet: usize) -> Self {
        let flow = |(flow, input): &(u16, TopicInput)| FlowIntake {
            flow: *flow,
            input: input.clone(),
            limits: Limits { bytes: max_packet, ..Limits::default() },
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
            pointer: String::new(),
        }
    }

    /// What a broker is asked for, each filter once.
    pub(super) fn filters(&self) -> Vec<String> {
        let mut filters: Vec<String> = self.flows.iter().map(|flow| flow.input.pattern.filter()).collect();
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
        machines.for_each(|machine| machine.others.clear());
    }

    /// Puts what a message holds into `batch`, for every flow that takes it.
    pub(super) fn take(&mut self, topic: &str, payload: &[u8], is_retained: bool, batch: &mut Batch) -> Taken {
        let mut taken = Taken::default();
        let known = (self.machines.len(), self.items.len());
        for flow in &mut self.flows {
            let Some(captures) = flow.input.pattern.captures(topic) else { continue };
            taken.is_wanted = true;
            let mut work = Work {
                machines: &mut self.machines,
                items: &mut self.items,
                tape: &mut self.tape,
                pointer: &mut self.pointer,
                batch,
                findings: &mut taken.findings,
                topic,
                is_retained,
            };
            // The pattern is borrowed by the captures: what is learnt stands apart from it.
            let captures: Vec<(Part, &str)> = captures.into_iter().map(|(part, text)| (part.clone(), text)).collect();
            work.flow(flow, &captures, payload);
        }
        if (self.machines.len(), self.items.len()) != known {
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
    pointer: &'a mut String,
    batch: &'a mut Batch,
    findings: &'a mut Vec<Finding>,
    topic: &'a str,
    is_retained: bool,
}

impl Work<'_> {
    fn flow(&mut self, flow: &mut FlowIntake, captures: &[(Part, &str)], payload: &[u8]) {
        let Some(root) = self.machine(flow, captures) else {
            self.batch.unplaced.push((flow.flow, 1));
            return;
        };
        if flow.input.decode == Decode::Message {
            return self.document(flow, &root, payload, None);
        }
        if payload.is_empty() {
            // Only how MQTT takes a retained message back (MQTT 5.0 §3.3.1.3): it says nothing of a value.
            return self.document(flow, &root, payload, Some(unreadable("QIAO-V258", &[])));
        }
        self.others(flow, &root, captures);
        self.pointer.clear();
        for (_, text) in captures.iter().filter(|(part, _)| *part == Part::Field) {
            plain_json::push_step(self.pointer, text);
        }
        let read = match flow.input.decode {
            Decode::Json => self.json(flow, &root, payload),
            _ => self.bare(flow, &root, payload),
        };
        if let Err(unreadable) = read {
            self.document(flow, &root, payload, Some(unreadable));
        }
    }

    /// The root of the machine the topic belongs to; `None` when there is no room for another.
    fn machine(&mut self, flow: &mut FlowIntake, captures: &[(Part, &str)]) -> Option<String> {
        let named: Vec<(&Part, &str)> = captures.iter().map(|(part, text)| (part, *text)).collect();
        let root = flow.input.pattern.root(&named);
        if flow.machines.contains_key(&root) {
            return Some(root);
        }
        let machine = captures.iter().find(|(part, _)| *part == Part::Machine).map(|(_, text)| *text);
        if root.len() > NAME || machine.is_some_and(str::is_empty) {
            tell(&mut flow.told.name, self.findings, || too_long(self.topic, root.len()));
            return None;
        }
        if flow.machines.len() >= flow.input.max_machines as usize {
            let limit = flow.input.max_machines;
            let finding = || Finding::warning("QIAO-M061", self.topic).with("limit", limit);
            tell(&mut flow.told.machines, self.findings, finding);
            return None;
        }
        let index = self.machines.len() as u32;
        let name = BrowseName::new(UA_NAMESPACE, machine.unwrap_or(&flow.source));
        self.machines.push(FoundMachine {
            flow: flow.flow,
            node: root.clone(),
            browse_name: name.clone(),
            path: BrowsePath(vec![name]),
            types: Vec::new(),
            parent: String::new(),
        });
        let machine = Machine { index, slots: HashMap::new(), others: HashMap::new() };
        flow.machines.insert(root.clone(), machine);
        Some(root)
    }

    /// The parts of the topic that are fields: a value when they are new or say something else.
    fn others(&mut self, flow: &mut FlowIntake, root: &str, captures: &[(Part, &str)]) {
        for (part, text) in captures {
            let Part::Other(name) = part else { continue };
            self.pointer.clear();
            plain_json::push_step(self.pointer, name);
            let pointer = std::mem::take(self.pointer);
            if let Some(slot) = self.slot(flow, root, &pointer)
                && let Some(machine) = flow.machines.get_mut(root)
                && machine.others.get(&slot).is_none_or(|said| said != text)
            {
                machine.others.insert(slot, (*text).to_owned());
                let scalar = Scalar::Text(BuiltInType::String, self.batch.store(text.as_bytes()));
                let time = self.arrival(flow);
                self.sample(slot, scalar, time);
            }
            *self.pointer = pointer;
        }
    }

    fn json(&mut self, flow: &mut FlowIntake, root: &str, payload: &[u8]) -> Result<(), Unreadable> {
        self.tape
            .read(payload, flow.limits)
            .map_err(|error| Unreadable { code: error.code(), arguments: error.finding("").arguments })?;
        let (mut at, mut time) = (None, self.arrival(flow));
        if let Some(wanted) = &flow.input.time {
            at = self.tape.find(&wanted.member);
            time = plain_json::time(self.tape, at, wanted.format).unwrap_or_else(|fault| {
                let finding = || {
                    let finding = Finding::warning("QIAO-V253", self.topic);
                    finding.with("member", &wanted.member).with("fault", fault)
                };
                tell(&mut flow.told.time, self.findings, finding);
                Timestamp::NONE
            });
        }
        let tape = std::mem::take(self.tape);
        let mut pointer = std::mem::take(self.pointer);
        let mut arena = std::mem::take(&mut self.batch.arena);
        let mut leaves: Vec<(u32, Scalar)> = Vec::new();
        plain_json::leaves(&tape, at, &mut pointer, &mut arena, &mut |leaf: Leaf<'_>| {
            self.remark(flow, &leaf);
            if let Some(slot) = self.slot(flow, root, leaf.pointer) {
                leaves.push((slot, leaf.scalar));
            }
        });
        self.batch.arena = arena;
        (*self.tape, *self.pointer) = (tape, pointer);
        leaves.into_iter().for_each(|(slot, scalar)| self.sample(slot, scalar, time));
        Ok(())
    }

    fn bare(&mut self, flow: &mut FlowIntake, root: &str, payload: &[u8]) -> Result<(), Unreadable> {
        let wrong = |expected: &'static str| unreadable("QIAO-V257", &[("expected", expected)]);
        let text = std::str::from_utf8(payload)
            .map_err(|error| unreadable("QIAO-V314", &[("at", &error.valid_up_to().to_string())]))?;
        let (scalar, is_kept_as_text) = match (flow.input.decode, text.trim()) {
            (Decode::Number, _) => plain_json::number(text, &mut self.batch.arena).ok_or_else(|| wrong("number"))?,
            (Decode::Boolean, "true" | "1") => (Scalar::Bool(true), false),
            (Decode::Boolean, "false" | "0") => (Scalar::Bool(false), false),
            (Decode::Boolean, _) => return Err(wrong("boolean")),
            _ => (Scalar::Text(BuiltInType::String, self.batch.store(payload)), false),
        };
        let pointer = std::mem::take(self.pointer);
        self.remark(flow, &Leaf { pointer: &pointer, scalar, is_kept_as_text });
        if let Some(slot) = self.slot(flow, root, &pointer) {
            let time = self.arrival(flow);
            self.sample(slot, scalar, time);
        }
        *self.pointer = pointer;
        Ok(())
    }

    /// The slot of a field; `None` when there is no room for another, which is counted.
    fn slot(&mut self, flow: &mut FlowIntake, root: &str, pointer: &str) -> Option<u32> {
        let machine = flow.machines.get_mut(root)?;
        let mut named = String::new();
        let pointer = if pointer.is_empty() {
            // A bare value under a plain topic: the topic's last level is its name.
            plain_json::push_step(&mut named, flow.input.pattern.last_literal().unwrap_or("value"));
            &named
        } else {
            pointer
        };
        if let Some(slot) = machine.slots.get(pointer) {
            return Some(*slot);
        }
        if pointer.len() > NAME {
            tell(&mut flow.told.name, self.findings, || too_long(self.topic, pointer.len()));
            self.batch.unplaced.push((flow.flow, 1));
            return None;
        }
        if flow.fields >= flow.input.max_fields {
            let limit = flow.input.max_fields;
            let finding = || Finding::warning("QIAO-M062", self.topic).with("limit", limit);
            tell(&mut flow.told.fields, self.findings, finding);
            self.batch.unplaced.push((flow.flow, 1));
            return None;
        }
        let slot = self.items.len() as u32;
        let names = pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~"));
        let path: Vec<BrowseName> = names.map(|name| BrowseName::new(UA_NAMESPACE, name)).collect();
        self.items.push(FoundItem {
            node: format!("{root} {pointer}"),
            targets: vec![Target {
                machine: machine.index,
                types: vec![Arc::default(); path.len()],
                path: BrowsePath(path),
            }],
            mode: ItemMode::Monitored,
            // BaseDataType: what a member holds may differ from message to message.
            data_type: DataType { node: "i=24".to_owned(), built_in: BuiltInType::Variant, enumeration: None },
            value_rank: -2,
        });
        machine.slots.insert(pointer.to_owned(), slot);
        flow.fields += 1;
        Some(slot)
    }

    fn sample(&mut self, slot: u32, scalar: Scalar, source_time: Timestamp) {
        // Of a retained message without a time of its own nobody knows how old it is.
        let is_dated = !source_time.is_none();
        let status = if self.is_retained && !is_dated { LAST_KNOWN } else { StatusCode::GOOD };
        let server_time = Timestamp::NONE;
        self.batch.samples.push(Sample { slot, status: status.0, source_time, server_time, scalar });
    }

    /// The time of arrival, where the flow knows no other; it says nothing of what was there before we asked.
    fn arrival(&self, flow: &FlowIntake) -> Timestamp {
        if flow.input.time.is_some() || self.is_retained { Timestamp::NONE } else { self.batch.received }
    }

    fn document(&mut self, flow: &FlowIntake, root: &str, payload: &[u8], unreadable: Option<Unreadable>) {
        let machine = flow.machines.get(root).map(|machine| machine.index);
        let topic = self.batch.store(self.topic.as_bytes());
        let payload = self.batch.store(payload);
        let (flow, is_retained, unreadable) = (flow.flow, self.is_retained, unreadable.map(Box::new));
        self.batch.documents.push(Document { flow, machine, topic, payload, is_retained, unreadable });
    }

    fn remark(&mut self, flow: &mut FlowIntake, leaf: &Leaf<'_>) {
        if leaf.is_kept_as_text {
            let finding = || Finding::note("QIAO-V252", self.topic).with("pointer", leaf.pointer);
            tell(&mut flow.told.digits, self.findings, finding);
        }
    }
}

fn too_long(topic: &str, bytes: usize) -> Finding {
    let shown: String = topic.chars().take(80).collect();
    Finding::warning("QIAO-M063", shown).with("bytes", bytes).with("limit", NAME)
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
mod tests;
