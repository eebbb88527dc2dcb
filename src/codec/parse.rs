//! Foreign JSON onto a tape: strict (RFC 8259, RFC 7493 where it is stricter), in one pass, without recursion.
//!
//! Refused: duplicate names, invalid UTF-8, lone surrogates, NaN and infinity, numbers beyond every f64, anything
//! behind the value, and everything beyond [`Limits`].

use super::key::Lookup;
use super::tape::{MAX_DEPTH, MAX_KEY, MAX_TEXT, Tape, TapeKind};
use super::text::Unescaped;
use crate::finding::Finding;
use std::collections::HashSet;

/// What a foreign message may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes; at most [`MAX_TEXT`].
    pub bytes: usize,
    /// Arrays and objects inside each other; at most [`MAX_DEPTH`].
    pub depth: usize,
    /// Values of any kind.
    pub nodes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 1 << 20, depth: MAX_DEPTH, nodes: 50_000 }
    }
}

/// Why bytes are not a message of ours, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind} (byte {at})")]
pub struct ParseError {
    /// Offset of the first byte that is wrong.
    pub at: usize,
    pub kind: ParseErrorKind,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseErrorKind {
    #[error("longer than {limit} bytes")]
    TooLong { limit: usize },
    #[error("more than {limit} levels of arrays and objects")]
    TooDeep { limit: usize },
    #[error("more than {limit} values")]
    TooMany { limit: usize },
    #[error("not UTF-8")]
    NotUtf8,
    #[error("ends in the middle of a value")]
    Incomplete,
    /// In signs of JSON; `EOF` is the end of the message.
    #[error("expected one of {expected}")]
    Unexpected { expected: &'static str },
    #[error("the name `{name}` stands twice in one object")]
    DuplicateName { name: String },
    #[error("half of a surrogate pair without the other half")]
    LoneSurrogate,
    #[error("a number beyond the range of a double")]
    NumberTooLarge,
    #[error("a name of {MAX_KEY} bytes or more")]
    NameTooLong,
}

impl ParseError {
    /// The code of its finding.
    #[must_use]
    pub fn code(&self) -> &'static str {
        use ParseErrorKind as Kind;
        match &self.kind {
            Kind::TooLong { .. } => "QIAO-V311",
            Kind::TooDeep { .. } => "QIAO-V312",
            Kind::TooMany { .. } => "QIAO-V313",
            Kind::NotUtf8 => "QIAO-V314",
            Kind::Incomplete => "QIAO-V315",
            Kind::Unexpected { .. } => "QIAO-V316",
            Kind::DuplicateName { .. } => "QIAO-V317",
            Kind::LoneSurrogate => "QIAO-V318",
            Kind::NumberTooLarge => "QIAO-V319",
            Kind::NameTooLong => "QIAO-V320",
        }
    }

    /// As a finding; `place` is the topic or file.
    #[must_use]
    pub fn finding(&self, place: impl Into<String>) -> Finding {
        self.kind.told_in(Finding::error(self.code(), place).with("at", self.at))
    }
}

impl ParseErrorKind {
    /// As texts that tell all kinds choose by.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "too-long",
            Self::TooDeep { .. } => "too-deep",
            Self::TooMany { .. } => "too-many",
            Self::NotUtf8 => "not-utf-8",
            Self::Incomplete => "incomplete",
            Self::Unexpected { .. } => "unexpected",
            Self::DuplicateName { .. } => "duplicate-name",
            Self::LoneSurrogate => "lone-surrogate",
            Self::NumberTooLarge => "number-too-large",
            Self::NameTooLong => "name-too-long",
        }
    }

    /// The facts of this kind, added to a finding.
    #[must_use]
    pub fn told_in(&self, finding: Finding) -> Finding {
        match self {
            Self::TooLong { limit } | Self::TooDeep { limit } | Self::TooMany { limit } => finding.with("limit", limit),
            Self::Unexpected { expected } => finding.with("expected", expected),
            Self::DuplicateName { name } => finding.with("name", name),
            _ => finding,
        }
    }
}

/// Objects with more members than this are searched for duplicates by hash instead of pairwise.
const FEW: u32 = 16;

impl Tape {
    /// Reads a foreign message. Takes no longer than its length allows, whatever it holds.
    pub fn parse(bytes: &[u8], limits: Limits) -> Result<Self, ParseError> {
        let mut tape = Self::new();
        tape.read(bytes, limits)?;
        Ok(tape)
    }

    /// Like [`Self::parse`], into a pooled tape; after an error it is empty.
    pub fn read(&mut self, bytes: &[u8], limits: Limits) -> Result<(), ParseError> {
        self.clear();
        let limit = limits.bytes.min(MAX_TEXT - 1);
        if bytes.len() > limit {
            return Err(ParseError { at: limit, kind: ParseErrorKind::TooLong { limit } });
        }
        let text = std::str::from_utf8(bytes)
            .map_err(|error| ParseError { at: error.valid_up_to(), kind: ParseErrorKind::NotUtf8 })?;
        self.text.push_str(text);
        let mut parser = Parser { bytes, at: 0, tape: self, limits, names: Lookup::begin(), seen: HashSet::new() };
        let result = parser.message();
        if result.is_err() {
            self.clear();
        }
        result
    }
}

struct Parser<'a> {
    bytes: &'a [u8],
    at: usize,
    tape: &'a mut Tape,
    limits: Limits,
    names: Lookup,
    /// Names met in the objects that hold more than [`FEW`] members, with the object they stand in.
    seen: HashSet<(u32, std::borrow::Cow<'a, str>)>,
}

/// What may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Value,
    /// Behind `[`: a value or `]`.
    FirstElement,
    /// Behind `{`: a name or `}`.
    FirstName,
    Name,
    /// Behind a value.
    After,
}

impl<'a> Parser<'a> {
    fn message(&mut self) -> Result<(), ParseError> {
        let mut state = State::Value;
        loop {
            self.space();
            let byte = self.bytes.get(self.at).copied();
            state = match (state, byte) {
                (State::After, None) if self.tape.depth() == 0 => return Ok(()),
                (_, None) => return self.fail(ParseErrorKind::Incomplete),
                (State::FirstElement, Some(b']')) | (State::FirstName, Some(b'}')) => self.close(),
                (State::Value | State::FirstElement, Some(byte)) => self.value(byte)?,
                (State::Name | State::FirstName, Some(b'"')) => self.name()?,
                (State::Name | State::FirstName, Some(_)) => return self.unexpected("\""),
                (State::After, Some(byte)) => self.after(byte)?,
            };
        }
    }

    fn after(&mut self, byte: u8) -> Result<State, ParseError> {
        let kind = self.tape.innermost().map(|(_, node)| node.kind());
        match (kind, byte) {
            (None, _) => self.unexpected("EOF"),
            (Some(TapeKind::Object), b'}') | (Some(TapeKind::Array), b']') => Ok(self.close()),
            (Some(kind), b',') => {
                self.at += 1;
                Ok(if kind == TapeKind::Object { State::Name } else { State::Value })
            }
            (Some(TapeKind::Object), _) => self.unexpected(", }"),
            (Some(_), _) => self.unexpected(", ]"),
        }
    }

    fn value(&mut self, byte: u8) -> Result<State, ParseError> {
        if self.tape.nodes().len() >= self.limits.nodes {
            return self.fail(ParseErrorKind::TooMany { limit: self.limits.nodes });
        }
        let start = self.at;
        match byte {
            b'{' => return self.open(TapeKind::Object),
            b'[' => return self.open(TapeKind::Array),
            b'"' => {
                let (start, length, is_escaped) = self.string()?;
                self.tape.push(if is_escaped { TapeKind::Escaped } else { TapeKind::Plain }, start, length, 0);
            }
            b't' => self.literal("true", TapeKind::True)?,
            b'f' => self.literal("false", TapeKind::False)?,
            b'n' => self.literal("null", TapeKind::Null)?,
            b'-' | b'0'..=b'9' => {
                let Some((kind, payload, length)) = number(&self.bytes[start..]) else {
                    return self.unexpected("0…9");
                };
                if kind == TapeKind::F64 && !f64::from_bits(payload).is_finite() {
                    return self.fail(ParseErrorKind::NumberTooLarge);
                }
                self.at += length;
                self.tape.push(kind, start, length, payload);
            }
            _ => return self.unexpected("{ [ \" 0…9 true false null"),
        }
        Ok(State::After)
    }

    fn open(&mut self, kind: TapeKind) -> Result<State, ParseError> {
        let limit = self.limits.depth.min(MAX_DEPTH);
        if self.tape.depth() >= limit {
            return self.fail(ParseErrorKind::TooDeep { limit });
        }
        self.tape.open(kind, self.at);
        self.at += 1;
        Ok(if kind == TapeKind::Object { State::FirstName } else { State::FirstElement })
    }

    fn close(&mut self) -> State {
        self.at += 1;
        self.tape.close(self.at);
        State::After
    }

    fn name(&mut self) -> Result<State, ParseError> {
        let quote = self.at;
        let (start, length, is_escaped) = self.string()?;
        if length >= MAX_KEY - 2 {
            self.at = quote;
            return self.fail(ParseErrorKind::NameTooLong);
        }
        self.refuse_duplicate(quote, start, length, is_escaped)?;
        self.tape.set_key(&self.names, start, length, is_escaped);
        self.space();
        if self.bytes.get(self.at) != Some(&b':') {
            return self.unexpected(":");
        }
        self.at += 1;
        Ok(State::Value)
    }

    /// Pairwise in small objects, by hash in wide ones: linear in the message, whatever it holds.
    fn refuse_duplicate(&mut self, quote: usize, start: usize, length: usize, escaped: bool) -> Result<(), ParseError> {
        let Some((object, node)) = self.tape.innermost() else { return Ok(()) };
        let (count, first) = (node.count(), object + 1);
        let name = plain(self.bytes, start, length, escaped);
        let is_duplicate = if count <= FEW {
            let found = self.members(first).any(|(_, other)| other == name);
            // From here on the names of this object are kept in the set.
            if count == FEW {
                let others: Vec<_> = self.members(first).map(|(_, other)| (object, other)).collect();
                self.seen.extend(others);
                self.seen.insert((object, name.clone()));
            }
            found
        } else {
            !self.seen.insert((object, name.clone()))
        };
        if is_duplicate {
            self.at = quote;
            return self.fail(ParseErrorKind::DuplicateName { name: name.into_owned() });
        }
        Ok(())
    }

    fn members(&self, first: u32) -> impl Iterator<Item = (u32, std::borrow::Cow<'a, str>)> {
        let (bytes, nodes) = (self.bytes, self.tape.nodes());
        let mut index = first;
        std::iter::from_fn(move || {
            let node = nodes.get(index as usize)?;
            let this = index;
            index = node.next();
            let (start, length) = node.key_span();
            Some((this, plain(bytes, start, length, node.is_key_escaped())))
        })
    }

    /// At a quote: where the string's text lies, and whether it holds escapes. Moves behind the closing quote.
    fn string(&mut self) -> Result<(usize, usize, bool), ParseError> {
        let start = self.at + 1;
        let mut is_escaped = false;
        self.at = start;
        loop {
            match self.bytes.get(self.at) {
                None => return self.fail(ParseErrorKind::Incomplete),
                Some(b'"') => break,
                Some(b'\\') => {
                    is_escaped = true;
                    self.escape()?;
                }
                Some(0..0x20) => return self.unexpected("\\u00XX"),
                Some(_) => self.at += 1,
            }
        }
        let length = self.at - start;
        self.at += 1;
        Ok((start, length, is_escaped))
    }

    fn escape(&mut self) -> Result<(), ParseError> {
        match self.bytes.get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                self.at += 2;
                Ok(())
            }
            Some(b'u') => match self.unit(self.at)? {
                0xD800..=0xDBFF => {
                    let low = self.at + 6;
                    let is_pair =
                        self.bytes.get(low..low + 2) == Some(b"\\u") && matches!(self.unit(low), Ok(0xDC00..=0xDFFF));
                    if !is_pair {
                        return self.fail(ParseErrorKind::LoneSurrogate);
                    }
                    self.at += 12;
                    Ok(())
                }
                0xDC00..=0xDFFF => self.fail(ParseErrorKind::LoneSurrogate),
                _ => {
                    self.at += 6;
                    Ok(())
                }
            },
            Some(_) => self.unexpected("\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u"),
            None => self.fail(ParseErrorKind::Incomplete),
        }
    }

    /// The four digits of the `\u` at `at`.
    fn unit(&self, at: usize) -> Result<u32, ParseError> {
        let wrong = ParseError { at, kind: ParseErrorKind::Unexpected { expected: "\\uXXXX" } };
        let digits = self.bytes.get(at + 2..at + 6).ok_or(wrong.clone())?;
        digits.iter().try_fold(0, |unit, digit| {
            let digit = char::from(*digit).to_digit(16).ok_or(wrong.clone())?;
            Ok(unit << 4 | digit)
        })
    }

    fn literal(&mut self, text: &'static str, kind: TapeKind) -> Result<(), ParseError> {
        if !self.bytes[self.at..].starts_with(text.as_bytes()) {
            return self.unexpected("{ [ \" 0…9 true false null");
        }
        self.tape.push(kind, self.at, text.len(), 0);
        self.at += text.len();
        Ok(())
    }

    fn space(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn fail<T>(&self, kind: ParseErrorKind) -> Result<T, ParseError> {
        Err(ParseError { at: self.at, kind })
    }

    fn unexpected<T>(&self, expected: &'static str) -> Result<T, ParseError> {
        self.fail(ParseErrorKind::Unexpected { expected })
    }
}

/// A name as it is meant; borrowed unless it holds escapes.
fn plain(bytes: &[u8], start: usize, length: usize, is_escaped: bool) -> std::borrow::Cow<'_, str> {
    // The bytes were checked to be UTF-8, and quotes are character boundaries.
    let text = bytes.get(start..start + length).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default();
    if is_escaped { Unescaped::new(text).collect::<String>().into() } else { text.into() }
}

/// The number at the front of `bytes` (RFC 8259 §6): its kind, its bits, and how long it is.
pub(super) fn number(bytes: &[u8]) -> Option<(TapeKind, u64, usize)> {
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut at = usize::from(bytes.first() == Some(&b'-'));
    let whole = match bytes.get(at)? {
        b'0' => 1,
        _ => digits(at),
    };
    if whole == 0 {
        return None;
    }
    at += whole;
    let mut is_integer = true;
    if bytes.get(at) == Some(&b'.') {
        is_integer = false;
        let fraction = digits(at + 1);
        if fraction == 0 {
            return None;
        }
        at += 1 + fraction;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        is_integer = false;
        at += 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let exponent = digits(at);
        if exponent == 0 {
            return None;
        }
        at += exponent;
    }
    let text = std::str::from_utf8(&bytes[..at]).ok()?;
    if is_integer && text != "-0" {
        if let Ok(value) = text.parse::<i64>() {
            return Some((TapeKind::I64, value as u64, at));
        }
        if let Ok(value) = text.parse::<u64>() {
            return Some((TapeKind::U64, value, at));
        }
    }
    Some((TapeKind::F64, text.parse::<f64>().ok()?.to_bits(), at))
}

#[cfg(test)]
mod tests;
