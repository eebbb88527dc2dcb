//! A machine tool that is not there: an OPC UA server of our own with machines that behave, and a source of load.
//!
//! | module | holds |
//! |---|---|
//! | `behaviour` | the machine as a pure state machine over time |
//! | `readings` | what it shows of itself, field by field |
//! | `companion` | types and enumerations of DI, IA, Machinery and MachineTool |
//! | `layout` | the nodes of one machine |
//! | [`sequence`] | values that tell their number and whether they are right |
//! | [`numbers`] | nodes that miss no number |
//! | `load` | plain variables that change at a given rate |
//! | `endpoint` | security, limits, own certificate |
//! | `server` | the server on threads of its own |
//!
//! Of each machine one node can be written: the feed override of its operation, from 0 to 150 %. There are no methods.

mod behaviour;
mod companion;
mod endpoint;
mod layout;
mod load;
pub mod numbers;
mod random;
mod readings;
pub mod sequence;
mod server;
mod space;
#[cfg(test)]
mod tests;

use super::serving;
use crate::finding::Finding;
use crate::port::Clock;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Namespace of the simulated machines' own nodes.
pub const MACHINE_NAMESPACE: &str = "urn:qiao:simulated-machine";
/// Application URI of the server, as in its certificate.
pub const APPLICATION_URI: &str = "urn:qiao:simulator";

/// More machines than this are refused.
pub const MACHINES_MAX: usize = 1000;
/// More load variables than this, on all machines together, are refused.
pub const VARIABLES_MAX: usize = 1_000_000;

/// How long a stop waits for clients to be told before connections are cut.
const STOP_WITHIN: Duration = Duration::from_secs(3);

/// What to simulate.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// At most [`MACHINES_MAX`].
    pub machines: usize,
    /// The same seed gives the same machines.
    pub seed: u64,
    /// Once a minute, and 20 s after the start, one value is wrong.
    pub makes_mistakes: bool,
    pub load: Option<Load>,
    /// Nodes that miss no number, for the fault lab.
    pub numbers: Option<numbers::Numbers>,
    /// Where certificates lie; made when it does not exist.
    pub folder: PathBuf,
    pub security: Security,
    /// When given, nobody else is let in.
    pub user: Option<User>,
}

/// Plain variables below each machine, beside its own nodes: `Load/Variable N`, of type Double, counting their own
/// changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// Per machine.
    pub variables: usize,
    /// Changes per second of each variable.
    pub rate: u32,
}

/// Which endpoints there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// Only without security; no certificate is made.
    None,
    /// Without security, and Sign and SignAndEncrypt with Basic256Sha256 and Aes256Sha256RsaPss.
    NoneAndSecured,
    /// Only secured ones.
    Secured,
}

/// Who may log in.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    pub name: String,
    pub password: String,
}

impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("User").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Why there is no simulator.
#[derive(Debug, thiserror::Error)]
pub enum SimulatorError {
    #[error("{address} is taken")]
    AddressTaken { address: SocketAddr },
    #[error("cannot listen on {address}: {error}")]
    Listen { address: SocketAddr, error: std::io::Error },
    #[error("{what} is {value}, at most {limit} are possible")]
    TooMany { what: &'static str, value: usize, limit: usize },
    #[error("the folder {} cannot be used: {error}", folder.display())]
    Folder { folder: PathBuf, error: std::io::Error },
    #[error("no key pair could be made: {reason}")]
    KeyPair { reason: String },
    #[error("the server did not start: {reason}")]
    Server { reason: String },
}

impl SimulatorError {
    /// The error as a face shows it.
    #[must_use]
    pub fn finding(&self) -> Finding {
        match self {
            Self::AddressTaken { address } => Finding::error("QIAO-D001", address.to_string()),
            Self::Listen { address, error } => Finding::error("QIAO-D002", address.to_string()).with("error", error),
            Self::TooMany { what, value, limit } => {
                Finding::error("QIAO-D003", *what).with("value", value).with("limit", limit)
            }
            Self::Folder { folder, error } => {
                Finding::error("QIAO-D004", folder.display().to_string()).with("error", error)
            }
            Self::KeyPair { reason } => Finding::error("QIAO-D005", "").with("reason", reason),
            Self::Server { reason } => Finding::error("QIAO-D006", "").with("reason", reason),
        }
    }
}

/// A running simulator. Dropping it stops it.
#[derive(Debug)]
pub struct Simulator {
    address: SocketAddr,
    machines: Vec<String>,
    stop: CancellationToken,
    thread: Option<JoinHandle<()>>,
}

impl Simulator {
    /// Starts the server on threads of its own; returns when it listens.
    ///
    /// Blocks for about a second, longer when a key pair is made: not to be called from an asynchronous task.
    pub fn start(options: Options, clock: Clock) -> Result<Self, SimulatorError> {
        let too_many = |what, value, limit| Err(SimulatorError::TooMany { what, value, limit });
        if options.machines > MACHINES_MAX {
            return too_many("machines", options.machines, MACHINES_MAX);
        }
        let variables = options.load.map_or(0, |load| load.variables.saturating_mul(options.machines));
        if variables > VARIABLES_MAX {
            return too_many("variables", variables, VARIABLES_MAX);
        }
        let machines = (1..=options.machines).map(machine_name).collect();
        let stop = CancellationToken::new();
        let (report, started) = mpsc::channel();
        let until = stop.clone();
        let thread = std::thread::Builder::new()
            .name("simulator".to_owned())
            .stack_size(serving::STACK_BYTES)
            .spawn(move || server::run(options, clock, until, &report))
            .map_err(|error| SimulatorError::Server { reason: error.to_string() })?;
        let ended = |_| SimulatorError::Server { reason: "its thread ended".to_owned() };
        let address = started.recv().map_err(ended)??;
        Ok(Self { address, machines, stop, thread: Some(thread) })
    }

    /// Where it listens, with the port that was taken.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What a client connects to.
    #[must_use]
    pub fn url(&self) -> String {
        format!("opc.tcp://{}", self.address)
    }

    /// Browse names of the machines.
    #[must_use]
    pub fn machines(&self) -> &[String] {
        &self.machines
    }

    /// Whether it still serves.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.thread.as_ref().is_some_and(|thread| !thread.is_finished())
    }

    /// Stops it; afterwards the port is free.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        self.stop.cancel();
        if let Some(thread) = self.thread.take() {
            // A panic of the server was already reported where it happened; there is nothing left to clean up.
            let _ = thread.join();
        }
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.end();
    }
}

fn machine_name(number: usize) -> String {
    format!("mill-{number}")
}
