//! The journal of commands on disk: segments of a fixed size, `data_dir/commands/NNNNNNNN.journal`.
//!
//! A record: `QCMD`, the length of its body (4 bytes, little-endian), 16 bytes of a SHA-256 over segment, place, length
//! and body, the body as JSON, zeros up to a multiple of 8. The place is in the check: a record counts where it was written
//! and nowhere else. Segments are made with their room reserved: the end of a command that began finds its place.
//!
//! After an error nothing is written to a segment any more: what the disk kept of it is looked at when the journal is
//! opened, and a record that should not count is revoked in the next segment.

use super::Journalled;
use crate::port::{Disk, DiskFile};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const MARK: [u8; 4] = *b"QCMD";
const HEAD: usize = 24;
const ALIGNMENT: usize = 8;
const SUFFIX: &str = ".journal";
/// Longer bodies are damage.
const BODY_MAX: usize = 1 << 20;

/// One line of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Record {
    /// It may be sent from now on.
    Begin(Journalled),
    /// How it ended.
    End { id: String, at: i64, outcome: crate::guard::Outcome },
}

/// The log, open for writing.
#[derive(Debug)]
pub(super) struct Commands {
    disk: Arc<dyn Disk>,
    directory: PathBuf,
    segment_bytes: u64,
    segment: Option<(u64, Box<dyn DiskFile>)>,
    /// Where the next record goes.
    at: u64,
    /// Numbers of the segments that are there, and the newest time in each.
    segments: Vec<(u64, i64)>,
}

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub records: Vec<Record>,
    /// Places at which something stands that is no record.
    pub damaged: u64,
}

impl Commands {
    /// Reads all that is there; the next record begins a new segment.
    pub(super) fn open(disk: Arc<dyn Disk>, directory: PathBuf, segment_bytes: u64) -> io::Result<(Self, Found)> {
        disk.make_directory(&directory)?;
        // A process that was killed may have left names that are there and not durable.
        disk.sync_directory(&directory)?;
        let mut found = Found::default();
        let mut segments = Vec::new();
        for number in numbers(&*disk, &directory, SUFFIX)? {
            let bytes = read_whole(&*disk, &path_of(&directory, number, SUFFIX))?;
            let from = found.records.len();
            scan(&bytes, number, &mut found);
            let newest = found.records[from..].iter().map(Record::at).max().unwrap_or(i64::MIN);
            segments.push((number, newest));
        }
        Ok((Self { disk, directory, segment_bytes, segment: None, at: 0, segments }, found))
    }

    /// Writes records and makes them durable. After an error none of them counts, and the next call begins a new segment.
    pub(super) fn append(&mut self, records: &[Record]) -> io::Result<()> {
        let bodies = records.iter().map(serde_json::to_vec).collect::<Result<Vec<_>, _>>()?;
        let needed: u64 = bodies.iter().map(|body| stride(body.len())).sum();
        // Room for as much again stays: for the end of what begins.
        if self.segment.is_none() || self.at + 2 * needed > self.segment_bytes {
            self.next_segment(needed)?;
        }
        let result = self.write(&bodies);
        let newest = records.iter().map(Record::at).max().unwrap_or(i64::MIN);
        if let Some(last) = self.segments.last_mut() {
            last.1 = last.1.max(newest);
        }
        if result.is_err() {
            self.segment = None;
        }
        result
    }

    fn write(&mut self, bodies: &[Vec<u8>]) -> io::Result<()> {
        let Some((number, file)) = &self.segment else { return Err(io::ErrorKind::NotFound.into()) };
        let mut bytes = Vec::new();
        for body in bodies {
            let at = self.at + bytes.len() as u64;
            bytes.extend_from_slice(&MARK);
            bytes.extend_from_slice(&(body.len() as u32).to_le_bytes());
            bytes.extend_from_slice(&check(*number, at, body));
            bytes.extend_from_slice(body);
            bytes.resize(bytes.len().next_multiple_of(ALIGNMENT), 0);
        }
        file.write_at(self.at, &bytes)?;
        file.sync()?;
        self.at += bytes.len() as u64;
        Ok(())
    }

    fn next_segment(&mut self, needed: u64) -> io::Result<()> {
        self.segment = None;
        let number = self.segments.last().map_or(1, |(number, _)| number + 1);
        let path = path_of(&self.directory, number, SUFFIX);
        let file = match self.disk.create(&path, self.segment_bytes.max(4 * needed)) {
            // Made by an attempt that failed later; nothing was written to it.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => self.disk.open(&path)?,
            other => other?,
        };
        file.sync()?;
        self.disk.sync_directory(&self.directory)?;
        self.segments.push((number, i64::MIN));
        self.segment = Some((number, file));
        self.at = 0;
        Ok(())
    }

    /// Drops segments from the front whose newest record is older; the one that is written stays. What cannot be dropped
    /// now is dropped later.
    pub(super) fn forget(&mut self, before: i64) {
        while self.segments.len() > 1 && self.segments.first().is_some_and(|(_, newest)| *newest < before) {
            let (number, _) = self.segments[0];
            if self.disk.unlink(&path_of(&self.directory, number, SUFFIX)).is_err() {
                return;
            }
            self.segments.remove(0);
        }
    }
}

impl Record {
    fn at(&self) -> i64 {
        match self {
            Self::Begin(begun) => begun.at,
            Self::End { at, .. } => *at,
        }
    }
}

fn check(segment: u64, at: u64, body: &[u8]) -> [u8; 16] {
    let mut hasher = Sha256::new();
    hasher.update(segment.to_le_bytes());
    hasher.update(at.to_le_bytes());
    hasher.update((body.len() as u32).to_le_bytes());
    hasher.update(body);
    let digest: [u8; 32] = hasher.finalize().into();
    let mut check = [0; 16];
    check.copy_from_slice(&digest[..16]);
    check
}

fn stride(body: usize) -> u64 {
    ((HEAD + body).next_multiple_of(ALIGNMENT)) as u64
}

/// Every record of a segment; what is none is counted and stepped over, for behind it may stand more.
fn scan(bytes: &[u8], segment: u64, found: &mut Found) {
    let mut at = 0;
    let mut is_damaged = false;
    while at + HEAD <= bytes.len() {
        if let Some((record, length)) = record_at(bytes, segment, at) {
            found.records.push(record);
            at += length;
            is_damaged = false;
            continue;
        }
        let is_empty = bytes[at..at + ALIGNMENT].iter().all(|byte| *byte == 0);
        if !is_empty && !is_damaged {
            found.damaged += 1;
            is_damaged = true;
        }
        at += ALIGNMENT;
    }
}

fn record_at(bytes: &[u8], segment: u64, at: usize) -> Option<(Record, usize)> {
    let head = bytes.get(at..at + HEAD)?;
    if head[..4] != MARK {
        return None;
    }
    let length = u32::from_le_bytes(head[4..8].try_into().ok()?) as usize;
    let body = bytes.get(at + HEAD..).and_then(|rest| rest.get(..length)).filter(|_| length <= BODY_MAX)?;
    if head[8..] != check(segment, at as u64, body) {
        return None;
    }
    Some((serde_json::from_slice(body).ok()?, stride(length) as usize))
}

/// Numbers of the files of a directory, in their order.
pub(super) fn numbers(disk: &dyn Disk, directory: &Path, suffix: &str) -> io::Result<Vec<u64>> {
    let names = disk.list(directory)?;
    let mut numbers: Vec<u64> = names.iter().filter_map(|name| name.strip_suffix(suffix)?.parse().ok()).collect();
    numbers.sort_unstable();
    Ok(numbers)
}

pub(super) fn path_of(directory: &Path, number: u64, suffix: &str) -> PathBuf {
    directory.join(format!("{number:08}{suffix}"))
}

pub(super) fn read_whole(disk: &dyn Disk, path: &Path) -> io::Result<Vec<u8>> {
    let file = disk.open_to_read(path)?;
    let mut bytes = vec![0; usize::try_from(file.bytes()?).map_err(|_| io::ErrorKind::FileTooLarge)?];
    let read = file.read_at(0, &mut bytes)?;
    bytes.truncate(read);
    Ok(bytes)
}
