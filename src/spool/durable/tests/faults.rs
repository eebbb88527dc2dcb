//! The disk fails at one call, and at every call once: nothing is lost, and no restart is needed.

use super::*;
use crate::port::fake_disk::Fault;
use std::io::ErrorKind;

const SEGMENT: u64 = 1500;

fn life(seed: u64, disk: &FakeDisk) -> Rig {
    let mut random = Random(seed);
    let log = reopen(disk, SEGMENT, 1 << 20).or_else(|_| reopen(disk, SEGMENT, 1 << 20)).expect("opens in the end");
    let mut rig = Rig::new(log, Model::default());
    // What fails is done again later, as the thread that commits does.
    for step in 0..30 {
        match random.below(8) {
            0..4 => {
                for _ in 0..=random.below(5) {
                    rig.stage(&mut random);
                }
                let _ = rig.commit(moment(step));
            }
            4 | 5 => drop(rig.load(random.below(600) + 1)),
            6 => drop(rig.release(random.below(6) as usize)),
            _ => drop(rig.log.free_superseded()),
        }
    }
    rig
}

fn settle(rig: &mut Rig, case: &str) {
    for _ in 0..3 {
        let _ = rig.commit(moment(99));
    }
    assert!(!rig.log.has_staged(), "{case}: still not committed");
    assert_eq!(rig.model.acknowledged.len(), rig.model.staged.len(), "{case}");
    let loaded = rig.load(u64::MAX).or_else(|_| rig.load(u64::MAX));
    loaded.unwrap_or_else(|error| panic!("{case}: {error}"));
    rig.check(case);
}

/// A history on a disk on which something fails: it goes on without a restart, and what the log calls durable after the
/// fault survives the next loss of power.
fn endure(seed: u64, call: u64, case: &str, spoil: impl Fn(&FakeDisk)) {
    let disk = FakeDisk::new(seed, 1 << 20);
    spoil(&disk);
    let mut rig = life(seed, &disk);
    settle(&mut rig, case);
    let model = rig.model.clone();
    drop(rig);
    let log = reopen(&disk.reboot(seed + call), SEGMENT, 1 << 20).expect("opens");
    let mut rig = Rig::new(log, model);
    rig.load(u64::MAX).expect("reads");
    rig.check(case);
}

#[test]
fn row_69_whatever_call_fails_and_in_whatever_way_the_log_goes_on_and_loses_nothing() {
    let (eio, enospc) = (ErrorKind::Other, ErrorKind::StorageFull);
    let ways = [Fault::Error(eio), Fault::Error(enospc), Fault::Short(eio), Fault::Short(enospc)];
    for seed in 1..=20 {
        let disk = FakeDisk::new(seed, 1 << 20);
        settle(&mut life(seed, &disk), "no fault");
        for call in 0..disk.calls() {
            for way in ways {
                let case = format!("seed {seed}, call {call}, {way:?}");
                endure(seed, call, &case, |disk| disk.fault_at(call, way));
            }
        }
        for read in 0..disk.reads() {
            let case = format!("seed {seed}, read {read}");
            endure(seed, read, &case, |disk| disk.fault_at_read(read, eio));
        }
    }
}

#[test]
fn row_69_a_full_disk_takes_again_as_soon_as_there_is_room() {
    let disk = FakeDisk::new(1, 60_000);
    let mut rig = Rig::new(reopen(&disk, 4000, 1 << 30).expect("opens"), Model::default());
    let mut random = Random(5);
    while rig.commit(moment(0)).is_ok() {
        rig.stage(&mut random);
    }
    assert!(rig.log.has_staged(), "what did not fit is kept");
    assert!(matches!(rig.commit(moment(0)), Err(super::super::Trouble::Full)));
    rig.load(2000).expect("reads");
    rig.release(usize::MAX).expect("releases");
    rig.load(6000).expect("reads");
    rig.release(usize::MAX).expect("releases");
    rig.commit(moment(1)).expect("there is room again");
    rig.load(u64::MAX).expect("reads");
    rig.check("after");
    assert_eq!(rig.log.counts().gaps, 0);
}

#[test]
fn the_quota_is_a_limit_and_a_log_within_it_is_never_refused() {
    let disk = FakeDisk::new(1, 1 << 20);
    let mut rig = Rig::new(reopen(&disk, 2000, 10_000).expect("opens"), Model::default());
    let mut random = Random(9);
    for step in 0..400 {
        rig.stage(&mut random);
        if rig.commit(moment(step)).is_err() {
            rig.load(3000).expect("reads");
            rig.release(usize::MAX).expect("releases");
        }
        let bytes: u64 =
            disk.files().iter().filter(|(path, _)| path.extension().is_some()).map(|(_, c)| c.len() as u64).sum();
        assert!(bytes <= 10_500, "{bytes}");
    }
    while rig.log.has_staged() {
        rig.load(3000).expect("reads");
        rig.release(usize::MAX).expect("releases");
        let _ = rig.commit(moment(0));
    }
    rig.load(u64::MAX).expect("reads");
    rig.check("quota");
}

#[test]
fn row_71_a_failed_sync_is_not_believed_when_a_second_one_succeeds() {
    let disk = FakeDisk::new(3, 1 << 20);
    let mut rig = Rig::new(reopen(&disk, 4000, 1 << 20).expect("opens"), Model::default());
    let mut random = Random(3);
    rig.stage(&mut random);
    rig.commit(moment(0)).expect("commits");
    rig.stage(&mut random);
    // The write, then the sync.
    disk.fault_at(disk.calls() + 1, Fault::Error(ErrorKind::Other));
    assert!(rig.commit(moment(0)).is_err());
    assert_eq!(rig.model.acknowledged.len(), 1);
    rig.commit(moment(0)).expect("commits elsewhere");
    assert_eq!((rig.model.acknowledged.len(), rig.log.held().1, rig.log.counts().failed_syncs), (2, 2, 1));
    let model = rig.model.clone();
    drop(rig);
    for way in 0..50 {
        let mut rig = Rig::new(reopen(&disk.reboot(way), 4000, 1 << 20).expect("opens"), model.clone());
        rig.load(u64::MAX).expect("reads");
        rig.check(&format!("way {way}"));
    }
}
