//! From the stages to the spool: what is to be sent, and what the source is owed for it.

use super::topic::TopicName;
use std::ops::Range;
use std::sync::Arc;

/// What a source is owed. Not `Clone`: it is acknowledged at most once, and only inside a receipt of the spool.
#[derive(Debug)]
#[must_use = "a pending that is dropped is a message never acknowledged"]
pub struct Pending {
    /// Index of the source's connection in the plan.
    pub source: u16,
    /// The session it belongs to; a receipt of an older one is worthless.
    pub epoch: u64,
    /// What to acknowledge, in the source's own words.
    pub key: AckKey,
}

/// What to acknowledge, in the source's own words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AckKey {
    /// OPC UA: one notification message of one subscription.
    Notification { subscription: u32, sequence: u32 },
    /// MQTT: one PUBLISH with QoS 1, and whether its sender is told that it was refused.
    Publish { packet: u16, refusal: Option<Refusal> },
}

/// What the sender of a message is told that was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It cannot be read (MQTT 5.0 §3.4.2.1: payload format invalid, 0x99).
    Unreadable,
    /// It can be read and breaks its schema (implementation specific error, 0x83).
    Invalid,
}

/// How safe a message is once a receipt says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// In the memory of this process; lost with it.
    Accepted,
    /// On disk.
    Durable,
}

/// Who keeps which messages of a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TopicKind {
    /// Retained by the broker; only the newest is kept and sent.
    State,
    /// Every message is kept and sent, none retained.
    Log,
}

/// What an MQTT 5 publish carries beside its payload; the same for all messages of one flow that are not marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageProperties {
    /// Content type, such as `application/json`.
    pub content_type: String,
    /// Profile id without version, such as `umati/machine-tool`.
    pub profile: String,
    /// Version of the profile's schema, such as `1.02`.
    pub schema_version: String,
    /// Its values are past: read from the source's history after a gap.
    pub is_back_filled: bool,
    /// It holds a value that came back after this gateway had written it.
    pub is_echo: bool,
    /// A broker had sent some of its values before; an earlier run may have passed them on.
    pub is_repeated: bool,
}

/// One message for one sink; its bytes lie in its transaction.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Index of the flow in the plan, `u16::MAX` for the gateway's own messages.
    pub flow: u16,
    /// Index of the sink's connection in the plan.
    pub sink: u16,
    pub topic: Arc<TopicName>,
    pub kind: TopicKind,
    /// 0 or 1.
    pub qos: u8,
    pub properties: Option<Arc<MessageProperties>>,
    pub payload: Range<u32>,
    /// How many source values it carries, for the conservation count.
    pub values: u32,
}

/// What one batch became: goes to the spool whole, and owns what the source is owed.
#[derive(Debug, Default)]
pub struct Transaction {
    pub bytes: Vec<u8>,
    pub deliveries: Vec<Delivery>,
    pub pending: Option<Pending>,
    /// Index of the source's connection in the plan: what it is owed later stands for this too. `None`: nobody's, or said by
    /// `pending`.
    pub source: Option<u16>,
}
