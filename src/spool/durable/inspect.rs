//! Looking at a log without a change to it, also while a gateway writes it.

use super::OpenError;
use super::cursor::{self, State};
use super::gaps::{self, Gap};
use super::record::{Entry, read_body};
use super::scan::Scan;
use super::segment::{ByFlow, Header, Sum, Summary, add, file_name, number_of};
use crate::port::Disk;
use std::io;
use std::path::Path;

/// A log as it lies there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    pub segments: Vec<SegmentView>,
    /// What was not delivered, as far as the cursor says.
    pub left: ByFlow,
    pub gaps: Vec<Gap>,
    /// Sequences that no segment holds, and that nothing tells as gone.
    pub missing: Vec<(u64, u64)>,
    /// Segments with damaged records that were kept.
    pub kept: Vec<String>,
    /// Segments of other logs.
    pub strangers: Vec<String>,
    pub is_cursor_damaged: bool,
}

/// One segment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SegmentView {
    pub file: String,
    /// Length of the file.
    pub bytes: u64,
    pub first: u64,
    pub last: u64,
    /// Records whose checks are right; 0 if it was not read, because its summary is right.
    pub records: u64,
    /// Records that cannot be read.
    pub damaged: u64,
    pub is_closed: bool,
}

/// What one segment holds, found by its summary or by reading it.
#[derive(Debug, Default)]
struct Found {
    view: SegmentView,
    left: ByFlow,
}

/// Looks at the log in `directory`; `is_whole`: reads every record.
pub fn inspect(disk: &dyn Disk, directory: &Path, is_whole: bool) -> Result<View, OpenError> {
    let wrap = |error| OpenError::Disk { path: directory.to_owned(), error };
    let mut view = View { gaps: gaps::read(disk, directory).map_err(wrap)?, ..View::default() };
    let cursor = match cursor::read(disk, directory).map_err(wrap)? {
        cursor::Found::Sound(state) => Some(state),
        cursor::Found::Nothing => None,
        cursor::Found::Damaged => {
            view.is_cursor_damaged = true;
            None
        }
        cursor::Found::Foreign(version) => {
            return Err(OpenError::Foreign { path: directory.join(cursor::FILE), version });
        }
    };
    let names = disk.list(directory).map_err(wrap)?;
    view.kept = names.iter().filter(|name| name.ends_with(".damaged")).cloned().collect();
    view.kept.sort_unstable();
    let mut numbers: Vec<u64> = names.iter().filter_map(|name| number_of(name)).collect();
    numbers.sort_unstable();
    for number in &numbers {
        let is_last = numbers.last() == Some(number);
        match segment(disk, directory, *number, cursor.as_ref(), is_last, is_whole) {
            Ok(Some(found)) => {
                for (flow, sum) in found.left {
                    add(&mut view.left, &flow, sum);
                }
                view.segments.push(found.view);
            }
            Ok(None) => view.strangers.push(file_name(*number)),
            // The gateway let it go meanwhile.
            Err(OpenError::Disk { error, .. }) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    view.missing = missing(&view, cursor.as_ref());
    Ok(view)
}

/// `None`: it belongs to another log.
fn segment(
    disk: &dyn Disk,
    directory: &Path,
    number: u64,
    cursor: Option<&State>,
    is_last: bool,
    is_whole: bool,
) -> Result<Option<Found>, OpenError> {
    let path = directory.join(file_name(number));
    let wrap = |error| OpenError::Disk { path: path.clone(), error };
    let file = disk.open_to_read(&path).map_err(wrap)?;
    let first = match Header::read(&*file, number).map_err(wrap)? {
        Header::Foreign { version } => return Err(OpenError::Foreign { path, version }),
        Header::Sound { log, .. } if cursor.is_some_and(|cursor| cursor.log != 0 && cursor.log != log) => {
            return Ok(None);
        }
        Header::Sound { first, .. } => first,
        Header::Damaged => 0,
    };
    let released = cursor.map_or(0, |cursor| cursor.released);
    let bytes = file.bytes().map_err(wrap)?;
    let summary = Summary::read(&*file, number).map_err(wrap)?.map(|(summary, _)| summary);
    let mut found = Found::default();
    found.view = SegmentView { file: file_name(number), bytes, first, is_closed: summary.is_some(), ..found.view };
    if let Some(summary) = summary.as_ref().filter(|summary| !is_whole && summary.first > released) {
        (found.view.first, found.view.last) = (summary.first, summary.last);
        found.left = summary.flows.clone();
        return Ok(Some(found));
    }
    let mut durable = cursor.map_or(0, |cursor| cursor.durable);
    let mut holes = Vec::new();
    let mut scan = Scan::new(file, number, 0, bytes);
    let mut last = first.saturating_sub(1);
    while let Some(record) = scan.step().map_err(wrap)? {
        let sequence = record.head.sequence;
        durable = durable.max(record.head.durable);
        if found.view.first == 0 {
            (found.view.first, last) = (sequence, sequence - 1);
        }
        if sequence > last + 1 {
            holes.push((last + 1, sequence - 1));
        }
        last = sequence;
        match read_body(record.body) {
            Some(entry) => {
                found.view.records += 1;
                if sequence > released {
                    add(&mut found.left, &entry.flow, sum_of(&entry));
                }
            }
            None => found.view.damaged += 1,
        }
    }
    // A hole at the end of a segment that is being written is a write under way.
    let is_certain = |hole: &(u64, u64)| !is_last || summary.is_some() || hole.1 <= durable;
    found.view.damaged += holes.iter().filter(|hole| is_certain(hole)).map(|(from, to)| to - from + 1).sum::<u64>();
    if let Some(summary) = &summary {
        found.view.damaged += summary.last.saturating_sub(last);
        last = last.max(summary.last);
    }
    found.view.last = last;
    Ok(Some(found))
}

fn missing(view: &View, cursor: Option<&State>) -> Vec<(u64, u64)> {
    let mut expected = cursor.map_or(0, |cursor| cursor.released) + 1;
    let mut known = view.gaps.clone();
    known.extend(cursor.iter().flat_map(|cursor| &cursor.freed).map(|(first, last)| Gap {
        reason: gaps::Reason::Missing,
        first: *first,
        last: *last,
        records: 0,
        time_ms: 0,
    }));
    let mut missing = Vec::new();
    for segment in &view.segments {
        if segment.first > expected && !gaps::covers(&known, expected, segment.first - 1) {
            missing.push((expected, segment.first - 1));
        }
        expected = expected.max(segment.last + 1);
    }
    missing
}

fn sum_of(entry: &Entry) -> Sum {
    Sum { records: 1, bytes: entry.payload.len() as u64, values: u64::from(entry.values) }
}
