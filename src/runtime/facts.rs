//! Collects what everybody tells of itself into one [`Status`], and computes health from it.

use super::clock_watch;
use super::commands::echo::Echoes;
use super::commands::entrance::Entrance;
use super::commands::told::CommandFacts;
use super::face::FaceFacts;
use super::ledger::Balance;
use super::pipeline::PipelineFacts;
use super::quarantine_writer::WriterFacts;
use super::stages::StagesStatus;
use super::status::{
    ConnectionState, ConnectionStatus, DiskStatus, FlowStatus, Health, MachineStatus, QuarantineStatus, SpoolStatus,
    Status, StatusReason, TranslatedValues,
};
use super::supervisor::Restarts;
use crate::config::plan::{Connection, ConnectionKind, FlowPlan, Plan};
use crate::finding::Finding;
use crate::model::{Durability, Exposed, Now, Timestamp};
use crate::mqtt;
use crate::opcua;
use crate::port::{Clock, Desk, LinkState, SinkState};
use crate::spool::{DiskFacts, Spool};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// Everything a status is made of; shared by the HTTP face, the live view and health.
#[derive(Debug)]
pub struct Facts {
    pub plan: Arc<Plan>,
    pub clock: Clock,
    /// How often the wall clock was set since the start.
    pub clock_jumps: Arc<AtomicU64>,
    pub spool: Spool,
    pub restarts: Restarts,
    pub quarantine: Arc<WriterFacts>,
    /// By index of the connection.
    pub sources: BTreeMap<u16, SourceFacts>,
    pub sinks: BTreeMap<u16, SinkFacts>,
    /// What commands told, where they come in, and what they wrote.
    pub commands: Arc<CommandFacts>,
    pub entrance: Entrance,
    pub echoes: Echoes,
    /// Where commands ask machines, by index of the connection.
    pub desks: BTreeMap<u16, Desk>,
    /// Servers of our own, by index of the connection.
    pub faces: BTreeMap<u16, FaceFacts>,
    /// Addresses the embedded brokers really listen at, by index of the connection.
    pub brokers: BTreeMap<u16, String>,
}

#[derive(Debug)]
pub struct SourceFacts {
    pub pipeline: Arc<PipelineFacts>,
    pub counters: SourceCounters,
    /// What of it stands on faces.
    pub exposed: watch::Sender<Arc<Exposed>>,
}

/// What a source counts, by its protocol.
#[derive(Clone, Debug)]
pub enum SourceCounters {
    OpcUa(Arc<opcua::Counters>),
    Mqtt(Arc<mqtt::SourceCounters>),
}

#[derive(Clone, Debug)]
pub struct SinkFacts {
    pub state: watch::Receiver<SinkState>,
    pub since: Arc<std::sync::Mutex<(LinkState, Timestamp)>>,
    pub counters: Arc<mqtt::Counters>,
}

/// A pipeline without a sign of life for this long is not alive.
const SILENCE: Duration = Duration::from_secs(10);

impl Facts {
    /// The whole gateway now.
    #[must_use]
    pub fn status(&self) -> Status {
        let now = self.clock.now();
        let (limit_bytes, used_bytes) = self.spool.room();
        let durability = match self.spool.durability() {
            Durability::Accepted => "memory",
            Durability::Durable => "durable",
        };
        let connections: Vec<ConnectionStatus> = self
            .plan
            .connections
            .iter()
            .enumerate()
            .map(|(at, connection)| self.connection(at as u16, connection))
            .collect();
        let mut status = Status {
            gateway: self.plan.gateway.name.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            process: std::process::id(),
            uptime_s: now.monotonic.as_secs(),
            is_clock_unset: clock_watch::is_unset(now),
            clock_jumps: self.clock_jumps.load(Ordering::Relaxed),
            health: Health::default(),
            spool: SpoolStatus {
                durability: durability.to_owned(),
                limit_bytes,
                used_bytes,
                disk: self.spool.disk().map(|facts| disk(&facts, now.monotonic)),
            },
            quarantine: QuarantineStatus {
                written_records: self.quarantine.written.load(Ordering::Relaxed),
                failed_records: self.quarantine.failed.load(Ordering::Relaxed),
            },
            connections,
            flows: Vec::new(),
            commands: self.commands.status(&self.plan, self.desks.values().all(Desk::is_open)),
            machines: Vec::new(),
            restarts: self.restarts.snapshot(),
            memory_bytes: resident_memory(),
        };
        self.add_flows(&mut status);
        status.health = self.health(&status, now);
        status
    }

    /// Where commands ask the machine behind a connection; one without a link of ours is always closed.
    #[must_use]
    pub fn desk(&self, connection: u16) -> Desk {
        self.desks.get(&connection).cloned().unwrap_or_default()
    }

    /// Keeps since when each sink is in its state; the supervisor's sink watcher calls it on every change.
    pub fn sink_changed(&self, sink: u16) {
        let Some(facts) = self.sinks.get(&sink) else { return };
        let link = facts.state.borrow().link.clone();
        let mut known = facts.since.lock().unwrap_or_else(PoisonError::into_inner);
        if std::mem::discriminant(&known.0) != std::mem::discriminant(&link) {
            *known = (link, self.clock.now().wall);
        }
    }

    fn connection(&self, at: u16, connection: &Connection) -> ConnectionStatus {
        let mut status = ConnectionStatus { name: connection.name.clone(), ..ConnectionStatus::default() };
        let (link, since) = match &connection.kind {
            ConnectionKind::OpcUa(plan) => {
                status.kind = "opcua".to_owned();
                status.address = plan.endpoint.clone();
                let Some(link) = self.source(at, &mut status) else { return status };
                link
            }
            ConnectionKind::Mqtt(plan) => {
                status.kind = "mqtt".to_owned();
                status.address = plan.address();
                self.broker(at, &mut status)
            }
            ConnectionKind::EmbeddedBroker(plan) => {
                status.kind = "embedded-broker".to_owned();
                let address = self.brokers.get(&at).cloned();
                status.address = format!("mqtt://{}", address.unwrap_or_else(|| plan.listen.to_string()));
                self.broker(at, &mut status)
            }
            ConnectionKind::Face(plan) => {
                status.kind = "opcua-server".to_owned();
                status.address = format!("opc.tcp://{}/", plan.listen);
                self.face(at, &mut status)
            }
        };
        let (state, reason) = match link {
            LinkState::Connecting => (ConnectionState::Connecting, None),
            LinkState::Connected => (ConnectionState::Connected, None),
            LinkState::Lost(reason) => (ConnectionState::Lost, Some(reason)),
            LinkState::Refused(reason) => (ConnectionState::Refused, Some(reason)),
        };
        status.state = state;
        status.reason = reason.map(|reason| self.reason(&reason)).or(status.reason);
        status.since = since.to_string();
        status
    }

    /// A broker that is read from and published to is as well connected as the worse of the two clients.
    fn broker(&self, at: u16, status: &mut ConnectionStatus) -> (LinkState, Timestamp) {
        match (self.source(at, status), self.sink(at, status)) {
            (Some(source), Some(sink)) if sink.0 == LinkState::Connected => source,
            (Some(source), None) => source,
            (_, Some(sink)) => sink,
            (None, None) => (LinkState::Connecting, Timestamp::NONE),
        }
    }

    /// A server of our own is connected while it listens.
    fn face(&self, at: u16, status: &mut ConnectionStatus) -> (LinkState, Timestamp) {
        (status.waiting_messages, status.waiting_bytes) = self.spool.waiting(at);
        let Some(face) = self.faces.get(&at) else { return (LinkState::Connecting, Timestamp::NONE) };
        if let Some(url) = &*face.url.borrow() {
            status.address.clone_from(url);
        }
        status.counters = face.counters.snapshot();
        status.counters.extend(face.feed.snapshot());
        face.state.borrow().clone()
    }

    fn source(&self, at: u16, status: &mut ConnectionStatus) -> Option<(LinkState, Timestamp)> {
        let source = self.sources.get(&at)?;
        status.counters = match &source.counters {
            SourceCounters::OpcUa(counters) => {
                status.clock_skew_ms = counters.skew.get();
                opcua_counters(counters)
            }
            SourceCounters::Mqtt(counters) => {
                status.reason = counters.refused_filters().first().map(|refused| self.reason(refused));
                counters.snapshot()
            }
        };
        let nanoseconds = |counter: &std::sync::atomic::AtomicU64| counter.load(Ordering::Relaxed);
        status.counters.insert("stages_nanoseconds".to_owned(), nanoseconds(&source.pipeline.stages_ns));
        status.counters.insert("spool_nanoseconds".to_owned(), nanoseconds(&source.pipeline.spool_ns));
        Some(source.pipeline.link.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    fn sink(&self, at: u16, status: &mut ConnectionStatus) -> Option<(LinkState, Timestamp)> {
        (status.waiting_messages, status.waiting_bytes) = self.spool.waiting(at);
        let sink = self.sinks.get(&at)?;
        status.counters.extend(sink.counters.snapshot());
        let state = sink.state.borrow().clone();
        let remark = state.last_refusal.as_deref().or(state.warnings.first());
        status.reason = remark.map(|remark| self.reason(remark)).or(status.reason.take());
        let since = sink.since.lock().unwrap_or_else(PoisonError::into_inner).1;
        Some((state.link, since))
    }

    fn reason(&self, finding: &Finding) -> StatusReason {
        StatusReason { code: finding.code.0.to_string(), text: finding.text(self.plan.gateway.language) }
    }

    fn add_flows(&self, status: &mut Status) {
        let snapshots: Vec<_> = self
            .sources
            .values()
            .filter_map(|source| source.pipeline.stages.lock().unwrap_or_else(PoisonError::into_inner).clone())
            .collect();
        for (at, flow) in (0u16..).zip(&self.plan.flows) {
            let source = self.sources.get(&flow.source);
            let Balance { totals, spool, imbalance } =
                source.map_or_else(Balance::default, |source| source.pipeline.ledger.balance(at, &self.spool));
            let name = |connection: u16| {
                self.plan.connections.get(usize::from(connection)).map_or_else(String::new, |c| c.name.clone())
            };
            status.flows.push(FlowStatus {
                name: flow.name.clone(),
                source: name(flow.source),
                sink: name(flow.sink),
                profiles: flow.profiles.iter().map(|profile| profile.id()).collect(),
                publish_as: flow.publish_as.as_ref().map(|publish_as| publish_as.profile.id()),
                translated_values: TranslatedValues {
                    exact: totals.fates.exact,
                    converted: totals.fates.converted,
                    approximated: totals.fates.approximated,
                    absent: totals.fates.absent,
                },
                received_values: totals.received,
                delivered_values: spool.delivered_values,
                spooled_values: spool.spooled_values,
                quarantined_values: totals.quarantined,
                superseded_values: totals.superseded + spool.superseded_values,
                filtered_values: totals.filtered,
                withheld_values: totals.withheld,
                withheld_concepts: withheld_concepts(flow),
                rejected_values: totals.rejected,
                lost_values: totals.lost + spool.lost_values,
                dropped_values: spool.dropped_values,
                recovered_values: spool.recovered_values,
                held_values: totals.held,
                parked_values: spool.parked_values,
                imbalance,
                delivered_messages: spool.delivered_messages,
                quarantined_messages: totals.quarantined_messages,
                violations: totals.violations,
                gaps: totals.gaps,
                back_filled_values: totals.back_filled,
            });
        }
        for snapshot in &snapshots {
            status.machines.extend(machines(snapshot, &self.plan));
        }
    }

    fn health(&self, status: &Status, now: Now) -> Health {
        let language = self.plan.gateway.language;
        let mut reasons = Vec::new();
        let mut is_live = true;
        for (at, source) in &self.sources {
            let age = source.pipeline.heartbeat.age(now.monotonic);
            if age > SILENCE {
                is_live = false;
                let name = self.plan.connections.get(usize::from(*at)).map_or("", |connection| &connection.name);
                reasons.push(Finding::error("QIAO-R007", name).with("seconds", age.as_secs()).text(language));
            }
        }
        if status.is_clock_unset {
            reasons.push(clock_watch::unset(now).text(language));
        }
        if let Some(disk) = &status.spool.disk {
            if disk.has_ended {
                is_live = false;
                reasons.push(Finding::error("QIAO-S013", "").text(language));
            }
            // Not dead: a restart would meet the same disk, and flows in memory go on without it.
            if disk.busy_s > SILENCE.as_secs() {
                reasons.push(Finding::error("QIAO-S018", "").with("seconds", disk.busy_s).text(language));
            }
            if disk.is_full {
                let (used, limit) = (disk.used_bytes >> 20, disk.limit_bytes >> 20);
                reasons.push(Finding::error("QIAO-S008", "").with("used", used).with("limit", limit).text(language));
            }
        }
        reasons.extend(self.commands.obstacles(&self.plan).iter().map(|obstacle| {
            let place = if obstacle.place.is_empty() { String::new() } else { format!("{}: ", obstacle.place) };
            format!("{place}{} {}", obstacle.code.0, obstacle.text(language))
        }));
        let failed = status.quarantine.failed_records;
        if failed > 0 {
            reasons.push(Finding::error("QIAO-R013", "").with("records", failed).text(language));
        }
        for flow in status.flows.iter().filter(|flow| flow.imbalance != 0) {
            reasons.push(imbalance(&flow.name, flow.imbalance).text(language));
        }
        let refused: BTreeMap<u16, Vec<Finding>> = self
            .sources
            .iter()
            .filter_map(|(at, source)| match &source.counters {
                SourceCounters::Mqtt(counters) => Some((*at, counters.refused_filters())),
                SourceCounters::OpcUa(_) => None,
            })
            .collect();
        for finding in refused.values().flatten() {
            reasons.push(format!("{}: {} {}", finding.place, finding.code.0, finding.text(language)));
        }
        let is_up =
            |name: &str| status.connections.iter().any(|c| c.name == name && c.state == ConnectionState::Connected);
        // The broker lets it read nothing of its machines.
        let is_deaf = |flow: &FlowPlan| {
            let (Some(input), Some(refused)) = (&flow.input, refused.get(&flow.source)) else { return false };
            let filter = input.pattern.filter();
            refused.iter().any(|finding| finding.place == filter)
        };
        let flows = self.plan.flows.iter().zip(&status.flows);
        let is_ready = flows.into_iter().any(|(plan, flow)| is_up(&flow.source) && is_up(&flow.sink) && !is_deaf(plan));
        for connection in status.connections.iter().filter(|connection| connection.state != ConnectionState::Connected)
        {
            let reason = connection
                .reason
                .as_ref()
                .map_or_else(String::new, |reason| format!(": {} {}", reason.code, reason.text));
            reasons.push(format!("{}{reason}", connection.name));
        }
        for (at, source) in &self.sources {
            let SourceCounters::OpcUa(counters) = &source.counters else { continue };
            let name = self.plan.connections.get(usize::from(*at)).map_or("", |connection| &connection.name);
            if is_up(name) {
                reasons.extend(
                    lacks(counters, name).iter().map(|lack| format!("{name}: {} {}", lack.code.0, lack.text(language))),
                );
            }
        }
        Health { is_live, is_ready, reasons }
    }
}

/// Values of a flow without a known fate, or with more than one.
pub(super) fn imbalance(flow: &str, values: i64) -> Finding {
    Finding::error("QIAO-M109", flow).with("flow", flow).with("values", values)
}

/// What a server that is connected does not do as it should.
fn lacks(counters: &opcua::Counters, name: &str) -> Vec<Finding> {
    let mut lacks = Vec::new();
    let state = counters.server_state.get();
    if state != 0 {
        let state = opcua::state_name(i32::try_from(state).ok());
        lacks.push(Finding::warning("QIAO-O032", name).with("state", state));
    }
    let (items, subscriptions) = (counters.items_revised.get(), counters.subscriptions_revised.get());
    if items + subscriptions > 0 {
        let finding = Finding::warning("QIAO-O135", name);
        lacks.push(finding.with("items", items).with("subscriptions", subscriptions));
    }
    lacks
}

fn disk(facts: &DiskFacts, now: Duration) -> DiskStatus {
    let load = |fact: &std::sync::atomic::AtomicU64| fact.load(Ordering::Relaxed);
    DiskStatus {
        limit_bytes: load(&facts.limit_bytes),
        used_bytes: load(&facts.used_bytes),
        segments: load(&facts.segments),
        records: load(&facts.records),
        payload_bytes: load(&facts.payload_bytes),
        commits: load(&facts.commits),
        commit_ns: load(&facts.commit_ns),
        syncs: load(&facts.syncs),
        failed_syncs: load(&facts.failed_syncs),
        gaps: load(&facts.gaps),
        lost_records: load(&facts.lost_records),
        damaged_bytes: load(&facts.damaged_bytes),
        is_full: facts.is_full.load(Ordering::Relaxed),
        has_ended: facts.has_ended.load(Ordering::Relaxed),
        busy_s: facts.busy_for(now).as_secs(),
    }
}

/// Resident memory of this process in bytes; 0 where `/proc` does not say.
fn resident_memory() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm")
        .ok()
        .and_then(|text| text.split_whitespace().nth(1)?.parse::<u64>().ok());
    pages.unwrap_or(0) * 4096
}

fn opcua_counters(counters: &opcua::Counters) -> BTreeMap<String, u64> {
    [
        ("notifications", &counters.notifications),
        ("source_values", &counters.values),
        ("overflows", &counters.overflows),
        ("sequence_gaps", &counters.gaps),
        ("republished", &counters.republished),
        ("history_values", &counters.back_filled),
        ("reconnects", &counters.reconnects),
        ("service_errors", &counters.service_errors),
        ("decode_failures", &counters.decode_failures),
        ("items_ok_current", &counters.items_ok),
        ("items_cyclic_current", &counters.items_cyclic),
        ("items_failed_current", &counters.items_failed),
        ("items_revised_current", &counters.items_revised),
        ("subscriptions_revised_current", &counters.subscriptions_revised),
        ("subscriptions_transferred", &counters.transferred),
        ("server_state_current", &counters.server_state),
        ("publish_in_flight_current", &counters.publish_in_flight),
        ("browsing_current", &counters.is_browsing),
        ("browse_nodes_current", &counters.browse_nodes),
        ("browse_pending_current", &counters.browse_pending),
    ]
    .map(|(name, counter)| (name.to_owned(), counter.get()))
    .into()
}

/// Concepts of a flow's profiles that its configuration keeps here.
fn withheld_concepts(flow: &FlowPlan) -> Vec<String> {
    let fields = flow.published().iter().flat_map(|profile| &profile.mapping.fields);
    let mut concepts: Vec<String> = fields
        .filter_map(|field| field.concept.clone())
        .filter(|concept| !flow.leaving.allows(Some(concept)))
        .collect();
    concepts.sort_unstable();
    concepts.dedup();
    concepts
}

fn machines(snapshot: &StagesStatus, plan: &Plan) -> Vec<MachineStatus> {
    let rows = snapshot.machines.iter().map(|machine| MachineStatus {
        id: machine.id.clone(),
        flow: plan.flows.get(usize::from(machine.flow)).map_or_else(String::new, |flow| flow.name.clone()),
        profile: machine.profile.clone(),
        node: machine.node.clone(),
        topic: machine.topic.clone(),
        is_online: machine.is_online,
        fields: machine.fields.all,
        fields_bad: machine.fields.bad,
        fields_missing: machine.fields.missing,
        messages: machine.messages,
        violations: machine.violations,
        last_message: if machine.last_message.is_none() { String::new() } else { machine.last_message.to_string() },
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::super::ledger::Ledger;
    use super::*;
    use crate::config::plan::{Gateway, Limits, Replay, WhenFull, Writes};
    use crate::finding::Language;

    #[test]
    fn row_85_a_pipeline_that_gives_no_sign_of_life_is_not_alive() {
        let limits = Limits {
            memory: 1 << 20,
            quarantine: 1 << 20,
            spool: 1 << 20,
            spool_age: None,
            when_full: WhenFull::Block,
            replay: Replay::InOrder,
        };
        let gateway = Gateway {
            name: "g".to_owned(),
            file: "qiao.yaml".into(),
            language: Language::English,
            data_dir: "nowhere".into(),
            http: None,
            drain: Duration::from_secs(1),
        };
        let (connections, machines, flows, profiles) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let writes = Writes::default();
        let plan = Plan { gateway, connections, machines, flows, writes, profiles, limits };
        let pipeline = Arc::new(PipelineFacts::new(Timestamp::NONE, Ledger::new(Vec::new(), 0)));
        let (counters, exposed) = (SourceCounters::Mqtt(Arc::default()), watch::Sender::default());
        let source = SourceFacts { pipeline: Arc::clone(&pipeline), counters, exposed };
        let facts = Facts {
            plan: Arc::new(plan),
            clock: Clock::start(),
            spool: Spool::in_memory(1 << 20, 1, 1),
            restarts: Restarts::default(),
            quarantine: Arc::default(),
            sources: BTreeMap::from([(0, source)]),
            sinks: BTreeMap::new(),
            commands: Arc::default(),
            entrance: Entrance::default(),
            echoes: Echoes::default(),
            desks: BTreeMap::new(),
            faces: BTreeMap::new(),
            brokers: BTreeMap::new(),
            clock_jumps: Arc::default(),
        };
        let at = |seconds| {
            facts.health(&Status::default(), Now { monotonic: Duration::from_secs(seconds), wall: Timestamp::NONE })
        };
        pipeline.heartbeat.beat(Duration::from_secs(100));
        assert!(at(110).is_live);
        let dead = at(111);
        assert!(!dead.is_live && dead.reasons[0].contains("11"), "{dead:?}");
        pipeline.heartbeat.beat(Duration::from_secs(112));
        assert!(at(113).is_live, "it was only stopped");
    }
}
