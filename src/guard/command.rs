//! What a command says, read strictly: every member known, every value of its type, nothing twice.
//!
//! ```json
//! {"id":"…","issued":"2026-11-23T08:00:00Z","value":80,"ttl":2000,"expected":75,"sender":"mes","mac":"…"}
//! ```
//!
//! `arguments` (an object) instead of `value` calls a method. What a sender signs is a list of netstrings
//! (`LENGTH:BYTES,`), so that no part can be taken for another: `qiao-command-1`, the gateway's name, the entry's name,
//! `sender`, `id`, `issued`, then `ttl`, `value` or `arguments`, and `expected` as they stand in the message, byte for
//! byte; what is not there is empty.

use super::coerce::{self, children, name_of, text_of};
use super::refusal::{Refusal, Refused};
use super::value::Value;
use crate::codec::parse::Limits;
use crate::codec::tape::{TapeKind, TapeNode};
use crate::codec::{ParseError, Tape};
use crate::config::plan::{Argument, Takes, WritePlan};
use crate::finding::nearest;
use crate::model::Timestamp;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

/// What a message of a command may cost.
const LIMITS: Limits = Limits { bytes: 512 << 10, depth: 8, nodes: 20_000 };

const MEMBERS: [&str; 8] = ["id", "issued", "ttl", "value", "arguments", "expected", "sender", "mac"];

/// A UUID; not the nil one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CommandId(pub [u8; 16]);

/// Where a command came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// By a topic of this connection.
    Topic { connection: u16, is_retained: bool },
    /// As NC-Link `Set/Request` at this connection.
    NcLink { connection: u16, is_retained: bool },
    /// From a client of the gateway's own OPC UA server; `None`: an anonymous one.
    Face { connection: u16, user: Option<String> },
}

/// What it wants.
#[derive(Clone, Debug)]
pub enum Body {
    Value(Value),
    /// In the order of the entry.
    Arguments(Vec<Value>),
}

/// What comes without an envelope.
#[derive(Clone, Debug)]
pub enum Bare<'a> {
    /// A value, or an object of arguments.
    Json(&'a [u8]),
    /// A value, or arguments in the order of the entry, with their types.
    Typed(Vec<Value>),
}

/// A command, readable and typed; nothing is decided about it.
#[derive(Clone, Debug)]
pub struct Command {
    /// Index into [`crate::config::plan::Writes::entries`].
    pub entry: usize,
    pub id: CommandId,
    pub issued: Timestamp,
    /// Its own time to live, if it gave one.
    pub ttl: Option<Duration>,
    pub body: Body,
    /// The value that has to be there, or it is not done.
    pub expected: Option<Value>,
    /// Who it says it is from.
    pub sender: Option<String>,
    pub(super) mac: Option<[u8; 32]>,
    /// What the sender's code is made over.
    pub(super) signed: Vec<u8>,
}

impl Command {
    /// SHA-256 of everything it says: tells a repetition from another command with the same id.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(&self.signed).into()
    }

    /// What it wants, as JSON: the value, or the arguments as an array.
    #[must_use]
    pub fn json(&self) -> String {
        match &self.body {
            Body::Value(value) => value.json(),
            Body::Arguments(values) => {
                format!("[{}]", values.iter().map(Value::json).collect::<Vec<_>>().join(","))
            }
        }
    }
}

impl Body {
    /// The value, or the arguments in their order.
    #[must_use]
    pub fn values(&self) -> &[Value] {
        match self {
            Self::Value(value) => std::slice::from_ref(value),
            Self::Arguments(values) => values,
        }
    }
}

/// Reads a message; what could be read of it stands in the refusal.
pub(super) fn read(gateway: &str, (entry, plan): (usize, &WritePlan), bytes: &[u8]) -> Result<Command, Box<Refused>> {
    let refuse = |refusal| Box::new(Refused { id: None, sender: None, refusal });
    let tape = Tape::parse(bytes, LIMITS).map_err(|error| refuse(not_readable(&error)))?;
    let mut message = Message { tape: &tape, members: BTreeMap::new() };
    message.gather().map_err(refuse)?;
    let id = message.id();
    let sender = message.text("sender");
    let known = id.as_ref().ok().copied();
    let refuse = |refusal| Box::new(Refused { id: known, sender: sender.clone().ok().flatten(), refusal });
    let read = || -> Result<Command, Refusal> {
        if let Some(unknown) = message.members.keys().find(|name| !MEMBERS.contains(&name.as_str())) {
            let nearest = nearest(unknown, MEMBERS).unwrap_or("none").to_owned();
            return Err(Refusal::UnknownMember { name: unknown.clone(), nearest });
        }
        let id = id.clone()?;
        let sender = sender.clone()?;
        let issued = message.text("issued")?.ok_or_else(|| missing("issued"))?;
        let body = message.body(plan)?;
        let expected = match (&plan.takes, message.members.get("expected")) {
            (_, None) => None,
            // What is there is compared, not written: bounds do not hold for it.
            (Takes::Value { rule, .. }, Some((at, _))) => {
                Some(coerce::read(&tape, *at, &coerce::unbounded(rule), "expected")?)
            }
            (Takes::Arguments(_), Some(_)) => return Err(malformed("expected", "no-call")),
        };
        let raw = |name: &str| message.members.get(name).map_or("", |(_, node)| tape.json_of(node));
        let what = if matches!(body, Body::Value(_)) { raw("value") } else { raw("arguments") };
        let id_text = message.text("id")?.unwrap_or_default();
        let from = sender.clone().unwrap_or_default();
        let parts =
            ["qiao-command-1", gateway, &plan.name, &from, &id_text, &issued, raw("ttl"), what, raw("expected")];
        Ok(Command {
            entry,
            id,
            issued: Timestamp::parse(&issued).map_err(|_| malformed("issued", "time"))?,
            ttl: message.ttl()?,
            body,
            expected,
            sender,
            mac: message.mac()?,
            signed: netstrings(&parts),
        })
    };
    read().map_err(refuse)
}

/// A command without an envelope, issued when it arrived.
pub(super) fn bare(
    gateway: &str,
    (entry, plan): (usize, &WritePlan),
    id: CommandId,
    what: Bare<'_>,
    arrived: Timestamp,
) -> Result<Command, Box<Refused>> {
    let refuse = |refusal| Box::new(Refused { id: Some(id), sender: None, refusal });
    let body = match what {
        Bare::Json(json) => {
            let tape = Tape::parse(json, LIMITS).map_err(|error| refuse(not_readable(&error)))?;
            body_of(&tape, 0, plan)
        }
        Bare::Typed(values) => typed(values, plan),
    };
    let body = body.map_err(refuse)?;
    let mut command = Command {
        entry,
        id,
        issued: arrived,
        ttl: None,
        body,
        expected: None,
        sender: None,
        mac: None,
        signed: Vec::new(),
    };
    let (id, json) = (id.to_string(), command.json());
    command.signed = netstrings(&["qiao-command-1", gateway, &plan.name, "", &id, "", "", &json, ""]);
    Ok(command)
}

struct Message<'a> {
    tape: &'a Tape,
    members: BTreeMap<String, (u32, TapeNode)>,
}

impl Message<'_> {
    fn gather(&mut self) -> Result<(), Refusal> {
        let is_object = self.tape.nodes().first().is_some_and(|root| root.kind() == TapeKind::Object);
        if !is_object {
            return Err(malformed("", "object"));
        }
        let members = children(self.tape, 0).map(|(at, node)| (name_of(self.tape, &node), (at, node)));
        self.members = members.collect();
        Ok(())
    }

    fn text(&self, name: &'static str) -> Result<Option<String>, Refusal> {
        let Some((_, node)) = self.members.get(name) else { return Ok(None) };
        text_of(self.tape, node).map(Some).ok_or_else(|| malformed(name, "text"))
    }

    fn id(&self) -> Result<CommandId, Refusal> {
        let text = self.text("id")?.ok_or_else(|| missing("id"))?;
        CommandId::parse(&text).ok_or_else(|| malformed("id", "uuid"))
    }

    fn ttl(&self) -> Result<Option<Duration>, Refusal> {
        let Some((_, node)) = self.members.get("ttl") else { return Ok(None) };
        let milliseconds = self.tape.text_of(node).parse::<u32>().ok().filter(|_| node.kind() == TapeKind::I64);
        let milliseconds = milliseconds.filter(|milliseconds| *milliseconds > 0);
        milliseconds.map(|ms| Some(Duration::from_millis(ms.into()))).ok_or_else(|| malformed("ttl", "milliseconds"))
    }

    fn mac(&self) -> Result<Option<[u8; 32]>, Refusal> {
        let Some(text) = self.text("mac")? else { return Ok(None) };
        let wrong = || malformed("mac", "hexadecimal");
        let digits = text.bytes().map(|byte| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok()));
        let digits: Vec<u8> = digits.collect::<Option<_>>().ok_or_else(wrong)?;
        let bytes: Vec<u8> = digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect();
        let mac = <[u8; 32]>::try_from(bytes).map_err(|_| wrong())?;
        if digits.len() == 64 { Ok(Some(mac)) } else { Err(wrong()) }
    }

    fn body(&self, plan: &WritePlan) -> Result<Body, Refusal> {
        let (wanted, other) = match plan.takes {
            Takes::Value { .. } => ("value", "arguments"),
            Takes::Arguments(_) => ("arguments", "value"),
        };
        if self.members.contains_key(other) {
            return Err(Refusal::UnknownMember { name: other.to_owned(), nearest: wanted.to_owned() });
        }
        let (at, _) = self.members.get(wanted).ok_or_else(|| missing(wanted))?;
        body_of(self.tape, *at, plan)
    }
}

fn body_of(tape: &Tape, at: u32, plan: &WritePlan) -> Result<Body, Refusal> {
    match &plan.takes {
        Takes::Value { rule, .. } => coerce::read(tape, at, rule, "value").map(Body::Value),
        Takes::Arguments(arguments) => {
            if tape.nodes().get(at as usize).is_none_or(|node| node.kind() != TapeKind::Object) {
                return Err(malformed("arguments", "object"));
            }
            let given: BTreeMap<String, u32> =
                children(tape, at).map(|(at, node)| (name_of(tape, &node), at)).collect();
            if let Some(unknown) = given.keys().find(|name| arguments.iter().all(|known| known.name != **name)) {
                let known = arguments.iter().map(|argument| argument.name.as_str());
                let nearest = nearest(unknown, known).unwrap_or("none").to_owned();
                return Err(Refusal::UnknownMember { name: unknown.clone(), nearest });
            }
            let value = |argument: &Argument| {
                let at = given.get(&argument.name).ok_or_else(|| missing(&argument.name))?;
                coerce::read(tape, *at, &argument.rule, &argument.name)
            };
            arguments.iter().map(value).collect::<Result<_, _>>().map(Body::Arguments)
        }
    }
}

fn typed(values: Vec<Value>, plan: &WritePlan) -> Result<Body, Refusal> {
    match &plan.takes {
        Takes::Value { rule, .. } => {
            let [value] = <[Value; 1]>::try_from(values).map_err(|_| missing("value"))?;
            coerce::typed(value, rule, "value").map(Body::Value)
        }
        Takes::Arguments(arguments) => {
            if values.len() != arguments.len() {
                let facts = (arguments.len().to_string(), values.len().to_string());
                return Err(Refusal::WrongShape { name: "arguments".to_owned(), expected: facts.0, found: facts.1 });
            }
            let each = values.into_iter().zip(arguments);
            let each = each.map(|(value, argument)| coerce::typed(value, &argument.rule, &argument.name));
            each.collect::<Result<_, _>>().map(Body::Arguments)
        }
    }
}

pub(super) fn netstrings(parts: &[&str]) -> Vec<u8> {
    parts.iter().flat_map(|part| format!("{}:{part},", part.len()).into_bytes()).collect()
}

fn missing(name: &str) -> Refusal {
    Refusal::MissingMember { name: name.to_owned() }
}

fn malformed(name: &str, expected: &'static str) -> Refusal {
    Refusal::Malformed { name: name.to_owned(), expected }
}

fn not_readable(error: &ParseError) -> Refusal {
    Refusal::NotReadable { fault: error.kind.name(), at: error.at }
}

impl CommandId {
    /// A random one (RFC 9562 §5.4).
    #[must_use]
    pub fn random() -> Self {
        // Every `RandomState` has keys of its own.
        let half = || u128::from(RandomState::new().build_hasher().finish());
        let version = (half() << 64 | half()) & !(0xF000 << 64 | 0xC000 << 48);
        Self((version | 0x4000 << 64 | 0x8000 << 48).to_be_bytes())
    }

    /// From 8-4-4-4-12 hexadecimal digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if !coerce::is_guid(text) {
            return None;
        }
        let digits = u128::from_str_radix(&text.replace('-', ""), 16).ok().filter(|number| *number != 0)?;
        Some(Self(digits.to_be_bytes()))
    }

    /// Of a command whose protocol gives it no UUID: the same parts make the same id.
    #[must_use]
    pub fn of(parts: &[&str]) -> Self {
        let digest: [u8; 32] = Sha256::digest(netstrings(parts)).into();
        let mut id = [0; 16];
        id.copy_from_slice(&digest[..16]);
        Self(id)
    }
}

impl fmt::Display for CommandId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, byte) in self.0.iter().enumerate() {
            if matches!(at, 4 | 6 | 8 | 10) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for CommandId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
