//! One machine's messages that are checked and passed on byte for byte; and messages that cannot be read.

use super::Stages;
use super::bench::{Bench, key};
use super::beside::Stand;
use super::count::MachineSnapshot;
use super::outbox::Outbox;
use super::outlet::Outlet;
use super::stream::MOST_REMARKS;
use super::wish::Wish;
use crate::assemble::image::FieldCount;
use crate::codec::Limits;
use crate::codec::tape::MAX_TEXT;
use crate::config::plan::OnViolation;
use crate::finding::{Code, Finding, Severity};
use crate::model::delivery::{Refusal, TopicKind};
use crate::model::value::Unreadable;
use crate::model::{Batch, Delivery, Document, Now, Quarantined, Reason, Timestamp};
use crate::profile::Profile;
use crate::validate::{Checker, Violation};
use std::borrow::Cow;
use std::sync::Arc;

/// One machine whose messages are passed on as they are.
#[derive(Debug)]
pub(super) struct Relay {
    pub(super) id: String,
    /// The topics it speaks by, with wildcards.
    node: String,
    profile: Arc<Profile>,
    checker: Arc<Checker>,
    pub(super) outlet: Outlet,
    is_lost: bool,
    /// A message went out that the broker may hold.
    is_held: bool,
    messages: u64,
    violations: u64,
    last_message: Timestamp,
    /// Where it stands beside its messages that there are any.
    pub(super) stand: Option<Stand>,
}

impl Relay {
    pub(super) fn new(wish: &Wish<'_>, qos: u8, checker: Arc<Checker>, stand: Option<Stand>) -> Self {
        Self {
            id: wish.id.clone(),
            node: wish.found.node.clone(),
            profile: Arc::clone(wish.profile),
            checker,
            outlet: wish.outlet(qos),
            is_lost: false,
            is_held: false,
            messages: 0,
            violations: 0,
            last_message: Timestamp::NONE,
            stand,
        }
    }

    /// The link is lost: nobody reads a retained message of it as the present state. It cannot be marked instead, it
    /// is passed on byte for byte or not at all.
    pub(super) fn lose(&mut self, out: &mut Outbox) {
        self.is_lost = true;
        if std::mem::take(&mut self.is_held) {
            out.deliver(&[], self.outlet.delivery(0));
        }
    }

    /// What takes the retained message back, if a reader could take one for the present.
    pub(super) fn retained(&self) -> Option<Delivery> {
        (self.profile.topic_kind == TopicKind::State && !self.is_lost).then(|| self.outlet.delivery(0))
    }

    pub(super) fn resume(&mut self) {
        self.is_lost = false;
    }

    pub(super) fn snapshot(&self) -> MachineSnapshot {
        MachineSnapshot {
            id: self.id.clone(),
            flow: self.outlet.flow,
            profile: self.profile.id(),
            node: self.node.clone(),
            topic: self.outlet.topic.to_string(),
            is_online: !self.is_lost,
            fields: FieldCount::default(),
            messages: self.messages,
            violations: self.violations,
            last_message: self.last_message,
        }
    }

    fn hand_over(&mut self, payload: &[u8], bench: &mut Bench, now: Now, out: &mut Outbox) {
        let delivery = self.outlet.delivery(1);
        out.deliver(payload, if bench.is_repeated { Outlet::repeated(delivery) } else { delivery });
        let totals = bench.totals(self.outlet.flow);
        totals.handed_over += 1;
        totals.messages += 1;
        self.messages += 1;
        self.last_message = now.wall;
        self.is_held = self.profile.topic_kind == TopicKind::State && !payload.is_empty();
        match &mut self.stand {
            Some(stand) if payload.is_empty() => stand.hide(),
            Some(stand) => stand.show(&bench.tape),
            None => {}
        }
    }
}

impl Stages {
    /// Passes one message on, or says why not. It counts as one value, however many it holds.
    pub(super) fn document(
        &mut self,
        document: &Document,
        batch: &Batch,
        now: Now,
        out: &mut Outbox,
    ) -> Option<Refusal> {
        let payload = document.payload.of(&batch.arena);
        let topic = String::from_utf8_lossy(document.topic.of(&batch.arena)).into_owned();
        self.bench.totals(document.flow).received += 1;
        let from = From { document, topic: &topic, payload, now };
        if let Some(unreadable) = &document.unreadable {
            return self.unreadable(&from, unreadable, out);
        }
        let relay = document.machine.and_then(|machine| self.relays.get_mut(&machine));
        // A machine that was refused, for its name or its topic; or what was in a log before we asked, which is no news.
        let is_news = |relay: &Relay| relay.profile.topic_kind == TopicKind::State || !document.is_retained;
        let Some(relay) = relay.filter(|relay| is_news(relay)) else {
            self.bench.totals(document.flow).filtered += 1;
            return None;
        };
        if payload.is_empty() && relay.profile.topic_kind == TopicKind::State {
            // Taken back there, taken back here (MQTT 5.0 §3.3.1.3).
            relay.hand_over(payload, &mut self.bench, now, out);
            return None;
        }
        let limits = Limits { bytes: MAX_TEXT, ..Limits::default() };
        if let Err(error) = self.bench.tape.read(payload, limits) {
            let unreadable = Unreadable { code: error.code(), arguments: error.finding("").arguments };
            return self.unreadable(&from, &unreadable, out);
        }
        if relay.checker.is_valid(&self.bench.tape) {
            relay.hand_over(payload, &mut self.bench, now, out);
            return None;
        }
        let violations = relay.checker.violations(&self.bench.tape, MOST_REMARKS);
        relay.violations += violations.len() as u64;
        self.bench.totals(document.flow).violations += violations.len() as u64;
        self.invalid(&from, &violations, out)
    }

    fn invalid(&mut self, from: &From<'_>, violations: &[Violation], out: &mut Outbox) -> Option<Refusal> {
        let (first, flow) = (violations.first()?, from.document.flow);
        let on_violation = self.plan.flows.get(usize::from(flow)).map(|flow| flow.on_violation)?;
        let code = match on_violation {
            OnViolation::Quarantine => "QIAO-V254",
            OnViolation::Reject => "QIAO-V255",
            OnViolation::Mark => "QIAO-V256",
        };
        let finding = Finding::error(code, from.topic)
            .with("topic", from.topic)
            .with("profile", self.profile_of(flow))
            .with("pointer", &first.pointer)
            .with("rule", &first.schema_pointer)
            .with("reason", first.finding(Severity::Error).text(self.bench.language));
        let told = key(code, u32::from(flow), (from.topic, &first.pointer, &first.schema_pointer));
        let relay = from.document.machine.and_then(|machine| self.relays.get_mut(&machine));
        if let Some(stand) = relay.filter(|relay| !relay.is_held).and_then(|relay| relay.stand.as_mut())
            && on_violation != OnViolation::Mark
        {
            stand.refuse(finding.text(self.bench.language));
        }
        match on_violation {
            OnViolation::Quarantine => {
                let reasons = violations.iter().map(|violation| reason(violation, from.topic)).collect();
                self.keep(from, told, finding, reasons, out);
                None
            }
            OnViolation::Reject => {
                self.bench.tell(told, from.now, out, || finding);
                self.bench.totals(flow).rejected += 1;
                Some(Refusal::Invalid)
            }
            OnViolation::Mark => {
                self.bench.tell(told, from.now, out, || finding);
                let relay = from.document.machine.and_then(|machine| self.relays.get_mut(&machine))?;
                relay.hand_over(from.payload, &mut self.bench, from.now, out);
                None
            }
        }
    }

    /// What cannot be read is never passed on, whatever becomes of violations.
    fn unreadable(&mut self, from: &From<'_>, unreadable: &Unreadable, out: &mut Outbox) -> Option<Refusal> {
        let flow = from.document.flow;
        let is_rejected =
            self.plan.flows.get(usize::from(flow)).is_some_and(|flow| flow.on_violation == OnViolation::Reject);
        let inner = Finding {
            code: Code(Cow::Borrowed(unreadable.code)),
            severity: Severity::Error,
            place: String::new(),
            arguments: unreadable.arguments.clone(),
        };
        let code = if is_rejected { "QIAO-V251" } else { "QIAO-V250" };
        let finding = Finding::error(code, from.topic)
            .with("topic", from.topic)
            .with("flow", self.flow_name(flow))
            .with("reason", inner.text(self.bench.language));
        let told = key(code, u32::from(flow), (from.topic, unreadable.code));
        if is_rejected {
            self.bench.tell(told, from.now, out, || finding);
            self.bench.totals(flow).rejected += 1;
            return Some(Refusal::Unreadable);
        }
        let reason = Reason {
            code: unreadable.code.to_owned(),
            pointer: String::new(),
            rule: String::new(),
            node: from.topic.to_owned(),
            arguments: unreadable.arguments.iter().map(|(name, fact)| ((*name).to_owned(), fact.clone())).collect(),
        };
        self.keep(from, told, finding, vec![reason], out);
        None
    }

    /// Into quarantine, with the very bytes that came.
    fn keep(
        &mut self,
        from: &From<'_>,
        told: super::repeats::Key,
        finding: Finding,
        reasons: Vec<Reason>,
        out: &mut Outbox,
    ) {
        let flow = from.document.flow;
        let relay = from.document.machine.and_then(|machine| self.relays.get(&machine));
        let entry = Quarantined {
            time: from.now.wall.to_string(),
            flow: self.flow_name(flow).to_owned(),
            source: self.bench.source.clone(),
            machine: relay.map_or_else(String::new, |relay| relay.id.clone()),
            topic: relay.map_or_else(|| from.topic.to_owned(), |relay| relay.outlet.topic.to_string()),
            profile: self.profile_of(flow),
            reasons,
            count: 1,
            message: String::new(),
            is_base64: false,
        };
        self.bench.quarantine(told, from.now, out, |_| {
            let (message, is_base64) = Quarantined::text_of(from.payload);
            (finding, Quarantined { message, is_base64, ..entry })
        });
        let totals = self.bench.totals(flow);
        totals.quarantined += 1;
        totals.quarantined_messages += 1;
    }

    fn profile_of(&self, flow: u16) -> String {
        let flow = self.plan.flows.get(usize::from(flow));
        flow.and_then(|flow| flow.profiles.first()).map_or_else(String::new, |profile| profile.id())
    }
}

/// A message with where it came from.
struct From<'a> {
    document: &'a Document,
    topic: &'a str,
    payload: &'a [u8],
    now: Now,
}

fn reason(violation: &Violation, topic: &str) -> Reason {
    Reason {
        code: violation.code.to_owned(),
        pointer: violation.pointer.clone(),
        rule: violation.schema_pointer.clone(),
        node: topic.to_owned(),
        arguments: violation.arguments.iter().map(|(name, fact)| ((*name).to_owned(), fact.clone())).collect(),
    }
}
