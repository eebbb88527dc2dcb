//! Which ids were used, and how each command ended.

use super::Journalled;
use super::audit::line::unhex;
use crate::guard::{Command, CommandId, Known, Outcome};
use crate::model::Timestamp;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

/// Ids of commands that were sent, at most; the configuration's rates are held below it.
const COMMANDS_MAX: usize = 250_000;
/// Ids of refused commands, of all senders: for a repetition that comes soon.
const REFUSED_MAX: usize = 1_024;

#[derive(Debug)]
pub(super) struct Table {
    keep: i64,
    commands: HashMap<CommandId, Entry>,
    /// Oldest first.
    order: VecDeque<(Timestamp, CommandId)>,
    refused: HashMap<CommandId, Known>,
    refused_order: VecDeque<CommandId>,
    newest: Timestamp,
}

#[derive(Debug)]
struct Entry {
    name: Arc<str>,
    known: Known,
}

impl Table {
    pub(super) fn new(keep: Duration) -> Self {
        Self {
            keep: i64::try_from(keep.as_nanos() / 100).unwrap_or(i64::MAX),
            commands: HashMap::new(),
            order: VecDeque::new(),
            refused: HashMap::new(),
            refused_order: VecDeque::new(),
            newest: Timestamp::NONE,
        }
    }

    pub(super) fn known(&self, id: &CommandId) -> Option<Known> {
        let sent = self.commands.get(id).map(|entry| &entry.known);
        sent.or_else(|| self.refused.get(id)).cloned()
    }

    pub(super) fn newest(&self) -> Timestamp {
        self.newest
    }

    pub(super) fn recent(&self) -> impl Iterator<Item = (&str, Timestamp)> {
        self.order.iter().filter_map(|(at, id)| Some((&*self.commands.get(id)?.name, *at)))
    }

    pub(super) fn begin(&mut self, begun: &Journalled) {
        let Some(id) = CommandId::parse(&begun.id) else { return };
        let digest = unhex(&begun.digest).unwrap_or_default();
        let known = Known { digest, outcome: None };
        self.insert(id, Timestamp(begun.at), Entry { name: begun.entry.as_str().into(), known });
    }

    /// One of which only the end is known is known all the same.
    pub(super) fn end(&mut self, id: &str, at: Timestamp, outcome: Outcome) {
        let Some(id) = CommandId::parse(id) else { return };
        self.newest = self.newest.max(at);
        match self.commands.get_mut(&id) {
            Some(entry) => entry.known.outcome = Some(outcome),
            None => {
                let known = Known { digest: Known::OF_ANY, outcome: Some(outcome) };
                self.insert(id, at, Entry { name: "".into(), known });
            }
        }
    }

    fn insert(&mut self, id: CommandId, at: Timestamp, entry: Entry) {
        self.newest = self.newest.max(at);
        self.order.push_back((at, id));
        self.commands.insert(id, entry);
    }

    pub(super) fn refuse(&mut self, command: &Command, outcome: Outcome) {
        if self.known(&command.id).is_some() {
            return;
        }
        self.refused.insert(command.id, Known { digest: command.digest(), outcome: Some(outcome) });
        self.refused_order.push_back(command.id);
        while self.refused_order.len() > REFUSED_MAX {
            if let Some(oldest) = self.refused_order.pop_front() {
                self.refused.remove(&oldest);
            }
        }
    }

    /// Forgets what is older than it has to be kept, and ended. From when what is left is, if anything went, and whether there
    /// is room for one more.
    pub(super) fn make_room(&mut self, now: Timestamp) -> (Option<Timestamp>, bool) {
        let before = Timestamp(now.0.saturating_sub(self.keep));
        let mut is_less = false;
        while let Some((at, id)) = self.order.front().copied().filter(|(at, _)| *at < before) {
            if self.commands.get(&id).is_some_and(|entry| entry.known.outcome.is_none()) {
                return (is_less.then_some(at), self.commands.len() < COMMANDS_MAX);
            }
            self.order.pop_front();
            self.commands.remove(&id);
            is_less = true;
        }
        (is_less.then_some(before), self.commands.len() < COMMANDS_MAX)
    }
}
