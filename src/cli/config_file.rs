//! Reads a configuration from disk: the only place where its file, its secrets and its profile folders are opened.

use super::{Face, folder};
use crate::config::plan::Plan;
use crate::config::text::SIZE_LIMIT;
use crate::config::{self, FileFacts, World};
use crate::finding::{Checked, Finding, Language, Severity};
use crate::profile::Files;
use std::io::Read as _;
use std::net::SocketAddr;
use std::path::Path;

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
    with_bytes(path, face, |bytes, face| check(path, bytes, face))
}

/// Where the gateway of a configuration answers, and the face in its language. Nothing but its main file is read: who
/// may ask need not be able to read its secrets.
pub fn http(path: &Path, face: &Face) -> (Checked<Option<SocketAddr>>, Face) {
    with_bytes(path, face, |bytes, _| config::check::http_of(&path.display().to_string(), bytes))
}

fn with_bytes<T>(
    path: &Path,
    face: &Face,
    look: impl FnOnce(&[u8], &Face) -> Checked<Option<T>>,
) -> (Checked<Option<T>>, Face) {
    match read_bytes(path) {
        Ok(bytes) => {
            let face = face.in_language(config::check::language_of(&bytes));
            (look(&bytes, &face), face)
        }
        Err(reason) => {
            let finding = Finding::error("QIAO-C049", path.display().to_string()).with("reason", reason);
            (Checked { value: None, findings: vec![finding] }, *face)
        }
    }
}

/// Checks the bytes of a file as if they stood in this file.
pub fn check(path: &Path, bytes: &[u8], face: &Face) -> Checked<Option<Plan>> {
    let directory = path.parent().unwrap_or(Path::new(""));
    config::check(&path.display().to_string(), bytes, directory, &Disk { language: face.language })
}

/// No more than shows that a file is too large: whoever decodes it says so.
fn read_bytes(path: &Path) -> Result<Vec<u8>, String> {
    let file = std::fs::File::open(path).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    let limit = u64::try_from(SIZE_LIMIT).unwrap_or(u64::MAX).saturating_add(1);
    file.take(limit).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    Ok(bytes)
}

/// Files, environment and profiles as they are on this machine.
struct Disk {
    language: Language,
}

impl World for Disk {
    fn file(&self, path: &Path) -> Result<FileFacts, String> {
        use std::os::unix::fs::PermissionsExt as _;
        let metadata = std::fs::metadata(path).map_err(|error| error.to_string())?;
        let bytes = read_bytes(path)?;
        if bytes.len() > SIZE_LIMIT {
            return Err(format!("{} bytes; the limit is {SIZE_LIMIT}", metadata.len()));
        }
        Ok(FileFacts { bytes, is_open: metadata.permissions().mode() & 0o004 != 0 })
    }

    fn names(&self, folder: &Path) -> Result<Vec<String>, String> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(|error| error.to_string())? {
            let entry = entry.map_err(|error| error.to_string())?;
            if let (Ok(name), false) = (entry.file_name().into_string(), entry.path().is_dir()) {
                names.push(name);
            }
        }
        Ok(names)
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
