//! The herald: a client of its own that keeps messages standing on a broker, and whose last will says that it is gone.
//!
//! A broker publishes one will per connection, and that of the sink is the gateway's own presence. What stands is
//! state: after a reconnect all of it is said again, nothing waits in the spool, and what changed meanwhile is said once,
//! as it is now.

use super::client::{BATCH, Driver, Limits, LinkEvent, Options, Role, Sender};
use super::message::Message;
use super::pause::Pause;
use super::sink::{Presence, Timing};
use super::trouble::{Cause, LinkError, Refusal, Scene, judge};
use super::{reach, wire};
use crate::config::plan::MqttConnection;
use crate::finding::{Code, Finding};
use crate::model::TopicName;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Messages that are to stand on a broker, by topic.
pub type Standing = BTreeMap<Arc<TopicName>, Vec<u8>>;

/// What one herald says.
#[derive(Clone)]
pub struct HeraldPlan {
    /// With a client id of its own.
    pub connection: MqttConnection,
    /// Where it says that it is connected, and what it says then and when it is not; the broker says the latter too.
    pub sign: Option<(Arc<TopicName>, Vec<u8>, Vec<u8>)>,
    /// What is to stand on the broker; asked at every connection and change. What is not in it any more is taken back.
    pub standing: Arc<dyn Fn(Presence) -> Standing + Send + Sync>,
    /// Rises when [`Self::standing`] would say something else.
    pub changes: watch::Receiver<u64>,
    /// Everything is said again this often.
    pub every: Duration,
    pub timing: Timing,
    /// Logs a finding, in the language of whoever reads the log.
    pub log: fn(&Finding),
}

impl fmt::Debug for HeraldPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HeraldPlan").field("sign", &self.sign).field("every", &self.every).finish_non_exhaustive()
    }
}

/// Changes that come closer together than this are said together.
const SETTLED: Duration = Duration::from_millis(500);

/// Why a connection is over.
enum End {
    Stopped,
    Fault(LinkError),
}

/// Keeps what is to stand on the broker until told to stop; then says what stands when it is gone, and takes leave.
pub async fn run(plan: HeraldPlan, stop: CancellationToken) {
    let pause = Pause::new(plan.timing.first_pause, plan.timing.longest_pause);
    let (broker, proxy) = (plan.connection.address(), wire::proxy_name(&plan.connection));
    Herald {
        plan,
        broker,
        proxy,
        pause,
        will_is_retained: true,
        told: None,
        said: BTreeMap::new(),
        too_large: BTreeSet::new(),
    }
    .run(&stop)
    .await;
}

/// What outlives a connection.
struct Herald {
    plan: HeraldPlan,
    broker: String,
    proxy: String,
    pause: Pause,
    will_is_retained: bool,
    /// Why there is no connection, as it was told last; `None`: there was one since.
    told: Option<Code>,
    /// What the broker was told last. A topic that was taken back stays, empty, until that was said twice.
    said: BTreeMap<Arc<TopicName>, Vec<u8>>,
    /// Topics whose message the broker does not take, each told once.
    too_large: BTreeSet<Arc<TopicName>>,
}

impl Herald {
    async fn run(mut self, stop: &CancellationToken) {
        let timing = self.plan.timing;
        loop {
            let will = self.sign(Presence::Lost);
            let patience = timing.connect.max(timing.silence);
            let options = Options { connection: &self.plan.connection, will, role: Role::Publisher, patience };
            let attempt = tokio::select! {
                biased;
                () = stop.cancelled() => return,
                attempt = reach::establish(&options, timing.connect) => attempt,
            };
            let (fault, life) = match attempt {
                Err(fault) => (fault, None),
                Ok((sender, mut driver, limits)) => {
                    self.told = None;
                    let began = Instant::now();
                    let end = Talk::new(&mut self, sender, limits).run(&mut driver, stop).await;
                    match end {
                        End::Stopped => return,
                        End::Fault(fault) => (fault, Some(began.elapsed())),
                    }
                }
            };
            self.after(fault, life);
            tokio::select! {
                biased;
                () = stop.cancelled() => return,
                () = tokio::time::sleep(self.pause.next()) => {}
            }
        }
    }

    /// Tells why there is no connection, once until there was one. `life`: how long it had stood, if there was one.
    fn after(&mut self, fault: LinkError, life: Option<Duration>) {
        let timing = &self.plan.timing;
        let patience = if life.is_some() { timing.silence } else { timing.connect }.as_secs();
        let trouble = judge(
            fault,
            Scene {
                broker: &self.broker,
                proxy: &self.proxy,
                host: &self.plan.connection.host,
                client_id: &self.plan.connection.client_id,
                is_established: life.is_some(),
                patience,
            },
        );
        if trouble.unsupported == Some(Refusal::Retain) {
            self.will_is_retained = false;
        }
        if let Some(life) = life {
            self.pause.lived(life, trouble.cause == Cause::TakenOver, Instant::now());
        }
        let cause = trouble.finding;
        if self.told.as_ref() != Some(&cause.code) {
            let finding = Finding::warning("QIAO-M080", &self.broker).with("client", &self.plan.connection.client_id);
            (self.plan.log)(&finding.with("cause", &cause.code.0));
            self.told = Some(cause.code);
        }
    }

    /// Whether the gateway is connected, as a message.
    fn sign(&self, presence: Presence) -> Option<Message> {
        let (topic, online, lost) = self.plan.sign.as_ref()?;
        let payload = if presence == Presence::Online { online } else { lost };
        Some(Message { is_retained: self.will_is_retained, ..message(Arc::clone(topic), payload) })
    }
}

/// One connection.
struct Talk<'h> {
    herald: &'h mut Herald,
    sender: Sender,
    limits: Limits,
    queue: VecDeque<Message>,
    /// Handed to the client and not written yet.
    unwritten: usize,
    /// When everything is said again.
    again: Instant,
    /// When changes are said; `None`: there are none.
    due: Option<Instant>,
    /// Told to stop; until when there is time for it.
    leaving: Option<Instant>,
    /// DISCONNECT is under way.
    is_closing: bool,
}

impl<'h> Talk<'h> {
    fn new(herald: &'h mut Herald, sender: Sender, limits: Limits) -> Self {
        let again = Instant::now() + herald.plan.every;
        let queue = VecDeque::new();
        Self { herald, sender, limits, queue, unwritten: 0, again, due: None, leaving: None, is_closing: false }
    }

    async fn run(mut self, driver: &mut Driver, stop: &CancellationToken) -> End {
        match self.converse(driver, stop).await {
            Ok(()) => End::Stopped,
            // Nobody is left to be told.
            Err(_) if self.leaving.is_some() => End::Stopped,
            Err(fault) => End::Fault(fault),
        }
    }

    async fn converse(&mut self, driver: &mut Driver, stop: &CancellationToken) -> Result<(), LinkError> {
        let mut changes = self.herald.plan.changes.clone();
        changes.mark_unchanged();
        self.queue.extend(self.herald.sign(Presence::Online));
        self.say(Presence::Online, true);
        self.feed()?;
        loop {
            // Not cancelled before it is ready, except to give the connection up.
            let mut next = pin!(driver.next());
            let event = loop {
                let now = Instant::now();
                let wake = self.leaving.unwrap_or_else(|| self.due.map_or(self.again, |due| due.min(self.again)));
                tokio::select! {
                    biased;
                    () = stop.cancelled(), if self.leaving.is_none() => {
                        self.leaving = Some(now + self.herald.plan.timing.farewell);
                        self.say(Presence::Stopped, false);
                        self.queue.extend(self.herald.sign(Presence::Stopped));
                    }
                    event = &mut next => break event?,
                    Ok(()) = changes.changed(), if self.leaving.is_none() && self.due.is_none() => {
                        self.due = Some(now + SETTLED);
                    }
                    () = tokio::time::sleep_until(wake) => {
                        if self.leaving.is_some() {
                            return Ok(());
                        }
                        let now = Instant::now();
                        let is_all = now >= self.again;
                        if is_all {
                            self.again = now + self.herald.plan.every;
                        }
                        self.due = None;
                        self.say(Presence::Online, is_all);
                    }
                }
                self.feed()?;
            };
            match event {
                LinkEvent::Disconnected => return Ok(()),
                LinkEvent::Sent(_) => {
                    self.unwritten = self.unwritten.saturating_sub(1);
                    self.feed()?;
                }
                _ => {}
            }
        }
    }

    /// Queues what the broker was not told yet, or all of it, and takes back what does not stand any more.
    fn say(&mut self, presence: Presence, is_all: bool) {
        let mut said = (self.herald.plan.standing)(presence);
        for (topic, payload) in &said {
            if is_all || self.herald.said.get(topic) != Some(payload) {
                self.put(message(Arc::clone(topic), payload));
            }
        }
        for (topic, payload) in std::mem::take(&mut self.herald.said) {
            if said.contains_key(&topic) {
                continue;
            }
            if is_all || !payload.is_empty() {
                self.put(message(Arc::clone(&topic), &[]));
            }
            if !is_all || !payload.is_empty() {
                said.insert(topic, Vec::new());
            }
        }
        self.herald.said = said;
    }

    fn put(&mut self, message: Message) {
        let bytes = message.wire_size(self.herald.plan.connection.version);
        if bytes <= self.limits.packet {
            self.herald.too_large.remove(&message.topic);
            self.queue.push_back(message);
        } else if self.herald.too_large.insert(Arc::clone(&message.topic)) {
            let finding = Finding::error("QIAO-M081", message.topic.as_str()).with("bytes", bytes);
            (self.herald.plan.log)(&finding.with("limit", self.limits.packet));
        }
    }

    /// Hands over as much as there is room for; takes leave when everything is out that is to be said last.
    fn feed(&mut self) -> Result<(), LinkError> {
        while self.unwritten < BATCH
            && let Some(message) = self.queue.pop_front()
        {
            let is_retained = message.is_retained && self.limits.keeps_retained;
            self.sender.publish(&Message { is_retained, ..message })?;
            self.unwritten += 1;
        }
        if self.leaving.is_some() && self.unwritten == 0 && !self.is_closing {
            self.is_closing = true;
            self.sender.disconnect();
        }
        Ok(())
    }
}

fn message(topic: Arc<TopicName>, payload: &[u8]) -> Message {
    Message {
        topic,
        qos: 0,
        is_retained: true,
        payload: payload.into(),
        properties: None,
        key: None,
        is_replayed: false,
        talk: None,
    }
}
