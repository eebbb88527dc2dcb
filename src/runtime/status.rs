//! What a running gateway says of itself: facts, collected once a second by those who know them.
//!
//! The same snapshot feeds `qiao status`, `/status`, `/metrics`, health and the demo's live view.

use serde::{Deserialize, Serialize};

/// The whole gateway at one moment.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Status {
    pub gateway: String,
    pub version: String,
    /// Process id.
    pub process: u32,
    /// Seconds since the gateway started.
    pub uptime_s: u64,
    /// The machine's clock was never set: it shows a time before this program was made.
    #[serde(default)]
    pub is_clock_unset: bool,
    /// How often the machine's clock was set since the start.
    #[serde(default)]
    pub clock_jumps: u64,
    pub health: Health,
    pub spool: SpoolStatus,
    pub quarantine: QuarantineStatus,
    pub connections: Vec<ConnectionStatus>,
    pub flows: Vec<FlowStatus>,
    /// Commands to machines; `None`: the configuration allows none.
    #[serde(default)]
    pub commands: Option<CommandsStatus>,
    pub machines: Vec<MachineStatus>,
    /// Units that died and were started again, by name.
    pub restarts: std::collections::BTreeMap<String, u64>,
    /// Resident memory of the process in bytes.
    pub memory_bytes: u64,
}

/// Whether it lives and whether data can flow.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Health {
    /// Every pipeline gave a sign of life lately.
    pub is_live: bool,
    /// At least one flow has its source and its sink connected.
    pub is_ready: bool,
    /// What is not as it should be, one sentence each, in the gateway's language.
    pub reasons: Vec<String>,
}

/// How safe and how full.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct SpoolStatus {
    /// `memory`: accepted messages are lost with the process; `durable`: on disk.
    pub durability: String,
    /// Room in memory, and how much of it is used.
    pub limit_bytes: u64,
    pub used_bytes: u64,
    /// `None`: nothing is kept on disk.
    #[serde(default)]
    pub disk: Option<DiskStatus>,
}

/// What lies on disk, and what happened there since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct DiskStatus {
    pub limit_bytes: u64,
    /// Files, reserved room included.
    pub used_bytes: u64,
    pub segments: u64,
    /// Records that wait on disk alone, and the bytes of their payloads.
    pub records: u64,
    pub payload_bytes: u64,
    pub commits: u64,
    /// Time spent writing and syncing, in nanoseconds.
    pub commit_ns: u64,
    pub syncs: u64,
    /// What was to be kept by them was written anew, elsewhere; not 0 is an alarm.
    pub failed_syncs: u64,
    pub gaps: u64,
    /// Dropped because of room or age, damaged or missing.
    pub lost_records: u64,
    pub damaged_bytes: u64,
    /// Sources wait because there is no room.
    pub is_full: bool,
    /// The part of the gateway that writes has ended; nothing durable is taken any more.
    pub has_ended: bool,
    /// How long that part has been busy with one group of messages; many seconds: the disk does not answer.
    #[serde(default)]
    pub busy_s: u64,
}

/// What was written to the quarantine since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct QuarantineStatus {
    pub written_records: u64,
    /// Could not be written, because the disk is full or broken; not 0 is an alarm.
    pub failed_records: u64,
}

/// Commands to machines since the start.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct CommandsStatus {
    /// Every machine that may be written to can be reached, and every broker of commands.
    pub is_ready: bool,
    /// Journal and audit can be written; without them nothing is.
    pub is_recorded: bool,
    /// The local switch forbids every write.
    pub is_switched_off: bool,
    /// Messages that no entry takes.
    pub strangers: u64,
    /// Values that came back from a machine after a write of ours.
    pub echoes: u64,
    pub writes: Vec<WriteStatus>,
}

/// One entry of `writes:`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct WriteStatus {
    pub name: String,
    /// Names of connections.
    pub source: String,
    pub target: String,
    pub done: u64,
    pub refused: u64,
    pub unknown: u64,
    pub under_way: u64,
    /// A loop was stopped; nothing is written until a human closes it.
    pub breaker_open_since: Option<String>,
    pub last: Option<LastCommand>,
}

/// The last command that was decided.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct LastCommand {
    pub id: String,
    pub sender: String,
    /// `done`, `refused` or `unknown`.
    pub outcome: String,
    /// Of the reason; empty when it was done.
    pub code: String,
    pub at: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConnectionState {
    #[default]
    Connecting,
    Connected,
    /// Down; tried again with back-off.
    Lost,
    /// Somebody has to act: a certificate, a password.
    Refused,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ConnectionStatus {
    pub name: String,
    /// `opcua`, `mqtt` or `embedded-broker`.
    pub kind: String,
    /// Where it leads; no secret in it.
    pub address: String,
    pub state: ConnectionState,
    /// Code and text of the reason, when it is not connected.
    pub reason: Option<StatusReason>,
    /// When the state was entered, ISO 8601 UTC.
    pub since: String,
    /// The server's clock minus ours when the session was opened, in milliseconds; for a server that has a clock.
    #[serde(default)]
    pub clock_skew_ms: Option<i64>,
    /// Messages and payload bytes waiting for it, for a sink.
    pub waiting_messages: u64,
    pub waiting_bytes: u64,
    /// Counters of the connection, by metric name without prefix.
    pub counters: std::collections::BTreeMap<String, u64>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusReason {
    pub code: String,
    pub text: String,
}

/// Conservation: received + recovered = delivered + spooled + parked + quarantined + superseded + filtered + withheld + rejected +
/// dropped + lost + held, over all lives of the source.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct FlowStatus {
    pub name: String,
    pub source: String,
    pub sink: String,
    pub profiles: Vec<String>,
    /// The profile that is published instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publish_as: Option<String>,
    /// Of values that were translated, how well.
    #[serde(default)]
    pub translated_values: TranslatedValues,
    pub received_values: u64,
    pub delivered_values: u64,
    pub spooled_values: u64,
    pub quarantined_values: u64,
    pub superseded_values: u64,
    pub filtered_values: u64,
    /// Their concept does not leave by this flow.
    #[serde(default)]
    pub withheld_values: u64,
    /// Concepts of the flow's profiles that do not leave by it.
    #[serde(default)]
    pub withheld_concepts: Vec<String>,
    pub rejected_values: u64,
    /// In images when their source died and was started again, or damaged on disk.
    pub lost_values: u64,
    /// Had to go because the spool on disk was full, or they were too old.
    #[serde(default)]
    pub dropped_values: u64,
    /// An earlier process left them in the spool on disk.
    #[serde(default)]
    pub recovered_values: u64,
    /// In images, not yet part of a message.
    pub held_values: u64,
    pub parked_values: u64,
    /// Received and recovered minus all the others: 0, or something is wrong with us.
    pub imbalance: i64,
    pub delivered_messages: u64,
    pub quarantined_messages: u64,
    pub violations: u64,
    pub gaps: u64,
    /// Of the values received, those that were read from the source's history after a gap.
    #[serde(default)]
    pub back_filled_values: u64,
}

/// What became of translated values; one that fills several fields counts once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct TranslatedValues {
    /// The same value, written the same way.
    pub exact: u64,
    /// The same value, written otherwise.
    pub converted: u64,
    /// Nearly the same, by a stated rule.
    pub approximated: u64,
    /// Not there, for a stated reason.
    pub absent: u64,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct MachineStatus {
    pub id: String,
    pub flow: String,
    pub profile: String,
    /// Node id of its root, with namespace URI.
    pub node: String,
    pub topic: String,
    pub is_online: bool,
    pub fields: u64,
    pub fields_bad: u64,
    pub fields_missing: u64,
    pub messages: u64,
    pub violations: u64,
    /// ISO 8601 UTC; empty before the first.
    pub last_message: String,
}
