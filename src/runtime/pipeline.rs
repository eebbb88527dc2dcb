//! One source's way from its events to the spool: the only place where the pure stages meet clock, spool and disk.

use super::stages::{Outbox, Stages};
use super::supervisor::{Ended, Heartbeat};
use crate::finding::Finding;
use crate::model::Quarantined;
use crate::port::{Clock, SourceEvent};
use crate::spool::{Permit, Spool};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// What a pipeline tells of itself.
#[derive(Debug, Default)]
pub struct PipelineFacts {
    pub heartbeat: Heartbeat,
    /// The newest snapshot of the stages; `None` before the first.
    pub stages: Mutex<Option<super::stages::StagesStatus>>,
}

/// A pipeline, made anew for every life of its source.
#[derive(Debug)]
pub struct Pipeline {
    pub clock: Clock,
    pub stages: Stages,
    pub events: mpsc::Receiver<SourceEvent>,
    pub spool: Spool,
    pub quarantine: mpsc::Sender<Quarantined>,
    pub facts: Arc<PipelineFacts>,
    pub log: fn(&Finding),
}

/// An idle pipeline gives a sign of life this often.
const BEAT: Duration = Duration::from_secs(1);

impl Pipeline {
    /// Runs until its source ends and everything it said is in the spool; `give_up` ends it at once.
    pub async fn run(mut self, give_up: CancellationToken) -> Ended {
        let mut out = Outbox::default();
        loop {
            let now = self.clock.now();
            self.facts.heartbeat.beat(now.monotonic);
            let wait = self.stages.next_tick().map_or(BEAT, |at| at.saturating_sub(now.monotonic).min(BEAT));
            let event = tokio::select! {
                biased;
                () = give_up.cancelled() => return Ended::Stopped,
                event = self.events.recv() => event,
                () = tokio::time::sleep(wait) => {
                    self.stages.on_tick(self.clock.now(), &mut out);
                    if !self.deliver(&mut out, &give_up).await {
                        return Ended::Stopped;
                    }
                    self.publish_facts();
                    continue;
                }
            };
            let Some(event) = event else {
                self.publish_facts();
                return Ended::Stopped;
            };
            self.stages.on_event(event, self.clock.now(), &mut out);
            if !self.deliver(&mut out, &give_up).await {
                return Ended::Stopped;
            }
        }
    }
}
