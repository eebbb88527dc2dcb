//! `qiao run`: the gateway as a daemon.

use super::{Exit, Face, config_file, log, progress};
use crate::admin;
use crate::config::plan::Plan;
use crate::finding::Finding;
use crate::runtime::facts::Facts;
use crate::runtime::gateway::{Gateway, Left, StartError};
use crate::runtime::instance::{InstanceLock, LockError};
use crate::spool::told;
use clap::Args;
use sd_notify::NotifyState;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Run the gateway until it is told to stop
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  qiao run -c /etc/qiao/qiao.yaml\n\nSIGTERM or Ctrl-C drains in flow order within `gateway.drain` and says what was left; a second one stops at once."
)]
pub struct RunArgs {
    /// Configuration file
    #[arg(short = 'c', long = "config", value_name = "FILE", default_value = "qiao.yaml")]
    pub config: PathBuf,
    /// What is logged: error, warn, info, debug or trace, also by module [default: QIAO_LOG, then info]
    #[arg(long, value_name = "LEVEL")]
    pub log: Option<String>,
}

/// The OPC UA stack warns of what our own findings say better.
const USUAL_LOG: &str = "info,opcua_client=error,opcua_core=error";

pub fn run(arguments: &RunArgs, face: &Face) -> Exit {
    let Some((plan, face)) = config_file::plan(&arguments.config, face) else { return Exit::Usage };
    let _log = match log::init(arguments.log.as_deref(), USUAL_LOG, face.json) {
        Ok(guard) => guard,
        Err(error) => {
            face.complain(&error);
            return Exit::Usage;
        }
    };
    log::set_language(face.language);
    // Threads carry their stage's name, so that CPU time can be told apart from outside.
    let runtime = tokio::runtime::Builder::new_multi_thread().thread_name("qiao-main").enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            face.finding(&Finding::error("QIAO-R008", "").with("error", error));
            return Exit::Failed;
        }
    };
    match runtime.block_on(live(plan, face)) {
        Ok(left) if left.is_clean() => Exit::Good,
        Ok(_) => Exit::Failed,
        Err(finding) => {
            log::finding(&finding);
            Exit::Failed
        }
    }
}

async fn live(plan: Plan, face: Face) -> Result<Left, Finding> {
    let lock = take(&plan)?;
    let http = match plan.gateway.http {
        Some(address) => Some(admin::listen(address).await.map_err(|error| listen_finding(&error))?),
        None => None,
    };
    let signals = Signals::new().map_err(|error| Finding::error("QIAO-R008", "").with("error", error))?;
    let name = plan.gateway.name.clone();
    let gateway = Gateway::start(plan, lock, log::finding).await.map_err(|error| start_finding(&error))?;
    let facts = gateway.facts();
    let durability = facts.status().spool.durability;
    tracing::info!(gateway = name, spool = durability, "{}", face.text("run-started", &[("durability", &durability)]));
    tell_systemd(&[NotifyState::Ready, NotifyState::Status("running")]);

    let stop_http = CancellationToken::new();
    let serve = serve(http, Arc::clone(&facts), stop_http.clone());
    let watchdog = watchdog(Arc::clone(&facts));
    let stop = async {
        let mut signals = signals;
        signals.next().await;
        tracing::info!(
            "{}",
            face.text("run-stopping", &[("seconds", &facts.plan.gateway.drain.as_secs().to_string())])
        );
        tell_systemd(&[NotifyState::Stopping]);
        let left = tokio::select! {
            left = gateway.stop() => left,
            () = signals.next() => Left { messages: volatile(&facts), kept: 0, aborted: 1 },
        };
        stop_http.cancel();
        left
    };
    let beside = async { tokio::join!(watchdog, progress::show(&facts, &face), addresses(&facts, &face)) };
    let (left, (), ()) = tokio::join!(stop, serve, async {
        tokio::select! { _ = beside => {}, () = stop_http.cancelled() => {} }
    });
    if left.kept > 0 {
        tracing::info!("{}", face.text("run-kept", &[("messages", &left.kept.to_string())]));
    }
    if left.is_clean() {
        tracing::info!("{}", face.text("run-stopped", &[]));
    } else {
        let finding = Finding::warning("QIAO-R009", name);
        log::finding(&finding.with("messages", left.messages).with("units", left.aborted));
    }
    Ok(left)
}

/// SIGTERM and SIGINT.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Says where clients reach the gateway's own servers, whenever that changes.
async fn addresses(facts: &Facts, face: &Face) {
    let all = facts.faces.iter().map(|(at, own)| {
        let name = facts.plan.connections.get(usize::from(*at)).map_or("", |connection| &connection.name);
        let mut url = own.url.subscribe();
        async move {
            loop {
                if let Some(url) = &*url.borrow_and_update() {
                    tracing::info!("{}", face.text("run-face", &[("name", name), ("url", url)]));
                }
                if url.changed().await.is_err() {
                    return;
                }
            }
        }
    });
    futures::future::join_all(all).await;
}

async fn serve(listener: Option<tokio::net::TcpListener>, facts: Arc<Facts>, stop: CancellationToken) {
    let Some(listener) = listener else { return };
    if let Err(error) = admin::serve(listener, Arc::new(move || facts.status()), stop).await {
        log::finding(&Finding::error("QIAO-R005", "gateway.http").with("error", error));
    }
}

/// Tells systemd that we live only while we do: a pipeline that is stuck stops the beat, and systemd restarts us.
async fn watchdog(facts: Arc<Facts>) {
    let Some(limit) = sd_notify::watchdog_enabled() else { return };
    let pause = (limit / 3).max(Duration::from_millis(100));
    let mut beat = Beat { pause, woke: facts.clock.now().monotonic };
    loop {
        if beat.is_due(facts.clock.now().monotonic, facts.status().health.is_live) {
            tell_systemd(&[NotifyState::Watchdog]);
        }
        tokio::time::sleep(pause).await;
    }
}

/// When the sign of life is given, three times as often as one is asked for.
struct Beat {
    pause: Duration,
    woke: Duration,
}

impl Beat {
    /// While there is life; or when the whole process stood still (SIGSTOP, a virtual machine that was paused), so that
    /// nobody could give a sign of life.
    fn is_due(&mut self, now: Duration, is_live: bool) -> bool {
        let stood_still = now.saturating_sub(self.woke) > self.pause * 2;
        self.woke = now;
        is_live || stood_still
    }
}

fn volatile(facts: &Facts) -> u64 {
    facts.sinks.keys().map(|sink| facts.spool.volatile(*sink)).sum()
}

/// Without systemd there is nobody to tell.
fn tell_systemd(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::debug!(%error, "systemd cannot be told");
    }
}

pub(super) fn listen_finding(error: &admin::ListenError) -> Finding {
    Finding::error("QIAO-R005", error.address.to_string()).with("error", &error.error)
}

/// Takes the data directory, before anything else that another process may have.
pub(super) fn take(plan: &Plan) -> Result<Arc<InstanceLock>, Finding> {
    InstanceLock::take(&plan.gateway.data_dir).map(Arc::new).map_err(|error| match error {
        LockError::Taken { path, holder } => {
            Finding::error("QIAO-R002", path.display().to_string()).with("process", holder)
        }
        LockError::Unusable { path, error } => {
            Finding::error("QIAO-R003", path.display().to_string()).with("error", error)
        }
    })
}

pub(super) fn start_finding(error: &StartError) -> Finding {
    match error {
        StartError::Quarantine(error) => {
            Finding::error("QIAO-R004", error.path.display().to_string()).with("error", &error.error)
        }
        StartError::Spool(error) => told::refusal(error),
        StartError::Schema(error) => error.error.finding(&error.profile),
        StartError::Broker(error) => error.finding(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_85_the_watchdog_is_not_told_while_a_worker_is_stuck() {
        let seconds = Duration::from_secs;
        let mut beat = Beat { pause: seconds(1), woke: seconds(0) };
        assert!(beat.is_due(seconds(1), true));
        assert!((2..30).all(|now| !beat.is_due(seconds(now), false)), "systemd restarts it");
        assert!(beat.is_due(seconds(30), true));
    }

    #[test]
    fn row_81_the_watchdog_does_not_take_a_stopped_process_for_a_stuck_one() {
        let seconds = Duration::from_secs;
        let mut beat = Beat { pause: seconds(1), woke: seconds(0) };
        assert!(beat.is_due(seconds(60), false), "its pipelines were stopped, too");
        assert!(!beat.is_due(seconds(61), false), "and now they are not");
    }
}
