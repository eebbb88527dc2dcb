//! Everything that arrives at a topic filter, for people: a client of its own that publishes nothing.

use super::again::Again;
use super::client::LinkEvent;
use super::message::Incoming;
use super::sink::Timing;
use super::trouble::LinkError;
use crate::config::plan::MqttConnection;
use crate::finding::Finding;
use crate::port::LinkState;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// What a watcher is told.
#[derive(Debug)]
pub enum Watched {
    /// [`LinkState::Connected`] when the broker took the subscription.
    Link(LinkState),
    Message(Incoming),
}

/// Nobody listens any more, or the link is lost.
enum End {
    Over,
    Fault(LinkError),
    /// The broker does not let us subscribe.
    Refused(Finding),
}

/// A broker gives each message at the quality it was published with, up to this one.
const QOS: u8 = 2;

/// Subscribes and tells until `stop`, or until nobody takes what is told; connects again when the link is lost. While
/// nobody takes anything the broker is not read from: it may hang up, which is told.
///
/// `name` is added to the configured client id: a broker lets only one client have an id.
pub async fn watch(
    connection: &MqttConnection,
    name: &str,
    filter: &str,
    told: mpsc::Sender<Watched>,
    stop: CancellationToken,
) {
    let mut again = Again::new(connection, name, Timing::default(), stop);
    loop {
        let began = tokio::time::Instant::now();
        let mut is_established = false;
        let state = match attempt(&again, filter, &told, &mut is_established).await {
            End::Over => return,
            End::Refused(finding) => LinkState::Refused(Box::new(finding)),
            End::Fault(error) => again.state(error, is_established),
        };
        if told.send(Watched::Link(state)).await.is_err() {
            return;
        }
        if !again.pause(is_established.then(|| began.elapsed())).await {
            return;
        }
    }
}

/// One connection, from its beginning to its end.
async fn attempt(again: &Again, filter: &str, told: &mpsc::Sender<Watched>, is_established: &mut bool) -> End {
    let (sender, mut driver) = match again.connect().await {
        None => return End::Over,
        Some(Ok(link)) => link,
        Some(Err(error)) => return End::Fault(error),
    };
    *is_established = true;
    if let Err(error) = sender.subscribe(&[filter.to_owned()], QOS) {
        return End::Fault(error);
    }
    let work = async {
        loop {
            let watched = match driver.next().await {
                Err(error) => return End::Fault(error),
                Ok(LinkEvent::Received(message)) => Watched::Message(message),
                Ok(LinkEvent::Subscribed(answers)) => match answers.into_iter().flatten().next() {
                    None => Watched::Link(LinkState::Connected),
                    Some(reason) => {
                        let finding = Finding::error("QIAO-T005", filter).with("filter", filter);
                        return End::Refused(finding.with("reason", reason));
                    }
                },
                Ok(_) => continue,
            };
            if told.send(watched).await.is_err() {
                return End::Over;
            }
        }
    };
    let end = tokio::select! {
        biased;
        () = again.stop.cancelled() => End::Over,
        end = work => end,
    };
    if !matches!(end, End::Fault(_)) {
        again.leave(&sender, &mut driver).await;
    }
    end
}
