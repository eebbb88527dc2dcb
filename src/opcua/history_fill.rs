//! Holes are filled from the server's history, beside the live stream and after it: one call at a time, each as long after
//! the one before as that took, and none while the pipeline has much to do.
//!
//! That an answer holds the value before a hole and the value after it shows that nothing between them is missing. So
//! continuation points are followed, but not relied upon: servers cut answers short without one. As long as the end has
//! not come the server is asked again from where it came to; a history that lags behind gets a little time.

use super::browse::Browser;
use super::history::{Hole, Kept};
use super::history_read::{Question, ask, is_of_link, is_without_history, release};
use super::history_work::{Fate, Work};
use super::limits::{Operation, is_refused_for_size};
use super::publish::{Ended, Loop, Publisher};
use super::read::read_attribute;
use crate::model::discovery::ItemMode;
use crate::model::{Batch, StatusCode as Status};
use crate::port::SourceEvent;
use ::opcua::types::{AttributeId, ByteString, DataValue, Error, HistoryReadResult, NodeId, StatusCode, Variant};
use futures::future::BoxFuture;
use std::sync::Arc;
use std::time::Duration;

/// Holes that are worked at together.
const HOLES: usize = 1_000;
/// Values of one answer, over all its nodes.
const VALUES_PER_CALL: u32 = 2_000;
/// Nodes are asked together when their holes begin within this time: all nodes of a call have one interval.
const TOGETHER_TICKS: i64 = 60 * 10_000_000;
/// While the pipeline has much to do.
const STAND_BACK: Duration = Duration::from_millis(50);
/// After a call that the end of the link cut short.
const LINK_ENDS: Duration = Duration::from_secs(2);
/// Bit of `UserAccessLevel` (OPC 10000-3 §8.57).
const HISTORY_READ: u8 = 4;

/// What the loop has to do next.
pub(super) enum Step {
    Due,
    /// Who may read the history of these slots.
    Access(Vec<u32>, Result<Vec<DataValue>, Error>),
    /// How long a call took, and its results.
    Answer(Duration, Result<Vec<HistoryReadResult>, Error>),
}

/// The filling of holes on one link.
#[derive(Default)]
pub(super) struct Fill {
    is_running: bool,
    work: Vec<Work>,
    /// Of the call that is under way, or that goes on by continuation points.
    asked: Vec<Work>,
    asking: Option<BoxFuture<'static, Step>>,
    /// Nothing is done before.
    next: Duration,
    /// Values of one answer; less than [`VALUES_PER_CALL`] when the server refuses so many.
    values_max: Option<u32>,
    /// The server has no continuation points for several nodes at once.
    is_one_by_one: bool,
    /// The server knows no history at all.
    has_none: bool,
}

impl Fill {
    /// Waits for an answer, or until something is due; `None` when there is nothing to fill.
    pub(super) async fn step(&mut self, now: Duration) -> Option<Step> {
        if let Some(asking) = &mut self.asking {
            let step = asking.await;
            self.asking = None;
            return Some(step);
        }
        if !self.is_running {
            return None;
        }
        tokio::time::sleep(self.next.saturating_sub(now)).await;
        Some(Step::Due)
    }

    /// What is not filled when the link ends.
    pub(super) fn leave(&mut self) -> Vec<Hole> {
        self.asked.drain(..).chain(self.work.drain(..)).map(|work| work.hole).collect()
    }

    /// The next call: what goes on first, then what begins first.
    fn question(&mut self, most: usize, now: Duration) -> Option<Question> {
        let most = if self.is_one_by_one { 1 } else { most };
        if self.asked.is_empty() {
            let ready = self.work.iter().filter(|work| work.not_before <= now);
            let Some(first) = ready.map(|work| work.hole.from.time.0).min() else {
                self.next = self.work.iter().map(|work| work.not_before).min().unwrap_or(now);
                return None;
            };
            let mut room = most;
            let is_meant = |work: &mut Work| {
                let is_near = work.hole.from.time.0.saturating_sub(first) <= TOGETHER_TICKS;
                let is_meant = room > 0 && work.not_before <= now && is_near;
                room -= usize::from(is_meant);
                is_meant
            };
            self.asked = self.work.extract_if(.., is_meant).collect();
        } else if self.asked.len() > most {
            // A limit was learnt in the meantime.
            let later = self.asked.split_off(most);
            self.work.extend(later);
        }
        let count = u32::try_from(self.asked.len()).unwrap_or(u32::MAX).max(1);
        Some(Question {
            from: self.asked.iter().map(|work| work.hole.from.time).min()?,
            until: self.asked.iter().map(|work| work.hole.until.time).max()?,
            values: (self.values_max.unwrap_or(VALUES_PER_CALL) / count).max(1),
            nodes: self.asked.iter().map(|work| (work.node.clone(), work.point.clone())).collect(),
        })
    }

    /// How a hole goes on, if it does; the point of one that does not is given back.
    fn put(&mut self, work: Work, fate: Fate, released: &mut Vec<(NodeId, ByteString)>) -> Option<Work> {
        if fate == Fate::On {
            self.asked.push(work);
            return None;
        }
        if !work.point.is_null_or_empty() {
            released.push((work.node.clone(), work.point.clone()));
        }
        let Fate::Again(not_before) = fate else { return Some(work) };
        self.work.push(work.anew(not_before));
        None
    }
}

impl Publisher<'_> {
    /// Begins when there is something to fill.
    pub(super) fn begin_fill(&mut self, state: &mut Loop) {
        let now = self.outside.now();
        let fill = &mut state.fill;
        if fill.is_running || now < fill.next || !self.feed.history.is_due(now) {
            return;
        }
        (fill.is_running, fill.next) = (true, now);
        let mut unsure: Vec<(u32, NodeId)> = Vec::new();
        for hole in self.feed.history.take(HOLES) {
            let (item, binding) =
                (self.feed.discovery.items.get(hole.slot as usize), self.feed.bindings.get(hole.slot as usize));
            let Some((_, binding)) = item.zip(binding).filter(|(item, _)| item.mode == ItemMode::Monitored) else {
                continue;
            };
            let work = Work::new(hole, binding.node.clone(), now);
            match self.feed.history.kept(hole.slot) {
                _ if fill.has_none => self.settle(&work, Fate::Without(StatusCode::BadHistoryOperationUnsupported)),
                Kept::No => self.settle(&work, Fate::Without(StatusCode::BadHistoryOperationUnsupported)),
                Kept::Yes => fill.work.push(work),
                Kept::Unknown => {
                    unsure.push((hole.slot, work.node.clone()));
                    fill.work.push(work);
                }
            }
        }
        unsure.sort_unstable_by_key(|(slot, _)| *slot);
        unsure.dedup_by_key(|(slot, _)| *slot);
        if !unsure.is_empty() {
            let (session, limits) = (Arc::clone(&state.session), Arc::clone(self.limits));
            let stop = self.outside.stop.clone();
            fill.asking = Some(Box::pin(async move {
                let browser = Browser { session: &session, limits: &limits, stop: &stop, references_max: usize::MAX };
                let (slots, nodes): (Vec<u32>, Vec<NodeId>) = unsure.into_iter().unzip();
                Step::Access(slots, read_attribute(&browser, &nodes, AttributeId::UserAccessLevel).await)
            }));
        }
    }

    /// Does what the filling asks for.
    pub(super) async fn fill(&mut self, state: &mut Loop, step: Step) -> Result<(), Ended> {
        match step {
            Step::Due => {}
            Step::Access(slots, Ok(answers)) => self.learn_access(state, &slots, answers),
            Step::Answer(took, Ok(results)) => {
                state.fill.next = self.outside.now() + took;
                self.filled(state, results).await?;
            }
            Step::Access(_, Err(error)) | Step::Answer(_, Err(error)) => self.fill_failed(state, &error)?,
        }
        self.fill_on(state).await
    }

    /// Whose history may be read, as the server says; where it does not say, the call will.
    fn learn_access(&mut self, state: &mut Loop, slots: &[u32], answers: Vec<DataValue>) {
        for (slot, answer) in slots.iter().zip(answers) {
            let is_kept = !matches!(answer.value, Some(Variant::Byte(access)) if access & HISTORY_READ == 0);
            self.feed.history.set_kept(*slot, if is_kept { Kept::Yes } else { Kept::No });
        }
        let history = &self.feed.history;
        let is_without = |work: &mut Work| history.kept(work.hole.slot) == Kept::No;
        let without: Vec<Work> = state.fill.work.extract_if(.., is_without).collect();
        for work in without {
            self.settle(&work, Fate::Without(StatusCode::BadHistoryOperationUnsupported));
        }
    }

    /// The next call; or the end, which is told.
    async fn fill_on(&mut self, state: &mut Loop) -> Result<(), Ended> {
        let now = self.outside.now();
        let fill = &mut state.fill;
        if fill.asking.is_some() || now < fill.next {
            return Ok(());
        }
        if fill.work.is_empty() && fill.asked.is_empty() {
            fill.is_running = false;
            if !self.feed.history.is_due(now) {
                for finding in self.feed.history.tally.tell(&self.outside.name) {
                    self.outside.emit(SourceEvent::Finding(finding)).await?;
                }
            }
            return Ok(());
        }
        if self.outside.events.capacity() * 2 < self.outside.events.max_capacity() {
            fill.next = now + STAND_BACK;
            return Ok(());
        }
        if let Some(question) = fill.question(self.limits.per_call(Operation::HistoryRead), now) {
            let (session, clock) = (Arc::clone(&state.session), self.outside.clock);
            fill.asking = Some(Box::pin(async move {
                let results = ask(&session, question).await;
                Step::Answer(clock.now().monotonic.saturating_sub(now), results)
            }));
        }
        Ok(())
    }

    /// A call was answered: what it brought is handed on.
    async fn filled(&mut self, state: &mut Loop, results: Vec<HistoryReadResult>) -> Result<(), Ended> {
        let now = self.outside.now();
        let received = self.outside.clock.now().wall;
        let mut batch = Batch { epoch: self.feed.epoch, received, is_back_filled: true, ..Batch::default() };
        let mut released = Vec::new();
        for (mut work, result) in std::mem::take(&mut state.fill.asked).into_iter().zip(results) {
            let slot = work.hole.slot;
            state.fill.is_one_by_one |= result.status_code == StatusCode::BadNoContinuationPoints;
            work.point = result.continuation_point;
            let has_point = !work.point.is_null_or_empty();
            let fate = if self.feed.bindings.get(slot as usize).is_some_and(|now| now.node == work.node) {
                let start = batch.samples.len();
                let is_whole = self.feed.decoder.history(slot, &result.history_data, &mut batch);
                let said = work.take(&mut batch, start);
                if let Some(span) = said.span {
                    self.feed.history.tally.read(said.values, span, work.hole.is_told);
                }
                if let Some(head) = work.head(&said) {
                    self.stays_open(&work, head, StatusCode::BadNoData);
                }
                work.judge(&said, result.status_code, is_whole, has_point, now)
            } else {
                // Its slot is another item's by now.
                Fate::Open(StatusCode::BadNodeIdUnknown)
            };
            if let Some(work) = state.fill.put(work, fate, &mut released) {
                self.settle(&work, fate);
            }
        }
        if !released.is_empty() {
            let session = Arc::clone(&state.session);
            state.makers.spawn(async move { release(&session, released).await });
        }
        if batch.samples.is_empty() {
            return Ok(());
        }
        // Of all items in order of time: fields that were sampled together go together.
        batch.samples.sort_by_key(|sample| sample.source_time);
        self.outside.counters.back_filled.add(batch.samples.len() as u64);
        Ok(self.outside.emit(SourceEvent::Batch(batch)).await?)
    }

    /// A hole is done with.
    fn settle(&mut self, work: &Work, fate: Fate) {
        let Hole { slot, until, is_told, .. } = work.hole;
        match fate {
            Fate::Filled if work.lacks_head => {}
            Fate::Filled => self.feed.history.tally.filled((work.began, until.time), is_told),
            Fate::Without(status) => {
                self.feed.history.set_kept(slot, Kept::No);
                let (node, status) = (self.node_of(slot), Status(status.bits()));
                self.feed.history.tally.without(&node, work.rest(), status, is_told);
            }
            Fate::Open(status) => self.stays_open(work, work.rest(), status),
            Fate::Again(_) | Fate::On => {}
        }
    }

    fn stays_open(
        &mut self,
        work: &Work,
        part: (crate::model::Timestamp, crate::model::Timestamp),
        status: StatusCode,
    ) {
        let node = self.node_of(work.hole.slot);
        self.feed.history.tally.open(&node, part, Status(status.bits()), work.hole.is_told);
    }

    fn node_of(&self, slot: u32) -> String {
        self.feed.discovery.items.get(slot as usize).map_or_else(String::new, |item| item.node.clone())
    }

    /// A call failed as a whole.
    fn fill_failed(&mut self, state: &mut Loop, error: &Error) -> Result<(), Ended> {
        let (now, status) = (self.outside.now(), error.status());
        let asked = std::mem::take(&mut state.fill.asked);
        let count = asked.len();
        let asked = asked.into_iter().map(|work| work.anew(now));
        if [StatusCode::BadSessionIdInvalid, StatusCode::BadSessionClosed].contains(&status) {
            state.fill.work.extend(asked);
            return Err(Ended::SessionGone);
        }
        if is_of_link(status) {
            state.fill.work.extend(asked);
            state.fill.next = now + LINK_ENDS;
            return Ok(());
        }
        let values = state.fill.values_max.unwrap_or(VALUES_PER_CALL);
        if is_refused_for_size(status) && count > 0 && (count > 1 || values > 1) {
            state.fill.work.extend(asked);
            if self.limits.refused(Operation::HistoryRead, count).is_none() {
                state.fill.values_max = Some(values / 2);
            }
            return Ok(());
        }
        self.outside.counters.service_errors.add(1);
        state.fill.has_none |= is_without_history(status);
        if state.fill.has_none {
            for work in asked.chain(std::mem::take(&mut state.fill.work)) {
                self.settle(&work, Fate::Without(status));
            }
            return Ok(());
        }
        for mut work in asked {
            match work.failed(now) {
                Some(not_before) => state.fill.work.push(work.anew(not_before)),
                None => self.settle(&work, Fate::Open(status)),
            }
        }
        Ok(())
    }
}
