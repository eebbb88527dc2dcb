//! A message, or one part of it, that breaks its schema: kept or told as the configuration says.

use super::bench::{Bench, key};
use super::outbox::Outbox;
use crate::config::plan::OnViolation;
use crate::finding::{Finding, Severity};
use crate::model::{Now, Quarantined, Reason};
use crate::validate::Violation;
use std::hash::Hash;

/// Whose it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Suspect<'a> {
    pub(super) flow_name: &'a str,
    pub(super) machine: &'a str,
    pub(super) profile_id: &'a str,
    pub(super) topic: &'a str,
    pub(super) index: u32,
    pub(super) on_violation: OnViolation,
}

impl<'a> Suspect<'a> {
    /// Tells what is wrong with what lies on the tape, and keeps it. `what`: of its kind; `node`: the source node behind a
    /// violation.
    pub(super) fn tell(
        &self,
        what: impl Hash,
        violations: &[Violation],
        node: impl Fn(&Violation) -> &'a str,
        bench: &mut Bench,
        now: Now,
        out: &mut Outbox,
    ) {
        let Some(first) = violations.first() else { return };
        let code = match self.on_violation {
            OnViolation::Quarantine => "QIAO-V220",
            OnViolation::Reject => "QIAO-V222",
            OnViolation::Mark => "QIAO-V224",
        };
        let finding = Finding::error(code, format!("{}:{}", self.machine, first.pointer))
            .with("machine", self.machine)
            .with("profile", self.profile_id)
            .with("pointer", &first.pointer)
            .with("rule", &first.schema_pointer)
            .with("node", node(first))
            .with("violation", first.code)
            .with("reason", first.finding(Severity::Error).text(bench.language));
        let key = key(code, self.index, (what, &first.schema_pointer));
        if self.on_violation != OnViolation::Quarantine {
            return bench.tell(key, now, out, || finding);
        }
        let source = bench.source.clone();
        bench.quarantine(key, now, out, |tape| {
            let (message, is_base64) = Quarantined::text_of(tape);
            let reason = |violation: &Violation| Reason {
                code: violation.code.to_owned(),
                pointer: violation.pointer.clone(),
                rule: violation.schema_pointer.clone(),
                node: node(violation).to_owned(),
                arguments: violation.arguments.iter().map(|(name, fact)| ((*name).to_owned(), fact.clone())).collect(),
            };
            let quarantined = Quarantined {
                time: now.wall.to_string(),
                flow: self.flow_name.to_owned(),
                source,
                machine: self.machine.to_owned(),
                topic: self.topic.to_owned(),
                profile: self.profile_id.to_owned(),
                reasons: violations.iter().map(reason).collect(),
                count: 1,
                message,
                is_base64,
            };
            (finding, quarantined)
        });
    }

    /// Tells what is wrong with the alarm on the tape, which a node told, and counts its one value unless it goes on all the
    /// same. One of which nothing may leave breaks nothing.
    pub(super) fn refuse(
        &self,
        flow: u16,
        violations: &[Violation],
        node: &'a str,
        bench: &mut Bench,
        now: Now,
        out: &mut Outbox,
    ) {
        let totals = bench.totals(flow);
        totals.violations += violations.len() as u64;
        match self.on_violation {
            _ if violations.is_empty() => totals.withheld += 1,
            OnViolation::Quarantine => totals.quarantined += 1,
            OnViolation::Reject => totals.rejected += 1,
            OnViolation::Mark => {}
        }
        let of = violations.first().map(|first| ("alarm", &first.pointer));
        self.tell(of, violations, |_| node, bench, now, out);
    }
}
