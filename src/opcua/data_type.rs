//! Data types of one session: built-in base, names of enumerations, definitions of structures.
//!
//! Filled by `data_type_load` from the server; a server that says nothing of the common
//! structures of namespace 0 is helped out with what OPC 10000-5 and OPC 10000-8 say of them.

use super::decode_structure::is_core;
use super::namespace::Namespaces;
use crate::model::value::BuiltInType;
use ::opcua::types::{
    DataTypeId, EnumDefinition, Identifier, NodeId, ObjectId, StructureDefinition, StructureType, UAString,
};
use std::collections::HashMap;
use std::sync::Arc;

/// Names by number.
pub type EnumerationNames = Arc<[(i64, String)]>;

/// Supertypes are followed this far: longer chains, and loops, end in "unknown".
const SUPERTYPES_MAX: usize = 64;

/// Data types of one session.
#[derive(Debug, Default)]
pub struct DataTypes {
    /// Supertype by subtype.
    parents: HashMap<NodeId, NodeId>,
    structures: Vec<Structure>,
    /// Position in `structures`, by data type and by encoding.
    positions: HashMap<NodeId, u32>,
    enumerations: HashMap<NodeId, EnumerationNames>,
}

/// A structure or union, ready to decode.
#[derive(Debug)]
pub(super) struct Structure {
    /// The data type's id as text.
    pub(super) type_id: String,
    pub(super) kind: StructureKind,
    pub(super) is_abstract: bool,
    /// Inherited ones included, in their order on the wire.
    pub(super) fields: Vec<StructureField>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StructureKind {
    Plain,
    OptionalFields,
    Union,
}

#[derive(Debug)]
pub(super) struct StructureField {
    pub(super) name: String,
    pub(super) kind: FieldKind,
    /// -1 scalar, 1.. so many dimensions.
    pub(super) rank: i32,
    pub(super) is_optional: bool,
}

#[derive(Debug)]
pub(super) enum FieldKind {
    BuiltIn(BuiltInType),
    Enumeration(EnumerationNames),
    /// A concrete structure without a header: position in [`DataTypes`].
    Inline(u32),
    /// A type that the server does not describe: whatever holds it cannot be decoded.
    Unknown,
}

/// A data type as the server describes it.
#[derive(Debug)]
pub(super) struct RawType {
    pub(super) id: NodeId,
    pub(super) is_abstract: bool,
    pub(super) definition: RawDefinition,
    /// Ids of its binary encoding, beside the one in the definition.
    pub(super) encodings: Vec<NodeId>,
}

#[derive(Debug)]
pub(super) enum RawDefinition {
    Structure(StructureDefinition),
    Enumeration(Vec<(i64, String)>),
}

impl DataTypes {
    /// Knows namespace 0's common structures and nothing else of the server.
    #[must_use]
    pub fn core() -> Self {
        Self::build(HashMap::new(), Vec::new(), &Namespaces::new([]))
    }

    pub(super) fn build(parents: HashMap<NodeId, NodeId>, types: Vec<RawType>, namespaces: &Namespaces) -> Self {
        let mut built = Self { parents, ..Self::default() };
        let mut structures = Vec::new();
        for raw in types {
            match raw.definition {
                RawDefinition::Enumeration(names) => {
                    built.enumerations.insert(raw.id, names.into());
                }
                RawDefinition::Structure(definition) => {
                    structures.push((raw.id, raw.is_abstract, raw.encodings, definition))
                }
            }
        }
        for (id, encoding, fields) in CORE {
            let id = NodeId::new(0, *id as u32);
            if !structures.iter().any(|(known, ..)| *known == id) {
                structures.push((id, false, vec![NodeId::new(0, *encoding as u32)], core_definition(fields)));
            }
        }
        for (position, (id, _, encodings, definition)) in (0u32..).zip(&structures) {
            for key in encodings.iter().chain([&definition.default_encoding_id]).filter(|key| !key.is_null()) {
                built.positions.insert(key.clone(), position);
            }
            built.positions.insert(id.clone(), position);
        }
        // A server may describe a core type and not say under which id it is encoded.
        for (id, encoding, _) in CORE {
            if let Some(position) = built.positions.get(&NodeId::new(0, *id as u32)).copied() {
                built.positions.insert(NodeId::new(0, *encoding as u32), position);
            }
        }
        let is_abstract: Vec<bool> = structures.iter().map(|(_, is_abstract, ..)| *is_abstract).collect();
        for (id, is_abstract_type, _, definition) in structures {
            let structure = built.compile(&id, is_abstract_type, definition, &is_abstract, namespaces);
            built.structures.push(structure);
        }
        built
    }

    fn compile(
        &self,
        id: &NodeId,
        is_abstract_type: bool,
        definition: StructureDefinition,
        is_abstract: &[bool],
        namespaces: &Namespaces,
    ) -> Structure {
        // In the two subtyped kinds `IsOptional` says that a field may hold subtypes (OPC 10000-3 §8.49).
        let (kind, is_subtyped) = match definition.structure_type {
            StructureType::Structure => (StructureKind::Plain, false),
            StructureType::StructureWithOptionalFields => (StructureKind::OptionalFields, false),
            StructureType::Union => (StructureKind::Union, false),
            StructureType::StructureWithSubtypedValues => (StructureKind::Plain, true),
            StructureType::UnionWithSubtypedValues => (StructureKind::Union, true),
        };
        let field = |field: ::opcua::types::StructureField| {
            let kind = if is_subtyped && field.is_optional {
                match self.built_in(&field.data_type) {
                    Some(BuiltInType::ExtensionObject) => FieldKind::BuiltIn(BuiltInType::ExtensionObject),
                    Some(_) => FieldKind::BuiltIn(BuiltInType::Variant),
                    None => FieldKind::Unknown,
                }
            } else {
                self.field_kind(&field.data_type, is_abstract)
            };
            StructureField {
                name: field.name.as_ref().to_owned(),
                kind,
                rank: field.value_rank,
                is_optional: field.is_optional && !is_subtyped,
            }
        };
        let fields = definition.fields.unwrap_or_default().into_iter().map(field).collect();
        Structure { type_id: namespaces.node_text(id), kind, is_abstract: is_abstract_type, fields }
    }

    fn field_kind(&self, data_type: &NodeId, is_abstract: &[bool]) -> FieldKind {
        match self.built_in(data_type) {
            Some(BuiltInType::ExtensionObject) if is_core(data_type, 22) || is_core(data_type, 50) => {
                FieldKind::BuiltIn(BuiltInType::ExtensionObject)
            }
            Some(BuiltInType::ExtensionObject) => match self.positions.get(data_type) {
                Some(position) if is_abstract.get(*position as usize) == Some(&true) => {
                    FieldKind::BuiltIn(BuiltInType::ExtensionObject)
                }
                Some(position) => FieldKind::Inline(*position),
                None => FieldKind::Unknown,
            },
            Some(BuiltInType::Int32) if self.is_enumeration(data_type) => {
                FieldKind::Enumeration(self.enumeration(data_type).unwrap_or_default())
            }
            Some(kind) => FieldKind::BuiltIn(kind),
            // The fallback definitions refer to each other before any hierarchy is known.
            None => match self.positions.get(data_type) {
                Some(position) => FieldKind::Inline(*position),
                None => FieldKind::Unknown,
            },
        }
    }

    /// The built-in type that values of a data type are encoded as; `Variant` for an abstract one, `None` when the
    /// server's hierarchy does not hold it.
    #[must_use]
    pub fn built_in(&self, data_type: &NodeId) -> Option<BuiltInType> {
        self.ancestors(data_type).find_map(core_built_in)
    }

    /// Whether a data type is `Enumeration` or below it.
    #[must_use]
    pub fn is_enumeration(&self, data_type: &NodeId) -> bool {
        self.ancestors(data_type).any(|node| is_core(node, 29))
    }

    /// Names by number of an enumeration.
    #[must_use]
    pub fn enumeration(&self, data_type: &NodeId) -> Option<EnumerationNames> {
        self.enumerations.get(data_type).cloned()
    }

    /// By the id of a data type or of its binary encoding.
    pub(super) fn structure(&self, id: &NodeId) -> Option<&Structure> {
        self.positions.get(id).and_then(|position| self.by_position(*position))
    }

    pub(super) fn by_position(&self, position: u32) -> Option<&Structure> {
        self.structures.get(position as usize)
    }

    /// How many structures are described.
    #[must_use]
    pub fn structure_count(&self) -> usize {
        self.structures.len()
    }

    /// A type, its supertype, and so on.
    fn ancestors<'a>(&'a self, data_type: &'a NodeId) -> impl Iterator<Item = &'a NodeId> {
        std::iter::successors(Some(data_type), |node| self.parents.get(node)).take(SUPERTYPES_MAX)
    }
}

/// OPC 10000-6 §5.1.2 and the abstract types of OPC 10000-3 §8 that stand for any of them.
fn core_built_in(node: &NodeId) -> Option<BuiltInType> {
    match (&node.identifier, node.namespace) {
        (Identifier::Numeric(number @ 1..=25), 0) => BuiltInType::from_number(u8::try_from(*number).ok()?),
        (Identifier::Numeric(26..=28), 0) => Some(BuiltInType::Variant),
        (Identifier::Numeric(29), 0) => Some(BuiltInType::Int32),
        (Identifier::Numeric(50), 0) => Some(BuiltInType::ExtensionObject),
        _ => None,
    }
}

/// Names and numbers of an `EnumDefinition`.
pub(super) fn enumeration_fields(definition: EnumDefinition) -> Vec<(i64, String)> {
    let fields = definition.fields.unwrap_or_default();
    fields.into_iter().map(|field| (field.value, field.name.as_ref().to_owned())).collect()
}

type CoreField = (&'static str, DataTypeId, i32);

/// Structures that stand in variables of nearly every server (OPC 10000-3 §8, OPC 10000-5 §12, OPC 10000-8 §5.6).
const CORE: &[(DataTypeId, ObjectId, &[CoreField])] = &[
    (
        DataTypeId::Range,
        ObjectId::Range_Encoding_DefaultBinary,
        &[("Low", DataTypeId::Double, -1), ("High", DataTypeId::Double, -1)],
    ),
    (
        DataTypeId::EUInformation,
        ObjectId::EUInformation_Encoding_DefaultBinary,
        &[
            ("NamespaceUri", DataTypeId::String, -1),
            ("UnitId", DataTypeId::Int32, -1),
            ("DisplayName", DataTypeId::LocalizedText, -1),
            ("Description", DataTypeId::LocalizedText, -1),
        ],
    ),
    (
        DataTypeId::Argument,
        ObjectId::Argument_Encoding_DefaultBinary,
        &[
            ("Name", DataTypeId::String, -1),
            ("DataType", DataTypeId::NodeId, -1),
            ("ValueRank", DataTypeId::Int32, -1),
            ("ArrayDimensions", DataTypeId::UInt32, 1),
            ("Description", DataTypeId::LocalizedText, -1),
        ],
    ),
    (
        DataTypeId::EnumValueType,
        ObjectId::EnumValueType_Encoding_DefaultBinary,
        &[
            ("Value", DataTypeId::Int64, -1),
            ("DisplayName", DataTypeId::LocalizedText, -1),
            ("Description", DataTypeId::LocalizedText, -1),
        ],
    ),
    (
        DataTypeId::TimeZoneDataType,
        ObjectId::TimeZoneDataType_Encoding_DefaultBinary,
        &[("Offset", DataTypeId::Int16, -1), ("DaylightSavingInOffset", DataTypeId::Boolean, -1)],
    ),
    (
        DataTypeId::KeyValuePair,
        ObjectId::KeyValuePair_Encoding_DefaultBinary,
        &[("Key", DataTypeId::QualifiedName, -1), ("Value", DataTypeId::BaseDataType, -1)],
    ),
    (
        DataTypeId::OptionSet,
        ObjectId::OptionSet_Encoding_DefaultBinary,
        &[("Value", DataTypeId::ByteString, -1), ("ValidBits", DataTypeId::ByteString, -1)],
    ),
    (
        DataTypeId::XVType,
        ObjectId::XVType_Encoding_DefaultBinary,
        &[("X", DataTypeId::Double, -1), ("Value", DataTypeId::Float, -1)],
    ),
    (
        DataTypeId::BuildInfo,
        ObjectId::BuildInfo_Encoding_DefaultBinary,
        &[
            ("ProductUri", DataTypeId::String, -1),
            ("ManufacturerName", DataTypeId::String, -1),
            ("ProductName", DataTypeId::String, -1),
            ("SoftwareVersion", DataTypeId::String, -1),
            ("BuildNumber", DataTypeId::String, -1),
            ("BuildDate", DataTypeId::DateTime, -1),
        ],
    ),
    (
        DataTypeId::ServerStatusDataType,
        ObjectId::ServerStatusDataType_Encoding_DefaultBinary,
        &[
            ("StartTime", DataTypeId::DateTime, -1),
            ("CurrentTime", DataTypeId::DateTime, -1),
            ("State", DataTypeId::Int32, -1),
            ("BuildInfo", DataTypeId::BuildInfo, -1),
            ("SecondsTillShutdown", DataTypeId::UInt32, -1),
            ("ShutdownReason", DataTypeId::LocalizedText, -1),
        ],
    ),
];

fn core_definition(fields: &[CoreField]) -> StructureDefinition {
    let field = |(name, data_type, rank): &CoreField| ::opcua::types::StructureField {
        name: UAString::from(*name),
        data_type: NodeId::new(0, *data_type as u32),
        value_rank: *rank,
        ..Default::default()
    };
    StructureDefinition { fields: Some(fields.iter().map(field).collect()), ..Default::default() }
}
