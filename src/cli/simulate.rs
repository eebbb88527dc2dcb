//! `qiao simulate`: the simulated machine tools alone, behind an OPC UA server.

use super::{Exit, Face, log};
use crate::finding::Finding;
use crate::opcua::simulator::{Load, Options, Security, Simulator, SimulatorError, User};
use crate::port::Clock;
use clap::Args;
use serde_json::json;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// Run simulated machine tools behind an OPC UA server
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  qiao simulate\n  qiao simulate --machines 3 --seed 7\n  qiao simulate --variables 1000 --rate 10   # a source of load"
)]
pub struct SimulateArgs {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4840")]
    listen: SocketAddr,
    /// How many machine tools
    #[arg(long, value_name = "COUNT", default_value_t = 1)]
    machines: usize,
    /// Plain variables below each machine, beside its own nodes
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    variables: usize,
    /// Changes per second of each plain variable
    #[arg(long, value_name = "CHANGES", default_value_t = 1)]
    rate: u32,
    /// The same seed gives the same machines
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// No wrong value once a minute
    #[arg(long)]
    faultless: bool,
    /// Where the server's certificate lies; made when it does not exist
    #[arg(long, value_name = "FOLDER", default_value = "qiao-demo/simulator")]
    folder: PathBuf,
    /// Let in only this user; the password is read from the environment variable QIAO_SIMULATOR_PASSWORD
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    /// Stop after so many seconds
    #[arg(long, value_name = "SECONDS")]
    seconds: Option<u64>,
    /// What is logged: error, warn, info, debug or trace, also by module [default: QIAO_LOG, then error]
    #[arg(long, value_name = "LEVEL")]
    log: Option<String>,
}

pub fn run(arguments: &SimulateArgs, face: &Face) -> Exit {
    // Certificates of clients are trusted at sight on purpose: the crate's warnings about it help nobody.
    let _log = match log::init(arguments.log.as_deref(), "error", face.json) {
        Ok(guard) => guard,
        Err(error) => {
            face.complain(&error);
            return Exit::Usage;
        }
    };
    let options = match options(arguments) {
        Ok(options) => options,
        Err(finding) => {
            face.finding(&finding);
            return Exit::Usage;
        }
    };
    let simulator = match start(options, face) {
        Ok(simulator) => simulator,
        Err(error) => {
            face.finding(&error.finding());
            return Exit::Failed;
        }
    };
    describe(arguments, &simulator, face);
    let exit = wait(arguments.seconds.map(Duration::from_secs), face);
    simulator.stop();
    face.say(&face.text("simulate-stopped", &[]));
    exit
}

fn options(arguments: &SimulateArgs) -> Result<Options, Finding> {
    let user = match &arguments.user {
        None => None,
        Some(name) => match std::env::var("QIAO_SIMULATOR_PASSWORD") {
            Ok(password) if !password.is_empty() => Some(User { name: name.clone(), password }),
            _ => return Err(Finding::error("QIAO-D007", "--user")),
        },
    };
    Ok(Options {
        listen: arguments.listen,
        machines: arguments.machines,
        seed: arguments.seed,
        makes_mistakes: !arguments.faultless,
        load: (arguments.variables > 0).then_some(Load { variables: arguments.variables, rate: arguments.rate }),
        numbers: None,
        folder: arguments.folder.clone(),
        // Nobody but this computer may talk to it without security.
        security: if arguments.listen.ip().is_loopback() { Security::NoneAndSecured } else { Security::Secured },
        user,
    })
}

/// Starts the simulator; when its port is taken it says so and takes another.
pub(super) fn start(mut options: Options, face: &Face) -> Result<Simulator, SimulatorError> {
    match Simulator::start(options.clone(), Clock::start()) {
        Err(error @ SimulatorError::AddressTaken { .. }) => {
            face.finding(&error.finding());
            options.listen.set_port(0);
            Simulator::start(options, Clock::start())
        }
        started => started,
    }
}

fn describe(arguments: &SimulateArgs, simulator: &Simulator, face: &Face) {
    let url = simulator.url();
    if face.json {
        return face.json_line(&json!({ "url": url, "machines": simulator.machines() }));
    }
    let machines = simulator.machines().join(", ");
    face.say(&face.text("simulate-started", &[("url", &url), ("machines", &machines)]));
    if arguments.variables > 0 {
        let all = (arguments.variables * arguments.machines).to_string();
        let rate = arguments.rate.to_string();
        face.say(&face.text("simulate-load", &[("variables", &all), ("rate", &rate)]));
    }
    face.say(&face.text("simulate-browse", &[("url", &url)]));
    let folder = arguments.folder.display().to_string();
    face.say(&face.text("simulate-certificate", &[("folder", &folder)]));
    if !arguments.faultless {
        face.say(&face.text("simulate-mistakes", &[]));
    }
    face.say(&face.text("simulate-stop", &[]));
}

/// Waits for Ctrl-C, SIGTERM or the end of the time.
fn wait(limit: Option<Duration>, face: &Face) -> Exit {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let waited = runtime
        .map_err(|error| error.to_string())
        .and_then(|runtime| runtime.block_on(super::signals::stop_or(limit)).map_err(|error| error.to_string()));
    match waited {
        Ok(()) => Exit::Good,
        Err(error) => {
            face.finding(&Finding::error("QIAO-R008", "").with("error", error));
            Exit::Failed
        }
    }
}
