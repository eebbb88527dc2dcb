//! A certificate as plain data, and its fingerprint.
//!
//! One form of fingerprint everywhere (findings, `qiao cert`, file names): the SHA-256 of the DER bytes as 64 lower
//! case hexadecimal digits, which is what `sha256sum certificate.der` prints.

pub use super::certificate_doctor::{Diagnosis, doctor};
pub use super::certificate_own::{OwnCertificate, renew};
pub use super::certificate_revocation::{RevocationList, admit_list, list as revocation_lists};
pub use super::certificate_store::{Listed, Role, Store, StoreError, TrustState, admit, list, reject, trust};
use crate::model::Timestamp;
use sha2::{Digest, Sha256};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Duration;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::der::{DateTime, Decode, DecodePem, Encode};
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAltName};

const SHA1_WITH_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.5");
const MD5_WITH_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.4");
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const SERVER_AUTH: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.1");
/// No server's certificate is larger; what is larger is not looked at.
pub(super) const BYTES_MAX: usize = 64 * 1024;
/// Issuers that a server sends with its certificate; nobody's chain is longer.
const ISSUERS_MAX: usize = 8;
const CLIENT_AUTH: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2");
const ANY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37.0");

/// What a certificate says about itself (OPC 10000-6 §6.2.2). Nothing of it is verified yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The certificate alone, without the chain that may have followed it.
    pub der: Vec<u8>,
    /// 64 lower case hexadecimal digits.
    pub fingerprint: String,
    pub subject: String,
    pub issuer: String,
    pub not_before: Day,
    pub not_after: Day,
    /// URIs of the subject alternative name; an application instance certificate has one.
    pub application_uris: Vec<String>,
    /// Host names and addresses of the subject alternative name.
    pub hosts: Vec<String>,
    /// Bits of the RSA key; `None`: another kind of key.
    pub key_bits: Option<u32>,
    /// Signed with SHA-1 or MD5.
    pub has_weak_signature: bool,
    /// May sign and take part in key exchange, as far as it restricts its use at all.
    pub may_secure_channel: bool,
    /// May stand for a server, as far as it restricts its use at all.
    pub may_serve: bool,
    /// May stand for a client, as far as it restricts its use at all.
    pub may_connect: bool,
    /// Is that of an authority, which signs others.
    pub is_authority: bool,
    /// May sign certificates, as far as it restricts its use at all.
    pub may_sign_certificates: bool,
}

/// A second of the calendar, printed as `2026-11-23T10:00:00Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    /// Seconds since 1970.
    pub unix: u64,
}

/// These bytes are no certificate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an X.509 certificate: {reason}")]
pub struct NoCertificate {
    pub reason: String,
}

impl Day {
    /// A wall clock before 1970 reads as 1970.
    #[must_use]
    pub fn of(time: Timestamp) -> Self {
        let ticks = time.0.saturating_sub(Timestamp::UNIX_EPOCH.0);
        Self { unix: u64::try_from(ticks / 10_000_000).unwrap_or_default() }
    }

    /// `YYYY-MM-DD`.
    #[must_use]
    pub fn date(self) -> String {
        self.to_string().chars().take(10).collect()
    }

    /// Whole days from `earlier` to this one; negative when it lies before.
    #[must_use]
    pub fn days_after(self, earlier: Self) -> i64 {
        let seconds = i64::try_from(self.unix).unwrap_or(i64::MAX) - i64::try_from(earlier.unix).unwrap_or(i64::MAX);
        seconds.div_euclid(86_400)
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match DateTime::from_unix_duration(Duration::from_secs(self.unix)) {
            Ok(time) => write!(f, "{time}"),
            // Past the year 9999, which is how a certificate says "never".
            Err(_) => f.write_str("9999-12-31T23:59:59Z"),
        }
    }
}

impl Certificate {
    /// Reads the first certificate of `bytes`: DER, DER followed by its chain, or PEM.
    pub fn read(bytes: &[u8]) -> Result<Self, NoCertificate> {
        let no = |reason: x509_cert::der::Error| NoCertificate { reason: reason.to_string() };
        if first(bytes).0.len() > BYTES_MAX {
            return Err(NoCertificate { reason: format!("larger than {BYTES_MAX} bytes") });
        }
        let parsed = if bytes.trim_ascii_start().starts_with(b"-----BEGIN") {
            x509_cert::Certificate::from_pem(bytes.trim_ascii()).map_err(no)?
        } else {
            x509_cert::Certificate::from_der(first(bytes).0).map_err(no)?
        };
        let der = parsed.to_der().map_err(no)?;
        let inner = &parsed.tbs_certificate;
        let names = inner.get::<SubjectAltName>().ok().flatten().map(|(_, names)| names.0).unwrap_or_default();
        let usage = inner.get::<KeyUsage>().ok().flatten().map(|(_, usage)| usage);
        let extended = inner.get::<ExtendedKeyUsage>().ok().flatten().map(|(_, usages)| usages.0);
        let may = |wanted| {
            extended.as_ref().is_none_or(|usages| usages.iter().any(|usage| [wanted, ANY_USAGE].contains(usage)))
        };
        let algorithm = parsed.signature_algorithm.oid;
        Ok(Self {
            fingerprint: fingerprint(&der),
            subject: inner.subject.to_string(),
            issuer: inner.issuer.to_string(),
            not_before: Day { unix: inner.validity.not_before.to_unix_duration().as_secs() },
            not_after: Day { unix: inner.validity.not_after.to_unix_duration().as_secs() },
            application_uris: names.iter().filter_map(uri).collect(),
            hosts: names.iter().filter_map(host).collect(),
            key_bits: key_bits(inner),
            has_weak_signature: algorithm == SHA1_WITH_RSA || algorithm == MD5_WITH_RSA,
            is_authority: inner.get::<BasicConstraints>().ok().flatten().is_some_and(|(_, basic)| basic.ca),
            may_sign_certificates: usage.as_ref().is_none_or(KeyUsage::key_cert_sign),
            may_secure_channel: usage.is_none_or(|usage| {
                usage.digital_signature() && (usage.key_encipherment() || usage.data_encipherment())
            }),
            may_serve: may(SERVER_AUTH),
            may_connect: may(CLIENT_AUTH),
            der,
        })
    }

    /// Whether it is made for this host: compared without case, addresses by value.
    #[must_use]
    pub fn is_for_host(&self, host: &str) -> bool {
        let address = host.parse::<std::net::IpAddr>().ok();
        self.hosts.iter().any(|own| match (&address, own.parse::<std::net::IpAddr>()) {
            (Some(address), Ok(own)) => *address == own,
            _ => own.eq_ignore_ascii_case(host),
        })
    }
}

/// SHA-256 of `der` as 64 lower case hexadecimal digits.
#[must_use]
pub fn fingerprint(der: &[u8]) -> String {
    Sha256::digest(der).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The first DER value of `bytes`, and what follows it.
fn first(bytes: &[u8]) -> (&[u8], &[u8]) {
    let length = match bytes {
        [0x30, 0x83, high, middle, low, ..] => 5 + u32::from_be_bytes([0, *high, *middle, *low]) as usize,
        [0x30, 0x82, high, low, ..] => 4 + usize::from(u16::from_be_bytes([*high, *low])),
        [0x30, 0x81, length, ..] => 3 + usize::from(*length),
        _ => bytes.len(),
    };
    bytes.split_at_checked(length).unwrap_or((bytes, &[]))
}

/// The issuers that follow a certificate: servers may send a chain, leaf first (OPC 10000-6 §6.2.6). What is none ends it.
#[must_use]
pub fn issuers(bytes: &[u8]) -> Vec<Certificate> {
    let (mut found, mut rest) = (Vec::new(), first(bytes).1);
    while found.len() < ISSUERS_MAX
        && !rest.is_empty()
        && let Ok(issuer) = Certificate::read(rest)
    {
        found.push(issuer);
        rest = first(rest).1;
    }
    found
}

fn uri(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::UniformResourceIdentifier(uri) => Some(uri.to_string()),
        _ => None,
    }
}

fn host(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::DnsName(name) => Some(name.to_string()),
        GeneralName::IpAddress(bytes) => {
            if let Ok(bytes) = <[u8; 4]>::try_from(bytes.as_bytes()) {
                return Some(Ipv4Addr::from(bytes).to_string());
            }
            <[u8; 16]>::try_from(bytes.as_bytes()).ok().map(|bytes| Ipv6Addr::from(bytes).to_string())
        }
        _ => None,
    }
}

/// Bits of the modulus of an RSA key: `RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }`.
fn key_bits(inner: &x509_cert::TbsCertificate) -> Option<u32> {
    let info = &inner.subject_public_key_info;
    if info.algorithm.oid != RSA_ENCRYPTION {
        return None;
    }
    let key = Vec::<x509_cert::der::asn1::Uint>::from_der(info.subject_public_key.as_bytes()?).ok()?;
    let modulus = key.first()?.as_bytes();
    let first = modulus.iter().position(|byte| *byte != 0)?;
    Some((modulus.len() - first) as u32 * 8 - modulus[first].leading_zeros())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A certificate of a server for tests; `change` makes it wrong.
    pub(in crate::opcua) fn server(change: impl FnOnce(&mut rcgen::CertificateParams)) -> Certificate {
        let mut parameters =
            rcgen::CertificateParams::new(vec!["plc-7".to_owned(), "10.0.0.7".to_owned()]).expect("names");
        parameters.subject_alt_names.push(rcgen::SanType::URI("urn:plc-7:acme:lathe".try_into().expect("ascii")));
        parameters.not_before = rcgen::date_time_ymd(2026, 1, 1);
        parameters.not_after = rcgen::date_time_ymd(2027, 1, 1);
        change(&mut parameters);
        static KEY: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
        let key = KEY.get_or_init(|| {
            let key = ::opcua::crypto::PrivateKey::new(2048).expect("a key");
            key.to_der().expect("PKCS #8").as_bytes().to_vec()
        });
        let key = rcgen::KeyPair::try_from(key.as_slice()).expect("a key");
        Certificate::read(parameters.self_signed(&key).expect("signed").der()).expect("a certificate")
    }

    #[test]
    fn a_certificate_tells_its_names_key_and_validity() {
        let certificate = server(|_| {});
        assert_eq!(certificate.application_uris, ["urn:plc-7:acme:lathe"]);
        assert_eq!(certificate.hosts, ["plc-7", "10.0.0.7"]);
        assert_eq!(certificate.key_bits, Some(2048));
        assert_eq!(certificate.not_after.to_string(), "2027-01-01T00:00:00Z");
        assert_eq!(certificate.fingerprint.len(), 64);
        assert!(certificate.may_secure_channel && certificate.may_serve && !certificate.has_weak_signature);
    }

    #[test]
    fn only_the_first_certificate_of_a_chain_is_taken() {
        let certificate = server(|_| {});
        let chain = [certificate.der.as_slice(), certificate.der.as_slice(), b"rest"].concat();
        assert_eq!(issuers(&chain), std::slice::from_ref(&certificate));
        assert_eq!(issuers(&certificate.der), []);
        assert_eq!(Certificate::read(&chain), Ok(certificate));
    }

    #[test]
    fn hosts_are_compared_without_case_and_addresses_by_value() {
        let certificate = server(|_| {});
        assert!(certificate.is_for_host("PLC-7"));
        assert!(certificate.is_for_host("10.0.0.7"));
        assert!(!certificate.is_for_host("10.0.0.70"));
        assert!(!certificate.is_for_host("plc-70"));
    }

    #[test]
    fn bytes_that_are_no_certificate_are_refused() {
        for bytes in [&b""[..], b"\x30\x82\xff\xff", b"-----BEGIN CERTIFICATE-----\n", &[0x30; 64]] {
            assert!(Certificate::read(bytes).is_err(), "{bytes:?}");
        }
    }
}
