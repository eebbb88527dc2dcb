//! What may leave by a flow: a concept that nothing holds is a slip that would let the one leave that was meant.

use super::{Checking, given};
use crate::config::file::FlowFile;
use crate::config::plan::{Decode, Leaving};
use crate::config::read::{At, OneOrMany};
use crate::config::yaml::Place;
use crate::profile::{Concept, ConceptKind, Concepts, MessageKind, Per, Profile};
use std::sync::Arc;

/// A shorter key can be found by trying.
const SHORTEST_KEY: usize = 16;
/// Fields that a message lists.
const POINTERS: usize = 5;

impl Checking<'_> {
    /// `None` when it cannot be held to what is written. `profiles`: what the source speaks, `None` when one of them is not
    /// known; `instead`: what is published instead of it.
    /// What speaks of a person stays here unless `only` or `pseudonymise` names it.
    pub(super) fn leaving(
        &mut self,
        typed: &FlowFile,
        place: Place,
        profiles: Option<&[Arc<Profile>]>,
        instead: Option<&Arc<Profile>>,
        concepts: &Concepts,
    ) -> Option<Leaving> {
        let pseudonymise = typed.pseudonymise.as_ref().map(|at| &at.value);
        let list = |list: Option<&OneOrMany<String>>| list.map_or_else(Vec::new, |list| list.0.clone());
        let only = typed.only.as_ref().map(|at| list(Some(&at.value)));
        let drop = list(typed.drop.as_ref().map(|at| &at.value));
        let pseudonyms = list(pseudonymise.and_then(|typed| given(&typed.concepts)).map(|at| &at.value));
        let faults = self.reading.findings.len();
        for (key, at) in [("only", &typed.only), ("drop", &typed.drop)] {
            if let Some(empty) = at.as_ref().filter(|at| at.value.0.is_empty()) {
                self.reading.error("QIAO-C015", empty.place, &[("key", key)]);
            }
        }
        let named: Vec<&At<String>> = only.iter().flatten().chain(&drop).chain(&pseudonyms).collect();
        if let (Some(first), Some(decode)) = (named.first(), &typed.decode)
            && decode.value.0 == Decode::Message
        {
            self.reading.error("QIAO-C102", first.place, &[]);
        }
        if let Some(profiles) = profiles {
            // Events that are not translated leave as they are.
            let is_held = |profile: &&Arc<Profile>| instead.is_some() || profile.message != MessageKind::Event;
            self.known_concepts(&named, profiles.iter().filter(is_held).chain(instead));
        }
        self.are_texts(&pseudonyms, concepts);
        for at in pseudonyms.iter().filter(|at| concepts.find(&at.value).is_some_and(is_of_alarm)) {
            self.reading.error("QIAO-C123", at.place, &[("concept", &at.value)]);
        }
        for dropped in &drop {
            let others = only.iter().flatten().chain(&pseudonyms);
            if let Some(other) = others.clone().find(|other| other.value == dropped.value) {
                let first = self.reading.shown(other.place);
                self.reading.error("QIAO-C103", dropped.place, &[("concept", &dropped.value), ("first", &first)]);
            }
        }
        let key = pseudonymise.and_then(|typed| given(&typed.key)).map(|at| (at.place, self.secret(&at.value)));
        if let Some((place, Some(key))) = &key
            && key.reveal().len() < SHORTEST_KEY
        {
            let bytes = SHORTEST_KEY.to_string();
            self.reading.error("QIAO-C104", *place, &[("bytes", &bytes)]);
        }
        let texts = |list: Vec<At<String>>| list.into_iter().map(|at| at.value).collect::<Vec<_>>();
        let told = typed.drop.as_ref().map(|at| at.place).or(typed.only.as_ref().map(|at| at.place));
        let place = told.unwrap_or(place);
        let key = key.and_then(|(_, key)| key);
        let is_without_key = typed.pseudonymise.is_some() && key.is_none();
        let mut leaving = Leaving { only: only.map(texts), drop: texts(drop), pseudonyms: texts(pseudonyms), key };
        if self.reading.findings.len() > faults || is_without_key {
            return None;
        }
        let persons = concepts.list().filter(|concept| concept.is_person).map(|concept| concept.id.clone());
        leaving.keep_unless_named(&persons.collect::<Vec<_>>());
        let published = instead.map_or(profiles.unwrap_or_default(), std::slice::from_ref);
        for profile in published {
            let stays = |concept: &Option<String>| !leaving.allows(concept.as_deref());
            let fields = profile.mapping.fields.iter().filter(|field| field.is_mandatory && stays(&field.concept));
            let mut pointers: Vec<&str> = fields.map(|field| field.pointer.as_str()).collect();
            if !pointers.is_empty() {
                if pointers.len() > POINTERS {
                    pointers.truncate(POINTERS);
                    pointers.push("…");
                }
                let facts = [("profile", profile.id()), ("pointers", pointers.join(", "))];
                self.reading.warning("QIAO-C101", place, &facts.each_ref().map(|(name, fact)| (*name, fact.as_str())));
            }
        }
        Some(leaving)
    }

    fn known_concepts<'p>(&mut self, named: &[&At<String>], profiles: impl Iterator<Item = &'p Arc<Profile>>) {
        let fields = profiles.flat_map(|profile| &profile.mapping.fields);
        let mut known: Vec<&str> = fields.filter_map(|field| field.concept.as_deref()).collect();
        known.sort_unstable();
        known.dedup();
        for at in named.iter().filter(|at| !known.contains(&at.value.as_str())) {
            self.reading.unknown("QIAO-C100", at.place, &at.value, known.iter().copied());
        }
    }

    /// A pseudonym is a text: no number and no day, and of few values it hides nothing from who counts them.
    fn are_texts(&mut self, pseudonyms: &[At<String>], concepts: &Concepts) {
        for at in pseudonyms {
            let Some(concept) = concepts.find(&at.value) else { continue };
            if !matches!(concept.kind, ConceptKind::Text | ConceptKind::LocalizedText) {
                let facts = [("concept", concept.id.as_str()), ("type", concept.kind.name())];
                self.reading.error("QIAO-C118", at.place, &facts);
            }
        }
    }
}

/// Alarms are told apart by what they say.
fn is_of_alarm(concept: &Arc<Concept>) -> bool {
    concept.per == Some(Per::Alarm)
}
