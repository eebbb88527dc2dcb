//! The own key pair of a role: made on first start, renewed by hand.

use super::certificate::{Certificate, Day, Role};
use super::certificate_store::{self, Store, StoreError, TrustState};
use ::opcua::crypto::{KeySize, PrivateKey, PublicKey, SecurityPolicy, X509, random};
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use x509_cert::certificate::{TbsCertificate, Version};
use x509_cert::der::asn1::{BitString, GeneralizedTime, Ia5String, ObjectIdentifier, OctetString, UtcTime};
use x509_cert::der::{Any, Encode};
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages, SubjectAltName,
    SubjectKeyIdentifier,
};
use x509_cert::ext::{AsExtension, Extension};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_cert::time::{Time, Validity};

const CERTIFICATE_FILE: &str = "certificate.der";
pub(super) const KEY_FILE: &str = "key.pem";
const KEY_BITS: u32 = 2048;
const LIFETIME: Duration = Duration::from_secs(5 * 365 * 86_400);
/// A server whose clock is a little behind accepts a new certificate too.
const BACKDATED: Duration = Duration::from_secs(86_400);
const SHA256_WITH_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const SERVER_AUTH: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.1");
const CLIENT_AUTH: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2");

/// The certificate this gateway shows to servers, or to clients.
#[derive(Clone, Debug)]
pub struct OwnCertificate {
    pub certificate: Certificate,
    pub certificate_file: PathBuf,
    pub key_file: PathBuf,
    /// `urn:<host>:qiao:<gateway>:client`, or `…:server`, as the certificate has it: no role passes for the other.
    pub application_uri: String,
}

impl OwnCertificate {
    /// Reads the key pair, or makes one when there is none.
    pub fn ensure(store: &Store, gateway: &str, now: Day) -> Result<Self, StoreError> {
        // Sources start together and share the pair: one of them makes it, the others wait for it.
        static MAKING: Mutex<()> = Mutex::new(());
        let _making = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
        store.create()?;
        let folder = store.folder(TrustState::Own);
        if folder.join(CERTIFICATE_FILE).exists() && folder.join(KEY_FILE).exists() {
            return Self::read(store);
        }
        renew(store, gateway, now)
    }

    /// Reads the key pair.
    pub fn read(store: &Store) -> Result<Self, StoreError> {
        let folder = store.folder(TrustState::Own);
        let (certificate_file, key_file) = (folder.join(CERTIFICATE_FILE), folder.join(KEY_FILE));
        let certificate = certificate_store::read(&certificate_file)?;
        let failed = |reason: &str| StoreError::KeyPair { reason: format!("{} {reason}", key_file.display()) };
        let key = PrivateKey::read_pem_file(&key_file).map_err(|_| failed("holds no RSA key"))?;
        let public_key = X509::from_der(&certificate.der).ok().and_then(|certificate| certificate.public_key().ok());
        if !public_key.is_some_and(|public_key| is_pair(&key, &public_key)) {
            return Err(failed("does not belong to the certificate beside it"));
        }
        let application_uri = certificate.application_uris.first().cloned().unwrap_or_default();
        Ok(Self { certificate, certificate_file, key_file, application_uri })
    }
}

/// What the key signs, the certificate's key verifies.
fn is_pair(key: &PrivateKey, public_key: &PublicKey) -> bool {
    let policy = SecurityPolicy::Basic256Sha256;
    let mut signature = vec![0; key.size()];
    policy.asymmetric_sign(key, b"pair", &mut signature).is_ok()
        && policy.asymmetric_verify_signature(public_key, b"pair", &signature).is_ok()
}

/// Makes a new key pair in the place of the old one. Servers, or clients, have to trust the new certificate.
pub fn renew(store: &Store, gateway: &str, now: Day) -> Result<OwnCertificate, StoreError> {
    store.create()?;
    let failed = |reason: String| StoreError::KeyPair { reason };
    let key = PrivateKey::new(KEY_BITS).map_err(|error| failed(error.to_string()))?;
    let der = self_signed(&key, gateway, store.role(), now).map_err(|error| failed(error.to_string()))?;
    let document = key.to_der().map_err(|error| failed(error.to_string()))?;
    let pem = document
        .to_pem("PRIVATE KEY", x509_cert::der::pem::LineEnding::LF)
        .map_err(|error| failed(error.to_string()))?;
    let folder = store.folder(TrustState::Own);
    certificate_store::write(&folder.join(KEY_FILE), pem.as_bytes(), 0o600)?;
    certificate_store::write(&folder.join(CERTIFICATE_FILE), &der, 0o644)?;
    OwnCertificate::read(store)
}

/// An application instance certificate (OPC 10000-6 §6.2.2), signed by itself.
fn self_signed(key: &PrivateKey, gateway: &str, role: Role, now: Day) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let host =
        ::opcua::crypto::hostname().ok().filter(|host| !host.is_empty()).unwrap_or_else(|| "localhost".to_owned());
    let subject = Name::from_str(&format!("CN=qiao {} {},O=qiao", plain(gateway), role.name()))?;
    let public_key = key.public_key_to_info()?;
    let mut serial = [0_u8; 16];
    random::bytes(&mut serial);
    // Positive and of full length.
    serial[0] = serial[0] & 0x7F | 0x40;
    let serial_number = SerialNumber::new(&serial)?;
    let key_identifier = OctetString::new(&sha2_of(&public_key.to_der()?)[..20])?;
    let uri = format!("urn:{host}:qiao:{}:{}", plain(gateway), role.name());
    let mut names = vec![
        GeneralName::UniformResourceIdentifier(Ia5String::new(&uri)?),
        GeneralName::DnsName(Ia5String::new(&host)?),
    ];
    if role == Role::Server {
        // Clients on this machine call it by these.
        names.push(GeneralName::DnsName(Ia5String::new("localhost")?));
        names.push(GeneralName::IpAddress(OctetString::new([127, 0, 0, 1])?));
    }
    let usages = KeyUsages::DigitalSignature
        | KeyUsages::NonRepudiation
        | KeyUsages::KeyEncipherment
        | KeyUsages::DataEncipherment
        | KeyUsages::KeyCertSign;
    let mut extensions = Vec::<Extension>::new();
    let mut add = |extension: Extension| extensions.push(extension);
    add(SubjectKeyIdentifier(key_identifier.clone()).to_extension(&subject, &[])?);
    let authority = AuthorityKeyIdentifier {
        key_identifier: Some(key_identifier),
        authority_cert_issuer: Some(vec![GeneralName::DirectoryName(subject.clone())]),
        authority_cert_serial_number: Some(serial_number.clone()),
    };
    add(authority.to_extension(&subject, &[])?);
    add(BasicConstraints { ca: false, path_len_constraint: None }.to_extension(&subject, &[])?);
    add(KeyUsage(usages).to_extension(&subject, &[])?);
    let usage = match role {
        Role::Client => CLIENT_AUTH,
        Role::Server => SERVER_AUTH,
    };
    add(ExtendedKeyUsage(vec![usage]).to_extension(&subject, &[])?);
    add(SubjectAltName(names).to_extension(&subject, &[])?);
    let algorithm = AlgorithmIdentifierOwned { oid: SHA256_WITH_RSA, parameters: Some(Any::null()) };
    let inner = TbsCertificate {
        version: Version::V3,
        serial_number,
        signature: algorithm.clone(),
        issuer: subject.clone(),
        validity: Validity {
            not_before: time(now.unix.saturating_sub(BACKDATED.as_secs()))?,
            not_after: time(now.unix + LIFETIME.as_secs())?,
        },
        subject,
        subject_public_key_info: public_key,
        issuer_unique_id: None,
        subject_unique_id: None,
        extensions: Some(extensions),
    };
    let mut signature = vec![0; KEY_BITS as usize / 8];
    key.sign_sha256(&inner.to_der()?, &mut signature)?;
    let signed = x509_cert::Certificate {
        tbs_certificate: inner,
        signature_algorithm: algorithm,
        signature: BitString::from_bytes(&signature)?,
    };
    Ok(signed.to_der()?)
}

/// UTCTime up to 2049, GeneralizedTime after it (RFC 5280 §4.1.2.5).
fn time(unix: u64) -> Result<Time, x509_cert::der::Error> {
    let time = Duration::from_secs(unix);
    UtcTime::from_unix_duration(time)
        .map(Time::from)
        .or_else(|_| GeneralizedTime::from_unix_duration(time).map(Time::from))
}

/// A name that may stand in a URN and in a distinguished name.
fn plain(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' }).collect()
}

fn sha2_of(bytes: &[u8]) -> [u8; 32] {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    const NOW: Day = Day { unix: 1_790_000_000 };

    #[test]
    fn a_key_pair_is_made_once_kept_secret_and_renewed_by_hand() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::client(folder.path());
        let own = OwnCertificate::ensure(&store, "Halle 3/Ost", NOW).expect("made");
        assert!(own.application_uri.starts_with("urn:") && own.application_uri.ends_with(":qiao:Halle-3-Ost:client"));
        assert_eq!(own.certificate.key_bits, Some(2048));
        assert!(
            own.certificate.may_secure_channel && !own.certificate.may_serve && !own.certificate.has_weak_signature
        );
        assert!(own.certificate.not_before < NOW && own.certificate.not_after > NOW);
        let mode = |path: &std::path::Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!(mode(&own.key_file), 0o600);
        assert_eq!(mode(&store.folder(TrustState::Own)), 0o700);
        let again = OwnCertificate::ensure(&store, "Halle 3/Ost", NOW).expect("read");
        assert_eq!(again.certificate, own.certificate);
        let renewed = renew(&store, "Halle 3/Ost", NOW).expect("renewed");
        assert_ne!(renewed.certificate.fingerprint, own.certificate.fingerprint);
        std::fs::write(&renewed.certificate_file, &own.certificate.der).expect("written");
        let torn = OwnCertificate::ensure(&store, "Halle 3/Ost", NOW);
        assert!(matches!(torn, Err(StoreError::KeyPair { .. })), "{torn:?}");
    }

    #[test]
    fn row_102_no_role_passes_for_the_other() {
        let folder = tempfile::tempdir().expect("a folder");
        let pair = |role| OwnCertificate::ensure(&Store::of(folder.path(), role), "g", NOW).expect("made");
        let (client, server) = (pair(Role::Client), pair(Role::Server));
        assert!(client.application_uri.ends_with(":client") && server.application_uri.ends_with(":server"));
        assert!(client.certificate.may_connect && !client.certificate.may_serve);
        assert!(server.certificate.may_serve && !server.certificate.may_connect);
        assert_ne!(client.key_file, server.key_file);
        assert!(server.certificate.is_for_host("localhost") && server.certificate.is_for_host("127.0.0.1"));
    }
}
