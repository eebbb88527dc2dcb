//! What comes: a message, a value of NC-Link, a write of a client. It is read and admitted here, and goes to the lane of its
//! target; what is refused is in the audit before it is answered, and only then acknowledged to its broker.

use super::entrance::{self, BareBody, From, Sets, Wanted};
use super::lane::Job;
use super::reply::reply_to;
use super::{LANE, Life};
use crate::assemble::Adapter;
use crate::codec::Tape;
use crate::config::plan::CommandSource;
use crate::finding::Language;
use crate::guard::{Bare, Command, CommandId, Origin, Outcome, OutcomeKind, Refusal, Refused, Verdict};
use crate::journal::ReplyTo;
use crate::mqtt::commands::{Came, Saying, Wish};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

/// A message that its broker is owed an acknowledgement for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Owed {
    pub(super) broker: u16,
    pub(super) on: u64,
    pub(super) packet: u16,
}

/// Who waits for what becomes of a command.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    pub(super) reply_to: Option<ReplyTo>,
    pub(super) owed: Option<Owed>,
    pub(super) answer: Option<oneshot::Sender<Outcome>>,
}

impl Life {
    /// A message came from a broker.
    pub(super) async fn came(&self, came: Came) {
        let Came { broker, on, message } = came;
        let owed = (message.packet != 0).then_some(Owed { broker, on, packet: message.packet });
        let topic = std::str::from_utf8(&message.topic).unwrap_or_default();
        let Some(entry) = self.topics.get(&(broker, topic.to_owned())).copied() else {
            if !self.relays.answered(broker, topic, &message) {
                self.facts.commands.strangers.fetch_add(1, Ordering::Relaxed);
            }
            return self.taken(owed).await;
        };
        // How one takes a retained message back.
        if message.is_retained && message.payload.is_empty() {
            return self.taken(owed).await;
        }
        let (reply_to, wrong_reply) = reply_to(self.plan(), entry, &message);
        let waiting = Waiting { reply_to, owed, answer: None };
        let origin = Origin::Topic { connection: broker, is_retained: message.is_retained };
        let read = self.guard().read(entry, &message.payload);
        match (read, wrong_reply) {
            (Ok(command), None) => self.admit(command, origin, waiting).await,
            (Ok(command), Some(refusal)) => {
                self.refuse(entry, Some(&command), refused_of(&command, refusal), waiting).await;
            }
            (Err(refused), _) => self.refuse(entry, None, *refused, waiting).await,
        }
    }

    /// Another part of the gateway commands.
    pub(super) async fn wanted(&self, wanted: Wanted) {
        let Wanted { from, body, answer } = wanted;
        let waiting = Waiting { answer: Some(answer), ..Waiting::default() };
        let is_meant = |source: &CommandSource| match (&from, source) {
            (From::Face { connection, node, .. }, CommandSource::Face { connection: at, node: own }) => {
                connection == at && node == own
            }
            (
                From::NcLink { connection, device, path, .. },
                CommandSource::NcLink { connection: at, device: its, path: own },
            ) => connection == at && device == its && path == own,
            _ => false,
        };
        let entries = &self.plan().writes.entries;
        let found = entries.iter().position(|entry| is_meant(&entry.from));
        let found = found.filter(|_| !matches!(body, BareBody::NotWritable));
        let (id, user, what, origin) = match from {
            From::Face { connection, node, user } => {
                (CommandId::random(), user.clone(), node, Origin::Face { connection, user })
            }
            From::NcLink { connection, device, path, is_retained, id } => {
                (id, None, format!("{device}{path}"), Origin::NcLink { connection, is_retained })
            }
        };
        let Some(at) = found else {
            // Tried at a machine of ours: whoever did stands in the audit.
            let refused = Refused { id: Some(id), sender: user, refusal: Refusal::NoEntry { what } };
            return self.refuse(usize::MAX, None, refused, waiting).await;
        };
        let arrived = self.facts.clock.now().wall;
        let what = match &body {
            BareBody::Json(json) => Bare::Json(json),
            BareBody::Typed(values) => Bare::Typed(values.clone()),
            BareBody::NotWritable => Bare::Typed(Vec::new()),
        };
        let read = self.guard().bare(at, id, what, arrived);
        match read {
            Ok(mut command) => {
                command.sender = user;
                self.admit(command, origin, waiting).await;
            }
            Err(refused) => self.refuse(at, None, Refused { sender: user, ..*refused }, waiting).await,
        }
    }

    /// An application wants items of a device of ours to be set: each is a command of its own. The answer, which `waits`
    /// sends, says what became of each.
    pub(super) async fn set(self: &Arc<Self>, sets: Sets, waits: &mut JoinSet<()>) {
        let mut outcomes = Vec::new();
        for (at, item) in sets.set.items.iter().enumerate() {
            let Ok((path, json)) = &item.wish else {
                outcomes.push(None);
                continue;
            };
            let (answer, outcome) = oneshot::channel();
            // The same question under the same id is the same command.
            let id = CommandId::of(&[&sets.device, &sets.set.message, &at.to_string(), path]);
            let (connection, device, path) = (sets.connection, sets.device.clone(), path.clone());
            let from = From::NcLink { connection, device, path, is_retained: false, id };
            self.wanted(Wanted { from, body: BareBody::Json(json.clone().into_bytes()), answer }).await;
            outcomes.push(Some(outcome));
        }
        let life = Arc::clone(self);
        waits.spawn(async move {
            let mut reasons = Vec::new();
            for (item, outcome) in sets.set.items.iter().zip(outcomes) {
                reasons.push(match (outcome, &item.wish) {
                    (Some(outcome), _) => {
                        let outcome = outcome.await.unwrap_or_else(|_| Outcome::unknown("QIAO-W059", &[]));
                        nc_link_reason(&outcome, life.plan().gateway.language)
                    }
                    (None, Err(reason)) => Some((*reason).to_owned()),
                    (None, Ok(_)) => None,
                });
            }
            let mut tape = Tape::new();
            Adapter::set_answer(&mut tape, &sets.set, reasons.iter().map(Option::as_deref));
            let (topic, payload) = (sets.topic.clone(), tape.as_bytes().to_vec());
            let saying = Saying { topic, payload, response_topic: None, correlation: None, expiry: None };
            life.wish(sets.connection, Wish::Reply(saying)).await;
        });
    }

    async fn admit(&self, command: Command, origin: Origin, waiting: Waiting) {
        let (entry, id) = (command.entry, command.id);
        let known = self.record.with(move |journal| journal.known(&id)).await.flatten();
        let now = self.facts.clock.now();
        let verdict = self.guard().admit(command.clone(), &origin, known.as_ref(), now);
        let admitted = match verdict {
            Verdict::Go(admitted) => admitted,
            // It was decided before: that is told again.
            Verdict::Repeat(outcome) => {
                return self.answer(waiting, Some(&id), &outcome).await;
            }
            Verdict::Refuse(refusal) => {
                return self.refuse(entry, Some(&command), refused_of(&command, refusal), waiting).await;
            }
        };
        let lane = self.plan().writes.entries.get(entry).and_then(|entry| self.lanes.get(&entry.to.key()));
        let Some(lane) = lane else {
            let refused = refused_of(&command, Refusal::NotRecorded);
            return self.refuse(entry, Some(&command), refused, waiting).await;
        };
        if let Err(error) = lane.try_send(Job { entry, admitted, waiting }) {
            let (mpsc::error::TrySendError::Full(job) | mpsc::error::TrySendError::Closed(job)) = error;
            let refusal = Refusal::QueueFull { count: LANE.to_string() };
            self.refuse(entry, Some(&command), refused_of(&command, refusal), job.waiting).await;
        }
    }

    /// Writes a refusal down, and says it. `command`: what is refused, where it could be read.
    pub(super) async fn refuse(&self, entry: usize, command: Option<&Command>, refused: Refused, waiting: Waiting) {
        let now = self.facts.clock.now().wall;
        let name = self.plan().writes.entries.get(entry).map_or_else(String::new, |entry| entry.name.clone());
        let outcome = refused.refusal.outcome();
        let (id, sender) = (refused.id, refused.sender.clone());
        let command = command.cloned();
        tracing::info!(entry = name, code = outcome.code, "a command is refused");
        self.recorded(self.record.with(move |journal| journal.refused(&name, command.as_ref(), &refused, now)).await);
        // What no entry allows is counted for none.
        if entry < self.plan().writes.entries.len() {
            self.facts.commands.outcome(entry, id.map(|id| id.to_string()), sender, &outcome, now);
        }
        self.answer(waiting, id.as_ref(), &outcome).await;
    }

    /// Says what became of a command to everybody who waits; its broker need not send it again.
    pub(super) async fn answer(&self, waiting: Waiting, id: Option<&CommandId>, outcome: &Outcome) {
        if let Some(answer) = waiting.answer {
            // Whoever asked may have gone.
            let _ = answer.send(outcome.clone());
        }
        if let Some(reply_to) = &waiting.reply_to {
            self.reply(reply_to, id, outcome).await;
        }
        // After the answer: a process that dies between the two gets the message again.
        self.taken(waiting.owed).await;
        if outcome.kind == OutcomeKind::Unknown {
            tracing::warn!(
                id = id.map(ToString::to_string),
                code = outcome.code,
                "nobody knows what became of a command"
            );
        }
    }

    pub(super) async fn taken(&self, owed: Option<Owed>) {
        if let Some(Owed { broker, on, packet }) = owed {
            self.wish(broker, Wish::Taken { on, packet }).await;
        }
    }
}

pub(super) fn refused_of(command: &Command, refusal: Refusal) -> Refused {
    Refused { id: Some(command.id), sender: command.sender.clone(), refusal }
}

/// Why an item was not set: in the words that open implementations know, then in ours. `None`: it was.
fn nc_link_reason(outcome: &Outcome, language: Language) -> Option<String> {
    let word = match (outcome.kind, entrance::status(outcome).symbol()) {
        (OutcomeKind::Done, _) => return None,
        (OutcomeKind::Unknown, _) => "Outcome Unknown",
        (_, Some("BadUserAccessDenied" | "BadNotWritable" | "BadResourceUnavailable")) => "Permission Denied",
        (_, Some("BadTypeMismatch" | "BadOutOfRange")) => "Parameter Not Match",
        _ => "Not Done",
    };
    Some(format!("{word}: {} {}", outcome.code, outcome.text(language)))
}
