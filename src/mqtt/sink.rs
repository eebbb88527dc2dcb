//! The MQTT sink: connects, drains the spool, says goodbye; pauses between connections, never in a tight loop.

use super::client::{self, Limits};
use super::counters::{Counters, add};
use super::message::Message;
use super::pause::Pause;
use super::reach;
use super::session::{Session, SessionEnd};
use super::trouble::{Cause, Refusal, Scene, Trouble, judge, taken_over};
use super::wire;
use crate::config::plan::MqttConnection;
use crate::finding::Finding;
use crate::model::TopicName;
use crate::port::{LinkState, SinkState};
use crate::spool::{Aside, Reader, Record};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// What one MQTT sink does.
#[derive(Clone, Debug)]
pub struct SinkPlan {
    /// Name of the gateway: what its messages call themselves by.
    pub gateway: Arc<str>,
    pub connection: MqttConnection,
    /// The gateway's presence on this broker: last will, birth, goodbye. `None`: none.
    pub status: Option<GatewayStatus>,
    /// How long a stop waits until what is in the spool is out, while the broker is connected; read when it stops.
    pub drain: watch::Receiver<Duration>,
    pub timing: Timing,
    /// Logs a finding, in the language of whoever reads the log.
    pub log: fn(&Finding),
}

/// The gateway's presence: one retained message, QoS 1.
#[derive(Clone)]
pub struct GatewayStatus {
    pub topic: Arc<TopicName>,
    /// Makes the payload; asked at every connection, so that it may say since when.
    pub payload: Arc<dyn Fn(Presence) -> Vec<u8> + Send + Sync>,
}

impl fmt::Debug for GatewayStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GatewayStatus").field("topic", &self.topic).finish_non_exhaustive()
    }
}

/// What the gateway's presence says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Connected: the birth message, first on every connection.
    Online,
    /// The connection broke: the last will, published by the broker.
    Lost,
    /// Stopped on purpose: the last message before DISCONNECT.
    Stopped,
}

/// Limits of time; the defaults are what production uses.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// From the first packet to the CONNACK.
    pub connect: Duration,
    /// A broker that is connected, owes a PUBACK and sends none for this long is given up.
    pub silence: Duration,
    pub first_pause: Duration,
    pub longest_pause: Duration,
    /// For the goodbye and its PUBACK.
    pub farewell: Duration,
    /// A source asks this often whether it may still read what it subscribed to.
    pub ask_again: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            silence: Duration::from_secs(20),
            first_pause: Duration::from_millis(500),
            longest_pause: Duration::from_secs(30),
            farewell: Duration::from_secs(2),
            ask_again: Duration::from_secs(60),
        }
    }
}

/// A record that can never be sent, on its way to the quarantine. It leaves the spool when it is there ([`Aside::kept`]).
#[derive(Debug)]
pub struct Parked {
    pub aside: Aside,
    pub finding: Finding,
}

/// Why a sink came to its end. There is no end for a broker's fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It was told to.
    Stopped,
    /// Nobody takes parked records any more; losing them silently is no choice.
    NobodyParks,
}

/// So often may a broker hang up on one and the same message before that message is parked.
const STRIKES: u32 = 3;

/// Drains one sink's side of the spool into an MQTT broker until told to stop.
///
/// A record is released on its PUBACK with a success reason (QoS 1), or when it was written to the socket (QoS 0). After
/// any reconnect everything not released is sent again, in order. On stop: the spool is drained within
/// [`SinkPlan::drain`], the goodbye is published and acknowledged, then DISCONNECT.
pub async fn run(
    plan: SinkPlan,
    reader: Reader,
    state: watch::Sender<SinkState>,
    counters: Arc<Counters>,
    parked: mpsc::Sender<Parked>,
    stop: CancellationToken,
) -> Ended {
    let (broker, proxy) = (plan.connection.address(), wire::proxy_name(&plan.connection));
    let pause = Pause::new(plan.timing.first_pause, plan.timing.longest_pause);
    let sink = Sink {
        plan,
        broker,
        proxy,
        reader,
        state,
        counters,
        parked,
        stop,
        pause,
        is_careful: false,
        will_is_retained: true,
        will_qos: 1,
        suspect: None,
        oldest: None,
    };
    sink.run().await
}

/// What outlives a connection.
#[derive(Debug)]
pub(super) struct Sink {
    pub(super) plan: SinkPlan,
    pub(super) broker: String,
    /// Host and port of the proxy on the way, for findings.
    proxy: String,
    pub(super) reader: Reader,
    pub(super) state: watch::Sender<SinkState>,
    pub(super) counters: Arc<Counters>,
    pub(super) parked: mpsc::Sender<Parked>,
    pub(super) stop: CancellationToken,
    pause: Pause,
    /// The last connection broke with messages under way: begin with one at a time, so that a message the broker
    /// hangs up on stands alone.
    pub(super) is_careful: bool,
    will_is_retained: bool,
    will_qos: u8,
    /// Position of the record that stood alone when the broker hung up, and how often.
    suspect: Option<(u64, u32)>,
    /// When the oldest record without a PUBACK was first sent.
    pub(super) oldest: Option<Instant>,
}

/// How a life of the sink goes on.
enum Next {
    Again,
    End(Ended),
}

impl Sink {
    async fn run(mut self) -> Ended {
        loop {
            let stop = self.stop.clone();
            let attempt = tokio::select! {
                biased;
                () = stop.cancelled() => return Ended::Stopped,
                attempt = self.connect() => attempt,
            };
            let next = match attempt {
                Err(trouble) => self.after(trouble, None).await,
                Ok((sender, driver, limits)) => {
                    add(&self.counters.connects);
                    let began = Instant::now();
                    match Session::new(&mut self, sender, limits).run(driver).await {
                        SessionEnd::Stopped => Next::End(Ended::Stopped),
                        SessionEnd::NobodyParks => Next::End(Ended::NobodyParks),
                        SessionEnd::Broken { trouble, suspect } => {
                            self.reader.rewind();
                            self.counters.in_flight.store(0, Ordering::Relaxed);
                            self.broken(trouble, suspect, began.elapsed()).await
                        }
                    }
                }
            };
            if let Next::End(ended) = next {
                return ended;
            }
        }
    }

    async fn connect(&mut self) -> Result<(client::Sender, client::Driver, Limits), Trouble> {
        let limit = self.plan.timing.connect;
        let patience = limit.max(self.plan.timing.silence);
        let (connection, will) = (&self.plan.connection, self.status(Presence::Lost));
        let options = client::Options { connection, will, role: client::Role::Publisher, patience };
        match reach::establish(&options, limit).await {
            Ok(link) => Ok(link),
            Err(error) => Err(judge(error, self.scene(false))),
        }
    }

    /// The gateway's presence as a message, if there is one.
    pub(super) fn status(&self, presence: Presence) -> Option<Message> {
        self.plan.status.as_ref().map(|status| Message {
            topic: Arc::clone(&status.topic),
            qos: self.will_qos,
            is_retained: self.will_is_retained,
            payload: (status.payload)(presence).into(),
            properties: None,
            key: None,
            is_replayed: false,
            talk: None,
        })
    }

    pub(super) fn scene(&self, is_established: bool) -> Scene<'_> {
        let timing = &self.plan.timing;
        Scene {
            broker: &self.broker,
            proxy: &self.proxy,
            host: &self.plan.connection.host,
            client_id: &self.plan.connection.client_id,
            is_established,
            patience: if is_established { timing.silence } else { timing.connect }.as_secs(),
        }
    }

    /// A connection that stood for `life` broke; `suspect` was under way alone.
    async fn broken(&mut self, trouble: Trouble, suspect: Option<Record>, life: Duration) -> Next {
        if let Some(record) = suspect.filter(|_| trouble.blames_message) {
            let strikes = match self.suspect {
                Some((position, strikes)) if position == record.position => strikes + 1,
                _ => 1,
            };
            self.suspect = Some((record.position, strikes));
            if strikes < STRIKES {
                return self.after(trouble, Some(life)).await;
            }
            self.suspect = None;
            let finding = Finding::error("QIAO-M023", record.topic.as_str())
                .with("tries", strikes)
                .with("bytes", record.payload.len());
            let parked = self.parked.clone();
            let stop = self.stop.clone();
            let permit = tokio::select! {
                biased;
                () = stop.cancelled() => return Next::End(Ended::Stopped),
                permit = parked.reserve() => permit,
            };
            let Ok(permit) = permit else { return Next::End(Ended::NobodyParks) };
            self.park(record.position, finding, permit);
            return self.after(trouble, Some(life)).await;
        }
        if trouble.blames_message && trouble.cause == Cause::Closed && self.pause.is_pattern(life, Instant::now()) {
            let finding = Finding::error("QIAO-M013", &self.broker).with("client", &self.plan.connection.client_id);
            return self.after(Trouble::new(Cause::TakenOver, finding).acting(), Some(life)).await;
        }
        self.after(trouble, Some(life)).await
    }

    /// Sets a record aside and hands it to the quarantine, with the reason.
    pub(super) fn park(&mut self, position: u64, finding: Finding, permit: mpsc::Permit<'_, Parked>) {
        if let Some(aside) = self.reader.set_aside(position) {
            (self.plan.log)(&finding);
            self.refused(finding.clone());
            add(&self.counters.parked);
            if aside.record().payload.is_empty() {
                // It takes a state back; there is nothing in it to keep.
                aside.kept();
            } else {
                permit.send(Parked { aside, finding });
            }
        }
    }

    /// Shows what became of a message the broker would not take.
    pub(super) fn refused(&self, finding: Finding) {
        self.state.send_if_modified(|state| {
            let is_new = state.last_refusal.as_deref() != Some(&finding);
            state.last_refusal = Some(Box::new(finding));
            is_new
        });
    }

    /// Shows the trouble and pauses. `life`: how long the connection had stood, if there was one.
    async fn after(&mut self, trouble: Trouble, life: Option<Duration>) -> Next {
        self.counters.count_loss(trouble.cause);
        match trouble.unsupported {
            Some(Refusal::Retain) => self.will_is_retained = false,
            Some(Refusal::Qos) => self.will_qos = 0,
            _ => {}
        }
        if let Some(life) = life {
            self.pause.lived(life, trouble.cause == Cause::TakenOver, Instant::now());
        }
        let pause = self.pause.next();
        let finding = Box::new(match self.pause.flapping() {
            // Where the broker gave no reason, what is only suspected stays said as such.
            Some(count) if trouble.finding.code.0 == "QIAO-M012" => {
                taken_over(&self.broker, &self.plan.connection.client_id, count, pause)
            }
            _ => trouble.finding,
        });
        (self.plan.log)(&finding);
        tracing::debug!(cause = trouble.cause.label(), pause_ms = pause.as_millis() as u64, "pause");
        let needs_action = trouble.needs_action || self.pause.flapping().is_some();
        let link = if needs_action { LinkState::Refused(finding) } else { LinkState::Lost(finding) };
        self.state.send_modify(|state| {
            state.link = link;
            state.warnings.clear();
        });
        let wake = Instant::now() + pause;
        loop {
            self.show_age(Instant::now());
            tokio::select! {
                biased;
                () = self.stop.cancelled() => return Next::End(Ended::Stopped),
                () = tokio::time::sleep_until(wake) => return Next::Again,
                () = tokio::time::sleep(Duration::from_secs(1)) => {}
            }
        }
    }

    /// Brings the gauge of the oldest unacknowledged record up to date.
    pub(super) fn show_age(&self, now: Instant) {
        let age = self.oldest.map_or(0, |at| u64::try_from(now.duration_since(at).as_millis()).unwrap_or(u64::MAX));
        self.counters.oldest_unacknowledged_ms.store(age, Ordering::Relaxed);
    }
}
