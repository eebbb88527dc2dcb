//! What became of each flow's source values, over all lives of its source.
//!
//! The stages of a source die with it, the spool does not. The ledger outlives both: after every event it takes down
//! what the stages counted and what the spool had accepted by then, and a new life goes on from there.

use super::stages::{FlowTotals, Stages};
use crate::spool::{FlowCount, Spool};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// The flows of one source.
#[derive(Debug)]
pub struct Ledger {
    /// Indexes of the flows in the plan.
    flows: Vec<u16>,
    entries: Mutex<Entries>,
    /// Imbalances that were told, by flow.
    told: Mutex<BTreeMap<u16, i64>>,
}

/// By index of the flow in the plan; flows of other sources stay zero.
#[derive(Debug, Default)]
struct Entries {
    totals: Vec<FlowTotals>,
    /// Source values that the spool had accepted when the totals were taken down.
    accepted: Vec<u64>,
}

/// One flow now. `received` and the fates agree with each other, whatever is under way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    pub totals: FlowTotals,
    pub spool: FlowCount,
    /// Values without a known fate: 0, or something is wrong with us.
    pub imbalance: i64,
}

impl Ledger {
    /// A ledger for these flows of a plan with `count` flows.
    #[must_use]
    pub fn new(flows: Vec<u16>, count: usize) -> Self {
        let entries = Entries { totals: vec![FlowTotals::default(); count], accepted: vec![0; count] };
        Self { flows, entries: Mutex::new(entries), told: Mutex::default() }
    }

    /// A new life of the source begins: the counters to go on from, and how many values of each flow were lost with the
    /// life before. Those lay in images, in no message yet, and nobody acknowledged more than the spool accepted.
    pub fn open(&self, spool: &Spool) -> (Vec<FlowTotals>, Vec<(u16, u64)>) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let mut lost = Vec::new();
        let Entries { totals, accepted } = &mut *entries;
        for flow in &self.flows {
            let (Some(totals), Some(accepted)) =
                (totals.get_mut(usize::from(*flow)), accepted.get_mut(usize::from(*flow)))
            else {
                continue;
            };
            // The life ended after the spool had accepted a part of what its last event made. What the spool lost account
            // of meanwhile stays an imbalance.
            let late = spool.flow_count(*flow).accepted_values().saturating_sub(*accepted);
            *accepted += late;
            totals.received += late;
            totals.handed_over += late;
            let held = std::mem::take(&mut totals.held);
            if held > 0 {
                totals.lost += held;
                totals.gaps += 1;
                lost.push((*flow, held));
            }
        }
        (totals.clone(), lost)
    }

    /// An event is through: everything it made is in the spool.
    pub fn close(&self, stages: &Stages, spool: &Spool) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        stages.totals_into(&mut entries.totals);
        for flow in &self.flows {
            if let Some(accepted) = entries.accepted.get_mut(usize::from(*flow)) {
                *accepted = spool.flow_count(*flow).accepted_values();
            }
        }
    }

    /// One of its flows now. What the spool accepted since the last event was closed has been received, too.
    #[must_use]
    pub fn balance(&self, flow: u16, spool: &Spool) -> Balance {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let at = usize::from(flow);
        let (mut totals, accepted) = (
            entries.totals.get(at).copied().unwrap_or_default(),
            entries.accepted.get(at).copied().unwrap_or_default(),
        );
        let spool = spool.flow_count(flow);
        let now = spool.accepted_values();
        // What the spool accepted and does not account for any more.
        let astray = accepted.saturating_sub(now).cast_signed();
        let imbalance = totals.received.cast_signed() - totals.accounted().cast_signed()
            + (totals.handed_over.cast_signed() - accepted.cast_signed())
            + astray;
        totals.received += now.saturating_sub(accepted);
        Balance { totals, spool, imbalance }
    }

    /// The flows whose account does not come out, and by how many values, each time that this changes.
    pub fn news(&self, spool: &Spool) -> Vec<(u16, i64)> {
        let now: Vec<(u16, i64)> =
            self.flows.iter().map(|flow| (*flow, self.balance(*flow, spool).imbalance)).collect();
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let news = now.iter().filter(|(flow, imbalance)| *imbalance != told.get(flow).copied().unwrap_or(0));
        let news: Vec<(u16, i64)> = news.copied().collect();
        told.extend(news.iter().copied());
        news
    }
}
