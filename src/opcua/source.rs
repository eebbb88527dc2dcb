//! One OPC UA server to read from: connects, finds, subscribes, and does it again after every loss.
//!
//! The ladder (OPC 10000-4 §6.7): the endpoints are asked for and checked, a channel is opened, the old session is
//! activated on it; if the server still has it, its subscriptions go on and what they missed is fetched; if not, a new
//! session is created and everything is found and created anew. It ends with a proof, item by item.

use super::browse::Browser;
use super::certificate::{Day, OwnCertificate, Store};
use super::certificate_check::{Expectation, check};
use super::connector::host_and_port;
use super::counters::Counters;
use super::discover::{DiscoverRequest, Progress, discover};
use super::endpoint::{self, Choice};
use super::fault::{Fault, Step};
use super::feed::{Feed, Outside, Over};
use super::limits::ServerLimits;
use super::publish::{Ended, Publisher};
use super::read::read_items;
use super::republish::suspect;
use super::runtime::{self, Handle};
use super::session::{Caller, Link, Opened, Ticket, is_notable, seconds};
use super::subscribe::Terms;
use super::{Selection, pause::Pauses};
use crate::config::plan::OpcUaConnection;
use crate::finding::{Finding, Severity};
use crate::model::Batch;
use crate::model::discovery::ItemMode;
use crate::port::{Clock, LinkState, SourceEvent};
use crate::spool::Receipt;
use ::opcua::types::{Error, StatusCode};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Values of one batch that is read.
const READ_BATCH: usize = 2_000;
/// References of one node beyond which a browse goes on elsewhere.
const REFERENCES_MAX: usize = 100_000;
/// A subscription is kept so long at least without a Publish request.
const LIFETIME_MIN: Duration = Duration::from_secs(60);
/// A link that lived so long was a good one: pauses start from the shortest again.
const GOOD_LIFE: Duration = Duration::from_secs(30);

/// What a source needs.
#[derive(Debug)]
pub struct SourcePlan {
    /// Index of the connection in the plan.
    pub index: u16,
    /// Name of the gateway; it stands in the own certificate.
    pub gateway: String,
    /// Name of the connection.
    pub name: String,
    pub connection: OpcUaConnection,
    pub selections: Vec<Selection>,
    /// Folder for keys and certificates, below the data directory.
    pub pki: PathBuf,
    /// Folder of the browse cache; `None`: no cache.
    pub cache: Option<PathBuf>,
    pub clock: Clock,
    pub counters: Arc<Counters>,
}

/// Starts a source on a thread of its own. It ends when `stop` is cancelled or nobody takes its events; a fault never
/// ends it. `receipts` are what the spool gives for this source's batches.
///
/// # Errors
/// The operating system gives no thread.
pub fn start(
    plan: SourcePlan,
    events: mpsc::Sender<SourceEvent>,
    receipts: mpsc::UnboundedReceiver<Receipt>,
    stop: CancellationToken,
) -> std::io::Result<Handle> {
    let name = plan.name.clone();
    runtime::start(&name, move || Source::new(plan, events, receipts, stop).run())
}

/// Looks once, on a thread of its own: connects, finds, reads every item, takes leave. It is told like the beginning of a
/// source's life; nothing is subscribed to, and no session is left behind. The last state of the link says whether it
/// came to a view.
///
/// # Errors
/// The operating system gives no thread.
pub fn look(plan: SourcePlan, events: mpsc::Sender<SourceEvent>, stop: CancellationToken) -> std::io::Result<Handle> {
    let name = plan.name.clone();
    // What is read owes nothing to anybody.
    let (_, receipts) = mpsc::unbounded_channel();
    runtime::start(&name, move || Source::new(plan, events, receipts, stop).look())
}

struct Source {
    plan: SourcePlan,
    outside: Outside,
    receipts: mpsc::UnboundedReceiver<Receipt>,
    store: Store,
    limits: Arc<ServerLimits>,
    /// What a link that was lost left behind, for the next one to take over.
    kept: Option<(Feed, Ticket)>,
    had_session: bool,
    epoch: u64,
    /// The server's clock minus ours, in 100 ns ticks, as far as known.
    skew: i64,
    told_skew: i64,
    told: Option<LinkState>,
}

/// Why an attempt, or the link it led to, ended.
enum End {
    Over,
    Fault(Fault),
}

impl From<Over> for End {
    fn from(_: Over) -> Self {
        Self::Over
    }
}

impl From<Fault> for End {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl Source {
    fn new(
        plan: SourcePlan,
        events: mpsc::Sender<SourceEvent>,
        receipts: mpsc::UnboundedReceiver<Receipt>,
        stop: CancellationToken,
    ) -> Self {
        let outside = Outside {
            name: plan.name.clone(),
            index: plan.index,
            clock: plan.clock,
            counters: Arc::clone(&plan.counters),
            events,
            stop,
        };
        Self {
            store: Store::client(&plan.pki),
            limits: Arc::new(ServerLimits::new()),
            kept: None,
            had_session: false,
            epoch: 0,
            skew: 0,
            told_skew: 0,
            told: None,
            plan,
            outside,
            receipts,
        }
    }

    async fn look(mut self) {
        let looked = async {
            self.tell(LinkState::Connecting).await?;
            let (link, ..) = self.up().await?;
            let read = async {
                let mut feed = self.find(&link).await?;
                self.read(&link, &mut feed, ItemMode::Monitored).await
            };
            let read = read.await;
            link.close(true).await;
            read
        };
        if let Err(End::Fault(fault)) = looked.await {
            // Whoever does not listen any more needs no reason.
            let _ = self.tell_fault(fault).await;
        }
    }

    async fn run(mut self) {
        let mut pauses = Pauses::default();
        let told = self.tell(LinkState::Connecting).await;
        if told.is_err() {
            return;
        }
        loop {
            let began = self.outside.now();
            let fault = match self.attempt().await {
                Err(End::Fault(fault)) => fault,
                Ok(()) | Err(End::Over) => return,
            };
            if self.outside.now() > began + GOOD_LIFE {
                pauses = Pauses::default();
            }
            let pause = pauses.next(fault.pace);
            if self.tell_fault(fault).await.is_err() {
                return;
            }
            tokio::select! {
                biased;
                () = self.outside.stop.cancelled() => return,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Tells a state once.
    async fn tell(&mut self, state: LinkState) -> Result<(), Over> {
        if self.told.as_ref() != Some(&state) {
            self.told = Some(state.clone());
            self.outside.emit(SourceEvent::Link(state)).await?;
        }
        Ok(())
    }

    async fn tell_fault(&mut self, fault: Fault) -> Result<(), Over> {
        if self.told.as_ref() != Some(&fault.state) {
            for finding in fault.others {
                self.outside.emit(SourceEvent::Finding(finding)).await?;
            }
        }
        self.tell(fault.state).await
    }

    /// A link that stands, and what is to be told of it.
    async fn up(&mut self) -> Result<(Link, Choice, bool), End> {
        let stop = self.outside.stop.clone();
        let (link, choice, is_taken_over) = tokio::select! {
            biased;
            () = stop.cancelled() => return Err(End::Over),
            connected = self.connect() => connected?,
        };
        self.tell(LinkState::Connected).await?;
        if self.had_session {
            self.outside.counters.reconnects.add(1);
        }
        self.had_session = true;
        if let Some(skew) = link.skew {
            if is_notable(skew) && is_notable(skew - self.told_skew) {
                self.told_skew = skew;
                let finding = Finding::warning("QIAO-O033", &self.plan.name).with("seconds", seconds(skew));
                self.outside.emit(SourceEvent::Finding(finding)).await?;
            }
            self.skew = skew;
        }
        Ok((link, choice, is_taken_over))
    }

    /// One attempt, and the link it leads to. Ends well only when nobody needs the source any more.
    async fn attempt(&mut self) -> Result<(), End> {
        let (link, choice, is_taken_over) = self.up().await?;
        match self.kept.take() {
            Some((feed, _)) if is_taken_over => self.serve(link, feed, &choice, true).await,
            lost => {
                if lost.is_some() {
                    let finding = Finding::error("QIAO-O021", &self.plan.name);
                    self.outside.gap(finding, Vec::new()).await?;
                }
                drop(lost);
                match self.find(&link).await {
                    Ok(feed) => self.serve(link, feed, &choice, false).await,
                    Err(end) => {
                        link.close(true).await;
                        Err(end)
                    }
                }
            }
        }
    }

    /// Who we are; read anew for every attempt, so that a renewed key pair needs no restart.
    fn caller(&self) -> Result<Caller, Fault> {
        let today = Day::of(self.plan.clock.now().wall);
        let own = OwnCertificate::ensure(&self.store, &self.plan.gateway, today).map_err(|error| {
            let place = self.store.root().display().to_string();
            Fault::refused(Finding::error("QIAO-O017", place).with("reason", error))
        })?;
        Ok(Caller {
            connection_name: self.plan.name.clone(),
            gateway: self.plan.gateway.clone(),
            connection: self.plan.connection.clone(),
            own,
            clock: self.plan.clock,
        })
    }

    /// Finds an endpoint that is acceptable, checks its certificate, opens a session.
    async fn connect(&mut self) -> Result<(Link, Choice, bool), Fault> {
        let caller = self.caller()?;
        let offered = caller.endpoints().await?;
        let choice = endpoint::choose(&self.plan.name, &self.plan.connection, &offered).map_err(Fault::refused)?;
        self.check(&choice).await?;
        loop {
            let ticket = self.kept.as_ref().map(|(_, ticket)| ticket.clone());
            match caller.open(&choice, ticket, self.skew).await? {
                Opened::New(link) => return Ok((link, choice, false)),
                Opened::TakenOver(link) => return Ok((link, choice, true)),
                Opened::Again { skew } => self.skew = skew,
            }
        }
    }

    /// Whether the server's certificate may be used, where it matters.
    async fn check(&mut self, choice: &Choice) -> Result<(), Fault> {
        let matters = choice.is_secure() || super::identity::needs_certificate(&self.plan.connection.identity);
        let Some(certificate) = choice.certificate.as_ref().filter(|_| matters) else { return Ok(()) };
        let host = host_and_port(&self.plan.connection.endpoint).map(|(host, _)| host).unwrap_or_default();
        let is_pinned = self.store.is_trusted(certificate);
        let mut findings = check(
            certificate,
            &Expectation {
                connection: &self.plan.name,
                host: &host,
                application_uri: choice.endpoint.server.application_uri.as_ref(),
                today: Day::of(self.plan.clock.now().wall),
                exception: self.plan.connection.accept_certificate.as_ref(),
                is_pinned,
            },
        );
        if !is_pinned && let Err(error) = self.store.remember(certificate) {
            findings.push(Finding::error("QIAO-O017", self.store.root().display().to_string()).with("reason", error));
        }
        let Some(first) = findings.iter().position(|finding| finding.severity == Severity::Error) else {
            // An exception is told each time it is used.
            for finding in findings {
                let _ = self.outside.emit(SourceEvent::Finding(finding)).await;
            }
            return Ok(());
        };
        let first = findings.remove(first);
        Err(Fault { others: findings, ..Fault::refused(first) })
    }

    /// Finds machines and items in a new session, tells them, and reads what is read once.
    async fn find(&mut self, link: &Link) -> Result<Feed, End> {
        self.epoch += 1;
        let request = DiscoverRequest {
            connection: &self.plan.name,
            endpoint: &self.plan.connection.endpoint,
            selections: &self.plan.selections,
            max_nodes: self.plan.connection.max_nodes,
            cache: self.plan.cache.clone(),
            is_fresh: false,
            epoch: self.epoch,
        };
        let progress = |progress: Progress| {
            self.plan.counters.browsed.set(progress.nodes.into());
            tracing::debug!(connection = %request.connection, ?progress, "browsing");
        };
        let stop = self.outside.stop.clone();
        let found = discover(&link.session, &self.limits, &request, &progress, &stop).await;
        let mut found = found.map_err(|error| self.failed(&error))?;
        let findings = std::mem::take(&mut found.findings);
        let connection = &self.plan.connection;
        let terms = Terms {
            connection: self.plan.name.clone(),
            publishing_interval: connection.publishing_interval,
            lifetime: (connection.session_timeout * 2).max(LIFETIME_MIN),
            values_per_message: link.limits.values_per_message(),
        };
        let mut feed = Feed::new(found, terms);
        self.outside.emit(SourceEvent::Found(Arc::clone(&feed.discovery))).await?;
        for finding in findings {
            self.outside.emit(SourceEvent::Finding(finding)).await?;
        }
        self.read(link, &mut feed, ItemMode::ReadOnce).await?;
        Ok(feed)
    }

    async fn read(&self, link: &Link, feed: &mut Feed, mode: ItemMode) -> Result<(), End> {
        let items = (0..).zip(&feed.discovery.items).zip(feed.bindings.iter());
        let wanted: Vec<_> = items
            .filter(|((_, item), _)| item.mode == mode)
            .map(|((slot, _), binding)| (slot, binding.node.clone()))
            .collect();
        let stop = self.outside.stop.clone();
        let browser =
            Browser { session: &link.session, limits: &self.limits, stop: &stop, references_max: REFERENCES_MAX };
        for chunk in wanted.chunks(READ_BATCH) {
            let received = self.outside.clock.now().wall;
            let mut batch = Batch { epoch: feed.epoch, received, ..Batch::default() };
            let read = read_items(&browser, feed.decoder(), chunk, &mut batch).await;
            read.map_err(|error| self.failed(&error))?;
            self.outside.counters.values.add(batch.samples.len() as u64);
            self.outside.emit(SourceEvent::Batch(batch)).await?;
        }
        Ok(())
    }

    /// A service failed that the rest stands on.
    fn failed(&self, error: &Error) -> End {
        if self.outside.stop.is_cancelled() {
            return End::Over;
        }
        self.outside.counters.service_errors.add(1);
        let finding = Finding::error("QIAO-O020", &self.plan.name).with("endpoint", &self.plan.connection.endpoint);
        End::Fault(Fault::lost(finding.with("status", error.status()).with("reason", error)))
    }

    /// Publishes until the link ends, and keeps what the next link may take over.
    async fn serve(&mut self, mut link: Link, mut feed: Feed, choice: &Choice, is_taken_over: bool) -> Result<(), End> {
        let timeout = link.session_timeout.unwrap_or(self.plan.connection.session_timeout);
        let (store, pinned) = (self.store.clone(), choice.certificate.clone().filter(|_| choice.is_secure()));
        let is_trusted = move || pinned.as_ref().is_none_or(|certificate| store.is_trusted(certificate));
        let publisher = Publisher {
            link: &mut link,
            feed: &mut feed,
            outside: &self.outside,
            receipts: &mut self.receipts,
            limits: &self.limits,
            is_trusted: &is_trusted,
            heartbeat: (timeout / 3).clamp(Duration::from_secs(1), Duration::from_secs(30)),
        };
        let ended = publisher.run(is_taken_over).await;
        self.outside.counters.items_ok.set(0);
        let finding = |code| Finding::error(code, &self.plan.name).with("endpoint", &self.plan.connection.endpoint);
        let fault = match ended {
            Ended::Over => {
                link.close(true).await;
                return Ok(());
            }
            Ended::Distrusted => {
                link.close(true).await;
                return Err(Fault::lost(finding("QIAO-O038")).into());
            }
            Ended::SessionGone => {
                // The feed is kept without a session to take over: the next one tells the gap.
                Fault::lost(finding("QIAO-O020").with("status", StatusCode::BadSessionIdInvalid).with("reason", "-"))
            }
            Ended::Silent => Fault::lost(finding("QIAO-O036")),
            Ended::Down(status) => {
                suspect(&mut feed, status);
                let caller = self.caller()?;
                caller.fault(&Error::new(status, "connection closed"), Step::Service, Some(link.road()))
            }
        };
        self.kept = Some((feed, link.ticket.clone()));
        Err(fault.into())
    }
}
