//! `beside:` of a manifest: topics that stand beside those of the messages and tell readers which machines there are.

use super::field::check_pointer;
use super::report::Report;
use super::section::{self, Section, Word};
use super::yaml::{Key, Node};
use std::time::Duration;

/// What is published beside the messages of a profile, all of it retained.
///
/// Topics are written behind the *base*: what stands in a flow's topic before [`Self::behind`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beside {
    /// What the topic of a message ends with, such as `/PressType/{machine}`.
    pub behind: String,
    /// Everything is said again this often.
    pub every: Duration,
    /// The object of a message whose values lists show: JSON pointer.
    pub data: String,
    /// Machines whose messages are published.
    pub machines: Option<MachineList>,
    /// Machines whose messages are not, and why.
    pub refused: Option<MachineList>,
    /// Whether a machine's messages are published: one topic each.
    pub online: Option<Sign>,
    /// Whether the gateway is connected; the broker itself says so when it is not any more.
    pub client: Option<Sign>,
    /// Which program publishes.
    pub version: Option<Note>,
}

/// A list of machines, as a JSON array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MachineList {
    /// Behind the base.
    pub topic: String,
    /// The members of the object that stands for one machine.
    pub entry: Vec<(String, Fact)>,
}

/// What a member of a list's entry says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// The values of [`Beside::data`].
    Data,
    /// The topic of the machine's messages.
    Topic,
    /// The machine's id, as it stands in topics.
    Machine,
    /// The node above the machine's root, written like an id.
    Parent,
    /// Why it is not shown.
    Error,
    /// Always the same.
    Text(String),
}

/// A topic with one of two texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sign {
    /// Behind the base; `{machine}` in it is the machine's id.
    pub topic: String,
    pub online: String,
    pub lost: String,
}

/// A topic with one text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Behind the base.
    pub topic: String,
    /// `{version}` in it is that of the program.
    pub text: String,
}

/// What stands for the machine in topics.
pub const MACHINE: &str = "{machine}";
/// What stands for the program's version.
pub const VERSION: &str = "{version}";
/// What topics begin with.
const BASE: &str = "{base}";

/// How often everything is said again, where a profile does not say it; and the bounds.
const EVERY: Duration = Duration::from_secs(30);
const SHORTEST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(3600);

const FACTS: &[(&str, Fact)] = &[
    ("{data}", Fact::Data),
    ("{topic}", Fact::Topic),
    (MACHINE, Fact::Machine),
    ("{parent}", Fact::Parent),
    ("{error}", Fact::Error),
];

impl Fact {
    /// As `profile.yaml` writes it.
    #[must_use]
    pub fn as_text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            fact => FACTS.iter().find(|(_, known)| known == fact).map_or("", |(text, _)| text),
        }
    }
}

impl Beside {
    /// Every topic, with what it tells: key of `profile.yaml`, topic behind the base, payload.
    #[must_use]
    pub fn topics(&self) -> Vec<(&'static str, &str, String)> {
        let list = |list: &MachineList| {
            let members: Vec<String> =
                list.entry.iter().map(|(name, fact)| format!("\"{name}\": {}", fact.as_text())).collect();
            format!("[{{ {} }}, …]", members.join(", "))
        };
        let sign = |sign: &Sign| format!("{} or {}", sign.online, sign.lost);
        let rows = [
            self.machines.as_ref().map(|one| ("machines", one.topic.as_str(), list(one))),
            self.refused.as_ref().map(|one| ("refused", one.topic.as_str(), list(one))),
            self.online.as_ref().map(|one| ("online", one.topic.as_str(), sign(one))),
            self.client.as_ref().map(|one| ("client", one.topic.as_str(), sign(one))),
            self.version.as_ref().map(|one| ("version", one.topic.as_str(), one.text.clone())),
        ];
        rows.into_iter().flatten().collect()
    }
}

/// What was read, and where its pointer stands: whether any field fills it is seen when the mapping is known.
#[derive(Debug)]
pub(super) struct Written {
    pub beside: Beside,
    pub data: super::Place,
}

/// `None` when there is no such section or something in it is wrong, and then the report says what.
pub(super) fn read(section: &mut Section<'_>, topic: Option<Word<'_>>, report: &mut Report) -> Option<Written> {
    let node = section.node("beside")?;
    let mut section = Section::open(node, report)?;
    let behind = section.required_text("behind", report);
    if let (Some(behind), Some(topic)) = (behind, topic) {
        let literal = behind.text.replacen(MACHINE, "", 1);
        let is_level =
            behind.text.starts_with('/') && literal.len() < behind.text.len() && !literal.contains(['{', '}']);
        if !is_level || topic.text.strip_suffix(behind.text).is_none_or(str::is_empty) {
            report.error("QIAO-P083", behind.place).argument("behind", behind.text).argument("topic", topic.text);
        }
    }
    let every = section.duration("every", report).unwrap_or(EVERY);
    if !(SHORTEST..=LONGEST).contains(&every) {
        report.error("QIAO-P034", section.place).argument("key", "every");
    }
    let data = section.required_text("data", report);
    if let Some(data) = data {
        check_pointer(data, report);
    }
    let place = section.place;
    let machines = list(&mut section, "machines", report);
    let refused = list(&mut section, "refused", report);
    let online = sign(&mut section, "online", true, report);
    let client = sign(&mut section, "client", false, report);
    let version = section.node("version").and_then(|node| {
        let mut section = Section::open(node, report)?;
        let topic = behind_base(&mut section, false, report);
        let text = section.required_text("text", report);
        section.close(report);
        Some(Note { topic: topic?, text: text?.text.to_owned() })
    });
    section.close(report);
    let beside = Beside {
        behind: behind?.text.to_owned(),
        every,
        data: data?.text.to_owned(),
        machines,
        refused,
        online,
        client,
        version,
    };
    if beside.topics().is_empty() {
        report.error("QIAO-P008", place).argument("key", "machines | refused | online | client | version");
    }
    Some(Written { beside, data: data?.place })
}

fn list(section: &mut Section<'_>, key: &'static str, report: &mut Report) -> Option<MachineList> {
    let mut section = Section::open(section.node(key)?, report)?;
    let topic = behind_base(&mut section, false, report);
    let entry = section.map("entry", report);
    if entry.is_empty() {
        report.error("QIAO-P008", section.place).argument("key", "entry");
    }
    let entry = entry.iter().filter_map(|(key, node)| member(key, node, report)).collect();
    section.close(report);
    Some(MachineList { topic: topic?, entry })
}

fn member(key: &Key, node: &Node, report: &mut Report) -> Option<(String, Fact)> {
    let word = section::text(node, report)?;
    let fact = if word.text.contains(['{', '}']) {
        section::one_of(word, &FACTS.iter().map(|(text, fact)| (*text, fact)).collect::<Vec<_>>(), report)?.clone()
    } else {
        Fact::Text(word.text.to_owned())
    };
    Some((key.text.clone(), fact))
}

fn sign(section: &mut Section<'_>, key: &'static str, is_of_machine: bool, report: &mut Report) -> Option<Sign> {
    let mut section = Section::open(section.node(key)?, report)?;
    let topic = behind_base(&mut section, is_of_machine, report);
    let online = section.required_text("online", report);
    let lost = section.required_text("lost", report);
    section.close(report);
    Some(Sign { topic: topic?, online: online?.text.to_owned(), lost: lost?.text.to_owned() })
}

/// A topic without its `{base}`; it names the machine exactly where it is one machine's.
fn behind_base(section: &mut Section<'_>, is_of_machine: bool, report: &mut Report) -> Option<String> {
    let word = section.required_text("topic", report)?;
    let rest = word.text.strip_prefix(BASE).filter(|rest| {
        let literal = rest.replacen(MACHINE, "", usize::from(is_of_machine));
        rest.starts_with('/')
            && is_of_machine == rest.contains(MACHINE)
            && !literal.contains(['{', '}', '+', '#'])
            && !literal.chars().any(char::is_control)
    });
    if rest.is_none() {
        let expected = if is_of_machine { "{base}/…/{machine}" } else { "{base}/…" };
        report.error("QIAO-P082", word.place).argument("topic", word.text).argument("expected", expected);
    }
    rest.map(str::to_owned)
}
