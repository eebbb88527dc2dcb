//! TLS towards a broker: whom we trust, who we are, and what went wrong in words of their own.
//!
//! TLS 1.2 and 1.3 with ring. The files are read at every connection, so that a renewed certificate needs no restart.

use crate::config::plan::Tls;
use crate::finding::Finding;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{AlertDescription, CertificateError, ClientConfig, Error as TlsError, RootCertStore};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where operating systems keep the certificates they trust, one file each.
const SYSTEM_BUNDLES: [&str; 5] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// What is wrong with TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Expired {
        days: u64,
    },
    NotYetValid,
    UnknownIssuer,
    WrongHost {
        presented: String,
    },
    NotTls,
    /// The broker does not like our certificate, or the absence of one.
    ClientRefused(String),
    BadHostName,
    File {
        path: PathBuf,
        reason: String,
        is_client: bool,
    },
    NoSystemRoots,
    Other(String),
}

pub(super) fn finding(fault: &Fault, broker: &str, host: &str) -> Finding {
    match fault {
        Fault::Expired { days } => Finding::error("QIAO-M030", broker).with("days", days),
        Fault::NotYetValid => Finding::error("QIAO-M031", broker),
        Fault::UnknownIssuer => Finding::error("QIAO-M032", broker),
        Fault::WrongHost { presented } => {
            Finding::error("QIAO-M033", broker).with("host", host).with("presented", presented)
        }
        Fault::NotTls => Finding::error("QIAO-M034", broker),
        Fault::ClientRefused(reason) => Finding::error("QIAO-M035", broker).with("reason", reason),
        Fault::Other(reason) => Finding::error("QIAO-M036", broker).with("reason", reason),
        Fault::File { path, reason, is_client } => {
            let code = if *is_client { "QIAO-M039" } else { "QIAO-M037" };
            Finding::error(code, path.display().to_string()).with("reason", reason)
        }
        Fault::NoSystemRoots => Finding::error("QIAO-M038", broker).with("tried", SYSTEM_BUNDLES.join(", ")),
        Fault::BadHostName => Finding::error("QIAO-M040", broker).with("host", host),
    }
}

/// Trust and identity of one connection.
pub(super) fn client_config(tls: &Tls) -> Result<Arc<ClientConfig>, Fault> {
    let roots = match &tls.ca {
        Some(path) => roots(path)?,
        None => system_roots()?,
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Fault::Other(error.to_string()))?
        .with_root_certificates(roots);
    let config = match &tls.client {
        None => config.with_no_client_auth(),
        Some((certificate, key)) => {
            let chain = certificates(certificate, true)?;
            let unusable = |reason: String| Fault::File { path: key.clone(), reason, is_client: true };
            let key = PrivateKeyDer::from_pem_file(key).map_err(|error| unusable(error.to_string()))?;
            config.with_client_auth_cert(chain, key).map_err(|error| unusable(error.to_string()))?
        }
    };
    Ok(Arc::new(config))
}

fn certificates(path: &Path, is_client: bool) -> Result<Vec<CertificateDer<'static>>, Fault> {
    let unusable = |reason: String| Fault::File { path: path.to_owned(), reason, is_client };
    let found: Result<Vec<_>, _> =
        CertificateDer::pem_file_iter(path).and_then(Iterator::collect).map_err(|error| unusable(error.to_string()));
    let found = found?;
    if found.is_empty() { Err(unusable("no certificate in it".into())) } else { Ok(found) }
}

fn roots(path: &Path) -> Result<RootCertStore, Fault> {
    let mut roots = RootCertStore::empty();
    let (added, _) = roots.add_parsable_certificates(certificates(path, false)?);
    if added == 0 {
        let reason = "no certificate in it can be used as an authority".into();
        return Err(Fault::File { path: path.to_owned(), reason, is_client: false });
    }
    Ok(roots)
}

fn system_roots() -> Result<RootCertStore, Fault> {
    match SYSTEM_BUNDLES.iter().map(Path::new).find(|path| path.is_file()) {
        Some(path) => roots(path),
        None => Err(Fault::NoSystemRoots),
    }
}

/// The TLS fault inside an input/output error, if there is one.
pub(super) fn fault(error: &io::Error) -> Option<Fault> {
    error.get_ref().and_then(|inner| inner.downcast_ref::<TlsError>()).map(name)
}

fn name(error: &TlsError) -> Fault {
    use AlertDescription as Alert;
    match error {
        TlsError::InvalidCertificate(wrong) => name_certificate(wrong),
        TlsError::InvalidMessage(_) => Fault::NotTls,
        TlsError::AlertReceived(
            alert @ (Alert::CertificateRequired
            | Alert::BadCertificate
            | Alert::UnsupportedCertificate
            | Alert::CertificateRevoked
            | Alert::CertificateExpired
            | Alert::CertificateUnknown
            | Alert::UnknownCA
            | Alert::AccessDenied
            | Alert::NoCertificate),
        ) => Fault::ClientRefused(format!("{alert:?}")),
        // What TLS 1.2 brokers say when a client certificate is missing.
        TlsError::AlertReceived(Alert::HandshakeFailure) => Fault::ClientRefused("HandshakeFailure".into()),
        other => Fault::Other(other.to_string()),
    }
}

fn name_certificate(wrong: &CertificateError) -> Fault {
    match wrong {
        CertificateError::ExpiredContext { time, not_after } => {
            Fault::Expired { days: time.as_secs().saturating_sub(not_after.as_secs()) / 86_400 }
        }
        CertificateError::Expired => Fault::Expired { days: 0 },
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Fault::NotYetValid,
        // A CA of the same name with another key shows as a bad signature.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => Fault::UnknownIssuer,
        CertificateError::NotValidForName => Fault::WrongHost { presented: String::new() },
        CertificateError::NotValidForNameContext { presented, .. } => {
            Fault::WrongHost { presented: presented.join(", ") }
        }
        other => Fault::Other(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ca() -> (String, String) {
        let made = rcgen::generate_simple_self_signed(vec!["a".to_owned()]).expect("a certificate");
        (made.cert.pem(), made.signing_key.serialize_pem())
    }

    #[test]
    fn files_that_cannot_be_used_are_named_with_the_reason() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).expect("written");
            path
        };
        let (certificate, key) = ca();
        let (_, other_key) = ca();
        let good = write("ca.pem", &certificate);
        let key = write("key.pem", &key);
        let other_key = write("other.pem", &other_key);
        let empty = write("empty.pem", "not a certificate\n");
        let absent = folder.path().join("absent.pem");

        let code = |tls: Tls| {
            client_config(&tls).map(|_| ()).map_err(|fault| {
                let finding = finding(&fault, "mqtts://b:8883", "b");
                (finding.code.0.into_owned(), finding.place)
            })
        };
        let at = |code: &str, path: &Path| Err((code.to_owned(), path.display().to_string()));
        let trusting = |path: &Path| Tls { ca: Some(path.to_owned()), client: None };
        let being = |certificate: &Path, key: &Path| Tls {
            ca: Some(good.clone()),
            client: Some((certificate.to_owned(), key.to_owned())),
        };
        assert_eq!(code(trusting(&good)), Ok(()));
        assert_eq!(code(being(&good, &key)), Ok(()));
        assert_eq!(code(trusting(&absent)), at("QIAO-M037", &absent));
        assert_eq!(code(trusting(&empty)), at("QIAO-M037", &empty));
        assert_eq!(code(being(&absent, &key)), at("QIAO-M039", &absent));
        assert_eq!(code(being(&good, &empty)), at("QIAO-M039", &empty));
        assert_eq!(code(being(&good, &other_key)), at("QIAO-M039", &other_key));
    }
}
