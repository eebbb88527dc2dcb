//! Endpoints, limits and the simulator's own certificate.

use super::super::serving::{self, CHUNKS_MAX, MESSAGE_BYTES_MAX};
use super::{APPLICATION_URI, Options, Security, SimulatorError};
use ::opcua::crypto::{SecurityPolicy, X509, X509Data};
use ::opcua::server::{
    ANONYMOUS_USER_TOKEN_ID, Limits, OperationalLimits, ServerBuilder, ServerEndpoint, ServerUserToken,
    SubscriptionLimits,
};
use ::opcua::types::{ApplicationDescription, MessageSecurityMode};
use std::fs;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use x509_cert::der::pem::LineEnding;

/// Values in one notification message: about 45 bytes each.
const NOTIFICATIONS_MAX: u64 = 2_500;
/// Certificates of clients are trusted at sight and kept; more than this are forgotten, oldest first.
const CLIENTS_REMEMBERED: usize = 100;
const KEY_BITS: u32 = 2048;
const LIFETIME_DAYS: u32 = 5 * 365;
const USER_ID: &str = "user";

/// Files below the simulator's folder.
#[derive(Debug)]
pub(super) struct Pki {
    folder: PathBuf,
    certificate: PathBuf,
    key: PathBuf,
}

impl Pki {
    /// Makes the folder, and the key pair when it is needed and not there.
    pub(super) fn ensure(options: &Options) -> Result<Self, SimulatorError> {
        let folder = options.folder.clone();
        let pki = Self { certificate: folder.join("own/certificate.der"), key: folder.join("private/key.pem"), folder };
        let made = ["own", "private", "trusted", "rejected"]
            .iter()
            .try_for_each(|name| fs::DirBuilder::new().recursive(true).create(pki.folder.join(name)));
        made.map_err(|error| pki.failed(error))?;
        if options.security != Security::None && !(pki.certificate.exists() && pki.key.exists()) {
            pki.make_key_pair(options.listen)?;
        }
        pki.forget_old_clients();
        Ok(pki)
    }

    fn failed(&self, error: io::Error) -> SimulatorError {
        SimulatorError::Folder { folder: self.folder.clone(), error }
    }

    fn make_key_pair(&self, listen: SocketAddr) -> Result<(), SimulatorError> {
        let own = (!listen.ip().is_unspecified() && !listen.ip().is_loopback()).then(|| listen.ip().to_string());
        let application = ApplicationDescription {
            application_uri: APPLICATION_URI.into(),
            application_name: "qiao simulator".into(),
            ..ApplicationDescription::default()
        };
        // Names and addresses of this computer are added by the crate.
        let data = X509Data {
            key_size: KEY_BITS,
            organization: "qiao".to_owned(),
            organizational_unit: String::new(),
            country: String::new(),
            state: String::new(),
            certificate_duration_days: LIFETIME_DAYS,
            ..X509Data::from((application, own.map(|own| vec![own])))
        };
        let bad = |reason: String| SimulatorError::KeyPair { reason };
        let (certificate, key) = X509::cert_and_pkey(&data).map_err(bad)?;
        let der = certificate.to_der().map_err(|error| bad(error.to_string()))?;
        let pem = key
            .to_der()
            .map_err(|error| bad(error.to_string()))?
            .to_pem("PRIVATE KEY", LineEnding::LF)
            .map_err(|error| bad(error.to_string()))?;
        write(&self.key, pem.as_bytes(), 0o600).map_err(|error| self.failed(error))?;
        write(&self.certificate, &der, 0o644).map_err(|error| self.failed(error))
    }

    /// Keeps the folder of trusted clients bounded. What cannot be read or deleted stays: it does no harm here.
    pub(super) fn forget_old_clients(&self) {
        for name in ["trusted", "rejected"] {
            let Ok(entries) = fs::read_dir(self.folder.join(name)) else { continue };
            let mut files: Vec<_> = entries
                .flatten()
                .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
                .collect();
            files.sort();
            let surplus = files.len().saturating_sub(CLIENTS_REMEMBERED);
            for (_, path) in files.into_iter().take(surplus) {
                let _ = fs::remove_file(path);
            }
        }
    }
}

fn write(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    // A new file each time: a mode given to an existing one has no effect.
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// The server's builder with identity, endpoints and limits for an address that is already bound.
pub(super) fn builder(options: &Options, pki: &Pki, address: SocketAddr) -> ServerBuilder {
    let host = if address.ip().is_ipv6() { format!("[{}]", address.ip()) } else { address.ip().to_string() };
    let mut builder = ServerBuilder::new()
        .application_name("qiao simulator")
        .application_uri(APPLICATION_URI)
        .product_uri("urn:qiao")
        .pki_dir(&pki.folder)
        .create_sample_keypair(false)
        .trust_client_certs(true)
        .host(host)
        .port(address.port())
        // Full addresses: some clients connect to what the server tells them, and "/" leads nowhere.
        .discovery_urls(vec![serving::url(address)])
        .limits(limits())
        .subscription_poll_interval_ms(20)
        .max_session_timeout_ms(600_000);
    if options.security != Security::None {
        builder = builder.certificate_path("own/certificate.der").private_key_path("private/key.pem");
    }
    let user = match &options.user {
        Some(user) => {
            builder = builder.add_user_token(USER_ID, ServerUserToken::user_pass(&user.name, &user.password));
            USER_ID
        }
        None => ANONYMOUS_USER_TOKEN_ID,
    };
    for (name, policy, mode) in endpoints(options.security) {
        let mut endpoint = ServerEndpoint::new("/", policy, mode, &[user.to_owned()]);
        if options.security != Security::None {
            // A password is encrypted with the server's certificate even where the channel is not.
            endpoint.password_security_policy = Some(SecurityPolicy::Basic256Sha256.to_string());
        }
        builder = builder.add_endpoint(name, endpoint);
    }
    builder
}

fn endpoints(security: Security) -> impl Iterator<Item = (&'static str, SecurityPolicy, MessageSecurityMode)> {
    use MessageSecurityMode::{None, Sign, SignAndEncrypt};
    use SecurityPolicy::{Aes256Sha256RsaPss, Basic256Sha256};
    let all = [
        ("none", SecurityPolicy::None, None),
        ("basic256sha256-sign", Basic256Sha256, Sign),
        ("basic256sha256-encrypt", Basic256Sha256, SignAndEncrypt),
        ("aes256-sign", Aes256Sha256RsaPss, Sign),
        ("aes256-encrypt", Aes256Sha256RsaPss, SignAndEncrypt),
    ];
    all.into_iter().filter(move |(_, policy, _)| match security {
        Security::None => *policy == SecurityPolicy::None,
        Security::NoneAndSecured => true,
        Security::Secured => *policy != SecurityPolicy::None,
    })
}

fn limits() -> Limits {
    Limits {
        max_message_size: MESSAGE_BYTES_MAX,
        max_chunk_count: CHUNKS_MAX,
        max_array_length: 20_000,
        max_string_length: 65_535,
        max_byte_string_length: 65_535,
        max_sessions: 100,
        subscriptions: SubscriptionLimits {
            max_subscriptions_per_session: 100,
            max_monitored_items_per_sub: 1_000_000,
            max_monitored_item_queue_size: 1_000,
            max_notifications_per_publish: NOTIFICATIONS_MAX,
            max_queued_notifications: 200,
            max_pending_publish_requests: 100,
            max_publish_requests_per_subscription: 20,
            min_sampling_interval_ms: 10.0,
            min_publishing_interval_ms: 20.0,
            ..SubscriptionLimits::default()
        },
        // What fits into one message of the size above.
        operational: OperationalLimits {
            max_nodes_per_read: 1_000,
            max_nodes_per_browse: 10,
            max_references_per_browse_node: 100,
            max_monitored_items_per_call: 1_000,
            ..OperationalLimits::default()
        },
        ..Limits::default()
    }
}
