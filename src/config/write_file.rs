//! What can be typed about commands to machines.

use super::file::SecretFile;
use super::plan::{Access, Literal, Quantity, Rate, WRITABLE};
use super::read::{At, Needed, Read, Reading};
use super::record::{choice, record, words};
use super::scalar::{self, Fault, Name, Number, Period, Scalar, Whole};
use super::word::Word;
use super::yaml::{Content, Node};
use crate::model::BuiltInType;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;
use std::time::Duration;

record! {
    /// One thing that may be commanded: one node, one method or one topic. Without an entry nothing is written.
    WriteFile {
        /// Stands in topics, the audit and metrics; unique.
        name: Needed<Name>,
        /// Name of the connection by which commands come: MQTT, or the gateway's own OPC UA server (then with `shown`).
        from: Needed<String>,
        /// Topic of the commands; `{gateway}` and `{write}` are filled in. Default: qiao/{gateway}/command/{write}.
        topic: Option<At<String>>,
        /// Topic of the answers to commands that name none (MQTT 3.1.1). Default: qiao/{gateway}/reply/{write}.
        reply: Option<At<String>>,
        /// Commands come as NC-Link `Set/Request` to this device, which the gateway plays, instead of by `topic`.
        nc_link_request: Option<At<NcLinkFile>>,
        /// Commands come from clients that write this variable of the gateway's own OPC UA server, instead of by `topic`.
        shown: Option<At<ShownFile>>,
        /// Name of the connection of what is commanded.
        to: Needed<String>,
        /// OPC UA: the variable that is written; node id with namespace URI.
        node: Option<At<String>>,
        /// OPC UA: the method that is called.
        call: Option<At<CallFile>>,
        /// MQTT: the topic to which the value is published.
        publish: Option<At<String>>,
        /// MQTT: the NC-Link device that is sent a `Set/Request`.
        nc_link: Option<At<NcLinkFile>>,
        /// Exactly the node's own type; nothing is converted. Needed, but for `call`.
        r#type: Option<At<Word<BuiltInType>>>,
        /// Length of an array, or of each dimension of a matrix. Default: one value.
        dimensions: Option<At<Vec<At<Whole<1, 10_000>>>>>,
        /// Smallest value; numbers need it and `max`, `one-of`, or the word at `bounds`.
        min: Option<At<Exact>>,
        /// Largest value.
        max: Option<At<Exact>>,
        /// Distance of one allowed value from the next, counted from `min`, else from 0.
        step: Option<At<Exact>>,
        /// The only values that are allowed.
        one_of: Option<At<Vec<At<Literal>>>>,
        /// Of numbers without `min` and `max`: every value of the type may be written.
        bounds: Option<At<Word<NoBounds>>>,
        /// Characters of a text, bytes of a byte string. Default: 256.
        max_length: Option<At<Whole<1, 65_536>>>,
        /// Farthest from the value that is there, which is read before; of one number at an OPC UA server.
        max_change: Option<At<Exact>>,
        /// At most so many in any span of so long, such as `6/1m`; 1 to 1000 in 1s to 24h. Default: 6/1m.
        rate: Option<At<Rate>>,
        /// Who may command it: senders that have one of these roles.
        roles: Needed<Vec<At<Name>>>,
        /// Last day it holds, `YYYY-MM-DD`, UTC. Default: for ever.
        until: Option<At<scalar::Day>>,
        /// A variable of the same OPC UA server that must hold a value at that moment.
        interlock: Option<At<InterlockFile>>,
        /// The value is read after the write until it is there; if it is not, the outcome is unknown. Default: it is not read.
        read_back: Option<At<ReadBackFile>>,
        /// Longest time from a command's making to its sending; 100ms to 60s. Default: 5s.
        ttl: Option<At<Period>>,
        /// needed: every command says which value it expects to find, and is refused where another stands. Default: optional.
        expected: Option<At<Word<Expected>>>,
    }

    /// A method of an OPC UA server; node ids with namespace URI.
    CallFile {
        /// The object whose method it is.
        object: Needed<String>,
        /// The method.
        method: Needed<String>,
        /// Its input arguments, in its order; an empty list for none.
        arguments: Needed<Vec<At<ArgumentFile>>>,
    }

    /// An input argument; the keys as above.
    ArgumentFile {
        /// Its name in the command.
        name: Needed<Name>,
        /// Exactly the argument's own type.
        r#type: Needed<Word<BuiltInType>>,
        /// Length of an array, or of each dimension of a matrix. Default: one value.
        dimensions: Option<At<Vec<At<Whole<1, 10_000>>>>>,
        /// Smallest value.
        min: Option<At<Exact>>,
        /// Largest value.
        max: Option<At<Exact>>,
        /// Distance of one allowed value from the next.
        step: Option<At<Exact>>,
        /// The only values that are allowed.
        one_of: Option<At<Vec<At<Literal>>>>,
        /// Of numbers without `min` and `max`: every value of the type may be given.
        bounds: Option<At<Word<NoBounds>>>,
        /// Characters of a text, bytes of a byte string. Default: 256.
        max_length: Option<At<Whole<1, 65_536>>>,
    }

    /// A value of an NC-Link device.
    NcLinkFile {
        /// The device's id, as it stands in its topics.
        device: Needed<String>,
        /// Id of the data item.
        path: Needed<String>,
    }

    /// A variable of a machine on the gateway's own OPC UA server.
    ShownFile {
        /// Name of the flow that shows it. Default: the one flow that leads to that server.
        flow: Option<At<String>>,
        /// The machine, by the name that it has there.
        machine: Needed<String>,
        /// Browse names of the way to the variable, from the machine on, such as `Monitoring/MachineTool/FeedOverride`; a `/`
        /// in a name is written `\/`, a `\` is written `\\`.
        node: Needed<String>,
    }

    /// What must hold for a write.
    InterlockFile {
        /// Node id with namespace URI.
        node: Needed<String>,
        /// The value that it must hold, with good status.
        equals: Needed<Literal>,
    }

    /// Seeing what became of a write.
    ReadBackFile {
        /// How long it is looked for; 10ms to 60s.
        within: Needed<Period>,
        /// Of numbers: how far off is still it. Default: 0.
        tolerance: Option<At<Number>>,
    }

    /// Who may command.
    SenderFile {
        /// What it may command: entries of `writes` with one of these roles.
        roles: Needed<Vec<At<Name>>>,
        /// How it is known.
        known_by: Needed<ProofFile>,
    }
}

choice! {
    /// How a sender is known.
    ProofFile {
        /// Its commands carry an HMAC-SHA-256 made with this key of at least 32 bytes.
        Key(At<SecretFile>) = "key",
        /// It is whoever the broker lets publish on the topic, at this connection: the broker's access rules are all that
        /// holds others off.
        WhoeverMayPublishAt(At<String>) = "whoever-may-publish-at",
        /// It is this user of the gateway's own OPC UA server.
        User(At<String>) = "user",
    }
}

/// A number exactly as it is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exact(pub Quantity);

/// That a number has no bounds, said with its consequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoBounds {
    NoneIAcceptTheRisk,
}

/// Whether a command has to say what it expects to find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    Optional,
    Needed,
}

words! {
    NoBounds { "none-i-accept-the-risk" => Self::NoneIAcceptTheRisk, }
    Expected { "optional" => Self::Optional, "needed" => Self::Needed, }
    Access { "as-listed" => Self::AsListed, "read-only" => Self::ReadOnly, }
}

impl super::word::Words for BuiltInType {
    const WORDS: &'static [(&'static str, Self)] = &WRITABLE;
}

impl Scalar for Exact {
    const EXPECTED: &'static str = "number";
    const IS_NUMBER: bool = true;
    fn parse(text: &str) -> Result<Self, Fault> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let is_whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        if is_whole && digits.len() > 1 && digits.starts_with('0') {
            return Err(Fault::LeadingZero);
        }
        if is_whole {
            return text.parse().map(|number| Self(Quantity::Whole(number))).map_err(|_| Fault::Malformed);
        }
        Number::parse(text).map(|number| Self(Quantity::Real(number.0)))
    }
    fn schema() -> Schema {
        Number::schema()
    }
}

impl Scalar for Rate {
    const EXPECTED: &'static str = "rate";
    fn parse(text: &str) -> Result<Self, Fault> {
        let (count, per) = text.split_once('/').ok_or(Fault::Malformed)?;
        let Whole(count) = Whole::<1, 1_000>::parse(count)?;
        let Period(per) = Period::parse(per)?;
        if !(Duration::from_secs(1)..=Duration::from_secs(86_400)).contains(&per) {
            return Err(Fault::OutOfRange { low: "1000/24h".to_owned(), high: "1000/1s".to_owned() });
        }
        Ok(Self { count: u32::try_from(count).map_err(|_| Fault::Malformed)?, per })
    }
    fn schema() -> Schema {
        json_schema!({ "type": "string", "pattern": "^[1-9][0-9]{0,3}/[0-9]+(ms|s|m|h)$" })
    }
}

scalar::scalars! { Exact Rate }
scalar::scalar_schemas! {
    [] Exact;
    [] Rate;
}

impl Read for Literal {
    /// `true` and numbers without quotes are what they look like; everything else is text.
    fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Self> {
        let Content::Text { text, is_plain } = &node.content else {
            reading.wrong_kind(node, "text");
            return None;
        };
        Some(match (text.as_str(), is_plain) {
            ("true", true) => Self::Bool(true),
            ("false", true) => Self::Bool(false),
            (text, true) => {
                Exact::parse(text).map_or_else(|_| Self::Text(text.to_owned()), |exact| Self::Number(exact.0))
            }
            (text, false) => Self::Text(text.to_owned()),
        })
    }
}

impl JsonSchema for Literal {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "value".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["boolean", "number", "string"] })
    }
}
