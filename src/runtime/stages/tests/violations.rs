//! What breaks the schema, and what becomes of the rest.

use super::*;

fn tools(on_violation: OnViolation) -> Rig {
    two_tools_online(FlowPlan { on_violation, ..flow(tool_profile()) })
}

fn open(on_violation: OnViolation) -> Rig {
    let mut rig = Rig::new(vec![FlowPlan { on_violation, ..flow(open_profile()) }]);
    rig.find(discovery(EPOCH, &["M1"], vec![item(0, "a"), item(0, "b")]));
    rig.batch(&[int(0, 0), int(1, 0)]);
    rig.forget();
    rig
}

#[test]
fn an_invalid_optional_field_stays_out_until_something_new_comes() {
    let mut rig = tools(OnViolation::Quarantine);
    rig.batch(&[int(2, 101), int(1, 2)]);
    let message = rig.on("tool/g/M1")[0];
    assert_eq!((&message["Mode"], message.get("Power")), (&2.into(), None));
    assert_eq!(rig.codes(), ["QIAO-V220"]);
    let entry = &rig.quarantined[0];
    assert_eq!((entry.machine.as_str(), entry.profile.as_str()), ("M1", "test/tool@1.0"));
    assert_eq!((entry.flow.as_str(), entry.source.as_str(), entry.topic.as_str()), ("flow", "lathe", "tool/g/M1"));
    assert!(entry.message.contains("\"Power\":101"), "the message itself: {}", entry.message);
    let reason = &entry.reasons[0];
    assert_eq!((reason.pointer.as_str(), reason.rule.as_str()), ("/Power", "/properties/Power/maximum"));
    assert_eq!(reason.node, "nsu=urn:m;s=0.Monitoring/MachineTool/Power");
    assert_eq!(rig.totals().quarantined, 1);

    rig.forget();
    rig.pass(Duration::from_secs(1));
    rig.batch(&[int(1, 0)]);
    assert_eq!(rig.on("tool/g/M1")[0].get("Power"), None, "still the same value");
    assert_eq!(rig.quarantined.len(), 0);
    rig.pass(Duration::from_secs(1));
    rig.batch(&[int(2, 99)]);
    assert_eq!(rig.on("tool/g/M1")[1]["Power"], 99);
}

#[test]
fn an_invalid_mandatory_field_stops_the_message_and_not_the_neighbour() {
    let mut rig = tools(OnViolation::Quarantine);
    rig.batch(&[int(1, 9), int(5, 0)]);
    assert_eq!(rig.on("tool/g/M1"), [&Value::Null]);
    assert_eq!(rig.on("tool/g/M2").len(), 1);
    assert_eq!(rig.codes(), ["QIAO-V221", "QIAO-V242"]);
    assert_eq!(rig.quarantined[0].reasons[0].pointer, "/Mode");
    assert_eq!(rig.totals().quarantined_messages, 1);
}

#[test]
fn a_state_whose_newest_message_is_refused_is_taken_back_once_until_a_valid_one_follows() {
    for on_violation in [OnViolation::Quarantine, OnViolation::Reject] {
        let mut rig = tools(on_violation);
        for value in [9, 8, 7] {
            rig.batch(&[int(1, value)]);
            rig.pass(Duration::from_secs(15));
        }
        assert_eq!(rig.on("tool/g/M1"), [&Value::Null], "once");
        assert!(!rig.on("tool/g/M2").contains(&&Value::Null), "the neighbour's stays");
        assert_eq!(rig.codes().iter().filter(|code| **code == "QIAO-V242").count(), 1, "{:?}", rig.codes());
        rig.batch(&[int(1, 2)]);
        assert_eq!(rig.on("tool/g/M1").last().map(|body| body["Mode"].clone()), Some(2.into()));
        rig.forget();
        rig.pass(Duration::from_secs(2));
        rig.batch(&[int(1, 9)]);
        assert_eq!(rig.on("tool/g/M1"), [&Value::Null], "and again");
    }
}

#[test]
fn a_state_that_says_bad_when_its_link_is_lost_says_bad_when_it_is_refused() {
    let state = Profile { topic_kind: TopicKind::State, ..open_profile() };
    let mut rig = Rig::open(state, 5_000);
    let flood: Vec<_> = (0..5_000).map(|slot| int(slot, 666)).collect();
    rig.batch(&flood);
    let bodies = rig.on("open/M1");
    assert_eq!(bodies.len(), 1);
    assert_eq!(bodies[0]["Payload"]["v0"]["Status"]["Symbol"], "Bad");
    assert_eq!(bodies[0]["Payload"].as_object().map(serde_json::Map::len), Some(5_000));
    assert_eq!(rig.totals().quarantined, 5_000);
    let good: Vec<_> = (0..5_000).map(|slot| int(slot, 1)).collect();
    rig.forget();
    rig.batch(&good);
    assert_eq!(rig.on("open/M1")[0]["MessageType"], "ua-keyframe");
}

#[test]
fn a_log_whose_message_is_refused_says_nothing_more() {
    let log = Profile { topic_kind: TopicKind::Log, ..tool_profile() };
    let mut rig = two_tools_online(flow(log));
    rig.batch(&[int(1, 9)]);
    assert_eq!(rig.on("tool/g/M1").len(), 0);
    assert_eq!(rig.codes(), ["QIAO-V221"]);
}

#[test]
fn an_element_with_an_invalid_mandatory_field_stays_out_whole() {
    let mut rig = tools(OnViolation::Quarantine);
    rig.batch(&[int(3, 7), int(1, 0)]);
    let message = rig.on("tool/g/M1")[0];
    assert_eq!((&message["Mode"], message.get("Elements")), (&0.into(), None));
    rig.pass(Duration::from_secs(1));
    rig.batch(&[int(3, 1)]);
    assert_eq!(rig.on("tool/g/M1")[1]["Elements"]["C1"]["State"], 1);
}

#[test]
fn repeats_of_one_violation_are_counted_together() {
    let mut rig = tools(OnViolation::Quarantine);
    for value in 0..5 {
        rig.batch(&[int(1, 100 + value)]);
        rig.pass(Duration::from_secs(1));
    }
    assert_eq!((rig.quarantined.len(), rig.codes()), (1, vec!["QIAO-V221", "QIAO-V242"]));
    rig.pass(Duration::from_secs(60));
    assert_eq!(rig.quarantined.len(), 2);
    let (first, sum) = (&rig.quarantined[0], &rig.quarantined[1]);
    assert_eq!((first.count, sum.count), (1, 4));
    assert!(!first.message.is_empty() && sum.message.is_empty());
    assert_eq!((&sum.reasons, sum.time > first.time), (&first.reasons, true));
    assert_eq!(rig.codes(), ["QIAO-V221", "QIAO-V242", "QIAO-V230"]);
    assert_eq!(rig.totals().quarantined, 5);
}

#[test]
fn rejected_values_are_dropped_counted_and_told_but_not_kept() {
    let mut rig = tools(OnViolation::Reject);
    rig.batch(&[int(2, 101), int(3, 0), int(5, 9)]);
    assert_eq!(rig.on("tool/g/M1")[0].get("Power"), None);
    assert_eq!(rig.on("tool/g/M2"), [&Value::Null]);
    assert_eq!(rig.codes(), ["QIAO-V222", "QIAO-V223", "QIAO-V242"]);
    assert!(rig.quarantined.is_empty());
    assert_eq!(rig.totals().rejected, 2);
}

#[test]
fn a_marked_message_goes_out_with_what_is_wrong_in_it() {
    let mut rig = open(OnViolation::Mark);
    rig.batch(&[int(0, 666), int(1, 1)]);
    assert_eq!(rig.payloads("open/M1"), ["a=666 b=1"]);
    let remark = &rig.on("open/M1")[0]["Findings"];
    assert_eq!(remark, &serde_json::json!([{"Code": "QIAO-V126", "Pointer": "/Payload/a/Value"}]));
    assert_eq!(rig.codes(), ["QIAO-V224"]);

    let mut rig = tools(OnViolation::Mark);
    rig.batch(&[int(1, 9)]);
    assert_eq!(rig.on("tool/g/M1")[0]["Mode"], 9);
    assert_eq!(rig.on("tool/g/M1")[0].get("$Findings"), None, "its schema has no place for them");
}

#[test]
fn a_withheld_field_of_a_log_is_remarked_where_there_is_a_place_and_the_others_go() {
    let mut rig = open(OnViolation::Quarantine);
    rig.batch(&[int(0, 666), int(1, 1)]);
    assert_eq!(rig.payloads("open/M1"), ["b=1"]);
    assert_eq!(rig.on("open/M1")[0]["Findings"][0]["Pointer"], "/Payload/a/Value");
    rig.forget();
    rig.batch(&[int(0, 666)]);
    assert_eq!(rig.messages, [], "nothing is left to be said");
    rig.batch(&[int(0, 1)]);
    assert_eq!(rig.payloads("open/M1"), ["a=1"]);
    assert_eq!(rig.on("open/M1")[0]["SequenceNumber"], 3);
}

#[test]
fn a_message_that_holds_everything_says_each_time_what_is_left_out() {
    let image = Profile { message: crate::profile::MessageKind::Image, ..open_profile() };
    let mut rig = Rig::open(image, 2);
    let remarks = |rig: &Rig| rig.on("open/M1").last().map(|body| body["Findings"][0]["Pointer"].clone());
    rig.batch(&[int(0, 666)]);
    rig.batch(&[int(1, 1)]);
    assert_eq!(rig.payloads("open/M1"), ["v1=0", "v1=1"]);
    assert_eq!(remarks(&rig), Some("/Payload/v0/Value".into()));
    rig.batch(&[int(0, 1)]);
    assert_eq!(remarks(&rig), Some(Value::Null));
}

#[test]
fn a_value_that_cannot_be_written_costs_only_itself() {
    let mut rig = open(OnViolation::Quarantine);
    let broken = Scalar::Tree(crate::model::Span { start: 0, length: 2 });
    rig.batch_of(EPOCH, &[sample(0, StatusCode::GOOD, broken), int(1, 1)], &[0xFF, 0xFF]);
    assert_eq!(rig.payloads("open/M1"), ["b=1"]);
    assert_eq!(rig.codes(), ["QIAO-V225"]);
}

#[test]
fn a_flood_of_violations_ends_in_one_refused_message() {
    let mut rig = Rig::open(open_profile(), 5_000);
    let flood: Vec<_> = (0..5_000).map(|slot| int(slot, 666)).collect();
    rig.batch(&flood);
    assert_eq!(rig.totals().quarantined, 5_000);
    assert!(rig.found.len() <= 4097, "{}", rig.found.len());
    rig.batch(&[int(0, 1)]);
    assert_eq!(rig.payloads("open/M1").last().map(String::as_str), Some("v0=1"));
}
