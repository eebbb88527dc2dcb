//! Promise: what one server does wrong, however much of it, costs that server's flow alone: memory, processor and log stay
//! small, and its neighbours are read on.

use super::rig::gateway::{Gateway, Site};
use super::rig::mosquitto::Mosquitto;
use super::rig::rogue::{Answer, Rogue, begin};
use super::rig::subscriber::Subscriber;
use super::rig::{free_port, wait_for};
use opcua::core::RequestMessage;
use opcua::types::type_loader::ByteStringBody;
use opcua::types::{
    ByteString, DataChangeNotification, DataValue, DateTime, ExtensionObject, MonitoredItemNotification, NodeId,
    NotificationMessage, ObjectId, PublishResponse, StatusCode,
};
use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// What the whole process may hold, in KiB, whatever is sent to it.
const MEMORY_MOST: u64 = 300 << 10;

/// A gateway with one connection and one flow for each endpoint; flow N's topics end with `/cN/…`.
fn site(endpoints: &[String], broker: u16) -> Site {
    let (mut connections, mut flows) = (String::new(), String::new());
    for (number, endpoint) in endpoints.iter().enumerate() {
        let opcua = format!("endpoint: \"{endpoint}\", security: none-i-accept-the-risk, session-timeout: 60s");
        writeln!(connections, "  c{number}: {{ opcua: {{ {opcua} }} }}").expect("text");
        let select = "each: { node: \"i=85\" }, select: [{ node: \"nsu=urn:qiao:test:rogue;s=A\" }, { node: \"nsu=urn:qiao:test:rogue;s=B\" }]";
        writeln!(flows, "  - {{ name: f{number}, from: c{number}, {select}, to: plant }}").expect("text");
    }
    Site::new(&format!(
        "connections:\n  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{broker}\" }} }}\n{connections}flows:\n{flows}"
    ))
}

fn received(gateway: &Gateway, flow: usize) -> Option<u64> {
    gateway.status()?["flows"][flow]["received-values"].as_u64()
}

/// A notification of values, as many as given.
fn values(rogue: &Rogue, sequence_number: u32, values: Vec<(u32, DataValue)>) {
    let items = values.into_iter().map(|(client_handle, value)| MonitoredItemNotification { client_handle, value });
    let change = DataChangeNotification { monitored_items: Some(items.collect()), diagnostic_infos: None };
    notify(rogue, sequence_number, ExtensionObject::from_message(change));
}

fn notify(rogue: &Rogue, sequence_number: u32, data: ExtensionObject) {
    rogue.publish(PublishResponse {
        subscription_id: rogue.subscription(),
        notification_message: NotificationMessage {
            sequence_number,
            publish_time: DateTime::now(),
            notification_data: Some(vec![data]),
        },
        ..PublishResponse::default()
    });
}

#[test]
fn row_25_a_storm_of_bad_values_is_passed_one_by_one_without_a_flood_of_messages_and_good_values_pass_with_it() {
    const BURSTS: u32 = 20;
    const BAD: usize = 500;
    let (rogue, broker) = (Rogue::start(), Mosquitto::open());
    let subscriber = Subscriber::start(broker.port, "#", &[]);
    let site = site(&[rogue.endpoint()], broker.port);
    let gateway = site.run();
    gateway.until("both items", |_| (rogue.items().len() == 2).then_some(()));
    let items = rogue.items();
    for burst in 1..=BURSTS {
        let statuses = [StatusCode::BadSensorFailure, StatusCode::BadNotConnected];
        let bad = (0..BAD).map(|at| (items[0], DataValue { status: Some(statuses[at % 2]), ..DataValue::null() }));
        let good = (items[1], DataValue::new_now(i32::try_from(burst).expect("small")));
        values(&rogue, burst, bad.chain([good]).collect());
    }
    let sent = u64::from(BURSTS) * (BAD as u64 + 1);
    gateway.until("every single one", |gateway| (received(gateway, 0)? >= sent).then_some(()));
    gateway.until("all are delivered", |gateway| {
        (gateway.status()?["flows"][0]["delivered-values"].as_u64()? >= sent).then_some(())
    });
    gateway.until("the last good one", |_| {
        let newest = subscriber.messages().into_iter().rev().take(10);
        newest.map(|message| message.json()["Payload"]["B"]["Value"] == BURSTS).find(|is_last| *is_last)
    });
    let flow = gateway.status().expect("it runs")["flows"][0].clone();
    assert_eq!(flow["imbalance"], 0, "{flow}");
    let lines = gateway.log().lines().count();
    assert!(lines < 200, "{lines} lines for {sent} values");
    let most = gateway.memory_most().expect("the system tells");
    assert!(most < MEMORY_MOST, "{most} KiB");
}

/// Bodies and chunks that no honest server sends, as an answer to the first question.
fn hostile_answers() -> Vec<(&'static str, Answer)> {
    // No diagnostics, no strings, no additional header.
    let endpoints = |bytes: &[u8]| {
        let mut body = begin(ObjectId::GetEndpointsResponse_Encoding_DefaultBinary);
        body.extend([0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0]);
        body.extend(bytes);
        Answer::Bytes(body)
    };
    let array = |count: i32, bytes: &[u8]| endpoints(&[&count.to_le_bytes(), bytes].concat());
    let text = |length: i32, bytes: &[u8]| array(1, &[&length.to_le_bytes(), bytes].concat());
    let chunk = |kind: &[u8; 4], size: u32, rest: &[u8]| Answer::Raw([&kind[..], &size.to_le_bytes(), rest].concat());
    let part = |kind: &[u8; 4], sequence: u32, channel: u32, size: usize| {
        let mut bytes = kind.to_vec();
        bytes.extend((24 + size as u32).to_le_bytes());
        for number in [channel, 1, sequence, 2] {
            bytes.extend(number.to_le_bytes());
        }
        bytes.resize(24 + size, 0x41);
        bytes
    };
    let flood = (2..=400).flat_map(|sequence| part(b"MSGC", sequence, 1, 65_000)).collect();
    vec![
        ("more elements than bytes", array(i32::MAX, &[])),
        ("fewer than no elements", array(-5, &[])),
        ("a text longer than the message", text(i32::MAX, b"opc.tcp")),
        ("a text of negative length", text(-2, b"opc.tcp")),
        ("a text that is no UTF-8", text(4, &[0xFF, 0xFE, 0xFD, 0xFC])),
        ("nothing", Answer::Bytes(Vec::new())),
        ("a type id that nobody knows", Answer::Bytes(vec![1, 0, 0xFF, 0xFF])),
        ("an answer to another question", Answer::Bytes(begin(ObjectId::ReadResponse_Encoding_DefaultBinary))),
        ("a chunk of 4 GiB", chunk(b"MSGF", u32::MAX, &[0; 64])),
        ("a chunk smaller than its header", chunk(b"MSGF", 4, &[])),
        ("a chunk of an unknown kind", chunk(b"XYZF", 64, &[0; 56])),
        ("a chunk neither first nor last", chunk(b"MSGX", 64, &[0; 56])),
        ("a chunk of another channel", Answer::Raw(part(b"MSGF", 2, 99, 40))),
        ("a chunk out of order", Answer::Raw(part(b"MSGF", 4_000_000, 1, 40))),
        ("chunks without end", Answer::Raw(flood)),
        ("no protocol at all", Answer::Raw(b"HTTP/1.1 400 Bad Request\r\n\r\n".repeat(100))),
    ]
}

/// Values that no honest server sends.
fn hostile_values(handle: u32) -> Vec<(&'static str, Vec<u8>)> {
    let value = |variant: &[u8]| [&1_i32.to_le_bytes()[..], &handle.to_le_bytes(), &[1], variant].concat();
    let int = |length: i32, dimensions: &[i32]| {
        let mut bytes = vec![0x80 | if dimensions.is_empty() { 0 } else { 0x40 } | 6];
        bytes.extend(length.to_le_bytes());
        bytes.extend(vec![0; usize::try_from(length.clamp(0, 8)).expect("small") * 4]);
        if !dimensions.is_empty() {
            bytes.extend(i32::try_from(dimensions.len()).expect("few").to_le_bytes());
            dimensions.iter().for_each(|dimension| bytes.extend(dimension.to_le_bytes()));
        }
        value(&bytes)
    };
    vec![
        ("an array longer than the message", int(i32::MAX, &[])),
        ("an array of negative length", int(-7, &[])),
        ("a dimension of nothing", int(2, &[0, 2])),
        ("a negative dimension", int(2, &[-1, -2])),
        ("dimensions whose product is no number", int(4, &[65_536, 65_536, 65_536, 65_536])),
        ("dimensions of another count", int(4, &[3, 3])),
        ("Variants within Variants", value(&[0x98, 1, 0, 0, 0].repeat(10_000))),
        ("a text that is no UTF-8", value(&[12, 3, 0, 0, 0, 0xFF, 0xFE, 0xFD])),
        ("a text longer than the message", value(&[12, 0xFF, 0xFF, 0xFF, 0x7F])),
        ("a built-in type that there is not", value(&[31, 0, 0, 0])),
        ("more items than bytes", i32::MAX.to_le_bytes().to_vec()),
    ]
}

#[test]
fn row_34_whatever_bytes_a_server_sends_only_its_own_connection_suffers_and_memory_stays_flat() {
    let broker = Mosquitto::open();
    let hostile: Vec<(&str, Rogue, Arc<AtomicUsize>)> = hostile_answers()
        .into_iter()
        .map(|(what, answer)| {
            let (rogue, asked) = (Rogue::start(), Arc::new(AtomicUsize::new(0)));
            let (counted, mut answer) = (Arc::clone(&asked), Some(answer));
            rogue.rule(move |request| {
                let RequestMessage::GetEndpoints(_) = request else { return None };
                counted.fetch_add(1, Ordering::SeqCst);
                answer.take()
            });
            (what, rogue, asked)
        })
        .collect();
    let (values_of, neighbour) = (Rogue::start(), Rogue::start());
    let all = hostile.iter().map(|(_, rogue, _)| rogue).chain([&values_of, &neighbour]);
    let endpoints: Vec<String> = all.map(Rogue::endpoint).collect();
    let site = site(&endpoints, broker.port);
    let gateway = site.run();
    for (what, rogue, asked) in &hostile {
        gateway.until(what, |_| (asked.load(Ordering::SeqCst) > 1 && rogue.items().len() == 2).then_some(()));
    }
    let flow = endpoints.len() - 1;
    gateway.until("the neighbour", |_| (neighbour.items().len() == 2).then_some(()));
    for (number, (what, _)) in (1..).zip(hostile_values(1)) {
        gateway.until("a server that sends values", |_| (values_of.items().len() == 2).then_some(()));
        let (before, sessions) = (received(&gateway, flow - 1).unwrap_or(0), values_of.asked("ActivateSession"));
        let (_, bytes) = hostile_values(values_of.items()[0]).remove(number as usize - 1);
        let encoding = NodeId::from(ObjectId::DataChangeNotification_Encoding_DefaultBinary);
        notify(
            &values_of,
            2 * number - 1,
            ExtensionObject::new(ByteStringBody::new(ByteString::from(bytes), encoding)),
        );
        // It goes on in the same session.
        values_of.notify(2 * number, Some(7));
        gateway.until(what, |gateway| (received(gateway, flow - 1)? >= before + 2).then_some(()));
        assert_eq!(values_of.asked("ActivateSession"), sessions, "{what}");
        neighbour.notify(number, Some(7));
        gateway.until("the neighbour goes on", |gateway| {
            (received(gateway, flow)? >= u64::from(number) * 2).then_some(())
        });
    }
    let most = gateway.memory_most().expect("the system tells");
    assert!(most < MEMORY_MOST, "{most} KiB");
    let status = gateway.status().expect("it runs");
    assert_eq!(status["flows"][flow]["imbalance"], 0, "{status}");
}

#[test]
fn row_35_a_server_that_does_not_answer_is_given_up_in_time_and_its_neighbour_is_not_held_up() {
    let (slow, neighbour, broker) = (Rogue::start(), Rogue::start(), Mosquitto::open());
    // The browse is never answered; another session's would be.
    slow.rule(|request| matches!(request, RequestMessage::Browse(_)).then(|| Answer::Raw(Vec::new())));
    let site = site(&[slow.endpoint(), neighbour.endpoint()], broker.port);
    let gateway = site.run();
    gateway.until("the slow one is asked", |_| (slow.asked("Browse") > 0).then_some(()));
    let asked = Instant::now();
    gateway.until("the neighbour", |_| (neighbour.items().len() == 2).then_some(()));
    let state = |gateway: &Gateway| {
        let connections = gateway.status()?["connections"].as_array()?.clone();
        Some(connections.iter().find(|one| one["name"] == "c0")?["state"].as_str()?.to_owned())
    };
    let mut sequence = 0;
    // A call is given up after half a minute.
    while asked.elapsed() < Duration::from_secs(60) && state(&gateway).as_deref() == Some("connected") {
        sequence += 1;
        neighbour.notify(sequence, Some(7));
        let sent = Instant::now();
        gateway.until("its value", |gateway| (received(gateway, 1)? >= u64::from(sequence) * 2).then_some(()));
        assert!(sent.elapsed() < Duration::from_secs(5), "{:?}", sent.elapsed());
        std::thread::park_timeout(Duration::from_millis(200));
    }
    assert!((20..50).contains(&asked.elapsed().as_secs()), "given up after {:?}", asked.elapsed());
    assert!(sequence > 20, "{sequence} values of the neighbour passed meanwhile");
    slow.rule(|_| None);
    gateway.until("it is read after all", |_| (slow.items().len() == 2).then_some(()));
}

#[test]
fn row_36_two_hundred_servers_of_which_ten_are_there_cost_hardly_any_load() {
    let broker = Mosquitto::open();
    let there: Vec<Rogue> = (0..10).map(|_| Rogue::start()).collect();
    let gone = (0..190).map(|_| format!("opc.tcp://127.0.0.1:{}", free_port()));
    let endpoints: Vec<String> = there.iter().map(Rogue::endpoint).chain(gone).collect();
    let site = site(&endpoints, broker.port);
    let gateway = site.run();
    for rogue in &there {
        gateway.until("the ten", |_| (rogue.items().len() == 2).then_some(()));
        rogue.notify(1, Some(7));
    }
    for flow in 0..10 {
        gateway.until("their values", |gateway| (received(gateway, flow)? >= 2).then_some(()));
    }
    let states = |gateway: &Gateway| {
        let connections = gateway.status()?["connections"].as_array()?.clone();
        Some(connections.iter().filter(|one| one["name"] != "plant" && one["state"] == "connected").count())
    };
    assert_eq!(states(&gateway), Some(10));
    // The pauses grow: after a while there is next to nothing to do.
    const WINDOW: Duration = Duration::from_secs(5);
    let share = |gateway: &Gateway| {
        let (began, before) = (Instant::now(), gateway.processor_time().expect("the system tells"));
        wait_for("a while", || (began.elapsed() > WINDOW).then_some(()));
        (gateway.processor_time().expect("the system tells") - before).as_secs_f64() / began.elapsed().as_secs_f64()
    };
    let share = gateway.until("a share of a twentieth", |gateway| Some(share(gateway)).filter(|share| *share < 0.05));
    assert!(share < 0.05, "{share}");
    for rogue in &there {
        rogue.notify(2, Some(8));
    }
    for flow in 0..10 {
        gateway.until("they are read on", |gateway| (received(gateway, flow)? >= 4).then_some(()));
    }
}
