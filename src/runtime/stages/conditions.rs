//! The state of each condition on a topic of its own, for a profile of events on topics of states.
//!
//! A condition that somebody still has to see stands there, retained; one that is over is taken back. While the link is lost nothing stands there: what was known is told again when the same session goes on, and by the server's
//! refresh in a new one. A branch (OPC 10000-9 §4.4), an earlier state that still waits for somebody, has its own topic.

use super::outlet::Outlet;
use crate::codec::Tape;
use crate::codec::plain_json::string;
use crate::codec::tape::TapeKind;
use crate::model::{Delivery, TopicName};
use crate::profile::Profile;
use crate::route::escape;
use crate::translate::concept;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Stands for the name of a condition in the topic of its machine.
pub(super) const PLACE: &str = "{condition}";
/// States that a machine may have at a time; more would be a fault of the server, and topics that nobody can overlook.
pub(super) const MOST: usize = 1_000;
/// Characters of a condition's own id in its topic.
const LEGIBLE: usize = 80;

/// The conditions of one machine.
#[derive(Debug)]
pub(super) struct Conditions {
    /// JSON pointers of what a message says of its condition.
    condition: String,
    branch: Option<String>,
    is_retained: Option<String>,
    is_active: Option<String>,
    is_acknowledged: Option<String>,
    is_confirmed: Option<String>,
    /// What stands on topics, by the topic.
    known: BTreeMap<Arc<TopicName>, Box<[u8]>>,
    /// The topic of the event at hand.
    at_hand: Option<Arc<TopicName>>,
    /// What is known is to be told again.
    is_untold: bool,
}

/// What an event is to the conditions of its machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Met {
    State,
    /// It says that its condition is over.
    End,
    /// It is about none.
    NoCondition,
    /// There is no room for another.
    NoRoom,
}

impl Conditions {
    /// `None`: the profile has no states of conditions.
    pub(super) fn of(profile: &Profile) -> Option<Self> {
        if !profile.has_conditions() {
            return None;
        }
        let pointer = |wanted: &str| {
            let mut fields = profile.mapping.fields.iter();
            fields.find(|field| field.concept.as_deref() == Some(wanted)).map(|field| field.pointer.clone())
        };
        Some(Self {
            condition: pointer(concept::CONDITION)?,
            branch: pointer(concept::BRANCH),
            is_retained: pointer(concept::IS_RETAINED),
            is_active: pointer(concept::IS_ACTIVE),
            is_acknowledged: pointer(concept::IS_ACKNOWLEDGED),
            is_confirmed: pointer(concept::IS_CONFIRMED),
            known: BTreeMap::new(),
            at_hand: None,
            is_untold: false,
        })
    }

    /// Finds out what the event on the tape is the state of.
    pub(super) fn meet(&mut self, tape: &Tape, outlet: &Outlet) -> Met {
        self.at_hand = None;
        let text = |pointer: &str| {
            let node = tape.nodes().get(tape.find(pointer)? as usize)?;
            matches!(node.kind(), TapeKind::Plain | TapeKind::Escaped).then(|| string(tape, node).into_owned())
        };
        let is = |pointer: &Option<String>| {
            let node = tape.nodes().get(tape.find(pointer.as_deref()?)? as usize)?;
            match node.kind() {
                TapeKind::True => Some(true),
                TapeKind::False => Some(false),
                _ => None,
            }
        };
        let Some(condition) = text(&self.condition).filter(|id| !id.is_empty()) else { return Met::NoCondition };
        let branch = self.branch.as_deref().and_then(text).filter(|branch| branch != NO_BRANCH).unwrap_or_default();
        let named = outlet.topic.as_str().replace(PLACE, &escape(&name(&condition, &branch)));
        let Ok(topic) = TopicName::parse(&named) else { return Met::NoRoom };
        let is_over = is_over(&States {
            is_branch: !branch.is_empty(),
            is_active: is(&self.is_active),
            is_acknowledged: is(&self.is_acknowledged),
            is_confirmed: is(&self.is_confirmed),
            is_retained: is(&self.is_retained),
        });
        if !is_over && self.known.len() >= MOST && !self.known.contains_key(&topic) {
            return Met::NoRoom;
        }
        if is_over {
            self.known.remove(&topic);
        }
        self.at_hand = Some(Arc::new(topic));
        if is_over { Met::End } else { Met::State }
    }

    /// The topic of the event at hand.
    pub(super) fn topic(&self) -> Option<&Arc<TopicName>> {
        self.at_hand.as_ref()
    }

    /// The message of the event at hand has left.
    pub(super) fn stands(&mut self, message: &[u8]) {
        if let Some(topic) = self.at_hand.take() {
            self.known.insert(topic, message.into());
        }
    }

    /// The message of the event at hand was refused: what stands on its topic is not its state any more.
    pub(super) fn refused(&mut self) -> Option<Arc<TopicName>> {
        let topic = self.at_hand.take()?;
        self.known.remove(&topic).map(|_| topic)
    }

    /// Empty messages for everything that stands on topics.
    pub(super) fn retained<'a>(&'a self, outlet: &'a Outlet) -> impl Iterator<Item = Delivery> + 'a {
        let standing = if self.is_untold { None } else { Some(self.known.keys()) };
        standing.into_iter().flatten().map(|topic| on(outlet, topic))
    }

    /// Nothing stands on topics any more; what is known holds again when the session goes on.
    pub(super) fn lose(&mut self) {
        self.is_untold = true;
    }

    /// A topic of these conditions of which nothing is known.
    pub(super) fn unknown(&self, topic: &str, outlet: &Outlet) -> Option<Arc<TopicName>> {
        let (front, behind) = outlet.topic.as_str().split_once(PLACE)?;
        let name = topic.strip_prefix(front)?.strip_suffix(behind)?;
        let topic = TopicName::parse(topic).ok().filter(|_| !name.is_empty() && !name.contains('/'))?;
        (!self.known.contains_key(&topic)).then(|| Arc::new(topic))
    }

    /// What was known may be over without having been told.
    pub(super) fn forget(&mut self) {
        self.known.clear();
        self.is_untold = false;
    }

    /// What is to be told again, once: everything that is known.
    pub(super) fn tell_again<'a>(&'a mut self, outlet: &'a Outlet) -> impl Iterator<Item = (Delivery, &'a [u8])> {
        let again = std::mem::take(&mut self.is_untold).then(|| self.known.iter());
        again.into_iter().flatten().map(|(topic, message)| (on(outlet, topic), &**message))
    }
}

/// What an event says of the states of its condition; `None`: nothing.
struct States {
    is_branch: bool,
    is_active: Option<bool>,
    is_acknowledged: Option<bool>,
    is_confirmed: Option<bool>,
    is_retained: Option<bool>,
}

/// Whether nobody has to see a condition any more. OPC 10000-9 §5.5.2 says it by Retain, which servers get wrong both ways:
/// an alarm that is active stands, whatever Retain says, and one that is not and was seen to is over. That a branch is active
/// is past.
fn is_over(states: &States) -> bool {
    let is_active = states.is_active.filter(|_| !states.is_branch);
    match (is_active, states.is_acknowledged) {
        (Some(true), _) => false,
        (Some(false), Some(true)) if states.is_confirmed != Some(false) => true,
        (None, Some(true)) if states.is_branch && states.is_confirmed != Some(false) => true,
        (is_active, _) => states.is_retained.or(is_active) == Some(false),
    }
}

/// The filter that takes the topics of all conditions of a machine.
pub(super) fn filter(outlet: &Outlet) -> String {
    let level = |level: &str| if level.contains(PLACE) { "+".to_owned() } else { level.to_owned() };
    outlet.topic.as_str().split('/').map(level).collect::<Vec<_>>().join("/")
}

/// A message on the topic of a condition, without values of its own.
pub(super) fn on(outlet: &Outlet, topic: &Arc<TopicName>) -> Delivery {
    Delivery { topic: Arc::clone(topic), ..outlet.delivery(0) }
}

/// The present state of a condition is no branch (OPC 10000-9 §5.5.2).
const NO_BRANCH: &str = "i=0";

/// The name of a condition in topics: what is legible of its id, and what tells it apart from all others. The same in every
/// process.
fn name(condition: &str, branch: &str) -> String {
    let identifier = condition.rsplit_once(";s=").map_or(condition, |(_, text)| text);
    let identifier = identifier.rsplit_once(';').map_or(identifier, |(_, text)| text);
    let legible: String = identifier.chars().take(LEGIBLE).collect();
    let mut hash = Sha256::new();
    hash.update(condition.as_bytes());
    hash.update([0]);
    hash.update(branch.as_bytes());
    let digits: String = hash.finalize().iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("{legible}-{digits}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_is_over_when_it_is_not_active_and_was_seen_to_or_is_not_to_be_kept() {
        let (yes, no) = (Some(true), Some(false));
        for (is_active, is_acknowledged, is_confirmed, is_retained, expected) in [
            (yes, no, None, yes, false),
            (yes, yes, None, no, false),
            (no, no, None, yes, false),
            (no, yes, no, yes, false),
            (no, yes, yes, yes, true),
            (no, yes, None, yes, true),
            (no, no, None, no, true),
            (None, None, None, yes, false),
            (None, None, None, no, true),
            (no, None, None, None, true),
            (None, None, None, None, false),
        ] {
            let states = States { is_branch: false, is_active, is_acknowledged, is_confirmed, is_retained };
            assert_eq!(
                is_over(&states),
                expected,
                "{is_active:?} {is_acknowledged:?} {is_confirmed:?} {is_retained:?}"
            );
        }
    }

    #[test]
    fn a_branch_is_over_when_somebody_saw_to_it_though_it_says_that_it_was_active() {
        let of = |is_acknowledged, is_retained| {
            let (is_active, is_confirmed) = (Some(true), None);
            is_over(&States { is_branch: true, is_active, is_acknowledged, is_confirmed, is_retained })
        };
        let (yes, no) = (Some(true), Some(false));
        assert_eq!([of(no, yes), of(yes, yes), of(None, no)], [false, true, true]);
    }

    #[test]
    fn a_condition_has_a_legible_name_that_no_other_has() {
        assert_eq!(name("nsu=urn:acme:lathe;s=Lathe7.CoolantLow", ""), "Lathe7.CoolantLow-4692e897");
        assert!(name("nsu=urn:acme:lathe;i=5001", "").starts_with("i=5001-"));
        assert!(name("nsu=urn:acme:lathe;s=a;b", "").starts_with("b-"));
        let all = [("nsu=urn:a;s=x", ""), ("nsu=urn:b;s=x", ""), ("nsu=urn:a;s=x", "nsu=urn:a;i=1")];
        let names: std::collections::BTreeSet<String> =
            all.iter().map(|(condition, branch)| name(condition, branch)).collect();
        assert_eq!(names.len(), 3);
        assert!(name(&"x".repeat(5000), "").len() < 100);
    }
}
