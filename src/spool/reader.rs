//! The side of the spool where its records come out.

use super::{Queue, Record, Spool, locked};
use std::sync::MutexGuard;

/// The one who sends the records of one sink.
#[derive(Debug)]
pub struct Reader {
    pub(super) spool: Spool,
    pub(super) sink: u16,
}

impl Reader {
    /// The next record in order; waits until there is one. Stays in the spool until it is released.
    pub async fn next(&mut self) -> Record {
        loop {
            if let Some(record) = self.try_next() {
                return record;
            }
            self.spool.inner.arrived[usize::from(self.sink)].notified().await;
        }
    }

    /// The next record, if one is there.
    pub fn try_next(&mut self) -> Option<Record> {
        self.queue().hand_out()
    }

    /// After a reconnect: everything that was handed out and not released comes again, and behind it the newest state
    /// of every topic: the broker may have been started anew and retain nothing.
    pub fn rewind(&mut self) {
        self.queue().rewind();
    }

    /// The peer confirmed it: the record leaves the spool. Twice is once.
    pub fn release(&mut self, position: u64) {
        let held = self.queue().release(position);
        if let Some(held) = held {
            let values = u64::from(held.record.values);
            self.spool.finish(&held, |flow| {
                flow.delivered_values += values;
                flow.delivered_messages += 1;
            });
            self.spool.go_on(self.sink, &held);
        }
    }

    /// It can never be sent (too large for the broker): out of the way, so that the next one goes on. The caller puts it
    /// into the quarantine, with the reason, and says so.
    ///
    /// When it was the newest state of its topic, an empty message follows it: what the broker retains is older, and
    /// nobody may read it as the present state.
    pub fn set_aside(&mut self, position: u64) -> Option<Aside> {
        let record = self.queue().set_aside(position)?;
        Some(Aside { record, spool: self.spool.clone(), sink: self.sink })
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        locked(&self.spool.inner.sinks[usize::from(self.sink)])
    }
}

/// A record that can never be sent, out of the way of the others. It stays in the spool, on disk if it lies there,
/// until [`Aside::kept`] says that the quarantine has it; one that is dropped comes again.
#[derive(Debug)]
#[must_use = "a record that is dropped here comes again"]
pub struct Aside {
    record: Record,
    spool: Spool,
    sink: u16,
}

impl Aside {
    #[must_use]
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// It lies in the quarantine, or there is nothing in it to keep: it leaves the spool.
    pub fn kept(self) {
        let parked = self.queue().park(self.record.position);
        if let Some(held) = parked {
            let values = u64::from(held.record.values);
            self.spool.finish(&held, |flow| flow.parked_values += values);
            self.spool.go_on(self.sink, &held);
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        locked(&self.spool.inner.sinks[usize::from(self.sink)])
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        let superseded = self.queue().put_back(self.record.position);
        self.spool.superseded(superseded);
        self.spool.inner.arrived[usize::from(self.sink)].notify_one();
    }
}
