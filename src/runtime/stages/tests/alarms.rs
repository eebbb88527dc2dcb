//! Alarms are events on one side and a list on the other.

use super::*;
use crate::codec::nc_link::Kind;
use crate::codec::ua_json::read_event;
use crate::codec::{Limits, Tape, umati_json};
use crate::config::plan::{Decode, PublishAs, TopicInput};
use crate::model::discovery::ItemMode;
use crate::model::{BrowsePath, FoundItem, TopicPattern};
use crate::port::Asked;
use crate::profile::Library;
use crate::translate::Routes;
use serde_json::json;

const EVENT: &str = "core/event@1.0";
const NC_LINK: &str = "nclink/cnc@3.0";
/// A server has told by then what is active.
const SETTLED: Duration = Duration::from_secs(6);

fn translating(from: &str, to: &str) -> FlowPlan {
    let library = Library::built_in().value;
    let [source, target] = [from, to].map(|id| library.find(id).expect("built in"));
    let routes = Routes::plan(Arc::clone(&source), Arc::clone(&target), library.concepts().clone());
    let publish_as = Some(Arc::new(PublishAs { profile: target, routes: vec![Arc::new(routes)] }));
    FlowPlan { profiles: vec![source], publish_as, ..flow(open_profile()) }
}

fn notifier(epoch: u64) -> Discovery {
    let mut events: FoundItem = item(0, "v");
    events.mode = ItemMode::Events;
    events.targets[0].path = BrowsePath(Vec::new());
    events.targets[0].types = Vec::new();
    discovery(epoch, &["M1"], vec![events])
}

/// A machine whose server tells events.
fn events() -> Rig {
    let mut rig = Rig::new(vec![translating(EVENT, NC_LINK)]);
    rig.find(notifier(EPOCH));
    rig
}

/// An event of a condition, with other fields than the usual.
fn event(condition: &str, is_active: bool, others: &Value) -> Value {
    let field = |kind: u8, value: Value| json!({ "UaType": kind, "Value": value });
    let mut fields = json!({
        "EventId": field(15, json!("q83vASNFZ4k=")),
        "EventType": field(17, json!("i=2915")),
        "SourceNode": field(17, json!("s=Lathe")),
        "Time": field(13, json!("2026-04-12T08:30:01.2Z")),
        "Message": field(21, json!({ "Locale": "en", "Text": format!("{condition}!") })),
        "Severity": field(5, json!(700)),
        "ConditionId": field(17, json!(format!("s={condition}"))),
        "ConditionName": field(12, json!(condition)),
        "BranchId": field(17, json!("i=0")),
        "Retain": field(1, json!(is_active)),
        "ActiveState/Id": field(1, json!(is_active)),
    });
    let (own, others) = (fields.as_object_mut().expect("fields"), others.as_object().expect("fields"));
    for (name, value) in others {
        if value.is_null() {
            own.remove(name);
        } else {
            own.insert(name.clone(), value.clone());
        }
    }
    fields
}

fn shown(list: &Value) -> Vec<String> {
    let one = |alarm: &Value| {
        format!("{} {}", alarm["number"].as_str().unwrap_or("?"), alarm["text"].as_str().unwrap_or("-"))
    };
    list.as_array().expect("a list").iter().map(one).collect()
}

impl Rig {
    fn happens(&mut self, epoch: u64, fields: &Value) {
        let mut arena = Vec::new();
        let scalar = read_event(fields.as_object().expect("fields"), &mut arena).expect("an event");
        self.batch_of(epoch, &[sample(0, StatusCode::GOOD, scalar)], &arena);
    }

    /// New list and old one of each event that an application got.
    fn told(&self) -> Vec<(Vec<String>, Option<Vec<String>>)> {
        let event = |body: &&Value| (shown(&body["event"]["value"]), body["event"].get("oldValue").map(shown));
        self.on("Event/M1").iter().map(event).collect()
    }

    /// The answer to a question for the list.
    fn asked(&mut self) -> Value {
        let payload = json!({ "@id": "q", "ids": [{ "id": "CONTROLLER/WARNING" }] }).to_string().into_bytes();
        let (device, client) = ("M1".to_owned(), None);
        self.heard(&Heard::Asked(Asked { sink: 1, device, kind: Kind::QueryRequest, client, payload }));
        self.on("Query/Response/M1").last().map(|answer| answer["values"][0].clone()).expect("an answer")
    }

    /// The list of a device, as its messages hold it.
    fn lists(&mut self, list: &Value) {
        let (mut arena, mut tape) = (Vec::new(), Tape::new());
        tape.read(list.to_string().as_bytes(), Limits::default()).expect("JSON");
        let (scalar, _) = umati_json::read(&tape, 0, false, &mut arena);
        let sample = Sample { source_time: self.wall(), ..sample(0, StatusCode::GOOD, scalar) };
        self.batch_of(EPOCH, &[sample], &arena);
    }

    /// Number, whether it is active and whether it was told again, of each event that a device led to.
    fn happened(&self) -> Vec<(String, bool, bool)> {
        let field = |body: &Value, name: &str| body["Payload"][name]["Value"].clone();
        let one = |body: &&Value| {
            let number = field(body, "ErrorCode").as_str().unwrap_or("?").to_owned();
            (number, field(body, "ActiveState/Id") == true, field(body, "Refreshed") == true)
        };
        self.on("qiao/g/M1/event").iter().map(one).collect()
    }
}

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn an_alarm_is_told_when_it_appears_and_when_it_is_over_and_asked_for_while_it_is_active() {
    let mut rig = events();
    assert_eq!(rig.asked()["code"], "NG", "nobody knows yet what is active");
    rig.happens(EPOCH, &event("Coolant", true, &json!({ "Refreshed": { "UaType": 1, "Value": true } })));
    assert!(rig.told().is_empty(), "what is told again comes together");
    rig.happens(EPOCH, &event("Door", true, &json!({ "ErrorCode": { "UaType": 12, "Value": "700123" } })));
    assert_eq!(rig.totals().held, 2);
    rig.pass(SETTLED);
    assert_eq!(rig.told(), [(texts(&["Coolant Coolant!", "700123 Door!"]), None)]);
    let message = rig.on("Event/M1")[0].clone();
    assert_eq!((&message["id"], &message["event"]["key"]), (&json!("CONTROLLER/WARNING"), &json!("WARNING")));
    let time = json!({ "severity": 700, "time": "1775982601200" });
    assert_eq!(message["event"]["value"][1]["key_value"], time, "{message}");
    let answer = rig.asked();
    assert_eq!(
        (&answer["code"], shown(&answer["values"][0])),
        (&json!("OK"), texts(&["Coolant Coolant!", "700123 Door!"]))
    );

    rig.forget();
    rig.happens(EPOCH, &event("Coolant", false, &json!({})));
    rig.happens(EPOCH, &event("Door", false, &json!({})));
    let both = texts(&["Coolant Coolant!", "700123 Door!"]);
    let door = texts(&["700123 Door!"]);
    assert_eq!(rig.told(), [(door.clone(), Some(both)), (Vec::new(), Some(door))]);
    assert_eq!(rig.on("Event/M1")[0]["time"], NOON.unix_millis().to_string(), "when it was over, as the source says");
    assert_eq!(rig.asked()["values"], json!([[]]));
    let totals = rig.totals();
    assert_eq!((totals.received, totals.handed_over), (4, 4), "{totals:?}");
    assert_eq!(totals.fates, Fates { exact: 0, converted: 2, approximated: 2, absent: 0 }, "{totals:?}");
}

#[test]
fn what_is_no_alarm_or_an_earlier_state_has_no_place_and_is_told_once() {
    let mut rig = events();
    rig.pass(SETTLED);
    let plain =
        json!({ "ActiveState/Id": null, "Retain": null, "ConditionId": null, "ConditionName": null, "BranchId": null });
    rig.happens(EPOCH, &event("Message", true, &plain));
    rig.happens(EPOCH, &event("Old", true, &json!({ "BranchId": { "UaType": 17, "Value": "i=7" } })));
    rig.happens(EPOCH, &event("Over", false, &json!({})));
    assert!(rig.told().is_empty());
    assert_eq!(rig.codes().iter().filter(|code| **code == "QIAO-V274").count(), 1, "{:?}", rig.codes());
    let totals = rig.totals();
    assert_eq!((totals.received, totals.filtered, totals.fates.absent), (3, 3, 3), "{totals:?}");
    // A condition that is not watched any more says no more than that it is not to be seen.
    rig.happens(EPOCH, &event("Coolant", true, &json!({})));
    rig.happens(EPOCH, &event("Coolant", false, &json!({ "ActiveState/Id": null })));
    assert_eq!(rig.told().last().map(|(list, _)| list.len()), Some(0));
}

#[test]
fn an_alarm_that_breaks_a_schema_goes_to_quarantine_and_its_neighbours_go_on() {
    let mut rig = events();
    rig.pass(SETTLED);
    rig.happens(EPOCH, &event("Loud", true, &json!({ "Severity": { "UaType": 5, "Value": 2000 } })));
    rig.happens(EPOCH, &event("Nameless", true, &json!({ "ConditionName": null })));
    rig.happens(EPOCH, &event("Good", true, &json!({})));
    assert_eq!(rig.told(), [(texts(&["Good Good!"]), Some(Vec::new()))]);
    let profiles: Vec<&str> = rig.quarantined.iter().map(|kept| kept.profile.as_str()).collect();
    assert_eq!(profiles, [EVENT, NC_LINK], "before and after");
    assert_eq!(rig.quarantined[1].reasons[0].pointer, "/CONTROLLER/WARNING/0");
    assert_eq!(rig.totals().quarantined, 2);
}

#[test]
fn behind_a_lost_link_nothing_is_active_until_the_server_has_told_again() {
    let mut rig = events();
    rig.pass(SETTLED);
    rig.happens(EPOCH, &event("A", true, &json!({})));
    rig.happens(EPOCH, &event("B", true, &json!({})));
    rig.forget();
    rig.lost();
    assert_eq!(rig.asked()["code"], "NG");
    rig.find(notifier(EPOCH + 1));
    rig.happens(EPOCH + 1, &event("B", true, &json!({ "Refreshed": { "UaType": 1, "Value": true } })));
    assert_eq!(rig.asked()["code"], "NG");
    assert!(rig.told().is_empty());
    rig.pass(SETTLED);
    assert_eq!(rig.told(), [(texts(&["B B!"]), Some(texts(&["A A!", "B B!"])))]);
    assert_eq!(shown(&rig.asked()["values"][0]), ["B B!"]);
    // The same session: what was active still is.
    rig.forget();
    rig.lost();
    rig.find(notifier(EPOCH + 1));
    rig.pass(SETTLED);
    assert!(rig.told().is_empty());
    assert_eq!(shown(&rig.asked()["values"][0]), ["B B!"]);
    rig.end();
    assert_eq!(rig.totals().held, 0);
}

#[test]
fn what_a_server_does_not_tell_again_behind_a_loss_is_over() {
    let mut rig = events();
    rig.pass(SETTLED);
    rig.happens(EPOCH, &event("A", true, &json!({})));
    rig.happens(EPOCH, &event("B", true, &json!({})));
    let gap = || SourceEvent::Gap(Gap { finding: Finding::error("QIAO-O072", "n"), slots: vec![0] });
    rig.event(gap());
    rig.pass(SETTLED);
    assert_eq!(rig.told().len(), 2, "a server that tells nothing again takes nothing back");
    rig.event(gap());
    rig.happens(EPOCH, &event("B", true, &json!({ "Refreshed": { "UaType": 1, "Value": true } })));
    rig.pass(SETTLED);
    assert_eq!(rig.told().last().map(|(list, _)| list.clone()), Some(texts(&["B B!"])));
}

#[test]
fn two_conditions_with_one_number_are_one_alarm_until_both_are_over() {
    let mut rig = events();
    rig.pass(SETTLED);
    let number = json!({ "ErrorCode": { "UaType": 12, "Value": "7" } });
    for (condition, is_active) in [("A", true), ("B", true), ("A", false), ("B", false)] {
        rig.happens(EPOCH, &event(condition, is_active, &number));
    }
    let lists: Vec<Vec<String>> = rig.told().into_iter().map(|(list, _)| list).collect();
    assert_eq!(lists, [texts(&["7 A!"]), texts(&["7 B!"]), Vec::new()]);
}

#[test]
fn what_does_not_leave_is_in_no_list() {
    let leaving = Leaving { drop: vec!["alarm.code".to_owned()], ..Leaving::default() };
    let mut rig = Rig::new(vec![FlowPlan { leaving, ..translating(EVENT, NC_LINK) }]);
    rig.find(notifier(EPOCH));
    rig.pass(SETTLED);
    rig.happens(EPOCH, &event("Secret", true, &json!({})));
    rig.pass(SETTLED);
    assert!(!format!("{:?}", rig.messages).contains("Secret"));
    assert_eq!(rig.totals().withheld, 1);
}

/// A device that keeps a list.
fn device() -> Rig {
    let library = Library::built_in().value;
    let profile = library.find(NC_LINK).expect("built in").of_messages();
    let pattern = TopicPattern::parse("Sample/{machine}/+").expect("a pattern");
    let input = TopicInput {
        pattern,
        also: Vec::new(),
        decode: Decode::Profile,
        profile: Some(Arc::new(profile)),
        list: Some("/CONTROLLER/WARNING".to_owned()),
        envelope: None,
        time: None,
        max_machines: 10,
        max_fields: 10,
    };
    let mut rig = Rig::new(vec![FlowPlan { input: Some(input), ..translating(NC_LINK, EVENT) }]);
    rig.find(discovery(EPOCH, &["M1"], vec![item(0, "CONTROLLER/WARNING"), item(0, "STATUS")]));
    rig
}

fn alarm(number: &str, text: &str) -> Value {
    json!({ "number": number, "text": text, "key_value": { "severity": 500, "time": "1775982601200" } })
}

#[test]
fn what_changes_in_a_list_is_told_once_and_what_was_active_before_is_marked() {
    let mut rig = device();
    rig.lists(&json!([alarm("7", "low")]));
    rig.lists(&json!([alarm("7", "low")]));
    rig.lists(&json!([alarm("7", "low"), alarm("8", "open")]));
    rig.lists(&alarm("8", "open"));
    rig.lists(&json!([alarm("8", "wide open")]));
    rig.lists(&json!(null));
    rig.lists(&json!([]));
    let one = |number: &str, is_active, is_refreshed| (number.to_owned(), is_active, is_refreshed);
    assert_eq!(
        rig.happened(),
        [
            one("7", true, true),
            one("8", true, false),
            one("7", false, false),
            one("8", true, false),
            one("8", false, false)
        ]
    );
    assert!(rig.quarantined.is_empty(), "{:?}", rig.quarantined);
    let messages = rig.on("qiao/g/M1/event");
    let field = |at: usize, name: &str| messages[at]["Payload"][name]["Value"].clone();
    assert_eq!(field(0, "Time"), "2026-04-12T08:30:01.2Z");
    assert_eq!(field(0, "Message"), json!({ "Locale": null, "Text": "low" }));
    assert_eq!((field(0, "Severity"), field(0, "ConditionId")), (json!(500), json!("nsu=urn:qiao:g:lathe;s=M1/7")));
    assert_eq!(field(2, "Time"), rig.wall().to_string(), "it was over when the list said so");
    let ids: std::collections::BTreeSet<String> = (0..5).map(|at| field(at, "EventId").to_string()).collect();
    assert_eq!(ids.len(), 5);
    let totals = rig.totals();
    assert_eq!((totals.handed_over, totals.filtered, totals.messages), (5, 2, 5), "{totals:?}");
}

#[test]
fn an_alarm_of_a_list_that_breaks_the_schema_goes_to_quarantine_and_its_neighbours_go_on() {
    let mut rig = device();
    rig.lists(&json!([alarm("7", "low")]));
    rig.forget();
    rig.lists(&json!([{ "text": "nameless" }, { "number": "7", "text": 3 }, alarm("8", "open")]));
    assert_eq!(rig.happened(), [("8".to_owned(), true, false)], "nobody said that 7 is over");
    assert_eq!(rig.quarantined.len(), 2);
    assert_eq!(rig.quarantined[0].profile, NC_LINK);
    assert_eq!(rig.totals().quarantined, 2);
    rig.lists(&json!([alarm("8", "open")]));
    assert_eq!(rig.happened().last(), Some(&("7".to_owned(), false, false)));
}

#[test]
fn an_alarm_that_says_neither_text_nor_severity_nor_time_gets_none_invented() {
    let mut rig = device();
    rig.lists(&json!([{ "number": "7" }]));
    let wall = rig.wall().to_string();
    let payload = &rig.on("qiao/g/M1/event")[0]["Payload"];
    assert_eq!((&payload["Severity"]["Value"], &payload["Message"]["Value"]["Text"]), (&json!(0), &json!("")));
    assert_eq!(payload["Time"]["Value"], json!(wall), "when it was seen");
}

#[test]
fn what_is_not_in_the_list_of_alarms_is_no_event() {
    let mut rig = device();
    rig.batch(&[int(1, 0)]);
    assert!(rig.happened().is_empty());
    assert_eq!((rig.totals().filtered, rig.totals().fates.absent), (1, 1));
}
