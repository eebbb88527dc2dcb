//! Promise: what a client writes on the gateway's own OPC UA server goes through the guard to the machine, and to nothing else.
//! A real broker, a device and clients that nobody here wrote.

use super::face_shown::GIVEN;
use super::rig::face::Client;
use super::rig::gateway::{Gateway, Site};
use super::rig::mosquitto::Mosquitto;
use super::rig::peer::Peer;
use serde_json::{Value, json};

const PASSWORD: &str = "Vorschub 进给 90";
const OVERRIDE: &str = "nsu=urn:qiao:test:flows;s=cells/mill-7/Monitoring/1/FeedOverride";
const MODE: &str = "nsu=urn:qiao:test:flows;s=cells/mill-7/Monitoring/MachineTool/OperationMode";

struct Cell {
    adapter: Peer,
    operator: Client,
    gateway: Gateway,
    site: Site,
    _line: Mosquitto,
}

impl Cell {
    /// `more`: further keys of the entry.
    fn start(more: &str) -> Self {
        let line = Mosquitto::open();
        let site = Site::new(&format!(
            "connections:
  line: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
  face:
    opcua-server:
      listen: \"127.0.0.1:0\"
      users:
        anna: {{ password: {{ file: password }}, role: operator }}
        otto: {{ password: {{ file: password }} }}
machines:
  - {{ match: \"Sample/V4C7/+\", connection: line, name: mill-7, bind: given.csv }}
flows:
  - {{ name: cells, from: line, to: face, each: {{ topic: \"Sample/{{machine}}/+\" }}, profile: nclink/cnc@3.0, publish-as: umati/machine-tool@1.02 }}
writes:
  - name: feed
    from: face
    shown: {{ machine: mill-7, node: Monitoring/1/FeedOverride }}
    to: line
    nc-link: {{ device: V4C7, path: /FEED_OVERRIDE }}
    type: double
    min: 0
    max: 120
    roles: [operator]
    {more}
senders:
  hmi: {{ roles: [operator], known-by: {{ user: anna }} }}
",
            line.port
        ));
        std::fs::write(site.path("given.csv"), GIVEN).expect("written");
        std::fs::write(site.path("password"), PASSWORD).expect("written");
        let gateway = site.run();
        gateway.ready();
        let mut adapter = Peer::start("nc_link_adapter.py", &[&line.port.to_string(), "V4C7"]);
        adapter.tell("sample");
        adapter.tell("nameless");
        let operator = client(&site, &gateway, "anna");
        let mut cell = Self { adapter, operator, gateway, site, _line: line };
        cell.gateway
            .until("commands are taken", |gateway| (gateway.status()?["commands"]["is-ready"] == true).then_some(()));
        // Until the model of the device is known, such a sample says nothing.
        cell.gateway.until("the model is asked for", |_| {
            cell.adapter.said().iter().any(|said| said["did"] == "asked").then_some(())
        });
        for _ in 0..20 {
            cell.adapter.tell("nameless");
            if (0..10).any(|_| {
                std::thread::park_timeout(std::time::Duration::from_millis(50));
                cell.operator.read(OVERRIDE).0 == 90.0
            }) {
                break;
            }
        }
        cell.holds(90.0);
        cell
    }

    /// Waits until the variable says it.
    #[track_caller]
    fn holds(&mut self, wanted: f64) {
        let (gateway, operator) = (&self.gateway, &mut self.operator);
        gateway.until(&format!("the override is {wanted}"), |_| {
            let answer = operator.ask(&json!({ "do": "read", "nodes": [OVERRIDE] }));
            (answer["values"][0][0].as_f64() == Some(wanted) && answer["values"][0][1] == "Good").then_some(())
        });
    }

    fn sets(&self) -> Vec<Value> {
        self.adapter.said().into_iter().filter(|said| said["did"] == "set").map(|said| said["value"].clone()).collect()
    }

    /// What the audit says was refused, by code and sender.
    fn refused(&self) -> Vec<(String, String)> {
        let shown = self.site.command(&["audit", "show", "--json"]);
        let text = String::from_utf8_lossy(&shown.stdout).into_owned();
        let lines = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let of = |line: &Value, name: &str| line[name].as_str().unwrap_or_default().to_owned();
        lines
            .filter(|line| line["kind"] == "refused")
            .map(|line| (of(&line["outcome"], "code"), of(&line, "sender")))
            .collect()
    }
}

/// A client whose certificate is trusted, as this user.
#[track_caller]
fn client(site: &Site, gateway: &Gateway, user: &str) -> Client {
    let url = gateway.until("the face listens", |gateway| {
        let status = gateway.status()?;
        let face = status["connections"].as_array()?.iter().find(|one| one["name"] == "face")?.clone();
        (face["state"] == "connected").then(|| face["address"].as_str().map(str::to_owned))?
    });
    let folder = site.path(user);
    std::fs::create_dir_all(&folder).expect("a folder");
    let folder = folder.to_str().expect("UTF-8").to_owned();
    let peer = Peer::start("face_client.py", &["--folder", &folder, "--name", user]);
    let certificate = peer.ready["certificate"].as_str().expect("a file").to_owned();
    let trusted = site.command(&["cert", "trust", "--face", &certificate]);
    assert!(trusted.status.success(), "{trusted:?}");
    let mut client = Client { peer, url };
    assert_eq!(client.connect("Basic256Sha256", "SignAndEncrypt", Some((user, PASSWORD))), None);
    client
}

/// Writes; gives the name of the error, or nothing.
#[track_caller]
fn write(client: &mut Client, node: &str, value: Value, kind: &str) -> String {
    let answer = client.ask(&json!({ "do": "write", "node": node, "value": value, "type": kind }));
    answer["error"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn an_operator_writes_an_override_and_all_else_is_refused_with_its_reason() {
    let mut cell = Cell::start("rate: 100/1h");
    let mut observer = client(&cell.site, &cell.gateway, "otto");
    let rights =
        |client: &mut Client, node: &str| client.ask(&json!({ "do": "rights", "node": node }))["rights"].clone();
    // Read, write, history.
    assert_eq!(rights(&mut cell.operator, OVERRIDE), json!([7, 7]));
    assert_eq!(rights(&mut observer, OVERRIDE), json!([7, 5]));
    assert_eq!(rights(&mut cell.operator, MODE), json!([5, 5]));

    assert_eq!(write(&mut cell.operator, OVERRIDE, json!(80.0), "Double"), "");
    cell.holds(80.0);
    let table = [
        (OVERRIDE, json!(130.0), "Double", "BadOutOfRange", "QIAO-W026"),
        (OVERRIDE, json!(70), "Int32", "BadTypeMismatch", "QIAO-W025"),
        (OVERRIDE, json!("70"), "String", "BadTypeMismatch", "QIAO-W025"),
        (MODE, json!(1), "Int32", "BadNotWritable", "QIAO-W006"),
    ];
    for (node, value, kind, status, _) in &table {
        assert_eq!(write(&mut cell.operator, node, value.clone(), kind), *status, "{value} {kind}");
    }
    assert_eq!(write(&mut observer, OVERRIDE, json!(85.0), "Double"), "BadUserAccessDenied");
    assert_eq!(cell.sets(), [json!(80.0)]);
    let refused = cell.refused();
    for (_, value, kind, _, code) in &table {
        assert!(refused.contains(&((*code).to_owned(), "anna".to_owned())), "{value} {kind}: {refused:?}");
    }
    assert!(refused.contains(&("QIAO-W007".to_owned(), "otto".to_owned())), "{refused:?}");

    // The local switch.
    std::fs::write(cell.site.path("data").join("writes-off"), "maintenance").expect("written");
    cell.gateway
        .until("it is seen", |gateway| (gateway.status()?["commands"]["is-switched-off"] == true).then_some(()));
    assert_eq!(write(&mut cell.operator, OVERRIDE, json!(85.0), "Double"), "BadResourceUnavailable");
    assert!(cell.refused().contains(&("QIAO-W019".to_owned(), "anna".to_owned())));
    assert_eq!(cell.sets(), [json!(80.0)]);
}

#[test]
fn a_write_that_no_device_answers_is_bad_timeout_holds_nobody_up_and_is_not_sent_again() {
    let mut cell = Cell::start("rate: 2/1h");
    let mut other = client(&cell.site, &cell.gateway, "otto");
    let command = json!({ "do": "write", "node": OVERRIDE, "value": 11.0, "type": "Double" });
    cell.operator.peer.tell(&command.to_string());
    cell.gateway.until("the device was asked", |_| (cell.sets() == [json!(11.0)]).then_some(()));
    // Somebody else reads meanwhile.
    let began = std::time::Instant::now();
    assert_eq!(other.read(OVERRIDE).1, "Good");
    assert!(began.elapsed() < std::time::Duration::from_secs(2), "{:?}", began.elapsed());
    let answer =
        cell.gateway.until("an answer", |_| cell.operator.peer.said().into_iter().find(|said| said["did"] == "write"));
    assert_eq!(answer["error"], "BadTimeout", "{answer}");
    assert_eq!(write(&mut cell.operator, OVERRIDE, json!(60.0), "Double"), "");
    cell.holds(60.0);
    assert_eq!(write(&mut cell.operator, OVERRIDE, json!(61.0), "Double"), "BadTooManyOperations");
    assert_eq!(cell.sets(), [json!(11.0), json!(60.0)]);
}
