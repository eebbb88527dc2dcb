//! Values to the crate's `Variant` and back: exact, or not at all.

use super::space::{Held, Reading};
use crate::model::tree::{Fields, Node, TreeWriter};
use crate::model::{BuiltInType, Scalar, Timestamp};
use crate::opcua::namespace::Namespaces;
use ::opcua::types::{
    Array, ByteString, DataValue, DateTime, DynEncodable, EUInformation, EnumValueType, ExpandedNodeId,
    ExtensionObject, Guid, LocalizedText, NodeId, QualifiedName, Range, StatusCode, UAString, Variant,
    VariantScalarTypeId,
};
use std::str::FromStr;

/// Structures of namespace 0, by data type.
const RANGE: &str = "i=884";
const EU_INFORMATION: &str = "i=887";
const ENUM_VALUE: &str = "i=7594";

/// What a variable holds before its first value came.
pub(super) fn not_yet() -> DataValue {
    DataValue {
        status: Some(StatusCode::BadWaitingForInitialData),
        value: Some(Variant::Empty),
        ..DataValue::default()
    }
}

/// The reading as clients get it; `None`: it holds what no client can be told, such as a structure without its encoding.
pub(super) fn data_value(reading: &Reading<'_>, namespaces: &Namespaces) -> Option<DataValue> {
    Some(DataValue {
        // Without a value, even an empty one, the crate would forget the status.
        value: Some(variant(reading, namespaces)?),
        status: Some(StatusCode::from(reading.status)),
        source_timestamp: time(reading.source_time),
        server_timestamp: time(reading.server_time),
        ..DataValue::default()
    })
}

fn time(time: Timestamp) -> Option<DateTime> {
    (!time.is_none()).then(|| DateTime::from(time.0))
}

pub(super) fn variant(reading: &Reading<'_>, namespaces: &Namespaces) -> Option<Variant> {
    match reading.scalar {
        Scalar::Null => Some(Variant::Empty),
        Scalar::Bool(value) => Some(Variant::Boolean(value)),
        Scalar::I64(kind, value) => integer(or(reading.kind, kind), i128::from(value)),
        Scalar::U64(kind, value) => integer(or(reading.kind, kind), i128::from(value)),
        Scalar::F32(value) if reading.kind == BuiltInType::Double => Some(Variant::Double(f64::from(value))),
        Scalar::F32(value) => Some(Variant::Float(value)),
        Scalar::F64(value) if reading.kind == BuiltInType::Float => {
            // Only what a Float holds exactly: a rounded value is another one.
            let narrow = value as f32;
            (f64::from(narrow) == value || value.is_nan()).then_some(Variant::Float(narrow))
        }
        Scalar::F64(value) => Some(Variant::Double(value)),
        Scalar::Time(value) => Some(Variant::DateTime(Box::new(DateTime::from(value.0)))),
        Scalar::Text(kind, span) => {
            text(or(reading.kind, kind), std::str::from_utf8(span.of(reading.arena)).ok()?, namespaces)
        }
        Scalar::Bytes(span) => Some(Variant::ByteString(span.of(reading.arena).to_vec().into())),
        Scalar::Tree(span) => node(Node::read(span.of(reading.arena))?, namespaces),
    }
}

fn or(wanted: BuiltInType, own: BuiltInType) -> BuiltInType {
    if wanted == BuiltInType::Null { own } else { wanted }
}

/// An integer as the type that is wanted, where that holds it.
fn integer(kind: BuiltInType, value: i128) -> Option<Variant> {
    Some(match kind {
        BuiltInType::SByte => Variant::SByte(value.try_into().ok()?),
        BuiltInType::Byte => Variant::Byte(value.try_into().ok()?),
        BuiltInType::Int16 => Variant::Int16(value.try_into().ok()?),
        BuiltInType::UInt16 => Variant::UInt16(value.try_into().ok()?),
        BuiltInType::Int32 => Variant::Int32(value.try_into().ok()?),
        BuiltInType::UInt32 => Variant::UInt32(value.try_into().ok()?),
        BuiltInType::Int64 => Variant::Int64(value.try_into().ok()?),
        BuiltInType::UInt64 => Variant::UInt64(value.try_into().ok()?),
        BuiltInType::StatusCode => Variant::StatusCode(StatusCode::from(u32::try_from(value).ok()?)),
        BuiltInType::Float => {
            let float = value as f32;
            (float as i128 == value).then_some(Variant::Float(float))?
        }
        BuiltInType::Double => {
            let double = value as f64;
            (double as i128 == value).then_some(Variant::Double(double))?
        }
        _ => return None,
    })
}

fn text(kind: BuiltInType, text: &str, namespaces: &Namespaces) -> Option<Variant> {
    Some(match kind {
        BuiltInType::XmlElement => Variant::XmlElement(text.into()),
        BuiltInType::Guid => Variant::Guid(Box::new(Guid::from_str(text).ok()?)),
        BuiltInType::NodeId => Variant::NodeId(Box::new(namespaces.resolve(text).ok()?)),
        BuiltInType::ExpandedNodeId => {
            Variant::ExpandedNodeId(Box::new(ExpandedNodeId::new(namespaces.resolve(text).ok()?)))
        }
        BuiltInType::LocalizedText => Variant::LocalizedText(Box::new(LocalizedText::new("", text))),
        BuiltInType::QualifiedName => Variant::QualifiedName(Box::new(QualifiedName::new(0, text))),
        _ => Variant::String(text.into()),
    })
}

fn node(node: Node<'_>, namespaces: &Namespaces) -> Option<Variant> {
    Some(match node {
        Node::Null(kind) => null(kind),
        Node::Bool(value) => Variant::Boolean(value),
        Node::I64(kind, value) => integer(kind, i128::from(value))?,
        Node::U64(kind, value) => integer(kind, i128::from(value))?,
        Node::F32(value) => Variant::Float(value),
        Node::F64(value) => Variant::Double(value),
        Node::Time(value) => Variant::DateTime(Box::new(DateTime::from(value.0))),
        Node::Text(kind, value) => text(kind, value, namespaces)?,
        Node::Bytes(value) => Variant::ByteString(value.to_vec().into()),
        Node::LocalizedText { locale, text } => Variant::LocalizedText(Box::new(LocalizedText {
            locale: locale.map_or_else(UAString::null, UAString::from),
            text: text.map_or_else(UAString::null, UAString::from),
        })),
        Node::QualifiedName { namespace, name } => {
            let index = if namespace.is_empty() { 0 } else { namespaces.index(namespace).ok()? };
            Variant::QualifiedName(Box::new(QualifiedName::new(index, name)))
        }
        Node::Enumeration { value, .. } => Variant::Int32(value.try_into().ok()?),
        Node::Array { element, items } => array(element, items, None, namespaces)?,
        Node::Matrix { element, dimensions, items } => array(element, items, Some(dimensions), namespaces)?,
        Node::Structure { type_id, fields } => structure(type_id, fields, namespaces)?,
        // Their encodings are the business of the type's own server.
        Node::Union { .. } | Node::Opaque { .. } => return None,
        Node::DataValue { status, source_time, server_time, value } => Variant::DataValue(Box::new(DataValue {
            value: Some(self::node(*value, namespaces)?),
            status: Some(StatusCode::from(status)),
            source_timestamp: time(source_time),
            server_timestamp: time(server_time),
            ..DataValue::default()
        })),
    })
}

/// Structures of OPC 10000-8 and OPC 10000-3; how others are encoded, their own server knows.
fn structure(type_id: &str, fields: Fields<'_>, namespaces: &Namespaces) -> Option<Variant> {
    let parts: Vec<(&str, Node<'_>)> = fields.collect();
    let number = |name: &str| match parts.iter().find(|(known, _)| *known == name)?.1 {
        Node::F64(value) => Some(value),
        Node::F32(value) => Some(f64::from(value)),
        Node::I64(_, value) => Some(value as f64),
        Node::U64(_, value) => Some(value as f64),
        _ => None,
    };
    let words = |name: &str| match parts.iter().find(|(known, _)| *known == name).map(|(_, node)| node.clone()) {
        Some(Node::Text(_, text)) => Variant::LocalizedText(Box::new(LocalizedText::new("", text))),
        Some(other) => node(other, namespaces).unwrap_or_default(),
        None => Variant::Empty,
    };
    let localized = |name: &str| match words(name) {
        Variant::LocalizedText(text) => *text,
        _ => LocalizedText::null(),
    };
    let has = |name: &str| parts.iter().any(|(known, _)| *known == name);
    // What JSON says of neither type is one by its members.
    let kind = match type_id {
        "" if has("Low") && has("High") => RANGE,
        "" if has("UnitId") => EU_INFORMATION,
        other => other,
    };
    let body = match kind {
        RANGE => ExtensionObject::from_message(Range { low: number("Low")?, high: number("High")? }),
        EU_INFORMATION => {
            let uri = parts.iter().find_map(|(name, node)| match node {
                Node::Text(_, text) if *name == "NamespaceUri" => Some(*text),
                _ => None,
            });
            ExtensionObject::from_message(EUInformation {
                namespace_uri: uri.map_or_else(UAString::null, UAString::from),
                unit_id: number("UnitId")? as i32,
                display_name: localized("DisplayName"),
                description: localized("Description"),
            })
        }
        ENUM_VALUE => ExtensionObject::from_message(EnumValueType {
            value: number("Value")? as i64,
            display_name: localized("DisplayName"),
            description: localized("Description"),
        }),
        _ => return None,
    };
    Some(Variant::ExtensionObject(body))
}

fn null(kind: BuiltInType) -> Variant {
    match kind {
        BuiltInType::String => Variant::String(UAString::null()),
        BuiltInType::ByteString => Variant::ByteString(ByteString::null()),
        BuiltInType::LocalizedText => Variant::LocalizedText(Box::new(LocalizedText::null())),
        BuiltInType::QualifiedName => Variant::QualifiedName(Box::new(QualifiedName::null())),
        BuiltInType::NodeId => Variant::NodeId(Box::new(NodeId::null())),
        _ => Variant::Empty,
    }
}

fn array<'a>(
    element: BuiltInType,
    items: impl Iterator<Item = Node<'a>>,
    dimensions: Option<Vec<u32>>,
    namespaces: &Namespaces,
) -> Option<Variant> {
    let kind = scalar_type(element)?;
    let is_variant = element == BuiltInType::Variant;
    let values = items.map(|item| {
        let value = node(item, namespaces)?;
        Some(if is_variant { Variant::Variant(Box::new(value)) } else { value })
    });
    let values: Vec<Variant> = values.collect::<Option<_>>()?;
    let array = match dimensions {
        None => Array::new(kind, values),
        Some(dimensions) => Array::new_multi(kind, values, dimensions),
    };
    Some(Variant::Array(Box::new(array.ok()?)))
}

fn scalar_type(kind: BuiltInType) -> Option<VariantScalarTypeId> {
    use VariantScalarTypeId as Id;
    Some(match kind {
        BuiltInType::Boolean => Id::Boolean,
        BuiltInType::SByte => Id::SByte,
        BuiltInType::Byte => Id::Byte,
        BuiltInType::Int16 => Id::Int16,
        BuiltInType::UInt16 => Id::UInt16,
        BuiltInType::Int32 => Id::Int32,
        BuiltInType::UInt32 => Id::UInt32,
        BuiltInType::Int64 => Id::Int64,
        BuiltInType::UInt64 => Id::UInt64,
        BuiltInType::Float => Id::Float,
        BuiltInType::Double => Id::Double,
        BuiltInType::String => Id::String,
        BuiltInType::DateTime => Id::DateTime,
        BuiltInType::Guid => Id::Guid,
        BuiltInType::ByteString => Id::ByteString,
        BuiltInType::XmlElement => Id::XmlElement,
        BuiltInType::NodeId => Id::NodeId,
        BuiltInType::ExpandedNodeId => Id::ExpandedNodeId,
        BuiltInType::StatusCode => Id::StatusCode,
        BuiltInType::QualifiedName => Id::QualifiedName,
        BuiltInType::LocalizedText => Id::LocalizedText,
        BuiltInType::Variant => Id::Variant,
        BuiltInType::DataValue => Id::DataValue,
        BuiltInType::ExtensionObject => Id::ExtensionObject,
        BuiltInType::Null | BuiltInType::DiagnosticInfo => return None,
    })
}

/// An array of structures that the crate knows.
pub(super) fn structures<T: DynEncodable>(values: impl Iterator<Item = T>) -> Variant {
    let values: Vec<Variant> =
        values.map(|value| Variant::ExtensionObject(ExtensionObject::from_message(value))).collect();
    let array = Array { value_type: VariantScalarTypeId::ExtensionObject, values, dimensions: None };
    Variant::Array(Box::new(array))
}

/// What a client wrote; `None`: a value of a kind that is not taken (structures, values inside values).
pub(super) fn held(value: DataValue, namespaces: &Namespaces) -> Option<Held> {
    let stamp = |time: Option<DateTime>| time.map_or(Timestamp::NONE, |time| Timestamp(time.into()));
    let mut arena = Vec::new();
    let scalar = scalar(value.value.unwrap_or_default(), &mut arena, namespaces)?;
    Some(Held {
        status: value.status.map_or(0, |status| status.bits()),
        source_time: stamp(value.source_timestamp),
        server_time: stamp(value.server_timestamp),
        scalar,
        kind: BuiltInType::Null,
        arena,
    })
}

fn scalar(value: Variant, arena: &mut Vec<u8>, namespaces: &Namespaces) -> Option<Scalar> {
    let in_line = |kind, text: &str, arena: &mut Vec<u8>| {
        let span = crate::model::Span { start: arena.len() as u32, length: text.len() as u32 };
        arena.extend_from_slice(text.as_bytes());
        Scalar::Text(kind, span)
    };
    Some(match value {
        Variant::Empty => Scalar::Null,
        Variant::Boolean(value) => Scalar::Bool(value),
        Variant::SByte(value) => Scalar::I64(BuiltInType::SByte, value.into()),
        Variant::Int16(value) => Scalar::I64(BuiltInType::Int16, value.into()),
        Variant::Int32(value) => Scalar::I64(BuiltInType::Int32, value.into()),
        Variant::Int64(value) => Scalar::I64(BuiltInType::Int64, value),
        Variant::Byte(value) => Scalar::U64(BuiltInType::Byte, value.into()),
        Variant::UInt16(value) => Scalar::U64(BuiltInType::UInt16, value.into()),
        Variant::UInt32(value) => Scalar::U64(BuiltInType::UInt32, value.into()),
        Variant::UInt64(value) => Scalar::U64(BuiltInType::UInt64, value),
        Variant::StatusCode(value) => Scalar::U64(BuiltInType::StatusCode, value.bits().into()),
        Variant::Float(value) => Scalar::F32(value),
        Variant::Double(value) => Scalar::F64(value),
        Variant::DateTime(value) => Scalar::Time(Timestamp((*value).into())),
        Variant::String(value) => match value.value() {
            Some(text) => in_line(BuiltInType::String, text, arena),
            None => tree(&Variant::String(value), arena, namespaces)?,
        },
        Variant::Guid(value) => {
            let mut text = String::new();
            crate::opcua::namespace::write_guid(value.to_bytes(), &mut text);
            in_line(BuiltInType::Guid, &text, arena)
        }
        Variant::ByteString(value) => {
            let bytes = value.value.unwrap_or_default();
            let span = crate::model::Span { start: arena.len() as u32, length: bytes.len() as u32 };
            arena.extend_from_slice(&bytes);
            Scalar::Bytes(span)
        }
        Variant::NodeId(value) => in_line(BuiltInType::NodeId, &namespaces.node_text(&value), arena),
        other => tree(&other, arena, namespaces)?,
    })
}

fn tree(value: &Variant, arena: &mut Vec<u8>, namespaces: &Namespaces) -> Option<Scalar> {
    let mut writer = TreeWriter::new(arena);
    write(value, &mut writer, namespaces)?;
    Some(Scalar::Tree(writer.finish()))
}

/// Not recursive beyond the elements of one array: what a client nests deeper is refused.
fn write(value: &Variant, tree: &mut TreeWriter<'_>, namespaces: &Namespaces) -> Option<()> {
    let Variant::Array(array) = value else { return write_one(value, tree, namespaces) };
    let element = BuiltInType::from_number(array.value_type as u8)?;
    let count = array.values.len() as u32;
    let mut is_whole = true;
    let items = |tree: &mut TreeWriter<'_>| {
        for value in &array.values {
            is_whole &= write_one(value, tree, namespaces).is_some();
        }
    };
    match &array.dimensions {
        Some(dimensions) if dimensions.len() > 1 => tree.matrix(element, dimensions, count, items),
        _ => tree.array(element, count, items),
    }
    is_whole.then_some(())
}

fn write_one(value: &Variant, tree: &mut TreeWriter<'_>, namespaces: &Namespaces) -> Option<()> {
    match value {
        Variant::Boolean(value) => tree.bool(*value),
        Variant::SByte(value) => tree.i64(BuiltInType::SByte, (*value).into()),
        Variant::Int16(value) => tree.i64(BuiltInType::Int16, (*value).into()),
        Variant::Int32(value) => tree.i64(BuiltInType::Int32, (*value).into()),
        Variant::Int64(value) => tree.i64(BuiltInType::Int64, *value),
        Variant::Byte(value) => tree.u64(BuiltInType::Byte, (*value).into()),
        Variant::UInt16(value) => tree.u64(BuiltInType::UInt16, (*value).into()),
        Variant::UInt32(value) => tree.u64(BuiltInType::UInt32, (*value).into()),
        Variant::UInt64(value) => tree.u64(BuiltInType::UInt64, *value),
        Variant::StatusCode(value) => tree.u64(BuiltInType::StatusCode, value.bits().into()),
        Variant::Float(value) => tree.f32(*value),
        Variant::Double(value) => tree.f64(*value),
        Variant::DateTime(value) => tree.time(Timestamp((**value).into())),
        Variant::String(value) => match value.value() {
            Some(text) => tree.text(BuiltInType::String, text),
            None => tree.null(BuiltInType::String),
        },
        Variant::ByteString(value) => tree.bytes(value.value.as_deref().unwrap_or_default()),
        Variant::LocalizedText(value) => {
            tree.localized_text(value.locale.value().as_deref(), value.text.value().as_deref());
        }
        Variant::QualifiedName(value) => {
            let namespace = namespaces.uri(value.namespace_index)?;
            tree.qualified_name(namespace, value.name.as_ref());
        }
        Variant::NodeId(value) => tree.text(BuiltInType::NodeId, &namespaces.node_text(value)),
        _ => return None,
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn there_and_back(value: Variant) {
        let namespaces = Namespaces::new([String::new(), "urn:a".to_owned()]);
        let given = DataValue { value: Some(value.clone()), ..DataValue::default() };
        let held = held(given, &namespaces).expect("taken");
        assert_eq!(variant(&held.reading(), &namespaces), Some(value));
    }

    #[test]
    fn what_is_written_is_what_is_read() {
        there_and_back(Variant::Double(-0.1));
        there_and_back(Variant::UInt64(u64::MAX));
        there_and_back(Variant::from("Fräse"));
        there_and_back(Variant::from(vec![1_i16, -2]));
        there_and_back(Variant::NodeId(Box::new(NodeId::new(1, "x"))));
        there_and_back(Variant::LocalizedText(Box::new(LocalizedText::new("de", "Halt"))));
        let matrix = Array::new_multi(VariantScalarTypeId::Double, vec![Variant::Double(1.0); 4], vec![2, 2]);
        there_and_back(Variant::Array(Box::new(matrix.expect("2 by 2"))));
    }

    #[test]
    fn a_value_that_the_type_of_the_node_does_not_hold_exactly_is_none() {
        let namespaces = Namespaces::new([]);
        let as_kind = |scalar, kind| {
            let held = Held { kind, ..Held::good(scalar, Vec::new()) };
            variant(&held.reading(), &namespaces)
        };
        assert_eq!(as_kind(Scalar::I64(BuiltInType::Int64, 300), BuiltInType::Byte), None);
        assert_eq!(as_kind(Scalar::I64(BuiltInType::Int64, 30), BuiltInType::Byte), Some(Variant::Byte(30)));
        assert_eq!(as_kind(Scalar::F64(0.1), BuiltInType::Float), None);
        assert_eq!(as_kind(Scalar::F64(0.5), BuiltInType::Float), Some(Variant::Float(0.5)));
        assert_eq!(as_kind(Scalar::I64(BuiltInType::Int64, 7), BuiltInType::Double), Some(Variant::Double(7.0)));
        assert_eq!(as_kind(Scalar::I64(BuiltInType::Int64, i64::MAX), BuiltInType::Double), None);
    }

    #[test]
    fn a_value_inside_a_value_is_not_taken_from_a_client() {
        let namespaces = Namespaces::new([]);
        let nested = Variant::Variant(Box::new(Variant::Boolean(true)));
        assert_eq!(held(DataValue { value: Some(nested), ..DataValue::default() }, &namespaces), None);
    }
}
