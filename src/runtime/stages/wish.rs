//! What the machines of a discovery want to become: ids, topics and roles.

use super::conditions;
use super::outlet::Outlet;
use crate::assemble::identity;
use crate::config::plan::{FlowPlan, Location, Plan};
use crate::finding::Finding;
use crate::model::topic_pattern::Part;
use crate::model::{Discovery, FoundMachine, MessageProperties, TopicName, TopicPattern};
use crate::profile::Profile;
use crate::route::{Template, Values};
use std::sync::Arc;

/// A machine and a profile that want to become a stream.
pub(super) struct Wish<'a> {
    pub(super) machine: u32,
    pub(super) found: &'a FoundMachine,
    pub(super) flow: &'a FlowPlan,
    pub(super) profile: &'a Arc<Profile>,
    /// Whose messages leave; another one than the profile when they are translated.
    pub(super) published: &'a Arc<Profile>,
    pub(super) role: Role,
    pub(super) id: String,
    /// One for each channel of samples, and one otherwise.
    pub(super) topics: Vec<Arc<TopicName>>,
    pub(super) presence: Arc<TopicName>,
}

/// What a stream is to its flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// What the source speaks is published.
    Whole,
    /// What the source speaks is translated.
    Source,
    /// What is published comes from the streams of the source before it.
    Target,
}

impl Wish<'_> {
    /// The topic of its messages, or of the first channel of them.
    pub(super) fn topic(&self) -> &Arc<TopicName> {
        self.topics.first().unwrap_or(&self.presence)
    }

    /// Whether its own messages leave.
    pub(super) fn is_published(&self) -> bool {
        self.role != Role::Source
    }

    pub(super) fn outlet(&self, qos: u8) -> Outlet {
        Outlet {
            flow: self.found.flow,
            sink: self.flow.sink,
            qos,
            kind: self.published.topic_kind,
            topic: Arc::clone(self.topic()),
            properties: properties(self.published),
        }
    }
}

/// What the machines of a discovery want to become.
pub(super) fn wishes<'a>(plan: &'a Plan, discovery: &'a Discovery, findings: &mut Vec<Finding>) -> Vec<Wish<'a>> {
    let mut wishes = Vec::new();
    for (machine, found) in (0u32..).zip(&discovery.machines) {
        let Some(flow) = plan.flows.get(usize::from(found.flow)) else { continue };
        let rule = plan.machine_rule(flow.source, &found.node);
        for published in flow.published() {
            let named = rule.and_then(|rule| rule.name.clone());
            let id = named.unwrap_or_else(|| match &flow.input {
                Some(_) => found.browse_name.name.clone(),
                None => identity::machine_id(&published.machine_id, found),
            });
            let told = flow.input.as_ref().map(|input| place_of(&input.pattern, &found.node));
            let location = rule.map(|rule| &rule.location).or(told.as_ref());
            let (topics, presence) = match topics(plan, flow, published, &id, location, &found.node, findings) {
                Ok(topics) => topics,
                Err(finding) => {
                    findings.push(*finding);
                    continue;
                }
            };
            let wish = |profile, role| {
                let (id, topics, presence) = (id.clone(), topics.clone(), Arc::clone(&presence));
                Wish { machine, found, flow, profile, published, role, id, topics, presence }
            };
            if flow.publish_as.is_none() {
                wishes.push(wish(published, Role::Whole));
            } else {
                wishes.extend(flow.profiles.iter().map(|profile| wish(profile, Role::Source)));
                wishes.push(wish(published, Role::Target));
            }
        }
    }
    wishes
}

/// Those of its messages, and that of its presence.
type Topics = (Vec<Arc<TopicName>>, Arc<TopicName>);

/// Topics of the messages and of the presence of a machine.
fn topics(
    plan: &Plan,
    flow: &FlowPlan,
    profile: &Profile,
    id: &str,
    location: Option<&Location>,
    node: &str,
    findings: &mut Vec<Finding>,
) -> Result<Topics, Box<Finding>> {
    let text = flow.topic.as_ref().unwrap_or(&profile.topic);
    let place = |pick: fn(&Location) -> &Option<String>| location.and_then(|location| pick(location).as_deref());
    let profile_id = profile.id();
    let values = Values {
        gateway: &plan.gateway.name,
        machine: id,
        flow: &flow.name,
        profile: &profile_id,
        enterprise: place(|l| &l.enterprise),
        site: place(|l| &l.site),
        area: place(|l| &l.area),
        line: place(|l| &l.line),
        cell: place(|l| &l.cell),
        channel: None,
        // It differs from message to message.
        condition: profile.has_conditions().then_some(conditions::PLACE),
    };
    let fill = |text: &str, channel| {
        let values = Values { channel, ..values };
        let failed = |reason: String| {
            let finding = Finding::error("QIAO-V207", node).with("machine", id).with("template", text);
            Box::new(finding.with("reason", reason))
        };
        let template = Template::parse(text).map_err(|error| failed(error.to_string()))?;
        let missing = template.missing(&values);
        template.fill(&values).map(|topic| (Arc::new(topic), missing)).map_err(|error| failed(error.to_string()))
    };
    let channels = profile.channels.iter().map(|channel| Some(channel.id.as_str()));
    let mut topics = Vec::new();
    let mut missing = Vec::new();
    for channel in channels.chain(profile.channels.is_empty().then_some(None)) {
        let (topic, lacks) = fill(text, channel)?;
        topics.push(topic);
        missing = lacks;
    }
    if !missing.is_empty() {
        let finding = Finding::warning("QIAO-V208", node).with("machine", id).with("template", text);
        findings.push(finding.with("places", missing.join(", ")));
    }
    Ok((topics, fill("qiao/{gateway}/{machine}/status", None)?.0))
}

/// The place that a machine's root, a topic with wildcards, tells.
fn place_of(pattern: &TopicPattern, root: &str) -> Location {
    let mut place = Location::default();
    // A machine that its message names stands behind a `#`, as the wildcard does: neither tells a place.
    let topic = root.split_once('#').map_or(root, |(topic, _)| topic);
    for (part, text) in pattern.captures(topic).unwrap_or_default() {
        let level = match part {
            Part::Enterprise => &mut place.enterprise,
            Part::Site => &mut place.site,
            Part::Area => &mut place.area,
            Part::Line => &mut place.line,
            Part::Cell => &mut place.cell,
            Part::Machine | Part::Field | Part::Other(_) => continue,
        };
        *level = Some(text.to_owned());
    }
    place
}

fn properties(profile: &Profile) -> Arc<MessageProperties> {
    Arc::new(MessageProperties {
        content_type: "application/json".to_owned(),
        profile: profile.name.clone(),
        schema_version: profile.version.clone(),
        is_back_filled: false,
        is_echo: false,
        is_repeated: false,
    })
}

pub(super) fn identity_of(wish: &Wish<'_>) -> String {
    format!("{} {} {}", wish.found.node, wish.flow.name, wish.published.id())
}
