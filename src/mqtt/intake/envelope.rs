//! Messages in an envelope, and several in one: each record stands for itself, and one that cannot be read holds up no other.

use super::plain::untimed;
use super::{FlowIntake, Reading, Work, unreadable};
use crate::assemble::identity;
use crate::codec::Tape;
use crate::codec::plain_json::{self, children, string};
use crate::codec::tape::TapeKind;
use crate::config::plan::{Decode, Envelope, EnvelopeForm, MemberQuality};
use crate::finding::Finding;
use crate::model::topic_pattern::Part;
use crate::model::value::Unreadable;
use crate::model::{StatusCode, Timestamp};
use base64::Engine as _;
use std::borrow::Cow;
use std::sync::Arc;

/// What the message around them says for all records.
struct Around<'a> {
    envelope: &'a Envelope,
    captures: &'a [(Part, &'a str)],
    machine: Option<String>,
    /// `None`: it says none.
    time: Option<Timestamp>,
}

impl Work<'_> {
    /// Takes the data out of their envelope, record by record.
    pub(super) fn unwrap(
        &mut self,
        flow: &mut FlowIntake,
        envelope: &Envelope,
        captures: &[(Part, &str)],
        payload: &[u8],
    ) {
        let mut outer = std::mem::take(self.outer);
        if let Err(unreadable) = self.opened(flow, envelope, captures, payload, &mut outer) {
            let root = if envelope.machine.is_some() { None } else { self.machine(flow, captures) };
            self.document(flow, root.as_deref().unwrap_or_default(), payload, Some(unreadable));
        }
        *self.outer = outer;
    }

    fn opened(
        &mut self,
        flow: &mut FlowIntake,
        envelope: &Envelope,
        captures: &[(Part, &str)],
        payload: &[u8],
        outer: &mut Tape,
    ) -> Result<(), Unreadable> {
        if payload.is_empty() {
            return Err(unreadable("QIAO-V258", &[]));
        }
        read(outer, payload, flow)?;
        let machine = envelope.machine.as_ref().and_then(|pointer| named(outer, outer.find(pointer)));
        let time = envelope.time.as_ref().map(|wanted| {
            plain_json::time(outer, outer.find(&wanted.member), wanted.format)
                .unwrap_or_else(|fault| untimed(&mut flow.told.time, self.findings, self.topic, &wanted.member, fault))
        });
        let around = Around { envelope, captures, machine, time };
        let missing = || unreadable("QIAO-V350", &[("pointer", &envelope.data)]);
        let at = outer.find(&envelope.data).ok_or_else(missing)?;
        if envelope.form == EnvelopeForm::Json {
            return self.records(flow, &around, outer, at);
        }
        let data = text(outer, at, envelope)?;
        if envelope.records.is_none() && is_bare(flow.input.decode) {
            return self.record(flow, &around, (outer, at), Some(&data));
        }
        let mut inner = Tape::new();
        read(&mut inner, &data, flow)?;
        self.records(flow, &around, &inner, 0)
    }

    fn records(&mut self, flow: &mut FlowIntake, around: &Around<'_>, tape: &Tape, at: u32) -> Result<(), Unreadable> {
        let Some(list) = &around.envelope.records else { return self.record(flow, around, (tape, at), None) };
        let found = tape.find_below(at, list).and_then(|at| Some((at, tape.nodes().get(at as usize)?)));
        let Some((list_at, _)) = found.filter(|(_, node)| node.kind() == TapeKind::Array) else {
            let pointer = format!("{}{list}", around.envelope.data);
            return Err(unreadable("QIAO-V351", &[("pointer", &pointer)]));
        };
        for (at, node) in children(tape, list_at) {
            if let Err(unreadable) = self.record(flow, around, (tape, at), None) {
                // The record alone is kept: its neighbours go on.
                let root = self.root_of(flow, around, tape, at).unwrap_or_default();
                self.document(flow, &root, tape.json_of(node).as_bytes(), Some(unreadable));
            }
        }
        Ok(())
    }

    /// The machine of a record, if it says one and there is room for it.
    fn root_of(&mut self, flow: &mut FlowIntake, around: &Around<'_>, tape: &Tape, at: u32) -> Option<String> {
        let Some(pointer) = &around.envelope.machine else { return self.machine(flow, around.captures) };
        let machine = named(tape, tape.find_below(at, pointer)).or_else(|| around.machine.clone())?;
        let one = matches!(flow.reading, Reading::Message(_)).then(|| identity::one_spelling(&machine)).flatten();
        let own = std::iter::once((Part::Machine, one.as_deref().unwrap_or(&machine)));
        let captures: Vec<(Part, &str)> = around.captures.iter().cloned().chain(own).collect();
        self.machine(flow, &captures)
    }

    /// One record. `bytes`: the value itself, where it is no JSON.
    fn record(
        &mut self,
        flow: &mut FlowIntake,
        around: &Around<'_>,
        (tape, at): (&Tape, u32),
        bytes: Option<&[u8]>,
    ) -> Result<(), Unreadable> {
        let envelope = around.envelope;
        let find = |pointer: &Option<String>| pointer.as_ref().and_then(|pointer| tape.find_below(at, pointer));
        let lacks = |pointer: &str| unreadable("QIAO-V352", &[("member", pointer)]);
        let machine_at = find(&envelope.machine);
        if let Some(pointer) = &envelope.machine
            && named(tape, machine_at).is_none()
            && around.machine.is_none()
        {
            return Err(lacks(pointer));
        }
        let field_at = find(&envelope.field);
        let field = named(tape, field_at);
        if let Some(pointer) = envelope.field.as_ref().filter(|_| field.is_none()) {
            return Err(lacks(pointer));
        }
        let value_at = match &envelope.value {
            Some(pointer) => find(&envelope.value).ok_or_else(|| lacks(pointer))?,
            None => at,
        };
        let quality_at = envelope.quality.as_ref().and_then(|quality| tape.find_below(at, &quality.member));
        let (time_at, time) = self.record_time(flow, around, tape, at);
        let Some(root) = self.root_of(flow, around, tape, at) else {
            self.batch.unplaced.push((flow.flow, 1));
            return Ok(());
        };
        let except: Vec<u32> = [machine_at, field_at, quality_at, time_at].into_iter().flatten().collect();
        self.quality = match &envelope.quality {
            Some(quality) => judged(tape, quality_at, quality),
            None => StatusCode::GOOD,
        };
        let value = || tape.nodes().get(value_at as usize);
        let read = match (&flow.reading, flow.input.decode) {
            (_, Decode::Message) => {
                let payload = value().map_or("", |node| tape.json_of(node));
                self.document(flow, &root, payload.as_bytes(), None);
                Ok(())
            }
            (Reading::Message(places), _) => {
                let places = Arc::clone(places);
                self.machine_image(flow, &root, &places, (tape, value_at), &except, time)
            }
            (_, decode) => {
                self.others(flow, &root, around.captures);
                self.pointer.clear();
                for (_, text) in around.captures.iter().filter(|(part, _)| *part == Part::Field) {
                    plain_json::push_step(self.pointer, text);
                }
                if let Some(field) = &field {
                    plain_json::push_step(self.pointer, field);
                }
                if is_bare(decode) {
                    let own = || value().map_or(Cow::Borrowed(""), |node| string(tape, node));
                    let payload = bytes.map_or_else(|| own().into_owned().into_bytes(), <[u8]>::to_vec);
                    self.bare(flow, &root, &payload, time)
                } else {
                    self.leaves(flow, &root, (tape, value_at), &except, time);
                    Ok(())
                }
            }
        };
        self.quality = StatusCode::GOOD;
        read
    }

    /// Its own time, else that of the whole, else that of arrival; and where it stands.
    fn record_time(
        &mut self,
        flow: &mut FlowIntake,
        around: &Around<'_>,
        tape: &Tape,
        at: u32,
    ) -> (Option<u32>, Timestamp) {
        let Some(wanted) = &flow.input.time else {
            return (None, around.time.unwrap_or_else(|| self.arrival(flow)));
        };
        let time_at = tape.find_below(at, &wanted.member);
        let time = plain_json::time(tape, time_at, wanted.format).unwrap_or_else(|fault| match around.time {
            Some(time) if fault == "missing" => time,
            _ => untimed(&mut flow.told.time, self.findings, self.topic, &wanted.member, fault),
        });
        (time_at, time)
    }
}

fn is_bare(decode: Decode) -> bool {
    matches!(decode, Decode::Number | Decode::Boolean | Decode::Text)
}

fn read(tape: &mut Tape, bytes: &[u8], flow: &FlowIntake) -> Result<(), Unreadable> {
    let told = |finding: Finding, code| Unreadable { code, arguments: finding.arguments };
    tape.read(bytes, flow.limits).map_err(|error| told(error.finding(""), error.code()))
}

/// The data that a text holds.
fn text(tape: &Tape, at: u32, envelope: &Envelope) -> Result<Vec<u8>, Unreadable> {
    let wrong = |form: &str| unreadable("QIAO-V353", &[("pointer", &envelope.data), ("form", form)]);
    let node = tape.nodes().get(at as usize).filter(|node| matches!(node.kind(), TapeKind::Plain | TapeKind::Escaped));
    let text = string(tape, node.ok_or_else(|| wrong("text"))?);
    if envelope.form == EnvelopeForm::Text {
        return Ok(text.into_owned().into_bytes());
    }
    base64::engine::general_purpose::STANDARD.decode(text.as_bytes()).map_err(|_| wrong("base64"))
}

/// A name that a text or a whole number holds.
fn named(tape: &Tape, at: Option<u32>) -> Option<String> {
    let node = tape.nodes().get(at? as usize)?;
    let is_name = matches!(node.kind(), TapeKind::Plain | TapeKind::Escaped | TapeKind::I64 | TapeKind::U64);
    is_name.then(|| string(tape, node).into_owned()).filter(|name| !name.is_empty())
}

/// What a quality says; one that is not there says nothing bad.
fn judged(tape: &Tape, at: Option<u32>, quality: &MemberQuality) -> StatusCode {
    let Some(node) = at.and_then(|at| tape.nodes().get(at as usize)) else { return StatusCode::GOOD };
    let said = string(tape, node);
    let is_in = |words: &[String]| words.iter().any(|word| *word == said);
    if is_in(&quality.good) {
        StatusCode::GOOD
    } else if is_in(&quality.uncertain) {
        UNCERTAIN
    } else {
        BAD
    }
}

/// OPC 10000-4 §7.38.2.
const UNCERTAIN: StatusCode = StatusCode(0x4000_0000);
const BAD: StatusCode = StatusCode(0x8000_0000);
