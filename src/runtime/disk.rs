//! The spool a plan asks for: in memory, or with a part on disk.

use crate::config::plan::{ConnectionKind, Plan};
use crate::finding::Finding;
use crate::port::{Clock, Disk};
use crate::spool::durable::OpenError;
use crate::spool::{DiskPlan, LogPlan, Spool};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where the logs of a data directory lie.
#[must_use]
pub fn directory(data_dir: &Path) -> PathBuf {
    data_dir.join("spool")
}

/// Opens the spool. What an earlier run left on disk is drained, whether or not a flow still wants to be durable; what
/// it left for a connection that is there no more is told.
pub fn spool(plan: &Plan, disk: Arc<dyn Disk>, clock: Clock, log: fn(&Finding)) -> Result<Spool, OpenError> {
    let directory = directory(&plan.gateway.data_dir);
    let left = logs(&*disk, &directory);
    let is_wanted = |at: u16| plan.flows.iter().any(|flow| flow.sink == at && flow.is_durable);
    let is_sink = |at: u16| plan.flows.iter().any(|flow| flow.sink == at);
    let brokers = (0u16..).zip(&plan.connections).filter(|(_, one)| !matches!(one.kind, ConnectionKind::OpcUa(_)));
    let wanted = brokers.filter(|(at, one)| is_wanted(*at) || is_sink(*at) && left.contains(&one.name));
    let logs: Vec<LogPlan> = wanted.map(|(sink, one)| LogPlan { sink, name: one.name.clone() }).collect();
    for name in left.iter().filter(|name| !logs.iter().any(|log| log.name == **name)) {
        log(&Finding::warning("QIAO-S014", directory.join(name).display().to_string()).with("name", name));
    }
    let used: Vec<bool> = (0u16..).zip(&plan.connections).map(|(at, _)| is_sink(at)).collect();
    if logs.is_empty() {
        return Ok(Spool::for_sinks(plan.limits.memory, &used, used.len()));
    }
    let plan_of_disk = DiskPlan {
        limit: limit(plan, &*disk, &directory, log)?,
        disk,
        directory,
        age: plan.limits.spool_age,
        when_full: plan.limits.when_full,
        replay: plan.limits.replay,
        logs,
        flows: plan.flows.iter().map(|flow| (flow.name.clone(), flow.is_durable)).collect(),
        clock,
        log,
    };
    Spool::on_disk(&plan_of_disk, plan.limits.memory, &used)
}

/// What the spool may take: what the plan says, but never more than nine tenths of what the disk has for it.
fn limit(plan: &Plan, disk: &dyn Disk, directory: &Path, log: fn(&Finding)) -> Result<u64, OpenError> {
    let wrap = |error| OpenError::Disk { path: directory.to_owned(), error };
    disk.make_directory(directory).map_err(wrap)?;
    let mut used = 0;
    for name in logs(disk, directory) {
        let own = directory.join(name);
        for file in disk.list(&own).unwrap_or_default() {
            // A file that goes away meanwhile takes no room.
            used += disk.open_to_read(&own.join(file)).and_then(|file| file.bytes()).unwrap_or(0);
        }
    }
    let there_is = used + disk.free_space(directory).map_err(wrap)? / 10 * 9;
    let wanted = plan.limits.spool;
    if wanted > there_is {
        let finding = Finding::warning("QIAO-S015", directory.display().to_string());
        log(&finding.with("wanted", wanted >> 20).with("limit", there_is >> 20));
    }
    Ok(wanted.min(there_is))
}

/// Names of the logs that are there.
fn logs(disk: &dyn Disk, directory: &Path) -> Vec<String> {
    let mut names = disk.list(directory).unwrap_or_default();
    names.retain(|name| disk.list(&directory.join(name)).is_ok_and(|files| !files.is_empty()));
    names.sort_unstable();
    names
}
