//! One machine's messages of one profile: values in, messages out.

use super::bench::{Bench, key};
use super::beside::Stand;
use super::bridge::Bridge;
use super::conditions::{self, Conditions, Met};
use super::exposure::Exposure;
use super::leaving::Guard;
use super::outbox::Outbox;
use super::outlet::Outlet;
use super::past::Past;
use super::verdict::{Verdict, judge};
use crate::assemble::cadence::Due;
use crate::assemble::frame::{Contents, Frame, Remark};
use crate::assemble::{Backlog, BoundField, Cadence, Image, Layout};
use crate::codec::data_set_message::{Header, MessageType};
use crate::config::bind::Binding;
use crate::config::plan::OnViolation;
use crate::finding::Finding;
use crate::model::delivery::TopicKind;
use crate::model::{Delivery, Now, Sample, StatusCode, Timestamp};
use crate::normalise::OddTime;
use crate::profile::{Codec, MessageKind, Profile, WhenLost};
use crate::validate::{Checker, Violation};
use std::ops::Range;
use std::sync::Arc;

/// One machine and one profile: its image, its topic, its sequence.
#[derive(Debug)]
pub(super) struct Stream {
    /// Place among the streams of its source.
    pub(super) index: u32,
    pub(super) flow_name: String,
    /// The machine's id.
    pub(super) id: String,
    /// Node id of the machine's root.
    pub(super) node: String,
    pub(super) profile: Arc<Profile>,
    pub(super) profile_id: String,
    pub(super) checker: Arc<Checker>,
    /// How messages name the time policy, when it is not the source's own time.
    pub(super) time_mark: Option<&'static str>,
    pub(super) on_violation: OnViolation,
    /// Whether the schema has a place for remarks.
    pub(super) has_remarks: bool,
    pub(super) outlet: Outlet,
    /// Where its values go when its messages are not published themselves.
    pub(super) bridge: Option<Bridge>,
    /// What stands on a face instead of messages.
    pub(super) exposure: Option<Exposure>,
    /// What binding found wrong; told once for as long as it stays the same.
    pub(super) findings: Vec<Finding>,
    pub(super) layout: Layout,
    pub(super) image: Image,
    pub(super) backlog: Backlog,
    pub(super) cadence: Cadence,
    pub(super) counted: Counted,
    /// The next message must hold everything.
    pub(super) needs_all: bool,
    /// The last message was refused as a whole: the same again would be too.
    pub(super) was_refused: bool,
    /// What a reader of a state topic finds does not pass for the present any more.
    pub(super) is_withdrawn: bool,
    /// The link is lost.
    pub(super) is_lost: bool,
    /// What the source's history says of the past, while it is told; and whether a message of it is being made.
    pub(super) past: Option<Past>,
    pub(super) is_past: bool,
    /// What is left out until something new comes, and why.
    pub(super) left_out: Vec<(Range<u32>, Remark)>,
    /// What the configuration declares for the machine.
    pub(super) binding: Option<Arc<Binding>>,
    /// What does not leave; `None`: everything does.
    pub(super) guard: Option<Guard>,
    /// Where it stands beside its messages that there are any.
    pub(super) stand: Option<Stand>,
    /// Number of the batch of the oldest value that no message holds yet, since the last message.
    pub(super) held_since: Option<u64>,
    /// The next message holds a value that this gateway wrote itself.
    pub(super) is_echo: bool,
    /// What no message held yet was sent before by its broker, or some of it.
    pub(super) is_repeated: bool,
    /// Each condition has a topic of its own.
    pub(super) conditions: Option<Conditions>,
}

/// What goes on when the machine is found again.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counted {
    /// Number of the last message; 0 before the first.
    pub(super) sequence: u32,
    pub(super) messages: u64,
    pub(super) violations: u64,
    pub(super) last_message: Timestamp,
    /// Kinds of odd times that were told of: one bit each.
    told_odd: u8,
}

/// Rounds of leaving something out and looking again, before the whole message is refused.
const ROUNDS: usize = 8;
/// Violations that are looked at in one round.
const MOST_VIOLATIONS: usize = 256;
/// Violations that are written into a marked message.
pub(super) const MOST_REMARKS: usize = 16;

impl Stream {
    /// Takes one value. A message goes out first when the value would overwrite one that no message held yet and none
    /// may be passed over.
    pub(super) fn take(
        &mut self,
        field: u32,
        sample: &Sample,
        arena: &[u8],
        bench: &mut Bench,
        now: Now,
        out: &mut Outbox,
    ) {
        bench.totals(self.outlet.flow).received += 1;
        if self.is_event() {
            return self.occur(field, sample, arena, bench, now, out);
        }
        let sample = &self.converted(field, sample, arena, bench, now, out);
        self.hold(field, sample, arena, bench, now, out);
    }

    /// Takes an event: each is a message of its own, nothing is held, nothing superseded.
    pub(super) fn occur(
        &mut self,
        field: u32,
        sample: &Sample,
        arena: &[u8],
        bench: &mut Bench,
        now: Now,
        out: &mut Outbox,
    ) {
        self.image.store(&self.layout, field, sample, arena);
        if self.is_told_of_conditions(bench, now, out) {
            self.emit(Contents::All, bench, now, out);
        }
    }

    /// Whether the event in the image is for the topics of the stream: where each condition has one, others have none.
    fn is_told_of_conditions(&mut self, bench: &mut Bench, now: Now, out: &mut Outbox) -> bool {
        if self.conditions.is_none() {
            return true;
        }
        self.write(Contents::All, &[], bench, now);
        let met = self.conditions.as_mut().map(|conditions| conditions.meet(&bench.tape, &self.outlet));
        if met == Some(Met::NoRoom) {
            let about = || Finding::warning("QIAO-V354", self.id.clone()).with("machine", &self.id);
            bench.tell(key("QIAO-V354", self.index, ()), now, out, || about().with("limit", conditions::MOST));
        }
        match met {
            Some(Met::State) => return true,
            Some(Met::End) => {
                let values = self.image.settle();
                let totals = bench.totals(self.outlet.flow);
                totals.handed_over += u64::from(values);
                totals.messages += 1;
                let of = self.conditions.as_ref().and_then(Conditions::topic);
                let of = of.map(|topic| Delivery { values, ..conditions::on(&self.outlet, topic) });
                of.into_iter().for_each(|delivery| out.deliver(&[], delivery));
            }
            Some(Met::NoCondition | Met::NoRoom) | None => {
                bench.totals(self.outlet.flow).filtered += u64::from(self.image.settle());
            }
        }
        false
    }

    /// Takes one value as the field holds it.
    pub(super) fn hold(
        &mut self,
        field: u32,
        sample: &Sample,
        arena: &[u8],
        bench: &mut Bench,
        now: Now,
        out: &mut Outbox,
    ) {
        if self.cadence.is_waiting() && self.is_lossless() && self.image.is_heard(field) {
            if self.backlog.push(field, sample, arena) {
                self.held_since.get_or_insert(bench.batch);
                return;
            }
            self.first(bench, now, out);
        }
        self.put(field, sample, arena, bench, now, out);
    }

    fn put(&mut self, field: u32, sample: &Sample, arena: &[u8], bench: &mut Bench, now: Now, out: &mut Outbox) {
        if self.image.is_dirty(field) && self.is_lossless() && !self.cadence.is_waiting() {
            self.emit(self.contents(), bench, now, out);
        }
        let stored = self.image.store(&self.layout, field, sample, arena);
        self.is_repeated |= bench.is_repeated;
        self.held_since.get_or_insert(bench.batch);
        bench.totals(self.outlet.flow).superseded += u64::from(stored.has_superseded);
        if stored.went_back {
            self.odd_time(OddTime::Backwards, field, bench, out);
        }
        if stored.turned_bad && self.profile.codec == Codec::UmatiJson {
            let about = || self.about("QIAO-V212", field).with("status", StatusCode(sample.status));
            bench.tell(key("QIAO-V212", self.index, field), now, out, about);
        }
    }

    /// Counts a value whose source time is odd; told once per kind: some servers give no source time at all.
    pub(super) fn odd_time(&mut self, odd: OddTime, field: u32, bench: &mut Bench, out: &mut Outbox) {
        bench.totals(self.outlet.flow).odd_times += 1;
        let bit = 1 << odd as u8;
        if self.counted.told_odd & bit == 0 {
            self.counted.told_odd |= bit;
            out.findings.push(self.about("QIAO-V213", field).with("kind", odd.name()));
        }
    }

    /// Sends what is due.
    pub(super) fn tick(&mut self, bench: &mut Bench, now: Now, out: &mut Outbox) {
        if let Some(conditions) = self.conditions.as_mut().filter(|_| !self.is_lost) {
            conditions.tell_again(&self.outlet).for_each(|(delivery, message)| out.deliver(message, delivery));
        }
        if self.is_idle() {
            return;
        }
        let is_complete = self.image.unheard() == 0;
        match self.due(now) {
            None => {}
            Some(Due::First) => {
                if !is_complete {
                    self.tell_incomplete(bench, now, out);
                }
                if self.is_anything_heard() {
                    self.first(bench, now, out);
                    if self.due(now) == Some(Due::Change) {
                        self.emit(self.contents(), bench, now, out);
                    }
                } else {
                    self.wait(now);
                }
            }
            Some(Due::Repeat) if self.was_refused => self.cadence.sent(now.monotonic),
            Some(Due::Repeat) => self.emit(Contents::All, bench, now, out),
            Some(Due::Change) => self.emit(self.contents(), bench, now, out),
        }
    }

    /// When [`Self::tick`] has something to do, if nothing else happens.
    pub(super) fn next_tick(&self) -> Option<std::time::Duration> {
        if self.is_idle() { None } else { self.cadence.next(self.image.dirty() > 0) }
    }

    /// The link is lost, or the machine: what was not sent yet goes out, then nobody reads its values as present ones.
    pub(super) fn lose(&mut self, bench: &mut Bench, now: Now, out: &mut Outbox) {
        if self.is_lost {
            return;
        }
        self.flush(bench, now, out);
        self.is_lost = true;
        if self.is_event() {
            // What happened has happened: only states of conditions are taken back.
            self.clear(out);
            if let Some(conditions) = &mut self.conditions {
                conditions.lose();
            }
            return;
        }
        let was_sent = !self.cadence.is_waiting();
        self.withdraw(was_sent, StatusCode::BAD_NO_COMMUNICATION, bench, now, out);
    }

    /// What was published last does not pass for the present any more: it is published again with every field bad, or
    /// cleared, as the profile says for a lost link.
    pub(super) fn withdraw(
        &mut self,
        may_republish: bool,
        status: StatusCode,
        bench: &mut Bench,
        now: Now,
        out: &mut Outbox,
    ) {
        self.is_withdrawn = true;
        if self.tell_lost(status, out) {
            return;
        }
        let is_republished = may_republish
            && self.bridge.is_none()
            && self.profile.when_lost == WhenLost::Republish
            && self.republish_bad(status, bench, now, out);
        if !is_republished {
            self.clear(out);
        }
    }

    /// Its first message waits until it is complete.
    pub(super) fn is_waiting(&self) -> bool {
        self.cadence.is_waiting()
    }

    /// Everything known goes on again, to somebody who has not heard it.
    pub(super) fn tell_again(&mut self) {
        self.needs_all = true;
        if !self.cadence.is_waiting() {
            self.cadence.hurry();
        }
    }

    /// The link is back and what was known holds: everything goes out again.
    pub(super) fn resume(&mut self, now: Now) {
        if !std::mem::take(&mut self.is_lost) {
            return;
        }
        self.needs_all = true;
        self.was_refused = false;
        if self.cadence.is_waiting() {
            self.wait(now);
        } else {
            self.cadence.hurry();
        }
    }

    /// Its fields appear with their values, one by one: those that were there were told, and are not told again. What an
    /// OPC UA server adds reports by itself, and a whole message says that it is there.
    pub(super) fn go_on_from(&mut self, old: &Self) {
        self.cadence = old.cadence;
        self.needs_all = old.needs_all;
        self.was_refused = old.was_refused;
        self.is_withdrawn = old.is_withdrawn;
        self.is_lost = old.is_lost;
        self.is_repeated = old.is_repeated;
    }

    /// Takes a retained message back: an empty one in its place. Log topics have none.
    pub(super) fn clear(&self, out: &mut Outbox) {
        match &self.conditions {
            Some(conditions) => conditions.retained(&self.outlet).for_each(|delivery| out.deliver(&[], delivery)),
            None if self.is_state() && self.exposure.is_none() => out.deliver(&[], self.outlet.delivery(0)),
            None => {}
        }
    }

    /// A state stands on this topic; when it is of a condition that nobody knows, an earlier run left it.
    pub(super) fn find_left(&self, topic: &str, out: &mut Outbox) {
        let left = self.conditions.as_ref().and_then(|conditions| conditions.unknown(topic, &self.outlet));
        left.into_iter().for_each(|topic| out.deliver(&[], conditions::on(&self.outlet, &topic)));
    }

    /// Nothing is known of its conditions any more, and nothing of them stands on topics.
    pub(super) fn forget_conditions(&mut self, out: &mut Outbox) {
        self.clear(out);
        if let Some(conditions) = &mut self.conditions {
            conditions.forget();
        }
    }

    /// What takes retained messages back that a reader could take for the present.
    pub(super) fn retained(&self) -> Vec<Delivery> {
        match &self.conditions {
            Some(conditions) => conditions.retained(&self.outlet).collect(),
            None if self.is_state() && self.exposure.is_none() && !self.is_withdrawn => vec![self.outlet.delivery(0)],
            None => Vec::new(),
        }
    }

    pub(super) fn is_state(&self) -> bool {
        self.profile.topic_kind == TopicKind::State && self.bridge.is_none()
    }

    /// Sends what no message held yet. Values of a state that was never complete are passed over.
    pub(super) fn flush(&mut self, bench: &mut Bench, now: Now, out: &mut Outbox) {
        if self.is_lost || self.is_event() {
            return;
        }
        if self.cadence.is_waiting() && self.bridge.is_some() {
            // An incomplete message says nothing; what takes its place tells everything again.
            let left = self.held();
            let _ = (self.image.settle(), self.backlog.take());
            bench.totals(self.outlet.flow).superseded += left;
            return;
        }
        if self.cadence.is_waiting() && self.is_lossless() && self.is_anything_heard() {
            self.first(bench, now, out);
        }
        if !self.cadence.is_waiting() && self.image.dirty() > 0 {
            self.emit(self.contents(), bench, now, out);
        }
        let left = self.image.settle() as usize + self.backlog.len();
        let _ = self.backlog.take();
        bench.totals(self.outlet.flow).superseded += left as u64;
    }

    /// Source values that wait in the image and behind it.
    pub(super) fn held(&self) -> u64 {
        u64::from(self.image.dirty()) + self.backlog.len() as u64
    }

    /// Number of the batch of the oldest value that waits and must not be lost; a newer value replaces that of a state.
    pub(super) fn oldest(&self) -> Option<u64> {
        self.held_since.filter(|_| self.is_lossless() && self.held() > 0)
    }

    /// Sends what it holds, though its time has not come; a first message that is not complete waits on.
    pub(super) fn send_held(&mut self, bench: &mut Bench, now: Now, out: &mut Outbox) {
        if self.is_idle() || !self.is_lossless() {
            return;
        }
        if self.cadence.is_waiting() {
            if self.image.unheard() > 0 {
                return;
            }
            self.first(bench, now, out);
        }
        if self.image.dirty() > 0 {
            self.emit(self.contents(), bench, now, out);
        }
    }

    pub(super) fn is_event(&self) -> bool {
        self.profile.message == MessageKind::Event
    }

    /// Every value counts: nothing may be passed over for a newer one.
    fn is_lossless(&self) -> bool {
        self.profile.message == MessageKind::Delta || self.profile.topic_kind == TopicKind::Log || self.bridge.is_some()
    }

    fn due(&self, now: Now) -> Option<Due> {
        self.cadence.due(self.image.unheard() == 0, self.image.dirty() > 0, now.monotonic)
    }

    fn is_idle(&self) -> bool {
        self.is_lost || self.is_event() || self.layout.fields().is_empty()
    }

    fn is_anything_heard(&self) -> bool {
        (self.image.unheard() as usize) < self.layout.fields().len()
    }

    fn wait(&mut self, now: Now) {
        let until = now.monotonic + self.profile.complete_within;
        self.cadence = Cadence::new(self.profile.every, self.profile.at_least_every, until);
    }

    fn contents(&self) -> Contents {
        match self.profile.message {
            MessageKind::Delta if !self.needs_all => Contents::Changes,
            _ => Contents::All,
        }
    }

    /// The first message, and then what came while it waited.
    pub(super) fn first(&mut self, bench: &mut Bench, now: Now, out: &mut Outbox) {
        let since = self.held_since;
        self.emit(Contents::All, bench, now, out);
        let (samples, arena) = self.backlog.take();
        for (field, sample) in samples {
            self.put(field, &sample, &arena, bench, now, out);
        }
        // What waited behind the first message is older than the batch that let it go.
        self.held_since = since;
    }

    /// Makes a message, leaves out what breaks the schema, and hands it over, or refuses the whole.
    pub(super) fn emit(&mut self, contents: Contents, bench: &mut Bench, now: Now, out: &mut Outbox) {
        self.cadence.sent(now.monotonic);
        self.held_since = None;
        self.left_out.retain(|(part, _)| self.image.is_withheld(part.start));
        // Of what a delta leaves out it tells once; a message that holds everything tells each time.
        let old = if contents == Contents::Changes { self.left_out.len() } else { 0 };
        for _ in 0..ROUNDS {
            let remarks = self.remarks(old);
            self.write(contents, &remarks, bench, now);
            let mut is_changed = self.leave_out_unwritable(bench, now, out);
            if !is_changed {
                if self.checker.is_valid(&bench.tape) {
                    return self.hand_over(contents, &remarks, bench, now, out);
                }
                let violations = self.checker.violations(&bench.tape, MOST_VIOLATIONS);
                self.counted.violations += violations.len() as u64;
                bench.totals(self.outlet.flow).violations += violations.len() as u64;
                if self.on_violation == OnViolation::Mark {
                    self.mark(contents, &violations, bench, now, out);
                    return;
                }
                match judge(&self.layout, &self.image, &violations) {
                    Verdict::Whole => return self.refuse(&violations, bench, now, out),
                    Verdict::LeaveOut(parts) => {
                        for (part, at) in parts {
                            self.leave_out(part, &violations[at], bench, now, out);
                        }
                        is_changed = true;
                    }
                }
            }
            if is_changed && contents == Contents::Changes && self.image.dirty() == 0 {
                return;
            }
        }
        let remarks = self.remarks(old);
        self.write(contents, &remarks, bench, now);
        let violations = self.checker.violations(&bench.tape, MOST_REMARKS);
        if violations.is_empty() {
            self.hand_over(contents, &remarks, bench, now, out);
        } else {
            self.refuse(&violations, bench, now, out);
        }
    }

    /// Publishes the message as it is, with what is wrong written into it.
    fn mark(&mut self, contents: Contents, violations: &[Violation], bench: &mut Bench, now: Now, out: &mut Outbox) {
        self.tell_violations("QIAO-V224", violations, bench, now, out);
        let mut remarks = Vec::new();
        if self.has_remarks {
            let remark = |violation: &Violation| Remark { code: violation.code, pointer: violation.pointer.clone() };
            remarks.extend(violations.iter().map(remark).take(MOST_REMARKS));
            self.write(contents, &remarks, bench, now);
        }
        self.hand_over(contents, &remarks, bench, now, out);
    }

    /// Writes every field with this status; `false` when the schema does not allow such a message.
    fn republish_bad(&mut self, status: StatusCode, bench: &mut Bench, now: Now, out: &mut Outbox) -> bool {
        self.write(Contents::Bad(status), &[], bench, now);
        let is_valid = self.checker.is_valid(&bench.tape);
        if is_valid {
            self.hand_over(Contents::Bad(status), &[], bench, now, out);
        }
        is_valid
    }

    /// What is left out, from the `old`th on, where the schema has a place to say so.
    fn remarks(&self, old: usize) -> Vec<Remark> {
        let told = if self.has_remarks { self.left_out.get(old..).unwrap_or_default() } else { &[] };
        told.iter().map(|(_, remark)| remark.clone()).take(MOST_REMARKS).collect()
    }

    fn write(&self, contents: Contents, remarks: &[Remark], bench: &mut Bench, now: Now) {
        let kind = match contents {
            _ if self.is_event() => MessageType::Event,
            Contents::Changes => MessageType::DeltaFrame,
            Contents::All | Contents::Bad(_) => MessageType::KeyFrame,
        };
        let header = Header {
            kind,
            publisher: &bench.gateway,
            writer: &self.id,
            sequence: self.counted.sequence.wrapping_add(1),
            time: now.wall,
            // The times of an event are the machine's, whatever the connection says of those of values.
            time_source: self.time_mark.filter(|_| !self.is_event()),
            is_back_filled: self.is_past,
        };
        let (layout, image, codec) = (&self.layout, &self.image, self.profile.codec);
        Frame { layout, image, codec, contents, header, remarks }.write(&mut bench.tape, &mut bench.written);
    }

    /// Sends the message on the tape, without what does not leave.
    fn hand_over(&mut self, contents: Contents, remarks: &[Remark], bench: &mut Bench, now: Now, out: &mut Outbox) {
        if self.bridge.is_some() {
            self.cross(bench, now, out);
            self.image.settle();
            self.was_refused = false;
            self.needs_all &= contents == Contents::Changes;
            return;
        }
        let is_bad = matches!(contents, Contents::Bad(_));
        let mut told = self.record(contents, &mut bench.record);
        if self.guard.is_some() {
            self.conceal(|stream| {
                stream.write(contents, remarks, bench, now);
                told = stream.record(contents, &mut bench.record);
            });
        }
        let new = if is_bad { 0 } else { self.image.settle() };
        let values = bench.written.values;
        debug_assert!(self.guard.is_some() || values == new, "what was new is in the message");
        let totals = bench.totals(self.outlet.flow);
        totals.withheld += u64::from(new - values);
        if told == Some(0) || values == 0 && new > 0 && contents == Contents::Changes {
            // That something changed that does not leave is nobody's business either; and nodes keep what they show.
            return;
        }
        totals.handed_over += u64::from(values);
        totals.messages += 1;
        let is_echo = std::mem::take(&mut self.is_echo) && !is_bad && !self.is_past;
        let mut delivery = if self.is_past { self.outlet.past(values) } else { self.outlet.delivery(values) };
        if is_echo {
            delivery = Outlet::echo(delivery);
        }
        if std::mem::take(&mut self.is_repeated) {
            delivery = Outlet::repeated(delivery);
        }
        if let Some(topic) = self.conditions.as_ref().and_then(Conditions::topic) {
            delivery.topic = Arc::clone(topic);
        }
        let payload = if told.is_some() { &bench.record } else { bench.tape.as_bytes() };
        out.deliver(payload, delivery);
        if let Some(conditions) = &mut self.conditions {
            conditions.stands(bench.tape.as_bytes());
        }
        self.counted.sequence = self.counted.sequence.wrapping_add(1);
        self.counted.messages += 1;
        self.counted.last_message = now.wall;
        self.was_refused = false;
        self.is_withdrawn = is_bad;
        self.needs_all &= contents == Contents::Changes;
        if let Some(stand) = self.stand.as_mut().filter(|_| contents == Contents::All) {
            stand.show(&bench.tape);
        }
    }

    pub(super) fn field(&self, at: u32) -> Option<&BoundField> {
        self.layout.fields().get(at as usize)
    }

    /// A note about a field of this machine.
    pub(super) fn about(&self, code: &'static str, field: u32) -> Finding {
        let (pointer, node) = self.field(field).map_or(("", ""), |field| (&*field.pointer, &*field.node));
        let finding = Finding::note(code, format!("{}:{pointer}", self.id));
        finding.with("machine", &self.id).with("pointer", pointer).with("node", node).with("profile", &self.profile_id)
    }

    fn tell_incomplete(&self, bench: &mut Bench, now: Now, out: &mut Outbox) {
        let is_mandatory = self.image.unheard_mandatory() > 0;
        let code = if is_mandatory { "QIAO-V210" } else { "QIAO-V211" };
        let silent =
            |(at, field): &(u32, &BoundField)| !self.image.is_heard(*at) && (field.is_mandatory || !is_mandatory);
        let fields = (0..).zip(self.layout.fields()).filter(silent);
        let make = || {
            let names: Vec<&str> = fields.clone().take(5).map(|(_, field)| field.pointer.as_str()).collect();
            let severity = if is_mandatory { Finding::warning } else { Finding::note };
            severity(code, self.id.clone())
                .with("machine", &self.id)
                .with("profile", &self.profile_id)
                .with("count", fields.clone().count())
                .with("fields", names.join(", "))
                .with("seconds", self.profile.complete_within.as_secs_f64())
        };
        bench.tell(key(code, self.index, ()), now, out, make);
    }
}
