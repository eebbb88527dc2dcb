//! What becomes of a gap when the server's history is short, cut, damaged, or not what the server says.

use super::rig::observer::{Observer, argument, connection};
use super::rig::rogue::{Answer, Rogue, fault, header};
use super::rig::wait_for;
use opcua::core::{Message as _, RequestMessage};
use opcua::types::{
    ByteString, DataChangeNotification, DataValue, DateTime, ExtensionObject, HistoryData, HistoryReadRequest,
    HistoryReadResponse, HistoryReadResult, MonitoredItemNotification, NotificationMessage, PublishResponse,
    ReadRawModifiedDetails, StatusCode, Variant,
};
use qiao::config::plan::SecurityMode;
use qiao::finding::Finding;
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex};

const A: &str = "nsu=urn:qiao:test:rogue;s=A";
const B: &str = "nsu=urn:qiao:test:rogue;s=B";

/// A question of the history, as its server saw it.
#[derive(Clone, Debug)]
struct Asked {
    from: i64,
    /// Node and continuation point.
    nodes: Vec<(String, ByteString)>,
    is_release: bool,
}

/// The second at which a number was current.
fn time(number: i64) -> DateTime {
    DateTime::from(133_000_000_000_000_000 + number * 10_000_000)
}

fn at(number: i64) -> DataValue {
    DataValue {
        value: Some(Variant::Int32(number as i32)),
        source_timestamp: Some(time(number)),
        server_timestamp: Some(time(number)),
        ..DataValue::null()
    }
}

/// A result that holds these numbers.
fn held(numbers: RangeInclusive<i64>, point: &[u8]) -> HistoryReadResult {
    let data = HistoryData { data_values: Some(numbers.map(at).collect()) };
    HistoryReadResult {
        continuation_point: if point.is_empty() { ByteString::null() } else { ByteString::from(point) },
        history_data: ExtensionObject::from_message(data),
        ..HistoryReadResult::default()
    }
}

fn bad(status_code: StatusCode) -> HistoryReadResult {
    HistoryReadResult { status_code, ..HistoryReadResult::default() }
}

/// A value of both items.
fn notify(rogue: &Rogue, sequence_number: u32, number: i64) {
    let changed = |handle: &u32| MonitoredItemNotification { client_handle: *handle, value: at(number) };
    let data = DataChangeNotification {
        monitored_items: Some(rogue.items().iter().map(changed).collect()),
        diagnostic_infos: None,
    };
    rogue.publish(PublishResponse {
        subscription_id: rogue.subscription(),
        notification_message: NotificationMessage {
            sequence_number,
            publish_time: DateTime::now(),
            notification_data: Some(vec![ExtensionObject::from_message(data)]),
        },
        ..PublishResponse::default()
    });
}

/// A server with this history that lost what was between 1 and 10; and what its history is asked.
async fn with_a_gap(
    mut history: impl FnMut(&Asked) -> Result<Vec<HistoryReadResult>, StatusCode> + Send + 'static,
) -> (Rogue, tempfile::TempDir, Observer, Arc<Mutex<Vec<Asked>>>) {
    let (rogue, folder) = (Rogue::start(), tempfile::tempdir().expect("a folder"));
    let seen = Arc::new(Mutex::new(Vec::new()));
    let asked = Arc::clone(&seen);
    rogue.rule(move |request| match request {
        RequestMessage::Republish(_) => Some(fault(request, StatusCode::BadMessageNotAvailable)),
        RequestMessage::HistoryRead(read) => {
            let question = question(read);
            asked.lock().expect("no panic").push(question.clone());
            let results = match history(&question) {
                Ok(results) => results,
                Err(status) => return Some(fault(request, status)),
            };
            let response_header = header(request.request_handle());
            let answer = HistoryReadResponse { response_header, results: Some(results), diagnostic_infos: None };
            Some(Answer::Message(Box::new(answer.into())))
        }
        _ => None,
    });
    let connection = connection(&rogue.endpoint(), SecurityMode::NoneIAcceptTheRisk);
    let mut observer = Observer::start(folder.path(), connection, &[A.to_owned(), B.to_owned()]);
    observer.until("both items", |_| (rogue.items().len() == 2).then_some(())).await;
    notify(&rogue, 1, 1);
    observer.until("the first value", |seen| (seen.numbers(B) == [1]).then_some(())).await;
    notify(&rogue, 5, 10);
    observer.until("the gap", |seen| seen.gaps.iter().any(|gap| gap.finding.code.0 == "QIAO-O022").then_some(())).await;
    (rogue, folder, observer, seen)
}

fn question(read: &HistoryReadRequest) -> Asked {
    let details = read.history_read_details.inner_as::<ReadRawModifiedDetails>().expect("raw values");
    assert!(!details.is_read_modified && !details.return_bounds && details.num_values_per_node > 0);
    let nodes = read.nodes_to_read.iter().flatten();
    Asked {
        from: (details.start_time.ticks() - time(0).ticks()) / 10_000_000,
        nodes: nodes.map(|node| (node.node_id.identifier.to_string(), node.continuation_point.clone())).collect(),
        is_release: read.release_continuation_points,
    }
}

async fn told(observer: &mut Observer, code: &str) -> Finding {
    observer.until(code, |seen| seen.findings.iter().find(|finding| finding.code.0 == code).cloned()).await
}

fn is_silent_of(observer: &Observer, code: &str) -> bool {
    !observer.findings.iter().any(|finding| finding.code.0 == code)
}

#[track_caller]
fn filled(observer: &Observer) {
    for node in [A, B] {
        assert_eq!(observer.past_numbers(node), (2..10).collect::<Vec<_>>(), "{node}: {observer:#?}");
        assert_eq!(observer.numbers(node), [1, 10], "what is past is not told as live");
    }
}

#[tokio::test]
async fn row_05_continuation_points_are_followed_and_given_back() {
    let history = |asked: &Asked| {
        let result = |(_, point): &(String, ByteString)| match point.as_ref() {
            [] => held(1..=5, b"on"),
            // Everything is there; the server would go on all the same.
            _ if !asked.is_release => held(6..=12, b"too much"),
            _ => HistoryReadResult::default(),
        };
        Ok(asked.nodes.iter().map(result).collect())
    };
    let (_rogue, _folder, mut observer, asked) = with_a_gap(history).await;
    told(&mut observer, "QIAO-O140").await;
    filled(&observer);
    let released = wait_for("the points are given back", || {
        asked.lock().expect("no panic").iter().find(|asked| asked.is_release).cloned()
    });
    assert_eq!(released.nodes.len(), 2);
    assert!(released.nodes.iter().all(|(_, point)| point.as_ref() == b"too much"), "{released:?}");
    assert_eq!(asked.lock().expect("no panic").len(), 3, "two questions, one release");
    assert!(is_silent_of(&observer, "QIAO-O141"), "{observer:#?}");
    observer.end().await;
}

#[tokio::test]
async fn row_05_an_answer_that_is_cut_short_without_a_word_is_gone_on_from() {
    let history = |asked: &Asked| {
        let last = (asked.from.max(1) + 3).min(10);
        Ok(asked.nodes.iter().map(|_| held(asked.from.max(1)..=last, b"")).collect())
    };
    let (_rogue, _folder, mut observer, asked) = with_a_gap(history).await;
    let finding = told(&mut observer, "QIAO-O140").await;
    filled(&observer);
    assert_eq!(argument(&finding, "values"), "16");
    let from: Vec<i64> = asked.lock().expect("no panic").iter().map(|asked| asked.from).collect();
    assert_eq!(from, [1, 4, 7]);
    observer.end().await;
}

#[tokio::test]
async fn row_05_data_that_the_server_lost_stays_a_gap_and_holds_up_no_other_node() {
    let history = |asked: &Asked| {
        let result = |(node, _): &(String, ByteString)| {
            if node.ends_with('A') { bad(StatusCode::BadDataLost) } else { held(1..=10, b"") }
        };
        Ok(asked.nodes.iter().map(result).collect())
    };
    let (_rogue, _folder, mut observer, _asked) = with_a_gap(history).await;
    let open = told(&mut observer, "QIAO-O141").await;
    assert_eq!((argument(&open, "node"), argument(&open, "count")), (A, "1"));
    assert!(argument(&open, "status").starts_with("BadDataLost"), "{open:?}");
    assert_eq!((observer.past_numbers(A), observer.past_numbers(B)), (vec![], (2..10).collect()));
    observer.end().await;
}

#[tokio::test]
async fn row_05_a_history_that_begins_late_and_ends_early_leaves_the_rest_a_gap() {
    let history = |asked: &Asked| Ok(asked.nodes.iter().map(|_| held(4..=7, b"")).collect());
    let (_rogue, _folder, mut observer, _asked) = with_a_gap(history).await;
    let open = told(&mut observer, "QIAO-O141").await;
    // The beginning and the end, of both nodes.
    assert_eq!(argument(&open, "count"), "4");
    let time = |name| argument(&open, name).to_owned();
    assert!(time("from") < time("until"), "{open:?}");
    for node in [A, B] {
        assert_eq!(observer.past_numbers(node), [4, 5, 6, 7]);
    }
    assert_eq!(argument(&told(&mut observer, "QIAO-O140").await, "values"), "8");
    observer.end().await;
}

#[tokio::test]
async fn row_05_a_server_that_takes_fewer_nodes_than_it_says_is_asked_for_fewer() {
    let history = |asked: &Asked| {
        if asked.nodes.len() > 1 {
            return Err(StatusCode::BadTooManyOperations);
        }
        Ok(vec![held(1..=10, b"")])
    };
    let (_rogue, _folder, mut observer, asked) = with_a_gap(history).await;
    told(&mut observer, "QIAO-O140").await;
    filled(&observer);
    let sizes: Vec<usize> = asked.lock().expect("no panic").iter().map(|asked| asked.nodes.len()).collect();
    assert_eq!(sizes, [2, 1, 1]);
    assert!(is_silent_of(&observer, "QIAO-O141"), "{observer:#?}");
    observer.end().await;
}

#[tokio::test]
async fn row_05_a_server_without_the_service_is_asked_once_a_session() {
    let (rogue, _folder, mut observer, asked) = with_a_gap(|_| Err(StatusCode::BadServiceUnsupported)).await;
    let without = told(&mut observer, "QIAO-O142").await;
    assert_eq!(argument(&without, "count"), "2");
    notify(&rogue, 9, 20);
    let count = |seen: &Observer| seen.findings.iter().filter(|finding| finding.code.0 == "QIAO-O142").count();
    observer.until("the next gap", |seen| (count(seen) == 2).then_some(())).await;
    assert_eq!(asked.lock().expect("no panic").len(), 1);
    assert_eq!(observer.numbers(A), [1, 10, 20]);
    observer.end().await;
}

#[tokio::test]
async fn row_05_what_cannot_be_decoded_or_never_ends_is_left_a_gap() {
    let history = |asked: &Asked| {
        let result = |(node, _): &(String, ByteString)| {
            if node.ends_with('A') {
                // The same again and again, with a promise of more.
                held(1..=3, b"more")
            } else {
                let data = ExtensionObject::from_message(DataChangeNotification::default());
                HistoryReadResult { history_data: data, ..HistoryReadResult::default() }
            }
        };
        Ok(asked.nodes.iter().map(result).collect())
    };
    let (_rogue, _folder, mut observer, asked) = with_a_gap(history).await;
    let open = told(&mut observer, "QIAO-O141").await;
    assert_eq!(argument(&open, "count"), "2");
    assert_eq!((observer.past_numbers(A), observer.past_numbers(B)), (vec![2, 3], vec![]));
    assert!(asked.lock().expect("no panic").len() < 10, "{asked:?}");
    observer.end().await;
}
