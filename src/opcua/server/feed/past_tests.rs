use super::*;

const NODE: NodeHandle = NodeHandle(1);

fn reading(at: i64) -> Reading<'static> {
    Reading {
        status: 0,
        source_time: Timestamp(at),
        server_time: Timestamp(at),
        scalar: Scalar::I64(BuiltInType::Int64, at),
        kind: BuiltInType::Null,
        arena: &[],
    }
}

fn past(times: &[i64]) -> Past {
    let past = Past::new(Duration::from_secs(3600), 1 << 20);
    for at in times {
        past.push(NODE, &reading(*at), Timestamp(*at));
    }
    past
}

fn ask(from: i64, to: i64, most: usize, with_bounds: bool) -> HistoryAsk {
    let time = |at| if at == 0 { Timestamp::NONE } else { Timestamp(at) };
    HistoryAsk { node: NODE, from: time(from), to: time(to), most, with_bounds, after: None }
}

/// Source times; a bound that is not there is negative.
fn times(page: &HistoryPage) -> Vec<i64> {
    let time = |held: &Held| if held.status == 0 { held.source_time.0 } else { -held.source_time.0 };
    page.values.iter().map(time).collect()
}

#[track_caller]
fn check(asked: &HistoryAsk, expected: &[i64]) {
    let page = past(&[10, 20, 30, 40]).read(asked).expect("a page");
    assert_eq!(times(&page), expected, "{asked:?}");
    assert_eq!(page.next, None);
}

#[test]
fn a_span_of_time_is_read_forwards_and_backwards_without_its_end() {
    check(&ask(10, 40, 9, false), &[10, 20, 30]);
    check(&ask(11, 41, 9, false), &[20, 30, 40]);
    check(&ask(40, 10, 9, false), &[40, 30, 20]);
    check(&ask(20, 20, 9, false), &[20]);
    check(&ask(50, 60, 9, false), &[]);
    check(&ask(15, 0, 9, false), &[20, 30, 40]);
    check(&ask(0, 35, 9, false), &[30, 20, 10]);
}

#[test]
fn bounds_are_the_values_around_the_span_or_are_told_to_be_missing() {
    check(&ask(15, 35, 9, true), &[10, 20, 30, 40]);
    check(&ask(10, 30, 9, true), &[10, 20, 30]);
    check(&ask(5, 45, 9, true), &[-5, 10, 20, 30, 40, -45]);
    check(&ask(35, 15, 9, true), &[40, 30, 20, 10]);
}

#[test]
fn pages_join_without_a_gap_or_a_repeat() {
    for (from, to, bounds) in [(10, 41, false), (41, 9, false), (5, 45, true), (0, 45, false)] {
        let all = past(&[10, 20, 20, 20, 30, 40]);
        let whole = times(&all.read(&ask(from, to, 99, bounds)).expect("a page"));
        for most in 1..8 {
            let mut asked = ask(from, to, most, bounds);
            let mut joined = Vec::new();
            loop {
                let page = all.read(&asked).expect("a page");
                assert!(page.values.len() <= most);
                joined.extend(times(&page));
                match page.next {
                    Some(next) => asked.after = Some(next),
                    None => break,
                }
            }
            assert_eq!(joined, whole, "{from} {to} by {most}");
        }
    }
}

#[test]
fn a_place_that_was_never_given_is_refused() {
    let asked = HistoryAsk { after: Some(7), ..ask(10, 40, 9, false) };
    assert_eq!(past(&[10]).read(&asked).map(|page| page.values.len()), Err(BAD_CONTINUATION_POINT_INVALID));
}

#[test]
fn a_value_that_comes_late_takes_its_place() {
    let page = past(&[10, 30, 20]).read(&ask(1, 99, 9, false)).expect("a page");
    assert_eq!(times(&page), [10, 20, 30]);
}

#[test]
fn time_and_memory_are_bounded_over_all_variables() {
    let past = Past::new(Duration::from_nanos(100 * 50), OVERHEAD * 4);
    for at in 1..=10 {
        past.push(NodeHandle(at as u32 % 2), &reading(at), Timestamp(at));
    }
    assert_eq!(past.size(), (4, OVERHEAD * 4));
    past.expire(Timestamp(59));
    assert_eq!(past.size().0, 2);
    past.forget(NodeHandle(0));
    past.forget(NodeHandle(1));
    assert_eq!(past.size(), (0, 0));
}
