//! A whole gateway: what a plan asks for, started, watched and stopped in flow order.

use super::clock_watch;
use super::commands::echo::Echoes;
use super::commands::entrance::Entrance;
use super::commands::{self, Ending};
use super::devices;
use super::disk;
use super::facts::{Facts, SinkFacts, SourceCounters, SourceFacts};
use super::instance::InstanceLock;
use super::ledger::Ledger;
use super::pipeline::{Pipeline, PipelineFacts};
use super::presence;
use super::quarantine_writer::{self, Writer, WriterFacts};
use super::stages::{Prepared, PreparedError, Stages};
use super::status::Status;
use super::supervisor::{Ended, Restarts, Supervisor};
use crate::config::plan::{ConnectionKind, FlowPlan, History, MqttConnection, OpcUaConnection, Plan, TimeSource};
use crate::finding::Finding;
use crate::model::DeclaredSource;
use crate::mqtt;
use crate::opcua;
use crate::port::{Clock, Desk, LinkState, RealDisk, SinkState, SourceEvent};
use crate::spool::durable::OpenError;
use crate::spool::quarantine::{Quarantine, QuarantineError};
use std::collections::BTreeMap;
use std::path::absolute;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

/// A running gateway.
#[derive(Debug)]
pub struct Gateway {
    facts: Arc<Facts>,
    commands: Supervisor,
    sources: Supervisor,
    sinks: Supervisor,
    stop_commands: CancellationToken,
    stop_sources: CancellationToken,
    give_up: CancellationToken,
    stop_sinks: CancellationToken,
    drain: Duration,
    /// What is left of the drain time when the sinks are told to stop.
    sinks_drain: watch::Sender<Duration>,
    brokers: Vec<mqtt::embedded::Running>,
    _lock: Arc<InstanceLock>,
}

/// Why a gateway does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Quarantine(#[from] QuarantineError),
    #[error("the spool cannot be opened: {0}")]
    Spool(#[from] OpenError),
    #[error(transparent)]
    Schema(#[from] PreparedError),
    #[error(transparent)]
    Broker(#[from] mqtt::embedded::EmbeddedError),
}

/// What a stopped gateway leaves behind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Left {
    /// Messages that were accepted and not delivered; lost, because they were in memory alone.
    pub messages: u64,
    /// Messages that were not delivered and lie on disk.
    pub kept: u64,
    /// Units that did not stop in time and were aborted.
    pub aborted: usize,
}

impl Left {
    /// Nothing is lost and nobody was aborted.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.messages == 0 && self.aborted == 0
    }
}

/// Events of one source that may wait for its pipeline before the source has to.
const EVENTS: usize = 64;
/// How long a stop waits for the disk.
const CLOSE: Duration = Duration::from_secs(10);
/// Records that can never be sent and wait for the quarantine, per sink.
const PARKED: usize = 64;

impl Gateway {
    /// Starts everything the plan asks for. Connections that fail are tried again for ever; only what is wrong with
    /// this machine (quarantine, port of the embedded broker) is an error. `lock` is that of the plan's data directory;
    /// it is taken before any port, because a second process finds both in use and only one of them says why.
    pub async fn start(plan: Plan, lock: Arc<InstanceLock>, log: fn(&Finding)) -> Result<Self, StartError> {
        let quarantine = Quarantine::open(&plan.gateway.data_dir, plan.limits.quarantine)?;
        let clock = Clock::start();
        let plan = Arc::new(plan);
        let prepared = Prepared::new(&plan)?;
        let spool = disk::spool(&plan, Arc::new(RealDisk), clock, log)?;
        let quarantine_facts = Arc::new(WriterFacts::default());
        let durable = plan.flows.iter().filter(|flow| flow.is_durable).map(|flow| flow.name.clone()).collect();
        let quarantine = quarantine_writer::start(quarantine, durable, Arc::clone(&quarantine_facts), log);

        let (mut brokers, mut addresses) = (Vec::new(), BTreeMap::new());
        let (mut sinks, mut readers) = (BTreeMap::new(), BTreeMap::new());
        for (at, connection) in (0u16..).zip(&plan.connections) {
            let mqtt = match &connection.kind {
                ConnectionKind::OpcUa(_) => continue,
                ConnectionKind::Mqtt(mqtt) => mqtt.clone(),
                ConnectionKind::EmbeddedBroker(embedded) => {
                    let broker = mqtt::embedded::start(embedded.listen).await?;
                    let address = broker.address;
                    addresses.insert(at, address.to_string());
                    brokers.push(broker);
                    MqttConnection::loopback(address, &plan.gateway.name)
                }
            };
            if plan.flows.iter().any(|flow| flow.source == at) {
                readers.insert(at, mqtt.clone());
            }
            // Who only reads from a broker need not be allowed to publish there.
            if plan.flows.iter().any(|flow| flow.sink == at) || !readers.contains_key(&at) {
                sinks.insert(at, Sink::new(mqtt, clock));
            }
        }

        let restarts = Restarts::default();
        let facts = Arc::new(Facts {
            clock,
            clock_jumps: Arc::default(),
            spool: spool.clone(),
            restarts: restarts.clone(),
            quarantine: quarantine_facts,
            sources: sources(&plan, clock),
            sinks: sinks.iter().map(|(at, sink)| (*at, sink.facts.clone())).collect(),
            brokers: addresses,
            commands: Arc::default(),
            entrance: Entrance::default(),
            echoes: Echoes::new(&plan),
            desks: desks(&plan),
            plan: Arc::clone(&plan),
        });
        let mut gateway = Self {
            facts,
            commands: Supervisor::new(restarts.clone(), log),
            sources: Supervisor::new(restarts.clone(), log),
            sinks: Supervisor::new(restarts, log),
            stop_commands: CancellationToken::new(),
            stop_sources: CancellationToken::new(),
            give_up: CancellationToken::new(),
            stop_sinks: CancellationToken::new(),
            drain: plan.gateway.drain,
            sinks_drain: watch::Sender::new(plan.gateway.drain),
            brokers,
            _lock: lock,
        };
        gateway.spawn_clock_watch(log);
        for board in prepared.boards.all() {
            if let Some(sink) = sinks.get(&board.sink()) {
                gateway.spawn_herald(presence::herald(board, &sink.connection, log));
            }
        }
        for (at, sink) in sinks {
            gateway.spawn_sink(at, sink, &quarantine, log);
        }
        for at in gateway.facts.sources.keys().copied().collect::<Vec<_>>() {
            gateway.spawn_source(at, readers.remove(&at), &prepared, &quarantine, log);
        }
        if !gateway.facts.plan.writes.entries.is_empty() {
            gateway.spawn_commands(log);
        }
        Ok(gateway)
    }

    /// What the gateway says of itself, from any thread.
    #[must_use]
    pub fn facts(&self) -> Arc<Facts> {
        Arc::clone(&self.facts)
    }

    /// The gateway now.
    #[must_use]
    pub fn status(&self) -> Status {
        self.facts.status()
    }

    /// Stops in flow order: sources, pipelines, then sinks, which drain what is in the spool; all within the plan's
    /// drain time, a goodbye included, for which there are two seconds in any case. What is left then is lost and counted.
    pub async fn stop(mut self) -> Left {
        let began = Instant::now();
        // First: what is under way needs the links of the sources for its answers.
        self.stop_commands.cancel();
        let aborted_commands = self.commands.join(self.drain / 2 + mqtt::Timing::default().farewell).await;
        let (half, most) = (self.drain / 2, self.drain * 3 / 4);
        self.stop_sources.cancel();
        let give_up = self.give_up.clone();
        let aborted_sources = tokio::select! {
            aborted = self.sources.join(most) => aborted,
            // A pipeline that waits for room waits for the sinks: half of the time is theirs.
            aborted = async { tokio::time::sleep(half).await; give_up.cancel(); std::future::pending().await } => aborted,
        };
        // The sinks have all that is left of the time, but for the goodbye.
        let farewell = mqtt::Timing::default().farewell;
        let left = self.drain.saturating_sub(began.elapsed());
        self.sinks_drain.send_replace(left.saturating_sub(farewell.min(left / 2)));
        self.stop_sinks.cancel();
        let aborted_sinks = self.sinks.join(left.max(farewell)).await;
        let spool = &self.facts.spool;
        if tokio::time::timeout(CLOSE, spool.close()).await.is_err() {
            tracing::warn!("the disk did not answer in time");
        }
        let messages = self.facts.sinks.keys().map(|sink| spool.volatile(*sink)).sum();
        let kept = self.facts.sinks.keys().map(|sink| spool.kept(*sink)).sum();
        for broker in self.brokers.drain(..) {
            broker.stop().await;
        }
        Left { messages, kept, aborted: aborted_commands + aborted_sources + aborted_sinks }
    }

    fn spawn_source(
        &mut self,
        at: u16,
        broker: Option<MqttConnection>,
        prepared: &Arc<Prepared>,
        quarantine: &Writer,
        log: fn(&Finding),
    ) {
        let prepared = Arc::clone(prepared);
        let (stop, give_up) = (self.stop_sources.clone(), self.give_up.clone());
        let (facts, quarantine) = (Arc::clone(&self.facts), quarantine.clone());
        let name = facts.plan.connections.get(usize::from(at)).map_or_else(String::new, |c| c.name.clone());
        self.sources.spawn(format!("source {name}"), stop.clone(), move || {
            let (facts, prepared, quarantine) = (Arc::clone(&facts), Arc::clone(&prepared), quarantine.clone());
            let life = Life { at, broker: broker.clone(), facts, prepared, quarantine, log };
            let (stop, give_up) = (stop.clone(), give_up.clone());
            Box::pin(async move { life.run(stop, give_up).await })
        });
    }

    fn spawn_commands(&mut self, log: fn(&Finding)) {
        let (facts, stop, drain) = (Arc::clone(&self.facts), self.stop_commands.clone(), self.drain / 4);
        self.commands.spawn("commands", stop.clone(), move || {
            let (facts, ending) = (Arc::clone(&facts), Ending { stop: stop.child_token(), drain });
            Box::pin(commands::run(facts, log, ending))
        });
    }

    fn spawn_clock_watch(&mut self, log: fn(&Finding)) {
        let (facts, stop) = (Arc::clone(&self.facts), self.stop_sources.clone());
        self.sources.spawn("clock", stop.clone(), move || {
            let (facts, stop) = (Arc::clone(&facts), stop.clone());
            Box::pin(async move {
                let watch = clock_watch::run(facts.clock, &facts.clock_jumps, log);
                stop.run_until_cancelled(watch).await;
                Ended::Stopped
            })
        });
    }

    /// Stops with the sinks: the sources have said then that their machines are gone.
    fn spawn_herald(&mut self, plan: mqtt::HeraldPlan) {
        let stop = self.stop_sinks.clone();
        self.sinks.spawn(format!("herald {}", plan.connection.client_id), stop.clone(), move || {
            let (plan, stop) = (plan.clone(), stop.clone());
            Box::pin(async move {
                mqtt::herald::run(plan, stop).await;
                Ended::Stopped
            })
        });
    }

    fn spawn_sink(&mut self, at: u16, sink: Sink, quarantine: &Writer, log: fn(&Finding)) {
        let (facts, quarantine, stop) = (Arc::clone(&self.facts), quarantine.clone(), self.stop_sinks.clone());
        let name = facts.plan.connections.get(usize::from(at)).map_or_else(String::new, |c| c.name.clone());
        let drain = self.sinks_drain.subscribe();
        self.sinks.spawn(format!("sink {name}"), stop.clone(), move || {
            let (facts, quarantine, stop) = (Arc::clone(&facts), quarantine.clone(), stop.clone());
            let (sink, drain) = (sink.clone(), drain.clone());
            Box::pin(async move { one_sink(at, sink, drain, facts, quarantine, log, stop).await })
        });
    }
}

#[derive(Clone, Debug)]
struct Sink {
    connection: MqttConnection,
    state: watch::Sender<SinkState>,
    facts: SinkFacts,
}

impl Sink {
    fn new(connection: MqttConnection, clock: Clock) -> Self {
        let state = watch::Sender::new(SinkState::default());
        let facts = SinkFacts {
            state: state.subscribe(),
            since: Arc::new(Mutex::new((LinkState::Connecting, clock.now().wall))),
            counters: Arc::default(),
        };
        Self { connection, state, facts }
    }
}

/// A desk for each server that may be written to.
fn desks(plan: &Plan) -> BTreeMap<u16, Desk> {
    plan.writes.machines().map(|at| (at, Desk::default())).collect()
}

/// A server that is only written to has a session like one that is read, without items.
fn sources(plan: &Plan, clock: Clock) -> BTreeMap<u16, SourceFacts> {
    let is_used =
        |at: u16| plan.flows.iter().any(|flow| flow.source == at) || plan.writes.machines().any(|target| target == at);
    let used = (0u16..).zip(&plan.connections).filter(|(at, _)| is_used(*at));
    used.map(|(at, connection)| {
        let counters = match connection.kind {
            ConnectionKind::OpcUa(_) => SourceCounters::OpcUa(Arc::default()),
            ConnectionKind::Mqtt(_) | ConnectionKind::EmbeddedBroker(_) => SourceCounters::Mqtt(Arc::default()),
        };
        let flows = (0u16..).zip(&plan.flows).filter(|(_, flow)| flow.source == at).map(|(flow, _)| flow).collect();
        let pipeline = Arc::new(PipelineFacts::new(clock.now().wall, Ledger::new(flows, plan.flows.len())));
        (at, SourceFacts { pipeline, counters })
    })
    .collect()
}

/// One life of a source and its pipeline.
struct Life {
    at: u16,
    /// Where an MQTT source reads from.
    broker: Option<MqttConnection>,
    facts: Arc<Facts>,
    prepared: Arc<Prepared>,
    quarantine: Writer,
    log: fn(&Finding),
}

impl Life {
    async fn run(self, stop: CancellationToken, give_up: CancellationToken) -> Ended {
        let (facts, at) = (Arc::clone(&self.facts), self.at);
        let Some(connection) = facts.plan.connections.get(usize::from(at)) else { return Ended::Stopped };
        let Some(own) = facts.sources.get(&at) else { return Ended::Stopped };
        let (sender, events) = mpsc::channel(EVENTS);
        let receipts = facts.spool.receipts(at);
        match (&connection.kind, &own.counters, &self.broker) {
            (ConnectionKind::OpcUa(server), SourceCounters::OpcUa(counters), _) => {
                let plan = self.opcua(&connection.name, server, counters);
                let source = match opcua::start(plan, sender, receipts, stop.clone()) {
                    Ok(source) => source,
                    Err(error) => return Ended::Failed(error.to_string()),
                };
                let ended = self.pipeline(events, own, stop, give_up).await;
                match source.ended().await {
                    Ok(()) => ended,
                    Err(panicked) => Ended::Failed(panicked.to_string()),
                }
            }
            (_, SourceCounters::Mqtt(counters), Some(broker)) => {
                let plan = self.mqtt(&connection.name, broker, counters);
                let pipeline = self.pipeline(events, own, stop.clone(), give_up);
                tokio::join!(mqtt::source::run(plan, sender, receipts, stop), pipeline).1
            }
            _ => Ended::Stopped,
        }
    }

    fn opcua(&self, name: &str, server: &OpcUaConnection, counters: &Arc<opcua::Counters>) -> opcua::SourcePlan {
        let gateway = &self.facts.plan.gateway;
        opcua::SourcePlan {
            index: self.at,
            name: name.to_owned(),
            gateway: gateway.name.clone(),
            connection: server.clone(),
            selections: self.flows().map(|(at, flow)| selection(at, flow, &self.facts.plan)).collect(),
            // Where times are those of arrival, or no message can tell what is past, there is nothing to be read for.
            fills_gaps: server.history == History::FillGaps
                && server.time != TimeSource::Arrival
                && self.flows().any(|(_, flow)| flow.tells_past()),
            pki: gateway.data_dir.join("pki"),
            configuration: absolute(&gateway.file).unwrap_or_else(|_| gateway.file.clone()),
            cache: Some(gateway.data_dir.join("browse")),
            subscriptions: Some(gateway.data_dir.join("subscriptions")),
            clock: self.facts.clock,
            counters: Arc::clone(counters),
            desk: self.facts.desk(self.at),
        }
    }

    fn mqtt(&self, name: &str, broker: &MqttConnection, counters: &Arc<mqtt::SourceCounters>) -> mqtt::SourcePlan {
        mqtt::SourcePlan {
            index: self.at,
            name: name.to_owned(),
            gateway: self.facts.plan.gateway.name.clone(),
            connection: broker.clone(),
            inputs: self.flows().filter_map(|(at, flow)| Some((at, flow.input.clone()?))).collect(),
            keeps_session: true,
            asks: true,
            clock: self.facts.clock,
            counters: Arc::clone(counters),
            timing: mqtt::Timing::default(),
        }
    }

    fn flows(&self) -> impl Iterator<Item = (u16, &FlowPlan)> {
        (0u16..).zip(&self.facts.plan.flows).filter(|(_, flow)| flow.source == self.at)
    }

    /// The pipeline, and beside it those who listen for what its devices are asked, until it ends.
    async fn pipeline(
        &self,
        events: mpsc::Receiver<SourceEvent>,
        own: &SourceFacts,
        stop: CancellationToken,
        give_up: CancellationToken,
    ) -> Ended {
        let (ends, listening) = devices::listening(&self.facts, self.at, self.log, &stop);
        let pipeline = Pipeline {
            clock: self.facts.clock,
            stages: Stages::new(Arc::clone(&self.facts.plan), self.at, Arc::clone(&self.prepared)),
            events,
            heard: ends.heard,
            devices: ends.devices,
            spool: self.facts.spool.clone(),
            stop,
            echoes: self.facts.echoes.clone(),
            written: Vec::new(),
            commands: Arc::clone(&self.facts.commands),
            entrance: self.facts.entrance.clone(),
            quarantine: self.quarantine.clone(),
            facts: Arc::clone(&own.pipeline),
            log: self.log,
        };
        let (mut run, mut listening) = (pin!(pipeline.run(give_up)), pin!(listening));
        tokio::select! {
            biased;
            ended = &mut run => {
                // They take leave of their brokers; a courtesy.
                let _ = tokio::time::timeout(mqtt::Timing::default().farewell, listening).await;
                ended
            }
            () = &mut listening => run.await,
        }
    }
}

/// What a flow wants of its server: what it selects, and what the configuration binds.
#[must_use]
pub fn selection(at: u16, flow: &FlowPlan, plan: &Plan) -> opcua::Selection {
    let mapped = flow.profiles.iter().flat_map(|profile| profile.default_selection()).collect();
    let speaks = |field: &str| flow.profiles.iter().any(|profile| profile.target(field).is_some());
    let bound = plan.machine_rules(flow.source).filter_map(|rule| {
        let fields = rule.binding.as_ref()?.fields.iter().filter(|field| speaks(&field.field));
        let nodes = fields.map(|field| field.source.clone()).filter(|source| *source != DeclaredSource::Value);
        Some(opcua::BoundNodes { machine: rule.matches.clone(), nodes: nodes.collect() })
    });
    let bound = bound.filter(|bound| !bound.nodes.is_empty()).collect();
    let (each, select, events) = (flow.each.clone(), flow.select.clone(), flow.events.clone());
    opcua::Selection { flow: at, each, select, mapped, bound, events }
}

/// One life of a sink: the link, what it parks, and since when it is in its state.
async fn one_sink(
    at: u16,
    sink: Sink,
    drain: watch::Receiver<Duration>,
    facts: Arc<Facts>,
    quarantine: Writer,
    log: fn(&Finding),
    stop: CancellationToken,
) -> Ended {
    let (parked, mut to_quarantine) = mpsc::channel(PARKED);
    let status = presence::gateway(&facts.plan, facts.clock);
    let timing = mqtt::Timing::default();
    let gateway = facts.plan.gateway.name.as_str().into();
    let plan = mqtt::SinkPlan { gateway, connection: sink.connection, status, drain, timing, log };
    let reader = facts.spool.reader(at);
    let run = mqtt::run(plan, reader, sink.state, Arc::clone(&sink.facts.counters), parked, stop.clone());
    let quarantine_parked = async {
        while let Some(parked) = to_quarantine.recv().await {
            presence::quarantine(parked, &facts.plan, facts.clock, &quarantine, &stop).await;
        }
    };
    let mut state = sink.facts.state.clone();
    let watch = async {
        while state.changed().await.is_ok() {
            facts.sink_changed(at);
        }
        std::future::pending::<()>().await;
    };
    tokio::select! {
        (ended, ()) = async { tokio::join!(run, quarantine_parked) } => match ended {
            mqtt::Ended::Stopped => Ended::Stopped,
            mqtt::Ended::NobodyParks => Ended::Failed("nobody takes parked records".to_owned()),
        },
        () = watch => Ended::Stopped,
    }
}
