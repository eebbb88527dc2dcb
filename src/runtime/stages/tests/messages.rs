//! When messages go out, and what is in them.

use super::*;
use serde_json::json;

#[test]
fn initial_values_in_five_notifications_give_one_complete_first_message() {
    let mut rig = Rig::new(vec![flow(open_profile())]);
    rig.find(discovery(EPOCH, &["M1"], (0..5).map(|n| item(0, &format!("v{n}"))).collect()));
    for slot in 0..5 {
        assert_eq!(rig.on("open/M1").len(), 0);
        rig.batch(&[int(slot, i64::from(slot))]);
    }
    assert_eq!(rig.payloads("open/M1"), ["v0=0 v1=1 v2=2 v3=3 v4=4"]);
    let message = rig.on("open/M1")[0];
    assert_eq!(message["MessageType"], "ua-keyframe");
    assert_eq!(message["PublisherId"], "g");
    assert_eq!(message["DataSetWriterName"], "M1");
    assert_eq!(message["SequenceNumber"], 1);
    assert_eq!(message["Timestamp"], rig.wall().to_string());
    assert_eq!(message["Payload"]["v3"]["UaType"], 6);
    assert_eq!(rig.acknowledged, [1, 2, 3, 4, 5]);
}

#[test]
fn a_delta_holds_what_changed_and_sequence_numbers_rise_by_one() {
    let mut rig = Rig::open(open_profile(), 3);
    rig.batch(&[int(2, 7)]);
    rig.batch(&[bad(0), int(1, 8)]);
    assert_eq!(rig.payloads("open/M1"), ["v2=7", "v0=Bad v1=8"]);
    let frames: Vec<_> =
        rig.on("open/M1").iter().map(|m| (m["MessageType"].clone(), m["SequenceNumber"].clone())).collect();
    assert_eq!(frames, [(json!("ua-deltaframe"), json!(2)), (json!("ua-deltaframe"), json!(3))]);
}

#[test]
fn several_values_of_one_field_in_one_batch_are_not_merged() {
    let mut rig = Rig::open(open_profile(), 2);
    rig.batch(&[int(0, 1), int(1, 10), int(0, 2), int(0, 3)]);
    assert_eq!(rig.payloads("open/M1"), ["v0=1 v1=10", "v0=2", "v0=3"]);
    assert_eq!(rig.messages.iter().map(|message| message.values).collect::<Vec<_>>(), [2, 1, 1]);
}

#[test]
fn values_that_come_while_the_first_message_waits_follow_it_in_order() {
    let mut rig = Rig::new(vec![flow(open_profile())]);
    rig.find(discovery(EPOCH, &["M1"], vec![item(0, "a"), item(0, "b")]));
    rig.batch(&[int(0, 1), int(0, 2)]);
    rig.batch(&[int(0, 3)]);
    assert_eq!(rig.on("open/M1").len(), 0);
    rig.batch(&[int(1, 9)]);
    assert_eq!(rig.payloads("open/M1"), ["a=1 b=9", "a=2", "a=3"]);
}

#[test]
fn changes_are_gathered_for_a_while_and_a_state_is_repeated_when_nothing_changes() {
    let mut rig = two_tools_online(flow(tool_profile()));
    rig.batch(&[int(1, 2)]);
    assert_eq!(rig.on("tool/g/M1").len(), 1, "the last message is long ago");
    rig.batch(&[int(2, 60)]);
    rig.batch(&[int(2, 61)]);
    assert_eq!(rig.on("tool/g/M1").len(), 1, "too soon");
    assert_eq!(rig.totals().superseded, 1, "newer replaces older");
    rig.pass(Duration::from_secs(1));
    let messages = rig.on("tool/g/M1");
    assert_eq!(messages.len(), 2);
    assert_eq!(
        *messages[1],
        json!({
            "Id": {"Serial": "S-17"}, "Mode": 2, "Power": 61,
            "Elements": {"C1": {"State": 2, "$Type": "nsu=urn:t;i=16"}}, "Notification": {}
        })
    );
    rig.forget();
    rig.pass(Duration::from_secs(10));
    assert_eq!(rig.on("tool/g/M1").len(), 1, "once at least every ten seconds");
    assert_eq!(rig.messages[0].values, 0, "which carries nothing new");
}

#[test]
fn a_first_message_that_stays_incomplete_goes_out_late_if_the_schema_allows_and_is_told() {
    // An optional field is silent.
    let mut rig = Rig::new(vec![flow(tool_profile())]);
    rig.find(two_tools());
    rig.batch_of(EPOCH, &tool_values(0)[..2], SERIAL);
    rig.batch_of(EPOCH, &tool_values(0)[3..], SERIAL);
    assert_eq!(rig.on("tool/g/M1").len(), 0);
    rig.pass(Duration::from_millis(4_999));
    assert_eq!(rig.on("tool/g/M1").len(), 0);
    rig.pass(Duration::from_millis(1));
    assert_eq!(rig.on("tool/g/M1").len(), 1);
    assert!(rig.codes().contains(&"QIAO-V211"), "{:?}", rig.codes());
    assert_eq!(rig.on("tool/g/M2").len(), 0, "nothing came for the other one");
    assert!(rig.codes().contains(&"QIAO-V210"), "{:?}", rig.codes());
    assert!(rig.quarantined.is_empty());
}

#[test]
fn a_first_message_without_a_mandatory_field_goes_to_quarantine_and_comes_when_the_field_does() {
    let mut rig = Rig::new(vec![flow(tool_profile())]);
    rig.find(two_tools());
    rig.batch_of(EPOCH, &tool_values(0)[1..], SERIAL);
    rig.pass(Duration::from_secs(5));
    assert_eq!(rig.on("tool/g/M1"), [&Value::Null], "one of an earlier process may lie there");
    assert_eq!(rig.quarantined.len(), 1);
    assert_eq!(rig.quarantined[0].reasons[0].code, "QIAO-V104");
    rig.pass(Duration::from_secs(30));
    assert_eq!(rig.quarantined.len(), 1, "the same again is not tried");
    rig.pass(Duration::from_secs(1));
    rig.batch_of(EPOCH, &tool_values(0)[..1], SERIAL);
    assert_eq!(rig.on("tool/g/M1").len(), 2);
}

#[test]
fn a_status_counts_as_heard_and_a_bad_value_is_null_where_there_is_no_place_for_quality() {
    let mut rig = two_tools_online(flow(tool_profile()));
    rig.batch(&[bad(1), bad(2), int(3, 0)]);
    // `Mode` may be null, `Power` may not: it stays out.
    let message = rig.on("tool/g/M1")[0];
    assert_eq!((&message["Mode"], message.get("Power")), (&Value::Null, None));
    assert_eq!(rig.codes(), ["QIAO-V212", "QIAO-V212"]);
    assert!(rig.quarantined.is_empty());
    rig.forget();
    rig.monotonic += Duration::from_secs(2);
    rig.batch(&[bad(1), int(2, 55)]);
    assert_eq!(rig.on("tool/g/M1")[0]["Power"], 55, "back with the first usable value");
    assert_eq!(rig.codes(), Vec::<&str>::new(), "still bad is no change");
    rig.batch(&[int(1, 1), bad(1), int(1, 1), bad(1)]);
    rig.pass(Duration::from_secs(60));
    let again: Vec<_> = rig.found.iter().filter(|finding| &*finding.code.0 == "QIAO-V230").collect();
    assert_eq!(again.len(), 1);
    assert_eq!(again[0].arguments[1], ("count", "2".to_owned()));
}

#[test]
fn the_time_policy_is_marked_in_the_message_and_odd_times_are_counted() {
    let mut with_policy = plan(vec![flow(open_profile())]);
    let ConnectionKind::OpcUa(server) = &mut with_policy.connections[0].kind else { panic!("a server") };
    server.time = TimeSource::Offset { minutes: 480 };
    let mut rig = Rig::of(Arc::new(with_policy));
    rig.find(discovery(EPOCH, &["M1"], vec![item(0, "a")]));
    rig.batch(&[int(0, 1)]);
    let message = rig.on("open/M1")[0];
    assert_eq!(message["TimeSource"], "offset");
    let eight_hours = 8 * 3600 * 10_000_000;
    assert_eq!(message["Payload"]["a"]["SourceTimestamp"], Timestamp(NOON.0 - eight_hours).to_string());
    assert_eq!(message["Payload"]["a"]["ServerTimestamp"], NOON.to_string());

    let mut rig = Rig::open(open_profile(), 1);
    for time in [Timestamp::NONE, Timestamp(0), Timestamp(-5), Timestamp(i64::MAX), NOON] {
        rig.batch(&[Sample { source_time: time, ..int(0, 1) }]);
    }
    assert_eq!(rig.on("open/M1")[0].get("TimeSource"), None);
    assert_eq!(rig.on("open/M1")[1]["Payload"]["v0"]["SourceTimestamp"], Timestamp(0).to_string());
    let kinds: Vec<_> = rig.found.iter().map(|finding| finding.arguments[4].1.as_str()).collect();
    assert_eq!(kinds, ["missing", "1601", "backwards", "9999"]);
    // Missing; 1601; 1601 and backwards; 9999; backwards.
    assert_eq!(rig.totals().odd_times, 6);
    assert_eq!(rig.on("open/M1").len(), 5, "all of them passed");
}

#[test]
fn one_flow_feeds_two_profiles_and_a_node_that_no_field_takes_is_counted() {
    let both = FlowPlan { profiles: vec![Arc::new(tool_profile()), Arc::new(open_profile())], ..flow(tool_profile()) };
    let mut rig = Rig::new(vec![both]);
    rig.find(two_tools());
    rig.batch_of(EPOCH, &tool_values(1), SERIAL);
    assert_eq!((rig.on("tool/g/M2").len(), rig.on("open/M2").len()), (1, 1));
    assert_eq!(rig.totals().received, 8);

    let mut rig = Rig::new(vec![flow(tool_profile())]);
    rig.find(discovery(EPOCH, &["M1"], vec![item(0, "Elsewhere")]));
    rig.batch(&[int(0, 1), int(0, 2)]);
    assert_eq!((rig.totals().received, rig.totals().filtered), (2, 2));
    assert!(rig.codes().contains(&"QIAO-V209"), "{:?}", rig.codes());
}

#[test]
fn a_batch_of_an_earlier_session_is_refused_but_what_it_owes_is_handed_on() {
    let mut rig = Rig::open(open_profile(), 1);
    rig.batch_of(EPOCH - 1, &[int(0, 5)], &[]);
    assert_eq!(rig.on("open/M1").len(), 0);
    assert_eq!(rig.acknowledged, [2]);
    assert_eq!(rig.codes(), ["QIAO-V214"]);
    assert_eq!(rig.stages.status().stale_batches, 1);
}

#[test]
fn a_batch_that_makes_nothing_and_slots_nobody_knows_still_settle_what_is_owed() {
    let mut rig = Rig::open(open_profile(), 1);
    rig.batch(&[]);
    rig.batch(&[int(99, 1), int(u32::MAX, 1)]);
    assert_eq!(rig.acknowledged, [2, 3]);
    assert_eq!(rig.messages, []);
}

#[test]
fn a_large_batch_is_split_into_transactions_and_owes_with_the_last() {
    let mut rig = Rig::open(open_profile(), 3000);
    let mut out = Outbox::default();
    let key = AckKey::Notification { subscription: 1, sequence: 77 };
    let samples: Vec<_> = (0..30).flat_map(|n| (0..3000).map(move |slot| int(slot, n))).collect();
    let pending = Some(Pending { source: 0, epoch: EPOCH, key });
    let batch = Batch { epoch: EPOCH, received: NOON, samples, pending, ..Batch::default() };
    rig.stages.on_event(SourceEvent::Batch(batch), rig.now(), &mut out);
    assert!(out.transactions.len() > 2, "{}", out.transactions.len());
    let owing: Vec<_> = out.transactions.iter().map(|transaction| transaction.pending.is_some()).collect();
    assert_eq!(owing.iter().rposition(|owes| *owes), Some(owing.len() - 1));
    assert_eq!(owing.iter().filter(|owes| **owes).count(), 1);
}
