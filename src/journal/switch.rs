//! The local switch: while `data_dir/writes-off` is there, nothing is written to machines.
//!
//! A file, and nothing else: no message lifts it, it outlives restarts, and it can be set with `touch` when nothing else
//! works. What cannot be looked at counts as off.

use crate::port::Disk;
use std::io;
use std::path::{Path, PathBuf};

const NAME: &str = "writes-off";
/// What is read of its text.
const TEXT_MAX: usize = 1024;

/// How the switch stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Switch {
    /// What the configuration allows is written.
    On,
    /// Nothing is; with what the file says, as a rule who set it and why.
    Off { reason: String },
}

/// The file.
#[must_use]
pub fn path(data_dir: &Path) -> PathBuf {
    data_dir.join(NAME)
}

/// How it stands now.
#[must_use]
pub fn look(disk: &dyn Disk, data_dir: &Path) -> Switch {
    match disk.open_to_read(&path(data_dir)) {
        Ok(file) => {
            let mut text = vec![0; TEXT_MAX];
            let read = file.read_at(0, &mut text).unwrap_or(0);
            Switch::Off { reason: String::from_utf8_lossy(&text[..read]).trim().to_owned() }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Switch::On,
        Err(error) => Switch::Off { reason: error.to_string() },
    }
}

/// Forbids every write, durably; a reason that is there already stays.
pub fn set_off(disk: &dyn Disk, data_dir: &Path, reason: &str) -> io::Result<()> {
    disk.make_directory(data_dir)?;
    let text = format!("{}\n", reason.trim());
    let text = text.get(..TEXT_MAX).unwrap_or(&text);
    match disk.create(&path(data_dir), text.len() as u64) {
        // The file is what counts, whether its text can be written or not.
        Ok(file) => drop(file.write_at(0, text.as_bytes()).and_then(|()| file.sync())),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error),
    }
    disk.sync_directory(data_dir)
}

/// Allows again what the configuration allows.
pub fn set_on(disk: &dyn Disk, data_dir: &Path) -> io::Result<()> {
    match disk.unlink(&path(data_dir)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(()) => disk.sync_directory(data_dir),
    }
}
