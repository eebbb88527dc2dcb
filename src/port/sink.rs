//! What a sink tells the runtime.

use super::source::LinkState;
use crate::finding::Finding;

/// State of a sink: the newest is what counts, so it travels over a `watch` channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SinkState {
    pub link: LinkState,
    /// The newest message the peer would not take, and what became of it. Stays until another takes its place.
    pub last_refusal: Option<Box<Finding>>,
    /// What the peer cannot do and the plan wants; of the connection that stands now.
    pub warnings: Vec<Finding>,
}

impl Default for SinkState {
    fn default() -> Self {
        Self { link: LinkState::Connecting, last_refusal: None, warnings: Vec::new() }
    }
}
