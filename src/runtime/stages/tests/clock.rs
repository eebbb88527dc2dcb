//! The wall clock is set while messages flow.

use super::*;

const DAY: i64 = 86_400 * 10_000_000;

/// A machine tool and an open flow beside it for some minutes, the clock set by `jumps` in turn: how many messages there
/// were after each step, and all of them without the times that the gateway itself wrote.
fn told(profile: Profile, jumps: &[i64]) -> (Vec<usize>, Vec<(String, Value)>) {
    let mut rig = two_tools_online(flow(profile));
    let mut counts = Vec::new();
    for step in 0..24 {
        rig.set_by += jumps.get(step % jumps.len().max(1)).copied().unwrap_or(0);
        rig.batch(&[int(1, step as i64), int(6, 50 + step as i64)]);
        counts.push(rig.messages.len());
        rig.pass(Duration::from_millis(700 + 900 * (step as u64 % 7)));
        counts.push(rig.messages.len());
    }
    let without_time = |mut body: Value| {
        if let Some(members) = body.as_object_mut() {
            members.remove("Timestamp");
        }
        body
    };
    let messages = rig.messages.into_iter().map(|message| (message.topic, without_time(message.body)));
    (counts, messages.filter(|(topic, _)| !topic.starts_with("qiao/")).collect())
}

#[test]
fn row_87_a_clock_that_is_set_moves_no_message_and_changes_none() {
    for profile in [tool_profile, open_profile] {
        let calm = told(profile(), &[]);
        assert!(calm.1.len() > 24, "{}", calm.1.len());
        for jumps in [&[400 * DAY][..], &[-DAY / 12], &[400 * DAY, -800 * DAY, 3 * DAY], &[4_500 * DAY, DAY / 24]] {
            assert_eq!(told(profile(), jumps), calm, "set by {jumps:?}");
        }
    }
}

#[test]
fn row_87_sequence_numbers_rise_by_one_whatever_the_clock_shows() {
    let mut rig = Rig::open(open_profile(), 1);
    for (number, set_by) in [400 * DAY, -DAY, 0, -20_000 * DAY].into_iter().enumerate() {
        rig.set_by = set_by;
        rig.batch(&[int(0, number as i64)]);
    }
    let numbers: Vec<_> = rig.on("open/M1").iter().map(|body| body["SequenceNumber"].as_u64()).collect();
    assert_eq!(numbers, [Some(2), Some(3), Some(4), Some(5)]);
}

#[test]
fn row_88_values_flow_with_their_sources_times_from_a_gateway_that_is_still_in_1970() {
    let mut rig = Rig::new(vec![flow(open_profile())]);
    rig.set_by = -rig.wall().0 + Timestamp::UNIX_EPOCH.0 + 70_000_000;
    rig.find(discovery(EPOCH, &["M1"], vec![item(0, "a")]));
    rig.batch(&[int(0, 1)]);
    let message = rig.on("open/M1")[0];
    assert_eq!(message["Timestamp"], "1970-01-01T00:00:07Z");
    assert_eq!(message["Payload"]["a"]["SourceTimestamp"], NOON.to_string());
}
