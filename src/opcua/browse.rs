//! References of many nodes: several nodes a call, continuation points followed and given back, lost ones restarted.

use super::limits::{Operation, ServerLimits, is_refused_for_size};
use ::opcua::client::Session;
use ::opcua::types::{
    BrowseDescription, BrowseDirection, BrowseResult, BrowseResultMaskFlags, ByteString, Error, NodeClassMask, NodeId,
    ReferenceDescription, ReferenceTypeId, StatusCode,
};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// References of one node in one answer; more come by continuation point.
const REFERENCES_PER_ANSWER: u32 = 1_000;
/// How often a node is browsed again, alone in its call, whose continuation point was refused or lost.
const RESTARTS_MAX: u32 = 4;
/// Giving continuation points back is a courtesy: the server drops them with the session anyway.
const RELEASE_WITHIN: Duration = Duration::from_secs(2);

/// Which references are asked for.
#[derive(Clone, Copy, Debug)]
pub struct ReferenceQuery {
    pub reference_type: ReferenceTypeId,
    pub include_subtypes: bool,
    pub direction: BrowseDirection,
    pub classes: NodeClassMask,
}

impl ReferenceQuery {
    /// Objects and variables below a node.
    #[must_use]
    pub fn children() -> Self {
        Self {
            reference_type: ReferenceTypeId::HierarchicalReferences,
            include_subtypes: true,
            direction: BrowseDirection::Forward,
            classes: NodeClassMask::OBJECT | NodeClassMask::VARIABLE,
        }
    }

    /// Objects and variables above a node.
    #[must_use]
    pub fn parents() -> Self {
        Self { direction: BrowseDirection::Inverse, ..Self::children() }
    }

    /// Subtypes (forward) or the supertype (inverse) of a type.
    #[must_use]
    pub fn types(direction: BrowseDirection) -> Self {
        Self {
            reference_type: ReferenceTypeId::HasSubtype,
            include_subtypes: false,
            direction,
            classes: NodeClassMask::OBJECT_TYPE | NodeClassMask::VARIABLE_TYPE | NodeClassMask::DATA_TYPE,
        }
    }

    fn of(self, node: &NodeId) -> BrowseDescription {
        let mask = BrowseResultMaskFlags::ReferenceTypeId
            | BrowseResultMaskFlags::IsForward
            | BrowseResultMaskFlags::NodeClass
            | BrowseResultMaskFlags::BrowseName
            | BrowseResultMaskFlags::TypeDefinition;
        BrowseDescription {
            node_id: node.clone(),
            browse_direction: self.direction,
            reference_type_id: NodeId::from(self.reference_type),
            include_subtypes: self.include_subtypes,
            node_class_mask: self.classes.bits(),
            result_mask: mask.bits(),
        }
    }
}

/// What one node answered.
#[derive(Debug, Default)]
pub struct References {
    pub found: Vec<ReferenceDescription>,
    /// Why the node, or a part of its references, could not be browsed.
    pub fault: Option<StatusCode>,
}

/// Browses within one session.
#[derive(Clone, Copy)]
pub struct Browser<'a> {
    pub session: &'a Session,
    pub limits: &'a ServerLimits,
    pub stop: &'a CancellationToken,
    /// References of one node beyond which no more are fetched.
    pub references_max: usize,
}

impl std::fmt::Debug for Browser<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Browser").field("limits", self.limits).finish_non_exhaustive()
    }
}

/// A node whose references are not all here yet.
struct Open {
    /// Position among the nodes asked for.
    position: usize,
    point: ByteString,
}

impl Browser<'_> {
    /// References of every node, in the order of `nodes`.
    ///
    /// # Errors
    /// A service call failed as a whole, or `BadRequestCancelledByClient` when stopped. A single node that cannot be
    /// browsed is no error: its [`References::fault`] says why.
    pub async fn references(&self, nodes: &[NodeId], query: ReferenceQuery) -> Result<Vec<References>, Error> {
        let mut answers: Vec<References> = Vec::new();
        answers.resize_with(nodes.len(), References::default);
        let mut waiting: Vec<usize> = (0..nodes.len()).rev().collect();
        let mut restarts = vec![0u32; nodes.len()];
        // Shrinks when the server runs out of continuation points: fewer nodes at once need fewer of them.
        let mut together = usize::MAX;
        while !waiting.is_empty() {
            let size = self.limits.per_call(Operation::Browse).min(together).min(waiting.len());
            let batch = waiting.split_off(waiting.len() - size);
            let asked: Vec<BrowseDescription> =
                batch.iter().rev().map(|position| query.of(&nodes[*position])).collect();
            let results = match self.until_stopped(self.session.browse(&asked, REFERENCES_PER_ANSWER, None)).await {
                Ok(results) if results.len() == size => results,
                Ok(_) => return Err(Error::new(StatusCode::BadUnknownResponse, "a browse answered another count")),
                Err(error)
                    if is_refused_for_size(error.status())
                        && self.limits.refused(Operation::Browse, size).is_some() =>
                {
                    waiting.extend(batch);
                    continue;
                }
                Err(error) => return Err(error),
            };
            let mut open = Vec::new();
            let mut again = Vec::new();
            for (position, result) in batch.into_iter().rev().zip(results) {
                self.take(position, result, &mut answers, &mut open, &mut again);
            }
            self.follow(open, &mut answers, &mut again).await?;
            if !again.is_empty() {
                together = (size / 2).max(1);
            }
            for (position, fault) in again.into_iter().rev() {
                answers[position].found.clear();
                restarts[position] += u32::from(size == 1);
                // Alone in its call and still refused: it will not get better.
                if restarts[position] > RESTARTS_MAX {
                    answers[position].fault = Some(fault);
                } else {
                    waiting.push(position);
                }
            }
        }
        Ok(answers)
    }

    /// Fetches the rest of every open node; gives the points back when it cannot go on.
    async fn follow(
        &self,
        mut open: Vec<Open>,
        answers: &mut [References],
        again: &mut Vec<(usize, StatusCode)>,
    ) -> Result<(), Error> {
        while !open.is_empty() {
            let size = self.limits.per_call(Operation::BrowseNext).min(open.len());
            let points: Vec<ByteString> = open[..size].iter().map(|open| open.point.clone()).collect();
            let fault = match self.until_stopped(self.session.browse_next(false, &points)).await {
                Ok(results) if results.len() == size => {
                    let mut still_open = Vec::new();
                    for (done, result) in open.drain(..size).zip(results) {
                        self.take(done.position, result, answers, &mut still_open, again);
                    }
                    open.extend(still_open);
                    let is_enough = |open: &Open| answers[open.position].found.len() >= self.references_max;
                    let enough: Vec<Open> = open.extract_if(.., |open| is_enough(open)).collect();
                    for node in &enough {
                        answers[node.position].fault = Some(StatusCode::BadTooManyMatches);
                    }
                    self.release(enough).await;
                    continue;
                }
                Ok(_) => Error::new(StatusCode::BadUnknownResponse, "a browse answered another count"),
                Err(error)
                    if is_refused_for_size(error.status())
                        && self.limits.refused(Operation::BrowseNext, size).is_some() =>
                {
                    continue;
                }
                Err(error) => error,
            };
            self.release(open).await;
            return Err(fault);
        }
        Ok(())
    }

    fn take(
        &self,
        position: usize,
        result: BrowseResult,
        answers: &mut [References],
        open: &mut Vec<Open>,
        again: &mut Vec<(usize, StatusCode)>,
    ) {
        let status = result.status_code;
        let is = |other: StatusCode| status.bits() & 0xFFFF_0000 == other.bits();
        if is(StatusCode::BadNoContinuationPoints) || is(StatusCode::BadContinuationPointInvalid) {
            again.push((position, status));
            return;
        }
        if status.is_bad() {
            answers[position].fault = Some(status);
            return;
        }
        answers[position].found.extend(result.references.unwrap_or_default());
        if !result.continuation_point.is_null_or_empty() {
            open.push(Open { position, point: result.continuation_point });
        }
    }

    async fn release(&self, open: Vec<Open>) {
        if open.is_empty() {
            return;
        }
        let points: Vec<ByteString> = open.into_iter().map(|open| open.point).collect();
        for points in points.chunks(self.limits.per_call(Operation::BrowseNext)) {
            let _ = tokio::time::timeout(RELEASE_WITHIN, self.session.browse_next(true, points)).await;
        }
    }

    /// Ends a call as soon as somebody says stop.
    pub async fn until_stopped<T>(&self, call: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        tokio::select! {
            biased;
            () = self.stop.cancelled() => Err(Error::new(StatusCode::BadRequestCancelledByClient, "stopped")),
            answer = call => answer,
        }
    }
}
