//! Promise: machine tools behind the official NodeSets become umati messages, one per machine, complete and checked.

use crate::integration::rig::free_port;
use crate::integration::rig::gateway::{Gateway, Site, qiao};
use crate::integration::rig::mosquitto::Mosquitto;
use crate::integration::rig::peer::Peer;
use crate::integration::rig::subscriber::{Message, Subscriber};
use serde_json::{Value, json};

struct Plant {
    server: Peer,
    broker: Mosquitto,
    subscriber: Subscriber,
    site: Site,
    gateway: Gateway,
}

fn plant(each: &str) -> Plant {
    plant_that(each, "quarantine")
}

fn plant_that(each: &str, on_violation: &str) -> Plant {
    plant_with(each, &format!("on-violation: {on_violation}"))
}

fn plant_with(each: &str, keys: &str) -> Plant {
    let server = Peer::start("machine_tools.mjs", &[]);
    let broker = Mosquitto::open();
    let subscriber = Subscriber::start(broker.port, "#", &[]);
    let site = Site::new(&format!(
        "connections:
  hall: {{ opcua: {{ endpoint: \"{}\", security: none-i-accept-the-risk, publishing-interval: 100ms }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
machines:
  - match: \"nsu=urn:qiao:test:machine-tools;s=machine-2\"
    name: mill-2
    location: {{ site: qingdao, line: \"4\" }}
flows:
  - {{ name: tools, from: hall, each: {each}, profile: umati/machine-tool@1.02, {keys}, to: plant }}
",
        server.endpoint(),
        broker.port
    ));
    let gateway = site.run_with(&[("QIAO_TEST_KEY", "a key that only this test has")]);
    gateway.ready();
    Plant { server, broker, subscriber, site, gateway }
}

const FIRST: &str = "umati/v2/test/MachineToolType/nsu=urn:qiao:test:machine-tools;s=machine-1";
const SECOND: &str = "umati/v2/test/MachineToolType/mill-2";
const BY_TYPE: &str = "{ type: \"nsu=http://opcfoundation.org/UA/MachineTool/;i=13\" }";

impl Plant {
    #[track_caller]
    fn wait(&self, what: &str, wanted: impl Fn(&Message) -> bool) -> Message {
        self.gateway.until(what, |_| self.subscriber.messages().into_iter().find(&wanted))
    }

    #[track_caller]
    fn wait_json(&self, topic: &str, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        self.wait(what, |message| message.topic == topic && !message.text.is_empty() && wanted(&message.json())).json()
    }
}

#[test]
fn two_machines_found_by_type_become_two_umati_messages_with_names_and_units() {
    let plant = plant(BY_TYPE);
    let first = plant.wait_json(FIRST, "the first machine", |_| true);
    assert_eq!(first["Identification"]["SerialNumber"], "NW-1001");
    assert_eq!(first["Identification"]["Manufacturer"], json!({ "locale": "de", "text": "Nordwerk Maschinenbau" }));
    assert_eq!(first["Monitoring"]["MachineTool"]["OperationMode"], 1);
    let channel = &first["Monitoring"]["<MonitoredElement>"]["Channel 1"];
    assert_eq!(channel["$TypeDefinition"], "nsu=http://opcfoundation.org/UA/MachineTool/;i=16");
    assert_eq!(channel["FeedOverride"]["value"], 100.0);
    assert_eq!(channel["FeedOverride"]["properties"]["EURange"], json!({ "Low": 0.0, "High": 150.0 }));
    assert_eq!(channel["FeedOverride"]["properties"]["EngineeringUnits"]["UnitId"], 20529);
    assert_eq!(first["Production"]["ActiveProgram"]["State"]["CurrentState"]["properties"]["Number"], 1);
    let second = plant.wait_json(SECOND, "the second machine, under its configured name", |_| true);
    assert_eq!(second["Identification"]["SerialNumber"], "NW-1002");
    assert!(plant.wait("retained", |message| message.topic == FIRST).qos == 1);
}

#[test]
fn a_change_arrives_and_a_late_subscriber_finds_the_newest_state() {
    let mut plant = plant("\"/Objects/Machines/*\"");
    plant.wait_json(FIRST, "the first machine", |_| true);
    plant.server.tell("set 1 Double 42.5 Monitoring/MachineTool/FeedOverride");
    let changed = |json: &Value| json["Monitoring"]["MachineTool"]["FeedOverride"]["value"] == 42.5;
    plant.wait_json(FIRST, "the changed override", changed);
    let late = Subscriber::start(plant.broker.port, "umati/#", &[]);
    let retained = late.wait("the retained state", |message| message.topic == FIRST);
    assert!(retained.is_retained);
    assert!(changed(&retained.json()));
}

#[test]
fn a_wrong_mandatory_value_goes_to_quarantine_with_its_reason_and_the_neighbour_goes_on() {
    let mut plant = plant(BY_TYPE);
    plant.wait_json(FIRST, "the first machine", |_| true);
    plant.wait_json(SECOND, "the second machine", |_| true);
    plant.server.tell("set 1 Int32 17 Monitoring/MachineTool/OperationMode");
    plant.gateway.until("a message in quarantine", |gateway| {
        (gateway.status()?["flows"][0]["quarantined-messages"].as_u64()? > 0).then_some(())
    });
    plant.wait("the state before is taken back", |message| message.topic == FIRST && message.text.is_empty());
    let late = Subscriber::start(plant.broker.port, "#", &[]);
    late.wait("the neighbour's state is retained", |message| message.topic == SECOND && message.is_retained);
    assert!(late.on(FIRST).is_empty(), "nobody reads a state that holds no more");
    plant.server.tell("set 2 Double 61.25 Monitoring/MachineTool/FeedOverride");
    plant.wait_json(SECOND, "the neighbour goes on", |json| {
        json["Monitoring"]["MachineTool"]["FeedOverride"]["value"] == 61.25
    });
    let wrong = |message: &Message| {
        message.topic == FIRST
            && !message.text.is_empty()
            && message.json()["Monitoring"]["MachineTool"]["OperationMode"] == 17
    };
    assert!(!plant.subscriber.messages().iter().any(wrong), "a wrong value left the gateway");

    plant.subscriber.clear();
    plant.server.tell("set 1 Int32 1 Monitoring/MachineTool/OperationMode");
    plant.wait_json(FIRST, "it comes back with a valid value", |json| {
        json["Monitoring"]["MachineTool"]["OperationMode"] == 1
    });

    let listed = plant.site.command(&["quarantine", "list", "--json"]);
    let text = String::from_utf8_lossy(&listed.stdout).into_owned();
    // An optional field that breaks the schema has its own entry: the message went out without it.
    let entries: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let is_the_mode = |entry: &&Value| entry["reasons"][0]["pointer"] == "/Monitoring/MachineTool/OperationMode";
    let entry = entries.iter().find(is_the_mode).unwrap_or_else(|| panic!("{entries:#?}"));
    let reason = &entry["reasons"][0];
    assert!(reason["rule"].as_str().is_some_and(|rule| !rule.is_empty()), "{entry}");
    assert_eq!(entry["profile"], "umati/machine-tool@1.02");
    for fact in ["time", "source", "flow", "machine", "topic"] {
        assert!(entry[fact].as_str().is_some_and(|text| !text.is_empty()), "{fact} is missing in {entry}");
    }
    let message: Value = serde_json::from_str(entry["message"].as_str().expect("text")).expect("the message itself");
    assert_eq!(message["Monitoring"]["MachineTool"]["OperationMode"], 17);
    let id = entry["id"].to_string();
    for (language, word) in [("en", "Machine"), ("de", "Maschine"), ("zh", "设备")] {
        let shown = plant.site.command(&["quarantine", "show", &id, "--lang", language]);
        let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
        let is_whole = [word, "/Monitoring/MachineTool/OperationMode", "→ "].iter().all(|part| shown.contains(part));
        assert!(is_whole, "{language}: {shown}");
    }
}

#[test]
fn a_violation_is_marked_or_rejected_where_the_flow_says_so() {
    let mut marking = plant_that(BY_TYPE, "mark");
    marking.wait_json(FIRST, "the first machine", |_| true);
    marking.server.tell("set 1 Int32 17 Monitoring/MachineTool/OperationMode");
    let wrong = |json: &Value| json["Monitoring"]["MachineTool"]["OperationMode"] == 17;
    marking.wait_json(FIRST, "the wrong value goes out", wrong);
    marking.gateway.until("it is told", |gateway| gateway.log().contains("QIAO-V224").then_some(()));
    let count = |gateway: &Gateway, name: &str| gateway.status()?["flows"][0][name].as_u64();
    assert_eq!(count(&marking.gateway, "quarantined-messages"), Some(0));
    drop(marking);

    let mut rejecting = plant_that(BY_TYPE, "reject");
    rejecting.wait_json(FIRST, "the first machine", |_| true);
    rejecting.server.tell("set 1 Int32 17 Monitoring/MachineTool/OperationMode");
    rejecting.gateway.until("it is counted", |gateway| (count(gateway, "violations")? > 0).then_some(()));
    rejecting.gateway.until("it is told", |gateway| gateway.log().contains("QIAO-V223").then_some(()));
    assert_eq!(count(&rejecting.gateway, "quarantined-messages"), Some(0));
    let listed = rejecting.site.command(&["quarantine", "list", "--json"]);
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(!listed.contains("OperationMode"), "nothing is kept: {listed}");
    let sent = rejecting.subscriber.on(FIRST);
    assert!(!sent.iter().any(|message| !message.text.is_empty() && wrong(&message.json())), "a wrong value left");
}

#[test]
fn a_machine_whose_link_dies_is_offline_and_its_state_is_taken_back() {
    let mut plant = plant(BY_TYPE);
    plant.wait_json(FIRST, "the first machine", |_| true);
    let presence = "qiao/test/mill-2/status";
    plant.wait_json(presence, "the machine is online", |json| json["state"] == "online");
    plant.server.kill();
    let gone = plant.wait_json(presence, "the machine is offline", |json| json["state"] == "offline");
    assert!(gone["since"].is_string() && !gone["reason"].is_null(), "{gone}");
    plant.wait("the state is taken back", |message| message.topic == SECOND && message.text.is_empty());
    let late = Subscriber::start(plant.broker.port, "#", &[]);
    late.wait("the presence is retained", |message| message.topic == presence && message.is_retained);
    assert!(late.on(SECOND).is_empty(), "nobody reads the state of a dead machine");
}

#[test]
fn the_gateway_says_when_it_comes_and_goes() {
    let mut plant = plant(BY_TYPE);
    let presence = "qiao/test/status";
    let online = plant.wait_json(presence, "the gateway is online", |json| json["state"] == "online");
    assert!(online["since"].is_string() && online.get("reason").is_none(), "as a machine's: {online}");
    assert_eq!(plant.gateway.stop(), Some(0), "{}", plant.gateway.log());
    plant
        .wait_json(presence, "the goodbye", |json| json["state"] == "offline" && json["reason"]["code"] == "QIAO-V241");
    let mut gateway = plant.site.run();
    gateway.ready();
    plant.subscriber.clear();
    gateway.kill();
    plant.wait_json(presence, "the last will", |json| {
        json["state"] == "offline" && json["reason"]["code"] == "QIAO-V265"
    });
}

#[test]
fn row_79_a_second_gateway_on_the_same_data_directory_is_refused() {
    let plant = plant(BY_TYPE);
    let first = std::fs::read_to_string(plant.site.config()).expect("a configuration");
    let other = plant.site.path("second.yaml");
    std::fs::write(&other, first.replace(&plant.site.http.to_string(), &free_port().to_string())).expect("written");
    // Where the port of the page is taken as well, the directory is still the cause.
    for configuration in [plant.site.config(), other] {
        let second = qiao(&["run", "--lang", "en", "-c", configuration.to_str().expect("UTF-8")]);
        assert_eq!(second.status.code(), Some(1));
        let said = String::from_utf8_lossy(&second.stderr).into_owned();
        assert!(said.contains("QIAO-R002") && said.contains("uses this data directory"), "{said}");
        assert!(!said.contains("QIAO-R005"), "{said}");
    }
    assert_eq!(plant.gateway.page("/livez").expect("the first one runs on").0, 200);
}

#[test]
fn status_and_health_agree_with_the_facts() {
    let mut plant = plant(BY_TYPE);
    plant.wait_json(FIRST, "the first machine", |_| true);
    // The stages tell of themselves once a second.
    plant
        .gateway
        .until("the machines are told", |gateway| (gateway.status()?["machines"].as_array()?.len() == 2).then_some(()));
    let status = plant.site.command(&["status", "--lang", "en"]);
    assert_eq!(status.status.code(), Some(0));
    let text = String::from_utf8_lossy(&status.stdout).into_owned();
    assert!(text.contains("memory") && text.contains("mill-2"), "{text}");
    assert_eq!(plant.gateway.page("/livez").expect("a page").0, 200);
    let metrics = plant.gateway.page("/metrics").expect("a page").1;
    assert!(metrics.contains("qiao_connected{connection=\"hall\",kind=\"opcua\"} 1"), "{metrics}");
    plant.server.kill();
    plant
        .gateway
        .until("it is not ready without its machine", |gateway| (gateway.page("/readyz")?.0 == 503).then_some(()));
    assert_eq!(plant.gateway.page("/livez").expect("a page").0, 200);
    // Whoever asks need not be able to read the secrets, nor anything else of the configuration.
    plant.site.configure("connections: { hall: { opcua: { password: { file: /gone } } } }\n");
    assert_eq!(plant.site.command(&["status"]).status.code(), Some(1));
    plant.gateway.kill();
    assert_eq!(plant.site.command(&["status"]).status.code(), Some(3));
    assert_eq!(qiao(&["status", "-c", "/nonexistent.yaml"]).status.code(), Some(2));
    for nonsense in ["nonsense", "127.0.0.1:8080", "ftp://127.0.0.1", "http://", ""] {
        assert_eq!(qiao(&["status", "--url", nonsense]).status.code(), Some(2), "{nonsense}");
    }
}

#[test]
fn what_is_withheld_is_in_no_byte_that_the_broker_got() {
    let keys = "drop: program.name, pseudonymise: { concepts: identity.serial-number, key: { env: QIAO_TEST_KEY } }";
    let mut plant = plant_with(BY_TYPE, keys);
    plant.wait_json(FIRST, "the first machine", |_| true);
    plant.server.tell("set 1 String \"canary-4711\" Production/ActiveProgram/Name");
    plant.server.tell("set 1 Double 42.5 Monitoring/MachineTool/FeedOverride");
    let sent = plant.wait_json(FIRST, "what came behind it", |json| {
        json["Monitoring"]["MachineTool"]["FeedOverride"]["value"] == 42.5
    });
    assert_eq!(sent["Production"]["ActiveProgram"].get("Name"), None);
    // Its HMAC under the key above, over the concept, a zero byte and NW-1001.
    assert_eq!(sent["Identification"]["SerialNumber"], "7fa19f9bd732729cefa69f1e1b20edfc");
    assert_eq!(sent["Production"]["ActiveProgram"]["NumberInList"], 0, "its neighbours leave");
    let metrics = plant.gateway.page("/metrics").expect("a page").1;
    let withheld = "concept_withheld{flow=\"tools\",concept=\"program.name\"} 1";
    assert!(metrics.contains(withheld), "{metrics}");
    plant.gateway.until("the count", |gateway| {
        let status = gateway.status()?;
        (status["flows"][0]["withheld-values"].as_u64()? > 0 && status["flows"][0]["imbalance"] == 0).then_some(())
    });
    plant.server.kill();
    plant.wait("the state taken back", |message| message.topic == FIRST && message.text.is_empty());
    plant.gateway.stop();
    let capture = plant.subscriber.messages();
    assert!(capture.len() > 4);
    for message in capture {
        let bytes = format!("{} {}", message.topic, message.text);
        assert!(!bytes.contains("canary"), "{bytes}");
    }
}
