//! What was commanded, on disk before it goes to a machine: the journal of commands and the audit beside it.
//!
//! received → decided → **audited and journalled** → sent → result or unknown. [`Journal::begin`] returns when both are on
//! disk, and its [`Ticket`] is what may be sent. A command of which no result is on disk when the journal is opened may have
//! been sent: its outcome is *unknown*, that is recorded, and it is never sent again. No audit, no ticket.
//!
//! Calls wait for the disk: they are made from a thread of their own.
//!
//! | module | holds |
//! |---|---|
//! | `commands` | the journal's segments: which ids were used, and how each command ended |
//! | [`audit`] | the chain of records |
//! | `flood` | refusals that come too often to stand one by one |
//! | `facts` | what stands in the records |
//! | [`switch`] | the local switch |

pub mod audit;
mod commands;
mod facts;
mod flood;
pub mod switch;
mod table;
#[cfg(test)]
mod tests;

use crate::config::plan::{WriteTarget, Writes};
use crate::guard::{Command, CommandId, Known, Outcome, Permit, Refusal, Refused};
use crate::model::Timestamp;
use crate::port::Disk;
use audit::Audit;
use commands::{Commands, Record};
use flood::{Flood, Told};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use table::Table;

/// The journal of commands, and the audit.
#[derive(Debug)]
pub struct Journal {
    data_dir: PathBuf,
    commands: Commands,
    audit: Audit,
    table: Table,
    flood: Flood,
    /// Targets with a command under way.
    busy: BTreeMap<String, CommandId>,
    /// Ends that are known here and not on disk yet, oldest first.
    owed: VecDeque<Owed>,
    next: u64,
}

/// What the journal and the audit may take.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Ids are kept so long: not shorter than a broker keeps a session, and a command its time to live.
    pub keep: Duration,
    /// Bytes of the audit.
    pub audit: u64,
    pub audit_age: Option<Duration>,
    /// Bytes of one segment of the journal.
    pub segment: u64,
}

impl Settings {
    /// As the configuration says.
    #[must_use]
    pub fn of(writes: &Writes) -> Self {
        let ttl = writes.entries.iter().map(|entry| entry.ttl).max().unwrap_or_default();
        Self { keep: KEEP.max(ttl), audit: writes.audit, audit_age: writes.audit_age, segment: 1 << 20 }
    }
}

/// Ends this close to the last one, in ticks, are told again: an answer that came twice harms nobody.
const TOLD_AGAIN: i64 = 10 * 10_000_000;

/// A day; brokers keep the sessions of qiao no longer.
const KEEP: Duration = Duration::from_secs(86_400);

/// Where the answer to a command goes; kept, so that it can be given after a crash.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyTo {
    pub connection: u16,
    pub topic: String,
    /// Correlation data.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub correlation: Vec<u8>,
}

/// A command as it lies in the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Journalled {
    id: String,
    sequence: u64,
    /// Ticks.
    at: i64,
    entry: String,
    target: String,
    sender: String,
    /// [`Command::digest`], hexadecimal.
    digest: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reply_to: Option<ReplyTo>,
    /// Number of its record in the audit.
    audit: u64,
}

#[derive(Clone, Debug)]
struct Owed {
    id: CommandId,
    entry: String,
    outcome: Outcome,
    at: Timestamp,
    is_audited: bool,
}

/// A command whose result a process before this one did not learn.
#[derive(Clone, Debug)]
pub struct InDoubt {
    pub id: CommandId,
    /// Name of the entry.
    pub entry: String,
    pub reply_to: Option<ReplyTo>,
    /// What is told: as a rule unknown.
    pub outcome: Outcome,
}

/// An open journal, and what it found.
#[derive(Debug)]
pub struct Opened {
    pub journal: Journal,
    /// Recorded by now; their senders are still to be told.
    pub in_doubt: Vec<InDoubt>,
    /// Ended shortly before the last process did: it may not have come to tell their senders.
    pub untold: Vec<InDoubt>,
    /// Places of the journal that could not be read: what stood there may have been sent.
    pub damaged: u64,
}

/// A command that is journalled: it may be sent, once. Every ticket is to be ended.
#[must_use]
#[derive(Debug)]
pub struct Ticket {
    permit: Permit,
    entry: String,
    target: String,
    /// Rises from command to command: the order in which they reach one target.
    sequence: u64,
}

/// Why nothing could be recorded.
#[derive(Debug, thiserror::Error)]
#[error("QIAO-A001 {}: the journal of commands cannot be written: {error}; writes to machines are off", path.display())]
pub struct JournalError {
    pub path: PathBuf,
    pub error: io::Error,
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

impl NotBegun {
    /// What the sender is told.
    #[must_use]
    pub fn refusal(&self, id: &CommandId) -> Refusal {
        match self {
            Self::Busy => Refusal::Busy,
            Self::TooMany => Refusal::TooMany,
            Self::Known => Refusal::UnderWay { id: id.to_string() },
            Self::Disk(_) => Refusal::NotRecorded,
        }
    }
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
    /// Opens `data_dir/commands` and `data_dir/audit`. What is in doubt is recorded as unknown before it returns.
    pub fn open(
        disk: Arc<dyn Disk>,
        data_dir: &Path,
        settings: Settings,
        now: Timestamp,
    ) -> Result<Opened, JournalError> {
        let wrap = |error| JournalError { path: data_dir.to_owned(), error };
        Self::opened(disk, data_dir, settings, now).map_err(wrap)
    }

    fn opened(disk: Arc<dyn Disk>, data_dir: &Path, settings: Settings, now: Timestamp) -> io::Result<Opened> {
        let (commands, found) = Commands::open(Arc::clone(&disk), data_dir.join("commands"), settings.segment)?;
        let mut table = Table::new(settings.keep);
        let (mut told, mut next) = (0, 1);
        let mut open: BTreeMap<u64, Journalled> = BTreeMap::new();
        let mut ended: VecDeque<(i64, Journalled, Outcome)> = VecDeque::new();
        for record in found.records {
            match record {
                Record::Begin(begun) => {
                    (told, next) = (told.max(begun.audit), next.max(begun.sequence + 1));
                    table.begin(&begun);
                    open.insert(begun.sequence, begun);
                }
                Record::End { id, at, outcome } => {
                    let begun = open.values().find(|begun| begun.id == id).map(|begun| begun.sequence);
                    if let Some(begun) = begun.and_then(|sequence| open.remove(&sequence)) {
                        ended.push_back((at, begun, outcome.clone()));
                    }
                    while ended.front().is_some_and(|(ended, ..)| at.saturating_sub(*ended) > TOLD_AGAIN) {
                        ended.pop_front();
                    }
                    table.end(&id, Timestamp(at), outcome);
                }
            }
        }
        let limits = (settings.audit, settings.audit_age);
        let audit = Audit::open(Arc::clone(&disk), data_dir.join("audit"), limits, told, now)?;
        let (busy, owed, flood) = (BTreeMap::new(), VecDeque::new(), Flood::default());
        let data_dir = data_dir.to_owned();
        let mut journal = Self { data_dir, commands, audit, table, flood, busy, owed, next };
        journal.revoke(now)?;
        let in_doubt = journal.resolve(&*disk, open.into_values().collect(), now)?;
        if found.damaged > 0 {
            journal.audit.append("journal-damaged", facts::count(found.damaged), now)?;
        }
        let untold = ended.into_iter().filter_map(|(_, begun, outcome)| {
            let id = CommandId::parse(&begun.id)?;
            Some(InDoubt { id, entry: begun.entry, reply_to: begun.reply_to, outcome })
        });
        let untold = untold.collect();
        Ok(Opened { journal, in_doubt, untold, damaged: found.damaged })
    }

    /// The audit has a command that the journal never had: it was not sent. It is the last record: nothing is recorded
    /// between the two.
    fn revoke(&mut self, now: Timestamp) -> io::Result<()> {
        let Some((id, entry)) = self.audit.last_line().and_then(facts::begun_of) else { return Ok(()) };
        if self.table.known(&id).is_none() {
            self.settle(id, &entry, Refusal::NotRecorded.outcome(), now);
        }
        self.pay()
    }

    /// Ends what is open: as the audit says, where it has the end, else as unknown.
    fn resolve(&mut self, disk: &dyn Disk, open: Vec<Journalled>, now: Timestamp) -> io::Result<Vec<InDoubt>> {
        let mut ends = BTreeMap::new();
        if !open.is_empty() {
            audit::read(disk, &self.data_dir, |line| ends.extend(facts::end_of(&line)))?;
        }
        let mut in_doubt = Vec::new();
        for begun in open {
            let Some(id) = CommandId::parse(&begun.id) else { continue };
            let known = ends.remove(&begun.id);
            let is_audited = known.is_some();
            let outcome = known.unwrap_or_else(|| Outcome::unknown("QIAO-W042", &[]));
            let owed = Owed { id, entry: begun.entry.clone(), outcome: outcome.clone(), at: now, is_audited };
            self.table.end(&begun.id, now, outcome.clone());
            self.owed.push_back(owed);
            in_doubt.push(InDoubt { id, entry: begun.entry, reply_to: begun.reply_to, outcome });
        }
        self.pay()?;
        Ok(in_doubt)
    }

    /// What is known of an id.
    #[must_use]
    pub fn known(&self, id: &CommandId) -> Option<Known> {
        self.table.known(id)
    }

    /// Time of the newest record, or [`Timestamp::NONE`]: no clock that is right is behind it.
    #[must_use]
    pub fn latest(&self) -> Timestamp {
        self.audit.newest().max(self.table.newest())
    }

    /// Commands that are known, with their entries, oldest first: for the rates.
    pub fn recent(&self) -> impl Iterator<Item = (&str, Timestamp)> {
        self.table.recent()
    }

    /// Number and hash of the last record of the audit.
    #[must_use]
    pub fn mark(&self) -> audit::Mark {
        self.audit.last()
    }

    /// Whether all that was to be recorded is on disk.
    #[must_use]
    pub fn is_writable(&self) -> bool {
        self.owed.is_empty()
    }

    /// Tries again what could not be written, and tells refusals that were only counted. Call it once a second.
    pub fn tick(&mut self, now: Timestamp) -> Result<(), JournalError> {
        self.paid()?;
        for told in self.flood.due(now) {
            self.audit.append("refused-more", facts::more(&told), now).map_err(|error| self.wrap(error))?;
        }
        Ok(())
    }

    /// Records that the command is about to be sent, in the audit and the journal, durably. One at a time for each target.
    pub fn begin(
        &mut self,
        permit: Permit,
        target: &WriteTarget,
        entry: &str,
        reply_to: Option<ReplyTo>,
        now: Timestamp,
    ) -> Result<Ticket, NotBegun> {
        let target = target.key();
        let id = permit.command().id;
        if self.table.known(&id).is_some() {
            return Err(NotBegun::Known);
        }
        if self.busy.contains_key(&target) {
            return Err(NotBegun::Busy);
        }
        self.paid()?;
        let (forgotten, has_room) = self.table.make_room(now);
        if let Some(before) = forgotten {
            self.commands.forget(before.0);
        }
        if !has_room {
            return Err(NotBegun::TooMany);
        }
        let facts = facts::before(&permit, entry, &target);
        let audit = self.audit.append("before", facts, now).map_err(|error| self.wrap(error))?;
        let begun = Journalled {
            id: id.to_string(),
            sequence: self.next,
            at: now.0,
            entry: entry.to_owned(),
            target: target.clone(),
            sender: permit.actor().name.clone(),
            digest: audit::line::hex(&permit.command().digest()),
            reply_to,
            audit,
        };
        self.next += 1;
        self.table.begin(&begun);
        if let Err(error) = self.commands.append(&[Record::Begin(begun.clone())]) {
            // What the disk kept of it must not count: it is ended as what it is, not sent.
            let outcome = Refusal::NotRecorded.outcome();
            self.settle(id, entry, outcome, now);
            return Err(self.wrap(error).into());
        }
        self.busy.insert(target.clone(), id);
        Ok(Ticket { permit, entry: entry.to_owned(), target, sequence: begun.sequence })
    }

    /// Records how it ended, durably. Whatever the disk says, the id stays known and the command is not sent again; what
    /// could not be written is written later, and no command begins before it is.
    pub fn end(&mut self, ticket: Ticket, outcome: &Outcome, now: Timestamp) -> Result<(), JournalError> {
        self.busy.remove(&ticket.target);
        self.settle(ticket.permit.command().id, &ticket.entry, outcome.clone(), now);
        self.paid()
    }

    fn settle(&mut self, id: CommandId, entry: &str, outcome: Outcome, at: Timestamp) {
        self.table.end(&id.to_string(), at, outcome.clone());
        self.owed.push_back(Owed { id, entry: entry.to_owned(), outcome, at, is_audited: false });
    }

    /// Records a refusal. `command`: what was refused, when it could be read; its sender is given the same answer again.
    pub fn refused(
        &mut self,
        entry: &str,
        command: Option<&Command>,
        refused: &Refused,
        now: Timestamp,
    ) -> Result<(), JournalError> {
        if let Some(command) = command.filter(|_| refused.refusal.is_of_a_proven_sender()) {
            self.table.refuse(command, refused.refusal.outcome());
        }
        self.paid()?;
        match self.flood.of(entry, refused.refusal.code(), now) {
            Told::Each => {
                let facts = facts::refused(entry, command, refused);
                self.audit.append("refused", facts, now).map(|_| ()).map_err(|error| self.wrap(error))
            }
            Told::Counted => Ok(()),
        }
    }

    /// Records what happens beside commands.
    pub fn note(&mut self, event: &Event, now: Timestamp) -> Result<(), JournalError> {
        self.paid()?;
        let (kind, facts) = facts::event(event);
        self.audit.append(kind, facts, now).map(|_| ()).map_err(|error| self.wrap(error))
    }

    fn paid(&mut self) -> Result<(), JournalError> {
        self.pay().map_err(|error| self.wrap(error))
    }

    /// Writes what is owed: first what the audit has to say, for it is the witness, then the end in the journal.
    fn pay(&mut self) -> io::Result<()> {
        while let Some(owed) = self.owed.front_mut() {
            if !owed.is_audited {
                self.audit.append("after", facts::after(owed), owed.at)?;
                owed.is_audited = true;
            }
            let outcome = facts::short(&owed.outcome);
            self.commands.append(&[Record::End { id: owed.id.to_string(), at: owed.at.0, outcome }])?;
            self.owed.pop_front();
        }
        Ok(())
    }

    fn wrap(&self, error: io::Error) -> JournalError {
        JournalError { path: self.data_dir.clone(), error }
    }
}

impl Ticket {
    pub fn permit(&self) -> &Permit {
        &self.permit
    }

    #[must_use]
    pub fn sequence(&self) -> u64 {
        self.sequence
    }
}
