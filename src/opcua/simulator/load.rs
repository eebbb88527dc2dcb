//! Plain variables that change at a given rate, in turn; each counts its own changes, so that a receiver can tell
//! whether one is missing.

use super::companion::{Namespace, types};
use super::space::{Link, Place, Space};
use ::opcua::types::{DataTypeId, NodeId};
use std::time::Duration;

/// Node ids of a machine's variables begin at its number times this.
const IDS_PER_MACHINE: u32 = 1_000_001;

/// All load variables of the server.
#[derive(Debug, Default)]
pub(super) struct LoadSource {
    nodes: Vec<NodeId>,
    /// Changes per second of each node.
    rate: u32,
    /// Changes written so far.
    written: u64,
}

impl LoadSource {
    pub(super) fn new(rate: u32) -> Self {
        Self { nodes: Vec::new(), rate, written: 0 }
    }

    /// Writes the variables of one machine, numbered from 1.
    pub(super) fn add(&mut self, space: &mut Space<'_>, root: &Place, machine: usize, variables: usize) {
        if variables == 0 {
            return;
        }
        let namespace = space.index(Namespace::Machine);
        let load = space.object(root, Link::Component, (Namespace::Machine, "Load"), types::FOLDER);
        let first = (machine as u32).wrapping_mul(IDS_PER_MACHINE);
        for number in 0..variables {
            let node = NodeId::new(namespace, first.wrapping_add(number as u32));
            let name = format!("Variable {}", number + 1);
            let (kind, double) = (types::BASE_DATA_VARIABLE, DataTypeId::Double.into());
            let name = (Namespace::Machine, name.as_str());
            space.plain_variable(&load, Link::Component, &node, name, kind, double, 0.0_f64.into());
            self.nodes.push(node);
        }
    }

    /// What has to change now that the server runs for `elapsed`: node and its new count. At most one change of each
    /// variable, so that none hides another; call again while it gives something.
    pub(super) fn due(&mut self, elapsed: Duration) -> impl ExactSizeIterator<Item = (&NodeId, f64)> {
        let count = self.nodes.len() as u64;
        let target = (elapsed.as_secs_f64() * f64::from(self.rate) * count as f64) as u64;
        let first = self.written;
        let due = target.saturating_sub(first).min(count);
        self.written += due;
        let nodes = &self.nodes;
        (0..due as usize).map(move |offset| {
            let change = first + offset as u64;
            (&nodes[(change % count) as usize], (change / count + 1) as f64)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variable_changes_in_turn_and_counts_its_changes() {
        let nodes = (0..3).map(|number| NodeId::new(1, number as u32)).collect();
        let mut load = LoadSource { nodes, rate: 3, written: 0 };
        let mut changes = Vec::new();
        for milliseconds in (0..=1000).step_by(50) {
            loop {
                let due: Vec<_> =
                    load.due(Duration::from_millis(milliseconds)).map(|(id, n)| (id.clone(), n)).collect();
                if due.is_empty() {
                    break;
                }
                changes.extend(due);
            }
        }
        let expected: Vec<_> =
            (0..9_u32).map(|change| (NodeId::new(1, change % 3), f64::from(change / 3 + 1))).collect();
        assert_eq!(changes, expected);
    }

    #[test]
    fn without_variables_nothing_is_due() {
        assert_eq!(LoadSource::new(1000).due(Duration::from_secs(5)).len(), 0);
    }
}
