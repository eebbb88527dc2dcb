//! `qiao check`: everything that is wrong with a configuration, in one go, without touching the network unless asked to.

mod online;

use super::{Exit, Face, config_file};
use crate::finding::{Severity, visible};
use serde_json::json;
use std::path::PathBuf;

/// Find everything that is wrong with a configuration
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  qiao check -c qiao.yaml\n  qiao check -c qiao.yaml --json\n  qiao check -c qiao.yaml --online\n\n\
Exit code 0: it can be run (warnings may stand); 2: it is wrong.\n\
With --online also 1: something was found wrong at a server; 3: a server or broker did not let us in."
)]
pub struct CheckArgs {
    /// Configuration file
    #[arg(short = 'c', long = "config", value_name = "FILE", default_value = "qiao.yaml")]
    config: PathBuf,
    /// Ask the servers and brokers, too: what is there, what is missing, and one message of each flow; nothing is published
    #[arg(long)]
    online: bool,
}

pub fn run(arguments: &CheckArgs, face: &Face) -> Exit {
    let (checked, face) = config_file::load(&arguments.config, face);
    face.findings(&checked.findings);
    let count = |severity| checked.findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let shown = arguments.config.display().to_string();
    if face.json {
        face.json_line(&json!({ "file": shown, "errors": errors, "warnings": warnings }));
    }
    let (errors_text, warnings_text) = (errors.to_string(), warnings.to_string());
    let Some(plan) = checked.value else {
        face.say(&face.text("cli-check-wrong", &[("errors", &errors_text), ("warnings", &warnings_text)]));
        return Exit::Usage;
    };
    if warnings > 0 {
        face.say(&face.text("cli-check-warned", &[("file", &shown), ("warnings", &warnings_text)]));
    } else {
        let facts = [
            ("file", &*visible(&shown)),
            ("connections", &plan.connections.len().to_string()),
            ("flows", &plan.flows.len().to_string()),
            ("machines", &plan.machines.len().to_string()),
        ];
        face.say(&face.text("cli-check-good", &facts));
    }
    if arguments.online {
        return online::run(plan, &face);
    }
    Exit::Good
}
