//! Messages from files, folders and standard input, one after the other, within limits.

use crate::codec::Tape;
use crate::conformance::{Evidence, LIMITS};
use crate::finding::Finding;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// Bytes of one file; a larger one is cut into files by whoever recorded it.
const FILE_MAX: u64 = 256 << 20;
/// Files of one folder.
const FILES_MAX: usize = 10_000;
/// Levels of folders.
const DEPTH_MAX: usize = 16;

/// Hands over every message, and before each file how many of them are done and how many there are. What could not be
/// read is told, and its neighbours go on.
pub(super) fn each(target: &Path, ahead: &dyn Fn(usize, usize), take: &mut dyn FnMut(Evidence<'_>)) -> Vec<Finding> {
    let mut told = Vec::new();
    let shown = target.display().to_string();
    if shown == "-" {
        match bounded(io::stdin().lock()) {
            Ok(bytes) => messages("-", false, &bytes, take),
            Err(finding) => told.push(finding_at(finding, "-")),
        }
        return told;
    }
    let files = if target.is_dir() { files(target, &mut told) } else { vec![target.to_owned()] };
    if files.is_empty() && told.is_empty() {
        told.push(Finding::error("QIAO-J007", shown));
    }
    for (at, path) in files.iter().enumerate() {
        ahead(at, files.len());
        let shown = path.display().to_string();
        let read = std::fs::File::open(path).map_err(|error| unreadable(&error)).and_then(bounded);
        match read {
            Ok(bytes) => messages(&shown, is_lines(path), &bytes, take),
            Err(finding) => told.push(finding_at(finding, &shown)),
        }
    }
    told
}

fn unreadable(error: &io::Error) -> Finding {
    Finding::error("QIAO-J001", "").with("detail", error)
}

fn finding_at(finding: Finding, place: &str) -> Finding {
    Finding { place: place.to_owned(), ..finding }
}

fn bounded(from: impl io::Read) -> Result<Vec<u8>, Finding> {
    let mut bytes = Vec::new();
    from.take(FILE_MAX + 1).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    if bytes.len() as u64 > FILE_MAX {
        return Err(Finding::error("QIAO-J002", "").with("limit", format!("{} MiB", FILE_MAX >> 20)));
    }
    Ok(bytes)
}

fn is_lines(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "jsonl" || extension == "ndjson")
}

/// Every message of one source.
fn messages(source: &str, is_lines: bool, bytes: &[u8], take: &mut dyn FnMut(Evidence<'_>)) {
    if !is_lines && !looks_like_lines(bytes) {
        return take(Evidence { source, line: 1, number: None, bytes });
    }
    let mut number = 0;
    for (at, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        if !line.trim_ascii().is_empty() {
            number += 1;
            take(Evidence { source, line: at + 1, number: Some(number), bytes: line });
        }
    }
}

/// One message a line: the whole is none, but the first line is.
fn looks_like_lines(bytes: &[u8]) -> bool {
    let mut lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let (Some(first), Some(_)) = (lines.next(), lines.next()) else { return false };
    let first = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first);
    matches!(first.first(), Some(b'{' | b'[')) && Tape::parse(first, LIMITS).is_ok()
}

/// Messages below a folder, by path. Hidden files, links to folders and the sidecars of examples are left out.
fn files(folder: &Path, told: &mut Vec<Finding>) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![(folder.to_owned(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) => {
                told.push(finding_at(unreadable(&error), &folder.display().to_string()));
                continue;
            }
        };
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') || name.ends_with(".expect.json") {
                continue;
            }
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            let is_message = [".json", ".jsonl", ".ndjson"].iter().any(|end| name.ends_with(end));
            if is_folder && depth < DEPTH_MAX {
                folders.push((entry.path(), depth + 1));
            } else if is_folder || (is_message && found.len() >= FILES_MAX) {
                let limit = if is_folder { format!("{DEPTH_MAX} levels") } else { format!("{FILES_MAX} files") };
                told.push(Finding::error("QIAO-J002", folder.display().to_string()).with("limit", limit));
                found.sort();
                return found;
            } else if is_message {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    found
}
