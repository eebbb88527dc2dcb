//! What was missed is asked for again; what cannot be had any more is a gap, told once and for all.

use super::feed::Feed;
use super::intake::Taken;
use super::outside::{Outside, Over};
use super::sequence::Arrival;
use crate::finding::Finding;
use ::opcua::client::services::{Call, Republish};
use ::opcua::client::{Session, UARequest};
use ::opcua::types::{CallMethodRequest, Error, MethodId, NodeId, NotificationMessage, ObjectId, StatusCode, Variant};

/// More missing numbers than any server keeps: not worth asking for one by one.
const FILL_MAX: u32 = 1_000;
/// A message that ended the link so many times is passed over.
const UNDECODABLE_MAX: u8 = 2;

/// Asks for one notification. `None`: the server does not have it (any more).
async fn ask(session: &Session, id: u32, number: u32) -> Result<Option<NotificationMessage>, Error> {
    match Republish::new(id, number, session).send(session.channel()).await {
        // Some servers answer an unknown number with Good and an empty message.
        Ok(answer) if answer.notification_message.sequence_number == number => Ok(Some(answer.notification_message)),
        Ok(_) => Ok(None),
        Err(error) if error.status() == StatusCode::BadMessageNotAvailable => Ok(None),
        Err(error) => Err(error),
    }
}

/// After a take-over: everything that came meanwhile, subscription by subscription, until the server has no more
/// (OPC 10000-4 §6.7). A subscription that did not survive is wanted again. Whether all of them survived, and answered.
pub async fn resume(session: &Session, feed: &mut Feed, outside: &Outside) -> Result<bool, Over> {
    let mut is_whole = !feed.subscriptions.is_empty();
    let ids: Vec<u32> = feed.subscriptions.iter().map(|subscription| subscription.id).collect();
    for id in ids {
        fetch(session, feed, id, outside).await?;
        while let Some(at) = feed.position(id) {
            if feed.pass_done(at) {
                continue;
            }
            let number = feed.subscriptions[at].sequence.expected();
            if feed
                .suspect
                .is_some_and(|(of, suspect, times)| (of, suspect) == (id, number) && times >= UNDECODABLE_MAX)
            {
                feed.suspect = None;
                feed.subscriptions[at].sequence.skip(1);
                let finding =
                    Finding::error("QIAO-O031", &outside.name).with("subscription", id).with("sequence", number);
                outside.gap(finding, feed.slots_of(id).collect()).await?;
                if feed.has_events(id) {
                    feed.refresh.want(id);
                }
                // Whatever it held, its items report again.
                let _ = resend(session, id).await;
                continue;
            }
            match ask(session, id, number).await {
                Ok(Some(message)) => {
                    outside.counters.republished.add(1);
                    if let Taken::Ended(status) = feed.take(at, message, outside).await? {
                        is_whole = false;
                        gone(feed, id, status, outside).await?;
                    }
                }
                Ok(None) => break,
                Err(error) if error.status() == StatusCode::BadSubscriptionIdInvalid => {
                    is_whole = false;
                    gone(feed, id, error.status(), outside).await?;
                }
                Err(_) => {
                    is_whole = false;
                    outside.counters.service_errors.add(1);
                    feed.asking = Some((id, number));
                    break;
                }
            }
        }
    }
    Ok(is_whole)
}

/// What the server says it keeps of a subscription that was taken over is fetched. What it should keep, and does not, is lost.
async fn fetch(session: &Session, feed: &mut Feed, id: u32, outside: &Outside) -> Result<(), Over> {
    let Some(at) = feed.position(id) else { return Ok(()) };
    let available = std::mem::take(&mut feed.subscriptions[at].available);
    for number in &available {
        if feed.subscriptions[at].sequence.judge(*number) == Arrival::Again {
            // Receipted, and the server did not hear of it.
            feed.acknowledge(id, *number);
        }
    }
    let count = feed.subscriptions[at].sequence.span(&available);
    if count > 0 && fill(session, feed, at, count, outside).await? {
        if feed.has_events(id) {
            feed.refresh.want(id);
        }
        // Without it, items that do not change stay at the value before the gap until they do.
        let _ = resend(session, id).await;
    }
    Ok(())
}

/// The link ended with this status: whose answer was awaited then is suspected of being undecodable.
pub fn suspect(feed: &mut Feed, status: StatusCode) {
    let is_undecodable = [
        StatusCode::BadDecodingError,
        StatusCode::BadEncodingError,
        StatusCode::BadEncodingLimitsExceeded,
        StatusCode::BadUnexpectedError,
    ]
    .contains(&status);
    if let Some((id, number)) = feed.asking.take().filter(|_| is_undecodable) {
        let times =
            feed.suspect.filter(|(of, suspect, _)| (*of, *suspect) == (id, number)).map_or(0, |(.., times)| times);
        feed.suspect = Some((id, number, times + 1));
    }
}

/// Whether an error says nothing of what the server has: a later link asks again.
fn is_of_link(status: StatusCode) -> bool {
    [
        StatusCode::BadConnectionClosed,
        StatusCode::BadNotConnected,
        StatusCode::BadCommunicationError,
        StatusCode::BadTimeout,
        StatusCode::BadDecodingError,
        StatusCode::BadSecureChannelClosed,
        StatusCode::BadSessionIdInvalid,
        StatusCode::BadSessionClosed,
    ]
    .contains(&status)
}

/// Asks for the `count` notifications that are missing from the expected one on. Whether some are lost for good. When
/// the link ends meanwhile, they are still expected.
pub async fn fill(session: &Session, feed: &mut Feed, at: usize, count: u32, outside: &Outside) -> Result<bool, Over> {
    let id = feed.subscriptions[at].id;
    let mut first = None;
    let mut lost = 0;
    let mut asked_for = count;
    if count > FILL_MAX {
        asked_for = 0;
        first = Some(feed.subscriptions[at].sequence.expected());
        lost = count;
        feed.subscriptions[at].sequence.skip(count);
    }
    for _ in 0..asked_for {
        if feed.pass_done(at) {
            continue;
        }
        let number = feed.subscriptions[at].sequence.expected();
        match ask(session, id, number).await {
            Ok(Some(message)) => {
                outside.counters.republished.add(1);
                if let Taken::Ended(status) = feed.take(at, message, outside).await? {
                    gone(feed, id, status, outside).await?;
                    return Ok(false);
                }
            }
            Err(error) if error.status() == StatusCode::BadSubscriptionIdInvalid => {
                gone(feed, id, error.status(), outside).await?;
                return Ok(false);
            }
            Err(error) if is_of_link(error.status()) => {
                feed.asking = Some((id, number));
                break;
            }
            // Not there any more, or not to be had: skipped, and told.
            Ok(None) | Err(_) => {
                first.get_or_insert(number);
                lost += 1;
                feed.subscriptions[at].sequence.skip(1);
            }
        }
    }
    if let Some(first) = first {
        let finding = Finding::error("QIAO-O022", &outside.name).with("subscription", id);
        outside.gap(finding.with("sequence", first).with("count", lost), feed.slots_of(id).collect()).await?;
    }
    Ok(lost > 0)
}

/// A subscription has ended without our doing: a gap, and its items are wanted again.
pub async fn gone(feed: &mut Feed, id: u32, status: StatusCode, outside: &Outside) -> Result<(), Over> {
    if feed.position(id).is_none() {
        return Ok(());
    }
    let slots = feed.remove(id);
    let finding = Finding::error("QIAO-O023", &outside.name).with("subscription", id).with("status", status);
    outside.gap(finding, slots).await
}

/// Has every item of a subscription report its newest value again (OPC 10000-5 §9.2, `ResendData`).
pub async fn resend(session: &Session, id: u32) -> Result<(), StatusCode> {
    let call = CallMethodRequest {
        object_id: NodeId::from(ObjectId::Server),
        method_id: NodeId::from(MethodId::Server_ResendData),
        input_arguments: Some(vec![Variant::UInt32(id)]),
    };
    let answer = Call::new(session).method(call).send(session.channel()).await.map_err(|error| error.status())?;
    match answer.results.unwrap_or_default().first() {
        Some(result) if !result.status_code.is_bad() => Ok(()),
        Some(result) => Err(result.status_code),
        None => Err(StatusCode::BadUnknownResponse),
    }
}
