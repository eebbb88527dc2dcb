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
fn so_many_batches_wait_and_no_more() {
    let mut rig = gathering(true);
    rig.batch(&[int(0, 2), int(1, 2)]);
    // Nothing else changes: everything waits behind those two, whose time does not come.
    for _ in 0..200 {
        rig.batch(&[]);
    }
    assert!(rig.acknowledged.len() >= 130, "{}", rig.acknowledged.len());
    assert_eq!(rig.payloads("open/M1"), ["v0=2 v1=2"]);
}

#[test]
fn a_flow_in_memory_waits_for_no_message() {
    let mut rig = gathering(false);
    rig.batch(&[int(0, 2)]);
    assert_eq!((rig.messages.len(), &*rig.acknowledged), (0, &[3][..]));
}
