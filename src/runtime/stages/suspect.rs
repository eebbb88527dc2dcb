//! One part of a message that breaks its schema, kept or told as the configuration says.

use super::bench::{Bench, key};
use super::outbox::Outbox;
use crate::config::plan::OnViolation;
use crate::finding::{Finding, Severity};
use crate::model::{Now, Quarantined, Reason};
use crate::validate::Violation;

/// Whose it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Suspect<'a> {
    pub(super) flow: u16,
    pub(super) flow_name: &'a str,
    pub(super) machine: &'a str,
    /// Node id of the machine's root.
    pub(super) node: &'a str,
    pub(super) profile_id: &'a str,
    pub(super) topic: &'a str,
    pub(super) index: u32,
    pub(super) on_violation: OnViolation,
}

impl Suspect<'_> {
    /// Tells what is wrong with the part on the tape, and counts its one value, unless it goes on all the same.
    pub(super) fn refuse(&self, violations: &[Violation], bench: &mut Bench, now: Now, out: &mut Outbox) {
        let totals = bench.totals(self.flow);
        totals.violations += violations.len() as u64;
        let Some(first) = violations.first() else {
            // Nothing of it may leave.
            totals.withheld += 1;
            return;
        };
        let code = match self.on_violation {
            OnViolation::Quarantine => {
                totals.quarantined += 1;
                "QIAO-V220"
            }
            OnViolation::Reject => {
                totals.rejected += 1;
                "QIAO-V222"
            }
            OnViolation::Mark => "QIAO-V224",
        };
        let finding = Finding::error(code, format!("{}:{}", self.machine, first.pointer))
            .with("machine", self.machine)
            .with("profile", self.profile_id)
            .with("pointer", &first.pointer)
            .with("rule", &first.schema_pointer)
            .with("node", self.node)
            .with("violation", first.code)
            .with("reason", first.finding(Severity::Error).text(bench.language));
        let key = key(code, self.index, ("alarm", &first.pointer, &first.schema_pointer));
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
                node: self.node.to_owned(),
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
}
