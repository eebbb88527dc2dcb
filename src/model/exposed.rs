//! What of the flows stands on the gateway's own OPC UA server: machines as objects, their fields as variables.
//!
//! It travels beside the records of values ([`crate::codec::values`]) and is always told before those that need it.

use super::browse::BrowseName;
use super::companion::{NodeLink, NodeTypes};
use super::value::BuiltInType;
use std::sync::Arc;
use std::time::Duration;

/// The namespace of what the gateway names itself: what it is called, the server knows.
pub const OWN_NAMESPACE: &str = "";

/// What one source shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Exposed {
    pub machines: Vec<Arc<ExposedMachine>>,
}

/// One machine as one profile sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct ExposedMachine {
    /// Names it in records; the same in every process.
    pub key: u64,
    /// Index of the connection in the plan: the server on which it stands.
    pub sink: u16,
    /// Index of the flow in the plan.
    pub flow: u16,
    /// The machine's id.
    pub id: String,
    /// `name@version` of its messages' profile.
    pub profile: String,
    /// Types of its nodes that OPC 10000-5 does not have.
    pub types: Option<Arc<NodeTypes>>,
    /// Parents before their children; the first is the machine itself, unless another profile's tree has it.
    pub nodes: Vec<ExposedNode>,
    /// What events name as their source; the machine's own node.
    pub root: String,
    /// A machine of which nothing is heard for this long says nothing of the present any more. `None`: silence means
    /// that nothing changed.
    pub stale_after: Option<Duration>,
}

/// A node.
#[derive(Clone, Debug, PartialEq)]
pub struct ExposedNode {
    /// Its identifier in the namespace of the gateway.
    pub id: String,
    pub parent: Parent,
    pub link: NodeLink,
    pub name: BrowseName,
    pub description: Option<Arc<Texts>>,
    pub content: NodeContent,
}

/// Where a node hangs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parent {
    /// Index of a node of the same machine.
    Node(u32),
    /// Below the folder that its types name.
    TypesFolder,
    /// Below a folder of this name, below `Objects`.
    Folder(String),
}

/// A text in the three languages of the faces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    pub en: String,
    pub de: String,
    pub zh: String,
}

#[derive(Clone, Debug, PartialEq)]
pub enum NodeContent {
    /// With its type definition.
    Object(String),
    Variable(Box<ExposedVariable>),
}

/// A variable: what it is, and where its value comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct ExposedVariable {
    pub type_definition: String,
    /// Node id with namespace URI.
    pub data_type: String,
    /// How its values are encoded; `Variant`: as they come.
    pub built_in: BuiltInType,
    /// -1 scalar, 1 array, -2 either.
    pub value_rank: i32,
    pub origin: Origin,
}

/// Where the value of a variable comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Origin {
    /// From the field with this key.
    Field {
        key: u64,
        /// It says one of these words, and the variable shows which: their numbers count from 0.
        words: Option<Arc<[String]>>,
    },
    /// It never changes.
    Fixed(Fixed),
    /// From nowhere: the type asks for the node, and nothing fills it.
    Nothing,
}

/// A value that never changes.
#[derive(Clone, Debug, PartialEq)]
pub enum Fixed {
    /// By UNECE common code.
    Unit(String),
    Range {
        low: f64,
        high: f64,
    },
    /// Names by number from 0.
    Names(Vec<String>),
    /// Names by any number.
    Numbers(Vec<(i64, String)>),
}

/// What stands for a text in records and look-ups: FNV-1a, 64 bits. Stable, for records outlive processes.
#[must_use]
pub fn key(parts: &[&str]) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let text = parts.iter().flat_map(|part| part.bytes().chain(std::iter::once(0)));
    text.fold(0xcbf2_9ce4_8422_2325, step)
}

/// One step of an identifier: `/` parts steps, `\` takes the next character literally.
#[must_use]
pub fn step(name: &str) -> String {
    name.replace('\\', "\\\\").replace('/', "\\/")
}
