//! Writes the types of a companion model into an address space: object and variable types, states, enumerations, and the
//! folder that machines stand below. The types carry no instance declarations: what is below an instance stands there.

use super::namespace::{Namespaces, NodeTextError};
use crate::model::BrowseName;
use crate::model::companion::{DataTypeNode, NodeTypes, State, TypeNode};
use ::opcua::nodes::{DataTypeBuilder, ObjectBuilder, ObjectTypeBuilder, VariableBuilder, VariableTypeBuilder};
use ::opcua::server::address_space::AddressSpace;
use ::opcua::types::{
    Array, DataTypeDefinition, DataTypeId, EnumDefinition, EnumField, EnumValueType, ExtensionObject, LocalizedText,
    NodeId, ObjectId, ObjectTypeId, QualifiedName, ReferenceTypeId, UAString, VariableTypeId, Variant,
    VariantScalarTypeId,
};

/// Writes what is not there yet; what somebody else wrote, a NodeSet2 file of the user's, stays as it is.
pub(super) fn write(types: &NodeTypes, table: &Namespaces, space: &mut AddressSpace) -> Result<(), NodeTextError> {
    let mut writer = Writer { table, space };
    for one in &types.types {
        writer.object_or_variable_type(one)?;
    }
    for one in &types.data_types {
        writer.data_type(one)?;
    }
    for (machine, state) in types.types.iter().flat_map(|one| one.states.iter().map(move |state| (one, state))) {
        writer.state(machine, state)?;
    }
    if let Some(folder) = &types.below {
        let (id, name) = (table.resolve(&folder.node)?, writer.name(&folder.name)?);
        if writer.is_new(&id) {
            ObjectBuilder::new(&id, name, folder.name.name.as_str())
                .has_type_definition(ObjectTypeId::FolderType)
                .organized_by(ObjectId::ObjectsFolder)
                .insert(writer.space);
        }
    }
    Ok(())
}

struct Writer<'a> {
    table: &'a Namespaces,
    space: &'a mut AddressSpace,
}

impl Writer<'_> {
    /// Nodes of namespace 0 are the server's own.
    fn is_new(&self, id: &NodeId) -> bool {
        id.namespace != 0 && !self.space.node_exists(id)
    }

    fn name(&self, name: &BrowseName) -> Result<QualifiedName, NodeTextError> {
        Ok(QualifiedName::new(self.table.index(&name.namespace)?, name.name.as_str()))
    }

    fn object_or_variable_type(&mut self, one: &TypeNode) -> Result<(), NodeTextError> {
        let id = self.table.resolve(&one.node)?;
        let (true, Some(supertype)) = (self.is_new(&id), &one.supertype) else { return Ok(()) };
        let (name, supertype) = (self.name(&one.name)?, self.table.resolve(supertype)?);
        if one.is_variable {
            let data_type = self.table.resolve(one.data_type.as_deref().unwrap_or("i=24"))?;
            VariableTypeBuilder::new(&id, name, one.name.name.as_str())
                .is_abstract(one.is_abstract)
                .data_type(data_type)
                .value_rank(-1)
                .subtype_of(supertype)
                .insert(self.space);
        } else {
            ObjectTypeBuilder::new(&id, name, one.name.name.as_str())
                .is_abstract(one.is_abstract)
                .subtype_of(supertype)
                .insert(self.space);
        }
        Ok(())
    }

    /// A data type, of an enumeration with `EnumValues` and `DataTypeDefinition`, so that old and new clients know the names.
    fn data_type(&mut self, one: &DataTypeNode) -> Result<(), NodeTextError> {
        let id = self.table.resolve(&one.node)?;
        if !self.is_new(&id) {
            return Ok(());
        }
        let mut builder = DataTypeBuilder::new(&id, self.name(&one.name)?, one.name.name.as_str());
        if !one.members.is_empty() {
            let fields = one.members.iter().map(|(value, name)| EnumField {
                value: *value,
                display_name: text(name),
                name: UAString::from(name.as_str()),
                ..EnumField::default()
            });
            let definition = EnumDefinition { fields: Some(fields.collect()) };
            builder = builder.data_type_definition(DataTypeDefinition::Enum(definition));
        }
        builder.subtype_of(self.table.resolve(&one.supertype)?).insert(self.space);
        let Some(values) = one.values.as_ref().filter(|_| !one.members.is_empty()) else { return Ok(()) };
        let entries = one.members.iter().map(|(value, name)| {
            let entry = EnumValueType { value: *value, display_name: text(name), ..EnumValueType::default() };
            Variant::from(ExtensionObject::from_message(entry))
        });
        // Cannot fail: every element is an ExtensionObject.
        let array = Array::new(VariantScalarTypeId::ExtensionObject, entries.collect::<Vec<_>>());
        let array = array.map_or(Variant::Empty, |array| Variant::Array(Box::new(array)));
        VariableBuilder::new(&self.table.resolve(values)?, "EnumValues", "EnumValues")
            .data_type(DataTypeId::EnumValueType)
            .value_rank(1)
            .array_dimensions(&[one.members.len() as u32])
            .value(array)
            .has_type_definition(VariableTypeId::PropertyType)
            .property_of(id)
            .insert(self.space);
        Ok(())
    }

    /// A state below the type of its state machine, with its number: that of the order in which the model has them.
    fn state(&mut self, machine: &TypeNode, state: &State) -> Result<(), NodeTextError> {
        let id = self.table.resolve(&state.node)?;
        if !self.is_new(&id) {
            return Ok(());
        }
        ObjectBuilder::new(&id, self.name(&state.name)?, state.name.name.as_str())
            .has_type_definition(self.table.resolve(&state.type_definition)?)
            .insert(self.space);
        self.space.insert_reference(&self.table.resolve(&machine.node)?, &id, ReferenceTypeId::HasComponent);
        if let (Some(number), Some(value)) = (&state.number, state.value) {
            VariableBuilder::new(&self.table.resolve(number)?, "StateNumber", "StateNumber")
                .data_type(DataTypeId::UInt32)
                .value(value)
                .has_type_definition(VariableTypeId::PropertyType)
                .property_of(id)
                .insert(self.space);
        }
        Ok(())
    }
}

fn text(text: &str) -> LocalizedText {
    LocalizedText::new("", text)
}
