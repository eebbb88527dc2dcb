//! What is known of two mappings before any message comes.

use super::pattern::Pattern;
use crate::profile::{ConstantValue, Field, Only, Profile, Unit};
use serde_json::Value;
use std::collections::HashMap;

/// Where a field and its unit stand.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub field: Pattern,
    pub unit: Option<Pattern>,
}

/// The source's side.
#[derive(Clone, Debug)]
pub(super) struct SourcePlan {
    /// In the order of the mapping; `None`: nothing is taken from the field.
    pub fields: Vec<Option<Place>>,
    pub constants: Vec<Pattern>,
    /// What is left out on purpose, with its index in the mapping.
    pub unmapped: Vec<(Pattern, usize)>,
}

/// The target's side.
#[derive(Clone, Debug)]
pub(super) struct TargetPlan {
    /// In the order of the mapping; `None`: nothing is put into the field.
    pub fields: Vec<Option<Place>>,
    pub constants: Vec<(Pattern, Value)>,
    /// Fields that hold a concept, by their index.
    holding: HashMap<String, Vec<usize>>,
}

fn unit_place(field: &Field) -> Option<&str> {
    match &field.unit {
        Some(Unit::At(at) | Unit::Word { at, .. }) => Some(at),
        _ => None,
    }
}

impl SourcePlan {
    pub(super) fn new(profile: &Profile) -> Self {
        let mapping = &profile.mapping;
        let place = |field: &Field| {
            let unit = unit_place(field).and_then(Pattern::new);
            let is_taken = field.meaning.only != Some(Only::Write);
            Pattern::new(&field.pointer).filter(|_| is_taken).map(|field| Place { field, unit })
        };
        let left = mapping.unmapped.iter().enumerate().filter(|(_, left)| left.path.starts_with('/'));
        Self {
            fields: mapping.fields.iter().map(place).collect(),
            constants: mapping.constants.iter().filter_map(|constant| Pattern::new(&constant.pointer)).collect(),
            unmapped: left.filter_map(|(at, left)| Some((Pattern::new(&left.path)?, at))).collect(),
        }
    }
}

impl TargetPlan {
    pub(super) fn new(profile: &Profile) -> Self {
        let mapping = &profile.mapping;
        let place = |field: &Field| {
            let unit = unit_place(field).and_then(|at| Pattern::of_target(at, profile));
            let is_put = field.meaning.only != Some(Only::Read);
            Pattern::of_target(&field.pointer, profile).filter(|_| is_put).map(|field| Place { field, unit })
        };
        let fields: Vec<Option<Place>> = mapping.fields.iter().map(place).collect();
        let mut holding: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, field) in mapping.fields.iter().enumerate().filter(|(at, _)| fields[*at].is_some()) {
            if let Some(concept) = &field.concept {
                holding.entry(concept.clone()).or_default().push(at);
            }
        }
        let constants = mapping.constants.iter().filter_map(|constant| match &constant.value {
            ConstantValue::Json(value) => Some((Pattern::of_target(&constant.pointer, profile)?, value.clone())),
            ConstantValue::TypeDefinition { .. } => None,
        });
        Self { constants: constants.collect(), fields, holding }
    }

    /// The fields that hold a concept, and their places.
    pub(super) fn holding<'p>(
        &'p self,
        profile: &'p Profile,
        concept: &str,
    ) -> impl Iterator<Item = (&'p Field, &'p Place)> {
        let found = self.holding.get(concept).into_iter().flatten();
        found.filter_map(|at| Some((profile.mapping.fields.get(*at)?, self.fields.get(*at)?.as_ref()?)))
    }
}
