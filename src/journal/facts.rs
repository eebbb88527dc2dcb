//! What stands in the records of the audit.

use super::audit::line::Line;
use super::flood::More;
use super::{Event, Owed};
use crate::guard::{Body, Command, CommandId, Outcome, Permit, Refused, Value};
use serde_json::{Map, Value as Json};
use sha2::{Digest as _, Sha256};

/// Longer values stand there by their length and hash.
const VALUE_MAX: usize = 4_096;
/// Characters of a fact.
const FACT_MAX: usize = 512;

type Facts = Map<String, Json>;

pub(super) fn before(permit: &Permit, entry: &str, target: &str) -> Facts {
    let mut facts = of_command(entry, permit.command());
    facts.insert("sender".to_owned(), short_text(&permit.actor().name).into());
    facts.insert("target".to_owned(), short_text(target).into());
    if let Some(present) = permit.present() {
        value(&mut facts, "present", &present.json());
    }
    facts
}

pub(super) fn after(owed: &Owed) -> Facts {
    let mut facts = Facts::new();
    facts.insert("entry".to_owned(), short_text(&owed.entry).into());
    facts.insert("id".to_owned(), owed.id.to_string().into());
    outcome(&mut facts, &owed.outcome);
    facts
}

pub(super) fn refused(entry: &str, command: Option<&Command>, refused: &Refused) -> Facts {
    let mut facts = match command {
        Some(command) => of_command(entry, command),
        None => Facts::from_iter([("entry".to_owned(), short_text(entry).into())]),
    };
    if let Some(id) = refused.id {
        facts.insert("id".to_owned(), id.to_string().into());
    }
    if let Some(sender) = &refused.sender {
        facts.insert("sender".to_owned(), short_text(sender).into());
    }
    outcome(&mut facts, &refused.refusal.outcome());
    facts
}

pub(super) fn more(more: &More) -> Facts {
    let mut facts = Facts::new();
    facts.insert("entry".to_owned(), short_text(&more.entry).into());
    facts.insert("code".to_owned(), more.code.into());
    facts.insert("count".to_owned(), more.count.into());
    facts.insert("since".to_owned(), more.since.to_string().into());
    facts
}

pub(super) fn count(count: u64) -> Facts {
    Facts::from_iter([("count".to_owned(), count.into())])
}

pub(super) fn event(event: &Event) -> (&'static str, Facts) {
    let one = |name: &str, text: &str| Facts::from_iter([(name.to_owned(), short_text(text).into())]);
    match event {
        Event::Started { version, configuration } => {
            let mut facts = one("version", version);
            facts.extend(one("configuration", configuration));
            ("started", facts)
        }
        Event::Stopped => ("stopped", Facts::new()),
        Event::SwitchedOff { reason } => ("switched-off", one("reason", reason)),
        Event::SwitchedOn => ("switched-on", Facts::new()),
    }
}

/// The id and the outcome that a record tells, if it tells how a command ended.
pub(super) fn end_of(line: &Line) -> Option<(String, Outcome)> {
    if line.kind != "after" {
        return None;
    }
    let id = line.members.get("id")?.as_str()?.to_owned();
    Some((id, serde_json::from_value(line.members.get("outcome")?.clone()).ok()?))
}

/// The id and the entry of a command that a record says begins.
pub(super) fn begun_of(line: &Line) -> Option<(CommandId, String)> {
    let word = |name: &str| line.members.get(name).and_then(Json::as_str);
    let id = CommandId::parse(word("id")?).filter(|_| line.kind == "before")?;
    Some((id, word("entry")?.to_owned()))
}

/// An outcome whose texts are no longer than a record may be.
pub(super) fn short(outcome: &Outcome) -> Outcome {
    let own = |(name, fact): &(String, String)| (name.clone(), short_text(fact));
    let value = outcome.value.clone().filter(|value| value.len() <= VALUE_MAX);
    Outcome { arguments: outcome.arguments.iter().map(own).collect(), value, ..outcome.clone() }
}

fn of_command(entry: &str, command: &Command) -> Facts {
    let mut facts = Facts::new();
    facts.insert("entry".to_owned(), short_text(entry).into());
    facts.insert("id".to_owned(), command.id.to_string().into());
    facts.insert("issued".to_owned(), command.issued.to_string().into());
    if let Some(sender) = &command.sender {
        facts.insert("sender".to_owned(), short_text(sender).into());
    }
    let name = if matches!(command.body, Body::Value(_)) { "value" } else { "arguments" };
    value(&mut facts, name, &command.json());
    if let Some(expected) = command.expected.as_ref().map(Value::json) {
        value(&mut facts, "expected", &expected);
    }
    facts
}

fn outcome(facts: &mut Facts, outcome: &Outcome) {
    facts.insert("outcome".to_owned(), serde_json::to_value(short(outcome)).unwrap_or_default());
}

/// As JSON while it is short. A value goes in as text where a reader of JSON would not keep it exactly.
fn value(facts: &mut Facts, name: &str, json: &str) {
    if json.len() <= VALUE_MAX {
        facts.insert(name.to_owned(), serde_json::from_str(json).unwrap_or_else(|_| json.into()));
        return;
    }
    let hash: [u8; 32] = Sha256::digest(json.as_bytes()).into();
    facts.insert(format!("{name}-bytes"), json.len().into());
    facts.insert(format!("{name}-hash"), super::audit::line::hex(&hash).into());
}

fn short_text(text: &str) -> String {
    text.chars().take(FACT_MAX).collect()
}
