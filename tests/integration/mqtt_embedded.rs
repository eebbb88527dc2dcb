//! The built-in broker: on loopback, bounded, and gone when it is stopped.

use super::rig::sink::{STATUS, Sink, connection, plan};
use super::rig::subscriber::Subscriber;
use super::rig::wait_for;
use qiao::config::plan::MqttVersion;
use qiao::mqtt::Ended;
use qiao::mqtt::embedded::{self, EmbeddedError};
use std::net::{SocketAddr, TcpListener};

fn loopback() -> SocketAddr {
    "127.0.0.1:0".parse().expect("an address")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_built_in_broker_carries_both_versions_and_frees_its_port() {
    let broker = embedded::start(loopback()).await.expect("it starts");
    let address = broker.address;
    assert!(address.ip().is_loopback() && address.port() != 0);
    let subscriber = Subscriber::start(address.port(), "#", &[]);
    for version in [MqttVersion::V5, MqttVersion::V311] {
        let sink = Sink::start(plan(connection(address.port(), version)));
        sink.connected();
        let topic = format!("hall/{version:?}");
        // A subscriber that is not there yet would miss a log message.
        subscriber.wait("the presence", |message| message.topic == STATUS);
        sink.log(&topic, "{\"a\":1}").await;
        let arrived = subscriber.wait("the message", |message| message.topic == topic);
        assert_eq!(arrived.text, "{\"a\":1}");
        sink.drained();
        assert_eq!(sink.stop().await, Ended::Stopped);
    }
    broker.stop().await;
    drop(TcpListener::bind(address).expect("the port is free again"));
    assert!(!std::path::Path::new("mqtt_storage").exists(), "it stores nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_built_in_broker_refuses_a_packet_over_its_limit_and_says_so_beforehand() {
    let broker = embedded::start(loopback()).await.expect("it starts");
    let mut sink = Sink::start({
        let mut connection = connection(broker.address.port(), MqttVersion::V5);
        connection.max_packet = 8 << 20;
        plan(connection)
    });
    sink.log("large", &"x".repeat((1 << 20) + 1)).await;
    sink.log("small", "x").await;
    assert_eq!(sink.parked().await, ("large".into(), "QIAO-M022".into()));
    sink.drained();
    broker.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_taken_port_and_an_open_address_are_refused_by_name() {
    let taken = TcpListener::bind(loopback()).expect("a port").local_addr();
    let holder = TcpListener::bind(taken.expect("an address")).expect("the port again");
    let address = holder.local_addr().expect("an address");
    let error = embedded::start(address).await.expect_err("the port is taken");
    assert!(matches!(error, EmbeddedError::PortTaken(at) if at == address), "{error}");
    assert_eq!(error.finding().code.0, "QIAO-M050");

    let open: SocketAddr = "0.0.0.0:0".parse().expect("an address");
    let error = embedded::start(open).await.expect_err("not on all interfaces");
    assert_eq!(error.finding().code.0, "QIAO-M052");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sink_survives_a_restart_of_the_built_in_broker() {
    let broker = embedded::start(loopback()).await.expect("it starts");
    let address = broker.address;
    let sink = Sink::start(plan(connection(address.port(), MqttVersion::V5)));
    sink.connected();
    broker.stop().await;
    wait_for("the sink notices", || sink.reason());
    sink.log("hall/log", "{}").await;
    let broker = embedded::start(address).await.expect("it starts again");
    sink.drained();
    sink.stop().await;
    broker.stop().await;
}
