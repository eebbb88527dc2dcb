//! Listens in on a source of its own: values as they were decoded, or messages as they would be published.
//!
//! It opens the link that the gateway would open, with a session of its own, and publishes nothing. The server is owed an
//! acknowledgement for every notification here too, and a broker for every message: they get one when the listener has
//! taken what was in it.

use super::gateway::selection;
use super::look::source_plan;
use super::stages::{Outbox, Prepared, PreparedError, Stages};
use crate::config::plan::{ConnectionKind, ItemPattern, ItemSelector, MqttConnection, Plan, RootSelector};
use crate::finding::{Finding, Severity};
use crate::model::delivery::TopicKind;
use crate::model::{
    Batch, BrowseGlob, Discovery, MessageProperties, Pending, Quarantined, Timestamp, TopicName, Transaction,
};
use crate::mqtt::watch::{Watched, watch};
use crate::mqtt::{self, Incoming};
use crate::opcua::{self, Counters, Selection};
use crate::port::source::Gap;
use crate::port::{Clock, LinkState, SourceEvent};
use crate::spool::{Receipt, Spool};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Where one listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Every value as the source gave it.
    Decoded,
    /// Every message of what the source speaks, and those that would not be taken.
    Assembled,
    /// Every message as it would be published, and those that would not be.
    Translated,
}

/// What is heard, in order.
#[derive(Debug)]
pub enum Heard {
    Link(LinkState),
    /// Values that follow count in this.
    Found(Arc<Discovery>),
    Values(Batch),
    Message(Box<Message>),
    /// What would go to quarantine.
    Refused(Box<Quarantined>),
    Gap(Gap),
    Finding(Finding),
    /// A message at a broker, as it came: see [`topic`]; or one that is not taken apart.
    Arrived(Box<Incoming>),
}

/// A message as it would be published.
#[derive(Clone, Debug)]
pub struct Message {
    /// When the stages made it.
    pub time: Timestamp,
    /// Name of the flow; `None` for what the gateway says of itself and of its machines.
    pub flow: Option<String>,
    /// Id of the machine; `None` where the topic is not a machine's own.
    pub machine: Option<String>,
    pub topic: Arc<TopicName>,
    pub kind: TopicKind,
    /// 0 or 1.
    pub qos: u8,
    pub properties: Option<Arc<MessageProperties>>,
    pub payload: Vec<u8>,
}

/// Where to listen.
#[derive(Debug)]
pub struct Tap {
    /// Its flows are what is listened to: the others are taken out of it before, and for the stage assembled what they
    /// publish instead ([`Plan::untranslated`]).
    pub plan: Arc<Plan>,
    /// Index of the source's connection.
    pub source: u16,
    pub stage: Stage,
    pub clock: Clock,
    pub counters: Arc<Counters>,
}

/// Why nothing can be heard.
#[derive(Debug, thiserror::Error)]
pub enum TapError {
    #[error(transparent)]
    Schema(#[from] PreparedError),
    #[error("the source does not start: {0}")]
    Thread(std::io::Error),
    #[error(transparent)]
    Panicked(#[from] opcua::runtime::Panicked),
}

/// Events that may wait until they are looked at; then the source waits.
const EVENTS: usize = 64;
/// Nothing lies in the spool but what is owed.
const SPOOL_BYTES: u64 = 1 << 16;
/// Ticks of the stages are no further apart.
const TICK: Duration = Duration::from_secs(1);
/// A selection that belongs to no flow.
const NO_FLOW: u16 = u16::MAX;

impl Tap {
    /// Tells `heard` until `stop`, or until nobody takes it. While nobody takes anything the source waits, and with it the
    /// server, whose queues overflow in the end: the values after that carry the server's own mark.
    ///
    /// # Errors
    /// There is nothing to listen with: a schema does not compile, or the operating system gives no thread.
    pub async fn run(self, heard: mpsc::Sender<Heard>, stop: CancellationToken) -> Result<(), TapError> {
        let stages = match self.stage {
            Stage::Decoded => None,
            Stage::Assembled | Stage::Translated => {
                let prepared = Prepared::new(&self.plan)?;
                Some(Stages::new(Arc::clone(&self.plan), self.source, prepared))
            }
        };
        let spool = Spool::in_memory(SPOOL_BYTES, self.plan.connections.len(), self.plan.connections.len());
        let (sender, mut events) = mpsc::channel(EVENTS);
        let source = self.start(sender, spool.receipts(self.source), stop.clone()).map_err(TapError::Thread)?;
        let ear = Ear { heard, spool, plan: &self.plan, machines: HashMap::new(), stop: &stop };
        let listen = async {
            let over = match stages {
                None => ear.decoded(&mut events).await,
                Some(stages) => ear.assembled(&mut events, stages, self.clock).await,
            };
            if over.is_err() {
                stop.cancel();
            }
            // The source takes leave of its server; what it still says nobody needs.
            while events.recv().await.is_some() {}
        };
        Ok(tokio::join!(source.ended(), listen).0?)
    }

    /// Starts the source as the gateway would.
    fn start(
        &self,
        events: mpsc::Sender<SourceEvent>,
        receipts: mpsc::UnboundedReceiver<Receipt>,
        stop: CancellationToken,
    ) -> std::io::Result<Source> {
        if let Some(plan) = self.broker() {
            return Ok(Source::Broker { plan: Box::new(plan), events, receipts, stop });
        }
        let flows = (0u16..).zip(&self.plan.flows).filter(|(_, flow)| flow.source == self.source);
        let mut selections: Vec<Selection> = flows.map(|(at, flow)| selection(at, flow, &self.plan)).collect();
        if selections.is_empty() {
            selections.push(everything());
        }
        let Some(plan) = source_plan(&self.plan, self.source, selections, &self.counters, self.clock) else {
            return Ok(Source::Nothing);
        };
        opcua::start(plan, events, receipts, stop).map(Source::Server)
    }

    /// What flows read from a broker: as a client of its own, of which the broker keeps nothing. `None`: it is none.
    fn broker(&self) -> Option<mqtt::SourcePlan> {
        let connection = self.plan.connections.get(usize::from(self.source))?;
        let gateway = &self.plan.gateway.name;
        let mut broker = match &connection.kind {
            ConnectionKind::OpcUa(_) | ConnectionKind::Face(_) => return None,
            ConnectionKind::Mqtt(broker) => broker.clone(),
            ConnectionKind::EmbeddedBroker(embedded) => MqttConnection::loopback(embedded.listen, gateway),
        };
        broker.client_id = format!("{}-{}", broker.client_id, client_name());
        let flows = (0u16..).zip(&self.plan.flows).filter(|(_, flow)| flow.source == self.source);
        Some(mqtt::SourcePlan {
            index: self.source,
            name: connection.name.clone(),
            gateway: gateway.clone(),
            connection: broker,
            inputs: flows.filter_map(|(at, flow)| Some((at, flow.input.clone()?))).collect(),
            keeps_session: false,
            asks: false,
            clock: self.clock,
            counters: Arc::default(),
            timing: mqtt::Timing::default(),
        })
    }
}

/// A source under way.
enum Source {
    /// On a thread of its own.
    Server(opcua::runtime::Handle),
    Broker {
        plan: Box<mqtt::SourcePlan>,
        events: mpsc::Sender<SourceEvent>,
        receipts: mpsc::UnboundedReceiver<Receipt>,
        stop: CancellationToken,
    },
    Nothing,
}

impl Source {
    async fn ended(self) -> Result<(), opcua::runtime::Panicked> {
        match self {
            Self::Server(handle) => handle.ended().await,
            Self::Broker { plan, events, receipts, stop } => {
                mqtt::source::run(*plan, events, receipts, stop).await;
                Ok(())
            }
            Self::Nothing => Ok(()),
        }
    }
}

/// Two who listen at once are two clients.
fn client_name() -> String {
    format!("tap-{}", std::process::id())
}

/// Tells `heard` what arrives at a topic filter until `stop`, or until nobody takes it.
pub async fn topic(connection: &MqttConnection, filter: &str, heard: mpsc::Sender<Heard>, stop: CancellationToken) {
    let (sender, mut told) = mpsc::channel(1);
    let name = client_name();
    let hand_on = async move {
        while let Some(watched) = told.recv().await {
            let watched = match watched {
                Watched::Link(link) => Heard::Link(link),
                Watched::Message(message) => Heard::Arrived(Box::new(message)),
            };
            if heard.send(watched).await.is_err() {
                return;
            }
        }
    };
    tokio::join!(watch(connection, &name, filter, sender, stop), hand_on);
}

/// Of a server that no flow reads from, every variable.
fn everything() -> Selection {
    let what = ItemPattern::Path(BrowseGlob::any());
    let select = vec![ItemSelector { what, sampling: None, queue: None, deadband: None }];
    Selection { flow: NO_FLOW, each: RootSelector::Whole, select, mapped: Vec::new(), bound: Vec::new(), events: None }
}

/// Nobody listens any more.
struct Over;

/// The way from a source's events to the listener.
struct Ear<'a> {
    heard: mpsc::Sender<Heard>,
    spool: Spool,
    plan: &'a Plan,
    /// Machine by topic.
    machines: HashMap<String, String>,
    stop: &'a CancellationToken,
}

impl Ear<'_> {
    async fn decoded(self, events: &mut mpsc::Receiver<SourceEvent>) -> Result<(), Over> {
        while let Some(event) = events.recv().await {
            let mut pending = None;
            let heard = match event {
                SourceEvent::Link(link) => Heard::Link(link),
                SourceEvent::Found(discovery) => Heard::Found(discovery),
                SourceEvent::Gap(gap) => Heard::Gap(gap),
                SourceEvent::Finding(finding) => Heard::Finding(finding),
                SourceEvent::Batch(mut batch) => {
                    self.documents(&batch).await?;
                    pending = batch.pending.take();
                    Heard::Values(batch)
                }
            };
            self.tell(heard).await?;
            self.owe(pending).await;
        }
        Ok(())
    }

    /// Messages that are not taken apart, and why where they cannot be.
    async fn documents(&self, batch: &Batch) -> Result<(), Over> {
        for document in &batch.documents {
            let topic = document.topic.of(&batch.arena);
            let message = Incoming {
                topic: topic.to_vec(),
                qos: u8::from(batch.pending.is_some()),
                packet: 0,
                is_retained: document.is_retained,
                is_repeated: false,
                content_type: None,
                user_properties: Vec::new(),
                reply: None,
                payload: document.payload.of(&batch.arena).to_vec(),
            };
            self.tell(Heard::Arrived(Box::new(message))).await?;
            if let Some(why) = &document.unreadable {
                let finding = Finding::new(why.code, Severity::Error, String::from_utf8_lossy(topic));
                let add = |finding: Finding, (name, fact): &(&'static str, String)| finding.with(name, fact);
                self.tell(Heard::Finding(why.arguments.iter().fold(finding, add))).await?;
            }
        }
        Ok(())
    }

    async fn assembled(
        mut self,
        events: &mut mpsc::Receiver<SourceEvent>,
        mut stages: Stages,
        clock: Clock,
    ) -> Result<(), Over> {
        let mut out = Outbox::default();
        loop {
            let now = clock.now();
            let wait = stages.next_tick().map_or(TICK, |at| at.saturating_sub(now.monotonic).min(TICK));
            let event = tokio::select! {
                biased;
                event = events.recv() => match event {
                    Some(event) => Some(event),
                    // Nothing would be published at the end of a tap.
                    None => return Ok(()),
                },
                () = tokio::time::sleep(wait) => None,
            };
            let now = clock.now();
            let first = match &event {
                Some(SourceEvent::Link(link)) => Some(Heard::Link(link.clone())),
                Some(SourceEvent::Found(discovery)) => Some(Heard::Found(Arc::clone(discovery))),
                _ => None,
            };
            if let Some(first) = first {
                self.tell(first).await?;
            }
            let is_found = matches!(event, Some(SourceEvent::Found(_)));
            if let Some(event) = event {
                stages.on_event(event, now, &mut out);
            }
            if stages.next_tick().is_some_and(|at| at <= now.monotonic) {
                stages.on_tick(now, &mut out);
            }
            if is_found {
                let machines = stages.status().machines.into_iter();
                self.machines = machines.map(|machine| (machine.topic, machine.id)).collect();
            }
            self.hand_over(&mut out, now.wall).await?;
        }
    }

    async fn hand_over(&self, out: &mut Outbox, time: Timestamp) -> Result<(), Over> {
        for finding in out.findings.drain(..) {
            self.tell(Heard::Finding(finding)).await?;
        }
        for quarantined in out.quarantined.drain(..) {
            self.tell(Heard::Refused(Box::new(quarantined))).await?;
        }
        for transaction in out.transactions.drain(..) {
            for delivery in transaction.deliveries {
                let place = delivery.payload.start as usize..delivery.payload.end as usize;
                let message = Message {
                    time,
                    flow: self.plan.flows.get(usize::from(delivery.flow)).map(|flow| flow.name.clone()),
                    machine: self.machines.get(delivery.topic.as_str()).cloned(),
                    topic: delivery.topic,
                    kind: delivery.kind,
                    qos: delivery.qos,
                    properties: delivery.properties,
                    payload: transaction.bytes.get(place).unwrap_or_default().to_vec(),
                };
                self.tell(Heard::Message(Box::new(message))).await?;
            }
            self.owe(transaction.pending).await;
        }
        Ok(())
    }

    async fn tell(&self, heard: Heard) -> Result<(), Over> {
        tokio::select! {
            biased;
            () = self.stop.cancelled() => Err(Over),
            sent = self.heard.send(heard) => sent.map_err(|_| Over),
        }
    }

    /// What the source is owed is given back by the spool alone; nothing else goes into it.
    async fn owe(&self, pending: Option<Pending>) {
        if pending.is_none() {
            return;
        }
        let transaction = Transaction { pending, ..Transaction::default() };
        // A transaction without a message takes no room.
        if let Ok(permit) = self.spool.reserve(&transaction).await {
            self.spool.append(permit, transaction);
        }
    }
}
