//! The command line: one file per command.
//!
//! A command is `src/cli/<command>.rs` with a `pub struct <Command>Args` (derives [`clap::Args`]; an example in its
//! `after_help`), a `pub fn run(arguments: &<Command>Args, face: &Face) -> Exit`, one variant of [`Command`] and one arm
//! of `Command::run`. One that takes a configuration gets it from [`config_file::plan`]; one that stays calls
//! [`log::init`] and keeps its guard. Words it prints stand in `src/finding/messages/*/…ftl` and are fetched with [`Face::text`].

pub mod audit;
pub mod cert;
pub mod check;
pub mod config_file;
pub mod demo;
pub mod exit;
pub mod explain;
pub mod face;
pub mod folder;
pub mod init;
mod live;
pub mod log;
pub mod profile;
mod progress;
pub mod quarantine;
pub mod run;
pub mod selftest;
mod signals;
pub mod simulate;
pub mod spool;
pub mod status;
pub mod tap;
pub mod test;
pub mod translate;
pub mod writes;

pub use exit::Exit;
pub use face::Face;

use crate::finding::Language;
use clap::{Parser, Subcommand, ValueEnum};

/// Industry 4.0 data-exchange gateway: bridges OPC UA and MQTT, checks every message, loses nothing silently.
#[derive(Debug, Parser)]
#[command(name = "qiao", version, propagate_version = true, arg_required_else_help = true)]
#[command(after_help = "Exit codes: 0 good · 1 findings or failed · 2 wrong usage or configuration · 3 could not tell")]
pub struct Arguments {
    /// Language of what is shown [default: the configuration's, then LANG]
    #[arg(long, global = true, value_name = "LANGUAGE")]
    lang: Option<Tag>,
    /// One JSON object a line, for machines
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Tag {
    En,
    De,
    Zh,
}

impl From<Tag> for Language {
    fn from(tag: Tag) -> Self {
        match tag {
            Tag::En => Self::English,
            Tag::De => Self::German,
            Tag::Zh => Self::Chinese,
        }
    }
}

/// What qiao can be asked to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    Audit(audit::AuditArgs),
    Cert(cert::CertArgs),
    Check(check::CheckArgs),
    Demo(demo::DemoArgs),
    Explain(explain::ExplainArgs),
    Init(init::InitArgs),
    Profile(profile::ProfileArgs),
    Quarantine(quarantine::QuarantineArgs),
    Run(run::RunArgs),
    Selftest(selftest::SelftestArgs),
    Simulate(simulate::SimulateArgs),
    Spool(spool::SpoolArgs),
    Status(status::StatusArgs),
    Tap(tap::TapArgs),
    Test(test::TestArgs),
    Translate(translate::TranslateArgs),
    Writes(writes::WritesArgs),
}

impl Command {
    fn run(&self, face: &Face) -> Exit {
        match self {
            Self::Audit(arguments) => audit::run(arguments, face),
            Self::Cert(arguments) => cert::run(arguments, face),
            Self::Check(arguments) => check::run(arguments, face),
            Self::Explain(arguments) => explain::run(arguments, face),
            Self::Init(arguments) => init::run(arguments, face),
            Self::Demo(arguments) => demo::run(arguments, face),
            Self::Profile(arguments) => profile::run(arguments, face),
            Self::Quarantine(arguments) => quarantine::run(arguments, face),
            Self::Run(arguments) => run::run(arguments, face),
            Self::Selftest(arguments) => selftest::run(arguments, face),
            Self::Simulate(arguments) => simulate::run(arguments, face),
            Self::Spool(arguments) => spool::run(arguments, face),
            Self::Status(arguments) => status::run(arguments, face),
            Self::Tap(arguments) => tap::run(arguments, face),
            Self::Test(arguments) => test::run(arguments, face),
            Self::Translate(arguments) => translate::run(arguments, face),
            Self::Writes(arguments) => writes::run(arguments, face),
        }
    }
}

/// Reads the command line and does what it says. Wrong usage ends the process with 2, as does `clap`.
#[must_use]
pub fn main() -> Exit {
    let arguments = Arguments::parse();
    let face = Face::new(arguments.lang.map(Language::from), arguments.json);
    arguments.command.run(&face)
}
