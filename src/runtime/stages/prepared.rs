//! What the stages of all sources share.

use super::beside::Boards;
use super::claims::Claims;
use crate::config::plan::Plan;
use crate::validate::{Checker, SchemaError};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

/// Compiled schemas, who bears which name, and what stands beside messages. Made once per gateway.
#[derive(Debug)]
pub struct Prepared {
    checkers: HashMap<String, Arc<Checker>>,
    pub(super) claims: Claims,
    pub boards: Boards,
}

/// A profile's schema cannot be compiled.
#[derive(Debug, thiserror::Error)]
#[error("the schema of {profile}: {error}")]
pub struct PreparedError {
    /// `name@version`.
    pub profile: String,
    pub error: SchemaError,
}

impl Prepared {
    /// Compiles the schema of every profile of the plan.
    pub fn new(plan: &Plan) -> Result<Arc<Self>, PreparedError> {
        let mut checkers = HashMap::new();
        for profile in plan.flows.iter().flat_map(|flow| flow.profiles.iter().chain(flow.published())) {
            if let Entry::Vacant(entry) = checkers.entry(profile.id()) {
                let checker = Checker::compile(&profile.schema);
                let checker = checker.map_err(|error| PreparedError { profile: profile.id(), error })?;
                entry.insert(Arc::new(checker));
            }
        }
        Ok(Arc::new(Self { checkers, claims: Claims::default(), boards: Boards::new(plan) }))
    }

    pub(super) fn checker(&self, profile: &str) -> Option<Arc<Checker>> {
        self.checkers.get(profile).cloned()
    }
}
