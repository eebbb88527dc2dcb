//! The audit: who commanded what, when, and what became of it; chained by hashes, `data_dir/audit/NNNNNNNN.jsonl`.
//!
//! Every record is on disk before what it speaks of goes on. Beside the segments lies `head`: number and hash of the last
//! record that was, so that a chain that was cut off at its end is known as such. Whoever can write the whole directory can
//! write another history: against that `qiao audit verify` prints a mark of the end, to be kept elsewhere and given back.
//!
//! | module | holds |
//! |---|---|
//! | `line` | one record as a line |
//! | `head` | the mark of the end |
//! | [`verify`] | whether the chain is whole |

mod head;
pub mod line;
pub mod verify;

use super::commands::{numbers, path_of, read_whole};
use crate::model::Timestamp;
use crate::port::{Disk, DiskFile};
use head::Head;
use line::Hash;
use serde_json::{Map, Value};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

const SUFFIX: &str = ".jsonl";
/// The audit is made of about this many segments.
const SEGMENTS: u64 = 8;
const SEGMENT_MIN: u64 = 16 << 10;
const SEGMENT_MAX: u64 = 16 << 20;
const TICKS_PER_DAY: i64 = 864_000_000_000;

/// Number and hash of a record.
pub type Mark = (u64, Hash);

/// The audit, open for writing.
#[derive(Debug)]
pub(super) struct Audit {
    disk: Arc<dyn Disk>,
    directory: PathBuf,
    limit: u64,
    age: Option<Duration>,
    head: Head,
    /// Last record.
    last: Mark,
    file: Option<Box<dyn DiskFile>>,
    /// Where the next line goes; what stands behind it is what a failed attempt left.
    at: u64,
    /// Newest last.
    segments: Vec<Segment>,
    /// Time of the newest record.
    newest: Timestamp,
    /// The last record, as it was found.
    last_line: Option<line::Line>,
}

#[derive(Clone, Copy, Debug)]
struct Segment {
    number: u64,
    bytes: u64,
    last: Mark,
    newest: Timestamp,
}

impl Audit {
    /// Opens the audit behind its last record. `told`: the newest record that somebody else knows of.
    pub(super) fn open(
        disk: Arc<dyn Disk>,
        directory: PathBuf,
        (limit, age): (u64, Option<Duration>),
        told: u64,
        now: Timestamp,
    ) -> io::Result<Self> {
        disk.make_directory(&directory)?;
        let head = Head::open(&*disk, &directory)?;
        let mut audit = Self {
            disk,
            directory,
            limit,
            age,
            head,
            last: (0, [0; 32]),
            file: None,
            at: 0,
            segments: Vec::new(),
            newest: Timestamp::NONE,
            last_line: None,
        };
        audit.find_end(told, now)?;
        Ok(audit)
    }

    fn find_end(&mut self, told: u64, now: Timestamp) -> io::Result<()> {
        let mut end = End::default();
        for number in numbers(&*self.disk, &self.directory, SUFFIX)? {
            let bytes = read_whole(&*self.disk, &path_of(&self.directory, number, SUFFIX))?;
            end = End::of(&bytes);
            let last = end.last.as_ref().map_or(self.last, |line| (line.seq, line.hash));
            self.last = last;
            self.last_line = end.last.take().or(self.last_line.take());
            self.newest = self.newest.max(end.newest);
            self.segments.push(Segment { number, bytes: end.whole, last, newest: end.newest });
        }
        // A process that was killed may have left names and lines that are there and not durable.
        self.disk.sync_directory(&self.directory)?;
        let known = self.head.mark().unwrap_or(self.last);
        let is_short = known.0 > self.last.0 || told > self.last.0 || end.is_broken;
        if is_short {
            // What was there was there: the chain goes on behind it, and the hole stays to be seen.
            let mut facts = Map::new();
            facts.insert("found".to_owned(), self.last.0.into());
            if known.0 > self.last.0 {
                self.last = known;
            }
            self.last.0 = self.last.0.max(told);
            facts.insert("told".to_owned(), self.last.0.into());
            self.next_segment()?;
            return self.append("broken", facts, now).map(|_| ());
        }
        if let Some(segment) = self.segments.last() {
            let file = self.disk.open(&path_of(&self.directory, segment.number, SUFFIX))?;
            // A line that was never whole was never acknowledged.
            if file.bytes()? > segment.bytes {
                file.truncate(segment.bytes)?;
            }
            file.sync()?;
            self.at = segment.bytes;
            self.file = Some(file);
        }
        Ok(())
    }

    /// Number and hash of the last record.
    pub(super) fn last(&self) -> Mark {
        self.last
    }

    /// The last record when the audit was opened.
    pub(super) fn last_line(&self) -> Option<&line::Line> {
        self.last_line.as_ref()
    }

    /// Time of the newest record, or [`Timestamp::NONE`].
    pub(super) fn newest(&self) -> Timestamp {
        self.newest
    }

    /// Writes a record and makes it durable. After an error it does not count, and the next one takes its place.
    pub(super) fn append(&mut self, kind: &str, facts: Map<String, Value>, now: Timestamp) -> io::Result<u64> {
        let segment_bytes = (self.limit / SEGMENTS).clamp(SEGMENT_MIN, SEGMENT_MAX);
        if self.file.is_none() || self.at >= segment_bytes {
            self.next_segment()?;
            self.drop_old(now)?;
        }
        self.put(kind, facts, now)
    }

    fn put(&mut self, kind: &str, facts: Map<String, Value>, now: Timestamp) -> io::Result<u64> {
        let seq = self.last.0 + 1;
        let (mut text, hash) = line::write(seq, now, kind, facts, &self.last.1);
        text.push('\n');
        let Some(file) = &self.file else { return Err(io::ErrorKind::NotFound.into()) };
        let write = |file: &dyn DiskFile| -> io::Result<()> {
            // What an attempt that failed left behind.
            if file.bytes()? > self.at {
                file.truncate(self.at)?;
            }
            file.write_at(self.at, text.as_bytes())?;
            file.sync()
        };
        write(&**file)?;
        self.at += text.len() as u64;
        self.last = (seq, hash);
        self.newest = self.newest.max(now);
        if let Some(segment) = self.segments.last_mut() {
            *segment = Segment { bytes: self.at, last: self.last, newest: self.newest, ..*segment };
        }
        self.head.write(self.last);
        Ok(seq)
    }

    fn next_segment(&mut self) -> io::Result<()> {
        self.file = None;
        let number = self.segments.last().map_or(1, |segment| segment.number + 1);
        let path = path_of(&self.directory, number, SUFFIX);
        let file = match self.disk.create(&path, 0) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => self.disk.open(&path)?,
            other => other?,
        };
        self.disk.sync_directory(&self.directory)?;
        self.segments.push(Segment { number, bytes: 0, last: self.last, newest: self.newest });
        self.file = Some(file);
        self.at = 0;
        Ok(())
    }

    /// Lets the oldest segments go; that they went stands in the chain before they do.
    fn drop_old(&mut self, now: Timestamp) -> io::Result<()> {
        // A clock that jumps ahead makes nothing older than by a day.
        let now_at_most = Timestamp(self.newest.0.max(0).saturating_add(TICKS_PER_DAY)).min(now);
        let age = self.age.map(|age| i64::try_from(age.as_nanos() / 100).unwrap_or(i64::MAX));
        loop {
            let total: u64 = self.segments.iter().map(|segment| segment.bytes).sum();
            let Some(oldest) = self.segments.first().copied().filter(|_| self.segments.len() > 1) else {
                return Ok(());
            };
            let is_old = age.is_some_and(|age| oldest.newest.0 < now_at_most.0.saturating_sub(age));
            if total <= self.limit && !is_old {
                return Ok(());
            }
            let mut facts = Map::new();
            facts.insert("last".to_owned(), oldest.last.0.into());
            facts.insert("last-hash".to_owned(), line::hex(&oldest.last.1).into());
            facts.insert("because".to_owned(), if is_old { "age" } else { "size" }.into());
            self.put("dropped", facts, now)?;
            self.disk.unlink(&path_of(&self.directory, oldest.number, SUFFIX))?;
            self.disk.sync_directory(&self.directory)?;
            self.segments.remove(0);
        }
    }
}

/// Where the whole lines of a segment end.
#[derive(Default)]
struct End {
    /// Bytes of them.
    whole: u64,
    last: Option<line::Line>,
    newest: Timestamp,
    /// Something that is no line stands before one that is.
    is_broken: bool,
}

impl End {
    fn of(bytes: &[u8]) -> Self {
        let mut end = Self::default();
        let mut at = 0;
        let mut is_wrong = false;
        for text in bytes.split_inclusive(|byte| *byte == b'\n') {
            at += text.len() as u64;
            match text.strip_suffix(b"\n").and_then(line::read) {
                Some(line) => {
                    end.is_broken |= is_wrong;
                    end.whole = at;
                    end.newest = end.newest.max(line.at);
                    end.last = Some(line);
                }
                None => is_wrong = true,
            }
        }
        end
    }
}

/// Calls `each` with every record, oldest first, as far as they can be read; may be done while the audit is written.
pub fn read(disk: &dyn Disk, data_dir: &Path, mut each: impl FnMut(line::Line)) -> io::Result<()> {
    let directory = data_dir.join("audit");
    let numbers = match numbers(disk, &directory, SUFFIX) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        other => other?,
    };
    for number in numbers {
        let bytes = match read_whole(disk, &path_of(&directory, number, SUFFIX)) {
            // Dropped between listing and reading.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            other => other?,
        };
        bytes.split(|byte| *byte == b'\n').filter_map(line::read).for_each(&mut each);
    }
    Ok(())
}
