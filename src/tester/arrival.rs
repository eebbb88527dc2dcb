//! One message as it arrived, and what the checker needs of it.

use super::check::{Arrived, Sample};
use crate::model::Timestamp;
use crate::mqtt::Incoming;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// One message as it arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    /// When the consumer had it, in milliseconds since 1970.
    pub at: i64,
    pub topic: String,
    /// User properties of MQTT 5.
    pub properties: Vec<(String, String)>,
    pub payload: String,
}

/// Members of a key, in the user properties.
const KEY: [&str; 3] = ["gateway", "stream", "sequence"];
/// User properties that say that a message may be older than the one before it.
const LATE: [&str; 2] = ["replayed", "back-filled"];
/// `UaType` of UInt64 (OPC 10000-6 §5.1.2).
const UINT64: u64 = 9;

impl Arrival {
    #[must_use]
    pub fn of(message: &Incoming, now: Timestamp) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self {
            at: now.unix_millis(),
            topic: text(&message.topic),
            properties: message.user_properties.clone(),
            payload: text(&message.payload),
        }
    }

    /// When the gateway took it over, where it says so; else when it arrived. What arrives after a life has ended may have
    /// been on its way since before.
    #[must_use]
    pub fn taken(&self) -> i64 {
        let taken = self.property("taken").and_then(|taken| Timestamp::parse(taken).ok());
        taken.map_or(self.at, Timestamp::unix_millis)
    }

    /// What the checker needs of it.
    #[must_use]
    pub fn read(&self) -> Arrived {
        let mut hasher = DefaultHasher::new();
        (&self.topic, &self.payload).hash(&mut hasher);
        let content = hasher.finish();
        let read = serde_json::from_str(&self.payload).map_err(|error| error.to_string());
        let is_back_filled = matches!(&read, Ok(Value::Object(members)) if members.contains_key("BackFilled"));
        Arrived {
            key: self.key().unwrap_or_else(|| format!("content {content:016x}")),
            content,
            life: 0,
            is_late: is_back_filled || LATE.iter().any(|name| self.property(name).is_some()),
            samples: read.and_then(|message| samples(&message)),
        }
    }

    /// A message without a key of its own is known by its content: it carries a number and the time at which it was made.
    fn key(&self) -> Option<String> {
        let [gateway, stream, sequence] = KEY.map(|name| self.property(name));
        Some(format!("{} {} {}", gateway?, stream?, sequence?))
    }

    fn property(&self, name: &str) -> Option<&str> {
        self.properties.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The fields of a message of `core/data-set-message`.
fn samples(message: &Value) -> Result<Vec<Sample>, String> {
    let fields = message["Payload"].as_object().ok_or("no Payload")?;
    let sample = |(name, field): (&String, &Value)| {
        let status = field["Status"]["Code"].as_u64().unwrap_or(0);
        let value = field["Value"].as_str().and_then(|text| text.parse().ok());
        if value.is_some() && field["UaType"].as_u64() != Some(UINT64) {
            return Err(format!("{name} has type {}", field["UaType"]));
        }
        let source = field["SourceTimestamp"].as_str().map(Timestamp::parse);
        Ok(Sample {
            node: name.clone(),
            value,
            status: u32::try_from(status).map_err(|_| format!("{name} has status {status}"))?,
            source: source.transpose().map_err(|error| error.to_string())?.unwrap_or(Timestamp::NONE),
        })
    };
    fields.iter().map(sample).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrival(properties: &[(&str, &str)], payload: &str) -> Arrival {
        let properties = properties.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Arrival { at: 0, topic: "t".to_owned(), properties, payload: payload.to_owned() }
    }

    #[test]
    fn a_message_is_read_with_its_key_and_marks_or_says_why_not() {
        let payload = r#"{"Payload":{"N0":{"UaType":9,"Value":"7","SourceTimestamp":"2026-12-01T12:00:00.001Z"},
            "N1":{"Value":null,"Status":{"Code":2150891520}}}}"#;
        let read =
            arrival(&[("gateway", "g"), ("stream", "s"), ("sequence", "4"), ("replayed", "true")], payload).read();
        assert_eq!((read.key.as_str(), read.is_late), ("g s 4", true));
        let samples = read.samples.expect("it is right");
        assert_eq!((samples[0].value, samples[0].status), (Some(7), 0));
        assert_eq!(samples[0].source, Timestamp::parse("2026-12-01T12:00:00.001Z").expect("a time"));
        assert_eq!((samples[1].value, samples[1].status), (None, 2_150_891_520));

        let (first, other) = (arrival(&[], payload).read(), arrival(&[], "{}").read());
        assert!(first.key != other.key && !first.is_late);
        assert!(other.samples.is_err(), "no Payload");
        assert!(arrival(&[], r#"{"Payload":{"N0":{"UaType":8,"Value":"7"}}}"#).read().samples.is_err(), "another type");
        assert!(arrival(&[], r#"{"BackFilled":true,"Payload":{}}"#).read().is_late);
        let taken = arrival(&[("taken", "1970-01-01T00:00:01.5Z")], payload);
        assert_eq!((taken.taken(), arrival(&[], payload).taken()), (1500, 0));
    }
}
