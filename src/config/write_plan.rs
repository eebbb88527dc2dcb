//! What may be written to machines, by whom, and within which bounds: deny by default, one entry for each node.

use super::plan::Secret;
use crate::model::BuiltInType;
use std::time::Duration;

/// Everything that the configuration says about commands to machines. The default: nothing is written.
#[derive(Clone, Debug)]
pub struct Writes {
    pub access: Access,
    /// How far a sender's clock, or a server's, may be from this machine's.
    pub clock_skew: Duration,
    pub entries: Vec<WritePlan>,
    pub senders: Vec<Sender>,
    /// Bytes the audit may take on disk; the oldest records go, and that is told in it.
    pub audit: u64,
    /// Records of the audit that are older go; `None`: none do.
    pub audit_age: Option<Duration>,
}

impl Default for Writes {
    fn default() -> Self {
        Self {
            access: Access::AsListed,
            clock_skew: Duration::from_secs(2),
            entries: Vec::new(),
            senders: Vec::new(),
            audit: 256 << 20,
            audit_age: None,
        }
    }
}

impl Writes {
    /// Paths of what an application may set at a device of ours.
    #[must_use]
    pub fn settable(&self, at: u16, of: &str) -> Vec<String> {
        let path = |from: &CommandSource| match from {
            CommandSource::NcLink { connection, device, path } if *connection == at && device == of => {
                Some(path.clone())
            }
            _ => None,
        };
        self.entries.iter().filter_map(|entry| path(&entry.from)).collect()
    }

    /// Connections to the OPC UA servers that may be written to; some more than once.
    pub fn machines(&self) -> impl Iterator<Item = u16> {
        let is_server = |to: &WriteTarget| matches!(to, WriteTarget::Node { .. } | WriteTarget::Method { .. });
        self.entries.iter().map(|entry| &entry.to).filter(move |to| is_server(to)).map(WriteTarget::connection)
    }
}

/// Whether the entries count at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// What an entry allows is written.
    AsListed,
    /// Nothing is written, whatever the entries say.
    ReadOnly,
}

/// One thing that may be commanded: one node, one method, one topic.
#[derive(Clone, Debug)]
pub struct WritePlan {
    /// Stands in topics, the audit and metrics; unique.
    pub name: String,
    pub from: CommandSource,
    pub to: WriteTarget,
    pub takes: Takes,
    pub rate: Rate,
    /// Whoever has one of them may command it. Never empty.
    pub roles: Vec<String>,
    /// Last day it holds, `YYYY-MM-DD`, UTC.
    pub until: Option<String>,
    pub interlock: Option<Interlock>,
    pub read_back: Option<ReadBack>,
    /// Longest time between a command's making and its sending.
    pub ttl: Duration,
    /// Every command has to say which value it expects to find.
    pub needs_expected: bool,
}

/// Where the commands of an entry come from. Connections are indexes into [`super::plan::Plan::connections`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CommandSource {
    /// Messages on this topic; replies go where the command says, else to `reply`.
    Topic { connection: u16, topic: String, reply: String },
    /// NC-Link `Set/Request` to a device that this gateway plays.
    NcLink { connection: u16, device: String, path: String },
    /// Clients that write or call on the gateway's own OPC UA server.
    Face { connection: u16 },
}

impl CommandSource {
    #[must_use]
    pub fn connection(&self) -> u16 {
        match self {
            Self::Topic { connection, .. } | Self::NcLink { connection, .. } | Self::Face { connection } => *connection,
        }
    }
}

/// What is written. Node ids with namespace URI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WriteTarget {
    /// The attribute Value of a node, and nothing but it.
    Node {
        connection: u16,
        node: String,
    },
    Method {
        connection: u16,
        object: String,
        method: String,
    },
    /// A command message of the same form on another topic.
    Topic {
        connection: u16,
        topic: String,
    },
    /// NC-Link `Set/Request` to a device.
    NcLink {
        connection: u16,
        device: String,
        path: String,
    },
}

impl WriteTarget {
    #[must_use]
    pub fn connection(&self) -> u16 {
        match self {
            Self::Node { connection, .. }
            | Self::Method { connection, .. }
            | Self::Topic { connection, .. }
            | Self::NcLink { connection, .. } => *connection,
        }
    }

    /// Tells apart what is written: commands to one of them go one after the other.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Node { connection, node } => format!("{connection} {node}"),
            Self::Method { connection, object, method } => format!("{connection} {object} {method}"),
            Self::Topic { connection, topic } => format!("{connection} {topic}"),
            Self::NcLink { connection, device, path } => format!("{connection} {device} {path}"),
        }
    }
}

/// What a command carries.
#[derive(Clone, Debug)]
pub enum Takes {
    Value {
        rule: ValueRule,
        /// Farthest from the value that is there; only of one number.
        max_change: Option<Quantity>,
    },
    /// Of a method, in its order; all of them are needed.
    Arguments(Vec<Argument>),
}

#[derive(Clone, Debug)]
pub struct Argument {
    pub name: String,
    pub rule: ValueRule,
}

/// Which values may be written: of exactly this type, never coerced.
#[derive(Clone, Debug)]
pub struct ValueRule {
    /// One of [`WRITABLE`].
    pub kind: BuiltInType,
    /// Empty: one value. One number: an array of exactly so many. More: a matrix.
    pub dimensions: Vec<u32>,
    /// Bounds of every element, themselves allowed; of numbers and lengths only.
    pub min: Option<Quantity>,
    pub max: Option<Quantity>,
    /// Values stand this far apart, counted from `min`, else from 0.
    pub step: Option<Quantity>,
    /// Only these; empty: any.
    pub one_of: Vec<Literal>,
    /// Characters of a text, bytes of a byte string.
    pub max_length: u32,
}

/// The built-in types that can be written: what JSON can carry without loss, and a machine take without interpretation.
pub const WRITABLE: [(&str, BuiltInType); 16] = [
    ("boolean", BuiltInType::Boolean),
    ("sbyte", BuiltInType::SByte),
    ("byte", BuiltInType::Byte),
    ("int16", BuiltInType::Int16),
    ("uint16", BuiltInType::UInt16),
    ("int32", BuiltInType::Int32),
    ("uint32", BuiltInType::UInt32),
    ("int64", BuiltInType::Int64),
    ("uint64", BuiltInType::UInt64),
    ("float", BuiltInType::Float),
    ("double", BuiltInType::Double),
    ("string", BuiltInType::String),
    ("date-time", BuiltInType::DateTime),
    ("guid", BuiltInType::Guid),
    ("byte-string", BuiltInType::ByteString),
    ("localized-text", BuiltInType::LocalizedText),
];

/// A number as it was written: whole ones exactly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Quantity {
    Whole(i128),
    Real(f64),
}

/// A value as the configuration writes it, compared with one of a machine.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    Bool(bool),
    Number(Quantity),
    Text(String),
}

/// So many commands in so long; as many at once as `count`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    pub count: u32,
    pub per: Duration,
}

/// A node of the same server that must hold a value, at the moment of the write.
#[derive(Clone, Debug)]
pub struct Interlock {
    pub node: String,
    pub equals: Literal,
}

/// After the write the value is read until it is there.
#[derive(Clone, Copy, Debug)]
pub struct ReadBack {
    pub within: Duration,
    /// Of numbers: how far off is still it.
    pub tolerance: f64,
}

/// Who may command.
#[derive(Clone, Debug)]
pub struct Sender {
    pub name: String,
    pub roles: Vec<String>,
    pub proof: Proof,
}

/// How a sender is known.
#[derive(Clone, Debug)]
pub enum Proof {
    /// Its commands carry an HMAC-SHA-256 made with this key.
    Key(Secret),
    /// It is whoever may publish on the topic, at this connection.
    WhoeverMayPublish { connection: u16 },
    /// It is this user of the gateway's own OPC UA server.
    FaceUser { user: String },
}

/// As the configuration writes it: `6/1m`.
impl std::fmt::Display for Rate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.count, super::scalar::Period(self.per))
    }
}
