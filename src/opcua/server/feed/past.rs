//! The last hours of every variable, bounded in time and in memory: what goes first is the oldest, whoever's it is.

use super::super::space::{Held, HistoryAsk, HistoryPage, NodeHandle, OnHistory, Reading};
use crate::model::{BuiltInType, Scalar, StatusCode, Timestamp};
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What a value costs beside its bytes.
const OVERHEAD: u64 = 160;
/// Places that clients may come back to.
const PLACES: usize = 1024;
const BAD_CONTINUATION_POINT_INVALID: StatusCode = StatusCode(0x804A_0000);
const BAD_BOUND_NOT_FOUND: StatusCode = StatusCode(0x80D7_0000);

/// The history of one face.
#[derive(Debug)]
pub(super) struct Past {
    keep: Duration,
    bytes_max: u64,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    lines: HashMap<NodeHandle, VecDeque<Point>>,
    /// In the order in which they came; a line that is gone is passed over.
    order: VecDeque<(NodeHandle, Timestamp)>,
    values: u64,
    bytes: u64,
    /// Where a reading goes on: its number, the time there, and how many values of that time were given.
    places: VecDeque<(u64, Timestamp, usize)>,
    last_place: u64,
}

/// A value and the time by which it is found: its source's, or when it came.
#[derive(Debug)]
struct Point {
    at: Timestamp,
    held: Held,
}

impl Past {
    pub(super) fn new(keep: Duration, bytes_max: u64) -> Self {
        Self { keep, bytes_max, kept: Mutex::default() }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a value. One that is older than others takes its place among them.
    pub(super) fn push(&self, node: NodeHandle, reading: &Reading<'_>, now: Timestamp) {
        let at = if reading.source_time.is_none() { now } else { reading.source_time };
        let held = owned(reading);
        let mut kept = self.kept();
        let cost = cost(&held);
        if cost > self.bytes_max {
            return;
        }
        let line = kept.lines.entry(node).or_default();
        let place = line.partition_point(|point| point.at <= at);
        line.insert(place, Point { at, held });
        kept.order.push_back((node, now));
        kept.values += 1;
        kept.bytes += cost;
        while kept.bytes > self.bytes_max {
            kept.drop_oldest();
        }
    }

    /// Lets go of what is too old.
    pub(super) fn expire(&self, now: Timestamp) {
        let ticks = i64::try_from(self.keep.as_nanos() / 100).unwrap_or(i64::MAX);
        let limit = Timestamp(now.0.saturating_sub(ticks));
        let mut kept = self.kept();
        while kept.order.front().is_some_and(|(_, came)| *came < limit) {
            kept.drop_oldest();
        }
    }

    /// The node is gone.
    pub(super) fn forget(&self, node: NodeHandle) {
        let mut kept = self.kept();
        for point in kept.lines.remove(&node).into_iter().flatten() {
            kept.values -= 1;
            kept.bytes -= cost(&point.held);
        }
        kept.order.retain(|(of, _)| *of != node);
    }

    /// Values, and what they cost in bytes.
    pub(super) fn size(&self) -> (u64, u64) {
        let kept = self.kept();
        (kept.values, kept.bytes)
    }
}

impl Kept {
    fn drop_oldest(&mut self) {
        let Some((node, _)) = self.order.pop_front() else { return };
        if let Some(point) = self.lines.get_mut(&node).and_then(VecDeque::pop_front) {
            self.values -= 1;
            self.bytes -= cost(&point.held);
        }
    }

    fn place(&mut self, at: Timestamp, given: usize) -> u64 {
        self.last_place += 1;
        self.places.push_back((self.last_place, at, given));
        if self.places.len() > PLACES {
            self.places.pop_front();
        }
        self.last_place
    }
}

impl OnHistory for Past {
    /// OPC 10000-11 §6.4.3.2: from `from` to `to`, the end excluded; from the end backwards when there is no beginning or
    /// it lies behind the end.
    fn read(&self, ask: &HistoryAsk) -> Result<HistoryPage, StatusCode> {
        let mut kept = self.kept();
        let is_backward = ask.from.is_none() || !ask.to.is_none() && ask.from > ask.to;
        let (first, last) = if ask.from.is_none() { (ask.to, Timestamp::NONE) } else { (ask.from, ask.to) };
        let empty = VecDeque::new();
        let line = kept.lines.get(&ask.node).unwrap_or(&empty);
        let ordered: Vec<&Point> = if is_backward { line.iter().rev().collect() } else { line.iter().collect() };
        // In the order that was asked for, `before` means nearer to where the reading begins.
        let before = |one: Timestamp, other: Timestamp| if is_backward { one > other } else { one < other };
        let begin = ordered.iter().take_while(|point| before(point.at, first)).count();
        let end = if last.is_none() {
            ordered.len()
        } else if first == last {
            ordered.iter().take_while(|point| !before(last, point.at)).count()
        } else {
            ordered.iter().take_while(|point| before(point.at, last)).count()
        };
        let mut chosen: Vec<(Timestamp, Held)> = Vec::new();
        let copy = |point: &&&Point| (point.at, point.held.clone());
        if ask.with_bounds && ordered.get(begin).is_none_or(|point| point.at != first) {
            let bound = begin.checked_sub(1).and_then(|at| ordered.get(at));
            chosen
                .push(bound.as_ref().map_or_else(|| (first, not_found(first)), |point| (point.at, point.held.clone())));
        }
        chosen.extend(ordered.get(begin..end.max(begin)).unwrap_or_default().iter().map(|point| copy(&point)));
        if ask.with_bounds && !last.is_none() && first != last {
            let bound = ordered.get(end.max(begin));
            chosen.push(bound.as_ref().map_or_else(|| (last, not_found(last)), |point| (point.at, point.held.clone())));
        }
        let skip = match ask.after {
            None => 0,
            Some(place) => {
                let found = kept.places.iter().find(|(known, ..)| *known == place);
                let (_, at, given) = found.copied().ok_or(BAD_CONTINUATION_POINT_INVALID)?;
                // A bound lies before the beginning: it was given with the first page.
                let passed = chosen.iter().take_while(|(time, _)| before(*time, at)).count();
                let same = chosen.get(passed..).unwrap_or_default().iter().take_while(|(time, _)| *time == at).count();
                passed + given.min(same)
            }
        };
        let rest = chosen.split_off(skip.min(chosen.len()));
        let most = ask.most.max(1);
        let mut page = HistoryPage::default();
        if let Some((at, _)) = rest.get(most - 1).filter(|_| rest.len() > most) {
            let in_page = rest.iter().take(most).filter(|(time, _)| time == at).count();
            let earlier = chosen.iter().filter(|(time, _)| time == at).count();
            page.next = Some(kept.place(*at, in_page + earlier));
        }
        page.values = rest.into_iter().take(most).map(|(_, held)| held).collect();
        Ok(page)
    }
}

/// What stands for a bound that is not there.
fn not_found(at: Timestamp) -> Held {
    Held {
        status: BAD_BOUND_NOT_FOUND.0,
        source_time: at,
        server_time: at,
        scalar: Scalar::Null,
        kind: BuiltInType::Null,
        arena: Vec::new(),
    }
}

pub(super) fn owned(reading: &Reading<'_>) -> Held {
    Held {
        status: reading.status,
        source_time: reading.source_time,
        server_time: reading.server_time,
        scalar: reading.scalar,
        kind: reading.kind,
        arena: match reading.scalar {
            Scalar::Text(..) | Scalar::Bytes(_) | Scalar::Tree(_) => reading.arena.to_vec(),
            _ => Vec::new(),
        },
    }
}

fn cost(held: &Held) -> u64 {
    held.arena.len() as u64 + OVERHEAD
}

#[cfg(test)]
#[path = "past_tests.rs"]
mod tests;
