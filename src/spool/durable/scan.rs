//! Reads the records of one segment in order, over what is damaged.

use super::record::{ALIGNMENT, HEAD, Head, Mark};
use super::segment::HEADER;
use crate::port::DiskFile;
use std::io;

/// Read at once, if nothing larger is asked for.
const CHUNK: usize = 128 << 10;

/// A record whose checks are right.
#[derive(Debug)]
pub struct Found<'a> {
    pub head: Head,
    pub at: u64,
    pub body: &'a [u8],
}

/// Where a scan is in its segment.
#[derive(Debug)]
pub struct Scan {
    file: Box<dyn DiskFile>,
    segment: u64,
    at: u64,
    end: u64,
    /// What was read ahead, how much of it counts, and where it lies in the file.
    ahead: Vec<u8>,
    ahead_len: usize,
    ahead_at: u64,
    /// Bytes that are no record and not zero.
    pub damaged_bytes: u64,
    /// Behind the last record that was read.
    pub sound_end: u64,
}

impl Scan {
    /// Begins at `at`, or behind the header.
    pub fn new(file: Box<dyn DiskFile>, segment: u64, at: u64, end: u64) -> Self {
        let at = at.max(HEADER as u64);
        Self { file, segment, at, end, ahead: Vec::new(), ahead_len: 0, ahead_at: 0, damaged_bytes: 0, sound_end: at }
    }

    /// Nothing behind this is looked at: it is not durable yet, or not wanted.
    pub fn set_end(&mut self, end: u64) {
        self.end = end;
    }

    /// The next record whose checks are right; `None` at the end, or before the summary. An error is one of the disk.
    pub fn step(&mut self) -> io::Result<Option<Found<'_>>> {
        loop {
            let Some(head) = self.head()? else { return Ok(None) };
            let at = self.at;
            if head.mark == Mark::End {
                return Ok(None);
            }
            let from = at + HEAD as u64;
            let body = self.bytes(from, head.length as usize)?;
            if !head.fits(body) {
                // The head is right: the next record lies where it says.
                self.damaged_bytes += head.stride();
                self.at += head.stride();
                continue;
            }
            self.at += head.stride();
            self.sound_end = self.at;
            let start = (from - self.ahead_at) as usize;
            let body = &self.ahead[start..start + head.length as usize];
            return Ok(Some(Found { head, at, body }));
        }
    }

    /// The next head that is right, at `self.at` or behind; what is passed over is damaged, or never written.
    fn head(&mut self) -> io::Result<Option<Head>> {
        while self.at + HEAD as u64 <= self.end {
            let (at, segment, end) = (self.at, self.segment, self.end);
            let bytes = self.bytes(at, HEAD)?;
            let head = Head::read(bytes, segment).filter(|head| at + head.stride() <= end);
            if head.is_some() {
                return Ok(head);
            }
            let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
            if zeros >= ALIGNMENT {
                self.at += (zeros - zeros % ALIGNMENT) as u64;
            } else {
                self.damaged_bytes += ALIGNMENT as u64;
                self.at += ALIGNMENT as u64;
            }
        }
        Ok(None)
    }

    /// `count` bytes at `at`, or as many as there are.
    fn bytes(&mut self, at: u64, count: usize) -> io::Result<&[u8]> {
        let have = self.ahead_at + self.ahead_len as u64;
        if at < self.ahead_at || at + count as u64 > have {
            let most = usize::try_from(self.end.saturating_sub(at)).unwrap_or(usize::MAX);
            let wanted = CHUNK.max(count).min(most);
            if self.ahead.len() < wanted {
                self.ahead = vec![0; wanted];
            }
            self.ahead_len = self.file.read_at(at, &mut self.ahead[..wanted])?;
            self.ahead_at = at;
        }
        let start = (at - self.ahead_at) as usize;
        Ok(&self.ahead[start..self.ahead_len.min(start + count)])
    }
}
