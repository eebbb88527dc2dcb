//! The journal and the audit on a disk that fails, with a machine beside it that counts what it was told.

mod chain;
mod crash;
mod rot;

use super::audit::verify::{Verified, verify};
use super::{InDoubt, Journal, Opened, Settings, Ticket};
use crate::config::plan::{Rate, WritePlan};
use crate::guard::fixture::{command, entry, guard, id, message, now, permit, target};
use crate::guard::{Guard, Known, Outcome, OutcomeKind, Permit};
use crate::port::fake_disk::FakeDisk;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

const DATA: &str = "/data";

/// A small generator, so that a failing case is known by its seed.
#[derive(Clone, Debug)]
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

fn settings() -> Settings {
    Settings { keep: Duration::from_secs(86_400), audit: 1 << 20, audit_age: None, segment: 4 << 10 }
}

fn open_with(disk: &FakeDisk, settings: Settings, at: u64) -> Result<Opened, super::JournalError> {
    Journal::open(Arc::new(disk.clone()), Path::new(DATA), settings, now(at).wall)
}

fn open(disk: &FakeDisk, at: u64) -> Opened {
    open_with(disk, settings(), at).expect("opens")
}

fn verified(disk: &FakeDisk) -> Verified {
    verify(disk, Path::new(DATA), None).expect("can be read")
}

#[track_caller]
fn is_whole(disk: &FakeDisk, case: &str) -> Verified {
    let verified = verified(disk);
    assert!(verified.findings.is_empty(), "{case}: {:?}", verified.findings);
    verified
}

/// A guard whose rate is no matter here.
fn free() -> Guard {
    guard(WritePlan { rate: Rate { count: 1_000, per: Duration::from_secs(1) }, ..entry() })
}

fn permit_of(guard: &mut Guard, number: u64, at: u64) -> Permit {
    let command = command(guard, &message(id(number), now(at).wall, "80", ""));
    permit(guard, command, now(at))
}

fn begin(journal: &mut Journal, guard: &mut Guard, number: u64, at: u64) -> Result<Ticket, super::NotBegun> {
    journal.begin(permit_of(guard, number, at), &target(number as u32), "feed-override", None, now(at).wall)
}

fn outcomes(disk: &FakeDisk, kind: &str) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let each = |line: super::audit::line::Line| {
        let id = line.members.get("id").and_then(|id| id.as_str()).unwrap_or_default().to_owned();
        if line.kind == kind {
            let outcome = line.members.get("outcome").and_then(|outcome| outcome.get("kind"));
            found.entry(id).or_default().push(outcome.and_then(|kind| kind.as_str()).unwrap_or_default().to_owned());
        }
    };
    super::audit::read(disk, Path::new(DATA), each).expect("can be read");
    found
}

#[test]
fn what_was_done_is_known_after_a_restart_and_what_was_not_heard_of_is_unknown() {
    let disk = FakeDisk::new(1, 1 << 30);
    let mut guard = free();
    let Opened { mut journal, in_doubt, damaged, .. } = open(&disk, 0);
    assert!(in_doubt.is_empty() && damaged == 0);
    let first = begin(&mut journal, &mut guard, 1, 10).expect("begins");
    assert_eq!(journal.known(&id(1)).map(|known| known.outcome), Some(None));
    let done = Outcome::done(Some("80.0".to_owned()));
    journal.end(first, &done, now(20).wall).expect("ends");
    let second = begin(&mut journal, &mut guard, 2, 30).expect("begins");
    drop((second, journal));

    let Opened { mut journal, in_doubt, .. } = open(&disk.kill(), 1_000);
    let [InDoubt { id: doubtful, outcome, .. }] = &in_doubt[..] else { panic!("{in_doubt:?}") };
    assert_eq!((*doubtful, outcome.kind), (id(2), OutcomeKind::Unknown));
    assert_eq!(journal.known(&id(1)).and_then(|known| known.outcome), Some(done));
    assert_eq!(
        journal.known(&id(2)).and_then(|known| known.outcome).map(|outcome| outcome.kind),
        Some(OutcomeKind::Unknown)
    );
    assert!(matches!(begin(&mut journal, &mut guard, 2, 1_100), Err(super::NotBegun::Known)));
    assert_eq!(journal.recent().map(|(entry, _)| entry).collect::<Vec<_>>(), ["feed-override"; 2]);
    assert!(journal.latest() >= now(30).wall);
}

#[test]
fn row_59_one_command_at_a_time_goes_to_one_target_in_the_order_of_the_journal() {
    let disk = FakeDisk::new(1, 1 << 30);
    let mut guard = free();
    let mut journal = open(&disk, 0).journal;
    let mut to_one = |journal: &mut Journal, number: u64| {
        journal.begin(permit_of(&mut guard, number, 10), &target(0), "feed-override", None, now(10).wall)
    };
    let first = to_one(&mut journal, 1).expect("begins");
    assert!(matches!(to_one(&mut journal, 2), Err(super::NotBegun::Busy)));
    let sequence = first.sequence();
    journal.end(first, &Outcome::done(None), now(20).wall).expect("ends");
    let second = to_one(&mut journal, 3).expect("begins");
    assert!(second.sequence() > sequence);
}

#[test]
fn ids_are_kept_for_a_day_and_their_segments_go_after_it() {
    let disk = FakeDisk::new(1, 1 << 30);
    let mut guard =
        guard(WritePlan { until: None, rate: Rate { count: 1_000, per: Duration::from_secs(1) }, ..entry() });
    let mut journal = open(&disk, 0).journal;
    let files =
        |disk: &FakeDisk| disk.files().keys().filter(|path| path.to_string_lossy().ends_with(".journal")).count();
    let hour = 3_600_000;
    let mut most = 0;
    for number in 0..400 {
        let at = number * hour / 4;
        let ticket = begin(&mut journal, &mut guard, number, at).expect("begins");
        journal.end(ticket, &Outcome::done(None), now(at).wall).expect("ends");
        most = most.max(files(&disk));
        let is_kept = |age: u64| number.checked_sub(age).is_none_or(|old| journal.known(&id(old)).is_some());
        assert!((0..=95).all(is_kept), "{number}");
    }
    assert!(journal.known(&id(0)).is_none());
    assert!(files(&disk) < most + 1 && most < 20, "{most}");
    // As many as are known are there after a restart, and none that is not.
    let known = journal.recent().count();
    let after = open(&disk.kill(), 400 * hour / 4).journal;
    assert!(after.recent().count() >= known && (0..=95).all(|age| after.known(&id(399 - age)).is_some()));
}

#[test]
fn the_same_answer_is_given_to_a_refused_command_that_comes_again() {
    let disk = FakeDisk::new(1, 1 << 30);
    let guard = free();
    let mut journal = open(&disk, 0).journal;
    let command = command(&guard, &message(id(1), now(0).wall, "80", ""));
    let refused = |refusal| crate::guard::Refused { id: Some(id(1)), sender: None, refusal };
    let unproven = refused(crate::guard::Refusal::WrongCode { name: "mes".to_owned() });
    journal.refused("feed-override", Some(&command), &unproven, now(1).wall).expect("recorded");
    assert_eq!(journal.known(&id(1)), None);
    let proven = refused(crate::guard::Refusal::SwitchedOff);
    journal.refused("feed-override", Some(&command), &proven, now(1).wall).expect("recorded");
    let known = Known { digest: command.digest(), outcome: Some(proven.refusal.outcome()) };
    assert_eq!(journal.known(&id(1)), Some(known));
    assert_eq!(outcomes(&disk, "refused").values().map(Vec::len).sum::<usize>(), 2);
}

#[test]
fn a_flood_of_refusals_is_counted_and_pushes_nothing_out() {
    let disk = FakeDisk::new(1, 1 << 30);
    let mut journal = open(&disk, 0).journal;
    let refused = crate::guard::Refused { id: None, sender: None, refusal: crate::guard::Refusal::Retained };
    for at in 0..10_000 {
        journal.refused("feed-override", None, &refused, now(at).wall).expect("recorded");
    }
    journal.tick(now(60_000).wall).expect("recorded");
    let verified = is_whole(&disk, "flood");
    assert_eq!(verified.records, 21);
}
