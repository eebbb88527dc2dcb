//! What a flow publishes when that is not what its source speaks.

use super::Checking;
use super::flow::Flows;
use crate::config::file::FlowFile;
use crate::config::plan::{Decode, PublishAs, TopicInput};
use crate::config::read::{At, OneOrMany};
use crate::profile::{Codec, Exchange, MessageKind, Profile};
use crate::translate::Routes;
use std::sync::Arc;

impl Checking<'_> {
    /// `Some(None)`: it publishes what its source speaks. `None`: something is wrong with it.
    pub(super) fn publish_as(
        &mut self,
        typed: &FlowFile,
        profiles: Option<&[Arc<Profile>]>,
        input: Option<&TopicInput>,
        all: &Flows<'_>,
    ) -> Option<Option<Arc<PublishAs>>> {
        let Some(wanted) = &typed.publish_as else { return Some(None) };
        let sources = profiles?;
        let target = self.target(wanted, sources, all)?;
        if input.is_some_and(|input| input.decode == Decode::Message) {
            self.reading.error("QIAO-C121", wanted.place, &[]);
            return None;
        }
        let texts = |list: &OneOrMany<String>| list.0.iter().map(|at| at.value.clone()).collect::<Vec<_>>();
        let only = typed.only.as_ref().map(|at| texts(&at.value));
        let drop = typed.drop.as_ref().map_or_else(Vec::new, |at| texts(&at.value));
        let plan = |source: &Arc<Profile>| {
            let routes = Routes::plan(Arc::clone(source), Arc::clone(&target), all.concepts.clone());
            Arc::new(routes.withholding(only.clone(), drop.clone()))
        };
        let routes: Vec<Arc<Routes>> = sources.iter().map(plan).collect();
        for (source, routes) in sources.iter().zip(&routes) {
            // Only samples have a device beside them that keeps a list.
            let is_listed = routes.alarms().is_some() && target.message == MessageKind::Sample;
            if source.message == MessageKind::Event && !is_listed {
                let facts = [("profile", source.id()), ("target", target.id())];
                let facts = facts.each_ref().map(|(name, fact)| (*name, fact.as_str()));
                self.reading.error("QIAO-C120", wanted.place, &facts);
                return None;
            }
            // A profile that takes any field has concepts where the configuration binds them.
            let carries = routes.table().iter().any(|row| row.source.is_some() && !row.targets.is_empty());
            if !carries {
                let facts = [("profile", source.id()), ("target", target.id())];
                let facts = facts.each_ref().map(|(name, fact)| (*name, fact.as_str()));
                self.reading.error("QIAO-C122", wanted.place, &facts);
                return None;
            }
        }
        Some(Some(Arc::new(PublishAs { profile: target, routes })))
    }

    /// The profile that is published.
    fn target(&mut self, wanted: &At<String>, sources: &[Arc<Profile>], all: &Flows<'_>) -> Option<Arc<Profile>> {
        let Some(found) = all.profiles.iter().find(|profile| profile.id() == wanted.value) else {
            let ids: Vec<String> = all.profiles.iter().map(|profile| profile.id()).collect();
            self.reading.unknown("QIAO-C012", wanted.place, &wanted.value, ids.iter().map(String::as_str));
            return None;
        };
        // Events are made of what changes in the list of an NC-Link device.
        let is_made = sources.iter().any(|source| source.codec == Codec::NcLink);
        let is_event = found.message == MessageKind::Event && !is_made;
        if found.exchange == Exchange::Document || found.codec == Codec::Json || is_event {
            self.reading.error("QIAO-C110", wanted.place, &[("profile", &found.id())]);
            return None;
        }
        Some(Arc::clone(found))
    }
}
