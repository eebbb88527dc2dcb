//! `profile.yaml`: what a profile is, what it rests on, how its messages travel.

use super::beside::{self, Written};
use super::channel::{self, Placed};
use super::detect::{self, Condition};
use super::report::Report;
use super::section::{self, Section, Word};
use super::spelling;
use super::yaml::Node;
use super::{About, Codec, Exchange, MachineId, MessageKind, Reading, SourceDocument, Titles, WhenLost};
use crate::model::delivery::TopicKind;
use std::time::Duration;

/// A manifest that was read without a fault.
#[derive(Debug)]
pub(super) struct Manifest {
    pub name: String,
    pub version: String,
    pub titles: Titles,
    pub about: About,
    pub exchange: Exchange,
    pub detect: Vec<Condition>,
    pub codec: Codec,
    pub travel: Travel,
    pub spellings: Vec<(String, String)>,
}

/// How the messages of a profile travel in a flow.
#[derive(Debug)]
pub(super) struct Travel {
    pub message: MessageKind,
    pub every: Duration,
    pub at_least_every: Option<Duration>,
    pub complete_within: Duration,
    pub topic: String,
    pub topic_kind: TopicKind,
    pub machine_id: MachineId,
    pub type_definition: Option<String>,
    pub when_lost: WhenLost,
    pub channels: Vec<Placed>,
    pub beside: Option<Written>,
}

impl Travel {
    /// Of a document, which no flow takes.
    fn none() -> Self {
        Self {
            message: MessageKind::Image,
            every: Duration::ZERO,
            at_least_every: None,
            complete_within: Duration::ZERO,
            topic: String::new(),
            topic_kind: TopicKind::State,
            machine_id: MachineId::Node,
            type_definition: None,
            when_lost: WhenLost::Clear,
            channels: Vec::new(),
            beside: None,
        }
    }
}

/// Their names in `profile.yaml`, shared with the pages that show them.
pub(super) const CODECS: &[(&str, Codec)] =
    &[("ua-json", Codec::UaJson), ("umati-json", Codec::UmatiJson), ("json", Codec::Json), ("nc-link", Codec::NcLink)];
pub(super) const EXCHANGES: &[(&str, Exchange)] = &[("flow", Exchange::Flow), ("document", Exchange::Document)];
pub(super) const MESSAGES: &[(&str, MessageKind)] = &[
    ("image", MessageKind::Image),
    ("delta", MessageKind::Delta),
    ("event", MessageKind::Event),
    ("sample", MessageKind::Sample),
];
pub(super) const TOPIC_KINDS: &[(&str, TopicKind)] = &[("state", TopicKind::State), ("log", TopicKind::Log)];
pub(super) const MACHINE_IDS: &[(&str, MachineId)] =
    &[("node", MachineId::Node), ("browse-name", MachineId::BrowseName)];
pub(super) const WHEN_LOST: &[(&str, WhenLost)] = &[("clear", WhenLost::Clear), ("republish", WhenLost::Republish)];
pub(super) const READINGS: &[(&str, Reading)] = &[("primary", Reading::Primary), ("secondary", Reading::Secondary)];

/// The longest a first message may wait.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);

/// Reads a manifest; `None` when something in it is wrong, and then the report says what.
pub(super) fn read(node: &Node, report: &mut Report) -> Option<Manifest> {
    let faults = report.findings.len();
    let mut section = Section::open(node, report)?;
    let name = section.required_text("profile", report);
    let version = section.required_text("version", report);
    check_id(name, version, report);
    let titles = section.titles("title", report);
    let about = about(&mut section, report);
    let exchange = section.choice("exchange", EXCHANGES, report).unwrap_or(Exchange::Flow);
    let detect = detect::conditions(&mut section, report);
    let codec = section.required_choice("codec", CODECS, report);
    let travel = match exchange {
        Exchange::Flow => travel(&mut section, report),
        Exchange::Document => Some(Travel::none()),
    };
    if exchange == Exchange::Document && codec.is_some_and(|codec| codec != Codec::Json) {
        report
            .error("QIAO-P010", section.place)
            .argument("value", "codec")
            .argument("choices", "json")
            .argument("nearest", "none");
    }
    let spellings = spelling::read(&mut section, codec, report);
    section.close(report);
    if report.findings.len() > faults {
        return None;
    }
    Some(Manifest {
        name: name?.text.to_owned(),
        version: version?.text.to_owned(),
        titles: titles?,
        about: about?,
        exchange,
        detect,
        codec: codec?,
        travel: travel?,
        spellings,
    })
}

/// The keys that a flow needs.
fn travel(section: &mut Section<'_>, report: &mut Report) -> Option<Travel> {
    let message = section.required_choice("message", MESSAGES, report);
    let channels = channel::read(section, message, report);
    let every = section.duration("every", report).unwrap_or(Duration::ZERO);
    let at_least_every = section.duration("at-least-every", report);
    let complete_within = section.duration("complete-within", report).unwrap_or(Duration::from_secs(10));
    if complete_within > LONGEST_WAIT || at_least_every.is_some_and(|longest| longest < every) {
        report.error("QIAO-P034", section.place).argument("key", "every, at-least-every, complete-within");
    }
    let topic = section.required_text("topic", report);
    if let Some(topic) = topic.filter(|topic| topic.text.contains(['+', '#', '\0'])) {
        report.error("QIAO-P023", topic.place).argument("topic", topic.text).argument("detail", "+ #");
    }
    let topic_kind = section.required_choice("topic-kind", TOPIC_KINDS, report);
    let machine_id = section.required_choice("machine-id", MACHINE_IDS, report);
    let when_lost = section.required_choice("when-lost", WHEN_LOST, report);
    let type_definition = section.text("type", report);
    if let Some(word) = type_definition.filter(|word| !super::mapping::is_node_id(word.text)) {
        report.error("QIAO-P016", word.place).argument("value", word.text).argument("detail", "nsu=URI;i=NUMBER");
    }
    let beside = beside::read(section, topic, report);
    Some(Travel {
        message: message?,
        every,
        at_least_every,
        complete_within,
        topic: topic?.text.to_owned(),
        topic_kind: topic_kind?,
        machine_id: machine_id?,
        type_definition: type_definition.map(|word| word.text.to_owned()),
        when_lost: when_lost?,
        channels,
        beside,
    })
}

/// `family/profile` in words, a version of digits and dots.
fn check_id(name: Option<Word<'_>>, version: Option<Word<'_>>, report: &mut Report) {
    if let Some(name) = name {
        let is_good = name
            .text
            .split_once('/')
            .is_some_and(|(family, profile)| super::path::is_word(family) && super::path::is_word(profile));
        if !is_good {
            report.error("QIAO-P012", name.place).argument("value", name.text).argument("example", "acme/press");
        }
    }
    if let Some(version) = version {
        let is_good = version.text.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
        if !is_good {
            report.error("QIAO-P012", version.place).argument("value", version.text).argument("example", "1.02");
        }
    }
}

fn about(section: &mut Section<'_>, report: &mut Report) -> Option<About> {
    let description = section.titles("description", report);
    let place = section.place;
    let listed = section.list("sources", report);
    if listed.is_empty() {
        report.error("QIAO-P008", place).argument("key", "sources");
    }
    let sources = listed.iter().filter_map(|node| source(node, report)).collect();
    let covered = section.list("covered", report);
    let covered = covered.iter().filter_map(|node| section::titles(node, report)).collect();
    let not_covered = section.list("not-covered", report);
    let not_covered = not_covered.iter().filter_map(|node| section::titles(node, report)).collect();
    Some(About { description: description?, sources, covered, not_covered })
}

fn source(node: &Node, report: &mut Report) -> Option<SourceDocument> {
    let mut section = Section::open(node, report)?;
    let document = section.required_text("document", report);
    let edition = section.required_text("edition", report);
    let reading = section.required_choice("read", READINGS, report);
    let used_for = section.titles("used-for", report);
    section.close(report);
    Some(SourceDocument {
        document: document?.text.to_owned(),
        edition: edition?.text.to_owned(),
        reading: reading?,
        used_for: used_for?,
    })
}
