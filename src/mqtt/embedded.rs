//! The built-in broker, for the demo and small sites: loopback only, in memory, bounded.

use mqtt5::broker::config::{BrokerConfig, StorageBackend, StorageConfig};
use mqtt5::broker::{BrokerShutdownHandle, MqttBroker};
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;
use tokio::task::JoinSet;

/// Bytes of a packet, at most.
const MAX_PACKET: usize = 1 << 20;
const MAX_CLIENTS: usize = 100;
const MAX_RETAINED: usize = 10_000;
const MAX_SUBSCRIPTIONS: usize = 1_000;
/// For one client that is slow or away.
const MAX_QUEUED: usize = 10_000;
const MAX_QUEUED_BYTES: usize = 16 << 20;
/// A session of a client that is away is kept for this long.
const SESSION_EXPIRY: Duration = Duration::from_secs(3600);
/// For clients that are connected when the broker stops.
const STOP_LIMIT: Duration = Duration::from_secs(10);

/// The built-in broker while it runs. Dropped, it stops too, without waiting for its clients.
pub struct Running {
    /// Where it listens; the real port when port 0 was asked for.
    pub address: SocketAddr,
    shutdown: BrokerShutdownHandle,
    broker: JoinSet<()>,
}

impl std::fmt::Debug for Running {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Running").field("address", &self.address).finish_non_exhaustive()
    }
}

/// Why the built-in broker does not start.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// It has no passwords: whoever reaches it may publish.
    #[error("QIAO-M052 {0}: the built-in broker listens on loopback addresses only")]
    NotLoopback(SocketAddr),
    #[error("QIAO-M050 {0}: the port of the built-in broker is taken")]
    PortTaken(SocketAddr),
    #[error("QIAO-M051 {address}: the built-in broker does not start: {reason}")]
    Start { address: SocketAddr, reason: String },
}

impl EmbeddedError {
    #[must_use]
    pub fn finding(&self) -> crate::finding::Finding {
        use crate::finding::Finding;
        match self {
            Self::NotLoopback(address) => Finding::error("QIAO-M052", address.to_string()),
            Self::PortTaken(address) => Finding::error("QIAO-M050", address.to_string()),
            Self::Start { address, reason } => Finding::error("QIAO-M051", address.to_string()).with("reason", reason),
        }
    }
}

/// Starts the broker inside the current runtime; it accepts connections when this returns.
pub async fn start(listen: SocketAddr) -> Result<Running, EmbeddedError> {
    if !listen.ip().is_loopback() {
        return Err(EmbeddedError::NotLoopback(listen));
    }
    let failed = |reason: String| EmbeddedError::Start { address: listen, reason };
    // The crate tells a taken port only in prose, so the port is tried first.
    match TcpListener::bind(listen) {
        Ok(free) => drop(free),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Err(EmbeddedError::PortTaken(listen)),
        Err(error) => return Err(failed(error.to_string())),
    }
    let mut broker = MqttBroker::with_config(config(listen)).await.map_err(|error| failed(error.to_string()))?;
    let address = broker.local_addr().ok_or_else(|| failed("no address".into()))?;
    let shutdown = broker.shutdown_handle();
    let mut ready = broker.ready_receiver();
    let mut task = JoinSet::new();
    task.spawn(async move {
        if let Err(error) = broker.run().await {
            tracing::error!(%error, "the built-in broker ended");
        }
    });
    let is_ready = ready.wait_for(|is_ready| *is_ready).await.is_ok();
    if !is_ready {
        return Err(failed("it ended while starting".into()));
    }
    Ok(Running { address, shutdown, broker: task })
}

/// Every default that is open is closed here: the crate listens on all interfaces, stores below the working
/// directory and knows no limits.
fn config(listen: SocketAddr) -> BrokerConfig {
    let mut storage = StorageConfig::new()
        .with_backend(StorageBackend::Memory)
        .with_max_queued_messages_per_client(MAX_QUEUED)
        .with_max_queued_bytes_per_client(MAX_QUEUED_BYTES);
    storage.enable_persistence = true;
    let mut config = BrokerConfig::new()
        .with_bind_address(listen)
        .with_max_clients(MAX_CLIENTS)
        .with_max_packet_size(MAX_PACKET)
        .with_session_expiry(SESSION_EXPIRY)
        .with_max_subscriptions_per_client(MAX_SUBSCRIPTIONS)
        .with_max_retained_messages(MAX_RETAINED)
        .with_max_retained_message_size(MAX_PACKET)
        .with_client_channel_capacity(MAX_QUEUED)
        .with_sys_topics_enabled(false)
        .with_storage(storage);
    config.websocket_config = None;
    config.tls_config = None;
    config
}

impl Running {
    /// Stops the broker: clients are told, the port is free when this returns.
    pub async fn stop(mut self) {
        self.shutdown.shutdown();
        let ended = async { while self.broker.join_next().await.is_some() {} };
        if tokio::time::timeout(STOP_LIMIT, ended).await.is_err() {
            self.broker.shutdown().await;
        }
    }

    /// Waits until the broker ends by itself, which it should not.
    pub async fn ended(&mut self) {
        while self.broker.join_next().await.is_some() {}
    }
}
