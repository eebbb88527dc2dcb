//! What comes of the messages at a broker, for a check: listened to for a while, with nothing published and no session kept.

use super::online::{Example, Report};
use super::tap::{Heard, Message, Stage, Tap, TapError};
use crate::config::plan::Plan;
use crate::finding::Finding;
use crate::opcua::Counters;
use crate::port::{Clock, LinkState};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// A broker gives what it keeps at once; a machine that publishes every second is heard, too.
const LISTEN: Duration = Duration::from_secs(3);
/// Things heard that wait.
const HEARD: usize = 16;
/// Findings that are told of one broker.
const FINDINGS: usize = 100;

/// What was heard of the flows of one broker.
struct Listened<'a> {
    report: &'a mut Report,
    /// Flows that are still waited for, by name.
    silent: BTreeSet<String>,
    /// Flow and profile of the messages that are shown.
    shown: BTreeSet<(String, String)>,
    findings: usize,
}

/// Listens to what the flows read from the broker of a connection until each was heard, or for [`LISTEN`]. Of a flow of
/// which nothing was heard this is told.
///
/// # Errors
/// A schema does not compile.
pub(super) async fn listen(
    plan: &Arc<Plan>,
    at: u16,
    report: &mut Report,
    stop: &CancellationToken,
) -> Result<(), TapError> {
    let own = plan.flows.iter().filter(|flow| flow.source == at && flow.input.is_some());
    let silent: BTreeSet<String> = own.map(|flow| flow.name.clone()).collect();
    let mut listened = Listened { report, silent, shown: BTreeSet::new(), findings: 0 };
    let stop = stop.child_token();
    let (plan, counters) = (Arc::clone(plan), Arc::<Counters>::default());
    let tap = Tap { plan, source: at, stage: Stage::Translated, clock: Clock::start(), counters };
    let (sender, mut heard) = mpsc::channel(HEARD);
    let hear = async {
        let end = tokio::time::Instant::now() + LISTEN;
        // The limit has come, or the source has ended.
        while let Ok(Some(next)) = tokio::time::timeout_at(end, heard.recv()).await {
            if listened.take(next) {
                break;
            }
        }
        stop.cancel();
        drop(heard);
    };
    tokio::join!(tap.run(sender, stop.clone()), hear).0?;
    let Listened { report, silent, .. } = listened;
    report.findings.extend(silent.iter().map(|flow| nothing_heard(flow, LISTEN)));
    Ok(())
}

/// Nothing came of a flow while it was listened to for so long.
pub(super) fn nothing_heard(flow: &str, time: Duration) -> Finding {
    Finding::note("QIAO-I013", flow).with("seconds", time.as_secs())
}

impl Listened<'_> {
    /// Whether there is nothing more to wait for.
    fn take(&mut self, heard: Heard) -> bool {
        match heard {
            Heard::Message(message) => self.message(*message),
            // Why stands in a finding of its own.
            Heard::Refused(quarantined) => drop(self.silent.remove(&quarantined.flow)),
            Heard::Link(LinkState::Lost(finding) | LinkState::Refused(finding)) => {
                self.report.is_blind = true;
                self.report.findings.push(*finding);
                return true;
            }
            Heard::Finding(finding) if self.findings < FINDINGS => {
                self.findings += 1;
                self.report.findings.push(finding);
            }
            _ => {}
        }
        self.silent.is_empty()
    }

    fn message(&mut self, message: Message) {
        let (Some(flow), Some(properties)) = (message.flow, message.properties) else { return };
        if message.payload.is_empty() {
            return;
        }
        self.silent.remove(&flow);
        let profile = format!("{}@{}", properties.profile, properties.schema_version);
        if self.shown.insert((flow.clone(), profile.clone())) {
            let payload = String::from_utf8_lossy(&message.payload).into_owned();
            let topic = message.topic.to_string();
            self.report.examples.push(Example { flow, profile, topic, payload, is_shape: false });
        }
    }
}
