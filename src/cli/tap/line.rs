//! One thing heard as lines: JSON for machines, words for people.

use super::fields::{Field, age_ms, time_of};
use super::glob::Glob;
use super::verdict::{Verdict, property};
use crate::cli::Face;
use crate::codec::{Reading, Tape, ua_json};
use crate::finding::{Code, Finding, Severity, visible};
use crate::model::delivery::TopicKind;
use crate::model::tree::Node;
use crate::model::{Quarantined, Reason, Sample, Scalar, StatusCode, Timestamp};
use crate::mqtt::Incoming;
use crate::runtime::tap::Message;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use std::borrow::Cow;

/// Signs of a value or message that people are shown in one line; machines get all of it.
const SHOWN: usize = 160;
/// Lines of a message that people are shown.
const LINES: usize = 200;

/// A value for machines.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct ValueLine<'a> {
    what: &'static str,
    connection: &'a str,
    machine: &'a str,
    field: &'a str,
    node: &'a str,
    r#type: String,
    /// As OPC 10000-6 §5.4 writes it; `null` where it cannot be written, which `error` tells.
    value: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dimensions: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    status: Cow<'static, str>,
    status_code: u32,
    source_time: Option<String>,
    server_time: Option<String>,
    received: String,
    /// Since the source's time, else the server's; negative when that clock goes ahead.
    age_ms: Option<i64>,
    /// Values a second.
    rate: f64,
}

/// Of a written `DataValue` what is not said in other words.
#[derive(Default, Deserialize)]
struct Parts<'a> {
    #[serde(borrow, rename = "Value")]
    value: Option<&'a RawValue>,
    #[serde(borrow, rename = "Dimensions")]
    dimensions: Option<&'a RawValue>,
}

/// A value and what is known of it.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    pub(super) connection: &'a str,
    pub(super) field: &'a Field,
    pub(super) sample: &'a Sample,
    pub(super) arena: &'a [u8],
    pub(super) received: Timestamp,
    pub(super) rate: f64,
}

/// The symbol of a status code, else its number.
pub(super) fn status_name(status: StatusCode) -> Cow<'static, str> {
    status.symbol().map_or_else(|| format!("0x{:08X}", status.0).into(), Cow::Borrowed)
}

fn reading<'a>(field: &'a Field, sample: &Sample, arena: &'a [u8]) -> Reading<'a> {
    Reading {
        scalar: sample.scalar,
        arena,
        status: StatusCode(sample.status),
        source_time: sample.source_time,
        server_time: sample.server_time,
        enumeration: field.enumeration.as_deref(),
    }
}

/// A value as people read it, in one line.
pub(super) fn value_text(tape: &mut Tape, field: &Field, sample: &Sample, arena: &[u8]) -> String {
    if let Scalar::Tree(span) = sample.scalar
        && let Some(Node::LocalizedText { text: Some(text), .. }) = Node::read(span.of(arena))
    {
        return cut(text);
    }
    tape.clear();
    match ua_json::value(tape, &reading(field, sample, arena)) {
        Ok(()) => cut(tape.as_str().trim_matches('"')),
        Err(error) => format!("({error})"),
    }
}

/// Safe to show, and no longer than a line.
pub(super) fn cut(text: &str) -> String {
    let mut signs = text.chars();
    let head: String = signs.by_ref().take(SHOWN).collect();
    let rest = if signs.next().is_some() { "…" } else { "" };
    format!("{}{rest}", visible(&head))
}

pub(super) fn value(tape: &mut Tape, seen: Seen<'_>, face: &Face) -> String {
    let Seen { field, sample, arena, received, .. } = seen;
    let status = StatusCode(sample.status);
    let age = time_of(sample.source_time, sample.server_time).map(|time| age_ms(time, received));
    if !face.json {
        let text = value_text(tape, field, sample, arena);
        let age = age.map_or_else(|| "-".to_owned(), |age| format!("{age} ms"));
        let (machine, path) = (visible(&field.machine), visible(&field.path));
        return format!("{received}  {machine}  {path}  {text}  {}  {age}  {:.1}/s\n", status_name(status), seen.rate);
    }
    tape.clear();
    let written = ua_json::data_value(tape, &reading(field, sample, arena));
    let parts = written.is_ok().then(|| serde_json::from_str::<Parts<'_>>(tape.as_str()).ok()).flatten();
    let parts = parts.unwrap_or_default();
    let line = ValueLine {
        what: "value",
        connection: seen.connection,
        machine: &field.machine,
        field: &field.path,
        node: &field.node,
        r#type: format!("{:?}", field.kind),
        value: parts.value,
        dimensions: parts.dimensions,
        error: written.err().map(|error| error.to_string()),
        status: status_name(status),
        status_code: sample.status,
        source_time: given(sample.source_time),
        server_time: given(sample.server_time),
        received: received.to_string(),
        age_ms: age,
        rate: (seen.rate * 10.0).round() / 10.0,
    };
    // Strings, numbers and what the tape wrote: nothing of it fails.
    serde_json::to_string(&line).unwrap_or_default() + "\n"
}

fn given(time: Timestamp) -> Option<String> {
    (!time.is_none()).then(|| time.to_string())
}

/// A message as it would be published, or not: `refused` says why.
pub(super) struct Made<'a> {
    pub(super) flow: Option<&'a str>,
    pub(super) machine: &'a str,
    pub(super) topic: &'a str,
    pub(super) profile: String,
    pub(super) time: String,
    pub(super) kind: Option<TopicKind>,
    pub(super) qos: Option<u8>,
    pub(super) payload: &'a [u8],
    pub(super) count: u64,
    pub(super) refused: &'a [Reason],
    pub(super) is_refused: bool,
    /// What the stages said of its machine; people read it before.
    pub(super) findings: &'a [Finding],
}

impl<'a> Made<'a> {
    pub(super) fn published(message: &'a Message, findings: &'a [Finding]) -> Self {
        let profile =
            message.properties.as_ref().map(|carried| format!("{}@{}", carried.profile, carried.schema_version));
        Self {
            flow: message.flow.as_deref(),
            machine: message.machine.as_deref().unwrap_or_default(),
            topic: message.topic.as_str(),
            profile: profile.unwrap_or_default(),
            time: message.time.to_string(),
            kind: Some(message.kind),
            qos: Some(message.qos),
            payload: &message.payload,
            count: 1,
            refused: &[],
            is_refused: false,
            findings,
        }
    }

    pub(super) fn refused(quarantined: &'a Quarantined) -> Self {
        Self {
            flow: Some(&quarantined.flow),
            machine: &quarantined.machine,
            topic: &quarantined.topic,
            profile: quarantined.profile.clone(),
            time: quarantined.time.clone(),
            kind: None,
            qos: None,
            payload: quarantined.message.as_bytes(),
            count: quarantined.count,
            refused: &quarantined.reasons,
            is_refused: true,
            findings: &[],
        }
    }
}

/// `None`: no field of it is wanted.
pub(super) fn made(made: &Made<'_>, field: Option<&Glob>, face: &Face) -> Option<String> {
    let (message, fields) = wanted(made.payload, field)?;
    let reasons: Vec<(Finding, &Reason)> = made.refused.iter().map(|reason| (finding_of(reason), reason)).collect();
    if face.json {
        let mut findings: Vec<Value> = made.findings.iter().map(|finding| face.finding_as_json(finding)).collect();
        findings.extend(reasons.iter().map(|(_, reason)| {
            let facts: Vec<_> = reason.arguments.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            json!({ "code": reason.code, "severity": "error", "place": reason.pointer, "rule": reason.rule,
                    "node": reason.node, "text": face.text(&reason.code, &facts) })
        }));
        let line = json!({
            "what": "message", "time": made.time, "flow": made.flow, "machine": made.machine, "profile": made.profile,
            "topic": made.topic, "qos": made.qos, "retain": made.kind.map(|kind| kind == TopicKind::State),
            "size": made.payload.len(), "quarantined": made.is_refused, "count": made.count, "findings": findings,
            if fields.is_some() { "fields" } else { "message" }: fields.map_or(message, Value::Object),
        });
        return Some(format!("{line}\n"));
    }
    let fate = if made.is_refused { "tap-refused" } else { "tap-published" };
    let head = face.text(
        fate,
        &[
            ("topic", made.topic),
            ("machine", made.machine),
            ("profile", &made.profile),
            ("size", &made.payload.len().to_string()),
        ],
    );
    let mut text = format!("{}  {head}\n", made.time);
    for (finding, reason) in &reasons {
        let facts: Vec<_> = reason.arguments.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        text += &format!("  {} {}  {}\n", finding.code, visible(&reason.pointer), face.text(&reason.code, &facts));
    }
    text += &pretty(&fields.map_or(message, Value::Object));
    Some(text)
}

/// What arrived at a broker; `None`: no field of it is wanted.
pub(super) fn arrived(
    message: &Incoming,
    verdict: Option<&Verdict>,
    time: Timestamp,
    field: Option<&Glob>,
    face: &Face,
) -> Option<String> {
    let topic = String::from_utf8_lossy(&message.topic);
    let (content, fields) = wanted(&message.payload, field)?;
    let content = fields.map_or(content, Value::Object);
    let (profile, version) = (property(message, "profile"), property(message, "schema-version"));
    if face.json {
        let properties: Map<String, Value> =
            message.user_properties.iter().map(|(key, value)| (key.clone(), json!(value))).collect();
        let mut line = json!({
            "what": "arrived", "time": time.to_string(), "topic": topic, "qos": message.qos,
            "retain": message.is_retained, "size": message.payload.len(), "content-type": message.content_type,
            "profile": profile, "schema-version": version, "properties": properties,
            if field.is_some() { "fields" } else { "message" }: content,
        });
        if let (Some(verdict), Some(line)) = (verdict, line.as_object_mut()) {
            line.insert("checked-by".to_owned(), json!(verdict.profile));
            line.insert("valid".to_owned(), json!(verdict.profile.as_ref().map(|_| !verdict.is_invalid())));
            let findings = verdict.findings.iter().map(|finding| face.finding_as_json(finding)).collect();
            line.insert("findings".to_owned(), Value::Array(findings));
        }
        return Some(format!("{line}\n"));
    }
    let retain = if message.is_retained { " retain" } else { "" };
    let mut text = format!("{time}  {}  qos {}{retain}  {} bytes", visible(&topic), message.qos, message.payload.len());
    let named = profile.zip(version).map(|(profile, version)| format!("{profile}@{version}"));
    let key = match (property(message, "gateway"), property(message, "stream"), property(message, "sequence")) {
        (Some(gateway), Some(stream), Some(sequence)) => Some(format!("{gateway}/{stream}/{sequence}")),
        _ => None,
    };
    for part in [message.content_type.as_deref(), named.as_deref(), key.as_deref()].into_iter().flatten() {
        text += &format!("  {}", visible(part));
    }
    text.push('\n');
    for finding in verdict.iter().flat_map(|verdict| &verdict.findings) {
        text += &format!("  {}\n", words(finding, face));
    }
    Some(text + &pretty(&content))
}

/// What a payload holds, and of it the leaves whose pointer matches, where a pattern asks for them.
fn wanted(payload: &[u8], field: Option<&Glob>) -> Option<(Value, Option<Map<String, Value>>)> {
    let message = content(payload);
    let Some(glob) = field else { return Some((message, None)) };
    let mut found = Map::new();
    leaves(&message, &mut String::new(), glob, &mut found);
    (!found.is_empty()).then_some((Value::Null, Some(found)))
}

/// Leaves of a message by their pointer; the parser bounds the depth.
fn leaves(value: &Value, pointer: &mut String, glob: &Glob, found: &mut Map<String, Value>) {
    let length = pointer.len();
    let mut below = |step: &str, value: &Value| {
        pointer.push('/');
        pointer.push_str(step);
        leaves(value, pointer, glob, found);
        pointer.truncate(length);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| below(name, value)),
        Value::Array(items) => items.iter().enumerate().for_each(|(at, value)| below(&at.to_string(), value)),
        leaf => {
            let path = pointer.trim_start_matches('/');
            if glob.matches(path) || glob.matches(pointer) {
                found.insert(pointer.clone(), leaf.clone());
            }
        }
    }
}

/// JSON where it is some, text where it is text, else its bytes.
fn content(payload: &[u8]) -> Value {
    if payload.is_empty() {
        return Value::Null;
    }
    serde_json::from_slice(payload).unwrap_or_else(|_| {
        let (text, is_base64) = Quarantined::text_of(payload);
        if is_base64 { json!({ "base64": text }) } else { Value::String(text) }
    })
}

fn pretty(message: &Value) -> String {
    let text = match message {
        Value::String(text) => text.clone(),
        other => serde_json::to_string_pretty(other).unwrap_or_default(),
    };
    let mut shown: String = text.lines().take(LINES).map(|line| format!("  {}\n", cut(line))).collect();
    if text.lines().nth(LINES).is_some() {
        shown.push_str("  …\n");
    }
    shown
}

pub(super) fn finding_of(reason: &Reason) -> Finding {
    Finding {
        code: Code(Cow::Owned(reason.code.clone())),
        severity: Severity::Error,
        place: reason.pointer.clone(),
        arguments: Vec::new(),
    }
}

/// A finding in one line.
pub(super) fn words(finding: &Finding, face: &Face) -> String {
    let text = finding.text(face.language);
    if finding.place.is_empty() {
        return format!("{}  {text}", finding.code);
    }
    format!("{} {}  {text}", finding.code, visible(&finding.place))
}

pub(super) fn finding(finding: &Finding, face: &Face) -> String {
    if face.json {
        return format!("{}\n", json!({ "what": "finding", "finding": face.finding_as_json(finding) }));
    }
    format!("{}\n", words(finding, face))
}
