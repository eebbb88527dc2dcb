//! Row 97: whoever changes the audit's past is found out.

use super::super::audit::line::{hex, read, unhex};
use super::super::audit::verify::verify;
use super::super::{Event, Settings};
use super::{DATA, begin, free, is_whole, open, open_with, settings, verified};
use crate::guard::fixture::now;
use crate::guard::{Outcome, Refusal, Refused};
use crate::port::fake_disk::FakeDisk;
use std::path::{Path, PathBuf};

fn written(records: u64) -> FakeDisk {
    let disk = FakeDisk::new(1, 1 << 30);
    let mut journal = open(&disk, 0).journal;
    for at in 0..records {
        let event = Event::SwitchedOff { reason: format!("reason {at}") };
        journal.note(&event, now(at).wall).expect("recorded");
    }
    drop(journal);
    disk
}

fn only_file(disk: &FakeDisk) -> (PathBuf, Vec<String>) {
    let mut files = disk.files().into_iter().filter(|(path, _)| path.extension().is_some_and(|end| end == "jsonl"));
    let (path, content) = files.next().expect("a segment");
    let text = String::from_utf8(content).expect("UTF-8");
    (path, text.lines().map(str::to_owned).collect())
}

#[test]
fn row_97_a_record_that_was_changed_taken_out_put_in_moved_or_cut_off_is_named() {
    let disk = written(6);
    let (path, lines) = only_file(&disk);
    let change = |change: &dyn Fn(&mut Vec<String>)| {
        let mut lines = lines.clone();
        change(&mut lines);
        disk.put(&path, lines.iter().flat_map(|line| [line, "\n"]).collect::<String>().into_bytes());
        let found = verified(&disk).findings;
        found
            .iter()
            .map(|finding| format!("{} {}", finding.code, finding.place.rsplit('/').next().unwrap_or_default()))
            .collect::<Vec<_>>()
    };
    assert_eq!(change(&|_| ()), [""; 0]);
    assert_eq!(
        change(&|lines| lines[2] = lines[2].replace("reason 2", "reason 3")),
        ["QIAO-A010 00000001.jsonl:3", "QIAO-A011 00000001.jsonl:4"]
    );
    assert_eq!(change(&|lines| drop(lines.remove(2))), ["QIAO-A011 00000001.jsonl:3"]);
    assert_eq!(change(&|lines| lines.insert(3, lines[2].clone())), ["QIAO-A012 00000001.jsonl:4"]);
    assert_eq!(change(&|lines| lines.swap(2, 3)), ["QIAO-A011 00000001.jsonl:3", "QIAO-A013 00000001.jsonl:4"]);
    assert_eq!(change(&|lines| lines.truncate(4)), ["QIAO-A016 audit"]);
    assert_eq!(change(&|lines| drop(lines.remove(0))), ["QIAO-A015 00000001.jsonl:1"]);
    assert_eq!(change(&|lines| lines.clear()), ["QIAO-A016 audit"]);
}

#[test]
fn row_97_a_chain_written_anew_does_not_fit_the_mark_that_was_kept() {
    let disk = written(3);
    let mark = verified(&disk).last.expect("a record");
    assert!(verify(&disk, Path::new(DATA), Some(mark)).expect("read").findings.is_empty());
    assert_eq!(unhex(&hex(&mark.1)), Some(mark.1));
    let other = written(4);
    let (path, mut lines) = only_file(&other);
    let line = read(lines[2].as_bytes()).expect("a record");
    assert_eq!(line.seq, mark.0);
    lines.truncate(2);
    other.put(&path, lines.join("\n").into_bytes());
    let codes = |disk: &FakeDisk| {
        let found = verify(disk, Path::new(DATA), Some((mark.0, [7; 32]))).expect("read").findings;
        found.into_iter().map(|finding| finding.code.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(codes(&disk), ["QIAO-A017"]);
}

#[test]
fn an_audit_that_was_cut_off_goes_on_behind_the_hole_and_the_hole_stays() {
    let disk = written(6);
    let (path, lines) = only_file(&disk);
    disk.put(&path, lines[..4].iter().flat_map(|line| [line, "\n"]).collect::<String>().into_bytes());
    for at in [100, 200] {
        let mut journal = open(&disk, at).journal;
        journal.note(&Event::SwitchedOn, now(at).wall).expect("recorded");
    }
    let codes: Vec<String> = verified(&disk).findings.iter().map(|finding| finding.code.to_string()).collect();
    assert_eq!(codes, ["QIAO-A011"]);
}

#[test]
fn the_chain_stays_whole_over_rotation_and_what_was_dropped_is_told() {
    let disk = FakeDisk::new(1, 1 << 30);
    let small = Settings { audit: 64 << 10, ..settings() };
    let mut journal = open_with(&disk, small, 0).expect("opens").journal;
    let refused = |at: u64| Refused { id: None, sender: Some(format!("sender {at}")), refusal: Refusal::Retained };
    for at in 0..3_000 {
        journal.refused(&format!("entry {at}"), None, &refused(at), now(at).wall).expect("recorded");
        if at % 500 == 0 {
            journal = open_with(&disk, small, at).expect("opens").journal;
            is_whole(&disk, &format!("{at}"));
        }
    }
    let verified = is_whole(&disk, "rotated");
    assert!(verified.first.is_some_and(|first| first > 1_000), "{:?}", verified.first);
    let bytes: usize =
        disk.files().iter().filter(|(path, _)| path.starts_with("/data/audit")).map(|(_, file)| file.len()).sum();
    assert!(bytes <= (64 + 32) << 10, "{bytes}");
    // A segment that goes without leave is missed.
    let first =
        disk.files().into_keys().find(|path| path.extension().is_some_and(|end| end == "jsonl")).expect("a segment");
    disk.take(&first);
    assert_eq!(
        super::verified(&disk).findings.iter().map(|finding| finding.code.to_string()).collect::<Vec<_>>(),
        ["QIAO-A015"]
    );
}

#[test]
fn by_age_goes_what_is_old_and_a_clock_that_jumps_takes_nothing_with_it() {
    let disk = FakeDisk::new(1, 1 << 30);
    let aged =
        Settings { audit: 128 << 10, audit_age: Some(std::time::Duration::from_secs(30 * 86_400)), ..settings() };
    let mut journal = open_with(&disk, aged, 0).expect("opens").journal;
    let day = 86_400_000;
    let mut note = |at: u64| {
        let event = Event::SwitchedOff { reason: "x".repeat(400) };
        journal.note(&event, now(at).wall).expect("recorded");
    };
    (0..60).for_each(|at| note(at * day));
    assert!(is_whole(&disk, "aged").first.is_some_and(|first| first == 1));
    // 400 days ahead at once.
    (0..60).for_each(|at| note(460 * day + at));
    let records = is_whole(&disk, "jumped").records;
    assert!(records > 60, "{records}");
}

#[test]
fn what_a_command_did_stands_before_and_after_it() {
    let disk = FakeDisk::new(1, 1 << 30);
    let mut guard = free();
    let mut journal = open(&disk, 0).journal;
    let ticket = begin(&mut journal, &mut guard, 1, 10).expect("begins");
    journal.end(ticket, &Outcome::done(Some("80.0".to_owned())), now(20).wall).expect("ends");
    let (_, lines) = only_file(&disk);
    let without = |line: &str| line.split(",\"prev\"").next().map(str::to_owned).unwrap_or_default();
    assert_eq!(
        lines.iter().map(|line| without(line)).collect::<Vec<_>>(),
        [
            r#"{"seq":1,"at":"2026-11-23T08:00:00.01Z","kind":"before","entry":"feed-override","id":"00000000-0000-0000-0000-000000000002","issued":"2026-11-23T08:00:00.01Z","sender":"mes","value":80.0,"target":"0 nsu=urn:acme;s=Feed1","present":75.0"#,
            r#"{"seq":2,"at":"2026-11-23T08:00:00.02Z","kind":"after","entry":"feed-override","id":"00000000-0000-0000-0000-000000000002","outcome":{"kind":"done","value":"80.0"}"#,
        ]
    );
}
