//! Promise: as a daemon it tells systemd the truth, stops within its time and says what was left.

use super::rig::fake_broker::{FakeBroker, Heard, Reply, faultless};
use super::rig::gateway::{Gateway, Site};
use super::rig::peer::Peer;
use super::rig::{free_port, wait_for};
use std::os::unix::net::UnixDatagram;
use std::time::{Duration, Instant};

/// A machine and, at `port`, perhaps a broker.
fn site(server: &Peer, port: u16) -> Site {
    Site::new(&format!(
        "connections:
  hall: {{ opcua: {{ endpoint: \"{}\", security: none-i-accept-the-risk, publishing-interval: 100ms }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{port}\" }} }}
flows:
  - {{ name: tools, from: hall, each: \"/Objects/Machines/*\", profile: umati/machine-tool@1.02, to: plant }}
",
        server.endpoint(),
    ))
}

fn spooled(gateway: &Gateway) -> Option<u64> {
    gateway.status()?["flows"][0]["spooled-values"].as_u64().filter(|values| *values > 0)
}

#[test]
fn systemd_is_told_that_it_is_ready_alive_and_stopping() {
    let server = Peer::start("machine_tools.mjs", &[]);
    let site = site(&server, free_port());
    let path = site.path("notify");
    let socket = UnixDatagram::bind(&path).expect("a socket");
    socket.set_read_timeout(Some(Duration::from_millis(200))).expect("a limit");
    let text = path.to_str().expect("UTF-8");
    let mut gateway = site.run_with(&[("NOTIFY_SOCKET", text), ("WATCHDOG_USEC", "900000")]);
    let mut said: Vec<String> = Vec::new();
    let mut hear = |wanted: &str, count: usize| {
        wait_for(&format!("systemd is told {wanted}"), || {
            let mut bytes = [0; 512];
            if let Ok(length) = socket.recv(&mut bytes) {
                said.extend(String::from_utf8_lossy(&bytes[..length]).lines().map(str::to_owned));
            }
            (said.iter().filter(|line| *line == wanted).count() >= count).then_some(())
        });
        said.clone()
    };
    let before = hear("READY=1", 1);
    assert!(!before.iter().any(|line| line == "STOPPING=1"), "{before:?}");
    hear("WATCHDOG=1", 3);
    assert!(gateway.stop().is_some());
    hear("STOPPING=1", 1);
}

#[test]
fn a_stop_without_a_broker_is_quick_and_says_what_was_left() {
    let server = Peer::start("machine_tools.mjs", &[]);
    let site = site(&server, free_port());
    let mut gateway = site.run();
    gateway.until("messages wait for the broker", spooled);
    let status = gateway.status().expect("it answers");
    let flow = &status["flows"][0];
    assert_eq!(flow["imbalance"], 0, "{flow:#}");
    let values = |names: &[&str]| names.iter().filter_map(|name| flow[format!("{name}-values")].as_u64()).sum::<u64>();
    let fates = ["delivered", "spooled", "quarantined", "superseded", "filtered", "rejected", "lost", "held", "parked"];
    assert_eq!(values(&["received"]), values(&fates), "{flow:#}");
    let (_, metrics) = gateway.page("/metrics").expect("it answers");
    let mut families: Vec<&str> = metrics.lines().filter_map(|line| line.strip_prefix("# TYPE ")).collect();
    let count = families.len();
    families.sort_unstable();
    families.dedup();
    assert_eq!(families.len(), count, "each family once:\n{metrics}");
    assert!(metrics.ends_with("# EOF\n") && !metrics.contains(" Of the connection\n"), "{metrics}");
    let began = Instant::now();
    assert_eq!(gateway.stop(), Some(1), "{}", gateway.log());
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
    assert!(gateway.log().contains("QIAO-R009"), "{}", gateway.log());
}

#[test]
fn a_stop_with_a_broker_that_has_fallen_silent_keeps_to_its_time() {
    let server = Peer::start("machine_tools.mjs", &[]);
    let broker = FakeBroker::start(|_, heard| match heard {
        // It takes the birth message, and nothing after that.
        Heard::Publish { packet, .. } if *packet != 1 => Reply::Nothing,
        heard => faultless(heard),
    });
    let site = site(&server, broker.port);
    let mut gateway = site.run();
    gateway.until("messages are under way", spooled);
    let began = Instant::now();
    assert_eq!(gateway.stop(), Some(1), "{}", gateway.log());
    // `gateway.drain` is 10 s where nothing is said.
    assert!(began.elapsed() < Duration::from_millis(11_500), "{:?}", began.elapsed());
    assert!(gateway.log().contains("QIAO-R009"), "{}", gateway.log());
}
