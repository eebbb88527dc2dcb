//! A subscriber that acknowledges a message only after somebody has taken it down; for the fault lab.

use super::again::Again;
use super::client::{LinkEvent, Role};
use super::message::Incoming;
use super::sink::Timing;
use super::trouble::LinkError;
use crate::config::plan::MqttConnection;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// What one such subscriber does.
#[derive(Clone, Debug)]
pub struct ConsumePlan {
    pub connection: MqttConnection,
    pub filter: String,
    pub timing: Timing,
}

/// What it is told.
#[derive(Debug)]
pub enum Consumed<'a> {
    /// The broker took the subscription.
    Subscribed,
    /// The connection is gone, or none could be had.
    Away,
    Message(&'a Incoming),
}

/// Beyond this many messages a broker waits for the first acknowledgement, so that the client always has room for one.
const QOS: u8 = 1;
/// How long the client may have no room for an acknowledgement.
const ROOM: Duration = Duration::from_millis(5);

/// Subscribes until told to stop; connects again when the link is lost, and takes the session up that the broker kept.
/// A message is acknowledged when `take` says `true`; one that was not is sent again after the next connection.
pub async fn run(plan: ConsumePlan, mut take: impl FnMut(Consumed<'_>) -> bool, stop: CancellationToken) {
    let role = Role::Subscriber { keeps_session: true };
    let mut again = Again::new(&plan.connection, "consumer", plan.timing, stop).in_role(role);
    loop {
        let began = tokio::time::Instant::now();
        let is_established = match attempt(&again, &plan.filter, &mut take).await {
            Ok(()) => return,
            Err((_, is_established)) => is_established,
        };
        take(Consumed::Away);
        if !again.pause(is_established.then(|| began.elapsed())).await {
            return;
        }
    }
}

/// One connection; ends well when told to stop. With an error comes whether there was one.
async fn attempt(
    again: &Again,
    filter: &str,
    take: &mut impl FnMut(Consumed<'_>) -> bool,
) -> Result<(), (LinkError, bool)> {
    let (sender, mut driver) = match again.connect().await {
        None => return Ok(()),
        Some(link) => link.map_err(|error| (error, false))?,
    };
    let broken = |error| (error, true);
    sender.subscribe(&[filter.to_owned()], QOS).map_err(broken)?;
    let work = async {
        loop {
            match driver.next().await? {
                LinkEvent::Received(message) => {
                    if !take(Consumed::Message(&message)) || message.packet == 0 {
                        continue;
                    }
                    while !sender.acknowledge(message.packet, None)? {
                        tokio::time::sleep(ROOM).await;
                    }
                }
                LinkEvent::Subscribed(answers) if answers.iter().all(Option::is_none) => {
                    take(Consumed::Subscribed);
                }
                LinkEvent::Subscribed(_) => return Err(LinkError::Closed),
                _ => {}
            }
        }
    };
    let ended: Result<(), LinkError> = tokio::select! {
        biased;
        () = again.stop.cancelled() => Ok(()),
        ended = work => ended,
    };
    if ended.is_ok() {
        again.leave(&sender, &mut driver).await;
    }
    ended.map_err(broken)
}
