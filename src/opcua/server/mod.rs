//! The gateway's own OPC UA server: a **face**, a sink like any other.
//!
//! | module | holds |
//! |---|---|
//! | [`space`] | the address space in words of the gateway: nodes, values, events, and what decides about writes |
//! | [`feed`] | what flows send, as nodes and values |
//! | `nodes` | what the crate asks of our nodes |
//! | `value`, `event` | values and events to the crate's own, and back |
//! | `door`, `gate`, `chunk` | who comes in: every chunk is judged before the server sees it |
//! | `ward`, `admission`, `pins` | certificates of clients, how many of them, and what the crate knows of both |
//! | `login` | users, roles, passwords |
//! | `nodeset`, `xml` | NodeSet2 files of the user |
//! | `endpoint`, `life` | security, limits, identity; the server on threads of its own |
//! | [`facts`] | what it counts and tells |
//!
//! No type of the OPC UA crate leaves this folder.

mod admission;
mod chunk;
mod door;
mod endpoint;
mod event;
pub mod facts;
pub mod feed;
mod gate;
mod life;
mod login;
mod nodes;
mod nodeset;
mod pins;
pub mod space;
mod value;
mod ward;
mod xml;

pub use facts::Counters;
pub use space::Space;

use super::serving;
use crate::config::plan::FaceConnection;
use crate::finding::Finding;
use crate::port::Clock;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Namespace of what the gateway shows of itself.
pub const GATEWAY_NAMESPACE: &str = "urn:qiao:gateway";

/// What a face needs.
#[derive(Clone, Debug)]
pub struct FacePlan {
    /// Name of the connection.
    pub name: String,
    /// Name of the gateway.
    pub gateway: String,
    pub connection: Arc<FaceConnection>,
    /// The configuration's own file, for the commands that findings tell.
    pub configuration: PathBuf,
    /// Folder of the key pairs of both roles.
    pub pki: PathBuf,
    /// Namespaces of the nodes that flows will show.
    pub namespaces: Vec<String>,
    /// In which texts are shown that have several: `en`, `de` or `zh`.
    pub language: String,
    pub clock: Clock,
    pub counters: Arc<Counters>,
    pub log: fn(&Finding),
}

/// Why there is no face.
#[derive(Debug, thiserror::Error)]
pub enum FaceError {
    #[error("{address} is taken")]
    AddressTaken { address: SocketAddr },
    #[error("cannot listen on {address}: {error}")]
    Listen { address: SocketAddr, error: std::io::Error },
    #[error("own key pair: {reason}")]
    Keys { reason: String },
    #[error("the server did not start: {reason}")]
    Server { reason: String },
}

impl FaceError {
    /// The error as it is told.
    #[must_use]
    pub fn finding(&self, name: &str) -> Finding {
        match self {
            Self::AddressTaken { address } => Finding::error("QIAO-F001", name).with("address", address),
            Self::Listen { address, error } => {
                Finding::error("QIAO-F002", name).with("address", address).with("reason", error)
            }
            Self::Keys { reason } => Finding::error("QIAO-F003", name).with("reason", reason),
            Self::Server { reason } => Finding::error("QIAO-F004", name).with("reason", reason),
        }
    }
}

/// A running face. Dropping it stops it.
#[derive(Debug)]
pub struct Face {
    address: SocketAddr,
    space: Space,
    stop: CancellationToken,
    done: CancellationToken,
    thread: Option<JoinHandle<()>>,
}

impl Face {
    /// Starts the server on threads of its own; returns when it listens.
    ///
    /// Blocks for about a second, longer when a key pair is made: not to be called from an asynchronous task.
    pub fn start(plan: FacePlan) -> Result<Self, FaceError> {
        let (stop, done) = (CancellationToken::new(), CancellationToken::new());
        let (report, started) = mpsc::channel();
        let (until, over) = (stop.clone(), done.clone().drop_guard());
        let thread = std::thread::Builder::new()
            .name("face".to_owned())
            .stack_size(serving::STACK_BYTES)
            .spawn(move || {
                let _over = over;
                life::run(plan, until, &report);
            })
            .map_err(|error| FaceError::Server { reason: error.to_string() })?;
        let ended = |_| FaceError::Server { reason: "its thread ended".to_owned() };
        let life::Started { address, space } = started.recv().map_err(ended)??;
        Ok(Self { address, space, stop, done, thread: Some(thread) })
    }

    /// Where it listens, with the port that was taken.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What a client connects to.
    #[must_use]
    pub fn url(&self) -> String {
        endpoint::url(self.address)
    }

    /// What clients see.
    #[must_use]
    pub fn space(&self) -> &Space {
        &self.space
    }

    /// Waits until it serves no more, whoever ended it.
    pub async fn ended(&self) {
        self.done.cancelled().await;
    }

    /// Stops it; afterwards the port is free. Blocks for as long as clients take to hang up, seconds at most.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        self.stop.cancel();
        if let Some(thread) = self.thread.take() {
            // A panic of the server was already reported where it happened; there is nothing left to clean up.
            let _ = thread.join();
        }
    }
}

impl Drop for Face {
    fn drop(&mut self) {
        self.end();
    }
}
