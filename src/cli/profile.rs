//! `qiao profile`: which standards this gateway speaks, what each profile covers, and whether a folder of one's own is
//! a profile.

mod against;
mod check;
mod new;
mod show;

use super::{Exit, Face, folder};
use crate::finding::Finding;
use crate::profile::Library;
use serde_json::json;
use std::path::{Component, Path, PathBuf};

/// List, show and check the profiles of standards
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  qiao profile list\n  qiao profile show umati/machine-tool@1.02 --lang de\n  \
qiao profile check schemas/umati/machine-tool/1.02\n  \
qiao profile new acme/press --from umati/machine-tool@1.02 profiles\n  \
qiao profile check profiles/acme/press/1.1 --against profiles/acme/press/1.0")]
pub struct ProfileArgs {
    #[command(subcommand)]
    command: ProfileCommand,
}

#[derive(Debug, clap::Subcommand)]
enum ProfileCommand {
    /// Every profile with its title
    List {
        #[command(flatten)]
        own: Own,
    },
    /// One profile: sources with their editions, what is covered and what not, topic, cadence, fields with concept
    Show {
        /// Name and version, such as umati/machine-tool@1.02
        profile: String,
        #[command(flatten)]
        own: Own,
    },
    /// Tell every fault of a profile's folder, with file, line and column, and run its examples
    Check {
        /// The folder that holds profile.yaml; a concepts/ beside its family counts
        folder: PathBuf,
        /// Write the folder's README.md anew
        #[arg(long)]
        write_readme: bool,
        /// Say whether the schema is backward and forward compatible with this one: a folder, or the id of a built-in profile
        #[arg(long, value_name = "OLD")]
        against: Option<String>,
        #[command(flatten)]
        own: Own,
    },
    /// Make a folder to begin with, from a profile that is there
    #[command(disable_version_flag = true)]
    New {
        /// Family and name, such as acme/press
        name: String,
        /// The profile to begin with, such as core/data-set-message@1.0
        #[arg(long, value_name = "PROFILE")]
        from: String,
        /// Version of the new profile, of digits and dots
        #[arg(long, default_value = "1.0", value_name = "VERSION")]
        version: String,
        /// The folder that holds your profiles; the new one is <DIR>/<family>/<name>/<version>
        #[arg(default_value = ".", value_name = "DIR")]
        below: PathBuf,
        #[command(flatten)]
        own: Own,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct Own {
    /// A folder of your own profiles beside the built-in ones; may be given several times
    #[arg(long, value_name = "FOLDER")]
    profiles: Vec<PathBuf>,
}

pub fn run(arguments: &ProfileArgs, face: &Face) -> Exit {
    match &arguments.command {
        ProfileCommand::List { own } => list(own, face),
        ProfileCommand::Show { profile, own } => match library(own, face) {
            Some((library, exit)) => show::run(profile, &library, face).unwrap_or(exit),
            None => Exit::Usage,
        },
        ProfileCommand::Check { folder, write_readme, against, own } => {
            check::run(folder, *write_readme, against.as_deref(), own, face)
        }
        ProfileCommand::New { name, from, version, below, own } => {
            new::run(&new::New { name, version, from, below }, own, face)
        }
    }
}

fn list(own: &Own, face: &Face) -> Exit {
    let Some((library, exit)) = library(own, face) else { return Exit::Usage };
    let width = library.list().map(|profile| profile.id().len()).max().unwrap_or(0);
    for profile in library.list() {
        let (id, title) = (profile.id(), profile.titles.in_language(face.language));
        if face.json {
            let sources: Vec<_> = profile.about.sources.iter().map(show::source_as_json).collect();
            face.json_line(&json!({ "profile": id, "title": title, "sources": sources }));
        } else {
            face.say(&format!("{id:width$}  {title}"));
        }
    }
    exit
}

/// The built-in profiles and those of the given folders; what is wrong with the latter is told at once, and `list` and
/// `show` then end with 1. `None` when a folder cannot be read.
pub(super) fn library(own: &Own, face: &Face) -> Option<(Library, Exit)> {
    let mut checked = Library::built_in();
    for path in &own.profiles {
        let shown = path.display().to_string();
        let files = read(path, face)?;
        let mut more = checked.value.with_folder(&shown, &files);
        checked.findings.append(&mut more.findings);
        checked.value = more.value;
    }
    face.findings(&checked.findings);
    let exit = if checked.is_good() { Exit::Good } else { Exit::Failed };
    Some((checked.value, exit))
}

/// The same, with the concepts that lie beside a profile's family: who names the folder of the families gets them too.
fn library_around(profile: &Path, own: &Own, face: &Face) -> Option<(Library, Vec<Finding>)> {
    let (library, _) = library(own, face)?;
    let Some(home) = home(profile) else { return Some((library, Vec::new())) };
    let folder = home.join("concepts");
    if !folder.is_dir() {
        return Some((library, Vec::new()));
    }
    let files = read(&folder, face)?.into_iter().map(|(file, bytes)| (format!("concepts/{file}"), bytes)).collect();
    let checked = library.with_folder(&home.display().to_string(), &files);
    Some((checked.value, checked.findings))
}

/// The folder that holds the families of a profile at `<family>/<profile>/<version>`.
fn home(profile: &Path) -> Option<PathBuf> {
    let is_plain = profile.components().all(|part| matches!(part, Component::Normal(_) | Component::RootDir));
    let up = |path: &Path| path.ancestors().nth(3).map(Path::to_owned);
    up(profile).filter(|_| is_plain).or_else(|| up(&profile.canonicalize().ok()?))
}

fn read(path: &Path, face: &Face) -> Option<crate::profile::Files> {
    match folder::read(path) {
        Ok(files) => Some(files),
        Err(error) => {
            face.finding(&Finding::error("QIAO-P032", path.display().to_string()).with("detail", error));
            None
        }
    }
}
