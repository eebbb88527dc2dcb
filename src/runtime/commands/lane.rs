//! One command after the other to one target: decided on what the machine holds now, journalled, sent once, answered.

use super::intake::{Waiting, refused_of};
use super::machine::Seen;
use super::{Life, breaker_file, told};
use crate::config::plan::{WritePlan, WriteTarget};
use crate::finding::Finding;
use crate::guard::{Admitted, Body, Facts, Outcome, OutcomeKind, Permit, Refusal, Verdict};
use crate::journal::{NotBegun, Ticket};
use crate::model::Now;
use crate::runtime::clock_watch;
use crate::runtime::facts::SourceCounters;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// An admitted command on its way.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) entry: usize,
    pub(super) admitted: Admitted,
    pub(super) waiting: Waiting,
}

/// Why a command is not sent.
enum NotSent {
    Refused(Refusal),
    /// It was decided before.
    Repeat(Outcome),
}

impl std::convert::From<Refusal> for NotSent {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Carries out what comes, until nothing more can.
pub(super) async fn run(life: Arc<Life>, mut jobs: mpsc::Receiver<Job>) {
    loop {
        let job = tokio::select! {
            biased;
            () = life.stop.cancelled() => break,
            job = jobs.recv() => job,
        };
        match job {
            Some(job) => life.carry_out(job).await,
            None => return,
        }
    }
    jobs.close();
    while let Some(job) = jobs.recv().await {
        let command = job.admitted.command();
        life.refuse(job.entry, Some(command), refused_of(command, Refusal::Stopping), job.waiting).await;
    }
}

impl Life {
    async fn carry_out(&self, job: Job) {
        let Job { entry, admitted, mut waiting } = job;
        let plan = Arc::clone(self.plan());
        let Some(write) = plan.writes.entries.get(entry) else { return };
        let (command, sender) = (admitted.command().clone(), admitted.actor().name.clone());
        let id = command.id;
        let deadline = self.deadline(write, &admitted);
        let begun = self.begin_one(entry, write, admitted, &waiting).await;
        let ticket = match begun {
            Ok(ticket) => ticket,
            Err(NotSent::Refused(refusal)) => {
                return self.refuse(entry, Some(&command), refused_of(&command, refusal), waiting).await;
            }
            Err(NotSent::Repeat(outcome)) => return self.answer(waiting, Some(&id), &outcome).await,
        };
        // It lies on disk: the broker need not send it again.
        self.taken(waiting.owed.take()).await;
        self.facts.commands.begun(entry);
        let outcome = self.execute(write, ticket.permit(), deadline).await;
        let now = self.facts.clock.now().wall;
        let ended = outcome.clone();
        self.recorded(self.record.with(move |journal| journal.end(ticket, &ended, now)).await);
        self.facts.commands.ended(entry);
        self.facts.commands.outcome(entry, Some(id.to_string()), Some(sender), &outcome, now);
        self.answer(waiting, Some(&id), &outcome).await;
    }

    /// By when it must be sent, by the monotonic clock.
    fn deadline(&self, write: &WritePlan, admitted: &Admitted) -> Duration {
        let command = admitted.command();
        let now = self.facts.clock.now();
        let age = u64::try_from(now.wall.0.saturating_sub(command.issued.0)).unwrap_or(0);
        let ttl = command.ttl.map_or(write.ttl, |ttl| ttl.min(write.ttl));
        now.monotonic + ttl.saturating_sub(Duration::from_nanos(age.saturating_mul(100)))
    }

    /// Looks, decides, and writes down that it is about to be sent.
    async fn begin_one(
        &self,
        entry: usize,
        write: &WritePlan,
        admitted: Admitted,
        waiting: &Waiting,
    ) -> Result<Ticket, NotSent> {
        if self.facts.commands.is_breaker_open(entry) {
            return Err(self.loop_stopped(write).into());
        }
        let needs = admitted.needs();
        let seen = self.look(write, needs).await?;
        let id = admitted.command().id;
        let facts = self.facts_of(write, seen);
        let verdict = self.guard().decide(admitted, &facts);
        let permit = match verdict {
            Verdict::Go(permit) => permit,
            Verdict::Refuse(refusal) => return Err(refusal.into()),
            Verdict::Repeat(outcome) => return Err(NotSent::Repeat(outcome)),
        };
        let now = self.facts.clock.now();
        if self.facts.echoes.makes_loop(&write.to.key()) {
            self.stop_loop(entry, write, now).await;
            return Err(self.loop_stopped(write).into());
        }
        let (target, name, reply_to) = (write.to.clone(), write.name.clone(), waiting.reply_to.clone());
        let begun = self.record.with(move |journal| journal.begin(permit, &target, &name, reply_to, now.wall));
        match begun.await {
            Some(Ok(ticket)) => Ok(ticket),
            // It came twice, and the other was sooner.
            Some(Err(NotBegun::Known)) => {
                let known = self.record.with(move |journal| journal.known(&id)).await.flatten();
                match known.and_then(|known| known.outcome) {
                    Some(outcome) => Err(NotSent::Repeat(outcome)),
                    None => Err(NotBegun::Known.refusal(&id).into()),
                }
            }
            Some(Err(not_begun)) => {
                if let NotBegun::Disk(error) = &not_begun {
                    self.is_broken(&error.to_string());
                }
                Err(not_begun.refusal(&id).into())
            }
            None => Err(Refusal::NotRecorded.into()),
        }
    }

    fn facts_of(&self, write: &WritePlan, seen: Seen) -> Facts {
        let now = self.facts.clock.now();
        Facts {
            now,
            clock_off: self.clock_off(write.to.connection(), now),
            is_switched_off: self.facts.commands.is_switched_off(),
            is_recorded: self.facts.commands.is_recorded(),
            is_connected: seen.is_connected,
            connection: self.connection_name(write.to.connection()),
            kinds: seen.kinds,
            present: seen.present,
            interlock: seen.interlock,
        }
    }

    /// How far this clock is from that of the machine's server; one that was never set is far off.
    fn clock_off(&self, connection: u16, now: Now) -> Option<Duration> {
        if clock_watch::is_unset(now) {
            return Some(Duration::MAX);
        }
        match &self.facts.sources.get(&connection)?.counters {
            SourceCounters::OpcUa(counters) => {
                counters.skew.get().map(|skew| Duration::from_millis(skew.unsigned_abs()))
            }
            SourceCounters::Mqtt(_) => None,
        }
    }

    async fn execute(&self, write: &WritePlan, permit: &Permit, deadline: Duration) -> Outcome {
        let command = permit.command();
        let execution = async {
            match (&write.to, &command.body) {
                (WriteTarget::Node { connection, node }, Body::Value(value)) => {
                    let echo = self.facts.echoes.expect(*connection, node, value);
                    let outcome = self.write(*connection, node, value, write.read_back, deadline).await;
                    if outcome.kind == OutcomeKind::Refused {
                        self.facts.echoes.withdraw(echo);
                    }
                    outcome
                }
                (WriteTarget::Method { connection, object, method }, Body::Arguments(arguments)) => {
                    self.call(*connection, object, method, arguments, deadline).await
                }
                (WriteTarget::Topic { .. } | WriteTarget::NcLink { .. }, _) => {
                    self.relay(write, command, deadline).await
                }
                // The guard types a command as its entry says.
                _ => Refusal::NotReadable { fault: "other than the entry", at: 0 }.outcome(),
            }
        };
        tokio::select! {
            biased;
            outcome = execution => outcome,
            () = self.give_up.cancelled() => Outcome::unknown("QIAO-W059", &[]),
        }
    }

    fn loop_stopped(&self, write: &WritePlan) -> Refusal {
        let file = breaker_file(&self.plan().gateway.data_dir, &write.name);
        Refusal::LoopStopped { file: file.display().to_string() }
    }

    /// Opens the breaker, for good: the file stays when this process ends, and a human takes it away.
    async fn stop_loop(&self, entry: usize, write: &WritePlan, now: Now) {
        let file = breaker_file(&self.plan().gateway.data_dir, &write.name);
        let text = format!("{} {}\n", now.wall, Finding::error("QIAO-W055", &write.name).code.0);
        let made = async {
            if let Some(folder) = file.parent() {
                tokio::fs::create_dir_all(folder).await?;
            }
            tokio::fs::write(&file, text).await
        };
        if let Err(error) = made.await {
            // It is open in this process all the same.
            tracing::error!(file = %file.display(), %error, "the file of an open breaker cannot be written");
        }
        self.facts.commands.breaker(entry, Some(now.wall));
        (self.log)(&told::open_breaker(self.plan(), &write.name));
    }
}
