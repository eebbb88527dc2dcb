//! An entry, senders and commands for tests.

use super::command::CommandId;
use super::decision::{Facts, Guard, Reading, Verdict};
use super::value::Value;
use super::{Command, Origin, Permit};
use crate::config::plan::{
    CommandSource, Interlock, Literal, Proof, Quantity, Rate, Secret, Sender, Takes, ValueRule, WritePlan, WriteTarget,
    Writes,
};
use crate::model::{BuiltInType, Now, Scalar, Timestamp};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::time::Duration;

pub(crate) const KEY: &str = "0123456789abcdef0123456789abcdef";

/// 2026-11-23T08:00:00Z and so many milliseconds, as long after the process began.
pub(crate) fn now(ms: u64) -> Now {
    let start = Timestamp::parse("2026-11-23T08:00:00Z").expect("a time");
    Now { wall: Timestamp(start.0 + ms as i64 * 10_000), monotonic: Duration::from_millis(ms) }
}

pub(crate) fn rule(kind: BuiltInType) -> ValueRule {
    ValueRule { kind, dimensions: Vec::new(), min: None, max: None, step: None, one_of: Vec::new(), max_length: 256 }
}

/// A double from 0 to 120 in steps of 5, no farther than 20 from the one before, behind a closed door.
pub(crate) fn entry() -> WritePlan {
    let quantity = |value| Some(Quantity::Whole(value));
    WritePlan {
        name: "feed-override".to_owned(),
        from: CommandSource::Topic {
            connection: 1,
            topic: "qiao/hall-3/command/feed-override".to_owned(),
            reply: "qiao/hall-3/reply/feed-override".to_owned(),
        },
        to: target(0),
        takes: Takes::Value {
            rule: ValueRule { min: quantity(0), max: quantity(120), step: quantity(5), ..rule(BuiltInType::Double) },
            max_change: quantity(20),
        },
        rate: Rate { count: 3, per: Duration::from_secs(60) },
        roles: vec!["operator".to_owned()],
        until: Some("2026-12-31".to_owned()),
        interlock: Some(Interlock { node: "nsu=urn:acme;s=Door".to_owned(), equals: Literal::Bool(true) }),
        read_back: None,
        ttl: Duration::from_secs(5),
        needs_expected: false,
    }
}

pub(crate) fn target(number: u32) -> WriteTarget {
    WriteTarget::Node { connection: 0, node: format!("nsu=urn:acme;s=Feed{number}") }
}

pub(crate) fn writes(entry: WritePlan) -> Writes {
    let sender = |name: &str, role: &str, proof| Sender { name: name.to_owned(), roles: vec![role.to_owned()], proof };
    Writes {
        entries: vec![entry],
        senders: vec![
            sender("mes", "operator", Proof::Key(Secret::new(KEY.to_owned()))),
            sender("archive", "reader", Proof::Key(Secret::new(KEY.to_owned()))),
            sender("panel", "operator", Proof::WhoeverMayPublish { connection: 2 }),
            sender("hmi", "operator", Proof::FaceUser { user: "anna".to_owned() }),
        ],
        ..Writes::default()
    }
}

pub(crate) fn guard(entry: WritePlan) -> Guard {
    Guard::new(writes(entry), "hall-3", now(0), Timestamp::NONE)
}

pub(crate) fn origin() -> Origin {
    Origin::Topic { connection: 1, is_retained: false }
}

pub(crate) fn id(number: u64) -> CommandId {
    CommandId((u128::from(number) + 1).to_be_bytes())
}

/// What everybody would wish for.
pub(crate) fn facts(now: Now) -> Facts {
    Facts {
        now,
        clock_off: Some(Duration::ZERO),
        is_switched_off: false,
        is_recorded: true,
        is_connected: true,
        connection: "lathe".to_owned(),
        kinds: vec![(BuiltInType::Double, Vec::new())],
        present: Reading::Good(Value::of(Scalar::F64(75.0))),
        interlock: Reading::Good(Value::of(Scalar::Bool(true))),
    }
}

/// The message of a command from `mes`, signed; `more` are members behind `value`, with a comma before them.
pub(crate) fn message(id: CommandId, issued: Timestamp, value: &str, more: &str) -> String {
    signed("mes", id, issued, value, more)
}

pub(crate) fn signed(sender: &str, id: CommandId, issued: Timestamp, value: &str, more: &str) -> String {
    let member = |name: &str| {
        let start = more.find(&format!("\"{name}\":")).map(|at| at + name.len() + 3)?;
        more[start..].split([',', '}']).next()
    };
    let (ttl, expected) = (member("ttl").unwrap_or(""), member("expected").unwrap_or(""));
    let (id, issued) = (id.to_string(), issued.to_string());
    let parts = ["qiao-command-1", "hall-3", "feed-override", sender, &id, &issued, ttl, value, expected];
    let text: String = parts.iter().map(|part| format!("{}:{part},", part.len())).collect();
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY.as_bytes()).expect("a key");
    mac.update(text.as_bytes());
    let mac: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!(r#"{{"id":"{id}","issued":"{issued}","sender":"{sender}","value":{value}{more},"mac":"{mac}"}}"#)
}

/// The command of a message that is right.
pub(crate) fn command(guard: &Guard, message: &str) -> Command {
    guard.read(0, message.as_bytes()).unwrap_or_else(|refused| panic!("{message}: {refused:?}"))
}

/// Leave for a command that is right.
pub(crate) fn permit(guard: &mut Guard, command: Command, now: Now) -> Permit {
    let Verdict::Go(admitted) = guard.admit(command, &origin(), None, now) else { panic!("not admitted") };
    match guard.decide(admitted, &facts(now)) {
        Verdict::Go(permit) => permit,
        other => panic!("{other:?}"),
    }
}
