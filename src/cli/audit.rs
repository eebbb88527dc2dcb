//! `qiao audit`: who commanded what, and whether the record of it is whole. Changes nothing; a gateway may run meanwhile.

use super::{Exit, Face, config_file};
use crate::finding::{Finding, visible};
use crate::guard::Outcome;
use crate::journal::audit::line::{Line, hex, unhex};
use crate::journal::audit::verify::verify;
use crate::journal::audit::{self, Mark};
use crate::model::Timestamp;
use crate::port::RealDisk;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::path::PathBuf;

/// Show which commands were given, by whom, and what became of them; check that the record is whole
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  qiao audit show --since 2026-11-23T06:00:00Z -c qiao.yaml\n  \
qiao audit verify -c qiao.yaml")]
pub struct AuditArgs {
    #[command(subcommand)]
    command: AuditCommand,
}

#[derive(Debug, Subcommand)]
enum AuditCommand {
    /// One line per record, oldest first
    Show {
        #[command(flatten)]
        config: Config,
        /// Only records of this time and later
        #[arg(long, value_name = "TIME", value_parser = time)]
        since: Option<Timestamp>,
        /// Only the newest N records
        #[arg(long, value_name = "N", default_value_t = 100)]
        last: usize,
        /// Only records of this entry of `writes`
        #[arg(long, value_name = "NAME")]
        write: Option<String>,
    },
    /// Check every record: a changed, missing, inserted, moved or cut one is named
    Verify {
        #[command(flatten)]
        config: Config,
        /// A mark that an earlier check printed and that was kept elsewhere: SEQ:HASH
        #[arg(long, value_name = "MARK", value_parser = mark)]
        anchor: Option<Mark>,
    },
}

#[derive(Debug, Args)]
struct Config {
    /// Configuration file
    #[arg(short = 'c', long = "config", value_name = "FILE", default_value = "qiao.yaml")]
    config: PathBuf,
}

fn time(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text).map_err(|error| error.to_string())
}

fn mark(text: &str) -> Result<Mark, String> {
    let found = text.split_once(':').and_then(|(seq, hash)| Some((seq.parse().ok()?, unhex(hash)?)));
    found.ok_or_else(|| "SEQ:HASH".to_owned())
}

pub fn run(arguments: &AuditArgs, face: &Face) -> Exit {
    let (AuditCommand::Show { config, .. } | AuditCommand::Verify { config, .. }) = &arguments.command;
    let Some((plan, face)) = config_file::plan(&config.config, face) else { return Exit::Usage };
    let data_dir = &plan.gateway.data_dir;
    let done = match &arguments.command {
        AuditCommand::Show { since, last, write, .. } => {
            let mut kept: VecDeque<Line> = VecDeque::new();
            let is_wanted = |line: &Line| {
                let entry = line.members.get("entry").and_then(Value::as_str);
                since.is_none_or(|since| line.at >= since) && write.as_deref().is_none_or(|write| entry == Some(write))
            };
            let read = audit::read(&RealDisk, data_dir, |line| {
                if is_wanted(&line) {
                    kept.push_back(line);
                }
                while kept.len() > *last {
                    kept.pop_front();
                }
            });
            kept.iter().for_each(|line| show(line, &face));
            read.map(|()| Exit::Good)
        }
        AuditCommand::Verify { anchor, .. } => verify(&RealDisk, data_dir, *anchor).map(|verified| {
            face.findings(&verified.findings);
            if let Some((seq, hash)) = verified.last {
                let (first, mark) = (verified.first.unwrap_or_default().to_string(), format!("{seq}:{}", hex(&hash)));
                let records = verified.records.to_string();
                if face.json {
                    let mark = json!({ "records": verified.records, "first": verified.first, "mark": mark });
                    face.json_line(&mark);
                } else {
                    face.say(&face.text("audit-whole", &[("records", &records), ("first", &first), ("mark", &mark)]));
                }
            } else if !face.json {
                face.say(&face.text("audit-empty", &[]));
            }
            if verified.findings.is_empty() { Exit::Good } else { Exit::Failed }
        }),
    };
    done.unwrap_or_else(|error| {
        let directory = data_dir.join("audit").display().to_string();
        face.finding(&Finding::error("QIAO-A002", directory).with("error", error));
        Exit::CouldNotTell
    })
}

fn show(line: &Line, face: &Face) {
    if face.json {
        face.json_line(&Value::Object(line.members.clone()));
        return;
    }
    let word = |name: &str| {
        line.members.get(name).map(|value| match value {
            Value::String(text) => visible(text).into_owned(),
            other => visible(&other.to_string()).into_owned(),
        })
    };
    let kind = face.text(&format!("audit-{}", line.kind), &[]);
    let mut parts = vec![format!("{:>6}  {}  {kind}", line.seq, line.at)];
    parts.extend(["entry", "id", "sender"].into_iter().filter_map(word));
    for (name, id) in [
        ("value", "audit-value"),
        ("arguments", "audit-value"),
        ("present", "audit-present"),
        ("expected", "audit-expected"),
        ("reason", "audit-reason"),
        ("configuration", "audit-configuration"),
        ("count", "audit-count"),
        ("code", "audit-code"),
        ("last", "audit-last"),
    ] {
        parts.extend(word(name).map(|value| format!("{}: {value}", face.text(id, &[]))));
    }
    let outcome = line.members.get("outcome").cloned().and_then(|found| serde_json::from_value::<Outcome>(found).ok());
    if let Some(outcome) = outcome {
        parts.push(face.text(&format!("audit-outcome-{}", outcome.kind.word()), &[]));
        parts.extend(outcome.value.as_deref().map(|value| visible(value).into_owned()));
        if !outcome.code.is_empty() {
            parts.push(format!("{}  {}", outcome.code, outcome.text(face.language)));
        }
    }
    face.say(&parts.join("  "));
}
