//! Who listens at the sinks of one source: for what applications ask of its devices, and for what an earlier run left.

use super::facts::Facts;
use crate::config::plan::{ConnectionKind, FlowPlan, MqttConnection};
use crate::finding::Finding;
use crate::mqtt::{self, leftovers, requests};
use crate::port::{Devices, Heard, Shelves};
use crate::profile::MessageKind;
use std::collections::BTreeSet;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

/// Questions to the devices of one source that may wait for its pipeline; more are dropped.
const HEARD: usize = 64;

/// The two ends that a pipeline holds.
pub(super) struct Ends {
    pub(super) heard: mpsc::Receiver<Heard>,
    pub(super) devices: watch::Sender<Devices>,
    pub(super) shelves: watch::Sender<Shelves>,
}

/// One client for each broker at which machines of this source are devices; they end with the pipeline, or when told to.
pub(super) fn listening(
    facts: &Facts,
    source: u16,
    log: fn(&Finding),
    stop: &CancellationToken,
) -> (Ends, impl Future<Output = ()> + use<>) {
    let (hears, heard) = mpsc::channel(HEARD);
    let devices = watch::Sender::new(Devices::default());
    let name = facts.plan.connections.get(usize::from(source)).map_or("", |source| source.name.as_str());
    let is_device = |flow: &&FlowPlan| {
        flow.source == source && flow.published().iter().any(|profile| profile.message == MessageKind::Sample)
    };
    let sinks: BTreeSet<u16> = facts.plan.flows.iter().filter(is_device).map(|flow| flow.sink).collect();
    let client = |sink: u16| {
        let connection = broker(facts, sink)?;
        let plan =
            requests::RequestsPlan { sink, source: name.to_owned(), connection, timing: mqtt::Timing::default(), log };
        Some(requests::run(plan, devices.subscribe(), hears.clone(), stop.clone()))
    };
    let clients: Vec<_> = sinks.into_iter().filter_map(client).collect();
    let shelves = watch::Sender::new(Shelves::default());
    let has_shelves =
        |flow: &&FlowPlan| flow.source == source && flow.published().iter().any(|profile| profile.has_conditions());
    let sinks: BTreeSet<u16> = facts.plan.flows.iter().filter(has_shelves).map(|flow| flow.sink).collect();
    let looks = |sink: u16| {
        let (connection, timing) = (broker(facts, sink)?, mqtt::Timing::default());
        let plan = leftovers::LeftoversPlan { sink, source: name.to_owned(), connection, timing, log };
        Some(leftovers::run(plan, shelves.subscribe(), hears.clone(), stop.clone()))
    };
    let looking: Vec<_> = sinks.into_iter().filter_map(looks).collect();
    let all = async move {
        let (clients, looking) = (futures::future::join_all(clients), futures::future::join_all(looking));
        drop(futures::future::join(clients, looking).await);
    };
    (Ends { heard, devices, shelves }, all)
}

/// How the broker of a sink is reached.
pub(super) fn broker(facts: &Facts, sink: u16) -> Option<MqttConnection> {
    match &facts.plan.connections.get(usize::from(sink))?.kind {
        ConnectionKind::OpcUa(_) | ConnectionKind::Face(_) => None,
        ConnectionKind::Mqtt(mqtt) => Some(mqtt.clone()),
        ConnectionKind::EmbeddedBroker(_) => {
            let address = facts.brokers.get(&sink)?.parse().ok()?;
            Some(MqttConnection::loopback(address, &facts.plan.gateway.name))
        }
    }
}
