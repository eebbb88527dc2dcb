//! Lists of what authorities revoked (RFC 5280 §5), as files in `crl`.

use super::certificate::{Day, fingerprint};
use super::certificate_store::{self, Store, StoreError};
use std::path::{Path, PathBuf};
use x509_cert::crl::CertificateList;
use x509_cert::der::{Decode, pem};

/// No list of a plant is larger; what is larger is not read.
const FILE_BYTES_MAX: u64 = 4 << 20;

/// A list as it says of itself. That its authority signed it is verified when it is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevocationList {
    pub file: PathBuf,
    pub der: Vec<u8>,
    pub issuer: String,
    pub this_update: Day,
    /// After this it says nothing any more.
    pub next_update: Option<Day>,
    /// How many certificates it revokes.
    pub count: usize,
}

impl RevocationList {
    /// Reads a list, DER or PEM.
    fn read(file: &Path) -> Result<Self, StoreError> {
        let failed = |source| StoreError::File { path: file.to_owned(), source };
        let none = |reason: String| StoreError::NoRevocationList { path: file.to_owned(), reason };
        if std::fs::metadata(file).map_err(failed)?.len() > FILE_BYTES_MAX {
            return Err(none(format!("larger than {FILE_BYTES_MAX} bytes")));
        }
        let bytes = std::fs::read(file).map_err(failed)?;
        let der = if bytes.trim_ascii_start().starts_with(b"-----BEGIN") {
            pem::decode_vec(bytes.trim_ascii()).map_err(|error| none(error.to_string()))?.1
        } else {
            bytes
        };
        let parsed = CertificateList::from_der(&der).map_err(|error| none(error.to_string()))?;
        let list = parsed.tbs_cert_list;
        let day = |time: x509_cert::time::Time| Day { unix: time.to_unix_duration().as_secs() };
        Ok(Self {
            file: file.to_owned(),
            der,
            issuer: list.issuer.to_string(),
            this_update: day(list.this_update),
            next_update: list.next_update.map(day),
            count: list.revoked_certificates.map_or(0, |revoked| revoked.len()),
        })
    }
}

/// Every list of the store, newest first: of several of one authority the newest counts.
#[must_use]
pub fn list(store: &Store) -> Vec<RevocationList> {
    let files = certificate_store::files(&store.revocations()).into_iter();
    let mut lists: Vec<_> = files.filter_map(|file| RevocationList::read(&file).ok()).collect();
    lists.sort_by(|one, other| (other.this_update, &one.file).cmp(&(one.this_update, &other.file)));
    lists
}

/// Takes a list from its file.
pub fn admit_list(store: &Store, file: &Path) -> Result<RevocationList, StoreError> {
    store.create()?;
    let list = RevocationList::read(file)?;
    let file = store.revocations().join(format!("{}.der", fingerprint(&list.der)));
    certificate_store::write(&file, &list.der, 0o600)?;
    Ok(RevocationList { file, ..list })
}
