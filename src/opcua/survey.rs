//! Looks through a server: machines and items in one go, and the values that are read once. Owns what it needs, so that
//! it can run beside the publish loop.

use super::browse::Browser;
use super::discover::{DiscoverRequest, Found, Progress, discover};
use super::limits::ServerLimits;
use super::order::Made;
use super::read::read_values;
use super::source::SourcePlan;
use ::opcua::client::Session;
use ::opcua::types::{Error, NodeId};
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Values that are read and handed on together.
pub(super) const READ_BATCH: usize = 2_000;

/// What looking through a server needs.
#[derive(Clone)]
pub struct Survey {
    pub session: Arc<Session>,
    pub limits: Arc<ServerLimits>,
    pub plan: Arc<SourcePlan>,
    pub stop: CancellationToken,
}

impl Survey {
    /// Finds machines and items. `is_fresh`: browse anew, whatever the cache holds; else tell how far it has come.
    ///
    /// # Errors
    /// As [`discover`].
    pub async fn find(&self, epoch: u64, is_fresh: bool) -> Result<Found, Error> {
        let plan = &self.plan;
        let request = DiscoverRequest {
            connection: &plan.name,
            endpoint: &plan.connection.endpoint,
            selections: &plan.selections,
            max_nodes: plan.connection.max_nodes,
            cache: plan.cache.clone(),
            is_fresh,
            epoch,
        };
        let progress = |progress: Progress| {
            tracing::debug!(connection = %plan.name, ?progress, "browsing");
            if !is_fresh {
                plan.counters.browse_nodes.set(progress.nodes.into());
                plan.counters.browse_pending.set(progress.pending.into());
            }
        };
        plan.counters.is_browsing.set((!is_fresh).into());
        let found = discover(&self.session, &self.limits, &request, &progress, &self.stop).await;
        plan.counters.is_browsing.set(0);
        found
    }

    /// Reads the values of these items, and tells them as they come. Ends early when nobody listens.
    pub async fn read(self, wanted: Vec<(u32, NodeId)>, told: mpsc::Sender<Made>) {
        let browser =
            Browser { session: &self.session, limits: &self.limits, stop: &self.stop, references_max: usize::MAX };
        let mut outcome = Ok(());
        for chunk in wanted.chunks(READ_BATCH) {
            let nodes: Vec<NodeId> = chunk.iter().map(|(_, node)| node.clone()).collect();
            match read_values(&browser, &nodes).await {
                Ok(values) => {
                    let values = chunk.iter().map(|(slot, _)| *slot).zip(values).collect();
                    if told.send(Made::Read(values)).await.is_err() {
                        return;
                    }
                }
                Err(error) => {
                    outcome = Err(error.status());
                    break;
                }
            }
        }
        // Nobody listens any more: the link has ended.
        let _ = told.send(Made::ReadDone(outcome)).await;
    }
}
