//! NodeSet2 files of the user (OPC 10000-6 annex F): read, put in order, written into the address space.
//!
//! A value is taken over when it is a scalar, a text, or a list of texts; other values (structures) are left out.

use super::value;
use super::xml::{self, Element};
use crate::finding::Finding;
use crate::opcua::namespace::{Namespaces, UA};
use ::opcua::nodes::{
    DataTypeBuilder, EventNotifier, MethodBuilder, ObjectBuilder, ObjectTypeBuilder, ReferenceTypeBuilder,
    VariableBuilder, VariableTypeBuilder,
};
use ::opcua::server::address_space::{AccessLevel, AddressSpace};
use ::opcua::types::{
    Array, DataValue, DateTime, LocalizedText, NodeId, QualifiedName, ReferenceTypeId, StatusCode, Variant,
    VariantScalarTypeId,
};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// A file larger than this is no NodeSet that a gateway should show.
const BYTES_MAX: u64 = 64 << 20;

/// One file.
#[derive(Debug)]
pub(super) struct NodeSet {
    pub(super) file: PathBuf,
    /// The namespaces that it defines.
    pub(super) own: Vec<String>,
    needs: Vec<String>,
    /// By index in the file.
    uris: Vec<String>,
    aliases: HashMap<String, String>,
    root: Element,
}

/// Reads the files and puts them in order: each behind those that it needs. Those that cannot be used are told.
pub(super) fn load(files: &[PathBuf], connection: &str) -> (Vec<NodeSet>, Vec<Finding>) {
    let mut findings = Vec::new();
    let mut waiting = Vec::new();
    for file in files {
        match NodeSet::read(file) {
            Ok(set) => waiting.push(set),
            Err(reason) => findings
                .push(Finding::error("QIAO-F011", connection).with("file", file.display()).with("reason", reason)),
        }
    }
    let mut ordered: Vec<NodeSet> = Vec::new();
    let mut known = vec![UA.to_owned()];
    while let Some(at) = waiting.iter().position(|set| set.needs.iter().all(|need| known.contains(need))) {
        let set = waiting.remove(at);
        known.extend(set.own.iter().cloned());
        ordered.push(set);
    }
    for set in waiting {
        let missing = set.needs.iter().find(|need| !known.contains(need)).cloned().unwrap_or_default();
        findings.push(Finding::error("QIAO-F012", connection).with("file", set.file.display()).with("model", missing));
    }
    (ordered, findings)
}

impl NodeSet {
    fn read(file: &Path) -> Result<Self, String> {
        let length = std::fs::metadata(file).map_err(|error| error.to_string())?.len();
        if length > BYTES_MAX {
            return Err(format!("larger than {} MiB", BYTES_MAX >> 20));
        }
        let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
        Self::parse(file, text.trim_start_matches('\u{FEFF}'))
    }

    fn parse(file: &Path, text: &str) -> Result<Self, String> {
        let root = xml::read(text).map_err(|error| error.to_string())?;
        if root.name != "UANodeSet" {
            return Err(format!("`{}` is not `UANodeSet`", root.name));
        }
        let mut uris = vec![UA.to_owned()];
        let listed = root.child("NamespaceUris").into_iter().flat_map(|list| list.all("Uri"));
        uris.extend(listed.map(|uri| uri.text.trim().to_owned()));
        let models: Vec<&Element> = root.child("Models").into_iter().flat_map(|list| list.all("Model")).collect();
        let uri = |element: &Element| element.attribute("ModelUri").map(str::to_owned);
        let mut own: Vec<String> = models.iter().filter_map(|model| uri(model)).collect();
        if own.is_empty() {
            own.extend(uris.get(1).cloned());
        }
        if own.is_empty() || own.iter().any(|uri| uri == UA) {
            return Err("it defines no namespace of its own".to_owned());
        }
        let required = models.iter().flat_map(|model| model.all("RequiredModel")).filter_map(uri);
        let needs: Vec<String> = required.chain(uris.iter().cloned()).filter(|need| !own.contains(need)).collect();
        let aliases = root.child("Aliases").into_iter().flat_map(|list| list.all("Alias"));
        let aliases =
            aliases.filter_map(|alias| Some((alias.attribute("Alias")?.to_owned(), alias.text.trim().to_owned())));
        Ok(Self { file: file.to_owned(), own, needs, uris, aliases: aliases.collect(), root })
    }

    /// Writes every node; gives how many there were.
    pub(super) fn write(&self, space: &mut AddressSpace, table: &Namespaces, language: &str) -> usize {
        let writer = Writer { set: self, table, language };
        self.root.children.iter().filter(|element| writer.node(element, space).is_some()).count()
    }
}

struct Writer<'a> {
    set: &'a NodeSet,
    table: &'a Namespaces,
    language: &'a str,
}

impl Writer<'_> {
    fn index(&self, in_file: usize) -> Option<u16> {
        self.table.index(self.set.uris.get(in_file)?).ok()
    }

    /// `ns=1;i=7` in the numbers of the file, or an alias.
    fn id(&self, text: &str) -> Option<NodeId> {
        let text = self.set.aliases.get(text).map_or(text, String::as_str);
        let (index, identifier) = match text.strip_prefix("ns=") {
            Some(rest) => {
                let (index, identifier) = rest.split_once(';')?;
                (index.parse().ok()?, identifier)
            }
            None => (0, text),
        };
        let local = self.table.resolve(identifier).ok()?;
        Some(NodeId { namespace: self.index(index)?, identifier: local.identifier })
    }

    fn name(&self, text: &str) -> Option<QualifiedName> {
        let (index, name) = match text.split_once(':') {
            Some((index, name)) if index.bytes().all(|byte| byte.is_ascii_digit()) => (index.parse().ok()?, name),
            _ => (0, text),
        };
        Some(QualifiedName::new(self.index(index)?, name))
    }

    fn text(&self, element: &Element, name: &str) -> Option<LocalizedText> {
        let locale = |one: &&Element| one.attribute("Locale").is_some_and(|tag| tag.starts_with(self.language));
        let chosen = element.all(name).find(locale).or_else(|| element.child(name))?;
        Some(LocalizedText::new(chosen.attribute("Locale").unwrap_or_default(), chosen.text.trim()))
    }

    fn node(&self, element: &Element, space: &mut AddressSpace) -> Option<()> {
        let id = self.id(element.attribute("NodeId")?)?;
        let name = self.name(element.attribute("BrowseName")?)?;
        let display = self.text(element, "DisplayName").unwrap_or_else(|| LocalizedText::new("", name.name.as_ref()));
        let description = self.text(element, "Description").unwrap_or_else(LocalizedText::null);
        let is_abstract = element.attribute("IsAbstract") == Some("true");
        let data_type = || element.attribute("DataType").map_or(Some(NodeId::new(0, 24_u32)), |text| self.id(text));
        let value_rank = element.attribute("ValueRank").and_then(|rank| rank.parse().ok()).unwrap_or(-1);
        match element.name.as_str() {
            "UAObject" => {
                let bits = element.attribute("EventNotifier").and_then(|bits| bits.parse().ok()).unwrap_or(0);
                let notifier = EventNotifier::from_bits_truncate(bits) & EventNotifier::SUBSCRIBE_TO_EVENTS;
                ObjectBuilder::new(&id, name, display).description(description).event_notifier(notifier).insert(space)
            }
            "UAVariable" => {
                // Nobody writes what a file says.
                let access = AccessLevel::CURRENT_READ;
                let builder = VariableBuilder::new(&id, name, display).description(description);
                let builder = builder.data_type(data_type()?).value_rank(value_rank);
                let mut built = builder.access_level(access).user_access_level(access).build();
                built.set_data_value(element.child("Value").and_then(value_of).map_or_else(value::not_yet, good));
                space.insert::<_, NodeId>(built, None)
            }
            "UAMethod" => {
                MethodBuilder::new(&id, name, display).description(description).executable(false).insert(space)
            }
            "UAObjectType" => ObjectTypeBuilder::new(&id, name, display)
                .description(description)
                .is_abstract(is_abstract)
                .insert(space),
            "UAVariableType" => VariableTypeBuilder::new(&id, name, display)
                .description(description)
                .is_abstract(is_abstract)
                .data_type(data_type()?)
                .value_rank(value_rank)
                .insert(space),
            "UADataType" => {
                DataTypeBuilder::new(&id, name, display).description(description).is_abstract(is_abstract).insert(space)
            }
            "UAReferenceType" => {
                let builder = ReferenceTypeBuilder::new(&id, name, display).description(description);
                let builder =
                    builder.is_abstract(is_abstract).symmetric(element.attribute("Symmetric") == Some("true"));
                match self.text(element, "InverseName") {
                    Some(inverse) => builder.inverse_name(inverse).insert(space),
                    None => builder.insert(space),
                }
            }
            _ => return None,
        };
        let references = element.child("References").into_iter().flat_map(|list| list.all("Reference"));
        for reference in references {
            let kind = reference.attribute("ReferenceType").and_then(|text| self.id(text));
            let (Some(kind), Some(target)) = (kind, self.id(reference.text.trim())) else { continue };
            if reference.attribute("IsForward") == Some("false") {
                space.insert_reference(&target, &id, kind);
            } else {
                space.insert_reference(&id, &target, kind);
            }
        }
        // Older files say it only here.
        if let Some(parent) = element.attribute("ParentNodeId").and_then(|text| self.id(text))
            && element.child("References").is_none()
        {
            space.insert_reference(&parent, &id, ReferenceTypeId::HasComponent);
        }
        Some(())
    }
}

fn good(value: Variant) -> DataValue {
    let now = DateTime::now();
    DataValue {
        value: Some(value),
        status: Some(StatusCode::Good),
        source_timestamp: Some(now),
        server_timestamp: Some(now),
        ..DataValue::default()
    }
}

fn value_of(element: &Element) -> Option<Variant> {
    let inner = element.children.first()?;
    let text = inner.text.trim();
    Some(match inner.name.as_str() {
        "Boolean" => Variant::Boolean(text == "true" || text == "1"),
        "SByte" => Variant::SByte(text.parse().ok()?),
        "Byte" => Variant::Byte(text.parse().ok()?),
        "Int16" => Variant::Int16(text.parse().ok()?),
        "UInt16" => Variant::UInt16(text.parse().ok()?),
        "Int32" => Variant::Int32(text.parse().ok()?),
        "UInt32" => Variant::UInt32(text.parse().ok()?),
        "Int64" => Variant::Int64(text.parse().ok()?),
        "UInt64" => Variant::UInt64(text.parse().ok()?),
        "Float" => Variant::Float(text.parse().ok()?),
        "Double" => Variant::Double(text.parse().ok()?),
        "String" => Variant::String(text.into()),
        "LocalizedText" => Variant::LocalizedText(Box::new(localized(inner))),
        "ListOfString" => {
            let texts = inner.all("String").map(|one| Variant::String(one.text.trim().into()));
            list(VariantScalarTypeId::String, texts.collect())?
        }
        "ListOfLocalizedText" => {
            let texts = inner.all("LocalizedText").map(|one| Variant::LocalizedText(Box::new(localized(one))));
            list(VariantScalarTypeId::LocalizedText, texts.collect())?
        }
        _ => return None,
    })
}

fn localized(element: &Element) -> LocalizedText {
    LocalizedText::new(element.text_of("Locale").unwrap_or_default(), element.text_of("Text").unwrap_or_default())
}

fn list(kind: VariantScalarTypeId, values: Vec<Variant>) -> Option<Variant> {
    Some(Variant::Array(Box::new(Array::new(kind, values).ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(folder: &Path, name: &str, own: &str, needs: &[&str]) -> PathBuf {
        let uris: String = std::iter::once(&own).chain(needs).map(|uri| format!("<Uri>{uri}</Uri>")).collect();
        let required: String = needs.iter().map(|uri| format!("<RequiredModel ModelUri=\"{uri}\"/>")).collect();
        let text = format!(
            "<UANodeSet xmlns=\"http://opcfoundation.org/UA/2011/03/UANodeSet.xsd\"><NamespaceUris>{uris}</NamespaceUris>\
             <Models><Model ModelUri=\"{own}\">{required}</Model></Models></UANodeSet>"
        );
        let path = folder.join(name);
        std::fs::write(&path, text).expect("written");
        path
    }

    #[test]
    fn files_come_behind_those_that_they_need_and_faults_are_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let (a, b) = (file(folder.path(), "a", "urn:a", &["urn:b"]), file(folder.path(), "b", "urn:b", &[]));
        let (c, d) = (file(folder.path(), "c", "urn:c", &["urn:x"]), folder.path().join("d"));
        std::fs::write(&d, "<UANodeSet>\n<oops></UANodeSet>").expect("written");
        let (sets, findings) = load(&[a, b, c, d, folder.path().join("none")], "face");
        let order: Vec<&str> = sets.iter().map(|set| set.own[0].as_str()).collect();
        assert_eq!(order, ["urn:b", "urn:a"]);
        let codes: Vec<&str> = findings.iter().map(|finding| &*finding.code.0).collect();
        assert_eq!(codes, ["QIAO-F011", "QIAO-F011", "QIAO-F012"]);
        assert!(findings[0].arguments.iter().any(|(_, text)| text.contains("line 2")), "{findings:?}");
    }
}
