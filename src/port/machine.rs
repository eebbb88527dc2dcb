//! What a command asks of a machine, over the link that its connection holds anyway.

use crate::guard::Value;
use crate::model::BuiltInType;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};

/// What is asked of one server may wait for its link; more is refused.
const ASKED: usize = 64;

/// The desk of one connection: open while its link stands. What is asked of a closed one is refused at once, and nothing
/// waits for a link.
#[derive(Clone, Debug, Default)]
pub struct Desk(Arc<Mutex<Option<mpsc::Sender<Ask>>>>);

/// Something is asked of a machine.
#[derive(Debug)]
pub enum Ask {
    /// What these nodes are like, and what they hold: harmless, and may be asked twice.
    Look { nodes: Vec<String>, answer: oneshot::Sender<Result<Vec<Looked>, Failed>> },
    /// The value of a node is written, once, if that is not later than `until`, and answered `within` a time. `answer` says what became of it, whatever happens to the link.
    Write { node: String, value: Value, until: Instant, within: Duration, answer: oneshot::Sender<Done> },
    /// A method is called, once.
    Call {
        object: String,
        method: String,
        arguments: Vec<Value>,
        until: Instant,
        within: Duration,
        answer: oneshot::Sender<Done>,
    },
}

/// One node, as its server describes it.
#[derive(Clone, Debug)]
pub struct Looked {
    /// Status code of the value; of the node when it has none.
    pub status: u32,
    /// `None`: its status says why.
    pub value: Option<Value>,
    /// Type and dimensions of its value, or of each argument of a method; a dimension of 0 is left open by the server.
    /// Empty: the server does not say.
    pub kinds: Vec<(BuiltInType, Vec<u32>)>,
    /// The server has such a node.
    pub is_there: bool,
    /// Everybody, and this gateway's user, may write the value.
    pub is_writable: bool,
    /// A method that this gateway's user may call.
    pub is_callable: bool,
}

/// What became of a write or a call.
#[derive(Clone, Debug)]
pub enum Done {
    /// The machine says that it did it. `outputs` of a method.
    Did { status: u32, outputs: Vec<Value> },
    /// It, or its server, says that it did not.
    Refused(Failed),
    /// Nothing left this gateway.
    NotSent(Failed),
    /// It was sent, and nobody says what became of it.
    Unknown(Failed),
}

/// A status code, and what else is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    pub status: u32,
    pub reason: String,
}

/// Why nothing can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// There is no link.
    Away,
    /// Too much is asked already.
    Full,
}

impl Desk {
    /// A link stands: what is asked from now on comes out here.
    #[must_use]
    pub fn open(&self) -> mpsc::Receiver<Ask> {
        let (sender, receiver) = mpsc::channel(ASKED);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(sender);
        receiver
    }

    /// The link is gone.
    pub fn close(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    #[must_use]
    pub fn is_open(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// Asks without waiting.
    ///
    /// # Errors
    /// There is no link, or no room: nothing was asked.
    pub fn ask(&self, ask: Ask) -> Result<(), Closed> {
        let sender = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone().ok_or(Closed::Away)?;
        sender.try_send(ask).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Closed::Full,
            mpsc::error::TrySendError::Closed(_) => Closed::Away,
        })
    }
}

impl Ask {
    /// Nothing of it left this gateway.
    pub fn refuse(self, failed: Failed) {
        // Whoever asked may have gone.
        match self {
            Self::Look { answer, .. } => drop(answer.send(Err(failed))),
            Self::Write { answer, .. } | Self::Call { answer, .. } => drop(answer.send(Done::NotSent(failed))),
        }
    }
}
