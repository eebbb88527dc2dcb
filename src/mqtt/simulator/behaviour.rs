//! How the simulated line behaves. Pure: what it shows depends on the time since its start and on what was set.
//!
//! A part takes twenty seconds: cutting, a hold by the operator, changing the part. Every minute and a half the coolant
//! runs low for a while.

use std::f64::consts::TAU;
use std::time::Duration;

/// Seconds of one part, and when in it the machine stops to cut, and when the part is changed.
const PART: f64 = 20.0;
const HELD_FROM: f64 = 14.0;
const CHANGED_FROM: f64 = 16.0;
/// The coolant is low from here to there, in a cycle of so many seconds.
const LOW_CYCLE: f64 = 90.0;
const LOW_FROM: f64 = 30.0;
const LOW_TO: f64 = 45.0;
/// Feed rate while it cuts, with an override of 100 %.
const FEED_MM_PER_MIN: f64 = 1200.0;
const SPINDLE_RPM: f64 = 8000.0;
/// Parts made before it was switched on.
const PARTS_BEFORE: u64 = 4100;
const PROGRAMS: [&str; 2] = ["壳体-0815.NC", "FLANGE-2210.NC"];
/// Each program makes so many parts in turn.
const PARTS_PER_PROGRAM: u64 = 3;

/// Percent; what lies beyond is refused.
pub(super) const OVERRIDE_MAX: u64 = 150;

/// One machine of the line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Behaviour {
    pub(super) feed_override: u64,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self { feed_override: 100 }
    }
}

/// What it shows at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Reading {
    /// As NC-Link says it: running, holding or free.
    pub(super) status: &'static str,
    pub(super) feed_override: u64,
    /// Millimetres per minute.
    pub(super) feed_rate: f64,
    /// Revolutions per minute.
    pub(super) spindle_speed: f64,
    pub(super) parts: u64,
    pub(super) program: &'static str,
    pub(super) line: u64,
    /// Millimetres of axes X and Z.
    pub(super) position: [f64; 2],
    /// Watts.
    pub(super) power: f64,
    pub(super) is_coolant_low: bool,
}

impl Behaviour {
    /// `at`: since the start.
    pub(super) fn reading(&self, at: Duration) -> Reading {
        let seconds = at.as_secs_f64();
        let in_part = seconds % PART;
        let status = if in_part < HELD_FROM {
            "running"
        } else if in_part < CHANGED_FROM {
            "holding"
        } else {
            "free"
        };
        let is_cutting = status == "running";
        let made = (seconds / PART) as u64;
        let program = PROGRAMS[(made / PARTS_PER_PROGRAM % PROGRAMS.len() as u64) as usize];
        // While it does not cut, the axes stand where they came to stand.
        let moved = in_part.min(HELD_FROM);
        let position = [250.0 + 200.0 * (TAU * moved / 7.0).sin(), -40.0 - 10.0 * (TAU * moved / 3.5).cos()];
        let spindle_speed = if is_cutting { SPINDLE_RPM + 40.0 * (TAU * seconds / 5.0).sin() } else { 0.0 };
        Reading {
            status,
            feed_override: self.feed_override,
            feed_rate: if is_cutting { FEED_MM_PER_MIN * self.feed_override as f64 / 100.0 } else { 0.0 },
            spindle_speed,
            parts: PARTS_BEFORE + made,
            program,
            line: 10 * (1 + (moved * 4.0) as u64),
            position: position.map(|value| (value * 1000.0).round() / 1000.0),
            power: if is_cutting { 5200.0 } else { 900.0 },
            is_coolant_low: (LOW_FROM..LOW_TO).contains(&(seconds % LOW_CYCLE)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_takes_its_time_and_counts() {
        let machine = Behaviour::default();
        let at = |seconds| machine.reading(Duration::from_secs(seconds));
        assert_eq!(
            [0, 13, 14, 15, 16, 19, 20].map(|second| at(second).status),
            ["running", "running", "holding", "holding", "free", "free", "running"]
        );
        assert_eq!((at(0).parts, at(39).parts), (PARTS_BEFORE, PARTS_BEFORE + 1));
        assert_eq!([29, 30, 44, 45, 120].map(|second| at(second).is_coolant_low), [false, true, true, false, true]);
        assert_eq!((at(5).program, at(65).program, at(125).program), (PROGRAMS[0], PROGRAMS[1], PROGRAMS[0]));
    }

    #[test]
    fn the_feed_follows_the_override() {
        let machine = Behaviour { feed_override: 50 };
        assert_eq!(machine.reading(Duration::from_secs(1)).feed_rate, 600.0);
        assert_eq!(machine.reading(Duration::from_secs(17)).feed_rate, 0.0);
    }
}
