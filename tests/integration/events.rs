//! Promise: events and alarms arrive as the server sent them, each once, and what was active before is told.

use crate::integration::rig::gateway::{Gateway, Site};
use crate::integration::rig::mosquitto::Mosquitto;
use crate::integration::rig::peer::Peer;
use crate::integration::rig::proxy::Proxy;
use crate::integration::rig::subscriber::Subscriber;
use crate::integration::rig::wait_for;
use serde_json::{Value, json};

struct Hall {
    subscriber: Subscriber,
    gateway: Gateway,
    _broker: Mosquitto,
    site: Site,
}

fn site(endpoint: &str, broker: u16, flow: &str) -> Site {
    Site::new(&format!(
        "connections:
  hall: {{ opcua: {{ endpoint: \"{endpoint}\", security: none-i-accept-the-risk, publishing-interval: 100ms }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{broker}\" }} }}
flows:
  - {{ name: f, from: hall, to: plant, {flow} }}
"
    ))
}

fn hall(endpoint: &str, flow: &str) -> Hall {
    let broker = Mosquitto::open();
    let subscriber = Subscriber::start(broker.port, "#", &[]);
    let site = site(endpoint, broker.port, flow);
    let gateway = site.run();
    gateway.ready();
    Hall { subscriber, gateway, _broker: broker, site }
}

impl Hall {
    /// The events of a machine so far: value of each field by name.
    fn events(&self, machine: &str) -> Vec<Value> {
        let messages = self.subscriber.on(&format!("qiao/test/{machine}/event"));
        messages.iter().map(|message| message.json()["Payload"].clone()).collect()
    }

    #[track_caller]
    fn event(&self, machine: &str, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        self.gateway.until(what, |_| self.events(machine).into_iter().find(&wanted))
    }

    /// Waits until the log has so many lines with this word.
    #[track_caller]
    fn logs(&self, word: &str, times: usize) {
        let count = |log: String| log.lines().filter(|line| line.contains(word)).count();
        self.gateway.until(&format!("{times} times {word}"), |gateway| (count(gateway.log()) >= times).then_some(()));
    }

    fn texts(&self, machine: &str) -> Vec<String> {
        let text = |event: &Value| Some(event["Message"]["Value"]["Text"].as_str()?.to_owned());
        self.events(machine).iter().filter_map(text).collect()
    }

    fn counter(&self, name: &str) -> u64 {
        self.gateway.until("a status", |gateway| gateway.status()?["connections"][0]["counters"][name].as_u64())
    }
}

fn is_text(event: &Value, text: &str) -> bool {
    event["Message"]["Value"]["Text"] == text
}

/// Tells a peer something and gives what it says of it.
fn done(peer: &mut Peer, command: &str) -> Value {
    let before = peer.said().len();
    peer.tell(command);
    wait_for(&format!("{command} is done"), || peer.said().get(before).cloned())
}

#[test]
fn plain_events_and_alarms_arrive_as_they_were_sent_and_each_machine_gets_its_own() {
    let mut server = Peer::start("event_server.py", &[]);
    let hall = hall(&server.endpoint(), "each: \"/Objects/Hall/*\", events: { min-severity: 200 }");
    hall.gateway.until("where Quiet's events come from", |gateway| {
        gateway.log().lines().any(|line| line.contains("QIAO-O070") && line.contains("Quiet")).then_some(())
    });
    hall.gateway
        .until("that the server refreshes nothing", |gateway| gateway.log().contains("QIAO-O071").then_some(()));
    for (machine, severity, text) in [("Press", 300, "opened"), ("Quiet", 400, "closed"), ("Press", 199, "chatter")] {
        let sent = done(&mut server, &format!("event {machine} {severity} {text}"));
        if severity < 200 {
            continue;
        }
        let event = hall.event(machine, text, |event| is_text(event, text));
        assert_eq!(event["EventId"], json!({"UaType": 15, "Value": sent["id"]}));
        assert_eq!(event["EventType"], json!({"UaType": 17, "Value": "i=2041"}));
        assert_eq!(event["SourceNode"]["Value"], format!("nsu=urn:qiao:test:events;s={machine}"));
        assert_eq!(event["SourceName"], json!({"UaType": 12, "Value": machine}));
        assert_eq!(event["Severity"], json!({"UaType": 5, "Value": severity}));
        assert_eq!(event["Message"], json!({"UaType": 21, "Value": {"Locale": "en", "Text": text}}));
        assert_eq!(event["Time"]["UaType"], 13);
        assert!(event.get("ConditionId").is_none() && event.get("Refreshed").is_none(), "{event}");
    }
    let sent = done(&mut server, "alarm Press 800 true false");
    let alarm = hall.event("Press", "the alarm", |event| event["EventId"]["Value"] == sent["id"]);
    for (field, kind, value) in [
        ("ConditionId", 17, json!("nsu=urn:qiao:test:events;s=Press.alarm")),
        ("ConditionName", 12, json!("Alarm")),
        ("Retain", 1, json!(true)),
        ("ActiveState/Id", 1, json!(true)),
        ("AckedState/Id", 1, json!(false)),
        ("Severity", 5, json!(800)),
    ] {
        assert_eq!(alarm[field], json!({"UaType": kind, "Value": value}), "{field}");
    }
    // What is less severe was sent before this alarm, and nobody gets what is another's.
    assert!(!hall.events("Press").iter().any(|event| is_text(event, "chatter") || is_text(event, "closed")));
    assert_eq!(hall.events("Quiet").len(), 1);
    let flow = hall.gateway.status().expect("it runs")["flows"][0].clone();
    assert_eq!(flow["quarantined-messages"], 0, "{flow}");
}

#[test]
fn an_alarm_that_was_active_before_is_told_and_its_states_follow() {
    let mut server = Peer::start("alarm_server.mjs", &[]);
    let hall = hall(&server.endpoint(), "each: \"/Objects/Tank\", profile: core/event@1.0, events: {}");
    let first = hall.event("Tank", "the alarm from before", |event| event["Refreshed"]["Value"] == true);
    assert_eq!(first["ActiveState/Id"]["Value"], true);
    assert_eq!(first["AckedState/Id"]["Value"], false);
    assert_eq!(first["Retain"]["Value"], true);
    assert_eq!(first["ConditionName"]["Value"], "LevelAlarm");
    let condition = &first["ConditionId"]["Value"];
    assert!(condition.as_str().expect("a node id").starts_with("nsu="), "{condition}");
    done(&mut server, "acknowledge");
    let is_live = |event: &Value| event.get("Refreshed").is_none() && event["ConditionId"]["Value"] == *condition;
    hall.event("Tank", "it is acknowledged", |event| is_live(event) && event["AckedState/Id"]["Value"] == true);
    done(&mut server, "level 50");
    hall.event("Tank", "it is over", |event| is_live(event) && event["ActiveState/Id"]["Value"] == false);
}

#[test]
fn events_of_the_time_without_a_link_arrive_once_and_in_their_order() {
    let mut server = Peer::start("alarm_server.mjs", &[]);
    let proxy = Proxy::to(server.port());
    let endpoint = format!("opc.tcp://127.0.0.1:{}", proxy.port());
    let hall = hall(&endpoint, "each: \"/Objects/Tank\", profile: core/event@1.0, events: {}");
    hall.event("Tank", "the refresh", |event| event["Refreshed"]["Value"] == true);
    done(&mut server, "burst 20");
    proxy.cut();
    done(&mut server, "burst 300");
    proxy.heal();
    let is_last = |event: &Value| is_text(event, "burst 299");
    hall.event("Tank", "the last event", is_last);
    let texts: Vec<String> = hall.texts("Tank").into_iter().filter(|text| text.starts_with("burst")).collect();
    let expected: Vec<String> = (0..20).chain(0..300).map(|number| format!("burst {number}")).collect();
    assert_eq!(texts, expected);
    assert_eq!((hall.counter("reconnects"), hall.counter("sequence_gaps")), (1, 0), "the session was taken over");
}

#[test]
fn dropped_events_are_a_gap_and_no_alarm_of_a_machine() {
    let mut server = Peer::start("event_server.py", &[]);
    // What the server says of its events is no matter of severity.
    let hall = hall(&server.endpoint(), "each: \"/Objects/Hall/*\", events: { min-severity: 200 }");
    hall.logs("QIAO-O071", 1);
    done(&mut server, "event Press 300 before");
    done(&mut server, "system EventQueueOverflowEventType Press");
    done(&mut server, "event Press 300 after");
    done(&mut server, "system RefreshRequiredEventType Quiet");
    done(&mut server, "event Quiet 300 neighbour");
    hall.event("Press", "the next event", |event| is_text(event, "after"));
    hall.event("Quiet", "an event of the neighbour", |event| is_text(event, "neighbour"));
    hall.logs("QIAO-O072", 1);
    assert_eq!(hall.texts("Press"), ["before", "after"]);
    assert_eq!(hall.texts("Quiet"), ["neighbour"]);
    hall.gateway.until("it is counted", |_| (hall.counter("overflows") == 1).then_some(()));
}

#[test]
fn the_conditions_are_told_again_when_the_server_says_that_they_must_or_that_it_dropped_some() {
    let mut server = Peer::start("alarm_server.mjs", &[]);
    let hall = hall(&server.endpoint(), "each: \"/Objects/Tank\", profile: core/event@1.0, events: {}");
    let refreshed = || hall.events("Tank").iter().filter(|event| event["Refreshed"]["Value"] == true).count();
    hall.gateway.until("the first refresh", |_| (refreshed() == 1).then_some(()));
    for (times, kind) in [(2, "RefreshRequiredEventType"), (3, "EventQueueOverflowEventType")] {
        done(&mut server, &format!("system {kind}"));
        hall.gateway.until(kind, |_| (refreshed() == times).then_some(()));
    }
    hall.logs("QIAO-O072", 1);
    assert!(!hall.texts("Tank").iter().any(|text| text.ends_with("EventType")), "{:?}", hall.texts("Tank"));
    assert_eq!(hall.gateway.log().matches("QIAO-O071").count(), 0, "the server refreshes");
}

#[test]
fn only_events_of_the_wanted_types_and_their_subtypes_are_taken() {
    // AlarmConditionType; the level alarm is of a subtype three levels below.
    let flow = "profile: core/event@1.0, events: { types: [i=2915] }";
    let mut server = Peer::start("alarm_server.mjs", &[]);
    let tank = hall(&server.endpoint(), &format!("each: \"/Objects/Tank\", {flow}"));
    tank.event("Tank", "the alarm", |event| event["Refreshed"]["Value"] == true);
    done(&mut server, "burst 3");
    done(&mut server, "level 50");
    tank.event("Tank", "it is over", |event| event["ActiveState/Id"]["Value"] == false);
    assert!(!tank.texts("Tank").iter().any(|text| text.starts_with("burst")), "{:?}", tank.texts("Tank"));
    let mut server = Peer::start("event_server.py", &[]);
    let press = hall(&server.endpoint(), &format!("each: \"/Objects/Hall/*\", {flow}"));
    press.logs("QIAO-O071", 1);
    done(&mut server, "event Press 900 plain");
    done(&mut server, "alarm Press 100 true false");
    press.event("Press", "the alarm", |event| is_text(event, "alarm"));
    assert_eq!(press.texts("Press"), ["alarm"]);
}

#[test]
fn a_flow_can_take_whatever_the_server_object_tells() {
    let mut server = Peer::start("event_server.py", &[]);
    let hall =
        hall(&server.endpoint(), "each: \"/Objects/Hall/Press\", profile: core/event@1.0, events: { from: server }");
    hall.logs("QIAO-O071", 1);
    // Press notifies by itself here: the Server object does not tell of it.
    done(&mut server, "event Press 300 own");
    done(&mut server, "event Quiet 300 other");
    let event = hall.event("Press", "an event of another source", |event| is_text(event, "other"));
    assert_eq!(event["SourceNode"]["Value"], "nsu=urn:qiao:test:events;s=Quiet");
    assert_eq!(hall.texts("Press"), ["other"]);
    assert_eq!(hall.gateway.log().matches("QIAO-O070").count(), 0, "it was asked for");
}

#[test]
fn an_event_that_breaks_its_schema_is_put_aside_and_its_neighbours_go_on() {
    let mut server = Peer::start("event_server.py", &[]);
    let hall = hall(&server.endpoint(), "each: \"/Objects/Hall/*\", profile: core/event@1.0, events: {}");
    hall.logs("QIAO-O071", 1);
    // OPC 10000-5 §6.4.2: 1 to 1000.
    let fired = [("Press", 300, "first"), ("Press", 1001, "broken"), ("Quiet", 300, "beside"), ("Press", 301, "last")];
    for (machine, severity, text) in fired {
        done(&mut server, &format!("event {machine} {severity} {text}"));
    }
    hall.event("Press", "the last one", |event| is_text(event, "last"));
    hall.event("Quiet", "the neighbour", |event| is_text(event, "beside"));
    assert_eq!(hall.texts("Press"), ["first", "last"]);
    hall.gateway.until("one in quarantine", |gateway| {
        let flow = gateway.status()?["flows"][0].clone();
        (flow["quarantined-messages"] == 1).then_some(())
    });
    let listed = hall.site.command(&["quarantine", "list", "--json"]);
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(listed.contains("Severity"), "{listed}");
}

#[test]
fn a_check_shows_the_shape_of_events_and_says_that_none_happened() {
    let server = Peer::start("event_server.py", &[]);
    let broker = Mosquitto::open();
    let site = site(&server.endpoint(), broker.port, "each: \"/Objects/Hall/*\", profile: core/event@1.0, events: {}");
    let told = site.command(&["check", "--online", "--json"]);
    let text = String::from_utf8_lossy(&told.stdout).into_owned();
    assert_eq!(told.status.code(), Some(0), "{text}{}", String::from_utf8_lossy(&told.stderr));
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let examples: Vec<Value> = lines.filter(|line| line["example"].is_object()).collect();
    assert_eq!(examples.len(), 1, "{text}");
    let example = &examples[0];
    assert_eq!((&example["is-shape"], &example["profile"]), (&json!(true), &json!("core/event@1.0")));
    assert_eq!(example["topic"], "qiao/test/Press/event");
    assert_eq!(example["example"]["MessageType"], "ua-event");
    let payload = &example["example"]["Payload"];
    assert_eq!(payload["SourceNode"]["Value"], "nsu=urn:qiao:test:events;s=Press", "{example}");
    assert_eq!(payload["Severity"]["UaType"], 5, "{example}");
    let told = site.command(&["check", "--online", "--lang", "en"]);
    let text = String::from_utf8_lossy(&told.stdout).into_owned();
    assert!(text.contains("No event happened") && text.contains("made up"), "{text}");
}
