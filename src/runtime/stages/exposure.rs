//! A stream whose messages stand as nodes on the gateway's own OPC UA server: what there is to be seen, and its values
//! as records instead of text, once the message has passed.

use super::Stages;
use super::outbox::Outbox;
use super::stream::Stream;
use super::wish::Wish;
use crate::assemble::bind::Candidate;
use crate::assemble::expose::{self, Showing};
use crate::assemble::frame::Contents;
use crate::assemble::{Image, Layout};
use crate::codec::values::{self, RecordKind};
use crate::config::plan::{FlowPlan, Plan};
use crate::model::exposed::{Exposed, ExposedMachine};
use crate::model::{Delivery, StatusCode};
use crate::profile::{MessageKind, Profile};
use std::sync::Arc;
use std::time::Duration;

/// A machine that is late by so many of its intervals says nothing of the present any more.
const MISSED: u32 = 3;

/// The nodes of a stream, and the names of its fields in records.
#[derive(Debug)]
pub(super) struct Exposure {
    pub(super) machine: Arc<ExposedMachine>,
    /// For each field of the layout.
    keys: Vec<u64>,
}

impl Exposure {
    /// `None`: the flow does not lead to a face.
    pub(super) fn new(
        plan: &Plan,
        wish: &Wish<'_>,
        layout: &Layout,
        candidates: &[Candidate<'_>],
        hides: impl Fn(u32) -> bool,
    ) -> Option<Self> {
        let face = plan.face(wish.flow.sink)?;
        // Of what is withheld there is not even a node.
        let shown = layout.without(hides);
        let showing = Showing {
            flow: (&wish.flow.name, wish.found.flow),
            sink: wish.flow.sink,
            id: &wish.id,
            profile: wish.profile,
            layout: &shown,
            candidates,
            stale_after: face.stale_after.or_else(|| usual_silence(wish.flow)),
        };
        let keys = layout.fields().iter().map(|field| expose::field_key(&field.pointer)).collect();
        Some(Self { machine: Arc::new(expose::machine(&showing)), keys })
    }

    /// Writes what is new in a message, or all of it.
    fn write(&self, kind: RecordKind, (layout, image): (&Layout, &Image), is_all: bool, record: &mut Vec<u8>) -> u32 {
        values::begin(record, self.machine.key, kind);
        let mut count = 0;
        for ((field, bound), key) in (0..).zip(layout.fields()).zip(&self.keys) {
            let is_told = image.is_heard(field) && !image.is_left_out(field) && (is_all || image.is_dirty(field));
            if let Some(reading) = image.reading(field, bound).filter(|_| is_told) {
                values::value(record, *key, &reading);
                count += 1;
            }
        }
        count
    }
}

/// How long a machine whose messages come by themselves is silent at most, by what its profiles say of their cadence.
/// A server that is subscribed to says by itself that it is there.
fn usual_silence(flow: &FlowPlan) -> Option<Duration> {
    flow.input.as_ref()?;
    let interval = |profile: &Arc<Profile>| {
        let channels =
            profile.channels.iter().map(|channel| Duration::from_millis(channel.upload_interval.into())).max();
        channels.or(profile.at_least_every)
    };
    let intervals: Option<Vec<Duration>> = flow.profiles.iter().map(interval).collect();
    intervals?.into_iter().max().map(|longest| longest * MISSED)
}

impl Stream {
    /// Writes the values of the message that is handed over; says how many there are. `None`: it leaves as text.
    pub(super) fn record(&self, contents: Contents, record: &mut Vec<u8>) -> Option<u32> {
        let exposure = self.exposure.as_ref()?;
        let kind = match contents {
            Contents::Bad(status) => RecordKind::Lost(status),
            _ if self.is_event() => RecordKind::Event,
            _ if self.is_past => RecordKind::Past,
            Contents::All | Contents::Changes => RecordKind::Present,
        };
        let is_all = self.needs_all && kind == RecordKind::Present;
        let count = exposure.write(kind, (&self.layout, &self.image), is_all, record);
        Some(count)
    }

    /// Nothing that the nodes show holds any more.
    pub(super) fn tell_lost(&mut self, status: StatusCode, out: &mut Outbox) -> bool {
        let Some(exposure) = &self.exposure else { return false };
        let mut record = Vec::new();
        values::begin(&mut record, exposure.machine.key, RecordKind::Lost(status));
        out.deliver(&record, self.outlet.delivery(0));
        self.needs_all = true;
        true
    }

    /// What says that nothing of it holds any more, when nobody is there to say it.
    pub(super) fn last_word(&self) -> Option<(Vec<u8>, Delivery)> {
        let exposure = self.exposure.as_ref().filter(|_| !self.is_event())?;
        let mut record = Vec::new();
        values::begin(&mut record, exposure.machine.key, RecordKind::Lost(StatusCode::BAD_NO_COMMUNICATION));
        Some((record, self.outlet.delivery(0)))
    }
}

impl Stages {
    /// What of the flows of this source stands on faces.
    #[must_use]
    pub fn exposed(&self) -> Exposed {
        let shown = || self.streams.iter().filter_map(|stream| Some((stream, stream.exposure.as_ref()?)));
        let is_event = |stream: &Stream| stream.profile.message == MessageKind::Event;
        let machines = shown().map(|(stream, exposure)| {
            let machine = &exposure.machine;
            let has_tree = |(other, of): (&Stream, &Exposure)| !is_event(other) && of.machine.root == machine.root;
            if is_event(stream) && shown().any(has_tree) {
                // The tree of its values has the machine's node.
                return Arc::new(ExposedMachine { nodes: Vec::new(), ..machine.as_ref().clone() });
            }
            Arc::clone(machine)
        });
        Exposed { machines: machines.collect() }
    }
}
