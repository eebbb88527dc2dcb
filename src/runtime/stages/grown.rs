//! Machines and fields that appear while the source runs: what is known stays as it is, nothing is sent again for them.

use super::Stages;
use super::claims::Name;
use super::found::{is_of, refused, wishes};
use super::outbox::Outbox;
use super::presence::State;
use super::routes::Routes;
use super::stream::Stream;
use crate::assemble::Image;
use crate::assemble::bind::{Candidate, bind, candidates};
use crate::model::{Discovery, Now};
use std::collections::HashSet;
use std::sync::Arc;

impl Stages {
    /// Takes over a discovery that goes on from the one we have.
    pub(super) fn grow(&mut self, discovery: &Discovery, now: Now, out: &mut Outbox) {
        if self.is_lost {
            self.resume(now, out);
        }
        let plan = Arc::clone(&self.plan);
        let mut findings = Vec::new();
        let mut wishes = wishes(&plan, discovery, self.known.0, &mut findings);
        for refusal in self.common.claims.extend(self.claims(&wishes)) {
            wishes.retain(|wish| !is_of(&refusal, wish));
            findings.push(refused(&refusal, matches!(refusal.name, Name::Topic(..))));
        }
        let candidates = candidates(discovery);
        let nodes = |machine: u32| candidates.get(machine as usize).map_or(&[][..], Vec::as_slice);
        let new = discovery.items.get(self.known.1..).unwrap_or_default();
        let changed: HashSet<(u16, &str)> = new
            .iter()
            .flat_map(|item| &item.targets)
            .filter_map(|target| discovery.machines.get(target.machine as usize))
            .map(|machine| (machine.flow, machine.node.as_str()))
            .collect();
        for (machine, found) in (0..).zip(&discovery.machines).take(self.known.0) {
            if changed.contains(&(found.flow, found.node.as_str())) {
                let is_its = |stream: &&mut Stream| stream.flow == found.flow && stream.node == found.node;
                for stream in self.streams.iter_mut().filter(is_its) {
                    if !stream.backlog.is_empty() {
                        stream.first(&mut self.bench, now, out);
                    }
                    stream.grow(nodes(machine), out);
                }
            }
        }
        for wish in &wishes {
            self.add(wish, nodes(wish.machine), None, now, out);
        }
        out.findings.extend(findings.iter().cloned());
        self.told.extend(findings);
        self.presences.set_all(&State::Online, now.wall, self.bench.language, out);
        self.known = (discovery.machines.len(), discovery.items.len());
        self.epoch = Some(discovery.epoch);
        self.routes = Routes::new(discovery, &self.streams);
    }
}

impl Stream {
    /// Binds again with more nodes; what the fields hold stays.
    fn grow(&mut self, nodes: &[Candidate<'_>], out: &mut Outbox) {
        let bound = bind(&self.profile, &self.id, nodes);
        out.findings.extend(bound.findings.iter().filter(|finding| !self.findings.contains(finding)).cloned());
        self.findings = bound.findings;
        let mut image = Image::new(&bound.value);
        let before = std::mem::replace(&mut self.image, Image::new(&bound.value));
        image.inherit(&bound.value, before, &self.layout);
        for (part, _) in &mut self.left_out {
            let pointer = self.layout.fields().get(part.start as usize).map(|field| field.pointer.as_str());
            let start = pointer.and_then(|pointer| bound.value.field_at(pointer)).unwrap_or(part.start);
            *part = start..start + (part.end - part.start);
        }
        self.image = image;
        self.layout = bound.value;
    }
}
