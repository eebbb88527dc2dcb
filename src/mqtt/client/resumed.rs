//! A session that the broker still has and this client object never had.
//!
//! The client refuses to subscribe in a session of which it has no state of its own. Ours is none: what we were sent and
//! did not acknowledge comes again from the broker, and we send nothing but acknowledgements and that subscription.

use rumqttc::{PersistedAckMode, PersistedSession, SessionStore, SessionStoreError, SessionStoreKey};
use std::future::ready;
use std::pin::Pin;

type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, SessionStoreError>> + Send + 'a>>;

/// Says that there was a session in which nothing of ours was under way, whoever had it.
#[derive(Debug)]
pub(super) struct Resumed(PersistedSession);

impl Resumed {
    pub(super) fn new(client_id: &str, expiry: u32, in_flight: u16) -> Self {
        Self(PersistedSession {
            format_version: 1,
            client_id: client_id.to_owned(),
            clean_start: false,
            session_expiry_interval: Some(expiry),
            outgoing_inflight_upper_limit: Some(in_flight),
            ack_mode: PersistedAckMode::Manual,
            last_pkid: 0,
            last_puback: 0,
            replay: Vec::new(),
            incoming_qos2: Vec::new(),
        })
    }
}

impl SessionStore for Resumed {
    fn load<'a>(&'a self, _key: &'a SessionStoreKey) -> Answer<'a, Option<PersistedSession>> {
        Box::pin(ready(Ok(Some(self.0.clone()))))
    }

    fn save<'a>(&'a self, _key: &'a SessionStoreKey, _session: &'a PersistedSession) -> Answer<'a, ()> {
        Box::pin(ready(Ok(())))
    }

    fn clear<'a>(&'a self, _key: &'a SessionStoreKey) -> Answer<'a, ()> {
        Box::pin(ready(Ok(())))
    }
}
