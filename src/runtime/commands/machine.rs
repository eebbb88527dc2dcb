//! Commands over OPC UA: what is looked at before, what is done, and what is read back after it.

use super::Life;
use crate::config::plan::{Quantity, ReadBack, WritePlan, WriteTarget};
use crate::guard::{Needs, Outcome, Reading, Refusal, Value};
use crate::model::{BuiltInType, StatusCode};
use crate::port::Desk;
use crate::port::machine::{Ask, Closed, Done, Failed, Looked};
use std::time::Duration;
use tokio::sync::oneshot;

/// Looking at a node and not being answered within this time is being away.
const LOOK_WITHIN: Duration = Duration::from_secs(3);
/// A write or a call is not waited for longer.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// Between two looks at a value that is not there yet.
const AGAIN: Duration = Duration::from_millis(50);

/// What was seen at the machine.
pub(super) struct Seen {
    pub(super) is_connected: bool,
    pub(super) kinds: Vec<(BuiltInType, Vec<u32>)>,
    pub(super) present: Reading,
    pub(super) interlock: Reading,
}

impl Life {
    /// Looks at what the decision needs.
    pub(super) async fn look(&self, write: &WritePlan, needs: Needs) -> Result<Seen, Refusal> {
        let mut seen =
            Seen { is_connected: true, kinds: Vec::new(), present: Reading::NotRead, interlock: Reading::NotRead };
        let at = write.to.connection();
        let (node, is_method) = match &write.to {
            WriteTarget::Node { node, .. } => (node, false),
            WriteTarget::Method { method, .. } => (method, true),
            WriteTarget::Topic { .. } | WriteTarget::NcLink { .. } => {
                seen.is_connected = self.is_connected_to_broker(at);
                return Ok(seen);
            }
        };
        let desk = self.facts.desk(at);
        let interlock = write.interlock.as_ref().filter(|_| needs.interlock);
        let nodes: Vec<String> =
            [Some(node), interlock.map(|interlock| &interlock.node)].into_iter().flatten().cloned().collect();
        let looked = match look(&desk, nodes).await {
            Ok(looked) => looked,
            Err(Nothing::Away) => return Ok(Seen { is_connected: false, ..seen }),
            Err(Nothing::Full) => return Err(Refusal::QueueFull { count: "64".to_owned() }),
            Err(Nothing::Failed(failed)) => return Err(Refusal::PresentUnknown { status: symbol(failed.status) }),
        };
        let mut looked = looked.into_iter();
        if let Some(target) = looked.next() {
            let may = if is_method { target.is_callable } else { target.is_writable };
            if !may {
                let is_unknown = !target.is_there;
                let word = if is_method { "BadNotExecutable" } else { "BadNotWritable" };
                let status = if is_unknown { symbol(target.status) } else { word.to_owned() };
                return Err(Refusal::NotWritable { node: node.clone(), status });
            }
            seen.kinds = target.kinds.clone();
            if !is_method {
                seen.present = reading(target);
            }
        }
        if let Some(interlock) = looked.next() {
            seen.interlock = reading(interlock);
        }
        Ok(seen)
    }

    /// Writes once; reads back if the entry asks for it.
    pub(super) async fn write(
        &self,
        connection: u16,
        node: &str,
        value: &Value,
        read_back: Option<ReadBack>,
        deadline: Duration,
    ) -> Outcome {
        let desk = self.facts.desk(connection);
        let (answer, done) = oneshot::channel();
        let until = self.until(deadline);
        let asked =
            desk.ask(Ask::Write { node: node.to_owned(), value: value.clone(), until, within: ANSWER_WITHIN, answer });
        let done = match asked {
            Ok(()) => done.await.unwrap_or_else(|_| silence()),
            Err(closed) => not_asked(closed),
        };
        let Some(read_back) = read_back.filter(|_| matches!(done, Done::Did { .. } | Done::Unknown(_))) else {
            return self.outcome(connection, done);
        };
        let last = self.wait_for(&desk, node, value, read_back).await;
        match (last, done) {
            (Ok(value), _) => Outcome::done(Some(value)),
            (Err(last), Done::Unknown(failed)) => {
                Outcome { value: last, ..self.outcome(connection, Done::Unknown(failed)) }
            }
            (Err(last), _) => {
                let shown = last.clone().unwrap_or_else(|| "-".to_owned());
                let within = format!("{} s", read_back.within.as_secs_f64());
                let outcome = Outcome::unknown("QIAO-W051", &[("value", &shown), ("within", &within)]);
                Outcome { value: last, ..outcome }
            }
        }
    }

    /// Calls once.
    pub(super) async fn call(
        &self,
        connection: u16,
        object: &str,
        method: &str,
        arguments: &[Value],
        deadline: Duration,
    ) -> Outcome {
        let (answer, done) = oneshot::channel();
        let (object, method, arguments) = (object.to_owned(), method.to_owned(), arguments.to_vec());
        let (until, within) = (self.until(deadline), ANSWER_WITHIN);
        let done = match self.facts.desk(connection).ask(Ask::Call { object, method, arguments, until, within, answer })
        {
            Ok(()) => done.await.unwrap_or_else(|_| silence()),
            Err(closed) => not_asked(closed),
        };
        self.outcome(connection, done)
    }

    fn until(&self, deadline: Duration) -> std::time::Instant {
        std::time::Instant::now() + deadline.saturating_sub(self.facts.clock.now().monotonic)
    }

    /// Reads until the value is there; the last that was, else.
    async fn wait_for(
        &self,
        desk: &Desk,
        node: &str,
        wanted: &Value,
        read_back: ReadBack,
    ) -> Result<String, Option<String>> {
        let until = self.facts.clock.now().monotonic + read_back.within;
        let mut last = None;
        loop {
            let looked = look(desk, vec![node.to_owned()]).await;
            if let Ok(looked) = looked
                && let Some(value) = looked.into_iter().next().and_then(|looked| looked.value)
            {
                if is_near(&value, wanted, read_back.tolerance) {
                    return Ok(value.json());
                }
                last = Some(value.json());
            }
            if self.facts.clock.now().monotonic >= until {
                return Err(last);
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    fn outcome(&self, connection: u16, done: Done) -> Outcome {
        match done {
            Done::Did { outputs, .. } if outputs.is_empty() => Outcome::done(None),
            Done::Did { outputs, .. } => {
                let outputs: Vec<String> = outputs.iter().map(Value::json).collect();
                Outcome::done(Some(format!("[{}]", outputs.join(","))))
            }
            Done::Refused(failed) => Refusal::ByMachine { status: told(&failed) }.outcome(),
            Done::NotSent(failed) if failed.status == NOT_CONNECTED => {
                Refusal::NotConnected { connection: self.connection_name(connection) }.outcome()
            }
            Done::NotSent(failed) => Refusal::ByMachine { status: told(&failed) }.outcome(),
            Done::Unknown(failed) => Outcome::unknown("QIAO-W050", &[("status", &told(&failed))]),
        }
    }
}

/// `Bad_NotConnected`.
const NOT_CONNECTED: u32 = 0x808A_0000;

/// Why nothing was seen.
enum Nothing {
    Away,
    Full,
    Failed(Failed),
}

async fn look(desk: &Desk, nodes: Vec<String>) -> Result<Vec<Looked>, Nothing> {
    let (answer, looked) = oneshot::channel();
    desk.ask(Ask::Look { nodes, answer }).map_err(|closed| match closed {
        Closed::Away => Nothing::Away,
        Closed::Full => Nothing::Full,
    })?;
    match tokio::time::timeout(LOOK_WITHIN, looked).await {
        Ok(Ok(Ok(looked))) => Ok(looked),
        Ok(Ok(Err(failed))) if failed.status == NOT_CONNECTED => Err(Nothing::Away),
        Ok(Ok(Err(failed))) => Err(Nothing::Failed(failed)),
        // The link ended, or does not answer.
        Ok(Err(_)) | Err(_) => Err(Nothing::Away),
    }
}

fn silence() -> Done {
    Done::Unknown(Failed { status: 0x800A_0000, reason: String::new() })
}

fn not_asked(closed: Closed) -> Done {
    let reason = match closed {
        Closed::Away => "",
        Closed::Full => "too much is asked already",
    };
    Done::NotSent(Failed { status: NOT_CONNECTED, reason: reason.to_owned() })
}

fn reading(looked: Looked) -> Reading {
    match looked.value {
        // Uncertain is not good enough to decide on.
        Some(value) if looked.status >> 30 == 0 => Reading::Good(value),
        _ => Reading::Not(StatusCode(looked.status)),
    }
}

fn is_near(value: &Value, wanted: &Value, tolerance: f64) -> bool {
    if value.is(wanted) {
        return true;
    }
    let number = |value: &Value| {
        value.number().map(|number| match number {
            Quantity::Whole(number) => number as f64,
            Quantity::Real(number) => number,
        })
    };
    match (number(value), number(wanted)) {
        (Some(value), Some(wanted)) => (value - wanted).abs() <= tolerance,
        _ => false,
    }
}

fn symbol(status: u32) -> String {
    StatusCode(status).symbol().map_or_else(|| format!("0x{status:08X}"), str::to_owned)
}

fn told(failed: &Failed) -> String {
    let symbol = symbol(failed.status);
    if failed.reason.is_empty() || failed.reason.contains(&symbol) && failed.reason.len() > 200 {
        symbol
    } else {
        format!("{symbol} ({})", failed.reason)
    }
}
