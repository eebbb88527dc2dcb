//! From changes of values to columns on a fixed grid of time: what a sampling channel of NC-Link sends.
//!
//! A row is a point in time, a column what one field held then. A value holds from its source time until the next one
//! comes; held values are repeated, and whoever reads the channel knows that they are, because the profile says so. A row
//! for which nothing usable is held is null. The grid begins at whole multiples of the upload interval since 1970, so
//! that two gateways that watch one machine send the same rows.
//!
//! Pure and bounded: the window that is being filled and as many behind it as fill while it waits for values that are on
//! their way, and one more; at most one change for each row and column.

use crate::codec::nc_link::{SampleHead, column, sample};
use crate::codec::{EncodeError, Reading, Tape};
use crate::model::{Now, Sample, Scalar, Span, StatusCode, Timestamp};
use crate::profile::MOST_ROWS;
use std::time::Duration;

/// 100 ns in a millisecond.
const TICKS: i64 = 10_000;

/// How a channel samples; in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    pub id: String,
    /// Between two rows; at least 1.
    pub interval: u32,
    /// Between two messages; a whole multiple of `interval`, at most [`MOST_ROWS`] of them.
    pub upload_interval: u32,
    /// How long a message waits behind its last row for values that are still on their way.
    pub settle: u32,
}

impl Channel {
    /// Rows of a message; `None` when the intervals do not fit each other.
    #[must_use]
    pub fn rows(&self) -> Option<u32> {
        let rows = self.upload_interval.checked_div(self.interval)?;
        let fits = self.upload_interval.is_multiple_of(self.interval) && (1..=MOST_ROWS).contains(&rows);
        fits.then_some(rows)
    }

    /// Messages that fill at a time: while one waits for what is on its way, those behind it do; and a value is held from
    /// the row behind its time, which may be the first of yet another one.
    fn kept(&self) -> u32 {
        2 + self.settle.div_ceil(self.upload_interval.max(1))
    }
}

/// Where a value came to lie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Placed {
    /// It took the place of a value that no message will hold: both fell between the same two rows.
    pub has_superseded: bool,
    /// Its time was of no use for the grid, so that of its arrival stands in.
    pub odd: Option<Odd>,
}

/// Why a source time cannot place a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Odd {
    /// There is none.
    Missing,
    /// It belongs to rows that were sent already; the value is held from the first row that was not.
    Late,
    /// It lies further ahead than the grid is kept.
    Ahead,
}

/// What became of a window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// Values that came since the last message and are in this one.
    pub values: u32,
    /// Cells that are null because nothing usable was held.
    pub nulls: u32,
}

/// The rows of one channel that were not sent yet.
#[derive(Debug)]
pub struct Grid {
    channel: Channel,
    rows: u32,
    columns: Vec<Column>,
    /// When the window being filled begins; `None` before the first value.
    begin: Option<Timestamp>,
    /// Nothing is held any more; with the last value that waits it ends.
    is_ending: bool,
    /// Values that no message will hold; see [`Self::take_passed_over`].
    passed_over: u64,
    /// When it is due, in time of the monotonic clock.
    due: Option<Duration>,
}

#[derive(Debug)]
struct Column {
    /// Before the first row.
    held: Change,
    /// The one being filled, and those behind it.
    windows: Vec<Window>,
}

/// The changes of one column, by row; memory is kept.
#[derive(Debug, Default)]
struct Window {
    changes: Vec<Change>,
    used: usize,
}

#[derive(Clone, Debug)]
struct Change {
    row: u32,
    /// A value of a source; otherwise one that ended what was held.
    is_value: bool,
    scalar: Scalar,
    status: StatusCode,
    bytes: Vec<u8>,
}

impl Default for Change {
    fn default() -> Self {
        Self {
            row: 0,
            is_value: false,
            scalar: Scalar::Null,
            status: StatusCode::BAD_WAITING_FOR_INITIAL_DATA,
            bytes: Vec::new(),
        }
    }
}

impl Grid {
    /// A grid for so many columns; `None` when the channel's intervals do not fit each other.
    #[must_use]
    pub fn new(channel: Channel, columns: usize) -> Option<Self> {
        let rows = channel.rows()?;
        let kept = channel.kept();
        let windows = || (0..kept).map(|_| Window::default()).collect();
        let column = || Column { held: Change::default(), windows: windows() };
        Some(Self {
            channel,
            rows,
            columns: (0..columns).map(|_| column()).collect(),
            begin: None,
            is_ending: false,
            passed_over: 0,
            due: None,
        })
    }

    /// Takes a value over; `arena` is what its span points into. A column that is not there is ignored. Send what is due
    /// before ([`Self::is_due`]).
    pub fn store(&mut self, at: u32, value: &Sample, arena: &[u8], now: Now) -> Placed {
        self.is_ending = false;
        let mut placed = Placed::default();
        let begin = match self.begin {
            Some(begin) => begin,
            None => self.begin_at(now),
        };
        let mut row = self.row(begin, value.source_time);
        if value.source_time.is_none() {
            placed.odd = Some(Odd::Missing);
            row = self.row(begin, now.wall);
        } else if row < 0 {
            placed.odd = Some(Odd::Late);
        } else if row >= self.kept_rows() {
            placed.odd = Some(Odd::Ahead);
            row = self.row(begin, now.wall);
        }
        let row = row.clamp(0, self.kept_rows() - 1) as u32;
        let Some(column) = self.columns.get_mut(at as usize) else { return placed };
        let (window, row) = ((row / self.rows) as usize, row % self.rows);
        placed.has_superseded = column.windows[window].put(row, value, arena, true);
        placed
    }

    /// A value that holds from the first row on without being one of a source's.
    pub fn declare(&mut self, at: u32, value: &Sample, arena: &[u8], now: Now) {
        if self.begin.is_none() {
            self.begin_at(now);
        }
        if let Some(column) = self.columns.get_mut(at as usize) {
            column.held.take(value, arena);
        }
    }

    /// From now on nothing is held: the rows that come are null until there are values again. Messages end with those
    /// that hold a value.
    pub fn lose(&mut self, status: StatusCode, now: Now) {
        let Some(begin) = self.begin else { return };
        let row = self.row(begin, now.wall).clamp(0, self.kept_rows() - 1) as u32;
        let none = Timestamp::NONE;
        let sample = Sample { slot: 0, status: status.0, source_time: none, server_time: none, scalar: Scalar::Null };
        let (window, row) = ((row / self.rows) as usize, row % self.rows);
        for column in &mut self.columns {
            // What lies ahead of our clock came from a source that is gone.
            column.windows.iter_mut().skip(window + 1).for_each(|later| later.end(0));
            column.windows[window].end(row);
            column.windows[window].put(row, &sample, &[], false);
        }
        self.is_ending = true;
    }

    /// Whether the window is complete, as far as waiting helps. Call it again after each message.
    pub fn is_due(&mut self, now: Now) -> bool {
        let Some(begin) = self.begin else { return false };
        let end = self.end(begin);
        let wait = i64::from(self.channel.settle) * TICKS;
        if now.wall.0 < begin.0 - self.length() {
            // The clock was set back: what is held goes on from there, and no message will hold how it came to be.
            self.passed_over += self.held();
            self.columns.iter_mut().for_each(|column| column.advance(column.windows.len()));
            self.begin_at(now);
            return false;
        }
        if now.wall.0 < end.0.saturating_add(wait) {
            self.due = Some(self.when(begin, now));
            return false;
        }
        true
    }

    /// When [`Self::is_due`] may say yes, in time of the monotonic clock.
    #[must_use]
    pub fn next(&self) -> Option<Duration> {
        self.due
    }

    /// Values that no message will hold, since the last time this was asked: the clock was set back over them.
    pub fn take_passed_over(&mut self) -> u64 {
        std::mem::take(&mut self.passed_over)
    }

    /// Messages that fill at a time, at most.
    #[must_use]
    pub fn windows(&self) -> usize {
        self.channel.kept() as usize
    }

    /// Source values that wait for their message.
    #[must_use]
    pub fn held(&self) -> u64 {
        let count = |column: &Column| column.windows.iter().map(Window::values).sum::<u64>();
        self.columns.iter().map(count).sum()
    }

    /// Writes the window that is due over what the tape held; [`Self::advance`] then goes on to the next. `paths` names
    /// the columns in their order; a column that `skip` names is left out, and so must its path be; `write` writes one
    /// usable value of a column; what it cannot write is null.
    pub fn write<'p>(
        &self,
        tape: &mut Tape,
        paths: impl IntoIterator<Item = &'p str>,
        skip: &[u32],
        mut write: impl FnMut(&mut Tape, &Reading<'_>) -> Result<(), EncodeError>,
    ) -> Sent {
        let mut sent = Sent::default();
        let Some(begin) = self.begin else { return sent };
        tape.clear();
        let Channel { id, interval, upload_interval, .. } = &self.channel;
        let begin = begin.unix_millis();
        let head = SampleHead { channel: id, begin, interval: *interval, upload_interval: *upload_interval };
        let rows = self.rows;
        sample(tape, &head, paths, |tape| {
            for (at, of) in (0..).zip(&self.columns) {
                if skip.contains(&at) {
                    continue;
                }
                sent.values += of.windows[0].values() as u32;
                column(tape, |tape| {
                    for value in of.rows(rows) {
                        let is_written = !value.status.is_bad() && write(tape, &value.reading()).is_ok();
                        if !is_written {
                            sent.nulls += 1;
                            tape.null();
                        }
                    }
                });
            }
        });
        sent
    }

    /// Goes on to the next window; says how many values the one that is over held.
    pub fn advance(&mut self, now: Now) -> u64 {
        let Some(begin) = self.begin else { return 0 };
        let values = self.columns.iter().map(|column| column.windows[0].values()).sum();
        self.columns.iter_mut().for_each(|column| column.advance(1));
        if self.is_ending && self.held() == 0 {
            self.begin = None;
            self.due = None;
        } else {
            self.begin = Some(self.end(begin));
            self.skip(now);
        }
        values
    }

    /// After a long silence of the clock, rows that nobody could have filled are not made up.
    fn skip(&mut self, now: Now) {
        let Some(begin) = self.begin else { return };
        let behind = now.wall.0.saturating_sub(begin.0).div_euclid(self.length());
        if behind > i64::from(self.channel.kept()) && self.held() == 0 {
            self.columns.iter_mut().for_each(|column| column.advance(column.windows.len()));
            self.begin_at(now);
        } else {
            self.due = Some(self.when(begin, now));
        }
    }

    fn begin_at(&mut self, now: Now) -> Timestamp {
        let millis = i64::from(self.channel.upload_interval);
        let begin = Timestamp::from_unix_millis(now.wall.unix_millis().div_euclid(millis) * millis);
        self.begin = Some(begin);
        self.due = Some(self.when(begin, now));
        begin
    }

    fn when(&self, begin: Timestamp, now: Now) -> Duration {
        let at = self.end(begin).0.saturating_add(i64::from(self.channel.settle) * TICKS);
        let micros = u64::try_from(at.saturating_sub(now.wall.0)).unwrap_or(0).div_ceil(10);
        now.monotonic + Duration::from_micros(micros)
    }

    fn kept_rows(&self) -> i64 {
        i64::from(self.channel.kept()) * i64::from(self.rows)
    }

    fn end(&self, begin: Timestamp) -> Timestamp {
        Timestamp(begin.0.saturating_add(self.length()))
    }

    fn length(&self) -> i64 {
        i64::from(self.channel.upload_interval) * TICKS
    }

    /// The first row that is not before this time; negative when all of its rows were sent.
    fn row(&self, begin: Timestamp, time: Timestamp) -> i64 {
        let interval = i64::from(self.channel.interval) * TICKS;
        let after = time.0.saturating_sub(begin.0);
        after.div_euclid(interval) + i64::from(after.rem_euclid(interval) > 0)
    }
}

impl Column {
    /// What is held at each row of the window that is due.
    fn rows(&self, rows: u32) -> impl Iterator<Item = &Change> {
        let changes = &self.windows[0].changes[..self.windows[0].used];
        let (mut at, mut held) = (0, &self.held);
        (0..rows).map(move |row| {
            while let Some(change) = changes.get(at).filter(|change| change.row <= row) {
                held = change;
                at += 1;
            }
            held
        })
    }

    /// So many windows are over; what was held last goes on.
    fn advance(&mut self, windows: usize) {
        for _ in 0..windows {
            let first = &mut self.windows[0];
            if let Some(last) = first.used.checked_sub(1).and_then(|last| first.changes.get_mut(last)) {
                std::mem::swap(&mut self.held, last);
            }
            first.used = 0;
            self.windows.rotate_left(1);
        }
    }
}

impl Window {
    /// Source values in it.
    fn values(&self) -> u64 {
        self.changes[..self.used].iter().filter(|change| change.is_value).count() as u64
    }

    /// What it holds from a row on does not hold any more, though it was there.
    fn end(&mut self, row: u32) {
        for change in &mut self.changes[..self.used] {
            if change.row >= row {
                change.scalar = Scalar::Null;
                change.status = StatusCode::BAD_NO_COMMUNICATION;
            }
        }
    }

    /// Whether a value that was there is in no row any more.
    fn put(&mut self, row: u32, value: &Sample, arena: &[u8], is_value: bool) -> bool {
        let last = self.used.checked_sub(1).and_then(|last| self.changes.get_mut(last));
        // A value that came later is the newer one, whatever its time says.
        if let Some(last) = last.filter(|last| last.row >= row) {
            let was_value = last.is_value;
            last.take(value, arena);
            last.is_value |= is_value;
            return was_value && is_value;
        }
        if self.used == self.changes.len() {
            self.changes.push(Change::default());
        }
        let Some(change) = self.changes.get_mut(self.used) else { return false };
        change.row = row;
        change.is_value = is_value;
        change.take(value, arena);
        self.used += 1;
        false
    }
}

impl Change {
    fn take(&mut self, value: &Sample, arena: &[u8]) {
        self.status = StatusCode(value.status);
        self.bytes.clear();
        let mut keep = |span: Span| {
            self.bytes.extend_from_slice(span.of(arena));
            Span { start: 0, length: self.bytes.len() as u32 }
        };
        self.scalar = match value.scalar {
            Scalar::Text(kind, span) => Scalar::Text(kind, keep(span)),
            Scalar::Bytes(span) => Scalar::Bytes(keep(span)),
            Scalar::Tree(span) => Scalar::Tree(keep(span)),
            inline => inline,
        };
    }

    fn reading(&self) -> Reading<'_> {
        Reading {
            scalar: self.scalar,
            arena: &self.bytes,
            status: self.status,
            source_time: Timestamp::NONE,
            server_time: Timestamp::NONE,
            enumeration: None,
        }
    }
}

#[cfg(test)]
#[path = "grid_tests.rs"]
mod tests;
