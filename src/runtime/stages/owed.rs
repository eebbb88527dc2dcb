//! What a source is owed for batches whose values are in no message yet.
//!
//! A message of changes gathers for a while, so that a value may lie in an image when its batch is done with. Whoever
//! acknowledged the batch then would lose the value with the process, and nobody would send it again. So in flows that are
//! durable the acknowledgement waits until the last of a batch's values that counts is in a message, and that in the spool.

use super::Stages;
use super::outbox::Outbox;
use super::sampler::Sampler;
use super::stream::Stream;
use crate::model::delivery::AckKey;
use crate::model::{Now, Pending};
use std::collections::VecDeque;
use std::sync::Arc;

/// Pendings that wait, in order, each with the number of its batch.
#[derive(Debug)]
pub(super) struct Owed {
    /// Whether any flow of the source is durable; if not, nothing waits.
    is_kept: bool,
    waiting: VecDeque<(u64, Pending)>,
}

/// How many pendings wait for messages.
struct Bounds {
    /// Beyond that what changed goes out before its time.
    usual: usize,
    /// Beyond that nothing is waited for that cannot go out before its time: a first message that is not complete, or a
    /// grid of samples. What it lacks may lie in what the source sends only when it is owed less.
    most: usize,
}

/// A server keeps eight notifications for Republish at the least, and is asked for no more than it keeps.
const NOTIFICATIONS: Bounds = Bounds { usual: 4, most: 7 };
/// Common brokers send twenty messages before the first is acknowledged.
const PUBLISHES: Bounds = Bounds { usual: 8, most: 16 };

impl Owed {
    pub(super) fn new(is_kept: bool) -> Self {
        Self { is_kept, waiting: VecDeque::new() }
    }

    fn bounds(&self) -> Bounds {
        match self.waiting.back() {
            Some((_, Pending { key: AckKey::Notification { .. }, .. })) => NOTIFICATIONS,
            _ => PUBLISHES,
        }
    }
}

impl Stages {
    /// Ends an event that owes this, or nothing. What is owed for batches of which nothing is held any more goes with what
    /// the event made.
    pub(super) fn settle(&mut self, pending: Option<Pending>, now: Now, out: &mut Outbox) {
        if !self.owed.is_kept {
            return out.finish(pending);
        }
        self.owed.waiting.extend(pending.map(|pending| (self.bench.batch, pending)));
        let Bounds { usual, most } = self.owed.bounds();
        if self.owed.waiting.len() > usual {
            self.send_held(now, out);
        }
        let is_durable = |flow: u16| self.plan.flows.get(usize::from(flow)).is_some_and(|flow| flow.is_durable);
        let streams = self.streams.iter().filter(|stream| is_durable(stream.outlet.flow));
        let samplers = self.samplers.iter().filter(|sampler| is_durable(sampler.outlet.flow));
        let oldest = streams.filter_map(Stream::oldest).chain(samplers.filter_map(Sampler::oldest)).min();
        // What is translated came with the oldest batch that its source's image held, at the earliest.
        let sources = self.streams.iter().filter(|stream| stream.bridge.is_some());
        self.bench.floor = sources.filter_map(Stream::oldest).min();
        while let Some((number, _)) = self.owed.waiting.front()
            && (oldest.is_none_or(|oldest| *number < oldest) || self.owed.waiting.len() > most)
        {
            out.finish(self.owed.waiting.pop_front().map(|(_, pending)| pending));
        }
        // What the event made, where nothing went with it.
        out.finish(None);
    }

    /// Sends what every durable message holds so far, though its time has not come.
    fn send_held(&mut self, now: Now, out: &mut Outbox) {
        let plan = Arc::clone(&self.plan);
        let is_durable = |flow: u16| plan.flows.get(usize::from(flow)).is_some_and(|flow| flow.is_durable);
        for is_source in [true, false] {
            let streams = self.streams.iter_mut().filter(|stream| stream.bridge.is_some() == is_source);
            for stream in streams.filter(|stream| is_durable(stream.outlet.flow)) {
                stream.send_held(&mut self.bench, now, out);
            }
            self.arrive(now, out);
        }
    }
}
