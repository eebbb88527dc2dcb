//! The log of one sink: what is appended becomes durable in groups.
//!
//! Invariants: a record is counted in a segment only once it is durable; a segment is begun only after everything in the
//! one before is durable, so that a hole before the last segment is always damage; a gap is durable before the cursor
//! passes it, and the cursor before a file goes.

use super::cursor::{self, Cursor};
use super::gaps::{Gap, Gaps, Reason};
use super::load::Position;
use super::record::{ALIGNMENT, Head, Mark, stride, write_body};
use super::segment::{ByFlow, HEADER, Header, Sum, Summary, add, file_name};
use super::{Moment, Notice, Options, Quota, Trouble};
use crate::model::delivery::TopicKind;
use crate::model::{Delivery, TopicName};
use crate::port::{Disk, DiskFile, DiskLock};
use std::collections::{HashMap, VecDeque};
use std::io;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

/// The log of one sink.
#[derive(Debug)]
pub struct Log {
    pub(super) disk: Arc<dyn Disk>,
    pub(super) directory: PathBuf,
    pub(super) quota: Arc<Quota>,
    pub(super) options: Options,
    pub(super) id: u64,
    /// In order; the last one is written to while `active` is there.
    pub(super) segments: VecDeque<Segment>,
    pub(super) active: Option<Active>,
    pub(super) last_number: u64,
    pub(super) staged: Staged,
    /// Every record up to this one is durable.
    pub(super) durable: u64,
    /// The newest record of each state topic that lies in a segment.
    pub(super) newest: HashMap<Arc<TopicName>, Newest>,
    pub(super) position: Position,
    /// A state before this one that is the newest of its topic may not be: of what is damaged or missing here nobody knows
    /// the topic.
    pub(super) uncertain: u64,
    pub(super) cursor: Cursor,
    /// What the cursor file says.
    pub(super) saved: cursor::State,
    pub(super) gaps: Gaps,
    pub(super) notices: Vec<Notice>,
    pub(super) counts: Counts,
    pub(super) _lock: Box<dyn DiskLock>,
}

/// What a log counted since it was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub syncs: u64,
    pub failed_syncs: u64,
    pub gaps: u64,
    pub lost_records: u64,
    pub damaged_bytes: u64,
}

impl Counts {
    /// Adds those of another log.
    pub fn add(&mut self, other: Self) {
        self.syncs += other.syncs;
        self.failed_syncs += other.failed_syncs;
        self.gaps += other.gaps;
        self.lost_records += other.lost_records;
        self.damaged_bytes += other.damaged_bytes;
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Newest {
    pub(super) sequence: u64,
    pub(super) segment: u64,
}

/// A segment's file and what is durable in it.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) number: u64,
    pub(super) summary: Summary,
    /// What was not read back, sent or superseded yet.
    pub(super) left: ByFlow,
    /// Records nobody may pass over: those on log topics, and the newest of state topics.
    pub(super) live: u64,
    /// Length of the file.
    pub(super) bytes: u64,
    /// Behind its last durable record.
    pub(super) end: u64,
    /// When its newest record was taken over, on the process's own clock.
    pub(super) newest_at: i64,
    pub(super) is_damaged: bool,
    /// It was passed: what was left of it is told.
    pub(super) is_settled: bool,
}

#[derive(Debug)]
pub(super) struct Active {
    pub(super) file: Box<dyn DiskFile>,
    at: u64,
    capacity: u64,
    is_new: bool,
}

/// What waits for its commit.
#[derive(Debug, Default)]
pub(super) struct Staged {
    bodies: Vec<u8>,
    items: VecDeque<Item>,
}

#[derive(Debug)]
struct Item {
    sequence: u64,
    body: Range<usize>,
    time_ms: u64,
    flow: Arc<str>,
    topic: Arc<TopicName>,
    kind: TopicKind,
    sum: Sum,
    /// Segment and end of the record, once it is written.
    place: (u64, u64),
}

impl Staged {
    /// Gives back the memory of what is durable, when that is most of it.
    fn forget_durable(&mut self) {
        let start = self.items.front().map_or(self.bodies.len(), |item| item.body.start);
        if start > self.bodies.len() / 2 {
            self.bodies.drain(..start);
            self.items.iter_mut().for_each(|item| item.body = item.body.start - start..item.body.end - start);
        }
    }
}

/// A durable record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Committed {
    pub sequence: u64,
    /// Segment and end of the record.
    pub(super) place: (u64, u64),
}

/// Written at once.
const WRITE: usize = 1 << 20;

impl Log {
    /// Its identity: drawn when the log began, and as old as it.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Adds a message to the next commit; returns its sequence.
    pub fn stage(&mut self, time_ms: u64, flow: &Arc<str>, delivery: &Delivery, payload: &[u8]) -> u64 {
        let sequence = self.staged.items.back().map_or(self.durable, |item| item.sequence) + 1;
        let from = self.staged.bodies.len();
        write_body(time_ms, flow, delivery, payload, &mut self.staged.bodies);
        self.staged.items.push_back(Item {
            sequence,
            body: from..self.staged.bodies.len(),
            time_ms,
            flow: Arc::clone(flow),
            topic: Arc::clone(&delivery.topic),
            kind: delivery.kind,
            sum: Sum { records: 1, bytes: payload.len() as u64, values: u64::from(delivery.values) },
            place: (0, 0),
        });
        sequence
    }

    /// Whether something waits for a commit.
    #[must_use]
    pub fn has_staged(&self) -> bool {
        !self.staged.items.is_empty()
    }

    /// Makes durable what was staged, as far as it goes; `committed` gets what is. After an error the rest is still
    /// staged, and the next call writes it anew, elsewhere.
    pub fn commit(&mut self, now: Moment, committed: &mut Vec<Committed>) -> Result<(), Trouble> {
        let result = self.write_staged(now, committed);
        self.staged.forget_durable();
        if let Err(Trouble::Disk(error)) = &result {
            self.notices.push(Notice::Poisoned { segment: self.last_number, error: error.to_string() });
            self.abandon();
        }
        result
    }

    fn write_staged(&mut self, now: Moment, committed: &mut Vec<Committed>) -> Result<(), Trouble> {
        let mut written = 0;
        let mut buffer = Vec::new();
        while let Some(item) = self.staged.items.get(written) {
            let need = stride(item.body.len());
            let sequence = item.sequence;
            if self.active.as_ref().is_some_and(|active| active.at + need > active.capacity) {
                written -= self.sync(now, committed)?;
                self.close();
                continue;
            }
            if self.active.is_none() {
                self.begin(sequence, need, now)?;
            }
            let Some(active) = &mut self.active else { continue };
            buffer.clear();
            let first = written;
            while let Some(item) = self.staged.items.get_mut(written) {
                let end = active.at + buffer.len() as u64 + stride(item.body.len());
                if end > active.capacity || (written > first && buffer.len() >= WRITE) {
                    break;
                }
                let body = &self.staged.bodies[item.body.clone()];
                Head::of(Mark::Record, body, item.sequence, self.durable).write(self.last_number, &mut buffer);
                buffer.extend_from_slice(body);
                buffer.resize(buffer.len().next_multiple_of(ALIGNMENT), 0);
                item.place = (self.last_number, end);
                written += 1;
            }
            active.file.write_at(active.at, &buffer)?;
            active.at += buffer.len() as u64;
        }
        self.sync(now, committed)?;
        Ok(())
    }

    /// Syncs the active segment and counts what is durable now; how many records.
    fn sync(&mut self, now: Moment, committed: &mut Vec<Committed>) -> Result<usize, Trouble> {
        let Some(active) = &mut self.active else { return Ok(0) };
        self.counts.syncs += 1;
        let synced = active
            .file
            .sync()
            .and_then(|()| if active.is_new { self.disk.sync_directory(&self.directory) } else { Ok(()) });
        if let Err(error) = synced {
            self.counts.failed_syncs += 1;
            return Err(Trouble::Disk(error));
        }
        active.is_new = false;
        let (number, at) = (self.last_number, active.at);
        let mut count = 0;
        while let Some(item) = self.staged.items.front() {
            if item.place.0 != number || item.place.1 > at {
                break;
            }
            let Some(item) = self.staged.items.pop_front() else { break };
            self.count_durable(&item, now);
            committed.push(Committed { sequence: item.sequence, place: item.place });
            count += 1;
        }
        Ok(count)
    }

    fn count_durable(&mut self, item: &Item, now: Moment) {
        self.durable = item.sequence;
        let Some(segment) = self.segments.back_mut() else { return };
        let state = (item.kind == TopicKind::State).then_some(&item.topic);
        segment.summary.add(item.sequence, item.time_ms, &item.flow, state, item.sum);
        add(&mut segment.left, &item.flow, item.sum);
        segment.live += 1;
        segment.newest_at = now.run_ms;
        segment.end = item.place.1;
        if let Some(topic) = state {
            let newest = Newest { sequence: item.sequence, segment: segment.number };
            if let Some(old) = self.newest.insert(Arc::clone(topic), newest) {
                self.let_go(old.segment);
            }
        }
    }

    /// One record of a segment is not wanted any more.
    pub(super) fn let_go(&mut self, number: u64) {
        if let Ok(at) = self.segments.binary_search_by_key(&number, |segment| segment.number) {
            self.segments[at].live = self.segments[at].live.saturating_sub(1);
        }
    }

    fn begin(&mut self, first: u64, need: u64, now: Moment) -> Result<(), Trouble> {
        let bytes = self.options.segment_bytes.max(HEADER as u64 + need);
        if !self.quota.has_room(bytes) {
            return Err(Trouble::Full);
        }
        let file = loop {
            self.last_number += 1;
            match self.disk.create(&self.directory.join(file_name(self.last_number)), bytes) {
                // Left behind by an attempt that failed.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) if is_full(&error) => return Err(Trouble::Full),
                other => break other?,
            }
        };
        self.quota.add(bytes);
        self.segments.push_back(Segment {
            number: self.last_number,
            summary: Summary::empty(first),
            left: ByFlow::default(),
            live: 0,
            bytes,
            end: HEADER as u64,
            newest_at: now.run_ms,
            is_damaged: false,
            is_settled: false,
        });
        let header = Header::write(self.last_number, first, self.id, now.wall_ms);
        let written = file.write_at(0, &header);
        self.active = Some(Active { file, at: HEADER as u64, capacity: bytes, is_new: true });
        Ok(written?)
    }

    /// Closes the active segment with its summary. That it has one only makes the next start faster.
    pub(super) fn close(&mut self) {
        let (Some(active), Some(segment)) = (self.active.take(), self.segments.back_mut()) else { return };
        let closed = segment.summary.write(&*active.file, segment.number, active.at).and_then(|end| {
            active.file.truncate(end)?;
            self.quota.change(segment.bytes, end);
            segment.bytes = end;
            active.file.sync()
        });
        if let Err(error) = closed {
            self.notices.push(Notice::Unsummarised { segment: segment.number, error: error.to_string() });
        }
        // Only open segments bear their topics.
        segment.summary.states = HashMap::new();
    }

    /// Nothing that is not durable yet may be trusted: it is written anew, into another segment.
    fn abandon(&mut self) {
        if self.active.take().is_none() {
            return;
        }
        if let Some(segment) = self.segments.back_mut() {
            segment.summary.states = HashMap::new();
            if segment.summary.last < segment.summary.first {
                // One that cannot be removed is empty, and the next start removes it.
                if self.disk.unlink(&self.directory.join(file_name(segment.number))).is_ok() {
                    self.quota.take(segment.bytes);
                }
                self.segments.pop_back();
            }
        }
    }

    /// Makes a gap durable, unless it was told before; counts it in any case.
    pub(super) fn tell(&mut self, gap: Gap) -> io::Result<()> {
        if !self.gaps.covers(gap.first, gap.last) {
            self.gaps.write(gap)?;
            self.notices.push(Notice::Gap(gap));
            self.counts.gaps += 1;
            if gap.reason != Reason::Cut {
                self.counts.lost_records += gap.records;
            }
        }
        Ok(())
    }

    /// What happened since the last call.
    pub fn notices(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.notices)
    }

    #[must_use]
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Records that were not delivered yet, and how many segments there are.
    #[must_use]
    pub fn held(&self) -> (ByFlow, u64) {
        let mut sums = ByFlow::default();
        for segment in &self.segments {
            for (flow, sum) in &segment.left {
                add(&mut sums, flow, *sum);
            }
        }
        (sums, self.segments.len() as u64)
    }
}

/// No room on the disk, or in the user's share of it.
pub(super) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}
