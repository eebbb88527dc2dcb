//! Attributes and values in calls the server allows.

use super::browse::Browser;
use super::decode::Decoder;
use super::limits::{Operation, ServerLimits, is_refused_for_size};
use crate::model::Batch;
use ::opcua::client::Session;
use ::opcua::types::{AttributeId, DataValue, Error, NodeId, ReadValueId, StatusCode, TimestampsToReturn, VariableId};

/// Reads attributes in as many calls as the server needs; one answer per question, in order.
///
/// # Errors
/// A call failed as a whole. A single question whose answer is too large is no error: it answers with that status.
pub async fn read_all(browser: &Browser<'_>, questions: &[ReadValueId]) -> Result<Vec<DataValue>, Error> {
    let mut answers = Vec::with_capacity(questions.len());
    while answers.len() < questions.len() {
        let rest = &questions[answers.len()..];
        let read = browser.limits.asked(Operation::Read, rest, |chunk| async move {
            browser.until_stopped(browser.session.read(&chunk, TimestampsToReturn::Both, 0.0)).await
        });
        let chunked = read.await;
        answers.extend(chunked.results);
        match chunked.failed {
            None => {}
            Some(status) if is_refused_for_size(status) => {
                answers.push(DataValue { status: Some(status), ..DataValue::null() });
            }
            Some(status) => return Err(Error::new(status, "reading attributes")),
        }
    }
    Ok(answers)
}

/// Reads the values of some items into one batch that nobody has to acknowledge. `slots` pairs each item's slot with
/// its node in this session.
pub async fn read_items(
    browser: &Browser<'_>,
    decoder: &mut Decoder,
    slots: &[(u32, NodeId)],
    batch: &mut Batch,
) -> Result<(), Error> {
    let questions: Vec<ReadValueId> = slots.iter().map(|(_, node)| ReadValueId::new_value(node.clone())).collect();
    let values = read_all(browser, &questions).await?;
    for ((slot, _), value) in slots.iter().zip(&values) {
        decoder.sample(*slot, value, batch);
    }
    Ok(())
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
    let read_first = |node: VariableId| async move {
        let question = ReadValueId::from(NodeId::from(node));
        session.read(&[question], TimestampsToReturn::Neither, 0.0).await
    };
    let most = read_first(Operation::Read.variable()).await?;
    limits.state(Operation::Read, most.first().map_or(0, stated));
    let questions: Vec<ReadValueId> =
        Operation::ALL.into_iter().map(|operation| ReadValueId::from(NodeId::from(operation.variable()))).collect();
    let read = limits.chunked(Operation::Read, &questions, |chunk| async move {
        session.read(&chunk, TimestampsToReturn::Neither, 0.0).await
    });
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
