//! Opening a log: only its last segment is read whole, and the one the cursor stands in.

use super::age;
use super::cursor::{self, Cursor};
use super::gaps::{Gap, Gaps, Reason, without};
use super::load::Position;
use super::log::{Counts, Log, Newest, Segment, Staged};
use super::record::{Entry, read_body};
use super::scan::Scan;
use super::segment::{ByFlow, HEADER, Header, Sum, Summary, add, file_name, number_of};
use super::{Moment, Notice, OpenError, Options, Quota};
use crate::model::delivery::TopicKind;
use crate::port::{Disk, DiskFile};
use std::collections::{HashMap, VecDeque};
use std::io;
use std::path::Path;
use std::sync::Arc;

/// A segment's file as it was found.
#[derive(Clone, Copy, Debug)]
struct Present {
    number: u64,
    header: Header,
}

/// What lies behind a segment.
#[derive(Clone, Copy, Debug)]
struct Behind {
    is_last: bool,
    /// The first record of the next segment that says so.
    first: Option<u64>,
}

/// Everything that is known of the files before one of them is changed.
#[derive(Debug)]
pub(super) struct Look {
    segments: Vec<Present>,
    pub(super) cursor: cursor::Found,
}

/// Looks at every file and changes none. A format that is not known is an error.
pub(super) fn look(disk: &dyn Disk, directory: &Path) -> Result<Look, OpenError> {
    let wrap = |error| OpenError::Disk { path: directory.to_owned(), error };
    let found = cursor::read(disk, directory).map_err(wrap)?;
    if let cursor::Found::Foreign(version) = found {
        return Err(OpenError::Foreign { path: directory.join(cursor::FILE), version });
    }
    let mut numbers: Vec<u64> = disk.list(directory).map_err(wrap)?.iter().filter_map(|name| number_of(name)).collect();
    numbers.sort_unstable();
    let mut segments = Vec::new();
    for number in numbers {
        let path = directory.join(file_name(number));
        let wrap = |error| OpenError::Disk { path: path.clone(), error };
        let file = disk.open_to_read(&path).map_err(wrap)?;
        let header = Header::read(&*file, number).map_err(wrap)?;
        if let Header::Foreign { version } = header {
            return Err(OpenError::Foreign { path, version });
        }
        segments.push(Present { number, header });
    }
    Ok(Look { segments, cursor: found })
}

/// Opens the log in `directory`, or makes it. `fresh` becomes its identity when it has none.
pub fn open(
    disk: Arc<dyn Disk>,
    directory: &Path,
    options: Options,
    quota: Arc<Quota>,
    now: Moment,
    fresh: u64,
) -> Result<Log, OpenError> {
    let wrap = |error| OpenError::Disk { path: directory.to_owned(), error };
    disk.make_directory(directory).map_err(wrap)?;
    let lock = disk.lock(&directory.join("lock")).map_err(wrap)?;
    let lock = lock.ok_or_else(|| OpenError::Taken { path: directory.to_owned() })?;
    let Look { segments: present, cursor: found } = look(&*disk, directory)?;
    let gaps = Gaps::open(&*disk, directory).map_err(wrap)?;
    let has_cursor = matches!(found, cursor::Found::Sound(_));
    let (mut notices, mut saved) = (Vec::new(), cursor::State::default());
    match found {
        cursor::Found::Sound(state) => saved = state,
        cursor::Found::Damaged => notices.push(Notice::CursorDamaged),
        cursor::Found::Nothing | cursor::Found::Foreign(_) => {}
    }
    if gaps.damaged > 0 {
        notices.push(Notice::GapsDamaged { gaps: gaps.damaged });
    }
    let newest_log = present.iter().rev().find_map(|one| match one.header {
        Header::Sound { log, .. } => Some(log),
        _ => None,
    });
    if saved.log == 0 {
        saved.log = newest_log.unwrap_or(fresh.max(1));
    }
    let is_own = |one: &Present| !matches!(one.header, Header::Sound { log, .. } if log != saved.log);
    let (own, strangers): (Vec<_>, Vec<_>) = present.iter().copied().partition(is_own);
    notices.extend(strangers.iter().map(|one| Notice::Stranger { file: directory.join(file_name(one.number)) }));
    let mut log = Log {
        cursor: Cursor::open(&*disk, directory).map_err(wrap)?,
        disk,
        directory: directory.to_owned(),
        quota,
        options,
        id: saved.log,
        segments: VecDeque::new(),
        active: None,
        last_number: present.last().map_or(0, |one| one.number),
        staged: Staged::default(),
        durable: 0,
        newest: HashMap::new(),
        position: Position::default(),
        uncertain: 0,
        saved,
        gaps,
        notices,
        counts: Counts::default(),
        _lock: lock,
    };
    log.recover(&own, has_cursor, now).map_err(wrap)?;
    Ok(log)
}

impl Log {
    fn recover(&mut self, present: &[Present], has_cursor: bool, now: Moment) -> io::Result<()> {
        for (at, one) in present.iter().enumerate() {
            let behind = Behind {
                is_last: at + 1 == present.len(),
                first: present[at + 1..].iter().find_map(|one| first_of(one.header)),
            };
            let file = self.disk.open(&self.directory.join(file_name(one.number)))?;
            let bytes = file.bytes()?;
            let (segment, end) = match self.summarised(&*file, one, behind)? {
                Some(known) => known,
                None => self.scanned(&*file, one, behind, now)?,
            };
            self.quota.add(bytes);
            self.adopt(one, segment, end, bytes, now)?;
        }
        if !has_cursor && let Some(front) = self.segments.front() {
            // What is there begins where the oldest segment does.
            self.saved.released = front.summary.first.saturating_sub(1);
        }
        let newest: Vec<u64> = self.segments.iter().map(|segment| segment.summary.newest_ms).collect();
        for (segment, age) in self.segments.iter_mut().zip(age::ages(&newest, now.wall_ms)) {
            segment.newest_at = now.run_ms.saturating_sub(age);
        }
        self.tell_missing(now)?;
        self.position.next = self.saved.released + 1;
        let saved = self.saved.released;
        if self.segments.front().is_some_and(|front| front.summary.last <= saved) {
            self.advance(saved)?;
        }
        Ok(())
    }

    /// What its summary says, if it can be trusted and nothing of it was delivered yet.
    fn summarised(&self, file: &dyn DiskFile, one: &Present, behind: Behind) -> io::Result<Option<(Summary, u64)>> {
        let known = Summary::read(file, one.number)?;
        Ok(known.filter(|(summary, _)| {
            let is_begun = summary.first <= self.saved.released && summary.last > self.saved.released;
            !is_begun && behind.first.is_none_or(|next| summary.last < next)
        }))
    }

    /// Reads a segment whole. In the last one, what was never known to be durable ends at the first hole.
    fn scanned(
        &mut self,
        file: &dyn DiskFile,
        one: &Present,
        behind: Behind,
        now: Moment,
    ) -> io::Result<(Summary, u64)> {
        let path = self.directory.join(file_name(one.number));
        let closed = Summary::read(file, one.number)?;
        let is_open = behind.is_last && closed.is_none();
        let bytes = file.bytes()?;
        let mut first = first_of(one.header).unwrap_or(0);
        // What is known to be durable: what a later record or the cursor says.
        let (mut known, mut highest) = (self.saved.durable.max(self.saved.released), 0);
        let mut scan = Scan::new(self.disk.open_to_read(&path)?, one.number, 0, bytes);
        while let Some(found) = scan.step()? {
            if first == 0 {
                // Everything before a segment was durable when it was begun; what its first record may lack is not.
                first = found.head.sequence.min(found.head.durable + 1);
            }
            known = known.max(found.head.durable);
            highest = highest.max(found.head.sequence);
        }
        let end_of_all = behind.first.map_or(u64::MAX, |next| next - 1);
        let mut summary = Summary::empty(first.max(1));
        let mut sound_end = HEADER as u64;
        let mut scan = Scan::new(self.disk.open_to_read(&path)?, one.number, 0, bytes);
        let (mut damaged_before, mut is_cut, mut hole) = (0, false, 0);
        while let Some(found) = scan.step()? {
            let sequence = found.head.sequence;
            let is_hole = sequence > summary.last + 1;
            is_cut = is_open && is_hole && sequence - 1 > known;
            if is_cut || sequence > end_of_all {
                break;
            }
            if is_hole {
                hole = sequence - 1;
            }
            match read_body(found.body) {
                Some(entry) => note(&mut summary, sequence, &entry),
                None => (summary.last, hole) = (sequence, sequence),
            }
            sound_end = found.at + found.head.stride();
            damaged_before = scan.damaged_bytes;
        }
        if is_open && (is_cut || scan.damaged_bytes > damaged_before) {
            self.notices.push(Notice::TailCut { bytes: bytes.saturating_sub(sound_end) });
            let first = summary.last.max(known) + 1;
            let last = highest.max(first);
            self.tell(Gap { reason: Reason::Cut, first, last, records: last - first + 1, time_ms: now.wall_ms })?;
        }
        match closed {
            Some((closed, end)) if closed.last <= end_of_all => {
                // What of it is damaged reading it back will tell; its summary knows of which states.
                sound_end = end;
                summary.last = summary.last.max(closed.last);
                summary.states = closed.states;
            }
            _ => self.uncertain = self.uncertain.max(hole),
        }
        Ok((summary, sound_end))
    }

    fn adopt(&mut self, one: &Present, summary: Summary, end: u64, bytes: u64, now: Moment) -> io::Result<()> {
        let path = self.directory.join(file_name(one.number));
        if summary.last < summary.first {
            self.quota.take(bytes);
            // Begun, and nothing in it ever became durable; or nothing in it can be read.
            if !matches!(one.header, Header::Damaged) || self.is_blank(&path)? {
                return self.disk.unlink(&path);
            }
            let kept = path.with_extension("damaged");
            self.disk.rename(&path, &kept)?;
            self.notices.push(Notice::Kept { file: kept });
            return Ok(());
        }
        let is_begun = summary.first <= self.saved.released;
        let left = if is_begun { self.left_of(&path, one.number, &summary, bytes)? } else { summary.flows.clone() };
        self.durable = self.durable.max(summary.last);
        let mut segment = Segment {
            number: one.number,
            left,
            live: summary.logs + summary.states.len() as u64,
            bytes,
            end,
            newest_at: now.run_ms,
            is_damaged: false,
            is_settled: false,
            summary,
        };
        let file = self.disk.open(&path)?;
        if Summary::read(&*file, one.number)?.is_none_or(|(known, _)| known.last != segment.summary.last) {
            let closed_at = segment.summary.write(&*file, one.number, end)?;
            file.truncate(closed_at)?;
            file.sync()?;
            self.quota.change(bytes, closed_at);
            segment.bytes = closed_at;
        }
        let states = std::mem::take(&mut segment.summary.states);
        self.segments.push_back(segment);
        for (topic, sequence) in states {
            if let Some(old) = self.newest.insert(topic, Newest { sequence, segment: one.number }) {
                self.let_go(old.segment);
            }
        }
        Ok(())
    }

    /// What is not delivered of a segment the cursor stands in.
    fn left_of(&self, path: &Path, number: u64, summary: &Summary, bytes: u64) -> io::Result<ByFlow> {
        let mut left = ByFlow::default();
        if summary.last <= self.saved.released {
            return Ok(left);
        }
        let mut scan = Scan::new(self.disk.open_to_read(path)?, number, 0, bytes);
        while let Some(found) = scan.step()? {
            if found.head.sequence > self.saved.released
                && found.head.sequence <= summary.last
                && let Some(entry) = read_body(found.body)
            {
                add(&mut left, &entry.flow, sum_of(&entry));
            }
        }
        Ok(left)
    }

    fn is_blank(&self, path: &Path) -> io::Result<bool> {
        let file = self.disk.open_to_read(path)?;
        let mut bytes = vec![0; 64 << 10];
        let mut at = 0;
        loop {
            let count = file.read_at(at, &mut bytes)?;
            if count == 0 {
                return Ok(true);
            }
            if bytes[..count].iter().any(|byte| *byte != 0) {
                return Ok(false);
            }
            at += count as u64;
        }
    }

    /// Tells what lies between the segments, and what was durable behind the last one.
    fn tell_missing(&mut self, now: Moment) -> io::Result<()> {
        let mut expected = self.saved.released + 1;
        let mut missing = Vec::new();
        for segment in &self.segments {
            if segment.summary.first > expected {
                missing.push((expected, segment.summary.first - 1, Reason::Missing));
            }
            expected = expected.max(segment.summary.last + 1);
        }
        let known = self.saved.durable.max(self.saved.released);
        if known >= expected {
            missing.push((expected, known, Reason::Damaged));
        }
        let cuts = self.gaps.known.iter().filter(|gap| gap.reason == Reason::Cut);
        let mut cuts: Vec<_> = cuts.map(|gap| (gap.first, gap.last)).collect();
        cuts.sort_unstable();
        for (first, last, reason) in missing {
            for (first, last) in without(&self.saved.freed, first, last) {
                // Nobody knows which states were among them; what was cut off was nothing yet.
                let lost = without(&cuts, first, last).last().map_or(0, |(_, last)| *last);
                self.uncertain = self.uncertain.max(lost);
                self.tell(Gap { reason, first, last, records: last - first + 1, time_ms: now.wall_ms })?;
            }
        }
        // No sequence is given twice, told ones included.
        let told = self.gaps.known.iter().map(|gap| gap.last).max().unwrap_or(0);
        self.durable = self.durable.max(known).max(told);
        Ok(())
    }
}

fn first_of(header: Header) -> Option<u64> {
    match header {
        Header::Sound { first, .. } => Some(first),
        Header::Foreign { .. } | Header::Damaged => None,
    }
}

fn sum_of(entry: &Entry) -> Sum {
    Sum { records: 1, bytes: entry.payload.len() as u64, values: u64::from(entry.values) }
}

fn note(summary: &mut Summary, sequence: u64, entry: &Entry) {
    let state = (entry.kind == TopicKind::State).then_some(&entry.topic);
    summary.add(sequence, entry.time_ms, &entry.flow, state, sum_of(entry));
}
