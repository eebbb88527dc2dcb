//! The spool alone: what durable costs against memory, and how long a start takes.
//!
//! `cargo bench --bench spool` — messages of 200 bytes into the spool, receipts awaited, out again; `-- --messages 200000
//! --batch 100 --restart-mib 1024` changes the load. `--batch`: messages of one transaction. The directory is a temporary
//! one; set `TMPDIR` to the disk that is meant.

use qiao::config::plan::{Replay, WhenFull};
use qiao::model::delivery::{AckKey, TopicKind};
use qiao::model::{Delivery, Pending, TopicName, Transaction};
use qiao::port::{Clock, RealDisk};
use qiao::spool::{DiskPlan, LogPlan, Spool};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

type Failure = Box<dyn std::error::Error>;

const PAYLOAD: usize = 200;

fn argument(name: &str, default: usize) -> usize {
    let arguments: Vec<String> = std::env::args().collect();
    let at = arguments.iter().position(|argument| argument == name);
    at.and_then(|at| arguments.get(at + 1)?.parse().ok()).unwrap_or(default)
}

fn durable(directory: &Path) -> Result<Spool, Failure> {
    let plan = DiskPlan {
        disk: Arc::new(RealDisk),
        directory: directory.to_owned(),
        limit: 20 << 30,
        age: None,
        when_full: WhenFull::Block,
        replay: Replay::InOrder,
        logs: vec![LogPlan { sink: 0, name: "plant".to_owned() }],
        flows: vec![("flow".to_owned(), true)],
        clock: Clock::start(),
        log: |finding| eprintln!("{finding}"),
    };
    Ok(Spool::on_disk(&plan, 256 << 20, &[true])?)
}

fn transaction(batch: usize, topic: &Arc<TopicName>) -> Transaction {
    let deliveries = (0..batch).map(|at| Delivery {
        flow: 0,
        sink: 0,
        topic: Arc::clone(topic),
        kind: TopicKind::Log,
        qos: 1,
        properties: None,
        payload: (at * PAYLOAD) as u32..((at + 1) * PAYLOAD) as u32,
        values: 1,
    });
    let key = AckKey::Notification { subscription: 1, sequence: 1 };
    Transaction {
        bytes: vec![b'x'; batch * PAYLOAD],
        deliveries: deliveries.collect(),
        pending: Some(Pending { source: 0, epoch: 1, key }),
        source: None,
    }
}

/// In with a few transactions under way, as a source has them, and out at once; messages a second.
async fn throughput(spool: &Spool, messages: usize, batch: usize) -> Result<f64, Failure> {
    let topic = Arc::new(TopicName::parse("plant/line/machine/data")?);
    let mut receipts = spool.receipts(0);
    let mut reader = spool.reader(0);
    let count = messages / batch;
    let began = Instant::now();
    let sink = async {
        for _ in 0..count * batch {
            let record = reader.next().await;
            reader.release(record.position);
        }
    };
    let source = async {
        let mut under_way = 0;
        for _ in 0..count {
            let transaction = transaction(batch, &topic);
            let permit = spool.reserve(&transaction).await?;
            spool.append(permit, transaction);
            under_way += 1;
            while under_way > 32 {
                let _ = receipts.recv().await;
                under_way -= 1;
            }
        }
        for _ in 0..under_way {
            let _ = receipts.recv().await;
        }
        Ok::<(), Failure>(())
    };
    let (result, ()) = tokio::join!(source, sink);
    result?;
    Ok((count * batch) as f64 / began.elapsed().as_secs_f64())
}

/// Fills a log that nobody drains, kills it as far as a process can, and opens it again.
async fn restart(directory: &Path, mib: usize) -> Result<(Duration, Duration), Failure> {
    let topic = Arc::new(TopicName::parse("plant/line/machine/data")?);
    let spool = durable(directory)?;
    let mut receipts = spool.receipts(0);
    for _ in 0..(mib << 20) / (PAYLOAD * 1000) {
        let transaction = transaction(1000, &topic);
        let permit = spool.reserve(&transaction).await?;
        spool.append(permit, transaction);
        let _ = receipts.recv().await;
    }
    spool.close().await;
    drop(spool);
    let began = Instant::now();
    let spool = durable(directory)?;
    let opened = began.elapsed();
    let _ = spool.reader(0).next().await;
    let first = began.elapsed();
    spool.close().await;
    Ok((opened, first))
}

fn main() -> Result<(), Failure> {
    let (messages, batch) = (argument("--messages", 200_000), argument("--batch", 0));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    for batch in if batch == 0 { vec![1, 10, 100, 1000] } else { vec![batch] } {
        let messages = if batch == 1 { messages / 10 } else { messages };
        let memory = runtime.block_on(throughput(&Spool::in_memory(256 << 20, 1, 1), messages, batch))?;
        let directory = tempfile::tempdir()?;
        let spool = durable(directory.path())?;
        let durable = runtime.block_on(throughput(&spool, messages, batch))?;
        let facts = spool.disk().ok_or("a disk")?;
        let commits = facts.commits.load(Ordering::Relaxed).max(1);
        let latency = facts.commit_ns.load(Ordering::Relaxed) / commits / 1000;
        println!(
            "{batch:>5} messages a transaction: memory {memory:>10.0}/s, durable {durable:>9.0}/s (1 : {:.1}), {} messages a commit of {latency} µs",
            memory / durable,
            messages as u64 / commits
        );
        runtime.block_on(spool.close());
    }
    let mib = argument("--restart-mib", 1024);
    let directory = tempfile::tempdir()?;
    let (opened, first) = runtime.block_on(restart(directory.path(), mib))?;
    println!("restart with {mib} MiB waiting: open after {opened:?}, first record after {first:?}");
    Ok(())
}
