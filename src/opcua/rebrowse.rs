//! While a session lives, its server is browsed again: when it says that its model changed, when a node goes away, when
//! something is wanted that was not there, and after a while anyway. Publishing goes on meanwhile.

use super::discover::Found;
use super::item::{Item, Place};
use super::limits::Operation;
use super::publish::{Ended, Loop, Publisher};
use super::recheck::Outcome;
use super::survey::Survey;
use crate::finding::Finding;
use crate::port::SourceEvent;
use ::opcua::client::UARequest;
use ::opcua::client::services::DeleteMonitoredItems;
use ::opcua::types::{Error, StatusCode};
use futures::future::BoxFuture;
use std::sync::Arc;
use std::time::Duration;

/// Values that are read once and could not be read are asked for again after this time.
const READ_AGAIN: Duration = Duration::from_secs(30);

/// What is under way beside the publish loop.
#[derive(Default)]
pub(super) struct Search {
    /// The browse, and when it began.
    browse: Option<(Duration, BoxFuture<'static, Result<Found, Error>>)>,
    /// Since when what is read once is being read.
    reading: Option<Duration>,
}

impl Search {
    /// Waits for a browse that is under way; `None` when none is.
    pub(super) async fn found(&mut self) -> Option<Result<Found, Error>> {
        match &mut self.browse {
            Some((_, browse)) => Some(browse.await),
            None => None,
        }
    }
}

impl Publisher<'_> {
    /// Begins what is due: a browse, a read of what is read once.
    pub(super) fn search(&mut self, state: &mut Loop, now: Duration) {
        let survey = || Survey {
            session: Arc::clone(&state.session),
            limits: Arc::clone(self.limits),
            plan: Arc::clone(self.plan),
            stop: self.outside.stop.clone(),
        };
        if state.search.browse.is_none() && self.feed.recheck.begin(now) {
            let (survey, epoch) = (survey(), self.feed.epoch);
            state.search.browse = Some((now, Box::pin(async move { survey.find(epoch, true).await })));
        }
        if state.search.reading.is_none() && self.feed.read_at.is_some_and(|at| now >= at) {
            state.search.reading = Some(now);
            state.makers.spawn(survey().read(self.feed.read_once(), state.tell.clone()));
        }
    }

    /// A browse has ended: what it found is taken over, and what is gone is given up at the server.
    pub(super) async fn found(&mut self, state: &mut Loop, found: Result<Found, Error>) -> Result<(), Ended> {
        let now = self.outside.now();
        let took = state.search.browse.take().map_or(Duration::ZERO, |(began, _)| now.saturating_sub(began));
        let found = match found {
            Ok(found) if !self.feed.is_distrusted(&found) => found,
            Ok(_) => {
                self.feed.recheck.done(Outcome::Failed, took, now);
                return Ok(());
            }
            Err(error) => {
                self.outside.counters.service_errors.add(1);
                self.feed.recheck.done(Outcome::Failed, took, now);
                let finding = Finding::warning("QIAO-O042", &self.outside.name).with("status", error.status());
                return Ok(self.outside.emit(SourceEvent::Finding(finding)).await?);
            }
        };
        let cause = self.feed.recheck.cause();
        let is_lacking = found.is_lacking;
        let adopted = self.feed.adopt(found, cause, now);
        let outcome = if is_lacking || self.feed.is_missing_any(now) { Outcome::Lacking } else { Outcome::Complete };
        self.feed.recheck.done(outcome, took, now);
        self.feed.orphans.extend(adopted.orphans);
        if let Some(discovery) = adopted.discovery {
            let finding = Finding::note("QIAO-O043", &self.outside.name)
                .with("machines", discovery.machines.len())
                .with("new", adopted.items_new)
                .with("gone", adopted.items_gone);
            self.outside.emit(SourceEvent::Found(discovery)).await?;
            self.outside.emit(SourceEvent::Finding(finding)).await?;
        }
        for finding in adopted.findings {
            self.outside.emit(SourceEvent::Finding(finding)).await?;
        }
        self.feed.count(&self.outside.counters);
        self.follow(state).await
    }

    /// Has the server delete items.
    pub(super) fn delete(&self, state: &mut Loop, mut orphans: Vec<Place>) {
        orphans.sort_by_key(|place| place.subscription);
        let most = self.limits.per_call(Operation::MonitoredItems);
        for places in orphans.chunk_by(|one, other| one.subscription == other.subscription) {
            for chunk in places.chunks(most) {
                let subscription = chunk[0].subscription;
                let ids: Vec<u32> = chunk.iter().map(|place| place.id).collect();
                let session = Arc::clone(&state.session);
                state.makers.spawn(async move {
                    let delete = DeleteMonitoredItems::new(subscription, &session).items_to_delete(ids);
                    // If it fails, values come that nobody takes.
                    let _ = delete.send(session.channel()).await;
                });
            }
        }
    }

    /// The server monitors its model for us, or does not.
    pub(super) async fn watched(&mut self, answer: Result<Place, StatusCode>) -> Result<(), Ended> {
        match answer {
            Ok(place) => self.feed.watch = Item::Created { place, was_missed: false },
            Err(status) => {
                // Most servers do not offer it: looked for by time alone, and not asked again in this session.
                self.feed.watch = Item::Refused { attempts: 1, again: Duration::MAX, status: status.bits() };
                let seconds = self.plan.connection.browse_again.as_secs_f64();
                let finding = Finding::note("QIAO-O040", &self.outside.name).with("status", status);
                self.outside.emit(SourceEvent::Finding(finding.with("seconds", seconds))).await?;
            }
        }
        Ok(())
    }

    /// What is read once was read, or not.
    pub(super) async fn read_done(&mut self, state: &mut Loop, done: Result<(), StatusCode>) -> Result<(), Ended> {
        let began = state.search.reading.take();
        if let Err(status) = done {
            self.outside.counters.service_errors.add(1);
            self.feed.read_at = Some(self.outside.now() + READ_AGAIN);
            let finding = Finding::error("QIAO-O041", &self.outside.name).with("status", status);
            self.outside.emit(SourceEvent::Finding(finding.with("seconds", READ_AGAIN.as_secs()))).await?;
        } else if self.feed.read_at <= began {
            self.feed.unheard.clear();
            // Nothing has changed since it began.
            self.feed.read_at = None;
        }
        Ok(())
    }
}
