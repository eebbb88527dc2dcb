//! One connection: the loop between the spool and the client.
//!
//! The client is polled first, the spool is asked only while the client waits for the network: so PUBACKs are read
//! between two batches, however fast messages come.

use super::client::{Answer, BATCH, Driver, Limits, LinkEvent, Sender};
use super::counters::add;
use super::flight::{Cargo, Flight, Mismatch};
use super::message::{Key, Message};
use super::sink::{Presence, Sink};
use super::trouble::{Cause, LinkError, Trouble, judge};
use crate::config::plan::MqttVersion;
use crate::finding::Finding;
use crate::port::LinkState;
use crate::spool::Record;
use std::collections::{BTreeMap, VecDeque};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior};

/// Why a connection is over.
pub(super) enum SessionEnd {
    Stopped,
    NobodyParks,
    Broken {
        trouble: Trouble,
        /// The record that was under way alone, on a connection that had proved to work.
        suspect: Option<Record>,
    },
}

/// Where a connection is in its life.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Phase {
    Running,
    /// Told to stop: what is in the spool goes out.
    Draining {
        until: Instant,
    },
    /// The goodbye is under way.
    Leaving {
        until: Instant,
    },
    /// DISCONNECT is under way.
    Disconnecting {
        until: Instant,
    },
}

/// A record the broker may take later.
#[derive(Debug)]
struct Later {
    record: Record,
    tries: u32,
}

pub(super) struct Session<'a> {
    sink: &'a mut Sink,
    sender: Sender,
    limits: Limits,
    flight: Flight,
    /// Messages under way at most; grows to the broker's Receive Maximum.
    window: usize,
    phase: Phase,
    is_proved: bool,
    /// Records that can never be sent; they wait for room in the channel to the quarantine.
    hopeless: VecDeque<(u64, Finding)>,
    /// Records the broker may take later, by position; sent again, in order, when the pause is over.
    later: BTreeMap<u64, Later>,
    pause: Duration,
    paused_until: Option<Instant>,
    /// Tries of records that came back for an unclear reason and are under way again.
    tries: BTreeMap<u64, u32>,
}

const TICK: Duration = Duration::from_millis(250);
/// Between two tries of a record the broker did not take now.
const FIRST_RETRY: Duration = Duration::from_secs(1);
const LONGEST_RETRY: Duration = Duration::from_secs(30);
/// So often may a broker refuse one record for an unclear reason.
const TRIES: u32 = 3;

impl<'a> Session<'a> {
    pub(super) fn new(sink: &'a mut Sink, sender: Sender, limits: Limits) -> Self {
        let window = if sink.is_careful { 1 } else { limits.receive_maximum };
        Self {
            sink,
            sender,
            limits,
            flight: Flight::default(),
            window,
            phase: Phase::Running,
            is_proved: false,
            hopeless: VecDeque::new(),
            later: BTreeMap::new(),
            pause: FIRST_RETRY,
            paused_until: None,
            tries: BTreeMap::new(),
        }
    }

    pub(super) async fn run(mut self, mut driver: Driver) -> SessionEnd {
        match self.converse(&mut driver).await {
            Ok(end) => end,
            Err(trouble) => {
                // What was refused for good is not sent again, although the connection is over.
                let (parked, stop) = (self.sink.parked.clone(), self.sink.stop.clone());
                while let Some((position, finding)) = self.hopeless.pop_front() {
                    let permit = tokio::select! {
                        biased;
                        () = stop.cancelled() => break,
                        permit = parked.reserve() => permit,
                    };
                    let Ok(permit) = permit else { return SessionEnd::NobodyParks };
                    self.sink.park(position, finding, permit);
                }
                self.sink.is_careful = !self.flight.is_empty();
                let suspect = self.flight.lone_record().filter(|_| self.is_proved).cloned();
                SessionEnd::Broken { trouble, suspect }
            }
        }
    }

    async fn converse(&mut self, driver: &mut Driver) -> Result<SessionEnd, Trouble> {
        self.greet()?;
        let stop = self.sink.stop.clone();
        let parked = self.sink.parked.clone();
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            // Not cancelled before it is ready, except to give the connection up.
            let mut next = pin!(driver.next());
            let event = loop {
                let may_feed = self.may_feed();
                tokio::select! {
                    biased;
                    () = stop.cancelled(), if self.phase == Phase::Running => {
                        self.phase = Phase::Draining { until: Instant::now() + *self.sink.plan.drain.borrow() };
                    }
                    event = &mut next => break event,
                    permit = parked.reserve(), if !self.hopeless.is_empty() => {
                        let Ok(permit) = permit else { return Ok(SessionEnd::NobodyParks) };
                        if let Some((position, finding)) = self.hopeless.pop_front() {
                            self.sink.park(position, finding, permit);
                        }
                    }
                    record = self.sink.reader.next(), if may_feed => {
                        self.feed(record)?;
                        self.fill()?;
                    }
                    _ = tick.tick() => self.check(Instant::now())?,
                }
                if self.advance(Instant::now())? {
                    return Ok(SessionEnd::Stopped);
                }
            };
            match event {
                Ok(LinkEvent::Disconnected) => return Ok(SessionEnd::Stopped),
                Ok(event) => {
                    self.happened(event, Instant::now())?;
                    if self.phase != Phase::Running && self.advance(Instant::now())? {
                        return Ok(SessionEnd::Stopped);
                    }
                }
                Err(_) if self.is_leaving() => return Ok(SessionEnd::Stopped),
                Err(error) => return Err(self.judge(error)),
            }
        }
    }

    /// Says that we are online, before anything else, and shows what the broker cannot do.
    fn greet(&mut self) -> Result<(), Trouble> {
        let mut warnings = Vec::new();
        if !self.limits.keeps_retained {
            warnings.push(Finding::warning("QIAO-M025", &self.sink.broker));
        }
        if self.limits.qos == 0 {
            warnings.push(Finding::warning("QIAO-M026", &self.sink.broker));
        }
        tracing::info!(broker = self.sink.broker, "connected to the broker");
        self.sink.state.send_modify(|state| {
            state.link = LinkState::Connected;
            state.warnings = warnings;
        });
        match self.sink.status(Presence::Online) {
            Some(message) => self.hand_over(Cargo::Birth, message),
            None => {
                self.is_proved = true;
                Ok(())
            }
        }
    }

    fn may_feed(&self) -> bool {
        matches!(self.phase, Phase::Running | Phase::Draining { .. })
            && self.hopeless.is_empty()
            && self.later.is_empty()
            && self.paused_until.is_none()
            && self.flight.unwritten() < BATCH
            && self.flight.len() < self.window
    }

    /// Takes as many records as there is room for, without waiting; whether it took any.
    fn fill(&mut self) -> Result<bool, Trouble> {
        let mut took = false;
        while self.may_feed()
            && let Some(record) = self.sink.reader.try_next()
        {
            self.feed(record)?;
            took = true;
        }
        Ok(took)
    }

    fn feed(&mut self, record: Record) -> Result<(), Trouble> {
        let version = self.sink.plan.connection.version;
        let message = Message {
            topic: Arc::clone(&record.topic),
            qos: record.qos.min(self.limits.qos),
            is_retained: record.is_retained() && self.limits.keeps_retained,
            payload: Arc::clone(&record.payload),
            properties: record.properties.clone(),
            key: (version == MqttVersion::V5).then(|| Key::new(&self.sink.plan.gateway, record.key)),
            is_replayed: record.is_replayed,
            talk: None,
        };
        let bytes = message.wire_size(version);
        if bytes > self.limits.packet {
            let finding = Finding::error("QIAO-M022", record.topic.as_str())
                .with("bytes", bytes)
                .with("limit", self.limits.packet);
            self.hopeless.push_back((record.position, finding));
            return Ok(());
        }
        self.hand_over(Cargo::Record(record), message)
    }

    fn hand_over(&mut self, cargo: Cargo, message: Message) -> Result<(), Trouble> {
        let now = Instant::now();
        let qos = message.qos.min(self.limits.qos);
        let is_retained = message.is_retained && self.limits.keeps_retained;
        let message = Message { qos, is_retained, ..message };
        self.sender.publish(&message).map_err(|error| self.judge(error))?;
        if matches!(cargo, Cargo::Record(_)) {
            self.sink.oldest.get_or_insert(now);
        }
        self.flight.hand_over(cargo, qos, now);
        self.show();
        Ok(())
    }

    fn happened(&mut self, event: LinkEvent, now: Instant) -> Result<(), Trouble> {
        match event {
            LinkEvent::Sent(packet) => {
                add(&self.sink.counters.published);
                let done = self.flight.wrote(packet, now).map_err(|Mismatch| self.confused())?;
                if let Some(cargo) = done {
                    self.done(cargo, true);
                }
            }
            LinkEvent::Acknowledged { packet, answer } => {
                let cargo = self.flight.acknowledged(packet, now).map_err(|Mismatch| self.confused())?;
                // Not for the birth message: the first record of a careful start stands alone.
                if matches!(cargo, Cargo::Record(_)) && answer != Answer::Later {
                    self.window = (self.window * 2).min(self.limits.receive_maximum);
                }
                match answer {
                    Answer::Taken => self.done(cargo, false),
                    refusal => self.refused(cargo, refusal, now),
                }
                self.send_later()?;
            }
            LinkEvent::Connected(_)
            | LinkEvent::Received(_)
            | LinkEvent::Subscribed(_)
            | LinkEvent::Answered
            | LinkEvent::Disconnected
            | LinkEvent::Other => {}
        }
        self.show();
        Ok(())
    }

    /// The broker took it, or it was written and nobody will ever know.
    fn done(&mut self, cargo: Cargo, is_best_effort: bool) {
        match cargo {
            Cargo::Birth => self.is_proved = true,
            Cargo::Farewell => self.disconnect(),
            Cargo::Record(record) => {
                let counters = &self.sink.counters;
                add(if is_best_effort { &counters.best_effort } else { &counters.acknowledged });
                self.sink.reader.release(record.position);
                self.tries.remove(&record.position);
                self.pause = FIRST_RETRY;
                self.age();
            }
        }
    }

    fn refused(&mut self, cargo: Cargo, answer: Answer, now: Instant) {
        add(&self.sink.counters.refused);
        let reason = match answer {
            Answer::Taken => return,
            Answer::Later => "quota exceeded (0x97)",
            Answer::Never(reason) | Answer::Unclear(reason) => reason,
        };
        let record = match cargo {
            Cargo::Farewell => return self.disconnect(),
            Cargo::Birth => {
                // Records may go out all the same: it is another topic.
                self.is_proved = true;
                let topic = self.sink.plan.status.as_ref().map_or("", |status| status.topic.as_str());
                let finding = Finding::warning("QIAO-M027", topic).with("reason", reason);
                self.sink.state.send_modify(|state| state.warnings.push(finding));
                return;
            }
            Cargo::Record(record) => record,
        };
        let tries = self.tries.remove(&record.position).unwrap_or(0) + 1;
        let finding = |code| Finding::error(code, record.topic.as_str()).with("reason", reason);
        let is_hopeless = match answer {
            Answer::Never(_) => true,
            Answer::Unclear(_) => tries >= TRIES,
            Answer::Taken | Answer::Later => false,
        };
        if is_hopeless {
            self.hopeless.push_back((record.position, finding("QIAO-M020")));
            self.age();
            return;
        }
        let code = if answer == Answer::Later { "QIAO-M021" } else { "QIAO-M024" };
        self.sink.refused(finding(code).with("seconds", self.pause.as_secs()));
        // A quota may last for hours and is not the record's fault: it does not use up its tries.
        let tries = if answer == Answer::Later { 0 } else { tries };
        self.later.insert(record.position, Later { record, tries });
        if self.paused_until.is_none() {
            self.paused_until = Some(now + self.pause);
            self.pause = (self.pause * 2).min(LONGEST_RETRY);
        }
    }

    /// Every tick: gauges, the watchdog, records whose pause is over.
    fn check(&mut self, now: Instant) -> Result<(), Trouble> {
        self.sink.show_age(now);
        let silence = self.sink.plan.timing.silence;
        if self.flight.is_stuck(silence, now) {
            return Err(self.judge(LinkError::NoPong));
        }
        if self.paused_until.is_some_and(|until| now >= until) {
            self.paused_until = None;
            // One alone asks whether the broker takes messages again.
            self.window = 1;
        }
        self.send_later()
    }

    fn send_later(&mut self) -> Result<(), Trouble> {
        while self.paused_until.is_none() && self.flight.len() < self.window && self.flight.unwritten() < BATCH {
            let Some((position, Later { record, tries })) = self.later.pop_first() else { break };
            if tries > 0 {
                self.tries.insert(position, tries);
            }
            self.feed(record)?;
        }
        Ok(())
    }

    /// Takes the next step towards the end, if it is time for it; true when there is nothing left to do.
    fn advance(&mut self, now: Instant) -> Result<bool, Trouble> {
        match self.phase {
            Phase::Running => {}
            Phase::Draining { until } => {
                let is_idle = self.flight.is_empty() && self.hopeless.is_empty() && self.later.is_empty();
                let is_out = is_idle && !self.fill()?;
                if is_out || now >= until {
                    self.phase = Phase::Leaving { until: now + self.sink.plan.timing.farewell };
                    match self.sink.status(Presence::Stopped) {
                        Some(message) => self.hand_over(Cargo::Farewell, message)?,
                        None => self.disconnect(),
                    }
                }
            }
            Phase::Leaving { until } if now >= until => self.disconnect(),
            Phase::Leaving { .. } => {}
            Phase::Disconnecting { until } => return Ok(now >= until),
        }
        Ok(false)
    }

    fn disconnect(&mut self) {
        self.sender.disconnect();
        self.phase = Phase::Disconnecting { until: Instant::now() + self.sink.plan.timing.farewell };
    }

    fn is_leaving(&self) -> bool {
        matches!(self.phase, Phase::Leaving { .. } | Phase::Disconnecting { .. })
    }

    fn judge(&self, error: LinkError) -> Trouble {
        judge(error, self.sink.scene(true))
    }

    /// What the client reports does not fit what it was given: nothing may be released on such a report.
    fn confused(&self) -> Trouble {
        let finding = Finding::error("QIAO-M015", &self.sink.broker).with("reason", "unknown packet identifier");
        Trouble::new(Cause::Protocol, finding)
    }

    fn age(&mut self) {
        self.sink.oldest = match (self.flight.oldest_record(), self.sink.oldest) {
            (None, oldest) => oldest.filter(|_| !self.later.is_empty()),
            (Some(at), oldest) => Some(oldest.map_or(at, |oldest| oldest.max(at))),
        };
    }

    fn show(&self) {
        self.sink.counters.in_flight.store(self.flight.len() as u64, Ordering::Relaxed);
    }
}
