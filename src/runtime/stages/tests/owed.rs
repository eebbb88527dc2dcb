//! A durable flow acknowledges a batch when the last of its values is in a message, and not before.

use super::*;

fn gathering(is_durable: bool) -> Rig {
    let mut profile = open_profile();
    profile.every = Duration::from_millis(250);
    let mut rig = Rig::new(vec![FlowPlan { is_durable, ..flow(profile) }]);
    rig.find(discovery(EPOCH, &["M1"], vec![item(0, "v0"), item(0, "v1")]));
    rig.batch(&[int(0, 0), int(1, 0)]);
    rig.pass(Duration::from_secs(1));
    assert_eq!(rig.acknowledged, [1], "the first message is whole");
    // The next change goes out at once, and those behind it wait.
    rig.batch(&[int(0, 1)]);
    rig.forget();
    rig
}

#[test]
fn what_a_message_gathers_is_acknowledged_with_it() {
    let mut rig = gathering(true);
    rig.batch(&[int(0, 2)]);
    rig.batch(&[int(1, 2)]);
    assert!(rig.acknowledged.is_empty() && rig.messages.is_empty(), "{:?}", rig.acknowledged);
    rig.pass(Duration::from_millis(250));
    assert_eq!((rig.payloads("open/M1"), &*rig.acknowledged), (vec!["v0=2 v1=2".to_owned()], &[3, 4][..]));
}

#[test]
fn a_value_that_drives_its_forerunner_out_lets_only_that_be_acknowledged() {
    let mut rig = gathering(true);
    rig.batch(&[int(0, 2)]);
    rig.batch(&[int(0, 3)]);
    assert_eq!((rig.payloads("open/M1"), &*rig.acknowledged), (vec!["v0=2".to_owned()], &[3][..]));
    rig.lost();
    assert_eq!(rig.acknowledged, [3, 4], "a lost link sends what is held");
}

#[test]
fn what_is_owed_stays_below_what_a_server_keeps() {
    let mut rig = gathering(true);
    for number in 2..7 {
        rig.batch(&[int(number % 2, i64::from(number))]);
    }
    // 6 goes out with 5, before its time; nothing is acknowledged that is held.
    assert!(rig.acknowledged.len() >= 4, "{:?}", rig.acknowledged);
    rig.pass(Duration::from_millis(250));
    assert_eq!(rig.acknowledged, [3, 4, 5, 6, 7]);
}

#[test]
fn a_first_message_that_is_not_complete_is_waited_for() {
    let profile = Profile { every: Duration::from_millis(250), ..open_profile() };
    let mut rig = Rig::new(vec![FlowPlan { is_durable: true, ..flow(profile) }]);
    rig.find(discovery(EPOCH, &["M1"], vec![item(0, "v0"), item(0, "v1")]));
    for number in 0..6 {
        rig.batch(&[int(0, number)]);
    }
    assert!(rig.acknowledged.is_empty(), "its values are in no message: {:?}", rig.acknowledged);
    rig.batch(&[int(1, 0)]);
    rig.pass(Duration::from_secs(1));
    assert_eq!(rig.acknowledged, [1, 2, 3, 4, 5, 6, 7]);
}

#[test]
fn no_server_is_kept_waiting_for_a_first_message_that_is_not_complete() {
    let profile = Profile { every: Duration::from_millis(250), ..open_profile() };
    let mut rig = Rig::new(vec![FlowPlan { is_durable: true, ..flow(profile) }]);
    rig.find(discovery(EPOCH, &["M1"], vec![item(0, "v0"), item(0, "v1")]));
    for number in 0..9 {
        rig.batch(&[int(0, number)]);
    }
    assert_eq!(rig.acknowledged, [1, 2], "seven are owed: it keeps eight");
}

#[test]
fn nothing_is_owed_any_more_when_the_source_ends() {
    let mut rig = gathering(true);
    rig.batch(&[int(0, 2)]);
    rig.end();
    assert_eq!(rig.acknowledged, [3]);
}

#[test]
fn a_flow_in_memory_waits_for_no_message() {
    let mut rig = gathering(false);
    rig.batch(&[int(0, 2)]);
    assert_eq!((rig.messages.len(), &*rig.acknowledged), (0, &[3][..]));
}
