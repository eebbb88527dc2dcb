//! Power is lost at every call of random histories, and while recovering from it.

use super::*;
use crate::port::fake_disk::Fault;

/// Does what a sink and its sources do, until the disk says that the power is off.
fn history(rig: &mut Rig, random: &mut Random, steps: u64) -> std::io::Result<()> {
    let check = |result: Result<(), super::super::Trouble>| match result {
        Err(super::super::Trouble::Disk(error)) => Err(error),
        _ => Ok(()),
    };
    for step in 0..steps {
        match random.below(10) {
            0..5 => {
                for _ in 0..=random.below(5) {
                    rig.stage(random);
                }
                check(rig.commit(moment(step)))?;
            }
            5 | 6 => rig.load(random.below(600) + 1)?,
            7 => rig.release(random.below(6) as usize)?,
            8 => {
                let superseded = rig.log.free_superseded();
                rig.hear();
                superseded?;
            }
            _ if random.below(4) == 0 => {
                rig.release(0)?;
                let dropped = rig.log.drop_oldest(Reason::Full, 1, moment(step));
                rig.hear();
                dropped?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// Opens after a loss of power, delivers everything, and checks; `None`: the power went again.
fn recover(disk: &FakeDisk, model: &Model, case: &str) -> Option<Rig> {
    let log = match reopen(disk, SEGMENT, LIMIT) {
        Ok(log) => log,
        Err(OpenError::Disk { error, .. }) if error.to_string().contains("power") => return None,
        Err(error) => panic!("{case}: {error}"),
    };
    let mut rig = Rig::new(log, model.clone());
    // Gaps that were told and not heard of, because the power went: they are on disk.
    rig.model.gaps.extend(rig.log.gaps.known.iter().copied());
    rig.load(u64::MAX).ok()?;
    rig.check(case);
    Some(rig)
}

const SEGMENT: u64 = 1500;
const LIMIT: u64 = 40_000;

fn life(seed: u64, disk: &FakeDisk, steps: u64) -> Model {
    let mut random = Random(seed);
    let Ok(log) = reopen(disk, SEGMENT, LIMIT) else { return Model::default() };
    let mut rig = Rig::new(log, Model::default());
    let _ = history(&mut rig, &mut random, steps);
    rig.model
}

/// Crashes a history at one call, in the given way of losing what was not synced, then once more while recovering.
fn crash(seed: u64, call: u64, steps: u64, way: u64) {
    let case = format!("seed {seed}, call {call}, way {way}");
    let disk = FakeDisk::new(seed, 1 << 20);
    disk.fault_at(call, Fault::PowerLoss);
    let mut model = life(seed, &disk, steps);
    let again = disk.reboot(way);
    again.fault_at(way % 7, Fault::PowerLoss);
    let again = match recover(&again, &model, &case) {
        // It recovered before the power went again.
        Some(rig) => {
            model.gaps = rig.model.gaps.clone();
            drop(rig);
            again.reboot(way + 1)
        }
        None => again.reboot(way + 1),
    };
    let mut rig = recover(&again, &model, &case).expect("the power stays");
    // And it goes on.
    let mut random = Random(way);
    for round in 0..4 {
        rig.stage(&mut random);
        rig.commit(moment(round)).unwrap_or_else(|error| panic!("{case}: {error}"));
    }
    rig.load(u64::MAX).expect("reads");
    rig.check(&case);
    rig.release(usize::MAX).expect("released");
    rig.check(&case);
}

#[test]
fn whatever_call_the_power_is_lost_at_what_was_acknowledged_is_delivered() {
    for seed in 1..=40 {
        let disk = FakeDisk::new(seed, 1 << 20);
        life(seed, &disk, 40);
        for call in 0..disk.calls() {
            for way in [seed * 1000 + call, seed * 7919 + call * 3] {
                crash(seed, call, 40, way);
            }
        }
    }
}
