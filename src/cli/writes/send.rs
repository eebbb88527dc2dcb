//! `qiao writes send`: one command, and how it ended.

use super::super::{Exit, Face};
use crate::config::plan::{CommandSource, ConnectionKind, MqttConnection, Plan, Proof, Sender, WritePlan};
use crate::finding::{Finding, visible};
use crate::guard::CommandId;
use crate::guard::compose::{Wish, compose};
use crate::model::TopicName;
use crate::mqtt::Incoming;
use crate::mqtt::errand::{self, Errand, ErrandError};
use crate::port::Clock;
use clap::Args;
use serde_json::Value;
use serde_json::value::RawValue;
use std::time::Duration;

#[derive(Debug, Args)]
pub(super) struct SendArgs {
    /// Name of the entry
    pub(super) name: String,
    /// JSON, or a text: the value, or the object of a method's arguments
    value: String,
    /// Only if this is the value that is there
    #[arg(long, value_name = "VALUE")]
    expected: Option<String>,
    /// Who commands, by name; default: the first sender who may and whose key is here
    #[arg(long, value_name = "SENDER")]
    sender: Option<String>,
}

/// How much longer than its time to live an outcome is waited for: a read-back is part of it.
const PATIENCE: Duration = Duration::from_secs(15);

/// JSON as it is; anything else is a text.
pub(in crate::cli) fn json(text: &str) -> Box<RawValue> {
    let quoted = || RawValue::from_string(Value::from(text).to_string());
    RawValue::from_string(text.trim().to_owned()).or_else(|_| quoted()).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

pub(super) fn run(plan: &Plan, entry: &WritePlan, arguments: &SendArgs, face: &Face) -> Exit {
    let CommandSource::Topic { connection, .. } = &entry.from else {
        face.finding(&Finding::error("QIAO-A019", "").with("name", &entry.name));
        return Exit::Usage;
    };
    let Some(sender) = sender(plan, entry, *connection, arguments.sender.as_deref()) else {
        let roles = entry.roles.join(", ");
        face.finding(&Finding::error("QIAO-A020", "").with("name", &entry.name).with("roles", roles));
        return Exit::Usage;
    };
    let Some(broker) = broker(plan, *connection) else {
        face.finding(&Finding::error("QIAO-A019", "").with("name", &entry.name));
        return Exit::Usage;
    };
    let (id, what, expected) = (CommandId::random(), json(&arguments.value), arguments.expected.as_deref().map(json));
    let issued = Clock::start().now().wall;
    let wish = Wish { id, issued, what: &what, expected: expected.as_deref(), sender };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let sent = |runtime: tokio::runtime::Runtime| runtime.block_on(command(plan, entry, &broker, &wish));
    let answer = match runtime.map(sent) {
        Ok(answer) => answer,
        Err(error) => {
            face.finding(&Finding::error("QIAO-R008", "").with("error", error));
            return Exit::CouldNotTell;
        }
    };
    match answer {
        Ok(answer) => show(&answer, face),
        Err(ErrandError::Link(finding)) => {
            face.finding(&finding);
            Exit::CouldNotTell
        }
        Err(ErrandError::Silence) => {
            face.finding(&Finding::error("QIAO-A021", broker.address()).with("id", id));
            Exit::CouldNotTell
        }
    }
}

/// Sends a command by its topic and waits for its outcome.
pub(in crate::cli) async fn command(
    plan: &Plan,
    entry: &WritePlan,
    broker: &MqttConnection,
    wish: &Wish<'_>,
) -> Result<Incoming, ErrandError> {
    let CommandSource::Topic { topic, reply, .. } = &entry.from else { return Err(ErrandError::Silence) };
    let Ok(topic) = TopicName::parse(topic) else { return Err(ErrandError::Silence) };
    let payload = compose(&plan.gateway.name, entry, wish).into_bytes();
    let wanted = wish.id.to_string();
    let is_answer = |message: &Incoming| member(message, "id").is_some_and(|id| id == wanted);
    let limit = entry.ttl + entry.read_back.as_ref().map_or(Duration::ZERO, |read| read.within) + PATIENCE;
    errand::run(broker, Errand { topic, payload, answers: reply.clone() }, is_answer, limit).await
}

/// How a command ended, in words.
pub(in crate::cli) fn words(answer: &Incoming, face: &Face) -> String {
    let of = |name: &str| member(answer, name).unwrap_or_default();
    let word = face.text(&format!("audit-outcome-{}", of("outcome")), &[]);
    let parts = [word, of("value"), of("code"), of("text")];
    let parts: Vec<_> = parts.iter().filter(|part| !part.is_empty()).map(|part| visible(part)).collect();
    parts.join("  ")
}

/// One who may command it and whose proof can be given from here.
pub(in crate::cli) fn sender<'p>(
    plan: &'p Plan,
    entry: &WritePlan,
    at: u16,
    named: Option<&str>,
) -> Option<&'p Sender> {
    let fits = |sender: &&Sender| match &sender.proof {
        Proof::Key(_) => true,
        Proof::WhoeverMayPublish { connection } => *connection == at,
        Proof::FaceUser { .. } => false,
    };
    let may = |sender: &&Sender| sender.roles.iter().any(|role| entry.roles.contains(role));
    let mut senders = plan.writes.senders.iter().filter(fits);
    // Whoever is named is taken at the word: what the guard says of the role is what one may want to see.
    match named {
        Some(name) => senders.find(|sender| sender.name == name),
        None => senders.find(may),
    }
}

fn broker(plan: &Plan, at: u16) -> Option<MqttConnection> {
    match &plan.connections.get(usize::from(at))?.kind {
        ConnectionKind::Mqtt(mqtt) => Some(mqtt.clone()),
        ConnectionKind::EmbeddedBroker(broker) => Some(MqttConnection::loopback(broker.listen, &plan.gateway.name)),
        ConnectionKind::OpcUa(_) | ConnectionKind::Face(_) => None,
    }
}

fn member(message: &Incoming, name: &str) -> Option<String> {
    let answer: Value = serde_json::from_slice(&message.payload).ok()?;
    match answer.get(name)? {
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// The answer as it came, and in words.
fn show(answer: &Incoming, face: &Face) -> Exit {
    let outcome = member(answer, "outcome").unwrap_or_default();
    if face.json {
        face.json_line(&serde_json::from_slice::<Value>(&answer.payload).unwrap_or_default());
    } else {
        face.say(&words(answer, face));
    }
    match outcome.as_str() {
        "done" => Exit::Good,
        "refused" => Exit::Failed,
        _ => Exit::CouldNotTell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_json_is_a_text_and_digits_stay_as_they_are() {
        let table = [("80", "80"), (" 1e2 ", "1e2"), ("0.10", "0.10"), ("O100", "\"O100\""), ("a\"b", "\"a\\\"b\"")];
        for (typed, expected) in table {
            assert_eq!(json(typed).get(), expected);
        }
    }
}
