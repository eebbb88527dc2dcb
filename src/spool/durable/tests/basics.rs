//! What a log does on a good disk.

use super::*;
use crate::spool::durable::inspect::inspect;

fn log(disk: &FakeDisk) -> Log {
    reopen(disk, 2000, 1 << 20).expect("opens")
}

fn append(log: &mut Log, records: &[(&str, TopicKind, &str)]) {
    for (topic, kind, payload) in records {
        stage(log, topic, *kind, payload, 1);
    }
    let mut committed = Vec::new();
    log.commit(moment(0), &mut committed).expect("commits");
    assert_eq!(committed.len(), records.len());
}

#[test]
fn what_was_committed_comes_back_in_order_after_a_kill_and_what_was_released_does_not() {
    let disk = FakeDisk::new(1, 1 << 20);
    let mut first = log(&disk);
    let names: Vec<String> = (0..100).map(|number| format!("{number} {}", "x".repeat(40))).collect();
    for name in &names {
        append(&mut first, &[("log", TopicKind::Log, name)]);
    }
    assert_eq!(drain(&mut first), names);
    first.advance(30).expect("advances");
    assert_eq!(first.held().0["flow"].records, 0);
    drop(first);
    let mut second = log(&disk.kill());
    assert_eq!(second.held().0["flow"].records, 70);
    assert_eq!(drain(&mut second), names[30..]);
}

#[test]
fn of_a_state_topic_only_the_newest_comes_back_whatever_segment_it_lies_in() {
    let disk = FakeDisk::new(1, 1 << 20);
    let mut first = log(&disk);
    for number in 0..60 {
        let (state, entry) = (format!("{number} {}", "s".repeat(60)), format!("log {number}"));
        append(&mut first, &[("state", TopicKind::State, &state), ("log", TopicKind::Log, &entry)]);
    }
    drop(first);
    let mut second = log(&disk.kill());
    let found = drain(&mut second);
    assert_eq!(found.iter().filter(|payload| payload.starts_with("log")).count(), 60);
    let states: Vec<_> = found.iter().filter(|payload| !payload.starts_with("log")).collect();
    assert_eq!(states.len(), 1);
    assert!(states[0].starts_with("59 "));
}

#[test]
fn segments_of_superseded_states_go_before_their_turn_and_are_no_gap() {
    let disk = FakeDisk::new(1, 1 << 20);
    let mut first = log(&disk);
    append(&mut first, &[("log", TopicKind::Log, "kept")]);
    for number in 0..200 {
        append(&mut first, &[("state", TopicKind::State, &format!("{number} {}", "s".repeat(60)))]);
    }
    let (before, used) = (first.held().1, first.quota.used());
    let superseded = first.free_superseded().expect("frees");
    assert!(superseded["flow"].values > 100, "{superseded:?}");
    assert!(first.held().1 < before && first.quota.used() < used / 3);
    drop(first);
    let mut second = log(&disk.kill());
    assert_eq!(drain(&mut second).len(), 2);
    assert_eq!(second.notices(), []);
}

#[test]
fn a_closed_log_is_opened_without_reading_its_records() {
    let disk = FakeDisk::new(1, 1 << 24);
    let mut first = log(&disk);
    for _ in 0..50 {
        append(&mut first, &[("log", TopicKind::Log, &"x".repeat(900)), ("state", TopicKind::State, "s")]);
    }
    first.finish(0).expect("closes");
    drop(first);
    // Whatever happened to the records: opening does not see it, reading does.
    let mut files = disk.files();
    for (path, content) in &mut files {
        if path.extension().is_some_and(|extension| extension == "segment") {
            content[200] ^= 1;
            disk.put(path, content.clone());
        }
    }
    let mut second = log(&disk);
    assert_eq!(second.held().0["flow"].records, 100);
    assert_eq!(second.notices(), []);
    drain(&mut second);
    assert!(second.notices().iter().any(|notice| matches!(notice, Notice::Gap(gap) if gap.reason == Reason::Damaged)));
}

#[test]
fn one_writer_at_a_time() {
    let disk = FakeDisk::new(1, 1 << 20);
    let first = log(&disk);
    assert!(matches!(reopen(&disk, 2000, 1 << 20), Err(OpenError::Taken { .. })));
    drop(first);
    log(&disk);
}

#[test]
fn row_80_a_disk_that_knows_no_locks_is_refused() {
    let disk = FakeDisk::new(1, 1 << 20);
    disk.forget_locks();
    let refused = reopen(&disk, 2000, 1 << 20).expect_err("two might write");
    let finding = crate::spool::told::refusal(&refused);
    assert_eq!((finding.code.0.as_ref(), disk.files().len()), ("QIAO-S003", 0), "{finding}");
}

#[test]
fn row_86_a_format_that_is_not_known_is_refused_and_left_as_it_is() {
    let disk = FakeDisk::new(1, 1 << 20);
    let mut first = log(&disk);
    append(&mut first, &[("log", TopicKind::Log, "1")]);
    drop(first);
    for name in ["0000000001.segment", "cursor"] {
        let disk = disk.kill();
        let path = Path::new(DIRECTORY).join(name);
        let mut content = disk.files()[&path].clone();
        let version = 9u32.to_le_bytes();
        if name == "cursor" {
            let mut place = vec![0; 4];
            place.extend_from_slice(b"QCUR");
            place.extend_from_slice(&version);
            place.resize(4096, 7);
            let check = crc32c::crc32c(&place[4..]);
            place[..4].copy_from_slice(&check.to_le_bytes());
            content[..4096].copy_from_slice(&place);
        } else {
            content[8..12].copy_from_slice(&version);
            let check = crc32c::crc32c(&content[..44]);
            content[44..48].copy_from_slice(&check.to_le_bytes());
        }
        disk.put(&path, content);
        let before = disk.files();
        assert!(matches!(reopen(&disk, 2000, 1 << 20), Err(OpenError::Foreign { version: 9, .. })), "{name}");
        assert_eq!(disk.files(), before);
    }
}

#[test]
fn the_oldest_segment_goes_when_it_is_told_to_and_tells_what_it_held() {
    let disk = FakeDisk::new(1, 1 << 20);
    let mut first = log(&disk);
    for number in 0..60 {
        append(&mut first, &[("log", TopicKind::Log, &format!("{number:03} {}", "x".repeat(60)))]);
    }
    let last = first.oldest().expect("one");
    let dropped = first.drop_oldest(Reason::Full, 0, moment(5)).expect("drops");
    assert_eq!(dropped["flow"].records, last);
    let told = [Notice::Gap(Gap { reason: Reason::Full, first: 1, last, records: last, time_ms: 1_000_005 })];
    assert_eq!(first.notices(), told);
    let payloads = drain(&mut first);
    assert_eq!((payloads.len() as u64, payloads[0].starts_with(&format!("{last:03} "))), (60 - last, true));
    assert!(first.is_oldest_older(10, moment(20)) && !first.is_oldest_older(10, moment(10)));
}

#[test]
fn row_87_a_log_that_is_opened_by_another_clock_lets_nothing_go_for_its_age() {
    const HOUR: u64 = 3_600_000;
    const NOW: u64 = 500_000 * HOUR;
    let disk = FakeDisk::new(1, 1 << 20);
    let at = |wall_ms| Moment { wall_ms, run_ms: 0 };
    let open_at = |wall_ms| {
        let (options, quota) = (Options { segment_bytes: 2000 }, Arc::new(Quota::new(1 << 20)));
        open(Arc::new(disk.kill()), Path::new(DIRECTORY), options, quota, at(wall_ms), 77).expect("opens")
    };
    let mut first = log(&disk);
    for number in 0..60 {
        stage(&mut first, "log", TopicKind::Log, &"x".repeat(60), NOW + number * HOUR / 60);
        first.commit(at(NOW), &mut Vec::new()).expect("commits");
    }
    drop(first);
    let is_old = |wall_ms| open_at(wall_ms).is_oldest_older(2 * HOUR, at(wall_ms));
    assert!(is_old(NOW + 5 * HOUR), "it is");
    for wall_ms in [NOW + HOUR, NOW - 2 * HOUR, NOW + 400 * 24 * HOUR, 9_000, u64::MAX] {
        assert!(!is_old(wall_ms), "{wall_ms}");
        assert_eq!(drain(&mut open_at(wall_ms)).len(), 60);
    }
}

#[test]
fn a_record_larger_than_a_segment_has_one_of_its_own() {
    let disk = FakeDisk::new(1, 1 << 20);
    let mut first = log(&disk);
    let large = "x".repeat(9000);
    append(&mut first, &[("log", TopicKind::Log, "1"), ("log", TopicKind::Log, &large), ("log", TopicKind::Log, "3")]);
    drop(first);
    assert_eq!(drain(&mut log(&disk.kill())), ["1", large.as_str(), "3"]);
}

#[test]
fn looking_at_a_log_changes_nothing_and_sees_what_waits_and_what_is_wrong() {
    let disk = FakeDisk::new(1, 1 << 20);
    let mut first = log(&disk);
    for number in 0..60 {
        append(&mut first, &[("log", TopicKind::Log, &format!("{number:03} {}", "x".repeat(60)))]);
    }
    drain(&mut first);
    first.advance(20).expect("advances");
    let look = |disk: &FakeDisk, is_whole| inspect(disk, Path::new(DIRECTORY), is_whole).expect("readable");
    // Also while it is being written, and what was staged is not there yet.
    stage(&mut first, "log", TopicKind::Log, "staged", 1);
    let (calls, files) = (disk.calls(), disk.files());
    for is_whole in [false, true] {
        let view = look(&disk, is_whole);
        assert_eq!(view.left["flow"].records, 40);
        assert!(view.missing.is_empty() && view.segments.iter().all(|segment| segment.damaged == 0), "{view:?}");
    }
    assert_eq!((disk.calls(), disk.files()), (calls, files));
    let segments = look(&disk, false).segments;
    let damaged = disk.kill();
    let path = Path::new(DIRECTORY).join(&segments[1].file);
    let mut content = damaged.files()[&path].clone();
    content[64 + 40] ^= 1;
    damaged.put(&path, content);
    let view = look(&damaged, true);
    assert_eq!(view.segments.iter().map(|segment| segment.damaged).collect::<Vec<_>>()[..2], [0, 1]);
    damaged.take(&path);
    assert_eq!(look(&damaged, false).missing, [(segments[1].first, segments[1].last)]);
}
