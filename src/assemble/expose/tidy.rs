//! Objects for objects, variables for fields: for profiles that say nothing of types, and for what appears by itself.

use super::{Showing, description, field_key, known, own, property, root_node, step, unit};
use crate::assemble::bind::Candidate;
use crate::assemble::layout::{BoundField, NO_SLOT};
use crate::assemble::pattern;
use crate::model::BuiltInType;
use crate::model::companion::NodeLink;
use crate::model::exposed::{ExposedNode, ExposedVariable, Fixed, NodeContent, Origin, Parent};
use crate::profile::{Described, DescribedKind, Field};
use std::collections::HashMap;
use std::sync::Arc;

pub(super) fn nodes(showing: &Showing<'_>, root: &str) -> Vec<ExposedNode> {
    let mut tree = Tree { root, nodes: vec![root_node(showing, root, None)], known: HashMap::new() };
    for bound in showing.layout.fields() {
        let is_its_own = |candidate: &&Candidate<'_>| bound.slot != NO_SLOT && candidate.slot == bound.slot;
        let candidate = showing.candidates.iter().find(is_its_own);
        let target = showing.profile.target(&bound.pointer);
        let field = target.as_ref().and_then(|target| target.field);
        let steps = match candidate.filter(|_| field.is_none()) {
            // What appears by itself stands where its path says.
            Some(candidate) => candidate.target.path.0.iter().map(|name| name.name.clone()).collect(),
            None => pattern::pointer_steps(&bound.pointer),
        };
        let at = tree.place(&steps);
        let described = showing.profile.described(field.map_or(bound.pointer.as_str(), |field| &field.pointer));
        tree.fill(at, bound, field, candidate, &described);
    }
    tree.nodes
}

struct Tree<'a> {
    root: &'a str,
    nodes: Vec<ExposedNode>,
    /// By identifier.
    known: HashMap<String, u32>,
}

impl Tree<'_> {
    /// The node at the end of these steps, with the objects above it.
    fn place(&mut self, steps: &[String]) -> u32 {
        let (mut at, mut id) = (0, self.root.to_owned());
        for name in steps {
            id = format!("{id}/{}", step(name));
            at = match self.known.get(&id) {
                Some(at) => *at,
                None => {
                    let new = self.nodes.len() as u32;
                    self.nodes.push(ExposedNode {
                        id: id.clone(),
                        parent: Parent::Node(at),
                        link: NodeLink::Component,
                        name: own(name),
                        description: None,
                        content: NodeContent::Object(known::BASE_OBJECT.to_owned()),
                    });
                    self.known.insert(id.clone(), new);
                    new
                }
            };
        }
        at
    }

    /// Makes a variable of a node, with the properties that tell what its values mean.
    fn fill(
        &mut self,
        at: u32,
        bound: &BoundField,
        field: Option<&Field>,
        candidate: Option<&Candidate<'_>>,
        described: &Described,
    ) {
        let key = field_key(&bound.pointer);
        let named =
            field.and_then(|field| field.enumeration.as_ref()).map(|enumeration| enumeration.members.as_slice());
        let numbers = named.or(bound.enumeration.as_deref()).filter(|members| !members.is_empty());
        let unit = unit(Some(bound), field);
        let range = described.minimum.zip(described.maximum).map(|(low, high)| Fixed::Range { low, high });
        let (data_type, built_in) = data_type(described, candidate);
        let is_number = is_number(built_in) || built_in == BuiltInType::Variant;
        let value_rank = match candidate {
            Some(candidate) if described.kind == DescribedKind::Any => candidate.item.value_rank.max(-2),
            _ if described.is_array => 1,
            _ => -1,
        };
        let mut properties: Vec<(&str, &str, i32, Fixed)> = Vec::new();
        let mut words = None;
        let (kind, data_type, built_in) = if let Some(numbers) = numbers {
            if (0..).zip(numbers).all(|(at, (number, _))| at == *number) {
                let names = numbers.iter().map(|(_, name)| name.clone()).collect();
                properties.push(("EnumStrings", known::LOCALIZED_TEXT, 1, Fixed::Names(names)));
                (known::MULTI_STATE, "i=7".to_owned(), BuiltInType::UInt32)
            } else {
                properties.push(("EnumValues", known::ENUM_VALUE, 1, Fixed::Numbers(numbers.to_vec())));
                (known::MULTI_STATE_VALUE, "i=8".to_owned(), BuiltInType::Int64)
            }
        } else if !described.words.is_empty() && !described.is_array {
            words = Some(Arc::from(described.words.clone()));
            properties.push(("EnumStrings", known::LOCALIZED_TEXT, 1, Fixed::Names(described.words.clone())));
            (known::MULTI_STATE, "i=7".to_owned(), BuiltInType::UInt32)
        } else {
            let kind = match (&unit, &range) {
                _ if !is_number => known::BASE_DATA_VARIABLE,
                (Some(_), Some(_)) => known::ANALOG_UNIT_RANGE,
                (Some(_), None) => known::ANALOG_UNIT,
                (None, Some(_)) => known::ANALOG_ITEM,
                (None, None) => known::BASE_DATA_VARIABLE,
            };
            if is_number {
                properties.extend(range.map(|range| ("EURange", known::RANGE, -1, range)));
                properties.extend(unit.map(|unit| ("EngineeringUnits", known::EU_INFORMATION, -1, Fixed::Unit(unit))));
            }
            (kind, data_type, built_in)
        };
        let Some(node) = self.nodes.get_mut(at as usize) else { return };
        node.description = description(field, described.description.as_ref());
        node.content = NodeContent::Variable(Box::new(ExposedVariable {
            type_definition: kind.to_owned(),
            data_type,
            built_in,
            value_rank,
            origin: Origin::Field { key, words },
        }));
        let above = node.id.clone();
        for (name, data_type, rank, fixed) in properties {
            self.nodes.push(property(at, &above, name, data_type, rank, fixed));
        }
    }
}

fn is_number(kind: BuiltInType) -> bool {
    (BuiltInType::SByte.number()..=BuiltInType::Double.number()).contains(&kind.number())
}

/// What the schema says, and otherwise what the source does. A type that only the source's server has is none here.
fn data_type(described: &Described, candidate: Option<&Candidate<'_>>) -> (String, BuiltInType) {
    let built_in = match described.kind {
        DescribedKind::Boolean => BuiltInType::Boolean,
        DescribedKind::Integer => BuiltInType::Int64,
        DescribedKind::Number => BuiltInType::Double,
        DescribedKind::Time => BuiltInType::DateTime,
        DescribedKind::Text => BuiltInType::String,
        DescribedKind::Any => match candidate.map(|candidate| &candidate.item.data_type) {
            None => BuiltInType::Variant,
            Some(told) if !told.node.starts_with("nsu=") && told.built_in != BuiltInType::ExtensionObject => {
                return (told.node.clone(), told.built_in);
            }
            Some(told) if told.built_in != BuiltInType::ExtensionObject => told.built_in,
            Some(_) => BuiltInType::Variant,
        },
    };
    let number = if built_in == BuiltInType::Variant { 24 } else { built_in.number() };
    (format!("i={number}"), built_in)
}
