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
    _site: Site,
}

fn hall(endpoint: &str, flow: &str) -> Hall {
    let broker = Mosquitto::open();
    let subscriber = Subscriber::start(broker.port, "#", &[]);
    let site = Site::new(&format!(
        "connections:
  hall: {{ opcua: {{ endpoint: \"{endpoint}\", security: none-i-accept-the-risk, publishing-interval: 100ms }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
flows:
  - {{ name: f, from: hall, to: plant, {flow} }}
",
        broker.port
    ));
    let gateway = site.run();
    gateway.ready();
    Hall { subscriber, gateway, _broker: broker, _site: site }
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
    let texts: Vec<String> = hall
        .events("Tank")
        .iter()
        .filter_map(|event| Some(event["Message"]["Value"]["Text"].as_str()?.to_owned()))
        .filter(|text| text.starts_with("burst"))
        .collect();
    let expected: Vec<String> = (0..20).chain(0..300).map(|number| format!("burst {number}")).collect();
    assert_eq!(texts, expected);
    assert_eq!((hall.counter("reconnects"), hall.counter("sequence_gaps")), (1, 0), "the session was taken over");
}
