//! One file of a log: a header of 64 bytes, records, and once it is closed a summary, so that the next start need not
//! read it.
//!
//! | bytes | header |
//! |---|---|
//! | 0..8 | `QIAOSPOL` |
//! | 8..12 | version of the format |
//! | 12..20 | number of the segment, as in its file name |
//! | 20..28 | sequence of its first record |
//! | 28..36 | identity of the log, so that a file of another log is noticed |
//! | 36..44 | when it was begun, in milliseconds since 1970 |
//! | 44..48 | CRC-32C of what is before |
//!
//! Magic and version stay where they are in every version to come. A closed segment ends with 16 bytes that say where
//! the head of its summary lies: `QTAIL` and 3 zeros, offset as u32, CRC-32C of these 12 and of the segment's number.

use super::record::{Fields, HEAD, Head, Mark, SEQUENCE_MAX, write_text};
use crate::model::TopicName;
use crate::port::DiskFile;
use std::collections::{BTreeMap, HashMap};
use std::io;
use std::sync::Arc;

pub const HEADER: usize = 64;
/// The format this release writes.
pub const VERSION: u32 = 1;
/// The oldest format this release reads and drains.
pub const OLDEST: u32 = 1;
const MAGIC: &[u8; 8] = b"QIAOSPOL";
const TAIL: usize = 16;

/// What the first bytes of a segment say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Header {
    Sound {
        first: u64,
        log: u64,
    },
    /// Written by a release that knows more, or that is too long ago.
    Foreign {
        version: u32,
    },
    /// The records may be sound all the same: they carry the number of their segment.
    Damaged,
}

impl Header {
    pub fn write(number: u64, first: u64, log: u64, now_ms: u64) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        for field in [number, first, log, now_ms] {
            bytes.extend_from_slice(&field.to_le_bytes());
        }
        bytes.extend_from_slice(&crc32c::crc32c(&bytes).to_le_bytes());
        bytes.resize(HEADER, 0);
        bytes
    }

    pub fn read(file: &dyn DiskFile, number: u64) -> io::Result<Self> {
        let mut bytes = [0; HEADER];
        let count = file.read_at(0, &mut bytes)?;
        Ok(Self::parse(&bytes[..count], number).unwrap_or(Self::Damaged))
    }

    fn parse(bytes: &[u8], number: u64) -> Option<Self> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let mut fields = Fields(rest);
        let version = fields.u32()?;
        let (own, first, log, _) = (fields.u64()?, fields.u64()?, fields.u64()?, fields.u64()?);
        let check = fields.u32()?;
        let is_sound = |version: u32| {
            let mut bytes = bytes[..44].to_vec();
            bytes[8..12].copy_from_slice(&version.to_le_bytes());
            crc32c::crc32c(&bytes) == check
        };
        if (OLDEST..=VERSION).contains(&version) {
            return (is_sound(version) && own == number && first <= SEQUENCE_MAX).then_some(Self::Sound { first, log });
        }
        // A damaged version is not an unknown one, nor is one that a loss of power left unwritten.
        (version != 0 && !(OLDEST..=VERSION).any(is_sound)).then_some(Self::Foreign { version })
    }
}

/// Records, and what they hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    pub records: u64,
    pub bytes: u64,
    pub values: u64,
}

impl Sum {
    pub fn add(&mut self, other: Self) {
        self.records += other.records;
        self.bytes += other.bytes;
        self.values += other.values;
    }

    pub fn take(&mut self, other: Self) {
        self.records = self.records.saturating_sub(other.records);
        self.bytes = self.bytes.saturating_sub(other.bytes);
        self.values = self.values.saturating_sub(other.values);
    }
}

/// Sums by name of the flow.
pub type ByFlow = BTreeMap<String, Sum>;

/// Adds to the sum of one flow.
pub fn add(sums: &mut ByFlow, flow: &str, sum: Sum) {
    match sums.get_mut(flow) {
        Some(known) => known.add(sum),
        None => drop(sums.insert(flow.to_owned(), sum)),
    }
}

/// What a segment holds; stands at its end once it is closed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub first: u64,
    /// `first - 1`: nothing.
    pub last: u64,
    pub newest_ms: u64,
    /// Records on log topics.
    pub logs: u64,
    pub flows: ByFlow,
    /// The newest record of each state topic.
    pub states: HashMap<Arc<TopicName>, u64>,
}

impl Summary {
    pub fn empty(first: u64) -> Self {
        Self { first, last: first.saturating_sub(1), ..Self::default() }
    }

    /// Takes a record in; they come in order.
    pub fn add(&mut self, sequence: u64, time_ms: u64, flow: &str, state: Option<&Arc<TopicName>>, sum: Sum) {
        self.last = sequence;
        self.newest_ms = self.newest_ms.max(time_ms);
        add(&mut self.flows, flow, sum);
        match state {
            Some(topic) => drop(self.states.insert(Arc::clone(topic), sequence)),
            None => self.logs += 1,
        }
    }

    /// Writes it at `at`; where the file may end.
    pub fn write(&self, file: &dyn DiskFile, number: u64, at: u64) -> io::Result<u64> {
        let mut body = Vec::new();
        for field in [self.first, self.last, self.newest_ms, self.logs] {
            body.extend_from_slice(&field.to_le_bytes());
        }
        body.extend_from_slice(&(self.flows.len() as u32).to_le_bytes());
        for (flow, sum) in &self.flows {
            write_text(flow, &mut body);
            for field in [sum.records, sum.bytes, sum.values] {
                body.extend_from_slice(&field.to_le_bytes());
            }
        }
        body.extend_from_slice(&(self.states.len() as u32).to_le_bytes());
        for (topic, sequence) in &self.states {
            write_text(topic.as_str(), &mut body);
            body.extend_from_slice(&sequence.to_le_bytes());
        }
        let mut bytes = Vec::with_capacity(HEAD + body.len() + TAIL);
        Head::of(Mark::End, &body, self.last + 1, self.last).write(number, &mut bytes);
        bytes.extend_from_slice(&body);
        bytes.extend_from_slice(&tail(at, number));
        file.write_at(at, &bytes)?;
        Ok(at + bytes.len() as u64)
    }

    /// The summary at the end of a closed segment, and where its records end; `None`: there is none, or it is damaged.
    pub fn read(file: &dyn DiskFile, number: u64) -> io::Result<Option<(Self, u64)>> {
        let length = file.bytes()?;
        let Some(tail_at) = length.checked_sub(TAIL as u64).filter(|at| *at >= (HEADER + HEAD) as u64) else {
            return Ok(None);
        };
        let mut found = [0; TAIL];
        file.read_at(tail_at, &mut found)?;
        let at = u64::from(u32::from_le_bytes([found[8], found[9], found[10], found[11]]));
        if found != tail(at, number) || at + HEAD as u64 > tail_at {
            return Ok(None);
        }
        let mut bytes = vec![0; (tail_at - at) as usize];
        file.read_at(at, &mut bytes)?;
        let Some(head) = Head::read(&bytes, number).filter(|head| head.mark == Mark::End) else { return Ok(None) };
        let body = &bytes[HEAD..];
        Ok(if head.fits(body) { Self::parse(body).map(|summary| (summary, at)) } else { None })
    }

    fn parse(body: &[u8]) -> Option<Self> {
        let mut fields = Fields(body);
        let (first, last) = (fields.sequence()?, fields.sequence()?);
        if first == 0 || first > last + 1 {
            return None;
        }
        let (newest_ms, logs) = (fields.u64()?, fields.u64()?);
        let mut summary = Self { first, last, newest_ms, logs, ..Self::default() };
        for _ in 0..fields.u32()? {
            let flow = fields.text()?.to_owned();
            let sum = Sum { records: fields.u64()?, bytes: fields.u64()?, values: fields.u64()? };
            summary.flows.insert(flow, sum);
        }
        for _ in 0..fields.u32()? {
            let topic = TopicName::parse(fields.text()?).ok()?;
            summary.states.insert(Arc::new(topic), fields.sequence()?);
        }
        Some(summary)
    }
}

fn tail(at: u64, number: u64) -> [u8; TAIL] {
    let mut bytes = [0; TAIL];
    bytes[..5].copy_from_slice(b"QTAIL");
    bytes[8..12].copy_from_slice(&(at as u32).to_le_bytes());
    let check = crc32c::crc32c_append(crc32c::crc32c(&bytes[..12]), &number.to_le_bytes());
    bytes[12..].copy_from_slice(&check.to_le_bytes());
    bytes
}

/// Name of a segment's file.
pub fn file_name(number: u64) -> String {
    format!("{number:010}.segment")
}

/// The number in the name of a segment's file.
pub fn number_of(name: &str) -> Option<u64> {
    name.strip_suffix(".segment")?.parse().ok()
}
