//! The live view of the demo: what the machines do, what flows, what was not let through.
//!
//! Values shown are those that were published: they are read out of the newest message on each machine's topic, at the
//! places where the profile's mapping puts the concepts below. Drawn by [`screen`] on a terminal, as plain lines elsewhere.

pub(super) mod screen;
#[cfg(test)]
mod tests;
mod value;

use super::Face;
use crate::config::plan::Plan;
use crate::finding::{Code, Finding, Severity, visible};
use crate::mqtt::tap::Tap;
use crate::profile::Profile;
use crate::runtime::status::{ConnectionState, MachineStatus, Status};
use crate::spool::quarantine::{self, Entry};
use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

/// What is shown of a machine, in this order: concept of the hub, id of its label, unit.
const SHOWN: [(&str, &str, &str); 8] = [
    ("machine.item-state", "live-item-state", ""),
    ("machine.operation-mode", "live-operation-mode", ""),
    ("program.name", "live-program", ""),
    ("program.state", "live-program-state", ""),
    ("channel.feed-override", "live-feed", " %"),
    ("spindle.override", "live-spindle", " %"),
    ("spindle.is-rotating", "live-rotating", ""),
    ("machine.parts-produced", "live-parts", ""),
];
/// Rates are means over this time: sources publish in bursts.
const WINDOW: Duration = Duration::from_secs(3);
/// Machines beyond this many are only counted.
const MACHINES_MAX: usize = 8;

/// How a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Plain,
    Strong,
    Good,
    Bad,
    Quiet,
}

/// A line of pieces.
pub(super) type Line = Vec<(Tone, String)>;

/// Everything the view is made of.
pub(super) struct Live<'a> {
    plan: &'a Plan,
    status: &'a (dyn Fn() -> Status + Sync),
    tap: &'a Tap,
    face: Face,
    /// Of the last [`WINDOW`], oldest first.
    counts: VecDeque<Counts>,
    /// Messages that were not let through when the quarantine was last read.
    read_at: u64,
    newest_refused: Option<Entry>,
}

/// What rates are made of.
#[derive(Clone, Copy, Debug)]
struct Counts {
    at: Duration,
    values: u64,
    messages: u64,
    quarantined: u64,
}

/// The view at one moment.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) machines: Vec<Machine>,
    /// Machines that are not shown.
    pub(super) more: usize,
    links: Line,
    flow: Line,
    refused: Option<String>,
    /// Messages that were not let through since the start.
    pub(super) quarantined: u64,
}

#[derive(Debug)]
pub(super) struct Machine {
    name: String,
    is_online: bool,
    /// Label and value.
    values: Vec<(String, String)>,
}

impl<'a> Live<'a> {
    pub(super) fn new(plan: &'a Plan, status: &'a (dyn Fn() -> Status + Sync), tap: &'a Tap, face: Face) -> Self {
        Self { plan, status, tap, face, counts: VecDeque::new(), read_at: 0, newest_refused: None }
    }

    /// Messages that were not let through since the start.
    pub(super) fn quarantined(&self) -> u64 {
        (self.status)().flows.iter().map(|flow| flow.quarantined_messages).sum()
    }

    /// The view now; `at`: time since any fixed moment.
    pub(super) fn frame(&mut self, at: Duration) -> Frame {
        let status = (self.status)();
        let counts = Counts {
            at,
            values: status.flows.iter().map(|flow| flow.received_values).sum(),
            messages: self.tap.messages(),
            quarantined: status.flows.iter().map(|flow| flow.quarantined_messages).sum(),
        };
        // The one before the window stays: frames may be further apart than that.
        while self.counts.get(1).is_some_and(|next| at.saturating_sub(next.at) > WINDOW) {
            self.counts.pop_front();
        }
        self.counts.push_back(counts);
        let before = self.counts.front().copied().unwrap_or(counts);
        if counts.quarantined != self.read_at {
            self.read_at = counts.quarantined;
            // What cannot be read is shown by `qiao quarantine`, with its error.
            let listing = quarantine::read(&self.plan.gateway.data_dir).unwrap_or_default();
            self.newest_refused = listing.entries.into_iter().next_back();
        }
        let (machines, more) = self.machines(&status);
        Frame {
            machines,
            more,
            links: self.links(&status),
            flow: self.flow(&status, before, counts),
            refused: self.newest_refused.as_ref().map(|entry| self.reason(entry)),
            quarantined: counts.quarantined,
        }
    }

    /// Every machine once, with the first of its topics that shows something.
    fn machines(&self, status: &Status) -> (Vec<Machine>, usize) {
        let mut nodes: Vec<&str> = status.machines.iter().map(|machine| machine.node.as_str()).collect();
        nodes.sort_unstable();
        nodes.dedup();
        let more = nodes.len().saturating_sub(MACHINES_MAX);
        let shown = nodes.into_iter().take(MACHINES_MAX).map(|node| {
            let rows = status.machines.iter().filter(|machine| machine.node == node);
            let values = rows.clone().map(|machine| self.values(machine)).find(|values| !values.is_empty());
            let name = node.rsplit(['=', '/']).next().unwrap_or(node);
            Machine {
                name: visible(name).into_owned(),
                is_online: rows.clone().any(|machine| machine.is_online),
                values: values.unwrap_or_default(),
            }
        });
        (shown.collect(), more)
    }

    fn values(&self, machine: &MachineStatus) -> Vec<(String, String)> {
        let Some(profile) = self.profile(machine) else { return Vec::new() };
        let Some(payload) = self.tap.newest(&machine.topic) else { return Vec::new() };
        let Ok(message) = serde_json::from_slice::<serde_json::Value>(&payload) else { return Vec::new() };
        let found = SHOWN.iter().filter_map(|(concept, label, unit)| {
            let field = profile.mapping.fields.iter().find(|field| field.concept.as_deref() == Some(concept))?;
            let text = value::text(value::find(&message, &field.pointer)?, field.enumeration.as_deref(), &self.face)?;
            Some((self.face.text(label, &[]), format!("{text}{unit}")))
        });
        found.collect()
    }

    fn profile(&self, machine: &MachineStatus) -> Option<&Arc<Profile>> {
        let flow = self.plan.flows.iter().find(|flow| flow.name == machine.flow)?;
        flow.profiles.iter().chain(flow.published()).find(|profile| profile.id() == machine.profile)
    }

    fn links(&self, status: &Status) -> Line {
        let mut line = Vec::new();
        for connection in &status.connections {
            let (tone, word) = match connection.state {
                ConnectionState::Connected => (Tone::Good, "live-connected"),
                ConnectionState::Connecting => (Tone::Quiet, "live-connecting"),
                ConnectionState::Lost => (Tone::Bad, "live-lost"),
                ConnectionState::Refused => (Tone::Bad, "live-refused"),
            };
            line.push((Tone::Strong, visible(&connection.name).into_owned()));
            line.push((tone, self.face.text(word, &[])));
            if let Some(reason) = &connection.reason {
                line.push((Tone::Bad, format!("{} {}", reason.code, visible(&reason.text))));
            }
        }
        line
    }

    fn flow(&self, status: &Status, before: Counts, now: Counts) -> Line {
        let seconds = now.at.saturating_sub(before.at).as_secs_f64();
        let rate = |before: u64, now: u64| {
            let rate = if seconds > 0.0 { now.saturating_sub(before) as f64 / seconds } else { 0.0 };
            format!("{rate:.0}")
        };
        let good: u64 = status.flows.iter().map(|flow| flow.delivered_messages).sum();
        let facts = [
            ("live-values", rate(before.values, now.values), Tone::Plain),
            ("live-messages", rate(before.messages, now.messages), Tone::Plain),
            ("live-good", good.to_string(), Tone::Good),
            (
                "live-quarantined",
                now.quarantined.to_string(),
                if now.quarantined > 0 { Tone::Bad } else { Tone::Plain },
            ),
        ];
        facts.map(|(id, count, tone)| (tone, self.face.text(id, &[("count", &count)]))).into()
    }

    /// The gravest reason of an entry, in the user's language.
    fn reason(&self, entry: &Entry) -> String {
        let quarantined = &entry.quarantined;
        let Some(reason) = quarantined.reasons.first() else { return visible(&quarantined.machine).into_owned() };
        let finding = Finding {
            code: Code(Cow::Owned(reason.code.clone())),
            severity: Severity::Error,
            place: String::new(),
            arguments: Vec::new(),
        };
        let text = if reason.arguments.is_empty() {
            finding.text(self.face.language)
        } else {
            let facts: Vec<_> = reason.arguments.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            self.face.text(&reason.code, &facts)
        };
        format!("{}  {}  {}", reason.code, visible(&reason.pointer), visible(&text))
    }
}

impl Frame {
    /// As lines for a terminal.
    pub(super) fn lines(&self, face: &Face) -> Vec<Line> {
        let mut lines = Vec::new();
        for machine in &self.machines {
            let (tone, word) =
                if machine.is_online { (Tone::Good, "live-online") } else { (Tone::Bad, "live-offline") };
            lines.push(vec![(Tone::Strong, machine.name.clone()), (tone, face.text(word, &[]))]);
            // Four to a line: what it is doing, and with which numbers.
            for half in machine.values.chunks(4) {
                let pieces =
                    half.iter().flat_map(|(label, value)| [(Tone::Quiet, label.clone()), (Tone::Plain, value.clone())]);
                lines.push(std::iter::once((Tone::Plain, "  ".to_owned())).chain(pieces).collect());
            }
        }
        if self.more > 0 {
            lines.push(vec![(Tone::Quiet, face.text("live-more", &[("count", &self.more.to_string())]))]);
        }
        lines.push(self.links.clone());
        lines.push(self.flow.clone());
        if let Some(refused) = &self.refused {
            lines.push(vec![(Tone::Quiet, face.text("live-last", &[])), (Tone::Bad, refused.clone())]);
        }
        lines
    }

    /// As one line for a file: no colours, no cursor.
    pub(super) fn plain(&self, face: &Face) -> String {
        let words = |line: &Line| {
            let words = line.iter().map(|(_, text)| text.trim()).filter(|text| !text.is_empty());
            words.collect::<Vec<_>>().join(" ")
        };
        self.lines(face).iter().map(words).collect::<Vec<_>>().join(" | ")
    }
}
