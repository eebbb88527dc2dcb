//! What all streams of one source work with: the tape, the counters, who was told what.

use super::bridge::Onward;
use super::count::FlowTotals;
use super::outbox::Outbox;
use super::repeats::{Key, Repeats};
use crate::assemble::frame::Written;
use crate::codec::Tape;
use crate::finding::{Finding, Language};
use crate::model::{Now, Quarantined};
use std::hash::Hash;
use std::time::Duration;

/// Shared by the streams of one source; one message is made at a time.
#[derive(Debug)]
pub(super) struct Bench {
    /// Name of the gateway, which publishes.
    pub(super) gateway: String,
    /// Name of the source's connection.
    pub(super) source: String,
    pub(super) language: Language,
    /// By index of the flow in the plan.
    pub(super) totals: Vec<FlowTotals>,
    pub(super) tape: Tape,
    pub(super) written: Written,
    pub(super) repeats: Repeats<Told>,
    pub(super) onward: Onward,
    /// The values of the message that is handed over, where it does not leave as text.
    pub(super) record: Vec<u8>,
    /// Number of the batch that is being taken, or was taken last.
    pub(super) batch: u64,
    /// What is taken now was sent before by its broker.
    pub(super) is_repeated: bool,
    /// Number of the oldest batch of which the image of a translated source held a value when the event began.
    pub(super) floor: Option<u64>,
}

/// What was told, to be told again with a number.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) finding: Finding,
    /// Without its message, which only the first one shows.
    pub(super) quarantined: Option<Quarantined>,
}

impl Bench {
    /// Tells a finding when it is new, and counts it otherwise.
    pub(super) fn tell(&mut self, key: Key, now: Now, out: &mut Outbox, make: impl FnOnce() -> Finding) {
        let mut new = None;
        self.repeats.is_new(key, now.monotonic, || {
            let finding = make();
            new = Some(finding.clone());
            Told { finding, quarantined: None }
        });
        out.findings.extend(new);
    }

    /// Tells a finding and puts a message into quarantine when this is new, and counts it otherwise.
    pub(super) fn quarantine(
        &mut self,
        key: Key,
        now: Now,
        out: &mut Outbox,
        make: impl FnOnce(&[u8]) -> (Finding, Quarantined),
    ) {
        let (mut new, tape) = (None, &self.tape);
        self.repeats.is_new(key, now.monotonic, || {
            let (finding, quarantined) = make(tape.as_bytes());
            let without_message = Quarantined { message: String::new(), is_base64: false, ..quarantined.clone() };
            new = Some((finding.clone(), quarantined));
            Told { finding, quarantined: Some(without_message) }
        });
        if let Some((finding, quarantined)) = new {
            out.findings.push(finding);
            out.quarantined.push(quarantined);
        }
    }

    /// Tells what was repeated, as far as it is due; all of it when `now` is `None`.
    pub(super) fn summarise(&mut self, due: Option<Duration>, wall: &str, out: &mut Outbox) {
        let repeated = match due {
            Some(now) => self.repeats.due(now),
            None => self.repeats.drain(),
        };
        for (told, count) in repeated {
            let Told { finding, quarantined } = told;
            let again = Finding::new("QIAO-V230", finding.severity, finding.place.clone());
            let again = again.with("code", &finding.code.0).with("count", count);
            out.findings.push(again.with("text", finding.text(self.language)));
            out.quarantined.extend(quarantined.map(|quarantined| Quarantined {
                count,
                time: wall.to_owned(),
                ..quarantined
            }));
        }
        let untold = self.repeats.take_untold();
        if untold > 0 {
            out.findings.push(Finding::warning("QIAO-V231", self.source.clone()).with("count", untold));
        }
    }

    /// The counters of a flow.
    pub(super) fn totals(&mut self, flow: u16) -> &mut FlowTotals {
        let at = usize::from(flow);
        if self.totals.len() <= at {
            self.totals.resize(at + 1, FlowTotals::default());
        }
        &mut self.totals[at]
    }
}

/// A key for [`Bench::tell`].
pub(super) fn key(code: &'static str, stream: u32, what: impl Hash) -> Key {
    Key::new(code, stream, what)
}
