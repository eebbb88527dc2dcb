//! From a chosen endpoint to a link that stands: channel, session, activation.
//!
//! The stack's own session loop is not used: it signs a re-activation over the new channel's nonce instead of the
//! session's (OPC 10000-4 §5.6.3), so servers refuse it, and it hides the endpoints that come with the session. The
//! stack's `Session` object stays what all services go through.

use super::certificate::OwnCertificate;
use super::connector::Road;
use super::endpoint::Choice;
use super::fault::{Fault, Step, Subject};
use super::guard::Pinned;
use super::identity;
use super::link::{Link, Ticket};
use crate::config::plan::OpcUaConnection;
use crate::finding::Finding;
use crate::port::Clock;
use ::opcua::client::{Client, ClientBuilder};
use ::opcua::types::{ByteString, EndpointDescription, Error, NodeId, StatusCode};
use std::sync::PoisonError;
use std::time::Duration;
use tokio::task::JoinSet;

/// Every service call but Publish is given up after this time.
pub const REQUEST_WITHIN: Duration = Duration::from_secs(30);
/// Largest chunk, in both directions.
pub(super) const CHUNK_BYTES: usize = 65_535;
/// Shortest channel lifetime asked for; a clock that is wrong asks for a longer one.
const CHANNEL_LIFETIME: Duration = Duration::from_secs(3600);
const CHANNEL_LIFETIME_MAX: Duration = Duration::from_secs(24 * 3600);

/// What a peer may send.
#[derive(Clone, Copy, Debug)]
pub struct MessageLimits {
    pub chunks: usize,
    pub array_length: usize,
    pub text_bytes: usize,
}

/// A peer whose certificate is not pinned: 4 MiB, so that anybody on the way makes us hold that much and no more.
pub const STRANGER: MessageLimits = MessageLimits { chunks: 64, array_length: 250_000, text_bytes: 4 << 20 };
/// A peer on a channel that only the owner of the pinned certificate can speak on: 16 MiB.
pub const PINNED: MessageLimits = MessageLimits { chunks: 256, array_length: 1_000_000, text_bytes: 16 << 20 };

impl MessageLimits {
    /// Values one notification may hold: their share of the message leaves room for texts.
    #[must_use]
    pub fn values_per_message(&self) -> u32 {
        const SHARE_BYTES: usize = 256;
        const VALUES_MAX: usize = 10_000;
        u32::try_from((self.chunks * CHUNK_BYTES / SHARE_BYTES).min(VALUES_MAX)).unwrap_or(u32::MAX)
    }
}

/// Who we are, and whom we connect to.
#[derive(Debug)]
pub struct Caller {
    pub connection_name: String,
    pub gateway: String,
    pub connection: OpcUaConnection,
    pub own: OwnCertificate,
    pub clock: Clock,
}

/// What opening a link came to.
pub enum Opened {
    New(Link),
    /// The session of the ticket goes on, with its subscriptions.
    TakenOver(Link),
    /// The server's clock is far off: to be opened again, now that this is known.
    Again {
        skew: i64,
    },
}

impl Caller {
    fn subject<'a>(&'a self, user: &'a str, file: &'a str) -> Subject<'a> {
        Subject {
            user,
            own_fingerprint: &self.own.certificate.fingerprint,
            own_certificate_file: file,
            own_application_uri: &self.own.application_uri,
        }
    }

    /// Sorts a failed step.
    pub fn fault(&self, error: &Error, step: Step, road: Option<&Road>) -> Fault {
        let place = &self.connection_name;
        if let Some(refusal) = road.and_then(|road| road.refused.lock().unwrap_or_else(PoisonError::into_inner).take())
        {
            let finding = Finding::error("QIAO-O019", place).with("endpoint", &self.connection.endpoint);
            return Fault::lost(finding.with("reason", refusal));
        }
        let user = identity::name(&self.connection.identity);
        let file = self.own.certificate_file.display().to_string();
        Fault::of(error, step, place, &self.connection.endpoint, &self.subject(&user, &file))
    }

    /// The stack's client, with every default set on purpose.
    fn client(&self, limits: MessageLimits, channel_lifetime: Duration) -> Result<Client, Error> {
        ClientBuilder::new()
            .application_name(format!("qiao {}", self.gateway))
            .application_uri(&self.own.application_uri)
            .product_uri("urn:qiao")
            .session_name(format!("qiao {} {}", self.gateway, self.connection_name))
            .pki_dir(
                self.own.certificate_file.parent().and_then(std::path::Path::parent).unwrap_or_else(|| "".as_ref()),
            )
            .certificate_path(self.own.certificate_file.as_path())
            .private_key_path(self.own.key_file.as_path())
            // The certificate was checked and pinned before; what the channel shows is held against it by the guard.
            .trust_server_certs(false)
            .verify_server_certs(false)
            .session_retry_limit(0)
            .recreate_subscriptions(false)
            // Shifts the time stamps of values.
            .ignore_clock_skew(false)
            .channel_lifetime(u32::try_from(channel_lifetime.as_millis()).unwrap_or(u32::MAX))
            .session_timeout(u32::try_from(self.connection.session_timeout.as_millis()).unwrap_or(u32::MAX))
            .request_timeout(REQUEST_WITHIN)
            .max_chunk_size(CHUNK_BYTES)
            .max_incoming_chunk_size(CHUNK_BYTES)
            .max_chunk_count(limits.chunks)
            .max_message_size(limits.chunks * CHUNK_BYTES)
            .max_array_length(limits.array_length)
            .max_string_length(limits.text_bytes)
            .max_byte_string_length(limits.text_bytes)
            .client()
            .map_err(|reasons| Error::new(StatusCode::BadConfigurationError, reasons.join("; ")))
    }

    /// Asks the server for its endpoints, as a stranger.
    pub async fn endpoints(&self) -> Result<Vec<EndpointDescription>, Fault> {
        let policy = ::opcua::crypto::SecurityPolicy::None.to_uri().to_owned();
        let road = Road::new(&self.connection.endpoint, Pinned { policy, certificate: Vec::new() });
        let asked = async {
            let client = self.client(STRANGER, CHANNEL_LIFETIME)?;
            let answer = client.get_endpoints(road.clone(), &[], &[]);
            tokio::time::timeout(REQUEST_WITHIN, answer).await.map_err(timed_out)?
        };
        asked.await.map_err(|error| self.fault(&error, Step::Endpoints, Some(&road)))
    }

    /// Opens a channel to the chosen endpoint and activates a session on it: the one of `ticket` if the server still
    /// has it, else a new one. `skew` is what is known of the server's clock.
    pub async fn open(&self, choice: &Choice, ticket: Option<Ticket>, skew: i64) -> Result<Opened, Fault> {
        let limits = if choice.is_secure() { PINNED } else { STRANGER };
        let pinned = Pinned {
            policy: choice.policy.to_uri().to_owned(),
            certificate: if choice.is_secure() {
                choice.endpoint.server_certificate.as_ref().to_vec()
            } else {
                Vec::new()
            },
        };
        let road = Road::new(&self.connection.endpoint, pinned);
        let failed = |step| {
            let road = road.clone();
            move |error: Error| self.fault(&error, step, Some(&road))
        };
        let client = self.client(limits, channel_lifetime(skew)).map_err(failed(Step::Channel))?;
        let builder = client.session_builder().with_connector(road.clone());
        let (session, _) = builder
            .connect_to_endpoint_directly(choice.endpoint.clone())
            .and_then(|builder| builder.build(client.certificate_store().clone()))
            .map_err(failed(Step::Channel))?;
        super::decode::keep_notifications_raw(&session);
        let opening = session.channel().connect_no_retry(&road);
        let opened = tokio::time::timeout(REQUEST_WITHIN, opening).await.map_err(timed_out).and_then(|opened| opened);
        let mut events = opened.map_err(failed(Step::Channel))?;
        let mut transport = JoinSet::new();
        transport.spawn(async move {
            loop {
                if let ::opcua::client::transport::TransportPollResult::Closed(status) = events.poll().await {
                    break status;
                }
            }
        });
        let terms = terms(choice);
        let old = ticket.filter(|ticket| ticket.terms == terms);
        let new = Ticket { token: NodeId::null(), nonce: ByteString::null(), terms };
        let mut link = Link::new(session, transport, limits, road.clone(), new);
        if let Some(old) = old {
            link.ticket = old;
            match self.activate(&mut link, choice).await {
                Ok(()) => return Ok(Opened::TakenOver(link)),
                Err(error) if link.is_down() => return Err(failed(Step::Activation)(error)),
                // The server has forgotten it: a new one it is.
                Err(error) => tracing::info!(connection = %self.connection_name, %error, "session was not taken over"),
            }
        }
        link.ticket.token = NodeId::null();
        let mut begun = self.create(&mut link, choice).await;
        if begun.is_ok() {
            begun = self.activate(&mut link, choice).await.map_err(failed(Step::Activation));
        }
        if let Err(fault) = begun {
            // A session that is not used is not left to the server.
            link.close(true).await;
            return Err(fault);
        }
        if let Some(found) = link.skew
            && channel_lifetime(found) > channel_lifetime(skew) * 2
        {
            // The stack renews a channel by the server's clock: one that is wrong needs a longer lifetime.
            link.close(true).await;
            return Ok(Opened::Again { skew: found });
        }
        Ok(Opened::New(link))
    }
}

/// A lifetime of which even a wrong clock leaves enough.
fn channel_lifetime(skew: i64) -> Duration {
    let skew = Duration::from_nanos(skew.unsigned_abs().saturating_mul(100));
    (skew.saturating_mul(4)).clamp(CHANNEL_LIFETIME, CHANNEL_LIFETIME_MAX)
}

fn terms(choice: &Choice) -> (Option<String>, String, i32) {
    let fingerprint = choice.certificate.as_ref().map(|certificate| certificate.fingerprint.clone());
    (fingerprint, choice.policy.to_uri().to_owned(), choice.endpoint.security_mode as i32)
}

fn timed_out(_: tokio::time::error::Elapsed) -> Error {
    Error::new(StatusCode::BadTimeout, format!("no answer within {} s", REQUEST_WITHIN.as_secs()))
}
