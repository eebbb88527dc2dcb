//! What commands tell of themselves: counts by entry and outcome, and what forbids writing.

use super::super::status::{CommandsStatus, LastCommand, WriteStatus};
use crate::config::plan::Plan;
use crate::finding::Finding;
use crate::guard::{Outcome, OutcomeKind};
use crate::model::Timestamp;
use crate::port::LinkState;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// What all lives of the unit told; shared with whoever asks.
#[derive(Debug, Default)]
pub struct CommandFacts {
    entries: Mutex<BTreeMap<usize, Entry>>,
    /// Messages on command topics that no entry takes.
    pub strangers: AtomicU64,
    /// Journal or audit cannot be written.
    broken: Mutex<Option<String>>,
    /// What the file of the local switch says.
    switch: Mutex<Option<String>>,
    /// Links of the clients at brokers, by connection.
    links: Mutex<BTreeMap<u16, LinkState>>,
    /// Values that came back from a machine after our own write.
    pub echoes: AtomicU64,
    /// Commands are taken in.
    pub(super) is_taking: AtomicBool,
}

#[derive(Debug, Default)]
struct Entry {
    done: u64,
    refused: u64,
    unknown: u64,
    under_way: u64,
    /// The breaker is open, and since when.
    open_since: Option<Timestamp>,
    last: Option<LastCommand>,
}

impl CommandFacts {
    fn entry<T>(&self, entry: usize, change: impl FnOnce(&mut Entry) -> T) -> T {
        change(self.entries.lock().unwrap_or_else(PoisonError::into_inner).entry(entry).or_default())
    }

    pub(super) fn begun(&self, entry: usize) {
        self.entry(entry, |entry| entry.under_way += 1);
    }

    pub(super) fn ended(&self, entry: usize) {
        self.entry(entry, |entry| entry.under_way = entry.under_way.saturating_sub(1));
    }

    pub(super) fn outcome(
        &self,
        entry: usize,
        id: Option<String>,
        sender: Option<String>,
        outcome: &Outcome,
        now: Timestamp,
    ) {
        self.entry(entry, |entry| {
            let (count, word) = match outcome.kind {
                OutcomeKind::Done => (&mut entry.done, "done"),
                OutcomeKind::Refused => (&mut entry.refused, "refused"),
                OutcomeKind::Unknown => (&mut entry.unknown, "unknown"),
            };
            *count += 1;
            entry.last = Some(LastCommand {
                id: id.unwrap_or_default(),
                sender: sender.unwrap_or_default(),
                outcome: word.to_owned(),
                code: outcome.code.clone(),
                at: now.to_string(),
            });
        });
    }

    pub(super) fn breaker(&self, entry: usize, open_since: Option<Timestamp>) {
        self.entry(entry, |entry| entry.open_since = open_since);
    }

    pub(super) fn link(&self, connection: u16, state: LinkState) {
        self.links.lock().unwrap_or_else(PoisonError::into_inner).insert(connection, state);
    }

    pub(super) fn is_breaker_open(&self, entry: usize) -> bool {
        self.entry(entry, |entry| entry.open_since.is_some())
    }

    pub(super) fn is_connected(&self, connection: u16) -> bool {
        let links = self.links.lock().unwrap_or_else(PoisonError::into_inner);
        links.get(&connection) == Some(&LinkState::Connected)
    }

    #[must_use]
    pub(super) fn is_recorded(&self) -> bool {
        self.broken.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }

    /// Whether that is news.
    pub(super) fn set_broken(&self, why: Option<String>) -> bool {
        let mut known = self.broken.lock().unwrap_or_else(PoisonError::into_inner);
        let is_news = known.is_some() != why.is_some();
        *known = why;
        is_news
    }

    /// Whether that is news.
    pub(super) fn set_switch(&self, off: Option<String>) -> bool {
        let mut known = self.switch.lock().unwrap_or_else(PoisonError::into_inner);
        let is_news = known.is_some() != off.is_some();
        *known = off;
        is_news
    }

    #[must_use]
    pub fn is_switched_off(&self) -> bool {
        self.switch.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// What stands in the way of every write, or of one.
    #[must_use]
    pub fn obstacles(&self, plan: &Plan) -> Vec<Finding> {
        if plan.writes.entries.is_empty() {
            return Vec::new();
        }
        let mut obstacles = Vec::new();
        if let Some(why) = &*self.broken.lock().unwrap_or_else(PoisonError::into_inner) {
            obstacles.push(Finding::error("QIAO-W060", "").with("reason", why));
        }
        if let Some(reason) = &*self.switch.lock().unwrap_or_else(PoisonError::into_inner) {
            obstacles.push(Finding::warning("QIAO-W061", "").with("reason", reason));
        }
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        for (at, _) in entries.iter().filter(|(_, entry)| entry.open_since.is_some()) {
            let name = plan.writes.entries.get(*at).map_or("", |entry| entry.name.as_str());
            obstacles.push(open_breaker(plan, name));
        }
        let links = self.links.lock().unwrap_or_else(PoisonError::into_inner);
        for (connection, link) in links.iter() {
            let name = plan.connections.get(usize::from(*connection)).map_or("", |connection| &connection.name);
            if let LinkState::Lost(finding) | LinkState::Refused(finding) = link {
                obstacles.push(Finding::warning("QIAO-W062", name).with("cause", &finding.code.0));
            }
        }
        obstacles
    }

    /// `None`: the configuration allows no write.
    #[must_use]
    pub fn status(&self, plan: &Plan, are_desks_open: bool) -> Option<CommandsStatus> {
        if plan.writes.entries.is_empty() {
            return None;
        }
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let nothing = Entry::default();
        let name = |at: u16| plan.connections.get(usize::from(at)).map_or_else(String::new, |known| known.name.clone());
        let each = plan.writes.entries.iter().enumerate().map(|(at, write)| {
            let entry = entries.get(&at).unwrap_or(&nothing);
            WriteStatus {
                name: write.name.clone(),
                source: name(write.from.connection()),
                target: name(write.to.connection()),
                done: entry.done,
                refused: entry.refused,
                unknown: entry.unknown,
                under_way: entry.under_way,
                breaker_open_since: entry.open_since.map(|since| since.to_string()),
                last: entry.last.clone(),
            }
        });
        let links = self.links.lock().unwrap_or_else(PoisonError::into_inner);
        let are_up = self.is_taking.load(Ordering::Relaxed) && links.values().all(|link| *link == LinkState::Connected);
        Some(CommandsStatus {
            is_ready: are_desks_open && are_up,
            is_recorded: self.is_recorded(),
            is_switched_off: self.is_switched_off(),
            strangers: self.strangers.load(Ordering::Relaxed),
            echoes: self.echoes.load(Ordering::Relaxed),
            writes: each.collect(),
        })
    }
}

/// A loop was stopped.
pub(super) fn open_breaker(plan: &Plan, entry: &str) -> Finding {
    let file = super::breaker_file(&plan.gateway.data_dir, entry);
    Finding::error("QIAO-W055", entry).with("count", super::breaker::RUN).with("file", file.display())
}
