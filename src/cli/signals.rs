//! Waiting for the end of a command that runs until it is stopped.

use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};

/// Returns on Ctrl-C or SIGTERM, or when the time is over.
pub(super) async fn stop_or(limit: Option<Duration>) -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let over = async {
        match limit {
            Some(limit) => tokio::time::sleep(limit).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        () = over => {}
    }
    Ok(())
}
