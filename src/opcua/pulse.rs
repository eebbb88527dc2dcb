//! Whether the link lives: the server answers, its subscriptions are not silent, and its certificate is still trusted.
//! An answer shows the server's clock as well: a clock that drifts is seen while the session lives.

use super::feed::Subscription;
use super::publish::{Ended, Loop, Publisher};
use super::skew;
use crate::finding::Finding;
use crate::port::{Clock, SourceEvent};
use ::opcua::client::Session;
use ::opcua::types::{ReadValueId, StatusCode, VariableId, Variant};
use futures::future::BoxFuture;
use std::sync::Arc;
use std::time::Duration;

/// Beyond twice the keep-alive time, a link is silent.
const SILENCE_MARGIN: Duration = Duration::from_secs(5);
/// Taking trust back closes what is open within this time.
const TRUST_EVERY: Duration = Duration::from_secs(5);
/// A server that does not answer so many reads of its state is not there, whatever its transport says.
const HEARTBEATS_MISSED_MAX: u32 = 3;

/// What a server answered when it was asked for its state.
pub(super) struct Beat {
    /// `ServerStatus.State`; `None` when the server does not tell.
    state: Option<i32>,
    /// Its clock minus ours, in 100 ns ticks; `None` when it tells no time.
    skew: Option<i64>,
}

/// A heartbeat that was answered, or the reason why not.
pub(super) type Answered = Result<Beat, StatusCode>;

/// When what is looked at next, and what the last look showed.
pub(super) struct Pulse {
    heartbeat: Option<BoxFuture<'static, Answered>>,
    missed: u32,
    is_running: bool,
    next_heartbeat: Duration,
    next_trust: Duration,
}

impl Pulse {
    pub(super) fn new(first_heartbeat: Duration, now: Duration) -> Self {
        Self {
            heartbeat: None,
            missed: 0,
            is_running: true,
            next_heartbeat: first_heartbeat,
            next_trust: now + TRUST_EVERY,
        }
    }

    /// Waits for a heartbeat that is under way; `None` when none is.
    pub(super) async fn beat(&mut self) -> Option<Answered> {
        match &mut self.heartbeat {
            Some(beat) => Some(beat.await),
            None => None,
        }
    }
}

impl Publisher<'_> {
    /// Looks at everything that is due.
    pub(super) fn feel_pulse(&mut self, state: &mut Loop, now: Duration) -> Result<(), Ended> {
        if let Some(since) = state.publishing_since {
            let is_silent = |subscription: &Subscription| {
                now > subscription.heard.max(since) + subscription.keep_alive * 2 + SILENCE_MARGIN
            };
            if self.feed.subscriptions.iter().any(is_silent) {
                return Err(Ended::Silent);
            }
        }
        let pulse = &mut state.pulse;
        if now >= pulse.next_trust {
            pulse.next_trust = now + TRUST_EVERY;
            if !(self.is_trusted)() {
                return Err(Ended::Distrusted);
            }
        }
        if now >= pulse.next_heartbeat && pulse.heartbeat.is_none() {
            pulse.next_heartbeat = now + self.heartbeat;
            pulse.heartbeat = Some(Box::pin(server_state(Arc::clone(&state.session), self.outside.clock)));
        }
        Ok(())
    }

    /// A heartbeat was answered, or not.
    pub(super) async fn beat(&mut self, state: &mut Loop, beat: Answered) -> Result<(), Ended> {
        let pulse = &mut state.pulse;
        pulse.heartbeat = None;
        match beat {
            Ok(Beat { state: number, skew }) => {
                pulse.missed = 0;
                self.outside
                    .counters
                    .server_state
                    .set(number.and_then(|number| u64::try_from(number).ok()).unwrap_or(0));
                let is_running = number.is_none_or(|number| number == 0);
                if is_running != pulse.is_running {
                    pulse.is_running = is_running;
                    let finding = if is_running { Finding::note } else { Finding::warning };
                    let finding = finding("QIAO-O032", self.outside.name.clone()).with("state", state_name(number));
                    self.outside.emit(SourceEvent::Finding(finding)).await?;
                }
                if let Some(skew) = skew {
                    self.skew.measured(skew, self.outside).await?;
                }
            }
            Err(StatusCode::BadSessionIdInvalid | StatusCode::BadSessionClosed) => return Err(Ended::SessionGone),
            Err(_) => {
                self.outside.counters.service_errors.add(1);
                pulse.missed += 1;
                if pulse.missed >= HEARTBEATS_MISSED_MAX {
                    return Err(Ended::Silent);
                }
            }
        }
        Ok(())
    }
}

/// `ServerStatus.State` (OPC 10000-5 §12.6), and what the answer shows of the server's clock.
async fn server_state(session: Arc<Session>, clock: Clock) -> Answered {
    let node = ReadValueId::from(::opcua::types::NodeId::from(VariableId::Server_ServerStatus_State));
    let (values, told) = super::read::read_timed(&session, &[node]).await.map_err(|error| error.status())?;
    let skew = skew::shown(&told, clock.now().wall);
    let state = values.into_iter().next().and_then(|value| match value.value {
        Some(Variant::Int32(number)) => Some(number),
        _ => None,
    });
    Ok(Beat { state, skew })
}

/// `ServerState` (OPC 10000-5 §12.6).
#[must_use]
pub fn state_name(number: Option<i32>) -> &'static str {
    const NAMES: [&str; 8] =
        ["Running", "Failed", "NoConfiguration", "Suspended", "Shutdown", "Test", "CommunicationFault", "Unknown"];
    number.and_then(|number| NAMES.get(usize::try_from(number).ok()?).copied()).unwrap_or("Unknown")
}
