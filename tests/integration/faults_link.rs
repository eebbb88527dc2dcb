//! Promise: whatever breaks between a source and its server, the source comes back by itself, nobody else notices, and
//! what the server kept arrives whole and in order.

use super::opcua_session::{COUNTED, complete, folders, nodes, secure};
use super::rig::observer::{Observer, connection};
use super::rig::peer::Peer;
use super::rig::proxy::Proxy;
use futures::StreamExt;
use qiao::config::plan::SecurityMode;
use qiao::port::LinkState;
use qiao::tester::proxy::Direction;
use std::path::Path;
use std::time::{Duration, Instant};

#[tokio::test]
async fn row_01_a_server_that_is_stopped_and_started_again_is_read_again_and_every_item_is_checked() {
    let (_folder, keys, pki) = folders();
    let mut server = secure(&keys, &[]);
    let nodes = nodes();
    let plain = connection(&server.endpoint(), SecurityMode::NoneIAcceptTheRisk);
    let mut observer = Observer::start(&pki, plain, &nodes);
    observer.until("both values", |seen| (seen.values.len() == 2).then_some(())).await;
    let port = server.port().to_string();
    server.tell("stop");
    observer.until("the loss", |seen| matches!(seen.links.last(), Some(LinkState::Lost(_))).then_some(())).await;
    drop(server);
    let mut server = secure(&keys, &["--port", &port]);
    let up = Instant::now();
    observer.connected(2).await;
    let is_told = |seen: &Observer| seen.gaps.iter().any(|gap| gap.finding.code.0 == "QIAO-O021").then_some(());
    observer.until("the gap", is_told).await;
    observer.until("both items", |seen| (seen.counters.items_ok.get() == 2).then_some(())).await;
    server.tell("count 5");
    observer.until("the counter moves", |seen| seen.numbers(&nodes[0]).contains(&5).then_some(())).await;
    // The pauses between attempts have not grown long meanwhile.
    assert!(up.elapsed() < Duration::from_secs(20), "{:?}", up.elapsed());
    observer.end().await;
}

/// An observer of the counter of a server, through a proxy.
fn observed(proxy: &Proxy, folder: &Path) -> Observer {
    let endpoint = format!("opc.tcp://127.0.0.1:{}", proxy.port());
    Observer::start(folder, connection(&endpoint, SecurityMode::NoneIAcceptTheRisk), &[COUNTED.to_owned()])
}

async fn counts(observer: &mut Observer, more: usize) {
    let before = observer.numbers(COUNTED).len();
    observer.until("the counter", |seen| (seen.numbers(COUNTED).len() > before + more).then_some(())).await;
}

#[tokio::test]
async fn row_06_a_peer_that_is_gone_in_one_direction_is_noticed_in_time_and_costs_nothing() {
    let server = Peer::start("counter_server.mjs", &[]);
    let one_way = async |direction: Direction| {
        let folder = tempfile::tempdir().expect("a folder");
        let proxy = Proxy::to(server.port());
        let mut observer = observed(&proxy, folder.path());
        counts(&mut observer, 3).await;
        proxy.swallow_only(direction);
        let gone = Instant::now();
        observer.until("the silence", |seen| matches!(seen.links.last(), Some(LinkState::Lost(_))).then_some(())).await;
        assert!(gone.elapsed() < Duration::from_secs(30), "{:?}", gone.elapsed());
        proxy.heal();
        observer.connected(2).await;
        counts(&mut observer, 20).await;
        complete(&observer);
        assert!(observer.gaps.is_empty(), "{:?}", observer.gaps);
        observer.end().await;
    };
    tokio::join!(one_way(Direction::Up), one_way(Direction::Down));
}

#[tokio::test]
async fn row_07_a_reset_at_any_byte_of_the_way_to_the_values_and_among_them_loses_nothing() {
    let server = Peer::start("counter_server.mjs", &[]);
    let reset = async |behind: u64| {
        let folder = tempfile::tempdir().expect("a folder");
        let proxy = Proxy::to(server.port());
        proxy.reset_at(Direction::Down, behind);
        let mut observer = observed(&proxy, folder.path());
        observer.until("the reset", |_| proxy.has_fired().then_some(())).await;
        let ups = |seen: &Observer| seen.links.iter().filter(|state| **state == LinkState::Connected).count();
        let is_lost = |seen: &Observer| matches!(seen.links.last(), Some(LinkState::Lost(_))).then_some(ups(seen));
        let before = observer.until("the loss", is_lost).await;
        observer.connected(before + 1).await;
        counts(&mut observer, 20).await;
        complete(&observer);
        observer.end().await;
    };
    // In a header, in an answer on the way to a session, in the browse, in one of many notifications.
    let places = [1, 7, 29, 200, 800, 1_900, 4_000, 8_000, 12_345, 20_000];
    let runs = futures::stream::iter(places).map(reset).buffer_unordered(5);
    runs.collect::<Vec<()>>().await;
}

#[tokio::test]
async fn row_29_a_channel_is_renewed_under_load_and_a_renewal_that_is_lost_costs_one_connection() {
    let server = Peer::start("counter_server.mjs", &["--token-lifetime", "3000"]);
    let renewed = async |is_lost: bool| {
        let folder = tempfile::tempdir().expect("a folder");
        let proxy = Proxy::to(server.port());
        let mut observer = observed(&proxy, folder.path());
        counts(&mut observer, 3).await;
        if is_lost {
            proxy.swallow_next(Direction::Up, b"OPN");
            observer.until("the lost renewal", |_| proxy.has_fired().then_some(())).await;
            observer.connected(2).await;
        } else {
            // Five lives of a token.
            counts(&mut observer, 300).await;
            assert_eq!(observer.counters.reconnects.get(), 0, "{observer:?}");
        }
        counts(&mut observer, 20).await;
        complete(&observer);
        assert!(observer.gaps.is_empty(), "{:?}", observer.gaps);
        observer.end().await;
    };
    tokio::join!(renewed(false), renewed(true));
}
