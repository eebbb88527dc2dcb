//! A gateway between a source and a consumer of ours, with a proxy on either side, all on this machine's loopback.

use super::arrival::Arrival;
use super::check::{Arrived, Gap, Made, Verdict, check};
use super::consumer::Consumer;
use super::process::{Process, Told};
use super::proxy::Proxy;
use crate::model::Timestamp;
use crate::mqtt::embedded;
use crate::opcua::certificate::{Store, trust};
use crate::opcua::simulator::numbers::{NumberLog, Numbers};
use crate::opcua::simulator::{Options, Security, Simulator, sequence};
use crate::port::Clock;
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Why the stand cannot be set up or does not hold.
#[derive(Debug, thiserror::Error)]
pub enum StandError {
    #[error("{what}: {error}")]
    Failed { what: &'static str, error: Box<dyn std::error::Error + Send + Sync> },
    #[error("waited {} s in vain: {what}", limit.as_secs())]
    InVain { what: &'static str, limit: Duration },
    #[error("the gateway ended by itself: {last}")]
    Ended { last: String },
}

fn failed<E: Into<Box<dyn std::error::Error + Send + Sync>>>(what: &'static str) -> impl FnOnce(E) -> StandError {
    move |error| StandError::Failed { what, error: error.into() }
}

/// Everything, running. Dropped, nothing of it is left: no process, no port, no file.
pub struct Stand {
    // In the order in which they go.
    gateway: Option<Process>,
    consumer: Consumer,
    pub plc: Proxy,
    pub plant: Proxy,
    server: Option<Simulator>,
    broker: Option<embedded::Running>,
    runtime: tokio::runtime::Runtime,
    executable: PathBuf,
    numbers: Numbers,
    clock: Clock,
    addresses: Addresses,
    /// What gateways told that are gone.
    told: Vec<Told>,
    /// When something was done that values may be lost by.
    harmed: Vec<Timestamp>,
    /// When gateways that were killed were dead.
    killed: Vec<Timestamp>,
    folder: Folder,
}

#[derive(Clone, Copy, Debug)]
struct Addresses {
    server: SocketAddr,
    broker: SocketAddr,
}

impl std::fmt::Debug for Stand {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stand")
            .field("addresses", &self.addresses)
            .field("gateway", &self.gateway)
            .finish_non_exhaustive()
    }
}

/// A folder of our own that goes with us.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed lies where the system removes it.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// After an outage each value may be a message of its own, and the consumer syncs each message.
const NODES: usize = 3;
const ANY: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
/// What was under way and could not be acknowledged when something was done: a publishing interval, a commit, a busy machine.
const WINDOW: Duration = Duration::from_secs(1);
/// How often a fact is looked at.
const LOOK: Duration = Duration::from_millis(25);

impl Stand {
    /// Sets everything up and waits until values arrive.
    pub fn set_up(executable: &Path) -> Result<Self, StandError> {
        let clock = Clock::start();
        let folder = folder(&clock)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("selftest")
            .enable_all()
            .build()
            .map_err(failed("no threads"))?;
        let numbers = Numbers { nodes: NODES, log: Arc::new(NumberLog::default()) };
        let server = serve(ANY, &numbers, &folder.0)?;
        let broker = runtime.block_on(embedded::start(ANY)).map_err(failed("no broker"))?;
        let addresses = Addresses { server: server.address(), broker: broker.address };
        let proxy = |to: SocketAddr| Proxy::start(to.port()).map_err(failed("no proxy"));
        let (plc, plant) = (proxy(addresses.server)?, proxy(addresses.broker)?);
        configure(&folder.0, &plc, &plant)?;
        let ledger = folder.0.join("ledger");
        let consumer = Consumer::start(addresses.broker, "qiao/selftest/+/data", &ledger);
        let consumer = consumer.map_err(failed("no ledger"))?;
        let mut stand = Self {
            gateway: None,
            consumer,
            plc,
            plant,
            server: Some(server),
            broker: Some(broker),
            runtime,
            executable: executable.to_owned(),
            numbers,
            clock,
            addresses,
            told: Vec::new(),
            harmed: Vec::new(),
            killed: Vec::new(),
            folder,
        };
        stand.until("the consumer subscribes", |stand| stand.consumer.is_subscribed())?;
        stand.start_gateway()?;
        let from = stand.now();
        stand.until("values arrive", |stand| stand.is_live(from))?;
        Ok(stand)
    }

    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now().wall
    }

    /// Something is about to be done that values may be lost by.
    pub fn harm(&mut self) {
        let now = self.now();
        self.harmed.push(now);
    }

    /// Waits for a fact.
    pub fn until(&mut self, what: &'static str, fact: impl Fn(&Self) -> bool) -> Result<(), StandError> {
        const LIMIT: Duration = Duration::from_secs(45);
        let began = Instant::now();
        while !fact(self) {
            if let Some(gateway) = &mut self.gateway
                && gateway.has_ended().is_some()
            {
                let last =
                    gateway.told().last().map_or_else(String::new, |told| format!("{} {}", told.code, told.text));
                return Err(StandError::Ended { last });
            }
            if began.elapsed() > LIMIT {
                return Err(StandError::InVain { what, limit: LIMIT });
            }
            std::thread::park_timeout(LOOK);
        }
        Ok(())
    }

    /// Lets time pass.
    pub fn pass(&self, time: Duration) {
        let began = Instant::now();
        while let Some(left) = time.checked_sub(began.elapsed()).filter(|left| !left.is_zero()) {
            std::thread::park_timeout(left);
        }
    }

    /// Starts the gateway.
    pub fn start_gateway(&mut self) -> Result<(), StandError> {
        let gateway = Process::start(&self.executable, &self.folder.0).map_err(failed("the gateway does not start"))?;
        self.gateway = Some(gateway);
        Ok(())
    }

    /// Kills it: SIGKILL.
    pub fn kill_gateway(&mut self) {
        if let Some(mut gateway) = self.gateway.take() {
            gateway.kill();
            let now = self.now();
            self.killed.push(now);
            self.told.extend(gateway.told());
        }
    }

    /// Stops the server; its sessions and subscriptions are gone.
    pub fn stop_server(&mut self) {
        self.server = None;
    }

    /// Starts it again at the same address.
    pub fn start_server(&mut self) -> Result<(), StandError> {
        self.server = Some(serve(self.addresses.server, &self.numbers, &self.folder.0)?);
        Ok(())
    }

    /// Stops the broker and starts it again; it remembers nothing. The consumer has subscribed again when this returns.
    pub fn restart_broker(&mut self) -> Result<(), StandError> {
        if let Some(broker) = self.broker.take() {
            self.runtime.block_on(broker.stop());
        }
        self.until("the consumer notices", |stand| !stand.consumer.is_subscribed())?;
        let broker = self.runtime.block_on(embedded::start(self.addresses.broker)).map_err(failed("no broker"))?;
        self.broker = Some(broker);
        self.until("the consumer subscribes again", |stand| stand.consumer.is_subscribed())
    }

    /// What gateways told since then.
    #[must_use]
    pub fn told(&self, since: Timestamp) -> Vec<Told> {
        let now = self.gateway.as_ref().map(Process::told).unwrap_or_default();
        self.told.iter().cloned().chain(now).filter(|told| told.at >= since).collect()
    }

    /// Whether the gateway told something since then that `is_it`.
    #[must_use]
    pub fn has_told(&self, since: Timestamp, is_it: impl Fn(&Told) -> bool) -> bool {
        self.told(since).iter().any(is_it)
    }

    /// Whether a value arrived that was made after that time, as a live one.
    #[must_use]
    pub fn is_live(&self, since: Timestamp) -> bool {
        let recent = self.consumer.count().saturating_sub(RECENT);
        self.consumer.since(recent, |all| all.iter().any(|one| newest(&one.read()).is_some_and(|at| at > since)))
    }

    /// The newest number that was made.
    #[must_use]
    pub fn last(&self) -> u32 {
        u32::try_from(self.numbers.log.times().len()).unwrap_or(u32::MAX).saturating_sub(1)
    }

    /// The account from the first number that all nodes owed up to this one, and how many gaps were told.
    #[must_use]
    pub fn account(&self, last: u32) -> (Verdict, usize) {
        let nodes = (0..NODES).map(|at| format!("N{at}")).collect();
        let made = Made { nodes, times: self.numbers.log.times() };
        let life = |at: i64| self.killed.iter().filter(|killed| killed.unix_millis() < at).count() as u32;
        let read = |arrival: &Arrival| Arrived { life: life(arrival.taken()), ..arrival.read() };
        let arrived: Vec<Arrived> = self.consumer.since(0, |all| all.iter().map(read).collect());
        let gaps = self.gaps(&arrived);
        (check(&made, first(&arrived)..=last, &arrived, &gaps), gaps.len())
    }

    /// Each gap that was told: from shortly before what was done to the first live value behind the telling.
    fn gaps(&self, arrived: &[Arrived]) -> Vec<Gap> {
        let gap = |told: &Told| {
            let harmed = self.harmed.iter().rfind(|at| **at <= told.at)?;
            let next = arrived.iter().filter(|one| !one.is_late).filter_map(newest).find(|at| *at > told.at);
            Some(Gap {
                nodes: Vec::new(),
                since: Timestamp(harmed.0 - ticks(WINDOW)),
                until: next.unwrap_or(told.at),
                reason: told.code.clone(),
            })
        };
        self.told(Timestamp::NONE).iter().filter(|told| told.is_gap()).filter_map(gap).collect()
    }
}

/// Among so many messages the newest values are.
const RECENT: usize = 50;

fn ticks(duration: Duration) -> i64 {
    i64::try_from(duration.as_nanos() / 100).unwrap_or(i64::MAX)
}

/// Source time of the newest good value of a message that is not late.
fn newest(message: &Arrived) -> Option<Timestamp> {
    let samples = message.samples.as_ref().ok().filter(|_| !message.is_late)?;
    samples.iter().filter(|sample| sample.status == 0).map(|sample| sample.source).max()
}

/// The first number that all nodes owe.
fn first(arrived: &[Arrived]) -> u32 {
    let mut first: BTreeMap<&str, u32> = BTreeMap::new();
    for sample in arrived.iter().filter_map(|message| message.samples.as_ref().ok()).flatten() {
        if let Some(number) = sample.value.and_then(|value| sequence::number(&sample.node, value)) {
            first.entry(&sample.node).or_insert(number);
        }
    }
    first.into_values().max().unwrap_or_default()
}

fn folder(clock: &Clock) -> Result<Folder, StandError> {
    use std::os::unix::fs::DirBuilderExt as _;
    let name = format!("qiao-selftest-{}-{}", std::process::id(), clock.now().wall.0);
    let path = std::env::temp_dir().join(name);
    std::fs::DirBuilder::new().mode(0o700).create(&path).map_err(failed("no temporary folder"))?;
    Ok(Folder(path))
}

fn serve(listen: SocketAddr, numbers: &Numbers, folder: &Path) -> Result<Simulator, StandError> {
    let options = Options {
        listen,
        machines: 0,
        seed: 1,
        makes_mistakes: false,
        load: None,
        numbers: Some(numbers.clone()),
        folder: folder.join("server"),
        security: Security::Secured,
        user: None,
    };
    Simulator::start(options, Clock::start()).map_err(failed("no server"))
}

/// The gateway's configuration, and its trust in the server.
fn configure(folder: &Path, plc: &Proxy, plant: &Proxy) -> Result<(), StandError> {
    let text = format!(
        "gateway: {{ name: selftest, data-dir: data }}
connections:
  plc: {{ opcua: {{ endpoint: \"opc.tcp://127.0.0.1:{}\", security: sign, publishing-interval: 100ms }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\", keep-alive: 5s }} }}
flows:
  - {{ name: numbers, from: plc, each: /Objects/Sequence, select: [{{ path: \"**\", sampling: 0s, queue: 1000 }}], to: plant, delivery: durable }}
limits: {{ memory: 64MiB, spool: 64MiB }}
",
        plc.port(),
        plant.port()
    );
    std::fs::write(folder.join("qiao.yaml"), text).map_err(failed("no configuration"))?;
    let certificate = folder.join("server/own/certificate.der");
    let store = Store::client(&folder.join("data/pki"));
    trust(&store, &certificate.display().to_string()).map_err(failed("no trust"))?;
    Ok(())
}
