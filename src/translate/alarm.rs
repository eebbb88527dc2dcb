//! Alarms: one side tells each change by an event, the other keeps the list of those that are active.

use super::concept::{
    BRANCH, CONDITION, EVENT, IS_ACTIVE, IS_REFRESHED, IS_RETAINED, KIND, NUMBER, ORIGIN, ORIGIN_NAME, SEVERITY, TEXT,
    TIME,
};
use super::route::Routes;
use super::{Because, Fate, FateKind, Translated};
use crate::profile::{Concept, MessageKind, PointerStep, Profile, pointer_steps, unescape};
use serde_json::{Value, json};

/// The type AlarmConditionType (OPC 10000-9 §5.8.2): a list says no more of its alarms.
const ALARM_CONDITION: &str = "i=2915";
/// The present state of a condition is no branch (OPC 10000-9 §5.5.2).
const NO_BRANCH: &str = "i=0";

/// How alarms get from one profile to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AlarmWay {
    /// Events of the source say what becomes of a list of the target.
    ToList(AlarmList),
    /// What changes in a list of the source becomes events of the target.
    ToEvents(AlarmList),
}

/// Where a machine's image lists the alarms that are active.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlarmList {
    /// JSON pointer of the list.
    pub pointer: String,
    /// JSON pointer inside of an element: the number that tells an alarm from others.
    number: String,
}

/// What an event says of an alarm, beside what it is translated into.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlarmTold {
    /// What it is the state of.
    pub condition: String,
    /// `None`: it is no alarm, or does not say.
    pub is_active: Option<bool>,
    /// It is about an earlier state, not about the present one.
    pub is_branch: bool,
    /// It was told again, and did not happen just now.
    pub is_refreshed: bool,
}

/// What became of an alarm from one list to the next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change<'a> {
    Cleared(&'a Value),
    Raised(&'a Value),
    /// It is active as before, and says something else.
    Altered(&'a Value),
}

/// What an event needs that a list does not say.
#[derive(Clone, Copy, Debug)]
pub struct Occasion<'a> {
    /// Id of the machine, and a namespace of node ids that no server has.
    pub machine: &'a str,
    pub namespace: &'a str,
    /// The event's own id, base64.
    pub event: &'a str,
    /// When the list was so, ISO 8601 in UTC.
    pub time: &'a str,
    /// It is the state now, and may not have happened just now.
    pub is_refresh: bool,
}

impl AlarmWay {
    pub(super) fn between(source: &Profile, target: &Profile) -> Option<Self> {
        let is_event = |profile: &Profile| profile.message == MessageKind::Event;
        match (is_event(source), is_event(target)) {
            (true, false) => AlarmList::of(target).map(Self::ToList),
            (false, true) => AlarmList::of(source).map(Self::ToEvents),
            _ => None,
        }
    }
}

impl AlarmList {
    /// The concept of the hub that tells its elements apart.
    pub const CONCEPT: &str = NUMBER;

    /// That of a profile, if its messages have one.
    #[must_use]
    pub fn of(profile: &Profile) -> Option<Self> {
        let field = profile.mapping.fields.iter().find(|field| field.concept.as_deref() == Some(NUMBER))?;
        let steps = pointer_steps(&field.pointer).ok()?;
        let at = steps.iter().position(|step| matches!(step, PointerStep::Placeholder(_)))?;
        let text = |steps: &[PointerStep<'_>]| {
            let name = |step: &PointerStep<'_>| match step {
                PointerStep::Name(name) => Some(format!("/{name}")),
                PointerStep::Placeholder(_) | PointerStep::Select { .. } => None,
            };
            steps.iter().map(name).collect::<Option<String>>()
        };
        let is_list = profile.is_array(&steps[..at]);
        is_list.then(|| Some(Self { pointer: text(&steps[..at])?, number: text(&steps[at + 1..])? }))?
    }

    /// A machine's image that holds nothing but these alarms.
    #[must_use]
    pub fn image(&self, alarms: Vec<Value>) -> Value {
        self.pointer
            .split('/')
            .skip(1)
            .map(unescape)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .fold(Value::Array(alarms), |inner, name| json!({ name: inner }))
    }

    /// The first alarm of an image.
    #[must_use]
    pub fn first<'m>(&self, image: &'m Value) -> Option<&'m Value> {
        image.pointer(&self.pointer)?.get(0)
    }

    /// The alarms of a list; one alone may stand for a list of one. `None`: it says nothing of alarms.
    #[must_use]
    pub fn alarms(list: Value) -> Option<Vec<Value>> {
        match list {
            Value::Array(alarms) => Some(alarms),
            Value::Object(_) => Some(vec![list]),
            _ => None,
        }
    }

    /// The number of an alarm.
    #[must_use]
    pub fn number<'a>(&self, alarm: &'a Value) -> Option<&'a Value> {
        alarm.pointer(&self.number)
    }

    /// Each number once: what stands there first.
    #[must_use]
    pub fn distinct(&self, alarms: impl IntoIterator<Item = Value>) -> Vec<Value> {
        let mut kept: Vec<Value> = Vec::new();
        for alarm in alarms {
            if !kept.iter().any(|other| self.is_same(other, &alarm)) {
                kept.push(alarm);
            }
        }
        kept
    }

    /// What changed between two lists in which each number stands once: first what is over.
    #[must_use]
    pub fn changes<'a>(&self, before: &'a [Value], now: &'a [Value]) -> Vec<Change<'a>> {
        let in_list = |list: &'a [Value], alarm: &Value| list.iter().find(|other| self.is_same(other, alarm));
        let cleared = before.iter().filter(|alarm| in_list(now, alarm).is_none()).map(Change::Cleared);
        let others = now.iter().filter_map(|alarm| match in_list(before, alarm) {
            None => Some(Change::Raised(alarm)),
            Some(known) => (known != alarm).then_some(Change::Altered(alarm)),
        });
        cleared.chain(others).collect()
    }

    fn is_same(&self, one: &Value, other: &Value) -> bool {
        match (self.number(one), self.number(other)) {
            (Some(one), Some(other)) => one == other,
            _ => one == other,
        }
    }
}

impl Fate {
    /// That an alarm is active is said by its place in the list.
    pub(super) fn in_list() -> Self {
        Self { kind: FateKind::Converted, because: vec![Because::Word("translate-in-list")] }
    }

    /// What the gateway says of a change of a list.
    pub(super) fn of_change() -> Self {
        Self { kind: FateKind::Converted, because: vec![Because::Word("translate-of-change")] }
    }
}

impl Routes {
    /// Whether the target says this of an alarm by having it in its list, or not.
    pub(super) fn is_place_in_list(&self, concept: &Concept) -> bool {
        concept.id == IS_ACTIVE && matches!(self.alarms(), Some(AlarmWay::ToList(_)))
    }

    /// Whether the gateway says this of an alarm where a list does not.
    pub(super) fn is_made(&self, concept: &Concept) -> bool {
        let made = [IS_ACTIVE, IS_RETAINED, IS_REFRESHED, CONDITION, EVENT, KIND, ORIGIN, ORIGIN_NAME];
        matches!(self.alarms(), Some(AlarmWay::ToEvents(_))) && made.contains(&concept.id.as_str())
    }

    /// Whether a message says that its alarm is over: it is in no list then.
    pub(super) fn is_over(&self, message: &Value) -> bool {
        matches!(self.alarms(), Some(AlarmWay::ToList(_))) && self.alarm_told(message).is_active == Some(false)
    }

    /// What an event of the source says of its alarm.
    #[must_use]
    pub fn alarm_told(&self, event: &Value) -> AlarmTold {
        let text = |concept| self.told(event, concept).and_then(Value::as_str);
        let is = |concept| self.told(event, concept).and_then(Value::as_bool);
        let condition = text(CONDITION).map_or_else(
            || format!("{} {}", text(ORIGIN).unwrap_or_default(), text(NUMBER).unwrap_or_default()),
            str::to_owned,
        );
        // A condition that is not watched any more says nothing else.
        let is_active = is(IS_ACTIVE).or_else(|| is(IS_RETAINED).filter(|is_retained| !is_retained));
        let is_branch = text(BRANCH).is_some_and(|branch| branch != NO_BRANCH);
        AlarmTold { condition, is_active, is_branch, is_refreshed: is(IS_REFRESHED) == Some(true) }
    }

    /// One event as an image with its alarm alone.
    #[must_use]
    pub fn alarm_of_event(&self, event: &Value) -> Translated {
        self.translate(event, &[], &[], true)
    }

    /// An image with one alarm alone as the event of its change.
    #[must_use]
    pub fn event_of_alarm(&self, image: &Value, change: Change<'_>, occasion: &Occasion<'_>) -> Translated {
        let is_active = !matches!(change, Change::Cleared(_));
        let node = |name: &str| format!("nsu={};s={name}", occasion.namespace);
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let number = self.told_of_one(image, NUMBER).map(text).unwrap_or_default();
        let entry = |concept: &str, value: Value| (concept.to_owned(), value);
        let mut given = vec![
            entry(EVENT, occasion.event.into()),
            entry(KIND, ALARM_CONDITION.into()),
            entry(ORIGIN, node(occasion.machine).into()),
            entry(ORIGIN_NAME, occasion.machine.into()),
            entry(TIME, occasion.time.into()),
            // Nobody said one (OPC 10000-9 knows 1 to 1000), or wrote a text.
            entry(SEVERITY, 0.into()),
            entry(TEXT, "".into()),
            entry(CONDITION, node(&format!("{}/{number}", occasion.machine)).into()),
            entry(IS_RETAINED, is_active.into()),
            entry(IS_ACTIVE, is_active.into()),
        ];
        if occasion.is_refresh {
            given.push(entry(IS_REFRESHED, true.into()));
        }
        // What is over, or other than it was, became so now and not when it began.
        let first = if matches!(change, Change::Raised(_)) { None } else { Some(entry(TIME, occasion.time.into())) };
        self.translate(image, first.as_slice(), &given, true)
    }

    /// What the first field of the source that holds a concept says in a message.
    fn told<'m>(&self, message: &'m Value, concept: &str) -> Option<&'m Value> {
        self.holding(concept).filter_map(|place| place.value(message, &[])).find(|value| !value.is_null())
    }

    fn told_of_one<'m>(&self, message: &'m Value, concept: &str) -> Option<&'m Value> {
        self.holding(concept).find_map(|place| place.value(message, &["0".to_owned()]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> AlarmList {
        AlarmList { pointer: "/CONTROLLER/WARNING".to_owned(), number: "/number".to_owned() }
    }

    fn alarm(number: &str, text: &str) -> Value {
        json!({ "number": number, "text": text })
    }

    #[test]
    fn what_changed_is_told_by_number_first_what_is_over() {
        let before = [alarm("1", "a"), alarm("2", "b")];
        let now = [alarm("3", "c"), alarm("2", "other")];
        let expected = [Change::Cleared(&before[0]), Change::Raised(&now[0]), Change::Altered(&now[1])];
        assert_eq!(list().changes(&before, &now), expected);
        assert!(list().changes(&now, &now).is_empty());
        assert_eq!(list().changes(&[], &now).len(), 2);
    }

    #[test]
    fn a_number_stands_once_and_what_has_none_is_told_apart_by_the_whole() {
        let nameless = json!({ "text": "x" });
        let kept = list().distinct([alarm("1", "a"), alarm("1", "b"), nameless.clone(), nameless.clone()]);
        assert_eq!(kept, [alarm("1", "a"), nameless]);
    }

    #[test]
    fn a_list_alone_is_an_image_and_one_alarm_may_stand_for_a_list() {
        let image = list().image(vec![alarm("1", "a")]);
        assert_eq!(image, json!({ "CONTROLLER": { "WARNING": [{ "number": "1", "text": "a" }] } }));
        assert_eq!(list().first(&image), Some(&alarm("1", "a")));
        assert_eq!(AlarmList::alarms(alarm("1", "a")), Some(vec![alarm("1", "a")]));
        assert_eq!((AlarmList::alarms(json!([])), AlarmList::alarms(Value::Null)), (Some(Vec::new()), None));
    }
}
