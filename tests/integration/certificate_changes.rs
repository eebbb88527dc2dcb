//! Promise: a certificate that is replaced, a server's or our own, an authority that is trusted or a list that revokes, takes
//! effect without a restart, with a server nobody here wrote.

use super::opcua_session::{folders, nodes, secure, user};
use super::rig::observer::{Observer, argument, connection};
use super::rig::peer::Peer;
use qiao::config::plan::{OpcUaConnection, SecurityMode};
use qiao::opcua::certificate::{Day, OwnCertificate, TrustState, admit, admit_list, reject, renew};
use qiao::port::{Clock, LinkState};
use std::path::Path;

fn encrypted(server: &Peer) -> OpcUaConnection {
    OpcUaConnection { identity: user(), ..connection(&server.endpoint(), SecurityMode::SignAndEncrypt) }
}

async fn lost(observer: &mut Observer) {
    let is_lost =
        |seen: &Observer| matches!(seen.links.last(), Some(LinkState::Lost(_) | LinkState::Refused(_))).then_some(());
    observer.until("the loss", is_lost).await;
}

#[tokio::test]
async fn row_31_a_new_certificate_of_a_server_is_refused_until_it_is_trusted_and_then_used_without_a_restart() {
    let (_folder, keys, pki) = folders();
    let server = secure(&keys, &[]);
    let mut observer = Observer::start(&pki, encrypted(&server), &nodes());
    let first = observer.refused("QIAO-O006").await;
    observer.trust(&first);
    observer.connected(1).await;
    let port = server.port().to_string();
    drop(server);
    lost(&mut observer).await;
    for file in std::fs::read_dir(&keys).expect("a folder").flatten() {
        std::fs::remove_file(file.path()).expect("gone");
    }
    let mut server = secure(&keys, &["--port", &port]);
    let second = observer.refused("QIAO-O006").await;
    assert_ne!(argument(&first, "fingerprint"), argument(&second, "fingerprint"));
    observer.trust(&second);
    observer.connected(2).await;
    server.tell("count 3");
    observer.until("the counter", |seen| seen.numbers(&nodes()[0]).contains(&3).then_some(())).await;
    observer.end().await;
}

#[tokio::test]
async fn row_32_an_own_key_pair_is_renewed_while_it_runs_and_a_broken_one_is_told_and_replaced() {
    let (_folder, keys, pki) = folders();
    let server = secure(&keys, &[]);
    let mut observer = Observer::start(&pki, encrypted(&server), &nodes());
    let unknown = observer.refused("QIAO-O006").await;
    observer.trust(&unknown);
    observer.connected(1).await;
    observer.until("both values", |seen| (seen.values.len() == 2).then_some(())).await;
    let today = Day::of(Clock::start().now().wall);
    let before = OwnCertificate::read(&observer.store).expect("a key pair");
    let after = renew(&observer.store, "test", today).expect("renewed");
    assert_ne!(before.certificate.fingerprint, after.certificate.fingerprint);
    assert_eq!(before.application_uri, after.application_uri, "it is the same application");
    // What runs, runs on; the next connection is made with the new pair.
    let port = server.port().to_string();
    drop(server);
    lost(&mut observer).await;
    let server = secure(&keys, &["--port", &port]);
    observer.connected(2).await;
    // Half of a renewal, as a crash leaves it: the certificate of one pair and the key of the other.
    std::fs::write(&after.certificate_file, &before.certificate.der).expect("written");
    drop(server);
    lost(&mut observer).await;
    let mut server = secure(&keys, &["--port", &port]);
    observer.refused("QIAO-O017").await;
    renew(&observer.store, "test", today).expect("renewed");
    observer.connected(3).await;
    server.tell("count 3");
    observer.until("the counter", |seen| seen.numbers(&nodes()[0]).contains(&3).then_some(())).await;
    observer.end().await;
}

#[tokio::test]
async fn row_30_a_server_is_trusted_by_its_authority_until_that_revokes_it_or_is_trusted_no_more() {
    let (_folder, keys, pki) = folders();
    let mut server = secure(&keys, &["--authority"]);
    let file = |server: &Peer, name: &str| server.ready[name].as_str().expect("a path").to_owned();
    let mut observer = Observer::start(&pki, encrypted(&server), &nodes());
    observer.refused("QIAO-O006").await;
    let authority =
        admit(&observer.store, Path::new(&file(&server, "authority")), TrustState::Authority).expect("taken");
    observer.refused("QIAO-O155").await;
    admit_list(&observer.store, Path::new(&file(&server, "list"))).expect("taken");
    observer.connected(1).await;
    server.tell("count 3");
    observer.until("the counter", |seen| seen.numbers(&nodes()[0]).contains(&3).then_some(())).await;
    // A newer list; what is open is closed.
    admit_list(&observer.store, Path::new(&file(&server, "revoking-list"))).expect("taken");
    observer.refused("QIAO-O154").await;
    reject(&observer.store, &authority.certificate.fingerprint).expect("rejected");
    observer.refused("QIAO-O006").await;
    observer.end().await;
}
