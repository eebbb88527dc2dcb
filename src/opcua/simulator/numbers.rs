//! `Objects/Sequence`: nodes that miss no number, and a log of what was queued of them.

use super::companion::{Namespace, types};
use super::sequence;
use super::space::{Link, Space};
use crate::model::Timestamp;
use ::opcua::types::{DataTypeId, NodeId, Variant};
use std::sync::{Arc, Mutex, PoisonError};

/// Nodes `N0`, `N1` … of type UInt64, which rise together several times a second.
#[derive(Clone, Debug)]
pub struct Numbers {
    pub nodes: usize,
    /// Goes on with what an earlier server counted.
    pub log: Arc<NumberLog>,
}

/// What was queued for whoever monitors, over all servers that share it: source time of each number, from 0 on.
#[derive(Debug, Default)]
pub struct NumberLog(Mutex<Vec<Timestamp>>);

impl NumberLog {
    /// The times so far.
    #[must_use]
    pub fn times(&self) -> Vec<Timestamp> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The next number and its time, which is later than that of the one before.
    fn next(&self, now: Timestamp) -> (u32, Timestamp) {
        let times = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let time = times.last().map_or(now, |last| now.max(Timestamp(last.0 + 1)));
        (times.len() as u32, time)
    }

    fn queued(&self, time: Timestamp) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(time);
    }
}

/// The nodes in the address space.
#[derive(Debug, Default)]
pub(super) struct NumberSource {
    nodes: Vec<(String, NodeId)>,
    log: Arc<NumberLog>,
}

impl NumberSource {
    /// Writes the nodes.
    pub(super) fn new(space: &mut Space<'_>, numbers: Option<&Numbers>) -> Self {
        let Some(numbers) = numbers else { return Self::default() };
        let objects = space.objects();
        let root = space.object(&objects, Link::Organized, (Namespace::Machine, "Sequence"), types::FOLDER);
        let nodes = (0..numbers.nodes).map(|at| {
            let name = format!("N{at}");
            let (kind, unsigned) = (types::BASE_DATA_VARIABLE, DataTypeId::UInt64.into());
            let place = (Namespace::Machine, name.as_str());
            let variable = space.variable(&root, Link::Component, place, kind, unsigned, Variant::Empty);
            (name, variable.id)
        });
        Self { nodes: nodes.collect(), log: Arc::clone(&numbers.log) }
    }

    /// Gives `write` the next number of every node and its time; it counts as queued when that went well.
    pub(super) fn count<E>(
        &self,
        now: Timestamp,
        write: impl FnOnce(Vec<(&NodeId, Variant)>, Timestamp) -> Result<(), E>,
    ) -> Result<(), E> {
        if self.nodes.is_empty() {
            return Ok(());
        }
        let (number, time) = self.log.next(now);
        let values = self.nodes.iter().map(|(name, node)| (node, Variant::from(sequence::value(name, number))));
        write(values.collect(), time)?;
        self.log.queued(time);
        Ok(())
    }
}
