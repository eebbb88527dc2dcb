//! One folder: read, checked, with every fault at its place.

use super::report::{Place, Report};
use super::{Concepts, Profile, Rule, channel, json, manifest, mapping, nodes, rule, schema, yaml};
use crate::finding::{Checked, Finding};
use crate::model::NodeTypes;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Files by their path below a folder, steps joined by `/`.
pub type Files = BTreeMap<String, Vec<u8>>;

/// A schema larger than this is refused before anybody parses it; the same for every other file of a profile.
pub const MAX_FILE: usize = 256 * 1024;

/// A profile with everything that stands in its folder.
#[derive(Clone, Debug)]
pub struct Folder {
    pub profile: Arc<Profile>,
    pub valid: Vec<Example>,
    pub invalid: Vec<Example>,
    /// What must hold beyond the schema, in the order of `rules.yaml`.
    pub rules: Vec<Rule>,
    /// Where the schema's text lies, to tell a fault of it by line and column.
    pub schema_text: String,
}

/// A message of `examples/`.
#[derive(Clone, Debug)]
pub struct Example {
    /// File below the folder, such as `examples/valid/all-types.json`.
    pub file: String,
    pub text: String,
    pub message: Value,
    /// Of an invalid one: what must be found.
    pub expectation: Option<Expectation>,
}

impl Example {
    fn is_refused_by(&self, rule: &str) -> bool {
        matches!(&self.expectation, Some(Expectation { refused_by: RefusedBy::Rule(id), .. }) if id == rule)
    }
}

/// `<example>.expect.json`: the one thing that is wrong with an invalid example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// JSON pointer into the message.
    pub pointer: String,
    pub refused_by: RefusedBy,
    /// In a few words of English: what the example shows.
    pub shows: String,
}

/// Who refuses an invalid example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefusedBy {
    /// A keyword of the schema.
    Keyword(String),
    /// The rule with this id; the schema takes it.
    Rule(String),
}

/// Reads the files of one folder, whose fields speak of these concepts. `shown_as` stands before every
/// file name in the findings. The value is `None` when
/// there is no profile to work with.
#[must_use]
pub fn read(shown_as: &str, files: &Files, concepts: &Concepts) -> Checked<Option<Folder>> {
    let mut reader = Reader { shown_as, files, concepts, findings: Vec::new() };
    let value = reader.folder();
    Checked { value, findings: reader.findings }
}

/// A file as text, when it is UTF-8 and within the limit.
pub(super) fn text_of(bytes: &[u8], report: &mut Report) -> Option<String> {
    if bytes.len() > MAX_FILE {
        report.whole("QIAO-P003").argument("limit", format!("{} KiB", MAX_FILE / 1024));
        return None;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text.to_owned()),
        Err(error) => {
            let before = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            report.error("QIAO-P002", Place::of_byte(&before, before.len()));
            None
        }
    }
}

struct Reader<'f> {
    shown_as: &'f str,
    files: &'f Files,
    concepts: &'f Concepts,
    findings: Vec<Finding>,
}

impl Reader<'_> {
    fn folder(&mut self) -> Option<Folder> {
        self.check_names();
        let manifest = self.yaml("profile.yaml").and_then(|(node, mut report)| {
            let manifest = manifest::read(&node, &mut report);
            self.findings.append(&mut report.findings);
            manifest
        });
        let schema = self.json("schema.json");
        let mapping = self.yaml("mapping.yaml").and_then(|(node, mut report)| {
            let mapping = mapping::read(&node, self.concepts, &mut report);
            if let (Some(mapping), Some((_, schema))) = (&mapping, &schema) {
                schema::check_described(schema, &mapping.places, &mut report);
            }
            self.findings.append(&mut report.findings);
            mapping
        });
        let nodes = self.nodes();
        let valid = self.examples("examples/valid/");
        let invalid = self.examples("examples/invalid/");
        let rules = self.rules(&invalid);
        if let (Some(manifest), Some((text, schema))) = (&manifest, &schema) {
            let mut report = self.report("schema.json");
            schema::check_head(schema, &format!("{}@{}", manifest.name, manifest.version), text, &mut report);
            self.findings.append(&mut report.findings);
        }
        if let (Some(manifest), Some(mapping)) = (&manifest, &mapping) {
            let mut report = self.report("profile.yaml");
            channel::check(&manifest.travel.channels, &mapping.mapping, &mut report);
            self.findings.append(&mut report.findings);
        }
        if let (Some(manifest), Some(mapping)) = (&manifest, &mapping)
            && let Some(written) = &manifest.travel.beside
        {
            let is_below =
                |pointer: &str| pointer.strip_prefix(&written.beside.data).is_some_and(|rest| rest.starts_with('/'));
            if !mapping.mapping.fields.iter().any(|field| is_below(&field.pointer)) {
                let mut report = self.report("profile.yaml");
                report.error("QIAO-P084", written.data).argument("pointer", &written.beside.data);
                self.findings.append(&mut report.findings);
            }
        }
        let (manifest, (schema_text, schema), mut mapping) = (manifest?, schema?, mapping?.mapping);
        for field in &mut mapping.fields {
            field.takes_null = schema::takes_null(&schema, &field.pointer);
            field.is_time = schema::is_time(&schema, &field.pointer);
            field.is_text = schema::is_text(&schema, &field.pointer);
            let concept = field.concept.as_deref().and_then(|id| self.concepts.find(id));
            field.titles = concept.map(|concept| Arc::new(concept.titles.clone()));
        }
        if self.findings.iter().any(super::is_error) {
            return None;
        }
        let profile = Arc::new(Profile {
            name: manifest.name,
            version: manifest.version,
            titles: manifest.titles,
            about: Arc::new(manifest.about),
            exchange: manifest.exchange,
            detect: manifest.detect,
            codec: manifest.codec,
            message: manifest.travel.message,
            every: manifest.travel.every,
            at_least_every: manifest.travel.at_least_every,
            complete_within: manifest.travel.complete_within,
            topic: manifest.travel.topic,
            topic_kind: manifest.travel.topic_kind,
            machine_id: manifest.travel.machine_id,
            type_definition: manifest.travel.type_definition,
            when_lost: manifest.travel.when_lost,
            channels: manifest.travel.channels.into_iter().map(|(channel, _)| channel).collect(),
            beside: manifest.travel.beside.map(|written| Arc::new(written.beside)),
            spellings: manifest.spellings.into(),
            schema: Arc::new(schema),
            mapping: Arc::new(mapping),
            nodes,
        });
        Some(Folder { profile, valid, invalid, rules, schema_text })
    }

    fn report(&self, file: &str) -> Report {
        Report::new(if self.shown_as.is_empty() { file.to_owned() } else { format!("{}/{file}", self.shown_as) })
    }

    /// A misspelt file name would otherwise be a rule that nobody checks.
    fn check_names(&mut self) {
        for file in self.files.keys() {
            let is_known =
                matches!(
                    file.as_str(),
                    "profile.yaml" | "schema.json" | "mapping.yaml" | "nodes.yaml" | "rules.yaml" | "README.md"
                ) || file.strip_prefix("rules/").is_some_and(|name| !name.contains('/') && name.ends_with(".md"))
                    || ["examples/valid/", "examples/invalid/"].iter().any(|folder| {
                        file.strip_prefix(folder).is_some_and(|name| !name.contains('/') && name.ends_with(".json"))
                    })
                    || file.starts_with("golden/");
            if !is_known {
                let mut report = self.report(file);
                report.whole("QIAO-P024");
                self.findings.append(&mut report.findings);
            }
        }
    }

    /// The text of a file that must be there.
    fn text(&mut self, file: &str) -> Option<String> {
        let mut report = self.report(file);
        let text = match self.files.get(file) {
            None => {
                report.whole("QIAO-P001");
                None
            }
            Some(bytes) => text_of(bytes, &mut report),
        };
        self.findings.append(&mut report.findings);
        text
    }

    fn yaml(&mut self, file: &str) -> Option<(yaml::Node, Report)> {
        let text = self.text(file)?;
        let mut report = self.report(file);
        match yaml::parse(&text, &mut report) {
            Some(node) => Some((node, report)),
            None => {
                self.findings.append(&mut report.findings);
                None
            }
        }
    }

    fn json(&mut self, file: &str) -> Option<(String, Value)> {
        let text = self.text(file)?;
        let mut report = self.report(file);
        let value = json::parse(&text, &mut report);
        self.findings.append(&mut report.findings);
        Some((text, value?))
    }

    /// `nodes.yaml`, when there is one.
    fn nodes(&mut self) -> Option<Arc<NodeTypes>> {
        if !self.files.contains_key("nodes.yaml") {
            return None;
        }
        let (node, mut report) = self.yaml("nodes.yaml")?;
        let nodes = nodes::read(&node, &mut report);
        self.findings.append(&mut report.findings);
        nodes.map(Arc::new)
    }

    /// `rules.yaml`, when there is one, with the page of every rule; each is shown by an invalid example.
    fn rules(&mut self, invalid: &[Example]) -> Vec<Rule> {
        let mut pages: Vec<String> = self
            .files
            .keys()
            .filter_map(|file| file.strip_prefix("rules/")?.strip_suffix(".md"))
            .map(str::to_owned)
            .collect();
        let mut rules = Vec::new();
        if self.files.contains_key("rules.yaml")
            && let Some((node, mut report)) = self.yaml("rules.yaml")
        {
            for (mut rule, place) in rule::read(&node, &mut report) {
                let page = format!("rules/{}.md", rule.id);
                if pages.contains(&rule.id) {
                    rule.page = self.text(&page).unwrap_or_default();
                    pages.retain(|id| *id != rule.id);
                } else {
                    report.error("QIAO-P063", place).argument("id", &rule.id);
                }
                if !invalid.iter().any(|example| example.is_refused_by(&rule.id)) {
                    report.error("QIAO-P068", place).argument("id", &rule.id);
                }
                rules.push(rule);
            }
            self.findings.append(&mut report.findings);
        }
        for id in pages {
            let mut report = self.report(&format!("rules/{id}.md"));
            report.whole("QIAO-P064").argument("id", &id).nearest(&id, rules.iter().map(|rule| rule.id.as_str()));
            self.findings.append(&mut report.findings);
        }
        self.known_rules(&rules, invalid);
        rules
    }

    /// An example that names a rule which is not there shows nothing.
    fn known_rules(&mut self, rules: &[Rule], invalid: &[Example]) {
        for example in invalid {
            let Some(Expectation { refused_by: RefusedBy::Rule(id), .. }) = &example.expectation else { continue };
            if !rules.iter().any(|rule| rule.id == *id) {
                let mut report = self.report(&format!("{}.expect.json", example.file.trim_end_matches(".json")));
                report.whole("QIAO-P072").argument("id", id).nearest(id, rules.iter().map(|rule| rule.id.as_str()));
                self.findings.append(&mut report.findings);
            }
        }
    }

    fn examples(&mut self, folder: &str) -> Vec<Example> {
        let names: Vec<String> = self
            .files
            .keys()
            .filter(|file| file.starts_with(folder) && !file.ends_with(".expect.json"))
            .cloned()
            .collect();
        if names.is_empty() {
            let mut report = self.report(folder.trim_end_matches('/'));
            report.whole("QIAO-P033");
            self.findings.append(&mut report.findings);
        }
        let is_invalid = folder.contains("invalid");
        names
            .into_iter()
            .filter_map(|file| {
                let expectation = if is_invalid { Some(self.expectation(&file)?) } else { None };
                let (text, message) = self.json(&file)?;
                Some(Example { file, text, message, expectation })
            })
            .collect()
    }

    /// The sidecar of an invalid example.
    fn expectation(&mut self, example: &str) -> Option<Expectation> {
        let file = format!("{}.expect.json", example.trim_end_matches(".json"));
        let (_, value) = self.json(&file)?;
        let word = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        let refused_by = match (word("keyword"), word("rule")) {
            (Some(keyword), None) => Some(RefusedBy::Keyword(keyword)),
            (None, Some(rule)) => Some(RefusedBy::Rule(rule)),
            _ => None,
        };
        let expectation = match (word("pointer"), refused_by, word("shows")) {
            (Some(pointer), Some(refused_by), Some(shows)) => Some(Expectation { pointer, refused_by, shows }),
            _ => None,
        };
        let is_closed = value.as_object().is_some_and(|members| members.len() == 3);
        if expectation.is_none() || !is_closed {
            let mut report = self.report(&file);
            report.error("QIAO-P025", Place::START);
            self.findings.append(&mut report.findings);
        }
        expectation
    }
}
