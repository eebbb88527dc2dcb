//! What a gap took away, item by item: the last value before it and the first one after.
//!
//! The interval between the two is a *hole*. It is known only when the first value has come, so live values are never
//! waited for; what the server's history has of it is read beside them (`history_fill`). Holes outlive the link, and
//! what is known of an item outlives the session: by the text of its node.

use super::history_told::Tally;
use crate::model::discovery::ItemMode;
use crate::model::{Batch, FoundItem, Sample, Scalar, StatusCode, Timestamp};
use std::collections::HashMap;
use std::time::Duration;

/// Holes that are remembered, whatever happens; beyond it a hole is told as one that is not filled.
const HOLES_MAX: usize = 200_000;
/// When items have said nothing yet after a gap, those that have are not kept waiting for longer.
const PATIENCE: Duration = Duration::from_secs(5);

/// A value, so that it is known again: its time, and what it said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    pub time: Timestamp,
    pub(super) content: u64,
}

/// A part of an item's past that nobody saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hole {
    pub slot: u32,
    /// The last value before it.
    pub from: Edge,
    /// The first value after it.
    pub until: Edge,
    /// A gap was told for it; otherwise the server's queue had no room for some values.
    pub is_told: bool,
}

/// Whether the server keeps the history of an item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kept {
    #[default]
    Unknown,
    Yes,
    No,
}

#[derive(Clone, Copy, Debug, Default)]
struct Known {
    last: Option<Edge>,
    /// Its times are those of the source; without them, those of the server.
    has_source_time: bool,
    /// A gap began after the last value.
    is_cut: bool,
    kept: Kept,
}

/// What one session knows of the last values of its items, and of what it missed.
#[derive(Debug, Default)]
pub struct History {
    /// Whether anybody wants holes filled; if not, nothing is noted.
    is_wanted: bool,
    known: Vec<Known>,
    holes: Vec<Hole>,
    /// Items that have said nothing since a gap.
    waiting: usize,
    /// When the first of the holes was known.
    since: Option<Duration>,
    /// What became of holes, until it is told.
    pub(super) tally: Tally,
}

/// What a session that has ended leaves to the next one.
#[derive(Debug, Default)]
pub struct Left {
    known: HashMap<String, (Edge, bool)>,
    holes: Vec<(String, Hole)>,
    tally: Tally,
}

impl Edge {
    /// A value of the history; `None`: it has no time.
    #[must_use]
    pub fn of_past(sample: &Sample, arena: &[u8]) -> Option<Self> {
        let time = if sample.source_time.is_none() { sample.server_time } else { sample.source_time };
        (!time.is_none()).then(|| Self::of(sample, time, arena))
    }

    fn of(sample: &Sample, time: Timestamp, arena: &[u8]) -> Self {
        // Bits that tell how a value was handed on are no part of it.
        let mut content = mix(u64::from(sample.status >> 16), 1);
        let mut take = |kind: u64, bits: u64| content = mix(mix(content, kind), bits);
        match sample.scalar {
            Scalar::Null => take(0, 0),
            Scalar::Bool(value) => take(1, value.into()),
            Scalar::I64(kind, value) => take(kind.number().into(), value.cast_unsigned()),
            Scalar::U64(kind, value) => take(kind.number().into(), value),
            Scalar::F32(value) => take(10, value.to_bits().into()),
            Scalar::F64(value) => take(11, value.to_bits()),
            Scalar::Time(value) => take(13, value.0.cast_unsigned()),
            Scalar::Text(_, span) | Scalar::Bytes(span) | Scalar::Tree(span) => {
                let bytes = span.of(arena);
                take(bytes.len() as u64, 0);
                let (words, rest) = bytes.as_chunks::<8>();
                words.iter().for_each(|word| take(0, u64::from_le_bytes(*word)));
                rest.iter().for_each(|byte| take(0, (*byte).into()));
            }
        }
        Self { time, content }
    }
}

/// One step of a fingerprint: cheap, and good enough to tell two values with the same time apart.
fn mix(state: u64, bits: u64) -> u64 {
    let mixed = (state ^ bits).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed ^ (mixed >> 29)
}

impl History {
    #[must_use]
    pub fn is_wanted(&self) -> bool {
        self.is_wanted
    }

    fn known(&mut self, slot: u32) -> &mut Known {
        let at = slot as usize;
        if at >= self.known.len() {
            self.known.resize(at + 1, Known::default());
        }
        &mut self.known[at]
    }

    /// Values were or may have been lost after the last one of these items.
    pub fn cut(&mut self, slots: impl IntoIterator<Item = u32>) {
        if !self.is_wanted {
            return;
        }
        for slot in slots {
            let known = self.known(slot);
            if known.last.is_some() && !known.is_cut {
                known.is_cut = true;
                self.waiting += 1;
            }
        }
    }

    /// Values that are handed on.
    pub fn heard(&mut self, batch: &Batch, now: Duration) {
        if !self.is_wanted {
            return;
        }
        for sample in &batch.samples {
            let known = self.known(sample.slot);
            let has_source_time = !sample.source_time.is_none();
            let time = match (has_source_time, known.has_source_time) {
                (true, _) => sample.source_time,
                // Another clock: it says nothing of where the value stands among the others.
                (false, true) => continue,
                (false, false) => sample.server_time,
            };
            if time.is_none() {
                continue;
            }
            let edge = Edge::of(sample, time, &batch.arena);
            let (before, is_told) = (*known, known.is_cut);
            *known = Known { last: Some(edge), has_source_time, is_cut: false, ..before };
            self.waiting -= usize::from(is_told);
            if !is_told && !StatusCode(sample.status).is_overflow() {
                continue;
            }
            // One that has not changed was sent again, and what steps back in time cannot be looked for.
            if let Some(from) = before.last.filter(|from| from.time < time && before.has_source_time == has_source_time)
            {
                self.add(Hole { slot: sample.slot, from, until: edge, is_told }, now);
            }
        }
    }

    fn add(&mut self, hole: Hole, now: Duration) {
        if self.holes.len() < HOLES_MAX {
            self.holes.push(hole);
            self.since.get_or_insert(now);
        } else {
            let status = StatusCode::from_symbol("BadTooManyOperations").unwrap_or(StatusCode::BAD);
            self.tally.open("-", (hole.from.time, hole.until.time), status, hole.is_told);
        }
    }

    /// Whether holes are known that can be filled now.
    #[must_use]
    pub fn is_due(&self, now: Duration) -> bool {
        let is_patient = self.waiting > 0 && self.since.is_none_or(|since| now < since + PATIENCE);
        !self.holes.is_empty() && !is_patient
    }

    /// Takes up to `most` holes, those that begin first.
    pub fn take(&mut self, most: usize) -> Vec<Hole> {
        self.holes.sort_by_key(|hole| std::cmp::Reverse(hole.from.time));
        let taken = self.holes.split_off(self.holes.len().saturating_sub(most));
        if self.holes.is_empty() {
            self.since = None;
        }
        taken
    }

    /// Holes that were not filled to their end.
    pub fn give_back(&mut self, holes: impl IntoIterator<Item = Hole>, now: Duration) {
        holes.into_iter().for_each(|hole| self.add(hole, now));
    }

    #[must_use]
    pub fn kept(&self, slot: u32) -> Kept {
        self.known.get(slot as usize).map_or(Kept::Unknown, |known| known.kept)
    }

    pub fn set_kept(&mut self, slot: u32, kept: Kept) {
        self.known(slot).kept = kept;
    }

    /// The slot is another item's from now on.
    pub fn forget(&mut self, slot: u32) {
        let known = std::mem::take(self.known(slot));
        self.waiting -= usize::from(known.is_cut);
        self.holes.retain(|hole| hole.slot != slot);
    }

    /// The session is gone: what the next one needs.
    #[must_use]
    pub fn leave(self, items: &[FoundItem]) -> Left {
        let node = |slot: u32| items.get(slot as usize).map(|item| item.node.clone());
        let mut known: HashMap<String, (Edge, bool)> = HashMap::new();
        for (slot, one) in (0..).zip(&self.known) {
            let Some((edge, node)) = one.last.zip(node(slot)) else { continue };
            // Of two items for one node, the one that saw less.
            let kept = known.entry(node).or_insert((edge, one.has_source_time));
            if edge.time < kept.0.time {
                *kept = (edge, one.has_source_time);
            }
        }
        let holes = self.holes.iter().filter_map(|hole| Some((node(hole.slot)?, *hole))).collect();
        Left { known, holes, tally: self.tally }
    }

    /// Of a session whose holes are to be filled. It goes on from what an earlier one left: what came since its last values
    /// is unknown.
    #[must_use]
    pub fn begin(left: Left, items: &[FoundItem], now: Duration) -> Self {
        let mut history = Self { is_wanted: true, tally: left.tally, ..Self::default() };
        let mut slots: HashMap<&str, u32> = HashMap::new();
        for (slot, item) in (0..).zip(items).filter(|(_, item)| item.mode == ItemMode::Monitored) {
            slots.entry(&item.node).or_insert(slot);
            if let Some((edge, has_source_time)) = left.known.get(&item.node).copied() {
                *history.known(slot) = Known { last: Some(edge), has_source_time, ..Known::default() };
                history.cut([slot]);
            }
        }
        let holes = left.holes.iter();
        let holes = holes.filter_map(|(node, hole)| Some(Hole { slot: *slots.get(node.as_str())?, ..*hole }));
        history.give_back(holes, now);
        history
    }
}

#[cfg(test)]
#[path = "history_tests.rs"]
mod tests;
