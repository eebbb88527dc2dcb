//! The spool as sources and sinks see it, in memory.

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
    let permit = spool.reserve(&transaction).await.expect("room");
    spool.append(permit, transaction);
}

fn drain(reader: &mut Reader) -> Vec<String> {
    std::iter::from_fn(|| reader.try_next()).map(|r| String::from_utf8_lossy(&r.payload).into_owned()).collect()
}

/// Sets it aside, and it is kept.
fn park(reader: &mut Reader, position: u64) -> Option<Record> {
    let aside = reader.set_aside(position)?;
    let record = aside.record().clone();
    aside.kept();
    Some(record)
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
        [1, 2].map(|position| park(&mut reader, position).map(|record| record.topic.to_string())),
        [Some("a".to_owned()), Some("b".to_owned())]
    );
    let empty = reader.try_next().expect("one that takes the state back");
    assert_eq!((empty.topic.as_str(), empty.payload.len(), empty.is_retained()), ("a", 0, true));
    assert!(reader.try_next().is_none());
    assert_eq!(park(&mut reader, empty.position).map(|record| record.payload.len()), Some(0));
    assert_eq!((spool.waiting(0), spool.room().1), ((0, 0), 0));
    assert_eq!((spool.flow_count(0).parked_values, spool.flow_count(0).accepted_values()), (2, 2));

    append(&spool, transaction(TopicKind::State, &[("a", "large")])).await;
    let large = reader.try_next().expect("one");
    append(&spool, transaction(TopicKind::State, &[("a", "small")])).await;
    assert!(park(&mut reader, large.position).is_some());
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
    let large = transaction(TopicKind::Log, &[("a", "1234567890123456789012345678901234567890")]);
    let mut waiting = Box::pin(spool.reserve(&large));
    assert!(futures::poll!(&mut waiting).is_pending());
    let mut reader = spool.reader(0);
    let first = reader.next().await;
    reader.release(first.position);
    assert!(futures::poll!(&mut waiting).is_ready());
    let too_large = transaction(TopicKind::Log, &[("a", &"x".repeat(97))]);
    assert_eq!(spool.reserve(&too_large).await.map(|_| ()), Err(Full { bytes: 257, limit: 256 }));
}

#[tokio::test]
async fn row_47_a_sink_that_takes_nothing_holds_up_only_what_goes_to_it() {
    // The third connection is no sink: it has no share.
    let spool = Spool::for_sinks(1024, &[true, true, false], 1);
    let to = |sink: u16| {
        let mut transaction = transaction(TopicKind::Log, &[("a", "1")]);
        transaction.deliveries[0].sink = sink;
        transaction
    };
    for _ in 0..2 {
        append(&spool, to(0)).await;
    }
    assert!(futures::poll!(Box::pin(spool.reserve(&to(0)))).is_pending(), "its share is used up");
    let mut reader = spool.reader(1);
    for _ in 0..10 {
        append(&spool, to(1)).await;
        let record = reader.next().await;
        reader.release(record.position);
    }
    let mut both = to(0);
    both.deliveries.extend(to(1).deliveries);
    assert!(futures::poll!(Box::pin(spool.reserve(&both))).is_pending(), "what goes to both waits");
    assert_eq!((spool.room().0, spool.waiting(0).0, spool.waiting(1).0), (1024, 2, 0));
}

#[tokio::test]
async fn a_message_keeps_its_key_and_no_other_has_it() {
    let spool = Spool::in_memory(1 << 20, 1, 1);
    append(&spool, transaction(TopicKind::State, &[("a", "1"), ("b", "2")])).await;
    let mut reader = spool.reader(0);
    let keys = |reader: &mut Reader| -> Vec<_> {
        std::iter::from_fn(|| reader.try_next()).map(|r| (r.payload.to_vec(), r.key)).collect()
    };
    let first = keys(&mut reader);
    reader.rewind();
    assert_eq!(keys(&mut reader), first, "the same when they come again");
    // A state that was delivered comes again after a reconnect; one that can never be sent is followed by an empty one.
    reader.release(1);
    reader.set_aside(2).expect("it is held").kept();
    reader.rewind();
    let second = keys(&mut reader);
    assert_eq!(second.last(), first.first(), "a state that is said again is the same message");
    assert!(second[0].0.is_empty() && first.iter().all(|(_, key)| *key != second[0].1), "{second:?}");
    let other = Spool::in_memory(1 << 20, 1, 1);
    append(&other, transaction(TopicKind::State, &[("a", "1")])).await;
    let others = keys(&mut other.reader(0));
    assert_ne!(others[0].1.stream, first[0].1.stream, "another process has another stream");
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
