//! Every bit of a spool of 64 KiB is flipped in turn, and every bit of a cursor and of a list of gaps.

use super::rot::{files, is_segment, read};
use super::*;

/// Of the segment that is written to.
const SEGMENT: u64 = 4 << 10;

/// A closed segment of some 60 KiB and one that is written to, which a start reads whole; records on three topics, of which
/// two are states.
fn written() -> (FakeDisk, Model) {
    let mut disk = FakeDisk::new(7, 1 << 22);
    let mut model = Model::default();
    for (numbers, length, segment_bytes) in [(1..=7u64, 8750u64, 62 << 10), (8..=10, 900, SEGMENT)] {
        let mut rig = Rig::new(reopen(&disk, segment_bytes, 1 << 22).expect("opens"), model);
        for number in numbers {
            let (topic, kind) = match number % 4 {
                0 => ("state/0", TopicKind::State),
                1 => ("state/1", TopicKind::State),
                _ => ("log", TopicKind::Log),
            };
            let payload: String = (0..length).map(|at| char::from(b' ' + (at * number % 95) as u8)).collect();
            let sequence = stage(&mut rig.log, topic, kind, &payload, number);
            rig.model.staged.insert(sequence, (topic.to_owned(), kind, payload));
            rig.commit(moment(number)).expect("commits");
        }
        model = rig.model.clone();
        disk = disk.kill();
    }
    (disk, model)
}

/// Flips each of these bits on a copy of the disk, and looks at what is delivered; how many.
fn sweep(disk: &FakeDisk, segment_bytes: u64, model: &Model, path: &Path, content: &[u8], lost_most: u64) -> u64 {
    let bits = content.len() * 8;
    let threads = std::thread::available_parallelism().map_or(1, |count| count.get().min(8));
    std::thread::scope(|scope| {
        for thread in 0..threads {
            scope.spawn(move || {
                for bit in (thread..bits).step_by(threads) {
                    let mut flipped = content.to_vec();
                    flipped[bit / 8] ^= 1 << (bit % 8);
                    let disk = disk.kill();
                    disk.put(path, flipped);
                    let case = || format!("{} bit {bit}", path.display());
                    let (_, lost) = read(&disk, segment_bytes, model, &case);
                    assert!(lost <= lost_most, "{}: {lost} lost", case());
                }
            });
        }
    });
    bits as u64
}

#[test]
fn row_73_whatever_bit_of_64_kib_flips_no_wrong_value_is_delivered() {
    let (disk, model) = written();
    let mut flips = 0;
    for (path, content) in files(&disk).into_iter().filter(|(path, _)| is_segment(path)) {
        // The record, and the state of each of two topics that may have been in it.
        flips += sweep(&disk, SEGMENT, &model, &path, &content, 3);
    }
    assert!(flips >= 64 * 1024 * 8, "{flips}");
}

#[test]
fn row_74_whatever_bit_of_the_cursor_or_of_the_gaps_flips_nothing_is_lost() {
    let disk = FakeDisk::new(7, 1 << 22);
    let mut rig = Rig::new(reopen(&disk, 1000, 1 << 22).expect("opens"), Model::default());
    let mut random = Random(3);
    for step in 0..8 {
        rig.stage(&mut random);
        rig.stage(&mut random);
        rig.commit(moment(step)).expect("commits");
    }
    rig.log.drop_oldest(Reason::Full, 0, moment(9)).expect("drops");
    rig.hear();
    rig.load(u64::MAX).expect("reads");
    rig.release(2).expect("releases");
    let (disk, model) = (disk.kill(), rig.model.clone());
    assert_eq!(model.gaps.len(), 1);
    // Those that were dropped, and told.
    let (_, lost) = read(&disk.kill(), 1000, &model, &String::new);
    for (path, content) in files(&disk).into_iter().filter(|(path, _)| !is_segment(path)) {
        sweep(&disk, 1000, &model, &path, &content, lost);
    }
}
