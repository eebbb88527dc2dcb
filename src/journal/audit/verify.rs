//! Whether the chain of the audit is whole; where it is not, and in which way.

use super::line::{self, Hash, hex};
use super::{Mark, SUFFIX, head};
use crate::finding::Finding;
use crate::journal::commands::{numbers, path_of, read_whole};
use crate::port::Disk;
use serde_json::Value;
use std::collections::BTreeSet;
use std::io;
use std::path::Path;

/// What was found.
#[derive(Debug, Default)]
pub struct Verified {
    pub records: u64,
    /// First record that is still there, and last.
    pub first: Option<u64>,
    pub last: Option<Mark>,
    pub findings: Vec<Finding>,
}

/// Findings that are kept.
const FINDINGS_MAX: usize = 1_000;

/// Looks at every record; may be done while the audit is written. `anchor`: a mark that was kept elsewhere.
pub fn verify(disk: &dyn Disk, data_dir: &Path, anchor: Option<Mark>) -> io::Result<Verified> {
    let directory = data_dir.join("audit");
    // Before the records: what is written meanwhile is newer.
    let mark = head::read(disk, &directory)?;
    let numbers = match numbers(disk, &directory, SUFFIX) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        other => other?,
    };
    let mut chain = Chain { anchor, ..Chain::default() };
    let count = numbers.len();
    for (index, number) in numbers.into_iter().enumerate() {
        let path = path_of(&directory, number, SUFFIX);
        let bytes = match read_whole(disk, &path) {
            // The oldest may be dropped between listing and reading.
            Err(error) if error.kind() == io::ErrorKind::NotFound && chain.verified.records == 0 => continue,
            other => other?,
        };
        chain.segment(&path.display().to_string(), &bytes, index + 1 == count);
    }
    Ok(chain.end(&directory.display().to_string(), mark))
}

#[derive(Default)]
struct Chain {
    verified: Verified,
    /// What the first record that is there follows.
    before_first: Option<(u64, Hash, String)>,
    /// Records that were dropped with leave: the last of each, and its hash.
    dropped: Vec<(u64, String)>,
    seen: BTreeSet<u64>,
    anchor: Option<Mark>,
    is_anchored: bool,
}

impl Chain {
    fn segment(&mut self, path: &str, bytes: &[u8], is_last: bool) {
        let mut texts = bytes.split_inclusive(|byte| *byte == b'\n').enumerate().peekable();
        while let Some((number, text)) = texts.next() {
            let place = format!("{path}:{}", number + 1);
            let whole = text.strip_suffix(b"\n");
            match whole.and_then(line::read) {
                Some(line) => self.line(&line, place),
                // A line that is being written, or was not finished: the mark of the end tells whether it counted.
                None if whole.is_none() && is_last && texts.peek().is_none() => {}
                None => self.tell(Finding::error("QIAO-A010", place)),
            }
        }
    }

    fn line(&mut self, line: &line::Line, place: String) {
        let verified = &mut self.verified;
        match verified.last {
            None => self.before_first = Some((line.seq, line.prev, place)),
            Some((last, hash)) => {
                let expected = last + 1;
                if line.seq > expected {
                    let finding = Finding::error("QIAO-A011", place);
                    let (first, behind) = (expected.to_string(), (line.seq - 1).to_string());
                    self.tell(finding.with("first", first).with("last", behind));
                } else if line.seq < expected {
                    let code = if self.seen.contains(&line.seq) { "QIAO-A012" } else { "QIAO-A013" };
                    self.tell(Finding::error(code, place).with("seq", line.seq).with("expected", expected));
                    self.seen.insert(line.seq);
                    // The chain goes on from where it stood.
                    return;
                } else if line.prev != hash {
                    self.tell(Finding::error("QIAO-A014", place).with("seq", line.seq));
                }
            }
        }
        if line.kind == "dropped"
            && let (Some(last), Some(hash)) = (
                line.members.get("last").and_then(Value::as_u64),
                line.members.get("last-hash").and_then(Value::as_str),
            )
        {
            self.dropped.push((last, hash.to_owned()));
        }
        if let Some((seq, hash)) = self.anchor.filter(|(seq, _)| *seq == line.seq) {
            self.is_anchored = hash == line.hash && seq == line.seq;
        }
        self.seen.insert(line.seq);
        self.verified.records += 1;
        self.verified.first.get_or_insert(line.seq);
        self.verified.last = Some((line.seq, line.hash));
    }

    fn end(mut self, directory: &str, mark: Option<Mark>) -> Verified {
        if let Some((seq, prev, place)) = self.before_first.take() {
            let is_beginning = seq == 1 && prev == [0; 32];
            let is_dropped = self.dropped.iter().any(|(last, hash)| *last + 1 == seq && *hash == hex(&prev));
            if !is_beginning && !is_dropped {
                self.tell(Finding::error("QIAO-A015", place).with("first", seq));
            }
        }
        let last = self.verified.last.map_or(0, |(seq, _)| seq);
        if let Some((seq, _)) = mark.filter(|(seq, _)| *seq > last) {
            self.tell(Finding::error("QIAO-A016", directory).with("last", last).with("told", seq));
        }
        if let Some((seq, _)) = self.anchor.filter(|_| !self.is_anchored) {
            // One that was dropped with leave cannot be compared any more.
            let is_gone = self.verified.first.is_some_and(|first| seq < first);
            let code = if is_gone { "QIAO-A018" } else { "QIAO-A017" };
            self.tell(Finding::error(code, directory).with("seq", seq));
        }
        self.verified
    }

    fn tell(&mut self, finding: Finding) {
        if self.verified.findings.len() < FINDINGS_MAX {
            self.verified.findings.push(finding);
        }
    }
}
