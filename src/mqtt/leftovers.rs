//! What an earlier run of the gateway left on topics that it writes: states of conditions, of which nobody knows any more.
//!
//! A process that is killed cannot take its retained messages back, and the next one does not know them: a condition that
//! ended in between would stand as active for ever. So the filters of such topics are subscribed to once, when they become
//! known, and what the broker keeps there is told. Nothing stays connected.

use super::again::Again;
use super::client::{Driver, LinkEvent, Sender};
use super::sink::Timing;
use super::trouble::LinkError;
use crate::config::plan::MqttConnection;
use crate::finding::Finding;
use crate::port::{Heard, Shelves};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// What one such client does.
#[derive(Clone, Debug)]
pub struct LeftoversPlan {
    /// Index of the sink's connection in the plan.
    pub sink: u16,
    /// Name of the connection that the machines come from: several may publish to one broker.
    pub source: String,
    pub connection: MqttConnection,
    pub timing: Timing,
    /// Logs a finding, in the language of whoever reads the log.
    pub log: fn(&Finding),
}

const QOS: u8 = 1;
/// What is retained comes with the subscription; when nothing came for so long, that was all.
const QUIET: Duration = Duration::from_secs(2);

/// Looks once at each filter of the sink, also at those that appear later, until told to stop.
pub async fn run(
    plan: LeftoversPlan,
    mut shelves: watch::Receiver<Shelves>,
    told: mpsc::Sender<Heard>,
    stop: CancellationToken,
) {
    let mut again = Again::new(&plan.connection, &format!("left-{}", plan.source), plan.timing, stop.clone());
    let mut seen: BTreeSet<String> = BTreeSet::new();
    loop {
        let all = shelves.borrow_and_update().clone();
        let of_sink = all.iter().filter(|(sink, _)| *sink == plan.sink).map(|(_, filter)| filter);
        let new: Vec<String> = of_sink.filter(|filter| !seen.contains(*filter)).cloned().collect();
        if new.is_empty() {
            tokio::select! {
                biased;
                () = stop.cancelled() => return,
                changed = shelves.changed() => if changed.is_err() { return },
            }
            continue;
        }
        match again.connect().await {
            None => return,
            // What a link lacks is told by the sink.
            Some(Err(_)) => {}
            Some(Ok((sender, mut driver))) => {
                let looked = look(&plan, &new, &sender, &mut driver, &told);
                let looked = tokio::select! {
                    biased;
                    () = stop.cancelled() => return,
                    looked = looked => looked,
                };
                match looked {
                    Ok(true) => {
                        again.leave(&sender, &mut driver).await;
                        seen.extend(new);
                        continue;
                    }
                    Ok(false) => return,
                    Err(_) => {}
                }
            }
        }
        if !again.pause(None).await {
            return;
        }
    }
}

/// Tells what stands there; `false` when nobody listens any more.
async fn look(
    plan: &LeftoversPlan,
    filters: &[String],
    sender: &Sender,
    driver: &mut Driver,
    told: &mpsc::Sender<Heard>,
) -> Result<bool, LinkError> {
    // One SUBSCRIBE for one filter at a time: some brokers take no more than eight.
    let mut waiting = filters.iter();
    let mut asked = waiting.next();
    let mut until = ask(plan, asked, sender)?;
    // The last wait is given up, and nothing is read behind it.
    while let Ok(event) = tokio::time::timeout_at(until, driver.next()).await {
        match event? {
            LinkEvent::Received(message) if message.is_retained && !message.payload.is_empty() => {
                until = until.max(Instant::now() + QUIET);
                let Ok(topic) = String::from_utf8(message.topic) else { continue };
                if told.send(Heard::Left { sink: plan.sink, topic }).await.is_err() {
                    return Ok(false);
                }
            }
            LinkEvent::Subscribed(answers) => {
                if let (Some(reason), Some(filter)) = (answers.into_iter().flatten().next(), asked) {
                    let finding = Finding::warning("QIAO-M110", plan.connection.address());
                    (plan.log)(&finding.with("filter", filter).with("reason", reason));
                }
                asked = waiting.next();
                until = ask(plan, asked, sender)?;
            }
            _ => {}
        }
    }
    Ok(true)
}

/// Asks for the next filter, if there is one; until when an answer, or more of what is kept, is waited for.
fn ask(plan: &LeftoversPlan, filter: Option<&String>, sender: &Sender) -> Result<Instant, LinkError> {
    let Some(filter) = filter else { return Ok(Instant::now() + QUIET) };
    sender.subscribe(std::slice::from_ref(filter), QOS)?;
    Ok(Instant::now() + plan.timing.silence)
}
