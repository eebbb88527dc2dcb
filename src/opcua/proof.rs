//! What the server made of an order, and the proof that every item reports.

use super::item::Place;
use super::order::Made;
use super::outside::Over;
use super::publish::{Ended, Loop, Publisher};
use crate::finding::Finding;
use crate::port::SourceEvent;
use ::opcua::types::StatusCode;
use std::time::Duration;

impl Publisher<'_> {
    /// Takes over what became of an order so far.
    pub(super) async fn made(&mut self, state: &mut Loop, made: Made) -> Result<(), Ended> {
        let now = self.outside.now();
        match made {
            Made::Subscription(granted) => self.feed.granted(granted, now),
            Made::Items { subscription, results, revised, time } => {
                // It may have ended meanwhile: then its items are still wanted.
                if self.feed.position(subscription).is_some() {
                    for (slot, _) in &results {
                        self.feed.revised.remove(slot);
                    }
                    self.feed.revised.extend(revised);
                    for (slot, answer) in results {
                        if answer.is_ok() && self.feed.is_event(slot) {
                            self.feed.refresh.listen(slot, subscription, time);
                        }
                        self.answered(slot, answer.map(|id| Place { subscription, id }), now).await?;
                    }
                }
            }
            Made::Failed { slots, status } => {
                self.outside.counters.service_errors.add(1);
                for slot in slots {
                    self.answered(slot, Err(status), now).await?;
                }
            }
            Made::Finding(finding) => self.outside.emit(SourceEvent::Finding(finding)).await?,
            Made::Done => {
                state.is_making = false;
                self.feed.look_again();
                self.feed.is_book_old = true;
                self.feed.count(&self.outside.counters);
                self.follow(state).await?;
                self.tidy(state);
            }
            Made::Watch(answer) => self.watched(answer).await?,
            Made::Refreshed { subscription, answer } => self.refreshed(subscription, answer).await?,
            Made::Read(values) => self.feed.take_read_once(values, self.outside).await?,
            Made::ReadDone(done) => self.read_done(state, done).await?,
        }
        Ok(())
    }

    /// Gives up subscriptions that were made for items the server then had no room for: each try would leave one more.
    fn tidy(&mut self, state: &mut Loop) {
        if state.cycle.is_empty() {
            return;
        }
        let watch = self.feed.watch.subscription();
        let ids: Vec<u32> = self.feed.subscriptions.iter().map(|subscription| subscription.id).collect();
        for id in ids {
            if watch != Some(id) && self.feed.slots_of(id).next().is_none() {
                self.replace(state, id);
            }
        }
    }

    async fn answered(&mut self, slot: u32, answer: Result<Place, StatusCode>, now: Duration) -> Result<(), Over> {
        match self.feed.answered(slot, answer, now) {
            Some(finding) => self.outside.emit(SourceEvent::Finding(finding)).await,
            None => Ok(()),
        }
    }

    /// Every item reports a value or a bad status, or its subscription says that there is nothing to report. What
    /// does neither is created anew once, then told.
    pub(super) async fn prove(&mut self, state: &mut Loop, now: Duration) -> Result<(), Ended> {
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
}
