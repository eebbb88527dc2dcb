//! What lies on the disk is damaged, cut, lost, old, or of somebody else: no wrong value ever, no loss untold.

use super::*;
use std::path::PathBuf;

const SEGMENT: u64 = 1200;

/// A log with a few segments, the last one open, part of the first delivered; and what was promised.
fn written() -> (FakeDisk, Model) {
    let disk = FakeDisk::new(7, 1 << 22);
    let mut rig = Rig::new(reopen(&disk, SEGMENT, 1 << 22).expect("opens"), Model::default());
    let mut random = Random(11);
    for step in 0..12 {
        for _ in 0..3 {
            rig.stage(&mut random);
        }
        rig.commit(moment(step)).expect("commits");
    }
    rig.load(u64::MAX).expect("reads");
    rig.release(4).expect("releases");
    let model = Model { gaps: Vec::new(), ..rig.model.clone() };
    (disk.kill(), model)
}

/// Opens what was damaged: what is delivered is right, in order, and what is not is told. Says what was lost.
#[track_caller]
fn check(disk: &FakeDisk, model: &Model, case: &str) -> u64 {
    let (mut log, lost) = read(disk, SEGMENT, model, &|| case.to_owned());
    // It takes new records, and their sequences are new.
    let mut committed = Vec::new();
    let sequence = stage(&mut log, "log", TopicKind::Log, "new", 0);
    log.commit(moment(0), &mut committed).expect("commits");
    assert!(sequence > *model.acknowledged.last().expect("some") || lost > 0, "{case}: {sequence} was given before");
    assert_eq!(drain(&mut log).last().map(String::as_str), Some("new"), "{case}");
    lost
}

/// Opens and reads it.
#[track_caller]
pub(super) fn read(disk: &FakeDisk, segment_bytes: u64, model: &Model, case: &dyn Fn() -> String) -> (Log, u64) {
    let mut log = match reopen(disk, segment_bytes, 1 << 22) {
        Ok(log) => log,
        Err(error) => panic!("{}: {error}", case()),
    };
    let mut loaded = Vec::new();
    log.load(u64::MAX, moment(0), &mut loaded).expect("reads");
    let mut delivered = BTreeSet::new();
    for one in loaded {
        if let Loaded::Entry { sequence, entry } = one {
            let (topic, kind, payload) =
                model.staged.get(&sequence).unwrap_or_else(|| panic!("{}: {sequence}", case()));
            let is_right =
                entry.topic.as_str() == topic && entry.kind == *kind && *entry.payload == *payload.as_bytes();
            assert!(is_right, "{}: a wrong value at {sequence}", case());
            assert!(delivered.last().is_none_or(|last| *last < sequence), "{}: order", case());
            delivered.insert(sequence);
        }
    }
    let mut gaps = model.gaps.clone();
    gaps.extend(&log.gaps.known);
    let is_told = |sequence: &u64| gaps.iter().any(|gap| (gap.first..=gap.last).contains(sequence));
    // As far as can be told its source has no confirmation of it and sends it again.
    let is_cut =
        |sequence: &u64| gaps.iter().any(|gap| gap.reason == Reason::Cut && (gap.first..=gap.last).contains(sequence));
    let mut lost = 0;
    for sequence in &model.acknowledged {
        let (topic, kind, _) = &model.staged[sequence];
        let is_superseded = *kind == TopicKind::State
            && model
                .staged
                .range(sequence + 1..)
                .any(|(newer, (other, _, _))| other == topic && (delivered.contains(newer) || is_told(newer)));
        let is_there = delivered.contains(sequence) || model.done.contains(sequence) || is_superseded;
        assert!(is_there || is_told(sequence), "{}: {sequence} is lost and nobody says so", case());
        lost += u64::from(!is_there);
        // Promise 4: no older state in the place of one that is gone.
        let is_gone = *kind == TopicKind::State && !is_there && !is_cut(sequence);
        let mut older = delivered.range(..sequence).filter(|older| !model.done.contains(older));
        let older = older.rfind(|older| model.staged[older].0 == *topic);
        assert!(!is_gone || older.is_none(), "{}: {older:?} was sent in the place of {sequence}", case());
    }
    (log, lost)
}

pub(super) fn files(disk: &FakeDisk) -> Vec<(PathBuf, Vec<u8>)> {
    disk.files().into_iter().collect()
}

pub(super) fn is_segment(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "segment")
}

#[test]
fn row_73_whatever_bit_flips_no_wrong_value_is_delivered_and_every_loss_is_told() {
    let (disk, model) = written();
    for (path, content) in files(&disk) {
        // All bits of cursor and gaps are flipped in a sweep of their own.
        let step = if is_segment(&path) { 1 } else { 13 };
        let used = content.len() - content.iter().rev().take_while(|byte| **byte == 0).count();
        for bit in (0..used * 8).step_by(step) {
            let disk = disk.kill();
            let mut content = content.clone();
            content[bit / 8] ^= 1 << (bit % 8);
            disk.put(&path, content);
            let lost = check(&disk, &model, &format!("{} bit {bit}", path.display()));
            // The record, and the state of each of two topics that may have been in it.
            assert!(lost <= 3, "{} bit {bit}: {lost} lost", path.display());
        }
    }
}

#[test]
fn row_72_whatever_length_a_file_is_cut_to_the_rest_is_delivered() {
    let (disk, model) = written();
    for (path, content) in files(&disk) {
        for length in (0..content.len()).step_by(7) {
            let disk = disk.kill();
            disk.put(&path, content[..length].to_vec());
            check(&disk, &model, &format!("{} cut to {length}", path.display()));
        }
    }
}

#[test]
fn row_75_a_segment_that_is_gone_in_another_place_or_of_another_log_is_a_gap() {
    let (disk, model) = written();
    let segments: Vec<_> = files(&disk).into_iter().filter(|(path, _)| is_segment(path)).collect();
    assert!(segments.len() >= 4);
    for (at, (path, content)) in segments.iter().enumerate() {
        let gone = disk.kill();
        gone.take(path);
        let lost = check(&gone, &model, &format!("{} gone", path.display()));
        // The newest one is known only as far as the cursor was written after it.
        assert!(lost > 0 || at + 1 == segments.len(), "{}", path.display());

        let strange = disk.kill();
        let mut content = content.clone();
        content[28] ^= 1;
        let sum = crc32c::crc32c(&content[..44]);
        content[44..48].copy_from_slice(&sum.to_le_bytes());
        strange.put(path, content.clone());
        check(&strange, &model, &format!("{} strange", path.display()));
        assert_eq!(strange.files()[path], content, "a file of another log is left alone");
    }
    // Two that changed names.
    let swapped = disk.kill();
    swapped.put(&segments[1].0, segments[2].1.clone());
    swapped.put(&segments[2].0, segments[1].1.clone());
    check(&swapped, &model, "swapped");
}

#[test]
fn row_74_a_cursor_that_is_gone_damaged_or_old_costs_no_record() {
    let (disk, model) = written();
    let cursor = Path::new(DIRECTORY).join("cursor");
    let old = reopen(&FakeDisk::new(1, 1 << 20), SEGMENT, 1 << 20).expect("opens");
    drop(old);
    for content in [None, Some(vec![0xa5; 8192]), Some(Vec::new())] {
        let disk = disk.kill();
        match &content {
            Some(content) => disk.put(&cursor, content.clone()),
            None => disk.take(&cursor),
        }
        let mut log = reopen(&disk, SEGMENT, 1 << 22).expect("opens");
        let is_damaged = log.notices().contains(&Notice::CursorDamaged);
        assert_eq!(is_damaged, content.as_ref().is_some_and(|content| !content.is_empty()));
        drop(log);
        assert_eq!(check(&disk.kill(), &model, "cursor"), 0);
    }
    // The one of an hour ago: what it does not know is delivered comes again, or is told when it is gone.
    let before = disk.files()[&cursor].clone();
    let mut log = reopen(&disk, SEGMENT, 1 << 22).expect("opens");
    drain(&mut log);
    log.advance(20).expect("advances");
    drop(log);
    let disk = disk.kill();
    disk.put(&cursor, before);
    check(&disk, &model, "old cursor");
}
