//! One connection of a source: what comes in goes to the pipeline, receipts become acknowledgements.

use super::client::{Driver, Limits, LinkEvent, Sender};
use super::counters::add;
use super::intake::Unknown;
use super::message::Incoming;
use super::redelivery::Arrival;
use super::source::Source;
use super::trouble::{Cause, LinkError, Trouble, judge};
use crate::finding::Finding;
use crate::model::delivery::{AckKey, Refusal};
use crate::model::topic_pattern::is_presence;
use crate::model::{Batch, Pending};
use crate::port::{LinkState, SourceEvent};
use crate::spool::Receipt;
use std::collections::VecDeque;
use std::pin::pin;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior};

/// Why a connection is over.
pub(super) enum End {
    Stopped,
    /// The pipeline is gone.
    NobodyListens,
    Broken(Trouble),
}

pub(super) struct Listening<'a> {
    source: &'a mut Source,
    sender: Sender,
    qos: u8,
    /// Events the pipeline has no room for yet. While it is full nothing is read: the broker feels it.
    waiting: VecDeque<SourceEvent>,
    /// Acknowledgements the client has no room for yet, in order (MQTT 5.0 §4.6).
    answers: VecDeque<(u16, Option<Refusal>)>,
    /// Messages without a receipt.
    owed: usize,
    /// Acknowledgements handed to the client and not yet written.
    unwritten: usize,
    /// It was said that messages come again.
    told_again: bool,
    /// When the broker is asked whether we may still read.
    asks_again_at: Instant,
    phase: Phase,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Phase {
    /// The answer to SUBSCRIBE is still to come.
    Asking {
        until: Instant,
    },
    Running,
    /// Told to stop: nothing new is taken, what is owed is waited for.
    Leaving {
        until: Instant,
    },
    /// DISCONNECT is under way.
    Disconnecting {
        until: Instant,
    },
}

/// Events that may wait. More than a broker may send unacknowledged, so that only QoS 0 ever fills it.
const WAITING: usize = 1024;
const TICK: Duration = Duration::from_millis(250);

impl<'a> Listening<'a> {
    pub(super) fn new(source: &'a mut Source, sender: Sender, limits: Limits) -> Self {
        let qos = source.plan.connection.qos.min(limits.qos);
        let until = Instant::now() + source.plan.timing.silence;
        let asks_again_at = Instant::now() + source.plan.timing.ask_again;
        source.plan.counters.owed.store(0, Ordering::Relaxed);
        Self {
            source,
            sender,
            qos,
            waiting: VecDeque::new(),
            answers: VecDeque::new(),
            owed: 0,
            unwritten: 0,
            told_again: false,
            asks_again_at,
            phase: Phase::Asking { until },
        }
    }

    pub(super) async fn run(mut self, mut driver: Driver) -> End {
        match self.converse(&mut driver).await {
            Ok(end) => end,
            Err(trouble) => {
                // What came is here: it goes on, and is known when the broker sends it again.
                for event in std::mem::take(&mut self.waiting) {
                    if !self.source.tell(event).await {
                        return End::Stopped;
                    }
                }
                End::Broken(trouble)
            }
        }
    }

    async fn converse(&mut self, driver: &mut Driver) -> Result<End, Trouble> {
        let filters = self.source.intake.filters();
        self.sender.subscribe(&filters, self.qos).map_err(|error| self.judge(error))?;
        let stop = self.source.stop.clone();
        let events = self.source.events.clone();
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            // Not cancelled before it is ready, except to give the connection up.
            let mut next = pin!(driver.next());
            let event = loop {
                let may_read = self.waiting.len() < WAITING;
                tokio::select! {
                    biased;
                    () = stop.cancelled(), if matches!(self.phase, Phase::Asking { .. } | Phase::Running) => {
                        self.phase = Phase::Leaving { until: Instant::now() + self.source.plan.timing.farewell };
                    }
                    receipt = self.source.receipts.recv() => match receipt {
                        Some(receipt) => self.receipted(receipt),
                        None => return Ok(End::NobodyListens),
                    },
                    permit = events.reserve(), if !self.waiting.is_empty() => {
                        let Ok(permit) = permit else { return Ok(End::NobodyListens) };
                        if let Some(event) = self.waiting.pop_front() {
                            permit.send(event);
                        }
                    }
                    event = &mut next, if may_read => break event,
                    _ = tick.tick() => self.ask_again(&filters, Instant::now())?,
                }
                if self.advance(Instant::now())? {
                    return Ok(End::Stopped);
                }
            };
            match event {
                Ok(LinkEvent::Disconnected) => return Ok(End::Stopped),
                Ok(event) => self.happened(event, &filters)?,
                Err(_) if matches!(self.phase, Phase::Disconnecting { .. }) => return Ok(End::Stopped),
                Err(error) => return Err(self.judge(error)),
            }
            if self.advance(Instant::now())? {
                return Ok(End::Stopped);
            }
        }
    }

    fn happened(&mut self, event: LinkEvent, filters: &[String]) -> Result<(), Trouble> {
        match event {
            LinkEvent::Received(message) => self.received(message),
            LinkEvent::Subscribed(answers) => self.subscribed(filters, &answers)?,
            LinkEvent::Answered => self.unwritten = self.unwritten.saturating_sub(1),
            LinkEvent::Connected(_)
            | LinkEvent::Sent(_)
            | LinkEvent::Acknowledged { .. }
            | LinkEvent::Disconnected
            | LinkEvent::Other => {}
        }
        Ok(())
    }

    /// What is refused is told by filter, once; when nothing was granted the connection is of no use.
    fn subscribed(&mut self, filters: &[String], answers: &[Option<&'static str>]) -> Result<(), Trouble> {
        let refused = filters.iter().zip(answers).filter_map(|(filter, answer)| Some((filter, (*answer)?)));
        let mut findings: Vec<Finding> = refused
            .map(|(filter, reason)| Finding::error("QIAO-M060", filter.clone()).with("reason", reason))
            .collect();
        let news = self.source.plan.counters.refuse(&findings);
        if findings.len() == filters.len()
            && let Some(first) = findings.pop()
        {
            return Err(Trouble::new(Cause::Refused, first).acting());
        }
        self.waiting.extend(news.into_iter().map(SourceEvent::Finding));
        if matches!(self.phase, Phase::Asking { .. }) {
            self.waiting.push_back(SourceEvent::Link(LinkState::Connected));
            self.phase = Phase::Running;
        }
        Ok(())
    }

    /// Asks for the same once more: a broker does not say by itself that somebody may no longer read.
    fn ask_again(&mut self, filters: &[String], now: Instant) -> Result<(), Trouble> {
        if self.phase == Phase::Running && now >= self.asks_again_at {
            self.asks_again_at = now + self.source.plan.timing.ask_again;
            self.sender.subscribe_again(filters, self.qos).map_err(|error| self.judge(error))?;
        }
        Ok(())
    }

    fn received(&mut self, message: Incoming) {
        if matches!(self.phase, Phase::Leaving { .. } | Phase::Disconnecting { .. }) {
            // Not acknowledged: it comes again when we are back.
            return;
        }
        let counters = &self.source.plan.counters;
        add(&counters.received);
        counters.retained.fetch_add(u64::from(message.is_retained), Ordering::Relaxed);
        counters.repeated.fetch_add(u64::from(message.is_repeated), Ordering::Relaxed);
        if message.packet != 0 && self.is_known(&message) {
            return;
        }
        let counters = &self.source.plan.counters;
        let topic = String::from_utf8_lossy(&message.topic);
        let received = self.source.plan.clock.now().wall;
        let mut batch = Batch { received, is_repeated: message.is_repeated, ..Batch::default() };
        let mut unknown = Vec::new();
        if !is_presence(&topic, &self.source.plan.gateway) {
            let intake = &mut self.source.intake;
            let told = intake.take(&topic, &message.payload, message.is_retained, &mut batch);
            if told.has_grown {
                let discovery = intake.discovery();
                counters.machines.store(discovery.machines.len() as u64, Ordering::Relaxed);
                counters.fields.store(discovery.items.len() as u64, Ordering::Relaxed);
                self.waiting.push_back(SourceEvent::Found(discovery));
            }
            counters.unwanted.fetch_add(u64::from(!told.is_wanted), Ordering::Relaxed);
            counters.tolerated.fetch_add(told.tolerated, Ordering::Relaxed);
            self.waiting.extend(told.findings.into_iter().map(SourceEvent::Finding));
            unknown = told.unknown;
        }
        let beyond: u64 = batch.unplaced.iter().map(|(_, values)| u64::from(*values)).sum();
        counters.beyond_limits.fetch_add(beyond, Ordering::Relaxed);
        if self.source.plan.asks && self.phase == Phase::Running {
            self.ask(&unknown);
        }
        batch.epoch = self.source.intake.epoch();
        if message.packet != 0 {
            let key = AckKey::Publish { packet: message.packet, refusal: None };
            batch.pending = Some(Pending { source: self.source.plan.index, epoch: self.source.connection, key });
            self.owed += 1;
        }
        if batch.pending.is_some() || !batch.is_empty() {
            self.waiting.push_back(SourceEvent::Batch(batch));
        }
    }

    /// Whether the pipeline has this message already; then it is answered like the first.
    fn is_known(&mut self, message: &Incoming) -> bool {
        let arrival = self.source.redelivery.came(message, self.source.connection);
        match arrival {
            Arrival::New => {
                if message.is_repeated && !std::mem::replace(&mut self.told_again, true) {
                    let finding = Finding::note("QIAO-M096", self.source.plan.connection.address());
                    self.waiting.push_back(SourceEvent::Finding(finding));
                }
                return false;
            }
            Arrival::OnItsWay { is_owed } => self.owed += usize::from(is_owed),
            Arrival::Answered(answer) => self.answers.push_back((message.packet, answer)),
        }
        add(&self.source.plan.counters.duplicates);
        true
    }

    /// Asks devices for their models. What has no room now is asked with a later message.
    fn ask(&mut self, unknown: &[Unknown]) {
        for unknown in unknown {
            let Some(asking) = self.source.asked.next(unknown, Instant::now()) else { continue };
            if self.sender.publish(&asking.request).is_ok() {
                add(&self.source.plan.counters.asked);
            }
            self.waiting.extend(asking.finding.map(SourceEvent::Finding));
        }
    }

    fn receipted(&mut self, receipt: Receipt) {
        let pending = receipt.into_pending();
        let now = self.source.connection;
        if let AckKey::Publish { packet, refusal } = pending.key
            && self.source.redelivery.receipted(packet, pending.epoch, now, refusal)
        {
            self.owed = self.owed.saturating_sub(1);
            self.answers.push_back((packet, refusal));
        }
    }

    /// Hands acknowledgements to the client and takes the next step towards the end, if it is time for it; true when
    /// there is nothing left to do.
    fn advance(&mut self, now: Instant) -> Result<bool, Trouble> {
        while let Some((packet, refusal)) = self.answers.front().copied() {
            if !self.sender.acknowledge(packet, refusal).map_err(|error| self.judge(error))? {
                break;
            }
            self.answers.pop_front();
            self.unwritten += 1;
            let counters = &self.source.plan.counters;
            add(&counters.acknowledged);
            counters.refused.fetch_add(u64::from(refusal.is_some()), Ordering::Relaxed);
        }
        self.source.plan.counters.owed.store(self.owed as u64, Ordering::Relaxed);
        match self.phase {
            Phase::Asking { until } if now >= until => return Err(self.judge(LinkError::NoAnswer)),
            Phase::Leaving { until } => {
                let is_done = self.owed == 0 && self.unwritten == 0 && self.waiting.is_empty();
                if is_done || now >= until {
                    self.sender.disconnect();
                    self.phase = Phase::Disconnecting { until: now + self.source.plan.timing.farewell };
                }
            }
            Phase::Disconnecting { until } => return Ok(now >= until),
            Phase::Asking { .. } | Phase::Running => {}
        }
        Ok(false)
    }

    fn judge(&self, error: LinkError) -> Trouble {
        judge(error, self.source.scene(true))
    }
}
