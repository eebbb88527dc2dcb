//! Which tables are written, and under which names.

use super::recognise::everything;
use super::{Done, Init, InitArgs, export};
use crate::cli::{Exit, Face, config_file};
use crate::config::plan::{ConnectionKind, FlowPlan, Plan};
use crate::runtime::gateway::selection;
use crate::runtime::look::Looked;
use std::path::{Path, PathBuf};

/// A table: file, node id of the machine's root, bytes.
pub(super) type MachineTable = (PathBuf, String, Vec<u8>);

/// Writes the tables of an existing configuration anew: everything it selects, with what it binds now.
pub(super) async fn export_again(arguments: &InitArgs, face: &Face) -> Done<()> {
    let Some((plan, face)) = config_file::plan(&arguments.config, face) else { return Err(Exit::Usage) };
    let init = Init { arguments, face };
    let Some(csv) = &arguments.csv else { return Err(Exit::Usage) };
    let mut all = Vec::new();
    for (at, connection) in (0u16..).zip(&plan.connections) {
        let flows: Vec<(u16, &FlowPlan)> = (0u16..).zip(&plan.flows).filter(|(_, flow)| flow.source == at).collect();
        if !matches!(connection.kind, ConnectionKind::OpcUa(_)) || flows.is_empty() {
            continue;
        }
        let wanted = |(number, flow): (u16, &FlowPlan)| {
            let selected = selection(number, flow, &plan);
            if flow.select.is_empty() { everything(number, flow.each.clone()) } else { selected }
        };
        let single = Plan { connections: vec![connection.clone()], ..plan.clone() };
        let looked = init.look(&single, flows.into_iter().map(wanted).collect()).await?;
        looked.findings.iter().for_each(|finding| face.warn(finding));
        all.extend(of_machines(csv, &looked, &plan, init.separator()));
    }
    for (number, (file, _, bytes)) in all.iter().enumerate() {
        let file = if number == 0 { file.clone() } else { numbered(csv, number) };
        init.is_free(&file)?;
        init.write(&file, bytes)?;
    }
    Ok(())
}

/// File, root and bytes of the table of every machine.
pub(super) fn of_machines(csv: &Path, looked: &Looked, plan: &Plan, separator: u8) -> Vec<MachineTable> {
    let Some(discovery) = &looked.discovery else { return Vec::new() };
    let mut roots: Vec<(u32, &str)> = Vec::new();
    for (at, machine) in (0u32..).zip(&discovery.machines) {
        if !roots.iter().any(|(_, node)| *node == machine.node) {
            roots.push((at, &machine.node));
        }
    }
    let table = |(number, (machine, node)): (usize, (u32, &str))| {
        let rule = plan.machines.iter().find(|rule| rule.matches == node);
        let binding = rule.and_then(|rule| rule.binding.as_deref());
        let file = if number == 0 { csv.to_owned() } else { numbered(csv, number) };
        (file, node.to_owned(), export::table(looked, machine, binding, separator))
    };
    roots.into_iter().enumerate().map(table).collect()
}

/// `lathe.csv`, `lathe-2.csv`, …
fn numbered(csv: &Path, number: usize) -> PathBuf {
    let stem = csv.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    let extension = csv.extension().map_or_else(String::new, |end| format!(".{}", end.to_string_lossy()));
    csv.with_file_name(format!("{stem}-{}{extension}", number + 1))
}
