//! Flows: what they refer to, and topics that two of them would share.

use super::input::{answers_beside, decode_of};
use super::{Checking, given, named};
use crate::config::file::{ConnectionFile, Delivery, EachFile, EventsFile, FlowFile, SelectFile, WriteFile};
use crate::config::plan::{
    Decode, EventOrigin, EventSelector, FlowPlan, ItemPattern, ItemSelector, MachineRule, OnViolation, PublishAs,
    RootSelector, TopicInput,
};
use crate::config::read::{At, ByName};
use crate::config::yaml::Place;
use crate::model::BrowseGlob;
use crate::model::browse::BrowseTextError;
use crate::model::topic_pattern::is_presence;
use crate::profile::{Codec, Concepts, Exchange, MessageKind, Profile};
use crate::route::{PLACEHOLDERS, Placeholder, Template, TemplateError, Values};
use crate::translate::AlarmWay;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What a flow speaks when it says nothing.
const DEFAULT_PROFILE: &str = "core/data-set-message@1.0";

/// What the events of a flow speak when it says nothing.
const EVENT_PROFILE: &str = "core/event@1.0";

/// What the check of the flows needs of the rest.
pub(super) struct Flows<'f> {
    pub typed: &'f [At<FlowFile>],
    pub connections: &'f ByName<ConnectionFile>,
    pub profiles: &'f [Arc<Profile>],
    /// What the profiles speak of.
    pub concepts: &'f Concepts,
    pub gateway: &'f str,
    /// Where machines stand.
    pub machines: &'f [MachineRule],
}

/// A topic, and what else tells apart two flows that publish to it.
#[derive(PartialEq, Eq, Hash)]
struct Claim {
    sink: u16,
    topic: String,
    /// Source and roots, when the topic differs from machine to machine.
    machines: Option<(u16, String)>,
}

impl Checking<'_> {
    /// `None` when one of them has no plan.
    pub(super) fn flows(&mut self, all: &Flows<'_>, writes: &[At<WriteFile>]) -> Option<Vec<FlowPlan>> {
        self.twice(all.typed.iter().filter_map(|flow| flow.value.name.0.as_ref()).map(named));
        let mut claims = HashMap::new();
        let flows: Vec<Option<FlowPlan>> =
            all.typed.iter().map(|flow| self.flow(&flow.value, flow.place, all, &mut claims)).collect();
        self.unused(all, writes);
        self.shared(&flows, all);
        self.circles(&flows, all);
        flows.into_iter().collect()
    }

    fn flow(
        &mut self,
        typed: &FlowFile,
        place: Place,
        all: &Flows<'_>,
        claims: &mut HashMap<Claim, Place>,
    ) -> Option<FlowPlan> {
        let source = given(&typed.from).and_then(|at| self.source(at, all.connections));
        let sink = given(&typed.to).and_then(|at| self.connection(at, all.connections, &["mqtt", "opcua-server"]));
        let is_exposed = sink.as_ref().is_some_and(|(_, kind)| *kind == "opcua-server");
        let is_topics = source.as_ref().is_some_and(|(_, kind)| *kind == "mqtt");
        let profiles = self.profiles(typed, place, all.profiles, (is_topics, is_exposed));
        let (each, input) = match source.as_ref().map(|(_, kind)| *kind) {
            // Which of the two it is to be is not known; what is written is looked at all the same.
            None => {
                match typed.each.as_ref().map(|each| (&each.value.0, each.place)) {
                    Some((EachFile::Topic(topic), _)) => drop(self.pattern(topic)),
                    Some((each, place)) => drop(self.each(each, place)),
                    None => {}
                }
                (None, None)
            }
            Some("mqtt") => {
                let input = self.input(typed, place, profiles.as_deref().unwrap_or_default());
                (input.is_some().then_some(RootSelector::Whole), input)
            }
            Some(_) => {
                self.only_for_topics(typed);
                let each = match &typed.each {
                    Some(each) => self.each(&each.value.0, each.place),
                    None => Some(RootSelector::Whole),
                };
                (each, None)
            }
        };
        let events = typed.events.as_ref().map(|at| self.events(&at.value));
        let select: Option<Vec<ItemSelector>> = match &typed.select {
            Some(select) => {
                if select.value.is_empty() {
                    self.reading.error("QIAO-C015", select.place, &[("key", "select")]);
                }
                let items: Vec<_> = select.value.iter().map(|item| self.select(&item.value.0, item.place)).collect();
                items.into_iter().collect()
            }
            None => Some(Vec::new()),
        };
        let durable = typed.delivery.as_ref().filter(|at| at.value.0 == Delivery::Durable);
        if let Some(delivery) = durable
            && let Some(to) = given(&typed.to).filter(|to| is_best_effort(&to.value, all.connections))
        {
            self.reading.warning("QIAO-C042", delivery.place, &[("name", &to.value)]);
        }
        let publish_as = self.publish_as(typed, profiles.as_deref(), input.as_ref(), all);
        let input = input.map(|input| match publish_as.as_ref().and_then(|found| list_of(found.as_deref()?)) {
            Some(list) => {
                let also = input.also.iter().cloned().chain(answers_beside(&input.pattern)).collect();
                TopicInput { list: Some(list), also, ..input }
            }
            None => input,
        });
        let instead = publish_as.as_ref().and_then(|found| found.as_ref()).map(|found| &found.profile);
        let leaving = self.leaving(typed, place, profiles.as_deref(), instead, all.concepts);
        let template = typed.topic.as_ref().map(|at| self.template(at));
        let plan = FlowPlan {
            name: given(&typed.name)?.value.0.clone(),
            source: source?.0,
            input,
            each: each?,
            select: select?,
            profiles: profiles?,
            publish_as: publish_as?,
            events,
            sink: sink?.0,
            topic: typed.topic.as_ref().map(|at| at.value.clone()),
            on_violation: typed.on_violation.as_ref().map_or(OnViolation::Quarantine, |at| at.value.0),
            leaving: leaving?,
            is_durable: durable.is_some(),
        };
        let template = match template {
            Some(template) => Some(template?),
            None => None,
        };
        if is_exposed {
            self.shown(typed, place, &plan);
        }
        // What a face shows has no topic.
        if !is_exposed && !self.reading.is_unreadable(place, "topic") {
            let place = typed.topic.as_ref().map_or(place, |at| at.place);
            self.claim(&plan, template.as_ref(), place, all.gateway, claims);
            self.beside(&plan, place, all);
        }
        Some(plan)
    }

    /// A face shows values one by one: what is passed on whole, and rows of samples, have no place there.
    fn shown(&mut self, typed: &FlowFile, place: Place, plan: &FlowPlan) {
        if plan.input.as_ref().is_some_and(|input| input.decode == Decode::Message) {
            let at = typed.decode.as_ref().map_or(place, |at| at.place);
            self.reading.error("QIAO-C140", at, &[("flow", &plan.name)]);
        }
        let samples = plan.publish_as.as_ref().filter(|published| published.profile.message == MessageKind::Sample);
        if let (Some(samples), Some(at)) = (samples, &typed.publish_as) {
            self.reading.error("QIAO-C141", at.place, &[("flow", &plan.name), ("profile", &samples.profile.id())]);
        }
    }

    /// Where a flow comes from: nothing is read from the gateway's own server.
    fn source(&mut self, name: &At<String>, all: &ByName<ConnectionFile>) -> Option<(u16, &'static str)> {
        let found = self.connection(name, all, &[])?;
        if found.1 == "opcua-server" {
            self.reading.error("QIAO-C127", name.place, &[("name", &name.value)]);
            return None;
        }
        Some(found)
    }

    /// Index and kind of a connection; only of the kinds that are expected, if any are.
    pub(super) fn connection(
        &mut self,
        name: &At<String>,
        all: &ByName<ConnectionFile>,
        expected: &[&str],
    ) -> Option<(u16, &'static str)> {
        if all.0.is_empty() {
            // That there is none at all was said already.
            return None;
        }
        let Some(index) = all.0.iter().position(|(key, _)| key.text == name.value) else {
            self.reading.unknown("QIAO-C020", name.place, &name.value, all.0.iter().map(|(key, _)| key.text.as_str()));
            return None;
        };
        let found = match all.0[index].1.as_ref()? {
            ConnectionFile::OpcUa(_) => "opcua",
            ConnectionFile::Mqtt(_) => "mqtt",
            ConnectionFile::Face(_) => "opcua-server",
        };
        if let Some(wanted) = expected.first().filter(|_| !expected.contains(&found)) {
            let facts = [("name", name.value.as_str()), ("kind", found), ("expected", wanted)];
            self.reading.error("QIAO-C021", name.place, &facts);
            return None;
        }
        Some((u16::try_from(index).ok()?, found))
    }

    fn each(&mut self, typed: &EachFile, place: Place) -> Option<RootSelector> {
        match typed {
            EachFile::Path(path) => {
                self.glob(&At { value: path.value.clone(), place: path.place.max(place) }).map(RootSelector::Path)
            }
            EachFile::Type(node) => {
                self.node_id(node);
                Some(RootSelector::Type(node.value.clone()))
            }
            EachFile::Node(node) => {
                self.node_id(node);
                Some(RootSelector::Node(node.value.clone()))
            }
            EachFile::Topic(topic) => {
                self.reading.error("QIAO-C067", topic.place, &[("key", "topic"), ("kind", "opcua")]);
                None
            }
        }
    }

    fn select(&mut self, typed: &SelectFile, place: Place) -> Option<ItemSelector> {
        let what = match (&typed.path, &typed.node) {
            (Some(path), None) => self.glob(path).map(ItemPattern::Path),
            (None, Some(node)) => {
                self.node_id(node);
                Some(ItemPattern::Node(node.value.clone()))
            }
            _ => {
                if !["path", "node"].iter().any(|key| self.reading.is_unreadable(place, key)) {
                    self.reading.error("QIAO-C014", place, &[("known", "path, node")]);
                }
                None
            }
        };
        let sampling = typed.sampling.as_ref().map(|at| self.period(Some(at), at.value.0, ["0s", "1h"]));
        Some(ItemSelector {
            what: what?,
            sampling,
            queue: typed.queue.as_ref().and_then(|at| u32::try_from(at.value.0).ok()),
            deadband: typed.deadband.as_ref().map(|at| at.value.0),
        })
    }

    fn events(&mut self, typed: &EventsFile) -> EventSelector {
        if let Some(empty) = typed.types.as_ref().filter(|types| types.value.is_empty()) {
            self.reading.error("QIAO-C015", empty.place, &[("key", "types")]);
        }
        let types = typed.types.as_ref().map_or(&[][..], |types| types.value.as_slice());
        types.iter().for_each(|node| self.node_id(node));
        EventSelector {
            from: typed.from.as_ref().map_or(EventOrigin::Machine, |at| at.value.0),
            types: types.iter().map(|node| node.value.clone()).collect(),
            min_severity: typed.min_severity.as_ref().and_then(|at| u16::try_from(at.value.0).ok()).unwrap_or(0),
        }
    }

    fn glob(&mut self, typed: &At<String>) -> Option<BrowseGlob> {
        BrowseGlob::parse(&typed.value)
            .map_err(|error| {
                let (fault, at) = glob_fault(&error);
                let at = at.map(|at| position(&typed.value, at)).unwrap_or_default();
                let facts = [("glob", typed.value.as_str()), ("fault", fault), ("at", &at)];
                self.reading.error("QIAO-C023", typed.place, &facts);
            })
            .ok()
    }

    /// `None` when one of them is not installed.
    fn profiles(
        &mut self,
        typed: &FlowFile,
        place: Place,
        all: &[Arc<Profile>],
        (is_topics, is_exposed): (bool, bool),
    ) -> Option<Vec<Arc<Profile>>> {
        let default = At { value: default_profile(typed).to_owned(), place };
        let wanted = match &typed.profile {
            Some(profile) => profile.value.0.as_slice(),
            None => std::slice::from_ref(&default),
        };
        if let Some(empty) = typed.profile.as_ref().filter(|profile| profile.value.0.is_empty()) {
            self.reading.error("QIAO-C015", empty.place, &[("key", "profile")]);
        }
        self.twice(wanted.iter().map(|at| (at.value.as_str(), at.place)));
        let ids: Vec<String> = all.iter().map(|profile| profile.id()).collect();
        for at in wanted {
            let profile = all.iter().find(|profile| profile.id() == at.value);
            let is_read = |profile: &Arc<Profile>| is_topics && is_read_apart(typed, profile, is_exposed);
            if let Some(profile) = profile.filter(|profile| !travels(profile) && !is_read(profile)) {
                self.reading.error("QIAO-C110", at.place, &[("profile", &profile.id())]);
            }
        }
        let find = |at: &At<String>| {
            let found = ids.iter().position(|id| *id == at.value).map(|index| Arc::clone(&all[index]));
            if found.is_none() {
                self.reading.unknown("QIAO-C012", at.place, &at.value, ids.iter().map(String::as_str));
            }
            found
        };
        let mut found = wanted.iter().map(find).collect::<Vec<_>>().into_iter().collect::<Option<Vec<_>>>()?;
        let event = found.iter().position(|profile| profile.message == MessageKind::Event);
        match (event, &typed.events) {
            (Some(at), None) if !self.reading.is_unreadable(place, "events") => {
                let of = wanted.get(at).map_or(place, |wanted| wanted.place);
                self.reading.error("QIAO-C087", of, &[("profile", &found[at].id())]);
            }
            // The profile of events is built in.
            (None, Some(_)) => found.extend(all.iter().find(|profile| profile.id() == EVENT_PROFILE).map(Arc::clone)),
            _ => {}
        }
        Some(found)
    }

    fn template(&mut self, typed: &At<String>) -> Option<Template> {
        match Template::parse(&typed.value) {
            Ok(template) => Some(template),
            Err(TemplateError::Unknown { name, .. }) => {
                let known = PLACEHOLDERS.iter().map(|(name, _)| *name);
                self.reading.unknown("QIAO-C025", typed.place, &name, known);
                None
            }
            Err(error) => {
                let (fault, at, found) = template_fault(&error, &typed.value);
                let facts = [("topic", typed.value.as_str()), ("fault", fault), ("at", &at), ("found", &found)];
                self.reading.error("QIAO-C024", typed.place, &facts);
                None
            }
        }
    }

    /// Two messages on one topic overwrite or mix each other.
    fn claim(
        &mut self,
        flow: &FlowPlan,
        template: Option<&Template>,
        place: Place,
        gateway: &str,
        claims: &mut HashMap<Claim, Place>,
    ) {
        for profile in flow.published() {
            // A profile's own template was checked when it was loaded.
            let own = Template::parse(&profile.topic).ok();
            let Some(template) = template.or(own.as_ref()) else { continue };
            let id = profile.id();
            let fill = |any: &str| {
                let place = Some(any);
                let values = Values {
                    gateway,
                    machine: any,
                    flow: &flow.name,
                    profile: &id,
                    enterprise: place,
                    site: place,
                    area: place,
                    line: place,
                    cell: place,
                    channel: place,
                    condition: Some("c"),
                };
                template.fill(&values).map(|topic| topic.as_str().to_owned()).unwrap_or_default()
            };
            let (topic, other) = (fill("a"), fill("b"));
            match (profile.has_conditions(), template.has(Placeholder::Condition)) {
                (true, false) => {
                    let facts = [("topic", template.as_str()), ("profile", id.as_str())];
                    self.reading.error("QIAO-C181", place, &facts);
                }
                (false, true) => {
                    let facts = [("topic", template.as_str()), ("profile", id.as_str())];
                    self.reading.error("QIAO-C182", place, &facts);
                }
                _ => {}
            }
            let is_one_topic = topic == other;
            let has_machines = flow.input.as_ref().is_some_and(|input| input.pattern.has_machine());
            if is_one_topic && (has_machines || matches!(flow.each, RootSelector::Path(_) | RootSelector::Type(_))) {
                self.reading.warning("QIAO-C046", place, &[("topic", template.as_str())]);
            }
            if is_presence(&topic, gateway) {
                self.reading.error("QIAO-C047", place, &[("topic", template.as_str())]);
            }
            let roots =
                flow.input.as_ref().map_or_else(|| format!("{:?}", flow.each), |input| input.pattern.to_string());
            let machines = (!is_one_topic).then_some((flow.source, roots));
            let claim = Claim { sink: flow.sink, topic, machines };
            if let Some(first) = claims.get(&claim) {
                let first = self.reading.shown(*first);
                self.reading.error("QIAO-C048", place, &[("topic", template.as_str()), ("first", &first)]);
            } else {
                claims.insert(claim, place);
            }
        }
    }

    /// A connection that no flow and no write names is opened for nothing, or its flow is missing.
    fn unused(&mut self, all: &Flows<'_>, writes: &[At<WriteFile>]) {
        let flows = all.typed.iter().map(|flow| &flow.value);
        let commands = writes.iter().flat_map(|write| [&write.value.from.0, &write.value.to.0]);
        let names = flows.flat_map(|flow| [&flow.from.0, &flow.to.0]).chain(commands);
        // A reference that is wrong may have meant it.
        let Some(names) = names.map(|name| Some(name.as_ref()?.value.as_str())).collect::<Option<HashSet<&str>>>()
        else {
            return;
        };
        let known: HashSet<&str> = all.connections.0.iter().map(|(key, _)| key.text.as_str()).collect();
        if !self.is_whole || all.typed.is_empty() || !names.is_subset(&known) {
            return;
        }
        for (key, _) in all.connections.0.iter().filter(|(key, _)| !names.contains(key.text.as_str())) {
            self.reading.warning("QIAO-C043", key.place, &[("name", &key.text)]);
        }
    }
}

/// The list of alarms whose changes are published.
fn list_of(publish_as: &PublishAs) -> Option<String> {
    publish_as.routes.iter().find_map(|routes| match routes.alarms() {
        Some(AlarmWay::ToEvents(list)) => Some(list.pointer.clone()),
        _ => None,
    })
}

fn is_best_effort(name: &str, connections: &ByName<ConnectionFile>) -> bool {
    connections.0.iter().any(|(key, typed)| {
        matches!(typed, Some(ConnectionFile::Mqtt(mqtt))
            if key.text == name && mqtt.value.qos.as_ref().is_some_and(|qos| qos.value.0 == 0))
    })
}

/// Which of the variants of the message it is, and where in the text.
fn glob_fault(error: &BrowseTextError) -> (&'static str, Option<usize>) {
    match error {
        BrowseTextError::Empty => ("empty", None),
        BrowseTextError::EmptyStep { at } => ("empty-step", Some(*at)),
        BrowseTextError::BadEscape { at } => ("escape", Some(*at)),
        BrowseTextError::NoName { at } => ("no-name", Some(*at)),
        BrowseTextError::Braces { at } => ("braces", Some(*at)),
        BrowseTextError::DeepInStep { at } => ("deep", Some(*at)),
        BrowseTextError::TooManyAlternatives { .. } | BrowseTextError::TooManySteps { .. } => ("too-many", None),
        BrowseTextError::Pattern | BrowseTextError::NotOneStep => ("other", None),
    }
}

/// Which of the variants of the message it is, where in the text, and what was found there.
fn template_fault(error: &TemplateError, text: &str) -> (&'static str, String, String) {
    match error {
        TemplateError::Brace { at } => ("brace", position(text, *at), String::new()),
        TemplateError::Forbidden { found, at } => ("forbidden", position(text, *at), found.to_string()),
        TemplateError::Reserved => ("reserved", String::new(), String::new()),
        TemplateError::TooLong { .. } => ("too-long", String::new(), String::new()),
        TemplateError::Empty | TemplateError::Unknown { .. } => ("empty", String::new(), String::new()),
    }
}

/// A byte offset as people count: characters, from 1.
pub(super) fn position(text: &str, at: usize) -> String {
    (text.get(..at).map_or(0, |before| before.chars().count()) + 1).to_string()
}

/// Whether flows speak a profile: documents go by `qiao translate`, and not every encoding has its stages yet.
fn travels(profile: &Profile) -> bool {
    profile.exchange == Exchange::Flow && matches!(profile.codec, Codec::UaJson | Codec::UmatiJson)
}

/// Whether the messages of a profile are only read: NC-Link, taken apart into fields.
fn is_read_apart(typed: &FlowFile, profile: &Arc<Profile>, is_exposed: bool) -> bool {
    let decode = decode_of(typed, std::slice::from_ref(profile));
    // Its image is nothing that anybody exchanges: what is taken apart is published as another profile, or shown.
    let is_taken = decode == Decode::Profile && (is_exposed || typed.publish_as.is_some());
    profile.codec == Codec::NcLink && (is_taken || decode == Decode::Message)
}

/// What a flow speaks that does not say it. The plain form of values is not translated: where events are, they are meant.
fn default_profile(typed: &FlowFile) -> &'static str {
    if typed.publish_as.is_some() && typed.events.is_some() { EVENT_PROFILE } else { DEFAULT_PROFILE }
}

/// What a flow says it speaks.
pub(super) fn named_profiles(typed: &FlowFile) -> impl Iterator<Item = &str> {
    let named = typed.profile.as_ref().map(|at| at.value.0.iter().map(|name| name.value.as_str()));
    let default = typed.profile.is_none().then(|| default_profile(typed));
    let published = typed.publish_as.as_ref().map(|at| at.value.as_str());
    named.into_iter().flatten().chain(default).chain(published)
}
