//! The disk of this machine.

use super::disk::{Disk, DiskFile, DiskLock};
use rustix::fs::{FallocateFlags, fallocate, statvfs};
use rustix::io::Errno;
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, FileExt as _, OpenOptionsExt as _};
use std::path::Path;

/// The disk of this machine.
#[derive(Clone, Copy, Debug)]
pub struct RealDisk;

#[derive(Debug)]
struct RealFile(File);

#[derive(Debug)]
struct RealLock(#[expect(dead_code, reason = "it is held, not looked at")] File);

impl DiskLock for RealLock {}

impl Disk for RealDisk {
    fn make_directory(&self, path: &Path) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(path)
    }

    fn create(&self, path: &Path, bytes: u64) -> io::Result<Box<dyn DiskFile>> {
        let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(path)?;
        if let Err(error) = reserve(&file, bytes) {
            // An empty file in the way of the next attempt would be worse than the first error.
            let _ = std::fs::remove_file(path);
            return Err(error);
        }
        Ok(Box::new(RealFile(file)))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(RealFile(OpenOptions::new().read(true).write(true).open(path)?)))
    }

    fn open_to_read(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(RealFile(File::open(path)?)))
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<String>> {
        let names = std::fs::read_dir(directory)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
        names.collect()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::rename(from, to)
    }

    fn unlink(&self, path: &Path) -> io::Result<()> {
        std::fs::remove_file(path)
    }

    fn sync_directory(&self, path: &Path) -> io::Result<()> {
        File::open(path)?.sync_all()
    }

    fn lock(&self, path: &Path) -> io::Result<Option<Box<dyn DiskLock>>> {
        let file = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Box::new(RealLock(file)))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    fn free_space(&self, path: &Path) -> io::Result<u64> {
        let found = statvfs(path)?;
        Ok(found.f_bavail.saturating_mul(found.f_frsize))
    }
}

/// Reserves the room; a file system that cannot gets zeros written, which takes the room as well.
fn reserve(file: &File, bytes: u64) -> io::Result<()> {
    if bytes == 0 {
        return Ok(());
    }
    match fallocate(file, FallocateFlags::empty(), 0, bytes) {
        Ok(()) => Ok(()),
        Err(Errno::OPNOTSUPP | Errno::NOSYS) => {
            static ZEROS: [u8; 65536] = [0; 65536];
            let mut at = 0;
            while at < bytes {
                let length = usize::try_from(bytes - at).unwrap_or(ZEROS.len()).min(ZEROS.len());
                file.write_all_at(&ZEROS[..length], at)?;
                at += length as u64;
            }
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}

impl DiskFile for RealFile {
    fn bytes(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        let mut done = 0;
        while done < into.len() {
            match self.0.read_at(&mut into[done..], at + done as u64) {
                Ok(0) => break,
                Ok(count) => done += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(done)
    }

    fn write_at(&self, at: u64, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all_at(bytes, at)
    }

    fn truncate(&self, bytes: u64) -> io::Result<()> {
        self.0.set_len(bytes)
    }

    fn sync(&self) -> io::Result<()> {
        self.0.sync_data()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_its_room_is_read_back_and_locked_once() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("a/b");
        RealDisk.make_directory(&path).expect("made");
        let file = RealDisk.create(&path.join("file"), 10_000).expect("made");
        assert!(RealDisk.create(&path.join("file"), 1).is_err());
        file.write_at(9_990, b"tail").expect("written");
        file.sync().expect("synced");
        let mut end = [1; 20];
        assert_eq!(file.read_at(9_990, &mut end).expect("read"), 10);
        assert_eq!(&end[..5], b"tail\0");
        file.truncate(5).expect("cut");
        assert_eq!(RealDisk.open_to_read(&path.join("file")).and_then(|file| file.bytes()).expect("read"), 5);
        RealDisk.rename(&path.join("file"), &path.join("other")).expect("renamed");
        RealDisk.sync_directory(&path).expect("synced");
        assert_eq!(RealDisk.list(&path).expect("listed"), ["other"]);
        let lock = RealDisk.lock(&path.join("lock")).expect("works");
        assert!(lock.is_some() && RealDisk.lock(&path.join("lock")).expect("works").is_none());
        assert!(RealDisk.free_space(&path).expect("known") > 0);
    }
}
