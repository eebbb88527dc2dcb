//! What stands beside messages: which machines are listed, with what, and when not.

use super::super::beside::Board;
use super::*;
use crate::profile::beside::{Beside, Fact, MachineList, Note, Sign};

/// The tool with topics beside its messages.
fn profile() -> Profile {
    let list = |topic: &str, last: (&str, Fact)| MachineList {
        topic: topic.to_owned(),
        entry: [("Data", Fact::Data), ("Topic", Fact::Topic), ("Id", Fact::Machine), last]
            .map(|(name, fact)| (name.to_owned(), fact))
            .to_vec(),
    };
    let sign = |topic: &str| Sign { topic: topic.to_owned(), online: "1".to_owned(), lost: "0".to_owned() };
    let beside = Beside {
        behind: "/{machine}".to_owned(),
        every: Duration::from_secs(30),
        data: "/Id".to_owned(),
        machines: Some(list("/list/tools", ("Parent", Fact::Parent))),
        refused: Some(list("/list/refused", ("Error", Fact::Error))),
        online: Some(sign("/online/{machine}")),
        client: Some(sign("/client")),
        version: Some(Note { topic: "/version".to_owned(), text: "qiao {version}".to_owned() }),
    };
    Profile { beside: Some(Arc::new(beside)), ..tool_profile() }
}

/// What stands on the first board, by topic behind the base.
fn standing(prepared: &Prepared) -> Vec<(String, String)> {
    read(prepared, false)
}

fn read(prepared: &Prepared, is_leaving: bool) -> Vec<(String, String)> {
    let board = prepared.boards.all().next().expect("a board");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    let standing = board.standing(is_leaving).into_iter();
    standing.map(|(topic, payload)| (topic.as_str().replace("tool/g/", ""), text(payload))).collect()
}

/// Ids in a list, each with its error, and which machines are online.
fn shown(prepared: &Prepared) -> (Vec<String>, Vec<(String, String)>, Vec<String>) {
    let standing = standing(prepared);
    let list = |topic: &str| {
        let (_, text) = standing.iter().find(|(name, _)| name == topic).expect("a list");
        serde_json::from_str::<Vec<Value>>(text).expect("an array")
    };
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let online = standing.iter().filter_map(|(topic, sign)| Some((topic.strip_prefix("online/")?, sign)));
    (
        list("list/tools").iter().map(|entry| text(&entry["Id"])).collect(),
        list("list/refused").iter().map(|entry| (text(&entry["Id"]), text(&entry["Error"]))).collect(),
        online.map(|(machine, sign)| format!("{machine}={sign}")).collect(),
    )
}

/// Two tools complete and online, and what their sources share.
fn two_listed(flow: FlowPlan) -> (Rig, Arc<Prepared>) {
    let plan = Arc::new(plan(vec![flow]));
    let prepared = Prepared::new(&plan).expect("schemas");
    let mut rig = Rig::with(plan, 0, Arc::clone(&prepared));
    rig.find(two_tools());
    rig.batch_of(EPOCH, &tool_values(0), SERIAL);
    rig.batch_of(EPOCH, &tool_values(1), SERIAL);
    (rig, prepared)
}

#[test]
fn machines_are_listed_with_what_their_messages_say_and_nothing_else() {
    let (mut rig, prepared) = two_listed(flow(profile()));
    let entry = |id: &str| {
        format!(r#"{{"Data":{{"Serial":"S-17"}},"Topic":"tool/g/{id}","Id":"{id}","Parent":"nsu=urn:m;s=Machines"}}"#)
    };
    let version = concat!("qiao ", env!("CARGO_PKG_VERSION"));
    let expected = [
        ("list/refused", "[]".to_owned()),
        ("list/tools", format!("[{},{}]", entry("M1"), entry("M2"))),
        ("online/M1", "1".to_owned()),
        ("online/M2", "1".to_owned()),
        ("version", version.to_owned()),
    ];
    assert_eq!(standing(&prepared), expected.map(|(topic, text)| (topic.to_owned(), text)));
    let leaving = [("list/refused", "[]"), ("list/tools", "[]")].map(|(t, p)| (t.to_owned(), p.to_owned()));
    assert_eq!(read(&prepared, true), leaving, "a gateway that takes leave shows nobody");
    let board = prepared.boards.all().next().expect("a board");
    let (topic, online, lost) = board.client().expect("a sign");
    assert_eq!((topic.as_str(), online, lost), ("tool/g/client", "1", "0"));

    // What is not shown changes nothing here; what is shown does.
    let changes = board.changes();
    let before = *changes.borrow();
    rig.batch(&[int(1, 2), int(2, 60)]);
    rig.pass(Duration::from_secs(30));
    assert_eq!(*changes.borrow(), before);
    let serial = Scalar::Text(BuiltInType::String, crate::model::Span { start: 0, length: 4 });
    rig.batch_of(EPOCH, &[sample(0, StatusCode::GOOD, serial)], b"S-18");
    rig.pass(Duration::from_secs(2));
    assert!(standing(&prepared)[1].1.contains("S-18"), "{:?}", standing(&prepared));
    rig.balance();
}

#[test]
fn what_does_not_leave_is_in_no_list() {
    let mut profile = profile();
    let mut mapping = (*profile.mapping).clone();
    mapping.fields[0].concept = Some("identity.serial-number".to_owned());
    profile.mapping = Arc::new(mapping);
    let drop = vec!["identity.serial-number".to_owned()];
    let leaving = Leaving { drop, ..Leaving::default() };
    let (_, prepared) = two_listed(FlowPlan { leaving, ..flow(profile) });
    let standing = standing(&prepared);
    assert!(standing[1].1.contains(r#""Data":{},"Topic":"tool/g/M1""#), "{standing:?}");
    assert!(!format!("{standing:?}").contains("S-17"), "{standing:?}");
}

#[test]
fn a_machine_that_is_refused_lost_or_gone_is_not_listed_and_the_reason_is() {
    let (mut rig, prepared) = two_listed(flow(profile()));
    rig.pass(Duration::from_secs(2));
    rig.batch(&[int(1, 7)]);
    rig.pass(Duration::from_secs(2));
    let (listed, refused, online) = shown(&prepared);
    assert_eq!((listed, online), (vec!["M2".to_owned()], vec!["M1=0".to_owned(), "M2=1".to_owned()]));
    assert!(matches!(&refused[..], [(id, error)] if id == "M1" && error.contains("/Mode")), "{refused:?}");
    rig.batch(&[int(1, 1)]);
    rig.pass(Duration::from_secs(2));
    assert_eq!(shown(&prepared).0, ["M1", "M2"], "it is valid again");

    rig.lost();
    let (listed, refused, online) = shown(&prepared);
    assert!(listed.is_empty() && refused.len() == 2 && !refused[0].1.is_empty(), "{refused:?}");
    assert_eq!(online, ["M1=0", "M2=0"]);
    rig.batch(&[int(1, 1)]);
    rig.pass(Duration::from_secs(2));
    assert_eq!(shown(&prepared), (vec!["M1".into(), "M2".into()], vec![], vec!["M1=1".into(), "M2=1".into()]));

    let mut fewer = two_tools();
    fewer.machines.truncate(1);
    fewer.items.truncate(4);
    fewer.epoch = EPOCH + 1;
    fewer.carries_on = Some(EPOCH);
    rig.find(fewer);
    assert_eq!(shown(&prepared), (vec!["M1".into()], vec![], vec!["M1=1".into()]));
    rig.end();
    assert_eq!(shown(&prepared), (vec![], vec![], vec![]), "a stop is no error");
}

#[test]
fn all_sources_of_a_base_write_on_one_board_and_other_bases_on_their_own() {
    let flow_of = |name: &str, source, topic: &str| FlowPlan {
        name: name.to_owned(),
        source,
        topic: Some(topic.to_owned()),
        ..flow(profile())
    };
    let flows = vec![
        flow_of("one", 0, "tool/g/{machine}"),
        flow_of("two", 2, "tool/{gateway}/{machine}"),
        flow_of("three", 0, "tool/h/{machine}"),
        flow_of("four", 0, "tool/{site}/{machine}"),
        flow_of("five", 0, "tool/h/{machine}/data"),
        flow_of("six", 2, "tool/{line}/{machine}"),
    ];
    let mut plan = plan(flows);
    plan.machines.extend([(None, "4"), (Some(0), "5"), (Some(2), "g")].map(|(connection, line)| MachineRule {
        matches: format!("nsu=urn:m;s=L{line}"),
        connection,
        name: None,
        location: Location { line: Some(line.to_owned()), ..Location::default() },
        binding: None,
    }));
    let plan = Arc::new(plan);
    let prepared = Prepared::new(&plan).expect("schemas");
    let client = |board: &Arc<Board>| board.client().map(|(topic, ..)| format!("{topic}{}", board.ordinal()));
    let clients: Vec<_> = prepared.boards.all().filter_map(client).collect();
    // None for what is not known before a machine is found, nor for another connection's machines.
    assert_eq!(clients, ["tool/g/client", "tool/h/client-2", "tool/4/client-3"]);
    let one = |flow, names: &[&str]| {
        let mut found = discovery(EPOCH, names, two_tools().items[..4].to_vec());
        found.machines.iter_mut().for_each(|machine| machine.flow = flow);
        found
    };
    let mut first = Rig::with(Arc::clone(&plan), 0, Arc::clone(&prepared));
    let mut second = Rig::with(Arc::clone(&plan), 2, Arc::clone(&prepared));
    first.find(one(0, &["M1"]));
    first.batch_of(EPOCH, &tool_values(0), SERIAL);
    second.find(one(1, &["M1", "M3"]));
    second.batch_of(EPOCH, &tool_values(0), SERIAL);
    let (listed, refused, online) = shown(&prepared);
    // M1 is there already, and goes on; of M3 nothing came that fills a field.
    assert_eq!(listed, ["M1"]);
    assert_eq!(refused.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["M1", "M3"], "{refused:?}");
    assert_eq!(online, ["M1=1", "M3=0"]);

    // A life that failed leaves nobody online; the others do not notice.
    let mut again = Stages::new(plan, 2, Arc::clone(&prepared));
    let mut out = Outbox::default();
    again.take_over(Vec::new(), &[], Legacy::default(), first.now(), &mut out);
    assert_eq!(shown(&prepared).0, ["M1"]);
    first.end();
    assert_eq!(shown(&prepared).0, Vec::<String>::new());
    assert_eq!(shown(&prepared).1.len(), 2);
}
