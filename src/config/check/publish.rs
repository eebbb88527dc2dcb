//! What a flow publishes when that is not what its source speaks.

use super::Checking;
use super::flow::Flows;
use crate::config::file::FlowFile;
use crate::config::plan::{Decode, PublishAs, TopicInput};
use crate::config::read::At;
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
        let target = self.target(wanted, all)?;
        let sources = profiles?;
        if let Some(event) = sources.iter().find(|profile| profile.message == MessageKind::Event) {
            let facts = [("profile", event.id()), ("target", target.id())];
            self.reading.error("QIAO-C120", wanted.place, &facts.each_ref().map(|(name, fact)| (*name, fact.as_str())));
            return None;
        }
        if input.is_some_and(|input| input.decode == Decode::Message) {
            self.reading.error("QIAO-C121", wanted.place, &[]);
            return None;
        }
        let routes: Vec<Arc<Routes>> = sources
            .iter()
            .map(|source| Arc::new(Routes::plan(Arc::clone(source), Arc::clone(&target), all.concepts.clone())))
            .collect();
        for (source, routes) in sources.iter().zip(&routes) {
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
    fn target(&mut self, wanted: &At<String>, all: &Flows<'_>) -> Option<Arc<Profile>> {
        let Some(found) = all.profiles.iter().find(|profile| profile.id() == wanted.value) else {
            let ids: Vec<String> = all.profiles.iter().map(|profile| profile.id()).collect();
            self.reading.unknown("QIAO-C012", wanted.place, &wanted.value, ids.iter().map(String::as_str));
            return None;
        };
        let is_event = found.message == MessageKind::Event;
        if found.exchange == Exchange::Document || found.codec == Codec::Json || is_event {
            self.reading.error("QIAO-C110", wanted.place, &[("profile", &found.id())]);
            return None;
        }
        Some(Arc::clone(found))
    }
}
