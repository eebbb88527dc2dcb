//! A connection that stands, and the question whether one can.

use super::client::{self, Driver, Limits, LinkEvent, Options, Role, Sender};
use super::sink::Timing;
use super::trouble::{LinkError, Scene, judge};
use super::wire;
use crate::config::plan::MqttConnection;
use crate::finding::Finding;
use std::time::Duration;

/// Dials, and waits for the broker's CONNACK.
pub(super) async fn establish(options: &Options<'_>, limit: Duration) -> Result<(Sender, Driver, Limits), LinkError> {
    let opened = async {
        let wire = wire::dial(options.connection).await?;
        let (sender, mut driver) = client::open(options, wire)?;
        loop {
            if let LinkEvent::Connected(limits) = driver.next().await? {
                return Ok((sender, driver, limits));
            }
        }
    };
    tokio::time::timeout(limit, opened).await.unwrap_or(Err(LinkError::NoAnswer))
}

/// Connects and takes leave again, as a client of its own: whoever is connected under the configured id stays so.
///
/// # Errors
/// Why the broker would not have us, with the way out.
pub async fn reach(connection: &MqttConnection) -> Result<(), Finding> {
    let timing = Timing::default();
    let connection = MqttConnection { client_id: format!("{}-check", connection.client_id), ..connection.clone() };
    let broker = connection.address();
    let options = Options { connection: &connection, will: None, role: Role::Publisher, patience: timing.connect };
    match establish(&options, timing.connect).await {
        Ok((sender, mut driver, _)) => {
            sender.disconnect();
            let goodbye = async { while !matches!(driver.next().await, Ok(LinkEvent::Disconnected) | Err(_)) {} };
            // A courtesy.
            let _ = tokio::time::timeout(timing.farewell, goodbye).await;
            Ok(())
        }
        Err(error) => {
            let (host, client_id) = (connection.host.as_str(), connection.client_id.as_str());
            let patience = timing.connect.as_secs();
            let proxy = wire::proxy_name(&connection);
            let scene = Scene { broker: &broker, proxy: &proxy, host, client_id, is_established: false, patience };
            Err(judge(error, scene).finding)
        }
    }
}
