//! NC-Link messages (GB/T 41970-2022, T/CMTBA 1008-2020; known from secondary sources only).
//!
//! | message | written by | members |
//! |---|---|---|
//! | sample | [`sample`] | `paths`, `id`, `beginTime` (epoch ms as text), `data` (columns), `interval`, `uploadInterval` |
//! | query, its response | [`query`], [`answers`] | `@id`, `ids` · `values` |
//! | set, its response | [`set`], [`answers`] | `@id`, `values` · `results` |
//! | probe (query, set, version), registration | [`request`], [`response`] | `@id`, one body · `code`, `reason` |
//! | event | [`event`] | `@id`, `id`, `time`, `event` |
//! | ping, pong | [`request`] | `@id` |
//!
//! Writing costs no allocation once the tape has its size: values are written by the caller, straight onto the tape.
//! Foreign messages go through [`normalise`] first: the field knows several spellings of one thing, and all that reads
//! them knows one.

use super::key::Key;
use super::tape::Tape;
use std::sync::LazyLock;

mod answer;
mod model;
mod part;
mod path;
mod read;
mod request;
mod spelling;
pub use answer::{Answer, Answered, Outcome, answers};
pub use model::{Model, ModelFault, Probed};
pub use part::{Selection, Unfit, Wanted, select, wanted};
pub use path::{path_of, steps_of};
pub use read::{Event, Fault, FaultKind, Sample, check};
pub use request::{AskedItem, asked_items, message_id, text_at};
pub use spelling::{Difference, Spellings, normalise};

macro_rules! keys {
    ($($name:ident $text:literal,)*) => {
        struct Keys { $($name: Key,)* }
        static KEYS: LazyLock<Keys> = LazyLock::new(|| Keys { $($name: Key::known($text),)* });
    };
}

keys! {
    message "@id", id "id", ids "ids", guid "guid", params "params", values "values", results "results",
    code "code", reason "reason", probe "probe", version "version", paths "paths", begin "beginTime", data "data",
    interval "interval", upload_interval "uploadInterval", time "time", event "event", key "key", value "value",
    old_value "oldValue", operation "operation", indexes "indexes", index "index", keys "keys", offset "offset",
    length "length",
}

/// What a message is; its topic says so, not its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sample,
    QueryRequest,
    QueryResponse,
    SetRequest,
    SetResponse,
    ProbeQueryRequest,
    ProbeQueryResponse,
    ProbeSetRequest,
    ProbeSetResponse,
    VersionRequest,
    VersionResponse,
    RegisterRequest,
    RegisterResponse,
    Event,
    Ping,
    Pong,
}

/// Topics of each kind, without the device that ends them.
const TOPICS: &[(&str, Kind)] = &[
    ("Sample", Kind::Sample),
    ("Query/Request", Kind::QueryRequest),
    ("Query/Response", Kind::QueryResponse),
    ("Set/Request", Kind::SetRequest),
    ("Set/Response", Kind::SetResponse),
    ("Probe/Query/Request", Kind::ProbeQueryRequest),
    ("Probe/Query/Response", Kind::ProbeQueryResponse),
    ("Probe/Set/Request", Kind::ProbeSetRequest),
    ("Probe/Set/Response", Kind::ProbeSetResponse),
    // The longer one first: the request's topic begins like the response's.
    ("Probe/Version/Response", Kind::VersionResponse),
    ("Probe/Version", Kind::VersionRequest),
    ("Register/Request", Kind::RegisterRequest),
    ("Register/Response", Kind::RegisterResponse),
    ("Event", Kind::Event),
    ("Ping", Kind::Ping),
    ("Pong", Kind::Pong),
];

impl Kind {
    /// The kind of a message by its topic, and what stands behind it there: device, then channel or client.
    #[must_use]
    pub fn of_topic(topic: &str) -> Option<(Self, &str)> {
        TOPICS.iter().find_map(|(prefix, kind)| {
            let rest = topic.strip_prefix(prefix)?;
            if rest.is_empty() { Some((*kind, "")) } else { Some((*kind, rest.strip_prefix('/')?)) }
        })
    }

    /// Its topic without the device.
    #[must_use]
    pub fn topic(self) -> &'static str {
        TOPICS.iter().find(|(_, kind)| *kind == self).map_or("", |(topic, _)| topic)
    }
}

/// What stands around the columns of a sample.
#[derive(Clone, Copy, Debug)]
pub struct SampleHead<'a> {
    /// Id of the sampling channel.
    pub channel: &'a str,
    /// Milliseconds since 1970 of the first row.
    pub begin: i64,
    /// Milliseconds between two rows.
    pub interval: u32,
    /// Milliseconds between two messages.
    pub upload_interval: u32,
}

/// A sample; `columns` writes one [`column()`] for each path.
pub fn sample<'a>(
    tape: &mut Tape,
    head: &SampleHead<'_>,
    paths: impl IntoIterator<Item = &'a str>,
    columns: impl FnOnce(&mut Tape),
) {
    tape.begin_object();
    tape.key(&KEYS.paths);
    texts(tape, paths);
    member(tape, &KEYS.id, head.channel);
    millis(tape, &KEYS.begin, head.begin);
    tape.key(&KEYS.data);
    tape.begin_array();
    columns(tape);
    tape.end_array();
    tape.key(&KEYS.interval);
    tape.u64(head.interval.into());
    tape.key(&KEYS.upload_interval);
    tape.u64(head.upload_interval.into());
    tape.end_object();
}

/// One column of a sample; `rows` writes a value for each row, null where none is usable.
pub fn column(tape: &mut Tape, rows: impl FnOnce(&mut Tape)) {
    tape.begin_object();
    tape.key(&KEYS.data);
    tape.begin_array();
    rows(tape);
    tape.end_array();
    tape.end_object();
}

/// How a query or a set speaks of a part of an item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Params<'a> {
    /// `get_value`, `set_value` and so on; `None`: the usual one.
    pub operation: Option<&'a str>,
    /// Such as `3` and `10-18`; of queries.
    pub indexes: &'a [&'a str],
    /// Of queries.
    pub keys: &'a [&'a str],
    /// Of sets.
    pub index: Option<u32>,
    /// Of sets.
    pub key: Option<&'a str>,
    pub offset: Option<u32>,
    pub length: Option<u32>,
}

impl Params<'_> {
    /// Writes the members; a set adds its value.
    fn members(&self, tape: &mut Tape) {
        if let Some(operation) = self.operation {
            member(tape, &KEYS.operation, operation);
        }
        for (key, list) in [(&KEYS.indexes, self.indexes), (&KEYS.keys, self.keys)] {
            if !list.is_empty() {
                tape.key(key);
                texts(tape, list.iter().copied());
            }
        }
        if let Some(key) = self.key {
            member(tape, &KEYS.key, key);
        }
        for (key, number) in [(&KEYS.index, self.index), (&KEYS.offset, self.offset), (&KEYS.length, self.length)] {
            if let Some(number) = number {
                tape.key(key);
                tape.u64(number.into());
            }
        }
    }
}

/// A query for the values of items.
pub fn query<'a>(tape: &mut Tape, message: &str, items: impl IntoIterator<Item = (&'a str, Option<Params<'a>>)>) {
    tape.begin_object();
    member(tape, &KEYS.message, message);
    tape.key(&KEYS.ids);
    tape.begin_array();
    for (id, params) in items {
        tape.begin_object();
        member(tape, &KEYS.id, id);
        if let Some(params) = params {
            tape.key(&KEYS.params);
            tape.begin_object();
            params.members(tape);
            tape.end_object();
        }
        tape.end_object();
    }
    tape.end_array();
    tape.end_object();
}

/// A request to set items; `value` writes the value of an item.
pub fn set<'a>(
    tape: &mut Tape,
    message: &str,
    items: impl IntoIterator<Item = (&'a str, Params<'a>)>,
    mut value: impl FnMut(&mut Tape, usize),
) {
    tape.begin_object();
    member(tape, &KEYS.message, message);
    tape.key(&KEYS.values);
    tape.begin_array();
    for (at, (id, params)) in items.into_iter().enumerate() {
        tape.begin_object();
        member(tape, &KEYS.id, id);
        tape.key(&KEYS.params);
        tape.begin_object();
        params.members(tape);
        tape.key(&KEYS.value);
        value(tape, at);
        tape.end_object();
        tape.end_object();
    }
    tape.end_array();
    tape.end_object();
}

/// What a request or response carries beside its id.
pub enum Body<'a> {
    Nothing,
    /// A device model, written by the caller.
    Probe(&'a mut dyn FnMut(&mut Tape)),
    /// Of the device's model.
    Version(&'a str),
    /// Who registers, and the version of its model.
    Device {
        guid: &'a str,
        version: &'a str,
    },
}

impl Body<'_> {
    fn write(&mut self, tape: &mut Tape) {
        match self {
            Self::Nothing => {}
            Self::Probe(model) => {
                tape.key(&KEYS.probe);
                model(tape);
            }
            Self::Version(version) => member(tape, &KEYS.version, version),
            Self::Device { guid, version } => {
                member(tape, &KEYS.guid, guid);
                member(tape, &KEYS.version, version);
            }
        }
    }
}

impl std::fmt::Debug for Body<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Body(…)")
    }
}

/// Probe, version check, registration, ping and pong.
pub fn request(tape: &mut Tape, message: &str, mut body: Body<'_>) {
    tape.begin_object();
    member(tape, &KEYS.message, message);
    body.write(tape);
    tape.end_object();
}

/// The answer to one of them. A refusal carries no body.
pub fn response(tape: &mut Tape, message: &str, outcome: Outcome<'_>, mut body: Body<'_>) {
    tape.begin_object();
    member(tape, &KEYS.message, message);
    outcome.write(tape);
    if outcome == Outcome::Ok {
        body.write(tape);
    }
    tape.end_object();
}

/// An event: item `id` changed at `time` (milliseconds since 1970). `values` writes the new value, and when asked for it
/// (`true`) the old one, if there is one.
pub fn event(
    tape: &mut Tape,
    message: &str,
    id: &str,
    time: i64,
    key: &str,
    has_old: bool,
    mut values: impl FnMut(&mut Tape, bool),
) {
    tape.begin_object();
    member(tape, &KEYS.message, message);
    member(tape, &KEYS.id, id);
    millis(tape, &KEYS.time, time);
    tape.key(&KEYS.event);
    tape.begin_object();
    member(tape, &KEYS.key, key);
    tape.key(&KEYS.value);
    values(tape, false);
    if has_old {
        tape.key(&KEYS.old_value);
        values(tape, true);
    }
    tape.end_object();
    tape.end_object();
}

fn member(tape: &mut Tape, key: &Key, text: &str) {
    tape.key(key);
    tape.text(text);
}

fn millis(tape: &mut Tape, key: &Key, millis: i64) {
    tape.key(key);
    tape.text_with(|text| text.push_i64(millis));
}

fn texts<'a>(tape: &mut Tape, list: impl IntoIterator<Item = &'a str>) {
    tape.begin_array();
    list.into_iter().for_each(|text| tape.text(text));
    tape.end_array();
}

#[cfg(test)]
mod tests;
