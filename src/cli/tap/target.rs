//! What is listened to: a source with its flows, be it a server or a broker; or a topic filter at a broker.

use super::fields::Input;
use super::verdict::Judge;
use super::{StageName, TapArgs};
use crate::config::plan::{ConnectionKind, MqttConnection, Plan};
use crate::finding::{Finding, nearest};
use crate::opcua::Counters;
use crate::port::Clock;
use crate::runtime::tap::{self, Heard, Stage, Tap, TapError};
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// What is listened to.
pub(super) enum Target {
    Source(Tap),
    Topic { connection: Box<MqttConnection>, filter: String },
}

/// What the arguments ask for.
///
/// # Errors
/// It is not there, or the arguments do not fit it.
pub(super) fn find(arguments: &TapArgs, mut plan: Plan) -> Result<(Target, Input), Finding> {
    let shown = plan.gateway.file.display().to_string();
    let at = if let Some(name) = &arguments.flow {
        let names = plan.flows.iter().map(|flow| flow.name.as_str());
        let near = nearest(name, names).unwrap_or("-").to_owned();
        plan.flows.retain(|flow| flow.name == *name);
        let Some(flow) = plan.flows.first() else {
            return Err(Finding::error("QIAO-T001", shown).with("name", name).with("nearest", near));
        };
        flow.source
    } else if let Some(name) = &arguments.connection {
        let Some(at) = (0u16..).zip(&plan.connections).find(|(_, c)| c.name == *name).map(|(at, _)| at) else {
            let near = nearest(name, plan.connections.iter().map(|connection| connection.name.as_str()));
            return Err(Finding::error("QIAO-T002", shown).with("name", name).with("nearest", near.unwrap_or("-")));
        };
        at
    } else {
        let mut sources: Vec<u16> = plan.flows.iter().map(|flow| flow.source).collect();
        sources.sort_unstable();
        sources.dedup();
        let [only] = sources.as_slice() else {
            let names: Vec<&str> = plan.flows.iter().map(|flow| flow.name.as_str()).collect();
            let connections: Vec<&str> = plan.connections.iter().map(|connection| connection.name.as_str()).collect();
            let finding = Finding::error("QIAO-T003", shown).with("flows", names.join(", "));
            return Err(finding.with("connections", connections.join(", ")));
        };
        *only
    };
    plan.flows.retain(|flow| flow.source == at);
    let Some(connection) = plan.connections.get(usize::from(at)) else {
        return Err(Finding::error("QIAO-T002", shown).with("name", at).with("nearest", "-"));
    };
    let name = connection.name.clone();
    let broker = match &connection.kind {
        ConnectionKind::OpcUa(_) | ConnectionKind::Face(_) => None,
        ConnectionKind::Mqtt(mqtt) => Some(mqtt.clone()),
        ConnectionKind::EmbeddedBroker(embedded) => Some(MqttConnection::loopback(embedded.listen, &plan.gateway.name)),
    };
    let stage = match arguments.stage {
        StageName::Decoded => Stage::Decoded,
        StageName::Assembled => Stage::Assembled,
        StageName::Translated => Stage::Translated,
    };
    let is_assembled = stage != Stage::Decoded;
    let wants_topic = arguments.topic.is_some() || arguments.profile.is_some();
    if let Some(connection) = broker.filter(|_| wants_topic || plan.flows.is_empty()) {
        if is_assembled {
            return Err(Finding::error("QIAO-T004", shown).with("name", name));
        }
        let filter = arguments.topic.clone().unwrap_or_else(|| "#".to_owned());
        if !is_filter(&filter) {
            return Err(Finding::error("QIAO-T006", "--topic").with("filter", filter));
        }
        let input =
            Input { judge: judge(arguments, &plan)?, ..Input::new(arguments, name, Arc::new(plan), Clock::start()) };
        return Ok((Target::Topic { connection: Box::new(connection), filter }, input));
    }
    if wants_topic {
        return Err(Finding::error("QIAO-T007", shown).with("name", name));
    }
    if is_assembled && plan.flows.is_empty() {
        return Err(Finding::error("QIAO-T004", shown).with("name", name));
    }
    let counters = Arc::<Counters>::default();
    let plan = if stage == Stage::Assembled { plan.untranslated() } else { plan };
    let (plan, clock) = (Arc::new(plan), Clock::start());
    let input = Input { counters: Arc::clone(&counters), ..Input::new(arguments, name, Arc::clone(&plan), clock) };
    Ok((Target::Source(Tap { plan, source: at, stage, clock, counters }), input))
}

/// MQTT 5.0 §4.7.1: wildcards stand alone in their level, `#` in the last one.
fn is_filter(text: &str) -> bool {
    let is_level = |level: &str, is_last: bool| match level {
        "+" => true,
        "#" => is_last,
        other => !other.contains(['+', '#', '\0']),
    };
    let count = text.split('/').count();
    let is_short = !text.is_empty() && text.len() <= usize::from(u16::MAX);
    is_short && text.split('/').enumerate().all(|(at, level)| is_level(level, at + 1 == count))
}

/// Who judges what arrives: every profile that the configuration knows.
fn judge(arguments: &TapArgs, plan: &Plan) -> Result<Judge, Finding> {
    let Some(id) = arguments.profile.as_deref() else { return Ok(Judge::nobody()) };
    if id == "auto" {
        return Ok(Judge::of(plan.profiles.clone()));
    }
    let Some(profile) = plan.profiles.iter().find(|profile| profile.id() == id) else {
        let known: Vec<String> = plan.profiles.iter().map(|profile| profile.id()).collect();
        let near = nearest(id, known.iter().map(String::as_str)).unwrap_or("-");
        return Err(Finding::error("QIAO-T008", "--profile").with("name", id).with("nearest", near));
    };
    Ok(Judge::always(Arc::clone(profile)))
}

impl Target {
    /// Tells what is heard until `stop`.
    ///
    /// # Errors
    /// There is nothing to listen with.
    pub(super) async fn listen(self, heard: mpsc::Sender<Heard>, stop: CancellationToken) -> Result<(), TapError> {
        match self {
            Self::Source(tap) => tap.run(heard, stop).await,
            Self::Topic { connection, filter } => {
                tap::topic(&connection, &filter, heard, stop).await;
                Ok(())
            }
        }
    }
}
