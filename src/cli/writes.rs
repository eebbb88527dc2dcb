//! `qiao writes`: the local switch that forbids every write to a machine, what a command may look like, and sending one.

pub(super) mod send;

use super::{Exit, Face, config_file};
use crate::config::plan::{Access, Plan, WritePlan};
use crate::finding::{Finding, nearest, visible};
use crate::guard::schema;
use crate::journal::switch::{self, Switch};
use crate::port::RealDisk;
use clap::{Args, Subcommand};
use serde_json::json;
use std::path::PathBuf;

/// Forbid or allow writes to machines on this machine; show what a command may look like
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  qiao writes off --reason \"maintenance of lathe 7\" -c qiao.yaml\n  \
qiao writes status -c qiao.yaml\n  qiao writes schema feed-override -c qiao.yaml\n  qiao writes send feed-override 80 -c qiao.yaml")]
pub struct WritesArgs {
    #[command(subcommand)]
    command: WritesCommand,
}

#[derive(Debug, Subcommand)]
enum WritesCommand {
    /// Forbid every write, from now on and over restarts; no message lifts it
    Off {
        #[command(flatten)]
        config: Config,
        /// Stands in the file and in the audit
        #[arg(long, value_name = "TEXT", default_value = "")]
        reason: String,
    },
    /// Allow again what the configuration allows
    On {
        #[command(flatten)]
        config: Config,
    },
    /// How the switch stands, and what may be commanded; 1 when it is off
    Status {
        #[command(flatten)]
        config: Config,
    },
    /// Send one command by its broker, as any sender would, and show its outcome: 0 done, 1 refused, 3 unknown
    Send {
        #[command(flatten)]
        what: send::SendArgs,
        #[command(flatten)]
        config: Config,
    },
    /// JSON Schema of the commands of an entry of `writes`
    Schema {
        /// Name of the entry
        name: String,
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

pub fn run(arguments: &WritesArgs, face: &Face) -> Exit {
    let (WritesCommand::Off { config, .. }
    | WritesCommand::On { config }
    | WritesCommand::Status { config }
    | WritesCommand::Send { config, .. }
    | WritesCommand::Schema { config, .. }) = &arguments.command;
    let Some((plan, face)) = config_file::plan(&config.config, face) else { return Exit::Usage };
    let data_dir = &plan.gateway.data_dir;
    let set = match &arguments.command {
        WritesCommand::Off { reason, .. } => switch::set_off(&RealDisk, data_dir, reason),
        WritesCommand::On { .. } => switch::set_on(&RealDisk, data_dir),
        WritesCommand::Status { .. } => return status(&plan, &face),
        WritesCommand::Schema { name, .. } => {
            return entry(&plan, &face, name).map_or(Exit::Usage, |entry| schema(&plan, &face, entry));
        }
        WritesCommand::Send { what, .. } => {
            return entry(&plan, &face, &what.name).map_or(Exit::Usage, |entry| send::run(&plan, entry, what, &face));
        }
    };
    if let Err(error) = set {
        let path = switch::path(data_dir).display().to_string();
        face.finding(&Finding::error("QIAO-A003", path).with("error", error));
        return Exit::Failed;
    }
    // What is said is what is there.
    say(&plan, &face);
    Exit::Good
}

fn say(plan: &Plan, face: &Face) -> Switch {
    let found = switch::look(&RealDisk, &plan.gateway.data_dir);
    let path = switch::path(&plan.gateway.data_dir).display().to_string();
    let (id, reason) = match &found {
        Switch::On => ("writes-on", ""),
        Switch::Off { reason } => ("writes-off", reason.as_str()),
    };
    if face.json {
        face.json_line(
            &json!({ "writes": if found == Switch::On { "on" } else { "off" }, "reason": reason, "file": path }),
        );
    } else {
        face.say(&face.text(id, &[("file", &path), ("reason", &visible(reason))]));
    }
    found
}

fn status(plan: &Plan, face: &Face) -> Exit {
    let found = say(plan, face);
    if !face.json && plan.writes.access == Access::ReadOnly {
        face.say(&face.text("writes-read-only", &[]));
    }
    for entry in &plan.writes.entries {
        let (name, rate, roles) = (&entry.name, entry.rate.to_string(), entry.roles.join(", "));
        if face.json {
            face.json_line(&json!({ "name": name, "target": entry.to.key(), "rate": rate, "roles": entry.roles }));
        } else {
            face.say(&format!("{name}  {}  {rate}  {roles}", visible(&entry.to.key())));
        }
    }
    let is_on = found == Switch::On && plan.writes.access == Access::AsListed;
    if is_on { Exit::Good } else { Exit::Failed }
}

/// The entry with this name; when there is none, that is told.
fn entry<'p>(plan: &'p Plan, face: &Face, name: &str) -> Option<&'p WritePlan> {
    let found = plan.writes.entries.iter().find(|entry| entry.name == name);
    if found.is_none() {
        let names: Vec<&str> = plan.writes.entries.iter().map(|entry| entry.name.as_str()).collect();
        let near = nearest(name, names.iter().copied()).unwrap_or("none");
        let finding = Finding::error("QIAO-A004", "").with("name", name).with("nearest", near);
        face.finding(&finding.with("known", names.join(", ")));
    }
    found
}

fn schema(plan: &Plan, face: &Face, entry: &WritePlan) -> Exit {
    let schema = schema::of(&plan.gateway.name, entry);
    if face.json {
        face.json_line(&schema);
    } else {
        face.say(&serde_json::to_string_pretty(&schema).unwrap_or_default());
    }
    Exit::Good
}
