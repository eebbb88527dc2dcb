//! Where answers go: to the response topic of the command if it may be one, else to the topic of the entry.

use super::{Life, Outcome, Saying, Wish};
use crate::codec::nc_link::Kind;
use crate::config::plan::{CommandSource, Plan, WriteTarget};
use crate::guard::{CommandId, Refusal};
use crate::journal::ReplyTo;
use crate::model::TopicName;
use crate::model::topic_pattern::is_presence;
use crate::mqtt::Incoming;

/// Correlation data that is longer is no number of a question.
const CORRELATION: usize = 1024;

/// Where the answer to a message goes; and why not where it asked for.
pub(super) fn reply_to(plan: &Plan, entry: usize, message: &Incoming) -> (Option<ReplyTo>, Option<Refusal>) {
    let Some(CommandSource::Topic { connection, reply, .. }) = plan.writes.entries.get(entry).map(|entry| &entry.from)
    else {
        return (None, None);
    };
    let asked = message.reply.as_deref();
    let correlation = asked.and_then(|asked| asked.correlation.clone()).unwrap_or_default();
    let own = |correlation| ReplyTo { connection: *connection, topic: reply.clone(), correlation };
    if correlation.len() > CORRELATION {
        return (Some(own(Vec::new())), Some(Refusal::ReplyTopic { topic: "-".to_owned() }));
    }
    match asked.and_then(|asked| asked.topic.as_deref()) {
        None => (Some(own(correlation)), None),
        Some(topic) if may_be_told(plan, *connection, topic) => {
            (Some(ReplyTo { connection: *connection, topic: topic.to_owned(), correlation }), None)
        }
        Some(topic) => {
            let shown: String = topic.chars().take(100).collect();
            (Some(own(correlation)), Some(Refusal::ReplyTopic { topic: shown }))
        }
    }
}

/// Whoever commands must not have the gateway say something where it is taken for a command, or for the gateway itself.
fn may_be_told(plan: &Plan, at: u16, topic: &str) -> bool {
    let is_ours = plan.writes.entries.iter().any(|entry| {
        let commands = matches!(&entry.from, CommandSource::Topic { connection, topic: ours, .. } if *connection == at && ours == topic);
        commands || matches!(&entry.to, WriteTarget::Topic { connection, topic: ours } if *connection == at && ours == topic)
    });
    TopicName::parse(topic).is_ok()
        && !topic.starts_with('$')
        && !is_ours
        && !is_presence(topic, &plan.gateway.name)
        && Kind::of_topic(topic).is_none()
}

impl Life {
    /// Says how a command ended.
    pub(super) async fn reply(&self, to: &ReplyTo, id: Option<&CommandId>, outcome: &Outcome) {
        let Ok(topic) = TopicName::parse(&to.topic) else { return };
        let at = self.facts.clock.now().wall;
        let payload = outcome.reply(id.copied(), self.plan().gateway.language, at).into_bytes();
        let correlation = (!to.correlation.is_empty()).then(|| to.correlation.clone());
        let saying = Saying { topic, payload, response_topic: None, correlation, expiry: None };
        self.wish(to.connection, Wish::Reply(saying)).await;
    }
}
