//! received = handed over + quarantined + superseded + filtered + rejected + held, at every moment.

use super::*;
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
}
