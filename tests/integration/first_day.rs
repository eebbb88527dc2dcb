//! Promise: what goes wrong on the first day is named with its remedy, and following the remedy word for word works. Each
//! test reads the message, does what it says, and sees data.

use super::rig::fake_broker::{FakeBroker, Heard, connack_311, faultless};
use super::rig::gateway::{Gateway, Site, qiao};
use super::rig::mosquitto::Mosquitto;
use super::rig::peer::Peer;
use super::rig::rogue::Rogue;
use super::rig::subscriber::Subscriber;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

/// The remedy of a code, as people read it.
pub(super) fn remedy(code: &str) -> String {
    let explained = qiao(&["explain", code, "--lang", "en"]);
    String::from_utf8_lossy(&explained.stdout).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What stands between backticks in a remedy and begins like this.
pub(super) fn quoted(code: &str, begin: &str) -> String {
    let remedy = remedy(code);
    let found = remedy.split('`').skip(1).step_by(2).find(|quoted| quoted.starts_with(begin));
    found.unwrap_or_else(|| panic!("{code} does not show how to write {begin}: {remedy}")).to_owned()
}

/// Waits for the line of the log that tells of a code.
#[track_caller]
pub(super) fn told(gateway: &Gateway, code: &str) -> String {
    gateway.until(code, |gateway| gateway.log().lines().find(|line| line.contains(code)).map(str::to_owned))
}

/// Runs the command that the message about an unknown certificate ends with.
fn trust(gateway: &Gateway) {
    let line = told(gateway, "QIAO-O006");
    let command = &line[line.find("qiao cert trust").expect("the command")..];
    let typed = command.split(" code=").next().unwrap_or(command).replacen("qiao", env!("CARGO_BIN_EXE_qiao"), 1);
    let done = Command::new("sh").args(["-c", &typed]).current_dir("/").output().expect("a shell");
    assert!(done.status.success(), "{typed}: {}", String::from_utf8_lossy(&done.stderr));
}

/// Connection and flow for one node of a server, on a broker of the test's own.
pub(super) struct Plant {
    pub(super) site: Site,
    broker: Mosquitto,
    pub(super) subscriber: Subscriber,
    node: &'static str,
}

impl Plant {
    pub(super) fn new(node: &'static str) -> Self {
        let broker = Mosquitto::open();
        let subscriber = Subscriber::start(broker.port, "#", &[]);
        Self { site: Site::new(""), broker, subscriber, node }
    }

    pub(super) fn run(&self, opcua: &str) -> Gateway {
        self.site.configure(&format!(
            "connections:
  lathe: {{ opcua: {{ {opcua} }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
flows:
  - {{ name: f, from: lathe, each: {{ node: \"i=85\" }}, select: [{{ node: \"{}\" }}], to: plant }}
",
            self.broker.port, self.node
        ));
        self.site.run()
    }

    pub(super) fn has_data(&self) -> bool {
        self.subscriber.messages().iter().any(|message| message.topic.ends_with("/data"))
    }

    #[track_caller]
    pub(super) fn data(&self, gateway: &Gateway) {
        gateway.until("data", |_| self.has_data().then_some(()));
    }

    fn password(&self, text: &str) {
        let file = self.site.path("password");
        std::fs::write(&file, text).expect("written");
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).expect("set");
    }
}

const SECURE: &str = "nsu=urn:qiao:test:secure;s=Fixed";

#[test]
fn a_certificate_that_is_expired_or_for_another_host_is_excused_with_the_line_that_the_message_shows() {
    for (kind, code) in [("expired", "QIAO-O007"), ("other-host", "QIAO-O008")] {
        let plant = Plant::new(SECURE);
        let keys = plant.site.path("server");
        std::fs::create_dir(&keys).expect("a folder");
        let server = Peer::start("secure_server.py", &["--folder", keys.to_str().expect("UTF-8"), "--kind", kind]);
        let endpoint = format!("endpoint: \"{}\"", server.endpoint());
        let mut gateway = plant.run(&endpoint);
        trust(&gateway);
        told(&gateway, code);
        gateway.stop();
        assert!(!plant.has_data(), "{kind}: refused");
        let line = quoted(code, "accept-certificate").replace("YYYY-MM-DD", "9999-12-31");
        let gateway = plant.run(&format!("{endpoint}, {line}"));
        plant.data(&gateway);
        told(&gateway, "QIAO-O013");
    }
}

#[test]
fn a_wrong_password_is_corrected_and_the_gateway_started_again() {
    let plant = Plant::new(SECURE);
    let keys = plant.site.path("server");
    std::fs::create_dir(&keys).expect("a folder");
    let server = Peer::start("secure_server.py", &["--folder", keys.to_str().expect("UTF-8")]);
    plant.password("Brücke\n");
    let opcua = format!("endpoint: \"{}\", user: qiao, password: {{ file: password }}", server.endpoint());
    let mut gateway = plant.run(&opcua);
    trust(&gateway);
    told(&gateway, "QIAO-O004");
    assert!(remedy("QIAO-O004").contains("Correct user and password"), "{}", remedy("QIAO-O004"));
    gateway.stop();
    assert!(!plant.has_data() && remedy("QIAO-O004").contains("start the gateway again"));
    plant.password("Brücke 桥\n");
    let gateway = plant.run(&opcua);
    plant.data(&gateway);
}

#[test]
fn a_server_that_calls_itself_by_a_name_that_does_not_resolve_is_read_at_the_configured_address() {
    let plant = Plant::new("nsu=urn:qiao:test:elsewhere;s=Fixed");
    let server = Peer::start("elsewhere_server.mjs", &[]);
    let advertised = server.ready["advertised"].as_str().expect("an address");
    assert!(advertised.contains("no-such-host.invalid"), "{advertised}");
    plant.password("Brücke 桥\n");
    // Its only endpoint has no security; the password is encrypted for a certificate that is trusted all the same.
    let mut opcua = format!(
        "endpoint: \"opc.tcp://127.0.0.1:{}\", security: none-i-accept-the-risk, user: qiao, password: {{ file: password }}",
        server.port()
    );
    let mut gateway = plant.run(&opcua);
    trust(&gateway);
    let is_foreign = gateway.until("it connects, or its certificate is for the other name", |gateway| {
        let is_foreign = gateway.log().contains("QIAO-O008");
        (is_foreign || plant.has_data()).then_some(is_foreign)
    });
    if is_foreign {
        gateway.stop();
        opcua = format!("{opcua}, {}", quoted("QIAO-O008", "accept-certificate").replace("YYYY-MM-DD", "9999-12-31"));
        gateway = plant.run(&opcua);
    }
    plant.data(&gateway);
    assert!(!gateway.log().contains("Brücke"), "no secret is shown");
}

#[test]
fn a_broker_that_refuses_mqtt_5_is_spoken_to_in_3_1_1_when_that_is_written() {
    let server = Rogue::start();
    let broker = FakeBroker::start(|_, heard| match heard {
        Heard::Connect { level: 5 } => connack_311(1),
        heard => faultless(heard),
    });
    let site = Site::new("");
    let configure = |more: &str| {
        site.configure(&format!(
            "connections:
  lathe: {{ opcua: {{ endpoint: \"{}\", security: none-i-accept-the-risk }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\"{more} }} }}
flows:
  - {{ name: f, from: lathe, each: {{ node: \"i=85\" }}, select: [{{ node: \"nsu=urn:qiao:test:rogue;s=A\" }}], to: plant }}
",
            server.endpoint(),
            broker.port
        ));
    };
    configure("");
    let mut gateway = site.run();
    told(&gateway, "QIAO-M009");
    let remedy = remedy("QIAO-M009");
    assert!(remedy.contains("`mqtt.version`") && remedy.contains("\"3.1.1\""), "{remedy}");
    gateway.stop();
    configure(", version: \"3.1.1\"");
    let gateway = site.run();
    gateway.until("its presence", |_| (broker.published("qiao/test/status") > 0).then_some(()));
}

#[test]
fn two_gateways_with_one_client_id_are_told_so_and_both_run_with_ids_of_their_own() {
    let (server, broker) = (Rogue::start(), Mosquitto::open());
    let sites = [Site::new(""), Site::new("")];
    let configure = |site: &Site, client: &str| {
        site.configure(&format!(
            "connections:
  lathe: {{ opcua: {{ endpoint: \"{}\", security: none-i-accept-the-risk }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\", client-id: {client} }} }}
flows:
  - {{ name: f, from: lathe, each: {{ node: \"i=85\" }}, select: [{{ node: \"nsu=urn:qiao:test:rogue;s=A\" }}], to: plant }}
",
            server.endpoint(),
            broker.port
        ));
    };
    let is_connected = |gateway: &Gateway| {
        let status = gateway.status()?;
        let plant = status["connections"].as_array()?.iter().find(|one| one["name"] == "plant")?.clone();
        (plant["state"] == "connected").then_some(())
    };
    sites.iter().for_each(|site| configure(site, "hall-3"));
    let first = sites[0].run();
    first.until("the first is connected", is_connected);
    let mut second = sites[1].run();
    // Brokers that say why they hang up are named as such; this one may not.
    let codes = ["QIAO-M012", "QIAO-M013"];
    let (line, code) = first.until("it is told", |gateway| {
        let log = gateway.log();
        let found = log.lines().find_map(|line| Some((line, codes.iter().find(|code| line.contains(**code))?)))?;
        Some((found.0.to_owned(), *found.1))
    });
    assert!(line.contains("hall-3"), "{line}");
    let remedy = remedy(code);
    assert!(remedy.contains("its own `mqtt.client-id`"), "{remedy}");
    second.stop();
    configure(&sites[1], "hall-4");
    let second = sites[1].run();
    second.until("the second is connected", is_connected);
    first.until("the first is connected again", is_connected);
}

#[test]
fn row_26_odd_source_times_arrive_unchanged_and_are_told() {
    let broker = Mosquitto::open();
    let subscriber = Subscriber::start(broker.port, "#", &[]);
    let mut server = Peer::start("odd_times_server.py", &[]);
    let site = Site::new(&format!(
        "connections:
  plc: {{ opcua: {{ endpoint: \"{}\", security: none-i-accept-the-risk, publishing-interval: 100ms }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
flows:
  - {{ name: times, from: plc, each: \"/Objects/Clock\", to: plant }}
",
        server.endpoint(),
        broker.port
    ));
    let gateway = site.run();
    gateway.ready();
    let field = |number: i64| {
        let messages = subscriber.on("qiao/test/Clock/data");
        let fields = messages.iter().map(|message| message.json()["Payload"]["T"].clone());
        fields.rev().find(|field| field["Value"] == number)
    };
    gateway.until("the first value", |_| field(0));
    // What the server is told, what arrives (OPC 10000-6 §5.4.2.6), what is said of it.
    let table = [
        ("2026-04-12T08:30:01.250001+00:00", Some("2026-04-12T08:30:01.250001Z"), "backwards"),
        ("2000-01-01T00:00:00+00:00", Some("2000-01-01T00:00:00Z"), "backwards"),
        ("9999-12-31T23:59:59+00:00", Some("9999-12-31T23:59:59Z"), "9999"),
        ("2199-01-01T00:00:00+00:00", Some("2199-01-01T00:00:00Z"), "future"),
        ("none", None, "missing"),
        ("1601-01-01T00:00:00+00:00", Some("0001-01-01T00:00:00Z"), "1601"),
    ];
    for (number, (time, arrives, _)) in (1..).zip(table) {
        server.tell(&format!("at {time} {number}"));
        let found = gateway.until(time, |_| field(number));
        assert_eq!(found.get("SourceTimestamp").and_then(|time| time.as_str()), arrives, "{time}: {found}");
    }
    let said = [
        ("earlier than that of the value before", "backwards"),
        ("in the year 9999", "9999"),
        ("ahead of our clock", "future"),
        ("there is none", "missing"),
        ("1601 or earlier", "1601"),
    ];
    for (text, kind) in said {
        gateway.until(kind, |gateway| {
            gateway.log().lines().any(|line| line.contains("QIAO-V213") && line.contains(text)).then_some(())
        });
    }
}
