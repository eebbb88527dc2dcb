//! Writes one message from a layout and an image.

use super::image::Image;
use super::layout::{BoundField, Content, Layout, Member};
use crate::codec::data_set_message::{self, Header, MessageType};
use crate::codec::{EncodeError, Key, Reading, Tape, ua_json, umati_json};
use crate::model::delivery::TopicKind;
use crate::model::{Scalar, StatusCode, Timestamp};
use crate::profile::{Codec, MessageKind, Profile};
use std::sync::LazyLock;

/// Which fields a message holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contents {
    /// Every field that has said something.
    All,
    /// The fields that were not yet part of a message.
    Changes,
    /// Every field, with this status instead of what it last said.
    Bad(StatusCode),
}

/// Something that is wrong with a message and is written into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    pub code: &'static str,
    /// JSON pointer into the message.
    pub pointer: String,
}

/// One message to be written.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    pub layout: &'a Layout,
    pub image: &'a Image,
    pub codec: Codec,
    pub contents: Contents,
    pub header: Header<'a>,
    /// Written where the encoding has a place for them.
    pub remarks: &'a [Remark],
}

/// What became of the fields of a message.
#[derive(Debug, Default)]
pub struct Written {
    /// New source values in the message.
    pub values: u32,
    /// Fields whose value cannot be written.
    pub unwritable: Vec<(u32, EncodeError)>,
    /// Objects that are being written; kept for its memory.
    open: Vec<Open>,
}

#[derive(Clone, Copy, Debug)]
struct Open {
    member: u32,
    end: u32,
    is_begun: bool,
}

struct Keys {
    findings: Key,
    dollar_findings: Key,
    code: Key,
    pointer: Key,
}

static KEYS: LazyLock<Keys> = LazyLock::new(|| Keys {
    findings: Key::known("Findings"),
    dollar_findings: Key::known("$Findings"),
    code: Key::known("Code"),
    pointer: Key::known("Pointer"),
});

/// Name of the member that holds remarks.
#[must_use]
pub fn remarks_member(codec: Codec) -> &'static str {
    match codec {
        Codec::UaJson => "Findings",
        Codec::UmatiJson | Codec::Json | Codec::NcLink => "$Findings",
    }
}

/// Whether messages of a profile can hold values that are past: only what changed, on a topic that keeps every message,
/// and with a place to say so.
#[must_use]
pub fn tells_past(profile: &Profile) -> bool {
    let has_place = || profile.schema.pointer(data_set_message::BACK_FILLED_POINTER).is_some();
    let is_log_of_changes = profile.message == MessageKind::Delta && profile.topic_kind == TopicKind::Log;
    is_log_of_changes && profile.codec == Codec::UaJson && has_place()
}

impl Frame<'_> {
    /// Writes the message over what the tape held; `written` says what became of the fields.
    ///
    /// An object is written when something in it is; its constants with it. No allocation once tape and `written` have
    /// their size, unless a value cannot be written.
    pub fn write(&self, tape: &mut Tape, written: &mut Written) {
        tape.clear();
        written.values = 0;
        written.unwritable.clear();
        written.open.clear();
        tape.begin_object();
        if self.codec == Codec::UaJson {
            data_set_message::header(tape, &self.header);
        }
        self.remarks(tape);
        let members = &self.layout.members;
        let mut at = 0;
        while at < members.len() {
            close(tape, &mut written.open, at);
            match &members[at].content {
                Content::Object { end, fields } => {
                    if !fields.clone().any(|field| self.is_wanted(field)) {
                        at = *end as usize;
                        continue;
                    }
                    written.open.push(Open { member: at as u32, end: *end, is_begun: false });
                }
                Content::Field(field) => self.field(tape, &members[at].key, *field, written),
                Content::Constant(value) => {
                    if written.open.last().is_none_or(|object| object.is_begun) {
                        tape.key(&members[at].key);
                        tape.json(value);
                    }
                }
            }
            at += 1;
        }
        close(tape, &mut written.open, members.len());
        tape.end_object();
    }

    fn is_wanted(&self, field: u32) -> bool {
        match self.contents {
            Contents::All => self.image.is_heard(field) && !self.image.is_left_out(field),
            Contents::Changes => self.image.is_dirty(field) && !self.image.is_left_out(field),
            Contents::Bad(_) => !self.image.is_concealed(field),
        }
    }

    fn field(&self, tape: &mut Tape, key: &Key, field: u32, written: &mut Written) {
        let Some(bound) = self.layout.fields.get(field as usize) else { return };
        if !self.is_wanted(field) {
            return;
        }
        let is_new = u32::from(!matches!(self.contents, Contents::Bad(_)) && self.image.is_dirty(field));
        let Some(reading) = self.reading(field, bound) else { return };
        begin(tape, &self.layout.members, &mut written.open);
        let mark = tape.mark();
        tape.key(key);
        let result = match self.codec {
            Codec::UaJson if self.header.kind == MessageType::Event => ua_json::event(tape, &reading),
            Codec::UaJson => ua_json::data_value(tape, &reading),
            // No place for a status: a value that is not usable is null, and withheld where the schema has no null.
            Codec::UmatiJson | Codec::Json | Codec::NcLink if reading.status.is_bad() => {
                tape.null();
                Ok(())
            }
            Codec::UmatiJson | Codec::Json | Codec::NcLink => umati_json::value(tape, &reading),
        };
        match result {
            Ok(()) => written.values += is_new,
            Err(error) => {
                tape.rewind(mark);
                written.unwritable.push((field, error));
            }
        }
    }

    fn reading<'a>(&'a self, field: u32, bound: &'a BoundField) -> Option<Reading<'a>> {
        let reading = self.image.reading(field, bound)?;
        let Contents::Bad(status) = self.contents else { return Some(reading) };
        // When the last value was measured says nothing about when it ceased to hold.
        let none = Timestamp::NONE;
        Some(Reading { scalar: Scalar::Null, status, source_time: none, server_time: none, ..reading })
    }

    fn remarks(&self, tape: &mut Tape) {
        if self.remarks.is_empty() {
            return;
        }
        tape.key(match self.codec {
            Codec::UaJson => &KEYS.findings,
            Codec::UmatiJson | Codec::Json | Codec::NcLink => &KEYS.dollar_findings,
        });
        tape.begin_array();
        for remark in self.remarks {
            tape.begin_object();
            tape.key(&KEYS.code);
            tape.text(remark.code);
            tape.key(&KEYS.pointer);
            tape.text(&remark.pointer);
            tape.end_object();
        }
        tape.end_array();
    }
}

/// Begins the objects around the next member that are not begun yet.
fn begin(tape: &mut Tape, members: &[Member], open: &mut [Open]) {
    for object in open.iter_mut().filter(|object| !object.is_begun) {
        if let Some(member) = members.get(object.member as usize) {
            tape.key(&member.key);
            tape.begin_object();
            object.is_begun = true;
        }
    }
}

/// Ends the objects whose last member is behind us.
fn close(tape: &mut Tape, open: &mut Vec<Open>, at: usize) {
    while let Some(object) = open.pop_if(|object| object.end as usize <= at) {
        if object.is_begun {
            tape.end_object();
        }
    }
}
