//! Which values and messages one wants to see, and what they are called.

use super::TapArgs;
use super::glob::{Glob, any};
use super::verdict::Judge;
use crate::config::plan::Plan;
use crate::model::{BuiltInType, Discovery, Timestamp};
use crate::opcua::Counters;
use crate::port::Clock;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

/// What a face needs beside what it hears.
pub(super) struct Input {
    /// Name of the connection.
    pub(super) connection: String,
    pub(super) plan: Arc<Plan>,
    pub(super) filter: Filter,
    pub(super) judge: Judge,
    pub(super) clock: Clock,
    pub(super) counters: Arc<Counters>,
}

impl Input {
    pub(super) fn new(arguments: &TapArgs, connection: String, plan: Arc<Plan>, clock: Clock) -> Self {
        let filter = Filter {
            machine: arguments.machine.as_deref().map(Glob::new),
            field: arguments.field.as_deref().map(Glob::new),
        };
        Self { connection, plan, filter, judge: Judge::nobody(), clock, counters: Arc::default() }
    }
}

/// `--machine` and `--field`.
#[derive(Clone, Debug, Default)]
pub(super) struct Filter {
    pub(super) machine: Option<Glob>,
    pub(super) field: Option<Glob>,
}

/// A variable of a machine, as it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) machine: String,
    /// Browse names below the machine, joined by `/`.
    pub(super) path: String,
    pub(super) node: String,
    pub(super) kind: BuiltInType,
    /// Names by number, when the data type is an enumeration.
    pub(super) enumeration: Option<Arc<[(i64, String)]>>,
}

/// The fields of one discovery that one wants to see, by slot.
#[derive(Debug, Default)]
pub(super) struct Fields {
    pub(super) epoch: u64,
    pub(super) by_slot: Vec<Option<Arc<Field>>>,
}

impl Fields {
    /// A variable below several machines bears the name of the first one that is wanted.
    pub(super) fn new(discovery: &Discovery, plan: &Plan, source: &str, filter: &Filter) -> Self {
        let at = plan.connections.iter().position(|connection| connection.name == source).unwrap_or_default();
        let names = discovery.machines.iter().map(|machine| {
            let rule = plan.machine_rule(at as u16, &machine.node);
            rule.and_then(|rule| rule.name.clone()).unwrap_or_else(|| machine.browse_name.name.clone())
        });
        let names: Vec<String> = names.collect();
        let field = |item: &crate::model::FoundItem| {
            item.targets.iter().find_map(|target| {
                let machine = discovery.machines.get(target.machine as usize)?;
                let name = names.get(target.machine as usize)?;
                let path = target.path.to_string();
                let last = target.path.0.last().map_or("", |name| name.name.as_str());
                let is_wanted = any(filter.machine.as_ref(), &[name, &machine.browse_name.name, &machine.node])
                    && any(filter.field.as_ref(), &[&path, last, &item.node]);
                is_wanted.then(|| {
                    Arc::new(Field {
                        machine: name.clone(),
                        path,
                        node: item.node.clone(),
                        kind: item.data_type.built_in,
                        enumeration: item.data_type.enumeration.clone(),
                    })
                })
            })
        };
        Self { epoch: discovery.epoch, by_slot: discovery.items.iter().map(field).collect() }
    }

    pub(super) fn of(&self, slot: u32) -> Option<&Arc<Field>> {
        self.by_slot.get(slot as usize)?.as_ref()
    }
}

/// How often something happened in the last seconds.
#[derive(Clone, Debug, Default)]
pub(super) struct Rate {
    /// Second and how often.
    counts: VecDeque<(u64, u64)>,
}

/// Rates are means over this many seconds: sources publish in bursts.
const WINDOW: u64 = 5;

impl Rate {
    pub(super) fn add(&mut self, now: Duration) {
        let second = now.as_secs();
        match self.counts.back_mut() {
            Some((last, count)) if *last == second => *count += 1,
            _ => {
                if self.counts.len() > WINDOW as usize {
                    self.counts.pop_front();
                }
                self.counts.push_back((second, 1));
            }
        }
    }

    /// A second: over the last whole seconds; of the first one what is known of it.
    pub(super) fn per_second(&self, now: Duration) -> f64 {
        let second = now.as_secs();
        let whole = self.counts.iter().filter(|(at, _)| *at < second && *at + WINDOW >= second);
        let (mut sum, mut first) = (0, second);
        for (at, count) in whole {
            sum += count;
            first = first.min(*at);
        }
        if first == second {
            return self.counts.back().filter(|(at, _)| *at == second).map_or(0.0, |(_, count)| *count as f64);
        }
        sum as f64 / (second - first) as f64
    }
}

/// The source's time, else the server's.
pub(super) fn time_of(source: Timestamp, server: Timestamp) -> Option<Timestamp> {
    [source, server].into_iter().find(|time| !time.is_none())
}

/// Milliseconds from `time` to `now`; negative when the other clock goes ahead.
pub(super) fn age_ms(time: Timestamp, now: Timestamp) -> i64 {
    now.0.saturating_sub(time.0) / 10_000
}
