//! Promise: a broker may be away for a whole shift, or take a tenth of what comes: memory stays inside its limit, everything
//! is delivered or told as gone, and what is new goes on.
//!
//! The tests run a part of it; `tests/soak/outage.sh` and `tests/soak/overload.sh` run the whole.

use super::mqtt_source::own_profile;
use super::rig::fake_broker::{FakeBroker, Heard, faultless};
use super::rig::gateway::{Gateway, Site};
use super::rig::mosquitto::Mosquitto;
use super::rig::proxy::Proxy;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::ops::Range;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Values of one message.
const VALUES: u64 = 1000;

/// A number from the environment, for the commands.
fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// A publisher that is told numbers.
struct Publisher {
    child: Child,
    input: Option<ChildStdin>,
    rest: String,
}

impl Publisher {
    /// Messages of so many values each.
    fn to(port: u16, values: u64) -> Self {
        let mut child = Command::new("mosquitto_pub")
            .args(["-h", "127.0.0.1", "-p", &port.to_string(), "-V", "mqttv5", "-q", "1", "-t", "in/m1", "-l"])
            .stdin(Stdio::piped())
            .spawn()
            .expect("mosquitto_pub is installed (tests/run.sh does that)");
        let mut rest = String::from("\"Payload\":{");
        for value in 0..values {
            let comma = if value > 0 { "," } else { "" };
            write!(rest, "{comma}\"v{value:03}\":{}", value * 37 % 1000).expect("written");
        }
        rest.push_str("}}");
        let input = child.stdin.take();
        Self { child, input, rest }
    }

    fn publish(&mut self, number: u64) {
        let input = self.input.as_mut().expect("it runs");
        writeln!(input, "{{\"temperature\":1,\"number\":{number},{}", self.rest).expect("written");
        input.flush().expect("written");
    }

    /// The broker has all of it when this returns.
    fn end(mut self) {
        drop(self.input.take());
        assert!(self.child.wait().expect("it ends").success());
    }
}

/// What a consumer knows of each message: the place of its first arrival, how often it came, and whether it was marked.
#[derive(Clone, Copy, Debug)]
struct Arrival {
    place: u64,
    times: u64,
    is_replayed: bool,
    at: Instant,
}

/// A consumer that keeps the account and no message.
struct Consumer {
    child: Child,
    arrivals: Arc<Mutex<BTreeMap<u64, Arrival>>>,
}

impl Consumer {
    fn at(broker: &Mosquitto) -> Self {
        let before = broker.log().matches("Sending SUBACK").count();
        let port = broker.port.to_string();
        let mut child = Command::new("mosquitto_sub")
            .args(["-h", "127.0.0.1", "-p", &port, "-V", "mqttv5", "-q", "1", "-F", "%P %p", "-t", "out/#"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("mosquitto_sub is installed (tests/run.sh does that)");
        let output = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let arrivals: Arc<Mutex<BTreeMap<u64, Arrival>>> = Arc::default();
        std::thread::spawn({
            let arrivals = Arc::clone(&arrivals);
            move || {
                for (place, line) in (0..).zip(output.lines().map_while(Result::ok)) {
                    let head = line.get(..300.min(line.len())).unwrap_or(&line);
                    let number = head.split("\"number\":").nth(1).and_then(|rest| rest.split([',', '}']).next());
                    let Some(number) = number.and_then(|number| number.parse().ok()) else { panic!("{head}") };
                    let new = Arrival { place, times: 0, is_replayed: head.contains("replayed"), at: Instant::now() };
                    arrivals.lock().expect("no panic").entry(number).or_insert(new).times += 1;
                }
            }
        });
        let subscribed = || (broker.log().matches("Sending SUBACK").count() > before).then_some(());
        super::rig::wait_for("mosquitto_sub has subscribed", subscribed);
        Self { child, arrivals }
    }

    fn count(&self) -> u64 {
        self.arrivals.lock().expect("no panic").len() as u64
    }

    fn of(&self, numbers: Range<u64>) -> Vec<(u64, Arrival)> {
        self.arrivals.lock().expect("no panic").range(numbers).map(|(number, arrival)| (*number, *arrival)).collect()
    }
}

impl Drop for Consumer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn site(cells: u16, plant: u16, limits: &str) -> Site {
    let site = Site::new("");
    own_profile(&site.path("profiles"));
    site.configure(&format!(
        "connections:
  cells: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{cells}\" }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{plant}\" }} }}
profiles: [profiles]
flows:
  - {{ name: flow, from: cells, to: plant, each: {{ topic: \"in/{{machine}}\" }}, decode: message, profile: acme/telemetry@1.0, topic: \"out/{{machine}}\", delivery: durable }}
limits: {{ {limits} }}
"
    ));
    site
}

fn number(gateway: &Gateway, path: &[&str]) -> Option<u64> {
    path.iter().fold(gateway.status(), |status, key| Some(status?[*key].clone()))?.as_u64()
}

fn waiting(gateway: &Gateway) -> Option<u64> {
    super::spool::waiting(gateway)
}

fn mib(kib: Option<u64>) -> u64 {
    kib.unwrap_or(0) >> 10
}

/// As long as it makes headway a wait may last.
#[track_caller]
fn until_at_least(gateway: &Gateway, what: &str, wanted: u64, now: impl Fn() -> Option<u64>) {
    let (mut best, mut moved) = (0, Instant::now());
    loop {
        let count = now().unwrap_or(best);
        if count >= wanted {
            return;
        }
        if count > best {
            (best, moved) = (count, Instant::now());
        }
        assert!(moved.elapsed() < super::rig::LIMIT, "{what}: {count} of {wanted}\n{}", gateway.log());
        std::thread::park_timeout(Duration::from_millis(50));
    }
}

/// A broker is away while so many messages come; then it is back, and new ones come in beside.
fn outage(messages: u64, replay: &str) {
    // A small memory, so that most of it waits on disk alone.
    let (cells, broker) = (Mosquitto::open(), Mosquitto::open());
    let proxy = Proxy::to(broker.port);
    let site = site(cells.port, proxy.port(), &format!("memory: 4MiB, spool: 4GiB, replay: {replay}"));
    let consumer = Consumer::at(&broker);
    let mut gateway = site.run();
    gateway.ready();
    let mut publisher = Publisher::to(cells.port, VALUES);
    publisher.publish(0);
    gateway.until("one before", |_| (consumer.count() == 1).then_some(()));
    proxy.cut();

    let began = Instant::now();
    let (chunk, mut early) = (messages / 20, 0);
    for from in (1..=messages).step_by(chunk as usize) {
        (from..(from + chunk).min(messages + 1)).for_each(|number| publisher.publish(number));
        let there = (from + chunk - 1).min(messages);
        until_at_least(&gateway, "they wait", there, || waiting(&gateway));
        if from > messages / 4 && early == 0 {
            early = mib(gateway.memory_most());
        }
    }
    let (filled, most) = (began.elapsed(), mib(gateway.memory_most()));
    let disk = number(&gateway, &["spool", "disk", "used-bytes"]).unwrap_or(0) >> 20;
    println!("{replay}: {messages} messages, {} values, {disk} MiB on disk after {filled:.1?}", messages * VALUES);
    println!("{replay}: memory at most {early} MiB after a quarter, {most} MiB after all");
    assert!(most <= early + 16, "memory is flat: {early} MiB, then {most} MiB");

    proxy.heal();
    gateway.until("it is connected", |gateway| {
        let connections = gateway.status()?["connections"].clone();
        (connections.as_array()?.iter().find(|one| one["name"] == "plant")?["state"] == "connected").then_some(())
    });
    let (began, mut next, mut sent) = (Instant::now(), messages + 1, BTreeMap::new());
    while waiting(&gateway).is_none_or(|waiting| waiting > messages / 20) {
        sent.insert(next, Instant::now());
        publisher.publish(next);
        next += 1;
        std::thread::park_timeout(Duration::from_millis(5));
        assert!(began.elapsed() < super::rig::LIMIT + filled * 10, "{}", gateway.log());
    }
    publisher.end();
    until_at_least(&gateway, "everything arrives", next, || Some(consumer.count()));
    let drained = began.elapsed();
    let rate = (messages * VALUES) as f64 / drained.as_secs_f64();
    let live = consumer.of(messages + 1..next);
    let latency =
        live.iter().map(|(number, arrival)| arrival.at.duration_since(sent[number])).max().unwrap_or_default();
    let backlog = consumer.of(1..messages + 1);
    let last = backlog.iter().map(|(_, arrival)| arrival.place).max().unwrap_or(0);
    let before = live.iter().filter(|(_, arrival)| arrival.place < last).count();
    let twice = backlog.iter().chain(&live).filter(|(_, arrival)| arrival.times > 1).count();
    println!(
        "{replay}: drained in {drained:.1?}, {rate:.0} values/s, memory at most {} MiB",
        mib(gateway.memory_most())
    );
    println!(
        "{replay}: {} new ones meanwhile, {before} of them before the last that waited, at most {latency:.1?} late",
        live.len()
    );
    println!("{replay}: lost 0, twice {twice}");
    assert!(mib(gateway.memory_most()) <= early + 24, "{} MiB", mib(gateway.memory_most()));
    assert_eq!((backlog.len() as u64, live.len() as u64), (messages, next - messages - 1), "each arrived");
    let places = |arrivals: &[(u64, Arrival)]| arrivals.iter().map(|(_, arrival)| arrival.place).collect::<Vec<_>>();
    assert!(places(&live).is_sorted(), "what is new keeps its order");
    if replay == "live-first" {
        assert!(!live.is_empty() && before * 2 >= live.len(), "{before} of {} went first", live.len());
        let out_of_turn: Vec<_> =
            backlog.iter().filter(|(_, one)| !one.is_replayed && one.place > live[0].1.place).collect();
        assert!(out_of_turn.is_empty(), "what is overtaken is marked: {out_of_turn:?}");
    } else {
        let all: Vec<_> = backlog.iter().chain(&live).copied().collect();
        assert!(places(&all).is_sorted(), "everything keeps its order");
    }
    gateway.until("the account is balanced", |gateway| {
        let status = gateway.status()?;
        let flow = &status["flows"][0];
        (flow["imbalance"] == 0 && flow["spooled-values"] == 0 && flow["dropped-values"] == 0).then_some(())
    });
    assert_eq!(gateway.stop(), Some(0), "{}", gateway.log());
}

/// 8 hours at 1,000 values a second, in messages of 1,000.
const SHIFT: u64 = 8 * 3600;

#[test]
fn row_37_a_broker_that_is_away_costs_neither_memory_nor_a_message_in_order() {
    outage(SHIFT / 10, "in-order");
}

#[test]
fn row_37_a_broker_that_is_away_costs_neither_memory_nor_a_message_live_first() {
    outage(SHIFT / 10, "live-first");
}

#[test]
#[ignore = "some ten minutes: tests/soak/outage.sh"]
fn a_broker_is_away_for_a_whole_shift() {
    let messages = setting("QIAO_OUTAGE_MESSAGES", SHIFT);
    for replay in ["in-order", "live-first"] {
        outage(messages, replay);
    }
}

/// A sink that takes `rate` messages a second, and ten times as many for so long.
fn overload(rate: u64, length: Duration, when_full: &str) {
    let cells = Mosquitto::open();
    let arrived: Arc<Mutex<BTreeMap<u64, u64>>> = Arc::default();
    let is_slow = Arc::new(AtomicU64::new(1));
    let broker = FakeBroker::start({
        let (arrived, is_slow) = (Arc::clone(&arrived), Arc::clone(&is_slow));
        move |_, heard| {
            if let Heard::Publish { payload, topic, .. } = heard
                && topic.starts_with("out/")
            {
                let text = String::from_utf8_lossy(payload);
                let number = text.split("\"number\":").nth(1).and_then(|rest| rest.split(',').next());
                let number: u64 = number.and_then(|number| number.parse().ok()).expect("a number");
                *arrived.lock().expect("no panic").entry(number).or_default() += 1;
                if is_slow.load(Ordering::Relaxed) == 1 {
                    std::thread::park_timeout(Duration::from_secs(1) / rate as u32);
                }
            }
            faultless(heard)
        }
    });
    let site = site(cells.port, broker.port, &format!("memory: 8MiB, spool: 16MiB, when-full: {when_full}"));
    let mut gateway = site.run();
    gateway.ready();
    let early = mib(gateway.memory_most());
    let mut publisher = Publisher::to(cells.port, 100);
    let (began, mut sent) = (Instant::now(), 0);
    while began.elapsed() < length {
        for _ in 0..rate / 2 {
            publisher.publish(sent);
            sent += 1;
        }
        let due = Duration::from_secs_f64(sent as f64 / (10 * rate) as f64);
        std::thread::park_timeout(due.saturating_sub(began.elapsed()));
    }
    publisher.end();
    let (length, most) = (began.elapsed(), mib(gateway.memory_most()));
    let delivered = arrived.lock().expect("no panic").len() as u64;
    println!(
        "{when_full}: {sent} messages in {length:.1?}, {delivered} of them delivered; memory {early} MiB before, {most} MiB at most"
    );
    assert!(delivered * 5 < sent, "it was an overload");
    assert!(most <= early + 8 + 32, "the limit of 8 MiB is kept: {early} MiB, then {most} MiB");
    is_slow.store(0, Ordering::Relaxed);
    let arrived = || arrived.lock().expect("no panic").len() as u64;
    let flow = |gateway: &Gateway| Some(gateway.status()?["flows"][0].clone());
    until_at_least(&gateway, "each is delivered or told", sent, || {
        Some(arrived() + flow(&gateway)?["dropped-values"].as_u64()?)
    });
    gateway.until("nothing waits", |gateway| (flow(gateway)?["spooled-values"] == 0).then_some(()));
    let flow = flow(&gateway).expect("it answers");
    let dropped = flow["dropped-values"].as_u64().expect("a number");
    println!(
        "{when_full}: delivered {}, told as gone {dropped}, memory {} MiB at most",
        arrived(),
        mib(gateway.memory_most())
    );
    assert_eq!((flow["imbalance"].as_i64(), flow["lost-values"].as_u64()), (Some(0), Some(0)), "{flow}");
    assert_eq!(arrived() + dropped, sent, "nothing is gone untold, and nothing was told that arrived");
    if when_full == "block" {
        assert_eq!(dropped, 0);
    } else {
        assert!(dropped > 0 && gateway.log().contains("QIAO-S004"));
    }
    assert_eq!(gateway.stop(), Some(0), "{}", gateway.log());
}

#[test]
fn row_83_ten_times_as_much_as_the_sink_takes_stays_in_its_limits_and_nothing_is_gone_untold() {
    overload(100, Duration::from_secs(20), "drop-oldest");
}

#[test]
#[ignore = "some ten minutes: tests/soak/overload.sh"]
fn overloaded_ten_times_for_five_minutes() {
    let length = Duration::from_secs(setting("QIAO_OVERLOAD_SECONDS", 300));
    for when_full in ["drop-oldest", "block"] {
        overload(100, length, when_full);
    }
}
