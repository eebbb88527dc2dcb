//! Machines and fields that appear while the source runs.

use super::*;

fn grown(epoch: u64, machines: &[&str], items: &[(u32, &str)]) -> Discovery {
    let items = items.iter().map(|(machine, path)| item(*machine, path)).collect();
    Discovery { grown_from: Some(epoch - 1), ..discovery(epoch, machines, items) }
}

#[test]
fn a_new_field_joins_what_its_machine_holds_and_nothing_is_sent_again() {
    let mut rig = Rig::open(open_profile(), 2);
    rig.event(SourceEvent::Found(Arc::new(grown(EPOCH + 1, &["M1"], &[(0, "v0"), (0, "v1"), (0, "v2")]))));
    assert!(rig.messages.is_empty(), "{:?}", rig.messages);
    rig.batch_of(EPOCH + 1, &[int(2, 7)], &[]);
    assert_eq!(rig.payloads("open/M1"), ["v2=7"]);
    rig.forget();
    rig.lost();
    rig.forget();
    // The link is back and nothing is void: what was held before the growth is still held.
    rig.event(SourceEvent::Found(Arc::new(grown(EPOCH + 1, &["M1"], &[(0, "v0"), (0, "v1"), (0, "v2")]))));
    assert_eq!(rig.payloads("open/M1"), ["v0=0 v1=0 v2=7"]);
}

#[test]
fn a_new_machine_starts_beside_the_others_and_one_with_their_topic_is_refused() {
    let shared = FlowPlan { topic: Some("hall/tools".to_owned()), ..flow(open_profile()) };
    let mut rig = Rig::new(vec![shared]);
    rig.find(discovery(EPOCH, &["M1"], vec![item(0, "v")]));
    rig.batch(&[int(0, 1)]);
    rig.forget();
    rig.event(SourceEvent::Found(Arc::new(grown(EPOCH + 1, &["M1", "M2"], &[(0, "v"), (1, "v")]))));
    assert_eq!(rig.codes(), ["QIAO-V206"]);
    rig.batch_of(EPOCH + 1, &[int(0, 2), int(1, 9)], &[]);
    assert_eq!(rig.payloads("hall/tools"), ["v=2"]);

    let mut rig = Rig::open(open_profile(), 1);
    rig.event(SourceEvent::Found(Arc::new(grown(EPOCH + 1, &["M1", "M2"], &[(0, "v0"), (1, "v")]))));
    rig.batch_of(EPOCH + 1, &[int(1, 9), int(0, 3)], &[]);
    assert_eq!((rig.payloads("open/M2"), rig.payloads("open/M1")), (vec!["v=9".to_owned()], vec!["v0=3".to_owned()]));
    assert_eq!(rig.on("qiao/g/M2/status").len(), 1);
    assert!(rig.on("qiao/g/M1/status").is_empty(), "nothing new is said of the other");
}

#[test]
fn values_beyond_what_may_appear_are_counted() {
    let mut rig = Rig::open(open_profile(), 1);
    let before = rig.totals();
    rig.event(SourceEvent::Batch(Batch { epoch: EPOCH, unplaced: vec![(0, 5)], ..Batch::default() }));
    let totals = rig.totals();
    assert_eq!((totals.received - before.received, totals.filtered - before.filtered), (5, 5));
}
