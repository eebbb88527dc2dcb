//! One link that stands: its channel, its session, and what a later link needs to take the session over.

use super::connector::Road;
use super::session::{MessageLimits, REQUEST_WITHIN};
use ::opcua::client::Session;
use ::opcua::types::{ByteString, CloseSessionRequest, DateTime, NodeId, RequestHeader, StatusCode};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

/// Closing is a courtesy.
const CLOSE_WITHIN: Duration = Duration::from_secs(2);

/// What re-activating a session on another channel needs.
#[derive(Clone, Debug)]
pub struct Ticket {
    pub(super) token: NodeId,
    /// Of the last CreateSession or ActivateSession response.
    pub(super) nonce: ByteString,
    /// Fingerprint, policy URI and mode: a session is taken over only on the same terms.
    pub(super) terms: (Option<String>, String, i32),
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

impl Link {
    /// A link over a channel that stands, without a session yet.
    pub(super) fn new(
        session: Arc<Session>,
        transport: JoinSet<StatusCode>,
        limits: MessageLimits,
        road: Road,
        ticket: Ticket,
    ) -> Self {
        Self { session, transport, ended: None, ticket, limits, road, session_timeout: None, skew: None }
    }

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
    pub(super) fn is_down(&mut self) -> bool {
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

/// The header of a request that goes past the session's own.
pub(super) fn header(session: &Session, token: NodeId) -> RequestHeader {
    RequestHeader {
        authentication_token: token,
        timestamp: DateTime::now(),
        request_handle: session.request_handle(),
        timeout_hint: u32::try_from(REQUEST_WITHIN.as_millis()).unwrap_or(u32::MAX),
        ..RequestHeader::default()
    }
}
