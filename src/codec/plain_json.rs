//! JSON of no profile: every leaf a value, typed as JSON says and never changed.
//!
//! | JSON | value |
//! |---|---|
//! | whole number within 64 bits | `Int64`, above that `UInt64` |
//! | any other number | `Double`, when a Double has the same digits; else a `String` with the digits as they stand |
//! | text, true, false | `String`, `Boolean` |
//! | null | the null value: told apart from a member that is missing, which gives no value at all |
//! | array | one value with its elements; of mixed kinds an array of Variants |
//! | object | its members, each by its path; inside an array a structure without a type |

use super::tape::{Tape, TapeKind, TapeNode};
use super::text::Unescaped;
use crate::model::tree::TreeWriter;
use crate::model::{BuiltInType, Scalar, Span, Timestamp};
use std::borrow::Cow;

/// A leaf of a message.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Leaf<'p> {
    /// JSON pointer, behind the pointer that the walk began with.
    pub pointer: &'p str,
    pub scalar: Scalar,
    /// A number whose digits no Double holds: it is text now.
    pub is_kept_as_text: bool,
}

/// How a time is written in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeFormat {
    /// `2026-11-24T08:00:00.5Z`, `2026-11-24T16:00:00+08:00`.
    Rfc3339,
    /// Seconds since 1970-01-01T00:00:00Z, with or without a fraction.
    UnixSeconds,
    /// Milliseconds since then.
    UnixMilliseconds,
}

/// Gives every leaf at and below a node to `take`, in order; texts and arrays go to the end of `arena`. `pointer` is what
/// stands before the leaves' own pointers; it is as it was afterwards. The values at the nodes `except` are passed over.
// As deep as a tape may be: `tape::MAX_DEPTH`.
pub fn leaves(
    tape: &Tape,
    at: u32,
    except: &[u32],
    pointer: &mut String,
    arena: &mut Vec<u8>,
    take: &mut impl FnMut(Leaf<'_>),
) {
    let Some(node) = tape.nodes().get(at as usize) else { return };
    if except.contains(&at) {
        return;
    }
    if node.kind() != TapeKind::Object {
        let (scalar, is_kept_as_text) = value(tape, at, node, arena);
        return take(Leaf { pointer, scalar, is_kept_as_text });
    }
    let length = pointer.len();
    for (index, member) in children(tape, at) {
        push_step(pointer, &name(tape, member));
        leaves(tape, index, except, pointer, arena, take);
        pointer.truncate(length);
    }
}

/// Appends one step to a JSON pointer (RFC 6901 §3).
pub fn push_step(pointer: &mut String, step: &str) {
    pointer.push('/');
    for c in step.chars() {
        match c {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            c => pointer.push(c),
        }
    }
}

/// The value of a payload that is one bare number; `None` when it is none. JSON's own spelling, spaces around it.
#[must_use]
pub fn number(text: &str, arena: &mut Vec<u8>) -> Option<(Scalar, bool)> {
    let text = text.trim_matches([' ', '\t', '\r', '\n']);
    let (kind, payload, length) = super::parse::number(text.as_bytes())?;
    if length != text.len() || (kind == TapeKind::F64 && !f64::from_bits(payload).is_finite()) {
        return None;
    }
    Some(numeric(kind, payload, text, arena))
}

/// The time at a pointer of the message. Digits finer than 100 ns are cut off.
///
/// # Errors
/// What is wrong, as a word: `missing`, `kind`, `form`.
pub fn time(tape: &Tape, at: Option<u32>, format: TimeFormat) -> Result<Timestamp, &'static str> {
    let node = at.and_then(|at| tape.nodes().get(at as usize)).ok_or("missing")?;
    let text = tape.text_of(node);
    match (format, node.kind()) {
        (TimeFormat::Rfc3339, TapeKind::Plain) => Timestamp::parse(&cut(text)).map_err(|_| "form"),
        (TimeFormat::UnixSeconds, TapeKind::I64 | TapeKind::F64) => unix(text, 7).ok_or("form"),
        (TimeFormat::UnixMilliseconds, TapeKind::I64 | TapeKind::F64) => unix(text, 4).ok_or("form"),
        (_, TapeKind::Null) => Err("missing"),
        _ => Err("kind"),
    }
}

/// Without the digits behind the seventh of the fraction.
pub(super) fn cut(text: &str) -> Cow<'_, str> {
    let Some(dot) = text.find('.') else { return text.into() };
    let digits = text[dot + 1..].bytes().take_while(u8::is_ascii_digit).count();
    if digits <= 7 {
        return text.into();
    }
    format!("{}{}", &text[..dot + 8], &text[dot + 1 + digits..]).into()
}

/// Ticks from a decimal number of seconds (`places` 7) or milliseconds (4). Nothing passes through a binary fraction.
fn unix(text: &str, places: usize) -> Option<Timestamp> {
    let (is_negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut ticks: i128 = whole.parse().ok().filter(|_| whole.len() <= 18)?;
    for place in 0..places {
        let digit = fraction.as_bytes().get(place).map_or(Some(0), |digit| char::from(*digit).to_digit(10))?;
        ticks = ticks * 10 + i128::from(digit);
    }
    let is_decimal = fraction.bytes().all(|digit| digit.is_ascii_digit());
    let ticks = if is_negative { -ticks } else { ticks } + i128::from(Timestamp::UNIX_EPOCH.0);
    i64::try_from(ticks).ok().filter(|ticks| is_decimal && *ticks != i64::MIN).map(Timestamp)
}

/// The value at a node, its texts and elements at the end of `arena`, and whether digits were kept as text. An object is
/// no value: see [`leaves`].
#[must_use]
pub fn value(tape: &Tape, at: u32, node: &TapeNode, arena: &mut Vec<u8>) -> (Scalar, bool) {
    let scalar = match node.kind() {
        TapeKind::Null | TapeKind::Object => Scalar::Null,
        TapeKind::False => Scalar::Bool(false),
        TapeKind::True => Scalar::Bool(true),
        kind @ (TapeKind::I64 | TapeKind::U64 | TapeKind::F32 | TapeKind::F64) => {
            return numeric(kind, node.payload(), tape.text_of(node), arena);
        }
        TapeKind::Plain | TapeKind::Escaped => text(&string(tape, node), arena),
        TapeKind::Array => {
            let mut writer = TreeWriter::new(arena);
            let mut is_kept_as_text = false;
            array(tape, at, &mut writer, &mut is_kept_as_text);
            return (Scalar::Tree(writer.finish()), is_kept_as_text);
        }
    };
    (scalar, false)
}

fn numeric(kind: TapeKind, payload: u64, digits: &str, arena: &mut Vec<u8>) -> (Scalar, bool) {
    match kind {
        TapeKind::I64 => (Scalar::I64(BuiltInType::Int64, payload.cast_signed()), false),
        TapeKind::U64 => (Scalar::U64(BuiltInType::UInt64, payload), false),
        _ => {
            let value = f64::from_bits(payload);
            if holds(value, digits) { (Scalar::F64(value), false) } else { (text(digits, arena), true) }
        }
    }
}

fn text(text: &str, arena: &mut Vec<u8>) -> Scalar {
    let span = Span { start: arena.len() as u32, length: text.len() as u32 };
    arena.extend_from_slice(text.as_bytes());
    Scalar::Text(BuiltInType::String, span)
}

/// The element type of an array and its elements.
fn array(tape: &Tape, at: u32, writer: &mut TreeWriter<'_>, is_kept_as_text: &mut bool) {
    let mut kinds = children(tape, at).map(|(_, child)| element_type(tape, child));
    let first = kinds.next();
    let element = match first {
        Some(first) if first != BuiltInType::Variant && kinds.all(|kind| kind == first) => first,
        _ => BuiltInType::Variant,
    };
    let count = tape.nodes().get(at as usize).map_or(0, TapeNode::count);
    writer.array(element, count, |writer| {
        for (index, child) in children(tape, at) {
            element_value(tape, index, child, writer, is_kept_as_text);
        }
    });
}

fn element_type(tape: &Tape, node: &TapeNode) -> BuiltInType {
    match node.kind() {
        TapeKind::False | TapeKind::True => BuiltInType::Boolean,
        TapeKind::I64 => BuiltInType::Int64,
        TapeKind::U64 => BuiltInType::UInt64,
        TapeKind::F32 | TapeKind::F64 if holds(f64::from_bits(node.payload()), tape.text_of(node)) => {
            BuiltInType::Double
        }
        TapeKind::F32 | TapeKind::F64 | TapeKind::Plain | TapeKind::Escaped => BuiltInType::String,
        TapeKind::Null | TapeKind::Array | TapeKind::Object => BuiltInType::Variant,
    }
}

pub(super) fn element_value(
    tape: &Tape,
    at: u32,
    node: &TapeNode,
    writer: &mut TreeWriter<'_>,
    is_kept_as_text: &mut bool,
) {
    match node.kind() {
        TapeKind::Null => writer.null(BuiltInType::Null),
        TapeKind::False => writer.bool(false),
        TapeKind::True => writer.bool(true),
        TapeKind::I64 => writer.i64(BuiltInType::Int64, node.payload().cast_signed()),
        TapeKind::U64 => writer.u64(BuiltInType::UInt64, node.payload()),
        TapeKind::F32 | TapeKind::F64 => {
            let (value, digits) = (f64::from_bits(node.payload()), tape.text_of(node));
            if holds(value, digits) {
                writer.f64(value);
            } else {
                *is_kept_as_text = true;
                writer.text(BuiltInType::String, digits);
            }
        }
        TapeKind::Plain | TapeKind::Escaped => writer.text(BuiltInType::String, &string(tape, node)),
        TapeKind::Array => array(tape, at, writer, is_kept_as_text),
        TapeKind::Object => writer.structure("", node.count(), |writer| {
            for (index, member) in children(tape, at) {
                writer.field(&name(tape, member));
                element_value(tape, index, member, writer, is_kept_as_text);
            }
        }),
    }
}

/// Members or elements of a container, each with its index.
pub fn children(tape: &Tape, at: u32) -> impl Iterator<Item = (u32, &TapeNode)> {
    let end = tape.nodes().get(at as usize).map_or(0, TapeNode::next);
    let mut index = at + 1;
    std::iter::from_fn(move || {
        let node = tape.nodes().get(index as usize).filter(|_| index < end)?;
        let this = index;
        index = node.next();
        Some((this, node))
    })
}

/// The name of a member, as it is meant.
#[must_use]
pub fn name<'t>(tape: &'t Tape, node: &TapeNode) -> Cow<'t, str> {
    let name = tape.key_of(node);
    if node.is_key_escaped() { Unescaped::new(name).collect::<String>().into() } else { name.into() }
}

/// A text, as it is meant; of anything else what stands there.
#[must_use]
pub fn string<'t>(tape: &'t Tape, node: &TapeNode) -> Cow<'t, str> {
    let text = tape.text_of(node);
    if node.kind() == TapeKind::Escaped { Unescaped::new(text).collect::<String>().into() } else { text.into() }
}

/// Whether a Double, written with the fewest digits that read back as it, says the same number as these digits.
fn holds(value: f64, digits: &str) -> bool {
    let count = digits.bytes().take_while(|byte| !matches!(byte, b'e' | b'E')).filter(u8::is_ascii_digit).count();
    // Fifteen digits always survive (IEEE 754 decimal precision of binary64), away from its ends.
    if count <= 15 && (1e-290..1e290).contains(&value.abs()) {
        return true;
    }
    decimal(digits) == decimal(ryu::Buffer::new().format_finite(value))
}

/// Significant digits, and the power of ten behind the last of them; nothing for zero.
fn decimal(text: &str) -> (Vec<u8>, i64) {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    // An exponent that no number holds belongs to no Double either.
    let exponent: i64 = exponent.parse().unwrap_or(i64::from(i32::MAX));
    let fraction = mantissa.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let mut digits: Vec<u8> = mantissa.bytes().filter(u8::is_ascii_digit).skip_while(|digit| *digit == b'0').collect();
    let mut power = exponent.saturating_sub(fraction as i64);
    while digits.pop_if(|digit| *digit == b'0').is_some() {
        power += 1;
    }
    if digits.is_empty() { (digits, 0) } else { (digits, power) }
}

#[cfg(test)]
mod tests;
