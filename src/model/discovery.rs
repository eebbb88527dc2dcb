//! Machines and items a source found. What was found before is void, or goes on.

use super::browse::{BrowseName, BrowsePath};
use super::value::BuiltInType;
use std::sync::Arc;

/// What a source found behind one session.
#[derive(Clone, Debug, Default)]
pub struct Discovery {
    /// Rises with every discovery of this source; batches and pendings name it.
    pub epoch: u64,
    /// The epoch this discovery goes on from: the session is the same, an item that was there keeps its slot, and what is
    /// known of it holds, as it reports only when it changes. `None`: everything is new and reports.
    pub carries_on: Option<u64>,
    pub machines: Vec<FoundMachine>,
    /// A sample's slot counts in here.
    pub items: Vec<FoundItem>,
}

/// A root that `each` found, for one flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundMachine {
    /// Index of the flow in the plan.
    pub flow: u16,
    /// The root's node id with namespace URI (`nsu=…;i=…`; namespace 0 without `nsu`).
    pub node: String,
    pub browse_name: BrowseName,
    /// From the Objects folder to the root.
    pub path: BrowsePath,
    /// The root's type definition, nearest type first, then its supertypes, each with namespace URI.
    pub types: Vec<String>,
    /// The node above the root on [`Self::path`], with namespace URI; empty where there is none.
    pub parent: String,
}

/// A variable that is monitored or read once, or a node whose events are taken; may fill fields of several machines and flows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundItem {
    /// Node id with namespace URI.
    pub node: String,
    /// Whom it feeds; nobody, once it is gone.
    pub targets: Vec<Target>,
    /// How its values come.
    pub mode: ItemMode,
    pub data_type: DataType,
    /// -1 scalar, 0 one or more dimensions, 1.. that many (OPC 10000-3 §5.6.2).
    pub value_rank: i32,
    /// In what its numbers count, where the source itself says so: a UNECE common code, or the source's own word where
    /// it stands for none that is known. `None`: as the mapping says.
    pub unit: Option<Arc<str>>,
}

/// Where below which machine an item lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Index into [`Discovery::machines`].
    pub machine: u32,
    /// From the machine's root (exclusive) to the variable; empty for events.
    pub path: BrowsePath,
    /// For every step of `path` its type definition, nearest type first, then its supertypes, with namespace URI.
    /// The same length as `path`; empty inside where a node has no type definition (properties aside).
    pub types: Vec<Arc<[String]>>,
}

/// How the values of an item come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemMode {
    /// By a subscription.
    Monitored,
    /// By a subscription to a node's events: each value is one event, a structure of its fields by name.
    Events,
    /// Read once a session and when the server says that its model changed: units, ranges and other metadata.
    ReadOnce,
}

/// What values of an item are made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataType {
    /// Node id of the data type, with namespace URI.
    pub node: String,
    pub built_in: BuiltInType,
    /// Names by number, when the type is an enumeration (`EnumStrings`, `EnumValues` or `EnumDefinition`).
    pub enumeration: Option<Arc<[(i64, String)]>>,
}
