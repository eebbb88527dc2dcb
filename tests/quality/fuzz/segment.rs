//! Segments of the spool: a log whose files were damaged by a list of edits, or one segment made up from nothing, with
//! right checks, as no damage would make it.
//!
//! What holds: a record that comes out was written, and comes once and in order; what is lost of a log whose cursor is
//! whole is told; the log takes new records; no length or sequence in a file ends the process.

use super::disk::MemoryDisk;
use super::written::{DIRECTORY, Message, RELEASED, Written, drain, reopen, stage, written};
use qiao::model::delivery::TopicKind;
use qiao::spool::durable::record::{ALIGNMENT, HEAD, SEQUENCE_MAX};
use qiao::spool::durable::segment::{HEADER, file_name};
use qiao::spool::durable::{OpenError, gaps, inspect};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The first byte says which; the rest is the edits, or the segment behind its header.
pub fn check(data: &[u8]) {
    match data.split_first() {
        Some((mode, rest)) if mode % 2 == 0 => damaged(rest),
        Some((_, rest)) => made_up(rest),
        None => {}
    }
}

/// Bytes of one edit: what, which file, where, how much.
const EDIT: usize = 5;

fn damaged(edits: &[u8]) {
    let written = written();
    let mut files = written.files.clone();
    let names: Vec<PathBuf> = files.keys().cloned().collect();
    let mut edited = BTreeSet::new();
    for edit in edits.chunks_exact(EDIT).take(64) {
        let name = &names[usize::from(edit[1]) % names.len()];
        edited.insert(name.clone());
        let at = usize::from(u16::from_le_bytes([edit[2], edit[3]]));
        let much = usize::from(edit[4]);
        let other = &names[much % names.len()];
        if edit[0] % 8 == 5 {
            edited.insert(other.clone());
            let (one, two) = (files.remove(name), files.remove(other));
            files.extend(one.map(|one| (other.clone(), one)));
            files.extend(two.map(|two| (name.clone(), two)));
            continue;
        }
        let Some(mut content) = files.remove(name) else { continue };
        let at = at % (content.len() + 1);
        let end = content.len().min(at + much * 4);
        match edit[0] % 8 {
            0 | 7 if at < content.len() => content[at] ^= 1 << (much % 8),
            1 => content[at..end].fill(0),
            2 => content.truncate(at),
            // What lay elsewhere, as an old sector does.
            3 => content.copy_within(at..end, at / 2),
            4 => continue,
            6 => content.extend(std::iter::repeat_n(0, much * 8)),
            _ => {}
        }
        files.insert(name.clone(), content);
    }
    let is_last = |path: &PathBuf| names.iter().rev().find(|name| is_segment(name)) == Some(path);
    let is_cursor_whole = edited.iter().all(|path| is_segment(path) && !is_last(path));
    let disk = MemoryDisk::with(&files);
    inspect(&disk);
    let mut log = match reopen(&disk) {
        Ok(log) => log,
        // Magic and no version of ours: it is left alone.
        Err(OpenError::Foreign { .. }) => {
            assert_eq!(
                disk.files().into_iter().filter(|(path, _)| !path.ends_with("lock")).collect::<BTreeMap<_, _>>(),
                files
            );
            return;
        }
        Err(error) => panic!("{error}"),
    };
    let mut delivered = BTreeSet::new();
    for (sequence, entry) in drain(&mut log) {
        let (topic, kind, payload) = &written.messages[&sequence];
        let found = (entry.topic.as_str(), entry.kind, &*entry.payload);
        assert_eq!(found, (topic.as_str(), *kind, payload.as_slice()), "a wrong value at {sequence}");
        assert!(delivered.last().is_none_or(|last| *last < sequence), "order at {sequence}");
        delivered.insert(sequence);
    }
    if is_cursor_whole {
        every_loss_is_told(written, &disk, &delivered);
    }
    let new: Message = ("log".to_owned(), TopicKind::Log, b"new".to_vec());
    let sequence = stage(&mut log, &new);
    assert!(delivered.last().is_none_or(|last| *last < sequence), "{sequence} was given before");
    log.commit(super::written::moment(), &mut Vec::new()).expect("commits");
    let rest = drain(&mut log);
    assert_eq!(rest.last().map(|(sequence, entry)| (*sequence, &*entry.payload)), Some((sequence, &b"new"[..])));
}

fn every_loss_is_told(written: &Written, disk: &MemoryDisk, delivered: &BTreeSet<u64>) {
    let gaps = gaps::read(disk, Path::new(DIRECTORY)).expect("reads");
    let is_told = |sequence: u64| gaps.iter().any(|gap| (gap.first..=gap.last).contains(&sequence));
    for (sequence, (topic, kind, _)) in written.messages.range(RELEASED + 1..) {
        let mut newer = written.messages.range(sequence + 1..).filter(|(_, (other, ..))| other == topic);
        let is_superseded =
            *kind == TopicKind::State && newer.any(|(newer, _)| delivered.contains(newer) || is_told(*newer));
        let is_known = delivered.contains(sequence) || is_told(*sequence) || is_superseded;
        assert!(is_known, "{sequence} is lost and nobody says so");
    }
}

fn is_segment(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "segment")
}

/// Looking at it never fails where opening it does not.
fn inspect(disk: &MemoryDisk) {
    for is_whole in [false, true] {
        match inspect::inspect(disk, Path::new(DIRECTORY), is_whole) {
            Ok(_) | Err(OpenError::Foreign { .. }) => {}
            Err(error) => panic!("{error}"),
        }
    }
}

/// One segment with right checks, in an empty directory: whatever it says, it can be read twice with one outcome.
fn made_up(rest: &[u8]) {
    let mut content = qiao::spool::durable::segment::Header::write(1, 1, 77, 0);
    content.extend_from_slice(rest);
    repair(&mut content);
    let path = Path::new(DIRECTORY).join(file_name(1));
    let disk = MemoryDisk::with(&BTreeMap::from([(path, content.clone())]));
    inspect(&disk);
    let mut log = reopen(&disk).expect("a segment that is ours");
    let first = drain(&mut log);
    let bytes: usize = first.iter().map(|(_, entry)| entry.payload.len() + entry.topic.as_str().len()).sum();
    assert!(bytes <= content.len(), "more came out than is in it");
    assert!(first.iter().zip(first.iter().skip(1)).all(|((one, _), (two, _))| one < two), "order");
    drop(log);
    let mut log = reopen(&disk).expect("opens again");
    assert_eq!(drain(&mut log), first, "the second start finds something else");
    let new: Message = ("log".to_owned(), TopicKind::Log, b"new".to_vec());
    let sequence = stage(&mut log, &new);
    // Nobody has written so many, and behind the largest sequence there is none.
    if sequence > SEQUENCE_MAX / 2 {
        return;
    }
    assert!(first.last().is_none_or(|(last, _)| *last < sequence), "{sequence} was given before");
    log.commit(super::written::moment(), &mut Vec::new()).expect("commits");
    assert_eq!(drain(&mut log).last().map(|(sequence, _)| *sequence), Some(sequence));
    inspect(&disk);
}

/// Puts the right checks into everything that looks like a record, a summary or the end of a closed segment.
fn repair(content: &mut [u8]) {
    const SEGMENT: u64 = 1;
    let check = |bytes: &[u8]| crc32c::crc32c_append(crc32c::crc32c(bytes), &SEGMENT.to_le_bytes()).to_le_bytes();
    for at in (HEADER..content.len()).step_by(ALIGNMENT) {
        if at + HEAD > content.len() || !matches!(&content[at..at + 4], b"QREC" | b"QEND") {
            continue;
        }
        let length = u32::from_le_bytes([content[at + 4], content[at + 5], content[at + 6], content[at + 7]]) as usize;
        if let Some(body) = content.get(at + HEAD..(at + HEAD).saturating_add(length)) {
            let sum = crc32c::crc32c(body).to_le_bytes();
            content[at + 24..at + 28].copy_from_slice(&sum);
        }
        let sum = check(&content[at..at + HEAD - 4]);
        content[at + HEAD - 4..at + HEAD].copy_from_slice(&sum);
    }
    if let Some(tail) = content.len().checked_sub(16).filter(|tail| content[*tail..].starts_with(b"QTAIL")) {
        let sum = check(&content[tail..tail + 12]);
        content[tail + 12..].copy_from_slice(&sum);
    }
}
