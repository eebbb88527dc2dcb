//! A standard profile is one folder of `schemas/`: manifest, schema, mapping, examples. No code.
//!
//! This file holds what the rest of the crate sees of a profile.

use crate::model::BrowseGlob;
use crate::model::delivery::TopicKind;
use std::sync::Arc;
use std::time::Duration;

/// One profile in one version, read and compiled.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Such as `umati/machine-tool`.
    pub name: String,
    /// Such as `1.02`.
    pub version: String,
    pub titles: Titles,
    pub codec: Codec,
    pub message: MessageKind,
    /// A machine's messages are at least this far apart; changes in between are gathered.
    pub every: Duration,
    /// A message goes out after this time even if nothing changed; `None`: only on change.
    pub at_least_every: Option<Duration>,
    /// The first message waits this long for every mandatory field.
    pub complete_within: Duration,
    /// Topic template; see `route`.
    pub topic: String,
    pub topic_kind: TopicKind,
    pub machine_id: MachineId,
    pub when_lost: WhenLost,
    /// JSON Schema 2020-12 of one message.
    pub schema: Arc<serde_json::Value>,
    pub mapping: Arc<Mapping>,
}

/// A title in the three languages of the faces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Titles {
    pub en: String,
    pub de: String,
    pub zh: String,
}

/// Wire encodings, not standards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    /// A `DataSetMessage` with `DataValue` fields, modelled on OPC 10000-6 1.05 Verbose.
    UaJson,
    /// Nested objects named by browse names, plain values.
    UmatiJson,
}

/// What one message holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageKind {
    /// Every field, each time.
    Image,
    /// The fields that changed; the first message after a (re)start holds all.
    Delta,
}

/// How a machine gets its id when `machines:` gives no name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MachineId {
    /// Its root's node id with namespace URI.
    Node,
    /// Its root's browse name.
    BrowseName,
}

/// What happens to a machine's state topics when its link is lost: nobody ever reads a retained "Executing" of a dead line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenLost {
    /// The retained message is taken back.
    Clear,
    /// Published again with every field bad.
    Republish,
}

/// Which node fills which field.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    pub fields: Vec<Field>,
    pub constants: Vec<Constant>,
    /// `Some`: every selected node that no field claims becomes a field of its own below this JSON pointer,
    /// named by its path (`core/data-set-message`).
    pub open: Option<String>,
}

/// One field of a message.
#[derive(Clone, Debug)]
pub struct Field {
    /// Where in the message: JSON pointer, `{placeholder}` steps filled from the path.
    pub pointer: String,
    /// Which node: browse path below the machine's root.
    pub path: Vec<PathStep>,
    /// Concept of the hub, such as `machine.operation-mode`.
    pub concept: Option<String>,
    pub is_mandatory: bool,
    /// Read once a session instead of monitored.
    pub is_read_once: bool,
}

/// One step of a mapped browse path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathStep {
    /// This browse name; namespace by URI where the name alone would be ambiguous.
    Name { namespace: Option<String>, name: String },
    /// Any node whose type definition is one of these (node ids with namespace URI) or a subtype; empty: any node.
    Placeholder { name: String, types: Vec<String> },
}

/// A field with a fixed value, present wherever its parent object is.
#[derive(Clone, Debug)]
pub struct Constant {
    pub pointer: String,
    pub value: ConstantValue,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ConstantValue {
    Json(serde_json::Value),
    /// Type definition (nearest type, with namespace URI) of the node bound to this placeholder.
    TypeDefinition {
        placeholder: String,
    },
}

impl Profile {
    /// `name@version`.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}@{}", self.name, self.version)
    }

    /// What a flow selects below a machine's root when its configuration names nothing: every mapped path
    /// (placeholders as `*`), or `**` for an open mapping.
    #[must_use]
    pub fn default_selection(&self) -> Vec<BrowseGlob> {
        todo!("owned by the profile work")
    }
}
