//! Machines and fields that appear while the source runs.

use super::*;
use crate::config::plan::{Decode, TopicInput};
use crate::model::{Document, TopicPattern};

fn topics(decode: Decode) -> FlowPlan {
    let pattern = TopicPattern::parse("in/{machine}/#").expect("a pattern");
    let input = TopicInput {
        pattern,
        also: Vec::new(),
        decode,
        profile: None,
        list: None,
        envelope: None,
        time: None,
        max_machines: 10,
        max_fields: 10,
    };
    FlowPlan { input: Some(input), ..flow(open_profile()) }
}

/// One machine whose fields came by topics, told already.
fn heard(fields: u32) -> Rig {
    let mut rig = Rig::new(vec![topics(Decode::Json)]);
    rig.find(discovery(EPOCH, &["M1"], (0..fields).map(|n| item(0, &format!("v{n}"))).collect()));
    rig.batch(&(0..fields).map(|slot| int(slot, 0)).collect::<Vec<_>>());
    rig.forget();
    rig
}

fn grown(epoch: u64, machines: &[&str], items: &[(u32, &str)]) -> Discovery {
    let items = items.iter().map(|(machine, path)| item(*machine, path)).collect();
    Discovery { carries_on: Some(epoch - 1), ..discovery(epoch, machines, items) }
}

#[test]
fn a_new_field_joins_what_its_machine_holds_and_nothing_is_sent_again() {
    let mut rig = heard(2);
    rig.find(grown(EPOCH + 1, &["M1"], &[(0, "v0"), (0, "v1"), (0, "v2")]));
    assert!(rig.messages.is_empty(), "{:?}", rig.messages);
    rig.batch_of(EPOCH + 1, &[int(2, 7)], &[]);
    assert_eq!(rig.payloads("open/M1"), ["v2=7"]);
    rig.forget();
    rig.lost();
    rig.forget();
    // The link is back and nothing is void: what was held before the growth is still held.
    rig.find(grown(EPOCH + 1, &["M1"], &[(0, "v0"), (0, "v1"), (0, "v2")]));
    assert_eq!(rig.payloads("open/M1"), ["v0=0 v1=0 v2=7"]);
}

#[test]
fn a_new_machine_starts_beside_the_others_and_one_with_their_topic_is_refused() {
    let shared = FlowPlan { topic: Some("hall/tools".to_owned()), ..topics(Decode::Json) };
    let mut rig = Rig::new(vec![shared]);
    rig.find(discovery(EPOCH, &["M1"], vec![item(0, "v")]));
    rig.batch(&[int(0, 1)]);
    rig.forget();
    rig.find(grown(EPOCH + 1, &["M1", "M2"], &[(0, "v"), (1, "v")]));
    assert_eq!(rig.codes(), ["QIAO-V206"]);
    rig.batch_of(EPOCH + 1, &[int(0, 2), int(1, 9)], &[]);
    assert_eq!(rig.payloads("hall/tools"), ["v=2"]);
    // A session that begins anew finds both at once, and still the first has it.
    rig.forget();
    rig.find(discovery(EPOCH + 2, &["M1", "M2"], vec![item(0, "v"), item(1, "v")]));
    rig.batch_of(EPOCH + 2, &[int(0, 3), int(1, 9)], &[]);
    assert_eq!(rig.payloads("hall/tools"), ["v=3"]);

    let mut rig = heard(1);
    rig.find(grown(EPOCH + 1, &["M1", "M2"], &[(0, "v0"), (1, "v")]));
    rig.batch_of(EPOCH + 1, &[int(1, 9), int(0, 3)], &[]);
    assert_eq!((rig.payloads("open/M2"), rig.payloads("open/M1")), (vec!["v=9".to_owned()], vec!["v0=3".to_owned()]));
    assert_eq!(rig.on("qiao/g/M2/status").len(), 1);
    assert!(rig.on("qiao/g/M1/status").is_empty(), "nothing new is said of the other");
}

#[test]
fn a_message_of_the_machine_that_grows_is_sent_before_it_and_one_while_the_link_is_lost_after() {
    let mut slow = topics(Decode::Json);
    let mut profile = open_profile();
    profile.every = Duration::from_secs(10);
    slow.profiles = vec![Arc::new(profile)];
    let mut rig = Rig::new(vec![slow]);
    rig.find(discovery(EPOCH, &["M1"], vec![item(0, "v0")]));
    rig.batch(&[int(0, 1)]);
    rig.forget();
    rig.batch(&[int(0, 2)]);
    rig.find(grown(EPOCH + 1, &["M1"], &[(0, "v0"), (0, "v1")]));
    rig.batch_of(EPOCH + 1, &[int(1, 5)], &[]);
    rig.pass(Duration::from_secs(10));
    assert_eq!(rig.payloads("open/M1"), ["v0=2", "v1=5"]);
    rig.lost();
    rig.forget();
    rig.find(grown(EPOCH + 2, &["M1"], &[(0, "v0"), (0, "v1"), (0, "v2")]));
    rig.batch_of(EPOCH + 2, &[int(2, 6)], &[]);
    rig.pass(Duration::from_secs(10));
    assert_eq!(rig.payloads("open/M1"), ["v0=2 v1=5", "v2=6"]);
}

#[test]
fn a_machine_whose_messages_are_passed_on_goes_on_beside_newcomers() {
    let mut rig = Rig::new(vec![topics(Decode::Message)]);
    rig.find(discovery(EPOCH, &["M1"], Vec::new()));
    let document = |epoch: u64| {
        let mut batch = Batch { epoch, ..Batch::default() };
        let (topic, payload) =
            (batch.store(b"in/M1/x"), batch.store(br#"{"MessageType":"x","SequenceNumber":1,"Payload":{}}"#));
        let (is_retained, unreadable) = (false, None);
        batch.documents.push(Document { flow: 0, machine: Some(0), topic, payload, is_retained, unreadable });
        SourceEvent::Batch(batch)
    };
    rig.event(document(EPOCH));
    rig.find(grown(EPOCH + 1, &["M1", "M2"], &[]));
    rig.event(document(EPOCH + 1));
    let machines = rig.stages.status().machines;
    let mut counted: Vec<_> = machines.iter().map(|machine| (machine.id.as_str(), machine.messages)).collect();
    counted.sort_unstable();
    assert_eq!(counted, [("M1", 2), ("M2", 0)], "{:?}", rig.found);
}

#[test]
fn values_beyond_what_may_appear_are_counted() {
    let mut rig = Rig::open(open_profile(), 1);
    let before = rig.totals();
    rig.event(SourceEvent::Batch(Batch { epoch: EPOCH, unplaced: vec![(0, 5)], ..Batch::default() }));
    let totals = rig.totals();
    assert_eq!((totals.received - before.received, totals.filtered - before.filtered), (5, 5));
}
