//! received = handed over + quarantined + superseded + filtered + rejected + held, at every moment.

use super::*;
use crate::model::discovery::ItemMode;
use crate::model::tree::TreeWriter;
use crate::profile::Library;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Step {
    Batch(Vec<(u32, i64, bool)>),
    Pass(u64),
    Lost,
    Again,
    Anew,
    End,
}

fn step() -> impl Strategy<Value = Step> {
    let value = (0u32..10, prop_oneof![0i64..3, Just(101), Just(666)], prop::bool::weighted(0.1));
    prop_oneof![
        8 => prop::collection::vec(value, 0..12).prop_map(Step::Batch),
        3 => (0u64..3_000).prop_map(Step::Pass),
        1 => Just(Step::Lost),
        1 => Just(Step::Again),
        1 => Just(Step::Anew),
        1 => Just(Step::End),
    ]
}

fn profiles() -> impl Strategy<Value = (Profile, OnViolation)> {
    let profile = prop_oneof![
        Just(tool_profile()),
        Just(open_profile()),
        Just(Profile {
            every: Duration::from_millis(500),
            at_least_every: Some(Duration::from_secs(2)),
            ..open_profile()
        }),
        Just(Profile { message: crate::profile::MessageKind::Image, ..open_profile() }),
        Just(Profile { topic_kind: TopicKind::Log, ..tool_profile() }),
    ];
    (profile, prop_oneof![Just(OnViolation::Quarantine), Just(OnViolation::Mark), Just(OnViolation::Reject)])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    /// The rig compares the counters after every event.
    #[test]
    fn no_value_is_lost_silently((profile, on_violation) in profiles(), steps in prop::collection::vec(step(), 1..60)) {
        let is_log = profile.message == crate::profile::MessageKind::Delta || profile.topic_kind == TopicKind::Log;
        let mut rig = Rig::new(vec![FlowPlan { on_violation, ..flow(profile) }]);
        let mut epoch = EPOCH;
        let mut batches = 0;
        rig.find(two_tools());
        for step in steps {
            match step {
                Step::Batch(values) => {
                    let sample = |(slot, value, is_bad)| if is_bad { bad(slot) } else { int(slot, value) };
                    let samples: Vec<_> = values.into_iter().map(sample).collect();
                    rig.batch_of(epoch, &samples, &[]);
                    batches += 1;
                }
                Step::Pass(time) => rig.pass(Duration::from_millis(time)),
                Step::Lost => rig.lost(),
                Step::Again => rig.find(Discovery { epoch, ..two_tools() }),
                Step::Anew => {
                    epoch += 1;
                    rig.find(Discovery { epoch, ..two_tools() });
                }
                Step::End => rig.end(),
            }
        }
        rig.end();
        let totals = rig.totals();
        prop_assert_eq!(totals.held, 0);
        prop_assert_eq!(rig.acknowledged.len(), batches);
        prop_assert!(!is_log || totals.superseded == 0, "a log passes nothing over: {:?}", totals);
        let handed_over: u64 = rig.messages.iter().map(|message| u64::from(message.values)).sum();
        prop_assert_eq!(handed_over, totals.handed_over);
    }

    /// Whatever a server sends as an event: one that breaks its schema, and what is none at all.
    #[test]
    fn no_event_is_lost_silently(
        on_violation in prop_oneof![Just(OnViolation::Quarantine), Just(OnViolation::Mark), Just(OnViolation::Reject)],
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let library = Library::built_in().value;
        let profile = library.find("core/event@1.0").expect("it is built in").as_ref().clone();
        let mut rig = Rig::new(vec![FlowPlan { on_violation, ..flow(profile) }]);
        let (mut epoch, mut batches, mut sound, mut sent) = (EPOCH, 0, 0, 0);
        rig.find(two_notifiers(epoch));
        for step in steps {
            match step {
                Step::Batch(values) => {
                    let mut arena = Vec::new();
                    sent += values.iter().filter(|(slot, ..)| *slot < 2).count() as u64;
                    sound += values.iter().filter(|(slot, severity, _)| *slot < 2 && *severity != 101 && *severity != 666).count();
                    let sample = |(slot, severity, _)| match severity {
                        101 => int(slot, severity),
                        _ => Sample { scalar: event(if severity == 666 { 1001 } else { severity }, &mut arena), ..int(slot, 0) },
                    };
                    let samples: Vec<_> = values.into_iter().map(sample).collect();
                    rig.batch_of(epoch, &samples, &arena);
                    batches += 1;
                }
                Step::Pass(time) => rig.pass(Duration::from_millis(time)),
                Step::Lost => rig.lost(),
                Step::Again => rig.find(two_notifiers(epoch)),
                Step::Anew => {
                    epoch += 1;
                    rig.find(two_notifiers(epoch));
                }
                Step::End => rig.end(),
            }
        }
        rig.end();
        let totals = rig.totals();
        prop_assert_eq!((totals.held, totals.superseded), (0, 0), "an event waits for nothing: {:?}", totals);
        prop_assert!(totals.received >= sent, "{} of {} counted", totals.received, sent);
        prop_assert_eq!(rig.acknowledged.len(), batches);
        let events = rig.messages.iter().filter(|message| message.body["MessageType"] == "ua-event");
        let handed_over: Vec<u32> = events.map(|message| message.values).collect();
        prop_assert_eq!(handed_over.iter().map(|values| u64::from(*values)).sum::<u64>(), totals.handed_over);
        prop_assert!(handed_over.len() >= sound, "{} of {} sound events went out", handed_over.len(), sound);
        prop_assert!(on_violation == OnViolation::Mark || handed_over.len() == sound);
    }
}

/// Two machines whose events are taken.
fn two_notifiers(epoch: u64) -> Discovery {
    let events = |machine| {
        let mut item = item(machine, "events");
        item.mode = ItemMode::Events;
        item.targets[0].path.0.clear();
        item.targets[0].types.clear();
        item
    };
    discovery(epoch, &["M1", "M2"], vec![events(0), events(1)])
}

/// An event with everything that the schema wants, of this severity.
fn event(severity: i64, arena: &mut Vec<u8>) -> Scalar {
    let mut tree = TreeWriter::new(arena);
    tree.structure("i=2041", 6, |tree| {
        tree.field("EventId");
        tree.bytes(&[1, 2, 3]);
        tree.field("EventType");
        tree.text(BuiltInType::NodeId, "i=2041");
        tree.field("SourceNode");
        tree.text(BuiltInType::NodeId, "nsu=urn:m;s=M1");
        tree.field("Time");
        tree.time(NOON);
        tree.field("Message");
        tree.localized_text("en", "it happened");
        tree.field("Severity");
        tree.u64(BuiltInType::UInt16, severity.unsigned_abs());
    });
    Scalar::Tree(tree.finish())
}
