//! Writes nodes into the address space: one call per node, browse names with their namespace.

use super::companion::{Known, MODELS, Namespace, types};
use ::opcua::nodes::{
    AccessLevel, DataTypeBuilder, NodeType, ObjectBuilder, ObjectTypeBuilder, VariableBuilder, VariableTypeBuilder,
};
use ::opcua::server::address_space::AddressSpace;
use ::opcua::types::{
    Array, DataTypeDefinition, DataTypeId, EUInformation, EnumDefinition, EnumField, EnumValueType, ExtensionObject,
    LocalizedText, NodeId, ObjectId, QualifiedName, Range, ReferenceTypeId, UAString, Variant, VariantScalarTypeId,
};

/// The address space with the namespace indexes of this server.
pub(super) struct Space<'a> {
    nodes: &'a mut AddressSpace,
    /// By position in [`MODELS`].
    indexes: [u16; MODELS.len()],
}

/// A type of a companion specification.
pub(super) struct TypeNode {
    pub(super) node: Known,
    pub(super) supertype: Known,
    pub(super) name: &'static str,
    pub(super) is_abstract: bool,
}

/// A node one can hang others below.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) id: NodeId,
    /// Browse names from the machine down; the identifier of the nodes below.
    path: String,
}

/// How a node hangs below its parent.
#[derive(Clone, Copy, Debug)]
pub(super) enum Link {
    Component,
    Property,
    AddIn,
    Organized,
    Ordered,
}

/// A unit by its UNECE Rec. 20 code.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unit {
    pub(super) code: &'static str,
    pub(super) symbol: &'static str,
    pub(super) name: &'static str,
}

impl Unit {
    /// The code's ASCII bytes, big-endian (OPC 10000-8 §5.6.3.3).
    pub(super) fn id(self) -> i32 {
        self.code.bytes().fold(0, |id, byte| id << 8 | i32::from(byte))
    }
}

impl<'a> Space<'a> {
    pub(super) fn new(nodes: &'a mut AddressSpace, indexes: [u16; MODELS.len()]) -> Self {
        Self { nodes, indexes }
    }

    pub(super) fn index(&self, namespace: Namespace) -> u16 {
        MODELS.iter().position(|model| model.namespace == namespace).map_or(0, |position| self.indexes[position])
    }

    pub(super) fn id(&self, known: Known) -> NodeId {
        NodeId::new(self.index(known.0), known.1)
    }

    fn name(&self, (namespace, name): (Namespace, &str)) -> QualifiedName {
        QualifiedName::new(self.index(namespace), name)
    }

    pub(super) fn object_type(&mut self, of: &TypeNode) {
        ObjectTypeBuilder::new(&self.id(of.node), self.name((of.node.0, of.name)), of.name)
            .is_abstract(of.is_abstract)
            .subtype_of(self.id(of.supertype))
            .insert(self.nodes);
    }

    pub(super) fn variable_type(&mut self, of: &TypeNode) {
        VariableTypeBuilder::new(&self.id(of.node), self.name((of.node.0, of.name)), of.name)
            .is_abstract(of.is_abstract)
            .data_type(DataTypeId::Number)
            .value_rank(-1)
            .subtype_of(self.id(of.supertype))
            .insert(self.nodes);
    }

    /// A data type with `EnumValues` and `DataTypeDefinition`, so that old and new clients know the names.
    pub(super) fn enumeration(&mut self, node: Known, values_node: u32, name: &str, names: &[&str]) {
        let fields = names.iter().zip(0..).map(|(name, value)| EnumField {
            value,
            display_name: text(name),
            name: UAString::from(*name),
            ..EnumField::default()
        });
        let definition = EnumDefinition { fields: Some(fields.collect()) };
        DataTypeBuilder::new(&self.id(node), self.name((node.0, name)), name)
            .data_type_definition(DataTypeDefinition::Enum(definition))
            .subtype_of(DataTypeId::Enumeration)
            .insert(self.nodes);
        let values = names.iter().zip(0..).map(|(name, value)| {
            let entry = EnumValueType { value, display_name: text(name), ..EnumValueType::default() };
            Variant::from(ExtensionObject::from_message(entry))
        });
        let id = self.id(Known(node.0, values_node));
        VariableBuilder::new(&id, "EnumValues", "EnumValues")
            .data_type(DataTypeId::EnumValueType)
            .value_rank(1)
            .array_dimensions(&[names.len() as u32])
            .value(array(VariantScalarTypeId::ExtensionObject, values.collect()))
            .has_type_definition(self.id(types::PROPERTY))
            .property_of(self.id(node))
            .insert(self.nodes);
    }

    /// A state below its state machine's type, with its number.
    pub(super) fn state(&mut self, machine: Known, node: Known, name: (Namespace, &str), number: Known, value: u32) {
        let kind = if value == 0 { types::INITIAL_STATE } else { types::STATE };
        ObjectBuilder::new(&self.id(node), self.name(name), name.1)
            .has_type_definition(self.id(kind))
            .component_of(self.id(machine))
            .insert(self.nodes);
        VariableBuilder::new(&self.id(number), "StateNumber", "StateNumber")
            .data_type(DataTypeId::UInt32)
            .value(value)
            .has_type_definition(self.id(types::PROPERTY))
            .property_of(self.id(node))
            .insert(self.nodes);
    }

    /// `Objects`.
    pub(super) fn objects(&self) -> Place {
        Place { id: ObjectId::ObjectsFolder.into(), path: String::new() }
    }

    /// `Objects/Machines`: where OPC 40001-1 puts every machine.
    pub(super) fn machines_folder(&mut self) {
        ObjectBuilder::new(&self.id(types::MACHINES), self.name((Namespace::Machinery, "Machines")), "Machines")
            .has_type_definition(self.id(types::FOLDER))
            .organized_by(ObjectId::ObjectsFolder)
            .insert(self.nodes);
    }

    /// A machine below `Machines`.
    pub(super) fn machine(&mut self, name: &str) -> Place {
        let machines = Place { id: self.id(types::MACHINES), path: String::new() };
        self.object(&machines, Link::Organized, (Namespace::Machine, name), types::MACHINE_TOOL)
    }

    pub(super) fn object(&mut self, parent: &Place, link: Link, name: (Namespace, &str), kind: Known) -> Place {
        let path = parent.below(name.1);
        let id = NodeId::new(self.index(Namespace::Machine), path.as_str());
        ObjectBuilder::new(&id, self.name(name), name.1).has_type_definition(self.id(kind)).insert(self.nodes);
        self.nodes.insert_reference(&parent.id, &id, link.reference());
        Place { id, path }
    }

    /// A variable; `data_type` may be another one than that of its first value.
    pub(super) fn variable(
        &mut self,
        parent: &Place,
        link: Link,
        name: (Namespace, &str),
        kind: Known,
        data_type: NodeId,
        value: Variant,
    ) -> Place {
        let path = parent.below(name.1);
        let id = NodeId::new(self.index(Namespace::Machine), path.as_str());
        self.plain_variable(parent, link, &id, name, kind, data_type, value);
        Place { id, path }
    }

    /// A variable with a node id of its own.
    #[expect(
        clippy::too_many_arguments,
        reason = "the attributes of a variable; only used by the line above and the load"
    )]
    pub(super) fn plain_variable(
        &mut self,
        parent: &Place,
        link: Link,
        id: &NodeId,
        name: (Namespace, &str),
        kind: Known,
        data_type: NodeId,
        value: Variant,
    ) {
        VariableBuilder::new(id, self.name(name), name.1)
            .data_type(data_type)
            .value(value)
            .has_type_definition(self.id(kind))
            .insert(self.nodes);
        self.nodes.insert_reference(&parent.id, id, link.reference());
    }

    /// Clients may write the value of this variable.
    pub(super) fn let_write(&mut self, place: &Place) {
        if let Some(NodeType::Variable(variable)) = self.nodes.find_mut(&place.id).map(|node| &mut *node) {
            let access = AccessLevel::CURRENT_READ | AccessLevel::CURRENT_WRITE;
            variable.set_access_level(access);
            variable.set_user_access_level(access);
        }
    }

    /// A property with a value that never changes.
    pub(super) fn property(&mut self, parent: &Place, name: (Namespace, &str), data_type: NodeId, value: Variant) {
        self.variable(parent, Link::Property, name, types::PROPERTY, data_type, value);
    }

    /// `EngineeringUnits` and `EURange` of an analog variable.
    pub(super) fn unit(&mut self, parent: &Place, unit: Unit, low: f64, high: f64) {
        let range = ExtensionObject::from_message(Range { low, high });
        self.property(parent, (Namespace::Ua, "EURange"), DataTypeId::Range.into(), range.into());
        self.units(parent, Namespace::Ua, unit);
    }

    /// `EngineeringUnits`, in the namespace of the type that declares it.
    pub(super) fn units(&mut self, parent: &Place, namespace: Namespace, unit: Unit) {
        let units = ExtensionObject::from_message(EUInformation {
            namespace_uri: UAString::from("http://www.opcfoundation.org/UA/units/un/cefact"),
            unit_id: unit.id(),
            display_name: text(unit.symbol),
            description: text(unit.name),
        });
        self.property(parent, (namespace, "EngineeringUnits"), DataTypeId::EUInformation.into(), units.into());
    }
}

impl Place {
    fn below(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}/{name}", self.path) }
    }
}

impl Link {
    fn reference(self) -> ReferenceTypeId {
        match self {
            Self::Component => ReferenceTypeId::HasComponent,
            Self::Property => ReferenceTypeId::HasProperty,
            Self::AddIn => ReferenceTypeId::HasAddIn,
            Self::Organized => ReferenceTypeId::Organizes,
            Self::Ordered => ReferenceTypeId::HasOrderedComponent,
        }
    }
}

/// A text without a locale.
pub(super) fn text(text: &str) -> LocalizedText {
    LocalizedText::new("", text)
}

fn array(kind: VariantScalarTypeId, values: Vec<Variant>) -> Variant {
    // Cannot fail: the values are made of one type by the caller; an empty Variant would be seen by every client.
    Array::new(kind, values).map_or(Variant::Empty, |array| Variant::Array(Box::new(array)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_id_is_made_of_the_bytes_of_the_unece_code() {
        for (code, id) in
            [("P1", 20_529), ("RPM", 5_394_509), ("H81", 4_732_977), ("KWT", 4_937_556), ("MMT", 5_066_068)]
        {
            assert_eq!(Unit { code, symbol: "", name: "" }.id(), id, "{code}");
        }
    }
}
