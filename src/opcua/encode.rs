//! Values of commands to the crate's `Variant`, exactly: what has no form there has none.

use crate::guard::Value;
use crate::model::tree::Node;
use crate::model::{BuiltInType as Kind, Scalar, Timestamp};
use ::opcua::types::{Array, ByteString, DateTime, Guid, LocalizedText, UAString, Variant, VariantScalarTypeId};
use std::str::FromStr;

/// 9999-12-31T23:59:59, the latest time that the encoding knows (OPC 10000-6 §5.2.2.5), in ticks.
const LATEST: i64 = 2_650_467_743_990_000_000;

/// `None`: it has no form there, or not the same one.
pub(super) fn variant(value: &Value) -> Option<Variant> {
    Some(match value.scalar {
        Scalar::Null => Variant::Empty,
        Scalar::Bool(value) => Variant::Boolean(value),
        Scalar::I64(kind, number) => signed(kind, number)?,
        Scalar::U64(kind, number) => unsigned(kind, number)?,
        Scalar::F32(number) => Variant::Float(number),
        Scalar::F64(number) => Variant::Double(number),
        Scalar::Time(time) => instant(time)?,
        Scalar::Text(kind, span) => text(kind, std::str::from_utf8(span.of(&value.arena)).ok()?)?,
        Scalar::Bytes(span) => Variant::ByteString(ByteString::from(span.of(&value.arena).to_vec())),
        Scalar::Tree(span) => node(&Node::read(span.of(&value.arena))?)?,
    })
}

fn node(node: &Node<'_>) -> Option<Variant> {
    Some(match node {
        Node::Bool(value) => Variant::Boolean(*value),
        Node::I64(kind, number) => signed(*kind, *number)?,
        Node::U64(kind, number) => unsigned(*kind, *number)?,
        Node::F32(number) => Variant::Float(*number),
        Node::F64(number) => Variant::Double(*number),
        Node::Time(time) => instant(*time)?,
        Node::Text(kind, value) => text(*kind, value)?,
        Node::Bytes(bytes) => Variant::ByteString(ByteString::from(bytes.to_vec())),
        Node::LocalizedText { locale, text } => Variant::LocalizedText(Box::new(LocalizedText {
            locale: locale.map_or_else(UAString::null, UAString::from),
            text: text.map_or_else(UAString::null, UAString::from),
        })),
        Node::Array { element, items } => {
            Variant::Array(Box::new(Array::new(scalar_type(*element)?, elements(items.clone())?).ok()?))
        }
        Node::Matrix { element, dimensions, items } => {
            let array = Array::new_multi(scalar_type(*element)?, elements(items.clone())?, dimensions.clone());
            Variant::Array(Box::new(array.ok()?))
        }
        Node::Null(_)
        | Node::QualifiedName { .. }
        | Node::Enumeration { .. }
        | Node::Structure { .. }
        | Node::Union { .. }
        | Node::Opaque { .. }
        | Node::DataValue { .. } => return None,
    })
}

fn elements<'a>(items: impl Iterator<Item = Node<'a>>) -> Option<Vec<Variant>> {
    items.map(|item| node(&item)).collect()
}

fn signed(kind: Kind, number: i64) -> Option<Variant> {
    Some(match kind {
        Kind::SByte => Variant::SByte(number.try_into().ok()?),
        Kind::Int16 => Variant::Int16(number.try_into().ok()?),
        Kind::Int32 => Variant::Int32(number.try_into().ok()?),
        Kind::Int64 => Variant::Int64(number),
        _ => return None,
    })
}

fn unsigned(kind: Kind, number: u64) -> Option<Variant> {
    Some(match kind {
        Kind::Byte => Variant::Byte(number.try_into().ok()?),
        Kind::UInt16 => Variant::UInt16(number.try_into().ok()?),
        Kind::UInt32 => Variant::UInt32(number.try_into().ok()?),
        Kind::UInt64 => Variant::UInt64(number),
        _ => return None,
    })
}

fn instant(time: Timestamp) -> Option<Variant> {
    // Outside of it a server reads "no time", or the end of all times.
    (1..LATEST).contains(&time.0).then(|| Variant::DateTime(Box::new(DateTime::from(time.0))))
}

fn text(kind: Kind, text: &str) -> Option<Variant> {
    Some(match kind {
        Kind::String => Variant::String(UAString::from(text)),
        Kind::Guid => Variant::Guid(Box::new(Guid::from_str(text).ok()?)),
        _ => return None,
    })
}

fn scalar_type(kind: Kind) -> Option<VariantScalarTypeId> {
    Some(match kind {
        Kind::Boolean => VariantScalarTypeId::Boolean,
        Kind::SByte => VariantScalarTypeId::SByte,
        Kind::Byte => VariantScalarTypeId::Byte,
        Kind::Int16 => VariantScalarTypeId::Int16,
        Kind::UInt16 => VariantScalarTypeId::UInt16,
        Kind::Int32 => VariantScalarTypeId::Int32,
        Kind::UInt32 => VariantScalarTypeId::UInt32,
        Kind::Int64 => VariantScalarTypeId::Int64,
        Kind::UInt64 => VariantScalarTypeId::UInt64,
        Kind::Float => VariantScalarTypeId::Float,
        Kind::Double => VariantScalarTypeId::Double,
        Kind::String => VariantScalarTypeId::String,
        Kind::DateTime => VariantScalarTypeId::DateTime,
        Kind::Guid => VariantScalarTypeId::Guid,
        Kind::ByteString => VariantScalarTypeId::ByteString,
        Kind::LocalizedText => VariantScalarTypeId::LocalizedText,
        _ => return None,
    })
}
