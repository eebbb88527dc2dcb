//! The gateway's own OPC UA server as a unit: started, watched, started again, stopped with the sinks.

use super::supervisor::Ended;
use crate::config::plan::{FaceConnection, Plan};
use crate::finding::Finding;
use crate::model::Timestamp;
use crate::opcua::server::{Counters, Face, FaceError, FacePlan, Space};
use crate::port::{Clock, LinkState};
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
    FacePlan {
        name: name.to_owned(),
        gateway: gateway.name.clone(),
        connection: Arc::clone(connection),
        configuration: absolute(&gateway.file).unwrap_or_else(|_| gateway.file.clone()),
        pki: gateway.data_dir.join("pki"),
        namespaces: Vec::new(),
        language: gateway.language.tag().to_owned(),
        clock,
        counters: Arc::clone(&facts.counters),
        log,
    }
}

/// One life of a face: until it is stopped, or ends by itself.
pub async fn run(plan: FacePlan, facts: FaceFacts, stop: CancellationToken) -> Ended {
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
        tokio::select! {
            biased;
            () = stop.cancelled() => {}
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
