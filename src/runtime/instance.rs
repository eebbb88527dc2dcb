//! One instance per data directory.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The data directory is ours while this lives; the operating system gives it back even after a kill.
#[derive(Debug)]
pub struct InstanceLock {
    _file: File,
}

/// Why we may not use a data directory.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    #[error("QIAO-R002 {}: another qiao (process {holder}) uses this data directory; stop it, or give this one a `data-dir` of its own", path.display())]
    Taken { path: PathBuf, holder: String },
    #[error("QIAO-R003 {}: the data directory cannot be used: {error}; create it and make it writable for this user", path.display())]
    Unusable { path: PathBuf, error: io::Error },
}

impl InstanceLock {
    /// Creates the directory (mode 0700) when it is missing, and takes it.
    pub fn take(directory: &Path) -> Result<Self, LockError> {
        let unusable = |error| LockError::Unusable { path: directory.to_owned(), error };
        create_private(directory).map_err(unusable)?;
        let path = directory.join("lock");
        let mut file =
            OpenOptions::new().create(true).truncate(false).read(true).write(true).open(&path).map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let holder = std::fs::read_to_string(&path).unwrap_or_default().trim().to_owned();
                return Err(LockError::Taken { path: directory.to_owned(), holder });
            }
            Err(TryLockError::Error(error)) => return Err(unusable(error)),
        }
        file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id())).map_err(unusable)?;
        Ok(Self { _file: file })
    }
}

fn create_private(directory: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_79_a_data_directory_has_one_owner_at_a_time() {
        let directory = tempfile::tempdir().expect("a directory");
        let data = directory.path().join("data");
        let first = InstanceLock::take(&data).expect("free");
        let Err(LockError::Taken { holder, .. }) = InstanceLock::take(&data) else { panic!("taken") };
        assert_eq!(holder, std::process::id().to_string());
        drop(first);
        InstanceLock::take(&data).expect("free again");
    }
}
