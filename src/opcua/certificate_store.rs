//! The folders a human decides with: `trusted` and `rejected`, and of those who sign others `authorities`, `issuers`, `crl`.
//!
//! A file is named by its fingerprint, so that looking a certificate up is opening a file, and trusting one is moving
//! it. Whoever runs `qiao cert trust` need not tell the running gateway: it looks again before every attempt.

use super::certificate::{self, Certificate, Day, NoCertificate};
use super::certificate_chain::{Authorities, Broken};
use super::certificate_check::Trust;
use super::certificate_revocation;
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf, absolute};

/// Strangers may fill `rejected` with certificates: the oldest goes first.
const REJECTED_MAX: usize = 64;
/// Room for the text of a certificate as PEM; what is larger in these folders is not read.
const FILE_BYTES_MAX: u64 = 2 * certificate::BYTES_MAX as u64;
/// Digits of a fingerprint that suffice to name one certificate.
const PREFIX_MIN: usize = 16;

/// Folder with `own`, `trusted` and `rejected`, for one role.
#[derive(Clone, Debug)]
pub struct Store {
    root: PathBuf,
    role: Role,
}

/// What the gateway is to those whose certificates lie in a store. Each role has a key pair of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A client of servers.
    Client,
    /// A server of clients: the gateway's own face.
    Server,
}

impl Role {
    /// Its name: of the folder, at the end of the application URI, and for programs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Server => "server",
        }
    }
}

/// Where a certificate lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrustState {
    Own,
    Trusted,
    /// Seen and not trusted.
    Rejected,
    /// An authority: whoever it vouches for is trusted.
    Authority,
    /// Known to stand between an authority and a server, and trusted by the former alone.
    Issuer,
}

impl TrustState {
    /// In the order in which they are listed.
    pub const ALL: [Self; 5] = [Self::Own, Self::Trusted, Self::Authority, Self::Issuer, Self::Rejected];

    /// Its name, for programs and in the keys of texts.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Trusted => "trusted",
            Self::Rejected => "rejected",
            Self::Authority => "authority",
            Self::Issuer => "issuer",
        }
    }
}

/// One line of `qiao cert list`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub state: TrustState,
    pub file: PathBuf,
    pub certificate: Certificate,
}

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("{path}: {source}")]
    File { path: PathBuf, source: io::Error },
    #[error("{path}: {source}")]
    NoCertificate { path: PathBuf, source: NoCertificate },
    #[error("no certificate with the fingerprint {fingerprint} was seen; `qiao cert list` shows those that were")]
    Unknown { fingerprint: String },
    #[error("{fingerprint} stands for {count} certificates; give more digits")]
    Ambiguous { fingerprint: String, count: usize },
    #[error("a fingerprint has 64 hexadecimal digits (the first {PREFIX_MIN} suffice), not `{given}`")]
    NoFingerprint { given: String },
    #[error("{path} is not the certificate of an authority")]
    NoAuthority { path: PathBuf },
    #[error("{path}: not a revocation list: {reason}")]
    NoRevocationList { path: PathBuf, reason: String },
    #[error("own key pair: {reason}")]
    KeyPair { reason: String },
}

impl Store {
    /// The client's store below the folder for keys; nothing is created yet.
    #[must_use]
    pub fn client(pki: &Path) -> Self {
        Self::of(pki, Role::Client)
    }

    /// The store of one role below the folder for keys; nothing is created yet.
    #[must_use]
    pub fn of(pki: &Path, role: Role) -> Self {
        // The stack puts a folder of its own before a relative path.
        let root = pki.join(role.name());
        Self { root: absolute(&root).unwrap_or(root), role }
    }

    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }

    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    #[must_use]
    pub fn folder(&self, state: TrustState) -> PathBuf {
        self.root.join(match state {
            TrustState::Own => "own",
            TrustState::Trusted => "trusted",
            TrustState::Rejected => "rejected",
            TrustState::Authority => "authorities",
            TrustState::Issuer => "issuers",
        })
    }

    fn file(&self, state: TrustState, fingerprint: &str) -> PathBuf {
        self.folder(state).join(format!("{fingerprint}.der"))
    }

    /// Creates the folders; only the owner may look into them.
    pub fn create(&self) -> Result<(), StoreError> {
        for path in TrustState::ALL.map(|state| self.folder(state)).into_iter().chain([self.revocations()]) {
            let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(&path);
            made.and_then(|()| fs::set_permissions(&path, fs::Permissions::from_mode(0o700)))
                .map_err(|source| StoreError::File { path, source })?;
        }
        Ok(())
    }

    /// Whether exactly this certificate is trusted: the bytes are compared, not the name of the file.
    #[must_use]
    pub fn is_trusted(&self, certificate: &Certificate) -> bool {
        read(&self.file(TrustState::Trusted, &certificate.fingerprint)).is_ok_and(|trusted| trusted == *certificate)
    }

    /// Folder of the lists of what authorities revoked.
    #[must_use]
    pub fn revocations(&self) -> PathBuf {
        self.root.join("crl")
    }

    /// Who stands for a certificate now: a human, or an authority that neither it nor its list says otherwise of.
    pub(super) fn trust_in(&self, certificate: &Certificate, sent: &[Certificate], today: Day) -> Trust {
        let is_pinned = self.is_trusted(certificate);
        let read = |state| self.list_folder(state).into_iter().map(|listed| listed.certificate).collect();
        let trusted: Vec<Certificate> = read(TrustState::Authority);
        if trusted.is_empty() {
            return if is_pinned { Trust::Pinned } else { Trust::Unknown };
        }
        let lists = certificate_revocation::list(self).into_iter().map(|list| list.der).collect();
        let authorities = Authorities { trusted, known: read(TrustState::Issuer), lists, role: self.role };
        if is_pinned {
            let is_revoked = authorities.revoke(certificate, sent, today);
            return if is_revoked { Trust::Broken(Broken::Revoked) } else { Trust::Pinned };
        }
        match authorities.vouch(certificate, sent, today) {
            Ok(()) => Trust::Vouched,
            // It stands for itself alone: no authority is missing.
            Err(Broken::NoIssuer | Broken::NoLeaf) if certificate.subject == certificate.issuer => Trust::Unknown,
            Err(broken) => Trust::Broken(broken),
        }
    }

    /// Keeps an unknown certificate, so that a human can look at it and trust it.
    pub fn remember(&self, certificate: &Certificate) -> Result<(), StoreError> {
        let path = self.file(TrustState::Rejected, &certificate.fingerprint);
        if path.exists() {
            return Ok(());
        }
        let mut kept: Vec<_> = files(&self.folder(TrustState::Rejected))
            .into_iter()
            .map(|path| (fs::metadata(&path).and_then(|facts| facts.modified()).ok(), path))
            .collect();
        kept.sort();
        for (_, oldest) in kept.iter().take((kept.len() + 1).saturating_sub(REJECTED_MAX)) {
            fs::remove_file(oldest).map_err(|source| StoreError::File { path: oldest.clone(), source })?;
        }
        write(&path, &certificate.der, 0o600)
    }

    /// Finds the certificate that a fingerprint, or a unique beginning of one, stands for. Colons, spaces and case do not matter.
    fn find(&self, state: TrustState, fingerprint: &str) -> Result<Listed, StoreError> {
        let digits: String =
            fingerprint.chars().filter(|c| !matches!(c, ':' | ' ')).map(|c| c.to_ascii_lowercase()).collect();
        if digits.len() < PREFIX_MIN || digits.len() > 64 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(StoreError::NoFingerprint { given: fingerprint.to_owned() });
        }
        let mut found: Vec<_> = self
            .list_folder(state)
            .into_iter()
            .filter(|one| one.certificate.fingerprint.starts_with(&digits))
            .collect();
        match (found.pop(), found.len()) {
            (Some(one), 0) => Ok(one),
            (None, _) => Err(StoreError::Unknown { fingerprint: digits }),
            (Some(_), others) => Err(StoreError::Ambiguous { fingerprint: digits, count: others + 1 }),
        }
    }

    fn list_folder(&self, state: TrustState) -> Vec<Listed> {
        let certificates = files(&self.folder(state)).into_iter();
        let mut listed: Vec<_> =
            certificates.filter_map(|file| Some(Listed { state, certificate: read(&file).ok()?, file })).collect();
        listed.sort_by(|a, b| a.certificate.fingerprint.cmp(&b.certificate.fingerprint));
        listed
    }

    fn shift(&self, from: TrustState, to: TrustState, fingerprint: &str) -> Result<Listed, StoreError> {
        let found = match self.find(from, fingerprint) {
            // It may be there already: asking twice is no fault.
            Err(StoreError::Unknown { .. }) => return self.find(to, fingerprint),
            found => found?,
        };
        let file = self.file(to, &found.certificate.fingerprint);
        write(&file, &found.certificate.der, 0o600)?;
        fs::remove_file(&found.file).map_err(|source| StoreError::File { path: found.file.clone(), source })?;
        Ok(Listed { state: to, file, certificate: found.certificate })
    }
}

/// Everything in the store: own, trusted, rejected.
#[must_use]
pub fn list(store: &Store) -> Vec<Listed> {
    TrustState::ALL.into_iter().flat_map(|state| store.list_folder(state)).collect()
}

/// Takes an authority, or one between it and servers, from its file.
pub fn admit(store: &Store, file: &Path, state: TrustState) -> Result<Listed, StoreError> {
    store.create()?;
    let certificate = read(file)?;
    if !certificate.is_authority {
        return Err(StoreError::NoAuthority { path: file.to_owned() });
    }
    let file = store.file(state, &certificate.fingerprint);
    write(&file, &certificate.der, 0o600)?;
    Ok(Listed { state, file, certificate })
}

/// Trusts a certificate that was seen (by fingerprint), or one in a file.
pub fn trust(store: &Store, fingerprint_or_file: &str) -> Result<Listed, StoreError> {
    store.create()?;
    let path = Path::new(fingerprint_or_file);
    if path.is_file() {
        let certificate = read(path)?;
        let file = store.file(TrustState::Trusted, &certificate.fingerprint);
        write(&file, &certificate.der, 0o600)?;
        return Ok(Listed { state: TrustState::Trusted, file, certificate });
    }
    store.shift(TrustState::Rejected, TrustState::Trusted, fingerprint_or_file)
}

/// Takes trust back, from a server or from an authority; a running gateway closes what it opened by it.
pub fn reject(store: &Store, fingerprint: &str) -> Result<Listed, StoreError> {
    store.create()?;
    match store.find(TrustState::Authority, fingerprint) {
        Ok(_) => store.shift(TrustState::Authority, TrustState::Rejected, fingerprint),
        Err(_) => store.shift(TrustState::Trusted, TrustState::Rejected, fingerprint),
    }
}

/// Reads the certificate in a file, DER or PEM.
pub(super) fn read(path: &Path) -> Result<Certificate, StoreError> {
    let failed = |source| StoreError::File { path: path.to_owned(), source };
    if fs::metadata(path).map_err(failed)?.len() > FILE_BYTES_MAX {
        return Err(failed(io::Error::other(format!("larger than {FILE_BYTES_MAX} bytes"))));
    }
    let bytes = fs::read(path).map_err(failed)?;
    Certificate::read(&bytes).map_err(|source| StoreError::NoCertificate { path: path.to_owned(), source })
}

/// Writes a whole file or none: a crash leaves the old one.
pub(super) fn write(path: &Path, bytes: &[u8], mode: u32) -> Result<(), StoreError> {
    let new = path.with_extension("new");
    let written = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(mode)
        .open(&new)
        .and_then(|mut file| {
            file.set_permissions(fs::Permissions::from_mode(mode))?;
            file.write_all(bytes)?;
            file.sync_all()
        })
        .and_then(|()| fs::rename(&new, path));
    written.map_err(|source| StoreError::File { path: path.to_owned(), source })
}

/// Certificates by the names of their files; a folder that is not there is empty.
pub(super) fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let is_certificate = |path: &PathBuf| path.extension().is_some_and(|end| end == "der" || end == "pem");
    let is_key = |path: &PathBuf| path.file_name().is_some_and(|name| name == super::certificate_own::KEY_FILE);
    entries.flatten().map(|entry| entry.path()).filter(|path| is_certificate(path) && !is_key(path)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::certificate::tests::server;
    use super::*;

    fn store() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::client(folder.path());
        store.create().expect("folders");
        (folder, store)
    }

    #[test]
    fn an_unknown_certificate_is_trusted_by_its_fingerprint_and_taken_back() {
        let (_folder, store) = store();
        let certificate = server(|_| {});
        store.remember(&certificate).expect("remembered");
        assert!(!store.is_trusted(&certificate));
        let spelled = certificate.fingerprint.to_uppercase();
        let listed = trust(&store, &spelled[..PREFIX_MIN]).expect("trusted");
        assert_eq!(
            (listed.state, listed.certificate.fingerprint.as_str()),
            (TrustState::Trusted, certificate.fingerprint.as_str())
        );
        assert!(store.is_trusted(&certificate));
        assert_eq!(list(&store).len(), 1);
        trust(&store, &certificate.fingerprint).expect("twice is no fault");
        reject(&store, &certificate.fingerprint).expect("rejected");
        assert!(!store.is_trusted(&certificate));
    }

    #[test]
    fn a_file_under_another_ones_name_is_not_trusted() {
        let (_folder, store) = store();
        let (good, other) = (server(|_| {}), server(|p| p.not_after = rcgen::date_time_ymd(2028, 1, 1)));
        write(&store.file(TrustState::Trusted, &other.fingerprint), &good.der, 0o600).expect("written");
        assert!(!store.is_trusted(&other));
    }

    #[test]
    fn what_is_no_fingerprint_is_said_so() {
        let (_folder, store) = store();
        for given in ["", "12345", "zz".repeat(32).as_str(), "00".repeat(33).as_str()] {
            assert!(matches!(trust(&store, given), Err(StoreError::NoFingerprint { .. })), "{given}");
        }
        assert!(matches!(trust(&store, &"00".repeat(32)), Err(StoreError::Unknown { .. })));
    }

    #[test]
    fn strangers_cannot_fill_the_disk_with_rejected_certificates() {
        let (_folder, store) = store();
        for number in 0..REJECTED_MAX + 3 {
            let mut certificate = server(|_| {});
            certificate.fingerprint = format!("{number:064x}");
            store.remember(&certificate).expect("remembered");
        }
        assert_eq!(files(&store.folder(TrustState::Rejected)).len(), REJECTED_MAX);
        assert!(store.file(TrustState::Rejected, &format!("{:064x}", REJECTED_MAX + 2)).exists());
    }
}
