//! Reading a log back, in order, from where its reader is.

use super::Moment;
use super::gaps::{Gap, Reason, without};
use super::log::{Committed, Log};
use super::record::{Entry, read_body};
use super::scan::Scan;
use super::segment::{ByFlow, Sum, file_name};
use crate::model::delivery::TopicKind;
use std::collections::VecDeque;
use std::io;

/// Where the reader of a log is.
#[derive(Debug, Default)]
pub struct Position {
    /// The record that comes next.
    pub(super) next: u64,
    /// Segment and end of the record before it, if known.
    pub(super) behind: (u64, u64),
    pub(super) scan: Option<(u64, Scan)>,
    /// First and last of the records behind `next` that went on without being read, in order.
    overtaken: VecDeque<(u64, u64)>,
}

/// So many ranges of records may have overtaken others.
const RANGES: usize = 1024;

impl Position {
    /// Whether this record went on already.
    fn has_overtaken(&self, sequence: u64) -> bool {
        self.overtaken.front().is_some_and(|(first, last)| (*first..=*last).contains(&sequence))
    }

    /// What went on already is not read.
    pub(super) fn skip_overtaken(&mut self) {
        while let Some((_, last)) = self.overtaken.pop_front_if(|(first, _)| *first <= self.next) {
            self.next = self.next.max(last + 1);
        }
    }
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

    /// Whether a record that was committed just now may go on before others that were not read yet.
    #[must_use]
    pub fn may_overtake(&self, sequence: u64) -> bool {
        let overtaken = &self.position.overtaken;
        overtaken.len() < RANGES || overtaken.back().is_some_and(|(_, last)| last + 1 == sequence)
    }

    /// A record that was committed just now went on before others that were not read yet.
    pub fn overtake(&mut self, committed: Committed, flow: &str, sum: Sum) {
        match self.position.overtaken.back_mut() {
            Some((_, last)) if *last + 1 == committed.sequence => *last = committed.sequence,
            _ => self.position.overtaken.push_back((committed.sequence, committed.sequence)),
        }
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
                self.position.skip_overtaken();
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
            match read {
                None => {
                    if next <= last {
                        self.damaged(at, next, last, now)?;
                    }
                    self.position.next = last + 1;
                    self.lose_rest(at, into);
                }
                // It went on already.
                Some((sequence, _, _)) if sequence < next => self.position.scan = Some((number, scan)),
                Some((sequence, entry, end)) => {
                    if sequence > next {
                        self.damaged(at, next, sequence - 1, now)?;
                    }
                    self.position.next = sequence;
                    match entry {
                        _ if self.position.has_overtaken(sequence) => {}
                        None => self.damaged(at, sequence, sequence, now)?,
                        Some(entry) => {
                            taken += entry.payload.len() as u64 + 64;
                            let loaded = self.judge(number, sequence, entry, now)?;
                            into.push(loaded);
                        }
                    }
                    self.position.next = sequence + 1;
                    self.position.behind = (number, end);
                    self.position.scan = Some((number, scan));
                }
            }
            self.position.skip_overtaken();
            self.lose_passed(into);
        }
        Ok(())
    }

    /// Of segments that were read to their end, what never came is damaged.
    fn lose_passed(&mut self, into: &mut Vec<Loaded>) {
        let passed = self.segments.partition_point(|segment| segment.summary.last < self.position.next);
        for at in (0..passed).rev() {
            let segment = &self.segments[at];
            // Those before were looked at when they were passed.
            if segment.is_settled {
                break;
            }
            if !self.is_active(segment.number) {
                self.segments[at].is_settled = true;
                self.lose_rest(at, into);
            }
        }
    }

    fn lose_rest(&mut self, at: usize, into: &mut Vec<Loaded>) {
        let left = std::mem::take(&mut self.segments[at].left);
        if left.values().any(|sum| sum.records > 0) {
            into.push(Loaded::Lost(left));
        }
    }

    fn is_active(&self, number: u64) -> bool {
        self.active.is_some() && number == self.last_number
    }

    fn judge(&mut self, number: u64, sequence: u64, entry: Entry, now: Moment) -> io::Result<Loaded> {
        let sum = Sum { records: 1, bytes: entry.payload.len() as u64, values: u64::from(entry.values) };
        let newest = self.newest.get(&entry.topic).map_or(0, |newest| newest.sequence);
        let is_state = entry.kind == TopicKind::State;
        let loaded = if is_state && newest > sequence {
            Loaded::Superseded { flow: entry.flow.clone(), sum }
        } else if is_state && sequence < self.uncertain {
            let (first, last) = (sequence, sequence);
            self.tell(Gap { reason: Reason::Uncertain, first, last, records: 1, time_ms: now.wall_ms })?;
            Loaded::Lost(ByFlow::from([(entry.flow.clone(), sum)]))
        } else {
            self.take_from(number, &entry.flow, sum);
            return Ok(Loaded::Entry { sequence, entry });
        };
        self.take_from(number, &entry.flow, sum);
        Ok(loaded)
    }

    /// Tells what lies between two records that could be read, but for what went on already.
    fn damaged(&mut self, at: usize, first: u64, last: u64, now: Moment) -> io::Result<()> {
        self.segments[at].is_damaged = true;
        for (first, last) in without(&self.position.overtaken, first, last) {
            let records = last - first + 1;
            self.tell(Gap { reason: Reason::Damaged, first, last, records, time_ms: now.wall_ms })?;
        }
        Ok(())
    }
}
