//! What one session monitors and owes: items, subscriptions, and the way of a notification into a batch.
//!
//! Outlives the link: a session that is taken over goes on with it.

use super::counters::Counters;
use super::decode::Decoder;
use super::discover::{Found, ItemBinding};
use super::sequence::Sequence;
use super::subscribe::{self, Granted, Order, Terms};
use crate::finding::Finding;
use crate::model::delivery::AckKey;
use crate::model::discovery::ItemMode;
use crate::model::{Batch, Discovery, Pending, StatusCode as Status};
use crate::port::source::Gap;
use crate::port::{Clock, SourceEvent};
use crate::spool::Receipt;
use ::opcua::types::{NotificationMessage, StatusChangeNotification, StatusCode, SubscriptionAcknowledgement};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// What a server is believed to keep for Republish until it shows that it keeps more: the least that is in the field.
const WINDOW_MIN: usize = 8;
const WINDOW_MAX: usize = 64;
/// A refused item is tried again after this time, then after twice of it, and so on.
const RETRY_FIRST: Duration = Duration::from_secs(5);
const RETRY_LONGEST: Duration = Duration::from_secs(300);

/// Where a source tells what happens.
#[derive(Debug)]
pub struct Outside {
    pub name: String,
    pub index: u16,
    pub clock: Clock,
    pub counters: Arc<Counters>,
    pub events: mpsc::Sender<SourceEvent>,
    pub stop: CancellationToken,
}

/// Nobody needs this source any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Over;

impl Outside {
    /// Waits while the pipeline is full: the server feels it, nothing is dropped.
    pub async fn emit(&self, event: SourceEvent) -> Result<(), Over> {
        tokio::select! {
            biased;
            () = self.stop.cancelled() => Err(Over),
            sent = self.events.send(event) => sent.map_err(|_| Over),
        }
    }

    pub async fn gap(&self, finding: Finding, slots: Vec<u32>) -> Result<(), Over> {
        self.counters.gaps.add(1);
        self.emit(SourceEvent::Gap(Gap { finding, slots })).await
    }

    #[must_use]
    pub fn now(&self) -> Duration {
        self.clock.now().monotonic
    }
}

/// One subscription at work.
#[derive(Debug)]
pub struct Subscription {
    pub id: u32,
    pub keep_alive: Duration,
    pub sequence: Sequence,
    /// When it last said anything.
    pub heard: Duration,
    pub created: Duration,
    /// It said that it has nothing to say: every item that has not reported has nothing to report.
    pub is_proved: bool,
}

/// Where one item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// Not monitored at all.
    Unmonitored,
    /// To be created.
    Wanted { attempts: u32 },
    /// The server agreed; nothing has come yet.
    Created { subscription: u32 },
    /// It has reported.
    Reporting { subscription: u32 },
    /// The server refused; tried again at that time.
    Refused { attempts: u32, again: Duration, status: u32 },
}

/// What one session monitors and owes.
#[derive(Debug)]
pub struct Feed {
    pub epoch: u64,
    pub discovery: Arc<Discovery>,
    pub bindings: Arc<Vec<ItemBinding>>,
    pub items: Vec<Item>,
    pub subscriptions: Vec<Subscription>,
    /// Receipted, and to be told to the server with the next Publish request.
    pub acknowledgements: Vec<SubscriptionAcknowledgement>,
    pub terms: Terms,
    /// Publish requests to keep with the server; it may want fewer.
    pub target: usize,
    /// How many un-receipted notifications the server still holds for Republish.
    window: usize,
    decoder: Decoder,
    /// Values and arena bytes of the largest recent batch: the next one is allocated once.
    size: (usize, usize),
    /// Subscription and number that were being asked for when the link ended.
    pub asking: Option<(u32, u32)>,
    /// Whose answer is suspected of being undecodable, and how often it ended a link.
    pub suspect: Option<(u32, u32, u8)>,
    /// A silent item was tried anew once.
    pub has_renewed: bool,
}

/// What a notification held.
#[derive(Debug, PartialEq, Eq)]
pub enum Taken {
    Values,
    /// The subscription has ended.
    Ended(StatusCode),
}

impl Feed {
    #[must_use]
    pub fn new(found: Found, terms: Terms) -> Self {
        let item = |mode| match mode {
            ItemMode::Monitored => Item::Wanted { attempts: 0 },
            ItemMode::ReadOnce => Item::Unmonitored,
        };
        Self {
            epoch: found.discovery.epoch,
            items: found.discovery.items.iter().map(|found| item(found.mode)).collect(),
            discovery: Arc::new(found.discovery),
            bindings: Arc::new(found.bindings),
            subscriptions: Vec::new(),
            acknowledgements: Vec::new(),
            terms,
            target: 2,
            window: WINDOW_MIN,
            decoder: found.decoder,
            size: (0, 0),
            asking: None,
            suspect: None,
            has_renewed: false,
        }
    }

    /// How many Publish requests may be with the server: each may bring a notification, and all that are not
    /// receipted must stay within what the server keeps.
    #[must_use]
    pub fn publish_allowed(&self) -> usize {
        let owed = self.subscriptions.iter().map(|subscription| subscription.sequence.owed()).max().unwrap_or(0);
        if self.subscriptions.is_empty() { 0 } else { self.target.min(self.window.saturating_sub(owed)) }
    }

    /// Learns from what the server says it keeps.
    pub fn learn_window(&mut self, available: usize) {
        self.window = self.window.max(available.min(WINDOW_MAX));
    }

    /// A receipt: the server may forget the notification. One of an older session is worthless.
    pub fn receipt(&mut self, receipt: Receipt) {
        let pending = receipt.into_pending();
        let AckKey::Notification { subscription: id, sequence } = pending.key else { return };
        if pending.epoch == self.epoch
            && let Some(subscription) = self.subscriptions.iter_mut().find(|subscription| subscription.id == id)
            && subscription.sequence.receipt(sequence)
        {
            self.acknowledge(id, sequence);
        }
    }

    fn acknowledge(&mut self, subscription_id: u32, sequence_number: u32) {
        self.acknowledgements.push(SubscriptionAcknowledgement { subscription_id, sequence_number });
    }

    #[must_use]
    pub fn position(&self, id: u32) -> Option<usize> {
        self.subscriptions.iter().position(|subscription| subscription.id == id)
    }

    pub fn granted(&mut self, granted: Granted, now: Duration) {
        self.subscriptions.push(Subscription {
            id: granted.id,
            keep_alive: granted.keep_alive,
            sequence: Sequence::default(),
            heard: now,
            created: now,
            is_proved: false,
        });
        // One request a subscription and one on its way, within what servers put up with.
        self.target = self.target.max((self.subscriptions.len() + 1).clamp(2, 4));
    }

    /// The server's answer for one item. A finding when it is news.
    pub fn answered(
        &mut self,
        slot: u32,
        subscription: Option<u32>,
        status: StatusCode,
        now: Duration,
    ) -> Option<Finding> {
        let node = self.discovery.items.get(slot as usize).map(|item| item.node.clone()).unwrap_or_default();
        let item = self.items.get_mut(slot as usize)?;
        let (attempts, before) = match *item {
            Item::Wanted { attempts } => (attempts, None),
            Item::Refused { attempts, status, .. } => (attempts, Some(status)),
            _ => (0, None),
        };
        let status = StatusCode::from(status.bits() & 0xFFFF_0000);
        if let Some(subscription) = subscription.filter(|_| !status.is_bad()) {
            *item = Item::Created { subscription };
            return (attempts > 0).then(|| Finding::note("QIAO-O027", node));
        }
        let pause = RETRY_FIRST.saturating_mul(1 << attempts.min(8)).min(RETRY_LONGEST);
        *item = Item::Refused { attempts: attempts + 1, again: now + pause, status: status.bits() };
        (attempts == 0 || before.is_some_and(|before| before != status.bits()))
            .then(|| Finding::error("QIAO-O024", node).with("status", status))
    }

    /// Slots that are due; a refused one is due when its pause is over.
    #[must_use]
    pub fn due(&self, now: Duration) -> Vec<u32> {
        let is_due = |item: &Item| match item {
            Item::Wanted { .. } => true,
            Item::Refused { again, .. } => *again <= now,
            _ => false,
        };
        (0..).zip(&self.items).filter(|(_, item)| is_due(item)).map(|(slot, _)| slot).collect()
    }

    /// An order for these slots; they join a subscription that has room.
    #[must_use]
    pub fn order(&self, slots: Vec<u32>) -> Order {
        let room = |subscription: &Subscription| (subscription.id, Order::room(self.slots_of(subscription.id).count()));
        let join = self.subscriptions.iter().map(room).find(|(_, room)| *room >= slots.len());
        Order {
            slots,
            discovery: Arc::clone(&self.discovery),
            bindings: Arc::clone(&self.bindings),
            join,
            terms: self.terms.clone(),
        }
    }

    /// Slots of a subscription.
    pub fn slots_of(&self, id: u32) -> impl Iterator<Item = u32> + '_ {
        (0..).zip(&self.items).filter(move |(_, item)| item.subscription() == Some(id)).map(|(slot, _)| slot)
    }

    /// A subscription is gone: its items are wanted again. Returns their slots.
    pub fn remove(&mut self, id: u32) -> Vec<u32> {
        let slots: Vec<u32> = self.slots_of(id).collect();
        for slot in &slots {
            self.items[*slot as usize] = Item::Wanted { attempts: 0 };
        }
        self.subscriptions.retain(|subscription| subscription.id != id);
        self.acknowledgements.retain(|one| one.subscription_id != id);
        slots
    }

    /// Created items that have said nothing in a subscription that never fell silent either, and had the time to.
    #[must_use]
    pub fn unproved(&self, now: Duration) -> Vec<u32> {
        let is_late = |id: u32| {
            self.subscriptions.iter().any(|subscription| {
                let patience = subscription.keep_alive * 2 + Duration::from_secs(10);
                subscription.id == id && !subscription.is_proved && now > subscription.created + patience
            })
        };
        let late = |item: &Item| matches!(item, Item::Created { subscription } if is_late(*subscription));
        (0..).zip(&self.items).filter(|(_, item)| late(item)).map(|(slot, _)| slot).collect()
    }

    /// Numbers for metrics.
    pub fn count(&self, counters: &Counters) {
        let count = |is: fn(&Item) -> bool| self.items.iter().filter(|item| is(item)).count() as u64;
        counters.items_ok.set(count(|item| item.subscription().is_some()));
        counters.items_failed.set(count(|item| matches!(item, Item::Refused { .. })));
    }

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
            let slot_of = |handle| subscribe::slot(handle).filter(|slot| *slot < items);
            if let Some(done) = self.decoder.notification(data, slot_of, &mut batch) {
                lost += done.lost;
                unknown += done.unknown;
            } else if let Some(change) = data.inner_as::<StatusChangeNotification>() {
                taken = Taken::Ended(change.status);
            }
        }
        let mut overflows = 0;
        for sample in &batch.samples {
            overflows += u64::from(Status(sample.status).is_overflow());
            if let Some(item @ Item::Created { .. }) = self.items.get_mut(sample.slot as usize) {
                *item = Item::Reporting { subscription: id };
            }
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

    /// Decodes values that were read, for [`super::read`].
    pub fn decoder(&mut self) -> &mut Decoder {
        &mut self.decoder
    }
}

impl Item {
    /// The subscription that it is in.
    #[must_use]
    pub fn subscription(&self) -> Option<u32> {
        match self {
            Self::Created { subscription } | Self::Reporting { subscription } => Some(*subscription),
            _ => None,
        }
    }
}
