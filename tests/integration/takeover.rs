//! Promise: within what the server keeps, neither a lost session nor a killed gateway costs a value; what is lost is told.

use super::rig::gateway::{Gateway, Site};
use super::rig::mosquitto::Mosquitto;
use super::rig::observer::{Observer, connection};
use super::rig::peer::Peer;
use super::rig::proxy::Proxy;
use super::rig::subscriber::Subscriber;
use super::rig::wait_for;
use qiao::config::plan::SecurityMode;
use qiao::port::LinkState;
use std::collections::BTreeSet;
use std::process::Command;
use std::time::Duration;

const COUNTED: &str = "nsu=urn:qiao:test:counter;s=counter";

#[tokio::test]
async fn row_04_an_outage_that_outlasts_the_session_costs_nothing_while_the_subscription_lives() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Peer::start("counter_server.mjs", &[]);
    let proxy = Proxy::to(server.port());
    let endpoint = format!("opc.tcp://127.0.0.1:{}", proxy.port());
    let short = qiao::config::plan::OpcUaConnection {
        session_timeout: Duration::from_secs(3),
        ..connection(&endpoint, SecurityMode::NoneIAcceptTheRisk)
    };
    let mut observer = Observer::start(folder.path(), short, &[COUNTED.to_owned()]);
    observer.until("the counter moves", |seen| (seen.numbers(COUNTED).len() > 3).then_some(())).await;
    proxy.cut();
    observer.until("the loss", |seen| matches!(seen.links.last(), Some(LinkState::Lost(_))).then_some(())).await;
    let is_closed = || server.said().iter().any(|said| said["deletes"] == false).then_some(());
    observer.until("the server closes the session", |_| is_closed()).await;
    proxy.heal();
    observer.connected(2).await;
    let before = observer.numbers(COUNTED).len();
    observer.until("it goes on", |seen| (seen.numbers(COUNTED).len() > before + 40).then_some(())).await;
    let numbers = observer.numbers(COUNTED);
    let missing: Vec<_> = numbers.windows(2).filter(|pair| pair[1] != pair[0] + 1).collect();
    assert!(missing.is_empty(), "breaks at {missing:?}; {observer:#?}");
    assert!(observer.gaps.is_empty(), "{:?}", observer.gaps);
    assert_eq!(observer.counters.transferred.get(), 1);
    observer.end().await;
}

/// A gateway between a server that counts and a broker.
struct Line {
    site: Site,
    subscriber: Subscriber,
    _broker: Mosquitto,
}

impl Line {
    fn new(opcua: &str, node: &str) -> Self {
        let broker = Mosquitto::open();
        let subscriber = Subscriber::start(broker.port, "#", &[]);
        let site = Site::new(&format!(
            "connections:
  lathe: {{ opcua: {{ {opcua}, publishing-interval: 100ms }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
flows:
  - {{ name: f, from: lathe, each: {{ node: \"i=85\" }}, select: [{{ node: \"{node}\", sampling: 0ms, queue: 1000 }}], to: plant, delivery: durable }}
",
            broker.port
        ));
        Self { site, subscriber, _broker: broker }
    }

    /// Numbers in the order of their arrival, each the first time it came.
    fn numbers(&self, field: &str) -> Vec<i64> {
        let mut known = BTreeSet::new();
        let data = self.subscriber.messages().into_iter().filter(|message| message.topic.ends_with("/data"));
        let value = |value: &serde_json::Value| value.as_i64().or_else(|| value.as_str()?.parse().ok());
        let numbers = data.filter_map(|message| value(&message.json()["Payload"][field]["Value"]));
        numbers.filter(|number| known.insert(*number)).collect()
    }

    fn more(&self, gateway: &Gateway, field: &str, count: usize) {
        let before = self.numbers(field).len();
        gateway.until("it goes on", |_| (self.numbers(field).len() >= before + count).then_some(()));
    }
}

/// Runs the command that the message about an unknown certificate ends with.
fn trust(gateway: &Gateway) {
    let told = |gateway: &Gateway| gateway.log().lines().find(|line| line.contains("QIAO-O006")).map(str::to_owned);
    let line = gateway.until("the command", told);
    let command = &line[line.find("qiao cert trust").expect("the command")..];
    let typed = command.split(" code=").next().unwrap_or(command).replacen("qiao", env!("CARGO_BIN_EXE_qiao"), 1);
    let done = Command::new("sh").args(["-c", &typed]).current_dir("/").output().expect("a shell");
    assert!(done.status.success(), "{typed}: {}", String::from_utf8_lossy(&done.stderr));
}

/// Kills the gateway again and again while the server counts: no number is missing, no gap is told.
fn killed(opcua: &str, is_secure: bool) {
    let server = Peer::start("counter_server.mjs", &[]);
    let line = Line::new(&format!("endpoint: \"{}\", {opcua}", server.endpoint()), COUNTED);
    if is_secure {
        std::fs::write(line.site.path("password"), "secret").expect("written");
        use std::os::unix::fs::PermissionsExt as _;
        let private = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(line.site.path("password"), private).expect("set");
    }
    let mut gateway = line.site.run();
    if is_secure {
        trust(&gateway);
    }
    gateway.until("the first numbers", |_| (line.numbers("Counter").len() > 5).then_some(()));
    for _ in 0..3 {
        line.more(&gateway, "Counter", 17);
        gateway.kill();
        gateway = line.site.run();
        line.more(&gateway, "Counter", 60);
        let log = gateway.log();
        assert!(log.contains("QIAO-O132"), "{log}");
        let status = gateway.status().expect("it answers");
        assert_eq!(
            (status["flows"][0]["gaps"].as_u64(), status["flows"][0]["imbalance"].as_i64()),
            (Some(0), Some(0)),
            "{log}"
        );
    }
    let numbers = line.numbers("Counter");
    let missing: Vec<_> = numbers.windows(2).filter(|pair| pair[1] != pair[0] + 1).collect();
    assert!(missing.is_empty(), "breaks at {missing:?}; {}", gateway.log());
    // A clean stop leaves nothing to the next start, which has no gap to tell.
    let left = line.site.path("data/subscriptions/lathe");
    assert!(left.exists());
    assert_eq!(gateway.stop(), Some(0), "{}", gateway.log());
    assert!(!left.exists());
    let gateway = line.site.run();
    line.more(&gateway, "Counter", 10);
    assert!(!gateway.log().contains("QIAO-O13"), "{}", gateway.log());
}

#[test]
fn row_76_a_gateway_that_is_killed_loses_nothing_where_the_server_hands_its_subscriptions_over() {
    killed("security: none-i-accept-the-risk", false);
}

#[test]
fn row_76_a_gateway_that_is_killed_loses_nothing_on_a_secured_connection_with_a_user() {
    let excused = "accept-certificate: { despite: [other-host], until: 9999-12-31 }";
    killed(&format!("user: qiao, password: {{ file: password }}, {excused}"), true);
}

#[test]
fn row_76_a_server_that_stalls_after_a_take_over_is_subscribed_anew_and_the_gap_is_told() {
    let keys = tempfile::tempdir().expect("a folder");
    let folder = keys.path().to_str().expect("UTF-8");
    let mut server = Peer::start("secure_server.py", &["--folder", folder]);
    let opcua = format!("endpoint: \"{}\", security: none-i-accept-the-risk", server.endpoint());
    let line = Line::new(&opcua, "nsu=urn:qiao:test:secure;s=Counter");
    let mut gateway = line.site.run();
    gateway.until("the first number", |_| line.numbers("Counter").first().copied());
    server.tell("count 20");
    gateway.until("20", |_| line.numbers("Counter").contains(&20).then_some(()));
    gateway.kill();
    server.tell("count 20");
    wait_for("it counted", || server.said().iter().any(|said| said["counted"] == 40).then_some(()));
    let gateway = line.site.run();
    gateway.until("the gap", |gateway| gateway.log().contains("QIAO-O136").then_some(()));
    gateway.until("40", |_| line.numbers("Counter").contains(&40).then_some(()));
    server.tell("count 20");
    gateway.until("60", |_| line.numbers("Counter").contains(&60).then_some(()));
    let status = gateway.status().expect("it answers");
    assert!(status["flows"][0]["gaps"].as_u64() > Some(0));
}
