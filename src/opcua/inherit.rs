//! What a feed leaves to the next process, what it goes on with of an earlier one's, and whether the server still has it.

use super::discover::{Found, ItemBinding};
use super::estate::{Estate, Left, LeftItem, Record};
use super::feed::{Feed, Subscription};
use super::item::{Item, Place};
use super::item_request;
use super::model_event;
use super::order::{Granted, Terms};
use super::sequence::Sequence;
use crate::config::plan::Deadband;
use crate::model::discovery::{DataType, FoundItem, ItemMode};
use crate::model::value::BuiltInType;
use ::opcua::types::NodeId;
use std::collections::HashMap;
use std::time::Duration;

/// What the server answered for one subscription that was taken over: the numbers that it keeps.
pub type Granting = (u32, Vec<u32>);

/// What has to be the same for two items of two processes to be one, beside the node.
fn how(item: &FoundItem, binding: &ItemBinding) -> String {
    let deadband = binding.deadband.map(|deadband| match deadband {
        Deadband::Absolute(value) => format!("absolute {value}"),
        Deadband::Percent(value) => format!("{value} % of {:?}", binding.eu_range),
    });
    let count = |nodes: &Option<std::collections::HashSet<NodeId>>| nodes.as_ref().map(std::collections::HashSet::len);
    let events = binding.events.as_deref();
    let events = events.map(|events| (events.min_severity, count(&events.types), count(&events.sources)));
    let (sampling, queue) = (binding.sampling, binding.queue);
    format!("{:?}, sampling {sampling:?}, queue {queue:?}, deadband {deadband:?}, events {events:?}", item.mode)
}

impl Feed {
    /// What the next process is left.
    #[must_use]
    pub fn estate(&self, terms: (Option<String>, String, i32), wanted: String, is_making: bool) -> Estate {
        let left = |one: &Subscription| Left {
            id: one.id,
            interval: one.interval,
            keep_alive: one.keep_alive,
            lifetime: one.lifetime,
        };
        let place = |item: &Item| item.place().map(|place| (place.subscription, place.id));
        let items = self.discovery.items.iter().zip(self.bindings.iter()).zip(&self.items).zip(0..);
        let items = items.map(|(((item, binding), state), slot)| LeftItem {
            node: item.node.clone(),
            how: how(item, binding),
            place: place(state),
            is_revised: self.revised.contains(&slot),
        });
        Estate {
            identity: self.identity.clone(),
            terms,
            wanted,
            subscriptions: self.subscriptions.iter().map(left).collect(),
            items: items.collect(),
            watch: place(&self.watch),
            is_making,
        }
    }

    /// Goes on with what an earlier process left of these subscriptions. Every item that is still wanted gets the slot it
    /// had, since the server names it by that; what is new comes behind them.
    #[must_use]
    pub fn inherit(
        mut found: Found,
        estate: &Estate,
        records: &[Record],
        granted: Vec<Granting>,
        terms: Terms,
        interval: Duration,
        now: Duration,
    ) -> Self {
        let slots = arrange(&mut found, &estate.items);
        let mut feed = Self::new(found, terms, interval, now);
        for (id, available) in granted {
            let left = estate.subscriptions.iter().find(|left| left.id == id);
            let settled = records.iter().find(|(of, _)| *of == id).map(|(_, settled)| *settled);
            let Some((left, settled)) = left.zip(settled) else { continue };
            feed.learn_window(available.len());
            let granted = Granted { id, interval: left.interval, keep_alive: left.keep_alive, lifetime: left.lifetime };
            feed.add(Subscription {
                sequence: Sequence::resumed(settled),
                available,
                transferred: Some(now),
                is_inherited: true,
                ..Subscription::new(granted, now)
            });
        }
        let is_taken = |feed: &Self, place: &Place| feed.position(place.subscription).is_some();
        for ((slot, left), is_wanted) in (0..).zip(&estate.items).zip(slots) {
            let at = slot as usize;
            let place = left.place.map(|(subscription, id)| Place { subscription, id });
            let place = place.filter(|place| is_taken(&feed, place));
            if !is_wanted {
                feed.items[at] = Item::Gone { since: now, is_missed: false };
                feed.orphans.extend(place);
            } else if let Some(place) = place {
                if left.is_revised {
                    feed.revised.insert(slot);
                }
                // The answer that the server gave to the earlier process.
                let _ = feed.answered(slot, Ok(place), now);
            }
        }
        let watch = estate.watch.map(|(subscription, id)| Place { subscription, id });
        if let Some(place) = watch.filter(|place| is_taken(&feed, place)) {
            feed.watch = Item::Created { place, was_missed: false };
        }
        feed
    }

    /// Holds the items of a subscription against what the server says it has: pairs of its id and our handle. What is
    /// missing is wanted again, what nobody knows of is an orphan. The slots that were missing.
    pub fn verify(&mut self, id: u32, listed: &[(u32, u32)]) -> Vec<u32> {
        let mut missing: HashMap<u32, Place> =
            self.slots_of(id).filter_map(|slot| Some((slot, self.items.get(slot as usize)?.place()?))).collect();
        let mut has_watch = false;
        for (server, handle) in listed {
            let place = Place { subscription: id, id: *server };
            if model_event::is_handle(*handle) {
                has_watch |= self.watch.place() == Some(place);
                if self.watch.place() != Some(place) {
                    self.orphans.push(place);
                }
                continue;
            }
            let slot = item_request::slot(*handle).filter(|slot| (*slot as usize) < self.items.len());
            match slot.map(|slot| (slot, self.items[slot as usize])) {
                Some((slot, item)) if item.place() == Some(place) => {
                    missing.remove(&slot);
                }
                // It was created, and whoever asked for it did not hear the answer.
                Some((slot, Item::Wanted { .. })) => {
                    let _ = self.answered(slot, Ok(place), Duration::ZERO);
                }
                _ => self.orphans.push(place),
            }
        }
        if self.watch.subscription() == Some(id) && !has_watch {
            self.watch = Item::Wanted { attempts: 0 };
        }
        for slot in missing.keys() {
            self.items[*slot as usize] = Item::Wanted { attempts: 0 };
        }
        self.orphans.sort_by_key(|place| (place.subscription, place.id));
        self.orphans.dedup();
        self.is_book_old = true;
        self.look_again();
        let mut missing: Vec<u32> = missing.into_keys().collect();
        missing.sort_unstable();
        missing
    }

    /// A subscription that an earlier process created has nothing more to say: items without a value are read once.
    pub fn ask_unheard(&mut self, id: u32, now: Duration) {
        let Some(at) = self.position(id).filter(|at| self.subscriptions[*at].is_inherited) else { return };
        self.subscriptions[at].is_inherited = false;
        let is_unheard = |slot: &u32| matches!(self.items[*slot as usize], Item::Created { .. });
        let unheard: Vec<u32> = self.slots_of(id).filter(is_unheard).collect();
        if !unheard.is_empty() {
            self.unheard.extend(unheard);
            self.read_at = Some(now);
        }
    }
}

/// Puts what was found into the order of an earlier process's slots. For each of those, whether it is still wanted; one that
/// is not stays empty: its values may still be on their way.
fn arrange(found: &mut Found, left: &[LeftItem]) -> Vec<bool> {
    let items = std::mem::take(&mut found.discovery.items);
    let bindings = std::mem::take(&mut found.bindings);
    let mut places: HashMap<(String, String), Vec<usize>> = HashMap::new();
    for (slot, one) in left.iter().enumerate().rev() {
        places.entry((one.node.clone(), one.how.clone())).or_default().push(slot);
    }
    let mut arranged: Vec<Option<(FoundItem, ItemBinding)>> = left.iter().map(|_| None).collect();
    for (item, binding) in items.into_iter().zip(bindings) {
        let key = (item.node.clone(), how(&item, &binding));
        match places.get_mut(&key).and_then(Vec::pop) {
            Some(slot) => arranged[slot] = Some((item, binding)),
            None => arranged.push(Some((item, binding))),
        }
    }
    let is_wanted = arranged.iter().take(left.len()).map(Option::is_some).collect();
    let filled = arranged.into_iter().enumerate().map(|(slot, one)| {
        one.unwrap_or_else(|| vacant(left.get(slot).map_or_else(String::new, |left| left.node.clone())))
    });
    (found.discovery.items, found.bindings) = filled.unzip();
    is_wanted
}

/// An item that feeds nobody.
fn vacant(node: String) -> (FoundItem, ItemBinding) {
    let data_type = DataType { node: String::new(), built_in: BuiltInType::Variant, enumeration: None };
    let (targets, mode) = (Vec::new(), ItemMode::Monitored);
    let item = FoundItem { node, targets, mode, data_type, value_rank: -2, unit: None };
    let node = NodeId::null();
    (item, ItemBinding { node, sampling: None, queue: None, deadband: None, eu_range: None, events: None })
}

#[cfg(test)]
#[path = "inherit_tests.rs"]
mod tests;
