//! `qiao check --online`: what would happen if the gateway ran with this configuration.

use crate::cli::progress::Progress;
use crate::cli::tap::told_of;
use crate::cli::{Exit, Face};
use crate::config::plan::Plan;
use crate::finding::{Finding, Severity, visible};
use crate::opcua::Counters;
use crate::runtime::online::{self, Report};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Characters of an example that are shown to people; machines get all of it.
const EXAMPLE_MAX: usize = 2_000;

pub(super) fn run(plan: Plan, face: &Face) -> Exit {
    let runtime = tokio::runtime::Builder::new_multi_thread().thread_name("qiao-check").enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            face.finding(&Finding::error("QIAO-R008", "").with("error", error));
            return Exit::CouldNotTell;
        }
    };
    let plan = Arc::new(plan);
    let used = (0u16..).zip(&plan.connections).map(|(at, _)| (at, Arc::<Counters>::default()));
    let counters: BTreeMap<u16, Arc<Counters>> = used.collect();
    let browsed = || counters.values().map(|counters| counters.browse_nodes.get()).sum();
    let stop = CancellationToken::new();
    let checked = runtime.block_on(async {
        let work = online::check(&plan, &counters, &stop);
        Progress::new(face, "online-progress").during(work, browsed).await
    });
    runtime.shutdown_background();
    match checked {
        Ok(report) => {
            show(&report, face);
            exit(&report)
        }
        Err(error) => {
            face.finding(&told_of(&error));
            Exit::Failed
        }
    }
}

/// What is wrong comes before what could not be seen only where everything was seen.
fn exit(report: &Report) -> Exit {
    if report.is_blind {
        return Exit::CouldNotTell;
    }
    let is_wrong = report.findings.iter().any(|finding| finding.severity > Severity::Note);
    if is_wrong { Exit::Failed } else { Exit::Good }
}

fn show(report: &Report, face: &Face) {
    if face.json {
        return show_json(report, face);
    }
    for server in &report.servers {
        let key = if server.is_reached { "online-reached" } else { "online-not-reached" };
        let facts = [("name", server.name.as_str()), ("items", &server.items.to_string())];
        face.say(&face.text(key, &facts));
    }
    for machine in &report.machines {
        let facts = [
            ("machine", &*visible(&machine.id)),
            ("flow", &machine.flow),
            ("profile", &machine.profile),
            ("topic", &*visible(&machine.topic)),
            ("fields", &machine.fields.to_string()),
            ("bad", &machine.bad.to_string()),
        ];
        face.say(&face.text("online-machine", &facts));
    }
    for example in &report.examples {
        let facts = [("flow", example.flow.as_str()), ("profile", &example.profile), ("topic", &example.topic)];
        face.say(&format!("\n{}", face.text(if example.is_shape { "online-shape" } else { "online-example" }, &facts)));
        let text = serde_json::from_str::<Value>(&example.payload)
            .and_then(|value| serde_json::to_string_pretty(&value))
            .unwrap_or_else(|_| example.payload.clone());
        let cut: String = text.chars().take(EXAMPLE_MAX).collect();
        cut.lines().for_each(|line| face.say(&visible(line)));
        if cut.len() < text.len() {
            face.say("…");
        }
    }
    if !report.findings.is_empty() {
        face.say("");
    }
    face.findings(&report.findings);
    let count = |severity| report.findings.iter().filter(|finding| finding.severity == severity).count().to_string();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    face.say(&face.text("online-summary", &[("errors", &errors), ("warnings", &warnings)]));
}

fn show_json(report: &Report, face: &Face) {
    for server in &report.servers {
        face.json_line(&json!({ "connection": server.name, "reached": server.is_reached, "items": server.items }));
    }
    for machine in &report.machines {
        face.json_line(&json!({
            "machine": machine.id, "flow": machine.flow, "profile": machine.profile, "topic": machine.topic,
            "fields": machine.fields, "bad": machine.bad,
        }));
    }
    for example in &report.examples {
        let message: Value = serde_json::from_str(&example.payload).unwrap_or_else(|_| example.payload.clone().into());
        face.json_line(&json!({
            "example": message, "flow": example.flow, "profile": example.profile, "topic": example.topic,
            "is-shape": example.is_shape,
        }));
    }
    face.findings(&report.findings);
}
