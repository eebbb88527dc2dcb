//! When the next message of a machine is due.

use std::time::Duration;

/// When messages go out. Times are of the monotonic clock.
#[derive(Clone, Copy, Debug)]
pub struct Cadence {
    every: Duration,
    at_least_every: Option<Duration>,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// The first message waits for its fields, at most until then.
    Waiting {
        until: Duration,
    },
    Running {
        last: Duration,
    },
    /// The next message goes out as soon as somebody looks.
    Overdue,
}

/// Why a message is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// The first one, complete or out of patience.
    First,
    /// Something changed.
    Change,
    /// Nothing changed for long.
    Repeat,
}

impl Cadence {
    /// The first message waits until `until`; then messages are at least `every` apart, and at most `at_least_every`.
    #[must_use]
    pub fn new(every: Duration, at_least_every: Option<Duration>, until: Duration) -> Self {
        Self { every, at_least_every, state: State::Waiting { until } }
    }

    /// Whether the first message still waits.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        matches!(self.state, State::Waiting { .. })
    }

    /// Why a message is due now, if one is.
    #[must_use]
    pub fn due(&self, is_complete: bool, is_dirty: bool, now: Duration) -> Option<Due> {
        match self.state {
            State::Waiting { until } => (is_complete || now >= until).then_some(Due::First),
            State::Overdue => Some(Due::Repeat),
            State::Running { last } if is_dirty && now >= last + self.every => Some(Due::Change),
            State::Running { last } => {
                self.at_least_every.is_some_and(|longest| now >= last + longest).then_some(Due::Repeat)
            }
        }
    }

    /// When to look again, if nothing else happens.
    #[must_use]
    pub fn next(&self, is_dirty: bool) -> Option<Duration> {
        match self.state {
            State::Waiting { until } => Some(until),
            State::Overdue => Some(Duration::ZERO),
            State::Running { last } => {
                let change = is_dirty.then_some(last + self.every);
                let repeat = self.at_least_every.map(|longest| last + longest);
                change.into_iter().chain(repeat).min()
            }
        }
    }

    /// Everything has to go out again, now.
    pub fn hurry(&mut self) {
        self.state = State::Overdue;
    }

    /// A message went out.
    pub fn sent(&mut self, now: Duration) {
        self.state = State::Running { last: now };
    }
}
