//! A machine as an instance of its companion model's type: the nodes that its fields fill, under the model's own names,
//! and those that the types ask for in any case.

use super::{Showing, description, field_key, known, own, root_node, step, unit};
use crate::assemble::layout::{BoundField, NO_SLOT};
use crate::model::BuiltInType;
use crate::model::companion::{Declaration, NodeTypes, Presence};
use crate::model::exposed::{ExposedNode, ExposedVariable, Fixed, NodeContent, Origin, Parent};
use crate::profile::{Field, PathStep};
use std::collections::HashMap;

pub(super) fn nodes(showing: &Showing<'_>, types: &NodeTypes, root: &str) -> Vec<ExposedNode> {
    let mut tree = Tree { showing, types, nodes: Vec::new(), own: Vec::new(), known: HashMap::new() };
    tree.nodes.push(root_node(showing, root, Some(types)));
    tree.own.push(&[]);
    let placed = placed(showing);
    let elements = elements(&placed, types);
    for one in &placed {
        let Some(at) = tree.place(one, &elements) else { continue };
        tree.fill(at, one);
    }
    tree.complete();
    tree.nodes
}

/// A field, or a constant, at the end of a path of names.
struct Placed<'a> {
    bound: Option<&'a BoundField>,
    constant: Option<&'a serde_json::Value>,
    field: &'a Field,
    /// For each step the name, and the types that a placeholder there may have.
    steps: Vec<(String, Option<Vec<String>>)>,
}

fn placed<'a>(showing: &Showing<'a>) -> Vec<Placed<'a>> {
    let profile = showing.profile;
    let place = |pointer: &str, bound: Option<&'a BoundField>, constant: Option<&'a serde_json::Value>| {
        let target = profile.target(pointer)?;
        let field = target.field.filter(|field| !field.path.is_empty())?;
        let named: HashMap<&str, &str> =
            target.steps.iter().filter_map(|(step, placeholder)| Some(((*placeholder)?, step.as_str()))).collect();
        let slot = bound.map_or(NO_SLOT, |bound| bound.slot);
        let found = showing.candidates.iter().find(|candidate| slot != NO_SLOT && candidate.slot == slot);
        let steps = field.path.iter().enumerate().map(|(at, step)| match step {
            PathStep::Name { name, .. } => Some((name.clone(), None)),
            PathStep::Placeholder { name, types } => {
                // What the source's server says of the node goes before what may stand there.
                let told = found.and_then(|candidate| candidate.target.types.get(at)).filter(|types| !types.is_empty());
                let types = told.map_or_else(|| types.clone(), |types| types.first().cloned().into_iter().collect());
                Some(((*named.get(name.as_str())?).to_owned(), Some(types)))
            }
        });
        Some(Placed { bound, constant, field, steps: steps.collect::<Option<Vec<_>>>()? })
    };
    let fields = showing.layout.fields().iter().filter_map(|bound| place(&bound.pointer, Some(bound), None));
    let constants = showing.layout.constants().into_iter();
    let constants = constants.filter_map(|(pointer, value)| place(&pointer, None, Some(value)));
    fields.chain(constants).collect()
}

/// The type of what stands for a placeholder: the most special one that any of its fields asks for.
fn elements(placed: &[Placed<'_>], types: &NodeTypes) -> HashMap<Vec<String>, String> {
    let mut found: HashMap<Vec<String>, String> = HashMap::new();
    for one in placed {
        for (at, (_, asked)) in one.steps.iter().enumerate() {
            for asked in asked.iter().flatten().filter(|asked| types.find(asked).is_some()) {
                let path: Vec<String> = one.steps[..=at].iter().map(|(name, _)| name.clone()).collect();
                let known = found.entry(path).or_insert_with(|| asked.clone());
                if types.is_a(asked, known) {
                    known.clone_from(asked);
                }
            }
        }
    }
    for kind in found.values_mut() {
        // Nothing is of an abstract type: the first that is made of it is the plainest.
        if types.find(kind).is_some_and(|kind| kind.is_abstract)
            && let Some(plain) = types.types.iter().find(|one| !one.is_abstract && types.is_a(&one.node, kind))
        {
            *kind = plain.node.clone();
        }
    }
    found
}

struct Tree<'a> {
    showing: &'a Showing<'a>,
    types: &'a NodeTypes,
    nodes: Vec<ExposedNode>,
    /// For each node what its own declaration says of nodes below it.
    own: Vec<&'a [Declaration]>,
    /// By identifier.
    known: HashMap<String, u32>,
}

impl<'a> Tree<'a> {
    /// The node at the end of a path, with those above it; `None` when the types know no such place.
    fn place(&mut self, one: &Placed<'_>, elements: &HashMap<Vec<String>, String>) -> Option<u32> {
        let mut at = 0;
        for (depth, (name, asked)) in one.steps.iter().enumerate() {
            let id = format!("{}/{}", self.nodes.get(at as usize)?.id, step(name));
            if let Some(known) = self.known.get(&id) {
                at = *known;
                continue;
            }
            let types = self.types;
            let declared = types.declared(self.own.get(at as usize).copied()?, self.type_of(at));
            if asked.is_none() {
                let declared = declared
                    .iter()
                    .find(|declared| declared.name.name == *name && declared.presence != Presence::Placeholder)?;
                at = self.add(at, id, declared);
                continue;
            }
            let path: Vec<String> = one.steps[..=depth].iter().map(|(name, _)| name.clone()).collect();
            let kind = elements.get(&path);
            let is_kind = |declared: &&&Declaration| {
                declared.presence == Presence::Placeholder
                    && kind.is_none_or(|kind| types.is_a(kind, &declared.type_definition))
            };
            let declared = declared.iter().find(is_kind)?;
            at = self.add(at, id, declared);
            let node = self.nodes.get_mut(at as usize)?;
            node.name = own(name);
            match (&mut node.content, kind) {
                (NodeContent::Object(own), Some(kind)) => own.clone_from(kind),
                (NodeContent::Variable(own), Some(kind)) => own.type_definition.clone_from(kind),
                _ => {}
            }
        }
        Some(at)
    }

    fn type_of(&self, at: u32) -> &str {
        match self.nodes.get(at as usize).map(|node| &node.content) {
            Some(NodeContent::Object(kind)) => kind,
            Some(NodeContent::Variable(variable)) => &variable.type_definition,
            None => "",
        }
    }

    fn add(&mut self, parent: u32, id: String, declared: &'a Declaration) -> u32 {
        let at = self.nodes.len() as u32;
        let content = match &declared.variable {
            None => NodeContent::Object(declared.type_definition.clone()),
            Some((data_type, rank)) => NodeContent::Variable(Box::new(ExposedVariable {
                type_definition: declared.type_definition.clone(),
                data_type: data_type.clone(),
                built_in: built_in(self.types, data_type),
                value_rank: *rank,
                origin: Origin::Nothing,
            })),
        };
        self.nodes.push(ExposedNode {
            id: id.clone(),
            parent: Parent::Node(parent),
            link: declared.link,
            name: declared.name.clone(),
            description: None,
            content,
        });
        self.own.push(&declared.children);
        self.known.insert(id, at);
        at
    }

    /// Says where the value of a node comes from.
    fn fill(&mut self, at: u32, one: &Placed<'_>) {
        let Some(node) = self.nodes.get_mut(at as usize) else { return };
        let NodeContent::Variable(variable) = &mut node.content else { return };
        if one.bound.is_some() {
            node.description = description(Some(one.field), None);
        }
        if let Some(bound) = one.bound {
            variable.origin = Origin::Field { key: field_key(&bound.pointer), words: None };
        } else if let Some(fixed) = one.constant.and_then(|value| fixed(&variable.data_type, value)) {
            variable.origin = Origin::Fixed(fixed);
        }
        let Some(bound) = one.bound else { return };
        // What the properties of OPC 10000-8 say is known here, too, when no field of their own does.
        let told = unit(Some(bound), Some(one.field)).map(Fixed::Unit);
        let described = self.showing.profile.described(&one.field.pointer);
        let range = described.minimum.zip(described.maximum).map(|(low, high)| Fixed::Range { low, high });
        let properties = [("EngineeringUnits", told), ("EURange", range)];
        for (name, fixed) in properties {
            let (Some(fixed), Some(above)) = (fixed, self.nodes.get(at as usize)) else { continue };
            let id = format!("{}/{name}", above.id);
            let types = self.types;
            let Some(own) = self.own.get(at as usize).copied() else { continue };
            let declared = types.declared(own, self.type_of(at));
            let Some(declared) = declared.iter().find(|declared| declared.name.name == name) else { continue };
            let known = self.known.get(&id).copied();
            let property = known.unwrap_or_else(|| self.add(at, id, declared));
            if let Some(NodeContent::Variable(variable)) =
                self.nodes.get_mut(property as usize).map(|node| &mut node.content)
                && variable.origin == Origin::Nothing
            {
                variable.origin = Origin::Fixed(fixed);
            }
        }
    }

    /// Adds what the types ask for in any case.
    fn complete(&mut self) {
        let mut at = 0;
        while (at as usize) < self.nodes.len() {
            let types = self.types;
            let own = self.own.get(at as usize).copied().unwrap_or_default();
            let above = self.nodes.get(at as usize).map(|node| node.id.clone()).unwrap_or_default();
            for declared in types.declared(own, self.type_of(at)) {
                let id = format!("{above}/{}", step(&declared.name.name));
                if declared.presence == Presence::Mandatory && !self.known.contains_key(&id) {
                    self.add(at, id, declared);
                }
            }
            at += 1;
        }
    }
}

/// A constant of a message as the value of a node.
fn fixed(data_type: &str, value: &serde_json::Value) -> Option<Fixed> {
    let member = |names: [&str; 2]| names.iter().find_map(|name| value.get(name));
    match data_type {
        known::EU_INFORMATION => {
            let id = member(["UnitId", "unitId"])?.as_i64()?;
            crate::model::Unit::code_of(i32::try_from(id).ok()?).map(Fixed::Unit)
        }
        known::RANGE => {
            let (low, high) = (member(["Low", "low"])?.as_f64()?, member(["High", "high"])?.as_f64()?);
            Some(Fixed::Range { low, high })
        }
        _ => None,
    }
}

/// How values of a data type are encoded; of an abstract number the widest.
fn built_in(types: &NodeTypes, data_type: &str) -> BuiltInType {
    let mut at = data_type;
    loop {
        if let Some(number) = at.strip_prefix("i=").and_then(|number| number.parse::<u32>().ok()) {
            return match number {
                24 => BuiltInType::Variant,
                26 => BuiltInType::Double,
                27 => BuiltInType::Int64,
                28 => BuiltInType::UInt64,
                29 => BuiltInType::Int32,
                290 => BuiltInType::Double,
                294 => BuiltInType::DateTime,
                295 => BuiltInType::String,
                // LocaleId, UriString, NumericRange and other texts by another name.
                291 | 12 | 23751 => BuiltInType::String,
                number => {
                    let plain = u8::try_from(number).ok().and_then(BuiltInType::from_number);
                    plain.filter(|kind| kind.number() < 24).unwrap_or(BuiltInType::ExtensionObject)
                }
            };
        }
        match types.data_types.iter().find(|one| one.node == at) {
            Some(found) => at = &found.supertype,
            None => return BuiltInType::ExtensionObject,
        }
    }
}
