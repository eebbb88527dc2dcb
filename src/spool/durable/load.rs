//! Reading a log back, in order, from where its reader is.

use super::Moment;
use super::gaps::{Gap, Reason};
use super::log::{Committed, Log};
use super::record::{Entry, read_body};
use super::scan::Scan;
use super::segment::{ByFlow, Sum, file_name};
use crate::model::delivery::TopicKind;
use std::io;

/// Where the reader of a log is.
#[derive(Debug, Default)]
pub struct Position {
    /// The record that comes next.
    pub(super) next: u64,
    /// Segment and end of the record before it, if known.
    pub(super) behind: (u64, u64),
    pub(super) scan: Option<(u64, Scan)>,
}

/// What became of a record that was read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Loaded {
    /// To be sent.
    Entry { sequence: u64, entry: Entry },
    /// A newer state of its topic lies behind it.
    Superseded { flow: String, sum: Sum },
    /// Of a segment that is read to its end, these never came: they are damaged.
    Lost(ByFlow),
}

impl Log {
    /// Whether this record is the next one to be read: then it need not be read at all.
    #[must_use]
    pub fn is_next(&self, sequence: u64) -> bool {
        self.position.next == sequence
    }

    /// Whether something durable was not read yet.
    #[must_use]
    pub fn is_behind(&self) -> bool {
        self.position.next <= self.durable
    }

    /// The record that is read next; everything before was handed on.
    #[must_use]
    pub fn next(&self) -> u64 {
        self.position.next
    }

    /// A record that was committed just now went on without being read; it must be the next one.
    pub fn pass(&mut self, committed: Committed, flow: &str, sum: Sum) {
        self.position.next = committed.sequence + 1;
        self.position.behind = committed.place;
        self.position.scan = None;
        self.take_from(committed.place.0, flow, sum);
    }

    fn take_from(&mut self, number: u64, flow: &str, sum: Sum) {
        let Ok(at) = self.segments.binary_search_by_key(&number, |segment| segment.number) else { return };
        if let Some(left) = self.segments[at].left.get_mut(flow) {
            left.take(sum);
        }
    }

    /// Reads on until about `budget` bytes of payload are there, or everything durable was read. What is damaged is told
    /// as a gap before it is passed. After an error of the disk the next call goes on where this one ended.
    pub fn load(&mut self, budget: u64, now: Moment, into: &mut Vec<Loaded>) -> io::Result<()> {
        let mut taken = 0;
        while taken < budget && self.is_behind() {
            let at = self.segments.partition_point(|segment| segment.summary.last < self.position.next);
            let Some(segment) = self.segments.get(at) else {
                // What no segment holds was told when it was noticed.
                self.position.next = self.durable + 1;
                break;
            };
            let (number, end, last) = (segment.number, segment.end, segment.summary.last);
            self.position.next = self.position.next.max(segment.summary.first);
            let mut scan = match self.position.scan.take() {
                Some((of, scan)) if of == number => scan,
                _ => {
                    let file = self.disk.open_to_read(&self.directory.join(file_name(number)))?;
                    let from = if self.position.behind.0 == number { self.position.behind.1 } else { 0 };
                    Scan::new(file, number, from, end)
                }
            };
            scan.set_end(end);
            let damaged_before = scan.damaged_bytes;
            let read = match scan.step()? {
                Some(found) if found.head.sequence <= last => {
                    Some((found.head.sequence, read_body(found.body), found.at + found.head.stride()))
                }
                _ => None,
            };
            self.counts.damaged_bytes += scan.damaged_bytes - damaged_before;
            let next = self.position.next;
            let Some((sequence, entry, end)) = read else {
                if next <= last {
                    self.damaged(at, next, last, now)?;
                }
                let left = std::mem::take(&mut self.segments[at].left);
                self.position.next = last + 1;
                if left.values().any(|sum| sum.records > 0) {
                    into.push(Loaded::Lost(left));
                }
                continue;
            };
            if sequence > next {
                self.damaged(at, next, sequence - 1, now)?;
            }
            self.position.scan = Some((number, scan));
            if sequence < next {
                continue;
            }
            let Some(entry) = entry else {
                self.damaged(at, sequence, sequence, now)?;
                self.position.next = sequence + 1;
                continue;
            };
            self.position.next = sequence + 1;
            self.position.behind = (number, end);
            taken += entry.payload.len() as u64 + 64;
            into.push(self.judge(number, sequence, entry));
            if sequence == last && !self.is_active(number) {
                let left = std::mem::take(&mut self.segments[at].left);
                if left.values().any(|sum| sum.records > 0) {
                    into.push(Loaded::Lost(left));
                }
            }
        }
        Ok(())
    }

    fn is_active(&self, number: u64) -> bool {
        self.active.is_some() && number == self.last_number
    }

    fn judge(&mut self, number: u64, sequence: u64, entry: Entry) -> Loaded {
        let sum = Sum { records: 1, bytes: entry.payload.len() as u64, values: u64::from(entry.values) };
        self.take_from(number, &entry.flow, sum);
        let newest = self.newest.get(&entry.topic).map_or(0, |newest| newest.sequence);
        if entry.kind == TopicKind::State && newest > sequence {
            return Loaded::Superseded { flow: entry.flow, sum };
        }
        Loaded::Entry { sequence, entry }
    }

    fn damaged(&mut self, at: usize, first: u64, last: u64, now: Moment) -> io::Result<()> {
        self.segments[at].is_damaged = true;
        let records = last - first + 1;
        self.tell(Gap { reason: Reason::Damaged, first, last, records, time_ms: now.wall_ms })
    }
}
