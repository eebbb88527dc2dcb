//! What the server is to make, and what became of it.

use super::discover::ItemBinding;
use super::item::Place;
use crate::finding::Finding;
use crate::model::{Discovery, Timestamp};
use ::opcua::types::StatusCode;
use std::sync::Arc;
use std::time::Duration;

/// One subscription holds no more: what one costs when it is lost stays bounded.
pub const ITEMS_PER_SUBSCRIPTION: usize = 5_000;

/// How a subscription is asked for.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Name of the connection, for findings.
    pub connection: String,
    pub publishing_interval: Duration,
    /// Kept by the server for so long without a Publish request.
    pub lifetime: Duration,
    /// Values one message may hold; keeps it below the message limit.
    pub values_per_message: u32,
}

impl Terms {
    /// Whether a server publishes less often than asked.
    #[must_use]
    pub fn is_slower(&self, granted: Duration) -> bool {
        granted > self.publishing_interval.mul_f64(1.01)
    }

    /// Whether a server keeps a subscription for a shorter time than asked.
    #[must_use]
    pub fn is_shorter(&self, granted: Duration) -> bool {
        granted < self.lifetime.mul_f64(0.99)
    }
}

/// A subscription as the server granted it.
#[derive(Clone, Copy, Debug)]
pub struct Granted {
    pub id: u32,
    pub interval: Duration,
    pub keep_alive: Duration,
    /// Kept by the server for so long without a Publish request.
    pub lifetime: Duration,
}

/// What is to be monitored.
#[derive(Debug)]
pub struct Order {
    pub slots: Vec<u32>,
    /// Changes of the server's model, too.
    pub has_watch: bool,
    pub discovery: Arc<Discovery>,
    /// By slot.
    pub bindings: Arc<Vec<ItemBinding>>,
    /// Items may join this subscription, so many of them.
    pub join: Option<(u32, usize)>,
    pub terms: Terms,
}

impl Order {
    /// Room for more items in a subscription of so many.
    #[must_use]
    pub fn room(items: usize) -> usize {
        ITEMS_PER_SUBSCRIPTION.saturating_sub(items)
    }
}

/// What became of the work so far.
#[derive(Debug)]
pub enum Made {
    Subscription(Granted),
    /// The server's answer for each item: its id, or why there is none.
    Items {
        subscription: u32,
        results: Vec<(u32, Result<u32, StatusCode>)>,
        /// Slots that are sampled less often, or have a shorter queue, than asked.
        revised: Vec<u32>,
        /// When it answered, by its clock.
        time: Timestamp,
    },
    /// The server tells of changes of its model, or why it does not.
    Watch(Result<Place, StatusCode>),
    /// Without a subscription there are no items: why, and which.
    Failed {
        slots: Vec<u32>,
        status: StatusCode,
    },
    Finding(Finding),
    /// Whether the server tells the conditions of this subscription again.
    Refreshed {
        subscription: u32,
        answer: Result<(), StatusCode>,
    },
    /// Nothing more comes of the order.
    Done,
    /// Values that are read once, by slot.
    Read(Vec<(u32, Vec<u8>)>),
    /// All of them were read, or why not.
    ReadDone(Result<(), StatusCode>),
}
