//! The echo of one's own write: the value comes back by the subscription. It is published once, marked, and what it says
//! never becomes a command.

use super::breaker::Breakers;
use crate::config::plan::{Plan, WriteTarget};
use crate::guard::Value;
use crate::model::{Batch, Discovery, Scalar};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A value that does not come back in this time was not ours.
const WITHIN: Duration = Duration::from_secs(30);
/// Values that may be waited for, of all nodes.
const EXPECTED: usize = 256;

/// What was written and may come back; shared by those who write and those who read.
#[derive(Clone, Debug)]
pub struct Echoes {
    began: Instant,
    /// Nodes that may be written, by connection.
    nodes: Arc<BTreeMap<u16, BTreeSet<String>>>,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    expected: VecDeque<Expected>,
    breakers: Breakers,
}

#[derive(Debug)]
struct Expected {
    number: u64,
    connection: u16,
    node: String,
    value: Value,
    since: Instant,
}

impl Default for Echoes {
    fn default() -> Self {
        Self { began: Instant::now(), nodes: Arc::default(), state: Arc::default() }
    }
}

impl Echoes {
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        let mut nodes: BTreeMap<u16, BTreeSet<String>> = BTreeMap::new();
        for entry in &plan.writes.entries {
            if let WriteTarget::Node { connection, node } = &entry.to {
                nodes.entry(*connection).or_default().insert(node.clone());
            }
        }
        Self { nodes: Arc::new(nodes), ..Self::default() }
    }

    /// Which slots of a discovery are nodes that may be written.
    #[must_use]
    pub fn slots(&self, connection: u16, discovery: &Discovery) -> Vec<(u32, String)> {
        let Some(nodes) = self.nodes.get(&connection) else { return Vec::new() };
        let slots = (0..).zip(&discovery.items).filter(|(_, item)| nodes.contains(&item.node));
        slots.map(|(slot, item)| (slot, item.node.clone())).collect()
    }

    /// The value is about to be written; its number, to take that back.
    pub(super) fn expect(&self, connection: u16, node: &str, value: &Value) -> u64 {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let number = state.expected.back().map_or(0, |last| last.number) + 1;
        let (node, value, since) = (node.to_owned(), value.clone(), Instant::now());
        state.expected.push_back(Expected { number, connection, node, value, since });
        if state.expected.len() > EXPECTED {
            state.expected.pop_front();
        }
        number
    }

    /// It was not written.
    pub(super) fn withdraw(&self, number: u64) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.expected.retain(|expected| expected.number != number);
    }

    /// The target is about to be written; whether that makes a loop of it.
    pub(super) fn makes_loop(&self, target: &str) -> bool {
        let now = self.began.elapsed();
        self.state.lock().unwrap_or_else(PoisonError::into_inner).breakers.writes(target, now)
    }

    /// Marks the values of a batch that are echoes; how many they are.
    pub fn mark(&self, connection: u16, slots: &[(u32, String)], batch: &mut Batch) -> u64 {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.expected.is_empty() || batch.is_back_filled {
            return 0;
        }
        state.expected.retain(|expected| expected.since.elapsed() <= WITHIN);
        for (at, sample) in (0u32..).zip(&batch.samples) {
            let Some((_, node)) = slots.iter().find(|(slot, _)| *slot == sample.slot) else { continue };
            let is_it = |expected: &Expected| {
                expected.connection == connection
                    && expected.node == *node
                    && is_same(&expected.value, sample.scalar, &batch.arena)
            };
            let Some(position) = state.expected.iter().position(is_it) else { continue };
            // What was written before it to the same node was overtaken.
            let number = state.expected[position].number;
            let of_node = |expected: &Expected| expected.connection == connection && expected.node == *node;
            state.expected.retain(|expected| expected.number > number || !of_node(expected));
            let target = WriteTarget::Node { connection, node: node.clone() };
            let now = self.began.elapsed();
            state.breakers.echoed(&target.key(), now);
            batch.echoes.push(at);
        }
        batch.echoes.len() as u64
    }
}

fn is_same(wanted: &Value, scalar: Scalar, arena: &[u8]) -> bool {
    let is_inline = !matches!(scalar, Scalar::Text(..) | Scalar::Bytes(_) | Scalar::Tree(_));
    let arena = if is_inline { Vec::new() } else { arena.to_vec() };
    wanted.is(&Value { scalar, arena })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{BuiltInType, Sample, Timestamp};

    fn batch(values: &[(u32, i64)]) -> Batch {
        let sample = |(slot, value): &(u32, i64)| Sample {
            slot: *slot,
            status: 0,
            source_time: Timestamp::NONE,
            server_time: Timestamp::NONE,
            scalar: Scalar::I64(BuiltInType::Int32, *value),
        };
        Batch { samples: values.iter().map(sample).collect(), ..Batch::default() }
    }

    #[test]
    fn row_58_a_value_that_was_written_is_an_echo_once() {
        let echoes = Echoes::default();
        let slots = [(3, "nsu=urn:l;s=A".to_owned()), (4, "nsu=urn:l;s=B".to_owned())];
        let value = |number| Value { scalar: Scalar::I64(BuiltInType::Int32, number), arena: Vec::new() };
        echoes.expect(1, "nsu=urn:l;s=A", &value(7));
        echoes.expect(1, "nsu=urn:l;s=A", &value(8));
        let dropped = echoes.expect(1, "nsu=urn:l;s=B", &value(7));
        echoes.withdraw(dropped);
        let mark = |connection, values: &[(u32, i64)]| {
            let mut batch = batch(values);
            echoes.mark(connection, &slots, &mut batch);
            batch.echoes
        };
        assert_eq!(mark(2, &[(3, 8)]), [0; 0], "another machine");
        assert_eq!(mark(1, &[(4, 7), (5, 8)]), [0; 0], "not written, and another node");
        assert_eq!(mark(1, &[(4, 1), (3, 8)]), [1]);
        assert_eq!(mark(1, &[(3, 8), (3, 7)]), [0; 0], "once, and what it overtook does not come");
    }
}
