//! What the stages hand to the pipeline.

use crate::finding::Finding;
use crate::model::{Delivery, Pending, Quarantined, Transaction};
use crate::runtime::commands::entrance::Sets;

/// What one event became. Transactions go to the spool in order.
#[derive(Debug, Default)]
pub struct Outbox {
    pub transactions: Vec<Transaction>,
    pub quarantined: Vec<Quarantined>,
    /// First occurrences, and sums of repeats.
    pub findings: Vec<Finding>,
    /// What applications want to have set; each is answered elsewhere, when it is known what became of it.
    pub sets: Vec<Sets>,
    /// The transaction that is being filled.
    open: Transaction,
}

/// A transaction of this many bytes is closed and the next begun: room in the spool is taken per transaction.
const LARGE: usize = 1 << 20;

impl Outbox {
    /// Adds a message; `delivery` with its payload's place still to be set.
    pub(super) fn deliver(&mut self, payload: &[u8], mut delivery: Delivery) {
        if !self.open.deliveries.is_empty() && self.open.bytes.len() + payload.len() > LARGE {
            self.close();
        }
        let start = self.open.bytes.len() as u32;
        self.open.bytes.extend_from_slice(payload);
        delivery.payload = start..self.open.bytes.len() as u32;
        self.open.deliveries.push(delivery);
    }

    /// Ends an event: what the source is owed goes with the last transaction, and alone when there is none.
    pub(super) fn finish(&mut self, pending: Option<Pending>) {
        if !self.open.deliveries.is_empty() {
            self.open.pending = pending;
            self.close();
        } else if pending.is_some() {
            // It holds nothing: the memory stays for the next one that does.
            self.transactions.push(Transaction { pending, ..Transaction::default() });
        }
    }

    fn close(&mut self) {
        // The next one will be about as large: its memory is taken in one piece.
        let next = Transaction { bytes: Vec::with_capacity(self.open.bytes.len()), ..Transaction::default() };
        self.transactions.push(std::mem::replace(&mut self.open, next));
    }
}
