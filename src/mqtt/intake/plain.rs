//! Messages of no profile: every leaf of a JSON document is a field, or the whole payload is one bare value.

use super::{FlowIntake, Work, tell, unreadable};
use crate::codec::Tape;
use crate::codec::plain_json::{self, Leaf};
use crate::config::plan::Decode;
use crate::finding::Finding;
use crate::model::topic_pattern::Part;
use crate::model::value::Unreadable;
use crate::model::{BuiltInType, Scalar, Timestamp};

impl Work<'_> {
    /// The parts of the topic that are fields: a value when they are new or say something else.
    pub(super) fn others(&mut self, flow: &mut FlowIntake, root: &str, captures: &[(Part, &str)]) {
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

    /// Puts a JSON payload onto the tape; says which node holds its time, if the flow names one, and that time.
    pub(super) fn read(
        &mut self,
        flow: &mut FlowIntake,
        payload: &[u8],
    ) -> Result<(Option<u32>, Timestamp), Unreadable> {
        self.tape
            .read(payload, flow.limits)
            .map_err(|error| Unreadable { code: error.code(), arguments: error.finding("").arguments })?;
        let (mut at, mut time) = (None, self.arrival(flow));
        if let Some(wanted) = &flow.input.time {
            at = self.tape.find(&wanted.member);
            time = plain_json::time(self.tape, at, wanted.format)
                .unwrap_or_else(|fault| untimed(&mut flow.told.time, self.findings, self.topic, &wanted.member, fault));
        }
        Ok((at, time))
    }

    pub(super) fn json(&mut self, flow: &mut FlowIntake, root: &str, payload: &[u8]) -> Result<(), Unreadable> {
        let (at, time) = self.read(flow, payload)?;
        let tape = std::mem::take(self.tape);
        self.leaves(flow, root, (&tape, 0), at.as_slice(), time);
        *self.tape = tape;
        Ok(())
    }

    /// Every leaf at and below a node, without those at `except`; their names begin with what stands in `pointer`.
    pub(super) fn leaves(
        &mut self,
        flow: &mut FlowIntake,
        root: &str,
        (tape, at): (&Tape, u32),
        except: &[u32],
        time: Timestamp,
    ) {
        let mut pointer = std::mem::take(self.pointer);
        let mut arena = std::mem::take(&mut self.batch.arena);
        let mut leaves: Vec<(u32, Scalar)> = Vec::new();
        plain_json::leaves(tape, at, except, &mut pointer, &mut arena, &mut |leaf: Leaf<'_>| {
            self.remark(flow, &leaf);
            if let Some(slot) = self.slot(flow, root, leaf.pointer) {
                leaves.push((slot, leaf.scalar));
            }
        });
        self.batch.arena = arena;
        *self.pointer = pointer;
        leaves.into_iter().for_each(|(slot, scalar)| self.sample(slot, scalar, time));
    }

    pub(super) fn bare(
        &mut self,
        flow: &mut FlowIntake,
        root: &str,
        payload: &[u8],
        time: Timestamp,
    ) -> Result<(), Unreadable> {
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
            self.sample(slot, scalar, time);
        }
        *self.pointer = pointer;
        Ok(())
    }

    fn remark(&mut self, flow: &mut FlowIntake, leaf: &Leaf<'_>) {
        if leaf.is_kept_as_text {
            let finding = || Finding::note("QIAO-V252", self.topic).with("pointer", leaf.pointer);
            tell(&mut flow.told.digits, self.findings, finding);
        }
    }
}

/// A message without its time: told once.
pub(super) fn untimed(
    is_told: &mut bool,
    findings: &mut Vec<Finding>,
    topic: &str,
    member: &str,
    fault: &'static str,
) -> Timestamp {
    let finding = || Finding::warning("QIAO-V253", topic).with("member", member).with("fault", fault);
    tell(is_told, findings, finding);
    Timestamp::NONE
}
