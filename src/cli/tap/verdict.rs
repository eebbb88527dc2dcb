//! Whether what arrives is what a profile says.

use crate::codec::{Limits, Tape};
use crate::finding::{Finding, Severity};
use crate::mqtt::Incoming;
use crate::profile::Profile;
use crate::validate::Checker;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Faults that are told of one message.
const MOST: usize = 8;

/// Judges messages by profiles.
#[derive(Debug, Default)]
pub(super) struct Judge {
    /// By `name@version`; empty: nobody judges.
    profiles: BTreeMap<String, Arc<Profile>>,
    always: Option<String>,
    /// Made when they are needed first.
    checkers: BTreeMap<String, Option<Checker>>,
    tape: Tape,
}

/// What a message was held against, and what is wrong with it.
#[derive(Debug, Default)]
pub(super) struct Verdict {
    /// `name@version`; `None`: nobody knows.
    pub(super) profile: Option<String>,
    pub(super) findings: Vec<Finding>,
}

impl Judge {
    pub(super) fn nobody() -> Self {
        Self::default()
    }

    /// By the profile that a message names.
    pub(super) fn of(profiles: Vec<Arc<Profile>>) -> Self {
        Self { profiles: profiles.into_iter().map(|profile| (profile.id(), profile)).collect(), ..Self::default() }
    }

    /// By this one, whatever a message says.
    pub(super) fn always(profile: Arc<Profile>) -> Self {
        Self { always: Some(profile.id()), ..Self::of(vec![profile]) }
    }

    /// `None` when nobody judges, or there is nothing to judge: an empty message takes a retained one back.
    pub(super) fn judge(&mut self, message: &Incoming) -> Option<Verdict> {
        if self.profiles.is_empty() || message.payload.is_empty() {
            return None;
        }
        let place = String::from_utf8_lossy(&message.topic);
        let named = self.always.clone().or_else(|| named(message));
        let Some(id) = named.filter(|id| self.profiles.contains_key(id)) else {
            let named = self::named(message).unwrap_or_else(|| "-".to_owned());
            let finding = Finding::note("QIAO-T009", place).with("name", named);
            return Some(Verdict { profile: None, findings: vec![finding] });
        };
        let profiles = &self.profiles;
        let checker = self.checkers.entry(id.clone()).or_insert_with_key(|id| {
            let schema = &profiles.get(id)?.schema;
            Checker::compile(schema).ok()
        });
        let findings = match (self.tape.read(&message.payload, Limits::default()), checker) {
            (Err(error), _) => vec![error.finding(place)],
            (Ok(()), Some(checker)) => {
                let violations = checker.violations(&self.tape, MOST);
                violations.iter().map(|violation| violation.finding(Severity::Error)).collect()
            }
            // Schemas are compiled before a profile is let into the library.
            (Ok(()), None) => Vec::new(),
        };
        Some(Verdict { profile: Some(id), findings })
    }
}

impl Verdict {
    pub(super) fn is_invalid(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }
}

/// The user property that the gateway sets; see [`crate::model::MessageProperties`].
pub(super) fn property<'a>(message: &'a Incoming, name: &str) -> Option<&'a str> {
    message.user_properties.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

fn named(message: &Incoming) -> Option<String> {
    Some(format!("{}@{}", property(message, "profile")?, property(message, "schema-version")?))
}
