//! When a notification may be acknowledged.

use super::*;

fn rig(fields: usize, is_durable: bool) -> Rig {
    let profile = Profile { every: Duration::from_millis(250), ..open_profile() };
    let mut rig = Rig::new(vec![FlowPlan { is_durable, ..flow(profile) }]);
    rig.find(discovery(EPOCH, &["M1"], (0..fields).map(|n| item(0, &format!("v{n}"))).collect()));
    rig
}

#[test]
fn a_durable_flow_owes_a_notification_until_the_last_of_its_values_left() {
    for is_durable in [true, false] {
        let mut rig = rig(1, is_durable);
        rig.batch(&[int(0, 0)]);
        assert_eq!(rig.acknowledged, [1], "the first message is complete");
        rig.batch(&[int(0, 1), int(0, 2)]);
        assert_eq!(rig.acknowledged.len(), if is_durable { 1 } else { 2 }, "2 waits for its time");
        rig.pass(Duration::from_millis(250));
        assert_eq!((rig.acknowledged.as_slice(), rig.on("open/M1").len()), ([1, 2].as_slice(), 3));
    }
}

#[test]
fn what_is_owed_stays_below_what_a_server_keeps() {
    let mut running = rig(2, true);
    running.batch(&[int(0, 0), int(1, 0)]);
    for number in 1..=5 {
        running.batch(&[int(0, number)]);
    }
    assert_eq!(running.acknowledged, [1, 2, 3, 4, 5, 6], "the fifth sends what changed before its time");

    // The first message waits for a field that says nothing.
    let mut waiting = rig(2, true);
    for number in 0..9 {
        waiting.batch(&[int(0, number)]);
    }
    assert_eq!(waiting.acknowledged, [1, 2], "no server is kept waiting for it");
    waiting.batch(&[int(1, 0)]);
    assert_eq!(waiting.acknowledged, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
}

#[test]
fn nothing_is_owed_any_more_when_the_link_is_lost_or_the_source_ends() {
    for ends in [true, false] {
        let mut rig = rig(1, true);
        rig.batch(&[int(0, 0)]);
        rig.batch(&[int(0, 1)]);
        if ends {
            rig.end()
        } else {
            rig.lost()
        }
        assert_eq!(rig.acknowledged, [1, 2]);
    }
}
