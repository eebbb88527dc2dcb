//! What flows send to a face, as nodes and values: the sink's task.
//!
//! | module | holds |
//! |---|---|
//! | [`mod@self`] | the loop: what is shown, records, silence |
//! | `shown` | nodes that come and go with the machines |
//! | `fit` | whether a value is one that its node takes |
//! | `fixed` | values that never change |
//! | `past` | the last hours of every variable |
//! | `alarm` | events |
//!
//! A record leaves the spool when its values stand in the address space.

mod alarm;
mod fit;
mod fixed;
mod past;
mod shown;

use super::space::{NodeHandle, Reading, Space};
use crate::codec::values::{Record, RecordKind};
use crate::finding::Finding;
use crate::model::exposed::Exposed;
use crate::model::{Now, StatusCode, Timestamp};
use crate::port::Clock;
use crate::spool::Reader;
use past::Past;
use shown::{Freshness, Shown};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// What a face is fed with.
#[derive(Debug)]
pub struct FeedPlan {
    /// Name of the connection.
    pub name: String,
    pub space: Space,
    /// Namespace of what the gateway names itself.
    pub namespace: String,
    /// How far back values are kept, zero: not at all; and what that may cost in memory, in bytes.
    pub history: Duration,
    pub history_bytes: u64,
    /// What each source shows, by its connection.
    pub exposed: Vec<(u16, watch::Receiver<Arc<Exposed>>)>,
    /// Index of the face's connection in the plan.
    pub sink: u16,
    pub clock: Clock,
    pub counters: Arc<FeedCounters>,
    pub log: fn(&Finding),
}

/// What a feed counts.
#[derive(Debug, Default)]
pub struct FeedCounters {
    /// Machines and variables that stand now.
    pub machines: AtomicU64,
    pub variables: AtomicU64,
    pub values: AtomicU64,
    /// Values that no node takes, for their type or for want of a node.
    pub unfit: AtomicU64,
    pub events: AtomicU64,
    /// Machines that have been silent for too long.
    pub stale: AtomicU64,
    /// Values and bytes of the history.
    pub past_values: AtomicU64,
    pub past_bytes: AtomicU64,
}

impl FeedCounters {
    /// All of them by metric name without prefix; the names of gauges end in `_current`.
    #[must_use]
    pub fn snapshot(&self) -> BTreeMap<String, u64> {
        [
            ("face_machines_current", &self.machines),
            ("face_variables_current", &self.variables),
            ("face_stale_machines_current", &self.stale),
            ("face_history_values_current", &self.past_values),
            ("face_history_bytes_current", &self.past_bytes),
            ("face_values", &self.values),
            ("face_unfit_values", &self.unfit),
            ("face_events", &self.events),
        ]
        .map(|(name, counter)| (name.to_owned(), counter.load(Ordering::Relaxed)))
        .into()
    }
}

/// How often silence is looked at.
const TICK: Duration = Duration::from_millis(250);
/// Records that are taken before anybody else has a turn.
const BURST: usize = 256;
/// Fields of which it is told once that a value did not fit.
const MOST_TOLD: usize = 10_000;

/// Keeps a face up to date until told to stop; then what is in the spool is shown, too.
pub async fn run(plan: FeedPlan, mut reader: Reader, stop: CancellationToken) {
    let past = Arc::new(Past::new(plan.history, plan.history_bytes));
    plan.space.on_history(Arc::clone(&past) as Arc<_>);
    // What an earlier life of the face was handed and did not show comes again.
    reader.rewind();
    let mut feed = Feed { shown: Shown::new(&plan), past, told: HashSet::new(), plan };
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    loop {
        feed.look();
        tokio::select! {
            biased;
            () = stop.cancelled() => break,
            _ = ticks.tick() => feed.tick(),
            record = reader.next() => {
                // What a source shows was told before its records.
                feed.look();
                feed.take(&record.payload);
                reader.release(record.position);
                for _ in 0..BURST {
                    let Some(record) = reader.try_next() else { break };
                    feed.look();
                    feed.take(&record.payload);
                    reader.release(record.position);
                }
            }
        }
    }
    while let Some(record) = reader.try_next() {
        feed.take(&record.payload);
        reader.release(record.position);
    }
}

struct Feed {
    plan: FeedPlan,
    shown: Shown,
    past: Arc<Past>,
    /// Machine and field, or machine alone, of what was told to be unfit.
    told: HashSet<(&'static str, u64, u64)>,
}

impl Feed {
    /// Takes over what sources show now.
    fn look(&mut self) {
        let mut is_new = false;
        for (_, exposed) in &mut self.plan.exposed {
            is_new |= exposed.has_changed().unwrap_or(false);
        }
        if !is_new {
            return;
        }
        let sink = self.plan.sink;
        let all: Vec<Arc<Exposed>> =
            self.plan.exposed.iter_mut().map(|(_, exposed)| Arc::clone(&exposed.borrow_and_update())).collect();
        let machines = all.iter().flat_map(|exposed| exposed.machines.iter().filter(|machine| machine.sink == sink));
        let now = self.plan.clock.now();
        let (gone, findings) = self.shown.show(machines, &self.plan, now);
        for handle in gone {
            self.past.forget(handle);
        }
        findings.iter().for_each(|finding| (self.plan.log)(finding));
        self.count();
    }

    fn take(&mut self, payload: &[u8]) {
        let now = self.plan.clock.now();
        let Some(record) = Record::read(payload) else {
            return self.tell("QIAO-F050", 0, 0, |name| Finding::warning("QIAO-F050", name));
        };
        match record.kind {
            RecordKind::Lost(status) => self.lose(record.machine, status, now),
            RecordKind::Event => self.occur(&record, now),
            RecordKind::Present => self.set(&record, false, now),
            RecordKind::Past => self.set(&record, true, now),
        }
    }

    fn set(&mut self, record: &Record<'_>, is_past: bool, now: Now) {
        let Some(machine) = self.shown.machines.get_mut(&record.machine) else {
            // Told by a process before this one, of a machine that is not there now.
            return self.tell("QIAO-F051", record.machine, 0, |name| Finding::note("QIAO-F051", name));
        };
        let mut values: Vec<(NodeHandle, Reading<'_>)> = Vec::new();
        let mut unfit: Vec<(u64, String, &'static str)> = Vec::new();
        if !is_past {
            machine.heard_at = now.monotonic;
        }
        let was_stale = !is_past && machine.freshness != Freshness::Fresh;
        for told in record.values() {
            let Some(told) = told else {
                unfit.push((0, machine.machine.id.clone(), "cut"));
                break;
            };
            let Some(slot) = machine.fields.get_mut(&told.key) else {
                unfit.push((told.key, machine.machine.id.clone(), "unknown"));
                continue;
            };
            let reading = match fit::fit(&slot.variable, &told.reading) {
                Ok(reading) => reading,
                Err(why) => {
                    unfit.push((told.key, slot.id.clone(), why));
                    fit::refused(&told.reading)
                }
            };
            let reading = stamped(reading, now.wall);
            if self.plan.history > Duration::ZERO {
                self.past.push(slot.handle, &reading, now.wall);
            }
            if !is_past {
                slot.hold(&reading);
                values.push((slot.handle, reading));
            }
        }
        if was_stale {
            machine.freshness = Freshness::Fresh;
        }
        let count = values.len() as u64;
        let lost = self.plan.space.set(values);
        if was_stale {
            // What did not change holds again.
            let again: Vec<(NodeHandle, Reading<'_>)> = machine
                .fields
                .values()
                .filter_map(|slot| {
                    slot.held.as_ref().filter(|_| slot.is_stale).map(|held| (slot.handle, held.reading()))
                })
                .collect();
            self.plan.space.set(again);
        }
        machine.fields.values_mut().for_each(|slot| slot.is_stale = false);
        self.plan.counters.values.fetch_add(count, Ordering::Relaxed);
        self.plan.counters.unfit.fetch_add((unfit.len() + lost.len()) as u64, Ordering::Relaxed);
        let lost: Vec<(u64, String)> = lost
            .iter()
            .filter_map(|handle| {
                let (key, slot) = machine.fields.iter().find(|(_, slot)| slot.handle == *handle)?;
                Some((*key, slot.id.clone()))
            })
            .collect();
        let profile = machine.machine.profile.clone();
        let lost = lost.into_iter().map(|(key, id)| (key, id, "structure"));
        for (key, id, why) in unfit.into_iter().chain(lost) {
            let about = |name: &str| {
                Finding::warning("QIAO-F052", id).with("why", why).with("profile", &profile).with("face", name)
            };
            self.tell("QIAO-F052", record.machine, key, about);
        }
    }

    /// Nothing that the machine said holds any more.
    fn lose(&mut self, machine: u64, status: StatusCode, now: Now) {
        let Some(machine) = self.shown.machines.get_mut(&machine) else { return };
        machine.freshness = Freshness::Lost;
        let reading = gone(status, now.wall);
        for slot in machine.fields.values_mut() {
            slot.held = None;
            slot.is_stale = false;
            if self.plan.history > Duration::ZERO {
                self.past.push(slot.handle, &reading, now.wall);
            }
        }
        self.plan.space.set(machine.fields.values().map(|slot| (slot.handle, reading)));
    }

    fn occur(&mut self, record: &Record<'_>, now: Now) {
        let Some(machine) = self.shown.machines.get(&record.machine) else { return };
        for told in record.values().flatten() {
            let (space, namespace) = (&self.plan.space, &self.plan.namespace);
            match alarm::event(&told.reading, &machine.machine, namespace, space.namespaces(), now.wall) {
                Some(event) => {
                    self.plan.counters.events.fetch_add(1, Ordering::Relaxed);
                    if let Err(error) = space.tell(&event) {
                        tracing::warn!(%error, "an event cannot be told");
                    }
                }
                None => {
                    let id = machine.machine.id.clone();
                    return self.tell("QIAO-F053", record.machine, 0, |_| Finding::warning("QIAO-F053", id));
                }
            }
        }
    }

    /// What has been silent for too long says nothing of the present any more.
    fn tick(&mut self) {
        let now = self.plan.clock.now();
        let mut stale = 0;
        for machine in self.shown.machines.values_mut() {
            let Some(after) = machine.machine.stale_after else { continue };
            let silent = now.monotonic.saturating_sub(machine.heard_at);
            let due = if silent >= after * 3 {
                Freshness::Silent
            } else if silent >= after {
                Freshness::Stale
            } else {
                Freshness::Fresh
            };
            stale += u64::from(due > Freshness::Fresh);
            if due <= machine.freshness || machine.freshness == Freshness::Lost {
                continue;
            }
            machine.freshness = due;
            let status = if due == Freshness::Stale { UNCERTAIN_LAST_USABLE } else { StatusCode::BAD_NO_COMMUNICATION };
            let mut values = Vec::new();
            for slot in machine.fields.values_mut() {
                let Some(held) = slot.held.as_ref().filter(|held| !StatusCode(held.status).is_bad()) else { continue };
                slot.is_stale = true;
                let reading = match due {
                    Freshness::Stale => Reading { status: status.0, server_time: now.wall, ..held.reading() },
                    _ => gone(status, now.wall),
                };
                if self.plan.history > Duration::ZERO && due == Freshness::Silent {
                    self.past.push(slot.handle, &reading, now.wall);
                }
                values.push((slot.handle, reading));
            }
            self.plan.space.set(values);
        }
        self.plan.counters.stale.store(stale, Ordering::Relaxed);
        self.past.expire(now.wall);
        let (values, bytes) = self.past.size();
        self.plan.counters.past_values.store(values, Ordering::Relaxed);
        self.plan.counters.past_bytes.store(bytes, Ordering::Relaxed);
    }

    fn count(&self) {
        let variables = self.shown.machines.values().map(|machine| machine.fields.len() as u64).sum();
        self.plan.counters.machines.store(self.shown.machines.len() as u64, Ordering::Relaxed);
        self.plan.counters.variables.store(variables, Ordering::Relaxed);
    }

    /// Tells once of each field.
    fn tell(&mut self, code: &'static str, machine: u64, field: u64, make: impl FnOnce(&str) -> Finding) {
        if self.told.len() < MOST_TOLD && self.told.insert((code, machine, field)) {
            (self.plan.log)(&make(&self.plan.name));
        }
    }
}

/// `UncertainLastUsableValue` (OPC 10000-8 §6.3.2).
const UNCERTAIN_LAST_USABLE: StatusCode = StatusCode(0x4090_0000);

/// No value, with a reason.
fn gone(status: StatusCode, now: Timestamp) -> Reading<'static> {
    Reading {
        status: status.0,
        source_time: now,
        server_time: now,
        scalar: crate::model::Scalar::Null,
        kind: crate::model::BuiltInType::Null,
        arena: &[],
    }
}

/// With a server time: when it was set here, where nobody said one.
fn stamped(reading: Reading<'_>, now: Timestamp) -> Reading<'_> {
    if reading.server_time.is_none() { Reading { server_time: now, ..reading } } else { reading }
}
