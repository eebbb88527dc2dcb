//! Commands to machines: the one unit that joins who commands, the guard, the journal, and who carries out.
//!
//! `intake` takes a command in and admits it; a `lane` for each target carries them out one by one, in order: what the
//! machine holds is looked at, the guard decides, the journal has it on disk, and only then is it sent, once. What becomes
//! of it is journalled and told. Where no answer comes it is *unknown*, and stays so unless reading back shows it.
//!
//! | module | holds |
//! |---|---|
//! | `intake` | what comes: from brokers, from applications of NC-Link, from clients of the gateway's own server |
//! | `lane` | one command after the other to one target |
//! | `machine` | over OPC UA: looked at, written, called, read back |
//! | `relay` | over MQTT: a command message or NC-Link `Set/Request`, and the answer to it |
//! | `reply` | where answers go |
//! | [`entrance`] | where the other parts of the gateway command |
//! | `breaker` | loops through other gateways |
//! | [`echo`] | values that come back after a write of ours |
//! | `record` | the journal, which may block |
//! | [`told`] | counts and obstacles |

mod breaker;
pub mod echo;
pub mod entrance;
mod intake;
mod lane;
mod machine;
mod record;
mod relay;
mod reply;
pub mod told;

use super::devices::broker;
use super::facts::Facts;
use super::supervisor::Ended;
use crate::config::plan::{CommandSource, Plan, WriteTarget};
use crate::finding::Finding;
use crate::guard::{Guard, Outcome};
use crate::journal::switch::{self, Switch};
use crate::journal::{Event, InDoubt, Journal, Settings};
use crate::model::Now;
use crate::mqtt;
use crate::mqtt::commands::{Came, Saying, Wish};
use crate::port::{LinkState, RealDisk};
use entrance::Coming;
use lane::Job;
use record::Record;
use relay::Relays;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Messages of all brokers that may wait; more wait at their brokers.
const CAME: usize = 64;
/// Commands that may wait for one target; more are refused.
pub(super) const LANE: usize = 8;
/// What to do with a client of a broker may wait.
const WISHES: usize = 256;
/// How often is looked whether writing is forbidden.
const LOOK: Duration = Duration::from_millis(500);

/// The file that a breaker that is open leaves; whoever takes it away closes the breaker.
#[must_use]
pub fn breaker_file(data_dir: &Path, entry: &str) -> PathBuf {
    data_dir.join("breakers").join(entry)
}

/// What all parts of one life share.
struct Life {
    facts: Arc<Facts>,
    guard: Mutex<Guard>,
    record: Record,
    /// Topics of commands, by connection.
    topics: BTreeMap<(u16, String), usize>,
    /// What the clients at the brokers are to do.
    wishes: BTreeMap<u16, mpsc::Sender<Wish>>,
    lanes: BTreeMap<String, mpsc::Sender<Job>>,
    relays: Relays,
    log: fn(&Finding),
    /// Nothing new is begun.
    stop: CancellationToken,
    /// What is under way is not waited for any more.
    give_up: CancellationToken,
}

/// When a stop begins: nothing new is taken; what is under way has `drain` for its answers.
pub(super) struct Ending {
    pub(super) stop: CancellationToken,
    pub(super) drain: Duration,
}

/// Takes commands and has them carried out until told to stop.
pub(super) async fn run(facts: Arc<Facts>, log: fn(&Finding), ending: Ending) -> Ended {
    let now = facts.clock.now();
    let plan = Arc::clone(&facts.plan);
    let (data_dir, settings) = (plan.gateway.data_dir.clone(), Settings::of(&plan.writes));
    let opened = tokio::task::spawn_blocking(move || Journal::open(Arc::new(RealDisk), &data_dir, settings, now.wall));
    let opened = match opened.await {
        Ok(Ok(opened)) => opened,
        Ok(Err(error)) => {
            facts.commands.set_broken(Some(error.to_string()));
            return Ended::Failed(error.to_string());
        }
        Err(error) => return Ended::Failed(error.to_string()),
    };
    let (told, came) = mpsc::channel(CAME);
    let leave = CancellationToken::new();
    let mut clients = Clients::default();
    for (connection, filters) in filters(&plan) {
        clients.add(&facts, connection, filters, told.clone(), &leave, log);
    }
    drop(told);
    let mut lanes = Lanes::default();
    let life = Arc::new(Life {
        guard: Mutex::new(guard(&plan, &opened.journal, now)),
        record: Record::new(opened.journal),
        topics: topics(&plan),
        wishes: std::mem::take(&mut clients.wishes),
        lanes: lanes.open(&plan),
        relays: Relays::new(&plan),
        log,
        stop: ending.stop.clone(),
        give_up: CancellationToken::new(),
        facts,
    });
    lanes.spawn(&life);
    life.begin(opened.in_doubt, opened.untold).await;
    // Answers to several commands at once.
    let mut waits = JoinSet::new();
    let ended = life.work(came, &mut lanes.running, &mut waits, &mut clients).await;
    life.end(&mut lanes.running, ending.drain).await;
    while waits.join_next().await.is_some() {}
    leave.cancel();
    // The clients say what is still to be said.
    let farewell = mqtt::Timing::default().farewell;
    let _ = tokio::time::timeout(farewell * 2, async { while clients.running.join_next().await.is_some() {} }).await;
    ended
}

/// With what the journal knows: commands of a former process count against the rates.
fn guard(plan: &Plan, journal: &Journal, now: Now) -> Guard {
    let mut guard = Guard::new(plan.writes.clone(), &plan.gateway.name, now, journal.latest());
    for (entry, when) in journal.recent() {
        guard.remember(entry, when, now);
    }
    guard
}

fn topics(plan: &Plan) -> BTreeMap<(u16, String), usize> {
    let of = |(at, entry): (usize, &crate::config::plan::WritePlan)| match &entry.from {
        CommandSource::Topic { connection, topic, .. } => Some(((*connection, topic.clone()), at)),
        CommandSource::NcLink { .. } | CommandSource::Face { .. } => None,
    };
    plan.writes.entries.iter().enumerate().filter_map(of).collect()
}

/// What is subscribed to, by connection: topics of commands, and those of answers to ours.
fn filters(plan: &Plan) -> BTreeMap<u16, BTreeSet<String>> {
    let mut filters: BTreeMap<u16, BTreeSet<String>> = BTreeMap::new();
    for entry in &plan.writes.entries {
        match &entry.from {
            CommandSource::Topic { connection, topic, .. } => {
                filters.entry(*connection).or_default().insert(topic.clone());
            }
            // What is asked of a device is heard elsewhere; the answer is said here.
            CommandSource::NcLink { connection, .. } => drop(filters.entry(*connection).or_default()),
            CommandSource::Face { .. } => {}
        }
        if matches!(entry.to, WriteTarget::Topic { .. } | WriteTarget::NcLink { .. }) {
            let answers = relay::filters(plan, entry);
            filters.entry(entry.to.connection()).or_default().extend(answers);
        }
    }
    filters
}

/// The clients at the brokers.
#[derive(Default)]
struct Clients {
    running: JoinSet<()>,
    wishes: BTreeMap<u16, mpsc::Sender<Wish>>,
    links: Vec<(u16, watch::Receiver<LinkState>)>,
}

impl Clients {
    fn add(
        &mut self,
        facts: &Facts,
        at: u16,
        filters: BTreeSet<String>,
        told: mpsc::Sender<Came>,
        leave: &CancellationToken,
        log: fn(&Finding),
    ) {
        let Some(connection) = broker(facts, at) else { return };
        let filters = filters.into_iter().collect();
        let timing = mqtt::Timing::default();
        let plan = mqtt::commands::CommandsPlan { index: at, connection, filters, timing, log };
        let (wish, wishes) = mpsc::channel(WISHES);
        let link = watch::Sender::new(LinkState::Connecting);
        self.links.push((at, link.subscribe()));
        self.wishes.insert(at, wish);
        self.running.spawn(mqtt::commands::run(plan, told, wishes, link, leave.clone()));
    }
}

/// One lane for each target.
#[derive(Default)]
struct Lanes {
    waiting: Vec<mpsc::Receiver<Job>>,
    running: JoinSet<()>,
}

impl Lanes {
    fn open(&mut self, plan: &Plan) -> BTreeMap<String, mpsc::Sender<Job>> {
        let keys: BTreeSet<String> = plan.writes.entries.iter().map(|entry| entry.to.key()).collect();
        let lane = |key| {
            let (sender, jobs) = mpsc::channel(LANE);
            self.waiting.push(jobs);
            (key, sender)
        };
        keys.into_iter().map(lane).collect()
    }

    fn spawn(&mut self, life: &Arc<Life>) {
        for jobs in self.waiting.drain(..) {
            self.running.spawn(lane::run(Arc::clone(life), jobs));
        }
    }
}

impl Life {
    fn plan(&self) -> &Arc<Plan> {
        &self.facts.plan
    }

    /// Records that it begins, and tells the senders of commands that an earlier process may have sent.
    async fn begin(&self, in_doubt: Vec<InDoubt>, untold: Vec<InDoubt>) {
        let (version, now) = (env!("CARGO_PKG_VERSION").to_owned(), self.facts.clock.now().wall);
        let configuration = self.plan().gateway.file.display().to_string();
        let started = Event::Started { version, configuration };
        self.recorded(self.record.with(move |journal| journal.note(&started, now)).await);
        for untold in untold {
            if let Some(reply_to) = &untold.reply_to {
                self.reply(reply_to, Some(&untold.id), &untold.outcome).await;
            }
        }
        for doubt in in_doubt {
            let id = doubt.id.to_string();
            (self.log)(&Finding::warning("QIAO-W065", &doubt.entry).with("id", &id));
            if let Some(at) = self.plan().writes.entries.iter().position(|entry| entry.name == doubt.entry) {
                self.facts.commands.outcome(at, Some(id), None, &doubt.outcome, now);
            }
            if let Some(reply_to) = &doubt.reply_to {
                self.reply(reply_to, Some(&doubt.id), &doubt.outcome).await;
            }
        }
        self.look_around().await;
    }

    async fn work(
        self: &Arc<Self>,
        mut came: mpsc::Receiver<Came>,
        lanes: &mut JoinSet<()>,
        waits: &mut JoinSet<()>,
        clients: &mut Clients,
    ) -> Ended {
        let mut entrance = self.facts.entrance.open();
        let mut looks = tokio::time::interval(LOOK);
        looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let ended = loop {
            tokio::select! {
                biased;
                () = self.stop.cancelled() => break Ended::Stopped,
                Some(ended) = lanes.join_next() => break Ended::Failed(format!("a lane ended: {ended:?}")),
                Some(ended) = clients.running.join_next() => break Ended::Failed(format!("a client ended: {ended:?}")),
                Some(coming) = entrance.recv() => match coming {
                    Coming::One(wanted) => self.wanted(wanted).await,
                    Coming::Sets(sets) => self.set(sets, waits).await,
                },
                Some(_) = waits.join_next() => {}
                Some(came) = came.recv() => self.came(came).await,
                _ = looks.tick() => {
                    for (connection, link) in &mut clients.links {
                        self.facts.commands.link(*connection, link.borrow_and_update().clone());
                    }
                    self.facts.commands.is_taking.store(true, Ordering::Relaxed);
                    self.look_around().await;
                }
            }
        };
        self.facts.commands.is_taking.store(false, Ordering::Relaxed);
        self.facts.entrance.close();
        ended
    }

    /// What waits is refused, what is under way has until `drain` for its answer, then it is unknown.
    async fn end(&self, lanes: &mut JoinSet<()>, drain: Duration) {
        self.stop.cancel();
        let all = async { while lanes.join_next().await.is_some() {} };
        let mut all = std::pin::pin!(all);
        if tokio::time::timeout(drain, &mut all).await.is_err() {
            self.give_up.cancel();
            // Writing down that it is unknown.
            let _ = tokio::time::timeout(drain, &mut all).await;
        }
        let now = self.facts.clock.now().wall;
        self.recorded(self.record.with(move |journal| journal.note(&Event::Stopped, now)).await);
    }

    /// Whether writing is forbidden, by whom.
    async fn look_around(&self) {
        let data_dir = self.plan().gateway.data_dir.clone();
        let now = self.facts.clock.now().wall;
        let looked = tokio::task::spawn_blocking(move || switch::look(&RealDisk, &data_dir)).await;
        let off = match looked {
            Ok(Switch::On) => None,
            Ok(Switch::Off { reason }) => Some(reason),
            Err(error) => Some(error.to_string()),
        };
        if self.facts.commands.set_switch(off.clone()) {
            let (event, finding) = match off {
                Some(reason) => {
                    let finding = Finding::warning("QIAO-W061", "").with("reason", &reason);
                    (Event::SwitchedOff { reason }, finding)
                }
                None => (Event::SwitchedOn, Finding::note("QIAO-W066", "")),
            };
            (self.log)(&finding);
            self.recorded(self.record.with(move |journal| journal.note(&event, now)).await);
        }
        self.recorded(self.record.with(move |journal| journal.tick(now)).await);
        for (at, entry) in self.plan().writes.entries.iter().enumerate() {
            let file = breaker_file(&self.plan().gateway.data_dir, &entry.name);
            let since = tokio::fs::metadata(&file).await.ok().map(|_| now);
            if self.facts.commands.is_breaker_open(at) != since.is_some() {
                let finding = match since {
                    Some(_) => told::open_breaker(self.plan(), &entry.name),
                    None => Finding::note("QIAO-W064", &entry.name),
                };
                (self.log)(&finding);
                self.facts.commands.breaker(at, since);
            }
        }
    }

    /// Whether something could be recorded; that it could not is told.
    fn recorded(&self, result: Option<Result<(), crate::journal::JournalError>>) -> bool {
        match result {
            Some(Ok(())) => {
                self.facts.commands.set_broken(None);
                true
            }
            Some(Err(error)) => self.is_broken(&error.to_string()),
            None => self.is_broken("a bug; the log has the reason"),
        }
    }

    /// Says it when it is news; `false`, for whoever asked.
    fn is_broken(&self, why: &str) -> bool {
        if self.facts.commands.set_broken(Some(why.to_owned())) {
            (self.log)(&Finding::error("QIAO-W060", "").with("reason", why));
        }
        false
    }

    /// Hands something to the client of a broker, waiting for room: it is bounded by the time of a stop.
    async fn wish(&self, connection: u16, wish: Wish) {
        let Some(wishes) = self.wishes.get(&connection) else { return };
        tokio::select! {
            biased;
            // The client has ended.
            sent = wishes.send(wish) => drop(sent),
            () = self.give_up.cancelled() => {}
        }
    }

    fn connection_name(&self, at: u16) -> String {
        self.plan().connections.get(usize::from(at)).map_or_else(String::new, |known| known.name.clone())
    }

    fn guard(&self) -> std::sync::MutexGuard<'_, Guard> {
        self.guard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
