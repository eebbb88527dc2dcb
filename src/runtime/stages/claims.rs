//! Who bears which name: two machines with one id, or two streams with one topic, are refused, across all sources.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// What only one may have.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Name {
    /// Id of a machine.
    Machine(String),
    /// A topic of a sink.
    Topic(u16, String),
}

/// Who wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Claimant {
    pub(super) source: u16,
    /// What distinguishes claimants of one source: a root's node id; for topics with flow and profile.
    pub(super) identity: String,
    /// How findings call it.
    pub(super) label: String,
}

/// A wish that was refused, and the other one who wants or has the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) name: Name,
    pub(super) refused: Claimant,
    pub(super) other: Claimant,
}

/// The names that are taken. Asked when machines are found, never per value.
#[derive(Debug, Default)]
pub(super) struct Claims(Mutex<HashMap<Name, Claimant>>);

impl Claims {
    /// Replaces everything `source` claimed before. Who had a name keeps it, so that a newcomer never stops what runs; of
    /// several newcomers that want the same, all are refused.
    pub(super) fn replace(&self, source: u16, wishes: Vec<(Name, Claimant)>) -> Vec<Refusal> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let had: HashMap<Name, Claimant> = taken.extract_if(|_, claimant| claimant.source == source).collect();
        let mut wanted: HashMap<&Name, Vec<&Claimant>> = HashMap::new();
        for (name, claimant) in &wishes {
            let claimants = wanted.entry(name).or_default();
            if !claimants.iter().any(|known| known.identity == claimant.identity) {
                claimants.push(claimant);
            }
        }
        let mut refusals = Vec::new();
        for (name, claimants) in wanted {
            let runs = claimants.iter().find(|own| had.get(name).is_some_and(|had| had.identity == own.identity));
            if let Some(runs) = runs {
                taken.insert(name.clone(), (*runs).clone());
            }
            let others = |own: &Claimant| match taken.get(name) {
                Some(other) => Some(other.clone()).filter(|other| other != own),
                None => claimants.iter().find(|other| other.identity != own.identity).map(|other| (*other).clone()),
            };
            let conflicts: Vec<Refusal> = claimants
                .iter()
                .filter_map(|own| Some(Refusal { name: name.clone(), refused: (*own).clone(), other: others(own)? }))
                .collect();
            match (&conflicts[..], &claimants[..]) {
                ([], [only]) => {
                    taken.insert(name.clone(), (*only).clone());
                }
                _ => refusals.extend(conflicts),
            }
        }
        refusals.sort_by(|left, right| left.name.cmp(&right.name).then(left.refused.label.cmp(&right.refused.label)));
        refusals
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claimant(source: u16, identity: &str) -> Claimant {
        Claimant { source, identity: identity.to_owned(), label: format!("{source}:{identity}") }
    }

    fn wish(source: u16, name: &str, identity: &str) -> (Name, Claimant) {
        (Name::Machine(name.to_owned()), claimant(source, identity))
    }

    #[track_caller]
    fn refused(refusals: &[Refusal], expected: &[(&str, &str)]) {
        let found: Vec<_> = refusals.iter().map(|r| (r.refused.label.as_str(), r.other.label.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn of_two_newcomers_with_one_name_both_are_refused_and_who_runs_is_left_alone() {
        let claims = Claims::default();
        refused(&claims.replace(0, vec![wish(0, "a", "i=1"), wish(0, "b", "i=2"), wish(0, "a", "i=1")]), &[]);
        refused(&claims.replace(1, vec![wish(1, "b", "i=2"), wish(1, "c", "i=3")]), &[("1:i=2", "0:i=2")]);
        refused(
            &claims.replace(2, vec![wish(2, "d", "i=1"), wish(2, "d", "i=2")]),
            &[("2:i=1", "2:i=2"), ("2:i=2", "2:i=1")],
        );
        // One of its own that has it keeps it.
        refused(&claims.replace(1, vec![wish(1, "c", "i=4"), wish(1, "c", "i=3")]), &[("1:i=4", "1:i=3")]);
        refused(&claims.replace(0, vec![wish(0, "a", "i=1")]), &[]);
        refused(&claims.replace(1, vec![wish(1, "b", "i=2")]), &[]);
    }
}
