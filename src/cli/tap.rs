//! `qiao tap`: what a source gives, what would be published, or what arrives at a broker, as it comes.

mod board;
mod fields;
mod glob;
mod line;
mod lines;
mod screen;
mod target;
#[cfg(test)]
mod tests;
mod verdict;

use super::{Exit, Face, config_file, signals};
use crate::finding::Finding;
use crate::runtime::tap::TapError;
use clap::{Args, ValueEnum};
use fields::Input;
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::time::Duration;
use target::Target;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Watch live values or messages, with quality, times, rate and findings
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  qiao tap -c qiao.yaml\n  qiao tap -c qiao.yaml --machine 'lathe*' --field '*Override*'\n  \
qiao tap -c qiao.yaml --flow lathe-to-plant --stage assembled --json --seconds 10\n  \
qiao tap -c qiao.yaml --connection plant --topic 'umati/#' --profile auto\n\n\
It opens a link of its own, whether a gateway runs or not, and publishes nothing.\n\
On a terminal a table that is drawn ten times a second: / filters, space pauses, Enter opens a field, q ends. Piped, or with\n\
--json: every value, one a line. Whoever reads the lines too slowly makes the source wait; what is lost then is told.\n\n\
Exit codes: 0 good · 1 a message broke the profile of --profile · 2 wrong usage or configuration · 3 there was no link"
)]
pub struct TapArgs {
    /// Configuration file
    #[arg(short = 'c', long = "config", value_name = "FILE", default_value = "qiao.yaml")]
    config: PathBuf,
    /// Flow whose source is listened to [default: all flows of the only source]
    #[arg(long, value_name = "NAME", conflicts_with = "connection")]
    flow: Option<String>,
    /// Connection: an OPC UA server or a broker with all its flows; a broker that no flow reads from: all its topics
    #[arg(long, value_name = "NAME")]
    connection: Option<String>,
    /// What to subscribe to at a broker, whatever its flows read [default: #]
    #[arg(long, value_name = "FILTER", requires = "connection")]
    topic: Option<String>,
    /// Validate what arrives at a broker: a profile's id, or auto for the one that a message names
    #[arg(long, value_name = "ID", requires = "connection")]
    profile: Option<String>,
    /// Only machines whose name, id or node matches; * stands for anything, ? for one sign
    #[arg(long, value_name = "GLOB")]
    machine: Option<String>,
    /// Only fields whose path, name or node matches
    #[arg(long, value_name = "GLOB")]
    field: Option<String>,
    /// Where in the flow
    #[arg(long, value_enum, default_value_t = StageName::Decoded)]
    stage: StageName,
    /// End after this time
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=31_536_000))]
    seconds: Option<u64>,
    /// End after so many values or messages that match
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u64).range(1..))]
    count: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum StageName {
    /// Values as the source gave them
    Decoded,
    /// Messages of what the source speaks, before they are translated
    Assembled,
    /// Messages as they would be published
    Translated,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Outcome {
    /// There was a link.
    was_linked: bool,
    /// Whoever read the lines went away: that is no fault.
    is_left: bool,
    /// A message broke its profile.
    is_invalid: bool,
}

/// Things heard that wait for the face; then the source waits.
const HEARD: usize = 16;
/// For a goodbye to the server.
const FAREWELL: Duration = Duration::from_secs(8);

pub fn run(arguments: &TapArgs, face: &Face) -> Exit {
    let Some((plan, face)) = config_file::plan(&arguments.config, face) else { return Exit::Usage };
    let (target, input) = match target::find(arguments, plan) {
        Ok(found) => found,
        Err(finding) => {
            face.finding(&finding);
            return Exit::Usage;
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().thread_name("qiao-tap").enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            face.finding(&Finding::error("QIAO-R008", "").with("error", error));
            return Exit::CouldNotTell;
        }
    };
    let ended = runtime.block_on(live(arguments, target, input, &face));
    runtime.shutdown_background();
    match ended {
        Ok(outcome) if !outcome.was_linked && !outcome.is_left => Exit::CouldNotTell,
        Ok(outcome) if outcome.is_invalid => Exit::Failed,
        Ok(_) => Exit::Good,
        Err(finding) => {
            face.finding(&finding);
            Exit::Failed
        }
    }
}

async fn live(arguments: &TapArgs, target: Target, input: Input, face: &Face) -> Result<Outcome, Finding> {
    let fault = |error: &dyn std::fmt::Display| Finding::error("QIAO-R008", "").with("error", error);
    let stop = CancellationToken::new();
    let (sender, receiver) = mpsc::channel(HEARD);
    let listening = target.listen(sender, stop.clone());
    let listen = async {
        // Whoever does not answer a goodbye does not hold us up.
        let late = async {
            stop.cancelled().await;
            tokio::time::sleep(FAREWELL).await;
        };
        tokio::select! {
            listened = listening => listened.map_err(|error| told_of(&error)),
            () = late => Ok(()),
        }
    };
    let until_told = signals::stop_or(arguments.seconds.map(Duration::from_secs));
    let is_screen = !face.json && std::io::stdout().is_terminal() && std::io::stdin().is_terminal();
    let show = async {
        let shown = if is_screen {
            screen::show(input, receiver, arguments.count, face, &stop).await
        } else {
            lines::show(input, receiver, arguments.count, face, &stop).await
        };
        stop.cancel();
        shown.map_err(|error| fault(&error))
    };
    let tell = async {
        tokio::select! {
            biased;
            () = stop.cancelled() => Ok(()),
            told = until_told => told,
        }
    };
    let tell = async {
        let told = tell.await;
        stop.cancel();
        told
    };
    let (outcome, told, listened) = tokio::join!(show, tell, listen);
    told.map_err(|error| fault(&error))?;
    listened?;
    outcome
}

/// Why nothing can be heard.
pub(super) fn told_of(error: &TapError) -> Finding {
    match error {
        TapError::Schema(error) => error.error.finding(&error.profile),
        other => Finding::error("QIAO-R008", "").with("error", other),
    }
}
