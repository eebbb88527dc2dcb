//! The consumer: a subscriber whose every message is in its ledger before the broker hears that it arrived.

use super::arrival::Arrival;
use super::ledger::{self, Ledger};
use crate::config::plan::MqttConnection;
use crate::mqtt::Timing;
use crate::mqtt::consume::{self, ConsumePlan, Consumed};
use crate::port::{Clock, RealDisk};
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// A running consumer, on a thread of its own. Dropping it stops it.
#[derive(Debug)]
pub struct Consumer {
    path: PathBuf,
    state: Arc<Mutex<State>>,
    stop: CancellationToken,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct State {
    is_subscribed: bool,
    arrivals: Vec<Arrival>,
    /// Why the ledger could not be written; nothing is acknowledged any more.
    broken: Option<String>,
}

/// A broker on loopback that is away is tried again quickly.
const TIMING: Timing = Timing {
    connect: Duration::from_secs(2),
    silence: Duration::from_secs(5),
    first_pause: Duration::from_millis(50),
    longest_pause: Duration::from_millis(250),
    farewell: Duration::from_secs(1),
    ask_again: Duration::from_secs(60),
};

impl Consumer {
    /// Subscribes to everything that matches `filter`; the ledger is begun at `path`.
    pub fn start(broker: SocketAddr, filter: &str, path: &Path) -> io::Result<Self> {
        let mut ledger = Ledger::open(&RealDisk, path)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (state, stop) = (Arc::new(Mutex::new(State::default())), CancellationToken::new());
        let connection = MqttConnection::loopback(broker, "lab");
        let plan = ConsumePlan { connection, filter: filter.to_owned(), timing: TIMING };
        let (shared, until, clock) = (Arc::clone(&state), stop.clone(), Clock::start());
        let thread = std::thread::Builder::new().name("consumer".to_owned()).spawn(move || {
            let take = |consumed: Consumed<'_>| {
                let mut state = shared.lock().unwrap_or_else(PoisonError::into_inner);
                match consumed {
                    Consumed::Subscribed => state.is_subscribed = true,
                    Consumed::Away => state.is_subscribed = false,
                    Consumed::Message(message) => {
                        let arrival = Arrival::of(message, clock.now().wall);
                        if let Err(error) = ledger.take(&arrival) {
                            state.broken = Some(error.to_string());
                            return false;
                        }
                        state.arrivals.push(arrival);
                    }
                }
                true
            };
            runtime.block_on(consume::run(plan, take, until));
        })?;
        Ok(Self { path: path.to_owned(), state, stop, thread: Some(thread) })
    }

    /// Whether the broker has its subscription.
    #[must_use]
    pub fn is_subscribed(&self) -> bool {
        self.state().is_subscribed
    }

    /// How many messages arrived.
    #[must_use]
    pub fn count(&self) -> usize {
        self.state().arrivals.len()
    }

    /// Gives `look` what arrived from message number `from` on.
    pub fn since<T>(&self, from: usize, look: impl FnOnce(&[Arrival]) -> T) -> T {
        look(self.state().arrivals.get(from..).unwrap_or_default())
    }

    /// Stops it and gives what is in its ledger.
    pub fn end(mut self) -> io::Result<Vec<Arrival>> {
        self.join();
        if let Some(broken) = self.state().broken.take() {
            return Err(io::Error::other(broken));
        }
        ledger::read(&RealDisk, &self.path)
    }

    fn join(&mut self) {
        self.stop.cancel();
        if let Some(thread) = self.thread.take() {
            // A panic was reported where it happened.
            let _ = thread.join();
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Consumer {
    fn drop(&mut self) {
        self.join();
    }
}
