//! Whether a value is one that its node takes: exactly, or not at all.

use super::super::space::Reading;
use crate::codec;
use crate::model::exposed::{ExposedVariable, Origin};
use crate::model::tree::Node;
use crate::model::{BuiltInType, Scalar, StatusCode, Timestamp};

/// The value as the node takes it, or the word for why it is none.
pub(super) fn fit<'a>(variable: &ExposedVariable, told: &codec::Reading<'a>) -> Result<Reading<'a>, &'static str> {
    let ready = |scalar| Reading {
        status: told.status.0,
        source_time: told.source_time,
        server_time: told.server_time,
        scalar,
        kind: match variable.built_in {
            BuiltInType::Variant | BuiltInType::ExtensionObject => BuiltInType::Null,
            kind => kind,
        },
        arena: told.arena,
    };
    if told.status.is_bad() {
        return Ok(ready(Scalar::Null));
    }
    if told.scalar == Scalar::Null {
        // An encoding without a place for quality says null of what is not usable.
        return Ok(Reading { status: StatusCode::BAD.0, ..ready(Scalar::Null) });
    }
    if let Origin::Field { words: Some(words), .. } = &variable.origin {
        return match told.scalar {
            Scalar::Text(_, span) => {
                let word = std::str::from_utf8(span.of(told.arena)).unwrap_or_default();
                let at = words.iter().position(|known| known == word).ok_or("word")?;
                Ok(ready(Scalar::U64(BuiltInType::UInt32, at as u64)))
            }
            _ => Err("type"),
        };
    }
    let scalar = match (told.scalar, variable.built_in) {
        // Anything goes that has a form of its own in OPC UA.
        (scalar, BuiltInType::Variant) => scalar,
        (Scalar::Tree(span), kind) => match Node::read(span.of(told.arena)).ok_or("type")? {
            Node::Array { .. } if variable.value_rank != -1 => told.scalar,
            Node::LocalizedText { .. } if kind == BuiltInType::LocalizedText => told.scalar,
            Node::QualifiedName { .. } if kind == BuiltInType::QualifiedName => told.scalar,
            Node::Structure { .. } if kind == BuiltInType::ExtensionObject => told.scalar,
            Node::Null(own) if own == kind || own == BuiltInType::Null => Scalar::Null,
            _ => return Err("type"),
        },
        _ if variable.value_rank > 0 => return Err("type"),
        (Scalar::Bool(_), BuiltInType::Boolean)
        | (Scalar::Bytes(_), BuiltInType::ByteString)
        | (Scalar::Time(_), BuiltInType::DateTime) => told.scalar,
        (Scalar::Text(_, span), BuiltInType::DateTime) => {
            let text = std::str::from_utf8(span.of(told.arena)).unwrap_or_default();
            Scalar::Time(Timestamp::parse(text).map_err(|_| "type")?)
        }
        (Scalar::Text(..), kind) if is_text(kind) => told.scalar,
        (Scalar::I64(_, value), kind) => number(i128::from(value), kind)?,
        (Scalar::U64(_, value), kind) => number(i128::from(value), kind)?,
        (Scalar::F32(value), kind) => float(f64::from(value), kind, told.scalar)?,
        (Scalar::F64(value), kind) => float(value, kind, told.scalar)?,
        _ => return Err("type"),
    };
    Ok(ready(scalar))
}

/// What stands in place of a value that does not fit: none, and why.
pub(super) fn refused<'a>(told: &codec::Reading<'a>) -> Reading<'a> {
    Reading {
        status: StatusCode::BAD_TYPE_MISMATCH.0,
        source_time: told.source_time,
        server_time: told.server_time,
        scalar: Scalar::Null,
        kind: BuiltInType::Null,
        arena: &[],
    }
}

fn is_text(kind: BuiltInType) -> bool {
    matches!(
        kind,
        BuiltInType::String
            | BuiltInType::LocalizedText
            | BuiltInType::XmlElement
            | BuiltInType::Guid
            | BuiltInType::NodeId
            | BuiltInType::ExpandedNodeId
            | BuiltInType::QualifiedName
    )
}

/// The smallest and largest integer of a type.
fn ends(kind: BuiltInType) -> Option<(i128, i128)> {
    Some(match kind {
        BuiltInType::SByte => (i8::MIN.into(), i8::MAX.into()),
        BuiltInType::Byte => (0, u8::MAX.into()),
        BuiltInType::Int16 => (i16::MIN.into(), i16::MAX.into()),
        BuiltInType::UInt16 => (0, u16::MAX.into()),
        BuiltInType::Int32 => (i32::MIN.into(), i32::MAX.into()),
        BuiltInType::UInt32 | BuiltInType::StatusCode => (0, u32::MAX.into()),
        BuiltInType::Int64 => (i64::MIN.into(), i64::MAX.into()),
        BuiltInType::UInt64 => (0, u64::MAX.into()),
        _ => return None,
    })
}

fn number(value: i128, kind: BuiltInType) -> Result<Scalar, &'static str> {
    if matches!(kind, BuiltInType::Double | BuiltInType::Float) {
        let double = value as f64;
        let is_exact = double as i128 == value && (kind == BuiltInType::Double || f64::from(double as f32) == double);
        return if is_exact { Ok(Scalar::F64(double)) } else { Err("exact") };
    }
    let (low, high) = ends(kind).ok_or("type")?;
    if !(low..=high).contains(&value) {
        return Err("range");
    }
    Ok(match (i64::try_from(value), u64::try_from(value)) {
        (Ok(value), _) => Scalar::I64(BuiltInType::Int64, value),
        (_, Ok(value)) => Scalar::U64(BuiltInType::UInt64, value),
        _ => return Err("range"),
    })
}

fn float(value: f64, kind: BuiltInType, own: Scalar) -> Result<Scalar, &'static str> {
    match kind {
        BuiltInType::Double => Ok(own),
        BuiltInType::Float if f64::from(value as f32) == value || value.is_nan() => Ok(own),
        BuiltInType::Float => Err("exact"),
        _ if value.fract() == 0.0 && value.abs() <= 9_007_199_254_740_992.0 => number(value as i128, kind),
        _ if ends(kind).is_some() => Err("exact"),
        _ => Err("type"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Span;
    use std::sync::Arc;

    fn variable(built_in: BuiltInType, words: Option<&[&str]>) -> ExposedVariable {
        let words: Option<Arc<[String]>> = words.map(|words| words.iter().map(|word| (*word).to_owned()).collect());
        ExposedVariable {
            type_definition: "i=63".to_owned(),
            data_type: "i=24".to_owned(),
            built_in,
            value_rank: -1,
            origin: Origin::Field { key: 1, words },
        }
    }

    #[track_caller]
    fn check(built_in: BuiltInType, words: Option<&[&str]>, scalar: Scalar, expected: Result<Scalar, &'static str>) {
        let told = codec::Reading {
            scalar,
            arena: b"auto2026-01-02T03:04:05Z",
            status: StatusCode::GOOD,
            source_time: Timestamp(1),
            server_time: Timestamp::NONE,
            enumeration: None,
        };
        let found = fit(&variable(built_in, words), &told).map(|reading| reading.scalar);
        assert_eq!(found, expected, "{built_in:?} {scalar:?}");
    }

    #[test]
    fn a_value_fits_exactly_or_not_at_all() {
        let text = Scalar::Text(BuiltInType::String, Span { start: 0, length: 4 });
        let time = Scalar::Text(BuiltInType::String, Span { start: 4, length: 20 });
        let int = |value| Scalar::I64(BuiltInType::Int64, value);
        check(BuiltInType::Double, None, int(7), Ok(Scalar::F64(7.0)));
        check(BuiltInType::Double, None, int(i64::MAX), Err("exact"));
        check(BuiltInType::Float, None, Scalar::F64(0.1), Err("exact"));
        check(BuiltInType::Byte, None, int(256), Err("range"));
        check(BuiltInType::UInt32, None, int(-1), Err("range"));
        check(BuiltInType::Int32, None, Scalar::F64(3.0), Ok(int(3)));
        check(BuiltInType::Int32, None, Scalar::F64(3.5), Err("exact"));
        check(BuiltInType::Int32, None, text, Err("type"));
        check(BuiltInType::Boolean, None, int(1), Err("type"));
        check(BuiltInType::String, None, text, Ok(text));
        check(BuiltInType::String, None, int(1), Err("type"));
        check(BuiltInType::Variant, None, text, Ok(text));
        check(BuiltInType::DateTime, None, text, Err("type"));
        check(BuiltInType::UInt32, Some(&["manual", "auto"]), text, Ok(Scalar::U64(BuiltInType::UInt32, 1)));
        check(BuiltInType::UInt32, Some(&["manual"]), text, Err("word"));
        let parsed = Timestamp::parse("2026-01-02T03:04:05Z").expect("a time");
        check(BuiltInType::DateTime, None, time, Ok(Scalar::Time(parsed)));
    }
}
