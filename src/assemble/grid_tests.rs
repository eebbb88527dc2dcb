use super::*;
use crate::codec::{Limits, nc_link, umati_json};
use crate::model::BuiltInType;
use proptest::prelude::*;

/// A whole multiple of every interval used here.
const START: i64 = 1_793_612_400_000;

fn channel(interval: u32, upload_interval: u32) -> Channel {
    Channel { id: "c".to_owned(), interval, upload_interval, settle: 50 }
}

/// Milliseconds after the start.
fn at(millis: i64) -> Now {
    let monotonic = Duration::from_millis(u64::try_from(millis).expect("after the start"));
    Now { wall: Timestamp::from_unix_millis(START + millis), monotonic }
}

fn number(value: f64, millis: i64) -> Sample {
    let source_time = Timestamp::from_unix_millis(START + millis);
    Sample { slot: 0, status: 0, source_time, server_time: Timestamp::NONE, scalar: Scalar::F64(value) }
}

fn send(grid: &mut Grid, now: Now) -> (String, Sent) {
    let mut tape = Tape::new();
    assert!(grid.is_due(now));
    let sent = grid.write(&mut tape, ["/A", "/B"], &[], umati_json::value);
    assert_eq!(grid.advance(now), u64::from(sent.values));
    assert_eq!(tape.fault(), None);
    let read = Tape::parse(tape.as_bytes(), Limits::default()).expect("JSON");
    assert_eq!(nc_link::check(nc_link::Kind::Sample, &read), []);
    (tape.as_str().to_owned(), sent)
}

/// Begin in milliseconds after the start, and the columns as JSON.
fn columns(text: &str) -> (i64, Vec<String>) {
    let tape = Tape::parse(text.as_bytes(), Limits::default()).expect("JSON");
    let sample = nc_link::Sample::read(&tape).expect("a sample");
    let json = |at: u32| tape.json_of(&tape.nodes()[at as usize]).to_owned();
    let columns = sample.columns().map(|column| column.map(json).collect::<Vec<_>>().join(" ")).collect();
    (sample.begin.unix_millis() - START, columns)
}

#[test]
fn a_value_holds_from_its_time_until_the_next_one() {
    let mut grid = Grid::new(channel(100, 400), 2).expect("fits");
    grid.store(0, &number(1.0, 0), &[], at(10));
    assert_eq!(grid.next(), Some(Duration::from_millis(450)));
    grid.store(0, &number(2.0, 150), &[], at(160));
    grid.store(0, &number(3.0, 200), &[], at(210));
    assert!(!grid.is_due(at(449)));
    let (text, sent) = send(&mut grid, at(450));
    // 2.0 came between two rows and was overtaken at the second of them.
    assert_eq!(columns(&text), (0, vec!["1.0 1.0 3.0 3.0".to_owned(), "null null null null".to_owned()]));
    assert_eq!(sent, Sent { values: 2, nulls: 4 });
    let (text, sent) = send(&mut grid, at(850));
    assert_eq!(columns(&text), (400, vec!["3.0 3.0 3.0 3.0".to_owned(), "null null null null".to_owned()]));
    assert_eq!(sent, Sent { values: 0, nulls: 4 });
}

#[test]
fn a_value_between_the_same_two_rows_takes_the_place_of_the_one_before() {
    let mut grid = Grid::new(channel(100, 400), 1).expect("fits");
    assert!(!grid.store(0, &number(1.0, 110), &[], at(120)).has_superseded);
    assert!(grid.store(0, &number(2.0, 190), &[], at(195)).has_superseded);
    assert!(!grid.store(0, &number(3.0, 201), &[], at(202)).has_superseded);
    assert_eq!(grid.held(), 2);
}

#[test]
fn a_value_of_the_next_window_waits_for_it() {
    let mut grid = Grid::new(channel(100, 400), 2).expect("fits");
    grid.store(0, &number(1.0, 0), &[], at(0));
    grid.store(0, &number(2.0, 410), &[], at(420));
    grid.store(1, &number(7.0, 350), &[], at(430));
    let (text, sent) = send(&mut grid, at(450));
    assert_eq!(columns(&text).1, ["1.0 1.0 1.0 1.0", "null null null null"]);
    assert_eq!(sent.values, 1, "7.0 holds from 400 on");
    assert_eq!(columns(&send(&mut grid, at(850)).0).1, ["1.0 2.0 2.0 2.0", "7.0 7.0 7.0 7.0"]);
}

#[test]
fn bad_values_are_null_until_a_good_one_comes() {
    let mut grid = Grid::new(channel(100, 400), 2).expect("fits");
    let bad = Sample { status: StatusCode::BAD_NO_COMMUNICATION.0, ..number(1.0, 100) };
    let text = Sample { scalar: Scalar::Text(BuiltInType::String, Span { start: 1, length: 3 }), ..number(0.0, 300) };
    grid.store(0, &number(1.0, 0), &[], at(0));
    grid.store(0, &bad, &[], at(100));
    grid.store(0, &text, b".abc.", at(300));
    assert_eq!(columns(&send(&mut grid, at(450)).0).1[0], "1.0 null null \"abc\"");
}

#[test]
fn a_time_that_cannot_place_a_value_is_told() {
    let mut grid = Grid::new(channel(100, 400), 2).expect("fits");
    let odd = |grid: &mut Grid, millis: i64| grid.store(0, &number(1.0, millis), &[], at(210)).odd;
    assert_eq!(odd(&mut grid, 200), None);
    assert_eq!(odd(&mut grid, 1101), Some(Odd::Ahead));
    assert_eq!(odd(&mut grid, -250), Some(Odd::Late));
    let none = Sample { source_time: Timestamp::NONE, ..number(1.0, 0) };
    assert_eq!(grid.store(0, &none, &[], at(210)).odd, Some(Odd::Missing));
}

#[test]
fn row_87_a_clock_that_jumps_does_not_make_up_rows() {
    let mut grid = Grid::new(channel(100, 400), 2).expect("fits");
    grid.store(0, &number(1.0, 0), &[], at(0));
    let later = at(1_000_030);
    send(&mut grid, later);
    assert!(!grid.is_due(later));
    assert_eq!(
        columns(&send(&mut grid, at(1_000_450)).0),
        (1_000_000, vec!["1.0 1.0 1.0 1.0".to_owned(), "null null null null".to_owned()])
    );
    // A year and more, with a value that was held before: its own window, and no one between.
    grid.store(0, &number(2.0, 1_000_500), &[], at(1_000_510));
    let far = 400 * 86_400_000;
    assert_eq!(columns(&send(&mut grid, at(far + 30)).0).1[0], "1.0 2.0 2.0 2.0");
    assert!(!grid.is_due(at(far + 30)));
    assert_eq!(
        columns(&send(&mut grid, at(far + 450)).0),
        (far, vec!["2.0 2.0 2.0 2.0".to_owned(), "null null null null".to_owned()])
    );
    // And back: what is held goes on.
    assert!(!grid.is_due(at(30)));
    assert_eq!(columns(&send(&mut grid, at(450)).0).0, 0);
    assert_eq!(grid.take_passed_over(), 0);
}

#[test]
fn intervals_must_fit_each_other() {
    for (interval, upload) in [(0, 100), (100, 0), (300, 1000), (1000, 100), (1, MOST_ROWS + 1)] {
        assert!(Grid::new(channel(interval, upload), 1).is_none(), "{interval} {upload}");
    }
    assert!(Grid::new(channel(1, MOST_ROWS), 1).is_some());
}

proptest! {
    /// Each cell is the last value whose time is not behind the row, found the slow way.
    #[test]
    fn cells_hold_what_was_last_true(mut times in proptest::collection::vec(0i64..2000, 1..60)) {
        times.sort_unstable();
        let mut grid = Grid::new(channel(50, 500), 1).expect("fits");
        let mut first = None;
        let (mut cells, mut placed, mut superseded, mut sent) = (Vec::new(), 0, 0, 0);
        let mut tape = Tape::new();
        for tick in 0..60 {
            let now = at(tick * 50 + 25);
            if grid.is_due(now) {
                sent += grid.write(&mut tape, ["/A"], &[], umati_json::value).values;
                grid.advance(now);
                let (begin, columns) = columns(tape.as_str());
                first.get_or_insert(begin);
                cells.extend(columns[0].split(' ').map(str::to_owned));
            }
            while let Some(time) = times.get(placed).filter(|time| **time <= tick * 50 + 25) {
                superseded += u32::from(grid.store(0, &number(placed as f64, *time), &[], now).has_superseded);
                placed += 1;
            }
        }
        let first = first.expect("a message");
        for (row, cell) in (0i64..).zip(&cells) {
            let time = first + row * 50;
            let last = times.iter().rposition(|value| *value <= time);
            let expected = last.map_or("null".to_owned(), |last| format!("{last}.0"));
            prop_assert_eq!(cell, &expected, "row at {}", time);
        }
        prop_assert!(!cells.is_empty());
        prop_assert_eq!(u64::from(sent + superseded) + grid.held(), times.len() as u64);
    }
}

#[test]
fn what_is_lost_is_held_no_longer_and_messages_end_with_the_last_value() {
    let mut grid = Grid::new(channel(100, 400), 2).expect("fits");
    grid.store(0, &number(1.0, 0), &[], at(10));
    grid.store(0, &number(2.0, 250), &[], at(210));
    grid.lose(StatusCode::BAD_NO_COMMUNICATION, at(210));
    assert_eq!(grid.held(), 2, "values wait for their message, whatever it can say of them");
    let (text, sent) = send(&mut grid, at(450));
    assert_eq!(columns(&text).1[0], "1.0 1.0 1.0 null", "what the source said of later was never true here");
    assert_eq!(sent.values, 2);
    assert_eq!((grid.next(), grid.is_due(at(900))), (None, false), "nobody has anything to say");
    grid.store(0, &number(3.0, 2000), &[], at(2010));
    assert_eq!(
        columns(&send(&mut grid, at(2450)).0),
        (2000, vec!["3.0 3.0 3.0 3.0".into(), "null null null null".into()])
    );
}

#[test]
fn values_come_on_while_a_window_waits_longer_than_it_is() {
    // Of one row and of several, waiting shorter, as long, and longer.
    for (interval, settle) in [(100, 50), (100, 400), (100, 1500), (400, 50), (400, 400), (400, 1500)] {
        let mut grid = Grid::new(Channel { settle, ..channel(interval, 400) }, 2).expect("fits");
        let (interval, mut sent) = (i64::from(interval), 0);
        for round in 0..80 {
            let millis = round * 50;
            while grid.is_due(at(millis)) {
                let (text, _) = send(&mut grid, at(millis));
                let (begin, columns) = columns(&text);
                let held = |row: i64| format!("{:.1}", ((begin + row * interval) / 50) as f64);
                let own: Vec<String> = (0..400 / interval).map(held).collect();
                assert_eq!(columns[0], own.join(" "), "each row has the value of its time");
                sent += 1;
            }
            let placed = grid.store(0, &number(round as f64, millis), &[], at(millis));
            assert_eq!(placed.odd, None, "{interval} {settle} {round}");
        }
        assert!(sent >= 5, "{interval} {settle}: {sent}");
    }
}
