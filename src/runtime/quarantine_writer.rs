//! Writes what the pipelines and sinks refuse to disk, on a thread of its own: a slow disk stops no other source.
//!
//! What a durable flow refuses lies there before anything is acknowledged or released for it. What a flow in memory
//! refuses is handed over, and does not wait for a disk that blocks.

use crate::finding::Finding;
use crate::model::Quarantined;
use crate::spool::quarantine::Quarantine;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// How many entries may wait for the disk before their source has to.
const WAITING: usize = 256;
/// How long a flow in memory waits for room among them; once, then not again until the disk has taken something.
const PATIENCE: Duration = Duration::from_secs(2);

/// What the writer tells of itself.
#[derive(Debug, Default)]
pub struct WriterFacts {
    pub written: AtomicU64,
    /// Entries that could not be written; each is a lost piece of evidence and an alarm.
    pub failed: AtomicU64,
    /// The disk takes nothing, and what flows in memory refuse is not waited with.
    is_blocked: AtomicBool,
}

/// An entry, and who waits until it is on disk.
type Order = (Quarantined, Option<oneshot::Sender<()>>);

/// Where entries go. Cheap to clone; the thread ends with the last of them.
#[derive(Clone, Debug)]
pub struct Writer {
    orders: mpsc::Sender<Order>,
    facts: Arc<WriterFacts>,
    /// Names of the durable flows.
    durable: Arc<BTreeSet<String>>,
    log: fn(&Finding),
}

/// Starts the writer.
pub fn start(
    mut quarantine: Quarantine,
    durable: BTreeSet<String>,
    facts: Arc<WriterFacts>,
    log: fn(&Finding),
) -> Writer {
    let (orders, mut entries) = mpsc::channel::<Order>(WAITING);
    let writer = Writer { orders, facts: Arc::clone(&facts), durable: Arc::new(durable), log };
    let write = move || {
        let mut is_failing = false;
        while let Some((entry, done)) = entries.blocking_recv() {
            match quarantine.append(entry) {
                Ok(_) => {
                    is_failing = false;
                    facts.written.fetch_add(1, Ordering::Relaxed);
                    // Who waited may have been told to give up.
                    let _ = done.map(|done| done.send(()));
                }
                Err(error) => {
                    // A disk that is tried again and again is told once.
                    if !std::mem::replace(&mut is_failing, true) {
                        log(&Finding::error("QIAO-R004", error.path.display().to_string()).with("error", error.error));
                    }
                    // Who waits hears of it, and may try again.
                    if done.is_none() {
                        facts.failed.fetch_add(1, Ordering::Relaxed);
                    }
                }
            }
            facts.is_blocked.store(false, Ordering::Relaxed);
        }
    };
    tokio::task::spawn_blocking(write);
    writer
}

impl Writer {
    /// Gives an entry to the quarantine. Of a durable flow it lies on disk when this says `true`; of another it was handed
    /// over. `false`: it could not be written, and that was told; of a durable flow it may be tried again, or is [`lost`].
    ///
    /// [`lost`]: Self::lose
    pub async fn put(&self, entry: Quarantined) -> bool {
        if self.durable.contains(&entry.flow) {
            let (done, written) = oneshot::channel();
            return self.orders.send((entry, Some(done))).await.is_ok() && written.await.is_ok();
        }
        let patience = if self.facts.is_blocked.load(Ordering::Relaxed) { Duration::ZERO } else { PATIENCE };
        let (flow, order) = (entry.flow.clone(), (entry, None));
        let order = match self.orders.try_send(order) {
            Ok(()) => return true,
            Err(mpsc::error::TrySendError::Full(order) | mpsc::error::TrySendError::Closed(order)) => order,
        };
        if matches!(tokio::time::timeout(patience, self.orders.send(order)).await, Ok(Ok(()))) {
            return true;
        }
        self.facts.failed.fetch_add(1, Ordering::Relaxed);
        if !self.facts.is_blocked.swap(true, Ordering::Relaxed) {
            (self.log)(&Finding::error("QIAO-S019", flow));
        }
        false
    }

    /// One that could not be written is not tried again.
    pub fn lose(&self, flow: &str) {
        if self.durable.contains(flow) {
            self.facts.failed.fetch_add(1, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spool::quarantine;

    fn entry(flow: &str) -> Quarantined {
        Quarantined {
            time: "2026-12-01T08:00:00Z".to_owned(),
            flow: flow.to_owned(),
            source: "lathe".to_owned(),
            machine: String::new(),
            topic: "a/b".to_owned(),
            profile: String::new(),
            reasons: Vec::new(),
            count: 1,
            message: "{}".to_owned(),
            is_base64: false,
        }
    }

    fn writer(directory: &tempfile::TempDir) -> Writer {
        let quarantine = Quarantine::open(directory.path(), 1 << 20).expect("opens");
        start(quarantine, ["durable".to_owned()].into(), Arc::default(), |_| {})
    }

    #[tokio::test]
    async fn what_a_durable_flow_refused_is_on_disk_when_the_writer_says_so() {
        let directory = tempfile::tempdir().expect("a directory");
        let writer = writer(&directory);
        for count in 1..=5 {
            assert!(writer.put(entry("durable")).await);
            assert_eq!(quarantine::read(directory.path()).expect("reads").entries.len(), count);
        }
        // As when somebody removes it, or the disk is gone.
        std::fs::remove_dir_all(directory.path().join("quarantine")).expect("removed");
        assert!(!writer.put(entry("durable")).await);
        assert_eq!(writer.facts.failed.load(Ordering::Relaxed), 0, "it may be tried again");
        writer.lose("durable");
        assert_eq!(writer.facts.failed.load(Ordering::Relaxed), 1);
        std::fs::create_dir(directory.path().join("quarantine")).expect("made");
        assert!(writer.put(entry("durable")).await, "no restart is needed");
    }

    #[tokio::test]
    async fn what_a_flow_in_memory_refused_does_not_wait_for_a_disk_that_blocks() {
        // Nobody takes anything out: as if the disk had hung up on the first entry.
        let (orders, _blocked) = mpsc::channel(WAITING);
        let (facts, durable) = (Arc::new(WriterFacts::default()), Arc::default());
        let writer = Writer { orders, facts, durable, log: |_| {} };
        let began = std::time::Instant::now();
        for _ in 0..WAITING {
            assert!(writer.put(entry("volatile")).await);
        }
        assert!(began.elapsed() < PATIENCE);
        for _ in 0..100 {
            assert!(!writer.put(entry("volatile")).await);
        }
        assert_eq!(writer.facts.failed.load(Ordering::Relaxed), 100, "each is counted");
        assert!(began.elapsed() < PATIENCE * 2, "it waits once");
    }
}
