//! Simulated crashes by the thousand: whole stages and spool, simulated disk and peers. And faults planted in that run:
//! the checker finds each.

use super::super::check::{Fault, Verdict};
use super::IsIt;
use super::world::{Ground, Life, Planted, World};

const CRASHES: u64 = 10_000;
/// Crashes of one world, one after the other.
const LIVES: u64 = 50;
/// Steps of one life, at most.
const STEPS: u64 = 16;

/// A world whose gateway crashes so many times and then delivers everything.
fn history(ground: &Ground, seed: u64, crashes: u64, planted: Planted) -> Verdict {
    let mut world = World::new(ground, seed, seed.is_multiple_of(2), planted);
    for _ in 0..crashes {
        if world.random.below(4) == 0 {
            // It may go while the next life recovers.
            world.power_goes();
        }
        let life = world.start().map(|life| live(life, &mut world));
        world.crash(life);
    }
    let life = world.start().expect("the power stays");
    world.settle(life)
}

fn live(mut life: Life, world: &mut World) -> Life {
    let steps = world.random.below(STEPS);
    let goes_at = if world.random.below(2) == 0 { world.random.below(STEPS) } else { STEPS };
    for step in 0..steps {
        if step == goes_at {
            world.power_goes();
        }
        if !life.step(world) {
            break;
        }
    }
    life
}

#[test]
fn row_76_ten_thousand_simulated_crashes_lose_nothing_in_silence() {
    let ground = Ground::new();
    let worlds = CRASHES / LIVES;
    let sums: Vec<Verdict> = std::thread::scope(|scope| {
        let part = |from: u64| {
            let ground = &ground;
            scope.spawn(move || {
                let mut sum = Verdict::default();
                for seed in (from..worlds).step_by(2) {
                    let verdict = history(ground, seed, LIVES, Planted::Nothing);
                    assert_eq!(verdict.faults, [], "seed {seed}: {verdict}");
                    sum.add(&verdict);
                }
                sum
            })
        };
        [part(0), part(1)].map(|one| one.join().expect("no fault")).into_iter().collect()
    });
    let mut sum = Verdict::default();
    sums.iter().for_each(|one| sum.add(one));
    println!("{CRASHES} crashes: {sum}");
    assert!(sum.expected > CRASHES && sum.late > 0 && sum.resent > 0, "the worlds were worth it: {sum}");
}

/// What was planted, and whether a fault is the right one for it.
const PLANTED: &[(Planted, IsIt)] = &[
    (Planted::AcknowledgesEarly, |fault| matches!(fault, Fault::Undeclared { .. })),
    (Planted::ReleasesEarly, |fault| matches!(fault, Fault::Undeclared { .. })),
    (Planted::DropsOne, |fault| matches!(fault, Fault::Undeclared { .. })),
    (Planted::SwapsTwo, |fault| matches!(fault, Fault::Order { .. })),
    (Planted::HidesReplay, |fault| matches!(fault, Fault::Order { .. } | Fault::Repeated { .. })),
    (Planted::FlipsBit, |fault| matches!(fault, Fault::Wrong { .. })),
];

#[test]
fn what_is_planted_in_a_real_spool_is_found() {
    let ground = Ground::new();
    for (planted, is_it) in PLANTED {
        // Even: the server is loyal, so that it declares nothing.
        let found = (0..20)
            .map(|seed| history(&ground, seed * 2, 10, *planted))
            .find(|verdict| verdict.faults.iter().any(is_it));
        assert!(found.is_some(), "{planted:?}");
    }
}
