//! The publish loop of one link: several Publish requests with the server, notifications in order, what is missing
//! asked for again, and each one acknowledged only when its receipt has come (OPC 10000-4 §5.14.5).
//!
//! What the loop does with an answer stands in `arrival`, with what an order came to in `proof`, and how it notices that
//! the link is dead in `pulse`.

use super::arrival::Published;
use super::cycle::Cycle;
use super::feed::Feed;
use super::history_fill::Fill;
use super::limits::ServerLimits;
use super::link::Link;
use super::operate::{self, Operator};
use super::order::Made;
use super::outside::{Outside, Over};
use super::pulse::Pulse;
use super::rebrowse::Search;
use super::republish;
use super::skew::ClockSkew;
use super::source::SourcePlan;
use super::subscribe;
use crate::port::SourceEvent;
use crate::port::machine::Ask;
use crate::spool::Receipt;
use ::opcua::client::services::Publish;
use ::opcua::client::{Session, UARequest};
use ::opcua::types::StatusCode;
use futures::FutureExt;
use futures::future::BoxFuture;
use futures::stream::{FuturesUnordered, StreamExt};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// A Publish request waits for the next notification; whether the link lives is told otherwise.
const PUBLISH_WITHIN: Duration = Duration::from_secs(600);
/// How often timers are looked at.
const TICK: Duration = Duration::from_millis(250);
/// When the link is over, for answers to what commands asked.
const FINISH_WITHIN: Duration = Duration::from_secs(2);
/// Why a link's work ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Nobody needs it any more.
    Over,
    /// The transport is closed.
    Down(StatusCode),
    /// Open, but nothing has come for too long.
    Silent,
    /// The server has forgotten the session.
    SessionGone,
    /// Trust in the server's certificate was taken back.
    Distrusted,
}

impl From<Over> for Ended {
    fn from(_: Over) -> Self {
        Self::Over
    }
}

/// The loop and what it waits for.
pub struct Publisher<'a> {
    pub link: &'a mut Link,
    pub feed: &'a mut Feed,
    pub outside: &'a Outside,
    pub(super) skew: &'a mut ClockSkew,
    pub receipts: &'a mut mpsc::UnboundedReceiver<Receipt>,
    pub limits: &'a Arc<ServerLimits>,
    pub plan: &'a Arc<SourcePlan>,
    pub is_trusted: &'a (dyn Fn() -> bool + Send + Sync),
    /// Digest of what the configuration wants of the server.
    pub wanted: &'a str,
    /// How often the server is asked for its state.
    pub heartbeat: Duration,
}

/// What the loop keeps beside the feed.
pub(super) struct Loop {
    pub(super) session: Arc<Session>,
    pub(super) publishes: FuturesUnordered<BoxFuture<'static, Published>>,
    pub(super) makers: JoinSet<()>,
    made: mpsc::Receiver<Made>,
    pub(super) tell: mpsc::Sender<Made>,
    pub(super) is_making: bool,
    pub(super) search: Search,
    pub(super) cycle: Cycle,
    pub(super) fill: Fill,
    pub(super) pulse: Pulse,
    /// What commands ask, and what of it is under way.
    asked: mpsc::Receiver<Ask>,
    operations: JoinSet<()>,
    /// No Publish request before this time.
    pub(super) paused_until: Duration,
    /// Since when the server holds a Publish request.
    pub(super) publishing_since: Option<Duration>,
}

impl Publisher<'_> {
    /// Runs until the link ends. `is_taken_over`: its subscriptions go on from an earlier link.
    pub async fn run(mut self, is_taken_over: bool) -> Ended {
        let (tell, made) = mpsc::channel(64);
        let now = self.outside.now();
        let mut state = Loop {
            session: Arc::clone(&self.link.session),
            publishes: FuturesUnordered::new(),
            makers: JoinSet::new(),
            made,
            tell,
            is_making: false,
            search: Search::default(),
            cycle: Cycle::default(),
            fill: Fill::default(),
            pulse: Pulse::new(now + self.heartbeat, now),
            asked: self.plan.desk.open(),
            operations: JoinSet::new(),
            paused_until: Duration::ZERO,
            publishing_since: None,
        };
        self.feed.refresh.resume();
        for subscription in &mut self.feed.subscriptions {
            subscription.heard = now;
        }
        // An order or a browse that the old link did not finish.
        self.feed.look_again();
        self.feed.recheck.resume(now);
        let ended = match self.take_over(&mut state, is_taken_over).await {
            Ok(()) => self.serve(&mut state).await,
            Err(ended) => ended,
        };
        self.finish(&mut state).await;
        self.feed.history.give_back(state.fill.leave(), self.outside.now());
        self.outside.counters.publish_in_flight.set(0);
        self.outside.counters.items_cyclic.set(0);
        // What was on its way to the server and did not arrive is told again, should the session go on.
        while let Some(published) = state.publishes.next().now_or_never().flatten() {
            self.feed.acknowledgements.extend(published.acknowledgements);
        }
        ended
    }

    /// What the old link's subscriptions missed is fetched. Then everything that was found is told again: values that did
    /// not change meanwhile are as good as before, although nothing more may come of them for hours.
    async fn take_over(&mut self, state: &mut Loop, is_taken_over: bool) -> Result<(), Ended> {
        if !is_taken_over {
            return Ok(());
        }
        let stop = self.outside.stop.clone();
        let is_whole = tokio::select! {
            biased;
            () = stop.cancelled() => return Err(Ended::Over),
            resumed = republish::resume(&self.link.session, self.feed, self.outside) => resumed?,
        };
        self.verify(state).await?;
        // What an earlier process left was told a moment ago.
        let is_known = self.feed.subscriptions.iter().all(|subscription| !subscription.is_inherited);
        if is_whole && is_known {
            self.outside.emit(SourceEvent::Found(Arc::clone(&self.feed.discovery))).await?;
        }
        Ok(())
    }

    /// Nothing is asked on this link any more; what is under way has an answer as soon as the transport has ended.
    async fn finish(&self, state: &mut Loop) {
        self.plan.desk.close();
        state.asked.close();
        while let Some(ask) = state.asked.recv().await {
            ask.refuse(operate::failed(StatusCode::BadNotConnected, "the link is lost"));
        }
        let all = async { while state.operations.join_next().await.is_some() {} };
        // Whoever gets no answer takes it for unknown.
        let _ = tokio::time::timeout(FINISH_WITHIN, all).await;
    }

    fn operator(&self, state: &Loop) -> Operator {
        Operator {
            session: Arc::clone(&state.session),
            limits: Arc::clone(self.limits),
            namespaces: Arc::clone(&self.feed.decoder.namespaces),
            types: Arc::clone(&self.feed.decoder.types),
        }
    }

    async fn serve(&mut self, state: &mut Loop) -> Ended {
        if let Err(ended) = self.follow(state).await {
            return ended;
        }
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            self.order(state);
            self.tidy_up(state);
            self.refresh(state);
            self.search(state, self.outside.now());
            self.begin_fill(state);
            self.publish(state);
            let now = self.outside.now();
            let step = tokio::select! {
                biased;
                () = self.outside.stop.cancelled() => Err(Ended::Over),
                status = self.link.down() => Err(Ended::Down(status)),
                Some(ask) = state.asked.recv() => {
                    let operator = self.operator(state);
                    state.operations.spawn(operator.carry_out(ask));
                    Ok(())
                }
                Some(receipt) = self.receipts.recv() => {
                    self.feed.receipt(receipt);
                    Ok(())
                }
                Some(made) = state.made.recv() => self.made(state, made).await,
                Some(first) = state.publishes.next() => self.published(state, first).await,
                // An order that is under way counts in slots that must not change.
                Some(found) = state.search.found(), if !state.is_making => self.found(state, found).await,
                Some(beat) = state.pulse.beat() => self.beat(state, beat).await,
                Some(step) = state.cycle.step(now) => self.cycle(state, step).await,
                // What is past comes last.
                Some(step) = state.fill.step(now) => self.fill(state, step).await,
                _ = ticks.tick() => self.tick(state).await,
            };
            if let Err(ended) = step {
                return ended;
            }
        }
    }

    /// What the server keeps and nobody wants is deleted; the next process is left what is the case now.
    fn tidy_up(&mut self, state: &mut Loop) {
        let orphans = std::mem::take(&mut self.feed.orphans);
        self.delete(state, orphans);
        self.keep_book(state);
    }

    /// Has due items created; one order at a time.
    fn order(&mut self, state: &mut Loop) {
        if state.is_making {
            return;
        }
        let due = self.feed.due(self.outside.now());
        if !due.is_empty() || self.feed.wants_watch() {
            state.is_making = true;
            self.feed.is_book_old = true;
            let order = self.feed.order(due);
            let making =
                subscribe::make(Arc::clone(&state.session), Arc::clone(self.limits), order, state.tell.clone());
            state.makers.spawn(making);
        }
    }

    /// Sends Publish requests up to what is allowed.
    fn publish(&mut self, state: &mut Loop) {
        let now = self.outside.now();
        while now >= state.paused_until && state.publishes.len() < self.feed.publish_allowed() {
            let acknowledgements = std::mem::take(&mut self.feed.acknowledgements);
            let session = Arc::clone(&state.session);
            state.publishes.push(Box::pin(async move {
                let request = Publish::new(&session).timeout(PUBLISH_WITHIN).acks(acknowledgements.clone());
                let answer = request.send(session.channel()).await;
                Published { sent: now, acknowledgements, answer }
            }));
        }
        self.outside.counters.publish_in_flight.set(state.publishes.len() as u64);
        if state.publishes.is_empty() {
            state.publishing_since = None;
        } else {
            state.publishing_since.get_or_insert(now);
        }
    }

    async fn tick(&mut self, state: &mut Loop) -> Result<(), Ended> {
        let now = self.outside.now();
        while state.makers.try_join_next().is_some() {}
        while state.operations.try_join_next().is_some() {}
        self.unstall(state, now).await?;
        self.feel_pulse(state, now)?;
        if !state.is_making {
            self.prove(state, now).await?;
        }
        Ok(())
    }
}
