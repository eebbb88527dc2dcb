//! Links that are lost, machines that go, presence.

use super::*;

fn presence(rig: &Rig, machine: &str) -> Vec<String> {
    let topic = format!("qiao/g/{machine}/status");
    let text = |body: &&Value| format!("{} {}", body["state"], body["reason"]["code"]).replace('"', "");
    rig.on(&topic).iter().map(text).collect()
}

#[test]
fn a_machine_that_is_found_is_online() {
    let mut rig = Rig::new(vec![flow(tool_profile())]);
    rig.find(two_tools());
    assert_eq!(presence(&rig, "M1"), ["online null"]);
    assert_eq!(presence(&rig, "M2"), ["online null"]);
    assert_eq!(rig.messages[0].kind, TopicKind::State);
    assert_eq!(rig.on("qiao/g/M1/status")[0]["since"], rig.wall().to_string());
}

#[test]
fn when_the_link_is_lost_a_state_is_taken_back_and_a_log_says_bad() {
    let mut rig = two_tools_online(flow(tool_profile()));
    rig.lost();
    assert_eq!(rig.on("tool/g/M1"), [&Value::Null]);
    assert_eq!(presence(&rig, "M2"), ["offline QIAO-O101"]);
    rig.pass(Duration::from_secs(60));
    assert_eq!(rig.on("tool/g/M1").len(), 1, "a lost machine says nothing");

    let mut rig = Rig::open(open_profile(), 2);
    rig.lost();
    assert_eq!(rig.payloads("open/M1"), ["v0=BadNoCommunication v1=BadNoCommunication"]);
    assert_eq!(rig.on("open/M1")[0]["Payload"]["v0"].get("SourceTimestamp"), None);
    assert_eq!(rig.messages[0].values, 0);
}

#[test]
fn what_was_not_sent_yet_goes_out_before_the_link_is_given_up() {
    let mut slow = open_profile();
    slow.every = Duration::from_secs(10);
    let mut rig = Rig::open(slow, 1);
    rig.batch(&[int(0, 5)]);
    assert_eq!(rig.messages, []);
    rig.lost();
    assert_eq!(rig.payloads("open/M1"), ["v0=5", "v0=BadNoCommunication"]);
}

#[test]
fn the_same_session_back_again_sends_everything_it_knows() {
    for is_found_again in [true, false] {
        let mut rig = Rig::open(open_profile(), 2);
        rig.lost();
        rig.forget();
        rig.event(SourceEvent::Link(LinkState::Connected));
        assert_eq!(rig.messages, [], "a connection alone proves nothing");
        if is_found_again {
            rig.find(discovery(EPOCH, &["M1"], vec![item(0, "v0"), item(0, "v1")]));
            assert_eq!(rig.payloads("open/M1"), ["v0=0 v1=0"]);
        } else {
            rig.batch(&[int(1, 3)]);
            assert_eq!(rig.payloads("open/M1"), ["v0=0 v1=3"]);
        }
        assert_eq!(rig.on("open/M1")[0]["MessageType"], "ua-keyframe");
        assert_eq!(presence(&rig, "M1"), ["online null"]);
    }
}

#[test]
fn a_new_session_waits_for_a_complete_message_and_goes_on_counting() {
    let mut rig = Rig::open(open_profile(), 2);
    rig.lost();
    rig.find(discovery(EPOCH + 1, &["M1"], vec![item(0, "v1"), item(0, "v2")]));
    rig.forget();
    rig.batch_of(EPOCH + 1, &[int(0, 1)], &[]);
    assert_eq!(rig.messages, []);
    rig.batch_of(EPOCH + 1, &[int(1, 2)], &[]);
    assert_eq!(rig.payloads("open/M1"), ["v1=1 v2=2"]);
    assert_eq!(rig.on("open/M1")[0]["SequenceNumber"], 3);
    assert_eq!(rig.stages.status().machines[0].messages, 3);
}

#[test]
fn a_machine_that_is_not_there_any_more_is_gone_and_its_state_taken_back() {
    let mut rig = two_tools_online(flow(tool_profile()));
    let only_first = Discovery { epoch: EPOCH + 1, ..discovery(0, &["M1"], two_tools().items[..4].to_vec()) };
    rig.find(only_first);
    assert_eq!(rig.on("tool/g/M2"), [&Value::Null]);
    assert_eq!(presence(&rig, "M2"), ["gone QIAO-V240"]);
    assert_eq!(presence(&rig, "M1"), Vec::<String>::new(), "still online");
    assert_eq!(rig.on("tool/g/M1").len(), 0);
}

#[test]
fn at_the_end_everything_held_goes_out_and_nobody_takes_it_for_the_present() {
    let mut rig = two_tools_online(flow(tool_profile()));
    rig.batch(&[int(1, 2)]);
    rig.batch(&[int(1, 0)]);
    rig.forget();
    rig.end();
    assert_eq!(
        rig.on("tool/g/M1").iter().map(|body| body["Mode"].clone()).collect::<Vec<_>>(),
        [0.into(), Value::Null]
    );
    assert_eq!(rig.on("tool/g/M1")[1], &Value::Null);
    assert_eq!(presence(&rig, "M1"), ["offline QIAO-V241"]);
    assert_eq!(rig.totals().held, 0);
    assert_eq!(rig.stages.next_tick(), None);
}

#[test]
fn a_gap_is_counted_for_the_flows_it_concerns() {
    let second =
        FlowPlan { name: "second".to_owned(), topic: Some("second/{machine}".to_owned()), ..flow(open_profile()) };
    let mut rig = Rig::new(vec![flow(open_profile()), second]);
    let mut found = discovery(EPOCH, &["M1", "M1"], vec![item(0, "a"), item(1, "a")]);
    found.machines[1].flow = 1;
    rig.find(found);
    rig.event(SourceEvent::Gap(Gap { finding: Finding::warning("QIAO-O101", "lathe"), slots: vec![1] }));
    rig.event(SourceEvent::Gap(Gap { finding: Finding::warning("QIAO-O101", "lathe"), slots: Vec::new() }));
    let gaps: Vec<u64> = rig.all_totals().iter().map(|flow| flow.gaps).collect();
    assert_eq!(gaps, [1, 2]);
    assert_eq!(rig.codes(), ["QIAO-O101", "QIAO-O101"]);
}
