//! What a source does about a server that breaks the rules.

use super::rig::observer::{Observer, argument, connection};
use super::rig::rogue::{Answer, Rogue, begin, fault, header, republished};
use super::rig::wait_for;
use opcua::core::{Message as _, RequestMessage};
use opcua::types::type_loader::ByteStringBody;
use opcua::types::{
    BinaryEncodable, ByteString, CallMethodResult, CallResponse, ContextOwned, CreateMonitoredItemsResponse, DataValue,
    DateTime, EventFieldList, ExtensionObject, MonitoredItemCreateResult, NodeId, NotificationMessage, ObjectId,
    PublishResponse, ReadResponse, StatusChangeNotification, StatusCode, Variant,
};
use qiao::config::plan::{EventOrigin, EventSelector, SecurityMode};
use qiao::model::Scalar;
use qiao::model::discovery::ItemMode;
use qiao::port::LinkState;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

const A: &str = "nsu=urn:qiao:test:rogue;s=A";
const B: &str = "nsu=urn:qiao:test:rogue;s=B";

fn observe(rogue: &Rogue, pki: &tempfile::TempDir) -> Observer {
    let connection = connection(&rogue.endpoint(), SecurityMode::NoneIAcceptTheRisk);
    Observer::start(pki.path(), connection, &[A.to_owned(), B.to_owned()])
}

/// A source that is connected, with both items created and the first value received.
async fn connected() -> (Rogue, tempfile::TempDir, Observer) {
    let (rogue, folder) = (Rogue::start(), tempfile::tempdir().expect("a folder"));
    let mut observer = observe(&rogue, &folder);
    observer.connected(1).await;
    observer.until("both items", |_| (rogue.items().len() == 2).then_some(())).await;
    let nodes: Vec<&str> = observer.discovery.items.iter().map(|item| item.node.as_str()).collect();
    assert_eq!(nodes, [A, B], "slots stand in the order of the selectors");
    rogue.notify(1, Some(100));
    arrives(&mut observer, 100).await;
    (rogue, folder, observer)
}

async fn arrives(observer: &mut Observer, number: i64) {
    observer.until(&format!("value {number}"), |seen| seen.numbers(A).contains(&number).then_some(())).await;
}

async fn gap(observer: &mut Observer, code: &str) {
    observer.until(code, |seen| seen.gaps.iter().any(|gap| gap.finding.code.0 == code).then_some(())).await;
}

/// Body of a response whose header carries diagnostics inside diagnostics.
fn nested_diagnostics(levels: usize) -> Vec<u8> {
    let mut body = begin(ObjectId::GetEndpointsResponse_Encoding_DefaultBinary);
    body.extend(vec![0x40; levels]);
    body.push(0);
    body
}

/// Body of a Call response with a DataValue inside a Variant inside a DataValue.
fn nested_values(levels: usize) -> Vec<u8> {
    let mut body = begin(ObjectId::CallResponse_Encoding_DefaultBinary);
    // No diagnostics, no strings, no additional header; one result.
    body.extend([0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 1, 0, 0, 0]);
    // Good, nothing said of the input; one output.
    body.extend([0; 4]);
    body.extend([0xFF; 8]);
    body.extend([1, 0, 0, 0]);
    body.extend([0x17, 0x01].repeat(levels));
    body.extend([0, 0xFF, 0xFF, 0xFF, 0xFF]);
    body
}

#[tokio::test]
async fn row_34_values_nested_without_end_do_not_end_the_process() {
    // As deep as the limit for a peer without a certificate allows, before and after there is a session.
    const BYTES: usize = 64 * 65_000;
    for body in [nested_diagnostics(BYTES), nested_values(BYTES / 2)] {
        let (rogue, folder) = (Rogue::start(), tempfile::tempdir().expect("a folder"));
        let times = Arc::new(AtomicUsize::new(0));
        let (counted, bytes) = (Arc::clone(&times), body.clone());
        rogue.rule(move |request| {
            let first =
                matches!(request, RequestMessage::GetEndpoints(_)) && counted.fetch_add(1, Ordering::SeqCst) == 0;
            first.then(|| Answer::Bytes(bytes.clone()))
        });
        let mut observer = observe(&rogue, &folder);
        observer.connected(1).await;
        assert!(times.load(Ordering::SeqCst) > 1, "the first answer was no good");
        observer.until("both items", |_| (rogue.items().len() == 2).then_some(())).await;
        rogue.publish_bytes(&body);
        observer.connected(2).await;
        observer.end().await;
    }
}

#[tokio::test]
async fn row_08_a_notification_that_was_lost_is_asked_for_again_and_comes_before_later_ones() {
    let (rogue, _folder, mut observer) = connected().await;
    let missing = rogue.notification(2, 200);
    rogue.rule(move |request| match request {
        RequestMessage::Republish(asked) if asked.retransmit_sequence_number == 2 => {
            Some(republished(request, missing.clone()))
        }
        RequestMessage::Republish(_) => Some(fault(request, StatusCode::BadMessageNotAvailable)),
        _ => None,
    });
    rogue.notify(3, Some(300));
    arrives(&mut observer, 300).await;
    assert_eq!(observer.numbers(A), [100, 200, 300]);
    assert!(observer.gaps.is_empty());
    observer.end().await;
}

#[tokio::test]
async fn row_09_what_the_server_has_no_more_is_a_gap_and_every_item_reports_again() {
    // One says so, the other answers with nothing in it.
    for is_honest in [true, false] {
        let (rogue, _folder, mut observer) = connected().await;
        rogue.rule(move |request| match request {
            RequestMessage::Republish(_) if is_honest => Some(fault(request, StatusCode::BadMessageNotAvailable)),
            RequestMessage::Republish(_) => Some(republished(request, NotificationMessage::default())),
            _ => None,
        });
        rogue.notify(4, Some(400));
        gap(&mut observer, "QIAO-O022").await;
        assert_eq!(argument(&observer.gaps[0].finding, "count"), "2");
        assert_eq!(observer.gaps[0].slots, [0, 1]);
        arrives(&mut observer, 400).await;
        wait_for("ResendData", || (rogue.asked("Call") > 0).then_some(()));
        observer.end().await;
    }
}

#[tokio::test]
async fn row_09_a_server_that_cannot_resend_gets_the_items_anew_after_a_gap() {
    let (rogue, _folder, mut observer) = connected().await;
    rogue.rule(move |request| match request {
        RequestMessage::Republish(_) => Some(fault(request, StatusCode::BadMessageNotAvailable)),
        RequestMessage::Call(_) => {
            let result = CallMethodResult { status_code: StatusCode::BadMethodInvalid, ..CallMethodResult::default() };
            let response_header = header(1);
            let answer = CallResponse { response_header, results: Some(vec![result]), diagnostic_infos: None };
            Some(Answer::Message(Box::new(answer.into())))
        }
        _ => None,
    });
    rogue.notify(3, Some(300));
    gap(&mut observer, "QIAO-O022").await;
    observer
        .until("a new subscription", |_| (rogue.subscription() == 2 && rogue.items().len() == 2).then_some(()))
        .await;
    rogue.notify(1, Some(301));
    arrives(&mut observer, 301).await;
    observer.end().await;
}

#[tokio::test]
async fn row_10_a_notification_that_comes_twice_is_handed_on_once() {
    let (rogue, _folder, mut observer) = connected().await;
    rogue.notify(2, Some(200));
    rogue.notify(2, Some(200));
    rogue.notify(1, Some(100));
    rogue.notify(3, Some(300));
    arrives(&mut observer, 300).await;
    assert_eq!(observer.numbers(A), [100, 200, 300]);
    assert!(observer.gaps.is_empty());
    observer.end().await;
}

#[tokio::test]
async fn each_notification_is_acknowledged_once_and_only_when_it_was_receipted() {
    let (rogue, _folder, mut observer) = connected().await;
    // It goes with the next Publish request, and that goes when an earlier one was answered.
    rogue.notify(2, None);
    observer.until("the acknowledgement of 1", |_| rogue.acknowledged().contains(&1).then_some(())).await;
    observer.is_receipting = false;
    rogue.notify(2, Some(200));
    arrives(&mut observer, 200).await;
    // More Publish requests come and go, and 2 is not among what they acknowledge.
    rogue.notify(3, None);
    rogue.notify(3, None);
    observer.is_receipting = true;
    rogue.notify(3, Some(300));
    arrives(&mut observer, 300).await;
    rogue.notify(4, None);
    rogue.notify(4, None);
    observer.until("the acknowledgement of 3", |_| rogue.acknowledged().contains(&3).then_some(())).await;
    assert_eq!(rogue.acknowledged(), [1, 3]);
    observer.end().await;
}

#[tokio::test]
async fn row_17_a_server_that_wants_fewer_publish_requests_is_not_pressed() {
    let (rogue, folder) = (Rogue::start(), tempfile::tempdir().expect("a folder"));
    let refused = Arc::new(AtomicUsize::new(0));
    let (counted, waiting) = (Arc::clone(&refused), Arc::new(AtomicUsize::new(0)));
    rogue.rule(move |request| match request {
        RequestMessage::Publish(_) if waiting.fetch_add(1, Ordering::SeqCst) >= 1 => {
            counted.fetch_add(1, Ordering::SeqCst);
            Some(fault(request, StatusCode::BadTooManyPublishRequests))
        }
        _ => None,
    });
    let mut observer = observe(&rogue, &folder);
    observer.until("both items", |_| (rogue.items().len() == 2).then_some(())).await;
    wait_for("a refusal", || (refused.load(Ordering::SeqCst) > 0).then_some(()));
    rogue.rule(|_| None);
    rogue.notify(1, Some(100));
    arrives(&mut observer, 100).await;
    rogue.notify(2, Some(200));
    arrives(&mut observer, 200).await;
    assert!(refused.load(Ordering::SeqCst) < 5, "{refused:?} requests were refused");
    observer.end().await;
}

#[tokio::test]
async fn row_18_one_item_that_is_refused_is_told_and_tried_again_while_its_neighbour_runs() {
    let (rogue, folder) = (Rogue::start(), tempfile::tempdir().expect("a folder"));
    let times = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&times);
    rogue.rule(move |request| match request {
        RequestMessage::CreateMonitoredItems(asked) if counted.fetch_add(1, Ordering::SeqCst) == 0 => {
            let result = |status_code| MonitoredItemCreateResult {
                status_code,
                revised_queue_size: 10_000,
                ..MonitoredItemCreateResult::default()
            };
            assert_eq!(asked.items_to_create.as_ref().map(Vec::len), Some(2));
            let results = Some(vec![result(StatusCode::BadNodeIdUnknown), result(StatusCode::Good)]);
            let response_header = header(asked.request_header.request_handle);
            let answer = CreateMonitoredItemsResponse { response_header, results, diagnostic_infos: None };
            Some(Answer::Message(Box::new(answer.into())))
        }
        _ => None,
    });
    let mut observer = observe(&rogue, &folder);
    let refused = |seen: &Observer| seen.findings.iter().find(|finding| finding.code.0 == "QIAO-O024").cloned();
    let finding = observer.until("the refusal", refused).await;
    assert_eq!(argument(&finding, "status"), "BadNodeIdUnknown");
    assert_eq!(finding.place, A);
    let again = |seen: &Observer| seen.findings.iter().any(|finding| finding.code.0 == "QIAO-O027").then_some(());
    observer.until("both count", |seen| (seen.counters.items_ok.get() == 2).then_some(())).await;
    // A promise is not a value yet.
    assert_eq!(again(&observer), None);
    rogue.notify(1, Some(100));
    observer.until("it is monitored again", again).await;
    assert_eq!(rogue.subscription(), 1, "its neighbour was left alone");
    observer.end().await;
}

#[tokio::test]
async fn a_notification_that_is_too_large_for_the_server_makes_the_next_ones_half_as_large() {
    let (rogue, folder) = (Rogue::start(), tempfile::tempdir().expect("a folder"));
    let refusals = Arc::new(AtomicUsize::new(0));
    let sizes = Arc::new(Mutex::new(Vec::new()));
    let (left, told) = (Arc::clone(&refusals), Arc::clone(&sizes));
    rogue.rule(move |request| {
        let mut told = told.lock().expect("no panic");
        match request {
            RequestMessage::CreateSubscription(asked) => told.push(asked.max_notifications_per_publish),
            RequestMessage::ModifySubscription(asked) => told.push(asked.max_notifications_per_publish),
            RequestMessage::Publish(_) if left.load(Ordering::SeqCst) > 0 => {
                left.fetch_sub(1, Ordering::SeqCst);
                return Some(fault(request, StatusCode::BadResponseTooLarge));
            }
            _ => {}
        }
        None
    });
    let mut observer = observe(&rogue, &folder);
    observer.until("both items", |_| (rogue.items().len() == 2).then_some(())).await;
    let told = |count: usize| {
        let sizes = Arc::clone(&sizes);
        move |_: &Observer| Some(sizes.lock().expect("no panic").clone()).filter(|sizes| sizes.len() == count)
    };
    let asked = observer.until("the first size", told(1)).await[0];
    assert!(asked > 100, "{asked} values a message");
    for (sequence, count) in [(1, 2), (2, 3)] {
        refusals.store(1, Ordering::SeqCst);
        // The next Publish request goes when this one is answered.
        rogue.notify(sequence, Some(i32::try_from(sequence).expect("small")));
        observer.until("a smaller size", told(count)).await;
    }
    assert_eq!(*sizes.lock().expect("no panic"), [asked, asked / 2, asked / 4]);
    rogue.notify(3, Some(300));
    arrives(&mut observer, 300).await;
    assert!(observer.gaps.is_empty(), "{:?}", observer.gaps);
    observer.end().await;
}

#[tokio::test]
async fn an_item_that_says_nothing_is_created_anew_once_and_then_told() {
    let (rogue, folder) = (Rogue::start(), tempfile::tempdir().expect("a folder"));
    rogue.keep_alive(1);
    let mut observer = observe(&rogue, &folder);
    observer.until("both items", |_| (rogue.items().len() == 2).then_some(())).await;
    // The first reports all the time, so the subscription never says that there is nothing to report.
    let (mut subscription, mut sequence) = (rogue.subscription(), 1);
    let told = |seen: &Observer| {
        if rogue.subscription() != subscription {
            (subscription, sequence) = (rogue.subscription(), 1);
        }
        if rogue.items().len() == 2 && rogue.notify_one(1, sequence, 7) {
            sequence += 1;
        }
        seen.findings.iter().find(|finding| finding.code.0 == "QIAO-O030").cloned()
    };
    let finding = observer.until("the silent item", told).await;
    assert_eq!((argument(&finding, "count"), argument(&finding, "node")), ("1", B));
    assert_eq!(rogue.subscription(), 2, "both were created anew, once");
    assert_eq!(rogue.asked("DeleteSubscriptions"), 1);
    assert!(observer.links.iter().all(|state| !matches!(state, LinkState::Lost(_))));
    observer.end().await;
}

#[tokio::test]
async fn a_subscription_that_the_server_ends_is_a_gap_and_is_created_anew() {
    let (rogue, _folder, mut observer) = connected().await;
    let change = StatusChangeNotification { status: StatusCode::BadTimeout, ..StatusChangeNotification::default() };
    rogue.publish(PublishResponse {
        subscription_id: 1,
        notification_message: NotificationMessage {
            sequence_number: 2,
            notification_data: Some(vec![ExtensionObject::from_message(change)]),
            ..NotificationMessage::default()
        },
        ..PublishResponse::default()
    });
    gap(&mut observer, "QIAO-O023").await;
    observer
        .until("a new subscription", |_| (rogue.subscription() == 2 && rogue.items().len() == 2).then_some(()))
        .await;
    rogue.notify(1, Some(300));
    arrives(&mut observer, 300).await;
    assert_eq!(observer.counters.reconnects.get(), 0, "the link stayed");
    observer.end().await;
}

#[tokio::test]
async fn a_message_that_cannot_be_decoded_is_passed_over_after_the_second_time() {
    let (rogue, _folder, mut observer) = connected().await;
    let broken = || {
        let mut body = begin(ObjectId::RepublishResponse_Encoding_DefaultBinary);
        body.extend([0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 2]);
        Answer::Bytes(body)
    };
    rogue.rule(move |request| match request {
        RequestMessage::Republish(asked) if asked.retransmit_sequence_number == 2 => Some(broken()),
        RequestMessage::Republish(_) => Some(fault(request, StatusCode::BadMessageNotAvailable)),
        _ => None,
    });
    let mut body = begin(ObjectId::PublishResponse_Encoding_DefaultBinary);
    body.extend([0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 1]);
    rogue.publish_bytes(&body);
    gap(&mut observer, "QIAO-O031").await;
    assert!(observer.links.iter().filter(|state| matches!(state, LinkState::Lost(_))).count() >= 2);
    rogue.notify(3, Some(300));
    arrives(&mut observer, 300).await;
    assert_eq!(observer.gaps.len(), 1, "{:?}", observer.gaps);
    observer.end().await;
}

#[tokio::test]
async fn row_16_a_server_without_a_free_session_is_told_and_not_pressed() {
    let (rogue, folder) = (Rogue::start(), tempfile::tempdir().expect("a folder"));
    rogue.rule(|request| {
        let is_full = matches!(request, RequestMessage::CreateSession(_));
        is_full.then(|| fault(request, StatusCode::BadTooManySessions))
    });
    let mut observer = observe(&rogue, &folder);
    let is_told = |seen: &Observer| match seen.links.last() {
        Some(LinkState::Lost(finding)) => (finding.code.0 == "QIAO-O005").then_some(()),
        _ => None,
    };
    observer.until("the server is full", is_told).await;
    assert_eq!(rogue.asked("CreateSession"), 1);
    observer.end().await;
}

#[tokio::test]
async fn row_33_endpoints_that_differ_once_there_is_a_session_are_refused() {
    let (rogue, folder) = (Rogue::start(), tempfile::tempdir().expect("a folder"));
    rogue.tamper();
    let mut observer = observe(&rogue, &folder);
    observer.refused("QIAO-O037").await;
    assert_eq!(rogue.asked("ActivateSession"), 0);
    observer.end().await;
}

#[tokio::test]
async fn row_27_a_clock_that_is_far_off_is_told_and_its_channel_lives_long_enough() {
    for seconds in [7_200, -7_200] {
        let (rogue, folder) = (Rogue::start(), tempfile::tempdir().expect("a folder"));
        rogue.skew(seconds);
        let mut observer = observe(&rogue, &folder);
        let told = |seen: &Observer| seen.findings.iter().find(|finding| finding.code.0 == "QIAO-O033").cloned();
        let finding = observer.until("the clocks differ", told).await;
        let found: i64 = argument(&finding, "seconds").parse().expect("a number");
        assert!((found - seconds).abs() <= 5, "{found} s instead of {seconds} s");
        assert_eq!(rogue.asked("CreateSession"), 2, "opened again, now that this is known");
        observer.end().await;
    }
}

/// Answers Read requests for variables of its own with a number that the test sets, under times that always move on.
fn readable(request: &RequestMessage, number: i32) -> Option<Answer> {
    let RequestMessage::Read(read) = request else { return None };
    let questions: Vec<_> = read.nodes_to_read.iter().flatten().collect();
    // Attributes and the server's own variables it answers as usual.
    if !questions.iter().all(|question| question.node_id.namespace == 1 && question.attribute_id == 13) {
        return None;
    }
    let values = questions.iter().map(|_| DataValue::new_now(number)).collect();
    let response_header = header(request.request_handle());
    Some(Answer::Message(Box::new(
        ReadResponse { response_header, results: Some(values), diagnostic_infos: None }.into(),
    )))
}

#[tokio::test]
async fn what_cannot_be_subscribed_to_is_read_cyclically_and_handed_on_when_it_changes() {
    // A server without subscriptions, and two without room for one, or for an item in one.
    for status in
        [StatusCode::BadServiceUnsupported, StatusCode::BadTooManySubscriptions, StatusCode::BadTooManyMonitoredItems]
    {
        let (rogue, folder) = (Rogue::start(), tempfile::tempdir().expect("a folder"));
        let number = Arc::new(AtomicI32::new(7));
        let has_room = Arc::new(AtomicBool::new(false));
        let (said, room) = (Arc::clone(&number), Arc::clone(&has_room));
        rogue.rule(move |request| match request {
            RequestMessage::CreateSubscription(_)
                if status != StatusCode::BadTooManyMonitoredItems && !room.load(Ordering::SeqCst) =>
            {
                Some(fault(request, status))
            }
            RequestMessage::CreateMonitoredItems(asked)
                if status == StatusCode::BadTooManyMonitoredItems && !room.load(Ordering::SeqCst) =>
            {
                let one = |_| MonitoredItemCreateResult { status_code: status, ..MonitoredItemCreateResult::default() };
                let results = asked.items_to_create.iter().flatten().map(one).collect();
                let response_header = header(request.request_handle());
                let answer =
                    CreateMonitoredItemsResponse { response_header, results: Some(results), diagnostic_infos: None };
                Some(Answer::Message(Box::new(answer.into())))
            }
            other => readable(other, said.load(Ordering::SeqCst)),
        });
        let mut observer = observe(&rogue, &folder);
        let told = |code: &'static str| {
            move |seen: &Observer| seen.findings.iter().find(|finding| finding.code.0 == code).cloned()
        };
        let finding = observer.until("it is told", told("QIAO-O080")).await;
        assert_eq!((argument(&finding, "count"), argument(&finding, "node")), ("2", A), "{finding:?}");
        arrives(&mut observer, 7).await;
        let read = rogue.asked("Read");
        wait_for("some more reads", || (rogue.asked("Read") > read + 5).then_some(()));
        number.store(8, Ordering::SeqCst);
        arrives(&mut observer, 8).await;
        assert_eq!(observer.numbers(A), [7, 8], "{status}: only what changed is handed on, though times move on");
        assert_eq!((observer.counters.items_cyclic.get(), observer.counters.items_failed.get()), (2, 0));
        assert!(observer.findings.iter().all(|finding| finding.code.0 != "QIAO-O024"), "{:?}", observer.findings);

        // It has room after all: the items are asked for again by themselves.
        has_room.store(true, Ordering::SeqCst);
        observer.until("the reads end", told("QIAO-O081")).await;
        wait_for("both items", || (rogue.items().len() == 2).then_some(()));
        rogue.notify(1, Some(9));
        arrives(&mut observer, 9).await;
        assert_eq!(observer.counters.items_cyclic.get(), 0);
        if status == StatusCode::BadTooManyMonitoredItems {
            let (made, gone) = (rogue.asked("CreateSubscription"), rogue.asked("DeleteSubscriptions"));
            assert_eq!(gone, made - 1, "what was made in vain was given up");
        }
        observer.end().await;
    }
}

/// An event of a machine with a severity, as a server encodes it.
fn event(handle: u32, severity: u16) -> Vec<u8> {
    let fields = vec![
        Variant::from(ByteString::from(vec![1, 2, 3])),
        Variant::from(NodeId::new(0, 2041_u32)),
        Variant::from(NodeId::new(1, "A")),
        Variant::from("A"),
        Variant::from(DateTime::now()),
        Variant::from(DateTime::now()),
        Variant::Empty,
        Variant::UInt16(severity),
    ];
    let list = EventFieldList { client_handle: handle, event_fields: Some(fields) };
    list.encode_to_vec(&ContextOwned::default().context())
}

/// A notification of `count` events, whatever there is of them.
fn notification_of_events(sequence_number: u32, count: i32, events: &[u8]) -> PublishResponse {
    let encoding = NodeId::from(ObjectId::EventNotificationList_Encoding_DefaultBinary);
    let bytes = [&count.to_le_bytes()[..], events].concat();
    let data = ExtensionObject::new(ByteStringBody::new(ByteString::from(bytes), encoding));
    let publish_time = DateTime::now();
    let notification_message =
        NotificationMessage { sequence_number, publish_time, notification_data: Some(vec![data]) };
    PublishResponse { notification_message, ..PublishResponse::default() }
}

#[tokio::test]
async fn damaged_events_are_a_gap_and_what_stands_before_and_after_them_arrives() {
    let (rogue, folder) = (Rogue::start(), tempfile::tempdir().expect("a folder"));
    rogue.take_events();
    let connection = connection(&rogue.endpoint(), SecurityMode::NoneIAcceptTheRisk);
    let events = EventSelector { from: EventOrigin::Server, types: Vec::new(), min_severity: 0 };
    let mut observer = Observer::start_with(folder.path(), connection, &[A.to_owned(), B.to_owned()], Some(events));
    observer.connected(1).await;
    let handle = observer
        .until("the item for events", |seen| {
            let at = seen.discovery.items.iter().position(|item| item.mode == ItemMode::Events)?;
            let handle = rogue.event_items().into_iter().find(|handle| *handle != u32::MAX >> 1)?;
            (rogue.items().len() == 2).then_some((at, handle))
        })
        .await;
    let (slot, handle) = (handle.0 as u32, handle.1);
    wait_for("the first refresh", || (rogue.asked("Call") > 0).then_some(()));
    let node = observer.discovery.items[slot as usize].node.clone();
    let fields = |count: i32, bytes: &[u8]| [&handle.to_le_bytes()[..], &count.to_le_bytes(), bytes].concat();
    let whole = event(handle, 300);
    let broken: [(&str, i32, Vec<u8>); 6] = [
        ("ends within an event", 2, whole[..whole.len() - 1].to_vec()),
        ("ends before one that was promised", 3, Vec::new()),
        ("more fields than bytes", 2, fields(i32::MAX, &[])),
        ("a built-in type that there is not", 2, fields(1, &[31, 0, 0, 0])),
        ("a text longer than the message", 2, fields(1, &[12, 0xFF, 0xFF, 0xFF, 0x7F])),
        ("Variants within DataValues without end", 2, fields(1, &[0x17, 0x01].repeat(10_000))),
    ];
    rogue.notify(1, Some(99));
    arrives(&mut observer, 99).await;
    let mut sequence = 1;
    for (at, (what, count, bytes)) in broken.into_iter().enumerate() {
        let refreshes = rogue.asked("Call");
        sequence += 1;
        rogue.publish(PublishResponse {
            subscription_id: rogue.subscription(),
            ..notification_of_events(sequence, count, &[&whole[..], &bytes].concat())
        });
        let seen = observer.until(what, |seen| (seen.gaps.len() > at).then(|| seen.gaps[at].clone())).await;
        assert_eq!(seen.finding.code.0, "QIAO-O028", "{what}: {seen:?}");
        assert_eq!(argument(&seen.finding, "count"), (count - 1).to_string(), "{what}");
        assert!(seen.slots.contains(&slot), "{what}");
        wait_for(what, || (rogue.asked("Call") > refreshes).then_some(()));
        sequence += 1;
        rogue.publish(PublishResponse {
            subscription_id: rogue.subscription(),
            ..notification_of_events(sequence, 1, &whole)
        });
        sequence += 1;
        let number = 100 + at as i32;
        rogue.notify(sequence, Some(number));
        arrives(&mut observer, number.into()).await;
        let values = &observer.values[&node];
        assert_eq!(values.len(), 2 * (at + 1), "{what}: the event before the damage and the one after it");
        assert!(values.iter().all(|value| matches!(value, Scalar::Tree(_))), "{what}");
    }
    let up = observer.links.iter().filter(|state| **state == LinkState::Connected).count();
    assert_eq!((up, rogue.asked("CreateSession")), (1, 1), "the session survives");
    observer.end().await;
}
