//! The way of a notification into a batch.

use super::decode_event::{Admission, Events, Of};
use super::event::{EventHead, SystemEvent};
use super::feed::{Feed, is_missing};
use super::item::Item;
use super::item_request;
use super::model_event;
use super::outside::{Outside, Over};
use super::recheck::Cause;
use crate::finding::Finding;
use crate::model::delivery::AckKey;
use crate::model::{Batch, Pending, StatusCode as Status};
use crate::port::SourceEvent;
use ::opcua::types::{ExtensionObject, NotificationMessage, StatusChangeNotification, StatusCode};
use std::cell::Cell;

/// What a notification held.
#[derive(Debug, PartialEq, Eq)]
pub enum Taken {
    Values,
    /// The subscription has ended.
    Ended(StatusCode),
}

/// Items of one notification that are told of by name; the counters tell of all.
const TOLD_MAX: usize = 50;

/// What a notification said of its items.
#[derive(Debug, Default)]
struct News {
    /// One reports for the first time that its node is not there.
    is_missing_any: bool,
    findings: Vec<Finding>,
}

impl Feed {
    /// Hands the expected notification of a subscription on.
    pub async fn take(&mut self, at: usize, message: NotificationMessage, outside: &Outside) -> Result<Taken, Over> {
        let (id, number) = (self.subscriptions[at].id, self.subscriptions[at].sequence.expected());
        let mut batch = Batch {
            epoch: self.epoch,
            received: outside.clock.now().wall,
            samples: Vec::with_capacity(self.size.0),
            arena: Vec::with_capacity(self.size.1),
            ..Batch::default()
        };
        let mut taken = Taken::Values;
        let (mut lost, mut unknown) = (0, 0);
        let items = u32::try_from(self.items.len()).unwrap_or(u32::MAX);
        for data in message.notification_data.iter().flatten() {
            // node-opcua sends a value of an item that waits for events, when a session is taken over.
            let of_watch = Cell::new(0);
            let slot_of = |handle| {
                of_watch.set(of_watch.get() + u32::from(model_event::is_handle(handle)));
                let slot = item_request::slot(handle).filter(|slot| *slot < items)?;
                let is_events = self.bindings.get(slot as usize).is_some_and(|binding| binding.events.is_some());
                of_watch.set(of_watch.get() + u32::from(is_events));
                (!is_events).then_some(slot)
            };

            if let Some(done) = self.decoder.notification(data, slot_of, &mut batch) {
                lost += done.lost;
                unknown += done.unknown.saturating_sub(of_watch.get());
            } else if let Some(change) = data.inner_as::<StatusChangeNotification>() {
                taken = Taken::Ended(change.status);
            } else if let Some(events) = self.take_events(data, id, &mut batch) {
                if events.lost > 0 {
                    self.lose_events(id);
                }
                self.refresh.settle(id);
                lost += events.lost;
                unknown += events.unknown;
                if events.has_change {
                    self.recheck.ask(Cause::Told, outside.now());
                }
            }
        }
        let mut overflowed = batch.samples.iter().filter(|sample| Status(sample.status).is_overflow());
        let overflow = overflowed.next().map(|sample| sample.slot);
        let overflows = u64::from(overflow.is_some()) + overflowed.count() as u64;
        let news = self.heard(&batch);
        self.history.heard(&batch, outside.now());
        if news.is_missing_any {
            self.recheck.ask(Cause::Suspected, outside.now());
            self.count(&outside.counters);
        }
        self.size = (batch.samples.len(), batch.arena.len());
        outside.counters.notifications.add(1);
        outside.counters.values.add(batch.samples.len() as u64);
        outside.counters.overflows.add(overflows);
        outside.counters.decode_failures.add(u64::from(lost + unknown));
        if batch.samples.is_empty() {
            // Nothing is owed for a message without values.
            self.subscriptions[at].sequence.skip(1);
            self.acknowledge(id, number);
        } else {
            self.subscriptions[at].sequence.hand_on();
            let key = AckKey::Notification { subscription: id, sequence: number };
            batch.pending = Some(Pending { source: outside.index, epoch: self.epoch, key });
            outside.emit(SourceEvent::Batch(batch)).await?;
        }
        for finding in news.findings {
            outside.emit(SourceEvent::Finding(finding)).await?;
        }
        self.tell_opaque(outside).await?;
        self.tell_overflows(outside).await?;
        if let Some(slot) = overflow.filter(|_| !std::mem::replace(&mut self.is_overflow_told, true)) {
            let node = self.discovery.items.get(slot as usize).map_or("", |item| item.node.as_str());
            outside.emit(SourceEvent::Finding(Finding::warning("QIAO-O137", node))).await?;
        }
        if lost + unknown > 0 {
            self.lose(id);
            let finding =
                Finding::error("QIAO-O028", &outside.name).with("count", lost + unknown).with("subscription", id);
            outside.gap(finding, self.slots_of(id).collect()).await?;
        }
        Ok(taken)
    }

    /// Events of machines go to the batch; what the server says of its events is noted.
    fn take_events(&mut self, data: &ExtensionObject, subscription: u32, batch: &mut Batch) -> Option<Events> {
        let (bindings, refresh) = (&self.bindings, &mut self.refresh);
        let binding = |slot: u32| bindings.get(slot as usize).and_then(|binding| binding.events.as_deref());
        let of = |handle| match item_request::slot(handle).filter(|slot| binding(*slot).is_some()) {
            _ if model_event::is_handle(handle) => Of::Watch,
            Some(slot) => Of::Slot(slot),
            None => Of::Nobody,
        };
        let admit = |head: &EventHead| {
            if let Some(event) = head.event_type.as_ref().and_then(SystemEvent::of) {
                refresh.say(event, head.slot, subscription);
                return Admission::Drop;
            }
            if binding(head.slot).is_some_and(|binding| binding.takes(head)) {
                refresh.admit(head, subscription)
            } else {
                Admission::Drop
            }
        };
        self.decoder.events(data, of, admit, batch)
    }

    /// Events of a subscription cannot be read, and with them the state of conditions.
    fn lose_events(&mut self, subscription: u32) {
        let slots: Vec<u32> = self.slots_of(subscription).filter(|slot| self.is_event(*slot)).collect();
        slots.into_iter().for_each(|slot| self.refresh.lose(slot, subscription));
    }

    /// Items that have a value have reported; or they report that their node is not there.
    fn heard(&mut self, batch: &Batch) -> News {
        let mut news = News::default();
        for sample in &batch.samples {
            let Some(item) = self.items.get_mut(sample.slot as usize) else { continue };
            self.unheard.remove(&sample.slot);
            let is_gone = is_missing(sample.status);
            let before = *item;
            match before {
                Item::Created { place, .. } | Item::Reporting(place) if is_gone => *item = Item::Missing(place),
                Item::Created { place, .. } | Item::Missing(place) if !is_gone => *item = Item::Reporting(place),
                _ => continue,
            }
            news.is_missing_any |= is_gone;
            // One that is missed was told of; it is news again only when it is back.
            let was_missed = matches!(before, Item::Missing(_) | Item::Created { was_missed: true, .. });
            if is_gone != was_missed && news.findings.len() < TOLD_MAX {
                let node = self.discovery.items.get(sample.slot as usize).map_or("", |item| item.node.as_str());
                news.findings.push(if is_gone {
                    let status = StatusCode::from(sample.status & 0xFFFF_0000);
                    Finding::error("QIAO-O024", node).with("status", status)
                } else {
                    Finding::note("QIAO-O027", node)
                });
            }
        }
        news
    }

    /// Values that were read once are handed on, but for those of items that have reported meanwhile: the answer was on its
    /// way beside the notifications, and may be older than what they brought.
    pub async fn take_read_once(&mut self, mut values: Vec<(u32, Vec<u8>)>, outside: &Outside) -> Result<(), Over> {
        values.retain(|(slot, _)| self.is_read_once(*slot));
        if !values.is_empty() {
            self.take_read(&values, outside).await?;
        }
        Ok(())
    }

    /// Values that were read become a batch that nobody has to acknowledge. Whether a node is not there any more.
    pub async fn take_read(&mut self, values: &[(u32, Vec<u8>)], outside: &Outside) -> Result<bool, Over> {
        let mut batch = Batch { epoch: self.epoch, received: outside.clock.now().wall, ..Batch::default() };
        for (slot, value) in values {
            self.decoder.sample(*slot, value, &mut batch);
        }
        let is_missing_any = batch.samples.iter().any(|sample| is_missing(sample.status));
        self.history.heard(&batch, outside.now());
        outside.counters.values.add(batch.samples.len() as u64);
        outside.emit(SourceEvent::Batch(batch)).await?;
        self.tell_opaque(outside).await?;
        Ok(is_missing_any)
    }

    /// Tells once an item what could not be decoded.
    async fn tell_opaque(&mut self, outside: &Outside) -> Result<(), Over> {
        for finding in self.decoder.take_findings(&self.discovery.items) {
            outside.counters.decode_failures.add(1);
            outside.emit(SourceEvent::Finding(finding)).await?;
        }
        Ok(())
    }
}
