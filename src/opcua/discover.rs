//! Temporary stand-in.
use super::Selection;
use super::data_type::DataTypes;
use super::decode::Decoder;
use super::limits::ServerLimits;
use super::namespace::Namespaces;
use super::read::read_limits;
use crate::config::plan::{Deadband, ItemPattern};
use crate::finding::Finding;
use crate::model::Discovery;
use crate::model::discovery::{DataType, FoundItem, ItemMode};
use crate::model::value::BuiltInType;
use ::opcua::client::Session;
use ::opcua::types::{Error, NodeId};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
#[derive(Debug)]
pub struct DiscoverRequest<'a> {
    pub connection: &'a str,
    pub endpoint: &'a str,
    pub selections: &'a [Selection],
    pub max_nodes: u32,
    pub cache: Option<PathBuf>,
    pub epoch: u64,
}
#[derive(Debug)]
pub struct Found {
    pub discovery: Discovery,
    pub bindings: Vec<ItemBinding>,
    pub namespaces: Arc<Namespaces>,
    pub decoder: Decoder,
    pub findings: Vec<Finding>,
}
#[derive(Clone, Debug)]
pub struct ItemBinding {
    pub node: NodeId,
    pub sampling: Option<Duration>,
    pub queue: Option<u32>,
    pub deadband: Option<Deadband>,
    pub eu_range: Option<(f64, f64)>,
}
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub nodes: u32,
    pub depth: u32,
    pub pending: u32,
}
pub async fn discover(
    session: &Session,
    limits: &ServerLimits,
    request: &DiscoverRequest<'_>,
    _progress: &(dyn Fn(Progress) + Send + Sync),
    _stop: &CancellationToken,
) -> Result<Found, Error> {
    read_limits(session, limits).await?;
    let namespaces = Arc::new(Namespaces::read(session).await?);
    let (mut items, mut bindings) = (vec![], vec![]);
    for selector in request.selections.iter().flat_map(|s| &s.select) {
        let ItemPattern::Node(text) = &selector.what else { continue };
        let Ok(node) = namespaces.resolve(text) else { continue };
        bindings.push(ItemBinding {
            node,
            sampling: selector.sampling,
            queue: selector.queue,
            deadband: selector.deadband,
            eu_range: None,
        });
        items.push(FoundItem {
            node: text.clone(),
            targets: vec![],
            mode: ItemMode::Monitored,
            value_rank: -1,
            data_type: DataType { node: "i=24".into(), built_in: BuiltInType::Variant, enumeration: None },
        });
    }
    let decoder = Decoder::new(Arc::clone(&namespaces), Arc::new(DataTypes::default()));
    Ok(Found {
        discovery: Discovery { epoch: request.epoch, machines: vec![], items },
        bindings,
        namespaces,
        decoder,
        findings: vec![],
    })
}
