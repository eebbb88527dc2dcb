use super::*;
use crate::assemble::fixture::{discovery, item};
use crate::opcua::cache::ServerIdentity;
use crate::opcua::data_type::DataTypes;
use crate::opcua::decode::Decoder;
use crate::opcua::intake::Taken;
use crate::opcua::namespace::Namespaces;
use crate::opcua::outside::Outside;
use crate::opcua::sequence::Settled;
use crate::port::{Clock, SourceEvent};
use ::opcua::types::type_loader::ByteStringBody;
use ::opcua::types::{
    BinaryEncodable, ByteString, ContextOwned, DataChangeNotification, DataValue, DateTime, ExtensionObject,
    MonitoredItemNotification, NotificationMessage, ObjectId,
};
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

const INTERVAL: Duration = Duration::from_secs(600);

fn found(names: &[&str]) -> Found {
    let binding = |name: &&str| ItemBinding {
        node: NodeId::new(1, *name),
        sampling: None,
        queue: None,
        deadband: None,
        eu_range: None,
        events: None,
    };
    let namespaces = Arc::new(Namespaces::new([]));
    Found {
        discovery: discovery(1, &["M1"], names.iter().map(|name| item(0, name)).collect()),
        bindings: names.iter().map(binding).collect(),
        namespaces: Arc::clone(&namespaces),
        decoder: Decoder::new(namespaces, Arc::new(DataTypes::core())),
        findings: Vec::new(),
        identity: ServerIdentity::default(),
        nodes: 0,
        is_from_cache: false,
        is_lacking: false,
    }
}

fn terms() -> Terms {
    Terms {
        connection: "plc".to_owned(),
        publishing_interval: Duration::from_millis(100),
        lifetime: Duration::from_secs(60),
        values_per_message: 1_000,
    }
}

fn granted(id: u32) -> Granted {
    let (interval, keep_alive) = (Duration::from_millis(100), Duration::from_secs(5));
    Granted { id, interval, keep_alive, lifetime: Duration::from_secs(60) }
}

fn place(slot: u32) -> Place {
    Place { subscription: 5, id: slot + 10 }
}

/// What a process left whose items were these, each under id `slot + 10` of subscription 5.
fn estate(names: &[&str]) -> Estate {
    let mut feed = Feed::new(found(names), terms(), INTERVAL, Duration::ZERO);
    feed.granted(granted(5), Duration::ZERO);
    for slot in feed.due(Duration::ZERO) {
        assert_eq!(feed.answered(slot, Ok(place(slot)), Duration::ZERO), None);
    }
    feed.revised.insert(1);
    feed.estate((None, String::new(), 1), String::new(), false)
}

fn inherit(left: &[&str], now: &[&str]) -> Feed {
    let records = [(5, Settled { next: 8, ahead: 0 })];
    let granted = vec![(5, vec![7, 8, 9])];
    Feed::inherit(found(now), &estate(left), &records, granted, terms(), INTERVAL, Duration::ZERO)
}

fn nodes(feed: &Feed) -> Vec<&str> {
    feed.discovery.items.iter().map(|item| item.node.rsplit(['=', '/']).next().unwrap_or_default()).collect()
}

#[test]
fn an_item_keeps_the_slot_that_its_handle_was_made_from() {
    let names = nodes(&Feed::new(found(&["A", "B", "C"]), terms(), INTERVAL, Duration::ZERO))
        .iter()
        .map(|name| (*name).to_owned())
        .collect::<Vec<_>>();
    // B is gone, D is new, and the others were found in another order.
    let feed = inherit(&["A", "B", "C"], &["D", "C", "A"]);
    assert_eq!(nodes(&feed)[..3], names[..]);
    let created = |slot| Item::Created { place: place(slot), was_missed: false };
    assert_eq!((feed.items[0], feed.items[2], feed.items[3]), (created(0), created(2), Item::Wanted { attempts: 0 }));
    assert!(matches!(feed.items[1], Item::Gone { .. }) && feed.discovery.items[1].targets.is_empty());
    assert_eq!(feed.orphans, [place(1)]);
    let taken = &feed.subscriptions[0];
    assert_eq!((taken.id, taken.sequence.expected(), taken.sequence.span(&taken.available)), (5, 8, 2));
}

#[test]
fn what_the_server_does_not_have_as_expected_is_created_anew() {
    let mut feed = inherit(&["A", "B", "C", "D"], &["A", "B", "C", "D", "E"]);
    assert!(feed.revised.contains(&1));
    // B is gone, C has another id, D another handle, nobody knows 77, and E was created without an answer.
    let listed = [(10, 1), (99, 3), (13, 2), (77, 900), (14, 5)];
    assert_eq!(feed.verify(5, &listed), [1, 2, 3]);
    let orphans: Vec<u32> = feed.orphans.iter().map(|place| place.id).collect();
    assert_eq!(orphans, [13, 77, 99]);
    assert_eq!(feed.items[4], Item::Created { place: place(4), was_missed: false });
    assert_eq!(feed.due(Duration::ZERO), [1, 2, 3]);
    let mut whole = inherit(&["A", "B"], &["A", "B"]);
    assert!(whole.verify(5, &[(11, 2), (10, 1)]).is_empty() && whole.orphans.is_empty());
}

#[test]
fn only_what_has_no_value_yet_is_read_once_the_server_has_nothing_more_to_say() {
    let mut feed = inherit(&["A", "B"], &["A", "B"]);
    feed.items[0] = Item::Reporting(place(0));
    feed.ask_unheard(5, Duration::ZERO);
    assert_eq!(feed.read_once().iter().map(|(slot, _)| *slot).collect::<Vec<_>>(), [1]);
    feed.unheard.clear();
    feed.ask_unheard(5, Duration::ZERO);
    assert!(feed.read_once().is_empty(), "once");
}

#[tokio::test]
async fn what_was_read_is_not_handed_on_behind_what_its_item_reported_meanwhile() {
    let (events, mut told) = mpsc::channel(4);
    let outside = Outside {
        name: "plc".to_owned(),
        index: 0,
        clock: Clock::start(),
        counters: Arc::default(),
        events,
        stop: CancellationToken::new(),
    };
    let mut feed = inherit(&["A", "B"], &["A", "B"]);
    feed.ask_unheard(5, Duration::ZERO);
    let slots = |told: &mut mpsc::Receiver<SourceEvent>| match told.try_recv() {
        Ok(SourceEvent::Batch(batch)) => batch.samples.iter().map(|sample| sample.slot).collect::<Vec<_>>(),
        other => panic!("{other:?} is no batch"),
    };
    // A reports while the answer is on its way.
    let item = MonitoredItemNotification { client_handle: 1, value: DataValue::from(587) };
    let change = DataChangeNotification { monitored_items: Some(vec![item]), diagnostic_infos: None };
    let encoding = NodeId::from(ObjectId::DataChangeNotification_Encoding_DefaultBinary);
    let body = ByteString::from(change.encode_to_vec(&ContextOwned::default().context()));
    let notification_data = Some(vec![ExtensionObject::new(ByteStringBody::new(body, encoding))]);
    let message = NotificationMessage { sequence_number: 8, publish_time: DateTime::now(), notification_data };
    assert_eq!(feed.take(0, message, &outside).await, Ok(Taken::Values));
    assert_eq!(slots(&mut told), [0]);
    let bytes = DataValue::from(586).encode_to_vec(&ContextOwned::default().context());
    let read = feed.take_read_once(vec![(0, bytes.clone()), (1, bytes.clone())], &outside).await;
    assert_eq!((read, slots(&mut told)), (Ok(()), vec![1]));
    assert_eq!(feed.take_read_once(vec![(0, bytes)], &outside).await, Ok(()));
    assert!(told.try_recv().is_err(), "nothing is left of it");
}
