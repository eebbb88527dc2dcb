//! Promise: a right that a broker takes away while the gateway runs is noticed, named and red, and green again when it is
//! back; what else flows goes on.

use super::mqtt_source::{Lone, publish};
use super::rig::fake_broker::{FakeBroker, Heard, faultless, suback};
use super::rig::mosquitto::Mosquitto;
use super::rig::sink::{Sink, connection, plan};
use super::rig::wait_for;
use qiao::config::plan::{MqttVersion, Secret};
use qiao::port::{LinkState, SourceEvent};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_53_a_subscription_that_is_refused_later_is_told_once_and_shown_until_it_is_granted() {
    static ASKED: AtomicUsize = AtomicUsize::new(0);
    let broker = FakeBroker::start(|_, heard| match heard {
        Heard::Subscribe { packet } => match ASKED.fetch_add(1, Ordering::SeqCst) {
            1..=3 => suback(*packet, &[1, 0x87]),
            _ => suback(*packet, &[1, 1]),
        },
        heard => faultless(heard),
    });
    let connection = connection(broker.port, MqttVersion::V5);
    let mut source = Lone::reading(connection, &["line/{machine}", "secret/{machine}"]);
    source.up().await;
    let refused = |source: &Lone| source.counters.refused_filters();
    assert!(refused(&source).is_empty());
    wait_for("it is shown", || (refused(&source).first()?.place == "secret/+").then_some(()));
    wait_for("it is granted again", || refused(&source).is_empty().then_some(()));
    wait_for("it is asked on and on", || (ASKED.load(Ordering::SeqCst) > 5).then_some(()));
    let (mut told, mut links) = (Vec::new(), 0);
    while let Ok(event) = source.events.try_recv() {
        match event {
            SourceEvent::Finding(finding) => told.push(finding.code.0.into_owned()),
            SourceEvent::Link(_) => links += 1,
            _ => {}
        }
    }
    assert_eq!((told, links), (vec!["QIAO-M060".to_owned()], 0), "told once, and the link stands");
    assert_eq!(broker.connects(), 1);
    source.end().await;
}

/// Runs `mosquitto_ctrl … dynsec …`.
#[track_caller]
fn control(port: u16, arguments: &[&str]) {
    let port = port.to_string();
    let output = Command::new("mosquitto_ctrl")
        .args(["-h", "127.0.0.1", "-p", &port, "-u", "admin", "-P", "secret", "dynsec"])
        .args(arguments)
        .output()
        .expect("mosquitto_ctrl is installed (tests/run.sh does that)");
    assert!(output.status.success(), "{arguments:?}: {output:?}");
}

/// Where Debian keeps it on this processor.
fn dynamic_security() -> String {
    let folders = std::fs::read_dir("/usr/lib").expect("/usr/lib").filter_map(Result::ok);
    let plugin = "mosquitto_dynamic_security.so";
    let mut found = folders.map(|folder| folder.path().join(plugin)).filter(|path| path.exists());
    let path = found.next().unwrap_or_else(|| Path::new("/usr/lib").join(plugin));
    path.display().to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_53_a_right_to_read_that_a_real_broker_takes_away_is_red_and_green_again_when_it_is_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("rights.json");
    let init = Command::new("mosquitto_ctrl").args(["dynsec", "init"]).arg(&file).args(["admin", "secret"]).output();
    assert!(init.expect("mosquitto_ctrl is installed (tests/run.sh does that)").status.success());
    let broker = Mosquitto::start(&format!(
        "allow_anonymous false\nplugin {}\nplugin_opt_config_file {}",
        dynamic_security(),
        file.display()
    ));
    let port = broker.port;
    control(port, &["createRole", "reader"]);
    control(port, &["addRoleACL", "reader", "subscribePattern", "line/#", "allow", "5"]);
    control(port, &["addRoleACL", "reader", "publishClientSend", "line/#", "allow", "5"]);
    control(port, &["createClient", "qiao", "-p", "right"]);
    control(port, &["addClientRole", "qiao", "reader"]);
    let mut connection = connection(port, MqttVersion::V5);
    connection.user = Some(("qiao".into(), Secret::new("right".into())));
    let mut source = Lone::reading(connection, &["line/{machine}"]);
    source.up().await;
    control(port, &["removeRoleACL", "reader", "subscribePattern", "line/#"]);
    let refused = async {
        loop {
            match source.events.recv().await {
                Some(SourceEvent::Link(LinkState::Refused(finding))) if finding.code.0 == "QIAO-M060" => return,
                Some(_) => {}
                None => panic!("the source ended"),
            }
        }
    };
    tokio::time::timeout(super::rig::LIMIT, refused).await.expect("red in time");
    assert_eq!(source.counters.refused_filters().len(), 1);
    control(port, &["addRoleACL", "reader", "subscribePattern", "line/#", "allow", "5"]);
    source.up().await;
    wait_for("nothing is refused any more", || source.counters.refused_filters().is_empty().then_some(()));
    publish(&broker, "line/m1", br#"{"a":1}"#, &["-u", "qiao", "-P", "right"]);
    let batch = source.batch().await;
    assert_eq!(batch.samples.len(), 1);
    source.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_53_a_right_to_publish_that_a_real_broker_takes_away_parks_what_it_refuses_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("rights");
    let allow = |topics: &str| std::fs::write(&file, format!("topic readwrite qiao/#\n{topics}")).expect("written");
    allow("topic readwrite hall/#\n");
    let broker = Mosquitto::start(&format!("allow_anonymous true\nacl_file {}", file.display()));
    let mut sink = Sink::start(plan(connection(broker.port, MqttVersion::V5)));
    sink.log("hall/log", "{}").await;
    sink.drained();
    allow("topic readwrite hall/other\n");
    broker.reload();
    sink.log("hall/log", "{}").await;
    sink.log("hall/other", "{}").await;
    // mosquitto 2.0.11 answers 0x87 and now and then hangs up behind it, when more comes with the same read: then the answer
    // may be lost with the connection, and the message is parked because it stood alone three times.
    let (topic, code) = sink.parked().await;
    assert!(topic == "hall/log" && ["QIAO-M020", "QIAO-M023"].contains(&code.as_str()), "{topic} {code}");
    sink.drained();
    let shown = sink.state.borrow().last_refusal.as_ref().map(|finding| finding.code.0.clone().into_owned());
    assert_eq!(shown, Some(code));
    allow("topic readwrite hall/#\n");
    broker.reload();
    sink.log("hall/log", "{}").await;
    sink.drained();
    assert_eq!((sink.counters.acknowledged(), sink.counters.parked()), (3, 1));
}
