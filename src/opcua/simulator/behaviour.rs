//! How a simulated machine tool behaves. Pure: time comes in, states come out, the same for the same seed whatever the
//! size of the steps.
//!
//! A program starts, runs tool by tool, may be interrupted by the operator or aborted by a broken tool, and ends with a
//! part. Its state moves only along the edges that OPC 40501-1 allows for production programs.

use super::random::Random;
use std::time::Duration;

/// A state of one of the companion state machines.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct State {
    pub(super) name: &'static str,
    /// `Number` of the finite state variable.
    pub(super) number: u32,
    /// Numeric id of the state's node, in the namespace of the state machine's type.
    pub(super) node: u32,
}

/// States of `ProductionProgramStateMachineType`, by their number (OPC 40501-1).
pub(super) const PROGRAM_STATES: [State; 5] = [
    State { name: "Initializing", number: 0, node: 5039 },
    State { name: "Running", number: 1, node: 5041 },
    State { name: "Ended", number: 2, node: 5038 },
    State { name: "Interrupted", number: 3, node: 5040 },
    State { name: "Aborted", number: 4, node: 5037 },
];

/// The tools in the magazine: control identifier and place.
pub(super) const TOOLS: [(u32, u16); 4] = [(1001, 1), (1002, 2), (2010, 5), (3005, 8)];
/// Length of the production plan.
pub(super) const JOBS: usize = 2;
/// Parts one job makes.
pub(super) const RUNS_PLANNED: u32 = 5;

const PROGRAMS: [Program; 3] = [
    Program { name: "HOUSING_0815.MPF", tools: &[0, 1, 2] },
    Program { name: "FLANGE_2210.MPF", tools: &[1, 3] },
    Program { name: "COVER_0042.MPF", tools: &[0, 2] },
];
const ORDERS: [&str; 6] =
    ["FA-20260412-01", "FA-20260412-02", "FA-20260413-01", "FA-20260413-02", "FA-20260414-01", "FA-20260414-02"];

/// The first wrong value comes after this time, the next ones a minute apart, each stays for [`WRONG_FOR`].
pub(super) const WRONG_FIRST: Duration = Duration::from_secs(20);
const WRONG_EVERY: Duration = Duration::from_secs(60);
/// Long enough that a message sent once a second carries it.
const WRONG_FOR: Duration = Duration::from_secs(2);

/// How long an override that was set from outside stays.
const SET_HOLDS: Duration = Duration::from_secs(60);

#[derive(Debug)]
struct Program {
    name: &'static str,
    /// Indexes into [`TOOLS`], in the order of use.
    tools: &'static [usize],
}

/// What the machine is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// The program is loaded.
    Initializing,
    Cutting,
    ToolChange,
    /// The operator holds the feed.
    Held,
    /// A tool is broken: program aborted, red light, the operator is at work.
    Alarm,
    /// The part is taken out.
    Ended,
    /// The next job is set up.
    SettingUp,
}

/// What is wrong on purpose at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// `OperationMode` has a number that its enumeration does not have.
    ModeOutOfRange,
    /// The channel's `FeedOverride` is a text.
    OverrideIsText,
}

/// One job of the production plan.
#[derive(Clone, Copy, Debug)]
pub(super) struct Job {
    order: usize,
    pub(super) runs_completed: u32,
    pub(super) parts_good: u32,
}

/// One machine.
#[derive(Clone, Debug)]
pub(super) struct Behaviour {
    production: Random,
    operator: Random,
    makes_mistakes: bool,
    now: Duration,
    pub(super) phase: Phase,
    since: Duration,
    until: Duration,
    program: usize,
    /// Index into the program's tools.
    leg: usize,
    /// What interrupts this leg, and how much of it is left then.
    trouble: Option<(Phase, Duration)>,
    /// What is left of the leg after the operator's hold.
    left: Duration,
    pub(super) jobs: [Job; JOBS],
    pub(super) job: usize,
    next_order: usize,
    pub(super) parts_lifetime: u32,
    pub(super) cycles: u32,
    executed: Duration,
    pub(super) feed_override: f64,
    pub(super) spindle_override: f64,
    turned_next: Duration,
    pub(super) broken_tool: Option<usize>,
    /// Minutes since the tool was new.
    pub(super) tool_used: [f64; TOOLS.len()],
    /// When it last cut.
    pub(super) tool_last_used: [Duration; TOOLS.len()],
}

impl Behaviour {
    /// A machine at time zero. `makes_mistakes`: once a minute one value is wrong.
    pub(super) fn new(seed: u64, makes_mistakes: bool) -> Self {
        let mut production = Random::new(seed);
        let operator = Random::new(seed ^ 0x6F70_6572_6174_6F72);
        let parts_lifetime = production.between(20_000.0, 60_000.0) as u32;
        Self {
            makes_mistakes,
            now: Duration::ZERO,
            phase: Phase::Initializing,
            since: Duration::ZERO,
            until: Duration::from_secs(2),
            program: 0,
            leg: 0,
            trouble: None,
            left: Duration::ZERO,
            jobs: [0, 1].map(|order| Job { order, runs_completed: 0, parts_good: 0 }),
            job: 0,
            next_order: JOBS,
            parts_lifetime,
            cycles: parts_lifetime + 311,
            executed: Duration::ZERO,
            feed_override: 100.0,
            spindle_override: 100.0,
            turned_next: Duration::from_secs(5),
            broken_tool: None,
            tool_used: [12.0, 48.0, 30.0, 5.0],
            tool_last_used: [Duration::ZERO; TOOLS.len()],
            production,
            operator,
        }
    }

    /// Moves to a later time; an earlier one changes nothing.
    pub(super) fn advance(&mut self, now: Duration) {
        while self.until.min(self.turned_next) <= now {
            if self.turned_next < self.until {
                self.turn_overrides();
            } else {
                self.end_phase();
            }
        }
        self.now = self.now.max(now);
    }

    pub(super) fn now(&self) -> Duration {
        self.now
    }

    /// Time in the present phase.
    pub(super) fn in_phase(&self) -> Duration {
        self.now.saturating_sub(self.since)
    }

    pub(super) fn program_name(&self) -> &'static str {
        PROGRAMS[self.program].name
    }

    pub(super) fn program_state(&self) -> &'static State {
        &PROGRAM_STATES[match self.phase {
            Phase::Initializing => 0,
            Phase::Cutting | Phase::ToolChange => 1,
            Phase::Ended | Phase::SettingUp => 2,
            Phase::Held => 3,
            Phase::Alarm => 4,
        }]
    }

    /// Index into [`TOOLS`] of the tool in the spindle.
    pub(super) fn tool(&self) -> usize {
        PROGRAMS[self.program].tools[self.leg]
    }

    pub(super) fn job_program(&self, job: usize) -> &'static str {
        PROGRAMS[self.jobs[job].order % PROGRAMS.len()].name
    }

    pub(super) fn order(&self, job: usize) -> &'static str {
        ORDERS[self.jobs[job].order % ORDERS.len()]
    }

    /// Time with a running program since the start.
    pub(super) fn executed(&self) -> Duration {
        match self.phase {
            Phase::Cutting | Phase::ToolChange => self.executed + self.in_phase(),
            _ => self.executed,
        }
    }

    /// What is wrong on purpose at the moment.
    pub(super) fn wrong(&self) -> Option<Wrong> {
        let since_first = self.now.checked_sub(WRONG_FIRST).filter(|_| self.makes_mistakes)?;
        let minute = since_first.as_secs() / WRONG_EVERY.as_secs();
        let into = since_first - WRONG_EVERY * u32::try_from(minute).unwrap_or(u32::MAX);
        (into < WRONG_FOR).then_some(if minute.is_multiple_of(2) {
            Wrong::ModeOutOfRange
        } else {
            Wrong::OverrideIsText
        })
    }

    fn end_phase(&mut self) {
        let at = self.until;
        if matches!(self.phase, Phase::Cutting | Phase::ToolChange) {
            self.executed += at - self.since;
        }
        if self.phase == Phase::Cutting {
            let tool = self.tool();
            self.tool_used[tool] += (at - self.since).as_secs_f64() / 60.0;
            self.tool_last_used[tool] = at;
        }
        let (phase, length) = match self.phase {
            Phase::Initializing => self.begin_leg(),
            Phase::Cutting => self.end_cutting(),
            Phase::ToolChange => {
                self.leg += 1;
                self.begin_leg()
            }
            // One time in eight the operator gives the part up.
            Phase::Held if self.production.chance(0.125) => (Phase::Alarm, seconds(3.0)),
            Phase::Held => (Phase::Cutting, self.left),
            Phase::Alarm => {
                self.mend_tool();
                self.begin_program()
            }
            Phase::Ended if self.jobs[self.job].runs_completed == RUNS_PLANNED => {
                self.begin_job();
                (Phase::SettingUp, seconds(self.production.between(4.0, 7.0)))
            }
            Phase::Ended | Phase::SettingUp => self.begin_program(),
        };
        self.phase = phase;
        self.since = at;
        self.until = at + length;
    }

    fn begin_program(&mut self) -> (Phase, Duration) {
        self.leg = 0;
        self.program = self.jobs[self.job].order % PROGRAMS.len();
        (Phase::Initializing, seconds(self.production.between(1.0, 2.5)))
    }

    fn begin_leg(&mut self) -> (Phase, Duration) {
        let length = self.production.between(4.0, 9.0);
        let before = length * self.production.between(0.3, 0.8);
        let dice = self.production.fraction();
        let trouble = match dice {
            d if d < 0.06 => Phase::Alarm,
            d if d < 0.20 => Phase::Held,
            _ => return (Phase::Cutting, seconds(length)),
        };
        self.trouble = Some((trouble, seconds(length - before)));
        (Phase::Cutting, seconds(before))
    }

    fn end_cutting(&mut self) -> (Phase, Duration) {
        match self.trouble.take() {
            Some((Phase::Alarm, _)) => {
                self.broken_tool = Some(self.tool());
                return (Phase::Alarm, seconds(self.production.between(5.0, 9.0)));
            }
            Some((_, left)) => {
                self.left = left;
                return (Phase::Held, seconds(self.production.between(3.0, 6.0)));
            }
            None => {}
        }
        if self.leg + 1 < PROGRAMS[self.program].tools.len() {
            return (Phase::ToolChange, seconds(1.5));
        }
        self.parts_lifetime += 1;
        self.cycles += 1;
        let is_good = !self.production.chance(0.05);
        let job = &mut self.jobs[self.job];
        job.runs_completed += 1;
        job.parts_good += u32::from(is_good);
        (Phase::Ended, seconds(self.production.between(2.0, 3.5)))
    }

    /// The finished job leaves the plan, a new one takes its place, the other one is next.
    fn begin_job(&mut self) {
        self.jobs[self.job] = Job { order: self.next_order, runs_completed: 0, parts_good: 0 };
        self.next_order += 1;
        self.job = (self.job + 1) % JOBS;
    }

    fn mend_tool(&mut self) {
        if let Some(tool) = self.broken_tool.take() {
            self.tool_used[tool] = 0.0;
        }
    }

    /// Somebody else turns the feed override; the operator leaves it alone for a while.
    pub(super) fn set_feed_override(&mut self, percent: f64) {
        self.feed_override = percent;
        self.turned_next = self.now + SET_HOLDS;
    }

    fn turn_overrides(&mut self) {
        const FEED: [f64; 8] = [60.0, 70.0, 80.0, 90.0, 100.0, 100.0, 110.0, 120.0];
        const SPINDLE: [f64; 5] = [90.0, 95.0, 100.0, 100.0, 110.0];
        self.feed_override = *self.operator.one_of(&FEED);
        if self.operator.chance(0.4) {
            self.spindle_override = *self.operator.one_of(&SPINDLE);
        }
        self.turned_next += seconds(self.operator.between(4.0, 12.0));
    }
}

fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// OPC 40501-1: the only ways from state to state, by number.
    const EDGES: [(u32, u32); 10] = [(0, 1), (0, 4), (1, 1), (1, 3), (1, 2), (1, 4), (3, 1), (3, 4), (2, 0), (4, 0)];

    #[test]
    fn a_program_moves_only_along_the_edges_of_the_standard_and_reaches_every_state() {
        for seed in 0..20 {
            let mut machine = Behaviour::new(seed, true);
            let mut seen = [false; 5];
            let mut before = machine.program_state();
            for tick in 0..36_000_u64 {
                machine.advance(Duration::from_millis(tick * 100));
                let state = machine.program_state();
                if state != before {
                    assert!(EDGES.contains(&(before.number, state.number)), "{} to {}", before.name, state.name);
                }
                seen[state.number as usize] = true;
                before = state;
            }
            assert_eq!(seen, [true; 5], "seed {seed}");
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_machine_whatever_the_size_of_the_steps() {
        let mut fine = Behaviour::new(7, true);
        let mut coarse = Behaviour::new(7, true);
        (0..=6000).for_each(|tick| fine.advance(Duration::from_millis(tick * 100)));
        coarse.advance(Duration::from_secs(600));
        assert_eq!(format!("{fine:?}"), format!("{coarse:?}"));
    }

    #[test]
    fn counters_only_rise_and_a_job_never_makes_more_than_was_planned() {
        let mut machine = Behaviour::new(1, false);
        let mut before = machine.clone();
        for second in 0..7200 {
            machine.advance(Duration::from_secs(second));
            assert!(machine.parts_lifetime >= before.parts_lifetime && machine.executed() >= before.executed());
            for job in &machine.jobs {
                assert!(job.runs_completed <= RUNS_PLANNED && job.parts_good <= job.runs_completed);
            }
            before = machine.clone();
        }
        assert!(machine.parts_lifetime > 20_000 + 100, "a part about every half minute");
    }

    #[test]
    fn a_wrong_value_comes_after_twenty_seconds_and_then_once_a_minute() {
        let wrong_at = |second: u64, makes_mistakes| {
            let mut machine = Behaviour::new(3, makes_mistakes);
            machine.advance(Duration::from_secs(second));
            machine.wrong()
        };
        let cases = [
            (19, None),
            (20, Some(Wrong::ModeOutOfRange)),
            (21, Some(Wrong::ModeOutOfRange)),
            (22, None),
            (80, Some(Wrong::OverrideIsText)),
            (140, Some(Wrong::ModeOutOfRange)),
        ];
        for (second, expected) in cases {
            assert_eq!(wrong_at(second, true), expected, "after {second} s");
            assert_eq!(wrong_at(second, false), None);
        }
    }
}
