//! The nodes of one machine on the gateway's own OPC UA server: from the layout of its messages, and from what its
//! profile says of types.
//!
//! | file | makes |
//! |---|---|
//! | `companion` | an instance of the companion model's own type, where the profile has `nodes.yaml` |
//! | `tidy` | objects for objects and variables for fields, otherwise |

mod companion;
mod tidy;

use super::bind::Candidate;
use super::layout::{BoundField, Layout};
use crate::model::browse::UA_NAMESPACE;
use crate::model::companion::{NodeLink, NodeTypes};
use crate::model::exposed::{
    ExposedMachine, ExposedNode, ExposedVariable, Fixed, NodeContent, OWN_NAMESPACE, Origin, Parent, Texts, key, step,
};
use crate::model::{BrowseName, BuiltInType};
use crate::profile::{Field, MessageKind, Profile, Unit};
use std::sync::Arc;
use std::time::Duration;

/// A machine that is to be shown.
#[derive(Clone, Copy, Debug)]
pub struct Showing<'a> {
    /// Name of the flow, and its index in the plan.
    pub flow: (&'a str, u16),
    /// Index of the face's connection in the plan.
    pub sink: u16,
    /// The machine's id.
    pub id: &'a str,
    pub profile: &'a Profile,
    pub layout: &'a Layout,
    /// The nodes behind its fields.
    pub candidates: &'a [Candidate<'a>],
    pub stale_after: Option<Duration>,
}

/// Types of OPC 10000-5 that this module decides for.
mod known {
    pub(super) const BASE_OBJECT: &str = "i=58";
    pub(super) const BASE_DATA_VARIABLE: &str = "i=63";
    pub(super) const PROPERTY: &str = "i=68";
    pub(super) const ANALOG_ITEM: &str = "i=2368";
    pub(super) const MULTI_STATE: &str = "i=2376";
    pub(super) const MULTI_STATE_VALUE: &str = "i=11238";
    pub(super) const ANALOG_UNIT: &str = "i=17497";
    pub(super) const ANALOG_UNIT_RANGE: &str = "i=17570";
    pub(super) const RANGE: &str = "i=884";
    pub(super) const EU_INFORMATION: &str = "i=887";
    pub(super) const ENUM_VALUE: &str = "i=7594";
    pub(super) const LOCALIZED_TEXT: &str = "i=21";
}

/// What stands for a machine of a profile in records.
#[must_use]
pub fn machine_key(flow: &str, id: &str, profile: &str) -> u64 {
    key(&[flow, id, profile])
}

/// What stands for a field in records.
#[must_use]
pub fn field_key(pointer: &str) -> u64 {
    key(&[pointer])
}

/// The nodes of a machine.
#[must_use]
pub fn machine(showing: &Showing<'_>) -> ExposedMachine {
    let profile = showing.profile.id();
    let root = format!("{}/{}", step(showing.flow.0), step(showing.id));
    let types = showing.profile.nodes.clone();
    let nodes = match &types {
        _ if showing.profile.message == MessageKind::Event => vec![root_node(showing, &root, None)],
        Some(types) => companion::nodes(showing, types, &root),
        None => tidy::nodes(showing, &root),
    };
    ExposedMachine {
        key: machine_key(showing.flow.0, showing.id, &profile),
        sink: showing.sink,
        flow: showing.flow.1,
        id: showing.id.to_owned(),
        profile,
        types,
        nodes,
        root,
        stale_after: showing.stale_after,
    }
}

fn root_node(showing: &Showing<'_>, root: &str, types: Option<&NodeTypes>) -> ExposedNode {
    let below = types.and_then(|types| types.below.as_ref());
    let titles = &showing.profile.titles;
    ExposedNode {
        id: root.to_owned(),
        parent: if below.is_some() { Parent::TypesFolder } else { Parent::Folder(showing.flow.0.to_owned()) },
        link: NodeLink::Organized,
        name: own(showing.id),
        description: Some(Arc::new(Texts { en: titles.en.clone(), de: titles.de.clone(), zh: titles.zh.clone() })),
        content: NodeContent::Object(types.map_or_else(|| known::BASE_OBJECT.to_owned(), |types| types.root.clone())),
    }
}

/// A name that no companion model has.
fn own(name: &str) -> BrowseName {
    BrowseName::new(OWN_NAMESPACE, name)
}

/// Its titles, or what the schema says in English.
fn description(field: Option<&Field>, told: Option<&String>) -> Option<Arc<Texts>> {
    if let Some(titles) = field.and_then(|field| field.titles.as_ref()) {
        let texts = Texts { en: titles.en.clone(), de: titles.de.clone(), zh: titles.zh.clone() };
        return Some(Arc::new(texts));
    }
    told.map(|text| Arc::new(Texts { en: text.clone(), ..Texts::default() }))
}

/// In what the numbers of a field count: what the source says goes before what is usual.
fn unit(bound: Option<&BoundField>, field: Option<&Field>) -> Option<String> {
    if let Some(told) = bound.and_then(|bound| bound.unit.as_deref()) {
        return Some(told.to_owned());
    }
    match field.and_then(|field| field.unit.as_ref())? {
        Unit::Code(code) => Some(code.clone()),
        Unit::Word { otherwise, .. } => otherwise.clone(),
        Unit::At(_) => None,
    }
}

/// A property of OPC 10000-8 below a variable.
fn property(parent: u32, above: &str, name: &str, data_type: &str, value_rank: i32, fixed: Fixed) -> ExposedNode {
    ExposedNode {
        id: format!("{above}/{name}"),
        parent: Parent::Node(parent),
        link: NodeLink::Property,
        name: BrowseName::new(UA_NAMESPACE, name),
        description: None,
        content: NodeContent::Variable(Box::new(ExposedVariable {
            type_definition: known::PROPERTY.to_owned(),
            data_type: data_type.to_owned(),
            built_in: match fixed {
                Fixed::Names(_) => BuiltInType::LocalizedText,
                _ => BuiltInType::ExtensionObject,
            },
            value_rank,
            origin: Origin::Fixed(fixed),
        })),
    }
}

#[cfg(test)]
mod tests;
