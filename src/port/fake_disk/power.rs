//! What is left of a disk when its power comes back.

use super::{Change, FakeDisk, Inode, State};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

/// What a disk may do with what was not synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reorder {
    /// It writes in the order in which it was told: a beginning survives, its last write cut short.
    Nothing,
    /// It writes in any order: each write and each name survives or not.
    Writes,
    /// It writes sector by sector in any order: of each write any part survives.
    Sectors,
}

/// All of them.
pub const REORDERS: [Reorder; 3] = [Reorder::Nothing, Reorder::Writes, Reorder::Sectors];

/// Small, so that short writes have several.
const SECTOR: usize = 64;

impl FakeDisk {
    /// Power goes and comes back: what was not synced survives in any combination, the last writes torn.
    #[must_use]
    pub fn reboot(&self, seed: u64) -> Self {
        self.lose_power(Reorder::Sectors, seed)
    }

    /// Power goes and comes back; what was not synced survives as this kind of disk and the seed say.
    #[must_use]
    pub fn lose_power(&self, reorder: Reorder, seed: u64) -> Self {
        let mut state = self.state();
        state.random = (seed << 1) | 1;
        let mut after = State { capacity: state.capacity, random: (seed << 1) | 1, ..State::default() };
        after.directories = state.directories.clone();
        let cut = state.cut();
        let mut names: BTreeMap<PathBuf, usize> = state.durable_names.clone();
        for (call, path, file) in state.unsynced_names.clone() {
            let survives = if reorder == Reorder::Nothing { call < cut } else { state.chance(2) };
            if survives {
                match file {
                    Some(file) => names.insert(path, file),
                    None => names.remove(&path),
                };
            }
        }
        for (path, file) in names {
            let inode = state.files[file].clone();
            let mut content = Arc::unwrap_or_clone(inode.durable);
            match reorder {
                Reorder::Nothing => state.keep_until(cut, &inode.unsynced, &mut content),
                Reorder::Writes => {
                    for (_, change) in &inode.unsynced {
                        if state.chance(2) {
                            change.apply(&mut content);
                        }
                    }
                }
                Reorder::Sectors => state.keep_some(&inode.unsynced, &mut content),
            }
            after.names.insert(path.clone(), after.files.len());
            after.files.push(Inode::of(content));
        }
        after.durable_names = after.names.clone();
        Self::of(after)
    }
}

impl State {
    /// One of the calls whose work is not durable yet, or the one after them: what is from before it survives.
    fn cut(&mut self) -> u64 {
        let of_files = self.files.iter().flat_map(|file| file.unsynced.iter().map(|(call, _)| *call));
        let calls: BTreeSet<u64> = of_files.chain(self.unsynced_names.iter().map(|(call, _, _)| *call)).collect();
        let at = self.below(calls.len() as u64 + 1) as usize;
        calls.into_iter().nth(at).unwrap_or(u64::MAX)
    }

    /// What is from before the cut is there, and a part of the write at it.
    fn keep_until(&mut self, cut: u64, changes: &[(u64, Change)], content: &mut Vec<u8>) {
        for (call, change) in changes.iter().filter(|(call, _)| *call <= cut) {
            match change {
                Change::Write { at, bytes } if *call == cut => {
                    let keep = self.below(bytes.len() as u64 + 1) as usize;
                    Change::Write { at: *at, bytes: bytes[..keep].to_vec() }.apply(content);
                }
                Change::Length(_) if *call == cut => {}
                change => change.apply(content),
            }
        }
    }

    /// Each change is kept, lost, cut short, or there in some of its sectors.
    pub(super) fn keep_some(&mut self, changes: &[(u64, Change)], content: &mut Vec<u8>) {
        for (_, change) in changes {
            match (self.below(4), change) {
                (0, _) | (2.., Change::Length(_)) => {}
                (1, change) => change.apply(content),
                (2, Change::Write { at, bytes }) => {
                    let keep = self.below(bytes.len() as u64 + 1) as usize;
                    Change::Write { at: *at, bytes: bytes[..keep].to_vec() }.apply(content);
                }
                (_, Change::Write { at, bytes }) => {
                    for (number, sector) in bytes.chunks(SECTOR).enumerate() {
                        if self.chance(2) {
                            let at = at + number * SECTOR;
                            Change::Write { at, bytes: sector.to_vec() }.apply(content);
                        }
                    }
                }
            }
        }
    }
}
