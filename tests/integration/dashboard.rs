//! Promise: a dashboard that knows a prefix and nothing else finds the machines, and is not left believing in one.

use crate::integration::rig::gateway::{Gateway, Site};
use crate::integration::rig::mosquitto::Mosquitto;
use crate::integration::rig::peer::Peer;
use crate::integration::rig::subscriber::Subscriber;
use crate::integration::rig::wait_for;
use serde_json::Value;

const BASE: &str = "umati/v2/acme/cell7";
const LIST: &str = "umati/v2/acme/cell7/list/MachineToolType";
const REFUSED: &str = "umati/v2/acme/cell7/bad_list/errors";
const CLIENT: &str = "umati/v2/acme/cell7/clientOnline";
const FIRST: &str = "umati/v2/acme/cell7/MachineToolType/nsu=urn:qiao:test:machine-tools;s=machine-1";
const FIRST_ONLINE: &str = "umati/v2/acme/cell7/online/nsu=urn:qiao:test:machine-tools;s=machine-1";

struct Hall {
    server: Peer,
    broker: Mosquitto,
    dashboard: Peer,
    site: Site,
    gateway: Gateway,
}

/// A site whose machines are published below a base.
fn site(endpoint: &str, broker: u16, client_id: &str, base: &str, keys: &str) -> Site {
    Site::new(&format!(
        "connections:
  hall: {{ opcua: {{ endpoint: \"{endpoint}\", security: none-i-accept-the-risk, publishing-interval: 100ms }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{broker}\", client-id: {client_id} }} }}
flows:
  - name: tools
    from: hall
    to: plant
    each: {{ type: \"nsu=http://opcfoundation.org/UA/MachineTool/;i=13\" }}
    profile: umati/machine-tool@1.02
    topic: \"{base}/MachineToolType/{{machine}}\"
    {keys}
"
    ))
}

fn hall(keys: &str) -> Hall {
    let server = Peer::start("machine_tools.mjs", &[]);
    let broker = Mosquitto::open();
    let dashboard = Peer::start("dashboard.py", &[&broker.port.to_string(), "umati/v2"]);
    let site = site(&server.endpoint(), broker.port, "one", BASE, keys);
    let gateway = site.run();
    Hall { server, broker, dashboard, site, gateway }
}

impl Hall {
    /// What the dashboard shows, when the newest event of a kind and topic is as wanted.
    #[track_caller]
    fn shows(&self, what: &str, topic: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        self.gateway.until(&format!("{what} of {topic}"), |_| {
            let said = self.dashboard.said();
            let last = said.iter().rev().find(|event| event["what"] == what && event["topic"] == topic)?;
            wanted(last).then(|| last.clone())
        })
    }

    #[track_caller]
    fn lists(&self, topic: &str, machines: usize) -> Vec<Value> {
        let what = if topic == LIST { "list" } else { "refused" };
        let event =
            self.shows(what, topic, |event| event["entries"].as_array().is_some_and(|all| all.len() == machines));
        event["entries"].as_array().cloned().unwrap_or_default()
    }

    /// What a reader finds who comes now, by topic behind the base.
    fn retained(&self) -> Vec<(String, String)> {
        let late = Subscriber::start(self.broker.port, &format!("{BASE}/#"), &[]);
        // What a broker keeps comes before what is published later.
        late.wait("the last of what is kept", |message| message.topic == CLIENT);
        let marker = format!("{BASE}/marker");
        let publish = ["-h", "127.0.0.1", "-p", &self.broker.port.to_string(), "-t", &marker, "-m", "x"];
        let done = std::process::Command::new("mosquitto_pub").args(publish).status().expect("mosquitto_pub");
        assert!(done.success());
        late.wait("the marker", |message| message.topic == marker);
        let kept = late.messages().into_iter().filter(|message| message.is_retained);
        kept.map(|message| (message.topic.replace(&format!("{BASE}/"), ""), message.text)).collect()
    }
}

#[test]
fn a_dashboard_finds_machines_by_lists_alone_and_follows_them() {
    let mut hall = hall("");
    let listed = hall.lists(LIST, 2);
    let entry = listed.iter().find(|entry| entry["Topic"] == FIRST).expect("the first machine");
    assert_eq!(entry["MachineId"], "nsu=urn:qiao:test:machine-tools;s=machine-1");
    assert_eq!(entry["TypeDefinition"], "MachineToolType");
    assert_eq!(entry["ParentId"], "nsu=http:_2F_2Fopcfoundation.org_2FUA_2FMachinery_2F;i=1001");
    assert_eq!(entry["Data"]["SerialNumber"], "NW-1001");
    assert_eq!(entry["Data"]["Manufacturer"], serde_json::json!({ "locale": "de", "text": "Nordwerk Maschinenbau" }));
    hall.shows("client", CLIENT, |event| event["text"] == "1");
    hall.shows("online", FIRST_ONLINE, |event| event["text"] == "1");
    let version = hall.shows("version", &format!("{BASE}/gw-version"), |_| true);
    assert_eq!(version["text"], concat!("qiao ", env!("CARGO_PKG_VERSION")));
    hall.lists(REFUSED, 0);
    hall.shows("machine", FIRST, |event| event["state"]["Monitoring"]["MachineTool"]["OperationMode"] == 1);
    hall.server.tell("set 1 Double 42.5 Monitoring/MachineTool/FeedOverride");
    hall.shows("machine", FIRST, |event| event["state"]["Monitoring"]["MachineTool"]["FeedOverride"]["value"] == 42.5);

    // One whose message is refused is named with the reason, and is online again when its values are right again.
    hall.server.tell("set 1 Int32 17 Monitoring/MachineTool/OperationMode");
    hall.lists(LIST, 1);
    let refused = hall.lists(REFUSED, 1);
    assert_eq!(refused[0]["Topic"], FIRST);
    assert!(refused[0]["Error"].as_str().is_some_and(|error| error.contains("OperationMode")), "{refused:?}");
    hall.shows("online", FIRST_ONLINE, |event| event["text"] == "0");
    hall.server.tell("set 1 Int32 1 Monitoring/MachineTool/OperationMode");
    hall.lists(LIST, 2);
    hall.lists(REFUSED, 0);

    // A new identification is listed; a machine that the server removes is not any more.
    hall.server.tell("set 1 String \"NW-2001\" Identification/SerialNumber");
    let is_new = |entry: &Value| entry["Data"]["SerialNumber"] == "NW-2001";
    hall.shows("list", LIST, |event| event["entries"].as_array().is_some_and(|all| all.iter().any(is_new)));
    hall.server.tell("remove 1");
    hall.lists(LIST, 1);
    hall.shows("online", FIRST_ONLINE, |event| event["text"] == "");

    // None of it counts as a value.
    hall.gateway.until("every value is accounted for", |gateway| {
        let status = gateway.status()?;
        (status["flows"][0]["imbalance"] == 0).then_some(())
    });
}

#[test]
fn a_broker_that_forgot_everything_is_told_again_and_a_lost_machine_is_not_online() {
    let mut hall = hall("");
    hall.lists(LIST, 2);
    let before = hall.dashboard.said().len();
    hall.broker.restart();
    hall.gateway.until("the lists are back", |_| {
        let said = hall.dashboard.said();
        let is_back =
            |event: &Value| event["what"] == "list" && event["entries"].as_array().is_some_and(|all| all.len() == 2);
        said.get(before..)?.iter().any(is_back).then_some(())
    });
    assert!(hall.gateway.log().contains("QIAO-M080"), "that it was away is told: {}", hall.gateway.log());
    hall.server.kill();
    hall.lists(LIST, 0);
    let refused = hall.lists(REFUSED, 2);
    assert!(refused.iter().all(|entry| entry["Error"].as_str().is_some_and(|error| !error.is_empty())), "{refused:?}");
    let kept = hall.retained();
    let online: Vec<_> = kept.iter().filter(|(topic, _)| topic.starts_with("online/")).map(|(_, text)| text).collect();
    assert_eq!(online, ["0", "0"], "{kept:?}");
}

#[test]
fn a_stop_withdraws_everything_and_the_broker_says_when_a_gateway_was_killed() {
    let mut hall = hall("");
    hall.lists(LIST, 2);
    assert_eq!(hall.gateway.stop(), Some(0), "{}", hall.gateway.log());
    let mut kept = hall.retained();
    kept.sort();
    let left = [("bad_list/errors", "[]"), ("clientOnline", "0"), ("list/MachineToolType", "[]")];
    assert_eq!(kept, left.map(|(topic, text)| (topic.to_owned(), text.to_owned())));

    // Two gateways on one broker: neither speaks for the other.
    hall.gateway = hall.site.run();
    let other = site(&hall.server.endpoint(), hall.broker.port, "two, version: \"3.1.1\"", "umati/v2/acme/cell8", "");
    let mut neighbour = other.run();
    let their_list = "umati/v2/acme/cell8/list/MachineToolType";
    hall.lists(LIST, 2);
    let theirs = hall.shows("list", their_list, |event| event["entries"].as_array().is_some_and(|all| all.len() == 2));
    let is_theirs =
        |entry: &Value| entry["Topic"].as_str().is_some_and(|topic| topic.starts_with("umati/v2/acme/cell8/"));
    assert!(theirs["entries"].as_array().is_some_and(|all| all.iter().all(is_theirs)), "{theirs}");
    hall.shows("client", CLIENT, |event| event["text"] == "1");
    hall.shows("client", "umati/v2/acme/cell8/clientOnline", |event| event["text"] == "1");
    hall.gateway.kill();
    neighbour.until("the will", |_| {
        let said = hall.dashboard.said();
        let last = said.iter().rev().find(|event| event["what"] == "client" && event["topic"] == CLIENT)?;
        (last["text"] == "0").then_some(())
    });
    let said = hall.dashboard.said();
    let client = |event: &&Value| event["topic"] == "umati/v2/acme/cell8/clientOnline";
    assert_eq!(said.iter().rev().find(client).expect("a sign")["text"], "1", "the other one is there");
    neighbour.kill();
    wait_for("the other will", || {
        let said = hall.dashboard.said();
        (said.iter().rev().find(client)?["text"] == "0").then_some(())
    });
}

#[test]
fn a_list_that_the_broker_does_not_take_is_told_and_the_rest_stands() {
    let server = Peer::start("machine_tools.mjs", &[]);
    let broker = Mosquitto::start("allow_anonymous true\nmax_packet_size 600");
    let dashboard = Peer::start("dashboard.py", &[&broker.port.to_string(), "umati/v2"]);
    let site = site(&server.endpoint(), broker.port, "one", BASE, "");
    let gateway = site.run();
    let told = gateway.until("it is told", |gateway| {
        gateway.log().lines().find(|line| line.contains("QIAO-M081")).map(str::to_owned)
    });
    assert!(told.contains(LIST) && told.contains("600"), "{told}");
    gateway.until("the sign of life", |_| {
        let is_one = |event: &Value| event["what"] == "client" && event["text"] == "1";
        dashboard.said().iter().any(is_one).then_some(())
    });
}
