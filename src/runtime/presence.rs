//! What the gateway itself says: its presence on a broker, what stands beside messages there, and records that a broker can never take.

use super::quarantine_writer::Writer;
use super::stages::beside::Board;
use crate::config::plan::{MqttConnection, Plan};
use crate::finding::Finding;
use crate::model::{Quarantined, Reason, Timestamp, TopicName};
use crate::mqtt;
use crate::port::Clock;
use crate::spool::Record;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// `qiao/<gateway>/status`, retained, also the last will: `{"state","since","reason":{"code","text"}}` as for a machine
/// (DESIGN §8: presence is a contract); who is online needs no reason.
///
/// `None` when the gateway's name does not make a topic; `check` has refused such a name long before.
#[must_use]
pub fn gateway(plan: &Plan, clock: Clock) -> Option<mqtt::GatewayStatus> {
    let topic = TopicName::parse(&format!("qiao/{}/status", plan.gateway.name)).ok()?;
    let language = plan.gateway.language;
    let payload = move |presence| {
        let since = clock.now().wall.to_string();
        let offline = |code| {
            let text = Finding::note(code, "").text(language);
            serde_json::json!({ "state": "offline", "since": since, "reason": { "code": code, "text": text } })
        };
        let said = match presence {
            mqtt::Presence::Online => serde_json::json!({ "state": "online", "since": since }),
            mqtt::Presence::Lost => offline("QIAO-V265"),
            mqtt::Presence::Stopped => offline("QIAO-V241"),
        };
        said.to_string().into_bytes()
    };
    Some(mqtt::GatewayStatus { topic: Arc::new(topic), payload: Arc::new(payload) })
}

/// Who keeps on the broker of a sink what stands on a board: a client of its own, for a broker takes one will from each.
#[must_use]
pub fn herald(board: &Arc<Board>, sink: &MqttConnection, log: fn(&Finding)) -> mqtt::HeraldPlan {
    let client_id = format!("{}-beside{}", sink.client_id, board.ordinal());
    let sign = board.client().map(|(topic, online, lost)| (topic, online.into(), lost.into()));
    let (changes, every, read) = (board.changes(), board.every(), Arc::clone(board));
    mqtt::HeraldPlan {
        connection: MqttConnection { client_id, ..sink.clone() },
        sign,
        standing: Arc::new(move |presence| read.standing(presence != mqtt::Presence::Online)),
        changes,
        every,
        timing: mqtt::Timing::default(),
        log,
    }
}

/// When a record that could not be written to the quarantine is tried again.
const AGAIN: Duration = Duration::from_secs(2);

/// A record that can never be sent leaves the spool when the quarantine has it. Until a disk takes it, it waits where it
/// is safe; one of a flow in memory does not.
pub async fn quarantine(parked: mqtt::Parked, plan: &Plan, clock: Clock, writer: &Writer, stop: &CancellationToken) {
    let mqtt::Parked { aside, finding } = parked;
    let entry = self::parked(plan, aside.record(), finding, clock.now().wall);
    let is_durable = plan.flows.get(usize::from(aside.record().flow)).is_some_and(|flow| flow.is_durable);
    while !writer.put(entry.clone()).await && is_durable {
        tokio::select! {
            biased;
            // The next process finds it on disk.
            () = stop.cancelled() => return,
            () = tokio::time::sleep(AGAIN) => {}
        }
    }
    aside.kept();
}

/// The quarantine entry of a record that can never be sent.
fn parked(plan: &Plan, record: &Record, finding: Finding, now: Timestamp) -> Quarantined {
    let flow = plan.flows.get(usize::from(record.flow));
    let profile = record.properties.as_ref().map(|p| format!("{}@{}", p.profile, p.schema_version));
    let (message, is_base64) = Quarantined::text_of(&record.payload);
    Quarantined {
        time: now.to_string(),
        flow: flow.map_or_else(String::new, |flow| flow.name.clone()),
        source: flow
            .and_then(|flow| plan.connections.get(usize::from(flow.source)))
            .map_or_else(String::new, |connection| connection.name.clone()),
        machine: String::new(),
        topic: record.topic.to_string(),
        profile: profile.unwrap_or_default(),
        reasons: vec![Reason {
            code: finding.code.0.to_string(),
            pointer: String::new(),
            rule: String::new(),
            node: String::new(),
            arguments: finding.arguments.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        }],
        count: 1,
        message,
        is_base64,
    }
}
