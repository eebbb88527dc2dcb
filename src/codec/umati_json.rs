//! Plain values as the umati v2 JSON holds them: no type, no quality; nested objects named by browse names.
//!
//! | type | text |
//! |---|---|
//! | Int64, UInt64 | number, every digit |
//! | Float, Double | number; `"NaN"`, `"Infinity"`, `"-Infinity"` |
//! | enumeration, StatusCode | number |
//! | LocalizedText | `{"locale":…,"text":…}` |
//! | QualifiedName | `{"namespaceUri":…,"name":…}`: an index means nothing outside its server |
//! | NodeId | string, `nsu=URI;i=…` |
//! | structure, union | object of its fields, such as `{"Low":…,"High":…}` |
//! | undecoded | `{"typeId":…,"encoding":"binary"\|"xml","body":base64}` |
//! | matrix | arrays inside arrays |

use super::key::Key;
use super::tape::Tape;
use super::value::{EncodeError, MAX_VALUE_DEPTH, Reading, complete, guarded, text_of};
use crate::model::tree::{Fields, Node, Nodes};
use crate::model::{Scalar, Timestamp};
use std::sync::LazyLock;

mod read;
pub use read::{Oddity, read, read_time};

struct Keys {
    locale: Key,
    text: Key,
    namespace_uri: Key,
    name: Key,
    type_id: Key,
    encoding: Key,
    body: Key,
}

static KEYS: LazyLock<Keys> = LazyLock::new(|| Keys {
    locale: Key::known("locale"),
    text: Key::known("text"),
    namespace_uri: Key::known("namespaceUri"),
    name: Key::known("name"),
    type_id: Key::known("typeId"),
    encoding: Key::known("encoding"),
    body: Key::known("body"),
});

/// Writes the bare value. Its status and times have no place here: whether a bad value is written is not decided here.
pub fn value(tape: &mut Tape, reading: &Reading<'_>) -> Result<(), EncodeError> {
    guarded(tape, |tape| {
        match reading.scalar {
            Scalar::Null => tape.null(),
            Scalar::Bool(value) => tape.bool(value),
            Scalar::I64(_, value) => tape.i64(value),
            Scalar::U64(_, value) => tape.u64(value),
            Scalar::F32(value) => tape.f32(value),
            Scalar::F64(value) => tape.f64(value),
            Scalar::Time(value) => time(tape, value),
            Scalar::Text(_, span) => tape.text(text_of(span, reading.arena)?),
            Scalar::Bytes(span) => tape.base64(span.of(reading.arena)),
            Scalar::Tree(span) => node(tape, Node::read(span.of(reading.arena)).ok_or(EncodeError::Unreadable)?)?,
        }
        Ok(())
    })
}

fn time(tape: &mut Tape, time: Timestamp) {
    time.write(|text| tape.text(text));
}

fn node(tape: &mut Tape, node_: Node<'_>) -> Result<(), EncodeError> {
    if tape.depth() >= MAX_VALUE_DEPTH {
        return Err(EncodeError::TooDeep);
    }
    match node_ {
        Node::Null(_) => tape.null(),
        Node::Bool(value) => tape.bool(value),
        Node::I64(_, value) | Node::Enumeration { value, .. } => tape.i64(value),
        Node::U64(_, value) => tape.u64(value),
        Node::F32(value) => tape.f32(value),
        Node::F64(value) => tape.f64(value),
        Node::Time(value) => time(tape, value),
        Node::Text(_, value) => tape.text(value),
        Node::Bytes(value) => tape.base64(value),
        Node::LocalizedText { locale, text } => {
            pair(tape, (&KEYS.locale, locale.unwrap_or_default()), (&KEYS.text, text.unwrap_or_default()));
        }
        Node::QualifiedName { namespace, name } => {
            pair(tape, (&KEYS.namespace_uri, namespace), (&KEYS.name, name));
        }
        Node::Array { items, .. } => {
            tape.begin_array();
            let expected = Nodes::count(&items);
            complete(row(tape, &mut { items }, expected)?, expected)?;
            tape.end_array();
        }
        Node::Matrix { dimensions, mut items, .. } => {
            matrix(tape, &dimensions, &mut items)?;
            // More elements than the dimensions have room for are damage too.
            complete(0, Nodes::count(&items))?;
        }
        Node::Structure { fields, .. } | Node::Union { fields, .. } => {
            tape.begin_object();
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
            tape.begin_object();
            tape.key(&KEYS.type_id);
            tape.text(type_id);
            tape.key(&KEYS.encoding);
            tape.text(if is_xml { "xml" } else { "binary" });
            tape.key(&KEYS.body);
            tape.base64(body);
            tape.end_object();
        }
        Node::DataValue { value, .. } => node(tape, *value)?,
    }
    Ok(())
}

fn pair(tape: &mut Tape, first: (&Key, &str), second: (&Key, &str)) {
    tape.begin_object();
    tape.key(first.0);
    tape.text(first.1);
    tape.key(second.0);
    tape.text(second.1);
    tape.end_object();
}

fn matrix(tape: &mut Tape, dimensions: &[u32], items: &mut Nodes<'_>) -> Result<(), EncodeError> {
    if tape.depth() >= MAX_VALUE_DEPTH {
        return Err(EncodeError::TooDeep);
    }
    let Some((&size, inner)) = dimensions.split_first() else { return Err(EncodeError::Unreadable) };
    tape.begin_array();
    if inner.is_empty() {
        complete(row(tape, items, size)?, size)?;
    } else if Nodes::count(items) > 0 {
        for _ in 0..size {
            matrix(tape, inner, items)?;
        }
    }
    tape.end_array();
    Ok(())
}

fn row(tape: &mut Tape, items: &mut Nodes<'_>, size: u32) -> Result<u32, EncodeError> {
    let mut written = 0;
    for item in items.take(size as usize) {
        node(tape, item)?;
        written += 1;
    }
    Ok(written)
}

#[cfg(test)]
mod tests;
