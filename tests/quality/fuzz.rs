//! What the fuzz targets check, and every input that is kept of their runs, once more. `fuzz/run.sh` looks for new ones.
//!
//! A target calls `check` of one of these modules with any bytes; it uses what is public and nothing else. An input that
//! once failed has a test of its own beside the code that was wrong, and stays in the corpus.

mod configuration;
mod cursor;
mod disk;
mod notification;
mod profile;
mod sections;
mod segment;
mod topic;
mod written;

use super::root;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Every input that is kept of a target.
#[track_caller]
fn replay(target: &str, check: fn(&[u8])) {
    let folder = root().join("fuzz/corpus").join(target);
    let mut inputs: Vec<_> =
        std::fs::read_dir(&folder).expect("a corpus").map(|entry| entry.expect("an entry").path()).collect();
    inputs.sort_unstable();
    assert!(inputs.len() >= 10, "{target}: {} inputs", inputs.len());
    for input in inputs {
        let bytes = std::fs::read(&input).expect("readable");
        let outcome = catch_unwind(AssertUnwindSafe(|| check(&bytes)));
        assert!(outcome.is_ok(), "{}", input.display());
    }
}

#[test]
fn every_kept_input_of_segments_passes() {
    replay("segment", segment::check);
}

#[test]
fn every_kept_input_of_the_cursor_passes() {
    replay("cursor", cursor::check);
}

#[test]
fn every_kept_input_of_notifications_passes() {
    replay("notification", notification::check);
}

#[test]
fn every_kept_input_of_topics_passes() {
    replay("topic", topic::check);
}

#[test]
fn every_kept_input_of_configurations_passes() {
    replay("configuration", configuration::check);
}

#[test]
fn every_kept_input_of_profiles_passes() {
    replay("profile", profile::check);
}

/// The corpus is for everybody who clones it.
#[test]
fn the_corpus_stays_small() {
    let (mut files, mut bytes) = (0, 0);
    for folder in std::fs::read_dir(root().join("fuzz/corpus")).expect("a corpus") {
        for input in std::fs::read_dir(folder.expect("an entry").path()).expect("a folder") {
            files += 1;
            bytes += input.expect("an entry").metadata().expect("readable").len();
        }
    }
    assert!(files < 1000 && bytes < 2 << 20, "{files} files, {bytes} bytes");
}

/// The targets are locked by a file of their own; one that names other dependencies of ours would not build.
#[test]
fn the_targets_are_locked_to_what_the_program_depends_on() {
    let dependencies = |path: &str| {
        let text = std::fs::read_to_string(root().join(path)).expect("a lock file");
        let own = text.split("\n\n").find(|package| package.contains("name = \"qiao\"\n")).expect("ours").to_owned();
        let quoted =
            own.lines().filter_map(|line| line.trim().strip_prefix('"')?.split(['"', ' ']).next().map(str::to_owned));
        quoted.collect::<std::collections::BTreeSet<_>>()
    };
    let (program, targets) = (dependencies("Cargo.lock"), dependencies("fuzz/Cargo.lock"));
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).expect("a manifest");
    let (_, for_tests) = manifest.split_once("[dev-dependencies]").expect("some are for tests alone");
    let differ: Vec<_> = program.symmetric_difference(&targets).collect();
    let wrong: Vec<_> =
        differ.iter().filter(|name| !for_tests.lines().any(|line| line.starts_with(name.as_str()))).collect();
    assert!(
        !targets.is_empty() && wrong.is_empty(),
        "{wrong:?}: cargo update --workspace --manifest-path fuzz/Cargo.toml"
    );
}
