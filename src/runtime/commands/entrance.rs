//! Where the other parts of the gateway command: clients of its own OPC UA server, and applications of NC-Link.

use crate::assemble::SetWish;
use crate::guard::{CommandId, Outcome, OutcomeKind, Refusal, Value};
use crate::model::{StatusCode, TopicName};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{mpsc, oneshot};

/// Commands that may wait to be taken in.
const WAITING: usize = 32;

/// The way in; open while commands are taken.
#[derive(Clone, Debug, Default)]
pub struct Entrance(Arc<Mutex<Option<mpsc::Sender<Coming>>>>);

/// What comes in here.
#[derive(Debug)]
pub(super) enum Coming {
    One(Wanted),
    Sets(Sets),
}

/// What an NC-Link application wants to have set at a device of ours.
#[derive(Debug)]
pub struct Sets {
    /// Index of the connection at whose broker the device is.
    pub connection: u16,
    pub device: String,
    /// Where the answer goes.
    pub topic: TopicName,
    pub set: SetWish,
}

/// A command without an envelope.
#[derive(Debug)]
pub struct Wanted {
    pub from: From,
    pub body: BareBody,
    pub answer: oneshot::Sender<Outcome>,
}

/// What it carries.
#[derive(Clone, Debug)]
pub enum BareBody {
    /// A value, or an object of arguments.
    Json(Vec<u8>),
    /// A value, or arguments in the order of the entry, with their types.
    Typed(Vec<Value>),
}

/// Who wants it, and what is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum From {
    /// A client of the gateway's own server; `entry`: name of the entry; `user`: `None` for an anonymous one.
    Face { entry: String, user: Option<String> },
    /// An application that sets an item of a device of ours.
    NcLink { connection: u16, device: String, path: String, is_retained: bool, id: CommandId },
}

impl Entrance {
    pub(super) fn open(&self) -> mpsc::Receiver<Coming> {
        let (sender, receiver) = mpsc::channel(WAITING);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(sender);
        receiver
    }

    pub(super) fn close(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Commands, and waits for what becomes of it: never longer than the entry's time to live, the write and its read-back.
    pub async fn command(&self, from: From, body: BareBody) -> Outcome {
        let entrance = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (answer, outcome) = oneshot::channel();
        let Some(entrance) = entrance else { return Refusal::NotRecorded.outcome() };
        if entrance.try_send(Coming::One(Wanted { from, body, answer })).is_err() {
            return Refusal::QueueFull { count: WAITING.to_string() }.outcome();
        }
        // Whoever had it ended on the way: it may have been sent.
        outcome.await.unwrap_or_else(|_| Outcome::unknown("QIAO-W059", &[]))
    }

    /// Takes what is to be set, if commands are taken and there is room.
    pub(in crate::runtime) fn set(&self, sets: Sets) -> Result<(), Sets> {
        let entrance = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(entrance) = entrance else { return Err(sets) };
        match entrance.try_reserve() {
            Ok(room) => {
                room.send(Coming::Sets(sets));
                Ok(())
            }
            Err(_) => Err(sets),
        }
    }

    /// What a client of the gateway's own server writes or calls: the outcome, and the status code that says it (OPC
    /// 10000-4 §7.38.2). `values`: the value, or the arguments of the method in their order.
    pub async fn face(&self, entry: &str, user: Option<&str>, values: Vec<Value>) -> (StatusCode, Outcome) {
        let from = From::Face { entry: entry.to_owned(), user: user.map(str::to_owned) };
        let outcome = self.command(from, BareBody::Typed(values)).await;
        (status(&outcome), outcome)
    }
}

/// The OPC UA status of an outcome.
#[must_use]
pub fn status(outcome: &Outcome) -> StatusCode {
    const BAD_USER_ACCESS_DENIED: StatusCode = StatusCode(0x801F_0000);
    const BAD_OUT_OF_RANGE: StatusCode = StatusCode(0x803C_0000);
    const BAD_TYPE_MISMATCH: StatusCode = StatusCode(0x8074_0000);
    const BAD_NOT_WRITABLE: StatusCode = StatusCode(0x803B_0000);
    const BAD_NOT_CONNECTED: StatusCode = StatusCode(0x808A_0000);
    const BAD_INVALID_STATE: StatusCode = StatusCode(0x80AF_0000);
    const BAD_TIMEOUT: StatusCode = StatusCode(0x800A_0000);
    const BAD_RESOURCE_UNAVAILABLE: StatusCode = StatusCode(0x8004_0000);
    const BAD_TOO_MANY_OPERATIONS: StatusCode = StatusCode(0x8010_0000);
    match outcome.kind {
        OutcomeKind::Done => StatusCode(0),
        // It may have been done: no other code says that a client cannot know (OPC 10000-4 §5.11.4.4).
        OutcomeKind::Unknown => BAD_TIMEOUT,
        OutcomeKind::Refused => match outcome.code.as_str() {
            "QIAO-W007" | "QIAO-W008" | "QIAO-W009" | "QIAO-W010" => BAD_USER_ACCESS_DENIED,
            "QIAO-W006" | "QIAO-W017" | "QIAO-W018" | "QIAO-W063" => BAD_NOT_WRITABLE,
            "QIAO-W001" | "QIAO-W004" | "QIAO-W022" | "QIAO-W024" | "QIAO-W025" | "QIAO-W037" => BAD_TYPE_MISMATCH,
            "QIAO-W023" | "QIAO-W026" | "QIAO-W027" | "QIAO-W028" | "QIAO-W029" | "QIAO-W030" => BAD_OUT_OF_RANGE,
            "QIAO-W021" | "QIAO-W031" => BAD_NOT_CONNECTED,
            "QIAO-W019" | "QIAO-W020" | "QIAO-W056" | "QIAO-W058" => BAD_RESOURCE_UNAVAILABLE,
            "QIAO-W036" | "QIAO-W038" | "QIAO-W054" => BAD_TOO_MANY_OPERATIONS,
            _ => BAD_INVALID_STATE,
        },
    }
}
