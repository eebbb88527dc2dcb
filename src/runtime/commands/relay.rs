//! Commands over MQTT: a command message with a topic for its answer, or `Set/Request` to an NC-Link device. Each is said
//! once; no answer in time is *unknown*.

use super::{Life, Saying, Wish};
use crate::codec::nc_link::{self, Kind, Model, Params, Probed, Spellings, message_id, normalise, steps_of};
use crate::codec::{Limits, Tape};
use crate::config::plan::{Plan, WritePlan, WriteTarget};
use crate::guard::{Body, Command, CommandId, Outcome, Refusal, Value};
use crate::model::{Timestamp, TopicName};
use crate::mqtt::Incoming;
use crate::mqtt::commands::Said;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;

/// An answer that does not come in this time is not waited for: what open implementations of NC-Link take, too.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// What an answer may hold; a model is the largest.
const ANSWER: Limits = Limits { bytes: 4 << 20, depth: 64, nodes: 200_000 };

/// Where the bytes of an answer go.
type Answered = oneshot::Sender<Vec<u8>>;

/// What was said and is waiting for its answer.
#[derive(Debug)]
pub(super) struct Relays {
    /// By connection and id.
    pending: Mutex<HashMap<(u16, String), Answered>>,
    /// Models of devices, by connection and device.
    models: Mutex<HashMap<(u16, String), Arc<Model>>>,
    answers: Vec<(u16, String)>,
    spellings: Spellings,
}

/// Topics on which answers to the commands of an entry come.
pub(super) fn filters(plan: &Plan, entry: &WritePlan) -> Vec<String> {
    match &entry.to {
        WriteTarget::Topic { .. } => vec![answer_topic(plan, &entry.name)],
        WriteTarget::NcLink { device, .. } => {
            [Kind::SetResponse, Kind::ProbeQueryResponse].map(|kind| format!("{}/{device}", kind.topic())).to_vec()
        }
        WriteTarget::Node { .. } | WriteTarget::Method { .. } => Vec::new(),
    }
}

fn answer_topic(plan: &Plan, entry: &str) -> String {
    format!("qiao/{}/answer/{entry}", plan.gateway.name)
}

impl Relays {
    pub(super) fn new(plan: &Plan) -> Self {
        let of = |entry: &WritePlan| {
            let at = entry.to.connection();
            filters(plan, entry).into_iter().map(move |topic| (at, topic)).collect::<Vec<_>>()
        };
        let answers = plan.writes.entries.iter().flat_map(of).collect();
        Self { pending: Mutex::default(), models: Mutex::default(), answers, spellings: Spellings::default() }
    }

    /// Hands a message to whoever waits for it; `false`: it is on no topic of answers.
    pub(super) fn answered(&self, broker: u16, topic: &str, message: &Incoming) -> bool {
        if !self.answers.iter().any(|(at, answers)| *at == broker && answers == topic) {
            return false;
        }
        // What a broker kept is the answer to something else.
        if let Some(id) = id_of(&message.payload).filter(|_| !message.is_retained)
            && let Some(waits) = self.pending.lock().unwrap_or_else(PoisonError::into_inner).remove(&(broker, id))
        {
            // It may have been given up by now.
            let _ = waits.send(message.payload.clone());
        }
        true
    }

    fn expect(&self, broker: u16, id: &str) -> oneshot::Receiver<Vec<u8>> {
        let (answer, answered) = oneshot::channel();
        self.pending.lock().unwrap_or_else(PoisonError::into_inner).insert((broker, id.to_owned()), answer);
        answered
    }

    fn forget(&self, broker: u16, id: &str) {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner).remove(&(broker, id.to_owned()));
    }
}

/// Of NC-Link, or of a reply of ours.
fn id_of(payload: &[u8]) -> Option<String> {
    let tape = Tape::parse(payload, ANSWER).ok()?;
    message_id(&tape).or_else(|| nc_link::text_at(&tape, "/id")).map(|id| id.to_string())
}

/// How a question to a broker ended.
enum Asked {
    Answer(Vec<u8>),
    NotSent,
    Refused(&'static str),
    Unknown,
}

impl Life {
    pub(super) fn is_connected_to_broker(&self, connection: u16) -> bool {
        self.facts.commands.is_connected(connection)
    }

    /// Says a command on its broker, and waits for what becomes of it.
    pub(super) async fn relay(&self, write: &WritePlan, command: &Command, deadline: Duration) -> Outcome {
        match &write.to {
            WriteTarget::Topic { connection, topic } => {
                let payload = forwarded(command, write, deadline.saturating_sub(self.facts.clock.now().monotonic));
                let answer_topic = answer_topic(self.plan(), &write.name);
                let asked = self.ask(*connection, topic, &command.id.to_string(), payload, Some(answer_topic)).await;
                self.concluded(*connection, asked, read_reply)
            }
            WriteTarget::NcLink { connection, device, path } => self.set_item(*connection, device, path, command).await,
            WriteTarget::Node { .. } | WriteTarget::Method { .. } => {
                Refusal::NotReadable { fault: "no topic", at: 0 }.outcome()
            }
        }
    }

    fn concluded(&self, connection: u16, asked: Asked, read: impl FnOnce(&[u8]) -> Option<Outcome>) -> Outcome {
        match asked {
            Asked::Answer(answer) => {
                let unread = || Outcome::unknown("QIAO-W050", &[("status", "an answer that cannot be read")]);
                read(&answer).unwrap_or_else(unread)
            }
            Asked::NotSent => Refusal::NotConnected { connection: self.connection_name(connection) }.outcome(),
            Asked::Refused(reason) => Refusal::ByMachine { status: reason.to_owned() }.outcome(),
            Asked::Unknown => {
                let within = format!("{} s", ANSWER_WITHIN.as_secs());
                Outcome::unknown("QIAO-W057", &[("within", &within)])
            }
        }
    }

    async fn ask(&self, at: u16, topic: &str, id: &str, payload: Vec<u8>, response_topic: Option<String>) -> Asked {
        let Ok(topic) = TopicName::parse(topic) else { return Asked::NotSent };
        let answered = self.relays.expect(at, id);
        let (told, said) = oneshot::channel();
        let expiry = u32::try_from(ANSWER_WITHIN.as_secs()).ok();
        let correlation = response_topic.is_some().then(|| id.as_bytes().to_vec());
        let saying = Saying { topic, payload, response_topic, correlation, expiry };
        self.wish(at, Wish::Command { saying, told }).await;
        let asked = async {
            match said.await {
                Ok(Said::NotSent) => return Asked::NotSent,
                Ok(Said::Refused(reason)) => return Asked::Refused(reason),
                // The answer shows whether it arrived.
                Ok(Said::Taken | Said::Unknown) | Err(_) => {}
            }
            answered.await.map_or(Asked::Unknown, Asked::Answer)
        };
        let asked = tokio::time::timeout(ANSWER_WITHIN, asked).await.unwrap_or(Asked::Unknown);
        self.relays.forget(at, id);
        asked
    }

    async fn set_item(&self, at: u16, device: &str, path: &str, command: &Command) -> Outcome {
        let Body::Value(value) = &command.body else {
            return Refusal::NotReadable { fault: "no value", at: 0 }.outcome();
        };
        let model = match self.model(at, device).await {
            Ok(model) => model,
            Err(asked) => return self.concluded_before(at, asked),
        };
        let wanted = self.relays.spellings.path(path);
        let is_it = |(_, known): &(&str, &str)| steps_of(known) == steps_of(&wanted);
        let Some((item, _)) = model.items().find(is_it) else {
            self.relays.models.lock().unwrap_or_else(PoisonError::into_inner).remove(&(at, device.to_owned()));
            return Refusal::ByMachine { status: format!("Id Not Exists ({path})") }.outcome();
        };
        let Ok(json) = Tape::parse(value.json().as_bytes(), ANSWER) else {
            return Refusal::NotReadable { fault: "no JSON", at: 0 }.outcome();
        };
        let (mut tape, id) = (Tape::new(), command.id.to_string());
        nc_link::set(&mut tape, &id, [(item, Params::default())], |tape, _| tape.copy(&json, 0));
        let topic = format!("{}/{device}", Kind::SetRequest.topic());
        let asked = self.ask(at, &topic, &id, tape.as_bytes().to_vec(), None).await;
        let spellings = &self.relays.spellings;
        self.concluded(at, asked, |answer| read_response(answer, item, spellings))
    }

    /// Nothing of the command was sent when its device could not be asked for its model.
    fn concluded_before(&self, at: u16, asked: Asked) -> Outcome {
        match asked {
            Asked::Refused(reason) => Refusal::ByMachine { status: reason.to_owned() }.outcome(),
            _ => self.concluded(at, Asked::NotSent, |_| None),
        }
    }

    /// The model of a device; it is asked for once.
    async fn model(&self, at: u16, device: &str) -> Result<Arc<Model>, Asked> {
        let key = (at, device.to_owned());
        let known = self.relays.models.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some(model) = known {
            return Ok(model);
        }
        let id = CommandId::random().to_string();
        let mut tape = Tape::new();
        nc_link::request(&mut tape, &id, nc_link::Body::Nothing);
        let topic = format!("{}/{device}", Kind::ProbeQueryRequest.topic());
        let answer = match self.ask(at, &topic, &id, tape.as_bytes().to_vec(), None).await {
            Asked::Answer(answer) => answer,
            other => return Err(other),
        };
        let read = read(&answer, &self.relays.spellings).and_then(|tape| Probed::read(&tape, device).ok());
        let model = Arc::new(read.ok_or(Asked::Refused("no model of the device can be read"))?.model);
        self.relays.models.lock().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::clone(&model));
        Ok(model)
    }
}

fn read(payload: &[u8], spellings: &Spellings) -> Option<Tape> {
    let raw = Tape::parse(payload, ANSWER).ok()?;
    let mut tape = Tape::new();
    normalise(&raw, &mut tape, spellings, &mut Vec::new());
    tape.fault().is_none().then_some(tape)
}

/// What `Set/Response` says of the item: the machine did it, or refuses it with its reason.
fn read_response(payload: &[u8], item: &str, spellings: &Spellings) -> Option<Outcome> {
    let tape = read(payload, spellings)?;
    let at = (0..64).find(|at| nc_link::text_at(&tape, &format!("/results/{at}/id")).as_deref() == Some(item));
    // Some devices answer for the whole message alone.
    let place = at.map_or_else(String::new, |at| format!("/results/{at}"));
    let code = nc_link::text_at(&tape, &format!("{place}/code"))?;
    match &*code {
        "OK" => Some(Outcome::done(None)),
        "NG" => {
            let reason = nc_link::text_at(&tape, &format!("{place}/reason")).unwrap_or_else(|| code.clone());
            Some(Refusal::ByMachine { status: reason.to_string() }.outcome())
        }
        _ => None,
    }
}

/// What a reply says that has our own form.
fn read_reply(payload: &[u8]) -> Option<Outcome> {
    let tape = Tape::parse(payload, ANSWER).ok()?;
    let text = |pointer: &str| nc_link::text_at(&tape, pointer);
    let told = || [text("/code"), text("/text")].into_iter().flatten().collect::<Vec<_>>().join(" ");
    match &*text("/outcome")? {
        "done" => Some(Outcome::done(None)),
        "refused" => Some(Refusal::ByMachine { status: told() }.outcome()),
        "unknown" => Some(Outcome::unknown("QIAO-W050", &[("status", &told())])),
        _ => None,
    }
}

/// The same command, under the same id: whoever sees it a second time knows it.
fn forwarded(command: &Command, write: &WritePlan, left: Duration) -> Vec<u8> {
    let body = match &command.body {
        Body::Value(value) => format!("\"value\":{}", value.json()),
        Body::Arguments(arguments) => {
            let names = match &write.takes {
                crate::config::plan::Takes::Arguments(known) => known.iter().map(|known| known.name.clone()).collect(),
                crate::config::plan::Takes::Value { .. } => Vec::new(),
            };
            let member =
                |(name, value): (String, &Value)| format!("{}:{}", serde_json::Value::String(name), value.json());
            let members: Vec<String> = names.into_iter().zip(arguments).map(member).collect();
            format!("\"arguments\":{{{}}}", members.join(","))
        }
    };
    let issued: Timestamp = command.issued;
    let id = command.id;
    // Its time to live counts from when it was issued.
    let ttl = command.ttl.unwrap_or(write.ttl).max(left).as_millis();
    format!("{{\"id\":\"{id}\",\"issued\":\"{issued}\",\"ttl\":{ttl},{body}}}").into_bytes()
}
