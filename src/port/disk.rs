//! A disk, as the durable spool needs one: so that its tests can let it fail, fill up and lose power.

use std::fmt;
use std::io;
use std::path::Path;

/// Directories and the names in them. Nothing survives a loss of power before its directory was synced.
pub trait Disk: fmt::Debug + Send + Sync {
    /// Makes a directory with everything above it, for this user alone; one that is there is fine.
    fn make_directory(&self, path: &Path) -> io::Result<()>;
    /// Makes a file that is not there yet, `bytes` long (0: empty), zeros, with its room reserved: writing inside it needs
    /// no more.
    fn create(&self, path: &Path, bytes: u64) -> io::Result<Box<dyn DiskFile>>;
    /// Opens a file to read and write.
    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;
    /// Opens a file to read.
    fn open_to_read(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;
    /// Names in a directory, in any order.
    fn list(&self, directory: &Path) -> io::Result<Vec<String>>;
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    fn unlink(&self, path: &Path) -> io::Result<()>;
    /// Makes the names of a directory durable.
    fn sync_directory(&self, path: &Path) -> io::Result<()>;
    /// Takes a file as a lock that ends with the process at the latest; `None`: another process has it.
    fn lock(&self, path: &Path) -> io::Result<Option<Box<dyn DiskLock>>>;
    /// Bytes that this user may still write to the file system of `path`.
    fn free_space(&self, path: &Path) -> io::Result<u64>;
}

/// An open file.
pub trait DiskFile: fmt::Debug + Send {
    fn bytes(&self) -> io::Result<u64>;
    /// Reads until `into` is full or the file ends; how much it was.
    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<usize>;
    /// Writes all of it.
    fn write_at(&self, at: u64, bytes: &[u8]) -> io::Result<()>;
    /// Cuts the file off behind `bytes`.
    fn truncate(&self, bytes: u64) -> io::Result<()>;
    /// Makes content and length durable. After an error nothing that was written since the last success may be
    /// trusted, whatever a second call says.
    fn sync(&self) -> io::Result<()>;
}

/// A lock; given back when it is dropped.
pub trait DiskLock: fmt::Debug + Send {}
