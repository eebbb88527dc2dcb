//! Spawns every task, and starts one that died again.
//!
//! A task is a *unit*: a closure that makes a future from nothing, so that a new life starts clean. A unit that
//! panics or fails is made again after a back-off; one that was stopped stays stopped.

use crate::finding::Finding;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Why a unit's future came to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It was told to.
    Stopped,
    /// It could not go on; the reason is for the log.
    Failed(String),
}

type UnitFuture = Pin<Box<dyn Future<Output = Ended> + Send>>;

/// How often each unit had to be started again.
#[derive(Clone, Debug, Default)]
pub struct Restarts(Arc<Mutex<BTreeMap<String, u64>>>);

impl Restarts {
    /// Restarts by unit name; a unit that never died is not in it.
    #[must_use]
    pub fn snapshot(&self) -> BTreeMap<String, u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn count(&self, name: &str) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(name.to_owned()).or_default() += 1;
    }
}

/// A sign of life, in milliseconds of the process's monotonic clock.
#[derive(Clone, Debug, Default)]
pub struct Heartbeat(Arc<AtomicU64>);

impl Heartbeat {
    pub fn beat(&self, now: Duration) {
        self.0.store(u64::try_from(now.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// How long ago the last beat was.
    #[must_use]
    pub fn age(&self, now: Duration) -> Duration {
        now.saturating_sub(Duration::from_millis(self.0.load(Ordering::Relaxed)))
    }
}

/// Owns the tasks of one phase of the shutdown: all sources, then all sinks.
#[derive(Debug)]
pub struct Supervisor {
    units: JoinSet<()>,
    restarts: Restarts,
    first_pause: Duration,
    log: fn(&Finding),
}

const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

impl Supervisor {
    #[must_use]
    pub fn new(restarts: Restarts, log: fn(&Finding)) -> Self {
        Self { units: JoinSet::new(), restarts, first_pause: FIRST_PAUSE, log }
    }

    /// Starts a unit. `stop` ends the pause before a restart too.
    pub fn spawn(
        &mut self,
        name: impl Into<String>,
        stop: CancellationToken,
        mut make: impl FnMut() -> UnitFuture + Send + 'static,
    ) {
        let name = name.into();
        let (restarts, log) = (self.restarts.clone(), self.log);
        let mut pause = self.first_pause;
        self.units.spawn(async move {
            loop {
                let why = match one_life(make()).await {
                    Ended::Stopped => return,
                    Ended::Failed(why) => why,
                };
                if stop.is_cancelled() {
                    return;
                }
                restarts.count(&name);
                let finding = Finding::error("QIAO-R001", &name).with("unit", &name).with("why", why);
                log(&finding.with("pause", pause.as_millis()));
                tokio::select! {
                    biased;
                    () = stop.cancelled() => return,
                    () = tokio::time::sleep(pause) => {}
                }
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        });
    }

    /// Waits until every unit has stopped, at most `limit`; what is still running then is aborted. Says how many were.
    pub async fn join(&mut self, limit: Duration) -> usize {
        let all = async { while self.units.join_next().await.is_some() {} };
        if tokio::time::timeout(limit, all).await.is_ok() {
            return 0;
        }
        let left = self.units.len();
        self.units.shutdown().await;
        left
    }
}

/// Runs a future as a task of its own, so that a panic ends it and nothing else.
async fn one_life(future: UnitFuture) -> Ended {
    let mut task = JoinSet::new();
    task.spawn(future);
    match task.join_next().await {
        Some(Ok(ended)) => ended,
        Some(Err(error)) => Ended::Failed(format!("panicked: {error}")),
        None => Ended::Stopped,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicU32;

    #[tokio::test]
    async fn row_84_a_unit_that_panics_is_made_again_and_its_neighbour_runs_on() {
        let stop = CancellationToken::new();
        let restarts = Restarts::default();
        static TOLD: Mutex<Vec<String>> = Mutex::new(Vec::new());
        let told = |finding: &Finding| TOLD.lock().expect("no panic").push(finding.to_string());
        let mut supervisor = Supervisor::new(restarts.clone(), told);
        supervisor.first_pause = Duration::from_millis(1);
        let lives = Arc::new(AtomicU32::new(0));
        let (counted, stopped) = (Arc::clone(&lives), stop.clone());
        supervisor.spawn("shaky", stop.clone(), move || {
            let (lives, stop) = (Arc::clone(&counted), stopped.clone());
            Box::pin(async move {
                assert!(lives.fetch_add(1, Ordering::SeqCst) >= 2, "dies twice");
                stop.cancel();
                Ended::Stopped
            })
        });
        let neighbour = stop.clone();
        supervisor.spawn("steady", stop.clone(), move || {
            let stop = neighbour.clone();
            Box::pin(async move {
                stop.cancelled().await;
                Ended::Stopped
            })
        });
        assert_eq!(supervisor.join(Duration::from_secs(60)).await, 0);
        assert_eq!(lives.load(Ordering::SeqCst), 3);
        assert_eq!(restarts.snapshot(), BTreeMap::from([("shaky".to_owned(), 2)]));
        let told = TOLD.lock().expect("no panic").clone();
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].contains("QIAO-R001") && told[0].contains("dies twice"), "{told:?}");
    }

    #[tokio::test]
    async fn a_unit_that_does_not_stop_in_time_is_aborted_and_counted() {
        let mut supervisor = Supervisor::new(Restarts::default(), |_| {});
        supervisor.spawn("stuck", CancellationToken::new(), || Box::pin(std::future::pending()));
        assert_eq!(supervisor.join(Duration::from_millis(10)).await, 1);
    }
}
