//! What can be typed: every key of a configuration with its manual. Defaults are stated here and applied in `check`.

pub use super::part::{Parameter, Part, UseFile};
use super::plan::{
    Access, Anonymous, Decode, EnvelopeForm, EventOrigin, History, MqttVersion, OnViolation, PolicyChoice, Replay,
    SecurityMode, WhenFull,
};
use super::read::{At, ByName, Needed, OneOrMany, OrText, Read, Reading};
use super::record::{choice, record, words};
use super::scalar::{Address, Day, Deadband, FilePath, Name, Period, Size, UtcOffset, Whole};
use super::word::Word;
pub use super::write_file::{
    ArgumentFile, CallFile, Exact, Expected, InterlockFile, NcLinkFile, NoBounds, ProofFile, ReadBackFile, SenderFile,
    ShownFile, WriteFile,
};
use super::yaml::{Content, Node};
use crate::codec::plain_json::TimeFormat;
use crate::finding::Language;
use schemars::JsonSchema;

record! {
    /// Configuration of qiao. Paths are relative to this file.
    File {
        /// Who this gateway is and where it keeps its things.
        gateway: Needed<GatewayFile>,
        /// The servers and brokers it talks to, by a name of your choice.
        connections: Needed<ByName<ConnectionFile>>,
        /// Names and places for machines that the flows find.
        machines: Option<At<Vec<At<MachineFile>>>>,
        /// What goes from where to where.
        flows: Needed<Vec<At<FlowFile>>>,
        /// What may be written to machines: deny by default, one entry for each node.
        writes: Option<At<Vec<At<WriteFile>>>>,
        /// Who may command, by a name of your choice.
        senders: Option<At<ByName<SenderFile>>>,
        /// What it may use at most.
        limits: Option<At<LimitsFile>>,
        /// Folders with profiles of your own, beside the built-in ones.
        profiles: Option<At<Vec<At<FilePath>>>>,
        /// Further files whose connections, machines, flows, profiles and templates are read beside those of this one:
        /// a path, or `*` and `?` in the name of the file, relative to this file.
        include: Option<At<Vec<At<FilePath>>>>,
        /// Parts that repeat, by a name of your choice; `use` fills in their parameters.
        templates: Option<At<ByName<TemplateFile>>>,
        /// Each entry adds what a template holds, with its own arguments.
        r#use: Option<At<Vec<At<UseFile>>>>,
    }

    /// A part that repeats. `${name}` stands for the argument of the parameter `name`, in texts and in names.
    TemplateFile {
        /// What each use fills in, by name: a type (name, text, number or period), or `{ TYPE: DEFAULT }`.
        parameters: Option<At<ByName<At<Parameter>>>>,
        /// As above; a name holds a parameter, so that it differs from use to use.
        connections: Option<At<Part<ByName<ConnectionFile>>>>,
        /// As above.
        machines: Option<At<Part<Vec<At<MachineFile>>>>>,
        /// As above; a name holds a parameter, so that it differs from use to use.
        flows: Option<At<Part<Vec<At<FlowFile>>>>>,
    }

    /// Who this gateway is and where it keeps its things.
    GatewayFile {
        /// Stands in presence topics, logs and metrics; unique among the gateways of one broker.
        name: Needed<Name>,
        /// Language of findings and of the log. Default: that of the environment, else English.
        language: Option<At<Word<Language>>>,
        /// Certificates, quarantine, caches. One gateway per directory. Default: `data` beside this file.
        data_dir: Option<At<FilePath>>,
        /// Address of the status page, `/metrics`, `/livez`, `/readyz`; `qiao status` asks there. Default: none.
        http: Option<At<Address>>,
        /// How long a stop waits for what is under way; 0s to 10m. Default: 10s.
        drain: Option<At<Period>>,
        /// read-only: nothing is written to machines, whatever `writes` says. Default: as-listed.
        access: Option<At<Word<Access>>>,
        /// How far a sender's clock may be ahead of this machine's, and this machine's from those of its servers, or commands
        /// are refused; 100ms to 60s. Default: 2s.
        clock_skew: Option<At<Period>>,
    }

    /// An OPC UA server to read from.
    OpcUaFile {
        /// `opc.tcp://host:4840/path`; used even if the server advertises another host.
        endpoint: Needed<String>,
        /// Message security. Default: sign-and-encrypt.
        security: Option<At<Word<SecurityMode>>>,
        /// Security policy; auto takes the best that the server offers of the three. Default: auto.
        policy: Option<At<Word<PolicyChoice>>>,
        /// User name; needs `password`. Default: anonymous.
        user: Option<At<String>>,
        /// Password of `user`.
        password: Option<At<SecretFile>>,
        /// Certificate to log in with, instead of user and password.
        user_certificate: Option<At<KeyPairFile>>,
        /// Which time values carry; every choice but source is marked in the messages. Default: source.
        time: Option<At<TimeFile>>,
        /// Accept the pinned certificate in spite of a fault, until a day.
        accept_certificate: Option<At<ExceptionFile>>,
        /// How often the server sends what changed; 10ms to 1h. Default: 500ms.
        publishing_interval: Option<At<Period>>,
        /// How long the server keeps the session without a sign of life; 1s to 1h. Default: 60s.
        session_timeout: Option<At<Period>>,
        /// Nodes that one browse may meet before it is given up. Default: 100000.
        max_nodes: Option<At<Whole<1, 10_000_000>>>,
        /// How often to look for machines and variables that are new or gone, beside the server's own word; 1s to 24h. Default: 10m.
        browse_again: Option<At<Period>>,
        /// After a gap: read what was missed from the server's history, where it keeps one, or leave the gap. Default: fill-gaps.
        history: Option<At<Word<History>>>,
    }

    /// An MQTT broker to publish to and subscribe at, or the built-in one.
    MqttFile {
        /// `mqtts://host:8883` (encrypted) or `mqtt://host:1883`; over WebSocket `wss://host:443/mqtt` (encrypted) or `ws://host:80/mqtt`.
        broker: Option<At<String>>,
        /// Start the built-in broker at this loopback address instead; alone, without other keys.
        embedded: Option<At<Address>>,
        /// MQTT version. Default: "5".
        version: Option<At<Word<MqttVersion>>>,
        /// Unique at the broker; what subscribes adds `-in` to it. Default: qiao-GATEWAY-CONNECTION.
        client_id: Option<At<String>>,
        /// User name; needs `password`.
        user: Option<At<String>>,
        /// Password of `user`.
        password: Option<At<SecretFile>>,
        /// 1: every message is confirmed by the broker; 0: best effort, messages may be lost. Default: 1.
        qos: Option<At<Whole<0, 1>>>,
        /// PEM file with the certificate authority of the broker. Default: those of the operating system.
        ca: Option<At<FilePath>>,
        /// Certificate of this client, PEM; needs `key`.
        certificate: Option<At<FilePath>>,
        /// Private key of `certificate`, PEM.
        key: Option<At<FilePath>>,
        /// HTTP proxy that opens the way to the broker (CONNECT): `http://host:port`.
        proxy: Option<At<String>>,
        /// User name at the proxy; needs `proxy-password`.
        proxy_user: Option<At<String>>,
        /// Password of `proxy-user`.
        proxy_password: Option<At<SecretFile>>,
        /// Longest silence towards the broker; 5s to 18h. Default: 30s.
        keep_alive: Option<At<Period>>,
        /// Largest packet sent or taken; 1KiB to 256MiB. Default: 1MiB.
        max_packet: Option<At<Size>>,
    }

    /// The gateway's own OPC UA server, a target of flows.
    FaceFile {
        /// Address to listen at, such as `0.0.0.0:4840`; port 0 takes a free one.
        listen: Needed<Address>,
        /// Least security of a client's channel: Basic256Sha256, Aes128Sha256RsaOaep and Aes256Sha256RsaPss are offered
        /// for each; none-i-accept-the-risk lets clients without security in, too, as far as `anonymous` goes. Default:
        /// sign-and-encrypt.
        security: Option<At<Word<SecurityMode>>>,
        /// Who may log in, by user name.
        users: Option<At<ByName<FaceUserFile>>>,
        /// Clients without a user: refuse, or read. A trusted certificate is needed in any case, but for a channel
        /// without security. Default: refuse; with security none-i-accept-the-risk: read.
        anonymous: Option<At<Word<Anonymous>>>,
        /// How far back clients may read what the variables held; 0s (no history) to 24h. Default: 4h.
        history: Option<At<Period>>,
        /// A value that was not refreshed for this long is shown as uncertain, after three times as long as bad; 1s to 24h.
        /// Default: 1m.
        stale_after: Option<At<Period>>,
        /// NodeSet2 files of your own that are shown, too; those that others need first.
        node_sets: Option<At<Vec<At<FilePath>>>>,
        /// Clients that may be connected at once; more are refused. Default: 50.
        max_sessions: Option<At<Whole<1, 1000>>>,
    }

    /// Who may log in to the gateway's own OPC UA server.
    FaceUserFile {
        /// Password; at least 8 bytes.
        password: Needed<SecretFile>,
        /// What the user is here for, a name of your choice that `writes` may ask for. Default: observer.
        role: Option<At<Name>>,
    }

    /// A certificate and its private key.
    KeyPairFile {
        /// Certificate, PEM or DER.
        certificate: Needed<FilePath>,
        /// Private key, PEM.
        key: Needed<FilePath>,
    }

    /// An exception from the certificate checks; the certificate must be the pinned one all the same.
    ExceptionFile {
        /// What may be wrong with it.
        despite: Needed<Vec<At<Word<CertificateFault>>>>,
        /// Last day of the exception, `YYYY-MM-DD`, UTC.
        until: Needed<Day>,
    }

    /// Name and place of one machine.
    MachineFile {
        /// Node id of its root, with namespace URI: `nsu=urn:acme:lathe;s=Lathe7`; behind a broker the topics it speaks by,
        /// with `+` and `#` for what tells no machines apart: `Sample/lathe-7/+`.
        r#match: Needed<String>,
        /// Name of the connection behind which it is found: two equal servers have equal node ids. Such an entry goes before
        /// one without. Default: whichever OPC UA server finds it; two that do are told apart by this key. A machine behind
        /// a broker needs it.
        connection: Option<At<String>>,
        /// Its id in topics and messages. Default: by the profile's rule.
        name: Option<At<Name>>,
        /// Where it stands; fills `{enterprise}` … `{cell}` of topic templates.
        location: Option<At<LocationFile>>,
        /// CSV file that binds its nodes to fields of the profile, for a machine without a companion model;
        /// `qiao init --csv` writes one to fill in.
        bind: Option<At<FilePath>>,
    }

    /// A place by the levels of ISA-95.
    LocationFile {
        /// Company.
        enterprise: Option<At<String>>,
        /// Plant or city.
        site: Option<At<String>>,
        /// Hall or department.
        area: Option<At<String>>,
        /// Line.
        line: Option<At<String>>,
        /// Cell.
        cell: Option<At<String>>,
    }

    /// What goes from where to where.
    FlowFile {
        /// Stands in logs and metrics; unique.
        name: Needed<Name>,
        /// Name of the connection that the data comes from.
        from: Needed<String>,
        /// Which nodes are machines: a browse path below Root such as `/Objects/Machines/*`, or `{ type: … }`,
        /// `{ path: … }`, `{ node: … }`. Default: the Objects folder is the one machine. For an MQTT source
        /// `{ topic: … }` is needed.
        each: Option<At<OrText<EachFile>>>,
        /// How an MQTT payload is read. json: every leaf is a field; message: a message of the flow's profile, checked
        /// and passed on byte for byte; profile: a message of the flow's profile, taken apart into the profile's fields;
        /// number, boolean, text: one bare value per topic. With `profile` and NC-Link, devices are asked for their model.
        /// Default: json; profile for NC-Link.
        decode: Option<At<Word<Decode>>>,
        /// What lies around the data of an MQTT message in JSON, and how several records in one are told apart. Each record
        /// then stands for itself, as a message of its own would. Default: nothing.
        envelope: Option<At<EnvelopeFile>>,
        /// Which member of an MQTT message says when it was made; with an `envelope`, of the data or of each record. Default: the
        /// time of arrival, marked as such.
        time: Option<At<MemberTimeFile>>,
        /// Machines that may appear on an MQTT source by themselves; those beyond are refused. Default: 200.
        max_machines: Option<At<Whole<1, 100_000>>>,
        /// Fields that may appear on an MQTT source by themselves, of all machines; those beyond are left out.
        /// Default: 2000.
        max_fields: Option<At<Whole<1, 1_000_000>>>,
        /// Which variables below a machine: browse-path globs; the last one that matches decides.
        /// Default: what the profile maps.
        select: Option<At<Vec<At<OrText<SelectFile>>>>>,
        /// What the source speaks: one profile or several. Default: core/data-set-message@1.0; with `events` and `publish-as`
        /// core/event@1.0.
        profile: Option<At<OneOrMany<String>>>,
        /// Events and alarms of the machines, too, each as a message of its own; `{}` takes them all. Active alarms are asked
        /// for when the connection comes up. With `publish-as` alarms alone, as a list of those that are active. Default: none.
        events: Option<At<EventsFile>>,
        /// Name of an MQTT connection, or of the gateway's own OPC UA server.
        to: Needed<String>,
        /// The profile that is published: what the source speaks is translated into it. Default: what the source speaks.
        publish_as: Option<At<String>>,
        /// Topic template with `{machine}`, `{gateway}`, `{flow}`, `{profile}`, `{enterprise}`, `{site}`, `{area}`,
        /// `{line}`, `{cell}`, and for samples `{channel}`. Default: the profile's own. One that ends like the profile's
        /// (`/MachineToolType/{machine}`) also says where a profile's lists of machines stand: below what comes before, such
        /// as `umati/v2/acme/cell7`.
        topic: Option<At<String>>,
        /// data-set: one message per data set. Default: data-set.
        payload: Option<At<Word<Payload>>>,
        /// What happens to a message that breaks its schema: quarantine keeps it here, mark sends it with the
        /// findings attached, reject counts it only. Default: quarantine.
        on_violation: Option<At<Word<OnViolation>>>,
        /// memory: bounded, lost with the process. durable: on disk before the source is told that it was taken, and sent
        /// again after a crash. Default: memory.
        delivery: Option<At<Word<Delivery>>>,
        /// Concepts that may leave by this flow; fields of any other, and of none, stay here. Default: all.
        only: Option<At<OneOrMany<String>>>,
        /// Concepts that never leave by this flow, such as `job.operator`. Default: none.
        drop: Option<At<OneOrMany<String>>>,
        /// Concepts whose values leave as pseudonyms: equal values as equal ones, made with a key that stays here.
        pseudonymise: Option<At<PseudonymiseFile>>,
    }

    /// What leaves as pseudonyms (HMAC-SHA-256, 32 hexadecimal digits).
    PseudonymiseFile {
        /// Whose values.
        concepts: Needed<OneOrMany<String>>,
        /// The key, at least 16 bytes; whoever has it can look up who is who.
        key: Needed<SecretFile>,
    }

    /// What lies around the data of a JSON message; its members are JSON pointers.
    EnvelopeFile {
        /// Where the data are, such as `/payload`. Default: the message itself.
        data: Option<At<String>>,
        /// How they are written there: json, text (a text that holds them) or base64 (a text that holds their bytes). Default:
        /// json.
        written_as: Option<At<Word<EnvelopeForm>>>,
        /// Where in the data a list of records is, such as `/values`; `here`: they are the list themselves. Default: the data
        /// are one record.
        records: Option<At<String>>,
        /// When the whole was made; for records that do not say it. Default: `time` of the flow.
        time: Option<At<MemberTimeFile>>,
        /// Whose record it is; looked for in the record, then in the message around it. In place of `{machine}` in the topic.
        machine: Option<At<String>>,
        /// In a record: the name of the field that its value is of. Default: the names are those of its members.
        field: Option<At<String>>,
        /// In a record: the value. Default: everything that is named by no other key.
        value: Option<At<String>>,
        /// In a record: how good the value is.
        quality: Option<At<MemberQualityFile>>,
    }

    /// Which member of a record says how good its value is. Where it says nothing the value is good; what it says beside
    /// these words makes it bad.
    MemberQualityFile {
        /// JSON pointer, such as `/q`.
        member: Needed<String>,
        /// Words or numbers that say good, such as `"192"`.
        good: Needed<OneOrMany<String>>,
        /// Words or numbers that say uncertain, such as `"64"`. Default: none.
        uncertain: Option<At<OneOrMany<String>>>,
    }

    /// Which member of a message says when it was made.
    MemberTimeFile {
        /// JSON pointer, such as `/timestamp`.
        member: Needed<String>,
        /// How it is written there: rfc3339, unix-s (seconds, with or without a fraction) or unix-ms.
        format: Needed<Word<TimeFormat>>,
    }

    /// Variables below a machine, and how they are sampled.
    SelectFile {
        /// Browse-path glob below the machine's root, such as `**/FeedOverride`.
        path: Option<At<String>>,
        /// Node id with namespace URI, instead of a path.
        node: Option<At<String>>,
        /// How often the server looks at the value; 0s to 1h. Default: the publishing interval.
        sampling: Option<At<Period>>,
        /// Changes the server keeps between two notifications. Default: computed from both intervals, with a margin.
        queue: Option<At<Whole<1, 100_000>>>,
        /// Changes no larger than this are not reported: `0.5` in the value's unit, `2%` of its range. Default: 0.
        deadband: Option<At<Deadband>>,
    }

    /// Which events and alarms of the machines.
    EventsFile {
        /// machine: those that the machine's root notifies of, or, where it notifies of none, those of the Server object
        /// whose source is the root or lies below it; server: all of the Server object. Default: machine.
        from: Option<At<Word<EventOrigin>>>,
        /// These types and their subtypes; node ids with namespace URI. Default: every type.
        types: Option<At<Vec<At<String>>>>,
        /// Less severe ones are left out; 0 to 1000. Default: 0.
        min_severity: Option<At<Whole<0, 1000>>>,
    }

    /// What the gateway may use at most.
    LimitsFile {
        /// Messages that wait for a broker or for the disk, in memory, an equal share for each broker; 1MiB to 64GiB. Default: 256MiB.
        memory: Option<At<Size>>,
        /// Messages of durable flows on disk, all together; 16MiB to 16384GiB, and never more than the disk has. Default:
        /// 10GiB.
        spool: Option<At<Size>>,
        /// How long they may wait there; older ones are dropped and told as a gap; 1m to 87600h. After a start, a clock that was
        /// set by more than a day makes nothing older. Default: for ever.
        spool_age: Option<At<Period>>,
        /// When the spool is full: block (sources wait) or drop-oldest (the oldest go and are told as a gap). Default: block.
        when_full: Option<At<Word<WhenFull>>>,
        /// While older messages of a broker wait on disk: in-order (what is new waits for them) or live-first (what is new
        /// goes out at once, what waited beside it and marked as replayed; MQTT 3.1.1 cannot carry the mark). Default:
        /// in-order.
        replay: Option<At<Word<Replay>>>,
        /// The quarantine on disk; 1MiB to 1024GiB. Default: 1GiB.
        quarantine: Option<At<Size>>,
        /// The audit of commands on disk; 1MiB to 64GiB. The oldest records go when it is full, and that is told in it.
        /// Default: 256MiB.
        audit: Option<At<Size>>,
        /// How long records of the audit are kept; 24h to 876000h. Default: as long as there is room.
        audit_age: Option<At<Period>>,
    }
}

choice! {
    /// A server or broker.
    ConnectionFile {
        /// An OPC UA server to read from.
        OpcUa(At<OpcUaFile>) = "opcua",
        /// An MQTT broker to publish to and subscribe at, or the built-in one.
        Mqtt(At<MqttFile>) = "mqtt",
        /// The gateway's own OPC UA server, a target of flows.
        Face(At<FaceFile>) = "opcua-server",
    }

    /// Which nodes are machines.
    EachFile {
        /// Every object of this type or a subtype; node id with namespace URI.
        Type(At<String>) = "type",
        /// Every node below Root that this browse-path glob matches.
        Path(At<String>) = "path",
        /// This node; node id with namespace URI.
        Node(At<String>) = "node",
        /// MQTT: what to subscribe to, such as `line/{line}/{machine}/+/state`. `{machine}` tells machines apart,
        /// `{enterprise}` … `{cell}` place them, `+`, `{field}` and `#` name fields, other names become fields. With
        /// `$share/GROUP/` before it each message goes to one gateway of the group.
        Topic(At<String>) = "topic",
    }
}

/// Where a secret is; never the secret itself.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum SecretFile {
    /// A file that holds the secret and nothing else; a line end behind it does not count.
    File(At<FilePath>),
    /// An environment variable.
    Env(At<String>),
}

impl Read for SecretFile {
    fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Self> {
        if let Content::Text { .. } = node.content {
            // What was typed may be the secret: it is not repeated.
            reading.error("QIAO-C095", node.place, &[]);
            return None;
        }
        let (word, node) = reading.choice(node, &["file", "env"])?;
        if word == "file" { At::read(node, reading).map(Self::File) } else { At::read(node, reading).map(Self::Env) }
    }
}

impl From<At<String>> for EachFile {
    fn from(path: At<String>) -> Self {
        Self::Path(path)
    }
}

impl From<At<String>> for SelectFile {
    fn from(path: At<String>) -> Self {
        Self { path: Some(path), node: None, sampling: None, queue: None, deadband: None }
    }
}

/// Which time values carry.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum TimeFile {
    /// The device's own.
    Source,
    /// The OPC UA server's.
    Server,
    /// When the value arrived here.
    Arrival,
    /// The device writes local time as if it were UTC; this is how far it is east of UTC.
    Offset(At<UtcOffset>),
}

impl Read for TimeFile {
    fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Self> {
        const WORDS: [&str; 3] = ["source", "server", "arrival"];
        match &node.content {
            Content::Text { text, .. } => match text.as_str() {
                "source" => Some(Self::Source),
                "server" => Some(Self::Server),
                "arrival" => Some(Self::Arrival),
                _ => {
                    reading.unknown("QIAO-C013", node.place, text, WORDS);
                    None
                }
            },
            Content::Table(_) => {
                let (_, node) = reading.choice(node, &["offset"])?;
                At::read(node, reading).map(Self::Offset)
            }
            _ => {
                reading.wrong_kind(node, "text-or-table");
                None
            }
        }
    }
}

/// What a pinned certificate may be accepted in spite of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateFault {
    Expired,
    OtherHost,
}

/// What one message carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payload {
    DataSet,
}

/// How safe a message is while it waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    Memory,
    Durable,
}

words! {
    Language { "en" => Self::English, "de" => Self::German, "zh" => Self::Chinese, }
    SecurityMode {
        "sign-and-encrypt" => Self::SignAndEncrypt,
        "sign" => Self::Sign,
        "none-i-accept-the-risk" => Self::NoneIAcceptTheRisk,
    }
    PolicyChoice {
        "auto" => Self::Auto,
        "basic256sha256" => Self::Basic256Sha256,
        "aes128-sha256-rsaoaep" => Self::Aes128Sha256RsaOaep,
        "aes256-sha256-rsapss" => Self::Aes256Sha256RsaPss,
    }
    History { "fill-gaps" => Self::FillGaps, "ignore" => Self::Ignore, }
    Anonymous { "refuse" => Self::Refuse, "read" => Self::Read, }
    MqttVersion { "5" => Self::V5, "3.1.1" => Self::V311, }
    Decode {
        "json" => Self::Json,
        "message" => Self::Message,
        "profile" => Self::Profile,
        "number" => Self::Number,
        "boolean" => Self::Boolean,
        "text" => Self::Text,
    }
    EnvelopeForm { "json" => Self::Json, "text" => Self::Text, "base64" => Self::Base64, }
    TimeFormat { "rfc3339" => Self::Rfc3339, "unix-s" => Self::UnixSeconds, "unix-ms" => Self::UnixMilliseconds, }
    OnViolation { "quarantine" => Self::Quarantine, "mark" => Self::Mark, "reject" => Self::Reject, }
    CertificateFault { "expired" => Self::Expired, "other-host" => Self::OtherHost, }
    EventOrigin { "machine" => Self::Machine, "server" => Self::Server, }
    Payload { "data-set" => Self::DataSet, }
    WhenFull { "block" => Self::Block, "drop-oldest" => Self::DropOldest, }
    Replay { "in-order" => Self::InOrder, "live-first" => Self::LiveFirst, }
    Delivery { "memory" => Self::Memory, "durable" => Self::Durable, }
}
