//! The way of a notification into a batch.

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
use ::opcua::types::{DataValue, NotificationMessage, StatusChangeNotification, StatusCode};
use std::cell::Cell;

/// What a notification held.
#[derive(Debug, PartialEq, Eq)]
pub enum Taken {
    Values,
    /// The subscription has ended.
    Ended(StatusCode),
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
            pending: None,
        };
        let mut taken = Taken::Values;
        let (mut lost, mut unknown) = (0, 0);
        let items = u32::try_from(self.items.len()).unwrap_or(u32::MAX);
        for data in message.notification_data.iter().flatten() {
            // node-opcua sends a value of the item that waits for events, when a session is taken over.
            let of_watch = Cell::new(0);
            let slot_of = |handle| {
                of_watch.set(of_watch.get() + u32::from(model_event::is_handle(handle)));
                item_request::slot(handle).filter(|slot| *slot < items)
            };
            if let Some(done) = self.decoder.notification(data, slot_of, &mut batch) {
                lost += done.lost;
                unknown += done.unknown.saturating_sub(of_watch.get());
            } else if let Some(change) = data.inner_as::<StatusChangeNotification>() {
                taken = Taken::Ended(change.status);
            } else if model_event::is_change(data) {
                self.recheck.ask(Cause::Told, outside.now());
            }
        }
        let overflows = batch.samples.iter().filter(|sample| Status(sample.status).is_overflow()).count() as u64;
        if self.heard(&batch) {
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
        for finding in self.decoder.take_findings(&self.discovery.items) {
            outside.counters.decode_failures.add(1);
            outside.emit(SourceEvent::Finding(finding)).await?;
        }
        if lost + unknown > 0 {
            let finding =
                Finding::error("QIAO-O028", &outside.name).with("count", lost + unknown).with("subscription", id);
            outside.gap(finding, self.slots_of(id).collect()).await?;
        }
        Ok(taken)
    }

    /// Items that have a value have reported; whether one reports for the first time that its node is not there.
    fn heard(&mut self, batch: &Batch) -> bool {
        let mut is_missing_now = false;
        for sample in &batch.samples {
            let Some(item) = self.items.get_mut(sample.slot as usize) else { continue };
            let is_gone = is_missing(sample.status);
            match *item {
                Item::Created(place) | Item::Reporting(place) if is_gone => {
                    *item = Item::Missing(place);
                    is_missing_now = true;
                }
                Item::Created(place) | Item::Missing(place) if !is_gone => *item = Item::Reporting(place),
                _ => {}
            }
        }
        is_missing_now
    }

    /// Values that were read become a batch that nobody has to acknowledge.
    pub async fn take_read(&mut self, values: &[(u32, DataValue)], outside: &Outside) -> Result<(), Over> {
        let mut batch = Batch { epoch: self.epoch, received: outside.clock.now().wall, ..Batch::default() };
        for (slot, value) in values {
            self.decoder.sample(*slot, value, &mut batch);
        }
        outside.counters.values.add(batch.samples.len() as u64);
        outside.emit(SourceEvent::Batch(batch)).await
    }
}
