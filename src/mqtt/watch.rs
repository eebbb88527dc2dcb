//! Everything that arrives at a topic filter, for people: a client of its own that publishes nothing.

use super::client::{LinkEvent, Options, Role};
use super::message::Incoming;
use super::pause::Pause;
use super::reach::establish;
use super::sink::Timing;
use super::trouble::{LinkError, Scene, judge};
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
    let timing = Timing::default();
    let connection = MqttConnection { client_id: format!("{}-{name}", connection.client_id), ..connection.clone() };
    let (broker, proxy) = (connection.address(), super::wire::proxy_name(&connection));
    let mut pause = Pause::new(timing.first_pause, timing.longest_pause);
    loop {
        let began = tokio::time::Instant::now();
        let mut is_established = false;
        let state = match attempt(&connection, filter, &timing, &told, &stop, &mut is_established).await {
            End::Over => return,
            End::Refused(finding) => LinkState::Refused(Box::new(finding)),
            End::Fault(error) => {
                let (host, client_id) = (connection.host.as_str(), connection.client_id.as_str());
                let patience = if is_established { timing.silence } else { timing.connect }.as_secs();
                let trouble =
                    judge(error, Scene { broker: &broker, proxy: &proxy, host, client_id, is_established, patience });
                let finding = Box::new(trouble.finding);
                if trouble.needs_action { LinkState::Refused(finding) } else { LinkState::Lost(finding) }
            }
        };
        if is_established {
            pause.lived(began.elapsed(), false);
        }
        if told.send(Watched::Link(state)).await.is_err() {
            return;
        }
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause.next()) => {}
        }
    }
}

/// One connection, from its beginning to its end.
async fn attempt(
    connection: &MqttConnection,
    filter: &str,
    timing: &Timing,
    told: &mpsc::Sender<Watched>,
    stop: &CancellationToken,
    is_established: &mut bool,
) -> End {
    // Nothing depends on what it sees: the client acknowledges by itself.
    let role = Role::Publisher;
    let options = Options { connection, will: None, role, patience: timing.connect.max(timing.silence) };
    let established = tokio::select! {
        biased;
        () = stop.cancelled() => return End::Over,
        established = establish(&options, timing.connect) => established,
    };
    let (sender, mut driver, _) = match established {
        Ok(link) => link,
        Err(error) => return End::Fault(error),
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
        () = stop.cancelled() => End::Over,
        end = work => end,
    };
    if !matches!(end, End::Fault(_)) {
        sender.disconnect();
        let goodbye = async { while !matches!(driver.next().await, Ok(LinkEvent::Disconnected) | Err(_)) {} };
        // A courtesy.
        let _ = tokio::time::timeout(timing.farewell, goodbye).await;
    }
    end
}
