//! When a device is asked for its model or its alarms: when it is met, and again at most once a minute until it answers.

use super::intake::Unknown;
use super::message::Message;
use crate::codec::Tape;
use crate::codec::nc_link::{Body, OWN_MESSAGE, query, request};
use crate::finding::Finding;
use crate::model::TopicName;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// Between two requests to one device that does not answer.
const AGAIN: Duration = Duration::from_secs(60);

/// Which devices were asked, by topic of the request.
#[derive(Debug, Default)]
pub(super) struct Asked {
    devices: HashMap<String, Asking>,
    /// Number of the last request.
    number: u64,
}

#[derive(Debug)]
struct Asking {
    at: Instant,
    is_told: bool,
}

/// A request that is due.
#[derive(Debug)]
pub(super) struct Ask {
    pub(super) request: Message,
    /// The device did not answer the one before.
    pub(super) finding: Option<Finding>,
}

impl Asked {
    /// A new session: all of them may have changed, and are asked again.
    pub(super) fn forget(&mut self) {
        self.devices.clear();
    }

    /// The request to a device of which something is not known; `None` when it was asked a short while ago.
    pub(super) fn next(&mut self, unknown: &Unknown, now: Instant) -> Option<Ask> {
        let topic = TopicName::parse(&unknown.topic).ok()?;
        let mut finding = None;
        match self.devices.get_mut(&unknown.topic) {
            Some(asking) if now.duration_since(asking.at) < AGAIN => return None,
            Some(asking) => {
                asking.at = now;
                if !std::mem::replace(&mut asking.is_told, true) && unknown.item.is_none() {
                    finding = Some(Finding::note("QIAO-M075", unknown.topic.clone()).with("device", &unknown.device));
                }
            }
            None => {
                self.devices.insert(unknown.topic.clone(), Asking { at: now, is_told: false });
            }
        }
        self.number += 1;
        let mut tape = Tape::new();
        let message = format!("{OWN_MESSAGE}{}", self.number);
        match &unknown.item {
            None => request(&mut tape, &message, Body::Nothing),
            Some(item) => query(&mut tape, &message, [(item.as_str(), None)]),
        }
        let payload: Arc<[u8]> = Arc::from(tape.as_bytes());
        let request = Message {
            topic: Arc::new(topic),
            qos: 0,
            is_retained: false,
            payload,
            properties: None,
            key: None,
            is_replayed: false,
            talk: None,
        };
        Some(Ask { request, finding })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_that_does_not_answer_is_asked_once_a_minute_and_told_once() {
        let mut asked = Asked::default();
        let topic = "Probe/Query/Request/V4C7".to_owned();
        let unknown = Unknown { device: "V4C7".to_owned(), topic, item: None };
        let begin = Instant::now();
        let mut next = |seconds: u64| {
            let ask = asked.next(&unknown, begin + Duration::from_secs(seconds))?;
            assert_eq!((ask.request.topic.as_str(), ask.request.qos), ("Probe/Query/Request/V4C7", 0));
            Some((String::from_utf8_lossy(&ask.request.payload).into_owned(), ask.finding.is_some()))
        };
        assert_eq!(next(0), Some((r#"{"@id":"qiao-1"}"#.to_owned(), false)));
        assert_eq!((next(1), next(59)), (None, None));
        assert_eq!(next(60), Some((r#"{"@id":"qiao-2"}"#.to_owned(), true)));
        assert_eq!(next(61), None);
        assert_eq!(next(120).map(|(_, is_told)| is_told), Some(false));
    }
}
