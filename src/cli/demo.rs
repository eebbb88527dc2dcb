//! `qiao demo`: broker, simulated machine tool, gateway and live view in one process; nothing to install, no question.

mod folder;
mod other_way;

use super::live::{Live, Tone, screen::Screen};
use super::{Exit, Face, config_file, log, run as gateway, simulate};
use crate::admin;
use crate::config::plan::{ConnectionKind, Plan};
use crate::finding::{Finding, visible};
use crate::mqtt::embedded::EmbeddedError;
use crate::mqtt::tap::Tap;
use crate::opcua::simulator::{Options, Security, Simulator};
use crate::runtime::facts::Facts;
use crate::runtime::gateway::{Gateway, StartError};
use crate::runtime::instance::InstanceLock;
use clap::Args;
use folder::Folder;
use other_way::Commanded;
use serde_json::json;
use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// See it work: broker, simulated machine tool, gateway and live view, with nothing installed
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  qiao demo\n  qiao demo --lang zh\n\nMakes the folder qiao-demo with a configuration that the next start uses again."
)]
pub struct DemoArgs {
    /// Where configuration, certificates and data lie; made when it does not exist
    #[arg(long, value_name = "FOLDER", default_value = "qiao-demo")]
    folder: PathBuf,
    /// Stop after so many seconds
    #[arg(long, value_name = "SECONDS")]
    seconds: Option<u64>,
    /// What is logged: error, warn, info, debug or trace, also by module [default: QIAO_LOG, then nothing on a terminal]
    #[arg(long, value_name = "LEVEL")]
    log: Option<String>,
}

/// Simulated machines in the demo.
const MACHINES: usize = 1;
/// The demo always shows the same machine.
const SEED: u64 = 1;
/// How often the view on a terminal is drawn.
const REDRAW: Duration = Duration::from_millis(500);
/// How often a line is written where there is no terminal.
const REPORT: Duration = Duration::from_secs(5);
/// Lines of the view on a terminal.
const HEIGHT: u16 = 3 * (MACHINES + DEVICES) as u16 + 5;
/// Devices of the line.
const DEVICES: usize = 1;
/// How long connections of the page and of the tap may take to end.
const FAREWELL: Duration = Duration::from_secs(3);

pub fn run(arguments: &DemoArgs, face: &Face) -> Exit {
    let folder = match Folder::ensure(&arguments.folder, face) {
        Ok(folder) => folder,
        Err(finding) => {
            face.finding(&finding);
            return Exit::Failed;
        }
    };
    let Some((mut plan, face)) = config_file::plan(&folder.config, face) else { return Exit::Usage };
    // On a terminal the view says what the log would say, and the two would overwrite each other; elsewhere the errors
    // that are ours.
    let usual = if face.is_watched() { "off" } else { "off,qiao=error" };
    let _log = match log::init(arguments.log.as_deref(), usual, face.json) {
        Ok(guard) => guard,
        Err(error) => {
            face.complain(&error);
            return Exit::Usage;
        }
    };
    log::set_language(face.language);
    match start_simulator(&mut plan, &folder, &face).and_then(|simulator| {
        let ended = block_on(live(plan, &folder, arguments.seconds, face));
        drop(simulator);
        ended
    }) {
        Ok(()) => {
            face.say(&face.text("demo-stopped", &[]));
            Exit::Good
        }
        Err(finding) => {
            face.finding(&finding);
            Exit::Failed
        }
    }
}

fn block_on(work: impl Future<Output = Result<(), Finding>>) -> Result<(), Finding> {
    let runtime = tokio::runtime::Builder::new_multi_thread().thread_name("qiao-main").enable_all().build();
    let runtime = runtime.map_err(|error| Finding::error("QIAO-R008", "").with("error", error))?;
    let ended = runtime.block_on(work);
    runtime.shutdown_timeout(FAREWELL);
    ended
}

/// Starts the simulator at the address of the first OPC UA connection; where that is not on this computer, the user has
/// put in a server of their own, and none is started.
fn start_simulator(plan: &mut Plan, folder: &Folder, face: &Face) -> Result<Option<Simulator>, Finding> {
    let connection = plan.connections.iter_mut().find_map(|connection| match &mut connection.kind {
        ConnectionKind::OpcUa(opcua) => Some(opcua),
        _ => None,
    });
    let Some((connection, listen)) = connection.and_then(|opcua| loopback(&opcua.endpoint).map(|at| (opcua, at)))
    else {
        face.say(&face.text("demo-own-server", &[]));
        return Ok(None);
    };
    let options = Options {
        listen,
        machines: MACHINES,
        seed: SEED,
        makes_mistakes: true,
        load: None,
        numbers: None,
        folder: folder.simulator.clone(),
        security: Security::NoneAndSecured,
        user: None,
    };
    let simulator = simulate::start(options, face).map_err(|error| error.finding())?;
    if simulator.address() != listen {
        connection.endpoint = simulator.url();
    }
    Ok(Some(simulator))
}

/// The address in `opc.tcp://host:port/…`, when it is on this computer.
fn loopback(endpoint: &str) -> Option<SocketAddr> {
    let authority = endpoint.strip_prefix("opc.tcp://")?.split('/').next()?.replace("localhost", "127.0.0.1");
    authority.parse().ok().filter(|address: &SocketAddr| address.ip().is_loopback())
}

async fn live(mut plan: Plan, folder: &Folder, seconds: Option<u64>, face: Face) -> Result<(), Finding> {
    let lock = gateway::take(&plan)?;
    let page = page(&mut plan, &face).await?;
    let (plan, gateway) = start_gateway(plan, lock, &face).await?;
    let facts = gateway.facts();
    let stop = CancellationToken::new();
    let addresses = Addresses::of(&plan, &facts, page.as_ref());
    addresses.describe(folder, &face);

    let tap = Tap::default();
    let commanded = Commanded::default();
    let listening = async {
        if let Some(broker) = addresses.broker {
            tokio::join!(tap.run(broker, "qiao-demo-view", stop.clone()), other_way::line(broker, stop.clone()));
        }
    };
    let commanding = async {
        if let Some(broker) = addresses.broker {
            let _ = stop.run_until_cancelled(other_way::hand(&plan, broker, &commanded, &face)).await;
        }
    };
    let serving = serve(page, Arc::clone(&facts), stop.clone());
    let showing = async {
        show(&plan, &facts, &tap, &commanded, seconds.map(Duration::from_secs), face).await;
        // Who listens in leaves first, so that the broker has nobody to wait for.
        stop.cancel();
        if !face.json {
            face.say(&face.text("demo-stopping", &[]));
        }
        tokio::select! {
            _ = gateway.stop() => {}
            _ = super::signals::stop_or(None) => {}
        }
    };
    let side = async { tokio::join!(listening, serving, commanding) };
    let side = async {
        tokio::pin!(side);
        tokio::select! {
            _ = &mut side => {}
            () = stop.cancelled() => { let _ = tokio::time::timeout(FAREWELL, side).await; }
        }
    };
    tokio::join!(showing, side);
    Ok(())
}

/// Takes the port of the page; another one when it is taken.
async fn page(plan: &mut Plan, face: &Face) -> Result<Option<TcpListener>, Finding> {
    let Some(address) = plan.gateway.http else { return Ok(None) };
    let listener = match admin::listen(address).await {
        Err(taken) if taken.error.kind() == std::io::ErrorKind::AddrInUse => {
            face.finding(&Finding::warning("QIAO-D010", address.to_string()));
            admin::listen(SocketAddr::new(address.ip(), 0)).await
        }
        listening => listening,
    };
    let listener = listener.map_err(|error| gateway::listen_finding(&error))?;
    plan.gateway.http = listener.local_addr().ok();
    Ok(Some(listener))
}

/// Starts the gateway; where the port of the built-in broker is taken, with another one.
async fn start_gateway(mut plan: Plan, lock: Arc<InstanceLock>, face: &Face) -> Result<(Plan, Gateway), Finding> {
    match Gateway::start(plan.clone(), Arc::clone(&lock), log::finding).await {
        Err(StartError::Broker(EmbeddedError::PortTaken(taken))) => {
            face.finding(&Finding::warning("QIAO-D011", taken.to_string()));
            for connection in &mut plan.connections {
                match &mut connection.kind {
                    ConnectionKind::EmbeddedBroker(broker) if broker.listen == taken => broker.listen.set_port(0),
                    _ => {}
                }
            }
            let gateway = Gateway::start(plan.clone(), lock, log::finding).await;
            gateway.map(|gateway| (plan, gateway)).map_err(|error| gateway::start_finding(&error))
        }
        started => started.map(|gateway| (plan, gateway)).map_err(|error| gateway::start_finding(&error)),
    }
}

async fn serve(listener: Option<TcpListener>, facts: Arc<Facts>, stop: CancellationToken) {
    let Some(listener) = listener else { return };
    if let Err(error) = admin::serve(listener, Arc::new(move || facts.status()), stop).await {
        log::finding(&Finding::error("QIAO-R005", "gateway.http").with("error", error));
    }
}

/// Where everything is to be found.
struct Addresses {
    machine: Option<String>,
    broker: Option<SocketAddr>,
    /// The gateway's own OPC UA server.
    own: Option<String>,
    page: Option<SocketAddr>,
}

impl Addresses {
    fn of(plan: &Plan, facts: &Facts, page: Option<&TcpListener>) -> Self {
        let machine = plan.connections.iter().find_map(|connection| match &connection.kind {
            ConnectionKind::OpcUa(opcua) => Some(opcua.endpoint.clone()),
            _ => None,
        });
        Self {
            machine,
            broker: facts.brokers.values().find_map(|address| address.parse().ok()),
            own: facts.faces.values().find_map(|own| own.url.borrow().clone()),
            page: page.and_then(|listener| listener.local_addr().ok()),
        }
    }

    fn describe(&self, folder: &Folder, face: &Face) {
        let config = folder.config.display().to_string();
        if face.json {
            let broker = self.broker.map(|broker| broker.to_string());
            let own = &self.own;
            let page = self.page.map(|page| format!("http://{page}/"));
            return face.json_line(
                &json!({ "machine": self.machine, "broker": broker, "own": own, "page": page, "config": config }),
            );
        }
        face.say(&face.text("demo-started", &[]));
        if let Some(url) = &self.machine {
            face.say(&face.text("demo-machine", &[("url", &visible(url))]));
        }
        if let Some(broker) = self.broker {
            let (host, port) = (broker.ip().to_string(), broker.port().to_string());
            face.say(&face.text("demo-broker", &[("host", &host), ("port", &port)]));
        }
        if let Some(own) = &self.own {
            let facts = [("url", own.as_str())];
            face.say(&face.text("demo-line", &facts));
        }
        if let Some(page) = self.page {
            face.say(&face.text("demo-page", &[("url", &format!("http://{page}/"))]));
        }
        face.say(&face.text("demo-files", &[("config", &visible(&config))]));
        face.say(&face.text("demo-quarantine", &[("config", &visible(&config))]));
        face.say(&face.text("demo-command", &[("config", &visible(&config))]));
        face.say(&face.text("demo-stop", &[]));
        face.say("");
    }
}

/// Shows the view until Ctrl-C, SIGTERM or the end of the time.
async fn show(plan: &Plan, facts: &Arc<Facts>, tap: &Tap, commanded: &Commanded, limit: Option<Duration>, face: Face) {
    let status = || facts.status();
    let view = async {
        if face.json {
            return json_lines(&status, &face).await;
        }
        let mut live = Live::new(plan, &status, tap, face);
        let screen = std::io::stdout().is_terminal().then(|| Screen::open(HEIGHT));
        match screen {
            Some(Ok(screen)) => draw(&mut live, screen, commanded, &face).await,
            _ => plain(&mut live, commanded, &face).await,
        }
    };
    tokio::select! {
        biased;
        // Without signals there is still the limit, and SIGKILL.
        _ = super::signals::stop_or(limit) => {}
        () = view => {}
    }
}

async fn draw(live: &mut Live<'_>, screen: Screen, commanded: &Commanded, face: &Face) {
    // Whatever ends the drawing, the cursor comes back below the lines.
    let mut screen = Closing(Some(screen));
    let began = Instant::now();
    let mut ticks = tokio::time::interval(REDRAW);
    loop {
        ticks.tick().await;
        let mut lines = live.frame(began.elapsed()).lines(face);
        lines.extend(commanded.newest().map(|text| vec![(Tone::Plain, text)]));
        let Some(screen) = &mut screen.0 else { return };
        if screen.draw(&lines).is_err() {
            // The terminal is gone; the gateway is not.
            return std::future::pending().await;
        }
    }
}

struct Closing(Option<Screen>);

impl Drop for Closing {
    fn drop(&mut self) {
        if let Some(screen) = self.0.take() {
            // A terminal that is gone needs no cursor.
            let _ = screen.close();
        }
    }
}

/// One line every few seconds, and one at once when something was not let through.
async fn plain(live: &mut Live<'_>, commanded: &Commanded, face: &Face) {
    let began = Instant::now();
    let mut ticks = tokio::time::interval(Duration::from_secs(1));
    let (mut last, mut quarantined, mut told) = (None, 0, None);
    loop {
        ticks.tick().await;
        let at = began.elapsed();
        if last.is_none_or(|last| at.saturating_sub(last) >= REPORT) || live.quarantined() > quarantined {
            let frame = live.frame(at);
            quarantined = frame.quarantined;
            last = Some(at);
            face.say(&frame.plain(face));
        }
        let newest = commanded.newest();
        if newest != told {
            newest.iter().for_each(|text| face.say(text));
            told = newest;
        }
    }
}

async fn json_lines(status: &(dyn Fn() -> crate::runtime::status::Status + Sync), face: &Face) {
    let mut ticks = tokio::time::interval(REPORT);
    loop {
        ticks.tick().await;
        face.json_line(&json!(status()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_simulator_is_started_only_for_an_address_of_this_computer() {
        let cases = [
            ("opc.tcp://127.0.0.1:4840", Some("127.0.0.1:4840")),
            ("opc.tcp://localhost:4841/path", Some("127.0.0.1:4841")),
            ("opc.tcp://[::1]:4840", Some("[::1]:4840")),
            ("opc.tcp://10.0.0.7:4840", None),
            ("opc.tcp://machine.hall3:4840", None),
        ];
        for (endpoint, expected) in cases {
            assert_eq!(loopback(endpoint), expected.map(|text| text.parse().expect("an address")), "{endpoint}");
        }
    }
}
