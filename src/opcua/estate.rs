//! What a process leaves to the next one, should it end without taking leave: which subscriptions and items the server
//! keeps for it, and which notifications were receipted. One small file per connection.
//!
//! The file: [`MAGIC`], the number of subscriptions and the length of the text (4 bytes each, little endian), the digest of
//! the text (8 bytes), for each subscription a record of [`RECORD_BYTES`], then the text (JSON). It is written beside the old
//! one and put in its place, whenever a subscription comes or goes. The records are then written in place, one with each
//! receipt and without waiting for the disk: they spare the next process what was receipted before, and a process that
//! dies loses nothing that the kernel has. After a loss of power an older record costs a few repeats, or a gap that is told
//! although nothing was lost.

use super::cache::ServerIdentity;
use super::sequence::{Sequence, Settled};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::time::Duration;

/// The last byte is the version; another one is not read.
const MAGIC: &[u8; 8] = b"qiaosub\x01";
const HEAD_BYTES: usize = 8 + 4 + 4 + 8;
/// Subscription, next, ahead, and the digest of these.
const RECORD_BYTES: usize = 4 + 4 + 8 + 8;
/// Larger files are neither written nor read.
const FILE_BYTES_MAX: usize = 64 << 20;

/// What the server keeps for a process.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estate {
    pub identity: ServerIdentity,
    /// Fingerprint of the server's certificate, policy and mode: only on the same terms is anything taken over.
    pub terms: (Option<String>, String, i32),
    /// Digest of what the configuration wants of the server, and as whom.
    pub wanted: String,
    pub subscriptions: Vec<Left>,
    /// By slot: a client handle is meant for the slot that it was made from.
    pub items: Vec<LeftItem>,
    /// Subscription and id of the item that tells of changes of the server's model.
    pub watch: Option<(u32, u32)>,
    /// Items were being created: the server may keep more than the file says.
    pub is_making: bool,
}

/// One subscription, as the server granted it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    pub id: u32,
    pub interval: Duration,
    pub keep_alive: Duration,
    pub lifetime: Duration,
}

/// One item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftItem {
    /// With namespace URI.
    pub node: String,
    /// Attribute, sampling, queue, filter: what has to be the same for it to be the same item.
    pub how: String,
    /// Subscription and id at the server; `None`: it is not monitored.
    pub place: Option<(u32, u32)>,
    /// The server granted less than was asked.
    pub is_revised: bool,
}

/// What is known of one subscription's notifications.
pub type Record = (u32, Settled);

/// The file, and what was last written into it.
#[derive(Debug)]
pub struct Book {
    path: PathBuf,
    /// Open while it may be written in place.
    file: Option<File>,
    /// Subscriptions, in the order of their records.
    ids: Vec<u32>,
}

impl Book {
    #[must_use]
    pub fn at(path: PathBuf) -> Self {
        Self { path, file: None, ids: Vec::new() }
    }

    /// Reads what an earlier process left; `None`: nothing. A damaged file, or one of another version, is an error.
    pub fn read(&self) -> io::Result<Option<(Estate, Vec<Record>)>> {
        let file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut bytes = Vec::new();
        file.take(FILE_BYTES_MAX as u64 + 1).read_to_end(&mut bytes)?;
        parse(&bytes)
            .map(Some)
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "damaged, or of another version"))
    }

    /// Writes everything anew. What cannot be written is not left behind half: there is no file then.
    pub fn write<'a>(
        &mut self,
        estate: &Estate,
        sequences: impl Iterator<Item = (u32, &'a Sequence)>,
    ) -> io::Result<()> {
        self.file = None;
        let written = self.replace(estate, sequences);
        if written.is_err() {
            self.remove();
        }
        written
    }

    fn replace<'a>(&mut self, estate: &Estate, sequences: impl Iterator<Item = (u32, &'a Sequence)>) -> io::Result<()> {
        let records: Vec<Record> = sequences.map(|(id, sequence)| (id, sequence.settled())).collect();
        let bytes = compose(estate, &records)?;
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder)?;
        }
        let new = self.path.with_extension("new");
        fs::write(&new, bytes)?;
        let file = File::options().read(true).write(true).open(&new)?;
        fs::rename(&new, &self.path)?;
        self.ids = records.iter().map(|(id, _)| *id).collect();
        self.file = Some(file);
        Ok(())
    }

    /// A receipt came: what is settled of a subscription is noted.
    pub fn note(&self, id: u32, sequence: &Sequence) {
        let place = self.ids.iter().position(|known| *known == id);
        if let (Some(file), Some(place)) = (&self.file, place) {
            // If it fails, the next process asks for what was receipted already.
            let _ = file.write_all_at(&record((id, sequence.settled())), (HEAD_BYTES + place * RECORD_BYTES) as u64);
        }
    }

    /// Nothing is left to anybody.
    pub fn remove(&mut self) {
        self.file = None;
        if let Err(error) = fs::remove_file(&self.path)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(path = %self.path.display(), %error, "the file of subscriptions was not removed");
        }
    }
}

fn digest(bytes: &[u8]) -> [u8; 8] {
    let mut short = [0; 8];
    short.copy_from_slice(&Sha256::digest(bytes)[..8]);
    short
}

fn record((id, settled): Record) -> [u8; RECORD_BYTES] {
    let mut bytes = [0; RECORD_BYTES];
    bytes[..4].copy_from_slice(&id.to_le_bytes());
    bytes[4..8].copy_from_slice(&settled.next.to_le_bytes());
    bytes[8..16].copy_from_slice(&settled.ahead.to_le_bytes());
    let check = digest(&bytes[..16]);
    bytes[16..].copy_from_slice(&check);
    bytes
}

fn compose(estate: &Estate, records: &[Record]) -> io::Result<Vec<u8>> {
    let text = serde_json::to_vec(estate)?;
    let size = HEAD_BYTES + records.len() * RECORD_BYTES + text.len();
    if size > FILE_BYTES_MAX {
        return Err(io::Error::other("larger than a file of subscriptions may be"));
    }
    let mut bytes = Vec::with_capacity(size);
    bytes.extend(MAGIC);
    bytes.extend((records.len() as u32).to_le_bytes());
    bytes.extend((text.len() as u32).to_le_bytes());
    bytes.extend(digest(&text));
    records.iter().for_each(|one| bytes.extend(record(*one)));
    bytes.extend(text);
    Ok(bytes)
}

/// `None`: a part of it does not fit the others.
fn parse(bytes: &[u8]) -> Option<(Estate, Vec<Record>)> {
    let number = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    if bytes.get(..8)? != MAGIC {
        return None;
    }
    let (count, length) = (number(8)? as usize, number(12)? as usize);
    let start = count.checked_mul(RECORD_BYTES)?.checked_add(HEAD_BYTES)?;
    let text = bytes.get(start..)?;
    if text.len() != length || bytes.get(16..24)? != digest(text) {
        return None;
    }
    let records = bytes.get(HEAD_BYTES..start)?.chunks_exact(RECORD_BYTES).map(read_record);
    let records = records.collect::<Option<Vec<Record>>>()?;
    let estate: Estate = serde_json::from_slice(text).ok()?;
    let is_whole = estate.subscriptions.iter().map(|one| one.id).eq(records.iter().map(|(id, _)| *id));
    is_whole.then_some((estate, records))
}

fn read_record(bytes: &[u8]) -> Option<Record> {
    let id = u32::from_le_bytes(bytes.get(..4)?.try_into().ok()?);
    let next = u32::from_le_bytes(bytes.get(4..8)?.try_into().ok()?);
    let ahead = u64::from_le_bytes(bytes.get(8..16)?.try_into().ok()?);
    (bytes.get(16..24)? == digest(&bytes[..16]) && next != 0).then_some((id, Settled { next, ahead }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn estate() -> Estate {
        let left = |id| Left {
            id,
            interval: Duration::from_millis(100),
            keep_alive: Duration::from_secs(5),
            lifetime: Duration::from_secs(120),
        };
        let item = LeftItem {
            node: "nsu=urn:acme;s=Speed".to_owned(),
            how: "Monitored".to_owned(),
            place: Some((7, 11)),
            is_revised: false,
        };
        Estate {
            identity: ServerIdentity::default(),
            terms: (None, "none".to_owned(), 1),
            wanted: "digest".to_owned(),
            subscriptions: vec![left(7), left(9)],
            items: vec![item],
            watch: Some((7, 12)),
            is_making: false,
        }
    }

    #[test]
    fn what_was_left_is_read_and_receipts_are_noted_in_place() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("below").join("lathe");
        let mut book = Book::at(path.clone());
        assert!(book.read().expect("readable").is_none());
        let (mut first, second) = (Sequence::default(), Sequence::default());
        book.write(&estate(), [(7, &first), (9, &second)].into_iter()).expect("written");
        first.hand_on();
        first.hand_on();
        assert!(first.receipt(2));
        book.note(7, &first);
        book.note(8, &first);
        let settled = |next, ahead| Settled { next, ahead };
        let (left, records) = Book::at(path.clone()).read().expect("readable").expect("there");
        assert_eq!((left, records), (estate(), vec![(7, settled(1, 1)), (9, settled(1, 0))]));
        book.remove();
        book.remove();
        assert!(Book::at(path).read().expect("readable").is_none());
    }

    #[test]
    fn no_damaged_byte_is_taken_for_what_was_left() {
        let records = [(7, Settled { next: 5, ahead: 2 }), (9, Settled { next: 1, ahead: 0 })];
        let whole = compose(&estate(), &records).expect("small");
        assert_eq!(parse(&whole), Some((estate(), records.to_vec())));
        for at in 0..whole.len() {
            assert_eq!(parse(&whole[..at]), None, "cut at {at}");
            for bit in 0..8 {
                let mut damaged = whole.clone();
                damaged[at] ^= 1 << bit;
                assert_eq!(parse(&damaged), None, "bit {bit} of byte {at}");
            }
        }
    }
}
