//! Commands on one broker: a client of its own takes those that come on command topics, says what became of them, and
//! sends those that are for others.
//!
//! A message is acknowledged when it is told that the journal has it, in the order of arrival, so what a process had not
//! written down when it died comes again. What is retained is not asked for. An answer is said until the broker has it; a
//! command is said once: what became of it when the link broke on the way is unknown, and stays so.

use super::again::Again;
use super::client::{Answer, BATCH, Driver, Limits, LinkEvent, Role, Sender};
use super::message::{Incoming, Message, Talk};
use super::sink::Timing;
use super::trouble::LinkError;
use crate::config::plan::MqttConnection;
use crate::finding::{Code, Finding};
use crate::model::TopicName;
use crate::port::LinkState;
use std::collections::{HashMap, VecDeque};
use std::pin::pin;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// What one such client does.
#[derive(Debug)]
pub struct CommandsPlan {
    /// Index of the connection in the plan.
    pub index: u16,
    pub connection: MqttConnection,
    /// Topics of commands, and those on which answers to ours come.
    pub filters: Vec<String>,
    pub timing: Timing,
    /// Logs a finding, in the language of whoever reads the log.
    pub log: fn(&Finding),
}

/// A message, and the number of the connection that it came on.
#[derive(Debug)]
pub struct Came {
    /// Index of the connection in the plan.
    pub broker: u16,
    pub on: u64,
    pub message: Incoming,
}

/// What is to be said on the broker.
#[derive(Debug)]
pub struct Saying {
    pub topic: TopicName,
    pub payload: Vec<u8>,
    /// MQTT 5 only, as all that follows.
    pub response_topic: Option<String>,
    pub correlation: Option<Vec<u8>>,
    /// Seconds after which nobody needs it any more.
    pub expiry: Option<u32>,
}

/// What the client is to do.
#[derive(Debug)]
pub enum Wish {
    /// The message that came on this connection under this number need not come again.
    Taken { on: u64, packet: u16 },
    /// To be said until the broker has it.
    Reply(Saying),
    /// To be said once, now or not at all.
    Command { saying: Saying, told: oneshot::Sender<Said> },
}

/// What became of a command that was to be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// There is no connection, or the message does not fit; nothing was sent.
    NotSent,
    /// The broker has it.
    Taken,
    /// The broker does not take it.
    Refused(&'static str),
    /// It was written, and then the link broke.
    Unknown,
}

/// Messages that may wait for the gateway; more than a broker sends unacknowledged.
const WAITING: usize = 256;
/// Answers that wait for the broker; beyond it the oldest go, and the journal alone has them.
const REPLIES: usize = 1000;

/// Works until `leave` is cancelled and what is to be said is said, or nobody takes what comes.
pub async fn run(
    plan: CommandsPlan,
    told: mpsc::Sender<Came>,
    wishes: mpsc::Receiver<Wish>,
    link: watch::Sender<LinkState>,
    leave: CancellationToken,
) {
    let again = Again::new(&plan.connection, "commands", plan.timing, leave.clone());
    let keeps_session = Role::Subscriber { keeps_session: true };
    let again = again.in_role(keeps_session);
    let commands =
        Commands { plan, told, wishes, link, leave, again, number: 0, replies: VecDeque::new(), told_code: None };
    commands.run().await;
}

/// What outlives a connection.
struct Commands {
    plan: CommandsPlan,
    told: mpsc::Sender<Came>,
    wishes: mpsc::Receiver<Wish>,
    link: watch::Sender<LinkState>,
    leave: CancellationToken,
    again: Again,
    /// Of the connection.
    number: u64,
    /// What the broker does not have yet.
    replies: VecDeque<Message>,
    told_code: Option<Code>,
}

/// Why a connection is over.
enum End {
    Over,
    Fault(LinkError),
}

impl Commands {
    async fn run(mut self) {
        loop {
            let attempt = tokio::select! {
                biased;
                attempt = self.again.establish() => attempt,
                over = refuse(&mut self.wishes, &mut self.replies, &self.plan.connection) => match over {},
            };
            let (error, life) = match attempt {
                None => return,
                Some(Err(error)) => (error, None),
                Some(Ok((sender, mut driver, limits))) => {
                    self.number += 1;
                    self.told_code = None;
                    let began = Instant::now();
                    match Talking::new(&mut self, sender, limits).run(&mut driver).await {
                        End::Over => return,
                        End::Fault(error) => (error, Some(began.elapsed())),
                    }
                }
            };
            // The broker would send again what no packet of ours can hold: its session is given up once.
            let keeps_session = !matches!(error, LinkError::TooLarge);
            self.again.set_role(Role::Subscriber { keeps_session });
            let state = self.again.state(error, life.is_some());
            if let LinkState::Lost(finding) | LinkState::Refused(finding) = &state
                && self.told_code.as_ref() != Some(&finding.code)
            {
                (self.plan.log)(finding);
                self.told_code = Some(finding.code.clone());
            }
            self.link.send_replace(state);
            let goes_on = tokio::select! {
                biased;
                goes_on = self.again.pause(life) => goes_on,
                over = refuse(&mut self.wishes, &mut self.replies, &self.plan.connection) => match over {},
            };
            if !goes_on {
                return;
            }
        }
    }
}

/// While there is no connection: nothing is sent, and no command waits for one.
async fn refuse(
    wishes: &mut mpsc::Receiver<Wish>,
    replies: &mut VecDeque<Message>,
    connection: &MqttConnection,
) -> std::convert::Infallible {
    while let Some(wish) = wishes.recv().await {
        match wish {
            Wish::Taken { .. } => {}
            Wish::Reply(saying) => keep(replies, message(saying, connection.qos)),
            // Whoever asked may have gone.
            Wish::Command { told, .. } => drop(told.send(Said::NotSent)),
        }
    }
    std::future::pending().await
}

fn keep(replies: &mut VecDeque<Message>, message: Message) {
    if replies.len() == REPLIES {
        replies.pop_front();
    }
    replies.push_back(message);
}

fn message(saying: Saying, qos: u8) -> Message {
    let Saying { topic, payload, response_topic, correlation, expiry } = saying;
    let talk = Talk { response_topic, correlation, expiry };
    Message {
        topic: Arc::new(topic),
        qos,
        is_retained: false,
        payload: payload.into(),
        properties: None,
        key: None,
        is_replayed: false,
        talk: (talk != Talk::default()).then(|| Arc::new(talk)),
    }
}

/// Something that was handed to the client.
enum Out {
    Reply(Message),
    Command(oneshot::Sender<Said>),
}

/// One connection.
struct Talking<'c> {
    commands: &'c mut Commands,
    sender: Sender,
    limits: Limits,
    waiting: VecDeque<Came>,
    /// Messages without an acknowledgement, in order of arrival, and whether they may have one (MQTT 5.0 §4.6).
    owed: VecDeque<(u16, bool)>,
    /// Handed over and not written yet, in order.
    handed: VecDeque<Out>,
    /// Written, by packet id.
    written: HashMap<u16, Out>,
    /// Acknowledgements that are not written yet.
    unwritten: usize,
    until: Option<Instant>,
    is_closing: bool,
}

impl<'c> Talking<'c> {
    fn new(commands: &'c mut Commands, sender: Sender, limits: Limits) -> Self {
        Self {
            commands,
            sender,
            limits,
            waiting: VecDeque::new(),
            owed: VecDeque::new(),
            handed: VecDeque::new(),
            written: HashMap::new(),
            unwritten: 0,
            until: None,
            is_closing: false,
        }
    }

    async fn run(mut self, driver: &mut Driver) -> End {
        let end = match self.converse(driver).await {
            Ok(()) => End::Over,
            Err(_) if self.until.is_some() => End::Over,
            Err(error) => End::Fault(error),
        };
        // What was written may have arrived: an answer is said again, a command is not.
        for out in self.written.drain().map(|(_, out)| out).chain(self.handed.drain(..)) {
            match out {
                Out::Reply(message) => keep(&mut self.commands.replies, message),
                Out::Command(told) => drop(told.send(Said::Unknown)),
            }
        }
        end
    }

    async fn converse(&mut self, driver: &mut Driver) -> Result<(), LinkError> {
        let filters = self.commands.plan.filters.clone();
        let leave = self.commands.leave.clone();
        let told = self.commands.told.clone();
        if filters.is_empty() {
            self.commands.link.send_replace(LinkState::Connected);
        } else {
            self.sender.subscribe_to_commands(&filters, self.limits.qos)?;
        }
        loop {
            self.feed()?;
            // Not cancelled before it is ready, except to give the connection up.
            let mut next = pin!(driver.next());
            let event = loop {
                let may_read = self.waiting.len() < WAITING;
                let wake = self.until.unwrap_or_else(|| Instant::now() + super::sink::Timing::default().longest_pause);
                tokio::select! {
                    biased;
                    () = leave.cancelled(), if self.until.is_none() => {
                        self.until = Some(Instant::now() + self.commands.plan.timing.farewell);
                        while let Ok(wish) = self.commands.wishes.try_recv() {
                            self.wished(wish);
                        }
                    }
                    Some(wish) = self.commands.wishes.recv() => self.wished(wish),
                    permit = told.reserve(), if !self.waiting.is_empty() => {
                        // Nobody takes what comes any more.
                        let Ok(permit) = permit else { return Ok(()) };
                        if let Some(came) = self.waiting.pop_front() {
                            permit.send(came);
                        }
                    }
                    event = &mut next, if may_read => break event?,
                    () = tokio::time::sleep_until(wake) => if self.until.is_some() {
                        return Ok(());
                    },
                }
                self.feed()?;
            };
            match event {
                LinkEvent::Disconnected => return Ok(()),
                event => self.happened(event, &filters)?,
            }
        }
    }

    fn wished(&mut self, wish: Wish) {
        match wish {
            Wish::Taken { on, packet } if on == self.commands.number => {
                if let Some(owed) = self.owed.iter_mut().find(|owed| owed.0 == packet && !owed.1) {
                    owed.1 = true;
                }
            }
            // It comes again on this one.
            Wish::Taken { .. } => {}
            Wish::Reply(saying) => keep(&mut self.commands.replies, message(saying, self.limits.qos)),
            Wish::Command { saying, told } => {
                let message = message(saying, self.limits.qos);
                let fits = message.wire_size(self.commands.plan.connection.version) <= self.limits.packet;
                if self.until.is_none() && fits && self.has_room() && self.sender.publish(&message).is_ok() {
                    self.handed.push_back(Out::Command(told));
                } else {
                    // Whoever asked may have gone.
                    let _ = told.send(Said::NotSent);
                }
            }
        }
    }

    fn has_room(&self) -> bool {
        self.handed.len() + self.unwritten < BATCH && self.written.len() < self.limits.receive_maximum
    }

    /// Hands over what there is room for; takes leave when all is said that is to be said last.
    fn feed(&mut self) -> Result<(), LinkError> {
        // Answers first: what is acknowledged does not come again.
        while self.has_room()
            && let Some(reply) = self.commands.replies.pop_front()
        {
            let reply = Message { qos: self.limits.qos, ..reply };
            let bytes = reply.wire_size(self.commands.plan.connection.version);
            if bytes > self.limits.packet {
                let finding = Finding::error("QIAO-M131", reply.topic.as_str()).with("bytes", bytes);
                (self.commands.plan.log)(&finding.with("limit", self.limits.packet));
                continue;
            }
            self.sender.publish(&reply)?;
            self.handed.push_back(Out::Reply(reply));
        }
        while let Some((packet, true)) = self.owed.front().copied() {
            if !self.sender.acknowledge(packet, None)? {
                break;
            }
            self.owed.pop_front();
            self.unwritten += 1;
        }
        let is_said = self.handed.is_empty() && self.written.is_empty() && self.unwritten == 0;
        if self.until.is_some() && is_said && self.commands.replies.is_empty() && !self.is_closing {
            self.is_closing = true;
            self.sender.disconnect();
        }
        Ok(())
    }

    fn happened(&mut self, event: LinkEvent, filters: &[String]) -> Result<(), LinkError> {
        match event {
            LinkEvent::Received(message) => {
                if message.packet != 0 {
                    self.owed.push_back((message.packet, false));
                }
                self.waiting.push_back(Came { broker: self.commands.plan.index, on: self.commands.number, message });
            }
            LinkEvent::Subscribed(answers) => self.subscribed(filters, &answers),
            LinkEvent::Answered => self.unwritten = self.unwritten.saturating_sub(1),
            LinkEvent::Sent(packet) => match self.handed.pop_front() {
                Some(out) if packet != 0 => drop(self.written.insert(packet, out)),
                // Best effort: this broker offers no more.
                Some(Out::Command(told)) => drop(told.send(Said::Taken)),
                Some(Out::Reply(_)) => {}
                None => return Err(LinkError::Protocol("unknown packet identifier".to_owned())),
            },
            LinkEvent::Acknowledged { packet, answer } => {
                if let Some(Out::Command(told)) = self.written.remove(&packet) {
                    let said = match answer {
                        Answer::Taken => Said::Taken,
                        Answer::Never(reason) | Answer::Unclear(reason) => Said::Refused(reason),
                        Answer::Later => Said::Refused("quota exceeded (0x97)"),
                    };
                    // Whoever asked may have gone.
                    let _ = told.send(said);
                }
            }
            LinkEvent::Connected(_) | LinkEvent::Disconnected | LinkEvent::Other => {}
        }
        Ok(())
    }

    /// What is refused is told by filter: nothing can be commanded there.
    fn subscribed(&self, filters: &[String], answers: &[Option<&'static str>]) {
        let mut state = LinkState::Connected;
        for (filter, answer) in filters.iter().zip(answers) {
            if let Some(reason) = answer {
                let finding = Finding::error("QIAO-M130", filter.clone()).with("broker", &self.commands.again.broker);
                let finding = finding.with("reason", reason);
                (self.commands.plan.log)(&finding);
                state = LinkState::Refused(Box::new(finding));
            }
        }
        self.commands.link.send_replace(state);
    }
}
