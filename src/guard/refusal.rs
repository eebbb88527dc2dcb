//! Every reason for which a command is refused, each with its code.

use super::command::CommandId;
use super::outcome::{Outcome, OutcomeKind};
use crate::finding::Finding;

/// Why a command is refused. Nothing was changed at the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No JSON of ours: broken, too large, too deep, a name twice.
    NotReadable {
        fault: &'static str,
        at: usize,
    },
    UnknownMember {
        name: String,
        nearest: String,
    },
    MissingMember {
        name: String,
    },
    /// A member that is not what it has to be: `expected` chooses the text.
    Malformed {
        name: String,
        expected: &'static str,
    },
    /// It was kept by the broker: nobody knows for how long.
    Retained,
    /// No entry of the configuration allows it.
    NoEntry {
        what: String,
    },
    /// Nobody of this name may command, or nobody was named.
    UnknownSender {
        name: String,
    },
    /// Its sender signs, and this one carries no code.
    NotSigned {
        name: String,
    },
    /// The code does not fit.
    WrongCode {
        name: String,
    },
    WrongRole {
        name: String,
        roles: String,
    },
    Expired {
        late: String,
        ttl: String,
    },
    FromTheFuture {
        ahead: String,
        skew: String,
    },
    /// The clock of this machine is not to be relied on.
    ClockUnsure {
        off: String,
        skew: String,
    },
    /// It was made before this gateway began to listen.
    BeforeStart,
    /// The id was used for another command.
    IdUsed {
        id: String,
    },
    /// The command with this id is under way.
    UnderWay {
        id: String,
    },
    EntryOver {
        until: String,
    },
    /// The configuration says read-only.
    ReadOnly,
    /// The local switch is off.
    SwitchedOff,
    /// The journal or the audit cannot be written.
    NotRecorded,
    /// There is no connection to the machine: no command waits for one.
    NotConnected {
        connection: String,
    },
    WrongType {
        name: String,
        expected: String,
        found: String,
    },
    /// Beyond what the type can hold.
    BeyondType {
        name: String,
        value: String,
        kind: String,
    },
    /// The type cannot hold it exactly.
    NotExact {
        name: String,
        value: String,
        kind: String,
    },
    WrongShape {
        name: String,
        expected: String,
        found: String,
    },
    OutOfRange {
        name: String,
        value: String,
        min: String,
        max: String,
    },
    OffStep {
        name: String,
        value: String,
        step: String,
    },
    NotListed {
        name: String,
        value: String,
        known: String,
    },
    TooLong {
        name: String,
        length: String,
        limit: String,
    },
    TooFar {
        value: String,
        present: String,
        most: String,
    },
    /// The value that is there could not be read, or is not good.
    PresentUnknown {
        status: String,
    },
    /// Something else is there than the command expects.
    NotExpected {
        expected: String,
        present: String,
    },
    NothingExpected,
    Interlock {
        node: String,
        present: String,
        needed: String,
    },
    InterlockUnknown {
        node: String,
        status: String,
    },
    TooFast {
        rate: String,
    },
    /// The node is not of the type that the entry says.
    NodeOfOtherType {
        node: String,
        expected: String,
        found: String,
    },
    /// Another command to the same node is under way.
    Busy,
    TtlTooLong {
        ttl: String,
        limit: String,
    },
    /// The journal holds as many ids as it may, and none is old enough to go.
    TooMany,
    /// The machine itself did not take it.
    ByMachine {
        status: String,
    },
    /// Where it wants its answer is no place for one.
    ReplyTopic {
        topic: String,
    },
    /// So many wait for the same target.
    QueueFull {
        count: String,
    },
    /// A loop was stopped; `file` is to be taken away by a human.
    LoopStopped {
        file: String,
    },
    /// The gateway is being stopped.
    Stopping,
    /// The server lets nobody write the node, or not this gateway.
    NotWritable {
        node: String,
        status: String,
    },
}

/// A refused command, as far as it could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub id: Option<CommandId>,
    pub sender: Option<String>,
    pub refusal: Refusal,
}

impl Refusal {
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotReadable { .. } => "QIAO-W001",
            Self::UnknownMember { .. } => "QIAO-W002",
            Self::MissingMember { .. } => "QIAO-W003",
            Self::Malformed { .. } => "QIAO-W004",
            Self::Retained => "QIAO-W005",
            Self::NoEntry { .. } => "QIAO-W006",
            Self::UnknownSender { .. } => "QIAO-W007",
            Self::NotSigned { .. } => "QIAO-W008",
            Self::WrongCode { .. } => "QIAO-W009",
            Self::WrongRole { .. } => "QIAO-W010",
            Self::Expired { .. } => "QIAO-W011",
            Self::FromTheFuture { .. } => "QIAO-W012",
            Self::ClockUnsure { .. } => "QIAO-W013",
            Self::BeforeStart => "QIAO-W014",
            Self::IdUsed { .. } => "QIAO-W015",
            Self::UnderWay { .. } => "QIAO-W016",
            Self::EntryOver { .. } => "QIAO-W017",
            Self::ReadOnly => "QIAO-W018",
            Self::SwitchedOff => "QIAO-W019",
            Self::NotRecorded => "QIAO-W020",
            Self::NotConnected { .. } => "QIAO-W021",
            Self::WrongType { .. } => "QIAO-W022",
            Self::BeyondType { .. } => "QIAO-W023",
            Self::NotExact { .. } => "QIAO-W024",
            Self::WrongShape { .. } => "QIAO-W025",
            Self::OutOfRange { .. } => "QIAO-W026",
            Self::OffStep { .. } => "QIAO-W027",
            Self::NotListed { .. } => "QIAO-W028",
            Self::TooLong { .. } => "QIAO-W029",
            Self::TooFar { .. } => "QIAO-W030",
            Self::PresentUnknown { .. } => "QIAO-W031",
            Self::NotExpected { .. } => "QIAO-W032",
            Self::NothingExpected => "QIAO-W033",
            Self::Interlock { .. } => "QIAO-W034",
            Self::InterlockUnknown { .. } => "QIAO-W035",
            Self::TooFast { .. } => "QIAO-W036",
            Self::NodeOfOtherType { .. } => "QIAO-W037",
            Self::Busy => "QIAO-W038",
            Self::TtlTooLong { .. } => "QIAO-W039",
            Self::TooMany => "QIAO-W040",
            Self::ByMachine { .. } => "QIAO-W041",
            Self::ReplyTopic { .. } => "QIAO-W053",
            Self::QueueFull { .. } => "QIAO-W054",
            Self::LoopStopped { .. } => "QIAO-W056",
            Self::Stopping => "QIAO-W058",
            Self::NotWritable { .. } => "QIAO-W063",
        }
    }

    /// Whether it was decided after the sender was proven, and for good: a repetition is given the same answer.
    #[must_use]
    pub fn is_of_a_proven_sender(&self) -> bool {
        let is_before = matches!(
            self,
            Self::NotReadable { .. }
                | Self::UnknownMember { .. }
                | Self::MissingMember { .. }
                | Self::Malformed { .. }
                | Self::Retained
                | Self::NoEntry { .. }
                | Self::UnknownSender { .. }
                | Self::NotSigned { .. }
                | Self::WrongCode { .. }
                | Self::ReplyTopic { .. }
        );
        // The first one is still there, or was another command.
        !is_before && !matches!(self, Self::IdUsed { .. } | Self::UnderWay { .. })
    }

    /// The facts of its text.
    #[must_use]
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        let own = |name: &'static str, fact: &str| (name, fact.to_owned());
        match self {
            Self::NotReadable { fault, at } => vec![own("fault", fault), ("at", at.to_string())],
            Self::UnknownMember { name, nearest } => vec![own("name", name), own("nearest", nearest)],
            Self::MissingMember { name } | Self::UnknownSender { name } => vec![own("name", name)],
            Self::NotSigned { name } | Self::WrongCode { name } => vec![own("name", name)],
            Self::Malformed { name, expected } => vec![own("name", name), own("expected", expected)],
            Self::NoEntry { what } => vec![own("what", what)],
            Self::WrongRole { name, roles } => vec![own("name", name), own("roles", roles)],
            Self::Expired { late, ttl } => vec![own("late", late), own("ttl", ttl)],
            Self::FromTheFuture { ahead, skew } => vec![own("ahead", ahead), own("skew", skew)],
            Self::ClockUnsure { off, skew } => vec![own("off", off), own("skew", skew)],
            Self::IdUsed { id } | Self::UnderWay { id } => vec![own("id", id)],
            Self::EntryOver { until } => vec![own("until", until)],
            Self::NotConnected { connection } => vec![own("connection", connection)],
            Self::WrongType { name, expected, found } | Self::WrongShape { name, expected, found } => {
                vec![own("name", name), own("expected", expected), own("found", found)]
            }
            Self::BeyondType { name, value, kind } | Self::NotExact { name, value, kind } => {
                vec![own("name", name), own("value", value), own("type", kind)]
            }
            Self::OutOfRange { name, value, min, max } => {
                vec![own("name", name), own("value", value), own("min", min), own("max", max)]
            }
            Self::OffStep { name, value, step } => vec![own("name", name), own("value", value), own("step", step)],
            Self::NotListed { name, value, known } => vec![own("name", name), own("value", value), own("known", known)],
            Self::TooLong { name, length, limit } => {
                vec![own("name", name), own("length", length), own("limit", limit)]
            }
            Self::TooFar { value, present, most } => {
                vec![own("value", value), own("present", present), own("most", most)]
            }
            Self::PresentUnknown { status } | Self::ByMachine { status } => vec![own("status", status)],
            Self::NotExpected { expected, present } => vec![own("expected", expected), own("present", present)],
            Self::Interlock { node, present, needed } => {
                vec![own("node", node), own("present", present), own("needed", needed)]
            }
            Self::InterlockUnknown { node, status } => vec![own("node", node), own("status", status)],
            Self::TooFast { rate } => vec![own("rate", rate)],
            Self::NodeOfOtherType { node, expected, found } => {
                vec![own("node", node), own("expected", expected), own("found", found)]
            }
            Self::TtlTooLong { ttl, limit } => vec![own("ttl", ttl), own("limit", limit)],
            Self::ReplyTopic { topic } => vec![own("topic", topic)],
            Self::QueueFull { count } => vec![own("count", count)],
            Self::LoopStopped { file } => vec![own("file", file)],
            Self::NotWritable { node, status } => vec![own("node", node), own("status", status)],
            Self::Stopping
            | Self::Retained
            | Self::BeforeStart
            | Self::ReadOnly
            | Self::SwitchedOff
            | Self::NotRecorded
            | Self::NothingExpected
            | Self::Busy
            | Self::TooMany => Vec::new(),
        }
    }

    /// As a finding; `place` is the entry.
    #[must_use]
    pub fn finding(&self, place: impl Into<String>) -> Finding {
        self.facts()
            .into_iter()
            .fold(Finding::error(self.code(), place), |finding, (name, fact)| finding.with(name, fact))
    }

    /// As an outcome.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        Outcome {
            kind: OutcomeKind::Refused,
            code: self.code().to_owned(),
            arguments: self.facts().into_iter().map(|(name, fact)| (name.to_owned(), fact)).collect(),
            value: None,
        }
    }
}
