//! The gateway's own OPC UA server: a **face**, a sink like any other.
//!
//! | module | holds |
//! |---|---|
//! | [`space`] | the address space in words of the gateway: nodes, values, events, and what decides about writes |
//! | [`feed`] | what flows send, as nodes and values |
//! | `nodes` | what the crate asks of our nodes |
//! | `value`, `event` | values and events to the crate's own, and back |
//!
//! No type of the OPC UA crate leaves this folder.

mod event;
pub mod feed;
mod nodes;
pub mod space;
mod value;

pub use space::Space;

use std::net::SocketAddr;

/// A running face. Dropping it stops it.
#[derive(Debug)]
pub struct Face {
    address: SocketAddr,
    space: Space,
}

impl Face {
    /// Where it listens, with the port that was taken.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What clients see.
    #[must_use]
    pub fn space(&self) -> &Space {
        &self.space
    }
}
