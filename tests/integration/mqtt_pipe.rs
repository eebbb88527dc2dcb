//! Promise: MQTT is a lossy pipe and nothing is lost in it: whatever the broker does, each message comes with its key until
//! its own PUBACK is here, and what a broker sends twice is taken once where that can be known.

use super::rig::fake_broker::{
    FakeBroker, Heard, Reply, connack, connack_resumed, faultless, puback_311, publish, suback, suback_311,
};
use super::rig::mosquitto::Mosquitto;
use super::rig::proxy::Proxy;
use super::rig::sink::{STATUS, Sink, append, append_to, connection, plan};
use super::rig::wait_for;
use qiao::config::plan::MqttVersion;
use qiao::model::delivery::TopicKind;
use qiao::mqtt::{Cause, Ended, Timing};
use qiao::spool::Spool;
use qiao::tester::proxy::Direction;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::time::{Duration, Instant};

const VERSIONS: [MqttVersion; 2] = [MqttVersion::V5, MqttVersion::V311];

/// Gateway, stream and sequence of a publish.
type Key = [String; 3];

fn key(user: &[(String, String)]) -> Key {
    ["gateway", "stream", "sequence"].map(|name| {
        let mut found = user.iter().filter(|(own, _)| own == name);
        let (first, second) = (found.next(), found.next());
        assert!(second.is_none(), "{name} once: {user:?}");
        first.unwrap_or_else(|| panic!("{name}: {user:?}")).1.clone()
    })
}

/// Payload and key of the publishes on one connection, the presence left out.
fn keys(broker: &FakeBroker, connection: usize) -> Vec<(Vec<u8>, Key)> {
    let heard = broker.heard().into_iter().filter(|(number, _)| *number == connection);
    let publishes = heard.filter_map(|(_, heard)| match heard {
        Heard::Publish { topic, payload, user, .. } if topic != STATUS => Some((payload, key(&user))),
        _ => None,
    });
    publishes.collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_39_what_comes_again_after_a_lost_puback_carries_the_same_key() {
    let broker = FakeBroker::start(|connection, heard| match heard {
        Heard::Publish { .. } if connection == 0 => Reply::Nothing,
        heard => faultless(heard),
    });
    let sink = Sink::start(plan(connection(broker.port, MqttVersion::V5)));
    for number in 0..5 {
        sink.log("hall/log", &number.to_string()).await;
    }
    sink.drained();
    let (first, second) = (keys(&broker, 0), keys(&broker, 1));
    assert_eq!((first.len(), &first), (5, &second), "the same messages under the same keys");
    let all: BTreeSet<&Key> = first.iter().map(|(_, key)| key).collect();
    assert_eq!(all.len(), 5, "each has its own");
    assert!(all.iter().all(|key| key[0] == "test"));
    assert_eq!(sink.stop().await, Ended::Stopped);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_39_lost_pubacks_of_a_real_broker_make_duplicates_with_equal_keys_and_no_loss() {
    let broker = Mosquitto::open();
    let subscriber = broker.subscribe("hall/log", &[]);
    let proxy = Proxy::to(broker.port);
    let sink = Sink::start(plan(connection(proxy.port(), MqttVersion::V5)));
    sink.connected();
    // As many as this broker lets be under way (its Receive Maximum is 20).
    for round in 0..3 {
        proxy.swallow_only(Direction::Down);
        for number in 0..15 {
            sink.log("hall/log", &format!("{{\"n\":{}}}", round * 15 + number)).await;
        }
        let arrived = 15 * (2 * round + 1);
        wait_for("the broker has them, we do not know it", || (subscriber.messages().len() >= arrived).then_some(()));
        proxy.heal();
        sink.drained();
    }
    wait_for("all of them again", || (subscriber.messages().len() == 90).then_some(()));
    let mut found: BTreeMap<Key, BTreeSet<String>> = BTreeMap::new();
    let mut numbers = BTreeSet::new();
    for message in subscriber.messages() {
        let user = &message.properties["user-properties"];
        let key = ["gateway", "stream", "sequence"].map(|name| user[name].as_str().expect("a key").to_owned());
        numbers.insert(message.json()["n"].as_u64());
        found.entry(key).or_default().insert(message.text);
    }
    assert_eq!((numbers.len(), found.len()), (45, 45), "none is lost, and dropping by key leaves each once");
    assert!(found.values().all(|payloads| payloads.len() == 1), "no key stands for two messages");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_40_pubacks_in_another_order_release_what_they_are_for() {
    let open = Mutex::new(Vec::new());
    let broker = FakeBroker::start(move |_, heard| match heard {
        Heard::Publish { topic, packet, .. } if topic != STATUS => {
            let mut open = open.lock().expect("no panic");
            open.push(*packet);
            if open.len() < 4 {
                return Reply::Nothing;
            }
            let answers = open.drain(..).rev().flat_map(|packet| match puback_311(packet) {
                Reply::Bytes(bytes) => bytes,
                _ => Vec::new(),
            });
            Reply::Bytes(answers.collect())
        }
        heard => faultless(heard),
    });
    let spool = Spool::in_memory(1 << 20, 1, 1);
    for number in 0..8 {
        append(&spool, "hall/log", TopicKind::Log, 1, &number.to_string()).await;
    }
    let sink = Sink::with_spool(plan(connection(broker.port, MqttVersion::V5)), spool);
    sink.drained();
    assert_eq!((sink.counters.acknowledged(), broker.published("hall/log"), broker.connects()), (8, 8, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_41_a_packet_identifier_that_is_never_freed_heals_on_another_connection() {
    for version in VERSIONS {
        // All but one are acknowledged, until the identifiers begin anew; then the session is lost.
        let broker = FakeBroker::start(|connection, heard| match heard {
            Heard::Publish { payload, .. } if connection == 0 && payload == b"0" => Reply::Nothing,
            heard => faultless(heard),
        });
        let mut plan = plan(connection(broker.port, version));
        plan.timing.silence = Duration::from_secs(5);
        let spool = Spool::in_memory(16 << 20, 1, 1);
        for number in 0..3000 {
            append(&spool, "hall/log", TopicKind::Log, 1, &number.to_string()).await;
        }
        let sink = Sink::with_spool(plan, spool);
        sink.drained();
        assert_eq!(sink.counters.acknowledged(), 3000, "{version:?}");
        assert!(broker.connects() <= 3, "{version:?}: {} connections", broker.connects());
        let heard = broker.heard();
        let first =
            heard.iter().filter(|(_, heard)| matches!(heard, Heard::Publish { payload, .. } if payload == b"0"));
        assert_eq!(first.count(), 2, "{version:?}: only what was not acknowledged came again");
        assert_eq!(sink.stop().await, Ended::Stopped);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_42_a_broker_that_takes_the_connection_and_says_nothing_is_given_up_with_growing_pauses() {
    for version in VERSIONS {
        let broker = FakeBroker::start(|_, _| Reply::Nothing);
        let mut plan = plan(connection(broker.port, version));
        plan.timing.connect = Duration::from_millis(300);
        let sink = Sink::start(plan);
        let began = Instant::now();
        wait_for("four tries", || (sink.counters.reconnects(Cause::Silent) >= 4).then_some(()));
        // Four times 300 ms, and three pauses of at least 50, 100 and 200 ms.
        assert!(began.elapsed() > Duration::from_millis(1500), "{version:?}: {:?}", began.elapsed());
        assert_eq!(sink.reason().map(|(code, _)| code).as_deref(), Some("QIAO-M003"), "{version:?}");
        assert_eq!(sink.stop().await, Ended::Stopped);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_43_a_broker_that_refuses_is_asked_less_and_less_often_and_taken_when_it_relents() {
    let asked = Mutex::new(0);
    let broker = FakeBroker::start(move |_, heard| match heard {
        Heard::Connect { .. } => {
            let mut asked = asked.lock().expect("no panic");
            *asked += 1;
            // Quota exceeded, server moved, not authorised, by turns.
            if *asked <= 6 { connack([0x97, 0x9D, 0x87][*asked % 3], &[]) } else { connack(0, &[]) }
        }
        heard => faultless(heard),
    });
    let spool = Spool::in_memory(1 << 20, 1, 1);
    append(&spool, "hall/log", TopicKind::Log, 1, "{}").await;
    let began = Instant::now();
    let sink = Sink::with_spool(plan(connection(broker.port, MqttVersion::V5)), spool);
    wait_for("somebody must act", || sink.reason().filter(|(_, needs_action)| *needs_action));
    sink.drained();
    // Six pauses: at least 50, 100, and then 200 ms each.
    assert!(began.elapsed() > Duration::from_millis(900), "{:?}", began.elapsed());
    sink.connected();
    assert_eq!(sink.reason(), None, "the alarm ends with the fault");
    assert_eq!(sink.counters.reconnects(Cause::Refused), 6);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_44_a_client_that_is_pushed_out_again_and_again_leaves_the_place_and_says_so() {
    // The other one comes back at once, whenever we are there: session taken over.
    let broker = FakeBroker::start(|_, heard| match heard {
        Heard::Publish { .. } => Reply::Last(vec![0xe0, 1, 0x8e]),
        heard => faultless(heard),
    });
    let mut plan = plan(connection(broker.port, MqttVersion::V5));
    plan.timing.longest_pause = Duration::from_secs(2);
    let sink = Sink::start(plan);
    sink.out_of_order("QIAO-M012");
    sink.out_of_order("QIAO-M097");
    assert_eq!(sink.reason(), Some(("QIAO-M097".to_owned(), true)), "an alarm");
    let (connects, since) = (broker.connects(), Instant::now());
    assert_eq!(connects, 4);
    wait_for("it tries again, all the same", || (broker.connects() > connects).then_some(()));
    // The pause is four times the longest other one: at least half of 8 s.
    assert!(since.elapsed() > Duration::from_secs(3), "{:?}", since.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_47_a_broker_that_reads_nothing_bounds_what_is_under_way_and_holds_up_no_other() {
    let (slow, good) = (Mosquitto::open(), Mosquitto::open());
    let proxy = Proxy::to(slow.port);
    let spool = Spool::in_memory(16 << 20, 2, 1);
    let mut plan_of_slow = plan(connection(proxy.port(), MqttVersion::V5));
    plan_of_slow.timing.silence = Duration::from_secs(3);
    let stuck = Sink::with_reader(plan_of_slow, spool.clone(), 0);
    let other = Sink::with_reader(plan(connection(good.port, MqttVersion::V5)), spool.clone(), 1);
    stuck.connected();
    other.connected();
    proxy.limit(Direction::Up, 1);
    // Until its share is full: 8 MiB, of which the system's buffers take some.
    let payload = "x".repeat(16 << 10);
    let fill = async {
        for _ in 0..2000 {
            append_to(&spool, 0, "hall/log", &payload).await;
        }
    };
    assert!(tokio::time::timeout(Duration::from_secs(2), fill).await.is_err(), "the source waits");
    assert!(stuck.counters.in_flight() <= 1000, "{} under way", stuck.counters.in_flight());
    for number in 0..500 {
        append_to(&spool, 1, "hall/other", &number.to_string()).await;
    }
    wait_for("the other one goes on", || (spool.waiting(1).0 == 0).then_some(()));
    assert_eq!(other.counters.acknowledged(), 500);
    stuck.out_of_order("QIAO-M014");
    proxy.heal();
    stuck.drained();
    assert_eq!(spool.waiting(0), (0, 0), "everything went out in the end");
}

/// What a client hears of a broker that has lost its mind, by number; each ends the connection or says nothing.
fn rubbish(number: u64) -> Vec<u8> {
    let fixed: [&[u8]; 14] = [
        // A length of five bytes, and one beyond every limit.
        &[0x30, 0xff, 0xff, 0xff, 0xff, 0x01],
        &[0x30, 0xff, 0xff, 0xff, 0x7f, 0, 1, b'a'],
        // Reserved types and flags; packets that only a client sends.
        &[0x00, 0x00],
        &[0xf0, 0x00],
        &[0x4f, 0x02, 0, 1],
        &[0x10, 0x02, 0, 4],
        &[0x82, 0x02, 0, 1],
        // Both bits of the QoS; a topic longer than the packet; no packet identifier; properties beyond the end.
        &[0x36, 0x05, 0, 1, b'a', 0, 1],
        &[0x32, 0x04, 0xff, 0xff, b'a', 0],
        &[0x32, 0x03, 0, 1, b'a'],
        &[0x32, 0x07, 0, 1, b'a', 0, 1, 0x7f, 0x26],
        // Too short, empty, and a second CONNACK.
        &[0x40, 0x01, 0],
        &[0x90, 0x00],
        &[0x20, 0x03, 0, 0, 0],
    ];
    if let Some(bytes) = usize::try_from(number).ok().and_then(|at| fixed.get(at)) {
        return bytes.to_vec();
    }
    // A small generator of its own: the same bytes on every machine.
    let mut state = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 24) as u8
    };
    let length = 1 + next() % 24;
    let kind = next();
    [kind, length].into_iter().chain((0..length).map(|_| next())).collect()
}

const RUBBISH: u64 = 120;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_54_rubbish_in_every_state_of_a_sink_ends_the_connection_and_nothing_else() {
    for version in VERSIONS {
        // Instead of the CONNACK, behind it, and instead of a PUBACK, by turns; at last it comes to its senses.
        let broker = FakeBroker::start(move |connection, heard| {
            let (number, state) = ((connection / 3) as u64, connection % 3);
            if number >= RUBBISH {
                return faultless(heard);
            }
            match (heard, state) {
                (Heard::Connect { .. }, 0) => Reply::Last(rubbish(number)),
                (Heard::Connect { .. }, 1) => match faultless(heard) {
                    Reply::Bytes(bytes) => Reply::Last([bytes, rubbish(number)].concat()),
                    other => other,
                },
                (Heard::Publish { .. }, _) => Reply::Last(rubbish(number)),
                (heard, _) => faultless(heard),
            }
        });
        let mut plan = plan(connection(broker.port, version));
        plan.timing.first_pause = Duration::from_millis(1);
        plan.timing.longest_pause = Duration::from_millis(4);
        let spool = Spool::in_memory(1 << 20, 1, 1);
        append(&spool, "hall/log", TopicKind::Log, 1, "{}").await;
        let sink = Sink::with_spool(plan, spool);
        wait_for("the broker recovers and the record arrives", || (sink.waiting() == 0).then_some(()));
        assert_eq!((sink.counters.acknowledged(), sink.counters.parked()), (1, 0), "{version:?}");
        assert_eq!(sink.stop().await, Ended::Stopped, "{version:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_54_rubbish_in_every_state_of_a_source_ends_the_connection_and_nothing_else() {
    use super::mqtt_source::Lone;
    for version in VERSIONS {
        // Instead of the CONNACK, behind it, instead of the SUBACK, and behind it.
        let broker = FakeBroker::start(move |connection, heard| {
            let (number, state) = ((connection / 4) as u64, connection % 4);
            let with_rubbish = |reply: Reply| match reply {
                Reply::Bytes(bytes) => Reply::Last([bytes, rubbish(number)].concat()),
                other => other,
            };
            match heard {
                Heard::Connect { .. } if number < RUBBISH && state == 0 => Reply::Last(rubbish(number)),
                Heard::Connect { .. } if number < RUBBISH && state == 1 => with_rubbish(faultless(heard)),
                Heard::Subscribe { .. } if number < RUBBISH && state == 2 => Reply::Last(rubbish(number)),
                Heard::Subscribe { packet } => {
                    let granted = match version {
                        MqttVersion::V5 => suback(*packet, &[1]),
                        MqttVersion::V311 => suback_311(*packet),
                    };
                    if number < RUBBISH { with_rubbish(granted) } else { granted }
                }
                heard => faultless(heard),
            }
        });
        let timing = Timing {
            first_pause: Duration::from_millis(1),
            longest_pause: Duration::from_millis(4),
            farewell: Duration::from_millis(200),
            ..Timing::default()
        };
        let mut source = Lone::with_timing(connection(broker.port, version), &["line/{machine}"], timing);
        let recovered = async {
            while broker.connects() <= 4 * RUBBISH as usize {
                source.up().await;
            }
        };
        tokio::time::timeout(2 * super::rig::LIMIT, recovered).await.expect("it connects again and again");
        source.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_54_a_length_that_is_no_length_or_beyond_the_limit_is_not_waited_for() {
    use super::mqtt_source::Lone;
    for version in VERSIONS {
        // Only the beginning comes, and nobody closes: 268,435,455 bytes, and five bytes of length.
        for head in [[0x30, 0xff, 0xff, 0xff, 0x7f, 0], [0x30, 0xff, 0xff, 0xff, 0xff, 0x01]] {
            let broker = FakeBroker::start(|_, heard| faultless(heard));
            let mut plan = plan(connection(broker.port, version));
            plan.timing.silence = Duration::from_secs(300);
            let sink = Sink::start(plan);
            wait_for("the birth message", || (broker.published(STATUS) == 1).then_some(()));
            sink.connected();
            broker.say(&head);
            wait_for("the sink hangs up and comes back", || (broker.connects() == 2).then_some(()));
            assert_eq!(sink.stop().await, Ended::Stopped, "{version:?}");
            let broker = FakeBroker::start(move |connection, heard| match heard {
                Heard::Connect { .. } if connection == 0 => match faultless(heard) {
                    Reply::Bytes(bytes) => Reply::Bytes([&bytes[..], &head].concat()),
                    other => other,
                },
                heard => faultless(heard),
            });
            let source = Lone::start(broker.port, version);
            wait_for("the source hangs up and comes back", || (broker.connects() >= 2).then_some(()));
            source.end().await;
        }
    }
}

/// A broker that sends one message, breaks off at `breaks` and sends it again in the session that it kept.
fn repeating(breaks: fn(&Heard) -> bool) -> FakeBroker {
    FakeBroker::start(move |connection, heard| match heard {
        heard if connection == 0 && breaks(heard) => Reply::Close,
        Heard::Connect { .. } if connection > 0 => connack_resumed(),
        Heard::Subscribe { packet } => {
            let Reply::Bytes(mut bytes) = suback(*packet, &[1]) else { return Reply::Nothing };
            bytes.extend(publish(7, "line/m1", br#"{"a":1}"#, connection > 0));
            if connection > 0 {
                bytes.extend(publish(8, "line/m1", br#"{"a":2}"#, false));
            }
            Reply::Bytes(bytes)
        }
        heard => faultless(heard),
    })
}

fn answers(broker: &FakeBroker, connection: usize) -> Vec<u16> {
    let heard = broker.heard().into_iter().filter(|(number, _)| *number == connection);
    heard.filter_map(|(_, heard)| if let Heard::Acknowledge { packet } = heard { Some(packet) } else { None }).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_39_a_message_whose_puback_was_lost_is_answered_again_and_not_passed_on_twice() {
    use super::mqtt_source::Lone;
    let broker = repeating(|heard| matches!(heard, Heard::Acknowledge { .. }));
    let mut source = Lone::start(broker.port, MqttVersion::V5);
    let first = source.batch().await;
    source.take(first).await;
    // It comes again, and behind it the next one: that is the next batch.
    let second = source.batch().await;
    assert_eq!(second.samples.len(), 1);
    source.take(second).await;
    wait_for("both are answered", || (answers(&broker, 1) == [7, 8]).then_some(()));
    assert_eq!(source.counted("mqtt_source_duplicates"), 1);
    assert_eq!((source.counted("mqtt_source_received"), source.counted("mqtt_source_repeated")), (3, 1));
    source.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_39_a_message_that_is_still_on_its_way_when_it_comes_again_is_answered_once_it_is_taken() {
    use super::mqtt_source::Lone;
    let broker = repeating(|heard| matches!(heard, Heard::Ping));
    let mut source = Lone::start(broker.port, MqttVersion::V5);
    let first = source.batch().await;
    broker.hang_up();
    let second = source.batch().await;
    assert!(answers(&broker, 1).is_empty(), "nobody took the first one yet");
    source.take(first).await;
    wait_for("it is answered on the new connection", || (answers(&broker, 1) == [7]).then_some(()));
    source.take(second).await;
    wait_for("both are answered", || (answers(&broker, 1) == [7, 8]).then_some(()));
    assert_eq!(source.counted("mqtt_source_duplicates"), 1);
    source.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_39_a_real_broker_that_got_no_puback_sends_again_and_the_message_is_taken_once() {
    use super::mqtt_source::{Lone, publish};
    for version in VERSIONS {
        let broker = Mosquitto::open();
        let proxy = Proxy::to(broker.port);
        let mut source = Lone::start(proxy.port(), version);
        source.up().await;
        publish(&broker, "line/m1", br#"{"a":1}"#, &[]);
        let first = source.batch().await;
        proxy.swallow();
        source.take(first).await;
        wait_for("it is acknowledged, for all we know", || {
            (source.counted("mqtt_source_acknowledged") == 1).then_some(())
        });
        proxy.heal();
        source.up().await;
        publish(&broker, "line/m1", br#"{"a":2}"#, &[]);
        let second = source.batch().await;
        source.take(second).await;
        wait_for("it came again and was known", || (source.counted("mqtt_source_duplicates") == 1).then_some(()));
        wait_for("the broker has both answers", || {
            (broker.log().matches("Received PUBACK from qiao-test-in").count() == 2).then_some(())
        });
        source.end().await;
    }
}
