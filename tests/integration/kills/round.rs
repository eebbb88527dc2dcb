//! One server, one broker, one consumer, and a gateway that is killed again and again.

use crate::integration::rig::gateway::{Gateway, Site};
use crate::integration::rig::mosquitto::Mosquitto;
use crate::integration::rig::peer::Peer;
use crate::integration::rig::proxy::Proxy;
use crate::integration::rig::wait_for;
use qiao::model::Timestamp;
use qiao::port::Clock;
use qiao::tester::arrival::Arrival;
use qiao::tester::check::{Arrived, Fault, Gap, Made, Verdict, check};
use qiao::tester::consumer::Consumer;
use qiao::tester::process::Told;
use std::fmt;
use std::time::{Duration, Instant};

/// Which server the values come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Server {
    NodeOpcua,
    Asyncua,
}

const NODES: usize = 5;
/// What a gateway had and could not acknowledge before it died: a publishing interval, a commit, and a busy machine.
const WINDOW: Duration = Duration::from_secs(1);

/// Moments for a kill, from the first live value, or from the start of the process.
const WHILE_IT_WORKS: Duration = Duration::from_millis(2500);
const WHILE_IT_STARTS: Duration = Duration::from_millis(700);
/// See [`flows`].
const FEW: usize = 4;
/// Faults that are shown of a round.
const FAULTS: usize = 20;
/// The drain time of the default, and the goodbye.
const STOP: Duration = Duration::from_secs(12);
/// The last number may have arrived shortly before the server says that it is the last: among so many messages.
const RECENT: usize = 50;

/// The account of one round.
#[derive(Debug)]
pub struct Round {
    pub kills: u32,
    pub verdict: Verdict,
    /// From the start of the process to the first live value at the consumer, for each life that came so far.
    pub starts: Vec<Duration>,
    /// What happened when, in numbers of the source.
    pub notes: Vec<String>,
}

impl fmt::Display for Round {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut starts = self.starts.clone();
        starts.sort_unstable();
        let (median, longest) = (starts.get(starts.len() / 2), starts.last());
        write!(
            f,
            "{} kills: {}; {} lives came to deliver, the first value after {median:?} (median), {longest:?} (longest)",
            self.kills,
            self.verdict,
            starts.len()
        )?;
        if self.verdict.faults.is_empty() {
            return Ok(());
        }
        self.verdict.faults.iter().take(FAULTS).try_for_each(|fault| write!(f, "\n  {fault:?}"))?;
        self.notes.iter().try_for_each(|note| write!(f, "\n  {note}"))
    }
}

/// How a life ended.
struct End {
    /// When it was told to, and when it was over.
    told: Timestamp,
    over: Timestamp,
    /// Values had arrived from it.
    was_live: bool,
    /// SIGTERM: it gave back what it had subscribed to, and what is made until the next one comes nobody owes.
    is_stop: bool,
    /// Dead; its log.
    gateway: Gateway,
}

struct Run {
    server: Peer,
    consumer: Consumer,
    proxy: Proxy,
    site: Site,
    random: Random,
    clock: Clock,
    /// Of each life but the last.
    ends: Vec<End>,
    starts: Vec<Duration>,
    _broker: Mosquitto,
}

/// Kills a gateway so many times, lets the last one deliver everything, and gives the account.
pub fn round(server: Server, kills: u32, seed: u64) -> Round {
    let mut run = Run::start(server.start(), seed);
    let mut gateway = run.live();
    let first = run.consumer.since(0, first_of_all);
    let mut was_live = true;
    for _ in 0..kills {
        run.kill(gateway, was_live);
        was_live = run.random.below(5) > 1;
        gateway = if was_live { run.live() } else { run.site.run() };
    }
    run.settle(gateway, first, kills)
}

/// Killed so many times while it starts and recovers, with messages on disk and no broker; the last life delivers them.
pub fn while_it_starts(server: Server, kills: u32, seed: u64) -> Round {
    let mut run = Run::start(server.start(), seed);
    let gateway = run.live();
    let first = run.consumer.since(0, first_of_all);
    run.proxy.cut();
    run.pass(Duration::from_secs(2));
    run.end(gateway, true);
    for _ in 1..kills {
        let gateway = run.site.run();
        run.pass_within(WHILE_IT_STARTS);
        run.end(gateway, false);
    }
    run.proxy.heal();
    let gateway = run.site.run();
    run.settle(gateway, first, kills)
}

/// Stopped with SIGTERM so many times under load.
pub fn stopped(server: Server, stops: u32, seed: u64) -> Round {
    let mut run = Run::start(server.start(), seed);
    let mut gateway = run.live();
    let first = run.consumer.since(0, first_of_all);
    for _ in 0..stops {
        run.pass_within(WHILE_IT_WORKS);
        let (began, told) = (Instant::now(), run.clock.now().wall);
        assert_eq!(gateway.stop(), Some(0), "{}", gateway.log());
        assert!(began.elapsed() < STOP, "{:?}", began.elapsed());
        let over = run.clock.now().wall;
        run.ends.push(End { told, over, was_live: true, is_stop: true, gateway });
        gateway = run.live();
    }
    run.settle(gateway, first, 0)
}

impl Server {
    fn start(self) -> Peer {
        let script = match self {
            Self::NodeOpcua => "sequence_server.mjs",
            Self::Asyncua => "sequence_server.py",
        };
        Peer::start(script, &["--nodes", &NODES.to_string()])
    }
}

impl Run {
    fn start(server: Peer, seed: u64) -> Self {
        let broker = Mosquitto::open();
        let proxy = Proxy::to(broker.port);
        let site = Site::new(&format!(
            "connections:
  plc: {{ opcua: {{ endpoint: \"{}\", security: none-i-accept-the-risk, publishing-interval: 50ms }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
flows:
  - {{ name: numbers, from: plc, each: /Objects/Sequence, select: [{{ path: \"**\", sampling: 0s, queue: 1000 }}], to: plant, delivery: durable }}
",
            server.endpoint(),
            proxy.port()
        ));
        let address = ([127, 0, 0, 1], broker.port).into();
        let consumer = Consumer::start(address, "qiao/test/+/data", &site.path("ledger")).expect("a ledger");
        wait_for("the consumer has subscribed", || consumer.is_subscribed().then_some(()));
        let (random, clock) = (Random(seed), Clock::start());
        Self { server, consumer, proxy, site, random, clock, ends: Vec::new(), starts: Vec::new(), _broker: broker }
    }

    /// Starts a gateway and waits until what the server makes now arrives.
    fn live(&mut self) -> Gateway {
        let (began, now) = (Instant::now(), self.clock.now().wall);
        let gateway = self.site.run();
        self.until_live(&gateway, now);
        self.starts.push(began.elapsed());
        gateway
    }

    fn until_live(&self, gateway: &Gateway, now: Timestamp) {
        let from = self.consumer.count();
        gateway.until("live values", |_| self.consumer.since(from, |new| flows(new, now).then_some(())));
    }

    /// Kills it at some moment of what it is doing now; one time in four while the broker is away.
    fn kill(&mut self, gateway: Gateway, was_live: bool) {
        let is_away = self.random.below(4) == 0;
        if is_away {
            self.proxy.cut();
        }
        self.pass_within(if was_live { WHILE_IT_WORKS } else { WHILE_IT_STARTS });
        self.end(gateway, was_live);
        if is_away {
            self.proxy.heal();
        }
    }

    fn end(&mut self, mut gateway: Gateway, was_live: bool) {
        let told = self.clock.now().wall;
        gateway.kill();
        let over = self.clock.now().wall;
        self.ends.push(End { told, over, was_live, is_stop: false, gateway });
    }

    /// Until some moment within that time.
    fn pass_within(&mut self, within: Duration) {
        let moment = within.mul_f64(self.random.below(1000) as f64 / 1000.0);
        self.pass(moment);
    }

    fn pass(&self, time: Duration) {
        let began = Instant::now();
        while let Some(left) = time.checked_sub(began.elapsed()).filter(|left| !left.is_zero()) {
            std::thread::park_timeout(left);
        }
    }

    /// The server stops counting, everything arrives, the gateway ends well, and the account is made.
    fn settle(mut self, mut gateway: Gateway, first: u32, kills: u32) -> Round {
        let now = self.clock.now().wall;
        self.until_live(&gateway, now);
        let from = self.consumer.count().saturating_sub(RECENT);
        self.server.tell("stop");
        let last = gateway.until("the server stops", |_| {
            self.server.lives();
            self.server.said().iter().find_map(|line| line["last"].as_u64())
        });
        let last = u32::try_from(last).expect("a number");
        gateway.until("the last values", |_| self.consumer.since(from, |new| has_all(new, last)).then_some(()));
        // What waits on disk comes late.
        gateway.until("nothing waits", |gateway| {
            let status = gateway.status()?;
            let connections = status["connections"].as_array()?;
            let plant = connections.iter().find(|one| one["name"] == "plant")?;
            (plant["waiting-messages"] == 0 && status["flows"][0]["imbalance"] == 0).then_some(())
        });
        assert_eq!(gateway.stop(), Some(0), "{}", gateway.log());
        let made = self.made(last);
        let ends: Vec<i64> = self.ends.iter().map(|end| end.over.unix_millis()).collect();
        let read = |arrival: &Arrival| Arrived {
            life: ends.iter().filter(|end| **end < arrival.taken()).count() as u32,
            ..arrival.read()
        };
        let arrived: Vec<Arrived> = self.consumer.since(0, |all| all.iter().map(read).collect());
        let gaps = self.gaps(&arrived, &gateway.log());
        let verdict = check(&made, first..=last, &arrived, &gaps);
        let number = |time: Timestamp| made.times.partition_point(|made| *made < time);
        let ends = self.ends.iter().map(|end| {
            let kind = if end.was_live { "a life that worked" } else { "a life that started" };
            format!("{kind} ended from {} to {}", number(end.told), number(end.over))
        });
        let told = gaps.iter().map(|gap| format!("{} from {} to {}", gap.reason, number(gap.since), number(gap.until)));
        let notes = ends.chain(told).chain(shown(&verdict.faults, &arrived)).collect();
        Round { kills, verdict, starts: self.starts, notes }
    }

    /// What the server says that it queued.
    fn made(&self, last: u32) -> Made {
        let mut times = vec![Timestamp::NONE; last as usize + 1];
        for line in self.server.said() {
            if let (Some(number), Some(at)) = (line["number"].as_u64(), line["at"].as_i64()) {
                times[usize::try_from(number).expect("small")] = Timestamp::from_unix_millis(at);
            }
        }
        assert!(times.iter().all(|time| !time.is_none()), "the server says every number");
        Made { nodes: (0..NODES).map(|at| format!("N{at}")).collect(), times }
    }

    /// Each gap that was told: from shortly before the death that it follows to the first live value behind the telling.
    /// What a stop leaves out is told by nobody.
    fn gaps(&self, arrived: &[Arrived], log: &str) -> Vec<Gap> {
        let before = |told: Timestamp| self.ends.iter().rposition(|end| end.over <= told);
        let gap = |at: Timestamp, reason: String| {
            // Lives that ended before they came to tell anything leave the telling to the next.
            let mut of = before(at)?;
            while of > 0 && !self.ends[of].was_live {
                of -= 1;
            }
            let until =
                arrived.iter().filter(|message| is_live(message, at)).find_map(newest).unwrap_or(Timestamp::MAX);
            Some(Gap { nodes: Vec::new(), since: Timestamp(self.ends[of].told.0 - ticks(WINDOW)), until, reason })
        };
        let logs: Vec<String> = self.ends.iter().map(|end| end.gateway.log()).chain([log.to_owned()]).collect();
        let told = logs.iter().flat_map(|log| log.lines()).filter_map(Told::of_line).filter(Told::is_gap);
        let stops = self.ends.iter().filter(|end| end.is_stop).filter_map(|end| gap(end.over, "stopped".to_owned()));
        told.filter_map(|told| gap(told.at, told.code)).chain(stops).collect()
    }
}

fn ticks(duration: Duration) -> i64 {
    i64::try_from(duration.as_nanos() / 100).expect("short")
}

/// Of what came out of order: how it came each time, and the message before.
fn shown(faults: &[Fault], arrived: &[Arrived]) -> Vec<String> {
    let mut notes = Vec::new();
    for fault in faults.iter().take(FAULTS) {
        let (Fault::Order { node, number, .. } | Fault::Repeated { node, number }) = fault else { continue };
        let of = |message: &Arrived| {
            message.samples.iter().flatten().find(|one| one.node == *node).and_then(|one| one.value)
        };
        let mut last = None;
        for message in arrived {
            let Some(value) = of(message) else { continue };
            let known = |value| qiao::opcua::simulator::sequence::number(node, value);
            if known(value) == Some(*number) {
                let (life, late) = (message.life, if message.is_late { ", late" } else { "" });
                let after = last.and_then(known);
                notes.push(format!("{node} {number} came in life {life}{late}, {}, after {after:?}", message.key));
            }
            last = Some(value);
        }
    }
    notes
}

fn newest(message: &Arrived) -> Option<Timestamp> {
    let samples = message.samples.as_ref().ok()?;
    samples.iter().filter(|sample| sample.status == 0).map(|sample| sample.source).max()
}

/// Whether a message brings what was made after that time, and did not wait on disk.
fn is_live(message: &Arrived, after: Timestamp) -> bool {
    !message.is_late && newest(message).is_some_and(|newest| newest > after)
}

/// Whether value follows value among what was made after that time. A few may be present ones, that were read or that some
/// servers tell of a subscription which is silent from then on.
fn flows(arrivals: &[Arrival], after: Timestamp) -> bool {
    let messages = arrivals.iter().map(Arrival::read).filter(|message| is_live(message, after));
    let times: std::collections::BTreeSet<Timestamp> = messages.filter_map(|message| newest(&message)).collect();
    times.len() > FEW
}

/// Nodes and numbers that arrived, in order.
fn numbers(arrivals: &[Arrival]) -> impl Iterator<Item = (String, u32)> {
    let samples = arrivals.iter().filter_map(|arrival| arrival.read().samples.ok()).flatten();
    samples.filter_map(|sample| {
        let number = qiao::opcua::simulator::sequence::number(&sample.node, sample.value?)?;
        Some((sample.node, number))
    })
}

/// The first number that all nodes owe.
fn first_of_all(arrivals: &[Arrival]) -> u32 {
    let mut first = std::collections::BTreeMap::new();
    for (node, number) in numbers(arrivals) {
        first.entry(node).or_insert(number);
    }
    assert_eq!(first.len(), NODES, "every node in the first message: {first:?}");
    first.into_values().max().unwrap_or_default()
}

fn has_all(arrivals: &[Arrival], last: u32) -> bool {
    let newest: std::collections::BTreeSet<String> =
        numbers(arrivals).filter(|(_, number)| *number == last).map(|(node, _)| node).collect();
    newest.len() == NODES
}

/// A small generator, so that moments are known by their seed.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}
