//! An MQTT sink with a spool in front of it, without the rest of the gateway.

use qiao::config::plan::{MqttConnection, MqttVersion};
use qiao::model::delivery::TopicKind;
use qiao::model::{Delivery, MessageProperties, TopicName, Transaction};
use qiao::mqtt::{self, Counters, Ended, GatewayStatus, Parked, Presence, SinkPlan, Timing};
use qiao::port::{LinkState, SinkState};
use qiao::spool::Spool;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Where the gateway under test says that it is there.
pub const STATUS: &str = "qiao/test/status";

/// A running sink and all its ends.
#[derive(Debug)]
pub struct Sink {
    pub spool: Spool,
    sink: u16,
    pub counters: Arc<Counters>,
    pub state: watch::Receiver<SinkState>,
    /// Codes of all reasons for having no connection so far; one that lasts for milliseconds is among them.
    reasons: Arc<Mutex<Vec<String>>>,
    parked: mpsc::Receiver<Parked>,
    stop: CancellationToken,
    task: JoinSet<Ended>,
    _watcher: JoinSet<()>,
}

/// A connection without TLS and password to a broker on loopback.
pub fn connection(port: u16, version: MqttVersion) -> MqttConnection {
    MqttConnection {
        host: "127.0.0.1".into(),
        port,
        version,
        tls: None,
        client_id: "qiao-test".into(),
        user: None,
        qos: 1,
        keep_alive: Duration::from_secs(30),
        max_packet: 1 << 20,
        web_socket: None,
        proxy: None,
    }
}

/// Production's plan with shorter waits.
pub fn plan(connection: MqttConnection) -> SinkPlan {
    let payload = |presence| match presence {
        Presence::Online => br#"{"state":"online"}"#.to_vec(),
        Presence::Lost => br#"{"state":"offline","reason":"connection lost"}"#.to_vec(),
        Presence::Stopped => br#"{"state":"offline","reason":"stopped"}"#.to_vec(),
    };
    let topic = Arc::new(TopicName::parse(STATUS).expect("a topic"));
    SinkPlan {
        gateway: "test".into(),
        connection,
        status: Some(GatewayStatus { topic, payload: Arc::new(payload) }),
        drain: tokio::sync::watch::channel(Duration::from_secs(10)).1,
        timing: Timing {
            connect: Duration::from_secs(2),
            silence: Duration::from_millis(1200),
            first_pause: Duration::from_millis(50),
            longest_pause: Duration::from_millis(400),
            farewell: Duration::from_secs(2),
            ask_again: Duration::from_millis(300),
        },
        log: |_| {},
    }
}

impl Sink {
    pub fn start(plan: SinkPlan) -> Self {
        Self::with_spool(plan, Spool::in_memory(64 << 20, 1, 1))
    }

    pub fn with_spool(plan: SinkPlan, spool: Spool) -> Self {
        Self::with_reader(plan, spool, 0)
    }

    /// Of a spool with several sinks the one with this index.
    pub fn with_reader(plan: SinkPlan, spool: Spool, sink: u16) -> Self {
        let (state_sender, state) = watch::channel(SinkState::default());
        let (parked_sender, parked) = mpsc::channel(4);
        let counters = Arc::new(Counters::default());
        let stop = CancellationToken::new();
        let mut task = JoinSet::new();
        task.spawn(mqtt::run(
            plan,
            spool.reader(sink),
            state_sender,
            Arc::clone(&counters),
            parked_sender,
            stop.clone(),
        ));
        let reasons = Arc::new(Mutex::new(Vec::new()));
        let mut watcher = JoinSet::new();
        watcher.spawn(watch_reasons(state.clone(), Arc::clone(&reasons)));
        Self { spool, sink, counters, state, reasons, parked, stop, task, _watcher: watcher }
    }

    /// Puts a message into the spool: QoS 1 to a log topic.
    pub async fn log(&self, topic: &str, payload: &str) {
        append(&self.spool, topic, TopicKind::Log, 1, payload).await;
    }

    /// How many messages wait in the spool.
    pub fn waiting(&self) -> u64 {
        self.spool.waiting(self.sink).0
    }

    #[track_caller]
    pub fn drained(&self) {
        super::wait_for("the spool is empty", || (self.waiting() == 0).then_some(()));
    }

    #[track_caller]
    pub fn connected(&self) {
        super::wait_for("the sink is connected", || (self.state.borrow().link == LinkState::Connected).then_some(()));
    }

    /// Code of the reason why there is no connection, and whether somebody must act.
    pub fn reason(&self) -> Option<(String, bool)> {
        match &self.state.borrow().link {
            LinkState::Lost(finding) => Some((finding.code.0.clone().into_owned(), false)),
            LinkState::Refused(finding) => Some((finding.code.0.clone().into_owned(), true)),
            LinkState::Connecting | LinkState::Connected => None,
        }
    }

    /// Waits until the sink has said that there is no connection, for this reason.
    #[track_caller]
    pub fn out_of_order(&self, code: &str) {
        let began = Instant::now();
        loop {
            let reasons = self.reasons.lock().expect("no panic").clone();
            if reasons.iter().any(|reason| reason == code) {
                return;
            }
            assert!(began.elapsed() < super::LIMIT, "waited for {code} in vain, there was {reasons:?}");
            std::thread::park_timeout(Duration::from_millis(20));
        }
    }

    /// The next parked message: topic and code.
    pub async fn parked(&mut self) -> (String, String) {
        let parked = tokio::time::timeout(super::LIMIT, self.parked.recv()).await;
        let parked = parked.expect("a message is parked in time").expect("the sink runs");
        let text = parked.finding.to_string();
        let topic = parked.aside.record().topic.to_string();
        assert!(text.contains(&topic) && !text.contains('‹'), "{text}");
        parked.aside.kept();
        (topic, parked.finding.code.0.into_owned())
    }

    /// Stops it cleanly and waits for its end.
    pub async fn stop(mut self) -> Ended {
        self.stop.cancel();
        let ended = tokio::time::timeout(super::LIMIT, self.task.join_next()).await;
        ended.expect("it ends in time").expect("a task").expect("no panic")
    }

    /// As the power cord would.
    pub async fn kill(mut self) {
        self.task.shutdown().await;
    }
}

async fn watch_reasons(mut state: watch::Receiver<SinkState>, reasons: Arc<Mutex<Vec<String>>>) {
    while state.changed().await.is_ok() {
        if let LinkState::Lost(finding) | LinkState::Refused(finding) = &state.borrow_and_update().link {
            reasons.lock().expect("no panic").push(finding.code.0.clone().into_owned());
        }
    }
}

/// Puts a message into a spool.
pub async fn append(spool: &Spool, topic: &str, kind: TopicKind, qos: u8, payload: &str) {
    put(spool, 0, topic, kind, qos, payload).await;
}

/// Puts a message for this sink into a spool: QoS 1 to a log topic.
pub async fn append_to(spool: &Spool, sink: u16, topic: &str, payload: &str) {
    put(spool, sink, topic, TopicKind::Log, 1, payload).await;
}

async fn put(spool: &Spool, sink: u16, topic: &str, kind: TopicKind, qos: u8, payload: &str) {
    let properties = MessageProperties {
        content_type: "application/json".into(),
        profile: "core/data-set-message".into(),
        schema_version: "1.0".into(),
        is_back_filled: false,
        is_echo: false,
        is_repeated: false,
    };
    let delivery = Delivery {
        flow: 0,
        sink,
        topic: Arc::new(TopicName::parse(topic).expect("a topic")),
        kind,
        qos,
        properties: Some(Arc::new(properties)),
        payload: 0..u32::try_from(payload.len()).expect("short"),
        values: 1,
    };
    let transaction =
        Transaction { bytes: payload.as_bytes().to_vec(), deliveries: vec![delivery], ..Transaction::default() };
    let permit = spool.reserve(&transaction).await.expect("room");
    spool.append(permit, transaction);
}
