//! MQTT 5 and 3.1.1 behind two small enums: a [`Sender`] that takes messages without waiting and a [`Driver`] that
//! must be polled and tells what happened.
//!
//! One pair is one connection. After the first error both are dropped: the crates' own replay of what was under way
//! is never used, the spool sends it again.

mod resumed;
mod v311;
mod v5;

use super::message::{Incoming, Message};
use super::trouble::LinkError;
use super::wire::Wire;
use crate::config::plan::{MqttConnection, MqttVersion};
use crate::model::delivery::Refusal;
use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Messages handed over and not yet written; more would be kept twice. The crates write this many with one flush:
/// their default of one costs thirty times the throughput.
pub(super) const BATCH: usize = 256;
/// Room in the client's queue: a batch, and the goodbye.
const QUEUE: usize = BATCH + 1;
/// Messages under way without a PUBACK, at most; a broker may ask for fewer (Receive Maximum).
pub(super) const WINDOW: usize = 1000;

/// How to connect.
#[derive(Debug)]
pub(super) struct Options<'a> {
    pub(super) connection: &'a MqttConnection,
    pub(super) will: Option<Message>,
    pub(super) role: Role,
    /// Limit for the steps of connecting and for one flush.
    pub(super) patience: Duration,
}

/// What the connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Publisher,
    /// What comes in is acknowledged by us, one by one. `keeps_session`: the broker keeps what comes while we are away,
    /// and what we had not acknowledged.
    Subscriber {
        keeps_session: bool,
    },
}

/// Seconds a broker keeps the session of a subscriber that is away (MQTT 5.0 §3.1.2.11.2); with 3.1.1 it decides itself.
pub(super) const SESSION_EXPIRY: u32 = 3600;
/// Messages a broker may send before the first of them is acknowledged (MQTT 5.0 §3.1.2.11.3).
pub(super) const RECEIVE_MAXIMUM: u16 = 200;

/// What the broker allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limits {
    pub(super) receive_maximum: usize,
    /// Bytes of a whole PUBLISH packet.
    pub(super) packet: u64,
    pub(super) qos: u8,
    pub(super) keeps_retained: bool,
    /// It went on with the session it had kept.
    pub(super) has_session: bool,
}

#[derive(Debug)]
pub(super) enum LinkEvent {
    Connected(Limits),
    /// A PUBLISH was written and flushed; packet id 0 for QoS 0. They come in the order of `Sender::publish`.
    Sent(u16),
    Acknowledged {
        packet: u16,
        answer: Answer,
    },
    /// A message of a topic we subscribed to.
    Received(Incoming),
    /// The answer to our SUBSCRIBE: for every filter, in order, why it was refused, if it was.
    Subscribed(Vec<Option<&'static str>>),
    /// An acknowledgement of ours is on its way.
    Answered,
    /// Our DISCONNECT was written.
    Disconnected,
    Other,
}

/// What a PUBACK says (MQTT 5.0 §3.4.2.1); always `Taken` with 3.1.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Taken,
    /// It will never be taken.
    Never(&'static str),
    /// Over a quota: later.
    Later,
    /// Not now, for a reason that may pass or not.
    Unclear(&'static str),
}

#[derive(Debug)]
pub(super) enum Sender {
    V5(rumqttc::AsyncClient),
    V311(rumqttc_v4::AsyncClient),
}

pub(super) struct Driver {
    events: Events,
    max_packet: u32,
    /// The connection is over for this reason; what came before is told first.
    fault: Option<LinkError>,
}

enum Events {
    V5(Box<rumqttc::EventLoop>),
    V311(Box<rumqttc_v4::EventLoop>),
}

/// Prepares a client on an open stream; it connects when the driver is polled.
pub(super) fn open(options: &Options<'_>, wire: Wire) -> Result<(Sender, Driver), LinkError> {
    match options.connection.version {
        MqttVersion::V5 => v5::open(options, wire),
        MqttVersion::V311 => v311::open(options, wire),
    }
}

/// Hands the open stream to a client that believes to connect by itself: once, the second time it gets none.
fn once(wire: Wire) -> impl Fn() -> io::Result<Wire> + Send + Sync + 'static {
    let slot = Mutex::new(Some(wire));
    move || {
        let taken = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
        taken.ok_or_else(|| io::ErrorKind::NotConnected.into())
    }
}

fn keep_alive(plan: &MqttConnection) -> u16 {
    // Zero would switch it off (MQTT 5.0 §3.1.2.10) and leave a dead link unnoticed.
    u16::try_from(plan.keep_alive.as_secs()).unwrap_or(u16::MAX).max(1)
}

impl Sender {
    /// Hands a message over without waiting; fails when more than [`BATCH`] wait to be written, or the driver is gone.
    pub(super) fn publish(&self, message: &Message) -> Result<(), LinkError> {
        match self {
            Self::V5(client) => v5::publish(client, message),
            Self::V311(client) => v311::publish(client, message),
        }
    }

    /// Asks for these filters with this quality of service.
    pub(super) fn subscribe(&self, filters: &[String], qos: u8) -> Result<(), LinkError> {
        match self {
            Self::V5(client) => v5::subscribe(client, filters, qos),
            Self::V311(client) => v311::subscribe(client, filters, qos),
        }
    }

    /// Asks for topics of commands: what is old, or our own, is not wanted. 3.1.1 cannot say so.
    pub(super) fn subscribe_to_commands(&self, filters: &[String], qos: u8) -> Result<(), LinkError> {
        match self {
            Self::V5(client) => v5::subscribe_to_commands(client, filters, qos),
            Self::V311(client) => v311::subscribe(client, filters, qos),
        }
    }

    /// Asks for these filters once more, without what is retained behind them. 3.1.1 cannot leave that out: it does not ask.
    pub(super) fn subscribe_again(&self, filters: &[String], qos: u8) -> Result<(), LinkError> {
        match self {
            Self::V5(client) => v5::subscribe_again(client, filters, qos),
            Self::V311(_) => Ok(()),
        }
    }

    /// Acknowledges a message; `false` when the client has no room for it now. 3.1.1 has no word for a refusal.
    pub(super) fn acknowledge(&self, packet: u16, refusal: Option<Refusal>) -> Result<bool, LinkError> {
        match self {
            Self::V5(client) => v5::acknowledge(client, packet, refusal),
            Self::V311(client) => v311::acknowledge(client, packet),
        }
    }

    /// Asks for a DISCONNECT at once; the will is then not published.
    pub(super) fn disconnect(&self) {
        // An error says that the driver is gone: then there is nothing left to take leave of.
        match self {
            Self::V5(client) => drop(client.try_disconnect_now()),
            Self::V311(client) => drop(client.try_disconnect_now()),
        }
    }
}

impl Driver {
    /// What happens next. Must not be cancelled while messages are under way: a half-written packet would be lost
    /// with the future, so a cancelled driver is a driver to throw away.
    pub(super) async fn next(&mut self) -> Result<LinkEvent, LinkError> {
        if self.fault.is_none() {
            let told = match &mut self.events {
                Events::V5(events) => match events.poll().await {
                    Ok(event) => return v5::event(event, self.max_packet),
                    Err(error) => v5::error(error),
                },
                Events::V311(events) => match events.poll().await {
                    Ok(event) => return v311::event(event, self.max_packet),
                    Err(error) => v311::error(error),
                },
            };
            self.fault = Some(told);
        }
        // What was read with the end of the connection: a PUBACK counts although the broker hangs up behind it.
        let left = match &mut self.events {
            Events::V5(events) => events.state.events.pop_front().map(|event| v5::event(event, self.max_packet)),
            Events::V311(events) => events.state.events.pop_front().map(|event| v311::event(event, self.max_packet)),
        };
        match left {
            // Of QoS 0 nobody knows whether it was still written: it counts as not.
            None | Some(Ok(LinkEvent::Sent(0)) | Err(_)) => Err(self.fault.take().unwrap_or(LinkError::Closed)),
            Some(Ok(event)) => Ok(event),
        }
    }
}

/// A packet id that was used twice holds a message back inside the client; order would be lost.
fn collision() -> LinkError {
    LinkError::Lost("the client holds a message back".into())
}
