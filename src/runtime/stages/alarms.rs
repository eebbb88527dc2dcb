//! The alarms of one machine that are active, as events of its source tell of them: kept as a list, told when it changes.

use super::bench::{Bench, key};
use super::bridge::Aim;
use super::device::Device;
use super::outbox::Outbox;
use super::sampler::Sampler;
use super::stream::{MOST_REMARKS, Stream};
use super::suspect::Suspect;
use crate::assemble::Layout;
use crate::codec::nc_link::{Kind, event};
use crate::codec::umati_json;
use crate::config::plan::OnViolation;
use crate::finding::Finding;
use crate::model::{Delivery, Now, Sample, StatusCode, Timestamp, TopicName};
use crate::profile::unescape;
use crate::translate::{AlarmList, AlarmTold, FateKind, Routes, Translated};
use serde_json::Value;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

/// An event that passed, and what it says of an alarm.
#[derive(Debug)]
pub(super) struct Crossed {
    /// Place among the samplers.
    pub(super) sampler: u32,
    told: AlarmTold,
    translated: Translated,
    time: Timestamp,
}

/// The alarms of a machine that are active.
#[derive(Debug)]
pub(super) struct Board {
    /// Field of the image that holds the list.
    field: u32,
    list: AlarmList,
    /// Id of the item in the device's model, and its type.
    item: (String, String),
    topic: Arc<TopicName>,
    /// By the condition that each is the state of.
    active: Vec<(String, Value)>,
    /// Conditions of which it is not known whether they still are: events were lost.
    doubted: HashSet<String>,
    /// Whether the server has told again since then what is active.
    is_refreshed: bool,
    /// What readers were told last.
    told: Option<Vec<Value>>,
    /// Events that no message holds yet.
    waiting: u64,
    /// Everything that is active is on it.
    is_settled: bool,
    /// When it is taken for settled.
    settles: Option<Duration>,
    /// How long events are on their way at most.
    settle: Duration,
    /// Of the last message.
    number: u64,
}

/// Within this time from the beginning of a session a server has told again what is active (OPC 10000-9 §5.5.7).
const REFRESH: Duration = Duration::from_secs(5);
/// Alarms that are active at one machine, at most.
pub(super) const MOST_ALARMS: usize = 1_000;

impl Board {
    /// `known`: what was on it before, and whether that still holds. `None`: the device does not have it.
    pub(super) fn new(
        list: AlarmList,
        layout: &Layout,
        device: &Device,
        settle: Duration,
        now: Now,
        known: (Option<Self>, bool),
    ) -> Option<Self> {
        let field = layout.field_at(&list.pointer)?;
        let of = unescape(list.pointer.rsplit('/').next().unwrap_or_default());
        let id = device.item_id(field).unwrap_or_default().to_owned();
        let topic = TopicName::parse(&format!("{}/{}", Kind::Event.topic(), device.address().1)).ok()?;
        let (topic, item) = (Arc::new(topic), (id, of));
        match known {
            (Some(known), true) => Some(Self { field, list, item, topic, settle, ..known }),
            (known, _) => {
                let (told, number, waiting) =
                    known.map_or((None, 0, 0), |known| (known.told, known.number, known.waiting));
                let settles = Some(now.monotonic + REFRESH);
                Some(Self {
                    field,
                    list,
                    item,
                    topic,
                    active: Vec::new(),
                    doubted: HashSet::new(),
                    is_refreshed: false,
                    told,
                    waiting,
                    is_settled: false,
                    settles,
                    settle,
                    number,
                })
            }
        }
    }

    /// Nobody knows any more what is active.
    pub(super) fn lose(&mut self) {
        self.is_settled = false;
        self.settles = None;
    }

    /// What was told holds, and what happened meanwhile is on its way.
    pub(super) fn resume(&mut self, now: Now) {
        self.settles = Some(now.monotonic + self.settle);
    }

    /// Events were lost: what the server does not tell again is over.
    pub(super) fn doubt(&mut self, now: Now) {
        self.doubted = self.active.iter().map(|(condition, _)| condition.clone()).collect();
        self.is_refreshed = false;
        self.settles.get_or_insert(now.monotonic + REFRESH);
    }

    /// Takes what is on it for everything that is active. A server that tells nothing again takes nothing back.
    fn believe(&mut self) {
        let doubted = std::mem::take(&mut self.doubted);
        if self.is_refreshed {
            self.active.retain(|(condition, _)| !doubted.contains(condition));
        }
        self.settles = None;
        self.is_settled = true;
    }

    /// There will be no more messages: gives what waits for one.
    pub(super) fn give_up(&mut self) -> u64 {
        std::mem::take(&mut self.waiting)
    }

    pub(super) fn held(&self) -> u64 {
        self.waiting
    }

    pub(super) fn next_tick(&self) -> Option<Duration> {
        self.settles
    }

    /// What is active, each number once.
    fn listed(&self) -> Vec<Value> {
        self.list.distinct(self.active.iter().map(|(_, alarm)| alarm.clone()))
    }

    /// Takes an alarm on, or off (`None`). `false`: there was nothing to take off, or there is no room.
    fn take(&mut self, condition: String, alarm: Option<Value>) -> bool {
        let known = self.active.iter().position(|(other, _)| *other == condition);
        match (known, alarm) {
            (Some(at), Some(alarm)) => self.active[at].1 = alarm,
            (Some(at), None) => drop(self.active.remove(at)),
            (None, Some(alarm)) if self.active.len() < MOST_ALARMS => self.active.push((condition, alarm)),
            (None, _) => return false,
        }
        true
    }
}

impl Stream {
    /// Hands the event on the tape to the list that is kept of its alarm.
    pub(super) fn cross_event(&self, aim: Option<Aim>, routes: Option<&Routes>, bench: &mut Bench) {
        let event = serde_json::from_str::<Value>(bench.tape.as_str());
        let (Some(Aim::Sampler(sampler)), Some(routes), Ok(event)) = (aim, routes, event) else {
            return pass_over(bench, self.outlet.flow);
        };
        let time = self.field(0).and_then(|field| self.image.reading(0, field)).map(|reading| reading.source_time);
        bench.onward.events.push(Crossed {
            sampler,
            told: routes.alarm_told(&event),
            translated: routes.alarm_of_event(&event),
            time: time.unwrap_or(Timestamp::NONE),
        });
    }
}

/// Nothing becomes of a value.
fn pass_over(bench: &mut Bench, flow: u16) {
    let totals = bench.totals(flow);
    totals.filtered += 1;
    totals.fates.add(FateKind::Absent);
}

/// How well what was translated is said, as far as it is.
pub(super) fn fate(translated: &Translated) -> FateKind {
    let said = translated.losses.iter().filter(|loss| loss.target.is_some()).map(|loss| loss.fate.kind);
    said.max().unwrap_or(FateKind::Converted)
}

impl Sampler {
    /// Takes what an event says of an alarm.
    pub(super) fn alarm(&mut self, crossed: Crossed, bench: &mut Bench, now: Now, out: &mut Outbox) {
        let Some(mut board) = self.board.take() else { return pass_over(bench, self.outlet.flow) };
        let time = crossed.time;
        if self.keep(&mut board, crossed, bench, now, out) {
            board.waiting += 1;
            if board.is_settled {
                self.tell_alarms(&mut board, time, bench, now, out);
            } else if let Some(settles) = &mut board.settles {
                // What is told again comes together.
                *settles = (now.monotonic + board.settle).min(*settles);
            }
        }
        self.board = Some(board);
    }

    /// Whether it changed the list; what became of the event is counted otherwise.
    fn keep(&mut self, board: &mut Board, crossed: Crossed, bench: &mut Bench, now: Now, out: &mut Outbox) -> bool {
        let Crossed { told, translated, .. } = crossed;
        board.is_refreshed |= told.is_refreshed;
        board.doubted.remove(&told.condition);
        if self.veil.hides(board.field) {
            bench.totals(self.outlet.flow).withheld += 1;
            return false;
        }
        let Some(is_active) = told.is_active.filter(|_| !told.is_branch) else {
            let about = || Finding::note("QIAO-V274", self.id.clone()).with("machine", &self.id);
            bench.tell(key("QIAO-V274", self.index, ()), now, out, || about().with("profile", &self.profile_id));
            pass_over(bench, self.outlet.flow);
            return false;
        };
        let alarm = board.list.first(&translated.message).filter(|_| is_active).cloned();
        if is_active && !self.is_alarm(&translated.message, bench, now, out) {
            return false;
        }
        let is_full = is_active && board.active.len() >= MOST_ALARMS;
        if !board.take(told.condition, alarm) {
            if is_full {
                let about = || Finding::warning("QIAO-V275", self.id.clone()).with("machine", &self.id);
                bench.tell(key("QIAO-V275", self.index, ()), now, out, || about().with("limit", MOST_ALARMS));
            }
            pass_over(bench, self.outlet.flow);
            return false;
        }
        bench.totals(self.outlet.flow).fates.add(fate(&translated));
        true
    }

    /// Whether an image with one alarm is what its profile says; else it is told and counted.
    fn is_alarm(&mut self, image: &Value, bench: &mut Bench, now: Now, out: &mut Outbox) -> bool {
        bench.tape.clear();
        bench.tape.json(image);
        let is_valid = image.as_object().is_some_and(|image| !image.is_empty()) && self.checker.is_valid(&bench.tape);
        if is_valid {
            return true;
        }
        let violations = self.checker.violations(&bench.tape, MOST_REMARKS);
        self.violations += violations.len() as u64;
        let is_marked = self.on_violation == OnViolation::Mark && !violations.is_empty();
        let topic = self.board_topic();
        let suspect = Suspect {
            flow_name: &self.flow_name,
            machine: &self.id,
            profile_id: &self.profile_id,
            topic: &topic,
            index: self.index,
            on_violation: self.on_violation,
        };
        suspect.refuse(self.outlet.flow, &violations, &self.node, bench, now, out);
        is_marked
    }

    fn board_topic(&self) -> String {
        format!("{}/{}", Kind::Event.topic(), self.device.address().1)
    }

    /// Takes the list for complete when it is time for that.
    pub(super) fn tick_alarms(&mut self, bench: &mut Bench, now: Now, out: &mut Outbox) {
        let is_due = |board: &Board| board.settles.is_some_and(|at| at <= now.monotonic);
        let Some(mut board) = self.board.take_if(|board| is_due(board)) else { return };
        board.believe();
        self.tell_alarms(&mut board, now.wall, bench, now, out);
        self.board = Some(board);
    }

    /// Shows the list in the image, and tells it when it is not what was told last.
    fn tell_alarms(&mut self, board: &mut Board, time: Timestamp, bench: &mut Bench, now: Now, out: &mut Outbox) {
        let list = Value::Array(board.listed());
        self.show(board.field, &list, time, bench);
        let Value::Array(list) = list else { return };
        let values = std::mem::take(&mut board.waiting);
        let is_told = board.told.as_deref().unwrap_or_default() == list.as_slice();
        let before = board.told.replace(list);
        if is_told || self.veil.hides(board.field) {
            // It was so before, or is so again.
            bench.totals(self.outlet.flow).superseded += values;
            return;
        }
        board.number += 1;
        let time = if time.is_none() { now.wall } else { time };
        let message = format!("alarm-{}-{}", now.wall.unix_millis(), board.number);
        let (id, of) = (board.item.0.as_str(), board.item.1.as_str());
        bench.tape.clear();
        event(&mut bench.tape, &message, id, time.unix_millis(), of, before.is_some(), |tape, is_old| {
            let list = if is_old { &before } else { &board.told };
            tape.begin_array();
            list.iter().flatten().for_each(|alarm| tape.json(alarm));
            tape.end_array();
        });
        let totals = bench.totals(self.outlet.flow);
        totals.handed_over += values;
        totals.messages += 1;
        self.messages += 1;
        self.last_message = now.wall;
        let delivery = Delivery { topic: Arc::clone(&board.topic), ..self.outlet.delivery(values as u32) };
        out.deliver(bench.tape.as_bytes(), delivery);
    }

    /// Writes a list into the image, from which questions are answered.
    fn show(&mut self, field: u32, list: &Value, time: Timestamp, bench: &mut Bench) {
        let mut arena = Vec::new();
        bench.tape.clear();
        bench.tape.json(list);
        let (scalar, _) = umati_json::read(&bench.tape, 0, false, &mut arena);
        let status = StatusCode::GOOD.0;
        let sample = Sample { slot: 0, status, source_time: time, server_time: Timestamp::NONE, scalar };
        self.image.store(&self.layout, field, &sample, &arena);
    }
}
