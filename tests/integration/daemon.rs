//! Promise: as a daemon it tells systemd how it is, drains in flow order within the stated time, and says what was left.

use super::rig::gateway::{Gateway, Site};
use super::rig::mosquitto::Mosquitto;
use super::rig::peer::Peer;
use super::rig::proxy::Proxy;
use super::rig::subscriber::Subscriber;
use super::rig::wait_for;
use std::os::unix::net::UnixDatagram;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// What is below `gateway:`.
fn connections(endpoint: &str, each: &str, broker: u16) -> String {
    format!(
        "connections:
  plc: {{ opcua: {{ endpoint: \"{endpoint}\", security: none-i-accept-the-risk, publishing-interval: 100ms }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{broker}\" }} }}
flows:
  - {{ name: f, from: plc, each: \"{each}\", to: plant, delivery: memory }}
"
    )
}

fn spooled(gateway: &Gateway) -> Option<u64> {
    gateway.status()?["flows"][0]["spooled-values"].as_u64()
}

#[test]
fn row_78_a_stop_drains_in_flow_order_and_says_goodbye_last() {
    let mut server = Peer::start("limited_server.mjs", &["--count", "3"]);
    let broker = Mosquitto::open();
    let subscriber = broker.subscribe("qiao/#", &[]);
    let site = Site::new(&connections(&server.endpoint(), "/Objects/Plant", broker.port));
    let mut gateway = site.run();
    gateway.until("values before", |_| subscriber.on("qiao/test/Plant/data").first().cloned());
    server.tell("set 1 77.5");
    let received = |gateway: &Gateway| (gateway.status()?["flows"][0]["received-values"].as_u64()? >= 4).then_some(());
    gateway.until("the change is in the gateway", received);
    assert_eq!(gateway.stop(), Some(0), "{}", gateway.log());
    let place = |topic: &str, part: &str| {
        wait_for(part, || {
            let messages = subscriber.messages();
            messages.iter().position(|message| message.topic == topic && message.text.contains(part))
        })
    };
    let gateway_gone = place("qiao/test/status", "QIAO-V241");
    let machine_gone = place("qiao/test/Plant/status", "\"offline\"");
    let value = place("qiao/test/Plant/data", "77.5");
    assert!(value < machine_gone && machine_gone < gateway_gone, "{value} {machine_gone} {gateway_gone}");
    let log = gateway.log();
    assert!(log.contains("spool=\"memory\"") || log.contains("memory"), "the log says where messages wait: {log}");
}

#[test]
fn row_78_a_stop_without_a_broker_says_how_much_is_lost() {
    let mut server = Peer::start("limited_server.mjs", &["--count", "3"]);
    let mut broker = Mosquitto::open();
    let subscriber = Subscriber::start(broker.port, "#", &[]);
    let site = Site::new(&connections(&server.endpoint(), "/Objects/Plant", broker.port));
    let mut gateway = site.run();
    gateway.until("values before", |_| subscriber.on("qiao/test/Plant/data").first().cloned());
    broker.kill();
    server.tell("set 1 77.5");
    gateway.until("a message waits", |gateway| (spooled(gateway)? > 0).then_some(()));
    let began = Instant::now();
    assert_eq!(gateway.stop(), Some(1), "something was left: {}", gateway.log());
    assert!(began.elapsed() < Duration::from_secs(15), "the drain time is 10 s, and it took {:?}", began.elapsed());
    let log = gateway.log();
    // Through the catalogue, in the reader's language, like everything that has a code.
    assert!(log.contains("code=QIAO-M0"), "the broker's trouble is told: {log}");
    let told = log.lines().find(|line| line.contains("QIAO-R009")).unwrap_or_else(|| panic!("{log}"));
    assert!(!told.contains("but 0 messages") && told.contains("not delivered"), "{told}");
}

/// A simulated machine with plain variables that change fast.
struct Load {
    child: Child,
    port: u16,
}

impl Load {
    fn start(folder: &str) -> Self {
        let port = super::rig::free_port();
        let (listen, folder) = (format!("127.0.0.1:{port}"), folder.to_owned());
        let child = Command::new(env!("CARGO_BIN_EXE_qiao"))
            .args(["simulate", "--listen", &listen, "--variables", "300", "--rate", "10", "--folder", &folder])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary starts");
        let load = Self { child, port };
        wait_for("the simulator listens", || std::net::TcpStream::connect(("127.0.0.1", port)).ok());
        load
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn row_78_a_stop_with_a_full_spool_and_a_silent_broker_keeps_to_the_drain_time() {
    let broker = Mosquitto::open();
    let proxy = Proxy::to(broker.port);
    let site = Site::new("");
    let load = Load::start(site.path("simulator").to_str().expect("UTF-8"));
    let endpoint = format!("opc.tcp://127.0.0.1:{}", load.port);
    site.configure(&format!(
        "{}limits: {{ memory: 1MiB }}\n",
        connections(&endpoint, "/Objects/Machines/*", proxy.port())
    ));
    let mut gateway = site.run();
    gateway.until("values flow", |gateway| {
        (gateway.status()?["flows"][0]["delivered-values"].as_u64()? > 0).then_some(())
    });
    proxy.swallow();
    gateway.until("the spool is full", |gateway| {
        let spool = &gateway.status()?["spool"];
        (spool["used-bytes"].as_u64()? > spool["limit-bytes"].as_u64()? * 9 / 10).then_some(())
    });
    let began = Instant::now();
    assert_eq!(gateway.stop(), Some(1), "{}", gateway.log());
    // The drain time of 10 s and a goodbye of 2 s, to which a broker that is silent does not even listen.
    assert!(began.elapsed() < Duration::from_millis(14_500), "{:?}: {}", began.elapsed(), gateway.log());
    assert!(gateway.log().contains("QIAO-R009"), "{}", gateway.log());
}

#[test]
fn systemd_is_told_when_it_is_ready_that_it_lives_and_when_it_stops() {
    let server = Peer::start("limited_server.mjs", &["--count", "3"]);
    let broker = Mosquitto::open();
    let site = Site::new(&connections(&server.endpoint(), "/Objects/Plant", broker.port));
    let path = site.path("notify");
    let socket = UnixDatagram::bind(&path).expect("a socket");
    socket.set_read_timeout(Some(super::rig::LIMIT)).expect("a socket");
    let path = path.to_str().expect("UTF-8");
    let mut gateway = site.run_with(&[("NOTIFY_SOCKET", path), ("WATCHDOG_USEC", "900000")]);
    let hear = |wanted: &str| {
        let mut heard = String::new();
        while !heard.lines().any(|line| line == wanted) {
            let mut bytes = [0; 4096];
            let count = socket.recv(&mut bytes).unwrap_or_else(|error| panic!("{wanted} is told: {error}; {heard}"));
            heard += &String::from_utf8_lossy(&bytes[..count]);
            heard.push('\n');
        }
        heard
    };
    assert!(hear("READY=1").starts_with("READY=1"), "before anything else");
    for _ in 0..3 {
        hear("WATCHDOG=1");
    }
    assert_eq!(gateway.stop(), Some(0), "{}", gateway.log());
    hear("STOPPING=1");
    let unit = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/config/systemd/qiao.service"));
    let unit = unit.expect("the unit");
    for line in ["Type=notify", "KillSignal=SIGTERM", "RestartPreventExitStatus=2"] {
        assert!(unit.lines().any(|found| found == line), "the unit has {line}");
    }
}
