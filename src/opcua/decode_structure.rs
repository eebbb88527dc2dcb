//! Structures and unions through their data type definitions (OPC 10000-6 §5.2.6 to §5.2.8).
//!
//! The crate's own dynamic structures are not used: they hide the switch of a union, refuse subtyped fields and empty
//! matrices, and one null array inside a structure would end the connection. Here a body that its definition does not
//! describe to the last byte becomes [`Opaque`](crate::model::tree::Node::Opaque), and nothing beside it suffers.

use super::data_type::{FieldKind, Structure, StructureField, StructureKind};
use super::decode_value::{Reader, each};
use super::decode_wire::{Fault, Wire};
use crate::model::tree::TreeWriter;
use crate::model::value::BuiltInType as Kind;
use ::opcua::types::{Identifier, NodeId};

/// `Decimal` (OPC 10000-6 §5.1.10) stands in an ExtensionObject under its data type's id.
const DECIMAL: u32 = 50;

impl Reader<'_> {
    /// OPC 10000-6 §5.2.2.15.
    pub(super) fn extension_object(&mut self, wire: &mut Wire<'_>, tree: &mut TreeWriter<'_>) -> Result<(), Fault> {
        let type_id = wire.node_id()?;
        match wire.u8()? {
            0 if type_id.is_null() => tree.null(Kind::ExtensionObject),
            0 => self.body(&type_id, &[], tree),
            1 => {
                let body = wire.block()?.unwrap_or_default();
                self.body(&type_id, body, tree);
            }
            2 => {
                let body = wire.block()?.unwrap_or_default();
                let name = self.type_name(&type_id);
                self.note_opaque(&name);
                tree.opaque(&name, true, body);
            }
            _ => return Err(Fault::Invalid),
        }
        Ok(())
    }

    /// The body of an ExtensionObject; `type_id` is that of an encoding or of a data type. Always one node.
    fn body(&mut self, type_id: &NodeId, body: &[u8], tree: &mut TreeWriter<'_>) {
        let mark = tree.mark();
        let depth = self.depth;
        let opaque = self.opaque.clone();
        let types = self.types;
        let mut wire = Wire::new(body);
        let read = match types.structure(type_id) {
            Some(structure) => self.structure(structure, &mut wire, tree),
            None if *type_id == NodeId::new(0, DECIMAL) => decimal(body, tree),
            None => Err(Fault::Undescribed),
        };
        let is_decimal = types.structure(type_id).is_none();
        if read.is_ok() && (is_decimal || wire.remaining() == 0) {
            return;
        }
        tree.rewind(mark);
        self.depth = depth;
        self.opaque = opaque;
        let name = self.type_name(type_id);
        self.note_opaque(&name);
        tree.opaque(&name, false, body);
    }

    /// The data type's id where the encoding is known, else the id as sent.
    fn type_name(&self, type_id: &NodeId) -> String {
        match self.types.structure(type_id) {
            Some(structure) => structure.type_id.clone(),
            None => self.namespaces.node_text(type_id),
        }
    }

    fn structure(
        &mut self,
        structure: &Structure,
        wire: &mut Wire<'_>,
        tree: &mut TreeWriter<'_>,
    ) -> Result<(), Fault> {
        if structure.is_abstract {
            return Err(Fault::Undescribed);
        }
        let fields = &structure.fields;
        let count = |fields: usize| u32::try_from(fields).map_err(|_| Fault::Invalid);
        let mut read = Ok(());
        match structure.kind {
            StructureKind::Plain => tree.structure(&structure.type_id, count(fields.len())?, |tree| {
                read = fields.iter().try_for_each(|field| self.field(field, wire, tree));
            }),
            StructureKind::OptionalFields => {
                let mask = wire.u32()?;
                let present = present(fields, mask);
                tree.structure(&structure.type_id, count(present.len())?, |tree| {
                    read = present.iter().try_for_each(|field| self.field(field, wire, tree));
                });
            }
            StructureKind::Union => match wire.u32()? {
                0 => tree.union(&structure.type_id, 0, |_| {}),
                switch => {
                    let field = fields.get(switch as usize - 1).ok_or(Fault::Invalid)?;
                    tree.union(&structure.type_id, 1, |tree| read = self.field(field, wire, tree));
                }
            },
        }
        read
    }

    fn field(&mut self, field: &StructureField, wire: &mut Wire<'_>, tree: &mut TreeWriter<'_>) -> Result<(), Fault> {
        tree.field(&field.name);
        match field.rank {
            -1 => self.element(&field.kind, wire, tree),
            1 => match wire.count()? {
                None => {
                    tree.null(field.kind.built_in());
                    Ok(())
                }
                Some(count) => {
                    let mut read = Ok(());
                    tree.array(field.kind.built_in(), count, |tree| {
                        read = each(count, wire, |wire| self.element(&field.kind, wire, tree));
                    });
                    read
                }
            },
            2.. => self.matrix(field, wire, tree),
            // Fields are scalars or have fixed dimensions (OPC 10000-3 §8.51).
            _ => Err(Fault::Undescribed),
        }
    }

    /// The dimensions, then the elements without a length of their own (OPC 10000-6 §5.2.5).
    fn matrix(&mut self, field: &StructureField, wire: &mut Wire<'_>, tree: &mut TreeWriter<'_>) -> Result<(), Fault> {
        let Some(rank) = wire.count()? else {
            tree.null(field.kind.built_in());
            return Ok(());
        };
        let mut dimensions = Vec::with_capacity(rank as usize);
        for _ in 0..rank {
            dimensions.push(u32::try_from(wire.i32()?).map_err(|_| Fault::Invalid)?);
        }
        let product = dimensions.iter().try_fold(1u32, |product, dimension| product.checked_mul(*dimension));
        let count = if dimensions.is_empty() { 0 } else { product.ok_or(Fault::Invalid)? };
        if count as usize > wire.remaining() {
            return Err(Fault::Ends);
        }
        let mut read = Ok(());
        tree.matrix(field.kind.built_in(), &dimensions, count, |tree| {
            read = each(count, wire, |wire| self.element(&field.kind, wire, tree));
        });
        read
    }

    fn element(&mut self, kind: &FieldKind, wire: &mut Wire<'_>, tree: &mut TreeWriter<'_>) -> Result<(), Fault> {
        match kind {
            FieldKind::BuiltIn(kind) => self.node(*kind, wire, tree),
            FieldKind::Enumeration(names) => {
                let value = i64::from(wire.i32()?);
                let name = names.iter().find(|(number, _)| *number == value);
                tree.enumeration(value, name.map_or("", |(_, name)| name.as_str()));
                Ok(())
            }
            FieldKind::Inline(position) => {
                let types = self.types;
                let structure = types.by_position(*position).ok_or(Fault::Undescribed)?;
                self.nested(|reader| reader.structure(structure, wire, tree))
            }
            FieldKind::Unknown => Err(Fault::Undescribed),
        }
    }
}

/// Fields of a structure with optional ones: the n-th optional field is there when bit n of the mask is set.
fn present(fields: &[StructureField], mask: u32) -> Vec<&StructureField> {
    let mut bit = 0;
    fields
        .iter()
        .filter(|field| {
            if !field.is_optional {
                return true;
            }
            let is_present = bit < 32 && mask >> bit & 1 == 1;
            bit += 1;
            is_present
        })
        .collect()
}

/// Scale and a whole number of any length; numbers beyond 128 bits stay opaque.
fn decimal(body: &[u8], tree: &mut TreeWriter<'_>) -> Result<(), Fault> {
    let mut wire = Wire::new(body);
    let scale = wire.i16()?;
    let number = wire.take(wire.remaining())?;
    let sign = number.last().ok_or(Fault::Ends)? >> 7;
    let mut wide = if sign == 1 { [0xFF; 16] } else { [0; 16] };
    wide.get_mut(..number.len()).ok_or(Fault::Undescribed)?.copy_from_slice(number);
    tree.structure("i=50", 2, |tree| {
        tree.field("Scale");
        tree.i64(Kind::Int16, scale.into());
        tree.field("Value");
        tree.text(Kind::String, &i128::from_le_bytes(wide).to_string());
    });
    Ok(())
}

impl FieldKind {
    /// What the elements of an array of this kind are called.
    fn built_in(&self) -> Kind {
        match self {
            Self::BuiltIn(kind) => *kind,
            Self::Enumeration(_) => Kind::Int32,
            Self::Inline(_) | Self::Unknown => Kind::ExtensionObject,
        }
    }
}

/// Whether a node id is numeric in namespace 0.
pub(super) fn is_core(node: &NodeId, number: u32) -> bool {
    node.namespace == 0 && node.identifier == Identifier::Numeric(number)
}
