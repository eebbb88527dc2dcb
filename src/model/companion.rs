//! The types that machines of a profile are made of, as an OPC UA companion model has them.

use super::browse::BrowseName;
use std::collections::{BTreeSet, HashMap};

/// The types of one profile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NodeTypes {
    /// Node id, with namespace URI, of the type whose instances the machines are.
    pub root: String,
    /// The node that machines stand below.
    pub below: Option<Folder>,
    /// Supertypes before those that are made of them.
    pub types: Vec<TypeNode>,
    pub data_types: Vec<DataTypeNode>,
    by_node: HashMap<String, usize>,
}

/// A well-known object below `Objects`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    pub node: String,
    pub name: BrowseName,
}

/// An object type or variable type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeNode {
    pub node: String,
    pub name: BrowseName,
    pub supertype: Option<String>,
    pub is_variable: bool,
    pub is_abstract: bool,
    /// Of a variable type.
    pub data_type: Option<String>,
    pub children: Vec<Declaration>,
    /// Of the type of a state machine.
    pub states: Vec<State>,
}

/// What a type says of a node below its instances.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    pub name: BrowseName,
    pub link: NodeLink,
    pub type_definition: String,
    pub presence: Presence,
    /// Data type and value rank, of a variable.
    pub variable: Option<(String, i32)>,
    /// Beside what its own type declares.
    pub children: Vec<Declaration>,
}

/// How a node hangs below its parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NodeLink {
    Component,
    Property,
    AddIn,
    Ordered,
    Organized,
}

/// Modelling rules of OPC 10000-3 §6.4.4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    Mandatory,
    Optional,
    /// Any number of nodes, named by whoever has them.
    Placeholder,
}

/// A state below the type of its state machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    pub node: String,
    pub name: BrowseName,
    pub type_definition: String,
    /// Node of its `StateNumber`, and what it says.
    pub number: Option<String>,
    pub value: Option<u32>,
}

/// A data type; its members by number, when it is an enumeration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataTypeNode {
    pub node: String,
    pub name: BrowseName,
    pub supertype: String,
    pub members: Vec<(i64, String)>,
    /// Node of its `EnumValues` or `EnumStrings`.
    pub values: Option<String>,
}

impl NodeTypes {
    #[must_use]
    pub fn new(root: String, below: Option<Folder>, types: Vec<TypeNode>, data_types: Vec<DataTypeNode>) -> Self {
        let by_node = types.iter().enumerate().map(|(at, kind)| (kind.node.clone(), at)).collect();
        Self { root, below, types, data_types, by_node }
    }

    /// The namespaces of its nodes and names, that of OPC UA itself aside.
    #[must_use]
    pub fn namespaces(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut open: Vec<&Declaration> = self.types.iter().flat_map(|kind| &kind.children).collect();
        let named = self.types.iter().map(|kind| &kind.name).chain(self.data_types.iter().map(|kind| &kind.name));
        found.extend(named.chain(self.below.iter().map(|folder| &folder.name)).map(|name| name.namespace.to_string()));
        while let Some(declared) = open.pop() {
            found.insert(declared.name.namespace.to_string());
            open.extend(&declared.children);
        }
        found.remove(super::browse::UA_NAMESPACE);
        found
    }

    #[must_use]
    pub fn find(&self, node: &str) -> Option<&TypeNode> {
        self.types.get(*self.by_node.get(node)?)
    }

    /// A type and its supertypes, nearest first.
    pub fn line<'t>(&'t self, node: &str) -> impl Iterator<Item = &'t TypeNode> {
        std::iter::successors(self.find(node), |kind| self.find(kind.supertype.as_deref()?))
    }

    /// Whether a type is another one or a subtype of it.
    #[must_use]
    pub fn is_a(&self, node: &str, other: &str) -> bool {
        self.line(node).any(|kind| kind.node == other)
    }

    /// What stands below a node: what it declares itself goes before what its type does, a type before its supertype.
    #[must_use]
    pub fn declared<'t>(&'t self, own: &'t [Declaration], type_definition: &str) -> Vec<&'t Declaration> {
        let mut found: Vec<&Declaration> = own.iter().collect();
        for declared in self.line(type_definition).flat_map(|kind| &kind.children) {
            if !found.iter().any(|known| known.name == declared.name) {
                found.push(declared);
            }
        }
        found
    }
}
