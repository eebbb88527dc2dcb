//! What a source is owed for values that no message holds yet: in a durable flow where every value counts, a notification
//! is acknowledged only when all of it lies in the spool, and not while a value still waits for its message's time.

use super::Stages;
use super::outbox::Outbox;
use crate::model::delivery::AckKey;
use crate::model::{Now, Pending};

/// So many notifications wait for messages at most; beyond that what changed goes out before its time.
const MOST: usize = 4;
/// So many wait for a first message that is not complete: one fewer than any server keeps for Republish. Beyond that it is
/// not waited for, since what it lacks may lie in the notification that the server sends only then.
const MOST_AT_FIRST: usize = 7;

impl Stages {
    /// Ends an event that owes this, or nothing.
    pub(super) fn settle(&mut self, pending: Option<Pending>, now: Now, out: &mut Outbox) {
        match pending {
            Some(pending) if matches!(pending.key, AckKey::Notification { .. }) => self.owed.push_back(pending),
            other => out.finish(other),
        }
        if self.owed.len() > MOST {
            self.hurry(now, out);
        }
        let kept = if self.is_holding() { MOST_AT_FIRST } else { 0 };
        let free = self.owed.len().saturating_sub(kept);
        for pending in self.owed.drain(..free) {
            out.finish(Some(pending));
        }
        out.finish(None);
    }

    /// Whether a value waits that may not be passed over, and whose flow is to keep it on disk.
    fn is_holding(&self) -> bool {
        self.streams.iter().any(|stream| {
            let flow = self.plan.flows.get(usize::from(stream.outlet.flow));
            flow.is_some_and(|flow| flow.is_durable) && stream.is_lossless() && stream.held() > 0
        })
    }

    fn hurry(&mut self, now: Now, out: &mut Outbox) {
        for stream in &mut self.streams {
            if stream.is_lossless() && stream.held() > 0 {
                stream.hurry(&mut self.bench, now, out);
            }
        }
    }
}
