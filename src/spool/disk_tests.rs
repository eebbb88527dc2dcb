//! The spool as sources and sinks see it, with its durable part on a disk that fails.

use super::*;
use crate::config::plan::{Replay, WhenFull};
use crate::finding::Finding;
use crate::model::delivery::AckKey;
use crate::port::Clock;
use crate::port::fake_disk::{FakeDisk, Fault};
use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::time::Duration;

const MEMORY: u64 = 1 << 20;

fn plan(disk: &FakeDisk, limit: u64, when_full: WhenFull, log: fn(&Finding)) -> DiskPlan {
    DiskPlan {
        disk: Arc::new(disk.clone()),
        directory: "/spool".into(),
        limit,
        age: None,
        when_full,
        replay: Replay::InOrder,
        logs: vec![LogPlan { sink: 0, name: "plant".to_owned() }],
        flows: vec![("durable".to_owned(), true), ("volatile".to_owned(), false)],
        clock: Clock::start(),
        log,
    }
}

fn quiet(_: &Finding) {}

/// Milliseconds on the wall.
fn moment() -> i64 {
    Clock::start().now().wall.unix_millis()
}

fn start(disk: &FakeDisk) -> Spool {
    Spool::on_disk(&plan(disk, 64 << 20, WhenFull::Block, quiet), MEMORY, &[true, false]).expect("opens")
}

/// What is new goes first.
fn start_live_first(disk: &FakeDisk) -> Spool {
    let plan = DiskPlan { replay: Replay::LiveFirst, ..plan(disk, 64 << 20, WhenFull::Block, quiet) };
    Spool::on_disk(&plan, MEMORY, &[true, false]).expect("opens")
}

fn transaction(flow: u16, kind: TopicKind, topic: &str, payload: &[u8], sequence: u32) -> Transaction {
    let delivery = Delivery {
        flow,
        sink: 0,
        topic: Arc::new(TopicName::parse(topic).expect("a topic")),
        kind,
        qos: 1,
        properties: None,
        payload: 0..payload.len() as u32,
        values: 1,
    };
    Transaction { bytes: payload.to_vec(), deliveries: vec![delivery], pending: Some(pending(sequence)), source: None }
}

fn pending(sequence: u32) -> Pending {
    Pending { source: 0, epoch: 1, key: AckKey::Notification { subscription: 1, sequence } }
}

async fn append(spool: &Spool, transaction: Transaction) {
    let permit = spool.reserve(&transaction).await.expect("it fits");
    spool.append(permit, transaction);
}

async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(60), what).await.expect("in time")
}

async fn until(is_true: impl Fn() -> bool) {
    soon(async {
        while !is_true() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}

/// The next records, released as they come.
async fn take(reader: &mut Reader, count: usize) -> Vec<Record> {
    let mut records = Vec::new();
    for _ in 0..count {
        let record = soon(reader.next()).await;
        reader.release(record.position);
        records.push(record);
    }
    records
}

fn text(record: &Record) -> &str {
    std::str::from_utf8(&record.payload).expect("text").trim_end()
}

#[tokio::test]
async fn a_receipt_comes_when_the_record_survives_a_loss_of_power_and_many_share_a_sync() {
    let disk = FakeDisk::new(1, 1 << 30);
    let spool = start(&disk);
    let mut receipts = spool.receipts(0);
    let mut acknowledged = 0;
    for number in 0..500u32 {
        append(&spool, transaction(0, TopicKind::Log, "log", number.to_string().as_bytes(), number)).await;
    }
    append(&spool, Transaction { pending: Some(pending(500)), ..Transaction::default() }).await;
    for number in 0..=500 {
        let receipt = soon(receipts.recv()).await.expect("a receipt");
        assert_eq!(receipt.durability(), Durability::Durable);
        assert_eq!(receipt.into_pending().key, AckKey::Notification { subscription: 1, sequence: number });
        acknowledged = number;
    }
    let commits = spool.disk().expect("on disk").commits.load(Ordering::Relaxed);
    assert!(acknowledged == 500 && commits < 400, "{commits} commits");
    // The power goes; nothing was delivered.
    let again = start(&disk.reboot(7));
    assert_eq!(again.flow_count(0).recovered_values, 500);
    let records = take(&mut again.reader(0), 500).await;
    assert!(records.iter().enumerate().all(|(at, record)| text(record) == at.to_string() && record.is_replayed));
    let count = again.flow_count(0);
    assert_eq!((count.delivered_values, count.spooled_values, count.accepted_values()), (500, 0, 0));
}

#[tokio::test]
async fn what_does_not_fit_into_memory_waits_on_disk_and_comes_in_order() {
    let disk = FakeDisk::new(1, 1 << 30);
    let spool = start(&disk);
    let mut receipts = spool.receipts(0);
    let number_of = 4000u32;
    for number in 0..number_of {
        let payload = format!("{number:<1000}");
        append(&spool, transaction(0, TopicKind::Log, "log", payload.as_bytes(), number)).await;
        let _ = soon(receipts.recv()).await.expect("a receipt");
    }
    let in_memory = locked(&spool.inner.sinks[0]).durable_bytes;
    assert!(in_memory < MEMORY / 2, "{in_memory} bytes in memory");
    until(|| spool.waiting(0).0 == u64::from(number_of)).await;
    assert_eq!((spool.volatile(0), spool.flow_count(0).spooled_values), (0, u64::from(number_of)));
    let records = take(&mut spool.reader(0), number_of as usize).await;
    assert!(records.iter().enumerate().all(|(at, record)| text(record) == at.to_string()));
    assert!(!records[0].is_replayed && records[3999].is_replayed);
    until(|| spool.disk().expect("on disk").segments.load(Ordering::Relaxed) <= 1).await;
    assert_eq!(spool.room().1, 0, "all memory came back");
}

#[tokio::test]
async fn live_records_go_on_without_being_read_back_and_a_clean_stop_leaves_what_was_not_released() {
    let disk = FakeDisk::new(1, 1 << 30);
    let spool = start(&disk);
    let mut reader = spool.reader(0);
    for number in 0..10u32 {
        append(&spool, transaction(0, TopicKind::Log, "log", number.to_string().as_bytes(), number)).await;
    }
    assert!(take(&mut reader, 4).await.iter().all(|record| !record.is_replayed));
    append(&spool, transaction(1, TopicKind::Log, "log", b"in memory", 10)).await;
    assert_eq!(spool.volatile(0), 1);
    soon(spool.close()).await;
    drop((reader, spool));
    let again = start(&disk.kill());
    let records = take(&mut again.reader(0), 6).await;
    assert_eq!(records.iter().map(text).collect::<Vec<_>>(), ["4", "5", "6", "7", "8", "9"]);
    assert!(again.reader(0).try_next().is_none());
}

#[tokio::test]
async fn of_a_state_only_the_newest_is_sent_also_when_others_wait_on_disk() {
    let disk = FakeDisk::new(1, 1 << 30);
    let spool = start(&disk);
    let mut receipts = spool.receipts(0);
    for number in 0..1000u32 {
        let payload = format!("{number:<1000}");
        let kind = if number % 2 == 0 { TopicKind::State } else { TopicKind::Log };
        let topic = if number % 2 == 0 { "state" } else { "log" };
        append(&spool, transaction(0, kind, topic, payload.as_bytes(), number)).await;
        let _ = soon(receipts.recv()).await.expect("a receipt");
    }
    let records = take(&mut spool.reader(0), 501).await;
    let states: Vec<_> = records.iter().filter(|record| record.is_retained()).map(text).collect();
    assert_eq!(states, ["998"]);
    let count = spool.flow_count(0);
    assert_eq!((count.delivered_values, count.superseded_values, count.spooled_values), (501, 499, 0));
}

#[tokio::test]
async fn row_69_a_full_spool_makes_sources_wait_and_goes_on_when_there_is_room() {
    let disk = FakeDisk::new(1, 1 << 30);
    let spool = Spool::on_disk(&plan(&disk, 1 << 20, WhenFull::Block, quiet), MEMORY, &[true, false]).expect("opens");
    let facts = spool.disk().expect("on disk");
    let mut receipts = spool.receipts(0);
    let (mut sent, mut received) = (0u32, 0u32);
    while !facts.is_full.load(Ordering::Relaxed) {
        let payload = format!("{sent:<10000}");
        append(&spool, transaction(0, TopicKind::Log, "log", payload.as_bytes(), sent)).await;
        sent += 1;
        if tokio::time::timeout(Duration::from_millis(100), receipts.recv()).await.is_ok() {
            received += 1;
        }
    }
    assert!(received < sent && facts.used_bytes.load(Ordering::Relaxed) <= 1 << 20);
    let records = take(&mut spool.reader(0), sent as usize).await;
    assert!(records.iter().enumerate().all(|(at, record)| text(record) == at.to_string()));
    for _ in received..sent {
        let _ = soon(receipts.recv()).await.expect("a receipt");
    }
    until(|| !facts.is_full.load(Ordering::Relaxed)).await;
    assert_eq!(facts.gaps.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn the_oldest_go_when_they_may_and_every_value_has_a_fate() {
    static TOLD: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let disk = FakeDisk::new(1, 1 << 30);
    let told = |finding: &Finding| locked(&TOLD).push(finding.code.0.to_string());
    let spool =
        Spool::on_disk(&plan(&disk, 1 << 20, WhenFull::DropOldest, told), MEMORY, &[true, false]).expect("opens");
    let mut receipts = spool.receipts(0);
    for number in 0..300u32 {
        let payload = format!("{number:<10000}");
        append(&spool, transaction(0, TopicKind::Log, "log", payload.as_bytes(), number)).await;
        let _ = soon(receipts.recv()).await.expect("a receipt");
    }
    let dropped = spool.flow_count(0).dropped_values;
    assert!(dropped > 100, "{dropped}");
    assert!(locked(&TOLD).iter().any(|code| code == "QIAO-S004"));
    let mut reader = spool.reader(0);
    let records = take(&mut reader, 300 - dropped as usize).await;
    assert_eq!(text(&records[records.len() - 1]), "299");
    let count = spool.flow_count(0);
    assert_eq!((count.delivered_values + count.dropped_values, count.spooled_values), (300, 0));
}

#[tokio::test]
async fn row_71_a_failing_disk_is_told_and_costs_no_receipt_and_no_record() {
    static TOLD: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let disk = FakeDisk::new(1, 1 << 30);
    let told = |finding: &Finding| locked(&TOLD).push(finding.code.0.to_string());
    let spool = Spool::on_disk(&plan(&disk, 64 << 20, WhenFull::Block, told), MEMORY, &[true, false]).expect("opens");
    let mut receipts = spool.receipts(0);
    for number in 0..100u32 {
        if number % 10 == 5 {
            disk.fault_at(disk.calls() + u64::from(number % 3), Fault::Error(std::io::ErrorKind::Other));
        }
        append(&spool, transaction(0, TopicKind::Log, "log", number.to_string().as_bytes(), number)).await;
        let _ = soon(receipts.recv()).await.expect("a receipt");
    }
    assert!(locked(&TOLD).iter().any(|code| code == "QIAO-S007"), "{:?}", locked(&TOLD));
    let again = start(&disk.reboot(3));
    let records = take(&mut again.reader(0), 100).await;
    assert!(records.iter().enumerate().all(|(at, record)| text(record) == at.to_string()));
}

#[tokio::test]
async fn a_durable_message_keeps_its_key_in_every_process_and_none_is_given_twice() {
    let disk = FakeDisk::new(1, 1 << 30);
    let fill = async |spool: &Spool, text: &str| {
        let mut receipts = spool.receipts(0);
        for number in 0..20u32 {
            append(spool, transaction(0, TopicKind::Log, "log", format!("{text} {number}").as_bytes(), number)).await;
        }
        for _ in 0..20 {
            let _ = soon(receipts.recv()).await.expect("a receipt");
        }
    };
    let mut keys: std::collections::HashMap<MessageKey, String> = std::collections::HashMap::new();
    let mut note = |records: &[Record]| {
        for record in records {
            let text = text(record).to_owned();
            assert_eq!(keys.entry(record.key).or_insert_with(|| text.clone()), &text, "{:?}", record.key);
        }
        keys.len()
    };
    let spool = start(&disk);
    fill(&spool, "first").await;
    let mut reader = spool.reader(0);
    let sent: Vec<Record> = std::iter::from_fn(|| reader.try_next()).collect();
    assert_eq!(note(&sent), 20);
    // The power goes before anything is confirmed; the next process sends the same messages under the same keys.
    let disk = disk.reboot(3);
    let second = start(&disk);
    fill(&second, "second").await;
    let again = take(&mut second.reader(0), 40).await;
    assert!(again[..20].iter().zip(&sent).all(|(again, sent)| again.key == sent.key));
    assert_eq!(note(&again), 40);
    second.close().await;
    // A wiped directory begins another stream.
    let third = start(&FakeDisk::new(1, 1 << 30));
    fill(&third, "third").await;
    assert_eq!(note(&take(&mut third.reader(0), 20).await), 60);
}

#[tokio::test]
async fn a_directory_that_is_set_back_gives_no_key_twice() {
    let disk = FakeDisk::new(1, 1 << 30);
    let spool = start(&disk);
    append(&spool, transaction(0, TopicKind::Log, "log", b"first", 1)).await;
    let first = take(&mut spool.reader(0), 1).await.remove(0);
    spool.close().await;
    // Two machines go on from one copy, as after a backup was restored.
    let copy = disk.reboot(1);
    let mut next = Vec::new();
    for (disk, text) in [(&disk, "here"), (&copy, "there")] {
        let spool = start(disk);
        let began = moment();
        until(|| moment() > began).await;
        append(&spool, transaction(0, TopicKind::Log, "log", text.as_bytes(), 2)).await;
        next.push(take(&mut spool.reader(0), 1).await.remove(0));
        spool.close().await;
    }
    assert_eq!((next[0].key.stream, next[0].key.sequence), (next[1].key.stream, next[1].key.sequence));
    assert!(next[0].key != next[1].key && next[0].key != first.key);
}

#[tokio::test]
async fn a_record_that_can_never_be_sent_leaves_the_disk_when_the_quarantine_has_it_and_not_before() {
    let disk = FakeDisk::new(1, 1 << 30);
    let spool = start(&disk);
    let mut receipts = spool.receipts(0);
    for (number, topic) in [(0, "log"), (1, "log"), (2, "log")] {
        append(&spool, transaction(0, TopicKind::Log, topic, number.to_string().as_bytes(), number)).await;
        let _ = soon(receipts.recv()).await.expect("a receipt");
    }
    let mut reader = spool.reader(0);
    let first = soon(reader.next()).await;
    let aside = reader.set_aside(first.position).expect("it is held");
    assert_eq!(take(&mut reader, 2).await.iter().map(text).collect::<Vec<_>>(), ["1", "2"], "the others go on");
    let saved = |disk: &FakeDisk| disk.files()[std::path::Path::new("/spool/plant/cursor")].clone();
    let before = disk.calls();
    until(|| disk.calls() > before).await;
    // Whenever the power goes: it is sent again, and parked again.
    for way in 0..20 {
        let again = start(&disk.reboot(way));
        assert_eq!(text(&soon(again.reader(0).next()).await), "0", "way {way}");
    }
    // Nobody kept it: it comes again in this process, too.
    drop(aside);
    let again = soon(reader.next()).await;
    assert_eq!((text(&again), spool.flow_count(0).parked_values), ("0", 0));
    let before = saved(&disk);
    reader.set_aside(again.position).expect("it is held").kept();
    until(|| saved(&disk) != before).await;
    soon(spool.close()).await;
    assert_eq!((spool.flow_count(0).parked_values, spool.kept(0)), (1, 0));
    assert!(start(&disk.reboot(3)).reader(0).try_next().is_none());
}

#[tokio::test]
async fn row_84_a_reader_that_begins_anew_is_handed_what_the_one_before_had_and_did_not_release() {
    let disk = FakeDisk::new(1, 1 << 30);
    let spool = start(&disk);
    for number in 0..3u32 {
        append(&spool, transaction(0, TopicKind::Log, "log", number.to_string().as_bytes(), number)).await;
    }
    let mut reader = spool.reader(0);
    assert_eq!(text(&take(&mut reader, 1).await[0]), "0");
    assert_eq!(text(&soon(reader.next()).await), "1");
    drop(reader);
    assert_eq!(take(&mut spool.reader(0), 2).await.iter().map(text).collect::<Vec<_>>(), ["1", "2"]);
}

#[tokio::test]
async fn a_disk_that_blocks_holds_up_what_is_durable_and_nothing_else() {
    let disk = FakeDisk::new(1, 1 << 30);
    let spool = start(&disk);
    let (mut durable, mut volatile) = (spool.receipts(0), spool.receipts(1));
    disk.hold();
    // As much of it as there is room for.
    let mut number = 0;
    let payload = vec![b'x'; 10_000];
    loop {
        let one = transaction(0, TopicKind::Log, "durable", &payload, number);
        let Ok(permit) = tokio::time::timeout(Duration::from_millis(50), spool.reserve(&one)).await else { break };
        spool.append(permit.expect("it fits"), one);
        number += 1;
    }
    assert!(number > 20 && durable.try_recv().is_err());
    let mut reader = spool.reader(0);
    for number in 0..500u32 {
        let mut one = transaction(1, TopicKind::Log, "volatile", &payload, number);
        one.pending = Some(Pending { source: 1, ..pending(number) });
        append(&spool, one).await;
        assert_eq!(text(&take(&mut reader, 1).await[0]).len(), payload.len());
        let receipt = volatile.try_recv().expect("at once");
        assert_eq!(receipt.durability(), Durability::Accepted);
        // A batch of it that produced nothing does not wait either.
        let nothing = Some(Pending { source: 1, ..pending(number) });
        append(&spool, Transaction { pending: nothing, ..Transaction::default() }).await;
        let _ = volatile.try_recv().expect("at once");
    }
    let facts = spool.disk().expect("on disk");
    assert!(facts.busy_for(Duration::from_secs(1000)) > Duration::from_secs(900), "and health can tell");
    disk.let_go();
    for _ in 0..number {
        let _ = soon(durable.recv()).await.expect("a receipt");
    }
    assert_eq!(take(&mut reader, number as usize).await.len(), number as usize);
    until(|| facts.busy_for(Duration::from_secs(1000)) == Duration::ZERO).await;
}

#[tokio::test]
async fn what_is_new_goes_first_if_it_may_and_what_waited_follows_marked_each_once() {
    let disk = FakeDisk::new(1, 1 << 30);
    let spool = start_live_first(&disk);
    let mut receipts = spool.receipts(0);
    let put = async |topic: &str, number: u32| {
        let payload = format!("{number:<1000}");
        append(&spool, transaction(0, TopicKind::Log, topic, payload.as_bytes(), number)).await;
    };
    const WAITING: u32 = 4000;
    for number in 0..WAITING {
        put("log", number).await;
        let _ = soon(receipts.recv()).await.expect("a receipt");
    }
    let mut reader = spool.reader(0);
    let (mut live, mut replayed) = (Vec::new(), Vec::new());
    let mut sort = |records: Vec<Record>| {
        for record in records {
            let number: u32 = text(&record).parse().expect("a number");
            if record.is_replayed { replayed.push(number) } else { live.push(number) }
        }
        (live.len(), replayed.len())
    };
    // What fitted into memory when the sink was away, then the rest; new ones come in beside.
    sort(take(&mut reader, 500).await);
    for number in WAITING..WAITING + 100 {
        put("log", number).await;
        let _ = soon(receipts.recv()).await.expect("a receipt");
        // The next that goes out is the new one, however much waits.
        let next = take(&mut reader, 1).await;
        assert_eq!((text(&next[0]), next[0].is_replayed), (number.to_string().as_str(), false));
        sort(next);
        sort(take(&mut reader, 5).await);
    }
    let left = WAITING as usize + 100 - 500 - 600;
    let (of_live, of_replayed) = sort(take(&mut reader, left).await);
    assert_eq!(of_live + of_replayed, WAITING as usize + 100);
    assert!(reader.try_next().is_none());
    assert!(live.is_sorted() && replayed.is_sorted(), "each kind in its order");
    live.extend(replayed);
    live.sort_unstable();
    assert!(live.into_iter().eq(0..WAITING + 100), "each once");
    let count = spool.flow_count(0);
    assert_eq!((count.delivered_values, count.spooled_values), (u64::from(WAITING) + 100, 0));
    until(|| spool.disk().expect("on disk").segments.load(Ordering::Relaxed) <= 1).await;
    soon(spool.close()).await;
    assert!(start(&disk.reboot(5)).reader(0).try_next().is_none());
}

#[tokio::test]
async fn what_overtook_others_comes_again_after_a_crash_and_nothing_is_lost() {
    for crash_after in [0, 30, 700, 2500] {
        let disk = FakeDisk::new(1, 1 << 30);
        let spool = start_live_first(&disk);
        let mut receipts = spool.receipts(0);
        for number in 0..3000u32 {
            let payload = format!("{number:<1000}");
            append(&spool, transaction(0, TopicKind::Log, "log", payload.as_bytes(), number)).await;
            let _ = soon(receipts.recv()).await.expect("a receipt");
        }
        let mut delivered: BTreeSet<String> =
            take(&mut spool.reader(0), crash_after).await.iter().map(|record| text(record).to_owned()).collect();
        for number in 3000..3050u32 {
            let payload = format!("{number:<1000}");
            append(&spool, transaction(0, TopicKind::Log, "log", payload.as_bytes(), number)).await;
            let _ = soon(receipts.recv()).await.expect("a receipt");
            delivered.extend(take(&mut spool.reader(0), 1).await.iter().map(|record| text(record).to_owned()));
        }
        let again = start(&disk.reboot(crash_after as u64));
        let left = again.flow_count(0).spooled_values as usize;
        delivered.extend(take(&mut again.reader(0), left).await.iter().map(|record| text(record).to_owned()));
        assert_eq!(delivered.len(), 3050, "crash after {crash_after}");
    }
}
