//! `qiao quarantine`: what was not let through, and why.

use super::{Exit, Face, config_file};
use crate::finding::{Finding, catalogue, visible};
use crate::model::Reason;
use crate::spool::quarantine::{self, Entry, Listing};
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// Show messages that were not let through, and why
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  qiao quarantine list -c qiao.yaml\n  qiao quarantine show 17 -c qiao.yaml")]
pub struct QuarantineArgs {
    #[command(subcommand)]
    command: QuarantineCommand,
}

#[derive(Debug, Subcommand)]
enum QuarantineCommand {
    /// One line per entry, oldest first
    List {
        #[command(flatten)]
        config: Config,
        /// Only the newest N entries
        #[arg(long, value_name = "N", default_value_t = 100)]
        last: usize,
        /// Only entries of this flow
        #[arg(long, value_name = "FLOW")]
        flow: Option<String>,
        /// Only entries of this machine
        #[arg(long, value_name = "MACHINE")]
        machine: Option<String>,
    },
    /// One entry whole: every reason with pointer and rule, and the message itself
    Show {
        /// Number of the entry
        id: u64,
        #[command(flatten)]
        config: Config,
    },
}

#[derive(Debug, Args)]
struct Config {
    /// Configuration file
    #[arg(short = 'c', long = "config", value_name = "FILE", default_value = "qiao.yaml")]
    config: PathBuf,
}

pub fn run(arguments: &QuarantineArgs, face: &Face) -> Exit {
    let (QuarantineCommand::List { config, .. } | QuarantineCommand::Show { config, .. }) = &arguments.command;
    let Some((plan, face)) = config_file::plan(&config.config, face) else { return Exit::Usage };
    let listing = match quarantine::read(&plan.gateway.data_dir) {
        Ok(listing) => listing,
        Err(error) => {
            face.finding(&Finding::error("QIAO-R004", error.path.display().to_string()).with("error", error.error));
            return Exit::CouldNotTell;
        }
    };
    match &arguments.command {
        QuarantineCommand::List { last, flow, machine, .. } => {
            list(&listing, &face, *last, flow.as_deref(), machine.as_deref());
            Exit::Good
        }
        QuarantineCommand::Show { id, .. } => show(&listing, &face, *id),
    }
}

fn list(listing: &Listing, face: &Face, last: usize, flow: Option<&str>, machine: Option<&str>) {
    let wanted: Vec<&Entry> = listing
        .entries
        .iter()
        .filter(|entry| flow.is_none_or(|flow| entry.quarantined.flow == flow))
        .filter(|entry| machine.is_none_or(|machine| entry.quarantined.machine == machine))
        .collect();
    for entry in wanted.iter().skip(wanted.len().saturating_sub(last)) {
        if face.json {
            face.json_line(&serde_json::json!(entry));
            continue;
        }
        let quarantined = &entry.quarantined;
        let reason = quarantined.reasons.first().map_or_else(String::new, |reason| {
            format!("{} {}  {}", reason.code, visible(&reason.pointer), text(reason, face))
        });
        let (id, time, machine) = (entry.id, &quarantined.time, visible(&quarantined.machine));
        let times = if quarantined.count > 1 { format!(" ×{}", quarantined.count) } else { String::new() };
        face.say(&format!("{id:>6}  {time}  {machine}{times}  {reason}"));
    }
    let total = listing.entries.len().to_string();
    let (evicted, unreadable) = (listing.evicted.to_string(), listing.unreadable.to_string());
    face.say(
        &face.text("quarantine-total", &[("entries", &total), ("evicted", &evicted), ("unreadable", &unreadable)]),
    );
}

fn show(listing: &Listing, face: &Face, id: u64) -> Exit {
    let Some(entry) = listing.entries.iter().find(|entry| entry.id == id) else {
        face.finding(&Finding::error("QIAO-R010", "").with("id", id));
        return Exit::Usage;
    };
    if face.json {
        face.json_line(&serde_json::json!(entry));
        return Exit::Good;
    }
    let quarantined = &entry.quarantined;
    for (id, value) in [
        ("quarantine-time", &quarantined.time),
        ("quarantine-source", &quarantined.source),
        ("quarantine-flow", &quarantined.flow),
        ("quarantine-machine", &quarantined.machine),
        ("quarantine-topic", &quarantined.topic),
        ("quarantine-profile", &quarantined.profile),
        ("quarantine-count", &quarantined.count.to_string()),
    ] {
        face.say(&format!("{}: {}", face.text(id, &[]), visible(value)));
    }
    for reason in &quarantined.reasons {
        face.say("");
        face.say(&format!("{}  {}", reason.code, text(reason, face)));
        for (id, value) in [
            ("quarantine-pointer", &reason.pointer),
            ("quarantine-rule", &reason.rule),
            ("quarantine-node", &reason.node),
        ] {
            if !value.is_empty() {
                face.say(&format!("  {}: {}", face.text(id, &[]), visible(value)));
            }
        }
        if let Some(fix) = catalogue::text(face.language, &reason.code, Some("fix"), &facts(reason)) {
            face.say(&format!("  → {fix}"));
        }
    }
    face.say("");
    face.say(&visible(&quarantined.message));
    Exit::Good
}

/// A reason in the face's language.
fn text(reason: &Reason, face: &Face) -> String {
    face.text(&reason.code, &facts(reason))
}

fn facts(reason: &Reason) -> Vec<(&str, &str)> {
    reason.arguments.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}
