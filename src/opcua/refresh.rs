//! Conditions that became active before somebody listened are asked for (OPC 10000-9 §5.5.7, `ConditionRefresh`).

use super::decode_event::Admission;
use super::event::{EventHead, SystemEvent};
use super::feed::Feed;
use super::order::Made;
use super::outside::{Outside, Over};
use super::publish::{Loop, Publisher};
use crate::finding::Finding;
use crate::model::Timestamp;
use crate::port::SourceEvent;
use ::opcua::client::services::Call;
use ::opcua::client::{Session, UARequest};
use ::opcua::types::{CallMethodRequest, MethodId, NodeId, ObjectTypeId, StatusCode, Variant};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// What a refresh brings comes within this time after an item was created.
const REFRESH_WITHIN: Duration = Duration::from_secs(60);

/// What is known of the conditions of one session.
#[derive(Debug, Default)]
pub struct Refresh {
    /// Subscriptions whose conditions are to be asked for.
    wanted: BTreeSet<u32>,
    /// Slots between the start and the end of a refresh.
    running: BTreeSet<u32>,
    /// When the item of a slot was created, by the server's clock, and until when that is of use.
    since: BTreeMap<u32, (Timestamp, Duration)>,
    /// That the server does not refresh was told.
    is_told: bool,
    /// Slots whose queue ran over in the notification that is being taken.
    overflows: Vec<u32>,
}

impl Refresh {
    /// The conditions of a subscription are to be asked for: its items are new, or something of them was lost.
    pub fn want(&mut self, subscription: u32) {
        self.wanted.insert(subscription);
    }

    /// Forgets a subscription that has ended, with its slots.
    pub fn forget(&mut self, subscription: u32, slots: &[u32]) {
        self.wanted.remove(&subscription);
        slots.iter().for_each(|slot| {
            self.running.remove(slot);
            self.since.remove(slot);
        });
    }

    /// What the server says of its events, of an item of this subscription.
    pub fn say(&mut self, event: SystemEvent, slot: u32, subscription: u32) {
        match event {
            SystemEvent::RefreshStart => {
                self.running.insert(slot);
            }
            SystemEvent::RefreshEnd => {
                self.running.remove(&slot);
            }
            SystemEvent::RefreshRequired => self.want(subscription),
            SystemEvent::QueueOverflow => {
                self.overflows.push(slot);
                self.want(subscription);
            }
        }
    }

    /// The server listens for a slot since this time of its clock.
    pub fn listen(&mut self, slot: u32, time: Timestamp, now: Duration) {
        self.since.insert(slot, (time, now + REFRESH_WITHIN));
    }

    /// What becomes of an event of a machine. A condition is told again between the start and the end of a refresh. Some
    /// servers tell both of the Server object alone; then it is one that the server received before the item was there.
    #[must_use]
    pub fn admit(&self, head: &EventHead, now: Duration) -> Admission {
        let is_from_before = self
            .since
            .get(&head.slot)
            .is_some_and(|(since, until)| now < *until && !head.receive_time.is_none() && head.receive_time < *since);
        Admission::Take { is_refreshed: head.is_condition && (is_from_before || self.running.contains(&head.slot)) }
    }
}

impl Feed {
    /// Whether an item of a subscription takes events.
    #[must_use]
    pub fn has_events(&self, subscription: u32) -> bool {
        let is_events = |slot| self.bindings.get(slot as usize).is_some_and(|binding| binding.events.is_some());
        self.slots_of(subscription).any(is_events)
    }

    /// Tells of events that the server had to drop.
    pub async fn tell_overflows(&mut self, outside: &Outside) -> Result<(), Over> {
        for slot in std::mem::take(&mut self.refresh.overflows) {
            outside.counters.overflows.add(1);
            let node = self.discovery.items.get(slot as usize).map_or("", |item| item.node.as_str());
            outside.gap(Finding::error("QIAO-O072", node), vec![slot]).await?;
        }
        Ok(())
    }
}

impl Publisher<'_> {
    /// Has conditions told that are to be asked for; one request at a time. What was asked for on a link that ended is
    /// asked for again.
    pub(super) fn refresh(&mut self, state: &mut Loop) {
        let Some(id) = self.feed.refresh.wanted.first().copied().filter(|_| !state.is_refreshing) else { return };
        state.is_refreshing = true;
        let (session, told) = (state.session.clone(), state.tell.clone());
        state.makers.spawn(async move {
            let answer = ask(&session, id).await;
            // Nobody listens any more: the link has ended.
            let _ = told.send(Made::Refreshed { subscription: id, answer }).await;
        });
    }

    /// The server's answer. One that has no conditions, or cannot refresh them, is told of once.
    pub(super) async fn refreshed(
        &mut self,
        state: &mut Loop,
        subscription: u32,
        answer: Result<(), StatusCode>,
    ) -> Result<(), Over> {
        state.is_refreshing = false;
        self.feed.refresh.wanted.remove(&subscription);
        let Err(status) = answer else { return Ok(()) };
        if status == StatusCode::BadRefreshInProgress || std::mem::replace(&mut self.feed.refresh.is_told, true) {
            return Ok(());
        }
        let finding = Finding::note("QIAO-O071", &self.outside.name).with("status", status);
        self.outside.emit(SourceEvent::Finding(finding)).await
    }
}

async fn ask(session: &Session, subscription: u32) -> Result<(), StatusCode> {
    let call = CallMethodRequest {
        object_id: NodeId::from(ObjectTypeId::ConditionType),
        method_id: NodeId::from(MethodId::ConditionType_ConditionRefresh),
        input_arguments: Some(vec![Variant::UInt32(subscription)]),
    };
    let answer = Call::new(session).method(call).send(session.channel()).await.map_err(|error| error.status())?;
    match answer.results.unwrap_or_default().first() {
        Some(result) if !result.status_code.is_bad() => Ok(()),
        Some(result) => Err(result.status_code),
        None => Err(StatusCode::BadUnknownResponse),
    }
}
