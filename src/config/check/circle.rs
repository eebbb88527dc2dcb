//! What feeds itself, by way of brokers and servers: refused, with all that take part.
//!
//! Whatever passes something on is a member: a flow, an entry that writes. A member takes at spots and gives at spots; where
//! one's gift may be what another takes, the second is fed by the first. What is not known before the gateway runs (which
//! text stands for a machine, which nodes are found) counts as possible.

use super::flow::Flows;
use super::{Checking, url};
use crate::codec::nc_link::Kind;
use crate::config::file::{ConnectionFile, MqttFile};
use crate::config::plan::FlowPlan;
use crate::config::yaml::Place;
use crate::model::TopicPattern;
use crate::profile::Codec;

/// Something that passes on.
struct Member<'p> {
    name: &'p str,
    /// Where the configuration says what it gives.
    place: Place,
    takes: Vec<Take<'p>>,
    gives: Vec<Give>,
}

/// Where a member takes something. Connections by index.
enum Take<'p> {
    Topics(u16, &'p TopicPattern),
}

/// Where a member gives something.
enum Give {
    Topic {
        connection: u16,
        /// As a template, with everything filled in that is known.
        topic: String,
    },
}

/// By which subscription what a member gives comes to another, and on which topic it was given.
#[derive(Clone, Copy)]
struct Feed<'m> {
    to: usize,
    topic: &'m str,
    pattern: &'m TopicPattern,
}

impl Checking<'_> {
    /// Refuses flows whose messages would come back to them, by themselves or by way of others.
    pub(super) fn circles(&mut self, flows: &[Option<FlowPlan>], all: &Flows<'_>) {
        let members: Vec<Member<'_>> = flows
            .iter()
            .zip(all.typed)
            .filter_map(|(flow, typed)| {
                let place = typed.value.topic.as_ref().map_or(typed.place, |topic| topic.place);
                Some(of_flow(flow.as_ref()?, place, all))
            })
            .collect();
        let feeds: Vec<Vec<Feed<'_>>> = members
            .iter()
            .map(|from| {
                let each = members.iter().enumerate();
                each.filter_map(|(at, to)| feed(from, to, all).map(|(topic, pattern)| Feed { to: at, topic, pattern }))
                    .collect()
            })
            .collect();
        for (at, member) in members.iter().enumerate() {
            let Some((first, way)) = way_back(&feeds, at) else { continue };
            let names: Vec<&str> = way.iter().filter_map(|at| members.get(*at)).map(|member| member.name).collect();
            let circle = names.join(" → ");
            let facts = [("topic", first.topic), ("pattern", first.pattern.as_str()), ("circle", circle.as_str())];
            self.reading.error("QIAO-C068", member.place, &facts);
        }
    }
}

fn of_flow<'p>(flow: &'p FlowPlan, place: Place, all: &Flows<'_>) -> Member<'p> {
    let input = flow.input.iter().flat_map(|input| input.patterns());
    let mut gives = Vec::new();
    for profile in flow.published() {
        let template = flow.topic.as_ref().unwrap_or(&profile.topic);
        let topic = template.replace("{gateway}", all.gateway).replace("{flow}", &flow.name);
        if profile.codec == Codec::NcLink {
            // A device also speaks where it is asked.
            gives.extend(beside_samples(&topic).map(|topic| Give::Topic { connection: flow.sink, topic }));
        }
        gives.push(Give::Topic { connection: flow.sink, topic });
    }
    // The topic of the messages themselves is the one to speak of first.
    gives.reverse();
    Member { name: &flow.name, place, takes: input.map(|pattern| Take::Topics(flow.source, pattern)).collect(), gives }
}

/// Topics of a device that does not only send samples.
fn beside_samples(topic: &str) -> impl Iterator<Item = String> {
    let kinds = [Kind::Event, Kind::QueryResponse, Kind::ProbeQueryResponse, Kind::RegisterRequest];
    let samples = Kind::Sample.topic();
    let levels: Vec<&str> = topic.split('/').collect();
    let at = levels.iter().position(|level| *level == samples);
    let parts = at.map(|at| (levels[..at].join("/"), levels.get(at + 1).copied().unwrap_or_default().to_owned()));
    parts.into_iter().flat_map(move |(before, device)| {
        kinds.map(|kind| {
            let own = [before.as_str(), kind.topic(), device.as_str()];
            own.into_iter().filter(|level| !level.is_empty()).collect::<Vec<_>>().join("/")
        })
    })
}

/// On which topic a member could feed another, and by which of its subscriptions.
fn feed<'m>(from: &'m Member<'_>, to: &'m Member<'_>, all: &Flows<'_>) -> Option<(&'m str, &'m TopicPattern)> {
    from.gives.iter().find_map(|give| {
        to.takes.iter().find_map(|take| match (give, take) {
            (Give::Topic { connection, topic }, Take::Topics(source, pattern)) => {
                (is_same_broker(*connection, *source, all) && may_match(pattern, topic))
                    .then_some((topic.as_str(), *pattern))
            }
        })
    })
}

fn may_match(pattern: &TopicPattern, topic: &str) -> bool {
    // A value never leaves its level; which text stands there is known only when a machine is found.
    let levels: Vec<Option<&str>> = topic.split('/').map(|level| (!level.contains('{')).then_some(level)).collect();
    pattern.may_match(&levels)
}

fn is_same_broker(one: u16, other: u16, all: &Flows<'_>) -> bool {
    let address = |at: u16| match all.connections.0.get(usize::from(at)) {
        Some((_, Some(ConnectionFile::Mqtt(mqtt)))) => broker_address(&mqtt.value),
        _ => None,
    };
    one == other || address(one).is_some_and(|one| Some(one) == address(other))
}

/// Host and port, this machine under one name; `None` when the port is found only when the broker starts.
fn broker_address(typed: &MqttFile) -> Option<(String, u16)> {
    let own = |host: &str| if url::is_loopback(host) { "localhost".to_owned() } else { host.to_ascii_lowercase() };
    if let Some(embedded) = &typed.embedded {
        let listen = embedded.value.0;
        return (listen.port() != 0).then(|| (own(&listen.ip().to_string()), listen.port()));
    }
    let broker = url::parse(&typed.broker.as_ref()?.value)?;
    Some((own(broker.host), broker.port.unwrap_or(if broker.scheme == "mqtt" { 1883 } else { 8883 })))
}

/// How what a member gives sets out on its way back to it, and all on that way, itself at both ends; the shortest one.
fn way_back<'m>(feeds: &[Vec<Feed<'m>>], goal: usize) -> Option<(Feed<'m>, Vec<usize>)> {
    let fed = |at: usize| feeds.get(at).map_or(&[][..], Vec::as_slice);
    let mut seen = vec![false; feeds.len()];
    let mut open: std::collections::VecDeque<(Feed<'m>, Vec<usize>)> =
        fed(goal).iter().map(|feed| (*feed, vec![goal, feed.to])).collect();
    while let Some((first, way)) = open.pop_front() {
        let at = way.last().copied().unwrap_or_default();
        if at == goal {
            return Some((first, way));
        }
        if !std::mem::replace(&mut seen[at], true) {
            open.extend(fed(at).iter().map(|feed| (first, way.iter().copied().chain([feed.to]).collect())));
        }
    }
    None
}
