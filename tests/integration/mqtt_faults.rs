//! The MQTT sink and a broker with faults: each is named, nothing is lost, nothing is tried in a tight loop.

use super::rig::fake_broker::{FakeBroker, Heard, Reply, connack, connack_311, faultless, puback, puback_311};
use super::rig::sink::{STATUS, Sink, append, connection, plan};
use super::rig::{LIMIT, free_port, wait_for};
use qiao::config::plan::MqttVersion;
use qiao::model::delivery::TopicKind;
use qiao::mqtt::{Cause, Ended, SinkPlan};
use qiao::spool::Spool;
use std::sync::Mutex;
use std::time::{Duration, Instant};

fn to(broker: &FakeBroker, version: MqttVersion) -> SinkPlan {
    plan(connection(broker.port, version))
}

/// A spool with these topics, one message each.
async fn spool(topics: &[&str]) -> Spool {
    let spool = Spool::in_memory(1 << 20, 1, 1);
    for topic in topics {
        append(&spool, topic, TopicKind::Log, 1, "{}").await;
    }
    spool
}

/// The topics of the publishes on one connection, the presence left out.
fn topics(broker: &FakeBroker, connection: usize) -> Vec<String> {
    let heard = broker.heard();
    let publishes = heard.iter().filter(|(number, _)| *number == connection).filter_map(|(_, heard)| heard.publish());
    publishes.map(|(topic, _)| topic.to_owned()).filter(|topic| topic != STATUS).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_43_each_refusal_of_the_connection_has_its_own_code() {
    let table = [
        (MqttVersion::V5, 0x86, "QIAO-M005", true),
        (MqttVersion::V5, 0x87, "QIAO-M006", true),
        (MqttVersion::V5, 0x85, "QIAO-M007", true),
        (MqttVersion::V5, 0x88, "QIAO-M008", false),
        (MqttVersion::V5, 0x89, "QIAO-M008", false),
        (MqttVersion::V5, 0x84, "QIAO-M009", true),
        (MqttVersion::V5, 0x8A, "QIAO-M010", true),
        (MqttVersion::V311, 1, "QIAO-M009", true),
        (MqttVersion::V311, 2, "QIAO-M007", true),
        (MqttVersion::V311, 3, "QIAO-M008", false),
        (MqttVersion::V311, 4, "QIAO-M005", true),
        (MqttVersion::V311, 5, "QIAO-M006", true),
    ];
    for (version, reason, code, needs_action) in table {
        let broker = FakeBroker::start(move |_, _| match version {
            MqttVersion::V5 => connack(reason, &[]),
            MqttVersion::V311 => connack_311(reason),
        });
        let sink = Sink::start(to(&broker, version));
        wait_for(&format!("{version:?} {reason:#x}"), || sink.reason());
        assert_eq!(sink.reason(), Some((code.to_owned(), needs_action)), "{version:?} {reason:#x}");
        assert_eq!(sink.stop().await, Ended::Stopped);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_way_of_not_being_there_has_its_own_code() {
    let nobody = plan(connection(free_port(), MqttVersion::V5));
    let unknown = {
        let mut connection = connection(1883, MqttVersion::V5);
        connection.host = "no-such-host.invalid".into();
        plan(connection)
    };
    let deaf = FakeBroker::start(|_, _| Reply::Nothing);
    let rude = FakeBroker::start(|_, _| Reply::Close);
    let old = FakeBroker::start(|_, _| Reply::Last(vec![0x20, 2, 0, 1]));
    let odd = FakeBroker::start(|_, _| Reply::Bytes(vec![0xd0, 0]));
    let quick = |mut plan: SinkPlan| {
        plan.timing.connect = Duration::from_millis(500);
        plan
    };
    let table = [
        (nobody, "QIAO-M001"),
        (unknown, "QIAO-M002"),
        (quick(to(&deaf, MqttVersion::V5)), "QIAO-M003"),
        (quick(to(&deaf, MqttVersion::V311)), "QIAO-M003"),
        (to(&rude, MqttVersion::V5), "QIAO-M004"),
        (to(&rude, MqttVersion::V311), "QIAO-M004"),
        (to(&old, MqttVersion::V5), "QIAO-M009"),
        (to(&odd, MqttVersion::V5), "QIAO-M015"),
        (to(&odd, MqttVersion::V311), "QIAO-M015"),
    ];
    for (plan, code) in table {
        let version = plan.connection.version;
        let sink = Sink::start(plan);
        wait_for(code, || sink.reason());
        assert_eq!(sink.reason().map(|(code, _)| code).as_deref(), Some(code), "{version:?}");
        assert_eq!(sink.stop().await, Ended::Stopped);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_39_a_broker_that_acknowledges_nothing_is_given_up_and_everything_comes_again() {
    for version in [MqttVersion::V5, MqttVersion::V311] {
        let broker = FakeBroker::start(|connection, heard| match heard {
            Heard::Publish { .. } if connection == 0 => Reply::Nothing,
            heard => faultless(heard),
        });
        let sink = Sink::with_spool(to(&broker, version), spool(&["a", "b", "c"]).await);
        sink.out_of_order("QIAO-M014");
        assert!(sink.counters.oldest_unacknowledged() >= Duration::from_millis(900), "{version:?}: the gauge shows it");
        sink.drained();
        assert_eq!(topics(&broker, 0), ["a", "b", "c"], "{version:?}");
        assert_eq!(topics(&broker, 1), ["a", "b", "c"], "{version:?}: again, in order");
        assert_eq!(sink.counters.reconnects(Cause::Silent), 1, "{version:?}");
        wait_for("the gauge falls", || (sink.counters.oldest_unacknowledged() == Duration::ZERO).then_some(()));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_39_a_lost_puback_makes_only_its_own_record_come_again() {
    let broker = FakeBroker::start(|connection, heard| match heard {
        Heard::Publish { topic, .. } if connection == 0 && topic == "lost" => Reply::Nothing,
        heard => faultless(heard),
    });
    let sink = Sink::with_spool(to(&broker, MqttVersion::V5), spool(&["a", "lost", "b"]).await);
    // Others go on being acknowledged, so the broker is not silent; one was passed over all the same.
    let began = Instant::now();
    while broker.published("lost") < 2 {
        assert!(began.elapsed() < LIMIT, "it does not come again");
        sink.log("steady", "{}").await;
        wait_for("all the others are acknowledged", || (sink.waiting() <= 1).then_some(()));
    }
    sink.drained();
    assert_eq!((broker.published("a"), broker.published("b")), (1, 1), "what was acknowledged does not come again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_40_a_puback_for_nothing_or_twice_releases_nothing() {
    for say in [puback_311(99), puback_311(1)] {
        let broker = FakeBroker::start(move |connection, heard| match heard {
            Heard::Publish { topic, .. } if connection == 0 && topic == "a" => say.clone(),
            heard => faultless(heard),
        });
        let sink = Sink::with_spool(to(&broker, MqttVersion::V5), spool(&["a"]).await);
        sink.drained();
        assert_eq!(broker.published("a"), 2, "sent again on a clean connection");
        assert_eq!(sink.counters.acknowledged(), 1);
        assert_eq!(sink.counters.reconnects(Cause::Protocol), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_46_a_refused_message_is_parked_and_its_neighbours_go_on() {
    for reason in [0x87, 0x90, 0x99] {
        let broker = FakeBroker::start(move |_, heard| match heard {
            Heard::Publish { topic, packet, .. } if topic == "forbidden" => puback(*packet, reason),
            heard => faultless(heard),
        });
        let mut sink = Sink::with_spool(to(&broker, MqttVersion::V5), spool(&["a", "forbidden", "b"]).await);
        assert_eq!(sink.parked().await, ("forbidden".into(), "QIAO-M020".into()), "{reason:#x}");
        sink.drained();
        assert_eq!((broker.published("forbidden"), broker.published("b")), (1, 1), "{reason:#x}");
        assert_eq!((sink.counters.refused(), sink.counters.acknowledged()), (1, 2), "{reason:#x}");
        assert_eq!(broker.connects(), 1, "{reason:#x}: the connection stays");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_46_an_unclear_refusal_is_tried_three_times_and_then_parked() {
    let broker = FakeBroker::start(|_, heard| match heard {
        Heard::Publish { topic, packet, .. } if topic == "odd" => puback(*packet, 0x83),
        heard => faultless(heard),
    });
    let mut sink = Sink::with_spool(to(&broker, MqttVersion::V5), spool(&["odd", "b"]).await);
    assert_eq!(sink.parked().await, ("odd".into(), "QIAO-M020".into()));
    assert_eq!(broker.published("odd"), 3);
    sink.drained();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_46_over_quota_a_message_waits_and_is_taken_later() {
    let refused = Mutex::new(0);
    let broker = FakeBroker::start(move |_, heard| match heard {
        Heard::Publish { topic, packet, .. } if topic == "busy" && *refused.lock().expect("no panic") < 2 => {
            *refused.lock().expect("no panic") += 1;
            puback(*packet, 0x97)
        }
        heard => faultless(heard),
    });
    let began = Instant::now();
    let sink = Sink::with_spool(to(&broker, MqttVersion::V5), spool(&["busy", "b"]).await);
    wait_for("the quota is said", || {
        let state = sink.state.borrow();
        (state.last_refusal.as_ref()?.code.0 == "QIAO-M021").then_some(())
    });
    let told = sink.state.borrow().last_refusal.as_ref().map(ToString::to_string);
    assert!(told.as_ref().is_some_and(|text| !text.contains('‹')), "{told:?}");
    sink.drained();
    assert_eq!(broker.published("busy"), 3);
    assert!(began.elapsed() > Duration::from_secs(2), "one second, then two");
    assert_eq!(broker.connects(), 1);
    assert_eq!(sink.counters.parked(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_45_a_receive_maximum_of_two_is_kept() {
    // Answers only when two are under way, and the older one first: more than two would show.
    let open = Mutex::new((Vec::new(), 0));
    let broker = FakeBroker::start(move |_, heard| match heard {
        Heard::Connect { .. } => connack(0, &[0x21, 0, 2]),
        Heard::Publish { topic, packet, .. } if topic == STATUS => puback(*packet, 0),
        Heard::Publish { packet, .. } => {
            let (open, most) = &mut *open.lock().expect("no panic");
            open.push(*packet);
            *most = open.len().max(*most);
            assert!(*most <= 2, "{most} under way");
            if open.len() < 2 {
                return Reply::Nothing;
            }
            let answers = open.drain(..).flat_map(|packet| match puback(packet, 0) {
                Reply::Bytes(bytes) => bytes,
                _ => Vec::new(),
            });
            Reply::Bytes(answers.collect())
        }
        heard => faultless(heard),
    });
    let sink = Sink::with_spool(to(&broker, MqttVersion::V5), spool(&["a", "b", "c", "d", "e", "f"]).await);
    sink.drained();
    assert_eq!(topics(&broker, 0), ["a", "b", "c", "d", "e", "f"]);
    assert_eq!(broker.connects(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_45_what_a_broker_cannot_do_is_obeyed_and_said() {
    // Maximum QoS 0, Retain Available 0; it refuses a will that asks for more, as it must.
    let asked = Mutex::new(0);
    let broker = FakeBroker::start(move |_, heard| match heard {
        Heard::Connect { .. } => {
            let mut asked = asked.lock().expect("no panic");
            *asked += 1;
            match *asked {
                1 => connack(0x9A, &[]),
                2 => connack(0x9B, &[]),
                _ => connack(0, &[0x24, 0, 0x25, 0]),
            }
        }
        heard => faultless(heard),
    });
    let sink = Sink::start(to(&broker, MqttVersion::V5));
    sink.connected();
    append(&sink.spool, "state", TopicKind::State, 1, "{}").await;
    sink.drained();
    let codes: Vec<_> = sink.state.borrow().warnings.iter().map(|finding| finding.code.0.clone()).collect();
    assert_eq!(codes, ["QIAO-M025", "QIAO-M026"]);
    wait_for("it was heard", || (broker.published("state") == 1).then_some(()));
    let heard = broker.heard();
    assert!(heard.iter().all(|(_, heard)| !matches!(heard, Heard::Publish { qos: 1.., .. })), "{heard:?}");
    assert_eq!((sink.counters.best_effort(), sink.counters.acknowledged()), (1, 0));
    assert_eq!(sink.stop().await, Ended::Stopped);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_44_a_broker_that_keeps_hanging_up_is_suspected_of_having_another_client_with_our_id() {
    let broker = FakeBroker::start(|_, heard| match heard {
        Heard::Publish { .. } => Reply::Close,
        heard => faultless(heard),
    });
    let sink = Sink::with_spool(to(&broker, MqttVersion::V311), spool(&["a"]).await);
    sink.out_of_order("QIAO-M013");
    let (connects, since) = (broker.connects(), Instant::now());
    wait_for("a few more tries", || (broker.connects() >= connects + 3).then_some(()));
    assert!(since.elapsed() > Duration::from_millis(400), "with pauses");
    assert_eq!(sink.counters.parked(), 0, "no record is blamed before the broker has proved to work");
    assert_eq!(sink.waiting(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_reason_a_broker_gives_when_it_disconnects_is_shown() {
    // Server shutting down, in the short form and in the long one; session taken over.
    let table: [(&[u8], _, _); 3] = [
        (&[0xe0, 1, 0x8b], "QIAO-M016", Cause::Closed),
        (&[0xe0, 2, 0x8b, 0], "QIAO-M016", Cause::Closed),
        (&[0xe0, 1, 0x8e], "QIAO-M012", Cause::TakenOver),
    ];
    for (packet, code, cause) in table {
        let broker = FakeBroker::start(|_, heard| faultless(heard));
        let sink = Sink::start(to(&broker, MqttVersion::V5));
        wait_for("the birth message", || (broker.published(STATUS) == 1).then_some(()));
        sink.connected();
        broker.say(packet);
        sink.out_of_order(code);
        sink.connected();
        assert_eq!(sink.counters.reconnects(cause), 1, "{packet:02x?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_takes_leave_within_its_time_even_of_a_silent_broker() {
    let broker = FakeBroker::start(|_, heard| match heard {
        Heard::Publish { topic, .. } if topic != STATUS => Reply::Nothing,
        heard => faultless(heard),
    });
    let mut plan = to(&broker, MqttVersion::V5);
    plan.drain = tokio::sync::watch::channel(Duration::from_millis(500)).1;
    plan.timing.silence = Duration::from_secs(60);
    let spool = spool(&["a"]).await;
    let sink = Sink::with_spool(plan, spool.clone());
    wait_for("it is under way", || (broker.published("a") == 1).then_some(()));
    let began = Instant::now();
    assert_eq!(sink.stop().await, Ended::Stopped);
    assert!(began.elapsed() < Duration::from_secs(3));
    assert_eq!(spool.waiting(0).0, 1, "what was not acknowledged is still there");
    wait_for("it took leave", || broker.heard().iter().any(|(_, heard)| *heard == Heard::Disconnect).then_some(()));
    assert_eq!(broker.published(STATUS), 2, "online and stopped");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_while_there_is_no_connection_is_immediate() {
    let sink = Sink::with_spool(plan(connection(free_port(), MqttVersion::V5)), spool(&["a"]).await);
    sink.out_of_order("QIAO-M001");
    let began = Instant::now();
    assert_eq!(sink.stop().await, Ended::Stopped);
    assert!(began.elapsed() < Duration::from_secs(1));
}
