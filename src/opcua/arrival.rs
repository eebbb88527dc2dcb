//! What comes with the answer to a Publish request: notifications in order, what is missing asked for again, and what a
//! refused request teaches.

use super::intake::Taken;
use super::publish::{Ended, Loop, Publisher};
use super::republish;
use super::sequence::Arrival;
use super::subscribe;
use ::opcua::client::UARequest;
use ::opcua::client::services::{DeleteSubscriptions, ModifySubscription};
use ::opcua::types::{Error, PublishResponse, StatusCode, SubscriptionAcknowledgement};
use futures::FutureExt;
use futures::stream::StreamExt;
use std::sync::Arc;
use std::time::Duration;

/// After an error that nobody foresaw, so that it is not repeated in a tight loop.
const PAUSE: Duration = Duration::from_secs(1);

/// A Publish request that was answered.
pub(super) struct Published {
    /// When it was sent.
    pub(super) sent: Duration,
    pub(super) acknowledgements: Vec<SubscriptionAcknowledgement>,
    pub(super) answer: Result<PublishResponse, Error>,
}

impl Publisher<'_> {
    /// Answers that came together are put in order first: the server sends them in order, but they wake us as they like.
    pub(super) async fn published(&mut self, state: &mut Loop, first: Published) -> Result<(), Ended> {
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
        self.feed.subscriptions[at].speaks(now);
        self.feed.learn_window(answer.available_sequence_numbers.map_or(0, |numbers| numbers.len()));
        let message = answer.notification_message;
        let is_keep_alive = message.notification_data.as_ref().is_none_or(Vec::is_empty);
        if is_keep_alive {
            self.feed.subscriptions[at].is_proved = true;
            self.feed.ask_unheard(id, now);
        }
        let mut has_gap = false;
        if let Arrival::Ahead { count } = self.feed.subscriptions[at].sequence.judge(message.sequence_number) {
            has_gap = republish::fill(&state.session, self.feed, at, count, self.outside).await?;
        }
        // The filling may have found that the subscription is gone.
        let Some(at) = self.feed.position(id) else { return Ok(()) };
        if !is_keep_alive && self.feed.subscriptions[at].sequence.judge(message.sequence_number) == Arrival::Next {
            match self.feed.take(at, message, self.outside).await? {
                Taken::Values => {}
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
        if self.feed.has_events(id) {
            self.feed.refresh.want(id);
        }
        if republish::resend(&state.session, id).await.is_err() && self.feed.position(id).is_some() {
            self.replace(state, id);
        }
    }

    /// Gives a subscription up; its items are created in a new one.
    pub(super) fn replace(&mut self, state: &mut Loop, id: u32) {
        self.feed.remove(id);
        let session = Arc::clone(&state.session);
        state.makers.spawn(async move {
            // If it fails, the subscription ends with its lifetime.
            let _ = DeleteSubscriptions::new(&session).subscription(id).send(session.channel()).await;
        });
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
}
