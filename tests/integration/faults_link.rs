//! Promise: whatever breaks between a source and its server, the source comes back by itself, nobody else notices, and
//! what the server kept arrives whole and in order.

use super::opcua_session::{COUNTED, complete, folders, nodes, secure};
use super::rig::observer::{Observer, connection};
use super::rig::peer::Peer;
use super::rig::relay::Relay;
use futures::StreamExt;
use qiao::config::plan::SecurityMode;
use qiao::port::LinkState;
use std::path::Path;
use std::sync::atomic::Ordering;
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

/// A relay before the server that counts, and an observer of the counter.
async fn relayed(server: &Peer, folder: &Path) -> (Relay, Observer) {
    let relay = Relay::to(server.port()).await;
    let endpoint = format!("opc.tcp://127.0.0.1:{}", relay.port);
    let plain = connection(&endpoint, SecurityMode::NoneIAcceptTheRisk);
    let observer = Observer::start(folder, plain, &[COUNTED.to_owned()]);
    (relay, observer)
}

async fn counts(observer: &mut Observer, more: usize) {
    let before = observer.numbers(COUNTED).len();
    observer.until("the counter", |seen| (seen.numbers(COUNTED).len() > before + more).then_some(())).await;
}

#[tokio::test]
async fn row_06_a_peer_that_is_gone_in_one_direction_is_noticed_in_time_and_costs_nothing() {
    let server = Peer::start("counter_server.mjs", &[]);
    let one_way = async |is_up: bool| {
        let folder = tempfile::tempdir().expect("a folder");
        let (relay, mut observer) = relayed(&server, folder.path()).await;
        counts(&mut observer, 3).await;
        let way = if is_up { &relay.faults.swallows_up } else { &relay.faults.swallows_down };
        way.store(true, Ordering::SeqCst);
        let gone = Instant::now();
        observer.until("the silence", |seen| matches!(seen.links.last(), Some(LinkState::Lost(_))).then_some(())).await;
        assert!(gone.elapsed() < Duration::from_secs(30), "{:?}", gone.elapsed());
        way.store(false, Ordering::SeqCst);
        observer.connected(2).await;
        counts(&mut observer, 20).await;
        complete(&observer);
        assert!(observer.gaps.is_empty(), "{:?}", observer.gaps);
        observer.end().await;
    };
    tokio::join!(one_way(true), one_way(false));
}

#[tokio::test]
async fn row_07_a_reset_at_any_byte_of_the_way_to_the_values_and_among_them_loses_nothing() {
    let server = Peer::start("counter_server.mjs", &[]);
    let reset = async |behind: u64| {
        let folder = tempfile::tempdir().expect("a folder");
        let (relay, mut observer) = relayed(&server, folder.path()).await;
        relay.faults.reset_behind.store(behind, Ordering::SeqCst);
        let is_reset = |_: &Observer| (relay.faults.happened.load(Ordering::SeqCst) == 1).then_some(());
        observer.until("the reset", is_reset).await;
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
        let (relay, mut observer) = relayed(&server, folder.path()).await;
        counts(&mut observer, 3).await;
        relay.faults.swallows_renewals.store(is_lost, Ordering::SeqCst);
        if is_lost {
            observer
                .until("the lost renewal", |_| (relay.faults.happened.load(Ordering::SeqCst) == 1).then_some(()))
                .await;
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
