//! An OPC UA source by itself: what it tells is kept, and everything it delivers is receipted.

use qiao::config::plan::{
    EventSelector, History, Identity, ItemPattern, ItemSelector, OpcUaConnection, PolicyChoice, RootSelector,
    SecurityMode, TimeSource,
};
use qiao::finding::Finding;
use qiao::model::{Discovery, Scalar, Transaction};
use qiao::opcua::certificate::{Listed, Store, trust};
use qiao::opcua::runtime::Handle;
use qiao::opcua::{Counters, Selection, SourcePlan, start};
use qiao::port::source::Gap;
use qiao::port::{Clock, LinkState, SourceEvent};
use qiao::spool::Spool;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// A source at work, and what it has told so far.
pub struct Observer {
    events: mpsc::Receiver<SourceEvent>,
    spool: Spool,
    stop: CancellationToken,
    handle: Option<Handle>,
    pub store: Store,
    pub counters: Arc<Counters>,
    pub links: Vec<LinkState>,
    pub findings: Vec<Finding>,
    pub gaps: Vec<Gap>,
    pub discovery: Arc<Discovery>,
    /// Values of each node, in order of arrival.
    pub values: HashMap<String, Vec<Scalar>>,
    /// Those that are back-filled.
    pub past: HashMap<String, Vec<Scalar>>,
    /// Status codes beside them.
    statuses: HashMap<String, Vec<u32>>,
    /// Off: batches are taken and not receipted.
    pub is_receipting: bool,
}

/// A connection with everything at its default.
pub fn connection(endpoint: &str, security: SecurityMode) -> OpcUaConnection {
    OpcUaConnection {
        endpoint: endpoint.to_owned(),
        security,
        policy: PolicyChoice::Auto,
        identity: Identity::Anonymous,
        time: TimeSource::Source,
        accept_certificate: None,
        session_timeout: Duration::from_secs(60),
        publishing_interval: Duration::from_millis(100),
        max_nodes: 100_000,
        browse_again: Duration::from_secs(600),
        history: History::FillGaps,
    }
}

impl Observer {
    /// Starts a source that monitors `nodes`, with its keys below `folder`.
    pub fn start(folder: &Path, connection: OpcUaConnection, nodes: &[String]) -> Self {
        Self::start_with(folder, connection, nodes, None)
    }

    /// Like [`Self::start`], with the events of the server.
    pub fn start_with(
        folder: &Path,
        connection: OpcUaConnection,
        nodes: &[String],
        events_of: Option<EventSelector>,
    ) -> Self {
        let (sender, events) = mpsc::channel(16);
        let spool = Spool::in_memory(1 << 20, 0, 1);
        let stop = CancellationToken::new();
        let counters = Arc::new(Counters::default());
        let select = |node: &String| ItemSelector {
            what: ItemPattern::Node(node.clone()),
            sampling: Some(Duration::ZERO),
            queue: Some(1_000),
            deadband: None,
        };
        let selection = Selection {
            flow: 0,
            each: RootSelector::Whole,
            select: nodes.iter().map(select).collect(),
            mapped: Vec::new(),
            bound: Vec::new(),
            events: events_of,
        };
        let plan = SourcePlan {
            index: 0,
            gateway: "test".to_owned(),
            name: "lathe".to_owned(),
            fills_gaps: connection.history == History::FillGaps,
            connection,
            selections: vec![selection],
            pki: folder.to_owned(),
            configuration: folder.join("qiao.yaml"),
            cache: None,
            subscriptions: Some(folder.join("subscriptions")),
            clock: Clock::start(),
            counters: Arc::clone(&counters),
            desk: qiao::port::Desk::default(),
        };
        let handle = start(plan, sender, spool.receipts(0), stop.clone()).expect("a thread");
        Self {
            events,
            spool,
            stop,
            handle: Some(handle),
            store: Store::client(folder),
            counters,
            links: Vec::new(),
            findings: Vec::new(),
            gaps: Vec::new(),
            discovery: Arc::default(),
            values: HashMap::new(),
            past: HashMap::new(),
            statuses: HashMap::new(),
            is_receipting: true,
        }
    }

    /// Takes events until `fact` holds.
    pub async fn until<T>(&mut self, what: &str, mut fact: impl FnMut(&Self) -> Option<T>) -> T {
        let deadline = Instant::now() + super::LIMIT;
        loop {
            if let Some(found) = fact(self) {
                return found;
            }
            assert!(Instant::now() < deadline, "waited in vain for: {what}; {self:#?}");
            // A fact need not be one of the source's: it is looked at in between, too.
            let Ok(event) = tokio::time::timeout(Duration::from_millis(20), self.events.recv()).await else { continue };
            self.keep(event.unwrap_or_else(|| panic!("the source ended before: {what}; {self:#?}"))).await;
        }
    }

    async fn keep(&mut self, event: SourceEvent) {
        match event {
            SourceEvent::Link(state) => self.links.push(state),
            SourceEvent::Found(discovery) => self.discovery = discovery,
            SourceEvent::Gap(gap) => self.gaps.push(gap),
            SourceEvent::Finding(finding) => self.findings.push(finding),
            SourceEvent::Batch(batch) => {
                assert_eq!(batch.epoch, self.discovery.epoch, "a batch belongs to the newest discovery");
                for sample in &batch.samples {
                    let node = self.discovery.items[sample.slot as usize].node.clone();
                    self.statuses.entry(node.clone()).or_default().push(sample.status);
                    let values = if batch.is_back_filled { &mut self.past } else { &mut self.values };
                    values.entry(node).or_default().push(sample.scalar);
                }
                if self.is_receipting {
                    let transaction = Transaction { pending: batch.pending, ..Transaction::default() };
                    let permit = self.spool.reserve(&transaction).await.expect("room");
                    self.spool.append(permit, transaction);
                }
            }
        }
    }

    /// Status codes of a node, in order of arrival.
    pub fn statuses(&self, node: &str) -> Vec<u32> {
        self.statuses.get(node).cloned().unwrap_or_default()
    }

    /// Integers of a node, in order of arrival.
    pub fn numbers(&self, node: &str) -> Vec<i64> {
        numbers(&self.values, node)
    }

    /// Integers of a node that are back-filled, in order of arrival.
    pub fn past_numbers(&self, node: &str) -> Vec<i64> {
        numbers(&self.past, node)
    }

    /// Waits until the link is up (again): `times` in all.
    pub async fn connected(&mut self, times: usize) {
        let count = |seen: &Self| seen.links.iter().filter(|state| **state == LinkState::Connected).count();
        self.until(&format!("link {times} is up"), |seen| (count(seen) >= times).then_some(())).await;
    }

    /// Waits until the link is refused, and gives the finding.
    pub async fn refused(&mut self, code: &str) -> Finding {
        self.until(&format!("refused with {code}"), |seen| match seen.links.last() {
            Some(LinkState::Refused(finding)) if finding.code.0 == code => Some(finding.as_ref().clone()),
            _ => None,
        })
        .await
    }

    /// Trusts what the finding names, by the command it gives.
    pub fn trust(&self, finding: &Finding) -> Listed {
        let command = argument(finding, "command");
        let command = command.strip_prefix("qiao cert trust ").expect("the exact command");
        trust(&self.store, command.split(' ').next().unwrap_or_default()).expect("trusted")
    }

    /// Nobody takes what the source tells any more, as after a crash of its pipeline. It notices with its next event, which
    /// `next` causes.
    pub async fn abandon(mut self, next: impl FnOnce()) {
        let (_, closed) = mpsc::channel(1);
        self.events = closed;
        next();
        let handle = self.handle.take().expect("ended once");
        let ended = tokio::time::timeout(super::LIMIT, handle.ended()).await.expect("the source ends in time");
        assert_eq!(ended, Ok(()));
    }

    /// Stops the source and waits for its end.
    pub async fn end(mut self) {
        self.stop.cancel();
        let handle = self.handle.take().expect("ended once");
        let drain = async { while self.events.recv().await.is_some() {} };
        let ended = async { tokio::join!(handle.ended(), drain).0 };
        let ended = tokio::time::timeout(super::LIMIT, ended).await.expect("the source ends in time");
        assert_eq!(ended, Ok(()));
    }
}

fn numbers(values: &HashMap<String, Vec<Scalar>>, node: &str) -> Vec<i64> {
    let number = |scalar: &Scalar| match scalar {
        Scalar::I64(_, number) => *number,
        other => panic!("{other:?} is no integer"),
    };
    values.get(node).map(|values| values.iter().map(number).collect()).unwrap_or_default()
}

/// A fact of a finding.
#[track_caller]
pub fn argument<'a>(finding: &'a Finding, name: &str) -> &'a str {
    let found = finding.arguments.iter().find(|(known, _)| *known == name);
    found.map(|(_, value)| value.as_str()).unwrap_or_else(|| panic!("{finding:?} has no {name}"))
}

impl std::fmt::Debug for Observer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let counts: HashMap<_, _> = self.values.iter().map(|(node, values)| (node, values.len())).collect();
        f.debug_struct("Observer")
            .field("links", &self.links)
            .field("findings", &self.findings)
            .field("gaps", &self.gaps)
            .field("values", &counts)
            .field("counters", &self.counters)
            .finish_non_exhaustive()
    }
}

impl Drop for Observer {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
