//! How far a log was delivered: two places that are written in turn, so that one of them is always whole.
//!
//! Each place of 4096 bytes: CRC-32C of the rest, `QCUR`, version, generation, identity of the log, released, durable,
//! and the ranges of segments that went before their turn because nothing in them was wanted any more.

use super::record::Fields;
use crate::port::{Disk, DiskFile};
use std::io;
use std::path::Path;

const PLACE: usize = 4096;
/// As many ranges as fit into a place.
pub const RANGES: usize = 240;
const VERSION: u32 = 1;

/// What a cursor says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    pub log: u64,
    /// Every record up to this one is delivered, parked, superseded or told as lost.
    pub released: u64,
    /// Every record up to this one was durable when the cursor was written.
    pub durable: u64,
    /// First and last of the records that went before their turn, behind `released`, in order.
    pub freed: Vec<(u64, u64)>,
}

/// The file.
#[derive(Debug)]
pub struct Cursor {
    file: Box<dyn DiskFile>,
    generation: u64,
}

/// What was found when it was opened.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// There was none, or none that was ever written.
    Nothing,
    Sound(State),
    /// Neither place can be read.
    Damaged,
    /// Written by a release that knows more.
    Foreign(u32),
}

/// Name of the file.
pub const FILE: &str = "cursor";

impl Cursor {
    /// Opens the cursor of a log's directory, or makes it.
    pub fn open(disk: &dyn Disk, directory: &Path) -> io::Result<Self> {
        let path = directory.join(FILE);
        let file = match disk.open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let file = disk.create(&path, 2 * PLACE as u64)?;
                file.sync()?;
                disk.sync_directory(directory)?;
                file
            }
            other => other?,
        };
        let generation = places(&*file)?.into_iter().flatten().map(|(generation, _)| generation).max().unwrap_or(0);
        Ok(Self { file, generation })
    }

    /// Makes the state durable.
    pub fn save(&mut self, state: &State) -> io::Result<()> {
        let mut bytes = vec![0; 4];
        bytes.extend_from_slice(b"QCUR");
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        for field in [self.generation + 1, state.log, state.released, state.durable] {
            bytes.extend_from_slice(&field.to_le_bytes());
        }
        bytes.extend_from_slice(&(state.freed.len() as u32).to_le_bytes());
        for (first, last) in &state.freed {
            bytes.extend_from_slice(&first.to_le_bytes());
            bytes.extend_from_slice(&last.to_le_bytes());
        }
        bytes.resize(PLACE, 0);
        let check = crc32c::crc32c(&bytes[4..]);
        bytes[..4].copy_from_slice(&check.to_le_bytes());
        let place = (self.generation + 1) % 2;
        self.file.write_at(place * PLACE as u64, &bytes)?;
        self.file.sync()?;
        self.generation += 1;
        Ok(())
    }
}

/// What the cursor of a directory says, without touching it.
pub fn read(disk: &dyn Disk, directory: &Path) -> io::Result<Found> {
    let file = match disk.open_to_read(&directory.join(FILE)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Nothing),
        other => other?,
    };
    if let Some(version) = foreign(&*file)? {
        return Ok(Found::Foreign(version));
    }
    let newest = places(&*file)?.into_iter().flatten().max_by_key(|(generation, _)| *generation);
    if let Some((_, state)) = newest {
        return Ok(Found::Sound(state));
    }
    let mut bytes = vec![0; 2 * PLACE];
    let count = file.read_at(0, &mut bytes)?;
    Ok(if bytes[..count].iter().all(|byte| *byte == 0) { Found::Nothing } else { Found::Damaged })
}

fn place(file: &dyn DiskFile, at: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; PLACE];
    let count = file.read_at((at * PLACE) as u64, &mut bytes)?;
    bytes.truncate(count);
    Ok(bytes)
}

fn is_sound(bytes: &[u8]) -> bool {
    let check = bytes.get(..4).and_then(|check| check.try_into().ok()).map(u32::from_le_bytes);
    bytes.len() == PLACE && check == Some(crc32c::crc32c(&bytes[4..])) && &bytes[4..8] == b"QCUR"
}

/// Check, mark and version stay where they are in every version to come.
fn foreign(file: &dyn DiskFile) -> io::Result<Option<u32>> {
    for at in [0, 1] {
        let bytes = place(file, at)?;
        if is_sound(&bytes)
            && let Some(version) = Fields(&bytes[8..]).u32().filter(|version| *version != VERSION)
        {
            return Ok(Some(version));
        }
    }
    Ok(None)
}

fn places(file: &dyn DiskFile) -> io::Result<[Option<(u64, State)>; 2]> {
    let read = |at| Ok::<_, io::Error>(parse(&place(file, at)?));
    Ok([read(0)?, read(1)?])
}

fn parse(bytes: &[u8]) -> Option<(u64, State)> {
    if !is_sound(bytes) {
        return None;
    }
    let mut fields = Fields(&bytes[8..]);
    fields.u32().filter(|version| *version == VERSION)?;
    let generation = fields.u64()?;
    let (log, released, durable) = (fields.u64()?, fields.u64()?, fields.u64()?);
    let mut state = State { log, released, durable, freed: Vec::new() };
    for _ in 0..fields.u32()? {
        state.freed.push((fields.u64()?, fields.u64()?));
    }
    Some((generation, state))
}
