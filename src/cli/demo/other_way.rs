//! What goes to machines in the demo: a simulated NC-Link line on the broker, which the gateway shows on its own OPC UA
//! server, and commands to the simulated machine tool: one within its bounds, one beyond them.

use super::super::Face;
use super::super::writes::send;
use crate::config::plan::{CommandSource, MqttConnection, Plan, WritePlan};
use crate::guard::CommandId;
use crate::guard::compose::Wish;
use crate::mqtt::simulator::{self, DevicePlan};
use crate::port::Clock;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// What is commanded in turn, in percent; the last one is beyond what the configuration allows.
const WISHES: [&str; 3] = ["80", "120", "200"];
/// Before the first command, and between two.
const PAUSE: Duration = Duration::from_secs(8);

/// The newest command and how it ended, for the view.
#[derive(Debug, Default)]
pub(super) struct Commanded(Mutex<Option<String>>);

impl Commanded {
    pub(super) fn newest(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The device of the line, until told to stop.
pub(super) async fn line(broker: SocketAddr, stop: CancellationToken) {
    let connection = MqttConnection::loopback(broker, "line");
    let plan = DevicePlan { connection, device: simulator::DEVICE.to_owned(), clock: Clock::start() };
    simulator::run(plan, |_| {}, stop).await;
}

/// Commands the first thing that may be commanded by a topic and takes a number, again and again.
pub(super) async fn hand(plan: &Plan, broker: SocketAddr, commanded: &Commanded, face: &Face) {
    let is_ours = |entry: &&WritePlan| matches!(entry.from, CommandSource::Topic { .. });
    let Some(entry) = plan.writes.entries.iter().find(is_ours) else { return };
    let Some(sender) = send::sender(plan, entry, entry.from.connection(), None) else { return };
    let connection = MqttConnection::loopback(broker, "hand");
    let clock = Clock::start();
    for value in WISHES.iter().cycle() {
        tokio::time::sleep(PAUSE).await;
        let what = send::json(value);
        let wish = Wish { id: CommandId::random(), issued: clock.now().wall, what: &what, expected: None, sender };
        // The view says nothing of a broker that is just away: the next command tells.
        let Ok(answer) = send::command(plan, entry, &connection, &wish).await else { continue };
        let outcome = send::words(&answer, face);
        let text = face.text("demo-commanded", &[("name", &entry.name), ("value", value), ("outcome", &outcome)]);
        *commanded.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(text);
    }
}
