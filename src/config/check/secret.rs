//! Secrets and other files a connection needs.

use super::Checking;
use crate::config::file::SecretFile;
use crate::config::plan::Secret;
use crate::config::read::At;
use crate::config::scalar::FilePath;
use std::path::PathBuf;

impl Checking<'_> {
    /// Reads a secret. `None`: it cannot be had, and why was noted.
    pub(super) fn secret(&mut self, typed: &SecretFile) -> Option<Secret> {
        let (text, place, whence) = match typed {
            SecretFile::Env(name) => {
                let Some(text) = self.world.environment(&name.value) else {
                    self.reading.error("QIAO-C030", name.place, &[("name", &name.value)]);
                    return None;
                };
                (text, name.place, name.value.clone())
            }
            SecretFile::File(file) => {
                let path = self.path(file);
                let shown = path.display().to_string();
                let text = match self.world.file(&path) {
                    Ok(facts) => {
                        if facts.is_open {
                            self.reading.warning("QIAO-C032", file.place, &[("path", &shown)]);
                        }
                        String::from_utf8(facts.bytes).map_err(|error| error.utf8_error().to_string())
                    }
                    Err(reason) => Err(reason),
                };
                match text {
                    Ok(text) => (text.trim_end_matches(['\r', '\n']).to_owned(), file.place, shown),
                    Err(reason) => {
                        self.reading.error("QIAO-C040", file.place, &[("path", &shown), ("reason", &reason)]);
                        return None;
                    }
                }
            }
        };
        if text.is_empty() {
            self.reading.error("QIAO-C031", place, &[("whence", &whence)]);
            return None;
        }
        Some(Secret::new(text))
    }

    /// A file that must be there; its content is looked at when the connection is made.
    pub(super) fn needed_file(&mut self, typed: &At<FilePath>) -> PathBuf {
        let path = self.path(typed);
        if let Err(reason) = self.world.file(&path) {
            let shown = path.display().to_string();
            self.reading.error("QIAO-C040", typed.place, &[("path", &shown), ("reason", &reason)]);
        }
        path
    }

    /// The same for a private key, which only its owner should read.
    pub(super) fn key_file(&mut self, typed: &At<FilePath>) -> PathBuf {
        let path = self.needed_file(typed);
        if self.world.file(&path).is_ok_and(|facts| facts.is_open) {
            let shown = path.display().to_string();
            self.reading.warning("QIAO-C032", typed.place, &[("path", &shown)]);
        }
        path
    }
}
