//! The spool on disk: one log for each sink, `data-dir/spool/<connection>/`.
//!
//! | file | what it is |
//! |---|---|
//! | `0000000001.segment` … | records in order, see [`record`] and [`segment`] |
//! | `cursor` | how far they were delivered, see [`cursor`] |
//! | `gaps` | the newest losses and their reasons, see [`gaps`] |
//! | `….damaged` | a segment with records that could not be read, kept for whoever wants to look |
//! | `lock` | held by the process that writes |
//!
//! Everything here goes through [`Disk`](crate::port::Disk) and asks no clock.

mod age;
pub mod cursor;
pub mod gaps;
pub mod inspect;
pub mod load;
pub mod log;
pub mod open;
pub mod reclaim;
pub mod record;
pub mod scan;
pub mod segment;

#[cfg(test)]
mod tests;

pub use log::Log;

use gaps::Gap;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

/// When something happens: on the wall, for people, and since the process began, for what gets old. A wall clock that
/// jumps makes nothing older.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// Milliseconds since 1970.
    pub wall_ms: u64,
    /// Milliseconds since some moment of this process; may be negative for what is from before.
    pub run_ms: i64,
}

/// How a log is kept.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Length of a segment; one with a single record that is larger is as long as it needs.
    pub segment_bytes: u64,
}

/// The room of all logs together.
#[derive(Debug)]
pub struct Quota {
    limit: AtomicU64,
    used: AtomicU64,
}

impl Quota {
    #[must_use]
    pub fn new(limit: u64) -> Self {
        Self { limit: AtomicU64::new(limit), used: AtomicU64::new(0) }
    }

    #[must_use]
    pub fn limit(&self) -> u64 {
        self.limit.load(Ordering::Relaxed)
    }

    pub fn set_limit(&self, limit: u64) {
        self.limit.store(limit, Ordering::Relaxed);
    }

    #[must_use]
    pub fn used(&self) -> u64 {
        self.used.load(Ordering::Relaxed)
    }

    fn has_room(&self, bytes: u64) -> bool {
        self.used() + bytes <= self.limit()
    }

    fn add(&self, bytes: u64) {
        self.used.fetch_add(bytes, Ordering::Relaxed);
    }

    /// A file has another length now.
    fn change(&self, from: u64, to: u64) {
        self.add(to);
        self.take(from);
    }

    fn take(&self, bytes: u64) {
        self.used.fetch_sub(bytes, Ordering::Relaxed);
    }
}

/// Why nothing can be committed now. All of it may pass.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The quota is used up, or the disk.
    #[error("no room")]
    Full,
    #[error(transparent)]
    Disk(#[from] io::Error),
}

/// What somebody should know of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    Gap(Gap),
    /// The end of the last segment was no record: a write was cut off by a loss of power.
    TailCut {
        bytes: u64,
    },
    /// Both places of the cursor are damaged: what was delivered lately may come again.
    CursorDamaged,
    /// Of so many gaps that were told once the file does not know any more.
    GapsDamaged {
        gaps: u64,
    },
    /// A write or a sync failed: what was not durable is written into another segment.
    Poisoned {
        segment: u64,
        error: String,
    },
    /// A segment has no summary: the next start reads it whole.
    Unsummarised {
        segment: u64,
        error: String,
    },
    /// A segment that belongs to another log; it is left alone.
    Stranger {
        file: PathBuf,
    },
    /// A file with damaged records was kept under this name.
    Kept {
        file: PathBuf,
    },
}

/// Why a log cannot be opened. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("{}: {error}", path.display())]
    Disk { path: PathBuf, error: io::Error },
    #[error("{}: another process writes there", path.display())]
    Taken { path: PathBuf },
    #[error("{}: format {version} is not known", path.display())]
    Foreign { path: PathBuf, version: u32 },
}
