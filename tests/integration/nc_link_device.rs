//! Promise: an OPC UA machine that is published as NC-Link is a living device: it registers, and answers an application
//! system from its current image; nothing waits for an application that is silent.

use super::rig::gateway::{Gateway, Site, qiao};
use super::rig::mosquitto::Mosquitto;
use super::rig::peer::Peer;
use super::rig::subscriber::Subscriber;
use serde_json::{Value, json};

struct Plant {
    server: Peer,
    broker: Mosquitto,
    subscriber: Subscriber,
    gateway: Gateway,
    site: Site,
}

/// Two machine tools of a German hall, published as NC-Link devices `mill-1` and `mill-2`.
fn plant() -> Plant {
    let server = Peer::start("machine_tools.mjs", &[]);
    let broker = Mosquitto::open();
    let subscriber = Subscriber::start(broker.port, "#", &[]);
    let machine = |number: u8| {
        format!("  - {{ match: \"nsu=urn:qiao:test:machine-tools;s=machine-{number}\", name: mill-{number} }}\n")
    };
    let site = Site::new(&format!(
        "connections:
  hall: {{ opcua: {{ endpoint: \"{}\", security: none-i-accept-the-risk, publishing-interval: 100ms }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
machines:
{}{}flows:
  - {{ name: tools, from: hall, each: {{ type: \"nsu=http://opcfoundation.org/UA/MachineTool/;i=13\" }}, \
         profile: umati/machine-tool@1.02, publish-as: nclink/cnc@3.0, to: plant }}
",
        server.endpoint(),
        broker.port,
        machine(1),
        machine(2),
    ));
    let gateway = site.run();
    gateway.ready();
    Plant { server, broker, subscriber, gateway, site }
}

impl Plant {
    fn application(&self, arguments: &[&str]) -> Peer {
        let port = self.broker.port.to_string();
        Peer::start("nc_link_application.py", &[&["--port", &port], arguments].concat())
    }

    /// What the application got on a topic, the first that is wanted.
    #[track_caller]
    fn got(&self, application: &Peer, what: &str, topic: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        self.gateway.until(what, |_| {
            let said = application.said();
            let message = said.iter().find(|said| said["topic"] == topic && wanted(&said["message"]))?;
            assert_eq!(message["retained"], false, "{message}");
            Some(message["message"].clone())
        })
    }

    /// The values of a query until they are wanted: a machine that has just changed may not have said so yet.
    #[track_caller]
    fn asked(&self, application: &mut Peer, id: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let mut number = 0;
        self.gateway.until(&format!("{id} of mill-1"), |_| {
            number += 1;
            let message = format!("ask-{id}-{number}");
            let query = json!({ "@id": message, "ids": [{ "id": id }] });
            application.tell(&format!("send Query/Request/mill-1 {query}"));
            let of_this = |answer: &Value| answer["@id"] == message.as_str();
            let answer = self.got(application, "an answer", "Query/Response/mill-1", of_this);
            wanted(&answer["values"][0]).then(|| answer["values"][0].clone())
        })
    }

    /// What an application gets passes the profile that it is published by.
    #[track_caller]
    fn passes(&self, name: &str, message: &Value) {
        let file = self.site.path(name);
        std::fs::write(&file, message.to_string()).expect("written");
        let file = file.to_str().expect("UTF-8");
        let done = qiao(&["test", file, "--profile", "nclink/cnc@3.0", "--lang", "en"]);
        assert!(done.status.success(), "{message}\n{}", String::from_utf8_lossy(&done.stdout));
    }
}

const PROGRAM: &str = "CONTROLLER/PROGRAM";

fn is_value(value: &str) -> impl Fn(&Value) -> bool {
    let value = json!([value]);
    move |answer| answer["code"] == "OK" && answer["values"] == value
}

#[test]
fn an_application_knows_the_machines_by_the_dialogue_and_reads_what_they_say_now() {
    let mut plant = plant();
    let mut application = plant.application(&[]);
    // It came after the registration of the devices, which goes on until it is answered; meanwhile it asks by itself.
    application.tell("ask mill-1");
    application.tell("ask mill-2");
    for device in ["mill-1", "mill-2"] {
        let any = |_: &Value| true;
        let version = plant.got(&application, "a version", &format!("Probe/Version/Response/{device}"), any);
        assert_eq!(version["code"], "OK", "{version}");
        let probe = plant.got(&application, "a model", &format!("Probe/Query/Response/{device}"), any);
        let model = &probe["probe"]["devices"][0];
        assert_eq!((&probe["code"], &model["guid"]), (&json!("OK"), &json!(device)));
        assert_eq!(model["version"], version["version"]);
        plant.passes("probe.json", &probe);
        let answer = plant.got(&application, "values", &format!("Query/Response/{device}"), any);
        plant.passes("query.json", &answer);
        let ids: Vec<&Value> = answer["values"].as_array().expect("a list").iter().map(|item| &item["id"]).collect();
        assert!(ids.contains(&&json!(PROGRAM)), "{answer}");
        let refused = answer["values"].as_array().expect("a list").iter().filter(|item| item["code"] == "NG");
        assert!(
            refused.clone().all(|item| item["reason"].as_str().is_some_and(|reason| !reason.is_empty())),
            "{answer}"
        );
        plant.got(&application, "a pong", &format!("Pong/{device}"), any);
    }
    assert_eq!(plant.asked(&mut application, PROGRAM, |_| true)["values"], json!(["GEHAEUSE_1.MPF"]));
    plant.server.tell("set 1 String \"WELLE_7.MPF\" Production/ActiveProgram/Name");
    plant.asked(&mut application, PROGRAM, is_value("WELLE_7.MPF"));
    plant.asked(&mut application, "/CONTROLLER/PROGRAM", is_value("WELLE_7.MPF"));

    let set = json!({ "@id": "s", "values": [{ "id": PROGRAM, "params": { "value": "OTHER.MPF" } }] });
    application.tell(&format!("send Set/Request/mill-1 {set}"));
    let refused = plant.got(&application, "an answer to set", "Set/Response/mill-1", |_| true);
    assert_eq!(refused["results"][0]["reason"], "Permission Denied");
    plant.asked(&mut application, PROGRAM, is_value("WELLE_7.MPF"));
}

#[test]
fn devices_register_when_they_appear_and_when_the_broker_is_back() {
    let mut plant = plant();
    let registered = |plant: &Plant, device: &str| {
        let is_it = |message: &super::rig::subscriber::Message| message.json()["guid"] == device;
        plant.subscriber.on("Register/Request").iter().filter(|message| is_it(message)).count()
    };
    for device in ["mill-1", "mill-2"] {
        plant.gateway.until("a registration", |_| (registered(&plant, device) > 0).then_some(()));
    }
    assert!(plant.subscriber.on("Register/Request").iter().all(|message| !message.is_retained));
    plant.broker.restart();
    let application = plant.application(&[]);
    for device in ["mill-1", "mill-2"] {
        let again = |message: &Value| message["guid"] == device;
        let message = plant.got(&application, "it registers again", "Register/Request", again);
        plant.passes("register.json", &message);
        plant.got(&application, "the dialogue after it", &format!("Pong/{device}"), |_| true);
    }
}

#[test]
fn an_application_that_answers_no_registration_holds_up_nothing_and_gets_its_answers_on_topics_of_its_own() {
    let plant = plant();
    let samples = |device: &str| plant.subscriber.messages().iter().filter(|m| m.topic.starts_with(device)).count();
    plant.gateway.until("samples", |_| (samples("Sample/mill-1/") > 1 && samples("Sample/mill-2/") > 1).then_some(()));
    let mut application = plant.application(&["--silent", "--client", "mes-1"]);
    application.tell("ask mill-2");
    let pong = plant.got(&application, "a pong on a topic of its own", "Pong/mill-2/mes-1", |_| true);
    plant.passes("pong.json", &pong);
    let before = samples("Sample/mill-1/");
    plant.gateway.until("samples go on", |_| (samples("Sample/mill-1/") > before).then_some(()));
    assert!(plant.subscriber.messages().iter().all(|message| !message.topic.starts_with("Register/Response")));
}

#[test]
fn a_request_that_cannot_be_read_is_told_and_the_device_goes_on() {
    let plant = plant();
    let mut application = plant.application(&[]);
    // A device that answers a ping hears what is asked.
    plant.gateway.until("it hears", |_| {
        application.tell("ask mill-1");
        application.said().iter().any(|said| said.to_string().contains("Pong/mill-1")).then_some(())
    });
    application.tell("send Query/Request/mill-1 {\"@id\":\"broken\",\"ids\":");
    plant.gateway.until("it is told", |gateway| gateway.log().contains("QIAO-V270").then_some(()));
    application.tell("send Query/Request/mill-1 {\"@id\":\"empty\"}");
    let refused = plant.got(&application, "a refusal", "Query/Response/mill-1", |answer| answer["@id"] == "empty");
    assert_eq!(refused["code"], "NG");
    plant.passes("refused.json", &refused);
    application.tell("ask mill-1");
    plant.got(&application, "it goes on", "Pong/mill-1", |_| true);
}
