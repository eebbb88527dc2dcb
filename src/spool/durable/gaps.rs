//! What a log lost, and why: a file of fixed size with the newest of it, written before anything is let go.
//!
//! 256 places of 64 bytes: CRC-32C of the rest, reason, number of the gap, first and last sequence, records, time. Its
//! room is taken when the log is made, so that a full disk can be told.

use super::record::Fields;
use crate::port::{Disk, DiskFile};
use serde::Serialize;
use std::io;
use std::path::Path;

const PLACE: usize = 64;
const PLACES: u64 = 256;

/// Name of the file.
pub const FILE: &str = "gaps";

/// Why records are gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The oldest had to go because the spool was full.
    Full,
    /// They were older than the spool keeps them.
    Age,
    /// Their checks are wrong.
    Damaged,
    /// Their segment is not there.
    Missing,
    /// The end of the log was cut off; nothing in it had been acknowledged, as far as can be told.
    Cut,
    /// States; damaged or missing records behind them may have been newer ones of their topics.
    Uncertain,
}

/// All reasons, in the order of their numbers on disk.
pub const REASONS: [Reason; 6] =
    [Reason::Full, Reason::Age, Reason::Damaged, Reason::Missing, Reason::Cut, Reason::Uncertain];

/// Records that were or may have been lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Gap {
    pub reason: Reason,
    pub first: u64,
    pub last: u64,
    /// How many of them were still wanted; at most.
    pub records: u64,
    /// When it was noticed, in milliseconds since 1970.
    pub time_ms: u64,
}

/// The file.
#[derive(Debug)]
pub struct Gaps {
    file: Box<dyn DiskFile>,
    /// How many were ever written.
    count: u64,
    /// Those that the file holds, oldest first.
    pub known: Vec<Gap>,
    /// Places that cannot be read any more, but for the one that is written next: that may have been cut off.
    pub damaged: u64,
}

impl Gaps {
    /// Opens the gaps of a log's directory, or makes the file.
    pub fn open(disk: &dyn Disk, directory: &Path) -> io::Result<Self> {
        let path = directory.join(FILE);
        let file = match disk.open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let file = disk.create(&path, PLACES * PLACE as u64)?;
                file.sync()?;
                disk.sync_directory(directory)?;
                file
            }
            other => other?,
        };
        let Parsed { found, damaged } = parse(&*file)?;
        let count = found.last().map_or(0, |(number, _)| number + 1);
        let damaged = damaged.iter().filter(|at| **at != count % PLACES).count() as u64;
        Ok(Self { file, count, known: found.into_iter().map(|(_, gap)| gap).collect(), damaged })
    }

    /// Makes a gap durable.
    pub fn write(&mut self, gap: Gap) -> io::Result<()> {
        let mut bytes = vec![0; 4];
        let reason = REASONS.iter().position(|reason| *reason == gap.reason).unwrap_or_default();
        bytes.extend_from_slice(&(reason as u32).to_le_bytes());
        for field in [self.count, gap.first, gap.last, gap.records, gap.time_ms] {
            bytes.extend_from_slice(&field.to_le_bytes());
        }
        bytes.resize(PLACE, 0);
        let check = crc32c::crc32c(&bytes[4..]);
        bytes[..4].copy_from_slice(&check.to_le_bytes());
        self.file.write_at(self.count % PLACES * PLACE as u64, &bytes)?;
        self.file.sync()?;
        self.count += 1;
        self.known.push(gap);
        if self.known.len() > PLACES as usize {
            self.known.remove(0);
        }
        Ok(())
    }

    /// Whether all of a range was told before.
    pub fn covers(&self, first: u64, last: u64) -> bool {
        covers(&self.known, first, last)
    }
}

/// Whether these gaps tell all of a range.
pub fn covers(known: &[Gap], first: u64, last: u64) -> bool {
    let mut at = first;
    let mut ranges: Vec<_> = known.iter().map(|gap| (gap.first, gap.last)).collect();
    ranges.sort_unstable();
    for (from, to) in ranges {
        if from <= at && to >= at {
            at = to + 1;
        }
    }
    at > last
}

/// What of `first..=last` lies in none of these ranges; they are in order.
pub fn without<'a>(ranges: impl IntoIterator<Item = &'a (u64, u64)>, first: u64, last: u64) -> Vec<(u64, u64)> {
    let (mut rest, mut at) = (Vec::new(), first);
    for (from, to) in ranges.into_iter().filter(|(from, to)| *to >= first && *from <= last) {
        if *from > at {
            rest.push((at, from - 1));
        }
        at = at.max(to + 1);
    }
    if at <= last {
        rest.push((at, last));
    }
    rest
}

/// The gaps of a directory, oldest first, without touching it.
pub fn read(disk: &dyn Disk, directory: &Path) -> io::Result<Vec<Gap>> {
    match disk.open_to_read(&directory.join(FILE)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        other => Ok(parse(&*other?)?.found.into_iter().map(|(_, gap)| gap).collect()),
    }
}

#[derive(Debug, Default)]
struct Parsed {
    /// With their numbers, in order.
    found: Vec<(u64, Gap)>,
    /// Places that hold neither a gap nor nothing.
    damaged: Vec<u64>,
}

fn parse(file: &dyn DiskFile) -> io::Result<Parsed> {
    let mut bytes = vec![0; PLACES as usize * PLACE];
    let count = file.read_at(0, &mut bytes)?;
    let mut parsed = Parsed::default();
    for (at, place) in (0..).zip(bytes[..count].chunks_exact(PLACE)) {
        // One that was never written.
        if place == [0; PLACE] {
            continue;
        }
        match one(place) {
            Some(gap) => parsed.found.push(gap),
            None => parsed.damaged.push(at),
        }
    }
    parsed.found.sort_unstable_by_key(|(number, _)| *number);
    Ok(parsed)
}

fn one(bytes: &[u8]) -> Option<(u64, Gap)> {
    let mut fields = Fields(bytes);
    let check = fields.u32()?;
    if check != crc32c::crc32c(&bytes[4..]) {
        return None;
    }
    let reason = *REASONS.get(fields.u32()? as usize)?;
    let number = fields.sequence()?;
    let (first, last, records) = (fields.sequence()?, fields.sequence()?, fields.sequence()?);
    if first > last {
        return None;
    }
    Some((number, Gap { reason, first, last, records, time_ms: fields.u64()? }))
}
