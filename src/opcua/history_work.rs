//! One hole at work: what an answer of the history says of it, and how it goes on.

use super::history::{Edge, Hole};
use super::history_read::{is_passing, is_without_history};
use crate::model::{Batch, Timestamp};
use ::opcua::types::{ByteString, NodeId, StatusCode};
use std::time::Duration;

/// Values of one hole; what is more stays missing, and is told.
const VALUES_MAX: u64 = 1_000_000;
/// After answers that brought nothing new: once this, then three times of it.
const LAG: Duration = Duration::from_secs(2);
const ATTEMPTS_MAX: u32 = 3;

/// One hole at work; it begins where the history has come to.
#[derive(Debug)]
pub(super) struct Work {
    pub(super) hole: Hole,
    pub(super) node: NodeId,
    pub(super) point: ByteString,
    /// Not asked for before.
    pub(super) not_before: Duration,
    /// Where it began.
    pub(super) began: Timestamp,
    /// Contents that are known at the time where it begins.
    seen: Vec<u64>,
    has_begun: bool,
    /// The history begins inside.
    pub(super) lacks_head: bool,
    values: u64,
    attempts: u32,
}

/// What an answer said of one hole.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// The first time of anything but what lies before the hole.
    first: Option<Timestamp>,
    has_begin: bool,
    has_end: bool,
    pub(super) values: u64,
    /// Times of the first and the last of them.
    pub(super) span: Option<(Timestamp, Timestamp)>,
}

/// How a hole goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Filled,
    /// It is asked for anew, from where it has come to, not before this time.
    Again(Duration),
    /// At its continuation point.
    On,
    /// There is no history of the item.
    Without(StatusCode),
    /// The rest stays missing.
    Open(StatusCode),
}

impl Work {
    pub(super) fn new(hole: Hole, node: NodeId, now: Duration) -> Self {
        Self {
            hole,
            node,
            point: ByteString::null(),
            not_before: now,
            began: hole.from.time,
            seen: vec![hole.from.content],
            has_begun: false,
            lacks_head: false,
            values: 0,
            attempts: 0,
        }
    }

    /// To be asked for anew, from where it has come to.
    pub(super) fn anew(mut self, not_before: Duration) -> Self {
        self.point = ByteString::null();
        self.not_before = not_before;
        self
    }

    /// Keeps what lies in the hole of the samples from `start` on, and goes on behind it.
    pub(super) fn take(&mut self, batch: &mut Batch, start: usize) -> Said {
        let mut said = Said::default();
        let mut kept = start;
        for at in start..batch.samples.len() {
            let sample = batch.samples[at];
            let Some(edge) = Edge::of_past(&sample, &batch.arena) else { continue };
            let Hole { from, until, .. } = self.hole;
            if edge.time < from.time || (edge.time == from.time && self.seen.contains(&edge.content)) {
                said.has_begin = true;
                continue;
            }
            said.first.get_or_insert(edge.time);
            if edge.time > until.time || edge == until {
                said.has_end = true;
                continue;
            }
            if edge.time > from.time {
                self.seen.clear();
            }
            self.seen.push(edge.content);
            self.hole.from = edge;
            said.span = Some((said.span.map_or(edge.time, |(first, _)| first), edge.time));
            batch.samples[kept] = sample;
            kept += 1;
        }
        batch.samples.truncate(kept);
        said.values = (kept - start) as u64;
        self.values += said.values;
        said
    }

    /// When the history turns out to begin in the hole: what before it is not to be had. Told once.
    pub(super) fn head(&mut self, said: &Said) -> Option<(Timestamp, Timestamp)> {
        let is_first = !self.has_begun;
        self.has_begun |= said.has_begin || said.first.is_some();
        self.lacks_head |= is_first && !said.has_begin && said.first.is_some();
        said.first.filter(|_| is_first && !said.has_begin).map(|first| (self.began, first))
    }

    /// How it goes on after an answer with this status. `is_whole`: all of it could be read.
    pub(super) fn judge(
        &mut self,
        said: &Said,
        status: StatusCode,
        is_whole: bool,
        has_point: bool,
        now: Duration,
    ) -> Fate {
        let status = StatusCode::from(status.bits() & 0xFFFF_0000);
        if said.has_end {
            return Fate::Filled;
        }
        if is_without_history(status) {
            return Fate::Without(status);
        }
        if !is_whole {
            return Fate::Open(StatusCode::BadDecodingError);
        }
        if status.is_bad() && status != StatusCode::BadNoData && !is_passing(status) {
            return Fate::Open(status);
        }
        if self.values >= VALUES_MAX {
            return Fate::Open(StatusCode::BadTooManyMatches);
        }
        if said.values > 0 {
            self.attempts = 0;
            return if has_point { Fate::On } else { Fate::Again(now) };
        }
        let is_hurried = is_passing(status) && self.attempts == 0;
        match self.failed(now) {
            None => Fate::Open(if status.is_bad() { status } else { StatusCode::BadNoData }),
            Some(_) if has_point => Fate::On,
            // The server has too few of something: not for want of time.
            Some(_) if is_hurried => Fate::Again(now),
            Some(later) => Fate::Again(later),
        }
    }

    /// Nothing came of an attempt: when to try again, if at all.
    pub(super) fn failed(&mut self, now: Duration) -> Option<Duration> {
        self.attempts += 1;
        (self.attempts < ATTEMPTS_MAX).then(|| now + LAG * (2 * self.attempts - 1))
    }

    /// What is missing.
    pub(super) fn rest(&self) -> (Timestamp, Timestamp) {
        (self.hole.from.time, self.hole.until.time)
    }
}
