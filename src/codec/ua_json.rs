//! Values as OPC 10000-6 (1.05) §5.4 writes them in JSON, Verbose form; our own writing after the specification.
//!
//! A field is a `DataValue`: `{"UaType":11,"Value":1.5,"Dimensions":[…],"Status":{"Code":…,"Symbol":…},
//! "SourceTimestamp":…,"ServerTimestamp":…}`; what is absent or Good is left out.
//!
//! | type | text |
//! |---|---|
//! | Int64, UInt64 | string of digits |
//! | Float, Double | number; `"NaN"`, `"Infinity"`, `"-Infinity"` |
//! | enumeration | `"Name_5"`; `5` when the number has no name |
//! | StatusCode | `{"Code":…,"Symbol":…}` |
//! | NodeId, QualifiedName | string with `nsu=URI;` |
//! | LocalizedText | `{"Locale":…,"Text":…}`; a part that is absent is `null` |
//! | null of any type | `null`, beside its `UaType` |
//! | structure | `{"UaTypeId":…, fields…}`; a union holds its one field |
//! | undecoded | `{"UaTypeId":…,"UaEncoding":1,"UaBody":base64}`; XML: `"UaEncoding":2` and the XML as text |
//! | matrix | row by row, with `Dimensions` |

use super::key::Key;
use super::tape::{Tape, TextWriter};
use super::value::{EncodeError, MAX_VALUE_DEPTH, Reading, complete, guarded, name_of, text_of};
use crate::model::tree::{Fields, Node, Nodes};
use crate::model::{BuiltInType, Scalar, StatusCode, Timestamp};
use std::sync::LazyLock;

mod read;
pub use read::read_event;

struct Keys {
    ua_type: Key,
    value: Key,
    dimensions: Key,
    array: Key,
    status: Key,
    code: Key,
    symbol: Key,
    source_timestamp: Key,
    server_timestamp: Key,
    locale: Key,
    text: Key,
    type_id: Key,
    encoding: Key,
    body: Key,
}

static KEYS: LazyLock<Keys> = LazyLock::new(|| Keys {
    ua_type: Key::known("UaType"),
    value: Key::known("Value"),
    dimensions: Key::known("Dimensions"),
    array: Key::known("Array"),
    status: Key::known("Status"),
    code: Key::known("Code"),
    symbol: Key::known("Symbol"),
    source_timestamp: Key::known("SourceTimestamp"),
    server_timestamp: Key::known("ServerTimestamp"),
    locale: Key::known("Locale"),
    text: Key::known("Text"),
    type_id: Key::known("UaTypeId"),
    encoding: Key::known("UaEncoding"),
    body: Key::known("UaBody"),
});

/// The namespace that is never written: OPC UA's own.
const UA_NAMESPACE: &str = "http://opcfoundation.org/UA/";

/// Writes a field: a `DataValue` object.
pub fn data_value(tape: &mut Tape, reading: &Reading<'_>) -> Result<(), EncodeError> {
    guarded(tape, |tape| {
        tape.begin_object();
        match reading.scalar {
            Scalar::Tree(span) => {
                let node = Node::read(span.of(reading.arena)).ok_or(EncodeError::Unreadable)?;
                variant_members(tape, node, reading.enumeration)?;
            }
            scalar => {
                tape.key(&KEYS.ua_type);
                tape.i64(built_in(&scalar).number().into());
                tape.key(&KEYS.value);
                inline(tape, scalar, reading)?;
            }
        }
        quality_members(tape, reading.status, reading.source_time, reading.server_time);
        tape.end_object();
        Ok(())
    })
}

/// Writes the value alone, as the `Value` member of a `DataValue` would be. A matrix is
/// `{"Array":[…],"Dimensions":[…]}`.
pub fn value(tape: &mut Tape, reading: &Reading<'_>) -> Result<(), EncodeError> {
    guarded(tape, |tape| match reading.scalar {
        Scalar::Tree(span) => {
            named_node(tape, Node::read(span.of(reading.arena)).ok_or(EncodeError::Unreadable)?, reading.enumeration)
        }
        scalar => inline(tape, scalar, reading),
    })
}

/// Writes an event: its fields by name, each as the Variant it came in, `{"UaType":12,"Value":"…"}`.
pub fn event(tape: &mut Tape, reading: &Reading<'_>) -> Result<(), EncodeError> {
    guarded(tape, |tape| {
        let Scalar::Tree(span) = reading.scalar else { return Err(EncodeError::Unreadable) };
        let Some(Node::Structure { fields, .. }) = Node::read(span.of(reading.arena)) else {
            return Err(EncodeError::Unreadable);
        };
        tape.begin_object();
        for (name, value) in fields {
            tape.key_text(name);
            tape.begin_object();
            variant_members(tape, value, None)?;
            tape.end_object();
        }
        tape.end_object();
        Ok(())
    })
}

/// Writes `{"Code":…,"Symbol":…}`; a code without a name has no symbol.
pub fn status(tape: &mut Tape, status: StatusCode) {
    tape.begin_object();
    tape.key(&KEYS.code);
    tape.u64(status.0.into());
    if let Some(symbol) = status.symbol() {
        tape.key(&KEYS.symbol);
        tape.text(symbol);
    }
    tape.end_object();
}

/// Writes a DateTime string; see [`Timestamp::write`].
pub fn time(tape: &mut Tape, time: Timestamp) {
    time.write(|text| tape.text(text));
}

/// Names by number of the item's enumeration.
type Names<'a> = Option<&'a [(i64, String)]>;

fn built_in(scalar: &Scalar) -> BuiltInType {
    match scalar {
        Scalar::Null => BuiltInType::Null,
        Scalar::Bool(_) => BuiltInType::Boolean,
        Scalar::I64(kind, _) | Scalar::U64(kind, _) | Scalar::Text(kind, _) => *kind,
        Scalar::F32(_) => BuiltInType::Float,
        Scalar::F64(_) => BuiltInType::Double,
        Scalar::Time(_) => BuiltInType::DateTime,
        Scalar::Bytes(_) => BuiltInType::ByteString,
        Scalar::Tree(_) => BuiltInType::Variant,
    }
}

fn inline(tape: &mut Tape, scalar: Scalar, reading: &Reading<'_>) -> Result<(), EncodeError> {
    match scalar {
        Scalar::Null | Scalar::Tree(_) => tape.null(),
        Scalar::Bool(value) => tape.bool(value),
        Scalar::I64(kind, value) => match name_of(reading.enumeration, value) {
            Some(name) => enumeration(tape, name, value),
            None => signed(tape, kind, value),
        },
        Scalar::U64(kind, value) => {
            match i64::try_from(value).ok().and_then(|value| name_of(reading.enumeration, value)) {
                Some(name) => enumeration(tape, name, value as i64),
                None => unsigned(tape, kind, value),
            }
        }
        Scalar::F32(value) => tape.f32(value),
        Scalar::F64(value) => tape.f64(value),
        Scalar::Time(value) => time(tape, value),
        Scalar::Text(_, span) => tape.text(text_of(span, reading.arena)?),
        Scalar::Bytes(span) => tape.base64(span.of(reading.arena)),
    }
    Ok(())
}

fn signed(tape: &mut Tape, kind: BuiltInType, value: i64) {
    if kind == BuiltInType::Int64 {
        tape.text_with(|text| text.push_i64(value));
    } else {
        tape.i64(value);
    }
}

fn unsigned(tape: &mut Tape, kind: BuiltInType, value: u64) {
    match kind {
        BuiltInType::UInt64 => tape.text_with(|text| text.push_u64(value)),
        BuiltInType::StatusCode => status(tape, StatusCode(value as u32)),
        _ => tape.u64(value),
    }
}

fn enumeration(tape: &mut Tape, name: &str, value: i64) {
    tape.text_with(|text| {
        text.push(name);
        text.push("_");
        text.push_i64(value);
    });
}

fn quality_members(tape: &mut Tape, code: StatusCode, source_time: Timestamp, server_time: Timestamp) {
    if code != StatusCode::GOOD {
        tape.key(&KEYS.status);
        status(tape, code);
    }
    if !source_time.is_none() {
        tape.key(&KEYS.source_timestamp);
        time(tape, source_time);
    }
    if !server_time.is_none() {
        tape.key(&KEYS.server_timestamp);
        time(tape, server_time);
    }
}

/// `UaType`, `Value` and `Dimensions` of a Variant.
fn variant_members(tape: &mut Tape, value: Node<'_>, names: Names<'_>) -> Result<(), EncodeError> {
    tape.key(&KEYS.ua_type);
    tape.i64(built_in_of(&value).number().into());
    tape.key(&KEYS.value);
    match value {
        Node::Matrix { element, dimensions, items } => {
            elements(tape, element, items, names)?;
            tape.key(&KEYS.dimensions);
            sizes(tape, &dimensions);
            Ok(())
        }
        value => named_node(tape, value, names),
    }
}

fn built_in_of(node: &Node<'_>) -> BuiltInType {
    match node {
        Node::Bool(_) => BuiltInType::Boolean,
        Node::Null(kind) | Node::I64(kind, _) | Node::U64(kind, _) | Node::Text(kind, _) => *kind,
        Node::F32(_) => BuiltInType::Float,
        Node::F64(_) => BuiltInType::Double,
        Node::Time(_) => BuiltInType::DateTime,
        Node::Bytes(_) => BuiltInType::ByteString,
        Node::LocalizedText { .. } => BuiltInType::LocalizedText,
        Node::QualifiedName { .. } => BuiltInType::QualifiedName,
        Node::Enumeration { .. } => BuiltInType::Int32,
        Node::Array { element, .. } | Node::Matrix { element, .. } => *element,
        Node::Structure { .. } | Node::Union { .. } | Node::Opaque { .. } => BuiltInType::ExtensionObject,
        Node::DataValue { .. } => BuiltInType::DataValue,
    }
}

/// A value of the item itself: its numbers have the names of the item's enumeration.
fn named_node(tape: &mut Tape, value: Node<'_>, names: Names<'_>) -> Result<(), EncodeError> {
    match value {
        Node::I64(kind, number) => match name_of(names, number) {
            Some(name) => enumeration(tape, name, number),
            None => signed(tape, kind, number),
        },
        Node::Array { element, items } => elements(tape, element, items, names)?,
        value => node(tape, value)?,
    }
    Ok(())
}

fn node(tape: &mut Tape, node_: Node<'_>) -> Result<(), EncodeError> {
    if tape.depth() >= MAX_VALUE_DEPTH {
        return Err(EncodeError::TooDeep);
    }
    match node_ {
        Node::Null(_) => tape.null(),
        Node::Bool(value) => tape.bool(value),
        Node::I64(kind, value) => signed(tape, kind, value),
        Node::U64(kind, value) => unsigned(tape, kind, value),
        Node::F32(value) => tape.f32(value),
        Node::F64(value) => tape.f64(value),
        Node::Time(value) => time(tape, value),
        Node::Text(_, value) => tape.text(value),
        Node::Bytes(value) => tape.base64(value),
        Node::LocalizedText { locale, text } => {
            tape.begin_object();
            for (key, part) in [(&KEYS.locale, locale), (&KEYS.text, text)] {
                tape.key(key);
                match part {
                    Some(part) => tape.text(part),
                    None => tape.null(),
                }
            }
            tape.end_object();
        }
        Node::QualifiedName { namespace, name } => tape.text_with(|text| qualified_name(text, namespace, name)),
        Node::Enumeration { value, name: "" } => tape.i64(value),
        Node::Enumeration { value, name } => enumeration(tape, name, value),
        Node::Array { element, items } => elements(tape, element, items, None)?,
        Node::Matrix { element, dimensions, items } => {
            tape.begin_object();
            tape.key(&KEYS.array);
            elements(tape, element, items, None)?;
            tape.key(&KEYS.dimensions);
            sizes(tape, &dimensions);
            tape.end_object();
        }
        Node::Structure { type_id, fields } | Node::Union { type_id, fields } => {
            begin_extension(tape, type_id);
            let expected = Fields::count(&fields);
            let mut written = 0;
            for (name, field) in fields {
                tape.key_text(name);
                node(tape, field)?;
                written += 1;
            }
            complete(written, expected)?;
            tape.end_object();
        }
        Node::Opaque { type_id, is_xml, body } => {
            begin_extension(tape, type_id);
            let xml = if is_xml { std::str::from_utf8(body).ok() } else { None };
            tape.key(&KEYS.encoding);
            tape.i64(if xml.is_some() { 2 } else { 1 });
            tape.key(&KEYS.body);
            match xml {
                Some(xml) => tape.text(xml),
                None => tape.base64(body),
            }
            tape.end_object();
        }
        Node::DataValue { status, source_time, server_time, value } => {
            tape.begin_object();
            variant_members(tape, *value, None)?;
            quality_members(tape, StatusCode(status), source_time, server_time);
            tape.end_object();
        }
    }
    Ok(())
}

fn begin_extension(tape: &mut Tape, type_id: &str) {
    tape.begin_object();
    if !type_id.is_empty() {
        tape.key(&KEYS.type_id);
        tape.text(type_id);
    }
}

/// Elements of a Variant array are Variants themselves and carry their type.
fn elements(tape: &mut Tape, element: BuiltInType, items: Nodes<'_>, names: Names<'_>) -> Result<(), EncodeError> {
    let expected = Nodes::count(&items);
    let mut written = 0;
    tape.begin_array();
    for item in items {
        if element == BuiltInType::Variant {
            if tape.depth() >= MAX_VALUE_DEPTH {
                return Err(EncodeError::TooDeep);
            }
            tape.begin_object();
            variant_members(tape, item, None)?;
            tape.end_object();
        } else {
            named_node(tape, item, names)?;
        }
        written += 1;
    }
    tape.end_array();
    complete(written, expected)
}

fn sizes(tape: &mut Tape, dimensions: &[u32]) {
    tape.begin_array();
    for size in dimensions {
        tape.u64(u64::from(*size));
    }
    tape.end_array();
}

/// `nsu=URI;name`, in OPC UA's own namespace the name alone (OPC 10000-6 §5.1.12 escapes `;` and `%` in the URI). A
/// name that itself begins like a namespace always gets one.
fn qualified_name(text: &mut TextWriter<'_>, namespace: &str, name: &str) {
    let is_plain = namespace.is_empty() || namespace == UA_NAMESPACE;
    if !is_plain || name.starts_with("nsu=") {
        text.push("nsu=");
        let mut rest = if is_plain { UA_NAMESPACE } else { namespace };
        while let Some(at) = rest.find([';', '%']) {
            text.push(&rest[..at]);
            text.push(if rest.as_bytes().get(at) == Some(&b';') { "%3B" } else { "%25" });
            rest = &rest[at + 1..];
        }
        text.push(rest);
        text.push(";");
    }
    text.push(name);
}

#[cfg(test)]
mod tests;
