//! Letting segments go: delivered, superseded, too old, or because there is no room.

use super::cursor::{self, RANGES};
use super::gaps::{Gap, Reason};
use super::log::Log;
use super::segment::{ByFlow, file_name};
use super::{Moment, Notice};
use std::io;

/// So many damaged segments are kept.
const KEPT: usize = 4;

impl Log {
    /// Everything up to `released` is done with: makes that durable, then lets go of the segments before it.
    pub fn advance(&mut self, released: u64) -> io::Result<()> {
        if released > self.saved.released || self.durable > self.saved.durable {
            self.save(released.max(self.saved.released), self.saved.freed.clone())?;
        }
        while let Some(front) = self.segments.front() {
            if front.summary.last > self.saved.released || self.segments.len() == 1 && self.active.is_some() {
                break;
            }
            self.remove(0)?;
        }
        Ok(())
    }

    /// What the cursor file says: how far everything is done with.
    #[must_use]
    pub fn saved(&self) -> u64 {
        self.saved.released
    }

    /// Lets go of segments that were not read yet and hold nothing but states of which there are newer ones.
    pub fn free_superseded(&mut self) -> io::Result<ByFlow> {
        let mut superseded = ByFlow::default();
        let mut at = 0;
        while at < self.segments.len() {
            let segment = &self.segments[at];
            let is_active = self.active.is_some() && at + 1 == self.segments.len();
            let is_empty = segment.summary.last < segment.summary.first;
            if segment.live > 0 || segment.summary.first < self.position.next || is_active || is_empty {
                at += 1;
                continue;
            }
            let (mut freed, range) = (self.saved.freed.clone(), (segment.summary.first, segment.summary.last));
            insert(&mut freed, range);
            if freed.len() > RANGES {
                break;
            }
            self.save(self.saved.released, freed)?;
            for (flow, sum) in std::mem::take(&mut self.segments[at].left) {
                super::segment::add(&mut superseded, &flow, sum);
            }
            self.remove(at)?;
        }
        Ok(superseded)
    }

    /// The last record of the oldest segment; `None`: there is none.
    #[must_use]
    pub fn oldest(&self) -> Option<u64> {
        self.segments.front().map(|front| front.summary.last)
    }

    /// Whether the newest record of the oldest segment is older than this.
    #[must_use]
    pub fn is_oldest_older(&self, age_ms: u64, now: Moment) -> bool {
        let age_ms = i64::try_from(age_ms).unwrap_or(i64::MAX);
        self.segments.front().is_some_and(|front| {
            front.summary.last >= front.summary.first && now.run_ms.saturating_sub(front.newest_at) > age_ms
        })
    }

    /// Drops the oldest segment: tells the gap, then moves the cursor, then removes it. `read`: of its records, so many
    /// had been read and are dropped by the caller. Returns what was not read yet.
    pub fn drop_oldest(&mut self, reason: Reason, read: u64, now: Moment) -> io::Result<ByFlow> {
        if self.segments.len() == 1 && self.active.is_some() {
            self.close();
        }
        let Some(front) = self.segments.front() else { return Ok(ByFlow::default()) };
        let (first, last) = (front.summary.first.max(self.saved.released + 1), front.summary.last);
        let records = read + front.left.values().map(|sum| sum.records).sum::<u64>();
        if first <= last && records > 0 {
            self.tell(Gap { reason, first, last, records, time_ms: now.wall_ms })?;
        }
        self.save(last.max(self.saved.released), self.saved.freed.clone())?;
        let number = self.segments[0].number;
        let left = std::mem::take(&mut self.segments[0].left);
        if self.position.next <= last {
            self.position.next = last + 1;
            self.position.scan = None;
            self.position.skip_overtaken();
        }
        self.newest.retain(|_, newest| newest.segment != number);
        self.remove(0)?;
        Ok(left)
    }

    /// Makes the end of the log and the cursor durable; the next start is quick then.
    pub fn finish(&mut self, released: u64) -> io::Result<()> {
        self.close();
        self.advance(released)
    }

    fn save(&mut self, released: u64, mut freed: Vec<(u64, u64)>) -> io::Result<()> {
        freed.retain(|(_, last)| *last > released);
        let state = cursor::State { log: self.id, released, durable: self.durable, freed };
        self.counts.syncs += 1;
        self.cursor.save(&state).inspect_err(|_| self.counts.failed_syncs += 1)?;
        self.saved = state;
        Ok(())
    }

    /// Removes the file of a segment that the cursor has passed; a damaged one is kept under another name.
    fn remove(&mut self, at: usize) -> io::Result<()> {
        let segment = &self.segments[at];
        let path = self.directory.join(file_name(segment.number));
        let removed = if segment.is_damaged {
            let kept = path.with_extension("damaged");
            let renamed = self.disk.rename(&path, &kept);
            if renamed.is_ok() {
                self.notices.push(Notice::Kept { file: kept });
            }
            renamed
        } else {
            self.disk.unlink(&path)
        };
        match removed {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        if let Some(segment) = self.segments.remove(at) {
            self.quota.take(segment.bytes);
            if segment.is_damaged {
                self.forget_damaged();
            }
        }
        Ok(())
    }

    /// Only the newest damaged segments are kept.
    fn forget_damaged(&self) {
        let Ok(names) = self.disk.list(&self.directory) else { return };
        let mut kept: Vec<_> = names.into_iter().filter(|name| name.ends_with(".damaged")).collect();
        kept.sort_unstable();
        for name in kept.iter().rev().skip(KEPT) {
            // What cannot be removed now is removed with the next one.
            let _ = self.disk.unlink(&self.directory.join(name));
        }
    }
}

/// Adds a range to others that it does not overlap.
fn insert(ranges: &mut Vec<(u64, u64)>, range: (u64, u64)) {
    ranges.push(range);
    ranges.sort_unstable();
    ranges.dedup_by(|next, before| {
        let touches = before.1 + 1 == next.0;
        if touches {
            before.1 = next.1;
        }
        touches
    });
}
