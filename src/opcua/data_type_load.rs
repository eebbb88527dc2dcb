//! Loads the data types of a server, once a session.
//!
//! The whole hierarchy is browsed (a Variant may hold any type), but definitions of namespace 0 are read only as far
//! as items and other definitions name them: most servers carry hundreds that no variable ever holds.

use super::browse::{Browser, ReferenceQuery};
use super::data_type::{DataTypes, RawDefinition, RawType, enumeration_fields};
use super::namespace::Namespaces;
use super::read::{read_all, read_attribute};
use crate::model::value::BuiltInType;
use ::opcua::types::{
    AttributeId, BrowseDirection, DataTypeId, DataValue, EnumDefinition, EnumValueType, Error, NodeClassMask, NodeId,
    ReadValueId, ReferenceTypeId, StructureDefinition, Variant,
};
use std::collections::{HashMap, HashSet};

/// Data types beyond which the hierarchy is not followed.
const DATA_TYPES_MAX: usize = 50_000;

/// Data types of the server; `seeds` are those that items are declared with.
///
/// # Errors
/// A service call failed as a whole.
pub(super) async fn load(
    browser: &Browser<'_>,
    namespaces: &Namespaces,
    seeds: &HashSet<NodeId>,
) -> Result<DataTypes, Error> {
    let parents = hierarchy(browser, namespaces).await?;
    let kinds = DataTypes::build(parents.clone(), Vec::new(), namespaces);
    let is_described =
        |node: &NodeId| kinds.is_enumeration(node) || kinds.built_in(node) == Some(BuiltInType::ExtensionObject);
    let mut asked: HashSet<NodeId> = parents
        .keys()
        .filter(|node| node.namespace != 0)
        .chain(seeds)
        .filter(|node| is_described(node))
        .cloned()
        .collect();
    let mut next: Vec<NodeId> = asked.iter().cloned().collect();
    let mut types = Vec::new();
    let mut nameless = Vec::new();
    while !next.is_empty() {
        let definitions = definitions(browser, &next).await?;
        for (id, (is_abstract, definition)) in std::mem::take(&mut next).into_iter().zip(definitions) {
            match definition {
                Some(definition) => {
                    if let RawDefinition::Structure(structure) = &definition {
                        let fields = structure.fields.iter().flatten().map(|field| &field.data_type);
                        let new = fields.filter(|node| is_described(node) && asked.insert((*node).clone()));
                        next.extend(new.cloned());
                    }
                    types.push(RawType { id, is_abstract, definition, encodings: Vec::new() });
                }
                None if kinds.is_enumeration(&id) => nameless.push(id),
                None => {}
            }
        }
    }
    let named = names_by_property(browser, namespaces, &nameless).await?;
    types.extend(named.into_iter().map(|(id, names)| RawType {
        id,
        is_abstract: false,
        definition: RawDefinition::Enumeration(names),
        encodings: Vec::new(),
    }));
    encodings(browser, namespaces, &mut types).await?;
    Ok(DataTypes::build(parents, types, namespaces))
}

/// Supertype by subtype, from `BaseDataType` down.
async fn hierarchy(browser: &Browser<'_>, namespaces: &Namespaces) -> Result<HashMap<NodeId, NodeId>, Error> {
    let mut parents = HashMap::new();
    let mut level = vec![NodeId::from(DataTypeId::BaseDataType)];
    while !level.is_empty() && parents.len() < DATA_TYPES_MAX {
        let answers = browser.references(&level, ReferenceQuery::types(BrowseDirection::Forward)).await?;
        let mut below = Vec::new();
        for (parent, answer) in level.iter().zip(answers) {
            for child in answer.found.iter().filter_map(|reference| namespaces.local(&reference.node_id)) {
                if child != DataTypeId::BaseDataType && !parents.contains_key(&child) {
                    parents.insert(child.clone(), parent.clone());
                    below.push(child);
                }
            }
        }
        level = below;
    }
    Ok(parents)
}

/// `IsAbstract` and `DataTypeDefinition` of every node.
async fn definitions(browser: &Browser<'_>, nodes: &[NodeId]) -> Result<Vec<(bool, Option<RawDefinition>)>, Error> {
    let ask = |node: &NodeId| {
        [AttributeId::IsAbstract, AttributeId::DataTypeDefinition]
            .map(|attribute| ReadValueId::new(node.clone(), attribute))
    };
    let questions: Vec<ReadValueId> = nodes.iter().flat_map(ask).collect();
    let answers = read_all(browser, &questions).await?;
    let pair = |pair: &[DataValue]| {
        let is_abstract = matches!(pair[0].value, Some(Variant::Boolean(true)));
        (is_abstract, pair.get(1).and_then(definition))
    };
    Ok(answers.chunks_exact(2).map(pair).collect())
}

fn definition(answer: &DataValue) -> Option<RawDefinition> {
    let Some(Variant::ExtensionObject(object)) = &answer.value else { return None };
    if let Some(structure) = object.inner_as::<StructureDefinition>() {
        return Some(RawDefinition::Structure(structure.clone()));
    }
    let enumeration = object.inner_as::<EnumDefinition>()?;
    Some(RawDefinition::Enumeration(enumeration_fields(enumeration.clone())))
}

/// Names of enumerations without a definition, from `EnumStrings` or `EnumValues` (OPC 10000-3 §5.8.3).
async fn names_by_property(
    browser: &Browser<'_>,
    namespaces: &Namespaces,
    enumerations: &[NodeId],
) -> Result<Vec<(NodeId, Vec<(i64, String)>)>, Error> {
    let query = ReferenceQuery { reference_type: ReferenceTypeId::HasProperty, ..ReferenceQuery::children() };
    let answers = browser.references(enumerations, query).await?;
    let mut owners = Vec::new();
    let mut properties = Vec::new();
    for (owner, answer) in enumerations.iter().zip(answers) {
        let named = answer.found.iter().find(|property| {
            property.browse_name.namespace_index == 0
                && matches!(property.browse_name.name.as_ref(), "EnumStrings" | "EnumValues")
        });
        if let Some(property) = named.and_then(|property| namespaces.local(&property.node_id)) {
            owners.push(owner.clone());
            properties.push(property);
        }
    }
    let values = read_attribute(browser, &properties, AttributeId::Value).await?;
    Ok(owners.into_iter().zip(values.iter().map(names)).collect())
}

fn names(value: &DataValue) -> Vec<(i64, String)> {
    let Some(Variant::Array(array)) = &value.value else { return Vec::new() };
    let name = |(position, value): (i64, &Variant)| match value {
        Variant::LocalizedText(text) => Some((position, text.text.as_ref().to_owned())),
        Variant::ExtensionObject(object) => {
            let value = object.inner_as::<EnumValueType>()?;
            Some((value.value, value.display_name.text.as_ref().to_owned()))
        }
        _ => None,
    };
    (0i64..).zip(&array.values).filter_map(name).collect()
}

/// Ids of the binary encoding, for structures whose definition does not name it.
async fn encodings(browser: &Browser<'_>, namespaces: &Namespaces, types: &mut [RawType]) -> Result<(), Error> {
    let is_unknown = |raw: &RawType| match &raw.definition {
        RawDefinition::Structure(structure) => structure.default_encoding_id.is_null() && !raw.is_abstract,
        RawDefinition::Enumeration(_) => false,
    };
    let mut unknown: Vec<&mut RawType> = types.iter_mut().filter(|raw| is_unknown(raw)).collect();
    let ids: Vec<NodeId> = unknown.iter().map(|raw| raw.id.clone()).collect();
    let query = ReferenceQuery {
        reference_type: ReferenceTypeId::HasEncoding,
        include_subtypes: false,
        direction: BrowseDirection::Forward,
        classes: NodeClassMask::OBJECT,
    };
    let answers = browser.references(&ids, query).await?;
    for (raw, answer) in unknown.iter_mut().zip(answers) {
        let binary = answer.found.iter().filter(|encoding| encoding.browse_name.name.as_ref() == "Default Binary");
        raw.encodings = binary.filter_map(|encoding| namespaces.local(&encoding.node_id)).collect();
    }
    Ok(())
}
