//! A command as a sender writes it, for those who have no program of their own that does.

use super::command::{CommandId, netstrings};
use crate::config::plan::{Proof, Sender, Takes, WritePlan};
use crate::model::Timestamp;
use hmac::{Hmac, Mac};
use serde_json::json;
use serde_json::value::RawValue;
use sha2::Sha256;

/// What is commanded.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    pub id: CommandId,
    pub issued: Timestamp,
    /// JSON: the value, or the object of a method's arguments.
    pub what: &'a RawValue,
    /// JSON: the value that has to be there.
    pub expected: Option<&'a RawValue>,
    pub sender: &'a Sender,
}

/// The message; signed where its sender is known by a key. Values stand in it as they were given, digit by digit.
#[must_use]
pub fn compose(gateway: &str, entry: &WritePlan, wish: &Wish<'_>) -> String {
    let (id, issued, sender) = (wish.id.to_string(), wish.issued.to_string(), &wish.sender.name);
    let member = if matches!(entry.takes, Takes::Value { .. }) { "value" } else { "arguments" };
    let (what, expected) = (wish.what.get(), wish.expected.map_or("", RawValue::get));
    let mut message = format!(r#"{{"id":"{id}","issued":"{issued}","sender":{},"{member}":{what}"#, json!(sender));
    if !expected.is_empty() {
        message.push_str(&format!(r#","expected":{expected}"#));
    }
    if let Proof::Key(key) = &wish.sender.proof
        && let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.reveal().as_bytes())
    {
        let parts = ["qiao-command-1", gateway, &entry.name, sender, &id, &issued, "", what, expected];
        mac.update(&netstrings(&parts));
        let code = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        message.push_str(&format!(r#","mac":"{code}""#));
    }
    message.push('}');
    message
}

#[cfg(test)]
mod tests {
    use super::super::{Verdict, fixture};
    use super::*;

    #[test]
    fn what_is_composed_is_admitted_and_what_was_changed_is_not() {
        let plan = fixture::writes(fixture::entry());
        let raw = |text: &str| RawValue::from_string(text.to_owned()).expect("JSON");
        let (what, expected, now) = (raw("80.0"), raw("75"), fixture::now(1000));
        let is_admitted = |message: &str| {
            let mut guard = fixture::guard(fixture::entry());
            let command = fixture::command(&guard, message);
            matches!(guard.admit(command, &fixture::origin(), None, now), Verdict::Go(_))
        };
        let wish = Wish {
            id: fixture::id(7),
            issued: now.wall,
            what: &what,
            expected: Some(&expected),
            sender: &plan.senders[0],
        };
        let message = compose("hall-3", &plan.entries[0], &wish);
        assert!(is_admitted(&message), "{message}");
        assert!(!is_admitted(&message.replace("80.0", "85.0")));
        assert!(!is_admitted(&message.replace("\"expected\":75,", "")));
    }
}
