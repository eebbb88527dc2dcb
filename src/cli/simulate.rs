//! `qiao simulate`: the simulated machine tools alone, behind an OPC UA server; or an NC-Link device on a broker.

use super::{Exit, Face, log};
use crate::config::plan::MqttConnection;
use crate::finding::{Finding, visible};
use crate::mqtt::simulator as nc_link;
use crate::opcua::simulator::{Load, Options, Security, Simulator, SimulatorError, User};
use crate::port::{Clock, LinkState};
use clap::Args;
use serde_json::json;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Run simulated machine tools behind an OPC UA server, or an NC-Link device on a broker
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  qiao simulate\n  qiao simulate --machines 3 --seed 7\n  qiao simulate --variables 1000 --rate 10   # a source of load\n  qiao simulate --nc-link 127.0.0.1:1883   # a device on that broker"
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
    /// An NC-Link device on the broker at this address, instead of a server
    #[arg(long, value_name = "ADDRESS", conflicts_with_all = ["listen", "machines", "variables", "rate", "seed", "faultless", "folder", "user"])]
    nc_link: Option<SocketAddr>,
    /// Its id, which ends its topics
    #[arg(long, value_name = "NAME", default_value = nc_link::DEVICE, requires = "nc_link")]
    device: String,
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
    if let Some(broker) = arguments.nc_link {
        return on_broker(arguments, broker, face);
    }
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

/// Runs the NC-Link device.
fn on_broker(arguments: &SimulateArgs, broker: SocketAddr, face: &Face) -> Exit {
    let (device, address) = (arguments.device.as_str(), broker.to_string());
    if face.json {
        face.json_line(&json!({ "broker": address, "device": device }));
    } else {
        face.say(&face.text("simulate-device", &[("device", &visible(device)), ("broker", &address)]));
        face.say(&face.text("simulate-device-set", &[("device", &visible(device))]));
        face.say(&face.text("simulate-stop", &[]));
    }
    let plan = nc_link::DevicePlan {
        connection: MqttConnection::loopback(broker, "simulator"),
        device: device.to_owned(),
        clock: Clock::start(),
    };
    // A broker that is away is told once, not at every attempt.
    let mut told = None;
    let tell = |link| match link {
        LinkState::Lost(finding) | LinkState::Refused(finding) if told.as_ref() != Some(&finding.code) => {
            face.warn(&finding);
            told = Some(finding.code);
        }
        LinkState::Connected => told = None,
        _ => {}
    };
    let stop = CancellationToken::new();
    let exit = until_stopped(face, async {
        let waiting = async {
            let waited = super::signals::stop_or(arguments.seconds.map(Duration::from_secs)).await;
            stop.cancel();
            waited
        };
        tokio::join!(waiting, nc_link::run(plan, tell, stop.clone())).0
    });
    face.say(&face.text("simulate-stopped", &[]));
    exit
}

/// Waits for Ctrl-C, SIGTERM or the end of the time.
fn wait(limit: Option<Duration>, face: &Face) -> Exit {
    until_stopped(face, super::signals::stop_or(limit))
}

fn until_stopped(face: &Face, work: impl Future<Output = std::io::Result<()>>) -> Exit {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    match runtime.and_then(|runtime| runtime.block_on(work)) {
        Ok(()) => Exit::Good,
        Err(error) => {
            face.finding(&Finding::error("QIAO-R008", "").with("error", error));
            Exit::Failed
        }
    }
}
