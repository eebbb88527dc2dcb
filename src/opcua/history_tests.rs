use super::super::history_work::{Fate, Work};
use super::*;
use crate::model::discovery::DataType;
use crate::model::{BuiltInType, Span};
use ::opcua::types::{NodeId, StatusCode as Code};

const START: Duration = Duration::from_secs(10);

fn sample(slot: u32, time: i64, value: i64) -> Sample {
    let scalar = Scalar::I64(BuiltInType::Int32, value);
    Sample { slot, status: 0, source_time: Timestamp(time), server_time: Timestamp(time + 5), scalar }
}

fn batch(samples: &[Sample]) -> Batch {
    Batch { samples: samples.to_vec(), ..Batch::default() }
}

fn items(nodes: &[&str]) -> Vec<FoundItem> {
    let item = |node: &&str| FoundItem {
        node: (*node).to_owned(),
        targets: Vec::new(),
        mode: ItemMode::Monitored,
        data_type: DataType { node: String::new(), built_in: BuiltInType::Int32, enumeration: None },
        value_rank: -1,
        unit: None,
    };
    nodes.iter().map(item).collect()
}

fn wanted() -> History {
    History::begin(Left::default(), &[], START)
}

/// Begin and end of every hole.
fn holes(history: &mut History) -> Vec<(u32, i64, i64)> {
    history.take(usize::MAX).iter().map(|hole| (hole.slot, hole.from.time.0, hole.until.time.0)).collect()
}

#[test]
fn a_hole_lies_between_the_last_value_and_the_first_one_after_a_gap() {
    let mut history = wanted();
    history.heard(&batch(&[sample(0, 100, 1), sample(1, 100, 1), sample(0, 110, 2)]), START);
    history.cut([0, 1, 2]);
    history.cut([0]);
    history.heard(&batch(&[sample(0, 150, 7), sample(0, 160, 8)]), START);
    assert!(!history.is_due(START), "the other one may still come");
    assert!(history.is_due(START + PATIENCE), "but is not waited for for ever");
    // It has not changed: it is sent again as it was.
    history.heard(&batch(&[sample(1, 100, 1)]), START);
    assert!(history.is_due(START));
    assert_eq!(holes(&mut history), [(0, 110, 150)]);
    assert!(!history.is_due(START + PATIENCE));
}

#[test]
fn a_queue_that_was_too_short_leaves_a_hole_that_no_gap_was_told_for() {
    let mut history = wanted();
    let overflow = Sample { status: 0x0000_0480, ..sample(0, 130, 4) };
    history.heard(&batch(&[sample(0, 100, 1), overflow]), START);
    assert!(history.is_due(START));
    assert!(history.take(9).iter().all(|hole| !hole.is_told && hole.from.time.0 == 100));
}

#[test]
fn a_status_of_the_server_does_not_move_the_clock_of_the_source() {
    let mut history = wanted();
    history.heard(&batch(&[sample(0, 100, 1)]), START);
    history.cut([0]);
    let bad = Sample { status: 0x8031_0000, source_time: Timestamp::NONE, scalar: Scalar::Null, ..sample(0, 900, 0) };
    history.heard(&batch(&[bad]), START);
    assert!(!history.is_due(START + PATIENCE));
    history.heard(&batch(&[sample(0, 140, 2)]), START);
    assert_eq!(holes(&mut history), [(0, 100, 140)]);
    // Who has no time of the source at all is known by that of the server.
    let mut history = wanted();
    let timeless = |time| Sample { source_time: Timestamp::NONE, server_time: Timestamp(time), ..sample(0, 0, time) };
    history.heard(&batch(&[timeless(100)]), START);
    history.cut([0]);
    history.heard(&batch(&[timeless(200)]), START);
    assert_eq!(holes(&mut history), [(0, 100, 200)]);
}

#[test]
fn the_next_session_goes_on_by_the_node_whatever_its_slot() {
    let mut history = wanted();
    history.heard(&batch(&[sample(0, 100, 1), sample(1, 100, 1)]), START);
    history.cut([1]);
    history.heard(&batch(&[sample(1, 120, 3)]), START);
    let left = history.leave(&items(&["a", "b"]));
    let mut next = History::begin(left, &items(&["b", "new", "a"]), START);
    next.heard(&batch(&[sample(2, 300, 9), sample(1, 300, 9), sample(0, 310, 9)]), START);
    let mut found = holes(&mut next);
    found.sort_unstable();
    assert_eq!(found, [(0, 100, 120), (0, 120, 310), (2, 100, 300)]);
}

#[test]
fn a_slot_that_is_given_to_another_item_takes_nothing_with_it() {
    let mut history = wanted();
    history.heard(&batch(&[sample(0, 100, 1)]), START);
    history.cut([0]);
    history.forget(0);
    history.heard(&batch(&[sample(0, 200, 2)]), START);
    assert!(!history.is_due(START + PATIENCE) && history.waiting == 0);
}

#[test]
fn what_nobody_wants_is_not_noted() {
    let mut history = History::default();
    history.heard(&batch(&[sample(0, 100, 1)]), START);
    history.cut([0]);
    history.heard(&batch(&[sample(0, 200, 2)]), START);
    assert!(history.known.is_empty() && !history.is_due(START + PATIENCE));
}

/// Work at the hole between value 1 at 100 and value 9 at 200.
fn work() -> Work {
    let edge = |time, value| Edge::of(&sample(0, time, value), Timestamp(time), &[]);
    let hole = Hole { slot: 0, from: edge(100, 1), until: edge(200, 9), is_told: true };
    Work::new(hole, NodeId::new(1, 7_u32), START)
}

/// Answers one after the other: what is kept of each, and how the work goes on.
#[track_caller]
fn goes(work: &mut Work, answer: &[(i64, i64)], status: Code, has_point: bool, kept: &[i64]) -> Fate {
    let samples: Vec<Sample> = answer.iter().map(|(time, value)| sample(0, *time, *value)).collect();
    let mut batch = batch(&samples);
    let said = work.take(&mut batch, 0);
    let values: Vec<i64> = batch.samples.iter().map(|sample| sample.source_time.0).collect();
    assert_eq!(values, kept);
    work.judge(&said, status, true, has_point, START)
}

#[test]
fn the_edges_are_told_once_and_another_value_of_their_time_is_not_lost() {
    let mut edges = work();
    let answer = [(90, 0), (100, 1), (100, 2), (150, 3), (200, 8), (200, 9), (210, 9)];
    assert_eq!(goes(&mut edges, &answer, Code::Good, false, &[100, 150, 200]), Fate::Filled);
    assert!(!edges.lacks_head);
}

#[test]
fn several_values_of_one_time_are_told_apart_over_two_answers() {
    let mut twins = work();
    assert_eq!(goes(&mut twins, &[(100, 1), (150, 2), (150, 3)], Code::Good, false, &[150, 150]), Fate::Again(START));
    let rest = [(150, 2), (150, 3), (150, 4), (200, 9)];
    assert_eq!(goes(&mut twins, &rest, Code::Good, false, &[150]), Fate::Filled);
}

#[test]
fn a_hole_goes_on_as_its_answers_say() {
    let table = [
        (Code::BadHistoryOperationUnsupported, Fate::Without(Code::BadHistoryOperationUnsupported)),
        (Code::BadDataLost, Fate::Open(Code::BadDataLost)),
        (Code::BadContinuationPointInvalid, Fate::Again(START)),
        (Code::BadNoData, Fate::Again(START + Duration::from_secs(2))),
        (Code::GoodNoData, Fate::Again(START + Duration::from_secs(2))),
    ];
    for (status, fate) in table {
        assert_eq!(goes(&mut work(), &[], status, false, &[]), fate, "{status}");
    }
    let mut late = work();
    let fates: Vec<Fate> = (0..3).map(|_| goes(&mut late, &[(100, 1)], Code::Good, false, &[])).collect();
    let later = |seconds| Fate::Again(START + Duration::from_secs(seconds));
    assert_eq!(fates, [later(2), later(6), Fate::Open(Code::BadNoData)]);
    assert_eq!(goes(&mut work(), &[(150, 2)], Code::Good, true, &[150]), Fate::On);
}

#[test]
fn values_that_lie_in_the_arena_are_told_apart() {
    let arena = b"one value|another|one value".to_vec();
    let text = |start, length| {
        let span = Span { start, length };
        let sample = Sample { scalar: Scalar::Text(BuiltInType::String, span), ..sample(0, 100, 0) };
        Edge::of_past(&sample, &arena).expect("it has a time")
    };
    assert_eq!(text(0, 9), text(18, 9));
    assert_ne!(text(0, 9), text(0, 8));
    assert_ne!(text(0, 7), text(10, 7));
}
