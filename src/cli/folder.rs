//! Reads a folder of profiles from disk.

use crate::profile::Files;
use std::io;
use std::path::Path;

/// Levels below the folder: family, profile, version, and one of `examples/valid`, `rules`, `golden`.
const DEPTH_LIMIT: usize = 6;
const FILES_LIMIT: usize = 10_000;
/// A larger file is no part of a profile; the profile's own reader sets narrower limits.
const FILE_LIMIT: u64 = 4 << 20;

/// Every file below `folder`, by its path below it, steps joined by `/`. Symbolic links to folders are not followed,
/// hidden files and those whose name is not UTF-8 are left out.
pub fn read(folder: &Path) -> io::Result<Files> {
    let mut files = Files::new();
    descend(folder, "", DEPTH_LIMIT, &mut files)?;
    Ok(files)
}

fn descend(folder: &Path, prefix: &str, depth: usize, files: &mut Files) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        if name.starts_with('.') {
            continue;
        }
        let below = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        if entry.file_type()?.is_dir() {
            if depth == 0 {
                return Err(io::Error::other(format!("{below}: folders are nested too deeply")));
            }
            descend(&entry.path(), &below, depth - 1, files)?;
            continue;
        }
        if files.len() >= FILES_LIMIT {
            return Err(io::Error::other(format!("more than {FILES_LIMIT} files")));
        }
        let size = std::fs::metadata(entry.path())?.len();
        if size > FILE_LIMIT {
            return Err(io::Error::other(format!("{below}: {size} bytes; the limit is {FILE_LIMIT}")));
        }
        files.insert(below, std::fs::read(entry.path())?);
    }
    Ok(())
}
