//! What a flow takes from an MQTT source; and flows whose output would come back as their input.

use super::flow::{Flows, position};
use super::{Checking, given, url};
use crate::codec::nc_link::Kind;
use crate::config::file::{ConnectionFile, EachFile, FlowFile, MemberTimeFile, MqttFile};
use crate::config::plan::{Decode, FlowPlan, MemberTime, TopicInput};
use crate::config::read::At;
use crate::config::scalar::Whole;
use crate::config::yaml::Place;
use crate::model::TopicPattern;
use crate::model::topic_pattern::PatternError;
use crate::profile::{Codec, Profile};
use std::sync::Arc;

impl Checking<'_> {
    /// `None` when something of it is wrong.
    pub(super) fn input(&mut self, typed: &FlowFile, place: Place, profiles: &[Arc<Profile>]) -> Option<TopicInput> {
        if let Some(select) = &typed.select {
            self.reading.error("QIAO-C067", select.place, &[("key", "select"), ("kind", "mqtt")]);
        }
        let decode = decode_of(typed, profiles);
        self.decode_fits(typed, place, decode, profiles);
        let profile =
            profiles.first().filter(|_| decode == Decode::Profile).map(|profile| profile.of_messages().into());
        let time = typed.time.as_ref().map(|at| self.member_time(at, decode, profile.as_ref()));
        let pattern = match &typed.each {
            Some(each) => match &each.value.0 {
                EachFile::Topic(topic) => self.pattern(topic),
                EachFile::Path(_) | EachFile::Type(_) | EachFile::Node(_) => {
                    self.reading.error("QIAO-C065", each.place, &[]);
                    None
                }
            },
            None => {
                if !self.reading.is_unreadable(place, "each") {
                    self.reading.error("QIAO-C065", place, &[]);
                }
                None
            }
        };
        let time = match time {
            Some(time) => Some(time?),
            None => None,
        };
        let input = TopicInput {
            pattern: pattern?,
            also: Vec::new(),
            decode,
            profile,
            time,
            max_machines: at_most(typed.max_machines.as_ref(), 200),
            max_fields: at_most(typed.max_fields.as_ref(), 2_000),
        };
        if !input.is_nc_link() {
            return Some(input);
        }
        let Some(also) = beside_samples(&input.pattern) else {
            let place = typed.each.as_ref().map_or(place, |each| each.place);
            self.reading.error("QIAO-C112", place, &[("topic", input.pattern.as_str())]);
            return None;
        };
        Some(TopicInput { also, ..input })
    }

    /// Keys that say something about MQTT payloads, at a flow from an OPC UA server.
    pub(super) fn only_for_topics(&mut self, typed: &FlowFile) {
        let keys = [
            ("decode", typed.decode.as_ref().map(|at| at.place)),
            ("time", typed.time.as_ref().map(|at| at.place)),
            ("max-machines", typed.max_machines.as_ref().map(|at| at.place)),
            ("max-fields", typed.max_fields.as_ref().map(|at| at.place)),
        ];
        for (key, place) in keys.into_iter().filter_map(|(key, place)| Some((key, place?))) {
            self.reading.error("QIAO-C067", place, &[("key", key), ("kind", "opcua")]);
        }
    }

    /// Fields without names of their own need a profile that takes any; a message is of one profile.
    fn decode_fits(&mut self, typed: &FlowFile, place: Place, decode: Decode, profiles: &[Arc<Profile>]) {
        let place = typed.profile.as_ref().map_or(place, |at| at.place);
        if matches!(decode, Decode::Message | Decode::Profile) {
            if profiles.len() > 1 {
                self.reading.error("QIAO-C070", place, &[]);
            }
            let is_read = |profile: &&Arc<Profile>| matches!(profile.codec, Codec::NcLink | Codec::UmatiJson);
            let unread = profiles.iter().find(|profile| decode == Decode::Profile && !is_read(profile));
            if let Some(profile) = unread {
                self.reading.error("QIAO-C111", place, &[("profile", &profile.id())]);
            }
            return;
        }
        for profile in profiles.iter().filter(|profile| profile.mapping.open.is_none()) {
            self.reading.error("QIAO-C069", place, &[("profile", &profile.id())]);
        }
    }

    fn member_time(
        &mut self,
        typed: &At<MemberTimeFile>,
        decode: Decode,
        profile: Option<&Arc<Profile>>,
    ) -> Option<MemberTime> {
        if profile.is_some_and(|profile| profile.codec == Codec::NcLink) {
            self.reading.error("QIAO-C113", typed.place, &[]);
        } else if !matches!(decode, Decode::Json | Decode::Profile) {
            self.reading.error("QIAO-C071", typed.place, &[]);
        }
        let member = given(&typed.value.member)?;
        let is_pointer = member.value.starts_with('/');
        if !is_pointer {
            self.reading.error("QIAO-C072", member.place, &[("value", &member.value)]);
        }
        let format = given(&typed.value.format)?.value.0;
        is_pointer.then(|| MemberTime { member: member.value.clone(), format })
    }

    pub(super) fn pattern(&mut self, typed: &At<String>) -> Option<TopicPattern> {
        let text = typed.value.as_str();
        let error = match TopicPattern::parse(text) {
            Ok(pattern) => return Some(pattern),
            Err(error) => error,
        };
        let (fault, at, found) = match &error {
            PatternError::Empty => ("empty", String::new(), String::new()),
            PatternError::TooLong { .. } => ("too-long", String::new(), String::new()),
            PatternError::NotAlone { found, at } => ("not-alone", position(text, *at), found.to_string()),
            PatternError::Brace { at } => ("brace", position(text, *at), String::new()),
            PatternError::Twice { name } => ("twice", String::new(), name.clone()),
            PatternError::Forbidden { found, at } => ("forbidden", position(text, *at), found.to_string()),
            PatternError::Shared => ("shared", String::new(), String::new()),
        };
        let facts = [("topic", text), ("fault", fault), ("at", at.as_str()), ("found", found.as_str())];
        self.reading.error("QIAO-C066", typed.place, &facts);
        None
    }

    /// Refuses flows whose messages would come back to them, by themselves or by way of others.
    pub(super) fn loops(&mut self, flows: &[Option<FlowPlan>], all: &Flows<'_>) {
        let feeds: Vec<Vec<(usize, &TopicPattern)>> = flows
            .iter()
            .map(|from| {
                let each = flows.iter().enumerate();
                each.filter_map(|(at, to)| Some((at, fed_by(from.as_ref()?, to.as_ref()?, all)?))).collect()
            })
            .collect();
        for (at, flow) in flows.iter().enumerate() {
            let (Some(flow), Some(pattern)) = (flow.as_ref(), way_back(&feeds, at)) else { continue };
            let Some(typed) = all.typed.get(at) else { continue };
            let place = typed.value.topic.as_ref().map_or(typed.place, |topic| topic.place);
            let topic = flow.topic.clone().or_else(|| flow.published().first().map(|profile| profile.topic.clone()));
            let facts = [("topic", topic.as_deref().unwrap_or_default()), ("pattern", pattern.as_str())];
            self.reading.error("QIAO-C068", place, &facts);
        }
    }
}

/// By which of its subscriptions one flow could take what the other publishes.
fn fed_by<'t>(from: &FlowPlan, to: &'t FlowPlan, all: &Flows<'_>) -> Option<&'t TopicPattern> {
    let input = to.input.as_ref()?;
    if !is_same_broker(from.sink, to.source, all) {
        return None;
    }
    let templates = from.published().iter().map(|profile| from.topic.as_ref().unwrap_or(&profile.topic));
    templates.into_iter().find_map(|template| {
        // A value never leaves its level; which text stands there is known only when a machine is found.
        let filled = template.replace("{gateway}", all.gateway).replace("{flow}", &from.name);
        let levels: Vec<Option<&str>> =
            filled.split('/').map(|level| (!level.contains('{')).then_some(level)).collect();
        input.patterns().find(|pattern| pattern.may_match(&levels))
    })
}

fn is_same_broker(one: u16, other: u16, all: &Flows<'_>) -> bool {
    let address = |at: u16| match all.connections.0.get(usize::from(at)) {
        Some((_, Some(ConnectionFile::Mqtt(mqtt)))) => broker_address(&mqtt.value),
        _ => None,
    };
    one == other || address(one).is_some_and(|one| Some(one) == address(other))
}

/// Host and port, this machine under one name; `None` when the port is found only when the broker starts.
fn broker_address(typed: &MqttFile) -> Option<(String, u16)> {
    let own = |host: &str| if url::is_loopback(host) { "localhost".to_owned() } else { host.to_ascii_lowercase() };
    if let Some(embedded) = &typed.embedded {
        let listen = embedded.value.0;
        return (listen.port() != 0).then(|| (own(&listen.ip().to_string()), listen.port()));
    }
    let broker = url::parse(&typed.broker.as_ref()?.value)?;
    Some((own(broker.host), broker.port.unwrap_or(if broker.scheme == "mqtt" { 1883 } else { 8883 })))
}

/// The subscription by which a flow's messages set out on their way back to it; `None`: they do not come back.
fn way_back<'t>(feeds: &[Vec<(usize, &'t TopicPattern)>], goal: usize) -> Option<&'t TopicPattern> {
    let fed = |at: usize| feeds.get(at).map_or(&[][..], Vec::as_slice);
    let mut seen = vec![false; feeds.len()];
    let mut open: Vec<(usize, &TopicPattern)> = fed(goal).to_vec();
    while let Some((at, first)) = open.pop() {
        if at == goal {
            return Some(first);
        }
        if !std::mem::replace(&mut seen[at], true) {
            open.extend(fed(at).iter().map(|(next, _)| (*next, first)));
        }
    }
    None
}

/// How payloads are read when nothing is said: those of NC-Link have one reading only.
pub(super) fn decode_of(typed: &FlowFile, profiles: &[Arc<Profile>]) -> Decode {
    let is_nc_link = profiles.iter().any(|profile| profile.codec == Codec::NcLink);
    let default = if is_nc_link { Decode::Profile } else { Decode::Json };
    typed.decode.as_ref().map_or(default, |at| at.value.0)
}

/// Where the devices whose samples a pattern takes tell of events and of their model; `None` when it takes no samples,
/// or does not tell devices apart.
/// Some deployments put the client that asked behind the device.
fn beside_samples(pattern: &TopicPattern) -> Option<Vec<TopicPattern>> {
    let levels: Vec<&str> = pattern.as_str().split('/').collect();
    let samples = Kind::Sample.topic();
    let at = levels.iter().position(|level| *level == samples)?;
    let is_one = |level: &&&str| **level == "{machine}" || !level.contains(['{', '+', '#']);
    let device = levels.get(at + 1).filter(is_one)?;
    let beside = |kind: Kind, behind: &str| {
        let own = levels[..at].iter().copied().chain([kind.topic(), device]);
        TopicPattern::parse(&(own.collect::<Vec<_>>().join("/") + behind)).ok()
    };
    Some(vec![beside(Kind::Event, "")?, beside(Kind::ProbeQueryResponse, "/#")?])
}

fn at_most<const LOW: u64, const HIGH: u64>(typed: Option<&At<Whole<LOW, HIGH>>>, default: u32) -> u32 {
    typed.map_or(default, |at| u32::try_from(at.value.0).unwrap_or(u32::MAX))
}
