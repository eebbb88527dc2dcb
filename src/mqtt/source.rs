//! The MQTT source: connects, subscribes, hands what comes to its pipeline; pauses between connections.
//!
//! It is a client of its own, beside the one that publishes: a slow pipeline holds up what comes in, never what goes
//! out. A message with QoS 1 is acknowledged when the spool took what became of it. The broker keeps the session
//! of a gateway while it is away, so what it still owed us and what we still owed it come again.

use super::ask::Asked;
use super::client::{self, Limits, Role};
use super::intake::Intake;
use super::listen::{End, Listening};
use super::pause::Pause;
use super::reach;
use super::redelivery::Redelivery;
use super::sink::Timing;
use super::source_counters::SourceCounters;
use super::trouble::{Cause, Scene, Trouble, judge, taken_over};
use crate::config::plan::{MqttConnection, TopicInput};
use crate::finding::Finding;
use crate::port::source::Gap;
use crate::port::{Clock, LinkState, SourceEvent};
use crate::spool::Receipt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// What one MQTT source does.
#[derive(Debug)]
pub struct SourcePlan {
    /// Index of the connection in the plan.
    pub index: u16,
    /// Name of the connection.
    pub name: String,
    /// Name of the gateway: its presence is no input.
    pub gateway: String,
    pub connection: MqttConnection,
    /// What each flow subscribes to, by its index in the plan.
    pub inputs: Vec<(u16, TopicInput)>,
    /// The broker keeps what comes while we are away; off: nothing is left behind there.
    pub keeps_session: bool,
    /// Devices that speak a protocol with models of their own may be asked for them; off: nothing is ever published.
    pub asks: bool,
    pub clock: Clock,
    pub counters: Arc<SourceCounters>,
    pub timing: Timing,
}

/// What outlives a connection.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) plan: SourcePlan,
    broker: String,
    /// Host and port of the proxy on the way, for findings.
    proxy: String,
    pub(super) events: mpsc::Sender<SourceEvent>,
    pub(super) receipts: mpsc::UnboundedReceiver<Receipt>,
    pub(super) stop: CancellationToken,
    pub(super) intake: Intake,
    pub(super) redelivery: Redelivery,
    /// Number of the connection; a receipt of an older one acknowledges nothing.
    pub(super) connection: u64,
    pause: Pause,
    /// The broker would send a message again that no packet of ours can hold: its session is given up once.
    gives_up_session: bool,
    /// Devices that were asked for their models.
    pub(super) asked: Asked,
}

/// Reads from a broker until told to stop, or until nobody takes events any more.
pub async fn run(
    mut plan: SourcePlan,
    events: mpsc::Sender<SourceEvent>,
    receipts: mpsc::UnboundedReceiver<Receipt>,
    stop: CancellationToken,
) {
    // A broker lets only one client have an id, and the sink of this connection has the other.
    plan.connection.client_id.push_str("-in");
    let (broker, proxy) = (plan.connection.address(), super::wire::proxy_name(&plan.connection));
    let intake = Intake::new(&plan.name, &plan.inputs, plan.connection.max_packet as usize);
    let pause = Pause::new(plan.timing.first_pause, plan.timing.longest_pause);
    let source = Source {
        plan,
        broker,
        proxy,
        events,
        receipts,
        stop,
        intake,
        redelivery: Redelivery::default(),
        connection: 0,
        pause,
        gives_up_session: false,
        asked: Asked::default(),
    };
    source.run().await;
}

impl Source {
    async fn run(mut self) {
        loop {
            let stop = self.stop.clone();
            let attempt = tokio::select! {
                biased;
                () = stop.cancelled() => return,
                attempt = self.connect() => attempt,
            };
            let (trouble, life) = match attempt {
                Err(trouble) => (trouble, None),
                Ok((sender, driver, limits)) => {
                    let began = Instant::now();
                    if !self.greet(limits).await {
                        return;
                    }
                    match Listening::new(&mut self, sender, limits).run(driver).await {
                        End::Stopped | End::NobodyListens => return,
                        End::Broken(trouble) => (trouble, Some(began.elapsed())),
                    }
                }
            };
            if !self.after(trouble, life).await {
                return;
            }
        }
    }

    async fn connect(&mut self) -> Result<(client::Sender, client::Driver, Limits), Trouble> {
        let limit = self.plan.timing.connect;
        let keeps_session = self.plan.keeps_session && self.plan.connection.qos > 0 && !self.gives_up_session;
        let options = client::Options {
            connection: &self.plan.connection,
            will: None,
            role: Role::Subscriber { keeps_session },
            patience: limit.max(self.plan.timing.silence),
        };
        reach::establish(&options, limit).await.map_err(|error| judge(error, self.scene(false)))
    }

    /// Says what is known behind a new connection; `false` when nobody listens or it is time to stop.
    async fn greet(&mut self, limits: Limits) -> bool {
        tracing::info!(broker = self.broker, session = limits.has_session, "connected to the broker to subscribe");
        self.plan.counters.connected();
        self.gives_up_session = false;
        let is_first = self.connection == 0;
        self.connection += 1;
        if is_first || !limits.has_session {
            self.intake.restart();
            self.asked.forget();
            self.redelivery.forget();
        }
        if !is_first && !limits.has_session {
            let finding = Finding::warning("QIAO-M064", self.broker.clone());
            if !self.tell(SourceEvent::Gap(Gap { finding, slots: Vec::new() })).await {
                return false;
            }
        }
        let found = self.intake.discovery();
        self.tell(SourceEvent::Found(found)).await
    }

    /// Hands an event over, waiting for room; `false` when nobody listens or it is time to stop.
    pub(super) async fn tell(&self, event: SourceEvent) -> bool {
        tokio::select! {
            biased;
            () = self.stop.cancelled() => false,
            sent = self.events.send(event) => sent.is_ok(),
        }
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

    /// Says what is wrong and pauses; `false` when it is time to stop.
    async fn after(&mut self, trouble: Trouble, life: Option<Duration>) -> bool {
        self.plan.counters.lost(trouble.cause);
        self.gives_up_session = trouble.is_too_large;
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
        tracing::debug!(cause = trouble.cause.label(), pause_ms = pause.as_millis() as u64, "pause");
        let needs_action = trouble.needs_action || self.pause.flapping().is_some();
        let link = if needs_action { LinkState::Refused(finding) } else { LinkState::Lost(finding) };
        if !self.tell(SourceEvent::Link(link)).await {
            return false;
        }
        tokio::select! {
            biased;
            () = self.stop.cancelled() => false,
            () = tokio::time::sleep(pause) => true,
        }
    }
}
