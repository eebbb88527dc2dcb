//! What is heard at a sink's broker of those who ask its devices.

use crate::codec::nc_link::Kind;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Something heard at a sink.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// What is asked of this device is heard from now on: it may register.
    Ready {
        sink: u16,
        device: String,
    },
    /// The link to the broker is lost: nothing is heard until each device is ready again.
    Away {
        sink: u16,
    },
    Asked(Asked),
    /// A retained message on a topic of ours, which this process may not have sent.
    Left {
        sink: u16,
        topic: String,
    },
}

/// A message to a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Index of the sink's connection in the plan.
    pub sink: u16,
    /// As its topics name it.
    pub device: String,
    pub kind: Kind,
    /// The level behind the device in the topic, which then ends the answer's topic too.
    pub client: Option<String>,
    pub payload: Vec<u8>,
}

/// The devices of one source, by sink and id.
pub type Devices = Arc<BTreeSet<(u16, String)>>;

/// Topic filters on which one source keeps states that nobody else knows, by sink.
pub type Shelves = Arc<BTreeSet<(u16, String)>>;
