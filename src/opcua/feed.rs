//! What one session monitors and owes: items, subscriptions, receipts.
//!
//! Outlives the link: a session that is taken over goes on with it.

use super::cache::ServerIdentity;
use super::counters::Counters;
use super::cycle::is_readable;
use super::decode::Decoder;
use super::discover::{Found, ItemBinding};
use super::estate::Book;
use super::history::History;
use super::item::{Item, Place};
use super::order::{Granted, Order, Terms};
use super::recheck::{Cause, Outcome, Recheck};
use super::refresh::Refresh;
use super::sequence::Sequence;
use crate::finding::Finding;
use crate::model::Discovery;
use crate::model::delivery::AckKey;
use crate::spool::Receipt;
use ::opcua::types::{NodeId, StatusCode, SubscriptionAcknowledgement};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

/// What a server is believed to keep for Republish until it shows that it keeps more: the least that is in the field.
const WINDOW_MIN: usize = 8;
const WINDOW_MAX: usize = 64;
/// A refused item is tried again after this time, then after twice of it, and so on.
const RETRY_FIRST: Duration = Duration::from_secs(5);
const RETRY_LONGEST: Duration = Duration::from_secs(300);

/// One subscription at work.
#[derive(Debug)]
pub struct Subscription {
    pub id: u32,
    pub interval: Duration,
    pub keep_alive: Duration,
    pub lifetime: Duration,
    pub sequence: Sequence,
    /// When it last said anything.
    pub heard: Duration,
    pub created: Duration,
    /// It said that it has nothing to say: every item that has not reported has nothing to report.
    pub is_proved: bool,
    /// Numbers that the server said it keeps when another session took the subscription over; until they are fetched.
    pub available: Vec<u32>,
    /// It was taken over by another session, or said its first thing after that, then; and has said no second one.
    pub transferred: Option<Duration>,
    /// It said something in this session.
    pub has_spoken: bool,
    /// An earlier process created it: of its items there are no values yet.
    pub is_inherited: bool,
}

impl Subscription {
    #[must_use]
    pub fn new(granted: Granted, now: Duration) -> Self {
        Self {
            id: granted.id,
            interval: granted.interval,
            keep_alive: granted.keep_alive,
            lifetime: granted.lifetime,
            sequence: Sequence::default(),
            heard: now,
            created: now,
            is_proved: false,
            available: Vec::new(),
            transferred: None,
            has_spoken: false,
            is_inherited: false,
        }
    }

    /// It says something. Some servers tell the present values of a subscription that was taken over, and then nothing more.
    pub fn speaks(&mut self, now: Duration) {
        self.heard = now;
        if std::mem::replace(&mut self.has_spoken, true) {
            self.transferred = None;
        } else if let Some(since) = &mut self.transferred {
            *since = now;
        }
    }
}

/// What one session monitors and owes.
#[derive(Debug)]
pub struct Feed {
    /// Of the newest discovery.
    pub epoch: u64,
    /// Of the session's first discovery: what is pending since then is owed to this session.
    since: u64,
    pub discovery: Arc<Discovery>,
    /// The server, as it was when the items were created.
    pub identity: ServerIdentity,
    pub bindings: Arc<Vec<ItemBinding>>,
    pub items: Vec<Item>,
    pub subscriptions: Vec<Subscription>,
    /// Items that the server keeps and nobody wants: to be deleted.
    pub orphans: Vec<Place>,
    /// Slots of which the server grants less than was asked.
    pub revised: HashSet<u32>,
    /// Slots that an earlier process left and that have said nothing here: read once.
    pub unheard: HashSet<u32>,
    /// What the next process is left; `None`: nothing.
    pub book: Option<Book>,
    /// An earlier process was creating items when it ended: the server may keep more than we know of.
    pub has_uncertain_items: bool,
    /// It does not say what is the case now.
    pub is_book_old: bool,
    /// That the server's queues are too short was told.
    pub is_overflow_told: bool,
    /// Receipted, and to be told to the server with the next Publish request. On a quiet subscription that is up to one
    /// keep-alive time later, and it need not be sooner: a notification is sent in answer to a request, and every request
    /// carries all that is receipted, so never more are owed than requests are with the server, and never more than
    /// [`WINDOW_MAX`]. What the server holds longer it could send again after a loss; a loss of the link loses no
    /// acknowledgement, it goes with the first request of the link that takes the session over.
    pub acknowledgements: Vec<SubscriptionAcknowledgement>,
    pub terms: Terms,
    /// Publish requests to keep with the server; it may want fewer.
    pub target: usize,
    /// How many un-receipted notifications the server still holds for Republish.
    window: usize,
    pub decoder: Decoder,
    /// Values and arena bytes of the last batch: the next one is allocated once.
    pub size: (usize, usize),
    /// Subscription and number that were being asked for when the link ended.
    pub asking: Option<(u32, u32)>,
    /// Whose answer is suspected of being undecodable, and how often it ended a link.
    pub suspect: Option<(u32, u32, u8)>,
    /// A silent item was tried anew once.
    pub has_renewed: bool,
    /// The item that tells of changes of the server's model.
    pub watch: Item,
    /// Which conditions are to be asked for.
    pub refresh: Refresh,
    /// When the server is browsed again.
    pub recheck: Recheck,
    /// When the values that are read once are read (again), if they are to be.
    pub read_at: Option<Duration>,
    /// What the last discovery found wrong: told once.
    pub told: Vec<Finding>,
    /// Browses in a row that were not taken because they were worse than the one before.
    pub distrusted: u8,
    /// The last values of items, and what was missed after them.
    pub history: History,
    /// No item is due before.
    next_due: Duration,
}

impl Feed {
    /// What a new session begins with. `interval`: the longest time between two browses of the server.
    #[must_use]
    pub fn new(found: Found, terms: Terms, interval: Duration, now: Duration) -> Self {
        let items: Vec<Item> = found.discovery.items.iter().map(|item| Item::begin(item.mode)).collect();
        let outcome = if found.is_lacking { Outcome::Lacking } else { Outcome::Complete };
        Self {
            epoch: found.discovery.epoch,
            since: found.discovery.epoch,
            read_at: items.contains(&Item::ReadOnce).then_some(now),
            items,
            discovery: Arc::new(found.discovery),
            identity: found.identity,
            bindings: Arc::new(found.bindings),
            subscriptions: Vec::new(),
            orphans: Vec::new(),
            revised: HashSet::new(),
            unheard: HashSet::new(),
            book: None,
            has_uncertain_items: false,
            is_book_old: false,
            is_overflow_told: false,
            acknowledgements: Vec::new(),
            terms,
            target: 2,
            window: WINDOW_MIN,
            decoder: found.decoder,
            size: (0, 0),
            asking: None,
            suspect: None,
            has_renewed: false,
            watch: Item::Wanted { attempts: 0 },
            refresh: Refresh::default(),
            recheck: Recheck::new(interval, outcome, now),
            told: found.findings,
            distrusted: 0,
            history: History::default(),
            next_due: Duration::ZERO,
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
        if (self.since..=self.epoch).contains(&pending.epoch)
            && let Some(subscription) = self.subscriptions.iter_mut().find(|subscription| subscription.id == id)
            && subscription.sequence.receipt(sequence)
        {
            self.acknowledge(id, sequence);
        }
    }

    /// The server may forget a notification.
    pub fn acknowledge(&mut self, subscription_id: u32, sequence_number: u32) {
        if let (Some(book), Some(at)) = (&self.book, self.position(subscription_id)) {
            book.note(subscription_id, &self.subscriptions[at].sequence);
        }
        self.acknowledgements.push(SubscriptionAcknowledgement { subscription_id, sequence_number });
    }

    /// Whether the expected notification was receipted to an earlier process; then it is acknowledged and passed over.
    pub fn pass_done(&mut self, at: usize) -> bool {
        let (id, number) = (self.subscriptions[at].id, self.subscriptions[at].sequence.expected());
        let is_done = self.subscriptions[at].sequence.pass_done();
        if is_done {
            self.acknowledge(id, number);
        }
        is_done
    }

    #[must_use]
    pub fn position(&self, id: u32) -> Option<usize> {
        self.subscriptions.iter().position(|subscription| subscription.id == id)
    }

    pub fn granted(&mut self, granted: Granted, now: Duration) {
        self.add(Subscription::new(granted, now));
    }

    /// One subscription more.
    pub fn add(&mut self, subscription: Subscription) {
        self.subscriptions.push(subscription);
        self.is_book_old = true;
        // One request a subscription and one on its way, within what servers put up with.
        self.target = self.target.max((self.subscriptions.len() + 1).clamp(2, 4));
    }

    /// The server's answer for one item. A finding when it is news.
    pub fn answered(&mut self, slot: u32, answer: Result<Place, StatusCode>, now: Duration) -> Option<Finding> {
        let node = self.discovery.items.get(slot as usize).map(|item| item.node.clone()).unwrap_or_default();
        let item = self.items.get_mut(slot as usize)?;
        let (attempts, before) = match *item {
            Item::Wanted { attempts } => (attempts, None),
            Item::Refused { attempts, status, .. } => (attempts, Some(status)),
            _ => (0, None),
        };
        let status = match answer {
            Ok(place) if self.bindings.get(slot as usize).is_some_and(|binding| binding.events.is_some()) => {
                // It has nothing to say until something happens; what happened before is asked for.
                *item = Item::Reporting(place);
                self.refresh.want(place.subscription);
                return None;
            }
            Ok(place) => {
                *item = Item::Created { place, was_missed: attempts > 0 };
                return None;
            }
            Err(status) => StatusCode::from(status.bits() & 0xFFFF_0000),
        };
        let pause = RETRY_FIRST.saturating_mul(1 << attempts.min(8)).min(RETRY_LONGEST);
        *item = Item::Refused { attempts: attempts + 1, again: now + pause, status: status.bits() };
        if is_missing(status.bits()) && attempts == 0 {
            self.recheck.ask(Cause::Suspected, now);
        }
        // What is read instead is told as one.
        let is_news = attempts == 0 || before.is_some_and(|before| before != status.bits());
        (is_news && !is_readable(status.bits())).then(|| Finding::error("QIAO-O024", node).with("status", status))
    }

    /// Slots that are due; a refused one is due when its pause is over. They are looked through only when one can be.
    pub fn due(&mut self, now: Duration) -> Vec<u32> {
        if now < self.next_due {
            return Vec::new();
        }
        self.next_due = Duration::MAX;
        let mut due = Vec::new();
        for (slot, item) in (0..).zip(&self.items) {
            match item {
                Item::Wanted { .. } => due.push(slot),
                Item::Refused { again, .. } if *again <= now => due.push(slot),
                Item::Refused { again, .. } => self.next_due = self.next_due.min(*again),
                _ => {}
            }
        }
        due
    }

    /// Some items may be due again: of an order that is done, of a subscription that has ended.
    pub fn look_again(&mut self) {
        self.next_due = Duration::ZERO;
    }

    /// Whether changes of the server's model are to be monitored and are not.
    #[must_use]
    pub fn wants_watch(&self) -> bool {
        matches!(self.watch, Item::Wanted { .. })
    }

    /// An order for these slots; they join a subscription that has room.
    #[must_use]
    pub fn order(&self, slots: Vec<u32>) -> Order {
        let room = |subscription: &Subscription| (subscription.id, Order::room(self.slots_of(subscription.id).count()));
        // The watch takes no room worth counting.
        let join = self.subscriptions.iter().map(room).find(|(_, room)| *room >= slots.len().max(1));
        Order {
            slots,
            has_watch: self.wants_watch(),
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

    /// Values of a subscription were or may have been lost: they are missing after the last one that was handed on.
    pub fn lose(&mut self, id: u32) {
        let slots: Vec<u32> = self.slots_of(id).filter(|slot| !self.is_event(*slot)).collect();
        self.history.cut(slots);
    }

    /// A subscription is gone: its items are wanted again. Returns their slots.
    pub fn remove(&mut self, id: u32) -> Vec<u32> {
        let slots: Vec<u32> = self.slots_of(id).collect();
        for slot in &slots {
            self.items[*slot as usize] = Item::Wanted { attempts: 0 };
        }
        if self.watch.subscription() == Some(id) {
            self.watch = Item::Wanted { attempts: 0 };
        }
        self.refresh.forget(id, &slots);
        self.orphans.retain(|place| place.subscription != id);
        self.is_book_old = true;
        self.look_again();
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
        let late = |item: &Item| matches!(item, Item::Created { place, .. } if is_late(place.subscription));
        (0..).zip(&self.items).filter(|(_, item)| late(item)).map(|(slot, _)| slot).collect()
    }

    /// Numbers for metrics.
    pub fn count(&self, counters: &Counters) {
        let count = |is: fn(&Item) -> bool| self.items.iter().filter(|item| is(item)).count() as u64;
        counters.items_ok.set(count(|item| matches!(item, Item::Created { .. } | Item::Reporting(_))));
        let is_failed = |item: &Item| match item {
            Item::Refused { status, .. } => !is_readable(*status),
            Item::Missing(_) => true,
            Item::Gone { is_missed, .. } => *is_missed,
            _ => false,
        };
        counters.items_failed.set(count(is_failed));
        let is_placed = |slot: &&u32| self.items.get(**slot as usize).is_some_and(|item| item.place().is_some());
        counters.items_revised.set(self.revised.iter().filter(is_placed).count() as u64);
        let is_less = |one: &&Subscription| self.terms.is_slower(one.interval) || self.terms.is_shorter(one.lifetime);
        counters.subscriptions_revised.set(self.subscriptions.iter().filter(is_less).count() as u64);
    }

    /// Slots and nodes of what is read once.
    #[must_use]
    pub fn read_once(&self) -> Vec<(u32, NodeId)> {
        let slots = (0..).zip(self.bindings.iter()).filter(|(slot, _)| self.is_read_once(*slot));
        slots.map(|(slot, binding)| (slot, binding.node.clone())).collect()
    }

    #[must_use]
    pub(super) fn is_read_once(&self, slot: u32) -> bool {
        self.items.get(slot as usize) == Some(&Item::ReadOnce) || self.unheard.contains(&slot)
    }
}

/// A node that the server does not know (any more).
#[must_use]
pub fn is_missing(status: u32) -> bool {
    let code = status & 0xFFFF_0000;
    code == StatusCode::BadNodeIdUnknown.bits() || code == StatusCode::BadNodeIdInvalid.bits()
}
