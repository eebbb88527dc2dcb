//! `qiao spool`: what waits on disk, and whether it is sound. Changes nothing; a gateway may run meanwhile.

use super::{Exit, Face, config_file};
use crate::finding::{Finding, visible};
use crate::model::Timestamp;
use crate::port::{Disk, RealDisk};
use crate::runtime::disk;
use crate::spool::durable::OpenError;
use crate::spool::durable::inspect::{View, inspect};
use crate::spool::durable::segment::Sum;
use crate::spool::told;
use clap::{Args, Subcommand};
use serde_json::json;
use std::path::{Path, PathBuf};

/// Show what waits on disk for a broker, and check that it is sound
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  qiao spool list -c qiao.yaml\n  qiao spool verify -c qiao.yaml")]
pub struct SpoolArgs {
    #[command(subcommand)]
    command: SpoolCommand,
}

#[derive(Debug, Subcommand)]
enum SpoolCommand {
    /// What waits for each broker, by flow, and the newest losses with their reasons
    List {
        #[command(flatten)]
        config: Config,
    },
    /// Read every record and check it; changes nothing, and a gateway may run meanwhile
    Verify {
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

pub fn run(arguments: &SpoolArgs, face: &Face) -> Exit {
    let (SpoolCommand::List { config } | SpoolCommand::Verify { config }) = &arguments.command;
    let Some((plan, face)) = config_file::plan(&config.config, face) else { return Exit::Usage };
    let directory = disk::directory(&plan.gateway.data_dir);
    let is_whole = matches!(arguments.command, SpoolCommand::Verify { .. });
    let logs = match RealDisk.list(&directory) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(error) => {
            face.finding(&told::refusal(&OpenError::Disk { path: directory, error }));
            return Exit::CouldNotTell;
        }
        Ok(mut names) => {
            names.sort_unstable();
            names
        }
    };
    if logs.is_empty() {
        face.say(&face.text("spool-none", &[("path", &directory.display().to_string())]));
    }
    let mut exit = Exit::Good;
    for name in logs {
        let own = directory.join(&name);
        match inspect(&RealDisk, &own, is_whole) {
            Err(error) => {
                face.finding(&told::refusal(&error));
                exit = Exit::CouldNotTell;
            }
            Ok(view) if is_whole => {
                if !verify(&name, &own, &view, &face) && exit == Exit::Good {
                    exit = Exit::Failed;
                }
            }
            Ok(view) => list(&name, &view, &face),
        }
    }
    exit
}

fn list(name: &str, view: &View, face: &Face) {
    let mut all = Sum::default();
    view.left.values().for_each(|sum| all.add(*sum));
    let file_bytes: u64 = view.segments.iter().map(|segment| segment.bytes).sum();
    if face.json {
        let flows = view.left.iter().map(
            |(flow, sum)| json!({ "flow": flow, "messages": sum.records, "values": sum.values, "bytes": sum.bytes }),
        );
        face.json_line(&json!({
            "connection": name,
            "messages": all.records,
            "values": all.values,
            "bytes": all.bytes,
            "segments": view.segments.len(),
            "file-bytes": file_bytes,
            "flows": flows.collect::<Vec<_>>(),
            "gaps": view.gaps,
            "damaged-files": view.kept,
        }));
        return;
    }
    let facts = [
        ("name", &*visible(name)),
        ("messages", &all.records.to_string()),
        ("kib", &(all.bytes / 1024).to_string()),
        ("segments", &view.segments.len().to_string()),
        ("mib", &(file_bytes >> 20).to_string()),
    ];
    face.say(&face.text("spool-log", &facts));
    for (flow, sum) in view.left.iter().filter(|(_, sum)| sum.records > 0) {
        let (messages, values) = (sum.records.to_string(), sum.values.to_string());
        let facts = [("flow", &*visible(flow)), ("messages", &messages), ("values", &values)];
        face.say(&format!("  {}", face.text("spool-flow", &facts)));
    }
    for gap in &view.gaps {
        let time = Timestamp::from_unix_millis(i64::try_from(gap.time_ms).unwrap_or(i64::MAX));
        face.say(&format!("  {time}  {}", told::gap(gap, name).text(face.language)));
    }
}

/// Says what is wrong; whether nothing is.
fn verify(name: &str, directory: &Path, view: &View, face: &Face) -> bool {
    let mut faults = Vec::new();
    for segment in view.segments.iter().filter(|segment| segment.damaged > 0) {
        let place = directory.join(&segment.file).display().to_string();
        faults.push(Finding::error("QIAO-S016", place).with("records", segment.damaged));
    }
    for (first, last) in &view.missing {
        let finding = Finding::error("QIAO-S017", directory.display().to_string());
        faults.push(finding.with("first", first).with("last", last));
    }
    if view.is_cursor_damaged {
        faults.push(Finding::warning("QIAO-S006", name));
    }
    for file in &view.strangers {
        faults.push(Finding::warning("QIAO-S011", directory.join(file).display().to_string()));
    }
    face.findings(&faults);
    let records: u64 = view.segments.iter().map(|segment| segment.records).sum();
    let facts = [
        ("name", &*visible(name)),
        ("records", &records.to_string()),
        ("segments", &view.segments.len().to_string()),
        ("faults", &faults.len().to_string()),
    ];
    face.say(&face.text("spool-verified", &facts));
    faults.is_empty()
}
