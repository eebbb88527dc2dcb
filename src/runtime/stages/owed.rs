//! What a source is owed for batches whose values are in no message yet.
//!
//! A message of changes gathers for a while, so that a value may lie in an image when its batch is done with. Whoever
//! acknowledged the batch then would lose the value with the process, and nobody would send it again. So in flows that are
//! durable the acknowledgement waits until the last of a batch's values is in a message that goes to the spool before it.

use super::outbox::Outbox;
use crate::model::Pending;
use std::collections::VecDeque;

/// Pendings that wait, in order.
#[derive(Debug, Default)]
pub(super) struct Owed {
    waiting: VecDeque<(u64, Pending)>,
}

/// More batches than this wait for no cadence: brokers and servers keep only so much that was not acknowledged.
const MOST: usize = 64;

impl Owed {
    /// Whether so much waits that messages should go out before their time.
    pub(super) fn is_much(&self) -> bool {
        self.waiting.len() >= MOST
    }

    /// Ends an event of batch number `batch`. `oldest`: the number of the oldest batch of which a value is held; what is
    /// owed for those before it goes with what the event made.
    pub(super) fn settle(&mut self, batch: u64, pending: Option<Pending>, oldest: Option<u64>, out: &mut Outbox) {
        self.waiting.extend(pending.map(|pending| (batch, pending)));
        let mut is_closed = false;
        while let Some((number, _)) = self.waiting.front()
            && oldest.is_none_or(|oldest| *number < oldest)
        {
            out.finish(self.waiting.pop_front().map(|(_, pending)| pending));
            is_closed = true;
        }
        if !is_closed {
            out.finish(None);
        }
    }
}
