//! One OPC UA server to read from: connects, finds, subscribes, and does it again after every loss.
//!
//! The ladder (OPC 10000-4 §6.7): the endpoints are asked for and checked, a channel is opened, the old session is
//! activated on it; if the server still has it, its subscriptions go on and what they missed is fetched; if not, a new
//! session is created and takes them over (`super::transfer`), be they of a link that was lost or of an earlier process; if
//! the server does not hand them over, everything is found and created anew. It ends with a proof, item by item.

use super::browse::Browser;
use super::certificate::{Day, Store};
use super::counters::Counters;
use super::endpoint::Choice;
use super::fault::{Fault, Step};
use super::feed::Feed;
use super::history::{History, Left};
use super::limits::ServerLimits;
use super::link::{Link, Ticket};
use super::order::Terms;
use super::outside::{Outside, Over};
use super::publish::{Ended, Publisher};
use super::read::read_values;
use super::republish::suspect;
use super::runtime::{self, Handle};
use super::skew::ClockSkew;
use super::survey::{READ_BATCH, Survey};
use super::transfer;
use super::{Selection, pause::Pauses};
use crate::config::plan::OpcUaConnection;
use crate::finding::Finding;
use crate::port::{Clock, Desk, LinkState, SourceEvent};
use crate::spool::Receipt;
use ::opcua::types::{Error, NodeId, StatusCode};
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// A subscription is kept so long at least without a Publish request.
const LIFETIME_MIN: Duration = Duration::from_secs(60);
/// A server that is not Running, or does not answer, is noticed within this time.
const HEARTBEAT_MAX: Duration = Duration::from_secs(5);
/// When told to stop while connecting: for what is under way.
const LAST_STEP: Duration = Duration::from_secs(1);
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
    /// After a gap, what the server's history has of it is told.
    pub fills_gaps: bool,
    /// Folder for keys and certificates, below the data directory.
    pub pki: PathBuf,
    /// The configuration's own file, for the command that trusts a server.
    pub configuration: PathBuf,
    /// Folder of the browse cache; `None`: no cache.
    pub cache: Option<PathBuf>,
    /// Folder where what the server keeps for this process is written down for the next one; `None`: it is not.
    pub subscriptions: Option<PathBuf>,
    pub clock: Clock,
    pub counters: Arc<Counters>,
    /// Where commands ask; closed while there is no link.
    pub desk: Desk,
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

pub(super) struct Source {
    pub(super) plan: Arc<SourcePlan>,
    pub(super) outside: Outside,
    pub(super) receipts: mpsc::UnboundedReceiver<Receipt>,
    pub(super) store: Store,
    pub(super) limits: Arc<ServerLimits>,
    /// What a link that was lost left behind, for the next one to take over.
    pub(super) kept: Option<(Feed, Ticket)>,
    /// What sessions that ended knew of their items' last values.
    pub(super) left: Left,
    pub(super) had_session: bool,
    pub(super) epoch: u64,
    pub(super) skew: ClockSkew,
    pub(super) told: Option<LinkState>,
}

/// Why an attempt, or the link it led to, ended.
pub(super) enum End {
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
            left: Left::default(),
            had_session: false,
            epoch: 0,
            skew: ClockSkew::default(),
            told: None,
            plan: Arc::new(plan),
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
                self.read(&link, &mut feed).await
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
        let connected = {
            let mut connecting = pin!(self.connect());
            tokio::select! {
                biased;
                () = stop.cancelled() => {
                    // The server may hold a session for us by now: it is finished, so that we can take leave of it.
                    if let Ok(Ok((link, ..))) = tokio::time::timeout(LAST_STEP, connecting).await {
                        link.close(true).await;
                    }
                    return Err(End::Over);
                }
                connected = &mut connecting => connected,
            }
        };
        let (link, choice, is_taken_over) = connected?;
        self.tell(LinkState::Connected).await?;
        if self.had_session {
            self.outside.counters.reconnects.add(1);
        }
        self.had_session = true;
        if let Some(skew) = link.skew {
            self.skew.measured(skew, &self.outside).await?;
        }
        Ok((link, choice, is_taken_over))
    }

    /// One attempt, and the link it leads to. Ends well only when nobody needs the source any more.
    async fn attempt(&mut self) -> Result<(), End> {
        let (link, choice, is_taken_over) = self.up().await?;
        if let Some((feed, _)) = self.kept.take_if(|_| is_taken_over) {
            return self.serve(link, feed, &choice, true).await;
        }
        match self.begin(&link).await {
            Ok((feed, goes_on)) => self.serve(link, feed, &choice, goes_on).await,
            Err(end) => {
                // What it may have taken over stays at the server, for the next attempt.
                link.close(false).await;
                Err(end)
            }
        }
    }

    pub(super) fn survey(&self, link: &Link) -> Survey {
        Survey {
            session: Arc::clone(&link.session),
            limits: Arc::clone(&self.limits),
            plan: Arc::clone(&self.plan),
            stop: self.outside.stop.clone(),
        }
    }

    pub(super) fn terms(&self, link: &Link) -> Terms {
        let connection = &self.plan.connection;
        Terms {
            connection: self.plan.name.clone(),
            publishing_interval: connection.publishing_interval,
            lifetime: (connection.session_timeout * 2).max(LIFETIME_MIN),
            values_per_message: link.limits.values_per_message(),
        }
    }

    /// Finds machines and items in a new session, and tells them.
    pub(super) async fn find(&mut self, link: &Link) -> Result<Feed, End> {
        self.epoch += 1;
        let found = self.survey(link).find(self.epoch, false).await.map_err(|error| self.failed(&error))?;
        let interval = self.plan.connection.browse_again;
        let mut feed = Feed::new(found, self.terms(link), interval, self.outside.now());
        feed.book = self.book();
        self.tell_found(&feed).await?;
        Ok(feed)
    }

    /// Tells what a session begins with.
    pub(super) async fn tell_found(&self, feed: &Feed) -> Result<(), Over> {
        self.outside.emit(SourceEvent::Found(Arc::clone(&feed.discovery))).await?;
        for finding in &feed.told {
            self.outside.emit(SourceEvent::Finding(finding.clone())).await?;
        }
        Ok(())
    }

    /// Reads every item once.
    async fn read(&self, link: &Link, feed: &mut Feed) -> Result<(), End> {
        let variables = (0..).zip(feed.bindings.iter()).filter(|(_, binding)| binding.events.is_none());
        let wanted: Vec<(u32, NodeId)> = variables.map(|(slot, binding)| (slot, binding.node.clone())).collect();
        let stop = self.outside.stop.clone();
        let browser = Browser { session: &link.session, limits: &self.limits, stop: &stop, references_max: usize::MAX };
        for chunk in wanted.chunks(READ_BATCH) {
            let nodes: Vec<NodeId> = chunk.iter().map(|(_, node)| node.clone()).collect();
            let values = read_values(&browser, &nodes).await.map_err(|error| self.failed(&error))?;
            let values: Vec<(u32, Vec<u8>)> = chunk.iter().map(|(slot, _)| *slot).zip(values).collect();
            feed.take_read(&values, &self.outside).await?;
        }
        Ok(())
    }

    /// A service failed that the rest stands on.
    pub(super) fn failed(&self, error: &Error) -> End {
        if self.outside.stop.is_cancelled() {
            return End::Over;
        }
        self.outside.counters.service_errors.add(1);
        let finding = Finding::error("QIAO-O020", &self.plan.name).with("endpoint", &self.plan.connection.endpoint);
        End::Fault(Fault::lost(finding.with("status", error.status()).with("reason", error)))
    }

    /// Publishes until the link ends, and keeps what the next link may take over.
    async fn serve(&mut self, mut link: Link, mut feed: Feed, choice: &Choice, is_taken_over: bool) -> Result<(), End> {
        if self.plan.fills_gaps && !feed.history.is_wanted() {
            let left = std::mem::take(&mut self.left);
            feed.history = History::begin(left, &feed.discovery.items, self.outside.now());
        }
        let timeout = link.session_timeout.unwrap_or(self.plan.connection.session_timeout);
        let (store, clock, issuers) = (self.store.clone(), self.plan.clock, choice.issuers.clone());
        let shown = choice.certificate.clone().filter(|_| choice.is_secure());
        let is_trusted = move || {
            let today = Day::of(clock.now().wall);
            shown.as_ref().is_none_or(|certificate| store.trust_in(certificate, &issuers, today).is_given())
        };
        let wanted = transfer::wanted(&self.plan);
        let publisher = Publisher {
            link: &mut link,
            feed: &mut feed,
            outside: &self.outside,
            skew: &mut self.skew,
            receipts: &mut self.receipts,
            limits: &self.limits,
            plan: &self.plan,
            is_trusted: &is_trusted,
            wanted: &wanted,
            heartbeat: (timeout / 3).clamp(Duration::from_secs(1), HEARTBEAT_MAX),
        };
        let ended = publisher.run(is_taken_over).await;
        self.epoch = feed.epoch;
        self.outside.counters.items_ok.set(0);
        let finding = |code| Finding::error(code, &self.plan.name).with("endpoint", &self.plan.connection.endpoint);
        let fault = match ended {
            Ended::Over => {
                // Who is not told to stop has lost its pipeline, and the next life goes on with the subscriptions.
                let is_leave = self.outside.stop.is_cancelled();
                link.close(is_leave).await;
                if let Some(book) = feed.book.as_mut().filter(|_| is_leave) {
                    book.remove();
                }
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
