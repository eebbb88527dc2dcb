//! Between the stages and the sinks: transactions go in, receipts come back, records go out in order per sink.
//!
//! This is the bounded in-memory spool: its receipts say [`Durability::Accepted`], and what it holds is lost with
//! the process. State topics keep only their newest record, log topics keep all.

pub mod durable;
pub mod quarantine;

use crate::model::delivery::TopicKind;
use crate::model::{Durability, MessageProperties, Pending, TopicName, Transaction};
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{Notify, Semaphore, mpsc};

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

/// Room for one transaction; given back when its records are released.
#[derive(Debug)]
#[must_use = "room that is not used is given back at once"]
pub struct Permit {
    room: tokio::sync::OwnedSemaphorePermit,
}

/// The transaction is larger than the whole spool; it would wait for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a transaction of {bytes} bytes does not fit into a spool of {limit} bytes")]
pub struct Full {
    pub bytes: u64,
    pub limit: u64,
}

/// One message on its way out.
#[derive(Clone, Debug)]
pub struct Record {
    /// Rises by one per record of a sink, from 1.
    pub position: u64,
    pub flow: u16,
    pub topic: Arc<TopicName>,
    pub kind: TopicKind,
    pub qos: u8,
    pub properties: Option<Arc<MessageProperties>>,
    pub payload: Arc<[u8]>,
    pub values: u32,
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
}

impl FlowCount {
    /// Everything the spool ever took over of the flow; what it refused as too large included.
    #[must_use]
    pub fn accepted_values(&self) -> u64 {
        self.delivered_values + self.superseded_values + self.spooled_values + self.parked_values
    }
}

/// The spool. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Spool {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    limit: u64,
    room: Arc<Semaphore>,
    sinks: Vec<Mutex<Queue>>,
    arrived: Vec<Notify>,
    receipts: Vec<Mutex<mpsc::UnboundedSender<Receipt>>>,
    flows: Mutex<HashMap<u16, FlowCount>>,
}

#[derive(Debug, Default)]
struct Queue {
    last_position: u64,
    /// In order of position. `None`: superseded, released or parked, and not yet swept off the front.
    records: VecDeque<Option<Held>>,
    /// How many records at the front the reader was handed since it last rewound.
    handed_out: usize,
    /// Position of the newest record of each state topic that is still held.
    newest: HashMap<Arc<TopicName>, u64>,
    /// The newest record of each state topic that was released; as many as there are state topics.
    states: HashMap<Arc<TopicName>, Record>,
    /// Records that are still held, and the bytes of their payloads.
    held: u64,
    bytes: u64,
}

#[derive(Debug)]
struct Held {
    record: Record,
    /// Shared by the records of one transaction: the room comes back with the last of them. `None`: sent again.
    _room: Option<Arc<tokio::sync::OwnedSemaphorePermit>>,
}

/// The one who sends the records of one sink.
#[derive(Debug)]
pub struct Reader {
    spool: Spool,
    sink: u16,
}

/// Room is counted in pieces of this many bytes (a semaphore counts in u32).
const PIECE: u64 = 64;
/// What a record costs beside its payload.
const OVERHEAD: u64 = 160;

impl Spool {
    /// A spool of at most `limit` bytes for that many sinks and sources.
    #[must_use]
    pub fn in_memory(limit: u64, sinks: usize, sources: usize) -> Self {
        let pieces = usize::try_from(limit / PIECE).unwrap_or(Semaphore::MAX_PERMITS).min(Semaphore::MAX_PERMITS);
        let inner = Inner {
            limit,
            room: Arc::new(Semaphore::new(pieces)),
            sinks: (0..sinks).map(|_| Mutex::default()).collect(),
            arrived: (0..sinks).map(|_| Notify::new()).collect(),
            receipts: (0..sources).map(|_| Mutex::new(mpsc::unbounded_channel().0)).collect(),
            flows: Mutex::default(),
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

    /// How safe what this spool accepted is.
    #[must_use]
    pub fn durability(&self) -> Durability {
        Durability::Accepted
    }

    /// Bytes of room a transaction takes.
    #[must_use]
    pub fn size_of(transaction: &Transaction) -> u64 {
        transaction.bytes.len() as u64 + OVERHEAD * transaction.deliveries.len() as u64
    }

    /// Waits for room: while the spool is full, the source waits.
    pub async fn reserve(&self, bytes: u64) -> Result<Permit, Full> {
        let full = Full { bytes, limit: self.inner.limit };
        let pieces = u32::try_from(bytes.div_ceil(PIECE)).map_err(|_| full)?;
        if u64::from(pieces) * PIECE > self.inner.limit {
            return Err(full);
        }
        let room = Arc::clone(&self.inner.room).acquire_many_owned(pieces).await.map_err(|_| full)?;
        Ok(Permit { room })
    }

    /// Takes a transaction over and gives its pending back inside a receipt. One that produced nothing commits too.
    pub fn append(&self, permit: Permit, transaction: Transaction) {
        let Transaction { bytes, deliveries, pending } = transaction;
        let room = Arc::new(permit.room);
        for delivery in deliveries {
            let Some(queue) = self.inner.sinks.get(usize::from(delivery.sink)) else { continue };
            let payload = bytes.get(delivery.payload.start as usize..delivery.payload.end as usize).unwrap_or_default();
            let mut queue = locked(queue);
            let record = Record {
                position: queue.last_position + 1,
                flow: delivery.flow,
                topic: delivery.topic,
                kind: delivery.kind,
                qos: delivery.qos,
                properties: delivery.properties,
                payload: payload.into(),
                values: delivery.values,
            };
            let superseded = queue.push(Held { record, _room: Some(Arc::clone(&room)) });
            drop(queue);
            let mut flows = locked(&self.inner.flows);
            let count = flows.entry(delivery.flow).or_default();
            count.spooled_values += u64::from(delivery.values);
            count.spooled_values -= u64::from(superseded);
            count.superseded_values += u64::from(superseded);
            drop(flows);
            self.inner.arrived[usize::from(delivery.sink)].notify_one();
        }
        self.give_back(pending);
    }

    /// For a transaction that [`Full`] says can never fit: its values count as parked, and its pending comes back, so
    /// that the source goes on. The caller reports the loss.
    pub fn refuse(&self, transaction: Transaction) {
        for delivery in &transaction.deliveries {
            locked(&self.inner.flows).entry(delivery.flow).or_default().parked_values += u64::from(delivery.values);
        }
        self.give_back(transaction.pending);
    }

    fn give_back(&self, pending: Option<Pending>) {
        if let Some(pending) = pending
            && let Some(receipts) = self.inner.receipts.get(usize::from(pending.source))
        {
            // A source that has ended needs no receipt any more.
            let _ = locked(receipts).send(Receipt { pending, durability: Durability::Accepted });
        }
    }

    /// The most bytes it holds, and how many of them are in use.
    #[must_use]
    pub fn room(&self) -> (u64, u64) {
        let free = self.inner.room.available_permits() as u64 * PIECE;
        (self.inner.limit, self.inner.limit.saturating_sub(free))
    }

    /// The reader of one sink; there must be only one.
    #[must_use]
    pub fn reader(&self, sink: u16) -> Reader {
        Reader { spool: self.clone(), sink }
    }

    /// What became of a flow's values so far.
    #[must_use]
    pub fn flow_count(&self, flow: u16) -> FlowCount {
        locked(&self.inner.flows).get(&flow).copied().unwrap_or_default()
    }

    /// Records and payload bytes that wait for one sink.
    #[must_use]
    pub fn waiting(&self, sink: u16) -> (u64, u64) {
        let Some(queue) = self.inner.sinks.get(usize::from(sink)) else { return (0, 0) };
        let queue = locked(queue);
        (queue.held, queue.bytes)
    }

    fn finish(&self, held: &Held, count: impl FnOnce(&mut FlowCount)) {
        let mut flows = locked(&self.inner.flows);
        let flow = flows.entry(held.record.flow).or_default();
        flow.spooled_values = flow.spooled_values.saturating_sub(u64::from(held.record.values));
        count(flow);
    }
}

impl Queue {
    /// Adds a record; returns the source values of the one whose place it takes. A record that was already handed
    /// out is not superseded: it may be on the wire.
    fn push(&mut self, held: Held) -> u32 {
        let mut superseded = 0;
        if held.record.kind == TopicKind::State
            && let Some(old) = self.newest.insert(Arc::clone(&held.record.topic), held.record.position)
            && let Some(index) = self.index(old)
            && index >= self.handed_out
            && let Some(old) = self.records[index].take()
        {
            self.bytes -= old.record.payload.len() as u64;
            self.held -= 1;
            superseded = old.record.values;
        }
        self.bytes += held.record.payload.len() as u64;
        self.held += 1;
        self.last_position = held.record.position;
        self.records.push_back(Some(held));
        self.sweep();
        superseded
    }

    fn index(&self, position: u64) -> Option<usize> {
        let first = self.last_position + 1 - self.records.len() as u64;
        usize::try_from(position.checked_sub(first)?).ok().filter(|index| *index < self.records.len())
    }

    fn take(&mut self, position: u64) -> Option<Held> {
        let index = self.index(position)?;
        let held = self.records[index].take()?;
        self.bytes -= held.record.payload.len() as u64;
        self.held -= 1;
        if self.newest.get(&held.record.topic) == Some(&position) {
            self.newest.remove(&held.record.topic);
        }
        self.sweep();
        Some(held)
    }

    fn park(&mut self, position: u64) -> Option<Held> {
        let last_position = self.last_position;
        let held = self.take(position)?;
        let record = &held.record;
        let is_newest = record.kind == TopicKind::State && !self.newest.contains_key(&record.topic);
        if is_newest && !record.payload.is_empty() {
            let payload: Arc<[u8]> = Arc::default();
            let record = Record { position: last_position + 1, payload, values: 0, ..record.clone() };
            self.push(Held { record, _room: held._room.clone() });
        }
        Some(held)
    }

    fn release(&mut self, position: u64) -> Option<Held> {
        let held = self.take(position)?;
        let record = &held.record;
        let is_newest = self.states.get(&record.topic).is_none_or(|known| known.position < position);
        if record.kind == TopicKind::State && is_newest {
            if record.payload.is_empty() {
                self.states.remove(&record.topic);
            } else {
                self.states.insert(Arc::clone(&record.topic), record.clone());
            }
        }
        Some(held)
    }

    /// The newest state of every topic behind everything that is held, where no newer one is.
    fn send_states_again(&mut self) {
        let is_last = |record: &&Record| !self.newest.contains_key(&record.topic);
        let mut states: Vec<Record> = self.states.values().filter(is_last).cloned().collect();
        states.sort_by_key(|record| record.position);
        for record in states {
            let record = Record { position: self.last_position + 1, values: 0, ..record };
            self.push(Held { record, _room: None });
        }
    }

    fn sweep(&mut self) {
        while matches!(self.records.front(), Some(None)) {
            self.records.pop_front();
            self.handed_out = self.handed_out.saturating_sub(1);
        }
    }
}

impl Reader {
    /// The next record in order; waits until there is one. Stays in the spool until it is released.
    pub async fn next(&mut self) -> Record {
        loop {
            if let Some(record) = self.try_next() {
                return record;
            }
            self.spool.inner.arrived[usize::from(self.sink)].notified().await;
        }
    }

    /// The next record, if one is there.
    pub fn try_next(&mut self) -> Option<Record> {
        let mut queue = self.queue();
        while queue.handed_out < queue.records.len() {
            let at = queue.handed_out;
            queue.handed_out += 1;
            if let Some(held) = &queue.records[at] {
                return Some(held.record.clone());
            }
        }
        None
    }

    /// After a reconnect: everything that was handed out and not released comes again, and behind it the newest state
    /// of every topic: the broker may have been started anew and retain nothing.
    pub fn rewind(&mut self) {
        let mut queue = self.queue();
        queue.handed_out = 0;
        queue.send_states_again();
    }

    /// The peer confirmed it: the record leaves the spool. Twice is once.
    pub fn release(&mut self, position: u64) {
        let held = self.queue().release(position);
        if let Some(held) = held {
            let values = u64::from(held.record.values);
            self.spool.finish(&held, |flow| {
                flow.delivered_values += values;
                flow.delivered_messages += 1;
            });
        }
    }

    /// It can never be sent (too large for the broker): out of the way, so that the next one goes on. The caller
    /// keeps the record, in quarantine, with the reason.
    ///
    /// When it was the newest state of its topic, an empty message follows it: what the broker retains is older, and
    /// nobody may read it as the present state.
    pub fn park(&mut self, position: u64) -> Option<Record> {
        let mut queue = self.queue();
        let held = queue.park(position)?;
        drop(queue);
        let values = u64::from(held.record.values);
        self.spool.finish(&held, |flow| flow.parked_values += values);
        Some(held.record)
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        locked(&self.spool.inner.sinks[usize::from(self.sink)])
    }
}

/// A panic while holding one of these locks leaves the counts and queues in order: nothing between two statements
/// of a critical section can panic.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::delivery::AckKey;
    use crate::model::{Delivery, Pending};

    fn transaction(kind: TopicKind, payloads: &[(&str, &str)]) -> Transaction {
        let mut transaction = Transaction::default();
        for (topic, payload) in payloads {
            let start = transaction.bytes.len() as u32;
            transaction.bytes.extend_from_slice(payload.as_bytes());
            transaction.deliveries.push(Delivery {
                flow: 0,
                sink: 0,
                topic: Arc::new(TopicName::parse(topic).expect("a topic")),
                kind,
                qos: 1,
                properties: None,
                payload: start..transaction.bytes.len() as u32,
                values: 1,
            });
        }
        transaction
    }

    async fn append(spool: &Spool, transaction: Transaction) {
        let permit = spool.reserve(Spool::size_of(&transaction)).await.expect("room");
        spool.append(permit, transaction);
    }

    fn drain(reader: &mut Reader) -> Vec<String> {
        std::iter::from_fn(|| reader.try_next()).map(|r| String::from_utf8_lossy(&r.payload).into_owned()).collect()
    }

    #[tokio::test]
    async fn what_was_not_released_comes_again_in_order_after_a_rewind() {
        let spool = Spool::in_memory(1 << 20, 1, 1);
        append(&spool, transaction(TopicKind::Log, &[("a", "1"), ("a", "2"), ("b", "3")])).await;
        let mut reader = spool.reader(0);
        assert_eq!(drain(&mut reader), ["1", "2", "3"]);
        reader.release(2);
        reader.rewind();
        assert_eq!(drain(&mut reader), ["1", "3"]);
    }

    #[tokio::test]
    async fn a_state_topic_keeps_only_its_newest_record_and_counts_the_others_as_superseded() {
        let spool = Spool::in_memory(1 << 20, 1, 1);
        append(&spool, transaction(TopicKind::State, &[("a", "old"), ("b", "kept"), ("a", "new")])).await;
        let mut reader = spool.reader(0);
        assert_eq!(drain(&mut reader), ["kept", "new"]);
        assert_eq!(spool.flow_count(0).superseded_values, 1);
        assert_eq!(spool.flow_count(0).spooled_values, 2);
    }

    #[tokio::test]
    async fn a_state_that_can_never_be_sent_is_followed_by_an_empty_one_unless_a_newer_is_there() {
        let spool = Spool::in_memory(1 << 20, 1, 1);
        append(&spool, transaction(TopicKind::State, &[("a", "large")])).await;
        append(&spool, transaction(TopicKind::Log, &[("b", "large")])).await;
        let mut reader = spool.reader(0);
        assert_eq!(drain(&mut reader), ["large", "large"]);
        assert_eq!(
            [1, 2].map(|position| reader.park(position).map(|record| record.topic.to_string())),
            [Some("a".to_owned()), Some("b".to_owned())]
        );
        let empty = reader.try_next().expect("one that takes the state back");
        assert_eq!((empty.topic.as_str(), empty.payload.len(), empty.is_retained()), ("a", 0, true));
        assert!(reader.try_next().is_none());
        assert_eq!(reader.park(empty.position).map(|record| record.payload.len()), Some(0));
        assert_eq!((spool.waiting(0), spool.room().1), ((0, 0), 0));
        assert_eq!((spool.flow_count(0).parked_values, spool.flow_count(0).accepted_values()), (2, 2));

        append(&spool, transaction(TopicKind::State, &[("a", "large")])).await;
        let large = reader.try_next().expect("one");
        append(&spool, transaction(TopicKind::State, &[("a", "small")])).await;
        assert!(reader.park(large.position).is_some());
        assert_eq!(drain(&mut reader), ["small"]);
    }

    #[tokio::test]
    async fn after_a_reconnect_the_newest_state_of_every_topic_comes_again_and_last() {
        let spool = Spool::in_memory(1 << 20, 1, 1);
        append(&spool, transaction(TopicKind::State, &[("a", "1"), ("b", "1"), ("c", "1")])).await;
        append(&spool, transaction(TopicKind::Log, &[("log", "1")])).await;
        let mut reader = spool.reader(0);
        assert_eq!(drain(&mut reader).len(), 4);
        append(&spool, transaction(TopicKind::State, &[("a", "2"), ("b", ""), ("c", "2")])).await;
        assert_eq!(drain(&mut reader).len(), 3);
        // All but the older one of `a` and the newer one of `c`.
        (2..=6).for_each(|position| reader.release(position));
        let values = spool.flow_count(0).delivered_values;
        for _ in 0..2 {
            reader.rewind();
            assert_eq!(drain(&mut reader), ["1", "2", "2"], "what was taken back, and the log, stay away");
        }
        (1..20).for_each(|position| reader.release(position));
        assert_eq!(spool.flow_count(0).delivered_values, values + 2, "counted once");
        assert_eq!((spool.waiting(0), spool.room().1), ((0, 0), 0));
    }

    #[tokio::test]
    async fn a_full_spool_makes_the_source_wait_and_released_room_comes_back() {
        let spool = Spool::in_memory(256, 1, 1);
        append(&spool, transaction(TopicKind::Log, &[("a", "1")])).await;
        let mut waiting = Box::pin(spool.reserve(200));
        assert!(futures::poll!(&mut waiting).is_pending());
        let mut reader = spool.reader(0);
        let first = reader.next().await;
        reader.release(first.position);
        assert!(futures::poll!(&mut waiting).is_ready());
        assert_eq!(spool.reserve(257).await.map(|_| ()), Err(Full { bytes: 257, limit: 256 }));
    }

    #[tokio::test]
    async fn a_batch_that_produced_nothing_still_gets_its_receipt() {
        let spool = Spool::in_memory(256, 1, 1);
        let mut receipts = spool.receipts(0);
        let key = AckKey::Notification { subscription: 7, sequence: 9 };
        let pending = Some(Pending { source: 0, epoch: 3, key });
        append(&spool, Transaction { pending, ..Transaction::default() }).await;
        let receipt = receipts.recv().await.expect("a receipt");
        assert_eq!(receipt.durability(), Durability::Accepted);
        assert_eq!(receipt.into_pending().key, key);
    }
}
