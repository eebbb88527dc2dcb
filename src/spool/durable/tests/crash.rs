//! Power is lost at every call of random histories, and while recovering from it.

use super::*;
use crate::port::fake_disk::{Fault, REORDERS};
use crate::spool::durable::Trouble;

/// One thing that a sink and its sources do; an error: the power is off.
fn operation(rig: &mut Rig, random: &mut Random, step: u64) -> std::io::Result<()> {
    match random.below(10) {
        0..5 => {
            for _ in 0..=random.below(5) {
                rig.stage(random);
            }
            match rig.commit(moment(step)) {
                Err(Trouble::Disk(error)) => Err(error),
                _ => Ok(()),
            }
        }
        5 | 6 => rig.load(random.below(600) + 1),
        7 => rig.release(random.below(6) as usize),
        8 => {
            let superseded = rig.log.free_superseded();
            rig.hear();
            superseded.map(|_| ())
        }
        _ if random.below(4) == 0 => {
            rig.release(0)?;
            let dropped = rig.log.drop_oldest(Reason::Full, 1, moment(step));
            rig.hear();
            dropped.map(|_| ())
        }
        _ => Ok(()),
    }
}

/// Opens after a loss of power, delivers everything, and checks; `None`: the power went again.
fn recover(disk: &FakeDisk, model: &Model, case: &str) -> Option<Rig> {
    // With more room than before, so that it goes on.
    let log = match reopen(disk, SEGMENT, 2 * LIMIT) {
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
    for step in 0..steps {
        if operation(&mut rig, &mut random, step).is_err() {
            break;
        }
    }
    rig.model
}

/// What is left of a disk recovers, also when the power goes once more meanwhile, and goes on.
fn survive(left: &FakeDisk, mut model: Model, way: u64, case: &str) {
    left.fault_at(left.calls() + way % 7, Fault::PowerLoss);
    if let Some(rig) = recover(left, &model, case) {
        // It recovered before the power went again.
        model.gaps.clone_from(&rig.model.gaps);
    }
    let mut rig = recover(&left.reboot(way + 1), &model, case).expect("the power stays");
    // And it goes on.
    let mut random = Random(way);
    for round in 0..4 {
        rig.stage(&mut random);
        rig.commit(moment(round)).unwrap_or_else(|error| panic!("{case}: {error}"));
    }
    rig.load(u64::MAX).expect("reads");
    rig.check(case);
    rig.release(usize::MAX).expect("released");
    rig.check(case);
}

#[test]
fn row_72_whatever_call_the_power_is_lost_at_what_was_acknowledged_is_delivered() {
    for seed in 1..=40 {
        let disk = FakeDisk::new(seed, 1 << 20);
        life(seed, &disk, 40);
        for call in 0..disk.calls() {
            for way in [seed * 1000 + call, seed * 7919 + call * 3] {
                let disk = FakeDisk::new(seed, 1 << 20);
                disk.fault_at(call, Fault::PowerLoss);
                let model = life(seed, &disk, 40);
                survive(&disk.reboot(way), model, way, &format!("seed {seed}, call {call}, way {way}"));
            }
        }
    }
}

#[test]
fn row_72_power_is_lost_at_every_call_of_a_script_of_a_thousand_operations_in_three_orders() {
    let disk = FakeDisk::new(1, 1 << 20);
    disk.record();
    let mut random = Random(72);
    let mut rig = Rig::new(reopen(&disk, SEGMENT, LIMIT).expect("opens"), Model::default());
    let mut losses = 0;
    for step in 0..1000 {
        let (acknowledged, gaps) = (rig.model.acknowledged.clone(), rig.model.gaps.clone());
        operation(&mut rig, &mut random, step).expect("the power stays");
        for (call, moment) in disk.recorded().into_iter().enumerate() {
            for reorder in REORDERS {
                // Nobody heard yet of what this operation made durable.
                let model = Model { acknowledged: acknowledged.clone(), gaps: gaps.clone(), ..rig.model.clone() };
                let way = step * 1009 + call as u64;
                let case = format!("operation {step}, call {call}, {reorder:?}");
                survive(&moment.lose_power(reorder, way), model, way, &case);
                losses += 1;
            }
        }
        rig.model.forget(rig.log.saved());
    }
    assert!(losses > 3000, "{losses}");
}
