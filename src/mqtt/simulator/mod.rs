//! A machine of a Chinese line that is not there: an NC-Link device on an MQTT broker, which registers, answers, sends
//! samples and tells its alarms. For the demo and for trying things out.
//!
//! | module | holds |
//! |---|---|
//! | `behaviour` | the machine as a function of time, and what can be set |
//! | `messages` | what it says |

mod behaviour;
mod messages;

use super::again::Again;
use super::client::{Driver, LinkEvent, Sender};
use super::message::{Incoming, Message};
use super::sink::Timing;
use super::trouble::LinkError;
use crate::codec::nc_link::Kind;
use crate::config::plan::MqttConnection;
use crate::model::TopicName;
use crate::port::{Clock, LinkState};
use behaviour::{Behaviour, Reading};
use serde_json::Value;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, interval_at};
use tokio_util::sync::CancellationToken;

/// What one such device does.
#[derive(Clone, Debug)]
pub struct DevicePlan {
    pub connection: MqttConnection,
    /// Its guid, which ends its topics.
    pub device: String,
    pub clock: Clock,
}

/// Guid of the device where none is given.
pub const DEVICE: &str = "line-1";

const QOS: u8 = 1;
/// What it is asked on, with its guid behind.
const HEARD: [Kind; 5] =
    [Kind::Ping, Kind::VersionRequest, Kind::ProbeQueryRequest, Kind::QueryRequest, Kind::SetRequest];

/// Lives until told to stop; connects again when the link is lost. `told` hears of every change of the link.
pub async fn run(plan: DevicePlan, mut told: impl FnMut(LinkState), stop: CancellationToken) {
    let mut again = Again::new(&plan.connection, &plan.device, Timing::default(), stop);
    let mut device =
        Device { machine: Behaviour::default(), shown: None, began: plan.clock.now().monotonic, events: 0, plan };
    loop {
        let (error, life) = match again.connect().await {
            None => return,
            Some(Err(error)) => (error, None),
            Some(Ok((sender, driver))) => {
                told(LinkState::Connected);
                let began = Instant::now();
                match device.live(sender, driver, &again).await {
                    None => return,
                    Some(error) => (error, Some(began.elapsed())),
                }
            }
        };
        told(again.state(error, life.is_some()));
        if !again.pause(life).await {
            return;
        }
    }
}

struct Device {
    plan: DevicePlan,
    machine: Behaviour,
    began: Duration,
    /// What was shown last.
    shown: Option<Reading>,
    events: u64,
}

impl Device {
    /// One connection; `None` when told to stop.
    async fn live(&mut self, sender: Sender, mut driver: Driver, again: &Again) -> Option<LinkError> {
        let filters: Vec<String> =
            HEARD.iter().map(|kind| format!("{}/{}/#", kind.topic(), self.plan.device)).collect();
        let begin = async {
            sender.subscribe(&filters, QOS)?;
            self.say(&sender, Kind::RegisterRequest.topic().to_owned(), &messages::registration(&self.plan.device))
        };
        if let Err(error) = begin.await {
            return Some(error);
        }
        let mut ticks = interval_at(Instant::now() + messages::UPLOAD, messages::UPLOAD);
        'link: loop {
            // Not cancelled before it is ready, except to give the connection up.
            let mut next = pin!(driver.next());
            let event = loop {
                tokio::select! {
                    biased;
                    () = again.stop.cancelled() => break 'link,
                    event = &mut next => break event,
                    _ = ticks.tick() => {
                        if let Err(error) = self.tick(&sender) {
                            return Some(error);
                        }
                    }
                }
            };
            let heard = match event {
                Ok(LinkEvent::Received(message)) => self.heard(&message, &sender),
                Ok(_) => Ok(()),
                Err(error) => Err(error),
            };
            if let Err(error) = heard {
                return Some(error);
            }
        }
        again.leave(&sender, &mut driver).await;
        None
    }

    fn now(&self) -> (Duration, i64) {
        let now = self.plan.clock.now();
        (now.monotonic.saturating_sub(self.began), now.wall.unix_millis())
    }

    /// Sends the samples of the last second, and an event when the alarms changed.
    fn tick(&mut self, sender: &Sender) -> Result<(), LinkError> {
        let (now, now_ms) = self.now();
        // Samples follow one another without a gap, whenever the tick came.
        let at = Duration::from_secs((now + messages::UPLOAD / 2).as_secs());
        let since_begin = (now + messages::UPLOAD).saturating_sub(at);
        let begin_ms = now_ms - i64::try_from(since_begin.as_millis()).unwrap_or_default();
        for (channel, sample) in messages::samples(&self.machine, at, begin_ms) {
            self.say(sender, format!("{}/{}/{channel}", Kind::Sample.topic(), self.plan.device), &sample)?;
        }
        let reading = self.machine.reading(at);
        if let Some(before) = self.shown.replace(reading)
            && before.is_coolant_low != reading.is_coolant_low
        {
            self.events += 1;
            let event = messages::event(self.events, now_ms, &reading, &before);
            self.say(sender, format!("{}/{}", Kind::Event.topic(), self.plan.device), &event)?;
        }
        Ok(())
    }

    fn heard(&mut self, message: &Incoming, sender: &Sender) -> Result<(), LinkError> {
        let topic = std::str::from_utf8(&message.topic).ok().and_then(Kind::of_topic);
        let request = serde_json::from_slice::<Value>(&message.payload).ok();
        let (Some((kind, behind)), Some(request), false) = (topic, request, message.is_retained) else { return Ok(()) };
        let (at, _) = self.now();
        match messages::answer(kind, &request, &self.plan.device, &mut self.machine, at) {
            // Who asked stands behind the device, and ends the topic of the answer too.
            Some((kind, answer)) => self.say(sender, format!("{}/{behind}", kind.topic()), &answer),
            None => Ok(()),
        }
    }

    fn say(&self, sender: &Sender, topic: String, message: &Value) -> Result<(), LinkError> {
        let Ok(topic) = TopicName::parse(&topic) else { return Ok(()) };
        sender.publish(&Message {
            topic: Arc::new(topic),
            qos: QOS,
            is_retained: false,
            payload: message.to_string().into_bytes().into(),
            properties: None,
            key: None,
            is_replayed: false,
            talk: None,
        })
    }
}
