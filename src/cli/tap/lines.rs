//! Everything heard, one line each, for a pipe or a file. Whoever reads too slowly makes the source wait.

use super::Outcome;
use super::fields::{Fields, Input, Rate};
use super::glob::any;
use super::line::{self, Made, Seen};
use crate::cli::Face;
use crate::codec::Tape;
use crate::finding::Finding;
use crate::model::Batch;
use crate::port::LinkState;
use crate::runtime::tap::Heard;
use serde_json::json;
use std::io::{self, Write as _};
use std::os::fd::AsFd as _;
use std::time::Duration;
use tokio::io::Interest;
use tokio::net::unix::pipe;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

/// Pieces of output that wait for the reader.
const PIECES: usize = 4;
/// Findings that wait for the next message of their machine; all of them are told when they come.
const SAID: usize = 64;
/// For the last lines, when told to stop: a reader that takes nothing does not hold us up.
const LAST: Duration = Duration::from_secs(1);

/// Standard output on a thread of its own: a reader that takes nothing must not hold up a signal.
struct Writer {
    pieces: mpsc::Sender<Vec<u8>>,
    ended: oneshot::Receiver<io::Result<()>>,
}

impl Writer {
    fn start() -> Self {
        let (pieces, mut waiting) = mpsc::channel::<Vec<u8>>(PIECES);
        let (tell, ended) = oneshot::channel();
        std::thread::spawn(move || {
            let mut write = || {
                while let Some(piece) = waiting.blocking_recv() {
                    let mut out = io::stdout().lock();
                    out.write_all(&piece)?;
                    out.flush()?;
                }
                Ok(())
            };
            let written = write();
            drop(waiting);
            // Nobody may be waiting any more.
            let _ = tell.send(written);
        });
        Self { pieces, ended }
    }

    /// Ends well when the reader went away (`qiao tap … | head`).
    async fn finish(self, last: String) -> io::Result<()> {
        let finish = async {
            // A reader that went away needs no last line.
            let _ = self.pieces.send(last.into_bytes()).await;
            drop(self.pieces);
            match self.ended.await {
                Ok(Err(error)) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
                _ => Ok(()),
            }
        };
        tokio::time::timeout(LAST, finish).await.unwrap_or(Ok(()))
    }
}

/// Returns when nobody reads standard output any more, also while there is nothing to write. A file has no reader.
async fn reader_gone() {
    // It is never written to through this one, so it need not be non-blocking.
    let watched = io::stdout().as_fd().try_clone_to_owned().and_then(pipe::Sender::from_owned_fd_unchecked);
    if let Ok(watched) = watched
        && watched.ready(Interest::ERROR).await.is_ok()
    {
        return;
    }
    std::future::pending().await
}

/// What is counted.
#[derive(Default)]
struct Tally {
    /// Values or messages heard, and of them shown.
    heard: u64,
    shown: u64,
    /// Values of machines and fields that were found anew meanwhile.
    stale: u64,
    gaps: u64,
}

struct Lines<'a> {
    input: Input,
    face: &'a Face,
    fields: Fields,
    rates: Vec<Rate>,
    tape: Tape,
    tally: Tally,
    /// `u64::MAX`: no end.
    most: u64,
    /// What the stages said of machines since their last messages.
    said: Vec<Finding>,
    outcome: Outcome,
    is_over: bool,
}

/// Shows what is heard until `stop`, until so many matched, until the reader goes away, or until there is no link to begin
/// with.
///
/// # Errors
/// Standard output cannot be written, for another reason than that nobody reads it.
pub(super) async fn show(
    input: Input,
    mut heard: mpsc::Receiver<Heard>,
    most: Option<u64>,
    face: &Face,
    stop: &CancellationToken,
) -> io::Result<Outcome> {
    let writer = Writer::start();
    let mut lines = Lines {
        input,
        face,
        fields: Fields::default(),
        rates: Vec::new(),
        tape: Tape::default(),
        tally: Tally::default(),
        most: most.unwrap_or(u64::MAX),
        said: Vec::new(),
        outcome: Outcome::default(),
        is_over: false,
    };
    let mut gone = std::pin::pin!(reader_gone());
    loop {
        let next = tokio::select! {
            biased;
            () = stop.cancelled() => break,
            () = writer.pieces.closed() => {
                lines.outcome.is_left = true;
                break;
            }
            () = &mut gone => {
                lines.outcome.is_left = true;
                break;
            }
            next = heard.recv() => next,
        };
        let Some(next) = next else { break };
        let text = lines.take(next);
        if !text.is_empty() {
            tokio::select! {
                biased;
                () = stop.cancelled() => break,
                () = &mut gone => {
                    lines.outcome.is_left = true;
                    break;
                }
                sent = writer.pieces.send(text.into_bytes()) => if sent.is_err() {
                    lines.outcome.is_left = true;
                    break;
                },
            }
        }
        if lines.is_over {
            break;
        }
    }
    // From here on nobody waits for us.
    drop(heard);
    let last = lines.end();
    writer.finish(last).await?;
    Ok(lines.outcome)
}

impl Lines<'_> {
    fn take(&mut self, heard: Heard) -> String {
        match heard {
            Heard::Link(link) => self.link(&link),
            Heard::Found(discovery) => {
                let Input { plan, connection, filter, .. } = &self.input;
                self.fields = Fields::new(&discovery, plan, connection, filter);
                let carries_on = discovery.carries_on.is_some();
                if !carries_on {
                    self.rates.clear();
                }
                self.rates.resize(discovery.items.len(), Rate::default());
                let shown = self.fields.by_slot.iter().flatten().count();
                let (machines, items) = (discovery.machines.len(), discovery.items.len());
                if self.face.json {
                    let line = json!({ "what": "found", "machines": machines, "fields": items, "matching": shown });
                    return format!("{line}\n");
                }
                let facts = [("machines", machines), ("fields", items), ("matching", shown)];
                let facts = facts.map(|(name, count)| (name, count.to_string()));
                let facts: Vec<(&str, &str)> = facts.iter().map(|(name, count)| (*name, count.as_str())).collect();
                format!("{}\n", self.face.text("tap-found", &facts))
            }
            Heard::Values(batch) => self.values(&batch),
            Heard::Message(message) => {
                let machine = message.machine.clone().unwrap_or_default();
                let about =
                    |finding: &Finding| finding.arguments.iter().any(|(name, id)| *name == "machine" && *id == machine);
                let (said, others) = std::mem::take(&mut self.said).into_iter().partition(about);
                self.said = others;
                self.made(&Made::published(&message, &said), &machine)
            }
            Heard::Refused(quarantined) => {
                let machine = quarantined.machine.clone();
                self.made(&Made::refused(&quarantined), &machine)
            }
            Heard::Gap(gap) => {
                self.tally.gaps += 1;
                line::finding(&gap.finding, self.face)
            }
            Heard::Finding(finding) => {
                let text = line::finding(&finding, self.face);
                if self.said.len() < SAID {
                    self.said.push(finding);
                }
                text
            }
            Heard::Arrived(message) => {
                self.tally.heard += 1;
                let topic = String::from_utf8_lossy(&message.topic);
                if !any(self.input.filter.machine.as_ref(), &[&topic]) {
                    return String::new();
                }
                let verdict = self.input.judge.judge(&message);
                self.outcome.is_invalid |= verdict.as_ref().is_some_and(|verdict| verdict.is_invalid());
                let (now, field) = (self.input.clock.now().wall, self.input.filter.field.as_ref());
                let text = line::arrived(&message, verdict.as_ref(), now, field, self.face);
                self.shown(text)
            }
        }
    }

    fn made(&mut self, made: &Made<'_>, machine: &str) -> String {
        self.tally.heard += 1;
        if !any(self.input.filter.machine.as_ref(), &[machine]) {
            return String::new();
        }
        let text = line::made(made, self.input.filter.field.as_ref(), self.face);
        self.shown(text)
    }

    fn shown(&mut self, text: Option<String>) -> String {
        self.tally.shown += u64::from(text.is_some());
        self.is_over = self.tally.shown >= self.most;
        text.unwrap_or_default()
    }

    fn values(&mut self, batch: &Batch) -> String {
        let mut text = String::new();
        let now = self.input.clock.now().monotonic;
        let is_stale = batch.epoch != self.fields.epoch;
        for sample in &batch.samples {
            self.tally.heard += 1;
            if is_stale {
                self.tally.stale += 1;
                continue;
            }
            let Some(field) = self.fields.of(sample.slot) else { continue };
            let Some(rate) = self.rates.get_mut(sample.slot as usize) else { continue };
            rate.add(now);
            let seen = Seen {
                connection: &self.input.connection,
                field,
                sample,
                arena: &batch.arena,
                received: batch.received,
                rate: rate.per_second(now),
            };
            text += &line::value(&mut self.tape, seen, self.face);
            self.tally.shown += 1;
            if self.tally.shown >= self.most {
                self.is_over = true;
                break;
            }
        }
        text
    }

    /// There is nothing to wait for when there never was a link: the reason is told, and that is all.
    fn link(&mut self, link: &LinkState) -> String {
        let (state, reason) = match link {
            LinkState::Connecting => ("connecting", None),
            LinkState::Connected => ("connected", None),
            LinkState::Lost(reason) => ("lost", Some(reason)),
            LinkState::Refused(reason) => ("refused", Some(reason)),
        };
        self.outcome.was_linked |= *link == LinkState::Connected;
        self.is_over |= reason.is_some() && !self.outcome.was_linked;
        if self.face.json {
            let reason = reason.map(|finding| self.face.finding_as_json(finding));
            let line = json!({ "what": "link", "connection": self.input.connection, "state": state, "reason": reason });
            return format!("{line}\n");
        }
        reason.map(|finding| line::finding(finding, self.face)).unwrap_or_default()
    }

    /// What was shown, and what was not.
    fn end(&self) -> String {
        let Tally { heard, shown, stale, gaps } = self.tally;
        let overflows = self.input.counters.overflows.get();
        let others = heard.saturating_sub(shown + stale);
        if self.face.json {
            let line = json!({ "what": "end", "heard": heard, "shown": shown, "filtered": others, "stale": stale,
                               "gaps": gaps, "overflows": overflows });
            return format!("{line}\n");
        }
        let facts =
            [("heard", heard), ("shown", shown), ("filtered", others), ("stale", stale), ("lost", gaps + overflows)];
        let facts = facts.map(|(name, count)| (name, count.to_string()));
        let facts: Vec<(&str, &str)> = facts.iter().map(|(name, count)| (*name, count.as_str())).collect();
        format!("{}\n", self.face.text("tap-end", &facts))
    }
}
