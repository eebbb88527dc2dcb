//! The address space of a running face, in words of the gateway: nodes by their text with namespace URI, values as they
//! come out of the stages. No type of the OPC UA crate stands in what others call here.

use super::event::{self, FaceEvent};
use super::nodes::Nodes;
use super::value;
use crate::model::{BrowseName, BuiltInType, NodeTypes, Scalar, StatusCode, Timestamp};
use crate::opcua::companion;
use crate::opcua::namespace::{Namespaces, NodeTextError};
use ::opcua::nodes::{Event, EventNotifier, MethodBuilder, ObjectBuilder, VariableBuilder};
use ::opcua::server::ServerHandle;
use ::opcua::server::address_space::{AccessLevel, AddressSpace};
use ::opcua::server::node_manager::memory::InMemoryNodeManager;
use ::opcua::types::{Argument, LocalizedText, NodeId, ObjectId, QualifiedName, ReferenceTypeId, VariableTypeId};
use futures::future::BoxFuture;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

/// A node that was inserted. Valid until it is removed; never used again for another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeHandle(pub u32);

/// A text in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Localized {
    /// Such as `de`; empty: of no language.
    pub locale: String,
    pub text: String,
}

/// A node to be inserted.
#[derive(Clone, Debug)]
pub struct NewNode {
    /// `nsu=URI;s=…`, in a namespace that the face was started with.
    pub id: String,
    /// The node it hangs below, in any namespace, such as `i=85`.
    pub parent: String,
    pub link: Link,
    pub browse_name: BrowseName,
    /// Empty: the browse name.
    pub display_name: Vec<Localized>,
    pub description: Vec<Localized>,
    pub kind: NewKind,
    /// Further references to other nodes: type and target.
    pub references: Vec<(String, String)>,
}

/// What it is.
#[derive(Clone, Debug)]
pub enum NewKind {
    Object {
        type_definition: String,
        /// One may subscribe to its events.
        notifies: bool,
    },
    Variable(NewVariable),
    Method {
        inputs: Vec<NewArgument>,
        outputs: Vec<NewArgument>,
    },
}

/// A variable or property.
#[derive(Clone, Debug)]
pub struct NewVariable {
    pub type_definition: String,
    pub data_type: String,
    /// -1: scalar; 1 and more: dimensions.
    pub value_rank: i32,
    /// Users whose writes are handed to [`OnWrite`]; empty: it cannot be written.
    pub writers: Vec<String>,
    /// [`OnHistory`] knows it.
    pub has_history: bool,
    /// What it holds at first; `None`: Bad, waiting for initial data.
    pub value: Option<Held>,
}

/// One argument of a method.
#[derive(Clone, Debug)]
pub struct NewArgument {
    pub name: String,
    pub data_type: String,
    pub value_rank: i32,
    pub description: Vec<Localized>,
}

/// How a node hangs below its parent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    Component,
    Property,
    AddIn,
    Organized,
    Ordered,
    /// A reference type by its node id.
    Other(String),
}

/// A value as it comes out of the stages; texts and trees lie in the arena.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    pub status: u32,
    /// Or [`Timestamp::NONE`].
    pub source_time: Timestamp,
    /// Or [`Timestamp::NONE`].
    pub server_time: Timestamp,
    pub scalar: Scalar,
    /// The type that the node says, where the value's own may be a wider one; `Null`: as the value says.
    pub kind: BuiltInType,
    pub arena: &'a [u8],
}

/// The same with an arena of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    pub status: u32,
    pub source_time: Timestamp,
    pub server_time: Timestamp,
    pub scalar: Scalar,
    pub kind: BuiltInType,
    pub arena: Vec<u8>,
}

impl Held {
    /// A good value without times.
    #[must_use]
    pub fn good(scalar: Scalar, arena: Vec<u8>) -> Self {
        let (source_time, server_time) = (Timestamp::NONE, Timestamp::NONE);
        Self { status: 0, source_time, server_time, scalar, kind: BuiltInType::Null, arena }
    }

    /// A good text.
    #[must_use]
    pub fn text(text: &str) -> Self {
        let span = crate::model::Span { start: 0, length: text.len() as u32 };
        Self::good(Scalar::Text(BuiltInType::String, span), text.as_bytes().to_vec())
    }

    /// Borrows it.
    #[must_use]
    pub fn reading(&self) -> Reading<'_> {
        Reading {
            status: self.status,
            source_time: self.source_time,
            server_time: self.server_time,
            scalar: self.scalar,
            kind: self.kind,
            arena: &self.arena,
        }
    }
}

/// An event that clients are told.
#[derive(Clone, Debug)]
pub struct NewEvent {
    /// Type, node id with namespace URI.
    pub kind: String,
    /// The object that notifies, besides the Server object.
    pub notifier: String,
    /// Unique; made when empty.
    pub id: Vec<u8>,
    pub source: String,
    pub source_name: String,
    pub time: Timestamp,
    pub receive_time: Timestamp,
    /// 1 to 1000.
    pub severity: u16,
    pub message: Vec<Localized>,
    /// Further fields by their browse path below the event's type; the last part may be empty for the node's own id.
    pub fields: Vec<(Vec<BrowseName>, Held)>,
}

/// What became of a node, for a model-change event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelChange {
    pub node: String,
    /// Its type definition; empty: none.
    pub type_definition: String,
    /// `ModelChangeStructureVerbMask`: 1 node added, 2 deleted, 4 reference added, 8 deleted, 16 data type changed.
    pub verb: u8,
}

/// Who asks for something on the face.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asker {
    /// `None`: anonymous.
    pub user: Option<String>,
    /// The user's role; `None`: anonymous.
    pub role: Option<String>,
    pub session: u32,
    /// What the client says that it is: its application URI.
    pub application: String,
    /// Fingerprint of its certificate; `None` without security.
    pub fingerprint: Option<String>,
}

/// A value that a client writes.
#[derive(Clone, Debug)]
pub struct Write {
    pub node: NodeHandle,
    /// Node id with namespace URI.
    pub id: String,
    pub value: Held,
}

/// A method that a client calls.
#[derive(Clone, Debug)]
pub struct Call {
    pub method: NodeHandle,
    /// Node ids with namespace URI.
    pub object: String,
    pub id: String,
    pub arguments: Vec<Held>,
}

/// What a client wants of the history of one variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryAsk {
    pub node: NodeHandle,
    /// One of both may be [`Timestamp::NONE`]; `from` after `to`: backwards.
    pub from: Timestamp,
    pub to: Timestamp,
    /// At most so many.
    pub most: usize,
    /// With the last value before and the first one after.
    pub with_bounds: bool,
    /// What the last page gave as `next`.
    pub after: Option<u64>,
}

/// A part of a history, in the order that was asked for.
#[derive(Clone, Debug, Default)]
pub struct HistoryPage {
    pub values: Vec<Held>,
    /// There is more.
    pub next: Option<u64>,
}

/// Decides about writes of clients. Everything that is not decided within the client's patience is aborted.
pub trait OnWrite: Send + Sync {
    /// The status that the client gets.
    fn write<'a>(&'a self, asker: &'a Asker, write: Write) -> BoxFuture<'a, StatusCode>;

    /// Somebody tried to write a variable that cannot be written: this node, by its id with namespace URI.
    fn refused<'a>(&'a self, asker: &'a Asker, node: String) -> BoxFuture<'a, StatusCode>;
}

/// Answers calls of clients.
pub trait OnCall: Send + Sync {
    /// The method's results, or a status.
    fn call<'a>(&'a self, asker: &'a Asker, call: Call) -> BoxFuture<'a, Result<Vec<Held>, StatusCode>>;
}

/// Knows the past of variables.
pub trait OnHistory: Send + Sync {
    /// One page.
    fn read(&self, ask: &HistoryAsk) -> Result<HistoryPage, StatusCode>;
}

/// Who may write which variable, of those that can be written.
pub(super) type Writers = RwLock<HashMap<NodeId, Vec<String>>>;

/// What decides for clients, each set once after the start.
#[derive(Default)]
pub(super) struct Hooks {
    pub(super) write: OnceLock<Arc<dyn OnWrite>>,
    pub(super) call: OnceLock<Arc<dyn OnCall>>,
    pub(super) history: OnceLock<Arc<dyn OnHistory>>,
}

/// Why nodes cannot be inserted. None of them was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpaceError {
    #[error(transparent)]
    NodeText(#[from] NodeTextError),
    #[error("{id} is there already")]
    Taken { id: String },
    #[error("{id} is in no namespace of the gateway")]
    Foreign { id: String },
    #[error("a face holds at most {most} nodes of flows")]
    TooMany { most: usize },
}

/// Nodes of flows that a face holds at most.
pub const NODES_MAX: usize = 1_000_000;

/// The nodes that were inserted, by handle and by node id.
#[derive(Debug, Default)]
pub(super) struct Known {
    by_handle: Vec<Option<NodeId>>,
    by_id: HashMap<NodeId, NodeHandle>,
}

impl Known {
    pub(super) fn handle(&self, id: &NodeId) -> Option<NodeHandle> {
        self.by_id.get(id).copied()
    }

    fn id(&self, handle: NodeHandle) -> Option<&NodeId> {
        self.by_handle.get(handle.0 as usize)?.as_ref()
    }

    fn add(&mut self, id: NodeId) -> NodeHandle {
        let handle = NodeHandle(self.by_handle.len() as u32);
        self.by_handle.push(Some(id.clone()));
        self.by_id.insert(id, handle);
        handle
    }

    fn forget(&mut self, id: &NodeId) -> bool {
        let Some(handle) = self.by_id.remove(id) else { return false };
        if let Some(slot) = self.by_handle.get_mut(handle.0 as usize) {
            *slot = None;
        }
        true
    }
}

/// The address space of a running face; a copy is the same one.
#[derive(Clone)]
pub struct Space {
    pub(super) nodes: Arc<InMemoryNodeManager<Nodes>>,
    pub(super) server: ServerHandle,
    pub(super) shared: Arc<Shared>,
}

/// What the space and the server's callbacks share.
pub(super) struct Shared {
    pub(super) namespaces: Namespaces,
    pub(super) known: RwLock<Known>,
    pub(super) hooks: Hooks,
    pub(super) writers: Arc<Writers>,
    /// Which language a text is shown in that has several.
    pub(super) language: String,
}

impl std::fmt::Debug for Space {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Space").field("nodes", &self.count()).finish_non_exhaustive()
    }
}

impl Space {
    /// How many nodes were inserted and are still there.
    #[must_use]
    pub fn count(&self) -> usize {
        self.known(|known| known.by_id.len())
    }

    /// The namespaces that nodes may be in.
    #[must_use]
    pub fn namespaces(&self) -> &Namespaces {
        &self.shared.namespaces
    }

    /// Decides about writes from now on; the first one that is set stays.
    pub fn on_write(&self, hook: Arc<dyn OnWrite>) {
        let _ = self.shared.hooks.write.set(hook);
    }

    /// Answers calls from now on; the first one that is set stays.
    pub fn on_call(&self, hook: Arc<dyn OnCall>) {
        let _ = self.shared.hooks.call.set(hook);
    }

    /// Answers for the past from now on; the first one that is set stays.
    pub fn on_history(&self, hook: Arc<dyn OnHistory>) {
        let _ = self.shared.hooks.history.set(hook);
    }

    /// Inserts nodes, parents before children; all of them or none. Their handles come in the same order.
    pub fn insert(&self, nodes: &[NewNode]) -> Result<Vec<NodeHandle>, SpaceError> {
        let table = &self.shared.namespaces;
        let resolved = nodes.iter().map(|node| Resolved::new(node, table)).collect::<Result<Vec<_>, _>>()?;
        let mut known = self.shared.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.by_id.len() + nodes.len() > NODES_MAX {
            return Err(SpaceError::TooMany { most: NODES_MAX });
        }
        let space = self.nodes.address_space();
        let mut space = space.write();
        for (node, resolved) in nodes.iter().zip(&resolved) {
            if !self.nodes.namespaces().contains_key(&resolved.id.namespace) {
                return Err(SpaceError::Foreign { id: node.id.clone() });
            }
            if space.node_exists(&resolved.id) {
                return Err(SpaceError::Taken { id: node.id.clone() });
            }
        }
        let mut handles = Vec::with_capacity(nodes.len());
        for (node, resolved) in nodes.iter().zip(resolved) {
            self.shared.write(node, &resolved, &mut space);
            handles.push(known.add(resolved.id));
        }
        Ok(handles)
    }

    /// Inserts the types that nodes are made of; they stay.
    pub fn insert_types(&self, types: &NodeTypes) -> Result<(), SpaceError> {
        let mut space = self.nodes.address_space().write();
        Ok(companion::write(types, &self.shared.namespaces, &mut space)?)
    }

    /// Removes nodes with every reference to them. What is not there is passed over; gives how many went.
    pub fn remove<'a>(&self, nodes: impl IntoIterator<Item = &'a str>) -> usize {
        let mut known = self.shared.known.write().unwrap_or_else(PoisonError::into_inner);
        let mut gone = Vec::new();
        {
            let mut space = self.nodes.address_space().write();
            for id in nodes.into_iter().filter_map(|text| self.shared.namespaces.resolve(text).ok()) {
                if known.forget(&id) {
                    self.shared.writers.write().unwrap_or_else(PoisonError::into_inner).remove(&id);
                    space.delete(&id, true);
                    gone.push(id);
                }
            }
        }
        event::tell_gone(&self.server, &gone);
        gone.len()
    }

    /// Sets values, and tells everybody who monitors them. Gives those that had no node, or one that takes no such value.
    pub fn set<'a>(&self, values: impl IntoIterator<Item = (NodeHandle, Reading<'a>)>) -> Vec<NodeHandle> {
        let mut lost = Vec::new();
        let known = self.shared.known.read().unwrap_or_else(PoisonError::into_inner);
        let mut ready = Vec::new();
        for (handle, reading) in values {
            match (known.id(handle), value::data_value(&reading, &self.shared.namespaces)) {
                (Some(id), Some(value)) => ready.push((handle, id, value)),
                _ => lost.push(handle),
            }
        }
        let handles: Vec<NodeHandle> = ready.iter().map(|(handle, ..)| *handle).collect();
        let values = ready.into_iter().map(|(_, id, value)| (id, None, value));
        // Every id is that of a variable that was inserted here, so that none is refused and holds up those behind it.
        match self.nodes.set_values(self.server.subscriptions(), values) {
            Ok(()) => {}
            Err(_) => lost.extend(handles),
        }
        lost
    }

    /// Tells an event to whoever subscribed to the notifier or to the Server object.
    pub fn tell(&self, event: &NewEvent) -> Result<(), SpaceError> {
        let table = &self.shared.namespaces;
        let told = FaceEvent::new(event, table, &self.shared.language)?;
        let notifier = table.resolve(&event.notifier)?;
        let told: &dyn Event = &told;
        // The library tells whoever listens to the Server object by itself.
        self.server.subscriptions().notify_events(std::iter::once((told, &notifier)));
        Ok(())
    }

    /// Tells that nodes came or went.
    pub fn model_changed(&self, changes: &[ModelChange], now: Timestamp) -> Result<(), SpaceError> {
        let told = FaceEvent::model_changed(changes, &self.shared.namespaces, now)?;
        let (told, server): (&dyn Event, _) = (&told, NodeId::from(ObjectId::Server));
        self.server.subscriptions().notify_events(std::iter::once((told, &server)));
        Ok(())
    }

    fn known<T>(&self, ask: impl FnOnce(&Known) -> T) -> T {
        ask(&self.shared.known.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The ids of a node in this server.
struct Resolved {
    id: NodeId,
    parent: NodeId,
    link: NodeId,
    browse_name: QualifiedName,
    type_definition: Option<NodeId>,
    data_type: Option<NodeId>,
    references: Vec<(NodeId, NodeId)>,
    arguments: [Vec<NodeId>; 2],
}

impl Resolved {
    fn new(node: &NewNode, table: &Namespaces) -> Result<Self, SpaceError> {
        let link = match &node.link {
            Link::Component => ReferenceTypeId::HasComponent.into(),
            Link::Property => ReferenceTypeId::HasProperty.into(),
            Link::AddIn => ReferenceTypeId::HasAddIn.into(),
            Link::Organized => ReferenceTypeId::Organizes.into(),
            Link::Ordered => ReferenceTypeId::HasOrderedComponent.into(),
            Link::Other(text) => table.resolve(text)?,
        };
        let (mut type_definition, mut data_type, mut arguments) = (None, None, [Vec::new(), Vec::new()]);
        match &node.kind {
            NewKind::Object { type_definition: text, .. } => type_definition = Some(table.resolve(text)?),
            NewKind::Variable(variable) => {
                type_definition = Some(table.resolve(&variable.type_definition)?);
                data_type = Some(table.resolve(&variable.data_type)?);
            }
            NewKind::Method { inputs, outputs } => {
                let resolve = |list: &[NewArgument]| {
                    list.iter().map(|one| table.resolve(&one.data_type)).collect::<Result<Vec<_>, _>>()
                };
                arguments = [resolve(inputs)?, resolve(outputs)?];
            }
        }
        let pair = |(kind, target): &(String, String)| Ok((table.resolve(kind)?, table.resolve(target)?));
        Ok(Self {
            id: table.resolve(&node.id)?,
            parent: table.resolve(&node.parent)?,
            link,
            browse_name: QualifiedName::new(table.index(&node.browse_name.namespace)?, node.browse_name.name.as_str()),
            type_definition,
            data_type,
            references: node.references.iter().map(pair).collect::<Result<_, NodeTextError>>()?,
            arguments,
        })
    }
}

impl Shared {
    /// The text in the language of the face, or the first one.
    pub(super) fn localized(&self, texts: &[Localized]) -> LocalizedText {
        event::localized(texts, &self.language)
    }

    fn write(&self, node: &NewNode, resolved: &Resolved, space: &mut AddressSpace) {
        let display = match node.display_name.as_slice() {
            [] => LocalizedText::new("", &node.browse_name.name),
            texts => self.localized(texts),
        };
        let (id, name) = (&resolved.id, resolved.browse_name.clone());
        match &node.kind {
            NewKind::Object { notifies, .. } => {
                let notifier = if *notifies { EventNotifier::SUBSCRIBE_TO_EVENTS } else { EventNotifier::empty() };
                let mut builder = ObjectBuilder::new(id, name, display).event_notifier(notifier);
                if !node.description.is_empty() {
                    builder = builder.description(self.localized(&node.description));
                }
                builder.insert(space);
            }
            NewKind::Variable(variable) => {
                let mut access = AccessLevel::CURRENT_READ;
                access.set(AccessLevel::CURRENT_WRITE, !variable.writers.is_empty());
                access.set(AccessLevel::HISTORY_READ, variable.has_history);
                let mut builder = VariableBuilder::new(id, name, display)
                    .data_type(resolved.data_type.clone().unwrap_or_default())
                    .value_rank(variable.value_rank)
                    .access_level(access)
                    .user_access_level(access)
                    .historizing(variable.has_history);
                if !node.description.is_empty() {
                    builder = builder.description(self.localized(&node.description));
                }
                if !variable.writers.is_empty() {
                    let mut writers = self.writers.write().unwrap_or_else(PoisonError::into_inner);
                    writers.insert(id.clone(), variable.writers.clone());
                }
                let mut built = builder.build();
                let first = variable.value.as_ref();
                let first = first.and_then(|held| value::data_value(&held.reading(), &self.namespaces));
                built.set_data_value(first.unwrap_or_else(value::not_yet));
                space.insert::<_, NodeId>(built, None);
            }
            NewKind::Method { inputs, outputs } => {
                MethodBuilder::new(id, name, display).executable(true).user_executable(true).insert(space);
                let lists = [("InputArguments", inputs), ("OutputArguments", outputs)];
                for ((name, list), types) in
                    lists.into_iter().zip(&resolved.arguments).filter(|((_, l), _)| !l.is_empty())
                {
                    self.arguments(id, name, list, types, space);
                }
            }
        }
        if let Some(kind) = &resolved.type_definition {
            space.insert_reference(id, kind, ReferenceTypeId::HasTypeDefinition);
        }
        space.insert_reference(&resolved.parent, id, resolved.link.clone());
        for (kind, target) in &resolved.references {
            space.insert_reference(id, target, kind.clone());
        }
    }

    fn arguments(&self, method: &NodeId, name: &str, list: &[NewArgument], types: &[NodeId], space: &mut AddressSpace) {
        let arguments = list.iter().zip(types).map(|(argument, data_type)| Argument {
            name: argument.name.as_str().into(),
            data_type: data_type.clone(),
            value_rank: argument.value_rank,
            array_dimensions: None,
            description: self.localized(&argument.description),
        });
        let id = NodeId::new(method.namespace, format!("{}/{name}", method.identifier));
        VariableBuilder::new(&id, name, name)
            .data_type(::opcua::types::DataTypeId::Argument)
            .value_rank(1)
            .value(value::structures(arguments))
            .has_type_definition(NodeId::from(VariableTypeId::PropertyType))
            .property_of(method.clone())
            .insert(space);
    }
}
