//! The quarantine: messages that were not let through, on disk, bounded.
//!
//! `data-dir/quarantine/NNNNNNNN.jsonl`: one JSON object per line, `{"id":…, …Quarantined}`. When the whole grows over
//! its limit the oldest segment goes, and how many entries went with it is kept in `evicted`.

use crate::model::Quarantined;
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

/// An entry with its number: rises by one, never given twice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub id: u64,
    #[serde(flatten)]
    pub quarantined: Quarantined,
}

/// Why the quarantine cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("QIAO-R004 {}: the quarantine cannot be used: {error}; check space and permissions", path.display())]
pub struct QuarantineError {
    pub path: PathBuf,
    pub error: io::Error,
}

/// Writes the quarantine; there is one per data directory.
#[derive(Debug)]
pub struct Quarantine {
    directory: PathBuf,
    limit: u64,
    segment: File,
    segment_number: u64,
    segment_bytes: u64,
    next_id: u64,
}

/// What `qiao quarantine list` starts from.
#[derive(Debug, Default)]
pub struct Listing {
    pub entries: Vec<Entry>,
    /// Entries that had to go because the quarantine was full.
    pub evicted: u64,
    /// Lines that could not be read (a torn write, foreign text).
    pub unreadable: u64,
}

/// The quarantine is made of about this many segments.
const SEGMENTS: u64 = 8;

impl Quarantine {
    /// Opens or makes the quarantine below `data_dir`, holding at most about `limit` bytes.
    pub fn open(data_dir: &Path, limit: u64) -> Result<Self, QuarantineError> {
        let directory = data_dir.join("quarantine");
        let wrap = |error| QuarantineError { path: directory.clone(), error };
        std::fs::create_dir_all(&directory).map_err(wrap)?;
        let numbers = segments(&directory).map_err(wrap)?;
        let last_id = read(data_dir)?.entries.last().map_or(0, |entry| entry.id);
        let evicted = evicted(&directory);
        let segment_number = numbers.last().map_or(1, |number| number + 1);
        let segment = new_segment(&directory, segment_number).map_err(wrap)?;
        // Ids go on even when everything that bore one was evicted.
        Ok(Self { segment, segment_number, segment_bytes: 0, next_id: last_id.max(evicted) + 1, limit, directory })
    }

    /// Writes one entry to disk; returns its id.
    pub fn append(&mut self, quarantined: Quarantined) -> Result<u64, QuarantineError> {
        let id = self.next_id;
        let entry = Entry { id, quarantined };
        self.write(&entry).map_err(|error| QuarantineError { path: self.directory.clone(), error })?;
        self.next_id += 1;
        Ok(id)
    }

    fn write(&mut self, entry: &Entry) -> io::Result<()> {
        let mut line = serde_json::to_vec(entry)?;
        line.push(b'\n');
        let most = (self.limit / SEGMENTS).max(1);
        if self.segment_bytes > 0 && self.segment_bytes + line.len() as u64 > most {
            self.segment = new_segment(&self.directory, self.segment_number + 1)?;
            self.segment_number += 1;
            self.segment_bytes = 0;
        }
        self.make_room(line.len() as u64)?;
        // A write that failed half way (a full disk) must not spoil the entry behind it.
        if self.segment.metadata()?.len() != self.segment_bytes {
            self.segment.set_len(self.segment_bytes)?;
        }
        self.segment.write_all(&line)?;
        self.segment_bytes += line.len() as u64;
        self.segment.sync_data()
    }

    fn make_room(&self, bytes: u64) -> io::Result<()> {
        let mut sizes = Vec::new();
        for number in segments(&self.directory)? {
            sizes.push((number, std::fs::metadata(segment_path(&self.directory, number))?.len()));
        }
        let mut total: u64 = bytes + sizes.iter().map(|(_, size)| size).sum::<u64>();
        for (number, size) in sizes {
            if total <= self.limit || number == self.segment_number {
                break;
            }
            let path = segment_path(&self.directory, number);
            let lines = BufReader::new(File::open(&path)?).lines().count() as u64;
            let evicted = evicted(&self.directory) + lines;
            // By renaming: on a full disk the old number stays.
            let (path_new, path_evicted) = (self.directory.join("evicted.new"), self.directory.join("evicted"));
            std::fs::write(&path_new, evicted.to_string()).and_then(|()| std::fs::rename(&path_new, path_evicted))?;
            std::fs::remove_file(path)?;
            total -= size;
        }
        Ok(())
    }
}

/// Reads the quarantine below `data_dir`, oldest first; may be done while it is written.
pub fn read(data_dir: &Path) -> Result<Listing, QuarantineError> {
    let directory = data_dir.join("quarantine");
    let wrap = |error| QuarantineError { path: directory.clone(), error };
    let mut listing = Listing { evicted: evicted(&directory), ..Listing::default() };
    let numbers = match segments(&directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(listing),
        other => other.map_err(wrap)?,
    };
    for number in numbers {
        let file = match File::open(segment_path(&directory, number)) {
            // Evicted between listing and reading.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            other => other.map_err(wrap)?,
        };
        for line in BufReader::new(file).split(b'\n') {
            match serde_json::from_slice(&line.map_err(wrap)?) {
                Ok(entry) => listing.entries.push(entry),
                Err(_) => listing.unreadable += 1,
            }
        }
    }
    Ok(listing)
}

fn segments(directory: &Path) -> io::Result<Vec<u64>> {
    let mut numbers = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        let name = entry?.file_name();
        let stem = name.to_str().and_then(|name| name.strip_suffix(".jsonl"));
        numbers.extend(stem.and_then(|stem| stem.parse::<u64>().ok()));
    }
    numbers.sort_unstable();
    Ok(numbers)
}

fn segment_path(directory: &Path, number: u64) -> PathBuf {
    directory.join(format!("{number:08}.jsonl"))
}

fn new_segment(directory: &Path, number: u64) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    OpenOptions::new().create(true).append(true).mode(0o600).open(segment_path(directory, number))
}

fn evicted(directory: &Path) -> u64 {
    std::fs::read_to_string(directory.join("evicted")).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Reason;

    fn quarantined(message: &str) -> Quarantined {
        Quarantined {
            time: "2026-11-23T08:00:00Z".to_owned(),
            flow: "lathe-to-plant".to_owned(),
            source: "lathe".to_owned(),
            machine: "lathe-7".to_owned(),
            topic: "a/b".to_owned(),
            profile: "umati/machine-tool@1.02".to_owned(),
            reasons: vec![Reason {
                code: "QIAO-V101".to_owned(),
                pointer: "/Monitoring/MachineTool/OperationMode".to_owned(),
                rule: "/properties/OperationMode/maximum".to_owned(),
                node: "nsu=urn:acme;i=7".to_owned(),
                arguments: vec![("limit".to_owned(), "5".to_owned())],
            }],
            count: 1,
            message: message.to_owned(),
            is_base64: false,
        }
    }

    #[test]
    fn what_was_quarantined_is_read_back_after_a_restart_and_ids_go_on() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut quarantine = Quarantine::open(directory.path(), 1 << 20).expect("opens");
        assert_eq!(quarantine.append(quarantined("{\"温度\":1}")).expect("writes"), 1);
        drop(quarantine);
        let mut quarantine = Quarantine::open(directory.path(), 1 << 20).expect("opens");
        assert_eq!(quarantine.append(quarantined("second")).expect("writes"), 2);
        let listing = read(directory.path()).expect("reads");
        assert_eq!(listing.entries[0], Entry { id: 1, quarantined: quarantined("{\"温度\":1}") });
        assert_eq!(listing.entries[1].quarantined.message, "second");
    }

    #[test]
    fn a_full_quarantine_stays_inside_its_limit_and_counts_what_went() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut quarantine = Quarantine::open(directory.path(), 16_000).expect("opens");
        for number in 0..100 {
            quarantine.append(quarantined(&format!("{number} {}", "x".repeat(600)))).expect("writes");
        }
        let listing = read(directory.path()).expect("reads");
        let bytes: u64 = segments(&directory.path().join("quarantine"))
            .expect("lists")
            .iter()
            .map(|number| {
                std::fs::metadata(segment_path(&directory.path().join("quarantine"), *number)).expect("is").len()
            })
            .sum();
        assert!(bytes <= 16_000, "{bytes}");
        assert_eq!(listing.evicted + listing.entries.len() as u64, 100);
        assert_eq!(listing.entries.last().expect("one").id, 100);
    }

    #[test]
    fn a_write_that_failed_half_way_does_not_spoil_the_next() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut quarantine = Quarantine::open(directory.path(), 1 << 20).expect("opens");
        quarantine.append(quarantined("first")).expect("writes");
        // As much as the disk had room for.
        quarantine.segment.write_all(b"{\"id\":2,\"ti").expect("tears");
        quarantine.append(quarantined("second")).expect("writes");
        let listing = read(directory.path()).expect("reads");
        assert_eq!((listing.entries.len(), listing.unreadable), (2, 0));
    }

    #[test]
    fn a_torn_line_is_counted_and_its_neighbours_are_read() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut quarantine = Quarantine::open(directory.path(), 1 << 20).expect("opens");
        quarantine.append(quarantined("first")).expect("writes");
        let path = segment_path(&directory.path().join("quarantine"), 1);
        OpenOptions::new()
            .append(true)
            .open(path)
            .and_then(|mut file| file.write_all(b"{\"id\":2,\"ti"))
            .expect("tears");
        let mut quarantine = Quarantine::open(directory.path(), 1 << 20).expect("opens");
        quarantine.append(quarantined("after")).expect("writes");
        let listing = read(directory.path()).expect("reads");
        assert_eq!(listing.unreadable, 1);
        assert_eq!(listing.entries.iter().map(|entry| entry.id).collect::<Vec<_>>(), [1, 2]);
    }
}
