//! What a source tells the pipeline.

use crate::finding::Finding;
use crate::model::{Batch, Discovery};
use std::sync::Arc;

/// What a source tells the pipeline, in order, over one bounded channel.
#[derive(Debug)]
pub enum SourceEvent {
    /// The link came up, went down, or is being tried.
    Link(LinkState),
    /// A session stands and this is what was found behind it; replaces what was found before.
    Found(Arc<Discovery>),
    /// Values of the newest discovery.
    Batch(Batch),
    /// Values were or may have been lost; never silent.
    Gap(Gap),
    /// Something an integrator should know: a node that is missing, a limit that was learnt.
    Finding(Finding),
}

/// State of a link, with the reason a human reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// Being tried for the first time.
    Connecting,
    /// Up: data can flow.
    Connected,
    /// Down, and tried again with back-off.
    Lost(Box<Finding>),
    /// Will not be tried again before somebody acts: an untrusted certificate, a wrong password.
    /// It is still tried, slowly, so that acting suffices and no restart is needed.
    Refused(Box<Finding>),
}

/// Values were or may have been lost.
#[derive(Clone, Debug)]
pub struct Gap {
    /// Why, with code and place.
    pub finding: Finding,
    /// Items it concerns; empty: all of the source.
    pub slots: Vec<u32>,
}
