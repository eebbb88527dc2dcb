//! Endpoints, limits and identity of the server behind the door.

use super::FacePlan;
use super::login::Login;
use super::pins::Pins;
use crate::config::plan::{Anonymous, FaceConnection, SecurityMode};
use crate::opcua::certificate::OwnCertificate;
use crate::opcua::serving::{self, CHUNKS_MAX, MESSAGE_BYTES_MAX};
use ::opcua::crypto::SecurityPolicy;
use ::opcua::server::{
    ANONYMOUS_USER_TOKEN_ID, Limits, OperationalLimits, ServerBuilder, ServerEndpoint, SubscriptionLimits,
};
use ::opcua::types::{BuildInfo, DateTime, MessageSecurityMode};
use std::net::SocketAddr;
use std::sync::Arc;

/// Items that one client may monitor, over all its subscriptions.
pub(super) const ITEMS_EACH: usize = 20_000;
const SUBSCRIPTIONS_EACH: usize = 20;
const ITEMS_PER_SUBSCRIPTION: usize = 10_000;
const QUEUE_MAX: usize = 100;
/// Values in one notification message: about 45 bytes each.
const NOTIFICATIONS_MAX: u64 = 2_500;
/// A session without a sign of life.
const SESSION_TIMEOUT_MS: u64 = 120_000;
/// A subscription whose client is gone: so many publishing intervals.
const LIFETIME_MAX: u32 = 6_000;

/// The builder of the server for an address that is already bound.
pub(super) fn builder(
    plan: &FacePlan,
    own: &OwnCertificate,
    pins: &Pins,
    login: Arc<Login>,
    address: SocketAddr,
) -> ServerBuilder {
    let host = host(address);
    let url = format!("opc.tcp://{host}:{}/", address.port());
    let mut builder = ServerBuilder::new()
        .application_name(format!("qiao {}", plan.gateway))
        .application_uri(&own.application_uri)
        .product_uri("urn:qiao")
        .build_info(BuildInfo {
            product_uri: "urn:qiao".into(),
            manufacturer_name: "qiao".into(),
            product_name: "qiao".into(),
            software_version: env!("CARGO_PKG_VERSION").into(),
            build_number: env!("CARGO_PKG_VERSION").into(),
            build_date: DateTime::null(),
        })
        .pki_dir(pins.folder())
        .certificate_path(&own.certificate_file)
        .private_key_path(&own.key_file)
        .create_sample_keypair(false)
        .trust_client_certs(false)
        .with_authenticator(login)
        .host(host)
        .port(address.port())
        // Full addresses: some clients connect to what the server tells them, and "/" leads nowhere.
        .discovery_urls(vec![url])
        .locale_ids(vec!["en".to_owned(), "de".to_owned(), "zh".to_owned()])
        .limits(limits(&plan.connection))
        .diagnostics_enabled(true)
        .subscription_poll_interval_ms(20)
        .hello_timeout(5)
        .max_timeout_ms(60_000)
        .max_secure_channel_token_lifetime_ms(3_600_000)
        .max_session_timeout_ms(SESSION_TIMEOUT_MS);
    let tokens = tokens(&plan.connection);
    for (name, policy, mode) in endpoints(plan.connection.security) {
        builder = builder.add_endpoint(name, ServerEndpoint::new("/", policy, mode, &tokens));
    }
    builder
}

/// How clients call this machine: by the address that it listens at, or by its name.
pub(super) fn host(address: SocketAddr) -> String {
    match address.ip() {
        ip if ip.is_unspecified() => {
            ::opcua::crypto::hostname().ok().filter(|host| !host.is_empty()).unwrap_or_else(|| "localhost".to_owned())
        }
        std::net::IpAddr::V6(ip) => format!("[{ip}]"),
        std::net::IpAddr::V4(ip) => ip.to_string(),
    }
}

/// The crate wants to know that somebody may come in; who it is, [`Login`] decides.
fn tokens(plan: &FaceConnection) -> Vec<String> {
    match plan.anonymous {
        Anonymous::Read => vec![ANONYMOUS_USER_TOKEN_ID.to_owned()],
        Anonymous::Refuse => Vec::new(),
    }
}

fn endpoints(least: SecurityMode) -> impl Iterator<Item = (&'static str, SecurityPolicy, MessageSecurityMode)> {
    use MessageSecurityMode::{None, Sign, SignAndEncrypt};
    use SecurityPolicy::{Aes128Sha256RsaOaep, Aes256Sha256RsaPss, Basic256Sha256};
    let all = [
        ("aes256-encrypt", Aes256Sha256RsaPss, SignAndEncrypt),
        ("aes128-encrypt", Aes128Sha256RsaOaep, SignAndEncrypt),
        ("basic256sha256-encrypt", Basic256Sha256, SignAndEncrypt),
        ("aes256-sign", Aes256Sha256RsaPss, Sign),
        ("aes128-sign", Aes128Sha256RsaOaep, Sign),
        ("basic256sha256-sign", Basic256Sha256, Sign),
        ("none", SecurityPolicy::None, None),
    ];
    all.into_iter().filter(move |(_, _, mode)| match least {
        SecurityMode::SignAndEncrypt => *mode == SignAndEncrypt,
        SecurityMode::Sign => *mode != None,
        SecurityMode::NoneIAcceptTheRisk => true,
    })
}

fn limits(plan: &FaceConnection) -> Limits {
    Limits {
        max_message_size: MESSAGE_BYTES_MAX,
        max_chunk_count: CHUNKS_MAX,
        max_array_length: 20_000,
        max_string_length: 65_535,
        max_byte_string_length: 65_535,
        max_sessions: usize::from(plan.max_sessions),
        max_browse_continuation_points: 20,
        max_history_continuation_points: 20,
        max_query_continuation_points: 1,
        subscriptions: SubscriptionLimits {
            max_subscriptions_per_session: SUBSCRIPTIONS_EACH,
            max_monitored_items_per_sub: ITEMS_PER_SUBSCRIPTION,
            max_monitored_item_queue_size: QUEUE_MAX,
            max_notifications_per_publish: NOTIFICATIONS_MAX,
            max_queued_notifications: 100,
            max_pending_publish_requests: 50,
            max_publish_requests_per_subscription: 10,
            max_lifetime_count: LIFETIME_MAX,
            max_keep_alive_count: LIFETIME_MAX / 3,
            min_sampling_interval_ms: 10.0,
            min_publishing_interval_ms: 50.0,
            ..SubscriptionLimits::default()
        },
        // What fits into one message of the size above.
        operational: OperationalLimits {
            max_nodes_per_translate_browse_paths_to_node_ids: 100,
            max_nodes_per_read: 1_000,
            max_nodes_per_write: 100,
            max_nodes_per_method_call: 20,
            max_nodes_per_browse: 100,
            max_nodes_per_register_nodes: 1_000,
            max_references_per_browse_node: 500,
            max_monitored_items_per_call: 1_000,
            max_nodes_per_history_read_data: 20,
            max_nodes_per_history_read_events: 1,
            max_nodes_per_history_update: 1,
            max_subscriptions_per_call: SUBSCRIPTIONS_EACH,
            ..OperationalLimits::default()
        },
        ..Limits::default()
    }
}

/// What a client connects to.
pub(super) fn url(address: SocketAddr) -> String {
    serving::url(address)
}
