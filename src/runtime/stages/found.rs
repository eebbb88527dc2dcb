//! Machines that were found become streams: named, placed, bound; two with one name are refused.

use super::Stages;
use super::bridge::{Aim, Bridge};
use super::claims::{Claimant, Name, Refusal};
use super::declared::unfit;
use super::exposure::Exposure;
use super::leaving::Guard;
use super::outbox::Outbox;
use super::presence::State;
use super::relay::Relay;
use super::stream::{Counted, Stream};
use super::wish::{Role, Wish, identity_of, wishes};
use crate::assemble::bind::{Candidate, bind, bind_carried, bind_event, candidates};
use crate::assemble::{Backlog, Cadence, Image, frame};
use crate::config::plan::{ConnectionKind, Decode, Plan};
use crate::finding::{Checked, Finding};
use crate::model::delivery::TopicKind;
use crate::model::{Discovery, Now};
use crate::normalise::TimePolicy;
use crate::profile::MessageKind;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use std::time::Duration;

impl Stages {
    /// Replaces everything that was found before. Where the session is the same, a machine that did not change goes on as
    /// if nothing had been said of it.
    pub(super) fn found(&mut self, discovery: &Discovery, now: Now, out: &mut Outbox) {
        if self.epoch == Some(discovery.epoch) {
            return self.resume(now, out);
        }
        self.clear_bridges(now, out);
        let carries_on = discovery.carries_on.is_some() && discovery.carries_on == self.epoch;
        let wall = now.wall.to_string();
        self.bench.summarise(None, &wall, out);
        let plan = Arc::clone(&self.plan);
        let mut findings = Vec::new();
        let mut wishes = wishes(&plan, discovery, &mut findings);
        self.turned_away.clear();
        for refusal in self.prepared.claims.replace(self.source, self.claims(&wishes)) {
            let is_topic = matches!(refusal.name, Name::Topic(..));
            let finding = refused(&refusal, is_topic);
            self.turn_away(wishes.extract_if(.., |wish| is_of(&refusal, wish)), &finding);
            findings.push(finding);
        }
        let mut before = std::mem::take(&mut self.streams);
        let mut given_up = Vec::new();
        let candidates = candidates(discovery);
        let mut samplers = std::mem::take(&mut self.samplers);
        let mut watches = std::mem::take(&mut self.watches);
        for wish in &wishes {
            let mut nodes = candidates.get(wish.machine as usize).cloned().unwrap_or_default();
            self.add_watch(wish, &mut nodes, &mut watches);
            if wish.role == Role::Target && wish.profile.message == MessageKind::Sample {
                self.add_sampler(wish, &mut samplers, carries_on, now, out);
                continue;
            }
            let old = before.iter().position(|old| {
                old.outlet.flow == wish.found.flow
                    && old.node == wish.found.node
                    && old.profile_id == wish.profile.id()
                    && old.bridge.is_some() == (wish.role == Role::Source)
            });
            let old = old.map(|at| before.swap_remove(at));
            given_up.extend(self.add(wish, &nodes, old, carries_on, now, out));
        }
        for mut old in before {
            old.flush(&mut self.bench, now, out);
            given_up.push(old);
        }
        samplers.iter_mut().for_each(|old| old.finish(&mut self.bench, now, out));
        out.findings.extend(findings.iter().filter(|finding| !self.told.contains(finding)).cloned());
        self.told = findings;
        // Retained messages of topics that nobody writes to any more.
        let topics: HashSet<_> =
            self.streams.iter().map(|stream| (stream.outlet.sink, Arc::clone(&stream.outlet.topic))).collect();
        given_up
            .iter()
            .filter(|old| !topics.contains(&(old.outlet.sink, Arc::clone(&old.outlet.topic))))
            .for_each(|old| old.clear(out));
        let mut there: HashSet<_> = self.streams.iter().map(|stream| (stream.outlet.sink, stream.id.clone())).collect();
        there.extend(self.samplers.iter().map(|sampler| (sampler.outlet.sink, sampler.id.clone())));
        there.extend(self.relays.values().map(|relay| (relay.outlet.sink, relay.id.clone())));
        let gone = State::Gone(Box::new(Finding::note("QIAO-V240", self.bench.source.clone())));
        let is_there = |sink: u16, id: &str| there.contains(&(sink, id.to_owned()));
        self.presences.retain(is_there, &gone, now.wall, self.bench.language, out);
        self.presences.set_all(&State::Online, now.wall, self.bench.language, out);
        self.take_down();
        if self.is_lost {
            self.streams.iter_mut().for_each(|stream| stream.resume(now));
            self.samplers.iter_mut().for_each(|sampler| sampler.resume(now));
            self.relays.values_mut().for_each(Relay::resume);
        }
        self.epoch = Some(discovery.epoch);
        self.is_lost = false;
        self.routes = super::routes::Routes::new(discovery, &self.streams, &self.watches);
    }

    fn claims(&self, wishes: &[Wish<'_>]) -> Vec<(Name, Claimant)> {
        let claim = |wish: &Wish<'_>| {
            let label = format!("{} {} ({})", self.bench.source, wish.found.path, wish.found.node);
            let machine = Claimant { source: self.source, identity: wish.found.node.clone(), label: label.clone() };
            let identity = identity_of(wish);
            let topic = Claimant { source: self.source, identity, label: format!("{label} {}", wish.flow.name) };
            let topics: BTreeSet<&str> = wish.topics.iter().map(|topic| topic.as_str()).collect();
            let topics = topics.into_iter().map(|name| (Name::Topic(wish.flow.sink, name.to_owned()), topic.clone()));
            let topics: Vec<(Name, Claimant)> = topics.collect();
            std::iter::once((Name::Machine(wish.id.clone()), machine)).chain(topics)
        };
        wishes.iter().filter(|wish| wish.role != Role::Source).flat_map(claim).collect()
    }

    /// Says of a machine that it is there; of what stands on a face the nodes say so.
    pub(super) fn add_presence(&mut self, wish: &Wish<'_>) {
        if self.plan.face(wish.flow.sink).is_none() {
            let qos = qos(&self.plan, wish.flow.sink);
            self.presences.add(wish.flow.sink, qos, &wish.id, Arc::clone(&wish.presence));
        }
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
        // Every profile of the plan has one: `Prepared` was made from the same plan.
        let Some(checker) = self.prepared.checker(&profile_id) else { return old };
        if wish.flow.input.as_ref().is_some_and(|input| input.decode == Decode::Message) {
            let qos = qos(&self.plan, wish.flow.sink);
            self.add_presence(wish);
            let stand = self.prepared.boards.stand(self.source, wish);
            self.relays.entry(wish.machine).or_insert_with(|| Relay::new(wish, qos, checker, stand));
            return old;
        }
        let rule = self.plan.machine_rule(wish.flow.source, &wish.found.node);
        let binding = rule.and_then(|rule| rule.binding.clone());
        let is_event = wish.profile.message == MessageKind::Event;
        let binding = binding.filter(|_| !is_event);
        let declared = binding.as_ref().map_or(&[][..], |binding| &binding.fields);
        let givings = if wish.role == Role::Target { self.givings(wish) } else { Vec::new() };
        // What fills the fields of a message that is taken apart are its own members.
        let read = wish.flow.input.as_ref().and_then(|input| input.profile.as_ref()).unwrap_or(wish.profile);
        let bound = match wish.role {
            Role::Whole | Role::Source => bind(read, &wish.id, nodes, declared),
            Role::Target if is_event => Checked { value: bind_event(wish.profile), findings: Vec::new() },
            Role::Target => bind_carried(wish.profile, &wish.id, &self.carried(wish, &givings), declared, None),
        };
        let mut findings = bound.findings;
        let mut stand = self.prepared.boards.stand(self.source, wish);
        if bound.value.fields().is_empty() && !self.is_watched(wish) {
            let finding = Finding::warning("QIAO-V209", wish.found.node.clone());
            let finding = finding.with("machine", &wish.id).with("profile", &profile_id).with("count", nodes.len());
            if let Some(stand) = &mut stand {
                stand.refuse(finding.text(self.bench.language));
            }
            findings.push(finding);
        }
        findings.extend(unfit(&bound.value, binding.as_deref(), nodes));
        let known: &[Finding] = old.as_ref().map_or(&[], |old| &old.findings);
        out.findings.extend(findings.iter().filter(|finding| !known.contains(finding)).cloned());
        let qos = qos(&self.plan, wish.flow.sink);
        self.add_presence(wish);
        let index = self.streams.len() as u32;
        let mut outlet = wish.outlet(qos);
        if self.plan.face(wish.flow.sink).is_some() {
            // Each value has its place in the history of its node.
            outlet.kind = TopicKind::Log;
        }
        let is_same = |old: &Stream| old.id == wish.id && old.outlet.topic == outlet.topic && old.layout == bound.value;
        let is_kept = carries_on && old.as_ref().is_some_and(is_same);
        self.lead(givings, Aim::Stream(index), wish, &bound.value, is_kept);
        if wish.role == Role::Target {
            self.lead_watches(wish, index);
        }
        let mut old = match old {
            Some(old) if is_kept => {
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
        // What a translated source says is not shown; what it becomes is.
        let is_shown = wish.role != Role::Source;
        let hides = |field: u32| {
            bound
                .value
                .fields()
                .get(field as usize)
                .is_some_and(|field| !wish.flow.leaving.allows(field.concept.as_deref()))
        };
        let exposure = Exposure::new(&self.plan, wish, &bound.value, nodes, hides).filter(|_| is_shown);
        // What is translated into events was kept back field by field before.
        let is_guarded = wish.role == Role::Whole || (wish.role == Role::Target && !is_event);
        let mut stream = Stream {
            index,
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
            outlet,
            bridge: (wish.role == Role::Source).then(Bridge::default),
            exposure,
            findings,
            image,
            guard: Guard::new(&wish.flow.leaving, &bound.value).filter(|_| is_guarded),
            stand,
            layout: bound.value,
            backlog: Backlog::default(),
            cadence: cadence(wish, now),
            counted: old.as_ref().map_or_else(Counted::default, |old| old.counted),
            needs_all: true,
            was_refused: false,
            is_withdrawn: false,
            is_lost: false,
            past: None,
            is_past: false,
            held_since: None,
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

/// When messages of a wish are due: those that are translated at once, for what is published has a cadence of its own.
fn cadence(wish: &Wish<'_>, now: Now) -> Cadence {
    let until = now.monotonic + wish.profile.complete_within;
    match wish.role {
        Role::Source => Cadence::new(Duration::ZERO, None, until),
        Role::Whole | Role::Target => Cadence::new(wish.profile.every, wish.profile.at_least_every, until),
    }
}

pub(super) fn qos(plan: &Plan, sink: u16) -> u8 {
    match plan.connections.get(usize::from(sink)).map(|connection| &connection.kind) {
        Some(ConnectionKind::Mqtt(mqtt)) => mqtt.qos,
        _ => 1,
    }
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
