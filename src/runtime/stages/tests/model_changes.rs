//! What is found again while a session lives.

use super::*;

/// The same session, one discovery later.
fn later(found: Discovery) -> Discovery {
    Discovery { epoch: EPOCH + 1, carries_on: Some(EPOCH), ..found }
}

/// M1 as in [`two_tools`], M2 gone with its slots kept, M3 behind it.
fn second_replaced() -> Discovery {
    let mut items = two_tools().items;
    let third: Vec<_> = items[4..].to_vec();
    items[4..].iter_mut().for_each(|gone| gone.targets.clear());
    items.extend(third);
    later(discovery(0, &["M1", "M3"], items))
}

#[test]
fn a_machine_that_did_not_change_goes_on_while_others_come_and_go() {
    let mut rig = two_tools_online(flow(tool_profile()));
    rig.find(second_replaced());
    assert_eq!(rig.on("tool/g/M1").len(), 0, "nothing is said of it");
    assert_eq!(rig.on("qiao/g/M1/status").len(), 0);
    assert_eq!(rig.on("tool/g/M2"), [&Value::Null]);
    assert_eq!(rig.on("qiao/g/M2/status")[0]["state"], "gone");
    assert_eq!(rig.on("qiao/g/M3/status")[0]["state"], "online");
    rig.forget();
    // One value is enough: everything else of the first machine is still known, and of the third nothing.
    rig.batch_of(EPOCH + 1, &[int(1, 2), int(9, 2)], &[]);
    rig.pass(Duration::from_secs(1));
    let first = rig.on("tool/g/M1");
    assert_eq!((first.len(), &first[0]["Mode"], &first[0]["Id"]["Serial"]), (1, &2.into(), &"S-17".into()));
    assert_eq!(rig.on("tool/g/M3").len(), 0);
    // What comes late for a slot that is gone fills nothing.
    let received = rig.totals().received;
    rig.batch_of(EPOCH + 1, &[int(5, 2)], &[]);
    assert_eq!(rig.totals().received, received);
}

#[test]
fn a_value_that_no_message_held_yet_is_not_lost_by_a_change_elsewhere() {
    let mut slow = open_profile();
    slow.every = Duration::from_secs(10);
    let mut rig = Rig::open(slow, 1);
    rig.batch(&[int(0, 5)]);
    rig.find(later(discovery(0, &["M1", "M2"], vec![item(0, "v0"), item(1, "v0")])));
    assert_eq!(rig.payloads("open/M1"), Vec::<String>::new());
    rig.pass(Duration::from_secs(10));
    assert_eq!(rig.payloads("open/M1"), ["v0=5"]);
}

#[test]
fn a_machine_that_got_another_variable_waits_for_that_one_only() {
    let mut rig = Rig::open(open_profile(), 2);
    rig.batch(&[int(1, 4)]);
    rig.forget();
    rig.find(later(discovery(0, &["M1"], vec![item(0, "v0"), item(0, "v1"), item(0, "v2")])));
    assert_eq!(rig.payloads("open/M1"), Vec::<String>::new());
    rig.batch_of(EPOCH + 1, &[int(2, 7)], &[]);
    assert_eq!(rig.payloads("open/M1"), ["v0=0 v1=4 v2=7"]);
}

#[test]
fn a_discovery_that_goes_on_from_one_that_nobody_saw_begins_anew() {
    let mut rig = Rig::open(open_profile(), 1);
    let unseen = Discovery { carries_on: Some(EPOCH + 7), ..later(discovery(0, &["M1"], vec![item(0, "v0")])) };
    rig.find(unseen);
    rig.pass(Duration::from_secs(1));
    assert_eq!(rig.payloads("open/M1"), Vec::<String>::new(), "its value is not known to hold");
}
