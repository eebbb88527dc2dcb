//! An open file of the disk in memory.

use super::{Change, FakeDisk, Fault, refused};
use crate::port::DiskFile;
use std::io;
use std::sync::Arc;

#[derive(Debug)]
pub(super) struct FakeFile {
    pub(super) disk: FakeDisk,
    pub(super) file: usize,
}

impl FakeFile {
    fn change(&self, change: Change) -> io::Result<()> {
        self.disk.pass_gate();
        let mut state = self.disk.state();
        let fault = state.call()?;
        let change = match (fault, change) {
            (Some(Fault::PowerLoss | Fault::Short(_)), Change::Write { at, bytes }) => {
                let keep = state.below(bytes.len() as u64 + 1) as usize;
                Change::Write { at, bytes: bytes[..keep].to_vec() }
            }
            (Some(fault), _) => return Err(refused(fault)),
            (None, change) => change,
        };
        let call = state.calls;
        let inode = &mut state.files[self.file];
        change.apply(Arc::make_mut(&mut inode.content));
        inode.unsynced.push((call, change));
        state.note();
        fault.map_or(Ok(()), |fault| Err(refused(fault)))
    }
}

impl DiskFile for FakeFile {
    fn bytes(&self) -> io::Result<u64> {
        let mut state = self.disk.state();
        state.read()?;
        Ok(state.files[self.file].content.len() as u64)
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        let mut state = self.disk.state();
        state.read()?;
        let rest = state.files[self.file].content.get(at as usize..).unwrap_or_default();
        let count = rest.len().min(into.len());
        into[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }

    fn write_at(&self, at: u64, bytes: &[u8]) -> io::Result<()> {
        self.change(Change::Write { at: at as usize, bytes: bytes.to_vec() })
    }

    fn truncate(&self, bytes: u64) -> io::Result<()> {
        self.change(Change::Length(bytes as usize))
    }

    fn sync(&self) -> io::Result<()> {
        self.disk.pass_gate();
        let mut state = self.disk.state();
        state.note();
        let fault = state.call()?;
        let changes = std::mem::take(&mut state.files[self.file].unsynced);
        let mut durable = std::mem::take(&mut state.files[self.file].durable);
        match fault {
            None => {
                let durable = Arc::make_mut(&mut durable);
                changes.iter().for_each(|(_, change)| change.apply(durable));
            }
            // What is lost now no later sync brings back, although programs still read it.
            Some(Fault::Error(_) | Fault::Short(_)) => state.keep_some(&changes, Arc::make_mut(&mut durable)),
            Some(Fault::PowerLoss) => state.files[self.file].unsynced = changes,
        }
        state.files[self.file].durable = durable;
        fault.map_or(Ok(()), |fault| Err(refused(fault)))
    }
}
