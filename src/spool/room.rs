//! How much memory what waits may take: every sink has a share of its own, so that one that takes nothing holds up only
//! what goes to it.

use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Room is counted in pieces of this many bytes (a semaphore counts in u32).
const PIECE: u64 = 64;

/// Bytes that a transaction takes before each sink, by sink.
#[derive(Debug, Default)]
pub(super) struct Size(Vec<(u16, u64)>);

impl Size {
    pub(super) fn add(&mut self, sink: u16, bytes: u64) {
        match self.0.iter_mut().find(|(known, _)| *known == sink) {
            Some((_, all)) => *all += bytes,
            None => self.0.push((sink, bytes)),
        }
    }
}

/// Room for one transaction; given back, sink by sink, when its records are released.
#[derive(Debug)]
#[must_use = "room that is not used is given back at once"]
pub struct Permit {
    /// For what goes to disk.
    pub(super) durable: Parts,
    /// For what stays in memory.
    pub(super) volatile: Parts,
}

/// Of one room the parts before each sink.
#[derive(Debug, Default)]
pub(super) struct Parts(Vec<(u16, Arc<OwnedSemaphorePermit>)>);

impl Parts {
    /// The part before one sink.
    pub(super) fn before(&self, sink: u16) -> Option<&Arc<OwnedSemaphorePermit>> {
        self.0.iter().find(|(own, _)| *own == sink).map(|(_, part)| part)
    }
}

/// The transaction is larger than the whole share of a sink; it would wait for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a transaction of {bytes} bytes does not fit into a spool of {limit} bytes")]
pub struct Full {
    pub bytes: u64,
    pub limit: u64,
}

/// The shares of all sinks.
#[derive(Debug)]
pub(super) struct Room {
    /// Of one sink.
    share: u64,
    sinks: Vec<Arc<Semaphore>>,
    /// Sinks that something goes to.
    used: u64,
}

impl Room {
    /// `limit` bytes, shared evenly by the sinks that are used.
    pub(super) fn new(limit: u64, used: &[bool]) -> Self {
        let count = used.iter().filter(|is_used| **is_used).count().max(1) as u64;
        let share = limit / count;
        let pieces = usize::try_from(share / PIECE).unwrap_or(Semaphore::MAX_PERMITS).min(Semaphore::MAX_PERMITS);
        Self { share, sinks: used.iter().map(|_| Arc::new(Semaphore::new(pieces))).collect(), used: count }
    }

    /// Waits for room before every sink.
    pub(super) async fn reserve(&self, size: Size) -> Result<Parts, Full> {
        let mut wanted = Vec::with_capacity(size.0.len());
        for (sink, bytes) in size.0 {
            let full = Full { bytes, limit: self.share };
            let pieces = u32::try_from(bytes.div_ceil(PIECE)).map_err(|_| full)?;
            if u64::from(pieces) * PIECE > self.share {
                return Err(full);
            }
            wanted.push((sink, pieces, full));
        }
        // Whoever needs room before several sinks asks for it in one order, so that nobody waits for the other.
        wanted.sort_unstable_by_key(|(sink, ..)| *sink);
        let mut parts = Vec::with_capacity(wanted.len());
        for (sink, pieces, full) in wanted {
            // What goes to a sink that is not there goes nowhere.
            let Some(room) = self.sinks.get(usize::from(sink)) else { continue };
            let part = Arc::clone(room).acquire_many_owned(pieces).await.map_err(|_| full)?;
            parts.push((sink, Arc::new(part)));
        }
        Ok(Parts(parts))
    }

    /// The most bytes it holds, and how many of them are in use.
    pub(super) fn fill(&self) -> (u64, u64) {
        let whole = self.share / PIECE;
        let used = self.sinks.iter().map(|room| whole.saturating_sub(room.available_permits() as u64) * PIECE).sum();
        (self.share * self.used, used)
    }
}
