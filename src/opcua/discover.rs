//! Machines and items for the flows of one server, found in one session.

use super::Selection;
use super::decode::Decoder;
use super::limits::ServerLimits;
use super::namespace::Namespaces;
use crate::config::plan::Deadband;
use crate::finding::Finding;
use crate::model::Discovery;
use ::opcua::client::Session;
use ::opcua::types::{Error, NodeId};
use std::path::PathBuf;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// What to look for, and within which limits.
#[derive(Debug)]
pub struct DiscoverRequest<'a> {
    /// Name of the connection, for findings.
    pub connection: &'a str,
    /// `opc.tcp://…`, for the cache and findings.
    pub endpoint: &'a str,
    pub selections: &'a [Selection],
    /// Nodes one browse may meet before it is refused.
    pub max_nodes: u32,
    /// Folder of the browse cache; `None`: no cache.
    pub cache: Option<PathBuf>,
    /// The epoch the new discovery gets.
    pub epoch: u64,
}

/// What was found. `bindings` runs parallel to `discovery.items`.
#[derive(Debug)]
pub struct Found {
    pub discovery: Discovery,
    pub bindings: Vec<ItemBinding>,
    pub namespaces: Namespaces,
    /// Decodes values of this session; knows its data types.
    pub decoder: Decoder,
    pub findings: Vec<Finding>,
}

/// How an item is reached and sampled in this session.
#[derive(Clone, Debug)]
pub struct ItemBinding {
    /// Valid in this session only.
    pub node: NodeId,
    pub sampling: Option<Duration>,
    pub queue: Option<u32>,
    pub deadband: Option<Deadband>,
    /// Low and high of the variable's `EURange`; read only when a percent deadband is asked for.
    pub eu_range: Option<(f64, f64)>,
}

/// How far a browse has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Nodes met so far.
    pub nodes: u32,
    /// Steps below the root, of the nodes being browsed.
    pub depth: u32,
    /// Nodes of this step still to be browsed.
    pub pending: u32,
}

/// Finds machines and items. Cancel-safe; ends early with `BadRequestCancelledByClient` when stopped.
pub async fn discover(
    session: &Session,
    limits: &ServerLimits,
    request: &DiscoverRequest<'_>,
    progress: &(dyn Fn(Progress) + Send + Sync),
    stop: &CancellationToken,
) -> Result<Found, Error>;
