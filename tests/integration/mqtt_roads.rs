//! Promise: a broker behind WebSocket or behind an HTTP proxy is reached; what is wrong on the way is named, and what the
//! message says helps.

use super::rig::certificates::{Authority, VALID};
use super::rig::connect_proxy::ConnectProxy;
use super::rig::free_port;
use super::rig::gateway::{Gateway, Site};
use super::rig::mosquitto::Mosquitto;
use super::rig::rogue::Rogue;
use super::rig::sink::{Sink, connection, plan};
use super::rig::subscriber::Subscriber;
use qiao::config::plan::{MqttVersion, Tls};
use qiao::mqtt::Ended;
use std::os::unix::fs::PermissionsExt as _;

/// A mosquitto with a WebSocket listener beside its plain one, and the port of it.
fn web_socket_broker(settings: &str) -> (Mosquitto, u16) {
    let port = free_port();
    let listener = format!("listener {port} 127.0.0.1\nprotocol websockets\n{settings}");
    (Mosquitto::start(&format!("allow_anonymous true\n{listener}")), port)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_go_over_web_socket_with_and_without_tls() {
    let authority = Authority::new("right");
    let server = authority.sign("server", &["127.0.0.1"], VALID);
    let secured = format!("certfile {}\nkeyfile {}", server.certificate.display(), server.key.display());
    for settings in ["", &secured] {
        let (broker, port) = web_socket_broker(settings);
        for version in [MqttVersion::V5, MqttVersion::V311] {
            let subscriber = broker.subscribe("hall/#", &[]);
            let mut to = connection(port, version);
            to.web_socket = Some("/mqtt".to_owned());
            to.tls = (!settings.is_empty()).then(|| Tls { ca: Some(authority.file()), client: None });
            let sink = Sink::start(plan(to));
            for number in 0..300 {
                sink.log("hall/log", &number.to_string()).await;
            }
            // Larger than what goes with one write.
            let large = "x".repeat(300_000);
            sink.log("hall/large", &large).await;
            sink.drained();
            assert_eq!(sink.counters.acknowledged(), 301, "{version:?} {settings}");
            subscriber.wait("the large one", |message| message.topic == "hall/large" && message.text == large);
            let numbers: Vec<String> = subscriber.on("hall/log").into_iter().map(|message| message.text).collect();
            assert_eq!(
                numbers,
                (0..300).map(|number| number.to_string()).collect::<Vec<_>>(),
                "{version:?} {settings}"
            );
            assert_eq!(sink.stop().await, Ended::Stopped);
        }
    }
}

/// A gateway that reads from a server of the test's own; `mqtt` is the body of its broker's connection.
fn configuration(server: &Rogue, mqtt: &str) -> String {
    format!(
        "connections:
  lathe: {{ opcua: {{ endpoint: \"{}\", security: none-i-accept-the-risk }} }}
  plant: {{ mqtt: {{ {mqtt} }} }}
flows:
  - {{ name: f, from: lathe, each: {{ node: \"i=85\" }}, select: [{{ node: \"nsu=urn:qiao:test:rogue;s=A\" }}], to: plant }}
",
        server.endpoint()
    )
}

/// The line of the log that tells of this code; what it says to do comes from the catalogue.
fn told(gateway: &Gateway, code: &str) -> String {
    let line = gateway.until(code, |gateway| gateway.log().lines().find(|line| line.contains(code)).map(str::to_owned));
    let explained = super::rig::gateway::qiao(&["explain", code, "--lang", "en"]);
    format!("{line}\n{}", String::from_utf8_lossy(&explained.stdout))
}

#[test]
fn following_the_remedies_word_for_word_leads_through_the_proxy_to_the_broker() {
    let broker = Mosquitto::open();
    let subscriber = Subscriber::start(broker.port, "qiao/test/status", &[]);
    let server = Rogue::start();
    let proxy = ConnectProxy::start(Some("hall:geheim 桥"));
    let site = Site::new("");
    let secret = site.path("proxy-password");
    std::fs::write(&secret, "geheim 桥\n").expect("written");
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o600)).expect("set");
    let (right, nobody) = (broker.port, free_port());
    let steps = [
        (
            format!("broker: \"mqtt://127.0.0.1:{right}\", proxy: \"http://127.0.0.1:{nobody}\""),
            "QIAO-M091",
            "`mqtt.proxy`",
        ),
        (
            format!("broker: \"mqtt://127.0.0.1:{right}\", proxy: \"http://127.0.0.1:{}\"", proxy.port()),
            "QIAO-M092",
            "`mqtt.proxy-user` and `mqtt.proxy-password`",
        ),
        (
            format!(
                "broker: \"mqtt://127.0.0.1:{nobody}\", proxy: \"http://127.0.0.1:{}\", proxy-user: hall, \
                 proxy-password: {{ file: proxy-password }}",
                proxy.port()
            ),
            "QIAO-M093",
            "check `mqtt.broker`",
        ),
        (
            format!(
                "broker: \"ws://127.0.0.1:{right}\", proxy: \"http://127.0.0.1:{}\", proxy-user: hall, \
                 proxy-password: {{ file: proxy-password }}",
                proxy.port()
            ),
            "QIAO-M090",
            "write `mqtts://` or `mqtt://`",
        ),
    ];
    for (mqtt, code, remedy) in &steps {
        site.configure(&configuration(&server, mqtt));
        let mut gateway = site.run();
        let said = told(&gateway, code);
        assert!(said.contains(remedy), "{code} names its remedy: {said}");
        assert!(!gateway.log().contains("geheim"), "no secret is shown");
        gateway.stop();
    }
    assert!(subscriber.messages().is_empty(), "nothing came through so far");
    // What the last message said: the same with `mqtt://`.
    site.configure(&configuration(&server, &steps[3].0.replace("ws://", "mqtt://")));
    let _gateway = site.run();
    subscriber.wait("the gateway is online", |message| message.text.contains("online"));
    assert_eq!(proxy.opened().last().map(String::as_str), Some(format!("127.0.0.1:{right}").as_str()));
}
