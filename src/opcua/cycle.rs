//! Cyclic reads: a variable that the server has but cannot monitor is read again and again, and handed on when its value
//! or status has changed, as a subscription would (OPC 10000-4 §7.22.2, trigger StatusValue).
//!
//! An item stays refused meanwhile and is asked for again like any other that was: when the server has room for it, the
//! reads end by themselves. What a deadband would hold back is handed on; what changes twice between two reads is seen once.

use super::browse::Browser;
use super::feed::Feed;
use super::item::Item;
use super::publish::{Ended, Loop, Publisher};
use super::read::read_values;
use super::recheck::Cause;
use super::survey::READ_BATCH;
use crate::finding::Finding;
use crate::port::SourceEvent;
use ::opcua::types::{Error, NodeId, StatusCode};
use futures::future::BoxFuture;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// No item is read more often, whatever its sampling interval.
const INTERVAL_MIN: Duration = Duration::from_millis(100);
/// After calls that failed: once this, then twice of it, and so on.
const PAUSE_FIRST: Duration = Duration::from_secs(1);
const PAUSE_LONGEST: Duration = Duration::from_secs(30);

/// Whether a server that refuses an item like this may still have its value: it knows no subscriptions, or has no room.
#[must_use]
pub fn is_readable(status: u32) -> bool {
    [
        StatusCode::BadServiceUnsupported,
        StatusCode::BadNotSupported,
        StatusCode::BadNotImplemented,
        StatusCode::BadSubscriptionIdInvalid,
        StatusCode::BadTooManySubscriptions,
        StatusCode::BadTooManyMonitoredItems,
    ]
    .iter()
    .any(|readable| readable.bits() == status & 0xFFFF_0000)
}

/// One answer: slot, the node that was read, the bytes of its `DataValue`.
type Answer = (u32, NodeId, Vec<u8>);

/// A read that has ended.
pub(super) struct Done {
    took: Duration,
    answers: Result<Vec<Answer>, Error>,
}

/// What the loop has to do next.
pub(super) enum Step {
    Due,
    Done(Done),
}

/// What is read, and when.
#[derive(Default)]
pub(super) struct Cycle {
    items: HashMap<u32, Cyclic>,
    reading: Option<BoxFuture<'static, Done>>,
    /// Nothing is due before.
    next: Duration,
    /// Reads in a row that failed.
    failed: u32,
}

struct Cyclic {
    node: NodeId,
    interval: Duration,
    due: Duration,
    /// Value and status of the last read as the server wrote them; empty before the first.
    last: Vec<u8>,
}

impl Cycle {
    #[must_use]
    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Waits for a read that is under way, or until one is due; `None` when nothing is read cyclically.
    pub(super) async fn step(&mut self, now: Duration) -> Option<Step> {
        if let Some(reading) = &mut self.reading {
            let done = reading.await;
            self.reading = None;
            return Some(Step::Done(done));
        }
        if self.items.is_empty() {
            return None;
        }
        tokio::time::sleep(self.next.saturating_sub(now)).await;
        Some(Step::Due)
    }

    /// Takes up what the server refuses to monitor by now, and leaves what it monitors again. An item that goes on keeps
    /// its last value.
    fn follow(&mut self, feed: &Feed, now: Duration) {
        let mut before = std::mem::take(&mut self.items);
        for ((slot, item), binding) in (0..).zip(&feed.items).zip(feed.bindings.iter()) {
            if !matches!(item, Item::Refused { status, .. } if is_readable(*status)) {
                continue;
            }
            let known = before.remove(&slot).filter(|known| known.node == binding.node);
            let cyclic = known.unwrap_or_else(|| {
                self.next = self.next.min(now);
                let interval = binding.sampling.unwrap_or(feed.terms.publishing_interval).max(INTERVAL_MIN);
                Cyclic { node: binding.node.clone(), interval, due: now, last: Vec::new() }
            });
            self.items.insert(slot, cyclic);
        }
    }

    /// What is due now, in the order of the slots; what does not fit into one batch stays due.
    fn take_due(&mut self, now: Duration) -> Vec<(u32, NodeId)> {
        let is_due = |cyclic: &Cyclic| cyclic.due <= now;
        let due = self.items.iter().filter(|(_, cyclic)| is_due(cyclic));
        let mut due: Vec<(Duration, u32)> = due.map(|(slot, cyclic)| (cyclic.due, *slot)).collect();
        // Who waits longest comes first.
        due.sort_unstable();
        due.truncate(READ_BATCH);
        due.sort_unstable_by_key(|(_, slot)| *slot);
        let taken = due.into_iter().filter_map(|(_, slot)| {
            let cyclic = self.items.get_mut(&slot)?;
            cyclic.due = now + cyclic.interval;
            Some((slot, cyclic.node.clone()))
        });
        taken.collect()
    }

    /// Those whose value or status is another than at the read before.
    fn changed(&mut self, answers: Vec<Answer>) -> Vec<(u32, Vec<u8>)> {
        let changed = answers.into_iter().filter_map(|(slot, node, bytes)| {
            let cyclic = self.items.get_mut(&slot).filter(|cyclic| cyclic.node == node)?;
            let content = content(&bytes);
            if content == cyclic.last {
                return None;
            }
            cyclic.last = content;
            Some((slot, bytes))
        });
        changed.collect()
    }

    /// No read before the server had as long for itself as the last one took; after failures longer.
    fn rest(&mut self, took: Duration, now: Duration) {
        let earliest = now + if self.failed > 0 { pause(self.failed) } else { took };
        let due = self.items.values().map(|cyclic| cyclic.due).min().unwrap_or(Duration::MAX);
        self.next = due.max(earliest);
    }
}

fn pause(failed: u32) -> Duration {
    PAUSE_FIRST.saturating_mul(1 << failed.saturating_sub(1).min(16)).min(PAUSE_LONGEST)
}

/// A `DataValue` without its times (OPC 10000-6 §5.2.2.17): the mask says which of them stand at its end.
fn content(bytes: &[u8]) -> Vec<u8> {
    let Some((mask, rest)) = bytes.split_first() else { return vec![0] };
    let size = |bit: u8, size: usize| if mask & (1 << bit) == 0 { 0 } else { size };
    let times = size(2, 8) + size(3, 8) + size(4, 2) + size(5, 2);
    let mut content = vec![mask & 3];
    // A damaged one is compared as it is.
    content.extend(rest.get(..rest.len().saturating_sub(times)).unwrap_or(rest));
    content
}

impl Publisher<'_> {
    /// What is read cyclically follows from what the server monitors; told when it begins and when it ends.
    pub(super) async fn follow(&mut self, state: &mut Loop) -> Result<(), Ended> {
        let before = state.cycle.items.len();
        state.cycle.follow(self.feed, self.outside.now());
        let count = state.cycle.items.len();
        self.outside.counters.items_cyclic.set(count as u64);
        let first = state.cycle.items.iter().min_by_key(|(slot, _)| **slot);
        let finding = match first {
            Some((slot, cyclic)) if before == 0 => {
                let status = match self.feed.items.get(*slot as usize) {
                    Some(Item::Refused { status, .. }) => StatusCode::from(*status),
                    _ => StatusCode::BadNotSupported,
                };
                let node = self.feed.discovery.items.get(*slot as usize).map_or("", |item| item.node.as_str());
                Finding::warning("QIAO-O080", &self.outside.name)
                    .with("count", count)
                    .with("status", status)
                    .with("node", node)
                    .with("interval", format!("{} ms", cyclic.interval.as_millis()))
            }
            None if before > 0 => Finding::note("QIAO-O081", &self.outside.name),
            _ => return Ok(()),
        };
        Ok(self.outside.emit(SourceEvent::Finding(finding)).await?)
    }

    /// Does what the cycle asks for.
    pub(super) async fn cycle(&mut self, state: &mut Loop, step: Step) -> Result<(), Ended> {
        match step {
            Step::Done(done) => self.was_read(state, done).await,
            Step::Due => {
                self.read_due(state);
                Ok(())
            }
        }
    }

    /// Reads what is due.
    fn read_due(&mut self, state: &mut Loop) {
        let now = self.outside.now();
        let wanted = state.cycle.take_due(now);
        if wanted.is_empty() {
            return state.cycle.rest(Duration::ZERO, now);
        }
        let (session, limits) = (Arc::clone(&state.session), Arc::clone(self.limits));
        let (stop, clock) = (self.outside.stop.clone(), self.outside.clock);
        state.cycle.reading = Some(Box::pin(async move {
            let browser = Browser { session: &session, limits: &limits, stop: &stop, references_max: usize::MAX };
            let nodes: Vec<NodeId> = wanted.iter().map(|(_, node)| node.clone()).collect();
            let answers = read_values(&browser, &nodes).await;
            let pair =
                |values: Vec<Vec<u8>>| wanted.into_iter().zip(values).map(|((slot, node), value)| (slot, node, value));
            Done {
                took: clock.now().monotonic.saturating_sub(now),
                answers: answers.map(|values| pair(values).collect()),
            }
        }));
    }

    /// A read has ended: what changed is handed on.
    async fn was_read(&mut self, state: &mut Loop, done: Done) -> Result<(), Ended> {
        let now = self.outside.now();
        let answers = match done.answers {
            Ok(answers) => answers,
            Err(error) if [StatusCode::BadSessionIdInvalid, StatusCode::BadSessionClosed].contains(&error.status()) => {
                return Err(Ended::SessionGone);
            }
            Err(error) => {
                self.outside.counters.service_errors.add(1);
                state.cycle.failed = state.cycle.failed.saturating_add(1);
                state.cycle.rest(done.took, now);
                if state.cycle.failed > 1 {
                    return Ok(());
                }
                let finding = Finding::warning("QIAO-O082", &self.outside.name).with("status", error.status());
                return Ok(self.outside.emit(SourceEvent::Finding(finding)).await?);
            }
        };
        state.cycle.failed = 0;
        let changed = state.cycle.changed(answers);
        state.cycle.rest(done.took, now);
        if !changed.is_empty() && self.feed.take_read(&changed, self.outside).await? {
            self.feed.recheck.ask(Cause::Suspected, now);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::opcua::types::{BinaryEncodable, ContextOwned, DataValue, DateTime, Variant};

    fn bytes(value: i32, status: Option<StatusCode>, seconds: i64) -> Vec<u8> {
        let at = |ticks| Some(DateTime::from(133_000_000_000_000_000 + ticks));
        let value = DataValue {
            value: Some(Variant::Int32(value)),
            status,
            source_timestamp: at(seconds * 7),
            source_picoseconds: (seconds > 5).then_some(9),
            server_timestamp: at(seconds),
            server_picoseconds: (seconds > 7).then_some(8),
        };
        value.encode_to_vec(&ContextOwned::default().context())
    }

    #[test]
    fn times_alone_are_no_change() {
        let first = content(&bytes(1, None, 1));
        for seconds in [2, 6, 8] {
            assert_eq!(content(&bytes(1, None, seconds)), first);
        }
        assert_ne!(content(&bytes(2, None, 1)), first);
        assert_ne!(content(&bytes(1, Some(StatusCode::Uncertain), 1)), first);
        assert_eq!((content(&[]), content(&[0x3F, 1])), (vec![0], vec![3]));
    }

    #[test]
    fn what_fails_is_tried_ever_more_seldom() {
        let pauses: Vec<u64> = [1, 2, 3, 6, 40].map(|failed| pause(failed).as_secs()).to_vec();
        assert_eq!(pauses, [1, 2, 4, 30, 30]);
    }

    #[test]
    fn items_of_different_intervals_are_read_when_they_are_due_and_never_without_a_pause() {
        let node = |number: u32| NodeId::new(1, number);
        let mut cycle = Cycle::default();
        for (slot, interval) in [(0, 100), (1, 250)] {
            let interval = Duration::from_millis(interval);
            let cyclic = Cyclic { node: node(slot), interval, due: Duration::ZERO, last: Vec::new() };
            cycle.items.insert(slot, cyclic);
        }
        let at = Duration::from_millis;
        let slots = |cycle: &mut Cycle, now| cycle.take_due(now).into_iter().map(|(slot, _)| slot).collect::<Vec<_>>();
        assert_eq!(slots(&mut cycle, at(10)), [0, 1]);
        cycle.rest(at(5), at(15));
        assert_eq!(cycle.next, at(110));
        assert_eq!(slots(&mut cycle, at(110)), [0]);
        // The call took longer than the interval: the server has as long for itself.
        cycle.rest(at(300), at(410));
        assert_eq!(cycle.next, at(710));
        assert_eq!(slots(&mut cycle, at(710)), [0, 1]);
    }

    #[test]
    fn a_value_that_was_asked_for_under_another_node_is_not_taken() {
        let mut cycle = Cycle::default();
        let now = Duration::ZERO;
        let cyclic = Cyclic { node: NodeId::new(1, 5_u32), interval: now, due: now, last: Vec::new() };
        cycle.items.insert(3, cyclic);
        assert!(cycle.changed(vec![(3, NodeId::new(1, 6_u32), bytes(1, None, 1))]).is_empty());
        assert!(cycle.changed(vec![(4, NodeId::new(1, 5_u32), bytes(1, None, 1))]).is_empty());
        let value = (3, NodeId::new(1, 5_u32), bytes(1, None, 1));
        assert_eq!(cycle.changed(vec![value.clone()]).len(), 1);
        assert!(cycle.changed(vec![value]).is_empty(), "nothing new");
    }
}
