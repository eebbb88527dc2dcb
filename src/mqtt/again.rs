//! A client that only listens: connects, and connects again when the link is lost; says why there is none.

use super::client::{Driver, Limits, LinkEvent, Options, Role, Sender};
use super::pause::Pause;
use super::reach::establish;
use super::sink::Timing;
use super::trouble::{LinkError, Scene, judge};
use crate::config::plan::MqttConnection;
use crate::port::LinkState;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// What outlives the connections of one such client.
pub(super) struct Again {
    connection: MqttConnection,
    pub(super) timing: Timing,
    pub(super) broker: String,
    proxy: String,
    role: Role,
    pause: Pause,
    pub(super) stop: CancellationToken,
}

impl Again {
    /// `name` is added to the configured client id: a broker lets only one client have an id.
    pub(super) fn new(connection: &MqttConnection, name: &str, timing: Timing, stop: CancellationToken) -> Self {
        let connection = MqttConnection { client_id: format!("{}-{name}", connection.client_id), ..connection.clone() };
        Self {
            timing,
            broker: connection.address(),
            proxy: super::wire::proxy_name(&connection),
            pause: Pause::new(timing.first_pause, timing.longest_pause),
            connection,
            role: Role::Publisher,
            stop,
        }
    }

    /// Unless told otherwise nothing depends on what such a client hears: it acknowledges by itself.
    pub(super) fn in_role(self, role: Role) -> Self {
        Self { role, ..self }
    }

    pub(super) fn set_role(&mut self, role: Role) {
        self.role = role;
    }

    /// One attempt; `None` when it is time to stop.
    pub(super) async fn connect(&self) -> Option<Result<(Sender, Driver), LinkError>> {
        let established = self.establish().await?;
        Some(established.map(|(sender, driver, _)| (sender, driver)))
    }

    /// As [`Self::connect`], with what the broker allows.
    pub(super) async fn establish(&self) -> Option<Result<(Sender, Driver, Limits), LinkError>> {
        let timing = &self.timing;
        let patience = timing.connect.max(timing.silence);
        let options = Options { connection: &self.connection, will: None, role: self.role, patience };
        tokio::select! {
            biased;
            () = self.stop.cancelled() => None,
            established = establish(&options, timing.connect) => Some(established),
        }
    }

    /// What an error says of the link.
    pub(super) fn state(&self, error: LinkError, is_established: bool) -> LinkState {
        let timing = &self.timing;
        let trouble = judge(
            error,
            Scene {
                broker: &self.broker,
                proxy: &self.proxy,
                host: &self.connection.host,
                client_id: &self.connection.client_id,
                is_established,
                patience: if is_established { timing.silence } else { timing.connect }.as_secs(),
            },
        );
        let finding = Box::new(trouble.finding);
        if trouble.needs_action { LinkState::Refused(finding) } else { LinkState::Lost(finding) }
    }

    /// Waits before the next attempt; `life`: how long the connection had stood, if there was one. `false` when it is time
    /// to stop.
    pub(super) async fn pause(&mut self, life: Option<Duration>) -> bool {
        if let Some(life) = life {
            self.pause.lived(life, false, tokio::time::Instant::now());
        }
        tokio::select! {
            biased;
            () = self.stop.cancelled() => false,
            () = tokio::time::sleep(self.pause.next()) => true,
        }
    }

    /// Takes leave of the broker; a courtesy.
    pub(super) async fn leave(&self, sender: &Sender, driver: &mut Driver) {
        sender.disconnect();
        let goodbye = async { while !matches!(driver.next().await, Ok(LinkEvent::Disconnected) | Err(_)) {} };
        // Whether it was heard changes nothing.
        let _ = tokio::time::timeout(self.timing.farewell, goodbye).await;
    }
}
