//! A standard profile is one folder of `schemas/`: manifest, schema, mapping, examples. No code.
//!
//! This file holds what the rest of the crate sees of a profile. [`Library`] finds profiles, built-in ones and those of
//! a user's folder alike; [`folder::read`] reads one folder and tells every fault of it with file, line and column.
//! Pure: files come in as a map of path to bytes.
//!
//! | file | read by | holds |
//! |---|---|---|
//! | `profile.yaml` | `manifest` | id, titles, sources, what is covered and what not, encoding, topic, cadence, topics [`beside`] |
//! | `schema.json` | `json` | JSON Schema 2020-12 of one message |
//! | `mapping.yaml` | `mapping` | browse path → member of the message, concept, unit, spelling, words |
//! | `nodes.yaml` | `nodes` | the types that a machine is made of on an OPC UA server, where the profile has such |
//! | `rules.yaml`, `rules/<ID>.md` | `rule`, [`predicate`] | what must hold beyond the schema (judged by `conformance`) |
//! | `examples/{valid,invalid}/` | [`folder`] | messages; beside an invalid one, what must be found wrong with it |
//! | `README.md` | [`readme`] | generated |
//!
//! Beside the families lies `concepts/`, the hub that they are translated through ([`Concepts`]).

pub mod beside;
mod channel;
mod concepts;
mod declared;
mod described;
mod detect;
mod field;
pub mod folder;
mod json;
mod library;
mod manifest;
mod mapping;
mod meaning;
mod nodes;
mod path;
mod place;
pub mod predicate;
pub mod readme;
mod report;
mod rule;
mod rule_path;
mod schema;
mod section;
mod spelling;
mod table;
mod target;
mod yaml;

pub use beside::Beside;
pub use channel::{MOST_ROWS, SampleChannel};
pub use concepts::{Concept, ConceptKind, Concepts, Per};
pub use described::{Described, DescribedKind};
pub use detect::{Condition, Test};
pub use folder::{Example, Expectation, Files, Folder, RefusedBy};
pub use json::locate;
pub use library::Library;
pub use meaning::{Derive, Form, Meaning, Only, Read, Table, TableEntry, UnitWords, Written};
pub use path::{PointerStep, pointer_steps, unescape};
pub use place::{Held, PlaceId, Places};
pub use predicate::Predicate;
pub use report::Place;
#[cfg(test)]
pub(crate) use rule::read_rules;
pub use rule::{Rule, is_id as is_rule_id};
pub use rule_path::{RulePath, RuleStep};
pub use target::FieldTarget;

use crate::finding::{Finding, Language, Severity};
use crate::model::delivery::TopicKind;
use crate::model::{BrowseGlob, BrowseName, NodeTypes};
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
    pub about: Arc<About>,
    pub exchange: Exchange,
    /// All of them hold for a message of this profile; empty: it cannot be told by its looks.
    pub detect: Vec<Condition>,
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
    /// Node id, with namespace URI, of the OPC UA type whose instances these machines are; `None`: of any.
    pub type_definition: Option<String>,
    pub when_lost: WhenLost,
    /// What is sampled together; of a profile of samples alone.
    pub channels: Vec<SampleChannel>,
    /// Topics beside those of the messages; `None`: none.
    pub beside: Option<Arc<Beside>>,
    /// What others write → the name used here; of NC-Link. In capitals a type of its dictionary, otherwise a member.
    pub spellings: Arc<[(String, String)]>,
    /// JSON Schema 2020-12 of one message.
    pub schema: Arc<serde_json::Value>,
    pub mapping: Arc<Mapping>,
    /// What a machine is made of on an OPC UA server; `None`: of what the schema says.
    pub nodes: Option<Arc<NodeTypes>>,
}

/// A title in the three languages of the faces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Titles {
    pub en: String,
    pub de: String,
    pub zh: String,
}

impl Titles {
    #[must_use]
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::English => &self.en,
            Language::German => &self.de,
            Language::Chinese => &self.zh,
        }
    }
}

/// What a profile rests on and how far it goes. For people; nothing is decided by it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    pub description: Titles,
    pub sources: Vec<SourceDocument>,
    pub covered: Vec<Titles>,
    pub not_covered: Vec<Titles>,
}

/// A document a profile is modelled on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceDocument {
    pub document: String,
    /// Edition with its date.
    pub edition: String,
    pub reading: Reading,
    /// What was taken from it.
    pub used_for: Titles,
}

/// Who was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The document itself.
    Primary,
    /// What others wrote about it.
    Secondary,
}

/// How its messages come and go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exchange {
    /// In flows: machine, topic, cadence.
    Flow,
    /// As files and single messages; what a profile says of topics and cadence has no meaning then.
    Document,
}

/// Wire encodings, not standards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    /// A `DataSetMessage` with `DataValue` fields, modelled on OPC 10000-6 1.05 Verbose.
    UaJson,
    /// Nested objects named by browse names, plain values.
    UmatiJson,
    /// Any JSON, as the mapping says; of documents.
    Json,
    /// Samples, queries and registrations of NC-Link (GB/T 41970).
    NcLink,
}

/// What one message holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageKind {
    /// Every field, each time.
    Image,
    /// The fields that changed; the first message after a (re)start holds all.
    Delta,
    /// One event of the machine, at once; its fields stand in the object that the mapping's `open` names.
    Event,
    /// A grid of values in time, column by column.
    Sample,
}

/// How a machine gets its id when `machines:` gives no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// What the standard has and this profile leaves out on purpose.
    pub unmapped: Vec<Unmapped>,
}

/// One field of a message. `presence` and `read` speak of the node: a mandatory field below a placeholder must be there
/// for every node bound to it; what is mandatory inside an optional object is said by the schema alone.
#[derive(Clone, Debug, Default)]
pub struct Field {
    /// Where in the message: JSON pointer, `{placeholder}` steps filled from the path.
    pub pointer: String,
    /// Which node: browse path below the machine's root; empty in a document.
    pub path: Vec<PathStep>,
    /// Concept of the hub, such as `machine.operation-mode`.
    pub concept: Option<String>,
    pub unit: Option<Unit>,
    /// What the numbers of this field mean.
    pub enumeration: Option<Arc<Enumeration>>,
    pub is_mandatory: bool,
    /// Read once a session instead of monitored.
    pub is_read_once: bool,
    /// The schema takes null here: an encoding without a place for quality writes null when the value is not usable,
    /// and leaves the member out where it may not.
    pub takes_null: bool,
    /// The schema asks for a time here (`format: date-time`): a text is read as one.
    pub is_time: bool,
    /// The schema takes text here and no number.
    pub is_text: bool,
    /// How the concept is held.
    pub meaning: Meaning,
    /// The concept's titles.
    pub titles: Option<Arc<Titles>>,
}

/// In what a number counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Always this one: a common code of UNECE Recommendation 20, such as `P1`.
    Code(String),
    /// Stated in the message at this pointer, as `EUInformation`.
    At(String),
    /// Stated at this pointer by a word of the standard's or vendor's own; where it is missing, the other code.
    Word { at: String, words: Arc<UnitWords>, otherwise: Option<String> },
}

/// Names by number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enumeration {
    /// Such as `channel-state`.
    pub name: String,
    pub members: Vec<(i64, String)>,
}

/// A part of the standard that no field takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmapped {
    /// Browse path below the machine's root; or, beginning with `/`, JSON pointer: that member and all in it.
    pub path: String,
    pub because: Titles,
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

    /// Whether its messages are the states of conditions, each on a topic of its own.
    #[must_use]
    pub fn has_conditions(&self) -> bool {
        self.message == MessageKind::Event && self.topic_kind == TopicKind::State
    }

    /// Whether the schema describes an array at a pointer of the mapping.
    #[must_use]
    pub fn is_array(&self, steps: &[PointerStep<'_>]) -> bool {
        schema::is_array(&self.schema, steps)
    }

    /// What a flow selects below a machine's root when its configuration names nothing: every mapped path
    /// (placeholders as `*`), or `**` for an open mapping; nothing for events, which are no variables.
    #[must_use]
    pub fn default_selection(&self) -> Vec<BrowseGlob> {
        let mut texts: Vec<String> = Vec::new();
        if self.mapping.open.is_some() && self.message != MessageKind::Event {
            texts.push("**".to_owned());
        }
        for field in self.mapping.fields.iter().filter(|field| !field.path.is_empty()) {
            let text = field.path.iter().map(PathStep::as_glob).collect::<Vec<_>>().join("/");
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        texts.iter().filter_map(|text| BrowseGlob::parse(text).ok()).collect()
    }
}

impl PathStep {
    fn as_glob(&self) -> String {
        match self {
            Self::Placeholder { .. } => "*".to_owned(),
            Self::Name { namespace: None, name } => format!("{}", BrowseName::new("", name)),
            Self::Name { namespace: Some(namespace), name } => format!("{:#}", BrowseName::new(&**namespace, name)),
        }
    }

    /// As `mapping.yaml` writes it.
    #[must_use]
    pub fn as_text(&self) -> String {
        match self {
            Self::Placeholder { name, .. } => format!("{{{name}}}"),
            step => step.as_glob(),
        }
    }
}

fn is_error(finding: &Finding) -> bool {
    finding.severity == Severity::Error
}

#[cfg(test)]
mod rule_tests;
#[cfg(test)]
mod tests;
