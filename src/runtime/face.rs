//! The gateway's own OPC UA server as a unit: started, watched, started again, stopped with the sinks.

use super::facts::Facts;
use super::supervisor::Ended;
use crate::config::plan::{FaceConnection, FlowPlan, Plan};
use crate::finding::Finding;
use crate::model::Timestamp;
use crate::opcua::server::feed::{self, FeedCounters, FeedPlan};
use crate::opcua::server::{Counters, Face, FaceError, FacePlan, Space};
use crate::port::{Clock, LinkState};
use std::collections::BTreeSet;
use std::path::absolute;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// What a face tells of itself, and where those who fill it find it.
#[derive(Clone, Debug)]
pub struct FaceFacts {
    /// Since when it is as it is.
    pub state: watch::Sender<(LinkState, Timestamp)>,
    /// What clients connect to; `None`: it does not listen.
    pub url: watch::Sender<Option<String>>,
    /// What clients see; `None`: it does not listen.
    pub space: watch::Sender<Option<Space>>,
    pub counters: Arc<Counters>,
    pub feed: Arc<FeedCounters>,
}

/// How often a start that failed is tried again, at first and in the long run.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

impl FaceFacts {
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self {
            state: watch::Sender::new((LinkState::Connecting, clock.now().wall)),
            url: watch::Sender::new(None),
            space: watch::Sender::new(None),
            counters: Arc::default(),
            feed: Arc::default(),
        }
    }

    fn is(&self, link: LinkState, clock: Clock) {
        let now = clock.now().wall;
        self.state.send_if_modified(|state| {
            let is_other = state.0 != link;
            if is_other {
                *state = (link, now);
            }
            is_other
        });
    }
}

/// What a face needs, from the plan.
#[must_use]
pub fn plan(
    plan: &Plan,
    name: &str,
    connection: &Arc<FaceConnection>,
    facts: &FaceFacts,
    clock: Clock,
    log: fn(&Finding),
) -> FacePlan {
    let gateway = &plan.gateway;
    let leads_here = |flow: &&FlowPlan| plan.face(flow.sink).is_some_and(|face| Arc::ptr_eq(face, connection));
    let shown = plan.flows.iter().filter(leads_here).flat_map(FlowPlan::published);
    // Known from the start: an index that a client has noted stays what it was.
    let of_types: BTreeSet<String> =
        shown.filter_map(|profile| profile.nodes.as_ref()).flat_map(|nodes| nodes.namespaces()).collect();
    FacePlan {
        name: name.to_owned(),
        gateway: gateway.name.clone(),
        connection: Arc::clone(connection),
        configuration: absolute(&gateway.file).unwrap_or_else(|_| gateway.file.clone()),
        pki: gateway.data_dir.join("pki"),
        namespaces: std::iter::once(namespace(plan)).chain(of_types).collect(),
        language: gateway.language.tag().to_owned(),
        clock,
        counters: Arc::clone(&facts.counters),
        log,
    }
}

/// Namespace of what flows show and no companion model names.
#[must_use]
pub fn namespace(plan: &Plan) -> String {
    format!("urn:qiao:{}:flows", plan.gateway.name)
}

/// The part of the memory for messages that the past of one face may cost beside it.
const HISTORY_SHARE: u64 = 4;

/// What fills a face, from the facts of the gateway.
fn feed(all: &Facts, at: u16, plan: &FacePlan, space: &Space) -> FeedPlan {
    let exposed = all.sources.iter().map(|(source, facts)| {
        let mut exposed = facts.exposed.subscribe();
        exposed.mark_changed();
        (*source, exposed)
    });
    FeedPlan {
        name: plan.name.clone(),
        space: space.clone(),
        namespace: namespace(&all.plan),
        history: plan.connection.history,
        history_bytes: all.plan.limits.memory / HISTORY_SHARE,
        exposed: exposed.collect(),
        sink: at,
        clock: plan.clock,
        counters: all.faces.get(&at).map(|facts| Arc::clone(&facts.feed)).unwrap_or_default(),
        log: plan.log,
    }
}

/// One life of a face: until it is stopped, or ends by itself. When it is stopped, what is in the spool is shown first.
pub async fn run(at: u16, all: Arc<Facts>, plan: FacePlan, facts: FaceFacts, stop: CancellationToken) -> Ended {
    let mut pause = FIRST_PAUSE;
    loop {
        let wanted = plan.clone();
        let started = tokio::task::spawn_blocking(move || Face::start(wanted)).await;
        let face = match started {
            Ok(Ok(face)) => face,
            Ok(Err(error)) => {
                refused(&plan, &facts, &error);
                tokio::select! {
                    biased;
                    () = stop.cancelled() => return Ended::Stopped,
                    () = tokio::time::sleep(pause) => {}
                }
                pause = (pause * 2).min(LONGEST_PAUSE);
                continue;
            }
            Err(error) => return Ended::Failed(error.to_string()),
        };
        facts.is(LinkState::Connected, plan.clock);
        facts.url.send_replace(Some(face.url()));
        facts.space.send_replace(Some(face.space().clone()));
        let feed = feed::run(feed(&all, at, &plan, face.space()), all.spool.reader(at), stop.clone());
        tokio::select! {
            biased;
            () = feed => {}
            () = face.ended() => {}
        }
        facts.space.send_replace(None);
        facts.url.send_replace(None);
        facts.is(LinkState::Connecting, plan.clock);
        // Clients are told; whoever does not hang up is cut off.
        let _ = tokio::task::spawn_blocking(move || face.stop()).await;
        return if stop.is_cancelled() { Ended::Stopped } else { Ended::Failed("the server ended".to_owned()) };
    }
}

/// Told once, as long as the reason stays the same.
fn refused(plan: &FacePlan, facts: &FaceFacts, error: &FaceError) {
    let finding = error.finding(&plan.name);
    let link = LinkState::Refused(Box::new(finding.clone()));
    if facts.state.borrow().0 != link {
        (plan.log)(&finding);
    }
    facts.is(link, plan.clock);
}
