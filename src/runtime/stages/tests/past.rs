//! What is back-filled goes beside the present.

use super::*;
use crate::profile::Library;
use proptest::prelude::*;

/// The profile whose messages can tell what is past.
fn core_profile() -> Profile {
    let library = Library::built_in().value;
    library.find("core/data-set-message@1.0").expect("it is built in").as_ref().clone()
}

impl Rig {
    fn past(&mut self, epoch: u64, samples: &[Sample]) {
        let (received, samples) = (self.wall(), samples.to_vec());
        let batch = Batch { epoch, received, samples, is_back_filled: true, ..Batch::default() };
        self.event(SourceEvent::Batch(batch));
    }
}

fn ago(slot: u32, value: i64, seconds: i64) -> Sample {
    Sample { source_time: Timestamp(NOON.0 - seconds * 10_000_000), ..int(slot, value) }
}

#[test]
fn it_goes_out_marked_in_messages_of_its_own_and_leaves_the_present_alone() {
    let mut rig = Rig::open(core_profile(), 2);
    rig.batch(&[int(0, 50)]);
    rig.past(EPOCH, &[ago(0, 1, 9), ago(1, 11, 9), ago(0, 2, 8), ago(0, 3, 7)]);
    let topic = rig.messages[0].topic.clone();
    rig.pass(Duration::from_secs(5));
    assert_eq!(rig.payloads(&topic)[..3], ["v0=1 v1=11", "v0=2", "v0=3"]);
    assert_eq!(rig.payloads(&topic)[3..], ["v0=50"], "what is new was not held up for what is old, nor replaced");
    let marks: Vec<&Value> = rig.on(&topic).iter().map(|body| &body["BackFilled"]).collect();
    assert_eq!(marks, [&Value::Bool(true), &Value::Bool(true), &Value::Bool(true), &Value::Null]);
    let numbers: Vec<u64> = rig.on(&topic).iter().filter_map(|body| body["SequenceNumber"].as_u64()).collect();
    assert!(numbers.windows(2).all(|pair| pair[1] == pair[0] + 1), "{numbers:?}");
    assert!(rig.codes().is_empty(), "no time went back: {:?}", rig.codes());
    let totals = rig.totals();
    assert_eq!((totals.back_filled, totals.superseded, totals.odd_times), (4, 0, 0));
}

#[test]
fn where_a_message_says_how_a_machine_stands_it_counts_as_superseded() {
    let image = Profile { message: crate::profile::MessageKind::Image, ..core_profile() };
    let state = Profile { topic_kind: TopicKind::State, ..core_profile() };
    // Nothing in its messages could say that they are past.
    let unmarked = Profile { topic_kind: TopicKind::Log, ..open_profile() };
    for profile in [image, state, unmarked] {
        let mut rig = Rig::open(profile, 1);
        rig.past(EPOCH, &[ago(0, 1, 9), ago(0, 2, 8)]);
        rig.pass(Duration::from_secs(5));
        let of_values = rig.messages.iter().filter(|message| message.values > 0).count();
        assert_eq!((of_values, rig.totals().superseded, rig.totals().back_filled), (0, 2, 2));
    }
}

#[test]
fn one_that_breaks_the_schema_is_refused_and_the_present_is_not() {
    let mut profile = core_profile();
    let schema = Arc::make_mut(&mut profile.schema);
    schema["properties"]["Payload"]["properties"]["v0"]["properties"]["Value"]["maximum"] = Value::from(100);
    let mut rig = Rig::open(profile, 2);
    rig.past(EPOCH, &[ago(0, 666, 9), ago(1, 11, 9), ago(0, 2, 8)]);
    let topic = rig.messages[0].topic.clone();
    assert_eq!(rig.payloads(&topic), ["v1=11", "v0=2"]);
    assert_eq!((rig.quarantined.len(), rig.totals().quarantined), (1, 1));
    rig.forget();
    rig.batch(&[int(0, 60)]);
    rig.pass(Duration::from_secs(5));
    assert_eq!(rig.payloads(&topic), ["v0=60"]);
}

#[derive(Clone, Debug)]
enum Step {
    Now(Vec<(u32, i64)>),
    Past(Vec<(u32, i64)>),
    Pass(u64),
    Lost,
    Anew,
}

fn step() -> impl Strategy<Value = Step> {
    let values = || prop::collection::vec((0u32..10, 0i64..5), 0..12);
    prop_oneof![
        3 => values().prop_map(Step::Now),
        3 => values().prop_map(Step::Past),
        2 => (0u64..3_000).prop_map(Step::Pass),
        1 => Just(Step::Lost),
        1 => Just(Step::Anew),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// The rig compares the counters after every event.
    #[test]
    fn none_is_lost_silently(
        profile in prop_oneof![Just(core_profile()), Just(tool_profile()), Just(open_profile())],
        steps in prop::collection::vec(step(), 1..40),
    ) {
        let mut rig = Rig::new(vec![flow(profile)]);
        let (mut epoch, mut sent) = (EPOCH, 0);
        rig.find(two_tools());
        for step in steps {
            match step {
                Step::Now(values) => {
                    let samples: Vec<_> = values.into_iter().map(|(slot, value)| int(slot, value)).collect();
                    rig.batch_of(epoch, &samples, &[]);
                }
                Step::Past(values) => {
                    sent += values.iter().filter(|(slot, _)| *slot < 8).count() as u64;
                    let samples: Vec<_> = values.into_iter().map(|(slot, value)| ago(slot, value, 60 - value)).collect();
                    rig.past(epoch, &samples);
                }
                Step::Pass(time) => rig.pass(Duration::from_millis(time)),
                Step::Lost => rig.lost(),
                Step::Anew => {
                    epoch += 1;
                    rig.find(Discovery { epoch, ..two_tools() });
                }
            }
        }
        rig.end();
        prop_assert_eq!(rig.totals().held, 0);
        prop_assert_eq!(rig.totals().back_filled, sent);
    }
}
