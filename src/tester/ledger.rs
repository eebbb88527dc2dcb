//! The consumer's file: one message a line, synced one by one, so that what was acknowledged is there after any crash.

use super::arrival::Arrival;
use crate::port::{Disk, DiskFile};
use std::io;
use std::path::Path;

/// The first line: says what the file is, and that it is no empty file.
const HEADER: &[u8] = b"qiao ledger 1\n";

/// A ledger that is written.
#[derive(Debug)]
pub struct Ledger {
    file: Box<dyn DiskFile>,
    end: u64,
}

impl Ledger {
    /// Opens a ledger to go on with it, or begins one; the part of a line that a crash left is cut off.
    pub fn open(disk: &dyn Disk, path: &Path) -> io::Result<Self> {
        let file = match disk.open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let file = disk.create(path, HEADER.len() as u64)?;
                file.write_at(0, HEADER)?;
                file.sync()?;
                disk.sync_directory(path.parent().unwrap_or(path))?;
                file
            }
            other => other?,
        };
        let text = content(&*file)?;
        let end = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1) as u64;
        file.truncate(end)?;
        Ok(Self { file, end })
    }

    /// Takes a message down. When this returns it is there for good.
    pub fn take(&mut self, arrival: &Arrival) -> io::Result<()> {
        let mut line = serde_json::to_vec(arrival)?;
        line.push(b'\n');
        self.file.write_at(self.end, &line)?;
        self.file.sync()?;
        self.end += line.len() as u64;
        Ok(())
    }
}

/// Every message of a ledger, in order; somebody may be writing it.
pub fn read(disk: &dyn Disk, path: &Path) -> io::Result<Vec<Arrival>> {
    let text = match disk.open_to_read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        file => content(&*file?)?,
    };
    // Behind the last end of a line there is nothing, or what was not synced.
    let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let lines = text[..whole].split(|byte| *byte == b'\n').skip(1).filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_slice(line).map_err(io::Error::from)).collect()
}

fn content(file: &dyn DiskFile) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; usize::try_from(file.bytes()?).map_err(io::Error::other)?];
    let count = file.read_at(0, &mut bytes)?;
    bytes.truncate(count);
    Ok(bytes)
}
