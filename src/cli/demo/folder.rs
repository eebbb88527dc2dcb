//! The demo's folder: a readable configuration, written once and used again; certificates and data beside it.

use super::super::Face;
use crate::finding::Finding;
use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

/// Lines that begin with this stand for a comment in the user's language.
const COMMENT: &str = "#? ";
/// What the device of the line does not say of itself.
const GIVEN: &str = include_str!("../../../config/demo/line-1.csv");
const TEMPLATE: &str = include_str!("../../../config/demo/qiao.yaml");

#[derive(Debug)]
pub(super) struct Folder {
    pub(super) config: PathBuf,
    pub(super) simulator: PathBuf,
}

impl Folder {
    /// Makes the folder and the configuration where they are not there; what is there is not touched.
    pub(super) fn ensure(folder: &Path, face: &Face) -> Result<Self, Finding> {
        let failed = |path: &Path, error| Finding::error("QIAO-D004", path.display().to_string()).with("error", error);
        fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
        let config = folder.join("qiao.yaml");
        for (path, text) in [(config.clone(), configuration(face)), (folder.join("line-1.csv"), GIVEN.to_owned())] {
            match fs::OpenOptions::new().write(true).create_new(true).open(&path) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(failed(&path, error)),
                Ok(mut file) => {
                    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
                    written.map_err(|error| failed(&path, error))?;
                }
            }
        }
        Ok(Self { config, simulator: folder.join("simulator") })
    }
}

/// The configuration with its comments in the user's language.
fn configuration(face: &Face) -> String {
    let line = |line: &str| match line.split_once(COMMENT) {
        Some((indent, id)) => {
            let text = face.text(id, &[]);
            text.lines().map(|text| format!("{indent}# {text}\n")).collect()
        }
        None => format!("{line}\n"),
    };
    TEMPLATE.lines().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Language;

    fn face(language: Language) -> Face {
        Face { language, is_language_fixed: true, json: false }
    }

    #[test]
    fn the_configuration_explains_itself_in_every_language() {
        for language in Language::ALL {
            let text = configuration(&face(language));
            assert!(!text.contains("demo-config-") && !text.contains("#?"), "{text}");
            assert!(text.lines().filter(|line| line.trim_start().starts_with("# ")).count() >= 6, "{text}");
        }
    }

    #[test]
    fn a_configuration_that_is_there_is_used_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = Folder::ensure(folder.path(), &face(Language::English)).expect("a folder");
        fs::write(&first.config, "mine").expect("written");
        let second = Folder::ensure(folder.path(), &face(Language::Chinese)).expect("a folder");
        assert_eq!(fs::read_to_string(second.config).expect("read"), "mine");
    }
}
