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
        let generation = newest(&*file)?.map_or(0, |(generation, _)| generation);
        Ok(Self { file, generation })
    }

    /// Makes the state durable.
    pub fn save(&mut self, state: &State) -> io::Result<()> {
        let mut bytes = vec![0; 4];
        bytes.extend_from_slice(b"QCUR");
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        let generation = self.generation.wrapping_add(1);
        for field in [generation, state.log, state.released, state.durable] {
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
        self.file.write_at(generation % 2 * PLACE as u64, &bytes)?;
        self.file.sync()?;
        self.generation = generation;
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
    if let Some((_, state)) = newest(&*file)? {
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

/// The place that was written last, and its generation.
fn newest(file: &dyn DiskFile) -> io::Result<Option<(u64, State)>> {
    Ok(match (parse(&place(file, 0)?), parse(&place(file, 1)?)) {
        // By their distance: the number behind the largest is 0.
        (Some(one), Some(other)) if other.0.wrapping_sub(one.0) > u64::MAX / 2 => Some(one),
        (one, None) => one,
        (_, other) => other,
    })
}

fn parse(bytes: &[u8]) -> Option<(u64, State)> {
    if !is_sound(bytes) {
        return None;
    }
    let mut fields = Fields(&bytes[8..]);
    fields.u32().filter(|version| *version == VERSION)?;
    let generation = fields.u64()?;
    let (log, released, durable) = (fields.u64()?, fields.sequence()?, fields.sequence()?);
    let mut state = State { log, released, durable, freed: Vec::new() };
    for _ in 0..fields.u32()? {
        let (first, last) = (fields.sequence()?, fields.sequence()?);
        state.freed.push((first <= last).then_some((first, last))?);
    }
    Some((generation, state))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::port::fake_disk::FakeDisk;

    #[test]
    fn what_was_saved_last_is_read_whatever_its_generation_was() {
        // Found by the fuzz target `cursor`.
        let (disk, directory) = (FakeDisk::new(1, 1 << 20), Path::new("/spool/plant"));
        disk.make_directory(directory).expect("makes");
        let mut cursor = Cursor::open(&disk, directory).expect("opens");
        for generation in [0, 1 << 62, u64::MAX / 2 - 1, u64::MAX - 1] {
            cursor.generation = generation;
            cursor.save(&State::default()).expect("saves");
            for released in 1..=4 {
                let state = State { log: 7, released, durable: released, freed: vec![(released + 2, released + 3)] };
                cursor.save(&state).expect("saves");
                assert_eq!(read(&disk, directory).expect("reads"), Found::Sound(state), "{generation}");
                cursor = Cursor::open(&disk, directory).expect("opens");
            }
        }
    }
}
