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

/// What is known of the conditions of one session.
#[derive(Debug, Default)]
pub struct Refresh {
    /// Subscriptions whose conditions are to be asked for.
    wanted: BTreeSet<u32>,
    /// The one whose request is on its way.
    asked: Option<u32>,
    /// Subscriptions whose conditions were asked for, until their next events.
    due: BTreeSet<u32>,
    /// Slots between the start and the end of a refresh.
    running: BTreeSet<u32>,
    /// Subscription of a new item, and when the item was created by the server's clock; until its refresh has come.
    since: BTreeMap<u32, (u32, Timestamp)>,
    /// Subscriptions whose refresh the server agreed to: it comes with their next events.
    agreed: BTreeSet<u32>,
    /// When the server received the latest event of a condition that a slot told.
    latest: BTreeMap<u32, Timestamp>,
    /// Subscriptions whose conditions were asked for because of a loss.
    after_loss: BTreeSet<u32>,
    /// That the server does not refresh was told.
    is_told: bool,
    /// Slots whose queue ran over in the notification that is being taken.
    overflows: Vec<u32>,
    /// Slots whose conditions, says the server in it, are not what it told before.
    outdated: Vec<u32>,
}

impl Refresh {
    /// The conditions of a subscription are to be asked for: its items are new, or something of them was lost.
    pub fn want(&mut self, subscription: u32) {
        self.wanted.insert(subscription);
    }

    /// The next subscription whose conditions are to be asked for now: one request at a time.
    fn next(&mut self) -> Option<u32> {
        if self.asked.is_some() {
            return None;
        }
        let id = self.wanted.pop_first()?;
        self.asked = Some(id);
        self.due.insert(id);
        Some(id)
    }

    /// The link has ended: what was asked for on it is asked for again.
    pub fn resume(&mut self) {
        self.wanted.extend(self.asked.take());
    }

    /// Forgets a subscription that has ended, with its slots.
    pub fn forget(&mut self, subscription: u32, slots: &[u32]) {
        self.wanted.remove(&subscription);
        self.asked.take_if(|asked| *asked == subscription);
        self.due.remove(&subscription);
        self.agreed.remove(&subscription);
        self.after_loss.remove(&subscription);
        slots.iter().for_each(|slot| {
            self.running.remove(slot);
            self.since.remove(slot);
            self.latest.remove(slot);
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
            SystemEvent::RefreshRequired => {
                self.outdated.push(slot);
                self.want(subscription);
            }
            SystemEvent::QueueOverflow => {
                self.overflows.push(slot);
                self.lose(slot, subscription);
            }
        }
    }

    /// Events of a slot were lost: its conditions are to be told again. Not when this happens to a refresh that a loss had
    /// asked for: the next one would be lost as well, and so on without end.
    pub fn lose(&mut self, slot: u32, subscription: u32) {
        let is_refresh = self.due.contains(&subscription) || self.running.contains(&slot);
        if self.after_loss.insert(subscription) || !is_refresh {
            self.want(subscription);
        }
    }

    /// The server listens for a slot since this time of its clock.
    pub fn listen(&mut self, slot: u32, subscription: u32, time: Timestamp) {
        self.since.insert(slot, (subscription, time));
    }

    /// Events of a subscription have come: behind the server's agreement they were those of its refresh.
    pub fn settle(&mut self, subscription: u32) {
        self.due.remove(&subscription);
        if self.agreed.remove(&subscription) {
            self.since.retain(|_, (of, _)| *of != subscription);
        }
    }

    /// What becomes of an event of a machine. A condition is told again between the start and the end of a refresh. Some
    /// servers tell both of the Server object alone; then it is one that the server received before the item was there,
    /// or, while a refresh is awaited, one no newer than what was told before.
    pub fn admit(&mut self, head: &EventHead, subscription: u32) -> Admission {
        if !head.is_condition {
            return Admission::Take { is_refreshed: false };
        }
        let (slot, received) = (head.slot, head.receive_time);
        let is_asked = self.wanted.contains(&subscription) || self.asked == Some(subscription);
        let is_awaited = is_asked || self.agreed.contains(&subscription);
        let is_before = self.since.get(&slot).is_some_and(|(_, since)| received < *since);
        let latest = self.latest.entry(slot).or_insert(Timestamp::NONE);
        let is_told = is_awaited && !latest.is_none() && received <= *latest;
        *latest = received.max(*latest);
        let is_from_before = !received.is_none() && (is_before || is_told);
        Admission::Take { is_refreshed: is_from_before || self.running.contains(&slot) }
    }
}

impl Feed {
    /// Whether an item takes events.
    #[must_use]
    pub fn is_event(&self, slot: u32) -> bool {
        self.bindings.get(slot as usize).is_some_and(|binding| binding.events.is_some())
    }

    /// Whether an item of a subscription does.
    #[must_use]
    pub fn has_events(&self, subscription: u32) -> bool {
        self.slots_of(subscription).any(|slot| self.is_event(slot))
    }

    /// Tells of events that the server had to drop, or that it tells to be outdated.
    pub async fn tell_overflows(&mut self, outside: &Outside) -> Result<(), Over> {
        let node = |slot: u32| self.discovery.items.get(slot as usize).map_or("", |item| item.node.as_str());
        for slot in std::mem::take(&mut self.refresh.outdated) {
            outside.gap(Finding::warning("QIAO-O170", node(slot)), vec![slot]).await?;
        }
        for slot in std::mem::take(&mut self.refresh.overflows) {
            outside.counters.overflows.add(1);
            outside.gap(Finding::error("QIAO-O072", node(slot)), vec![slot]).await?;
        }
        Ok(())
    }
}

impl Publisher<'_> {
    /// Has conditions told that are to be asked for.
    pub(super) fn refresh(&mut self, state: &mut Loop) {
        let Some(id) = self.feed.refresh.next() else { return };
        let (session, told) = (state.session.clone(), state.tell.clone());
        state.makers.spawn(async move {
            let answer = ask(&session, id).await;
            // Nobody listens any more: the link has ended.
            let _ = told.send(Made::Refreshed { subscription: id, answer }).await;
        });
    }

    /// The server's answer. One that has no conditions, or cannot refresh them, is told of once.
    pub(super) async fn refreshed(&mut self, subscription: u32, answer: Result<(), StatusCode>) -> Result<(), Over> {
        if self.feed.refresh.asked.take_if(|asked| *asked == subscription).is_none() {
            // The subscription has ended in the meantime.
            return Ok(());
        }
        self.feed.refresh.agreed.insert(subscription);
        let Err(status) = answer else { return Ok(()) };
        // Nothing comes of it.
        self.feed.refresh.settle(subscription);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn condition(slot: u32, received: i64) -> EventHead {
        EventHead { is_condition: true, receive_time: Timestamp(received), ..EventHead::new(slot) }
    }

    #[track_caller]
    fn check(refresh: &mut Refresh, head: &EventHead, is_refreshed: bool) {
        assert_eq!(refresh.admit(head, 7), Admission::Take { is_refreshed }, "{head:?}");
    }

    #[test]
    fn what_a_refresh_tells_is_marked_whether_or_not_the_server_says_where_it_begins() {
        let mut refresh = Refresh::default();
        refresh.say(SystemEvent::RefreshStart, 1, 7);
        check(&mut refresh, &condition(1, 900), true);
        check(&mut refresh, &condition(2, 900), false);
        check(&mut refresh, &EventHead { is_condition: false, ..condition(1, 900) }, false);
        refresh.say(SystemEvent::RefreshEnd, 1, 7);
        check(&mut refresh, &condition(1, 900), false);
        // A server that tells of start and end elsewhere.
        refresh.listen(2, 7, Timestamp(500));
        check(&mut refresh, &condition(2, 499), true);
        check(&mut refresh, &condition(2, 500), false);
        refresh.settle(7);
        check(&mut refresh, &condition(2, 499), true);
        refresh.agreed.insert(7);
        refresh.settle(7);
        check(&mut refresh, &condition(2, 499), false);
    }

    #[test]
    fn a_later_refresh_is_marked_too_where_the_server_does_not_say_where_it_begins() {
        let mut refresh = Refresh::default();
        check(&mut refresh, &condition(1, 900), false);
        // What happens twice at once is no refresh.
        check(&mut refresh, &condition(1, 900), false);
        refresh.want(7);
        check(&mut refresh, &condition(1, 900), true);
        check(&mut refresh, &condition(1, 400), true);
        check(&mut refresh, &condition(1, 901), false);
        check(&mut refresh, &condition(2, 900), false);
        refresh.wanted.clear();
        check(&mut refresh, &condition(1, 901), false);
    }

    #[test]
    fn a_required_refresh_and_an_overflow_have_the_conditions_told_again() {
        let mut refresh = Refresh::default();
        refresh.say(SystemEvent::RefreshRequired, 1, 7);
        assert_eq!((refresh.wanted.iter().copied().collect::<Vec<_>>(), refresh.overflows.len()), (vec![7], 0));
        refresh.say(SystemEvent::QueueOverflow, 3, 8);
        assert_eq!(
            (refresh.wanted.iter().copied().collect::<Vec<_>>(), &refresh.overflows[..]),
            (vec![7, 8], &[3][..])
        );
        refresh.forget(7, &[1]);
        assert_eq!(refresh.wanted.iter().copied().collect::<Vec<_>>(), [8]);
    }

    #[test]
    fn a_refresh_that_runs_over_itself_is_told_and_not_repeated_without_end() {
        let mut refresh = Refresh::default();
        let agree = |refresh: &mut Refresh| {
            refresh.want(7);
            assert_eq!(refresh.next(), Some(7));
            refresh.asked = None;
            refresh.agreed.insert(7);
        };
        agree(&mut refresh);
        refresh.say(SystemEvent::QueueOverflow, 1, 7);
        assert_eq!(refresh.wanted, BTreeSet::from([7]), "once more");
        // The start of it may have been dropped, too.
        agree(&mut refresh);
        refresh.say(SystemEvent::QueueOverflow, 1, 7);
        refresh.say(SystemEvent::QueueOverflow, 2, 7);
        refresh.settle(7);
        refresh.say(SystemEvent::RefreshStart, 1, 7);
        refresh.say(SystemEvent::QueueOverflow, 1, 7);
        assert_eq!((refresh.wanted.len(), &refresh.overflows[..]), (0, &[1, 1, 2, 1][..]));
        refresh.say(SystemEvent::RefreshEnd, 1, 7);
        refresh.say(SystemEvent::QueueOverflow, 1, 7);
        assert_eq!(refresh.wanted, BTreeSet::from([7]), "this is another loss");
    }

    #[test]
    fn a_loss_is_asked_for_again_unless_it_is_one_of_the_answer_to_a_loss() {
        let mut refresh = Refresh::default();
        refresh.lose(1, 7);
        assert_eq!((refresh.next(), refresh.next()), (Some(7), None), "one request at a time");
        refresh.lose(1, 7);
        refresh.resume();
        assert_eq!((refresh.next(), refresh.next()), (Some(7), None), "asked again on the next link, once");

        // Its events may come before the answer to the request does.
        refresh.settle(7);
        refresh.lose(1, 7);
        refresh.asked = None;
        assert_eq!(refresh.next(), Some(7), "a loss behind those events is another one");
    }
}
