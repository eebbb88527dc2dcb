//! Promise: what changes in a server while it is read, and what it forgets while it is browsed, leads to no wrong value and
//! to nothing that is missing in silence.

use super::opcua_link::{Connected, below, codes, path, targets};
use super::rig::free_port;
use super::rig::gateway::{Gateway, Site};
use super::rig::mosquitto::Mosquitto;
use super::rig::peer::Peer;
use super::rig::rogue::{Answer, Rogue, header};
use super::rig::subscriber::Subscriber;
use opcua::core::{Message as _, RequestMessage};
use opcua::types::{
    BrowseDirection, BrowseNextResponse, BrowseResponse, BrowseResult, ByteString, DataChangeNotification, DataValue,
    DateTime, ExtensionObject, MonitoredItemNotification, NodeClass, NodeId, NotificationMessage, PublishResponse,
    QualifiedName, ReferenceDescription, StatusCode, UAString, Variant,
};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Every field of this name that ever arrived, in order.
fn fields(subscriber: &Subscriber, name: &str) -> Vec<Value> {
    let data = subscriber.messages().into_iter().filter(|message| message.topic.ends_with("/data"));
    data.map(|message| message.json()["Payload"][name].clone()).filter(|field| !field.is_null()).collect()
}

fn counter(gateway: &Gateway, name: &str) -> Option<u64> {
    gateway.status()?["connections"][0]["counters"][name].as_u64()
}

#[test]
fn row_14_a_server_that_takes_one_node_a_call_is_read_completely() {
    let (server, broker) =
        (Peer::start("limited_server.mjs", &["--count", "40", "--per-call", "1"]), Mosquitto::open());
    let subscriber = Subscriber::start(broker.port, "#", &[]);
    let site = plant(&server.endpoint(), "each: \"/Objects/Plant\"", broker.port);
    let gateway = site.run();
    gateway.until("forty items", |gateway| (counter(gateway, "items_ok_current")? == 40).then_some(()));
    gateway.until("the last value", |_| fields(&subscriber, "V39").first().cloned());
    assert!(!gateway.log().contains("BadTooManyOperations"), "{}", gateway.log());
}

fn plant(endpoint: &str, what: &str, broker: u16) -> Site {
    Site::new(&format!(
        "connections:
  plc: {{ opcua: {{ endpoint: \"{endpoint}\", security: none-i-accept-the-risk, publishing-interval: 100ms }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{broker}\" }} }}
flows:
  - {{ name: f, from: plc, {what}, to: plant }}
"
    ))
}

#[test]
fn row_19_a_namespace_that_is_gone_stops_its_nodes_and_nobody_elses_are_read_for_them() {
    let port = free_port().to_string();
    let mut server = Peer::start("swapped_server.mjs", &["--port", &port]);
    let broker = Mosquitto::open();
    let subscriber = Subscriber::start(broker.port, "#", &[]);
    let each = "each: { node: \"nsu=urn:qiao:test:real;s=plant\" }";
    let site = plant(&server.endpoint(), each, broker.port);
    let gateway = site.run();
    let counts = || fields(&subscriber, "Count").iter().filter_map(|field| field["Value"].as_i64()).collect::<Vec<_>>();
    gateway.until("values before", |_| (counts().len() > 3).then_some(()));
    server.kill();
    drop(server);
    // Its index is now that of the other namespace, with nodes of the same ids.
    let mut server = Peer::start("swapped_server.mjs", &["--port", &port, "--gone"]);
    gateway.until("it is told", |gateway| {
        let log = gateway.log();
        log.lines().any(|line| line.contains("urn:qiao:test:real") && line.contains("QIAO-O1")).then_some(())
    });
    gateway.until("the link stands", |gateway| {
        (gateway.status()?["connections"][0]["state"] == "connected").then_some(())
    });
    server.kill();
    drop(server);
    let _server = Peer::start("swapped_server.mjs", &["--port", &port, "--from", "1000"]);
    gateway.until("values again", |_| counts().iter().any(|value| *value > 1000).then_some(()));
    assert!(!counts().contains(&-666), "the decoy was read: {:?}", counts());
}

/// Sends one value of `A` after the other.
fn change(rogue: &Rogue, sequence_number: u32, value: Variant) {
    let client_handle = rogue.items()[0];
    let item = MonitoredItemNotification { client_handle, value: DataValue::from(value) };
    let changed = DataChangeNotification { monitored_items: Some(vec![item]), diagnostic_infos: None };
    rogue.publish(PublishResponse {
        subscription_id: rogue.subscription(),
        notification_message: NotificationMessage {
            sequence_number,
            publish_time: DateTime::now(),
            notification_data: Some(vec![ExtensionObject::from_message(changed)]),
        },
        ..PublishResponse::default()
    });
}

/// What arrives when a node that was declared an Int32 changes like this.
#[track_caller]
fn changes(values: Vec<(Variant, Value)>) {
    let (rogue, broker) = (Rogue::start(), Mosquitto::open());
    let subscriber = Subscriber::start(broker.port, "#", &[]);
    let select = "each: { node: \"i=85\" }, select: [{ node: \"nsu=urn:qiao:test:rogue;s=A\" }]";
    let site = plant(&rogue.endpoint(), select, broker.port);
    let gateway = site.run();
    gateway.until("the item", |_| (rogue.items().len() == 1).then_some(()));
    for (number, (value, expected)) in (1..).zip(values) {
        subscriber.clear();
        change(&rogue, number, value);
        gateway.until(&format!("{expected}"), |_| {
            let messages = subscriber.messages();
            let mut told = messages.iter().filter(|message| message.topic.ends_with("/data")).filter_map(|message| {
                let field = message.json()["Payload"].as_object()?.values().next().cloned()?;
                Some(json!([field["UaType"], field["Value"]]))
            });
            // What was there before may come behind the first change.
            (told.next_back()? == expected).then_some(())
        });
    }
    let flow = gateway.status().expect("it runs")["flows"][0].clone();
    assert_eq!((&flow["imbalance"], &flow["quarantined-messages"]), (&json!(0), &json!(0)), "{flow}");
}

#[test]
fn row_20_a_value_of_another_type_than_declared_arrives_as_what_it_is() {
    changes(vec![
        (Variant::Int32(7), json!([6, 7])),
        (Variant::from("7"), json!([12, "7"])),
        (Variant::Double(7.5), json!([11, 7.5])),
        (Variant::Boolean(true), json!([1, true])),
        (Variant::Int32(8), json!([6, 8])),
    ]);
}

#[test]
fn row_21_an_array_arrives_in_whatever_length_it_has() {
    let array = |numbers: &[i32]| Variant::from(numbers.to_vec());
    changes(vec![
        (array(&[1, 2, 3]), json!([6, [1, 2, 3]])),
        (array(&[1, 2, 3, 4, 5]), json!([6, [1, 2, 3, 4, 5]])),
        (array(&[]), json!([6, []])),
        (Variant::Int32(9), json!([6, 9])),
        (array(&[4]), json!([6, [4]])),
        (Variant::from(vec![UAString::from("a"), UAString::from("b")]), json!([12, ["a", "b"]])),
    ]);
}

/// An object or variable below another.
fn child(node_id: NodeId, name: (u16, &str), node_class: NodeClass) -> ReferenceDescription {
    let type_definition: u32 = if node_class == NodeClass::Object { 61 } else { 63 };
    ReferenceDescription {
        reference_type_id: NodeId::new(0, 35_u32),
        is_forward: true,
        node_id: node_id.into(),
        browse_name: QualifiedName::new(name.0, name.1),
        node_class,
        type_definition: NodeId::new(0, type_definition).into(),
        ..ReferenceDescription::default()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_24_a_continuation_point_that_the_server_refuses_or_forgets_costs_no_child() {
    let rogue = Rogue::start();
    let (browses, nexts) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (browsed, followed) = (Arc::clone(&browses), Arc::clone(&nexts));
    let part = |names: [&str; 2], is_last: bool| BrowseResult {
        references: Some(names.map(|name| child(NodeId::new(1, name), (1, name), NodeClass::Variable)).to_vec()),
        continuation_point: if is_last { ByteString::null() } else { ByteString::from(vec![1]) },
        ..BrowseResult::default()
    };
    rogue.rule(move |request| {
        let response_header = header(request.request_handle());
        let bad = |status_code| BrowseResult { status_code, ..BrowseResult::default() };
        let answer = match request {
            RequestMessage::Browse(asked) => {
                let results = asked.nodes_to_browse.iter().flatten().map(|question| {
                    let is_forward = question.browse_direction == BrowseDirection::Forward;
                    if question.node_id == NodeId::new(0, 84_u32) && is_forward {
                        let objects = child(NodeId::new(0, 85_u32), (0, "Objects"), NodeClass::Object);
                        return BrowseResult { references: Some(vec![objects]), ..BrowseResult::default() };
                    }
                    if question.node_id != NodeId::new(0, 85_u32) || !is_forward {
                        return BrowseResult::default();
                    }
                    match browsed.fetch_add(1, Ordering::SeqCst) {
                        0 => bad(StatusCode::BadNoContinuationPoints),
                        _ => part(["A", "B"], false),
                    }
                });
                let results = Some(results.collect());
                BrowseResponse { response_header, results, diagnostic_infos: None }.into()
            }
            RequestMessage::BrowseNext(asked) => {
                let results =
                    asked.continuation_points.iter().flatten().map(|_| match followed.fetch_add(1, Ordering::SeqCst) {
                        0 | 1 => bad(StatusCode::BadContinuationPointInvalid),
                        _ => part(["C", "D"], true),
                    });
                let results = Some(results.collect());
                BrowseNextResponse { response_header, results, diagnostic_infos: None }.into()
            }
            _ => return None,
        };
        Some(Answer::Message(Box::new(answer)))
    });
    let link = Connected::at(rogue.endpoint()).await;
    let found = link.find(&below("/Objects", vec![path("{A,B,C,D}")])).await;
    assert_eq!(codes(&found), [""; 0]);
    assert_eq!(targets(&found).len(), 4, "each once: {:?}", targets(&found));
    assert!(nexts.load(Ordering::SeqCst) >= 3);
    link.close().await;
}
