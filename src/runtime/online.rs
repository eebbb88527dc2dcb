//! What would happen if the gateway ran: every server is looked at once, the stages run once, nothing is published.

use super::gateway::selection;
use super::look::{Looked, look};
use super::online_event::shapes;
use super::online_listen::{listen, nothing_heard};
use super::stages::{Outbox, Prepared, Stages};
use super::tap::TapError;
use crate::config::plan::{ConnectionKind, ItemPattern, ItemSelector, Plan, RootSelector};
use crate::finding::{Finding, nearest};
use crate::model::discovery::ItemMode;
use crate::model::{DeclaredSource, Discovery, FoundItem, Now, Unit};
use crate::mqtt;
use crate::opcua::{Counters, Selection};
use crate::port::{Clock, SourceEvent};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// What an online check found.
#[derive(Debug, Default)]
pub struct Report {
    pub findings: Vec<Finding>,
    pub servers: Vec<Server>,
    pub machines: Vec<Machine>,
    /// One message of each flow and profile; of events its shape.
    pub examples: Vec<Example>,
    /// A server or broker did not let us in: what lies behind it cannot be told.
    pub is_blind: bool,
}

/// A server or broker, and whether it let us in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    pub name: String,
    pub is_reached: bool,
    /// Variables that would be monitored; 0 for a broker.
    pub items: usize,
}

/// A machine, and how much of its message is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    pub id: String,
    pub flow: String,
    pub profile: String,
    pub topic: String,
    pub fields: u64,
    /// Fields with a bad status, or without a value.
    pub bad: u64,
}

/// A message as it would be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    pub flow: String,
    pub profile: String,
    pub topic: String,
    pub payload: String,
    /// Its values are made up: nothing happened while somebody looked.
    pub is_shape: bool,
}

/// Missing nodes for which the nearest name is looked for.
const NEAREST_MAX: usize = 20;
/// Selections with this flow belong to no flow: what they find is looked at here alone.
const NO_FLOW: u16 = u16::MAX;
/// Server_ServerCapabilities_MaxMonitoredItems and MinSupportedSampleRate (OPC 10000-5 §6.3.2).
const MAX_MONITORED_ITEMS: &str = "i=24097";
const MIN_SAMPLE_RATE: &str = "i=2272";

/// Checks a plan against the servers and brokers it names. `counters` tell how far it has come, by connection.
///
/// # Errors
/// A schema does not compile.
pub async fn check(
    plan: &Arc<Plan>,
    counters: &BTreeMap<u16, Arc<Counters>>,
    stop: &CancellationToken,
) -> Result<Report, TapError> {
    let prepared = Prepared::new(plan)?;
    let mut report = Report::default();
    for (at, connection) in (0u16..).zip(&plan.connections) {
        let is_used = plan.flows.iter().any(|flow| flow.source == at || flow.sink == at);
        match &connection.kind {
            ConnectionKind::OpcUa(_) if is_used => {
                let counters = counters.get(&at).cloned().unwrap_or_default();
                Source { plan, at, prepared: &prepared, report: &mut report }.check(&counters, stop).await;
            }
            ConnectionKind::Mqtt(mqtt) if is_used => {
                let reached = mqtt::reach(mqtt).await;
                report.is_blind |= reached.is_err();
                let (name, is_reached) = (connection.name.clone(), reached.is_ok());
                report.servers.push(Server { name, is_reached, items: 0 });
                report.findings.extend(reached.err());
                if is_reached && plan.flows.iter().any(|flow| flow.source == at) {
                    listen(plan, at, &mut report, stop).await?;
                }
            }
            // It is started with the gateway: nobody can have published there.
            ConnectionKind::EmbeddedBroker(_) => {
                let own = plan.flows.iter().filter(|flow| flow.source == at);
                report.findings.extend(own.map(|flow| nothing_heard(&flow.name, Duration::ZERO)));
            }
            _ => {}
        }
    }
    Ok(report)
}

struct Source<'a> {
    plan: &'a Arc<Plan>,
    at: u16,
    prepared: &'a Arc<Prepared>,
    report: &'a mut Report,
}

impl Source<'_> {
    async fn check(&mut self, counters: &Arc<Counters>, stop: &CancellationToken) {
        let clock = Clock::start();
        let mut stages = Stages::new(Arc::clone(self.plan), self.at, Arc::clone(self.prepared));
        let mut out = Outbox::default();
        let hand = |event: SourceEvent| {
            // The look keeps findings itself.
            if !matches!(event, SourceEvent::Finding(_)) {
                stages.on_event(event, clock.now(), &mut out);
            }
        };
        let looked = look(self.plan, self.at, self.selections(), counters, stop, hand).await;
        // Now is when the first message waits for nobody any more.
        let own = self.plan.flows.iter().filter(|flow| flow.source == self.at);
        let patience = own.flat_map(|flow| &flow.profiles).map(|profile| profile.complete_within).max();
        let Now { wall, monotonic } = clock.now();
        let late = Now { wall, monotonic: monotonic + patience.unwrap_or_default() + Duration::from_millis(1) };
        stages.on_tick(late, &mut out);
        self.examples(&out, false);
        if let Some(batch) = looked.discovery.as_ref().and_then(|discovery| shapes(discovery, wall)) {
            let mut shape = Outbox::default();
            stages.on_event(SourceEvent::Batch(batch), late, &mut shape);
            self.examples(&shape, true);
        }
        let status = stages.status();
        for machine in status.machines {
            let flow = self.plan.flows.get(usize::from(machine.flow)).map_or_else(String::new, |f| f.name.clone());
            let (fields, bad) = (machine.fields.all, machine.fields.bad + machine.fields.missing);
            let (id, profile, topic) = (machine.id, machine.profile, machine.topic);
            self.report.machines.push(Machine { id, flow, profile, topic, fields, bad });
        }
        self.report.findings.append(&mut out.findings);
        self.told(looked);
    }

    /// What the flows want, and beside it what a check needs to know.
    fn selections(&self) -> Vec<Selection> {
        let flows = (0u16..).zip(&self.plan.flows).filter(|(_, flow)| flow.source == self.at);
        let mut all: Vec<Selection> = flows.map(|(at, flow)| selection(at, flow, self.plan)).collect();
        let select = |what| ItemSelector { what, sampling: None, queue: None, deadband: None };
        let beside = |each, select| Selection {
            flow: NO_FLOW,
            each,
            select,
            mapped: Vec::new(),
            bound: Vec::new(),
            events: None,
        };
        let limits = [MAX_MONITORED_ITEMS, MIN_SAMPLE_RATE].map(|node| select(ItemPattern::Node(node.to_owned())));
        all.push(beside(RootSelector::Whole, limits.to_vec()));
        // Units of bound nodes are properties, which nobody selects.
        let is_bound = |machine: &str| all.iter().any(|one| one.bound.iter().any(|bound| bound.machine == machine));
        let machines = self.plan.machine_rules(self.at).filter(|rule| is_bound(&rule.matches));
        let whole = |rule: &crate::config::plan::MachineRule| {
            let all = select(ItemPattern::Path(crate::model::BrowseGlob::any()));
            beside(RootSelector::Node(rule.matches.clone()), vec![all])
        };
        let machines: Vec<Selection> = machines.map(whole).collect();
        all.extend(machines);
        all
    }

    fn examples(&mut self, out: &Outbox, is_shape: bool) {
        let mut told = HashSet::new();
        for transaction in &out.transactions {
            for delivery in &transaction.deliveries {
                let range = delivery.payload.start as usize..delivery.payload.end as usize;
                let payload = transaction.bytes.get(range).unwrap_or_default();
                let Some(properties) = delivery.properties.as_ref().filter(|_| !payload.is_empty()) else { continue };
                let flow = self.plan.flows.get(usize::from(delivery.flow)).map_or("", |flow| flow.name.as_str());
                let profile = format!("{}@{}", properties.profile, properties.schema_version);
                if told.insert((delivery.flow, profile.clone())) {
                    self.report.examples.push(Example {
                        flow: flow.to_owned(),
                        profile,
                        topic: delivery.topic.to_string(),
                        payload: String::from_utf8_lossy(payload).into_owned(),
                        is_shape,
                    });
                }
            }
        }
    }

    fn told(&mut self, looked: Looked) {
        let name = self.plan.connections.get(usize::from(self.at)).map_or_else(String::new, |c| c.name.clone());
        let discovery = looked.discovery.clone().unwrap_or_default();
        let of_a_flow = |item: &&FoundItem| {
            let mut targets = item.targets.iter().filter_map(|to| discovery.machines.get(to.machine as usize));
            item.mode == ItemMode::Monitored && targets.any(|machine| machine.flow != NO_FLOW)
        };
        let items = discovery.items.iter().filter(of_a_flow).count();
        let is_reached = looked.fault.is_none() && looked.discovery.is_some();
        self.report.is_blind |= !is_reached;
        self.report.servers.push(Server { name: name.clone(), is_reached, items });
        let is_own = |finding: &Finding| [MAX_MONITORED_ITEMS, MIN_SAMPLE_RATE].contains(&finding.place.as_str());
        let mut told: Vec<Finding> = looked.findings.iter().filter(|finding| !is_own(finding)).cloned().collect();
        let asked = discovery.machines.iter().position(|machine| machine.flow == NO_FLOW && machine.path.0.is_empty());
        let is_silent = |asked: usize| {
            !discovery.items.iter().flat_map(|item| &item.targets).any(|target| target.machine as usize == asked)
        };
        if asked.is_some_and(is_silent) {
            // A server that states no limits has nothing wrong with it.
            let is_it = |finding: &Finding| &*finding.code.0 == "QIAO-O104" && finding.place == "i=85";
            told.iter().position(is_it).map(|at| told.remove(at));
        }
        self.report.findings.extend(told.into_iter().chain(looked.fault.clone()));
        self.nearest(&discovery);
        self.limits(&name, &looked, &discovery, items);
        self.units(&looked, &discovery);
    }

    /// The stages know the selected nodes only; here all of a bound machine's are known.
    fn nearest(&mut self, discovery: &Discovery) {
        let nodes: Vec<&str> = discovery.items.iter().map(|item| item.node.as_str()).collect();
        let targets = discovery.items.iter().flat_map(|item| &item.targets);
        let paths: BTreeSet<String> = targets.map(|target| target.path.to_string()).collect();
        let lost = self.report.findings.iter_mut().filter(|finding| &*finding.code.0 == "QIAO-B020");
        for finding in lost.take(NEAREST_MAX) {
            let missing = finding.arguments.iter().find(|(name, _)| *name == "node").map(|(_, node)| node.clone());
            let Some(missing) = missing else { continue };
            let is_node = missing.starts_with("nsu=");
            let near = match is_node {
                true => nearest(&missing, nodes.iter().copied()),
                false => nearest(&missing, paths.iter().map(String::as_str)),
            };
            if let (Some(near), Some(fact)) = (near, finding.arguments.iter_mut().find(|(name, _)| *name == "nearest"))
            {
                fact.1 = near.to_owned();
            }
        }
    }

    /// What the server says it can, against what it would be asked for.
    fn limits(&mut self, name: &str, looked: &Looked, discovery: &Discovery, items: usize) {
        let stated = |node: &str| -> Option<f64> {
            let slot = discovery.items.iter().position(|item| item.node == node)?;
            looked.value(u32::try_from(slot).ok()?)?.text.parse().ok().filter(|limit: &f64| *limit > 0.0)
        };
        if let Some(limit) = stated(MAX_MONITORED_ITEMS).filter(|limit| items as f64 > *limit) {
            let finding = Finding::error("QIAO-I010", name).with("items", items);
            self.report.findings.push(finding.with("limit", limit));
        }
        let own = self.plan.flows.iter().filter(|flow| flow.source == self.at);
        let fastest = own.flat_map(|flow| &flow.select).filter_map(|select| select.sampling).min();
        if let (Some(rate), Some(fastest)) = (stated(MIN_SAMPLE_RATE), fastest)
            && !fastest.is_zero()
            && fastest.as_secs_f64() * 1000.0 < rate
        {
            let finding = Finding::warning("QIAO-I011", name).with("asked", format!("{} ms", fastest.as_millis()));
            self.report.findings.push(finding.with("granted", format!("{rate} ms")));
        }
    }

    /// Units that bound nodes state, against those that the tables declare.
    fn units(&mut self, looked: &Looked, discovery: &Discovery) {
        for rule in self.plan.machine_rules(self.at) {
            let Some(binding) = &rule.binding else { continue };
            let units = units_by_node(looked, discovery, &rule.matches);
            for (field, row) in binding.fields.iter().zip(&binding.rows) {
                let DeclaredSource::Node(node) = &field.source else { continue };
                let Some(stated) = units.get(node.as_str()).and_then(|unit| Unit::find(unit)) else { continue };
                // A scale may turn one unit into another.
                let declared = row.unit.filter(|declared| {
                    declared.dimension != stated.dimension || (row.is_unscaled() && *declared != stated)
                });
                if let Some(declared) = declared {
                    let finding = Finding::warning("QIAO-I012", &field.place).with("node", node);
                    let finding = finding.with("stated", stated.code).with("declared", declared.code);
                    self.report.findings.push(finding.with("field", &field.field));
                }
            }
        }
    }
}

/// What the variables below a machine count in, by node id: `EngineeringUnits` of their own.
pub fn units_by_node<'d>(looked: &'d Looked, discovery: &'d Discovery, machine: &str) -> BTreeMap<&'d str, &'d str> {
    let mut by_path = BTreeMap::new();
    let below = |item: &'d FoundItem| {
        let is_of = move |index: u32| discovery.machines.get(index as usize).is_some_and(|found| found.node == machine);
        item.targets.iter().filter(move |target| is_of(target.machine))
    };
    for (slot, item) in (0u32..).zip(&discovery.items) {
        let Some(unit) = looked.value(slot).and_then(|seen| seen.unit.as_deref()) else { continue };
        for target in below(item) {
            if let Some((last, above)) = target.path.0.split_last()
                && last.name == "EngineeringUnits"
            {
                by_path.insert(above, unit);
            }
        }
    }
    let unit = |item: &'d FoundItem| {
        let unit = below(item).find_map(|target| by_path.get(target.path.0.as_slice()))?;
        Some((item.node.as_str(), *unit))
    };
    discovery.items.iter().filter_map(unit).collect()
}
