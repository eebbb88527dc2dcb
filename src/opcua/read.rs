//! Attributes and values in calls the server allows.

use super::answer::{self, Body};
use super::browse::Browser;
use super::decode;
use super::limits::{Operation, ServerLimits, is_refused_for_size};
use ::opcua::client::services::Read;
use ::opcua::client::{Session, UARequest};
use ::opcua::types::{
    AttributeId, BinaryDecodable, DataValue, DateTime, Error, NodeId, ReadValueId, StatusCode, TimestampsToReturn,
    VariableId,
};

/// One call; each answer is the bytes of a `DataValue`.
async fn call(
    session: &Session,
    questions: Vec<ReadValueId>,
    times: TimestampsToReturn,
) -> Result<Vec<Vec<u8>>, Error> {
    Ok(timed_call(session, questions, times).await?.0)
}

/// One call, and the server's time when it answered.
async fn timed_call(
    session: &Session,
    questions: Vec<ReadValueId>,
    times: TimestampsToReturn,
) -> Result<(Vec<Vec<u8>>, DateTime), Error> {
    let read = Read::new(session).timestamps_to_return(times).nodes_to_read(questions);
    let answer = read.send(session.channel()).await?;
    Ok((decode::read_results(answer::read_results(&answer)), answer.response_header.timestamp))
}

/// For attributes and metadata, which do not leave the gateway as they are. A damaged one gives a bad status.
fn value(session: &Session, bytes: &[u8]) -> DataValue {
    let context = session.encoding_context().read();
    let value = DataValue::decode(&mut Body::part(bytes), &context.context());
    value.unwrap_or_else(|_| DataValue { status: Some(StatusCode::BadDecodingError), ..DataValue::null() })
}

/// Reads values in one call, whatever the server's limits are.
///
/// # Errors
/// The call failed as a whole.
pub(super) async fn read_now(session: &Session, questions: &[ReadValueId]) -> Result<Vec<DataValue>, Error> {
    Ok(read_timed(session, questions).await?.0)
}

/// As [`read_now`], with the server's time when it answered.
///
/// # Errors
/// As for [`read_now`].
pub(super) async fn read_timed(
    session: &Session,
    questions: &[ReadValueId],
) -> Result<(Vec<DataValue>, DateTime), Error> {
    let (answers, time) = timed_call(session, questions.to_vec(), TimestampsToReturn::Neither).await?;
    Ok((answers.iter().map(|bytes| value(session, bytes)).collect(), time))
}

/// In as many calls as the server needs; one answer per question, in order.
async fn chunked(browser: &Browser<'_>, questions: &[ReadValueId]) -> Result<Vec<Vec<u8>>, Error> {
    let mut answers = Vec::with_capacity(questions.len());
    while answers.len() < questions.len() {
        let rest = &questions[answers.len()..];
        let read = browser.limits.asked(Operation::Read, rest, |chunk| async move {
            browser.until_stopped(call(browser.session, chunk, TimestampsToReturn::Both)).await
        });
        let chunked = read.await;
        answers.extend(chunked.results);
        match chunked.failed {
            None => {}
            Some(status) if is_refused_for_size(status) => answers.push(decode::status_alone(status)),
            Some(status) => return Err(Error::new(status, "reading attributes")),
        }
    }
    Ok(answers)
}

/// Reads attributes in as many calls as the server needs; one answer per question, in order.
///
/// # Errors
/// A call failed as a whole. A single question whose answer is too large or damaged is no error: it answers with that
/// status.
pub async fn read_all(browser: &Browser<'_>, questions: &[ReadValueId]) -> Result<Vec<DataValue>, Error> {
    let answers = chunked(browser, questions).await?;
    Ok(answers.iter().map(|bytes| value(browser.session, bytes)).collect())
}

/// Reads the values of some nodes; each answer is the bytes of a `DataValue`, for [`decode::Decoder::sample`].
///
/// # Errors
/// As for [`read_all`].
pub async fn read_values(browser: &Browser<'_>, nodes: &[NodeId]) -> Result<Vec<Vec<u8>>, Error> {
    let questions: Vec<ReadValueId> = nodes.iter().map(|node| ReadValueId::new_value(node.clone())).collect();
    chunked(browser, &questions).await
}

/// One attribute of each node.
pub(super) async fn read_attribute(
    browser: &Browser<'_>,
    nodes: &[NodeId],
    attribute: AttributeId,
) -> Result<Vec<DataValue>, Error> {
    let questions: Vec<ReadValueId> = nodes.iter().map(|node| ReadValueId::new(node.clone(), attribute)).collect();
    read_all(browser, &questions).await
}

/// Reads what the server states of its limits; done on every session, before anything large is asked.
pub async fn read_limits(session: &Session, limits: &ServerLimits) -> Result<(), Error> {
    // One by one at first: a server may allow a single operation a call and says so only here.
    let read_first =
        |node: VariableId| async move { read_now(session, &[ReadValueId::from(NodeId::from(node))]).await };
    let most = read_first(Operation::Read.variable()).await?;
    limits.state(Operation::Read, most.first().map_or(0, stated));
    let questions: Vec<ReadValueId> =
        Operation::ALL.into_iter().map(|operation| ReadValueId::from(NodeId::from(operation.variable()))).collect();
    let read = limits.chunked(Operation::Read, &questions, |chunk| async move { read_now(session, &chunk).await });
    let answers = read.await.complete().map_err(|status| Error::new(status, "reading operation limits"))?;
    for (operation, answer) in Operation::ALL.into_iter().zip(&answers) {
        limits.state(operation, stated(answer));
    }
    Ok(())
}

/// 0 (no limit) for a server that has no such variable.
fn stated(answer: &DataValue) -> u32 {
    use ::opcua::types::Variant;
    match &answer.value {
        _ if answer.status.is_some_and(|status: StatusCode| status.is_bad()) => 0,
        Some(Variant::UInt32(limit)) => *limit,
        Some(Variant::UInt16(limit)) => u32::from(*limit),
        _ => 0,
    }
}
