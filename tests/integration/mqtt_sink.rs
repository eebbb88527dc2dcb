//! The MQTT sink and a real mosquitto: everything arrives, in both protocol versions, whatever the broker goes through.

use super::rig::mosquitto::Mosquitto;
use super::rig::sink::{STATUS, Sink, append, connection, plan};
use super::rig::subscriber::Subscriber;
use super::rig::wait_for;
use qiao::config::plan::{MqttVersion, Secret};
use qiao::model::delivery::TopicKind;
use qiao::mqtt::{Cause, Ended};
use qiao::spool::Spool;
use std::collections::BTreeSet;
use std::process::Command;
use std::time::{Duration, Instant};

const VERSIONS: [MqttVersion; 2] = [MqttVersion::V5, MqttVersion::V311];

/// A message that a new subscriber is given at once.
fn retained(broker: &Mosquitto, topic: &str) -> Option<String> {
    let port = broker.port.to_string();
    let output = Command::new("mosquitto_sub")
        .args(["-h", "127.0.0.1", "-p", &port, "-W", "1", "-C", "1", "--retained-only", "-t", topic])
        .output()
        .expect("mosquitto_sub is installed (tests/run.sh does that)");
    let text = String::from_utf8_lossy(&output.stdout).trim_end().to_owned();
    (!text.is_empty()).then_some(text)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_arrive_in_order_with_qos_retain_and_properties() {
    for version in VERSIONS {
        let broker = Mosquitto::open();
        let subscriber = broker.subscribe("#", &[]);
        let sink = Sink::start(plan(connection(broker.port, version)));
        subscriber.wait("the birth message", |message| message.topic == STATUS);
        for number in 0..50 {
            sink.log("hall/log", &format!("{{\"n\":{number}}}")).await;
        }
        append(&sink.spool, "hall/状态", TopicKind::State, 1, r#"{"ok":true}"#).await;
        append(&sink.spool, "hall/quick", TopicKind::Log, 0, "{}").await;
        sink.drained();
        let quick = subscriber.wait("the QoS 0 message", |message| message.topic == "hall/quick");
        assert_eq!(quick.qos, 0, "{version:?}");
        let numbers: Vec<_> = subscriber.on("hall/log").iter().map(|message| message.json()["n"].as_u64()).collect();
        assert_eq!(numbers, (0..50).map(Some).collect::<Vec<_>>(), "{version:?}");

        assert_eq!(retained(&broker, "hall/状态").as_deref(), Some(r#"{"ok":true}"#), "a state topic is retained");
        assert_eq!(retained(&broker, "hall/log"), None, "a log topic is not");
        let properties = &subscriber.on("hall/log")[0].properties;
        if version == MqttVersion::V5 {
            assert_eq!(properties["content-type"], "application/json", "{properties}");
            assert_eq!(properties["payload-format-indicator"], 1, "{properties}");
            assert_eq!(properties["user-properties"]["profile"], "core/data-set-message", "{properties}");
            assert_eq!(properties["user-properties"]["schema-version"], "1.0", "{properties}");
        }
        assert_eq!(sink.counters.acknowledged(), 51, "{version:?}");
        assert_eq!(sink.counters.best_effort(), 1, "{version:?}");
        assert_eq!(sink.counters.published(), 53, "the birth message is the 53rd");
        assert_eq!(sink.counters.in_flight(), 0);
        let flow = sink.spool.flow_count(0);
        assert_eq!((flow.delivered_messages, flow.spooled_values), (52, 0));
        assert_eq!(sink.stop().await, Ended::Stopped);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn presence_says_online_first_stopped_after_a_clean_stop_and_lost_after_a_crash() {
    for version in VERSIONS {
        let broker = Mosquitto::open();
        let subscriber = broker.subscribe("#", &[]);
        let spool = Spool::in_memory(1 << 20, 1, 1);
        append(&spool, "hall/log", TopicKind::Log, 1, "{}").await;
        let sink = Sink::with_spool(plan(connection(broker.port, version)), spool);
        subscriber.wait("the record", |message| message.topic == "hall/log");
        assert_eq!(subscriber.messages()[0].topic, STATUS, "the birth message comes first");
        assert_eq!(retained(&broker, STATUS).as_deref(), Some(r#"{"state":"online"}"#));

        let stopping = Instant::now();
        assert_eq!(sink.stop().await, Ended::Stopped);
        assert!(stopping.elapsed() < Duration::from_secs(2), "a stop with nothing to drain is quick");
        assert_eq!(retained(&broker, STATUS).as_deref(), Some(r#"{"state":"offline","reason":"stopped"}"#));
        assert!(!broker.log().contains("Socket error"), "it ended with DISCONNECT:\n{}", broker.log());

        let sink = Sink::start(plan(connection(broker.port, version)));
        wait_for("online again", || retained(&broker, STATUS).filter(|text| text.contains("online")));
        sink.kill().await;
        wait_for("the last will", || retained(&broker, STATUS).filter(|text| text.contains("connection lost")));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_drains_what_is_in_the_spool_first() {
    let broker = Mosquitto::open();
    let subscriber = broker.subscribe("hall/log", &[]);
    let spool = Spool::in_memory(64 << 20, 1, 1);
    let sink = Sink::with_spool(plan(connection(broker.port, MqttVersion::V5)), spool.clone());
    sink.connected();
    for number in 0..3000 {
        append(&spool, "hall/log", TopicKind::Log, 1, &number.to_string()).await;
    }
    assert_eq!(sink.stop().await, Ended::Stopped);
    assert_eq!(spool.waiting(0), (0, 0));
    wait_for("all of them", || (subscriber.messages().len() == 3000).then_some(()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_38_a_broker_that_is_killed_and_restarted_without_memory_loses_nothing() {
    for version in VERSIONS {
        let mut broker = Mosquitto::open();
        let sink = Sink::start(plan(connection(broker.port, version)));
        let mut arrived = BTreeSet::new();
        let mut sent = 0;
        for round in 0..3 {
            let subscriber = broker.subscribe("hall/log", &[]);
            for _ in 0..400 {
                sink.log("hall/log", &format!("{{\"n\":{sent}}}")).await;
                sent += 1;
            }
            if round < 2 {
                // Killed in the middle: some are acknowledged, some are under way, some have not left.
                wait_for("some are acknowledged", || (sink.counters.acknowledged() > 400 * round as u64).then_some(()));
                broker.kill();
                for _ in 0..100 {
                    sink.log("hall/log", &format!("{{\"n\":{sent}}}")).await;
                    sent += 1;
                }
                wait_for("the sink notices", || sink.reason());
                arrived.extend(numbers(&subscriber));
                drop(subscriber);
                broker.restart();
            } else {
                sink.drained();
                wait_for("the last one", || numbers(&subscriber).contains(&(sent - 1)).then_some(()));
                arrived.extend(numbers(&subscriber));
            }
        }
        // What a broker acknowledges while nobody is subscribed, or takes into its grave, is not ours to keep: the
        // count that must hold is ours.
        assert_eq!(sink.counters.acknowledged(), sent, "{version:?}: each record exactly one PUBACK that counts");
        assert!(sink.counters.reconnects(Cause::Closed) >= 2, "{version:?}");
        assert!(sink.counters.published() > sent, "{version:?}: some were sent again");
        let last: Vec<_> = (sent - 400..sent).filter(|number| !arrived.contains(number)).collect();
        assert!(last.is_empty(), "{version:?}: lost {last:?}");
        assert_eq!(sink.stop().await, Ended::Stopped);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_38_a_broker_that_is_restarted_without_memory_retains_every_newest_state_again() {
    for version in VERSIONS {
        let mut broker = Mosquitto::open();
        let sink = Sink::start(plan(connection(broker.port, version)));
        for (topic, payload) in [("hall/a", "old"), ("hall/a", "new"), ("hall/gone", "here"), ("hall/gone", "")] {
            append(&sink.spool, topic, TopicKind::State, 1, payload).await;
            sink.drained();
        }
        broker.kill();
        wait_for("the sink notices", || sink.reason());
        broker.restart();
        wait_for("the state is there again", || retained(&broker, "hall/a").filter(|text| text == "new"));
        assert_eq!(retained(&broker, "hall/gone"), None, "{version:?}: taken back is taken back");
        sink.drained();
        assert_eq!(sink.stop().await, Ended::Stopped);
    }
}

fn numbers(subscriber: &Subscriber) -> Vec<u64> {
    subscriber.messages().iter().filter_map(|message| message.json()["n"].as_u64()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_101_a_message_larger_than_the_broker_takes_is_parked_and_the_next_goes_on() {
    let table = [
        // The broker tells its limit in the CONNACK: nothing is even tried.
        (MqttVersion::V5, "max_packet_size 2000", "QIAO-M022"),
        // It cannot tell, and hangs up: tried three times, alone.
        (MqttVersion::V311, "max_packet_size 2000", "QIAO-M023"),
    ];
    for (version, setting, code) in table {
        let broker = Mosquitto::start(&format!("allow_anonymous true\n{setting}"));
        let subscriber = broker.subscribe("hall/#", &[]);
        let spool = Spool::in_memory(1 << 20, 1, 1);
        for (topic, length) in [("hall/a", 10), ("hall/large", 5000), ("hall/b", 10), ("hall/c", 10)] {
            append(&spool, topic, TopicKind::Log, 1, &"x".repeat(length)).await;
        }
        let mut sink = Sink::with_spool(plan(connection(broker.port, version)), spool);
        assert_eq!(sink.parked().await, ("hall/large".to_owned(), code.to_owned()), "{version:?}");
        sink.drained();
        sink.connected();
        for topic in ["hall/a", "hall/b", "hall/c"] {
            subscriber.wait(topic, |message| message.topic == topic);
        }
        assert_eq!(sink.counters.parked(), 1, "{version:?}");
        assert_eq!(sink.spool.flow_count(0).parked_values, 1, "{version:?}");
        let shown = sink.state.borrow().last_refusal.as_ref().map(|finding| finding.code.0.clone().into_owned());
        assert_eq!(shown.as_deref(), Some(code), "{version:?}");
        // With its neighbours, with the next, and three times alone.
        let hang_ups = sink.counters.reconnects(Cause::Closed);
        assert!(hang_ups <= 5, "{version:?}: {hang_ups} reconnects for one message");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_46_a_refusal_in_the_puback_that_the_standard_does_not_know_does_not_stop_the_others() {
    // mosquitto answers a payload over message_size_limit with PUBACK 0x95, which MQTT 5.0 §3.4.2.1 does not list.
    let broker = Mosquitto::start("allow_anonymous true\nmessage_size_limit 2000");
    let spool = Spool::in_memory(1 << 20, 1, 1);
    for (topic, length) in [("hall/a", 10), ("hall/large", 5000), ("hall/b", 10)] {
        append(&spool, topic, TopicKind::Log, 1, &"x".repeat(length)).await;
    }
    let mut sink = Sink::with_spool(plan(connection(broker.port, MqttVersion::V5)), spool);
    let (topic, code) = sink.parked().await;
    assert_eq!((topic.as_str(), code.as_str()), ("hall/large", "QIAO-M023"));
    sink.drained();
    sink.connected();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn our_own_packet_limit_holds_too() {
    let broker = Mosquitto::open();
    let mut sink = Sink::start({
        let mut connection = connection(broker.port, MqttVersion::V311);
        connection.max_packet = 1000;
        plan(connection)
    });
    sink.log("hall/large", &"x".repeat(1000)).await;
    sink.log("hall/small", "x").await;
    assert_eq!(sink.parked().await, ("hall/large".into(), "QIAO-M022".into()));
    sink.drained();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_43_a_password_that_is_wrong_is_said_and_tried_slowly_and_a_right_one_works() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("passwords");
    let made = Command::new("mosquitto_passwd").args(["-b", "-c"]).arg(&file).args(["qiao", "right"]).status();
    assert!(made.expect("mosquitto_passwd is installed (tests/run.sh does that)").success());
    let broker = Mosquitto::start(&format!("allow_anonymous false\npassword_file {}", file.display()));
    for version in VERSIONS {
        let with = |password: &str| {
            let mut connection = connection(broker.port, version);
            connection.user = Some(("qiao".into(), Secret::new(password.into())));
            plan(connection)
        };
        let sink = Sink::start(with("wrong"));
        // mosquitto does not say "bad password" but "not authorised", in both versions.
        sink.out_of_order("QIAO-M006");
        assert_eq!(sink.reason().map(|(_, needs_action)| needs_action), Some(true), "{version:?}");
        wait_for("a few tries", || (sink.counters.reconnects(Cause::Refused) >= 3).then_some(()));
        let (tries, since) = (sink.counters.reconnects(Cause::Refused), Instant::now());
        wait_for("three more", || (sink.counters.reconnects(Cause::Refused) >= tries + 3).then_some(()));
        assert!(since.elapsed() > Duration::from_millis(400), "{version:?}: a pause between the tries");
        assert_eq!(sink.stop().await, Ended::Stopped);

        let sink = Sink::start(with("right"));
        sink.connected();
        sink.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_44_another_client_with_the_same_id_is_suspected_and_not_fought() {
    let broker = Mosquitto::open();
    let mut plan = plan(connection(broker.port, MqttVersion::V5));
    plan.timing.first_pause = Duration::from_millis(200);
    plan.timing.longest_pause = Duration::from_secs(2);
    let sink = Sink::start(plan);
    sink.connected();
    // It comes back a second after it was pushed out; this mosquitto hangs up on the older one without a reason.
    let _other = broker.subscribe("other/#", &["-i", "qiao-test"]);
    sink.out_of_order("QIAO-M013");
    assert!(sink.counters.reconnects(Cause::TakenOver) >= 1);
    assert!(sink.counters.connects() < 10, "{} connections", sink.counters.connects());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_spool_drains_without_a_pathological_slowness() {
    const MESSAGES: u64 = 20_000;
    for version in VERSIONS {
        for qos in [0, 1] {
            let broker = Mosquitto::start("allow_anonymous true\nlog_type error");
            let spool = Spool::in_memory(64 << 20, 1, 1);
            for number in 0..MESSAGES {
                let payload = format!("{{\"n\":{number:0>110}}}");
                append(&spool, "hall/log", TopicKind::Log, qos, &payload).await;
            }
            let sink = Sink::with_spool(plan(connection(broker.port, version)), spool);
            sink.connected();
            let began = Instant::now();
            sink.drained();
            let rate = MESSAGES as f64 / began.elapsed().as_secs_f64();
            println!("{version:?} QoS {qos}: {rate:.0} messages/s");
            assert!(rate > 1000.0, "{version:?} QoS {qos}: {rate:.0} messages/s");
            sink.stop().await;
        }
    }
}
