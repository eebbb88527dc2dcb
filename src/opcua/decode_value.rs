//! Built-in types from their binary form to samples and trees, as scalar, array and matrix.

use super::data_type::DataTypes;
use super::decode_wire::{DEPTH_MAX, Fault, Wire};
use super::namespace::{Namespaces, write_guid};
use crate::model::tree::TreeWriter;
use crate::model::value::BuiltInType as Kind;
use crate::model::{Batch, Scalar, Timestamp};

/// Status, times and value of a `DataValue`.
pub(super) struct Stamped<'a> {
    pub(super) status: u32,
    pub(super) source_time: Timestamp,
    pub(super) server_time: Timestamp,
    /// Where the Variant stands; its end is known only when it was read.
    pub(super) value: Option<Wire<'a>>,
}

/// What values are read with; lives for one value.
pub(super) struct Reader<'a> {
    pub(super) types: &'a DataTypes,
    pub(super) namespaces: &'a Namespaces,
    /// For text that is made up from parts; reused.
    pub(super) text: &'a mut String,
    /// Type id of the first part that could not be decoded.
    pub(super) opaque: Option<String>,
    pub(super) depth: u32,
}

impl Reader<'_> {
    /// One level down; everything that can hold itself goes through here.
    pub(super) fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        if self.depth >= DEPTH_MAX {
            return Err(Fault::TooDeep);
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    pub(super) fn note_opaque(&mut self, type_id: &str) {
        self.opaque.get_or_insert_with(|| type_id.to_owned());
    }

    /// A Variant as the value of a sample: numbers stand inline, everything else goes to the arena.
    pub(super) fn sample(&mut self, wire: &mut Wire<'_>, batch: &mut Batch) -> Result<Scalar, Fault> {
        let whole = *wire;
        let mask = wire.u8()?;
        if mask & 0xC0 == 0 {
            match kind_of(mask)? {
                Kind::Null => return Ok(Scalar::Null),
                Kind::Boolean => return wire.u8().map(|value| Scalar::Bool(value != 0)),
                kind @ (Kind::SByte | Kind::Int16 | Kind::Int32 | Kind::Int64) => {
                    return signed(kind, wire).map(|value| Scalar::I64(kind, value));
                }
                kind @ (Kind::Byte | Kind::UInt16 | Kind::UInt32 | Kind::UInt64 | Kind::StatusCode) => {
                    return unsigned(kind, wire).map(|value| Scalar::U64(kind, value));
                }
                Kind::Float => return wire.f32().map(Scalar::F32),
                Kind::Double => return wire.f64().map(Scalar::F64),
                Kind::DateTime => return wire.time().map(Scalar::Time),
                kind @ (Kind::String | Kind::XmlElement) => {
                    if let Some(bytes) = wire.block()?
                        && std::str::from_utf8(bytes).is_ok()
                    {
                        return Ok(Scalar::Text(kind, batch.store(bytes)));
                    }
                }
                Kind::ByteString => {
                    if let Some(bytes) = wire.block()? {
                        return Ok(Scalar::Bytes(batch.store(bytes)));
                    }
                }
                kind @ (Kind::Guid | Kind::NodeId | Kind::ExpandedNodeId) => {
                    self.read_text(kind, wire)?;
                    return Ok(Scalar::Text(kind, batch.store(self.text.as_bytes())));
                }
                _ => {}
            }
        }
        *wire = whole;
        let start = batch.arena.len();
        let mut tree = TreeWriter::new(&mut batch.arena);
        match self.variant(wire, &mut tree) {
            Ok(()) => Ok(Scalar::Tree(tree.finish())),
            Err(fault) => {
                batch.arena.truncate(start);
                Err(fault)
            }
        }
    }

    /// A Variant as a node (OPC 10000-6 §5.2.2.16).
    pub(super) fn variant(&mut self, wire: &mut Wire<'_>, tree: &mut TreeWriter<'_>) -> Result<(), Fault> {
        let mask = wire.u8()?;
        let kind = kind_of(mask)?;
        if mask & 0x80 == 0 {
            return if mask & 0x40 == 0 { self.node(kind, wire, tree) } else { Err(Fault::Invalid) };
        }
        let Some(count) = wire.count()? else {
            if mask & 0x40 != 0 {
                dimensions(wire)?;
            }
            // An array that is not there is no value of its elements' type either.
            tree.null(Kind::Null);
            return Ok(());
        };
        if mask & 0x40 == 0 {
            return self.elements(kind, count, wire, tree);
        }
        // The dimensions stand behind the elements, but before them in a tree.
        let mut elements = Vec::new();
        let mut writer = TreeWriter::new(&mut elements);
        each(count, wire, |wire| self.node(kind, wire, &mut writer))?;
        let dimensions = dimensions(wire)?;
        let product = dimensions.iter().try_fold(1u32, |product, dimension| product.checked_mul(*dimension));
        if dimensions.len() > 1 && product == Some(count) {
            tree.matrix(kind, &dimensions, count, |tree| tree.splice(&elements));
        } else {
            tree.array(kind, count, |tree| tree.splice(&elements));
        }
        Ok(())
    }

    /// An array of a Variant or of a structure's field.
    pub(super) fn elements(
        &mut self,
        kind: Kind,
        count: u32,
        wire: &mut Wire<'_>,
        tree: &mut TreeWriter<'_>,
    ) -> Result<(), Fault> {
        let mut read = Ok(());
        tree.array(kind, count, |tree| read = each(count, wire, |wire| self.node(kind, wire, tree)));
        read
    }

    /// One value of a built-in type as a node.
    pub(super) fn node(&mut self, kind: Kind, wire: &mut Wire<'_>, tree: &mut TreeWriter<'_>) -> Result<(), Fault> {
        match kind {
            Kind::Null => tree.null(kind),
            Kind::Boolean => tree.bool(wire.u8()? != 0),
            Kind::SByte | Kind::Int16 | Kind::Int32 | Kind::Int64 => tree.i64(kind, signed(kind, wire)?),
            Kind::Byte | Kind::UInt16 | Kind::UInt32 | Kind::UInt64 | Kind::StatusCode => {
                tree.u64(kind, unsigned(kind, wire)?);
            }
            Kind::Float => tree.f32(wire.f32()?),
            Kind::Double => tree.f64(wire.f64()?),
            Kind::DateTime => tree.time(wire.time()?),
            Kind::String | Kind::XmlElement => self.string(kind, wire, tree)?,
            Kind::ByteString => match wire.block()? {
                Some(bytes) => tree.bytes(bytes),
                None => tree.null(kind),
            },
            Kind::Guid | Kind::NodeId | Kind::ExpandedNodeId => {
                self.read_text(kind, wire)?;
                tree.text(kind, self.text);
            }
            Kind::QualifiedName => {
                let index = wire.u16()?;
                let Some(name) = self.lossy(wire)? else {
                    tree.null(kind);
                    return Ok(());
                };
                let unknown;
                let namespace = match self.namespaces.uri(index) {
                    Some(uri) => uri,
                    None => {
                        unknown = format!("ns={index}");
                        unknown.as_str()
                    }
                };
                tree.qualified_name(namespace, &name);
            }
            Kind::LocalizedText => {
                let mask = wire.u8()?;
                let locale = if mask & 1 != 0 { self.lossy(wire)? } else { None };
                let text = if mask & 2 != 0 { self.lossy(wire)? } else { None };
                tree.localized_text(locale.as_deref(), text.as_deref());
            }
            Kind::ExtensionObject => self.nested(|reader| reader.extension_object(wire, tree))?,
            Kind::DataValue => self.nested(|reader| reader.data_value(wire, tree))?,
            Kind::Variant => self.nested(|reader| reader.variant(wire, tree))?,
            Kind::DiagnosticInfo => self.nested(|reader| reader.diagnostic_info(wire, tree))?,
        }
        Ok(())
    }

    /// Text that is no UTF-8 is kept byte by byte as what it is: not decoded.
    fn string(&mut self, kind: Kind, wire: &mut Wire<'_>, tree: &mut TreeWriter<'_>) -> Result<(), Fault> {
        match wire.block()?.map(|bytes| (std::str::from_utf8(bytes), bytes)) {
            None => tree.null(kind),
            Some((Ok(text), _)) => tree.text(kind, text),
            Some((Err(_), bytes)) => {
                let type_id = if kind == Kind::String { "i=12" } else { "i=16" };
                self.note_opaque(type_id);
                tree.opaque(type_id, false, bytes);
            }
        }
        Ok(())
    }

    /// Text inside a name; bytes that are no UTF-8 become U+FFFD, with a finding.
    fn lossy<'w>(&mut self, wire: &mut Wire<'w>) -> Result<Option<std::borrow::Cow<'w, str>>, Fault> {
        let text = wire.block()?.map(String::from_utf8_lossy);
        if matches!(text, Some(std::borrow::Cow::Owned(_))) {
            self.note_opaque("i=12");
        }
        Ok(text)
    }

    /// Guid, NodeId or ExpandedNodeId as text, into `self.text`.
    fn read_text(&mut self, kind: Kind, wire: &mut Wire<'_>) -> Result<(), Fault> {
        self.text.clear();
        match kind {
            Kind::Guid => write_guid(wire.chunk()?, self.text),
            Kind::NodeId => self.namespaces.write_node(&wire.node_id()?, self.text),
            _ => self.namespaces.write_expanded(&wire.expanded_node_id()?, self.text),
        }
        Ok(())
    }

    fn data_value(&mut self, wire: &mut Wire<'_>, tree: &mut TreeWriter<'_>) -> Result<(), Fault> {
        // Status and times stand behind the value, but before it in a tree.
        let mut value = Vec::new();
        let mut writer = TreeWriter::new(&mut value);
        let stamped = stamped(wire, |wire| self.variant(wire, &mut writer))?;
        if stamped.value.is_none() {
            writer.null(Kind::Null);
        }
        tree.data_value(stamped.status, stamped.source_time, stamped.server_time, |tree| tree.splice(&value));
        Ok(())
    }

    /// OPC 10000-6 §5.2.2.12: a structure with the fields that are present.
    fn diagnostic_info(&mut self, wire: &mut Wire<'_>, tree: &mut TreeWriter<'_>) -> Result<(), Fault> {
        let mask = wire.u8()?;
        let mut read = Ok(());
        tree.structure("i=25", (mask & 0x7F).count_ones(), |tree| {
            read = self.diagnostic_fields(mask, wire, tree);
        });
        read
    }

    fn diagnostic_fields(&mut self, mask: u8, wire: &mut Wire<'_>, tree: &mut TreeWriter<'_>) -> Result<(), Fault> {
        // Bits and their order on the wire are not the same: the locale (8) stands before the text (4).
        for (bit, name) in [(1, "SymbolicId"), (2, "NamespaceUri"), (8, "Locale"), (4, "LocalizedText")] {
            if mask & bit != 0 {
                tree.field(name);
                self.node(Kind::Int32, wire, tree)?;
            }
        }
        for (bit, name, kind) in [
            (0x10, "AdditionalInfo", Kind::String),
            (0x20, "InnerStatusCode", Kind::StatusCode),
            (0x40, "InnerDiagnosticInfo", Kind::DiagnosticInfo),
        ] {
            if mask & bit != 0 {
                tree.field(name);
                self.node(kind, wire, tree)?;
            }
        }
        Ok(())
    }
}

/// Reads so many elements. Each of them takes a byte: of those that take none, nulls and structures without a field, a
/// short message could announce more than the memory holds.
pub(super) fn each<'w>(
    count: u32,
    wire: &mut Wire<'w>,
    mut read: impl FnMut(&mut Wire<'w>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    for _ in 0..count {
        let before = wire.remaining();
        read(wire)?;
        if wire.remaining() == before {
            return Err(Fault::Invalid);
        }
    }
    Ok(())
}

/// Reads a `DataValue` (OPC 10000-6 §5.2.2.17); `value` reads its Variant. Picoseconds are beyond our 100 ns.
pub(super) fn stamped<'a>(
    wire: &mut Wire<'a>,
    value: impl FnOnce(&mut Wire<'a>) -> Result<(), Fault>,
) -> Result<Stamped<'a>, Fault> {
    let mask = wire.u8()?;
    let at = (mask & 1 != 0).then_some(*wire);
    if at.is_some() {
        value(wire)?;
    }
    let status = if mask & 2 != 0 { wire.u32()? } else { 0 };
    let source_time = if mask & 4 != 0 { wire.time()? } else { Timestamp::NONE };
    if mask & 0x10 != 0 {
        wire.u16()?;
    }
    let server_time = if mask & 8 != 0 { wire.time()? } else { Timestamp::NONE };
    if mask & 0x20 != 0 {
        wire.u16()?;
    }
    Ok(Stamped { status, source_time, server_time, value: at })
}

/// The element type of a Variant; 26..=31 are reserved and read as ByteString (OPC 10000-6 §5.2.2.16).
fn kind_of(mask: u8) -> Result<Kind, Fault> {
    match mask & 0x3F {
        26..=31 => Ok(Kind::ByteString),
        number => Kind::from_number(number).ok_or(Fault::Invalid),
    }
}

/// `SByte`, `Int16`, `Int32` or `Int64`.
fn signed(kind: Kind, wire: &mut Wire<'_>) -> Result<i64, Fault> {
    match kind {
        Kind::SByte => wire.i8().map(i64::from),
        Kind::Int16 => wire.i16().map(i64::from),
        Kind::Int32 => wire.i32().map(i64::from),
        _ => wire.i64(),
    }
}

/// `Byte`, `UInt16`, `UInt32`, `UInt64` or `StatusCode`.
fn unsigned(kind: Kind, wire: &mut Wire<'_>) -> Result<u64, Fault> {
    match kind {
        Kind::Byte => wire.u8().map(u64::from),
        Kind::UInt16 => wire.u16().map(u64::from),
        Kind::UInt32 | Kind::StatusCode => wire.u32().map(u64::from),
        _ => wire.u64(),
    }
}

fn dimensions(wire: &mut Wire<'_>) -> Result<Vec<u32>, Fault> {
    let count = wire.count()?.unwrap_or(0);
    (0..count).map(|_| wire.i32().and_then(|length| u32::try_from(length).map_err(|_| Fault::Invalid))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::decode::Decoder;
    use super::*;
    use std::sync::Arc;

    #[test]
    fn an_array_whose_elements_take_no_byte_is_refused_before_it_fills_the_memory() {
        // Seen when the fuzz target `notification` was written.
        for array in [0x80, 0xC0] {
            let bytes = [&[1, array][..], &40_u32.to_le_bytes(), &[0; 40]].concat();
            let mut decoder = Decoder::new(Arc::new(Namespaces::new([])), Arc::new(DataTypes::core()));
            let mut batch = Batch::default();
            decoder.sample(0, &bytes, &mut batch);
            assert_eq!((batch.samples[0].scalar, batch.arena.len()), (Scalar::Null, 0));
            assert_ne!(batch.samples[0].status, 0);
        }
    }
}
