//! What a new session does about subscriptions of before, with a server that answers oddly.

use super::rig::observer::{Observer, argument, connection};
use super::rig::rogue::{Answer, Rogue, fault, header, republished};
use super::rig::wait_for;
use opcua::core::RequestMessage;
use opcua::types::{
    CallMethodResult, CallResponse, NodeId, NotificationMessage, PublishResponse, ReadResponse, StatusCode, UAString,
    Variant,
};
use qiao::config::plan::SecurityMode;
use std::sync::{Arc, Mutex, mpsc};

const A: &str = "nsu=urn:qiao:test:rogue;s=A";
const B: &str = "nsu=urn:qiao:test:rogue;s=B";

fn observe(rogue: &Rogue, pki: &tempfile::TempDir) -> Observer {
    let connection = connection(&rogue.endpoint(), SecurityMode::NoneIAcceptTheRisk);
    Observer::start(pki.path(), connection, &[A.to_owned(), B.to_owned()])
}

async fn arrives(observer: &mut Observer, number: i64) {
    observer.until(&format!("value {number}"), |seen| seen.numbers(A).contains(&number).then_some(())).await;
}

async fn gap(observer: &mut Observer, code: &str) {
    observer.until(code, |seen| seen.gaps.iter().any(|gap| gap.finding.code.0 == code).then_some(())).await;
}

async fn told(observer: &mut Observer, code: &str) {
    observer.until(code, |seen| seen.findings.iter().any(|finding| finding.code.0 == code).then_some(())).await;
}

/// A source that monitors both nodes and has a receipt for the first notification, value 100.
async fn begun(rogue: &Rogue, folder: &tempfile::TempDir) -> Observer {
    let mut observer = observe(rogue, folder);
    observer.connected(1).await;
    observer.until("both items", |_| (rogue.items().len() == 2).then_some(())).await;
    rogue.notify(1, Some(100));
    arrives(&mut observer, 100).await;
    rogue.notify(2, None);
    observer.until("its acknowledgement", |_| rogue.acknowledged().contains(&1).then_some(())).await;
    observer
}

/// What a server has that closed the session: the next Publish request and the old session are refused, and these numbers
/// are kept, each with a hundred times its number as the value. Beside it `more` rules.
fn close_session(rogue: &Rogue, kept: &[u32], more: impl Fn(&RequestMessage) -> Option<Answer> + Send + 'static) {
    let messages: Vec<NotificationMessage> =
        kept.iter().map(|number| rogue.notification(*number, *number as i32 * 100)).collect();
    let refusals = Arc::new(Mutex::new((1, 1)));
    rogue.rule(move |request| {
        let mut left = refusals.lock().expect("no panic");
        match request {
            RequestMessage::Publish(_) if left.0 > 0 => {
                left.0 -= 1;
                Some(fault(request, StatusCode::BadSessionIdInvalid))
            }
            RequestMessage::ActivateSession(_) if left.0 == 0 && left.1 > 0 => {
                left.1 -= 1;
                Some(fault(request, StatusCode::BadSessionIdInvalid))
            }
            RequestMessage::Republish(asked) => {
                let kept = messages.iter().find(|one| one.sequence_number == asked.retransmit_sequence_number);
                Some(match kept {
                    Some(message) => republished(request, message.clone()),
                    None => fault(request, StatusCode::BadMessageNotAvailable),
                })
            }
            _ => more(request),
        }
    });
    // A Publish request comes when one was answered.
    rogue.notify(2, None);
}

fn listing(request: &RequestMessage, ids: &[u32], handles: &[u32]) -> Option<Answer> {
    const GET_MONITORED_ITEMS: u32 = 11_492;
    let RequestMessage::Call(call) = request else { return None };
    if call.methods_to_call.iter().flatten().all(|method| method.method_id != NodeId::new(0, GET_MONITORED_ITEMS)) {
        return None;
    }
    let outputs = vec![Variant::from(ids.to_vec()), Variant::from(handles.to_vec())];
    let result = CallMethodResult { output_arguments: Some(outputs), ..CallMethodResult::default() };
    let response_header = header(call.request_header.request_handle);
    let answer = CallResponse { response_header, results: Some(vec![result]), diagnostic_infos: None };
    Some(Answer::Message(Box::new(answer.into())))
}

#[tokio::test]
async fn row_04_a_new_session_takes_over_what_the_one_had_that_the_server_closed() {
    let (rogue, folder) = (Rogue::start(), tempfile::tempdir().expect("a folder"));
    let mut observer = begun(&rogue, &folder).await;
    rogue.hand_over(&[2, 3]);
    close_session(&rogue, &[2, 3], |request| listing(request, &[1_002, 1_001], &[2, 1]));
    arrives(&mut observer, 300).await;
    told(&mut observer, "QIAO-O132").await;
    rogue.notify(4, Some(400));
    arrives(&mut observer, 400).await;
    assert_eq!(observer.numbers(A), [100, 200, 300, 400]);
    assert!(observer.gaps.is_empty(), "{:?}", observer.gaps);
    assert_eq!((rogue.asked("CreateSubscription"), rogue.asked("CreateMonitoredItems") > 0), (1, true));
    assert_eq!(observer.counters.transferred.get(), 1);
    observer.end().await;
}

#[tokio::test]
async fn row_04_what_the_server_says_that_it_keeps_and_does_not_is_a_gap() {
    let (rogue, folder) = (Rogue::start(), tempfile::tempdir().expect("a folder"));
    let mut observer = begun(&rogue, &folder).await;
    rogue.hand_over(&[2, 3, 4]);
    close_session(&rogue, &[2, 4], |_| None);
    arrives(&mut observer, 400).await;
    assert_eq!(observer.numbers(A), [100, 200, 400]);
    gap(&mut observer, "QIAO-O022").await;
    let told = &observer.gaps[0].finding;
    assert_eq!((argument(told, "sequence"), argument(told, "count")), ("3", "1"));
    observer.end().await;
}

#[tokio::test]
async fn row_04_items_that_the_server_lost_are_created_anew_and_told_one_by_one() {
    let (rogue, folder) = (Rogue::start(), tempfile::tempdir().expect("a folder"));
    let mut observer = begun(&rogue, &folder).await;
    let before = rogue.asked("CreateMonitoredItems");
    rogue.hand_over(&[]);
    // B is missing, and it has one that nobody asked for.
    close_session(&rogue, &[], |request| listing(request, &[1_001, 77], &[1, 900]));
    gap(&mut observer, "QIAO-O133").await;
    assert_eq!(observer.gaps[0].slots, [1]);
    observer.until("B is created", |_| (rogue.asked("CreateMonitoredItems") > before).then_some(())).await;
    wait_for("the other is deleted", || (rogue.asked("DeleteMonitoredItems") > 0).then_some(()));
    assert_eq!(rogue.asked("CreateSubscription"), 1);
    observer.end().await;
}

#[tokio::test]
async fn row_05_where_nothing_is_handed_over_everything_is_created_anew_with_a_gap() {
    let (rogue, folder) = (Rogue::start(), tempfile::tempdir().expect("a folder"));
    let mut observer = begun(&rogue, &folder).await;
    close_session(&rogue, &[2], |_| None);
    gap(&mut observer, "QIAO-O021").await;
    observer.until("a new subscription", |_| (rogue.subscription() == 2).then_some(())).await;
    assert!(rogue.asked("TransferSubscriptions") > 0 && rogue.asked("DeleteSubscriptions") > 0);
    observer.until("both items", |_| (rogue.items().len() == 2).then_some(())).await;
    rogue.notify(1, Some(500));
    arrives(&mut observer, 500).await;
    assert_eq!(observer.numbers(A), [100, 500]);
    observer.end().await;
}

#[tokio::test]
async fn row_19_nothing_is_taken_over_from_a_server_that_lists_other_namespaces() {
    const NAMESPACE_ARRAY: u32 = 2_255;
    let (rogue, folder) = (Rogue::start(), tempfile::tempdir().expect("a folder"));
    let mut observer = begun(&rogue, &folder).await;
    rogue.hand_over(&[2]);
    close_session(&rogue, &[2], |request| match request {
        RequestMessage::Read(read)
            if read.nodes_to_read.iter().flatten().any(|node| node.node_id == NodeId::new(0, NAMESPACE_ARRAY)) =>
        {
            let uris = ["http://opcfoundation.org/UA/", "urn:other", super::rig::rogue::URI].map(UAString::from);
            let response_header = header(read.request_header.request_handle);
            let results = Some(vec![Variant::from(uris.to_vec()).into()]);
            let answer = ReadResponse { response_header, results, diagnostic_infos: None };
            Some(Answer::Message(Box::new(answer.into())))
        }
        _ => None,
    });
    gap(&mut observer, "QIAO-O021").await;
    assert_eq!((rogue.asked("TransferSubscriptions"), observer.numbers(A)), (0, vec![100]));
    observer.end().await;
}

#[tokio::test]
async fn row_04_a_subscription_that_stalls_after_it_was_handed_over_is_created_anew_with_a_gap() {
    let (rogue, folder) = (Rogue::start(), tempfile::tempdir().expect("a folder"));
    rogue.keep_alive(1);
    let mut observer = begun(&rogue, &folder).await;
    rogue.hand_over(&[]);
    close_session(&rogue, &[], |_| None);
    told(&mut observer, "QIAO-O132").await;
    gap(&mut observer, "QIAO-O136").await;
    assert_eq!(observer.gaps[0].slots, [0, 1]);
    observer.until("a new subscription", |_| (rogue.subscription() == 2).then_some(())).await;
    observer.end().await;
}

#[tokio::test]
async fn row_76_a_new_process_takes_over_what_the_one_before_left_and_hands_nothing_on_twice() {
    let (rogue, folder) = (Rogue::start(), tempfile::tempdir().expect("a folder"));
    let observer = begun(&rogue, &folder).await;
    // 2 is handed on to nobody.
    let (message, later) = (rogue.notification(2, 200), rogue.notification(3, 300));
    observer.abandon(|| rogue.notify(2, Some(200))).await;
    assert_eq!(rogue.asked("CloseSession"), 1);
    rogue.hand_over(&[1, 2, 3]);
    let asked = Arc::new(Mutex::new(Vec::new()));
    let numbers = Arc::clone(&asked);
    rogue.rule(move |request| match request {
        RequestMessage::Republish(republish) => {
            numbers.lock().expect("no panic").push(republish.retransmit_sequence_number);
            Some(match republish.retransmit_sequence_number {
                2 => republished(request, message.clone()),
                3 => republished(request, later.clone()),
                _ => fault(request, StatusCode::BadMessageNotAvailable),
            })
        }
        _ => listing(request, &[1_001, 1_002], &[1, 2]),
    });
    let mut heir = observe(&rogue, &folder);
    arrives(&mut heir, 300).await;
    assert_eq!(heir.numbers(A), [200, 300]);
    told(&mut heir, "QIAO-O132").await;
    assert_eq!(*asked.lock().expect("no panic"), [2, 3, 4], "1 was receipted");
    rogue.notify(4, Some(400));
    arrives(&mut heir, 400).await;
    rogue.notify(5, None);
    heir.until("1 is acknowledged again", |_| {
        (rogue.acknowledged().iter().filter(|number| **number == 1).count() == 2).then_some(())
    })
    .await;
    assert!(heir.gaps.is_empty() && rogue.subscription() == 1, "{:?}", heir.gaps);
    // A clean stop leaves nothing to anybody.
    heir.end().await;
    rogue.rule(|_| None);
    let mut third = observe(&rogue, &folder);
    third.until("a new subscription", |_| (rogue.subscription() == 2).then_some(())).await;
    assert!(third.gaps.is_empty());
    third.end().await;
}

#[tokio::test]
async fn row_76_what_is_read_for_a_new_process_is_not_handed_on_behind_what_the_server_told_meanwhile() {
    const VALUE: u32 = 13;
    let (rogue, folder) = (Rogue::start(), tempfile::tempdir().expect("a folder"));
    begun(&rogue, &folder).await.abandon(|| rogue.notify(2, Some(200))).await;
    rogue.hand_over(&[]);
    let ((say, told), (asked, was_asked)) = (mpsc::channel(), mpsc::channel());
    let mut told = Some(told);
    rogue.rule(move |request| match request {
        RequestMessage::Read(read)
            if read
                .nodes_to_read
                .iter()
                .flatten()
                .all(|node| node.attribute_id == VALUE && node.node_id.namespace == 1) =>
        {
            let response_header = header(read.request_header.request_handle);
            let results = read.nodes_to_read.iter().flatten().map(|_| Variant::Int32(586).into()).collect();
            let answer = ReadResponse { response_header, results: Some(results), diagnostic_infos: None };
            asked.send(()).ok()?;
            Some(Answer::Later(Box::new(answer.into()), told.take()?))
        }
        _ => listing(request, &[1_001, 1_002], &[1, 2]),
    });
    let mut heir = observe(&rogue, &folder);
    self::told(&mut heir, "QIAO-O132").await;
    // The server has nothing to say, so that both are read; while the answer is on its way A changes.
    rogue.notify(2, None);
    heir.until("both are read", |_| was_asked.try_recv().ok()).await;
    rogue.notify_one(1, 2, 587);
    arrives(&mut heir, 587).await;
    say.send(()).expect("the answer waits");
    heir.until("B was read", |seen| (seen.numbers(B) == [586]).then_some(())).await;
    assert_eq!(heir.numbers(A), [587], "what was read is older, or no news");
    heir.end().await;
}

#[tokio::test]
async fn row_76_a_present_value_that_the_server_repeats_for_a_new_process_keeps_its_place() {
    let (rogue, folder) = (Rogue::start(), tempfile::tempdir().expect("a folder"));
    let observer = begun(&rogue, &folder).await;
    // 3 repeats 2, as a server does whose subscription was taken over by a process that ended at once.
    let kept = [(2, 586), (3, 586), (4, 587)].map(|(number, value)| rogue.notification(number, value));
    observer.abandon(|| rogue.notify(2, Some(586))).await;
    rogue.hand_over(&[2, 3, 4]);
    rogue.rule(move |request| match request {
        RequestMessage::Republish(asked) => {
            let message = kept.iter().find(|one| one.sequence_number == asked.retransmit_sequence_number);
            Some(match message {
                Some(message) => republished(request, message.clone()),
                None => fault(request, StatusCode::BadMessageNotAvailable),
            })
        }
        _ => listing(request, &[1_001, 1_002], &[1, 2]),
    });
    let mut heir = observe(&rogue, &folder);
    arrives(&mut heir, 587).await;
    rogue.notify(5, Some(587));
    rogue.notify(6, Some(588));
    arrives(&mut heir, 588).await;
    assert_eq!(heir.numbers(A), [586, 586, 587, 587, 588]);
    assert!(heir.gaps.is_empty(), "{:?}", heir.gaps);
    heir.end().await;
}

#[tokio::test]
async fn a_start_that_takes_nothing_over_tells_a_gap_once_and_why() {
    let (rogue, folder) = (Rogue::start(), tempfile::tempdir().expect("a folder"));
    let file = folder.path().join("subscriptions").join("lathe");
    let observer = begun(&rogue, &folder).await;
    observer.abandon(|| rogue.notify(2, Some(200))).await;
    let left = std::fs::read(&file).expect("it was left");
    let mut damaged = left.clone();
    damaged[30] ^= 1;
    let reason = |observer: &Observer| {
        observer
            .gaps
            .iter()
            .find(|gap| gap.finding.code.0 == "QIAO-O131")
            .map(|gap| argument(&gap.finding, "reason").to_owned())
    };
    for (bytes, nodes, expected) in [
        (&damaged, [A, B].as_slice(), "damaged"),
        (&left, [A].as_slice(), "configuration"),
        (&left, [A, B].as_slice(), "BadServiceUnsupported"),
    ] {
        std::fs::write(&file, bytes).expect("written");
        let before = rogue.subscription();
        let nodes: Vec<String> = nodes.iter().map(|node| (*node).to_owned()).collect();
        let connection = connection(&rogue.endpoint(), SecurityMode::NoneIAcceptTheRisk);
        let mut heir = Observer::start(folder.path(), connection, &nodes);
        gap(&mut heir, "QIAO-O131").await;
        assert_eq!(reason(&heir).as_deref(), Some(expected));
        heir.until("its items", |_| {
            (rogue.subscription() > before && rogue.items().len() == nodes.len()).then_some(())
        })
        .await;
        rogue.notify(1, Some(1));
        arrives(&mut heir, 1).await;
        heir.end().await;
        assert!(!file.exists(), "a clean stop");
    }
}

#[tokio::test]
async fn row_13_what_the_server_grants_less_than_asked_is_told_once_and_counted() {
    let (rogue, folder) = (Rogue::start(), tempfile::tempdir().expect("a folder"));
    rogue.grant(3, 100);
    let mut observer = observe(&rogue, &folder);
    told(&mut observer, "QIAO-O134").await;
    told(&mut observer, "QIAO-O026").await;
    let lifetime = observer.findings.iter().find(|finding| finding.code.0 == "QIAO-O134").expect("told");
    assert_eq!((argument(lifetime, "asked"), argument(lifetime, "granted")), ("120", "10"));
    observer.until("both items are counted", |seen| (seen.counters.items_revised.get() == 2).then_some(())).await;
    assert_eq!(observer.counters.subscriptions_revised.get(), 1);
    observer.end().await;
}

#[tokio::test]
async fn row_12_a_value_behind_an_overflow_keeps_its_flag_and_advice_is_told_once() {
    const OVERFLOW: u32 = 0x0000_0480;
    let (rogue, folder) = (Rogue::start(), tempfile::tempdir().expect("a folder"));
    let mut observer = begun(&rogue, &folder).await;
    for (number, value) in [(2, 200), (3, 300)] {
        rogue.publish(PublishResponse {
            subscription_id: rogue.subscription(),
            notification_message: rogue.notification_with(number, value, StatusCode::from(OVERFLOW)),
            ..PublishResponse::default()
        });
    }
    arrives(&mut observer, 300).await;
    observer.until("all are counted", |seen| (seen.counters.overflows.get() == 4).then_some(())).await;
    assert_eq!(observer.findings.iter().filter(|finding| finding.code.0 == "QIAO-O137").count(), 1);
    assert_eq!(observer.statuses(A).last(), Some(&OVERFLOW));
    observer.end().await;
}

#[tokio::test]
async fn row_28_a_server_that_is_not_running_is_told_while_it_is_and_when_it_is_again() {
    let (rogue, folder) = (Rogue::start(), tempfile::tempdir().expect("a folder"));
    let mut observer = begun(&rogue, &folder).await;
    for (state, name) in [(3, "Suspended"), (0, "Running"), (6, "CommunicationFault")] {
        rogue.server_state(state);
        observer
            .until(name, |seen| {
                let last = seen.findings.iter().rfind(|finding| finding.code.0 == "QIAO-O032")?;
                (argument(last, "state") == name).then_some(())
            })
            .await;
        assert_eq!(observer.counters.server_state.get(), state as u64);
    }
    observer.end().await;
}
