//! Where a source tells what happens.

use super::counters::Counters;
use crate::finding::Finding;
use crate::port::source::Gap;
use crate::port::{Clock, SourceEvent};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Where a source tells what happens.
#[derive(Debug)]
pub struct Outside {
    pub name: String,
    pub index: u16,
    pub clock: Clock,
    pub counters: Arc<Counters>,
    pub events: mpsc::Sender<SourceEvent>,
    pub stop: CancellationToken,
}

/// Nobody needs this source any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Over;

impl Outside {
    /// Waits while the pipeline is full: the server feels it, nothing is dropped.
    pub async fn emit(&self, event: SourceEvent) -> Result<(), Over> {
        tokio::select! {
            biased;
            () = self.stop.cancelled() => Err(Over),
            sent = self.events.send(event) => sent.map_err(|_| Over),
        }
    }

    pub async fn gap(&self, finding: Finding, slots: Vec<u32>) -> Result<(), Over> {
        self.counters.gaps.add(1);
        self.emit(SourceEvent::Gap(Gap { finding, slots })).await
    }

    #[must_use]
    pub fn now(&self) -> Duration {
        self.clock.now().monotonic
    }
}
