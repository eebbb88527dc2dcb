//! One message to publish, whatever the protocol version.

use crate::config::plan::MqttVersion;
use crate::model::{MessageProperties, Timestamp, TopicName};
use crate::spool::MessageKey;
use std::sync::Arc;

/// One message, whatever the protocol version.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) topic: Arc<TopicName>,
    pub(super) qos: u8,
    pub(super) is_retained: bool,
    pub(super) payload: Arc<[u8]>,
    pub(super) properties: Option<Arc<MessageProperties>>,
    /// What a reader drops duplicates by; `None` for what is no message of a flow, and under 3.1.1, which cannot carry it.
    pub(super) key: Option<Key>,
    /// It waited on disk; newer ones may have gone out before it.
    pub(super) is_replayed: bool,
    /// What it asks or answers; under 3.1.1 nothing of it is written.
    pub(super) talk: Option<Arc<Talk>>,
}

/// What MQTT 5 carries of a question and its answer (MQTT 5.0 §4.10).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Talk {
    /// Where the answer is waited for; `None`: this is one.
    pub(super) response_topic: Option<String>,
    pub(super) correlation: Option<Vec<u8>>,
    /// Seconds after which nobody needs it any more.
    pub(super) expiry: Option<u32>,
}

/// The key of a message as it is written.
#[derive(Clone, Debug)]
pub(super) struct Key {
    gateway: Arc<str>,
    stream: String,
    sequence: String,
    taken: Option<String>,
}

impl Key {
    pub(super) fn new(gateway: &Arc<str>, key: MessageKey) -> Self {
        let time = |millis: u64| Timestamp::from_unix_millis(i64::try_from(millis).unwrap_or(i64::MAX)).to_string();
        Self {
            gateway: Arc::clone(gateway),
            stream: format!("{:016x}", key.stream),
            sequence: key.sequence.to_string(),
            taken: key.taken_ms.map(time),
        }
    }
}

/// A message of a topic we subscribed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// As it was sent; a broker may let through what is not UTF-8.
    pub topic: Vec<u8>,
    /// 0, 1 or 2: as the broker sends it to us.
    pub qos: u8,
    /// 0 with QoS 0, which nobody acknowledges.
    pub packet: u16,
    /// The broker kept it.
    pub is_retained: bool,
    /// The broker has sent it before.
    pub is_repeated: bool,
    /// MQTT 5 only, as are the user properties.
    pub content_type: Option<String>,
    pub user_properties: Vec<(String, String)>,
    /// Where an answer is waited for, and what stands in it; MQTT 5 only.
    pub reply: Option<Box<ReplyTo>>,
    pub payload: Vec<u8>,
}

/// Where an answer to a message is waited for (MQTT 5.0 §4.10), as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyTo {
    pub topic: Option<String>,
    pub correlation: Option<Vec<u8>>,
}

impl Message {
    /// Bytes of the whole packet on the wire (MQTT 5.0 §3.3, 3.1.1 §3.3).
    pub(super) fn wire_size(&self, version: MqttVersion) -> u64 {
        let text = |text: &str| 2 + text.len() as u64;
        let properties = match (version, &self.properties) {
            (MqttVersion::V311, _) => 0,
            (MqttVersion::V5, carried) => {
                let format = if carried.is_some() && self.is_text() { 2 } else { 0 };
                let content_type = carried.as_ref().map_or(0, |carried| 1 + text(&carried.content_type));
                let talk = self.talk.as_deref().map_or(0, |talk| {
                    let topic = talk.response_topic.as_deref().map_or(0, |topic| 1 + text(topic));
                    let correlation = talk.correlation.as_ref().map_or(0, |data| 3 + data.len() as u64);
                    topic + correlation + talk.expiry.map_or(0, |_| 5)
                });
                let users = self.user_properties();
                let users: u64 = users.iter().map(|(key, value)| 1 + text(key) + text(value)).sum();
                let all = format + content_type + talk + users;
                variable_length(all) + all
            }
        };
        let packet_id = if self.qos == 0 { 0 } else { 2 };
        let rest = text(self.topic.as_str()) + packet_id + properties + self.payload.len() as u64;
        1 + variable_length(rest) + rest
    }

    /// What MQTT 5 carries beside the payload, in our own words.
    pub(super) fn user_properties(&self) -> Vec<(&'static str, &str)> {
        let carried = self.properties.as_deref();
        let profile =
            carried.map(|carried| [("profile", &*carried.profile), ("schema-version", &*carried.schema_version)]);
        let replayed = self.is_replayed.then_some(("replayed", "true"));
        let back_filled = carried.filter(|carried| carried.is_back_filled).map(|_| ("back-filled", "true"));
        let repeated = carried.filter(|carried| carried.is_repeated).map(|_| ("repeated", "true"));
        let key = self.key.as_ref();
        let named = key.map(|key| [("gateway", &*key.gateway), ("stream", &*key.stream), ("sequence", &*key.sequence)]);
        let taken = key.and_then(|key| Some(("taken", key.taken.as_deref()?)));
        let echo = carried.filter(|carried| carried.is_echo).map(|_| ("origin", "gateway"));
        let marks = replayed.into_iter().chain(back_filled).chain(repeated).chain(echo);
        profile.into_iter().flatten().chain(named.into_iter().flatten()).chain(taken).chain(marks).collect()
    }

    pub(super) fn is_text(&self) -> bool {
        std::str::from_utf8(&self.payload).is_ok()
    }
}

/// Bytes of a Variable Byte Integer (MQTT 5.0 §1.5.5).
fn variable_length(value: u64) -> u64 {
    match value {
        0..128 => 1,
        128..16_384 => 2,
        16_384..2_097_152 => 3,
        _ => 4,
    }
}

/// Messages at the edges of the length fields.
#[cfg(test)]
pub(super) fn examples() -> Vec<Message> {
    let properties = Arc::new(MessageProperties {
        content_type: "application/json".into(),
        profile: "core/data-set-message".into(),
        schema_version: "1.0".into(),
        is_back_filled: true,
        is_echo: true,
        is_repeated: true,
    });
    let topic = Arc::new(TopicName::parse("qiao/温度").expect("a topic"));
    let lengths = [0, 2, 100, 112, 113, 114, 120, 16_300, 16_384, 17_000, 2_097_152, 2_200_000];
    let payloads = lengths.iter().map(|length| vec![b'x'; *length]).chain([vec![0xff; 90]]);
    let gateway: Arc<str> = "hall-3".into();
    let key = |taken_ms| Some(Key::new(&gateway, MessageKey { stream: 7, sequence: 12_345, taken_ms }));
    let kinds = [
        (0, None, None, true),
        (1, None, key(None), false),
        (0, Some(&properties), key(Some(1_764_000_000_123)), false),
        (1, Some(&properties), None, true),
    ];
    let with = |payload: Vec<u8>| {
        kinds.clone().map(|(qos, properties, key, is_replayed)| Message {
            topic: Arc::clone(&topic),
            qos,
            is_retained: true,
            payload: payload.as_slice().into(),
            properties: properties.cloned(),
            key,
            is_replayed,
            talk: is_replayed.then(|| {
                let (topic, data) = ("reply/here".to_owned(), vec![1, 2, 3]);
                Arc::new(Talk { response_topic: Some(topic), correlation: Some(data), expiry: Some(5) })
            }),
        })
    };
    payloads.flat_map(with).collect()
}
