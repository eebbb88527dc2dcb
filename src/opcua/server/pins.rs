//! What the crate's own certificate store holds: exactly those clients that were found good, while they are inside.
//!
//! It lies apart from the store of the face, because the crate writes into it as it likes.

use crate::opcua::certificate::Certificate;
use ::opcua::crypto::{CertificateStore, X509};
use std::fs;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Certificates that the crate itself rejected and kept; more are deleted.
const REJECTED_MAX: usize = 16;

#[derive(Debug)]
pub(super) struct Pins {
    folder: PathBuf,
    /// File by fingerprint.
    known: Mutex<std::collections::HashMap<String, PathBuf>>,
}

impl Pins {
    /// Begins with nobody.
    pub(super) fn new(folder: &Path) -> io::Result<Self> {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        for name in ["own", "private", "trusted", "rejected"] {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(folder.join(name))?;
        }
        Ok(Self { folder: folder.to_owned(), known: Mutex::default() })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The crate takes this one from now on.
    pub(super) fn pin(&self, certificate: &Certificate) -> Result<(), String> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.get(&certificate.fingerprint).is_some_and(|path| path.exists()) {
            return Ok(());
        }
        let parsed = X509::from_der(&certificate.der).map_err(|error| error.to_string())?;
        let name = CertificateStore::cert_file_name(&parsed);
        let path = self.folder.join("trusted").join(&name);
        // It may have come before it was good; then the crate has it among those it rejected.
        let _ = fs::remove_file(self.folder.join("rejected").join(&name));
        fs::write(&path, &certificate.der).map_err(|error| format!("{}: {error}", path.display()))?;
        known.insert(certificate.fingerprint.clone(), path);
        Ok(())
    }

    /// No more.
    pub(super) fn forget(&self, fingerprint: &str) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(path) = known.remove(fingerprint) {
            let _ = fs::remove_file(path);
        }
    }

    /// Keeps small what the crate keeps of those who came past the door, from this machine.
    pub(super) fn sweep(&self) {
        let Ok(entries) = fs::read_dir(self.folder.join("rejected")) else { return };
        for entry in entries.flatten().skip(REJECTED_MAX) {
            let _ = fs::remove_file(entry.path());
        }
    }
}
