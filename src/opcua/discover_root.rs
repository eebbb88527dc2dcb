//! Which nodes are machines: the roots that `each` of every flow finds.

use super::discover::Search;
use super::space::SpaceNode;
use super::type_chain;
use super::walk::{Walk, walk};
use crate::config::plan::RootSelector;
use crate::finding::Finding;
use crate::model::BrowseGlob;
use ::opcua::types::{
    AttributeId, DataValue, Error, NodeClass, NodeId, ObjectId, ObjectTypeId, ReadValueId, ReferenceTypeId, Variant,
};
use std::collections::HashSet;

use super::browse::ReferenceQuery;

/// A machine of one flow.
#[derive(Debug)]
pub(super) struct Root {
    /// Index into the request's selections.
    pub(super) selection: usize,
    pub(super) node: u32,
    /// From the Objects folder (exclusive) to the root; from the Root folder for what lies elsewhere.
    pub(super) path: Vec<u32>,
    /// What the path begins below; `None`: that is not known.
    top: Option<u32>,
}

impl Root {
    /// The node above it on its path.
    pub(super) fn parent(&self) -> Option<u32> {
        match self.path.as_slice() {
            [.., parent, _] => Some(*parent),
            [_] => self.top,
            [] => None,
        }
    }
}

/// What makes a visit a root.
enum Sought {
    Matching,
    OfType(HashSet<NodeId>),
}

impl Search<'_> {
    /// Roots of all flows, in the order of the flows.
    pub(super) async fn roots(&mut self) -> Result<Vec<Root>, Error> {
        let top = self.folder(ObjectId::RootFolder, "Root");
        let objects = self.folder(ObjectId::ObjectsFolder, "Objects");
        let anywhere = BrowseGlob::any();
        let mut walks = Vec::new();
        let mut sought = Vec::new();
        let mut roots = Vec::new();
        for (selection, wanted) in self.request.selections.iter().enumerate() {
            match &wanted.each {
                RootSelector::Whole => roots.push(Root { selection, node: objects, path: Vec::new(), top: None }),
                RootSelector::Path(glob) => {
                    walks.push(Walk { root: top, leading: vec![glob], telling: Vec::new(), is_objects_only: false });
                    sought.push((selection, Sought::Matching));
                }
                RootSelector::Type(text) => {
                    let Some(type_id) = self.resolve(text) else { continue };
                    let types = type_chain::subtypes(&self.browser, self.namespaces, &type_id).await?;
                    let leading = vec![&anywhere];
                    walks.push(Walk { root: objects, leading, telling: Vec::new(), is_objects_only: true });
                    sought.push((selection, Sought::OfType(types)));
                }
                RootSelector::Node(text) => {
                    if let Some(node) = self.root_by_id(text).await? {
                        let way = self.path_up(objects, node).await?;
                        let top = way.is_some().then_some(objects);
                        roots.push(Root {
                            selection,
                            node,
                            path: way.map_or_else(|| vec![node], |(path, _)| path),
                            top,
                        });
                    }
                }
            }
        }
        self.space.is_rechecking = true;
        let visits = walk(&walks, &mut self.space, &self.browser, self.namespaces, self.progress).await?;
        self.space.is_rechecking = false;
        let mut known = HashSet::new();
        for visit in &visits.all {
            let (selection, sought) = &sought[visit.walk as usize];
            let is_root = match sought {
                Sought::Matching => {
                    visit.node != top && walks[visit.walk as usize].leading[0].is_match(visits.states(visit)[0])
                }
                Sought::OfType(types) => {
                    self.space.node(visit.node).type_definition.as_ref().is_some_and(|node| types.contains(node))
                }
            };
            if is_root && known.insert((*selection, visit.node)) {
                let mut path = visits.path(visit);
                let is_below_objects = path.first() == Some(&objects);
                if is_below_objects {
                    path.remove(0);
                }
                let is_from_objects = is_below_objects || walks[visit.walk as usize].root == objects;
                let top = Some(if is_from_objects { objects } else { top });
                roots.push(Root { selection: *selection, node: visit.node, path, top });
            }
        }
        roots.sort_by_key(|root| root.selection);
        for (selection, wanted) in self.request.selections.iter().enumerate() {
            if !roots.iter().any(|root| root.selection == selection) {
                let each = match &wanted.each {
                    RootSelector::Whole => "/Objects",
                    RootSelector::Path(glob) => glob.as_str(),
                    RootSelector::Type(text) | RootSelector::Node(text) => text,
                };
                self.is_lacking = true;
                self.findings.push(Finding::error("QIAO-O102", self.request.connection).with("each", each));
            }
        }
        Ok(roots)
    }

    fn folder(&mut self, id: ObjectId, name: &str) -> u32 {
        let name = crate::model::BrowseName::new(crate::model::browse::UA_NAMESPACE, name);
        let folder_type = Some(NodeId::from(ObjectTypeId::FolderType));
        self.space.intern(SpaceNode::new(NodeId::from(id), name, NodeClass::Object, folder_type))
    }

    async fn root_by_id(&mut self, text: &str) -> Result<Option<u32>, Error> {
        let Some(id) = self.resolve(text) else { return Ok(None) };
        Ok(self.describe(&[id]).await?.into_iter().next().flatten())
    }

    /// Asks for nodes that no browse has met; tells which do not exist.
    pub(super) async fn describe(&mut self, ids: &[NodeId]) -> Result<Vec<Option<u32>>, Error> {
        let unknown: Vec<NodeId> = ids.iter().filter(|id| self.space.position(id).is_none()).cloned().collect();
        let ask = |id: &NodeId| {
            [AttributeId::NodeClass, AttributeId::BrowseName].map(|attribute| ReadValueId::new(id.clone(), attribute))
        };
        let questions: Vec<ReadValueId> = unknown.iter().flat_map(ask).collect();
        let answers = super::read::read_all(&self.browser, &questions).await?;
        let query = ReferenceQuery {
            reference_type: ReferenceTypeId::HasTypeDefinition,
            classes: ::opcua::types::NodeClassMask::OBJECT_TYPE | ::opcua::types::NodeClassMask::VARIABLE_TYPE,
            ..ReferenceQuery::children()
        };
        let definitions = self.browser.references(&unknown, query).await?;
        for ((id, answer), definition) in unknown.into_iter().zip(answers.chunks_exact(2)).zip(definitions) {
            match described(answer) {
                Some((class, name)) => {
                    let name = self.namespaces.browse_name(&name);
                    let type_definition =
                        definition.found.first().and_then(|reference| self.namespaces.local(&reference.node_id));
                    self.space.intern(SpaceNode::new(id, name, class, type_definition));
                }
                None => {
                    self.is_lacking = true;
                    let status = answer[0].status.unwrap_or(::opcua::types::StatusCode::BadNodeIdUnknown);
                    let place = self.namespaces.node_text(&id);
                    self.findings.push(Finding::error("QIAO-O105", place).with("status", status));
                }
            }
        }
        Ok(ids.iter().map(|id| self.space.position(id)).collect())
    }
}

/// Node class and browse name.
pub(super) fn described(answer: &[DataValue]) -> Option<(NodeClass, ::opcua::types::QualifiedName)> {
    match (&answer.first()?.value, &answer.get(1)?.value) {
        (Some(Variant::Int32(class)), Some(Variant::QualifiedName(name))) => {
            Some((NodeClass::try_from(*class).ok()?, (**name).clone()))
        }
        _ => None,
    }
}
