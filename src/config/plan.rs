//! What the runtime takes: checked, typed, complete. Indexes between its parts are always in range.

use super::bind::Binding;
pub use super::write_plan::{
    Access, Argument, CommandSource, Interlock, Literal, Proof, Quantity, Rate, ReadBack, Sender, Takes, ValueRule,
    WRITABLE, WritePlan, WriteTarget, Writes,
};
use crate::assemble::frame::tells_past;
use crate::codec::plain_json::TimeFormat;
use crate::finding::Language;
use crate::model::{BrowseGlob, TopicPattern};
use crate::profile::{Codec, Profile};
use crate::translate::Routes;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// A whole configuration, checked.
#[derive(Clone, Debug)]
pub struct Plan {
    pub gateway: Gateway,
    pub connections: Vec<Connection>,
    pub machines: Vec<MachineRule>,
    pub flows: Vec<FlowPlan>,
    /// Commands to machines.
    pub writes: Writes,
    /// Every profile that is known: those built in and those of folders of one's own.
    pub profiles: Vec<Arc<Profile>>,
    pub limits: Limits,
}

#[derive(Clone, Debug)]
pub struct Gateway {
    pub name: String,
    /// The configuration's own file, for the commands that findings tell.
    pub file: PathBuf,
    pub language: Language,
    pub data_dir: PathBuf,
    /// Where `/metrics`, `/livez`, `/readyz` and `qiao status` are served; `None`: nowhere.
    pub http: Option<SocketAddr>,
    /// How long SIGTERM waits for what is under way.
    pub drain: Duration,
}

#[derive(Clone, Debug)]
pub struct Connection {
    pub name: String,
    pub kind: ConnectionKind,
}

#[derive(Clone, Debug)]
pub enum ConnectionKind {
    OpcUa(OpcUaConnection),
    Mqtt(MqttConnection),
    /// The built-in broker; a sink like any other, reached over loopback.
    EmbeddedBroker(EmbeddedBroker),
    /// The gateway's own OPC UA server; a sink.
    Face(Arc<FaceConnection>),
}

/// The gateway's own OPC UA server.
#[derive(Clone, Debug)]
pub struct FaceConnection {
    pub listen: SocketAddr,
    /// The least that a client may use.
    pub security: SecurityMode,
    pub users: Vec<FaceUser>,
    pub anonymous: Anonymous,
    /// How far back values are kept; zero: not at all.
    pub history: Duration,
    /// How long a machine may be silent; `None`: as its profile says of its cadence.
    pub stale_after: Option<Duration>,
    pub node_sets: Vec<PathBuf>,
    pub max_sessions: u16,
}

/// Who may log in.
#[derive(Clone, Debug)]
pub struct FaceUser {
    pub name: String,
    pub password: Secret,
    pub role: String,
}

/// What clients without a user may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anonymous {
    Refuse,
    Read,
}

/// An OPC UA server to read from.
#[derive(Clone, Debug)]
pub struct OpcUaConnection {
    /// `opc.tcp://host:port/path`, used even if the server advertises another host.
    pub endpoint: String,
    pub security: SecurityMode,
    pub policy: PolicyChoice,
    pub identity: Identity,
    pub time: TimeSource,
    /// Accept a pinned certificate although it is expired or for another host.
    pub accept_certificate: Option<CertificateException>,
    /// How long the server keeps the session without a sign of life.
    pub session_timeout: Duration,
    pub publishing_interval: Duration,
    /// Nodes one browse may meet before it is refused.
    pub max_nodes: u32,
    /// Longest time between two browses of the server.
    pub browse_again: Duration,
    pub history: History,
}

/// What the server's history is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum History {
    /// After a gap it is read for what was missed.
    FillGaps,
    /// It is not read.
    Ignore,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecurityMode {
    NoneIAcceptTheRisk,
    Sign,
    SignAndEncrypt,
}

/// `Auto` takes the best the server offers of the three, never less.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyChoice {
    Auto,
    Basic256Sha256,
    Aes128Sha256RsaOaep,
    Aes256Sha256RsaPss,
}

#[derive(Clone, Debug)]
pub enum Identity {
    Anonymous,
    UserName {
        user: String,
        password: Secret,
    },
    /// A user certificate (DER or PEM) and its key (PEM).
    Certificate {
        certificate: PathBuf,
        key: PathBuf,
    },
}

/// An exception from the certificate checks, for one pinned certificate, until a date.
#[derive(Clone, Debug)]
pub struct CertificateException {
    pub expired: bool,
    pub other_host: bool,
    /// Last day it holds, `YYYY-MM-DD`, UTC.
    pub until: String,
}

/// Which time a value carries outwards; every choice but `Source` is marked in the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeSource {
    Source,
    Server,
    Arrival,
    /// The device writes local time as UTC: this many minutes east of UTC are taken off.
    Offset {
        minutes: i32,
    },
}

/// An MQTT broker to publish to, or to subscribe at.
#[derive(Clone, Debug)]
pub struct MqttConnection {
    pub host: String,
    pub port: u16,
    pub version: MqttVersion,
    pub tls: Option<Tls>,
    pub client_id: String,
    pub user: Option<(String, Secret)>,
    /// 0 or 1.
    pub qos: u8,
    pub keep_alive: Duration,
    /// Largest packet sent or taken, in bytes.
    pub max_packet: u32,
    /// MQTT over WebSocket at this path, which begins with `/`; `None`: over the byte stream itself.
    pub web_socket: Option<String>,
    pub proxy: Option<HttpProxy>,
}

/// A proxy that opens a way to a broker (HTTP CONNECT, RFC 9110 §9.3.6).
#[derive(Clone, Debug)]
pub struct HttpProxy {
    pub host: String,
    pub port: u16,
    pub user: Option<(String, Secret)>,
}

impl MqttConnection {
    /// Where it leads, as one writes it in the configuration; no secret is in it.
    #[must_use]
    pub fn address(&self) -> String {
        let scheme = match (&self.web_socket, &self.tls) {
            (None, None) => "mqtt",
            (None, Some(_)) => "mqtts",
            (Some(_), None) => "ws",
            (Some(_), Some(_)) => "wss",
        };
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        format!("{scheme}://{host}:{}{}", self.port, self.web_socket.as_deref().unwrap_or(""))
    }

    /// How the gateway itself reaches its embedded broker.
    #[must_use]
    pub fn loopback(address: SocketAddr, gateway: &str) -> Self {
        Self {
            host: address.ip().to_string(),
            port: address.port(),
            version: MqttVersion::V5,
            tls: None,
            client_id: format!("qiao-{gateway}"),
            user: None,
            qos: 1,
            keep_alive: Duration::from_secs(30),
            max_packet: 1 << 20,
            web_socket: None,
            proxy: None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MqttVersion {
    V311,
    V5,
}

#[derive(Clone, Debug)]
pub struct Tls {
    /// PEM file with the broker's CA; `None`: the operating system's.
    pub ca: Option<PathBuf>,
    /// Certificate chain and key of this client, PEM.
    pub client: Option<(PathBuf, PathBuf)>,
}

#[derive(Clone, Debug)]
pub struct EmbeddedBroker {
    pub listen: SocketAddr,
}

/// A secret that was read; never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The secret itself: hand it to the protocol, and to nobody else.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Names and places for machines that the flows find.
#[derive(Clone, Debug)]
pub struct MachineRule {
    /// Node id of the root, with namespace URI.
    pub matches: String,
    /// Index into [`Plan::connections`]; `None`: whichever finds it.
    pub connection: Option<u16>,
    pub name: Option<String>,
    pub location: Location,
    /// Which nodes or values fill which fields, where the configuration says so.
    pub binding: Option<Arc<Binding>>,
}

/// ISA-95 places; they fill topic templates.
#[derive(Clone, Debug, Default)]
pub struct Location {
    pub enterprise: Option<String>,
    pub site: Option<String>,
    pub area: Option<String>,
    pub line: Option<String>,
    pub cell: Option<String>,
}

#[derive(Clone, Debug)]
pub struct FlowPlan {
    pub name: String,
    /// Index into [`Plan::connections`].
    pub source: u16,
    /// What is subscribed when the source is MQTT; `each` and `select` then mean nothing.
    pub input: Option<TopicInput>,
    pub each: RootSelector,
    /// Which variables; empty: what the profiles map.
    pub select: Vec<ItemSelector>,
    /// What the source speaks; one flow may feed several, each with its own messages.
    pub profiles: Vec<Arc<Profile>>,
    /// What is published instead; `None`: what the source speaks.
    pub publish_as: Option<Arc<PublishAs>>,
    /// Which events of the machines; `None`: none.
    pub events: Option<EventSelector>,
    /// Index into [`Plan::connections`]: an MQTT connection or the embedded broker.
    pub sink: u16,
    /// Absent: the profile's own.
    pub topic: Option<String>,
    pub on_violation: OnViolation,
    pub leaving: Leaving,
    /// Nothing is acknowledged to the source before it lies on disk.
    pub is_durable: bool,
}

/// What a flow publishes instead of what its source speaks.
#[derive(Debug)]
pub struct PublishAs {
    pub profile: Arc<Profile>,
    /// How it comes about, for each profile of the flow in their order.
    pub routes: Vec<Arc<Routes>>,
}

impl FlowPlan {
    /// The profiles whose messages leave by the flow.
    #[must_use]
    pub fn published(&self) -> &[Arc<Profile>] {
        match &self.publish_as {
            Some(publish_as) => std::slice::from_ref(&publish_as.profile),
            None => &self.profiles,
        }
    }

    /// Whether a message of the flow can tell a value that is past: one of the changes alone, on a topic that keeps all.
    #[must_use]
    pub fn tells_past(&self) -> bool {
        self.publish_as.is_none() && self.profiles.iter().any(|profile| tells_past(profile))
    }
}

/// What a flow subscribes to, and how what comes is read.
#[derive(Clone, Debug)]
pub struct TopicInput {
    pub pattern: TopicPattern,
    /// Topics on which the same machines say more, where the profile knows of such: events and models of NC-Link.
    pub also: Vec<TopicPattern>,
    pub decode: Decode,
    /// Whose messages they are; only with [`Decode::Profile`].
    pub profile: Option<Arc<Profile>>,
    /// JSON pointer of the list of alarms that is taken as one value, for its changes are published.
    pub list: Option<String>,
    /// What lies around the data; `None`: nothing.
    pub envelope: Option<Arc<Envelope>>,
    /// `None`: messages carry no time of their own; that of arrival stands in and is marked.
    pub time: Option<MemberTime>,
    /// Machines and fields that may appear by themselves.
    pub max_machines: u32,
    pub max_fields: u32,
}

impl TopicInput {
    /// Everything that is subscribed to.
    pub fn patterns(&self) -> impl Iterator<Item = &TopicPattern> {
        std::iter::once(&self.pattern).chain(&self.also)
    }

    /// Whether values come with a time of their own; otherwise that of arrival stands in.
    #[must_use]
    pub fn has_times(&self) -> bool {
        self.names_time() || self.is_nc_link()
    }

    /// Whether the configuration says where messages hold their time.
    #[must_use]
    pub fn names_time(&self) -> bool {
        self.time.is_some() || self.envelope.as_ref().is_some_and(|envelope| envelope.time.is_some())
    }

    /// Whether messages of NC-Link are taken apart.
    #[must_use]
    pub fn is_nc_link(&self) -> bool {
        self.profile.as_ref().is_some_and(|profile| profile.codec == Codec::NcLink)
    }
}

/// How a payload is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decode {
    /// Every leaf of a JSON document is a field.
    Json,
    /// It is a message of the flow's profile and goes on as it is.
    Message,
    /// It is a message of the flow's profile and is taken apart into the profile's fields.
    Profile,
    /// One bare number, boolean or text.
    Number,
    Boolean,
    Text,
}

/// What lies around the data of a JSON message, and how its records are told apart. All members are JSON pointers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// Where the data are; empty: the message itself.
    pub data: String,
    pub form: EnvelopeForm,
    /// The data are a list there, of records that each stand for themselves; empty: the data are the list.
    pub records: Option<String>,
    /// When the whole was made; for records that do not say it themselves.
    pub time: Option<MemberTime>,
    /// Whose data they are: looked for in the record, then in the message around it.
    pub machine: Option<String>,
    /// In the record: the name of its field.
    pub field: Option<String>,
    /// In the record: its value; `None`: everything else in it.
    pub value: Option<String>,
    pub quality: Option<MemberQuality>,
}

/// How the data are written in their envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnvelopeForm {
    /// As a JSON value of it.
    Json,
    /// As a text that holds them.
    Text,
    /// As a text that holds their bytes in base64.
    Base64,
}

/// Which member of a record says how good its value is. What is in neither list is bad.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberQuality {
    /// JSON pointer in the record.
    pub member: String,
    pub good: Vec<String>,
    pub uncertain: Vec<String>,
}

/// Which member of a message says when it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberTime {
    /// JSON pointer.
    pub member: String,
    pub format: TimeFormat,
}

impl Plan {
    /// A connection that is the gateway's own OPC UA server; `None`: it is another.
    #[must_use]
    pub fn face(&self, connection: u16) -> Option<&Arc<FaceConnection>> {
        match &self.connections.get(usize::from(connection))?.kind {
            ConnectionKind::Face(face) => Some(face),
            _ => None,
        }
    }

    /// The same with flows that publish what their sources speak, on the topics of that.
    #[must_use]
    pub fn untranslated(mut self) -> Self {
        for flow in self.flows.iter_mut().filter(|flow| flow.publish_as.is_some()) {
            flow.publish_as = None;
            flow.topic = None;
        }
        self
    }

    /// The rule for a machine that a connection found: one that names the connection goes before one that does not.
    #[must_use]
    pub fn machine_rule(&self, connection: u16, node: &str) -> Option<&MachineRule> {
        let rules = || self.machines.iter().filter(|rule| rule.matches == node);
        let own = rules().find(|rule| rule.connection == Some(connection));
        own.or_else(|| rules().find(|rule| rule.connection.is_none()))
    }

    /// The rules that hold for a connection.
    pub fn machine_rules(&self, connection: u16) -> impl Iterator<Item = &MachineRule> {
        let own = move |rule: &&MachineRule| self.machine_rule(connection, &rule.matches);
        self.machines.iter().filter(move |rule| own(rule).is_some_and(|own| std::ptr::eq(own, *rule)))
    }
}

/// Which nodes are machines.
#[derive(Clone, Debug)]
pub enum RootSelector {
    /// The Objects folder is the one machine, named like the connection.
    Whole,
    /// Every node below Root that matches, such as `/Objects/Machines/*`.
    Path(BrowseGlob),
    /// Every object below Objects of this type or a subtype; node id with namespace URI.
    Type(String),
    /// This node; node id with namespace URI.
    Node(String),
}

/// Which variables below a root, and how they are sampled. The last selector that matches a node decides.
#[derive(Clone, Debug)]
pub struct ItemSelector {
    pub what: ItemPattern,
    /// `None`: as fast as the server offers at the publishing interval.
    pub sampling: Option<Duration>,
    /// `None`: computed from publishing and sampling interval, with a margin.
    pub queue: Option<u32>,
    pub deadband: Option<Deadband>,
}

/// Which events of a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventSelector {
    pub from: EventOrigin,
    /// These types and their subtypes, node ids with namespace URI; empty: every type.
    pub types: Vec<String>,
    /// Less severe ones are left to the server; 0..=1000.
    pub min_severity: u16,
}

/// Whose events are taken for a machine's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventOrigin {
    /// The root's own; where it notifies of none, those of the Server object whose source is the root or lies below it.
    Machine,
    /// All of the Server object.
    Server,
}

#[derive(Clone, Debug)]
pub enum ItemPattern {
    Path(BrowseGlob),
    Node(String),
}

/// OPC 10000-4 §7.22.2: changes no larger than this are not reported.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Deadband {
    Absolute(f64),
    /// Of the EURange, 0..=100.
    Percent(f64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnViolation {
    Quarantine,
    Mark,
    Reject,
}

/// What may leave by a flow, by concept; applied last, when everything else about a message is decided.
#[derive(Clone, Debug, Default)]
pub struct Leaving {
    /// Only these, and nothing that holds no concept; `None`: all.
    pub only: Option<Vec<String>>,
    /// Never these.
    pub drop: Vec<String>,
    /// These as pseudonyms.
    pub pseudonyms: Vec<String>,
    /// What pseudonyms are made with; `Some` whenever there are any.
    pub key: Option<Secret>,
}

impl Leaving {
    /// Whether what holds this concept may leave, as it is or as a pseudonym.
    #[must_use]
    pub fn allows(&self, concept: Option<&str>) -> bool {
        let is_in = |list: &[String]| concept.is_some_and(|concept| list.iter().any(|other| other == concept));
        self.only.as_deref().is_none_or(is_in) && !is_in(&self.drop)
    }

    /// Drops what speaks of a person and is named neither in `only` nor among the pseudonyms.
    pub fn keep_unless_named(&mut self, persons: &[String]) {
        let is_named = |person: &String| {
            self.pseudonyms.contains(person) || self.only.as_ref().is_some_and(|only| only.contains(person))
        };
        let kept: Vec<String> = persons.iter().filter(|person| !is_named(person)).cloned().collect();
        self.drop.extend(kept);
    }

    /// Whether it leaves as a pseudonym.
    #[must_use]
    pub fn is_pseudonym(&self, concept: Option<&str>) -> bool {
        concept.is_some_and(|concept| self.pseudonyms.iter().any(|other| other == concept))
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of messages that wait in memory.
    pub memory: u64,
    /// Bytes the quarantine may hold on disk.
    pub quarantine: u64,
    /// Bytes the spool may take on disk.
    pub spool: u64,
    /// Messages that wait longer on disk are dropped; `None`: none are.
    pub spool_age: Option<Duration>,
    pub when_full: WhenFull,
    pub replay: Replay,
}

/// In which order messages go out while older ones wait on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replay {
    /// As they came: what is new waits.
    InOrder,
    /// What is new goes out at once; what waited follows beside it, marked as replayed.
    LiveFirst,
}

/// What happens when the spool on disk is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenFull {
    /// Sources wait.
    Block,
    /// The oldest messages go, and the gap is told.
    DropOldest,
}
