//! Promise: an alarm of an OPC UA machine stands in the list of its NC-Link device while it is active, can be asked for,
//! and comes back as an event with the same number, text and time; each change is told once.

use super::rig::gateway::{Gateway, Site};
use super::rig::mosquitto::Mosquitto;
use super::rig::peer::Peer;
use super::rig::subscriber::Subscriber;
use serde_json::{Value, json};

/// A tank whose alarms go to the line as a list, come home from it as events, and go home as they are, too.
struct Line {
    server: Peer,
    line: Mosquitto,
    _home: Mosquitto,
    applications: Subscriber,
    events: Subscriber,
    site: Site,
}

fn line(arguments: &[&str]) -> Line {
    let server = Peer::start("alarm_server.mjs", arguments);
    let (line, home) = (Mosquitto::open(), Mosquitto::open());
    let (applications, events) = (Subscriber::start(line.port, "#", &[]), Subscriber::start(home.port, "#", &[]));
    let site = Site::new(&format!(
        "connections:
  hall: {{ opcua: {{ endpoint: \"{}\", security: none-i-accept-the-risk, publishing-interval: 100ms }} }}
  line: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
  home: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
machines:
  - {{ match: \"Sample/Tank/+\", connection: line, name: home }}
flows:
  - {{ name: there, from: hall, to: line, each: \"/Objects/Tank\", profile: core/event@1.0, events: {{}}, publish-as: nclink/cnc@3.0 }}
  - {{ name: plain, from: hall, to: home, each: \"/Objects/Tank\", profile: core/event@1.0, events: {{}} }}
  - {{ name: back, from: line, to: home, each: {{ topic: \"Sample/{{machine}}/+\" }}, profile: nclink/cnc@3.0, publish-as: core/event@1.0 }}
",
        server.endpoint(),
        line.port,
        home.port
    ));
    Line { server, line, _home: home, applications, events, site }
}

impl Line {
    /// The last event of a topic that is wanted.
    #[track_caller]
    fn event(&self, gateway: &Gateway, machine: &str, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let topic = format!("qiao/test/{machine}/event");
        gateway.until(what, |_| {
            let all = self.events.on(&topic);
            all.iter().rev().map(|message| message.json()["Payload"].clone()).find(|event| wanted(event))
        })
    }

    /// What the device told last, when it is wanted.
    #[track_caller]
    fn listed(&self, gateway: &Gateway, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        gateway.until(what, |_| {
            let event = self.applications.on("Event/Tank").last()?.json()["event"].clone();
            wanted(&event["value"]).then_some(event)
        })
    }
}

fn is_active(event: &Value) -> bool {
    event["ActiveState/Id"]["Value"] == true
}

fn is_over(event: &Value) -> bool {
    event["ActiveState/Id"]["Value"] == false
}

fn holds(count: usize) -> impl Fn(&Value) -> bool {
    move |list| list.as_array().is_some_and(|list| list.len() == count)
}

/// A time as NC-Link can say it.
fn millis(event: &Value) -> String {
    let time = event["Time"]["Value"].as_str().expect("a time");
    let (seconds, fraction) = time.trim_end_matches('Z').split_once('.').unwrap_or((time.trim_end_matches('Z'), ""));
    let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
    format!("{seconds}.{digits}")
}

/// The answer to a question for the list.
#[track_caller]
fn asked(gateway: &Gateway, application: &mut Peer, wanted: impl Fn(&Value) -> bool) -> Value {
    let mut number = 0;
    gateway.until("an answer", |_| {
        number += 1;
        let id = format!("ask-{number}");
        let query = json!({ "@id": id, "ids": [{ "id": "CONTROLLER/WARNING" }] });
        application.tell(&format!("send Query/Request/Tank {query}"));
        let answer = gateway.until("this answer", |_| {
            let is_it = |said: &&Value| said["message"]["@id"] == id.as_str() && said["got"] == "Query/Response";
            application.said().iter().find(is_it).map(|said| said["message"]["values"][0].clone())
        });
        wanted(&answer).then_some(answer)
    })
}

#[test]
fn an_alarm_is_in_the_list_of_the_device_while_it_is_active_and_comes_back_as_it_was() {
    let mut line = line(&[]);
    let gateway = line.site.run();
    gateway.ready();
    let port = line.line.port.to_string();
    let mut application = Peer::start("nc_link_application.py", &["--port", &port]);
    // It was active before the gateway came, and came home as that.
    let first = line.listed(&gateway, "what was active before", holds(1));
    assert!(first.get("oldValue").is_none(), "{first}");
    let answer = asked(&gateway, &mut application, |answer| answer["code"] == "OK");
    assert_eq!(answer["values"][0], first["value"]);

    line.server.tell("level 50");
    line.listed(&gateway, "it is over", holds(0));
    asked(&gateway, &mut application, |answer| answer["values"] == json!([[]]));
    line.server.tell("level 95");
    let there = line.listed(&gateway, "another", holds(1));
    let sent =
        line.event(&gateway, "Tank", "as it was sent", |event| is_active(event) && event.get("Refreshed").is_none());
    let alarm = &there["value"][0];
    assert_eq!(alarm["number"], "LevelAlarm");
    assert_eq!(alarm["text"], sent["Message"]["Value"]["Text"]);
    assert_eq!(alarm["key_value"]["severity"], sent["Severity"]["Value"]);
    let back = line.event(&gateway, "home", "it comes back", |event| {
        is_active(event) && event.get("Refreshed").is_none() && event["Message"]["Value"]["Text"] == alarm["text"]
    });
    assert_eq!(back["ErrorCode"]["Value"], "LevelAlarm");
    assert_eq!(millis(&back), millis(&sent));
    assert_eq!(back["Severity"], sent["Severity"]);
    line.server.tell("level 50");
    let over = line.event(&gateway, "home", "it is over at home, too", |event| {
        is_over(event) && event["Message"]["Value"]["Text"] == alarm["text"]
    });
    assert_eq!(over["ErrorCode"]["Value"], "LevelAlarm");
    let flows = gateway.until("flows in balance", |gateway| {
        let flows = gateway.status()?["flows"].as_array()?.clone();
        flows.iter().all(|flow| flow["imbalance"] == 0).then_some(flows)
    });
    assert!(flows.iter().all(|flow| flow["quarantined-messages"] == 0), "{flows:?}");
    assert!(flows[0]["translated-values"]["approximated"].as_u64().is_some_and(|count| count > 0), "{flows:?}");
}

#[test]
fn after_a_restart_what_is_active_is_told_again_and_marked() {
    let line = line(&[]);
    for round in ["first", "second"] {
        line.events.clear();
        let gateway = line.site.run();
        gateway.ready();
        let again = line.event(&gateway, "home", round, is_active);
        assert_eq!(again["Refreshed"]["Value"], true, "{again}");
    }
}

#[test]
fn the_error_code_of_a_machine_tool_is_the_number_of_its_alarm() {
    let mut line = line(&["--alert"]);
    let gateway = line.site.run();
    gateway.ready();
    line.listed(&gateway, "what was active before", holds(1));
    line.server.tell("alert 700123 Coolant_low");
    let event = line.listed(&gateway, "the alert", holds(2));
    let numbers: Vec<&Value> =
        event["value"].as_array().expect("a list").iter().map(|alarm| &alarm["number"]).collect();
    assert!(numbers.contains(&&json!("700123")), "{event}");
    let is_it = |event: &Value| event["ErrorCode"]["Value"] == "700123";
    let back = line.event(&gateway, "home", "it comes back", is_it);
    assert_eq!(back["Message"]["Value"]["Text"], "Coolant_low");
    line.server.tell("alert-over");
    line.event(&gateway, "home", "it is over", |event| is_it(event) && is_over(event));
}

#[test]
fn what_a_foreign_device_lists_in_its_samples_becomes_events() {
    let (plant, home) = (Mosquitto::open(), Mosquitto::open());
    let events = Subscriber::start(home.port, "qiao/#", &[]);
    let site = Site::new(&format!(
        "connections:
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
  home: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
flows:
  - {{ name: f, from: plant, to: home, each: {{ topic: \"Sample/{{machine}}/+\" }}, profile: nclink/cnc@3.0, publish-as: core/event@1.0 }}
",
        plant.port, home.port
    ));
    let gateway = site.run();
    gateway.ready();
    let mut adapter = Peer::start("nc_link_adapter.py", &[&plant.port.to_string(), "V4C7"]);
    adapter.tell("sample");
    let payloads = |_: &Gateway| {
        let all: Vec<Value> =
            events.on("qiao/test/V4C7/event").iter().map(|message| message.json()["Payload"].clone()).collect();
        (all.len() >= 2).then_some(all)
    };
    let told = gateway.until("raised and over", payloads);
    assert_eq!(told.len(), 2, "{told:?}");
    assert_eq!(told[0]["Message"]["Value"]["Text"], "冷却液液位低");
    assert!(is_active(&told[0]) && is_over(&told[1]));
    assert!(told.iter().all(|event| event["ErrorCode"]["Value"] == "700123"), "{told:?}");
    adapter.tell("sample");
    gateway.until("again, each once", |gateway| payloads(gateway).filter(|all| all.len() == 4));
    assert!(events.on("qiao/test/V4C7/event").last().is_some_and(|message| is_over(&message.json()["Payload"])));
}
