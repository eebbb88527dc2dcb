//! What a machine shows of itself at one moment: one value per field that moves.

use super::behaviour::{Behaviour, Phase, RUNS_PLANNED, State, TOOLS, Wrong};
use std::f64::consts::TAU;

/// A value before it becomes a node's value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Value {
    Bool(bool),
    Int32(i32),
    UInt32(u32),
    Double(f64),
    Text(&'static str),
    State(&'static State),
    /// Seconds since the machine was started, as a point in time.
    Since(u64),
}

/// Everything that moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    OperationMode,
    FeedOverride,
    PowerOnHours,
    ChannelState,
    ChannelMode,
    ChannelFeedOverride,
    RapidOverride,
    SpindleRotating,
    SpindleOverride,
    LightRed,
    LightYellow,
    LightGreen,
    ProgramName,
    ProgramOrder,
    ProgramState,
    PartsLifetime,
    JobOrder(usize),
    JobProgram(usize),
    JobProgramState(usize),
    JobState(usize),
    JobRuns(usize),
    JobParts(usize),
    JobGood(usize),
    ToolLocked(usize),
    ToolLockReason(usize),
    ToolLife(usize),
    ToolLastUsage(usize),
    ItemState,
    ItemMode,
    PowerOnDuration,
    OperationDuration,
    OperationCycles,
    ActualFeed,
    ActualSpeed,
    SpindlePower,
    Axis(usize),
    ToolInSpindle,
}

/// `MachineryItemState` (OPC 40001-1), by number.
pub(super) const ITEM_STATES: [State; 4] = [
    State { name: "NotAvailable", number: 0, node: 5005 },
    State { name: "OutOfService", number: 1, node: 5004 },
    State { name: "NotExecuting", number: 2, node: 5007 },
    State { name: "Executing", number: 3, node: 5006 },
];

/// `MachineOperationModeStateMachineType` (OPC 40501-1), by number.
pub(super) const ITEM_MODES: [State; 4] = [
    State { name: "None", number: 0, node: 5059 },
    State { name: "Maintenance", number: 1, node: 5058 },
    State { name: "Setup", number: 2, node: 5061 },
    State { name: "Processing", number: 3, node: 5060 },
];

/// States of `ProductionJobStateMachineType` (OPC 40501-1), by number.
pub(super) const JOB_STATES: [State; 5] = [
    State { name: "Initializing", number: 0, node: 5015 },
    State { name: "Running", number: 1, node: 5017 },
    State { name: "Ended", number: 2, node: 5014 },
    State { name: "Interrupted", number: 3, node: 5016 },
    State { name: "Aborted", number: 4, node: 5013 },
];

/// Full hours the machine was switched on before this start.
const HOURS_BEFORE: u32 = 6120;
/// Programmed feed in mm/min and speed in r/min of each tool.
const CUTTING: [(f64, f64); TOOLS.len()] = [(1200.0, 8000.0), (800.0, 4500.0), (2400.0, 12_000.0), (300.0, 1500.0)];
/// Centre and travel in mm, and the time of one way there and back in s, of X, Y and Z.
const AXES: [(f64, f64, f64); 3] = [(250.0, 180.0, 3.1), (150.0, 110.0, 2.3), (-40.0, 25.0, 1.7)];

impl Field {
    /// Whether it moves all the time while a program runs.
    pub(super) fn is_motion(self) -> bool {
        matches!(self, Self::ActualFeed | Self::ActualSpeed | Self::SpindlePower | Self::Axis(_))
    }
}

impl Behaviour {
    /// The value of a field at the present moment, wrong when it is to be wrong.
    pub(super) fn value(&self, field: Field) -> Value {
        let phase = self.phase;
        let is_broken = phase == Phase::Alarm && self.broken_tool.is_some();
        match field {
            Field::OperationMode => Value::Int32(match (self.wrong(), phase) {
                (Some(Wrong::ModeOutOfRange), _) => 17,
                (_, Phase::Alarm) => 0,
                (_, Phase::SettingUp) => 2,
                _ => 1,
            }),
            Field::ChannelFeedOverride if self.wrong() == Some(Wrong::OverrideIsText) => Value::Text("fast"),
            Field::FeedOverride | Field::ChannelFeedOverride => Value::Double(self.feed_override),
            Field::RapidOverride => Value::Double(if phase == Phase::SettingUp { 25.0 } else { 100.0 }),
            Field::SpindleOverride => Value::Double(self.spindle_override),
            Field::PowerOnHours => Value::UInt32(HOURS_BEFORE + (self.now().as_secs() / 3600) as u32),
            Field::ChannelState => Value::Int32(match phase {
                Phase::Cutting | Phase::ToolChange => 0,
                Phase::Held => 1,
                _ => 2,
            }),
            Field::ChannelMode => Value::Int32(match phase {
                Phase::SettingUp => 1,
                Phase::Alarm => 2,
                _ => 0,
            }),
            Field::SpindleRotating => Value::Bool(matches!(phase, Phase::Cutting | Phase::Held)),
            Field::LightRed => Value::Bool(is_broken),
            Field::LightYellow => {
                Value::Bool(matches!(phase, Phase::Held | Phase::SettingUp | Phase::Alarm) && !is_broken)
            }
            Field::LightGreen => Value::Bool(matches!(phase, Phase::Initializing | Phase::Cutting | Phase::ToolChange)),
            Field::ProgramName => Value::Text(self.program_name()),
            Field::ProgramOrder => Value::Text(self.order(self.job)),
            Field::ProgramState => Value::State(self.program_state()),
            Field::PartsLifetime => Value::UInt32(self.parts_lifetime),
            Field::JobOrder(job) => Value::Text(self.order(job)),
            Field::JobProgram(job) => Value::Text(self.job_program(job)),
            Field::JobProgramState(job) if job == self.job => Value::State(self.program_state()),
            Field::JobProgramState(_) => Value::State(&super::behaviour::PROGRAM_STATES[0]),
            Field::JobState(job) => Value::State(self.job_state(job)),
            Field::JobRuns(job) | Field::JobParts(job) => Value::UInt32(self.jobs[job].runs_completed),
            Field::JobGood(job) => Value::UInt32(self.jobs[job].parts_good),
            Field::ToolLocked(tool) => Value::Bool(self.broken_tool == Some(tool)),
            Field::ToolLockReason(tool) => Value::Int32(if self.broken_tool == Some(tool) { 2 } else { 0 }),
            Field::ToolLife(tool) => Value::Double((self.minutes_used(tool) * 100.0).floor() / 100.0),
            Field::ToolLastUsage(tool) if self.uses(tool) => Value::Since(self.now().as_secs()),
            Field::ToolLastUsage(tool) => Value::Since(self.tool_last_used[tool].as_secs()),
            Field::ItemState => Value::State(
                &ITEM_STATES[match phase {
                    _ if is_broken => 1,
                    Phase::Cutting | Phase::ToolChange | Phase::Initializing => 3,
                    _ => 2,
                }],
            ),
            Field::ItemMode => Value::State(&ITEM_MODES[if phase == Phase::SettingUp { 2 } else { 3 }]),
            Field::PowerOnDuration => {
                Value::Double(f64::from(HOURS_BEFORE) * 3_600_000.0 + self.now().as_secs() as f64 * 1000.0)
            }
            Field::OperationDuration => {
                Value::Double(f64::from(HOURS_BEFORE) * 2_000_000.0 + self.executed().as_secs() as f64 * 1000.0)
            }
            Field::OperationCycles => Value::UInt32(self.cycles),
            Field::ActualFeed => Value::Double(tenths(self.feed())),
            Field::ActualSpeed => Value::Double(self.speed().round()),
            Field::SpindlePower => Value::Double(tenths(self.power())),
            Field::Axis(axis) => Value::Double(self.position(axis)),
            Field::ToolInSpindle => Value::UInt32(TOOLS[self.tool()].0),
        }
    }

    fn job_state(&self, job: usize) -> &'static State {
        let runs = self.jobs[job].runs_completed;
        let number = match self.phase {
            _ if job != self.job => 0,
            Phase::Held => 3,
            Phase::Ended if runs == RUNS_PLANNED => 2,
            Phase::SettingUp | Phase::Initializing if runs == 0 => 0,
            _ => 1,
        };
        &JOB_STATES[number]
    }

    fn uses(&self, tool: usize) -> bool {
        self.phase == Phase::Cutting && self.tool() == tool
    }

    fn minutes_used(&self, tool: usize) -> f64 {
        let now = if self.uses(tool) { self.in_phase().as_secs_f64() / 60.0 } else { 0.0 };
        self.tool_used[tool] + now
    }

    /// Actual feed in mm/min: ramps up in the first half second.
    fn feed(&self) -> f64 {
        if self.phase != Phase::Cutting {
            return 0.0;
        }
        let ramp = (self.in_phase().as_secs_f64() / 0.5).min(1.0);
        CUTTING[self.tool()].0 * self.feed_override / 100.0 * ramp * self.ripple(0.01)
    }

    /// Actual speed in r/min.
    fn speed(&self) -> f64 {
        let programmed = CUTTING[self.tool()].1 * self.spindle_override / 100.0;
        match self.phase {
            Phase::Cutting => programmed * (self.in_phase().as_secs_f64() / 0.8).min(1.0) * self.ripple(0.002),
            Phase::Held => programmed,
            _ => 0.0,
        }
    }

    /// Spindle power in kW: idling plus cutting.
    fn power(&self) -> f64 {
        self.speed() / 12_000.0 + self.feed() / 300.0
    }

    /// Axis position in mm, thousandths; stands still unless a program runs.
    fn position(&self, axis: usize) -> f64 {
        let (centre, travel, period) = AXES[axis];
        let cut = self.executed().as_secs_f64();
        ((centre + travel * (TAU * cut / period).sin()) * 1000.0).round() / 1000.0
    }

    fn ripple(&self, share: f64) -> f64 {
        1.0 + share * (self.now().as_secs_f64() * 7.0).sin()
    }
}

fn tenths(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
