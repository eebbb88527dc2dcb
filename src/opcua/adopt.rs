//! A session goes on with what a later browse found: what is the same keeps its slot and its monitored item, what is new
//! gets them, what is gone loses them.
//!
//! A slot, and with it a client handle, stays with its item for the whole session. So notifications that are on their way
//! mean the same before and after, and the stages can keep what they know of every machine that did not change. Slots of
//! items that are gone are given to others only after [`SLOT_REST`].

use super::discover::{Found, ItemBinding};
use super::event::EventBinding;
use super::feed::Feed;
use super::item::{Item, Place};
use super::recheck::Cause;
use crate::config::plan::Deadband;
use crate::finding::Finding;
use crate::model::discovery::ItemMode;
use crate::model::{Discovery, FoundItem};
use ::opcua::types::NodeId;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

/// A value of an item that is gone arrives within this time, or never: the server deletes the item at once, and what it
/// had queued comes with the next message.
const SLOT_REST: Duration = Duration::from_secs(600);
/// A browse that met faults the one before did not have is not believed, so many times in a row.
const DISTRUSTED_MAX: u8 = 2;

/// What a later browse changed.
#[derive(Debug, Default)]
pub struct Adopted {
    /// Items or machines differ: to be told.
    pub discovery: Option<Arc<Discovery>>,
    /// Items that the server monitors and nobody wants any more.
    pub orphans: Vec<Place>,
    pub items_new: usize,
    pub items_gone: usize,
    /// What was not wrong before.
    pub findings: Vec<Finding>,
}

/// What makes two items of two browses one.
#[derive(PartialEq, Eq, Hash)]
struct Key<'a> {
    node: &'a NodeId,
    /// With namespace URI: an index that moved within a session is another node.
    text: &'a str,
    is_read_once: bool,
    sampling: Option<Duration>,
    queue: Option<u32>,
    deadband: Option<(bool, u64)>,
    /// A percent deadband is a percentage of it.
    range: Option<(u64, u64)>,
    /// Machines of one server may take different events of it.
    events: Option<&'a EventBinding>,
}

impl<'a> Key<'a> {
    fn of(item: &'a FoundItem, binding: &'a ItemBinding) -> Self {
        Self {
            node: &binding.node,
            text: &item.node,
            is_read_once: item.mode == ItemMode::ReadOnce,
            sampling: binding.sampling,
            queue: binding.queue,
            deadband: binding.deadband.map(|deadband| match deadband {
                Deadband::Absolute(value) => (false, value.to_bits()),
                Deadband::Percent(value) => (true, value.to_bits()),
            }),
            range: binding.eu_range.map(|(low, high)| (low.to_bits(), high.to_bits())),
            events: binding.events.as_deref(),
        }
    }
}

impl Feed {
    /// Whether a browse says less of the server than the one before: branches that could be browsed then could not now.
    /// What it does not show need not be gone. A fault that stays is believed after a while.
    pub fn is_distrusted(&mut self, found: &Found) -> bool {
        let is_fault = |finding: &&Finding| ["QIAO-O108", "QIAO-O109"].contains(&&*finding.code.0);
        let is_worse = found.findings.iter().filter(is_fault).any(|finding| !self.told.contains(finding));
        let is_distrusted = is_worse && self.distrusted < DISTRUSTED_MAX;
        self.distrusted = if is_distrusted { self.distrusted + 1 } else { 0 };
        is_distrusted
    }

    /// Whether an item is looked for whose node went without a word of the server.
    #[must_use]
    pub fn is_missing_any(&self, now: Duration) -> bool {
        let is_missing =
            |item: &Item| matches!(item, Item::Gone { since, is_missed: true } if now <= *since + SLOT_REST);
        self.items.iter().any(is_missing)
    }

    /// Goes on with what was found now.
    pub fn adopt(&mut self, found: Found, cause: Cause, now: Duration) -> Adopted {
        let before = Arc::clone(&self.discovery);
        let bound = Arc::clone(&self.bindings);
        let mut adopted = Adopted::default();
        let mut items: Vec<FoundItem> = before.items.clone();
        let mut bindings: Vec<ItemBinding> = bound.as_ref().clone();
        let slots: HashMap<Key<'_>, u32> = before
            .items
            .iter()
            .zip(bound.iter())
            .zip(0..)
            .map(|((item, binding), slot)| (Key::of(item, binding), slot))
            .collect();
        let mut found_slots = HashSet::new();
        let mut new = Vec::new();
        for (item, binding) in found.discovery.items.into_iter().zip(found.bindings) {
            match slots.get(&Key::of(&item, &binding)).copied().filter(|slot| found_slots.insert(*slot)) {
                Some(slot) => {
                    adopted.items_new += usize::from(self.find_again(slot, item.mode, &mut adopted.orphans));
                    items[slot as usize] = item;
                }
                None => new.push((item, binding)),
            }
        }
        adopted.items_new += new.len();
        for slot in (0..self.items.len()).filter(|slot| !found_slots.contains(&(*slot as u32))) {
            if !matches!(self.items[slot], Item::Gone { .. }) {
                adopted.items_gone += 1;
                adopted.orphans.extend(self.items[slot].place());
                let is_missed = matches!(self.items[slot], Item::Missing(_)) && cause != Cause::Told;
                self.items[slot] = Item::Gone { since: now, is_missed };
                items[slot].targets.clear();
            }
        }
        let is_free = |state: &Item| matches!(state, Item::Gone { since, .. } if now > *since + SLOT_REST);
        let free: Vec<usize> = (0..self.items.len()).filter(|slot| is_free(&self.items[*slot])).collect();
        let mut free = free.into_iter();
        for (item, binding) in new {
            let state = Item::begin(item.mode);
            match free.next() {
                Some(slot) => (self.items[slot], items[slot], bindings[slot]) = (state, item, binding),
                None => {
                    self.items.push(state);
                    items.push(item);
                    bindings.push(binding);
                }
            }
        }
        self.look_again();
        self.is_book_old = true;
        let is_changed = items != before.items || found.discovery.machines != before.machines;
        if is_changed || cause == Cause::Told {
            self.decoder = found.decoder;
            self.read_at = self.items.contains(&Item::ReadOnce).then_some(now);
        }
        if is_changed {
            let carries_on = Some(self.epoch);
            self.epoch += 1;
            let machines = found.discovery.machines;
            self.discovery = Arc::new(Discovery { epoch: self.epoch, carries_on, machines, items });
            self.bindings = Arc::new(bindings);
            self.identity = found.identity;
            adopted.discovery = Some(Arc::clone(&self.discovery));
        }
        adopted.findings = found.findings.iter().filter(|finding| !self.told.contains(finding)).cloned().collect();
        self.told = found.findings;
        adopted
    }

    /// An item that is known was found; whether it had been gone. One that reported a missing node is created anew: its
    /// node was made anew, and not every server notices that an item waits for it.
    fn find_again(&mut self, slot: u32, mode: ItemMode, orphans: &mut Vec<Place>) -> bool {
        let Some(state) = self.items.get_mut(slot as usize) else { return false };
        match *state {
            Item::Missing(place) => {
                orphans.push(place);
                *state = Item::again(mode);
                false
            }
            Item::Gone { is_missed, .. } => {
                *state = if is_missed { Item::again(mode) } else { Item::begin(mode) };
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
#[path = "adopt_tests.rs"]
mod tests;
