//! Writes what the pipelines and sinks refuse to disk, on a thread of its own: a slow disk stops no other source.

use crate::finding::Finding;
use crate::model::Quarantined;
use crate::spool::quarantine::Quarantine;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::mpsc;

/// How many entries may wait for the disk before their source has to.
const WAITING: usize = 256;

/// What the writer tells of itself.
#[derive(Debug, Default)]
pub struct WriterFacts {
    pub written: AtomicU64,
    /// Entries that could not be written; each is a lost piece of evidence and an alarm.
    pub failed: AtomicU64,
}

/// Starts the writer; it ends when the last sender is gone.
pub fn start(mut quarantine: Quarantine, facts: Arc<WriterFacts>, log: fn(&Finding)) -> mpsc::Sender<Quarantined> {
    let (sender, mut entries) = mpsc::channel::<Quarantined>(WAITING);
    let write = move || {
        while let Some(entry) = entries.blocking_recv() {
            match quarantine.append(entry) {
                Ok(_) => facts.written.fetch_add(1, Ordering::Relaxed),
                Err(error) => {
                    log(&Finding::error("QIAO-R004", error.path.display().to_string()).with("error", error.error));
                    facts.failed.fetch_add(1, Ordering::Relaxed)
                }
            };
        }
    };
    tokio::task::spawn_blocking(write);
    sender
}
