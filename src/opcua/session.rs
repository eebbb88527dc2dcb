//! One link to a server: channel, session, activation; and what a later link needs to take the session over.
//!
//! The stack's own session loop is not used: it signs a re-activation over the new channel's nonce instead of the
//! session's (OPC 10000-4 §5.6.3), so servers refuse it, and it hides the endpoints that come with the session. The
//! stack's `Session` object stays what all services go through.

use super::certificate::OwnCertificate;
use super::connector::Road;
use super::endpoint::{self, Choice};
use super::fault::{Fault, Step, Subject};
use super::guard::Pinned;
use super::identity::{self, NONCE_BYTES_MIN};
use crate::config::plan::OpcUaConnection;
use crate::finding::Finding;
use crate::model::Timestamp;
use crate::port::Clock;
use ::opcua::client::{Client, ClientBuilder, Session};
use ::opcua::core::ResponseMessage;
use ::opcua::crypto::{PrivateKey, X509, create_signature_data, random, verify_signature_data};
use ::opcua::types::{
    ActivateSessionRequest, ApplicationDescription, ApplicationType, ByteString, CloseSessionRequest,
    CreateSessionRequest, CreateSessionResponse, DateTime, EndpointDescription, Error, NodeId, RequestHeader,
    ResponseHeader, SignatureData, StatusCode,
};
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::task::JoinSet;

/// Every service call but Publish is given up after this time.
pub const REQUEST_WITHIN: Duration = Duration::from_secs(30);
/// Closing is a courtesy.
const CLOSE_WITHIN: Duration = Duration::from_secs(2);
/// Largest chunk, in both directions.
const CHUNK_BYTES: usize = 65_535;
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

/// What re-activating a session on another channel needs.
#[derive(Clone, Debug)]
pub struct Ticket {
    token: NodeId,
    /// Of the last CreateSession or ActivateSession response.
    nonce: ByteString,
    /// Fingerprint, policy URI and mode: a session is taken over only on the same terms.
    terms: (Option<String>, String, i32),
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

/// A link that stands.
pub struct Link {
    pub session: Arc<Session>,
    /// Polls the transport.
    transport: JoinSet<StatusCode>,
    ended: Option<StatusCode>,
    pub ticket: Ticket,
    pub limits: MessageLimits,
    road: Road,
    /// What the server granted; `None` after a re-activation.
    pub session_timeout: Option<Duration>,
    /// The server's clock minus ours, in 100 ns ticks.
    pub skew: Option<i64>,
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
        let mut link = Link {
            session,
            transport,
            ended: None,
            ticket: new,
            limits,
            road: road.clone(),
            session_timeout: None,
            skew: None,
        };
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

    async fn create(&self, link: &mut Link, choice: &Choice) -> Result<(), Fault> {
        let place = &self.connection_name;
        let nonce = random::byte_string(NONCE_BYTES_MIN);
        link.session.channel().set_auth_token(NodeId::null());
        let own_der = self.own.certificate.der.clone();
        let request = CreateSessionRequest {
            request_header: header(&link.session, NodeId::null()),
            client_description: ApplicationDescription {
                application_uri: self.own.application_uri.as_str().into(),
                product_uri: "urn:qiao".into(),
                application_name: format!("qiao {}", self.gateway).as_str().into(),
                application_type: ApplicationType::Client,
                ..ApplicationDescription::default()
            },
            endpoint_url: self.connection.endpoint.as_str().into(),
            session_name: format!("qiao {} {}", self.gateway, self.connection_name).as_str().into(),
            client_nonce: nonce.clone(),
            client_certificate: if choice.is_secure() { ByteString::from(own_der) } else { ByteString::null() },
            requested_session_timeout: self.connection.session_timeout.as_secs_f64() * 1000.0,
            max_response_message_size: u32::try_from(link.limits.chunks * CHUNK_BYTES).unwrap_or(u32::MAX),
            ..CreateSessionRequest::default()
        };
        let answer = link.session.channel().send(request, REQUEST_WITHIN).await.and_then(|answer| match answer {
            ResponseMessage::CreateSession(answer) => good(&answer.response_header).map(|()| *answer),
            other => Err(unexpected(&other)),
        });
        let answer = answer.map_err(|error| self.fault(&error, Step::Session, Some(&link.road)))?;
        link.ticket.token = answer.authentication_token.clone();
        if !endpoint::is_confirmed(choice, answer.server_endpoints.as_deref().unwrap_or_default()) {
            return Err(Fault::refused(Finding::error("QIAO-O037", place).with("endpoint", &self.connection.endpoint)));
        }
        self.verify(choice, &answer, &nonce).map_err(|error| {
            let finding = Finding::error("QIAO-O019", place).with("endpoint", &self.connection.endpoint);
            Fault::refused(finding.with("reason", error))
        })?;
        let theirs = answer.response_header.timestamp.ticks();
        // A server without a clock sends none.
        link.skew = (theirs > 0).then(|| theirs - self.clock.now().wall.0);
        link.session_timeout = Some(Duration::from_secs_f64(answer.revised_session_timeout.clamp(0.0, 1e9) / 1000.0));
        link.ticket.nonce = answer.server_nonce;
        Ok(())
    }

    /// The server is who its certificate says: it signs our nonce with the key of the pinned certificate.
    fn verify(&self, choice: &Choice, answer: &CreateSessionResponse, nonce: &ByteString) -> Result<(), Error> {
        let wrong = |reason: &str| Err(Error::new(StatusCode::BadSecurityChecksFailed, reason.to_owned()));
        if choice.is_secure() {
            let Some(certificate) = &choice.certificate else { return wrong("no certificate") };
            if !answer.server_certificate.as_ref().starts_with(&certificate.der) {
                return wrong("the session shows another certificate than the endpoint");
            }
            if answer.server_nonce.as_ref().len() < NONCE_BYTES_MIN {
                return wrong("the server's nonce is shorter than 32 bytes");
            }
            let server = X509::from_byte_string(&choice.endpoint.server_certificate)?;
            let own = X509::from_der(&self.own.certificate.der)
                .map_err(|_| Error::new(StatusCode::BadCertificateInvalid, "own certificate"))?;
            verify_signature_data(&answer.server_signature, choice.policy, &server, &own, nonce.as_ref())?;
        }
        Ok(())
    }

    async fn activate(&self, link: &mut Link, choice: &Choice) -> Result<(), Error> {
        let server = choice.certificate.as_ref().map(|one| X509::from_byte_string(&ByteString::from(one.der.clone())));
        let server = server.transpose()?;
        let nonce = &link.ticket.nonce;
        let client_signature = match &server {
            Some(server) if choice.is_secure() => {
                let key = PrivateKey::read_pem_file(&self.own.key_file)
                    .map_err(|_| Error::new(StatusCode::BadConfigurationError, "own key cannot be read"))?;
                create_signature_data(&key, choice.policy, &server.as_byte_string(), nonce)?
            }
            _ => SignatureData::null(),
        };
        let (user_identity_token, user_token_signature) =
            identity::token(&self.connection.identity, &choice.token, &choice.endpoint, server.as_ref(), nonce)?;
        link.session.channel().set_auth_token(link.ticket.token.clone());
        let request = ActivateSessionRequest {
            request_header: header(&link.session, link.ticket.token.clone()),
            client_signature,
            user_identity_token,
            user_token_signature,
            ..ActivateSessionRequest::default()
        };
        let nonce = match link.session.channel().send(request, REQUEST_WITHIN).await? {
            ResponseMessage::ActivateSession(answer) => {
                good(&answer.response_header)?;
                answer.server_nonce
            }
            other => return Err(unexpected(&other)),
        };
        // A nonce that comes twice would let a recorded password or signature be used again.
        if choice.is_secure() && (nonce.as_ref().len() < NONCE_BYTES_MIN || nonce == link.ticket.nonce) {
            return Err(Error::new(StatusCode::BadNonceInvalid, "the server's nonce is short or was used before"));
        }
        link.ticket.nonce = nonce;
        Ok(())
    }
}

impl Link {
    /// Waits until the transport has ended; why it did.
    pub async fn down(&mut self) -> StatusCode {
        if self.ended.is_none() {
            // It is aborted by nobody but a drop; a panic in it is a damaged message that the stack did not expect.
            self.ended =
                Some(self.transport.join_next().await.and_then(Result::ok).unwrap_or(StatusCode::BadDecodingError));
        }
        self.ended.unwrap_or(StatusCode::BadConnectionClosed)
    }

    /// Whether the transport has ended.
    fn is_down(&mut self) -> bool {
        if let Some(ended) = self.transport.try_join_next() {
            self.ended = Some(ended.unwrap_or(StatusCode::BadDecodingError));
        }
        self.ended.is_some()
    }

    /// The road it came by: holds why the guard closed it.
    #[must_use]
    pub fn road(&self) -> &Road {
        &self.road
    }

    /// Closes the session, so that the server need not wait for its time-out, then the channel.
    pub async fn close(mut self, deletes_subscriptions: bool) {
        let request = CloseSessionRequest {
            request_header: header(&self.session, self.ticket.token.clone()),
            delete_subscriptions: deletes_subscriptions,
        };
        let closing = async {
            if !self.ticket.token.is_null() {
                // Whether it worked does not matter any more.
                let _ = self.session.channel().send(request, CLOSE_WITHIN).await;
            }
            self.session.channel().close_channel().await;
            self.down().await;
        };
        let _ = tokio::time::timeout(CLOSE_WITHIN * 2, closing).await;
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

fn header(session: &Session, token: NodeId) -> RequestHeader {
    RequestHeader {
        authentication_token: token,
        timestamp: DateTime::now(),
        request_handle: session.request_handle(),
        timeout_hint: u32::try_from(REQUEST_WITHIN.as_millis()).unwrap_or(u32::MAX),
        ..RequestHeader::default()
    }
}

fn timed_out(_: tokio::time::error::Elapsed) -> Error {
    Error::new(StatusCode::BadTimeout, format!("no answer within {} s", REQUEST_WITHIN.as_secs()))
}

/// The service's own result.
pub fn good(header: &ResponseHeader) -> Result<(), Error> {
    if header.service_result.is_bad() {
        Err(Error::new(header.service_result, "refused by the server"))
    } else {
        Ok(())
    }
}

/// A fault of the server, or an answer to another question.
pub fn unexpected(answer: &ResponseMessage) -> Error {
    match answer {
        ResponseMessage::ServiceFault(fault) => {
            Error::new(fault.response_header.service_result, "refused by the server")
        }
        other => Error::new(StatusCode::BadUnknownResponse, format!("answered with {}", other.type_name())),
    }
}

/// Clock skew worth a finding.
#[must_use]
pub fn is_notable(skew: i64) -> bool {
    skew.unsigned_abs() > Duration::from_secs(30).as_nanos() as u64 / 100
}

/// A skew as seconds, with its sign.
#[must_use]
pub fn seconds(skew: i64) -> i64 {
    skew / (Timestamp::UNIX_EPOCH.0 / 11_644_473_600)
}
