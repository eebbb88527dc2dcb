//! `HistoryRead` for raw values (OPC 10000-4 §5.11.3, OPC 10000-11 §6.5.3), one call at a time.

use crate::model::Timestamp;
use ::opcua::client::services::HistoryRead;
use ::opcua::client::{HistoryReadAction, Session, UARequest};
use ::opcua::types::{
    ByteString, DateTime, Error, HistoryReadResult, HistoryReadValueId, NodeId, ReadRawModifiedDetails, StatusCode,
    TimestampsToReturn,
};

/// One call: what all its nodes are asked for, and from where each goes on.
#[derive(Clone, Debug)]
pub(super) struct Question {
    pub(super) from: Timestamp,
    /// Included.
    pub(super) until: Timestamp,
    /// Values of each node in one answer.
    pub(super) values: u32,
    /// With the continuation point of the answer before; null at first.
    pub(super) nodes: Vec<(NodeId, ByteString)>,
}

/// Asks; one result per node, in order.
pub(super) async fn ask(session: &Session, question: Question) -> Result<Vec<HistoryReadResult>, Error> {
    let count = question.nodes.len();
    let answer = request(session, question).send(session.channel()).await?;
    let results = answer.results.unwrap_or_default();
    // Results are paired with nodes by position alone: a wrong count pairs none.
    if results.len() == count {
        Ok(results)
    } else {
        Err(Error::new(StatusCode::BadUnknownResponse, "history of another number of nodes"))
    }
}

/// Gives continuation points back that are not followed to their end: a server has few of them.
pub(super) async fn release(session: &Session, nodes: Vec<(NodeId, ByteString)>) {
    let question = Question { from: Timestamp(1), until: Timestamp(2), values: 1, nodes };
    // If it fails, they end with the session.
    let _ = request(session, question).release_continuation_points(true).send(session.channel()).await;
}

fn request(session: &Session, question: Question) -> HistoryRead {
    let details = ReadRawModifiedDetails {
        is_read_modified: false,
        start_time: time(question.from),
        // The end itself is not part of the answer.
        end_time: time(Timestamp(question.until.0.saturating_add(1))),
        num_values_per_node: question.values,
        // Not every server has them; that the values at both ends come shows that nothing is missing between.
        return_bounds: false,
    };
    let node = |(node_id, continuation_point)| HistoryReadValueId {
        node_id,
        continuation_point,
        ..HistoryReadValueId::default()
    };
    HistoryRead::new(HistoryReadAction::ReadRawModifiedDetails(details), session)
        .timestamps_to_return(TimestampsToReturn::Both)
        .nodes_to_read(question.nodes.into_iter().map(node).collect())
}

/// 0 and what lies before mean "not given".
fn time(at: Timestamp) -> DateTime {
    DateTime::from(at.0.clamp(1, Timestamp::MAX.0))
}

/// The server has no history of the node, or none at all.
pub(super) fn is_without_history(status: StatusCode) -> bool {
    [
        StatusCode::BadHistoryOperationUnsupported,
        StatusCode::BadHistoryOperationInvalid,
        StatusCode::BadServiceUnsupported,
        StatusCode::BadNotSupported,
        StatusCode::BadNotImplemented,
        StatusCode::BadNotReadable,
        StatusCode::BadUserAccessDenied,
    ]
    .contains(&plain(status))
}

/// The same question may be answered another time, or in other portions.
pub(super) fn is_passing(status: StatusCode) -> bool {
    [
        StatusCode::BadContinuationPointInvalid,
        StatusCode::BadNoContinuationPoints,
        StatusCode::BadTooManyOperations,
        StatusCode::BadTimeout,
        StatusCode::BadResourceUnavailable,
        StatusCode::BadOutOfMemory,
        StatusCode::BadUnknownResponse,
    ]
    .contains(&plain(status))
}

/// The link or the session is at its end.
pub(super) fn is_of_link(status: StatusCode) -> bool {
    [StatusCode::BadConnectionClosed, StatusCode::BadNotConnected, StatusCode::BadSecureChannelClosed]
        .contains(&plain(status))
}

/// Without info bits.
fn plain(status: StatusCode) -> StatusCode {
    StatusCode::from(status.bits() & 0xFFFF_0000)
}
