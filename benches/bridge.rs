//! End to end: an OPC UA load server, the gateway with validation, mosquitto, a consumer that counts.
//!
//! `cargo bench --bench bridge` — 10,000 items that change ten times a second; `-- --machines 10 --variables 100
//! --rate 10 --seconds 20 --qos 1` changes the load. Prints how long subscribing took, values per second in and out,
//! CPU of the gateway process per value split by stage, and its memory. Needs mosquitto (`tests/run.sh peers`).

mod rig;

use rig::{Failure, argument, broker, flow, free_port, gateway, server, status, until};
use rumqttc::{AsyncClient, Event, Incoming, MqttOptions, QoS};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

struct Load {
    machines: u64,
    variables: u64,
    rate: u64,
    seconds: u64,
    qos: u64,
}

impl Load {
    fn from_arguments() -> Self {
        Self {
            machines: argument("--machines", 100),
            variables: argument("--variables", 100),
            rate: argument("--rate", 10),
            seconds: argument("--seconds", 20),
            qos: argument("--qos", 1),
        }
    }

    fn items(&self) -> u64 {
        self.machines * self.variables
    }
}

fn main() -> Result<(), Failure> {
    let load = Load::from_arguments();
    let directory = tempfile::tempdir()?;
    let broker_port = free_port()?;
    let _broker = broker(directory.path(), broker_port)?;
    let (_server, endpoint) = server(directory.path(), 0, [load.machines, load.variables, load.rate])?;
    let consumed = consumer(broker_port);
    let http = free_port()?;
    let config = configuration(directory.path(), &load, &endpoint, broker_port, http)?;

    let began = Instant::now();
    let gateway = gateway(directory.path(), &config)?;
    let subscribed = until(Duration::from_secs(120), || {
        let status = status(http)?;
        (counter(&status, "items_ok_current") >= load.items()).then(|| began.elapsed())
    });
    let Some(subscribed) = subscribed else {
        let log = std::fs::read_to_string(directory.path().join("log"))?;
        return Err(format!("the items were not subscribed: {:#?}\n{log}", status(http)).into());
    };
    // The first full images are through.
    std::thread::park_timeout(Duration::from_secs(5));

    let process = gateway.0.id();
    let (first, first_cpu, first_consumed) = (status(http).ok_or("no status")?, Cpu::of(process)?, read(&consumed));
    let began = Instant::now();
    std::thread::park_timeout(Duration::from_secs(load.seconds));
    let elapsed = began.elapsed().as_secs_f64();
    let (last, last_cpu, last_consumed) = (status(http).ok_or("no status")?, Cpu::of(process)?, read(&consumed));

    let received = flow(&last, "received-values") - flow(&first, "received-values");
    let delivered = flow(&last, "delivered-values") - flow(&first, "delivered-values");
    let per_value = |seconds: f64| seconds * 1e6 / received.max(1) as f64;
    let nanoseconds = |name: &str| (counter(&last, name) - counter(&first, name)) as f64 / 1e9;
    let total = last_cpu.total - first_cpu.total;
    let opcua = last_cpu.threads("opcua ") - first_cpu.threads("opcua ");
    let (stages, spool) = (nanoseconds("stages_nanoseconds"), nanoseconds("spool_nanoseconds"));
    println!(
        "load        {} machines × {} variables × {}/s = {} values/s, QoS {}",
        load.machines,
        load.variables,
        load.rate,
        load.items() * load.rate,
        load.qos
    );
    println!("subscribed  {} items in {:.2} s from the start of the process", load.items(), subscribed.as_secs_f64());
    println!("received    {:>9.0} values/s", received as f64 / elapsed);
    println!("delivered   {:>9.0} values/s (acknowledged by the broker)", delivered as f64 / elapsed);
    println!(
        "consumed    {:>9.0} values/s in {:.0} messages/s",
        (last_consumed.0 - first_consumed.0) as f64 / elapsed,
        (last_consumed.1 - first_consumed.1) as f64 / elapsed
    );
    println!(
        "overflows   {} · gaps {} · violations {} · imbalance {}",
        counter(&last, "overflows"),
        flow(&last, "gaps"),
        flow(&last, "violations"),
        last["flows"][0]["imbalance"]
    );
    println!("CPU         {:.3} µs a value ({:.0} % of one core)", per_value(total), total / elapsed * 100.0);
    println!("  receive, decode (OPC UA threads)         {:.3} µs", per_value(opcua));
    println!("  assemble, encode, validate (elapsed)     {:.3} µs", per_value(stages));
    println!("  hand to the spool (elapsed)              {:.3} µs", per_value(spool));
    println!(
        "  MQTT, scheduling, everything else        {:.3} µs",
        per_value((total - opcua - stages - spool).max(0.0))
    );
    println!("memory      {:.1} MB resident, {:.1} MB at most", last_cpu.resident_mb, last_cpu.peak_mb);
    Ok(())
}

fn configuration(
    directory: &Path,
    load: &Load,
    endpoint: &str,
    broker: u16,
    http: u16,
) -> Result<std::path::PathBuf, Failure> {
    let path = directory.join("qiao.yaml");
    let text = format!(
        "gateway: {{ name: bench, data-dir: {data}, http: \"127.0.0.1:{http}\" }}
connections:
  load: {{ opcua: {{ endpoint: \"{endpoint}\", security: none-i-accept-the-risk, publishing-interval: 100ms }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{broker}\", qos: {qos}, max-packet: 4MiB }} }}
flows:
  - name: load-to-plant
    from: load
    each: \"/Objects/Machines/*\"
    select: [{{ path: \"Load/*\", sampling: 50ms, queue: 10 }}]
    to: plant
    delivery: memory
",
        data = directory.join("data").display(),
        qos = load.qos,
    );
    std::fs::write(&path, text)?;
    Ok(path)
}

/// Counts values (by their source time) and messages that a subscriber receives.
fn consumer(port: u16) -> Arc<(AtomicU64, AtomicU64)> {
    let counts = Arc::new((AtomicU64::new(0), AtomicU64::new(0)));
    let counted = Arc::clone(&counts);
    std::thread::spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        runtime.block_on(async move {
            let mut options = MqttOptions::new("bench-consumer", ("127.0.0.1", port));
            options.set_max_packet_size(Some(16 << 20));
            let (client, mut events) = AsyncClient::builder(options).capacity(64).build();
            if client.subscribe("qiao/bench/+/data", QoS::AtMostOnce).await.is_err() {
                return;
            }
            while let Ok(event) = events.poll().await {
                if let Event::Incoming(Incoming::Publish(publish)) = event {
                    let text = String::from_utf8_lossy(&publish.payload);
                    counted.0.fetch_add(text.matches("\"SourceTimestamp\"").count() as u64, Ordering::Relaxed);
                    counted.1.fetch_add(1, Ordering::Relaxed);
                }
            }
        });
    });
    counts
}

fn read(counts: &(AtomicU64, AtomicU64)) -> (u64, u64) {
    (counts.0.load(Ordering::Relaxed), counts.1.load(Ordering::Relaxed))
}

fn counter(status: &Value, name: &str) -> u64 {
    let connections = status["connections"].as_array().into_iter().flatten();
    connections
        .filter(|connection| connection["kind"] == "opcua")
        .filter_map(|connection| connection["counters"][name].as_u64())
        .sum()
}

/// CPU seconds of a process, whole and by thread, and its memory.
struct Cpu {
    total: f64,
    by_thread: BTreeMap<String, f64>,
    resident_mb: f64,
    peak_mb: f64,
}

impl Cpu {
    fn of(process: u32) -> Result<Self, Failure> {
        let mut by_thread = BTreeMap::new();
        for task in std::fs::read_dir(format!("/proc/{process}/task"))? {
            let path = task?.path();
            let name = std::fs::read_to_string(path.join("comm"))?.trim().to_owned();
            *by_thread.entry(name).or_default() += seconds(&std::fs::read_to_string(path.join("stat"))?);
        }
        let total = seconds(&std::fs::read_to_string(format!("/proc/{process}/stat"))?);
        let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
        let megabytes = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name))?;
            Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? / 1000.0)
        };
        let (resident_mb, peak_mb) = (megabytes("VmRSS").unwrap_or(0.0), megabytes("VmHWM").unwrap_or(0.0));
        Ok(Self { total, by_thread, resident_mb, peak_mb })
    }

    fn threads(&self, prefix: &str) -> f64 {
        self.by_thread.iter().filter(|(name, _)| name.starts_with(prefix)).map(|(_, seconds)| seconds).sum()
    }
}

/// User and system time of a `stat` line; the clock ticks 100 times a second on Linux.
fn seconds(stat: &str) -> f64 {
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}
