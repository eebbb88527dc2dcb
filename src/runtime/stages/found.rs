//! Machines that were found become streams: named, placed, bound; two with one name are refused.

use super::Stages;
use super::claims::{Claimant, Name, Refusal};
use super::declared::unfit;
use super::leaving::Guard;
use super::outbox::Outbox;
use super::presence::State;
use super::relay::Relay;
use super::stream::{Counted, Stream};
use crate::assemble::bind::{Candidate, bind, candidates};
use crate::assemble::{Backlog, Cadence, Image, frame, identity};
use crate::config::plan::{ConnectionKind, Decode, FlowPlan, Location, Plan};
use crate::finding::Finding;
use crate::model::topic_pattern::Part;
use crate::model::{Discovery, FoundMachine, MessageProperties, Now, TopicName, TopicPattern};
use crate::normalise::TimePolicy;
use crate::profile::{MessageKind, Profile};
use crate::route::{Template, Values};
use std::collections::HashSet;
use std::sync::Arc;

/// A machine and a profile that want to become a stream.
pub(super) struct Wish<'a> {
    pub(super) machine: u32,
    pub(super) found: &'a FoundMachine,
    pub(super) flow: &'a FlowPlan,
    pub(super) profile: &'a Arc<Profile>,
    pub(super) id: String,
    pub(super) topic: Arc<TopicName>,
    presence: Arc<TopicName>,
}

impl Stages {
    /// Replaces everything that was found before. Where the session is the same, a machine that did not change goes on as
    /// if nothing had been said of it.
    pub(super) fn found(&mut self, discovery: &Discovery, now: Now, out: &mut Outbox) {
        if self.epoch == Some(discovery.epoch) {
            return self.resume(now, out);
        }
        let carries_on = discovery.carries_on.is_some() && discovery.carries_on == self.epoch;
        let wall = now.wall.to_string();
        self.bench.summarise(None, &wall, out);
        let plan = Arc::clone(&self.plan);
        let mut findings = Vec::new();
        let mut wishes = wishes(&plan, discovery, &mut findings);
        for refusal in self.common.claims.replace(self.source, self.claims(&wishes)) {
            let is_topic = matches!(refusal.name, Name::Topic(..));
            wishes.retain(|wish| !is_of(&refusal, wish));
            findings.push(refused(&refusal, is_topic));
        }
        let mut before = std::mem::take(&mut self.streams);
        let mut given_up = Vec::new();
        let candidates = candidates(discovery);
        for wish in &wishes {
            let nodes = candidates.get(wish.machine as usize).map_or(&[][..], Vec::as_slice);
            let old = before.iter().position(|old| {
                old.flow == wish.found.flow && old.node == wish.found.node && old.profile_id == wish.profile.id()
            });
            let old = old.map(|at| before.swap_remove(at));
            given_up.extend(self.add(wish, nodes, old, carries_on, now, out));
        }
        for mut old in before {
            old.flush(&mut self.bench, now, out);
            given_up.push(old);
        }
        out.findings.extend(findings.iter().filter(|finding| !self.told.contains(finding)).cloned());
        self.told = findings;
        // Retained messages of topics that nobody writes to any more.
        let topics: HashSet<_> = self.streams.iter().map(|stream| (stream.sink, Arc::clone(&stream.topic))).collect();
        given_up
            .iter()
            .filter(|old| !topics.contains(&(old.sink, Arc::clone(&old.topic))))
            .for_each(|old| old.clear(out));
        let mut there: HashSet<_> = self.streams.iter().map(|stream| (stream.sink, stream.id.clone())).collect();
        there.extend(self.relays.values().map(|relay| (relay.sink, relay.id.clone())));
        let gone = State::Gone(Box::new(Finding::note("QIAO-V240", self.bench.source.clone())));
        let is_there = |sink: u16, id: &str| there.contains(&(sink, id.to_owned()));
        self.presences.retain(is_there, &gone, now.wall, self.bench.language, out);
        self.presences.set_all(&State::Online, now.wall, self.bench.language, out);
        if self.is_lost {
            self.streams.iter_mut().for_each(|stream| stream.resume(now));
            self.relays.values_mut().for_each(Relay::resume);
        }
        self.epoch = Some(discovery.epoch);
        self.is_lost = false;
        self.routes = super::routes::Routes::new(discovery, &self.streams);
    }

    fn claims(&self, wishes: &[Wish<'_>]) -> Vec<(Name, Claimant)> {
        let claim = |wish: &Wish<'_>| {
            let label = format!("{} {} ({})", self.bench.source, wish.found.path, wish.found.node);
            let machine = Claimant { source: self.source, identity: wish.found.node.clone(), label: label.clone() };
            let identity = identity_of(wish);
            let topic = Claimant { source: self.source, identity, label: format!("{label} {}", wish.flow.name) };
            [
                (Name::Machine(wish.id.clone()), machine),
                (Name::Topic(wish.flow.sink, wish.topic.as_str().to_owned()), topic),
            ]
        };
        wishes.iter().flat_map(claim).collect()
    }

    /// Adds the stream of a machine: its old one as it is, if nothing of it changed; else a new one. Gives the old one back
    /// that is not used any more; what it held has gone out.
    fn add(
        &mut self,
        wish: &Wish<'_>,
        nodes: &[Candidate<'_>],
        old: Option<Stream>,
        carries_on: bool,
        now: Now,
        out: &mut Outbox,
    ) -> Option<Stream> {
        let profile_id = wish.profile.id();
        // Every profile of the plan has one: `Common` was made from the same plan.
        let Some(checker) = self.common.checker(&profile_id) else { return old };
        if wish.flow.input.as_ref().is_some_and(|input| input.decode == Decode::Message) {
            let qos = qos(&self.plan, wish.flow.sink);
            self.presences.add(wish.flow.sink, qos, &wish.id, Arc::clone(&wish.presence));
            self.relays.entry(wish.machine).or_insert_with(|| Relay::new(wish, qos, checker));
            return old;
        }
        let rule = self.plan.machine_rule(wish.flow.source, &wish.found.node);
        let binding = rule.and_then(|rule| rule.binding.clone());
        let takes_declared = wish.profile.message != MessageKind::Event;
        let binding = binding.filter(|_| takes_declared);
        let declared = binding.as_ref().map_or(&[][..], |binding| &binding.fields);
        // What fills the fields of a message that is taken apart are its own members.
        let read = wish.flow.input.as_ref().and_then(|input| input.profile.as_ref()).unwrap_or(wish.profile);
        let bound = bind(read, &wish.id, nodes, declared);
        let mut findings = bound.findings;
        if bound.value.fields().is_empty() {
            let finding = Finding::warning("QIAO-V209", wish.found.node.clone());
            findings.push(finding.with("machine", &wish.id).with("profile", &profile_id).with("count", nodes.len()));
        }
        findings.extend(unfit(&bound.value, binding.as_deref(), nodes));
        let known: &[Finding] = old.as_ref().map_or(&[], |old| &old.findings);
        out.findings.extend(findings.iter().filter(|finding| !known.contains(finding)).cloned());
        let qos = qos(&self.plan, wish.flow.sink);
        self.presences.add(wish.flow.sink, qos, &wish.id, Arc::clone(&wish.presence));
        let index = self.streams.len() as u32;
        let is_same = |old: &Stream| old.id == wish.id && old.topic == wish.topic && old.layout == bound.value;
        let mut old = match old {
            Some(old) if carries_on && is_same(&old) => {
                self.streams.push(Stream { index, findings, ..old });
                return None;
            }
            old => old,
        };
        if let Some(old) = &mut old {
            old.flush(&mut self.bench, now, out);
        }
        let image = match &old {
            Some(old) if carries_on => old.image.carried(&old.layout, &bound.value),
            _ => Image::new(&bound.value),
        };
        let remarks = frame::remarks_member(wish.profile.codec);
        let mut stream = Stream {
            index,
            flow: wish.found.flow,
            flow_name: wish.flow.name.clone(),
            id: wish.id.clone(),
            node: wish.found.node.clone(),
            profile: Arc::clone(wish.profile),
            checker,
            time_mark: match &wish.flow.input {
                Some(input) if !input.has_times() => TimePolicy::Arrival.mark(),
                Some(_) => None,
                None => self.time.mark(),
            },
            on_violation: wish.flow.on_violation,
            has_remarks: wish.profile.schema.pointer(&format!("/properties/{remarks}")).is_some(),
            topic: Arc::clone(&wish.topic),
            properties: properties(wish.profile),
            sink: wish.flow.sink,
            qos,
            findings,
            image,
            guard: Guard::new(&wish.flow.leaving, &bound.value),
            layout: bound.value,
            backlog: Backlog::default(),
            cadence: Cadence::new(
                wish.profile.every,
                wish.profile.at_least_every,
                now.monotonic + wish.profile.complete_within,
            ),
            counted: old.as_ref().map_or_else(Counted::default, |old| old.counted),
            needs_all: true,
            was_refused: false,
            is_withdrawn: false,
            is_lost: false,
            left_out: Vec::new(),
            profile_id,
            binding,
        };
        if let Some(old) = old.as_ref().filter(|_| carries_on && wish.flow.input.is_some()) {
            stream.go_on_from(old);
        }
        stream.take_declared();
        self.streams.push(stream);
        old
    }
}

/// What the machines of a discovery want to become.
fn wishes<'a>(plan: &'a Plan, discovery: &'a Discovery, findings: &mut Vec<Finding>) -> Vec<Wish<'a>> {
    let mut wishes = Vec::new();
    for (machine, found) in (0u32..).zip(&discovery.machines) {
        let Some(flow) = plan.flows.get(usize::from(found.flow)) else { continue };
        let rule = plan.machine_rule(flow.source, &found.node);
        for profile in &flow.profiles {
            let named = rule.and_then(|rule| rule.name.clone());
            let id = named.unwrap_or_else(|| match &flow.input {
                Some(_) => found.browse_name.name.clone(),
                None => identity::machine_id(&profile.machine_id, found),
            });
            let told = flow.input.as_ref().map(|input| place_of(&input.pattern, &found.node));
            let location = rule.map(|rule| &rule.location).or(told.as_ref());
            match topics(plan, flow, profile, &id, location, &found.node, findings) {
                Ok((topic, presence)) => wishes.push(Wish { machine, found, flow, profile, id, topic, presence }),
                Err(finding) => findings.push(*finding),
            }
        }
    }
    wishes
}

/// Topics of the messages and of the presence of a machine.
fn topics(
    plan: &Plan,
    flow: &FlowPlan,
    profile: &Profile,
    id: &str,
    location: Option<&Location>,
    node: &str,
    findings: &mut Vec<Finding>,
) -> Result<(Arc<TopicName>, Arc<TopicName>), Box<Finding>> {
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
    };
    let fill = |text: &str| {
        let failed = |reason: String| {
            let finding = Finding::error("QIAO-V207", node).with("machine", id).with("template", text);
            Box::new(finding.with("reason", reason))
        };
        let template = Template::parse(text).map_err(|error| failed(error.to_string()))?;
        let missing = template.missing(&values);
        template.fill(&values).map(|topic| (Arc::new(topic), missing)).map_err(|error| failed(error.to_string()))
    };
    let (topic, missing) = fill(text)?;
    if !missing.is_empty() {
        let finding = Finding::warning("QIAO-V208", node).with("machine", id).with("template", text);
        findings.push(finding.with("places", missing.join(", ")));
    }
    Ok((topic, fill("qiao/{gateway}/{machine}/status")?.0))
}

/// The place that a machine's root, a topic with wildcards, tells.
fn place_of(pattern: &TopicPattern, root: &str) -> Location {
    let mut place = Location::default();
    for (part, text) in pattern.captures(root).unwrap_or_default() {
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

pub(super) fn properties(profile: &Profile) -> Arc<MessageProperties> {
    Arc::new(MessageProperties {
        content_type: "application/json".to_owned(),
        profile: profile.name.clone(),
        schema_version: profile.version.clone(),
    })
}

fn qos(plan: &Plan, sink: u16) -> u8 {
    match plan.connections.get(usize::from(sink)).map(|connection| &connection.kind) {
        Some(ConnectionKind::Mqtt(mqtt)) => mqtt.qos,
        _ => 1,
    }
}

fn identity_of(wish: &Wish<'_>) -> String {
    format!("{} {} {}", wish.found.node, wish.flow.name, wish.profile.id())
}

fn is_of(refusal: &Refusal, wish: &Wish<'_>) -> bool {
    match &refusal.name {
        Name::Machine(id) => wish.id == *id && wish.found.node == refusal.refused.identity,
        Name::Topic(..) => identity_of(wish) == refusal.refused.identity,
    }
}

fn refused(refusal: &Refusal, is_topic: bool) -> Finding {
    let (code, name) = match &refusal.name {
        Name::Machine(id) => ("QIAO-V205", id),
        Name::Topic(_, topic) => ("QIAO-V206", topic),
    };
    let finding = Finding::error(code, refusal.refused.label.clone());
    let finding = finding.with("machine", &refusal.refused.label).with("other", &refusal.other.label);
    finding.with(if is_topic { "topic" } else { "id" }, name)
}
