//! One message and the answer to it: a client of its own, for a command of the command line.

use super::again::Again;
use super::client::LinkEvent;
use super::message::{Incoming, Message};
use super::sink::Timing;
use super::trouble::LinkError;
use crate::config::plan::MqttConnection;
use crate::finding::Finding;
use crate::model::TopicName;
use crate::port::LinkState;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// What is sent, and where the answer comes.
#[derive(Clone, Debug)]
pub struct Errand {
    pub topic: TopicName,
    pub payload: Vec<u8>,
    pub answers: String,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrandError {
    /// The broker cannot be reached, or does not let us.
    Link(Box<Finding>),
    /// Nobody answered in time; the message may have been taken.
    Silence,
}

const QOS: u8 = 1;

/// Subscribes, sends, and waits for the first message that is the answer.
///
/// # Errors
/// See [`ErrandError`]. Nothing is sent twice.
pub async fn run(
    connection: &MqttConnection,
    errand: Errand,
    is_answer: impl Fn(&Incoming) -> bool,
    limit: Duration,
) -> Result<Incoming, ErrandError> {
    let again = Again::new(connection, "command", Timing::default(), CancellationToken::new());
    let lost = |again: &Again, error: LinkError, is_established: bool| match again.state(error, is_established) {
        LinkState::Lost(finding) | LinkState::Refused(finding) => ErrandError::Link(finding),
        LinkState::Connecting | LinkState::Connected => ErrandError::Silence,
    };
    let (sender, mut driver) = match again.connect().await {
        None => return Err(ErrandError::Silence),
        Some(link) => link.map_err(|error| lost(&again, error, false))?,
    };
    let work = async {
        sender.subscribe(std::slice::from_ref(&errand.answers), QOS)?;
        loop {
            match driver.next().await? {
                LinkEvent::Subscribed(answers) => {
                    if let Some(reason) = answers.into_iter().flatten().next() {
                        let finding = Finding::error("QIAO-T005", errand.answers.as_str());
                        let finding = finding.with("filter", &errand.answers).with("reason", reason);
                        return Ok(Err(ErrandError::Link(Box::new(finding))));
                    }
                    sender.publish(&Message {
                        topic: Arc::new(errand.topic.clone()),
                        qos: QOS,
                        is_retained: false,
                        payload: errand.payload.clone().into(),
                        properties: None,
                        key: None,
                        is_replayed: false,
                        talk: None,
                    })?;
                }
                LinkEvent::Received(message) if is_answer(&message) => return Ok(Ok(message)),
                _ => {}
            }
        }
    };
    let answer = match tokio::time::timeout(limit, work).await {
        Err(_) => Err(ErrandError::Silence),
        Ok(Err(error)) => return Err(lost(&again, error, true)),
        Ok(Ok(answer)) => answer,
    };
    again.leave(&sender, &mut driver).await;
    answer
}
