//! Promise: what a gap took away comes back from the server's history, where it keeps one: in order, marked, and none twice.

use super::rig::gateway::Site;
use super::rig::mosquitto::Mosquitto;
use super::rig::observer::{Observer, argument, connection};
use super::rig::peer::Peer;
use super::rig::proxy::Proxy;
use super::rig::subscriber::{Message, Subscriber};
use super::rig::wait_for;
use qiao::config::plan::{History, OpcUaConnection, SecurityMode};
use qiao::port::LinkState;
use serde_json::Value;

const COUNTER: &str = "nsu=urn:qiao:test:counter;s=counter";

/// Has a peer count on while the link is down, and forget the sessions it knows; gives a number behind the gap.
fn forget(server: &mut Peer) -> u64 {
    let told = |server: &Peer| {
        server.said().iter().filter(|said| said["did"] == "forget").filter_map(|said| said["number"].as_u64()).max()
    };
    server.tell("forget");
    let first = wait_for("the server forgets", || told(server));
    wait_for("it counts on", || {
        server.tell("forget");
        told(server).filter(|number| *number > first + 40)
    })
}

/// An observer whose link was cut for longer than the server knew its session.
async fn after_a_gap(server: &mut Peer, history: History) -> (Proxy, tempfile::TempDir, Observer) {
    let (proxy, folder) = (Proxy::to(server.port()), tempfile::tempdir().expect("a folder"));
    let endpoint = format!("opc.tcp://127.0.0.1:{}", proxy.port());
    let plain = connection(&endpoint, SecurityMode::NoneIAcceptTheRisk);
    let mut observer = Observer::start(folder.path(), OpcUaConnection { history, ..plain }, &[COUNTER.to_owned()]);
    observer.until("the counter moves", |seen| (seen.numbers(COUNTER).len() > 5).then_some(())).await;
    proxy.cut();
    observer.until("the loss", |seen| matches!(seen.links.last(), Some(LinkState::Lost(_))).then_some(())).await;
    let behind = forget(server);
    proxy.heal();
    observer
        .until("it reports again", |seen| seen.numbers(COUNTER).last().filter(|last| **last as u64 >= behind).copied())
        .await;
    assert_eq!(observer.gaps.iter().filter(|gap| gap.finding.code.0 == "QIAO-O021").count(), 1, "{observer:#?}");
    (proxy, folder, observer)
}

async fn told(observer: &mut Observer, code: &str) -> qiao::finding::Finding {
    observer.until(code, |seen| seen.findings.iter().find(|finding| finding.code.0 == code).cloned()).await
}

#[tokio::test]
async fn row_05_what_was_missed_is_read_from_the_servers_history() {
    for mut server in [Peer::start("counter_server.mjs", &["--history", "5000"]), Peer::start("history_server.py", &[])]
    {
        let (_proxy, _folder, mut observer) = after_a_gap(&mut server, History::FillGaps).await;
        let filled = told(&mut observer, "QIAO-O140").await;
        let (live, past) = (observer.numbers(COUNTER), observer.past_numbers(COUNTER));
        assert_eq!(argument(&filled, "values"), past.len().to_string());
        assert!(past.len() > 40, "{past:?}");
        assert!(past.windows(2).all(|pair| pair[1] == pair[0] + 1), "in order, none twice: {past:?}");
        let mut all: Vec<i64> = live.iter().chain(&past).copied().collect();
        all.sort_unstable();
        assert!(all.windows(2).all(|pair| pair[1] == pair[0] + 1), "none is missing, none comes twice: {all:?}");
        assert!(!observer.findings.iter().any(|finding| finding.code.0 == "QIAO-O141"), "{observer:#?}");
        assert_eq!(observer.counters.back_filled.get(), past.len() as u64);
        observer.end().await;
    }
}

#[tokio::test]
async fn row_05_without_a_history_the_gap_stays_told_and_everything_is_read_anew() {
    let mut server = Peer::start("counter_server.mjs", &[]);
    let (_proxy, _folder, mut observer) = after_a_gap(&mut server, History::FillGaps).await;
    let without = told(&mut observer, "QIAO-O142").await;
    assert_eq!((argument(&without, "count"), argument(&without, "node")), ("1", COUNTER));
    assert!(observer.past.is_empty(), "{:?}", observer.past);
    observer.end().await;
}

#[tokio::test]
async fn row_05_a_history_that_nobody_wants_is_not_read() {
    let mut server = Peer::start("counter_server.mjs", &["--history", "5000"]);
    let (_proxy, _folder, mut observer) = after_a_gap(&mut server, History::Ignore).await;
    let before = observer.numbers(COUNTER).len();
    observer.until("it goes on", |seen| (seen.numbers(COUNTER).len() > before + 20).then_some(())).await;
    assert!(observer.past.is_empty(), "{:?}", observer.past);
    observer.end().await;
}

/// Number of the counter in a message, and whether it is past.
fn counted(message: &Message) -> Option<(i64, bool)> {
    let body = message.json();
    let number = body["Payload"]["Counter"]["Value"].as_i64()?;
    let is_past = body.get("BackFilled") == Some(&Value::Bool(true));
    let properties = &message.properties["user-properties"];
    assert_eq!(properties.get("back-filled").is_some(), is_past, "payload and properties agree: {message:?}");
    Some((number, is_past))
}

#[test]
fn row_05_back_filled_messages_are_marked_and_every_number_arrives() {
    let mut server = Peer::start("counter_server.mjs", &["--history", "5000"]);
    let (proxy, broker) = (Proxy::to(server.port()), Mosquitto::open());
    let subscriber = Subscriber::start(broker.port, "qiao/test/#", &[]);
    let site = Site::new(&format!(
        "connections:
  hall: {{ opcua: {{ endpoint: \"opc.tcp://127.0.0.1:{}\", security: none-i-accept-the-risk, publishing-interval: 100ms }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
flows:
  - {{ name: f, from: hall, to: plant, each: \"/Objects\", select: [{{ path: \"Counter\", sampling: 0s, queue: 100 }}] }}
",
        proxy.port(),
        broker.port
    ));
    let gateway = site.run();
    gateway.ready();
    let numbers = || -> Vec<(i64, bool)> {
        let data = subscriber.messages().into_iter().filter(|message| message.text.contains("\"Payload\""));
        data.filter_map(|message| counted(&message)).collect()
    };
    gateway.until("the counter moves", |_| (numbers().len() > 5).then_some(()));
    proxy.cut();
    gateway.until("the loss", |gateway| {
        let connection = gateway.status()?["connections"][0].clone();
        (connection["state"] == "lost").then_some(())
    });
    let behind = i64::try_from(forget(&mut server)).expect("small");
    proxy.heal();
    gateway.until("it is told that the gap was filled", |gateway| gateway.log().contains("QIAO-O140").then_some(()));
    gateway.until("live ones arrive behind it", |_| {
        numbers().iter().any(|(number, _)| *number > behind + 60).then_some(())
    });
    let all = numbers();
    let past: Vec<i64> = all.iter().filter(|(_, is_past)| *is_past).map(|(number, _)| *number).collect();
    assert!(past.len() > 40 && past.is_sorted(), "{past:?}");
    let mut every: Vec<i64> = all.iter().map(|(number, _)| *number).collect();
    every.sort_unstable();
    every.dedup();
    assert!(every.windows(2).all(|pair| pair[1] == pair[0] + 1), "every number arrives: {every:?}");
    let flow = gateway.until("all is accounted for", |gateway| {
        let flow = gateway.status()?["flows"][0].clone();
        (flow["imbalance"] == 0).then_some(flow)
    });
    assert_eq!(
        (flow["gaps"].as_u64(), flow["back-filled-values"].as_u64()),
        (Some(1), Some(past.len() as u64)),
        "{flow}"
    );
    let (_, metrics) = gateway.page("/metrics").expect("it serves");
    assert!(metrics.contains(&format!("qiao_back_filled_values_total{{flow=\"f\"}} {}", past.len())), "{metrics}");
}
