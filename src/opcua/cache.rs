//! What a browse found, kept on disk per server, so that a new session need not browse again.
//!
//! A cache is taken only for the same server software, started at the same time, with the same namespace table, and
//! only after every node of it answered with the class and browse name it had. Anything else, a damaged file included,
//! means: browse anew. The way from the Root folder to the machines is browsed in every session, so that a new machine
//! is found; new variables inside a known machine are found when the server is browsed again (`super::rebrowse`).
//! Node ids stand in the file with namespace URI.

use super::browse::Browser;
use super::discover_root::described;
use super::limits::ServerLimits;
use super::namespace::Namespaces;
use super::read::read_all;
use super::space::{Edge, Space, SpaceNode};
use crate::model::BrowseName;
use ::opcua::types::{AttributeId, Error, NodeClass, NodeId, ReadValueId, VariableId, Variant};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rises when the file's meaning changes; another version is not read.
const VERSION: u32 = 1;
/// Larger files are neither written nor read.
const FILE_BYTES_MAX: u64 = 64 << 20;

/// What must be the same for a cache to be worth a look.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerIdentity {
    endpoint: String,
    namespaces: Vec<String>,
    /// Ticks; 0 when the server does not say.
    started: i64,
    software: Vec<String>,
}

impl ServerIdentity {
    /// Asks the server who it is; what it does not say counts as empty.
    ///
    /// # Errors
    /// The read failed as a whole.
    pub async fn read(browser: &Browser<'_>, endpoint: &str, namespaces: &Namespaces) -> Result<Self, Error> {
        let variables = [
            VariableId::Server_ServerStatus_StartTime,
            VariableId::Server_ServerStatus_BuildInfo_ProductUri,
            VariableId::Server_ServerStatus_BuildInfo_SoftwareVersion,
            VariableId::Server_ServerStatus_BuildInfo_BuildNumber,
        ];
        let answers = read_all(browser, &variables.map(|variable| ReadValueId::from(NodeId::from(variable)))).await?;
        let started = match answers.first().and_then(|answer| answer.value.as_ref()) {
            Some(Variant::DateTime(time)) => time.ticks(),
            _ => 0,
        };
        let text = |value: &Option<Variant>| match value {
            Some(Variant::String(text)) => text.as_ref().to_owned(),
            _ => String::new(),
        };
        Ok(Self {
            endpoint: endpoint.to_owned(),
            namespaces: namespaces.uris().iter().map(|uri| uri.to_string()).collect(),
            started,
            software: answers.iter().skip(1).map(|answer| text(&answer.value)).collect(),
        })
    }

    /// One file per endpoint.
    fn file(&self, folder: &Path) -> PathBuf {
        let digest = Sha256::digest(self.endpoint.as_bytes());
        let name: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        folder.join(format!("{name}.json"))
    }
}

#[derive(Serialize, Deserialize)]
struct CacheFile {
    version: u32,
    identity: ServerIdentity,
    /// Operations per call that were learnt of this server.
    learnt: Vec<u32>,
    /// Namespaces of browse names, named by position in `nodes`.
    name_namespaces: Vec<String>,
    nodes: Vec<CachedNode>,
}

#[derive(Serialize, Deserialize)]
struct CachedNode {
    id: String,
    namespace: u32,
    name: String,
    class: i32,
    type_definition: Option<String>,
    /// Position and whether it is a property; `None`: not browsed.
    children: Option<Vec<(u32, bool)>>,
}

/// The cached part of the address space, when there is one and all of it is still the same.
///
/// # Errors
/// A read failed as a whole. A file that is damaged, of another version or another server is no error.
pub(super) async fn load(
    folder: &Path,
    identity: &ServerIdentity,
    browser: &Browser<'_>,
    namespaces: &Namespaces,
    nodes_max: u32,
) -> Result<Option<Space>, Error> {
    let Some(file) = read_file(&identity.file(folder)).await else { return Ok(None) };
    if file.version != VERSION || file.identity.software != identity.software {
        return Ok(None);
    }
    browser.limits.remember(&file.learnt);
    if file.identity != *identity {
        return Ok(None);
    }
    let has_learnt = browser.limits.learnt() != file.learnt;
    let Some(mut space) = restore(file, namespaces, nodes_max) else { return Ok(None) };
    // What was learnt since is worth writing, too.
    space.is_changed = has_learnt;
    Ok(is_unchanged(&space, browser, namespaces).await?.then_some(space))
}

/// Writes the cache; a failure is logged and costs the next session a browse.
pub(super) async fn save(
    folder: &Path,
    identity: &ServerIdentity,
    space: &Space,
    limits: &ServerLimits,
    namespaces: &Namespaces,
) {
    let file = store(identity, space, limits, namespaces);
    let path = identity.file(folder);
    if let Err(error) = write_file(folder, &path, &file).await {
        tracing::warn!(path = %path.display(), %error, "the browse cache was not written");
    }
}

async fn read_file(path: &Path) -> Option<CacheFile> {
    let length = tokio::fs::metadata(path).await.ok()?.len();
    if length > FILE_BYTES_MAX {
        return None;
    }
    let bytes = tokio::fs::read(path).await.ok()?;
    serde_json::from_slice(&bytes)
        .inspect_err(|error| tracing::warn!(path = %path.display(), %error, "the browse cache is damaged"))
        .ok()
}

/// Beside the old file first, so that a crash leaves one of the two whole.
async fn write_file(folder: &Path, path: &Path, file: &CacheFile) -> std::io::Result<()> {
    let bytes = serde_json::to_vec(file)?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        return Err(std::io::Error::other("larger than a browse cache may be"));
    }
    // A server is browsed again and again: what it was is not written again and again.
    if tokio::fs::read(path).await.is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    tokio::fs::create_dir_all(folder).await?;
    let new = path.with_extension("new");
    tokio::fs::write(&new, bytes).await?;
    tokio::fs::rename(&new, path).await
}

fn store(identity: &ServerIdentity, space: &Space, limits: &ServerLimits, namespaces: &Namespaces) -> CacheFile {
    let mut numbers: HashMap<Arc<str>, u32> = HashMap::new();
    let mut name_namespaces = Vec::new();
    let mut number = |namespace: &Arc<str>| {
        *numbers.entry(namespace.clone()).or_insert_with(|| {
            name_namespaces.push(namespace.to_string());
            (name_namespaces.len() - 1) as u32
        })
    };
    let nodes = space.nodes.iter().map(|node| CachedNode {
        id: namespaces.node_text(&node.id),
        namespace: number(&node.name.namespace),
        name: node.name.name.clone(),
        class: node.class as i32,
        type_definition: node.type_definition.as_ref().map(|node| namespaces.node_text(node)),
        children: node.children.as_ref().map(|edges| edges.iter().map(|edge| (edge.child, edge.is_property)).collect()),
    });
    let nodes = nodes.collect();
    CacheFile { version: VERSION, identity: identity.clone(), learnt: limits.learnt(), name_namespaces, nodes }
}

/// `None` when a part of the file does not fit the others.
fn restore(file: CacheFile, namespaces: &Namespaces, nodes_max: u32) -> Option<Space> {
    let count = u32::try_from(file.nodes.len()).ok()?;
    if count > nodes_max {
        return None;
    }
    let uris: Vec<Arc<str>> = file.name_namespaces.into_iter().map(Arc::from).collect();
    let mut space = Space::new(nodes_max);
    for cached in file.nodes {
        let children = match cached.children {
            Some(edges) if edges.iter().all(|(child, _)| *child < count) => {
                Some(edges.into_iter().map(|(child, is_property)| Edge { child, is_property }).collect())
            }
            Some(_) => return None,
            None => None,
        };
        let type_definition = cached.type_definition.map(|text| namespaces.resolve(&text)).transpose().ok()?;
        let id = namespaces.resolve(&cached.id).ok()?;
        let name = BrowseName::new(uris.get(cached.namespace as usize)?.clone(), cached.name);
        let class = NodeClass::try_from(cached.class).ok()?;
        space.intern(SpaceNode { children, ..SpaceNode::new(id, name, class, type_definition) });
    }
    // A node that stands there twice would shift every reference behind it.
    (space.count() == count).then_some(space)
}

async fn is_unchanged(space: &Space, browser: &Browser<'_>, namespaces: &Namespaces) -> Result<bool, Error> {
    let ask = |node: &SpaceNode| {
        [AttributeId::NodeClass, AttributeId::BrowseName].map(|attribute| ReadValueId::new(node.id.clone(), attribute))
    };
    let questions: Vec<ReadValueId> = space.nodes.iter().flat_map(ask).collect();
    let answers = read_all(browser, &questions).await?;
    let is_same = |node: &SpaceNode, answer| {
        described(answer).is_some_and(|(class, name)| class == node.class && namespaces.browse_name(&name) == node.name)
    };
    let mut asked = space.nodes.iter().zip(answers.chunks_exact(2));
    let changed = asked.find(|(node, answer)| !is_same(node, answer)).map(|(node, _)| node);
    if let Some(node) = changed {
        tracing::info!(node = %namespaces.node_text(&node.id), "the browse cache is not used: this node is another now");
    }
    Ok(changed.is_none())
}
