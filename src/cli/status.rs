//! `qiao status`: asks the running gateway how it is.

use super::{Exit, Face, config_file};
use crate::finding::{Finding, Severity, visible};
use crate::runtime::status::{ConnectionState, ConnectionStatus, FlowStatus, MachineStatus, Status};
use clap::Args;
use std::path::PathBuf;
use std::time::Duration;

/// A smaller difference of clocks is shown in `--json` and `/metrics` only.
const SKEW_SHOWN_MS: u64 = 1000;

/// Ask the running gateway how it is
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  qiao status -c /etc/qiao/qiao.yaml\n  qiao status --url http://127.0.0.1:8080\n\nExit code 0: data can flow; 1: it cannot; 3: the gateway does not answer; 2: the command line or the\nconfiguration is wrong. Of a configuration only `gateway.http` is read."
)]
pub struct StatusArgs {
    /// Configuration file; its `gateway.http` is asked
    #[arg(short = 'c', long = "config", value_name = "FILE", default_value = "qiao.yaml")]
    config: PathBuf,
    /// Address of the gateway's HTTP face instead
    #[arg(long, value_name = "URL", value_parser = web_address)]
    url: Option<String>,
}

/// `http://HOST[:PORT]`, also behind a path, without the last slash.
fn web_address(text: &str) -> Result<String, String> {
    let uri: Result<ureq::http::Uri, _> = text.parse();
    let uri = uri.map_err(|error| error.to_string())?;
    match (uri.scheme_str(), uri.host()) {
        (Some("http"), Some(host)) if !host.is_empty() && uri.query().is_none() => {
            Ok(text.trim_end_matches('/').to_owned())
        }
        _ => Err("not an address such as http://127.0.0.1:8080".to_owned()),
    }
}

pub fn run(arguments: &StatusArgs, face: &Face) -> Exit {
    let (url, face) = match &arguments.url {
        Some(url) => (url.clone(), *face),
        None => {
            let (checked, face) = config_file::http(&arguments.config, face);
            let Some(address) = checked.value else {
                let is_wrong = checked.findings.iter().any(|finding| finding.severity == Severity::Error);
                checked.findings.iter().for_each(|finding| face.finding(finding));
                if is_wrong {
                    return Exit::Usage;
                }
                face.finding(&Finding::error("QIAO-R011", arguments.config.display().to_string()));
                return Exit::CouldNotTell;
            };
            (format!("http://{address}"), face)
        }
    };
    match ask(&url) {
        Err(error) => {
            face.finding(&Finding::error("QIAO-R012", url).with("error", error));
            Exit::CouldNotTell
        }
        Ok(status) => {
            show(&status, &face);
            if status.health.is_ready && status.health.is_live { Exit::Good } else { Exit::Failed }
        }
    }
}

fn ask(url: &str) -> Result<Status, Box<dyn std::error::Error>> {
    let agent: ureq::Agent = ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(5))).build().into();
    let text = agent.get(format!("{url}/status")).call()?.body_mut().read_to_string()?;
    Ok(serde_json::from_str(&text)?)
}

fn show(status: &Status, face: &Face) {
    if face.json {
        return face.json_line(&serde_json::json!(status));
    }
    let name = visible(&status.gateway);
    face.say(&format!(
        "qiao {} {name}, {}",
        status.version,
        face.text("status-uptime", &[("seconds", &status.uptime_s.to_string())])
    ));
    face.say(&face.text(if status.health.is_ready { "status-ready" } else { "status-not-ready" }, &[]));
    let spool = &status.spool;
    let (used, limit) = ((spool.used_bytes / 1024).to_string(), (spool.limit_bytes / 1024).to_string());
    let disk = spool.disk.unwrap_or_default();
    let facts = [
        ("used", &*used),
        ("limit", &*limit),
        ("records", &*disk.records.to_string()),
        ("disk-used", &*(disk.used_bytes >> 20).to_string()),
        ("disk-limit", &*(disk.limit_bytes >> 20).to_string()),
    ];
    face.say(&face.text(&format!("status-spool-{}", spool.durability), &facts));
    if disk.is_full {
        face.say(&face.text("status-spool-full", &[]));
    }
    face.say("");
    status.connections.iter().for_each(|connection| face.say(&connection_line(connection, face)));
    face.say("");
    for flow in &status.flows {
        face.say(&flow_line(flow, face));
        face.say(&format!("    {}", account_line(flow, face)));
        if let Some(line) = translated_line(flow, face) {
            face.say(&format!("    {line}"));
        }
        if flow.back_filled_values > 0 {
            let values = flow.back_filled_values.to_string();
            face.say(&format!("    {}", face.text("status-back-filled", &[("values", &values)])));
        }
    }
    for write in status.commands.iter().flat_map(|commands| &commands.writes) {
        let counts = [write.done, write.refused, write.unknown].map(|count| count.to_string());
        let name = visible(&write.name);
        let facts = [("name", &*name), ("done", &*counts[0]), ("refused", &*counts[1]), ("unknown", &*counts[2])];
        face.say(&face.text("status-write", &facts));
    }
    face.say("");
    status.machines.iter().for_each(|machine| face.say(&machine_line(machine, face)));
}

fn connection_line(connection: &ConnectionStatus, face: &Face) -> String {
    let state = match connection.state {
        ConnectionState::Connecting => "status-connecting",
        ConnectionState::Connected => "status-connected",
        ConnectionState::Lost => "status-lost",
        ConnectionState::Refused => "status-refused",
    };
    let mut line =
        format!("{}  {}  {}", visible(&connection.name), face.text(state, &[]), visible(&connection.address));
    if connection.waiting_messages > 0 {
        let waiting = connection.waiting_messages.to_string();
        line.push_str(&format!("  {}", face.text("status-waiting", &[("messages", &waiting)])));
    }
    if let Some(skew) = connection.clock_skew_ms.filter(|skew| skew.unsigned_abs() >= SKEW_SHOWN_MS) {
        let seconds = format!("{:+}", skew / 1000);
        line.push_str(&format!("  {}", face.text("status-skew", &[("seconds", &seconds)])));
    }
    if let Some(cyclic) = connection.counters.get("items_cyclic_current").filter(|cyclic| **cyclic > 0) {
        line.push_str(&format!("  {}", face.text("status-cyclic", &[("items", &cyclic.to_string())])));
    }
    if let Some(reason) = &connection.reason {
        line.push_str(&format!("\n    {} {}", reason.code, reason.text));
    }
    line
}

fn flow_line(flow: &FlowStatus, face: &Face) -> String {
    let facts = [
        ("name", visible(&flow.name).into_owned()),
        ("profiles", profiles(flow)),
        ("received", flow.received_values.to_string()),
        ("delivered", flow.delivered_values.to_string()),
        ("messages", flow.delivered_messages.to_string()),
        ("quarantined", flow.quarantined_messages.to_string()),
        ("violations", flow.violations.to_string()),
        ("gaps", flow.gaps.to_string()),
    ];
    let facts: Vec<(&str, &str)> = facts.iter().map(|(name, value)| (*name, value.as_str())).collect();
    face.text("status-flow", &facts)
}

/// What the source speaks, and what is published instead.
fn profiles(flow: &FlowStatus) -> String {
    let spoken = flow.profiles.join(", ");
    flow.publish_as.as_ref().map_or_else(|| spoken.clone(), |published| format!("{spoken} → {published}"))
}

/// What became of the values: both sides are equal, or that is said. What is zero on the right is left out.
fn account_line(flow: &FlowStatus, face: &Face) -> String {
    let fates = [
        ("delivered", flow.delivered_values),
        ("spooled", flow.spooled_values),
        ("held", flow.held_values),
        ("quarantined", flow.quarantined_values),
        ("parked", flow.parked_values),
        ("superseded", flow.superseded_values),
        ("filtered", flow.filtered_values),
        ("withheld", flow.withheld_values),
        ("rejected", flow.rejected_values),
        ("dropped", flow.dropped_values),
        ("lost", flow.lost_values),
    ];
    let shown = fates.iter().filter(|(fate, count)| *count > 0 || *fate == "delivered");
    let fates: Vec<String> = shown
        .map(|(fate, count)| face.text(&format!("status-fate-{fate}"), &[("count", &count.to_string())]))
        .collect();
    let (received, recovered) = (flow.received_values.to_string(), flow.recovered_values.to_string());
    let facts = [("received", &*received), ("recovered", &*recovered), ("fates", &*fates.join(" + "))];
    let mut line =
        face.text(if flow.recovered_values > 0 { "status-account-recovered" } else { "status-account" }, &facts);
    if flow.imbalance != 0 {
        let facts = [("flow", flow.name.as_str()), ("values", &flow.imbalance.to_string())];
        line.push_str(&format!("\n    QIAO-M109 {}", face.text("QIAO-M109", &facts)));
    }
    line
}

fn translated_line(flow: &FlowStatus, face: &Face) -> Option<String> {
    flow.publish_as.as_ref()?;
    let values = &flow.translated_values;
    let facts = [
        ("exact", values.exact.to_string()),
        ("converted", values.converted.to_string()),
        ("approximated", values.approximated.to_string()),
        ("absent", values.absent.to_string()),
    ];
    let facts: Vec<(&str, &str)> = facts.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Some(face.text("status-translated", &facts))
}

fn machine_line(machine: &MachineStatus, face: &Face) -> String {
    let facts = [
        ("id", visible(&machine.id).into_owned()),
        ("state", face.text(if machine.is_online { "status-online" } else { "status-offline" }, &[])),
        ("fields", machine.fields.to_string()),
        ("bad", machine.fields_bad.to_string()),
        ("missing", machine.fields_missing.to_string()),
        ("messages", machine.messages.to_string()),
        ("last", if machine.last_message.is_empty() { "–".to_owned() } else { machine.last_message.clone() }),
        ("topic", visible(&machine.topic).into_owned()),
    ];
    let facts: Vec<(&str, &str)> = facts.iter().map(|(name, value)| (*name, value.as_str())).collect();
    face.text("status-machine", &facts)
}
