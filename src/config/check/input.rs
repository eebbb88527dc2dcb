//! What a flow takes from an MQTT source.

use super::flow::position;
use super::{Checking, given};
use crate::codec::nc_link::Kind;
use crate::config::file::{EachFile, FlowFile, MemberTimeFile};
use crate::config::plan::{Decode, MemberTime, TopicInput};
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
        let time = typed.time.as_ref().map(|at| {
            self.time_fits(typed, at.place, decode, profile.as_ref());
            self.member_time(&at.value)
        });
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
        let has_machine = pattern.as_ref().is_some_and(TopicPattern::has_machine);
        let envelope = match &typed.envelope {
            Some(envelope) => Some(Arc::new(self.envelope(envelope, decode, profile.as_ref(), has_machine)?)),
            None => None,
        };
        let input = TopicInput {
            pattern: pattern?,
            also: Vec::new(),
            decode,
            profile,
            list: None,
            envelope,
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
            ("envelope", typed.envelope.as_ref().map(|at| at.place)),
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

    fn time_fits(&mut self, typed: &FlowFile, place: Place, decode: Decode, profile: Option<&Arc<Profile>>) {
        if profile.is_some_and(|profile| profile.codec == Codec::NcLink) {
            self.reading.error("QIAO-C113", place, &[]);
        } else if decode == Decode::Message
            || (!matches!(decode, Decode::Json | Decode::Profile) && typed.envelope.is_none())
        {
            self.reading.error("QIAO-C071", place, &[]);
        }
    }

    pub(super) fn member_time(&mut self, typed: &MemberTimeFile) -> Option<MemberTime> {
        let member = given(&typed.member).and_then(|member| self.json_pointer(member));
        let format = given(&typed.format)?.value.0;
        Some(MemberTime { member: member?, format })
    }

    /// `None` when it is none.
    pub(super) fn json_pointer(&mut self, typed: &At<String>) -> Option<String> {
        let is_pointer = typed.value.starts_with('/');
        if !is_pointer {
            self.reading.error("QIAO-C072", typed.place, &[("value", &typed.value)]);
        }
        is_pointer.then(|| typed.value.clone())
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
    Some(vec![beside(pattern, Kind::Event, "")?, beside(pattern, Kind::ProbeQueryResponse, "/#")?])
}

/// Where those devices answer what they are asked.
pub(super) fn answers_beside(pattern: &TopicPattern) -> Option<TopicPattern> {
    beside(pattern, Kind::QueryResponse, "/#")
}

fn beside(pattern: &TopicPattern, kind: Kind, behind: &str) -> Option<TopicPattern> {
    let levels: Vec<&str> = pattern.as_str().split('/').collect();
    let samples = Kind::Sample.topic();
    let at = levels.iter().position(|level| *level == samples)?;
    let is_one = |level: &&&str| **level == "{machine}" || !level.contains(['{', '+', '#']);
    let device = levels.get(at + 1).filter(is_one)?;
    let own = levels[..at].iter().copied().chain([kind.topic(), device]);
    TopicPattern::parse(&(own.collect::<Vec<_>>().join("/") + behind)).ok()
}

fn at_most<const LOW: u64, const HIGH: u64>(typed: Option<&At<Whole<LOW, HIGH>>>, default: u32) -> u32 {
    typed.map_or(default, |at| u32::try_from(at.value.0).unwrap_or(u32::MAX))
}
