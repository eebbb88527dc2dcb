//! How soon data flows again: when the broker is back, when the server is back, and after a restart with a full spool.
//!
//! `cargo bench --bench recovery` — `-- --away 5 --rounds 3 --restart-mib 1024` changes how many seconds a peer is away, how
//! often, and how much waits on disk at the restart. Needs mosquitto (`tests/run.sh peers`); set `TMPDIR` to the disk that
//! is meant.

mod rig;

use qiao::config::plan::{Replay, WhenFull};
use qiao::model::delivery::{AckKey, TopicKind};
use qiao::model::{Delivery, Pending, TopicName, Transaction};
use qiao::port::{Clock, RealDisk};
use qiao::spool::{DiskPlan, LogPlan, Spool};
use rig::{Failure, Running, argument, broker, flow, free_port, gateway, server, status, until};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(120);
const PAYLOAD: usize = 200;

fn main() -> Result<(), Failure> {
    let (away, rounds) = (Duration::from_secs(argument("--away", 5)), argument("--rounds", 3));
    let directory = tempfile::tempdir()?;
    let (broker_port, server_port, http) = (free_port()?, free_port()?, free_port()?);
    let mut peers = Peers {
        broker: Some(broker(directory.path(), broker_port)?),
        server: Some(server(directory.path(), server_port, LOAD)?.0),
    };
    let config = configuration(directory.path(), server_port, broker_port, http)?;
    let began = Instant::now();
    let running = gateway(directory.path(), &config)?;
    let first = flows(http, 0, "delivered-values")?;
    println!("start of the process -> first value delivered     {:>8.0?}", first - began);
    for _ in 0..rounds {
        peers.broker = None;
        std::thread::park_timeout(away);
        let before = now(http, "delivered-values")?;
        peers.broker = Some(broker(directory.path(), broker_port)?);
        let began = Instant::now();
        println!(
            "broker back -> first publish taken                {:>8.0?}",
            flows(http, before, "delivered-values")? - began
        );
    }
    for _ in 0..rounds {
        peers.server = None;
        std::thread::park_timeout(away);
        let before = now(http, "received-values")?;
        peers.server = Some(server(directory.path(), server_port, LOAD)?.0);
        let began = Instant::now();
        println!(
            "server back -> first value received               {:>8.0?}",
            flows(http, before, "received-values")? - began
        );
    }
    drop(running);

    let mib = argument("--restart-mib", 1024);
    let log = directory.path().join("data/spool");
    tokio::runtime::Runtime::new()?.block_on(fill(&log, usize::try_from(mib)?))?;
    let before = Instant::now();
    let _running = gateway(directory.path(), &config)?;
    let ready =
        until(PATIENCE, || ureq::get(format!("http://127.0.0.1:{http}/readyz")).call().ok().map(|_| Instant::now()));
    println!("restart with {mib} MiB waiting -> ready             {:>8.0?}", ready.ok_or("it is not ready")? - before);
    println!(
        "restart with {mib} MiB waiting -> first publish     {:>8.0?}",
        flows(http, 0, "delivered-values")? - before
    );
    Ok(())
}

struct Peers {
    broker: Option<Running>,
    server: Option<Running>,
}

/// Machines, variables of each, changes a second.
const LOAD: [u64; 3] = [1, 100, 10];

fn configuration(directory: &Path, server: u16, broker: u16, http: u16) -> Result<PathBuf, Failure> {
    let path = directory.join("qiao.yaml");
    let text = format!(
        "gateway: {{ name: bench, data-dir: {data}, http: \"127.0.0.1:{http}\" }}
connections:
  load: {{ opcua: {{ endpoint: \"opc.tcp://127.0.0.1:{server}\", security: none-i-accept-the-risk, publishing-interval: 100ms }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{broker}\" }} }}
flows:
  - {{ name: flow, from: load, each: \"/Objects/Machines/*\", select: [{{ path: \"Load/*\" }}], to: plant, delivery: durable }}
",
        data = directory.join("data").display(),
    );
    std::fs::write(&path, text)?;
    Ok(path)
}

fn now(http: u16, count: &str) -> Result<u64, Failure> {
    Ok(flow(&status(http).ok_or("the gateway does not answer")?, count))
}

/// When a count of the flow is more than it was.
fn flows(http: u16, before: u64, count: &str) -> Result<Instant, Failure> {
    let more = until(PATIENCE, || (flow(&status(http)?, count) > before).then(Instant::now));
    more.ok_or_else(|| format!("{count} stays {before}").into())
}

/// As a gateway leaves it whose broker was away, and that was killed.
async fn fill(directory: &Path, mib: usize) -> Result<(), Failure> {
    let plan = DiskPlan {
        disk: Arc::new(RealDisk),
        directory: directory.to_owned(),
        limit: 10 << 30,
        age: None,
        when_full: WhenFull::Block,
        replay: Replay::InOrder,
        logs: vec![LogPlan { sink: 0, name: "plant".to_owned() }],
        flows: vec![("flow".to_owned(), true)],
        clock: Clock::start(),
        log: |finding| eprintln!("{finding}"),
    };
    let topic = Arc::new(TopicName::parse("plant/line/machine/data")?);
    let spool = Spool::on_disk(&plan, 256 << 20, &[true])?;
    let mut receipts = spool.receipts(0);
    for sequence in 0..(mib << 20) / (PAYLOAD * 1000) {
        let deliveries = (0..1000).map(|at| Delivery {
            flow: 0,
            sink: 0,
            topic: Arc::clone(&topic),
            kind: TopicKind::Log,
            qos: 1,
            properties: None,
            payload: (at * PAYLOAD) as u32..((at + 1) * PAYLOAD) as u32,
            values: 1,
        });
        let key = AckKey::Notification { subscription: 1, sequence: sequence as u32 };
        let transaction = Transaction {
            bytes: vec![b'x'; 1000 * PAYLOAD],
            deliveries: deliveries.collect(),
            pending: Some(Pending { source: 0, epoch: 1, key }),
            source: None,
        };
        let permit = spool.reserve(&transaction).await?;
        spool.append(permit, transaction);
        let _ = receipts.recv().await;
    }
    spool.close().await;
    Ok(())
}
