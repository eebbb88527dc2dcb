//! What the tree itself must satisfy.

mod advice;
mod architecture;
mod attacks;
mod codes;
mod command_line;
mod configuration;
mod examples;
mod fault_matrix;
mod fuzz;
mod generated;
mod golden;
mod profiles;

use std::path::{Path, PathBuf};

/// The folder of the package.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Compares a text with a file of the tree; `UPDATE=1` writes the file instead.
#[track_caller]
fn golden(path: &Path, text: &str) {
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, text).expect("the file can be written");
        return;
    }
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(expected, text, "{} is not what the code makes; `UPDATE=1` rewrites it", path.display());
}
