//! `head`: number and hash of the last record of the audit, in two slots that are written in turn.

use super::Mark;
use super::line::{hex, unhex};
use crate::port::{Disk, DiskFile};
use sha2::{Digest as _, Sha256};
use std::io;
use std::path::Path;

const NAME: &str = "head";
const SLOT: u64 = 128;

#[derive(Debug)]
pub(super) struct Head {
    file: Box<dyn DiskFile>,
    mark: Option<Mark>,
}

impl Head {
    pub(super) fn open(disk: &dyn Disk, directory: &Path) -> io::Result<Self> {
        let path = directory.join(NAME);
        let file = match disk.open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let file = disk.create(&path, 2 * SLOT)?;
                file.sync()?;
                disk.sync_directory(directory)?;
                file
            }
            other => other?,
        };
        let mark = newest(&*file)?;
        Ok(Self { file, mark })
    }

    /// The last record, as far as it was noted.
    pub(super) fn mark(&self) -> Option<Mark> {
        self.mark
    }

    /// Notes the last record. It is not waited for: one that is behind says less, and never something wrong.
    pub(super) fn write(&mut self, mark: Mark) {
        let body = format!("{:020} {}", mark.0, hex(&mark.1));
        let text = format!("{body} {}\n", check(&body));
        if self.file.write_at((mark.0 % 2) * SLOT, text.as_bytes()).is_ok() {
            self.mark = Some(mark);
        }
    }
}

/// The mark beside an audit; `None`: there is none that can be read.
pub(super) fn read(disk: &dyn Disk, directory: &Path) -> io::Result<Option<Mark>> {
    match disk.open_to_read(&directory.join(NAME)) {
        Ok(file) => newest(&*file),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn newest(file: &dyn DiskFile) -> io::Result<Option<Mark>> {
    let mut bytes = [0; 2 * SLOT as usize];
    let read = file.read_at(0, &mut bytes)?;
    Ok(bytes[..read].chunks(SLOT as usize).filter_map(slot).max_by_key(|(seq, _)| *seq))
}

fn slot(bytes: &[u8]) -> Option<Mark> {
    let line = bytes.split(|byte| *byte == b'\n').next()?;
    let text = std::str::from_utf8(line).ok()?;
    let (body, own) = text.rsplit_once(' ')?;
    let (seq, hash) = body.split_once(' ')?;
    (own == check(body)).then_some((seq.parse().ok()?, unhex(hash)?))
}

fn check(body: &str) -> String {
    let digest: [u8; 32] = Sha256::digest(body.as_bytes()).into();
    hex(&digest)[..16].to_owned()
}
