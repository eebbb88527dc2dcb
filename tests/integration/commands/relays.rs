//! NC-Link both ways, and commands that leave by MQTT.

use super::plant::{REPLY, SENDERS, id, is_open, node, now, sender_at, told};
use crate::integration::rig::gateway::{Gateway, Site};
use crate::integration::rig::mosquitto::Mosquitto;
use crate::integration::rig::peer::Peer;
use crate::integration::rig::wait_for;
use serde_json::{Value, json};

#[test]
fn row_60_an_application_sets_items_of_a_device_and_each_is_answered_for_itself() {
    let hall = Peer::start("machine_tools.mjs", &[]);
    let machine = Peer::start("written_server.py", &[]);
    let broker = Mosquitto::open();
    let entry = |name: &str, path: &str, node_name: &str, kind: &str| {
        format!(
            "  - {{ name: {name}, from: plant, nc-link-request: {{ device: mill-1, path: \"{path}\" }}, to: lathe, node: \"{}\", {kind}, rate: 100/1h, roles: [operator] }}\n",
            node(node_name)
        )
    };
    let site = Site::new(&format!(
        "connections:
  hall: {{ opcua: {{ endpoint: \"{}\", security: none-i-accept-the-risk, publishing-interval: 100ms }} }}
  lathe: {{ opcua: {{ endpoint: \"{}\", security: none-i-accept-the-risk }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
machines:
  - {{ match: \"nsu=urn:qiao:test:machine-tools;s=machine-1\", name: mill-1 }}
flows:
  - {{ name: tools, from: hall, each: {{ type: \"nsu=http://opcfoundation.org/UA/MachineTool/;i=13\" }}, profile: umati/machine-tool@1.02, publish-as: nclink/cnc@3.0, to: plant }}
writes:
{}{}{SENDERS}",
        hall.endpoint(),
        machine.endpoint(),
        broker.port,
        entry("program", "/CONTROLLER/PROGRAM", "Program", "type: string"),
        entry("feed", "/FEED_OVERRIDE", "Override", "type: double, min: 0, max: 120"),
    ));
    let gateway = site.run();
    gateway.ready();
    is_open(&gateway);
    let port = broker.port.to_string();
    let mut application = Peer::start("nc_link_application.py", &["--port", &port]);
    let answer = |application: &Peer, id: &str| -> Option<Value> {
        let said = application.said();
        let is_it = |said: &&Value| said["topic"] == "Set/Response/mill-1" && said["message"]["@id"] == id;
        said.iter().find(is_it).map(|said| said["message"].clone())
    };
    let set = |application: &mut Peer, id: &str, values: Value| {
        application.tell(&format!("send Set/Request/mill-1 {}", json!({ "@id": id, "values": values })));
        gateway.until("an answer", |_| answer(application, id))
    };
    // A device is asked only when its requests are heard.
    gateway.until("the device is heard", |_| {
        application.tell("send Ping/mill-1 {\"@id\":\"p\"}");
        application.said().iter().any(|said| said["topic"] == "Pong/mill-1").then_some(())
    });
    let item = |id: &str, value: Value| json!({ "id": id, "params": { "value": value } });
    let done = set(
        &mut application,
        "s-1",
        json!([
            item("/CONTROLLER/PROGRAM", json!("WELLE_7.MPF")),
            item("/FEED_OVERRIDE", json!(300)),
            item("/STATUS", json!("running")),
            item("/NOWHERE", json!(1)),
            { "id": "/FEED_OVERRIDE", "params": { "operation": "add", "value": 1 } },
            item("/FEED_OVERRIDE", json!(80)),
        ]),
    );
    let results = done["results"].as_array().expect("results");
    let codes: Vec<&str> = results.iter().map(|result| result["code"].as_str().unwrap_or_default()).collect();
    assert_eq!(codes, ["OK", "NG", "NG", "NG", "NG", "OK"], "{done}");
    let reason = |at: usize| results[at]["reason"].as_str().unwrap_or_default().to_owned();
    assert!(reason(1).starts_with("Parameter Not Match: QIAO-W026"), "{done}");
    assert!(["Permission Denied", "Id Not Exists"].contains(&&*reason(2)), "{done}");
    assert_eq!((&*reason(3), &*reason(4)), ("Id Not Exists", "Unsupported Operation"));
    let wrote: Vec<Value> = machine.said().into_iter().filter(|said| said["wrote"].is_string()).collect();
    assert_eq!(wrote.len(), 2, "{wrote:?}");
    assert!(wrote.contains(&json!({ "wrote": "Program", "value": "WELLE_7.MPF" })), "{wrote:?}");
}

fn forwards(target: &str, more: &str) -> (Mosquitto, Site, Gateway, Peer) {
    let broker = Mosquitto::open();
    let site = Site::new(&format!(
        "connections:
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
flows: []
writes:
  - {{ name: feed, from: plant, to: plant, {target}, type: double, min: 0, max: 120, rate: 100/1h, roles: [operator]{more} }}
{SENDERS}",
        broker.port
    ));
    let gateway = site.run();
    is_open(&gateway);
    let sender = sender_at(broker.port, &[]);
    (broker, site, gateway, sender)
}

fn send(sender: &mut Peer, value: f64) -> String {
    let id = id();
    let command = json!({ "id": id, "issued": now(), "value": value });
    let order = json!({ "topic": "qiao/test/command/feed", "payload": command.to_string(), "respond": REPLY, "correlation": id });
    sender.tell(&order.to_string());
    id
}

fn answer(sender: &Peer, id: &str) -> Value {
    wait_for("an answer", || {
        sender.said().into_iter().find(|said| said["got"] == REPLY && said["correlation"] == id)
    })["message"]
        .clone()
}

#[test]
fn a_command_becomes_a_set_of_an_nc_link_device_and_its_answer_the_outcome() {
    let (broker, _site, _gateway, mut sender) = forwards("nc-link: { device: V4C7, path: \"/FEED_OVERRIDE\" }", "");
    // Nobody is there who knows what the path is.
    let id = send(&mut sender, 80.0);
    let gone = answer(&sender, &id);
    assert_eq!(told(&gone), ("refused".to_owned(), "QIAO-W021".to_owned()), "{gone}");
    let device = Peer::start("nc_link_set.py", &[&broker.port.to_string(), "V4C7"]);
    let id = send(&mut sender, 80.0);
    assert_eq!(told(&answer(&sender, &id)), ("done".to_owned(), String::new()));
    let id = send(&mut sender, 99.0);
    let refused = answer(&sender, &id);
    assert_eq!(told(&refused), ("refused".to_owned(), "QIAO-W041".to_owned()));
    assert!(refused["text"].as_str().unwrap_or_default().contains("Permission Denied"), "{refused}");
    let id = send(&mut sender, 11.0);
    assert_eq!(told(&answer(&sender, &id)), ("unknown".to_owned(), "QIAO-W057".to_owned()));
    let sets: Vec<Value> =
        device.said().iter().filter(|said| said["set"].is_array()).map(|said| said["set"].clone()).collect();
    assert_eq!(sets, [json!(["010305", 80.0]), json!(["010305", 99.0]), json!(["010305", 11.0])]);
}
