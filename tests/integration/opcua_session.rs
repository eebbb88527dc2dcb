//! Security, trust and endurance of an OPC UA session, with servers nobody here wrote.

use super::rig::observer::{Observer, argument, connection};
use super::rig::peer::Peer;
use super::rig::proxy::Proxy;
use qiao::config::plan::{CertificateException, Identity, OpcUaConnection, PolicyChoice, Secret, SecurityMode};
use qiao::opcua::certificate;
use qiao::port::LinkState;
use std::path::{Path, PathBuf};
use std::time::Duration;

const COUNTER: &str = "nsu=urn:qiao:test:secure;s=Counter";
const FIXED: &str = "nsu=urn:qiao:test:secure;s=Fixed";

/// A secure server with its keys in `folder`.
fn secure(folder: &Path, more: &[&str]) -> Peer {
    let folder = folder.to_str().expect("UTF-8");
    Peer::start("secure_server.py", &[&["--folder", folder], more].concat())
}

fn user() -> Identity {
    Identity::UserName { user: "qiao".to_owned(), password: Secret::new("Brücke 桥".to_owned()) }
}

fn folders() -> (tempfile::TempDir, PathBuf, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let (server, pki) = (folder.path().join("server"), folder.path().join("pki"));
    std::fs::create_dir(&server).expect("a folder");
    (folder, server, pki)
}

fn nodes() -> [String; 2] {
    [COUNTER.to_owned(), FIXED.to_owned()]
}

/// Connects once with trust given on the way, and sees the fixed value and the counter move.
async fn works(server: &mut Peer, pki: &Path, connection: OpcUaConnection) {
    let is_secure =
        connection.security != SecurityMode::NoneIAcceptTheRisk || !matches!(connection.identity, Identity::Anonymous);
    let mut observer = Observer::start(pki, connection, &nodes());
    if is_secure && certificate::list(&observer.store).iter().all(|one| one.state != certificate::TrustState::Trusted) {
        let finding = observer.refused("QIAO-O006").await;
        assert_eq!(argument(&finding, "subject"), "CN=test server");
        observer.trust(&finding);
    }
    observer.connected(1).await;
    observer.until("the fixed value", |seen| seen.values.contains_key(FIXED).then_some(())).await;
    server.tell("count 20");
    let last = |seen: &Observer| seen.numbers(COUNTER).last().copied();
    let begun = observer.until("the counter moves", |seen| last(seen).filter(|number| *number > 0)).await;
    assert!(begun > 0);
    observer.end().await;
}

#[tokio::test]
async fn every_policy_works_with_a_user_and_a_password_once_the_server_is_trusted() {
    let (_folder, keys, pki) = folders();
    let mut server = secure(&keys, &[]);
    let table = [
        (SecurityMode::SignAndEncrypt, PolicyChoice::Basic256Sha256),
        (SecurityMode::Sign, PolicyChoice::Basic256Sha256),
        (SecurityMode::SignAndEncrypt, PolicyChoice::Aes128Sha256RsaOaep),
        (SecurityMode::Sign, PolicyChoice::Aes128Sha256RsaOaep),
        (SecurityMode::SignAndEncrypt, PolicyChoice::Aes256Sha256RsaPss),
        (SecurityMode::Sign, PolicyChoice::Aes256Sha256RsaPss),
        (SecurityMode::SignAndEncrypt, PolicyChoice::Auto),
    ];
    for (security, policy) in table {
        let base = connection(&server.endpoint(), security);
        works(&mut server, &pki, OpcUaConnection { policy, identity: user(), ..base }).await;
    }
    let base = connection(&server.endpoint(), SecurityMode::SignAndEncrypt);
    works(&mut server, &pki, base).await;
}

#[tokio::test]
async fn a_user_certificate_opens_a_session() {
    let (_folder, keys, pki) = folders();
    let mut server = secure(&keys, &[]);
    let file = |name: &str| PathBuf::from(server.ready[name].as_str().expect("a path"));
    let identity = Identity::Certificate { certificate: file("user"), key: file("user-key") };
    let base = connection(&server.endpoint(), SecurityMode::SignAndEncrypt);
    works(&mut server, &pki, OpcUaConnection { identity, ..base }).await;
}

#[tokio::test]
async fn row_34_a_trusted_server_that_nests_without_end_in_its_largest_message_does_not_end_the_process() {
    let (_folder, keys, pki) = folders();
    let mut server = secure(&keys, &[]);
    let base = connection(&server.endpoint(), SecurityMode::SignAndEncrypt);
    let mut observer = Observer::start(&pki, base, &nodes());
    let finding = observer.refused("QIAO-O006").await;
    observer.trust(&finding);
    observer.connected(1).await;
    observer.until("the fixed value", |seen| seen.values.contains_key(FIXED).then_some(())).await;
    server.tell("nest 16000000");
    server.tell("count 1");
    observer.connected(2).await;
    server.tell("count 1");
    observer.until("the counter", |seen| seen.numbers(COUNTER).last().filter(|number| **number == 2).copied()).await;
    observer.end().await;
}

#[tokio::test]
async fn without_security_nothing_is_trusted_and_nothing_need_be() {
    let (_folder, keys, pki) = folders();
    let mut server = secure(&keys, &[]);
    let base = connection(&server.endpoint(), SecurityMode::NoneIAcceptTheRisk);
    works(&mut server, &pki, base).await;
}

/// Connects to a server of this kind and expects to be refused with this code, even when it is trusted.
async fn refused(kind: &str, code: &str, exception: Option<CertificateException>) {
    let (_folder, keys, pki) = folders();
    let server = secure(&keys, &["--kind", kind]);
    let base = connection(&server.endpoint(), SecurityMode::SignAndEncrypt);
    let mut observer = Observer::start(&pki, base, &nodes());
    let unknown = observer.refused("QIAO-O006").await;
    assert!(observer.findings.iter().any(|finding| finding.code.0 == code), "the first fault hides no second");
    observer.trust(&unknown);
    observer.refused(code).await;
    observer.end().await;
    if exception.is_some() {
        let base = connection(&server.endpoint(), SecurityMode::SignAndEncrypt);
        let excused = OpcUaConnection { accept_certificate: exception, ..base };
        let mut observer = Observer::start(&pki, excused, &nodes());
        observer.connected(1).await;
        assert!(observer.findings.iter().any(|finding| finding.code.0 == "QIAO-O013"), "an exception is told");
        observer.end().await;
    }
}

#[tokio::test]
async fn row_30_an_expired_certificate_is_refused_unless_that_is_excused() {
    let exception = CertificateException { expired: true, other_host: false, until: "9999-12-31".to_owned() };
    refused("expired", "QIAO-O007", Some(exception)).await;
}

#[tokio::test]
async fn row_30_a_certificate_for_another_host_is_refused_unless_that_is_excused() {
    let exception = CertificateException { expired: false, other_host: true, until: "9999-12-31".to_owned() };
    refused("other-host", "QIAO-O008", Some(exception)).await;
}

#[tokio::test]
async fn row_30_a_certificate_of_another_application_or_with_a_weak_key_is_refused() {
    refused("other-uri", "QIAO-O009", None).await;
    refused("weak", "QIAO-O010", None).await;
}

#[tokio::test]
async fn a_wrong_password_is_refused_and_named() {
    let (_folder, keys, pki) = folders();
    let server = secure(&keys, &[]);
    let identity = Identity::UserName { user: "qiao".to_owned(), password: Secret::new("wrong".to_owned()) };
    let base = connection(&server.endpoint(), SecurityMode::SignAndEncrypt);
    let mut observer = Observer::start(&pki, OpcUaConnection { identity, ..base }, &nodes());
    let unknown = observer.refused("QIAO-O006").await;
    observer.trust(&unknown);
    let finding = observer.refused("QIAO-O004").await;
    assert_eq!(argument(&finding, "user"), "qiao");
    assert!(!format!("{observer:?}").contains("wrong"), "the password is nowhere");
    observer.end().await;
}

#[tokio::test]
async fn a_server_that_offers_no_security_is_not_used_without_being_told_to() {
    let (_folder, keys, pki) = folders();
    let server = secure(&keys, &["--only-none"]);
    let base = connection(&server.endpoint(), SecurityMode::SignAndEncrypt);
    let mut observer = Observer::start(&pki, base, &nodes());
    let finding = observer.refused("QIAO-O002").await;
    assert_eq!(argument(&finding, "offered"), "none-i-accept-the-risk");
    observer.end().await;
}

#[tokio::test]
async fn trust_that_is_taken_back_closes_the_link() {
    let (_folder, keys, pki) = folders();
    let server = secure(&keys, &[]);
    let mut observer = Observer::start(&pki, connection(&server.endpoint(), SecurityMode::Sign), &nodes());
    let unknown = observer.refused("QIAO-O006").await;
    let listed = observer.trust(&unknown);
    observer.connected(1).await;
    certificate::reject(&observer.store, &listed.certificate.fingerprint).expect("rejected");
    observer.refused("QIAO-O006").await;
    observer.end().await;
}

#[tokio::test]
async fn row_02_a_server_that_is_killed_and_comes_back_is_read_again() {
    let (_folder, keys, pki) = folders();
    let mut server = secure(&keys, &[]);
    let base = connection(&server.endpoint(), SecurityMode::SignAndEncrypt);
    let mut observer = Observer::start(&pki, OpcUaConnection { identity: user(), ..base }, &nodes());
    let unknown = observer.refused("QIAO-O006").await;
    observer.trust(&unknown);
    observer.until("the first value", |seen| seen.values.contains_key(FIXED).then_some(())).await;
    let port = server.port().to_string();
    server.kill();
    observer
        .until("the loss is told", |seen| matches!(seen.links.last(), Some(LinkState::Lost(_))).then_some(()))
        .await;
    let mut server = secure(&keys, &["--port", &port]);
    observer.connected(2).await;
    observer
        .until("the gap is told", |seen| seen.gaps.iter().any(|gap| gap.finding.code.0 == "QIAO-O021").then_some(()))
        .await;
    server.tell("count 5");
    observer.until("the counter moves", |seen| seen.numbers(COUNTER).contains(&5).then_some(())).await;
    assert_eq!(observer.counters.reconnects.get(), 1);
    observer.end().await;
}

const COUNTED: &str = "nsu=urn:qiao:test:counter;s=counter";

/// A server that keeps sessions when a connection is lost, and a proxy before it.
async fn counted(pki: &Path, security: SecurityMode) -> (Peer, Proxy, Observer) {
    let server = Peer::start("counter_server.mjs", &[]);
    let proxy = Proxy::to(server.port());
    let endpoint = format!("opc.tcp://127.0.0.1:{}", proxy.port());
    // Its certificate is for the machine's name.
    let exception = CertificateException { expired: false, other_host: true, until: "9999-12-31".to_owned() };
    let excused = OpcUaConnection { accept_certificate: Some(exception), ..connection(&endpoint, security) };
    let mut observer = Observer::start(pki, excused, &[COUNTED.to_owned()]);
    if security != SecurityMode::NoneIAcceptTheRisk {
        let unknown = observer.refused("QIAO-O006").await;
        observer.trust(&unknown);
    }
    observer.until("the counter moves", |seen| (seen.numbers(COUNTED).len() > 3).then_some(())).await;
    (server, proxy, observer)
}

/// Numbers from the first to the last one, none missing, none twice.
#[track_caller]
fn complete(observer: &Observer) {
    let numbers = observer.numbers(COUNTED);
    let missing: Vec<_> = numbers.windows(2).filter(|pair| pair[1] != pair[0] + 1).collect();
    assert!(missing.is_empty(), "breaks at {missing:?}; {observer:#?}");
}

#[tokio::test]
async fn row_03_a_connection_that_is_cut_costs_nothing_when_the_server_keeps_the_session() {
    for security in [SecurityMode::NoneIAcceptTheRisk, SecurityMode::SignAndEncrypt] {
        let (_folder, _, pki) = folders();
        let (_server, proxy, mut observer) = counted(&pki, security).await;
        for times in 2..4 {
            proxy.cut();
            observer
                .until("the loss", |seen| matches!(seen.links.last(), Some(LinkState::Lost(_))).then_some(()))
                .await;
            proxy.heal();
            observer.connected(times).await;
            let before = observer.numbers(COUNTED).len();
            observer.until("it goes on", |seen| (seen.numbers(COUNTED).len() > before + 20).then_some(())).await;
        }
        assert!(observer.gaps.is_empty(), "{:?}", observer.gaps);
        assert!(observer.counters.republished.get() > 0, "what came meanwhile was asked for");
        complete(&observer);
        observer.end().await;
    }
}

#[tokio::test]
async fn row_06_a_connection_that_swallows_everything_is_noticed_and_costs_nothing() {
    let (_folder, _, pki) = folders();
    let (_server, proxy, mut observer) = counted(&pki, SecurityMode::NoneIAcceptTheRisk).await;
    proxy.swallow();
    observer.until("the silence", |seen| matches!(seen.links.last(), Some(LinkState::Lost(_))).then_some(())).await;
    proxy.heal();
    observer.connected(2).await;
    let before = observer.numbers(COUNTED).len();
    observer.until("it goes on", |seen| (seen.numbers(COUNTED).len() > before + 20).then_some(())).await;
    complete(&observer);
    observer.end().await;
}

#[tokio::test]
async fn nothing_is_acknowledged_without_a_receipt_and_no_more_is_fetched_than_the_server_keeps() {
    let (_folder, _, pki) = folders();
    let (mut server, _proxy, mut observer) = counted(&pki, SecurityMode::NoneIAcceptTheRisk).await;
    observer.is_receipting = false;
    let before = observer.counters.notifications.get();
    // Far more notifications come due than one may hold un-receipted.
    let deadline = tokio::time::Instant::now() + Duration::from_secs(4);
    let _ = tokio::time::timeout_at(deadline, observer.until("never", |_| None::<()>)).await;
    let taken = observer.counters.notifications.get() - before;
    assert!((1..=64).contains(&taken), "{taken} notifications were taken without a receipt");
    server.tell("unacknowledged");
    observer.end().await;
}
