//! The journal on a thread that may block: a disk that does not answer holds up commands and nothing else.

use crate::journal::Journal;
use std::sync::{Arc, Mutex, PoisonError};

/// The open journal of one life.
#[derive(Clone, Debug)]
pub(super) struct Record(Arc<Mutex<Journal>>);

impl Record {
    pub(super) fn new(journal: Journal) -> Self {
        Self(Arc::new(Mutex::new(journal)))
    }

    /// Does something with the journal. What was begun is done, although nobody may wait for it any more; `None`: a bug.
    pub(super) async fn with<T: Send + 'static>(
        &self,
        what: impl FnOnce(&mut Journal) -> T + Send + 'static,
    ) -> Option<T> {
        let journal = Arc::clone(&self.0);
        let done =
            tokio::task::spawn_blocking(move || what(&mut journal.lock().unwrap_or_else(PoisonError::into_inner)));
        done.await.ok()
    }
}
