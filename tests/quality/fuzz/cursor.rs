//! The cursor of a spool beside a log: its two places with any content, their checks right or not.
//!
//! What holds: what comes out was written; a cursor that cannot be read costs no record; one that stands behind the
//! log's end gives no sequence twice; what is saved is what is read back.

use super::disk::MemoryDisk;
use super::written::{DIRECTORY, Message, drain, moment, reopen, stage, written};
use qiao::model::delivery::TopicKind;
use qiao::spool::durable::record::SEQUENCE_MAX;
use qiao::spool::durable::{OpenError, cursor, inspect};
use std::path::Path;

/// One place of the file.
const PLACE: usize = 4096;

/// The first byte: which places have right checks, and where the second one begins; the rest is what stands in them.
pub fn check(data: &[u8]) {
    let Some((flags, rest)) = data.split_first() else { return };
    let (one, two) = rest.split_at(rest.len() * usize::from(flags >> 2) / 64);
    let mut content = place(one, flags & 1 != 0);
    content.extend(place(two, flags & 2 != 0));
    let path = Path::new(DIRECTORY).join(cursor::FILE);
    let mut files = written().files.clone();
    files.insert(path.clone(), content.clone());
    let disk = MemoryDisk::with(&files);

    let found = cursor::read(&disk, Path::new(DIRECTORY)).expect("reads");
    assert_eq!(found, cursor::read(&disk, Path::new(DIRECTORY)).expect("reads"));
    match inspect::inspect(&disk, Path::new(DIRECTORY), true) {
        Ok(_) | Err(OpenError::Foreign { .. }) => {}
        Err(error) => panic!("{error}"),
    }
    let mut log = match reopen(&disk) {
        Ok(log) => log,
        Err(OpenError::Foreign { .. }) => {
            assert!(matches!(found, cursor::Found::Foreign(_)));
            assert_eq!(disk.files()[&path], content, "what is not ours is left alone");
            return;
        }
        Err(error) => panic!("{error}"),
    };
    let released = match &found {
        cursor::Found::Sound(state) => state.released,
        _ => 0,
    };
    let entries = drain(&mut log);
    for (sequence, entry) in &entries {
        let (topic, kind, payload) = &written().messages[sequence];
        assert_eq!((entry.topic.as_str(), entry.kind, &*entry.payload), (&**topic, *kind, &**payload), "{sequence}");
        assert!(*sequence > released, "{sequence} was delivered, says the cursor");
    }
    if !matches!(found, cursor::Found::Sound(_)) {
        assert_eq!(entries.last().map(|(sequence, _)| *sequence), written().messages.keys().next_back().copied());
    }
    let new: Message = ("log".to_owned(), TopicKind::Log, b"new".to_vec());
    let sequence = stage(&mut log, &new);
    // Nobody has written so many, and behind the largest sequence there is none.
    if sequence > SEQUENCE_MAX / 2 {
        return;
    }
    let highest = entries.last().map_or(0, |(sequence, _)| *sequence).max(released);
    assert!(sequence > highest, "{sequence} is not behind {highest}");
    log.commit(moment(), &mut Vec::new()).expect("commits");
    assert_eq!(drain(&mut log).last().map(|(sequence, _)| *sequence), Some(sequence));
    log.advance(sequence).expect("advances");
    assert_eq!(log.saved(), sequence);
    match cursor::read(&disk, Path::new(DIRECTORY)).expect("reads") {
        cursor::Found::Sound(state) => assert_eq!((state.released, state.durable), (sequence, sequence)),
        other => panic!("{other:?}"),
    }
}

fn place(bytes: &[u8], is_right: bool) -> Vec<u8> {
    let mut place = vec![0; 4];
    place.extend_from_slice(if is_right { b"QCUR" } else { b"" });
    place.extend_from_slice(&bytes[..bytes.len().min(PLACE - 8)]);
    place.resize(PLACE, 0);
    if is_right {
        let check = crc32c::crc32c(&place[4..]);
        place[..4].copy_from_slice(&check.to_le_bytes());
    }
    place
}
