//! Crashes between journal, send and reply, and calls to the disk that fail: nothing is sent twice, nothing lost silently.

use super::super::{NotBegun, Opened};
use super::{Random, begin, free, is_whole, open_with, outcomes, settings};
use crate::guard::fixture::{id, now};
use crate::guard::{Outcome, OutcomeKind};
use crate::port::fake_disk::{FakeDisk, Fault, REORDERS};
use std::collections::BTreeMap;
use std::io::ErrorKind;

/// A machine that counts what it was told, and whoever commands and hears the answers.
#[derive(Debug, Default)]
struct World {
    /// How often each command reached the machine.
    sent: BTreeMap<u64, u32>,
    /// What was answered.
    told: BTreeMap<u64, Vec<OutcomeKind>>,
    refused: BTreeMap<u64, u32>,
}

/// Where a life ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// It does not, but a call to the disk may have failed.
    No,
    Journalled,
    Sent,
    Ended,
}

/// One process: opens, tells what was in doubt, then runs these commands until it ends. Each command comes twice.
fn live(disk: &FakeDisk, world: &mut World, numbers: &[u64], at: u64, end: (usize, End)) {
    let Ok(Opened { mut journal, in_doubt, .. }) = open_with(disk, settings(), at) else { return };
    for one in in_doubt {
        let number = (u128::from_be_bytes(one.id.0) - 1) as u64;
        world.told.entry(number).or_default().push(one.outcome.kind);
    }
    let mut guard = free();
    for (step, number) in numbers.iter().flat_map(|number| [*number, *number]).enumerate() {
        let ends = |when| end == (step, when);
        if let Some(known) = journal.known(&id(number)) {
            if let Some(outcome) = known.outcome {
                world.told.entry(number).or_default().push(outcome.kind);
            }
            continue;
        }
        let ticket = match begin(&mut journal, &mut guard, number, at + step as u64) {
            Ok(ticket) => ticket,
            Err(NotBegun::Disk(_)) => {
                *world.refused.entry(number).or_default() += 1;
                continue;
            }
            Err(other) => panic!("{other}"),
        };
        if ends(End::Journalled) {
            return;
        }
        *world.sent.entry(number).or_default() += 1;
        if ends(End::Sent) {
            return;
        }
        let outcome = Outcome::done(None);
        let _ = journal.end(ticket, &outcome, now(at + step as u64).wall);
        if ends(End::Ended) {
            return;
        }
        world.told.entry(number).or_default().push(OutcomeKind::Done);
        let _ = journal.tick(now(at + step as u64).wall);
    }
}

/// After all that, on a disk that works: nothing was sent twice, everything sent is known and in the audit with its end.
#[track_caller]
fn check(disk: &FakeDisk, world: &mut World, case: &str) {
    // Whoever was not answered asks again with the same id; nothing of it is sent again.
    let sent: Vec<u64> = world.sent.keys().copied().collect();
    live(disk, world, &sent, 1_000_000, (usize::MAX, End::No));
    let journal = open_with(disk, settings(), 1_000_001).unwrap_or_else(|error| panic!("{case}: {error}")).journal;
    let (before, after) = (outcomes(disk, "before"), outcomes(disk, "after"));
    for (number, times) in &world.sent {
        assert_eq!(*times, 1, "{case}: {number} was sent twice");
        let outcome = journal.known(&id(*number)).and_then(|known| known.outcome);
        let outcome = outcome.unwrap_or_else(|| panic!("{case}: {number} is lost"));
        assert_ne!(outcome.kind, OutcomeKind::Refused, "{case}: {number} was sent and is told as refused");
        let own = id(*number).to_string();
        assert_eq!(before.get(&own).map(Vec::len), Some(1), "{case}: {number}");
        assert_eq!(after.get(&own).map(|ends| ends.len()), Some(1), "{case}: {number}");
        assert!(world.told.get(number).is_some_and(|told| !told.is_empty()), "{case}: nobody was told of {number}");
    }
    // What was told as done was sent; what begins in the audit ends there.
    for (number, told) in &world.told {
        let is_done = told.contains(&OutcomeKind::Done);
        assert!(!is_done || world.sent.contains_key(number), "{case}: {number} was never sent");
    }
    for own in before.keys() {
        assert_eq!(after.get(own).map(Vec::len), Some(1), "{case}: {own} does not end");
    }
    is_whole(disk, case);
    drop(journal);
}

#[test]
fn row_51_in_ten_thousand_crashes_no_command_is_sent_twice_and_none_is_lost() {
    std::thread::scope(|threads| {
        for part in 0..4 {
            threads.spawn(move || (0..2_500).for_each(|seed| two_lives(4 * seed + part)));
        }
    });
}

/// Two processes that end somewhere, each on what the one before left.
fn two_lives(seed: u64) {
    let mut random = Random(51 + seed);
    let mut disk = FakeDisk::new(seed, 1 << 30);
    let mut world = World::default();
    for process in 0..2 {
        let at = 10_000 * (process + 1);
        let ends = [End::No, End::Journalled, End::Sent, End::Ended];
        let end = (2 * random.below(3) as usize, ends[random.below(4) as usize]);
        if end.1 == End::No {
            let calls = disk.calls();
            disk.fault_at(calls + random.below(40), Fault::PowerLoss);
        }
        // Some of the commands of the process before come again.
        let numbers: Vec<u64> = (process..process + 3).collect();
        live(&disk, &mut world, &numbers, at, end);
        disk = match random.below(4) {
            0 => disk.kill(),
            how => disk.lose_power(REORDERS[how as usize - 1], seed),
        };
    }
    check(&disk, &mut world, &format!("seed {seed}"));
}

#[test]
fn row_96_every_call_to_the_disk_may_fail_once_and_no_audit_means_no_write() {
    for fault in
        [Fault::Error(ErrorKind::StorageFull), Fault::Short(ErrorKind::StorageFull), Fault::Error(ErrorKind::Other)]
    {
        for call in 0.. {
            let disk = FakeDisk::new(call, 1 << 30);
            disk.fault_at(call, fault);
            let mut world = World::default();
            live(&disk, &mut world, &[1, 2, 3], 10_000, (usize::MAX, End::No));
            let is_through = disk.calls() <= call;
            // The process may die behind it, too.
            let after = disk.lose_power(REORDERS[2], call);
            check(&after, &mut world, &format!("{fault:?} at call {call}"));
            if is_through {
                assert_eq!(world.sent.len(), 3);
                break;
            }
        }
    }
}

#[test]
fn row_96_while_the_disk_takes_nothing_no_command_begins_and_what_is_owed_is_written_later() {
    let disk = FakeDisk::new(1, 1 << 30);
    let mut guard = free();
    let mut journal = open_with(&disk, settings(), 0).expect("opens").journal;
    let ticket = begin(&mut journal, &mut guard, 1, 10).expect("begins");
    let full = |from: u64, count: u64| {
        (from..from + count).for_each(|call| disk.fault_at(call, Fault::Error(ErrorKind::StorageFull)));
    };
    full(disk.calls(), 6);
    assert!(journal.end(ticket, &Outcome::done(None), now(20).wall).is_err());
    assert!(!journal.is_writable());
    assert!(matches!(begin(&mut journal, &mut guard, 2, 30), Err(NotBegun::Disk(_))));
    assert!(journal.known(&id(1)).is_some_and(|known| known.outcome.is_some()));
    while journal.tick(now(40).wall).is_err() {}
    assert!(journal.is_writable());
    drop(begin(&mut journal, &mut guard, 3, 50).expect("begins"));
    is_whole(&disk, "owed");
    assert_eq!(outcomes(&disk, "after").values().map(Vec::len).sum::<usize>(), 1);
}
