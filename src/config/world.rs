//! What a configuration refers to outside its own text.

use crate::finding::Language;
use crate::profile::Files;
use std::path::Path;

/// Files, environment and folders, as whoever reads a configuration offers them.
pub trait World {
    /// The bytes of a file; the error is shown as it is.
    fn file(&self, path: &Path) -> Result<FileFacts, String>;
    /// The names of the files in a folder, in any order; the error is shown as it is.
    fn names(&self, folder: &Path) -> Result<Vec<String>, String>;
    /// An environment variable.
    fn environment(&self, name: &str) -> Option<String>;
    /// Every file below a folder; the error is shown as it is.
    fn folder(&self, path: &Path) -> Result<Files, String>;
    /// The language where the configuration names none.
    fn language(&self) -> Language;
}

/// What a file holds, and who may read it.
#[derive(Clone, Debug)]
pub struct FileFacts {
    pub bytes: Vec<u8>,
    /// Users other than its owner and group may read it.
    pub is_open: bool,
}
