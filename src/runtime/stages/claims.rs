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
    /// Adds to what `source` claimed before. Of several newcomers that want the same, all are refused; so is who wants
    /// what another has.
    pub(super) fn extend(&self, wishes: Vec<(Name, Claimant)>) -> Vec<Refusal> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_other =
            |one: &Claimant, other: &Claimant| (one.source, &one.identity) != (other.source, &other.identity);
        let mut refusals = Vec::new();
        for (name, own) in &wishes {
            let rival = wishes.iter().find(|(other, claimant)| other == name && is_other(claimant, own));
            let rival =
                rival.map(|(_, claimant)| claimant).or_else(|| taken.get(name).filter(|other| is_other(other, own)));
            if let Some(other) = rival {
                refusals.push(Refusal { name: name.clone(), refused: own.clone(), other: other.clone() });
            }
        }
        for (name, own) in wishes {
            if !refusals.iter().any(|refusal| refusal.name == name) {
                taken.insert(name, own);
            }
        }
        refusals
    }

    /// Replaces everything `source` claimed before. Of several that want the same, all are refused; who wants what
    /// another source has is refused, so that a newcomer never stops what runs.
    pub(super) fn replace(&self, source: u16, wishes: Vec<(Name, Claimant)>) -> Vec<Refusal> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        taken.retain(|_, claimant| claimant.source != source);
        let mut wanted: HashMap<&Name, Vec<&Claimant>> = HashMap::new();
        for (name, claimant) in &wishes {
            let claimants = wanted.entry(name).or_default();
            if !claimants.iter().any(|known| known.identity == claimant.identity) {
                claimants.push(claimant);
            }
        }
        let mut refusals = Vec::new();
        for (name, claimants) in wanted {
            let others = |own: &Claimant| {
                let rival = claimants.iter().find(|other| other.identity != own.identity);
                rival.map(|other| (*other).clone()).or_else(|| taken.get(name).cloned())
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
        refused(
            &claims.extend(vec![wish(2, "e", "i=1"), wish(2, "e", "i=1"), wish(2, "b", "i=5")]),
            &[("2:i=5", "0:i=2")],
        );
        refused(&claims.extend(vec![wish(0, "e", "i=9")]), &[("0:i=9", "2:i=1")]);
        refused(&claims.replace(0, vec![wish(0, "a", "i=1")]), &[]);
        refused(&claims.replace(1, vec![wish(1, "b", "i=2")]), &[]);
    }
}
