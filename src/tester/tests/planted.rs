//! Every fault that is planted in a sound run is found, and what is no fault is not taken for one.

use super::super::check::{Gap, Verdict, check};
use super::*;

const NUMBERS: u32 = 60;

/// A run: three nodes, a message for each number.
struct Story {
    made: Made,
    arrived: Vec<Arrived>,
    gaps: Vec<Gap>,
}

impl Story {
    fn sound() -> Self {
        let made = made(3, NUMBERS);
        let arrived = (0..NUMBERS).map(|number| message(&made, number)).collect();
        Self { made, arrived, gaps: Vec::new() }
    }

    fn samples(&mut self, number: usize) -> &mut Vec<Sample> {
        self.arrived[number].samples.as_mut().expect("it can be read")
    }

    fn verdict(&self) -> Verdict {
        check(&self.made, 0..=NUMBERS - 1, &self.arrived, &self.gaps)
    }

    /// The life ends with number 44, and the next one says these in messages of its own before it goes on.
    fn live_again(&mut self, numbers: &[u32]) {
        let again = numbers.iter().enumerate().map(|(at, number)| {
            let key = format!("g s {number} again {at}");
            Arrived { key, ..message(&self.made, *number) }
        });
        let again: Vec<Arrived> = again.collect();
        self.arrived.splice(45..45, again);
        self.arrived[45..].iter_mut().for_each(|message| message.life = 1);
    }

    /// Loses these messages, and says so with these times.
    fn lose(&mut self, lost: std::ops::RangeInclusive<u32>, told: std::ops::RangeInclusive<u32>) {
        self.arrived.drain(*lost.start() as usize..=*lost.end() as usize);
        let (since, until) = (time(*told.start()), time(*told.end()));
        self.gaps.push(Gap { nodes: Vec::new(), since, until, reason: "QIAO-O021".to_owned() });
    }
}

fn lost(node: &str, first: u32, last: u32) -> Fault {
    Fault::Undeclared { node: node.to_owned(), first, last }
}

fn is_wrong(fault: &Fault) -> bool {
    matches!(fault, Fault::Wrong { .. })
}

type Plant = fn(&mut Story);

/// What was done to the run, and whether a fault is the right one for it.
const PLANTED: &[(&str, Plant, IsIt)] = &[
    ("one of many messages is dropped", |run| drop(run.arrived.remove(31)), |fault| *fault == lost("N1", 31, 31)),
    ("one value of a message is dropped", |run| drop(run.samples(31).remove(1)), |fault| *fault == lost("N1", 31, 31)),
    ("the last message is dropped", |run| drop(run.arrived.pop()), |fault| *fault == lost("N2", 59, 59)),
    ("the first messages are dropped", |run| drop(run.arrived.drain(..4)), |fault| *fault == lost("N0", 0, 3)),
    (
        "a node is silent",
        |run| (0..60).for_each(|at| drop(run.samples(at).remove(0))),
        |fault| *fault == lost("N0", 0, 59),
    ),
    (
        "two messages are swapped",
        |run| run.arrived.swap(20, 21),
        |fault| matches!(fault, Fault::Order { number: 20, after: 21, .. }),
    ),
    ("a bit of a value is flipped", |run| run.samples(9)[0].value = Some(sequence::value("N0", 9) ^ 1 << 3), is_wrong),
    (
        "a bit of the check is flipped",
        |run| run.samples(9)[0].value = Some(sequence::value("N0", 9) ^ 1 << 63),
        is_wrong,
    ),
    ("a value is that of another node", |run| run.samples(9)[0].value = Some(sequence::value("N1", 9)), is_wrong),
    (
        "two nodes change places",
        |run| {
            run.samples(9).iter_mut().for_each(|one| {
                one.node = if one.node == "N0" { "N1".to_owned() } else { "N0".to_owned() };
            })
        },
        is_wrong,
    ),
    ("a value is null", |run| run.samples(9)[0].value = None, is_wrong),
    (
        "a value is invented",
        |run| {
            let mut invented = message(&run.made, 59);
            invented.key = "g s 60".to_owned();
            invented.samples = Ok(vec![sample("N0", 60)]);
            run.arrived.push(invented);
        },
        is_wrong,
    ),
    ("a source time is rounded", |run| run.samples(9)[0].source.0 += MILLISECOND / 10, is_wrong),
    ("a good value is sent as bad", |run| run.samples(9)[0].status = 0x8000_0000, |fault| *fault == lost("N0", 9, 9)),
    ("a message cannot be read", |run| run.arrived[9].samples = Err("no JSON".to_owned()), is_wrong),
    (
        "a key is used for another message",
        |run| run.arrived[9].key = "g s 8".to_owned(),
        |fault| matches!(fault, Fault::Reused { key } if key == "g s 8"),
    ),
    (
        "a message comes again under another key",
        |run| {
            let mut again = message(&run.made, 7);
            again.key = "g s 7 again".to_owned();
            run.arrived.insert(12, again);
        },
        |fault| matches!(fault, Fault::Repeated { number: 7, .. }),
    ),
    (
        "what waited is sent as if it were live",
        |run| {
            let waited = run.arrived.remove(7);
            run.arrived.insert(12, waited);
        },
        |fault| matches!(fault, Fault::Order { number: 7, .. }),
    ),
    (
        "a life goes back behind what it has said",
        |run| run.live_again(&[41, 42, 41]),
        |fault| matches!(fault, Fault::Repeated { number: 41, .. }),
    ),
    (
        "what a life had not acknowledged comes again out of order",
        |run| run.live_again(&[42, 41]),
        |fault| matches!(fault, Fault::Order { number: 41, after: 42, .. }),
    ),
    ("a gap begins too late", |run| run.lose(20..=29, 21..=29), |fault| *fault == lost("N0", 20, 20)),
    ("a gap ends too early", |run| run.lose(20..=29, 20..=28), |fault| *fault == lost("N0", 29, 29)),
    (
        "a gap is told of other nodes",
        |run| {
            run.lose(20..=29, 20..=29);
            run.gaps[0].nodes = vec!["N1".to_owned(), "N2".to_owned()];
        },
        |fault| *fault == lost("N0", 20, 29),
    ),
    ("a gap is told for another time", |run| run.lose(20..=29, 40..=49), |fault| *fault == lost("N0", 20, 29)),
    (
        "a gap has no reason",
        |run| {
            run.lose(20..=29, 20..=29);
            run.gaps[0].reason.clear();
        },
        |fault| matches!(fault, Fault::Gap { .. }),
    ),
    ("a gap ends before it begins", |run| run.lose(20..=29, 20..=29), |_| true),
];

#[test]
fn every_planted_fault_is_found() {
    assert!(PLANTED.len() >= 12);
    for (name, plant, is_it) in PLANTED {
        let mut run = Story::sound();
        plant(&mut run);
        if *name == "a gap ends before it begins" {
            let gap = &mut run.gaps[0];
            std::mem::swap(&mut gap.since, &mut gap.until);
        }
        let faults = run.verdict().faults;
        assert!(faults.iter().any(is_it), "{name}: {faults:?}");
    }
}

#[test]
fn a_sound_run_has_no_fault() {
    let verdict = Story::sound().verdict();
    assert_eq!((verdict.expected, verdict.arrived, verdict.faults.len()), (180, 180, 0), "{verdict}");
}

/// What at least once, a gap and a new session look like.
#[test]
fn what_is_promised_is_no_fault() {
    let mut run = Story::sound();
    run.lose(20..=29, 20..=29);
    assert_eq!(run.verdict().faults, [], "a gap that tells what is missing");
    assert_eq!(run.verdict().declared, 30);

    let again: Vec<Arrived> = run.arrived[40..45].to_vec();
    run.arrived.splice(45..45, again);
    assert_eq!((run.verdict().faults, run.verdict().resent), (vec![], 15), "sent again with their keys");

    let mut present = message(&run.made, run.made.times.len() as u32 - 1);
    present.key = "another".to_owned();
    run.arrived.push(present);
    assert_eq!((run.verdict().faults, run.verdict().repeated), (vec![], 3), "the present value in a new session");

    let mut killed = Story::sound();
    killed.live_again(&[41, 41, 42, 43, 44, 44]);
    assert_eq!((killed.verdict().faults, killed.verdict().repeated), (vec![], 18), "not acknowledged, and present");

    let mut waited = run.arrived.remove(10);
    waited.is_late = true;
    run.arrived.push(waited);
    assert_eq!((run.verdict().faults, run.verdict().late), (vec![], 3), "late, and marked so");
}
