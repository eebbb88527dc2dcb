//! `nodes.yaml`: the types that a machine of this profile is made of on an OPC UA server.
//!
//! `short:number` is a node, `"short:Name"` a browse name; what is short for what says `namespaces`.

use super::report::{Place, Report};
use super::section::{self, Section, Word};
use super::yaml::Node;
use crate::model::BrowseName;
use crate::model::browse::UA_NAMESPACE;
use crate::model::companion::{DataTypeNode, Declaration, Folder, NodeLink, NodeTypes, Presence, State, TypeNode};
use std::collections::HashMap;
use std::sync::Arc;

const LINKS: &[(&str, NodeLink)] = &[
    ("component", NodeLink::Component),
    ("property", NodeLink::Property),
    ("add-in", NodeLink::AddIn),
    ("ordered", NodeLink::Ordered),
    ("organized", NodeLink::Organized),
];
const PRESENCES: &[(&str, Presence)] = &[
    ("mandatory", Presence::Mandatory),
    ("optional", Presence::Optional),
    ("placeholder", Presence::Placeholder),
    ("mandatory-placeholder", Presence::Placeholder),
];
const CLASSES: &[(&str, bool)] = &[("object", false), ("variable", true)];

/// What is short for which namespace.
struct Short(HashMap<String, Arc<str>>);

pub(super) fn read(node: &Node, report: &mut Report) -> Option<NodeTypes> {
    let faults = report.findings.len();
    let mut section = Section::open(node, report)?;
    let root = section.required_text("root", report);
    let below = section.node("below");
    let spaces = section.map("namespaces", report);
    let spaces =
        spaces.iter().filter_map(|(key, node)| Some((key.text.clone(), Arc::from(section::text(node, report)?.text))));
    let short = Short(spaces.collect());
    let types = section.map("types", report);
    let types =
        types.iter().filter_map(|(key, node)| kind(Word { place: key.place, text: &key.text }, node, &short, report));
    let types: Vec<TypeNode> = types.collect();
    let data_types = section.map("data-types", report);
    let data_types = data_types
        .iter()
        .filter_map(|(key, node)| data_type(Word { place: key.place, text: &key.text }, node, &short, report));
    let data_types: Vec<DataTypeNode> = data_types.collect();
    section.close(report);
    let below = below.and_then(|node| folder(node, &short, report));
    let place = root.map(|word| word.place);
    let types = NodeTypes::new(short.node(root?, report)?, below, types, data_types);
    let asked = types.types.iter().flat_map(|kind| {
        let declared = kind.children.iter().map(|child| child.type_definition.as_str());
        declared.chain(kind.supertype.as_deref())
    });
    for asked in asked.chain(std::iter::once(types.root.as_str())) {
        if types.find(asked).is_none() {
            let place = place.unwrap_or(Place::START);
            report.error("QIAO-P016", place).argument("value", asked).argument("detail", "no such type in `types`");
        }
    }
    (report.findings.len() == faults).then_some(types)
}

fn folder(node: &Node, short: &Short, report: &mut Report) -> Option<Folder> {
    let mut section = Section::open(node, report)?;
    let (node, name) = (section.required_text("node", report), section.required_text("name", report));
    section.close(report);
    Some(Folder { node: short.node(node?, report)?, name: short.name(name?, report)? })
}

fn kind(id: Word<'_>, node: &Node, short: &Short, report: &mut Report) -> Option<TypeNode> {
    let mut section = Section::open(node, report)?;
    let name = section.required_text("name", report);
    let supertype = section.text("of", report);
    let is_variable = section.choice("class", CLASSES, report).unwrap_or(false);
    let is_abstract = section.is("abstract", report);
    let data_type = section.text("data-type", report);
    let children = declarations(section.list("nodes", report), short, report);
    let states = section.map("states", report);
    let states =
        states.iter().filter_map(|(key, node)| state(Word { place: key.place, text: &key.text }, node, short, report));
    let states = states.collect();
    section.close(report);
    let supertype = match supertype {
        Some(word) => Some(short.node(word, report)?),
        None => None,
    };
    Some(TypeNode {
        node: short.node(id, report)?,
        name: BrowseName::new(short.of(id, report)?.0, name?.text),
        supertype,
        is_variable,
        is_abstract,
        data_type: data_type.and_then(|word| short.node(word, report)),
        children,
        states,
    })
}

fn declarations(nodes: &[Node], short: &Short, report: &mut Report) -> Vec<Declaration> {
    nodes.iter().filter_map(|node| declaration(node, short, report)).collect()
}

fn declaration(node: &Node, short: &Short, report: &mut Report) -> Option<Declaration> {
    let mut section = Section::open(node, report)?;
    let name = section.required_text("name", report);
    let link = section.choice("link", LINKS, report).unwrap_or(NodeLink::Component);
    let kind = section.required_text("type", report);
    let presence = section.required_choice("presence", PRESENCES, report);
    let data_type = section.text("data-type", report);
    let rank = section.text("rank", report);
    let children = declarations(section.list("nodes", report), short, report);
    section.close(report);
    let rank = rank.and_then(|word| {
        let rank = word.text.parse::<i32>().ok();
        if rank.is_none() {
            report.error("QIAO-P016", word.place).argument("value", word.text).argument("detail", "-1, 0, 1, …");
        }
        rank
    });
    let data_type = data_type.and_then(|word| short.node(word, report));
    Some(Declaration {
        name: short.name(name?, report)?,
        link,
        type_definition: short.node(kind?, report)?,
        presence: presence?,
        variable: data_type.map(|data_type| (data_type, rank.unwrap_or(-1))),
        children,
    })
}

fn state(id: Word<'_>, node: &Node, short: &Short, report: &mut Report) -> Option<State> {
    let mut section = Section::open(node, report)?;
    let (name, kind) = (section.required_text("name", report), section.required_text("type", report));
    let number = section.text("number", report);
    let value = section.text("value", report).and_then(|word| word.text.parse().ok());
    section.close(report);
    Some(State {
        node: short.node(id, report)?,
        name: short.name(name?, report)?,
        type_definition: short.node(kind?, report)?,
        number: number.and_then(|word| short.node(word, report)),
        value,
    })
}

fn data_type(id: Word<'_>, node: &Node, short: &Short, report: &mut Report) -> Option<DataTypeNode> {
    let mut section = Section::open(node, report)?;
    let (name, supertype) = (section.required_text("name", report), section.required_text("of", report));
    let values = section.text("values", report);
    let members = section.map("members", report);
    let members = members.iter().filter_map(|(key, node)| {
        let number = key.text.parse::<i64>().ok();
        if number.is_none() {
            report.error("QIAO-P016", key.place).argument("value", &key.text).argument("detail", "0, 1, 2, …");
        }
        Some((number?, section::text(node, report)?.text.to_owned()))
    });
    let members = members.collect();
    section.close(report);
    Some(DataTypeNode {
        node: short.node(id, report)?,
        name: BrowseName::new(short.of(id, report)?.0, name?.text),
        supertype: short.node(supertype?, report)?,
        members,
        values: values.and_then(|word| short.node(word, report)),
    })
}

impl Short {
    /// The namespace and what stands behind the colon.
    fn of<'w>(&self, word: Word<'w>, report: &mut Report) -> Option<(Arc<str>, &'w str)> {
        let parts = word.text.split_once(':');
        let found = parts.and_then(|(short, rest)| Some((Arc::clone(self.0.get(short)?), rest)));
        if found.is_none() {
            let mut known: Vec<&str> = self.0.keys().map(String::as_str).collect();
            known.sort_unstable();
            let detail = format!("it begins with none of: {}", known.join(", "));
            report.error("QIAO-P016", word.place).argument("value", word.text).argument("detail", detail);
        }
        found
    }

    fn name(&self, word: Word<'_>, report: &mut Report) -> Option<BrowseName> {
        self.of(word, report).map(|(namespace, name)| BrowseName::new(namespace, name))
    }

    fn node(&self, word: Word<'_>, report: &mut Report) -> Option<String> {
        let (namespace, number) = self.of(word, report)?;
        if number.parse::<u32>().is_err() {
            report.error("QIAO-P016", word.place).argument("value", word.text).argument("detail", "short:NUMBER");
            return None;
        }
        Some(if *namespace == *UA_NAMESPACE { format!("i={number}") } else { format!("nsu={namespace};i={number}") })
    }
}
