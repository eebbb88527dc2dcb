//! Every reason for a no, and the one way to a yes.

mod schema;
mod values;

use super::fixture::{command, entry, facts, guard, id, message, now, origin, permit, rule, signed, writes};
use super::*;
use crate::config::plan::{Access, Argument, CommandSource, Literal, Proof, Quantity, Takes, ValueRule, WritePlan};
use crate::model::{BuiltInType, Now, Scalar, StatusCode, Timestamp};
use std::time::Duration;

/// What becomes of a message: read, admitted and decided.
fn outcome(guard: &mut Guard, message: &str, origin: &Origin, facts: &Facts) -> Result<Permit, Refusal> {
    let command = guard.read(0, message.as_bytes()).map_err(|refused| refused.refusal)?;
    let admitted = match guard.admit(command, origin, None, facts.now) {
        Verdict::Go(admitted) => admitted,
        Verdict::Refuse(refusal) => return Err(refusal),
        Verdict::Repeat(_) => panic!("nothing was known"),
    };
    match guard.decide(admitted, facts) {
        Verdict::Go(permit) => Ok(permit),
        Verdict::Refuse(refusal) => Err(refusal),
        Verdict::Repeat(_) => panic!("nothing was known"),
    }
}

#[track_caller]
fn refused(with: impl FnOnce(&mut WritePlan, &mut Facts, &mut String, &mut Origin), code: &str) {
    let (mut entry, mut facts) = (entry(), facts(now(1_000)));
    let mut text = message(id(1), now(500).wall, "80", "");
    let mut origin = origin();
    with(&mut entry, &mut facts, &mut text, &mut origin);
    let found = outcome(&mut guard(entry), &text, &origin, &facts).map(|_| "done");
    assert_eq!(found.map_err(|refusal| refusal.code()), Err(code), "{text}");
}

#[test]
fn what_is_right_may_be_done_and_nothing_else_may() {
    let mut guard = guard(entry());
    let text = message(id(1), now(500).wall, "80", "");
    let permit = outcome(&mut guard, &text, &origin(), &facts(now(1_000))).expect("is right");
    assert_eq!((permit.actor().name.as_str(), permit.command().json().as_str()), ("mes", "80.0"));
    assert_eq!(permit.present().map(Value::json).as_deref(), Some("75.0"));
}

#[test]
fn row_50_a_retained_command_is_refused() {
    refused(|_, _, _, origin| *origin = Origin::Topic { connection: 1, is_retained: true }, "QIAO-W005");
}

#[test]
fn row_52_an_expired_command_and_one_of_a_wrong_clock_are_refused() {
    let issued = |ms: u64| message(id(1), now(ms).wall, "80", "");
    refused(|_, facts, _, _| facts.now = now(5_501), "QIAO-W011");
    refused(
        |_, facts, text, _| (facts.now, *text) = (now(1_300), message(id(1), now(500).wall, "80", ",\"ttl\":700")),
        "QIAO-W011",
    );
    refused(|_, _, text, _| *text = message(id(1), now(500).wall, "80", ",\"ttl\":6000"), "QIAO-W039");
    refused(|_, _, text, _| *text = issued(3_001), "QIAO-W012");
    refused(|_, facts, _, _| facts.clock_off = Some(Duration::from_millis(2_001)), "QIAO-W013");
    // Before this gateway listened.
    refused(
        |_, facts, text, _| (facts.now, *text) = (now(100), message(id(1), Timestamp(now(0).wall.0 - 1), "80", "")),
        "QIAO-W014",
    );
    refused(
        |entry, facts, text, _| {
            entry.until = Some("2026-11-22".to_owned());
            let _ = (facts, text);
        },
        "QIAO-W017",
    );
}

#[test]
fn a_clock_that_was_set_back_or_never_set_writes_nothing_and_one_that_was_set_begins_anew() {
    let mut set_back = Guard::new(writes(entry()), "hall-3", now(0), now(10_000).wall);
    let text = message(id(1), now(500).wall, "80", "");
    let code = |found: Result<Permit, Refusal>| found.map(|_| ()).map_err(|refusal| refusal.code());
    assert_eq!(code(outcome(&mut set_back, &text, &origin(), &facts(now(1_000)))), Err("QIAO-W013"));
    // Within the skew of the newest record it is right again.
    let text = message(id(1), now(9_000).wall, "80", "");
    assert_eq!(code(outcome(&mut set_back, &text, &origin(), &facts(now(9_000)))), Ok(()));

    let never_set = Now { wall: Timestamp::UNIX_EPOCH, monotonic: Duration::from_secs(1) };
    let mut guard = Guard::new(writes(entry()), "hall-3", never_set, Timestamp::NONE);
    let text = message(id(1), never_set.wall, "80", "");
    assert_eq!(code(outcome(&mut guard, &text, &origin(), &facts(never_set))), Err("QIAO-W013"));

    // An hour ahead at once: what was issued before is from before.
    let mut guard = fixture::guard(entry());
    let ahead = Now { monotonic: Duration::from_secs(1), ..now(3_601_000) };
    let text = message(id(1), now(3_600_000).wall, "80", "");
    assert_eq!(code(outcome(&mut guard, &text, &origin(), &facts(ahead))), Err("QIAO-W014"));
}

#[test]
fn a_sender_is_known_by_its_key_the_brokers_rights_or_as_a_user_and_has_the_role() {
    refused(|_, _, text, _| *text = text.replace("\"mac\":\"", "\"mac\":\"0").replacen("0\"}", "\"}", 1), "QIAO-W004");
    refused(|_, _, text, _| *text = text.replace("\"value\":80", "\"value\":85"), "QIAO-W009");
    refused(|_, _, text, _| *text = text.replace("\"value\":80", "\"value\":80.0"), "QIAO-W009");
    refused(
        |_, _, text, _| *text = text.split(",\"mac\"").next().map(|text| format!("{text}}}")).expect("a part"),
        "QIAO-W008",
    );
    refused(|_, _, text, _| *text = text.replace("\"mes\"", "\"archive\""), "QIAO-W009");
    refused(|_, _, text, _| *text = signed("archive", id(1), now(500).wall, "80", ""), "QIAO-W010");
    refused(|_, _, text, _| *text = text.replace("\"mes\"", "\"nobody\""), "QIAO-W007");
    refused(|_, _, text, _| *text = text.replace("\"mes\"", "\"panel\""), "QIAO-W007");
    refused(|_, _, text, _| *text = text.replace("\"mes\"", "\"hmi\""), "QIAO-W007");
    refused(|_, _, text, _| *text = text.replace("\"sender\":\"mes\",", ""), "QIAO-W007");
    refused(|_, _, _, origin| *origin = Origin::Topic { connection: 2, is_retained: false }, "QIAO-W006");
    let bare = format!(r#"{{"id":"{}","issued":"{}","value":80}}"#, id(1), now(500).wall);
    let at = |connection| CommandSource::Topic { connection, topic: String::new(), reply: String::new() };
    let mut panel = guard(WritePlan { from: at(2), ..entry() });
    let from = Origin::Topic { connection: 2, is_retained: false };
    let permit = outcome(&mut panel, &bare, &from, &facts(now(1_000))).expect("whoever may publish");
    assert_eq!(permit.actor().name, "panel");

    let mut face = guard(WritePlan { from: CommandSource::Face { connection: 3, node: String::new() }, ..entry() });
    let value = vec![Value::of(Scalar::F64(80.0))];
    for (user, expected) in [(Some("anna"), Ok("hmi")), (Some("otto"), Err("QIAO-W007")), (None, Err("QIAO-W007"))] {
        let command = face.bare(0, id(1), Bare::Typed(value.clone()), now(900).wall).expect("is right");
        let origin = Origin::Face { connection: 3, user: user.map(str::to_owned) };
        let found = match face.admit(command, &origin, None, now(1_000)) {
            Verdict::Go(admitted) => Ok(admitted.actor().name.clone()),
            Verdict::Refuse(refusal) => Err(refusal.code()),
            Verdict::Repeat(_) => panic!("nothing was known"),
        };
        assert_eq!(found.as_deref().map_err(|code| *code), expected);
    }
}

#[test]
fn a_message_is_read_strictly() {
    for (from, to, code) in [
        ("\"value\":80", "\"value\":80,\"value\":80", "QIAO-W001"),
        ("\"value\":80", "\"value\":NaN", "QIAO-W001"),
        ("\"value\":80", "\"value\":1e999", "QIAO-W001"),
        ("\"value\":80", "\"valeu\":80", "QIAO-W002"),
        ("\"value\":80", "\"arguments\":{}", "QIAO-W002"),
        ("\"value\":80,", "", "QIAO-W003"),
        ("00000000-", "00000000", "QIAO-W004"),
        ("2026-11-23T", "2026-11-23 ", "QIAO-W004"),
        ("\"value\":80", "\"value\":80,\"ttl\":0", "QIAO-W004"),
        ("\"value\":80", "\"value\":80,\"ttl\":1.5", "QIAO-W004"),
        ("\"value\":80", "\"value\":\"80\"", "QIAO-W022"),
        ("\"value\":80", "\"value\":null", "QIAO-W022"),
        ("\"value\":80", "\"value\":[80]", "QIAO-W022"),
        ("\"value\":80", "\"value\":0.12345678901234567890", "QIAO-W024"),
        ("\"value\":80", "\"value\":125", "QIAO-W026"),
        ("\"value\":80", "\"value\":-5", "QIAO-W026"),
        ("\"value\":80", "\"value\":82", "QIAO-W027"),
    ] {
        refused(|_, _, text, _| *text = text.replace(from, to), code);
    }
    refused(|_, _, text, _| *text = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)), "QIAO-W001");
    refused(|_, _, text, _| *text = format!("\"{}\"", "x".repeat(1 << 20)), "QIAO-W001");
    refused(|_, _, text, _| *text = "80".to_owned(), "QIAO-W004");
    let nil = CommandId([0; 16]);
    refused(|_, _, text, _| *text = message(nil, now(500).wall, "80", ""), "QIAO-W004");
}

#[test]
fn the_machine_is_asked_and_what_it_does_not_say_is_a_no() {
    refused(|_, facts, _, _| facts.is_switched_off = true, "QIAO-W019");
    refused(|_, facts, _, _| facts.is_recorded = false, "QIAO-W020");
    refused(|_, facts, _, _| facts.is_connected = false, "QIAO-W021");
    refused(|_, facts, _, _| facts.kinds = Vec::new(), "QIAO-W037");
    refused(|_, facts, _, _| facts.kinds = vec![(BuiltInType::Float, Vec::new())], "QIAO-W037");
    refused(|_, facts, _, _| facts.kinds = vec![(BuiltInType::Double, vec![0])], "QIAO-W037");
    refused(|_, facts, _, _| facts.present = Reading::Good(Value::of(Scalar::F64(55.0))), "QIAO-W030");
    refused(|_, facts, _, _| facts.present = Reading::Good(Value::of(Scalar::F64(f64::NAN))), "QIAO-W030");
    refused(|_, facts, _, _| facts.present = Reading::Good(Value::of(Scalar::F32(75.0))), "QIAO-W037");
    refused(|_, facts, _, _| facts.present = Reading::Not(StatusCode::UNCERTAIN), "QIAO-W031");
    refused(|_, facts, _, _| facts.present = Reading::NotRead, "QIAO-W031");
    refused(|_, facts, _, _| facts.interlock = Reading::Good(Value::of(Scalar::Bool(false))), "QIAO-W034");
    refused(|_, facts, _, _| facts.interlock = Reading::Not(StatusCode::BAD), "QIAO-W035");
    refused(|_, facts, _, _| facts.interlock = Reading::NotRead, "QIAO-W035");
}

#[test]
fn row_59_who_says_what_it_expects_is_refused_when_another_wrote_before() {
    refused(|_, _, text, _| *text = message(id(1), now(500).wall, "80", ",\"expected\":70"), "QIAO-W032");
    refused(|entry, _, _, _| entry.needs_expected = true, "QIAO-W033");
    let text = message(id(1), now(500).wall, "80", ",\"expected\":75");
    outcome(&mut guard(entry()), &text, &origin(), &facts(now(1_000))).map(drop).expect("is there");
}

#[test]
fn an_entry_is_used_no_oftener_than_its_rate_over_a_restart_too() {
    let mut guard = guard(entry());
    guard.remember("feed-override", Timestamp(now(0).wall.0 - 300_000_000), now(0));
    let mut found = Vec::new();
    for (number, at) in [(1, 1_000), (2, 1_100), (3, 29_999), (4, 30_000), (5, 60_999), (6, 61_000)] {
        let text = message(id(number), now(at).wall, "80", "");
        let code = outcome(&mut guard, &text, &origin(), &facts(now(at))).map(|_| ()).map_err(|refusal| refusal.code());
        found.push(code);
    }
    let fast = Err("QIAO-W036");
    assert_eq!(found, [Ok(()), Ok(()), fast, Ok(()), fast, Ok(())]);
}

#[test]
fn a_second_command_with_one_id_is_told_the_first_outcome_and_another_one_is_refused() {
    let mut guard = guard(entry());
    let text = message(id(1), now(500).wall, "80", "");
    let first = command(&guard, &text);
    let known = |outcome| Some(Known { digest: first.digest(), outcome });
    let done = Outcome::done(Some("80.0".to_owned()));
    let again = |guard: &mut Guard, text: &str, known: Option<Known>| {
        let command = command(guard, text);
        // Long after its time to live.
        guard.admit(command, &origin(), known.as_ref(), now(60_000))
    };
    assert!(matches!(again(&mut guard, &text, known(Some(done.clone()))), Verdict::Repeat(outcome) if outcome == done));
    assert!(matches!(again(&mut guard, &text, known(None)), Verdict::Refuse(Refusal::UnderWay { .. })));
    let other = message(id(1), now(500).wall, "85", "");
    assert!(matches!(again(&mut guard, &other, known(Some(done))), Verdict::Refuse(Refusal::IdUsed { .. })));
}

#[test]
fn read_only_refuses_everything() {
    let mut guard = Guard::new(
        crate::config::plan::Writes { access: Access::ReadOnly, ..writes(entry()) },
        "hall-3",
        now(0),
        Timestamp::NONE,
    );
    let text = message(id(1), now(500).wall, "80", "");
    let found = outcome(&mut guard, &text, &origin(), &facts(now(1_000)));
    assert_eq!(found.map(|_| ()).map_err(|refusal| refusal.code()), Err("QIAO-W018"));
}

#[test]
fn a_call_takes_its_arguments_by_name_each_with_its_type_and_range() {
    let argument = |name: &str, rule| Argument { name: name.to_owned(), rule };
    let number = ValueRule { min: Some(Quantity::Whole(1)), max: Some(Quantity::Whole(9)), ..rule(BuiltInType::Byte) };
    let list = ValueRule { one_of: vec![Literal::Text("fast".to_owned())], ..rule(BuiltInType::String) };
    let takes = Takes::Arguments(vec![argument("program", number), argument("mode", list)]);
    let guard = guard(WritePlan { takes, ..entry() });
    let read = |arguments: &str| {
        let text = format!(r#"{{"id":"{}","issued":"{}","arguments":{arguments}}}"#, id(1), now(0).wall);
        guard.read(0, text.as_bytes()).map(|command| command.json()).map_err(|refused| refused.refusal.code())
    };
    assert_eq!(read(r#"{"mode":"fast","program":7}"#).as_deref(), Ok("[7,\"fast\"]"));
    for (arguments, code) in [
        (r#"{"program":7}"#, "QIAO-W003"),
        (r#"{"mode":"fast","program":7,"speed":1}"#, "QIAO-W002"),
        (r#"{"mode":"fast","program":10}"#, "QIAO-W026"),
        (r#"{"mode":"fast","program":300}"#, "QIAO-W023"),
        (r#"{"mode":"slow","program":7}"#, "QIAO-W028"),
        (r#"{"mode":7,"program":7}"#, "QIAO-W022"),
        (r#"[7,"fast"]"#, "QIAO-W004"),
    ] {
        assert_eq!(read(arguments), Err(code), "{arguments}");
    }
}

#[test]
fn a_permit_is_what_was_commanded() {
    let mut guard = guard(entry());
    let command = command(&guard, &message(id(1), now(500).wall, "80", ""));
    let digest = command.digest();
    assert_eq!(permit(&mut guard, command, now(1_000)).command().digest(), digest);
    assert!(matches!(writes(entry()).senders[0].proof, Proof::Key(_)));
}
