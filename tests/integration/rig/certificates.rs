//! A certificate authority of the test's own, and the certificates it signs, as PEM files.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use std::path::{Path, PathBuf};

/// An authority; its files are gone when it is dropped.
#[derive(Debug)]
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    directory: tempfile::TempDir,
}

/// Certificate and key.
#[derive(Clone, Debug)]
pub struct Pair {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

/// Years from which and until which a certificate holds.
pub type Years = (i32, i32);

/// Longer than any test machine's clock is wrong.
pub const VALID: Years = (2000, 2100);

impl Authority {
    pub fn new(name: &str) -> Self {
        let mut params = params(&[], name, VALID);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let issuer = CertifiedIssuer::self_signed(params, key).expect("an authority");
        let directory = tempfile::tempdir().expect("a temporary directory");
        std::fs::write(directory.path().join("ca.pem"), issuer.pem()).expect("written");
        Self { issuer, directory }
    }

    /// Its own certificate.
    pub fn file(&self) -> PathBuf {
        self.directory.path().join("ca.pem")
    }

    /// Signs a certificate for these hosts (or none: for a client).
    pub fn sign(&self, name: &str, hosts: &[&str], years: Years) -> Pair {
        let key = KeyPair::generate().expect("a key");
        let certificate = params(hosts, name, years).signed_by(&key, &self.issuer).expect("signed");
        let file = |end: &str| self.directory.path().join(format!("{name}.{end}"));
        let pair = Pair { certificate: file("pem"), key: file("key") };
        write(&pair.certificate, &certificate.pem());
        write(&pair.key, &key.serialize_pem());
        pair
    }
}

fn params(hosts: &[&str], name: &str, (from, until): Years) -> CertificateParams {
    let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
    let mut params = CertificateParams::new(hosts).expect("names of hosts");
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = date_time_ymd(from, 1, 1);
    params.not_after = date_time_ymd(until, 1, 1);
    params
}

fn write(path: &Path, text: &str) {
    std::fs::write(path, text).expect("written");
}
