//! Whether a command may be done.

use super::command::{Command, CommandId, Origin};
use super::outcome::Outcome;
use super::refusal::{Refusal, Refused};
use super::value::Value;
use crate::config::plan::{WritePlan, Writes};
use crate::model::{BuiltInType, Now, StatusCode, Timestamp};
use std::time::Duration;

/// Who commands, proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Name of the sender in the configuration.
    pub name: String,
}

/// What the journal knows of an id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// [`Command::digest`] of the command that used it.
    pub digest: [u8; 32],
    /// `None`: it is under way.
    pub outcome: Option<Outcome>,
}

/// Whether something may go on.
#[derive(Clone, Debug)]
pub enum Verdict<T> {
    Go(T),
    Refuse(Refusal),
    /// It was decided before: this was the outcome, and it is told again.
    Repeat(Outcome),
}

/// A command whose sender may give it; what the machine holds is not looked at yet.
#[derive(Clone, Debug)]
pub struct Admitted {
    command: Command,
    actor: Actor,
}

/// What must be read before the decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs {
    /// The node's data type and dimensions, and that it can be written.
    pub kind: bool,
    /// The value of the node.
    pub present: bool,
    /// The value of the interlock.
    pub interlock: bool,
}

/// A value as it was read.
#[derive(Clone, Debug)]
pub enum Reading {
    NotRead,
    Good(Value),
    /// Uncertain, bad, or not to be had.
    Not(StatusCode),
}

/// What is known at the moment of the decision.
#[derive(Clone, Debug)]
pub struct Facts {
    pub now: Now,
    /// How far this machine's clock is from those it was compared with; `None`: it was compared with none.
    pub clock_off: Option<Duration>,
    /// The local switch forbids every write.
    pub is_switched_off: bool,
    /// Journal and audit can be written.
    pub is_recorded: bool,
    /// There is a connection to the machine.
    pub is_connected: bool,
    /// Type and dimensions of the node as its server says; no dimensions: one value. `None` where there is no node.
    pub kind: Option<(BuiltInType, Vec<u32>)>,
    pub present: Reading,
    pub interlock: Reading,
}

/// Leave to send one command once. Only [`Guard::decide`] makes one, only the journal takes one.
#[must_use]
#[derive(Debug)]
pub struct Permit {
    command: Command,
    actor: Actor,
    present: Option<Value>,
}

/// The rules of the configuration, and how often each was used.
#[derive(Debug)]
pub struct Guard {
    writes: Writes,
    gateway: String,
    /// When this gateway began to listen: older commands are none of ours.
    began: Timestamp,
}

impl Guard {
    /// `began`: the time now; what was issued before it is refused.
    #[must_use]
    pub fn new(writes: Writes, gateway: &str, began: Timestamp) -> Self {
        Self { writes, gateway: gateway.to_owned(), began }
    }

    #[must_use]
    pub fn entry(&self, entry: usize) -> Option<&WritePlan> {
        self.writes.entries.get(entry)
    }

    /// Reads the message of a command for an entry.
    pub fn read(&self, _entry: usize, _bytes: &[u8]) -> Result<Command, Box<Refused>> {
        Err(Box::new(Refused { id: None, sender: None, refusal: Refusal::ReadOnly }))
    }

    /// A command that came without an envelope: its value as JSON, or its arguments as a JSON object; issued when it
    /// arrived.
    pub fn bare(&self, _entry: usize, id: CommandId, _json: &[u8], _arrived: Timestamp) -> Result<Command, Box<Refused>> {
        Err(Box::new(Refused { id: Some(id), sender: None, refusal: Refusal::ReadOnly }))
    }

    /// Sender, role, replay, time: everything that can be said without asking the machine.
    pub fn admit(&self, _command: Command, _origin: &Origin, _known: Option<&Known>, _now: Now) -> Verdict<Admitted> {
        Verdict::Refuse(Refusal::ReadOnly)
    }

    /// The last word. Counts against the entry's rate when it is a yes.
    pub fn decide(&mut self, _admitted: Admitted, _facts: &Facts) -> Verdict<Permit> {
        Verdict::Refuse(Refusal::ReadOnly)
    }
}

impl Admitted {
    #[must_use]
    pub fn command(&self) -> &Command {
        &self.command
    }

    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    #[must_use]
    pub fn needs(&self, _guard: &Guard) -> Needs {
        Needs { kind: true, present: true, interlock: true }
    }
}

impl Permit {
    #[must_use]
    pub fn command(&self) -> &Command {
        &self.command
    }

    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// What the machine held when it was decided, if that was read.
    #[must_use]
    pub fn present(&self) -> Option<&Value> {
        self.present.as_ref()
    }
}
