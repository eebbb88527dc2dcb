//! One source's way from its events to the spool: the only place where the pure stages meet clock, spool and disk.

use super::commands::echo::Echoes;
use super::commands::entrance::Entrance;
use super::commands::told::CommandFacts;
use super::facts;
use super::ledger::Ledger;
use super::quarantine_writer::Writer;
use super::stages::{Legacy, Outbox, Stages, StagesStatus};
use super::supervisor::{Ended, Heartbeat};
use crate::finding::{Code, Finding};
use crate::model::{Exposed, Now, Timestamp};
use crate::port::{Clock, Devices, Heard, LinkState, Shelves, SourceEvent};
use crate::spool::Spool;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

/// What a pipeline tells of itself.
#[derive(Debug)]
pub struct PipelineFacts {
    pub heartbeat: Heartbeat,
    /// State of the source's link, and since when.
    pub link: Mutex<(LinkState, Timestamp)>,
    /// The newest snapshot of the stages; `None` before the first.
    pub stages: Mutex<Option<StagesStatus>>,
    /// What became of the values, over all lives of the source.
    pub ledger: Ledger,
    /// What the life that runs has on brokers; `None` before the first.
    legacy: Mutex<Option<Legacy>>,
    /// Time spent in the pure stages, in nanoseconds.
    pub stages_ns: AtomicU64,
    /// Time spent handing transactions to the spool, waiting for room included, in nanoseconds.
    pub spool_ns: AtomicU64,
}

impl PipelineFacts {
    /// Before the first life of the source.
    #[must_use]
    pub fn new(now: Timestamp, ledger: Ledger) -> Self {
        Self {
            heartbeat: Heartbeat::default(),
            link: Mutex::new((LinkState::Connecting, now)),
            stages: Mutex::default(),
            ledger,
            legacy: Mutex::default(),
            stages_ns: AtomicU64::new(0),
            spool_ns: AtomicU64::new(0),
        }
    }

    /// A state that is entered again keeps its since.
    fn entered(&self, link: &LinkState, now: Timestamp) {
        let mut known = self.link.lock().unwrap_or_else(PoisonError::into_inner);
        let since = if std::mem::discriminant(&known.0) == std::mem::discriminant(link) { known.1 } else { now };
        *known = (link.clone(), since);
    }
}

/// A pipeline, made anew for every life of its source.
#[derive(Debug)]
pub struct Pipeline {
    pub clock: Clock,
    pub stages: Stages,
    pub events: mpsc::Receiver<SourceEvent>,
    /// What applications ask of its devices; closed where it has none.
    pub heard: mpsc::Receiver<Heard>,
    /// Its devices, for those who listen for them.
    pub devices: watch::Sender<Devices>,
    /// What of it stands on faces, for them; told before the values.
    pub exposed: watch::Sender<Arc<Exposed>>,
    /// Where it keeps states, for those who look for what an earlier run left there.
    pub shelves: watch::Sender<Shelves>,
    pub spool: Spool,
    /// Cancelled when the source is to stop; one that ends without has failed.
    pub stop: CancellationToken,
    /// What this gateway wrote may come back; which slots may be written.
    pub echoes: Echoes,
    pub written: Vec<(u32, String)>,
    pub commands: Arc<CommandFacts>,
    pub entrance: Entrance,
    /// Where refused messages go: nothing of a batch is acknowledged before what was refused of it is there.
    pub quarantine: Writer,
    pub facts: Arc<PipelineFacts>,
    pub log: fn(&Finding),
}

fn show<T: PartialEq>(shown: &watch::Sender<T>, now: T) {
    shown.send_if_modified(|known| {
        let is_new = *known != now;
        *known = now;
        is_new
    });
}

/// An idle pipeline gives a sign of life this often.
const BEAT: Duration = Duration::from_secs(1);

impl Pipeline {
    /// Runs until its source ends and everything it said is in the spool; `give_up` ends it at once.
    pub async fn run(mut self, give_up: CancellationToken) -> Ended {
        let mut out = Outbox::default();
        let mut facts_at = Duration::ZERO;
        if !self.take_over(&mut out, &give_up).await {
            return Ended::Stopped;
        }
        let mut told = None;
        loop {
            let now = self.clock.now();
            self.facts.heartbeat.beat(now.monotonic);
            if now.monotonic >= facts_at {
                facts_at = now.monotonic + BEAT;
                self.publish_facts();
                self.check_account();
            }
            let wait = self.stages.next_tick().map_or(BEAT, |at| at.saturating_sub(now.monotonic).min(BEAT));
            let mut heard = None;
            let event = tokio::select! {
                biased;
                () = give_up.cancelled() => return Ended::Stopped,
                event = self.events.recv() => Some(event),
                Some(one) = self.heard.recv() => {
                    heard = Some(one);
                    None
                }
                () = tokio::time::sleep(wait) => None,
            };
            let now = self.clock.now();
            // One question after each event, so that neither side keeps the other waiting.
            if let Some(heard) = heard.or_else(|| self.heard.try_recv().ok()) {
                self.stages.on_heard(&heard, now, &mut out);
                self.pass_on_sets(&mut out);
            }
            let is_last = matches!(event, Some(None));
            let changes_legacy = is_last || matches!(event, Some(Some(SourceEvent::Found(_) | SourceEvent::Link(_))));
            if let Some(Some(mut event)) = event {
                self.mark_echoes(&mut event);
                if let SourceEvent::Link(link) = &event {
                    self.facts.entered(link, now.wall);
                    if let Some(finding) = news(link, &mut told) {
                        (self.log)(finding);
                    }
                }
                self.stages.on_event(event, now, &mut out);
            }
            if is_last {
                self.stages.on_end(self.stop.is_cancelled(), now, &mut out);
            } else if self.stages.next_tick().is_some_and(|at| at <= now.monotonic) {
                self.stages.on_tick(now, &mut out);
            }
            self.count(&self.facts.stages_ns, now);
            if changes_legacy {
                *self.facts.legacy.lock().unwrap_or_else(PoisonError::into_inner) = Some(self.stages.legacy());
                self.show_devices();
                self.show_exposed();
            }
            if !self.deliver(&mut out, &give_up).await {
                return Ended::Stopped;
            }
            self.facts.ledger.close(&self.stages, &self.spool);
            if is_last {
                self.publish_facts();
                self.check_account();
                return Ended::Stopped;
            }
        }
    }

    /// What may be set goes the way of all commands; where none is taken, that is the answer.
    fn pass_on_sets(&mut self, out: &mut Outbox) {
        for sets in std::mem::take(&mut out.sets) {
            if let Err(sets) = self.entrance.set(sets) {
                self.stages.refuse_sets(&sets, out);
            }
        }
    }

    /// A value that came back after this gateway wrote it says so wherever it goes.
    fn mark_echoes(&mut self, event: &mut SourceEvent) {
        match event {
            SourceEvent::Found(discovery) => self.written = self.echoes.slots(self.stages.source(), discovery),
            SourceEvent::Batch(batch) if !self.written.is_empty() => {
                let found = self.echoes.mark(self.stages.source(), &self.written, batch);
                self.commands.echoes.fetch_add(found, Ordering::Relaxed);
            }
            _ => {}
        }
    }

    /// Goes on where an earlier life of this source ended, if there was one; `false` when told to give up.
    async fn take_over(&mut self, out: &mut Outbox, give_up: &CancellationToken) -> bool {
        let legacy = self.facts.legacy.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(legacy) = legacy else { return true };
        let (totals, lost) = self.facts.ledger.open(&self.spool);
        self.stages.take_over(totals, &lost, legacy, self.clock.now(), out);
        self.deliver(out, give_up).await
    }

    /// Hands over what the stages made; `false` when told to give up while waiting for room.
    async fn deliver(&self, out: &mut Outbox, give_up: &CancellationToken) -> bool {
        let began = self.clock.now();
        for finding in out.findings.drain(..) {
            (self.log)(&finding);
        }
        for quarantined in out.quarantined.drain(..) {
            let flow = quarantined.flow.clone();
            match self.patiently(self.quarantine.put(quarantined), give_up).await {
                None => return false,
                Some(true) => {}
                // It was told, and the source does not wait for ever.
                Some(false) => self.quarantine.lose(&flow),
            }
        }
        for mut transaction in out.transactions.drain(..) {
            transaction.source = Some(self.stages.source());
            match self.patiently(self.spool.reserve(&transaction), give_up).await {
                None => return false,
                Some(Ok(permit)) => self.spool.append(permit, transaction),
                Some(Err(full)) => {
                    let finding = Finding::error("QIAO-R006", "limits.memory");
                    (self.log)(&finding.with("bytes", full.bytes).with("limit", full.limit));
                    self.spool.refuse(transaction);
                }
            }
        }
        self.count(&self.facts.spool_ns, began);
        true
    }

    /// Waits for room or for the disk, which is not being dead; `None` when told to give up.
    async fn patiently<T>(&self, what: impl Future<Output = T>, give_up: &CancellationToken) -> Option<T> {
        let mut what = std::pin::pin!(what);
        loop {
            tokio::select! {
                biased;
                () = give_up.cancelled() => return None,
                found = &mut what => return Some(found),
                () = tokio::time::sleep(BEAT) => self.facts.heartbeat.beat(self.clock.now().monotonic),
            }
        }
    }

    fn count(&self, counter: &AtomicU64, since: Now) {
        let spent = self.clock.now().monotonic.saturating_sub(since.monotonic);
        counter.fetch_add(u64::try_from(spent.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    fn show_devices(&self) {
        show(&self.devices, self.stages.devices());
        show(&self.shelves, self.stages.shelves());
    }

    fn show_exposed(&self) {
        let exposed = self.stages.exposed();
        self.exposed.send_if_modified(|known| {
            let is_new = **known != exposed;
            if is_new {
                *known = Arc::new(exposed);
            }
            is_new
        });
    }

    /// Says which flow's account does not come out, when that changes; health says it as long as it is so.
    fn check_account(&self) {
        for (flow, imbalance) in self.facts.ledger.news(&self.spool) {
            let name = self.stages.flow_name(flow);
            if imbalance == 0 {
                tracing::info!(flow = name, "the account of the flow comes out again");
            } else {
                (self.log)(&facts::imbalance(name, imbalance));
            }
        }
    }

    fn publish_facts(&self) {
        *self.facts.stages.lock().unwrap_or_else(PoisonError::into_inner) = Some(self.stages.status());
    }
}

/// Why there is no link, when it is another reason than at the attempt before: a server that is away for a night is told
/// once, not at every attempt.
fn news<'a>(link: &'a LinkState, told: &mut Option<Code>) -> Option<&'a Finding> {
    match link {
        LinkState::Connecting => None,
        LinkState::Connected => {
            *told = None;
            None
        }
        LinkState::Lost(finding) | LinkState::Refused(finding) => {
            let is_news = told.as_ref() != Some(&finding.code);
            *told = Some(finding.code.clone());
            is_news.then_some(finding)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_without_a_link_is_told_once_until_it_changes_or_the_link_was_there() {
        let refused = |code| LinkState::Refused(Box::new(Finding::error(code, "lathe")));
        let lost = |code| LinkState::Lost(Box::new(Finding::error(code, "lathe")));
        let table = [
            (LinkState::Connecting, None),
            (lost("QIAO-O001"), Some("QIAO-O001")),
            (LinkState::Connecting, None),
            (lost("QIAO-O001"), None),
            (refused("QIAO-O006"), Some("QIAO-O006")),
            (refused("QIAO-O006"), None),
            (LinkState::Connected, None),
            (lost("QIAO-O020"), Some("QIAO-O020")),
        ];
        let mut told = None;
        for (link, expected) in table {
            assert_eq!(news(&link, &mut told).map(|finding| finding.code.0.as_ref()), expected, "{link:?}");
        }
    }
}
