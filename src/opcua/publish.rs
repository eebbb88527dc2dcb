//! The publish loop of one link: several Publish requests with the server, notifications in order, what is missing
//! asked for again, and each one acknowledged only when its receipt has come (OPC 10000-4 §5.14.5).

use super::feed::{Feed, Outside, Over, Subscription, Taken};
use super::limits::{Operation, ServerLimits};
use super::republish;
use super::sequence::Arrival;
use super::session::Link;
use super::subscribe::{self, Answer, Made};
use crate::finding::Finding;
use crate::port::SourceEvent;
use crate::spool::Receipt;
use ::opcua::client::services::{DeleteMonitoredItems, DeleteSubscriptions, ModifySubscription, Publish};
use ::opcua::client::{Session, UARequest};
use ::opcua::types::{
    Error, PublishResponse, ReadValueId, StatusCode, SubscriptionAcknowledgement, TimestampsToReturn, VariableId,
    Variant,
};
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
/// Beyond twice the keep-alive time, a link is silent.
const SILENCE_MARGIN: Duration = Duration::from_secs(5);
/// Taking trust back closes what is open within this time.
const TRUST_EVERY: Duration = Duration::from_secs(5);
/// After an error that nobody foresaw, so that it is not repeated in a tight loop.
const PAUSE: Duration = Duration::from_secs(1);
/// A server that does not answer so many reads of its state is not there, whatever its transport says.
const HEARTBEATS_MISSED_MAX: u32 = 3;

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

/// A Publish request that was answered.
struct Published {
    /// When it was sent.
    sent: Duration,
    acknowledgements: Vec<SubscriptionAcknowledgement>,
    answer: Result<PublishResponse, Error>,
}

/// The loop and what it waits for.
pub struct Publisher<'a> {
    pub link: &'a mut Link,
    pub feed: &'a mut Feed,
    pub outside: &'a Outside,
    pub receipts: &'a mut mpsc::UnboundedReceiver<Receipt>,
    pub limits: &'a Arc<ServerLimits>,
    pub is_trusted: &'a (dyn Fn() -> bool + Send + Sync),
    /// How often the server is asked for its state.
    pub heartbeat: Duration,
}

/// What the loop keeps beside the feed.
struct Loop {
    session: Arc<Session>,
    publishes: FuturesUnordered<BoxFuture<'static, Published>>,
    makers: JoinSet<()>,
    made: mpsc::Receiver<Made>,
    tell: mpsc::Sender<Made>,
    is_making: bool,
    heartbeat: Option<BoxFuture<'static, Result<Option<i32>, StatusCode>>>,
    heartbeats_missed: u32,
    is_running: bool,
    next_heartbeat: Duration,
    next_trust: Duration,
    /// No Publish request before this time.
    paused_until: Duration,
    /// Since when the server holds a Publish request.
    publishing_since: Option<Duration>,
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
            heartbeat: None,
            heartbeats_missed: 0,
            is_running: true,
            next_heartbeat: now + self.heartbeat,
            next_trust: now + TRUST_EVERY,
            paused_until: Duration::ZERO,
            publishing_since: None,
        };
        for subscription in &mut self.feed.subscriptions {
            subscription.heard = now;
        }
        let ended = match self.take_over(is_taken_over).await {
            Ok(()) => self.serve(&mut state).await,
            Err(ended) => ended,
        };
        self.outside.counters.publish_in_flight.set(0);
        // What was on its way to the server and did not arrive is told again, should the session go on.
        while let Some(published) = state.publishes.next().now_or_never().flatten() {
            self.feed.acknowledgements.extend(published.acknowledgements);
        }
        ended
    }

    async fn take_over(&mut self, is_taken_over: bool) -> Result<(), Ended> {
        if is_taken_over {
            let resume = republish::resume(&self.link.session, self.feed, self.outside);
            return tokio::select! {
                biased;
                () = self.outside.stop.cancelled() => Err(Ended::Over),
                resumed = resume => resumed.map_err(Ended::from),
            };
        }
        Ok(())
    }

    async fn serve(&mut self, state: &mut Loop) -> Ended {
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            self.order(state);
            self.publish(state);
            let step = tokio::select! {
                biased;
                () = self.outside.stop.cancelled() => Err(Ended::Over),
                status = self.link.down() => Err(Ended::Down(status)),
                Some(receipt) = self.receipts.recv() => {
                    self.feed.receipt(receipt);
                    Ok(())
                }
                Some(made) = state.made.recv() => self.made(state, made).await,
                Some(first) = state.publishes.next() => self.published(state, first).await,
                Some(beat) = beat(&mut state.heartbeat) => self.beat(state, beat).await,
                _ = ticks.tick() => self.tick(state).await,
            };
            if let Err(ended) = step {
                return ended;
            }
        }
    }

    /// Has due items created; one order at a time.
    fn order(&mut self, state: &mut Loop) {
        if state.is_making {
            return;
        }
        let due = self.feed.due(self.outside.now());
        if !due.is_empty() {
            state.is_making = true;
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

    /// Answers that came together are put in order first: the server sends them in order, but they wake us as they like.
    async fn published(&mut self, state: &mut Loop, first: Published) -> Result<(), Ended> {
        let mut answers = vec![first];
        while let Some(Some(next)) = state.publishes.next().now_or_never() {
            answers.push(next);
        }
        let mut good = Vec::with_capacity(answers.len());
        for published in answers {
            match published.answer {
                Ok(answer) => good.push(answer),
                Err(error) => {
                    self.feed.acknowledgements.extend(published.acknowledgements);
                    self.publish_failed(state, &error, published.sent).await?;
                }
            }
        }
        good.sort_by_key(|answer| match self.feed.position(answer.subscription_id) {
            Some(at) => match self.feed.subscriptions[at].sequence.judge(answer.notification_message.sequence_number) {
                Arrival::Again => (at, 0),
                Arrival::Next => (at, 1),
                Arrival::Ahead { count } => (at, 1 + u64::from(count)),
            },
            None => (usize::MAX, 0),
        });
        for answer in good {
            self.arrived(state, answer).await?;
        }
        Ok(())
    }

    async fn arrived(&mut self, state: &mut Loop, answer: PublishResponse) -> Result<(), Ended> {
        let now = self.outside.now();
        let id = answer.subscription_id;
        // Of a subscription that was given up: nobody waits for it.
        let Some(at) = self.feed.position(id) else { return Ok(()) };
        self.feed.subscriptions[at].heard = now;
        self.feed.learn_window(answer.available_sequence_numbers.map_or(0, |numbers| numbers.len()));
        let message = answer.notification_message;
        let is_keep_alive = message.notification_data.as_ref().is_none_or(Vec::is_empty);
        if is_keep_alive {
            self.feed.subscriptions[at].is_proved = true;
        }
        let mut has_gap = false;
        if let Arrival::Ahead { count } = self.feed.subscriptions[at].sequence.judge(message.sequence_number) {
            has_gap = republish::fill(&state.session, self.feed, at, count, self.outside).await?;
        }
        // The filling may have found that the subscription is gone.
        let Some(at) = self.feed.position(id) else { return Ok(()) };
        if !is_keep_alive && self.feed.subscriptions[at].sequence.judge(message.sequence_number) == Arrival::Next {
            match self.feed.take(at, message, self.outside).await? {
                Taken::Values => self.release_orphans(state),
                Taken::Ended(status) => return Ok(republish::gone(self.feed, id, status, self.outside).await?),
            }
        }
        if has_gap {
            self.resynchronise(state, id).await;
        }
        Ok(())
    }

    /// After a loss every item reports again, so that no image keeps a value that has passed: the server is asked to
    /// (OPC 10000-5 §9.2), or the items are created anew.
    async fn resynchronise(&mut self, state: &mut Loop, id: u32) {
        if republish::resend(&state.session, id).await.is_err() && self.feed.position(id).is_some() {
            self.replace(state, id);
        }
    }

    /// Gives a subscription up; its items are created in a new one.
    fn replace(&mut self, state: &mut Loop, id: u32) {
        self.feed.remove(id);
        let session = Arc::clone(&state.session);
        state.makers.spawn(async move {
            // If it fails, the subscription ends with its lifetime.
            let _ = DeleteSubscriptions::new(&session).subscription(id).send(session.channel()).await;
        });
    }

    /// Items without a node are the server's to forget; it may have done so already.
    fn release_orphans(&mut self, state: &mut Loop) {
        if self.feed.orphans.is_empty() {
            return;
        }
        let orphans = std::mem::take(&mut self.feed.orphans);
        let (session, most) = (Arc::clone(&state.session), self.limits.per_call(Operation::MonitoredItems));
        state.makers.spawn(async move {
            for same in orphans.chunk_by(|one, next| one.0 == next.0).flat_map(|same| same.chunks(most.max(1))) {
                let items = same.iter().map(|(_, item)| *item).collect();
                let request = DeleteMonitoredItems::new(same[0].0, &session).items_to_delete(items);
                // If it fails, the items end with their subscription.
                let _ = request.send(session.channel()).await;
            }
        });
        self.feed.count(&self.outside.counters);
    }

    async fn publish_failed(&mut self, state: &mut Loop, error: &Error, sent: Duration) -> Result<(), Ended> {
        match error.status() {
            // The transport's end says more.
            StatusCode::BadConnectionClosed | StatusCode::BadNotConnected => {}
            StatusCode::BadTooManyPublishRequests => {
                self.feed.target = state.publishes.len().clamp(1, self.feed.target.saturating_sub(1).max(1));
            }
            StatusCode::BadNoSubscription => {
                // One that was granted after this request was sent is not meant.
                let meant = self.feed.subscriptions.iter().filter(|subscription| subscription.created < sent);
                for id in meant.map(|subscription| subscription.id).collect::<Vec<_>>() {
                    republish::gone(self.feed, id, StatusCode::BadNoSubscription, self.outside).await?;
                }
            }
            StatusCode::BadSessionIdInvalid
            | StatusCode::BadSessionClosed
            | StatusCode::BadSessionNotActivated
            | StatusCode::BadSecureChannelIdInvalid => return Err(Ended::SessionGone),
            StatusCode::BadTimeout => self.outside.counters.service_errors.add(1),
            StatusCode::BadEncodingLimitsExceeded | StatusCode::BadResponseTooLarge => self.shrink(state),
            status => {
                self.outside.counters.service_errors.add(1);
                tracing::warn!(connection = %self.outside.name, %status, "a Publish request failed");
                state.paused_until = self.outside.now() + PAUSE;
            }
        }
        Ok(())
    }

    /// A notification was too large for our message limit: smaller ones from now on.
    fn shrink(&mut self, state: &mut Loop) {
        self.outside.counters.service_errors.add(1);
        self.feed.terms.values_per_message = (self.feed.terms.values_per_message / 2).max(1);
        let terms = self.feed.terms.clone();
        for id in self.feed.subscriptions.iter().map(|subscription| subscription.id) {
            let (session, terms) = (Arc::clone(&state.session), terms.clone());
            state.makers.spawn(async move {
                // Refused: the next large one tells again.
                let _ =
                    subscribe::modified(ModifySubscription::new(id, &session), &terms).send(session.channel()).await;
            });
        }
    }

    async fn made(&mut self, state: &mut Loop, made: Made) -> Result<(), Ended> {
        let now = self.outside.now();
        match made {
            Made::Subscription(granted) => self.feed.granted(granted, now),
            Made::Items { subscription, answers } => {
                // It may have ended meanwhile: then its items are still wanted.
                if self.feed.position(subscription).is_some() {
                    for answer in answers {
                        self.answered(Some(subscription), answer, now).await?;
                    }
                }
            }
            Made::Failed { slots, status } => {
                self.outside.counters.service_errors.add(1);
                for slot in slots {
                    self.answered(None, Answer { slot, status, item: 0 }, now).await?;
                }
            }
            Made::Finding(finding) => self.outside.emit(SourceEvent::Finding(finding)).await?,
            Made::Done => {
                state.is_making = false;
                self.feed.count(&self.outside.counters);
            }
        }
        Ok(())
    }

    async fn answered(&mut self, id: Option<u32>, answer: Answer, now: Duration) -> Result<(), Over> {
        match self.feed.answered(id, answer, now) {
            Some(finding) => self.outside.emit(SourceEvent::Finding(finding)).await,
            None => Ok(()),
        }
    }

    async fn tick(&mut self, state: &mut Loop) -> Result<(), Ended> {
        let now = self.outside.now();
        while state.makers.try_join_next().is_some() {}
        if let Some(since) = state.publishing_since {
            let is_silent = |subscription: &Subscription| {
                now > subscription.heard.max(since) + subscription.keep_alive * 2 + SILENCE_MARGIN
            };
            if self.feed.subscriptions.iter().any(is_silent) {
                return Err(Ended::Silent);
            }
        }
        if now >= state.next_trust {
            state.next_trust = now + TRUST_EVERY;
            if !(self.is_trusted)() {
                return Err(Ended::Distrusted);
            }
        }
        if now >= state.next_heartbeat && state.heartbeat.is_none() {
            state.next_heartbeat = now + self.heartbeat;
            state.heartbeat = Some(Box::pin(server_state(Arc::clone(&state.session))));
        }
        if !state.is_making {
            self.prove(state, now).await?;
        }
        Ok(())
    }

    /// Every item reports a value or a bad status, or its subscription says that there is nothing to report. What
    /// does neither is created anew once, then told.
    async fn prove(&mut self, state: &mut Loop, now: Duration) -> Result<(), Ended> {
        let unproved = self.feed.unproved(now);
        let Some(first) = unproved.first() else { return Ok(()) };
        let mut ids: Vec<u32> =
            unproved.iter().filter_map(|slot| self.feed.items[*slot as usize].subscription()).collect();
        ids.dedup();
        if !self.feed.has_renewed {
            self.feed.has_renewed = true;
            for id in ids {
                self.replace(state, id);
            }
            return Ok(());
        }
        let node = self.feed.discovery.items.get(*first as usize).map(|item| item.node.clone()).unwrap_or_default();
        let finding = Finding::error("QIAO-O030", &self.outside.name).with("count", unproved.len()).with("node", node);
        for subscription in &mut self.feed.subscriptions {
            // Told once.
            subscription.is_proved |= ids.contains(&subscription.id);
        }
        Ok(self.outside.emit(SourceEvent::Finding(finding)).await?)
    }

    async fn beat(&mut self, state: &mut Loop, beat: Result<Option<i32>, StatusCode>) -> Result<(), Ended> {
        state.heartbeat = None;
        match beat {
            Ok(number) => {
                state.heartbeats_missed = 0;
                let is_running = number.is_none_or(|number| number == 0);
                if is_running != state.is_running {
                    state.is_running = is_running;
                    let finding = if is_running { Finding::note } else { Finding::warning };
                    let finding = finding("QIAO-O032", self.outside.name.clone()).with("state", state_name(number));
                    self.outside.emit(SourceEvent::Finding(finding)).await?;
                }
            }
            Err(StatusCode::BadSessionIdInvalid | StatusCode::BadSessionClosed) => return Err(Ended::SessionGone),
            Err(_) => {
                self.outside.counters.service_errors.add(1);
                state.heartbeats_missed += 1;
                if state.heartbeats_missed >= HEARTBEATS_MISSED_MAX {
                    return Err(Ended::Silent);
                }
            }
        }
        Ok(())
    }
}

/// Waits for a heartbeat that is under way; `None` when none is.
async fn beat<T>(heartbeat: &mut Option<BoxFuture<'static, T>>) -> Option<T> {
    match heartbeat {
        Some(beat) => Some(beat.await),
        None => None,
    }
}

/// `ServerStatus.State` (OPC 10000-5 §12.6); `None` when the server does not tell.
async fn server_state(session: Arc<Session>) -> Result<Option<i32>, StatusCode> {
    let node = ReadValueId::from(::opcua::types::NodeId::from(VariableId::Server_ServerStatus_State));
    let values = session.read(&[node], TimestampsToReturn::Neither, 0.0).await.map_err(|error| error.status())?;
    Ok(values.into_iter().next().and_then(|value| match value.value {
        Some(Variant::Int32(number)) => Some(number),
        _ => None,
    }))
}

fn state_name(number: Option<i32>) -> &'static str {
    const NAMES: [&str; 8] =
        ["Running", "Failed", "NoConfiguration", "Suspended", "Shutdown", "Test", "CommunicationFault", "Unknown"];
    number.and_then(|number| NAMES.get(usize::try_from(number).ok()?).copied()).unwrap_or("Unknown")
}
