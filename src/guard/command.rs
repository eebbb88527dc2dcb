//! What a command says.

use super::value::Value;
use crate::model::Timestamp;
use std::time::Duration;

/// A UUID; not the nil one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CommandId(pub [u8; 16]);

/// Where a command came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// By a topic of this connection.
    Topic { connection: u16, is_retained: bool },
    /// As NC-Link `Set/Request` at this connection.
    NcLink { connection: u16, is_retained: bool },
    /// From a client of the gateway's own OPC UA server; `None`: an anonymous one.
    Face { connection: u16, user: Option<String> },
}

/// What it wants.
#[derive(Clone, Debug)]
pub enum Body {
    Value(Value),
    /// In the order of the entry.
    Arguments(Vec<Value>),
}

/// A command, readable and typed; nothing is decided about it.
#[derive(Clone, Debug)]
pub struct Command {
    /// Index into [`crate::config::plan::Writes::entries`].
    pub entry: usize,
    pub id: CommandId,
    pub issued: Timestamp,
    /// Its own time to live, if it gave one.
    pub ttl: Option<Duration>,
    pub body: Body,
    /// The value that has to be there, or it is not done.
    pub expected: Option<Value>,
    /// Who it says it is from.
    pub sender: Option<String>,
    pub(super) mac: Option<[u8; 32]>,
    /// What the code of the sender is made over.
    pub(super) signed: Vec<u8>,
}
