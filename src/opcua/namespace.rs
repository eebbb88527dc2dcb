//! The namespace table of one session; node ids and browse names to and from their text with namespace URI.
//!
//! An index is valid in one session only (OPC 10000-3 §8.2.2): a restart may renumber the table. So outside of
//! `src/opcua` everything is named by URI, and a URI that the table does not hold resolves to nothing, never to the
//! node that now has the old index.

use crate::model::BrowseName;
use ::opcua::client::Session;
use ::opcua::types::{
    ByteString, Error, ExpandedNodeId, Guid, Identifier, NodeId, QualifiedName, ReadValueId, StatusCode, VariableId,
    Variant,
};
use std::collections::HashMap;
use std::fmt::Write;
use std::str::FromStr;
use std::sync::Arc;

/// Namespace 0.
pub const UA: &str = "http://opcfoundation.org/UA/";

/// The namespace table of one session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Namespaces {
    uris: Vec<Arc<str>>,
    /// `None`: the URI stands in the table twice, so it names no namespace.
    by_uri: HashMap<Arc<str>, Option<u16>>,
}

/// Why a text names no node of this session.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NodeTextError {
    #[error("{text:?} is no node id; one looks like \"nsu=http://example.org/;s=Speed\" or \"i=85\"")]
    Malformed { text: String },
    #[error("the server knows no namespace {uri:?}")]
    UnknownNamespace { uri: String },
    #[error("the server lists the namespace {uri:?} twice")]
    AmbiguousNamespace { uri: String },
}

impl Namespaces {
    /// Reads `Server_NamespaceArray`; done on every session.
    pub async fn read(session: &Session) -> Result<Self, Error> {
        let node = ReadValueId::from(NodeId::from(VariableId::Server_NamespaceArray));
        let values = super::read::read_now(session, &[node]).await?;
        let Some(Variant::Array(array)) = values.into_iter().next().and_then(|value| value.value) else {
            return Err(Error::new(StatusCode::BadNoValue, "the server has no namespace table"));
        };
        let uris = array.values.iter().map(|uri| match uri {
            Variant::String(uri) => uri.as_ref().to_owned(),
            _ => String::new(),
        });
        Ok(Self::new(uris))
    }

    /// The table as the server lists it; index 0 is [`UA`] whatever it says.
    pub fn new(uris: impl IntoIterator<Item = String>) -> Self {
        let mut uris: Vec<Arc<str>> = uris.into_iter().take(usize::from(u16::MAX)).map(Arc::from).collect();
        if uris.is_empty() {
            uris.push(Arc::from(UA));
        }
        uris[0] = Arc::from(UA);
        let mut by_uri = HashMap::with_capacity(uris.len());
        for (index, uri) in (0u16..).zip(&uris).filter(|(_, uri)| !uri.is_empty()) {
            by_uri.entry(uri.clone()).and_modify(|known| *known = None).or_insert(Some(index));
        }
        Self { uris, by_uri }
    }

    /// All URIs, by index.
    #[must_use]
    pub fn uris(&self) -> &[Arc<str>] {
        &self.uris
    }

    /// The URI of an index; `None` when the table has no such entry, or an empty one.
    #[must_use]
    pub fn uri(&self, index: u16) -> Option<&Arc<str>> {
        self.uris.get(usize::from(index)).filter(|uri| !uri.is_empty())
    }

    /// The index of a URI in this session.
    pub fn index(&self, uri: &str) -> Result<u16, NodeTextError> {
        match self.by_uri.get(uri) {
            Some(Some(index)) => Ok(*index),
            Some(None) => Err(NodeTextError::AmbiguousNamespace { uri: uri.to_owned() }),
            None => Err(NodeTextError::UnknownNamespace { uri: uri.to_owned() }),
        }
    }

    /// `nsu=URI;i=13`; namespace 0 without `nsu`. An index outside the table stays `ns=7;…`, which resolves to nothing.
    #[must_use]
    pub fn node_text(&self, node: &NodeId) -> String {
        let mut text = String::new();
        self.write_node(node, &mut text);
        text
    }

    /// Like [`Self::node_text`], appended to `text`.
    pub fn write_node(&self, node: &NodeId, text: &mut String) {
        self.write_namespace(node.namespace, text);
        write_identifier(&node.identifier, text);
    }

    /// Like [`Self::node_text`]; a node of another server begins with `svr=INDEX;`.
    pub fn write_expanded(&self, node: &ExpandedNodeId, text: &mut String) {
        if node.server_index != 0 {
            let _ = write!(text, "svr={};", node.server_index);
        }
        match node.namespace_uri.value() {
            Some(uri) if !uri.is_empty() && uri != UA => write_uri(uri, text),
            Some(uri) if uri == UA => {}
            _ => self.write_namespace(node.node_id.namespace, text),
        }
        write_identifier(&node.node_id.identifier, text);
    }

    /// The node in this session that a text names.
    pub fn resolve(&self, text: &str) -> Result<NodeId, NodeTextError> {
        let malformed = || NodeTextError::Malformed { text: text.to_owned() };
        let (namespace, identifier) = if let Some(rest) = text.strip_prefix("nsu=") {
            let (uri, identifier) = rest.split_once(';').ok_or_else(malformed)?;
            (self.index(&unescape_uri(uri))?, identifier)
        } else {
            (0, text.strip_prefix("ns=0;").unwrap_or(text))
        };
        Ok(NodeId { namespace, identifier: parse_identifier(identifier).ok_or_else(malformed)? })
    }

    /// The node of this server that a reference leads to; `None` for another server's, or an unknown namespace.
    #[must_use]
    pub fn local(&self, node: &ExpandedNodeId) -> Option<NodeId> {
        if node.server_index != 0 {
            return None;
        }
        match node.namespace_uri.value() {
            Some(uri) if !uri.is_empty() => {
                Some(NodeId { namespace: self.index(uri).ok()?, identifier: node.node_id.identifier.clone() })
            }
            _ => Some(node.node_id.clone()),
        }
    }

    /// A browse name by URI. An index outside the table gives the namespace `ns=7`, which no glob names.
    #[must_use]
    pub fn browse_name(&self, name: &QualifiedName) -> BrowseName {
        let namespace = match self.uri(name.namespace_index) {
            Some(uri) => uri.clone(),
            None => Arc::from(format!("ns={}", name.namespace_index)),
        };
        BrowseName { namespace, name: name.name.as_ref().to_owned() }
    }

    fn write_namespace(&self, index: u16, text: &mut String) {
        match self.uri(index) {
            _ if index == 0 => {}
            Some(uri) => write_uri(uri, text),
            None => {
                let _ = write!(text, "ns={index};");
            }
        }
    }
}

/// `;` and `%` of a URI are escaped (OPC 10000-6 §5.1.12).
fn write_uri(uri: &str, text: &mut String) {
    text.push_str("nsu=");
    for character in uri.chars() {
        match character {
            ';' => text.push_str("%3B"),
            '%' => text.push_str("%25"),
            other => text.push(other),
        }
    }
    text.push(';');
}

fn unescape_uri(uri: &str) -> String {
    uri.replace("%3B", ";").replace("%3b", ";").replace("%25", "%")
}

fn write_identifier(identifier: &Identifier, text: &mut String) {
    let _ = match identifier {
        Identifier::Numeric(number) => write!(text, "i={number}"),
        Identifier::String(name) => write!(text, "s={}", name.as_ref()),
        Identifier::Guid(guid) => {
            text.push_str("g=");
            write_guid(guid.to_bytes(), text);
            Ok(())
        }
        Identifier::ByteString(bytes) => write!(text, "b={}", bytes.as_base64()),
    };
}

/// 8-4-4-4-12, lower case, from the 16 bytes on the wire (OPC 10000-6 §5.2.2.6: the first three parts little-endian).
pub fn write_guid(wire: [u8; 16], text: &mut String) {
    for (position, from) in [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15].into_iter().enumerate() {
        if matches!(position, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        let _ = write!(text, "{:02x}", wire[from]);
    }
}

fn parse_identifier(text: &str) -> Option<Identifier> {
    let (kind, value) = text.split_at_checked(2)?;
    match kind {
        "i=" => value.parse().ok().map(Identifier::Numeric),
        "s=" => Some(Identifier::String(value.into())),
        "g=" => Guid::from_str(value).ok().map(Identifier::Guid),
        "b=" => ByteString::from_base64(value).map(Identifier::ByteString),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LATHE: &str = "urn:acme:lathe;50%";

    fn table(uris: &[&str]) -> Namespaces {
        Namespaces::new(uris.iter().map(|uri| (*uri).to_owned()))
    }

    #[test]
    fn every_kind_of_node_id_reads_back_from_its_text() {
        let namespaces = table(&[UA, "urn:server", LATHE]);
        let guid = Guid::from_str("72962B91-FA75-4AE6-8D28-B404DC7DAF63").expect("a guid");
        for (node, text) in [
            (NodeId::new(0, 85u32), "i=85"),
            (NodeId::new(1, 7u32), "nsu=urn:server;i=7"),
            (NodeId::new(2, "a;b=c"), "nsu=urn:acme:lathe%3B50%25;s=a;b=c"),
            (NodeId::new(1, guid), "nsu=urn:server;g=72962b91-fa75-4ae6-8d28-b404dc7daf63"),
            (NodeId::new(1, ByteString::from(vec![1, 2, 255])), "nsu=urn:server;b=AQL/"),
        ] {
            assert_eq!(namespaces.node_text(&node), text);
            assert_eq!(namespaces.resolve(text), Ok(node));
        }
    }

    #[test]
    fn a_text_finds_its_node_although_the_table_was_renumbered() {
        let before = table(&[UA, "urn:decoy", LATHE]);
        let after = table(&[UA, LATHE, "urn:decoy"]);
        let text = before.node_text(&NodeId::new(2, "Speed"));
        assert_eq!(after.resolve(&text), Ok(NodeId::new(1, "Speed")));
    }

    #[test]
    fn a_namespace_that_is_gone_or_listed_twice_resolves_to_nothing() {
        let namespaces = table(&[UA, "urn:twice", "urn:twice", ""]);
        let uri = |uri: &str| uri.to_owned();
        for (text, expected) in [
            ("nsu=urn:gone;i=1", NodeTextError::UnknownNamespace { uri: uri("urn:gone") }),
            ("nsu=urn:twice;i=1", NodeTextError::AmbiguousNamespace { uri: uri("urn:twice") }),
            ("nsu=;i=1", NodeTextError::UnknownNamespace { uri: uri("") }),
            ("ns=1;i=1", NodeTextError::Malformed { text: "ns=1;i=1".to_owned() }),
            ("i=x", NodeTextError::Malformed { text: "i=x".to_owned() }),
            ("", NodeTextError::Malformed { text: String::new() }),
        ] {
            assert_eq!(namespaces.resolve(text), Err(expected), "{text}");
        }
        assert_eq!(namespaces.node_text(&NodeId::new(3, 1u32)), "ns=3;i=1");
        assert_eq!(namespaces.node_text(&NodeId::new(9, 1u32)), "ns=9;i=1");
    }
}
