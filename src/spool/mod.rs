//! Between the stages and the sinks: transactions go in, receipts come back, records go out in order per sink.
//!
//! What a flow wants durable lies on disk ([`durable`]) before its receipt says [`Durability::Durable`]; a thread of its
//! own commits it and reads it back when it no longer fits into memory. What need not be is bounded in
//! memory, its receipts say [`Durability::Accepted`], and it is lost with the process. State topics keep only their
//! newest record, log topics keep all.

mod commit;
mod committer;
pub mod durable;
mod key;
mod lane;
pub mod quarantine;
mod queue;
mod reader;
mod room;
pub mod told;

pub use committer::{DiskFacts, DiskPlan, LogPlan};
pub use key::MessageKey;
pub use reader::{Aside, Reader};
pub use room::{Full, Permit};

use crate::model::delivery::TopicKind;
use crate::model::{Delivery, Durability, MessageProperties, Pending, TopicName, Transaction};
use committer::{Committer, Order};
use lane::Transit;
use queue::{Held, OVERHEAD, Queue};
use room::{Room, Size};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{Notify, OwnedSemaphorePermit, mpsc};

/// Proof that a transaction was taken over. Only the spool makes one.
#[derive(Debug)]
#[must_use = "an unused receipt is a message never acknowledged"]
pub struct Receipt {
    pending: Pending,
    durability: Durability,
}

impl Receipt {
    /// What may now be acknowledged.
    pub fn into_pending(self) -> Pending {
        self.pending
    }

    #[must_use]
    pub fn durability(&self) -> Durability {
        self.durability
    }
}

/// One message on its way out.
#[derive(Clone, Debug)]
pub struct Record {
    /// Rises by one per record of a sink, from 1.
    pub position: u64,
    pub key: MessageKey,
    pub flow: u16,
    pub topic: Arc<TopicName>,
    pub kind: TopicKind,
    pub qos: u8,
    pub properties: Option<Arc<MessageProperties>>,
    pub payload: Arc<[u8]>,
    pub values: u32,
    /// It waited on disk, so that others may have gone out before it that are newer.
    pub is_replayed: bool,
}

impl Record {
    /// Every state message is retained, no log message is.
    #[must_use]
    pub fn is_retained(&self) -> bool {
        self.kind == TopicKind::State
    }
}

/// What happened to the records of one flow, counted in source values and in messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FlowCount {
    pub delivered_values: u64,
    pub delivered_messages: u64,
    /// A newer state message of the same topic took their place before they were sent.
    pub superseded_values: u64,
    pub spooled_values: u64,
    pub parked_values: u64,
    /// Had to go because the spool was full or they were too old; each is told as a gap.
    pub dropped_values: u64,
    /// Could not be read back; each is told as a gap.
    pub lost_values: u64,
    /// An earlier process left them on disk; they are in one of the others as well.
    pub recovered_values: u64,
}

impl FlowCount {
    /// Everything the spool took over of the flow in this process; what it refused as too large included.
    #[must_use]
    pub fn accepted_values(&self) -> u64 {
        let fates = self.delivered_values + self.superseded_values + self.parked_values + self.dropped_values;
        (fates + self.lost_values + self.spooled_values).saturating_sub(self.recovered_values)
    }

    /// So many of the values that waited wait no longer.
    fn leave(&mut self, values: u64) {
        self.spooled_values = self.spooled_values.saturating_sub(values);
    }
}

/// The spool. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Spool {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    /// For what is on its way to the disk, and for what need not go there: a disk that blocks holds up only the former, a
    /// sink that is away with memory alone behind it only the latter.
    durable: Room,
    volatile: Room,
    sinks: Vec<Mutex<Queue>>,
    arrived: Vec<Notify>,
    receipts: Vec<Mutex<mpsc::UnboundedSender<Receipt>>>,
    /// By source: transactions that the thread has and is not done with.
    under_way: Vec<AtomicU64>,
    flows: Mutex<HashMap<u16, FlowCount>>,
    /// What is kept on disk; `None`: nothing.
    committer: Option<Committer>,
}

/// Where a record lies on disk, too.
#[derive(Clone, Copy, Debug)]
struct OnDisk {
    key: MessageKey,
    /// It was read back from there.
    is_replayed: bool,
}

impl Spool {
    /// A spool of at most `limit` bytes for that many sinks, each with an equal share, and sources.
    #[must_use]
    pub fn in_memory(limit: u64, sinks: usize, sources: usize) -> Self {
        Self::for_sinks(limit, &vec![true; sinks], sources)
    }

    /// Like [`Self::in_memory`], for as many sinks as `used` is long: those that nothing goes to have no share.
    #[must_use]
    pub fn for_sinks(limit: u64, used: &[bool], sources: usize) -> Self {
        Self::new(Room::new(0, used), Room::new(limit, used), used.len(), sources, None)
    }

    fn new(durable: Room, volatile: Room, sinks: usize, sources: usize, committer: Option<Committer>) -> Self {
        let inner = Inner {
            durable,
            volatile,
            sinks: (0..sinks).map(|_| Mutex::new(Queue::new(key::fresh_stream()))).collect(),
            arrived: (0..sinks).map(|_| Notify::new()).collect(),
            receipts: (0..sources).map(|_| Mutex::new(mpsc::unbounded_channel().0)).collect(),
            under_way: (0..sources).map(|_| AtomicU64::new(0)).collect(),
            flows: Mutex::default(),
            committer,
        };
        Self { inner: Arc::new(inner) }
    }

    /// Where the receipts of one source come out from now on; a source that starts again asks again, and receipts
    /// of its former life are void.
    ///
    /// The channel is unbounded, what is in it is not: a source has only so many pendings out. A source that the
    /// spool was not made for gets a channel that nobody writes to.
    #[must_use]
    pub fn receipts(&self, source: u16) -> mpsc::UnboundedReceiver<Receipt> {
        let (sender, receiver) = mpsc::unbounded_channel();
        if let Some(slot) = self.inner.receipts.get(usize::from(source)) {
            *locked(slot) = sender;
        }
        receiver
    }

    /// How safe the safest of what this spool accepts is.
    #[must_use]
    pub fn durability(&self) -> Durability {
        if self.inner.committer.is_some() { Durability::Durable } else { Durability::Accepted }
    }

    /// Bytes of memory a transaction takes.
    fn size_of(transaction: &Transaction) -> u64 {
        transaction.bytes.len() as u64 + OVERHEAD * transaction.deliveries.len() as u64
    }

    /// Waits for room for a transaction: while there is none before one of its sinks, the source waits. What is durable and
    /// what is not have a room each.
    pub async fn reserve(&self, transaction: &Transaction) -> Result<Permit, Full> {
        let (mut durable, mut volatile) = (Size::default(), Size::default());
        for delivery in &transaction.deliveries {
            let size = if self.keeps(delivery) { &mut durable } else { &mut volatile };
            size.add(delivery.sink, payload(&transaction.bytes, delivery).len() as u64 + OVERHEAD);
        }
        let inner = &self.inner;
        // Always in this order: two that wait for both cannot wait for each other.
        let durable = inner.durable.reserve(durable).await?;
        Ok(Permit { durable, volatile: inner.volatile.reserve(volatile).await? })
    }

    fn keeps(&self, delivery: &Delivery) -> bool {
        self.inner.committer.as_ref().is_some_and(|committer| committer.keeps(delivery))
    }

    /// Takes a transaction over and gives its pending back inside a receipt: at once, or when everything of it that is to
    /// be durable is. One that produced nothing commits too, behind those of its source that wait for the disk.
    pub fn append(&self, permit: Permit, transaction: Transaction) {
        let Permit { durable: for_disk, volatile: for_memory } = permit;
        let Transaction { bytes, deliveries, pending, source } = transaction;
        let source = source.or(pending.as_ref().map(|pending| pending.source));
        let is_empty = deliveries.is_empty();
        let (durable, volatile): (Vec<_>, Vec<_>) = deliveries.into_iter().partition(|delivery| self.keeps(delivery));
        for delivery in &volatile {
            let payload = payload(&bytes, delivery);
            self.count(delivery.flow, |flow| flow.spooled_values += u64::from(delivery.values));
            self.push(delivery, payload.into(), None, for_memory.before(delivery.sink));
        }
        let under_way = source.and_then(|source| self.inner.under_way.get(usize::from(source)));
        let must_wait = is_empty && under_way.is_some_and(|count| count.load(Ordering::Relaxed) > 0);
        match &self.inner.committer {
            Some(committer) if !durable.is_empty() || must_wait => {
                for delivery in &durable {
                    self.count(delivery.flow, |flow| flow.spooled_values += u64::from(delivery.values));
                }
                if let Some(count) = under_way {
                    count.fetch_add(1, Ordering::Relaxed);
                }
                let transaction = Transaction { bytes, deliveries: durable, pending, source };
                // Without the thread, of which health tells, there is no receipt, and the source keeps what it has.
                committer.order(Order::Append(transaction, for_disk));
            }
            // Of nothing nothing can be lost.
            Some(_) if is_empty => self.give_back(pending, Durability::Durable),
            _ => self.give_back(pending, Durability::Accepted),
        }
    }

    /// The thread is done with a transaction.
    fn committed(&self, transit: &Transit) {
        if let Some(count) = transit.source.and_then(|source| self.inner.under_way.get(usize::from(source))) {
            count.fetch_sub(1, Ordering::Relaxed);
        }
        self.give_back(transit.take_pending(), Durability::Durable);
    }

    /// Puts a record where its sink takes it.
    fn push(
        &self,
        delivery: &Delivery,
        payload: Arc<[u8]>,
        on_disk: Option<OnDisk>,
        room: Option<&Arc<OwnedSemaphorePermit>>,
    ) {
        let Some(queue) = self.inner.sinks.get(usize::from(delivery.sink)) else { return };
        let mut queue = locked(queue);
        let record = Record {
            position: queue.next_position(),
            key: on_disk.map_or_else(|| queue.next_key(), |on_disk| on_disk.key),
            flow: delivery.flow,
            topic: Arc::clone(&delivery.topic),
            kind: delivery.kind,
            qos: delivery.qos,
            properties: delivery.properties.clone(),
            payload,
            values: delivery.values,
            is_replayed: on_disk.is_some_and(|on_disk| on_disk.is_replayed),
        };
        let sequence = on_disk.map(|on_disk| on_disk.key.sequence);
        let is_urgent = !record.is_replayed && self.is_live_first();
        let superseded = queue.push(Held { record, sequence, is_urgent, is_handed_out: false, _room: room.cloned() });
        drop(queue);
        self.superseded(superseded);
        self.inner.arrived[usize::from(delivery.sink)].notify_one();
    }

    /// Whether what is new goes out before what waited on disk.
    fn is_live_first(&self) -> bool {
        self.inner.committer.as_ref().is_some_and(|committer| committer.is_live_first)
    }

    fn superseded(&self, held: Option<Held>) {
        if let Some(held) = held {
            let values = u64::from(held.record.values);
            self.finish(&held, |flow| flow.superseded_values += values);
        }
    }

    fn count(&self, flow: u16, count: impl FnOnce(&mut FlowCount)) {
        count(locked(&self.inner.flows).entry(flow).or_default());
    }

    /// For a transaction that [`Full`] says can never fit: its values count as parked, and its pending comes back, so
    /// that the source goes on. The caller reports the loss.
    pub fn refuse(&self, transaction: Transaction) {
        for delivery in &transaction.deliveries {
            locked(&self.inner.flows).entry(delivery.flow).or_default().parked_values += u64::from(delivery.values);
        }
        self.give_back(transaction.pending, Durability::Accepted);
    }

    fn give_back(&self, pending: Option<Pending>, durability: Durability) {
        if let Some(pending) = pending
            && let Some(receipts) = self.inner.receipts.get(usize::from(pending.source))
        {
            // A source that has ended needs no receipt any more.
            let _ = locked(receipts).send(Receipt { pending, durability });
        }
    }

    /// The most bytes it holds, and how many of them are in use.
    #[must_use]
    pub fn room(&self) -> (u64, u64) {
        let Inner { durable, volatile, .. } = &*self.inner;
        let ((limit, used), (other_limit, other_used)) = (durable.fill(), volatile.fill());
        (limit + other_limit, used + other_used)
    }

    /// The reader of one sink; there must be only one. What an earlier one was handed and did not release comes again.
    #[must_use]
    pub fn reader(&self, sink: u16) -> Reader {
        if let Some(queue) = self.inner.sinks.get(usize::from(sink)) {
            locked(queue).rewind();
        }
        Reader { spool: self.clone(), sink }
    }

    /// What became of a flow's values so far.
    #[must_use]
    pub fn flow_count(&self, flow: u16) -> FlowCount {
        locked(&self.inner.flows).get(&flow).copied().unwrap_or_default()
    }

    /// Records and payload bytes that wait for one sink, in memory and on disk.
    #[must_use]
    pub fn waiting(&self, sink: u16) -> (u64, u64) {
        let Some(queue) = self.inner.sinks.get(usize::from(sink)) else { return (0, 0) };
        let (held, bytes) = {
            let queue = locked(queue);
            (queue.held, queue.bytes)
        };
        let (behind, behind_bytes) = self.inner.committer.as_ref().map_or((0, 0), |one| one.behind(sink));
        (held + behind, bytes + behind_bytes)
    }

    /// Records for one sink that would be lost if the process ended now.
    #[must_use]
    pub fn volatile(&self, sink: u16) -> u64 {
        self.inner.sinks.get(usize::from(sink)).map_or(0, |queue| locked(queue).volatile())
    }

    /// Records for one sink that lie on disk and were not delivered.
    #[must_use]
    pub fn kept(&self, sink: u16) -> u64 {
        let behind = self.inner.committer.as_ref().map_or(0, |one| one.behind(sink).0);
        behind + self.inner.sinks.get(usize::from(sink)).map_or(0, |queue| locked(queue).kept())
    }

    /// What lies on disk, and what the disk did; `None`: nothing is kept there.
    #[must_use]
    pub fn disk(&self) -> Option<Arc<DiskFacts>> {
        self.inner.committer.as_ref().map(Committer::facts)
    }

    /// Commits what was appended and closes what is on disk; after this nothing is taken any more.
    pub async fn close(&self) {
        if let Some(committer) = &self.inner.committer {
            committer.close().await;
        }
    }

    /// A record left its queue: there is room for what lies on disk.
    fn go_on(&self, sink: u16, held: &Held) {
        let queue = self.inner.sinks.get(usize::from(sink)).filter(|_| held.sequence.is_some());
        if let (Some(committer), Some(queue)) = (&self.inner.committer, queue) {
            let durable_bytes = locked(queue).durable_bytes;
            committer.released(sink, durable_bytes);
        }
    }

    fn finish(&self, held: &Held, count: impl FnOnce(&mut FlowCount)) {
        let mut flows = locked(&self.inner.flows);
        let flow = flows.entry(held.record.flow).or_default();
        flow.leave(u64::from(held.record.values));
        count(flow);
    }
}

fn payload<'a>(bytes: &'a [u8], delivery: &Delivery) -> &'a [u8] {
    bytes.get(delivery.payload.start as usize..delivery.payload.end as usize).unwrap_or_default()
}

/// A panic while holding one of these locks leaves the counts and queues in order: nothing between two statements
/// of a critical section can panic.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod disk_tests;
#[cfg(test)]
mod tests;
