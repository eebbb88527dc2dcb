//! Promise: a server whose clock is wrong, that is full, small, says more than it keeps, or gives its nodes other ids is
//! named with its remedy, and the remedy works word for word; where nothing has to be done, nothing is.

use super::first_day::{Plant, quoted, remedy, told};
use super::rig::gateway::{Gateway, Site};
use super::rig::mosquitto::Mosquitto;
use super::rig::peer::Peer;
use super::rig::subscriber::Subscriber;
use serde_json::Value;

fn insecure(server: &Peer) -> String {
    format!("endpoint: \"{}\", security: none-i-accept-the-risk", server.endpoint())
}

/// Milliseconds by which the status page says that the server's clock is off.
fn skew(gateway: &Gateway) -> Option<i64> {
    gateway.status()?["connections"][0]["clock-skew-ms"].as_i64()
}

/// The lines of the log that tell of a code.
fn times_told(gateway: &Gateway, code: &str) -> usize {
    gateway.log().lines().filter(|line| line.contains(code)).count()
}

#[test]
fn row_27_a_clock_that_drifts_is_seen_while_the_session_lives_and_one_that_is_set_is_told_without_a_restart() {
    let plant = Plant::new("nsu=urn:qiao:test:clock;s=T");
    let mut server = Peer::start("odd_times_server.py", &[]);
    // The shorter the session, the more often its server is asked how it is.
    let opcua = format!("{}, session-timeout: 3s", insecure(&server));
    let mut gateway = plant.run(&opcua);
    plant.data(&gateway);
    gateway.until("the clocks agree", |gateway| (skew(gateway)?.abs() < 10_000).then_some(()));
    assert_eq!(times_told(&gateway, "QIAO-O033"), 0);
    server.tell("clock -7200");
    assert!(told(&gateway, "QIAO-O033").contains("-7200 s") || gateway.log().contains("-7199 s"), "{}", gateway.log());
    gateway.until("it is shown", |gateway| (-7_210_000..-7_190_000).contains(&skew(gateway)?).then_some(()));
    let shown = plant.site.command(&["status", "--lang", "en"]);
    let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
    assert!(shown.contains("-7200 s") || shown.contains("-7199 s"), "{shown}");
    gateway.until("it is measured", |gateway| {
        let (_, metrics) = gateway.page("/metrics")?;
        metrics.contains("qiao_clock_skew_milliseconds{connection=\"lathe\"} -7").then_some(())
    });
    // "Set both clocks by NTP."
    assert!(remedy("QIAO-O033").contains("Set both clocks by NTP"), "{}", remedy("QIAO-O033"));
    server.tell("clock 0");
    gateway.until("it is told again", |gateway| (times_told(gateway, "QIAO-O033") == 2).then_some(()));
    gateway.until("the clocks agree", |gateway| (skew(gateway)?.abs() < 10_000).then_some(()));
    let reconnects = gateway.status().expect("it runs")["connections"][0]["counters"]["reconnects"].clone();
    assert!(reconnects.is_null() || reconnects == 0, "{reconnects}");
    gateway.stop();
    // "`time: server` or `time: arrival` chooses others."
    server.tell("clock 7200");
    for line in ["time: server", "time: arrival"] {
        let (seen, line) = (plant.subscriber.messages().len(), quoted("QIAO-O033", line));
        let mut gateway = plant.run(&format!("{opcua}, {line}"));
        let message = gateway.until("a message of this run", |_| {
            let messages = plant.subscriber.messages();
            messages.into_iter().skip(seen).find(|message| message.topic.ends_with("/data"))
        });
        assert_eq!(message.json()["TimeSource"], line.trim_start_matches("time: "), "{}", message.text);
        gateway.stop();
    }
}

/// What stands between two words of a line.
#[track_caller]
fn between<'a>(line: &'a str, before: &str, after: &str) -> &'a str {
    let found = line.split_once(before).and_then(|(_, rest)| rest.split_once(after));
    found.unwrap_or_else(|| panic!("nothing between {before:?} and {after:?}: {line}")).0
}

/// A gateway that reads `V*` of the small server's plant, on a broker of its own.
struct Small {
    site: Site,
    broker: Mosquitto,
    subscriber: Subscriber,
}

impl Small {
    fn new() -> Self {
        let broker = Mosquitto::open();
        let subscriber = Subscriber::start(broker.port, "#", &[]);
        Self { site: Site::new(""), broker, subscriber }
    }

    fn run(&self, opcua: &str, select: &str) -> Gateway {
        self.site.configure(&format!(
            "connections:
  plc: {{ opcua: {{ {opcua} }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
flows:
  - {{ name: f, from: plc, each: /Objects/Plant, {select}, to: plant }}
",
            self.broker.port
        ));
        self.site.run()
    }

    fn values(&self, field: &str) -> Vec<Value> {
        let data = self.subscriber.messages().into_iter().filter(|message| message.topic.ends_with("/data"));
        data.filter_map(|message| message.json()["Payload"][field].get("Value").cloned()).collect()
    }

    fn items(&self, gateway: &Gateway, count: u64) {
        gateway.until("all items live", |gateway| {
            let counters = &gateway.status()?["connections"][0]["counters"];
            (counters["items_ok_current"].as_u64()? == count).then_some(())
        });
    }
}

#[test]
fn row_16_a_server_without_a_free_session_is_read_when_another_client_closed_its_own() {
    let server = Peer::start("limited_server.mjs", &["--count", "2", "--sessions", "1"]);
    let [first, second] = [(); 2].map(|()| Small::new());
    let select = "select: [\"V*\"]";
    let mut other_client = first.run(&insecure(&server), select);
    other_client.until("the other client's values", |_| first.values("V1").first().cloned());
    let mut gateway = second.run(&insecure(&server), select);
    told(&gateway, "QIAO-O005");
    let remedy = remedy("QIAO-O005");
    assert!(remedy.contains("Close sessions of other clients"), "{remedy}");
    assert!(second.values("V1").is_empty());
    other_client.stop();
    assert!(remedy.contains("A gateway that is started again tries at once"), "{remedy}");
    gateway.stop();
    let gateway = second.run(&insecure(&server), select);
    gateway.until("values", |_| second.values("V1").first().cloned());
}

#[test]
fn row_13_a_server_that_publishes_and_samples_less_often_is_asked_for_what_it_grants() {
    let (server, small) = (Peer::start("limited_server.mjs", &["--count", "3"]), Small::new());
    let select = |more: &str| format!("select: [{{ path: \"V*\", {more} }}]");
    let too_fast = format!("{}, publishing-interval: 10ms", insecure(&server));
    let mut gateway = small.run(&too_fast, &select("sampling: 10ms, queue: 100000"));
    let published = told(&gateway, "QIAO-O025");
    let sampled = told(&gateway, "QIAO-O026");
    gateway
        .until("health says so", |gateway| gateway.status()?["health"].to_string().contains("QIAO-O135").then_some(()));
    let (_, metrics) = gateway.page("/metrics").expect("it answers");
    assert!(metrics.contains("qiao_items_revised{connection=\"plc\"} 3"), "{metrics}");
    gateway.stop();
    assert!(remedy("QIAO-O025").contains("Set `publishing-interval` to what the server grants"));
    assert!(remedy("QIAO-O026").contains("otherwise set `sampling` and `queue` to what it grants"));
    let interval = between(&published, "publishes every ", " instead").replace(' ', "");
    let (sampling, queue) =
        between(&sampled, "granted ", " (sampling").split_once(", ").unwrap_or_else(|| panic!("{sampled}"));
    let granted = format!("{}, publishing-interval: {interval}", insecure(&server));
    let gateway = small.run(&granted, &select(&format!("sampling: {}, queue: {queue}", sampling.replace(' ', ""))));
    small.items(&gateway, 3);
    gateway.until("values", |_| small.values("V2").first().cloned());
    for code in ["QIAO-O025", "QIAO-O026"] {
        assert_eq!(times_told(&gateway, code), 0, "{}", gateway.log());
    }
    let health = gateway.status().expect("it answers")["health"].to_string();
    assert!(!health.contains("QIAO-O135"), "{health}");
}

#[test]
fn row_15_limits_that_a_server_states_and_does_not_keep_cost_nothing() {
    let (mut server, small) = (Peer::start("limited_server.mjs", &["--count", "300", "--lie"]), Small::new());
    let gateway = small.run(&insecure(&server), "select: [\"V*\"]");
    small.items(&gateway, 300);
    gateway.until("the last value", |_| small.values("V299").first().cloned());
    server.tell("set 299 4711.5");
    gateway.until("a change", |_| small.values("V299").contains(&4711.5.into()).then_some(()));
    let refused = server.said().iter().filter(|said| said.get("refused").is_some()).count();
    assert!((1..30).contains(&refused), "it refused {refused} calls, and what it takes was learnt");
    let counters = gateway.status().expect("it runs")["connections"][0]["counters"].clone();
    assert_eq!(counters["items_cyclic_current"].as_u64().unwrap_or(0), 0, "{counters}");
    assert_eq!(times_told(&gateway, "QIAO-O024"), 0, "{}", gateway.log());
}

#[test]
fn a_node_that_got_another_id_is_found_by_the_path_that_the_message_advises() {
    let (mut server, small) = (Peer::start("limited_server.mjs", &["--count", "3"]), Small::new());
    let uri = server.ready["uri"].as_str().expect("its namespace").to_owned();
    server.tell("move 1");
    let mut gateway = small.run(&insecure(&server), &format!("select: [V2, {{ node: \"nsu={uri};s=v1\" }}]"));
    let line = told(&gateway, "QIAO-O105");
    assert!(line.contains(";s=v1"), "{line}");
    gateway.until("its neighbour", |_| small.values("V2").first().cloned());
    assert!(small.values("V1").is_empty());
    gateway.stop();
    let select = quoted("QIAO-O105", "select").replace("PATH", "V1");
    assert_eq!(
        select,
        quoted("QIAO-O024", "select").replace("PATH", "V1"),
        "the same advice when it goes while it is read"
    );
    let mut gateway = small.run(&insecure(&server), &select);
    gateway.until("the moved node", |_| small.values("V1").first().cloned());
    gateway.stop();
    // The next program of the controller: the gateway starts, and the path still holds.
    server.tell("move 1");
    server.tell("set 1 77.5");
    let gateway = small.run(&insecure(&server), &select);
    gateway.until("it moved again", |_| small.values("V1").contains(&77.5.into()).then_some(()));
    assert_eq!(times_told(&gateway, "QIAO-O105"), 0, "{}", gateway.log());
}
