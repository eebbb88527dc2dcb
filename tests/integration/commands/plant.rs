//! A machine that counts what is written, a broker, a sender of commands, a gateway between them.

use crate::integration::rig::gateway::{Gateway, Site};
use crate::integration::rig::mosquitto::Mosquitto;
use crate::integration::rig::peer::Peer;
use crate::integration::rig::wait_for;
use qiao::model::Timestamp;
use qiao::port::Clock;
use serde_json::{Value, json};
use std::hash::{BuildHasher, Hasher, RandomState};

/// Who may command, and how a `node` is named.
pub const SENDERS: &str = "senders:\n  mes: { roles: [operator], known-by: { whoever-may-publish-at: plant } }\n";
pub const REPLY: &str = "here/answers";

pub fn node(name: &str) -> String {
    format!("nsu=urn:qiao:test:machine;s={name}")
}

/// The entry that most tests command: `Override`, 0 to 120.
pub fn feed(more: &str) -> String {
    format!(
        "  - {{ name: feed, from: plant, to: lathe, node: \"{}\", type: double, min: 0, max: 120, rate: 1000/1h, roles: [operator]{more} }}\n",
        node("Override")
    )
}

pub fn connections(endpoint: &str, broker: u16, mqtt: &str) -> String {
    format!(
        "connections:\n  lathe: {{ opcua: {{ endpoint: \"{endpoint}\", security: none-i-accept-the-risk, publishing-interval: 100ms }} }}\n  \
         plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{broker}\"{mqtt} }} }}\n"
    )
}

/// What the machine said of its override, in the order in which it was published, with the mark of the message.
pub fn published(sender: &Peer) -> Vec<(f64, Value)> {
    let out =
        sender.said().into_iter().filter(|said| said["got"].as_str().is_some_and(|topic| topic.starts_with("out/")));
    let of = |said: Value| {
        Some((said["message"]["Payload"]["Override"]["Value"].as_f64()?, said["properties"]["origin"].clone()))
    };
    out.filter_map(of).collect()
}

/// A flow that publishes what the machine says.
pub const FLOW: &str = "flows:\n  - { name: out, from: lathe, each: \"/Objects/Machine\", select: [\"**\"], to: plant, topic: \"out/{machine}\" }\n";

pub struct Plant {
    pub machine: Peer,
    pub broker: Mosquitto,
    pub sender: Peer,
    pub site: Site,
    pub gateway: Gateway,
}

impl Plant {
    /// `writes`: the entries; `more`: other sections.
    #[track_caller]
    pub fn start(writes: &str, more: &str) -> Self {
        Self::with("written_server.py", writes, more, "", &[])
    }

    #[track_caller]
    pub fn with(machine: &str, writes: &str, more: &str, mqtt: &str, sender: &[&str]) -> Self {
        let machine = Peer::start(machine, &[]);
        let broker = Mosquitto::open();
        let more = if more.is_empty() { "flows: []\n" } else { more };
        let text = format!("{}{more}writes:\n{writes}{SENDERS}", connections(&machine.endpoint(), broker.port, mqtt));
        let chief = "  chief: { roles: [chief], known-by: { key: { file: key } } }\n";
        let site = Site::new(&text);
        if writes.contains("[chief]") {
            std::fs::write(site.path("key"), "0123456789abcdef0123456789abcdef").expect("written");
            site.configure(&(text + chief));
        }
        let sender = sender_at(broker.port, sender);
        let gateway = site.run();
        let plant = Self { machine, broker, sender, site, gateway };
        plant.until_open();
        plant
    }

    /// Waits until commands are taken and the machine can be reached.
    #[track_caller]
    pub fn until_open(&self) {
        is_open(&self.gateway);
    }

    pub fn command(&mut self, value: Value) -> String {
        let id = id();
        self.send(&id, &json!({ "id": id, "issued": now(), "value": value }));
        id
    }

    /// Sends this as a command for `feed`, with an answer by response topic.
    pub fn send(&mut self, id: &str, command: &Value) {
        self.publish(json!({ "topic": "qiao/test/command/feed", "payload": command.to_string(), "respond": REPLY, "correlation": id }));
    }

    pub fn publish(&mut self, order: Value) {
        self.sender.tell(&order.to_string());
    }

    /// The answers that came with this correlation or id.
    pub fn answers(&self, id: &str) -> Vec<Value> {
        let is_it = |said: &Value| said["correlation"] == id || said["message"]["id"] == id;
        self.sender.said().into_iter().filter(|said| said["got"].is_string() && is_it(said)).collect()
    }

    #[track_caller]
    pub fn answer(&self, id: &str) -> Value {
        self.gateway.until(&format!("an answer to {id}"), |_| self.answers(id).into_iter().next())["message"].clone()
    }

    /// Outcome and code of the answer to a command with this value.
    #[track_caller]
    pub fn outcome(&mut self, value: Value) -> (String, String) {
        let id = self.command(value);
        told(&self.answer(&id))
    }

    pub fn writes(&self) -> Vec<Value> {
        self.machine.said().into_iter().filter(|said| said["wrote"].is_string()).collect()
    }

    /// `qiao audit show --json`, line by line.
    #[track_caller]
    pub fn audit(&self) -> Vec<Value> {
        let shown = self.site.command(&["audit", "show", "--json"]);
        let text = String::from_utf8_lossy(&shown.stdout).into_owned();
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// What the audit verifies to.
    #[track_caller]
    pub fn verified(&self) {
        let verified = self.site.command(&["audit", "verify"]);
        let out = String::from_utf8_lossy(&verified.stdout).into_owned();
        assert_eq!(verified.status.code(), Some(0), "{out}{}", String::from_utf8_lossy(&verified.stderr));
    }

    pub fn write_status(&self) -> Value {
        self.gateway.status().map_or(Value::Null, |status| status["commands"]["writes"][0].clone())
    }
}

/// Waits until a gateway takes commands and its machines can be reached.
#[track_caller]
pub fn is_open(gateway: &Gateway) {
    gateway.until("commands are taken", |gateway| {
        let status = gateway.status()?;
        let is_up = |connection: &Value| connection["kind"] != "opcua" || connection["state"] == "connected";
        let all_up = status["connections"].as_array()?.iter().all(is_up);
        let is_clear = !status["health"]["reasons"].to_string().contains("QIAO-W06");
        (all_up && is_clear && status["commands"]["is-ready"] == true).then_some(())
    });
}

#[track_caller]
pub fn sender_at(port: u16, arguments: &[&str]) -> Peer {
    let port = port.to_string();
    let mut all = vec![port.as_str()];
    all.extend(arguments);
    let mut sender = Peer::start("commander.py", &all);
    for filter in [REPLY, "qiao/+/reply/+", "out/#"] {
        sender.tell(&json!({ "subscribe": filter }).to_string());
    }
    wait_for("the sender listens", || {
        (sender.said().iter().filter(|said| said["subscribed"] == true).count() == 3).then_some(())
    });
    sender
}

pub fn told(answer: &Value) -> (String, String) {
    let text = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
    (text("outcome"), text("code"))
}

/// A random UUID.
pub fn id() -> String {
    let half = || RandomState::new().build_hasher().finish();
    let (high, low) = (half(), half());
    let (first, second, third) = (high >> 32, (high >> 16) & 0xFFFF, high & 0xFFF);
    format!("{first:08x}-{second:04x}-4{third:03x}-8{:03x}-{:012x}", low >> 52, low & 0xFFFF_FFFF_FFFF)
}

pub fn now() -> String {
    Clock::start().now().wall.to_string()
}

/// So many seconds from now.
pub fn in_seconds(seconds: i64) -> String {
    Timestamp(Clock::start().now().wall.0 + seconds * 10_000_000).to_string()
}
