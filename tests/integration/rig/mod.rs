//! What the integration tests stand on: real peers as child processes, a gateway, a subscriber, and waiting for facts.
//!
//! Everything listens on 127.0.0.1 at a free port, lives in a temporary directory, and is killed when it is dropped.

pub mod certificates;
pub mod connect_proxy;
pub mod face;
pub mod fake_broker;
pub mod gateway;
pub mod mosquitto;
pub mod observer;
pub mod peer;
pub mod proxy;
pub mod rogue;
pub mod sink;
pub mod subscriber;

use std::time::{Duration, Instant};

/// How long a fact may take before its test fails; generous, because test machines are slow.
pub const LIMIT: Duration = Duration::from_secs(60);

/// Waits until `fact` holds and gives what it found.
///
/// # Panics
/// When it does not hold within [`LIMIT`]; says which fact.
#[track_caller]
pub fn wait_for<T>(what: &str, mut fact: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = fact() {
            return found;
        }
        assert!(began.elapsed() < LIMIT, "waited {LIMIT:?} in vain for: {what}");
        std::thread::park_timeout(Duration::from_millis(20));
    }
}

/// A port nobody listens on right now.
///
/// Between asking and using somebody else may take it; who can listen at port 0 does that instead.
pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    listener.local_addr().expect("a bound listener has an address").port()
}
