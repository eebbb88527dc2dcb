//! What the server allows per call: read, obeyed, and learnt when it lies.
//!
//! OPC 10000-5 §6.3.11 (`OperationLimits`) says how many operations one call may hold; 0 or absent means no limit is
//! stated. Servers state limits they do not keep, so a call that is refused for its size is halved and sent again,
//! and what went through is remembered for this server.

use ::opcua::types::{Error, StatusCode, VariableId};
use futures::future::join_all;
use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};

/// A service whose calls hold many operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    Read,
    Write,
    Browse,
    BrowseNext,
    TranslatePaths,
    RegisterNodes,
    Call,
    /// Create, modify, delete and set the mode of monitored items.
    MonitoredItems,
}

const OPERATIONS: usize = 8;
/// Calls of one kind that are under way at once: hides the way there and back, and presses no server.
const TOGETHER: usize = 3;

impl Operation {
    pub(crate) const ALL: [Self; OPERATIONS] = [
        Self::Read,
        Self::Write,
        Self::Browse,
        Self::BrowseNext,
        Self::TranslatePaths,
        Self::RegisterNodes,
        Self::Call,
        Self::MonitoredItems,
    ];

    /// What we put into one call when the server states no limit: keeps one answer far below a message limit of 1 MiB.
    const fn own_limit(self) -> u32 {
        match self {
            Self::Browse | Self::BrowseNext => 100,
            Self::Read | Self::MonitoredItems => 1_000,
            Self::Write | Self::TranslatePaths | Self::RegisterNodes => 500,
            Self::Call => 100,
        }
    }

    /// The variable that states the limit (OPC 10000-5 §6.3.11).
    pub(crate) const fn variable(self) -> VariableId {
        match self {
            Self::Read => VariableId::Server_ServerCapabilities_OperationLimits_MaxNodesPerRead,
            Self::Write => VariableId::Server_ServerCapabilities_OperationLimits_MaxNodesPerWrite,
            Self::Browse => VariableId::Server_ServerCapabilities_OperationLimits_MaxNodesPerBrowse,
            // Not an operation limit: as many points as the server keeps open at once.
            Self::BrowseNext => VariableId::Server_ServerCapabilities_MaxBrowseContinuationPoints,
            Self::TranslatePaths => {
                VariableId::Server_ServerCapabilities_OperationLimits_MaxNodesPerTranslateBrowsePathsToNodeIds
            }
            Self::RegisterNodes => VariableId::Server_ServerCapabilities_OperationLimits_MaxNodesPerRegisterNodes,
            Self::Call => VariableId::Server_ServerCapabilities_OperationLimits_MaxNodesPerMethodCall,
            Self::MonitoredItems => VariableId::Server_ServerCapabilities_OperationLimits_MaxMonitoredItemsPerCall,
        }
    }
}

/// Operations per call of one server. Lives as long as the connection, so that what was learnt outlives a session.
#[derive(Debug, Default)]
pub struct ServerLimits {
    /// As stated by the server; 0 = no limit stated.
    stated: [AtomicU32; OPERATIONS],
    /// The largest call that is still believed to go through; 0 = nothing learnt.
    learnt: [AtomicU32; OPERATIONS],
}

/// What became of operations that were sent in several calls.
#[derive(Debug)]
pub struct Chunked<R> {
    /// One result per operation, in order; fewer than asked when a call failed.
    pub results: Vec<R>,
    /// Why the operations after `results` were not done.
    pub failed: Option<StatusCode>,
}

impl<R> Chunked<R> {
    /// All results, or why some are missing.
    pub fn complete(self) -> Result<Vec<R>, StatusCode> {
        match self.failed {
            None => Ok(self.results),
            Some(status) => Err(status),
        }
    }
}

impl ServerLimits {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many operations the next call may hold, at least 1.
    #[must_use]
    pub fn per_call(&self, operation: Operation) -> usize {
        let own = operation.own_limit();
        let within = |limit: &AtomicU32| match limit.load(Ordering::Relaxed) {
            0 => own,
            limit => limit.min(own),
        };
        within(&self.stated[operation as usize]).min(within(&self.learnt[operation as usize])) as usize
    }

    /// What the server states; 0 = no limit.
    pub fn state(&self, operation: Operation, limit: u32) {
        self.stated[operation as usize].store(limit, Ordering::Relaxed);
    }

    /// A call of `size` operations was refused for its size. Returns the size to try next, `None` when 1 was refused.
    pub fn refused(&self, operation: Operation, size: usize) -> Option<usize> {
        let half = size / 2;
        (half > 0).then(|| {
            let learnt = u32::try_from(half).unwrap_or(u32::MAX);
            self.learnt[operation as usize].store(learnt, Ordering::Relaxed);
            half
        })
    }

    /// What was learnt, for the cache on disk; 0 = nothing.
    #[must_use]
    pub fn learnt(&self) -> Vec<u32> {
        self.learnt.iter().map(|limit| limit.load(Ordering::Relaxed)).collect()
    }

    /// Takes over what an earlier process learnt; a learnt limit only ever tightens.
    pub fn remember(&self, learnt: &[u32]) {
        for (operation, limit) in Operation::ALL.into_iter().zip(learnt) {
            let own = &self.learnt[operation as usize];
            if *limit != 0 && (own.load(Ordering::Relaxed) == 0 || *limit < own.load(Ordering::Relaxed)) {
                own.store(*limit, Ordering::Relaxed);
            }
        }
    }

    /// Sends `items` in calls the server allows, one after the other, halves a call that is refused for its size, and
    /// stops at the first call that fails for another reason. `call` sends one call and returns one result per operation.
    pub async fn chunked<T, R, F, Fut>(&self, operation: Operation, items: &[T], call: F) -> Chunked<R>
    where
        T: Clone,
        F: FnMut(Vec<T>) -> Fut,
        Fut: Future<Output = Result<Vec<R>, Error>>,
    {
        self.in_calls(operation, items, 1, call).await
    }

    /// As [`Self::chunked`], with a few calls under way at once: for questions, which may be asked twice without harm.
    pub async fn asked<T, R, F, Fut>(&self, operation: Operation, items: &[T], call: F) -> Chunked<R>
    where
        T: Clone,
        F: FnMut(Vec<T>) -> Fut,
        Fut: Future<Output = Result<Vec<R>, Error>>,
    {
        self.in_calls(operation, items, TOGETHER, call).await
    }

    async fn in_calls<T, R, F, Fut>(&self, operation: Operation, items: &[T], most: usize, mut call: F) -> Chunked<R>
    where
        T: Clone,
        F: FnMut(Vec<T>) -> Fut,
        Fut: Future<Output = Result<Vec<R>, Error>>,
    {
        let mut results = Vec::with_capacity(items.len());
        // The first call goes alone: it shows whether its size goes through.
        let mut together = 1;
        while results.len() < items.len() {
            let rest = &items[results.len()..];
            let size = self.per_call(operation).min(rest.len());
            let chunks = rest.chunks(size).take(together);
            let answers = join_all(chunks.clone().map(|chunk| call(chunk.to_vec()))).await;
            together = most;
            for (asked, answer) in chunks.map(<[T]>::len).zip(answers) {
                match answer {
                    Ok(answer) if answer.len() == asked => results.extend(answer),
                    // Results are paired with operations by position alone: a wrong count pairs none.
                    Ok(_) => return Chunked { results, failed: Some(StatusCode::BadUnknownResponse) },
                    Err(error) if is_refused_for_size(error.status()) && self.refused(operation, asked).is_some() => {
                        together = 1;
                        break;
                    }
                    Err(error) => return Chunked { results, failed: Some(error.status()) },
                }
            }
        }
        Chunked { results, failed: None }
    }
}

/// Whether a smaller call may succeed (OPC 10000-4 §7.38.2).
#[must_use]
pub fn is_refused_for_size(status: StatusCode) -> bool {
    [
        StatusCode::BadTooManyOperations,
        StatusCode::BadEncodingLimitsExceeded,
        StatusCode::BadResponseTooLarge,
        StatusCode::BadRequestTooLarge,
        StatusCode::BadTooManyMonitoredItems,
    ]
    .iter()
    .any(|refusal| refusal.bits() & 0xFFFF_0000 == status.bits() & 0xFFFF_0000)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sends `count` operations to a server that really takes `most` a call; returns the sizes of the calls it saw.
    async fn sizes(
        limits: &ServerLimits,
        count: usize,
        most: usize,
        refusal: StatusCode,
    ) -> (Vec<usize>, Chunked<usize>) {
        let mut seen = Vec::new();
        let items: Vec<usize> = (0..count).collect();
        let call = |chunk: Vec<usize>| {
            seen.push(chunk.len());
            let answer = if chunk.len() > most { Err(Error::new(refusal, "too large")) } else { Ok(chunk) };
            async move { answer }
        };
        let chunked = limits.chunked(Operation::Read, &items, call).await;
        (seen, chunked)
    }

    #[tokio::test]
    async fn calls_stay_within_the_stated_limit() {
        let limits = ServerLimits::new();
        limits.state(Operation::Read, 10);
        let (seen, chunked) = sizes(&limits, 25, 10, StatusCode::BadTooManyOperations).await;
        assert_eq!(seen, [10, 10, 5]);
        assert_eq!(chunked.complete(), Ok((0..25).collect()));
    }

    #[tokio::test]
    async fn row_15_a_limit_the_server_did_not_state_is_learnt_and_kept() {
        let limits = ServerLimits::new();
        limits.state(Operation::Read, 200);
        let (seen, chunked) = sizes(&limits, 120, 50, StatusCode::BadEncodingLimitsExceeded).await;
        assert_eq!(seen, [120, 60, 30, 30, 30, 30]);
        assert!(chunked.failed.is_none());
        assert_eq!(sizes(&limits, 40, 50, StatusCode::BadTooManyOperations).await.0, [30, 10]);
        let next_process = ServerLimits::new();
        next_process.remember(&limits.learnt());
        assert_eq!(next_process.per_call(Operation::Read), 30);
        assert_eq!(next_process.per_call(Operation::Browse), 100);
    }

    #[tokio::test]
    async fn questions_go_together_after_the_first_in_order_and_a_refusal_makes_them_smaller() {
        let limits = ServerLimits::new();
        limits.state(Operation::Read, 10);
        let items: Vec<usize> = (0..75).collect();
        let (under_way, most, refused) = (AtomicU32::new(0), AtomicU32::new(0), AtomicU32::new(0));
        let call = |chunk: Vec<usize>| {
            let (under_way, most, refused) = (&under_way, &most, &refused);
            async move {
                most.fetch_max(under_way.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
                tokio::task::yield_now().await;
                under_way.fetch_sub(1, Ordering::Relaxed);
                // The second of the three that go together.
                if chunk[0] == 20 && chunk.len() > 5 {
                    refused.fetch_add(1, Ordering::Relaxed);
                    return Err(Error::new(StatusCode::BadResponseTooLarge, "too large"));
                }
                Ok(chunk)
            }
        };
        let asked = limits.asked(Operation::Read, &items, call).await;
        assert_eq!(asked.complete(), Ok(items));
        let seen = [&most, &refused].map(|counter| counter.load(Ordering::Relaxed));
        assert_eq!((seen, limits.per_call(Operation::Read)), ([3, 1], 5));
    }

    #[tokio::test]
    async fn a_refusal_of_one_operation_ends_it_with_the_reason() {
        let (seen, chunked) = sizes(&ServerLimits::new(), 4, 0, StatusCode::BadResponseTooLarge).await;
        assert_eq!(seen, [4, 2, 1]);
        assert_eq!(chunked.failed, Some(StatusCode::BadResponseTooLarge));
        assert_eq!(sizes(&ServerLimits::new(), 4, 0, StatusCode::BadSessionClosed).await.0, [4]);
    }

    #[tokio::test]
    async fn an_answer_of_another_length_pairs_nothing() {
        let limits = ServerLimits::new();
        let chunked = limits.chunked(Operation::Read, &[1, 2, 3], |_| async { Ok(vec![1, 2]) }).await;
        assert_eq!((chunked.results.len(), chunked.failed), (0, Some(StatusCode::BadUnknownResponse)));
    }
}
