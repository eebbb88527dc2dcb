//! Presence of machines: `qiao/<gateway>/<machine>/status`, retained, `{"state","since","reason"}` (DESIGN §8, contract).

use super::outbox::Outbox;
use crate::finding::{Finding, Language};
use crate::model::delivery::TopicKind;
use crate::model::{Delivery, Timestamp, TopicName};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is said of a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum State {
    Online,
    /// Its link is lost.
    Offline(Box<Finding>),
    /// The server does not have it any more.
    Gone(Box<Finding>),
}

/// The machines of one source, as their presence topics show them: by sink and id.
#[derive(Clone, Debug, Default)]
pub(super) struct Presences(BTreeMap<(u16, String), Presence>);

#[derive(Clone, Debug)]
struct Presence {
    topic: Arc<TopicName>,
    qos: u8,
    /// What was said last, and since when it is so.
    said: Option<(State, Timestamp)>,
}

impl State {
    fn name(&self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Offline(_) => "offline",
            Self::Gone(_) => "gone",
        }
    }

    fn reason(&self) -> Option<&Finding> {
        match self {
            Self::Online => None,
            Self::Offline(reason) | Self::Gone(reason) => Some(reason),
        }
    }
}

impl Presences {
    /// A machine that is to have a presence topic at a sink.
    pub(super) fn add(&mut self, sink: u16, qos: u8, id: &str, topic: Arc<TopicName>) {
        let presence = Presence { topic, qos, said: None };
        self.0.entry((sink, id.to_owned())).or_insert(presence);
    }

    /// All of the source are in this state now.
    pub(super) fn set_all(&mut self, state: &State, since: Timestamp, language: Language, out: &mut Outbox) {
        for ((sink, _), presence) in &mut self.0 {
            presence.say(*sink, state, since, language, out);
        }
    }

    /// Those that `is_there` does not know are gone; nothing more is said of them.
    pub(super) fn retain(
        &mut self,
        is_there: impl Fn(u16, &str) -> bool,
        gone: &State,
        since: Timestamp,
        language: Language,
        out: &mut Outbox,
    ) {
        self.0.retain(|(sink, id), presence| {
            let stays = is_there(*sink, id);
            if !stays {
                presence.say(*sink, gone, since, language, out);
            }
            stays
        });
    }
}

impl Presence {
    /// Publishes a state that is new, or has a new reason; a state that goes on keeps its since.
    fn say(&mut self, sink: u16, state: &State, now: Timestamp, language: Language, out: &mut Outbox) {
        let since = match &self.said {
            Some((said, _)) if said == state => return,
            Some((said, since)) if said.name() == state.name() => *since,
            _ => now,
        };
        self.said = Some((state.clone(), since));
        let mut payload = serde_json::json!({ "state": state.name(), "since": since.to_string() });
        if let Some(reason) = state.reason() {
            payload["reason"] = serde_json::json!({ "code": reason.code.0, "text": reason.text(language) });
        }
        out.deliver(
            payload.to_string().as_bytes(),
            Delivery {
                flow: u16::MAX,
                sink,
                topic: Arc::clone(&self.topic),
                kind: TopicKind::State,
                qos: self.qos,
                properties: None,
                payload: 0..0,
                values: 0,
            },
        );
    }
}
