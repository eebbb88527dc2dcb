use super::*;
use crate::assemble::fixture::{discovery, item};
use crate::opcua::cache::ServerIdentity;
use crate::opcua::data_type::DataTypes;
use crate::opcua::decode::Decoder;
use crate::opcua::namespace::Namespaces;
use crate::opcua::order::Terms;
use ::opcua::types::StatusCode;

const INTERVAL: Duration = Duration::from_secs(600);

/// One machine with these variables.
fn found(names: &[&str]) -> Found {
    let items: Vec<FoundItem> = names.iter().map(|name| item(0, name)).collect();
    let bindings = names.iter().map(|name| ItemBinding {
        node: NodeId::new(1, *name),
        sampling: None,
        queue: None,
        deadband: None,
        eu_range: None,
        events: None,
    });
    let namespaces = Arc::new(Namespaces::new([]));
    Found {
        discovery: discovery(1, &["M1"], items),
        bindings: bindings.collect(),
        namespaces: Arc::clone(&namespaces),
        decoder: Decoder::new(namespaces, Arc::new(DataTypes::core())),
        findings: Vec::new(),
        identity: ServerIdentity::default(),
        nodes: 0,
        is_from_cache: false,
        is_lacking: false,
    }
}

/// Everything that was found is monitored, item `slot` under id `slot + 10` of subscription 5.
fn feed(names: &[&str]) -> Feed {
    let terms = Terms {
        connection: "plc".to_owned(),
        publishing_interval: Duration::from_millis(100),
        lifetime: Duration::from_secs(60),
        values_per_message: 1_000,
    };
    let mut feed = Feed::new(found(names), terms, INTERVAL, Duration::ZERO);
    create(&mut feed);
    feed
}

fn create(feed: &mut Feed) {
    for slot in feed.due(Duration::ZERO) {
        feed.answered(slot, Ok(place(slot)), Duration::ZERO);
    }
    feed.look_again();
}

fn place(slot: u32) -> Place {
    Place { subscription: 5, id: slot + 10 }
}

fn adopt(feed: &mut Feed, names: &[&str], seconds: u64) -> Adopted {
    feed.adopt(found(names), Cause::Time, Duration::from_secs(seconds))
}

#[test]
fn what_is_the_same_is_left_alone() {
    let mut feed = feed(&["a", "b"]);
    let adopted = adopt(&mut feed, &["b", "a"], 1);
    assert!(adopted.discovery.is_none() && adopted.orphans.is_empty());
    assert_eq!((feed.epoch, feed.due(Duration::ZERO), feed.read_at), (1, vec![], None));
}

#[test]
fn what_is_new_gets_a_slot_behind_the_others_and_what_is_gone_leaves_its_own_empty() {
    let mut feed = feed(&["a", "b", "c"]);
    let adopted = adopt(&mut feed, &["c", "new", "a"], 1);
    assert_eq!((adopted.items_new, adopted.items_gone, adopted.orphans), (1, 1, vec![place(1)]));
    let told = adopted.discovery.expect("it changed");
    assert_eq!((told.epoch, told.carries_on), (2, Some(1)));
    let targets: Vec<usize> = told.items.iter().map(|item| item.targets.len()).collect();
    assert_eq!(targets, [1, 0, 1, 1]);
    assert_eq!(told.items[3].node, item(0, "new").node);
    assert_eq!(feed.items[0], Item::Created { place: place(0), was_missed: false }, "a neighbour is not touched");
    assert_eq!(feed.due(Duration::ZERO), [3]);
}

#[test]
fn what_comes_back_gets_its_old_slot_and_a_slot_is_given_to_others_only_after_a_rest() {
    let mut feed = feed(&["a", "b"]);
    adopt(&mut feed, &["a"], 1);
    let back = adopt(&mut feed, &["a", "b"], 2);
    assert_eq!((back.items_new, feed.due(Duration::ZERO)), (1, vec![1]));
    adopt(&mut feed, &["a"], 3);
    adopt(&mut feed, &["a", "c"], 500);
    assert_eq!(feed.items.len(), 3, "too early");
    adopt(&mut feed, &["a", "c", "d"], 604);
    assert_eq!((feed.items.len(), feed.discovery.items[1].node.clone()), (3, item(0, "d").node));
    feed.look_again();
    assert_eq!(feed.due(Duration::ZERO), [1, 2]);
}

#[test]
fn a_node_that_was_made_anew_is_monitored_anew() {
    let mut feed = feed(&["a", "b"]);
    feed.items[1] = Item::Missing(place(1));
    let adopted = adopt(&mut feed, &["a", "b"], 1);
    assert_eq!((adopted.orphans, adopted.discovery.is_none()), (vec![place(1)], true));
    assert_eq!(feed.due(Duration::ZERO), [1]);
}

#[test]
fn another_range_of_a_percent_deadband_is_another_item() {
    let mut feed = feed(&["a"]);
    let mut wider = found(&["a"]);
    wider.bindings[0].eu_range = Some((0.0, 10.0));
    let adopted = feed.adopt(wider, Cause::Told, Duration::ZERO);
    assert_eq!((adopted.orphans, feed.due(Duration::ZERO)), (vec![place(0)], vec![1]));
}

#[test]
fn a_browse_that_met_new_faults_is_believed_only_when_they_stay() {
    let mut feed = feed(&["a"]);
    let mut half = found(&[]);
    half.findings.push(Finding::warning("QIAO-O109", "folder").with("status", StatusCode::BadTimeout));
    assert_eq!([(); 4].map(|()| feed.is_distrusted(&half)), [true, true, false, true]);
    assert!(!feed.is_distrusted(&found(&["a"])));
    feed.adopt(half, Cause::Time, Duration::ZERO);
    let again = found(&[]);
    assert!(!feed.is_distrusted(&again));
}

#[test]
fn a_receipt_of_before_the_change_is_one_of_this_session() {
    use crate::model::Transaction;
    use crate::model::delivery::AckKey;
    use crate::spool::Spool;
    let mut feed = feed(&["a"]);
    let (interval, keep_alive, lifetime) =
        (Duration::from_millis(100), Duration::from_secs(5), Duration::from_secs(60));
    feed.granted(crate::opcua::order::Granted { id: 5, interval, keep_alive, lifetime }, Duration::ZERO);
    feed.subscriptions[0].sequence.hand_on();
    adopt(&mut feed, &["a", "b"], 1);
    let spool = Spool::in_memory(1 << 20, 0, 1);
    let mut receipts = spool.receipts(0);
    let key = AckKey::Notification { subscription: 5, sequence: 1 };
    for (epoch, acknowledged) in [(0, 0), (1, 1)] {
        let pending = Some(crate::model::Pending { source: 0, epoch, key });
        let transaction = Transaction { pending, ..Transaction::default() };
        let permit = futures::executor::block_on(spool.reserve(Spool::size_of(&transaction))).expect("room");
        spool.append(permit, transaction);
        feed.receipt(receipts.try_recv().expect("a receipt"));
        assert_eq!(feed.acknowledgements.len(), acknowledged, "epoch {epoch}");
    }
}
