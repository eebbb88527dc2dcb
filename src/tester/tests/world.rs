//! A whole gateway between simulated peers: real stages and a real spool on a simulated disk, a server that keeps what
//! was not acknowledged, a broker that loses acknowledgements, and a clock that is moved by hand.

use super::super::arrival::Arrival;
use super::super::check::{Arrived, Gap, Made, Verdict, check};
use super::START;
use crate::config::plan::Plan;
use crate::config::{self, FileFacts};
use crate::finding::{Finding, Language};
use crate::model::browse::{BrowseName, BrowsePath};
use crate::model::delivery::AckKey;
use crate::model::discovery::{DataType, FoundItem, FoundMachine, ItemMode, Target};
use crate::model::{Batch, BuiltInType, Discovery, Now, Pending, Sample, Scalar, StatusCode, Timestamp};
use crate::opcua::simulator::sequence;
use crate::port::fake_disk::{FakeDisk, Fault};
use crate::port::{Clock, Disk as _, LinkState, SourceEvent};
use crate::profile::Files;
use crate::runtime::disk;
use crate::runtime::stages::{Outbox, Prepared, Stages};
use crate::spool::durable::OpenError;
use crate::spool::{Reader, Receipt, Spool};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::mpsc::UnboundedReceiver;

const CONFIGURATION: &str = "gateway: { name: g, data-dir: /data }
connections:
  plc: { opcua: { endpoint: 'opc.tcp://plc' } }
  plant: { mqtt: { broker: 'mqtts://plant' } }
flows: [{ name: numbers, from: plc, to: plant, delivery: durable }]
limits: { memory: 1MiB, spool: 16MiB }
";
const SINK: u16 = 1;
pub const NODES: usize = 2;
/// Between two numbers.
const STEP: Duration = Duration::from_millis(40);

/// What all worlds share: made once.
#[derive(Clone)]
pub struct Ground {
    plan: Arc<Plan>,
    prepared: Arc<Prepared>,
}

struct Nowhere;

impl config::World for Nowhere {
    fn file(&self, _: &Path) -> Result<FileFacts, String> {
        Err("no such file".to_owned())
    }
    fn names(&self, _: &Path) -> Result<Vec<String>, String> {
        Err("no such folder".to_owned())
    }
    fn environment(&self, _: &str) -> Option<String> {
        None
    }
    fn folder(&self, _: &Path) -> Result<Files, String> {
        Err("no such folder".to_owned())
    }
    fn language(&self) -> Language {
        Language::English
    }
}

impl Ground {
    pub fn new() -> Self {
        let checked = config::check("qiao.yaml", CONFIGURATION.as_bytes(), Path::new("/"), &Nowhere);
        let mut plan = checked.value.unwrap_or_else(|| panic!("{:?}", checked.findings));
        // Smaller than anybody may configure it: short segments, which a life comes to the end of.
        plan.limits.spool = 1 << 20;
        let plan = Arc::new(plan);
        let prepared = Prepared::new(&plan).expect("schemas");
        Self { plan, prepared }
    }
}

/// A small generator, so that a world is known by its seed, but for which records share a sync.
#[derive(Clone, Debug)]
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// An OPC UA server with one subscription.
#[derive(Debug)]
struct Server {
    made: Made,
    /// Numbers that no notification holds yet.
    queued: Vec<u32>,
    /// Notifications that were not acknowledged: their numbers in the sequence, and what they hold.
    kept: Vec<(u32, Vec<u32>)>,
    next: u32,
    /// Its subscription outlives the gateway.
    is_loyal: bool,
}

/// A fault planted on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Planted {
    Nothing,
    /// The source acknowledges what it hands on, and waits for no receipt.
    AcknowledgesEarly,
    /// A record is released when it is sent, and waits for no PUBACK.
    ReleasesEarly,
    /// One record of many is taken out of the spool and not sent.
    DropsOne,
    /// Two records that follow each other are sent the wrong way round.
    SwapsTwo,
    /// What was read back from disk is not marked.
    HidesReplay,
    /// A bit of a payload turns over on the way.
    FlipsBit,
}

pub struct World {
    ground: Ground,
    pub random: Random,
    planted: Planted,
    pub disk: FakeDisk,
    server: Server,
    pub arrived: Vec<Arrived>,
    gaps: Vec<Gap>,
    epoch: u64,
    monotonic: Duration,
}

/// One life of the gateway.
pub struct Life {
    stages: Stages,
    spool: Spool,
    receipts: UnboundedReceiver<Receipt>,
    reader: Reader,
    owed: usize,
}

fn quiet(_: &Finding) {}

impl World {
    pub fn new(ground: &Ground, seed: u64, is_loyal: bool, planted: Planted) -> Self {
        let made = Made { nodes: (0..NODES).map(|at| format!("N{at}")).collect(), times: Vec::new() };
        let mut world = Self {
            ground: ground.clone(),
            random: Random(seed),
            planted,
            disk: FakeDisk::new(seed, 64 << 20),
            server: Server { made, queued: Vec::new(), kept: Vec::new(), next: 1, is_loyal },
            arrived: Vec::new(),
            gaps: Vec::new(),
            epoch: 0,
            monotonic: Duration::from_secs(100),
        };
        world.make();
        world
    }

    fn now(&self) -> Now {
        let wall = Timestamp(START.0 + i64::try_from(self.monotonic.as_micros()).expect("short") * 10);
        Now { wall, monotonic: self.monotonic }
    }

    /// The next number of every node.
    fn make(&mut self) {
        self.monotonic += STEP;
        let time = self.now().wall;
        self.server.queued.push(self.server.made.times.len() as u32);
        self.server.made.times.push(time);
    }

    /// Starts the gateway; `None`: the power went again while it recovered.
    pub fn start(&mut self) -> Option<Life> {
        let spool = match disk::spool(&self.ground.plan, Arc::new(self.disk.clone()), Clock::start(), quiet) {
            Ok(spool) => spool,
            Err(OpenError::Disk { .. }) if self.is_off() => return None,
            Err(error) => panic!("{error}"),
        };
        let stages = Stages::new(Arc::clone(&self.ground.plan), 0, Arc::clone(&self.ground.prepared));
        let (receipts, reader) = (spool.receipts(0), spool.reader(SINK));
        let mut life = Life { stages, spool, receipts, reader, owed: 0 };
        self.epoch += 1;
        life.event(SourceEvent::Link(LinkState::Connected), self);
        life.event(SourceEvent::Found(Arc::new(discovery(self.epoch))), self);
        if self.server.is_loyal && self.epoch > 1 {
            // The subscription is taken over, and what was not acknowledged comes again.
            for (sequence, numbers) in self.server.kept.clone() {
                life.batch(sequence, &numbers, self);
            }
        } else {
            self.forget();
            // The present values, which nobody has to acknowledge.
            let present = self.server.made.times.len() as u32 - 1;
            let samples = self.samples(&[present]);
            let batch = Batch { epoch: self.epoch, received: self.now().wall, samples, ..Batch::default() };
            life.event(SourceEvent::Batch(batch), self);
        }
        Some(life)
    }

    /// A new session: what was not acknowledged is gone, and that is told.
    fn forget(&mut self) {
        let kept = self.server.kept.drain(..).flat_map(|(_, numbers)| numbers);
        let lost: Vec<u32> = kept.chain(self.server.queued.drain(..)).collect();
        if let (Some(first), Some(last)) = (lost.iter().min(), lost.iter().max()) {
            let time = |number: u32| self.server.made.times[number as usize];
            let (since, until) = (time(*first), time(*last));
            self.gaps.push(Gap { nodes: Vec::new(), since, until, reason: "a new session".to_owned() });
        }
    }

    fn samples(&self, numbers: &[u32]) -> Vec<Sample> {
        let one = |number: u32, slot: usize| {
            let time = self.server.made.times[number as usize];
            let value = sequence::value(&self.server.made.nodes[slot], number);
            Sample {
                slot: slot as u32,
                status: StatusCode::GOOD.0,
                source_time: time,
                server_time: time,
                scalar: Scalar::U64(BuiltInType::UInt64, value),
            }
        };
        numbers.iter().flat_map(|number| (0..NODES).map(move |slot| one(*number, slot))).collect()
    }

    pub fn is_off(&self) -> bool {
        self.disk.free_space(Path::new("/")).is_err()
    }

    /// The gateway dies: by a loss of power, or as by `kill -9`. What it had is gone.
    pub fn crash(&mut self, life: Option<Life>) {
        let is_kill = !self.is_off() && self.random.below(2) == 0;
        let way = self.random.below(1 << 40);
        let disk = if is_kill { self.disk.kill() } else { self.disk.reboot(way) };
        // The thread of the dead gateway may still write: on a disk that nobody sees any more.
        drop(life);
        self.disk = disk;
    }

    /// The power goes at one of the next calls to the disk.
    pub fn power_goes(&mut self) {
        let call = self.disk.calls() + self.random.below(40);
        self.disk.fault_at(call, Fault::PowerLoss);
    }

    /// The last life delivers everything, and the account is made.
    pub fn settle(&mut self, mut life: Life) -> Verdict {
        life.publish(self);
        self.monotonic += Duration::from_secs(1);
        life.tick(self);
        life.wait_for_receipts(self);
        assert!(self.server.kept.is_empty(), "everything is acknowledged: {:?}", self.server.kept);
        life.reader.rewind();
        // The thread says what lies on disk when it has looked for the first time.
        let facts = life.spool.disk().expect("a disk");
        for _ in 0..100_000 {
            life.send(self, 1);
            if facts.limit_bytes.load(Ordering::Relaxed) > 0 && life.spool.waiting(SINK) == (0, 0) {
                break;
            }
            std::thread::park_timeout(Duration::from_micros(100));
        }
        let last = self.server.made.times.len() as u32 - 1;
        check(&self.server.made, 0..=last, &self.arrived, &self.gaps)
    }
}

impl Life {
    /// Something happens; `false` when the power is off.
    pub fn step(&mut self, world: &mut World) -> bool {
        match world.random.below(8) {
            0..4 => world.make(),
            4 | 5 => self.publish(world),
            6 => {
                let puback = world.random.below(8);
                self.send(world, puback);
            }
            _ => match world.random.below(4) {
                0 => {
                    // The link is cut and comes back with the same session.
                    let lost = Finding::error("QIAO-O001", "plc");
                    self.event(SourceEvent::Link(LinkState::Lost(Box::new(lost))), world);
                    self.event(SourceEvent::Link(LinkState::Connected), world);
                }
                1 => self.reader.rewind(),
                _ => self.wait_for_receipts(world),
            },
        }
        self.tick(world);
        !world.is_off()
    }

    /// The server sends what it has, as one notification.
    pub fn publish(&mut self, world: &mut World) {
        let numbers = std::mem::take(&mut world.server.queued);
        if numbers.is_empty() {
            return;
        }
        let sequence = world.server.next;
        world.server.next += 1;
        if world.planted != Planted::AcknowledgesEarly {
            world.server.kept.push((sequence, numbers.clone()));
        }
        self.batch(sequence, &numbers, world);
    }

    fn batch(&mut self, sequence: u32, numbers: &[u32], world: &mut World) {
        let key = AckKey::Notification { subscription: 1, sequence };
        let batch = Batch {
            epoch: world.epoch,
            received: world.now().wall,
            samples: world.samples(numbers),
            pending: Some(Pending { source: 0, epoch: world.epoch, key }),
            ..Batch::default()
        };
        self.owed += 1;
        self.event(SourceEvent::Batch(batch), world);
    }

    fn event(&mut self, event: SourceEvent, world: &World) {
        let mut out = Outbox::default();
        self.stages.on_event(event, world.now(), &mut out);
        self.append(out);
    }

    fn tick(&mut self, world: &mut World) {
        if self.stages.next_tick().is_some_and(|at| at <= world.monotonic) {
            let mut out = Outbox::default();
            self.stages.on_tick(world.now(), &mut out);
            self.append(out);
        }
        self.hear(world);
    }

    fn append(&mut self, out: Outbox) {
        for transaction in out.transactions {
            let permit = futures::executor::block_on(self.spool.reserve(Spool::size_of(&transaction)));
            self.spool.append(permit.expect("it fits"), transaction);
        }
    }

    /// Receipts become acknowledgements.
    fn hear(&mut self, world: &mut World) {
        while let Ok(receipt) = self.receipts.try_recv() {
            let pending = receipt.into_pending();
            if let AckKey::Notification { sequence, .. } = pending.key {
                self.owed -= 1;
                world.server.kept.retain(|(kept, _)| *kept != sequence);
            }
        }
    }

    fn wait_for_receipts(&mut self, world: &mut World) {
        for _ in 0..100_000 {
            self.hear(world);
            if self.owed == 0 || world.is_off() {
                return;
            }
            // What is held goes out in its time.
            world.monotonic += Duration::from_millis(1);
            if self.stages.next_tick().is_some_and(|at| at <= world.monotonic) {
                let mut out = Outbox::default();
                self.stages.on_tick(world.now(), &mut out);
                self.append(out);
            }
            std::thread::park_timeout(Duration::from_micros(20));
        }
        panic!("{} receipts did not come", self.owed);
    }

    /// Sends what is there; `puback` 0: the broker has it, and its acknowledgement is lost.
    fn send(&mut self, world: &mut World, puback: u64) {
        let mut records = Vec::new();
        while let Some(record) = self.reader.try_next() {
            records.push(record);
        }
        let is_due = |world: &mut World, planted: Planted| world.planted == planted && world.random.below(4) == 0;
        if records.len() > 1 && is_due(world, Planted::SwapsTwo) {
            let at = records.len() - 2;
            records.swap(at, at + 1);
        }
        for record in records {
            let is_dropped = is_due(world, Planted::DropsOne);
            let is_unsent = world.planted == Planted::ReleasesEarly && world.random.below(4) == 0;
            if record.topic.as_str().ends_with("/data") && !is_dropped && !is_unsent {
                let mut payload = record.payload.to_vec();
                if is_due(world, Planted::FlipsBit)
                    && let Some(at) = payload.windows(9).position(|window| window == b"\"Value\":\"")
                {
                    payload[at + 12] ^= 1;
                }
                let is_told = record.is_replayed && world.planted != Planted::HidesReplay;
                let properties = is_told.then(|| ("replayed".to_owned(), "true".to_owned()));
                let arrival = Arrival {
                    at: 0,
                    topic: record.topic.to_string(),
                    properties: properties.into_iter().collect(),
                    payload: String::from_utf8_lossy(&payload).into_owned(),
                };
                world.arrived.push(Arrived { life: world.epoch as u32, ..arrival.read() });
            }
            if puback > 0 || is_dropped || is_unsent {
                self.reader.release(record.position);
            }
        }
    }
}

/// One machine with all nodes.
fn discovery(epoch: u64) -> Discovery {
    let item = |at: usize| FoundItem {
        node: format!("nsu=urn:m;s=N{at}"),
        targets: vec![Target {
            machine: 0,
            path: BrowsePath(vec![BrowseName::new("urn:m", format!("N{at}"))]),
            types: vec![Arc::default()],
        }],
        mode: ItemMode::Monitored,
        data_type: DataType { node: "i=9".to_owned(), built_in: BuiltInType::UInt64, enumeration: None },
        value_rank: -1,
        unit: None,
    };
    let machine = FoundMachine {
        flow: 0,
        node: "nsu=urn:m;s=M".to_owned(),
        browse_name: BrowseName::new("urn:m", "M"),
        path: BrowsePath(vec![BrowseName::new("urn:m", "M")]),
        types: Vec::new(),
        parent: "i=85".to_owned(),
    };
    Discovery { epoch, carries_on: None, machines: vec![machine], items: (0..NODES).map(item).collect() }
}
