//! `qiao profile check DIR --against OLD`: who still understands whom.

use crate::cli::Face;
use crate::conformance::compatible::{Compatibility, includes};
use crate::finding::{Finding, Severity};
use crate::profile::{Folder, Library, folder};
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;

/// The profile to compare with: a folder, or the id of a built-in one. `None`, with a finding, when there is none.
pub(super) fn old(against: &str, library: &Library, face: &Face) -> Option<Arc<Folder>> {
    let path = Path::new(against);
    if path.is_dir() {
        let files = super::read(path, face)?;
        let read = folder::read(against.trim_end_matches('/'), &files, library.concepts());
        face.findings(&read.findings);
        return read.value.map(Arc::new);
    }
    if let Some(folder) = library.folder(against) {
        return Some(Arc::clone(folder));
    }
    let near = library.nearest(against).unwrap_or("none").to_owned();
    face.finding(&Finding::error("QIAO-P030", "").with("profile", against).with("nearest", near));
    None
}

/// Old messages under the new schema, and new ones under the old.
pub(super) fn compare(old: &Folder, new: &Folder, face: &Face) -> Vec<Finding> {
    let examples = [old, new].into_iter().flat_map(|folder| folder.valid.iter().chain(&folder.invalid));
    let seeds: Vec<Value> = examples.map(|example| example.message.clone()).collect();
    [("backward", old, new), ("forward", new, old)]
        .into_iter()
        .map(|(direction, first, second)| one(direction, first, second, &seeds, face))
        .collect()
}

fn one(direction: &str, first: &Folder, second: &Folder, seeds: &[Value], face: &Face) -> Finding {
    let finding = |code, severity| {
        Finding::new(code, severity, "")
            .with("direction", direction)
            .with("first", first.profile.id())
            .with("second", second.profile.id())
    };
    match includes(&first.profile.schema, &second.profile.schema, seeds) {
        Ok(Compatibility::Proved) => finding("QIAO-P075", Severity::Note),
        Ok(Compatibility::Refuted { message, violations }) => {
            let wrong = violations.first();
            let text = wrong.map(|wrong| wrong.finding(Severity::Error).text(face.language)).unwrap_or_default();
            let pointer = wrong.map_or("/", |wrong| if wrong.pointer.is_empty() { "/" } else { &wrong.pointer });
            finding("QIAO-P076", Severity::Error).with("message", message).with("pointer", pointer).with("text", text)
        }
        Ok(Compatibility::NotProven { tried }) => finding("QIAO-P077", Severity::Warning).with("tried", tried),
        // A schema beyond use was told before.
        Err(_) => finding("QIAO-P077", Severity::Warning).with("tried", 0),
    }
}
