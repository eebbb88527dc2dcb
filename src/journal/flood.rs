//! Refusals that come too often to stand one by one: whoever floods a topic shall not push the audit's history out.

use crate::model::Timestamp;
use std::collections::HashMap;

/// So many of one entry and one reason stand one by one within a minute; further ones are counted.
const EACH: u32 = 20;
const WINDOW_TICKS: i64 = 600_000_000;
/// Pairs of entry and reason that are looked at: more than there are.
const PAIRS_MAX: usize = 4_096;

#[derive(Debug, Default)]
pub(super) struct Flood {
    pairs: HashMap<(String, &'static str), Pair>,
}

#[derive(Debug)]
struct Pair {
    since: Timestamp,
    each: u32,
    counted: u64,
}

/// How a refusal is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    Each,
    Counted,
}

/// Refusals that were counted.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct More {
    pub entry: String,
    pub code: &'static str,
    pub count: u64,
    pub since: Timestamp,
}

impl Flood {
    pub(super) fn of(&mut self, entry: &str, code: &'static str, now: Timestamp) -> Told {
        if self.pairs.len() >= PAIRS_MAX {
            return Told::Counted;
        }
        let pair = self.pairs.entry((entry.to_owned(), code)).or_insert(Pair { since: now, each: 0, counted: 0 });
        if pair.each < EACH {
            pair.each += 1;
            return Told::Each;
        }
        pair.counted += 1;
        Told::Counted
    }

    /// What was counted in windows that are over.
    pub(super) fn due(&mut self, now: Timestamp) -> Vec<More> {
        let is_over = |pair: &Pair| now.0.saturating_sub(pair.since.0).unsigned_abs() >= WINDOW_TICKS.unsigned_abs();
        let over: Vec<_> = self.pairs.iter().filter(|(_, pair)| is_over(pair)).map(|(key, _)| key.clone()).collect();
        let more = over.into_iter().filter_map(|key| {
            let pair = self.pairs.remove(&key)?;
            let (entry, code) = key;
            (pair.counted > 0).then_some(More { entry, code, count: pair.counted, since: pair.since })
        });
        more.collect()
    }
}
