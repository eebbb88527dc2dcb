//! TLS between the MQTT sink and a real mosquitto: what is right connects, what is wrong is told apart.

use super::rig::certificates::{Authority, Pair, VALID};
use super::rig::mosquitto::Mosquitto;
use super::rig::sink::{Sink, connection, plan};
use super::rig::wait_for;
use qiao::config::plan::{MqttVersion, Tls};
use qiao::mqtt::{Ended, SinkPlan};
use std::path::PathBuf;

/// A mosquitto with this certificate that asks its clients for theirs.
fn broker(authority: &Authority, own: &Pair, settings: &str) -> Mosquitto {
    let (ca, certificate, key) = (authority.file(), &own.certificate, &own.key);
    Mosquitto::start(&format!(
        "allow_anonymous true\ncafile {}\ncertfile {}\nkeyfile {}\nrequire_certificate true\n{settings}",
        ca.display(),
        certificate.display(),
        key.display()
    ))
}

fn to(broker: &Mosquitto, version: MqttVersion, ca: Option<PathBuf>, own: Option<&Pair>) -> SinkPlan {
    let mut connection = connection(broker.port, version);
    connection.tls = Some(Tls { ca, client: own.map(|pair| (pair.certificate.clone(), pair.key.clone())) });
    plan(connection)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_the_right_certificates_messages_arrive_over_tls_1_2_and_1_3() {
    let authority = Authority::new("right");
    let server = authority.sign("server", &["127.0.0.1", "localhost"], VALID);
    let client = authority.sign("client", &[], VALID);
    for settings in ["tls_version tlsv1.3", "tls_version tlsv1.2"] {
        let broker = broker(&authority, &server, settings);
        for version in [MqttVersion::V5, MqttVersion::V311] {
            let sink = Sink::start(to(&broker, version, Some(authority.file()), Some(&client)));
            for number in 0..500 {
                sink.log("hall/log", &number.to_string()).await;
            }
            sink.drained();
            assert_eq!(sink.counters.acknowledged(), 500, "{version:?} {settings}");
            assert_eq!(sink.stop().await, Ended::Stopped);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_fault_of_tls_has_its_own_code() {
    let authority = Authority::new("right");
    // The same name, another key: the trap of a renewed authority.
    let namesake = Authority::new("right");
    let stranger = Authority::new("stranger");
    let server = authority.sign("server", &["127.0.0.1"], VALID);
    let elsewhere = authority.sign("elsewhere", &["broker.example"], VALID);
    let expired = authority.sign("expired", &["127.0.0.1"], (2000, 2020));
    let early = authority.sign("early", &["127.0.0.1"], (2090, 2100));
    let client = authority.sign("client", &[], VALID);
    let foreign = stranger.sign("foreign", &[], VALID);
    let absent = PathBuf::from("/absent/ca.pem");

    let right = broker(&authority, &server, "");
    let right_12 = broker(&authority, &server, "tls_version tlsv1.2");
    let wrong_host = broker(&authority, &elsewhere, "");
    let wrong_time = broker(&authority, &expired, "");
    let wrong_clock = broker(&authority, &early, "");
    let plain = Mosquitto::open();
    let ca = Some(authority.file());
    let v5 = MqttVersion::V5;
    let table = [
        ("expired", to(&wrong_time, v5, ca.clone(), Some(&client)), "QIAO-M030"),
        ("not yet valid", to(&wrong_clock, v5, ca.clone(), Some(&client)), "QIAO-M031"),
        ("stranger", to(&right, v5, Some(stranger.file()), Some(&client)), "QIAO-M032"),
        ("namesake", to(&right, v5, Some(namesake.file()), Some(&client)), "QIAO-M032"),
        ("another host", to(&wrong_host, v5, ca.clone(), Some(&client)), "QIAO-M033"),
        ("no TLS there", to(&plain, v5, ca.clone(), Some(&client)), "QIAO-M034"),
        ("no TLS there, 3.1.1", to(&plain, MqttVersion::V311, ca.clone(), None), "QIAO-M034"),
        ("no client certificate", to(&right, v5, ca.clone(), None), "QIAO-M035"),
        ("no client certificate, 3.1.1", to(&right, MqttVersion::V311, ca.clone(), None), "QIAO-M035"),
        ("no client certificate, TLS 1.2", to(&right_12, v5, ca.clone(), None), "QIAO-M035"),
        ("a foreign client certificate", to(&right, v5, ca.clone(), Some(&foreign)), "QIAO-M035"),
        ("no such file", to(&right, v5, Some(absent), Some(&client)), "QIAO-M037"),
        ("TLS there, we without", plan(connection(right.port, v5)), "QIAO-M004"),
    ];
    for (name, plan, code) in table {
        let needs_action = plan.connection.tls.is_some();
        let sink = Sink::start(plan);
        wait_for(name, || sink.reason());
        assert_eq!(sink.reason(), Some((code.to_owned(), needs_action)), "{name}");
        assert_eq!(sink.stop().await, Ended::Stopped);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_an_authority_of_our_own_the_operating_system_s_decide() {
    let authority = Authority::new("right");
    let server = authority.sign("server", &["127.0.0.1"], VALID);
    let broker = broker(&authority, &server, "");
    let sink = Sink::start(to(&broker, MqttVersion::V5, None, None));
    let (code, _) = wait_for("the reason", || sink.reason());
    // It knows many, not ours; or it has no list at all, as in a bare container.
    assert!(code == "QIAO-M032" || code == "QIAO-M038", "{code}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_that_is_put_right_works_without_a_restart() {
    let authority = Authority::new("right");
    let server = authority.sign("server", &["127.0.0.1"], VALID);
    let client = authority.sign("client", &[], VALID);
    let broker = broker(&authority, &server, "");
    let folder = tempfile::tempdir().expect("a folder");
    let ca = folder.path().join("ca.pem");
    let sink = Sink::start(to(&broker, MqttVersion::V5, Some(ca.clone()), Some(&client)));
    sink.out_of_order("QIAO-M037");
    std::fs::copy(authority.file(), ca).expect("copied");
    sink.connected();
}
