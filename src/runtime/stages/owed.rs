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
#[derive(Debug, Default)]
pub(super) struct Owed {
    waiting: VecDeque<(u64, Pending)>,
}

/// So many notifications wait for messages, fewer than any server keeps for Republish; beyond that what changed goes out
/// before its time. Only a first message that is not complete is waited for.
const NOTIFICATIONS: usize = 4;
/// The same of published messages: a broker sends so many before the first is acknowledged.
const PUBLISHES: usize = 64;

impl Owed {
    fn is_much(&self) -> bool {
        let most = match self.waiting.back() {
            Some((_, Pending { key: AckKey::Notification { .. }, .. })) => NOTIFICATIONS,
            _ => PUBLISHES,
        };
        self.waiting.len() > most
    }
}

impl Stages {
    /// Ends an event that owes this, or nothing. What is owed for batches of which nothing is held any more goes with what
    /// the event made.
    pub(super) fn settle(&mut self, pending: Option<Pending>, now: Now, out: &mut Outbox) {
        self.owed.waiting.extend(pending.map(|pending| (self.bench.batch, pending)));
        if self.owed.is_much() {
            self.send_held(now, out);
        }
        let is_durable = |flow: u16| self.plan.flows.get(usize::from(flow)).is_some_and(|flow| flow.is_durable);
        let streams = self.streams.iter().filter(|stream| is_durable(stream.outlet.flow));
        let samplers = self.samplers.iter().filter(|sampler| is_durable(sampler.outlet.flow));
        let oldest = streams.filter_map(Stream::oldest).chain(samplers.filter_map(Sampler::oldest)).min();
        // What is translated came with the oldest batch that its source's image held, at the earliest.
        let sources = self.streams.iter().filter(|stream| stream.bridge.is_some());
        self.bench.floor = sources.filter_map(Stream::oldest).min();
        let is_free = |number: u64| oldest.is_none_or(|oldest| number < oldest);
        while let Some((_, pending)) = self.owed.waiting.pop_front_if(|(number, _)| is_free(*number)) {
            out.finish(Some(pending));
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
