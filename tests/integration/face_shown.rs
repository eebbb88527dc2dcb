//! Promise: what a flow leads to the gateway's own OPC UA server stands there as a proper machine: names, types, units,
//! times, quality, history, events.

use super::mqtt_source::publish;
use super::rig::gateway::{Gateway, Site};
use super::rig::mosquitto::Mosquitto;
use super::rig::peer::Peer;
use super::rig::wait_for;
use serde_json::{Value, json};

/// What NC-Link does not tell and the schema of umati asks for.
pub(super) const GIVEN: &str = "path,node,field,value\n\
    ,,/Identification/ProductInstanceUri,urn:nordwerk.example:hx500:NW-817\n\
    ,,/Production/ActiveProgram/NumberInList,0\n\
    ,,/Monitoring/<MonitoredElement>/1/Name,Channel 1\n\
    ,,/Monitoring/<MonitoredElement>/1/ChannelState,null\n\
    ,,/Monitoring/<MonitoredElement>/1/ChannelMode,null\n\
    ,,/Monitoring/<MonitoredElement>/1/FeedOverride/properties/EURange,\"{\"\"Low\"\": 0, \"\"High\"\": 150}\"\n\
    ,,/Production/ActiveProgram/State/CurrentState/properties/Number,1\n\
    ,,/Production/ActiveProgram/State/CurrentState/value,null\n\
    ,,/Production/ActiveProgram/State/CurrentState/properties/Id,null\n";

const FACE: &str = "face: { opcua-server: { listen: \"127.0.0.1:0\", security: none-i-accept-the-risk } }";

fn site(text: &str) -> (Site, Gateway) {
    let site = Site::new(text);
    std::fs::write(site.path("given.csv"), GIVEN).expect("written");
    let gateway = site.run();
    gateway.ready();
    (site, gateway)
}

/// Where the face listens.
fn url(gateway: &Gateway) -> String {
    gateway.until("the face listens", |gateway| {
        let status = gateway.status()?;
        let face = status["connections"].as_array()?.iter().find(|one| one["name"] == "face")?.clone();
        let address = face["address"].as_str()?.to_owned();
        (address.starts_with("opc.tcp") && !address.contains(":0")).then_some(address)
    })
}

/// Asks a peer, and waits for the answer.
#[track_caller]
fn ask(peer: &mut Peer, command: &str) -> Value {
    let before = peer.said().len();
    peer.tell(command);
    let did = command.split(' ').next().unwrap_or_default().to_owned();
    wait_for(command, || peer.said().into_iter().skip(before).find(|said| said["did"] == did.as_str()))
}

/// Asks until the answer is what is wanted.
#[track_caller]
fn until(peer: &mut Peer, gateway: &Gateway, command: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    let mut last = Value::Null;
    for _ in 0..400 {
        last = ask(peer, command);
        if wanted(&last) {
            return last;
        }
        std::thread::park_timeout(std::time::Duration::from_millis(50));
    }
    panic!("{command}: {last}\n{}", gateway.log());
}

fn is_bad(answer: &Value) -> bool {
    answer["status"].as_str().is_some_and(|status| status.starts_with("Bad"))
}

struct Cell {
    line: Mosquitto,
    adapter: Peer,
    client: Peer,
    gateway: Gateway,
    _site: Site,
}

impl Cell {
    fn start() -> Self {
        let line = Mosquitto::open();
        let (site, gateway) = site(&format!(
            "connections:
  line: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
  {FACE}
machines:
  - {{ match: \"Sample/V4C7/+\", connection: line, name: mill-7, bind: given.csv }}
flows:
  - {{ name: cells, from: line, to: face, each: {{ topic: \"Sample/{{machine}}/+\" }}, profile: nclink/cnc@3.0, publish-as: umati/machine-tool@1.02 }}
",
            line.port
        ));
        let mut adapter = Peer::start("nc_link_adapter.py", &[&line.port.to_string(), "V4C7"]);
        adapter.tell("sample");
        // What the columns of the other channel are, the model says.
        wait_for("the model is asked for", || adapter.said().iter().any(|said| said["did"] == "asked").then_some(()));
        adapter.tell("nameless");
        let client = Peer::start("shown_client.py", &[&url(&gateway)]);
        Self { line, adapter, client, gateway, _site: site }
    }

    /// The account of the flow, when it balances.
    fn balance(&self) -> Value {
        self.gateway.until("a balance", |gateway| {
            let flow = gateway.status()?["flows"][0].clone();
            (flow["imbalance"] == 0 && flow["held-values"] == 0 && flow["spooled-values"] == 0).then_some(flow)
        })
    }

    fn until(&mut self, command: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        until(&mut self.client, &self.gateway, command, wanted)
    }
}

const MODE: &str = "Machines/mill-7/Monitoring/MachineTool/OperationMode";
const OVERRIDE: &str = "Machines/mill-7/Monitoring/1/FeedOverride";

#[test]
fn an_nc_link_device_stands_as_a_machine_tool_with_its_values_and_units() {
    let mut cell = Cell::start();
    let mode = cell.until(&format!("read {MODE}"), |mode| mode["value"] == 1);
    assert_eq!((&mode["type"], &mode["status"]), (&json!("Int32"), &json!("Good")), "{mode}");
    assert!(mode["source"].is_string(), "{mode}");
    let of = cell.until("find Machines", |found| found["machines"][0].is_object());
    let machine = json!({ "name": "mill-7", "namespace": "urn:qiao:test:flows", "type": 13, "of": "http://opcfoundation.org/UA/MachineTool/" });
    assert_eq!(of["machines"], json!([machine]));
    let feed = cell.until(&format!("read {OVERRIDE}"), |feed| feed["value"] == 90.0);
    let unit = &feed["properties"]["EngineeringUnits"];
    assert_eq!((&unit["unit"], &unit["symbol"]), (&json!(20529), &json!("%")), "{feed}");
    assert_eq!(feed["properties"]["EURange"], json!([0.0, 150.0]), "{feed}");
    assert!(feed["description"]["text"].is_string(), "{feed}");
    let maker = cell.until("read Machines/mill-7/Identification/Manufacturer", |maker| maker["status"] == "Good");
    assert_eq!(maker["value"]["text"], "Nordwerk", "{maker}");
    // Nobody says when the tool list changed: the type asks for the node, and it says that nothing fills it.
    let mut crawler = Peer::start("shown_crawler.mjs", &[&url(&cell.gateway)]);
    let crawled = ask(&mut crawler, "crawl");
    assert_eq!(crawled["dangling"], json!([]), "{crawled}");
    assert!(crawled["own"].as_u64().is_some_and(|own| own > 100), "{crawled}");
    let compared = ask(&mut crawler, "compare mill-7");
    assert_eq!((&compared["missing"], &compared["differing"]), (&json!([]), &json!([])), "{compared}");
    assert_eq!(compared["below"], "http://opcfoundation.org/UA/Machinery/:Machines");
    is_compared(&compared);
    // Before the device had told all that the schema asks for, its messages were refused; from then on none is.
    let before = cell.balance();
    cell.adapter.tell("override 71");
    cell.until(&format!("read {OVERRIDE}"), |feed| feed["value"] == 71.0);
    let after = cell.balance();
    assert!(after["delivered-messages"].as_u64() > before["delivered-messages"].as_u64(), "{after}");
    assert_eq!(after["quarantined-messages"], before["quarantined-messages"], "{after}");
}

/// The official type asks for nodes, all of them were compared, and what it does not know is ours or stands for a placeholder.
fn is_compared(compared: &Value) {
    let number = |what: &str| compared[what].as_u64().unwrap_or_default();
    assert!(number("mandatory") > 10 && number("compared") >= number("mandatory"), "{compared}");
    let unknown = compared["unknown"].as_array().expect("a list");
    let is_known =
        |path: &Value| path.as_str().is_some_and(|path| path.starts_with("Monitoring/") || path == "NodeVersion");
    assert!(unknown.iter().all(is_known), "{compared}");
}

#[test]
fn a_client_that_was_away_reads_what_it_missed_and_a_lost_line_is_bad_at_once() {
    let mut cell = Cell::start();
    cell.until(&format!("read {OVERRIDE}"), |feed| feed["value"] == 90.0);
    assert_eq!(ask(&mut cell.client, "leave")["left"], true);
    for value in ["71", "72", "73"] {
        let before = cell.balance()["delivered-messages"].clone();
        cell.adapter.tell(&format!("override {value}"));
        cell.gateway.until("it is told", |gateway| {
            (gateway.status()?["flows"][0]["delivered-messages"].as_u64() > before.as_u64()).then_some(())
        });
    }
    assert_eq!(ask(&mut cell.client, "return")["back"], true);
    let history = cell.until(&format!("history {OVERRIDE} 60"), |history| {
        history["values"].as_array().is_some_and(|values| values.last().is_some_and(|last| last["value"] == 73.0))
    });
    let values: Vec<&Value> = history["values"].as_array().expect("a list").iter().collect();
    let mut told: Vec<f64> = values.iter().filter_map(|value| value["value"].as_f64()).collect();
    told.dedup();
    assert_eq!(told, [90.0, 71.0, 72.0, 73.0], "{history}");
    assert!(values.iter().all(|value| value["status"] == "Good"), "{history}");
    let times: Vec<&str> = values.iter().filter_map(|value| value["source"].as_str()).collect();
    assert!(times.len() == values.len() && times.is_sorted(), "{times:?}");
    assert_eq!(history["newest"][0], *values[values.len() - 1], "{history}");
    cell.line.kill();
    cell.until(&format!("read {OVERRIDE}"), |feed| feed["status"] == "BadNoCommunication");
}

#[test]
fn plain_json_becomes_a_tidy_tree_that_grows_and_says_when_it_is_stale() {
    let line = Mosquitto::open();
    let (_site, gateway) = site(&format!(
        "connections:
  line: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
  face: {{ opcua-server: {{ listen: \"127.0.0.1:0\", security: none-i-accept-the-risk, stale-after: 2s }} }}
flows:
  - {{ name: cells, from: line, to: face, each: {{ topic: \"cell/{{machine}}/#\" }}, decode: json }}
",
        line.port
    ));
    let mut client = Peer::start("shown_client.py", &[&url(&gateway)]);
    let mut crawler = Peer::start("shown_crawler.mjs", &[&url(&gateway)]);
    assert!(ask(&mut crawler, "events")["error"].is_null());
    publish(&line, "cell/press-4/state", br#"{"force": 12.5, "mode": "auto", "axis": {"x": [1, 2, 3]}}"#, &[]);
    let force = until(&mut client, &gateway, "read cells/press-4/state/force", |force| force["value"] == 12.5);
    assert_eq!((&force["status"], &force["type"]), (&json!("Good"), &json!("Double")), "{force}");
    wait_for("the new machine is told", || {
        let changes: Vec<Value> =
            crawler.said().iter().filter_map(|said| said["changes"].as_array().cloned()).flatten().collect();
        changes
            .iter()
            .any(|one| one["node"] == "nsu=urn:qiao:test:flows;s=cells/press-4" && one["verb"] == 1)
            .then_some(())
    });
    let version = |client: &mut Peer| ask(client, "read cells/press-4/NodeVersion")["value"].clone();
    let before = version(&mut client);
    publish(&line, "cell/press-4/state", br#"{"force": 13, "mode": "auto", "late": true}"#, &[]);
    until(&mut client, &gateway, "read cells/press-4/state/late", |late| late["value"] == true);
    assert_ne!(version(&mut client), before);
    // Silent for two seconds, and for six.
    until(&mut client, &gateway, "read cells/press-4/state/force", |force| {
        force["status"] == "UncertainLastUsableValue"
    });
    until(&mut client, &gateway, "read cells/press-4/state/force", |force| force["status"] == "BadNoCommunication");
    publish(&line, "cell/press-4/state", br#"{"force": 14}"#, &[]);
    until(&mut client, &gateway, "read cells/press-4/state/force", |force| {
        force["value"] == 14 && force["status"] == "Good"
    });
    // What did not change holds again.
    let mode = ask(&mut client, "read cells/press-4/state/mode");
    assert_eq!((&mode["value"], &mode["status"]), (&json!("auto"), &json!("Good")), "{mode}");
    let crawled = ask(&mut crawler, "crawl");
    assert_eq!(crawled["dangling"], json!([]), "{crawled}");
}

#[test]
fn a_machine_tool_that_went_to_nc_link_comes_back_as_nodes_with_equal_values() {
    let mut server = Peer::start("machine_tools.mjs", &["--count", "1"]);
    let line = Mosquitto::open();
    let (_site, gateway) = site(&format!(
        "connections:
  hall: {{ opcua: {{ endpoint: \"{}\", security: none-i-accept-the-risk, publishing-interval: 100ms }} }}
  line: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
  {FACE}
machines:
  - {{ match: \"nsu=urn:qiao:test:machine-tools;s=machine-1\", name: mill-1 }}
  - {{ match: \"Sample/mill-1/+\", connection: line, name: home-1, bind: given.csv }}
flows:
  - {{ name: there, from: hall, to: line, each: \"/Objects/Machines/*\", profile: umati/machine-tool@1.02, publish-as: nclink/cnc@3.0 }}
  - {{ name: back, from: line, to: face, each: {{ topic: \"Sample/{{machine}}/+\" }}, profile: nclink/cnc@3.0, publish-as: umati/machine-tool@1.02 }}
  - {{ name: direct, from: hall, to: face, each: \"/Objects/Machines/*\", profile: umati/machine-tool@1.02 }}
",
        server.endpoint(),
        line.port
    ));
    let mut client = Peer::start("shown_client.py", &[&url(&gateway)]);
    let home = "read Machines/home-1/Monitoring/1/FeedOverride";
    until(&mut client, &gateway, home, |feed| feed["value"] == 100.0);
    server.tell("set 1 Double 42.5 Monitoring/Channel 1/FeedOverride");
    until(&mut client, &gateway, home, |feed| feed["value"] == 42.5 && !is_bad(feed));
    // The same machine, not translated: its own names, and its server's quality and source time.
    let direct = until(&mut client, &gateway, "read Machines/mill-1/Monitoring/Channel 1/FeedOverride", |feed| {
        feed["value"] == 42.5
    });
    assert_eq!(direct["properties"]["EngineeringUnits"]["unit"], 20529, "{direct}");
    assert_eq!(direct["properties"]["EURange"], json!([0.0, 150.0]), "{direct}");
    let program = ask(&mut client, "read Machines/mill-1/Production/ActiveProgram/State/CurrentState");
    assert_eq!(program["value"], json!({ "locale": "en", "text": "Running" }), "{program}");
    let mut crawler = Peer::start("shown_crawler.mjs", &[&url(&gateway)]);
    for machine in ["mill-1", "home-1"] {
        let compared = ask(&mut crawler, &format!("compare {machine}"));
        assert_eq!((&compared["missing"], &compared["differing"]), (&json!([]), &json!([])), "{machine}: {compared}");
        is_compared(&compared);
    }
}

#[test]
fn alarms_of_a_device_are_events_of_its_node() {
    let line = Mosquitto::open();
    let (_site, gateway) = site(&format!(
        "connections:
  line: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
  {FACE}
flows:
  - {{ name: alarms, from: line, to: face, each: {{ topic: \"Sample/{{machine}}/+\" }}, profile: nclink/cnc@3.0, publish-as: core/event@1.0 }}
",
        line.port
    ));
    let mut client = Peer::start("shown_client.py", &[&url(&gateway)]);
    assert_eq!(ask(&mut client, "events")["watching"], "events");
    let mut adapter = Peer::start("nc_link_adapter.py", &[&line.port.to_string(), "V4C7"]);
    adapter.tell("sample");
    let events = |client: &Peer, wanted: &dyn Fn(&Value) -> bool| {
        client.said().into_iter().filter(|said| said["did"] == "event").find(|event| wanted(event))
    };
    let raised = gateway.until("the alarm is told", |_| {
        events(&client, &|event| event["ActiveState/Id"] == true && event["Message"]["text"] == "冷却液液位低")
    });
    assert_eq!(raised["SourceName"], "V4C7", "{raised}");
    assert!(raised["SourceNode"].as_str().is_some_and(|node| node.ends_with("s=alarms/V4C7")), "{raised}");
    assert!(raised["Severity"].as_u64().is_some_and(|severity| severity >= 1), "{raised}");
    assert_eq!(raised["Retain"], true, "{raised}");
    gateway.until("it is over", |_| {
        events(&client, &|event| event["ActiveState/Id"] == false && event["Retain"] == false)
    });
}
