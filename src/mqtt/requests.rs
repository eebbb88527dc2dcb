//! What applications ask of the NC-Link devices that a sink publishes: a client of its own that only listens.
//!
//! It subscribes to the request topics of every device, also of those that appear while it runs, and hands over what comes.
//! Answers go the way of all messages, through the spool and the sink. A request that finds no room is dropped and
//! counted: who asked asks again, and machine data waits for nobody. The session is clean: a question nobody heard is of
//! no use later.

use super::again::Again;
use super::client::{Driver, LinkEvent, Sender};
use super::message::Incoming;
use super::sink::Timing;
use super::trouble::LinkError;
use crate::codec::nc_link::Kind;
use crate::config::plan::MqttConnection;
use crate::finding::{Code, Finding};
use crate::port::{Asked, Devices, Heard, LinkState};
use std::collections::{BTreeSet, VecDeque};
use std::pin::pin;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// What one such client does.
#[derive(Clone, Debug)]
pub struct RequestsPlan {
    /// Index of the sink's connection in the plan.
    pub sink: u16,
    /// Name of the connection that the machines come from: several may publish to one broker.
    pub source: String,
    pub connection: MqttConnection,
    pub timing: Timing,
    /// Logs a finding, in the language of whoever reads the log.
    pub log: fn(&Finding),
}

/// What is asked of a device comes on these topics, the device behind them, and perhaps a client behind the device.
const KINDS: [Kind; 7] = [
    Kind::VersionRequest,
    Kind::ProbeQueryRequest,
    Kind::ProbeSetRequest,
    Kind::QueryRequest,
    Kind::SetRequest,
    Kind::Ping,
    Kind::RegisterResponse,
];
/// A broker grants less where it must.
const QOS: u8 = 1;
/// How often dropped requests are told.
const TELL: Duration = Duration::from_secs(60);

/// Listens until told to stop, or until nobody takes what is heard.
pub async fn run(
    plan: RequestsPlan,
    devices: watch::Receiver<Devices>,
    told: mpsc::Sender<Heard>,
    stop: CancellationToken,
) {
    let again = Again::new(&plan.connection, &format!("device-{}", plan.source), plan.timing, stop);
    let requests = Requests {
        plan,
        devices,
        told,
        again,
        refusal: None,
        refused: BTreeSet::new(),
        dropped: 0,
        told_dropped: None,
    };
    requests.run().await;
}

struct Requests {
    plan: RequestsPlan,
    devices: watch::Receiver<Devices>,
    told: mpsc::Sender<Heard>,
    again: Again,
    /// Why the broker would not have us, as it was told last. What a link lacks is told by the sink.
    refusal: Option<Code>,
    /// Filters that were told as refused.
    refused: BTreeSet<String>,
    dropped: u64,
    told_dropped: Option<Instant>,
}

/// Nobody listens any more, or the link is lost.
enum End {
    Over,
    Fault(LinkError),
}

/// The devices of one connection.
#[derive(Default)]
struct Subscribed {
    known: BTreeSet<String>,
    waiting: VecDeque<String>,
    /// Its SUBSCRIBE is under way.
    asking: Option<String>,
}

impl Requests {
    async fn run(mut self) {
        loop {
            let (error, life) = match self.again.connect().await {
                None => return,
                Some(Err(error)) => (error, None),
                Some(Ok((sender, driver))) => {
                    self.refusal = None;
                    let began = Instant::now();
                    match self.listen(sender, driver).await {
                        End::Over => return,
                        End::Fault(error) => (error, Some(began.elapsed())),
                    }
                }
            };
            if let LinkState::Refused(finding) = self.again.state(error, life.is_some())
                && self.refusal.as_ref() != Some(&finding.code)
            {
                (self.plan.log)(&finding);
                self.refusal = Some(finding.code);
            }
            if life.is_some() && !self.tell(Heard::Away { sink: self.plan.sink }).await {
                return;
            }
            if !self.again.pause(life).await {
                return;
            }
        }
    }

    async fn listen(&mut self, sender: Sender, mut driver: Driver) -> End {
        let stop = self.again.stop.clone();
        let mut subscribed = Subscribed::default();
        // Everything that is there counts as new.
        self.devices.mark_changed();
        let end = 'link: loop {
            // Not cancelled before it is ready, except to give the connection up.
            let mut next = pin!(driver.next());
            let event = loop {
                tokio::select! {
                    biased;
                    () = stop.cancelled() => break 'link End::Over,
                    changed = self.devices.changed() => {
                        if changed.is_err() {
                            break 'link End::Over;
                        }
                        let devices = self.devices.borrow_and_update().clone();
                        subscribed.take(&devices, self.plan.sink);
                        if let Err(error) = subscribed.ask(&sender) {
                            break 'link End::Fault(error);
                        }
                    }
                    event = &mut next => break event,
                }
            };
            match event {
                Ok(LinkEvent::Received(message)) => {
                    if !self.received(message) {
                        break End::Over;
                    }
                }
                Ok(LinkEvent::Subscribed(answers)) => {
                    let Some(device) = subscribed.asking.take() else { continue };
                    self.granted(&device, &answers);
                    if !self.tell(Heard::Ready { sink: self.plan.sink, device }).await {
                        break End::Over;
                    }
                    if let Err(error) = subscribed.ask(&sender) {
                        break End::Fault(error);
                    }
                }
                Ok(_) => {}
                Err(error) => break End::Fault(error),
            }
        };
        if matches!(end, End::Over) {
            self.again.leave(&sender, &mut driver).await;
        }
        end
    }

    /// Hands over what must not be missed, waiting for room; `false` when nobody takes it or it is time to stop.
    async fn tell(&self, heard: Heard) -> bool {
        tokio::select! {
            biased;
            () = self.again.stop.cancelled() => false,
            sent = self.told.send(heard) => sent.is_ok(),
        }
    }

    /// What was refused is told by filter, once; the others are heard all the same.
    fn granted(&mut self, device: &str, answers: &[Option<&'static str>]) {
        for (filter, answer) in filters(device).into_iter().zip(answers) {
            match answer {
                None => {
                    self.refused.remove(&filter);
                }
                Some(reason) => {
                    if self.refused.insert(filter.clone()) {
                        let finding = Finding::warning("QIAO-M070", self.again.broker.clone());
                        (self.plan.log)(&finding.with("filter", filter).with("reason", reason));
                    }
                }
            }
        }
    }

    /// Hands a request over if there is room; `false` when nobody takes any.
    fn received(&mut self, message: Incoming) -> bool {
        let devices = self.devices.borrow().clone();
        // A retained question was asked long ago.
        let asked = if message.is_retained { None } else { asked(self.plan.sink, message, &devices) };
        let Some(asked) = asked else { return true };
        match self.told.try_send(Heard::Asked(asked)) {
            Ok(()) => {}
            Err(mpsc::error::TrySendError::Closed(_)) => return false,
            Err(mpsc::error::TrySendError::Full(_)) => self.dropped += 1,
        }
        if self.dropped > 0 && self.told_dropped.is_none_or(|at| at.elapsed() >= TELL) {
            let finding = Finding::warning("QIAO-M071", self.again.broker.clone());
            (self.plan.log)(&finding.with("count", std::mem::take(&mut self.dropped)));
            self.told_dropped = Some(Instant::now());
        }
        true
    }
}

impl Subscribed {
    /// Devices that are gone keep their subscription until the next connection; what comes for them is passed over.
    fn take(&mut self, devices: &Devices, sink: u16) {
        for (_, device) in devices.iter().filter(|(of, _)| *of == sink) {
            if self.known.insert(device.clone()) {
                self.waiting.push_back(device.clone());
            }
        }
    }

    /// One SUBSCRIBE at a time, for one device: some brokers take no more than eight filters in one.
    fn ask(&mut self, sender: &Sender) -> Result<(), LinkError> {
        if self.asking.is_none()
            && let Some(device) = self.waiting.pop_front()
        {
            sender.subscribe(&filters(&device), QOS)?;
            self.asking = Some(device);
        }
        Ok(())
    }
}

/// `…/#` takes the topic without it, too (MQTT 5.0 §4.7.1.2).
fn filters(device: &str) -> Vec<String> {
    KINDS.iter().map(|kind| format!("{}/{device}/#", kind.topic())).collect()
}

/// What a message asks, and whom; `None`: nothing of ours.
fn asked(sink: u16, message: Incoming, devices: &Devices) -> Option<Asked> {
    let topic = std::str::from_utf8(&message.topic).ok()?;
    let (kind, rest) = Kind::of_topic(topic)?;
    let (device, client) = rest.split_once('/').map_or((rest, None), |(device, client)| (device, Some(client)));
    let is_one_level = client.is_none_or(|client| !client.is_empty() && !client.contains('/'));
    let is_known = KINDS.contains(&kind) && devices.contains(&(sink, device.to_owned()));
    let (device, client) = (device.to_owned(), client.map(str::to_owned));
    (is_one_level && is_known).then_some(Asked { sink, device, kind, client, payload: message.payload })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn a_topic_says_what_is_asked_of_which_device_and_by_whom() {
        let devices: Devices = Arc::new([(1, "mill-2".to_owned()), (2, "press".to_owned())].into());
        let of = |topic: &str| {
            let message = Incoming {
                topic: topic.as_bytes().to_vec(),
                qos: 0,
                packet: 0,
                is_retained: false,
                is_repeated: false,
                content_type: None,
                user_properties: Vec::new(),
                reply: None,
                payload: b"{}".to_vec(),
            };
            asked(1, message, &devices).map(|asked| (asked.kind, asked.device, asked.client))
        };
        let found = |kind, client: Option<&str>| Some((kind, "mill-2".to_owned(), client.map(str::to_owned)));
        assert_eq!(of("Query/Request/mill-2"), found(Kind::QueryRequest, None));
        assert_eq!(of("Probe/Version/mill-2"), found(Kind::VersionRequest, None));
        assert_eq!(of("Ping/mill-2/mes-1"), found(Kind::Ping, Some("mes-1")));
        assert_eq!(of("Register/Response/mill-2"), found(Kind::RegisterResponse, None));
        for nothing in [
            "Query/Request/press",
            "Query/Request/mill-3",
            "Query/Request",
            "Query/Request/mill-2/a/b",
            "Query/Request/mill-2/",
            "Query/Response/mill-2",
            "Sample/mill-2/state",
            "Probe/Version/Response/mill-2",
        ] {
            assert_eq!(of(nothing), None, "{nothing}");
        }
    }
}
