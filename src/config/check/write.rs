//! Commands to machines: every entry is whole, bounded and unmistakable, or there is no plan.

use super::flow::Flows;
use super::rule::RuleKeys;
use super::{Checking, given, named};
use crate::config::file::{
    CallFile, ConnectionFile, Expected, File, InterlockFile, NcLinkFile, ProofFile, ReadBackFile, SenderFile, WriteFile,
};
use crate::config::plan::{
    Access, Argument, CommandSource, Interlock, Proof, Rate, ReadBack, Sender, Takes, WritePlan, WriteTarget, Writes,
};
use crate::config::read::{At, ByName};
use crate::config::scalar::Name;
use crate::config::yaml::Place;
use crate::model::TopicName;
use crate::model::topic_pattern::is_presence;
use std::collections::HashMap;
use std::time::Duration;

/// A shorter key can be found by trying.
const SHORTEST_KEY: usize = 32;
/// Ids of commands that the journal keeps at most; see `journal`.
const COMMANDS_PER_DAY: f64 = 200_000.0;
const RATE: Rate = Rate { count: 6, per: Duration::from_secs(60) };
const DAY: Duration = Duration::from_secs(86_400);

impl Checking<'_> {
    /// `None` when one of the entries or senders has no plan.
    pub(super) fn writes(&mut self, file: &File, all: &Flows<'_>) -> Option<Writes> {
        let gateway = file.gateway.0.as_ref().map(|at| &at.value);
        let limits = file.limits.as_ref().map(|at| &at.value);
        let typed = file.writes.as_ref().map_or(&[][..], |at| &at.value);
        let nothing = ByName(Vec::new());
        let typed_senders = file.senders.as_ref().map_or(&nothing, |at| &at.value);
        if let Some(empty) = file.writes.as_ref().filter(|at| at.value.is_empty()) {
            self.reading.error("QIAO-C015", empty.place, &[("key", "writes")]);
        }
        let skew =
            self.period(gateway.and_then(|typed| typed.clock_skew.as_ref()), Duration::from_secs(2), ["100ms", "60s"]);
        let audit = self.size(limits.and_then(|typed| typed.audit.as_ref()), 256 << 20, ["1MiB", "64GiB"]);
        let audit_age = limits.and_then(|typed| typed.audit_age.as_ref());
        let audit_age = audit_age.map(|at| self.period(Some(at), DAY, ["24h", "876000h"]));
        let senders: Vec<Option<Sender>> =
            typed_senders.0.iter().map(|(key, typed)| self.sender(&key.text, typed.as_ref()?, all)).collect();
        self.twice(typed.iter().filter_map(|write| write.value.name.0.as_ref()).map(named));
        let mut claims = Claims::default();
        let entries: Vec<Option<WritePlan>> =
            typed.iter().map(|write| self.write(&write.value, write.place, typed_senders, all, &mut claims)).collect();
        self.idle_senders(typed, typed_senders);
        self.too_many(typed);
        Some(Writes {
            access: gateway.and_then(|typed| typed.access.as_ref()).map_or(Access::AsListed, |at| at.value.0),
            clock_skew: skew,
            entries: entries.into_iter().collect::<Option<_>>()?,
            senders: senders.into_iter().collect::<Option<_>>()?,
            audit,
            audit_age,
        })
    }

    fn write(
        &mut self,
        typed: &WriteFile,
        place: Place,
        senders: &ByName<SenderFile>,
        all: &Flows<'_>,
        claims: &mut Claims,
    ) -> Option<WritePlan> {
        let name = given(&typed.name).map_or("", |at| &at.value.0);
        let from = self.command_source(typed, name, place, all);
        let to = self.target_of(typed, place, all);
        let takes = self.takes(typed, place);
        let own_roles = self.roles(given(&typed.roles), &roles_of(senders));
        if let (Some(CommandSource::Face { .. }), Some(roles)) = (&from, given(&typed.roles)) {
            self.somebody_of_the_face(given(&typed.from), roles, senders, all);
        }
        let interlock = typed.interlock.as_ref().and_then(|at| self.interlock(&at.value));
        let read_back = typed.read_back.as_ref().map(|at| self.read_back(&at.value));
        let ttl = self.period(typed.ttl.as_ref(), Duration::from_secs(5), ["100ms", "60s"]);
        self.only_where_it_can_be_read(typed, to.as_ref());
        if let (Some(from), Some(to)) = (&from, &to) {
            self.claim_command(from, to, typed, place, claims);
        }
        if typed.interlock.is_some() && interlock.is_none() {
            return None;
        }
        Some(WritePlan {
            name: given(&typed.name)?.value.0.clone(),
            from: from?,
            to: to?,
            takes: takes?,
            rate: typed.rate.as_ref().map_or(RATE, |at| at.value),
            roles: own_roles?,
            until: typed.until.as_ref().map(|at| at.value.0.clone()),
            interlock,
            read_back,
            ttl,
            needs_expected: typed.expected.as_ref().is_some_and(|at| at.value.0 == Expected::Needed),
        })
    }

    /// Where its commands come from.
    fn command_source(
        &mut self,
        typed: &WriteFile,
        name: &str,
        place: Place,
        all: &Flows<'_>,
    ) -> Option<CommandSource> {
        let from = given(&typed.from)?;
        let (connection, kind) = self.connection(from, all.connections, &["mqtt", "opcua-server"])?;
        if kind == "opcua-server" {
            let node = self.variable_shown(typed, place, &from.value, all)?;
            return Some(CommandSource::Face { connection, node });
        }
        if let Some(shown) = &typed.shown {
            let other = format!("from: {}", from.value);
            self.reading.error("QIAO-C145", shown.place, &[("key", "shown"), ("other", &other)]);
        }
        if let Some(request) = &typed.nc_link_request {
            let facts = [("key", "topic"), ("other", "nc-link-request")];
            for at in [&typed.topic, &typed.reply].into_iter().flatten() {
                self.reading.error("QIAO-C145", at.place, &facts);
            }
            let (device, path) = self.nc_link(&request.value)?;
            return Some(CommandSource::NcLink { connection, device, path });
        }
        let mut topic = |typed: Option<&At<String>>, default: &str| {
            let text = typed.map_or(default, |at| at.value.as_str());
            let filled = text.replace("{gateway}", all.gateway).replace("{write}", name);
            let place = typed.map_or(from.place, |at| at.place);
            self.is_topic(&filled, text, place, all.gateway).then_some(filled)
        };
        let commands = topic(typed.topic.as_ref(), "qiao/{gateway}/command/{write}");
        let reply = topic(typed.reply.as_ref(), "qiao/{gateway}/reply/{write}");
        Some(CommandSource::Topic { connection, topic: commands?, reply: reply? })
    }

    /// What it writes: one of four, each of one kind of connection.
    fn target_of(&mut self, typed: &WriteFile, place: Place, all: &Flows<'_>) -> Option<WriteTarget> {
        const KEYS: [&str; 4] = ["node", "call", "publish", "nc-link"];
        let is_given = [typed.node.is_some(), typed.call.is_some(), typed.publish.is_some(), typed.nc_link.is_some()];
        let count = is_given.iter().filter(|is_given| **is_given).count();
        if count != 1 {
            if !KEYS.iter().any(|key| self.reading.is_unreadable(place, key)) {
                self.reading.error("QIAO-C014", place, &[("known", &KEYS.join(", "))]);
            }
            return None;
        }
        let is_ua = typed.node.is_some() || typed.call.is_some();
        let kind = if is_ua { "opcua" } else { "mqtt" };
        let connection = given(&typed.to).and_then(|at| self.connection(at, all.connections, &[kind]));
        // What stands there is looked at, whatever is wrong with the connection.
        let target = self.what(typed, connection.map_or(0, |(index, _)| index), all);
        connection.and(target)
    }

    fn what(&mut self, typed: &WriteFile, connection: u16, all: &Flows<'_>) -> Option<WriteTarget> {
        if let Some(node) = &typed.node {
            self.node_id(node);
            return Some(WriteTarget::Node { connection, node: node.value.clone() });
        }
        if let Some(call) = &typed.call {
            let (object, method) = (given(&call.value.object), given(&call.value.method));
            [object, method].into_iter().flatten().for_each(|node| self.node_id(node));
            let (object, method) = (object?.value.clone(), method?.value.clone());
            return Some(WriteTarget::Method { connection, object, method });
        }
        if let Some(nc_link) = &typed.nc_link {
            let (device, path) = self.nc_link(&nc_link.value)?;
            return Some(WriteTarget::NcLink { connection, device, path });
        }
        let publish = typed.publish.as_ref()?;
        let is_topic = self.is_topic(&publish.value, &publish.value, publish.place, all.gateway);
        is_topic.then(|| WriteTarget::Topic { connection, topic: publish.value.clone() })
    }

    fn nc_link(&mut self, typed: &NcLinkFile) -> Option<(String, String)> {
        let device = given(&typed.device)?;
        let is_level = !device.value.contains(['/', '+', '#', '\0']);
        if !is_level {
            let facts = [("topic", device.value.as_str()), ("fault", "level")];
            self.reading.error("QIAO-C151", device.place, &facts);
            return None;
        }
        Some((device.value.clone(), given(&typed.path)?.value.clone()))
    }

    fn is_topic(&mut self, filled: &str, written: &str, place: Place, gateway: &str) -> bool {
        let is_name = TopicName::parse(filled).is_ok() && !filled.contains(['{', '}']) && !filled.starts_with('$');
        let fault = if !is_name {
            "form"
        } else if is_presence(filled, gateway) {
            "presence"
        } else {
            return true;
        };
        self.reading.error("QIAO-C151", place, &[("topic", written), ("fault", fault)]);
        false
    }

    fn takes(&mut self, typed: &WriteFile, place: Place) -> Option<Takes> {
        if let Some(call) = &typed.call {
            for (key, at) in RuleKeys::of_write(typed).places() {
                self.reading.error("QIAO-C145", at, &[("key", key), ("other", "call")]);
            }
            return self.arguments(&call.value).map(Takes::Arguments);
        }
        let keys = RuleKeys::of_write(typed);
        if typed.r#type.is_none() && !self.reading.is_unreadable(place, "type") {
            self.reading.error("QIAO-C011", place, &[("key", "type")]);
        }
        let faults = self.reading.findings.len();
        if let (Some(at), Some(kind)) = (&typed.max_change, &typed.r#type) {
            self.quantity("max-change", at, kind.value.0, true);
            if typed.dimensions.is_some() {
                let facts = [("key", "max-change"), ("other", "dimensions")];
                self.reading.error("QIAO-C145", at.place, &facts);
            }
        }
        let is_right = self.reading.findings.len() == faults;
        let rule = self.rule(&keys, place).filter(|_| is_right)?;
        let max_change = typed.max_change.as_ref().map(|at| at.value.0);
        Some(Takes::Value { rule, max_change })
    }

    fn arguments(&mut self, typed: &CallFile) -> Option<Vec<Argument>> {
        let typed = given(&typed.arguments)?;
        self.twice(typed.value.iter().filter_map(|argument| argument.value.name.0.as_ref()).map(named));
        let argument = |at: &At<crate::config::file::ArgumentFile>| {
            let rule = self.rule(&RuleKeys::of_argument(&at.value), at.place)?;
            Some(Argument { name: given(&at.value.name)?.value.0.clone(), rule })
        };
        typed.value.iter().map(argument).collect::<Vec<_>>().into_iter().collect()
    }

    fn roles(&mut self, typed: Option<&At<Vec<At<Name>>>>, known: &[String]) -> Option<Vec<String>> {
        let typed = typed?;
        if typed.value.is_empty() {
            self.reading.error("QIAO-C015", typed.place, &[("key", "roles")]);
            return None;
        }
        for role in typed.value.iter().filter(|role| !known.contains(&role.value.0)) {
            self.reading.unknown("QIAO-C152", role.place, &role.value.0, known.iter().map(String::as_str));
        }
        Some(typed.value.iter().map(|role| role.value.0.clone()).collect())
    }

    fn interlock(&mut self, typed: &InterlockFile) -> Option<Interlock> {
        if let Some(node) = given(&typed.node) {
            self.node_id(node);
        }
        let equals = given(&typed.equals).map(|at| at.value.clone());
        Some(Interlock { node: given(&typed.node)?.value.clone(), equals: equals? })
    }

    fn read_back(&mut self, typed: &ReadBackFile) -> ReadBack {
        let within = self.period(given(&typed.within), Duration::from_secs(1), ["10ms", "60s"]);
        let tolerance = typed.tolerance.as_ref().map_or(0.0, |at| at.value.0);
        if let Some(at) = typed.tolerance.as_ref().filter(|at| at.value.0 < 0.0) {
            let facts = [("key", "tolerance"), ("value", &*at.value.0.to_string())];
            self.reading.error("QIAO-C148", at.place, &facts);
        }
        ReadBack { within, tolerance }
    }

    /// Keys that have something read need a server that can be read.
    fn only_where_it_can_be_read(&mut self, typed: &WriteFile, to: Option<&WriteTarget>) {
        let other = match to {
            Some(WriteTarget::Topic { .. }) => "publish",
            Some(WriteTarget::NcLink { .. }) => "nc-link",
            Some(WriteTarget::Method { .. }) => "call",
            Some(WriteTarget::Node { .. }) | None => return,
        };
        let is_method = other == "call";
        let needed = typed.expected.as_ref().filter(|at| at.value.0 == Expected::Needed);
        let places = [
            ("max-change", typed.max_change.as_ref().map(|at| at.place).filter(|_| !is_method)),
            ("read-back", typed.read_back.as_ref().map(|at| at.place)),
            ("expected", needed.map(|at| at.place)),
            ("interlock", typed.interlock.as_ref().map(|at| at.place).filter(|_| !is_method)),
        ];
        for (key, at) in places.into_iter().filter_map(|(key, at)| Some((key, at?))) {
            self.reading.error("QIAO-C145", at, &[("key", key), ("other", other)]);
        }
    }

    /// One entry for a topic, and one for a target: two would double the rate, and the looser bounds would hold.
    fn claim_command(
        &mut self,
        from: &CommandSource,
        to: &WriteTarget,
        typed: &WriteFile,
        place: Place,
        claims: &mut Claims,
    ) {
        let source = match from {
            CommandSource::Topic { connection, topic, .. } => format!("{connection} {topic}"),
            CommandSource::NcLink { connection, device, path } => format!("{connection} {device} {path}"),
            CommandSource::Face { connection, node } => format!("{connection} {node}"),
        };
        let place = given(&typed.name).map_or(place, |at| at.place);
        for (code, known, key) in
            [("QIAO-C156", &mut claims.sources, source.clone()), ("QIAO-C157", &mut claims.targets, to.key())]
        {
            if let Some(first) = known.get(&key) {
                let first = self.reading.shown(*first);
                self.reading.error(code, place, &[("first", &first)]);
            } else {
                known.insert(key, place);
            }
        }
        claims.published.extend(matches!(to, WriteTarget::Topic { .. }).then(|| (to.key(), place)));
        let looped: Vec<Place> =
            claims.published.iter().filter(|(key, _)| claims.sources.contains_key(key)).map(|(_, at)| *at).collect();
        claims.published.retain(|(key, _)| !claims.sources.contains_key(key));
        for at in looped {
            self.reading.error("QIAO-C158", at, &[]);
        }
    }

    fn sender(&mut self, name: &str, typed: &SenderFile, all: &Flows<'_>) -> Option<Sender> {
        if let Some(empty) = given(&typed.roles).filter(|at| at.value.is_empty()) {
            self.reading.error("QIAO-C015", empty.place, &[("key", "roles")]);
        }
        let known_by = given(&typed.known_by);
        let proof = match &known_by?.value {
            ProofFile::Key(key) => {
                let secret = self.secret(&key.value)?;
                if secret.reveal().len() < SHORTEST_KEY {
                    self.reading.error("QIAO-C155", key.place, &[("bytes", &SHORTEST_KEY.to_string())]);
                    return None;
                }
                Proof::Key(secret)
            }
            ProofFile::WhoeverMayPublishAt(at) => {
                let (connection, _) = self.connection(at, all.connections, &["mqtt"])?;
                let code = if is_open_to_the_network(&at.value, all.connections) { "QIAO-C154" } else { "QIAO-C153" };
                let facts = [("name", name), ("connection", at.value.as_str())];
                match code {
                    "QIAO-C154" => self.reading.error(code, at.place, &facts),
                    _ => self.reading.warning("QIAO-C153", at.place, &facts),
                }
                Proof::WhoeverMayPublish { connection }
            }
            ProofFile::User(user) => {
                self.user_of_a_face(user, all);
                Proof::FaceUser { user: user.value.clone() }
            }
        };
        let roles = given(&typed.roles)?.value.iter().map(|role| role.value.0.clone()).collect();
        Some(Sender { name: name.to_owned(), roles, proof })
    }

    /// A sender that may command nothing is a slip in a role, mostly.
    fn idle_senders(&mut self, writes: &[At<WriteFile>], senders: &ByName<SenderFile>) {
        let named = writes.iter().filter_map(|write| given(&write.value.roles)).flat_map(|at| &at.value);
        let named: Vec<&str> = named.map(|role| role.value.0.as_str()).collect();
        for (key, typed) in &senders.0 {
            let roles = typed.as_ref().and_then(|typed| given(&typed.roles));
            let is_idle = |at: &&At<Vec<At<Name>>>| at.value.iter().all(|role| !named.contains(&role.value.0.as_str()));
            if roles.filter(is_idle).is_some_and(|at| !at.value.is_empty()) {
                self.reading.warning("QIAO-C159", key.place, &[("name", &key.text)]);
            }
        }
    }

    /// The journal keeps every id for a day.
    fn too_many(&mut self, typed: &[At<WriteFile>]) {
        let per_day = |rate: Rate| f64::from(rate.count) * DAY.as_secs_f64() / rate.per.as_secs_f64();
        let mut sum = 0.0;
        for typed in typed {
            sum += per_day(typed.value.rate.as_ref().map_or(RATE, |at| at.value));
            if sum > COMMANDS_PER_DAY {
                let place = typed.value.rate.as_ref().map_or(typed.place, |at| at.place);
                let facts = [("sum", format!("{sum:.0}")), ("limit", format!("{COMMANDS_PER_DAY:.0}"))];
                let facts = facts.each_ref().map(|(name, fact)| (*name, fact.as_str()));
                self.reading.error("QIAO-C160", place, &facts);
                return;
            }
        }
    }
}

/// What entries have taken.
#[derive(Default)]
struct Claims {
    sources: HashMap<String, Place>,
    targets: HashMap<String, Place>,
    /// Topics that entries publish to, and no entry listens to by now.
    published: Vec<(String, Place)>,
}

/// Roles that senders have.
fn roles_of(senders: &ByName<SenderFile>) -> Vec<String> {
    let typed = senders.0.iter().filter_map(|(_, typed)| given(&typed.as_ref()?.roles));
    let mut roles: Vec<String> = typed.flat_map(|at| &at.value).map(|role| role.value.0.clone()).collect();
    roles.sort();
    roles.dedup();
    roles
}

/// Whether anybody on the way can publish there: no encryption, and not on this machine.
fn is_open_to_the_network(name: &str, connections: &ByName<ConnectionFile>) -> bool {
    let typed = connections.0.iter().find(|(key, _)| key.text == name).and_then(|(_, typed)| typed.as_ref());
    let Some(ConnectionFile::Mqtt(mqtt)) = typed else { return false };
    let Some(broker) = &mqtt.value.broker else { return false };
    let Some((scheme, rest)) = broker.value.split_once("://") else { return false };
    let host = rest.split(['/', '?']).next().unwrap_or_default();
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host).trim_matches(['[', ']']);
    let is_here = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    matches!(scheme, "mqtt" | "ws") && !is_here
}
