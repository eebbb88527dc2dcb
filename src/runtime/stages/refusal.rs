//! What is left out of a message, or refused with it, and who is told.

use super::bench::{Bench, key};
use super::conditions;
use super::outbox::Outbox;
use super::stream::{MOST_REMARKS, Stream};
use crate::assemble::frame::Remark;
use crate::config::plan::OnViolation;
use crate::finding::{Finding, Severity};
use crate::model::{Now, Quarantined, Reason, StatusCode};
use crate::profile::Codec;
use crate::validate::Violation;
use std::ops::Range;

impl Stream {
    /// Leaves fields out of this message and the next ones, until something new comes for them.
    pub(super) fn leave_out(
        &mut self,
        part: Range<u32>,
        violation: &Violation,
        bench: &mut Bench,
        now: Now,
        out: &mut Outbox,
    ) {
        let is_bad = |field: u32| {
            let bound = self.field(field);
            bound.and_then(|bound| self.image.reading(field, bound)).is_some_and(|reading| reading.status.is_bad())
        };
        // The schema has no null for a value that is not usable: a matter of quality, which was told when it turned bad.
        let is_quality = self.profile.codec == Codec::UmatiJson && part.len() == 1 && is_bad(part.start);
        if !is_quality {
            match self.on_violation {
                OnViolation::Quarantine => self.quarantine("QIAO-V220", &[violation], bench, now, out),
                OnViolation::Reject | OnViolation::Mark => {
                    self.tell_violations("QIAO-V222", std::slice::from_ref(violation), bench, now, out);
                }
            }
        }
        let code = if is_quality { "QIAO-V212" } else { violation.code };
        self.left_out.push((part.clone(), Remark { code, pointer: violation.pointer.clone() }));
        let values = u64::from(self.image.withhold(part));
        let totals = bench.totals(self.outlet.flow);
        match self.on_violation {
            _ if is_quality => totals.filtered += values,
            OnViolation::Quarantine => totals.quarantined += values,
            OnViolation::Reject | OnViolation::Mark => totals.rejected += values,
        }
    }

    /// Refuses the message that lies on the tape.
    pub(super) fn refuse(&mut self, violations: &[Violation], bench: &mut Bench, now: Now, out: &mut Outbox) {
        let is_quarantine = self.on_violation == OnViolation::Quarantine;
        if is_quarantine {
            let reasons: Vec<&Violation> = violations.iter().take(MOST_REMARKS).collect();
            self.quarantine("QIAO-V221", &reasons, bench, now, out);
        } else {
            self.tell_violations("QIAO-V223", &violations[..violations.len().min(1)], bench, now, out);
        }
        if let (Some(first), Some(mut stand)) = (violations.first(), self.stand.take()) {
            let code = if is_quarantine { "QIAO-V221" } else { "QIAO-V223" };
            stand.refuse(self.finding(code, first, bench.language).text(bench.language));
            self.stand = Some(stand);
        }
        let values = u64::from(self.image.settle());
        let totals = bench.totals(self.outlet.flow);
        *(if is_quarantine { &mut totals.quarantined } else { &mut totals.rejected }) += values;
        totals.quarantined_messages += u64::from(is_quarantine);
        if let Some(conditions) = &mut self.conditions {
            if let Some(topic) = conditions.refused() {
                self.tell_withdrawn(bench, now, out);
                out.deliver(&[], conditions::on(&self.outlet, &topic));
            }
        } else if self.is_state() && !self.is_withdrawn {
            self.tell_withdrawn(bench, now, out);
            self.withdraw(true, StatusCode::BAD, bench, now, out);
        }
        self.was_refused = true;
        // The next valid message stands for the whole state again.
        self.needs_all |= self.is_state();
    }

    fn tell_withdrawn(&self, bench: &mut Bench, now: Now, out: &mut Outbox) {
        let make = || {
            let finding = Finding::note("QIAO-V242", self.id.clone());
            finding.with("machine", &self.id).with("topic", &self.outlet.topic).with("profile", &self.profile_id)
        };
        bench.tell(key("QIAO-V242", self.index, ()), now, out, make);
    }

    /// Leaves out what cannot be written; says whether there was anything.
    pub(super) fn leave_out_unwritable(&mut self, bench: &mut Bench, now: Now, out: &mut Outbox) -> bool {
        let unwritable = std::mem::take(&mut bench.written.unwritable);
        for (field, error) in &unwritable {
            let about =
                || Finding { severity: Severity::Error, ..self.about("QIAO-V225", *field).with("reason", error) };
            bench.tell(key("QIAO-V225", self.index, field), now, out, about);
            let pointer = self.field(*field).map_or_else(String::new, |field| field.pointer.clone());
            self.left_out.push((*field..*field + 1, Remark { code: "QIAO-V225", pointer }));
            let values = u64::from(self.image.withhold(*field..*field + 1));
            bench.totals(self.outlet.flow).filtered += values;
        }
        !unwritable.is_empty()
    }

    /// Tells of violations without keeping the message.
    pub(super) fn tell_violations(
        &self,
        code: &'static str,
        violations: &[Violation],
        bench: &mut Bench,
        now: Now,
        out: &mut Outbox,
    ) {
        let language = bench.language;
        for violation in violations.iter().take(MOST_REMARKS) {
            let key = key(code, self.index, (&violation.pointer, &violation.schema_pointer));
            bench.tell(key, now, out, || self.finding(code, violation, language));
        }
    }

    fn quarantine(&self, code: &'static str, violations: &[&Violation], bench: &mut Bench, now: Now, out: &mut Outbox) {
        let Some(first) = violations.first() else { return };
        let key = key(code, self.index, (&first.pointer, &first.schema_pointer));
        let (language, source) = (bench.language, bench.source.clone());
        bench.quarantine(key, now, out, |tape| {
            let (message, is_base64) = Quarantined::text_of(tape);
            let quarantined = Quarantined {
                time: now.wall.to_string(),
                flow: self.flow_name.clone(),
                source,
                machine: self.id.clone(),
                topic: self.outlet.topic.to_string(),
                profile: self.profile_id.clone(),
                reasons: violations.iter().map(|violation| self.reason(violation)).collect(),
                count: 1,
                message,
                is_base64,
            };
            (self.finding(code, first, language), quarantined)
        });
    }

    fn finding(&self, code: &'static str, violation: &Violation, language: crate::finding::Language) -> Finding {
        let reason = violation.finding(Severity::Error);
        Finding::error(code, format!("{}:{}", self.id, violation.pointer))
            .with("machine", &self.id)
            .with("profile", &self.profile_id)
            .with("pointer", &violation.pointer)
            .with("rule", &violation.schema_pointer)
            .with("node", self.node_at(&violation.pointer))
            .with("violation", violation.code)
            .with("reason", reason.text(language))
    }

    fn reason(&self, violation: &Violation) -> Reason {
        Reason {
            code: violation.code.to_owned(),
            pointer: violation.pointer.clone(),
            rule: violation.schema_pointer.clone(),
            node: self.node_at(&violation.pointer).to_owned(),
            arguments: violation.arguments.iter().map(|(name, fact)| ((*name).to_owned(), fact.clone())).collect(),
        }
    }

    /// The source node behind a place in the message, when one field is meant.
    fn node_at(&self, pointer: &str) -> &str {
        self.layout.field_at(pointer).and_then(|field| self.field(field)).map_or("", |field| &field.node)
    }
}
