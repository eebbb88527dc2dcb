//! Machines and items for the flows of one server, found in one session.
//!
//! First the roots of every flow (`discover_root`), then the variables below each that a
//! selector names (`discover_hit`), then what is to be known of those: data types, type
//! definitions, ranges. A selector that finds nothing is a finding and stops nobody else.

use super::Selection;
use super::browse::Browser;
use super::cache::{self, ServerIdentity};
use super::data_type_load;
use super::decode::Decoder;
use super::discover_hit::Hit;
use super::discover_root::Root;
use super::event::EventBinding;
use super::limits::ServerLimits;
use super::namespace::{Namespaces, NodeTextError};
use super::read::{read_all, read_attribute, read_limits};
use super::space::Space;
use super::type_chain;
use crate::config::plan::{Deadband, ItemSelector};
use crate::finding::Finding;
use crate::model::discovery::{DataType, FoundItem, FoundMachine, ItemMode, Target};
use crate::model::value::BuiltInType;
use crate::model::{BrowseName, BrowsePath, Discovery};
use ::opcua::client::Session;
use ::opcua::types::{AttributeId, DataValue, Error, NodeId, Range, ReadValueId, StatusCode, Variant};
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Branches that cannot be browsed and are told one by one.
const FAULTS_TOLD: usize = 50;

/// What to look for, and within which limits.
#[derive(Debug)]
pub struct DiscoverRequest<'a> {
    /// Name of the connection: the place of findings.
    pub connection: &'a str,
    /// `opc.tcp://…`; names the cache.
    pub endpoint: &'a str,
    pub selections: &'a [Selection],
    /// Nodes one browse may meet; beyond it nothing is browsed any more, with a finding.
    pub max_nodes: u32,
    /// Folder of the browse cache; `None`: no cache.
    pub cache: Option<PathBuf>,
    /// Browse anew although the cache fits: the server said that its model changed.
    pub is_fresh: bool,
    /// The epoch the new discovery gets.
    pub epoch: u64,
}

/// What was found. `bindings` runs parallel to `discovery.items`.
#[derive(Debug)]
pub struct Found {
    pub discovery: Discovery,
    pub bindings: Vec<ItemBinding>,
    pub namespaces: Arc<Namespaces>,
    /// Decodes values of this session; knows its data types.
    pub decoder: Decoder,
    pub findings: Vec<Finding>,
    /// The server as it was then, its namespace table included.
    pub identity: ServerIdentity,
    /// Nodes that were met; those of the cache count.
    pub nodes: u32,
    /// The address space below the machines came from the cache, and every node of it was still the same.
    pub is_from_cache: bool,
    /// A machine or a node that is asked for by name is not there (yet).
    pub is_lacking: bool,
}

/// How an item is reached and sampled in this session.
#[derive(Clone, Debug)]
pub struct ItemBinding {
    /// Valid in this session only.
    pub node: NodeId,
    pub sampling: Option<Duration>,
    pub queue: Option<u32>,
    pub deadband: Option<Deadband>,
    /// Low and high of the variable's `EURange`; read only when a percent deadband is asked for.
    pub eu_range: Option<(f64, f64)>,
    /// Which events of the node; `None`: a variable.
    pub events: Option<Arc<EventBinding>>,
}

/// How far a browse has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Nodes met so far.
    pub nodes: u32,
    /// Steps below the root, of the nodes being browsed.
    pub depth: u32,
    /// Nodes of this step still to be browsed.
    pub pending: u32,
}

/// What a discovery works with.
pub(super) struct Search<'a> {
    pub(super) browser: Browser<'a>,
    pub(super) request: &'a DiscoverRequest<'a>,
    pub(super) namespaces: &'a Namespaces,
    pub(super) progress: &'a (dyn Fn(Progress) + Send + Sync),
    pub(super) space: Space,
    pub(super) findings: Vec<Finding>,
    /// See [`Found::is_lacking`].
    pub(super) is_lacking: bool,
    /// Nodes above a node and whether the reference is `HasProperty`; see `discover_hit`.
    pub(super) above: HashMap<u32, Vec<(u32, bool)>>,
}

/// Finds machines and items.
///
/// # Errors
/// A service call failed as a whole, or `BadRequestCancelledByClient` when stopped. What the server lacks is no
/// error: see [`Found::findings`].
pub async fn discover(
    session: &Session,
    limits: &ServerLimits,
    request: &DiscoverRequest<'_>,
    progress: &(dyn Fn(Progress) + Send + Sync),
    stop: &CancellationToken,
) -> Result<Found, Error> {
    let browser = Browser { session, limits, stop, references_max: request.max_nodes as usize };
    browser.until_stopped(read_limits(session, limits)).await?;
    let namespaces = Arc::new(browser.until_stopped(Namespaces::read(session)).await?);
    let identity = ServerIdentity::read(&browser, request.endpoint, &namespaces).await?;
    let cached = match &request.cache {
        Some(folder) if !request.is_fresh => {
            cache::load(folder, &identity, &browser, &namespaces, request.max_nodes).await?
        }
        _ => None,
    };
    let is_from_cache = cached.is_some();
    let mut search = Search {
        browser,
        request,
        namespaces: &namespaces,
        progress,
        space: cached.unwrap_or_else(|| Space::new(request.max_nodes)),
        findings: Vec::new(),
        is_lacking: false,
        above: HashMap::new(),
    };
    let roots = search.roots().await?;
    let hits = search.hits(&roots).await?;
    let mut found = search.assemble(&roots, &hits, &namespaces).await?;
    search.tell_faults();
    if let Some(folder) = &request.cache
        && !search.space.is_cut
        && search.space.is_changed
    {
        cache::save(folder, &identity, &search.space, limits, &namespaces).await;
    }
    found.findings = search.findings;
    found.identity = identity;
    found.nodes = search.space.count();
    found.is_from_cache = is_from_cache;
    found.is_lacking = search.is_lacking;
    Ok(found)
}

/// What makes two hits one item.
#[derive(PartialEq, Eq, Hash)]
struct ItemKey {
    node: u32,
    is_read_once: bool,
    sampling: Option<Duration>,
    queue: Option<u32>,
    /// Kind and bits of a deadband.
    deadband: Option<(bool, u64)>,
}

impl ItemKey {
    fn of(hit: &Hit, name: &BrowseName, selector: &ItemSelector) -> Self {
        let deadband = selector.deadband.map(|deadband| match deadband {
            Deadband::Absolute(value) => (false, value.to_bits()),
            Deadband::Percent(value) => (true, value.to_bits()),
        });
        let is_read_once = hit.is_property && selector.sampling.is_none() && is_metadata(name);
        Self { node: hit.node, is_read_once, sampling: selector.sampling, queue: selector.queue, deadband }
    }
}

/// Properties that say what a variable's values mean (OPC 10000-8 §5.3, OPC 10000-3 §5.6) and change with the model
/// only. Every other property may change at any time, such as the number of a state, and is monitored.
const METADATA: &[&str] = &[
    "AxisScaleType",
    "Definition",
    "EURange",
    "EngineeringUnits",
    "EnumStrings",
    "EnumValues",
    "FalseState",
    "InstrumentRange",
    "OptionSetValues",
    "Title",
    "TrueState",
    "ValuePrecision",
    "XAxisDefinition",
    "YAxisDefinition",
    "ZAxisDefinition",
];

fn is_metadata(name: &BrowseName) -> bool {
    &*name.namespace == super::namespace::UA && METADATA.binary_search(&name.name.as_str()).is_ok()
}

impl Search<'_> {
    async fn assemble(&mut self, roots: &[Root], hits: &[Hit], namespaces: &Arc<Namespaces>) -> Result<Found, Error> {
        let chains = self.chains(roots, hits).await?;
        let chain = |space: &Space, node: u32| {
            let definition = space.node(node).type_definition.as_ref();
            definition.and_then(|definition| chains.get(definition)).cloned().unwrap_or_default()
        };
        let path =
            |space: &Space, path: &[u32]| BrowsePath(path.iter().map(|node| space.node(*node).name.clone()).collect());
        let machines = roots.iter().map(|root| FoundMachine {
            flow: self.request.selections[root.selection].flow,
            node: namespaces.node_text(&self.space.node(root.node).id),
            browse_name: self.space.node(root.node).name.clone(),
            path: path(&self.space, &root.path),
            types: chain(&self.space, root.node).to_vec(),
            parent: root.parent().map_or_else(String::new, |node| namespaces.node_text(&self.space.node(node).id)),
        });
        let machines = machines.collect();
        let mut numbers: HashMap<ItemKey, usize> = HashMap::new();
        let mut items: Vec<FoundItem> = Vec::new();
        let mut bindings: Vec<ItemBinding> = Vec::new();
        for hit in hits {
            let target = Target {
                machine: hit.machine,
                path: path(&self.space, &hit.path),
                types: hit.path.iter().map(|node| chain(&self.space, *node)).collect(),
            };
            let key = ItemKey::of(hit, &self.space.node(hit.node).name, &hit.selector);
            let mode = if key.is_read_once { ItemMode::ReadOnce } else { ItemMode::Monitored };
            let number = *numbers.entry(key).or_insert_with(|| {
                let node = &self.space.node(hit.node).id;
                items.push(FoundItem {
                    node: namespaces.node_text(node),
                    targets: Vec::new(),
                    mode,
                    data_type: DataType { node: String::new(), built_in: BuiltInType::Variant, enumeration: None },
                    value_rank: -2,
                    unit: None,
                });
                bindings.push(ItemBinding {
                    node: node.clone(),
                    sampling: hit.selector.sampling,
                    queue: hit.selector.queue,
                    deadband: hit.selector.deadband,
                    eu_range: None,
                    events: None,
                });
                items.len() - 1
            });
            items[number].targets.push(target);
        }
        let types = Arc::new(self.describe_items(&mut items, &bindings).await?);
        self.read_ranges(&mut bindings).await?;
        for (item, binding) in self.events(roots).await? {
            items.push(item);
            bindings.push(binding);
        }
        Ok(Found {
            discovery: Discovery { epoch: self.request.epoch, carries_on: None, machines, items },
            bindings,
            namespaces: namespaces.clone(),
            decoder: Decoder::new(namespaces.clone(), types),
            findings: Vec::new(),
            identity: ServerIdentity::default(),
            nodes: 0,
            is_from_cache: false,
            is_lacking: false,
        })
    }

    async fn chains(&self, roots: &[Root], hits: &[Hit]) -> Result<type_chain::TypeChains, Error> {
        let nodes = roots.iter().map(|root| root.node).chain(hits.iter().flat_map(|hit| hit.path.iter().copied()));
        let types: HashSet<NodeId> = nodes.filter_map(|node| self.space.node(node).type_definition.clone()).collect();
        type_chain::chains(&self.browser, self.namespaces, types).await
    }

    /// Data type and value rank of every item; loads the data types that are needed for it.
    async fn describe_items(
        &mut self,
        items: &mut [FoundItem],
        bindings: &[ItemBinding],
    ) -> Result<super::data_type::DataTypes, Error> {
        let ask = |binding: &ItemBinding| {
            [AttributeId::DataType, AttributeId::ValueRank]
                .map(|attribute| ReadValueId::new(binding.node.clone(), attribute))
        };
        let questions: Vec<ReadValueId> = bindings.iter().flat_map(ask).collect();
        let answers = read_all(&self.browser, &questions).await?;
        let data_type = |answer: &DataValue| match &answer.value {
            Some(Variant::NodeId(node)) => Some((**node).clone()),
            _ => None,
        };
        let seeds: HashSet<NodeId> = answers.iter().step_by(2).filter_map(data_type).collect();
        let types = data_type_load::load(&self.browser, self.namespaces, &seeds).await?;
        for (item, answer) in items.iter_mut().zip(answers.chunks_exact(2)) {
            if let Some(status) = answer[0].status.filter(StatusCode::is_bad) {
                self.findings.push(Finding::error("QIAO-O105", &item.node).with("status", status));
                continue;
            }
            let node = data_type(&answer[0]).unwrap_or_else(NodeId::null);
            item.value_rank = match answer[1].value {
                Some(Variant::Int32(rank)) => rank,
                _ => -2,
            };
            let built_in = types.built_in(&node);
            let text = self.namespaces.node_text(&node);
            if built_in.is_none() {
                self.findings.push(Finding::warning("QIAO-O111", &item.node).with("type", &text));
            }
            let enumeration = types.is_enumeration(&node).then(|| types.enumeration(&node)).flatten();
            item.data_type = DataType { node: text, built_in: built_in.unwrap_or(BuiltInType::Variant), enumeration };
        }
        Ok(types)
    }

    /// `EURange` of the variables that a percent deadband is asked for.
    async fn read_ranges(&mut self, bindings: &mut [ItemBinding]) -> Result<(), Error> {
        let wants = |binding: &ItemBinding| matches!(binding.deadband, Some(Deadband::Percent(_)));
        let wanted: Vec<usize> = (0..bindings.len()).filter(|number| wants(&bindings[*number])).collect();
        let variables: Vec<u32> =
            wanted.iter().filter_map(|number| self.space.position(&bindings[*number].node)).collect();
        self.space.expand(&self.browser, self.namespaces, variables.clone(), 0, self.progress).await?;
        let range_of = |variable: &u32| {
            let children = self.space.node(*variable).children.as_deref().unwrap_or_default();
            let ranges = children.iter().map(|edge| self.space.node(edge.child));
            ranges.filter(|node| node.name.name == "EURange").map(|node| node.id.clone()).next()
        };
        let ranges: Vec<Option<NodeId>> = variables.iter().map(range_of).collect();
        let nodes: Vec<NodeId> = ranges.iter().flatten().cloned().collect();
        let mut values = read_attribute(&self.browser, &nodes, AttributeId::Value).await?.into_iter();
        for (number, range) in wanted.into_iter().zip(ranges) {
            let value = range.and_then(|_| values.next()).and_then(|value| value.value);
            let range = match &value {
                Some(Variant::ExtensionObject(object)) => object.inner_as::<Range>(),
                _ => None,
            };
            bindings[number].eu_range = range.map(|range| (range.low, range.high));
            if range.is_none() {
                let place = self.namespaces.node_text(&bindings[number].node);
                self.findings.push(Finding::warning("QIAO-O110", place));
            }
        }
        Ok(())
    }

    /// The node that a text of the configuration names; tells why there is none.
    pub(super) fn resolve(&mut self, text: &str) -> Option<NodeId> {
        let place = self.request.connection;
        let fault = match self.namespaces.resolve(text) {
            Ok(node) => return Some(node),
            Err(fault) => fault,
        };
        self.is_lacking |= matches!(fault, NodeTextError::UnknownNamespace { .. });
        let finding = match &fault {
            NodeTextError::UnknownNamespace { uri } => Finding::error("QIAO-O101", place).with("uri", uri),
            NodeTextError::AmbiguousNamespace { uri } => Finding::error("QIAO-O114", place).with("uri", uri),
            NodeTextError::Malformed { .. } => Finding::error("QIAO-O107", place),
        };
        self.findings.push(finding.with("node", text));
        None
    }

    fn tell_faults(&mut self) {
        for (node, status) in self.space.faults.iter().take(FAULTS_TOLD) {
            let place = self.namespaces.node_text(&self.space.node(*node).id);
            self.findings.push(Finding::warning("QIAO-O109", place).with("status", status));
        }
        if self.space.is_cut {
            let limit = self.request.max_nodes;
            self.findings.push(Finding::error("QIAO-O108", self.request.connection).with("limit", limit));
        }
    }
}
