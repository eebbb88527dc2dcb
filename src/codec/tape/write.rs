//! Writing a tape: what the encoders call, and what the parser needs.

use super::{MAX_DEPTH, MAX_KEY, MAX_TEXT, PendingKey, Tape, TapeFault, TapeKind, TapeMark, TapeNode};
use crate::codec::key::{Key, KeyId, Lookup, find};
use crate::codec::{parse, text};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

impl Tape {
    pub fn begin_object(&mut self) {
        self.begin(TapeKind::Object, '{');
    }

    pub fn end_object(&mut self) {
        self.end('}');
    }

    pub fn begin_array(&mut self) {
        self.begin(TapeKind::Array, '[');
    }

    pub fn end_array(&mut self) {
        self.end(']');
    }

    /// The name of the member whose value is written next.
    pub fn key(&mut self, key: &Key) {
        self.comma();
        self.key = PendingKey {
            id: key.id,
            start: self.text.len() as u32 + 1,
            length: key.text.len() as u32 - 3,
            is_escaped: key.is_escaped,
        };
        self.text.push_str(&key.text);
        self.check_key();
    }

    /// Like [`Self::key`], for a name that was not made ready: field names of structures.
    pub fn key_text(&mut self, name: &str) {
        self.comma();
        let start = self.text.len() + 1;
        self.text.push('"');
        let is_escaped = text::escape(&mut self.text, name);
        let length = self.text.len() - start;
        self.text.push_str("\":");
        self.key = PendingKey { id: find(name), start: start as u32, length: length as u32, is_escaped };
        self.check_key();
    }

    pub fn null(&mut self) {
        self.literal(TapeKind::Null, "null");
    }

    pub fn bool(&mut self, value: bool) {
        if value {
            self.literal(TapeKind::True, "true");
        } else {
            self.literal(TapeKind::False, "false");
        }
    }

    pub fn i64(&mut self, value: i64) {
        self.number(TapeKind::I64, value as u64, itoa::Buffer::new().format(value));
    }

    pub fn u64(&mut self, value: u64) {
        let kind = if i64::try_from(value).is_ok() { TapeKind::I64 } else { TapeKind::U64 };
        self.number(kind, value, itoa::Buffer::new().format(value));
    }

    /// The shortest digits that read back as this f32; NaN and infinities as the strings of OPC 10000-6 §5.4.2.5.
    pub fn f32(&mut self, value: f32) {
        if value.is_finite() {
            self.number(TapeKind::F32, u64::from(value.to_bits()), ryu::Buffer::new().format_finite(value));
        } else {
            self.non_finite(value.into());
        }
    }

    /// The shortest digits that read back as this f64; NaN and infinities as the strings of OPC 10000-6 §5.4.2.5.
    pub fn f64(&mut self, value: f64) {
        if value.is_finite() {
            self.number(TapeKind::F64, value.to_bits(), ryu::Buffer::new().format_finite(value));
        } else {
            self.non_finite(value);
        }
    }

    /// A number given by its digits, which are kept as they stand. What is no JSON number, or beyond every f64, is a
    /// fault.
    pub fn number_digits(&mut self, digits: &str) {
        match parse::number(digits.as_bytes()) {
            Some((kind, payload, length))
                if length == digits.len() && (kind != TapeKind::F64 || f64::from_bits(payload).is_finite()) =>
            {
                self.number(kind, payload, digits);
            }
            _ => {
                self.fault.get_or_insert(TapeFault::NotANumber);
                self.null();
            }
        }
    }

    pub fn text(&mut self, value: &str) {
        self.text_with(|text| text.push(value));
    }

    /// A string written in pieces.
    pub fn text_with(&mut self, write: impl FnOnce(&mut TextWriter<'_>)) {
        self.comma_before_value();
        self.text.push('"');
        let start = self.text.len();
        let mut writer = TextWriter { text: &mut self.text, is_escaped: false };
        write(&mut writer);
        let kind = if writer.is_escaped { TapeKind::Escaped } else { TapeKind::Plain };
        let length = self.text.len() - start;
        self.text.push('"');
        self.push(kind, start, length, 0);
    }

    /// A string of RFC 4648 §4 base64, with padding.
    pub fn base64(&mut self, value: &[u8]) {
        self.comma_before_value();
        self.text.push('"');
        let start = self.text.len();
        STANDARD.encode_string(value, &mut self.text);
        let length = self.text.len() - start;
        self.text.push('"');
        self.push(TapeKind::Plain, start, length, 0);
    }

    /// Any JSON value, such as a constant of a profile.
    pub fn json(&mut self, value: &serde_json::Value) {
        use serde_json::Value;
        match value {
            Value::Null => self.null(),
            Value::Bool(value) => self.bool(*value),
            Value::Number(value) => self.number_digits(&value.to_string()),
            Value::String(value) => self.text(value),
            Value::Array(items) => {
                self.begin_array();
                items.iter().for_each(|item| self.json(item));
                self.end_array();
            }
            Value::Object(members) => {
                self.begin_object();
                for (name, member) in members {
                    self.key_text(name);
                    self.json(member);
                }
                self.end_object();
            }
        }
    }

    /// Copies one value of another tape as it stands.
    pub fn copy(&mut self, from: &Tape, index: u32) {
        let Some(node) = from.nodes.get(index as usize) else { return self.null() };
        match node.kind() {
            TapeKind::Array | TapeKind::Object => {
                let is_object = node.kind() == TapeKind::Object;
                if is_object {
                    self.begin_object()
                } else {
                    self.begin_array()
                }
                let mut child = index + 1;
                while child < node.next {
                    let Some(member) = from.nodes.get(child as usize) else { break };
                    if is_object {
                        self.copy_key(from, member);
                    }
                    self.copy(from, child);
                    child = member.next;
                }
                if is_object { self.end_object() } else { self.end_array() }
            }
            kind @ (TapeKind::Plain | TapeKind::Escaped) => {
                self.comma_before_value();
                self.text.push('"');
                let start = self.text.len();
                self.text.push_str(from.text_of(node));
                self.text.push('"');
                self.push(kind, start, node.length as usize, 0);
            }
            kind => self.number(kind, node.payload, from.text_of(node)),
        }
    }

    pub(in crate::codec) fn copy_key(&mut self, from: &Tape, member: &TapeNode) {
        self.comma();
        let name = from.key_of(member);
        self.text.push('"');
        self.key = PendingKey {
            id: member.key,
            start: self.text.len() as u32,
            length: name.len() as u32,
            is_escaped: member.is_key_escaped(),
        };
        self.text.push_str(name);
        self.text.push_str("\":");
    }

    /// Where we are, between two values.
    #[must_use]
    pub fn mark(&self) -> TapeMark {
        let payload = self.open.last().and_then(|&open| self.nodes.get(open as usize)).map_or(0, |node| node.payload);
        TapeMark {
            text: self.text.len() as u32,
            nodes: self.nodes.len() as u32,
            open: self.open.len() as u32,
            key: self.key,
            payload,
            fault: self.fault,
        }
    }

    /// Takes back everything written since `mark`, faults included: one value that cannot be written costs only
    /// itself.
    pub fn rewind(&mut self, mark: TapeMark) {
        self.text.truncate(mark.text as usize);
        self.nodes.truncate(mark.nodes as usize);
        self.open.truncate(mark.open as usize);
        self.key = mark.key;
        self.fault = mark.fault;
        if let Some(&open) = self.open.last()
            && let Some(node) = self.nodes.get_mut(open as usize)
        {
            node.payload = mark.payload;
        }
    }

    fn begin(&mut self, kind: TapeKind, bracket: char) {
        self.comma_before_value();
        let (index, start) = (self.nodes.len() as u32, self.text.len());
        self.text.push(bracket);
        self.push(kind, start, 1, 0);
        self.open.push(index);
        if self.open.len() > MAX_DEPTH {
            self.fault.get_or_insert(TapeFault::TooDeep);
        }
    }

    fn end(&mut self, bracket: char) {
        self.text.push(bracket);
        let (next, end) = (self.nodes.len() as u32, self.text.len());
        if let Some(index) = self.open.pop()
            && let Some(node) = self.nodes.get_mut(index as usize)
        {
            node.next = next;
            node.length = (end - node.start as usize) as u32;
        }
    }

    fn literal(&mut self, kind: TapeKind, text: &str) {
        self.number(kind, 0, text);
    }

    fn non_finite(&mut self, value: f64) {
        self.text(if value.is_nan() {
            "NaN"
        } else if value > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        });
    }

    fn number(&mut self, kind: TapeKind, payload: u64, text: &str) {
        self.comma_before_value();
        let start = self.text.len();
        self.text.push_str(text);
        self.push(kind, start, text.len(), payload);
    }

    /// Between the elements of an array; between members [`Self::key`] has already written it.
    fn comma_before_value(&mut self) {
        if self.key.start == 0 {
            self.comma();
        }
    }

    fn comma(&mut self) {
        if let Some(&open) = self.open.last()
            && self.nodes.get(open as usize).is_some_and(|node| node.payload as u32 > 0)
        {
            self.text.push(',');
        }
    }

    fn check_key(&mut self) {
        if self.key.length as usize >= MAX_KEY - 2 {
            self.fault.get_or_insert(TapeFault::KeyTooLong);
            self.key.length = 0;
        }
    }

    pub(in crate::codec) fn push(&mut self, kind: TapeKind, start: usize, length: usize, payload: u64) {
        if self.text.len() >= MAX_TEXT {
            self.fault.get_or_insert(TapeFault::TooLong);
        }
        let key = std::mem::take(&mut self.key);
        if let Some(&open) = self.open.last()
            && let Some(parent) = self.nodes.get_mut(open as usize)
        {
            let ids = if key.id.0 == 0 { u64::from(u32::MAX) } else { 1 << (key.id.0 % 32) };
            parent.payload = (parent.payload | ids << 32) + 1;
        }
        let escaped = if key.is_escaped { TapeNode::KEY_IS_ESCAPED } else { 0 };
        self.nodes.push(TapeNode {
            start: start as u32,
            length: length as u32,
            next: self.nodes.len() as u32 + 1,
            key: key.id,
            key_start: key.start,
            shape: kind as u32 | escaped | key.length << 8,
            payload,
        });
    }

    // What the parser needs beside `push`.

    pub(in crate::codec) fn set_key(&mut self, lookup: &Lookup, start: usize, length: usize, is_escaped: bool) {
        let id = if is_escaped { KeyId(0) } else { lookup.find(&self.text[start..start + length]) };
        self.key = PendingKey { id, start: start as u32, length: length as u32, is_escaped };
    }

    pub(in crate::codec) fn open(&mut self, kind: TapeKind, start: usize) {
        let index = self.nodes.len() as u32;
        self.push(kind, start, 1, 0);
        self.open.push(index);
    }

    pub(in crate::codec) fn close(&mut self, end: usize) {
        let next = self.nodes.len() as u32;
        if let Some(index) = self.open.pop()
            && let Some(node) = self.nodes.get_mut(index as usize)
        {
            node.next = next;
            node.length = (end - node.start as usize) as u32;
        }
    }

    /// The innermost open container.
    pub(in crate::codec) fn innermost(&self) -> Option<(u32, &TapeNode)> {
        let index = *self.open.last()?;
        Some((index, self.nodes.get(index as usize)?))
    }
}

/// Writes the pieces of one string.
#[derive(Debug)]
pub struct TextWriter<'a> {
    text: &'a mut String,
    is_escaped: bool,
}

impl TextWriter<'_> {
    /// Appends text, escaped where JSON demands it.
    pub fn push(&mut self, piece: &str) {
        self.is_escaped |= text::escape(self.text, piece);
    }

    /// Appends a whole number.
    pub fn push_i64(&mut self, value: i64) {
        self.text.push_str(itoa::Buffer::new().format(value));
    }

    /// Appends a whole number.
    pub fn push_u64(&mut self, value: u64) {
        self.text.push_str(itoa::Buffer::new().format(value));
    }
}
