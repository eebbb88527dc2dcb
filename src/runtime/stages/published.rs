//! What is published instead of what the source speaks: laid out, and fed by the streams of the source.

use super::Stages;
use super::alarms::Board;
use super::bridge::{Aim, Bridge, Giving};
use super::device::{self, Device};
use super::found::qos;
use super::leaving::Veil;
use super::outbox::Outbox;
use super::sampler::{Making, Sampler, channels};
use super::stream::Stream;
use super::wish::Wish;
use crate::assemble::Layout;
use crate::assemble::bind::{Carried, bind_carried};
use crate::config::plan::{ConnectionKind, Plan};
use crate::finding::Finding;
use crate::model::Now;
use crate::translate::{AlarmList, AlarmWay};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

impl Stages {
    /// What the streams of a machine's source give to what is published instead.
    pub(super) fn givings(&self, wish: &Wish<'_>) -> Vec<Giving> {
        let Some(publish_as) = &wish.flow.publish_as else { return Vec::new() };
        let mut taken = HashSet::new();
        let mut givings = Vec::new();
        for (profile, routes) in wish.flow.profiles.iter().zip(&publish_as.routes) {
            let is_meant = |stream: &&Stream| {
                let is_source = stream.bridge.is_some() && stream.profile_id == profile.id();
                is_source && stream.outlet.flow == wish.found.flow && stream.node == wish.found.node
            };
            let stream = self.streams.iter().find(is_meant);
            givings.extend(stream.map(|stream| Giving::of(stream, routes, &mut taken)));
        }
        givings
    }

    pub(super) fn carried(&self, wish: &Wish<'_>, givings: &[Giving]) -> Vec<Carried> {
        let of = |giving: &Giving| Some(giving.carried(self.streams.get(giving.stream)?, wish.profile));
        givings.iter().filter_map(of).flatten().collect()
    }

    /// Leads the streams of a source to the fields of what is published instead.
    pub(super) fn lead(&mut self, givings: Vec<Giving>, aim: Aim, wish: &Wish<'_>, layout: &Layout, is_kept: bool) {
        for giving in givings {
            let Some(stream) = self.streams.get_mut(giving.stream) else { continue };
            let place = |pointer: &str| {
                let field = layout.field_at(pointer)?;
                let bound = layout.fields().get(field as usize)?;
                // What the configuration declares stays as it is declared.
                (bound.pointer == pointer && bound.declared.is_none()).then_some(field)
            };
            stream.bridge = Some(Bridge::new(giving, stream, aim, wish.profile.id(), place));
            if !is_kept {
                stream.tell_again();
            }
        }
    }

    /// Adds the sampler of a machine: its old one as it is, if nothing of it changed; else a new one.
    pub(super) fn add_sampler(
        &mut self,
        wish: &Wish<'_>,
        before: &mut Vec<Sampler>,
        carries_on: bool,
        now: Now,
        out: &mut Outbox,
    ) {
        let profile_id = wish.profile.id();
        let Some(checker) = self.prepared.checker(&profile_id) else { return };
        let givings = self.givings(wish);
        let list = list_of(wish);
        let rule = self.plan.machine_rule(wish.flow.source, &wish.found.node);
        let binding = rule.and_then(|rule| rule.binding.clone());
        let declared = binding.as_ref().map_or(&[][..], |binding| &binding.fields);
        let bound = {
            let list = list.as_ref().map(|list| (list.pointer.as_str(), AlarmList::CONCEPT));
            bind_carried(wish.profile, &wish.id, &self.carried(wish, &givings), declared, list)
        };
        let (layout, findings) = (bound.value, bound.findings);
        if layout.fields().is_empty() {
            // That nothing of it is published was told of what the source speaks.
            return;
        }
        let old = before.iter().position(|old| {
            old.outlet.flow == wish.found.flow && old.node == wish.found.node && old.profile_id == profile_id
        });
        let old = old.map(|at| before.swap_remove(at));
        let known: &[Finding] = old.as_ref().map_or(&[], |old| &old.findings);
        out.findings.extend(findings.iter().filter(|finding| !known.contains(finding)).cloned());
        let qos = qos(&self.plan, wish.flow.sink);
        self.add_presence(wish);
        let index = self.samplers.len() as u32;
        let outlet = wish.outlet(qos);
        let is_same = |old: &Sampler| old.id == wish.id && old.outlet.topic == outlet.topic && old.layout == layout;
        let is_kept = carries_on && old.as_ref().is_some_and(is_same);
        self.lead(givings, Aim::Sampler(index), wish, &layout, is_kept);
        let mut old = match old {
            Some(old) if is_kept => {
                self.samplers.push(old.kept(index, findings));
                return;
            }
            old => old,
        };
        if let Some(old) = &mut old {
            old.finish(&mut self.bench, now, out);
        }
        let veil = Veil::new(&wish.flow.leaving, &layout);
        let before = old.as_ref().filter(|_| carries_on).map(|old| &old.device);
        let channels = channels(wish.profile, &layout, &veil);
        let stays = |field| veil.hides(field);
        let mut made = device::adapter(wish.profile, &wish.id, &layout, &channels, stays, list.as_ref());
        let settable = self.plan.writes.settable(wish.flow.sink, made.value.guid());
        made.value.allow(settable.iter().map(String::as_str));
        out.findings.extend(made.findings);
        let is_ready = |(sink, id): (u16, &str)| self.ready.contains(&(sink, id.to_owned()));
        let device = Device::new(made.value, (wish.flow.sink, qos), is_ready, before, now);
        let settle = settle(&self.plan, wish.flow.source);
        let known = old.and_then(|old| old.board);
        let board = list.and_then(|list| Board::new(list, &layout, &device, settle, now, (known, carries_on)));
        let mut sampler = Sampler::new(Making {
            index,
            flow_name: wish.flow.name.clone(),
            id: wish.id.clone(),
            node: wish.found.node.clone(),
            profile: Arc::clone(wish.profile),
            checker,
            on_violation: wish.flow.on_violation,
            outlet,
            findings,
            veil,
            device,
            board,
            layout,
            topics: wish.topics.clone(),
            settle,
        });
        sampler.take_declared(binding.as_deref(), now);
        self.samplers.push(sampler);
    }
}

/// The list that is kept of the source's events.
fn list_of(wish: &Wish<'_>) -> Option<AlarmList> {
    let publish_as = wish.flow.publish_as.as_ref()?;
    publish_as.routes.iter().find_map(|routes| match routes.alarms() {
        Some(AlarmWay::ToList(list)) => Some(list.clone()),
        _ => None,
    })
}

/// How long values are on their way at most: a server tells them once in a publishing interval.
fn settle(plan: &Plan, source: u16) -> Duration {
    const MARGIN: Duration = Duration::from_millis(500);
    match plan.connections.get(usize::from(source)).map(|connection| &connection.kind) {
        Some(ConnectionKind::OpcUa(server)) => server.publishing_interval + MARGIN,
        _ => MARGIN,
    }
}
