//! From the slot of a sample to the fields it fills, without a search.

use super::stream::Stream;
use super::watch::Watch;
use crate::model::Discovery;
use std::collections::HashSet;

/// Where the values of a slot go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fill {
    /// A field of a stream.
    Field { stream: u32, field: u32 },
    /// A list of alarms, whose changes are told.
    Watch { watch: u32 },
    /// No field of this flow takes them.
    Nothing { flow: u16 },
}

/// For every slot of one discovery the fields it fills.
#[derive(Debug, Default)]
pub(super) struct Routes {
    /// Where the fills of a slot begin; one more at the end.
    starts: Vec<u32>,
    fills: Vec<Fill>,
}

impl Routes {
    pub(super) fn new(discovery: &Discovery, streams: &[Stream], watches: &[Watch]) -> Self {
        let mut by_slot: Vec<(u32, Fill)> = Vec::new();
        let mut filled: HashSet<(u32, u16)> = HashSet::new();
        for stream in streams {
            for (slot, field) in stream.layout.by_slot() {
                by_slot.push((slot, Fill::Field { stream: stream.index, field }));
                filled.insert((slot, stream.outlet.flow));
            }
        }
        for (at, watch) in (0..).zip(watches) {
            for slot in &watch.slots {
                by_slot.push((*slot, Fill::Watch { watch: at }));
                filled.insert((*slot, watch.flow));
            }
        }
        for (slot, item) in (0..).zip(&discovery.items) {
            let machines = item.targets.iter().filter_map(|target| discovery.machines.get(target.machine as usize));
            for machine in machines {
                if filled.insert((slot, machine.flow)) {
                    by_slot.push((slot, Fill::Nothing { flow: machine.flow }));
                }
            }
        }
        by_slot.sort_by_key(|(slot, _)| *slot);
        let mut starts = vec![0; discovery.items.len() + 1];
        for (slot, _) in &by_slot {
            if let Some(start) = starts.get_mut(*slot as usize + 1) {
                *start += 1;
            }
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        Self { starts, fills: by_slot.into_iter().map(|(_, fill)| fill).collect() }
    }

    /// The fills of a slot; none for a slot that is not of this discovery.
    pub(super) fn of(&self, slot: u32) -> &[Fill] {
        let at = slot as usize;
        match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(start), Some(end)) => self.fills.get(*start as usize..*end as usize).unwrap_or_default(),
            _ => &[],
        }
    }
}
