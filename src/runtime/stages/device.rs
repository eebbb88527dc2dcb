//! One machine as an NC-Link device: it registers, and answers what applications ask.
//!
//! Registration is asked for and never waited for: data flows whether an application answers or not.

use super::bench::{Bench, key};
use super::outbox::Outbox;
use crate::assemble::adapter::Present;
use crate::assemble::{Adapter, AdapterChannel, AdapterItem, BoundField, Layout, spellings};
use crate::codec::nc_link::{Kind, path_of};
use crate::finding::{Checked, Finding};
use crate::model::delivery::TopicKind;
use crate::model::{Delivery, Now, TopicName};
use crate::port::{Asked, Heard};
use crate::profile::{PointerStep, Profile, Unit, pointer_steps, unescape};
use crate::route;
use crate::runtime::commands::entrance::Sets;
use crate::translate::AlarmList;
use std::sync::Arc;
use std::time::Duration;

/// A machine's side of the dialogue with applications at one sink.
#[derive(Debug)]
pub(super) struct Device {
    adapter: Adapter,
    /// Index of the sink's connection in the plan, and its quality of service.
    sink: u16,
    qos: u8,
    /// What is asked of it is heard.
    is_ready: bool,
    /// When it registers next, in time of the monotonic clock.
    due: Option<Duration>,
    /// Registrations since it became ready, none of them answered.
    unanswered: u32,
}

/// Between two registrations that nobody answers.
const AGAIN: Duration = Duration::from_secs(60);

/// The adapter of a machine whose image has this layout. Fields for which `stays` holds do not leave, so the device does
/// not have them.
pub(super) fn adapter(
    profile: &Profile,
    id: &str,
    layout: &Layout,
    channels: &[AdapterChannel],
    stays: impl Fn(u32) -> bool,
    list: Option<&AlarmList>,
) -> Checked<Adapter> {
    let fields = (0..).zip(layout.fields()).filter(|(at, _)| !stays(*at));
    let of = |(at, field): (u32, &BoundField)| match list.filter(|list| list.pointer == field.pointer) {
        Some(list) => Some(list_item(at, list)),
        None => item(profile, at, &field.pointer),
    };
    let items: Vec<AdapterItem> = fields.filter_map(of).collect();
    Adapter::new(&route::escape(id), id, &items, channels, spellings(profile))
}

/// The item that a place in the image is; `None` where it is a part of one, inside a list.
fn item(profile: &Profile, field: u32, pointer: &str) -> Option<AdapterItem> {
    let target = profile.target(pointer)?;
    let mapped = target.field?;
    let steps = pointer_steps(&mapped.pointer).ok()?;
    let is_list =
        |at: usize| matches!(steps.get(at), Some(PointerStep::Placeholder(_))) && profile.is_array(&steps[..at]);
    if (0..steps.len()).any(is_list) {
        return None;
    }
    let path = path_of(target.steps.iter().map(|(step, placeholder)| (step.as_str(), placeholder.is_some())));
    let unit = match &mapped.unit {
        Some(Unit::Code(code)) => Some(code.clone()),
        Some(Unit::Word { otherwise, .. }) => otherwise.clone(),
        Some(Unit::At(_)) | None => None,
    };
    Some(AdapterItem { field, path, is_config: mapped.is_read_once, unit })
}

/// The item that a list of alarms is.
fn list_item(field: u32, list: &AlarmList) -> AdapterItem {
    let steps: Vec<String> = list.pointer.split('/').skip(1).map(unescape).collect();
    let path = path_of(steps.iter().map(|step| (step.as_str(), false)));
    AdapterItem { field, path, is_config: false, unit: None }
}

impl Device {
    /// `is_ready`: whether what is asked at an address is heard; `before`: what the device was until its fields changed, if
    /// its link was not lost in between.
    pub(super) fn new(
        adapter: Adapter,
        (sink, qos): (u16, u8),
        is_ready: impl FnOnce((u16, &str)) -> bool,
        before: Option<&Self>,
        now: Now,
    ) -> Self {
        let is_ready = is_ready((sink, adapter.guid()));
        let before = before.filter(|before| before.address() == (sink, adapter.guid()));
        let before = before.filter(|before| before.adapter.version() == adapter.version());
        // The same device with the same model is as registered as it was.
        let due = before.map_or(Some(now.monotonic), |before| before.due);
        Self { adapter, sink, qos, is_ready, due: due.filter(|_| is_ready), unanswered: 0 }
    }

    /// By which requests find it: sink, and id in topics.
    pub(super) fn address(&self) -> (u16, &str) {
        (self.sink, self.adapter.guid())
    }

    /// Id of the item that a field of the image is.
    pub(super) fn item_id(&self, field: u32) -> Option<&str> {
        self.adapter.item_id(field)
    }

    /// Whether something that was heard concerns it.
    pub(super) fn is_meant(&self, heard: &Heard) -> bool {
        let (sink, device) = match heard {
            Heard::Away { sink } => return *sink == self.sink,
            Heard::Ready { sink, device } => (sink, device),
            Heard::Asked(asked) => (&asked.sink, &asked.device),
        };
        self.address() == (*sink, device.as_str())
    }

    /// What is to be set, of items that may be; `None`: it is none of its sets, or nothing of it may be.
    pub(super) fn wished(&self, heard: &Heard) -> Option<Sets> {
        let Heard::Asked(asked) = heard else { return None };
        if asked.kind != Kind::SetRequest || !self.is_meant(heard) {
            return None;
        }
        let set = self.adapter.wished(&asked.payload)?;
        let end = asked.client.as_deref().map_or_else(String::new, |client| format!("/{client}"));
        let topic = TopicName::parse(&format!("{}/{}{end}", Kind::SetResponse.topic(), self.adapter.guid())).ok()?;
        let is_any = set.items.iter().any(|item| item.wish.is_ok());
        is_any.then(|| Sets { connection: self.sink, device: self.adapter.guid().to_owned(), topic, set })
    }

    /// Takes what was heard of it; answers what was asked.
    pub(super) fn hear(&mut self, heard: &Heard, present: &Present<'_>, bench: &mut Bench, now: Now, out: &mut Outbox) {
        match heard {
            Heard::Ready { .. } => {
                self.is_ready = true;
                self.is_back(now);
            }
            Heard::Away { .. } => {
                self.is_ready = false;
                self.due = None;
            }
            Heard::Asked(asked) => self.answer(asked, present, bench, now, out),
        }
    }

    /// The machine is back, or what it is: applications are told.
    pub(super) fn is_back(&mut self, now: Now) {
        self.due = self.is_ready.then_some(now.monotonic);
        self.unanswered = 0;
    }

    /// When [`Self::tick`] has something to do.
    pub(super) fn next_tick(&self) -> Option<Duration> {
        self.due
    }

    /// Registers when it is time for it.
    pub(super) fn tick(&mut self, bench: &mut Bench, now: Now, out: &mut Outbox) {
        if self.due.is_none_or(|due| due > now.monotonic) {
            return;
        }
        if self.unanswered == 1 {
            let answer = format!("{}/{}", Kind::RegisterResponse.topic(), self.adapter.guid());
            let guid = self.adapter.guid();
            let make = || {
                let finding = Finding::note("QIAO-V271", guid).with("machine", guid);
                finding.with("seconds", AGAIN.as_secs()).with("topic", answer)
            };
            bench.tell(key("QIAO-V271", 0, self.address()), now, out, make);
        }
        self.due = Some(now.monotonic + AGAIN);
        self.unanswered = self.unanswered.saturating_add(1);
        self.adapter.register(&mut bench.tape, now.wall);
        self.send(Kind::RegisterRequest.topic(), bench, out);
    }

    fn answer(&mut self, asked: &Asked, present: &Present<'_>, bench: &mut Bench, now: Now, out: &mut Outbox) {
        let reply = self.adapter.answer(asked.kind, &asked.payload, present, &mut bench.tape);
        if let Some(kind) = reply.kind {
            let client = asked.client.as_deref();
            let end = client.map_or_else(String::new, |client| format!("/{client}"));
            self.send(&format!("{}/{}{end}", kind.topic(), self.adapter.guid()), bench, out);
        }
        if reply.is_registered {
            self.due = None;
        }
        for finding in reply.findings {
            let about = key("QIAO-V270", 0, (&finding.code.0, &finding.place));
            bench.tell(about, now, out, || finding);
        }
    }

    /// Sends what lies on the tape.
    fn send(&self, topic: &str, bench: &Bench, out: &mut Outbox) {
        // Made of a topic that was heard, or of an escaped id.
        let Ok(topic) = TopicName::parse(topic) else { return };
        let delivery = Delivery {
            flow: u16::MAX,
            sink: self.sink,
            topic: Arc::new(topic),
            kind: TopicKind::Log,
            qos: self.qos,
            properties: None,
            payload: 0..0,
            values: 0,
        };
        out.deliver(bench.tape.as_bytes(), delivery);
    }
}
