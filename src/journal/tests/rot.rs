//! Bits that flip: no command is sent again for it, and the audit says where.

use super::{begin, free, open, open_with, settings, verified};
use crate::guard::Outcome;
use crate::guard::fixture::{id, now};
use crate::port::fake_disk::FakeDisk;
use std::path::PathBuf;

fn written() -> FakeDisk {
    let disk = FakeDisk::new(1, 1 << 30);
    let mut guard = free();
    let mut journal = open(&disk, 0).journal;
    for number in 1..4 {
        let ticket = begin(&mut journal, &mut guard, number, number).expect("begins");
        if number < 3 {
            journal.end(ticket, &Outcome::done(None), now(number).wall).expect("ends");
        }
    }
    drop(journal);
    disk.kill()
}

fn files(disk: &FakeDisk, suffix: &str) -> Vec<(PathBuf, Vec<u8>)> {
    disk.files().into_iter().filter(|(path, _)| path.to_string_lossy().ends_with(suffix)).collect()
}

#[test]
fn a_flipped_bit_of_the_journal_is_told_and_every_other_command_stays_known() {
    let disk = written();
    for (path, content) in files(&disk, ".journal") {
        let end = content.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        for bit in 0..end * 8 {
            let mut rotten = content.clone();
            rotten[bit / 8] ^= 1 << (bit % 8);
            let disk = disk.kill();
            disk.put(&path, rotten);
            let opened = open_with(&disk, settings(), 1_000).expect("opens");
            let known = (1..4).filter(|number| opened.journal.known(&id(*number)).is_some()).count();
            assert!(known >= 2, "bit {bit}: {known}");
            // Bits of the padding hold nothing.
            assert!(opened.damaged > 0 || known == 3, "bit {bit}");
        }
    }
}

#[test]
fn row_97_a_flipped_bit_anywhere_in_the_audit_is_found() {
    let disk = written();
    let told = super::is_whole(&disk, "as it was").records;
    assert_eq!(told, 5);
    for (path, content) in files(&disk, ".jsonl") {
        for bit in 0..content.len() * 8 {
            let mut rotten = content.clone();
            rotten[bit / 8] ^= 1 << (bit % 8);
            disk.put(&path, rotten);
            assert!(!verified(&disk).findings.is_empty(), "bit {bit}");
        }
        disk.put(&path, content);
    }
}
