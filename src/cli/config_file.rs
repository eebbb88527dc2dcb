//! Reads a configuration from disk: the only place where its file, its secrets and its profile folders are opened.

use super::{Face, folder};
use crate::config::plan::Plan;
use crate::config::{self, FileFacts, World};
use crate::finding::{Checked, Finding, Language, Severity};
use crate::profile::Files;
use std::path::Path;

/// A configuration is text that somebody typed; what is larger is another file.
const SIZE_LIMIT: u64 = 4 << 20;

/// The plan of a configuration, and the face in its language. `None`: it is wrong, and every fault was shown; so are
/// warnings of a right one.
pub fn plan(path: &Path, face: &Face) -> Option<(Plan, Face)> {
    let (checked, face) = load(path, face);
    for finding in checked.findings.iter().filter(|finding| finding.severity > Severity::Note) {
        face.warn(finding);
    }
    checked.value.map(|plan| (plan, face))
}

/// Reads and checks a configuration, and the face in its language.
pub fn load(path: &Path, face: &Face) -> (Checked<Option<Plan>>, Face) {
    let shown = path.display().to_string();
    let text = match read_text(path) {
        Ok(text) => text,
        Err(reason) => {
            let finding = Finding::error("QIAO-C049", shown).with("reason", reason);
            return (Checked { value: None, findings: vec![finding] }, *face);
        }
    };
    let face = face.in_language(config::check::language_of(&text));
    (check(path, &text, &face), face)
}

/// Checks a text as if it stood in this file.
pub fn check(path: &Path, text: &str, face: &Face) -> Checked<Option<Plan>> {
    let directory = path.parent().unwrap_or(Path::new(""));
    config::check(&path.display().to_string(), text, directory, &Disk { language: face.language })
}

fn read_text(path: &Path) -> Result<String, String> {
    let size = std::fs::metadata(path).map_err(|error| error.to_string())?.len();
    if size > SIZE_LIMIT {
        return Err(format!("{size} bytes; the limit is {SIZE_LIMIT}"));
    }
    std::fs::read_to_string(path).map_err(|error| error.to_string())
}

/// Files, environment and profiles as they are on this machine.
struct Disk {
    language: Language,
}

impl World for Disk {
    fn file(&self, path: &Path) -> Result<FileFacts, String> {
        use std::os::unix::fs::PermissionsExt as _;
        let metadata = std::fs::metadata(path).map_err(|error| error.to_string())?;
        if metadata.len() > SIZE_LIMIT {
            return Err(format!("{} bytes; the limit is {SIZE_LIMIT}", metadata.len()));
        }
        let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
        Ok(FileFacts { bytes, is_open: metadata.permissions().mode() & 0o004 != 0 })
    }

    fn environment(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn folder(&self, path: &Path) -> Result<Files, String> {
        folder::read(path).map_err(|error| error.to_string())
    }

    fn language(&self) -> Language {
        self.language
    }
}
