//! How much memory what waits may take.

use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Room for one transaction; given back when its records are released.
#[derive(Debug)]
#[must_use = "room that is not used is given back at once"]
pub struct Permit {
    pub(super) durable: Option<OwnedSemaphorePermit>,
    pub(super) volatile: Option<OwnedSemaphorePermit>,
}

/// The transaction is larger than the whole spool; it would wait for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a transaction of {bytes} bytes does not fit into a spool of {limit} bytes")]
pub struct Full {
    pub bytes: u64,
    pub limit: u64,
}

/// Room is counted in pieces of this many bytes (a semaphore counts in u32).
const PIECE: u64 = 64;

/// Bytes of memory that may be in use.
#[derive(Debug)]
pub(super) struct Room {
    pub(super) limit: u64,
    free: Arc<Semaphore>,
}

impl Room {
    pub(super) fn new(limit: u64) -> Self {
        let pieces = usize::try_from(limit / PIECE).unwrap_or(Semaphore::MAX_PERMITS).min(Semaphore::MAX_PERMITS);
        Self { limit, free: Arc::new(Semaphore::new(pieces)) }
    }

    /// `None`: nothing is wanted.
    pub(super) async fn reserve(&self, bytes: u64) -> Result<Option<OwnedSemaphorePermit>, Full> {
        if bytes == 0 {
            return Ok(None);
        }
        let full = Full { bytes, limit: self.limit };
        let pieces = u32::try_from(bytes.div_ceil(PIECE)).map_err(|_| full)?;
        if u64::from(pieces) * PIECE > self.limit {
            return Err(full);
        }
        Arc::clone(&self.free).acquire_many_owned(pieces).await.map(Some).map_err(|_| full)
    }

    pub(super) fn used(&self) -> u64 {
        self.limit.saturating_sub(self.free.available_permits() as u64 * PIECE)
    }
}
